package audit

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

const testOrigin = "example.ru/audit/calls"

// testCatalogue has one action of each sort.
func testCatalogue() Catalogue {
	return Catalogue{
		Actions: []Rule{
			{Action: "transcript.read", Details: []Field{
				{Key: "rows", Class: Public, Max: 100_000},
				{Key: "channel", Class: Public, OneOf: []string{"call", "chat"}},
				{Key: "phone", Class: Pseudonym},
				{Key: "note", Class: Sealed},
				{Key: "password", Class: Secret},
			}},
			{Action: "transcript.delete", Details: []Field{{Key: "reason", Class: Public, OneOf: []string{"client-request", "term"}, Required: true}}},
			{Action: "health.check", Impersonal: true, Mode: Deferred},
		},
		Purposes: []Purpose{"quality-review", "client-request"},
		Bases:    []Basis{"152-fz.6.1.5"},
		Subjects: []Kind{"customer", "phone", "email"},
		Objects:  []string{"transcript"}, Categories: []string{"voice", "contact"},
		Systems: []string{"calls"}, Services: []string{"api"}, Logins: []string{"sso"},
		Codes: []string{"not-found", "retention-3y"},
	}
}

func readEvent() Event {
	return Event{
		Action: "transcript.read",
		Actor:  Actor{Kind: User, ID: Private("petrova@example.ru"), Auth: "sso", Session: Private("s-77")},
		Subjects: []Subject{
			{Kind: "customer", ID: Private("Иванов Иван Иванович")},
		},
		Object:  Object{Type: "transcript", ID: Private("c1"), Categories: []string{"voice"}, System: "calls"},
		Purpose: "quality-review", Basis: "152-fz.6.1.5",
		Details: []Detail{
			{Key: "rows", Value: Number(12)}, {Key: "phone", Value: Private("+7 916 123-45-67")},
			{Key: "note", Value: Private("звонил брат")}, {Key: "password", Value: Private("hunter2")},
		},
	}
}

// testKeys are the keys of a log in tests: fixed, so that vectors stay.
type testKeys struct {
	signer   note.Signer
	verifier note.Verifier
	vkey     string
	epochs   []Epoch
	sealers  *testSealers
}

func newTestKeys(t testing.TB) *testKeys {
	skey, vkey, err := note.GenerateKey(rand.Reader, testOrigin)
	require.NoError(t, err)
	signer, err := note.NewSigner(skey)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	return &testKeys{signer, verifier, vkey, []Epoch{{ID: "e1", Secret: [32]byte{1}}}, &testSealers{}}
}

func (k *testKeys) options() Options {
	return Options{
		Catalogue: testCatalogue(), Signer: k.signer, Verifier: k.verifier,
		Epochs:          func(context.Context, string) ([]Epoch, error) { return k.epochs, nil },
		Sealer:          k.sealers.sealer,
		CheckpointEvery: time.Hour, AnchorEvery: time.Hour,
	}
}

// testSealers has an AES-256-GCM key for each subject until it is destroyed.
type testSealers struct {
	mu   sync.Mutex
	keys map[string]cipher.AEAD
	gone map[string]bool
}

var errKeyGone = errors.New("key destroyed")

func (s *testSealers) sealer(_ context.Context, tenant string, owner Subject) (Sealer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := tenant + "\x00" + owner.ID.reveal()
	if s.gone[name] {
		return nil, errKeyGone
	}
	if s.keys[name] == nil {
		key := make([]byte, 32)
		rand.Read(key)
		block, _ := aes.NewCipher(key)
		aead, _ := cipher.NewGCMWithRandomNonce(block)
		if s.keys == nil {
			s.keys = make(map[string]cipher.AEAD)
		}
		s.keys[name] = aead
	}
	return gcm{s.keys[name]}, nil
}

func (s *testSealers) destroy(tenant string, owner Subject) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := tenant + "\x00" + owner.ID.reveal()
	delete(s.keys, name)
	if s.gone == nil {
		s.gone = make(map[string]bool)
	}
	s.gone[name] = true
}

type gcm struct{ cipher.AEAD }

func (g gcm) Seal(_ context.Context, dst, plaintext, ad []byte) ([]byte, error) {
	return g.AEAD.Seal(dst, nil, plaintext, ad), nil
}

func (g gcm) Open(_ context.Context, dst, box, ad []byte) ([]byte, error) {
	return g.AEAD.Open(dst, nil, box, ad)
}

