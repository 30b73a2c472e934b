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

// latinSounds gives the same for each Latin letter, and latinPairs are the spellings of one consonant by several, the longer ones
// first.
const latinSounds = "\x00bkd\x00fgh\x00jklmn\x00pkrst\x00vv\x00\x00s"

var latinPairs = [...]struct {
	letters string
	sound   byte
}{
	{"shch", 's'}, {"sch", 's'}, {"dzh", 'j'}, {"sh", 's'}, {"ch", 'c'}, {"zh", 'j'}, {"kh", 'h'}, {"ts", 'c'}, {"ph", 'f'},
	{"th", 't'}, {"ck", 'k'}, {"ce", 's'}, {"ci", 's'}, {"cy", 's'},
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
	if c := word[at]; c < utf8.RuneSelf {
		return latinSoundAt(word, at)
	} else if c == 0xD0 && at > 0 && at+1 < len(word) && word[at+1] >= 0xB0 && word[at+1] <= 0xBF { // most: «а» to «п»
		return russianSounds[word[at+1]-0xB0], 2
	} else if c == 0xD1 && at+1 < len(word) && word[at+1] >= 0x80 && word[at+1] <= 0x8F {
		return russianSounds[word[at+1]-0x80+16], 2
	}
	c, size := utf8.DecodeRuneInString(word[at:])
	c = unicode.ToLower(c)
	switch {
	case c == 'й' && at == 0:
		return 'j', size
	case c >= 'а' && c <= 'я':
		return russianSounds[c-'а'], size
	}
	return foldedSound(c), size
}

func latinSoundAt(word string, at int) (sound byte, size int) {
	c := word[at] | 0x20
	if c < 'a' || c > 'z' {
		return 0, 1
	}
	switch c {
	case 'c', 'd', 'k', 'p', 's', 't', 'z':
		for i := range latinPairs {
			p := &latinPairs[i]
			if p.letters[0] == c && len(word)-at >= len(p.letters) && equalFold(word[at:at+len(p.letters)], p.letters) {
				return p.sound, len(p.letters)
			}
		}
	}
	return latinSounds[c-'a'], 1
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
