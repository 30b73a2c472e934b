package audit

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// tamperLog makes a closed log of three segments and returns its files, the
// same at an earlier time, and the anchors of both.
func tamperLog(t *testing.T, k *testKeys) (now, before map[string][]byte, anchorNow, anchorBefore []byte) {
	d := newCrashDisk()
	opts := k.options()
	opts.Files.SegmentBytes = 1400
	for round := range 2 {
		s, err := openFiles(d, testOrigin, &opts.Files)
		require.NoError(t, err)
		l, err := New(t.Context(), s, opts)
		require.NoError(t, err)
		for range 3 {
			e := readEvent()
			e.Details = []Detail{{Key: "rows", Value: Number(7)}}
			_, err := l.Record(t.Context(), e)
			require.NoError(t, err)
		}
		require.NoError(t, l.Close())
		if round == 0 {
			before, anchorBefore = d.contents(), l.signed.Note
		}
		anchorNow = l.signed.Note
	}
	return d.contents(), before, anchorNow, anchorBefore
}

func (d *crashDisk) contents() map[string][]byte {
	files := make(map[string][]byte)
	for name, f := range d.files {
		files[name] = bytes.Clone(f.content)
	}
	return files
}

func diskOf(files map[string][]byte) *crashDisk {
	d := newCrashDisk()
	for name, content := range files {
		d.files[name] = &crashFile{disk: d, dirty: map[int]bool{}, content: bytes.Clone(content), durable: bytes.Clone(content)}
	}
	return d
}

// The table of verdicts. Every bit of every file is flipped, and
// every record, segment and file is deleted, doubled, swapped and put back from
// an earlier time.
func TestProperty5TamperSweep(t *testing.T) {
	k := newTestKeys(t)
	files, before, anchor, anchorBefore := tamperLog(t, k)
	judge := func(changed map[string][]byte, anchors ...[]byte) Report {
		r, err := verify(context.Background(), diskOf(changed), VerifyOptions{Key: k.verifier, Anchors: anchors})
		require.NoError(t, err)
		return r
	}
	with := func(name string, content []byte) map[string][]byte {
		m := maps.Clone(files)
		m[name] = content
		return m
	}
	without := func(names ...string) map[string][]byte {
		m := maps.Clone(files)
		for _, n := range names {
			delete(m, n)
		}
		return m
	}
	require.Equal(t, Verified, judge(files).Verdict)
	require.Equal(t, Verified, judge(files, anchor, anchorBefore).Verdict)

	var segs []string
	for _, g := range segmentsOf(t, files) {
		segs = append(segs, g.name)
	}
	require.Greater(t, len(segs), 2)
	last := segs[len(segs)-1]

	for name, content := range files {
		if name == reserveName {
			continue // is under no signature and says nothing of the records
		}
		step := 1
		if raceEnabled || testing.Short() {
			step = 13 // every bit is for the run without the race detector
		}
		for bit := 0; bit < 8*len(content); bit += step {
			b := bytes.Clone(content)
			b[bit/8] ^= 1 << (bit % 8)
			require.Equal(t, Tampered, judge(with(name, b)).Verdict, "%s, bit %d", name, bit)
		}
	}

	type row struct {
		name  string
		files map[string][]byte
		alone Verdict // without an anchor
		held  Verdict // with the latest anchor
	}
	rolledBack := maps.Clone(before)
	noCheckpoint := without(checkpointName)
	table := []row{
		{"first segment deleted", without(segs[0]), Tampered, Tampered},
		{"middle segment deleted", without(segs[1]), Tampered, Tampered},
		{"last segment deleted", without(last), RolledBack, RolledBack},
		{"all segments deleted", without(segs...), RolledBack, RolledBack},
		{"last segment and checkpoint deleted", without(last, checkpointName), CannotSay, RolledBack},
		{"everything deleted", map[string][]byte{}, CannotSay, RolledBack},
		{"checkpoint deleted", noCheckpoint, CannotSay, CannotSay},
		{"checkpoint of before put back", with(checkpointName, before[checkpointName]), Verified, Verified},
		{"log of before put back", rolledBack, Verified, RolledBack},
		{"reserve deleted", without(reserveName), Verified, Verified},
		{"reserve overwritten", with(reserveName, []byte(reserveMagic)), Verified, Verified},
		{"tree file deleted", without(treeName), Verified, Verified},
		{"tree file cut", with(treeName, files[treeName][:100]), Verified, Verified},
		{"segments swapped", swapped(files, segs[0], segs[1]), Tampered, Tampered},
		{"segment doubled under the next number", with(segmentName(99), files[last]), Tampered, Tampered},
		{"bytes added to the last segment", with(last, append(bytes.Clone(files[last]), 1, 2, 3)), Verified, Verified},
		{"bytes added to another segment", with(segs[0], append(bytes.Clone(files[segs[0]]), 1, 2, 3)), Tampered, Tampered},
		{"last segment cut to its header", with(last, files[last][:segmentsOf(t, files)[len(segs)-1].length]), RolledBack, RolledBack},
	}
	for _, g := range segmentsOf(t, files) {
		frames := framesOf(t, files, g)
		for i := range frames {
			atEnd := g.name == last && i == len(frames)-1
			alone := Tampered
			if atEnd {
				alone = RolledBack
			}
			table = append(table,
				row{fmt.Sprintf("%s: record %d deleted", g.name, i), with(g.name, joined(files, g, frames, i)), alone, alone},
				row{fmt.Sprintf("%s: record %d doubled", g.name, i), with(g.name, joined(files, g, append(append(append([][]byte{}, frames[:i+1]...), frames[i]), frames[i+1:]...), -1)), tailOr(atEnd), tailOr(atEnd)})
			if i > 0 {
				f := append([][]byte{}, frames...)
				f[i], f[i-1] = f[i-1], f[i]
				table = append(table, row{fmt.Sprintf("%s: records %d and %d swapped", g.name, i-1, i), with(g.name, joined(files, g, f, -1)), Tampered, Tampered})
			}
		}
		// A record of another history of the same log: same key, same place.
		for name, other := range spliced(t, k, files, g) {
			table = append(table, row{g.name + ": " + name, with(g.name, other), Tampered, Tampered})
		}
	}
	// Who can write to the folder makes everything fit but the signature.
	for i := range recordsOf(t, files) {
		table = append(table,
			row{fmt.Sprintf("record %d forged, and all that depends on it", i), remade(t, files, i, true), Tampered, Tampered},
			row{fmt.Sprintf("record %d left out, and all that depends on it", i), remade(t, files, i, false), RolledBack, RolledBack})
	}
	for _, r := range table {
		got := judge(r.files)
		require.Equal(t, r.alone, got.Verdict, "%s: %v", r.name, got.Problems)
		got = judge(r.files, anchor)
		require.Equal(t, r.held, got.Verdict, "%s, with anchor: %v", r.name, got.Problems)
	}
	t.Logf("%d rows", len(table))
}