func openLog(t testing.TB, dir string, opts Options) *Log {
	l, err := Open(t.Context(), dir, opts)
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

func entriesOf(t testing.TB, r *Reader, q Query) []Entry {
	var list []Entry
	for e, err := range r.Query(t.Context(), q) {
		require.NoError(t, err)
		list = append(list, e)
	}
	return list
}

func actions(list []Entry) string {
	var names []string
	for _, e := range list {
		names = append(names, string(e.Action)+"/"+string(e.Outcome))
	}
	return strings.Join(names, " ")
}

func requireVerified(t testing.TB, dir string, key note.Verifier, anchors ...[]byte) Report {
	r, err := Verify(context.Background(), dir, VerifyOptions{Key: key, Anchors: anchors})
	require.NoError(t, err)
	require.Equal(t, Verified, r.Verdict, "%v", r.Problems)
	return r
}

func TestRecord(t *testing.T) {
	dir, k := t.TempDir(), newTestKeys(t)
	l := openLog(t, dir, k.options())
	r, err := l.Record(t.Context(), readEvent())
	require.NoError(t, err)
	require.Equal(t, uint64(1), r.Seq)
	require.NoError(t, l.Healthy())

	got := entriesOf(t, &l.Reader, Query{})
	require.Equal(t, "log.start/success transcript.read/success", actions(got))
	e := got[1]
	require.Equal(t, r.ID, e.ID)
	require.Equal(t, Purpose("quality-review"), e.Purpose)
	require.Equal(t, "12", e.Details[0].Value)
	require.Regexp(t, `^p1\.e1\.[A-Za-z0-9_-]{22}$`, e.Actor.ID)
	require.Equal(t, EntryDetail{"password", Secret, ""}, e.Details[3])

	_, err = l.Checkpoint(t.Context())
	require.NoError(t, err)
	p, err := l.Prove(t.Context(), r.Seq)
	require.NoError(t, err)
	require.NoError(t, p.Verify(e.Raw, k.verifier))
	require.Error(t, p.Verify(got[0].Raw, k.verifier))

	names, err := l.Lookup(t.Context(), Inquiry{Actor: Actor{Kind: Admin, ID: Private("auditor")}, Purpose: "client-request", Basis: "152-fz.6.1.5"},
		"customer", Private("Иванов Иван Иванович"))
	require.NoError(t, err)
	found := entriesOf(t, &l.Reader, Query{Subjects: names})
	require.Equal(t, "transcript.read/success audit.lookup/success", actions(found))

	text, err := l.Reveal(t.Context(), Inquiry{Actor: Actor{Kind: Admin, ID: Private("auditor")}, Purpose: "client-request", Basis: "152-fz.6.1.5"},
		e, "note", readEvent().Subjects[0])
	require.NoError(t, err)
	require.Equal(t, "звонил брат", text)

	// A reader beside the writer proves by the checkpoint that it began with.
	beside, err := OpenReader(dir, k.verifier)
	require.NoError(t, err)
	defer beside.Close()
	require.NoError(t, l.Close())
	p, err = beside.Prove(t.Context(), r.Seq)
	require.NoError(t, err)
	require.NoError(t, p.Verify(e.Raw, k.verifier))
	_, err = l.Record(t.Context(), readEvent())
	require.ErrorIs(t, err, ErrClosed)
	report := requireVerified(t, dir, k.verifier)
	require.Equal(t, report.Size, report.Signed)
	require.False(t, report.Stale)

	reader, err := OpenReader(dir, k.verifier)
	require.NoError(t, err)
	defer reader.Close()
	require.Equal(t, uint64(5), uint64(len(entriesOf(t, reader, Query{}))))
	p, err = reader.Prove(t.Context(), 1)
	require.NoError(t, err)
	require.NoError(t, p.Verify(e.Raw, k.verifier))
}

func TestClosed(t *testing.T) {
	k := newTestKeys(t)
	l := openLog(t, t.TempDir(), k.options())
	_, err := l.Record(t.Context(), readEvent())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.Close(), ErrClosed)
	require.ErrorIs(t, l.Healthy(), ErrClosed)
	for name, call := range map[string]func() error{
		"Record":     func() error { _, err := l.Record(t.Context(), readEvent()); return err },
		"Checkpoint": func() error { _, err := l.Checkpoint(t.Context()); return err },
		"Prove":      func() error { _, err := l.Prove(t.Context(), 0); return err },
		"Lookup": func() error {
			_, err := l.Lookup(t.Context(), Inquiry{Actor: Actor{Kind: Admin, ID: Private("dpo")}, Purpose: "client-request", Basis: "152-fz.6.1.5"}, "customer", Private("x"))
			return err
		},
		"Save": func() error { return l.store.Save(t.Context(), "x", nil) },
	} {
		require.ErrorIs(t, call(), ErrClosed, name)
	}
}

func TestLocked(t *testing.T) {
	k, dir := newTestKeys(t), t.TempDir()
	l := openLog(t, dir, k.options())
	_, err := Open(t.Context(), dir, k.options())
	require.ErrorIs(t, err, ErrLocked)
	_, err = OpenFiles(filepath.Join(dir, segmentName(0)), testOrigin, nil)
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrLocked, "not a folder")
	r, err := OpenReader(dir, k.verifier)
	require.NoError(t, err, "readers need no lock")
	require.NoError(t, r.Close())
	require.NoError(t, l.Close())
}

