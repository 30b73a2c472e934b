package tokenize

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// tokenizer is what the three kinds of tokens share.
type tokenizer interface {
	Token(ctx context.Context, kind, value string) (string, error)
}

func newOpaque(t testing.TB, ring *Keyring, scope Scope) *Opaque {
	t.Helper()
	o, err := NewOpaque(ring, scope, nil)
	require.NoError(t, err)
	return o
}

func newReversible(t testing.TB, ring *Keyring, scope Scope) *Reversible {
	t.Helper()
	r, err := NewReversible(ring, scope)
	require.NoError(t, err)
	return r
}

// Equal values have equal tokens in one scope and kind, and in no two.
func TestThreat16_FrequencyAnalysis(t *testing.T) {
	ring := testRing(t, 1).AllowGlobal()
	scopes := []Scope{Tenant("a"), Tenant("b"), Conversation("a", "1"), Conversation("a", "2"), Conversation("b", "1"), Global()}
	seen := map[string]bool{}
	for _, scope := range scopes {
		for _, make := range []func() tokenizer{
			func() tokenizer { return newOpaque(t, ring, scope) },
			func() tokenizer { return newReversible(t, ring, scope) },
		} {
			for _, kind := range []string{"PHONE", "NUMBER"} {
				first, err := make().Token(ctx, kind, "+79160000000")
				require.NoError(t, err)
				again, err := make().Token(ctx, kind, "+79160000000")
				require.NoError(t, err)
				require.Equal(t, first, again)
				body := first[strings.LastIndexByte(first, ':'):]
				require.False(t, seen[body])
				seen[body] = true
			}
		}
	}
	require.Len(t, seen, len(scopes)*4)
}

func TestKeyedTokensRefuseInput(t *testing.T) {
	ring := testRing(t, 1)
	o, r := newOpaque(t, ring, Tenant("a")), newReversible(t, ring, Tenant("a"))
	for _, make := range []tokenizer{o, r} {
		_, err := make.Token(ctx, "phone", "x")
		require.ErrorIs(t, err, ErrKind)
		for _, value := range []string{"", "\xff", strings.Repeat("x", MaxValue+1)} {
			_, err = make.Token(ctx, "PHONE", value)
			require.ErrorIs(t, err, ErrValue)
		}
	}
	_, err := o.Candidates("phone", "x")
	require.ErrorIs(t, err, ErrKind)
	_, err = r.Candidates("PHONE", "")
	require.ErrorIs(t, err, ErrValue)
	_, err = r.Token(ctx, "SECRET", strings.Repeat("x", MaxReversible+1))
	require.ErrorIs(t, err, ErrValue)
	long := strings.Repeat("x", MaxReversible)
	token, err := r.Token(ctx, "SECRET", long)
	require.NoError(t, err)
	back, err := r.Detokenize(token)
	require.NoError(t, err)
	require.Equal(t, long, back.Reveal())

	for _, scope := range []Scope{{}, Global()} {
		_, err = NewOpaque(ring, scope, nil)
		require.ErrorIs(t, err, ErrScope)
		_, err = NewReversible(ring, scope)
		require.ErrorIs(t, err, ErrScope)
		_, err = NewFormat(ring, scope, Card)
		require.ErrorIs(t, err, ErrScope)
		_, err = NewIndex(ring, scope, indexOptions())
		require.ErrorIs(t, err, ErrScope)
	}
	for _, m := range []map[string]Normalizer{{"phone": Phone}, {"PHONE": "phone"}} {
		_, err = NewOpaque(ring, Tenant("a"), &Options{Normalizers: m})
		require.Error(t, err)
	}
}

func TestOpaqueNormalizers(t *testing.T) {
	given := map[string]Normalizer{"PHONE": Exact}
	exact, err := NewOpaque(testRing(t, 1), Tenant("a"), &Options{Normalizers: given})
	require.NoError(t, err)
	given["PHONE"] = Phone
	a, err := exact.Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	b, err := exact.Token(ctx, "PHONE", "89160000000")
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	folded, err := newOpaque(t, testRing(t, 1), Tenant("a")).Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	require.NotEqual(t, a, folded, "the rule's name is hashed too")
}

