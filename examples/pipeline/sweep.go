package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"time"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/retention/policy"
)

//go:embed retention.yaml
var termsYAML []byte

// The classes of what is kept, in retention.yaml.
const (
	transcriptClass = "transcript"
	subjectClass    = "subject"
)

func terms() (*retention.Policy, error) {
	document, err := policy.Parse(termsYAML)
	if err != nil {
		return nil, err
	}
	return retention.New(document, nil)
}

// openRecords opens the folder of sealed conversations as a store that takes part in retention.
func (s *state) openRecords() (*retention.Files, error) {
	return retention.OpenFiles("conversations", filepath.Join(s.dir, "sealed"), &retention.FilesOptions{Shred: s.shred})
}

// shred destroys the key of a record, which no copy of its file outlives.
func (s *state) shred(ctx context.Context, class, id string) error {
	owner := crypto.Owner{Tenant: path.Dir(id), Conversation: path.Base(id)}
	if class == subjectClass {
		owner = crypto.Owner{Tenant: path.Dir(path.Dir(id)), Subject: path.Base(id)}
	}
	_, err := s.keys.Destroy(ctx, owner, crypto.Destruction{Actor: whoami(), Reason: "the term is over, or it was asked for"})
	return err
}

// sweep destroys the conversations whose term is over, of all tenants. With a time it destroys nothing and tells what would be
// due then.
func (s *state) sweep(ctx context.Context, at time.Time, out io.Writer) (ok bool, err error) {
	if !at.IsZero() {
		p, err := terms()
		if err != nil {
			return false, err
		}
		plan, err := retention.MakePlan(ctx, p, []retention.Store{{Adapter: s.records}}, nil, at)
		if err != nil {
			return false, err
		}
		due := 0
		for _, item := range plan.Items {
			if item.Class == transcriptClass && item.Action.Destroys() {
				due++
			}
		}
		fmt.Fprintf(out, "at %s: %d of %d conversations are due\n", at.Format(time.RFC3339), due, plan.Scanned[transcriptClass])
		return true, nil
	}
	if err := s.destroyDue(ctx, out); err != nil {
		return false, err
	}
	return true, s.papers(ctx, nil, out)
}

// destroyDue destroys what is due now.
func (s *state) destroyDue(ctx context.Context, out io.Writer) error {
	var plan *retention.Plan
	var report *retention.Report
	err := s.execute(func(e *retention.Executor) (err error) {
		if s.acceptClock {
			if err := e.AcceptClock(ctx); err != nil {
				return err
			}
		}
		plan, report, err = e.Sweep(ctx)
		return err
	})
	if err != nil {
		return err
	}
	destroyed := 0
	for _, op := range report.Ops {
		if item, _ := s.journal.Item(op); item.Class == transcriptClass {
			destroyed++
		}
	}
	fmt.Fprintf(out, "%d conversations destroyed, %d kept\n", destroyed, plan.Scanned[transcriptClass]-destroyed)
	if !report.Clean() {
		return errors.New("not everything that is due could be destroyed; try again")
	}
	return nil
}

// execute lends f an executor.
func (s *state) execute(f func(*retention.Executor) error) error {
	p, err := terms()
	if err != nil {
		return err
	}
	return f(&retention.Executor{
		Policy: p, Stores: []retention.Store{{Adapter: s.records}}, Journal: s.journal, Now: s.now,
		Holds:      func(context.Context) ([]retention.Hold, error) { return nil, nil },
		Audit:      s.auditSweep,
		MaxForward: longestPause,
	})
}

// longestPause is how long nobody may have swept without somebody looking at the clock.
const longestPause = 366 * 24 * time.Hour

// auditSweep writes into the log what the executor is about to do, and did.
func (s *state) auditSweep(ctx context.Context, item retention.Item, event retention.AuditEvent) error {
	outcome := audit.Success
	switch event {
	case retention.AuditAttempt:
		outcome = audit.Attempt
	case retention.AuditAbandoned:
		outcome = audit.Failed
	}
	object := conversationObject
	if item.Class == subjectClass {
		object = subjectObject
	}
	e := s.event(actionDestroy, object, item.ID)
	e.Outcome = outcome
	_, err := s.trail.Record(ctx, e)
	return err
}
