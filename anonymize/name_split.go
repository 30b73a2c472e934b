package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Speech recognition writes a name that it does not know in pieces, «га сан беков», and people dictate one so. Pieces that
// make a name of the conversation together are one part of a name.
const (
	maxPieces = 4 // of a name
	maxPiece  = 6 // letters of one
	minJoined = 5 // letters of all
)

// splitPart reads the pieces of a known name from token i on.
func (t *Text) splitPart(i int) (namePart, bool) {
	if t.names.known == nil || t.names.forced || !t.isPiece(i) || t.names.known.ask(t, askHead, t.tok[i].key, 0) == 0 {
		return namePart{}, false
	}
	var b lexicon.Builder
	telling := false
	for j := i; j < len(t.tok) && j < i+maxPieces && t.isPiece(j); j++ {
		if j > i && t.tok[j].gap != oneSpace {
			break
		}
		tok := &t.tok[j]
		if t.names.known.has(t, j) != 0 {
			break // a name already
		}
		for at := int(tok.n) - 1; at >= 0; at-- {
			b.Add(tok.key >> (5 * at) & 31)
		}
		telling = telling || tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key)
		if j == i || b.Len() < minJoined || b.Len() > 12 || !telling {
			continue
		}
		what := askJoined
		if tok.vocab.Class == vocabulary.None {
			what = askMisheard
		}
		if r := t.names.known.ask(t, what, b.Russian(), 0); r != 0 {
			p := namePart{from: int32(i), to: int32(j + 1), traits: splitPart}
			p.take(r)
			return p, true
		}
	}
	return namePart{}, false
}

// isPiece reports a short Russian word in lower case.
func (t *Text) isPiece(i int) bool {
	tok := &t.tok[i]
	return tok.kind == wordToken && tok.shape == lower && tok.n > 1 && tok.n <= maxPiece
}

// mayBegin reports whether a name begins with the first letter of a word.
func (m *memory) mayBegin(key uint64) bool {
	n := key >> 60
	return n > 0 && n <= 12 && m.heads&(1<<(key>>(5*(n-1))&31)) != 0
}

// joined gives the roles in which a word made of pieces was heard whole, or in which one was heard that it differs from by
// one letter if it may be misheard.
func (m *memory) joined(key uint64, misheard bool) nameRole {
	r := m.roles[stemKey(key, "")] & (firstName | surname)
	if e, ok := lexicon.Lookup(key); ok {
		var buf [maxKeys]uint64
		for _, k := range appendLemmas(buf[:0], e, lexicon.FirstName|lexicon.Diminutive) {
			r |= m.roles[k] & firstName
		}
	}
	if r == 0 && misheard && key>>60 > minJoined {
		r = m.like(key)
	}
	return r
}

// joinedKey is the key of the pieces of a part together.
func (t *Text) joinedKey(p *namePart) uint64 {
	var b lexicon.Builder
	for i := p.from; i < p.to; i++ {
		for at := int(t.tok[i].n) - 1; at >= 0; at-- {
			b.Add(t.tok[i].key >> (5 * at) & 31)
		}
	}
	return b.Russian()
}
