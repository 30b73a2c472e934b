package retention

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// An Executor carries out plans. Fill the fields and do not change them afterwards; methods may
// be called from several goroutines and wait for one another.
type Executor struct {
	Policy  *Policy  // required
	Stores  []Store  // required; system names are unique
	Journal *Journal // required

	// Holds returns all holds, open and released. It is asked again before each record, and once more
	// from inside the store. Required: a service without holds returns none.
	Holds func(context.Context) ([]Hold, error)

	Tombstones *Tombstones // nil: none are kept, and a restored backup brings records back
	Packages   *Packages   // needed by export_then_delete
	Limit      Limit       // zero: no limit

	// Notify carries out the action notify. After a crash it may be called twice for one item. Nil: such items are counted as pending, and the duty is
	// met when its fact is known.
	Notify func(context.Context, Item) error

	// Audit is told of each operation before its first fence (AuditAttempt) and of its end. An error at
	// the attempt leaves the record alone, so that an audit log fails closed; one at the end
	// stops the executor, and the end is told again. Nil: nobody is told.
	Audit func(context.Context, Item, AuditEvent) error

	// Failure is told the cause of each failure that the report counts under code. A cause comes from a store
	// and may name records. Nil: causes are dropped.
	Failure func(item Item, code string, cause error)

	Now        func() time.Time // nil is time.Now
	MaxForward time.Duration    // the longest plausible time since the journal's last entry; 0 is 31 days

	mu sync.Mutex
	// point is called before and after each step, for tests that stop there.
	point func()
}

// AuditEvent says what an executor is about to do with an item, or did.
type AuditEvent string

// The audit events.
const (
	AuditAttempt   AuditEvent = "attempt"
	AuditDestroyed AuditEvent = "destroyed"
	AuditGone      AuditEvent = "gone"
	AuditAbandoned AuditEvent = "abandoned"
	AuditNotified  AuditEvent = "notified"
)

// A Limit stops a plan that destroys more than anyone expects of one, per class. Zero
// fields do not limit.
type Limit struct {
	Count int     // records
	Share float64 // of the records scanned, 0 to 1
}

// Errors that stop an executor before it destroys anything more.
var (
	ErrPolicyChanged = errors.New("retention: the plan was made under another policy; make a new one")
	ErrLimit         = errors.New("retention: the plan would destroy more than the limit allows; have it approved")
	ErrClock         = errors.New("retention: the clock is behind the journal or too far ahead of it; set it right, or call AcceptClock")
)

// A Report adds up what became of the items. Counts are of records, not of tries.
type Report struct {
	Destroyed int            `json:"destroyed"` // by this call, or finished by it
	Gone      int            `json:"gone"`      // were no longer there
	Notified  int            `json:"notified"`  // by Notify
	Pending   int            `json:"pending"`   // notices, without Notify
	Done      int            `json:"done"`      // had been done before
	Skipped   map[string]int `json:"skipped"`   // by reason: held, changed, not_due, no_such_store
	Failed    map[string]int `json:"failed"`    // by reason: will be tried again
	Attention int            `json:"attention"` // need a person
	Ops       []string       `json:"ops"`       // operations that destroyed
}

func newReport() *Report { return &Report{Skipped: map[string]int{}, Failed: map[string]int{}} }

// Clean reports whether nothing failed and nothing needs a person.
func (r *Report) Clean() bool { return len(r.Failed) == 0 && r.Attention == 0 }

// Sweep plans as of now and applies the plan, after finishing what was left unfinished.
func (e *Executor) Sweep(ctx context.Context) (*Plan, *Report, error) {
	holds, err := e.Holds(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("retention: holds: %w", err)
	}
	plan, err := MakePlan(ctx, e.Policy, e.Stores, holds, e.now())
	if err != nil {
		return nil, nil, err
	}
	report, err := e.Apply(ctx, plan)
	return plan, report, err
}

// Apply finishes what a crash left, then carries out the plan. Each item is decided again,
// now, with fresh facts and holds; what has changed since is skipped. Applying a plan again changes
// nothing. The report is there also beside an error.
func (e *Executor) Apply(ctx context.Context, plan *Plan) (*Report, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := newReport()
	if err := e.check(plan); err != nil {
		return r, err
	}
	if err := e.resume(ctx, r); err != nil {
		return r, err
	}
	destroyed := map[string]int{}
	for i := range plan.Items {
		item := &plan.Items[i]
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if item.Action == Keep {
			r.Attention++
			continue
		}
		if op := e.Journal.operation(item.Op); op != nil && op.done != "" {
			r.Done++
			continue
		}
		if item.Action.Destroys() && plan.Approved == "" && e.Limit.passed(destroyed[item.Class], plan.Scanned[item.Class]) {
			return r, ErrLimit
		}
		before := r.Destroyed
		if err := e.item(ctx, *item, r); err != nil {
			return r, err
		}
		destroyed[item.Class] += r.Destroyed - before
	}
	return r, e.write(ctx, entry{Step: stepSwept})
}

