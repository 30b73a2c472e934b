package lexicon

import (
	_ "embed"

	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

// The blob is made by gen.go from data/ and read in place.
//
//go:embed lexicon.bin
var blob string

// Where the sections of the blob begin; each field of the head is 32 bits.
// Package build writes them in this order.
const (
	headForms         = 4 * iota // perfect hash of the forms, 3 bytes each: 9 bits analysis, 15 bits lemma; analysis 0: where in readings
	headAnalyses                 // 8 bytes each: Class, Gram
	headReadings                 // 4 bytes: 12 bits analysis of all together, 20 bits how many; then each, with its lemma
	headOrdinary                 // perfect hash of ordinary words with a name's ending
	headPlain                    // perfect hash of the stems of ordinary words
	headEndings                  // of surnames and patronymics, see endingIn: 12 bits analysis, 4 what to add, 4 what to cut
	headPlainEndings             // of verbs, adjectives and abstract nouns
	headNounEndings              // of the cases of nouns
	headPlainSuffixes            // of nouns, before those
	headGivenEndings             // of first names, see GivenEnding
	headTails                    // the Tail of each two last letters
	headFilter                   // a bit for each form, see FilterBit
	headLemmas                   // 4 bytes for each 16th lemma: where its letters begin
	headLetters                  // lemmas in Windows-1251, each ended by a zero
	headFulls                    // pairs of 2 bytes: diminutive, full name; sorted
	headShorts                   // pairs of 2 bytes: full name, diminutive; sorted
	headEnd                      // length of the blob

	FormSize     = 6 // of a slot of the forms in bytes
	valueRefBits = 15
	refBits      = 20
)

// Class says what a form may be. A form may be several things: «Роман» is a
// first name and an ordinary word.
type Class uint32

const (
	FirstName  Class = 1 << iota // «Анна», "John"
	Diminutive                   // «Аня», «Анечка», «Сан» of «Сан Саныч»
	Patronymic                   // spoken and irregular ones, «Палыч», and those of common names
	Surname                      // «Мороз», "Smith"; of those that [EndingOf] tells, the ones that are something else too
	Toponym                      // town, river, island: «Казань»
	Region                       // country, region, republic: «Чувашия»
	NamePart                     // part of a name of several words: «Нижний» of «Нижний Новгород»
	StreetType                   // «улица», «пр-т»
	StreetName                   // a word common in names of streets: «Ленина», «Садовая»
	Settlement                   // «город», «посёлок», «ст-ца»
	District                     // «область», «район», «край»
	HouseWord                    // «дом», «корпус», «строение»
	FlatWord                     // «квартира», «подъезд», «этаж», «офис»
	MetroWord                    // «метро», «станция»
	Ordinary                     // also a word of the general dictionary that is met in speech
	Ambiguous                    // needs more than itself to be a name: Ordinary, a scrap like «Свет», a brand
	Common                       // one of the names that are met every day

	// Person is any part of a person's name.
	Person = FirstName | Diminutive | Patronymic | Surname
	// Address is any word of an address.
	Address = Toponym | Region | NamePart | StreetType | StreetName | Settlement | District | HouseWord | FlatWord | MetroWord
)

// Is reports whether c has one of the classes in any.
func (c Class) Is(any Class) bool { return c&any != 0 }

// An Entry is what the lexicon knows of one form, all its readings together.
type Entry struct {
	Class Class // of all readings, with Ordinary, Ambiguous and Common
	Gram  Gram  // of all readings
	n     uint16
	ref   uint32 // the lemma of the one reading, else where the readings are
}

// A Reading is one way to understand a form: «Марка» is the genitive of
// «Марк» and no form of «Марко». The lemma of a Latin form that is its own is none.
type Reading struct {
	Class Class // one class of [Person] or [Address]
	Gram  Gram
	Lemma Lemma
}

// Lookup returns the entry of the form with this key (see [Key]). It does not
// allocate and is safe for concurrent use. A foreign word is taken for an
// entry in one case of 2^24. Who needs the letters exactly compares a rare
// script or ё on his own.
func Lookup(key uint64) (Entry, bool) { return Find(mph.Of(key)).Entry() }

// A Form is where the lexicon has a form, for who asks for its entry again and
// again. The zero Form is none. Its number is stable within one build only.
type Form uint32

// formFound tells a form apart from none.
const formFound = 1 << 31

// Find returns the form of the key with this hash.
func Find(h mph.Hash) Form {
	if !MayFind(h) {
		return 0
	}
	forms := blob[u32(headForms):]
	at, ok := h.Find(forms, FormSize)
	if !ok {
		return 0
	}
	_ = forms[at+2]
	return formFound | Form(forms[at]) | Form(forms[at+1])<<8 | Form(forms[at+2])<<16
}

// MayFind reports whether [Find] may find the key: most words of a text are no form, and one bit in 64 KB says so of six in
// seven, at twice the speed of two look-ups in tables that no near cache holds (BenchmarkRead).
func MayFind(h mph.Hash) bool {
	at, bit := FilterBit(h)
	return blob[u32(headFilter)+at]&bit != 0
}

// FilterSize is the size of the filter of forms in bytes.
const FilterSize = 1 << 16

// FilterBit returns where in the filter a form has its bit.
func FilterBit(h mph.Hash) (at uint32, bit byte) {
	return uint32(h >> (64 - 16)), 1 << (h >> (64 - 19) & 7)
}

// Entry is what [Lookup] returns for the key of the form.
func (f Form) Entry() (Entry, bool) {
	if f == 0 {
		return Entry{}, false
	}
	v := uint32(f &^ formFound)
	ref := v & (1<<valueRefBits - 1)
	if a := v >> valueRefBits; a != 0 {
		class, gram := analysis(a)
		return Entry{class, gram, 1, ref}, true
	}
	all := u32(int(u32(headReadings)) + int(ref)*4)
	class, gram := analysis(all >> refBits)
	return Entry{class, gram, uint16(all & (1<<refBits - 1)), ref}, true
}

// Readings returns how many readings the entry has, at least one.
func (e Entry) Readings() int { return int(e.n) }

// Reading returns the i-th reading, 0 <= i < Readings().
func (e Entry) Reading(i int) Reading {
	if e.n == 1 {
		return Reading{e.Class & (Person | Address), e.Gram, Lemma(e.ref)}
	}
	v := u32(int(u32(headReadings)) + (int(e.ref)+1+i)*4)
	class, gram := analysis(v >> refBits)
	return Reading{class, gram, Lemma(v & (1<<refBits - 1))}
}

// IsOrdinary reports whether the word with this key is a form of an ordinary
// word that has the ending of a surname or patronymic («магазинов»,
// «детский», «москвич»), which a rule on endings must not take for a name. Of
// other words with such an ending one in 256 is called ordinary by mistake, of
// words without one none is; [Lookup] has [Ordinary] for the forms it knows.
func IsOrdinary(key uint64) bool {
	return hasEnding(key) && isListedOrdinary(key)
}

func isListedOrdinary(key uint64) bool { return mph.Has(blob[u32(headOrdinary):], key) && !isSon(key) }

// isSon reports the patronymic of a man: of long words that end so, «королевич» alone is ordinary.
func isSon(key uint64) bool {
	const shortest = 8 // «царевич», «попович»
	tag := int(key >> tagShift)
	if tag < shortest || tag > tagLong {
		return false
	}
	return sonEndings.Cut(key, tag-2) > 0 && princeEndings.Cut(key, tag-2) == 0
}

var (
	sonEndings = Endings{
		0: "овича евича", 'е' - 'а': "овиче евиче", 'м' - 'а': "овичем евичем", 'у' - 'а': "овичу евичу", 'ч' - 'а': "ович евич",
	}
	princeEndings = Endings{
		0: "ролевича", 'е' - 'а': "ролевиче", 'м' - 'а': "ролевичем", 'у' - 'а': "ролевичу", 'ч' - 'а': "ролевич",
	}
)

// LooksLikeName reports whether the word with this key ends like a surname or
// patronymic and is no ordinary word: [EndingOf] and not [IsOrdinary].
func LooksLikeName(key uint64) bool {
	return hasEnding(key) && !isListedOrdinary(key)
}

func analysis(i uint32) (Class, Gram) {
	at := int(u32(headAnalyses)) + int(i)*8
	return Class(u32(at)), Gram(u32(at + 4))
}

func u32(i int) uint32 {
	s := blob[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func u64(i int) uint64 {
	s := blob[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func u16(i int) uint16 {
	s := blob[i : i+2]
	return uint16(s[0]) | uint16(s[1])<<8
}