func TestReopen(t *testing.T) {
	dir, k := t.TempDir(), newTestKeys(t)
	opts := k.options()
	opts.Files.SegmentBytes = 1000
	for range 4 {
		l := openLog(t, dir, opts)
		for range 5 {
			_, err := l.Record(t.Context(), readEvent())
			require.NoError(t, err)
		}
		require.NoError(t, l.Close())
		requireVerified(t, dir, k.verifier)
	}
	l := openLog(t, dir, opts)
	list := entriesOf(t, &l.Reader, Query{})
	require.Len(t, list, 4*7+1)
	require.True(t, slices.IsSortedFunc(list, func(a, b Entry) int { return a.Recorded.Compare(b.Recorded.Time) }))
	for i, e := range list {
		require.Equal(t, uint64(i), e.Seq)
	}
	_, err := Open(t.Context(), dir, opts)
	require.Error(t, err, "two writers")
}

func TestDo(t *testing.T) {
	k := newTestKeys(t)
	l := openLog(t, t.TempDir(), k.options())
	ran := 0
	require.NoError(t, Do(t.Context(), l, readEvent(), func(context.Context) error { ran++; return nil }))
	require.ErrorIs(t, Do(t.Context(), l, readEvent(), func(context.Context) error { return ErrDenied }), ErrDenied)
	boom := errors.New("boom")
	require.ErrorIs(t, Do(t.Context(), l, readEvent(), func(context.Context) error { return boom }), boom)
	require.Panics(t, func() { Do(t.Context(), l, readEvent(), func(context.Context) error { panic(1) }) })
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, Do(ctx, l, readEvent(), func(context.Context) error { cancel(); return nil }))
	require.Equal(t, 1, ran)
	require.Equal(t, "attempt success attempt denied attempt failed attempt failed attempt success", outcomes(entriesOf(t, &l.Reader, Query{Actions: []Action{"transcript.read"}})))
	require.Zero(t, l.Health().InFlight)

	bad := readEvent()
	bad.Purpose = ""
	err := Do(t.Context(), l, bad, func(context.Context) error { ran++; return nil })
	var refused *RefusedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 1, ran)
}

func outcomes(list []Entry) string {
	var names []string
	for _, e := range list {
		names = append(names, string(e.Outcome))
	}
	return strings.Join(names, " ")
}

// A tenant's events are found by the tenant and its people within it.
func TestTenants(t *testing.T) {
	k := newTestKeys(t)
	opts := k.options()
	opts.Epochs = func(_ context.Context, tenant string) ([]Epoch, error) {
		if tenant == "" {
			return k.epochs, nil
		}
		return []Epoch{{ID: "t1", Secret: [32]byte{byte(len(tenant)), 9}}}, nil
	}
	l := openLog(t, t.TempDir(), opts)
	for _, tenant := range []string{"romashka", "vasilyok-m"} {
		e := readEvent()
		e.Tenant = Private(tenant)
		_, err := l.Record(t.Context(), e)
		require.NoError(t, err)
	}
	by := Inquiry{Actor: Actor{Kind: Admin, ID: Private("dpo")}, Purpose: "client-request", Basis: "152-fz.6.1.5"}
	find := func(by Inquiry, kind Kind, value string, q func([]string) Query) int {
		names, err := l.Lookup(t.Context(), by, kind, Private(value))
		require.NoError(t, err)
		query := q(names)
		query.Actions = []Action{"transcript.read"}
		return len(entriesOf(t, &l.Reader, query))
	}
	for _, tenant := range []string{"romashka", "vasilyok-m"} {
		require.Equal(t, 1, find(by, KindTenant, tenant, func(n []string) Query { return Query{Tenants: n} }))
		by := by
		by.Tenant = Private(tenant)
		require.Equal(t, 1, find(by, "customer", "Иванов Иван Иванович", func(n []string) Query { return Query{Subjects: n} }), "each under keys of its own")
	}
	require.Zero(t, find(by, KindTenant, "lyutik", func(n []string) Query { return Query{Tenants: n} }))
	person := func(n []string) Query { return Query{Subjects: n} }
	require.Zero(t, find(by, "customer", "Иванов Иван Иванович", person), "outside of the tenant")
	by.Tenant = Private("romashka")
	require.Equal(t, 1, find(by, "customer", "Иванов Иван Иванович", person))
	require.Equal(t, 1, find(by, KindActor, "petrova@example.ru", func(n []string) Query { return Query{Actors: n} }))
	_, err := l.Lookup(t.Context(), by, "passport", Private("x"))
	require.Error(t, err, "a kind that the catalogue does not know")
}
