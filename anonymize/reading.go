package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/numberplan"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// «Двадцать пять» is 25 or 20 and 5, «шестьсот пятьдесят, э, четыре» is 654 or 650 and 4. The words near a number tell how
// many digits it has, and its check digits which reading is right.

const (
	maxReadings = 800 // steps of one search: hostile text costs no more
	maxChanges  = 3   // groups that are read in another way
)

// A rereader looks for the reading of a run that fits what the words near it announce. Its digits are built behind those of the
// text, where they stay if they are taken.
type rereader struct {
	t       *Text
	run     run
	cue     vocabulary.Cue
	lengths uint32
	base    int // where the digits of the reading begin
	end     int // where they end once they are taken
	budget  int
	fits    bool // the run has a length that fits as it stands
	lens    [maxNumberGroups]uint8
}

// reread chooses the reading of a run of spoken groups. Most runs fit as they stand.
func (t *Text) reread(r run) {
	n := &t.numbers
	if r.to-r.from > maxNumberGroups {
		return
	}
	digits := int32(0)
	for _, g := range n.groups[r.from:r.to] {
		if !g.spoken || g.dated || g.glued {
			return
		}
		digits += g.n
	}
	first, last := int(n.groups[r.from].from), int(n.groups[r.to-1].to)
	if digits > maxNumberDigits || digits < minRead || first > 0 && t.saidBy(first-1, first) {
		return
	}
	s := rereader{t: t, run: r, base: len(n.digits)}
	if s.cue = t.hintOf(first, last, int(digits)).cue; t.lengthsFor(s.cue)&(1<<digits) != 0 && s.verdict(n.digits[n.groups[r.from].at:][:digits]) != invalid {
		return
	}
	h := t.hintOf(first, last, 0)
	if h.at >= 0 && h.near < cuedFloor {
		return
	}
	s.cue, s.fits = h.cue, t.lengthsFor(h.cue)&(1<<digits) != 0
	if s.want(int(digits), h.at >= 0) {
		s.choose()
	}
	n.digits = n.digits[:max(s.base, s.end)]
}

const (
	minRead    = 7 // digits of a run that may be a whole value
	maxMissing = 3 // digits that another reading may add
)

// want sets the lengths that a reading may have: those of the announced kind, longer than what stands there by little. Pieces
// of a value that is told over turns are short of it by more. What has no check digits must be near its length.
func (s *rereader) want(digits int, said bool) bool {
	s.lengths = s.t.lengthsFor(s.cue)
	missing := maxMissing
	switch {
	case s.cue == vocabulary.Phone && said:
		s.lengths, missing = 1<<10|1<<11, 1
	case !said || s.cue != vocabulary.Account && s.cue != vocabulary.BIK && s.cue != vocabulary.SNILS: // one check digit fits too often
		missing = 1
	}
	for n := range maxNumberDigits + 1 {
		if n > digits+missing || n < digits-1 || n < minRead+2 {
			s.lengths &^= 1 << n
		}
	}
	return s.lengths != 0
}

// choose takes the reading with the fewest changes whose check digits are right; without one the first of a length that
// fits, where the run itself has none.
func (s *rereader) choose() {
	for _, anyCheck := range [...]bool{false, true} {
		for changes := 1; changes <= maxChanges; changes++ {
			s.budget = maxReadings
			if s.search(s.run.from, changes, anyCheck) {
				s.take()
				return
			}
		}
		if s.fits {
			return
		}
	}
}

