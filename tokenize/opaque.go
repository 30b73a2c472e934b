package tokenize

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
)

// Options of [NewOpaque]. The zero value and nil are the default.
type Options struct {
	// Normalizers overrides [NormalizerFor] for the kinds it names.
	Normalizers map[string]Normalizer
}

// Opaque makes tokens that equal values share and nobody can turn back: 120
// bits of HMAC-SHA-256 over the kind and the normalised value, keyed by scope.
// They serve joins and look-ups without a table.
//
// Such a token is only as secret as its key. A keyed hash of a value from a
// small set is no anonymization: whoever holds the keyring, or may call Token
// freely, tries all 10^9 Russian mobile numbers in minutes and has every
// phone behind every token. Prefer a [Vault] for phones, cards, INN, SNILS and
// passports, limit how often a caller may ask, and delete the tokens with the
// data: forgetting a subject in the vault does not reach them. Equal tokens
// also show that, and how often, a value occurs again in the scope.
//
// An Opaque is immutable and safe for concurrent use.
type Opaque struct{ p hidden[opaque] }

type opaque struct {
	ring        *Keyring
	scope       Scope
	normalizers normalizers
	keys        keyCache[[]byte]
}

// NewOpaque makes an Opaque for one scope. The options are copied.
func NewOpaque(ring *Keyring, scope Scope, opts *Options) (*Opaque, error) {
	if err := ring.check(scope); err != nil {
		return nil, err
	}
	p := &opaque{ring: ring, scope: scope}
	if opts != nil {
		var err error
		if p.normalizers, err = copyNormalizers(opts.Normalizers); err != nil {
			return nil, err
		}
	}
	return &Opaque{hide(p)}, nil
}

// Token returns the token of value under the active key. It is deterministic.
// The context is not used; it makes an Opaque fit where a [Vault] fits.
// Errors: [ErrKind], [ErrValue].
func (o *Opaque) Token(_ context.Context, kind, value string) (string, error) {
	return o.token(kind, value, o.p().ring.p().active)
}

// Candidates returns the tokens of value under every key of the ring, the
// active first: what to look for in a column that holds tokens from before a
// rotation.
func (o *Opaque) Candidates(kind, value string) ([]string, error) {
	var all []string
	for _, version := range o.p().ring.p().readers {
		t, err := o.token(kind, value, version)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func (o *Opaque) token(kind, value string, version uint32) (string, error) {
	if !validKind(kind) {
		return "", ErrKind
	}
	n, folded, err := o.p().normalizers.fold(kind, value)
	if err != nil {
		return "", err
	}
	key, err := o.p().keys.get(keyID{useOpaque, kind, version}, func() ([]byte, error) {
		return o.p().ring.derive(useOpaque, kind, o.p().scope, version, sha256.Size)
	})
	if err != nil {
		return "", err
	}
	sum := macFields(key, string(n), folded)
	return keyedText(FormOpaque, kind, version, sum[:tokenBytes]), nil
}

// macFields is HMAC-SHA-256 over fields under their lengths.
func macFields(key []byte, fields ...string) []byte {
	var buf [256]byte
	message := buf[:0]
	for _, f := range fields {
		message = appendField(message, f)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

// copyNormalizers refuses what the programmer misspelt before a value is lost
// by it.
func copyNormalizers(m map[string]Normalizer) (normalizers, error) {
	out := normalizers{}
	for kind, n := range m {
		if !validKind(kind) {
			return nil, ErrKind
		}
		if _, err := n.Fold("x"); err != nil {
			return nil, err
		}
		out[kind] = n
	}
	return out, nil
}
