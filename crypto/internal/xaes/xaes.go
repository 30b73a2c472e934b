// Package xaes implements XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM
// under a subkey that is derived for each message, so that nonces of 192 bits can be
// drawn at random for 2^80 messages under one key. Bare AES-GCM allows 2^32
// (NIST SP 800-38D, section 8.3), which one key that wraps a key per record can reach.
package xaes

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
)

const (
	// KeySize is the length of a key in bytes.
	KeySize = 32
	// Overhead is how many bytes a sealed message is longer than its plaintext:
	// the nonce before it and the tag after.
	Overhead = nonceSize + tagSize

	nonceSize = 24
	tagSize   = 16
)

// A Key seals and opens short messages. It is safe for concurrent use.
type Key struct {
	block cipher.Block
	k1    [aes.BlockSize]byte // CMAC subkey, SP 800-38B section 6.1
}

// New prepares a key. It keeps no reference to the argument, which must be KeySize
// bytes: another length is a fault of the caller and panics.
func New(key []byte) *Key {
	if len(key) != KeySize {
		panic("xaes: key is not 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the length is right, nothing else can be wrong
	}
	k := &Key{block: block}
	block.Encrypt(k.k1[:], k.k1[:])
	msb := k.k1[0] >> 7
	for i := range k.k1 {
		k.k1[i] <<= 1
		if i+1 < len(k.k1) {
			k.k1[i] |= k.k1[i+1] >> 7
		}
	}
	k.k1[len(k.k1)-1] ^= msb * 0b10000111
	return k
}

// Seal appends a fresh random nonce and the sealed plaintext to dst.
func (k *Key) Seal(dst, plaintext, ad []byte) []byte {
	var nonce [nonceSize]byte
	rand.Read(nonce[:])
	return k.seal(append(dst, nonce[:]...), nonce[:], plaintext, ad)
}

var errOpen = errors.New("xaes: message authentication failed")

// Open appends the plaintext of a message that [Key.Seal] made to dst.
func (k *Key) Open(dst, box, ad []byte) ([]byte, error) {
	if len(box) < Overhead {
		return nil, errOpen
	}
	out, err := k.subkey(box[:12]).Open(dst, box[12:nonceSize], box[nonceSize:], ad)
	if err != nil {
		return nil, errOpen
	}
	return out, nil
}

func (k *Key) seal(dst, nonce, plaintext, ad []byte) []byte {
	return k.subkey(nonce[:12]).Seal(dst, nonce[12:], plaintext, ad)
}

// subkey is the SP 800-108 counter KDF over CMAC with label "X" of steps 3 to 5.
func (k *Key) subkey(n []byte) cipher.AEAD {
	var x [KeySize]byte
	defer clear(x[:])
	for i := range 2 {
		m := x[i*aes.BlockSize:][:aes.BlockSize]
		m[1], m[2] = byte(i+1), 'X'
		copy(m[4:], n)
		for j := range m {
			m[j] ^= k.k1[j]
		}
		k.block.Encrypt(m, m)
	}
	block, err := aes.NewCipher(x[:])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only in FIPS-only mode, which this package does not support
	}
	return aead
}
