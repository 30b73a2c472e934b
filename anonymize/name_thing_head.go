package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// nounEndings are what the cases of nouns put behind their stems, the longest of a letter first.
var nounEndings = lexicon.Endings{
	0: "а", 'в' - 'а': "ов ев", 'е' - 'а': "ие е", 'и' - 'а': "ами ями ии и", 'й' - 'а': "ой ий ей й", 'м' - 'а': "ием иям ом ем ам ям",
	'о' - 'а': "о", 'у' - 'а': "у", 'х' - 'а': "иях ах ях", 'ы' - 'а': "ы", 'ь' - 'а': "ь", 'ю' - 'а': "ью ию ю", 'я' - 'а': "ия я",
}

// nounStem is the key of a noun without the ending of its case.
func nounStem(key uint64) uint64 {
	n := int(key >> 60)
	if n > 12 {
		return 0
	}
	cut := cutEnding(key, n, &nounEndings)
	return uint64(n-cut)<<60 | key&(1<<60-1)>>(5*cut)
}

// headAt tells what kind of noun token i is that bears names of people, 0 if it is none.
func (t *Text) headAt(i int) vocabulary.Stem {
	h := t.stemAt(i) & (vocabulary.Head | vocabulary.Staffed)
	switch {
	case h != 0:
		if t.says(i, "батоно") {
			return 0
		}
	case t.says(i, "дом дома доме дому") && t.says(i-1, "гостевой гостевого гостевом гостевому торговый торгового модный модного"):
		return vocabulary.House
	}
	return h
}

// stemAt tells what is known of the stem of the noun at token i.
func (t *Text) stemAt(i int) vocabulary.Stem {
	if i < 0 || i >= len(t.tok) || t.tok[i].kind != wordToken {
		return 0
	}
	return vocabulary.StemOf(nounStem(t.tok[i].key))
}

// maxHeadWords is how many adjectives and words like «модель» may stand between a thing and its name.
const maxHeadWords = 3

// headBefore gives the thing right before token i, with adjectives between: «кресло раскладное виктория»; -1 if there is
// none.
func (t *Text) headBefore(i int) (j int, h vocabulary.Stem) {
	if i == 0 || t.tok[i].gap != oneSpace {
		return -1, 0
	}
	for j = i - 1; j >= 0 && j >= i-maxHeadWords; j-- {
		if h = t.headAt(j); h != 0 {
			return j, h
		}
		if t.tok[j].gap != oneSpace || t.tok[j].kind != wordToken || !t.describes(j) {
			break
		}
	}
	return -1, 0
}

// describes reports an adjective in lower case, or a word that only joins a thing to its name.
func (t *Text) describes(i int) bool {
	tok := &t.tok[i]
	if t.says(i, "марки фирмы названием под типа модели серии сорта бренда производства купе") {
		return true
	}
	return tok.shape == lower && tok.n > 3 && isAdjective(tok.key) && !courtesies.has(tok.key) && tok.vocab.Class == vocabulary.None
}

// isBehindHead reports a name right behind the thing that has it, as the nominative that does not change, «по поводу кресла
// виктория», or in the same case, «люстру снежану». In the genitive it may be whose the thing is.
func (t *Text) isBehindHead(n *name) bool {
	p := &t.names.parts[n.from]
	from := int(p.from)
	j, h := t.headBefore(from)
	if j < 0 || n.to-n.from > 1 && h&vocabulary.Kind == 0 || t.isPeopleBefore(j) {
		return false
	}
	own, last := rune(t.tok[from].key&31)+'а', rune(t.tok[j].key&31)+'а'
	switch {
	case own == 'у' && last == 'у', own == 'ю' && last == 'ю', own == 'у' && last == 'ю', own == 'ю' && last == 'у':
		return p.first != 0 && p.first.Sex()&lexicon.Female != 0 && !p.first.Has(lexicon.Dative)
	case !n.gram.Has(lexicon.Nominative):
		return false
	case owners.hasToken(&t.tok[from]):
		return h&vocabulary.Kind != 0
	case h&vocabulary.House != 0 && t.mayIntroduce(j, int(p.to)):
		return false
	}
	return (h&(vocabulary.House|vocabulary.Staffed) == vocabulary.House || !t.isWhereHead(j)) && !t.isAboutHead(j, int(p.to))
}

// owners are women's names that are the genitive of men's: «стол александра».
const owners wordList = "александра валерия евгения валентина аркадия павла вячеслава станислава ярослава владислава мирослава святослава ростислава антонина виталия анатолия"

// isPeopleBefore reports a word for somebody, or for a place where somebody works, a little before the thing at token j:
// «продавец мебели виктория», «салон штор марина».
func (t *Text) isPeopleBefore(j int) bool {
	for i := j - 1; i >= max(0, j-2) && t.tok[i+1].gap == oneSpace; i-- {
		if h := t.hintAt(i); h == vocabulary.Job || h == vocabulary.Kin || h == vocabulary.Naming || t.headAt(i)&vocabulary.House != 0 {
			return true
		}
	}
	return false
}

// mayIntroduce reports a house at token j with which somebody takes a call, his own name behind it: «отель екатерина слушаю».
func (t *Text) mayIntroduce(j, to int) bool {
	const opening = 3
	return j < opening && t.clauseAfter(to) || t.hintAt(to) == vocabulary.Greeting || t.hintAt(to) == vocabulary.Speaking
}

// isWhereHead reports that the thing is where somebody is: «на кухне виктор».
func (t *Text) isWhereHead(j int) bool {
	for i := j - 1; i >= max(0, j-2); i-- {
		if t.says(i, "в во на за под над около возле у") {
			return rune(t.tok[j].key&31)+'а' != 'у' && rune(t.tok[j].key&31)+'а' != 'ю'
		}
		if !t.describes(i) {
			return false
		}
	}
	return false
}

// isAboutHead reports somebody at the end who says why he calls: «по столу виктор».
func (t *Text) isAboutHead(j, to int) bool {
	return t.says(j-1, "по насчет поводу про о за") && t.clauseAfter(to)
}
