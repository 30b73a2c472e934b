package anonymize

import (
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A namePart is a word, or words joined by hyphens, that may be a part of a name.
type namePart struct {
	from, to         int32        // tokens, half-open
	first, patr, sur lexicon.Gram // its cases as each part; 0 if it is none
	traits           trait
}

// A trait tells how much a part says on its own.
type trait uint32

const (
	listedFirst   trait = 1 << iota // the lexicon has it as a first name or diminutive
	listedPatr                      // or the suffix of a patronymic is sure
	listedSurname                   // the lexicon has it as a surname
	suffixSurname                   // it only ends like one
	unknownPart                     // a capitalized word that nobody knows
	initialPart                     // «И.»
	particlePart                    // «фон», «оглы»
	ambiguousPart                   // it has another meaning
	commonPart                      // met every day
	capitalPart                     // begins with a capital, and this tells something
	startPart                       // stands where any word begins with a capital
	placePart                       // also a town or region
	knownPart                       // a person of this conversation has it
	latinPart
	possessivePart // «Катин»
	alsoSurname    // a first name that may be a surname: «Ким», «Мартин»
	shortPart      // a truncated vocative alone: «Саш»
	slipPart       // typed on the wrong layout of the keyboard
	slotPart       // nobody knows it, but it stands where a name was asked for
	easternPart    // a syllable of an eastern name: «Дон Су»
	splitPart      // a known name in pieces: «га сан беков»
)

// names is what the rules of names share of one text.
type names struct {
	parts     []namePart
	cased     bool    // the text has capitals where they belong
	asked     bool    // the previous speaker asked for a name
	whose     whose   // and whose
	spelling  []int32 // tokens «буквам»
	forced    bool    // the text is known to be a name
	latin     bool    // most of its words are Latin
	known     *memory
	things    []name   // that were told to be of animals and things
	latinKeys []uint64 // scratch
	text      uint64   // counts the texts that were read
	made      [madeKeys]partKeys
	last      int  // the token behind the name found before, -1 if none
	thing     int  // the token behind the last name that goods have here, 0 if none
	topic     int  // and behind the last of which the words beside it tell so
	slot      int  // the last token that may be the name that was announced
	told      bool // there is a word that tells of another one that it is a name, see tellers
	slip      int  // the token behind the last name typed on the wrong layout
}

// beginParts forgets the parts of another text.
func (t *Text) beginParts() {
	n := &t.names
	n.parts, n.spelling = n.parts[:0], n.spelling[:0]
	n.cased, n.latin = t.writing.cased(), t.writing.mostlyLatin()
}

// readParts finds the parts of names.
func (t *Text) readParts() {
	t.beginParts()
	n, next := &t.names, 0
	if n.forced || n.asked { // any word may be a name
		for next < len(t.tok) {
			next = t.readPart(next)
		}
		return
	}
	if n.known != nil && n.known.ask(t, askAny, 0, 0) != 0 {
		t.readKnownParts()
		return
	}
	for _, at := range t.triggers {
		if i := int(at.at); at.on&onName != 0 && i >= next {
			next = t.readPart(i)
		}
	}
}

// readPart reads the part at token i, if there is one, and gives the token behind.
func (t *Text) readPart(i int) int {
	n, tok := &t.names, &t.tok[i]
	if tok.kind > latinToken || tok.kind == latinToken && t.passesLatin(tok, i) {
		return i + 1
	}
	if tok.vocab.Hint() == vocabulary.Spelling {
		n.spelling = append(n.spelling, int32(i))
	}
	var p namePart
	var ok bool
	if t.mayBeOdd(tok, i) {
		p, ok = t.oddPart(tok, i)
	}
	if !ok && (tok.vocab.Class == vocabulary.None || tok.n < 2 || t.mayBePart(tok, i)) {
		p, ok = t.partAt(i)
	}
	if !ok {
		return i + 1
	}
	n.parts = append(n.parts, p)
	return int(p.to)
}

// mayBeOdd reports a word for which [Text.oddPart] has to be asked: behind another part, «ли», or where names are known.
func (t *Text) mayBeOdd(tok *token, i int) bool {
	last := len(t.names.parts) - 1
	return last >= 0 && int(t.names.parts[last].to) == i || tok.key == keyLi || t.names.known != nil
}

// oddPart reads what is no word by itself: a syllable of an eastern name, the surname «ли», the pieces of a known name.
func (t *Text) oddPart(tok *token, i int) (namePart, bool) {
	if p, ok := t.easternPart(i); ok {
		return p, true
	}
	if tok.key == keyLi {
		if p, ok := t.liPart(i); ok {
			return p, true
		}
	}
	return t.splitPart(i)
}

// writing counts how the words of a text are written.
type writing struct {
	kinds  [4]int // words of Russian, of Latin, of other letters
	shapes [4]int // of two letters or more
}

func (w *writing) count(tok *token) {
	w.kinds[tok.kind%4]++
	if tok.n > 1 {
		w.shapes[tok.shape%4]++
	}
}

// mostlyLatin reports more Latin words than Russian ones.
func (w *writing) mostlyLatin() bool { return w.kinds[latinToken] > w.kinds[wordToken] }

// shouts reports that most words are all in capitals.
func (w *writing) shouts() bool {
	return w.shapes[upper] > w.shapes[lower]+w.shapes[title]+w.shapes[mixed]
}

// cased reports whether capitals tell something here: in speech recognition there are none, and some people write
// everything in capitals.
func (w *writing) cased() bool { return w.shapes[title] > 0 && !w.shouts() }

// partAt reads the part that begins at token i.
func (t *Text) partAt(i int) (namePart, bool) {
	switch {
	case t.tok[i].n > 1:
		return t.wordsPart(i)
	case t.isApostrophe(i):
		p, ok := t.partAt(i + 2)
		p.from = int32(i)
		return p, ok
	}
	return t.initialAt(i)
}

// wordsPart reads a word, and those joined to it by hyphens.
func (t *Text) wordsPart(i int) (namePart, bool) {
	if t.isHyphen(i-1) && i > 1 && t.tok[i-2].kind <= otherToken {
		return namePart{}, false // a half of what begins before
	}
	p, ok := t.wordPart(i)
	if !ok {
		return p, false
	}
	for t.isHyphen(int(p.to)) && t.tok[p.to+1].kind <= latinToken {
		next := &t.tok[p.to+1]
		if honorifics.hasToken(next) {
			return p, true // «Лейла-ханум»
		}
		if secondHalves.hasToken(next) && p.first != 0 {
			p.to += 2 // «Юсуп-Хаджи»
			continue
		}
		if t.isFirm(int(p.to)+1) || t.says(i, "абу") {
			return p, false
		}
		half, ok := t.wordPart(int(p.to) + 1)
		if !ok && p.traits&slotPart != 0 && next.n > 2 && next.kind == t.tok[i].kind && next.vocab.Class == vocabulary.None && !lexicon.IsPlain(next.key) {
			p.to += 2 // "surname adderley-quill"
			continue
		}
		if !ok || !p.join(&half) {
			return p, false
		}
	}
	return p, true
}

// isHyphen reports a hyphen at token i that stands between words without a space.
func (t *Text) isHyphen(i int) bool {
	return t.sign(i, '-') && t.tok[i].gap == noGap && t.glued(i+1)
}

// isApostrophe reports «О'Рейли», "D'Angelo".
func (t *Text) isApostrophe(i int) bool {
	if tok := &t.tok[i]; tok.n != 1 || tok.shape != title || i+2 >= len(t.tok) {
		return false
	}
	next := &t.tok[i+2]
	return t.sign(i+1, '\'') && t.tok[i+1].gap == noGap && next.gap == noGap && next.shape == title && next.kind <= latinToken
}

// join adds the second half of a double name: «Анна-Мария», «Тер-Петросян».
func (p *namePart) join(half *namePart) bool {
	if p.traits&particlePart != 0 {
		from := p.from
		*p = *half
		p.from = from
		return true
	}
	if p.first != 0 && half.first != 0 && p.first&half.first != 0 {
		p.first &= half.first
		p.sur &= half.sur
	} else if half.patr != 0 && half.traits&listedPatr != 0 { // «Сары-сулович»
		p.first, p.sur, p.patr = 0, 0, half.patr
		p.traits |= listedPatr
	} else if p.mayPair(half) { // «Фрума-Лея», "Pierre-Yves"
		p.first |= half.first
		p.sur &= half.sur
	} else if p.sur != 0 && half.sur != 0 {
		p.first, p.patr = 0, 0
		if g := p.sur & half.sur; g != 0 {
			p.sur = g
		} else {
			p.sur = half.sur
		}
		if half.traits&(listedSurname|suffixSurname) != 0 {
			p.traits |= suffixSurname
		}
	} else {
		return false
	}
	p.to = half.to
	p.traits &^= ambiguousPart | unknownPart&^half.traits
	return true
}

// mayPair reports two halves with capitals of which one is a first name, and the other a name that nobody knows or one in
// another case.
func (p *namePart) mayPair(half *namePart) bool {
	const capital = startPart | capitalPart
	return p.first|half.first != 0 && (p.traits|half.traits)&placePart == 0 && p.traits&capital != 0 && half.traits&capital != 0 &&
		(p.first != 0 || p.traits&unknownPart != 0) && (half.first != 0 || half.traits&unknownPart != 0)
}

// wordPart reads one word.
func (t *Text) wordPart(i int) (namePart, bool) {
	tok := &t.tok[i]
	p := namePart{from: int32(i), to: int32(i + 1)}
	if tok.n < 2 || !t.mayBePart(tok, i) {
		return p, false
	}
	switch tok.kind {
	case wordToken:
		t.russianPart(&p, tok)
	case latinToken:
		t.latinPart(&p, tok)
	default:
		return p, false
	}
	if p.first|p.patr|p.sur == 0 && p.traits&particlePart == 0 || t.isWeekday(i) ||
		t.says(i, "мак") && t.says(i+1, "адрес адреса адресу адресом адресе") { // of a network card
		return p, false
	}
	if tok.vocab.Class != vocabulary.None && tok.vocab.Class != vocabulary.TLD {
		p.traits |= ambiguousPart
	}
	if p.traits&(placePart|listedFirst|commonPart) == placePart|listedFirst {
		p.traits |= ambiguousPart // «Израиль», «Флорида»
	}
	t.readCapital(&p, tok, i)
	if p.traits&ambiguousPart != 0 && t.isPlainlyName(&p, tok) {
		p.traits &^= ambiguousPart
	}
	if p.traits&(unknownPart|startPart) == unknownPart|startPart && looksLikeVerb(tok.key) {
		return p, false
	}
	return p, p.traits&unknownPart == 0 || tok.shape != upper || tok.kind == latinToken || t.isFatherNext(i)
}

// isPlainlyName reports a name that only looks like a word: ё tells «лёва» from «лева», and a capital within a sentence «Барсуков»
// from many badgers.
func (t *Text) isPlainlyName(p *namePart, tok *token) bool {
	if tok.kind != wordToken || tok.vocab.Class != vocabulary.None {
		return false
	}
	if p.traits&listedFirst != 0 && vowels&(1<<(tok.key&31)) != 0 && strings.Contains(t.s[tok.start:tok.end], "ё") {
		return true
	}
	if p.traits&(capitalPart|listedSurname|placePart) != capitalPart|listedSurname || tok.shape != title {
		return false
	}
	switch end := lexicon.EndingKey(tok.key, 2); end {
	case ending2('о', 'в'), ending2('е', 'в'), ending2('и', 'н'):
		return true
	}
	return false
}

// isWeekday reports a day of the week that is meant: «в понедельник», «пятница девять сорок».
func (t *Text) isWeekday(i int) bool {
	return t.says(i, "понедельник понедельника понедельнику пятница пятницу пятницы пятнице суббота субботу субботы субботе среда среду четверг") &&
		(t.isWhere(i-1) || t.says(i-1, "с к этот эту каждый каждую прошлый прошлую следующий следующую") || t.isNumber(i+1) && t.tok[i].shape == lower)
}

// isFatherNext reports a patronymic all in capitals behind token i: «ЗЕЛИМХАН АБДУЛОВИЧ».
func (t *Text) isFatherNext(i int) bool {
	if i+1 >= len(t.tok) || t.tok[i+1].shape != upper || t.tok[i+1].gap != oneSpace {
		return false
	}
	end, ok := lexicon.EndingOf(t.tok[i+1].key)
	return ok && end.Class == lexicon.Patronymic && t.tok[i+1].n > 5
}

// readCapital tells what the capital of a word says: nothing at the beginning of a sentence, or where everything has
// one. Short words all in capitals are abbreviations.
func (t *Text) readCapital(p *namePart, tok *token, i int) {
	switch {
	case tok.shape == lower || tok.shape == upper && !t.names.cased:
	case t.beginsSentence(i):
		p.traits |= startPart
	case tok.shape == upper && (tok.n < 4 && tok.kind == wordToken || p.traits&ambiguousPart != 0):
		p.traits |= ambiguousPart
	case t.names.cased:
		p.traits |= capitalPart
	}
}

// looksLikeVerb reports endings that verbs have and names hardly: «уточните», «приедет», «записала».
func looksLikeVerb(key uint64) bool {
	switch lexicon.EndingKey(key, 2) {
	case ending2('е', 'т'), ending2('е', 'л'), ending2('и', 'т'), ending2('ю', 'т'), ending2('а', 'т'), ending2('у', 'т'), ending2('я', 'т'),
		ending2('л', 'а'), ending2('л', 'и'), ending2('л', 'о'), ending2('т', 'е'), ending2('т', 'ь'), ending2('с', 'я'),
		ending2('с', 'ь'), ending2('а', 'ю'), ending2('я', 'ю'), ending2('а', 'л'), ending2('и', 'л'), ending2('е', 'м'),
		ending2('и', 'м'), ending2('н', 'о'), ending2('ш', 'ь'), ending2('в', 'о'), ending2('х', 'о'), ending2('ь', 'ю'),
		ending2('л', 'ю'), ending2('ш', 'у'), ending2('ж', 'у'), ending2('ч', 'у'), ending2('щ', 'у'):
		return true
	}
	return false
}

// mayBePart reports whether a word may be a part of a name as far as its class tells. Where the text is known to be a
// name, only what speaks of names is none.
func (t *Text) mayBePart(tok *token, i int) bool {
	return t.names.forced && tok.vocab.Class != vocabulary.NearName || t.mayName(i)
}

// mayName reports whether a word of the closed vocabulary may be a name all the same: «Марта», «Роман», «Мир», but
// not «вас», «день» or «или».
func (t *Text) mayName(i int) bool {
	tok := &t.tok[i]
	switch tok.vocab.Class {
	case vocabulary.None, vocabulary.TLD:
		return true
	}
	return t.mayMeanName(tok, i) || tok.shape == title && t.isNameBeside(tok, i) || tok.kind == latinToken && t.isEnglishParticle(i) || t.isArticle(i)
}

// isNameBeside reports a word with a capital between such, behind a patronymic or before more of an eastern name.
func (t *Text) isNameBeside(tok *token, i int) bool {
	return t.isBehindFather(i) || t.names.cased && t.near(i+1) && t.capital(i+1) && t.isListedEastern(tok)
}

// mayMeanName tells by the class of a word and what stands before it.
func (t *Text) mayMeanName(tok *token, i int) bool {
	switch tok.vocab.Class {
	case vocabulary.NearName:
		return t.mayNearName(tok, i)
	case vocabulary.CueWord:
		return tok.shape == title && (tok.n > 3 || !t.beginsSentence(i))
	case vocabulary.Unit:
		return tok.n > 4 && (i == 0 || t.tok[i-1].kind != numberToken && t.tok[i-1].vocab.Class != vocabulary.Num)
	case vocabulary.Month:
		if tok.kind == latinToken {
			return t.isMonthName(i)
		}
		return i == 0 || t.tok[i-1].kind == signToken || t.tok[i-1].kind == wordToken && t.tok[i-1].vocab.Class != vocabulary.Num && t.tok[i-1].vocab.Class != vocabulary.Ord &&
			!t.says(i-1, "с со начала конца середины середине начале конце") && !t.isWhere(i-1)
	}
	return tok.shape == title && tok.n > 4
}

// mayNearName is mayMeanName for a word that speaks of names.
func (t *Text) mayNearName(tok *token, i int) bool {
	switch tok.vocab.Hint() {
	case vocabulary.Thing, vocabulary.Noble, vocabulary.SonOf, vocabulary.Abstract:
		return true
	case vocabulary.Small:
		return tok.shape == title && !t.beginsSentence(i) // «Ли»
	case vocabulary.Kin:
		return tok.shape == title && tok.n > 3
	case vocabulary.Job:
		return tok.shape == title && (!t.isFirstNameNext(i) || t.hintAt(i-1) == vocabulary.Job)
	case vocabulary.Place, vocabulary.Animal:
		return tok.shape == title && tok.vocab.Hint() == vocabulary.Place || t.isExplained(i) || t.names.known != nil && t.names.known.role(tok.key, spoken) != 0
	}
	return false
}

// isArticle reports the Arabic article before a surname: «эль-Масри», "al-Haj".
func (t *Text) isArticle(i int) bool {
	return t.sign(i+1, '-') && t.glued(i+1) && t.glued(i+2) && t.capital(i+2) && t.says(i, "аль эль ад ас ат аш ар ибн бин al el bin ibn")
}

// isBehindFather reports a capital right behind a patronymic with one: «Мирон Аркадьевич Рыбка».
func (t *Text) isBehindFather(i int) bool {
	if i == 0 || t.tok[i].shape != title || t.tok[i-1].shape != title || t.tok[i].gap != oneSpace || t.tok[i].kind != wordToken {
		return false
	}
	return t.isFather(i - 1)
}

// isFather reports a patronymic at token i.
func (t *Text) isFather(i int) bool {
	if i < 0 || i >= len(t.tok) || t.tok[i].kind != wordToken || t.tok[i].n <= 5 {
		return false
	}
	end, ok := lexicon.EndingOf(t.tok[i].key)
	return ok && end.Class == lexicon.Patronymic && !lexicon.IsOrdinary(t.tok[i].key)
}

// compoundHeads are what words of technology and trade begin with, by the last letter.
var compoundHeads = lexicon.Endings{
	'е' - 'а': "кофе теле", 'о' - 'а': "авто мото вело видео фото аудио радио кино аэро микро электро энерго тепло термо гидро пневмо турбо водо газо стекло био нано",
	'и' - 'а': "мини мульти", 'р' - 'а': "супер гипер",
}

// isCompound reports an ordinary word behind such a beginning: «кофемашин».
func (t *Text) isCompound(tok *token) bool {
	const shortest = 9 // letters
	if tok.n < shortest {
		return false
	}
	word := t.s[tok.start:tok.end]
	for n := 3; n <= 6; n++ { // letters of the beginning, of which cutEnding has to leave more
		if len(word) <= 2*n+6 {
			return false
		}
		if head := lexicon.Key(word[:2*n]); cutEnding(head, n+3, &compoundHeads) == n && lexicon.IsPlain(lexicon.Key(word[2*n:])) {
			return true
		}
	}
	return false
}

// isDaughter reports a woman's patronymic in the nominative at token i.
func (t *Text) isDaughter(i int) bool {
	if !t.isFather(i) || t.tok[i].gap != oneSpace {
		return false
	}
	end, _ := lexicon.EndingOf(t.tok[i].key)
	return end.Gram.Of(lexicon.Female).Has(lexicon.Nominative)
}

// isOfFather reports a word between a profession or kin and a patronymic, which may be any word then: «терапевт Лето Доржиевич».
func (t *Text) isOfFather(i int) bool {
	h := t.hintAt(i - 1)
	return (h == vocabulary.Job || h == vocabulary.Kin) && t.tok[i].gap == oneSpace && t.isFather(i+1) && t.tok[i+1].gap == oneSpace && t.tok[i].n > 2 && !isAdjective(t.tok[i].key)
}

// isWholeAnswer reports a noun that is all that is answered to «фамилия?»: «Крест.».
func (t *Text) isWholeAnswer(i int) bool {
	tok := &t.tok[i]
	return i == 0 && t.names.asked && t.names.whose == partOf && tok.kind == wordToken && tok.n > 2 && tok.vocab.Class == vocabulary.None &&
		(len(t.tok) == 1 || len(t.tok) == 2 && t.sign(1, '.')) && !looksLikeVerb(tok.key) && !isAdverb(tok.key) && !ofSurnames.hasToken(tok) && !aside.hasToken(tok)
}

func (t *Text) russianPart(p *namePart, tok *token) {
	i := int(p.from)
	e, ok := tok.form.Entry()
	if ok && !(e.Class.Is(lexicon.Ambiguous|lexicon.Ordinary) && !e.Class.Is(lexicon.Common) && t.toldAs(i) == surname) {
		p.read(e)
	}
	if p.patr == 0 && tok.vocab.Class == vocabulary.None && tok.n > 4 {
		t.readEnding(p, tok, e)
	}
	if p.first != 0 && !p.first.Has(lexicon.Nominative) && tok.key&31 == 0 && t.isDaughter(i+1) {
		p.first |= lexicon.GramOf(lexicon.Female, lexicon.Nominative) // «Хафиза Гарифовна», of whom the lexicon has «Хафиз»
	}
	if h := tok.vocab.Hint(); h == vocabulary.Noble || h == vocabulary.SonOf || t.isArticle(i) {
		p.traits |= particlePart
	}
	if t.names.known != nil {
		if r := t.names.known.has(t, i); r != 0 && (!t.isPlainAdjective(tok) || t.isOnMan(i)) && (tok.shape != lower || !t.names.cased || p.first|p.patr|p.sur != 0) {
			p.take(r)
		}
	}
	if p.first|p.patr == 0 {
		t.possessive(p, tok)
	}
	if p.first|p.patr|p.sur != 0 {
		return
	}
	if t.names.forced {
		p.sur = anyGram
		p.traits |= knownPart
		return
	}
	if e.Class&lexicon.Address != 0 || tok.vocab.Class != vocabulary.None {
		if !t.isExplained(i) && !t.isNamedLikePlace(e, i) {
			return
		}
		p.traits &^= placePart
	}
	if !t.knownLike(p, tok) {
		t.unknown(p, tok)
	}
}

// readEnding reads a word by its last letters alone.
func (t *Text) readEnding(p *namePart, tok *token, e lexicon.Entry) {
	end, ok := lexicon.EndingOf(tok.key)
	if !ok {
		return
	}
	switch i, ordinary := int(p.from), lexicon.IsOrdinary(tok.key); {
	case ordinary && t.isFamily(i, end.Gram):
		p.sur = end.Gram
		p.traits |= suffixSurname
	case ordinary && (tok.shape != title || !t.names.cased || p.sur != 0 || end.Class != lexicon.Surname || t.beginsSentence(i)):
	case ordinary:
		p.sur = end.Gram
		p.traits |= suffixSurname | ambiguousPart
	case end.Class == lexicon.Patronymic:
		p.patr = end.Gram
		p.traits |= listedPatr
	case tok.shape == lower && (tok.n > maxSurname || t.isCompound(tok)): // «ветрогенераторов», «кофемашин»
	case p.sur == 0 && (e.Class&lexicon.Address == 0 || tok.shape == title || t.mayBeSurname(i)):
		p.sur = end.Gram
		p.traits |= suffixSurname
		if tok.shape == lower {
			p.traits &^= placePart
		}
	}
}

// isNamedLikePlace reports a man who is called like a town: «Рим Шайхулович».
func (t *Text) isNamedLikePlace(e lexicon.Entry, i int) bool {
	return e.Class.Is(lexicon.Address) && e.Gram.Has(lexicon.Nominative) && t.isFatherBehind(i) && t.isFather(i+1)
}

// knownLike reads a name of the conversation that was misheard, mistyped, written in the other alphabet or broken off.
func (t *Text) knownLike(p *namePart, tok *token) bool {
	if t.names.known == nil || tok.n < minLike || tok.vocab.Class != vocabulary.None || tok.shape == lower && t.names.cased {
		return false
	}
	r := t.names.known.ask(t, askLike, tok.key, 0)
	if r == 0 {
		r = t.names.known.ask(t, askRussianSound, uint64(p.from), 0)
	}
	if r == 0 && t.names.known.ask(t, askClipped, tok.key, 0) != 0 { // «турсунку ой турсункулов»
		r = surname
	}
	if r == 0 || (lexicon.IsOrdinary(tok.key) || lexicon.IsPlain(tok.key)) && !t.inNameSlot(int(p.from)) {
		return false
	}
	p.take(r)
	return true
}

// mayBeSurname reports a word like a surname that is a place or a street as well, and that stands right behind a first name
// in the nominative, or where a name was asked for.
func (t *Text) mayBeSurname(i int) bool {
	return t.isFirstName(i-1) && t.tok[i].gap == oneSpace || t.answersName(i)
}

// possessive reads «Катин» of somebody in the conversation, before one of his kin, «Катиного мужа», or in answer to whose it is.
func (t *Text) possessive(p *namePart, tok *token) {
	i := int(p.from)
	kin := t.hintAt(i+1) == vocabulary.Kin && t.near(i+1)
	if t.names.known == nil && !kin {
		return
	}
	name, ok := lexicon.PossessiveOf(t.s[tok.start:tok.end])
	switch {
	case !ok:
	case t.names.known != nil && t.names.known.hasFirst(name):
		p.first = anyGram
		p.traits |= knownPart | possessivePart
	case !kin && !(t.names.asked && t.names.whose == anybodys && i <= 3 && (t.clauseAfter(i+1) || t.says(i+1, "и а"))):
	case name.Class.Is(lexicon.Common):
		p.first, p.sur = anyGram, 0
		p.traits = p.traits&^(ambiguousPart|suffixSurname|listedSurname) | listedFirst | possessivePart
	}
}

// maxSurname is how many letters a surname has that its ending alone tells, «преображенского»: longer words are compounds.
const maxSurname = 15

// take makes a part of what a person of the conversation is called.
func (p *namePart) take(r nameRole) {
	p.traits |= knownPart
	if r&firstName != 0 && p.first == 0 {
		p.first = anyGram
	}
	if r&surname != 0 && p.sur == 0 {
		p.sur = anyGram
	}
}

// unknown reads a word that nobody knows: with a capital it may be a name wherever it stands, without one beside a name or
// where a name was asked for.
func (t *Text) unknown(p *namePart, tok *token) {
	i := int(p.from)
	switch {
	case isGivenName(tok):
		p.first, p.sur = unknownGram(tok.key), unknownGram(tok.key)
		p.traits |= listedFirst
		return
	case tok.shape == title && t.names.cased && tok.n > 1:
		if !t.unknownTitle(p, tok, i) {
			return
		}
	case !t.isStrangeName(tok, i):
		return
	default:
		p.traits |= slotPart
	}
	p.sur = unknownGram(tok.key)
	p.traits |= unknownPart
}

// unknownTitle reads an unknown word with a capital.
func (t *Text) unknownTitle(p *namePart, tok *token, i int) bool {
	plain := lexicon.IsOrdinary(tok.key) || lexicon.IsPlain(tok.key)
	if plain && t.beginsSentence(i) && !t.surnameFollows(i) && !t.isWholeAnswer(i) || looksLikeOffice(tok.key) || isOffice(t.s[tok.start:tok.end]) {
		return false
	}
	if particles.hasToken(tok) && i+1 < len(t.tok) && t.tok[i+1].gap == oneSpace && t.tok[i+1].shape == title {
		p.traits |= particlePart
	}
	if plain {
		p.traits |= ambiguousPart
		if t.isWholeAnswer(i) {
			p.traits |= slotPart
		}
	} else if t.answersName(i) {
		p.traits |= slotPart
	}
	return true
}

// isStrangeName reports an unknown word without a capital that stands where only a name can, or beside a name, or where one
// was asked for if it is no ordinary word.
func (t *Text) isStrangeName(tok *token, i int) bool {
	if honorifics.hasToken(tok) {
		return false
	}
	if t.isQualityName(i) || t.isExplained(i) || t.isOfFather(i) || t.isWholeAnswer(i) {
		return true
	}
	if tok.n < 3 {
		return false
	}
	placed := t.besideName(i) || t.inNameSlot(i)
	return (placed || !t.names.cased) && !lexicon.IsOrdinary(tok.key) && !lexicon.IsPlain(tok.key) && (placed || t.isStranger(i))
}

// secondHalves make one name of a first name and themselves.
const secondHalves wordList = "хаджи али бек мурза гирей оол заде гаджи улла"

// honorifics stand behind names and are no part of them.
const honorifics wordList = "апа ака ага бей ханум ханым хан джан абый ага эфенди муаллим хола опа эне байке агай сан"

// particles stand within foreign names, with a capital: «Ле Пен», «Де Сантис», «Ван Велли».
const particles wordList = "ле ла де да ди ду дю дель делла эль аль бин ван фон дос ад аш"

// isFirstNameNext reports a first name with a capital behind token i: «Капитан Пётр».
func (t *Text) isFirstNameNext(i int) bool {
	if i+1 >= len(t.tok) || t.tok[i+1].shape != title {
		return false
	}
	return t.tok[i+1].class.Is(lexicon.FirstName)
}

// looksLikeJob reports endings of what people do: «Переводчик».
func looksLikeJob(key uint64) bool {
	return cutEnding(key, min(13, int(key>>60)), &jobEndings) > 0
}

var jobEndings = lexicon.Endings{
	0: "ица чица", 'г' - 'а': "лог", 'д' - 'а': "вед", 'к' - 'а': "чик щик ник", 'р' - 'а': "тор нер",
	'т' - 'а': "ист ант ент рант дент", 'ь' - 'а': "тель арь",
}

// surnameFollows reports a word with a capital and a surname's form behind token i, as in «Барак Обама», at the beginning of
// a sentence.
func (t *Text) surnameFollows(i int) bool {
	if looksLikeJob(t.tok[i].key) {
		return false
	}
	if i+1 >= len(t.tok) || t.tok[i+1].gap != oneSpace || t.tok[i+1].shape != title || t.tok[i+1].kind != wordToken {
		return false
	}
	key := t.tok[i+1].key
	if e, ok := lexicon.Lookup(key); ok {
		return e.Class.Is(lexicon.Surname) && !e.Class.Is(lexicon.FirstName|lexicon.Diminutive)
	}
	end, ok := lexicon.EndingOf(key)
	return ok && end.Class == lexicon.Surname && !lexicon.IsOrdinary(key)
}

// besideName reports a first name or patronymic right beside token i, or a surname behind it, in text without capitals.
func (t *Text) besideName(i int) bool {
	if t.names.cased && t.tok[i].shape == lower {
		return false
	}
	parts := t.names.parts
	if n := len(parts); n > 0 && int(parts[n-1].to) == i && t.tok[i].gap == oneSpace && t.tok[i].kind == t.tok[i-1].kind && parts[n-1].traits&(listedFirst|listedPatr|slotPart) != 0 && (parts[n-1].traits&ambiguousPart == 0 || t.names.latin && t.isLatin(i) && t.tok[i].n > 4) {
		return true
	}
	if i+1 >= len(t.tok) || t.tok[i+1].gap != oneSpace || t.tok[i+1].kind != t.tok[i].kind {
		return false
	}
	next := &t.tok[i+1]
	if e, ok := lexicon.Lookup(next.key); ok {
		return e.Class.Is(lexicon.FirstName|lexicon.Patronymic) && !e.Class.Is(lexicon.Ambiguous) || isSurnameAlone(e.Class) && t.tok[i].kind == wordToken
	}
	return next.n > 4 && next.vocab.Class == vocabulary.None && lexicon.LooksLikeName(next.key)
}

// isSurnameAlone reports what is a surname and nothing else.
func isSurnameAlone(class lexicon.Class) bool {
	return class.Is(lexicon.Surname) && !class.Is(lexicon.Ambiguous|lexicon.Address|lexicon.FirstName|lexicon.Diminutive)
}

// unknownGram gives the cases that the last letters of a name allow which nobody knows: «Вайса» is no nominative of a man,
// and «Вайс» none but a woman's in other cases.
func unknownGram(key uint64) lexicon.Gram {
	const male, female, both = lexicon.Male, lexicon.Female, lexicon.Both
	if key>>60 > 13 {
		return anyGram
	}
	cases := func(sex lexicon.Sex, cs ...lexicon.Case) (g lexicon.Gram) {
		for _, c := range cs {
			g |= lexicon.GramOf(sex, c)
		}
		return g
	}
	switch rune(key&31) + 'а' {
	case 'а', 'я':
		return cases(male, lexicon.Genitive, lexicon.Accusative) | cases(both, lexicon.Nominative)
	case 'у', 'ю':
		return cases(male, lexicon.Dative) | cases(both, lexicon.Accusative) | lexicon.UndeclinedOf(both)
	case 'е':
		return cases(both, lexicon.Dative, lexicon.Prepositional) | lexicon.UndeclinedOf(both)
	case 'о', 'э', 'и', 'ы':
		return lexicon.UndeclinedOf(both)
	case 'м':
		return cases(male, lexicon.Nominative, lexicon.Instrumental) | lexicon.UndeclinedOf(female)
	}
	return cases(male, lexicon.Nominative) | lexicon.UndeclinedOf(female)
}

// looksLikeOffice reports endings of what is written with a capital and is no name: «Верховного», «Министерства»,
// «Ассоциации», «Движения».
func looksLikeOffice(key uint64) bool {
	return cutEnding(key, min(13, int(key>>60)), &officeEndings) > 0
}

// isOffice reports what ministries and state bodies are called in short, «Минсвязи», «Госдепартамента», «Росреестр», of
// words that nobody knows.
func isOffice(word string) bool {
	const shortest, rosShortest = 6, 8 // letters: «Росин»
	letters := len(word) / 2
	return letters >= shortest && (strings.HasPrefix(word, "Мин") || strings.HasPrefix(word, "Гос")) || letters >= rosShortest && strings.HasPrefix(word, "Рос")
}

var officeEndings = lexicon.Endings{
	0: "ства", 'е' - 'а': "стве ние ное ные ческое", 'и' - 'а': "ции нии ости",
	'й' - 'а': "цией ный ной ческий", 'м' - 'а': "ством нием ным", 'о' - 'а': "ого его ство", 'у' - 'а': "ому ему ству",
	'х' - 'а': "ных", 'ь' - 'а': "ость", 'ю' - 'а': "цию нию ную", 'я' - 'а': "ция ния ная ческая",
}

// isOnMan reports an adjective behind «на» in the accusative of a man, which no thing has, and no noun behind: «на тихого».
func (t *Text) isOnMan(i int) bool {
	end := lexicon.EndingKey(t.tok[i].key, 2)
	return t.says(i-1, "на") && t.tok[i].gap == oneSpace && end == ending2('г', 'о') && t.mayEndClause(i+1)
}

// isPlainAdjective reports a word in lower case that ends like an adjective and was not heard as a name in this very
// form: a Mr Белый does not make every «белая» his.
func (t *Text) isPlainAdjective(tok *token) bool {
	if tok.shape != lower || t.names.known.role(tok.key, spoken) != 0 {
		return false
	}
	switch lexicon.EndingKey(tok.key, 2) {
	case ending2('а', 'я'), ending2('я', 'я'), ending2('ы', 'й'), ending2('и', 'й'), ending2('о', 'й'), ending2('о', 'е'),
		ending2('у', 'ю'), ending2('г', 'о'), ending2('м', 'у'), ending2('ы', 'х'), ending2('и', 'х'), ending2('ы', 'е'),
		ending2('и', 'е'), ending2('е', 'й'):
		return true
	}
	return false
}

// maxSlot is how far behind «зовут», «фамилия» the name stands, with «меня», «его» between.
const maxSlot = 3

// inNameSlot reports a word behind «фамилия», «меня зовут», «мастер», or one that is all the answer to a question for a name.
func (t *Text) inNameSlot(i int) bool {
	j := i - 1
	for steps := 1; j >= 0 && steps < maxSlot && (t.hintAt(j) == vocabulary.Self || t.hintAt(j) == vocabulary.You); steps++ {
		j--
	}
	if t.hintAt(j) == vocabulary.Naming && t.tok[i].gap == oneSpace {
		return true
	}
	if t.names.cased && t.tok[i].shape == lower {
		return false
	}
	if t.says(i+1, "зовут зовем звать величать кличут") && t.says(i-1, "меня его ее тебя вас ее все просто дома") && t.tok[i].n > 3 {
		return true // «все его Юсиком зовут»
	}
	if i > 0 && t.tok[i].gap == oneSpace && t.tok[i-1].kind <= latinToken && (t.tok[i].n > 3 || t.tok[i].n == 3 && t.names.latin) && !weakSlots.hasToken(&t.tok[i-1]) && !t.isWeakGreeting(i-1) {
		switch t.slotHint(i - 1) {
		case vocabulary.Naming, vocabulary.Kin, vocabulary.Job, vocabulary.Speaking:
			return true
		case vocabulary.Self:
			if t.tok[i].kind == latinToken && !t.says(i-1, "my this") {
				return true
			}
			if t.says(i-1, "мой моя мое мою моего моей моему") {
				return false // «моя калина»
			}
			return t.endsSlot(i+1) || t.tok[i+1].kind == t.tok[i].kind && t.tok[i+1].vocab.Class == vocabulary.None && !lexicon.IsPlain(t.tok[i+1].key)
		case vocabulary.Calling, vocabulary.Greeting:
			return t.endsSlot(i+1) || t.tok[i].kind == latinToken && t.speaksOn(i+1) || t.tok[i+1].kind == t.tok[i].kind && t.tok[i+1].vocab.Class == vocabulary.None && !lexicon.IsPlain(t.tok[i+1].key)
		}
	}
	return t.answersName(i)
}

// answersName reports a word that is all the answer to a question for a name, or stands behind another name there.
func (t *Text) answersName(i int) bool {
	if !t.names.asked || i > 3 {
		return false
	}
	next := 0 // part
	for j := range i {
		tok := &t.tok[j]
		for next < len(t.names.parts) && int(t.names.parts[next].from) < j {
			next++
		}
		named := next < len(t.names.parts) && int(t.names.parts[next].from) == j && t.names.parts[next].traits&(listedFirst|ambiguousPart) == listedFirst
		if tok.vocab.Class == vocabulary.None && !named && (tok.kind != signToken || tok.key == '[') {
			return false
		}
	}
	return t.endsSlot(i + 1)
}

// weakSlots are words that ask for things as often as for people.
const weakSlots wordList = "ищу найти скинь записать запишите запиши оформите оформить скажу передаю впишите вписать"

// isWeakGreeting reports words of assent, which anything may follow.
func (t *Text) isWeakGreeting(i int) bool {
	return t.says(i, "ок окей хорошо ладно понял поняла принято отлично пока ok okay yes ask tell talk speak reach please")
}

// slotHint gives what the word at j, with those right before it, tells of a name behind it: «мастер ваш», "this is",
// "I'm", "goes by".
func (t *Text) slotHint(j int) vocabulary.Hint {
	if j < 0 {
		return vocabulary.NoHint
	}
	tok := &t.tok[j]
	if tok.key == keyThis {
		return vocabulary.Self
	}
	if tok.kind == latinToken {
		return t.englishHint(j)
	}
	hint := tok.vocab.Hint()
	switch before := t.hintAt(j - 1); before {
	case vocabulary.Kin, vocabulary.Job, vocabulary.Naming:
		if hint == vocabulary.You || hint == vocabulary.Self || t.says(j, "наш наша нашего нашему нашей нашу их его ее") {
			return before
		}
	}
	return hint
}

func (t *Text) englishHint(j int) vocabulary.Hint {
	switch {
	case t.sign(j-1, '\'') && t.tok[j].gap == noGap:
		switch {
		case t.says(j, "m") && t.says(j-2, "i"), t.says(j, "s") && t.says(j-2, "it she he"):
			return vocabulary.Self
		case t.says(j, "s") && t.says(j-2, "name"):
			return vocabulary.Naming
		}
		return vocabulary.NoHint
	case !t.says(j, "is am its im you cc cced under for to with by me him her cheers ta that let put says this"):
		return t.hintAt(j)
	case t.says(j, "is"):
		if t.says(j-1, "this it") {
			return vocabulary.Self
		}
		if t.hintAt(j-1) == vocabulary.Naming {
			return vocabulary.Naming
		}
	case t.says(j, "am") && t.says(j-1, "i"), t.says(j, "its im"):
		return vocabulary.Self
	case t.says(j, "you") && t.says(j-1, "thank"):
		return vocabulary.Greeting
	case t.says(j, "cc cced"):
		return vocabulary.Calling
	case t.says(j, "under") && t.says(j-1, "is its booked registered listed reservation booking account name reserved be was order table"):
		return vocabulary.Naming
	case t.says(j, "for") && t.says(j-1, "ask asks asking asked msg message voicemail looking"),
		t.says(j, "to with") && t.says(j-1, "speak speaking spoke talk talking talked"):
		return vocabulary.Calling
	case t.says(j, "by") && t.says(j-1, "goes go going"), t.says(j, "me you him her") && t.says(j-1, "call calls called"):
		return vocabulary.Naming
	case t.says(j, "cheers ta"):
		return vocabulary.Greeting
	case t.says(j, "that") && t.says(j-1, "is was"), t.says(j, "with") && t.says(j-1, "chatting connected dealing"), t.says(j, "let put") && t.says(j+2, "know through on"):
		return vocabulary.Calling
	case t.says(j, "says") && t.says(j-1, "everyone everybody"):
		return vocabulary.Naming
	case t.says(j, "this"):
		return vocabulary.NoHint
	}
	return t.hintAt(j)
}

// endsSlot reports whether the name in a slot may end before token i: at a sign, a small word, or another part of the
// name. Before any other word it was none: «фамилию плохо слышно».
func (t *Text) endsSlot(i int) bool {
	if i >= len(t.tok) || t.tok[i].gap == lineGap || t.tok[i].kind == signToken {
		return true
	}
	switch t.tok[i].vocab.Class {
	case vocabulary.Filler:
		return true
	case vocabulary.NearName:
		h := t.hintAt(i)
		return h == vocabulary.Small || h == vocabulary.Having || h == vocabulary.Spelling || h == vocabulary.Self || h == vocabulary.You
	case vocabulary.CueWord:
		return t.tok[i].vocab.Cue() == vocabulary.Phone && t.groupIndex(i+1) >= 0 && !isAdjective(t.tok[i-1].key) // «марха телефон восемь …»
	case vocabulary.None:
		tok := &t.tok[i]
		return tok.class.Is(lexicon.FirstName|lexicon.Patronymic) && !tok.class.Is(lexicon.Ambiguous)
	}
	return false
}

// read takes what the lexicon knows of the word.
func (p *namePart) read(e lexicon.Entry) {
	for i := range e.Readings() {
		switch r := e.Reading(i); {
		case r.Class.Is(lexicon.FirstName | lexicon.Diminutive):
			p.first |= gramOr(r.Gram)
			p.traits |= listedFirst
			if r.Class.Is(lexicon.FirstName) && !e.Class.Is(lexicon.Common) {
				p.traits |= alsoSurname
			}
		case r.Class.Is(lexicon.Patronymic):
			p.patr |= gramOr(r.Gram)
			p.traits |= listedPatr
		case r.Class.Is(lexicon.Surname):
			p.sur |= gramOr(r.Gram)
			p.traits |= listedSurname
		case r.Class.Is(lexicon.Address):
			p.traits |= placePart
		}
	}
	if e.Class.Is(lexicon.Ambiguous | lexicon.Ordinary) {
		p.traits |= ambiguousPart
	}
	if e.Class.Is(lexicon.Common) {
		p.traits |= commonPart
	}
	if p.first != 0 && p.first&^lexicon.GramVocative == 0 && p.patr|p.sur == 0 {
		p.traits |= shortPart
	}
}

func gramOr(g lexicon.Gram) lexicon.Gram {
	if g == 0 {
		return anyGram
	}
	return g
}

func (t *Text) latinPart(p *namePart, tok *token) {
	p.traits |= latinPart
	if h := tok.vocab.Hint(); h == vocabulary.Noble || h == vocabulary.SonOf || t.isEnglishParticle(int(p.from)) || t.isArticle(int(p.from)) {
		p.traits |= particlePart
	}
	if tok.shape == lower && !t.names.forced && tok.vocab.Class == vocabulary.None {
		if t.slipped(p, tok); p.traits&slipPart != 0 {
			return
		}
	}
	var known nameRole
	if t.names.known != nil {
		known = t.names.known.has(t, int(p.from))
		if known == 0 && tok.shape == title && tok.n >= minLike && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key) {
			known = t.names.known.ask(t, askLatinSound, uint64(p.from), 0)
		}
	}
	if known != 0 || tok.shape != lower || !t.names.cased && !t.says(int(p.from), "said nail semen else") {
		if e, ok := tok.form.Entry(); ok {
			p.read(e)
		}
	}
	if known != 0 {
		p.take(known)
	}
	if tok.shape == lower && !t.names.forced {
		if p.first|p.patr|p.sur == 0 && tok.n > 2 && tok.vocab.Class == vocabulary.None && (t.inNameSlot(int(p.from)) || t.besideName(int(p.from))) && !lexicon.IsPlain(tok.key) && !t.isState(int(p.from)) {
			p.sur = anyGram
			p.traits |= unknownPart | slotPart
		} else if p.first|p.patr|p.sur == 0 {
			t.plainName(p)
		}
		t.saidAbroad(p, tok)
		return
	}
	if p.first|p.patr|p.sur == 0 && tok.n > 2 && tok.vocab.Class == vocabulary.None && lexicon.IsPlain(tok.key) {
		t.plainName(p)
		return
	}
	if p.first|p.patr|p.sur == 0 && tok.shape == upper && t.shoutedName(p) {
		return
	}
	if p.first|p.patr|p.sur == 0 && tok.n > 2 && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key) {
		t.transliterated(p, tok)
	}
	if p.first|p.patr|p.sur == 0 && tok.shape == upper && t.documentName(p) {
		return
	}
	if p.first|p.patr|p.sur == 0 && tok.shape == title && tok.n > 2 && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key) {
		p.sur = anyGram
		p.traits |= unknownPart
		t.pluralName(p)
	}
}

