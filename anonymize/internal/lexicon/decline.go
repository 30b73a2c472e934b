package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Decline returns a name of one person in case c. The word is given in the
// nominative, of the sex it is used for («Петров» for Male, «Петрова» for
// Female), in any capitals; the case ending follows the capitals of the word.
// Names joined by hyphens are declined each by its own rule. Part is [Patronymic]
// or [Surname]; anything else is declined as a first name. A word that does not
// change, or to which no rule applies, comes back as it is.
//
// The rules are those of the school grammar of names: the sex, the ending and
// a list of exceptions decide. They do not know the stress, so that «Сорока»
// and «Дюма» differ by list only.
func Decline(word string, part Class, sex Sex, c Case) string {
	if c == Nominative || c > Prepositional {
		return word
	}
	return eachHalf(word, part, func(half string) string {
		r := findRule(half, part, sex)
		return r.apply(half, c)
	})
}

// particles stand within a double name and never change.
const particles = " тер бей дер ван фон де ди да дю ля ле ла аль эль ад ас аш бен бин ибн абу сан сент мак мелик бонч вар корвин книппер дюмон шолом хан "

// frenchFirst stand first in French names: «Жан-Поля».
const frenchFirst = " жан пьер "

// titles end an eastern name and are all of it that changes: «Дженнет-хана».
const titles = " хан бек бей паша ага оглы кызы заде "

func contains(words, half string) bool { return strings.Contains(words, " "+fold(half)+" ") }

func eachHalf(word string, part Class, decline func(string) string) string {
	if !strings.Contains(word, "-") {
		return decline(word)
	}
	halves := strings.Split(word, "-")
	final := len(halves) - 1
	for i, half := range halves {
		fixed := frenchFirst
		if part == Surname {
			fixed = particles
		}
		if i < final && (contains(fixed, half) || contains(titles, halves[final])) {
			continue
		}
		if half != "" {
			halves[i] = decline(half)
		}
	}
	return strings.Join(halves, "-")
}

// A rule says what becomes of a word that ends in one of endings.
type rule struct {
	sex     Sex
	endings string // separated by blanks; "=" before one: the whole word
	cut     int    // letters taken off before the new ending
	forms   string // genitive, dative, accusative, instrumental, prepositional; empty: unchanged
}

func findRule(word string, part Class, sex Sex) *rule {
	folded := fold(word)
	rules := firstRules
	switch part {
	case Patronymic:
		rules = patronymicRules
	case Surname:
		rules = surnameRules
	}
	for i := range rules {
		if r := &rules[i]; r.fits(folded, sex) {
			return r
		}
	}
	return &rule{}
}

func (r *rule) fits(folded string, sex Sex) bool {
	if r.sex&sex == 0 {
		return false
	}
	for e := range strings.FieldsSeq(r.endings) {
		if whole, ok := strings.CutPrefix(e, "="); ok {
			if folded == whole {
				return true
			}
			continue
		}
		// An ending is never the whole word: «Ян» is no surname in -ян.
		if len(folded) > len(e) && strings.HasSuffix(folded, e) {
			return true
		}
	}
	return false
}

// apply returns the word in a case other than the nominative.
func (r *rule) apply(word string, c Case) string {
	forms := strings.Fields(r.forms)
	if len(forms) == 0 {
		return word
	}
	form := forms[c-Genitive]
	if allUpper(word) {
		form = strings.ToUpper(form)
	}
	return cutLetters(word, r.cut) + form
}

func cutLetters(s string, letters int) string {
	for range letters {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// allUpper reports whether a word of two letters or more is in capitals.
func allUpper(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n > 1
}

// fold lowers the case and writes е for ё.
func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "ё", "е")
}
