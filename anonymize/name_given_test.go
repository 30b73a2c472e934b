package anonymize

import (
	"testing"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// TestTails fails when a word ends like a name and its last two letters do not tell so.
func TestTails(t *testing.T) {
	given, names := 0, 0
	for last := range uint64(1 << 20) { // all ends of four letters
		tok := token{key: 7<<60 | 'т' - 'а'<<20 | last, n: 7, kind: wordToken}
		tail := lexicon.TailOf(tok.key)
		if isGivenName(&tok) {
			given++
			if tail&lexicon.GivenTail == 0 {
				t.Fatalf("%x: a first name of the East", last)
			}
		}
		if _, ok := lexicon.EndingOf(tok.key); ok {
			names++
			if tail&lexicon.NameTail == 0 {
				t.Fatalf("%x: the ending of a name", last)
			}
		}
	}
	if given < 100 || names < 100 {
		t.Fatalf("%d and %d words ended like names", given, names)
	}
}
