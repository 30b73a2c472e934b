package retention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Date(2025, 11, 1, 12, 0, 0, 0, time.UTC)

// check runs a property often enough for the rare worlds: rapid's hundred runs miss some.
func check(t *testing.T, property func(*rapid.T)) {
	times := 20
	if soak() {
		times = 500
	}
	for range times {
		rapid.Check(t, property)
		if t.Failed() {
			return
		}
	}
}

// world is a random policy of one class with a record and holds; all facts are past at now.
type world struct {
	doc   Document
	facts Facts
	holds []Hold
	now   time.Time
}

func drawWorld(t *rapid.T) world {
	terms := []Term{Days(0), Days(1), Days(30), Days(90), Months(1), Months(2), Months(6), Hours(0), Hours(24), Hours(72), Workdays(1), Workdays(5), Workdays(10)}
	term := rapid.SampledFrom(terms)
	facts := []string{"f0", "f1", "f2", "f3", "f4"}
	fact := rapid.SampledFrom(facts)
	rank := rapid.SampledFrom([]Rank{"", RankContract, RankRequest, RankLaw})
	w := world{facts: Facts{}, now: epoch.Add(time.Hour * time.Duration(rapid.IntRange(100*24, 200*24).Draw(t, "now")))}
	c := Class{}
	for i := range rapid.IntRange(0, 3).Draw(t, "floors") {
		f := Floor{ID: fmt.Sprint("k", i), Rank: rank.Draw(t, "rank")}
		if rapid.Bool().Draw(t, "while") {
			f.While, f.Then = rapid.SampledFrom([]string{"p", "q"}).Draw(t, "period"), rapid.SampledFrom(append(terms, Term{})).Draw(t, "then")
		} else {
			f.When, f.For = fact.Draw(t, "when"), term.Draw(t, "for")
		}
		c.Keep = append(c.Keep, f)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "duties") {
		d := Duty{ID: fmt.Sprint("d", i), When: fact.Draw(t, "when"), Within: term.Draw(t, "within"), Rank: rank.Draw(t, "rank"),
			Do: rapid.SampledFrom([]Action{Delete, Anonymize, ExportThenDelete, Notify}).Draw(t, "do"), Shift: rapid.Bool().Draw(t, "shift")}
		if rapid.IntRange(0, 3).Draw(t, "floor") == 0 {
			d.NotBefore = term.Draw(t, "not before")
		}
		if rapid.IntRange(0, 4).Draw(t, "met") == 0 {
			d.Met = fact.Draw(t, "met fact")
		}
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "replace") == 0 {
			d.Replaces = []string{fmt.Sprint("d", i-1)}
		}
		c.Duties = append(c.Duties, d)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "permits") {
		c.Permits = append(c.Permits, Permit{ID: fmt.Sprint("p", i), When: fact.Draw(t, "when"), After: term.Draw(t, "after"), Do: Delete})
	}
	for _, f := range facts {
		if rapid.Bool().Draw(t, f) {
			w.facts[f] = epoch.Add(time.Duration(rapid.Int64Range(0, 100*24*3600).Draw(t, "at")) * time.Second)
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "holds") {
		h := Hold{ID: fmt.Sprint("h", i), Placed: w.now.Add(time.Duration(rapid.IntRange(-2000, 2000).Draw(t, "placed")) * time.Hour)}
		if rapid.Bool().Draw(t, "released") {
			h.Released = h.Placed.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "lasted")) * time.Hour)
		}
		w.holds = append(w.holds, h)
	}
	zone := rapid.SampledFrom([]string{"UTC", "Europe/Moscow", "America/New_York", "America/Sao_Paulo", "Pacific/Apia"}).Draw(t, "zone")
	w.doc = Document{Version: 1, Name: "random", Zone: zone, Calendar: "ru-production", Provisional: true, Facts: facts,
		Periods: map[string]Period{"p": {From: "f0", To: "f1"}, "q": {From: "f2", To: "f3", Assumed: true, Cycle: true}},
		Classes: map[string]Class{"c": c}}
	return w
}

