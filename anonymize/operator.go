package anonymize

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"log/slog"
	"unicode"
)

// An Operator makes the token that stands in the place of a value. It is asked once for each value of a conversation;
// the same token then stands for every mention. Operators are values, immutable and safe for concurrent use. The zero
// Operator is Label.
type Operator struct {
	name string
	make func(ctx context.Context, dst []byte, v Value) ([]byte, error) // nil: a label
}

// A Value is what an operator gets. It holds personal data and shows none of it when printed.
type Value struct {
	p hidden[valueData]
}

type valueData struct {
	kind Kind
	text string // as it was said first
	norm string // in one form however it was said, where the kind has one: 79161234567
}

// String tells the kind alone.
func (v Value) String() string { return "Value{" + string(v.p.get().kind) + "}" }

// GoString is String, so that %#v shows nothing either.
func (v Value) GoString() string { return v.String() }

// LogValue is String for package log/slog.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// Label is the default operator: a role noun and a letter for a person, «Customer A», and «[PHONE_1]» for all else. It makes
// nothing itself: the session numbers its labels.
func Label() Operator { return Operator{name: labelOperator} }

const labelOperator = "label"

// Redact puts the kind alone: «[PHONE]». Different values look the same and cannot be restored.
func Redact() Operator {
	return Operator{"redact", func(_ context.Context, dst []byte, v Value) ([]byte, error) {
		return appendKind(dst, v.p.get().kind), nil
	}}
}

// Mask puts a star for every letter and digit but the last keep of them: «** **** **67» of a phone with keep 2. What
// it keeps is visible to everybody, and short values keep nothing: at least half of the letters and digits are
// always hidden.
func Mask(keep int) Operator {
	return Operator{"mask", func(_ context.Context, dst []byte, v Value) ([]byte, error) {
		return appendMasked(dst, v.p.get().text, keep), nil
	}}
}

// Hash puts a keyed hash of the value: «[PHONE:k1:…]», 120 bits of HMAC-SHA-256 in 30 letters, the same in all
// conversations under one key; see docs/formats/tokens.md. It is as secret as the key: who holds the key finds the phone
// behind a hash by trying all phones. The key must have 32 random bytes; Hash panics if it has fewer.
func Hash(key []byte) Operator {
	if len(key) < sha256.Size {
		panic("anonymize: the key of Hash needs 32 bytes")
	}
	key = append([]byte(nil), key...)
	return Operator{"hash", func(_ context.Context, dst []byte, v Value) ([]byte, error) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(v.p.get().kind))
		mac.Write([]byte{0})
		mac.Write([]byte(v.p.get().norm))
		dst = append(append(append(dst, '['), v.p.get().kind...), ":k1:"...)
		for _, b := range mac.Sum(nil)[:hashBytes] {
			dst = append(dst, tokenLetters[b>>4], tokenLetters[b&15])
		}
		return append(dst, ']'), nil
	}}
}

const (
	hashBytes    = 15
	tokenLetters = "bcdfghjkmnpqrstv" // no digit, which would be read as a number, and no vowel, which would spell words
)

// A Tokenizer keeps values elsewhere and gives tokens for them. *tokenize.Vault is one.
type Tokenizer interface {
	Token(ctx context.Context, kind, value string) (string, error)
}

// Tokenize puts the token that t gives. An error of t fails the turn.
func Tokenize(t Tokenizer) Operator {
	return Operator{"tokenize", func(ctx context.Context, dst []byte, v Value) ([]byte, error) {
		token, err := t.Token(ctx, string(v.p.get().kind), v.p.get().norm)
		return append(dst, token...), err
	}}
}

// Keep leaves the values of a kind visible, but their spans are reported.
func Keep() Operator {
	return Operator{"keep", func(_ context.Context, dst []byte, v Value) ([]byte, error) {
		return append(dst, v.p.get().text...), nil
	}}
}

// String names the operator.
func (o Operator) String() string {
	if o.make == nil {
		return labelOperator
	}
	return o.name
}

func (o Operator) apply(ctx context.Context, v Value) (string, error) {
	token, err := o.make(ctx, nil, v)
	if err != nil {
		return "", err
	}
	return string(token), nil
}

func appendMasked(dst []byte, text string, keep int) []byte {
	visible := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			visible++
		}
	}
	hide := visible - min(keep, visible/2)
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if hide > 0 {
				r = '*'
			}
			hide--
		}
		dst = append(dst, string(r)...)
	}
	return dst
}
