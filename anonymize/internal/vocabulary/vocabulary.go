// Package vocabulary holds the closed set of words that decide what a value beside
// them is: numbers, months, units, the names of letters and signs, and cue words
// such as «телефон» or «ИНН», all in every form that is said or written.
//
// The table is generated from words.tsv and from the source of package anonymize, embedded and read in place; so is one of stems,
// from stems.tsv.
package vocabulary

import (
	_ "embed"

	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

//go:generate go run gen.go

// A Class says what a word does.
type Class uint8

const (
	None      Class = iota
	Num             // a cardinal; Arg is its value, 1000 a thousand, 10000 a million
	Ord             // an ordinal; Arg as for Num
	Figure          // a noun for a digit, «пятёрка»: after a number it stands so many times
	Times           // «дважды»: the next digit stands Arg times
	Month           // Arg 1 to 12
	Year            // «год», «г.»
	Unit            // Arg 1: what stands before is an amount; 2: a time
	Filler          // «э», «ну»: may stand inside a dictated value
	Symbol          // «собака», «точка»; Arg is the sign
	Letter          // «бэ», «эль»; Arg is the lower-case letter
	TLD             // a top-level domain, also spoken: «ру», «ком»
	RoleNoun        // the noun of a label, «Клиент», "Customer"
	Tail            // «последние», «заканчивается на»: only the end of a value follows
	Ext             // «доб.»: the extension of a phone follows
	Office          // «УМВД», «отделом»: who issues passports
	CueWord         // Arg is a Cue
	NearName        // Arg is a Hint
	PlaceWord       // a word of an address that package lexicon does not have; Arg is one of the Place… below
	Stop            // a word that no name of a street or place holds: «на», «сегодня»
)

// A Cue is what a cue word tells of the value near it.
type Cue uint16

const (
	NoCue Cue = iota
	Phone
	Card
	CVV
	Expiry
	INN
	KPP
	OGRN
	SNILS
	OMS
	Passport
	Issuer
	Division
	Licence
	STS
	BIK
	Account
	Birth
	OTP
	Password
	Plate
	VIN
	Military
	BirthCert
	IBAN
	IP
	Handle
	Email
	Address
	Index
	Order   // not personal: an order, an article, a price
	Series  // «серия» of a passport, or of the paper named before
	Loyalty // «бонусная» makes an order of the card behind it
	PINFL
	IIN
	SSN
	RegionWord // «регион», which belongs to a number plate
)

// Arguments of class PlaceWord.
const (
	PlaceStreet uint16 = 1 + iota
	PlaceHouse
	PlaceFlat
	PlaceTown
	PlaceLandmark
	PlaceAsk // «куда»: asks for an address
)

// A Hint is what a word tells of a name near it.
type Hint uint16

const (
	NoHint   Hint = iota
	Naming        // «зовут», «фамилия»: a name follows, or is asked for
	Kin           // «муж», «подруга»
	Job           // «менеджер», «доктор», «получатель», «господин»
	Greeting      // «здравствуйте», «спасибо»: who is spoken to stands near
	Speaking      // «слушаю», «беспокоит», «на связи»: who speaks stands near
	Calling       // «позовите», «передайте»: somebody is asked for
	Thing         // «кот», «теплоход», «диван»: the name behind it is no person's
	Self          // «я», «это»
	You           // «вы», «вам», «ты»
	Place         // «улица», «имени»: a person's name here belongs to a place
	Spelling      // «по буквам»: first names behind it stand for letters
	Small         // prepositions, conjunctions, particles: no name, and begins none
	Having        // «у», «с», «к»: a preposition that takes persons
	Noble         // «фон», «ибн»: stands within a name
	Abstract      // «вера», «любовь»: names that stand for what they mean, too
	Animal        // «кот», «кличка»: the name behind it is no person's, however long
	SonOf         // «оглы», «кызы»: stands behind the father's name
	Make          // «Шкода», "Samsung": no name, and the name behind it is a model
	Doing         // «звонила», «обещал»: only a person does it
)

// Classes, Cues and Hints give the names that words.tsv uses.
var (
	Classes = [...]string{"", "num", "ord", "figure", "times", "month", "year", "unit", "filler", "symbol", "letter", "tld", "role", "tail", "ext", "office", "cue", "name", "place", "stop"}
	Cues    = [...]string{"", "phone", "card", "cvv", "expiry", "inn", "kpp", "ogrn", "snils", "oms", "passport", "issuer",
		"division", "licence", "sts", "bik", "account", "birth", "otp", "password", "plate", "vin", "military", "birthcert",
		"iban", "ip", "handle", "email", "address", "index", "order", "series", "loyalty", "pinfl", "iin", "ssn", "region"}
	Hints = [...]string{"", "naming", "kin", "job", "greeting", "speaking", "calling", "thing", "self", "you", "place",
		"spelling", "small", "having", "noble", "abstract", "animal", "sonof", "make", "doing"}
)

// An Entry is what the table knows of a word; the zero Entry means nothing.
type Entry struct {
	Class Class
	Named bool // a rule of package anonymize has the word in its source: of most words none asks
	Arg   uint16
}

// Cue gives the cue of the word, NoCue if it is none.
func (e Entry) Cue() Cue {
	if e.Class != CueWord {
		return NoCue
	}
	return Cue(e.Arg)
}

// Hint gives what the word tells of a name near it, NoHint if nothing.
func (e Entry) Hint() Hint {
	if e.Class != NearName {
		return NoHint
	}
	return Hint(e.Arg)
}

// The blob holds two perfect hashes, the words and, behind them, pairs of a list of the rules and a word in it. First stands
// the length of each in 32 bits, then both, then rows of 64 bits. The slot of a word has its class with ListedBit, its argument,
// low byte first, and the number of its row.
//
//go:embed words.bin
var blob string

const (
	headSize  = 8
	rowSize   = 8
	WordSize  = 8    // of a slot of the words in bytes
	PairSize  = 3    // of a slot of the pairs
	ListedBit = 0x80 // beside the class: package lexicon has the word too
)

// Lookup gives the entry of the word with this key, see [lexicon.Key].
// It does not allocate and is safe for concurrent use.
func Lookup(key uint64) Entry {
	w := Open()
	e, _, _ := w.Find(mph.Of(key))
	return e
}

// Words is the table, for who looks up one word after the other: its head is read once.
type Words struct {
	seeds, words, rows string
	buckets, slots     uint32
}

// Open returns the table.
func Open() Words {
	table := blob[headSize:][:u32(blob, 0)]
	slots, buckets, first := mph.Head(table)
	words := first + 2*int(buckets)
	return Words{table[first:words], table[words:], blob[headSize+u32(blob, 0)+u32(blob, 4):], buckets, slots}
}

// Find is [Lookup] by the hash of the key. It gives, too, the [ListBit] of each list of the rules that the word may be in, and
// reports whether package lexicon may have it: of what is not in this table it may.
func (w *Words) Find(h mph.Hash) (e Entry, lists uint64, listed bool) {
	at := 2 * int(h.Bucket(w.buckets))
	s := w.seeds[at : at+2]
	v := u64(w.words, WordSize*int(h.InBucket(uint16(s[0])|uint16(s[1])<<8, w.slots)))
	// The row is read of every word, found or not: half of them are, in no order, and a branch would be guessed wrong.
	if v&mph.Print != uint64(h)&mph.Print {
		v = ListedBit << 24
	}
	return Entry{Class(v >> 24 &^ ListedBit), v>>48 != 0, uint16(v >> 32)}, u64(w.rows, rowSize*int(v>>48)), v&(ListedBit<<24) != 0
}

// IsIn reports whether the word with this key is in a list of the rules: words in lower case with one space between. The list
// has to stand in the source of package anonymize. Of other words one in 2^24 is taken for one of the list.
func IsIn(list string, key uint64) bool {
	_, ok := mph.Find(blob[headSize+u32(blob, 0):], PairSize, PairKey(list, key))
	return ok
}

// PairKey makes one key of a list and a word. No two lists of the rules share their length and both ends, as the generator
// makes sure.
func PairKey(list string, key uint64) uint64 {
	const prime1, prime2 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
	first, last := ends(list)
	return ((first*prime1^last)*prime2+uint64(len(list)))*prime1 ^ key
}

// ends gives the first and the last eight bytes of a list; of a shorter one, all of it.
func ends(list string) (first, last uint64) {
	switch n := len(list); {
	case n >= 8:
		return u64(list, 0), u64(list, n-8)
	case n >= 4:
		return u32(list, 0), u32(list, n-4)
	case n > 0:
		return uint64(list[0]) | uint64(list[n/2])<<8 | uint64(list[n-1])<<16, 0
	}
	return 0, 0
}

func u32(s string, i int) uint64 {
	s = s[i : i+4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

func u64(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// ListBit gives one of 56 bits for a list, by its length, which takes no look at it: a word that has not the bit is not in the
// list, which need not be asked.
func ListBit(list string) uint64 { return 1 << (len(list) % sharedBits) }

// OwnBit gives one of the other bits to a list that begins with a digit, 0 to 7: the words that have it are those of the list.
func OwnBit(list string) uint64 { return 1 << (sharedBits + list[0]&7) }

const sharedBits = 64 - 8
