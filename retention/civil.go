package retention

import (
	"fmt"
	"time"
)

// A Date is a day of the civil calendar, of no zone. Dates compare with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the local date of t in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// ParseDate reads the form 2026-01-09.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("retention: not a date of the form 2026-01-09")
	}
	return DateOf(t, time.UTC), nil
}

// String is the form 2026-01-09.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// AddDays is the date n days later, earlier if n is negative.
func (d Date) AddDays(n int) Date {
	if n == 0 {
		return d
	}
	return DateOf(d.midnightUTC().AddDate(0, 0, n), time.UTC)
}

// AddMonths is the same day n months later, or the last day of that month if it has
// no such day. [time.Time.AddDate] would run over into the next month; Civil Code of
// Russia, art. 192(3), says otherwise. Count from the event in one step: 31 January
// plus two months is 31 March, plus one and one is 29 (or 28) March.
func (d Date) AddMonths(n int) Date {
	if n == 0 {
		return d
	}
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.number() < e.number() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnightUTC().Weekday() }

// End is the instant at which the day is over in loc: the first one with a later local
// date after the last one whose local date is d. It is right also where midnight does
// not exist or comes twice, and for a day that a zone skipped.
func (d Date) End(loc *time.Location) time.Time {
	// A piece of constant offset o reaches the next day at utc-o. No zone has been
	// farther than 16 hours from Greenwich, so the search may begin 20 hours late.
	// ZoneBounds ends the last pieces of leap years after the tz table (2040, 2044, …)
	// too early, so only its starts are used, and only while they lead back.
	utc := d.midnightUTC().AddDate(0, 0, 1)
	limit := utc.Add(20 * time.Hour)
	for t := limit; ; t = limit.Add(-1) {
		_, offset := t.In(loc).Zone()
		midnight := utc.Add(-time.Duration(offset) * time.Second)
		start, _ := t.In(loc).ZoneBounds()
		if start.IsZero() || start.Before(midnight) || start.After(t) {
			if limit.Before(midnight) {
				midnight = limit
			}
			return midnight.UTC()
		}
		limit = start
	}
}

func (d Date) midnightUTC() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// number counts days since 1970-01-01.
func (d Date) number() int { return int(d.midnightUTC().Unix() / (24 * 60 * 60)) }
