package crypto

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/syntora/vual/crypto/internal/cobblestone"
)

// A Header is what an envelope tells without a key.
type Header struct {
	// Slot says how the body's key is kept.
	Slot Slot
	// KeyID and KeyVersion name the key that opens the envelope.
	KeyID      string
	KeyVersion uint32
	// Size is the header's length in bytes; what follows is the body.
	Size int
}

// A Slot is how an envelope carries the key of its body.
type Slot uint8

const (
	// SlotWrapped: a key of its own, wrapped under the key that the header names. A rewrap
	// changes the header alone. For objects and texts.
	SlotWrapped Slot = 1
	// SlotDerived: nothing is carried, the body's key is derived from the owner's. Shorter and
	// faster; a rewrap changes nothing, rotating re-wraps the owner's key. For fields of rows.
	SlotDerived Slot = 2
	// SlotHPKE: a key of its own, sealed to a public key; see [Recipient].
	SlotHPKE Slot = 3
)

// String names the slot as the page of the format does.
func (s Slot) String() string {
	switch s {
	case SlotWrapped:
		return "wrapped"
	case SlotDerived:
		return "derived"
	case SlotHPKE:
		return "hpke"
	}
	return "unknown"
}

// Inspect reads the header at the beginning of an envelope. It needs no key, so nothing that
// it returns is proved. The error is [ErrFormat].
func Inspect(envelope []byte) (Header, error) {
	h, err := parseHeader(envelope)
	if err != nil {
		return Header{}, err
	}
	return Header{Slot: h.slot, KeyID: h.wrapped.KeyID, KeyVersion: h.wrapped.Version, Size: h.size}, nil
}

// EncodeText returns the text form of an envelope, for columns that hold text.
func EncodeText(envelope []byte) string {
	return textPrefix + base64.RawURLEncoding.EncodeToString(envelope)
}

// DecodeText reads the text form of an envelope. Exactly one text stands for each envelope:
// padding, line breaks and unused bits are refused with [ErrFormat].
func DecodeText(text string) ([]byte, error) {
	text, ok := strings.CutPrefix(text, textPrefix)
	if !ok || strings.ContainsAny(text, "\r\n") { // which the decoder would pass over
		return nil, ErrFormat
	}
	envelope, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, ErrFormat
	}
	if _, err := parseHeader(envelope); err != nil {
		return nil, err
	}
	return envelope, nil
}

const textPrefix = "ev1."

const (
	// The first byte cannot occur in UTF-8, so no text starts like an envelope.
	magic   = "\xF5ENV"
	version = 1
	suite   = 1 // Cobblestone-256
	flags   = 0

	fixedSize   = len(magic) + 5 // version, suite, slot, flags, length of the key's name
	maxKeyID    = 64
	maxWrapped  = 1 << 10
	hpkeWrapped = 1120 + cobblestone.KeySize + 16 // encapsulated key, sealed key, tag
	maxHeader   = fixedSize + maxKeyID + 4 + 2 + hpkeWrapped
)

// A header is a [Header] with the wrapped key, which is a part of the bytes it was read from.
type header struct {
	slot    Slot
	wrapped Wrapped
	size    int
}

// wrappedSizes holds the bounds of the wrapped key's length by slot; a slot that is not
// in it does not exist.
var wrappedSizes = [...]struct{ min, max int }{
	SlotWrapped: {1, maxWrapped},
	SlotDerived: {0, 0},
	SlotHPKE:    {hpkeWrapped, hpkeWrapped},
}

// parseHeader looks only as far as lengths already checked allow, and allocates nothing but
// the key's name.
func parseHeader(b []byte) (header, error) {
	var h header
	if len(b) < fixedSize || string(b[:len(magic)]) != magic {
		return h, ErrFormat
	}
	fixed, rest := b[len(magic):fixedSize], b[fixedSize:]
	h.slot = Slot(fixed[2])
	nameLen := int(fixed[4])
	if fixed[0] != version || fixed[1] != suite || fixed[3] != flags ||
		h.slot < SlotWrapped || h.slot > SlotHPKE || len(rest) < nameLen+6 || !validKeyID(rest[:nameLen]) {
		return h, ErrFormat
	}
	h.wrapped.KeyID = string(rest[:nameLen])
	h.wrapped.Version = binary.BigEndian.Uint32(rest[nameLen:])
	wrapLen := int(binary.BigEndian.Uint16(rest[nameLen+4:]))
	rest = rest[nameLen+6:]
	sizes := wrappedSizes[h.slot]
	if h.wrapped.Version < 1 || wrapLen < sizes.min || wrapLen > sizes.max || len(rest) < wrapLen {
		return h, ErrFormat
	}
	h.wrapped.Data = rest[:wrapLen:wrapLen]
	h.size = fixedSize + nameLen + 6 + wrapLen
	return h, nil
}

func appendHeader(dst []byte, slot Slot, w Wrapped) []byte {
	dst = append(dst, magic...)
	dst = append(dst, version, suite, byte(slot), flags, byte(len(w.KeyID)))
	dst = append(dst, w.KeyID...)
	dst = binary.BigEndian.AppendUint32(dst, w.Version)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(w.Data)))
	return append(dst, w.Data...)
}

func headerSize(w Wrapped) int { return fixedSize + len(w.KeyID) + 6 + len(w.Data) }

const keyIDChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/-"

func validKeyID[T string | []byte](id T) bool {
	if len(id) < 1 || len(id) > maxKeyID {
		return false
	}
	for i := range len(id) {
		if strings.IndexByte(keyIDChars, id[i]) < 0 {
			return false
		}
	}
	return true
}

// bodyContext is the context of the body: what may never change in an envelope. The key's
// name, version and wrapped form may, at a rewrap; any other change of them fails to unwrap.
func bodyContext(dst []byte, slot Slot, c *Context) ([]byte, error) {
	dst = append(dst, "vual/envelope/v1\x00"...)
	dst = append(dst, version, suite, byte(slot))
	return c.appendCanonical(dst)
}

// overlaps says that two slices share one array. It knows them by the array's end, which
// reslicing keeps.
func overlaps(a, b []byte) bool {
	return cap(a) > 0 && cap(b) > 0 && &a[:cap(a)][cap(a)-1] == &b[:cap(b)][cap(b)-1]
}

// apart returns dst with room for n bytes that is not a part of src's array.
func apart(dst, src []byte, n int) []byte {
	if overlaps(dst, src) {
		dst = slices.Clip(dst)
	}
	return slices.Grow(dst, n)
}
