package audit

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fieldSetters put a string into every place of an event that takes one.
var fieldSetters = []func(*Event, string){
	func(e *Event, s string) { e.Action = Action(s) },
	func(e *Event, s string) { e.Tenant = Private(s) },
	func(e *Event, s string) { e.Actor.Kind = ActorKind(s) },
	func(e *Event, s string) { e.Actor.ID = Private(s) },
	func(e *Event, s string) { e.Actor.OnBehalfOf = Private(s) },
	func(e *Event, s string) { e.Actor.Auth = s },
	func(e *Event, s string) { e.Actor.Session = Private(s) },
	func(e *Event, s string) { e.Subjects = []Subject{{Kind: Kind(s), ID: Private("x")}} },
	func(e *Event, s string) { e.Subjects = []Subject{{Kind: "customer", ID: Private(s)}} },
	func(e *Event, s string) { e.Subjects = []Subject{{Kind: "email", ID: Private(s)}} },
	func(e *Event, s string) { e.Object.Type = s },
	func(e *Event, s string) { e.Object.ID = Private(s) },
	func(e *Event, s string) { e.Object.Categories = []string{s} },
	func(e *Event, s string) { e.Object.System = s },
	func(e *Event, s string) { e.Purpose = Purpose(s) },
	func(e *Event, s string) { e.Basis = Basis(s) },
	func(e *Event, s string) { e.Outcome = Outcome(s) },
	func(e *Event, s string) { e.Code = s },
	func(e *Event, s string) { e.Origin.Service = s },
	func(e *Event, s string) {
		e.Origin.Address = netip.MustParseAddr("2001:db8::1").WithZone(strings.ReplaceAll(s, "%", ""))
	},
	func(e *Event, s string) { e.Details = []Detail{{Key: s, Value: Private("x")}} },
	func(e *Event, s string) { e.Details = []Detail{{Key: "rows", Value: Private(s)}} },
	func(e *Event, s string) { e.Details = []Detail{{Key: "channel", Value: Private(s)}} },
	func(e *Event, s string) { e.Details = []Detail{{Key: "phone", Value: Private(s)}} },
	func(e *Event, s string) { e.Details = []Detail{{Key: "note", Value: Private(s)}} },
	func(e *Event, s string) { e.Details = []Detail{{Key: "password", Value: Private(s)}} },
	func(e *Event, s string) {
		e.Details = []Detail{{Key: "note", Value: Private("x"), Owner: Subject{"customer", Private(s)}}}
	},
}

// forms are the ways in which a value could get into a file.
func forms(s string) [][]byte {
	quoted, _ := json.Marshal(s)
	escaped := quoted[1 : len(quoted)-1]
	return [][]byte{
		[]byte(s), []byte(strings.ToLower(s)), []byte(strings.ToUpper(s)), escaped,
		[]byte(strings.Trim(fmt.Sprintf("%+q", s), `"`)),
		[]byte(base64.RawStdEncoding.EncodeToString([]byte(s))), []byte(base64.RawURLEncoding.EncodeToString([]byte(s))),
		[]byte(hex.EncodeToString([]byte(s))), []byte(strings.ToUpper(hex.EncodeToString([]byte(s)))),
	}
}

