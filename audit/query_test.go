package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A query equals a filter over all entries; paging with any limit
// visits each entry once; an entry of the largest size stops nothing.
func TestProperty10Query(t *testing.T) {
	k := newTestKeys(t)
	clock := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	opts := k.options()
	opts.Clock = func() time.Time { return clock }
	opts.Files.SegmentBytes = 4000
	opts.MaxEventBytes = 256 << 10
	l := openLog(t, t.TempDir(), opts)
	actors := []string{"petrova", "sidorov"}
	people := []string{"Иванов", "Смирнова", "Кузнецов"}
	for i := range 60 {
		e := readEvent()
		e.Details = nil
		e.Actor.ID = Private(actors[i%2])
		e.Subjects = []Subject{{Kind: "customer", ID: Private(people[i%3])}}
		if i%5 == 0 {
			e.Subjects = append(e.Subjects, Subject{Kind: "customer", ID: Private(people[(i+1)%3])})
		}
		e.Object.ID = Private(fmt.Sprint("c", i%4))
		if i%4 == 3 {
			e.Outcome = Denied
		}
		if i%7 == 0 {
			e.Purpose = "client-request"
		}
		if i == 30 {
			e.Details = []Detail{{Key: "note", Value: Private(strings.Repeat("x", 150_000))}}
		}
		_, err := l.Record(t.Context(), e)
		require.NoError(t, err)
		clock = clock.Add(time.Minute)
	}
	every := entriesOf(t, &l.Reader, Query{})
	require.Len(t, every, 61)
	name := func(kind Kind, s string) string { return k.epochs[0].pseudonym("", kind, s) }

	rapid.Check(t, func(t *rapid.T) {
		var q Query
		var tests []func(Entry) bool
		draw := func(label string) bool { return rapid.Bool().Draw(t, label) }
		if draw("by actor") {
			p := name(KindActor, rapid.SampledFrom(actors).Draw(t, "actor"))
			q.Actors = []string{p}
			tests = append(tests, func(e Entry) bool { return e.Actor.ID == p })
		}
		if draw("by subject") {
			p := name("customer", rapid.SampledFrom(people).Draw(t, "subject"))
			q.Subjects = []string{p, "p1.e1.nobody"}
			tests = append(tests, func(e Entry) bool { return strings.Contains(string(e.Raw), p) })
		}
		if draw("by object") {
			p := name(KindObject("transcript"), "c2")
			q.Objects = []string{p}
			tests = append(tests, func(e Entry) bool { return e.Object.ID == p })
		}
		if draw("by outcome") {
			q.Outcomes = []Outcome{Denied, Failed}
			tests = append(tests, func(e Entry) bool { return e.Outcome == Denied })
		}
		if draw("by purpose") {
			q.Purposes = []Purpose{"client-request"}
			tests = append(tests, func(e Entry) bool { return e.Purpose == "client-request" })
		}
		if draw("by action") {
			q.Actions = []Action{"transcript.read"}
			tests = append(tests, func(e Entry) bool { return e.Action == "transcript.read" })
		}
		if draw("from") {
			q.From = every[0].Recorded.Add(time.Duration(rapid.IntRange(-100, 4000).Draw(t, "from seconds")) * time.Second)
			tests = append(tests, func(e Entry) bool { return !e.Recorded.Time.Before(q.From) })
		}
		if draw("to") {
			q.To = every[0].Recorded.Add(time.Duration(rapid.IntRange(-100, 4000).Draw(t, "to seconds")) * time.Second)
			tests = append(tests, func(e Entry) bool { return e.Recorded.Time.Before(q.To) })
		}
		var want []uint64
		for _, e := range every {
			if !slices.ContainsFunc(tests, func(ok func(Entry) bool) bool { return !ok(e) }) {
				want = append(want, e.Seq)
			}
		}
		q.Limit = rapid.IntRange(0, 70).Draw(t, "limit")
		var got []uint64
		for {
			n := 0
			for e, err := range l.Query(context.Background(), q) {
				require.NoError(t, err)
				got = append(got, e.Seq)
				q.Start = e.Seq + 1
				n++
			}
			if n == 0 || q.Limit == 0 {
				break
			}
			require.LessOrEqual(t, n, q.Limit)
		}
		require.Equal(t, want, got)
	})

	_, err := l.Entry(t.Context(), 61)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestPrune(t *testing.T) {
	dir, k := t.TempDir(), newTestKeys(t)
	clock := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	opts := k.options()
	opts.Clock = func() time.Time { return clock }
	opts.Files.SegmentBytes = 2000
	l := openLog(t, dir, opts)
	attempt := readEvent()
	attempt.Outcome = Attempt
	open, err := l.Record(t.Context(), attempt)
	require.NoError(t, err)
	for range 30 {
		_, err := l.Record(t.Context(), readEvent())
		require.NoError(t, err)
		clock = clock.AddDate(0, 1, 0)
	}
	old, err := l.Checkpoint(t.Context())
	require.NoError(t, err)
	oldProof, err := l.Prove(t.Context(), 25)
	require.NoError(t, err)
	e25, err := l.Entry(t.Context(), 25)
	require.NoError(t, err)

	_, err = l.Prune(t.Context(), Pruning{Before: clock, Policy: "because"})
	require.Error(t, err)
	_, err = l.Prune(t.Context(), Pruning{Policy: "retention-3y"})
	require.Error(t, err)
	n, err := l.Prune(t.Context(), Pruning{Before: clock.AddDate(-1, 0, 0), Policy: "retention-3y", Keep: func(e Entry) bool { return true }})
	require.NoError(t, err)
	require.Zero(t, n, "a hold stops it")

	n, err = l.Prune(t.Context(), Pruning{Before: clock.AddDate(-1, 0, 0), Policy: "retention-3y"})
	require.NoError(t, err)
	require.Greater(t, n, uint64(5))
	first, _ := l.store.Bounds()
	require.Equal(t, n, first)
	kept := entriesOf(t, &l.Reader, Query{})
	require.Equal(t, first, kept[0].Seq)
	_, err = l.Entry(t.Context(), first-1)
	require.ErrorIs(t, err, ErrPruned)

	require.NoError(t, oldProof.Verify(e25.Raw, k.verifier))
	p, err := l.Prove(t.Context(), kept[0].Seq)
	require.NoError(t, err)
	require.NoError(t, p.Verify(kept[0].Raw, k.verifier))
	head, err := l.Checkpoint(t.Context())
	require.NoError(t, err)
	require.NoError(t, follows(t.Context(), old, head, l.ProveConsistency))
	require.NoError(t, l.Close())
	r := requireVerified(t, dir, k.verifier, old.Note)
	require.Equal(t, n, r.Pruned)

	// The attempt from before the pruning is still known to be open.
	l = openLog(t, dir, opts)
	got := entriesOf(t, &l.Reader, Query{Link: open.ID})
	require.Len(t, got, 1)
	require.Equal(t, Unknown, got[0].Outcome)
	require.NoError(t, l.Close())
	requireVerified(t, dir, k.verifier)
}

// Attempts stay known through more records than recovery reads.
func TestCarry(t *testing.T) {
	if raceEnabled {
		t.Skip("200,000 records take long under the race detector")
	}
	dir, k := t.TempDir(), newTestKeys(t)
	opts := k.options()
	l := openLog(t, dir, opts)
	attempt := readEvent()
	attempt.Outcome = Attempt
	open, err := l.Record(t.Context(), attempt)
	require.NoError(t, err)
	event := Event{Action: "health.check", Actor: Actor{Kind: Service, ID: Private("api")}}
	for range 3*carryEvery + 100 {
		_, err := l.Record(t.Context(), event)
		require.NoError(t, err)
	}
	_, err = l.Record(t.Context(), readEvent())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	l = openLog(t, dir, opts)
	require.Zero(t, l.Health().InFlight)
	_, size := l.store.Bounds()
	got := entriesOf(t, &l.Reader, Query{Start: size - 3})
	require.Equal(t, "log.stop/success transcript.read/unknown log.start/success", actions(got))
	require.Equal(t, open.ID, got[1].Link)
}
