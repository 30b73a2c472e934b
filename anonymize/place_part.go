package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

const indexDigits = 6

// index reads a postcode: six digits, or number words that make six.
func (t *Text) index(i int) (part, bool) {
	value := i
	labelled := t.tok[i].vocab.Cue() == vocabulary.Index
	if labelled {
		value++
		if t.sign(value, ':') {
			value++
		}
	}
	if !t.has(value, roleNumber) || value > i && !t.near(value) {
		return part{}, false
	}
	p := part{kind: partIndex, from: i, value: value, typed: labelled}
	if tok := &t.tok[value]; tok.kind == numberToken {
		p.to = value + 1
		return p, tok.n == indexDigits && tok.key >= 100_000 && tok.key < 700_000 && !t.continues(value+1) && !t.continued(value) &&
			!(value > 0 && t.near(value) && t.tok[value-1].kind == numberToken)
	}
	g := t.groupAt(value)
	if g == len(t.numbers.groups) || int(t.numbers.groups[g].from) != value {
		return part{}, false
	}
	first, digits := t.numbers.digits[t.numbers.groups[g].at], int32(0)
	for ; g < len(t.numbers.groups) && digits < indexDigits; g++ {
		group := &t.numbers.groups[g]
		if p.to > 0 && t.says(p.to, "и") && int(group.from) == p.to+1 && group.spoken {
			p.to++
		}
		if p.to > 0 && (int(group.from) != p.to || !group.spoken) {
			break
		}
		digits += group.n
		p.to = int(group.to)
		if p.to > 0 && group.n == 1 && t.near(p.to) && t.says(p.to, "нуля ноля нулей") { // «шестьсот семьдесят и три нуля»
			digits += int32(t.numbers.digits[group.at]-'0') - 1
			p.to++
			g++
		}
	}
	more := t.has(p.to, roleNumber) && t.near(p.to)
	alone := len(t.places.parts) == 0 && !t.continued(value) &&
		!(i > 0 && t.near(i) && t.has(i-1, roleNumber) && t.numbers.groups[g-1].n != indexDigits) // «одна четыреста тысяч пятьдесят»
	return p, digits == indexDigits && (labelled || !more && alone && first >= '1' && first <= '6')
}

// indexCued reports whether a word near says that the part is a postcode.
func (t *Text) indexCued(p part) bool {
	return p.typed || t.hintFor(p.value, p.to).cue == vocabulary.Index || t.hintBefore(p.value, indexDigits).cue == vocabulary.Index
}

// region reads «Калужская область», «Респ. Татарстан», «Боровский р-н», «г.о. Истра», «Россия».
func (t *Text) region(i int) (part, bool) {
	if end := t.districtWord(i); end > 0 {
		if name := t.placeName(end); name > 0 && !(t.near(name) && t.says(name, "область край район") && t.has(end, roleAdjective)) { // «область московская область»
			return part{kind: partRegion, from: i, value: i, to: name, typed: true}, true
		}
		return part{}, false
	}
	if t.has(i, roleAdjective) && t.near(i+1) && (t.says(i+1, "г м") && t.sign(i+2, '.') && t.says(i+3, "о") && t.glued(i+3) || t.says(i+1, "го мо") && t.tok[i+1].shape == upper) {
		return part{kind: partRegion, from: i, value: i, to: t.districtWordEnd(i + 1), typed: true}, true // «Раменский г.о.»
	}
	if t.has(i, roleAdjective) && t.near(i+1) && t.says(i+1, "остров сторона сторону стороне") {
		return part{kind: partRegion, from: i, value: i, to: i + 2}, true
	}
	if t.tok[i].kind == latinToken && t.capital(i) && t.near(i+1) && t.says(i+1, "region oblast district krai county area") && t.sign(i+2, ',') {
		return part{kind: partRegion, from: i, value: i, to: i + 2, typed: true}, true
	}
	if t.says(i, "вэ") && t.says(i+1, "о") && t.near(i+1) {
		return part{kind: partRegion, from: i, value: i, to: i + 2}, true
	}
	if t.says(i, "в") && t.sign(i+1, '.') && t.says(i+2, "о") && t.sign(i+3, '.') && t.glued(i+2) {
		return part{kind: partRegion, from: i, value: i, to: i + 4}, true // Vasilyevsky Island
	}
	if t.has(i, roleAdjective|roleRegion) && !t.has(i, roleMarker|roleStop) {
		end := t.wordsJoined(i)
		for n := 0; n < 2 && t.near(end) && t.has(end, roleAdjective) && !t.has(end, roleMarker); n++ {
			end = t.wordsJoined(end)
		}
		if t.near(end) {
			if district := t.districtWord(end); district > 0 {
				return part{kind: partRegion, from: i, value: i, to: district, typed: true}, true
			}
		}
	}
	if t.has(i, roleRegion) && !t.has(i, roleStreetName|roleAdjective) || t.says(i, "мо ло") && t.tok[i].shape == upper {
		return part{kind: partRegion, from: i, value: i, to: t.wordsJoined(i)}, true
	}
	return part{}, false
}

// districtWord gives the token behind a word for a district, 0 if none stands at i.
func (t *Text) districtWord(i int) int {
	if t.has(i, roleDistrict) {
		return t.afterAbbreviation(i + 1)
	}
	if end := t.hyphenated(i, "р", "н он"); end > 0 {
		return end
	}
	if t.says(i, "г м") && t.sign(i+1, '.') && t.says(i+2, "о") && t.glued(i+2) {
		return t.afterAbbreviation(i + 3)
	}
	if t.says(i, "с г м п") && t.sign(i+1, '/') && t.glued(i+1) && t.glued(i+2) && t.says(i+2, "п о с р пос") {
		return i + 3
	}
	if t.says(i, "го мо") && t.capital(i) && t.capital(i+1) && t.near(i+1) {
		return i + 1
	}
	return 0
}

// districtWordEnd gives the token behind «г.о.» or «ГО» at token i.
func (t *Text) districtWordEnd(i int) int {
	if t.sign(i+1, '.') {
		return t.afterAbbreviation(i + 3)
	}
	return i + 1
}

