package tokenize

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"errors"
	"slices"
)

// SIV is AES-SIV, the deterministic authenticated cipher of RFC 5297. Equal
// plaintexts under one key and equal associated data give equal boxes, and
// whoever sees boxes sees that. It is the primitive under [Reversible], for
// those who keep their own keys; take Reversible where a [Keyring] is at hand.
// A SIV is immutable and safe for concurrent use.
type SIV struct{ p hidden[siv] }

type siv struct {
	mac, ctr cipher.Block
	k1, k2   [aes.BlockSize]byte // CMAC subkeys, RFC 4493 section 2.3
}

const sivOverhead = aes.BlockSize

// maxComponents is the bound of RFC 5297 section 2.6 on associated data.
const maxComponents = 126

// NewSIV takes a key of 32, 48 or 64 bytes: two AES keys of equal length, the
// first for the MAC. The key is not kept.
func NewSIV(key []byte) (*SIV, error) {
	if len(key) != 32 && len(key) != 48 && len(key) != 64 {
		return nil, errors.New("tokenize: SIV key is not 32, 48 or 64 bytes")
	}
	mac, err := aes.NewCipher(key[:len(key)/2])
	if err != nil {
		return nil, err
	}
	ctr, err := aes.NewCipher(key[len(key)/2:])
	if err != nil {
		return nil, err
	}
	p := &siv{mac: mac, ctr: ctr}
	mac.Encrypt(p.k1[:], p.k1[:])
	double(&p.k1)
	p.k2 = p.k1
	double(&p.k2)
	return &SIV{hide(p)}, nil
}

// Seal appends the box of plaintext to dst: 16 bytes of synthetic IV, then as
// many bytes as plaintext. ad is a list, not a concatenation: how it is cut
// into components is authenticated too. It panics with more than 126
// components. plaintext and dst must not overlap.
func (s *SIV) Seal(dst, plaintext []byte, ad ...[]byte) []byte {
	v := s.p().s2v(ad, plaintext)
	dst = append(dst, v[:]...)
	start := len(dst)
	dst = append(dst, plaintext...)
	s.p().xor(dst[start:], v)
	return dst
}

// Open appends the plaintext of box to dst, or returns [ErrInvalid] and
// nothing. box and dst must not overlap.
func (s *SIV) Open(dst, box []byte, ad ...[]byte) ([]byte, error) {
	if len(box) < sivOverhead || len(ad) > maxComponents {
		return nil, ErrInvalid
	}
	v := [aes.BlockSize]byte(box)
	plain := slices.Clone(box[sivOverhead:])
	s.p().xor(plain, v)
	want := s.p().s2v(ad, plain)
	if subtle.ConstantTimeCompare(want[:], v[:]) != 1 {
		clear(plain)
		return nil, ErrInvalid
	}
	return append(dst, plain...), nil
}

// xor is the CTR half. The top bits of the last two words of the IV are zero
// in the counter, RFC 5297 section 2.5.
func (p *siv) xor(text []byte, v [aes.BlockSize]byte) {
	v[8] &= 0x7f
	v[12] &= 0x7f
	cipher.NewCTR(p.ctr, v[:]).XORKeyStream(text, text)
}

// s2v is RFC 5297 section 2.4; the plaintext is the last component.
func (p *siv) s2v(ad [][]byte, plaintext []byte) [aes.BlockSize]byte {
	if len(ad) > maxComponents {
		panic("tokenize: more than 126 components of associated data")
	}
	d := p.cmac(make([]byte, aes.BlockSize))
	for _, a := range ad {
		double(&d)
		m := p.cmac(a)
		subtle.XORBytes(d[:], d[:], m[:])
	}
	if len(plaintext) >= aes.BlockSize {
		t := slices.Clone(plaintext)
		tail := t[len(t)-aes.BlockSize:]
		subtle.XORBytes(tail, tail, d[:])
		return p.cmac(t)
	}
	double(&d)
	last := pad(plaintext)
	subtle.XORBytes(d[:], d[:], last[:])
	return p.cmac(d[:])
}

// cmac is RFC 4493.
func (p *siv) cmac(m []byte) (x [aes.BlockSize]byte) {
	for len(m) > aes.BlockSize {
		subtle.XORBytes(x[:], x[:], m[:aes.BlockSize])
		p.mac.Encrypt(x[:], x[:])
		m = m[aes.BlockSize:]
	}
	last, sub := pad(m), &p.k2
	if len(m) == aes.BlockSize {
		last, sub = [aes.BlockSize]byte(m), &p.k1
	}
	subtle.XORBytes(x[:], x[:], last[:])
	subtle.XORBytes(x[:], x[:], sub[:])
	p.mac.Encrypt(x[:], x[:])
	return x
}

// pad appends one bit and zeros to fewer than 16 bytes. Of a full block it
// makes nothing of use.
func pad(m []byte) (b [aes.BlockSize]byte) {
	if n := copy(b[:], m); n < len(b) {
		b[n] = 0x80
	}
	return b
}

// double multiplies by x in GF(2^128), in constant time.
func double(b *[aes.BlockSize]byte) {
	carry := b[0] >> 7
	for i := range len(b) - 1 {
		b[i] = b[i]<<1 | b[i+1]>>7
	}
	b[15] = b[15]<<1 ^ carry*0x87
}
