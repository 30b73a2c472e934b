package stores

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syntora/vual/examples/stores/pgtest"
	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/retention/adaptertest"
)

// notes is a service's table of notes, as its own code and as a retention store.
type notes struct {
	*retention.SQL
	db    *sql.DB
	table string
	arg   func(n int) string
	files []string // of the database, if it is in files
}

// sqliteNotes keeps deleted rows neither in the pages (secure_delete) nor in the log (checkpoint).
func sqliteNotes(t *testing.T) *notes {
	path := filepath.Join(t.TempDir(), "notes.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=secure_delete(ON)")
	if err != nil {
		t.Fatal(err)
	}
	n := &notes{db: db, table: "notes", arg: func(int) string { return "?" }, files: []string{path, path + "-wal"}}
	n.create(t, "BLOB", "TIMESTAMP", "BINARY", retention.SQLOptions{
		System: "Заметки (SQLite)",
		Method: "удаление записи СУБД SQLite с перезаписью страниц (secure_delete)",
		After: func(ctx context.Context, db *sql.DB) error {
			_, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
			return err
		},
	})
	return n
}

func postgresNotes(t *testing.T, source string) *notes {
	db, err := sql.Open("pgx", source)
	if err != nil {
		t.Fatal(err)
	}
	n := &notes{db: db, table: fmt.Sprintf("notes_%d", rand.Uint32()), arg: func(n int) string { return fmt.Sprint("$", n) }}
	n.create(t, "BYTEA", "TIMESTAMPTZ", `"C"`, retention.SQLOptions{System: "Заметки (PostgreSQL)", Dollar: true})
	return n
}

func (n *notes) create(t *testing.T, blob, moment, collation string, opts retention.SQLOptions) {
	t.Cleanup(func() { n.db.Close() })
	_, err := n.db.Exec(fmt.Sprintf(`CREATE TABLE %s (id TEXT COLLATE %s PRIMARY KEY, version INTEGER NOT NULL,
		subject TEXT, created %s, terminated %s, fence TEXT, content %s)`, n.table, collation, moment, moment, blob))
	if err != nil {
		t.Fatal(err)
	}
	opts.Table, opts.Class, opts.ID, opts.Version, opts.Subject, opts.Fence = n.table, "note", "id", "version", "subject", "fence"
	opts.Facts = map[string]string{retention.Created: "created", retention.ServiceTerminated: "terminated"}
	opts.Export = []string{"id", "content"}
	if n.SQL, err = retention.NewSQL(n.db, opts); err != nil {
		t.Fatal(err)
	}
}

// put is what the service does; it respects the fence.
func (n *notes) put(id, subject string, created time.Time, content []byte) error {
	res, err := n.db.Exec(fmt.Sprintf(`INSERT INTO %[1]s (id, version, subject, created, content) VALUES (%[2]s, 1, %[3]s, %[4]s, %[5]s)
		ON CONFLICT (id) DO UPDATE SET version = %[1]s.version + 1, content = excluded.content WHERE %[1]s.fence IS NULL`,
		n.table, n.arg(1), n.arg(2), n.arg(3), n.arg(4)), id, subject, created, content)
	if err != nil {
		return err
	}
	if rows, err := res.RowsAffected(); err != nil || rows != 1 {
		return errors.New("not written: fenced")
	}
	return nil
}

func (n *notes) read(id string) (content []byte, err error) {
	err = n.db.QueryRow(fmt.Sprintf("SELECT content FROM %s WHERE id = %s AND fence IS NULL", n.table, n.arg(1)), id).Scan(&content)
	return content, err
}

// raw is every byte of the database's files.
func (n *notes) raw() ([]byte, error) {
	if _, err := n.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return nil, err
	}
	var all []byte
	for _, f := range n.files {
		data, err := os.ReadFile(f)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		all = append(all, data...)
	}
	return all, nil
}

func (n *notes) harness() adaptertest.Harness {
	h := adaptertest.Harness{Adapter: n, Class: "note", Put: n.put, Read: n.read}
	if n.files != nil {
		h.Raw = n.raw
	}
	return h
}

func TestRetentionSQLite(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness { return sqliteNotes(t).harness() })
}

func TestRetentionPostgreSQL(t *testing.T) {
	source := pgtest.Start(t)
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness { return postgresNotes(t, source).harness() })
}

const notePolicy = `{"version": 1, "name": "notes", "zone": "Europe/Moscow", "classes": {"note": {
	"systems": ["Заметки"], "categories": ["заметки о звонках"], "duties": [{"id": "end", "when": "service_terminated", "within": "P30D", "do": "delete"}]}}}`

