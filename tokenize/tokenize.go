package tokenize

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"strconv"
	"unicode/utf8"
)

// A Sealer protects values at rest. The vault seals every value with it and
// opens none without it. What crypto.Sealer.Bind returns is one; ad is the
// text of the token under a fixed prefix, always ASCII and at most 128 bytes.
//
// Implementations append to dst, authenticate ad, and are safe for concurrent
// use. They keep neither plaintext nor dst.
type Sealer interface {
	Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error)
	Open(ctx context.Context, dst, box, ad []byte) ([]byte, error)
}

// MaxValue is the longest value, in bytes, that may be tokenized.
const MaxValue = 64 << 10

// Errors a caller may branch on with errors.Is. None carries a value, a token
// or key bytes.
var (
	// ErrKind is returned for a kind that the token grammar cannot hold.
	ErrKind = errors.New("tokenize: kind is not upper-case letters, digits and underscores")
	// ErrValue is returned for a value that is empty, longer than [MaxValue]
	// ([MaxReversible] for reversible tokens), or not UTF-8.
	ErrValue = errors.New("tokenize: value is empty, too long or not UTF-8")
	// ErrToken is returned for text that is not a token of the form asked
	// for. Nothing was looked up.
	ErrToken = errors.New("tokenize: not a token of this form")
	// ErrInvalid is returned for a well-formed token, or a stored row, that
	// does not verify under the key it names: a forgery, a token of another
	// tenant or conversation, or damage. Do not retry.
	ErrInvalid = errors.New("tokenize: token does not verify")
	// ErrUnknownKey is returned for a token whose key version the keyring
	// does not hold. Add the version back, or treat the token as lost.
	ErrUnknownKey = errors.New("tokenize: unknown key version")
	// ErrScope is returned for a zero or over-long scope, and for the global
	// scope on a keyring that does not allow it.
	ErrScope = errors.New("tokenize: scope is empty, too long or not allowed")
	// ErrNotFound is returned for a token or value that the vault does not
	// hold in this scope. A forgotten token is not found either.
	ErrNotFound = errors.New("tokenize: no such token")
	// ErrExpired is returned for a vault token past its time to live.
	ErrExpired = errors.New("tokenize: token expired")
	// ErrForgotten is returned by [Vault.Token] for a subject that was
	// forgotten. A person who comes back needs a new subject id.
	ErrForgotten = errors.New("tokenize: subject was forgotten")
	// ErrShape is returned by [Format] for text that is not a number of the
	// shape, for a value with a wrong check digit, and for a result with a
	// right one.
	ErrShape = errors.New("tokenize: not a number of this shape")
	// ErrPurpose is returned when no purpose was given or the purpose does
	// not permit the kind.
	ErrPurpose = errors.New("tokenize: purpose is missing or not permitted")
)

// Value is a revealed value. It hides itself when printed, logged or encoded,
// alone and inside other values; only [Value.Reveal] gives the text. The zero
// Value holds nothing. A Value is immutable and safe for concurrent use; Go
// strings cannot be wiped from memory.
type Value struct{ text *string }

func newValue(s string) Value { return Value{&s} }

// Reveal returns the value in clear, or "" for the zero Value.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// String tells only the size of the value in bytes.
func (v Value) String() string {
	return "Value(" + strconv.Itoa(len(v.Reveal())) + " bytes)"
}

// LogValue tells only the size of the value in bytes.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// hidden holds what must not be printed. A pointer does not do: fmt follows it
// for a verb that does not fit (%s of a struct). A func is printed as an
// address by every verb, also in an unexported field, where no method of ours
// would be asked.
type hidden[T any] func() *T

func hide[T any](v *T) hidden[T] { return func() *T { return v } }

// checkValue refuses what no kind of token takes. Bytes that are not UTF-8
// would all fold to U+FFFD, and two different values would become one.
func checkValue(value string) error {
	if value == "" || len(value) > MaxValue || !utf8.ValidString(value) {
		return ErrValue
	}
	return nil
}

// appendField appends s under a four-byte length, so that no two lists of
// fields have the same bytes.
func appendField[T string | []byte](dst []byte, s T) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(s)))
	return append(dst, s...)
}
