package anonymize

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
)

// MaskAll masks conversations on all processors, each as [Analyzer.Conversation] does, and gives a result or an error
// for every one, in their order. It holds at most two conversations for each processor (runtime.GOMAXPROCS), however many
// there are; a result waits until so many follow, or until the end, so that for conversations that arrive one by one,
// Conversation is the better way.
//
// conversations runs in the goroutine of the loop, between its rounds: both may use the same variables. Operators run
// in several goroutines. A conversation that fails gives its error and the next one follows; when ctx is done, its error
// comes last. Leaving the loop cancels what is under way, with the context that operators get, and waits for it. An
// operator that panics panics in the loop.
func (a *Analyzer) MaskAll(ctx context.Context, conversations iter.Seq[Conversation]) iter.Seq2[*Result, error] {
	return func(yield func(*Result, error) bool) {
		ahead := 2 * runtime.GOMAXPROCS(0)
		work, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()

		var queue []*masking // the oldest first
		next := func() bool {
			m := queue[0]
			queue[0] = nil
			queue = queue[1:]
			<-m.done
			if m.panicked != nil {
				panic(m.panicked)
			}
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return false
			}
			return yield(m.result, m.err)
		}
		for c := range conversations {
			m := &masking{done: make(chan struct{}), err: errOperatorLeft}
			running.Go(func() { m.run(work, a, c) })
			queue = append(queue, m)
			for len(queue) == ahead || len(queue) > 0 && queue[0].isDone() {
				if !next() {
					return
				}
			}
		}
		for len(queue) > 0 {
			if !next() {
				return
			}
		}
	}
}

// A masking is a conversation under way.
type masking struct {
	done     chan struct{}
	result   *Result
	err      error
	panicked any
}

// errOperatorLeft is what remains when an operator ends its goroutine, as t.FailNow does.
var errOperatorLeft = errors.New("anonymize: an operator left without an answer")

func (m *masking) run(ctx context.Context, a *Analyzer, c Conversation) {
	defer close(m.done)
	defer func() { m.panicked = recover() }()
	if err := ctx.Err(); err != nil {
		m.err = err
		return
	}
	m.result, m.err = a.Conversation(ctx, c)
}

func (m *masking) isDone() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}
