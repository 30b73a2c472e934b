package anonymize

// spellers are the words for the letters a to z of the ICAO (Annex 10, volume II, table 5-1), which English speakers spell by:
// each is for the letter that it begins with.
const spellers ownList = "6 alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar " +
	"papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"

// minSpellingWords is from how many of these words on they spell: one alone is a car or a hotel.
const minSpellingWords = 2

// spellingWord gives the letter that token i stands for in the spelling alphabet, 0 if it is no word of it.
func (t *Text) spellingWord(i int) byte {
	if tok := &t.tok[i]; spellers.hasToken(tok) {
		return 'A' - 1 + byte(tok.key>>(5*(tok.n-1))&31)
	}
	return 0
}
