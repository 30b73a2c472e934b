package tokenize

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// gcmSealer is a sealer of the standard library, enough for tests.
type gcmSealer struct{ aead cipher.AEAD }

func newSealer(t testing.TB, first byte) *gcmSealer {
	t.Helper()
	block, err := aes.NewCipher(secret(first))
	require.NoError(t, err)
	aead, err := cipher.NewGCMWithRandomNonce(block)
	require.NoError(t, err)
	return &gcmSealer{aead}
}

func (s *gcmSealer) Seal(_ context.Context, dst, plaintext, ad []byte) ([]byte, error) {
	return s.aead.Seal(dst, nil, plaintext, ad), nil
}

var errSealed = errors.New("does not open")

func (s *gcmSealer) Open(_ context.Context, dst, box, ad []byte) ([]byte, error) {
	plain, err := s.aead.Open(dst, nil, box, ad)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
)

// clock is a time that tests move.
type clock struct{ now time.Time }

func testOptions() *VaultOptions {
	return &VaultOptions{
		Allow: PermitKinds(map[string][]string{"test": {"PHONE", "EMAIL", "PERSON", "SECRET"}}),
		Now:   func() time.Time { return start },
	}
}

func testVault(t testing.TB, store Store, opts *VaultOptions) *Vault {
	t.Helper()
	if opts == nil {
		opts = testOptions()
	}
	v, err := NewVault(Tenant("ромашка"), store, newSealer(t, 9), testRing(t, 1), opts)
	require.NoError(t, err)
	return v
}

func token(t testing.TB, v *Vault, kind, value string) string {
	t.Helper()
	s, err := v.Token(ctx, kind, value)
	require.NoError(t, err)
	return s
}

func reveal(t testing.TB, v *Vault, tokens ...string) []Result {
	t.Helper()
	results, err := v.Detokenize(ctx, "test", tokens...)
	require.NoError(t, err)
	require.Len(t, results, len(tokens))
	return results
}

func TestVaultRoundTrip(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	phone := token(t, v, "PHONE", "8 (916) 000-00-00")
	parsed, ok := Parse(phone)
	require.True(t, ok)
	require.Equal(t, Token{Form: FormVault, Kind: "PHONE", Version: 1, Body: parsed.Body}, parsed)

	require.Equal(t, phone, token(t, v, "PHONE", "+7 916 000 00 00"), "the same number written otherwise")
	require.NotEqual(t, phone, token(t, v, "PHONE", "+7 916 000 00 01"))
	require.NotEqual(t, phone, token(t, v, "NUMBER", "8 (916) 000-00-00"))
	require.Equal(t, "8 (916) 000-00-00", reveal(t, v, phone)[0].Value.Reveal(), "as first written")

	found, err := v.Lookup(ctx, "PHONE", "89160000000")
	require.NoError(t, err)
	require.Equal(t, phone, found)
	_, err = v.Lookup(ctx, "PHONE", "89160000009")
	require.ErrorIs(t, err, ErrNotFound)
}

// A token given as a value is a value: nothing is recognised as done already.
func TestTokenAsValue(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	phone := token(t, v, "PHONE", "+79160000000")
	again := token(t, v, "PHONE", phone)
	require.NotEqual(t, phone, again)
	require.Equal(t, phone, reveal(t, v, again)[0].Value.Reveal())

	reversible := newReversible(t, testRing(t, 1), Tenant("a"))
	once, err := reversible.Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	twice, err := reversible.Token(ctx, "PHONE", once)
	require.NoError(t, err)
	require.NotEqual(t, once, twice)
	back, err := reversible.Detokenize(twice)
	require.NoError(t, err)
	require.Equal(t, once, back.Reveal())
}

