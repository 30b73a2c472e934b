package tokenize

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const body30 = "bcdfghjkmnpqrstvbcdfghjkmnpqrs"

// Vectors of grammar and search are in testdata/tokens.json; here is what a
// table of texts does not show.

func TestParseBounds(t *testing.T) {
	kind32 := strings.Repeat("K", MaxKind)
	for text, want := range map[string]bool{
		"[" + kind32 + "_999999]":                                             true,
		"[" + kind32 + "K_1]":                                                 false,
		"[PHONE_1000000]":                                                     false,
		"[PHONE:v999999:" + body30 + "]":                                      true,
		"[PHONE:v1000000:" + body30 + "]":                                     false,
		"[" + kind32 + ":k1:" + body30 + "]":                                  true,
		"[K:s1:" + strings.Repeat("b", 34) + "]":                              true,
		"[K:s1:" + strings.Repeat("b", 35) + "]":                              false,
		"[K:s1:" + strings.Repeat("b", 32) + "]":                              false,
		"[K:s1:" + strings.Repeat("b", 2*(MaxReversible+sivOverhead)) + "]":   true,
		"[K:s1:" + strings.Repeat("b", 2*(MaxReversible+sivOverhead)+2) + "]": false,
		"[K123456_999999]":                                                    true,
		"[K1234567_1]":                                                        false,
	} {
		_, ok := Parse(text)
		require.Equal(t, want, ok, text)
	}
}

func drawToken(t *rapid.T) Token {
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		n := rapid.SampledFrom(nouns).Draw(t, "noun")
		return Token{Form: FormLabel, Kind: "PERSON", Noun: n.word, Number: rapid.IntRange(1, MaxNumber).Draw(t, "n")}
	case 1:
		return Token{Form: FormNumber, Kind: drawKind(t), Number: rapid.IntRange(1, MaxNumber).Draw(t, "n")}
	}
	form := rapid.SampledFrom([]Form{FormVault, FormOpaque, FormReversible}).Draw(t, "keyed")
	size := tokenBytes
	if form == FormReversible {
		size = rapid.IntRange(sivOverhead+1, 80).Draw(t, "size")
	}
	body := appendBody(nil, rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "body"))
	return Token{Form: form, Kind: drawKind(t), Version: rapid.Uint32Range(1, MaxVersion).Draw(t, "version"), Body: string(body)}
}

func drawKind(t *rapid.T) string {
	return rapid.StringMatching(`[A-Z][A-Z_]{0,12}[0-9]{0,6}[A-Z_]{0,12}`).Draw(t, "kind")
}

func TestTokenTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tok := drawToken(t)
		text := tok.String()
		require.NotEmpty(t, text)
		got, ok := Parse(text)
		require.True(t, ok, text)
		require.Equal(t, tok, got)
		const before = "Звонил "
		require.Equal(t, []Match{{len(before), len(before + text), tok}}, AppendMatches(nil, before+text+"!"), text)
	})
}

// A run of seven digits is what strict masking takes for personal data.
func TestTokenHasNoLongNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := 0
		for _, c := range []byte(drawToken(t).String()) {
			if run++; !isDigit(c) {
				run = 0
			}
			require.Less(t, run, 7)
		}
	})
}

func TestTokenStringRefusesNonsense(t *testing.T) {
	for _, tok := range []Token{
		{},
		{Form: 'x', Kind: "PHONE", Version: 1, Body: body30},
		{Form: FormLabel, Kind: "PERSON", Noun: "Manager", Number: 1},
		{Form: FormLabel, Kind: "PERSON", Noun: "Customer", Number: 0},
		{Form: FormLabel, Kind: "PERSON", Noun: "Customer", Number: -1},
		{Form: FormLabel, Kind: "PHONE", Noun: "Customer", Number: 1},
		{Form: FormNumber, Kind: "phone", Number: 1},
		{Form: FormNumber, Kind: "PHONE", Number: 0},
		{Form: FormNumber, Kind: "PHONE", Number: 1, Body: body30},
		{Form: FormVault, Kind: "PHONE", Version: 0, Body: body30},
		{Form: FormVault, Kind: "PHONE", Version: 1, Body: "aeiou"},
		{Form: FormVault, Kind: "PHONE]", Version: 1, Body: body30},
	} {
		require.Empty(t, tok.String(), "%#v", tok)
	}
}

func TestLetters(t *testing.T) {
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"} {
		require.Equal(t, want, letters(n, latin))
	}
	for n, want := range map[int]string{1: "А", 2: "Б", 3: "Г", 16: "Я", 17: "АА", 18: "АБ", 272: "ЯЯ", 273: "ААА"} {
		require.Equal(t, want, letters(n, cyrillic))
	}
}

func TestMatchesAreLinear(t *testing.T) {
	for _, unit := range []string{"[", "[A", "[A:s1:b", "[A:s1:" + strings.Repeat("b", 100), "Customer ", "Клиент А", "[A_1"} {
		require.NotPanics(t, func() { AppendMatches(nil, strings.Repeat(unit, 1<<20/len(unit))) })
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Customer A", "Клиент АБ", "[PHONE_1]", "[PHONE:v1:" + body30 + "]", "[K:s1:" + body30 + "bbbb]", "[[PHONE_1]]", "[_1]", "\xff[A_1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if tok, ok := Parse(text); ok && tok.String() != text {
			t.Fatalf("%q parses as %#v, which writes %q", text, tok, tok.String())
		}
		end := 0
		for _, m := range AppendMatches(nil, text) {
			if m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("match %d-%d after %d in %d bytes", m.Start, m.End, end, len(text))
			}
			end = m.End
			if got, ok := Parse(text[m.Start:m.End]); !ok || got != m.Token {
				t.Fatalf("match %q does not parse as itself", text[m.Start:m.End])
			}
			if !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("match %q is off a rune border", text[m.Start:m.End])
			}
		}
	})
}

func BenchmarkAppendMatches(b *testing.B) {
	text := strings.Repeat("Клиент А просит перезвонить на [PHONE_1] или [PHONE:v1:"+body30+"], договор 17. ", 100)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var dst []Match
	for b.Loop() {
		dst = AppendMatches(dst[:0], text)
	}
}
