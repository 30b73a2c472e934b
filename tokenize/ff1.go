package tokenize

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"math/big"
	"math/bits"
	"slices"
)

// FF1 is the format-preserving cipher FF1 of NIST SP 800-38G: a string of
// digits in some radix becomes another of the same length. It authenticates
// nothing, so every string decrypts to something. It is the primitive under
// [Format], for those who keep their own keys and alphabets. FF3 and FF3-1 are
// not offered: the draft of SP 800-38G Rev. 1 of February 2025 drops them. An
// FF1 is immutable and safe for concurrent use.
type FF1 struct{ p hidden[ff1] }

type ff1 struct {
	block  cipher.Block
	radix  int
	minLen int
}

const (
	// minDomain is the least number of strings of a length: SP 800-38G
	// Rev. 1 requires radix^len >= 1,000,000. Below it the cipher can be
	// broken by guessing.
	minDomain = 1_000_000
	// maxFF1 bounds digits and tweak, against running time quadratic in the
	// length of foreign input. The standard permits 2^32.
	maxFF1 = 1 << 16
)

// ErrDomain is returned by [FF1] for a string outside the domain: fewer than
// 1,000,000 strings of its length, more than 65,536 digits or tweak bytes, or
// a digit not below the radix.
var ErrDomain = errors.New("tokenize: string is outside the domain of FF1")

// NewFF1 takes an AES key of 16, 24 or 32 bytes and a radix from 2 to 65,536.
// The key is not kept.
func NewFF1(key []byte, radix int) (*FF1, error) {
	if radix < 2 || radix > 1<<16 {
		return nil, errors.New("tokenize: FF1 radix is not from 2 to 65536")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errors.New("tokenize: FF1 key is not 16, 24 or 32 bytes")
	}
	p := &ff1{block: block, radix: radix}
	for domain := int64(1); domain < minDomain; domain *= int64(radix) {
		p.minLen++
	}
	p.minLen = max(p.minLen, 2) // two halves
	return &FF1{hide(p)}, nil
}

// Encrypt returns the encryption of digits, each below the radix, the most
// significant first. The tweak may be empty; what it holds need not be secret,
// but equal digits under another tweak have another result. digits is not
// changed.
func (f *FF1) Encrypt(tweak []byte, digits []uint16) ([]uint16, error) {
	return f.p().run(tweak, digits, false)
}

// Decrypt is the inverse of [FF1.Encrypt] under the same tweak.
func (f *FF1) Decrypt(tweak []byte, digits []uint16) ([]uint16, error) {
	return f.p().run(tweak, digits, true)
}

func (p *ff1) run(tweak []byte, digits []uint16, decrypt bool) ([]uint16, error) {
	if len(digits) < p.minLen || len(digits) > maxFF1 || len(tweak) > maxFF1 {
		return nil, ErrDomain
	}
	for _, d := range digits {
		if int(d) >= p.radix {
			return nil, ErrDomain
		}
	}
	out := slices.Clone(digits)
	if modV, ok := power64(p.radix, len(digits)-len(digits)/2); ok {
		p.feistel64(tweak, out, modV, decrypt)
	} else {
		p.feistelBig(tweak, out, decrypt)
	}
	return out, nil
}

const ff1Rounds = 10

// feistel64 is the cipher for halves that fit a word: up to 38 decimal digits.
// It takes a third of the time of feistelBig on ten digits (BenchmarkFF1).
func (p *ff1) feistel64(tweak []byte, x []uint16, modV uint64, decrypt bool) {
	u := len(x) / 2
	modU, _ := power64(p.radix, u)
	a, b := number64(x[:u], p.radix), number64(x[u:], p.radix)
	prf := p.newPRF(tweak, len(x), byteLen(modV))
	half := make([]byte, 8)
	for k := range ff1Rounds {
		i, mod := k, modU
		if decrypt {
			i = ff1Rounds - 1 - k
		}
		if i%2 == 1 {
			mod = modV
		}
		from := b
		if decrypt {
			from = a
		}
		binary.BigEndian.PutUint64(half, from)
		y := reduce(prf.round(byte(i), half[8-prf.b:]), mod)
		if decrypt {
			a, b = (b+mod-y)%mod, a
		} else {
			a, b = b, (a+y)%mod
		}
	}
	digits64(x[:u], a, p.radix)
	digits64(x[u:], b, p.radix)
}