func TestVaultRefusesInput(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	for _, kind := range []string{"", "phone", "PHONE]", "1A", "ТЕЛ", strings.Repeat("K", 33), "A:B"} {
		_, err := v.Token(ctx, kind, "x")
		require.ErrorIs(t, err, ErrKind, kind)
		_, err = v.Lookup(ctx, kind, "x")
		require.ErrorIs(t, err, ErrKind, kind)
	}
	for _, value := range []string{"", "\xff", strings.Repeat("x", MaxValue+1)} {
		_, err := v.Token(ctx, "PHONE", value)
		require.ErrorIs(t, err, ErrValue)
	}
	long := strings.Repeat("я", MaxValue/2)
	require.Equal(t, long, reveal(t, v, token(t, v, "SECRET", long))[0].Value.Reveal())
	for _, blank := range []string{" ", "\u200b", "---"} {
		require.Equal(t, blank, reveal(t, v, token(t, v, "PHONE", blank))[0].Value.Reveal())
	}
}

// One token that fails does not withhold the others, and each says why.
func TestDetokenizeResults(t *testing.T) {
	now := clock{start}
	opts := testOptions()
	opts.TTL, opts.Now = time.Hour, func() time.Time { return now.now }
	store := new(MemStore)
	v := testVault(t, store, opts)
	old := token(t, v, "PHONE", "+79160000001")
	now.now = start.Add(time.Hour)
	phone := token(t, v, "PHONE", "+79160000000")
	inn := token(t, v, "INN", "500100732259")

	results := reveal(t, v, phone, "nonsense", "[PHONE_1]", "[PHONE:v1:"+body30+"]", old, inn, "[PHONE:k1:"+body30+"]", phone)
	want := []error{nil, ErrToken, ErrToken, ErrNotFound, ErrExpired, ErrPurpose, ErrToken, nil}
	kinds := []string{"PHONE", "", "", "PHONE", "PHONE", "INN", "", "PHONE"}
	for i, r := range results {
		require.ErrorIs(t, r.Err, want[i], "%d", i)
		require.Equal(t, kinds[i], r.Kind, "%d", i)
		if want[i] != nil {
			require.Equal(t, Value{}, r.Value)
		} else {
			require.Equal(t, "+79160000000", r.Value.Reveal())
		}
	}
	results, err := v.Detokenize(ctx, "test")
	require.NoError(t, err)
	require.Empty(t, results)
	_, err = v.Detokenize(ctx, "test", make([]string, MaxBatch+1)...)
	require.Error(t, err)
}

func TestPurposeIsRequired(t *testing.T) {
	store := new(MemStore)
	v := testVault(t, store, nil)
	phone := token(t, v, "PHONE", "+79160000000")
	_, err := v.Detokenize(ctx, "", phone)
	require.ErrorIs(t, err, ErrPurpose)

	results, err := v.Detokenize(ctx, "marketing", phone)
	require.NoError(t, err)
	require.ErrorIs(t, results[0].Err, ErrPurpose)

	closed := testVault(t, store, &VaultOptions{})
	_, err = closed.Detokenize(ctx, "test", phone)
	require.ErrorIs(t, err, ErrPurpose, "no Allow permits nothing")

	var asked []Access
	opts := testOptions()
	opts.Allow = func(_ context.Context, a Access) error {
		asked = append(asked, a)
		return errors.New("no audit log, no value")
	}
	person, err := testVault(t, store, opts).Subject("crm-42")
	require.NoError(t, err)
	mine := token(t, person, "PHONE", "+79160000000")
	results, err = person.Detokenize(ctx, "callback", mine)
	require.NoError(t, err)
	require.ErrorIs(t, results[0].Err, ErrPurpose)
	require.ErrorContains(t, results[0].Err, "no audit log")
	require.Equal(t, []Access{{"callback", "PHONE", mine, Tenant("ромашка"), "crm-42"}}, asked)
}

