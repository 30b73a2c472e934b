package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A hint is the cue that speaks of a value: the nearest one before it or close behind it, or what the previous
// speaker asked for.
type hint struct {
	cue  vocabulary.Cue
	at   int     // its token, -1 if another speaker said it
	near float32 // 1 right beside the value, falling to 0 with the distance
}

const (
	cueBefore = 12 // tokens that a cue may stand before its value
	cueAfter  = 4  // and behind
	askedNear = 0.8

	minInvoice      = 5 // digits of a number behind «счёт» that is no account
	maxInvoiceSteps = 1 // words between them
)

// hintFor looks for the cue of tokens from to to.
func (t *Text) hintFor(from, to int) hint { return t.hintOf(from, to, 0) }

// hintOf is hintFor for a number of so many digits: it passes over cues whose numbers have another length, as in
// «ИНН / КПП: 6102701630 / 614101001».
func (t *Text) hintOf(from, to, digits int) hint {
	best := hint{at: -1}
	before, after := t.cuesNear(from, to)
	if before {
		best = t.hintBefore(from, digits)
	}
	if after {
		if h := t.hintAfter(to); h.near > best.near && t.cueFits(h.cue, digits) {
			best = h
		}
	}
	if t.asked|t.askedToo != vocabulary.NoCue && best.near < askedNear && !(best.at < from && t.answeredBefore(best.at)) && (from < answerWithin || digits >= longNumber && from < askedWithin) {
		if c := t.askedFor(digits); c != vocabulary.NoCue {
			best = hint{c, -1, askedNear}
		}
	}
	if best.at < 0 && digits >= minSentDigits && digits <= 8 && t.sentBefore(from) {
		return hint{vocabulary.OTP, from - 1, askedNear}
	}
	return best
}

const (
	maxSentSteps  = 4 // tokens
	minSentDigits = 4 // of a code that is sent
)

// sentBefore reports «пришло», «прислал» shortly before token i, where codes that are sent are spoken of.
func (t *Text) sentBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-maxSentSteps; j-- {
		if t.says(j, "пришло пришел пришла пришли прислал прислала прислали прислало приходит пишет написано высветилось") {
			return t.about(messageTopic) || t.asked == vocabulary.OTP || t.sentInTurn(i)
		}
		if t.isWord(j) && !isSmall(t.tok[j].vocab) && !t.says(j, "первый второй опять снова там пуш мне") {
			return false
		}
	}
	return false
}

// sentInTurn reports a word for a message shortly before token i.
func (t *Text) sentInTurn(i int) bool {
	for j := i - 1; j >= 0 && j >= i-maxPieceWords; j-- {
		if t.says(j, "пуш пуше смс смска сообщение") {
			return true
		}
	}
	return false
}

// answeredBefore reports that a number stands before the cue at token i of the same turn: what was asked for is told, and
// the cue speaks of the next one.
func (t *Text) answeredBefore(i int) bool {
	if i <= 0 {
		return false
	}
	g := t.groupAt(i)
	return g > 0 && (t.numbers.groups[g-1].n >= minPhoneDigits || t.numbers.groups[g-1].sep != 0)
}

// cuesNear reports whether a cue may stand near enough before token from and behind token to. Most numbers have none, and
// need no look at the words around them.
func (t *Text) cuesNear(from, to int) (before, after bool) {
	// The numbers of a text are asked for one after the other, so the place found last time is near.
	k := min(t.nearCue, len(t.cues))
	for k > 0 && int(t.cues[k-1]) >= from {
		k--
	}
	for k < len(t.cues) && int(t.cues[k]) < from {
		k++
	}
	t.nearCue = k
	before = k > 0 && from-int(t.cues[k-1]) <= cueBefore
	for k < len(t.cues) && int(t.cues[k]) < to {
		k++
	}
	return before, k < len(t.cues) && int(t.cues[k])-to < cueAfter
}

