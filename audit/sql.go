package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// An SQLLog is a log in a database that several processes write to. It is safe
// for concurrent use.
//
// A row is durable when [SQLLog.Record] returns, and gets its place in the
// Merkle tree from the next sealing, by default within a second. Sealing takes
// the lock of one row, so of many processes one seals at a time and the log
// never forks. [SQLLog.Verify] tells how many rows are not sealed yet; until
// they are, who can write to the table can change them.
//
// Actions that may be [Deferred] wait in a bounded queue of this process, and
// go into the database soon after; while it does not answer the queue fills,
// and every event that finds no room is counted by a log.gap event. Mirrors get
// every record after it is sealed; of several processes with the same mirror
// one feeds it.
//
// It differs from [Log] in this: times of different processes may cross, and
// an attempt whose process died, as well as the queue of that process, is ended
// by [SQLLog.Resolve], because only the service knows how long its longest
// action runs.
type SQLLog struct {
	db       *sql.DB
	opts     Options
	enc      encoder
	instance string // names this process among those that feed mirrors
	queue    *sqlQueue
	cancel   context.CancelFunc
	done     sync.WaitGroup
	grown    broadcast // there may be more sealed records

	mu      sync.Mutex
	closed  bool
	health  Health
	mirrors []MirrorHealth
}

// A Dialect is a database system.
type Dialect int

// The dialects. Both drivers must bind parameters written $1, $2.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

// schema is what a dialect needs; %[1]s is its number of rows and %[2]s its
// type of bytes.
const schema = `
CREATE TABLE IF NOT EXISTS vual_audit_event (
	num %[1]s,
	log TEXT NOT NULL,
	id TEXT NOT NULL UNIQUE,
	link TEXT,
	attempt INTEGER NOT NULL,
	payload %[2]s NOT NULL,
	seq BIGINT,
	UNIQUE (log, seq)
);
CREATE INDEX IF NOT EXISTS vual_audit_unsealed ON vual_audit_event (log, num) WHERE seq IS NULL;
CREATE INDEX IF NOT EXISTS vual_audit_link ON vual_audit_event (link) WHERE link IS NOT NULL;
CREATE TABLE IF NOT EXISTS vual_audit_hash (
	log TEXT NOT NULL,
	idx BIGINT NOT NULL,
	hash %[2]s NOT NULL,
	PRIMARY KEY (log, idx)
);
CREATE TABLE IF NOT EXISTS vual_audit_head (
	log TEXT PRIMARY KEY,
	size BIGINT NOT NULL,
	checkpoint %[2]s NOT NULL
);
CREATE TABLE IF NOT EXISTS vual_audit_mirror (
	log TEXT NOT NULL,
	name TEXT NOT NULL,
	next BIGINT NOT NULL,
	owner TEXT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (log, name)
);`

// Schema returns the statements that make the tables, for those who run their
// migrations themselves. [OpenSQL] does not run them.
func (d Dialect) Schema() string {
	if d == SQLite {
		return fmt.Sprintf(schema, "INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB")
	}
	return fmt.Sprintf(schema, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "BYTEA")
}

// sealBatch bounds one sealing, and with it how long the head row is locked.
const sealBatch = 1000

// OpenSQL opens the log in tables that [Dialect.Schema] has made. It checks the
// log's head against its checkpoint and its anchors. The database must commit
// durably (PostgreSQL: synchronous_commit on; SQLite: synchronous FULL) and
// isolate at READ COMMITTED or SQLite's own level. CheckpointEvery is how often
// it seals. The caller keeps owning db.
func OpenSQL(ctx context.Context, db *sql.DB, opts Options) (*SQLLog, error) {
	// The checks of the options are those of a Log.
	checked, err := newLog(nil, opts)
	if err != nil {
		return nil, err
	}
	checked.cancel()
	l := &SQLLog{db: db, opts: checked.opts, enc: checked.enc, instance: newID().String(), queue: newSQLQueue()}
	if err := l.init(ctx); err != nil {
		return nil, err
	}
	if err := l.anchor(ctx); errors.Is(err, ErrRollback) {
		return nil, err
	}
	ctx, l.cancel = context.WithCancel(context.Background())
	l.done.Add(1)
	go l.keep(ctx)
	if l.enc.words.deferred {
		l.done.Add(1)
		go l.writeQueue(ctx)
	}
	l.startMirrors(ctx)
	return l, nil
}