// transliterated reads a Russian name in Latin letters.
func (t *Text) transliterated(p *namePart, tok *token) {
	keys := lexicon.LatinKeys(t.names.latinKeys[:0], t.s[tok.start:tok.end])
	t.names.latinKeys = keys
	for _, k := range keys {
		if e, ok := lexicon.Lookup(k); ok && e.Class.Is(lexicon.Person) {
			p.read(e)
			p.traits &^= ambiguousPart
			return
		}
	}
	for _, k := range keys {
		if end, ok := lexicon.EndingOf(k); ok && !lexicon.IsOrdinary(k) && tok.n > 4 {
			if end.Class == lexicon.Patronymic {
				p.patr, p.traits = end.Gram, p.traits|listedPatr
			} else {
				p.sur, p.traits = end.Gram, p.traits|suffixSurname
			}
			return
		}
	}
}

// initialAt reads «И.» or a capital letter alone.
func (t *Text) initialAt(i int) (namePart, bool) {
	tok := &t.tok[i]
	p := namePart{from: int32(i), to: int32(i + 1), traits: initialPart}
	if tok.kind > latinToken || tok.n != 1 || tok.shape == lower && (t.names.cased || tok.vocab.Class != vocabulary.None && !t.isLastInitial(i)) || tok.gap == noGap && i > 0 && t.tok[i-1].kind != signToken {
		return p, false
	}
	if tok.gap == noGap && t.sign(i-1, '\'') || i+1 < len(t.tok) && t.tok[i+1].gap == noGap && t.tok[i+1].kind == numberToken {
		return p, false // "it's Greta", «N11402786»
	}
	if i+1 < len(t.tok) && t.tok[i+1].kind == signToken && t.tok[i+1].key == '.' && t.tok[i+1].gap == noGap {
		p.to++
	}
	return p, true
}

