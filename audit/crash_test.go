package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

const sector = 512

// errCrash is what every call returns after the power went.
var errCrash = errors.New("power cut")

// crashDisk is a folder that keeps apart what is durable and what is only
// written. A power cut leaves, of what was not synced, any subset of sectors
// of each file and any of the states that a name went through.
type crashDisk struct {
	mu     sync.Mutex
	files  map[string]*crashFile // the names as the process sees them
	stable map[string]*crashFile // the names that a sync of the folder has kept
	ops    int                   // operations that change something
	cutAt  int                   // the power goes at this operation; 0 means never
	fail   func(op int, kind string) error
	locked bool
	down   bool
}

type crashFile struct {
	disk    *crashDisk
	content []byte // as the process sees it
	durable []byte // as the disk has it
	dirty   map[int]bool
	resized bool
}

func newCrashDisk() *crashDisk {
	return &crashDisk{files: map[string]*crashFile{}, stable: map[string]*crashFile{}}
}

// step counts an operation and says whether it still happens.
func (d *crashDisk) step(kind string) error {
	if d.down {
		return errCrash
	}
	d.ops++
	if d.ops == d.cutAt {
		d.down = true
		return errCrash
	}
	if d.fail != nil {
		return d.fail(d.ops, kind)
	}
	return nil
}

func (d *crashDisk) List() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return nil, errCrash
	}
	return slices.Collect(maps.Keys(d.files)), nil
}

func (d *crashDisk) Open(name string, write bool) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return nil, errCrash
	}
	f := d.files[name]
	if f == nil {
		return nil, os.ErrNotExist
	}
	return f, nil
}

func (d *crashDisk) Create(name string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("create"); err != nil {
		return nil, err
	}
	if d.files[name] != nil {
		return nil, os.ErrExist
	}
	f := &crashFile{disk: d, dirty: map[int]bool{}}
	d.files[name] = f
	return f, nil
}

func (d *crashDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("rename"); err != nil {
		return err
	}
	if d.files[from] == nil {
		return os.ErrNotExist
	}
	d.files[to] = d.files[from]
	delete(d.files, from)
	return nil
}

func (d *crashDisk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return errCrash
	}
	if d.files[name] == nil {
		return os.ErrNotExist
	}
	if err := d.step("remove"); err != nil {
		return err
	}
	delete(d.files, name)
	return nil
}

func (d *crashDisk) SyncDir() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step("syncdir"); err != nil {
		return err
	}
	d.stable = maps.Clone(d.files)
	return nil
}

func (d *crashDisk) Lock() (io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.locked {
		return nil, errors.New("locked")
	}
	d.locked = true
	return unlock{d}, nil
}

type unlock struct{ d *crashDisk }

func (u unlock) Close() error { u.d.mu.Lock(); defer u.d.mu.Unlock(); u.d.locked = false; return nil }

func (f *crashFile) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.down {
		return 0, errCrash
	}
	return bytes.NewReader(f.content).ReadAt(p, off)
}

func (f *crashFile) WriteAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	err := f.disk.step("write")
	if err != nil && !f.disk.down {
		p = p[:len(p)/2] // a short write
	}
	// At the moment of the cut the write may be under way: its sectors count
	// as written and not synced.
	end := int(off) + len(p)
	for len(f.content) < end {
		f.content = append(f.content, 0)
		f.resized = true
	}
	copy(f.content[off:], p)
	for s := int(off) / sector; s*sector < end; s++ {
		f.dirty[s] = true
	}
	return len(p), err
}

func (f *crashFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step("truncate"); err != nil {
		return err
	}
	for int64(len(f.content)) < size {
		f.content = append(f.content, 0)
	}
	f.content = f.content[:size:size]
	f.resized = true
	return nil
}

func (f *crashFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step("sync"); err != nil {
		return err
	}
	f.durable, f.dirty, f.resized = bytes.Clone(f.content), map[int]bool{}, false
	return nil
}

func (f *crashFile) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.content)), nil
}

func (f *crashFile) Close() error { return nil }

