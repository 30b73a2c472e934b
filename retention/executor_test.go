package retention

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// bench is stores, journal, holds and a clock around one executor.
type bench struct {
	t        testing.TB
	dir      string
	policy   *Policy
	now      time.Time
	holds    []Hold
	main     *watched
	copies   *watched
	packages *Files
	sealer   Sealer
	tombs    bool
	exec     *Executor
	failing  bool // exports fail
	notifies bool
	told     int
	audited  map[string]string // by record, what the audit log was told
}

const benchPolicy = `{"version": 1, "name": "bench", "zone": "Europe/Moscow",
 "periods": {"sub": {"from": "subscription_started", "to": "subscription_ended"}},
 "classes": {
  "note": {"systems": ["Основная"], "categories": ["заметки"], "duties": [{"id": "ttl", "when": "created", "within": "P60D", "not_before": "P30D", "do": "delete", "confirm": "written"}]},
  "plan": {"categories": ["планы"], "keep": [{"id": "sub", "while": "sub", "then": "P30D"}], "duties": [{"id": "after", "when": "subscription_ended", "within": "P60D", "do": "export_then_delete"}]},
  "alarm": {"categories": ["инциденты"], "duties": [{"id": "tell", "when": "incident_detected", "within": "PT24H", "do": "notify", "met": "authority_notified"}]},
  "export_package": {"categories": ["выгрузки"], "keep": [{"id": "offer", "when": "created", "for": "P9D"}], "duties": [{"id": "package", "when": "created", "within": "P10D", "do": "delete"}]}
 }}`

func newBench(t testing.TB) *bench { return newBenchWith(t, true) }

func newBenchWith(t testing.TB, tombs bool) *bench {
	t.Helper()
	doc, err := ParseDocument([]byte(benchPolicy))
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, dir: memoryDir(t), policy: p, now: epoch, tombs: tombs}
	b.main = &watched{Memory: NewMemory("Основная"), bench: b}
	b.copies = &watched{Memory: NewMemory("Поиск"), bench: b}
	if err := os.Mkdir(filepath.Join(b.dir, "packages"), 0o700); err != nil {
		t.Fatal(err)
	}
	if b.packages, err = OpenFiles("Выгрузки", filepath.Join(b.dir, "packages"), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.packages.Close() })
	b.open()
	return b
}

// memoryDir is a directory in memory where there is one: these tests crash by panic, and
// need the order of writes but not the disk.
func memoryDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "retention-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// open makes the executor anew, as after a start of the process.
func (b *bench) open() {
	b.t.Helper()
	j, err := OpenJournal(context.Background(), filepath.Join(b.dir, "journal"), &JournalOptions{Sealer: b.sealer})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { j.Close() })
	b.exec = &Executor{
		Policy: b.policy, Journal: j, Stores: []Store{{Adapter: b.main, Copies: []Adapter{b.copies}}, {Adapter: b.packages}},
		Holds:    func(context.Context) ([]Hold, error) { return b.holds, nil },
		Packages: &Packages{Files: b.packages, Unsealed: b.sealer == nil, Sealer: b.sealer},
		Now:      func() time.Time { return b.now },
	}
	if b.notifies {
		b.exec.Notify = func(context.Context, Item) error { b.told++; return nil }
		b.exec.Audit = func(_ context.Context, i Item, e AuditEvent) error { b.audited[i.ID] += " " + string(e); return nil }
	}
	if b.tombs {
		if b.exec.Tombstones, err = OpenTombstones(b.dir); err != nil {
			b.t.Fatal(err)
		}
		tombs := b.exec.Tombstones
		b.t.Cleanup(func() { tombs.Close() })
	}
}

func (b *bench) reopen() {
	b.exec.Journal.Close()
	if b.exec.Tombstones != nil {
		b.exec.Tombstones.Close()
	}
	b.open()
}

