package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/syntora/vual/retention"
)

// A proof answers who asked for the destruction of what was kept.
type proof struct {
	request  string
	received time.Time
	remains  []string // what was not reached
}

// operator stands in the papers of this example. A product has its own in its configuration, and people to sign.
var operator = retention.Party{Name: "ООО «Пример»", Address: "101000, Москва, Примерная улица, 1"}

// moscow is the zone of the dates in the papers. It has no summer time, so that no table of zones is needed.
var moscow = time.FixedZone("MSK", 3*60*60)

// A paper is an act, an extract of the journal or a confirmation.
type paper interface{ WriteHTML(io.Writer) error }

// papers writes the act of destruction and the extract of the journal, after order 179 of Roskomnadzor, for everything that has
// none yet, also what a killed run destroyed; and to who asked, if anybody did, the confirmation. They are to be kept 3 years.
func (s *state) papers(ctx context.Context, p *proof, out io.Writer) error {
	return s.execute(func(e *retention.Executor) error {
		if err := s.writeAct(ctx, e, p, out); err != nil || p == nil {
			return err
		}
		return s.writeConfirmation(ctx, e, p, out)
	})
}

func (s *state) writeAct(ctx context.Context, e *retention.Executor, p *proof, out io.Writer) error {
	ops := s.journal.WithoutPapers()
	if len(ops) == 0 {
		return nil
	}
	details := retention.ActDetails{
		Number: s.now().In(moscow).Format("2006-01-02/150405"), Operator: operator, Zone: moscow,
		Executors: []retention.Signatory{{Name: whoami(), Position: "оператор системы", Signature: retention.SignOnPaper}},
	}
	if p != nil {
		details.Remarks = p.remains
	}
	act, err := e.Act(ops, details)
	if err != nil {
		return err
	}
	extract, err := e.Extract(ops, details)
	if err != nil {
		return err
	}
	if err := errors.Join(s.writePaper("act-"+ops[0], act, out), s.writePaper("extract-"+ops[0], extract, out)); err != nil {
		return err
	}
	return e.PapersWritten(ctx, ops)
}

// writeConfirmation answers for what was destroyed of the tenant because it was asked for.
func (s *state) writeConfirmation(ctx context.Context, e *retention.Executor, p *proof, out io.Writer) error {
	ops := s.unconfirmed()
	if len(ops) == 0 {
		return nil
	}
	confirmation, err := e.Confirmation(ctx, p.request+" "+ops[0], p.received, operator, ops, p.remainders())
	if err != nil {
		return err
	}
	return s.writePaper("confirmation-"+ops[0], confirmation, out)
}

// unconfirmed gives the operations on what was kept of the tenant that owe a confirmation.
func (s *state) unconfirmed() (ops []string) {
	for _, op := range s.journal.Unconfirmed() {
		if item, _ := s.journal.Item(op); strings.HasPrefix(item.ID, hashed(s.tenant)+"/") {
			ops = append(ops, op)
		}
	}
	return ops
}

func (p *proof) remainders() []retention.Remainder {
	var all []retention.Remainder
	for _, what := range p.remains {
		all = append(all, retention.Remainder{What: what, Reason: "outside the reach of this system"})
	}
	return all
}

func (s *state) writePaper(name string, p paper, out io.Writer) error {
	var page, data bytes.Buffer
	if err := p.WriteHTML(&page); err != nil {
		return err
	}
	if err := retention.WriteJSON(&data, p); err != nil {
		return err
	}
	path := filepath.Join(s.dir, "papers", name)
	if err := writeSecret(path+".json", data.Bytes()); err != nil {
		return err
	}
	if err := writeSecret(path+".html", page.Bytes()); err != nil {
		return err
	}
	fmt.Fprintln(out, "written:", path+".html")
	return nil
}
