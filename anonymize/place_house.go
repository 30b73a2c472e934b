package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

const (
	maxHouseDigits = 4
	maxFlatDigits  = 5
)

// house reads «д. 12/3», «корпус 2», «вл. 4Б», «литера А», and a number alone where only a house can stand.
func (t *Text) house(i int, seen partKind) (part, bool) {
	p := part{kind: partHouse, from: i, value: i, typed: true}
	if number := t.houseWord(i, seen); number > 0 {
		if t.says(number, "не") && t.near(number+1) && (t.places.open || t.places.asked != 0) {
			return t.denied(number + 1)
		}
		p.weak = t.isPlot(i)
		if p.to = t.houseNumber(number); p.to == 0 && t.isLettered(i) {
			p.to = t.houseLetter(number)
		}
		if p.to == 0 && seen != 0 { // «секция вторая»
			if p.to = t.ordinal(number); t.measured(p.to) {
				p.to = 0
			}
		}
		return p, p.to > 0
	}
	if parts := t.places.parts; len(parts) > 0 && t.isRoad(parts[len(parts)-1]) {
		if p.to = t.kilometre(t.afterComma(i)); p.to > 0 {
			return p, true
		}
	}
	if end := t.letteredOrdinal(i); end > 0 {
		p.to = end
		return p, true
	}
	if end := t.ordinal(i); end > 0 && seen&partStreet != 0 && t.says(end, "дом корпус") && t.near(end) {
		p.to = end + 1
		return p, true
	}
	p.typed = false
	if !t.bareHouse(i, seen) {
		return part{}, false
	}
	p.to = t.houseNumber(i)
	return p, p.to > 0
}

// bareHouse reports whether a number at token i is a house, or a flat right behind one.
func (t *Text) bareHouse(i int, seen partKind) bool {
	if i == t.places.bare {
		return t.places.asked&askCode == 0 && t.answersBare(i, t.houseNumber(i)) && t.signedCode(i) == 0
	}
	parts := t.places.parts
	if len(parts) == 0 {
		return t.places.open && t.codeRepeated(i) == 0 && t.signedCode(i) == 0 && (t.places.repeats(t, i) || t.fractionAgain(i) || t.renumbered(i) || t.correctsHouse(i) || t.toldAgain(i) && t.flatAfter(t.cardinal(i, maxHouseDigits)))
	}
	switch last := parts[len(parts)-1]; last.kind {
	case partStreet:
		return true
	case partTown:
		return last.typed && t.endsThought(t.houseNumber(i)) || t.cuedAddress(parts[0].from)
	case partHouse: // «Ленина, 5, 7», «пушкина четыре двенадцать»
		end := t.cardinal(i, maxHouseDigits)
		return end > 0 && t.ordinal(i) == 0 && !last.typed && seen&partFlat == 0 && (t.endsThought(end) || t.toldAgain(i)) && !t.has(end, roleFlat) && !t.measured(end)
	}
	return false
}

// toldAgain reports that the number at token i is one of an address told just now, near the beginning of a turn.
func (t *Text) toldAgain(i int) bool {
	if t.places.told == nil || i >= maxAnswer {
		return false
	}
	g := t.groupAt(i)
	return g < len(t.numbers.groups) && int(t.numbers.groups[g].from) == i && t.numbers.groups[g].n > 1 && t.places.knows(t, t.numbers.groups[g])
}

// fractionAgain reports a house of two numbers near the beginning of a turn, whose first was told just now: «ой 75/2».
func (t *Text) fractionAgain(i int) bool {
	return t.toldAgain(i) && t.tok[i].kind == numberToken && t.sign(i+1, '/') && t.glued(i+1) && t.glued(i+2) && t.tok[i+2].kind == numberToken && t.tok[i+2].n <= 3
}

