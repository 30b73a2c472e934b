package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// isNamedThing reports a name that something sold, built or celebrated has here. Whoever is called, speaks or does something
// is a person all the same.
func (t *Text) isNamedThing(n *name, before, after float32) bool {
	from := int(t.names.parts[n.from].from)
	return t.mayBeThing(n, before, after) &&
		(t.isPlainlyThing(n) || t.isLook(n) || t.aboutThings(from) && before <= 0.15 && !t.isOwnerBefore(from) && t.isLikeThing(n)) && !t.isSomebody(n)
}

// isSureThing is isNamedThing by what stands beside the name alone, whatever the text speaks of.
func (t *Text) isSureThing(n *name, before, after float32) bool {
	return t.mayBeThing(n, before, after) && t.isPlainlyThing(n) && !t.isSomebody(n)
}

// mayBeThing reports that nothing around a name tells a person.
func (t *Text) mayBeThing(n *name, before, after float32) bool {
	return before < 0.35 && after < 0.3 && n.to-n.from <= 2 && !n.has(patronymic|initial|particle) && !(t.names.asked && int(t.names.parts[n.from].from) < 6)
}

// isSomebody reports a name of a person of the conversation, or of one who does something here.
func (t *Text) isSomebody(n *name) bool { return t.isPersonOfTalk(n) || t.isDoer(n) }

func (t *Text) isPlainlyThing(n *name) bool {
	return t.isBehindHead(n) || t.hasHead(n) || t.isSort(n) || t.isHandled(n) || t.isInside(n)
}

// hasHead reports what grows, taken for a surname, with its sort: «винограда аркадия».
func (t *Text) hasHead(n *name) bool {
	first := &t.names.parts[n.from]
	if n.to-n.from != 2 || n.roles[0] != surname || t.tok[first.from].shape != lower {
		return false
	}
	h := t.headAt(int(first.from))
	return h&(vocabulary.Kind|vocabulary.Mass) != 0 && !t.announces(int(first.from)-1)
}

// isSort reports an adjective made of a place or a surname with the thing that it belongs to, both in one case: «михайловский
// цемент», «хлеб бородинский», or with the measure of what everybody knows: «михайловского мешков тридцать».
func (t *Text) isSort(n *name) bool {
	p := &t.names.parts[n.from]
	from, to := int(p.from), int(p.to)
	if n.to-n.from != 1 || p.sur == 0 || p.first != 0 || to-from != 1 || !isAdjective(t.tok[from].key) {
		return false
	}
	if to < len(t.tok) && t.tok[to].gap == oneSpace && t.headAt(to) != 0 && agreeWithNoun(t.tok[from].key, t.tok[to].key) {
		return !t.isDeed(t.skipSmall(to+1, 1), lexicon.Both)
	}
	if h := t.headAt(from - 1); h != 0 && t.tok[from].gap == oneSpace && agreeWithNoun(t.tok[from].key, t.tok[from-1].key) {
		return h&vocabulary.Mass != 0 || n.gram.Has(lexicon.Nominative)
	}
	if t.says(from-1, "или и не а") && t.isSortBefore(from, from-2) || t.isAmongSorts(from) {
		return true
	}
	return lexicon.EndingKey(t.tok[from].key, 3) == 3<<60|ending2('г', 'о')&lettersOf(10)|uint64('о'-'а')<<10 && t.isMeasure(to) && !t.isOwnerBefore(from)
}

// isOfFirm reports an adjective in lower case behind which stands what it tells of, where somebody works: «это павел оконный завод».
func (t *Text) isOfFirm(i int) bool {
	to := i + 1
	if t.tok[i].shape != lower || to >= len(t.tok) || t.tok[to].gap != oneSpace || t.tok[to].shape != lower || !isAdjective(t.tok[i].key) || !agreeWithNoun(t.tok[i].key, t.tok[to].key) {
		return false
	}
	h := t.hintAt(to)
	return h == vocabulary.Thing || h == vocabulary.Place || t.headAt(to) != 0 || t.says(to, firms)
}

