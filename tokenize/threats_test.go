package tokenize

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The threats to tokens have tests named after their numbers in docs/threats.md:
// 16 and 18 beside what they test, 17 and 21 here.

// The phone behind an unkeyed hash is found by trying all 10^9. So nothing here
// hashes but under a key, and no key is short enough to be tried.
func TestThreat17_BruteForce(t *testing.T) {
	for _, size := range []int{0, 1, 16, SecretSize - 1} {
		_, err := NewKeyring(1, map[uint32][]byte{1: secret(1)[:size]})
		require.Error(t, err, "a secret of %d bytes", size)
	}
	for _, size := range []int{0, 1, 15} {
		_, err := NewFF1(secret(1)[:size], 10)
		require.Error(t, err, "a key of %d bytes", size)
		_, err = NewSIV(secret(1)[:size])
		require.Error(t, err, "a key of %d bytes", size)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	hash := regexp.MustCompile(`\b(?:sha\d+|md5|crc32|fnv|maphash)\.\w+\(?`)
	keyed := regexp.MustCompile(`hmac\.New\(sha256\.New, key\)|hkdf\.Key\(sha256\.New, secret,|sha256\.Size\b`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		found += len(keyed.FindAll(b, -1))
		require.Empty(t, hash.FindAllString(keyed.ReplaceAllString(string(b), ""), -1), "%s hashes without a key", name)
	}
	require.Greater(t, found, 4)
}

// Nobody makes a token without the key: what is invented, changed, or made in
// another scope is no token of a vault or of a reversible one. A number of
// Format proves nothing, so it opens only through the Format of its scope.
func TestThreat21_TokenForgery(t *testing.T) {
	v, r := testVault(t, new(MemStore), nil), newReversible(t, testRing(t, 1), Tenant("ромашка"))
	rnd := rand.New(rand.NewPCG(1, 2))
	vaultToken := token(t, v, "PHONE", "+79160000000")
	sealed, err := r.Token(ctx, "PHONE", "+79160000000")
	require.NoError(t, err)
	for _, given := range []string{vaultToken, sealed} {
		prefix := given[:strings.LastIndexByte(given, ':')+1]
		for range 2_000 {
			body := []byte(given[len(prefix) : len(given)-1])
			for i := range body {
				body[i] = bodyAlphabet[rnd.IntN(len(bodyAlphabet))]
			}
			forged := prefix + string(body) + "]"
			_, ok := Parse(forged)
			require.True(t, ok)
			require.Error(t, reveal(t, v, forged)[0].Err)
			_, err := r.Detokenize(forged)
			require.Error(t, err)
		}
	}

	f := newFormat(t, RussianMobile)
	number, version, err := f.Encrypt("+79160000000")
	require.NoError(t, err)
	require.Error(t, reveal(t, v, number)[0].Err)
	_, err = r.Detokenize(number)
	require.ErrorIs(t, err, ErrToken)
	other, err := NewFormat(testRing(t, 1), Tenant("лютик"), RussianMobile)
	require.NoError(t, err)
	back, err := other.Decrypt(version, number)
	require.NoError(t, err, "any number of the shape opens")
	require.NotEqual(t, "+79160000000", back.Reveal(), "but under another scope to another one")
}
