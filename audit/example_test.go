package audit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"os"

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
