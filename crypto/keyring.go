package crypto

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"slices"

	"github.com/syntora/vual/crypto/internal/xaes"
)

// A Keyring wraps keys in this process, under keys that it holds itself: one name, several
// versions. The highest version wraps, each version unwraps what it wrapped, and none is
// tried for what names another. Keys are wrapped with XAES-256-GCM, 72 bytes each.
//
// A Keyring does not change: With and Without return another one. It is safe for concurrent
// use and never prints its keys. Go cannot promise that a key leaves no trace in memory:
// switch off core dumps and swap where that matters.
type Keyring struct {
	id       string
	versions map[uint32]*xaes.Key
	active   uint32
}

// NewKeyring returns a ring with one key as version 1. The name follows the rule of
// [Wrapped]; the key is 32 random bytes, of which no copy is kept. A name or key of another
// form is a fault of the program and panics.
func NewKeyring(id string, key []byte) *Keyring {
	if !validKeyID(id) {
		panic("crypto: unusable name of a key")
	}
	return (&Keyring{id: id}).With(1, key)
}

// GenerateKeyring returns a ring with a fresh random key. What it wraps is lost with the
// process, which is what tests and one-off runs want.
func GenerateKeyring(id string) *Keyring {
	var key [xaes.KeySize]byte
	defer clear(key[:])
	rand.Read(key[:])
	return NewKeyring(id, key[:])
}

// With returns a ring that holds one version more. Version 0, one already held and a key
// that is not 32 bytes panic.
func (k *Keyring) With(version uint32, key []byte) *Keyring {
	if _, held := k.versions[version]; held || version == 0 || len(key) != xaes.KeySize {
		panic("crypto: unusable version or key")
	}
	versions := maps.Clone(k.versions)
	if versions == nil {
		versions = make(map[uint32]*xaes.Key)
	}
	versions[version] = xaes.New(key)
	return newKeyring(k.id, versions)
}

// Without returns a ring that has given up one version: what is still wrapped under it does
// not open any more.
func (k *Keyring) Without(version uint32) *Keyring {
	versions := maps.Clone(k.versions)
	delete(versions, version)
	return newKeyring(k.id, versions)
}

func newKeyring(id string, versions map[uint32]*xaes.Key) *Keyring {
	k := &Keyring{id: id, versions: versions}
	for version := range versions {
		k.active = max(k.active, version)
	}
	return k
}

// ID is the ring's name.
func (k *Keyring) ID() string { return k.id }

// Versions lists the versions held, ascending. The last one wraps.
func (k *Keyring) Versions() []uint32 { return slices.Sorted(maps.Keys(k.versions)) }

// Wrap wraps a key under the highest version.
func (k *Keyring) Wrap(_ context.Context, key, aad []byte) (Wrapped, error) {
	active, ok := k.versions[k.active]
	if !ok {
		return Wrapped{}, ErrUnknownKey
	}
	data := active.Seal(make([]byte, 0, len(key)+xaes.Overhead), key, aad)
	return Wrapped{KeyID: k.id, Version: k.active, Data: data}, nil
}

// Unwrap unwraps what this ring wrapped.
func (k *Keyring) Unwrap(_ context.Context, w Wrapped, aad []byte) ([]byte, error) {
	key, ok := k.versions[w.Version]
	if w.KeyID != k.id || !ok {
		return nil, ErrUnknownKey
	}
	out, err := key.Open(make([]byte, 0, len(w.Data)), w.Data, aad)
	if err != nil {
		return nil, ErrDecrypt
	}
	return out, nil
}

// String names the ring and shows no key.
func (k Keyring) String() string { return "crypto.Keyring(" + k.id + ")" }

// GoString is String.
func (k Keyring) GoString() string { return k.String() }

// LogValue is String.
func (k Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON writes the name alone.
func (k Keyring) MarshalJSON() ([]byte, error) { return []byte(`"` + k.String() + `"`), nil }
