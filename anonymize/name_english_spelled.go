package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Names that are spelled in English: "k a r e n", "N-G-U-Y-E-N", "papa romeo yankee charlie echo", "b for bravo r for romeo".

const (
	minEnglishLetters = 3
	scoreSpelled      = 0.86
	spelledNear       = 6 // tokens between the word and its letters
)

// spelledWithin is how many tokens lie between two letters of a word at most: "b as in banana, double t".
const spelledWithin = 7

// appendEnglishSpelled appends what is spelled in Latin letters: a name of the lexicon, a word that was said just before, what
// "spelled" announces.
func (t *Text) appendEnglishSpelled(dst []Span) []Span {
	if t.on&onLetter == 0 {
		return dst
	}
	next := 0
	for k := range t.triggers {
		i := int(t.triggers[k].at)
		if t.triggers[k].on&onLetter == 0 || i < next || !t.letterBehind(k) {
			continue
		}
		if i > next && t.says(i-1, "double") {
			i--
		}
		key, n, end := t.spelling(i)
		if n < minEnglishLetters {
			continue
		}
		if at := t.saidBefore(i, key, n); at >= 0 {
			dst = append(dst, t.span(at, at+1, PERSON, scoreSpelled, spelledRule), t.span(i, end, PERSON, scoreSpelled, spelledRule))
		} else if t.spellsName(i, end, key, n) {
			dst = append(dst, t.span(i, end, PERSON, scoreSpelled, spelledRule))
		}
		next = end
	}
	return dst
}

// letterBehind reports whether another letter stands so near behind the k-th trigger that they may spell a word.
func (t *Text) letterBehind(k int) bool {
	at := t.triggers[k].at
	for j := k + 1; j < len(t.triggers) && t.triggers[j].at-at <= spelledWithin; j++ {
		if t.triggers[j].on&onLetter != 0 {
			return true
		}
	}
	return false
}

// spelling reads the letters from token i on, and gives the key of their word, how many they are and the token behind.
func (t *Text) spelling(i int) (key uint64, n, end int) {
	if !t.isLatin(i) || i > 0 && t.glued(i) && !t.sign(i-1, '"') && !t.sign(i-1, '(') {
		return 0, 0, i
	}
	var b lexicon.Builder
	end = i
	for at := i; at < len(t.tok) && b.Len() < maxLetters; {
		letter, next := t.spelledLetter(at)
		if next == 0 || at > i && t.tok[at].gap == lineGap {
			break
		}
		times := 1
		if t.says(at, "double") {
			times = 2
		}
		for range times {
			b.Add(letter)
		}
		end, at = next, next
		if t.near(at) && (t.sign(at, '-') || t.sign(at, ',') || t.sign(at, '.')) && t.isLatin(at+1) && (t.tok[at+1].n == 1 || !t.sign(at, '.')) {
			at++
		} else if t.says(at, "and then") && t.near(at) {
			at++
		}
	}
	if t.isFigureAt(end) && t.near(end) || t.isFigureAt(i-1) && t.near(i) {
		return 0, 0, max(end, i+1) // the letters of a code
	}
	return b.Latin(), b.Len(), end
}

// spelledLetter gives the number of the letter at token i and the token behind what says it, 0 if none does.
func (t *Text) spelledLetter(i int) (letter uint64, next int) {
	switch {
	case !t.isLatin(i):
		return 0, 0
	case t.says(i, "double") && t.isLatin(i+1) && t.tok[i+1].n == 1:
		return t.tok[i+1].key & 31, i + 2
	case t.tok[i].n == 1:
		for _, size := range [...]int{1, 2} {
			word := i + 1 + size
			if t.isLatin(word) && t.tok[word].key != 0 && t.tok[word].n > 1 && (size == 1 && t.says(i+1, "for like is") || size == 2 && t.says(i+1, "as") && t.says(i+2, "in")) &&
				firstLetter(t.s[t.tok[word].start]) == t.tok[i].key&31 {
				return t.tok[i].key & 31, word + 1
			}
		}
		return t.tok[i].key & 31, i + 1
	case t.isCodeWord(i):
		return firstLetter(t.s[t.tok[i].start]), i + 1
	}
	return 0, 0
}

func firstLetter(c byte) uint64 { return uint64(c & 31) }

// saidBefore gives the token of the word that the letters from token i on spell, -1 if it was not said.
func (t *Text) saidBefore(i int, key uint64, n int) int {
	for j := i - 1; j >= max(0, i-spelledNear); j-- {
		if t.isLatin(j) && t.tok[j].key == key && int(t.tok[j].n) == n && !lexicon.IsPlain(key) {
			return j
		}
	}
	return -1
}

// spellsName reports letters that are a name: by the lexicon, by the word before them, by what the conversation knows.
func (t *Text) spellsName(from, end int, key uint64, n int) bool {
	if e, ok := lexicon.Lookup(key); ok && e.Class.Is(lexicon.Person) && (n > 3 || !e.Class.Is(lexicon.Ambiguous)) {
		return true
	}
	if t.names.asked && from < maxAnswer && n > 1 {
		return true
	}
	for j := from - 1; j >= max(0, from-spelledNear); j-- {
		if t.tok[j+1].gap == lineGap {
			break
		}
		if t.says(j, "spell spelled spelt spelling") || t.hintAt(j) == vocabulary.Naming && j > 0 {
			return !t.says(j-1, "user domain product company street file") && t.tok[j].vocab.Cue() == vocabulary.NoCue
		}
		if c := t.tok[j].vocab.Cue(); c != vocabulary.NoCue {
			return false
		}
	}
	return false
}
