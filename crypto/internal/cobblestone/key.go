package cobblestone

import (
	"crypto/sha512"
	"encoding"
	"hash"
)

// A Key is an input key ready for HKDF-Expand. It is safe for concurrent use.
type Key struct {
	// SHA-512 after the padded key of HMAC's inner and outer hash, encoded. Kept so
	// that a key in a cache saves four of some eleven compressions a message.
	inner, outer state
}

// A state is SHA-512's, as the hash itself encodes it.
type state [204]byte

// NewKey prepares an input key, which must be 32 bytes drawn from a random source or a
// key derivation; another length is a fault of the caller and panics. It keeps no
// reference to the argument.
func NewKey(key []byte) *Key {
	if len(key) != KeySize {
		panic("cobblestone: key is not 32 bytes")
	}
	k := new(Key)
	for _, half := range [...]struct {
		state *state
		with  byte
	}{{&k.inner, 0x36}, {&k.outer, 0x5c}} {
		var pad [sha512.BlockSize]byte
		copy(pad[:], key)
		for i := range pad {
			pad[i] ^= half.with
		}
		h := sha512.New()
		h.Write(pad[:])
		clear(pad[:])
		if out, err := h.(encoding.BinaryAppender).AppendBinary(half.state[:0]); err != nil || len(out) != len(state{}) {
			panic("cobblestone: SHA-512 has another state") // a test of any kind would see it
		}
	}
	return k
}

// info stands before salt and context in the expansion. A zero byte ends the AEAD's name.
const info = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"

// derive is HKDF-Expand (RFC 5869, section 2.3) to 76 bytes: key, base nonce, commitment.
// The hash stays a local variable: the compiler then knows its type and keeps it, and what
// it is given, off the heap.
func (k *Key) derive(salt *[saltSize]byte, context []byte) (*Message, [commitmentSize]byte) {
	const need = KeySize + nonceSize + commitmentSize
	var buf [2 * sha512.Size]byte
	defer clear(buf[:])
	h := sha512.New()
	out := buf[:0]
	for block := byte(1); len(out) < need; block++ {
		k.inner.restore(h)
		if block > 1 {
			h.Write(out[len(out)-sha512.Size:])
		}
		h.Write([]byte(info))
		h.Write(salt[:])
		h.Write(context)
		h.Write([]byte{block})
		out = h.Sum(out)
		t := out[len(out)-sha512.Size:]
		k.outer.restore(h)
		h.Write(t)
		h.Sum(t[:0])
	}
	key, nonce, commitment := out[:KeySize], out[KeySize:][:nonceSize], out[KeySize+nonceSize:need]
	return newMessage(key, nonce), [commitmentSize]byte(commitment)
}

func (s *state) restore(h hash.Hash) {
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(s[:]); err != nil {
		panic(err) // the state came from this very hash
	}
}