func (l *SQLLog) name() string { return l.opts.Verifier.Name() }

// init makes the head row of a new log, or checks that of an old one.
func (l *SQLLog) init(ctx context.Context) error {
	empty := Checkpoint{Origin: l.name(), Root: (&frontier{}).root()}
	if err := empty.sign(l.opts.Signer); err != nil {
		return err
	}
	_, err := l.db.ExecContext(ctx, `INSERT INTO vual_audit_head (log, size, checkpoint) VALUES ($1, 0, $2) ON CONFLICT (log) DO NOTHING`, l.name(), empty.Note)
	if err != nil {
		return fmt.Errorf("audit: head row: %w", err)
	}
	head, err := l.head(ctx)
	if err != nil {
		return err
	}
	root, err := rootAt(head.Size, l.hashes(ctx, l.db))
	if errors.Is(err, errDamaged) || err == nil && root != head.Root {
		return &CorruptError{"vual_audit_hash", 0, head.Size, "it does not have the root that is signed"}
	}
	return err
}

// head reads and checks the signed head.
func (l *SQLLog) head(ctx context.Context) (Checkpoint, error) {
	var size int64
	var text []byte
	err := l.db.QueryRowContext(ctx, `SELECT size, checkpoint FROM vual_audit_head WHERE log = $1`, l.name()).Scan(&size, &text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: head row: %w", err)
	}
	c, err := ParseCheckpoint(text, l.opts.Verifier)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Size != uint64(size) {
		return Checkpoint{}, &CorruptError{"vual_audit_head", 0, c.Size, "its size is not the signed one"}
	}
	return c, nil
}

// Record implements [Recorder]: the event is committed on a connection of its
// own when it returns nil. Use it for attempts and for reads. The Receipt has
// no position yet. Do not call it while a transaction holds the only
// connection of the pool, or the write lock of SQLite.
func (l *SQLLog) Record(ctx context.Context, e Event) (Receipt, error) {
	entry, rule, err := l.encode(ctx, &e)
	if err != nil {
		return Receipt{}, err
	}
	if rule.Mode == Deferred && e.Outcome != Attempt {
		return l.enqueue(ctx, entry)
	}
	return l.insert(ctx, l.db, entry)
}