// renumbered reports another number with a letter a little behind an address: «из дома 8, а пришёл в соседний 8А».
func (t *Text) renumbered(i int) bool {
	if t.places.ended == 0 || i-t.places.ended > maxDelay || t.tok[i].kind != numberToken || !t.glued(i+1) || !t.says(i+1, "а б в д е ж") {
		return false
	}
	return !t.glued(i+2) || t.tok[i+2].kind == signToken
}

// correctsHouse reports the right number of a house told just now: «нет сорок шесть корпус пять».
func (t *Text) correctsHouse(i int) bool {
	if i == 0 || i >= maxAnswer || !t.says(i-1, "нет вернее точнее ой") {
		return false
	}
	end := t.cardinal(i, 3)
	return end > 0 && t.near(end) && t.says(end, "корпус строение квартира кв") && t.flatAfter(end)
}

// maxRegrets is how many tokens stand between a wrong number and the right one: «, прошу прощения, ».
const maxRegrets = 5

// denied reads the wrong number of «корпус не 3, а 5» and lets the right one follow.
func (t *Text) denied(i int) (part, bool) {
	end := t.cardinal(i, maxHouseDigits)
	if end == 0 {
		return part{}, false
	}
	right, regrets := end, false
	for n := 0; n < maxRegrets && (t.sign(right, ',') || t.says(right, "прошу прощения извините простите ой вернее точнее sorry")); n++ {
		regrets = regrets || !t.sign(right, ',')
		right++
	}
	if t.near(right) && (t.says(right, "а") || regrets) {
		t.places.bare = right
		if t.says(right, "а") {
			t.places.bare++
		}
	}
	return part{kind: partHouse, from: i, value: i, to: end, typed: true, last: true}, true
}

// isPlot reports words for what a clinic, a court and a shop have too.
func (t *Text) isPlot(i int) bool {
	return t.says(i, "участок участка участке участку уч блок блока блоке секция секции секцию здание здания крыло крыле сектор секторе ряд building")
}

// isLettered reports words whose number may be a letter.
func (t *Text) isLettered(i int) bool {
	return t.says(i, "корпус корпуса корпусе корп к литера литеры литере литер лит строение строения стр секция секции блок блока крыло крыле building")
}

// houseWord gives the token behind a word for a house or its part, where the number must stand; 0 if there is none.
func (t *Text) houseWord(i int, seen partKind) int {
	if t.has(i, roleNumber) {
		return 0
	}
	end := 0
	switch {
	case t.has(i, roleHouse) && !(seen == 0 && t.says(i, "дробь")):
		end = t.afterAbbreviation(i + 1)
	case t.says(i, "д зд"):
		end = t.afterAbbreviation(i + 1)
		if t.measures(i) || i > 0 && !t.near(i) && end == i+1 && t.tok[i].shape != lower {
			return 0
		}
	case t.says(i, "к с л") && seen&(partStreet|partHouse) != 0, t.says(i, "ряд") && seen&partTown != 0:
		end = t.afterAbbreviation(i + 1)
	}
	if end == 0 {
		return 0
	}
	return t.afterNumberSign(end)
}

// afterNumberSign passes over «№», «номер», a colon.
func (t *Text) afterNumberSign(i int) int {
	if t.near(i) && (t.sign(i, '№') || t.sign(i, ':') || t.says(i, "номер no")) {
		i = t.afterAbbreviation(i + 1)
	}
	if !t.near(i) {
		return 0
	}
	return i
}

// houseNumber gives the token behind a house number and all that is glued to it or follows as letter, fraction or
// building, 0 if there is none or it counts something.
func (t *Text) houseNumber(i int) int {
	end := t.cardinal(i, maxHouseDigits)
	if end == 0 || t.inThousands(i, end) {
		return 0
	}
	hyphens := 0
	for range 6 {
		next := t.houseTail(end)
		if next == 0 {
			break
		}
		if t.sign(end, '-') {
			hyphens++
		}
		end = next
	}
	if hyphens > 1 || t.measured(end) || t.continues(end) || t.continued(i) {
		return 0
	}
	return end
}

