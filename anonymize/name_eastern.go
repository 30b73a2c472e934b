package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Surnames of Vietnam, Korea and China, in Russian and in Latin letters. A syllable behind one is a part of the name, though
// it may be a word: «Ким Дон Су», «Нгуен Тхи Лан». Those that are words of Russian or of English are surnames with a capital
// alone.
const (
	easternSurnames wordList = "нгуен чан фам хоанг хуинь данг буй нго зыонг ли ким пак чхве цой чон юн лим хан квон " +
		"хван тен тян шин пхан ву до дан чинь чжан ван лю чэнь чен ян чжао хуан чжоу сюй сунь " +
		"чжу линь чжэн лян се тан дэн ху го гао ма ло сон чо пэк сим нам кан мун ко но хон ши"
	easternWords     wordList = "ко но нам ши сим ли до хан шин дан тан тен тян ма го ло сон лим лю ван ву чон се ян"
	easternSyllables wordList = "дон су со ен мин минь хи хо джун чжун ир сен ын ук ун ен енг юн сок хен ин хва " +
		"ми сук чоль хак соль ри на лан тхи ван хынг тхань хоа хонг лонг туан тунг дык зунг " +
		"нгок бао куок куанг ань фыонг тху тхуй хай вьет бинь кхань мэй хуа вэй фан юй хао цзин " +
		"пин чжи чжень сяо тао жуй нин нань бо"
)

// The same in Latin letters, and those that are words of English.
const (
	easternLatin wordList = "nguyen tran pham hoang huynh dang bui ngo duong le kim park pak lee li choi jung yoon lim han " +
		"kwon hwang zhang wang liu chen yang zhao huang zhou xu sun zhu lin zheng liang xie tang deng hu " +
		"guo gao ma luo wu"
	easternPlain   wordList = "le li han sun park ma dang lin xu tang"
	latinSyllables wordList = "thi van thanh minh hoa hong linh long tuan tung duc dung ngoc bich bao quoc quang anh phuong thu " +
		"thuy hai viet binh khanh mei hua wei fang yu hao jing ping zhi xiao tao rui ning bo jun hyun " +
		"ji hye young soo min seok jin ho hee"
)

const (
	maxSyllable = 6 // letters of a syllable, as of "Chuong"
	maxEastern  = 9 // and of two that are written together, «Цзиньтао»
)

// easternPart reads a syllable behind an eastern surname, or behind another such syllable. With capitals any short word will
// do; without them it has to be one that is no word of the language.
func (t *Text) easternPart(i int) (p namePart, ok bool) {
	if last := len(t.names.parts) - 1; last >= 0 && int(t.names.parts[last].to) == i {
		return t.syllableAt(i)
	}
	return
}

// syllableAt is easternPart for what stands behind a part.
func (t *Text) syllableAt(i int) (namePart, bool) {
	parts := t.names.parts
	tok := &t.tok[i]
	if tok.gap != oneSpace || tok.n > maxEastern || tok.n > maxSyllable && tok.shape != title || tok.n < 2 {
		return namePart{}, false
	}
	before := &parts[len(parts)-1]
	if before.to-before.from != 1 || t.tok[i-1].kind != tok.kind {
		return namePart{}, false
	}
	if before.traits&easternPart == 0 && !t.isEasternSurname(i-1) {
		return namePart{}, false
	}
	if !t.isSyllable(i) || tok.kind == latinToken && tok.n > 4 && lexicon.IsPlain(tok.key) { // "Park Avenue"
		return namePart{}, false
	}
	before.sur, before.first = anyGram, 0
	if before.traits&easternPart != 0 {
		before.sur, before.first = 0, anyGram
	}
	before.traits = before.traits&^(ambiguousPart|unknownPart) | easternPart
	p := namePart{from: int32(i), to: int32(i + 1), first: anyGram, traits: easternPart}
	if tok.shape == title && t.names.cased {
		p.traits |= capitalPart
	}
	return p, true
}

// liPart reads the surname «ли» behind a first name, where it cannot be the particle of a question, which the rest of the
// question follows: «марина ли звонила».
func (t *Text) liPart(i int) (p namePart, ok bool) {
	if t.tok[i].key == keyLi {
		return t.liSurname(i)
	}
	return
}

// liSurname is liPart for the word «ли».
func (t *Text) liSurname(i int) (namePart, bool) {
	tok := &t.tok[i]
	if tok.shape == upper || i == 0 || tok.gap != oneSpace || !t.isAnyFirstName(i-1) || t.says(i-2, "не") && !t.clauseAfter(i+1) {
		return namePart{}, false
	}
	if j := i + 1; !t.clauseAfter(j) && !t.says(j, "и или а но из по с у на я вас вам есть звоню беспокоит добрый здравствуйте от для к она он") &&
		t.hintAt(j) != vocabulary.Speaking && !t.announces(i-2) {
		return namePart{}, false
	}
	return namePart{from: int32(i), to: int32(i + 1), sur: lexicon.UndeclinedOf(lexicon.Both), traits: listedSurname}, true
}

const keyLi = 2<<60 | 11<<5 | 8 // «ли»

// isAnyFirstName reports a first name in any case.
func (t *Text) isAnyFirstName(i int) bool {
	tok := &t.tok[i]
	return tok.class.Is(lexicon.FirstName|lexicon.Diminutive) && !tok.class.Is(lexicon.Ambiguous)
}

func (t *Text) isEasternSurname(i int) bool {
	tok := &t.tok[i]
	if !t.isListedEastern(tok) {
		return false
	}
	if tok.kind == latinToken {
		return tok.shape == title || !easternPlain.hasToken(tok)
	}
	return tok.shape == title && t.names.cased || !easternWords.hasToken(tok)
}

func (t *Text) isListedEastern(tok *token) bool {
	if tok.kind == latinToken {
		return tok.isPlainLatin() && easternLatin.hasToken(tok)
	}
	return easternSurnames.hasToken(tok)
}

// isSyllable reports a word that may be a syllable of a name: with a capital every short one, else those of one vowel that
// nobody knows.
func (t *Text) isSyllable(i int) bool {
	tok := &t.tok[i]
	if tok.shape == title && t.names.cased {
		e, ok := tok.form.Entry()
		if tok.n > maxSyllable {
			return !ok && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key) && !lexicon.LooksLikeName(tok.key)
		}
		return !ok || !e.Class.Is(lexicon.FirstName|lexicon.Patronymic) || e.Class.Is(lexicon.Ambiguous) || tok.n <= 3
	}
	return easternSyllables.hasToken(tok) || tok.isPlainLatin() && latinSyllables.hasToken(tok)
}

// isPlainLatin reports a Latin word without accents or other letters that look alike.
func (tok *token) isPlainLatin() bool {
	return tok.kind == latinToken && tok.end-tok.start == uint32(tok.n)
}
