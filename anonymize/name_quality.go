package anonymize

import "github.com/syntora/vual/anonymize/internal/lexicon"

// isQualityName reports a surname that is an adjective as well, in text without capitals, where it can be little else: right
// before a first name with its patronymic, right behind them, or behind the first name of somebody who says who he is:
// «бережная зинаида фёдоровна», «это оксана бережная».
func (t *Text) isQualityName(i int) bool {
	tok := &t.tok[i]
	if t.names.cased || tok.kind != wordToken || tok.n < 5 || !isQuality(tok.key) || courtesies.hasToken(tok) {
		return false
	}
	switch {
	case t.isFirstName(i+1) && t.isFatherBehind(i+1) && t.tok[i+1].gap == oneSpace:
		return !t.isBossy(i)
	case t.isFirstName(i-2) && t.isFatherBehind(i-2) && t.tok[i].gap == oneSpace:
		return t.endsSlot(i + 1)
	}
	return t.isFirstName(i-1) && tok.gap == oneSpace && i > 1 && (t.tok[i-2].key == keyThis || t.says(i-2, "зовут")) && !t.isFatherBehind(i-1)
}

// isQuality reports the endings of the nominative of one person.
func isQuality(key uint64) bool {
	switch lexicon.EndingKey(key, 2) {
	case ending2('а', 'я'), ending2('я', 'я'), ending2('ы', 'й'), ending2('и', 'й'), ending2('о', 'й'):
		return true
	}
	return false
}

// courtesies are adjectives that stand beside names and are none.
const courtesies wordList = "уважаемая уважаемый многоуважаемая многоуважаемый глубокоуважаемая глубокоуважаемый дорогая дорогой милая милый любимая " +
	"любимый любезная любезный новая новый главная главный старшая старший младшая младший бывшая бывший такая такой " +
	"другая другой первая первый вторая второй третья третий последняя последний знакомая знакомый нужная нужный " +
	"добрая добрый прекрасная прекрасный каждая каждый самая самый какая какой которая который большая большой " +
	"золотая золотой родная родной свободная свободный утренняя вечерняя прежняя прежний нынешняя нынешний лечащая лечащий " +
	"дежурная дежурный персональная персональный личная личный ведущая ведущий управляющая управляющий заведующая заведующий " +
	"ответственная ответственный исполняющая исполняющий больная больной покойная покойный пожилая пожилой молодая молодой"

// isBossy reports a word that needs the adjective behind it: «наша новая», «очень строгая».
func (t *Text) isBossy(i int) bool {
	return t.says(i-1, "очень такая такой самая самый наша наш ваша ваш моя мой эта этот слишком довольно")
}