// requireNoRaw records s in every field and looks for it in everything that
// was written and said.
func requireNoRaw(t *testing.T, k *testKeys, s string) {
	d := newCrashDisk()
	store, err := openFiles(d, testOrigin, nil)
	require.NoError(t, err)
	mirrored := filepath.Join(t.TempDir(), "mirror")
	var said bytes.Buffer
	opts := k.options()
	opts.Mirrors = []Mirror{FileMirror{Path: mirrored}, SlogMirror{Handler: slog.NewTextHandler(&said, nil)}}
	l, err := New(context.Background(), store, opts)
	require.NoError(t, err)
	var texts []string
	for _, set := range fieldSetters {
		e := readEvent()
		set(&e, s)
		if _, err := l.Record(context.Background(), e); err != nil {
			texts = append(texts, err.Error(), fmt.Sprintf("%v %+v %#v", err, err, err))
		}
		func() {
			defer func() { recover() }()
			if err := Do(context.Background(), l, e, func(context.Context) error { panic("x") }); err != nil {
				texts = append(texts, err.Error())
			}
		}()
	}
	by := Inquiry{Actor: Actor{Kind: Admin, ID: Private(s)}, Purpose: "quality-review", Basis: "152-fz.6.1.5"}
	names, err := l.Lookup(context.Background(), by, "customer", Private(s))
	require.NoError(t, err)
	texts = append(texts, names...)
	if _, err := l.Lookup(context.Background(), by, Kind(s), Private(s)); err != nil {
		texts = append(texts, err.Error())
	}
	require.Eventually(t, func() bool {
		h := l.Health()
		return h.Mirrors[0].Next == h.Size && h.Mirrors[1].Next == h.Size
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, l.Close())
	b, err := os.ReadFile(mirrored)
	require.NoError(t, err)
	written := d.contents()
	written["mirror file"], written["slog"], written["errors"] = b, said.Bytes(), []byte(strings.Join(texts, "\n"))
	for name, content := range written {
		for _, f := range forms(s) {
			require.False(t, bytes.Contains(content, f), "%q is in %s", f, name)
		}
	}
}

// No raw value in any byte written.
func TestProperty8NoPersonalData(t *testing.T) {
	k := newTestKeys(t)
	for _, s := range []string{
		"Иванов Иван Иванович", "ivanov@example.ru", "+7 916 123-45-67", "79161234567", "4276 1234 5678 9012", "4276123456789012",
		"Пароль: \"Qwerty\\n\"", "<b>Смирнова</b> & Ко", "ООО «Ромашка» пролёт", "quality_review2", strings.Repeat("Я", 500),
	} {
		requireNoRaw(t, k, s)
	}
}

func FuzzNoRawValue(f *testing.F) {
	f.Add("Иванов Иван")
	f.Add("ivanov@example.ru")
	k := newTestKeys(f)
	plain := newCrashDisk()
	store, err := openFiles(plain, testOrigin, nil)
	require.NoError(f, err)
	l, err := New(context.Background(), store, k.options())
	require.NoError(f, err)
	_, err = l.Record(context.Background(), readEvent())
	require.NoError(f, err)
	require.NoError(f, l.Close())
	known := bytes.Join(slices.Collect(maps.Values(plain.contents())), nil)
	f.Fuzz(func(t *testing.T, s string) {
		// A short text, or one that any log has, says nothing when found.
		if len(s) < 8 || len(s) > 4000 || slices.ContainsFunc(forms(s), func(f []byte) bool { return bytes.Contains(known, f) }) {
			t.Skip()
		}
		words := testCatalogue()
		v, _ := words.compile()
		if v.rules[Action(s)] != nil || v.purposes[Purpose(s)] || strings.Trim(s, " 0") == "" {
			t.Skip()
		}
		requireNoRaw(t, k, s)
	})
}

// After a subject's key is gone his details do not open, proofs
// still verify, and the pseudonyms of a destroyed epoch cannot be looked up.
func TestProperty9Erasure(t *testing.T) {
	dir, k := t.TempDir(), newTestKeys(t)
	l := openLog(t, dir, k.options())
	e := readEvent()
	subject := e.Subjects[0]
	r, err := l.Record(t.Context(), e)
	require.NoError(t, err)
	other := readEvent()
	other.Subjects = []Subject{{Kind: "customer", ID: Private("Смирнова Анна")}}
	r2, err := l.Record(t.Context(), other)
	require.NoError(t, err)
	_, err = l.Checkpoint(t.Context())
	require.NoError(t, err)
	by := Inquiry{Actor: Actor{Kind: Admin, ID: Private("dpo")}, Purpose: "client-request", Basis: "152-fz.6.1.5"}
	entry, err := l.Entry(t.Context(), r.Seq)
	require.NoError(t, err)
	_, err = l.Reveal(t.Context(), by, entry, "note", subject)
	require.NoError(t, err)

	k.sealers.destroy("", subject)
	_, err = l.Reveal(t.Context(), by, entry, "note", subject)
	require.ErrorIs(t, err, errKeyGone)
	entry2, err := l.Entry(t.Context(), r2.Seq)
	require.NoError(t, err)
	_, err = l.Reveal(t.Context(), by, entry2, "note", other.Subjects[0])
	require.NoError(t, err, "another person's details still open")

	// A box moved to another event does not open either.
	moved := entry2
	moved.ID = entry.ID
	_, err = l.Reveal(t.Context(), by, moved, "note", other.Subjects[0])
	require.Error(t, err)

	for _, entry := range []Entry{entry, entry2} {
		p, err := l.Prove(t.Context(), entry.Seq)
		require.NoError(t, err)
		require.NoError(t, p.Verify(entry.Raw, k.verifier))
	}

	find := func(seq uint64) (found bool) {
		names, err := l.Lookup(t.Context(), by, "customer", subject.ID)
		require.NoError(t, err)
		for e, err := range l.Query(t.Context(), Query{Subjects: names}) {
			require.NoError(t, err)
			found = found || e.Seq == seq
		}
		return found
	}
	k.epochs = append(k.epochs, Epoch{ID: "e2", Secret: [32]byte{2}})
	plain := readEvent()
	plain.Details = plain.Details[:1]
	r3, err := l.Record(t.Context(), plain)
	require.NoError(t, err)
	require.True(t, find(r.Seq), "an older epoch is still living")
	k.epochs = k.epochs[1:]
	require.False(t, find(r.Seq), "its epoch is destroyed")
	require.True(t, find(r3.Seq), "a new event has the new epoch")
	require.NoError(t, l.Close())
	requireVerified(t, dir, k.verifier)
}

func TestPseudonyms(t *testing.T) {
	e := Epoch{ID: "e1", Secret: [32]byte{1}}
	seen := map[string]bool{}
	for _, c := range [][3]string{{"", "phone", "79161234567"}, {"a", "phone", "79161234567"}, {"", "email", "79161234567"}, {"a", "phonex", "x"}, {"ap", "honex", "x"}} {
		p := e.pseudonym(c[0], Kind(c[1]), c[2])
		require.Regexp(t, `^p1\.e1\.[A-Za-z0-9_-]{22}$`, p)
		require.False(t, seen[p])
		seen[p] = true
	}
	for _, s := range []string{"+7 (916) 123-45-67", "8 916 123 45 67", "79161234567"} {
		require.Equal(t, "79161234567", Normalize("phone", s))
	}
	require.Equal(t, "ivanov@example.ru", Normalize("email", " Ivanov@Example.RU "))
}

// What holds personal data hides itself, alone and nested.
func TestValueHides(t *testing.T) {
	const secret = "Иванов"
	type nested struct {
		V     Value
		inner Value
		E     Event
	}
	e := readEvent()
	e.Actor.ID = Private(secret)
	for _, v := range []any{Private(secret), nested{Private(secret), Private(secret), e}, &nested{Private(secret), Private(secret), e}, e, []Value{Private(secret)}, map[string]Value{"k": Private(secret)}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		b, _ := json.Marshal(v)
		for _, s := range []string{fmt.Sprintf("%v", v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%s", v), string(b), log.String()} {
			require.NotContains(t, s, secret)
		}
	}
	epoch := Epoch{ID: "e1", Secret: [32]byte{0xAB, 0xCD}}
	for _, f := range []string{"%v", "%+v", "%#v", "%x"} {
		require.NotContains(t, strings.ToLower(fmt.Sprintf(f, epoch)), "abcd")
		require.NotContains(t, strings.ToLower(fmt.Sprintf(f, []Epoch{epoch})), "0xab")
	}
}

func TestRefused(t *testing.T) {
	k := newTestKeys(t)
	l := openLog(t, t.TempDir(), k.options())
	for name, harm := range map[string]func(*Event){
		"unknown action":     func(e *Event) { e.Action = "transcript.copy" },
		"log's own action":   func(e *Event) { e.Action = ActionPruned },
		"no purpose":         func(e *Event) { e.Purpose = "" },
		"unknown purpose":    func(e *Event) { e.Purpose = "fun" },
		"no basis":           func(e *Event) { e.Basis = "" },
		"no actor":           func(e *Event) { e.Actor.ID = Value{} },
		"no actor kind":      func(e *Event) { e.Actor.Kind = "" },
		"unknown kind":       func(e *Event) { e.Subjects[0].Kind = "person" },
		"empty subject":      func(e *Event) { e.Subjects[0].ID = Value{} },
		"about nobody":       func(e *Event) { e.Subjects, e.Object, e.Details = nil, Object{}, nil },
		"object by halves":   func(e *Event) { e.Object.Type = "" },
		"unknown code":       func(e *Event) { e.Code = "because" },
		"outcome of crashes": func(e *Event) { e.Outcome = Unknown },
		"unknown detail":     func(e *Event) { e.Details = append(e.Details, Detail{Key: "comment", Value: Private("x")}) },
		"detail twice":       func(e *Event) { e.Details = append(e.Details, e.Details[0]) },
		"number too large":   func(e *Event) { e.Details[0].Value = Number(100_001) },
		"number below zero":  func(e *Event) { e.Details[0].Value = Number(-1) },
		"number in disguise": func(e *Event) { e.Details[0].Value = Private("007") },
		"missing detail":     func(e *Event) { e.Action, e.Details = "transcript.delete", nil },
		"year 10000":         func(e *Event) { e.Occurred = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		e := readEvent()
		harm(&e)
		_, err := l.Record(t.Context(), e)
		var refused *RefusedError
		require.ErrorAs(t, err, &refused, name)
	}
	require.Equal(t, uint64(1), l.Health().Size, "something refused was written")

	e := readEvent()
	e.Details = []Detail{{Key: "note", Value: Private(strings.Repeat("ю", 40_000))}}
	_, err := l.Record(t.Context(), e)
	require.ErrorIs(t, err, ErrTooLarge)

	for name, harm := range map[string]func(*Catalogue){
		"field without class":  func(c *Catalogue) { c.Actions[0].Details[0].Class = "" },
		"public without bound": func(c *Catalogue) { c.Actions[0].Details[0].Max = 0 },
		"bound of a phone":     func(c *Catalogue) { c.Actions[0].Details[0].Max = 79_161_234_567 },
		"reserved action":      func(c *Catalogue) { c.Actions[0].Action = "log.read" },
		"action twice":         func(c *Catalogue) { c.Actions[1].Action = c.Actions[0].Action },
		"field twice":          func(c *Catalogue) { c.Actions[0].Details[1].Key = "rows" },
		"not a word":           func(c *Catalogue) { c.Purposes[0] = "Quality Review" },
		"sealed with list":     func(c *Catalogue) { c.Actions[0].Details[3].OneOf = []string{"a"} },
		"unknown mode":         func(c *Catalogue) { c.Actions[0].Mode = 7 },
	} {
		c := testCatalogue()
		harm(&c)
		_, err := c.compile()
		require.Error(t, err, name)
	}
	opts := k.options()
	opts.Signer = newTestKeys(t).signer
	_, err = Open(t.Context(), t.TempDir(), opts)
	require.Error(t, err, "signer of another key")
}