// A handle opens the tokens of its own scope and subject, and no others.
func TestVaultScopes(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	call17, err := v.Conversation("call-17")
	require.NoError(t, err)
	call18, err := v.Conversation("call-18")
	require.NoError(t, err)
	ivan, err := call17.Subject("crm-42")
	require.NoError(t, err)
	maria, err := call17.Subject("crm-43")
	require.NoError(t, err)
	foreign, err := NewVault(Tenant("лютик"), v.p().store, v.p().sealer, v.p().ring, testOptions())
	require.NoError(t, err)

	handles := []*Vault{v, call17, call18, ivan, maria, foreign}
	var tokens []string
	for _, h := range handles {
		tokens = append(tokens, token(t, h, "PHONE", "+79160000000"))
	}
	opens := [][]int{{0}, {1, 3, 4}, {2}, {3}, {4}, {5}}
	for i, h := range handles {
		for j, r := range reveal(t, h, tokens...) {
			if slices.Contains(opens[i], j) {
				require.NoError(t, r.Err, "handle %d, token %d", i, j)
			} else {
				require.ErrorIs(t, r.Err, ErrNotFound, "handle %d, token %d", i, j)
			}
		}
	}
	slices.Sort(tokens)
	require.Len(t, slices.Compact(tokens), len(handles))
}

func TestVaultHandlesRefuse(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	for _, id := range []string{"", "\xff", "a\x00b", strings.Repeat("x", 257)} {
		_, err := v.Conversation(id)
		require.ErrorIs(t, err, ErrScope)
		_, err = v.Subject(id)
		require.ErrorIs(t, err, ErrScope)
	}
	ring, sealer := testRing(t, 1), newSealer(t, 9)
	for name, build := range map[string]func() (*Vault, error){
		"store":  func() (*Vault, error) { return NewVault(Tenant("t"), nil, sealer, ring, nil) },
		"sealer": func() (*Vault, error) { return NewVault(Tenant("t"), new(MemStore), nil, ring, nil) },
		"ring":   func() (*Vault, error) { return NewVault(Tenant("t"), new(MemStore), sealer, nil, nil) },
		"scope":  func() (*Vault, error) { return NewVault(Scope{}, new(MemStore), sealer, ring, nil) },
		"global": func() (*Vault, error) { return NewVault(Global(), new(MemStore), sealer, ring.AllowGlobal(), nil) },
		"ttl": func() (*Vault, error) {
			return NewVault(Tenant("t"), new(MemStore), sealer, ring, &VaultOptions{TTL: -time.Second})
		},
		"fine ttl": func() (*Vault, error) {
			return NewVault(Tenant("t"), new(MemStore), sealer, ring, &VaultOptions{TTL: time.Microsecond})
		},
		"normalizer": func() (*Vault, error) {
			return NewVault(Tenant("t"), new(MemStore), sealer, ring, &VaultOptions{Normalizers: map[string]Normalizer{"PHONE": "phone"}})
		},
	} {
		v, err := build()
		require.Error(t, err, name)
		require.Nil(t, v, name)
	}
}

func TestVaultTTL(t *testing.T) {
	now := clock{start}
	opts := testOptions()
	opts.TTL, opts.Now = time.Hour, func() time.Time { return now.now }
	v := testVault(t, new(MemStore), opts)
	first := token(t, v, "PHONE", "+79160000000")
	now.now = start.Add(time.Hour - time.Millisecond)
	require.Equal(t, first, token(t, v, "PHONE", "+79160000000"), "a repeat is the same token")
	require.NoError(t, reveal(t, v, first)[0].Err)
	now.now = start.Add(time.Hour)
	require.ErrorIs(t, reveal(t, v, first)[0].Err, ErrExpired, "a repeat does not prolong it")
	_, err := v.Lookup(ctx, "PHONE", "+79160000000")
	require.ErrorIs(t, err, ErrNotFound)
	second := token(t, v, "PHONE", "+79160000000")
	require.NotEqual(t, first, second)
	require.NoError(t, reveal(t, v, second)[0].Err)
}

