package lexicon

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
	tag := int(key >> tagShift)
	if tag > tagLong {
		return Ending{}, false
	}
	v, n := endingIn(headEndings, key, tag)
	if n == 0 {
		return Ending{}, false
	}
	class, gram := analysis(v >> 8)
	return Ending{class, gram, uint8(v & 0xF), uint8(v >> 4 & 0xF)}, true
}

// A Tail is what the last two letters of a word leave open. Most leave nothing.
type Tail uint8

const (
	NameTail  Tail = 1 << iota // [EndingOf] may have an ending
	GivenTail                  // [GivenEnding], also before the ending of a case
)

// TailOf returns the tail of the word with this key, none of a Latin one.
func TailOf(key uint64) Tail {
	if key>>tagShift > tagLong {
		return 0
	}
	return Tail(blob[int(u32(headTails))+int(key&(tails-1))])
}

// GivenEnding returns how many letters the first names of Central Asia and the Caucasus end with that the word of n letters has,
// «-мурод», «-бек», behind three letters or more; 0 if it has no such ending.
func GivenEnding(letters uint64, n int) int {
	_, k := endingIn(headGivenEndings, letters, n-1)
	return k
}

// hasEnding reports whether [EndingOf] has one: four words of five end in two letters that no ending has.
func hasEnding(key uint64) bool {
	tag := int(key >> tagShift)
	if tag > tagLong {
		return false
	}
	_, n := endingIn(headEndings, key, tag)
	return n > 0
}

// A list of endings in the blob has, for each two last letters and behind the last of them, the number of their first ending in
// 16 bits; then the endings, those of the same two letters together and the longest first: letters in 40 bits, a value in 20
// and how many letters in 4. An ending of one letter stands with all letters before it. Most words are asked for a few
// endings or for none: [IsPlain] costs a fourth of the instructions that it takes over all that have their last letter.
const (
	tails       = 1 << (2 * letterBits)
	endingsFrom = 2*tails + 4 // behind the numbers, filled up to 4 bytes
	endingSize  = 8
)

// endingIn returns the value and the number of letters of the longest ending of a list that the word of n letters has behind
// two letters or more; 0, 0 if it has none. Of a word longer than a key holds only the last six letters are looked at.
func endingIn(list int, key uint64, n int) (value uint32, letters int) {
	at := int(u32(list))
	numbers := u32(at + 2*int(key&(tails-1)))
	from, to := at+endingsFrom+endingSize*int(numbers&0xFFFF), at+endingsFrom+endingSize*int(numbers>>16)
	for ; from < to; from += endingSize {
		e := u64(from)
		if k := int(e >> 60); n-k >= 2 && (key^e)&(1<<(letterBits*k)-1) == 0 {
			return uint32(e >> 40 & (1<<20 - 1)), k
		}
	}
	return 0, 0
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