// town reads «г. Казань», «деревня Митяево», «СНТ «Вера»», «Нижний Новгород», «Ростов-на-Дону».
func (t *Text) town(i int) (part, bool) {
	if end := t.settlementWord(i); end > 0 {
		if name := t.placeName(end); name > 0 {
			return part{kind: partTown, from: i, value: i, to: name, typed: true}, true
		}
		return part{}, false
	}
	if t.says(i, "наб") && t.sign(i+1, '.') && t.says(i+2, "челны") {
		return part{kind: partTown, from: i, value: i, to: i + 3}, true
	}
	if start := t.indexBeforeTown(i); start > 0 {
		end := t.wordsJoined(start)
		if t.near(end) && t.tok[end].kind == latinToken && t.tok[end].n == 2 && t.tok[end].shape == upper {
			end++
		}
		return part{kind: partTown, from: i, value: i, to: end}, true
	}
	if t.foreignTown(i) {
		end := t.wordsJoined(i)
		if t.sign(end, '.') && t.says(i, "co") {
			end = t.wordsJoined(end + 1) // «Co. Cork»
		}
		for n := 0; n < 2 && t.capital(end) && t.near(end) && t.tok[end].kind == latinToken && t.tok[end].shape == title && t.tok[end].n > 2; n++ {
			end = t.wordsJoined(end)
		}
		if code := t.foreignIndex(end); code > 0 {
			end = code
		}
		return part{kind: partTown, from: i, value: i, to: end}, true
	}
	if end := t.heightTown(i); end > 0 {
		return part{kind: partTown, from: i, value: i, to: end}, true
	}
	if !t.has(i, roleTown|roleNamePart) || t.has(i, roleMarker) {
		return part{}, false
	}
	end := t.wordsJoined(i)
	town := t.has(i, roleTown) || end > i+1 && t.has(end-1, roleTown|roleNamePart)
	for n := 0; n < 2 && t.near(end) && t.has(end, roleNamePart) && !t.has(end, roleMarker|roleStop|roleAdjective|roleStreetName); n++ {
		town = town || t.has(end, roleTown) || t.has(i, roleNamePart)
		end = t.wordsJoined(end)
	}
	if town && t.near(end) && t.says(end, "г город гор") && (t.sign(end+1, ',') || t.sign(end+1, '.')) {
		end = t.afterAbbreviation(end + 1) // «Самара г, …»
	}
	return part{kind: partTown, from: i, value: i, to: end}, town
}

// indexBeforeTown gives the token behind the postcode of another country before its town, 0 if none begins at i.
func (t *Text) indexBeforeTown(i int) int {
	if t.tok[i].kind != numberToken || !t.sign(i-1, ',') {
		return 0
	}
	if start := t.foreignIndex(i); start > 0 && t.capital(start) && t.latinChain() {
		return start
	}
	return 0
}

// heightTown gives the token behind a town that is called by what lies there, before its street: «высокая гора улица юбилейная»,
// «сосновый бор, улица …». 0 if none begins at i.
func (t *Text) heightTown(i int) int {
	if !t.has(i, roleAdjective) || !t.near(i+1) || !t.says(i+1, heights) {
		return 0
	}
	end := i + 2
	if t.sign(end, ',') {
		end++
	}
	if word := t.streetWord(end); word == 0 || !t.near(end) || t.streetName(end, word) == 0 {
		return 0
	}
	return i + 2
}

// heights are what settlements lie at and are called by.
const heights wordList = "гора горы горе горка яр бор бору лог ключ ключи камень поляна поляне поляны роща роще речка глина балка дол луг луга мыс брод холм холмы " +
	"дубрава мост озеро остров гай кут рог лиман берег затон курган колодец починок майдан"

// townOfRegion gives the token behind a town that no list has, between its region and a street: «Свердловская обл., Сысерть,
// ул. Трактовая». 0 if none stands at i.
func (t *Text) townOfRegion(i int) int {
	n := len(t.places.parts)
	if n == 0 || t.places.parts[n-1].kind != partRegion || !t.places.parts[n-1].typed || !t.nameable(i) || t.tok[i].n < 4 || t.has(i, roleTown|roleNamePart|roleRegion|roleAdjective) {
		return 0
	}
	end := t.wordsJoined(i)
	if t.sign(end, ',') && t.sign(i-1, ',') && t.capital(i) {
		end++
	}
	if !t.near(end) || t.streetWord(end) == 0 {
		return 0
	}
	return t.wordsJoined(i)
}

// townBeforeStreet gives the token behind a capitalised word that no dictionary has, between it and its street a comma:
// «Село наше — Архангельское, улица Мира, 7». 0 if none begins at i.
func (t *Text) townBeforeStreet(i int) int {
	if len(t.places.parts) > 0 || !t.capital(i) || t.tok[i].kind != wordToken || t.tok[i].n < 5 || !t.nameable(i) || t.tok[i].vocab.Class != vocabulary.None || t.has(i, rolePerson) {
		return 0
	}
	end := t.wordsJoined(i)
	word := t.streetWord(end + 1)
	if !t.sign(end, ',') || word == 0 || !t.near(end+1) || lexicon.IsPlain(t.tok[i].key) && (i == 0 || t.sign(i-1, '.') || t.sign(i-1, '!') || t.sign(i-1, '?')) {
		return 0
	}
	if name := t.streetName(end+1, word); name == 0 || !t.houseFollows(name) {
		return 0
	}
	return end
}

// foreignTown reports a Latin word that its place makes a town: behind the comma that ends a Latin street, or before
// the comma that such a street follows.
func (t *Text) foreignTown(i int) bool {
	if t.says(i, "co") && t.sign(i+1, '.') && t.capital(i+2) && t.latinChain() {
		return true
	}
	if t.tok[i].kind != latinToken && t.tok[i].kind != otherToken || t.has(i, roleMarker|roleStop|roleLandmark) || t.tok[i].n < 3 {
		return false
	}
	if kindsOf(t.places.parts)&^partRegion != 0 {
		last := t.places.parts[len(t.places.parts)-1]
		return t.sign(i-1, ',') && (t.capital(i) || t.endsThought(i+1)) && t.tok[last.to-1].gap != lineGap && t.latinChain()
	}
	return t.capital(i) && t.sign(i+1, ',') && t.near(i+2) && t.tok[i+2].kind == latinToken && t.streetBefore(i+2) > 0 && (t.has(i, roleTown) || t.houseFollows(t.streetBefore(i+2)))
}