// inThousands reports «четыре тысячи двести»: an amount, no house has so many.
func (t *Text) inThousands(from, to int) bool {
	for i := from; i < to; i++ {
		if t.tok[i].vocab.Class == vocabulary.Num && t.tok[i].vocab.Arg == 1000 {
			return true
		}
	}
	return false
}

// continues reports that the number that ends before token i goes on, as dates and telephones do: «17.05», «8 (351)»,
// «двадцать девять сорок шесть двенадцать».
func (t *Text) continues(i int) bool {
	if i >= len(t.tok) {
		return false
	}
	switch tok := &t.tok[i]; {
	case tok.kind == signToken && tok.gap == noGap && t.glued(i+1):
		return t.tok[i+1].kind == numberToken && (tok.key == '.' || tok.key == '-' || tok.key == ':' || tok.key == '(')
	case tok.kind == signToken && tok.key == '(':
		return t.has(i+1, roleNumber) && t.glued(i+1)
	case tok.kind == numberToken:
		return t.near(i) && t.continuesRun(i)
	case t.has(i, roleNumber):
		return t.near(i) && t.tok[i-1].kind != numberToken && t.continuesRun(i)
	}
	return false
}

// continuesRun reports three more digits, or two more groups, from token i on.
func (t *Text) continuesRun(i int) bool {
	g := t.groupAt(i)
	if g >= len(t.numbers.groups) || int(t.numbers.groups[g].from) != i || t.has(int(t.numbers.groups[g].to), roleFlat|roleHouse) {
		return false
	}
	next := g + 1
	return next < len(t.numbers.groups) && (t.numbers.groups[next].from == t.numbers.groups[g].to || t.continuesPiece(next) && t.numbers.groups[next].sep == '-')
}

// continued reports that the number at token i goes on from what stands before it: «DL-7730», «13.02».
func (t *Text) continued(i int) bool {
	if !t.glued(i) {
		return false
	}
	if t.isWord(i - 1) {
		return true
	}
	if !t.glued(i-1) || t.tok[i-1].kind != signToken {
		return false
	}
	switch t.tok[i-1].key {
	case '.', ':':
		return t.tok[i-2].kind == numberToken
	case '-', '/':
		return true
	}
	return false
}

// houseTail gives the token behind a letter, a fraction or a building at i, 0 if none stands there.
func (t *Text) houseTail(i int) int {
	if i >= len(t.tok) {
		return 0
	}
	tok := &t.tok[i]
	switch {
	case t.isWord(i) && tok.gap == noGap && tok.n <= 4:
		if t.glued(i+1) && t.tok[i+1].kind == numberToken {
			return i + 2
		}
		return i + 1
	case t.isWord(i) && tok.gap == oneSpace && (tok.n == 1 || tok.vocab.Class == vocabulary.Letter):
		return t.spacedLetter(i)
	case t.sign(i, '/') || t.sign(i, '-') || t.says(i, "дробь") || t.says(i, "тире дефис"):
		if end := t.cardinal(i+1, maxHouseDigits); end > 0 && t.near(i+1) && !t.measured(end) {
			return end
		}
		if t.isWord(i+1) && t.tok[i+1].n == 1 && t.glued(i+1) {
			return i + 2
		}
		if t.sign(i, '-') && tok.gap == noGap {
			return 0
		}
	}
	return 0
}

