package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/retention/policy"
)

//go:embed retention.yaml
var termsYAML []byte

// transcriptClass is the class of what is kept, in retention.yaml.
const transcriptClass = "transcript"

func terms() (*retention.Policy, error) {
	document, err := policy.Parse(termsYAML)
	if err != nil {
		return nil, err
	}
	return retention.New(document, nil)
}

// openRecords opens the folder of sealed conversations as a store that takes part in retention.
func (s *state) openRecords() (*retention.Files, error) {
	return retention.OpenFiles("conversations", filepath.Join(s.dir, "sealed"), &retention.FilesOptions{
		Method: "уничтожение ключа разговора, затем удаление файла средствами операционной системы",
		Shred:  s.shred,
	})
}

// shred destroys the key of a conversation, which no copy of its file outlives.
func (s *state) shred(ctx context.Context, _, id string) error {
	tenant, conversation, _ := strings.Cut(id, "/")
	_, err := s.keys.Destroy(ctx, crypto.Owner{Tenant: tenant, Conversation: conversation},
		crypto.Destruction{Actor: whoami(), Reason: "the term is over"})
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
		fmt.Fprintf(out, "at %s: %d of %d conversations are due\n", at.Format(time.RFC3339), plan.States["due"]+plan.States["overdue"], len(plan.Items))
		return true, nil
	}
	ops, err := s.destroyDue(ctx, out)
	if err != nil {
		return false, err
	}
	return true, s.papers(ctx, &proof{ops: ops}, out)
}

// destroyDue destroys what is due now, and gives the operations that did.
func (s *state) destroyDue(ctx context.Context, out io.Writer) ([]string, error) {
	var plan *retention.Plan
	var report *retention.Report
	err := s.execute(func(e *retention.Executor) (err error) {
		plan, report, err = e.Sweep(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "%d conversations destroyed, %d kept\n", report.Destroyed, plan.Scanned[transcriptClass]-report.Destroyed)
	if !report.Clean() {
		return nil, errors.New("not everything that is due could be destroyed; try again")
	}
	return report.Ops, nil
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
	e := s.event(actionDestroy, conversationObject, item.ID)
	e.Outcome = outcome
	_, err := s.trail.Record(ctx, e)
	return err
}
