package anonymize

// phrases are texts that the user names himself, found as whole words in any case.
type phrases struct {
	byFirst map[uint64][]phrase // by the hash of the first token
}

type phrase struct {
	tokens []uint64 // hashes
	kind   Kind
}

// newPhrases reads the texts of each kind; nil if there are none.
func newPhrases(lists map[Kind][]string) *phrases {
	p := &phrases{map[uint64][]phrase{}}
	var t Text
	for kind, texts := range lists {
		for _, text := range texts {
			t.read(text)
			if len(t.tok) == 0 {
				continue
			}
			entry := phrase{make([]uint64, len(t.tok)), kind}
			for i := range t.tok {
				entry.tokens[i] = t.hash(&t.tok[i])
			}
			p.byFirst[entry.tokens[0]] = append(p.byFirst[entry.tokens[0]], entry)
		}
	}
	if len(p.byFirst) == 0 {
		return nil
	}
	return p
}

// hash folds a token to one number: words without case, numbers by value and length.
func (t *Text) hash(tok *token) uint64 {
	h := tok.key<<3 | uint64(tok.kind)
	if tok.kind == numberToken {
		h ^= uint64(tok.n) << 56
	}
	if tok.kind == otherToken {
		for _, c := range []byte(t.s[tok.start:tok.end]) {
			h = h*31 + uint64(c)
		}
	}
	return h
}

// appendMatches appends a span for every place where a phrase stands, the longest at each place.
func (p *phrases) appendMatches(dst []Span, t *Text, rule string) []Span {
	if p == nil {
		return dst
	}
	for i := 0; i < len(t.tok); i++ {
		best, kind := 0, Kind("")
		for _, entry := range p.byFirst[t.hash(&t.tok[i])] {
			if n := len(entry.tokens); n > best && t.matches(i, entry.tokens) {
				best, kind = n, entry.kind
			}
		}
		if best > 0 {
			dst = append(dst, t.span(i, i+best, kind, 1, rule))
			i += best - 1
		}
	}
	return dst
}

func (t *Text) matches(i int, tokens []uint64) bool {
	if i+len(tokens) > len(t.tok) {
		return false
	}
	for j, want := range tokens {
		if t.hash(&t.tok[i+j]) != want || j > 0 && t.tok[i+j].gap == lineGap {
			return false
		}
	}
	return true
}

// within drops the spans in spans[from:] that lie wholly inside one of the allowed ones, which are sorted.
func dropWithin(spans []Span, from int, allowed []Span) []Span {
	kept := spans[:from]
	k := 0
	for _, s := range spans[from:] {
		for k < len(allowed) && allowed[k].End < s.End {
			k++
		}
		if k < len(allowed) && allowed[k].Start <= s.Start && s.Rule != denyRule {
			continue
		}
		kept = append(kept, s)
	}
	return kept
}
