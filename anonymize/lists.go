package anonymize

import "slices"

// phrases are texts that the user names himself, found as whole words in any case.
type phrases struct {
	byFirst map[uint64][]*phrase // by the hashes that the first token may have
	filter  [phraseFilter]uint64 // a bit for each of them: most tokens of a text begin no phrase
}

// phraseFilter makes 2048 bits.
const phraseFilter = 32

type phrase struct {
	tokens [][]uint64 // of each token the hashes that it may have, sorted
	kind   Kind
}

// newPhrases reads the texts of each kind, with their Russian forms if asked for; nil if there are none.
func newPhrases(lists map[Kind][]string, forms bool) *phrases {
	p := &phrases{byFirst: map[uint64][]*phrase{}}
	var t, form Text
	for kind, texts := range lists {
		for _, text := range texts {
			t.read(text)
			if len(t.tok) == 0 {
				continue
			}
			entry := &phrase{make([][]uint64, len(t.tok)), kind}
			for i := range t.tok {
				entry.tokens[i] = []uint64{t.hash(&t.tok[i])}
				if forms {
					entry.tokens[i] = form.formsOf(t.s[t.tok[i].start:t.tok[i].end], entry.tokens[i])
				}
			}
			for _, first := range entry.tokens[0] {
				p.byFirst[first] = append(p.byFirst[first], entry)
				p.filter[first>>6%phraseFilter] |= 1 << (first % 64)
			}
		}
	}
	if len(p.byFirst) == 0 {
		return nil
	}
	return p
}

// begins gives the phrases that may begin with a token of this hash.
func (p *phrases) begins(hash uint64) []*phrase {
	if p.filter[hash>>6%phraseFilter]&(1<<(hash%64)) == 0 {
		return nil
	}
	return p.byFirst[hash]
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
		for _, entry := range p.begins(t.hash(&t.tok[i])) {
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

func (t *Text) matches(i int, tokens [][]uint64) bool {
	if i+len(tokens) > len(t.tok) {
		return false
	}
	for j, want := range tokens {
		if _, ok := slices.BinarySearch(want, t.hash(&t.tok[i+j])); !ok || j > 0 && t.tok[i+j].gap == lineGap {
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
