// Package wraptest checks that a [crypto.KeyWrapper] keeps its contract.
package wraptest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/syntora/vual/crypto"
)

// Run checks w. A [crypto.Rewrapper] is checked as one too.
func Run(t *testing.T, w crypto.KeyWrapper) {
	for name, check := range map[string]func(*testing.T, crypto.KeyWrapper){
		"a key comes back":            checkRoundTrip,
		"the key is hidden":           checkHidden,
		"aad binds":                   checkAAD,
		"changes are refused":         checkChanges,
		"names and versions are held": checkNames,
		"rewrapping":                  checkRewrap,
		"a cancelled call ends":       checkCancel,
		"concurrent use":              checkConcurrent,
		"a sealer works with it":      checkSealer,
	} {
		t.Run(name, func(t *testing.T) { check(t, w) })
	}
}

var (
	bg  = context.Background()
	key = bytes.Repeat([]byte{1, 2, 3, 4}, 8)
	aad = bytes.Repeat([]byte{9, 8, 7, 6}, 8)
)

func mustWrap(t *testing.T, w crypto.KeyWrapper) crypto.Wrapped {
	t.Helper()
	wrapped, err := w.Wrap(bg, bytes.Clone(key), bytes.Clone(aad))
	if err != nil {
		t.Fatalf("Wrap: %v", err)
	}
	return wrapped
}

func checkRoundTrip(t *testing.T, w crypto.KeyWrapper) {
	a, b := mustWrap(t, w), mustWrap(t, w)
	if bytes.Equal(a.Data, b.Data) {
		t.Error("the same key wraps to the same bytes")
	}
	for range 2 {
		for _, wrapped := range []crypto.Wrapped{a, b} {
			before := bytes.Clone(wrapped.Data)
			got, err := w.Unwrap(bg, wrapped, aad)
			if err != nil || !bytes.Equal(got, key) {
				t.Fatalf("Unwrap: %d bytes, %v", len(got), err)
			}
			clear(got) // the caller's to clear
			if !bytes.Equal(before, wrapped.Data) {
				t.Fatal("Unwrap changed its argument")
			}
		}
	}
	if n := len(a.Data); n < 1 || n > 1024 || a.Version < 1 || len(a.KeyID) < 1 || len(a.KeyID) > 64 {
		t.Errorf("wrapped key breaks the bounds: name of %d, version %d, %d bytes", len(a.KeyID), a.Version, n)
	}
}

func checkHidden(t *testing.T, w crypto.KeyWrapper) {
	if bytes.Contains(mustWrap(t, w).Data, key[:8]) {
		t.Error("the key stands in the wrapped bytes")
	}
}

func checkAAD(t *testing.T, w crypto.KeyWrapper) {
	wrapped := mustWrap(t, w)
	other := bytes.Clone(aad)
	other[31] ^= 1
	if got, err := w.Unwrap(bg, wrapped, other); !errors.Is(err, crypto.ErrDecrypt) || got != nil {
		t.Errorf("other aad: %v, want ErrDecrypt", err)
	}
}

func checkChanges(t *testing.T, w crypto.KeyWrapper) {
	wrapped := mustWrap(t, w)
	// A bit of each byte: a service over a network is slow.
	for i := range wrapped.Data {
		bad := wrapped
		bad.Data = bytes.Clone(wrapped.Data)
		bad.Data[i] ^= 1 << (i % 7)
		if got, err := w.Unwrap(bg, bad, aad); err == nil {
			if !bytes.Equal(got, key) {
				t.Fatalf("byte %d changed: another key comes back", i)
			}
			t.Fatalf("byte %d changed: still unwraps", i)
		}
	}
	for _, n := range []int{1, len(wrapped.Data) / 2, len(wrapped.Data) - 1} {
		bad := wrapped
		bad.Data = wrapped.Data[:n]
		if _, err := w.Unwrap(bg, bad, aad); err == nil {
			t.Fatalf("cut to %d bytes: still unwraps", n)
		}
	}
}

func checkNames(t *testing.T, w crypto.KeyWrapper) {
	wrapped := mustWrap(t, w)
	wrapped.KeyID += "x"
	if _, err := w.Unwrap(bg, wrapped, aad); !errors.Is(err, crypto.ErrUnknownKey) && !errors.Is(err, crypto.ErrDecrypt) {
		t.Errorf("another name: %v, want ErrUnknownKey or ErrDecrypt", err)
	}
	wrapped = mustWrap(t, w)
	wrapped.Version += 1000
	if _, err := w.Unwrap(bg, wrapped, aad); !errors.Is(err, crypto.ErrUnknownKey) && !errors.Is(err, crypto.ErrDecrypt) {
		t.Errorf("another version: %v, want ErrUnknownKey or ErrDecrypt", err)
	}
}

func checkRewrap(t *testing.T, w crypto.KeyWrapper) {
	r, ok := w.(crypto.Rewrapper)
	if !ok {
		t.Skip("not a Rewrapper")
	}
	wrapped := mustWrap(t, w)
	same, err := r.Rewrap(bg, wrapped, aad)
	if err != nil {
		t.Fatal(err)
	}
	if same.KeyID != wrapped.KeyID || same.Version != wrapped.Version || !bytes.Equal(same.Data, wrapped.Data) {
		t.Error("what is under the newest version does not come back as it was")
	}
	other := bytes.Clone(aad)
	other[0] ^= 1
	if _, err := r.Rewrap(bg, wrapped, other); !errors.Is(err, crypto.ErrDecrypt) {
		t.Errorf("other aad: %v, want ErrDecrypt", err)
	}
}

func checkCancel(t *testing.T, w crypto.KeyWrapper) {
	wrapped := mustWrap(t, w)
	ctx, cancel := context.WithCancel(bg)
	cancel()
	// A wrapper that needs no waiting may answer all the same.
	if got, err := w.Unwrap(ctx, wrapped, aad); err == nil && !bytes.Equal(got, key) {
		t.Error("a cancelled Unwrap gives another key")
	} else if errors.Is(err, crypto.ErrDecrypt) {
		t.Error("a cancelled Unwrap says ErrDecrypt")
	}
}

func checkConcurrent(t *testing.T, w crypto.KeyWrapper) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				wrapped, err := w.Wrap(bg, key, aad)
				if err != nil {
					t.Errorf("Wrap: %v", err)
					return
				}
				if got, err := w.Unwrap(bg, wrapped, aad); err != nil || !bytes.Equal(got, key) {
					t.Errorf("Unwrap: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func checkSealer(t *testing.T, w crypto.KeyWrapper) {
	s := crypto.NewSealer(w)
	c := crypto.Context{Tenant: "ромашка", Record: "1"}
	box, err := s.Seal(bg, nil, []byte("Добрый день"), c)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Open(bg, nil, box, c)
	if err != nil || !slices.Equal(out, []byte("Добрый день")) {
		t.Fatalf("Open: %v", err)
	}
	c.Record = "2"
	if _, err := s.Open(bg, nil, box, c); !errors.Is(err, crypto.ErrDecrypt) {
		t.Errorf("another record: %v, want ErrDecrypt", err)
	}
}
