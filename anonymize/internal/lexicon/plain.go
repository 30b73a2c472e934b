package lexicon

import "github.com/syntora/vual/anonymize/internal/lexicon/mph"

// IsPlain reports whether the word with this key is an ordinary one, in any of its forms, as far as its letters tell: its
// ending is one of verbs, adjectives or abstract nouns, or what is left without a case ending is the stem of a word of the
// dictionary. Of names one in a hundred is called plain by mistake, and of ordinary words some are not known. It does not
// allocate and is safe for concurrent use.
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

// isPlainEnglish takes the endings of English off: "colleagues", "booked".
func isPlainEnglish(table string, key uint64) bool {
	letters := key & lettersMask
	for _, ending := range [...]uint64{'s' - 'a' + 1, 'd' - 'a' + 1} {
		if letters&31 == ending && letters>>(2*letterBits) != 0 && mph.Has(table, tagLatin<<tagShift|letters>>letterBits) {
			return true
		}
	}
	tail := letters & (1<<(2*letterBits) - 1)
	return tail == ('e'-'a'+1)<<letterBits|('d'-'a'+1) && mph.Has(table, tagLatin<<tagShift|letters>>(2*letterBits))
}

// PlainStem cuts the case ending off a Russian word and reports whether its last letters alone make it ordinary. A Latin
// word is its own stem. The stem is 0 for words too short or too long to be in the table.
func PlainStem(key uint64) (stem uint64, byEnding bool) {
	tag := int(key >> tagShift)
	if tag == tagLatin {
		return key, false
	}
	if tag == 0 || tag > tagLong {
		return 0, false
	}
	if endsIn(key, tag, plainEndings) > 0 {
		return 0, true
	}
	cut := endsIn(key, tag, nounEndings)
	if cut > 0 && endsIn(key>>(letterBits*cut), tag-cut, plainSuffixes) > 0 {
		return 0, true
	}
	if cut == 0 && endsIn(key, tag, plainSuffixes) > 0 {
		return 0, true
	}
	n := tag - cut
	if tag == tagLong || n < shortestStem {
		return 0, false
	}
	return uint64(n)<<tagShift | key&lettersMask>>(letterBits*cut), false
}

// LongestStem is how many letters the stems of the table have at most.
const LongestStem = 10

const (
	shortestStem = 2
	shortestTail = 7 // of a compound that is looked up

	// Endings of verbs and adjectives.
	plainEndings = "ться тся шься ешь ишь ете ите йте ться ают яют уют ют ут ят ет ит ить ать ять еть уть сти сть ала яла ила ела ула ало ило али или ели лся лась лось лись ось ись ась сь ся вши ый ная ной ным ском ации ация ацию ацией аций ании ания анию анием аний ение ения ению ением ении ений яли яла ула ыла ули ыли вли ая яя ое ее ые ие ого его ому ему ых их ую юю ыми ими"
	// Suffixes of abstract nouns, participles and relative adjectives, without the ending of a case.
	plainSuffixes = "ост ени ани ств изм тел щик ниц вш ющ ящ ущ нн льн аци ици кци енк ник ист атор итор"
	// The endings of nouns, the longest first.
	nounEndings = "иями иях иям ами ями ией иею иею ием ии ия ию ий ие ах ях ам ям ов ев ой ей ою ею ом ем ым им а я у ю о е ы и ь й"
)

// endsIn gives the letters of the first of the endings that the word of n letters has behind two letters or more, 0 if it
// has none. Of a word longer than a key holds only the last six letters are looked at.
func endsIn(key uint64, n int, endings string) int {
	for i := 0; i < len(endings); {
		var e uint64
		k := 0
		for ; i < len(endings) && endings[i] != ' '; i += 2 {
			l, _ := letter(endings[i], endings[i+1])
			e = e<<letterBits | l
			k++
		}
		i++
		if n-k >= 2 && key&(1<<(letterBits*k)-1) == e {
			return k
		}
	}
	return 0
}
