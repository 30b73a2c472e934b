package crypto

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSealOpen(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	for _, n := range []int{0, 1, 160, 4096, 16383, 16384, 16385, 50_000} {
		plaintext := text(n)
		box := mustSeal(t, s, plaintext, romashka)
		out, err := s.Open(ctx, []byte("before "), box, romashka)
		require.NoError(t, err)
		require.True(t, bytes.Equal(append([]byte("before "), plaintext...), out), "%d bytes", n)

		h, err := Inspect(box)
		require.NoError(t, err)
		require.Equal(t, Header{Slot: SlotWrapped, KeyID: "test-key", KeyVersion: 1, Size: h.Size}, h)
	}
}

// An append-style call must not damage its argument, even when the caller reuses a buffer
// that holds it.
func TestOverlappingBuffers(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	for _, n := range []int{5, 500, 20_000} {
		buffer := make([]byte, n, 4*n+2000)
		copy(buffer, text(n))
		box, err := s.Seal(ctx, buffer[:0], buffer, romashka)
		require.NoError(t, err)
		require.True(t, bytes.Equal(text(n), buffer), "plaintext overwritten")

		whole := append(make([]byte, 0, 2*len(box)), box...)
		out, err := s.Open(ctx, whole[:0], whole, romashka)
		require.NoError(t, err)
		require.True(t, bytes.Equal(text(n), out))
		require.True(t, bytes.Equal(box, whole), "envelope overwritten")
	}
}

func TestOpenLeavesNothingInSpareRoom(t *testing.T) {
	s := NewSealer(testRing())
	box := mustSeal(t, s, text(40_000), romashka)
	box[len(box)-1] ^= 1 // the first two chunks are right
	spare := make([]byte, 0, 64<<10)
	_, err := s.Open(context.Background(), spare, box, romashka)
	require.ErrorIs(t, err, ErrDecrypt)
	require.True(t, bytes.Equal(make([]byte, cap(spare)), spare[:cap(spare)]))
}

func TestRewrap(t *testing.T) {
	ctx := context.Background()
	ring := testRing()
	box := mustSeal(t, NewSealer(ring), text(20_000), romashka)

	_, changed, err := NewSealer(ring).Rewrap(ctx, box, romashka)
	require.NoError(t, err)
	require.False(t, changed, "already under the newest version")

	both := ring.With(2, bytes.Repeat([]byte{0x43}, 32))
	next, changed, err := NewSealer(both).Rewrap(ctx, box, romashka)
	require.NoError(t, err)
	require.True(t, changed)
	old, _ := Inspect(box)
	h, err := Inspect(next)
	require.NoError(t, err)
	require.EqualValues(t, 2, h.KeyVersion)
	require.Equal(t, box[old.Size:], next[h.Size:], "the body stays as it was")

	only := both.Without(1)
	out, err := NewSealer(only).Open(ctx, nil, next, romashka)
	require.NoError(t, err)
	require.Equal(t, text(20_000), out)
	_, err = NewSealer(only).Open(ctx, nil, box, romashka)
	require.ErrorIs(t, err, ErrUnknownKey)

	header, changed, err := NewSealer(both).Rewrap(ctx, box[:old.Size], romashka)
	require.NoError(t, err)
	require.True(t, changed, "the header alone is enough")
	out, err = NewSealer(only).Open(ctx, nil, append(header, box[old.Size:]...), romashka)
	require.NoError(t, err)
	require.Equal(t, text(20_000), out)

	other := romashka
	other.Record = "turns/2"
	_, _, err = NewSealer(both).Rewrap(ctx, box, other)
	require.ErrorIs(t, err, ErrDecrypt, "rewrapping needs the right Context")
}

func TestBind(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	bound := s.Bind(Context{Tenant: "romashka", Kind: "mapping"})
	box, err := bound.Seal(ctx, nil, []byte("соответствие"), []byte("c-17"))
	require.NoError(t, err)
	out, err := bound.Open(ctx, nil, box, []byte("c-17"))
	require.NoError(t, err)
	require.Equal(t, "соответствие", string(out))

	out, err = s.Open(ctx, nil, box, Context{Tenant: "romashka", Kind: "mapping", Record: "c-17"})
	require.NoError(t, err, "ad is the record")
	require.Equal(t, "соответствие", string(out))

	_, err = bound.Open(ctx, nil, box, []byte("c-18"))
	require.ErrorIs(t, err, ErrDecrypt)
	_, err = bound.Seal(ctx, nil, []byte("x"), nil)
	require.ErrorIs(t, err, ErrContext)
	_, err = s.Bind(romashka).Seal(ctx, nil, []byte("x"), []byte("c-17"))
	require.ErrorIs(t, err, ErrContext)
	_, err = s.Bind(romashka).Open(ctx, nil, box, []byte("c-17"))
	require.ErrorIs(t, err, ErrContext)
	_, err = bound.Seal(ctx, nil, []byte("x"), []byte{0xff, 0, 0xfe})
	require.NoError(t, err, "a record may be any bytes")
}

