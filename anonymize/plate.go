package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A platePart is one part of a number plate: letters of the plate alphabet (min = max) or digits.
type platePart struct {
	letters  bool
	min, max uint8
}

// A plateForm is a way to write a plate (GOST R 50577-2018, annex A, and the neighbours').
type plateForm struct {
	parts []platePart
	bare  float32 // the score without a cue
	rule  string
}

// plateForms are tried in order. Forms that an article number may have too need the cue.
var plateForms = [...]plateForm{
	{[]platePart{{true, 1, 1}, {false, 3, 3}, {true, 2, 2}, {false, 2, 3}}, 0.92, "plate/car"},
	{[]platePart{{true, 2, 2}, {false, 4, 4}, {false, 2, 3}}, 0.6, "plate/trailer"},
	{[]platePart{{false, 4, 4}, {true, 2, 2}, {false, 2, 3}}, 0, "plate/motorcycle"},
	{[]platePart{{true, 2, 2}, {false, 3, 3}, {false, 2, 3}}, 0, "plate/taxi"},
	{[]platePart{{true, 1, 1}, {false, 3, 3}, {true, 2, 2}}, 0, "plate/no-region"},
	{[]platePart{{false, 2, 3}, {true, 3, 3}, {false, 2, 2}}, 0.52, "plate/kz"},
	{[]platePart{{false, 2, 2}, {true, 2, 2}, {false, 4, 4}}, 0, "plate/tractor"},
	{[]platePart{{true, 2, 2}, {false, 2, 2}, {true, 3, 3}}, 0, "plate/uk"},
	{[]platePart{{true, 2, 2}, {false, 4, 4}, {true, 2, 2}}, 0, "plate/ua"},
	{[]platePart{{false, 4, 4}, {true, 2, 2}, {false, 1, 1}}, 0, "plate/by"},
	{[]platePart{{true, 2, 2}, {false, 3, 3}, {true, 2, 3}}, 0, "plate/ge"},
}

const plateCued = 0.85

// plate reads a number plate at token i.
func plate(dst []Span, t *Text, i int) []Span {
	if tok := &t.tok[i]; tok.n > 4 || tok.n > 2 && tok.kind != numberToken || tok.kind == otherToken {
		return dst
	}
	for f := range plateForms {
		form := &plateForms[f]
		if !form.parts[0].fits(&t.tok[i]) {
			continue
		}
		to, ok := t.plateAt(i, form.parts)
		if !ok {
			continue
		}
		score := form.bare
		if t.dashed(i, to) {
			score = 0
		}
		if near := t.hinted(i, to, vocabulary.Plate); near > 0.3 {
			score = max(score, plateCued)
		}
		if score == 0 {
			continue
		}
		if to < len(t.tok) && t.tok[to].vocab.Cue() == vocabulary.RegionWord {
			to++
		}
		return append(dst, t.span(i, to, PLATE, score, form.rule))
	}
	return dst
}

// dashed reports a dash between the parts, as article numbers have it and plates have not.
func (t *Text) dashed(from, to int) bool {
	for _, tok := range t.tok[from:to] {
		if tok.kind == signToken && tok.key == '-' {
			return true
		}
	}
	return false
}

// fits reports whether the token has the kind and the length of the part.
func (part platePart) fits(tok *token) bool {
	return tok.n >= part.min && tok.n <= part.max && (tok.kind != numberToken) == part.letters
}

// plateAt matches the parts from token i on and gives the token behind. Letters are read once all lengths fit.
func (t *Text) plateAt(i int, parts []platePart) (int, bool) {
	var letters [2]int
	j, n := i, 0
	for p, part := range parts {
		if j >= len(t.tok) || p > 0 && t.tok[j].gap > oneSpace {
			return 0, false
		}
		if tok := &t.tok[j]; tok.kind == signToken && (tok.key == '-' || tok.key == '/') && p > 0 && j+1 < len(t.tok) && (t.tok[j+1].gap == noGap || tok.key == '/' && t.tok[j+1].gap == oneSpace && p == len(parts)-1) {
			j++
		}
		if !part.fits(&t.tok[j]) {
			return 0, false
		}
		if part.letters {
			letters[n] = j
			n++
		}
		j++
	}
	for _, at := range letters[:n] {
		if !t.plateLetters(&t.tok[at]) {
			return 0, false
		}
	}
	if j < len(t.tok) && t.tok[j].kind != signToken && (t.tok[j].gap == noGap || t.tok[j].gap == oneSpace && t.tok[j].kind == numberToken) {
		return 0, false
	}
	return j, true
}

// plateLetters reports whether all letters are of the plate alphabet: the twelve Russian ones that have a Latin twin,
// in either alphabet, or any Latin ones for the neighbours.
func (t *Text) plateLetters(tok *token) bool {
	if tok.kind == latinToken {
		return true
	}
	if !looksLatin(tok) {
		return false
	}
	if tok.shape == lower && tok.gap != noGap && tok.n == 3 {
		return false // «рост 178 вес 65»
	}
	if tok.shape == lower && tok.gap != noGap && isPreposition(t.s[tok.start:tok.end]) {
		return false // «с 120 на 150»
	}
	var c code
	t.collect(&c, tok)
	for _, b := range c.buf[:c.n] {
		if b == '?' {
			return false
		}
	}
	return tok.kind == wordToken
}

// isPreposition reports little words that consist of plate letters alone and stand between numbers.
func isPreposition(w string) bool {
	switch w {
	case "на", "от", "во", "со", "ко", "не", "но", "то", "та", "ту", "те", "тем":
		return true
	}
	return false
}
