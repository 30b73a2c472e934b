package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/syntora/vual/retention"
)

// place is the directory that plan and apply work on.
type place struct {
	dir, system, state, holds string

	files, packages *retention.Files
}

func (c *command) place() *place {
	p := &place{}
	c.flags.StringVar(&p.dir, "dir", "", "`directory` of records: files with sidecars NAME.retention.json")
	c.flags.StringVar(&p.system, "system", "", "`name` of the personal-data system, for the act; the directory's name if absent")
	c.flags.StringVar(&p.state, "state", "", "`directory` for journal, tombstones and export packages; not inside -dir")
	c.flags.StringVar(&p.holds, "holds", "", "`file` with a JSON list of holds")
	return p
}

// open opens the stores: the directory, and the packages once there is a state.
func (p *place) open() ([]retention.Store, error) {
	if p.dir == "" {
		return nil, errUsage
	}
	abs, err := filepath.Abs(p.dir)
	if err != nil {
		return nil, errors.New("-dir: not a directory")
	}
	if p.system == "" {
		p.system = filepath.Base(abs)
	}
	if p.files, err = retention.OpenFiles(p.system, p.dir, nil); err != nil {
		return nil, errors.New("-dir: the directory does not open")
	}
	stores := []retention.Store{{Adapter: p.files}}
	if p.state == "" {
		return stores, nil
	}
	absState, err := filepath.Abs(p.state)
	if rel, rerr := filepath.Rel(abs, absState); err != nil || rerr == nil && filepath.IsLocal(rel) {
		return nil, errors.New("-state: a directory outside -dir is wanted")
	}
	packages := filepath.Join(p.state, "packages")
	if err := os.MkdirAll(packages, 0o700); err != nil {
		return nil, errors.New("-state: the directory cannot be made")
	}
	if p.packages, err = retention.OpenFiles("Пакеты выгрузки", packages, nil); err != nil {
		return nil, errors.New("-state: the packages do not open")
	}
	return append(stores, retention.Store{Adapter: p.packages}), nil
}

func (p *place) close() {
	for _, f := range []*retention.Files{p.files, p.packages} {
		if f != nil {
			f.Close()
		}
	}
}

func (p *place) readHolds() ([]retention.Hold, error) {
	if p.holds == "" {
		return nil, nil
	}
	data, err := os.ReadFile(p.holds)
	if err != nil {
		return nil, errors.New("-holds: the file does not read")
	}
	return retention.ParseHolds(data)
}

// plan writes what is to be done, and does nothing.
func plan(c *command) error {
	where := c.place()
	c.flags.StringVar(&c.at, "at", "", "plan as of this `time` (RFC 3339), to look ahead")
	policy, err := c.load()
	if err != nil {
		return err
	}
	at, err := c.now()
	if err != nil {
		return err
	}
	stores, err := where.open()
	defer where.close()
	if err != nil {
		return err
	}
	holds, err := where.readHolds()
	if err != nil {
		return err
	}
	made, err := retention.MakePlan(context.Background(), policy, stores, holds, at)
	if err != nil {
		return err
	}
	if err := made.Write(c.out); err != nil {
		return err
	}
	if n := len(made.Attention()); n > 0 {
		fmt.Fprintf(c.errors, "%d records need a person: blocked, unclassified or invalid\n", n)
		return errWrong
	}
	return nil
}

// papers is the file that -papers names: what an act needs and a journal cannot know.
type papers struct {
	Number     string                `json:"number"`
	Operator   retention.Party       `json:"operator"`
	Processor  *retention.Party      `json:"processor"`
	Delegated  bool                  `json:"delegated"`
	Executors  []retention.Signatory `json:"executors"`
	Processing retention.Processing  `json:"processing"`
	Media      []retention.Medium    `json:"media"`
	Reason     string                `json:"reason"`
	Remarks    []string              `json:"remarks"`
	Zone       string                `json:"zone"`
}

// apply carries a plan out and writes the act and the extract.
func apply(c *command) error {
	where, o := c.place(), c.order()
	policy, err := c.load()
	if err != nil {
		return err
	}
	if o.plan == "" || where.state == "" || (o.papers == "") != (o.out == "") {
		return errUsage
	}
	stores, err := where.open()
	defer where.close()
	if err != nil {
		return err
	}
	todo, details, err := o.read()
	if err != nil {
		return err
	}
	ctx := context.Background()
	e := &retention.Executor{
		Policy: policy, Stores: stores, Limit: retention.Limit{Count: o.limit},
		Holds:    func(context.Context) ([]retention.Hold, error) { return where.readHolds() },
		Packages: &retention.Packages{Files: where.packages, Unsealed: o.unsealed},
	}
	e.Failure = func(item retention.Item, code string, cause error) {
		fmt.Fprintf(c.errors, "operation %s: %s: %v\n", item.Op, code, cause)
	}
	if e.Journal, err = retention.OpenJournal(ctx, filepath.Join(where.state, "journal"), nil); err != nil {
		return err
	}
	defer e.Journal.Close()
	if e.Tombstones, err = retention.OpenTombstones(where.state); err != nil {
		return err
	}
	defer e.Tombstones.Close()
	return o.carryOut(ctx, c, e, todo, details)
}

