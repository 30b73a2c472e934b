// Package sinktest tests implementations of [audit.Store]. Call [Run] from a
// test of your own:
//
//	func TestStore(t *testing.T) {
//		sinktest.Run(t, func(t *testing.T) sinktest.Opener { … })
//	}
//
// It checks what a log relies on: order, positions, hashes, saved values,
// pruning, reopening, and that a log above the store works and survives being
// opened again. It cannot check durability: cut the power for that.
package sinktest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// An Opener opens one and the same store each time. The test closes each store
// before it opens the next.
type Opener func() (audit.Store, error)

// Origin is the origin of the logs that Run writes.
const Origin = "example.ru/audit/sinktest"

// Run tests a kind of store. fresh returns the opener of a new, empty one.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"Empty", testEmpty},
		{"Append", testAppend},
		{"Saved", testSaved},
		{"Prune", testPrune},
		{"Log", testLog},
		{"Stop", testStop},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, fresh(t)) })
	}
}

func open(t *testing.T, o Opener) audit.Store {
	t.Helper()
	s, err := o()
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func closed(t *testing.T, s audit.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

// tree makes records and their hashes.
type tree struct {
	records [][]byte
	hashes  []tlog.Hash
}

// append adds n records to the store, in one batch.
func (r *tree) append(t *testing.T, s audit.Store, n int) {
	t.Helper()
	var batch [][]byte
	var fresh []tlog.Hash
	for range n {
		i := len(r.records)
		record := fmt.Appendf(nil, "record %d %s", i, bytes.Repeat([]byte{byte(i), 0, '\n'}, i%50))
		hashes, err := tlog.StoredHashes(int64(i), record, tlog.HashReaderFunc(r.read))
		if err != nil {
			t.Fatal(err)
		}
		r.records, r.hashes = append(r.records, record), append(r.hashes, hashes...)
		batch, fresh = append(batch, record), append(fresh, hashes...)
	}
	if err := s.Append(context.Background(), batch, fresh); err != nil {
		t.Fatalf("Append of %d records: %v", n, err)
	}
	// The slices are the caller's again.
	clear(batch)
	clear(fresh)
}

func (r *tree) read(indexes []int64) (list []tlog.Hash, _ error) {
	for _, x := range indexes {
		list = append(list, r.hashes[x])
	}
	return list, nil
}

// same compares what the store has with what was appended.
func (r *tree) same(t *testing.T, s audit.Store) {
	t.Helper()
	first, size := s.Bounds()
	if size != uint64(len(r.records)) {
		t.Fatalf("Bounds: size %d, want %d", size, len(r.records))
	}
	for _, from := range []uint64{first, first + (size-first)/2, size} {
		seq := from
		for record, err := range s.Read(context.Background(), from) {
			if err != nil {
				t.Fatalf("Read from %d: record %d: %v", from, seq, err)
			}
			if seq >= size || !bytes.Equal(record, r.records[seq]) {
				t.Fatalf("Read from %d: record %d is not what was appended", from, seq)
			}
			seq++
		}
		if seq != size {
			t.Fatalf("Read from %d: ended before record %d of %d", from, seq, size)
		}
	}
	for x := range r.hashes {
		got, err := s.ReadHashes([]int64{int64(x)})
		if err != nil || len(got) != 1 || got[0] != r.hashes[x] {
			t.Fatalf("ReadHashes: hash %d is not what was appended: %v", x, err)
		}
	}
	if _, err := s.ReadHashes([]int64{int64(len(r.hashes))}); err == nil {
		t.Fatal("ReadHashes: no error for a hash that does not exist")
	}
}

func testEmpty(t *testing.T, o Opener) {
	s := open(t, o)
	new(tree).same(t, s)
	if b, err := s.Load(context.Background(), "checkpoint"); b != nil || err != nil {
		t.Fatalf("Load of what was never saved: %q, %v; want nil, nil", b, err)
	}
}

func testAppend(t *testing.T, o Opener) {
	var r tree
	for _, batch := range []int{1, 2, 7, 100, 1, 1} {
		s := open(t, o)
		r.same(t, s)
		r.append(t, s, batch)
		r.same(t, s)
		closed(t, s)
	}
	s := open(t, o)
	r.same(t, s)
	// A reader stops when it wants, and sees what there was when it began.
	seen := 0
	for _, err := range s.Read(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen == 3 {
			break
		}
	}
	before := len(r.records)
	seen = 0
	for _, err := range s.Read(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen == 1 {
			r.append(t, s, 5)
		}
	}
	if seen != before {
		t.Fatalf("Read: %d records, want the %d there were at the call", seen, before)
	}
	closed(t, s)
	if s.Append(context.Background(), [][]byte{{1}}, []tlog.Hash{{}}) == nil {
		t.Fatal("Append to a closed store gave no error")
	}
}

func testSaved(t *testing.T, o Opener) {
	values := map[string][]byte{"checkpoint": []byte("one\n"), "mirror-siem": {0, 255, '\n'}}
	s := open(t, o)
	for name := range values {
		if err := s.Save(context.Background(), name, []byte("a longer value that is replaced")); err != nil {
			t.Fatalf("Save: %v", err)
		}
	}
	for name, v := range values {
		if err := s.Save(context.Background(), name, v); err != nil {
			t.Fatalf("Save: %v", err)
		}
	}
	closed(t, s)
	s = open(t, o)
	for name, v := range values {
		if got, err := s.Load(context.Background(), name); err != nil || !bytes.Equal(got, v) {
			t.Fatalf("Load(%q) = %q, %v; want %q", name, got, err, v)
		}
	}
}

func testPrune(t *testing.T, o Opener) {
	var r tree
	s := open(t, o)
	for range 30 {
		r.append(t, s, 10)
	}
	cut := s.Cut(150)
	if cut > 150 || s.Cut(cut) != cut {
		t.Fatalf("Cut(150) = %d, Cut of it = %d", cut, s.Cut(cut))
	}
	if err := s.Prune(context.Background(), cut); err != nil {
		t.Fatalf("Prune: %v", err)
	}
	for range 2 {
		if first, _ := s.Bounds(); first != cut {
			t.Fatalf("Bounds after Prune: first %d, want %d", first, cut)
		}
		r.same(t, s) // hashes of pruned records too
		if cut > 0 {
			for _, err := range s.Read(context.Background(), cut-1) {
				if !errors.Is(err, audit.ErrPruned) {
					t.Fatalf("Read of a pruned record: %v, want ErrPruned", err)
				}
			}
		}
		closed(t, s)
		s = open(t, o)
	}
	r.append(t, s, 3)
	r.same(t, s)
}

// testLog runs a whole log above the store.
func testLog(t *testing.T, o Opener) {
	ctx, opts := context.Background(), logOptions(t)
	event := audit.Event{Action: "thing.read", Actor: audit.Actor{Kind: audit.Service, ID: audit.Private("tester")}}
	var first audit.Checkpoint
	for run := range 3 {
		l, err := audit.New(ctx, open(t, o), opts)
		if err != nil {
			t.Fatalf("audit.New: %v", err)
		}
		var last audit.Receipt
		for range 5 {
			if last, err = l.Record(ctx, event); err != nil {
				t.Fatalf("Record: %v", err)
			}
		}
		head, err := l.Checkpoint(ctx)
		if err != nil {
			t.Fatalf("Checkpoint: %v", err)
		}
		if run == 0 {
			first = head
		}
		checkReceipt(t, l, last, opts.Verifier)
		proof, err := l.ProveConsistency(ctx, first.Size, head.Size)
		if err == nil && first.Size < head.Size {
			err = tlog.CheckTree(proof, int64(head.Size), head.Root, int64(first.Size), first.Root)
		}
		if err != nil {
			t.Fatalf("the log does not extend its earlier checkpoint: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
}

func logOptions(t *testing.T) audit.Options {
	skey, vkey, err := note.GenerateKey(rand.Reader, Origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Options{
		Catalogue: audit.Catalogue{Actions: []audit.Rule{{Action: "thing.read", Impersonal: true}}},
		Signer:    signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "e1", Secret: [32]byte{1}}}, nil
		},
		CheckpointEvery: time.Millisecond,
	}
}

// checkReceipt finds the record where its receipt says, and proves it.
func checkReceipt(t *testing.T, l *audit.Log, r audit.Receipt, key note.Verifier) {
	e, err := l.Entry(context.Background(), r.Seq)
	if err != nil || e.ID != r.ID {
		t.Fatalf("the record is not at the position of its receipt: %v", err)
	}
	p, err := l.Prove(context.Background(), r.Seq)
	if err == nil {
		err = p.Verify(e.Raw, key)
	}
	if err != nil {
		t.Fatalf("Prove: %v", err)
	}
}

// A store that keeps why the log stopped keeps it over a restart, until it is cleared.
func testStop(t *testing.T, o Opener) {
	type keeper interface {
		KeepStop(audit.StopNote) error
		Stop() *audit.StopNote
		ClearStop() error
	}
	want := audit.StopNote{At: time.UnixMicro(1_780_000_000_000_001).UTC(), Code: "disk-full"}
	for _, step := range []struct {
		found *audit.StopNote
		do    func(keeper) error
	}{
		{nil, func(k keeper) error { return k.KeepStop(audit.StopNote{At: want.At, Code: "error"}) }},
		{&audit.StopNote{At: want.At, Code: "error"}, func(k keeper) error { return k.KeepStop(want) }},
		{&want, func(keeper) error { return nil }},
		{&want, keeper.ClearStop},
		{nil, func(keeper) error { return nil }},
	} {
		s := open(t, o)
		k, ok := s.(keeper)
		if !ok {
			t.Skip("the store keeps no such note")
		}
		if got := k.Stop(); (got == nil) != (step.found == nil) || got != nil && *got != *step.found {
			t.Fatalf("Stop: %v, want %v", got, step.found)
		}
		if err := step.do(k); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
