package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A conversation is read three times, see [session.listen], and most turns give the same each time. So their texts are kept
// with what was found in them: values hold as long as the conversation gives the turn the same, persons as long as it knows
// the same names besides, and what a turn leaves to the next one as long as all of this is the same.
type finding struct {
	kept          bool // the text was read
	used          bool // something of what follows was written, and may still stand there
	found         bool // what follows is known
	given         given
	values        []Span
	spans         []Span   // values and persons
	answers       []answer // of the memory, when the persons were looked for
	changes       int      // memory.changes when it last gave them
	left          bool     // and this too
	before, after course
	told          []Span // the spans with which the turn was left
}

// forget empties a finding and keeps its memory.
func (f *finding) forget() {
	if f.kept || f.used {
		values, spans, told, answers := f.values[:0], f.spans[:0], f.told[:0], f.answers[:0]
		*f = finding{}
		f.values, f.spans, f.told, f.answers = values, spans, told, answers
	}
}

// maxKeptTokens bounds the texts that a conversation keeps, to those of a call of several hours. The turns behind them are read
// anew each time.
const maxKeptTokens = 1 << 16

// borrow gets the text of the turn: as it was read before, if it was kept.
func (s *session) borrow() {
	if s.at >= len(s.kept) || s.kept[s.at] == nil {
		s.t = s.a.text()
		return
	}
	s.t, s.kept[s.at] = s.kept[s.at], nil
	s.t.window = window{}
}

// nextWindow reads the next window of a turn, unless it was read before.
func (s *session) nextWindow(text string) {
	if s.t.window.next(&s.a.windows, text, 0, true); !s.t.finding.kept {
		s.t.read(s.t.window.text)
	}
}

// keeps reports whether what is found in the window is kept: while a conversation is read beforehand, and not of a turn of
// several windows.
func (s *session) keeps() bool {
	return s.hearing && s.at < len(s.kept) && s.t.window.first() && s.t.window.last
}

// release gives the memory of the text back, or keeps it for the next reading: a session that waits for its next turn needs
// none.
func (s *session) release() {
	f := &s.t.finding
	if !f.kept && s.keeps() && len(s.t.tok) <= s.room {
		f.kept = true
		s.room -= len(s.t.tok)
	}
	if f.kept && s.hearing {
		s.kept[s.at] = s.t
	} else {
		s.a.release(s.t)
	}
	s.t = nil
}

// A given is what the conversation gives to a turn: all that rules read but the text itself and the names that are known.
type given struct {
	givenToAll
	places     ask
	open, next bool
	said       saidOf
	numbers    [maxNumbers]uint64
	streets    [maxStreets]uint64
}

// A givenToAll is what the rules of persons read too: where only what is known of addresses has changed, and the same values
// were found, so are the same persons.
type givenToAll struct {
	asked, askedToo vocabulary.Cue
	topics          topics
	code            codeMemory
	whose           whose
}

// given gathers what was given to the text.
func (t *Text) given() given {
	g := given{givenToAll: givenToAll{t.asked, t.askedToo, t.topics, t.codeSaid, t.names.whose}, places: t.places.asked, next: t.places.next}
	// Where no rule of addresses has reason to look at all, it matters nothing whether one was told before.
	if t.on&(onNumber|onSaid|onStreet|onPart|onAddress) != 0 || g.asked|g.askedToo != vocabulary.NoCue || g.places != 0 || g.next || t.places.all {
		g.open, g.said, g.numbers, g.streets = t.places.open, t.places.said, *t.places.told, *t.places.streets
	}
	return g
}

// findSpans puts the spans of the window that was read into s.scratch.
func (s *session) findSpans() {
	t, f, names := s.t, &s.t.finding, &s.m.people.memory
	g, first := t.given(), false
	holds := f.found && f.given == g
	if holds {
		s.values = append(s.values[:0], f.values...)
	} else {
		first, f.left = s.findValues(), false
		holds = f.found && f.given.givenToAll == g.givenToAll && !first && slices.Equal(s.values, f.values)
	}
	if holds && (f.changes == names.changes || names.stillSays(t, f.answers)) {
		f.given, f.changes = g, names.changes
		s.scratch = append(s.scratch[:0], f.spans...)
		return
	}
	f.found = false
	s.findPersons()
	if s.m.people.learn(t, s.scratch) && (first || s.a.anew || !names.stillSays(t, names.answers)) { // what is clear at the end of a turn is hidden at its beginning too
		if first {
			s.findValues()
		}
		s.findPersons()
		s.m.people.learn(t, s.scratch)
	}
	if s.keeps() && !first {
		f.used, f.found, f.given, f.answers, f.changes = true, true, g, append(f.answers[:0], names.answers...), -1
		f.values, f.spans = append(f.values[:0], s.values...), append(f.spans[:0], s.scratch...)
	}
}

// findValues finds what needs no person, and reports whether that is the first address of the conversation, whose parts
// may stand before it too.
func (s *session) findValues() (first bool) {
	open := s.t.places.open
	s.values = s.a.appendValues(s.values[:0], s.t)
	return s.t.places.open != open
}

// findPersons finds the rest.
func (s *session) findPersons() {
	s.m.people.memory.answers = s.m.people.memory.answers[:0]
	s.scratch = append(s.scratch[:0], s.values...)
	s.scratch = s.t.window.own(s.a.appendRest(s.scratch, 0, s.t), 0)
}
