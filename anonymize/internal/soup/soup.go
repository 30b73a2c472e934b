// Package soup makes hostile text for tests: random words of the test data and of the rules of package anonymize, between which
// stand random signs that have a meaning in some format. Random bytes seldom get as far: they hardly ever make two words that a
// rule asks for stand beside each other, and here every pair meets sooner or later.
package soup

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Soup makes texts. It is not safe for concurrent use.
type Soup struct {
	random *rand.Rand
	words  []string
}

// longer is how many times more rounds the long loops of VUAL_SOAK have.
const longer = 200

// New takes its words from the files that fit the patterns: all of a text, of Go source those in quotes. It gives back how many
// rounds a test runs. A short run makes the same texts each time, so that one that failed fails again; with VUAL_SOAK it begins
// anew each time, and the seed is logged.
func New(t testing.TB, rounds int, patterns ...string) (s *Soup, n int) {
	t.Helper()
	seed := uint64(1)
	if os.Getenv("VUAL_SOAK") != "" {
		seed, rounds = uint64(time.Now().UnixNano()), longer*rounds
	}
	t.Log("seed", seed)
	s = &Soup{random: rand.New(rand.NewPCG(seed, 1))}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s.words = append(s.words, wordsOf(file, string(text))...)
		}
	}
	slices.Sort(s.words)
	if s.words = slices.Compact(s.words); len(s.words) == 0 {
		t.Fatal("no words in ", patterns)
	}
	return s, rounds
}

func wordsOf(file, text string) (words []string) {
	switch {
	case strings.HasSuffix(file, "_test.go"):
	case strings.HasSuffix(file, ".go"):
		for _, quoted := range regexp.MustCompile(`"([\pL\pN ]+)"`).FindAllStringSubmatch(text, -1) {
			words = append(words, strings.Fields(quoted[1])...)
		}
	default:
		marks := regexp.MustCompile(`\[\[([A-Z_]+:)?|\]\]`) // of what is expected
		words = strings.Fields(marks.ReplaceAllString(text, " "))
	}
	return words
}

// Int gives a number below n.
func (s *Soup) Int(n int) int { return s.random.IntN(n) }

// Text gives up to n words and signs, in one of the ways in which people use capitals. Words may be cut, put together, or come
// again.
func (s *Soup) Text(n int, signs ...string) string {
	var b strings.Builder
	capitals := s.Int(3)
	last := ""
	for range 1 + s.Int(n) {
		switch s.Int(12) {
		case 0, 1, 2:
			if len(signs) > 0 {
				last = signs[s.Int(len(signs))]
			}
		case 3: // once more
		case 4:
			letters := []rune(s.word())
			last = string(letters[:s.Int(len(letters)+1)])
		default:
			last = s.written(capitals)
		}
		b.WriteString(last)
		if s.Int(8) > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// written gives a word as it stands, with a capital more often than not, or now and then in capitals alone.
func (s *Soup) written(capitals int) string {
	word := s.word()
	switch r := s.Int(8); {
	case capitals == 1 && r < 5:
		first, size := utf8.DecodeRuneInString(word)
		return string(unicode.ToUpper(first)) + word[size:]
	case capitals == 2 && r < 2:
		return strings.ToUpper(word)
	}
	return word
}

func (s *Soup) word() string { return s.words[s.Int(len(s.words))] }