// spacedLetter reads the letter of a house behind a space. The letters that are words too need a capital, or the end
// of the thought behind them.
func (t *Text) spacedLetter(i int) int {
	if t.near(i+1) && t.sign(i+1, '.') && t.near(i+2) && t.has(i+2, roleNumber) {
		return 0 // «к. 3»
	}
	if t.has(i+1, roleNumber) && t.near(i+1) && t.says(i, "к с д л п") {
		return 0
	}
	switch {
	case t.tok[i].vocab.Class == vocabulary.Letter, t.tok[i].shape != lower:
		return i + 1
	case t.says(i, "и с к о у р м ч л"):
		return 0
	case t.says(i, "а в"):
		if i+1 >= len(t.tok) || t.tok[i+1].kind == signToken || t.has(i+1, roleMarker) && t.says(i, "а") || t.tok[i+1].gap == lineGap || t.says(i+1, "буква") {
			return i + 1
		}
		return 0
	}
	return i + 1
}

// houseLetter gives the token behind the letter that names a building: «корпус Б», «литера а».
func (t *Text) houseLetter(i int) int {
	if t.isWord(i) && (t.tok[i].n == 1 && (t.tok[i].shape != lower || t.endsThought(i+1) || t.has(i+1, roleNumber)) || t.tok[i].vocab.Class == vocabulary.Letter) {
		if t.glued(i+1) && t.tok[i+1].kind == numberToken {
			return i + 2
		}
		return i + 1
	}
	return 0
}

// flat reads «кв. 12», «второй подъезд», «домофон 54К2580», «код два три ключ пять».
func (t *Text) flat(i int, seen partKind) (part, bool) {
	p := part{kind: partFlat, from: i, value: i, typed: true}
	if i == t.places.bare && t.places.asked&askCode != 0 {
		p.to = t.code(i)
		return p, p.to > 0 && !t.measured(p.to)
	}
	if p, ok := t.bareFlat(i, seen); ok {
		return p, true
	}
	if t.has(i, roleNumber) {
		return part{}, false
	}
	if start, end, door := t.doorCode(i, seen); end > 0 {
		p.value, p.to, p.door = start, end, door
		return p, true
	}
	word := t.flatWord(i, seen)
	if word == 0 {
		return part{}, false
	}
	p.weak = t.isRoom(i)
	if t.says(i, "кв") && i > 0 && t.tok[i-1].kind == numberToken && t.tok[i-1].n == 1 && word < len(t.tok) && t.tok[word].kind == numberToken && isYear(int(t.tok[word].key)) {
		return part{}, false // «4 кв. 2026»
	}
	number := t.afterNumberSign(word)
	if number == 0 {
		return part{}, false
	}
	if t.places.open {
		number = t.afterNow(number)
	}
	if t.says(number, "не") && t.near(number+1) && (t.places.open || t.places.asked != 0) {
		return t.denied(number + 1)
	}
	t.flatNumber(&p, i, number)
	return p, p.to > 0
}

// bareFlat reads what the word of a flat does not begin: answers, codes, ordinals.
func (t *Text) bareFlat(i int, seen partKind) (part, bool) {
	p := part{kind: partFlat, from: i, value: i, typed: true}
	if end := t.codeRepeated(i); end > 0 {
		p.to, p.door = end, true
		return p, true
	}
	if i == t.places.bare { // «подъезд, этаж?» – «первый второй»
		end := t.ordinal(i)
		if next := t.ordinal(end); next > 0 && t.near(end) {
			end = next
		}
		if t.says(i, "цоколь") {
			end = i + 1
		}
		if p.to = end; end > 0 && (t.onlySmall(end) || t.answersOrdinal(end) || t.says(end, "код домофон") || t.tok[end].kind == signToken && t.tok[end].key != '-' || isSmall(t.tok[end].vocab) && !t.measured(end)) {
			return p, true
		}
	}
	if t.places.open && t.has(i, roleNumber) && t.spokenAt(i) {
		if end := t.code(i); end > 0 && t.hasKey(i, end) { // «девять ключ тридцать семь»
			p.to, p.door = end, true
			return p, true
		}
	}
	if end := t.ordinalFlat(i, seen); end > 0 {
		p.to = end
		p.weak = t.isRoom(end - 1)
		return p, true
	}
	if end := max(t.elidedFlat(i), t.elidedFloor(i)); end > 0 {
		p.to = end
		return p, true
	}
	if end := t.signedCode(i); end > 0 {
		p.to, p.door = end, true
		return p, true
	}
	if start, end := t.intercomButton(i); end > 0 {
		p.value, p.to, p.door = start, end, true
		return p, true
	}
	return part{}, false
}

