package anonymize

import (
	"maps"
	"slices"
)

// phrases are texts that the user names himself, found as whole words in any case. They stand in a tree, so that a
// place costs no more than what matches there, however many phrases begin alike.
type phrases struct {
	root   phraseNode
	filter [phraseFilter]uint64 // a bit for each hash that a first token may have: most tokens begin no phrase
}

// phraseFilter makes 2048 bits.
const phraseFilter = 32

// A phraseNode is a token of phrases that begin alike.
type phraseNode struct {
	next map[uint64][]*phraseNode // by the hashes that the next token may have; several where forms of two words meet
	ends bool
	kind Kind
}

// newPhrases reads the texts of each kind, with their Russian forms if asked for; nil if there are none. Most analyzers have
// none, and need not the stack of those that do.
func newPhrases(lists map[Kind][]string, forms bool) *phrases {
	for _, texts := range lists {
		if len(texts) > 0 {
			return readPhrases(lists, forms)
		}
	}
	return nil
}

func readPhrases(lists map[Kind][]string, forms bool) *phrases {
	p := &phrases{}
	b := phraseBuilder{forms: forms, made: map[phraseEdge]*phraseNode{}}
	for _, kind := range slices.Sorted(maps.Keys(lists)) {
		for _, text := range lists[kind] {
			if n := b.add(&p.root, text); n != nil && !n.ends {
				n.ends, n.kind = true, kind
			}
		}
	}
	if p.root.next == nil {
		return nil
	}
	for first := range p.root.next {
		p.filter[first>>6%phraseFilter] |= 1 << (first % 64)
	}
	return p
}

// A phraseBuilder makes the tree.
type phraseBuilder struct {
	forms   bool
	t, form Text
	made    map[phraseEdge]*phraseNode // nodes by the one before and the token as it was given
}

type phraseEdge struct {
	from *phraseNode
	hash uint64
}

// add gives the node at which a text ends, nil if there is nothing in the text.
func (b *phraseBuilder) add(root *phraseNode, text string) *phraseNode {
	b.t.read(text)
	if len(b.t.tok) == 0 {
		return nil
	}
	at := root
	for i := range b.t.tok {
		tok := &b.t.tok[i]
		edge := phraseEdge{at, b.t.hash(tok)}
		next := b.made[edge]
		if next == nil {
			next = &phraseNode{}
			b.made[edge] = next
			hashes := []uint64{edge.hash}
			if b.forms {
				hashes = b.form.formsOf(b.t.s[tok.start:tok.end], hashes)
			}
			if at.next == nil {
				at.next = map[uint64][]*phraseNode{}
			}
			for _, hash := range hashes {
				at.next[hash] = append(at.next[hash], next)
			}
		}
		at = next
	}
	return at
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
		if n, kind := p.longest(t, i); n > 0 {
			dst = append(dst, t.span(i, i+n, kind, 1, rule))
			i += n - 1
		}
	}
	return dst
}

// longest gives how many tokens the longest phrase has that begins at token i, and its kind.
func (p *phrases) longest(t *Text, i int) (int, Kind) {
	first := t.hash(&t.tok[i])
	if p.filter[first>>6%phraseFilter]&(1<<(first%64)) == 0 {
		return 0, ""
	}
	return p.root.longest(t, i, 0)
}

// longest goes on behind a node that stands for so many tokens.
func (n *phraseNode) longest(t *Text, i, tokens int) (int, Kind) {
	best, kind := 0, Kind("")
	if n.ends {
		best, kind = tokens, n.kind
	}
	if at := i + tokens; at < len(t.tok) && (tokens == 0 || t.tok[at].gap != lineGap) {
		for _, next := range n.next[t.hash(&t.tok[at])] {
			if length, of := next.longest(t, i, tokens+1); length > best {
				best, kind = length, of
			}
		}
	}
	return best, kind
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
