package anonymize

import (
	"math/bits"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// maxKeys is how many readings of one part are kept: «Слава» has a dozen.
const maxKeys = 16

// keysOf appends the keys under which a part is known in a role: the full names that it may stand for, the base form
// of a patronymic, the stem of a surname. Two parts may be of one person where they share a key.
func (t *Text) keysOf(dst []uint64, p *namePart, r nameRole) []uint64 {
	if len(dst) > 0 {
		return t.makeKeys(dst, p, r)
	}
	made := &t.names.made[(uint32(p.from)*4+uint32(r))%madeKeys]
	traits := p.traits & (slipPart | splitPart | possessivePart)
	if made.text != t.names.text || made.from != p.from || made.to != p.to || made.role != r || made.traits != traits {
		made.text, made.from, made.to, made.role, made.traits = t.names.text, p.from, p.to, r, traits
		made.n = int8(len(t.makeKeys(made.keys[:0], p, r)))
	}
	return append(dst, made.keys[:made.n]...)
}

// madeKeys is how many keys of parts are kept while a text is read: a name is asked for its keys again and again, and those of
// a foreign one are dear.
const madeKeys = 16

type partKeys struct {
	text     uint64
	from, to int32
	traits   trait
	role     nameRole
	n        int8
	keys     [maxKeys]uint64
}

func (t *Text) makeKeys(dst []uint64, p *namePart, r nameRole) []uint64 {
	if p.traits&slipPart != 0 {
		return appendKeys(dst, t.slipKeyOf(p), "", r)
	}
	if p.traits&splitPart != 0 {
		return appendKeys(dst, t.joinedKey(p), "", r)
	}
	for i := p.from; i < p.to; i++ {
		tok := &t.tok[i]
		switch tok.kind {
		case wordToken:
			if p.traits&possessivePart != 0 && r == firstName {
				if e, ok := lexicon.PossessiveOf(t.s[tok.start:tok.end]); ok {
					return appendLemmas(dst, e, classOf[r])
				}
			}
			dst = appendKeys(dst, tok.key, t.s[tok.start:tok.end], r)
		case latinToken:
			dst = t.latinKeysOf(dst, tok, r)
		}
	}
	return dst
}

// appendKeys appends the keys of one word in a role.
func appendKeys(dst []uint64, key uint64, word string, r nameRole) []uint64 {
	e, listed := lexicon.Lookup(key)
	switch r {
	case firstName, patronymic:
		from := len(dst)
		if listed {
			dst = appendLemmas(dst, e, classOf[r])
		}
		known := len(dst) > from
		if r == patronymic {
			dst = appendKey(dst, fatherKey(key))
		}
		if known {
			return dst
		}
		if end, ok := lexicon.EndingOf(key); ok && r == patronymic {
			if base := end.Base(word); base != 0 {
				return appendKey(dst, base)
			}
		}
		if n := key >> 60; r == firstName && n <= 12 && key&lettersOf(2) == ending2('и', 'й') {
			dst = appendKey(dst, (n-1)<<60|key&lettersOf(int(n))>>5) // «Аскербий», «Аскербия»
		}
		return appendKey(dst, stemKey(key, word))
	}
	dst = appendKey(dst, stemKey(key, word))
	if listed {
		for i := range e.Readings() {
			if rd := e.Reading(i); rd.Class.Is(lexicon.Surname) && rd.Lemma != 0 {
				var buf [64]byte
				lemma := rd.Lemma.Append(buf[:0])
				dst = appendKey(dst, stemKey(lexicon.Key(string(lemma)), string(lemma)))
			}
		}
	}
	return dst
}

// classOf gives the classes of the lexicon for a role.
var classOf = [...]lexicon.Class{
	firstName: lexicon.FirstName | lexicon.Diminutive, patronymic: lexicon.Patronymic, surname: lexicon.Surname, particle: 0,
}

// appendLemmas appends the base forms of the readings in class, and what they are short for.
func appendLemmas(dst []uint64, e lexicon.Entry, class lexicon.Class) []uint64 {
	var buf [16]lexicon.Lemma
	for i := range e.Readings() {
		r := e.Reading(i)
		if !r.Class.Is(class) || r.Lemma == 0 {
			continue
		}
		dst = appendKey(dst, r.Lemma.Key())
		for _, full := range r.Lemma.AppendFulls(buf[:0]) {
			dst = appendKey(dst, full.Key())
		}
	}
	return dst
}

func appendKey(dst []uint64, key uint64) []uint64 {
	if key == 0 || len(dst) >= maxKeys {
		return dst
	}
	for _, k := range dst {
		if k == key {
			return dst
		}
	}
	return append(dst, key)
}

func (t *Text) latinKeysOf(dst []uint64, tok *token, r nameRole) []uint64 {
	word := t.s[tok.start:tok.end]
	dst = appendKey(dst, tok.key)
	if e, ok := tok.form.Entry(); ok && r == firstName {
		dst = appendLemmas(dst, e, classOf[r]) // "Kate" is Katherine
	}
	t.names.latinKeys = lexicon.LatinKeys(t.names.latinKeys[:0], word)
	for _, k := range t.names.latinKeys {
		e, ok := lexicon.Lookup(k)
		switch {
		case ok && e.Class.Is(classOf[r]) && r != surname:
			return appendLemmas(dst, e, classOf[r])
		case r == surname && k>>60 <= 12:
			dst = appendKey(dst, stemKey(k, ""))
		}
	}
	return dst
}

// caseEndings are what the cases of surnames put behind their stems, the longest first.
var caseEndings = lexicon.Endings{
	0: "а", 'е' - 'а': "ые ие е", 'и' - 'а': "ыми ими и", 'й' - 'а': "ой ей ий ый й", 'м' - 'а': "ом ем ым им",
	'о' - 'а': "ого его о", 'у' - 'а': "ому ему у", 'х' - 'а': "ых их", 'ы' - 'а': "ы", 'ь' - 'а': "ь",
	'ю' - 'а': "ою ею ую юю ю", 'я' - 'а': "ая яя я",
}

// stemKey is the key of a surname without its case ending: «Кузнецова», «Кузнецовым» and «Кузнецов» share one.
// A short stem keeps more of its ending, «Ким» and «Цоя» would be nothing without.
func stemKey(key uint64, word string) uint64 {
	n := int(key >> 60)
	if n > 12 {
		return longStem(key, word)
	}
	cut := cutEnding(key, n, &caseEndings)
	return uint64(n-cut)<<60 | key&(1<<60-1)>>(5*cut)
}

// cutEnding gives the length of the first of the endings that the word of n letters has, 0 if it has none. What is left has
// three letters, or two behind an ending of one.
func cutEnding(key uint64, n int, by *lexicon.Endings) int {
	return by.Cut(key, max(n-3, min(n-2, 1)))
}

// longStem is stemKey of a word whose key does not hold all its letters.
func longStem(key uint64, word string) uint64 {
	cut := cutEnding(key, 13, &caseEndings)
	if key>>60 > 13 || len(word) <= 2*cut {
		return key
	}
	var b lexicon.Builder
	for i := 0; i+1 < len(word)-2*cut; i += 2 {
		l, _, ok := russianLetter(word[i], word[i+1])
		if !ok {
			return key
		}
		b.Add(l)
	}
	return b.Russian()
}

// patronymicEndings are what patronymics put behind the name of the father in all cases, the longest first.
var patronymicEndings = lexicon.Endings{
	0: "инична овича евича овна евна ична ича ыча", 'е' - 'а': "иничне овиче евиче овне евне ичне иче ыче",
	'й' - 'а': "овной евной ичной", 'м' - 'а': "овичем евичем ичем ычем",
	'у' - 'а': "овичу евичу овну евну ичну ичу ычу", 'ч' - 'а': "ович евич ич ыч", 'ы' - 'а': "иничны овны евны ичны",
	'ю' - 'а': "овною евною",
}

// fatherKey is the key of the father's name in a patronymic, so that «Осипыч» is the same as «Осипович»; 0 if the word is
// too long or has no such ending.
func fatherKey(key uint64) uint64 {
	n := int(key >> 60)
	if n > 12 {
		return 0
	}
	if cut := cutEnding(key, n, &patronymicEndings); cut > 0 {
		return fatherSalt ^ (uint64(n-cut)<<60 | key&(1<<60-1)>>(5*cut))
	}
	return 0
}

// fatherSalt keeps the keys of fathers apart from all others.
const fatherSalt = 0x0F0F_0000_0000_0000

// letters is a set of Russian letters, а the lowest bit, with ё as е.
type letters uint32

// headsOf gives the letters that a part may begin with, and of a diminutive those of its full names: «Саша» is А. too.
// A Latin letter stands for all that it may be or look like.
func (t *Text) headsOf(p *namePart, r nameRole) letters {
	tok := &t.tok[p.from]
	c, _ := utf8.DecodeRuneInString(t.s[tok.start:tok.end])
	heads := headOf(c)
	if r != firstName || tok.kind == latinToken && p.traits&slipPart == 0 {
		return heads
	}
	e, ok := lexicon.Lookup(tok.key)
	if !ok {
		return heads
	}
	var buf [64]byte
	var fulls [16]lexicon.Lemma
	for i := range e.Readings() {
		rd := e.Reading(i)
		if !rd.Class.Is(lexicon.Diminutive) {
			continue
		}
		for _, full := range rd.Lemma.AppendFulls(fulls[:0]) {
			c, _ := utf8.DecodeRune(full.Append(buf[:0]))
			heads |= headOf(c)
		}
	}
	return heads
}

// latinHeads are the Russian letters that names written with a to z begin with, by sound or by look.
var latinHeads = [26]string{"а", "бв", "скцч", "д", "еэ", "ф", "гдж", "хгн", "и", "дйжюяхе", "к", "л", "м", "н", "о", "пр", "к", "р", "сшщ", "тц", "ую", "в", "ву", "хк", "йюяуеи", "зж"}

func headOf(c rune) letters {
	c = unicode.ToLower(c)
	switch {
	case c == 'ё':
		c = 'е'
	case c >= 'a' && c <= 'z':
		var set letters
		for _, r := range latinHeads[c-'a'] {
			set |= 1 << (r - 'а')
		}
		return set
	}
	if c < 'а' || c > 'я' {
		return 0
	}
	return 1 << (c - 'а')
}

// share reports whether two lists of keys have one in common.
func share(a, b []uint64) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// similar reports whether two lists have words that differ in one letter, as hearing and typing do. Short words differ in
// one letter anyway.
func similar(a, b []uint64) bool {
	for _, x := range a {
		n := int(x >> 60)
		if n < minStem || n > 12 {
			continue
		}
		for _, y := range b {
			if m := int(y >> 60); m >= minStem && m <= 12 && mayBeSimilar(x<<(64-5*n), y<<(64-5*m), min(n, m)) && isSimilar(x, y) {
				return true
			}
		}
	}
	return false
}

// alike reports whether two lists share a key or have similar ones.
func alike(a, b []uint64) bool { return share(a, b) || similar(a, b) }

// mayBeSimilar looks at the first letters in which two words differ, of which the shorter one has so many: most pairs are passed
// over by this, before their stems are cut. Behind one letter more, less or other the rest of the stems is the same, and a stem
// has three letters, or all but the last three of its word.
func mayBeSimilar(x, y uint64, letters int) bool {
	const next, nextTwo = 31 << 54, 1023 << 49
	same := bits.LeadingZeros64(x^y) / 5
	if same == 0 {
		return (x^y)&nextTwo == 0 || (x^y>>5)&nextTwo == 0 || (x>>5^y)&nextTwo == 0
	}
	if same+1 >= max(minStem, letters-3) {
		return true
	}
	x, y = x<<(5*same), y<<(5*same)
	return (x^y)&next == 0 || (x^y>>5)&next == 0 || (x>>5^y)&next == 0
}

func isSimilar(x, y uint64) bool {
	return oneLetterApart(x, y) || x>>60 <= 12 && y>>60 <= 12 && (isLike(x, y) || isDiminutive(y, x))
}

// isTail reports patronymics of which one is the end of the other, as speech recognition loses a beginning: «Вачагановна»,
// «Чагановна».
func isTail(a, b []uint64) bool {
	for _, x := range a {
		for _, y := range b {
			l := int(min(x>>60, y>>60))
			if tail := tailOf(x); tail != 0 && tail == tailOf(y) && x&lettersOf(l) == y&lettersOf(l) {
				return true
			}
		}
	}
	return false
}

// tailOf gives the last letters of a patronymic, 0 if it has too few.
func tailOf(key uint64) uint64 {
	const letters = 8
	if n := key >> 60; n < letters || n > 12 {
		return 0
	}
	return key & lettersOf(letters)
}

// minSimilar is the number of letters from which one letter more or less may be a mistake.
const minSimilar = 5

func oneLetterApart(a, b uint64) bool {
	n, m := int(a>>60), int(b>>60)
	if n > 12 || m > 12 || n < minSimilar || m < minSimilar {
		return false
	}
	if n < m {
		a, b, n, m = b, a, m, n
	}
	if n-m > 1 {
		return false
	}
	a, b = a&(1<<60-1), b&(1<<60-1)
	for n > 0 && m > 0 && a&31 == b&31 { // the same ends
		a, b, n, m = a>>5, b>>5, n-1, m-1
	}
	if n == m {
		return a>>5 == b>>5
	}
	return a>>5 == b
}

// A wordList is words in lower case with a space between. It is always a constant: the generator of package vocabulary
// reads the lists from the source of the rules, so that a word is found in one look-up however long a list is.
type wordList string

// hasToken reports whether the token is one of the words. The vocabulary knows in which lists a word may be: few are asked.
// It is written so that the compiler puts it in place of the call, where the bit of the list is a constant.
func (l wordList) hasToken(tok *token) bool {
	return tok.lists&vocabulary.ListBit(string(l)) != 0 && vocabulary.IsIn(string(l), tok.key)
}

// has reports whether the word of this key is one of the words.
func (l wordList) has(key uint64) bool { return vocabulary.IsIn(string(l), key) }

// An ownList is a wordList that is asked of nearly every word. A digit before its words, 0 to 7, is that of the bit which the
// vocabulary keeps for this list alone: no look-up is needed.
type ownList string

func (l ownList) hasToken(tok *token) bool { return tok.lists&vocabulary.OwnBit(string(l)) != 0 }
