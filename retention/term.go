package retention

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A Term is a length of time as laws and contracts write it. It is one of three
// things, never a mixture, because each is counted in its own way:
//
//   - civil (years, months, weeks, days): counted on dates in the policy's zone,
//     the first day being the day after the event (Civil Code of Russia, art. 191),
//     over at the end of the last day; months are clamped to the last day of the
//     target month (art. 192(3));
//   - elapsed (hours, minutes, seconds): counted on the clock, holidays and changes
//     of the clock do not matter;
//   - working days: counted on dates by the policy's [Calendar].
//
// P1D and PT24H are therefore different terms, as are P1M and P30D. Terms compare
// with ==. The zero Term means "no term"; P0D is the rest of the day of the event
// and PT0S is "at once".
type Term struct {
	kind                             termKind
	years, months, weeks, days       int32
	hours, minutes, seconds, working int32
}

type termKind uint8

const (
	noTerm termKind = iota
	civilTerm
	elapsedTerm
	workingTerm
)

// Days is a term of n calendar days. It panics if n is negative or beyond 100 years.
func Days(n int) Term { return mustTerm(Term{kind: civilTerm, days: int32(n)}) }

// Months is a term of n months. It panics if n is negative or beyond 100 years.
func Months(n int) Term { return mustTerm(Term{kind: civilTerm, months: int32(n)}) }

// Hours is a term of n hours on the clock. It panics if n is negative or beyond 100 years.
func Hours(n int) Term { return mustTerm(Term{kind: elapsedTerm, hours: int32(n)}) }

// Workdays is a term of n working days. It panics if n is negative or above 2500.
func Workdays(n int) Term { return mustTerm(Term{kind: workingTerm, working: int32(n)}) }

func mustTerm(t Term) Term {
	for _, u := range t.units() {
		if u.n < 0 || u.n > u.max {
			panic("retention: term out of range: " + strconv.Itoa(int(u.n)))
		}
	}
	return t
}

// ParseTerm reads an ISO 8601 duration, strictly: upper case, whole numbers without
// sign or leading zeros, each unit at most once and in order, weeks alone, at most a
// hundred years. Dates and hours are not mixed (P1DT2H is refused: it could be counted
// in two ways), and a unit of zero is refused but for P0D and PT0S, so that
// every accepted text is its own [Term.String]. Working days have no ISO form; see
// [Workdays] and [Term.UnmarshalJSON].
func ParseTerm(s string) (Term, error) {
	t, err := parseTerm(s)
	if err != nil {
		return Term{}, fmt.Errorf("retention: not a term: %w", err)
	}
	return t, nil
}

func parseTerm(s string) (Term, error) {
	if s == "" || s[0] != 'P' {
		return Term{}, errors.New("it must begin with P")
	}
	rest, t := s[1:], Term{kind: civilTerm}
	if rest != "" && rest[0] == 'T' {
		rest, t.kind = rest[1:], elapsedTerm
	}
	if rest == "" {
		return Term{}, errors.New("no number after P")
	}
	seen := 0
	for next := 0; rest != ""; seen++ {
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		switch {
		case digits == len(rest):
			return Term{}, errors.New("a number without a unit")
		case digits == 0 && rest[0] == 'T':
			return Term{}, errors.New("days and hours do not mix in one term")
		case digits == 0:
			return Term{}, errors.New("a whole number is wanted before each unit")
		case digits > 9, digits > 1 && rest[0] == '0':
			return Term{}, errors.New("a number too long or with a leading zero")
		}
		n, _ := strconv.Atoi(rest[:digits])
		u, ok := t.unit(rest[digits])
		switch {
		case !ok:
			return Term{}, errors.New("an unknown unit")
		case u.order < next:
			return Term{}, errors.New("units out of order or repeated")
		case n > int(u.max):
			return Term{}, errors.New("more than a hundred years")
		case n == 0 && s != "P0D" && s != "PT0S":
			return Term{}, errors.New("a unit of zero")
		}
		*u.n, next, rest = int32(n), u.order+1, rest[digits+1:]
	}
	if t.weeks != 0 && seen > 1 {
		return Term{}, errors.New("weeks stand alone")
	}
	return t, nil
}

type termUnit struct {
	letter byte
	order  int
	n      *int32
	max    int32 // a hundred years
}

