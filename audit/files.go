package audit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// FileOptions say how a [FileStore] lays out its files. The zero value is the
// default.
type FileOptions struct {
	SegmentBytes int64         // a segment ends above this size; default 64 MiB
	SegmentAge   time.Duration // and at this age; default 24 h
}

// A FileStore keeps a log in a folder of its own: numbered segments, the tree
// of hashes, the last checkpoint. Only one process may have it open; a lock
// that dies with the process sees to that.
type FileStore struct {
	fs     fileSystem
	origin string
	opts   FileOptions

	mu   sync.RWMutex
	segs []segment // oldest first, the last one is written to
	size uint64
	edge frontier

	active   file
	tree     file
	flushing sync.Mutex
	treeErr  error // under flushing
	buf      []byte
	err      error // the first failed write, which is final
	lock     io.Closer
	torn     *TornTail
	reserve  file // room for the note stop
	stop     *StopNote

	tail     []tlog.Hash // hashes that are not in the tree file yet
	tailBase int64       // index of the first of them
	readOnly bool        // the tree file is left as it is
}

// segment is one file. What lies below end is durable and never changes.
type segment struct {
	segmentHeader
	name  string
	end   int64
	marks []mark
}

// mark says at which offset a frame begins. One is kept for each markEvery
// bytes, so that a reader does not walk the whole segment.
type mark struct {
	seq uint64
	off int64
}

const markEvery = 256 << 10

// A TornTail is what recovery took off the end of a log: bytes of a write that
// was never acknowledged. They are kept in a file beside the segments.
type TornTail struct {
	Bytes  int64
	SHA256 [32]byte
	File   string
}

const treeName = "tree"

// OpenFiles opens the log of that origin in dir, or makes it. It cuts what an
// interrupted write left behind the last whole record of the last segment, and
// refuses damage in any other place with a [*CorruptError].
func OpenFiles(dir, origin string, opts *FileOptions) (*FileStore, error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	return openFiles(osFS{dir}, origin, opts)
}

