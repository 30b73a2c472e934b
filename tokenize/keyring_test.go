package tokenize

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// secret returns an invented secret; byte n of it is first+n.
func secret(first byte) []byte {
	b := make([]byte, SecretSize)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

func testRing(t testing.TB, active uint32) *Keyring {
	t.Helper()
	ring, err := NewKeyring(active, map[uint32][]byte{1: secret(0x10), 2: secret(0x40), 7: secret(0x80)})
	require.NoError(t, err)
	return ring
}

func TestKeyringRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		active  uint32
		secrets map[uint32][]byte
	}{
		"none":             {1, nil},
		"active missing":   {2, map[uint32][]byte{1: secret(1)}},
		"version 0":        {0, map[uint32][]byte{0: secret(1)}},
		"version too high": {MaxVersion + 1, map[uint32][]byte{MaxVersion + 1: secret(1)}},
		"short":            {1, map[uint32][]byte{1: secret(1)[:31]}},
		"same twice":       {1, map[uint32][]byte{1: secret(1), 2: secret(1)}},
	} {
		ring, err := NewKeyring(row.active, row.secrets)
		require.Error(t, err, name)
		require.Nil(t, ring, name)
	}
}

func TestKeyringKeepsItsOwnCopy(t *testing.T) {
	given := map[uint32][]byte{1: secret(1)}
	ring, err := NewKeyring(1, given)
	require.NoError(t, err)
	before, err := ring.derive(useOpaque, "PHONE", Tenant("a"), 1, 32)
	require.NoError(t, err)
	clear(given[1])
	delete(given, 1)
	after, err := ring.derive(useOpaque, "PHONE", Tenant("a"), 1, 32)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestKeyringReaders(t *testing.T) {
	require.Equal(t, []uint32{2, 7, 1}, testRing(t, 2).p().readers)
	require.Equal(t, []uint32{7, 2, 1}, testRing(t, 7).p().readers)
}

// Every argument of derive makes another key, and no two lists of arguments
// run together.
func TestDerivedKeysDiffer(t *testing.T) {
	ring := testRing(t, 1).AllowGlobal()
	seen := map[string]string{}
	for _, use := range []string{useOpaque, useSIV, useFF1, useIndex, useLookup, useRow} {
		for _, kind := range []string{"A", "AB", "B"} {
			for _, scope := range []Scope{
				Tenant("a"), Tenant("ab"), Conversation("a", "b"), Conversation("ab", "c"), Conversation("a", "bc"), Global(),
			} {
				for _, version := range []uint32{1, 2} {
					key, err := ring.derive(use, kind, scope, version, 32)
					require.NoError(t, err)
					what := fmt.Sprint(use, "|", kind, "|", scope, "|", version)
					require.Empty(t, seen[string(key)], what)
					seen[string(key)] = what
				}
			}
		}
	}
	_, err := ring.derive(useOpaque, "A", Tenant("a"), 3, 32)
	require.ErrorIs(t, err, ErrUnknownKey)
}

func TestScopes(t *testing.T) {
	ring := testRing(t, 1)
	long := strings.Repeat("x", 257)
	for _, s := range []Scope{
		{}, Tenant(""), Tenant(long), Tenant("\xff"), Tenant("a\x00"), Conversation("", "b"), Conversation("a", ""), Conversation("a", long), Global(),
	} {
		require.ErrorIs(t, ring.check(s), ErrScope, "%q", s)
	}
	for _, s := range []Scope{Tenant(long[:256]), Conversation("ромашка", "call-17")} {
		require.NoError(t, ring.check(s))
	}
	require.NoError(t, ring.AllowGlobal().check(Global()))
	require.ErrorIs(t, ring.check(Global()), ErrScope, "AllowGlobal changes no ring")
	require.Error(t, (*Keyring)(nil).check(Tenant("a")))
	require.Error(t, new(Keyring).check(Tenant("a")))
}

// Nothing that holds a key or a value shows it, alone or nested, in any verb.
func TestNothingPrintsSecrets(t *testing.T) {
	const value = "+79160000000"
	ring := testRing(t, 1)
	ctx := context.Background()
	opaque, err := NewOpaque(ring, Tenant("t"), nil)
	require.NoError(t, err)
	reversible, err := NewReversible(ring, Tenant("t"))
	require.NoError(t, err)
	format, err := NewFormat(ring, Tenant("t"), RussianMobile)
	require.NoError(t, err)
	index, err := NewIndex(ring, Tenant("t"), IndexOptions{Field: "f", Normalizer: Phone, Rows: 1 << 20, Distinct: 1 << 30})
	require.NoError(t, err)
	vault := testVault(t, new(MemStore), nil)
	siv, err := NewSIV(append(secret(0x10), secret(0x40)...))
	require.NoError(t, err)
	ff1, err := NewFF1(secret(0x10), 10)
	require.NoError(t, err)

	// Fill the caches of keys first.
	_, err = opaque.Token(ctx, "PHONE", value)
	require.NoError(t, err)
	back, err := reversible.Token(ctx, "PHONE", value)
	require.NoError(t, err)
	_, _, err = format.Encrypt(value)
	require.NoError(t, err)
	token, err := vault.Token(ctx, "PHONE", value)
	require.NoError(t, err)
	revealed, err := reversible.Detokenize(back)
	require.NoError(t, err)
	require.Equal(t, value, revealed.Reveal())
	results, err := vault.Detokenize(ctx, "test", token)
	require.NoError(t, err)
	require.Equal(t, value, results[0].Value.Reveal())

	var secrets []string
	for _, b := range [][]byte{secret(0x10), secret(0x40), secret(0x80)} {
		secrets = append(secrets, string(b[:8]), hex.EncodeToString(b[:8]), strings.Trim(fmt.Sprint(b[:4]), "[]"), "0x10, 0x11", "0x40, 0x41")
	}
	for _, derived := range opaque.p().keys.made {
		secrets = append(secrets, strings.Trim(fmt.Sprint(derived[:4]), "[]"))
	}
	secrets = append(secrets, value, value[1:], strings.Trim(fmt.Sprint([]byte(value)), "[]"))

	for _, v := range []any{ring, *ring, opaque, *opaque, reversible, *reversible, format, *format, index, *index, vault, *vault, siv, *siv, ff1, *ff1, revealed, &revealed, results, results[0], &results[0]} {
		nested := struct {
			A any
			b any
			C map[string]any
			d []any
		}{v, v, map[string]any{"v": v}, []any{v}}
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, v)
			fmt.Fprintf(&out, verb, nested)
			fmt.Fprintf(&out, verb, &nested)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("m", "v", v, "nested", nested)
		}
		if js, err := json.Marshal(v); err == nil {
			out.Write(js)
		}
		for _, s := range secrets {
			require.NotContains(t, out.String(), s, "%T", v)
		}
	}
	require.Equal(t, "Value(12 bytes)", revealed.String())
	require.Equal(t, "Keyring(3 versions)", ring.String())
	require.Equal(t, "", Value{}.Reveal())
}
