package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/syntora/vual/retention"
)

// A proof is what papers are made of: the operations that destroyed something, and, where somebody asked for it, his request.
type proof struct {
	ops      []string
	request  string // "" where a term was over
	received time.Time
	remains  []string // what was not reached
}

// operator stands in the papers of this example. A product has its own in its configuration, and people to sign.
var operator = retention.Party{Name: "ООО «Пример»", Address: "101000, Москва, Примерная улица, 1"}

// moscow is the zone of the dates in the papers. It has no summer time, so that no table of zones is needed.
var moscow = time.FixedZone("MSK", 3*60*60)

// A paper is an act, an extract of the journal or a confirmation.
type paper interface{ WriteHTML(io.Writer) error }

// papers writes the act of destruction and the extract of the journal, after order 179 of Roskomnadzor, and to who asked the
// confirmation, into the folder papers of the state. They are to be kept 3 years.
func (s *state) papers(ctx context.Context, p *proof, out io.Writer) error {
	if len(p.ops) == 0 {
		return nil
	}
	return s.execute(func(e *retention.Executor) error {
		details := retention.ActDetails{
			Number: s.now().In(moscow).Format("2006-01-02/150405"), Operator: operator, Zone: moscow,
			Executors: []retention.Signatory{{Name: whoami(), Position: "оператор системы", Signature: retention.SignOnPaper}},
			Remarks:   p.remains,
		}
		act, err := e.Act(p.ops, details)
		if err != nil {
			return err
		}
		extract, err := e.Extract(p.ops, details)
		if err != nil {
			return err
		}
		if err := errors.Join(s.writePaper("act-"+p.ops[0], act, out), s.writePaper("extract-"+p.ops[0], extract, out)); err != nil {
			return err
		}
		if p.request != "" {
			confirmation, err := e.Confirmation(ctx, p.request+" "+p.ops[0], p.received, operator, p.ops, p.remainders())
			if err != nil {
				return err
			}
			if err := s.writePaper("confirmation-"+p.ops[0], confirmation, out); err != nil {
				return err
			}
		}
		return e.PapersWritten(ctx, p.ops)
	})
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
