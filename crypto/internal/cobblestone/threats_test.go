package cobblestone

import (
	"crypto/aes"
	"encoding/binary"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestThreat02_TwoKeys makes a chunk that AES-GCM opens under two keys (Dodis, Grubbs,
// Ristenpart, Woodage, "Fast message franking", CRYPTO 2018) and shows that the commitment
// stops the body around it.
func TestThreat02_TwoKeys(t *testing.T) {
	context := []byte("context")
	var salt [saltSize]byte
	var commitments [2][commitmentSize]byte
	var keys [2]*Key
	var messages [2]*Message
	var gcm [2]gcmKey
	for i := range keys {
		raw := testKey()
		raw[0] = byte(i + 1)
		keys[i] = NewKey(raw)
		messages[i], commitments[i] = keys[i].derive(&salt, context)
		_, base, _ := referenceDerive(raw, salt[:], context)
		gcm[i] = newGCMKey(t, raw, salt[:], context, base.FillBytes(make([]byte, nonceSize)))
	}
	// tag = E ^ c·H^3 ^ x·H^2 ^ len·H must be equal for both, so
	// x = (E1^E2 ^ c·(H1^3^H2^3) ^ len·(H1^H2)) / (H1^2^H2^2).
	c := new(big.Int).SetBytes([]byte("two keys, 1 text"))
	bits := make([]byte, 16)
	binary.BigEndian.PutUint64(bits[8:], 32*8)
	length := new(big.Int).SetBytes(bits)
	xor := func(a, b *big.Int) *big.Int { return new(big.Int).Xor(a, b) }
	num := xor(gcm[0].mask, gcm[1].mask)
	num = xor(num, mul(c, xor(gcm[0].power(3), gcm[1].power(3))))
	num = xor(num, mul(length, xor(gcm[0].power(1), gcm[1].power(1))))
	x := mul(num, inverse(xor(gcm[0].power(2), gcm[1].power(2))))
	tag := gcm[0].mask
	tag = xor(tag, mul(c, gcm[0].power(3)))
	tag = xor(tag, mul(x, gcm[0].power(2)))
	tag = xor(tag, mul(length, gcm[0].power(1)))
	var chunk []byte
	for _, v := range []*big.Int{c, x, tag} {
		chunk = append(chunk, v.FillBytes(make([]byte, 16))...)
	}

	var plain [2]string
	for i, m := range messages {
		out, err := m.OpenChunk(nil, chunk, 0)
		require.NoError(t, err, "bare AES-GCM opens under key %d", i+1)
		plain[i] = string(out)
	}
	require.NotEqual(t, plain[0], plain[1])

	for i := range keys {
		body := append(append(salt[:len(salt):len(salt)], commitments[i][:]...), chunk...)
		_, err := keys[i].Open(nil, body, context)
		require.NoError(t, err)
		_, err = keys[1-i].Open(nil, body, context)
		require.ErrorIs(t, err, ErrOpen, "a body opens under one key alone")
	}
}

// A gcmKey is the hash key of AES-GCM and the mask of the tag.
type gcmKey struct{ h, mask *big.Int }

func newGCMKey(t *testing.T, raw, salt, context, nonce []byte) gcmKey {
	block, err := aes.NewCipher(referenceMessageKey(raw, salt, context))
	require.NoError(t, err)
	encrypt := func(b []byte) *big.Int {
		out := make([]byte, 16)
		block.Encrypt(out, b)
		return new(big.Int).SetBytes(out)
	}
	return gcmKey{h: encrypt(make([]byte, 16)), mask: encrypt(append(nonce[:12:12], 0, 0, 0, 1))}
}

func (k gcmKey) power(n int) *big.Int {
	out := k.h
	for range n - 1 {
		out = mul(out, k.h)
	}
	return out
}

// mul multiplies in GCM's field, in which the first bit of a block is the lowest (NIST SP
// 800-38D, section 6.3).
func mul(x, y *big.Int) *big.Int {
	r := new(big.Int).Lsh(big.NewInt(0xe1), 120)
	z, v := new(big.Int), new(big.Int).Set(y)
	for i := 127; i >= 0; i-- {
		if x.Bit(i) == 1 {
			z.Xor(z, v)
		}
		low := v.Bit(0)
		v.Rsh(v, 1)
		if low == 1 {
			v.Xor(v, r)
		}
	}
	return z
}

// inverse is x^(2^128-2).
func inverse(x *big.Int) *big.Int {
	out := new(big.Int).Lsh(big.NewInt(1), 127) // the field's one
	for i := 127; i >= 0; i-- {
		out = mul(out, out)
		if i > 0 {
			out = mul(out, x)
		}
	}
	return out
}

// TestThreat15_SecretCompare reads the packages that check commitments and tags: they compare
// with crypto/subtle or leave it to crypto/cipher.
func TestThreat15_SecretCompare(t *testing.T) {
	compared := false
	for _, dir := range []string{".", "../xaes", "../.."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			require.NoError(t, err)
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, _ := call.X.(*ast.Ident)
				if pkg == nil {
					return true
				}
				switch pkg.Name + "." + call.Sel.Name {
				case "subtle.ConstantTimeCompare":
					compared = true
				case "bytes.Equal", "bytes.Compare", "slices.Equal", "reflect.DeepEqual":
					// Wrapped keys and certificates are not secret.
					if name := filepath.Base(file); name != "wrap.go" && name != "tls.go" {
						t.Errorf("%s compares bytes with %s.%s", file, pkg.Name, call.Sel.Name)
					}
				}
				return true
			})
		}
	}
	require.True(t, compared, "the commitment is compared in constant time")
}
