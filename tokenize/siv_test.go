package tokenize

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

// RFC 5297 appendix A.
var sivVectors = []struct {
	name, key string
	ad        []string
	plain     string
	box       string
}{
	{
		"A.1 deterministic",
		"fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff",
		[]string{"10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627"},
		"11223344 55667788 99aabbcc ddee",
		"85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c",
	},
	{
		"A.2 nonce-based",
		"7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f",
		[]string{
			"00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544 33221100",
			"10203040 50607080 90a0",
			"09f91102 9d74e35b d84156c5 635688c0",
		},
		"74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573 696e6720 5349562d 414553",
		"7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17 dba77ceb 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d",
	},
}

func TestSIVVectors(t *testing.T) {
	for _, v := range sivVectors {
		t.Run(v.name, func(t *testing.T) {
			s, err := NewSIV(unhex(t, v.key))
			require.NoError(t, err)
			var ad [][]byte
			for _, a := range v.ad {
				ad = append(ad, unhex(t, a))
			}
			box := s.Seal([]byte("kept"), unhex(t, v.plain), ad...)
			require.Equal(t, append([]byte("kept"), unhex(t, v.box)...), box)
			plain, err := s.Open([]byte("kept"), box[4:], ad...)
			require.NoError(t, err)
			require.Equal(t, append([]byte("kept"), unhex(t, v.plain)...), plain)
		})
	}
}

// Plaintexts 00 01 02 … of every length about the block, under the key
// 00 01 … 3f and the components "ad" and "0123456789abcdef", as the package
// cryptography for Python (AESSIV) seals them.
func TestSIVLengths(t *testing.T) {
	key := make([]byte, 64)
	for i := range key {
		key[i] = byte(i)
	}
	s, err := NewSIV(key)
	require.NoError(t, err)
	for n, want := range map[int]string{
		1:  "9948a0894535b567835d502bc556aaf70c",
		15: "1fb229e442d997fa254cc8c79cce7cf035214a2a46c40ddd36d4cd48e49428",
		16: "98bd655a7242046f649580e90c03880e5ed55d518059c93206c8cb96ac899816",
		17: "a9b1f573cd376a38e72dad754b58d55a496dc5896f1251ac9759dd43982b21cbdc",
		31: "2952aeef6ccaaf9d78b26ad3630b85172223eddb63e00d54f9a0b39bb1ba8c50e853b515e9a7f6223e6abefb43ba29",
		32: "a856a944dba53f2b54f0c16898117093c2f5123178d3dd10aafe860a71be44cd589ab7bfdc76fe8b8cfd436772896b0c",
		33: "fd614e76cdb0d913025a957c721954103399e34b31a39e25d55bf7094e4907be480c8641cca3a0e3e635fcc46d54f4d7dc",
		48: "2e8781dda4e3aff787c675cdb3f89487296a558f91bc22b18fc4117caf81a86825f262cbc7c4fd68cb8550dc8ae458d9e929936e38ed6df9a5842e32706a12b1",
	} {
		require.Equal(t, want, hex.EncodeToString(s.Seal(nil, key[:n], []byte("ad"), []byte("0123456789abcdef"))), "%d bytes", n)
	}
}

func TestSIVRefusesEveryChangedBit(t *testing.T) {
	s, err := NewSIV(bytes.Repeat([]byte{7}, 64))
	require.NoError(t, err)
	for _, size := range []int{0, 1, 15, 16, 17, 40} {
		box := s.Seal(nil, make([]byte, size), []byte("ad"))
		for bit := range len(box) * 8 {
			box[bit/8] ^= 1 << (bit % 8)
			got, err := s.Open(nil, box, []byte("ad"))
			require.ErrorIs(t, err, ErrInvalid)
			require.Nil(t, got)
			box[bit/8] ^= 1 << (bit % 8)
		}
		for cut := range box {
			_, err := s.Open(nil, box[:cut], []byte("ad"))
			require.ErrorIs(t, err, ErrInvalid)
		}
	}
}

// ad is a list: the same bytes cut otherwise are other associated data.
func TestSIVComponents(t *testing.T) {
	s, err := NewSIV(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	box := s.Seal(nil, []byte("x"), []byte("a"), []byte("bc"))
	for _, ad := range [][][]byte{
		{[]byte("ab"), []byte("c")}, {[]byte("abc")}, {[]byte("a"), []byte("bc"), nil}, {nil, []byte("a"), []byte("bc")},
		{[]byte("bc"), []byte("a")}, nil, make([][]byte, 127),
	} {
		_, err := s.Open(nil, box, ad...)
		require.ErrorIs(t, err, ErrInvalid)
	}
	require.Panics(t, func() { s.Seal(nil, nil, make([][]byte, 127)...) })
}

func TestSIVKeySizes(t *testing.T) {
	for size := range 130 {
		_, err := NewSIV(make([]byte, size))
		require.Equal(t, size == 32 || size == 48 || size == 64, err == nil, size)
	}
}

func TestSIVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{32, 48, 64}).Draw(t, "size")
		s, err := NewSIV(rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "key"))
		require.NoError(t, err)
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		ad := rapid.SliceOf(rapid.Byte()).Draw(t, "ad")
		box := s.Seal(nil, plain, ad)
		require.Equal(t, box, s.Seal(nil, plain, ad))
		got, err := s.Open(nil, box, ad)
		require.NoError(t, err)
		require.True(t, bytes.Equal(plain, got))
	})
}

func BenchmarkSIV(b *testing.B) {
	s, err := NewSIV(make([]byte, 64))
	require.NoError(b, err)
	plain, ad, dst := []byte("+79160000000"), []byte("[PHONE:s1:"), make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		s.Seal(dst, plain, ad)
	}
}
