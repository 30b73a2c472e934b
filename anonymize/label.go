package anonymize

import (
	"strconv"
	"strings"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A Language is that of the labels.
type Language uint8

const (
	English Language = iota // Customer A, Agent, Person
	Russian                 // Клиент А, Сотрудник, Человек
)

var roleNouns = [...][3]string{
	English: {Person: "Person", Customer: "Customer", Agent: "Agent"},
	Russian: {Person: "Человек", Customer: "Клиент", Agent: "Сотрудник"},
}

// Letters of labels. But for А, first in both rows, none of the Russian ones looks like a Latin one.
var labelLetters = [...]string{
	English: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	Russian: "АБГДЖИЛПФЦЧШЩЭЮЯ",
}

// appendPersonLabel appends the label of the n-th person of a role, counted from 0: «Customer A» … «Customer Z»,
// «Customer AA».
func appendPersonLabel(dst []byte, lang Language, role Role, n int) []byte {
	dst = append(dst, roleNouns[lang][role]...)
	dst = append(dst, ' ')
	return appendLetters(dst, []rune(labelLetters[lang]), n)
}

func appendLetters(dst []byte, letters []rune, n int) []byte {
	if n >= len(letters) {
		dst = appendLetters(dst, letters, n/len(letters)-1)
	}
	return append(dst, string(letters[n%len(letters)])...)
}

// appendValueLabel appends the label of the n-th value of a kind, counted from 1: «[PHONE_1]».
func appendValueLabel(dst []byte, kind Kind, n int) []byte {
	dst = append(dst, '[')
	dst = append(dst, kind...)
	dst = append(dst, '_')
	dst = strconv.AppendInt(dst, int64(n), 10)
	return append(dst, ']')
}

// TEXT stands for label-shaped text of the input that would be taken for a label given out before.
const TEXT Kind = "TEXT"

// labels numbers the values and persons of a conversation and keeps its labels apart from text that looks like one.
type labels struct {
	counts   map[Kind]int
	people   [3]int // labels given to each role
	state    map[string]labelState
	log      []labelEvent // what changed, in order, for rollBack
	language Language
	buf      []byte // scratch
}

type labelState uint8

const (
	labelGiven    labelState = iota + 1
	labelReserved            // it stood in the input before it was given
)

// next gives the next free label of a kind.
func (l *labels) next(kind Kind) string {
	for {
		l.counts[kind]++
		l.buf = appendValueLabel(l.buf[:0], kind, l.counts[kind])
		if label, free := l.give(kind); free {
			return label
		}
	}
}

// nextPerson gives the next free label of a role.
func (l *labels) nextPerson(role Role) string {
	for {
		l.buf = appendPersonLabel(l.buf[:0], l.language, role, l.people[role])
		l.people[role]++
		if label, free := l.give(""); free {
			return label
		}
	}
}

// give gives the label in l.buf if it is free.
func (l *labels) give(kind Kind) (label string, free bool) {
	if l.state[string(l.buf)] != 0 {
		return "", false
	}
	label = string(l.buf)
	l.set(label, labelGiven, kind)
	return label, true
}

func (l *labels) set(label string, s labelState, kind Kind) {
	if l.state[label] == 0 {
		l.state[label] = s
		l.log = append(l.log, labelEvent{label, kind})
	}
}

// A labelEvent is one label given or reserved.
type labelEvent struct {
	label string
	kind  Kind // of a value whose number was counted, "" otherwise
}

// A labelsSave is the state of the labels before a turn.
type labelsSave struct {
	people [3]int
	log    int
}

func (l *labels) save() labelsSave { return labelsSave{l.people, len(l.log)} }

func (l *labels) rollBack(save labelsSave) {
	l.people = save.people
	for _, e := range l.log[save.log:] {
		delete(l.state, e.label)
		if e.kind != "" {
			l.counts[e.kind]--
		}
	}
	l.log = l.log[:save.log]
}

// protect takes label-shaped text out of the spans. A label that was not given yet is reserved and never will be; one
// that was given becomes a TEXT value, so that the way back does not take it for ours.
func (l *labels) protect(t *Text, spans []Span) []Span {
	if !t.labelled {
		return spans
	}
	for i := range t.tok {
		if t.tok[i].kind == labelToken && t.window.owns(int(t.tok[i].start)) {
			spans = append(spans, t.span(i, i+1, TEXT, overAll, labelRule))
		}
	}
	kept := spans[:0]
	for _, s := range resolve(t.s, spans, 0) {
		if s.Rule == labelRule {
			label := t.s[s.Start:s.End]
			l.set(label, labelReserved, "")
			if l.state[label] != labelGiven {
				continue
			}
			s.Score = 1
		}
		kept = append(kept, s)
	}
	return kept
}

const (
	overAll   = 2 // a score that every span gives way to
	labelRule = "text/label"
)

// foldLabels makes one token of every label-shaped text, so that no rule takes its words and digits for anything else.
func (t *Text) foldLabels() {
	kept := t.tok[:0]
	for i := 0; i < len(t.tok); i++ {
		end := 0
		if t.tok[i].key == '[' || t.tok[i].vocab.Class == vocabulary.RoleNoun {
			end = t.labelAt(i)
		}
		if end == 0 {
			if i > len(kept) {
				t.tok[len(kept)] = t.tok[i]
			}
			kept = kept[:len(kept)+1]
			continue
		}
		first := &t.tok[i]
		kept = append(kept, token{start: first.start, end: t.tok[end-1].end, kind: labelToken, gap: first.gap})
		i = end - 1
	}
	t.tok = kept
}

// labelAt gives the token behind the label-shaped text that begins at token i, 0 if there is none: a bracket token
// or a role noun with one or two capital letters.
func (t *Text) labelAt(i int) int {
	switch tok := &t.tok[i]; {
	case tok.kind == signToken && tok.key == '[':
		return t.bracketLabelAt(i)
	case tok.vocab.Class == vocabulary.RoleNoun && tok.shape == title && i+1 < len(t.tok):
		next := &t.tok[i+1]
		if next.gap == oneSpace && next.n <= 2 && (next.shape == upper || next.n == 1 && next.shape == title) {
			return i + 2
		}
	}
	return 0
}

// maxLabelTokens bounds the search for the closing bracket.
const maxLabelTokens = 64

func (t *Text) bracketLabelAt(i int) int {
	for j := i + 1; j < len(t.tok) && j < i+maxLabelTokens; j++ {
		tok := &t.tok[j]
		if tok.gap != noGap {
			return 0
		}
		switch {
		case tok.kind == signToken && tok.key == ']':
			if isBracketToken(t.s[t.tok[i].start:tok.end]) {
				return j + 1
			}
			return 0
		case tok.kind == signToken && tok.key != '_' && tok.key != ':' && tok.key != '-':
			return 0
		}
	}
	return 0
}

// isBracketToken reports «[PHONE_1]», «[PHONE]» and tokens such as «[PHONE:v1:…]».
func isBracketToken(s string) bool {
	if len(s) < 3 || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	kind, rest, keyed := strings.Cut(s[1:len(s)-1], ":")
	return len(kind) > 1 && isKind(kind) && (!keyed || isTokenBody(rest)) // «[B]» is markup
}

func isTokenBody(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '-' || c == '_') {
			return false
		}
	}
	return s != ""
}
