package anonymize

// spellingWords are the words for letters of the ICAO (Annex 10, volume II, table 5-1), which English speakers spell by.
var spellingWords = [...]struct {
	word   string
	letter byte
}{
	{"alfa", 'A'}, {"alpha", 'A'}, {"bravo", 'B'}, {"charlie", 'C'}, {"delta", 'D'}, {"echo", 'E'}, {"foxtrot", 'F'}, {"golf", 'G'},
	{"hotel", 'H'}, {"india", 'I'}, {"juliet", 'J'}, {"juliett", 'J'}, {"kilo", 'K'}, {"lima", 'L'}, {"mike", 'M'}, {"november", 'N'},
	{"oscar", 'O'}, {"papa", 'P'}, {"quebec", 'Q'}, {"romeo", 'R'}, {"sierra", 'S'}, {"tango", 'T'}, {"uniform", 'U'}, {"victor", 'V'},
	{"whiskey", 'W'}, {"whisky", 'W'}, {"xray", 'X'}, {"yankee", 'Y'}, {"zulu", 'Z'},
}

// minSpellingWords is from how many of these words on they spell: one alone is a car or a hotel.
const minSpellingWords = 2

// spellingWord gives the letter that token i stands for in the spelling alphabet, 0 if it is no word of it.
func (t *Text) spellingWord(i int) byte {
	if t.tok[i].kind != latinToken || t.tok[i].n < 4 {
		return 0
	}
	for k := range spellingWords {
		if t.says(i, spellingWords[k].word) {
			return spellingWords[k].letter
		}
	}
	return 0
}
