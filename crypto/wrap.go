package crypto

import (
	"bytes"
	"context"
	"errors"
)

// A KeyWrapper keeps other keys safe under its own: a key service, a hardware module, a
// [Keyring]. Implementations must be safe for concurrent use; package
// [github.com/syntora/vual/crypto/wraptest] tests one.
//
// aad is 32 bytes that are not secret. Unwrap with other aad than Wrap had must fail.
type KeyWrapper interface {
	// Wrap protects key, which is 32 bytes and must not be kept.
	Wrap(ctx context.Context, key, aad []byte) (Wrapped, error)
	// Unwrap gives the key back. It uses exactly the key and version that w names.
	// What was not wrapped so is [ErrDecrypt]; a name or version it does not hold
	// [ErrUnknownKey]; [ErrKeyDisabled] and [ErrKeyDestroyed] as they say. A service that
	// cannot be asked or answers against its contract is a [KeyError]. The result is the
	// caller's; w.Data must be neither changed nor kept.
	Unwrap(ctx context.Context, w Wrapped, aad []byte) ([]byte, error)
}

// A Rewrapper is a [KeyWrapper] that can move a key to the newest version without showing it
// to this process.
type Rewrapper interface {
	// Rewrap returns w's key under the newest version, or w itself when it is there
	// already. Errors are those of Unwrap.
	Rewrap(ctx context.Context, w Wrapped, aad []byte) (Wrapped, error)
}

// Wrapped is a key in its protected form.
type Wrapped struct {
	// KeyID is the protecting key's name: 1 to 64 of the characters A-Z a-z 0-9 . _ : / -
	KeyID string `json:"key_id"`
	// Version is the protecting key's version, at least 1.
	Version uint32 `json:"version"`
	// Data is what the protecting key made: 1 to 1024 bytes.
	Data []byte `json:"data"`
}

func (w Wrapped) valid() bool {
	return validKeyID(w.KeyID) && w.Version >= 1 && len(w.Data) >= 1 && len(w.Data) <= maxWrapped
}

func (w Wrapped) equal(v Wrapped) bool {
	return w.KeyID == v.KeyID && w.Version == v.Version && bytes.Equal(w.Data, v.Data)
}

// wrap asks a KeyWrapper and holds it to its contract, because an envelope with a bad
// header could never be opened again.
func wrap(ctx context.Context, by KeyWrapper, key, aad []byte) (Wrapped, error) {
	w, err := by.Wrap(ctx, key, aad)
	if err != nil {
		return Wrapped{}, keyFault("wrap", err)
	}
	if !w.valid() {
		return Wrapped{}, &KeyError{Op: "wrap", Err: errors.New("wrapped key breaks the contract of KeyWrapper")}
	}
	return w, nil
}

func unwrap(ctx context.Context, by KeyWrapper, w Wrapped, aad []byte) ([]byte, error) {
	key, err := by.Unwrap(ctx, w, aad)
	if err != nil {
		return nil, keyFault("unwrap", err)
	}
	if len(key) != 32 {
		clear(key)
		return nil, ErrDecrypt
	}
	return key, nil
}

// rewrap moves a wrapped key to by's newest version, on the server if it can. What is there
// already comes back as it was.
func rewrap(ctx context.Context, by KeyWrapper, w Wrapped, aad []byte) (Wrapped, error) {
	if r, ok := by.(Rewrapper); ok {
		next, err := r.Rewrap(ctx, w, aad)
		if err != nil {
			return Wrapped{}, keyFault("rewrap", err)
		}
		if !next.valid() {
			return Wrapped{}, &KeyError{Op: "rewrap", Err: errors.New("wrapped key breaks the contract of KeyWrapper")}
		}
		return next, nil
	}
	key, err := unwrap(ctx, by, w, aad)
	if err != nil {
		return Wrapped{}, err
	}
	defer clear(key)
	next, err := wrap(ctx, by, key, aad)
	if err == nil && next.KeyID == w.KeyID && next.Version == w.Version {
		return w, nil
	}
	return next, err
}

// keyFault leaves errors that this package knows as they are and makes a KeyError of others.
func keyFault(op string, err error) error {
	for _, known := range []error{ErrDecrypt, ErrUnknownKey, ErrKeyDisabled, ErrKeyDestroyed} {
		if errors.Is(err, known) {
			return known
		}
	}
	if fault := (*KeyError)(nil); errors.As(err, &fault) {
		return err
	}
	return &KeyError{Op: op, Err: err}
}
