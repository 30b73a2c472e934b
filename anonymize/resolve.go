package anonymize

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// resolve settles overlaps in spans[from:], in one pass from left to right. Of two that overlap the stronger stays
// whole; what the other covers beyond it is kept while a letter or digit is left, because a rule that lost a part of
// its place did not lose its reason. The result is sorted and disjoint. Neighbours are never merged: two values side by side
// are two values.
func resolve(text string, spans []Span, from int) []Span {
	found := spans[from:]
	if len(found) < 2 {
		return spans
	}
	slices.SortFunc(found, byStart)
	kept := spans[:from]
	for i := 0; i < len(found); i++ {
		s := found[i]
		if len(kept) == from || kept[len(kept)-1].End <= s.Start {
			kept = append(kept, s)
			continue
		}
		last := &kept[len(kept)-1]
		if stronger(s, *last) {
			rest := *last
			rest.Start = s.End
			last.End = s.Start
			if !trim(text, last) {
				kept = kept[:len(kept)-1]
			}
			kept = append(kept, s)
			s = rest
		} else {
			s.Start = last.End
		}
		if trim(text, &s) {
			found[i] = s
			sink(found[i:])
			i--
		}
	}
	return kept
}

// byStart sorts by place and puts the stronger first. The order is total, so that the same text always has the same answer.
func byStart(a, b Span) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.Score, a.Score), cmp.Compare(b.End, a.End),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule))
}

func stronger(a, b Span) bool {
	return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.End-a.Start, b.End-b.Start)) > 0
}

// sink moves the first span back to its place in the order. Few spans overlap, so it does not move far.
func sink(found []Span) {
	for i := 1; i < len(found) && byStart(found[i], found[i-1]) < 0; i++ {
		found[i], found[i-1] = found[i-1], found[i]
	}
}

// trim takes spaces and signs from both ends of what is left of a span, and reports whether anything remains.
func trim(text string, s *Span) bool {
	for s.Start < s.End {
		r, size := utf8.DecodeRuneInString(text[s.Start:s.End])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		s.Start += size
	}
	for s.End > s.Start {
		r, size := utf8.DecodeLastRuneInString(text[s.Start:s.End])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		s.End -= size
	}
	return s.Start < s.End
}
