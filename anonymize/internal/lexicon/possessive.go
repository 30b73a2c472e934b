package lexicon

// PossessiveOf returns the entry of the name that a possessive adjective is
// made of: «Катин», «Сашиной», «Олиных» give «Катя», «Саша», «Оля». The result
// is never more than a hint: «машин» and «ильин» have the form too. It does
// not allocate and is safe for concurrent use.
func PossessiveOf(word string) (Entry, bool) {
	if !hasPossessiveSuffix(word) {
		return Entry{}, false
	}
	for i := range possessiveEndings {
		stem, ok := cutEnding(word, possessiveEndings[i])
		if !ok || len(stem) < 4 {
			continue
		}
		for _, nominative := range [...]string{"а", "я"} {
			e, ok := Lookup(keyOf(stem, nominative))
			if ok && e.Class.Is(FirstName|Diminutive) && e.Gram.Has(Nominative) {
				return e, true
			}
		}
		return Entry{}, false
	}
	return Entry{}, false
}

// hasPossessiveSuffix reports «ин» or «ын» among the last five letters, as far as
// the longest of the endings reaches. Most words have none.
func hasPossessiveSuffix(word string) bool {
	for at := len(word) - 2; at >= max(2, len(word)-8); at -= 2 {
		switch n, ok := letter(word[at], word[at+1]); {
		case !ok:
			return false
		case n == 'н'-'а':
			before, _ := letter(word[at-2], word[at-1])
			if before == 'и'-'а' || before == 'ы'-'а' {
				return true
			}
		}
	}
	return false
}

// possessiveEndings are those of «Катин» in all genders, numbers and cases.
var possessiveEndings = [...]string{
	"иными", "ыными", "иного", "ыного", "иному", "ыному",
	"иной", "ыной", "иным", "ыным", "ином", "ыном", "иных", "ыных",
	"ина", "ына", "ину", "ыну", "ино", "ыно", "ины", "ыны", "ин", "ын",
}

// cutEnding cuts an ending in lower case off a word in any case.
func cutEnding(word, ending string) (stem string, ok bool) {
	at := len(word) - len(ending)
	if at < 0 || keyOf(word[at:], "") != keyOf(ending, "") {
		return "", false
	}
	return word[:at], true
}

// keyOf returns the key of two pieces of a Russian word, 0 if it is none.
func keyOf(head, tail string) uint64 {
	var b Builder
	for _, s := range [...]string{head, tail} {
		if len(s)%2 != 0 {
			return 0
		}
		for i := 0; i < len(s); i += 2 {
			n, ok := letter(s[i], s[i+1])
			if !ok {
				return 0
			}
			b.Add(n)
		}
	}
	return b.Russian()
}
