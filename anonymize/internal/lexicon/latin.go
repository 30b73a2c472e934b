package lexicon

import "slices"

// MaxLatinKeys is how many readings of a Latin spelling [LatinKeys] gives at
// most.
const MaxLatinKeys = 64

// LatinKeys appends to dst the keys of the Russian words that a Latin spelling
// may stand for, the likeliest first: "Yulia", "Iuliia" and "Julija" all lead
// to «Юлия», "Shcherbakov" and "Scherbakov" to «Щербаков». It reads the
// passport spellings (ICAO 9303), BGN/PCGN, ISO 9 without marks and what
// people write; letter case does not matter. A word that is not Latin, or has
// no reading, appends nothing; one with more than [MaxLatinKeys] readings
// keeps the first. It allocates only as dst grows.
func LatinKeys(dst []uint64, word string) []uint64 {
	if word == "" || len(word) > 32 {
		return dst
	}
	r := latinReader{word: word, dst: dst, start: len(dst)}
	r.read(0, Builder{})
	return r.dst
}

// maxLatinSteps bounds the search: a word like "yyyyyyyy" has readings without
// number, most of them alike.
const maxLatinSteps = 1000

type latinReader struct {
	word  string
	dst   []uint64
	start int
	steps int
	seen  uint64 // a bit of each key that was added
}

// read appends the keys of all readings of the word from i on, b having taken
// what stands before. Of the readings of a letter the last one is read on here:
// most have only that.
func (r *latinReader) read(i int, b Builder) {
	for {
		if r.steps++; r.steps > maxLatinSteps || len(r.dst)-r.start == MaxLatinKeys {
			return
		}
		if i == len(r.word) {
			if key := b.Russian(); key != 0 {
				r.add(key)
			}
			return
		}
		c := r.word[i] | 0x20
		if c < 'a' || c > 'z' {
			return
		}
		var next byte
		if i+1 < len(r.word) {
			next = r.word[i+1] | 0x20
		}
		var last *latinLetter
		for letters, at := latinLetters[c-'a'], 0; at < len(letters); at++ {
			l := &letters[at]
			if len(l.latin) > 1 && (l.latin[1] != next || !r.at(i, l.latin)) || l.where != anywhere && !r.fits(l.where, i, len(l.latin)) {
				continue
			}
			if last != nil {
				other := b
				last.addTo(&other)
				r.read(i+len(last.latin), other)
			}
			last = l
		}
		if last == nil {
			return
		}
		last.addTo(&b)
		i += len(last.latin)
	}
}

// addTo adds the Russian letters of a reading.
func (l *latinLetter) addTo(b *Builder) {
	for k := 1; k < len(l.russian); k += 2 {
		b.Add(uint64(l.russian[k]&0x1F) ^ 0x10) // see letter
	}
}

// add appends a key once. Most are new, as one bit of them tells.
func (r *latinReader) add(key uint64) {
	bit := uint64(1) << (key * hashPrime >> 58)
	if r.seen&bit != 0 && slices.Contains(r.dst[r.start:], key) {
		return
	}
	r.seen |= bit
	r.dst = append(r.dst, key)
}

// at reports whether latin stands at i, its first letter being known to.
func (r *latinReader) at(i int, latin string) bool {
	if i+len(latin) > len(r.word) {
		return false
	}
	for k := 1; k < len(latin); k++ {
		if r.word[i+k]|0x20 != latin[k] {
			return false
		}
	}
	return true
}

// Where in the word a reading is possible.
type where uint8

const (
	anywhere where = iota
	first
	last
	afterVowel
	afterConsonant // not at the beginning
	notFirst
)

func (r *latinReader) fits(w where, i, n int) bool {
	switch w {
	case first:
		return i == 0
	case last:
		return i+n == len(r.word)
	case notFirst:
		return i > 0
	case afterVowel:
		return i > 0 && latinVowel(r.word[i-1])
	case afterConsonant:
		return i > 0 && !latinVowel(r.word[i-1])
	}
	return true
}

