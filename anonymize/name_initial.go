package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// nameEnd gives the token behind a name that ends before token end, with what is left of its other parts: the initials said
// behind a surname, the letter that banks leave of one, the beginning of a patronymic with a full stop.
func (t *Text) nameEnd(n *name, end int) int {
	if t.sign(end, '.') && t.glued(end) && t.near(end+1) && clippedFathers.hasToken(&t.tok[end+1]) && t.isClipped(end+1) {
		return end + 3 // «жена мар. андр.»
	}
	if last := &t.names.parts[n.to-1]; n.to-n.from > 1 && last.to-last.from == 1 && (last.traits&unknownPart != 0 || clippedFathers.hasToken(&t.tok[last.from])) && n.roles[n.to-n.from-2] == firstName && t.isClipped(end-1) {
		return end + 1 // «клиент Анна Ив. ждёт»
	}
	if end >= len(t.tok) || t.tok[end].gap != oneSpace {
		return end
	}
	switch {
	case !n.has(initial|firstName) && (t.lettersBehind(end) == 2 || t.initialsAtEnd(end)): // «мороз дэ эс», «чернышова ю а»
		return end + 2
	case !n.has(initial|surname) && n.has(firstName) && !t.names.cased && t.lettersBehind(end) == 1 && (n.has(patronymic) || t.clauseAfter(end+1)): // «получатель заур исаевич м»
		return end + 1
	case !n.has(initial|surname) && n.has(firstName) && !t.names.cased && t.clauseAfter(end+1) && t.tok[end].kind == wordToken && t.tok[end].n == 1 && vowels&(1<<(t.tok[end].key&31)) == 0: // «арсен б», «подписался руслан к»
		return end + 1
	case !n.has(initial|patronymic) && n.roles[n.to-n.from-1] == firstName && t.isClipped(end): // «ирина вл.», «Быков Фома Ел.»
		return end + 2
	}
	return end
}

// clippedFathers are patronymics as they are cut short in notes.
const clippedFathers wordList = "ал алекс анат андр арк бор вас вал викт вит вл влад вяч ген ел еф геор григ дм евг ив иг ильин кир " +
	"конст леон макс мих ник ол пав петр ром сем серг степ тим фед эд юр як"

// isClipped reports a patronymic cut short with a full stop, of the usual ones, or one with a capital and no new sentence
// behind.
func (t *Text) isClipped(i int) bool {
	tok := &t.tok[i]
	if !t.sign(i+1, '.') || !t.glued(i+1) || tok.kind != wordToken {
		return false
	}
	if clippedFathers.hasToken(tok) {
		return true
	}
	const longest = 4 // letters
	next := i + 2
	return t.names.cased && tok.shape == title && tok.n > 1 && tok.n <= longest && (tok.vocab.Class == vocabulary.None || tok.vocab.Class == vocabulary.Month) &&
		t.near(next) && (t.sign(next, ',') || t.isWord(next) && !t.capital(next))
}

// lettersBehind counts the letters that are said or written one by one from token i on, up to three.
func (t *Text) lettersBehind(i int) int {
	n := 0
	for ; n < 3 && i < len(t.tok) && t.tok[i].gap == oneSpace && t.isSaidLetter(&t.tok[i]); i++ {
		n++
	}
	if i < len(t.tok) && t.tok[i].kind == numberToken {
		return 0 // «литера бэ 5»
	}
	return n
}

// initialsAtEnd reports two letters from token i on of which one may be a small word elsewhere, and nothing behind.
func (t *Text) initialsAtEnd(i int) bool {
	if i+1 >= len(t.tok) || t.tok[i+1].gap != oneSpace || !t.clauseAfter(i+2) {
		return false
	}
	first, second := &t.tok[i], &t.tok[i+1]
	return t.isSaidLetter(first) && second.kind == wordToken && second.n == 1 || t.isSaidLetter(second) && first.kind == wordToken && first.n == 1
}

// isSaidLetter reports a letter that a name may begin with, and that is no small word where it stands alone.
func (t *Text) isSaidLetter(tok *token) bool {
	return tok.kind == wordToken && tok.shape == lower && (tok.vocab.Class == vocabulary.Letter || tok.n == 1 && !smallLetters.hasToken(tok))
}

// smallLetters are letters that are words as well, and those that no name begins with.
const smallLetters wordList = "а и в с к о у я ж б ъ ы ь"
