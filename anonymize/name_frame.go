package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// In text without capitals «вера», «быков», «рыбиной» and «сорока» are words as well as names. A frame is what stands around
// such a word where it can be nothing but a name: who does what people alone do, «быков звонил», whom one is sent to, «записали
// к сороке», who is absent, «капуста в отпуске», whose papers they are, «паспорт рыбиной».

const (
	// What people do before one another. The name follows, in the nominative, at the end of the clause.
	deedsBefore wordList = "направил направила направлял направляла отправил отправила прислал прислала принял приняла принимал принимала принимает примет пригласил пригласила " +
		"обслуживал обслуживала лечил лечила осматривал осматривала смотрел смотрела встретил встретила встречал встречала встретит записал записала " +
		"привел привела впустил впустила пустил пустила отпустил отпустила оформлял оформляла вел вела ведет учил учила учит стриг стригла " +
		"приходил приходила заходил заходила подходил подходила пришел пришла придет приедет приезжал приезжала подъедет подойдет дежурит дежурил дежурила"
	// Where somebody is who is not at the telephone: behind «на», «в», «у».
	whereabouts wordList = "месте обеде больничном совещании планерке отпуске отпуск декрете декрет командировке смене выезде объекте выходном линии связи трубке проводе себя отгуле встрече"
	// What is somebody's own: the name follows in the genitive.
	belongings wordList = "телефон телефона телефону телефоны паспорт паспорта паспорту паспортом снилс снилса инн подпись подписи подписью мобильный сотовый почта почту почты " +
		"номер номера номеру заказ заказа заказу карта карту карты договор договора договору адрес адреса документы данные заявка заявку заявке заявление заявления " +
		"бронь брони запись записи счет счета анализы анализов снимок снимки пропуск пропуска полис полиса страховка страховку анкета анкету доверенность " +
		"кабинет кабинета кабинету прием приема муж мужа жена жены мама мамы сын сына дочь дочки"
	// What is said and given to people: the name stands in the dative.
	toPeople ownList = "2 передай передайте передать передали передал передала передам передаю передадим передаст отдай отдайте отдать отдали отдал отдала сообщи сообщите сообщить сообщили сообщил сообщила " +
		"скажи скажите сказать сказали сказал сказала говорил говорила говорили позвони позвоните позвонить позвонили позвонил позвонила позвоню звонил звонила звонили звоню звонить перезвони перезвоните перезвонить " +
		"напиши напишите написать написали написал написала писал писала напомни напомните напомнить ответили ответить ответьте доложи доложите доложить пожаловаться пожалуюсь обещали обещал обещала доверяю"
	// What is made out to somebody: «на» and the name in the accusative follow.
	madeOut wordList = "заявка заявку заявки заказ заказа договор договора бронь брони забронировано забронирован полис полиса счет счета пропуск пропуска доверенность доверенности билет билета билеты абонемент сертификат чек " +
		"накладная накладную квитанция квитанцию справка справку карта карту виза визу жалоба жалобу жалуюсь жалуются пожаловаться претензия оформляйте оформите оформи оформить оформлен оформлена оформлено оформлены оформляли оформил оформила " +
		"переоформите переоформить переоформили перепишите переписать переписали запишите записать записано записан записана записали выпишите выписать выписан выписали зарегистрирован зарегистрирована зарегистрировано числится висит переведите перевести переводите ссылается ссылались"
	// What is done with people behind «у».
	asked wordList = "спроси спросите спросить спросил спросила спрошу спрашивал спрашивала уточни уточните уточнить уточню уточнил уточнила узнай узнайте узнать узнаю узнал узнала был была были буду лечусь лечился лечилась лечимся " +
		"наблюдаюсь наблюдается наблюдаемся наблюдался наблюдалась стригусь стриглась стригся учусь учился учится учимся занимаюсь занимался занималась занимается есть нет болеет отпуск прием приеме запись выходной"
	// How one comes to somebody: «к» and the name in the dative follow.
	approaches wordList = "запись записи записать записаться записался записалась записан записана записаны записали запишите запиши записывали прием приема приему попасть попал попала " +
		"направили направил направила направление направьте отправили отправил отправила отправьте обратитесь обращался обращалась обратился обратилась обратиться хожу ходил ходила ходим ходит иди идите сходите " +
		"подойдите подойти подходите зайдите зайти заходите претензии претензия претензий вопрос вопросы вопросов вопросу перевели переведите пошел пошла пришел пришла приехал приехала поехал поехала сын сыну вас нас можно"
)

const maxAside = 2 // words such as «не», «вчера», «мне» between a name and what its bearer does

