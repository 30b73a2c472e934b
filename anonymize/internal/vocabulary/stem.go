package vocabulary

import (
	_ "embed"

	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

// A Stem says what a word without the ending of its case stands for where things have the names of people.
type Stem uint16

const (
	Ware    Stem = 1 << iota // what is sold by the piece: «кресло Виктория»
	Kind                     // plants, ships, works, models: the name stands behind it in any case
	Mass                     // cement, bread
	House                    // a firm, a place to go to
	Staffed                  // a house in which one speaks of who works there
	Hero                     // a surname that nobody bears but in books
	Writer                   // of a writer whom one knows by the surname alone
	Famous                   // of a pair: somebody after whom much is named
	Couple                   // of a pair: a title with «и» between
	Second                   // the second word of some pair

	Head = Ware | Kind | Mass | House // what bears names of people: a stem has one of these at most
)

// Stems gives the names that stems.tsv uses, in the order of the bits.
var Stems = [...]string{"ware", "kind", "mass", "house", "staffed", "hero", "writer", "famous", "couple"}

// The blob is the perfect hash of stems and pairs, a Stem of 16 bits in each slot.
//
//go:embed stems.bin
var stems string

// StemOf tells of a stem by its key, see [lexicon.Key]; 0 of what is not in the table.
// It does not allocate and is safe for concurrent use.
func StemOf(key uint64) Stem {
	at, ok := mph.Find(stems, StemSize, key)
	if !ok {
		return 0
	}
	return Stem(stems[at]) | Stem(stems[at+1])<<8
}

// StemSize is the size of a slot of the table of stems in bytes.
const StemSize = 5

// PairOf is StemOf of two stems that belong together.
func PairOf(first, second uint64) Stem { return StemOf(StemPair(first, second)) }

// StemPair makes one key of those of a pair.
func StemPair(first, second uint64) uint64 {
	const prime = 1099511628211
	return (first*prime ^ second) * prime
}
