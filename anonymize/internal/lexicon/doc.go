// Package lexicon knows the forms of Russian names, of places and of the words
// of an address: first names and diminutives in all cases, spoken patronymics,
// frequent surnames, towns, «улица» and «квартира», and which of all these are
// ordinary words too («вера», «роман», «мороз»).
//
// Start from [Key], which folds a word into 64 bits, and [Lookup]:
//
//	e, ok := lexicon.Lookup(lexicon.Key("Тань"))
//	// e.Class is Diminutive, e.Gram a vocative, e.Reading(0).Lemma «Таня»,
//	// whose AppendFulls gives «Татьяна»
//
// Words that are not listed may still have the ending of a surname or of a
// patronymic, see [EndingOf] and [IsOrdinary]. [LatinKeys] reads a Latin
// spelling back, [Decline] puts a name into a case.
//
// Everything is read in place from one embedded blob: no work at start, no
// allocation, safe for concurrent use. The blob is made from the tables in
// data/ by
//
//	go generate ./anonymize/internal/lexicon
//
// and a test holds the two equal. Where the tables come from is in SOURCES.md.
//
// What is not here: whether a form in a sentence is a name. A form in class
// [Ambiguous] needs more than itself, one of [Ordinary] alone at least some
// caution, and even «саша» may be a ship.
package lexicon

//go:generate go run gen.go
