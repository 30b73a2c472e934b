package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/syntora/vual/retention"
)

// yard is a directory with records and room for what apply writes.
type yard struct{ dir, data, state, plan, papers, out string }

func newYard(t *testing.T) *yard {
	d := t.TempDir()
	y := &yard{dir: d, data: filepath.Join(d, "data"), state: filepath.Join(d, "state"), plan: filepath.Join(d, "plan.json"), papers: filepath.Join(d, "papers.json"), out: filepath.Join(d, "out")}
	if err := os.Mkdir(y.data, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"number": "1", "operator": {"name": "ООО «Ромашка»", "address": "г. Москва, ул. Вымышленная, д. 1"}, "zone": "Europe/Moscow",
		"executors": [{"name": "Иванова Анна Петровна", "position": "администратор", "signature": "paper"}]}`
	if err := os.WriteFile(y.papers, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return y
}

func (y *yard) put(t *testing.T, id, class string, facts retention.Facts) {
	f, err := retention.OpenFiles("Записи", y.data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Put(retention.Record{ID: id, Class: class, Subjects: []string{"s-1"}, Facts: facts}, []byte("запись разговора")); err != nil {
		t.Fatal(err)
	}
}

func (y *yard) makePlan(t *testing.T, want int, args ...string) {
	out, errs, status := call(t, "", append([]string{"plan", "-policy", "preset:contract", "-dir", y.data, "-system", "Записи"}, args...)...)
	if status != want {
		t.Fatalf("plan: status %d, %s", status, errs)
	}
	if err := os.WriteFile(y.plan, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (y *yard) apply(t *testing.T, want int, args ...string) (r retention.Report) {
	out, errs, status := call(t, "", append([]string{"apply", "-policy", "preset:contract", "-dir", y.data, "-system", "Записи", "-state", y.state, "-plan", y.plan}, args...)...)
	if status != want {
		t.Fatalf("apply: status %d, %s", status, errs)
	}
	if out != "" {
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestPlanApply(t *testing.T) {
	y := newYard(t)
	ago := time.Now().AddDate(0, 0, -100)
	y.put(t, "calls/a.json", "transcript", retention.Facts{retention.ServiceTerminated: ago})
	y.put(t, "calls/b.json", "transcript", retention.Facts{retention.ServiceStarted: ago})
	y.put(t, "plans/c.json", "weekly_plan", retention.Facts{retention.SubscriptionEnded: ago})
	y.makePlan(t, 0)
	holds := filepath.Join(y.dir, "holds.json")
	if err := os.WriteFile(holds, []byte(`[{"id": "h1", "placed": "2026-01-01T00:00:00Z", "scope": {"records": ["calls/a.json"]}}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	// Held, and no way to seal the export: nothing goes.
	r := y.apply(t, 1, "-holds", holds)
	if r.Destroyed != 0 || r.Skipped["held"] != 1 || r.Failed["export"] != 1 {
		t.Errorf("%+v", r)
	}
	r = y.apply(t, 0, "-unsealed-packages", "-papers", y.papers, "-out", y.out)
	if r.Destroyed != 2 || len(r.Ops) != 2 {
		t.Errorf("%+v", r)
	}
	for name, want := range map[string]bool{"calls/a.json": false, "calls/b.json": true, "plans/c.json": false} {
		if _, err := os.Stat(filepath.Join(y.data, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	papers, err := filepath.Glob(filepath.Join(y.out, "*"))
	if err != nil || len(papers) != 4 {
		t.Error(papers, err)
	}
	for _, p := range papers {
		text, err := os.ReadFile(p)
		if err != nil || !strings.Contains(string(text), "Записи") || strings.Contains(string(text), "запись разговора") {
			t.Error(p, err)
		}
	}
	if r = y.apply(t, 0, "-papers", y.papers, "-out", y.out); r.Destroyed != 0 || r.Done != 2 {
		t.Errorf("%+v", r)
	}
	// The package is in the next plans, and due in its turn.
	out, _, status := call(t, "", "plan", "-policy", "preset:contract", "-dir", y.data, "-state", y.state, "-at", time.Now().AddDate(0, 0, 12).Format(time.RFC3339))
	if status != 0 || !strings.Contains(out, "contract.export_package") {
		t.Error(status, out)
	}
}

// Papers that an earlier run did not write are written by the next; a plan whose act could not be
// written destroys nothing.
func TestPapersLater(t *testing.T) {
	y := newYard(t)
	y.put(t, "a", "transcript", retention.Facts{retention.ServiceTerminated: time.Now().AddDate(0, 0, -1)})
	y.makePlan(t, 0)
	if r := y.apply(t, 0); r.Destroyed != 1 {
		t.Errorf("%+v", r)
	}
	y.apply(t, 0, "-papers", y.papers, "-out", y.out)
	if papers, err := filepath.Glob(filepath.Join(y.out, "*")); err != nil || len(papers) != 4 {
		t.Error(papers, err)
	}
	y.put(t, "b", "transcript", retention.Facts{retention.ServiceTerminated: time.Now().AddDate(0, 0, -1)})
	if err := os.WriteFile(filepath.Join(y.data, "b.retention.json"), []byte(`{"class": "transcript", "facts": {"service_terminated": "2026-01-01T00:00:00Z"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	y.makePlan(t, 0)
	y.apply(t, 1, "-papers", y.papers, "-out", y.out)
	if _, err := os.Stat(filepath.Join(y.data, "b")); err != nil {
		t.Error("destroyed without a subject for the act", err)
	}
}

func TestPlanReports(t *testing.T) {
	y := newYard(t)
	y.put(t, "a", "transcript", retention.Facts{retention.Created: time.Now()})
	y.makePlan(t, 1)
	text, err := os.ReadFile(y.plan)
	if err != nil || !strings.Contains(string(text), `"state": "blocked"`) {
		t.Error(string(text), err)
	}
	if err := os.WriteFile(filepath.Join(y.data, "b.retention.json"), []byte(`{"clas": "act"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	y.makePlan(t, 1) // a sidecar that does not read hides nothing
}

func TestApplyRefuses(t *testing.T) {
	y := newYard(t)
	y.makePlan(t, 0)
	base := []string{"apply", "-policy", "preset:contract", "-dir", y.data, "-plan", y.plan}
	for _, c := range []struct {
		args   []string
		status int
	}{
		{base, 2}, // no state
		{append(base, "-state", filepath.Join(y.data, "state")), 1},                    // inside the data
		{append(base, "-state", y.state, "-papers", y.papers), 2},                      // no -out
		{append(base, "-state", y.state, "-holds", filepath.Join(y.dir, "nosuch")), 0}, // nothing asks for holds yet
		{append(base, "-state", y.state, "-policy", "preset:ru152"), 1},                // another policy
		{[]string{"apply", "-policy", "preset:contract", "-state", y.state, "-plan", y.plan}, 2},
		{[]string{"plan", "-policy", "preset:contract", "-dir", filepath.Join(y.dir, "nosuch")}, 1},
	} {
		if _, errs, status := call(t, "", c.args...); status != c.status {
			t.Errorf("%q: %d, %s", c.args, status, errs)
		}
	}
	y.put(t, "a", "transcript", retention.Facts{retention.ServiceTerminated: time.Now().AddDate(0, 0, -1)})
	y.makePlan(t, 0)
	if r := y.apply(t, 1, "-holds", filepath.Join(y.dir, "nosuch")); r.Destroyed != 0 {
		t.Errorf("destroyed without knowing the holds: %+v", r)
	}
}
