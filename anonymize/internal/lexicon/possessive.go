package lexicon

// PossessiveOf returns the entry of the name that a possessive adjective is
// made of: «Катин», «Сашиной», «Олиных» give «Катя», «Саша», «Оля». The result
// is never more than a hint: «машин» and «ильин» have the form too. It does
// not allocate and is safe for concurrent use.
func PossessiveOf(word string) (Entry, bool) {
	const shortest = 2 // letters of the stem
	cut := possessiveEndings.Cut(Key(word), len(word)/2-shortest)
	if cut == 0 {
		return Entry{}, false
	}
	stem := word[:len(word)-2*cut]
	for _, nominative := range [...]string{"а", "я"} {
		e, ok := Lookup(keyOf(stem, nominative))
		if ok && e.Class.Is(FirstName|Diminutive) && e.Gram.Has(Nominative) {
			return e, true
		}
	}
	return Entry{}, false
}

// possessiveEndings are those of «Катин» in all genders, numbers and cases, the longest of a letter first.
var possessiveEndings = Endings{
	0: "ина ына", 'и' - 'а': "иными ыными", 'й' - 'а': "иной ыной", 'м' - 'а': "иным ыным ином ыном", 'н' - 'а': "ин ын",
	'о' - 'а': "иного ыного ино ыно", 'у' - 'а': "иному ыному ину ыну", 'х' - 'а': "иных ыных", 'ы' - 'а': "ины ыны",
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