// unit finds the field that letter names in a term of this kind.
func (t *Term) unit(letter byte) (termUnit, bool) {
	units := [...]termUnit{
		{'Y', 0, &t.years, 100}, {'M', 1, &t.months, 1200}, {'W', 2, &t.weeks, 5217}, {'D', 3, &t.days, 36525},
		{'H', 4, &t.hours, 876_600}, {'M', 5, &t.minutes, 52_596_000}, {'S', 6, &t.seconds, 999_999_999},
	}
	from, to := 0, 4
	if t.kind == elapsedTerm {
		from, to = 4, 7
	}
	for _, u := range units[from:to] {
		if u.letter == letter {
			return u, true
		}
	}
	return termUnit{}, false
}

type amount struct {
	n, max int32
	letter byte
}

func (t Term) units() [8]amount {
	return [...]amount{
		{t.years, 100, 'Y'}, {t.months, 1200, 'M'}, {t.weeks, 5217, 'W'}, {t.days, 36525, 'D'},
		{t.hours, 876_600, 'H'}, {t.minutes, 52_596_000, 'M'}, {t.seconds, 999_999_999, 'S'}, {t.working, 2500, 0},
	}
}

// IsZero reports whether t is the zero Term, "no term".
func (t Term) IsZero() bool { return t.kind == noTerm }

// String is the ISO 8601 text, "5 working days", or "" for the zero Term.
func (t Term) String() string {
	var b []byte
	units := t.units()
	switch t.kind {
	case noTerm:
		return ""
	case workingTerm:
		return strconv.Itoa(int(t.working)) + " working days"
	case civilTerm:
		b = appendUnits([]byte("P"), units[:4])
		if len(b) == 1 {
			return "P0D"
		}
	case elapsedTerm:
		b = appendUnits([]byte("PT"), units[4:7])
		if len(b) == 2 {
			return "PT0S"
		}
	}
	return string(b)
}

func appendUnits(b []byte, units []amount) []byte {
	for _, u := range units {
		if u.n != 0 {
			b = append(strconv.AppendInt(b, int64(u.n), 10), u.letter)
		}
	}
	return b
}

// MarshalJSON writes the ISO text as a string, working days as {"workdays":5}, and
// the zero Term as null.
func (t Term) MarshalJSON() ([]byte, error) {
	switch t.kind {
	case noTerm:
		return []byte("null"), nil
	case workingTerm:
		return fmt.Appendf(nil, `{"workdays":%d}`, t.working), nil
	}
	return json.Marshal(t.String())
}

// UnmarshalJSON reads what [Term.MarshalJSON] writes.
func (t *Term) UnmarshalJSON(data []byte) error {
	n, err := parseNode(data)
	if err != nil {
		return err
	}
	return t.decodeNode(n, "")
}

func (t *Term) decodeNode(n *node, path string) error {
	switch n.kind {
	case nullNode:
		*t = Term{}
		return nil
	case stringNode:
		v, err := parseTerm(n.text)
		if err != nil {
			return n.errorf(path, "not a term: %v", err)
		}
		*t = v
		return nil
	case objectNode:
		if len(n.fields) == 1 && n.fields[0].key == "workdays" && n.fields[0].value.kind == numberNode {
			if d, err := strconv.ParseUint(n.fields[0].value.text, 10, 31); err == nil && d <= 2500 {
				*t = Workdays(int(d))
				return nil
			}
		}
	}
	return n.errorf(path, `a term is wanted: an ISO 8601 duration such as P30D, or {"workdays": 5}`)
}

// span is the length of an elapsed term.
func (t Term) span() time.Duration {
	return time.Duration(t.hours)*time.Hour + time.Duration(t.minutes)*time.Minute + time.Duration(t.seconds)*time.Second
}

// add counts a civil term from d: years and months in one step, then clamped, then days.
func (t Term) add(d Date) Date {
	return d.AddMonths(12*int(t.years) + int(t.months)).AddDays(7*int(t.weeks) + int(t.days))
}

// bounds returns the shortest and the longest time the term can last, for the
// linter's comparisons; working days are counted between five in five days and, over
// the longest Russian holidays, five in twenty.
func (t Term) bounds() (least, most time.Duration) {
	const day = 24 * time.Hour
	months := time.Duration(12*t.years + t.months)
	days := time.Duration(7*t.weeks + t.days)
	switch t.kind {
	case civilTerm:
		// The day of the event and a changing clock add up to a day and two hours.
		return months*28*day + days*day - 2*time.Hour, months*31*day + (days+1)*day + 2*time.Hour
	case workingTerm:
		w := time.Duration(t.working)
		return w * day, (w*7/5 + 16) * day
	}
	return t.span(), t.span()
}