// tailOr: a copy behind the last record of all is bytes that no checkpoint
// covers, such as a crash leaves.
func tailOr(atEnd bool) Verdict {
	if atEnd {
		return Verified
	}
	return Tampered
}

func swapped(files map[string][]byte, a, b string) map[string][]byte {
	m := maps.Clone(files)
	m[a], m[b] = files[b], files[a]
	return m
}

func segmentsOf(t *testing.T, files map[string][]byte) []segment {
	segs, err := listSegments(diskOf(files), testOrigin)
	require.NoError(t, err)
	return segs
}

func framesOf(t *testing.T, files map[string][]byte, g segment) (frames [][]byte) {
	r := bytes.NewReader(files[g.name])
	for off := g.length; off < g.end; {
		end, _, _, err := frameSpan(r, off, g.end)
		require.NoError(t, err)
		frames = append(frames, files[g.name][off:end])
		off = end
	}
	return frames
}

func joined(files map[string][]byte, g segment, frames [][]byte, without int) []byte {
	b := bytes.Clone(files[g.name][:g.length])
	for i, f := range frames {
		if i != without {
			b = append(b, f...)
		}
	}
	return b
}

// spliced puts in a well-formed frame, checksum and all, with another event.
func spliced(t *testing.T, k *testKeys, files map[string][]byte, g segment) map[string][]byte {
	frames := framesOf(t, files, g)
	e := Entry{ID: newID(), Recorded: At(time.Now()), Action: "transcript.read", Outcome: Success, Actor: EntryActor{Kind: User, ID: "p1.e1.x"}}
	e.encode()
	forged := appendFrame(nil, g.crc, g.first, [][]byte{e.Raw})
	f := append([][]byte{}, frames...)
	f[0] = forged
	return map[string][]byte{
		"first record forged": joined(files, g, f, -1),
	}
}

func recordsOf(t *testing.T, files map[string][]byte) (records [][]byte) {
	s, err := readFiles(diskOf(files), testOrigin)
	require.NoError(t, err)
	for r, err := range s.Read(t.Context(), 0) {
		require.NoError(t, err)
		records = append(records, r)
	}
	return records
}

// remade writes the log anew with record at forged or left out, beside the old checkpoint.
func remade(t *testing.T, files map[string][]byte, at int, keep bool) map[string][]byte {
	d := newCrashDisk()
	s, err := openFiles(d, testOrigin, &FileOptions{SegmentBytes: 1400})
	require.NoError(t, err)
	var edge frontier
	for i, r := range recordsOf(t, files) {
		if i == at && !keep {
			continue
		}
		if i == at {
			e, err := ParseEntry(0, r)
			require.NoError(t, err)
			e.ID = newID()
			e.encode()
			r = e.Raw
		}
		require.NoError(t, s.Append(t.Context(), [][]byte{r}, edge.add(nil, tlog.RecordHash(r))))
	}
	require.NoError(t, s.Save(t.Context(), checkpointName, files[checkpointName]))
	require.NoError(t, s.Close())
	return d.contents()
}

// A log that was rolled back does not open where an anchor remembers more, and
// one that was changed does not open at all.
func TestProperty5OpenRefuses(t *testing.T) {
	k := newTestKeys(t)
	files, before, anchor, _ := tamperLog(t, k)
	head, err := ParseCheckpoint(anchor, k.verifier)
	require.NoError(t, err)
	open := func(files map[string][]byte, anchors ...Anchor) error {
		opts := k.options()
		opts.Anchors = anchors
		s, err := openFiles(diskOf(files), testOrigin, &opts.Files)
		if err != nil {
			return err
		}
		l, err := New(t.Context(), s, opts)
		if err == nil {
			l.Close()
		}
		return err
	}
	require.NoError(t, open(maps.Clone(files), &memAnchor{head}))
	require.NoError(t, open(maps.Clone(before)))
	require.ErrorIs(t, open(maps.Clone(before), &memAnchor{head}), ErrRollback)
	require.ErrorIs(t, open(map[string][]byte{}, &memAnchor{head}), ErrRollback)

	old := maps.Clone(before)
	old[checkpointName] = files[checkpointName]
	require.ErrorIs(t, open(old), ErrRollback)

	bad := maps.Clone(files)
	bad[segmentName(0)] = bytes.Clone(bad[segmentName(0)])
	bad[segmentName(0)][20] ^= 1
	var corrupt *CorruptError
	require.ErrorAs(t, open(bad), &corrupt)
}
