package crypto

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"

	"github.com/syntora/vual/crypto/internal/cobblestone"
)

// A Sealer seals and opens records. Make one with [NewSealer] or [OwnerKeys.Sealer]. It is
// safe for concurrent use, keeps no reference to what it is given, and takes no nonce, salt
// or algorithm: there is one, and every envelope has a fresh salt.
type Sealer struct {
	keys keySource
}

// A keySource finds the input key of a body. aad is the hash of the body's context.
type keySource interface {
	// fresh gives the key of a new envelope and what its header says of it.
	fresh(ctx context.Context, o Owner, slot Slot, aad []byte) (*cobblestone.Key, Wrapped, error)
	// held gives the key of an envelope with that header.
	held(ctx context.Context, o Owner, h header, aad []byte) (*cobblestone.Key, error)
	// rewrap gives the wrapped key of a header for the newest key; false: it is that already.
	rewrap(ctx context.Context, o Owner, h header, aad []byte) (Wrapped, bool, error)
	// slot is the slot of new envelopes.
	slot() Slot
}

// NewSealer returns a Sealer that wraps a fresh key for every envelope with by, whoever the
// owner is. Each Seal and Open asks by once; with a key service that is a call over the
// network, and nobody can be forgotten alone: [OwnerKeys] does better at both.
func NewSealer(by KeyWrapper) *Sealer { return &Sealer{wrapperSource{by}} }

// Seal appends an envelope that holds plaintext, sealed for c, to dst and returns the result.
// On an error it returns nil. Errors are [ErrContext], those of keys, and [KeyError]; an
// owner's key must exist already, see [OwnerKeys.Ensure].
func (s *Sealer) Seal(ctx context.Context, dst, plaintext []byte, c Context) ([]byte, error) {
	slot := s.keys.slot()
	var scratch [512]byte
	bound, aad, err := bind(scratch[:0], slot, &c)
	if err != nil {
		return nil, err
	}
	key, w, err := s.keys.fresh(ctx, c.Owner(), slot, aad[:])
	if err != nil {
		return nil, err
	}
	dst = apart(dst, plaintext, headerSize(w)+int(cobblestone.SealedSize(int64(len(plaintext)))))
	return key.Seal(appendHeader(dst, slot, w), plaintext, bound), nil
}

// Open appends what an envelope holds to dst and returns the result, or nil and an error:
// all of it or nothing. [ErrDecrypt] stands for everything that can be wrong with the bytes.
// [ErrUnknownKey], [ErrKeyDisabled], [ErrKeyDestroyed] and [KeyError] speak of keys alone.
func (s *Sealer) Open(ctx context.Context, dst, envelope []byte, c Context) ([]byte, error) {
	h, err := parseHeader(envelope)
	if err != nil {
		return nil, ErrDecrypt
	}
	var scratch [512]byte
	bound, aad, err := bind(scratch[:0], h.slot, &c)
	if err != nil {
		return nil, err
	}
	// A body of no possible length is not worth a call to a key service.
	body := envelope[h.size:]
	if _, ok := cobblestone.PlainSize(int64(len(body))); !ok {
		return nil, ErrDecrypt
	}
	key, err := s.keys.held(ctx, c.Owner(), h, aad[:])
	if err != nil {
		return nil, err
	}
	out, err := key.Open(apart(dst, envelope, 0), body, bound)
	if err != nil {
		return nil, ErrDecrypt
	}
	return out, nil
}

