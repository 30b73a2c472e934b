package audit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Verdict is the outcome of [Verify]. Its number is the exit status of the
// command vual-audit.
type Verdict int

// The verdicts, from good to bad.
const (
	Verified   Verdict = 0 // everything that is there is what was written
	Tampered   Verdict = 1 // something was changed, removed or put in
	RolledBack Verdict = 2 // the end is missing, or an older state was put back
	CannotSay  Verdict = 3 // nothing wrong was found, but what would prove it is missing
)

func (v Verdict) String() string {
	switch v {
	case Verified:
		return "verified"
	case Tampered:
		return "tampered"
	case RolledBack:
		return "rolled back"
	case CannotSay:
		return "cannot say"
	}
	return "verdict " + strconv.Itoa(int(v))
}

// VerifyOptions say what a log is held against.
type VerifyOptions struct {
	Key note.Verifier // of the log; required

	// Anchors are checkpoints from elsewhere: what a [FileAnchor] keeps, what a
	// witness has cosigned, one noted down last year.
	Anchors       [][]byte
	RequireAnchor bool // without an anchor the verdict is CannotSay

	// Each, if not nil, is called with every record.
	Each func(Entry)
}

// A Report says what [Verify] found.
type Report struct {
	Verdict    Verdict
	Problems   []string // what is wrong, at most 100: where, never what was recorded
	Size       uint64
	Root       tlog.Hash
	Pruned     uint64    // records removed by log.pruned, from the beginning
	Signed     uint64    // records under the log's last checkpoint
	Anchored   uint64    // records under the newest anchor
	Torn       int64     // bytes of an unfinished write, cut at the next Open
	Gaps       []uint64  // positions of log.gap
	Recoveries []uint64  // positions of log.recovered
	Stops      []uint64  // positions of log.stopped
	Unfinished uint64    // outcomes lost in a crash
	Unsealed   uint64    // rows of an SQL log that are not in the tree yet
	Stale      bool      // the tree file ends early: made anew at the next Open
	Stopped    *StopNote // the log has stopped and not been opened since; nil if not
}

// Verify reads all of the log in dir and checks every byte of it against the
// checksums, the Merkle tree, the signed checkpoint and the anchors. It changes
// nothing, takes no lock, and trusts nothing but the key. The error is of
// reading the files; what is wrong with their content is in the Report.
func Verify(ctx context.Context, dir string, opts VerifyOptions) (Report, error) {
	if opts.Key == nil {
		return Report{}, errors.New("audit: VerifyOptions.Key is missing")
	}
	return verify(ctx, osFS{dir}, opts)
}

func verify(ctx context.Context, fs fileSystem, opts VerifyOptions) (Report, error) {
	v := newVerifier(ctx, fs, opts)
	if err := v.run(); err != nil {
		return Report{}, err
	}
	return v.Report, nil
}

func newVerifier(ctx context.Context, fs fileSystem, opts VerifyOptions) *verifier {
	return &verifier{ctx: ctx, fs: fs, opts: opts, origin: opts.Key.Name(), badHash: ^uint64(0)}
}

type verifier struct {
	Report
	ctx    context.Context
	fs     fileSystem
	opts   VerifyOptions
	origin string

	heads    []head // checkpoints to be met, smallest first
	edge     frontier
	segs     []segment
	prunedTo uint64 // the largest position that a log.pruned names
	tree     file
	treeSize int64
	badHash  uint64 // the first leaf whose hashes differ in the tree file
}

// head is a checkpoint and where it is from.
type head struct {
	Checkpoint
	own bool
}

func (v *verifier) run() error {
	// Checkpoints first: the log may grow meanwhile, but not shrink.
	if err := v.readHeads(); err != nil {
		return err
	}
	if err := v.openTree(); err != nil {
		return err
	}
	defer v.tree.Close()
	if err := v.readSegments(); err != nil {
		return err
	}
	v.conclude()
	return nil
}

// maxProblems bounds the report: what follows the first damage says little.
const maxProblems = 100

// found notes a problem. The verdict is the first one, but that a change
// outweighs a missing end: where bytes are damaged, the end was not just cut.
func (v *verifier) found(verdict Verdict, format string, args ...any) {
	if len(v.Problems) < maxProblems {
		v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
	}
	if v.Verdict == Verified || v.Verdict == CannotSay || verdict == Tampered {
		v.Verdict = verdict
	}
}

