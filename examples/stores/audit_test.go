package stores

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/examples/stores/pgtest"
	"golang.org/x/mod/sumdb/note"
)

// auditStore is a real database and how to reach it from another process.
type auditStore struct {
	driver, dsn string
	dialect     audit.Dialect
}

func (s auditStore) open(t testing.TB) *sql.DB {
	db, err := sql.Open(s.driver, s.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// TestProperty12SQL runs each test below on SQLite and on one PostgreSQL server, with
// fresh tables.
func TestProperty12SQL(t *testing.T) {
	tests := map[string]func(*testing.T, auditStore){
		"Log": testAuditLog, "Tampering": testAuditTampering, "ManyWriters": testAuditManyWriters, "Rollback": testAuditRollback,
		"Deferred": testAuditDeferred, "QueueAlive": testAuditQueueAlive, "Mirrors": testAuditMirrors,
	}
	run := func(t *testing.T, fresh func(t *testing.T) auditStore) {
		for name, f := range tests {
			t.Run(name, func(t *testing.T) {
				s := fresh(t)
				_, err := s.open(t).Exec(s.dialect.Schema())
				require.NoError(t, err)
				f(t, s)
			})
		}
	}
	t.Run("SQLite", func(t *testing.T) {
		run(t, func(t *testing.T) auditStore {
			file := filepath.Join(t.TempDir(), "audit.db")
			return auditStore{"sqlite", "file:" + file + "?_pragma=busy_timeout(20000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)", audit.SQLite}
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		server := auditStore{"pgx", pgtest.Start(t), audit.PostgreSQL}
		number := 0
		run(t, func(t *testing.T) auditStore {
			number++
			_, err := server.open(t).Exec(fmt.Sprintf("CREATE DATABASE audit%d", number))
			require.NoError(t, err)
			return auditStore{server.driver, fmt.Sprintf("%s dbname=audit%d", server.dsn, number), server.dialect}
		})
	})
}

// auditOptions reads the keys of a test from dir, or makes them, so that a
// child process has the same.
func auditOptions(t testing.TB, dir string) audit.Options {
	name := filepath.Join(dir, "keys")
	b, err := os.ReadFile(name)
	if err != nil {
		skey, vkey, err := note.GenerateKey(rand.Reader, "example.ru/audit/sql")
		require.NoError(t, err)
		b = []byte(skey + "\n" + vkey)
		require.NoError(t, os.WriteFile(name, b, 0o600))
	}
	skey, vkey, _ := strings.Cut(string(b), "\n")
	signer, err := note.NewSigner(skey)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	return audit.Options{
		Catalogue: audit.Catalogue{
			Actions: []audit.Rule{
				{Action: "transcript.read", Details: []audit.Field{{Key: "n", Class: audit.Public, Max: 1_000_000}}},
				{Action: "transcript.delete"},
				{Action: "health.check", Impersonal: true, Mode: audit.Deferred},
			},
			Purposes: []audit.Purpose{"quality-review"}, Bases: []audit.Basis{"152-fz.6.1.5"},
			Subjects: []audit.Kind{"customer"}, Objects: []string{"transcript"}, Codes: []string{"retention-3y"},
		},
		Signer: signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "e1", Secret: [32]byte{1}}}, nil
		},
		CheckpointEvery: 50 * time.Millisecond, AnchorEvery: time.Hour,
	}
}

func auditEvent(action audit.Action) audit.Event {
	return audit.Event{
		Action: action, Actor: audit.Actor{Kind: audit.User, ID: audit.Private("petrova")},
		Subjects: []audit.Subject{{Kind: "customer", ID: audit.Private("Иванов Иван Иванович")}},
		Object:   audit.Object{Type: "transcript", ID: audit.Private("c1")},
		Purpose:  "quality-review", Basis: "152-fz.6.1.5",
		Occurred: time.Date(2026, 11, 22, 9, 0, 0, 123456789, time.FixedZone("MSK", 3*3600)),
	}
}

func auditEntries(t *testing.T, l *audit.SQLLog, q audit.Query) (list []audit.Entry) {
	r, err := l.Reader(t.Context())
	require.NoError(t, err)
	for e, err := range r.Query(t.Context(), q) {
		require.NoError(t, err)
		list = append(list, e)
	}
	return list
}

func requireVerdict(t *testing.T, l *audit.SQLLog, want audit.Verdict, anchors ...[]byte) audit.Report {
	r, err := l.Verify(t.Context(), audit.VerifyOptions{Anchors: anchors})
	require.NoError(t, err)
	require.Equal(t, want, r.Verdict, "%v", r.Problems)
	return r
}

func testAuditLog(t *testing.T, s auditStore) {
	db, ctx := s.open(t), t.Context()
	opts := auditOptions(t, t.TempDir())
	opts.CheckpointEvery = time.Hour // sealing only when told
	anchor := &audit.FileAnchor{Path: filepath.Join(t.TempDir(), "anchor"), Key: opts.Verifier}
	opts.Anchors = []audit.Anchor{anchor}
	l, err := audit.OpenSQL(ctx, db, opts)
	require.NoError(t, err)

	// A read: attempt and outcome on connections of their own.
	require.NoError(t, audit.Do(ctx, l, auditEvent("transcript.read"), func(context.Context) error { return nil }))

	// A change: the attempt first, the outcome with the change.
	_, err = db.Exec(`CREATE TABLE transcripts (id TEXT)`)
	require.NoError(t, err)
	change := func(commit bool) {
		e := auditEvent("transcript.delete")
		e.Outcome = audit.Attempt
		r, err := l.Record(ctx, e)
		require.NoError(t, err)
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = tx.Exec(`INSERT INTO transcripts VALUES ('c1')`)
		require.NoError(t, err)
		_, err = l.RecordTx(ctx, tx, e)
		require.Error(t, err, "an attempt within the transaction")
		e.Outcome, e.Link = audit.Success, r.ID
		_, err = l.RecordTx(ctx, tx, e)
		require.NoError(t, err)
		if commit {
			require.NoError(t, tx.Commit())
		} else {
			require.NoError(t, tx.Rollback())
		}
	}
	change(true)
	change(false)

	report := requireVerdict(t, l, audit.Verified)
	require.Equal(t, uint64(5), report.Unsealed)
	_, err = l.Seal(ctx)
	require.NoError(t, err)
	report = requireVerdict(t, l, audit.Verified)
	require.Zero(t, report.Unsealed)
	require.Equal(t, uint64(5), report.Signed)
	list := auditEntries(t, l, audit.Query{})
	require.Len(t, list, 5)
	require.Equal(t, "2026-11-22T06:00:00.123456Z", list[0].Occurred.Format(time.RFC3339Nano), "times survive to the microsecond")

	// The rolled-back change has an attempt without outcome.
	n, err := l.Resolve(ctx, time.Hour)
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = l.Resolve(ctx, -time.Hour)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	head, err := l.Seal(ctx)
	require.NoError(t, err)
	lost := auditEntries(t, l, audit.Query{Outcomes: []audit.Outcome{audit.Unknown}})
	require.Len(t, lost, 1)
	require.Equal(t, list[4].ID, lost[0].Link)

	r, err := l.Reader(ctx)
	require.NoError(t, err)
	p, err := r.Prove(ctx, 3)
	require.NoError(t, err)
	require.NoError(t, p.Verify(list[3].Raw, opts.Verifier))

	by := audit.Inquiry{Actor: audit.Actor{Kind: audit.Admin, ID: audit.Private("dpo")}, Purpose: "quality-review", Basis: "152-fz.6.1.5"}
	names, err := l.Lookup(ctx, by, "customer", audit.Private("Иванов Иван Иванович"))
	require.NoError(t, err)
	require.Len(t, auditEntries(t, l, audit.Query{Subjects: names}), 5)

	require.NoError(t, l.Close())
	_, err = l.Record(ctx, auditEvent("transcript.read"))
	require.ErrorIs(t, err, audit.ErrClosed)

	// Opened again, it goes on; the anchor has been shown the end.
	l, err = audit.OpenSQL(ctx, db, opts)
	require.NoError(t, err)
	text, err := os.ReadFile(anchor.Path)
	require.NoError(t, err)
	requireVerdict(t, l, audit.Verified, text, head.Note)

	removed, err := l.Prune(ctx, audit.Pruning{Before: time.Now().Add(-time.Hour), Policy: "retention-3y"})
	require.NoError(t, err)
	require.Zero(t, removed)
	removed, err = l.Prune(ctx, audit.Pruning{Before: time.Now().Add(time.Hour), Policy: "retention-3y", Keep: func(e audit.Entry) bool { return e.Seq >= 4 }})
	require.NoError(t, err)
	require.Equal(t, uint64(4), removed)
	report = requireVerdict(t, l, audit.Verified, text)
	require.Equal(t, uint64(4), report.Pruned)
	require.NoError(t, l.Close())
}

// Whatever is done to the rows is found.
func testAuditTampering(t *testing.T, s auditStore) {
	opts := auditOptions(t, t.TempDir())
	opts.CheckpointEvery = time.Hour
	db := s.open(t)
	for name, row := range map[string]struct {
		harm  string
		alone audit.Verdict
		held  audit.Verdict
	}{
		"nothing":            {`SELECT 1`, audit.Verified, audit.Verified},
		"row deleted":        {`DELETE FROM vual_audit_event WHERE seq = 2`, audit.Tampered, audit.Tampered},
		"first row deleted":  {`DELETE FROM vual_audit_event WHERE seq = 0`, audit.Tampered, audit.Tampered},
		"last row deleted":   {`DELETE FROM vual_audit_event WHERE seq = 5`, audit.RolledBack, audit.RolledBack},
		"all rows deleted":   {`DELETE FROM vual_audit_event`, audit.Tampered, audit.Tampered},
		"rows swapped":       {`UPDATE vual_audit_event SET seq = 3 - seq - 1000 WHERE seq IN (1, 2); UPDATE vual_audit_event SET seq = seq + 1000 WHERE seq < 0`, audit.Tampered, audit.Tampered},
		"record copied":      {`UPDATE vual_audit_event SET payload = (SELECT payload FROM vual_audit_event WHERE seq = 1) WHERE seq = 3`, audit.Tampered, audit.Tampered},
		"record cut":         {`UPDATE vual_audit_event SET payload = substr(payload, 1, 100) WHERE seq = 3`, audit.Tampered, audit.Tampered},
		"link changed":       {`UPDATE vual_audit_event SET link = NULL WHERE seq = 1`, audit.Tampered, audit.Tampered},
		"attempt hidden":     {`UPDATE vual_audit_event SET attempt = 0 WHERE seq = 0`, audit.Tampered, audit.Tampered},
		"hash changed":       {`UPDATE vual_audit_hash SET hash = (SELECT hash FROM vual_audit_hash WHERE idx = 0) WHERE idx = 1`, audit.Tampered, audit.Tampered},
		"size changed":       {`UPDATE vual_audit_head SET size = 4`, audit.Tampered, audit.Tampered},
		"checkpoint cut":     {`UPDATE vual_audit_head SET checkpoint = substr(checkpoint, 1, 60)`, audit.Tampered, audit.Tampered},
		"row back to queue":  {`UPDATE vual_audit_event SET seq = NULL WHERE seq = 5`, audit.RolledBack, audit.RolledBack},
		"put back to before": {`DELETE FROM vual_audit_event WHERE seq >= 2; DELETE FROM vual_audit_hash WHERE idx >= 3; UPDATE vual_audit_head SET size = 2, checkpoint = (SELECT note FROM before)`, audit.Verified, audit.RolledBack},
	} {
		t.Run(name, func(t *testing.T) {
			for _, table := range []string{"vual_audit_event", "vual_audit_hash", "vual_audit_head"} {
				_, err := db.Exec(`DELETE FROM ` + table)
				require.NoError(t, err)
			}
			l, err := audit.OpenSQL(t.Context(), db, opts)
			require.NoError(t, err)
			defer l.Close()
			var head audit.Checkpoint
			for i := range 3 {
				require.NoError(t, audit.Do(t.Context(), l, auditEvent("transcript.read"), func(context.Context) error { return nil }))
				head, err = l.Seal(t.Context())
				require.NoError(t, err)
				if i == 0 {
					_, err = db.Exec(`DROP TABLE IF EXISTS before`)
					require.NoError(t, err)
					_, err = db.Exec(`CREATE TABLE before AS SELECT checkpoint AS note FROM vual_audit_head`)
					require.NoError(t, err)
				}
			}
			for statement := range strings.SplitSeq(row.harm, "; ") {
				_, err := db.Exec(statement)
				require.NoError(t, err)
			}
			requireVerdict(t, l, row.alone)
			requireVerdict(t, l, row.held, head.Note)
		})
	}
}

// sqlChildEnv names the folder with the keys in which this binary, run again,
// is one of the writers.
const sqlChildEnv = "VUAL_AUDIT_SQL_CHILD"

const (
	sqlProcesses = 8
	sqlWriters   = 16
	sqlEvents    = 10
)

func TestAuditChild(t *testing.T) {
	dir := os.Getenv(sqlChildEnv)
	if dir == "" {
		t.Skip("run by TestProperty12SQL")
	}
	base, err := strconv.Atoi(os.Getenv(sqlChildEnv + "_BASE"))
	require.NoError(t, err)
	s := auditStore{driver: os.Getenv(sqlChildEnv + "_DRIVER"), dsn: os.Getenv(sqlChildEnv + "_DSN")}
	db := s.open(t)
	db.SetMaxOpenConns(4)
	opts := auditOptions(t, dir)
	opts.AnchorEvery = 20 * time.Millisecond
	opts.Anchors = []audit.Anchor{&audit.FileAnchor{Path: filepath.Join(dir, "anchor"), Key: opts.Verifier}}
	l, err := audit.OpenSQL(t.Context(), db, opts)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range sqlWriters {
		wg.Go(func() {
			for i := range sqlEvents {
				e := auditEvent("transcript.read")
				e.Details = []audit.Detail{{Key: "n", Value: audit.Number(int64(base + w*sqlEvents + i))}}
				if _, err := l.Record(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, l.Close())
}

// Sixteen goroutines in each of eight processes: no fork, no gap, and every
// event is there once.
func testAuditManyWriters(t *testing.T, s auditStore) {
	dir := t.TempDir()
	opts := auditOptions(t, dir)
	var wg sync.WaitGroup
	for p := range sqlProcesses {
		child := exec.Command(os.Args[0], "-test.run=^TestAuditChild$")
		child.Env = append(os.Environ(), sqlChildEnv+"="+dir, fmt.Sprintf("%s_BASE=%d", sqlChildEnv, p*sqlWriters*sqlEvents),
			sqlChildEnv+"_DRIVER="+s.driver, sqlChildEnv+"_DSN="+s.dsn)
		wg.Go(func() {
			if out, err := child.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	l, err := audit.OpenSQL(t.Context(), s.open(t), opts)
	require.NoError(t, err)
	defer l.Close()
	head, err := l.Seal(t.Context())
	require.NoError(t, err)
	const want = sqlProcesses * sqlWriters * sqlEvents
	require.Equal(t, uint64(want), head.Size)
	require.Zero(t, requireVerdict(t, l, audit.Verified).Unsealed)
	seen := make(map[string]bool)
	for _, e := range auditEntries(t, l, audit.Query{}) {
		require.False(t, seen[e.Details[0].Value])
		seen[e.Details[0].Value] = true
	}
	require.Len(t, seen, want)
}

// An anchor that remembers more keeps a database from a backup shut.
func testAuditRollback(t *testing.T, s auditStore) {
	db, opts := s.open(t), auditOptions(t, t.TempDir())
	opts.Anchors = []audit.Anchor{&audit.FileAnchor{Path: filepath.Join(t.TempDir(), "anchor"), Key: opts.Verifier}}
	l, err := audit.OpenSQL(t.Context(), db, opts)
	require.NoError(t, err)
	_, err = l.Record(t.Context(), auditEvent("transcript.read"))
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for _, table := range []string{"vual_audit_event", "vual_audit_hash", "vual_audit_head"} {
		_, err := db.Exec(`DELETE FROM ` + table)
		require.NoError(t, err)
	}
	_, err = audit.OpenSQL(t.Context(), db, opts)
	require.True(t, errors.Is(err, audit.ErrRollback), "%v", err)
}