// latinChain reports whether the street of the chain is a Latin one.
func (t *Text) latinChain() bool {
	for _, p := range t.places.parts {
		if p.kind&partStreet != 0 {
			return t.tok[p.to-1].kind != wordToken || t.tok[p.from].kind == latinToken
		}
	}
	return false
}

// foreignIndex gives the token behind a postcode of another country at i, «BA2 6AR», «11317», 0 if there is none.
func (t *Text) foreignIndex(i int) int {
	if t.sign(i, ',') {
		i++
	}
	if !t.near(i) {
		return 0
	}
	if t.tok[i].kind == numberToken && t.tok[i].n >= 4 && t.tok[i].n <= indexDigits && !t.continues(i+1) {
		return i + 1
	}
	if t.tok[i].kind == latinToken && t.tok[i].n == 2 && t.tok[i].shape == upper && t.near(i+1) && t.tok[i+1].gap == oneSpace && t.tok[i+1].kind == numberToken && t.tok[i+1].n == 5 {
		return i + 2 // «IL 60608»
	}
	if end := t.codeCluster(i); end > 0 && t.near(end) && t.tok[end].gap == oneSpace {
		if last := t.codeCluster(end); last > 0 {
			return last // «P24 X7F9»
		}
	}
	if t.tok[i].kind == latinToken && t.tok[i].n <= 2 && t.tok[i].shape != lower && t.glued(i+1) && t.tok[i+1].kind == numberToken {
		i += 2
		if t.glued(i) && t.isWord(i) {
			i++
		}
		if t.near(i) && t.tok[i].kind == numberToken && t.tok[i].n == 1 && t.glued(i+1) && t.isWord(i+1) && t.tok[i+1].n == 2 {
			return i + 2
		}
	}
	return 0
}

// codeCluster gives the token behind three or four capitals and digits glued together, 0 if i begins none.
func (t *Text) codeCluster(i int) int {
	letters, digits, end := 0, 0, i
	for ; end < len(t.tok) && (end == i || t.glued(end)) && t.tok[end].kind != signToken && letters+digits <= 4; end++ {
		switch tok := &t.tok[end]; {
		case tok.kind == numberToken:
			digits += int(tok.n)
		case tok.kind == latinToken && tok.shape != lower:
			letters += int(tok.n)
		default:
			return 0
		}
	}
	if letters == 0 || digits == 0 || letters+digits < 3 || letters+digits > 4 {
		return 0
	}
	return end
}

// settlementWord gives the token behind a word for a settlement, 0 if none stands at i.
func (t *Text) settlementWord(i int) int {
	switch {
	case t.has(i, roleSettlement):
		return t.afterAbbreviation(i + 1)
	case t.says(i, gardeners) && t.near(i+1):
		if t.says(i+1, gardeners) && t.near(i+2) { // «садоводческое некоммерческое товарищество»
			i++
		}
		if t.has(i+1, roleSettlement) || t.says(i+1, "кооператив кооперативе кооператива партнерство партнерстве") {
			return i + 2
		}
	case t.says(i, "гск гпк"):
		return i + 1
	case t.says(i, "ст") && t.hyphenated(i, "ст", "ца") > 0:
		return t.hyphenated(i, "ст", "ца")
	case t.says(i, "р п") && t.sign(i+1, '.') && t.says(i+2, "п г") && t.glued(i+2):
		end := t.afterAbbreviation(i + 3)
		if t.says(end, "т") {
			end = t.afterAbbreviation(end + 1)
		}
		return end
	case t.says(i, "кп") && t.tok[i].shape == upper && t.near(i+1) && (t.capital(i+1) && t.tok[i+1].shape == title || t.sign(i+1, '«') || t.sign(i+1, '"')):
		return i + 1
	case t.says(i, "г д с п х ст"):
		end := t.afterAbbreviation(i + 1)
		dotted := end > i+1
		if t.capital(end) && t.near(end) && t.tok[end].n > 1 && (dotted || t.tok[i].shape == lower && t.says(i, "г д")) && !t.measures(i) {
			return end
		}
		if t.says(i, "г") && t.near(end) && t.has(end, roleTown) && !t.measures(i) { // «г тверь советская 10»
			return end
		}
	}
	return 0
}

// gardeners are the adjectives of settlements: «садовое товарищество», «коттеджный посёлок».
const gardeners wordList = "садовое садовом садовому садового садоводческое садоводческом садоводческого дачное дачном дачного гаражный гаражном гаражного огородное некоммерческое " +
	"некоммерческом некоммерческого коттеджный коттеджном коттеджного дачный садоводческий"

// measures reports a letter that is the unit of the number before it: «2020 г», «5 с».
func (t *Text) measures(i int) bool {
	return i > 0 && t.tok[i-1].kind == numberToken && t.tok[i-1].n < indexDigits && t.near(i)
}

// placeName gives the token behind the name of a settlement or district that begins at i, 0 if there is none.
func (t *Text) placeName(i int) int {
	if !t.near(i) {
		return 0
	}
	if t.sign(i, '«') || t.sign(i, '"') || t.sign(i, '\'') {
		for end := i + 1; end < len(t.tok) && end < i+6; end++ {
			if t.sign(end, '»') || t.sign(end, '"') || t.sign(end, '\'') {
				return end + 1
			}
		}
		return 0
	}
	capital := t.capital(i)
	if !t.nameable(i) && !(capital && t.tok[i].n > 2 && !t.has(i, roleStop|roleDistrict)) {
		return 0
	}
	first, end := i, t.wordsJoined(i)
	if !capital && t.twoWordTown(i) {
		return t.wordsJoined(end)
	}
	if !capital && !t.has(i, roleNamed) && t.tok[i].n < 4 && end == i+1 && !(t.tok[i].n == 3 && t.says(i-1, "гск снт днт жк кооператив товарищество")) {
		return 0
	}
	for n := 0; n < 2 && t.near(end) && t.nameable(end) && !t.startsStreet(end); n++ {
		lowerEnd := n == 0 && (t.sign(end+1, ',') || t.houseFollows(end+1)) // «СНТ Берёзовая роща, уч. 5»
		if capital && !t.capital(end) && !lowerEnd || !capital && !t.has(first, roleAdjective|roleNamePart) {
			break
		}
		first, end = end, t.wordsJoined(end)
	}
	return end
}

