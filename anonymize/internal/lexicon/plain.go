package lexicon

import "github.com/syntora/vual/anonymize/internal/lexicon/mph"

// IsPlain reports whether the word with this key is an ordinary one, in any of its forms, as far as its letters tell: its
// ending is one of verbs, adjectives or abstract nouns, or what is left without a case ending is the stem of a word of the
// dictionary. Some names have such an ending or stem too («Роза»), and of the other words one stem in 256 is found by mistake.
// It does not allocate and is safe for concurrent use.
func IsPlain(key uint64) bool {
	stem, byEnding := PlainStem(key)
	if byEnding || stem == 0 {
		return byEnding
	}
	table := blob[u32(headPlain):]
	if mph.Has(table, stem) {
		return true
	}
	if key>>tagShift == tagLatin {
		return isPlainEnglish(table, key)
	}
	for n := int(stem >> tagShift); n > LongestStem; { // «госсекретарь» ends in a word of its own
		n--
		if n < LongestStem && n >= shortestTail && mph.Has(table, uint64(n)<<tagShift|stem&(1<<(letterBits*n)-1)) {
			return true
		}
	}
	return false
}

// isPlainEnglish takes the endings of English off: "colleagues", "booked", "running", "happily".
func isPlainEnglish(table string, key uint64) bool {
	letters := key & lettersMask
	endings := englishEndings[letters&31]
	for i := range endings {
		e := &endings[i]
		n := letterBits * len(e.ending)
		if letters&(1<<n-1) != latinLettersOf(e.ending) || letters>>n>>letterBits == 0 { // at least two letters stay
			continue
		}
		stem := letters >> n
		if mph.Has(table, tagLatin<<tagShift|stem<<(letterBits*len(e.instead))|latinLettersOf(e.instead)) {
			return true
		}
		if e.doubles && stem&31 == stem>>letterBits&31 && mph.Has(table, tagLatin<<tagShift|stem>>letterBits) {
			return true // "stopped"
		}
	}
	return false
}

// An englishEnding is an ending of English words, and what stands in its place in the word they are made from.
type englishEnding struct {
	ending, instead string
	doubles         bool // the last consonant of the word may stand twice before it
}

// englishEndings are the endings by their last letter, the number of which is that of a key.
var englishEndings = [32][]englishEnding{
	's' - 'a' + 1: {{"s", "", false}, {"es", "", false}, {"ies", "y", false}, {"ings", "", false}},
	'd' - 'a' + 1: {{"d", "", false}, {"ed", "", true}, {"ied", "y", false}},
	'g' - 'a' + 1: {{"ing", "", true}, {"ing", "e", false}},
	'y' - 'a' + 1: {{"ly", "", false}, {"ily", "y", false}},
	'r' - 'a' + 1: {{"er", "", true}, {"ier", "y", false}},
	't' - 'a' + 1: {{"est", "", true}, {"iest", "y", false}},
}

func latinLettersOf(s string) uint64 {
	var l uint64
	for i := range len(s) {
		l = l<<letterBits | uint64(s[i]-'a'+1)
	}
	return l
}

// PlainStem cuts the case ending off a Russian word and reports whether its last letters alone make it ordinary. A Latin
// word is its own stem. The stem is 0 for words too short or too long to be in the table. The endings stand in package build,
// which has the same function over lists.
func PlainStem(key uint64) (stem uint64, byEnding bool) {
	tag := int(key >> tagShift)
	if tag == tagLatin {
		return key, false
	}
	if tag == 0 || tag > tagLong {
		return 0, false
	}
	if _, is := endingIn(headPlainEndings, key, tag); is > 0 {
		return 0, true
	}
	_, cut := endingIn(headNounEndings, key, tag)
	if _, is := endingIn(headPlainSuffixes, key>>(letterBits*cut), tag-cut-1); is > 0 { // three letters before it: «Ваник»
		return 0, true
	}
	n := tag - cut
	if tag == tagLong || n < ShortestStem {
		return 0, false
	}
	return uint64(n)<<tagShift | key&lettersMask>>(letterBits*cut), false
}

// LongestStem is how many letters the stems of the table have at most, and ShortestStem how few.
const (
	LongestStem  = 10
	ShortestStem = 2

	shortestTail = 7 // of a compound that is looked up
)

// Endings are endings by their last letter, so that all but a few are passed over at once.
type Endings [32]string

// Cut gives the letters of the first of the endings that the word with this key has, 0 if it has none of so many letters at
// most, which is no more than the word has. Of a word longer than a key holds only the last six letters are looked at.
func (e *Endings) Cut(key uint64, most int) int {
	endings, cut := e[key&(1<<letterBits-1)], 0
	for i := len(endings); i > 0; i-- { // from the last ending to the first, and of each from the last letter, which the word has
		rest, k := key>>letterBits, 1
		for i -= 2; i > 0 && endings[i-1] != ' ' && uint64(endings[i-1]&0x1F^0x10) == rest&(1<<letterBits-1); i -= 2 {
			rest >>= letterBits
			k++
		}
		if (i == 0 || endings[i-1] == ' ') && k <= most {
			cut = k
		}
		for i > 0 && endings[i-1] != ' ' {
			i -= 2
		}
	}
	return cut
}