// feistelBig is the cipher for halves of any length.
func (p *ff1) feistelBig(tweak []byte, x []uint16, decrypt bool) {
	u := len(x) / 2
	radix := big.NewInt(int64(p.radix))
	modU := new(big.Int).Exp(radix, big.NewInt(int64(u)), nil)
	modV := new(big.Int).Exp(radix, big.NewInt(int64(len(x)-u)), nil)
	a, b := numberBig(x[:u], radix), numberBig(x[u:], radix)

	// The bytes of a half come from the exact power: a floating logarithm
	// errs where the power is near a power of 256.
	size := (new(big.Int).Sub(modV, big.NewInt(1)).BitLen() + 7) / 8
	prf := p.newPRF(tweak, len(x), size)
	half, y := make([]byte, size), new(big.Int)
	for k := range ff1Rounds {
		i, mod := k, modU
		if decrypt {
			i = ff1Rounds - 1 - k
		}
		if i%2 == 1 {
			mod = modV
		}
		from := b
		if decrypt {
			from = a
		}
		y.SetBytes(prf.round(byte(i), from.FillBytes(half)))
		if decrypt {
			a, b = b.Mod(b.Sub(b, y), mod), a
		} else {
			a, b = b, a.Mod(a.Add(a, y), mod)
		}
	}
	digitsBig(x[:u], a, radix)
	digitsBig(x[u:], b, radix)
}

// ff1PRF is steps 6.i to 6.iii of the standard: CBC-MAC over P and Q, then as
// many bytes as the round needs.
type ff1PRF struct {
	block cipher.Block
	first [aes.BlockSize]byte // the MAC of P
	q     []byte              // tweak, zeros, round, half
	b     int                 // bytes of a half
	out   []byte              // d bytes and what is over of the last block
	d     int
}

func (p *ff1) newPRF(tweak []byte, n, b int) *ff1PRF {
	u := n / 2
	f := &ff1PRF{block: p.block, b: b, d: 4*((b+3)/4) + 4}
	f.first = [16]byte{1, 2, 1, byte(p.radix >> 16), byte(p.radix >> 8), byte(p.radix), ff1Rounds, byte(u)}
	binary.BigEndian.PutUint32(f.first[8:], uint32(n))
	binary.BigEndian.PutUint32(f.first[12:], uint32(len(tweak)))
	p.block.Encrypt(f.first[:], f.first[:])

	zeros := (aes.BlockSize - (len(tweak)+b+1)%aes.BlockSize) % aes.BlockSize
	f.q = make([]byte, len(tweak)+zeros+1+b)
	copy(f.q, tweak)
	f.out = make([]byte, (f.d+aes.BlockSize-1)/aes.BlockSize*aes.BlockSize)
	return f
}

// round returns the d bytes of round i; they are good until the next call.
func (f *ff1PRF) round(i byte, half []byte) []byte {
	f.q[len(f.q)-f.b-1] = i
	copy(f.q[len(f.q)-f.b:], half)
	r := (*[aes.BlockSize]byte)(f.out)
	*r = f.first
	for q := f.q; len(q) > 0; q = q[aes.BlockSize:] {
		for j := range r {
			r[j] ^= q[j]
		}
		f.block.Encrypt(r[:], r[:])
	}
	for j := 1; j*aes.BlockSize < f.d; j++ {
		next := f.out[j*aes.BlockSize:][:aes.BlockSize]
		copy(next, r[:])
		binary.BigEndian.PutUint64(next[8:], binary.BigEndian.Uint64(next[8:])^uint64(j))
		f.block.Encrypt(next, next)
	}
	return f.out[:f.d]
}

// reduce returns the big-endian number y modulo mod.
func reduce(y []byte, mod uint64) (r uint64) {
	for ; len(y) > 0; y = y[4:] {
		hi, lo := bits.Mul64(r, 1<<32)
		lo, carry := bits.Add64(lo, uint64(binary.BigEndian.Uint32(y)), 0)
		_, r = bits.Div64(hi+carry, lo, mod)
	}
	return r
}

// power64 returns radix^n if it is at most 2^63, so that a sum of two residues
// fits a word.
func power64(radix, n int) (uint64, bool) {
	p := uint64(1)
	for range n {
		hi, lo := bits.Mul64(p, uint64(radix))
		if hi != 0 || lo > 1<<63 {
			return 0, false
		}
		p = lo
	}
	return p, true
}

func byteLen(power uint64) int { return (bits.Len64(power-1) + 7) / 8 }

func number64(digits []uint16, radix int) (n uint64) {
	for _, d := range digits {
		n = n*uint64(radix) + uint64(d)
	}
	return n
}

func digits64(dst []uint16, n uint64, radix int) {
	for i := range slices.Backward(dst) {
		dst[i] = uint16(n % uint64(radix))
		n /= uint64(radix)
	}
}

func numberBig(digits []uint16, radix *big.Int) *big.Int {
	n, d := new(big.Int), new(big.Int)
	for _, digit := range digits {
		n.Add(n.Mul(n, radix), d.SetUint64(uint64(digit)))
	}
	return n
}

func digitsBig(dst []uint16, n, radix *big.Int) {
	rest, d := new(big.Int).Set(n), new(big.Int)
	for i := range slices.Backward(dst) {
		rest.QuoRem(rest, radix, d)
		dst[i] = uint16(d.Uint64())
	}
}
