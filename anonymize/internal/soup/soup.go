// Package soup makes hostile text for tests: random words of the test data of package anonymize, between which stand random
// signs that have a meaning in some format. Random bytes seldom get as far.
package soup

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Soup makes texts. The same seed makes the same ones. It is not safe for concurrent use.
type Soup struct {
	random *rand.Rand
	words  []string
}

// New takes its words from the text files that fit the pattern.
func New(seed uint64, pattern string) (*Soup, error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	s := &Soup{random: rand.New(rand.NewPCG(seed, seed))}
	marks := regexp.MustCompile(`\[\[([A-Z_]+:)?|\]\]`) // of what is expected
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s.words = append(s.words, strings.Fields(marks.ReplaceAllString(string(text), " "))...)
	}
	return s, nil
}

// Int gives a number below n.
func (s *Soup) Int(n int) int { return s.random.IntN(n) }

// Text gives up to n words and signs. Words may be cut, put together, or come again.
func (s *Soup) Text(n int, signs ...string) string {
	var b strings.Builder
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
			last = s.word()
		}
		b.WriteString(last)
		if s.Int(8) > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func (s *Soup) word() string { return s.words[s.Int(len(s.words))] }