func (t *Text) hintBefore(from, digits int) hint {
	numbers := 0
	next := t.nearCue // cuesNear left it behind the last cue before from
	for i, steps := from-1, 0; i >= 0 && steps < cueBefore; i, steps = i-1, steps+1 {
		tok := &t.tok[i]
		if next > 0 && int(t.cues[next-1]) == i {
			next--
			c := t.cueAt(i)
			if c == vocabulary.Account && digits >= minInvoice && steps <= maxInvoiceSteps && !t.cueFits(c, digits) {
				c = vocabulary.Order // «счёт 4418203», «лицевой 117004290»
			}
			if c != vocabulary.NoCue && t.cueFits(c, digits) {
				return hint{c, i, closeness(steps+3*numbers, cueBefore)}
			}
			if next == 0 {
				break
			}
		}
		if tok.kind == numberToken && t.tok[i+1].kind != numberToken || tok.kind == labelToken {
			numbers++
		}
		if t.tok[i+1].gap == lineGap {
			steps += 2
		}
	}
	return hint{at: -1}
}

func (t *Text) hintAfter(to int) hint {
	for i, steps := to, 0; i < len(t.tok) && steps < cueAfter; i, steps = i+1, steps+1 {
		tok := &t.tok[i]
		if tok.gap == lineGap || tok.kind == numberToken || endsClause(tok) || steps > 0 && t.says(i, "а но") {
			break
		}
		if c := t.cueAt(i); c != vocabulary.NoCue {
			return hint{c, i, closeness(2*steps+1, 2*cueAfter+1)}
		}
	}
	return hint{at: -1}
}

const (
	answerWithin = 20 // tokens before the answer to a question
	longNumber   = 9  // digits of a number that answers a question wherever in the turn it stands
	askedWithin  = 40 // tokens
)

// askedFor gives which of the things that the previous speaker asked for the number of so many digits answers: «паспорт
// и снилс?»
func (t *Text) askedFor(digits int) vocabulary.Cue {
	if t.asked == vocabulary.Phone && (digits == 10 || digits == 11) {
		return t.asked
	}
	if t.askedToo != vocabulary.NoCue && digits > 0 && (!t.cueFits(t.asked, digits) || t.lengthsFor(t.asked)&(1<<digits) == 0 && t.lengthsFor(t.askedToo)&(1<<digits) != 0) {
		return t.askedToo
	}
	if !t.cueFits(t.asked, digits) {
		return vocabulary.NoCue
	}
	return t.asked
}

// asks reports whether the previous speaker asked for this among others.
func (t *Text) asks(c vocabulary.Cue) bool { return t.asked == c || t.askedToo == c }

// cueTrigger notes what cueAt may take for a cue.
func (t *Text) cueTrigger(tok *token, i int) trigger {
	switch {
	case tok.vocab.Class == vocabulary.CueWord, tok.kind == latinToken && t.isEnglishCue(i):
	case tok.n == 1 && (t.glued(i) && t.tok[i-1].key == '/' || t.saidSlash(i)): // «р/с»
	default:
		return 0
	}
	t.cues = append(t.cues, int32(i))
	return onCue
}

// saidSlash reports the end of «в/у», said.
func (t *Text) saidSlash(i int) bool { return t.tok[i].key == keyAt && t.says(i-1, "в") }

const keyAt = 1<<60 | 'у' - 'а' // of «у»

