package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// start makes the log ready: it checks what is there against what was signed,
// ends what a crash left open, and proves that it can write and read.
func (l *Log) start(ctx context.Context) error {
	_, size := l.store.Bounds()
	var err error
	if l.edge, err = loadFrontier(size, tlog.HashReaderFunc(l.store.ReadHashes)); err != nil {
		return err
	}
	l.next = size
	if err := l.checkSigned(ctx); err != nil {
		return err
	}
	if err := l.anchor(ctx); errors.Is(err, ErrRollback) {
		return err
	}
	orderly, err := l.replayTail(ctx)
	if err != nil {
		return err
	}
	if err := l.begin(orderly); err != nil {
		return err
	}
	if err := l.readBack(ctx); err != nil {
		return err
	}
	_, err = l.checkpoint(ctx)
	return err
}

// checkSigned compares the log with its own last checkpoint. An honest crash
// cannot lose a record that one covers: it was synced before it was signed.
func (l *Log) checkSigned(ctx context.Context) error {
	l.signed = Checkpoint{Origin: l.key.Name(), Root: (&frontier{}).root()}
	text, err := l.store.Load(ctx, checkpointName)
	if err != nil {
		return err
	}
	if text == nil {
		return l.signHead()
	}
	old, err := ParseCheckpoint(text, l.key)
	if err != nil {
		return err
	}
	head := Checkpoint{Origin: l.key.Name(), Size: l.edge.size, Root: l.edge.root()}
	if err := head.extends(old, tlog.HashReaderFunc(l.store.ReadHashes)); err != nil {
		return err
	}
	l.signed = old
	return l.signHead()
}

// signHead signs the present size without saving it: anchors are asked about
// it before the log writes anything.
func (l *Log) signHead() error {
	head := Checkpoint{Origin: l.key.Name(), Size: l.edge.size, Root: l.edge.root()}
	if err := head.sign(l.opts.Signer); err != nil {
		return err
	}
	l.health.SignedSize = l.signed.Size
	l.signed = head
	return nil
}

// replayTail reads the last records for the attempts that have no outcome, the
// latest time, and whether the log was closed in order.
func (l *Log) replayTail(ctx context.Context) (orderly bool, err error) {
	first, size := l.store.Bounds()
	from := first
	if size-first > carryWindow {
		from = size - carryWindow
	}
	orderly = size == 0
	for seq, raw := range counted(from, l.store.Read(ctx, from)) {
		e, err := raw.entry(seq)
		if err != nil {
			return false, err
		}
		for _, a := range e.InProgress {
			l.inflight[a.ID] = a.Action
		}
		l.track(&e)
		l.lastTime = e.Recorded.Time
		orderly = e.Action == ActionStop
	}
	return orderly, nil
}

// begin writes what opening finds: bytes cut off, outcomes that were lost,
// deferred events that may be, why the log had stopped, and log.start.
func (l *Log) begin(orderly bool) error {
	l.mu.Lock()
	unsigned := l.edge.size - l.health.SignedSize
	if t, ok := l.store.(interface{ Torn() *TornTail }); ok && t.Torn() != nil {
		l.addOwn(systemEvent(ActionRecovered, "",
			EntryDetail{"bytes", Public, strconv.FormatInt(t.Torn().Bytes, 10)},
			EntryDetail{"sha256", Public, hex.EncodeToString(t.Torn().SHA256[:])}))
	}
	for id, action := range l.inflight {
		l.addOwn(unknownOutcome(id, action))
	}
	if !orderly && l.enc.words.deferred {
		l.addOwn(systemEvent(ActionGap, gapCrash, EntryDetail{"count", Public, "unknown"}))
	}
	stop := l.keptStop()
	if stop != nil {
		l.addOwn(systemEvent(ActionStopped, stop.Code, EntryDetail{"at", Public, string(appendTime(nil, stop.At))}))
	}
	l.addOwn(systemEvent(ActionStart, "", EntryDetail{"unsigned", Public, strconv.FormatUint(unsigned, 10)}))
	l.mu.Unlock()
	l.drain()
	if l.err != nil || stop == nil {
		return l.err
	}
	return l.store.(stopKeeper).ClearStop() // after a crash just before, it is told twice
}

// readBack reads the last record, log.start, from the store.
func (l *Log) readBack(ctx context.Context) error {
	e, err := l.Entry(ctx, l.edge.size-1)
	if err != nil {
		return err
	}
	if e.Action != ActionStart {
		return errors.New("audit: the store does not give back what was written to it")
	}
	return nil
}

// record is one stored record or the error in its place.
type record struct {
	data []byte
	err  error
}

func (r *record) entry(seq uint64) (Entry, error) {
	if r.err != nil {
		return Entry{}, r.err
	}
	return ParseEntry(seq, r.data)
}