func latinVowel(c byte) bool {
	switch c | 0x20 {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// A latinLetter is one reading of one or more Latin letters.
type latinLetter struct {
	latin, russian string
	where          where
}

// latinLetters are the readings by first letter: longer spellings first, those
// of one spelling in order of likelihood. A soft sign is mostly left out in
// Latin («Olga», «Igor»), an h may stand for nothing («Anahit»).
var latinLetters = [26][]latinLetter{
	{ // a, the first
		{"ay", "ай", anywhere},
		{"ae", "аэ", anywhere},
		{"ai", "ай", anywhere},
		{"ai", "аи", anywhere},
		{"aj", "ай", anywhere},
		{"a", "а", anywhere},
	},
	'b' - 'a': {
		{"b", "б", anywhere},
	},
	'c' - 'a': {
		{"ch", "ч", anywhere},
		{"ck", "к", anywhere},
		{"c", "ц", anywhere},
		{"c", "к", anywhere},
	},
	'd' - 'a': {
		{"d", "д", anywhere},
		{"d", "дь", last},
	},
	'e' - 'a': {
		{"ev", "ьев", afterConsonant},
		{"ey", "ей", anywhere},
		{"ei", "ей", anywhere},
		{"ej", "ей", anywhere},
		{"e", "е", anywhere},
		{"e", "э", first},
	},
	'f' - 'a': {
		{"f", "ф", anywhere},
	},
	'g' - 'a': {
		{"g", "г", anywhere},
	},
	'h' - 'a': {
		{"h", "х", anywhere},
		{"h", "г", anywhere},
		{"h", "", afterVowel},
	},
	'i' - 'a': {
		{"iya", "ия", anywhere},
		{"iia", "ия", anywhere},
		{"ija", "ия", anywhere},
		{"iu", "ю", anywhere},
		{"ia", "ия", afterConsonant},
		{"ia", "я", anywhere},
		{"ia", "ья", afterConsonant},
		{"io", "е", afterConsonant},
		{"ie", "ие", afterConsonant},
		{"ie", "ье", afterConsonant},
		{"iy", "ий", anywhere},
		{"ii", "ий", last},
		{"ij", "ий", last},
		{"i", "и", anywhere},
		{"i", "ий", last},
		{"i", "й", afterVowel},
		{"i", "ь", afterConsonant},
	},
	'j' - 'a': {
		{"ju", "ю", anywhere},
		{"ja", "я", anywhere},
		{"ja", "ья", afterConsonant},
		{"jo", "е", anywhere},
		{"jo", "ье", afterConsonant},
		{"je", "е", anywhere},
		{"je", "ье", afterConsonant},
		{"j", "й", anywhere},
		{"j", "ь", afterConsonant},
		{"j", "дж", anywhere},
	},
	'k' - 'a': {
		{"kh", "х", anywhere},
		{"k", "к", anywhere},
	},
	'l' - 'a': {
		{"l", "л", anywhere},
		{"l", "ль", anywhere},
	},
	'm' - 'a': {
		{"m", "м", anywhere},
	},
	'n' - 'a': {
		{"n", "н", anywhere},
		{"n", "нь", last},
	},
	'o' - 'a': {
		{"oy", "ой", anywhere},
		{"oi", "ой", anywhere},
		{"oj", "ой", anywhere},
		{"o", "о", anywhere},
	},
	'p' - 'a': {
		{"ph", "ф", anywhere},
		{"p", "п", anywhere},
		{"p", "пь", last},
	},
	'q' - 'a': {
		{"q", "к", anywhere},
	},
	'r' - 'a': {
		{"r", "р", anywhere},
		{"r", "рь", anywhere},
	},
	's' - 'a': {
		{"shch", "щ", anywhere},
		{"sch", "щ", anywhere},
		{"sch", "ш", anywhere},
		{"sh", "ш", anywhere},
		{"s", "с", anywhere},
	},
	't' - 'a': {
		{"tsch", "ч", anywhere},
		{"ts", "ц", anywhere},
		{"tz", "ц", anywhere},
		{"t", "т", anywhere},
		{"t", "ть", last},
	},
	'u' - 'a': {
		{"u", "у", anywhere},
	},
	'v' - 'a': {
		{"v", "в", anywhere},
		{"v", "вь", last},
	},
	'w' - 'a': {
		{"w", "в", anywhere},
	},
	'x' - 'a': {
		{"x", "кс", anywhere},
		{"x", "х", anywhere},
	},
	'y' - 'a': {
		{"yu", "ю", anywhere},
		{"ya", "я", anywhere},
		{"ya", "ья", afterConsonant},
		{"ye", "е", anywhere},
		{"ye", "ье", afterConsonant},
		{"yo", "е", anywhere},
		{"yo", "ье", afterConsonant},
		{"yy", "ый", last},
		{"y", "ий", last},
		{"y", "ый", last},
		{"y", "ы", notFirst},
		{"y", "и", anywhere},
		{"y", "й", anywhere},
		{"y", "ь", afterConsonant},
	},
	'z' - 'a': {
		{"zh", "ж", anywhere},
		{"z", "з", anywhere},
	},
}