// One sweep over both engines: PostgreSQL decides, SQLite holds the copies.
func TestRetentionSweepSQL(t *testing.T) {
	pg, lite := postgresNotes(t, pgtest.Start(t)), sqliteNotes(t)
	now := time.Now()
	for i := range 1200 {
		id := fmt.Sprintf("n%04d", i)
		for _, n := range []*notes{pg, lite} {
			if err := n.put(id, "s-1", now.AddDate(0, -3, 0), []byte("Перезвонить в среду "+id)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := pg.db.Exec("UPDATE "+pg.table+" SET terminated = $1 WHERE id < 'n0040'", now.AddDate(0, 0, -10)); err != nil {
		t.Fatal(err)
	}
	doc, err := retention.ParseDocument([]byte(notePolicy))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := retention.New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	journal, err := retention.OpenJournal(bg, filepath.Join(t.TempDir(), "journal"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	hold := retention.Hold{ID: "h", Placed: now.AddDate(0, 0, -1), Scope: retention.Scope{Records: []string{"n0007"}}}
	e := &retention.Executor{
		Policy: policy, Journal: journal, Stores: []retention.Store{{Adapter: pg, Copies: []retention.Adapter{lite}}},
		Holds: func(context.Context) ([]retention.Hold, error) { return []retention.Hold{hold}, nil },
	}
	plan, report, err := e.Sweep(bg)
	if err != nil || report.Destroyed != 39 || plan.Scanned["note"] != 1200 || plan.States["held"] != 1 {
		// The records without a termination are active: no term has begun for them.
		t.Fatalf("%+v %v %v", report, plan.States, err)
	}
	for _, n := range []*notes{pg, lite} {
		var left int
		if err := n.db.QueryRow("SELECT count(*) FROM " + n.table).Scan(&left); err != nil || left != 1161 {
			t.Errorf("%s: %d left, %v", n.System(), left, err)
		}
		if _, err := n.read("n0007"); err != nil {
			t.Errorf("%s: the held note: %v", n.System(), err)
		}
	}
	raw, err := lite.raw()
	if err != nil || bytes.Contains(raw, []byte("в среду n0011")) || !bytes.Contains(raw, []byte("в среду n0007")) {
		t.Error("bytes of what was deleted are in the file, or of what lives are not", err)
	}
	act, err := e.Act(report.Ops, retention.ActDetails{
		Operator: retention.Party{Name: "ООО «Ромашка»", Address: "г. Москва"}, Zone: time.UTC,
		Executors: []retention.Signatory{{Name: "Иванова А. П.", Position: "администратор", Signature: retention.SignOnPaper}},
	})
	if err != nil || !slices.Equal(act.Systems, []string{"Заметки (PostgreSQL)", "Заметки (SQLite)"}) || !strings.Contains(act.Method, "secure_delete") {
		t.Errorf("%+v %v", act, err)
	}
}

// A writer and the sweeper at once: what was changed after the decision stays.
func TestRetentionRace(t *testing.T) {
	for name, open := range map[string]func() *notes{
		"SQLite":     func() *notes { return sqliteNotes(t) },
		"PostgreSQL": func() *notes { return postgresNotes(t, pgtest.Start(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			n := open()
			for i := range 40 {
				id := fmt.Sprint("r", i)
				if err := n.put(id, "s", time.Now(), []byte("один")); err != nil {
					t.Fatal(err)
				}
				r, _, err := n.Lookup(bg, "note", id)
				if err != nil {
					t.Fatal(err)
				}
				wrote := make(chan error, 1)
				go func() { wrote <- n.put(id, "s", time.Now(), []byte("два")) }()
				out, err := n.Destroy(bg, "op", retention.Target{Class: "note", ID: id, Version: r.Version, Action: retention.Delete, Check: func(context.Context) error { return nil }})
				if err != nil {
					t.Fatal(err)
				}
				if err := <-wrote; err != nil {
					t.Fatal(err)
				}
				// Whichever came first, the second writing is there: written before, it changed the version;
				// written after, it is a note of its own.
				if data, err := n.read(id); err != nil || string(data) != "два" {
					t.Fatalf("%s: %q %v after %s", id, data, err, out)
				}
			}
		})
	}
}

func TestRetentionNames(t *testing.T) {
	good := retention.SQLOptions{System: "s", Class: "note", Table: "public.notes", ID: "id", Version: "version", Fence: "fence"}
	db := sqliteNotes(t).db
	if _, err := retention.NewSQL(db, good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "notes; DROP TABLE x", "no tes", "1notes", "a.b.c", "заметки", `"notes"`, "notes--"} {
		opts := good
		opts.Table = bad
		if _, err := retention.NewSQL(db, opts); err == nil {
			t.Errorf("table %q is accepted", bad)
		}
		opts = good
		opts.Facts = map[string]string{retention.Created: bad}
		if _, err := retention.NewSQL(db, opts); err == nil {
			t.Errorf("column %q is accepted", bad)
		}
	}
}