// Stores keep whole milliseconds in UTC; the tag is over what they keep.
func TestRowTimes(t *testing.T) {
	opts := testOptions()
	opts.TTL = time.Hour
	moscow := time.FixedZone("MSK", 3*60*60)
	opts.Now = func() time.Time { return start.Add(123_456_789).In(moscow) }
	store := new(MemStore)
	phone := token(t, testVault(t, store, opts), "PHONE", "+79160000000")
	require.Equal(t, start.Add(123*time.Millisecond), store.rows[phone].Created)
	require.Equal(t, start.Add(123*time.Millisecond+time.Hour), store.rows[phone].Expires)
}

func TestForget(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	call, err := v.Conversation("call-17")
	require.NoError(t, err)
	ivan, err := call.Subject("crm-42")
	require.NoError(t, err)
	maria, err := v.Subject("crm-43")
	require.NoError(t, err)
	phone := token(t, ivan, "PHONE", "+79160000000")
	email := token(t, ivan, "EMAIL", "ivan@example.ru")
	shared := token(t, maria, "PHONE", "+79160000000")

	_, err = v.Forget(ctx, "")
	require.ErrorIs(t, err, ErrScope)
	_, err = maria.Forget(ctx, "crm-42")
	require.ErrorIs(t, err, ErrScope, "one person's handle forgets nobody else")

	done, err := v.Forget(ctx, "crm-42")
	require.NoError(t, err)
	require.Equal(t, Forgotten{"crm-42", map[string]int{"PHONE": 1, "EMAIL": 1}}, done)
	for _, r := range reveal(t, call, phone, email) {
		require.ErrorIs(t, r.Err, ErrNotFound)
	}
	require.NoError(t, reveal(t, v, shared)[0].Err, "the other's copy of the same value stays")
	_, err = ivan.Token(ctx, "PHONE", "+79160000000")
	require.ErrorIs(t, err, ErrForgotten)
	_, err = ivan.Lookup(ctx, "PHONE", "+79160000000")
	require.ErrorIs(t, err, ErrNotFound)
	done, err = ivan.Forget(ctx, "crm-42")
	require.NoError(t, err)
	require.Empty(t, done.Kinds)
}

// Values of a subject lie under his own sealer, and end with it.
func TestSubjectSealer(t *testing.T) {
	destroyed := errors.New("key destroyed")
	sealers := map[string]*gcmSealer{"crm-42": newSealer(t, 1), "crm-43": newSealer(t, 2)}
	opts := testOptions()
	opts.SubjectSealer = func(_ context.Context, scope Scope, subject string) (Sealer, error) {
		require.Equal(t, Tenant("ромашка"), scope)
		if s, ok := sealers[subject]; ok {
			return s, nil
		}
		return nil, destroyed
	}
	store := new(MemStore)
	v := testVault(t, store, opts)
	ivan, err := v.Subject("crm-42")
	require.NoError(t, err)
	mine, nobodys := token(t, ivan, "PHONE", "+79160000000"), token(t, v, "PHONE", "+79160000000")
	for _, r := range reveal(t, v, mine, nobodys) {
		require.NoError(t, r.Err)
	}
	_, err = v.p().sealer.Open(ctx, nil, store.rows[mine].Box, boxAD(mine))
	require.Error(t, err, "not under the vault's own sealer")

	delete(sealers, "crm-42")
	results := reveal(t, v, mine, nobodys)
	require.ErrorIs(t, results[0].Err, destroyed)
	require.NoError(t, results[1].Err)
	_, err = ivan.Token(ctx, "EMAIL", "ivan@example.ru")
	require.ErrorIs(t, err, destroyed)
}