// An order is what the flags of apply say.
type order struct {
	plan, approve, papers, out string
	limit                      int
	unsealed, acceptClock      bool
}

func (c *command) order() *order {
	o := new(order)
	c.flags.StringVar(&o.plan, "plan", "", "`file` that plan wrote")
	c.flags.StringVar(&o.approve, "approve", "", "`name` of who allows the plan to pass the limit")
	c.flags.IntVar(&o.limit, "limit", 1000, "stop before more than this `number` of records of a class")
	c.flags.StringVar(&o.papers, "papers", "", "JSON `file` with operator, executors and zone, for act and extract")
	c.flags.StringVar(&o.out, "out", "", "`directory` for act and extract, JSON and HTML")
	c.flags.BoolVar(&o.unsealed, "unsealed-packages", false, "write export packages in clear, for a disk that is itself encrypted")
	c.flags.BoolVar(&o.acceptClock, "accept-clock", false, "the clock was looked at after a long stop and is right")
	return o
}

// read gives the plan, and what its papers need, nil if none are wanted.
func (o *order) read() (todo *retention.Plan, details *retention.ActDetails, err error) {
	if todo, err = readPlan(o.plan); err != nil {
		return nil, nil, err
	}
	todo.Approved = o.approve
	if o.papers == "" {
		return todo, nil, nil
	}
	if details, err = readPapers(o.papers); err != nil {
		return nil, nil, err
	}
	return todo, details, todo.CheckPapers(*details)
}

func (o *order) carryOut(ctx context.Context, c *command, e *retention.Executor, todo *retention.Plan, details *retention.ActDetails) error {
	if o.acceptClock {
		if err := e.AcceptClock(ctx); err != nil {
			return err
		}
	}
	report, err := e.Apply(ctx, todo)
	// Papers are written even if something stopped the rest, and for earlier runs that
	// wrote none.
	if werr := retention.WriteJSON(c.out, report); err == nil {
		err = werr
	}
	if ops := e.Journal.WithoutPapers(); details != nil && len(ops) > 0 {
		err = errors.Join(err, writePapers(ctx, e, ops, *details, o.out))
	}
	if err == nil && !report.Clean() {
		err = errWrong
	}
	return err
}

func readPlan(name string) (*retention.Plan, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.New("-plan: the file does not open")
	}
	defer f.Close()
	return retention.ReadPlan(f)
}

func readPapers(name string) (*retention.ActDetails, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.New("-papers: the file does not open")
	}
	defer f.Close()
	var p papers
	dec := json.NewDecoder(io.LimitReader(f, 1<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return nil, errors.New("-papers: not JSON with operator, executors, zone and the like")
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" || p.Zone == "Local" {
		return nil, errors.New("-papers: a zone such as Europe/Moscow is wanted")
	}
	return &retention.ActDetails{
		Number: p.Number, Operator: p.Operator, Processor: p.Processor, Delegated: p.Delegated, Executors: p.Executors,
		Processing: p.Processing, Media: p.Media, Reason: p.Reason, Remarks: p.Remarks, Zone: zone,
	}, nil
}

// paper is an act or an extract.
type paper interface{ WriteHTML(io.Writer) error }

func writePapers(ctx context.Context, e *retention.Executor, ops []string, details retention.ActDetails, dir string) error {
	act, err := e.Act(ops, details)
	if err != nil {
		return err
	}
	extract, err := e.Extract(ops, details)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errors.New("-out: the directory cannot be made")
	}
	for name, p := range map[string]paper{"act": act, "extract": extract} {
		html := func(w io.Writer) error { return p.WriteHTML(w) }
		text := func(w io.Writer) error { return retention.WriteJSON(w, p) }
		// Named by the first and last operation: another run writes other papers beside these.
		base := filepath.Join(dir, name+"-"+ops[0]+"-"+ops[len(ops)-1])
		if err := errors.Join(writeNew(base+".html", html), writeNew(base+".json", text)); err != nil {
			return err
		}
	}
	return e.PapersWritten(ctx, ops)
}

// writeNew never replaces evidence, but for the same bytes that a run cut short has left.
func writeNew(name string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	if old, err := os.ReadFile(name); err == nil && bytes.HasPrefix(text.Bytes(), old) {
		os.Remove(name)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.New("-out: a paper cannot be written")
	}
	_, err = f.Write(text.Bytes())
	return errors.Join(err, f.Sync(), f.Close())
}