// firms are where people work that no other list has.
const firms wordList = "завод комбинат центр компания служба клиника салон фабрика магазин агентство студия школа банк фонд клуб склад сервис фирма группа " +
	"поликлиника больница контора мастерская бюро предприятие база управление отдел холдинг рынок институт университет колледж театр отель питомник ателье"

// isSortBefore reports another sort of a thing before: «цемент мордовский или михайловский».
func (t *Text) isSortBefore(i, j int) bool {
	return j > 0 && lexicon.EndingKey(t.tok[i].key, 2) == lexicon.EndingKey(t.tok[j].key, 2) && t.tok[j].shape == lower && agreeWithNoun(t.tok[j].key, t.tok[j-1].key) && t.headAt(j-1) != 0
}

// isAmongSorts reports an adjective between two others of its form: «бородинский дарницкий столичный».
func (t *Text) isAmongSorts(i int) bool {
	if i == 0 || i+1 >= len(t.tok) || t.names.cased || t.tok[i].shape != lower {
		return false
	}
	for _, j := range [...]int{i - 1, i + 1} {
		tok := &t.tok[j]
		if tok.kind != wordToken || tok.vocab.Class != vocabulary.None || courtesies.hasToken(tok) || !isAdjective(tok.key) || tok.key&31 != t.tok[i].key&31 {
			return false
		}
	}
	return true
}

// agreeWithNoun reports an adjective and a noun that by their endings may stand in one case.
func agreeWithNoun(adjective, noun uint64) bool {
	last := rune(noun&31) + 'а'
	switch lexicon.EndingKey(adjective, 2) {
	case ending2('и', 'й'), ending2('ы', 'й'):
		return last != 'а' && last != 'у' && last != 'е' && last != 'ы' && last != 'и' && last != 'о' && last != 'я' && last != 'ю'
	case ending2('а', 'я'), ending2('я', 'я'):
		return last == 'а' || last == 'я' || last == 'ь'
	case ending2('о', 'е'), ending2('е', 'е'):
		return last == 'о' || last == 'е'
	case ending2('г', 'о'):
		return last == 'а' || last == 'я' || last == 'у'
	case ending2('м', 'у'), ending2('у', 'ю'), ending2('ю', 'ю'):
		return last == 'у' || last == 'ю'
	case ending2('ы', 'м'), ending2('и', 'м'):
		return last == 'м'
	case ending2('ы', 'е'), ending2('и', 'е'):
		return last == 'ы' || last == 'и' || last == 'а' || last == 'я'
	}
	return false
}

// measures are what goods come in.
const measures wordList = "мешок мешка мешков тонну тонны тонн куб куба кубов литр литра литров пачку пачки пачек коробку коробки коробок банку банки банок ящик " +
	"ящика ящиков упаковку упаковки упаковок рулон рулона рулонов паллету паллеты паллет поддон поддона поддонов буханку буханки буханок батон батона батонов " +
	"сетку сетки сеток ведро ведра ведер бутылку бутылки бутылок кило килограмм килограмма килограммов кг грамм граммов мл миллилитров метр метра метров " +
	"см сантиметров ватт машину машины машин куст куста кустов горшок горшка горшков отрез моток мотка мотков сантиметра миллиметров градусов размер размера"

// isMeasure reports a measure at token i, with its number before it or not.
func (t *Text) isMeasure(i int) bool {
	const digits = 4
	for k := 0; k < digits && t.isNumber(i); k++ {
		i++
	}
	return t.says(i, measures)
}

// isOwnerBefore reports a word before token i after which a genitive is somebody's: «у», «от», «телефон».
func (t *Text) isOwnerBefore(i int) bool {
	h := t.hintAt(i - 1)
	return h == vocabulary.Having || h == vocabulary.Job || h == vocabulary.Kin || h == vocabulary.Naming || h == vocabulary.Calling || t.says(i-1, "из без до после кроме против ради насчет около")
}

// stocked is what stands behind goods, and never behind somebody.
const stocked wordList = "наличии рогожке велюре коже экокоже шенилле бархате замше хроме цвете размере упаковке упаковках коробке коробках контейнере контейнерах горшке горшках " +
	"рулоне рулонах мешках банках ведрах бутылке бутылках флаконе обложке переплете исполнении комплектации развес штуку розлив ассортименте саженцах луковицах"