// afterCut returns the disk that the next process finds. choose decides for
// each unsynced thing whether it got to the disk.
func (d *crashDisk) afterCut(choose func() bool) *crashDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	next := newCrashDisk()
	names := maps.Clone(d.stable)
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		if d.stable[name] != d.files[name] && choose() {
			names[name] = d.files[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.stable)) {
		if d.files[name] == nil && choose() {
			delete(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := &crashFile{disk: next, dirty: map[int]bool{}, content: names[name].survivor(choose)}
		f.durable = bytes.Clone(f.content)
		next.files[name] = f
	}
	next.stable = maps.Clone(next.files)
	return next
}

// afterKill returns the disk that the next process finds when only the process
// died: it sees everything, and nothing more is durable than before.
func (d *crashDisk) afterKill() *crashDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down, d.locked, d.ops, d.cutAt = false, false, 0, 0
	return d
}

// memAnchor is an anchor on another machine, which keeps running.
type memAnchor struct{ head Checkpoint }

func (a *memAnchor) Advance(ctx context.Context, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) error {
	if a.head.Note != nil {
		if err := follows(ctx, a.head, head, prove); err != nil {
			return err
		}
	}
	a.head = head
	return nil
}

// survivor is what is left of a file: its size is the old or the new one, and
// each unsynced sector is old (or zero) or new.
func (f *crashFile) survivor(choose func() bool) []byte {
	size := len(f.durable)
	if f.resized && choose() {
		size = len(f.content)
	}
	b := make([]byte, size)
	copy(b, f.durable)
	for _, s := range slices.Sorted(maps.Keys(f.dirty)) {
		if from := s * sector; from < size && from < len(f.content) && choose() {
			copy(b[from:min(size, from+sector)], f.content[from:])
		}
	}
	return b
}

// crashRun records events on a disk until it goes down or the run is over,
// and returns the rows value of every acknowledged and every tried one.
func crashRun(d *crashDisk, k *testKeys, anchor Anchor, from int) (acked, tried []int, err error) {
	opts := k.options()
	opts.Anchors = []Anchor{anchor}
	opts.Files.SegmentBytes = 700
	s, err := openFiles(d, testOrigin, &opts.Files)
	if err != nil {
		return nil, nil, err
	}
	l, err := New(context.Background(), s, opts)
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	for i := range 6 {
		e := readEvent()
		e.Details = []Detail{{Key: "rows", Value: Number(int64(from + i))}}
		tried = append(tried, from+i)
		switch {
		case i == 2:
			l.Checkpoint(context.Background())
		case i == 3 && from == 0:
			// Only what no later check looks for may go.
			l.Prune(context.Background(), Pruning{Before: time.Now().Add(time.Hour), Policy: "retention-3y", Keep: func(e Entry) bool {
				return e.Action == "transcript.read" && e.Details[0].Value > "1"
			}})
		}
		if _, err := l.Record(context.Background(), e); err != nil {
			return acked, tried, err
		}
		acked = append(acked, from+i)
	}
	return acked, tried, l.Close()
}

// requireSurvived checks a disk after a cut: everything acknowledged is there,
// in order, nothing is there that was not tried, and the log verifies.
func requireSurvived(t require.TestingT, d *crashDisk, k *testKeys, anchor Anchor, acked, tried []int) {
	r, err := verify(context.Background(), d, VerifyOptions{Key: k.verifier})
	require.NoError(t, err)
	require.Contains(t, []Verdict{Verified, CannotSay}, r.Verdict, "before recovery: %v", r.Problems)

	opts := k.options()
	opts.Anchors = []Anchor{anchor}
	opts.Files.SegmentBytes = 700
	s, err := openFiles(d, testOrigin, &opts.Files)
	require.NoError(t, err)
	l, err := New(context.Background(), s, opts)
	require.NoError(t, err)
	defer l.Close()
	var got []int
	for e, err := range l.Query(context.Background(), Query{Actions: []Action{"transcript.read"}}) {
		require.NoError(t, err)
		n, err := strconv.Atoi(e.Details[0].Value)
		require.NoError(t, err)
		got = append(got, n)
	}
	require.True(t, slices.IsSorted(got), "%v", got)
	for _, n := range acked {
		if n <= 1 {
			continue // may be pruned
		}
		require.Contains(t, got, n, "acknowledged and lost")
	}
	for _, n := range got {
		require.Contains(t, tried, n, "never recorded")
	}
	require.NoError(t, l.Close())
	r, err = verify(context.Background(), d, VerifyOptions{Key: k.verifier})
	require.NoError(t, err)
	require.Equal(t, Verified, r.Verdict, "after recovery: %v", r.Problems)
}

