package audit_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
)

// catalogue lists the words of a small service.
var catalogue = audit.Catalogue{
	Actions: []audit.Rule{
		{Action: "transcript.read", Details: []audit.Field{{Key: "turns", Class: audit.Public, Max: 10_000}}},
		{Action: "service.ping", Impersonal: true, Mode: audit.Deferred},
	},
	Purposes: []audit.Purpose{"quality-review"},
	Bases:    []audit.Basis{"152-fz.6.1.5"},
	Subjects: []audit.Kind{"customer"},
	Objects:  []string{"transcript"},
}

// options returns what a log needs at least. In a service the keys come from
// where it keeps its keys.
func options() audit.Options {
	skey, vkey, err := note.GenerateKey(rand.Reader, "example.ru/audit/calls")
	if err != nil {
		log.Fatal(err)
	}
	signer, _ := note.NewSigner(skey)
	verifier, _ := note.NewVerifier(vkey)
	epoch := audit.Epoch{ID: "2026q4"}
	rand.Read(epoch.Secret[:])
	return audit.Options{
		Catalogue: catalogue,
		Signer:    signer,
		Verifier:  verifier,
		Epochs:    func(context.Context, string) ([]audit.Epoch, error) { return []audit.Epoch{epoch}, nil },
	}
}

func readTranscript() audit.Event {
	return audit.Event{
		Action:   "transcript.read",
		Actor:    audit.Actor{Kind: audit.User, ID: audit.Private("petrova")},
		Subjects: []audit.Subject{{Kind: "customer", ID: audit.Private("Иванов Иван Иванович")}},
		Object:   audit.Object{Type: "transcript", ID: audit.Private("c1")},
		Purpose:  "quality-review",
		Basis:    "152-fz.6.1.5",
		Details:  []audit.Detail{{Key: "turns", Value: audit.Number(24)}},
	}
}

func Example() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, opts := context.Background(), options()

	l, err := audit.Open(ctx, dir, opts)
	if err != nil {
		log.Fatal(err)
	}
	err = audit.Do(ctx, l, readTranscript(), func(context.Context) error {
		fmt.Println("the transcript is read here")
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	for e, err := range l.Query(ctx, audit.Query{Actions: []audit.Action{"transcript.read"}}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Seq, e.Action, e.Outcome, e.Purpose, e.Details[0].Value)
	}
	if err := l.Close(); err != nil {
		log.Fatal(err)
	}

	report, err := audit.Verify(ctx, dir, audit.VerifyOptions{Key: opts.Verifier})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, report.Size, "records,", report.Signed, "signed")
	// Output:
	// the transcript is read here
	// 1 transcript.read attempt quality-review 24
	// 2 transcript.read success quality-review 24
	// verified 4 records, 4 signed
}

func ExampleDo_refused() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := audit.Open(context.Background(), dir, options())
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()

	e := readTranscript()
	e.Purpose = "curiosity"
	err = audit.Do(context.Background(), l, e, func(context.Context) error {
		panic("does not run")
	})
	var refused *audit.RefusedError
	fmt.Println(errors.As(err, &refused), err)
	// Output:
	// true audit: event transcript.read refused: purpose is missing or not in the catalogue
}

func ExampleLog_Prove() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, opts := context.Background(), options()
	l, err := audit.Open(ctx, dir, opts)
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()

	receipt, err := l.Record(ctx, readTranscript())
	if err != nil {
		log.Fatal(err)
	}
	if _, err := l.Checkpoint(ctx); err != nil {
		log.Fatal(err)
	}
	entry, err := l.Entry(ctx, receipt.Seq)
	if err != nil {
		log.Fatal(err)
	}
	proof, err := l.Prove(ctx, receipt.Seq)
	if err != nil {
		log.Fatal(err)
	}
	text, _ := proof.MarshalText()

	// Whoever has the public key checks it without the log.
	p, err := audit.ParseProof(text)
	fmt.Println(err, p.Verify(entry.Raw, opts.Verifier))
	entry.Raw[20] ^= 1
	fmt.Println(p.Verify(entry.Raw, opts.Verifier))
	// Output:
	// <nil> <nil>
	// audit: proof does not hold
}