func (w *world) policy(t *rapid.T) *Policy {
	p, err := New(w.doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) record() Record { return Record{ID: "r", Class: "c", Facts: w.facts} }

// change returns the world with its class changed; the original stays.
func (w world) change(f func(c *Class)) world {
	c := w.doc.Classes["c"]
	c.Keep, c.Duties, c.Permits = slices.Clone(c.Keep), slices.Clone(c.Duties), slices.Clone(c.Permits)
	f(&c)
	w.doc.Classes = map[string]Class{"c": c}
	return w
}

// text is everything a decision says.
func text(d Decision) string {
	s := fmt.Sprintf("%s %s %v %v %v %s %v %v %v", d.Action, d.State, d.NotBefore, d.Deadline, d.NextEval, d.Rule, d.Confirm, d.Conflicts, d.Provisional)
	for _, b := range d.Because {
		s += "\n" + b.String()
	}
	return s
}

func TestProperty1Determinism(t *testing.T) {
	check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := w.policy(t)
		want := text(p.Decide(w.record(), w.now, Env{Holds: w.holds}))
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffled := w.change(func(c *Class) {
			rng.Shuffle(len(c.Keep), func(i, j int) { c.Keep[i], c.Keep[j] = c.Keep[j], c.Keep[i] })
			rng.Shuffle(len(c.Duties), func(i, j int) { c.Duties[i], c.Duties[j] = c.Duties[j], c.Duties[i] })
			rng.Shuffle(len(c.Permits), func(i, j int) { c.Permits[i], c.Permits[j] = c.Permits[j], c.Permits[i] })
		})
		q := shuffled.policy(t)
		if p.Hash() != q.Hash() {
			t.Fatal("the hash depends on the order of rules")
		}
		if got := text(q.Decide(w.record(), w.now, Env{Holds: w.holds})); got != want {
			t.Fatalf("order of rules matters:\n%s\n\n%s", got, want)
		}
		slices.Reverse(w.holds)
		d := p.Decide(w.record(), w.now, Env{Holds: w.holds})
		d.Because = nil // holds are listed in the order given
		e := p.Decide(w.record(), w.now, Env{Holds: w.holds})
		e.Because = nil
		if text(d) != text(e) {
			t.Fatal("order of holds matters")
		}
	})
}

func TestProperty2NextEval(t *testing.T) {
	check(t, func(t *rapid.T) {
		w := drawWorld(t)
		if rapid.IntRange(0, 4).Draw(t, "ahead") == 0 { // within the skew and beyond
			w.facts["f4"] = w.now.Add(time.Duration(rapid.IntRange(-600, 600).Draw(t, "seconds")) * time.Second)
		}
		p := w.policy(t)
		d := p.Decide(w.record(), w.now, Env{Holds: w.holds})
		end := d.NextEval
		if end.IsZero() {
			end = w.now.AddDate(3, 0, 0)
		} else if after := p.Decide(w.record(), end, Env{Holds: w.holds}); after.Action == d.Action && after.State == d.State && after.Rule == d.Rule {
			t.Fatalf("nothing changes at NextEval %v:\n%s", end, text(d))
		}
		if !end.After(w.now) {
			t.Fatalf("NextEval %v is not after now %v", end, w.now)
		}
		span := end.Sub(w.now)
		for range 40 {
			at := w.now.Add(time.Duration(rapid.Int64Range(0, int64(span)-1).Draw(t, "at")))
			if e := p.Decide(w.record(), at, Env{Holds: w.holds}); e.Action != d.Action || e.State != d.State || e.Rule != d.Rule {
				t.Fatalf("changed at %v, before NextEval %v:\n%s\n\n%s", at, end, text(d), text(e))
			}
		}
		if e := p.Decide(w.record(), end.Add(-1), Env{Holds: w.holds}); e.Action != d.Action || e.State != d.State {
			t.Fatalf("changed just before NextEval:\n%s\n\n%s", text(d), text(e))
		}
	})
}