// Whatever the disk loses of what was not synced, everything that
// was acknowledged is there after the crash, and nothing is altered. The power
// goes at every operation in turn, with the extreme and some random outcomes;
// then it goes again during recovery.
func TestProperty3Durability(t *testing.T) {
	k := newTestKeys(t)
	whole := newCrashDisk()
	_, _, err := crashRun(whole, k, &memAnchor{}, 0)
	require.NoError(t, err)
	require.Nil(t, whole.files[segmentName(0)], "nothing was pruned")
	outcomes := 6
	if soak() {
		outcomes = 200
	}
	for cut := 1; cut <= whole.ops; cut++ {
		for o := range outcomes {
			crashOnce(t, k, cut, o, uint64(cut*1000+o))
		}
	}
	t.Logf("%d crash points, each with a second crash in recovery", whole.ops*outcomes)
}

func soak() bool { return os.Getenv("VUAL_SOAK") != "" }

// crashOnce cuts the power at one operation, and a second time in recovery.
func crashOnce(t *testing.T, k *testKeys, cut, outcome int, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	choose := func() bool { return rnd.IntN(2) == 0 }
	switch outcome {
	case 0:
		choose = func() bool { return false }
	case 1:
		choose = func() bool { return true }
	}
	defer func() {
		if t.Failed() {
			t.Logf("cut at operation %d, outcome %d, seed %d", cut, outcome, seed)
		}
	}()
	d := newCrashDisk()
	d.cutAt = cut
	anchor := &memAnchor{}
	acked, tried, _ := crashRun(d, k, anchor, 0)
	if outcome == 2 {
		d = d.afterKill()
	} else {
		d = d.afterCut(choose)
	}
	d.cutAt = 1 + rnd.IntN(20)
	acked2, tried2, err := crashRun(d, k, anchor, 100)
	require.ErrorIs(t, err, errCrash, "recovery refused an honest crash")
	d = d.afterCut(choose)
	requireSurvived(t, d, k, anchor, append(acked, acked2...), append(tried, tried2...))
}

// The same for one commit with every subset of its unsynced sectors.
func TestProperty3EverySubset(t *testing.T) {
	k := newTestKeys(t)
	whole := newCrashDisk()
	_, _, err := crashRun(whole, k, &memAnchor{}, 0)
	require.NoError(t, err)
	tested := 0
	for cut := 1; cut <= whole.ops; cut++ {
		// Counting with a bit for each choice until all have been 1.
		for mask := 0; ; mask++ {
			d := newCrashDisk()
			d.cutAt = cut
			anchor := &memAnchor{}
			acked, tried, _ := crashRun(d, k, anchor, 0)
			asked := 0
			d = d.afterCut(func() bool { asked++; return mask>>(asked-1)&1 == 1 })
			if asked > 7 && !soak() || mask >= 1<<asked {
				break
			}
			requireSurvived(t, d, k, anchor, acked, tried)
			tested++
		}
	}
	require.Greater(t, tested, 200)
	t.Logf("%d states of the disk", tested)
}

// A call that fails, at whichever operation and in whichever way,
// gives no acknowledgement, stops the log, and harms nothing on the disk.
func TestProperty6FailingDisk(t *testing.T) {
	k := newTestKeys(t)
	whole := newCrashDisk()
	_, _, err := crashRun(whole, k, &memAnchor{}, 0)
	require.NoError(t, err)
	for _, cause := range []error{errors.New("no space left on device"), errors.New("input/output error")} {
		for _, lasting := range []bool{false, true} {
			for op := 1; op <= whole.ops; op++ {
				failOnce(t, k, op, lasting, cause)
			}
		}
	}
}

