package lexicon

import (
	"strings"
	"unicode/utf8"
)

// A Lemma is the base form of an entry: «Анна» of «Анной», «Аня» of «Ань».
// Its number is stable within one build of the lexicon only and is not to be
// stored. The zero Lemma is none.
type Lemma uint32

// Append appends the base form, capitalized and with ё, to dst.
func (l Lemma) Append(dst []byte) []byte {
	if l == 0 {
		return dst
	}
	for at := l.at(); blob[at] != 0; at++ {
		dst = utf8.AppendRune(dst, cyrillic(blob[at]))
	}
	return dst
}

// at gives where the letters of the base form begin.
func (l Lemma) at() int {
	at := int(u32(headLetters)) + int(u32(int(u32(headLemmas))+int(l/lemmaBlock)*4))
	for range l % lemmaBlock {
		at += strings.IndexByte(blob[at:], 0) + 1
	}
	return at
}

// String returns the base form, capitalized and with ё.
func (l Lemma) String() string { return string(l.Append(nil)) }

// Key returns the key of the base form.
func (l Lemma) Key() uint64 {
	if l == 0 {
		return 0
	}
	var b Builder
	for at := l.at(); blob[at] != 0; at++ {
		switch c := blob[at]; {
		case c >= 0xC0:
			b.Add(uint64(c & 0x1F))
		case c == 0xB8 || c == 0xA8: // ё
			b.Add('е' - 'а')
		default: // a name in Latin letters
			var buf [64]byte
			return Key(string(l.Append(buf[:0])))
		}
	}
	return b.Russian()
}

// AppendFulls appends the full names that a diminutive or a spoken patronymic
// stands for: «Саша» Александр and Александра, «Палыч» Павлович. A lemma that
// is neither has none.
func (l Lemma) AppendFulls(dst []Lemma) []Lemma { return appendPairs(dst, l, headFulls, headShorts) }

// AppendShorts appends the diminutives and spoken forms of a full name.
func (l Lemma) AppendShorts(dst []Lemma) []Lemma { return appendPairs(dst, l, headShorts, headEnd) }

// lemmaBlock is how many lemmas share one offset.
const lemmaBlock = 16

// cyrillic decodes a byte of Windows-1251.
func cyrillic(b byte) rune {
	switch {
	case b >= 0xC0:
		return 'А' + rune(b-0xC0)
	case b == 0xB8:
		return 'ё'
	case b == 0xA8:
		return 'Ё'
	}
	return rune(b)
}

// appendPairs appends what the sorted pairs between two heads give for l.
func appendPairs(dst []Lemma, l Lemma, from, to int) []Lemma {
	base, n := int(u32(from)), int(u32(to)-u32(from))/4
	lo, hi := 0, n
	for lo < hi {
		mid := (lo + hi) / 2
		if Lemma(u16(base+4*mid)) < l {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for ; lo < n && Lemma(u16(base+4*lo)) == l; lo++ {
		dst = append(dst, Lemma(u16(base+4*lo+2)))
	}
	return dst
}