// flatWord gives what follows the word of a flat at i, 0 if there is none.
func (t *Text) flatWord(i int, seen partKind) int {
	switch {
	case t.says(i, "а") && t.sign(i+1, '/') && t.says(i+2, "я") && t.glued(i+1) && t.glued(i+2) && seen != 0:
		return i + 3
	case t.has(i, roleFlat) && !t.has(i, roleHouse):
		return t.afterAbbreviation(i + 1)
	case t.says(i, "к п ком") && seen&partHouse != 0:
		return t.afterAbbreviation(i + 1)
	}
	return 0
}

// flatNumber reads the number behind the word of a flat.
func (t *Text) flatNumber(p *part, i, number int) {
	if t.says(i, "домофон домофона") {
		p.to, p.door = t.code(number), t.signedCode(number) > 0
	} else if end := t.cardinal(number, maxFlatDigits); end > 0 {
		p.to = end
		if next := t.houseTail(end); next > 0 && !(t.says(end, "а") && t.has(next, roleMarker)) { // «квартира два а этаж»
			p.to = next
		}
		if t.measured(p.to) || t.continues(p.to) {
			p.to = 0
		}
	} else if end := t.ordinal(number); end > 0 {
		p.to = end
	} else if t.isWord(number) && t.tok[number].n <= 2 && t.glued(number+1) && t.tok[number+1].kind == numberToken {
		p.to = number + 2 // «кв. А12»
	}
}

// afterNow passes over small words between a flat and its number: «квартира теперь не сорок, а четыре».
func (t *Text) afterNow(i int) int {
	for n := 0; n < 3 && t.near(i+1) && t.says(i, "теперь сейчас уже у нас меня там была будет"); n++ {
		i++
	}
	return i
}

// isRoom reports words for rooms that hospitals, hotels and shops have too.
func (t *Text) isRoom(i int) bool {
	return t.says(i, "кабинет кабинета кабинете каб комната комнаты комнате комнату комн ком вп бокс бокса боксе "+
		"павильон павильона павильоне офис офиса офисе оф помещение помещения помещении пом секция секции секцию вход входа входу гараж гаража гараже suite office")
}

// ordinalFlat gives the token behind «второй подъезд», «3 подъезд», «47-й квартиры», «цокольный этаж», 0 if that does
// not stand at i.
func (t *Text) ordinalFlat(i int, seen partKind) int {
	end := t.ordinal(i)
	if end == 0 && t.has(i, roleNumber) {
		end = t.cardinal(i, 3)
	}
	if t.near(end) && t.says(end, "половина половины половине половину") && (seen&partHouse != 0 && t.endsThought(end+1) || t.says(end+1, "дома") && (t.places.open || seen&partHouse != 0)) {
		return end + 1
	}
	if end == 0 && t.says(i, "цокольный последний мансардный цокольном ground first second third") {
		end = i + 1
	}
	if end == 0 || !t.near(end) || !t.has(end, roleFlat) || t.has(end, roleHouse) || t.says(i-1, "при") || t.says(end, "домофон домофона под кв ком вход пом") && !(t.says(end, "под") && seen&partHouse != 0 && t.endsThought(end+1)) {
		return 0
	}
	word := t.afterAbbreviation(end + 1)
	if t.has(word, roleNumber) && t.near(word) && t.tok[i].kind == numberToken && !t.has(i, roleOrdinal) && t.ordinal(i) == 0 && seen&partHouse != 0 {
		return 0 // «5 кв 7»: the house, then the flat
	}
	return word
}

// minElided is from which number on «в сто девятую» may be a flat: smaller ones are too often the first of something.
const minElided = 20