// RecordTx is like Record within the caller's transaction: the event is in the
// log if and only if the transaction commits. It is for the outcome of a
// change, so that the change and its record stand or fall together. An attempt
// is refused, for it must survive the transaction. Nothing is deferred here.
func (l *SQLLog) RecordTx(ctx context.Context, tx *sql.Tx, e Event) (Receipt, error) {
	if e.Outcome == Attempt {
		return Receipt{}, &RefusedError{e.Action, "outcome", "is an attempt, which must not depend on a transaction"}
	}
	entry, _, err := l.encode(ctx, &e)
	if err != nil {
		return Receipt{}, err
	}
	return l.insert(ctx, tx, entry)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (l *SQLLog) encode(ctx context.Context, e *Event) (*Entry, *Rule, error) {
	if l.isClosed() {
		return nil, nil, ErrClosed
	}
	entry := new(Entry)
	rule, err := l.enc.encode(ctx, e, entry)
	return entry, rule, err
}

func (l *SQLLog) recordEntry(ctx context.Context, entry *Entry) (Receipt, error) {
	if l.isClosed() {
		return Receipt{}, ErrClosed
	}
	return l.insert(ctx, l.db, entry)
}

func (l *SQLLog) insert(ctx context.Context, db execer, entry *Entry) (Receipt, error) {
	stamp(entry.Raw, At(l.opts.Clock()).Time)
	if _, err := db.ExecContext(ctx, insertEvent, l.row(entry)...); err != nil {
		return Receipt{}, fmt.Errorf("audit: insert event: %w", err)
	}
	return Receipt{Log: l.name(), ID: entry.ID, Leaf: tlog.RecordHash(entry.Raw)}, nil
}

func (l *SQLLog) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// Seal gives every committed row its place in the tree and signs a checkpoint.
// It runs by itself; call it when a proof is needed at once.
func (l *SQLLog) Seal(ctx context.Context) (Checkpoint, error) {
	for {
		n, err := l.sealSome(ctx)
		if err != nil {
			return Checkpoint{}, err
		}
		if n < sealBatch {
			return l.head(ctx)
		}
	}
}

// sealSome seals one batch in one transaction.
func (l *SQLLog) sealSome(ctx context.Context) (n int, err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	defer tx.Rollback()
	// An update locks the row, in SQLite the database: whoever comes second
	// waits here and then sees what the first has sealed. The row always
	// exists, so there is no moment in which two could start from nothing.
	if _, err := tx.ExecContext(ctx, `UPDATE vual_audit_head SET size = size WHERE log = $1`, l.name()); err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	nums, payloads, err := l.unsealed(ctx, tx)
	if err != nil || len(nums) == 0 {
		return 0, err
	}
	var size int64
	if err := tx.QueryRowContext(ctx, `SELECT size FROM vual_audit_head WHERE log = $1`, l.name()).Scan(&size); err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	edge, err := loadFrontier(uint64(size), l.hashes(ctx, tx))
	if err != nil {
		return 0, err
	}
	if err := l.place(ctx, tx, &edge, nums, payloads); err != nil {
		return 0, err
	}
	c := Checkpoint{Origin: l.name(), Size: edge.size, Root: edge.root()}
	if err := c.sign(l.opts.Signer); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE vual_audit_head SET size = $1, checkpoint = $2 WHERE log = $3`, int64(c.Size), c.Note, l.name()); err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("audit: seal: %w", err)
	}
	return len(nums), nil
}

// unsealed reads rows in the order of insertion. A transaction that commits
// late comes after those that were sealed meanwhile.
func (l *SQLLog) unsealed(ctx context.Context, tx *sql.Tx) (nums []int64, payloads [][]byte, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT num, payload FROM vual_audit_event WHERE log = $1 AND seq IS NULL ORDER BY num LIMIT `+strconv.Itoa(sealBatch), l.name())
	if err != nil {
		return nil, nil, fmt.Errorf("audit: seal: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var num int64
		var payload []byte
		if err := rows.Scan(&num, &payload); err != nil {
			return nil, nil, fmt.Errorf("audit: seal: %w", err)
		}
		nums, payloads = append(nums, num), append(payloads, payload)
	}
	return nums, payloads, rows.Err()
}

// place writes the positions and the hashes that they complete.
func (l *SQLLog) place(ctx context.Context, tx *sql.Tx, edge *frontier, nums []int64, payloads [][]byte) error {
	number, err := tx.PrepareContext(ctx, `UPDATE vual_audit_event SET seq = $1 WHERE num = $2`)
	if err != nil {
		return fmt.Errorf("audit: seal: %w", err)
	}
	defer number.Close()
	hash, err := tx.PrepareContext(ctx, `INSERT INTO vual_audit_hash (log, idx, hash) VALUES ($1, $2, $3)`)
	if err != nil {
		return fmt.Errorf("audit: seal: %w", err)
	}
	defer hash.Close()
	for i, num := range nums {
		if _, err := number.ExecContext(ctx, int64(edge.size), num); err != nil {
			return fmt.Errorf("audit: seal: %w", err)
		}
		idx := storedCount(edge.size)
		for j, h := range edge.add(nil, tlog.RecordHash(payloads[i])) {
			if _, err := hash.ExecContext(ctx, l.name(), idx+int64(j), h[:]); err != nil {
				return fmt.Errorf("audit: seal: %w", err)
			}
		}
	}
	return nil
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (l *SQLLog) hashes(ctx context.Context, db queryer) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			var b []byte
			err := db.QueryRowContext(ctx, `SELECT hash FROM vual_audit_hash WHERE log = $1 AND idx = $2`, l.name(), x).Scan(&b)
			if errors.Is(err, sql.ErrNoRows) || err == nil && len(b) != tlog.HashSize {
				return nil, errDamaged
			}
			if err != nil {
				return nil, fmt.Errorf("audit: hashes: %w", err)
			}
			hashes[i] = tlog.Hash(b)
		}
		return hashes, nil
	})
}

func (l *SQLLog) startMirrors(ctx context.Context) {
	l.mirrors = make([]MirrorHealth, len(l.opts.Mirrors))
	for i, m := range l.opts.Mirrors {
		l.mirrors[i].Name = m.Name()
		feed := func(ctx context.Context, next *uint64) (int, error) { return l.feedMirror(ctx, m, next) }
		report := func(next uint64, err error) {
			l.mu.Lock()
			l.mirrors[i].Next, l.mirrors[i].Err = next, err
			l.mu.Unlock()
		}
		l.done.Go(func() { runMirror(ctx, &l.grown, feed, report) })
	}
}

