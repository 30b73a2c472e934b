package audit

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// A Recorder takes events. [Log] and [SQLLog] are Recorders.
type Recorder interface {
	Record(ctx context.Context, e Event) (Receipt, error)
}

// A Receipt says where an event stands.
type Receipt struct {
	Log      string // origin of the log
	ID       ID
	Seq      uint64    // position in the log, unless Deferred or unsealed in an SQL log
	Leaf     tlog.Hash // hash of the stored record, unless Deferred
	Deferred bool      // accepted, not yet durable
}

// ErrDenied is what a function passed to [Do] returns, or wraps, to have the
// outcome recorded as [Denied] rather than [Failed].
var ErrDenied = errors.New("audit: denied")

// codePanic is the code of the outcome of a function that did not return.
const codePanic = "panic"

// Do records the attempt of e, runs f, and records how it ended. If the attempt
// cannot be made durable, f does not run. A process that dies in f leaves the
// attempt, and the next [Open] adds an outcome [Unknown] to it.
//
// The error is that of f, joined with that of recording the outcome: the caller
// must not report success when either is not nil. A panic of f is recorded as
// Failed with the code "panic" and goes on.
func Do(ctx context.Context, r Recorder, e Event, f func(context.Context) error) error {
	e.Outcome, e.Link = Attempt, ID{}
	receipt, err := r.Record(ctx, e)
	if err != nil {
		return err
	}
	e.Link = receipt.ID
	// What has happened must be recorded even if the caller has gone.
	after := context.WithoutCancel(ctx)
	returned := false
	defer func() {
		if !returned { // a panic or runtime.Goexit
			e.Outcome, e.Code = Failed, codePanic
			r.Record(after, e) // its error could only hide the panic
		}
	}()
	err = f(ctx)
	returned = true
	switch {
	case err == nil:
		e.Outcome = Success
	case errors.Is(err, ErrDenied):
		e.Outcome = Denied
	default:
		e.Outcome = Failed
	}
	_, rerr := r.Record(after, e)
	return errors.Join(err, rerr)
}