func (v *verifier) readHeads() error {
	text, err := readFile(v.fs, checkpointName, 1<<20)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	v.addHeads(text)
	// Under no signature, so what is wrong with it is no finding.
	if b, err := readFile(v.fs, reserveName, reserveSize); err == nil {
		v.Stopped = parseStop(b)
	}
	return nil
}

// addHeads takes the log's own checkpoint, nil if there is none, and the anchors.
func (v *verifier) addHeads(own []byte) {
	c, err := ParseCheckpoint(own, v.opts.Key)
	switch {
	case own == nil:
		v.found(CannotSay, "the log has no checkpoint")
	case err != nil:
		v.found(Tampered, "the log's checkpoint is not signed by its key")
	default:
		v.heads = append(v.heads, head{c, true})
		v.Signed = c.Size
	}
	for _, text := range v.opts.Anchors {
		c, err := ParseCheckpoint(text, v.opts.Key)
		if err != nil {
			v.found(CannotSay, "an anchor is not a checkpoint signed by the log's key")
			continue
		}
		v.heads = append(v.heads, head{c, false})
		v.Anchored = max(v.Anchored, c.Size)
	}
	if v.opts.RequireAnchor && len(v.opts.Anchors) == 0 {
		v.found(CannotSay, "no anchor is given")
	}
	slices.SortStableFunc(v.heads, func(a, b head) int { return cmp.Compare(a.Size, b.Size) })
}

func (v *verifier) openTree() (err error) {
	v.tree, err = v.fs.Open(treeName, false)
	if errors.Is(err, os.ErrNotExist) {
		v.tree, v.Stale = noFile{}, true
		return nil
	}
	if err != nil {
		return err
	}
	v.treeSize, err = v.tree.Size()
	return err
}

// readSegments reads every record and grows the tree with it.
func (v *verifier) readSegments() error {
	names, err := v.fs.List()
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		if !strings.HasSuffix(name, segmentSuffix) {
			continue
		}
		first, ok := parseSegmentName(name)
		g, err := openSegment(v.fs, name)
		if err != nil && !errors.Is(err, errDamaged) {
			return err
		}
		if !ok || err != nil || g.first != first || g.origin != v.origin {
			v.found(Tampered, "%s: its header is not that of this log and place", name)
			continue
		}
		v.segs = append(v.segs, g)
	}
	if len(v.segs) == 0 {
		v.meet() // of the empty tree
		return nil
	}
	if err := v.skipPruned(v.segs[0].first); err != nil {
		return err
	}
	for i := range v.segs {
		if err := v.segment(i); err != nil {
			return err
		}
	}
	return nil
}

// skipPruned takes the leaves below the first segment from the tree file. The
// signed root over them and the records shows whether they are right.
func (v *verifier) skipPruned(first uint64) error {
	v.Pruned = first
	v.meet()
	var leaf [1]tlog.Hash
	for v.edge.size < first {
		h, err := hashFile{v.tree}.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(v.edge.size))})
		if errors.Is(err, errDamaged) {
			v.found(Tampered, "the first %d records are missing, and their hashes too", first)
			v.edge.size = first
			return nil
		}
		if err != nil {
			return err
		}
		leaf[0] = h[0]
		if err := v.grow(leaf[:]); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) segment(i int) error {
	g, last := &v.segs[i], i == len(v.segs)-1
	if g.first != v.edge.size {
		v.found(Tampered, "%s: begins with record %d instead of %d", g.name, g.first, v.edge.size)
		v.edge = frontier{size: g.first} // no root will fit any more
	} else if g.root != v.edge.root() {
		v.found(Tampered, "%s: the records before it have another root", g.name)
	}
	f, err := v.fs.Open(g.name, false)
	if err != nil {
		return err
	}
	defer f.Close()
	for off := g.length; off < g.end; {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		fr, err := readFrame(f, g.crc, off, g.end, v.edge.size)
		if errors.Is(err, errDamaged) {
			return v.damage(f, g, off, last)
		}
		if err != nil {
			return err
		}
		if err := v.records(fr.records); err != nil {
			return err
		}
		off = fr.end
	}
	return nil
}

