package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// landmark reads what leads to the door inside a stretch: «, вход с торца», «ворота семь», «склад № 6», «бизнес центр алмаз».
func (t *Text) landmark(i int, seen partKind) (part, bool) {
	if seen&(partHouse|partFlat|partStreet) == 0 {
		return part{}, false
	}
	p := part{kind: partLandmark, from: i, value: i, typed: true}
	for _, read := range landmarkForms {
		if p.to = read(t, i); p.to > 0 {
			return p, true
		}
	}
	if !t.isLandmark(i) {
		return part{}, false
	}
	if number := t.landmarkNumber(i); number > 0 {
		p.to = t.cardinal(number, maxHouseDigits)
		return p, !t.measured(p.to)
	}
	if t.says(i+1, "никого нет есть там будет можно") {
		return part{}, false // «, рядом никого нет»
	}
	switch {
	case t.standsAlone(i):
		p.to = i + 1
	case t.says(i, "пвз постамат") && t.nameable(i+1) && t.near(i+1):
		p.to = i + 2
	case t.sign(i-1, ','):
		p.to = t.landmarkClause(i)
	}
	return p, p.to > 0
}

// landmarkForms read one landmark each: they give the token behind it, 0 if it does not stand there.
var landmarkForms = [...]func(t *Text, i int) int{(*Text).besideAt, (*Text).entrance, (*Text).centre, (*Text).gate}

func (t *Text) isLandmark(i int) bool {
	return t.has(i, roleLandmark) || t.says(i, "вход подъезд въезд заезд участок кпп домик")
}

// landmarkNumber gives the token of the number of «ворота семь» and «склад № 6», 0 if none stands there.
func (t *Text) landmarkNumber(i int) int {
	number := t.afterNumberSign(i + 1)
	if number > 0 && t.sign(number, '-') {
		number++
	}
	if number == 0 || t.cardinal(number, maxHouseDigits) == 0 {
		return 0
	}
	return number
}

// standsAlone reports a landmark between two commas, and the ground floor: «, проходная», «цоколь».
func (t *Text) standsAlone(i int) bool {
	if t.says(i, "цоколь") {
		return true
	}
	if !t.has(i, roleLandmark) || t.tok[i].kind != wordToken || !t.sign(i-1, ',') || t.says(i, "напротив рядом возле") {
		return false
	}
	return i+1 == len(t.tok) || t.near(i+1) && t.endsThought(i+1)
}

// landmarkClause gives the token behind the clause that a landmark begins, 0 if it is the landmark alone.
func (t *Text) landmarkClause(i int) int {
	end := i + 1
	for ; end < len(t.tok) && end < i+maxCode && t.near(end); end++ {
		if t.tok[end].kind == latinToken && t.has(end, roleStop) {
			break
		}
		if t.tok[end].kind == signToken && !(t.sign(end, '.') && t.glued(end) && t.near(end+1) && (t.streetWord(end-1) == end+1 || t.has(end+1, roleNumber))) {
			break
		}
	}
	if end == i+1 {
		return 0
	}
	return end
}

// entrance gives the token behind «вход со двора», «вход через магазин «Майя»», «заезд с улицы Ленина» at token i, 0 if that
// does not stand there.
func (t *Text) entrance(i int) int {
	comma := t.sign(i-1, ',')
	if !t.says(i, "вход подъезд въезд") && !(comma && t.says(i, "заезд проход")) || !t.near(i+2) || !t.says(i+1, "с со через из от под") {
		return 0
	}
	end := i + 2
	if street := t.streetWord(end); street > 0 {
		return t.streetName(end, street)
	}
	if !t.nameable(end) {
		return 0
	}
	side := t.says(end, "стороны угла")
	if side && !comma {
		return 0 // «заезд со стороны рынка» tells the way
	}
	if (side || t.has(end, roleAdjective)) && t.near(end+1) && t.nameable(end+1) && t.endsThought(end+2) {
		end++
	}
	return t.afterQuoted(end + 1)
}

// centre gives the token behind a building that has a name, «бизнес-центр «Алмаз»», «тц радуга», 0 if none begins at i.
func (t *Text) centre(i int) int {
	end := 0
	switch {
	case t.says(i, "бц тц трц тк технопарк технопарке"):
		end = i + 1
	case t.says(i, "бизнес торговый деловой офисный торгового торговом"):
		if end = i + 1; t.sign(end, '-') {
			end++
		}
		if !t.near(end) || !t.says(end, "центр центре центра парк парке комплекс комплексе") {
			return 0
		}
		end++
	default:
		return 0
	}
	if quoted := t.afterQuoted(end); quoted > end {
		return quoted
	}
	if t.near(end) && t.nameable(end) {
		return t.wordsJoined(end)
	}
	return end
}

// afterQuoted passes over a name between quotation marks.
func (t *Text) afterQuoted(i int) int {
	if !t.near(i) || !t.sign(i, '«') && !t.sign(i, '"') {
		return i
	}
	if end := t.placeName(i); end > 0 {
		return end
	}
	return i
}

// gate gives the token behind «ворота синие», «калитка зелёная с птицей» at token i, 0 if that does not end a thought.
func (t *Text) gate(i int) int {
	if !t.says(i, "ворота калитка забор дверь") || !t.near(i+1) || !t.has(i+1, roleAdjective) {
		return 0
	}
	if t.says(i+2, "с со") && t.near(i+3) && t.nameable(i+3) {
		return i + 4
	}
	if !t.endsThought(i + 2) {
		return 0
	}
	return i + 2
}

// maxBeside is how many words tell where a house is found.
const maxBeside = 5

// besideAt gives the token behind «, у въезда на парковку» and ", entrance from the yard" at token i, 0 if they do not end
// the clause.
func (t *Text) besideAt(i int) int {
	if !t.sign(i-1, ',') {
		return 0
	}
	next := i + 1
	switch {
	case t.says(i, "у за behind beside"):
	case t.says(i, "с со под над") && t.besideThing(i):
	case t.says(i, "entrance enter entry") && t.says(next, "from on via through at"):
		next++
	default:
		return 0
	}
	if next >= len(t.tok) || !t.isWord(next) || t.says(next, "час полчаса") || !t.says(next, "the") && t.tok[next].vocab.Class == vocabulary.NearName && t.tok[next].vocab.Hint() != vocabulary.Place && t.tok[next].vocab.Hint() != vocabulary.Thing || t.has(next, roleNumber) {
		return 0
	}
	end := next
	for end < len(t.tok) && end < next+maxBeside && t.near(end) && t.isWord(end) && !t.has(end, roleNumber) && t.tok[end].vocab.Class != vocabulary.CueWord {
		end++
	}
	if end < len(t.tok) && t.tok[end].kind != signToken && t.tok[end].gap != lineGap {
		return 0
	}
	return end
}

// besideThing reports a part of a house behind a preposition: «с красным крыльцом», «под аркой».
func (t *Text) besideThing(i int) bool {
	for j := i + 1; j < i+maxBeside && t.near(j); j++ {
		if t.says(j, "крыльцом забором воротами дверью калиткой крышей вывеской козырьком балконом палисадником аркой мостом магазином аптекой") {
			return true
		}
	}
	return false
}