// phase orders states in time.
func phase(s State) int {
	switch s {
	case Due:
		return 1
	case Overdue:
		return 2
	}
	return 0
}

// walk follows NextEval from now and returns each decision.
func walk(t *rapid.T, p *Policy, w world, holds []Hold) (out []Decision, at []time.Time) {
	for now := w.now; ; {
		d := p.Decide(w.record(), now, Env{Holds: holds})
		out, at = append(out, d), append(at, now)
		if d.NextEval.IsZero() {
			return out, at
		}
		if now = d.NextEval; len(out) > 100 {
			t.Fatal("no end")
		}
	}
}

// destroyedFrom is the first time at which a walk asks for destruction.
func destroyedFrom(ds []Decision, at []time.Time) time.Time {
	for i, d := range ds {
		if d.Action.Destroys() {
			return at[i]
		}
	}
	return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
}

func TestProperty3Monotone(t *testing.T) {
	check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.now = epoch.Add(101 * 24 * time.Hour)
		p := w.policy(t)
		plain, at := walk(t, p, w, nil)
		for i := 1; i < len(plain); i++ {
			if phase(plain[i].State) < phase(plain[i-1].State) {
				t.Fatalf("%s became %s", plain[i-1].State, plain[i].State)
			}
		}
		held, heldAt := walk(t, p, w, w.holds)
		if destroyedFrom(held, heldAt).Before(destroyedFrom(plain, at)) {
			t.Fatal("a hold brought destruction forward")
		}
		released := []Hold{{ID: "h", Placed: w.now.Add(-time.Hour), Released: w.now}}
		want, got := p.Decide(w.record(), w.now, Env{}), p.Decide(w.record(), w.now, Env{Holds: released})
		if text(want) != text(got) {
			t.Fatalf("a released hold left a trace:\n%s\n\n%s", text(want), text(got))
		}
		more := w.change(func(c *Class) {
			c.Keep = append(c.Keep, Floor{ID: "more", When: "f0", For: Days(400), Rank: RankLaw})
		})
		ds, dAt := walk(t, more.policy(t), more, nil)
		if destroyedFrom(ds, dAt).Before(destroyedFrom(plain, at)) {
			t.Fatal("a floor brought destruction forward")
		}
		more = w.change(func(c *Class) {
			c.Duties = append(c.Duties, Duty{ID: "more", When: "f4", Within: Days(20), Do: Delete, Rank: rapid.SampledFrom([]Rank{RankContract, RankLaw}).Draw(t, "rank")})
		})
		after := more.policy(t).Decide(w.record(), w.now, Env{})
		if before := plain[0]; !before.Deadline.IsZero() && (after.Deadline.IsZero() || after.Deadline.After(before.Deadline)) {
			t.Fatalf("a duty put the deadline off:\n%s\n\n%s", text(before), text(after))
		}
	})
}

// What must never be destroyed is not, whatever the rules.
func TestProperty4NeverDelete(t *testing.T) {
	check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := w.policy(t)
		d := p.Decide(w.record(), w.now, Env{Holds: w.holds})
		held := slices.ContainsFunc(w.holds, func(h Hold) bool { return h.open(w.now) })
		switch {
		case held && d.Action.Destroys():
			t.Fatalf("destroys what is held:\n%s", text(d))
		case d.Action.Destroys() && d.State != Due && d.State != Overdue:
			t.Fatalf("destroys in state %s", d.State)
		case d.Action.Destroys() && w.now.Before(d.NotBefore):
			t.Fatalf("destroys before NotBefore:\n%s", text(d))
		}
		for _, r := range []Record{{ID: "r", Class: "other", Facts: w.facts}, {ID: "r", Class: "c", Facts: Facts{"f0": w.now.Add(time.Hour)}}, {ID: "r", Class: "c", Facts: Facts{"typo": w.now}}, {ID: "r", Class: "c"}} {
			if d := p.Decide(r, w.now, Env{}); d.Action != Keep {
				t.Fatalf("%+v: %s", r, text(d))
			}
		}
	})
}

