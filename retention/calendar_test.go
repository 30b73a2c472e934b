package retention

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestYearTotals(t *testing.T) {
	c := RussianCalendar()
	for year, want := range map[int]int{2024: 248, 2025: 247, 2026: 247, 2027: 247} {
		got, err := c.Total(year)
		if err != nil || got != want {
			t.Errorf("%d: %d, %v", year, got, err)
		}
		n, err := c.Count(Date{year, 1, 1}.AddDays(-1), Date{year, 12, 31})
		if err != nil || n != want {
			t.Errorf("%d counted: %d, %v", year, n, err)
		}
	}
}

func TestDaysOff(t *testing.T) {
	text, err := os.ReadFile("testdata/ru_days_off.txt")
	if err != nil {
		t.Fatal(err)
	}
	off := map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		if line != "" && line[0] != '#' {
			off[line] = true
		}
	}
	c := RussianCalendar()
	for d := (Date{2024, 1, 1}); d.Year < 2028; d = d.AddDays(1) {
		work, err := c.Workday(d)
		if err != nil || work == off[d.String()] {
			t.Errorf("%v: working %v, %v", d, work, err)
		}
	}
}

func TestWorkdays(t *testing.T) {
	c := RussianCalendar()
	for _, l := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-04-29", 5, "2026-05-07"}, // 30 Apr, 4, 5, 6, 7 May
		{"2025-12-30", 1, "2026-01-12"}, // 31 Dec is a day off by transfer, 9 Jan too
		{"2024-04-26", 1, "2024-04-27"}, // a working Saturday
		{"2024-12-27", 1, "2024-12-28"}, // another
		{"2027-02-19", 1, "2027-02-20"}, // another
		{"2024-12-28", 5, "2025-01-15"}, // 9, 10, 13, 14, 15 Jan
		{"2026-01-03", 1, "2026-01-12"}, // from a day off
		{"2026-03-06", 1, "2026-03-10"},
		{"2026-05-02", 0, "2026-05-02"},
	} {
		d, err := ParseDate(l.from)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Add(d, l.n); err != nil || got.String() != l.want {
			t.Errorf("%s + %d: %v, %v, want %s", l.from, l.n, got, err, l.want)
		}
	}
}

func TestProperty5Workdays(t *testing.T) {
	c := RussianCalendar()
	add := func(d Date, n int) Date {
		r, err := c.Add(d, n)
		if err != nil {
			t.Fatal(d, n, err)
		}
		return r
	}
	var before [31]Date
	for d := (Date{2024, 1, 1}); d.Before(Date{2027, 11, 1}); d = d.AddDays(1) {
		for n := range 31 {
			r := add(d, n)
			if got, err := c.Count(d, r); err != nil || got != n {
				t.Fatalf("%v + %d = %v, which counts %d", d, n, r, got)
			}
			if r.Before(before[n]) {
				t.Fatalf("%v + %d = %v, earlier than the day before gave", d, n, r)
			}
			before[n] = r
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := add(Date{2024, 1, 1}.AddDays(rapid.IntRange(0, 1200).Draw(t, "day")), 1)
		a, b := rapid.IntRange(0, 60).Draw(t, "a"), rapid.IntRange(0, 60).Draw(t, "b")
		if add(d, a+b) != add(add(d, a), b) {
			t.Fatalf("%v + %d + %d", d, a, b)
		}
	})
}

func TestCoverage(t *testing.T) {
	c := RussianCalendar()
	if _, err := c.Add(Date{2027, 12, 30}, 1); !errors.Is(err, ErrCoverage) {
		t.Error(err) // 31 December is a day off, 2028 is not known
	}
	if _, err := c.Add(Date{2023, 12, 29}, 1); !errors.Is(err, ErrCoverage) {
		t.Error(err)
	}
	if _, err := c.Workday(Date{2028, 1, 1}); !errors.Is(err, ErrCoverage) {
		t.Error(err)
	}
	if _, err := c.Total(2023); !errors.Is(err, ErrCoverage) {
		t.Error(err)
	}
	if _, err := c.Count(Date{2027, 12, 1}, Date{2028, 1, 10}); !errors.Is(err, ErrCoverage) {
		t.Error(err)
	}
}

// A year that does not exist yet, made of weekends and one holiday.
const year2028 = `{"schema": "ru-production-calendar/v1", "country": "RU", "years": [{"year": 2028, "status": "provisional", "week": "five_day",
 "nonworking_weekdays": [{"date": "2028-01-03", "reason": "holiday"}], "working_weekend_days": ["2028-01-15"], "working_days": 260, "days_off": 106}]}`

func TestCalendarWith(t *testing.T) {
	c, err := RussianCalendar().With([]byte(year2028))
	if err != nil {
		t.Fatal(err)
	}
	if first, last := c.Coverage(); first != 2024 || last != 2028 {
		t.Error(first, last)
	}
	if got, guessed, err := c.add(Date{2027, 12, 30}, 1, false); err != nil || got != (Date{2028, 1, 4}) || !guessed {
		t.Error(got, guessed, err)
	}
	if _, last := RussianCalendar().Coverage(); last != 2027 {
		t.Error("the built-in calendar changed")
	}
	for _, change := range [][2]string{
		{`260`, `261`}, {`"2028-01-03"`, `"2028-01-02"`}, {`"2028-01-15"`, `"2028-01-14"`}, {`"2028-01-03"`, `"2027-01-04"`},
		{`2028,`, `2029,`}, {`provisional`, `likely`}, {`"week"`, `"weak"`}, {`/v1`, `/v2`}, {`}]}`, `}]`}, {`"country"`, `"schema"`}, {`2028-01-15`, `2028-1-15`},
	} {
		if _, err := RussianCalendar().With([]byte(strings.Replace(year2028, change[0], change[1], 1))); err == nil {
			t.Errorf("%s for %s passed", change[1], change[0])
		}
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add([]byte(year2028))
	f.Add(russianCalendar)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseCalendar("x", data)
		if err != nil {
			if bytes.Contains([]byte(err.Error()), []byte("panic")) {
				t.Fatal(err)
			}
			return
		}
		first, last := c.Coverage()
		for y := first; y <= last; y++ {
			total, err := c.Total(y)
			n, errCount := c.Count(DateOf(time.Date(y, 1, 0, 0, 0, 0, 0, time.UTC), time.UTC), Date{y, 12, 31})
			if err != nil || errCount != nil || total != n {
				t.Fatal(y, total, n, err, errCount)
			}
		}
	})
}

// 31 December is the 366th day of some years.
func TestLeapYearEnd(t *testing.T) {
	got, guessed, err := RussianCalendar().add(Date{2032, 12, 30}, 1, true)
	if want := (Date{2032, 12, 31}); got != want || !guessed || err != nil {
		t.Error(got, guessed, err)
	}
}