// cueAt gives the cue of token i as the words around it make it.
func (t *Text) cueAt(i int) vocabulary.Cue {
	tok := &t.tok[i]
	if tok.n == 1 && i >= 2 && t.tok[i-1].key == '/' && t.tok[i-1].kind == signToken && tok.gap == noGap {
		return t.slashed(i)
	}
	if c, ok := t.englishCue(i); ok {
		return c
	}
	switch c := tok.vocab.Cue(); {
	case c == vocabulary.NoCue && t.saidSlash(i):
		return vocabulary.Licence
	case c == vocabulary.Loyalty:
		return vocabulary.Order
	case c == vocabulary.BirthCert && t.cueBefore(i) == vocabulary.SNILS:
		return vocabulary.SNILS // «страховое свидетельство»
	case c == vocabulary.BirthCert && t.says(i+1, "о об на") && t.says(i+2, "браке регистрации разводе расторжении смерти постановке праве собственности право"):
		return vocabulary.NoCue
	case c == vocabulary.Card && i >= 2 && t.says(i-1, "с из") && t.tok[i-2].vocab.Cue() != vocabulary.NoCue:
		return t.tok[i-2].vocab.Cue() // «пинфл с карты»
	case c == vocabulary.Order:
		return t.orderOf(i)
	case c == vocabulary.CVV && t.says(i, "сзади") && !t.aboutCard(i):
		return vocabulary.NoCue
	case c == vocabulary.Licence && t.says(i, "driver") && !t.says(i+1, "license licence") && !t.says(i+3, "license licence"):
		return vocabulary.NoCue
	case c == vocabulary.Licence && t.says(i, "dl") && t.glued(i+1) && !t.sign(i+1, ':'):
		return vocabulary.NoCue // «DL-7730», of a parcel
	case c == vocabulary.OTP && t.says(i+1, "города страны оператора"):
		return vocabulary.Phone
	case c == vocabulary.Series:
		return t.seriesOf(i)
	case c == vocabulary.OTP && i >= 2 && t.says(i-1, "для for") && t.tok[i-2].vocab.Cue() == vocabulary.Phone:
		return vocabulary.Phone // «телефон для смс»
	case c == vocabulary.OTP:
		return t.codeOf(i)
	case c != vocabulary.NoCue && i > 0 && tok.gap == oneSpace && t.tok[i-1].vocab.Cue() == vocabulary.Loyalty:
		return vocabulary.Order // «бонусная карта»
	default:
		return c
	}
}

// aboutCard reports whether a card or its digits are spoken of near token i: «три цифры сзади».
func (t *Text) aboutCard(i int) bool {
	if t.about(cardTopic) {
		return true
	}
	for j := max(0, i-cueBefore); j < len(t.tok) && j < i+cueAfter; j++ {
		if c := t.tok[j].vocab.Cue(); c == vocabulary.Card || c == vocabulary.Expiry && !t.says(j, "срок сроком") || t.tok[j].vocab.Class == vocabulary.Tail {
			return true
		}
	}
	return false
}

// orderOf gives what the word at token i leaves of an order where others stand before it: «дата выдачи», «огрн для
// договора».
func (t *Text) orderOf(i int) vocabulary.Cue {
	if t.says(i, "case") && t.says(i-1, "in any") {
		return vocabulary.NoCue
	}
	if t.says(i, "выдачи") && t.says(i-1, "дата дату даты датой дате число год") {
		return vocabulary.Issuer
	}
	if c := t.cueBefore(i); t.says(i, "стоит") && c != vocabulary.NoCue {
		return c
	}
	if i >= 2 && t.says(i-1, "для в по к на из при for in") {
		switch c := t.tok[i-2].vocab.Cue(); c {
		case vocabulary.NoCue, vocabulary.Loyalty, vocabulary.OTP:
		default:
			return c
		}
	}
	return vocabulary.Order
}

// cueBefore gives the cue of the word right before token i.
func (t *Text) cueBefore(i int) vocabulary.Cue {
	if i == 0 {
		return vocabulary.NoCue
	}
	return t.tok[i-1].vocab.Cue()
}

