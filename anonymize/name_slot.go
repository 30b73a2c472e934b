package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// readSlot tells what part the mention plays in its turn: the speaker himself, somebody spoken to, an answer.
func (t *Text) readSlot(m *mention, n *name) {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	j := from - 1
	comma := j >= 0 && t.tok[j].kind == signToken && t.tok[j].key == ','
	for j >= 0 && (t.tok[j].kind == signToken || t.tok[j].vocab.Class == vocabulary.Filler && t.tok[j].key != keyThis) {
		j--
	}
	before := t.hintAt(j)
	after := t.hintAt(to)
	if to < len(t.tok) && t.tok[to].kind == signToken && t.tok[to].key == ',' {
		after = t.hintAt(to + 1)
	}
	nominative := n.gram.Has(lexicon.Nominative) || n.gram&lexicon.GramVocative != 0
	switch {
	case before == vocabulary.Naming && (t.hintAt(j-1) == vocabulary.Self || t.hintAt(j-2) == vocabulary.Self),
		before == vocabulary.Self && j >= 0,
		after == vocabulary.Self && t.hintAt(to+1) == vocabulary.Naming,
		nominative && after == vocabulary.Speaking && before != vocabulary.Job,
		j >= 0 && t.tok[j].key == keyThis && j < 4:
		m.self = true
	case nominative && sideOf(m.speaker) == Agent && m.turn == 0 && before != vocabulary.Greeting:
		m.self = true
	case nominative && (before == vocabulary.Greeting || from == 0 && len(t.tok) > to || to == len(t.tok) || t.clauseBefore(from) && t.clauseAfter(to)):
		m.addressed = before != vocabulary.Job && before != vocabulary.Kin && before != vocabulary.Having && !t.names.asked
	}
	m.answer = t.names.asked && from < 8
	m.job = before == vocabulary.Job || before == vocabulary.Kin
	m.appositive = comma && m.parts == 1
}

func (t *Text) clauseBefore(i int) bool {
	return i == 0 || t.tok[i].gap == lineGap || t.tok[i-1].kind == signToken
}

func (t *Text) clauseAfter(i int) bool {
	return i >= len(t.tok) || t.tok[i].gap == lineGap || t.tok[i].kind == signToken
}

// asksName reports whether the turn asks for a name: «как вас зовут», «фамилия», «на кого оформить».
func (t *Text) asksName(spans []Span) bool {
	for i := max(0, len(t.tok)-8); i < len(t.tok); i++ {
		tok := &t.tok[i]
		if tok.vocab.Hint() == vocabulary.Naming && !beside(spans, tok) {
			return true
		}
		if tok.vocab.Hint() == vocabulary.Job && i >= len(t.tok)-3 && !beside(spans, tok) {
			return true
		}
		if i >= len(t.tok)-6 && isWho(tok.key) && !beside(spans, tok) {
			return true
		}
	}
	return false
}

// isWho reports «кто», «кого», «кому», «кем», «чье».
func isWho(key uint64) bool {
	for _, w := range [...]uint64{
		lexKey("кто"), lexKey("кого"), lexKey("кому"), lexKey("кем"), lexKey("чье"), lexKey("чья"),
	} {
		if w == key {
			return true
		}
	}
	return false
}

// lexKey is lexicon.Key of a short word of plain Russian letters.
func lexKey(word string) uint64 {
	key, n := uint64(0), uint64(0)
	for i := 0; i+1 < len(word); i += 2 {
		l, _, _ := russianLetter(word[i], word[i+1])
		key = key<<5 | l
		n++
	}
	return n<<60 | key
}

// beside reports whether a person is named close to the token.
func beside(spans []Span, tok *token) bool {
	for _, s := range spans {
		if s.Kind == PERSON && s.Start-int(tok.end) < 24 && int(tok.start)-s.End < 24 {
			return true
		}
	}
	return false
}
