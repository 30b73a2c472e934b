package retention

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// A Calendar knows the working days of the years it covers, and nothing about others:
// transfers of days off are made by a decree each year and cannot be computed.
// A Calendar does not change and is safe for concurrent use.
type Calendar struct {
	name  string
	first int // years
	years []calendarYear
}

type calendarYear struct {
	off      [366 + 1]bool // by day of the year, from 1
	total    int
	approved bool
	hash     string // of the file that told, first 12 hex digits of SHA-256
}

// ErrCoverage says that a calendar does not cover a year that a count of working days
// needs. Load the new year with [Calendar.With]; do not guess.
var ErrCoverage = errors.New("retention: the calendar does not cover that year")

//go:embed data/ru-production.json
var russianCalendar []byte

// russian is filled on first use. A sync.OnceValues would be work at start.
var russian struct {
	once     sync.Once
	calendar *Calendar
	err      error
}

// RussianCalendar is the production calendar of Russia for the five-day week,
// 2024-2027, from the Government's yearly decrees on the transfer of days off (10.08.2023 No. 1314,
// 04.10.2024 No. 1335, 24.09.2025 No. 1466, 17.09.2026 No. 1187) and Labour Code, art. 112.
// Policies call it ru-production. A decree can change within its year: compare it with
// the official one, and load another with [Calendar.With].
func RussianCalendar() *Calendar {
	russian.once.Do(func() { russian.calendar, russian.err = ParseCalendar("ru-production", russianCalendar) })
	if russian.err != nil {
		panic(russian.err) // the embedded file is tested
	}
	return russian.calendar
}

// ParseCalendar reads a calendar of the schema ru-production-calendar/v1, checking each
// year's totals against its days. Years must follow one another.
func ParseCalendar(name string, data []byte) (*Calendar, error) {
	return (&Calendar{name: name}).With(data)
}