// slashed reads abbreviations of two letters that end at token i: «р/с», «в/у».
func (t *Text) slashed(i int) vocabulary.Cue {
	switch t.s[t.tok[i-2].start:t.tok[i].end] {
	case "р/с", "к/с", "л/с", "Р/С", "К/С", "Р/с", "К/с":
		return vocabulary.Account
	case "в/у", "В/У", "В/у":
		return vocabulary.Licence
	case "к/п", "К/П", "К/п":
		return vocabulary.Division
	}
	return vocabulary.NoCue
}

// codeOf gives what the «код» at token i opens: «пин-код», «код города», «код двери».
func (t *Text) codeOf(i int) vocabulary.Cue {
	switch {
	case i >= 2 && t.tok[i-1].key == '-' && t.tok[i-1].kind == signToken && t.tok[i-2].vocab.Cue() == vocabulary.Password:
		return vocabulary.Password
	case t.says(i+1, "word"):
		return vocabulary.Password
	case t.tok[i].gap == oneSpace && (t.cueBefore(i) == vocabulary.VIN || t.cueBefore(i) == vocabulary.CVV || t.says(i-1, "пин pin")):
		return t.cueBefore(i)
	case t.says(i+1, "города страны"):
		return vocabulary.Phone
	case t.says(i+1, "выдачи получения товара заказа ошибки цвета краски модели номенклатуры"):
		return vocabulary.Order
	case t.goodsNear(i):
		return vocabulary.Order
	case t.isDoor(i + 1), t.says(i+1, "от на у для к") && t.isDoor(i+2):
		return vocabulary.Address
	}
	return vocabulary.OTP
}

// goodsWithin is how many tokens around a code speak of goods.
const goodsWithin = 8

// goodsNear reports that the code at token i is one of goods: they are in stock, or cost something.
func (t *Text) goodsNear(i int) bool {
	if t.about(messageTopic) || !t.says(i, "код кода коды кодом") {
		return false
	}
	goods := false
	for j := max(0, i-goodsWithin); j < len(t.tok) && j <= i+goodsWithin; j++ {
		if t.says(j, "смс sms подтверждения сообщения сообщении пуш пришел") {
			return false
		}
		goods = goods || t.says(j, "складе склад наличии товар товары цена модель модели краска краску обои плитка плитку кабель запчасть деталь каталог каталогу каталоге")
	}
	return goods
}

// isDoor reports what is opened by a code and is a part of an address.
func (t *Text) isDoor(i int) bool {
	return t.says(i, "дверь двери дверей подъезд подъезда подъезде подъезду домофон домофона домофоне домофону калитка калитки калитке калитку "+
		"ворота ворот воротах воротам шлагбаум шлагбаума шлагбауме шлагбауму замок замка замке двор двора вход входе парадная парадной парадную "+
		"gate gates door intercom entrance lobby")
}

const seriesBack = 5

// seriesOf gives the paper that «серия» at token i speaks of: a passport, unless another was named.
func (t *Text) seriesOf(i int) vocabulary.Cue {
	for j := i - 1; j >= 0 && j >= i-seriesBack; j-- {
		switch c := t.tok[j].vocab.Cue(); c {
		case vocabulary.Military, vocabulary.Licence, vocabulary.BirthCert, vocabulary.STS, vocabulary.OMS, vocabulary.Order:
			return c
		}
	}
	if t.topics[licenceTopic] > t.topics[passportTopic] {
		return vocabulary.Licence
	}
	return vocabulary.Passport
}

func closeness(steps, limit int) float32 {
	return max(0, 1-float32(steps)/float32(limit+1))
}

func endsClause(tok *token) bool {
	switch tok.key {
	case '.', ',', ';', '!', '?', '\n':
		return tok.kind == signToken
	}
	return false
}

// unitAfter reports whether the token behind a number makes it an amount or a time: «рублей», «%», «₽».
func (t *Text) unitAfter(to int) bool {
	if to >= len(t.tok) || t.tok[to].gap == lineGap {
		return false
	}
	tok := &t.tok[to]
	switch {
	case tok.vocab.Class == vocabulary.Unit, tok.vocab.Class == vocabulary.Num && tok.vocab.Arg >= 1000:
		return true
	case tok.kind == signToken:
		return tok.key == '%' || tok.key == '₽' || tok.key == '$' || tok.key == '€' || tok.key == '£' || tok.key == '×'
	}
	return false
}