// twoWordTown reports a name of two words in lower case that leads to a street, «город ак довурак улица …», or that is known:
// «республика марий эл».
func (t *Text) twoWordTown(i int) bool {
	if !t.near(i+1) || !t.isWord(i+1) {
		return false
	}
	if t.has(i, roleNamePart) && t.has(i+1, roleNamePart) || t.says(i, "марий") && t.says(i+1, "эл") {
		return true
	}
	unknown := func(i int) bool {
		return t.nameable(i) && t.tok[i].vocab.Class == vocabulary.None && !t.has(i, roleAdjective)
	}
	return unknown(i) && unknown(i+1) && t.tok[i+1].n > 2 && t.near(i+2) && !t.startsStreet(i+1) && t.streetWord(i+2) > 0 && t.streetName(i+2, t.streetWord(i+2)) > 0
}

// nameable reports whether token i may be a word of a name.
func (t *Text) nameable(i int) bool {
	return t.isWord(i) && !t.has(i, roleMarker|roleStop|roleNumber) && t.tok[i].n > 1
}

// wordsJoined gives the token behind the word at i and the words that hyphens glue to it.
func (t *Text) wordsJoined(i int) int {
	i++
	for n := 1; n < maxJoined && t.sign(i, '-') && t.glued(i) && t.glued(i+1) && t.isWord(i+1); n++ {
		i += 2
	}
	return i
}

// maxJoined is more words than any place joins by hyphens, «Ростов-на-Дону», so that a chain without end is
// not read from each of its words.
const maxJoined = 8

// street reads a street that a word for streets marks, before or behind its name.
func (t *Text) street(i int) (part, bool) {
	if p, ok := t.englishStreet(i); ok {
		return p, true
	}
	p := part{kind: partStreet, from: i, value: i, typed: true}
	if p.to = t.road(i); p.to > 0 {
		return p, true
	}
	if end := t.streetWord(i); end > 0 {
		p.to = t.streetName(i, end)
		return p, p.to > 0
	}
	p.to = t.streetBefore(i)
	if p.to > 0 && t.says(p.to-1, "линия линии линию") && t.says(p.to, "в") && t.sign(p.to+1, '.') && t.says(p.to+2, "о") && t.sign(p.to+3, '.') {
		p.to += 4 // «7-я линия В.О.»
	}
	return p, p.to > 0
}

// englishStreet reads a house before its street, «18 Mill Lane», «24/3 abovyan st».
func (t *Text) englishStreet(i int) (part, bool) {
	if t.tok[i].kind != numberToken {
		return part{}, false
	}
	end := t.cardinal(i, maxFlatDigits)
	if end == 0 {
		return part{}, false
	}
	if tail := t.houseTail(end); tail > 0 {
		end = tail
	}
	for words := 0; words <= maxStreetWords && t.near(end) && t.tok[end].kind == latinToken; words++ {
		if words > 0 && t.has(end, roleStreet) && (t.capital(end) || t.says(end, "street st road rd avenue ave lane ln boulevard prospekt drive square")) {
			return part{kind: partStreet | partHouse, from: i, value: i, to: t.afterAbbreviation(end + 1), typed: true}, true
		}
		if t.has(end, roleMarker&^roleStreet|roleStop) {
			break
		}
		end++
		if (t.sign(end, '\'') || t.sign(end, '’')) && t.glued(end+1) && t.isWord(end+1) {
			end += 2
		}
	}
	return part{}, false
}

// startsStreet reports whether a marked street begins at token i.
func (t *Text) startsStreet(i int) bool {
	return t.streetWord(i) > 0 || t.streetBefore(i) > 0
}

// streetWord gives the token behind a word for a street, 0 if none stands at i.
func (t *Text) streetWord(i int) int {
	if i >= len(t.tok) || !t.isWord(i) {
		return 0
	}
	switch {
	case t.tok[i].n <= 3 && t.sign(i+1, '-'):
		for _, h := range hyphenStreets {
			if end := t.hyphenated(i, h.first, h.seconds); end > 0 {
				return end
			}
		}
	case t.has(i, roleStreet):
		return t.afterAbbreviation(i + 1)
	case t.says(i, "жилой жилом жилого жилому") && t.near(i+1) && t.says(i+1, "комплекс комплексе комплекса комплексу"):
		return i + 2
	case t.says(i, "пр прд ш б м"):
		if t.says(i, "пр") || t.sign(i+1, '.') || i > 0 && t.has(i-1, roleAdjective) {
			return t.afterAbbreviation(i + 1)
		}
	}
	return 0
}

// hyphenStreets are the abbreviations with a hyphen.
var hyphenStreets = [...]struct {
	first, seconds wordList
}{
	{"пр", "т кт д"}, {"п", "т кт д"}, {"б", "р"}, {"кв", "л"}, {"пл", "дь"}, {"наб", "я"}, {"мкр", "н"}, {"м", "н"}, {"ж", "м"},
	{"ул", "ца"}, {"пер", "к"},
}

// maxStreetWords is how many words the name of a street has: «Героев Сталинградской битвы», «адмирала флота Кузнецова».
const maxStreetWords = 4

