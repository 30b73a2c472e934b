package policy

import (
	"unicode"

	"github.com/dlclark/regexp2/v2/syntax"
)

// needs are what a text must have for a pattern to match: all of one of them. None means that any text may match.
type needs []need

// A need is letters that must stand in a text, alone and in pairs, and whether a digit must.
type need struct {
	grams []uint16
	digit bool
}

// maxNeeds bounds the alternatives that are told apart; a pattern with more may match any text.
const maxNeeds = 64

// grams are the letters and the pairs of neighbouring letters of a text, without case, as bits: a bit that is not set
// proves that they are not there. One look at the text serves all patterns (BenchmarkNeeds).
type grams struct {
	bits  [gramBits / 64]uint64
	digit bool
}

const gramBits = 1 << 12

// letterGram and pairGram give the bits; letters have the first 256 of their own.
func letterGram(r rune) uint16 { return uint16(r & 0xFF) }

func pairGram(a, b rune) uint16 {
	return uint16(256 + (uint32(a)*0x9E3779B1^uint32(b))*0xC2B2AE35>>16%(gramBits-256))
}

func (g *grams) set(i uint16) { g.bits[i/64%(gramBits/64)] |= 1 << (i % 64) }

func (g *grams) read(text string) {
	last := rune(0)
	for _, r := range text {
		r = fold(r)
		g.digit = g.digit || r >= '0' && r <= '9' || r >= 0x660 && unicode.IsDigit(r)
		g.set(letterGram(r))
		g.set(pairGram(last, r)) // that of the first letter with nothing before it is needed by no pattern
		last = r
	}
}

// met reports whether a text may have what the pattern needs.
func (n needs) met(g *grams) bool {
	for i := range n {
		if n[i].met(g) {
			return true
		}
	}
	return len(n) == 0
}

func (n *need) met(g *grams) bool {
	if n.digit && !g.digit {
		return false
	}
	for _, i := range n.grams {
		if g.bits[i/64%(gramBits/64)]&(1<<(i%64)) == 0 {
			return false
		}
	}
	return true
}

// fold gives one letter for all that differ in case alone: the smallest of their circle.
func fold(r rune) rune {
	switch {
	case r >= 0x430 && r < 0x450: // а to я
		return r - 0x20
	case r < 'a', r >= 0x410 && r < 0x430:
		return r
	case r <= 'z':
		return r - 'a' + 'A'
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// needsOf reads what must be there out of the tree of a pattern. Where it is in doubt it asks for nothing.
func needsOf(n *syntax.RegexNode) needs {
	if n.Options&syntax.RightToLeft != 0 {
		return nil
	}
	switch n.T {
	case syntax.NtConcatenate:
		return needsOfAll(n.Children)
	case syntax.NtAlternate:
		return needsOfAny(n.Children)
	case syntax.NtCapture, syntax.NtGroup, syntax.NtAtomic, syntax.NtPosLook:
		return needsOfAll(n.Children)
	case syntax.NtLoop, syntax.NtLazyloop:
		if n.M > 0 {
			return needsOfAll(n.Children)
		}
		return nil
	}
	var s sequence
	s.add(n)
	return s.needs(nil)
}

// needsOfAny is that of alternatives: if one of them needs nothing, so do all.
func needsOfAny(children []*syntax.RegexNode) needs {
	var all needs
	for _, child := range children {
		some := needsOf(child)
		if len(some) == 0 || len(all)+len(some) > maxNeeds {
			return nil
		}
		all = append(all, some...)
	}
	return all
}

// needsOfAll is that of parts one behind the other: what stands in all matches, and of the parts with alternatives
// those of the one with the fewest.
func needsOfAll(children []*syntax.RegexNode) needs {
	var s sequence
	var fewest needs
	for _, child := range children {
		if s.add(child) {
			continue
		}
		s.open = false
		some := needsOf(child)
		if len(some) == 1 {
			s.own.grams, s.own.digit = append(s.own.grams, some[0].grams...), s.own.digit || some[0].digit
		} else if len(some) > 0 && (fewest == nil || len(some) < len(fewest)) {
			fewest = some
		}
	}
	return s.needs(fewest)
}

// A sequence collects what stands for certain.
type sequence struct {
	own  need
	last rune // the letter before, if open
	open bool
}

// add takes a node that stands for letters or digits, and reports whether it is one.
func (s *sequence) add(n *syntax.RegexNode) bool {
	if n.Options&syntax.RightToLeft != 0 {
		return false
	}
	switch n.T {
	case syntax.NtOne:
		s.letter(n.Ch)
	case syntax.NtMulti:
		for _, r := range n.Str {
			s.letter(r)
		}
	case syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		if n.M == 0 {
			return false
		}
		s.letter(n.Ch)
		s.open = false
	case syntax.NtSet:
		return s.set(n.Set)
	case syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		if n.M == 0 || !s.set(n.Set) {
			return false
		}
		s.open = false
	default:
		return false
	}
	return true
}

func (s *sequence) letter(r rune) {
	r = fold(r)
	if s.own.grams = append(s.own.grams, letterGram(r)); s.open {
		s.own.grams = append(s.own.grams, pairGram(s.last, r))
	}
	s.last, s.open = r, true
}

// set takes a class of one letter in all its cases, or of digits alone.
func (s *sequence) set(c *syntax.CharSet) bool {
	if isDigits(c) {
		s.own.digit, s.open = true, false
		return true
	}
	chars := c.GetSetChars(8)
	if len(chars) == 0 || c.IsNegated() {
		return false
	}
	for _, r := range chars[1:] {
		if fold(r) != fold(chars[0]) {
			return false
		}
	}
	s.letter(chars[0])
	return true
}

// isDigits reports \d and [0-9] and parts of them.
func isDigits(c *syntax.CharSet) bool {
	if cats, negate := c.GetIfOnlyUnicodeCategories(); len(cats) == 1 && !negate && cats[0].Cat == "Nd" && !cats[0].Negate {
		return true
	}
	chars := c.GetSetChars(10)
	for _, r := range chars {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(chars) > 0 && !c.IsNegated()
}

// needs is all that was collected, with each of the alternatives.
func (s *sequence) needs(alternatives needs) needs {
	if len(s.own.grams) == 0 && !s.own.digit {
		return alternatives
	}
	if len(alternatives) == 0 {
		return needs{s.own}
	}
	out := make(needs, 0, len(alternatives))
	for _, a := range alternatives {
		grams := append(append([]uint16(nil), s.own.grams...), a.grams...)
		out = append(out, need{grams, s.own.digit || a.digit})
	}
	return out
}