// currencyBefore reports whether a sign of money or of number stands right before the token.
func (t *Text) currencyBefore(from int) bool {
	if from == 0 || t.tok[from-1].kind != signToken {
		return false
	}
	k := t.tok[from-1].key
	return k == '$' || k == '€' || k == '£' || k == '₽'
}

// cueFits reports whether the numbers that a cue announces can have so many digits; 0 digits fit every cue.
func (t *Text) cueFits(c vocabulary.Cue, digits int) bool {
	if digits == 0 {
		return true
	}
	switch c {
	case vocabulary.Phone:
		return digits > 3
	case vocabulary.Address, vocabulary.Index, vocabulary.Email, vocabulary.Handle, vocabulary.Birth:
		return digits < longNumber
	}
	lengths := t.lengthsFor(c)
	return lengths == 0 || lengths&(1<<digits) != 0
}

// lengthsFor gives the lengths of the numbers that a cue announces, 0 if its values are none.
func (t *Text) lengthsFor(c vocabulary.Cue) uint32 { return t.numbers.index().lengths[c] }

// lastCues give the cues that a speaker leaves to the answer: the last ones of his turn, unless he gave the value
// himself. Of what he asked for before an order, only the order is left: «карта есть? номер заказа?»
func (t *Text) lastCues(spans []Span) (last, before vocabulary.Cue) {
	given, order := 0, false
	for _, s := range spans {
		if s.Kind != PERSON {
			given = s.End
		}
	}
	cues := t.cues
	for i := len(t.tok) - 1; i >= 0 && i >= len(t.tok)-cueBefore; i-- {
		c := vocabulary.NoCue
		if n := len(cues) - 1; n >= 0 && int(cues[n]) == i {
			c, cues = t.cueAt(i), cues[:n]
		}
		if int(t.tok[i].start) < given && (c == vocabulary.Password || c == vocabulary.Handle) {
			return last, before
		}
		if (c == vocabulary.OTP || c == vocabulary.Address) && t.says(i, "код кода code") && t.codeGiven(i, spans) {
			return last, before
		}
		if c == vocabulary.RegionWord {
			c = vocabulary.Plate
		}
		if (c == vocabulary.Card || c == vocabulary.Account || c == vocabulary.Plate) && t.countsBefore(i) {
			c = vocabulary.NoCue
		}
		switch {
		case c == vocabulary.Order && last == vocabulary.NoCue && !t.asksNumber(i):
			order = true
		case c == vocabulary.NoCue || c == last:
		case last == vocabulary.Order || last != vocabulary.NoCue && c == vocabulary.Order:
			return last, before
		case last == vocabulary.NoCue:
			last = c
		default:
			return last, c
		}
		if g := t.groupIndex(i); g >= 0 && t.numbers.groups[g].n >= 3 && !(t.isLatin(i-1) && t.tailBefore(i)) || t.tok[i].kind == labelToken {
			break
		}
	}
	if last == vocabulary.NoCue && order {
		last = vocabulary.Order
	}
	switch {
	case last != vocabulary.NoCue:
	case t.about(passportTopic) && t.asksDate():
		last = vocabulary.Issuer
	case t.asksAge(), t.about(birthTopic) && len(t.tok) > 0 && len(t.tok) <= 3 && t.says(len(t.tok)-1, "год"):
		last = vocabulary.Birth
	}
	return last, before
}

// countsBefore reports «сколько» before the cue at token i: «сколько баллов на карте».
func (t *Text) countsBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if t.says(j, "сколько много") {
			return true
		}
	}
	return false
}