// streetName gives the token behind the name that begins at i, behind the word for a street at word, 0 if there is none.
func (t *Text) streetName(word, i int) int {
	if !t.near(i) {
		return 0
	}
	start := i
	if t.says(word, "линии линию линия") && !t.capital(i) && !t.has(i, roleNamed|roleNumber) {
		return 0 // «на линии обрыв»
	}
	if t.says(i, "имени им") && t.near(i+1) {
		i = t.afterAbbreviation(i + 1)
		start = i
	}
	if t.sign(i, '«') || t.sign(i, '"') {
		i++
	}
	counted := t.countedName(i)
	if counted > 0 {
		i = counted
	} else if ordinal := t.ordinalName(i); ordinal > 0 {
		i = ordinal
	} else if t.numberedStreet(word) && t.has(i, roleNumber) {
		return i + 1
	}
	i = t.afterInitials(i)
	named, words := i, 0
	for words < maxStreetWords && i < len(t.tok) && (t.near(i) || i == start) {
		if !t.nameable(i) && !t.namedMonth(i, counted, words) && !(t.has(i, roleStreet) && t.houseFollows(i+1)) || t.breaksName(i, words) {
			break
		}
		i = t.wordsJoined(i)
		if t.sign(i, '-') && t.glued(i) && t.glued(i+1) && t.tok[i+1].n == 1 && t.numberedStreet(word) { // «мкр Самал-2»
			i += 2
		}
		words++
		named = i
	}
	switch {
	case words == 0 && named > start && (counted > 0 || t.numberedStreet(word) || t.houseFollows(named)):
		return named
	case words == 0:
		return 0
	}
	if !t.capital(start) && counted == 0 {
		named = t.trimName(start, named)
	}
	if t.sign(named, '»') || t.sign(named, '"') {
		named++
	}
	return named
}

// namedMonth reports the month of «10 лет Октября» and «проспект Октября».
func (t *Text) namedMonth(i, counted, words int) bool {
	return words == 0 && t.tok[i].vocab.Class == vocabulary.Month && (counted > 0 || t.houseFollows(i+1))
}

// breaksName reports that the word at i begins something else than one more word of the name before it.
func (t *Text) breaksName(i, words int) bool {
	if words == 0 {
		return false
	}
	if t.says(i, "номер") {
		return true
	}
	if t.houseFollows(i + 1) { // «линия 4-я Васильевского острова», «улица сибирский тракт»
		return t.has(i, roleLandmark|roleTown) && !t.capital(i-1) && t.has(i, roleLandmark)
	}
	return t.capital(i-1) && !t.capital(i) && !t.has(i, roleNamed) || t.streetWord(i) > 0 || t.has(i, roleLandmark)
}

// trimName keeps of the words from start to end what a name in lower case has. All belong to it if a house number
// follows; else the first, with a second one where the first asks for it: «большая серпуховская», «лени голикова».
func (t *Text) trimName(start, end int) int {
	if t.houseFollows(end) || end >= len(t.tok) || t.tok[end].gap == lineGap || t.tok[end].kind == signToken {
		return end
	}
	first := t.wordsJoined(start)
	if first < end && t.has(start, roleAdjective|rolePerson|roleNamePart) && t.has(first, roleNamed) {
		return t.wordsJoined(first)
	}
	return first
}

// houseFollows reports whether a house number, or the word for one, stands behind token end.
func (t *Text) houseFollows(end int) bool {
	if t.sign(end, ',') {
		end++
	}
	return t.near(end) && (t.has(end, roleHouse|roleNumber) || t.says(end, "д"))
}

// numberedStreet reports words for what has a number in place of a name: «мкр 5», «4-я линия».
func (t *Text) numberedStreet(i int) bool {
	return t.says(i, "мкр мкрн микрорайон микрорайона микрорайоне квартал квартала квартале комплекс комплекса "+
		"комплексе линия линии линию аллея аллеи аллее аллею просека просеке просеки кв м съезд")
}

// countedName gives the token behind a number and what it counts, «50 лет», «26 съезда», «8 марта», «1905 года»; the
// rest of the name follows. 0 if that does not stand at i.
func (t *Text) countedName(i int) int {
	end := t.cardinal(i, 4)
	if end == 0 {
		end = t.ordinal(i)
	}
	if end == 0 || !t.near(end) && !t.sign(end, '-') {
		return 0
	}
	if t.sign(end, '-') && t.glued(end+1) {
		end++
	}
	if t.says(end, countedWords) {
		return end + 1
	}
	return 0
}

// countedWords are what the numbers in names of streets count.
const countedWords wordList = "лет летия летие съезда января февраля марта апреля мая июня июля августа сентября " +
	"октября ноября декабря года го партсъезда"

// ordinalName gives the token behind «1-я», «12-й», «первая», 0 if none stands at i.
func (t *Text) ordinalName(i int) int {
	return t.ordinal(i)
}

// ordinal gives the token behind an ordinal number, 0 if none stands at i.
func (t *Text) ordinal(i int) int {
	if !t.has(i, roleNumber) {
		return 0
	}
	if t.has(i, roleOrdinal) {
		return i + 1
	}
	if t.tok[i].kind == numberToken && t.tok[i].n <= 4 {
		if t.sign(i+1, '-') && t.glued(i+1) && t.glued(i+2) && t.isWord(i+2) && t.tok[i+2].n <= 3 &&
			t.says(i+2, "я й ая ой ый ий го ю ей е ую х му м ом ого ему его") {
			return i + 3
		}
		if t.glued(i+1) && t.says(i+1, "я й ая ой ый ю го") {
			return i + 2
		}
	}
	if t.tok[i].kind != numberToken {
		if g := t.groupAt(i); g < len(t.numbers.groups) && int(t.numbers.groups[g].from) == i && t.has(int(t.numbers.groups[g].to)-1, roleOrdinal) {
			return int(t.numbers.groups[g].to)
		}
	}
	return 0
}

// initial reports «С.» before a name.
func (t *Text) initial(i int) bool {
	if !t.isWord(i) || t.tok[i].n != 1 || !t.sign(i+1, '.') || !t.glued(i+1) || !t.near(i+2) {
		return false
	}
	return t.capital(i) && t.capital(i+2) || !t.capital(i) && !t.says(i, "г д с") && t.glued(i+2) && t.has(i+2, roleStreetName) // «р.зорге 9»
}

// afterInitials passes over the initials of «Т. Г. Шевченко», three at most.
func (t *Text) afterInitials(i int) int {
	for n := 0; n < 3 && t.initial(i); n++ {
		i += 2
	}
	return i
}