// Rewrap returns an envelope whose key is wrapped under the newest version, and whether
// anything had to change. Only the header is read and written, and no plaintext is seen:
// for an object in storage give the first bytes, at least [Header.Size] of them; what stands
// after the header is copied as it is, unproved. The result is a new slice.
//
// The old envelope opens as long as the old version is held. An envelope in [SlotDerived]
// never changes here.
func (s *Sealer) Rewrap(ctx context.Context, envelope []byte, c Context) ([]byte, bool, error) {
	h, err := parseHeader(envelope)
	if err != nil {
		return nil, false, ErrDecrypt
	}
	_, aad, err := bind(nil, h.slot, &c)
	if err != nil {
		return nil, false, err
	}
	w, changed, err := s.keys.rewrap(ctx, c.Owner(), h, aad[:])
	if err != nil {
		return nil, false, err
	}
	if !changed {
		return append([]byte(nil), envelope...), false, nil
	}
	out := appendHeader(make([]byte, 0, headerSize(w)+len(envelope)-h.size), h.slot, w)
	return append(out, envelope[h.size:]...), true, nil
}

// String shows nothing of the keys.
func (s Sealer) String() string { return "crypto.Sealer" }

// GoString is String.
func (s Sealer) GoString() string { return s.String() }

// Bind fixes all of a Context but the record, which each call then names: what other
// packages want as their sealer, in plain types. c.Record must be empty.
func (s *Sealer) Bind(c Context) *Bound { return &Bound{sealer: s, context: c} }

// A Bound is a [Sealer] for the records of one [Context]. It is safe for concurrent use.
type Bound struct {
	sealer  *Sealer
	context Context
}

// Seal is [Sealer.Seal] with ad as the record. An empty ad is [ErrContext].
func (b *Bound) Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error) {
	c, err := b.record(ad)
	if err != nil {
		return nil, err
	}
	return b.sealer.Seal(ctx, dst, plaintext, c)
}

// Open is [Sealer.Open] with ad as the record.
func (b *Bound) Open(ctx context.Context, dst, box, ad []byte) ([]byte, error) {
	c, err := b.record(ad)
	if err != nil {
		return nil, err
	}
	return b.sealer.Open(ctx, dst, box, c)
}

func (b *Bound) record(ad []byte) (Context, error) {
	if b.context.Record != "" {
		return Context{}, ErrContext
	}
	c := b.context
	c.Record = string(ad)
	return c, nil
}

// String shows no identifiers.
func (b Bound) String() string { return "crypto.Bound(" + b.context.Owner().kind() + ")" }

// GoString is String.
func (b Bound) GoString() string { return b.String() }

// LogValue is String.
func (b Bound) LogValue() slog.Value { return slog.StringValue(b.String()) }

// bind returns the body's context and its hash, which binds the wrapped key to the same.
func bind(dst []byte, slot Slot, c *Context) ([]byte, [sha256.Size]byte, error) {
	bound, err := bodyContext(dst, slot, c)
	if err != nil {
		return nil, [sha256.Size]byte{}, err
	}
	return bound, sha256.Sum256(bound), nil
}

// wrapperSource wraps a fresh key for each envelope with one KeyWrapper.
type wrapperSource struct{ by KeyWrapper }

func (s wrapperSource) slot() Slot { return SlotWrapped }

func (s wrapperSource) fresh(ctx context.Context, _ Owner, _ Slot, aad []byte) (*cobblestone.Key, Wrapped, error) {
	raw := make([]byte, cobblestone.KeySize)
	defer clear(raw)
	rand.Read(raw)
	w, err := wrap(ctx, s.by, raw, aad)
	if err != nil {
		return nil, Wrapped{}, err
	}
	return cobblestone.NewKey(raw), w, nil
}

func (s wrapperSource) held(ctx context.Context, _ Owner, h header, aad []byte) (*cobblestone.Key, error) {
	if h.slot != SlotWrapped {
		return nil, ErrDecrypt
	}
	raw, err := unwrap(ctx, s.by, h.wrapped, aad)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return cobblestone.NewKey(raw), nil
}

func (s wrapperSource) rewrap(ctx context.Context, _ Owner, h header, aad []byte) (Wrapped, bool, error) {
	if h.slot != SlotWrapped {
		return Wrapped{}, false, ErrDecrypt
	}
	w, err := rewrap(ctx, s.by, h.wrapped, aad)
	if err != nil {
		return Wrapped{}, false, err
	}
	return w, !w.equal(h.wrapped), nil
}
