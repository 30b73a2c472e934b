package tokenize

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	nist128 = "2B7E151628AED2A6ABF7158809CF4F3C"
	nist192 = nist128 + "EF4359D8D580AA4F"
	nist256 = nist192 + "7F036D6F04FC6A94"
)

// NIST, "FF1 samples", the nine examples of SP 800-38G.
var ff1Vectors = []struct {
	key, tweak   string
	radix        int
	plain, crypt string
}{
	{nist128, "", 10, "0123456789", "2433477484"},
	{nist128, "39383736353433323130", 10, "0123456789", "6124200773"},
	{nist128, "3737373770717273373737", 36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
	{nist192, "", 10, "0123456789", "2830668132"},
	{nist192, "39383736353433323130", 10, "0123456789", "2496655549"},
	{nist192, "3737373770717273373737", 36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
	{nist256, "", 10, "0123456789", "6657667009"},
	{nist256, "39383736353433323130", 10, "0123456789", "1001623463"},
	{nist256, "3737373770717273373737", 36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"},
}

func numerals(t testing.TB, s string) []uint16 {
	var x []uint16
	for _, r := range s {
		n, err := strconv.ParseUint(string(r), 36, 16)
		require.NoError(t, err)
		x = append(x, uint16(n))
	}
	return x
}

func TestFF1Vectors(t *testing.T) {
	for _, v := range ff1Vectors {
		f, err := NewFF1(unhex(t, v.key), v.radix)
		require.NoError(t, err)
		plain, crypt, tweak := numerals(t, v.plain), numerals(t, v.crypt), unhex(t, v.tweak)
		got, err := f.Encrypt(tweak, plain)
		require.NoError(t, err)
		require.Equal(t, crypt, got)
		got, err = f.Decrypt(tweak, crypt)
		require.NoError(t, err)
		require.Equal(t, plain, got)
		require.Equal(t, numerals(t, v.plain), plain, "argument unchanged")
	}
}

func TestFF1Domain(t *testing.T) {
	for _, row := range []struct{ radix, least int }{
		{2, 20}, {3, 13}, {10, 6}, {36, 4}, {62, 4}, {99, 4}, {100, 3}, {999, 3}, {1000, 2}, {65535, 2}, {65536, 2},
	} {
		f, err := NewFF1(make([]byte, 16), row.radix)
		require.NoError(t, err)
		_, err = f.Encrypt(nil, make([]uint16, row.least))
		require.NoError(t, err, "radix %d", row.radix)
		for _, n := range []int{0, 1, row.least - 1, maxFF1 + 1} {
			_, err = f.Encrypt(nil, make([]uint16, n))
			require.ErrorIs(t, err, ErrDomain, "radix %d, %d digits", row.radix, n)
			_, err = f.Decrypt(nil, make([]uint16, n))
			require.ErrorIs(t, err, ErrDomain)
		}
		if row.radix < 65536 {
			wrong := make([]uint16, row.least)
			wrong[0] = uint16(row.radix)
			_, err = f.Encrypt(nil, wrong)
			require.ErrorIs(t, err, ErrDomain)
		}
		_, err = f.Encrypt(make([]byte, maxFF1+1), make([]uint16, row.least))
		require.ErrorIs(t, err, ErrDomain)
	}
	for _, radix := range []int{-1, 0, 1, 65537} {
		_, err := NewFF1(make([]byte, 16), radix)
		require.Error(t, err)
	}
	for _, size := range []int{0, 15, 17, 33} {
		_, err := NewFF1(make([]byte, size), 10)
		require.Error(t, err)
	}
}

func drawFF1(t *rapid.T) (f *FF1, tweak []byte, x []uint16) {
	radix := rapid.OneOf(rapid.IntRange(2, 65536), rapid.SampledFrom([]int{2, 10, 16, 36, 256, 65536})).Draw(t, "radix")
	f, err := NewFF1(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"), radix)
	require.NoError(t, err)
	tweak = rapid.SliceOf(rapid.Byte()).Draw(t, "tweak")
	digit := rapid.Uint16Range(0, uint16(radix-1))
	return f, tweak, rapid.SliceOfN(digit, f.p().minLen, f.p().minLen+60).Draw(t, "x")
}

func TestFF1RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, tweak, x := drawFF1(t)
		y, err := f.Encrypt(tweak, x)
		require.NoError(t, err)
		require.Len(t, y, len(x))
		back, err := f.Decrypt(tweak, y)
		require.NoError(t, err)
		require.Equal(t, x, back)
	})
}

// The cipher in words and the cipher in big numbers are one cipher.
func TestFF1WordsAgreeWithBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, tweak, x := drawFF1(t)
		modV, ok := power64(f.p().radix, len(x)-len(x)/2)
		if !ok {
			t.Skip("halves do not fit a word")
		}
		for _, decrypt := range []bool{false, true} {
			words, big := slices.Clone(x), slices.Clone(x)
			f.p().feistel64(tweak, words, modV, decrypt)
			f.p().feistelBig(tweak, big, decrypt)
			require.Equal(t, big, words)
		}
	})
}

// FF1 on a whole small domain is a permutation.
func TestFF1Permutes(t *testing.T) {
	if testing.Short() {
		t.Skip("a million encryptions")
	}
	f, err := NewFF1(make([]byte, 16), 1000)
	require.NoError(t, err)
	seen := make([]bool, 1_000_000)
	for i := range seen {
		y, err := f.Encrypt(nil, []uint16{uint16(i / 1000), uint16(i % 1000)})
		require.NoError(t, err)
		j := int(y[0])*1000 + int(y[1])
		require.False(t, seen[j])
		seen[j] = true
	}
}

func BenchmarkFF1(b *testing.B) {
	f, err := NewFF1(make([]byte, 32), 10)
	require.NoError(b, err)
	x := []uint16{9, 1, 6, 1, 2, 3, 4, 5, 6, 7}
	modV, _ := power64(10, 5)
	b.Run("words", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.p().feistel64([]byte("79"), x, modV, false)
		}
	})
	b.Run("big", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.p().feistelBig([]byte("79"), x, false)
		}
	})
}