func preset(t testing.TB, names ...string) *Policy {
	t.Helper()
	var ps []*Policy
	for _, n := range names {
		p, err := Preset(n)
		if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
	p, err := Merge(ps...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConflicts(t *testing.T) {
	doc := Document{Version: 1, Name: "x", Zone: "UTC", Classes: map[string]Class{"c": {
		Keep:   []Floor{{ID: "floor", When: Created, For: Days(100), Rank: RankLaw}},
		Duties: []Duty{{ID: "duty", When: Created, Within: Days(30), Do: Delete}},
	}}}
	r := Record{ID: "r", Class: "c", Facts: Facts{Created: at(t, "2026-01-01T00:00:00Z")}}
	for _, c := range []struct {
		rank        Rank
		now         string
		state       State
		deadline    string
		floor, duty Rank
	}{
		{now: "2026-02-15T00:00:00Z", floor: RankLaw, state: Retained, deadline: "2026-04-12T00:00:00Z"},
		{now: "2026-04-12T00:00:00Z", floor: RankLaw, state: Overdue, deadline: "2026-04-12T00:00:00Z"},
		{now: "2026-01-15T00:00:00Z", floor: RankContract, state: Blocked, deadline: "2026-02-01T00:00:00Z"},
		{now: "2026-04-12T00:00:00Z", floor: RankContract, state: Overdue, deadline: "2026-02-01T00:00:00Z"},
		{now: "2026-01-15T00:00:00Z", floor: RankContract, duty: RankRequest, state: Due, deadline: "2026-02-01T00:00:00Z"},
	} {
		cl := doc.Classes["c"]
		cl.Keep[0].Rank, cl.Duties[0].Rank = c.floor, c.duty
		p, err := New(doc, nil)
		if err != nil {
			t.Fatal(err)
		}
		d := p.Decide(r, at(t, c.now), Env{})
		if d.State != c.state || !d.Deadline.Equal(at(t, c.deadline)) {
			t.Errorf("%+v: %s", c, text(d))
		}
		if beaten := c.duty == ""; beaten != (len(d.Conflicts) == 1) {
			t.Errorf("%+v: conflicts %v", c, d.Conflicts)
		}
	}
}

func TestAdjust(t *testing.T) {
	p := preset(t, "contract")
	q, err := p.Adjust("sync_history", "contract.sync_history", Days(7))
	if err != nil {
		t.Fatal(err)
	}
	if p.Hash() == q.Hash() {
		t.Error("the hash did not change")
	}
	r := Record{ID: "r", Class: "sync_history", Facts: Facts{Created: at(t, "2026-01-01T12:00:00Z")}}
	if d := q.Decide(r, at(t, "2026-01-05T00:00:00Z"), Env{}); d.Deadline.Format(time.RFC3339) != "2026-01-08T21:00:00Z" {
		t.Error(text(d))
	}
	if d := p.Decide(r, at(t, "2026-01-05T00:00:00Z"), Env{}); d.Deadline.Format(time.RFC3339) != "2026-03-01T21:00:00Z" {
		t.Error(text(d))
	}
	for _, bad := range []Term{{}, Hours(23), Months(3), Days(63), Days(1)} {
		if _, err := p.Adjust("sync_history", "contract.sync_history", bad); err == nil {
			t.Errorf("%v was allowed", bad)
		}
	}
	if _, err := p.Adjust("transcript", "contract.transcripts", Days(1)); err == nil {
		t.Error("a fixed term was adjusted")
	}
}

func TestProvisional(t *testing.T) {
	doc, err := PresetDocument("contract")
	if err != nil {
		t.Fatal(err)
	}
	r := Record{ID: "r", Class: "transcript", Facts: Facts{ClientDeletionRequested: at(t, "2027-12-29T12:00:00+03:00")}}
	now := at(t, "2027-12-30T12:00:00+03:00")
	if d := preset(t, "contract").Decide(r, now, Env{}); d.State != Invalid || d.Action != Keep {
		t.Error(text(d))
	}
	doc.Provisional = true
	p, err := New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	// 30 December and 3-6 January as if nothing were a holiday: the earliest deadline.
	d := p.Decide(r, now, Env{})
	if !d.Provisional || d.Deadline.Format(time.RFC3339) != "2028-01-06T21:00:00Z" || !strings.Contains(d.Because[0].String(), "provisional") {
		t.Error(text(d))
	}
	calendar, err := RussianCalendar().With([]byte(year2028))
	if err != nil {
		t.Fatal(err)
	}
	doc.Provisional = false
	if p, err = New(doc, &Options{Calendars: []*Calendar{calendar}}); err != nil {
		t.Fatal(err)
	}
	// 3 January is the new year's holiday, the year is not approved yet.
	if d := p.Decide(r, now, Env{}); !d.Provisional || d.Deadline.Format(time.RFC3339) != "2028-01-07T21:00:00Z" {
		t.Error(text(d))
	}
}

func TestShift(t *testing.T) {
	doc := Document{Version: 1, Name: "x", Zone: "Europe/Moscow", Calendar: "ru-production", Classes: map[string]Class{"c": {
		Duties: []Duty{{ID: "duty", When: Created, Within: Days(1), Do: Delete, Shift: true}},
	}}}
	p, err := New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Record{ID: "r", Class: "c", Facts: Facts{Created: at(t, "2026-04-30T12:00:00+03:00")}}
	if d := p.Decide(r, at(t, "2026-04-30T13:00:00+03:00"), Env{}); d.Deadline.Format(time.RFC3339) != "2026-05-04T21:00:00Z" {
		t.Error(text(d))
	}
}

func TestNewRefuses(t *testing.T) {
	good := func() Document {
		return Document{Version: 1, Name: "x", Zone: "UTC", Periods: map[string]Period{"p": {From: Created, To: Destroyed}}, Classes: map[string]Class{"c": {
			Keep:   []Floor{{ID: "a", While: "p"}},
			Duties: []Duty{{ID: "b", When: Created, Within: Days(1), Do: Delete}},
		}}}
	}
	if _, err := New(good(), nil); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(d *Document, c *Class){
		"version":           func(d *Document, c *Class) { d.Version = 2 },
		"no name":           func(d *Document, c *Class) { d.Name = "" },
		"no zone":           func(d *Document, c *Class) { d.Zone = "" },
		"local zone":        func(d *Document, c *Class) { d.Zone = "Local" },
		"unknown zone":      func(d *Document, c *Class) { d.Zone = "Mars/Base" },
		"unknown calendar":  func(d *Document, c *Class) { d.Calendar = "mars" },
		"no classes":        func(d *Document, c *Class) { d.Classes = nil },
		"skew in days":      func(d *Document, c *Class) { d.Skew = Days(1) },
		"period fact":       func(d *Document, c *Class) { d.Periods["p"] = Period{From: Created, To: "typo"} },
		"period no from":    func(d *Document, c *Class) { d.Periods["p"] = Period{To: Destroyed} },
		"id twice":          func(d *Document, c *Class) { c.Duties[0].ID = "a" },
		"no id":             func(d *Document, c *Class) { c.Duties[0].ID = "" },
		"unknown fact":      func(d *Document, c *Class) { c.Duties[0].When = "client_deletion_request" },
		"unknown given":     func(d *Document, c *Class) { c.Duties[0].Given = []string{"typo"} },
		"unknown met":       func(d *Document, c *Class) { c.Duties[0].Met = "typo" },
		"unknown need":      func(d *Document, c *Class) { c.Needs = []string{"typo"} },
		"no term":           func(d *Document, c *Class) { c.Duties[0].Within = Term{} },
		"no action":         func(d *Document, c *Class) { c.Duties[0].Do = "" },
		"keep is no duty":   func(d *Document, c *Class) { c.Duties[0].Do = Keep },
		"unknown action":    func(d *Document, c *Class) { c.Duties[0].Do = "burn" },
		"rank":              func(d *Document, c *Class) { c.Duties[0].Rank = "king" },
		"confirm":           func(d *Document, c *Class) { c.Duties[0].Confirm = "oral" },
		"replaces itself":   func(d *Document, c *Class) { c.Duties[0].Replaces = []string{"b"} },
		"replaces no duty":  func(d *Document, c *Class) { c.Duties[0].Replaces = []string{"zz"} },
		"no calendar":       func(d *Document, c *Class) { c.Duties[0].Within = Workdays(5) },
		"shift":             func(d *Document, c *Class) { c.Duties[0].Shift = true },
		"out of range":      func(d *Document, c *Class) { c.Duties[0].Adjustable = &Range{Hours(1), Hours(2)} },
		"shred undeclared":  func(d *Document, c *Class) { c.Duties[0].Do = CryptoShred },
		"shred with copies": func(d *Document, c *Class) { c.Duties[0].Do, c.Shred = CryptoShred, &Shred{KeyScope: "conversation"} },
		"floor both":        func(d *Document, c *Class) { c.Keep[0].When, c.Keep[0].For = Created, Days(1) },
		"floor neither":     func(d *Document, c *Class) { c.Keep[0].While = "" },
		"floor period":      func(d *Document, c *Class) { c.Keep[0].While = "typo" },
		"permit notifies":   func(d *Document, c *Class) { c.Permits = []Permit{{ID: "p", When: Created, Do: Notify}} },
	} {
		d := good()
		c := d.Classes["c"]
		change(&d, &c)
		if d.Classes != nil {
			d.Classes["c"] = c
		}
		if _, err := New(d, nil); err == nil {
			t.Errorf("%s passed", name)
		}
	}
}

func TestMerge(t *testing.T) {
	a, b := preset(t, "contract", "ru152"), preset(t, "ru152", "contract")
	if a.Hash() != b.Hash() {
		t.Error("the order of policies matters")
	}
	doc, err := PresetDocument("contract")
	if err != nil {
		t.Fatal(err)
	}
	doc.Classes["act"].Keep[0].For = Months(12)
	other, err := New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(preset(t, "ru152"), other); err == nil {
		t.Error("two different rules of one id were merged")
	}
	if _, err := Merge(); err == nil {
		t.Error("nothing was merged")
	}
}

func TestDecideAllocations(t *testing.T) {
	p := preset(t, "contract", "ru152")
	r, now := benchmarkRecord(t)
	if n := testing.AllocsPerRun(100, func() { p.Decide(r, now, Env{}) }); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

func benchmarkRecord(t testing.TB) (Record, time.Time) {
	return Record{ID: "r", Class: "transcript", Facts: Facts{
		Created: at(t, "2026-01-10T00:00:00Z"), ServiceStarted: at(t, "2025-01-10T00:00:00Z"), ServiceTerminated: at(t, "2026-03-10T00:00:00Z"),
		ClientDeletionRequested: at(t, "2026-03-12T00:00:00Z"),
	}}, at(t, "2026-03-15T00:00:00Z")
}

func BenchmarkDecide(b *testing.B) {
	p := preset(b, "contract", "ru152")
	r, now := benchmarkRecord(b)
	b.ReportAllocs()
	for b.Loop() {
		p.Decide(r, now, Env{})
	}
}

// Of duties with one deadline the higher rank decides, then the smaller id.
func TestTies(t *testing.T) {
	p := preset(t, "contract", "ru152")
	for fact, want := range map[string]string{ServiceTerminated: "ru152.21.consent_withdrawn", PurposeAchieved: "ru152.21.consent_withdrawn"} {
		same := at(t, "2026-03-10T09:00:00Z")
		d := p.Decide(Record{ID: "r", Class: "transcript", Facts: Facts{ServiceStarted: at(t, "2025-01-10T00:00:00Z"), fact: same, ConsentWithdrawn: same}}, at(t, "2026-03-15T00:00:00Z"), Env{})
		if d.Rule != want || d.State != Due {
			t.Errorf("%s: %s %s", fact, d.State, d.Rule)
		}
	}
}
