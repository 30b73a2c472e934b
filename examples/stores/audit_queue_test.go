package stores

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/audit"
)

func ping() audit.Event {
	return audit.Event{Action: "health.check", Actor: audit.Actor{Kind: audit.Service, ID: audit.Private("api")}}
}

// A deferred event reaches the database soon after. While the database fails the queue fills, callers are
// refused after a bounded wait, and what is lost is counted in the log: nothing is lost in silence and nothing
// comes twice.
func testAuditDeferred(t *testing.T, s auditStore) {
	db, ctx := s.open(t), t.Context()
	opts := auditOptions(t, t.TempDir())
	opts.QueueBytes, opts.QueueWait = 2000, 50*time.Millisecond
	l, err := audit.OpenSQL(ctx, db, opts)
	require.NoError(t, err)
	pings := func(l *audit.SQLLog) (accepted, lost int) {
		for _, e := range auditEntries(t, l, audit.Query{}) {
			switch {
			case e.Action == "health.check":
				accepted++
			case e.Action == audit.ActionGap && e.Code == "queue-full":
				n, err := strconv.Atoi(e.Details[0].Value)
				require.NoError(t, err)
				lost += n
			}
		}
		return accepted, lost
	}
	r, err := l.Record(ctx, ping())
	require.NoError(t, err)
	require.True(t, r.Deferred)
	require.Eventually(t, func() bool { n, _ := pings(l); return n == 1 }, 20*time.Second, 20*time.Millisecond)

	_, err = db.Exec(`ALTER TABLE vual_audit_event RENAME TO gone`)
	require.NoError(t, err)
	accepted, lost := 1, 0
	for lost < 3 {
		if _, err := l.Record(ctx, ping()); err != nil {
			require.ErrorIs(t, err, audit.ErrQueueFull)
			lost++
			continue
		}
		accepted++
	}
	require.Greater(t, accepted, 2)
	require.Equal(t, uint64(3), l.Health().Lost)
	require.LessOrEqual(t, l.Health().QueueBytes, 2000)
	require.Error(t, l.Healthy())
	_, err = l.Record(ctx, auditEvent("transcript.read"))
	require.Error(t, err, "what is not deferred fails at once")
	_, err = db.Exec(`ALTER TABLE gone RENAME TO vual_audit_event`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { n, m := pings(l); return n == accepted && m == lost }, 30*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool { return l.Healthy() == nil }, 20*time.Second, 20*time.Millisecond)
	require.NoError(t, l.Close())
	_, err = l.Record(ctx, ping())
	require.ErrorIs(t, err, audit.ErrClosed)

	// A process that dies with a queue: nobody knows what was in it, and that is recorded.
	db2 := s.open(t)
	dead, err := audit.OpenSQL(ctx, db2, opts)
	require.NoError(t, err)
	_, err = dead.Record(ctx, ping())
	require.NoError(t, err)
	require.NoError(t, db2.Close())
	opts.Clock = func() time.Time { return time.Now().Add(10 * time.Minute) }
	l, err = audit.OpenSQL(ctx, db, opts)
	require.NoError(t, err)
	n, err := l.Resolve(ctx, time.Minute)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, l.Close())
	require.Error(t, dead.Close())
	var open, ended, crashed []audit.ID
	for _, e := range auditEntries(t, l, audit.Query{}) {
		switch {
		case e.Action == audit.ActionQueue && e.Outcome == audit.Attempt:
			open = append(open, e.ID)
		case e.Action == audit.ActionQueue:
			ended = append(ended, e.Link)
		case e.Action == audit.ActionGap && e.Code == "crash":
			crashed = append(crashed, e.Link)
		}
	}
	require.Len(t, crashed, 1)
	require.ElementsMatch(t, open, append(ended, crashed...))
	report := requireVerdict(t, l, audit.Verified)
	require.GreaterOrEqual(t, len(report.Gaps), 2)
}

// A process that is alive is not taken for dead.
func testAuditQueueAlive(t *testing.T, s auditStore) {
	l, err := audit.OpenSQL(t.Context(), s.open(t), auditOptions(t, t.TempDir()))
	require.NoError(t, err)
	_, err = l.Record(t.Context(), ping())
	require.NoError(t, err)
	n, err := l.Resolve(t.Context(), -time.Hour)
	require.NoError(t, err)
	require.Zero(t, n)
	require.NoError(t, l.Close())
}

// sqlMirror keeps what it gets. fail says which calls do not succeed.
type sqlMirror struct {
	fail func(call int) bool

	mu    sync.Mutex
	calls int
	seqs  []uint64
}

func (m *sqlMirror) Name() string { return "list" }

func (m *sqlMirror) Write(_ context.Context, batch []audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	for _, e := range batch {
		m.seqs = append(m.seqs, e.Seq)
	}
	if m.fail != nil && m.fail(m.calls) {
		return errors.New("later")
	}
	return nil
}

func (m *sqlMirror) got() []uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.seqs)
}

// A mirror gets every sealed record at least once and in order, after errors too; of two processes one feeds it,
// and the other goes on when the first has closed.
func testAuditMirrors(t *testing.T, s auditStore) {
	opts := auditOptions(t, t.TempDir())
	open := func(m audit.Mirror) *audit.SQLLog {
		o := opts
		o.Mirrors = []audit.Mirror{m}
		l, err := audit.OpenSQL(t.Context(), s.open(t), o)
		require.NoError(t, err)
		return l
	}
	record := func(l *audit.SQLLog, n int) {
		for range n {
			_, err := l.Record(t.Context(), auditEvent("transcript.read"))
			require.NoError(t, err)
		}
	}
	reached := func(l *audit.SQLLog, size uint64) {
		require.Eventually(t, func() bool { h := l.Health(); return h.SignedSize >= size && h.Mirrors[0].Next >= size }, 30*time.Second, 10*time.Millisecond,
			"%v", printable(func() string { return fmt.Sprintf("%+v", l.Health()) }))
	}
	first, second := &sqlMirror{fail: func(call int) bool { return call%3 == 0 }}, &sqlMirror{}
	a := open(first)
	record(a, 300)
	reached(a, 300)
	b := open(second)
	record(b, 20)
	record(a, 20)
	reached(a, 340)
	requireInOrder(t, 0, 340, first.got())
	require.Empty(t, second.got(), "two feed one mirror")
	require.NoError(t, a.Close())
	record(b, 20)
	reached(b, 360)
	requireInOrder(t, 340, 360, second.got())
	require.NoError(t, b.Close())

	// A process that died is followed when its turn is over.
	third := &sqlMirror{}
	dead := s.open(t)
	o := opts
	o.Mirrors = []audit.Mirror{&sqlMirror{}}
	c, err := audit.OpenSQL(t.Context(), dead, o)
	require.NoError(t, err)
	record(c, 5)
	reached(c, 365)
	require.NoError(t, dead.Close())
	opts.Clock = func() time.Time { return time.Now().Add(time.Hour) }
	d := open(third)
	record(d, 5)
	reached(d, 370)
	requireInOrder(t, 365, 370, third.got())
	require.NoError(t, d.Close())
	require.Error(t, c.Close())
}

type printable func() string

func (p printable) String() string { return p() }

// requireInOrder: from begin on, up to end, none passed over; a batch may come again.
func requireInOrder(t *testing.T, begin, end uint64, seqs []uint64) {
	next := begin
	for _, s := range seqs {
		require.GreaterOrEqual(t, s, begin)
		require.LessOrEqual(t, s, next, "a record was passed over")
		next = max(next, s+1)
	}
	require.Equal(t, end, next)
}
