package anonymize

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize/internal/soup"
)

// soupSigns stand between the words of a soup.
var soupSigns = []string{", ", ". ", "\n", "-", ": ", "  ", "1", "12", "123", "4518", "123456", "79161234567", "@", "(", ")", "\"", "«", "»", ":", "—", "/", "№", "&", "*",
	"[PERSON_1]", "Customer A", "\xd0", "й", "ё"}

// newSoup has every word that a rule asks for by name, and what real messages consist of.
func newSoup(t *testing.T, rounds int) (*soup.Soup, int) {
	return soup.New(t, rounds, "*.go", "testdata/find/*.txt")
}

func TestSoupFind(t *testing.T) {
	s, n := newSoup(t, 20_000)
	plain, strict := New(nil), New(&Options{Strict: true, MinScore: 0.1, Places: true})
	for range n {
		text := s.Text(8, soupSigns...)
		for _, a := range []*Analyzer{plain, strict} {
			spans := a.Find(text)
			checkSpans(t, text, spans)
			if all := findEverywhere(a, text); !slices.Equal(spans, all) {
				t.Errorf("%q: triggers pass over a span:\n got %v\nwant %v", text, spans, all)
			}
		}
	}
}

func TestSoupConversation(t *testing.T) {
	s, n := newSoup(t, 1_000)
	a := New(nil)
	for range n {
		var c Conversation
		for i := range s.Int(6) + 1 {
			c.Turns = append(c.Turns, Turn{[...]string{"agent", "client"}[i%2], strings.ToValidUTF8(s.Text(12, soupSigns...), "")})
		}
		r, err := a.Conversation(context.Background(), c)
		require.NoError(t, err, "%q", c.Turns)
		checkUndo(t, c.Turns, r.Turns, r.Mapping)
		session := a.Session(nil)
		var causal []Masked
		for _, turn := range c.Turns {
			m, err := session.Anonymize(context.Background(), turn)
			require.NoError(t, err, "%q", c.Turns)
			causal = append(causal, m)
		}
		checkUndo(t, c.Turns, causal, session.Mapping())
		checkTokensStay(t, a, r.Turns)
	}
}