// passed reports whether one more after n is too many.
func (l Limit) passed(n, scanned int) bool {
	return l.Count > 0 && n+1 > l.Count || l.Share > 0 && float64(n+1) > l.Share*float64(scanned)
}

func (e *Executor) check(plan *Plan) error {
	if e.Policy == nil || e.Journal == nil || e.Holds == nil || len(e.Stores) == 0 {
		return errors.New("retention: an executor needs Policy, Stores, Journal and Holds")
	}
	seen := map[string]bool{}
	for _, s := range e.Stores {
		for _, a := range s.systems() {
			if seen[a.System()] {
				return errors.New("retention: two adapters of one system name")
			}
			seen[a.System()] = true
		}
	}
	if hash := e.Policy.Hash(); plan != nil && plan.Policy != hex.EncodeToString(hash[:]) {
		return ErrPolicyChanged
	}
	return e.checkClock()
}

// checkClock refuses to destroy by a clock that cannot be right: one that is behind what the
// journal has seen, or that has leapt. A wrong year destroys everything.
func (e *Executor) checkClock() error {
	newest, now := e.Journal.Newest(), e.now()
	limit := e.MaxForward
	if limit == 0 {
		limit = 31 * 24 * time.Hour
	}
	if !newest.IsZero() && (now.Before(newest) || now.Sub(newest) > limit) {
		return ErrClock
	}
	return nil
}

// AcceptClock writes into the journal that a person has looked at the clock and found it right, after a
// long stop. A clock behind the journal is never accepted.
func (e *Executor) AcceptClock(ctx context.Context) error {
	if e.now().Before(e.Journal.Newest()) {
		return ErrClock
	}
	return e.write(ctx, entry{Step: stepSwept, Code: "clock_accepted"})
}

func (e *Executor) now() time.Time {
	if e.Now != nil {
		return e.Now().UTC()
	}
	return time.Now().UTC()
}

// Resume finishes or abandons what a crash or a failure left. Apply and Sweep begin with it.
func (e *Executor) Resume(ctx context.Context) (*Report, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := newReport()
	if err := e.check(nil); err != nil {
		return r, err
	}
	return r, e.resume(ctx, r)
}

func (e *Executor) resume(ctx context.Context, r *Report) error {
	for _, id := range e.Journal.unfinished() {
		op := e.Journal.operation(id)
		if e.store(op.item.System) == nil {
			r.Failed["no_such_store"]++
			continue
		}
		if err := e.item(ctx, op.item, r); err != nil {
			return err
		}
	}
	return nil
}

// item begins an item, or goes on with it.
func (e *Executor) item(ctx context.Context, item Item, r *Report) error {
	store := e.store(item.System)
	if store == nil {
		r.Skipped["no_such_store"]++
		return nil
	}
	switch {
	case item.Action == Notify:
		return e.notify(ctx, *store, item, r)
	case !item.Action.Destroys():
		return errors.New("retention: an item with no action to carry out")
	}
	return e.carryOut(ctx, *store, item, r)
}

func (e *Executor) store(system string) *Store {
	i := slices.IndexFunc(e.Stores, func(s Store) bool { return s.System() == system })
	if i < 0 {
		return nil
	}
	return &e.Stores[i]
}

// systems are in the order of destruction: copies first, the store last.
func (s *Store) systems() []Adapter { return append(slices.Clone(s.Copies), s.Adapter) }