// elidedFlat gives the token behind «в сто девятую» and «двести двенадцатая», a flat without its word, where an address is
// open; 0 if none begins at i.
func (t *Text) elidedFlat(i int) int {
	if !t.places.open || t.says(i-1, "школа школу поликлиника больница аптека бригада серия страница палата группа смена линия модель маршрутка") {
		return 0
	}
	end := t.ordinal(i)
	if end == 0 || t.tok[i].kind == numberToken || t.measured(end) || t.nameable(end) && t.near(end) && !isSmall(t.tok[end].vocab) {
		return 0
	}
	if !t.says(i-1, "в из там над") && !t.endsThought(end) && !isSmall(t.tok[end].vocab) && t.ordinalFlat(end, 0) == 0 {
		return 0
	}
	g := t.groupAt(i)
	if last := 'а' + rune(t.tok[end-1].key&31); last != 'я' && last != 'ю' || g == len(t.numbers.groups) {
		return 0
	}
	group := t.numbers.groups[g]
	if remainder(t.numbers.digits[group.at:group.at+group.n], 10_000) < minElided {
		return 0
	}
	return end
}

// maxButtonWords is how many words stand between an intercom and what is pressed.
const maxButtonWords = 5

// intercomButton gives the tokens of what is pressed on the intercom that is named at token i: «на домофоне не эта кнопка а
// тридцать семь». The end is 0 if none is told.
func (t *Text) intercomButton(i int) (start, end int) {
	if !t.places.open || len(t.places.parts) > 0 || !t.says(i, "домофон домофоне домофона") {
		return 0, 0
	}
	start = i + 1
	for start <= i+maxButtonWords && t.near(start) && t.isWord(start) && !t.has(start, roleNumber) {
		start++
	}
	if !t.says(start-1, "а это наш номер код кнопка кнопку нажать нажмите жмите набрать наберите набирайте набирать там цифры будет звонок") || !t.has(start, roleNumber) {
		return 0, 0
	}
	if end = t.code(start); end == 0 || t.measured(end) {
		return 0, 0
	}
	return start, end
}

// doorCode gives the tokens of the code of a door behind its label, «код домофона …», «код калитки …», «код 17В1924»,
// and whether the label speaks of a door. The end is 0 if none begins at i.
func (t *Text) doorCode(i int, seen partKind) (start, end int, door bool) {
	if !t.isDoorLabel(i) {
		return 0, 0, false
	}
	if i++; t.says(i-1, "gate door entry") {
		i++
	}
	door = t.says(i-2, "домофон домофона gate door entry") || (t.places.open && t.has(i, roleNumber) || t.codeBegins(i)) && t.doorNear(i-1) || t.places.asked&askCode != 0 && t.leadsTo(i-1)
	for n := 0; n < 3 && t.near(i) && !t.has(i, roleNumber) && t.tok[i].kind != signToken; n++ {
		opened := t.has(i, roleFlat|roleLandmark) || t.isDoor(i)
		if !opened && !t.says(i, "на от у is") && !door {
			break
		}
		door = door || opened
		i++
	}
	if t.sign(i, ':') || t.sign(i, '-') && !t.glued(i) {
		i++
	}
	if !t.near(i) {
		return 0, 0, false
	}
	end = t.code(i)
	if !door && seen&(partHouse|partFlat) == 0 && !(t.places.open && t.hasKey(i, end)) {
		return 0, 0, false
	}
	return i, end, door
}

func (t *Text) isDoorLabel(i int) bool {
	return t.says(i, "код кода code коды") || t.says(i, "gate door entry") && t.says(i+1, "code")
}

