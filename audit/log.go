package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Log is an append-only record of events with one writer and one Merkle
// tree. It is safe for concurrent use. Close it to sign its last checkpoint.
type Log struct {
	Reader
	opts Options
	enc  encoder

	mu       sync.Mutex
	queue    []*pending
	bytes    int           // of deferred events in the queue
	space    broadcast     // the queue has shrunk
	lost     uint64        // deferred events lost since the last log.gap
	lostAll  uint64        // and since the log was opened
	inflight map[ID]Action // attempts without an outcome
	edge     frontier      // of what is durable
	err      error         // why nothing is written any more
	closing  bool
	carryNow bool // a pruning may take away older log.carry events
	health   Health

	wake    chan struct{}   // capacity 1: there is work for the writer
	ctx     context.Context // ends keeper and mirrors
	cancel  context.CancelFunc
	writing sync.WaitGroup // the writer
	others  sync.WaitGroup // keeper and mirrors
	grown   broadcast      // the log is longer

	// Only the writer uses these.
	lastTime   time.Time
	sinceCarry uint64 // records since the last log.carry

	storing sync.Mutex // serializes Append and Prune
	keeping sync.Mutex // serializes checkpoints
	signed  Checkpoint
}

// Options configure a [Log]. Signer, Verifier, Catalogue and Epochs are
// required; the zero value of the rest is the default.
type Options struct {
	Catalogue Catalogue

	// Signer signs checkpoints and Verifier checks them; their name is the
	// origin of the log, such as "example.ru/audit/calls". note.NewSigner makes
	// an Ed25519 one; a signer in a hardware module, or of another algorithm,
	// fits as well.
	Signer   note.Signer
	Verifier note.Verifier

	// Epochs returns the pseudonym keys of a tenant ("" for the log's own),
	// oldest first. New events use the last one, look-ups use them all.
	Epochs func(ctx context.Context, tenant string) ([]Epoch, error)

	// Sealer returns what seals details under the key of one owner. Needed if
	// the catalogue has a Sealed field.
	Sealer func(ctx context.Context, tenant string, owner Subject) (Sealer, error)

	// Normalize makes one value out of its spellings before it becomes a
	// pseudonym. Default [Normalize].
	Normalize func(kind Kind, value string) string

	Anchors []Anchor
	Mirrors []Mirror

	CheckpointEvery time.Duration // after new events; default 1 s
	AnchorEvery     time.Duration // default 1 min
	MaxAnchorAge    time.Duration // Healthy fails above it; default 1 h
	MirrorTimeout   time.Duration // of one call of a mirror or anchor; default 10 s

	QueueBytes    int           // bound of deferred events in memory; default 4 MiB
	QueueWait     time.Duration // how long a deferred event waits for room; default 1 s
	MaxEventBytes int           // of one stored event; default 64 KiB, at most 1 MiB

	Clock func() time.Time // default time.Now

	Files FileOptions
}

// ErrClosed says that the log has been closed.
var ErrClosed = errors.New("audit: log is closed")

// ErrStopped is in every error of a log that could not write. It writes no
// more until it is opened anew: what the disk holds is uncertain.
var ErrStopped = errors.New("audit: log has stopped")

// ErrQueueFull says that a deferred event found no room in time. It is lost,
// and a log.gap event counts it.
var ErrQueueFull = errors.New("audit: queue of deferred events is full")

// The actions that the log writes by itself.
const (
	ActionStart     Action = "log.start"     // opened; the detail unsigned counts records behind the last checkpoint
	ActionStop      Action = "log.stop"      // closed in order
	ActionRecovered Action = "log.recovered" // bytes of a torn write were cut off
	ActionGap       Action = "log.gap"       // deferred events were lost
	ActionCarry     Action = "log.carry"     // attempts still without an outcome
	ActionPruned    Action = "log.pruned"    // records below the detail to are gone
	ActionLookup    Action = "audit.lookup"  // a value was looked up
	ActionReveal    Action = "audit.reveal"  // a sealed detail was opened
)

// The codes of a gap.
const (
	gapFull  = "queue-full"
	gapCrash = "crash" // a queue may have been lost, nobody knows how much
)

