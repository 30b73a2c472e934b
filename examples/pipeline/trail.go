package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
	"golang.org/x/mod/sumdb/note"
)

// What the pipeline does to personal data.
const (
	actionRead    audit.Action = "file.read"            // conversations are read from a file
	actionKeep    audit.Action = "conversation.keep"    // the original and the analysis are sealed
	actionOpen    audit.Action = "conversation.open"    // the original is opened again
	actionMasked  audit.Action = "masked.write"         // masked conversations are written
	actionRewrite audit.Action = "conversation.rewrite" // the values of a subject are taken out of the original
	actionDestroy audit.Action = "conversation.destroy" // its term is over

	actionForgetSubject audit.Action = "subject.forget" // and his key is destroyed
	actionForgetTenant  audit.Action = "tenant.forget"  // his key is destroyed

	fileObject         = "file"
	conversationObject = "conversation"
	subjectObject      = "subject"
	tenantObject       = "tenant"

	parties audit.Kind = "parties" // those who talk in a conversation, all together
)

func catalogue() audit.Catalogue {
	return audit.Catalogue{
		Actions: []audit.Rule{{Action: actionRead}, {Action: actionKeep}, {Action: actionOpen}, {Action: actionMasked},
			{Action: actionRewrite}, {Action: actionDestroy}, {Action: actionForgetSubject}, {Action: actionForgetTenant}},
		Purposes: []audit.Purpose{"sales-analysis"},
		Bases:    []audit.Basis{"152-fz.6.1.5"},
		Subjects: []audit.Kind{parties},
		Objects:  []string{fileObject, conversationObject, subjectObject, tenantObject},
	}
}

// do runs f only if the log took that it is tried, and records how it ended.
func (s *state) do(ctx context.Context, action audit.Action, object, name string, f func(context.Context) error) error {
	return audit.Do(ctx, s.trail, s.event(action, object, name), f)
}

func (s *state) event(action audit.Action, object, name string) audit.Event {
	return audit.Event{
		Action:   action,
		Tenant:   audit.Private(s.tenant),
		Actor:    audit.Actor{Kind: audit.User, ID: audit.Private(whoami())},
		Subjects: []audit.Subject{{Kind: parties, ID: audit.Private(name)}},
		Object:   audit.Object{Type: object, ID: audit.Private(name)},
		Purpose:  "sales-analysis",
		Basis:    "152-fz.6.1.5",
	}
}

func whoami() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

// An identity is what a log needs to go on: the key that signs its checkpoints, and the secret of its pseudonyms.
type identity struct {
	Signer, Verifier string
	Epoch            [32]byte
}

// identityContext has a tenant of its own: the log outlives those whose data it speaks of.
var identityContext = crypto.Context{Tenant: "vual-audit", Record: "identity"}

func (s *state) openTrail(ctx context.Context) (*audit.Log, error) {
	id, err := s.identity(ctx)
	if err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(id.Signer)
	if err != nil {
		return nil, errors.New("the key of the audit log is broken")
	}
	verifier, err := note.NewVerifier(id.Verifier)
	if err != nil {
		return nil, errors.New("the key of the audit log is broken")
	}
	return audit.Open(ctx, filepath.Join(s.dir, logName), audit.Options{
		Catalogue: catalogue(), Signer: signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "1", Secret: id.Epoch}}, nil
		},
	})
}

const (
	identityName = "audit.identity"
	publicName   = "audit.pub"
	logName      = "audit"
)

// hasIdentity reports whether a state was begun in a folder.
func hasIdentity(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, identityName))
	return err == nil
}

// identity opens the identity of the log, or makes one the first time. Its public key lies beside it for -verify.
func (s *state) identity(ctx context.Context) (id identity, err error) {
	path := filepath.Join(s.dir, identityName)
	if err := s.keys.Ensure(ctx, identityContext.Owner()); err != nil {
		return id, err
	}
	box, err := os.ReadFile(path)
	if err == nil {
		text, err := s.sealer.Open(ctx, nil, box, identityContext)
		if err != nil {
			return id, fmt.Errorf("the identity of the audit log: %w", err)
		}
		return id, json.Unmarshal(text, &id)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return id, err
	}
	if _, err := os.Stat(filepath.Join(s.dir, logName)); err == nil { // another key would make a good log look forged
		return id, errors.New("the identity of the audit log is gone; bring it back from a backup")
	}
	if id.Signer, id.Verifier, err = note.GenerateKey(rand.Reader, "vual-pipeline"); err != nil {
		return id, err
	}
	rand.Read(id.Epoch[:])
	text, err := json.Marshal(id)
	if err != nil {
		return id, err
	}
	if box, err = s.sealer.Seal(ctx, nil, text, identityContext); err != nil {
		return id, err
	}
	if err := writeSecret(filepath.Join(s.dir, publicName), []byte(id.Verifier+"\n")); err != nil {
		return id, err
	}
	return id, writeSecret(path, box)
}

// verify checks the log with nothing but its public key.
func verify(ctx context.Context, dir string, out io.Writer) (ok bool, err error) {
	public, err := os.ReadFile(filepath.Join(dir, publicName))
	if errors.Is(err, os.ErrNotExist) {
		dir = filepath.Join(dir, oneOff)
		public, err = os.ReadFile(filepath.Join(dir, publicName))
	}
	if errors.Is(err, os.ErrNotExist) {
		return false, errors.New("there is no " + publicName + ", the public key of a log")
	}
	if err != nil {
		return false, err
	}
	key, err := note.NewVerifier(strings.TrimSpace(string(public)))
	if err != nil {
		return false, errors.New("audit.pub holds no key")
	}
	report, err := audit.Verify(ctx, filepath.Join(dir, logName), audit.VerifyOptions{Key: key})
	if err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%s: %d records, %d signed\n", report.Verdict, report.Size, report.Signed)
	for _, problem := range report.Problems {
		fmt.Fprintln(out, problem)
	}
	return report.Verdict == audit.Verified, nil
}