// Who writes to the store can swap, redirect and prolong nothing.
func TestTamperedRows(t *testing.T) {
	for name, change := range map[string]func(mine, other *Row){
		"box of another":          func(m, o *Row) { m.Box = o.Box },
		"box, tag of another":     func(m, o *Row) { m.Box, m.Tag = o.Box, o.Tag },
		"index of another":        func(m, o *Row) { m.Index, o.Index = o.Index, m.Index },
		"all but token":           func(m, o *Row) { token := m.Token; *m = *o; m.Token = token },
		"prolonged":               func(m, _ *Row) { m.Expires = m.Expires.AddDate(1, 0, 0) },
		"made eternal":            func(m, _ *Row) { m.Expires = time.Time{} },
		"created later":           func(m, _ *Row) { m.Created = m.Created.Add(time.Hour) },
		"given to a subject":      func(m, _ *Row) { m.Subject = "crm-43" },
		"taken from its subject":  func(m, _ *Row) { m.Subject = "" },
		"other kind":              func(m, _ *Row) { m.Kind = "EMAIL" },
		"moved to a conversation": func(m, _ *Row) { m.Conversation = "call-17" },
		"no tag":                  func(m, _ *Row) { m.Tag = nil },
		"one bit of the box":      func(m, _ *Row) { m.Box = slices.Clone(m.Box); m.Box[3] ^= 1 },
	} {
		t.Run(name, func(t *testing.T) {
			opts := testOptions()
			opts.TTL = time.Hour
			store := new(MemStore)
			v := testVault(t, store, opts)
			ivan, err := v.Subject("crm-42")
			require.NoError(t, err)
			mine, other := token(t, ivan, "PHONE", "+79160000000"), token(t, ivan, "PHONE", "+79160000001")
			m, o := store.rows[mine], store.rows[other]
			change(&m, &o)
			store.rows[mine], store.rows[other] = m, o
			for token, row := range store.rows {
				store.indexes[string(row.Index)] = token
			}
			r := reveal(t, v, mine)[0]
			require.Error(t, r.Err)
			require.Equal(t, Value{}, r.Value)
			if m.Conversation == "" {
				require.ErrorIs(t, r.Err, ErrInvalid)
				if string(store.rows[mine].Index) == string(m.Index) && m.Kind == "PHONE" {
					_, err = ivan.Token(ctx, "PHONE", "+79160000000")
					require.ErrorIs(t, err, ErrInvalid)
				}
			}
		})
	}
}

// Even with a right tag a box opens for its own token alone.
func TestBoxIsBoundToToken(t *testing.T) {
	store := new(MemStore)
	v := testVault(t, store, nil)
	mine, other := token(t, v, "PHONE", "+79160000000"), token(t, v, "PHONE", "+79160000001")
	row := store.rows[mine]
	row.Box = store.rows[other].Box
	var err error
	row.Tag, err = v.p().tag(row, 1)
	require.NoError(t, err)
	store.rows[mine] = row
	require.ErrorIs(t, reveal(t, v, mine)[0].Err, errSealed)
}

func TestVaultRotation(t *testing.T) {
	store := new(MemStore)
	ring := func(active uint32, versions ...uint32) *Keyring {
		secrets := map[uint32][]byte{}
		for _, version := range versions {
			secrets[version] = secret(byte(version * 40))
		}
		r, err := NewKeyring(active, secrets)
		require.NoError(t, err)
		return r
	}
	vault := func(r *Keyring) *Vault {
		v, err := NewVault(Tenant("ромашка"), store, newSealer(t, 9), r, testOptions())
		require.NoError(t, err)
		return v
	}
	before := vault(ring(1, 1))
	first := token(t, before, "PHONE", "+79160000000")
	after := vault(ring(2, 1, 2))
	require.Equal(t, first, token(t, after, "PHONE", "+79160000000"), "an old value keeps its token")
	second := token(t, after, "PHONE", "+79160000001")
	require.Contains(t, second, ":v2:")
	require.NoError(t, reveal(t, after, first)[0].Err)
	require.ErrorIs(t, reveal(t, before, second)[0].Err, ErrUnknownKey)
	retired := vault(ring(2, 2))
	require.ErrorIs(t, reveal(t, retired, first)[0].Err, ErrUnknownKey)
	require.NotEqual(t, first, token(t, retired, "PHONE", "+79160000000"))
}