const (
	batchRecords   = 4096
	batchBytes     = 4 << 20
	carryEvery     = 1 << 16
	carryPerRecord = 10_000
	carryWindow    = 2 * (carryEvery + batchRecords) // holds one whole carry, even if a crash cut the last one short
	checkpointName = "checkpoint"
)

// Open opens the log in dir, or makes it. It repairs what a crash left, checks
// the log against its last checkpoint and its anchors, writes a log.start
// event and reads it back before it returns. The caller owns the Log.
func Open(ctx context.Context, dir string, opts Options) (*Log, error) {
	if opts.Verifier == nil {
		return nil, errors.New("audit: Options.Verifier is missing")
	}
	s, err := OpenFiles(dir, opts.Verifier.Name(), &opts.Files)
	if err != nil {
		return nil, err
	}
	return New(ctx, s, opts)
}

// New is like [Open] with a store of another kind. The log owns the store and
// closes it, also when New fails.
func New(ctx context.Context, s Store, opts Options) (*Log, error) {
	l, err := newLog(s, opts)
	if err == nil {
		err = l.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	l.writing.Add(1)
	go l.write()
	l.others.Add(1)
	go l.keep()
	l.startMirrors()
	return l, nil
}

func newLog(s Store, opts Options) (*Log, error) {
	if opts.Signer == nil || opts.Verifier == nil || opts.Epochs == nil {
		return nil, errors.New("audit: Options need Signer, Verifier and Epochs")
	}
	if opts.Signer.Name() != opts.Verifier.Name() || opts.Signer.KeyHash() != opts.Verifier.KeyHash() {
		return nil, errors.New("audit: Signer and Verifier are not of one key")
	}
	words, err := opts.Catalogue.compile()
	if err != nil {
		return nil, err
	}
	opts.setDefaults()
	names := make(map[string]bool)
	for _, m := range opts.Mirrors {
		if !isWord(m.Name()) || names[m.Name()] {
			return nil, fmt.Errorf("audit: mirror name %q is not a word, or is there twice", m.Name())
		}
		names[m.Name()] = true
	}
	if opts.MaxEventBytes > 1<<20 {
		return nil, errors.New("audit: MaxEventBytes is above 1 MiB")
	}
	l := &Log{
		Reader:   Reader{store: s, key: opts.Verifier},
		opts:     opts,
		enc:      encoder{words, opts.Epochs, opts.Sealer, opts.Normalize, opts.MaxEventBytes, new(atomic.Pointer[macs])},
		inflight: make(map[ID]Action),
		wake:     make(chan struct{}, 1),
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l, nil
}

func (o *Options) setDefaults() {
	for _, d := range [...]struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.CheckpointEvery, time.Second},
		{&o.AnchorEvery, time.Minute},
		{&o.MaxAnchorAge, time.Hour},
		{&o.MirrorTimeout, 10 * time.Second},
		{&o.QueueWait, time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 4 << 20
	}
	if o.MaxEventBytes <= 0 {
		o.MaxEventBytes = 64 << 10
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Normalize == nil {
		o.Normalize = Normalize
	}
}

// pending is an event on its way to the store.
type pending struct {
	entry    *Entry
	deferred bool
	done     chan error // nil if nobody waits
	at       time.Time  // the time that is stamped; zero if none is
	seq      uint64
	leaf     tlog.Hash
}

// stamp writes the time into the record and hashes it.
func (p *pending) stamp(at time.Time) {
	p.at = at
	stamp(p.entry.Raw, at)
	p.leaf = tlog.RecordHash(p.entry.Raw)
}

// Record puts an event into the log. An event of a [FailClosed] action, and
// every [Attempt], is on stable storage when Record returns nil. After an error
// the caller must not do what the event tells of; the event may or may not be
// in the log.
func (l *Log) Record(ctx context.Context, e Event) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	entry, rule, err := l.enc.encode(ctx, &e)
	if err != nil {
		return Receipt{}, err
	}
	if rule.Mode == Deferred && e.Outcome != Attempt {
		return l.enqueue(ctx, entry)
	}
	return l.recordNow(ctx, entry)
}

// recordNow queues the entry and waits until it is durable.
func (l *Log) recordNow(ctx context.Context, entry *Entry) (Receipt, error) {
	p := &pending{entry: entry, done: make(chan error, 1)}
	// The callers hash, each on its own processor, rather than the one writer.
	p.stamp(At(l.opts.Clock()).Time)
	l.mu.Lock()
	if err := l.refusal(); err != nil {
		l.mu.Unlock()
		return Receipt{}, err
	}
	l.push(p)
	l.mu.Unlock()
	select {
	case err := <-p.done:
		if err != nil {
			return Receipt{}, err
		}
		return Receipt{Log: l.opts.Verifier.Name(), ID: entry.ID, Seq: p.seq, Leaf: p.leaf}, nil
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

// enqueue takes a deferred event, waiting a bounded time for room.
func (l *Log) enqueue(ctx context.Context, entry *Entry) (Receipt, error) {
	size := len(entry.Raw)
	p := &pending{entry: entry, deferred: true}
	p.stamp(At(l.opts.Clock()).Time)
	var timeout <-chan time.Time
	for {
		l.mu.Lock()
		if err := l.refusal(); err != nil {
			l.mu.Unlock()
			return Receipt{}, err
		}
		if l.bytes+size <= l.opts.QueueBytes {
			l.bytes += size
			l.push(p)
			l.mu.Unlock()
			return Receipt{Log: l.opts.Verifier.Name(), ID: entry.ID, Deferred: true}, nil
		}
		space := l.space.wait()
		l.mu.Unlock()
		if timeout == nil {
			t := time.NewTimer(l.opts.QueueWait)
			defer t.Stop()
			timeout = t.C
		}
		err := ErrQueueFull
		select {
		case <-space:
			continue
		case <-timeout:
		case <-ctx.Done():
			err = ctx.Err()
		}
		l.mu.Lock()
		l.lost++
		l.lostAll++
		l.signal()
		l.mu.Unlock()
		return Receipt{}, err
	}
}

// refusal says why no event is taken any more. The caller holds mu.
func (l *Log) refusal() error {
	if l.err != nil {
		return l.err
	}
	if l.closing {
		return ErrClosed
	}
	return nil
}

// push gives the event its place in the queue. The caller holds mu.
func (l *Log) push(p *pending) {
	l.queue = append(l.queue, p)
	l.signal()
}

func (l *Log) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write is the one writer: it takes what has gathered in the queue, writes it
// with one sync, and tells those who wait.
func (l *Log) write() {
	defer l.writing.Done()
	for {
		<-l.wake
		for {
			batch, last, err := l.take()
			if len(batch) == 0 {
				if last {
					return
				}
				break
			}
			if err == nil {
				err = l.commitCarry()
			}
			if err == nil {
				err = l.commit(batch)
			}
			l.answer(batch, err)
		}
	}
}

// answer tells those who wait, and counts what nobody waits for as lost.
func (l *Log) answer(batch []*pending, err error) {
	lost := uint64(0)
	for _, p := range batch {
		if p.done != nil {
			p.done <- err
		}
		if p.deferred && err != nil {
			lost++
		}
	}
	if lost > 0 {
		l.mu.Lock()
		l.lostAll += lost
		l.mu.Unlock()
	}
}

// take removes a batch from the queue. last says that the log is closing and
// nothing more will come, err that nothing is written any more.
func (l *Log) take() (batch []*pending, last bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		batch, l.queue, l.bytes = l.queue, nil, 0
		l.space.send()
		return batch, l.closing, l.err
	}
	if l.lost > 0 {
		batch = append(batch, system(ActionGap, gapFull, EntryDetail{"count", Public, strconv.FormatUint(l.lost, 10)}))
		l.lost = 0
	}
	size, n := 0, 0
	for n < len(l.queue) && n < batchRecords && size < batchBytes {
		size += len(l.queue[n].entry.Raw)
		n++
	}
	batch = append(batch, l.queue[:n]...)
	for _, p := range l.queue[:n] {
		if p.deferred {
			l.bytes -= len(p.entry.Raw)
		}
	}
	l.queue = append([]*pending(nil), l.queue[n:]...)
	l.space.send()
	return batch, l.closing, nil
}

// commit makes a batch durable. An error stops the log for good. Times never
// run backwards in a log: a record that has none, or an earlier one than the
// record before it, is stamped anew.
func (l *Log) commit(batch []*pending) error {
	records := make([][]byte, len(batch))
	var hashes []tlog.Hash
	first, edge := l.edge.size, l.edge
	for i, p := range batch {
		if p.at.IsZero() {
			p.stamp(later(At(l.opts.Clock()).Time, l.lastTime))
		} else if p.at.Before(l.lastTime) {
			p.stamp(l.lastTime)
		}
		l.lastTime = p.at
		records[i], p.seq = p.entry.Raw, first+uint64(i)
		hashes = edge.add(hashes, p.leaf)
	}
	l.storing.Lock()
	err := l.store.Append(context.Background(), records, hashes)
	l.storing.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.err = fmt.Errorf("%w: %w", ErrStopped, err)
		return l.err
	}
	l.edge = edge
	l.sinceCarry += uint64(len(batch))
	l.health.LastAppend = l.lastTime
	for _, p := range batch {
		l.track(p.entry)
	}
	l.grown.send()
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// track keeps the set of attempts without an outcome.
func (l *Log) track(e *Entry) {
	switch {
	case e.Outcome == Attempt:
		l.inflight[e.ID] = e.Action
	case !e.Link.IsZero():
		delete(l.inflight, e.Link)
	}
}

// commitCarry lists the attempts in flight once in carryEvery records, so that
// recovery need not read more than the last carryWindow.
func (l *Log) commitCarry() error {
	l.mu.Lock()
	if l.sinceCarry < carryEvery && !l.carryNow {
		l.mu.Unlock()
		return nil
	}
	l.carryNow = false
	open := make([]OpenAttempt, 0, len(l.inflight))
	for id, a := range l.inflight {
		open = append(open, OpenAttempt{id, a})
	}
	l.mu.Unlock()
	for part := range slices.Chunk(open, carryPerRecord) {
		e := system(ActionCarry, "")
		e.entry.InProgress = part
		e.entry.encode()
		if err := l.commit([]*pending{e}); err != nil {
			return err
		}
	}
	l.sinceCarry = 0
	return nil
}

// system makes an event of the log's own, for the queue.
func system(a Action, code string, details ...EntryDetail) *pending {
	return &pending{entry: systemEvent(a, code, details...)}
}

// systemEvent makes an event of a log's own.
func systemEvent(a Action, code string, details ...EntryDetail) *Entry {
	e := &Entry{
		ID: newID(), Recorded: At(time.Unix(0, 0)), Action: a, Outcome: Success, Code: code,
		Actor: EntryActor{Kind: Service}, Details: details,
	}
	e.encode()
	return e
}

// unknownOutcome ends an attempt whose end nobody knows.
func unknownOutcome(attempt ID, a Action) *Entry {
	e := systemEvent(a, "")
	e.Outcome, e.Link = Unknown, attempt
	e.encode()
	return e
}

// Close waits for what is queued, writes log.stop, signs and anchors a last
// checkpoint, and closes the store. Events recorded after it give [ErrClosed].
func (l *Log) Close() error {
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return ErrClosed
	}
	if l.err == nil {
		l.queue = append(l.queue, system(ActionStop, ""))
	}
	l.closing = true
	l.signal()
	l.mu.Unlock()
	l.writing.Wait()
	l.cancel()
	l.others.Wait()

	ctx, cancel := context.WithTimeout(context.Background(), l.opts.MirrorTimeout)
	defer cancel()
	l.mu.Lock()
	err := l.err
	l.mu.Unlock()
	if err == nil {
		_, err = l.checkpoint(ctx)
	}
	if err == nil {
		err = l.anchor(ctx)
	}
	err = errors.Join(err, l.store.Close())
	l.mu.Lock()
	l.err = ErrClosed
	l.mu.Unlock()
	return err
}