const maxCodeLead = 3 // tokens from the word for a code to the code

// codeGiven reports that the code which the word at token i speaks of follows it.
func (t *Text) codeGiven(i int, spans []Span) bool {
	for _, s := range spans {
		if s.Kind == ADDRESS && s.Start <= int(t.tok[i].start) && s.End > int(t.tok[i].start) {
			return true
		}
		if s.Start > int(t.tok[i].start) && t.tokenAt(s.Start)-i <= maxCodeLead && (s.Kind == OTP || s.Kind == ADDRESS || s.Kind == PASSPORT) {
			return true
		}
	}
	return false
}

// asksAge reports «вы какого года?» at the end of a turn.
func (t *Text) asksAge() bool {
	for i := max(0, len(t.tok)-4); i+1 < len(t.tok); i++ {
		if t.says(i, "число") && t.says(i+1, "и") && t.says(i+2, "месяц") {
			return true
		}
		if t.says(i, "какого") && t.says(i+1, "года") && (t.says(i-1, "вы сами он она ты сам сама ребенок сын дочь дочка супруг супруга муж жена") || t.says(i+2, "рождения вы")) {
			return true
		}
	}
	return false
}

// asksDate reports «дата?» or «когда?» at the end of a turn.
func (t *Text) asksDate() bool {
	for i := max(0, len(t.tok)-3); i < len(t.tok); i++ {
		if t.says(i, "дата дату когда") && t.onlySmall(i+1) {
			return true
		}
	}
	return false
}

// asksNumber reports whether the number of the order at token i is asked for: in «код нужен для брони» the code is.
func (t *Text) asksNumber(i int) bool {
	return t.says(i, "артикул промокод трек купон") || t.says(i-1, "номер номера какой какая артикул") || t.says(i+1, "какой какая номер")
}

// A question is what somebody asked for and nobody has answered yet.
type question struct {
	cue, too vocabulary.Cue
	asker    string
	age      int // turns since
}

const (
	questionTurns = 3  // how long a question may wait for its answer
	shortAnswer   = 10 // tokens of a turn that answers a question asked before the last turn
)

// note takes over what a turn asked for. A turn that asks nothing leaves the last question open for a while.
func (q *question) note(t *Text, speaker string, spans []Span) {
	if last, before := t.lastCues(spans); last != vocabulary.NoCue {
		*q = question{last, before, speaker, 1}
		return
	}
	if speaker == q.asker && t.refuses() { // «нет, не подходит»: the same is asked again
		q.age = 1
		return
	}
	if q.age++; q.age > questionTurns || t.asksHowMany() {
		*q = question{}
	}
}

// asksHowMany reports «сколько?», which asks for something else.
func (t *Text) asksHowMany() bool {
	for i := 0; i < len(t.tok) && i < shortAnswer; i++ {
		if t.says(i, "сколько") && !t.says(i+1, "цифр знаков символов") && !t.says(i+2, "цифр знаков") {
			return true
		}
	}
	return false
}

// refuses reports a short turn that does not take an answer.
func (t *Text) refuses() bool {
	if len(t.tok) == 0 || len(t.tok) > shortAnswer {
		return false
	}
	for i := 0; i < len(t.tok) && i < 4; i++ {
		if t.says(i, "нет не неверно неправильно ошибка еще no wrong again") {
			return true
		}
	}
	return false
}

// of gives what a turn of this speaker and length may answer.
func (q *question) of(speaker string, tokens int) (last, before vocabulary.Cue) {
	switch {
	case q.age == 1 && speaker != q.asker:
		return q.cue, q.too
	case q.cue == vocabulary.Password || q.cue == vocabulary.Handle: // any odd word would do as a late answer
	case q.age > 1 && tokens <= shortAnswer && (speaker != q.asker || q.cue != vocabulary.Card):
		return q.cue, q.too
	}
	return vocabulary.NoCue, vocabulary.NoCue
}