func failOnce(t *testing.T, k *testKeys, at int, lasting bool, cause error) {
	d := newCrashDisk()
	d.fail = func(op int, _ string) error {
		if op == at || lasting && op > at {
			return cause
		}
		return nil
	}
	anchor := &memAnchor{}
	acked, tried, err := crashRun(d, k, anchor, 0)
	name := fmt.Sprintf("operation %d, lasting %v", at, lasting)
	require.Error(t, err, name)
	d.fail, d.locked = nil, false
	// The process goes on to live; the disk shows what it has in its cache.
	requireSurvived(t, d, k, anchor, acked, tried)
}

func TestProperty6StoppedLog(t *testing.T) {
	k, d := newTestKeys(t), newCrashDisk()
	s, err := openFiles(d, testOrigin, nil)
	require.NoError(t, err)
	l, err := New(t.Context(), s, k.options())
	require.NoError(t, err)
	defer l.Close()
	require.NoError(t, l.Healthy())
	d.mu.Lock()
	cause := errors.New("input/output error")
	d.fail = func(_ int, kind string) error {
		if kind == "sync" {
			return cause
		}
		return nil
	}
	d.mu.Unlock()
	ran := false
	err = Do(t.Context(), l, readEvent(), func(context.Context) error { ran = true; return nil })
	require.ErrorIs(t, err, ErrStopped)
	require.ErrorIs(t, err, cause)
	require.False(t, ran)
	d.mu.Lock()
	d.fail = nil // a second sync would succeed, and lie
	d.mu.Unlock()
	_, err = l.Record(t.Context(), readEvent())
	require.ErrorIs(t, err, ErrStopped)
	require.ErrorIs(t, l.Healthy(), ErrStopped)
	require.Error(t, l.Close())
}

// That a log stopped, and why, comes to the log at the next opening, once.
func TestProperty6StopIsRecorded(t *testing.T) {
	for code, cause := range map[string]error{
		stopError: syscall.EIO, stopFull: fmt.Errorf("write: %w", syscall.ENOSPC), stopRollback: ErrRollback,
	} {
		k, d := newTestKeys(t), newCrashDisk()
		l := openOn(t, d, k.options())
		d.mu.Lock()
		d.fail = func(op int, kind string) error {
			if d.fail = nil; kind == "write" {
				return cause
			}
			return nil
		}
		d.mu.Unlock()
		_, err := l.Record(t.Context(), readEvent())
		require.ErrorIs(t, err, cause)
		require.Error(t, l.Close())
		r, err := verify(t.Context(), d, VerifyOptions{Key: k.verifier})
		require.NoError(t, err)
		require.Equal(t, code, r.Stopped.Code)
		for range 2 {
			l = openOn(t, d, k.options())
			stops := entriesOf(t, &l.Reader, Query{Actions: []Action{ActionStopped}})
			require.Len(t, stops, 1)
			require.Equal(t, code, stops[0].Code)
			require.Equal(t, string(appendTime(nil, r.Stopped.At)), stops[0].Details[0].Value)
			require.NoError(t, l.Close())
		}
	}
}