// After a rotation old tokens are read and found, new ones are made under the
// new key.
func TestKeyedRotation(t *testing.T) {
	before, after := testRing(t, 1), testRing(t, 2)
	oldToken, err := newReversible(t, before, Tenant("a")).Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	r := newReversible(t, after, Tenant("a"))
	newToken, err := r.Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	for _, token := range []string{oldToken, newToken} {
		back, err := r.Detokenize(token)
		require.NoError(t, err)
		require.Equal(t, "+79160000000", back.Reveal())
	}
	all, err := r.Candidates("PHONE", "+79160000000")
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, newToken, all[0])
	require.Contains(t, all, oldToken)

	oldOpaque, err := newOpaque(t, before, Tenant("a")).Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	opaques, err := newOpaque(t, after, Tenant("a")).Candidates("PHONE", "8 916 000 00 00")
	require.NoError(t, err)
	require.Len(t, opaques, 3)
	require.Contains(t, opaques[0], ":k2:")
	require.Contains(t, opaques, oldOpaque)

	only2, err := NewKeyring(2, map[uint32][]byte{2: secret(0x40)})
	require.NoError(t, err)
	_, err = newReversible(t, only2, Tenant("a")).Detokenize(oldToken)
	require.ErrorIs(t, err, ErrUnknownKey)
}

// A reversible token opens under its own scope, kind and version alone, and
// with no letter changed.
func TestReversibleRefusesForgery(t *testing.T) {
	ring := testRing(t, 1)
	r := newReversible(t, ring, Tenant("a"))
	token, err := r.Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	for _, scope := range []Scope{Tenant("b"), Conversation("a", "1")} {
		_, err = newReversible(t, ring, scope).Detokenize(token)
		require.ErrorIs(t, err, ErrInvalid)
	}
	for _, edited := range []string{
		strings.Replace(token, "PHONE", "EMAIL", 1), strings.Replace(token, ":s1:", ":s2:", 1),
	} {
		_, err = r.Detokenize(edited)
		require.ErrorIs(t, err, ErrInvalid, edited)
	}
	for i := strings.LastIndexByte(token, ':') + 1; i < len(token)-1; i++ {
		for _, c := range []byte(bodyAlphabet) {
			edited := []byte(token)
			edited[i] = c
			if v, err := r.Detokenize(string(edited)); string(edited) != token {
				require.ErrorIs(t, err, ErrInvalid)
				require.Equal(t, Value{}, v)
			}
		}
	}
	opaque, err := newOpaque(t, ring, Tenant("a")).Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	for _, text := range []string{"", "+79160000000", "[PHONE_1]", opaque, strings.Replace(opaque, ":k1:", ":v1:", 1), token + " "} {
		_, err = r.Detokenize(text)
		require.ErrorIs(t, err, ErrToken)
	}
}

func TestReversibleRoundTrip(t *testing.T) {
	r := newReversible(t, testRing(t, 7), Tenant("a"))
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(1, 200, MaxReversible).Draw(t, "value")
		kind := drawKind(t)
		token, err := r.Token(ctx, kind, value)
		require.NoError(t, err)
		_, ok := Parse(token)
		require.True(t, ok, token)
		back, err := r.Detokenize(token)
		require.NoError(t, err)
		require.Equal(t, value, back.Reveal())
	})
}

// More kinds than the cache of keys holds work like the first.
func TestManyKinds(t *testing.T) {
	r := newReversible(t, testRing(t, 1), Tenant("a"))
	for i := range maxCachedKeys + 50 {
		kind := "K" + letters(i+1, latin)
		token, err := r.Token(ctx, kind, "x")
		require.NoError(t, err)
		back, err := r.Detokenize(token)
		require.NoError(t, err)
		require.Equal(t, "x", back.Reveal())
	}
	require.Len(t, r.p().sivs.made, maxCachedKeys)
}

// One of each serves many goroutines, the first use included.
func TestKeyedConcurrent(t *testing.T) {
	ring := testRing(t, 1)
	o, r, f := newOpaque(t, ring, Tenant("a")), newReversible(t, ring, Tenant("a")), newFormat(t, Passport)
	x, err := NewIndex(ring, Tenant("a"), indexOptions())
	require.NoError(t, err)
	got := make([]string, 8)
	var wait sync.WaitGroup
	for w := range got {
		wait.Go(func() {
			for _, kind := range []string{"PHONE", "INN", "SECRET"} {
				a, errA := o.Token(ctx, kind, "4509123456")
				b, errB := r.Token(ctx, kind, "4509123456")
				c, _, errC := f.Encrypt("4509123456")
				d, errD := x.Entry("4509123456")
				if err := errors.Join(errA, errB, errC, errD); err != nil {
					t.Error(err)
				}
				got[w] += a + b + c + d
			}
		})
	}
	wait.Wait()
	for w := range got {
		require.Equal(t, got[0], got[w])
	}
}

func indexOptions() IndexOptions {
	return IndexOptions{Field: "client.phone", Normalizer: Phone, Rows: 1_000_000, Distinct: 1_000_000_000}
}

