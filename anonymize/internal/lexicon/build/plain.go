package build

import (
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// PlainStem is what [lexicon.PlainStem] has to give, from the lists themselves.
func PlainStem(key uint64) (stem uint64, byEnding bool) {
	n := int(key >> 60)
	if n > 13 {
		return key, false
	}
	if endsIn(key, n, plainEndings) > 0 {
		return 0, true
	}
	cut := endsIn(key, n, nounEndings)
	if endsIn(key>>(5*cut), n-cut-1, plainSuffixes) > 0 {
		return 0, true
	}
	if n > lexicon.ExactWord || n-cut < lexicon.ShortestStem {
		return 0, false
	}
	return uint64(n-cut)<<60 | key&(1<<60-1)>>(5*cut), false
}

// endsIn gives the letters of the longest of the endings that the word of n letters has behind two letters or more.
func endsIn(key uint64, n int, endings []string) (longest int) {
	for _, e := range endings {
		if k := len(e) / 2; k > longest && n-k >= 2 && lexicon.EndingKey(key, k) == lexicon.Key(e) {
			longest = k
		}
	}
	return longest
}

// Endings of verbs and adjectives, and of abstract nouns in all cases.
var plainEndings = strings.Fields("" +
	"ала яла ила ела ула ыла ете ите йте ение ое ее ые ие сти али или ели вши ации ании ении яли ули ыли вли " +
	"ыми ими ый ной ацией аций аний ений ным ском анием ением ало ило ого его ают яют уют ют ут ят ет ит ому " +
	"ему ых их ешь ишь ить ать ять еть уть сть лась лось лись ось ись ась сь ацию анию ению ую юю ться тся " +
	"шься лся ся ная ация ания ения ая яя")

// The endings of nouns.
var nounEndings = strings.Fields("" +
	"а ов ев ие е иями ами ями ии и ией ий ой ей й иям ием ам ям ом ем ым им о у иях ах ях ы ь иею ию ою ею ю " +
	"ия я")

// Suffixes of abstract nouns, participles and relative adjectives, without the ending of a case.
var plainSuffixes = strings.Fields("" +
	"ств ени ани аци ици кци щик енк ник тел изм нн льн атор итор ост ист ниц вш ющ ящ ущ")
