package anonymize

import (
	"unicode"
	"unicode/utf8"
)

// sounds are the consonants of a first name, a patronymic and a surname, each as it was written in Russian and in Latin
// letters; 0 where it was not. They tell «Йорг» and "Jörg" to be one name where no table has it. Within one alphabet they
// say nothing: «Марина» and «Мирон» sound alike so.
type sounds [3][2]uint64

// minSounds is how many consonants make a sound. With one less the places of the vowels count too.
const minSounds = 3

// soundPlace gives the row of sounds for a role.
func soundPlace(r nameRole) int {
	switch r {
	case firstName:
		return 0
	case patronymic:
		return 1
	case surname:
		return 2
	}
	return -1
}

func (t *Text) addSounds(s *sounds, p *namePart, r nameRole) {
	i := soundPlace(r)
	if i < 0 || p.traits&slipPart != 0 || p.to-p.from > 1 {
		return
	}
	tok := &t.tok[p.from]
	word := t.s[tok.start:tok.end]
	switch tok.kind {
	case wordToken:
		s[i][0] = soundOf(t.stemOf(tok))
	case latinToken:
		s[i][1] = soundOf(word)
	}
}

// stemOf gives a Russian word without the ending of its case.
func (t *Text) stemOf(tok *token) string {
	word := t.s[tok.start:tok.end]
	if n := int(tok.key >> 60); n <= 12 && 2*n == len(word) {
		return word[:len(word)-2*cutEnding(tok.key, n, &caseEndings)]
	}
	return word
}

// add takes the sounds that are new.
func (s *sounds) add(other *sounds) {
	for i := range s {
		for j := range s[i] {
			if s[i][j] == 0 {
				s[i][j] = other[i][j]
			}
		}
	}
}

// same reports whether a part sounds alike in the two alphabets.
func (s *sounds) same(other *sounds, part int) bool {
	a, b := &s[part], &other[part]
	return a[0] != 0 && a[0] == b[1] || a[1] != 0 && a[1] == b[0]
}

// crosses reports a first name that the other alphabet's reader took for a surname, or the other way round.
func (s *sounds) crosses(other *sounds) bool {
	for _, i := range [...]int{0, 2} {
		for _, j := range [...]int{0, 2} {
			if s[i][0] != 0 && s[i][0] == other[j][1] || s[i][1] != 0 && s[i][1] == other[j][0] {
				return true
			}
		}
	}
	return false
}

// russianSounds gives the consonant of each Russian letter, 0 of a vowel; йот counts at the beginning alone.
const russianSounds = "\x00bvgd\x00js\x00\x00klmn\x00prst\x00fhccss\x00\x00\x00\x00\x00\x00"

// latinSounds are spellings of one consonant, the longer ones first.
var latinSounds = [...]struct {
	letters string
	sound   byte
}{
	{"shch", 's'}, {"sch", 's'}, {"dzh", 'j'}, {"sh", 's'}, {"ch", 'c'}, {"zh", 'j'}, {"kh", 'h'}, {"ts", 'c'}, {"ph", 'f'},
	{"th", 't'}, {"ck", 'k'}, {"ce", 's'}, {"ci", 's'}, {"cy", 's'}, {"b", 'b'}, {"c", 'k'}, {"d", 'd'}, {"f", 'f'}, {"g", 'g'},
	{"h", 'h'}, {"j", 'j'}, {"k", 'k'}, {"l", 'l'}, {"m", 'm'}, {"n", 'n'}, {"p", 'p'}, {"q", 'k'}, {"r", 'r'}, {"s", 's'}, {"t", 't'},
	{"v", 'v'}, {"w", 'v'}, {"z", 's'},
}

// soundOf gives a hash of the consonants of a word, of a short one with where its vowels stand; 0 if there are too few.
func soundOf(word string) uint64 {
	const start, prime = 14695981039346656037, 1099511628211
	hash, short, last, n := uint64(start), uint64(start), byte(0), 0
	vowel := false
	for at := 0; at < len(word); {
		sound, size := soundAt(word, at)
		at += size
		if sound == 'd' && at < len(word) {
			if next, size := soundAt(word, at); next == 'j' { // «дж»
				sound = 'j'
				at += size
			}
		}
		if sound == 0 {
			vowel = true
		} else if sound != last {
			if vowel {
				short = (short ^ 'a') * prime
			}
			hash, short = (hash^uint64(sound))*prime, (short^uint64(sound))*prime
			vowel = false
			n++
		}
		last = sound
	}
	switch {
	case n >= minSounds:
		return hash
	case n == minSounds-1:
		return short
	}
	return 0
}

// soundKey is the key in a memory of a sound that is looked for in an alphabet: 0 the Russian one, 1 the Latin one. Its length
// is none that a word has.
func soundKey(sound uint64, script int) uint64 { return sound>>4<<1 | uint64(script) }

func soundAt(word string, at int) (sound byte, size int) {
	c, size := utf8.DecodeRuneInString(word[at:])
	c = unicode.ToLower(c)
	switch {
	case c == 'й' && at == 0:
		return 'j', size
	case c >= 'а' && c <= 'я':
		return russianSounds[c-'а'], size
	case c >= utf8.RuneSelf:
		return foldedSound(c), size
	}
	for i := range latinSounds {
		l := &latinSounds[i]
		if len(word)-at >= len(l.letters) && equalFold(word[at:at+len(l.letters)], l.letters) {
			return l.sound, len(l.letters)
		}
	}
	return 0, size
}

// foldedSound gives the consonant of a Latin letter with a mark.
func foldedSound(c rune) byte {
	switch c {
	case 'ş', 'š', 'ś':
		return 's'
	case 'ç', 'č', 'ć':
		return 'c'
	case 'ž', 'ż':
		return 'j'
	case 'ğ':
		return 'g'
	case 'ł':
		return 'l'
	case 'ñ', 'ń', 'ņ', 'ň':
		return 'n'
	case 'ř':
		return 'r'
	}
	return 0
}

// equalFold compares ASCII letters whatever their case; the second word is in lower case.
func equalFold(a, b string) bool {
	for i := range len(b) {
		if a[i]|0x20 != b[i] {
			return false
		}
	}
	return true
}
