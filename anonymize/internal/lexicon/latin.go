package lexicon

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

type latinReader struct {
	word  string
	dst   []uint64
	start int
}

// read appends the keys of all readings of the word from i on, b having taken
// what stands before.
func (r *latinReader) read(i int, b Builder) {
	if len(r.dst)-r.start == MaxLatinKeys {
		return
	}
	if i == len(r.word) {
		if key := b.Russian(); key != 0 {
			r.add(key)
		}
		return
	}
	for n := min(4, len(r.word)-i); n > 0; n-- {
		for j := range latinLetters {
			l := &latinLetters[j]
			if len(l.latin) != n || !r.at(i, l.latin) || !r.fits(l.where, i, n) {
				continue
			}
			next := b
			for k := 0; k < len(l.russian); k += 2 {
				c, _ := letter(l.russian[k], l.russian[k+1])
				next.Add(c)
			}
			r.read(i+n, next)
		}
	}
}

// add appends a key once.
func (r *latinReader) add(key uint64) {
	for _, k := range r.dst[r.start:] {
		if k == key {
			return
		}
	}
	r.dst = append(r.dst, key)
}

func (r *latinReader) at(i int, latin string) bool {
	for k := range len(latin) {
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

// latinLetters are the readings, those of one spelling in order of likelihood.
// Longer spellings are tried first wherever they stand here.
var latinLetters = [...]struct {
	latin, russian string
	where          where
}{
	{"shch", "щ", anywhere},
	{"tsch", "ч", anywhere},
	{"sch", "щ", anywhere},
	{"sch", "ш", anywhere},
	{"iya", "ия", anywhere},
	{"iia", "ия", anywhere},
	{"ija", "ия", anywhere},
	{"zh", "ж", anywhere},
	{"kh", "х", anywhere},
	{"ts", "ц", anywhere},
	{"tz", "ц", anywhere},
	{"ch", "ч", anywhere},
	{"sh", "ш", anywhere},
	{"ph", "ф", anywhere},
	{"ck", "к", anywhere},
	{"yu", "ю", anywhere},
	{"iu", "ю", anywhere},
	{"ju", "ю", anywhere},
	{"ya", "я", anywhere},
	{"ya", "ья", afterConsonant},
	{"ia", "ия", afterConsonant},
	{"ia", "я", anywhere},
	{"ia", "ья", afterConsonant},
	{"ja", "я", anywhere},
	{"ja", "ья", afterConsonant},
	{"ye", "е", anywhere},
	{"ye", "ье", afterConsonant},
	{"yo", "е", anywhere},
	{"yo", "ье", afterConsonant},
	{"io", "е", afterConsonant},
	{"jo", "е", anywhere},
	{"jo", "ье", afterConsonant},
	{"je", "е", anywhere},
	{"je", "ье", afterConsonant},
	{"ev", "ьев", afterConsonant},
	{"ie", "ие", afterConsonant},
	{"ie", "ье", afterConsonant},
	{"iy", "ий", anywhere},
	{"ii", "ий", last},
	{"ij", "ий", last},
	{"yy", "ый", last},
	{"ey", "ей", anywhere},
	{"ei", "ей", anywhere},
	{"ej", "ей", anywhere},
	{"ay", "ай", anywhere},
	{"ai", "ай", anywhere},
	{"ai", "аи", anywhere},
	{"aj", "ай", anywhere},
	{"oy", "ой", anywhere},
	{"oi", "ой", anywhere},
	{"oj", "ой", anywhere},
	{"x", "кс", anywhere},
	{"x", "х", anywhere},
	{"y", "ий", last},
	{"y", "ый", last},
	{"y", "ы", notFirst},
	{"y", "и", anywhere},
	{"y", "й", anywhere},
	{"y", "ь", afterConsonant},
	{"j", "й", anywhere},
	{"j", "ь", afterConsonant},
	{"j", "дж", anywhere},
	{"i", "и", anywhere},
	{"i", "ий", last},
	{"i", "й", afterVowel},
	{"i", "ь", afterConsonant},
	{"a", "а", anywhere},
	{"b", "б", anywhere},
	{"v", "в", anywhere},
	{"w", "в", anywhere},
	{"g", "г", anywhere},
	{"d", "д", anywhere},
	{"e", "е", anywhere},
	{"e", "э", anywhere},
	{"z", "з", anywhere},
	{"k", "к", anywhere},
	{"l", "л", anywhere},
	{"m", "м", anywhere},
	{"n", "н", anywhere},
	{"o", "о", anywhere},
	{"p", "п", anywhere},
	{"r", "р", anywhere},
	{"s", "с", anywhere},
	{"t", "т", anywhere},
	{"u", "у", anywhere},
	{"f", "ф", anywhere},
	{"h", "х", anywhere},
	{"h", "г", anywhere},
	{"h", "", afterVowel}, // Anahit
	{"c", "ц", anywhere},
	{"c", "к", anywhere},
	{"q", "к", anywhere},
	// A soft sign after a consonant is mostly left out: "Olga", "Igor".
	{"l", "ль", anywhere},
	{"r", "рь", anywhere},
	{"n", "нь", last},
	{"t", "ть", last},
	{"d", "дь", last},
	{"p", "пь", last},
	{"v", "вь", last},
	{"z", "зь", anywhere},
	{"s", "сь", anywhere},
}
