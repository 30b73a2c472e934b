package audit

import (
	"context"
	"errors"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A Pruning says which old records may go.
type Pruning struct {
	Before time.Time // only records older than this
	Policy string    // by which rule: a word of [Catalogue.Codes]

	// Keep says that an entry is under a hold. Its segment and all later ones
	// stay. nil means that no hold exists.
	Keep func(Entry) bool
}

// Prune removes whole segments from the beginning of the log and returns how
// many records went. A log.pruned event with the root hash of what went is
// durable before anything is removed. The hashes stay, so every proof of a
// record that is left, and every proof between two checkpoints, still verifies.
// No proof hash can be led back to an event: each holds a random id.
func (l *Log) Prune(ctx context.Context, p Pruning) (removed uint64, err error) {
	if err := p.check(l.enc.words); err != nil {
		return 0, err
	}
	first, _ := l.store.Bounds()
	end, err := l.prunable(ctx, first, p)
	if err != nil {
		return 0, err
	}
	cut := l.store.Cut(end)
	if cut <= first {
		return 0, nil
	}
	root, err := rootAt(cut, tlog.HashReaderFunc(l.store.ReadHashes))
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	if err := l.refusal(); err != nil {
		l.mu.Unlock()
		return 0, err
	}
	l.carry() // a log.carry that recovery would need may go
	l.mu.Unlock()
	if _, err := l.recordNow(ctx, prunedEvent(p.Policy, cut, root)); err != nil {
		return 0, err
	}
	// The verifier believes a log.pruned only under a signed checkpoint.
	if _, err := l.Checkpoint(ctx); err != nil {
		return 0, err
	}
	l.storing.Lock()
	defer l.storing.Unlock()
	if err := l.store.Prune(ctx, cut); err != nil {
		return 0, l.halt(err)
	}
	return cut - first, nil
}

func (p *Pruning) check(words *vocabulary) error {
	if !words.codes[p.Policy] {
		return &RefusedError{ActionPruned, "policy", "is not one of the codes of the catalogue"}
	}
	if p.Before.IsZero() {
		return errors.New("audit: Pruning.Before is missing")
	}
	return nil
}

func prunedEvent(policy string, to uint64, root tlog.Hash) *Entry {
	return systemEvent(ActionPruned, policy,
		EntryDetail{"to", Public, strconv.FormatUint(to, 10)},
		EntryDetail{"root", Public, root.String()})
}

// prunable returns the first record that must stay.
func (l *Log) prunable(ctx context.Context, first uint64, p Pruning) (uint64, error) {
	end := first
	for e, err := range l.Query(ctx, Query{Start: first, To: p.Before}) {
		if err != nil {
			return 0, err
		}
		if p.Keep != nil && p.Keep(e) {
			break
		}
		end = e.Seq + 1
	}
	return end, nil
}