// The last segment cut at every byte, and the rest filled with
// zeros, with old data, or with a copy of an earlier frame.
func TestProperty4TornTail(t *testing.T) {
	k, d := newTestKeys(t), newCrashDisk()
	s, err := openFiles(d, testOrigin, nil)
	require.NoError(t, err)
	l, err := New(t.Context(), s, k.options())
	require.NoError(t, err)
	d.mu.Lock()
	unsigned := bytes.Clone(d.files[checkpointName].content) // covers log.start only
	d.mu.Unlock()
	earlier := [2]int64{s.segs[0].length, s.segs[0].end}
	var ends []int64
	for i := range 4 {
		e := readEvent()
		e.Details = []Detail{{Key: "rows", Value: Number(int64(i))}}
		_, err := l.Record(t.Context(), e)
		require.NoError(t, err)
		ends = append(ends, s.segs[0].end)
	}
	require.NoError(t, l.Close())
	segment := segmentName(0)
	full := d.files[segment].content[:ends[3]]

	fills := map[string]func(cut int) []byte{
		"nothing": func(int) []byte { return nil },
		"zeros":   func(cut int) []byte { return make([]byte, len(full)-cut) },
		"old data": func(cut int) []byte {
			b := make([]byte, len(full)-cut)
			rand.NewChaCha8([32]byte{byte(cut)}).Read(b)
			return b
		},
		"earlier frame": func(int) []byte { return full[earlier[0]:earlier[1]] },
	}
	for name, fill := range fills {
		for cut := int(ends[0]); cut < len(full); cut++ {
			want := 1
			for want < 4 && int(ends[want]) <= cut {
				want++
			}
			disk := newCrashDisk()
			for n, content := range map[string][]byte{segment: append(bytes.Clone(full[:cut]), fill(cut)...), checkpointName: unsigned} {
				disk.files[n] = &crashFile{disk: disk, dirty: map[int]bool{}, content: content}
			}
			s, err := openFiles(disk, testOrigin, nil)
			require.NoError(t, err, "%s after byte %d", name, cut)
			_, size := s.Bounds()
			require.Equal(t, uint64(1+want), size, "%s after byte %d", name, cut)
			require.Len(t, disk.files[segment].content, int(ends[want-1]), "%s after byte %d", name, cut)
			if r := len(fill(cut)) + cut - int(ends[want-1]); r > 0 {
				require.Equal(t, int64(r), s.Torn().Bytes)
				require.Equal(t, full[ends[want-1]:cut], disk.files[s.Torn().File].content[:cut-int(ends[want-1])])
			} else {
				require.Nil(t, s.Torn())
			}
			require.NoError(t, s.Close())
		}
	}

	// More than one frame can be is no crash either.
	disk := newCrashDisk()
	disk.files[segment] = &crashFile{disk: disk, dirty: map[int]bool{}, content: append(bytes.Clone(full), make([]byte, maxTorn+1)...)}
	_, err = openFiles(disk, testOrigin, nil)
	require.Error(t, err)

	// The same damage with a whole frame behind it is no crash.
	for at := int(ends[0]); at < int(ends[2]); at++ {
		disk := newCrashDisk()
		content := bytes.Clone(full)
		content[at] ^= 0x10
		disk.files[segment] = &crashFile{disk: disk, dirty: map[int]bool{}, content: content}
		_, err := openFiles(disk, testOrigin, nil)
		var corrupt *CorruptError
		require.ErrorAs(t, err, &corrupt, "byte %d", at)
	}
}

// Checkpoints of one log are consistent with each other whatever
// writers, segments and pruning do between them.
func TestProperty2AppendOnly(t *testing.T) {
	k := newTestKeys(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := newCrashDisk()
		opts := k.options()
		opts.Files.SegmentBytes = 1200
		open := func() *Log {
			s, err := openFiles(d, testOrigin, &opts.Files)
			require.NoError(rt, err)
			l, err := New(context.Background(), s, opts)
			require.NoError(rt, err)
			return l
		}
		l := open()
		var heads []Checkpoint
		rt.Repeat(map[string]func(*rapid.T){
			"write": func(rt *rapid.T) {
				var wg sync.WaitGroup
				for range rapid.IntRange(1, 8).Draw(rt, "writers") {
					wg.Go(func() {
						_, err := l.Record(context.Background(), readEvent())
						require.NoError(t, err)
					})
				}
				wg.Wait()
			},
			"checkpoint": func(rt *rapid.T) {
				c, err := l.Checkpoint(context.Background())
				require.NoError(rt, err)
				heads = append(heads, c)
			},
			"prune": func(rt *rapid.T) {
				_, err := l.Prune(context.Background(), Pruning{Before: time.Now().Add(time.Hour), Policy: "retention-3y"})
				require.NoError(rt, err)
			},
			"reopen": func(rt *rapid.T) {
				require.NoError(rt, l.Close())
				l = open()
			},
			"": func(rt *rapid.T) {
				if len(heads) == 0 {
					return
				}
				last := heads[len(heads)-1]
				for _, old := range heads {
					require.NoError(rt, follows(context.Background(), old, last, l.ProveConsistency))
				}
			},
		})
		require.NoError(rt, l.Close())
		var texts [][]byte
		for _, h := range heads {
			texts = append(texts, h.Note)
		}
		r, err := verify(context.Background(), d, VerifyOptions{Key: k.verifier, Anchors: texts})
		require.NoError(rt, err)
		require.Equal(rt, Verified, r.Verdict, "%v", r.Problems)
	})
}
