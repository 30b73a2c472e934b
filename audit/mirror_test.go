package audit

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// listMirror remembers the positions that it was given.
type listMirror struct {
	mu   sync.Mutex
	seqs []uint64
	fail func(call int) error
	call int
}

func (m *listMirror) Name() string { return "list" }

func (m *listMirror) Write(ctx context.Context, batch []Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.call++
	for _, e := range batch {
		m.seqs = append(m.seqs, e.Seq)
	}
	if m.fail != nil {
		return m.fail(m.call)
	}
	return nil
}

// deadMirror never answers.
type deadMirror struct{}

func (deadMirror) Name() string { return "dead" }

func (deadMirror) Write(ctx context.Context, _ []Entry) error {
	<-ctx.Done()
	return ctx.Err()
}

func openOn(t *testing.T, d *crashDisk, opts Options) *Log {
	s, err := openFiles(d, testOrigin, &opts.Files)
	require.NoError(t, err)
	l, err := New(context.Background(), s, opts)
	require.NoError(t, err)
	return l
}

// A mirror gets everything at least once and in order, after
// errors, and after it was dead; it slows nobody down.
func TestProperty11Mirrors(t *testing.T) {
	k := newTestKeys(t)
	synctest.Test(t, func(t *testing.T) {
		d := newCrashDisk()
		opts := k.options()
		m := &listMirror{fail: func(call int) error {
			if call%3 == 0 {
				return errors.New("later")
			}
			return nil
		}}
		opts.Mirrors = []Mirror{m, deadMirror{}}
		l := openOn(t, d, opts)
		begun := time.Now()
		for range 50 {
			_, err := l.Record(t.Context(), readEvent())
			require.NoError(t, err)
		}
		require.Equal(t, begun, time.Now(), "a dead mirror made a caller wait")
		require.NoError(t, l.Healthy())
		time.Sleep(time.Hour)
		h := l.Health()
		require.Equal(t, h.Size, h.Mirrors[0].Next)
		require.Zero(t, h.Mirrors[1].Next)
		require.ErrorIs(t, h.Mirrors[1].Err, context.DeadlineExceeded)
		require.NoError(t, l.Close())
		requireAtLeastOnce(t, m.seqs, h.Size)

		// Every crash between a write of the mirror and its cursor.
		d.mu.Lock()
		delete(d.files, "mirror-list")
		d.mu.Unlock()
		m2 := &listMirror{}
		opts.Mirrors = []Mirror{m2}
		l = openOn(t, d, opts)
		time.Sleep(time.Minute)
		size := l.Health().Size
		require.NoError(t, l.Close())
		requireAtLeastOnce(t, m2.seqs, size)
		m2.seqs = nil
		l = openOn(t, d, opts)
		time.Sleep(time.Minute)
		require.NoError(t, l.Close())
		require.GreaterOrEqual(t, m2.seqs[0], size, "the cursor is kept")
	})
}

// requireAtLeastOnce: in order, but that a failed batch comes again.
func requireAtLeastOnce(t *testing.T, seqs []uint64, size uint64) {
	next := uint64(0)
	for _, s := range seqs {
		require.LessOrEqual(t, s, next, "a record was passed over")
		next = max(next, s+1)
	}
	require.GreaterOrEqual(t, next, size)
}

// gatedStore holds every Append until the gate lets it pass.
type gatedStore struct {
	Store
	gate chan struct{}
}

func (s *gatedStore) Append(ctx context.Context, records [][]byte, hashes []tlog.Hash) error {
	<-s.gate
	return s.Store.Append(ctx, records, hashes)
}

func ping() Event {
	return Event{Action: "health.check", Actor: Actor{Kind: Service, ID: Private("api")}}
}

