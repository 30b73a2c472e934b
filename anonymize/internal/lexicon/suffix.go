package lexicon

import "github.com/syntora/vual/anonymize/internal/lexicon/mph"

// An Ending is what the last letters of an unknown word tell: that it looks
// like a surname or a patronymic, and in which case and gender.
type Ending struct {
	Class Class // Surname or Patronymic
	Gram  Gram
	cut   uint8
	add   uint8
}

// Endings of more letters than a long key holds are of no use, and the
// shortest have two.
const (
	LongestEnding  = exactTail
	ShortestEnding = 2
)

// endingAdds are what the base form may have in place of what was cut.
var endingAdds = [...]string{"", "ий", "а"}

// EndingOf looks at the ending of the word with this key alone: «-ова»,
// «-ским», «-енко», «-овны». A word shorter than the ending and two letters
// has none. Many ordinary words end alike, see [IsOrdinary]. It does not
// allocate and is safe for concurrent use.
func EndingOf(key uint64) (Ending, bool) {
	if !mayEnd(key) {
		return Ending{}, false
	}
	n := int(key >> tagShift)
	table := blob[u32(headEndings):]
	for l := min(LongestEnding, n-2); l >= ShortestEnding; l-- {
		slot, ok := mph.Find(table, EndingKey(key, l))
		if ok {
			v := u32(int(u32(headEndingValues)) + int(slot)*4)
			class, gram := analysis(v >> refBits)
			return Ending{class, gram, uint8(v & 0xF), uint8(v >> 4 & 0xF)}, true
		}
	}
	return Ending{}, false
}

// mayEnd looks at the last two letters: four words of five end in letters that
// no ending has (BenchmarkEndingOf).
func mayEnd(key uint64) bool {
	tail := key & (1<<(2*letterBits) - 1)
	return key>>tagShift <= tagLong && blob[uint64(u32(headTails))+tail/8]>>(tail%8)&1 != 0
}

// EndingKey returns the last n letters of a Russian key as a key of their own.
func EndingKey(key uint64, n int) uint64 {
	return uint64(n)<<tagShift | key&(1<<(letterBits*n)-1)
}

// Base returns the key of the base form of word, from which e was read: the
// masculine nominative of a surname, the nominative of a patronymic.
// «Кузнецовой» gives the key of «Кузнецов».
func (e Ending) Base(word string) uint64 {
	if len(word) < 2*int(e.cut) {
		return 0
	}
	return keyOf(word[:len(word)-2*int(e.cut)], endingAdds[e.add])
}