// isLastInitial reports the initial of a surname as banks write it behind a name: «марат ильясович г».
func (t *Text) isLastInitial(i int) bool {
	return t.tok[i].n == 1 && t.tok[i].kind == wordToken && t.isFather(i-1) && t.clauseAfter(i+1)
}

// as gives the cases of a part in a role, and how much it weighs there.
func (p *namePart) as(r nameRole) (lexicon.Gram, float32) {
	switch r {
	case firstName:
		switch {
		case p.first != 0:
			return p.first, 3
		case p.traits&(unknownPart|ambiguousPart) == unknownPart,
			p.traits&(knownPart|listedSurname|suffixSurname|ambiguousPart) == knownPart: // a first name that no table has
			return p.sur, 0.7
		case p.traits&(unknownPart|ambiguousPart|latinPart) == unknownPart|ambiguousPart && p.traits&(capitalPart|startPart) != 0:
			return p.sur, 0.65
		}
		return 0, 0
	case patronymic:
		if p.patr == 0 {
			return 0, 0
		}
		return p.patr, 3.5
	case surname:
		switch {
		case p.sur == 0 && p.traits&alsoSurname != 0:
			return p.first | lexicon.UndeclinedOf(lexicon.Female), 0.8
		case p.sur == 0:
		case p.traits&listedSurname != 0:
			return p.sur, 2.5
		case p.traits&(suffixSurname|knownPart) != 0:
			return p.sur, 2.2
		case p.traits&(startPart|slotPart) == startPart:
			return p.sur, 0.6
		default:
			return p.sur, 1
		}
	case initial:
		if p.traits&initialPart != 0 {
			return 0, 0.5
		}
	case particle:
		if p.traits&particlePart != 0 {
			return 0, 0.5
		}
	}
	return 0, 0
}

// beginsSentence reports whether any word would have a capital at token i.
func (t *Text) beginsSentence(i int) bool {
	if i == 0 || t.tok[i].gap == lineGap {
		return true
	}
	before := &t.tok[i-1]
	if before.kind != signToken {
		return false
	}
	switch before.key {
	case '.', '!', '?', '…', ':', '"', ')', '-', '•', '*', '>', '[':
		if before.key == '-' && (t.tok[i].gap == noGap || i > 1 && before.gap != lineGap && t.tok[i-2].kind != signToken) {
			return false // «виновник — Холод Максим»
		}
		if before.key == '.' && i >= 2 && t.tok[i-2].n <= 4 && t.hintAt(i-2) == vocabulary.Job {
			return false // "Dr. Oyelaran", «тов. Вайс»
		}
		return before.key != '.' || i < 2 || t.tok[i-2].n > 1 || t.tok[i-2].kind > latinToken
	}
	return before.key > 0x2190 // arrows, pictures
}
