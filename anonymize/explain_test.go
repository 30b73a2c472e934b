package anonymize

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Мой ИНН 500100732259.", "INN 14-26 0.95 inn/checksum-12: the digits are checked; its check digits are right; a word for inn stands 1 before"},
		{"ИНН 500100732258", "its check digits are wrong, the words around outweigh them"},
		{"+7 916 123-45-67", "a plus sign before enough digits"},
		{"код из смс 481516", "a word for otp stands"},
	} {
		all := New(nil).Explain(c.text)
		require.Len(t, all, 1, c.text)
		assert.Contains(t, all[0].String(), c.want)
	}
}

func TestExplanationsHaveNothingOfTheText(t *testing.T) {
	files, err := filepath.Glob("testdata/find/*.txt")
	require.NoError(t, err)
	a := New(nil)
	for _, name := range files {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, line := range strings.Split(string(b), "\n") {
			text, _, err := Unmark(line)
			require.NoError(t, err)
			for _, e := range a.Explain(text) {
				if value := text[e.Start:e.End]; len(value) > 5 {
					assert.False(t, strings.Contains(e.String(), value), "%s repeats a value", e.Rule)
				}
			}
		}
	}
}