// aside are words that stand between.
const aside wordList = "не уже еще мне нам вам тебе ему ей меня нас вас тоже сам сама сами вчера сегодня завтра опять снова так все лично только тут там же " +
	"утром днем вечером сейчас потом давно недавно раньше обычно постоянно дважды очень прямо вроде наверное и вот к у с"

// isFramed reports a name of one word that stands in a frame.
func (t *Text) isFramed(n *name) bool {
	p := &t.names.parts[n.from]
	i, gram := int(p.from), n.gram
	if n.to-n.from != 1 || t.names.cased && t.tok[i].shape != title || p.traits&latinPart != 0 || p.to-p.from != 1 || t.isThing(i) {
		return false
	}
	if t.isContrasted(i) {
		return true
	}
	if p.traits&unknownPart != 0 {
		return p.traits&(capitalPart|slotPart) != 0 && (!t.names.cased && t.isStranger(i) || gram.Has(lexicon.Dative) && t.isGiven(i))
	}
	if p.traits&ambiguousPart == 0 { // places have its name
		return n.roles[0] == surname && (gram.Has(lexicon.Dative) && t.isGiven(i) || gram.Has(lexicon.Accusative) && t.isEntered(i))
	}
	return gram.Has(lexicon.Nominative) && (t.doesBehind(i) || t.doesBefore(i) || t.isAbsent(i)) ||
		gram.Has(lexicon.Dative) && (t.isApproached(i) || t.isGiven(i)) ||
		gram.Has(lexicon.Genitive) && (t.isOwner(i, p) || t.isAsked(i)) ||
		gram.Has(lexicon.Accusative) && n.roles[0] == surname && t.isEntered(i)
}

// isStranger reports a word that nobody knows where a person stands: before what people alone do, in a contrast of names, before
// «моя сестра», behind «теперь» at the end, «к» whom one is sent.
func (t *Text) isStranger(i int) bool {
	if t.tok[i].n < minLike {
		return false
	}
	if t.says(i-1, "можно") && t.clauseAfter(i+1) || t.hintAt(i+1) == vocabulary.Naming && t.clauseBeforeWord(i) || t.says(i-1, "она он") && t.says(i+1, "а") && t.says(i+2, "я") {
		return true
	}
	if t.near(i+2) && t.hintAt(i+1) == vocabulary.Kin && (t.does(i+2) || t.hintAt(i+2) == vocabulary.Speaking) {
		return true // «вальдас брат говорит»
	}
	return t.isDoing(i) || t.isContrasted(i) || t.isRelated(i) || t.says(i-1, "к") && t.isApproached(i) || t.says(i-1, "теперь") && (t.clauseAfter(i+1) || t.says(i+1, "вместо")) && t.tok[i].n > minLike ||
		toPeople.hasToken(&t.tok[max(0, i-1)]) && t.clauseAfter(i+1)
}

// isRelated reports «моя сестра», «это наш сосед» behind a word that begins its clause.
func (t *Text) isRelated(i int) bool {
	if !t.clauseBeforeWord(i) {
		return false
	}
	j := i + 1
	if t.says(j, "это") && t.near(j) {
		j++
	}
	return t.near(j) && t.says(j, "мой моя наш наша") && t.near(j+1) && t.hintAt(j+1) == vocabulary.Kin
}

// isContrasted reports a word that is set against a name: «не савелия а аврелия», «щукина а не щёкина».
func (t *Text) isContrasted(i int) bool {
	other := -1
	if t.says(i+1, "а") {
		switch {
		case t.says(i+2, "не"):
			other = i + 3
		case t.says(i-1, "не"):
			other = i + 2
		case t.says(i+2, "я мы он она") && t.tok[i].n > minLike:
			other = i + 3
		}
	}
	if other < 0 {
		switch {
		case t.says(i-1, "не") && t.says(i-2, "а"):
			other = i - 3
		case t.says(i-1, "а") && t.says(i-3, "не"):
			other = i - 2
		}
	}
	return other >= 0 && other < len(t.tok) && t.tok[other].shape == t.tok[i].shape && t.contrasts(i, other)
}

// contrasts reports two words that are both names, of which one is nothing else or both are of one stem.
func (t *Text) contrasts(i, other int) bool {
	a, b := &t.tok[i], &t.tok[other]
	if a.kind != wordToken || b.kind != wordToken || b.vocab.Class != vocabulary.None {
		return false
	}
	e, _ := b.form.Entry()
	if e.Class.Is(lexicon.FirstName|lexicon.Diminutive|lexicon.Surname) && !e.Class.Is(lexicon.Ambiguous) || e.Class == 0 && lexicon.LooksLikeName(b.key) {
		return true
	}
	own, _ := a.form.Entry()
	return e.Class.Is(lexicon.Surname) && own.Class.Is(lexicon.Surname) && b.n > 3 && a.n > 3 && firstLetterOf(a.key) == firstLetterOf(b.key)
}