// A full queue makes the caller wait, then refuses, and the loss is counted in
// the log. No event is lost in silence.
func TestDeferred(t *testing.T) {
	k := newTestKeys(t)
	synctest.Test(t, func(t *testing.T) {
		s, err := openFiles(newCrashDisk(), testOrigin, nil)
		require.NoError(t, err)
		g := &gatedStore{s, make(chan struct{}, 1)}
		g.gate <- struct{}{}
		opts := k.options()
		opts.QueueBytes, opts.QueueWait = 2000, 5*time.Second
		l, err := New(context.Background(), g, opts)
		require.NoError(t, err)
		accepted, lost := 0, 0
		begun := time.Now()
		for lost < 3 {
			r, err := l.Record(t.Context(), ping())
			if err != nil {
				require.ErrorIs(t, err, ErrQueueFull)
				lost++
				continue
			}
			require.True(t, r.Deferred)
			accepted++
		}
		require.Equal(t, 15*time.Second, time.Since(begun), "the wait is bounded")
		require.Equal(t, uint64(3), l.Health().Lost)
		require.LessOrEqual(t, l.Health().QueueBytes, 2000)

		// A caller that waits gets in when there is room.
		waited := make(chan error)
		go func() {
			_, err := l.Record(context.Background(), ping())
			waited <- err
		}()
		synctest.Wait()
		close(g.gate)
		require.NoError(t, <-waited)

		// Fail-closed events are not subject to the queue.
		_, err = l.Record(t.Context(), readEvent())
		require.NoError(t, err)
		require.NoError(t, l.Close())

		r := &Reader{store: s, key: k.verifier}
		list := entriesOf(t, r, Query{})
		pings, gaps := 0, 0
		for _, e := range list {
			switch e.Action {
			case "health.check":
				pings++
			case ActionGap:
				n, err := strconv.Atoi(e.Details[0].Value)
				require.NoError(t, err)
				gaps += n
				require.Equal(t, "queue-full", e.Code)
			}
		}
		require.Equal(t, accepted+1, pings)
		require.Equal(t, 3, gaps)
	})
}

// After a crash nobody knows what the queue held: that is recorded as well.
func TestDeferredCrash(t *testing.T) {
	k, d := newTestKeys(t), newCrashDisk()
	l := openOn(t, d, k.options())
	attempt := readEvent()
	attempt.Outcome = Attempt
	_, err := l.Record(t.Context(), attempt)
	require.NoError(t, err)
	d = diskOf(d.contents())
	l2 := openOn(t, d, k.options())
	list := entriesOf(t, &l2.Reader, Query{})
	require.Equal(t, "log.start/success transcript.read/attempt transcript.read/unknown log.gap/success log.start/success", actions(list))
	require.Equal(t, "crash", list[3].Code)
	require.NoError(t, l2.Close())
	require.NoError(t, l.Close())
}

// Checkpoints and anchors come by themselves, and an anchor that remembers
// more stops the log.
func TestKeeper(t *testing.T) {
	k := newTestKeys(t)
	synctest.Test(t, func(t *testing.T) {
		d, a := newCrashDisk(), &memAnchor{}
		opts := k.options()
		opts.CheckpointEvery, opts.AnchorEvery, opts.MaxAnchorAge = time.Second, time.Minute, 10*time.Minute
		flaky := &flakyAnchor{Anchor: a}
		opts.Anchors = []Anchor{flaky}
		l := openOn(t, d, opts)
		r, err := l.Record(t.Context(), readEvent())
		require.NoError(t, err)
		time.Sleep(2 * time.Second)
		require.Equal(t, r.Seq+1, l.Health().SignedSize)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, r.Seq+1, a.head.Size)
		flaky.set(errors.New("host unreachable"))
		time.Sleep(5 * time.Minute)
		require.NoError(t, l.Healthy())
		_, err = l.Record(t.Context(), readEvent())
		require.NoError(t, err, "an anchor is not on the way")
		time.Sleep(10 * time.Minute)
		require.ErrorIs(t, l.Healthy(), ErrAnchor)
		flaky.set(nil)
		time.Sleep(2 * time.Minute)
		require.NoError(t, l.Healthy())
		flaky.set(ErrRollback)
		time.Sleep(2 * time.Minute)
		require.ErrorIs(t, l.Healthy(), ErrRollback)
		_, err = l.Record(t.Context(), readEvent())
		require.ErrorIs(t, err, ErrStopped)
		l.Close()
	})
}

type flakyAnchor struct {
	Anchor
	mu  sync.Mutex
	err error
}

func (a *flakyAnchor) set(err error) { a.mu.Lock(); defer a.mu.Unlock(); a.err = err }

func (a *flakyAnchor) Advance(ctx context.Context, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return a.err
	}
	return a.Anchor.Advance(ctx, head, prove)
}

// Many callers at once: each gets a position of its own.
func TestConcurrent(t *testing.T) {
	dir, k := t.TempDir(), newTestKeys(t)
	opts := k.options()
	opts.Files.SegmentBytes = 20_000
	l := openLog(t, dir, opts)
	var mu sync.Mutex
	var seqs []uint64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				r, err := l.Record(t.Context(), readEvent())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				seqs = append(seqs, r.Seq)
				mu.Unlock()
			}
		})
		wg.Go(func() {
			for e, err := range l.Query(t.Context(), Query{Limit: 50}) {
				if err != nil || e.ID.IsZero() {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, l.Close())
	slices.Sort(seqs)
	require.Len(t, slices.Compact(seqs), 320)
	requireVerified(t, dir, k.verifier)
}