// streetBefore gives the token behind a name with its word for a street after it, «1-я Тверская-Ямская улица», 0 if
// that does not stand at i.
func (t *Text) streetBefore(i int) int {
	start := i
	ordinal := t.ordinal(i)
	if ordinal == 0 && t.has(i, roleNumber) && t.tok[i].kind == numberToken && t.tok[i].n <= 2 && t.near(i+1) {
		ordinal = i + 1
	}
	if ordinal > 0 {
		i = ordinal
	}
	words := 0
	for ; words < maxStreetWords-1 && i < len(t.tok) && (i == start || t.near(i)); words++ {
		if words > 0 && t.streetWord(i) > 0 || !t.nameable(i) {
			break
		}
		if !t.has(i, roleAdjective|roleStreetName) && !t.has(t.wordsJoined(i)-1, roleAdjective) && !(t.capital(i) && (t.tok[i].kind == latinToken || words > 0) || t.capitalName(i)) {
			return 0
		}
		i = t.wordsJoined(i)
	}
	if words == 0 && ordinal == 0 || i >= len(t.tok) || !t.near(i) {
		return 0
	}
	end := t.streetWord(i)
	if end > 0 && end < len(t.tok) && t.tok[end].kind == numberToken && t.tok[end].n == 4 && t.numberedStreet(i) {
		return 0 // «3 квартал 2026»
	}
	if end > 0 && t.near(end) && t.nameable(end) {
		if name := t.streetName(i, end); name > 0 && t.houseFollows(name) {
			return 0 // the word has its name behind it
		}
	}
	if end == 0 || words == 0 && !t.numberedStreet(i) && !t.has(start, roleOrdinal) && t.ordinal(start) == 0 {
		return 0
	}
	return end
}

// capitalName reports a word that is written as a name inside a sentence.
func (t *Text) capitalName(i int) bool {
	return t.capital(i) && t.has(i, roleNamed) && !t.has(i, roleTown)
}

// untypedStreet reads a name that only its place makes a street: «Пушкина 4», «Казань, Красная Пресня 30с1».
func (t *Text) untypedStreet(i int, seen partKind) (part, bool) {
	if seen&(partHouse|partFlat) != 0 || seen&partStreet != 0 && !t.sign(i-1, ',') {
		return part{}, false
	}
	n := t.unmarkedName(i, seen)
	if n.words == 0 && n.counted == 0 {
		return part{}, false
	}
	offered, asked := t.offered(i), t.places.asked&askStreet != 0 && i < maxPieceWords && t.onlySmall(n.to)
	if n.person && !offered && !asked {
		return part{}, false
	}
	p := part{kind: partStreet, from: i, value: i, to: n.to}
	if t.unmarkedHouse(&n); n.end == 0 {
		return p, asked && t.places.next && n.words <= 2 || t.isStreetAlone(&n, seen)
	}
	if offered && (n.words == 1 || n.words == 0 && n.counted > 0) {
		return p, (n.named || n.person || n.counted > 0) && !t.continues(n.end)
	}
	return p, t.isUnmarked(&n, seen)
}

// An unmarked is the name of a street that nothing marks as one.
type unmarked struct {
	from, to    int // tokens
	number, end int // of its house; end is 0 if it has none
	counted     int // the token behind «50 лет», 0 without it
	ordinal     int // the token behind «1-я», 0 without it
	words       int
	capitals    int
	named       bool // a word is like the name of a street
	person      bool // or like one of a person
}

// unmarkedName reads the words of the name that begins at token i.
func (t *Text) unmarkedName(i int, seen partKind) unmarked {
	n := unmarked{from: i, counted: t.countedName(i), ordinal: t.ordinal(i)}
	if n.counted > 0 {
		n.named = t.sign(i-1, ',')
		i = n.counted
	} else if n.ordinal > 0 {
		i = n.ordinal
	} else if t.streetPrefix(i) {
		i++
	}
	i = t.afterInitials(i)
	for n.words < maxStreetWords-1 && i < len(t.tok) && (i == n.from || t.near(i)) && t.unmarkedWord(&n, i, seen) {
		i = t.wordsJoined(i)
		n.words++
	}
	n.to = i
	return n
}

// unmarkedWord reports whether the word at token i goes on with the name, and takes what it tells.
func (t *Text) unmarkedWord(n *unmarked, i int, seen partKind) bool {
	month := n.counted > 0 && t.namedMonth(i, n.counted, n.words)
	if !t.nameable(i) && !month || t.breaksName(i, n.words) {
		return false
	}
	first, hero := n.words == 0, n.words == 1 && t.heroOf(i)
	like := t.streetLike(i)
	switch {
	case t.capital(i):
		n.capitals++
	case first && (t.unknownStreet(i) || t.answersStreet(i) || t.strangeStreet(i)) || hero:
		n.named = true
	case n.counted == 0 && !like && !t.has(i, roleStreetName|rolePerson|roleNamePart) && t.tok[i].kind == wordToken:
		return false
	}
	like = like || hero || month && t.says(n.counted-1, "лет летия летие") || first && (t.peopleStreet(i) || seen&partGeo != 0 && t.isStreetOfTown(i))
	n.named = n.named || like
	n.person = n.person || !like && (t.has(i, rolePerson) || t.isSurname(i)) && !t.possessed(i)
	return true
}

// isStreetOfTown reports a family name or an adjective behind a town, which its house makes a street.
func (t *Text) isStreetOfTown(i int) bool {
	adjective := t.has(i, roleAdjective)
	return (adjective || t.maleGenitive(i)) && t.houseFollows(t.wordsJoined(i)) || adjective && t.asksStreet(i)
}

// unmarkedHouse reads the number of the house behind the name.
func (t *Text) unmarkedHouse(n *unmarked) {
	n.number = n.to
	if t.sign(n.number, ',') {
		n.number++
	}
	if !t.has(n.number, roleNumber) || !t.near(n.number) || n.counted > 0 && t.tok[n.number].kind == numberToken && t.tok[n.number].n == 4 {
		return
	}
	n.end = t.houseNumber(n.number)
	if ord := t.ordinal(n.number); ord > 0 && t.near(ord) && t.says(ord, "дом доме дома") {
		n.end = ord + 1
	}
}

// isStreetAlone reports whether a name without a number is a street: told before, with the word for its house, or between a town
// and the end of the thought.
func (t *Text) isStreetAlone(n *unmarked, seen partKind) bool {
	if n.words == 1 && t.toldStreet(n.from) {
		return t.houseFollows(n.to)
	}
	if !n.named || n.words > 2 {
		return false
	}
	if t.streetLike(n.to-1) && t.houseTold(n.to) {
		return true // «первомайская дом восемь»
	}
	return t.endsThought(n.to) && (seen&partGeo != 0 && (t.places.next || t.cuedAddress(n.from)) || n.ordinal > 0 && t.askedAddress(n.from))
}

