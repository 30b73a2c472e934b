package anonymize

import (
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A reader divides a text into tokens. The loops below are the hot path of the package: bytes first, runes only where a byte
// says that it may be more than plain Russian, English or a digit.
type reader struct {
	s      string
	tok    []token // all that there is room for
	n      int     // that were read
	broken bool    // the text is not UTF-8
}

// read reads the whole text. Its methods read the token that begins at a byte and give the byte behind it.
func (r *reader) read() {
	s, before := r.s, lineGap
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' { // every other token begins so
			before = before.space()
			i++
			continue
		}
		if r.n == len(r.tok) {
			r.grow()
		}
		class := byteClass[c]
		if before == noGap {
			if class >= classLatin && r.goesOn(i) {
				i = r.again()
				continue
			}
		}
		switch { // the frequent first
		case class == classRussian:
			if key, n, form := russianWord(s, i); n > 0 {
				tok := r.add(i, i+2*n, before, wordToken)
				tok.key, tok.n, tok.shape = lexicon.RussianKey(key, n), uint8(n), form
				i += 2 * n
			} else {
				i = r.russianSlow(i, before)
			}
		case class == classLatin:
			i = r.latin(i, before)
		case class == classSign:
			r.sign(i, i+1, before, uint64(c))
			i++
		case class == classDigit:
			i = r.number(i, before)
		case class == classSpace:
			before = before.space()
			i++
			continue
		case class == classLine:
			before = lineGap
			i++
			continue
		default:
			i, before = r.rune(i, before)
			continue
		}
		before = noGap
	}
}

// goesOn reports whether the last token is a word that goes on at byte i.
func (r *reader) goesOn(i int) bool {
	return r.n > 0 && int(r.tok[r.n-1].end) == i && r.tok[r.n-1].kind <= otherToken && continues(r.s, i)
}

// again reads the last word anew.
func (r *reader) again() int {
	r.n--
	tok := &r.tok[r.n]
	return r.word(int(tok.start), tok.gap)
}

// grow makes room for more tokens: at first for as many as a text of this length has.
//
//go:noinline
func (r *reader) grow() {
	r.tok = slices.Grow(r.tok, max(1, 16+len(r.s)/8-r.n))
	r.tok = r.tok[:cap(r.tok)]
}

// space is the gap with one more space in it.
func (g gap) space() gap {
	if g < wideGap {
		g++
	}
	return g
}

// add adds a token of a kind. The caller gives it the rest.
func (r *reader) add(start, end int, before gap, kind tokenKind) *token {
	tok := &r.tok[r.n]
	r.n++
	*tok = token{}
	tok.start, tok.end, tok.kind, tok.gap = uint32(start), uint32(end), kind, before
	return tok
}

func (r *reader) sign(start, end int, before gap, key uint64) {
	tok := r.add(start, end, before, signToken)
	tok.key, tok.n = key, 1
}

// russianWord reads up to twelve Russian letters, four at a time. It gives their numbers, how many they are, and the shape of the
// word. It does not read longer words, those with other capitals or ё, nor a text of a few letters.
func russianWord(s string, start int) (key uint64, n int, form shape) {
	i, last := start, len(s)-8
	if last < 0 {
		return 0, 0, lower
	}
	var marks, end uint64
	for {
		var x uint64
		if i <= last {
			x = load64(s, i)
		} else {
			x = load64(s, last) >> (8 * (i - last))
		}
		end = notRussian(x)
		marks = marks>>1 | lanesBelow(end)&^smallRussian(x)
		key = key<<20 | foldRussian(x)
		if end != 0 {
			break
		}
		if i += 8; i == start+2*lexicon.ExactWord {
			return 0, 0, lower
		}
	}
	k := bits.TrailingZeros64(end) / 16
	n, key = (i-start)>>1+k, key>>((20-5*k)&63)
	switch {
	case marks == 0:
		return key, n, lower
	case marks == 0x8000>>(uint(i-start)>>3&63) && s[start] == 0xD0 && s[start+1] >= 0x90:
		return key, n, title
	}
	return 0, 0, lower
}

