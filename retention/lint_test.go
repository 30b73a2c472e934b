package retention

import (
	"strings"
	"testing"
	"time"
)

func TestLint(t *testing.T) {
	doc := Document{Version: 1, Name: "x", Zone: "UTC", Calendar: "ru-production",
		Periods: map[string]Period{"p": {From: ServiceStarted, To: ServiceTerminated}, "q": {From: Created, To: Created}},
		Classes: map[string]Class{
			"kept":     {Systems: []string{"s"}, Categories: []string{"c"}, Keep: []Floor{{ID: "k", While: "p"}}},
			"conflict": {Categories: []string{"c"}, Systems: []string{"s"}, Keep: []Floor{{ID: "k", When: Created, For: Days(60)}}, Duties: []Duty{{ID: "d", When: Created, Within: Days(30), Do: Delete}}},
			"ranked":   {Categories: []string{"c"}, Systems: []string{"s"}, Keep: []Floor{{ID: "k", When: Created, For: Days(60), Rank: RankLaw}}, Duties: []Duty{{ID: "d", When: Created, Within: Days(30), Do: Delete}}},
			"window":   {Categories: []string{"c"}, Systems: []string{"s"}, Duties: []Duty{{ID: "d", When: Created, Within: Days(30), NotBefore: Months(2), Do: Delete}}},
			"twice":    {Categories: []string{"c"}, Systems: []string{"s"}, Duties: []Duty{{ID: "d", When: Created, Within: Days(30), Do: Delete}, {ID: "e", When: Created, Within: Days(90), Do: Delete}}},
			"bare":     {Keep: []Floor{{ID: "k", While: "q"}}, Permits: []Permit{{ID: "p", When: Created, Do: Delete}}},
			"fine":     {Categories: []string{"c"}, Systems: []string{"s"}, Keep: []Floor{{ID: "k", When: Created, For: Days(20)}}, Duties: []Duty{{ID: "d", When: Created, Within: Days(30), Do: Delete}}},
		}}
	p, err := New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range p.Lint(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
		if f.Serious {
			got = append(got, "error "+f.String())
		} else {
			got = append(got, f.String())
		}
	}
	want := []string{
		"error bare/k: its period begins and ends with the same fact",
		"bare: no systems named",
		"bare: no categories",
		"error conflict/d: k + P60D always outlasts it",
		"error kept: nothing ever lets a record of this class go",
		"kept/k: no duty or permit begins with service_terminated",
		"ranked/d: k + P60D always outlasts it",
		"twice/e: never decides: d asks the same",
		"error window/d: not_before P2M is always later than within P30D",
	}
	if len(got) != len(want) {
		t.Fatalf("got\n%s", strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}

// The presets have no serious finding, alone or together.
func TestLintPresets(t *testing.T) {
	for _, names := range [][]string{{"contract"}, {"ru152"}, {"contract", "ru152"}} {
		for _, f := range preset(t, names...).Lint(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
			if f.Serious || f.Rule != "" {
				t.Errorf("%v: %s", names, f)
			}
		}
	}
}
