package main

import (
	"strings"
	"unicode"

	"github.com/syntora/vual/bench/corpus"
)

// A stretch is bytes of a text that a candidate takes away. Stretches may overlap and stand in any order.
type stretch struct{ start, end int }

// A tally counts letters and digits, the only ones that tell anything.
type tally struct{ visible, total int }

func (t tally) share() float64 {
	if t.total == 0 {
		return 0
	}
	return float64(t.visible) / float64(t.total)
}

// leak counts what of the personal values stays visible when the stretches are taken away, in all ("") and by kind.
func leak(m corpus.Message, hidden []stretch, by map[string]*tally) {
	gone := cover(m.Text, hidden)
	for _, v := range m.Values {
		for _, kind := range []string{"", v.Kind} {
			t := by[kind]
			if t == nil {
				t = &tally{}
				by[kind] = t
			}
			for i, r := range m.Text[v.Start:v.End] {
				if counts(r) {
					t.total++
					if !gone[v.Start+i] {
						t.visible++
					}
				}
			}
		}
	}
}

// overmask counts letters and digits outside personal values: those taken away as "visible", because they are what is seen
// of the fault.
func overmask(m corpus.Message, hidden []stretch, t *tally) {
	gone := cover(m.Text, hidden)
	personal := make([]stretch, len(m.Values))
	for i, v := range m.Values {
		personal[i] = stretch{v.Start, v.End}
	}
	rightly := cover(m.Text, personal)
	for i, r := range m.Text {
		if counts(r) && !rightly[i] {
			t.total++
			if gone[i] {
				t.visible++
			}
		}
	}
}

func counts(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cover marks the bytes of stretches.
func cover(text string, hidden []stretch) []bool {
	gone := make([]bool, len(text))
	for _, h := range hidden {
		for i := max(h.start, 0); i < min(h.end, len(text)); i++ {
			gone[i] = true
		}
	}
	return gone
}

// align finds what a program that gives masked text alone took away: the mark stands in the place of a value, and what
// stands between marks is looked for in the original, from left to right.
func align(original, masked, mark string) []stretch {
	var hidden []stretch
	at := 0
	kept := strings.Split(masked, mark)
	for n, literal := range kept {
		i := strings.Index(original[at:], literal)
		if n == len(kept)-1 && strings.HasSuffix(original[at:], literal) {
			i = len(original) - at - len(literal) // what follows the last mark ends the text
		}
		if i < 0 { // rewritten in another way: all that is left counts as gone
			return append(hidden, stretch{at, len(original)})
		}
		if i > 0 {
			hidden = append(hidden, stretch{at, at + i})
		}
		at += i + len(literal)
	}
	if at < len(original) {
		hidden = append(hidden, stretch{at, len(original)})
	}
	return hidden
}
