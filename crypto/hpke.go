package crypto

import (
	"context"
	"crypto/hpke"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"

	"github.com/syntora/vual/crypto/internal/cobblestone"
)

// A Recipient is a public key: with it a recorder can write envelopes that it cannot read
// back. It is safe for concurrent use.
//
// The key is agreed with HPKE (RFC 9180) over MLKEM768-X25519, which holds against a quantum
// computer as long as either half does. Nothing in such an envelope says who wrote it; see
// [RecipientKey].
type Recipient struct {
	source hpkeSource
}

var errRecipient = errors.New("crypto: unusable public or private key")

// NewRecipient returns the recipient with that public key, which [Recipient.Bytes] gave, in
// that version of a name of [Wrapped]'s form.
func NewRecipient(id string, version uint32, public []byte) (*Recipient, error) {
	key, err := hpke.MLKEM768X25519().NewPublicKey(public)
	if err != nil || !validKeyID(id) || version < 1 {
		return nil, errRecipient
	}
	return &Recipient{hpkeSource{id: id, version: version, public: key}}, nil
}

// Seal is [Sealer.Seal] in [SlotHPKE].
func (r *Recipient) Seal(ctx context.Context, dst, plaintext []byte, c Context) ([]byte, error) {
	return r.sealer().Seal(ctx, dst, plaintext, c)
}

// NewWriter is [Sealer.NewWriter] in [SlotHPKE].
func (r *Recipient) NewWriter(ctx context.Context, w io.Writer, c Context) (*Writer, error) {
	return r.sealer().NewWriter(ctx, w, c)
}

// Bytes is the public key: 1216 bytes.
func (r *Recipient) Bytes() []byte { return r.source.public.Bytes() }

func (r *Recipient) sealer() *Sealer { return &Sealer{r.source} }

// A RecipientKey opens what was sealed to its [Recipient]. It is safe for concurrent use and
// never prints its key.
//
// Anybody who has the public key can have written what it opens, for any [Context]: treat it
// as unsigned mail. That is why no [Sealer] opens such an envelope. What you have checked and
// mean to keep, seal again with a Sealer.
type RecipientKey struct {
	source *hpkeSource // behind a pointer, so that no verb of fmt reaches the key
}

// GenerateRecipientKey returns a fresh private key as version 1 of that name.
func GenerateRecipientKey(id string) (*RecipientKey, error) {
	key, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		return nil, err
	}
	return newRecipientKey(id, 1, key)
}

// NewRecipientKey returns the key that [RecipientKey.ExportPrivateKey] gave. No copy of the
// argument is kept.
func NewRecipientKey(id string, version uint32, private []byte) (*RecipientKey, error) {
	key, err := hpke.MLKEM768X25519().NewPrivateKey(private)
	if err != nil {
		return nil, errRecipient
	}
	return newRecipientKey(id, version, key)
}

func newRecipientKey(id string, version uint32, key hpke.PrivateKey) (*RecipientKey, error) {
	if !validKeyID(id) || version < 1 {
		return nil, errRecipient
	}
	return &RecipientKey{&hpkeSource{id: id, version: version, public: key.PublicKey(), private: key}}, nil
}

// Recipient is the public half.
func (k *RecipientKey) Recipient() *Recipient {
	public := *k.source
	public.private = nil
	return &Recipient{public}
}

// ExportPrivateKey is the private key, 32 bytes, to be kept as safe as what it opens.
func (k *RecipientKey) ExportPrivateKey() ([]byte, error) { return k.source.private.Bytes() }

// Open is [Sealer.Open] for envelopes in [SlotHPKE] alone. The writer is not authenticated.
func (k *RecipientKey) Open(ctx context.Context, dst, envelope []byte, c Context) ([]byte, error) {
	return k.opener().Open(ctx, dst, envelope, c)
}

// NewReader is [Sealer.NewReader] for envelopes in [SlotHPKE] alone. The writer is not
// authenticated.
func (k *RecipientKey) NewReader(ctx context.Context, r io.Reader, c Context) (*Reader, error) {
	return k.opener().NewReader(ctx, r, c)
}

// OpenToFile is [Sealer.OpenToFile] for envelopes in [SlotHPKE] alone. The writer is not
// authenticated.
func (k *RecipientKey) OpenToFile(ctx context.Context, r io.Reader, path string, c Context) error {
	return k.opener().OpenToFile(ctx, r, path, c)
}

func (k *RecipientKey) opener() *Sealer { return &Sealer{*k.source} }

// String names the key and does not show it.
func (k RecipientKey) String() string { return "crypto.RecipientKey(" + k.source.id + ")" }

// GoString is String.
func (k RecipientKey) GoString() string { return k.String() }

// LogValue is String.
func (k RecipientKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON writes the name alone.
func (k RecipientKey) MarshalJSON() ([]byte, error) { return []byte(`"` + k.String() + `"`), nil }

// hpkeSource seals to a public key, and opens if it has the private one. The wrapped key is
// the encapsulated key and the sealed key, in a row.
type hpkeSource struct {
	id      string
	version uint32
	public  hpke.PublicKey
	private hpke.PrivateKey
}

func (s hpkeSource) slot() Slot { return SlotHPKE }

func (s hpkeSource) fresh(_ context.Context, _ Owner, _ Slot, aad []byte) (*cobblestone.Key, Wrapped, error) {
	raw := make([]byte, cobblestone.KeySize)
	defer clear(raw)
	rand.Read(raw)
	data, err := hpke.Seal(s.public, hpke.HKDFSHA256(), hpke.AES256GCM(), hpkeInfo(aad), raw)
	if err != nil {
		return nil, Wrapped{}, err
	}
	return cobblestone.NewKey(raw), Wrapped{KeyID: s.id, Version: s.version, Data: data}, nil
}

func (s hpkeSource) held(_ context.Context, _ Owner, h header, aad []byte) (*cobblestone.Key, error) {
	if h.slot != SlotHPKE || s.private == nil {
		return nil, ErrDecrypt
	}
	if h.wrapped.KeyID != s.id || h.wrapped.Version != s.version {
		return nil, ErrUnknownKey
	}
	raw, err := hpke.Open(s.private, hpke.HKDFSHA256(), hpke.AES256GCM(), hpkeInfo(aad), h.wrapped.Data)
	if err != nil || len(raw) != cobblestone.KeySize {
		return nil, ErrDecrypt
	}
	defer clear(raw)
	return cobblestone.NewKey(raw), nil
}

func (s hpkeSource) rewrap(context.Context, Owner, header, []byte) (Wrapped, bool, error) {
	return Wrapped{}, false, ErrDecrypt // no type with this source offers it
}

func hpkeInfo(aad []byte) []byte { return append([]byte("vual/hpke/v1\x00"), aad...) }
