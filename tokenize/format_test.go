package tokenize

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func newFormat(t testing.TB, s Shape) *Format {
	t.Helper()
	f, err := NewFormat(testRing(t, 2), Tenant("a"), s)
	require.NoError(t, err)
	return f
}

func TestFormatKeepsWhatItSays(t *testing.T) {
	for _, row := range []struct {
		shape      Shape
		value      string
		head, tail string
	}{
		{RussianMobile, "+7 (916) 000-00-00", "+7 (9", ""},
		{RussianMobile, "8-916-000-00-00", "8-9", ""},
		{RussianMobile, "9160000000", "9", ""},
		{Card, "4000 0000 0000 0002", "", " 0002"},
		{Card, "4000-0000-0000-0002", "", "-0002"},
		{SNILS, "112-233-445 95", "", ""},
		{Passport, "45 09 123456", "", ""},
	} {
		f := newFormat(t, row.shape)
		text, version, err := f.Encrypt(row.value)
		require.NoError(t, err, row.value)
		require.EqualValues(t, 2, version)
		require.NotEqual(t, row.value, text)
		require.True(t, strings.HasPrefix(text, row.head), text)
		require.True(t, strings.HasSuffix(text, row.tail), text)
		blank := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return '0'
				}
				return r
			}, s)
		}
		require.Equal(t, blank(row.value), blank(text), "separators stay")
	}
}

// However it is written, one phone has one result.
func TestFormatMobileSpellings(t *testing.T) {
	f := newFormat(t, RussianMobile)
	tails := map[string]bool{}
	for _, value := range []string{"+79160000000", "89160000000", "7 916 000 00 00", "9160000000"} {
		text, _, err := f.Encrypt(value)
		require.NoError(t, err)
		digits, _ := shapeDigits(text)
		tails[string(digits[len(digits)-10:])] = true
	}
	require.Len(t, tails, 1)
}

func TestFormatRefuses(t *testing.T) {
	for shape, values := range map[Shape][]string{
		RussianMobile: {"", "+74950000000", "916000000", "+791600000000", "+7916000000O", "+79160000000 Иван", "٩١٦٠٠٠٠٠٠٠", "19160000000"},
		Card:          {"4000 0000 0000 0003", "400000000002", "40000000000000000002", "карта 4000 0000 0000 0002", "4000_0000_0000_0002"},
		INN:           {"500100732258", "50010073225", "5001007322599", "1234567890", "12345678901"},
		SNILS:         {"112-233-445 96", "112-233-445", "112-233-445 9", "112-233-445 955"},
		Passport:      {"45 09 12345", "45 09 1234567", "45 09 № 123456", strings.Repeat(" ", 60) + "4509123456"},
	} {
		f := newFormat(t, shape)
		for _, value := range values {
			text, version, err := f.Encrypt(value)
			require.ErrorIs(t, err, ErrShape, value)
			require.Empty(t, text)
			require.Zero(t, version)
			back, err := f.Decrypt(2, value)
			if shape == Card || shape == INN || shape == SNILS {
				continue // a wrong check may be just the wrong one of a result
			}
			require.ErrorIs(t, err, ErrShape, value)
			require.Equal(t, Value{}, back)
		}
	}
	for _, s := range []Shape{0, Passport + 1} {
		_, err := NewFormat(testRing(t, 1), Tenant("a"), s)
		require.ErrorIs(t, err, ErrShape)
	}
	_, err := newFormat(t, Passport).Decrypt(3, "4509123456")
	require.ErrorIs(t, err, ErrUnknownKey)
}