// isHandled reports what is said of goods alone right behind a name: «в наличии», «в велюре», «под заказ», «три мешка»,
// «раскладывается».
func (t *Text) isHandled(n *name) bool {
	to := int(t.names.parts[n.to-1].to)
	if !n.gram.Has(lexicon.Nominative) && !n.gram.Has(lexicon.Accusative) || to >= len(t.tok) || t.tok[to].gap == lineGap {
		return false
	}
	switch verb := t.skipSmall(to, 1); {
	case verb < len(t.tok) && thingDeeds.hasToken(&t.tok[verb]):
		return true
	case t.says(to, "в на за"):
		return t.says(to+1, stocked)
	case t.says(to, "под"):
		return t.says(to+1, "заказ")
	case t.says(to, "артикул"):
		return true
	case t.says(to, "есть") && t.says(to+1, "такая такой такое"):
		return t.headAt(to+2) != 0
	}
	return t.isNumber(to) && t.isMeasure(to) && !t.isDeedNear(to)
}

// isDeedNear reports a verb of somebody a few words behind token i: «виктор пять метров взял».
func (t *Text) isDeedNear(i int) bool {
	const near = 6
	for k := i; k < min(i+near, len(t.tok)) && t.tok[k].kind != signToken; k++ {
		if t.isDeed(k, lexicon.Both) {
			return true
		}
	}
	return false
}

// isInside reports a first name behind «в»: one stays in an hotel «Екатерина», and in nobody.
func (t *Text) isInside(n *name) bool {
	p := &t.names.parts[n.from]
	from, to := int(p.from), int(p.to)
	if n.to-n.from != 1 || p.first == 0 || p.traits&placePart != 0 || !t.says(from-1, "в во") || t.tok[from].gap != oneSpace {
		return false
	}
	if !p.first.Has(lexicon.Prepositional) && !p.first.Has(lexicon.Accusative) && !p.first.Has(lexicon.Nominative) {
		return false
	}
	return !t.isFaith(from-2) && !t.isFaith(to) && !t.isFaith(to+1)
}

// isFaith reports a word of trust or love, which is put in people.
func (t *Text) isFaith(i int) bool {
	return t.says(i, "верю верит верим уверены верили верила верил верить уверен уверена влюблен влюблена влюбился влюбилась влюбиться поверил поверила сомневаюсь разочарован "+
		"разочаровалась разочаровался дело проблема причина ошибся ошиблась не что")
}

// maxTopic is how many tokens behind the name of a thing a text still speaks of such.
const maxTopic = 16

// aboutThings reports that things were called by names of people a little before token i or in the conversation.
func (t *Text) aboutThings(i int) bool {
	return t.names.topic > 0 && i-t.names.topic < maxTopic || t.names.known != nil && t.names.known.role(thingsKey, ofThing) != 0
}

// isLikeThing reports a name that stands where things do, for a conversation about such: «а изабелла», «лора есть», «одна
// лидия», «берите варвару», «виноград аркадия и лора».
func (t *Text) isLikeThing(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	if to-from > 2 || t.names.parts[n.from].traits&possessivePart != 0 {
		return false
	}
	if t.isTaken(n) {
		return true
	}
	if !n.gram.Has(lexicon.Nominative) {
		return false
	}
	if t.isNextThing(n) || t.says(from-1, "есть похожая похожее похожий") {
		return true
	}
	switch {
	case t.clauseAfter(to):
		return t.isQuestion(from)
	case t.isOffered(t.skipSmall(to, 1)):
		return true
	}
	if t.says(to, "с без") && t.near(to+1) && t.hintAt(to+1) == vocabulary.NoHint && t.tok[to+1].form == 0 && !t.isDeedNear(to+1) || t.says(to, "это") && to+1 < len(t.tok) && looks.hasToken(&t.tok[to+1]) {
		return true
	}
	return t.says(to, saidOfThings) || looks.hasToken(&t.tok[to]) || t.isPriced(to) || t.isNumber(to) && t.isMeasure(to) && !t.isDeedNear(to)
}