func TestThreat18_IndexLeakage(t *testing.T) {
	for _, row := range []struct {
		rows, distinct, coincidences int64
		bits                         int // 0: refused
	}{
		{1_000_000, 1e9, 0, 15}, {1_000_000, 1e9, 2, 18}, {1_000_000, 1e9, 1000, 9}, {1_000_000, 1e9, 1001, 0},
		{1_000_000, 1e9, 1, 0}, {1_000_000, 1e9, -1, 0},
		{4, 1e9, 0, 1}, {4, 1e9, 2, 1}, {3, 1e9, 0, 0}, {0, 1e9, 0, 0}, {-4, 1e9, 0, 0}, {100, 1e9, 0, 3},
		{1 << 40, 1e12, 2, 39}, {1<<40 + 1, 1e12, 2, 0},
		{1_000_000, 65535, 0, 0}, {1_000_000, 65536, 0, 15}, {1_000_000, 2, 0, 0}, {1_000_000, 0, 0, 0},
	} {
		opts := indexOptions()
		opts.Rows, opts.Distinct, opts.Coincidences = row.rows, row.distinct, row.coincidences
		x, err := NewIndex(testRing(t, 1), Tenant("a"), opts)
		if row.bits == 0 {
			require.Error(t, err, "%+v", row)
			require.Nil(t, x)
			continue
		}
		require.NoError(t, err, "%+v", row)
		require.Equal(t, row.bits, x.Bits(), "%+v", row)
	}
	for _, change := range []func(*IndexOptions){
		func(o *IndexOptions) { o.Field = "" },
		func(o *IndexOptions) { o.Field = strings.Repeat("x", 257) },
		func(o *IndexOptions) { o.Normalizer = "" },
	} {
		opts := indexOptions()
		change(&opts)
		_, err := NewIndex(testRing(t, 1), Tenant("a"), opts)
		require.Error(t, err)
	}
}

func TestIndexEntries(t *testing.T) {
	entry := func(scope Scope, change func(*IndexOptions), value string) string {
		opts := indexOptions()
		opts.Coincidences = 2 // long entries, so that none are equal by chance
		opts.Rows = 1 << 40
		if change != nil {
			change(&opts)
		}
		x, err := NewIndex(testRing(t, 2), scope, opts)
		require.NoError(t, err)
		e, err := x.Entry(value)
		require.NoError(t, err)
		all, err := x.Candidates(value)
		require.NoError(t, err)
		require.Len(t, all, 3)
		require.Equal(t, e, all[0])
		return e
	}
	base := entry(Tenant("a"), nil, "+79160000000")
	require.Regexp(t, `^v2\.phone-e164/1\.39\.[bcdfghjkmnpqrstv]{10}$`, base)
	require.Equal(t, base, entry(Tenant("a"), nil, "8 (916) 000-00-00"))
	for name, other := range map[string]string{
		"value":  entry(Tenant("a"), nil, "+79160000001"),
		"tenant": entry(Tenant("b"), nil, "+79160000000"),
		"scope":  entry(Conversation("a", "1"), nil, "+79160000000"),
		"field":  entry(Tenant("a"), func(o *IndexOptions) { o.Field = "x" }, "+79160000000"),
		"rule":   entry(Tenant("a"), func(o *IndexOptions) { o.Normalizer = Exact }, "+79160000000"),
	} {
		require.NotEqual(t, base[len(base)-10:], other[len(other)-10:], name)
	}
	x, err := NewIndex(testRing(t, 1), Tenant("a"), indexOptions())
	require.NoError(t, err)
	_, err = x.Entry("")
	require.ErrorIs(t, err, ErrValue)
	_, err = x.Candidates("\xff")
	require.ErrorIs(t, err, ErrValue)
}

// With as many rows as planned a search finds about as many strangers as
// planned: 16 here, of 65,536 rows in 4,096 entries.
func TestIndexCoincidences(t *testing.T) {
	opts := indexOptions()
	opts.Rows = 1 << 16
	x, err := NewIndex(testRing(t, 1), Tenant("a"), opts)
	require.NoError(t, err)
	require.Equal(t, 12, x.Bits())
	count := map[string]int{}
	for i := range 1 << 16 {
		e, err := x.Entry(fmt.Sprintf("+7916%07d", i))
		require.NoError(t, err)
		count[e]++
	}
	require.Greater(t, len(count), 4000)
	least, most := 1<<16, 0
	for _, n := range count {
		least, most = min(least, n), max(most, n)
	}
	require.Greater(t, least, 0)
	require.Less(t, most, 50)
}

func BenchmarkToken(b *testing.B) {
	ring := testRing(b, 1)
	o, r := newOpaque(b, ring, Tenant("a")), newReversible(b, ring, Tenant("a"))
	sealed, err := r.Token(ctx, "PHONE", "+79160000000")
	require.NoError(b, err)
	b.Run("opaque", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			o.Token(ctx, "PHONE", "+79160000000")
		}
	})
	b.Run("reversible", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Token(ctx, "PHONE", "+79160000000")
		}
	})
	b.Run("detokenize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Detokenize(sealed)
		}
	})
}