// isFamily reports the plural of a surname behind those who have it, with no noun behind it: «семья дроздовых», «супруги рыбины».
func (t *Text) isFamily(i int, gram lexicon.Gram) bool {
	return gram.Plural() && t.says(i-1, "семья семьи семье семьей семейство супруги супругам супругов братья братьев сестры сестер чета четы") && t.tok[i].gap == oneSpace && t.mayEndClause(i+1)
}

// isDoing reports a word right before what people alone do: «дюша звонил».
func (t *Text) isDoing(i int) bool {
	return t.near(i+1) && t.does(i+1) && t.tok[i].n >= minLike
}

// does reports a verb that people alone are the subject of.
func (t *Text) does(i int) bool {
	switch tok := &t.tok[i]; tok.vocab.Class {
	case vocabulary.NearName:
		return tok.vocab.Arg == uint16(vocabulary.Doing)
	case vocabulary.CueWord:
		return tok.vocab.Arg == uint16(vocabulary.Phone) && isVerb(tok)
	}
	return false
}

// isThing reports a word with a number or an adjective before it, or one of which there are many.
func (t *Text) isThing(i int) bool {
	return t.isNumber(i-1) || t.isOfMany(i) || t.says(i-1, "сколько много мало пару несколько больше меньше для про")
}

// doesBehind reports a verb right behind a name, or a small word or two further on, that people alone are the subject of.
func (t *Text) doesBehind(i int) bool {
	for j := i + 1; j <= i+1+maxAside && t.near(j); j++ {
		if t.does(j) {
			return agreesInSex(t.tok[i].key, t.tok[j].key)
		}
		if !aside.hasToken(&t.tok[j]) {
			return false
		}
	}
	return false
}

// agreesInSex reports whether a surname in -ов or -ова, if it is one, may be the subject of a verb: «быков сказал», not «быков
// сказала», which is a genitive of many.
func agreesInSex(name, verb uint64) bool {
	end, sex := lexicon.EndingKey(verb, 2), lexicon.EndingKey(name, 2)
	if sex != ending2('о', 'в') && sex != ending2('е', 'в') && sex != ending2('и', 'н') {
		return true
	}
	return end != ending2('л', 'а') && end != ending2('с', 'ь') && end != ending2('н', 'а')
}

// doesBefore reports such a verb before a name that ends its clause: «звонила рыбина», «принимал меня доев».
func (t *Text) doesBefore(i int) bool {
	if !t.mayEndClause(i + 1) {
		return false
	}
	person := t.isObject(i - 2)
	for j := i - 1; j >= max(0, i-1-maxAside) && t.tok[j+1].gap == oneSpace; j-- {
		if t.does(j) && !t.says(j, "хочет хотел хотела знает помнит забыл забыла лечит лечил лечила требует требовал требовала просит обещал обещает обещала подписал подписала просил просила попросил попросила") ||
			(person || t.says(j, "приходил приходила заходил заходила приезжал приезжала")) && deedsBefore.hasToken(&t.tok[j]) {
			return agreesInSex(t.tok[i].key, t.tok[j].key)
		}
		if !aside.hasToken(&t.tok[j]) {
			return false
		}
		person = person || t.isObject(j)
	}
	return false
}

func (t *Text) isObject(i int) bool {
	return t.says(i, "меня нас вас мне нам вам его ее их тебя тебе")
}

// isAbsent reports «на месте», «в отпуске», «у себя» behind a name.
func (t *Text) isAbsent(i int) bool {
	j := i + 1
	for t.near(j) && j <= i+maxAside && !t.says(j, "у") && aside.hasToken(&t.tok[j]) {
		j++
	}
	if !t.near(j+1) || !t.says(j, "на в у") || !whereabouts.hasToken(&t.tok[j+1]) || !t.clauseBeforeWord(i) {
		return false
	}
	return !t.says(j+1, "месте") || t.tok[i].key&31 != 0 || !lexicon.IsOrdinary(t.tok[i].key) // «корзина на месте»
}

// clauseBeforeWord reports whether token i begins its clause, or small words alone stand before it.
func (t *Text) clauseBeforeWord(i int) bool {
	for j := i; j >= max(0, i-maxAside); j-- {
		if t.clauseBefore(j) {
			return true
		}
		if !aside.hasToken(&t.tok[j-1]) && t.hintAt(j-1) != vocabulary.Greeting && !t.says(j-1, "а но что если когда скажите подскажите где да нет") {
			return false
		}
	}
	return false
}