// isOffered reports «есть», «по акции», «под заказ» at token i.
func (t *Text) isOffered(i int) bool {
	return t.says(i, "есть") || t.says(i, "по под") && t.says(i+1, "акции скидке цене заказ")
}

// isLook reports a thing that was named before and its colour, which is a surname too: «лаура красная».
func (t *Text) isLook(n *name) bool {
	last := &t.names.parts[n.to-1]
	return n.to-n.from == 2 && t.tok[last.from].shape == lower && looks.hasToken(&t.tok[last.from]) && t.isToldThing(n)
}

// isTaken reports goods that are bought: «берите варвару», «возьму крот». Of a man it would be the genitive, and what stands
// in the nominative of a woman is spoken to.
func (t *Text) isTaken(n *name) bool {
	p := &t.names.parts[n.from]
	from := int(p.from)
	gram := n.gram
	if p.first != 0 {
		gram = p.first
	}
	woman, man := gram.Of(lexicon.Female), gram.Of(lexicon.Male)
	counted := from > 0 && t.isNumber(from-1) && !t.isNumber(from-2) && !t.isNumber(int(p.to))
	switch one := counted && t.tok[from-1].vocab.Class == vocabulary.Num; {
	case one && t.says(from-1, "одна один одно"):
		return gram.Has(lexicon.Nominative)
	case one && t.says(from-1, "одну"):
		return woman.Has(lexicon.Accusative) && !woman.Has(lexicon.Nominative)
	case one && t.says(from-1, "два две три четыре"):
		return gram.Has(lexicon.Genitive) && !gram.Has(lexicon.Nominative)
	case !t.says(from-1, taken):
		return false
	}
	return woman.Has(lexicon.Accusative) && !woman.Has(lexicon.Nominative) && man == 0 || woman == 0 && man.Has(lexicon.Nominative)
}

// isNextThing reports a name that goes on with a list of things: «аркадия и лора», «бородинский дарницкий».
func (t *Text) isNextThing(n *name) bool {
	p := &t.names.parts[n.from]
	from, to := int(p.from), int(t.names.parts[n.to-1].to)
	if t.names.thing == 0 || to < len(t.tok) && areDeeds(&t.tok[to]) {
		return false
	}
	if from == t.names.thing {
		return p.first == 0 && isAdjective(t.tok[from].key)
	}
	if looks.hasToken(&t.tok[from-1]) {
		return from-1 == t.names.thing && p.first == 0 // «жуковский ранний коломбо»
	}
	return from-1 == t.names.thing && t.says(from-1, "и или")
}

// areDeeds reports the endings of a verb with several people as its subject: «заказывали», «ждут».
func areDeeds(tok *token) bool {
	if tok.kind != wordToken || tok.n < 4 || tok.vocab.Class != vocabulary.None {
		return false
	}
	switch lexicon.EndingKey(tok.key, 2) {
	case ending2('л', 'и'), ending2('ю', 'т'), ending2('у', 'т'), ending2('я', 'т'), ending2('а', 'т'):
		return true
	}
	return false
}

// taken is said before goods.
const taken wordList = "берите бери возьмите возьми возьму беру берем возьмем дайте добавьте добавь положите положи отложите отложи покажите хочу посмотрите купить взять заказать"

// saidOfThings is said behind goods.
const saidOfThings wordList = "есть дороже дешевле крупнее мельче слаще кислее пораньше попозже имеется лайт плюс микро макси"

// looks tell how goods look.
const looks wordList = "красная красный белая белый черная черный желтая желтый синяя синий зеленая зеленый розовая розовый бежевая бежевый серая серый коричневая коричневый " +
	"большая большой маленькая маленький средняя средний сладкая сладкий крупная крупный ранняя ранний поздняя поздний матовая матовый глянцевая глянцевый " +
	"махровая махровый полосатая полосатый кожаная кожаный угловая угловой раскладная раскладной"

// isQuestion reports a turn of a word or two: «а изабелла».
func (t *Text) isQuestion(from int) bool {
	return from == 0 && len(t.tok) <= 2 || from > 0 && from <= 2 && t.says(0, "а и ну или") && len(t.tok)-from <= 2
}

// thingsKey is no key of a word: what is known of it is that things were called by names.
const thingsKey = 0
