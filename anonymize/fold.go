package anonymize

import (
	"math/bits"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// What a byte may begin.
const (
	classSign    = '.' // an ASCII sign
	classSpace   = ' ' // a space, tab or control character
	classLine    = '/' // a line break
	classDigit   = '0' // an ASCII digit
	classLatin   = 'L' // an ASCII letter; this and what is below may go on with a word
	classRussian = 'R' // the lead byte of a Russian letter, and of a few others
	classRune    = 'u' // anything else, also a broken byte
)

// byteClass is a constant and not an array, because an array would be filled at start.
const byteClass = "" +
	"          ////  " + "                " + // 00
	" ..............." + "0000000000......" + // 20
	".LLLLLLLLLLLLLLL" + "LLLLLLLLLLL....." + // 40
	".LLLLLLLLLLLLLLL" + "LLLLLLLLLLL.... " + // 60
	"uuuuuuuuuuuuuuuu" + "uuuuuuuuuuuuuuuu" + // 80
	"uuuuuuuuuuuuuuuu" + "uuuuuuuuuuuuuuuu" + // A0
	"uuuuuuuuuuuuuuuu" + "RRuuuuuuuuuuuuuu" + // C0
	"uuuuuuuuuuuuuuuu" + "uuuuuuuuuuuuuuuu" //  E0

// russianLetter gives the number of the letter, а=0 … я=31 with ё as е, of two bytes of UTF-8.
// The number is (second byte & 0x1F) ^ 0x10 in both cases of letters, but for ё.
func russianLetter(lead, cont byte) (n uint64, capital, ok bool) {
	if lead == 0xD0 {
		if cont >= 0x90 && cont < 0xC0 {
			return uint64(cont&0x1F ^ 0x10), cont < 0xB0, true
		}
		return letterE, true, cont == 0x81
	}
	if lead == 0xD1 {
		if cont >= 0x80 && cont < 0x90 {
			return uint64(cont&0x1F ^ 0x10), false, true
		}
		return letterE, false, cont == 0x91
	}
	return 0, false, false
}

const letterE = 5 // е, and ё folded to it

// load64 gives eight bytes from byte i on.
func load64(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Four letters of two bytes stand in the four lanes of eight bytes, the lead byte lowest. Read so, words take half the time
// that they take letter by letter (BenchmarkRead).
const lanes = 0x0001_0001_0001_0001

// notRussian is zero in every lane with a lead byte of Russian letters and a second byte.
func notRussian(x uint64) uint64 { return x&(0xC0FE*lanes) ^ 0x80D0*lanes }

// smallRussian has the highest bit of every such lane with a small letter from а to я but ё: of the second bytes 80 to BF, D0
// has а to п from B0 on and D1 р to я below 90.
func smallRussian(x uint64) uint64 { return (x<<15 ^ x<<3) &^ (x<<3 ^ x<<2) }

// lanesBelow has the highest bit of every lane below the first one that is not zero.
func lanesBelow(x uint64) uint64 { return (x - 1) &^ x & (0x8000 * lanes) }

// foldRussian gives the numbers of four letters in five bits each, the first letter highest. The product has the second byte
// of lane i at bit 71-5i, and nothing else from bit 56 to 75.
func foldRussian(x uint64) uint64 {
	hi, lo := bits.Mul64(x&(0x1F00*lanes), 1<<63|1<<42|1<<21|1)
	return (hi<<8|lo>>56)&(1<<20-1) ^ 0x84210
}

// continues reports whether the word that ends at i goes on in another script, or behind a character without width.
func continues(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	c := s[i]
	switch {
	case c < utf8.RuneSelf:
		return byteClass[c] == classLatin
	case c == 0xC2: // «» NBSP and such; a soft hyphen is C2 AD
		return i+1 < len(s) && s[i+1] == 0xAD
	case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] >= 0x90: // dashes, quotes, the ellipsis
		return s[i+2] >= 0xAA && s[i+2] <= 0xAE
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || isInvisible(r)
}

// isInvisible reports characters without width that may stand inside a word or number and change nothing: the soft
// hyphen, joiners, marks of direction, variation selectors.
func isInvisible(r rune) bool {
	switch {
	case r == 0xAD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069:
		return true
	case r == 0xFEFF, r == 0x180E, r == 0x034F, r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return false
}

func isLineBreak(r rune) bool { return r == 0x85 || r == 0x2028 || r == 0x2029 }

// digit gives the value of a digit of any script: full-width, Arabic-Indic, Devanagari and the others.
func digit(r rune) (int, bool) {
	if r < utf8.RuneSelf {
		return int(r - '0'), r >= '0' && r <= '9'
	}
	// In Unicode the ten digits of a script stand in a row, and a range holds whole rows.
	for _, row := range unicode.Nd.R16 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	return 0, false
}

// foldSign gives one code to the signs that mean the same in numbers and names.
func foldSign(r rune) uint64 {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '-', '⁃':
		return '-'
	case '«', '»', '„', '“', '”', '‟', '"':
		return '"'
	case '’', '‘', 'ʼ', '`', '´':
		return '\''
	case '(':
		return '('
	case ')':
		return ')'
	case '@', '﹫':
		return '@'
	case '.', '。', '․':
		return '.'
	case '+', '﹢':
		return '+'
	case '/', '⁄', '∕':
		return '/'
	case '∙', '·', '•', '‧':
		return '•'
	}
	return uint64(r)
}

// A wordReader folds a word of mixed origin. It makes both keys, the Russian and the Latin one, and says in the end
// which of them every letter agreed to.
type wordReader struct {
	russian, latin       lexicon.Builder
	notRussian, notLatin bool
	anyRussian           bool
	firstCapital         bool
	capitals, n          int
	last                 uint64 // the Russian letter that a combining mark may still change, plus one
}

// add takes the next rune and reports whether it belongs to a word.
func (w *wordReader) add(r rune) bool {
	if unicode.Is(unicode.Mn, r) {
		if r == 0x0306 && w.last == letterI+1 { // и and a breve
			w.last = letterI + 2
		}
		return w.n > 0
	}
	if !unicode.IsLetter(r) {
		return false
	}
	if r >= 'Ａ' && r <= 'ｚ' { // full-width forms
		r -= 'Ａ' - 'A'
	}
	if unicode.IsUpper(r) {
		w.firstCapital = w.firstCapital || w.n == 0
		w.capitals++
	}
	w.n++
	w.flush()
	switch {
	case r < utf8.RuneSelf:
		w.addLatin(r)
	case r >= 0x400 && r < 0x530:
		w.addRussian(unicode.ToLower(r))
	case r >= 0xC0 && r < 0xC0+rune(len(latinBase)):
		w.addLatin(rune(latinBase[r-0xC0]))
	default:
		w.notRussian, w.notLatin = true, true
	}
	return true
}

const letterI = 8 // и

func (w *wordReader) flush() {
	if w.last > 0 {
		w.russian.Add(w.last - 1)
		w.last = 0
	}
}

func (w *wordReader) addRussian(r rune) {
	w.anyRussian = true
	if twin := lookAlike(cyrillicTwins, r); twin != 0 {
		w.latin.Add(uint64(twin-'a') + 1)
	} else {
		w.notLatin = true
	}
	if base := lookAlike(cyrillicBase, r); base != 0 {
		r = base
	}
	if r < 'а' || r > 'я' {
		w.notRussian = true
		return
	}
	w.last = uint64(r-'а') + 1
}

func (w *wordReader) addLatin(r rune) {
	if twin := lookAlike(latinTwins, r); twin != 0 {
		w.last = uint64(twin-'а') + 1
	} else {
		w.notRussian = true
	}
	w.latin.Add(uint64(r|0x20-'a') + 1)
}

func (w *wordReader) key() (tokenKind, uint64) {
	w.flush()
	switch {
	case !w.notRussian && w.anyRussian:
		return wordToken, w.russian.Russian()
	case !w.notLatin:
		return latinToken, w.latin.Latin()
	}
	return otherToken, 0
}

// Pairs of a letter and what it is folded to. The twins look alike; the bases are what letters of neighbouring
// alphabets become in Russian spelling.
const (
	latinTwins    = "aаAаBвcсCсeеEеHнkкKкmмMмoоOоpрPрTтtтxхXхyуYу"
	cyrillicTwins = "аaвbсcеeнhкkмmоoрpтtхxуyіiјjѕs"
	cyrillicBase  = "ёеіиїиєеґгўуәағгқкңнөоұуүуһхјйҳхҷчӣиӯуҙзҫсҝкҹчҗж"
)

func lookAlike(pairs string, r rune) rune {
	for i := 0; i < len(pairs); {
		a, size := utf8.DecodeRuneInString(pairs[i:])
		b, next := utf8.DecodeRuneInString(pairs[i+size:])
		if a == r {
			return b
		}
		i += size + next
	}
	return 0
}

// latinBase gives the letter without its accent for U+00C0 to U+017F.
const latinBase = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs" + "aaaaaaaceeeeiiiidnooooo/ouuuuyty" +
	"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlLlLlNnNnNnnNn" +
	"OoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"
