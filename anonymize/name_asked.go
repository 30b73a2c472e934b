package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Names are looked for by what the conversation knows of them. Whatever a text asks of the memory is noted with the answer:
// as long as all answers are the same, it would be read as it was, and it is not read anew. Most turns speak of nobody who
// was named elsewhere, and what was learned since does not concern them.

// An answer is what a memory told to a text.
type answer struct {
	key  uint64
	what asking
	of   nameRole // the roles that were asked for
	said nameRole
}

// An asking is what a memory is asked.
type asking uint8

const (
	askRole         asking = iota // in which roles a key was heard
	askStem                       // and the stem of a token
	askLike                       // whether a name is like the word of a key
	askRussianSound               // or sounds like a token, one in Russian letters
	askLatinSound                 // in Latin ones
	askClipped                    // whether a name begins with a word that was broken off
	askBegun                      // or with letters
	askHead                       // or with the first letter of a word
	askJoined                     // whether pieces are a name together
	askMisheard                   // or nearly one
	askConcern                    // whether the conversation makes a part of a name of a token
	askAny                        // whether there is any name
	askThings                     // any of a thing
	askAnchored                   // any of a person beyond doubt
)

// ask gives the answer to a question of a text and notes it. Whatever is no role is answered by any role at all.
func (m *memory) ask(t *Text, what asking, key uint64, of nameRole) nameRole {
	said := m.tell(t, what, key, of)
	m.answers = append(m.answers, answer{key, what, of, said})
	return said
}

// role is ask for those of the roles in which a key was heard.
func (m *memory) role(key uint64, of nameRole) nameRole {
	said := m.roles[key] & of
	m.answers = append(m.answers, answer{key, askRole, of, said})
	return said
}

// stillSays reports whether the memory would give a text the same answers as before.
func (m *memory) stillSays(t *Text, answers []answer) bool {
	for i := range answers {
		if a := &answers[i]; m.tell(t, a.what, a.key, a.of) != a.said {
			return false
		}
	}
	return true
}

func (m *memory) tell(t *Text, what asking, key uint64, of nameRole) nameRole {
	switch what {
	case askRole:
		return m.roles[key] & of
	case askStem:
		tok := &t.tok[key]
		return m.stem(tok.key, t.s[tok.start:tok.end]) & of
	case askLike:
		return m.like(key)
	case askRussianSound:
		if m.heard[0] {
			return m.sounds(t.stemOf(&t.tok[key]), 0)
		}
	case askLatinSound:
		if tok := &t.tok[key]; m.heard[1] {
			return m.sounds(t.s[tok.start:tok.end], 1)
		}
	case askClipped:
		return yes(m.isClipped(key))
	case askBegun:
		return yes(m.beginsWith(key))
	case askHead:
		return yes(m.mayBegin(key))
	case askJoined, askMisheard:
		return m.joined(key, what == askMisheard)
	case askConcern:
		return yes(m.concerns(t, int(key)))
	case askAny:
		return yes(len(m.roles) > 0)
	case askThings:
		return yes(m.things)
	case askAnchored:
		return yes(m.persons)
	}
	return noRole
}

func yes(is bool) nameRole {
	if is {
		return spoken
	}
	return noRole
}

// readKnownParts finds the parts of names where some are known: words that have a trigger, words that the conversation makes
// names, and those beside such.
func (t *Text) readKnownParts() {
	n, m := &t.names, t.names.known
	at, next, ahead := 0, 0, -1 // ahead: a token that is known to concern the conversation or not
	concerned := false
	concerns := func(i int) bool {
		if i != ahead {
			ahead, concerned = i, i < len(t.tok) && m.ask(t, askConcern, uint64(i), 0) != 0
		}
		return concerned
	}
	for i := range t.tok {
		for at < len(t.triggers) && int(t.triggers[at].at) < i {
			at++
		}
		if i < next {
			continue
		}
		triggered := at < len(t.triggers) && int(t.triggers[at].at) == i && t.triggers[at].on&onName != 0
		if triggered || len(n.parts) > 0 && int(n.parts[len(n.parts)-1].to) == i || concerns(i) || concerns(i+1) {
			next = t.readPart(i)
		} else if p, ok := t.splitPart(i); ok {
			n.parts = append(n.parts, p)
			next = int(p.to)
		}
	}
}

// concerns reports a word that may be a part of a name by what the memory knows alone.
func (m *memory) concerns(t *Text, i int) bool {
	tok := &t.tok[i]
	if m.anew {
		return true
	}
	if tok.kind > latinToken || tok.n < 2 {
		return false
	}
	free := !t.names.cased && tok.vocab.Class == vocabulary.None && tok.n >= minLike
	if m.mayHave(tok.key) {
		word := t.s[tok.start:tok.end]
		if m.roles[stemKey(tok.key, word)]&(firstName|surname) != 0 || m.roles[tok.key]&spoken != 0 || free && m.isClipped(tok.key) {
			return true
		}
	}
	if free && (m.like(tok.key) != 0 || m.heard[0] && m.sounds(t.stemOf(tok), 0) != 0) {
		return true
	}
	if tok.kind != wordToken || !mayBePossessive(tok.key) {
		return false
	}
	e, ok := lexicon.PossessiveOf(t.s[tok.start:tok.end])
	return ok && m.hasAny(e)
}

// mayBePossessive reports «ин» or «ын» in the end of a word, as «Катин» and «Катиными» have it. Of a long word the key does not
// tell.
func mayBePossessive(key uint64) bool {
	if key>>60 > 12 {
		return true
	}
	for range 4 {
		if pair := 2<<60 | key&lettersOf(2); pair == ending2('и', 'н') || pair == ending2('ы', 'н') {
			return true
		}
		key >>= 5
	}
	return false
}