// isUnmarked reports whether a name with its number is a street with its house.
func (t *Text) isUnmarked(n *unmarked, seen partKind) bool {
	geo, cued := seen&partGeo != 0, t.cuedAddress(n.from)
	told := n.named || t.latinName(n.from) || geo && n.capitals > 0
	switch {
	case t.flatAfter(n.end):
		return told
	case !geo && !cued && n.named && t.knownStreet(n.from, n.to) && (t.fraction(n.number) || t.endsThought(n.end) && t.placesNear(n.from)):
		return true
	case geo && n.capitals > 0 && n.end >= n.number+3 && t.tok[n.end-1].kind == numberToken: // «Москва, Ленинградка 58с7»
		return true
	case cued:
		return told
	case geo:
		return n.named && (n.capitals > 0 && t.sign(n.from-1, ',') || t.endsThought(n.end))
	case t.places.asked&(askPart|askStreet) != 0 && n.from < maxPieceWords:
		return (n.named || n.person) && (t.endsThought(n.end) || t.onlySmall(n.end))
	case t.places.open:
		return n.named && (t.streetLike(n.from) || t.has(n.from, rolePerson)) && (n.capitals > 0 || n.from < maxAnswer) && t.endsThought(n.end)
	}
	return false
}

// streetFirst reports that the name of a town at token i is that of a street too, «пушкина 12», where one can be told.
func (t *Text) streetFirst(i int) bool {
	return t.has(i, roleStreetName) && (t.houseFollows(i+1) || t.places.next && t.places.asked&(askStreet|askPart) != 0)
}

// knownStreet reports a name from start to end that is common in streets, and not that of an owner, «у Попова две», or an
// ordinary adjective.
func (t *Text) knownStreet(start, end int) bool {
	last := end - 1
	if t.has(start, rolePerson) && t.says(start-1, "у для от к ко с без про") {
		return false
	}
	if t.has(last, roleStreetName) {
		return last > 0 && t.tok[last].gap == oneSpace && t.capital(last) && !t.sign(last-1, '.') || !t.says(last, qualities)
	}
	k := t.tok[last].key // «студенческая»
	return t.has(last, roleAdjective) && k&31 == 'я'-'а' && k>>10&31 == 'к'-'а'
}

// qualities are names of streets that are said of anything.
const qualities wordList = "новая новой новую старая старой старую большая большой большую малая малой малую верхняя верхней нижняя нижней средняя средней " +
	"красная красной красную зеленая зеленой зеленую летняя летней весенняя весенней осенняя осенней тихая теплый светлая светлой дальняя ближняя " +
	"южная северная восточная горячая открытое славы радости удачи надежды свободы труда науки культуры юности рабочая рабочей торговая почтовая школьная " +
	"центральная рабочую александра алексея олега юрия степана розы зои клары карла лизы богдана емельяна"

// fraction reports the number of a house at token i that nothing else has: «12/3», «восемь дробь два», «12а», «девять бэ».
func (t *Text) fraction(i int) bool {
	end := t.cardinal(i, maxHouseDigits)
	if end == 0 || end >= len(t.tok) {
		return false
	}
	if t.says(end, "дробь") || t.tok[end].vocab.Class == vocabulary.Letter {
		return true
	}
	return t.tok[i].kind == numberToken && t.glued(end) && (t.sign(end, '/') || t.tok[end].kind == wordToken && t.tok[end].n <= 2)
}

// houseTold reports the word for a house and its number behind token i.
func (t *Text) houseTold(i int) bool {
	if t.sign(i, ',') {
		i++
	}
	if !t.near(i) || !t.says(i, "дом д корпус") {
		return false
	}
	number := t.houseWord(i, partStreet)
	if number == 0 {
		return false
	}
	end := t.houseNumber(number)
	return end > 0 && !t.says(end, "этажей этажный комнат")
}

// streetPrefix reports «ново садовая», the first of two words that are one.
func (t *Text) streetPrefix(i int) bool {
	return t.says(i, "ново старо нижне верхне мало больше красно") && t.near(i+1) && t.streetLike(i+1)
}

// offered reports that a flat or a house on the street at token i is spoken of, «двушка на ленина сорок пять», or that
// somebody is or comes there: «заберёте на гагарина девяносто шесть».
func (t *Text) offered(i int) bool {
	return t.says(i-1, "на по") && t.says(i-2, offers)
}

// offers are what is sold, let and measured, and what one does at an address.
const offers wordList = "квартира квартиру квартиры квартире однушка однушку однушке двушка двушку двушке трешка " +
	"трешку трешке студия студию студии комната комнату комнаты дом дома помещение помещения " +
	"офис объект объекту евродвушка евродвушку новостройка новостройку " +
	"забрать забирать заберу заберет заберете забираю приезжайте подъезжайте приеду приедет подъеду привезите доставка доставку " +
	"живу живем живет живут проживаю прописан прописана прописаны находится находимся ждем"

// asksStreet reports that the adjective at token i ends the answer to the question for an address, and is no surname
// with its first name: «Чита Амурская».
func (t *Text) asksStreet(i int) bool {
	return t.askedAddress(i) && t.endsThought(t.wordsJoined(i))
}

// heroOf reports the family name of who a street is called by, behind the first name: «маши порываевой тридцать».
func (t *Text) heroOf(i int) bool {
	if t.tok[i].kind != wordToken || t.tok[i].n < 4 || t.has(i, roleStop) || !t.has(i-1, rolePerson) || !t.houseFollows(t.wordsJoined(i)) {
		return false
	}
	first, last := 'а'+rune(t.tok[i-1].key&31), 'а'+rune(t.tok[i].key&31)
	return (first == 'и' || first == 'ы' || first == 'а' || first == 'я') && (last == 'а' || last == 'я' || last == 'й' || last == 'о') && !t.has(i-2, rolePerson)
}

