package anonymize

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// TestFourLetters holds the reading of four letters at a time against that of one, for every pair of bytes in every lane.
func TestFourLetters(t *testing.T) {
	for lane := range 4 {
		for pair := range 1 << 16 {
			lead, cont := byte(pair>>8), byte(pair)
			s := strings.Repeat("ы", lane) + string([]byte{lead, cont}) + strings.Repeat("Ж", 3-lane)
			x := load64(s, 0)
			n, capital, ok := russianLetter(lead, cont)
			if ok && (lead == 0xD0 && cont == 0x81 || lead == 0xD1 && cont == 0x91) {
				ok = false // ё is read by itself
			}
			if got := notRussian(x)>>(16*lane)&0xFFFF == 0; got != (lead|1 == 0xD1 && cont>>6 == 2) {
				t.Fatalf("%x %x in lane %d: two bytes of a letter %v", lead, cont, lane, got)
			} else if !got {
				continue
			}
			if got := smallRussian(x)>>(16*lane+15)&1 == 1; got != (ok && !capital) {
				t.Fatalf("%x %x in lane %d: a small letter %v", lead, cont, lane, got)
			}
			if !ok {
				continue
			}
			if got := foldRussian(x) >> (15 - 5*lane) & 0x1F; got != n {
				t.Errorf("%x %x in lane %d: letter %d, want %d", lead, cont, lane, got, n)
			}
		}
	}
}

// FuzzRead holds words that are read fast against the same words read rune by rune: a character without width behind a
// letter changes nothing of a word, but sends it the slow way.
func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var fast, slow Text
		fast.read(s)
		if fast.broken == utf8.ValidString(s) {
			t.Fatalf("%q: read as broken: %v", s, fast.broken)
		}
		for i := range fast.tok {
			tok := &fast.tok[i]
			if tok.kind > latinToken || tok.n < 2 {
				continue
			}
			word := s[tok.start:tok.end]
			slow.read(word + "\u00ad\u200b")
			if len(slow.tok) != 1 {
				t.Fatalf("%q is %d tokens", word, len(slow.tok))
			}
			got := slow.tok[0]
			if got.key != tok.key || got.kind != tok.kind || got.shape != tok.shape || got.n != tok.n || got.form != tok.form || got.vocab != tok.vocab {
				t.Fatalf("%q: %+v read by rune, %+v", word, got, *tok)
			}
		}
	})
}

// The list by which nearly all words are passed over has the words of every host.
func TestHostsSaid(t *testing.T) {
	for _, h := range hosts {
		for word := range strings.FieldsSeq(string(h.said)) {
			assert.Contains(t, strings.Fields(string(hostsSaid)), word)
		}
	}
}