// search tries the readings of the groups from group g on, of which so many may change. Any length that fits will do
// where no check digits are right.
func (s *rereader) search(g int32, changes int, anyCheck bool) bool {
	n := &s.t.numbers
	if s.budget--; s.budget < 0 {
		return false
	}
	at := len(n.digits)
	if g == s.run.to {
		if at-s.base > maxNumberDigits || s.lengths&(1<<(at-s.base)) == 0 {
			return false
		}
		return anyCheck || s.verdict(n.digits[s.base:]) != invalid
	}
	if at-s.base > maxNumberDigits {
		return false
	}
	group := n.groups[g]
	for variant := 0; variant < s.variants(g); variant++ {
		left := changes
		if variant > 0 {
			if left--; left < 0 {
				break
			}
		}
		n.digits = s.appendVariant(n.digits[:at], g, group, variant)
		s.lens[g-s.run.from] = uint8(len(n.digits) - at)
		if s.search(g+1, left, anyCheck) {
			return true
		}
	}
	n.digits = n.digits[:at]
	return false
}

// take makes the digits that were found those of the run.
func (s *rereader) take() {
	s.t.numbers.moved = true
	at := int32(s.base)
	for i := s.run.from; i < s.run.to; i++ {
		g := &s.t.numbers.groups[i]
		g.at, g.n = at, int32(s.lens[i-s.run.from])
		at += g.n
	}
	s.end = int(at)
}

// variants tells how many readings a group has: as it stands, divided between its words, and without the zeros that
// what follows a hesitation fills.
func (s *rereader) variants(g int32) int {
	group := s.t.numbers.groups[g]
	words := int(group.to - group.from)
	if words > 3 || !s.plain(group) {
		words = 1
	}
	n := 1 << (words - 1)
	if s.zerosFilled(g) > 0 {
		n++
	}
	return n
}

// plain reports a group of hundreds, tens and units.
func (s *rereader) plain(g group) bool {
	for i := g.from; i < g.to; i++ {
		if v := s.t.tok[i].vocab; v.Class != vocabulary.Num && v.Class != vocabulary.Ord || v.Arg > 900 || v.Arg == sotWord {
			return false
		}
	}
	if g.to-g.from == 2 { // «два ноля»
		_, _, times := s.t.repeated(int(g.from))
		return !times
	}
	return true
}

// zerosFilled gives how many zeros at the end of group g the next one fills behind a hesitation.
func (s *rereader) zerosFilled(g int32) int32 {
	groups := s.t.numbers.groups
	if g+1 >= s.run.to || !groups[g+1].cut || groups[g+1].n >= groups[g].n {
		return 0
	}
	next := groups[g+1].n
	for _, d := range s.t.numbers.digits[groups[g].at+groups[g].n-next : groups[g].at+groups[g].n] {
		if d != '0' {
			return 0
		}
	}
	return next
}

// appendVariant appends the digits of one reading of a group. Bit i of the variant divides it behind word i.
func (s *rereader) appendVariant(dst []byte, g int32, group group, variant int) []byte {
	switch {
	case variant == 0:
		return append(dst, s.t.numbers.digits[group.at:group.at+group.n]...)
	case variant == s.variants(g)-1 && s.zerosFilled(g) > 0:
		return append(dst, s.t.numbers.digits[group.at:group.at+group.n-s.zerosFilled(g)]...)
	}
	sum := uint64(0)
	for i := group.from; i < group.to; i++ {
		sum += uint64(s.t.tok[i].vocab.Arg)
		if i+1 == group.to || variant>>(i-group.from)&1 != 0 {
			dst = appendUint(dst, sum)
			sum = 0
		}
	}
	return dst
}

// verdict gives what the check digits of the announced kind say of a reading.
func (s *rereader) verdict(d []byte) check {
	if s.cue == vocabulary.Phone {
		if len(d) == 11 {
			return verdict((d[0] == '8' || d[0] == '7') && numberplan.ValidNational(russia, d[1:]))
		}
		return verdict(numberplan.ValidNational(russia, d))
	}
	best := invalid
	for _, table := range identifiers {
		for i := range table {
			row := &table[i]
			if row.cue != s.cue || row.lengths&(1<<len(d)) == 0 {
				continue
			}
			if row.check == nil {
				return unknown
			}
			if row.check(d) == valid {
				return valid
			}
		}
	}
	return best
}