// damage judges bytes that are no frame. Only behind the last whole frame of
// the last segment can they come from a crash, and then no checkpoint covers
// what they were.
func (v *verifier) damage(f file, g *segment, off int64, last bool) error {
	torn := false
	if signed := len(v.heads) > 0 && v.heads[len(v.heads)-1].Size > v.edge.size; last && !signed {
		var err error
		if torn, err = crashed(f, g.crc, off, g.end, v.edge.size); err != nil {
			return err
		}
	}
	if !torn {
		v.found(Tampered, "%s: record %d at byte %d is damaged", g.name, v.edge.size, off)
		return nil
	}
	v.Torn = g.end - off
	return nil
}

func (v *verifier) records(records [][]byte) error {
	leaves := make([]tlog.Hash, len(records))
	for i, r := range records {
		leaves[i] = tlog.RecordHash(r)
		if v.opts.Each == nil && !notable(r) {
			continue
		}
		seq := v.edge.size + uint64(i)
		e, err := ParseEntry(seq, r)
		if err != nil {
			v.found(Tampered, "record %d is not an event", seq)
			continue
		}
		v.note(&e)
	}
	return v.grow(leaves)
}

// notable spares parsing the events that the report tells nothing of, which
// takes ten times as long as hashing them. Their bytes are under the root all
// the same.
func notable(record []byte) bool {
	return bytes.Contains(record, []byte(`"action":"log.`)) || bytes.Contains(record, []byte(`"outcome":"unknown"`))
}

// note keeps what the report tells of an event.
func (v *verifier) note(e *Entry) {
	switch e.Action {
	case ActionGap:
		v.Gaps = append(v.Gaps, e.Seq)
	case ActionRecovered:
		v.Recoveries = append(v.Recoveries, e.Seq)
	case ActionStopped:
		v.Stops = append(v.Stops, e.Seq)
	case ActionPruned:
		if e.Seq >= v.Signed {
			break // anybody could have put it behind the signed part
		}
		for _, d := range e.Details {
			if n, err := strconv.ParseUint(d.Value, 10, 63); d.Key == "to" && err == nil {
				v.prunedTo = max(v.prunedTo, n)
			}
		}
	}
	if e.Outcome == Unknown {
		v.Unfinished++
	}
	if v.opts.Each != nil {
		v.opts.Each(*e)
	}
}

// grow adds leaves, compares their hashes with the tree file, and holds the
// root against every checkpoint on the way.
func (v *verifier) grow(leaves []tlog.Hash) error {
	var hashes []tlog.Hash
	index, from := storedCount(v.edge.size), v.edge.size
	for _, leaf := range leaves {
		hashes = v.edge.add(hashes, leaf)
		v.meet()
	}
	stored := make([]byte, len(hashes)*tlog.HashSize)
	n, err := v.tree.ReadAt(stored, index*tlog.HashSize)
	if err != nil && notEOF(err) != errDamaged {
		return err
	}
	n -= n % tlog.HashSize
	v.Stale = v.Stale || n < len(stored)
	for i := range n / tlog.HashSize {
		if tlog.Hash(stored[i*tlog.HashSize:(i+1)*tlog.HashSize]) != hashes[i] {
			v.badHash = min(v.badHash, from)
			break
		}
	}
	return nil
}

// meet compares the root with the checkpoints of this size.
func (v *verifier) meet() {
	for len(v.heads) > 0 && v.heads[0].Size <= v.edge.size {
		// A smaller one was passed over where records are missing.
		if h := v.heads[0]; h.Size < v.edge.size || h.Root != v.edge.root() {
			v.found(Tampered, "the first %d records do not have the root of a checkpoint of that size", h.Size)
		}
		v.heads = v.heads[1:]
	}
}

func (v *verifier) conclude() {
	v.Size, v.Root = v.edge.size, v.edge.root()
	for _, h := range v.heads {
		what := "an anchor"
		if h.own {
			what = "its own checkpoint"
		}
		v.found(RolledBack, "the log has %d records, %s covers %d", v.Size, what, h.Size)
	}
	if v.Pruned > v.prunedTo {
		v.found(Tampered, "%d records at the beginning are missing, log.pruned accounts for %d", v.Pruned, v.prunedTo)
	}
	// Above the last checkpoint a crash may leave anything in the tree file.
	if v.badHash < v.Signed {
		v.found(Tampered, "%s: the hashes of record %d or a later one of its commit are not those of the records", treeName, v.badHash)
	} else if v.badHash != ^uint64(0) {
		v.Stale = true
	}
}

// noFile is a file that is not there.
type noFile struct{ file }

func (noFile) ReadAt([]byte, int64) (int, error) { return 0, errDamaged }
func (noFile) Close() error                      { return nil }
