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
	if len(spans)-from < 2 {
		return spans
	}
	slices.SortFunc(spans[from:], byStart)
	kept, next := from, from // spans[from:kept] are settled, those from next on are not
	for next < len(spans) {
		s := spans[next]
		next++
		if kept == from || spans[kept-1].End <= s.Start {
			spans[kept] = s
			kept++
			continue
		}
		last := &spans[kept-1]
		if stronger(s, *last) {
			rest := *last
			rest.Start = s.End
			last.End = s.Start
			if !trim(text, last) {
				kept--
			}
			spans[kept] = s
			kept++
			s = rest
		} else {
			s.Start = last.End
		}
		if trim(text, &s) {
			if next == kept { // one span became three
				spans, next = apart(spans, next)
			}
			next--
			spans[next] = s
			sink(spans[next:])
		}
	}
	return spans[:kept]
}

// apart makes room before the spans that are not settled: as much as they take themselves, so that it is rarely done.
func apart(spans []Span, next int) (moved []Span, from int) {
	room := len(spans) - next + 1
	moved = slices.Grow(spans, room)[:len(spans)+room]
	copy(moved[next+room:], spans[next:])
	return moved, next + room
}

// byStart sorts by place and puts the stronger first. The order is total, so that the same text always has the same answer.
func byStart(a, b Span) int {
	if a.Start != b.Start {
		return cmp.Compare(a.Start, b.Start)
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.End, a.End), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule))
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
