package audit

import (
	"context"
	"errors"
	"fmt"
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
	queue    []*batch  // oldest first; the last one is being filled
	spare    *batch    // one whose memory may be used again
	next     uint64    // position of the next record
	lastTime time.Time // of the record before it
	edge     frontier  // of what is durable
	bytes    int       // of deferred events in the queue
	space    broadcast // the queue has shrunk
	lost     uint64    // deferred events lost since the last log.gap
	lostAll  uint64    // and since the log was opened
	err      error     // why nothing is written any more
	closing  bool
	health   Health

	inflight   map[ID]Action // attempts without an outcome
	sinceCarry uint64        // records since the last log.carry

	wake    chan struct{}   // capacity 1: there is work for the writer
	ctx     context.Context // ends keeper and mirrors
	cancel  context.CancelFunc
	writing sync.WaitGroup // the writer
	others  sync.WaitGroup // keeper and mirrors
	grown   broadcast      // the log is longer

	hashes []tlog.Hash // of the batch that is written

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
	ActionStopped   Action = "log.stopped"   // it had stopped because it could not write; the detail at says when
	ActionRecovered Action = "log.recovered" // bytes of a torn write were cut off
	ActionGap       Action = "log.gap"       // deferred events were lost
	ActionQueue     Action = "log.queue"     // in an SQL log: a process has deferred events in memory
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

const checkpointName = "checkpoint"

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

// Record puts an event into the log. An event of a [FailClosed] action, and
// every [Attempt], is on stable storage when Record returns nil. After an error
// the caller must not do what the event tells of; the event may or may not be
// in the log.
func (l *Log) Record(ctx context.Context, e Event) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	var entry Entry
	rule, err := l.enc.encode(ctx, &e, &entry)
	if err != nil {
		return Receipt{}, err
	}
	if rule.Mode == Deferred && e.Outcome != Attempt {
		return l.enqueue(ctx, &entry)
	}
	return l.recordNow(ctx, &entry)
}

// recordNow queues the entry and waits until it is durable.
func (l *Log) recordNow(ctx context.Context, entry *Entry) (Receipt, error) {
	// The callers stamp and hash, each on its own processor.
	at, leaf := l.stamp(entry)
	l.mu.Lock()
	if err := l.refusal(); err != nil {
		l.mu.Unlock()
		return Receipt{}, err
	}
	p := l.add(entry, at, leaf)
	l.mu.Unlock()
	select {
	case <-p.batch.done:
		if p.batch.err != nil {
			return Receipt{}, p.batch.err
		}
		return Receipt{Log: l.opts.Verifier.Name(), ID: entry.ID, Seq: p.seq, Leaf: p.leaf}, nil
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

// enqueue takes a deferred event, waiting a bounded time for room.
func (l *Log) enqueue(ctx context.Context, entry *Entry) (Receipt, error) {
	size := len(entry.Raw)
	at, leaf := l.stamp(entry)
	var timeout <-chan time.Time
	for {
		l.mu.Lock()
		if err := l.refusal(); err != nil {
			l.mu.Unlock()
			return Receipt{}, err
		}
		if l.bytes+size <= l.opts.QueueBytes {
			l.bytes += size
			b := l.add(entry, at, leaf).batch
			b.deferred++
			b.deferredBytes += size
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
		l.addOwn(systemEvent(ActionStop, ""))
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