// correctsCode reports two numbers of two digits of which the first was told at a door, and g is the second: «тогда сорок четыре
// семнадцать».
func (t *Text) correctsCode(i, end, g int) bool {
	if t.places.said&saidDoor == 0 || g == 0 || int(t.numbers.groups[g].to) != end || t.has(end, roleNumber) {
		return false
	}
	first := &t.numbers.groups[g-1]
	return int(first.from) == i && first.n == 2 && t.numbers.groups[g].n == 2 && t.places.knows(t, *first)
}

// maxSignedCode is how many digits a code with signs has.
const maxSignedCode = 9

// signedCode gives the token behind the code of a door that its signs tell, «сорок четыре решётка», «99#4», «48К9003», where
// doors are spoken of; 0 if none begins at i.
func (t *Text) signedCode(i int) int {
	if t.glued(i) {
		return 0
	}
	end := t.code(i)
	if end < i+2 || t.glued(end) && (t.isWord(end) || t.tok[end].kind == numberToken || t.glued(end+1)) {
		return 0
	}
	near := t.places.said&saidDoor != 0 || t.doorNear(i)
	if !near && !t.places.open {
		return 0
	}
	digits, signed := 0, false
	for j := i; j < end; j++ {
		switch tok := &t.tok[j]; {
		case tok.kind == numberToken:
			digits += int(tok.n)
		case t.sign(j, '#'), near && (t.sign(j, '*') && end > i+2 || t.says(j, "решетка решетку звездочка звездочку ключ")):
			signed = true
		case near && j > i && tok.n == 1 && tok.shape != lower && t.isWord(j) && t.glued(j) && t.glued(j+1) && j+1 < end: // «48К9003»
			signed = true
		}
	}
	if !signed || digits > maxSignedCode {
		return 0
	}
	return end
}

// hasKey reports «шестьдесят ключ двадцать два»: the code of a door and no other.
func (t *Text) hasKey(from, to int) bool {
	for i := from; i < to; i++ {
		if t.says(i, "ключ key") {
			return true
		}
	}
	return false
}

// maxCode is how many tokens the code of a door has.
const maxCode = 10

// code gives the token behind the code of a door, 0 if none begins at i.
func (t *Text) code(i int) int {
	end, digits := i, 0
	for ; end < len(t.tok) && end < i+maxCode; end++ {
		tok := &t.tok[end]
		if end > i && tok.gap > oneSpace {
			break
		}
		switch {
		case tok.kind == numberToken:
			digits += int(tok.n)
		case t.has(end, roleNumber):
			digits++
		case tok.kind == signToken && (tok.key == '#' || tok.key == '*' || tok.key == '№' && end == i):
		case t.isWord(end) && tok.n == 1 && t.has(end-1, roleNumber) && end > i && t.has(end+1, roleNumber): // «сорок восемь к девятнадцать тридцать»
		case end > i && tok.kind == latinToken && t.says(end, "kay bee cee dee jay el em en pee cue ar ess tee vee ex hash pound star"):
		case t.isWord(end) && tok.vocab.Class == vocabulary.Letter, t.says(end, "ключ решетка решетку звездочка звездочку key кнопка"):
		case t.isWord(end) && tok.n <= 2 && (t.glued(end) || t.glued(end+1) && t.tok[end+1].kind == numberToken || tok.n == 1 && tok.shape == upper):
		default:
			return t.codeEnd(i, end, digits)
		}
	}
	return t.codeEnd(i, end, digits)
}

func (t *Text) codeEnd(i, end, digits int) int {
	if digits == 0 || end == i {
		return 0
	}
	return end
}

// codeRepeated gives the token behind the code of a door, of two numbers or more, that was told just now and begins at
// token i, 0 if none does.
func (t *Text) codeRepeated(i int) int {
	if t.places.told == nil || i >= maxAnswer || !t.has(i, roleNumber) {
		return 0
	}
	end, n := t.code(i), 0
	for g := t.groupAt(i); end > 0 && g < len(t.numbers.groups) && int(t.numbers.groups[g].from) < end; g++ {
		if !t.places.knows(t, t.numbers.groups[g]) && !t.correctsCode(i, end, g) {
			return 0
		}
		n++
	}
	if n < 2 {
		return 0
	}
	return end
}

