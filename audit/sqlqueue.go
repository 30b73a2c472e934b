package audit

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// sqlQueue holds the deferred events of one process until the database has
// them.
//
// Nobody else knows what such a queue holds, so a process says in the log that
// it has one: an attempt of [ActionQueue] is durable before the queue takes its
// first event, and is ended when the queue is empty and idle, or after
// queueTurn by the next such attempt. One that stays open is a process that
// died; [SQLLog.Resolve] ends it with a log.gap.
type sqlQueue struct {
	mu      sync.Mutex
	entries []*Entry // oldest first
	bytes   int      // of those that callers gave
	space   broadcast
	lost    uint64 // since the last log.gap
	lostAll uint64
	err     error // of the last attempt to write
	closed  bool

	open   ID // the attempt that is open; zero if none
	opened time.Time

	opening chan struct{} // capacity 1: who makes an attempt durable
	wake    chan struct{} // capacity 1: there is work
}

const (
	queueTurn     = time.Minute
	queueMaxPause = 10 * time.Second

	// An attempt of a living process is younger than this, unless the database
	// has not answered for as long.
	queueDead = 5 * queueTurn
)

func newSQLQueue() *sqlQueue {
	return &sqlQueue{opening: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
}

func (q *sqlQueue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// enqueue takes a deferred event, waiting a bounded time for room.
func (l *SQLLog) enqueue(ctx context.Context, entry *Entry) (Receipt, error) {
	wait, cancel := context.WithTimeout(ctx, l.opts.QueueWait)
	defer cancel()
	stamp(entry.Raw, At(l.opts.Clock()).Time)
	err := l.offer(wait, entry)
	if err == nil {
		return Receipt{Log: l.name(), ID: entry.ID, Deferred: true}, nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	} else if wait.Err() != nil {
		err = ErrQueueFull
	}
	l.queue.mu.Lock()
	l.queue.lost++
	l.queue.lostAll++
	l.queue.mu.Unlock()
	l.queue.signal()
	return Receipt{}, err
}

// offer puts the entry into the queue, or waits until it can.
func (l *SQLLog) offer(ctx context.Context, entry *Entry) error {
	q := l.queue
	for {
		q.mu.Lock()
		switch {
		case q.closed:
			q.mu.Unlock()
			return ErrClosed
		case q.open.IsZero():
			q.mu.Unlock()
			if err := l.openQueue(ctx); err != nil {
				return err
			}
			continue
		case q.bytes+len(entry.Raw) <= l.opts.QueueBytes:
			q.bytes += len(entry.Raw)
			q.entries = append(q.entries, entry)
			q.mu.Unlock()
			q.signal()
			return nil
		}
		space := q.space.wait()
		q.mu.Unlock()
		select {
		case <-space:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// openQueue makes it known that this process has a queue.
func (l *SQLLog) openQueue(ctx context.Context) error {
	q := l.queue
	select {
	case q.opening <- struct{}{}:
		defer func() { <-q.opening }()
	case <-ctx.Done():
		return ctx.Err()
	}
	q.mu.Lock()
	done := !q.open.IsZero()
	q.mu.Unlock()
	if done {
		return nil
	}
	e := queueAttempt()
	if _, err := l.insert(ctx, l.db, e); err != nil {
		return err
	}
	q.mu.Lock()
	q.open, q.opened = e.ID, l.opts.Clock()
	q.mu.Unlock()
	return nil
}

func queueAttempt() *Entry {
	e := systemEvent(ActionQueue, "")
	e.Outcome = Attempt
	e.encode()
	return e
}

func queueEnd(attempt ID) *Entry {
	e := systemEvent(ActionQueue, "")
	e.Link = attempt
	e.encode()
	return e
}

// writeQueue brings the queue into the database until the log is closed. While
// the database fails, it tries again and the queue fills.
func (l *SQLLog) writeQueue(ctx context.Context) {
	defer l.done.Done()
	q := l.queue
	turn := time.NewTicker(queueTurn)
	defer turn.Stop()
	var pause time.Duration
	for {
		err := l.flushQueue(ctx)
		wake, retry := q.wake, (<-chan time.Time)(nil)
		pause = min(2*pause, queueMaxPause)
		if err == nil {
			pause = 50 * time.Millisecond
		} else {
			wake, retry = nil, time.After(pause)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-retry:
		case <-turn.C:
			l.turnQueue()
		}
	}
}

// turnQueue ends an attempt that is old; a queue that is not empty begins a new
// one before.
func (l *SQLLog) turnQueue() {
	q := l.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	now := l.opts.Clock()
	if q.open.IsZero() || now.Sub(q.opened) < queueTurn || q.err != nil {
		return
	}
	end := queueEnd(q.open)
	q.open = ID{}
	if len(q.entries) > 0 {
		e := queueAttempt()
		q.append(now, e)
		q.open, q.opened = e.ID, now
	}
	q.append(now, end)
}

// append adds an event of the log's own. The caller holds mu.
func (q *sqlQueue) append(now time.Time, e *Entry) {
	stamp(e.Raw, At(now).Time)
	q.entries = append(q.entries, e)
}

// flushQueue writes all that is in the queue, a batch in a transaction. What
// was written although the answer was lost is not written again: its id is
// known.
func (l *SQLLog) flushQueue(ctx context.Context) error {
	q := l.queue
	for {
		q.mu.Lock()
		if q.lost > 0 {
			q.append(l.opts.Clock(), systemEvent(ActionGap, gapFull, EntryDetail{"count", Public, strconv.FormatUint(q.lost, 10)}))
			q.lost = 0
		}
		batch := q.entries[:min(len(q.entries), sealBatch)]
		q.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		err := l.insertAll(ctx, batch)
		q.mu.Lock()
		if q.err = err; err == nil {
			q.drop(len(batch))
		}
		q.mu.Unlock()
		if err != nil {
			return err
		}
		q.space.send()
	}
}

// drop removes the oldest n entries. The caller holds mu.
func (q *sqlQueue) drop(n int) {
	for _, e := range q.entries[:n] {
		if e.Actor.ID != "" { // only the log's own events have no actor
			q.bytes -= len(e.Raw)
		}
	}
	q.entries = append([]*Entry(nil), q.entries[n:]...)
}

func (l *SQLLog) insertAll(ctx context.Context, entries []*Entry) error {
	ctx, cancel := context.WithTimeout(ctx, l.opts.MirrorTimeout)
	defer cancel()
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("audit: insert events: %w", err)
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, insertEvent+` ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return fmt.Errorf("audit: insert events: %w", err)
	}
	defer insert.Close()
	for _, e := range entries {
		if _, err := insert.ExecContext(ctx, l.row(e)...); err != nil {
			return fmt.Errorf("audit: insert events: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("audit: insert events: %w", err)
	}
	return nil
}

// closeQueue writes what is left and says what could not be written.
func (l *SQLLog) closeQueue(ctx context.Context) error {
	q := l.queue
	q.mu.Lock()
	q.closed = true
	if !q.open.IsZero() {
		q.append(l.opts.Clock(), queueEnd(q.open))
		q.open = ID{}
	}
	q.mu.Unlock()
	err := l.flushQueue(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err == nil || len(q.entries) == 0 {
		return err
	}
	lost := uint64(0)
	for _, e := range q.entries {
		if e.Actor.ID != "" {
			lost++
		}
	}
	q.lostAll += lost
	return fmt.Errorf("audit: %d deferred events are lost; Resolve will record a log.gap: %w", lost, err)
}

// resolved is the event that ends an attempt whose process died.
func resolved(attempt Entry) *Entry {
	if attempt.Action != ActionQueue {
		return unknownOutcome(attempt.ID, attempt.Action)
	}
	e := systemEvent(ActionGap, gapCrash, EntryDetail{"count", Public, "unknown"})
	e.Link = attempt.ID
	e.encode()
	return e
}

// insertEvent takes what row returns.
const insertEvent = `INSERT INTO vual_audit_event (log, id, link, attempt, payload) VALUES ($1, $2, $3, $4, $5)`

func (l *SQLLog) row(e *Entry) []any {
	attempt := 0
	if e.Outcome == Attempt {
		attempt = 1
	}
	return []any{l.name(), e.ID.String(), linkColumn(e.Link), attempt, e.Raw}
}

func linkColumn(id ID) sql.NullString {
	if id.IsZero() {
		return sql.NullString{}
	}
	return sql.NullString{String: id.String(), Valid: true}
}