// With returns a calendar that has the years in data too; a year in both is taken
// from data.
func (c *Calendar) With(data []byte) (*Calendar, error) {
	n, err := parseNode(data)
	if err != nil {
		return nil, err
	}
	var doc calendarDocument
	if err := n.decode(reflect.ValueOf(&doc).Elem(), ""); err != nil {
		return nil, err
	}
	if doc.Schema != "ru-production-calendar/v1" || len(doc.Years) == 0 {
		return nil, errors.New("retention: calendar: schema ru-production-calendar/v1 with at least one year is wanted")
	}
	sum := sha256.Sum256(data)
	out := &Calendar{name: c.name, first: c.first, years: append([]calendarYear(nil), c.years...)}
	for _, y := range doc.Years {
		year, err := y.compile()
		if err != nil {
			return nil, fmt.Errorf("retention: calendar: year %d: %w", y.Year, err)
		}
		year.hash = hex.EncodeToString(sum[:6])
		if err := out.put(y.Year, year); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type calendarDocument struct {
	Schema  string        `json:"schema"`
	Country string        `json:"country"`
	Years   []yearDetails `json:"years"`
}

type yearDetails struct {
	Year   int    `json:"year"`
	Status string `json:"status"`
	Decree struct {
		Body   string `json:"body"`
		Number string `json:"number"`
		Date   string `json:"date"`
		Title  string `json:"title_ru"`
	} `json:"decree"`
	Sources   []string `json:"sources"`
	Week      string   `json:"week"`
	Transfers []struct {
		From  string `json:"from"`
		To    string `json:"to"`
		Basis string `json:"basis"`
	} `json:"transfers"`
	Holidays   []string `json:"public_holidays"`
	Working    []string `json:"working_weekend_days"`
	NonWorking []struct {
		Date   string `json:"date"`
		Reason string `json:"reason"`
	} `json:"nonworking_weekdays"`
	Shortened []string `json:"shortened_days"`
	Total     int      `json:"working_days"`
	DaysOff   int      `json:"days_off"`
	ByMonth   []int    `json:"working_days_by_month"`
}

// compile marks the days off and holds the totals against them, so that a slip in a
// date does not pass.
func (y *yearDetails) compile() (calendarYear, error) {
	var out calendarYear
	if y.Week != "five_day" || y.Status != "approved" && y.Status != "provisional" || y.Year < 1970 || y.Year > 2199 {
		return out, errors.New("a year 1970-2199 of the five_day week, approved or provisional, is wanted")
	}
	out.approved = y.Status == "approved"
	last := time.Date(y.Year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	for i := 1; i <= last; i++ {
		out.off[i] = weekend(time.Date(y.Year, 1, i, 0, 0, 0, 0, time.UTC).Weekday())
	}
	for _, s := range y.Working {
		if err := y.mark(&out, s, false); err != nil {
			return out, err
		}
	}
	for _, d := range y.NonWorking {
		if err := y.mark(&out, d.Date, true); err != nil {
			return out, err
		}
	}
	months := [12]int{}
	for i := 1; i <= last; i++ {
		if !out.off[i] {
			out.total++
			months[time.Date(y.Year, 1, i, 0, 0, 0, 0, time.UTC).Month()-1]++
		}
	}
	if out.total != y.Total || last-out.total != y.DaysOff {
		return out, errors.New("the days do not add up to working_days and days_off")
	}
	for i, n := range y.ByMonth {
		if len(y.ByMonth) != 12 || months[i] != n {
			return out, errors.New("the days do not add up to working_days_by_month")
		}
	}
	return out, nil
}

func (y *yearDetails) mark(out *calendarYear, date string, off bool) error {
	d, err := ParseDate(date)
	if err != nil || d.Year != y.Year {
		return errors.New("a date that is not one of the year")
	}
	i := d.midnightUTC().YearDay()
	if out.off[i] == off {
		return fmt.Errorf("%s is named twice or needs no naming", date)
	}
	out.off[i] = off
	return nil
}

func weekend(d time.Weekday) bool { return d == time.Saturday || d == time.Sunday }

func (c *Calendar) put(year int, y calendarYear) error {
	switch i := year - c.first; {
	case len(c.years) == 0:
		c.first, c.years = year, append(c.years, y)
	case i >= 0 && i < len(c.years):
		c.years[i] = y
	case i == len(c.years):
		c.years = append(c.years, y)
	default:
		return fmt.Errorf("retention: calendar: year %d does not follow %d", year, c.first+len(c.years)-1)
	}
	return nil
}

// Name is the name that policies use.
func (c *Calendar) Name() string { return c.name }

// Coverage is the first and the last year.
func (c *Calendar) Coverage() (first, last int) { return c.first, c.first + len(c.years) - 1 }

// Total is the number of working days in a year. The error is [ErrCoverage].
func (c *Calendar) Total(year int) (int, error) {
	y := c.year(year)
	if y == nil {
		return 0, ErrCoverage
	}
	return y.total, nil
}

// Workday reports whether d is a working day. The error is [ErrCoverage].
func (c *Calendar) Workday(d Date) (bool, error) {
	y := c.year(d.Year)
	if y == nil {
		return false, ErrCoverage
	}
	return !y.off[d.midnightUTC().YearDay()], nil
}

// Add is the n-th working day after d; d itself, which need not be one, does not
// count. Add(d, 0) is d. The error is [ErrCoverage].
func (c *Calendar) Add(d Date, n int) (Date, error) {
	last, _, err := c.add(d, n, false)
	return last, err
}

// Count is the number of working days after from, up to and including to. It is zero
// if to is not after from. The error is [ErrCoverage].
func (c *Calendar) Count(from, to Date) (int, error) {
	n := 0
	for d := from.midnightUTC().AddDate(0, 0, 1); !to.midnightUTC().Before(d); d = d.AddDate(0, 0, 1) {
		y := c.year(d.Year())
		if y == nil {
			return 0, ErrCoverage
		}
		if !y.off[d.YearDay()] {
			n++
		}
	}
	return n, nil
}

func (c *Calendar) year(year int) *calendarYear {
	if i := year - c.first; i >= 0 && i < len(c.years) {
		return &c.years[i]
	}
	return nil
}

// add walks n working days from d. Outside coverage, guess lets every Monday to Friday
// count, which gives the earliest deadline possible; the result then says so, as it
// does for years whose decree is not approved yet.
func (c *Calendar) add(d Date, n int, guess bool) (last Date, guessed bool, err error) {
	year, day := d.Year, d.midnightUTC().YearDay()
	for n > 0 {
		if day++; day > 365 && day > daysIn(year) {
			year, day = year+1, 1
		}
		y := c.year(year)
		off := false
		switch {
		case y != nil:
			off, guessed = y.off[day], guessed || !y.approved
		case guess:
			off, guessed = weekend(Date{year, time.January, day}.Weekday()), true
		default:
			return Date{}, false, ErrCoverage
		}
		if !off {
			n--
		}
	}
	return DateOf(time.Date(year, time.January, day, 0, 0, 0, 0, time.UTC), time.UTC), guessed, nil
}

func daysIn(year int) int { return time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC).YearDay() }

// hash names the file that told the year, for the reasons of a decision.
func (c *Calendar) hash(year int) string {
	if y := c.year(year); y != nil {
		return y.hash
	}
	return "none"
}
