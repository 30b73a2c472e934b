package crypto

import "errors"

var (
	// ErrDecrypt says that bytes do not open: they were not sealed under this key for this
	// [Context], or were changed, cut or damaged on the way. It is one error for all of
	// these and gives no reason, because the reason would help who changed them.
	ErrDecrypt = errors.New("crypto: does not open")

	// ErrFormat says that bytes are not an envelope of this format. Only calls that use no
	// key return it: [Inspect], [DecodeText].
	ErrFormat = errors.New("crypto: not an envelope")

	// ErrContext says that a [Context] cannot be used: a required field is empty, a text is
	// not UTF-8, two owners are named, or it is longer than 4 KiB. Repair the caller.
	ErrContext = errors.New("crypto: unusable context")

	// ErrUnknownKey says that no key is held under that name and version, or none was made
	// for that owner yet. Look at the configuration, or call [OwnerKeys.Ensure].
	ErrUnknownKey = errors.New("crypto: unknown key")

	// ErrKeyDisabled says that the key is switched off for now.
	ErrKeyDisabled = errors.New("crypto: key is disabled")

	// ErrKeyDestroyed says that the key is gone for good and what it sealed with it. No new
	// key is ever made for the same owner.
	ErrKeyDestroyed = errors.New("crypto: key is destroyed")
)

// A KeyError is a fault of a key service or a key store: it could not be asked or did not
// answer as agreed. It never stems from the bytes being opened. Its text holds neither keys
// nor what was sent.
type KeyError struct {
	// Op is what was tried: "wrap", "unwrap", "rewrap", "load", "save", "list".
	Op string
	// Retry says that the same call may succeed later.
	Retry bool
	// Err is the cause.
	Err error
}

func (e *KeyError) Error() string { return "crypto: " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *KeyError) Unwrap() error { return e.Err }

// Temporary says that the same call may succeed later.
func (e *KeyError) Temporary() bool { return e.Retry }
