package retention

import (
	"archive/zip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// soak reports whether the long versions of tests are wanted.
func soak() bool { return os.Getenv("VUAL_SOAK") != "" }

// zones lists every zone of Go's copy of the tz database, or a hard selection.
func zones(t *testing.T) []string {
	t.Helper()
	//lint:ignore SA1019 the zones of the toolchain that runs the test are wanted, and a list stands in for them
	r, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		return []string{
			"UTC", "Europe/Moscow", "Asia/Kamchatka", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/Asuncion",
			"Atlantic/Azores", "America/Santiago", "Pacific/Apia", "Asia/Amman", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Asia/Tehran",
		}
	}
	defer r.Close()
	var names []string
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

// The end of a local day is right in every zone, where time.Date is not.
func TestProperty7Zones(t *testing.T) {
	dates := 200
	if soak() {
		dates = 2000
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range zones(t) {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(name, err)
		}
		for range dates {
			checkEnd(t, Date{1970, 1, 1}.AddDays(rng.IntN(80*365)), loc)
		}
		// And every change of the clock, on the day, before and after.
		for at := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).In(loc); at.Year() < 2040; {
			_, next := at.ZoneBounds()
			if next.IsZero() {
				break
			}
			d := DateOf(next, loc)
			checkEnd(t, d.AddDays(-1), loc)
			checkEnd(t, d, loc)
			at = stepTo(next, at)
		}
	}
}

// stepTo leads on where ZoneBounds does not: at the end of leap years after the tz table.
func stepTo(next, at time.Time) time.Time {
	if next.After(at) {
		return next.In(at.Location())
	}
	return at.Add(time.Hour)
}

func checkEnd(t *testing.T, d Date, loc *time.Location) {
	t.Helper()
	end := d.End(loc)
	if before := DateOf(end.Add(-1), loc); d.Before(before) {
		t.Errorf("%s: %v is over at %v, but before that it is %v", loc, d, end, before)
	}
	if !d.Before(DateOf(end, loc)) {
		t.Errorf("%s: %v is over at %v, but it is still %v", loc, d, end, DateOf(end, loc))
	}
	// No later instant may belong to the day: pieces of constant offset only run forward.
	for at := end.In(loc); at.Sub(end) < 48*time.Hour; {
		if !d.Before(DateOf(at, loc)) {
			t.Errorf("%s: %v is over at %v, but at %v it is %v", loc, d, end, at, DateOf(at, loc))
		}
		_, next := at.ZoneBounds()
		if next.IsZero() {
			break
		}
		at = stepTo(next, at)
	}
}

func TestEndOfDay(t *testing.T) {
	for _, c := range []struct{ zone, date, want string }{
		{"Europe/Moscow", "2026-04-30", "2026-04-30T21:00:00Z"},
		{"UTC", "2026-12-31", "2027-01-01T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"},     // 23 hours
		{"Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"},     // 25 hours
		{"America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00Z"}, // midnight of the 4th does not exist
		{"Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"},      // the 30th does not exist
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		{"Asia/Amman", "2021-10-28", "2021-10-28T21:00:00Z"}, // midnight comes twice
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		d, err := ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.End(loc).Format(time.RFC3339); got != c.want {
			t.Errorf("%s %s is over at %s, want %s", c.zone, c.date, got, c.want)
		}
	}
}
