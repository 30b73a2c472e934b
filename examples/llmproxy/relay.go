package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// stream passes events on, each restored and at once, up to the last one; what it returns tells that one. An event that
// is not understood ends the stream: nothing passes as it came.
func (c *call) stream(ctx context.Context, stop func(), body io.Reader, rest *restorer) (end func() error, err error) {
	t := c.translator(ctx, rest)
	c.begin(t)
	silence := time.AfterFunc(c.idleTimeout, stop)
	defer silence.Stop()
	events := newEventReader(body)
	for {
		e, err := events.next()
		silence.Reset(c.idleTimeout)
		if err != nil {
			return c.ended(t, err)
		}
		out, last, err := t.event(e)
		if err != nil {
			rest, _ := t.end()
			_ = c.tell(rest) // the failure is told in any case
			return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer is not understood")
		}
		if last {
			return func() error { return c.tell(out) }, nil
		}
		if err := c.tell(out); err != nil {
			return nil, err
		}
	}
}

func (c *call) translator(ctx context.Context, rest *restorer) translator {
	report := func(s string) string { return c.report(ctx, s) }
	if c.route.path == "/v1/responses" {
		return &responsesStream{texts: texts{r: rest}, tree: c.route.event, report: report}
	}
	return &chatStream{texts: texts{r: rest}, tree: c.route.event, report: report}
}

func (c *call) begin(t translator) {
	c.told = t
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // a proxy before this one shall not gather events either
	c.w.WriteHeader(http.StatusOK)
	_ = c.control.Flush() // the first event will tell
}

// ended tells what was held back when the provider's stream ends without a last event. Some providers leave it out; an
// answer that is not whole ends in a failure.
func (c *call) ended(t translator, err error) (func() error, error) {
	out, whole := t.end()
	if errors.Is(err, io.EOF) && whole {
		return func() error { return c.tell(out) }, nil
	}
	if err := c.tell(out); err != nil {
		return nil, err
	}
	if c.r.Context().Err() != nil {
		return nil, errCut
	}
	return nil, refuse(http.StatusBadGateway, codeUpstream, "", "the provider's answer broke off")
}

// tellFailure ends a stream that cannot end well.
func (c *call) tellFailure(no *refusal) { _ = c.tell([]event{c.told.failure(no)}) }

// tell writes events and sends them off.
func (c *call) tell(events []event) error {
	var b bytes.Buffer
	for _, e := range events {
		if e.name != "" {
			b.WriteString("event: " + e.name + "\n")
		}
		for line := range bytes.SplitSeq(e.data, []byte("\n")) {
			b.WriteString("data: ")
			b.Write(line)
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	_ = c.control.SetWriteDeadline(time.Now().Add(c.writeTimeout))
	if _, err := c.w.Write(b.Bytes()); err != nil {
		return errCut
	}
	if err := c.control.Flush(); err != nil {
		return errCut
	}
	return nil
}
