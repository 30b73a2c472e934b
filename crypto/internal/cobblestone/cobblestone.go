// Package cobblestone implements https://c2sp.org/chunked-encryption in its instance
// Cobblestone-256: HKDF-Expand with SHA-512, AES-256-GCM, chunks of 16 KiB.
//
// A body is salt (24 bytes), commitment (32) and the sealed chunks. The last chunk is
// always shorter than 16 KiB, so a body cut at a chunk's border cannot pass for a whole one.
package cobblestone

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"slices"
)

const (
	// KeySize is the length of an input key in bytes.
	KeySize = 32
	// PrefixSize is the length of what stands before the chunks: salt and commitment.
	PrefixSize = saltSize + commitmentSize
	// ChunkSize is how many bytes of the message a chunk holds; the last holds fewer.
	ChunkSize = 16 << 10
	// SealedChunkSize is the length of a sealed chunk.
	SealedChunkSize = ChunkSize + TagSize
	// TagSize is how many bytes a sealed chunk is longer than its plaintext.
	TagSize = 16
	// MaxChunks bounds a message: 2^38 chunks, 4 PiB.
	MaxChunks = 1 << 38

	saltSize       = 24
	commitmentSize = 32
	nonceSize      = 12
)

// ErrOpen says that a body was not sealed under this key and context, or was changed.
var ErrOpen = errors.New("cobblestone: body does not open")

// SealedSize is the length of the body of a message of n bytes.
func SealedSize(n int64) int64 {
	return PrefixSize + n + (n/ChunkSize+1)*TagSize
}

// PlainSize is the length of the message in a body of n bytes; false says that no
// body has that length.
func PlainSize(n int64) (int64, bool) {
	n -= PrefixSize
	if n < TagSize || n%SealedChunkSize < TagSize {
		return 0, false
	}
	chunks := n/SealedChunkSize + 1
	return n - chunks*TagSize, chunks <= MaxChunks
}

// Seal appends a body to dst, which must not overlap plaintext.
func (k *Key) Seal(dst, plaintext, context []byte) []byte {
	var salt [saltSize]byte
	rand.Read(salt[:])
	return k.sealSalt(dst, plaintext, context, &salt)
}

func (k *Key) sealSalt(dst, plaintext, context []byte, salt *[saltSize]byte) []byte {
	dst = slices.Grow(dst, int(SealedSize(int64(len(plaintext)))))
	m, commitment := k.derive(salt, context)
	dst = append(append(dst, salt[:]...), commitment[:]...)
	for n := uint64(0); ; n++ {
		chunk := plaintext[:min(len(plaintext), ChunkSize)]
		dst = m.SealChunk(dst, chunk, n)
		if plaintext = plaintext[len(chunk):]; len(chunk) < ChunkSize {
			return dst
		}
	}
}

// Open appends the message in a body to dst. When it fails, nothing of the message
// is left in dst's spare room either.
func (k *Key) Open(dst, body, context []byte) ([]byte, error) {
	size, ok := PlainSize(int64(len(body)))
	if !ok {
		return nil, ErrOpen
	}
	m, err := k.OpenMessage(body[:PrefixSize], context)
	if err != nil {
		return nil, err
	}
	out := slices.Grow(dst, int(size))
	body = body[PrefixSize:]
	for n := uint64(0); ; n++ {
		chunk := body[:min(len(body), SealedChunkSize)]
		next, err := m.OpenChunk(out, chunk, n)
		if err != nil {
			clear(out[len(dst):])
			return nil, err
		}
		out = next
		if body = body[len(chunk):]; len(chunk) < SealedChunkSize {
			return out, nil
		}
	}
}

// A Message seals or opens the chunks of one message. It is not safe for concurrent
// use; copies are independent.
type Message struct {
	aead  cipher.AEAD
	base  [nonceSize]byte
	nonce [nonceSize]byte // scratch, here so that a chunk costs no allocation
}

// NewMessage starts a message under a fresh random salt and returns what stands
// before its chunks.
func (k *Key) NewMessage(context []byte) (*Message, [PrefixSize]byte) {
	var prefix [PrefixSize]byte
	salt := (*[saltSize]byte)(prefix[:saltSize])
	rand.Read(salt[:])
	m, commitment := k.derive(salt, context)
	copy(prefix[saltSize:], commitment[:])
	return m, prefix
}

// OpenMessage checks the commitment in a prefix. Before it has passed, no other byte
// of a body is worth reading: AES-GCM alone does not tell one key from another.
func (k *Key) OpenMessage(prefix, context []byte) (*Message, error) {
	if len(prefix) != PrefixSize {
		return nil, ErrOpen
	}
	m, commitment := k.derive((*[saltSize]byte)(prefix), context)
	if subtle.ConstantTimeCompare(commitment[:], prefix[saltSize:]) != 1 {
		return nil, ErrOpen
	}
	return m, nil
}

// SealChunk appends chunk number n, sealed, to dst.
func (m *Message) SealChunk(dst, chunk []byte, n uint64) []byte {
	return m.aead.Seal(dst, m.chunkNonce(n), chunk, nil)
}

// OpenChunk appends chunk number n, opened, to dst.
func (m *Message) OpenChunk(dst, sealed []byte, n uint64) ([]byte, error) {
	out, err := m.aead.Open(dst, m.chunkNonce(n), sealed, nil)
	if err != nil {
		return nil, ErrOpen
	}
	return out, nil
}

func (m *Message) chunkNonce(n uint64) []byte {
	if n >= MaxChunks {
		panic("cobblestone: message longer than 4 PiB")
	}
	m.nonce = m.base
	tail := m.nonce[nonceSize-8:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^n)
	return m.nonce[:]
}

func newMessage(key, nonce []byte) *Message {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // a 32-byte key fits
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only in FIPS-only mode, which this package does not support
	}
	return &Message{aead: aead, base: [nonceSize]byte(nonce)}
}
