package tokenize

import "context"

// MaxReversible is the longest value, in bytes, that a [Reversible] takes: its
// tokens are two letters a byte.
const MaxReversible = 1024

// Reversible makes tokens that equal values share and that lead back without a
// table: AES-256-SIV (RFC 5297) under a key of scope and kind. It serves
// columns that must come back. The value comes back exactly as it went in, so
// two spellings are two tokens; [Normalizer.Fold] a value first to join them.
//
// Such a token is as secret as its key: who holds the keyring reads all of
// them, at any time, and [Vault.Forget] does not reach them; to forget a
// subject, delete his tokens. Equal tokens show that a value occurs again, and
// the length of a token tells the length of the value. Nothing outside the
// key can make a token that opens: a forged or edited one is refused.
//
// A Reversible is immutable and safe for concurrent use.
type Reversible struct{ p hidden[reversible] }

type reversible struct {
	ring  *Keyring
	scope Scope
	sivs  keyCache[*SIV]
}

// NewReversible makes a Reversible for one scope.
func NewReversible(ring *Keyring, scope Scope) (*Reversible, error) {
	if err := ring.check(scope); err != nil {
		return nil, err
	}
	return &Reversible{hide(&reversible{ring: ring, scope: scope})}, nil
}

// Token returns the token of value under the active key. It is deterministic.
// The context is not used; it makes a Reversible fit where a [Vault] fits.
// Errors: [ErrKind]; [ErrValue], also beyond [MaxReversible].
func (r *Reversible) Token(_ context.Context, kind, value string) (string, error) {
	return r.token(kind, value, r.p().ring.p().active)
}

// Candidates returns the tokens of value under every key of the ring, the
// active first: what to look for in a column that holds tokens from before a
// rotation.
func (r *Reversible) Candidates(kind, value string) ([]string, error) {
	var all []string
	for _, version := range r.p().ring.p().readers {
		t, err := r.token(kind, value, version)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func (r *Reversible) token(kind, value string, version uint32) (string, error) {
	if !validKind(kind) {
		return "", ErrKind
	}
	if err := checkValue(value); err != nil || len(value) > MaxReversible {
		return "", ErrValue
	}
	siv, err := r.siv(kind, version)
	if err != nil {
		return "", err
	}
	ad := keyedPrefix(FormReversible, kind, version)
	return keyedText(FormReversible, kind, version, siv.Seal(nil, []byte(value), []byte(ad))), nil
}

// Detokenize returns the value of a token. Errors: [ErrToken] for text that is
// no reversible token, [ErrUnknownKey] for a key version not in the ring, and
// [ErrInvalid] for one of another scope, forged or damaged.
func (r *Reversible) Detokenize(token string) (Value, error) {
	t, ok := Parse(token)
	if !ok || t.Form != FormReversible {
		return Value{}, ErrToken
	}
	siv, err := r.siv(t.Kind, t.Version)
	if err != nil {
		return Value{}, err
	}
	ad := keyedPrefix(FormReversible, t.Kind, t.Version)
	plain, err := siv.Open(nil, bodyBytes(t.Body), []byte(ad))
	if err != nil {
		return Value{}, err
	}
	return newValue(string(plain)), nil
}

func (r *Reversible) siv(kind string, version uint32) (*SIV, error) {
	return r.p().sivs.get(keyID{useSIV, kind, version}, func() (*SIV, error) {
		key, err := r.p().ring.derive(useSIV, kind, r.p().scope, version, 64)
		if err != nil {
			return nil, err
		}
		return NewSIV(key)
	})
}
