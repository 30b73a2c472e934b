package anonymize

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
)

// A soup is made of every word that a rule asks for by name, and of what real messages consist of. Random bytes hardly ever
// make two such words stand beside each other; here every pair meets sooner or later.
type soup struct {
	rand  *rand.Rand
	words []string
}

func newSoup(t *testing.T, seed uint64) *soup {
	words := []string{"1", "12", "123", "4518", "123456", "79161234567", "@", "(", ")", "\"", "«", "»", ":", ",", ".", "-", "—", "/", "№", "&", "*", "[PERSON_1]", "Customer A", "\xd0", "й", "ё"}
	quoted := regexp.MustCompile(`"([\pL\pN ]+)"`)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, "_test.go") {
			for _, m := range quoted.FindAllSubmatch(b, -1) {
				words = append(words, strings.Fields(string(m[1]))...)
			}
		}
	}
	eachCase(t, func(_ string, _ *Analyzer, want string) {
		text, _, _ := Unmark(want)
		words = append(words, strings.Fields(text)...)
	})
	slices.Sort(words)
	return &soup{rand.New(rand.NewPCG(seed, 1)), slices.Compact(words)}
}

func (s *soup) text(maxWords int) string {
	var b strings.Builder
	upper := s.rand.IntN(3)
	for n := s.rand.IntN(maxWords) + 1; n > 0; n-- {
		word := s.words[s.rand.IntN(len(s.words))]
		switch r := s.rand.IntN(8); {
		case upper == 1 && r < 5:
			first := []rune(word)
			first[0] = unicode.ToUpper(first[0])
			word = string(first)
		case upper == 2 && r < 2:
			word = strings.ToUpper(word)
		}
		b.WriteString(word)
		if n > 1 {
			b.WriteString([...]string{" ", " ", " ", " ", " ", ", ", ". ", "\n", "", "-", ": ", "  "}[s.rand.IntN(12)])
		}
	}
	return b.String()
}

// soupSeed is the same in every short run, so that one that failed fails again; the long loops begin anew each time.
func soupSeed(t *testing.T, short int) (seed uint64, n int) {
	if os.Getenv("VUAL_SOAK") == "" {
		return 1, short
	}
	seed = uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	return seed, short * 200
}

func TestSoupFind(t *testing.T) {
	seed, n := soupSeed(t, 20_000)
	s := newSoup(t, seed)
	plain, strict := New(nil), New(&Options{Strict: true, MinScore: 0.1, Places: true})
	for range n {
		text := s.text(8)
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
	seed, n := soupSeed(t, 1_000)
	s := newSoup(t, seed)
	a := New(nil)
	for range n {
		var c Conversation
		for i := range s.rand.IntN(6) + 1 {
			c.Turns = append(c.Turns, Turn{[...]string{"agent", "client"}[i%2], strings.ToValidUTF8(s.text(12), "")})
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