func (r *reader) russianSlow(start int, before gap) int {
	s := r.s
	var b lexicon.Builder
	i, capitals := start, 0
	for i+1 < len(s) {
		n, capital, ok := russianLetter(s[i], s[i+1])
		if !ok {
			break
		}
		if capital {
			capitals++
		}
		b.Add(n)
		i += 2
	}
	if b.Len() == 0 {
		return r.word(start, before)
	}
	_, first, _ := russianLetter(s[start], s[start+1])
	tok := r.add(start, i, before, wordToken)
	tok.key, tok.n, tok.shape = b.Russian(), clip(b.Len()), shapeOf(first, capitals, b.Len())
	return i
}

// latin reads a word of ASCII letters.
func (r *reader) latin(start int, before gap) int {
	s := r.s
	i, capitals, key := start, 0, uint64(0)
	for i < len(s) && byteClass[s[i]] == classLatin {
		if s[i] < 'a' {
			capitals++
		}
		key = key<<5 | uint64(s[i]&0x1F)
		i++
	}
	n := i - start
	if n <= lexicon.ExactWord {
		key = lexicon.LatinKey(key, n)
	} else {
		key = lexicon.Key(s[start:i])
	}
	tok := r.add(start, i, before, latinToken)
	tok.key, tok.n, tok.shape = key, clip(n), shapeOf(s[start] < 'a', capitals, n)
	return i
}

// number reads ASCII digits; a digit of another script or a character without width sends it to digits.
func (r *reader) number(start int, before gap) int {
	s := r.s
	i, value := start, uint64(0)
	for i < len(s) && byteClass[s[i]] == classDigit {
		if i-start < maxValueDigits {
			value = value*10 + uint64(s[i]-'0')
		}
		i++
	}
	if i < len(s) && s[i] >= utf8.RuneSelf {
		return r.digits(start, before)
	}
	tok := r.add(start, i, before, numberToken)
	tok.key, tok.n = value, clip(i-start)
	return i
}

// maxValueDigits is how many leading digits the key of a number holds.
const maxValueDigits = 18

// digits reads a number rune by rune.
func (r *reader) digits(start int, before gap) int {
	s := r.s
	end, n, value := start, 0, uint64(0)
	for i := start; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		d, ok := digit(c)
		if !ok && !isInvisible(c) {
			break
		}
		i += size
		if !ok {
			continue
		}
		if n < maxValueDigits {
			value = value*10 + uint64(d)
		}
		n++
		end = i
	}
	tok := r.add(start, end, before, numberToken)
	tok.key, tok.n = value, clip(n)
	return end
}

// rune reads what the table of bytes does not know: it may be white space, too, or nothing.
func (r *reader) rune(i int, before gap) (int, gap) {
	c, size := utf8.DecodeRuneInString(r.s[i:])
	switch {
	case isInvisible(c):
		return i + size, before
	case isLineBreak(c):
		return i + size, lineGap
	case unicode.IsSpace(c):
		return i + size, before.space()
	case unicode.IsLetter(c):
		return r.word(i, before), noGap
	}
	if _, ok := digit(c); ok {
		return r.digits(i, before), noGap
	}
	r.broken = r.broken || c == utf8.RuneError && size == 1
	r.sign(i, i+size, before, foldSign(c))
	return i + size, noGap
}

// word reads a word rune by rune: with accents apart from their letters, look-alike letters of two alphabets,
// characters without width inside.
func (r *reader) word(start int, before gap) int {
	s := r.s
	var w wordReader
	end, next := start, start
	for i := start; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size <= 1 {
			break
		}
		if w.add(c) {
			end = i + size
		} else if !isInvisible(c) {
			break
		}
		i += size
		next = i
	}
	if end == start { // a lone combining mark or a broken byte
		c, size := utf8.DecodeRuneInString(s[start:])
		r.broken = r.broken || c == utf8.RuneError && size == 1
		r.sign(start, start+size, before, uint64(utf8.RuneError))
		return start + size
	}
	kind, key := w.key()
	tok := r.add(start, end, before, kind)
	tok.key, tok.n, tok.shape = key, clip(w.n), shapeOf(w.firstCapital, w.capitals, w.n)
	return next // behind what has no width, or it would go on there
}

func shapeOf(first bool, capitals, n int) shape {
	switch {
	case capitals == 0:
		return lower
	case first && capitals == 1:
		return title
	case capitals == n:
		return upper
	}
	return mixed
}

func clip(n int) uint8 { return uint8(min(n, 255)) }
