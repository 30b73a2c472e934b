package retention

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseTerm(t *testing.T) {
	for _, good := range []string{"P30D", "P1M", "P2M", "P1Y2M10D", "P90D", "P4W", "PT24H", "PT1H30M5S", "P0D", "PT0S", "P100Y", "PT876600H"} {
		v, err := ParseTerm(good)
		if err != nil || v.String() != good {
			t.Errorf("%s: %v, %v", good, v, err)
		}
	}
	bad := []string{
		"", "P", "PT", "30D", "p30d", "P30", "P-1D", "+P1D", "P1.5D", "P1,5D", "PT1.5H", "P01D", "P1D1M", "P1Y1Y", "P1D2Y", "P1DT24H",
		"P1DT", "PT24", "P1H", "PT1D", "P1W1D", "P1M4W", "P0M", "P0DT0S", "P101Y", "P36526D", "P99999999999D", "PT1H ", " P1D", "P1D\n", "P١D", "P1M0D", "PTT1H", "PT1HT1M",
	}
	for _, s := range bad {
		if v, err := ParseTerm(s); err == nil {
			t.Errorf("%q read as %v", s, v)
		}
	}
}

func TestTermsStayUnequal(t *testing.T) {
	for _, pair := range [][2]Term{
		{Months(1), Days(30)}, {Days(1), Hours(24)}, {mustParse(t, "P0D"), mustParse(t, "PT0S")},
		{mustParse(t, "P7D"), mustParse(t, "P1W")}, {Workdays(5), Days(5)}, {mustParse(t, "P12M"), mustParse(t, "P1Y")},
	} {
		if pair[0] == pair[1] {
			t.Errorf("%v == %v", pair[0], pair[1])
		}
	}
}

func TestTermJSON(t *testing.T) {
	for text, want := range map[string]Term{`"P30D"`: Days(30), `{"workdays":5}`: Workdays(5), `null`: {}} {
		var got Term
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
		if back, err := json.Marshal(want); err != nil || string(back) != text {
			t.Errorf("%v: %s %v", want, back, err)
		}
	}
	for _, bad := range []string{`5`, `"5"`, `{"workdays":-1}`, `{"workdays":1.5}`, `{"workdays":2501}`, `{"days":5}`, `{"workdays":5,"days":1}`, `["P1D"]`, `"P1D" "P1D"`} {
		var got Term
		if json.Unmarshal([]byte(bad), &got) == nil {
			t.Errorf("%s read as %v", bad, got)
		}
	}
}

// Months are clamped and counted in one step; text leads back to the same term.
func TestProperty6Months(t *testing.T) {
	if got := (Date{2024, 1, 31}).AddMonths(2); got != (Date{2024, 3, 31}) {
		t.Error(got)
	}
	if got := (Date{2024, 1, 31}).AddMonths(1).AddMonths(1); got != (Date{2024, 3, 29}) {
		t.Error(got)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := DateOf(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0), time.UTC)
		n := rapid.IntRange(-600, 600).Draw(t, "months")
		got := d.AddMonths(n)
		// Reference: go to the first of the month, count its days one by one.
		want := Date{d.Year, d.Month, 1}
		for i := 0; i < max(n, -n); i++ {
			want.Month += time.Month(n / max(n, -n))
			switch want.Month {
			case 13:
				want.Year, want.Month = want.Year+1, 1
			case 0:
				want.Year, want.Month = want.Year-1, 12
			}
		}
		for i := 1; i < d.Day; i++ {
			if next := want.AddDays(1); next.Month == want.Month {
				want = next
			}
		}
		if got != want {
			t.Fatalf("%v + %d months = %v, want %v", d, n, got, want)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		var v Term
		if rapid.Bool().Draw(t, "civil") {
			v = Term{kind: civilTerm, years: rapid.Int32Range(0, 100).Draw(t, "y"), months: rapid.Int32Range(0, 1200).Draw(t, "m"), days: rapid.Int32Range(0, 36525).Draw(t, "d")}
		} else {
			v = Term{kind: elapsedTerm, hours: rapid.Int32Range(0, 800_000).Draw(t, "h"), minutes: rapid.Int32Range(0, 99).Draw(t, "m"), seconds: rapid.Int32Range(0, 99).Draw(t, "s")}
		}
		if back, err := ParseTerm(v.String()); err != nil || back != v {
			t.Fatalf("%v: %v %v", v, back, err)
		}
	})
}

func FuzzParseTerm(f *testing.F) {
	for _, s := range []string{"P30D", "PT24H", "P1Y2M3D", "P4W", "PT1.5H", "P1DT2H", "P0D"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseTerm(s)
		if err != nil {
			return
		}
		if v.String() != s || v.IsZero() {
			t.Fatalf("%q came back as %q", s, v)
		}
		if _, most := v.bounds(); most < 0 || strings.ContainsAny(s, ".,+- ") {
			t.Fatalf("%q: %v", s, most)
		}
	})
}

func mustParse(t *testing.T, s string) Term {
	t.Helper()
	v, err := ParseTerm(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
