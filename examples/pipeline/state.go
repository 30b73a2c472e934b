package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
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
	journal *retention.Journal // of what was destroyed; one process at a time has it open, and with it the state
	now     func() time.Time

	acceptClock bool // somebody has looked at it
}

// oneOff is the folder for what a key sealed that is gone.
const oneOff = "one-off"

// openState opens the state in a folder. Where the key is gone after this run it begins anew in a folder of its own, because
// nothing that an earlier run left there can be opened. With fresh a state and its key file are made where there are none.
func openState(ctx context.Context, dir, tenant, keyFile string, fresh bool, notice io.Writer) (s *state, err error) {
	root, kept, err := rootKey(keyFile, fresh, dir)
	if err != nil {
		return nil, err
	}
	if !kept {
		dir = filepath.Join(dir, oneOff)
		fmt.Fprintf(notice, "pipeline: no key file: %s is sealed under a key that is gone after this run; -keys FILE makes one that stays\n", dir)
	}
	s = &state{dir: dir, tenant: tenant, now: time.Now}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
			s = nil
		}
	}()
	if err := s.lock(ctx); err != nil {
		return s, err
	}
	if !kept {
		if err := s.clear(); err != nil {
			return s, err
		}
	}
	store, err := crypto.OpenFileStore(filepath.Join(dir, "keys"))
	if err != nil {
		return s, err
	}
	s.keys = crypto.NewOwnerKeys(root, store, nil)
	s.sealer = s.keys.Sealer(crypto.SlotDerived)
	if err := os.MkdirAll(filepath.Join(dir, "sealed"), 0o700); err != nil {
		return s, err
	}
	if s.records, err = s.openRecords(); err != nil {
		return s, err
	}
	s.trail, err = s.openTrail(ctx)
	return s, err
}

const journalName = "retention.journal"

// lock takes the folder for this process.
func (s *state) lock(ctx context.Context) (err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(s.dir, 0o700); err != nil {
		return err
	}
	s.journal, err = retention.OpenJournal(ctx, filepath.Join(s.dir, journalName), nil)
	if errors.Is(err, retention.ErrBusy) {
		return fmt.Errorf("another run has %s open", s.dir)
	}
	return err
}

// clear removes what an earlier run left in a locked folder.
func (s *state) clear() error {
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		if e.Name() != journalName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}

// close lets go of everything, the lock last.
func (s *state) close() (err error) {
	if s.trail != nil {
		err = s.trail.Close()
	}
	if s.records != nil {
		err = errors.Join(err, s.records.Close())
	}
	if s.journal != nil {
		err = errors.Join(err, s.journal.Close())
	}
	return err
}

// A kept is what is sealed of a conversation.
type kept struct {
	Original []byte
	Analysis Analysis
	Labels   anonymize.Language
	Mapping  []byte // sealed by itself: nobody opens it by opening the original
}

// keep seals a conversation, its analysis and its mapping under the conversation's key.
func (s *state) keep(ctx context.Context, name string, source []byte, a Analysis, labels anonymize.Language, m *anonymize.Mapping) error {
	return s.do(ctx, actionKeep, conversationObject, name, func(ctx context.Context) error {
		if err := ensure(ctx, s.keys, s.context(name).Owner()); err != nil {
			return err
		}
		return s.put(ctx, name, source, a, labels, m)
	})
}

// put writes what is kept of a conversation, and notes who is in it. One that was kept before keeps its age.
func (s *state) put(ctx context.Context, name string, source []byte, a Analysis, labels anonymize.Language, m *anonymize.Mapping) error {
	subjects, err := s.subjects(ctx, m)
	if err != nil {
		return err
	}
	if err := s.enroll(ctx, name, subjects); err != nil {
		return err
	}
	mapping, err := m.SealState(ctx, s.sealer.Bind(s.mappingContext(name)), []byte(name))
	if err != nil {
		return err
	}
	plain, err := json.Marshal(kept{source, a, labels, mapping})
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
	if record.Subjects = subjects; len(subjects) == 0 { // an act says whose data it was
		record.Subjects = []string{"стороны разговора " + hashed(name)}
	}
	return s.records.Put(record, box)
}

