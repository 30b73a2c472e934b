package retention

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"
)

// An Item is one record of a plan, with the decision made for it. Those in the states
// due and overdue are to be done; those blocked, unclassified or invalid are for a person to look at.
type Item struct {
	Op         string    `json:"op"`     // names the operation in journals and to adapters
	System     string    `json:"system"` // of the store whose facts decided
	ID         string    `json:"id"`
	Class      string    `json:"class"`
	Version    string    `json:"version,omitempty"`
	Subjects   []string  `json:"subjects,omitempty"`
	Categories []string  `json:"categories,omitempty"` // of the class
	Action     Action    `json:"action"`
	State      State     `json:"state"`
	Rule       string    `json:"rule,omitempty"`
	Confirm    bool      `json:"confirm,omitempty"` // a written confirmation is owed
	NotBefore  time.Time `json:"not_before,omitzero"`
	Deadline   time.Time `json:"deadline,omitzero"`
	Because    []string  `json:"because,omitempty"`
}

// A Plan is what a policy asks of the records of some stores at one time. It is data: keep it, read
// it, sign it, and give it to [Executor.Apply], which decides each item again.
type Plan struct {
	Policy   string               `json:"policy"` // hash, hexadecimal
	AsOf     time.Time            `json:"as_of"`
	Approved string               `json:"approved,omitempty"` // who allows it to pass the blast limit
	Items    []Item               `json:"items"`
	Scanned  map[string]int       `json:"scanned"`             // records by class
	States   map[string]int       `json:"states"`              // records by state
	NextEval map[string]time.Time `json:"next_eval,omitempty"` // by class, the earliest of its records
}

// scanBatch is how many records a store is asked for at once.
const scanBatch = 500

// MakePlan decides every record in the stores, at a time that may lie ahead: those of the classes of the
// policy, and those of other classes in stores that are a [ClassLister]. Nothing is changed. Holds are those of all records; each applies where it covers.
func MakePlan(ctx context.Context, p *Policy, stores []Store, holds []Hold, at time.Time) (*Plan, error) {
	hash := p.Hash()
	plan := &Plan{Policy: hex.EncodeToString(hash[:]), AsOf: at.UTC(), Items: []Item{}, Scanned: map[string]int{}, States: map[string]int{}, NextEval: map[string]time.Time{}}
	for _, s := range stores {
		classes, err := classesOf(ctx, p, s)
		if err != nil {
			return nil, fmt.Errorf("retention: plan: %s: %w", s.System(), err)
		}
		for _, class := range classes {
			if err := plan.scan(ctx, p, s, class, holds); err != nil {
				return nil, fmt.Errorf("retention: plan: %s: %w", s.System(), err)
			}
		}
	}
	return plan, nil
}

// classesOf returns the classes of the policy, then what else the store has.
func classesOf(ctx context.Context, p *Policy, s Store) ([]string, error) {
	classes := slices.Clone(p.Classes())
	lister, ok := s.Adapter.(ClassLister)
	if !ok {
		return classes, nil
	}
	there, err := lister.Classes(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(there)
	for _, class := range slices.Compact(there) {
		if !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	return classes, nil
}

func (plan *Plan) scan(ctx context.Context, p *Policy, s Store, class string, holds []Hold) error {
	for after := ""; ; {
		records, err := s.Scan(ctx, class, after, scanBatch)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.ID <= after || r.Class != class {
				return errors.New("the store's scan does not advance, or gives another class")
			}
			if r.Version == "" {
				return errors.New("the store gives a record without a version: what is changed could not be told from what was decided on")
			}
			after = r.ID
			plan.add(p, s, r, holds)
		}
		if len(records) < scanBatch {
			return nil
		}
	}
}

func (plan *Plan) add(p *Policy, s Store, r Record, holds []Hold) {
	d := p.Decide(r, plan.AsOf, Env{Holds: covering(holds, r)})
	plan.Scanned[r.Class]++
	plan.States[string(d.State)]++
	if t := plan.NextEval[r.Class]; !d.NextEval.IsZero() && (t.IsZero() || d.NextEval.Before(t)) {
		plan.NextEval[r.Class] = d.NextEval
	}
	switch d.State {
	case Due, Overdue, Blocked, Unclassified, Invalid:
	default:
		return
	}
	item := Item{
		System: s.System(), ID: r.ID, Class: r.Class, Version: r.Version, Subjects: r.Subjects, Categories: p.Categories(r.Class),
		Action: d.Action, State: d.State, Rule: d.Rule, Confirm: d.Confirm, NotBefore: d.NotBefore, Deadline: d.Deadline,
	}
	for _, b := range d.Because {
		item.Because = append(item.Because, b.String())
	}
	item.Op = plan.op(&item)
	plan.Items = append(plan.Items, item)
}

// op is the same for the same plan and record, so that applying twice is applying once.
func (plan *Plan) op(i *Item) string {
	h := sha256.New()
	for _, s := range []string{plan.Policy, plan.AsOf.Format(time.RFC3339Nano), i.System, i.Class, i.ID, i.Version, string(i.Action)} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// covering returns the holds that cover the record.
func covering(holds []Hold, r Record) (out []Hold) {
	for i := range holds {
		if holds[i].Covers(r) {
			out = append(out, holds[i])
		}
	}
	return out
}

// Attention lists the items that need a person: blocked, unclassified, invalid.
func (plan *Plan) Attention() (out []Item) {
	for _, i := range plan.Items {
		if i.State == Blocked || i.State == Unclassified || i.State == Invalid {
			out = append(out, i)
		}
	}
	return out
}

// Write writes the plan as JSON. It names records and subjects.
func (plan *Plan) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(plan)
}

// maxPlan bounds a plan that is read from a file: about 200,000 items.
const maxPlan = 256 << 20

// ReadPlan reads what [Plan.Write] wrote, at most 256 MiB.
func ReadPlan(r io.Reader) (*Plan, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPlan+1))
	if err != nil {
		return nil, fmt.Errorf("retention: plan: %w", err)
	}
	n, err := parseLimited(data, maxPlan)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Items: []Item{}, Scanned: map[string]int{}, States: map[string]int{}} // what is absent is written as empty
	if err := n.decode(reflect.ValueOf(plan).Elem(), ""); err != nil {
		return nil, err
	}
	for i := range plan.Items {
		if item := &plan.Items[i]; item.Op != plan.op(item) {
			return nil, errors.New("retention: plan: an item was changed after the plan was made")
		}
	}
	return plan, nil
}