// counted numbers the records of a read.
func counted(from uint64, records func(func([]byte, error) bool)) func(func(uint64, record) bool) {
	return func(yield func(uint64, record) bool) {
		seq := from
		for data, err := range records {
			if !yield(seq, record{data, err}) {
				return
			}
			seq++
		}
	}
}

// Checkpoint signs the present head of the log, keeps it in the store, and
// returns it.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	l.mu.Lock()
	err := l.refusal()
	l.mu.Unlock()
	if err != nil {
		return Checkpoint{}, err
	}
	return l.checkpoint(ctx)
}

func (l *Log) checkpoint(ctx context.Context) (Checkpoint, error) {
	l.keeping.Lock()
	defer l.keeping.Unlock()
	l.mu.Lock()
	head := Checkpoint{Origin: l.key.Name(), Size: l.edge.size, Root: l.edge.root()}
	saved := l.health.SignedSize
	l.mu.Unlock()
	if head.Size == saved && l.signed.Size == saved {
		return l.signed, nil
	}
	if err := head.sign(l.opts.Signer); err != nil {
		return Checkpoint{}, err
	}
	if err := l.store.Save(ctx, checkpointName, head.Note); err != nil {
		return Checkpoint{}, l.halt(err)
	}
	l.signed = head
	l.mu.Lock()
	l.health.SignedSize = head.Size
	l.mu.Unlock()
	return head, nil
}

// halt stops the log for good.
func (l *Log) halt(err error) error {
	l.mu.Lock()
	first := l.err == nil
	if first {
		l.err = fmt.Errorf("%w: %w", ErrStopped, err)
		l.signal()
	}
	stopped := l.err
	l.mu.Unlock()
	if first {
		l.keepStop(err)
	}
	return stopped
}

// anchor shows the last checkpoint to every anchor. An anchor that knows a
// longer or another log stops this one.
func (l *Log) anchor(ctx context.Context) error {
	l.keeping.Lock()
	head := l.signed
	l.keeping.Unlock()
	var errs []error
	for _, a := range l.opts.Anchors {
		actx, cancel := context.WithTimeout(ctx, l.opts.MirrorTimeout)
		errs = append(errs, a.Advance(actx, head, l.ProveConsistency))
		cancel()
	}
	err := errors.Join(errs...)
	if errors.Is(err, ErrRollback) {
		return l.halt(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.health.AnchorErr = err
	if err == nil {
		l.health.LastAnchor = l.opts.Clock()
	}
	return err
}

// keep signs and anchors checkpoints until the log is closed.
func (l *Log) keep() {
	defer l.others.Done()
	sign := time.NewTicker(l.opts.CheckpointEvery)
	defer sign.Stop()
	anchor := time.NewTicker(l.opts.AnchorEvery)
	defer anchor.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-sign.C:
			_, err := l.Checkpoint(l.ctx)
			if errors.Is(err, ErrClosed) {
				continue
			}
			l.mu.Lock()
			l.health.CheckpointErr = err
			l.mu.Unlock()
		case <-anchor.C:
			if l.stopped() == nil {
				l.anchor(l.ctx) // its error is kept in health
			}
		}
	}
}

// Health says how a log is doing.
type Health struct {
	Size          uint64 // records that are durable
	SignedSize    uint64 // of them, under the last checkpoint
	LastAppend    time.Time
	LastAnchor    time.Time // zero if no anchor has answered yet
	AnchorErr     error     // of the last attempt
	CheckpointErr error     // of the last attempt
	QueueBytes    int       // deferred events in memory
	InFlight      int       // attempts without an outcome
	Lost          uint64    // deferred events lost since the log was opened
	Mirrors       []MirrorHealth
}

// Health returns the present state.
func (l *Log) Health() Health {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.health
	h.Size, h.QueueBytes, h.InFlight, h.Lost = l.edge.size, l.bytes, len(l.inflight), l.lostAll
	h.Mirrors = slices.Clone(h.Mirrors)
	return h
}

// Healthy returns nil while events can be recorded, checkpoints are signed, and
// anchors, if there are any, have answered within MaxAnchorAge. It tells of the
// last write to the disk, not of the process. A lagging mirror is not an
// error here; see [Health].
func (l *Log) Healthy() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.refusal(); err != nil {
		return err
	}
	if err := l.health.CheckpointErr; err != nil {
		return err
	}
	if len(l.opts.Anchors) > 0 && l.opts.Clock().Sub(l.health.LastAnchor) > l.opts.MaxAnchorAge {
		return fmt.Errorf("audit: no anchor for longer than %v: %w", l.opts.MaxAnchorAge, errors.Join(ErrAnchor, l.health.AnchorErr))
	}
	return nil
}

// broadcast wakes all who wait. The zero value is ready.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

// wait returns a channel that the next send closes.
func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) send() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