func ExampleLog_Lookup() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	l, err := audit.Open(ctx, dir, options())
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	if _, err := l.Record(ctx, readTranscript()); err != nil {
		log.Fatal(err)
	}

	// Who asks is recorded before the answer is given.
	by := audit.Inquiry{
		Actor:   audit.Actor{Kind: audit.Admin, ID: audit.Private("dpo")},
		Purpose: "quality-review", Basis: "152-fz.6.1.5",
	}
	names, err := l.Lookup(ctx, by, "customer", audit.Private("Иванов Иван Иванович"))
	if err != nil {
		log.Fatal(err)
	}
	for e, err := range l.Query(ctx, audit.Query{Subjects: names}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Action)
	}
	// Output:
	// transcript.read
	// audit.lookup
}

func ExampleExport() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, opts := context.Background(), options()
	l, err := audit.Open(ctx, dir, opts)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := l.Record(ctx, readTranscript()); err != nil {
		log.Fatal(err)
	}
	if err := l.Close(); err != nil {
		log.Fatal(err)
	}

	r, err := audit.OpenReader(dir, opts.Verifier)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	var siem bytes.Buffer
	n, err := audit.Export(&siem, audit.CEF, r.Query(ctx, audit.Query{Purposes: []audit.Purpose{"quality-review"}}))
	fmt.Println(n, err, strings.HasPrefix(siem.String(), "CEF:0|syntora|vual|1|transcript.read|"))
	// Output:
	// 1 <nil> true
}

// A copy of the log from yesterday verifies by itself. Only what is remembered
// elsewhere shows that its end is missing.
func ExampleFileAnchor() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, opts := context.Background(), options()
	anchor := filepath.Join(dir, "anchor") // in a service: on another volume or host
	opts.Anchors = []audit.Anchor{&audit.FileAnchor{Path: anchor, Key: opts.Verifier}}

	day := func(name string) {
		l, err := audit.Open(ctx, filepath.Join(dir, name), opts)
		if err != nil {
			fmt.Println(name, "does not open, rolled back:", errors.Is(err, audit.ErrRollback))
			return
		}
		if _, err := l.Record(ctx, readTranscript()); err != nil {
			log.Fatal(err)
		}
		if err := l.Close(); err != nil {
			log.Fatal(err)
		}
	}
	day("log")
	if err := os.CopyFS(filepath.Join(dir, "backup"), os.DirFS(filepath.Join(dir, "log"))); err != nil {
		log.Fatal(err)
	}
	day("log")
	day("backup")

	remembered, err := os.ReadFile(anchor)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"log", "backup"} {
		alone, err := audit.Verify(ctx, filepath.Join(dir, name), audit.VerifyOptions{Key: opts.Verifier})
		if err != nil {
			log.Fatal(err)
		}
		anchored, err := audit.Verify(ctx, filepath.Join(dir, name), audit.VerifyOptions{Key: opts.Verifier, Anchors: [][]byte{remembered}})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s alone, %s with the anchor\n", name, alone.Verdict, anchored.Verdict)
	}
	// Output:
	// backup does not open, rolled back: true
	// log: verified alone, verified with the anchor
	// backup: verified alone, rolled back with the anchor
}

func ExampleLog_Prune() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, opts := context.Background(), options()
	opts.Catalogue.Codes = []string{"retention-3y"}
	opts.Files.SegmentBytes = 2000 // so that this small log has several segments
	l, err := audit.Open(ctx, dir, opts)
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	for range 9 {
		if _, err := l.Record(ctx, readTranscript()); err != nil {
			log.Fatal(err)
		}
	}
	// Three years from now nothing is under a hold.
	later := time.Now().AddDate(3, 0, 0)
	removed, err := l.Prune(ctx, audit.Pruning{Before: later, Policy: "retention-3y", Keep: func(audit.Entry) bool { return false }})
	fmt.Println(removed > 0, err)

	report, err := audit.Verify(ctx, dir, audit.VerifyOptions{Key: opts.Verifier})
	fmt.Println(report.Verdict, report.Pruned == removed, err)
	// Output:
	// true <nil>
	// verified true <nil>
}
