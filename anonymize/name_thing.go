package anonymize

import (
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Goods and materials whose models and colours bear the names of people: «люстра Снежана», «дуб Аркадий». They stand in
// the nominative.
const goods wordList = "люстра бра торшер лампа светильник плафон диван кресло кровать шкаф стол стул комод тумба стеллаж " +
	"матрас кухня прихожая спальня гостиная гарнитур пуф банкетка полка зеркало ковер штора тюль карниз " +
	"покрывало плед подушка одеяло скатерть полотенце обои ламинат паркет линолеум плитка керамогранит мозаика " +
	"мрамор гранит дуб орех ясень бук вяз клен вишня сосна береза венге груша затирка грунтовка краска " +
	"эмаль клей лак штукатурка шпаклевка пропитка герметик ванна раковина мойка смеситель унитаз душ ваза " +
	"кашпо горшок чашка кружка тарелка сервиз бокал фужер графин чайник кастрюля сковорода статуэтка " +
	"подсвечник платье блузка юбка сарафан жакет пальто куртка пуховик шуба сумка кошелек туфли ботинки " +
	"сапоги босоножки браслет кольцо серьги кулон цепочка торт пирожное пирог печенье конфеты шоколад салат " +
	"пицца ролл вино шампанское коньяк чай кофе сыр колбаса йогурт мороженое пион тюльпан гортензия " +
	"хризантема томат огурец картофель перец клубника малина смородина яблоня крем шампунь помада тушь духи " +
	"ошейник поводок шлейка намордник переноска лежанка когтеточка миска корм наполнитель аквариум клетка " +
	"парфюм дверь окно жалюзи камин печь котел теплица беседка коляска кроватка кукла велосипед тариф " +
	"пакет акция коллекция серия модель линейка модуль плагин цвет оттенок фасон узор артикул колер декор"

// isOfThings reports a name that no person has here, whatever its words say.
func (t *Text) isOfThings(n *name, before, after float32) bool {
	single := n.to-n.from == 1 // of the rules behind it each looks at a name of one part
	if single && (t.isToldAgain(n) || t.isHost(n) || t.isAuthor(n) || t.isRead(n) || t.isStreetOfRank(n) || t.isWordOnly(n)) {
		return true
	}
	if n.has(patronymic) {
		return false
	}
	if single && (after < 0.2 && t.isOfKin(n) || t.isSlotThing(n) || t.isManyNamed(n)) {
		return true
	}
	return t.isLada(n) || before < 0.5 && after < 0.3 && t.isPetByDeeds(n) || t.isHoliday(n) || before < 0.4 && t.isStreetOf(n) || t.isOfEnglishThings(n, before, after) ||
		t.isGoodsName(n, before, after) || max(before, after) < 0.5 && t.isTitle(n) && !t.isSomebody(n)
}

// isOfEnglishThings is isOfThings by what is told of Latin names alone.
func (t *Text) isOfEnglishThings(n *name, before, after float32) bool {
	first, last := t.names.parts[n.from].from, t.names.parts[n.to-1].to-1
	if t.tok[first].kind != latinToken && t.tok[last].kind != latinToken {
		return false
	}
	return t.isFirmName(n) || t.isBeforeFirm(n) || max(before, after) < 0.4 && t.isCodeWords(n) || before < 0.5 && t.isEnglishPlace(n) || max(before, after) < 0.3 && t.isEnglishFame(n)
}

// isToldAgain reports a name that an animal or a thing of the conversation has, where nobody is called, and nothing is somebody's:
// «у виктории».
func (t *Text) isToldAgain(n *name) bool {
	if n.to-n.from != 1 || !t.isKnownThing(n) || t.isAnchored(n) {
		return false
	}
	from := int(t.names.parts[n.from].from)
	owner := t.hintAt(from-1) == vocabulary.Having && !n.gram.Has(lexicon.Nominative)
	return !owner || !t.aboutThings(from) // pets have much
}

// isGoodsName reports a name that goods have, or whatever else is no person and is spoken of by name.
func (t *Text) isGoodsName(n *name, before, after float32) bool {
	return !n.has(patronymic) && (t.isGoods(n, after) || t.isNamedThing(n, before, after) || t.aboutThings(int(t.names.parts[n.from].from)) && t.isToldAgain(n))
}

// isSlotThing reports a word in lower case that stands where a name may be told, and the words before it make a thing of it:
// «у меня мотоблок», «вятка это стиралка», «у соседа агат».
func (t *Text) isSlotThing(n *name) bool {
	p := &t.names.parts[n.from]
	from := int(p.from)
	if p.first&^lexicon.GramVocative|p.patr != 0 || p.traits&knownPart != 0 || t.tok[from].shape != lower || from < 2 {
		return false
	}
	if t.says(from-2, "у") && (t.hintAt(from-1) == vocabulary.Kin || t.says(from-1, "меня нас вас него нее них")) {
		return p.traits&(unknownPart|ambiguousPart) != 0 && p.traits&suffixSurname == 0
	}
	before := &t.tok[from-2]
	return t.tok[from-1].key == keyThis && p.traits&(unknownPart|slotPart) == unknownPart|slotPart && before.kind == wordToken && before.vocab.Class == vocabulary.None && !t.isFirstName(from-2)
}

// Words that are names too, with what is said behind them when they are none, see isWordOnly.
const (
	gladBehind wordList = "что за вам вас тебя видеть слышать помочь знакомству стараться была будет буду если очень познакомиться бы"
	coldBehind wordList = "ударил ударит крепчает стоит минус градусов градуса на за такой был будет ударили спадет обещают отпустил"
	weekday    wordList = "пятница пятницы пятнице пятницу пятницей среда среды среде среду суббота субботы субботе субботу"
	hardFrosts wordList = "мороз мороза морозу морозом морозе холод снег дождь туман гром"
	gladnesses wordList = "рада рад мила люба"
)

// isWordOnly reports a word in lower case that is a name too, and by the word behind it is none here: «рада что помогла»,
// «мороз ударил», «к пятнице».
func (t *Text) isWordOnly(n *name) bool {
	p := &t.names.parts[n.from]
	from, to := int(p.from), int(p.to)
	if to-from != 1 || t.tok[from].shape != lower {
		return false
	}
	tok := &t.tok[from]
	is := false
	switch {
	case weekday.hasToken(tok):
		is = t.says(from-1, "к в на по до с со эту эта")
	case gladnesses.hasToken(tok):
		is = t.says(to, gladBehind) || t.says(from-1, "я очень была буду так безумно")
	case hardFrosts.hasToken(tok):
		is = t.says(to, coldBehind) && t.near(to) || t.says(from-1, "в сильный такой")
	}
	return is && t.hintAt(from-1) != vocabulary.Naming && !t.isPersonOfTalk(n)
}

// isManyNamed reports a surname like an adjective in the plural, in lower case among words with capitals: «обои эрисманновские».
func (t *Text) isManyNamed(n *name) bool {
	p := &t.names.parts[n.from]
	if !t.names.cased || t.tok[p.from].shape != lower || p.first|p.patr != 0 {
		return false
	}
	end := lexicon.EndingKey(t.tok[p.from].key, 2)
	return end == ending2('и', 'е') || end == ending2('ы', 'е')
}

// What belongs to one's kin, which looks like a surname.
const ofKin wordList = "мамин мамина мамину мамино мамины маминой маминого маминому маминым маминых " +
	"папин папина папину папино папины папиной папиного папиному папиным папиных " +
	"тетин тетина тетину тетино тетины тетиной тетиного дядин дядина дядину дядино дядины " +
	"бабушкин бабушкина бабушкину бабушкино бабушкины бабушкиной бабушкиного бабушкиным " +
	"дедушкин дедушкина дедушкину дедушкино дедушкины дедушкиной дедушкиного дедушкиным " +
	"сестрин сестрина сестрину сестрино сестрины сестриной женин женина женину женино женины"

// isOfKin reports such a word alone, in lower case: «снилс это мамин», «фамилия папина».
func (t *Text) isOfKin(n *name) bool {
	p := &t.names.parts[n.from]
	if p.traits&(capitalPart|knownPart) != 0 || t.tok[p.from].shape != lower || !ofKin.hasToken(&t.tok[p.from]) {
		return false
	}
	switch t.slotHint(int(p.from) - 1) {
	case vocabulary.Naming:
		if t.tok[p.from].key&31 == 'н'-'а' {
			return false // «фамилия мамин»: what is the mother's would agree
		}
	case vocabulary.Job, vocabulary.Calling, vocabulary.Greeting:
		return false // «мастер бабушкин»
	case vocabulary.Self:
		if t.says(int(p.to), "я") {
			return false // «это бабушкин я вчера звонил»
		}
	}
	return true
}

// Models of the make that has a woman's name.
const ladas wordList = "веста весту весте весты гранта гранту гранте гранты ларгус ларгуса ларгусе калина калину калине калины " +
	"приора приору приоре приоры нива ниву ниве нивы хрей искра искру самара самару аура ауру"

// isLada reports the make with its model: «Лада Веста».
func (t *Text) isLada(n *name) bool {
	first, last := &t.names.parts[n.from], &t.names.parts[n.to-1]
	if n.to-n.from > 2 || !t.says(int(first.from), "лада ладу ладе лады ладой lada") {
		return false
	}
	model := int(last.from)
	if n.to-n.from == 1 {
		model = int(first.to)
	}
	return model < len(t.tok) && ladas.hasToken(&t.tok[model])
}

// isGoods reports a name that goods, a product or a firm of the kind have: «люстра снежана», «лавуазье про», «ева по триста
// девяносто». Goods and name stand in one case; in two somebody does something with them: «стол виктору».
func (t *Text) isGoods(n *name, after float32) bool {
	p := &t.names.parts[n.to-1]
	from, to := int(p.from), int(p.to)
	if n.to-n.from > 2 || to-from != 1 || t.tok[from].kind != wordToken || p.traits&possessivePart != 0 || n.roles[n.to-n.from-1]&(firstName|surname) == 0 {
		return false
	}
	gram := p.first | p.sur
	var is bool
	switch {
	case n.to-n.from == 2 && p.traits&ambiguousPart != 0 && !t.names.cased: // «краска виктория белая»
		first := &t.names.parts[n.from]
		is = t.isOfGoods(int(first.from), first.first)
	case n.to-n.from == 2 && n.roles[0] != surname:
		first := &t.names.parts[n.from]
		is = !t.names.cased && n.roles[1] == surname && after < 0.1 && t.isOfGoods(int(first.from), first.first) && !t.announces(int(first.from)-2)
	case n.to-n.from == 2:
		return (!t.names.cased || t.tok[from-1].shape == lower) && t.isOfGoods(from, gram) && !t.announces(from-2)
	case t.isOfGoods(from, gram):
		is = after < 0.1 || t.says(to, "и а стоит подойдет идет будет кончился подорожал")
	case t.says(to, "это") && to+1 < len(t.tok) && goods.hasToken(&t.tok[to+1]):
		is = true // «Виктория — это поводок»
	case gram.Has(lexicon.Nominative) && (!t.names.cased || t.tok[from].shape == lower):
		is = t.isEdition(to) || t.isFirm(to) || t.clauseStarts(from) && t.isPriced(to)
	}
	return is && !owners.hasToken(&t.tok[from]) && !t.isSomebody(n)
}

// announces reports a word at token i behind which somebody's name follows.
func (t *Text) announces(i int) bool {
	switch t.slotHint(i) {
	case vocabulary.Naming, vocabulary.Kin, vocabulary.Job, vocabulary.Self, vocabulary.Calling:
		return true
	case vocabulary.Greeting:
		return !t.isWeakGreeting(i)
	}
	return false
}

// isOfGoods reports goods right before token i, in the case of the name there: both in the nominative, or both feminine in
// the accusative.
func (t *Text) isOfGoods(i int, gram lexicon.Gram) bool {
	if i == 0 || t.tok[i].gap != oneSpace || t.tok[i-1].kind != wordToken {
		return false
	}
	if h := t.tok[i-1].vocab.Hint(); h != vocabulary.NoHint && h != vocabulary.Thing { // «меня зовут», «от»: before most names
		return false
	}
	key := t.tok[i-1].key
	last, own := rune(key&31)+'а', rune(t.tok[i].key&31)+'а'
	if last == 'у' && own == 'у' || last == 'ю' && own == 'ю' {
		if last == 'у' {
			return goods.has(key &^ 31) // ends in а
		}
		return goods.has(key&^31 | 'я' - 'а')
	}
	return gram.Has(lexicon.Nominative) && goods.hasToken(&t.tok[i-1])
}

// isEdition reports a word at token i that divides a product into editions: «базовый», or «про» with nothing to be about.
func (t *Text) isEdition(i int) bool {
	if t.says(i, "базовый базовая лайт премиум стандарт классик люкс комфорт эконом") {
		return true
	}
	return t.says(i, "про плюс макс мини") &&
		(t.clauseAfter(i+1) || t.says(i+1, "и есть стоит сколько за по или") || t.isNumber(i+1) && !t.says(i, "плюс"))
}

// isFirm reports a word at token i that stands behind the name of a firm and is not declined with it.
func (t *Text) isFirm(i int) bool {
	return t.says(i, "академия академии академию академией групп инвест холдинг тревел логистик девелопмент финанс моторс трейд "+
		"фарм медиа клиник строй пром торг недвижимость")
}

// isPriced reports «по триста девяносто» at token i.
func (t *Text) isPriced(i int) bool {
	return t.says(i, "по") && t.isNumber(i+1) && (t.tok[i+1].vocab.Class == vocabulary.Num && t.tok[i+1].vocab.Arg >= 100 ||
		t.says(i+2, "тысяч тысячи тысяче рублей рубля р руб"))
}

func (t *Text) isNumber(i int) bool {
	return i >= 0 && i < len(t.tok) && (t.tok[i].kind == numberToken || t.tok[i].vocab.Class == vocabulary.Num)
}

// clauseStarts reports whether nothing but small words stands before token i.
func (t *Text) clauseStarts(i int) bool { return t.clauseBefore(i) || t.says(i-1, "и а") }

// isAnchored reports a name that the words beside it give to a person.
func (t *Text) isAnchored(n *name) bool {
	if t.nameAfter(n) >= 0.3 || t.isDoer(n) {
		return true
	}
	from := int(t.names.parts[n.from].from)
	if t.sign(from-1, ':') && t.isVerbOfNotes(from-2) && t.isToldThing(n) {
		return false // «Записала: Марк, мейн-кун»
	}
	j, _ := t.wordBefore(from)
	if j < 0 && !t.aboutThings(from) && t.isToldThing(n) {
		return false // «Марта, сколько лет?» of a cat
	}
	return t.nameBefore(n) >= 0.3 && !t.isWeakGreeting(j)
}

// isToldThing reports a name of which the conversation told that an animal or a thing has it.
func (t *Text) isToldThing(n *name) bool {
	if t.names.known == nil || t.names.known.ask(t, askThings, 0, 0) == 0 {
		return false
	}
	var buf [maxKeys]uint64
	for _, k := range t.thingKeysOf(buf[:0], &t.names.parts[n.from], n.roles[0]) {
		if t.names.known.role(k, ofThing) != 0 {
			return true
		}
	}
	return false
}

// isVerbOfNotes reports a verb with which somebody repeats what he writes down.
func (t *Text) isVerbOfNotes(i int) bool {
	return t.says(i, "записала записал записываю запишите пишите пишу заказ итого повторю добавила добавил отложила отложил")
}

// isPersonOfTalk reports a name that a person of the conversation has beyond doubt.
func (t *Text) isPersonOfTalk(n *name) bool {
	if t.names.known == nil || t.names.known.ask(t, askAnchored, 0, 0) == 0 {
		return false
	}
	var buf [maxKeys]uint64
	for _, k := range t.keysOf(buf[:0], &t.names.parts[n.to-1], n.roles[n.to-n.from-1]) {
		if t.names.known.role(k, anchored) != 0 {
			return true
		}
	}
	return false
}

// The words by which letters are spelled in English that are names as well or stand beside them.
const minCodeWords = 3

// isCodeWords reports a name of words that spell letters, in a row of them: "mike juliett four four victor".
func (t *Text) isCodeWords(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	for i := from; i < to; i++ {
		if !t.isCodeWord(i) {
			return false
		}
	}
	words, numbers := to-from, 0
	for _, step := range [...]int{-1, 1} {
		i := from - 1
		if step > 0 {
			i = to
		}
		for far := 0; i >= 0 && i < len(t.tok) && far < 8; i, far = i+step, far+1 {
			switch tok := &t.tok[i]; {
			case t.isCodeWord(i):
				words++
			case t.isNumber(i):
				numbers++
			case tok.vocab.Class != vocabulary.Filler && tok.key != '-' && tok.key != ',':
				far = 8
			}
		}
	}
	return words >= minCodeWords || words == minCodeWords-1 && numbers > 0
}

func (t *Text) isCodeWord(i int) bool { return t.spellingWord(i) != 0 }

// isFirmName reports a Latin name whose last word is that of a firm: "Benton Motors".
func (t *Text) isFirmName(n *name) bool {
	last := int(t.names.parts[n.to-1].to) - 1
	return n.to-n.from > 1 && t.tok[last].kind == latinToken && t.tok[last].shape == title && t.isEnglishFirm(last)
}

// isStreetOf reports somebody in the genitive between a town and a number: «рязань анны кузьминой сорок три».
func (t *Text) isStreetOf(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	if n.gram.Has(lexicon.Nominative) || !t.isNumber(to) || from == 0 {
		return false
	}
	tok := &t.tok[from-1]
	return tok.class.Is(lexicon.Address) && !tok.class.Is(lexicon.Person)
}

// isEnglishPlace reports a Latin name that belongs to a street or a firm, or that somebody moved from: "Otter Lane",
// "Harper & Sons", "moved from Ludlow".
func (t *Text) isEnglishPlace(n *name) bool {
	first, last := &t.names.parts[n.from], &t.names.parts[n.to-1]
	from, to := int(first.from), int(last.to)
	if t.tok[from].kind != latinToken || n.has(initial) && n.to-n.from < 3 {
		return false
	}
	if to < len(t.tok) && t.tok[to].gap == oneSpace && t.tok[to].shape != lower {
		if t.isEnglishFirm(to) {
			return true
		}
		if t.isEnglishStreet(to) {
			return t.isNumber(from-1) || !t.says(to, "dr st")
		}
	}
	if t.sign(to, '&') && t.says(to+1, "sons co partners daughters associates bros son") {
		return true
	}
	return n.to-n.from == 1 && first.first == 0 && t.says(from-1, "from to in") &&
		t.says(from-2, "moved move moving live lives lived living relocated born flying flew flight drive driving based travelling back came delivery branch shop store office")
}

func (t *Text) isEnglishStreet(i int) bool {
	return t.says(i, "dr st rd ave ln blvd ct drive street road avenue lane court way terrace crescent close square grove mews yard hill park highway parkway")
}

func (t *Text) isEnglishFirm(i int) bool {
	return t.says(i, "motors ltd limited inc llc llp plc gmbh corp group bank dental clinic solutions logistics holdings insurance hotel "+
		"airlines foods consulting capital university college school hospital services partners plumbing electrical roofing garage bakery estates lettings academy pharmacy station")
}

// isState reports what somebody says he is: "I'm afraid", "I'm retired", "I'm wondering".
func (t *Text) isState(i int) bool {
	word := t.s[t.tok[i].start:t.tok[i].end]
	for _, end := range [...]string{"ing", "ed", "ic", "ous", "ful", "less", "able", "nant"} {
		if len(word) > len(end)+2 && strings.HasSuffix(word, end) {
			return true
		}
	}
	return t.says(i, "afraid aware awake asleep alone abroad away stuck gonna gotta upset deaf blind broke vegan keen glad mad ill "+
		"unwell content unsure certain homeless skint drunk dizzy sober shy dead numb")
}