// flatAfter reports whether a flat, a building or a flat's number follows the house that ends before token i.
func (t *Text) flatAfter(i int) bool {
	if t.sign(i, ',') {
		i++
	}
	if !t.near(i) {
		return false
	}
	if t.has(i, roleLandmark) && t.has(i+1, roleFlat) || t.says(i, "подъезд вход") && t.says(i+1, "с со") {
		return true
	}
	if end := t.foreignIndex(i); end > 0 && t.tok[i].kind == numberToken && t.near(end) && t.capital(end) && t.tok[end].kind != wordToken && t.sign(i-1, ',') {
		return true // «Lindenallee 22, 50968 Köln»
	}
	if t.centre(i) > 0 || t.gate(i) > 0 || t.has(i, roleLandmark) && t.landmarkNumber(i) > 0 {
		return true
	}
	if t.has(i, roleFlat) || t.says(i, "корпус корп строение стр литера литер лит крыло блок к") {
		number := t.afterNumberSign(t.afterAbbreviation(i + 1))
		return number > 0 && (t.has(number, roleNumber) || t.isLettered(i) && !t.says(i, "к") && t.houseLetter(number) > 0)
	}
	end := t.ordinal(i)
	if end == 0 {
		end = t.cardinal(i, 2)
	}
	return end > 0 && t.near(end) && t.says(end, "подъезд этаж квартира")
}

// cardinal gives the token behind a number of at most so many digits that begins at i, 0 if none does.
func (t *Text) cardinal(i, maxDigits int) int {
	if !t.has(i, roleNumber) {
		return 0
	}
	if t.tok[i].kind == numberToken {
		if int(t.tok[i].n) > maxDigits {
			return 0
		}
		return i + 1
	}
	if t.has(i, roleOrdinal) {
		return 0
	}
	g := t.groupAt(i)
	if g == len(t.numbers.groups) || int(t.numbers.groups[g].from) != i || int(t.numbers.groups[g].n) > maxDigits {
		return 0
	}
	end := int(t.numbers.groups[g].to)
	if t.has(end-1, roleOrdinal) {
		return 0
	}
	return end
}

// groupAt gives the group of digits that begins at token i or later.
func (t *Text) groupAt(i int) int {
	groups := t.numbers.groups
	if g := t.groupIndex(i); g >= 0 { // nearly always
		if int(groups[g].from) < i {
			g++
		}
		return g
	}
	lo, hi := 0, len(groups)
	for lo < hi { // half the time of slices.BinarySearchFunc, which calls for every step
		if mid := (lo + hi) / 2; int(groups[mid].from) < i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// measured reports whether what stands at token i makes an amount or a time of the number before it.
func (t *Text) measured(i int) bool {
	if !t.near(i) {
		return false
	}
	tok := &t.tok[i]
	switch {
	case tok.kind == signToken:
		return tok.key == '%' || tok.key == '₽' || tok.key == '$' || tok.key == '€' || tok.key == ':' && t.glued(i+1)
	case t.has(i, roleMarker):
		return false
	}
	if t.says(i, "г гг р лет раз раза человек тысяч") {
		return true
	}
	return tok.vocab.Class == vocabulary.Unit || tok.vocab.Class == vocabulary.Year || tok.vocab.Class == vocabulary.Month || !t.places.cued && t.sized(i)
}

// sized reports that the number which ends before token i is the first of a size, «три на два», and is not told for an hour.
func (t *Text) sized(i int) bool {
	if !t.says(i, "на х") || !t.has(i+1, roleNumber) || !t.near(i+1) {
		return false
	}
	end := t.cardinal(i+1, maxHouseDigits)
	return end > 0 && !t.says(end, "час часа часов утра вечера дня ночи") && !t.sign(end, ':')
}