func openFiles(fs fileSystem, origin string, opts *FileOptions) (_ *FileStore, err error) {
	s := &FileStore{fs: fs, origin: origin}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.SegmentBytes <= 0 {
		s.opts.SegmentBytes = 64 << 20
	}
	if s.opts.SegmentAge <= 0 {
		s.opts.SegmentAge = 24 * time.Hour
	}
	if s.lock, err = fs.Lock(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.segs, err = listSegments(fs, origin); err != nil {
		return nil, err
	}
	if err := removeLeftovers(fs); err != nil {
		return nil, err
	}
	if len(s.segs) == 0 {
		if err := s.create(0, frontier{}); err != nil {
			return nil, err
		}
	}
	if err := s.recover(); err != nil {
		return nil, err
	}
	if err := s.openReserve(); err != nil {
		return nil, err
	}
	return s, nil
}

// readFiles opens a log without lock and repair. What the tree file may not
// have yet is kept in memory.
func readFiles(fs fileSystem, origin string) (_ *FileStore, err error) {
	s := &FileStore{fs: fs, origin: origin, err: errReadOnly, readOnly: true}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.segs, err = listSegments(fs, origin); err != nil {
		return nil, err
	}
	if len(s.segs) == 0 {
		return nil, ErrNotFound
	}
	if s.tree, err = fs.Open(treeName, false); err != nil {
		return nil, err
	}
	last := &s.segs[len(s.segs)-1]
	if s.edge, err = loadFrontier(last.first, hashFile{s.tree}); err != nil {
		return nil, err
	}
	if s.edge.root() != last.root {
		return nil, &CorruptError{treeName, 0, last.first, "it does not have the root that the last segment tells"}
	}
	if s.active, err = fs.Open(last.name, false); err != nil {
		return nil, err
	}
	s.tailBase = storedCount(last.first)
	s.tail, err = s.scan(s.active, last, last.end, &s.edge)
	if errors.Is(err, errDamaged) {
		err = nil // a torn tail, or a write under way
	}
	s.size = s.edge.size
	return s, err
}

var errReadOnly = errors.New("audit: the log is open for reading only")

// listSegments reads the headers, oldest first. Only the last segment's end is
// still unknown: the others end where their file does.
func listSegments(fs fileSystem, origin string) ([]segment, error) {
	names, err := fs.List()
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var segs []segment
	for _, name := range names {
		first, ok := parseSegmentName(name)
		if !ok {
			continue
		}
		g, err := openSegment(fs, name)
		if errors.Is(err, errDamaged) || err == nil && (g.first != first || g.origin != origin) {
			return nil, &CorruptError{name, 0, first, "its header is not that of this log and place"}
		}
		if err != nil {
			return nil, err
		}
		segs = append(segs, g)
	}
	return segs, nil
}

func openSegment(fs fileSystem, name string) (segment, error) {
	f, err := fs.Open(name, false)
	if err != nil {
		return segment{}, err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		return segment{}, err
	}
	size, err := f.Size()
	return segment{segmentHeader: h, name: name, end: size}, err
}

func removeLeftovers(fs fileSystem) error {
	names, err := fs.List()
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, ".tmp") {
			continue
		}
		if err := fs.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// create makes the segment that begins with record first. It becomes visible
// by a rename, after its header is durable, so a header is never torn.
func (s *FileStore) create(first uint64, edge frontier) error {
	h, b := newHeader(first, edge.root(), s.origin, time.Now())
	name := segmentName(first)
	if err := replaceFile(s.fs, name, b); err != nil {
		return err
	}
	s.mu.Lock()
	s.segs = append(s.segs, segment{segmentHeader: h, name: name, end: h.length})
	s.mu.Unlock()
	return nil
}

// recover finds the end of the log and makes the tree fit it.
func (s *FileStore) recover() (err error) {
	if s.tree, err = openOrCreate(s.fs, treeName); err != nil {
		return err
	}
	last := &s.segs[len(s.segs)-1]
	// The tree is written and synced only with checkpoints and new segments, so
	// its end may be anything after a crash.
	s.edge, err = s.knownEdge(last)
	if err != nil {
		return err
	}
	if s.active, err = s.fs.Open(last.name, true); err != nil {
		return err
	}
	limit := last.end
	hashes, err := s.scan(s.active, last, limit, &s.edge)
	if err != nil && !errors.Is(err, errDamaged) {
		return err
	}
	if last.end < limit {
		if err := s.cutTail(last, limit); err != nil {
			return err
		}
	}
	s.size = s.edge.size
	s.tailBase = storedCount(s.size)
	if err := s.writeHashes(storedCount(last.first), hashes); err != nil {
		return err
	}
	if err := s.tree.Truncate(storedCount(s.size) * tlog.HashSize); err != nil {
		return err
	}
	// A crashed process may have left whole frames that no sync has covered.
	if err := s.active.Sync(); err != nil {
		return err
	}
	return s.tree.Sync()
}

func openOrCreate(fs fileSystem, name string) (file, error) {
	f, err := fs.Open(name, true)
	if !errors.Is(err, os.ErrNotExist) {
		return f, err
	}
	if f, err = fs.Create(name); err != nil {
		return nil, err
	}
	if err := fs.SyncDir(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// knownEdge returns the right edge at the start of the last segment: from the
// tree, if it has the root that the segment's header tells, else from the
// records, as long as none is pruned.
func (s *FileStore) knownEdge(last *segment) (frontier, error) {
	edge, err := loadFrontier(last.first, hashFile{s.tree})
	if err == nil && edge.root() == last.root {
		return edge, nil
	}
	if s.segs[0].first != 0 {
		return frontier{}, &CorruptError{treeName, 0, last.first, "it does not have the root that the last segment tells, and cannot be made anew because the beginning is pruned"}
	}
	edge = frontier{}
	for i := range s.segs[:len(s.segs)-1] {
		if err := s.rebuild(&s.segs[i], s.segs[i+1].first, &edge); err != nil {
			return frontier{}, err
		}
	}
	if edge.root() != last.root {
		return frontier{}, &CorruptError{last.name, 0, last.first, "the records before it have another root"}
	}
	return edge, nil
}

// rebuild writes the hashes of a full segment, which ends before record next.
func (s *FileStore) rebuild(g *segment, next uint64, edge *frontier) error {
	f, err := s.fs.Open(g.name, false)
	if err != nil {
		return err
	}
	defer f.Close()
	limit, from := g.end, edge.size
	hashes, err := s.scan(f, g, limit, edge)
	if err != nil || edge.size != next {
		return &CorruptError{g.name, g.end, edge.size, "a record before the last segment is damaged or missing"}
	}
	return s.writeHashes(storedCount(from), hashes)
}

// scan reads the frames of g up to limit, adds their records to edge and sets
// g.end behind the last whole frame. errDamaged means that a crash may have
// torn what follows; damage that a crash cannot cause is a CorruptError.
func (s *FileStore) scan(f file, g *segment, limit int64, edge *frontier) ([]tlog.Hash, error) {
	if edge.size != g.first {
		return nil, &CorruptError{g.name, 0, edge.size, "records before this segment are missing"}
	}
	var hashes []tlog.Hash
	g.marks = nil
	for g.end = g.length; g.end < limit; {
		fr, err := readFrame(f, g.crc, g.end, limit, edge.size)
		if errors.Is(err, errDamaged) {
			torn, ferr := crashed(f, g.crc, g.end, limit, edge.size)
			if ferr != nil {
				return nil, ferr
			}
			if !torn {
				return nil, &CorruptError{g.name, g.end, edge.size, "what follows is more than a crash can leave"}
			}
		}
		if err != nil {
			return hashes, err
		}
		g.mark(fr.first, g.end)
		for _, r := range fr.records {
			hashes = edge.add(hashes, tlog.RecordHash(r))
		}
		g.end = fr.end
	}
	return hashes, nil
}

func (g *segment) mark(seq uint64, off int64) {
	if n := len(g.marks); n == 0 || off-g.marks[n-1].off >= markEvery {
		g.marks = append(g.marks, mark{seq, off})
	}
}

// cutTail moves the bytes between g.end and limit into a file of their own.
// The copy is durable before the cut, so a crash here loses nothing either.
func (s *FileStore) cutTail(g *segment, limit int64) error {
	rest := make([]byte, limit-g.end)
	if _, err := s.active.ReadAt(rest, g.end); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	name := fmt.Sprintf("torn-%020d-%d", s.edge.size, g.end)
	if err := replaceFile(s.fs, name, rest); err != nil {
		return err
	}
	if err := s.active.Truncate(g.end); err != nil {
		return err
	}
	s.torn = &TornTail{int64(len(rest)), sha256.Sum256(rest), name}
	return nil
}

func (s *FileStore) writeHashes(index int64, hashes []tlog.Hash) error {
	var buf []byte
	for _, h := range hashes {
		buf = append(buf, h[:]...)
	}
	if len(buf) == 0 {
		return nil
	}
	_, err := s.tree.WriteAt(buf, index*tlog.HashSize)
	return err
}

// flushTree brings the tree file up to date and syncs it. Between checkpoints
// the hashes gather in memory: after a crash they come from the records.
func (s *FileStore) flushTree() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	if s.treeErr != nil {
		return s.treeErr // as with Append, a failed sync is final
	}
	s.mu.RLock()
	base, tail := s.tailBase, s.tail
	s.mu.RUnlock()
	if s.treeErr = s.writeHashes(base, tail); s.treeErr == nil {
		s.treeErr = s.tree.Sync()
	}
	if s.treeErr != nil {
		return s.treeErr
	}
	s.mu.Lock()
	// Until the next flush about as many will come.
	rest := make([]tlog.Hash, 0, len(s.tail))
	s.tailBase, s.tail = base+int64(len(tail)), append(rest, s.tail[len(tail):]...)
	s.mu.Unlock()
	return nil
}

// Torn returns what opening took off the end of the log, or nil.
func (s *FileStore) Torn() *TornTail { return s.torn }

// Append implements [Store]: one write and one sync for all records. After an
// error the store takes no more: a failed sync may have lost what it was asked
// to keep, and asking again would not tell.
func (s *FileStore) Append(_ context.Context, records [][]byte, hashes []tlog.Hash) error {
	bytes := 0
	for _, r := range records {
		bytes += 4 + len(r)
	}
	if bytes > maxFrame {
		return ErrTooLarge
	}
	if s.err == nil {
		s.err = s.append(records, hashes)
	}
	return s.err
}

func (s *FileStore) append(records [][]byte, hashes []tlog.Hash) error {
	if g := &s.segs[len(s.segs)-1]; g.end > g.length && (g.end >= s.opts.SegmentBytes || time.Since(g.created) >= s.opts.SegmentAge) {
		if err := s.rotate(); err != nil {
			return err
		}
	}
	g := &s.segs[len(s.segs)-1]
	s.buf = appendFrame(s.buf[:0], g.crc, s.size, records)
	if _, err := s.active.WriteAt(s.buf, g.end); err != nil {
		return err
	}
	if err := s.active.Sync(); err != nil {
		return err
	}
	end := g.end + int64(len(s.buf))
	s.mu.Lock()
	s.tail = append(s.tail, hashes...)
	g.mark(s.size, g.end)
	g.end = end
	s.size += uint64(len(records))
	s.mu.Unlock()
	return nil
}

// rotate ends the active segment. The tree is synced first: recovery trusts it
// below the last segment.
func (s *FileStore) rotate() error {
	if err := s.flushTree(); err != nil {
		return err
	}
	edge, err := loadFrontier(s.size, hashFile{s.tree})
	if err != nil {
		return err
	}
	if err := s.create(s.size, edge); err != nil {
		return err
	}
	f, err := s.fs.Open(segmentName(s.size), true)
	if err != nil {
		return err
	}
	old := s.active
	s.active = f
	return old.Close()
}

// Bounds implements [Store].
func (s *FileStore) Bounds() (first, size uint64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.segs[0].first, s.size
}

// Read implements [Store].
func (s *FileStore) Read(ctx context.Context, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s.mu.RLock()
		segs, size := slices.Clone(s.segs), s.size
		s.mu.RUnlock()
		if from < segs[0].first {
			yield(nil, ErrPruned)
			return
		}
		for i := range segs {
			if i+1 < len(segs) && segs[i+1].first <= from {
				continue
			}
			next := size
			if i+1 < len(segs) {
				next = segs[i+1].first
			}
			more, err := readSegment(ctx, s.fs, &segs[i], from, next, yield)
			if err != nil {
				yield(nil, err)
			}
			if err != nil || !more {
				return
			}
		}
	}
}

// readSegment yields the records of g from a position on, up to record next.
// It says whether the consumer wants more.
func readSegment(ctx context.Context, fs fileSystem, g *segment, from, next uint64, yield func([]byte, error) bool) (bool, error) {
	f, err := fs.Open(g.name, false)
	if errors.Is(err, os.ErrNotExist) {
		return false, ErrPruned
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	off, seq := g.length, g.first
	for _, m := range g.marks {
		if m.seq <= from {
			off, seq = m.off, m.seq
		}
	}
	for seq < next {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		end, first, count, err := frameSpan(f, off, g.end)
		if err == nil && first+uint64(count) <= from {
			off, seq = end, first+uint64(count)
			continue
		}
		fr, err := readFrame(f, g.crc, off, g.end, seq)
		if errors.Is(err, errDamaged) {
			return false, &CorruptError{g.name, off, seq, "it does not fit its checksum"}
		}
		if err != nil {
			return false, err
		}
		for _, r := range fr.records {
			if seq >= from && !yield(r, nil) {
				return false, nil
			}
			seq++
		}
		off = fr.end
	}
	return true, nil
}

// ReadHashes implements [Store].
func (s *FileStore) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	s.mu.RLock()
	base, tail, tree := s.tailBase, s.tail, s.tree
	s.mu.RUnlock()
	if tree == nil {
		return nil, ErrClosed
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= base+int64(len(tail)) {
			return nil, ErrNotFound
		}
		if x >= base {
			hashes[i] = tail[x-base]
			continue
		}
		h, err := hashFile{tree}.ReadHashes(indexes[i : i+1])
		if err != nil {
			return nil, err
		}
		hashes[i] = h[0]
	}
	return hashes, nil
}

// hashFile reads the tree: the hash of index i stands at byte 32·i.
type hashFile struct{ io.ReaderAt }

func (f hashFile) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if _, err := f.ReadAt(hashes[i][:], x*tlog.HashSize); err != nil {
			return nil, notEOF(err)
		}
	}
	return hashes, nil
}