func (e *Executor) notify(ctx context.Context, s Store, item Item, r *Report) error {
	if e.Notify == nil {
		r.Pending++
		return nil
	}
	begun := e.Journal.operation(item.Op) != nil
	reason, err := e.decideAgain(ctx, s, &item)
	switch {
	case err != nil:
		r.Failed["lookup"]++
		e.tell(item, "lookup", err)
		return nil
	case reason != "" && begun:
		r.Skipped[reason]++
		return e.write(ctx, entry{Op: item.Op, Step: stepAbandoned, Code: reason})
	case reason != "":
		r.Skipped[reason]++
		return nil
	}
	if err := e.audit(ctx, item, AuditAttempt); err != nil {
		r.Failed["audit"]++
		e.tell(item, "audit", err)
		return nil
	}
	if !begun {
		if err := e.write(ctx, entry{Op: item.Op, Step: stepPlanned, Item: &item}); err != nil {
			return err
		}
	}
	e.at()
	if err := e.Notify(ctx, item); err != nil {
		r.Failed["notify"]++
		e.tell(item, "notify", err)
		return e.write(ctx, entry{Op: item.Op, Step: stepAbandoned, Code: "notify"}) // the next plan has it again
	}
	e.at()
	r.Notified++
	if err := e.audit(ctx, item, AuditNotified); err != nil {
		return err
	}
	return e.write(ctx, entry{Op: item.Op, Step: stepNotified})
}

// carryOut takes an item from wherever it stands to its end, or leaves it in the journal
// for the next time. An error is one after which nothing more may be done.
func (e *Executor) carryOut(ctx context.Context, s Store, item Item, r *Report) error {
	op := e.Journal.operation(item.Op)
	if op == nil || len(op.begunAt) == 0 {
		// Nothing is destroyed yet: the last moment at which the answer may still be no.
		reason, err := e.decideAgain(ctx, s, &item)
		switch {
		case err != nil:
			e.tell(item, "lookup", err)
			return e.fail(ctx, op, item, r, "lookup")
		case reason == "gone" && op == nil:
			r.Gone++
			return nil
		case reason != "" && op == nil:
			r.Skipped[reason]++
			return nil
		case reason != "" && reason != "gone":
			return e.abandon(ctx, s, item, r, reason)
		}
	}
	if op == nil {
		if err := e.audit(ctx, item, AuditAttempt); err != nil {
			r.Failed["audit"]++
			e.tell(item, "audit", err)
			return nil
		}
		if err := e.write(ctx, entry{Op: item.Op, Step: stepPlanned, Item: &item}); err != nil {
			return err
		}
		op = e.Journal.operation(item.Op)
	}
	return e.steps(ctx, s, op, item, r)
}

func (e *Executor) steps(ctx context.Context, s Store, op *operation, item Item, r *Report) error {
	if !op.fenced {
		if err := e.write(ctx, entry{Op: item.Op, Step: stepFencing}); err != nil {
			return err
		}
	}
	if len(op.destroyed) == 0 {
		for _, a := range s.systems() {
			e.at()
			if err := a.Fence(ctx, item.Op, item.Class, item.ID); err != nil {
				e.tell(item, "fence", err)
				return e.fail(ctx, op, item, r, "fence")
			}
		}
	}
	if item.Action == ExportThenDelete && op.receipt == nil {
		if code, err := e.export(ctx, s, op, item); err != nil {
			return err
		} else if code != "" {
			return e.fail(ctx, op, item, r, code)
		}
	}
	for _, a := range s.systems() {
		if _, ok := op.destroyed[a.System()]; ok {
			continue
		}
		code, err := e.destroy(ctx, s, a, op, item)
		switch {
		case err != nil:
			return err
		case code == "held" || code == "changed":
			if len(op.destroyed) == 0 {
				return e.abandon(ctx, s, item, r, code)
			}
			return e.fail(ctx, op, item, r, code)
		case code != "":
			return e.fail(ctx, op, item, r, code)
		}
	}
	return e.finish(ctx, op, item, r)
}

// destroy has one system destroy and looks whether it did.
func (e *Executor) destroy(ctx context.Context, s Store, a Adapter, op *operation, item Item) (code string, err error) {
	version := item.Version
	if a != s.Adapter {
		version = ""
	}
	action := item.Action
	if action == ExportThenDelete {
		if op.receipt == nil {
			return "no_receipt", nil
		}
		action = Delete
	}
	if err := e.checkHeld(ctx, s, item); err != nil {
		return "held", nil
	}
	begun := op.begunAt[a.System()]
	if !begun {
		if err := e.write(ctx, entry{Op: item.Op, Step: stepDestroying, System: a.System()}); err != nil {
			return "", err
		}
	}
	e.at()
	outcome, err := a.Destroy(ctx, item.Op, Target{Class: item.Class, ID: item.ID, Version: version, Action: action, Check: func(ctx context.Context) error { return e.checkHeld(ctx, s, item) }})
	e.at()
	switch {
	case errors.Is(err, ErrHeld):
		return "held", nil
	case err != nil:
		e.tell(item, "destroy", err)
		return "destroy", nil
	case outcome == OutcomeVersionChanged:
		return "changed", nil
	case outcome == OutcomeGone && begun:
		outcome = OutcomeDestroyed // an earlier try of this operation did it before the crash
	}
	// What was anonymized may stay, but not as a record that is due again.
	record, present, err := a.Lookup(ctx, item.Class, item.ID)
	if present && action == Anonymize && a == s.Adapter {
		present = e.Policy.Decide(record, e.now(), Env{}).Action == Anonymize
	} else if action == Anonymize {
		present = false
	}
	if err != nil || present {
		e.tell(item, "still_there", err)
		return "still_there", nil
	}
	return "", e.write(ctx, entry{Op: item.Op, Step: stepDestroyed, System: a.System(), Method: a.Method(item.Action), Outcome: outcome})
}

