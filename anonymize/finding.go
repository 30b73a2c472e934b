package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A conversation is read three times, see [session.listen], and most turns give the same each time. A finding is what was
// found in one when it was read last: values hold as long as the conversation gives the turn the same, persons as long
// as it knows the same names besides.
type finding struct {
	given  given
	found  bool // what follows is known
	values []Span
	groups []group // of digits, as the rules understood them
	digits []byte
	spans  []Span // values and persons
	parts  []namePart
	names  int // memory.changes when the persons were looked for
}

// findings are those of all turns of a conversation.
type findings struct {
	turns  []finding
	at     int // the turn that is read
	spans  slab[Span]
	groups slab[group]
	digits slab[byte]
	parts  slab[namePart]
}

// now is where what is found in the window is kept, nil if it is not: outside of [Analyzer.Conversation], and in a turn of
// several windows.
func (f *findings) now(w *window) *finding {
	if f.at >= len(f.turns) || !w.first() || !w.last {
		return nil
	}
	return &f.turns[f.at]
}

// A slab makes room for many small slices at a time.
type slab[T any] struct {
	free []T
	size int // of the last room that was made
}

const (
	leastSlab = 8
	mostSlab  = 4096
)

// take gives room for n.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.size = max(n, min(max(2*s.size, leastSlab), mostSlab))
		s.free = make([]T, s.size)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

func (s *slab[T]) one() *T { return &s.take(1)[0] }

// keep copies src into dst where there is room, else elsewhere.
func (s *slab[T]) keep(dst, src []T) []T {
	if len(src) > cap(dst) {
		dst = s.take(len(src))
	}
	return append(dst[:0], src...)
}

// A given is what the conversation gives to a turn: all that rules read but the text itself and the names that are known.
type given struct {
	asked, askedToo vocabulary.Cue
	topics          topics
	code            codeMemory
	whose           whose
	places          ask
	open, next      bool
	numbers         [maxNumbers]uint64
}

// given gathers what was given to the text.
func (t *Text) given() given {
	g := given{asked: t.asked, askedToo: t.askedToo, topics: t.topics, code: t.codeSaid, whose: t.names.whose, places: t.places.asked, next: t.places.next}
	// Where no rule of addresses has reason to look at all, it matters nothing whether one was told before.
	if t.on&(onNumber|onSaid|onStreet|onPart|onAddress) != 0 || g.asked|g.askedToo != vocabulary.NoCue || g.places != 0 || g.next || t.places.all {
		g.open, g.numbers = t.places.open, *t.places.told
	}
	return g
}

// findSpans puts the spans of the window that was read into s.scratch.
func (s *session) findSpans() {
	t, names := s.t, &s.m.people.memory
	f, g := s.found.now(&t.window), t.given()
	known, first := f != nil && f.found && f.given == g, false
	if known {
		s.a.prepare(t)
		t.places.begin(len(t.tok))
		t.numbers.groups, t.numbers.digits = append(t.numbers.groups[:0], f.groups...), append(t.numbers.digits[:0], f.digits...)
		s.values = append(s.values[:0], f.values...)
	} else {
		first = s.findValues()
	}
	if known && s.m.people.whole && f.names == names.changes {
		t.beginParts()
		t.names.parts = append(t.names.parts, f.parts...)
		s.scratch = append(s.scratch[:0], f.spans...)
		return
	}
	by := s.findPersons()
	if s.m.people.learn(t, s.scratch) { // what is clear at the end of a turn is hidden at its beginning too
		if first {
			s.findValues()
		}
		by = s.findPersons()
		s.m.people.learn(t, s.scratch)
	}
	if f != nil && !first {
		f.given, f.names, f.found = g, by, true
		f.values, f.spans = s.found.spans.keep(f.values, s.values), s.found.spans.keep(f.spans, s.scratch)
		f.groups, f.digits = s.found.groups.keep(f.groups, t.numbers.groups), s.found.digits.keep(f.digits, t.numbers.digits)
		f.parts = s.found.parts.keep(f.parts, t.names.parts)
	}
}

// findValues finds what needs no person, and reports whether that is the first address of the conversation, whose parts
// may stand before it too.
func (s *session) findValues() (first bool) {
	open := s.t.places.open
	s.values = s.a.appendValues(s.values[:0], s.t)
	return s.t.places.open != open
}

// findPersons finds the rest, and gives the number of the names by which it looked.
func (s *session) findPersons() (names int) {
	names = s.m.people.memory.changes
	s.scratch = append(s.scratch[:0], s.values...)
	s.scratch = s.t.window.own(s.a.appendRest(s.scratch, 0, s.t), 0)
	return names
}