func TestSealRefusesContexts(t *testing.T) {
	s := NewSealer(testRing())
	long := string(bytes.Repeat([]byte("я"), 2100))
	for name, c := range map[string]Context{
		"no tenant":         {Record: "r"},
		"no record":         {Tenant: "t"},
		"two owners":        {Tenant: "t", Record: "r", Subject: "s", Conversation: "c"},
		"tenant not UTF-8":  {Tenant: "t\xff", Record: "r"},
		"subject not UTF-8": {Tenant: "t", Record: "r", Subject: "\xff"},
		"kind not UTF-8":    {Tenant: "t", Record: "r", Kind: "\xff"},
		"empty extra key":   {Tenant: "t", Record: "r", Extra: map[string]string{"": "v"}},
		"extra not UTF-8":   {Tenant: "t", Record: "r", Extra: map[string]string{"k": "\xff"}},
		"record too long":   {Tenant: "t", Record: long},
		"extra too long":    {Tenant: "t", Record: "r", Extra: map[string]string{"k": long}},
		"long in all":       {Tenant: "t", Record: "r", Extra: map[string]string{"a": long[:3000], "b": long[:3000]}},
	} {
		_, err := s.Seal(context.Background(), nil, []byte("x"), c)
		require.ErrorIs(t, err, ErrContext, name)
	}
}

// A service that breaks its contract must not lead to an envelope that never opens.
func TestSealHoldsWrappersToTheirContract(t *testing.T) {
	for name, w := range map[string]Wrapped{
		"no name":     {Version: 1, Data: []byte("x")},
		"bad name":    {KeyID: "key name", Version: 1, Data: []byte("x")},
		"long name":   {KeyID: string(bytes.Repeat([]byte("k"), 65)), Version: 1, Data: []byte("x")},
		"version 0":   {KeyID: "k", Data: []byte("x")},
		"no data":     {KeyID: "k", Version: 1},
		"long data":   {KeyID: "k", Version: 1, Data: make([]byte, 1025)},
		"no wrapping": {},
	} {
		_, err := NewSealer(fixedWrapper{w: w}).Seal(context.Background(), nil, []byte("x"), romashka)
		var fault *KeyError
		require.ErrorAs(t, err, &fault, name)
		require.False(t, fault.Temporary())
	}
	down := errors.New("service is down")
	_, err := NewSealer(fixedWrapper{err: down}).Seal(context.Background(), nil, []byte("x"), romashka)
	require.ErrorIs(t, err, down)
	require.NotErrorIs(t, err, ErrDecrypt)
}

type fixedWrapper struct {
	w   Wrapped
	err error
}

func (f fixedWrapper) Wrap(context.Context, []byte, []byte) (Wrapped, error) { return f.w, f.err }

func (f fixedWrapper) Unwrap(context.Context, Wrapped, []byte) ([]byte, error) { return nil, f.err }

func TestAnyRecordComesBack(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	rapid.Check(t, func(t *rapid.T) {
		c := drawContext(t, "context")
		plaintext := rapid.SliceOf(rapid.Byte()).Draw(t, "plaintext")
		box, err := s.Seal(ctx, nil, plaintext, c)
		if err != nil {
			t.Fatal(err)
		}
		viaText, err := DecodeText(EncodeText(box))
		if err != nil || !bytes.Equal(viaText, box) {
			t.Fatalf("text form: %v", err)
		}
		out, err := s.Open(ctx, nil, box, c)
		if err != nil || !bytes.Equal(out, plaintext) {
			t.Fatalf("does not come back: %v", err)
		}
		other := drawContext(t, "other")
		if out, err := s.Open(ctx, nil, box, other); err == nil && !sameContext(c, other) {
			t.Fatalf("opened %d bytes for another context", len(out))
		}
	})
}

func drawContext(t *rapid.T, label string) Context {
	// A small alphabet makes near misses likely.
	some := func(min int, label string) string {
		return rapid.StringOfN(rapid.SampledFrom([]rune("aя\x00.")), min, 3, -1).Draw(t, label)
	}
	c := Context{Tenant: some(1, label+" tenant"), Record: some(1, label+" record"), Kind: some(0, label+" kind")}
	if rapid.Bool().Draw(t, label+" is of a subject") {
		c.Subject = some(0, label+" subject")
	} else {
		c.Conversation = some(0, label+" conversation")
	}
	for range rapid.IntRange(0, 2).Draw(t, label+" extras") {
		if c.Extra == nil {
			c.Extra = map[string]string{}
		}
		c.Extra[some(1, label+" extra key")] = some(0, label+" extra value")
	}
	return c
}

func sameContext(a, b Context) bool {
	if len(a.Extra) != len(b.Extra) {
		return false
	}
	for k, v := range a.Extra {
		if w, ok := b.Extra[k]; !ok || v != w {
			return false
		}
	}
	a.Extra, b.Extra = nil, nil
	return a.Tenant == b.Tenant && a.Conversation == b.Conversation && a.Subject == b.Subject &&
		a.Record == b.Record && a.Kind == b.Kind
}
