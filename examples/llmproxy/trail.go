package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
)

// What the audit log tells of a call: who called, which conversation was masked and for what, never what was said.
const (
	actionCall audit.Action = "llm.call"

	conversationObject = "conversation"

	parties audit.Kind = "parties" // those of whom a conversation speaks, all together

	maskedDetail = "masked" // places that were masked

	maxMasked = 1_000_000
)

// A ground is why personal data is touched: words of the catalogue.
type ground struct {
	purpose audit.Purpose
	basis   audit.Basis
}

func catalogue(g ground) audit.Catalogue {
	c := audit.Catalogue{
		Actions: []audit.Rule{{Action: actionCall, Details: []audit.Field{
			{Key: maskedDetail, Class: audit.Public, Max: maxMasked},
		}}},
		Purposes: []audit.Purpose{g.purpose},
		Bases:    []audit.Basis{g.basis},
		Subjects: []audit.Kind{parties},
		Objects:  []string{conversationObject},
	}
	for _, code := range codes {
		c.Codes = append(c.Codes, string(code))
	}
	return c
}

// event tells of a call of a client. A call without a conversation is one of its own.
func (g ground) event(client, conversation string, masked int) audit.Event {
	return audit.Event{
		Action:   actionCall,
		Actor:    audit.Actor{Kind: audit.Service, ID: audit.Private(client)},
		Subjects: []audit.Subject{{Kind: parties, ID: audit.Private(conversation)}},
		Object:   audit.Object{Type: conversationObject, ID: audit.Private(conversation)},
		Purpose:  g.purpose,
		Basis:    g.basis,
		Details:  []audit.Detail{{Key: maskedDetail, Value: audit.Number(int64(min(masked, maxMasked)))}},
	}
}

// An identity is what a log needs to go on: the key that signs its checkpoints, and the secret of its pseudonyms.
type identity struct {
	Signer, Verifier string
	Epoch            [32]byte
}

// openTrail opens the log in a folder, and makes its identity the first time. Who has the file of the identity can
// rewrite the log and try names against its pseudonyms, so it belongs to another place than the log, or into a secret
// store that mounts it. The public key lies beside the log: vual-audit verify needs nothing else.
func openTrail(ctx context.Context, dir, keyFile string, g ground) (*audit.Log, error) {
	id, err := loadIdentity(keyFile)
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
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "audit.pub"), []byte(id.Verifier+"\n"), 0o600); err != nil {
		return nil, err
	}
	return audit.Open(ctx, filepath.Join(dir, "audit"), audit.Options{
		Catalogue: catalogue(g), Signer: signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "1", Secret: id.Epoch}}, nil
		},
	})
}

func loadIdentity(file string) (id identity, err error) {
	text, err := os.ReadFile(file)
	if err == nil {
		if json.Unmarshal(text, &id) != nil {
			return id, errors.New("the key of the audit log is broken")
		}
		return id, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return id, err
	}
	if id.Signer, id.Verifier, err = note.GenerateKey(rand.Reader, "vual-llmproxy"); err != nil {
		return id, err
	}
	rand.Read(id.Epoch[:])
	if text, err = json.Marshal(id); err != nil {
		return id, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return id, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return id, err
	}
	_, err = f.Write(text)
	return id, errors.Join(err, f.Sync(), f.Close())
}
