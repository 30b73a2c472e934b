package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/retention"
)

// A state is what the pipeline keeps of a tenant: the originals and the analysis, sealed under a key for each
// conversation, and the log of who touched them.
type state struct {
	dir     string
	tenant  string
	keys    *crypto.OwnerKeys
	sealer  *crypto.Sealer
	trail   *audit.Log
	records *retention.Files
	now     func() time.Time
}

// oneOff is the folder for what a key sealed that is gone.
const oneOff = "one-off"

// openState opens the state in a folder. Where the key is gone after this run it begins anew in a folder of its own, because
// nothing that an earlier run left there can be opened.
func openState(ctx context.Context, dir, tenant, keyFile string, notice io.Writer) (*state, error) {
	root, kept, err := rootKey(keyFile)
	if err != nil {
		return nil, err
	}
	if !kept {
		dir = filepath.Join(dir, oneOff)
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
		fmt.Fprintf(notice, "pipeline: no key file: %s is sealed under a key that is gone after this run; -keys FILE makes one that stays\n", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, err
	}
	store, err := crypto.OpenFileStore(filepath.Join(dir, "keys"))
	if err != nil {
		return nil, err
	}
	s := &state{dir: dir, tenant: tenant, keys: crypto.NewOwnerKeys(root, store, nil), now: time.Now}
	s.sealer = s.keys.Sealer(crypto.SlotDerived)
	if err := os.MkdirAll(filepath.Join(dir, "sealed"), 0o700); err != nil {
		return nil, err
	}
	if s.records, err = s.openRecords(); err != nil {
		return nil, err
	}
	if s.trail, err = s.openTrail(ctx); err != nil {
		return nil, errors.Join(err, s.records.Close())
	}
	return s, nil
}

func (s *state) close() error { return errors.Join(s.trail.Close(), s.records.Close()) }

// A kept is what is sealed of a conversation.
type kept struct {
	Original []byte
	Analysis Analysis
	Mapping  []byte // sealed by itself: nobody opens it by opening the original
}

// keep seals a conversation, its analysis and its mapping under the conversation's key. One that was kept before keeps its age.
func (s *state) keep(ctx context.Context, name string, source []byte, a Analysis, m *anonymize.Mapping) error {
	return s.do(ctx, actionKeep, conversationObject, name, func(ctx context.Context) error {
		if err := ensure(ctx, s.keys, s.context(name).Owner()); err != nil {
			return err
		}
		mapping, err := m.SealState(ctx, s.sealer.Bind(s.mappingContext(name)), []byte(name))
		if err != nil {
			return err
		}
		plain, err := json.Marshal(kept{source, a, mapping})
		if err != nil {
			return err
		}
		box, err := s.sealer.Seal(ctx, nil, plain, s.context(name))
		if err != nil {
			return err
		}
		record, present, err := s.records.Lookup(ctx, transcriptClass, s.id(name))
		if err != nil {
			return err
		}
		if !present {
			record = retention.Record{ID: s.id(name), Class: transcriptClass, Facts: retention.Facts{retention.Created: s.now()}}
		}
		return s.records.Put(record, box)
	})
}

// original gives back the conversation as it was read, and leaves a trace.
func (s *state) original(ctx context.Context, name string) (source []byte, err error) {
	err = s.do(ctx, actionOpen, conversationObject, name, func(ctx context.Context) error {
		box, err := os.ReadFile(filepath.Join(s.dir, "sealed", filepath.FromSlash(s.id(name))))
		if err != nil {
			return unwrapPath(err)
		}
		plain, err := s.sealer.Open(ctx, nil, box, s.context(name))
		if err != nil {
			return err
		}
		var k kept
		err = json.Unmarshal(plain, &k)
		source = k.Original
		return err
	})
	if err != nil {
		return nil, err
	}
	return source, nil
}

// forgetTenant destroys the tenant's key, and with it every conversation, and takes away what can no longer be read. It tells what is
// left elsewhere.
func (s *state) forgetTenant(ctx context.Context) (remains []string, err error) {
	err = s.do(ctx, actionForget, tenantObject, s.tenant, func(ctx context.Context) error {
		record, err := s.keys.Destroy(ctx, crypto.Owner{Tenant: hashed(s.tenant)}, crypto.Destruction{Actor: whoami(), Reason: "-forget-tenant"})
		remains = record.Remains
		if err != nil {
			return err
		}
		return os.RemoveAll(filepath.Join(s.dir, "sealed", hashed(s.tenant)))
	})
	return remains, err
}

func (s *state) context(name string) crypto.Context {
	return crypto.Context{Tenant: hashed(s.tenant), Conversation: hashed(name), Record: name, Kind: transcriptClass}
}

// mappingContext differs from that of the original, so that neither opens in the other's place.
func (s *state) mappingContext(name string) crypto.Context {
	c := s.context(name)
	c.Record, c.Kind = "", "mapping" // Bind takes the record from its caller
	return c
}

// id names the record of a conversation, and its file.
func (s *state) id(name string) string { return hashed(s.tenant) + "/" + hashed(name) }

// hashed names a file or a key, so that the names in the folder say nothing of tenants and conversations at a glance.
func hashed(name string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(name)))[:32]
}