// checkHeld looks for open holds, afresh. What cannot be learnt counts as a hold.
func (e *Executor) checkHeld(ctx context.Context, s Store, item Item) error {
	holds, err := e.Holds(ctx)
	if err != nil {
		return ErrHeld
	}
	now := e.now()
	record := Record{ID: item.ID, Class: item.Class, Subjects: item.Subjects}
	for _, h := range covering(holds, record) {
		if h.open(now) {
			return ErrHeld
		}
	}
	return nil
}

func (e *Executor) finish(ctx context.Context, op *operation, item Item, r *Report) error {
	destroyed := op.destroyedAny()
	if e.Tombstones != nil && item.Action != Anonymize {
		if err := e.Tombstones.put(item, e.now()); err != nil {
			return err
		}
	}
	event := AuditGone
	if destroyed {
		event = AuditDestroyed
	}
	// Before the end is journalled: after a crash it is told twice rather than never.
	if err := e.audit(ctx, item, event); err != nil {
		return err
	}
	if err := e.write(ctx, entry{Op: item.Op, Step: stepFinished}); err != nil {
		return err
	}
	if !destroyed {
		r.Gone++
		return nil
	}
	r.Destroyed++
	r.Ops = append(r.Ops, item.Op)
	return nil
}

// abandon lets a fenced record live on.
func (e *Executor) abandon(ctx context.Context, s Store, item Item, r *Report, reason string) error {
	for _, a := range s.systems() {
		e.at()
		if err := a.Unfence(ctx, item.Op, item.Class, item.ID); err != nil {
			e.tell(item, "unfence", err)
			return e.fail(ctx, e.Journal.operation(item.Op), item, r, "unfence")
		}
	}
	r.Skipped[reason]++
	if err := e.audit(ctx, item, AuditAbandoned); err != nil {
		return err
	}
	return e.write(ctx, entry{Op: item.Op, Step: stepAbandoned, Code: reason})
}

// fail leaves the operation for the next time.
func (e *Executor) fail(ctx context.Context, op *operation, item Item, r *Report, code string) error {
	r.Failed[code]++
	if op == nil {
		return nil
	}
	return e.write(ctx, entry{Op: item.Op, Step: stepFailed, Code: code})
}

// decideAgain gives the reason not to do the item now, if there is one, and freshens what
// the papers will say about it.
func (e *Executor) decideAgain(ctx context.Context, s Store, item *Item) (reason string, err error) {
	e.at()
	record, present, err := s.Lookup(ctx, item.Class, item.ID)
	if err != nil {
		return "", err
	}
	if !present {
		return "gone", nil
	}
	holds, err := e.Holds(ctx)
	if err != nil {
		return "", err
	}
	d := e.Policy.Decide(record, e.now(), Env{Holds: covering(holds, record)})
	switch {
	case d.State == Held:
		return "held", nil
	case d.Action != item.Action:
		return "not_due", nil
	case record.Version != item.Version:
		return "changed", nil
	}
	item.Subjects, item.Categories, item.Rule, item.Confirm = record.Subjects, e.Policy.Categories(item.Class), d.Rule, d.Confirm
	return "", nil
}

func (e *Executor) tell(item Item, code string, cause error) {
	if e.Failure != nil {
		e.Failure(item, code, cause)
	}
}

func (e *Executor) audit(ctx context.Context, item Item, event AuditEvent) error {
	if e.Audit == nil {
		return nil
	}
	e.at()
	if err := e.Audit(ctx, item, event); err != nil {
		return fmt.Errorf("retention: audit: %w", err)
	}
	return nil
}

func (e *Executor) write(ctx context.Context, en entry) error {
	e.at()
	en.At = e.now()
	err := e.Journal.write(ctx, en)
	e.at()
	return err
}

func (e *Executor) at() {
	if e.point != nil {
		e.point()
	}
}