// drawNumber makes a right number of a shape by rules of its own.
func drawNumber(t *rapid.T, s Shape) string {
	digits := func(n int) string { return rapid.StringMatching(fmt.Sprintf("[0-9]{%d}", n)).Draw(t, "digits") }
	switch s {
	case RussianMobile:
		return "+79" + digits(9)
	case Card:
		d := digits(rapid.IntRange(12, 18).Draw(t, "n"))
		for c := '0'; ; c++ {
			if luhn(d + string(c)) {
				return d + string(c)
			}
		}
	case INN:
		if rapid.Bool().Draw(t, "company") {
			d := []byte(digits(9) + "0")
			_, want := innCheck(d)
			return string(d[:9]) + want
		}
		d := []byte(digits(10) + "00")
		_, want := innCheck(d)
		return string(d[:10]) + want
	case SNILS:
		d := []byte(digits(9) + "00")
		_, want := snilsCheck(d)
		return string(d[:9]) + want
	}
	return digits(10)
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		v := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			v = v*2/10 + v*2%10
		}
		sum += v
	}
	return sum%10 == 0
}

func TestFormatRoundTrip(t *testing.T) {
	for _, row := range shapes {
		f := newFormat(t, row.id)
		t.Run(row.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				value := drawNumber(t, row.id)
				text, version, err := f.Encrypt(value)
				require.NoError(t, err, value)
				require.Len(t, text, len(value))
				back, err := f.Decrypt(version, text)
				require.NoError(t, err)
				require.Equal(t, value, back.Reveal())
				if row.check == nil {
					return
				}
				// Neither way takes what the other gives.
				_, _, err = f.Encrypt(text)
				require.ErrorIs(t, err, ErrShape, text)
				_, err = f.Decrypt(version, value)
				require.ErrorIs(t, err, ErrShape, value)
				if row.id == Card {
					require.False(t, luhn(text), text)
				}
			})
		})
	}
}

// Rules of the check digits against numbers with known ones; the rule of SNILS
// has its corners where the sum passes 100.
func TestCheckDigits(t *testing.T) {
	for _, row := range []struct {
		check func([]byte) (int, string)
		value string
	}{
		{innCheck, "500100732259"},
		{innCheck, "1234567894"},
		{snilsCheck, "11223344595"},
		{snilsCheck, "92000000300"}, // sum 100
		{snilsCheck, "92000000400"}, // 101
		{snilsCheck, "92000000501"}, // 102
		{snilsCheck, "99600002098"}, // 199
		{snilsCheck, "99610000000"}, // 201
		{snilsCheck, "99610000100"}, // 202
		{cardCheck, "4000000000000002"},
		{cardCheck, "378282246310005"},
	} {
		at, want := row.check([]byte(row.value))
		require.Equal(t, row.value[at:at+len(want)], want, row.value)
	}
}

func TestFormatScopesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, scope := range []Scope{Tenant("a"), Tenant("b"), Conversation("a", "1")} {
		for _, active := range []uint32{1, 2} {
			f, err := NewFormat(testRing(t, active), scope, Passport)
			require.NoError(t, err)
			text, _, err := f.Encrypt("4509123456")
			require.NoError(t, err)
			require.False(t, seen[text])
			seen[text] = true
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, s := range []string{"+7 (916) 000-00-00", "4000 0000 0000 0002", "500100732259", "112-233-445 95", "45 09 123456", "", "9"} {
		f.Add(s)
	}
	var all []*Format
	for _, row := range shapes {
		all = append(all, newFormat(f, row.id))
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, format := range all {
			if text, version, err := format.Encrypt(value); err == nil {
				if back, err := format.Decrypt(version, text); err != nil || back.Reveal() != value {
					t.Fatalf("%s: %q -> %q -> %q, %v", format.p().shape.name, value, text, back.Reveal(), err)
				}
			}
			if back, err := format.Decrypt(2, value); err == nil {
				if text, _, err := format.Encrypt(back.Reveal()); err != nil || text != value {
					t.Fatalf("%s: %q <- %q, again %q, %v", format.p().shape.name, back.Reveal(), value, text, err)
				}
			}
		}
	})
}

func BenchmarkFormat(b *testing.B) {
	f := newFormat(b, RussianMobile)
	b.ReportAllocs()
	for b.Loop() {
		f.Encrypt("+79160000000")
	}
}