// original gives back the conversation as it was read, and leaves a trace.
func (s *state) original(ctx context.Context, name string) (source []byte, err error) {
	err = s.do(ctx, actionOpen, conversationObject, name, func(ctx context.Context) error {
		k, err := s.open(ctx, name)
		source = k.Original
		return err
	})
	if err != nil {
		return nil, err
	}
	return source, nil
}

// open opens what is kept of a conversation. Who calls it does so within do.
func (s *state) open(ctx context.Context, name string) (k kept, err error) {
	box, err := os.ReadFile(s.file(s.id(name)))
	if errors.Is(err, os.ErrNotExist) {
		return k, errNotKept
	}
	if err != nil {
		return k, unwrapPath(err)
	}
	plain, err := s.sealer.Open(ctx, nil, box, s.context(name))
	if err != nil {
		return k, err
	}
	return k, json.Unmarshal(plain, &k)
}

var errNotKept = errors.New("no conversation of this name is kept")

// request notes that the client asked for the destruction of what is kept under an id: the next sweep owes it. What a killed run
// left of a record, or began to destroy, is no hindrance.
func (s *state) request(ctx context.Context, class, id string) error {
	record, present, err := s.records.Lookup(ctx, class, id)
	if err != nil || !present || !record.Facts[retention.ClientDeletionRequested].IsZero() {
		return err
	}
	box, err := os.ReadFile(s.file(id))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return unwrapPath(err)
	}
	if record.Facts == nil {
		record.Facts = retention.Facts{}
	}
	record.Facts[retention.ClientDeletionRequested] = s.now()
	if err := s.records.Put(record, box); !errors.Is(err, retention.ErrFenced) {
		return err
	}
	return nil
}

// forgetTenant destroys every conversation of the tenant and every card, then his key, with which whatever was sealed for him
// elsewhere is gone too. It tells what is left elsewhere.
func (s *state) forgetTenant(ctx context.Context, out io.Writer) (p *proof, err error) {
	owner := crypto.Owner{Tenant: hashed(s.tenant)}
	if _, err := s.keys.Status(ctx, owner); err != nil {
		return nil, fmt.Errorf("tenant %s: %w", printable(s.tenant), err) // a mistyped name must not look done
	}
	p = &proof{request: "forget-tenant", received: s.now()}
	err = s.do(ctx, actionForgetTenant, tenantObject, s.tenant, func(ctx context.Context) error {
		for _, class := range []string{transcriptClass, subjectClass} {
			for id, err := range s.ids(ctx, class) {
				if err == nil {
					err = s.request(ctx, class, id)
				}
				if err != nil {
					return err
				}
			}
		}
		if err := s.destroyDue(ctx, out); err != nil {
			return err
		}
		record, err := s.keys.Destroy(ctx, owner, crypto.Destruction{Actor: whoami(), Reason: "-forget-tenant"})
		p.remains = record.Remains
		if err != nil {
			return err
		}
		return os.RemoveAll(s.file(hashed(s.tenant)))
	})
	return p, err
}

// ids gives the ids of what is kept of the tenant.
func (s *state) ids(ctx context.Context, class string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		prefix := hashed(s.tenant) + "/"
		for after := prefix; ; {
			page, err := s.records.Scan(ctx, class, after, 100)
			if err != nil {
				yield("", err)
				return
			}
			for _, r := range page {
				if !strings.HasPrefix(r.ID, prefix) || !yield(r.ID, nil) {
					return
				}
				after = r.ID
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

func (s *state) file(id string) string {
	return filepath.Join(s.dir, "sealed", filepath.FromSlash(id))
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