func TestVaultConcurrent(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	const workers = 8
	got := make([][]string, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range 50 {
				s, err := v.Token(ctx, "PHONE", fmt.Sprintf("+7916000%04d", i))
				if err != nil {
					t.Error(err)
				}
				got[w] = append(got[w], s)
			}
		})
	}
	wait.Wait()
	for w := range workers {
		require.Equal(t, got[0], got[w])
	}
}

// failing is a store whose every call fails.
type failing struct{ Store }

var errStore = errors.New("store is down")

func (failing) ByIndex(context.Context, ...[]byte) ([]Row, error) { return nil, errStore }
func (failing) ByToken(context.Context, ...string) ([]Row, error) { return nil, errStore }
func (failing) Forget(context.Context, string, string) (map[string]int, error) {
	return nil, errStore
}

func TestStoreFailure(t *testing.T) {
	v := testVault(t, failing{}, nil)
	_, err := v.Token(ctx, "PHONE", "+79160000000")
	require.ErrorIs(t, err, errStore)
	results, err := v.Detokenize(ctx, "test", "[PHONE:v1:"+body30+"]")
	require.ErrorIs(t, err, errStore)
	require.Nil(t, results)
	done, err := v.Forget(ctx, "crm-42")
	require.ErrorIs(t, err, errStore)
	require.Equal(t, Forgotten{}, done)
}

// liar returns a row of another value from Insert.
type liar struct {
	*MemStore
	other Row
}

func (l liar) Insert(context.Context, Row) (Row, error) { return l.other, nil }

func TestStoreThatAnswersWithAnotherRow(t *testing.T) {
	store := new(MemStore)
	other := token(t, testVault(t, store, nil), "PHONE", "+79160000001")
	v := testVault(t, liar{new(MemStore), store.rows[other]}, nil)
	_, err := v.Token(ctx, "PHONE", "+79160000000")
	require.ErrorIs(t, err, ErrInvalid)
}

func TestErrorsHoldNoValue(t *testing.T) {
	v := testVault(t, new(MemStore), nil)
	_, err := v.Token(ctx, "телефон +79160000000", "+79160000000")
	require.NotContains(t, err.Error(), "7916")
	_, err = v.Token(ctx, "PHONE", "+79160000000\xff")
	require.NotContains(t, err.Error(), "7916")
	for _, r := range reveal(t, v, "+79160000000") {
		require.NotContains(t, r.Err.Error(), "7916")
	}
}

func FuzzDetokenize(f *testing.F) {
	v := testVault(f, new(MemStore), nil)
	secret := token(f, v, "PHONE", "+79160000000")
	reversible, err := NewReversible(testRing(f, 1), Tenant("ромашка"))
	require.NoError(f, err)
	sealed, err := reversible.Token(ctx, "PHONE", "+79160000000")
	require.NoError(f, err)
	f.Add(secret)
	f.Add(sealed)
	f.Add("[PHONE:v1:" + body30 + "]")
	f.Add("[PHONE_1]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range reveal(t, v, text) {
			if (r.Err == nil) != (text == secret) {
				t.Fatalf("%q: %v", text, r.Err)
			}
		}
		if _, err := reversible.Detokenize(text); (err == nil) != (text == sealed) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

func BenchmarkVault(b *testing.B) {
	v := testVault(b, new(MemStore), nil)
	known := token(b, v, "PHONE", "+79160000000")
	b.Run("token/known", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			token(b, v, "PHONE", "+79160000000")
		}
	})
	b.Run("token/new", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			token(b, v, "PHONE", fmt.Sprintf("+7916%07d", i))
		}
	})
	b.Run("detokenize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			reveal(b, v, known)
		}
	})
}
