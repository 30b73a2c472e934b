package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// readSlot tells what part the mention plays in its turn: the speaker himself, somebody spoken to, an answer.
func (t *Text) readSlot(m *mention, n *name) {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	j := from - 1
	comma := j >= 0 && t.tok[j].kind == signToken && (t.tok[j].key == ',' || t.tok[j].key == '(') && from == lastTokenEnd(t, n)+1
	for j >= 0 && (t.tok[j].kind == signToken || t.tok[j].vocab.Class == vocabulary.Filler && t.tok[j].key != keyThis) {
		j--
	}
	before := t.hintAt(j)
	if t.says(j, "день", "дня", "суток") && t.says(j-1, "добрый", "доброго", "времени") {
		before = vocabulary.Greeting
	}
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
	case nominative && sideOf(m.speaker) == Agent && m.turn == 0 && before != vocabulary.Greeting && before != vocabulary.Naming && before != vocabulary.Calling:
		m.self = true
	case nominative && (before == vocabulary.Greeting || from == 0 && len(t.tok) > to && !t.names.cased || t.clauseBefore(from) && t.clauseAfter(to)):
		m.addressed = before != vocabulary.Job && before != vocabulary.Kin && before != vocabulary.Having && !t.names.asked
	}
	if m.parts == 1 && len(m.sur) > 0 && m.sex == lexicon.Both && n.gram.Of(lexicon.Female).Has(lexicon.Nominative) &&
		!n.gram.Of(lexicon.Male).Has(lexicon.Nominative) && (j < 0 || t.clauseBefore(from)) {
		m.guess = lexicon.Female // «Дорохова, к кардиологу»: nothing asks for another case
	}
	m.answer = t.names.asked && from < 8
	m.yours = before == vocabulary.You && t.hintAt(j-1) == vocabulary.Naming || before == vocabulary.Naming && t.hintAt(j-1) == vocabulary.You
	m.begins = from < 3 && nominative
	m.appositive = comma && m.parts == 1
}

// lastTokenEnd gives the token behind the part before the name, -1 if there is none.
func lastTokenEnd(t *Text, n *name) int {
	if n.from == 0 {
		return -2
	}
	return int(t.names.parts[n.from-1].to)
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
		if tok.vocab.Hint() == vocabulary.Naming && !t.beside(spans, i) {
			return true
		}
		if tok.vocab.Hint() == vocabulary.Job && i >= len(t.tok)-3 && !t.beside(spans, i) {
			return true
		}
		if i >= len(t.tok)-6 && isWho(tok.key) && !t.beside(spans, i) {
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

// beside reports whether a person is named right behind the token, or before «меня зовут».
func (t *Text) beside(spans []Span, i int) bool {
	from := t.tok[max(0, i-1)]
	for _, s := range spans {
		if s.Kind != PERSON {
			continue
		}
		if gap := s.Start - int(t.tok[i].end); gap >= 0 && gap < 16 {
			return true
		}
		if from.vocab.Hint() == vocabulary.Self && s.End <= int(from.start) && int(from.start)-s.End < 4 {
			return true
		}
	}
	return false
}
