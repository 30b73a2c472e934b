package tokenize

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNormalizerFor(t *testing.T) {
	for kind, want := range map[string]Normalizer{
		"PHONE": Phone, "EMAIL": Email, "PERSON": Name, "PASSWORD": Exact, "OTP": Exact, "SECRET": Exact,
		"CARD": Alnum, "INN": Alnum, "PLATE": Alnum, "KZ_IIN": Alnum, "US_SSN": Alnum, "NUMBER": Alnum,
		"ADDRESS": Text, "CARD_EXPIRY": Text, "URL_PROFILE": Exact, "HANDLE": Text, "IP": Text, "": Text, "X": Text, "PHONE ": Text,
	} {
		require.Equal(t, want, NormalizerFor(kind), kind)
	}
}

func TestFoldRefuses(t *testing.T) {
	for _, f := range foldings {
		for _, value := range []string{"", "\xff", "ё\xd1", strings.Repeat("x", MaxValue+1)} {
			got, err := f.name.Fold(value)
			require.ErrorIs(t, err, ErrValue)
			require.Empty(t, got)
		}
	}
	for _, n := range []Normalizer{"", "text", "text/2", "TEXT/1"} {
		_, err := n.Fold("x")
		require.Error(t, err)
	}
}

// Different values stay different: what is close but not the same.
func TestFoldKeepsApart(t *testing.T) {
	for n, pairs := range map[Normalizer][][2]string{
		Phone: {
			{"+79160000000", "+79160000001"}, {"+79160000000", "+79160000000 доб. 1"}, {"+74950000000 доб. 1", "+74950000000 доб. 01"},
			{"+79160000000", "9160000000 и ещё"}, {"123-45-67", "+1234567"}, {"+12025550123", "2025550123"},
		},
		Alnum: {{"4509 123456", "4509 123457"}, {"II-АБ 123456", "IIАВ 123456"}, {"--", "---"}},
		Name:  {{"Иванов", "Иванова"}, {"Кай", "Каи"}},
		Text:  {{"д. 5", "д. 5а"}, {" ", "  "}},
		Email: {{"ivan@example.ru", "ivan+1@example.ru"}, {"i.van@example.ru", "ivan@example.ru"}},
		Exact: {{"a", "A"}, {"ё", "е\u0308"}},
	} {
		for _, p := range pairs {
			a, err := n.Fold(p[0])
			require.NoError(t, err)
			b, err := n.Fold(p[1])
			require.NoError(t, err)
			require.NotEqual(t, a, b, "%s: %q, %q", n, p[0], p[1])
		}
	}
}

// digitRune relies on every range of category Nd being whole decades.
func TestDigitRune(t *testing.T) {
	for _, table := range unicode.Nd.R16 {
		require.EqualValues(t, 1, table.Stride)
		require.Zero(t, (table.Hi-table.Lo+1)%10, "%U", table.Lo)
	}
	for _, table := range unicode.Nd.R32 {
		require.EqualValues(t, 1, table.Stride)
		require.Zero(t, (table.Hi-table.Lo+1)%10, "%U", table.Lo)
	}
	for r, want := range map[rune]rune{'7': '7', '٣': '3', '۹': '9', '०': '0', '９': '9', '𝟙': '1', 'x': 'x'} {
		require.Equal(t, string(want), string(digitRune(r)))
	}
}

// Marks that meet other letters when something between them is dropped are
// where normal forms turn unstable.
func TestFoldIsStable(t *testing.T) {
	pieces := []string{
		"е", "ё", "а", "В", "a", "x", "σ", "Σ", "İ", "ß", "ﬁ", "ẛ", "ﷺ", "か", "ᄀ", "ᅡ", "ᆨ", "8", "٣", "+", "(", "-", "#", " ", "\u00a0", "\u200b",
		"\u0301", "\u0307", "\u0308", "\u0323", "\u0345", "\u034f", "\u0f71", "\u3099", "доб", ";ext=", strings.Repeat("\u0301", 31),
	}
	rapid.Check(t, func(t *rapid.T) {
		value := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(t, "pieces"), "")
		for _, rule := range foldings {
			once, err := rule.name.Fold(value)
			require.NoError(t, err)
			require.NotEmpty(t, once)
			twice, err := rule.name.Fold(once)
			require.NoError(t, err)
			require.Equal(t, once, twice, "%s of %q", rule.name, value)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, row := range []string{
		"8 (916) 000-00-00 доб. 1", " Улица  Ленина ", "İstanbul ΑΣ ﬁ", "а123вс77", "e\u0301\u200d\u0308", "\u1e9b\u0323", "ѐ", "+", "00", "#1",
		"89160000000#1;ext=2", "\u0345α", "ǅ", "ß", "①②", "½", "\u3000", "ﷺ",
	} {
		f.Add(row)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if checkValue(value) != nil {
			return
		}
		for _, rule := range foldings {
			once, err := rule.name.Fold(value)
			if err != nil || once == "" || !utf8.ValidString(once) {
				t.Fatalf("%s of %q is %q, %v", rule.name, value, once, err)
			}
			if len(once) > MaxValue {
				continue // NFKC writes some letters as many
			}
			if twice, err := rule.name.Fold(once); twice != once || err != nil {
				t.Fatalf("%s of %q is %q, and of that %q, %v", rule.name, value, once, twice, err)
			}
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, row := range []struct {
		rule  Normalizer
		value string
	}{{Phone, "8 (916) 000-00-00"}, {Name, "Семён Бубликов"}, {Alnum, "4509 123456"}, {Email, "semyon@example.ru"}} {
		b.Run(string(row.rule), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.rule.Fold(row.value)
			}
		})
	}
}