// keep seals and anchors until the log is closed.
func (l *SQLLog) keep(ctx context.Context) {
	defer l.done.Done()
	seal := time.NewTicker(l.opts.CheckpointEvery)
	defer seal.Stop()
	anchor := time.NewTicker(l.opts.AnchorEvery)
	defer anchor.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-seal.C:
			head, err := l.Seal(ctx)
			l.mu.Lock()
			if l.health.CheckpointErr = err; err == nil {
				l.health.Size, l.health.SignedSize = head.Size, head.Size
			}
			l.mu.Unlock()
			l.grown.send()
		case <-anchor.C:
			l.anchor(ctx) // its error is kept for Healthy
		}
	}
}

// anchor shows the head to every anchor. Another process may have anchored a
// later head meanwhile: what looks like a rollback is one only if the head has
// not moved since.
func (l *SQLLog) anchor(ctx context.Context) error {
	var err error
	for range 10 {
		var head, again Checkpoint
		if head, err = l.head(ctx); err != nil {
			break
		}
		var errs []error
		for _, a := range l.opts.Anchors {
			actx, cancel := context.WithTimeout(ctx, l.opts.MirrorTimeout)
			errs = append(errs, a.Advance(actx, head, l.proveConsistency))
			cancel()
		}
		if err = errors.Join(errs...); !errors.Is(err, ErrRollback) {
			break
		}
		if again, _ = l.head(ctx); again.Size <= head.Size {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.health.AnchorErr = err; err == nil {
		l.health.LastAnchor = l.opts.Clock()
	}
	return err
}

func (l *SQLLog) proveConsistency(ctx context.Context, from, to uint64) ([]tlog.Hash, error) {
	r, err := l.Reader(ctx)
	if err != nil {
		return nil, err
	}
	return r.ProveConsistency(ctx, from, to)
}

// Health returns the present state of this process's part. Size and SignedSize
// are those of the last sealing; LastAppend and InFlight are not known here.
func (l *SQLLog) Health() Health {
	l.mu.Lock()
	h := l.health
	h.Mirrors = slices.Clone(l.mirrors)
	l.mu.Unlock()
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	h.QueueBytes, h.Lost = l.queue.bytes, l.queue.lostAll
	return h
}

// Healthy returns nil while rows are sealed, anchors answer and deferred events
// reach the database. An anchor that reports a rollback is an error here from
// then on. A lagging mirror is not an error; see [SQLLog.Health].
func (l *SQLLog) Healthy() error {
	l.queue.mu.Lock()
	queue := l.queue.err
	l.queue.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	h := &l.health
	late := len(l.opts.Anchors) > 0 && l.opts.Clock().Sub(h.LastAnchor) > l.opts.MaxAnchorAge
	if errors.Is(h.AnchorErr, ErrRollback) || late {
		return errors.Join(ErrAnchor, h.AnchorErr)
	}
	return errors.Join(h.CheckpointErr, queue)
}

// Resolve ends the attempts that are older than age and have no outcome, with
// the outcome [Unknown], and returns how many. age must be longer than the
// longest action of the service. The queue of deferred events of a process that
// died, for at least five minutes, is ended with a log.gap of the code crash.
func (l *SQLLog) Resolve(ctx context.Context, age time.Duration) (int, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT payload FROM vual_audit_event e WHERE log = $1 AND attempt = 1 AND NOT EXISTS
		(SELECT 1 FROM vual_audit_event o WHERE o.link = e.id)`, l.name())
	if err != nil {
		return 0, fmt.Errorf("audit: resolve: %w", err)
	}
	defer rows.Close()
	now := l.opts.Clock()
	before, dead := now.Add(-age), now.Add(-queueDead)
	var lost []Entry
	for rows.Next() {
		var payload []byte
		if err := rows.Scan(&payload); err != nil {
			return 0, fmt.Errorf("audit: resolve: %w", err)
		}
		e, err := ParseEntry(0, payload)
		if err != nil {
			return 0, err
		}
		if e.Recorded.Before(before) && (e.Action != ActionQueue || e.Recorded.Before(dead)) {
			lost = append(lost, e)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("audit: resolve: %w", err)
	}
	rows.Close()
	for _, e := range lost {
		if _, err := l.insert(ctx, l.db, resolved(e)); err != nil {
			return 0, err
		}
	}
	return len(lost), nil
}

// Close writes what is queued, seals what is committed and stops. The database
// stays open.
func (l *SQLLog) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return ErrClosed
	}
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.done.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), l.opts.MirrorTimeout)
	defer cancel()
	lost := l.closeQueue(ctx)
	_, err := l.Seal(ctx)
	return errors.Join(lost, err, l.anchor(ctx), l.leaveMirrors(ctx))
}

// Reader returns a reader of what is sealed now.
func (l *SQLLog) Reader(ctx context.Context) (*Reader, error) {
	head, err := l.head(ctx)
	if err != nil {
		return nil, err
	}
	var first sql.NullInt64
	if err := l.db.QueryRowContext(ctx, `SELECT MIN(seq) FROM vual_audit_event WHERE log = $1`, l.name()).Scan(&first); err != nil {
		return nil, fmt.Errorf("audit: first row: %w", err)
	}
	if !first.Valid {
		first.Int64 = int64(head.Size)
	}
	return &Reader{store: &sqlView{l, uint64(first.Int64), head}, key: l.opts.Verifier, unordered: true}, nil
}

// Verify is like the function [Verify] for the rows of this log. Report.Unsealed
// says how many rows no checkpoint covers yet.
func (l *SQLLog) Verify(ctx context.Context, opts VerifyOptions) (Report, error) {
	opts.Key = l.opts.Verifier
	v := newVerifier(ctx, nil, opts)
	r, err := l.Reader(ctx)
	if errors.Is(err, ErrCheckpoint) {
		return Report{Verdict: Tampered, Problems: []string{"the log's checkpoint is not signed by its key"}}, nil
	}
	var corrupt *CorruptError
	if errors.As(err, &corrupt) {
		return Report{Verdict: Tampered, Problems: []string{corrupt.Error()}}, nil
	}
	if err != nil {
		return Report{}, err
	}
	view := r.store.(*sqlView)
	v.addHeads(view.head.Note)
	v.tree = sqlTree{l: l, ctx: ctx}
	if err := v.skipPruned(view.first); err != nil {
		return Report{}, err
	}
	for row, err := range view.rows(ctx, view.first) {
		if err != nil {
			return Report{}, err
		}
		if err := v.row(&row); err != nil {
			return Report{}, err
		}
	}
	v.conclude()
	err = l.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM vual_audit_event WHERE log = $1 AND seq IS NULL`, l.name()).Scan(&v.Unsealed)
	if err != nil {
		return Report{}, fmt.Errorf("audit: count of unsealed rows: %w", err)
	}
	return v.Report, nil
}

// row checks one row of an SQL log: its position, and that the columns that
// serve look-ups say what the record says.
func (v *verifier) row(r *sqlRow) error {
	if r.seq != v.edge.size {
		v.found(Tampered, "record %d is missing", v.edge.size)
		v.edge = frontier{size: r.seq}
	}
	e, err := ParseEntry(r.seq, r.payload)
	if err == nil && (e.ID.String() != r.id || linkColumn(e.Link) != r.link || (e.Outcome == Attempt) != (r.attempt == 1)) {
		v.found(Tampered, "record %d: its columns do not say what it says", r.seq)
	}
	return v.records([][]byte{r.payload})
}

// Prune is like [Log.Prune]; it removes single rows from the beginning.
func (l *SQLLog) Prune(ctx context.Context, p Pruning) (removed uint64, err error) {
	if err := p.check(l.enc.words); err != nil {
		return 0, err
	}
	r, err := l.Reader(ctx)
	if err != nil {
		return 0, err
	}
	first, _ := r.store.Bounds()
	// Times may cross here, so the first record that is too young ends it.
	cut := first
	for e, err := range r.Query(ctx, Query{}) {
		if err != nil {
			return 0, err
		}
		if !e.Recorded.Before(p.Before) || p.Keep != nil && p.Keep(e) {
			break
		}
		cut = e.Seq + 1
	}
	if cut == first {
		return 0, nil
	}
	root, err := rootAt(cut, l.hashes(ctx, l.db))
	if err != nil {
		return 0, err
	}
	if _, err := l.insert(ctx, l.db, prunedEvent(p.Policy, cut, root)); err != nil {
		return 0, err
	}
	if _, err := l.Seal(ctx); err != nil {
		return 0, err
	}
	_, err = l.db.ExecContext(ctx, `DELETE FROM vual_audit_event WHERE log = $1 AND seq < $2`, l.name(), int64(cut))
	if err != nil {
		return 0, fmt.Errorf("audit: prune: %w", err)
	}
	return cut - first, nil
}

// sqlView is what is sealed at one moment, for a Reader.
type sqlView struct {
	l     *SQLLog
	first uint64
	head  Checkpoint
}

type sqlRow struct {
	seq     uint64
	id      string
	link    sql.NullString
	attempt int
	payload []byte
}

const sqlPage = 500

// rows yields the sealed rows from a position on, in pages, so that no
// connection is held while the consumer works.
func (s *sqlView) rows(ctx context.Context, from uint64) iter.Seq2[sqlRow, error] {
	return func(yield func(sqlRow, error) bool) {
		for from < s.head.Size {
			page, err := s.page(ctx, from)
			if err != nil {
				yield(sqlRow{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			from = page[len(page)-1].seq + 1
		}
	}
}

func (s *sqlView) page(ctx context.Context, from uint64) ([]sqlRow, error) {
	rows, err := s.l.db.QueryContext(ctx, `SELECT seq, id, link, attempt, payload FROM vual_audit_event
		WHERE log = $1 AND seq >= $2 AND seq < $3 ORDER BY seq LIMIT `+strconv.Itoa(sqlPage), s.l.name(), int64(from), int64(s.head.Size))
	if err != nil {
		return nil, fmt.Errorf("audit: read: %w", err)
	}
	defer rows.Close()
	var page []sqlRow
	for rows.Next() {
		var r sqlRow
		var seq int64
		if err := rows.Scan(&seq, &r.id, &r.link, &r.attempt, &r.payload); err != nil {
			return nil, fmt.Errorf("audit: read: %w", err)
		}
		r.seq = uint64(seq)
		page = append(page, r)
	}
	return page, rows.Err()
}

// Bounds implements [Store].
func (s *sqlView) Bounds() (first, size uint64) { return s.first, s.head.Size }

// Read implements [Store].
func (s *sqlView) Read(ctx context.Context, from uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if from < s.first {
			yield(nil, ErrPruned)
			return
		}
		for r, err := range s.rows(ctx, from) {
			if err == nil && r.seq != from {
				err = &CorruptError{"vual_audit_event", 0, from, "the row is missing"}
			}
			if from++; !yield(r.payload, err) || err != nil {
				return
			}
		}
	}
}

// ReadHashes implements [Store].
func (s *sqlView) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	return s.l.hashes(context.Background(), s.l.db).ReadHashes(indexes)
}

// Load implements [Store].
func (s *sqlView) Load(_ context.Context, name string) ([]byte, error) {
	if name != checkpointName {
		return nil, nil
	}
	return s.head.Note, nil
}

// The rest of a Store is for writers.
func (s *sqlView) Append(context.Context, [][]byte, []tlog.Hash) error { return errReadOnly }
func (s *sqlView) Save(context.Context, string, []byte) error          { return errReadOnly }
func (s *sqlView) Cut(uint64) uint64                                   { return s.first }
func (s *sqlView) Prune(context.Context, uint64) error                 { return errReadOnly }
func (s *sqlView) Close() error                                        { return nil }

// sqlTree shows the hash table as the tree file that a verifier compares with.
type sqlTree struct {
	file
	l   *SQLLog
	ctx context.Context
}

func (t sqlTree) ReadAt(p []byte, off int64) (int, error) {
	rows, err := t.l.db.QueryContext(t.ctx, `SELECT idx, hash FROM vual_audit_hash WHERE log = $1 AND idx >= $2 AND idx < $3 ORDER BY idx`,
		t.l.name(), off/tlog.HashSize, (off+int64(len(p)))/tlog.HashSize)
	if err != nil {
		return 0, fmt.Errorf("audit: hashes: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var idx int64
		var h []byte
		if err := rows.Scan(&idx, &h); err != nil {
			return n, fmt.Errorf("audit: hashes: %w", err)
		}
		if len(h) != tlog.HashSize || idx*tlog.HashSize != off+int64(n) {
			return n, errDamaged
		}
		n += copy(p[n:], h)
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("audit: hashes: %w", err)
	}
	if n < len(p) {
		return n, errDamaged
	}
	return n, nil
}
