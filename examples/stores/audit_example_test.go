package stores_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
	_ "modernc.org/sqlite"
)

// A deletion and the record of it commit together. The attempt is there
// whatever becomes of them.
func Example_audit() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "calls.db")+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, audit.SQLite.Schema()+`CREATE TABLE transcripts (id TEXT); INSERT INTO transcripts VALUES ('c1')`); err != nil {
		log.Fatal(err)
	}

	skey, vkey, err := note.GenerateKey(rand.Reader, "example.ru/audit/calls")
	if err != nil {
		log.Fatal(err)
	}
	signer, _ := note.NewSigner(skey)
	verifier, _ := note.NewVerifier(vkey)
	l, err := audit.OpenSQL(ctx, db, audit.Options{
		Catalogue: audit.Catalogue{
			Actions:  []audit.Rule{{Action: "transcript.delete"}},
			Purposes: []audit.Purpose{"client-request"}, Bases: []audit.Basis{"152-fz.21.5"}, Objects: []string{"transcript"},
		},
		Signer: signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "2026q4", Secret: [32]byte{1}}}, nil // from the service's key store
		},
	})
	if err != nil {
		log.Fatal(err)
	}

	e := audit.Event{
		Action: "transcript.delete", Outcome: audit.Attempt,
		Actor:   audit.Actor{Kind: audit.User, ID: audit.Private("petrova")},
		Object:  audit.Object{Type: "transcript", ID: audit.Private("c1")},
		Purpose: "client-request", Basis: "152-fz.21.5",
	}
	attempt, err := l.Record(ctx, e)
	if err != nil {
		log.Fatal(err) // nothing may be deleted
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `DELETE FROM transcripts WHERE id = 'c1'`); err != nil {
		log.Fatal(err)
	}
	e.Outcome, e.Link = audit.Success, attempt.ID
	if _, err := l.RecordTx(ctx, tx, e); err != nil {
		log.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}

	if err := l.Close(); err != nil { // seals what is committed
		log.Fatal(err)
	}
	report, err := l.Verify(ctx, audit.VerifyOptions{})
	fmt.Println(report.Verdict, report.Size, report.Unsealed, err)
	// Output:
	// verified 2 0 <nil>
}