// isApproached reports «к» before a name, and who goes there before it or behind: «записали к сороке», «к сороке на прием».
func (t *Text) isApproached(i int) bool {
	if !t.says(i-1, "к ко") || t.tok[i].gap != oneSpace || !t.mayEndClause(i+1) {
		return false
	}
	if t.near(i-1) && approaches.hasToken(&t.tok[i-2]) || i > 2 && t.near(i-1) && t.near(i-2) && aside.hasToken(&t.tok[i-2]) && approaches.hasToken(&t.tok[i-3]) {
		return true
	}
	return t.near(i+1) && (approaches.hasToken(&t.tok[i+1]) || t.says(i+1, "на хочу") && t.near(i+2) && approaches.hasToken(&t.tok[i+2]))
}

// isGiven reports a name in the dative beside what is done for people alone: «передали быкову», «а быкову сказали».
func (t *Text) isGiven(i int) bool {
	if isAdjective(t.tok[i].key) && !t.mayEndClause(i+1) {
		return false
	}
	for j := i - 1; j >= max(0, i-1-maxAside) && t.tok[j+1].gap == oneSpace; j-- {
		if toPeople.hasToken(&t.tok[j]) {
			return true
		}
		if !aside.hasToken(&t.tok[j]) {
			break
		}
	}
	return t.near(i+1) && (toPeople.hasToken(&t.tok[i+1]) || aside.hasToken(&t.tok[i+1]) && t.near(i+2) && toPeople.hasToken(&t.tok[i+2]))
}

// isEntered reports «на» before a name, and before that what is made out to somebody: «заявка на воробьёва».
func (t *Text) isEntered(i int) bool {
	if !t.says(i-1, "на") || t.tok[i].gap != oneSpace || i < 2 || t.tok[i-1].gap == lineGap || isAdjective(t.tok[i].key) && !t.mayEndClause(i+1) ||
		t.says(i, "понедельник вторник четверг воскресенье субботу пятницу среду середу неделю зиму весну каникулы") {
		return false
	}
	return madeOut.hasToken(&t.tok[i-2]) || i > 2 && aside.hasToken(&t.tok[i-2]) && madeOut.hasToken(&t.tok[i-3])
}

// isAsked reports «у» before a name that ends like an adjective with no noun behind it, and one who is asked or whose turn it
// is: «спросите у толстой», «у крючковой уточните».
func (t *Text) isAsked(i int) bool {
	if !t.says(i-1, "у") || t.tok[i].gap != oneSpace || !isAdjective(t.tok[i].key) || !t.mayEndClause(i+1) {
		return false
	}
	return t.near(i-1) && asked.hasToken(&t.tok[i-2]) || t.near(i+1) && asked.hasToken(&t.tok[i+1])
}

// isOwner reports a name in the genitive behind what belongs to somebody: «паспорт рыбиной», «карта рыбина». It has to end like
// an adjective, with no noun behind it, or like a man's name.
func (t *Text) isOwner(i int, p *namePart) bool {
	if i == 0 || t.tok[i].gap != oneSpace || !belongings.hasToken(&t.tok[i-1]) || p.sur == 0 || ofKin.hasToken(&t.tok[i]) {
		return false
	}
	if isAdjective(t.tok[i].key) {
		return t.mayEndClause(i + 1)
	}
	_, ends := lexicon.EndingOf(t.tok[i].key)
	return ends && p.sur.Of(lexicon.Male).Has(lexicon.Genitive)
}

// mayEndClause reports whether token i cannot be the noun of an adjective before it.
func (t *Text) mayEndClause(i int) bool {
	if t.clauseAfter(i) || t.tok[i].gap != oneSpace {
		return true
	}
	tok := &t.tok[i]
	switch tok.vocab.Class {
	case vocabulary.None:
		return looksLikeVerb(tok.key) || lexicon.EndingKey(tok.key, 2) == ending2('т', 'и') || lexicon.EndingKey(tok.key, 2) == ending2('н', 'ы') || aside.hasToken(tok) || t.says(i, "на есть в за по от до из он она а но что если или его ее где когда какой какая нет да готов готова какое будет нужен нужна можно кто")
	case vocabulary.Filler, vocabulary.Num:
		return true
	case vocabulary.NearName:
		h := tok.vocab.Hint()
		return h == vocabulary.Small || h == vocabulary.Having || h == vocabulary.Self || h == vocabulary.You || h == vocabulary.Greeting || h == vocabulary.Speaking || h == vocabulary.Naming || h == vocabulary.Doing || h == vocabulary.Calling
	case vocabulary.Stop:
		return true
	}
	return false
}
