package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

const (
	// What only things do.
	thingDeeds wordList = "раскладывается складывается раскладывалась раскладывался цветет зацвела зацвел отцвела отцвел цвела цвел вызреет вызревает созреет созревает созрела " +
		"созрел плодоносит плодоносила вымерзла вымерз вымерзает зимует глохнет заглох заглохла протекает протекла капает кончилась кончился " +
		"закончилась закончился подорожала подорожал подешевела подешевел продается продавалась продавался выпускается распродана распродан снята снят выцвела " +
		"выцвел полиняла полинял вмещается помещается поместится влезет отчаливает причалит причаливает весит скрипит ржавеет выгорает разлагается " +
		"крошится мнется маломерит большемерит пачкается тянется линяет просвечивает укоренилась укоренился прижилась прижился засохла засох завяла завял стирается моется застегивается расстегивается прошивается"
	// What things and people do.
	commonDeeds wordList = "идет придет пришла пришел приходит приедет приехала приехал осталась остался остается подойдет подходит подошла подошел стоит стоила стоил лежит " +
		"лежала лежал висит висел висела стояла стоял пойдет едет поедет будет была был бывает появится появилась появился растет росла рос выросла вырос " +
		"живет жила жил пахнет служит служила служил держит тянет греет шумит гудит летит отходит отправляется прибывает начинается закрыта открыта " +
		"закрыт открыт ломается сломалась сломался нравится понравилась понравился понравится называется называлась обойдется выходит выйдет получится значит понравятся " +
		"может следует находится сидит слетает слетел слетела заводится горит светит попадет попала вышел вышли попал стал стала станет кажется хватит хватает закрылась закрылся переехала переехал открылась открылся"
	// Nouns and small words that end like verbs.
	notDeeds wordList = "материал канал портал журнал интервал сигнал металл овал зал подвал вокзал квартал финал персонал оригинал капитал отдел раздел предел мел " +
		"профил стил текстил винил акрил крахмал минерал школа скала смола сила пила мебел фасол билет кабинет пакет букет цвет совет ответ привет лимит " +
		"кредит визит гранит магнит паркет бюджет предмет сюжет макет браслет балет буфет туалет интернет комплект эффект портрет жакет корсет табурет кларнет " +
		"омлет манжет паштет аппетит транзит дефицит депозит реквизит халат стрела вилла шкала светла бела мила цела текила гала ваниль лет нет фиолет минет стилет"
)

// isDoer reports a name in the nominative whose bearer does something that only people do, with the verb right behind it or
// right before it: «кресло виктория забирала», «заказывала маргарита».
func (t *Text) isDoer(n *name) bool {
	g := n.gram & (lexicon.GramOf(lexicon.Both, lexicon.Nominative) | lexicon.PluralOf(lexicon.Nominative))
	if g == 0 {
		return false
	}
	sex := g.Sex()
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	return t.isDeed(t.skipSmall(to, 1), sex) || t.isDeedBefore(t.skipSmall(from-1, -1), sex) || t.didFar(to, sex)
}

// didFar reports what somebody did in the past a few words behind his name: «палыч лично стол обещал».
func (t *Text) didFar(i int, sex lexicon.Sex) bool {
	const far = 5
	for end := min(i+far, len(t.tok)); i < end && t.tok[i].kind == wordToken && t.tok[i].gap == oneSpace; i++ {
		if t.says(i, "я мы вы ты он она они который которая которую но или если есть нет что и а") {
			return false
		}
		if past := verbSexes(t.tok[i].key); past != lexicon.Both && past&sex != 0 && t.isDeed(i, sex) {
			return !t.tok[i].class.Is(lexicon.Person)
		}
	}
	return false
}

// maxBetween is how many small words may stand between somebody and what he does.
const maxBetween = 3

// skipSmall passes words that may stand between somebody and his verb: «наташа сегодня не вышла».
func (t *Text) skipSmall(i, step int) int {
	for range maxBetween {
		if !t.says(i, "не уже еще сама сам вчера сегодня завтра мне нам вам ей ему им тебе меня вас нас ее его их тоже опять все всё просто "+
			"там тут здесь сейчас тогда потом только бы же ведь вообще сразу утром вечером как раз лично вроде обычно всегда сначала скоро это э ну вот и") {
			return i
		}
		i += step
	}
	return i
}

// isDeed reports a verb at token i of somebody of the sex: in the past tense, in the third person, or in the future.
func (t *Text) isDeed(i int, sex lexicon.Sex) bool {
	if i < 0 || i >= len(t.tok) || t.tok[i].kind != wordToken || t.tok[i].gap == lineGap {
		return false
	}
	tok := &t.tok[i]
	if t.says(i, "будет") && i+1 < len(t.tok) && rune(t.tok[i+1].key&31)+'а' == 'ь' && !t.says(i+1, "стоить лежать") {
		return true
	}
	if tok.n < 3 || tok.shape != lower || !mayBeDeed(tok) {
		return false
	}
	if tok.class.Is(lexicon.FirstName | lexicon.Diminutive) {
		return false // «гала»
	}
	ends := verbSexes(tok.key)
	return ends&sex != 0 && !thingDeeds.hasToken(tok) && !commonDeeds.hasToken(tok) && !notDeeds.hasToken(tok)
}

// mayBeDeed reports a word that is free, or of which it is known that people do it.
func mayBeDeed(tok *token) bool {
	if tok.vocab.Class == vocabulary.None || tok.vocab.Cue() == vocabulary.Phone {
		return true
	}
	switch tok.vocab.Hint() {
	case vocabulary.Doing, vocabulary.Calling, vocabulary.Speaking:
		return true
	}
	return false
}

// isDeedBefore is isDeed for a verb that stands before its subject, where that of the speaker may stand too: «искала викторию».
func (t *Text) isDeedBefore(i int, sex lexicon.Sex) bool {
	if t.says(i, "хотел хотела искал искала смотрел смотрела видел видела нашел нашла интересует интересовал интересовала") {
		return false
	}
	return i >= 0 && i+1 < len(t.tok) && t.tok[i+1].kind == wordToken && t.isDeed(i, sex)
}

// verbSexes gives the sexes of a subject that the ending of a verb allows, 0 if the word does not end like a verb.
func verbSexes(key uint64) lexicon.Sex {
	letter := func(i int) rune { return rune(key>>(5*i)&31) + 'а' }
	if key>>60 > 4 && letter(1) == 'с' {
		switch {
		case letter(0) == 'ь' && letter(2) == 'а' && letter(3) == 'л': // «сменилась»
			return lexicon.Female
		case letter(0) == 'я': // «уволился», «вернется»
			key >>= 10
		}
	}
	switch last, before := letter(0), letter(1); {
	case last == 'а' && before == 'л':
		return lexicon.Female
	case last == 'л' && (before == 'а' || before == 'и' || before == 'е' || before == 'у' || before == 'ы' || before == 'я'):
		return lexicon.Male
	case last == 'т' && (before == 'е' || before == 'и'):
		return lexicon.Both
	}
	return 0
}
