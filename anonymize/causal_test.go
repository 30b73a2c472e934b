package anonymize

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// letOut gives the turns whose number words the session let out and the whole conversation hides.
func letOut(t require.TestingT, turns []Turn) []int {
	a := New(nil)
	whole, err := a.Conversation(context.Background(), Conversation{Turns: turns})
	require.NoError(t, err)
	s := a.Session(nil)
	var out []int
	for i, turn := range turns {
		m, err := s.Anonymize(context.Background(), turn)
		require.NoError(t, err)
		if saidIn(m.Text) > saidIn(whole.Turns[i].Text) {
			out = append(out, i)
		}
	}
	return out
}

// saidIn counts the words of a text that say digits.
func saidIn(text string) int {
	var t Text
	t.read(text)
	n := 0
	for i := range t.tok {
		if t.spokenAt(i) || t.tok[i].kind == numberToken {
			n++
		}
	}
	return n
}

// Masking turn by turn lets out no piece of a dictated value that stands after an anchor or a question and that masking the
// whole conversation hides, wherever the value is divided and whoever repeats a piece.
func TestSessionLetsNothingOut(t *testing.T) {
	values := []struct {
		ask, anchor, prefix string
		length              int
	}{
		{"продиктуйте номер телефона", "телефон", "8916", 11}, {"номер карты назовите", "карта", "2200", 16}, {"какой у вас снилс", "снилс", "", 11},
		{"ваш инн", "инн", "77", 12}, {"паспорт серия номер", "паспорт", "4518", 10}, {"огрн скажите", "огрн", "1", 13},
		{"расчётный счёт диктуйте", "расчётный счёт", "40702810", 20}, {"номер прав", "права", "9925", 10}, {"полис омс назовите", "полис омс", "", 16},
	}
	rapid.Check(t, func(t *rapid.T) {
		v := values[rapid.IntRange(0, len(values)-1).Draw(t, "kind")]
		digits := v.prefix
		for len(digits) < v.length {
			digits += string('1' + rune(rapid.IntRange(0, 8).Draw(t, "digit")))
		}
		anchored := rapid.Bool().Draw(t, "anchored")
		turns := []Turn{{"agent", v.ask}}
		if anchored {
			turns[0].Text = "слушаю вас"
		}
		for at := 0; at < len(digits); {
			n := min(rapid.IntRange(3, 6).Draw(t, "piece"), len(digits)-at)
			if rest := len(digits) - at - n; rest > 0 && rest < 3 {
				n += rest
			}
			said := say(digits[at:at+n], rapid.Bool().Draw(t, "pairs"))
			if anchored && at == 0 {
				said = v.anchor + " " + said
			}
			answer := rapid.SampledFrom([]string{"так", "дальше", "ага", "так " + say(digits[at:at+n], true)}).Draw(t, "answer")
			turns = append(turns, Turn{"client", said}, Turn{"agent", answer})
			at += n
		}
		if out := letOut(t, turns); len(out) > 0 {
			var text []string
			for _, turn := range turns {
				text = append(text, turn.Text)
			}
			t.Fatalf("turns %v let something out: %s", out, strings.Join(text, " | "))
		}
	})
}

// TestLetOutSees holds the measure of the test above to a conversation in which something gets out: a piece before its anchor.
func TestLetOutSees(t *testing.T) {
	require.Equal(t, []int{0}, letOut(t, []Turn{
		{"client", "там триста сорок пять шестьдесят семь восемьдесят девять"}, {"agent", "что это"},
		{"client", "телефон восемь девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять"},
	}))
}
