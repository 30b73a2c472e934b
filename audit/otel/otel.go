// Package otel mirrors an audit log into OpenTelemetry. [New] makes an
// [audit.Mirror] of a log.LoggerProvider:
//
//	opts.Mirrors = []audit.Mirror{otel.New(provider)}
//
// It is a copy for those who watch, not the log of record: a batching
// processor drops records when its queue is full, by its specification, and
// says nothing. The cursor of the mirror then moves on. Use a simple processor,
// and an exporter that waits, where that matters; compare "audit.seq" for holes.
package otel

import (
	"context"

	"github.com/syntora/vual/audit"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
)

// Mirror emits each record of an audit log. It is safe for concurrent use.
type Mirror struct{ logger log.Logger }

// scope names the instrumentation.
const scope = "github.com/syntora/vual/audit/otel"

// New returns a mirror that emits by a logger of p.
func New(p log.LoggerProvider) *Mirror { return &Mirror{p.Logger(scope)} }

// Name implements [audit.Mirror].
func (m *Mirror) Name() string { return "otel" }

// Write implements [audit.Mirror]. The body is the stored event, a JSON text;
// the attributes repeat what one filters by. Persons are pseudonyms, as in the
// log. It does not report what a processor drops: the API has no way to.
func (m *Mirror) Write(ctx context.Context, batch []audit.Entry) error {
	for i := range batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.logger.Emit(ctx, record(&batch[i]))
	}
	return nil
}

func record(e *audit.Entry) log.Record {
	var r log.Record
	r.SetTimestamp(e.Recorded.Time)
	r.SetObservedTimestamp(e.Recorded.Time)
	r.SetEventName("vual.audit")
	severity, text := severityOf(e)
	r.SetSeverity(severity)
	r.SetSeverityText(text)
	r.SetBody(attribute.StringValue(string(e.Raw)))
	r.AddAttributes(attribute.Int64("audit.seq", int64(e.Seq)), attribute.String("audit.id", e.ID.String()),
		attribute.String("audit.action", string(e.Action)), attribute.String("audit.outcome", string(e.Outcome)))
	for _, a := range [...]struct{ key, value string }{
		{"audit.actor", e.Actor.ID},
		{"audit.purpose", string(e.Purpose)},
		{"audit.basis", string(e.Basis)},
		{"audit.object.type", e.Object.Type},
		{"audit.object.id", e.Object.ID},
		{"audit.trace", e.Origin.Trace},
		{"audit.span", e.Origin.Span},
	} {
		if a.value != "" {
			r.AddAttributes(attribute.String(a.key, a.value))
		}
	}
	return r
}

// severityOf lifts what must be looked into above the rest.
func severityOf(e *audit.Entry) (log.Severity, string) {
	switch {
	case e.Action == audit.ActionGap, e.Action == audit.ActionRecovered, e.Outcome == audit.Unknown:
		return log.SeverityError, "ERROR"
	case e.Outcome == audit.Denied:
		return log.SeverityWarn, "WARN"
	}
	return log.SeverityInfo, "INFO"
}