func (b *bench) put(r Record) {
	b.t.Helper()
	if err := b.main.Put(r, []byte("содержимое "+r.ID)); err != nil {
		b.t.Fatal(err)
	}
	if err := b.copies.Put(Record{ID: r.ID, Class: r.Class}, []byte("копия "+r.ID)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) note(id string, created time.Time) {
	b.t.Helper()
	b.put(Record{ID: id, Class: "note", Version: "1", Subjects: []string{"s-" + id}, Facts: Facts{Created: created}})
}

func (b *bench) subscriber(id string, ended time.Time) {
	b.t.Helper()
	f := Facts{SubscriptionStarted: epoch.AddDate(-1, 0, 0)}
	if !ended.IsZero() {
		f[SubscriptionEnded] = ended
	}
	b.put(Record{ID: id, Class: "plan", Version: "1", Subjects: []string{"s-" + id}, Facts: f})
}

func (b *bench) sweep() (*Plan, *Report) {
	b.t.Helper()
	plan, r, err := b.exec.Sweep(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return plan, r
}

func (b *bench) plan() *Plan {
	b.t.Helper()
	p, err := MakePlan(context.Background(), b.policy, b.exec.Stores, b.holds, b.now)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) apply(p *Plan) *Report {
	b.t.Helper()
	r, err := b.exec.Apply(context.Background(), p)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) has(class, id string) bool {
	_, ok, err := b.main.Lookup(context.Background(), class, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return ok
}

// watched is a store that fails the test when it is asked to destroy what must stay.
type watched struct {
	*Memory
	bench     *bench
	destroyed []string // ids, in order, when the store really did
	before    func()   // called in Destroy before anything
	fail      error
}

func (w *watched) Export(ctx context.Context, op, class, id string, out io.Writer) error {
	if w.bench.failing {
		return errors.New("no")
	}
	return w.Memory.Export(ctx, op, class, id, out)
}

func (w *watched) Destroy(ctx context.Context, op string, t Target) (Outcome, error) {
	if w.before != nil {
		w.before()
	}
	if w.fail != nil {
		return "", w.fail
	}
	b := w.bench
	record, present, err := w.Lookup(ctx, t.Class, t.ID)
	if err != nil {
		return "", err
	}
	out, err := w.Memory.Destroy(ctx, op, t)
	if out != OutcomeDestroyed || !present || op == "restore" {
		return out, err
	}
	w.destroyed = append(w.destroyed, t.ID)
	for _, h := range b.holds {
		if h.open(b.now) && h.Covers(Record{ID: t.ID, Class: t.Class}) {
			b.t.Errorf("%s destroyed %s while held", w.System(), t.ID)
		}
	}
	o := b.exec.Journal.operation(op)
	switch {
	case o == nil || !o.fenced || !o.begunAt[w.System()]:
		b.t.Errorf("%s destroyed %s without a fence and a step in the journal", w.System(), t.ID)
	case t.Class == "plan" && o.receipt == nil:
		b.t.Errorf("%s destroyed %s without a receipt", w.System(), t.ID)
	case w == b.main && !b.policy.Decide(record, b.now, Env{}).Action.Destroys():
		b.t.Errorf("%s destroyed %s, which was not due", w.System(), t.ID)
	case t.Version != "" && t.Version != record.Version:
		b.t.Errorf("%s destroyed another version of %s", w.System(), t.ID)
	}
	return out, err
}

const day = 24 * time.Hour

func TestSweep(t *testing.T) {
	b := newBench(t)
	b.note("old", epoch.Add(-40*day))
	b.note("new", epoch.Add(-day))
	b.subscriber("plan-1", epoch.Add(-40*day))
	b.put(Record{ID: "blocked", Class: "plan", Version: "1", Facts: Facts{Created: epoch}})
	plan, r := b.sweep()
	if r.Destroyed != 2 || r.Attention != 1 || len(r.Failed) != 0 || r.Clean() {
		t.Errorf("%+v", r)
	}
	if b.has("note", "old") || !b.has("note", "new") || b.has("plan", "plan-1") || !b.has("plan", "blocked") {
		t.Error("the wrong records went")
	}
	if len(plan.Attention()) != 1 || plan.Scanned["note"] != 2 || plan.States["blocked"] != 1 {
		t.Errorf("%+v", plan)
	}
	if got := plan.NextEval["note"]; got.Format(time.RFC3339) != "2025-11-21T21:00:00Z" {
		t.Errorf("next %v", got)
	}
	// The package is a record of its own, and goes in its turn, fetched or not.
	_, ok, err := b.packages.Lookup(context.Background(), PackageClass, plan.Items[len(plan.Items)-1].Op)
	if err != nil || !ok {
		t.Error("no package", err)
	}
	b.now = b.now.Add(9*day + 12*time.Hour)
	if _, r := b.sweep(); r.Destroyed != 1 {
		t.Errorf("%+v", r)
	}
	if left, err := os.ReadDir(filepath.Join(b.dir, "packages")); err != nil || len(left) != 0 {
		t.Error("the package stayed", left, err)
	}
}

func TestProperty10PlanApply(t *testing.T) {
	t.Run("twice", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		plan := b.plan()
		if r := b.apply(plan); r.Destroyed != 1 {
			t.Errorf("%+v", r)
		}
		b.note2("a", epoch.Add(-40*day)) // somebody makes it anew: another plan must decide on it
		if r := b.apply(plan); r.Destroyed != 0 || r.Done != 1 || !b.has("note", "a") {
			t.Errorf("%+v", r)
		}
	})
	t.Run("hold between", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		plan := b.plan()
		b.holds = []Hold{{ID: "h", Placed: b.now, Scope: Scope{Subjects: []string{"s-a"}}}}
		if r := b.apply(plan); r.Skipped["held"] != 1 || !b.has("note", "a") {
			t.Errorf("%+v", r)
		}
	})
	t.Run("hold at the last moment", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		b.copies.before = func() { b.holds = []Hold{{ID: "h", Placed: b.now, Scope: Scope{All: true}}} }
		_, r := b.sweep()
		if r.Skipped["held"] != 1 || !b.has("note", "a") || len(b.main.destroyed)+len(b.copies.destroyed) != 0 {
			t.Errorf("%+v", r)
		}
		if _, err := b.main.Content("note", "a"); err != nil {
			t.Error("the fence stayed:", err)
		}
	})
	t.Run("version between", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		plan := b.plan()
		if err := b.main.Put(Record{ID: "a", Class: "note", Version: "2", Facts: Facts{Created: epoch.Add(-40 * day)}}, nil); err != nil {
			t.Fatal(err)
		}
		if r := b.apply(plan); r.Skipped["changed"] != 1 || !b.has("note", "a") {
			t.Errorf("%+v", r)
		}
	})
	t.Run("no longer due", func(t *testing.T) {
		b := newBench(t)
		b.subscriber("a", epoch.Add(-40*day))
		plan := b.plan()
		if err := b.main.Put(Record{ID: "a", Class: "plan", Version: "1", Facts: Facts{SubscriptionStarted: epoch.Add(-day), SubscriptionEnded: epoch.Add(-40 * day)}}, nil); err != nil {
			t.Fatal(err)
		}
		if r := b.apply(plan); r.Skipped["not_due"] != 1 || !b.has("plan", "a") {
			t.Errorf("%+v", r)
		}
	})
	t.Run("gone between", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		plan := b.plan()
		b.main.Memory = NewMemory("Основная")
		if r := b.apply(plan); r.Gone != 1 || r.Destroyed != 0 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("limit", func(t *testing.T) {
		for _, limit := range []Limit{{Count: 3}, {Share: 0.3}} {
			b := newBench(t)
			for i := range 10 {
				b.note(fmt.Sprint("n", i), epoch.Add(-40*day))
			}
			b.exec.Limit = limit
			plan := b.plan()
			r, err := b.exec.Apply(context.Background(), plan)
			if !errors.Is(err, ErrLimit) || r.Destroyed != 3 || len(b.main.destroyed) != 3 {
				t.Errorf("%+v: %v %+v", limit, err, r)
			}
			plan.Approved = "Директор по данным"
			if r := b.apply(plan); r.Destroyed != 7 || r.Done != 3 {
				t.Errorf("%+v", r)
			}
		}
	})
	t.Run("other policy", func(t *testing.T) {
		b := newBench(t)
		plan := b.plan()
		plan.Policy = strings.Repeat("0", 64)
		if _, err := b.exec.Apply(context.Background(), plan); !errors.Is(err, ErrPolicyChanged) {
			t.Error(err)
		}
	})
	t.Run("round trip", func(t *testing.T) {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		var buf bytes.Buffer
		if err := b.plan().Write(&buf); err != nil {
			t.Fatal(err)
		}
		plan, err := ReadPlan(bytes.NewReader(buf.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPlan(strings.NewReader(strings.Replace(buf.String(), `"id": "a"`, `"id": "b"`, 1))); err == nil {
			t.Error("a changed plan was read")
		}
		if r := b.apply(plan); r.Destroyed != 1 {
			t.Errorf("%+v", r)
		}
	})
}

// note2 makes a note in the main store alone.
func (b *bench) note2(id string, created time.Time) {
	b.t.Helper()
	if err := b.main.Put(Record{ID: id, Class: "note", Version: "1", Facts: Facts{Created: created}}, nil); err != nil {
		b.t.Fatal(err)
	}
}

func TestClockGuard(t *testing.T) {
	b := newBench(t)
	b.sweep()
	b.note("a", epoch)
	ctx := context.Background()
	b.now = epoch.Add(-time.Second)
	if _, _, err := b.exec.Sweep(ctx); !errors.Is(err, ErrClock) {
		t.Error("behind the journal:", err)
	}
	if err := b.exec.AcceptClock(ctx); !errors.Is(err, ErrClock) {
		t.Error("a clock behind the journal was accepted:", err)
	}
	b.now = epoch.AddDate(10, 0, 0)
	if _, _, err := b.exec.Sweep(ctx); !errors.Is(err, ErrClock) || !b.has("note", "a") {
		t.Error("far ahead:", err)
	}
	b.now = epoch.Add(32 * day)
	if _, _, err := b.exec.Sweep(ctx); !errors.Is(err, ErrClock) || !b.has("note", "a") {
		t.Error("32 days ahead:", err)
	}
	if err := b.exec.AcceptClock(ctx); err != nil {
		t.Fatal(err)
	}
	if _, r := b.sweep(); r.Destroyed != 1 {
		t.Errorf("%+v", r)
	}
}

func TestFailuresAreTriedAgain(t *testing.T) {
	b := newBench(t)
	b.subscriber("a", epoch.Add(-40*day))
	var causes []string
	b.exec.Failure = func(i Item, code string, cause error) { causes = append(causes, i.ID+" "+code+" "+cause.Error()) }
	b.failing = true
	if _, r := b.sweep(); r.Failed["export"] == 0 || !b.has("plan", "a") {
		t.Errorf("%+v", r)
	}
	b.failing = false
	b.main.fail = errors.New("disk")
	if _, r := b.sweep(); r.Failed["destroy"] == 0 || !b.has("plan", "a") || len(b.copies.destroyed) != 1 {
		t.Errorf("%+v", r)
	}
	if len(causes) < 2 || causes[0] != "a export no" || causes[len(causes)-1] != "a destroy disk" {
		t.Error(causes)
	}
	// A hold now stops the rest, though the copy is gone.
	b.main.fail = nil
	b.holds = []Hold{{ID: "h", Placed: b.now, Scope: Scope{All: true}}}
	if _, r := b.sweep(); r.Failed["held"] == 0 || !b.has("plan", "a") {
		t.Errorf("%+v", r)
	}
	b.holds[0].Released = b.now
	b.reopen()
	if _, r := b.sweep(); r.Destroyed != 1 || b.has("plan", "a") || len(b.copies.destroyed) != 1 {
		t.Errorf("%+v", r)
	}
}

// A policy that changed between a crash and the next start decides anew, and what was fenced lives on.
func TestResumeUnderAnotherPolicy(t *testing.T) {
	for n := range 60 {
		b := newBench(t)
		b.note("a", epoch.Add(-40*day))
		plan := b.plan()
		b.until(n, func() { b.apply(plan) })
		doc, err := ParseDocument([]byte(strings.Replace(benchPolicy, `"not_before": "P30D"`, `"not_before": "P50D"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		old := b.policy
		if b.policy, err = New(doc, nil); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		if op := b.exec.Journal.operation(plan.Items[0].Op); op != nil && len(op.begunAt) > 0 {
			b.policy = old // what was rightly begun is finished; the stores' watch knows it by the old rules
		}
		b.sweep()
		_, err = b.main.Content("note", "a")
		if began := len(b.copies.destroyed) > 0; began != (err != nil) || began == b.has("note", "a") {
			t.Fatalf("point %d: destruction began %v, read error %v", n, began, err)
		}
	}
}

func TestNotify(t *testing.T) {
	b := newBench(t)
	b.put(Record{ID: "i", Class: "alarm", Version: "1", Facts: Facts{IncidentDetected: epoch.Add(-time.Hour)}})
	if _, r := b.sweep(); r.Pending != 1 {
		t.Errorf("%+v", r)
	}
	told := 0
	b.exec.Notify = func(context.Context, Item) error { told++; return errors.New("no line") }
	if _, r := b.sweep(); r.Failed["notify"] != 1 {
		t.Errorf("%+v", r)
	}
	b.now = b.now.Add(time.Minute)
	b.exec.Notify = func(_ context.Context, i Item) error { told++; return nil }
	plan, r := b.sweep()
	if r.Notified != 1 || told != 2 {
		t.Errorf("%+v, told %d", r, told)
	}
	if r := b.apply(plan); r.Done != 1 || told != 2 {
		t.Errorf("%+v, told %d", r, told)
	}
}

// crash stands for the process dying: everything in memory but the stores is lost.
type crash struct{}

// until runs f until the n-th point and reports whether it came so far.
func (b *bench) until(n int, f func()) (crashed bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(crash); !ok {
				panic(p)
			}
			crashed = true
		}
	}()
	b.exec.point = func() {
		if n--; n < 0 {
			panic(crash{})
		}
	}
	defer func() { b.exec.point = nil }()
	f()
	return false
}

// A crash before and after every write and call, for two systems and three records; then a second crash
// while the first is made good.
func TestProperty8Crash(t *testing.T) {
	second := []int{1 << 30, 7}
	if soak() {
		second = nil
		for i := range 60 {
			second = append(second, i)
		}
		second = append(second, 1<<30)
	}
	for n := 0; ; n++ {
		finished := false
		for _, m := range second {
			b := newBench(t)
			b.notifies, b.audited = true, map[string]string{}
			b.reopen()
			b.note("a", epoch.Add(-40*day))
			b.note("b", epoch.Add(-50*day))
			b.subscriber("c", epoch.Add(-40*day))
			b.put(Record{ID: "i", Class: "alarm", Version: "1", Facts: Facts{IncidentDetected: epoch.Add(-time.Hour)}})
			plan := b.plan()
			finished = !b.until(n, func() { b.apply(plan) })
			b.reopen()
			b.until(m, func() { b.apply(plan) })
			b.reopen()
			b.apply(plan)
			b.checkDone(t, fmt.Sprintf("crash %d, then %d", n, m), plan)
			if t.Failed() {
				return
			}
		}
		if finished {
			if n < 40 {
				t.Errorf("only %d points", n)
			}
			return
		}
	}
}

// checkDone holds what the journal says against what the stores did.
func (b *bench) checkDone(t *testing.T, when string, plan *Plan) {
	t.Helper()
	for _, w := range []*watched{b.main, b.copies} {
		got := slices.Clone(w.destroyed)
		slices.Sort(got)
		if !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("%s: %s destroyed %v", when, w.System(), got)
		}
	}
	var ops []string
	for _, i := range plan.Items {
		if i.Action == Notify {
			continue
		}
		ops = append(ops, i.Op)
		if op := b.exec.Journal.operation(i.Op); op == nil || op.done != stepFinished {
			t.Errorf("%s: %s is not finished", when, i.ID)
			return
		}
		if i.Class == "plan" {
			if _, err := b.exec.Packages.Fetch(context.Background(), *b.exec.Receipt(i.Op)); err != nil {
				t.Errorf("%s: %v", when, err)
			}
		}
	}
	if left := b.exec.Journal.unfinished(); len(left) != 0 {
		t.Errorf("%s: %d unfinished", when, len(left))
	}
	if b.told == 0 || b.told > 3 || !b.has("alarm", "i") {
		t.Errorf("%s: told %d times, still there %v", when, b.told, b.has("alarm", "i"))
	}
	// Each beginning and each end at least once: twice rather than never.
	for _, id := range []string{"a", "b", "c", "i"} {
		end := " destroyed"
		if id == "i" {
			end = " notified"
		}
		if told := b.audited[id]; !strings.HasPrefix(told, " attempt") || !strings.Contains(told, end) {
			t.Errorf("%s: of %s the audit log was told%q", when, id, told)
		}
	}
	if owed := b.exec.Journal.Unconfirmed(); len(owed) != 2 {
		t.Errorf("%s: %d confirmations owed", when, len(owed))
	}
	var papers [2]string
	for k := range papers {
		c, err := b.exec.Confirmation(context.Background(), "z-1", epoch, Party{Name: "ООО «Ромашка»"}, ops, nil)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, d := range c.Destroyed {
			sum += d.Records
		}
		if sum != 6 {
			t.Errorf("%s: confirmed %d of 6", when, sum)
		}
		papers[k] = fmt.Sprint(*c)
		b.reopen()
	}
	if papers[0] != papers[1] {
		t.Errorf("%s: two confirmations differ", when)
	}
	if owed := b.exec.Journal.Unconfirmed(); len(owed) != 0 {
		t.Errorf("%s: still %d confirmations owed", when, len(owed))
	}
}

// A small model: whatever happens in whatever order, nothing is destroyed wrongly (the stores watch)
// and every duty is met or shows in the plan.
func TestProperty9Model(t *testing.T) {
	depth := 4
	if soak() {
		depth = 8
	}
	type event struct {
		name string
		do   func(b *bench)
	}
	sweep := func(b *bench) {
		if _, _, err := b.exec.Sweep(context.Background()); err != nil && !errors.Is(err, ErrClock) {
			t.Fatal(err)
		}
	}
	events := []event{
		{"hold", func(b *bench) {
			b.holds = append(b.holds, Hold{ID: fmt.Sprint("h", len(b.holds)), Placed: b.now, Scope: Scope{Records: []string{"a"}}})
		}},
		{"release", func(b *bench) {
			for i := range b.holds {
				if b.holds[i].Released.IsZero() {
					b.holds[i].Released = b.now
				}
			}
		}},
		{"end", func(b *bench) { b.change("a", Facts{SubscriptionEnded: b.now}) }},
		{"resubscribe", func(b *bench) { b.change("a", Facts{SubscriptionStarted: b.now}) }},
		{"exports fail", func(b *bench) { b.failing = !b.failing }},
		{"crash in a sweep", func(b *bench) {
			b.until(9, func() { sweep(b) })
			b.reopen()
		}},
		{"sweep", sweep},
		{"25 days", func(b *bench) { b.now = b.now.Add(25 * day) }},
		{"clock back", func(b *bench) { b.now = b.now.Add(-2 * time.Hour) }},
	}
	seen := map[string]bool{}
	run := func(path []int) *bench {
		b := newBenchWith(t, false)
		b.subscriber("a", time.Time{})
		for _, e := range path {
			events[e].do(b)
		}
		return b
	}
	frontier := [][]int{nil}
	states := 0
	for d := 0; d < depth; d++ {
		var next [][]int
		for _, path := range frontier {
			for e := range events {
				longer := append(slices.Clone(path), e)
				b := run(longer)
				states++
				if t.Failed() {
					names := make([]string, len(longer))
					for i, e := range longer {
						names[i] = events[e].name
					}
					t.Fatal(strings.Join(names, ", "))
				}
				if k := b.key(); !seen[k] {
					seen[k] = true
					next = append(next, longer)
					b.checkDuty(t)
				}
				// Thousands of worlds: the cleanup at the end would come too late.
				b.exec.Journal.Close()
				b.packages.Close()
				os.RemoveAll(b.dir)
			}
		}
		frontier = next
	}
	if len(seen) < 50 {
		t.Errorf("only %d states", len(seen))
	}
	t.Logf("%d runs, %d states", states, len(seen))
}

// change adds facts to a record if it is there and not fenced.
func (b *bench) change(id string, facts Facts) {
	r, ok, err := b.main.Lookup(context.Background(), "plan", id)
	if err != nil {
		b.t.Fatal(err)
	}
	if !ok {
		return
	}
	f := maps.Clone(r.Facts)
	maps.Copy(f, facts)
	r.Facts, r.Version = f, r.Version+"x"
	if err := b.main.Put(r, []byte("план")); err != nil && !errors.Is(err, ErrFenced) {
		b.t.Fatal(err)
	}
}

// key tells states of the model apart.
func (b *bench) key() string {
	r, ok, _ := b.main.Lookup(context.Background(), "plan", "a")
	rc, okCopy, _ := b.copies.Lookup(context.Background(), "plan", "a")
	held := slices.ContainsFunc(b.holds, func(h Hold) bool { return h.open(b.now) })
	return fmt.Sprint(ok, okCopy, rc.ID, r.Facts, held, b.failing, b.now.Sub(epoch), len(b.exec.Journal.unfinished()), b.exec.Journal.Newest().Sub(epoch))
}

// checkDuty holds that a duty whose deadline has passed is met, held, or in the plan as overdue.
func (b *bench) checkDuty(t *testing.T) {
	t.Helper()
	r, ok, _ := b.main.Lookup(context.Background(), "plan", "a")
	ended := r.Facts[SubscriptionEnded]
	if !ok || ended.IsZero() || r.Facts[SubscriptionStarted].After(ended) || b.now.Before(ended) {
		return
	}
	plan := b.plan()
	held := slices.ContainsFunc(b.holds, func(h Hold) bool { return h.open(b.now) })
	overdue := slices.ContainsFunc(plan.Items, func(i Item) bool { return i.ID == "a" && i.State == Overdue })
	if late := b.now.Sub(ended) > 62*day; late && !held && !overdue {
		t.Errorf("an overdue duty is nowhere: %+v", plan)
	}
}

func TestProperty11Restore(t *testing.T) {
	b := newBench(t)
	b.note("a", epoch.Add(-40*day))
	b.note("b", epoch.Add(-day))
	b.sweep()
	// The backup of both systems comes back, and a record of the same store that was never destroyed.
	b.note("a", epoch.Add(-40*day))
	b.note("c", epoch.Add(-2*day))
	b.reopen()
	b.holds = []Hold{{ID: "h", Placed: b.now, Scope: Scope{Records: []string{"a"}}}}
	r, err := b.exec.Restore(context.Background())
	if err != nil || r.Skipped["held"] != 2 || !b.has("note", "a") {
		t.Errorf("%+v %v", r, err)
	}
	b.holds = nil
	if r, err = b.exec.Restore(context.Background()); err != nil || r.Destroyed != 2 {
		t.Errorf("%+v %v", r, err)
	}
	for _, w := range []*watched{b.main, b.copies} {
		if _, err := w.Content("note", "a"); err == nil {
			t.Errorf("%s: readable again", w.System())
		}
		if _, err := w.Content("note", "b"); err != nil {
			t.Errorf("%s: %v", w.System(), err)
		}
		if _, err := w.Content("note", "c"); err != nil {
			t.Errorf("%s: %v", w.System(), err)
		}
	}
	if !b.exec.Tombstones.Dead("Основная", "note", "a") || b.exec.Tombstones.Dead("Основная", "note", "b") {
		t.Error("tombstones")
	}
	if err := b.exec.Tombstones.Forget(b.now.Add(time.Second)); err != nil || b.exec.Tombstones.Dead("Основная", "note", "a") {
		t.Error("not forgotten", err)
	}
	b.reopen()
	if b.exec.Tombstones.Dead("Основная", "note", "a") {
		t.Error("back after opening")
	}
	for _, name := range []string{"tombstones", "tombstones.key"} {
		data, err := os.ReadFile(filepath.Join(b.dir, name))
		if err != nil || bytes.Contains(data, []byte("s-a")) {
			t.Error(name, err)
		}
	}
}

// xorSealer is a toy with the shape of a sealer: it shows that what it seals is not written in clear.
type xorSealer struct{}

func (xorSealer) Seal(_ context.Context, dst, plaintext, ad []byte) ([]byte, error) {
	for _, c := range plaintext {
		dst = append(dst, c^0x5a)
	}
	return append(dst, ad...), nil
}

func (xorSealer) Open(_ context.Context, dst, box, ad []byte) ([]byte, error) {
	body, ok := bytes.CutSuffix(box, ad)
	if !ok {
		return nil, errors.New("not for this place")
	}
	for _, c := range body {
		dst = append(dst, c^0x5a)
	}
	return dst, nil
}

func TestSealed(t *testing.T) {
	b := newBench(t)
	b.exec.Journal.Close()
	os.Remove(filepath.Join(b.dir, "journal"))
	b.sealer = xorSealer{}
	b.open()
	b.subscriber("kanarejka", epoch.Add(-40*day))
	plan, r := b.sweep()
	if r.Destroyed != 1 {
		t.Fatalf("%+v", r)
	}
	data, err := b.exec.Packages.Fetch(context.Background(), *b.exec.Receipt(plan.Items[0].Op))
	if err != nil || string(data) != "содержимое kanarejka" {
		t.Error(string(data), err)
	}
	for _, name := range []string{"journal", "packages/" + plan.Items[0].Op} {
		data, err := os.ReadFile(filepath.Join(b.dir, name))
		if err != nil || bytes.Contains(data, []byte("содержимое")) || bytes.Contains(data, []byte("s-kanarejka")) {
			t.Error(name, "is readable", err)
		}
	}
	b.reopen()
	if _, r := b.sweep(); r.Destroyed != 0 {
		t.Errorf("%+v", r)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "packages", plan.Items[0].Op), []byte("другое"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.exec.Packages.Fetch(context.Background(), *b.exec.Receipt(plan.Items[0].Op)); err == nil {
		t.Error("a package changed on disk was fetched")
	}
	b.exec.Packages = &Packages{Files: b.packages}
	b.subscriber("next", epoch.Add(-40*day))
	if _, r := b.sweep(); r.Failed["export"] != 1 || !b.has("plan", "next") {
		t.Errorf("an unsealed package was made: %+v", r)
	}
}

func TestJournalBusy(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not promised there")
	}
	b := newBench(t)
	path := filepath.Join(b.dir, "journal")
	if _, err := OpenJournal(context.Background(), path, nil); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	if err := b.exec.Journal.Compact(context.Background(), b.now); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(context.Background(), path, nil); !errors.Is(err, ErrBusy) {
		t.Error("after Compact:", err)
	}
}

func TestJournalDamage(t *testing.T) {
	b := newBench(t)
	b.note("a", epoch.Add(-40*day))
	b.note("b", epoch.Add(-40*day))
	b.sweep()
	b.exec.Journal.Close()
	path := filepath.Join(b.dir, "journal")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	open := func(data []byte) error {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(context.Background(), path, nil)
		if err == nil {
			j.Close()
		}
		return err
	}
	// Cut anywhere, the whole lines before the cut are kept.
	for cut := 0; cut <= len(whole); cut += 7 {
		if err := open(whole[:cut]); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		kept, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(whole, kept) || bytes.Count(kept, []byte("\n")) != bytes.Count(whole[:cut], []byte("\n")) {
			t.Fatalf("cut at %d: kept %d, %v", cut, len(kept), err)
		}
	}
	// A changed byte is damage, but for the last line's end, which reads as a cut.
	for i := 0; i < len(whole)-1; i += 5 {
		changed := slices.Clone(whole)
		changed[i] ^= 0x04
		if err := open(changed); !errors.Is(err, ErrJournal) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	swapped := slices.Concat(slices.Concat(lines[1], lines[0]), bytes.Join(lines[2:], nil))
	dropped := bytes.Join(lines[1:], nil)
	for _, data := range [][]byte{swapped, dropped, slices.Concat(lines[0], whole)} {
		if err := open(data); !errors.Is(err, ErrJournal) {
			t.Error(err)
		}
	}
}

func TestAuditFailsClosed(t *testing.T) {
	b := newBench(t)
	b.note("a", epoch.Add(-40*day))
	var told []string
	broken := true
	b.exec.Audit = func(_ context.Context, i Item, e AuditEvent) error {
		if _, err := b.main.Content("note", i.ID); e == AuditAttempt && err != nil {
			t.Error("fenced before the attempt was told")
		}
		if broken {
			return errors.New("audit log is full")
		}
		told = append(told, i.ID+" "+string(e))
		return nil
	}
	if _, r := b.sweep(); r.Failed["audit"] != 1 || !b.has("note", "a") {
		t.Errorf("%+v", r)
	}
	broken = false
	if _, r := b.sweep(); r.Destroyed != 1 || !slices.Equal(told, []string{"a attempt", "a destroyed"}) {
		t.Errorf("%+v %v", r, told)
	}
	b.note("b", epoch.Add(-40*day))
	b.copies.before = func() { b.holds = []Hold{{ID: "h", Placed: b.now, Scope: Scope{All: true}}} }
	if b.sweep(); !slices.Equal(told[2:], []string{"b attempt", "b abandoned"}) {
		t.Error(told)
	}
}

func TestCompact(t *testing.T) {
	for _, sealer := range []Sealer{nil, xorSealer{}} {
		b := newBench(t)
		b.exec.Journal.Close()
		os.Remove(filepath.Join(b.dir, "journal"))
		b.sealer = sealer
		b.open()
		b.note("kanarejka", epoch.Add(-40*day))
		b.subscriber("b", epoch.Add(-40*day))
		_, r := b.sweep()
		b.subscriber("c", epoch.Add(-40*day))
		b.main.fail = errors.New("disk")
		b.sweep()
		ctx, later := context.Background(), b.now.Add(time.Hour)
		compact := func() {
			t.Helper()
			if err := b.exec.Journal.Compact(ctx, later); err != nil {
				t.Fatal(err)
			}
			b.reopen()
		}
		b.now = b.now.Add(time.Minute)
		newest := b.exec.Journal.Newest()
		compact()
		if n := len(b.exec.Journal.order); n != 3 { // two owe papers, one is unfinished
			t.Errorf("%d operations left", n)
		}
		if owed := b.exec.Journal.WithoutPapers(); !slices.Equal(owed, r.Ops) {
			t.Errorf("papers owed for %v, want %v", owed, r.Ops)
		}
		if err := b.exec.PapersWritten(ctx, r.Ops); err != nil {
			t.Fatal(err)
		}
		compact()
		if n := len(b.exec.Journal.order); n != 2 { // one owes a confirmation, one is unfinished
			t.Errorf("%d operations left", n)
		}
		if _, err := b.exec.Confirmation(ctx, "z", epoch, operator, r.Ops[:1], nil); err != nil {
			t.Fatal(err)
		}
		compact()
		if left := b.exec.Journal.unfinished(); len(b.exec.Journal.order) != 1 || len(left) != 1 || b.exec.Journal.Newest().Before(newest) {
			t.Errorf("%v, %d operations, newest %v", left, len(b.exec.Journal.order), b.exec.Journal.Newest())
		}
		data, err := os.ReadFile(filepath.Join(b.dir, "journal"))
		if err != nil || bytes.Contains(data, []byte("kanarejka")) {
			t.Error("identifiers stayed", err)
		}
		b.main.fail = nil
		if _, r := b.sweep(); r.Destroyed != 1 {
			t.Errorf("%+v", r)
		}
	}
}