// Save implements [Store].
func (s *FileStore) Save(_ context.Context, name string, value []byte) error {
	if s.readOnly {
		return errReadOnly
	}
	if err := s.flushTree(); err != nil {
		return err
	}
	return replaceFile(s.fs, name, value)
}

// Load implements [Store].
func (s *FileStore) Load(_ context.Context, name string) ([]byte, error) {
	b, err := readFile(s.fs, name, 1<<20)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Cut implements [Store]: the start of the last segment that begins at or
// before that record. The segment that is written to is never cut.
func (s *FileStore) Cut(before uint64) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	cut := s.segs[0].first
	for i := range s.segs {
		if s.segs[i].first <= before {
			cut = s.segs[i].first
		}
	}
	return cut
}

// Prune implements [Store]. Segments go oldest first, so a crash leaves no hole.
func (s *FileStore) Prune(_ context.Context, before uint64) error {
	if s.err != nil {
		return s.err
	}
	if err := s.flushTree(); err != nil {
		return err
	}
	for {
		s.mu.Lock()
		if len(s.segs) < 2 || s.segs[1].first > before {
			s.mu.Unlock()
			return s.fs.SyncDir()
		}
		name := s.segs[0].name
		s.segs = s.segs[1:]
		s.mu.Unlock()
		if err := s.fs.Remove(name); err != nil {
			return err
		}
	}
}

// Close lets go of the files and the lock.
func (s *FileStore) Close() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, c := range []io.Closer{s.active, s.tree, s.reserve, s.lock} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	s.active, s.tree, s.reserve, s.lock = nil, nil, nil, nil
	if s.err == nil {
		s.err = ErrClosed
	}
	if s.treeErr == nil {
		s.treeErr = ErrClosed
	}
	return errors.Join(errs...)
}