// unknownStreet reports a word at token i that nothing tells of but its place: «на чапыгина десять квартира пять».
func (t *Text) unknownStreet(i int) bool {
	if t.tok[i].kind != wordToken || t.tok[i].n < 5 || t.tok[i].vocab.Class != vocabulary.None || !t.says(i-1, "на по") || !t.near(i+1) {
		return false
	}
	end := t.houseNumber(i + 1)
	return end > 0 && t.has(end, roleFlat) && t.flatAfter(end)
}

// strangeStreet reports a word that no dictionary has between a town and a house with its building or flat: «тюмень мельникайте 138
// корп 4».
func (t *Text) strangeStreet(i int) bool {
	n := len(t.places.parts)
	if n == 0 || t.places.parts[n-1].kind != partTown || t.tok[i].kind != wordToken || t.tok[i].n < 5 || t.tok[i].vocab.Class != vocabulary.None || t.has(i, rolePerson|roleTown|roleRegion) || !t.near(i+1) || !t.askedAddress(i) && lexicon.IsPlain(t.tok[i].key) {
		return false
	}
	end := t.houseNumber(i + 1)
	return end > 0 && t.flatAfter(end)
}

// peopleStreet reports a family name or a people in the genitive plural between a town and a house with its building or flat, or
// one that ends the answer to the question for an address: «рязань новоселов 53 корпус 2», «пермь краснофлотцев 8».
func (t *Text) peopleStreet(i int) bool {
	n := len(t.places.parts)
	if k := t.tok[i].key; k>>5&31 != 'о'-'а' && k>>5&31 != 'е'-'а' || k&31 != 'в'-'а' || n == 0 || t.places.parts[n-1].kind != partTown || t.tok[i].n < 6 || t.has(i, roleStop) || !t.near(i+1) {
		return false
	}
	end := t.houseNumber(i + 1)
	return end > 0 && (t.flatAfter(end) || t.askedAddress(t.places.parts[0].from) && t.onlySmall(end))
}

// answersStreet reports an unknown word at the beginning of the answer to a question for a house or an address, behind
// which only the number of the house stands: «цюрупы двадцать».
func (t *Text) answersStreet(i int) bool {
	if t.tok[i].kind != wordToken || t.tok[i].n < 4 || t.tok[i].vocab.Class != vocabulary.None || t.has(i, roleTown|roleRegion) || !t.near(i+1) || t.places.asked == 0 || !t.leadsTo(i) {
		return false
	}
	end := t.houseNumber(i + 1)
	return end > 0 && t.onlySmall(end)
}

func (t *Text) latinName(i int) bool {
	return t.capital(i) && t.tok[i].kind == latinToken && t.tok[i].shape == title
}

// streetLike reports a word that an unmarked street may be called: «Смирновская», «Рокоссовского», «Пушкина». A first
// name in the nominative is none: he lives there.
func (t *Text) streetLike(i int) bool {
	if t.has(i, roleStreetName) || t.toldStreet(i) {
		return true
	}
	if t.tok[i].kind != wordToken || t.tok[i].n < 5 || t.has(i, roleStop|rolePerson&^roleAdjective) && !t.possessed(i) || t.isRoomName(i) {
		return false
	}
	k := t.tok[i].key
	last, before, third := 'а'+rune(k&31), 'а'+rune(k>>5&31), 'а'+rune(k>>10&31)
	switch last {
	case 'я':
		return before == 'а' && (third == 'к' || third == 'н' || third == 'в')
	case 'й':
		return before == 'о' && (third == 'к' || third == 'н') || before == 'и' && third == 'к' && t.capital(i)
	case 'ю':
		return before == 'у' && (third == 'к' || third == 'н')
	case 'о':
		return before == 'г' && third == 'о'
	case 'а':
		return before == 'в' && third == 'о' || before == 'в' && third == 'е' || before == 'н' && third == 'и'
	case 'в':
		return before == 'о' && t.capital(i)
	}
	return false
}

// toldStreet reports a word of a street that was told in the conversation.
func (t *Text) toldStreet(i int) bool {
	return t.places.streets != nil && t.tok[i].n >= minStreetName && slices.Contains(t.places.streets[:], t.tok[i].key)
}

// minStreetName is how many letters a word has that is remembered of a street.
const minStreetName = 5

// isRoomName reports a room whose name looks like that of a street: «Приёмная 317».
func (t *Text) isRoomName(i int) bool {
	return t.says(i, "приемная столовая мастерская учительская ординаторская серверная процедурная операционная переговорная кладовая гостиная прачечная котельная душевая")
}

// maleGenitive reports a family name that is a genitive too, «Малышева»: streets are called by it, also where it looks like
// that of a woman.
func (t *Text) maleGenitive(i int) bool {
	if t.tok[i].key&31 != 0 { // ends in а
		return false
	}
	if e, ok := t.tok[i].form.Entry(); ok {
		return e.Class.Is(lexicon.Surname) && e.Gram.Of(lexicon.Both).Has(lexicon.Genitive)
	}
	end, ok := lexicon.EndingOf(t.tok[i].key)
	return ok && end.Class == lexicon.Surname && !lexicon.IsOrdinary(t.tok[i].key)
}

// isSurname reports a family name that its ending tells and that is no genitive: «Егоров».
func (t *Text) isSurname(i int) bool {
	end, ok := lexicon.EndingOf(t.tok[i].key)
	return ok && end.Class == lexicon.Surname && !end.Gram.Has(lexicon.Genitive) && !isAdjective(t.tok[i].key) && !lexicon.IsOrdinary(t.tok[i].key)
}

// possessed reports a person's name that is a genitive and no nominative.
func (t *Text) possessed(i int) bool {
	var g lexicon.Gram
	if e, ok := t.tok[i].form.Entry(); ok {
		g = e.Gram
	} else if end, ok := lexicon.EndingOf(t.tok[i].key); ok && !lexicon.IsOrdinary(t.tok[i].key) {
		g = end.Gram
	}
	g = g.Of(lexicon.Both)
	return g.Has(lexicon.Genitive) && !g.Has(lexicon.Nominative)
}

// endsThought reports that nothing that could be counted stands at token i: the end, a sign, another part.
func (t *Text) endsThought(i int) bool {
	return i >= len(t.tok) || t.tok[i].gap == lineGap || t.tok[i].kind == signToken || t.has(i, roleMarker) || t.has(i, roleStop) && !t.measured(i)
}
