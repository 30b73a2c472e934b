package anonymize

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	saidUnits = [...]string{"ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"}
	saidTeens = [...]string{"десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
		"восемнадцать", "девятнадцать"}
	saidTens = [...]string{"", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"}
)

// say says the digits one by one or in pairs.
func say(digits string, pairs bool) string {
	var words []string
	for i := 0; i < len(digits); i++ {
		d := digits[i] - '0'
		switch {
		case !pairs || i+1 == len(digits) || d == 0:
			words = append(words, saidUnits[d])
		case d == 1:
			i++
			words = append(words, saidTeens[digits[i]-'0'])
		default:
			i++
			words = append(words, saidTens[d])
			if digits[i] != '0' {
				words = append(words, saidUnits[digits[i]-'0'])
			}
		}
	}
	return strings.Join(words, " ")
}

// A value that was asked for and is dictated in pieces of any size leaves no piece behind, has one token, and its
// last digits, said again, have that token too.
func TestDictationInPieces(t *testing.T) {
	questions := map[Kind]string{PHONE: "продиктуйте номер телефона", CARD: "номер карты назовите", SNILS: "какой у вас снилс", INN: "ваш инн"}
	values := map[Kind]string{PHONE: "8916", CARD: "2200", SNILS: "", INN: "77"}
	lengths := map[Kind]int{PHONE: 11, CARD: 16, SNILS: 11, INN: 12}
	a := New(nil)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]Kind{PHONE, CARD, SNILS, INN}).Draw(t, "kind")
		digits := values[kind]
		for len(digits) < lengths[kind] {
			digits += string('1' + rune(rapid.IntRange(0, 8).Draw(t, "digit")))
		}
		s := a.Session(nil)
		turn := func(speaker, text string) string {
			m, err := s.Anonymize(context.Background(), Turn{speaker, text})
			require.NoError(t, err)
			return m.Text
		}
		require.Equal(t, questions[kind], turn("agent", questions[kind]))
		want := "[" + string(kind) + "_1]"
		for at := 0; at < len(digits); {
			n := min(rapid.IntRange(3, 6).Draw(t, "piece"), len(digits)-at)
			if rest := len(digits) - at - n; rest > 0 && rest < 3 {
				n += rest
			}
			said := say(digits[at:at+n], rapid.Bool().Draw(t, "pairs"))
			require.Equal(t, want, turn("client", said), said)
			require.Equal(t, "так", turn("agent", "так"))
			at += n
		}
		last := say(digits[len(digits)-4:], rapid.Bool().Draw(t, "pairs"))
		require.Equal(t, "последние четыре "+want+" верно", turn("agent", "последние четыре "+last+" верно"))
	})
}

// A failed turn leaves no trace in what was dictated.
func TestDictationIsRolledBack(t *testing.T) {
	vault := &moodyTokenizer{}
	s := New(&Options{Operators: map[Kind]Operator{PERSON: Tokenize(vault)}}).Session(nil)
	mask(t, s, "agent", "ваш телефон")
	require.Equal(t, "[PHONE_1]", mask(t, s, "client", "восемь девятьсот шестнадцать"))
	vault.broken = true
	_, err := s.Anonymize(context.Background(), Turn{"client", "сто двадцать три меня зовут Ирина"})
	require.Error(t, err)
	vault.broken = false
	require.Equal(t, "[PHONE_1]", mask(t, s, "client", "сто двадцать три сорок пять шестьдесят семь"))
	require.Equal(t, "[PHONE_1] верно", mask(t, s, "agent", "+7 916 123-45-67 верно"))
}

type moodyTokenizer struct{ broken bool }

func (m *moodyTokenizer) Token(context.Context, string, string) (string, error) {
	if m.broken {
		return "", context.Canceled
	}
	return "X", nil
}
