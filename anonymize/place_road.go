package anonymize

// A place on a road is told by the road and its kilometre: «трасса М-5, 812-й километр», «Новорижское шоссе, 24-й км». A road
// alone is like a street alone.

const (
	maxRoadDigits = 4
	maxRoadWords  = 2 // «М4 Дон», «Уфа Оренбург»
)

// road gives the token behind a road that a kilometre follows, 0 if none begins at i.
func (t *Text) road(i int) int {
	end := i
	if t.says(i, "трасса трассе трассу трассы автодорога автодороге автодорогу автодороги автотрасса автотрассе автотрассу") {
		end++
	}
	if number := t.roadNumber(end); number > 0 {
		end = number
	} else if end == i {
		return 0
	}
	for n := 0; n < maxRoadWords && end > i && t.near(end) && t.nameable(end); n++ {
		end = t.wordsJoined(end)
	}
	if t.kilometre(t.afterComma(end)) == 0 {
		return 0
	}
	return end
}

// roadNumber gives the token behind «М-5», «р254», 0 if it does not stand at i.
func (t *Text) roadNumber(i int) int {
	if !t.isWord(i) || t.tok[i].n != 1 || i > 0 && t.glued(i) {
		return 0
	}
	end := i + 1
	if t.sign(end, '-') && t.glued(end) {
		end++
	}
	if !t.near(end) || end < len(t.tok) && t.tok[end].gap > oneSpace {
		return 0
	}
	return t.cardinal(end, 3)
}

// kilometre gives the token behind «812-й километр», «545 км», «сороковом километре», 0 if none begins at i.
func (t *Text) kilometre(i int) int {
	end := t.ordinal(i)
	if end == 0 {
		end = t.cardinal(i, maxRoadDigits)
	}
	if end == 0 || !t.near(i) || !t.near(end) || !t.says(end, "километр километре километра км") {
		return 0
	}
	return t.afterAbbreviation(end + 1)
}

// afterComma passes over a comma and «на» behind it: «Киевское шоссе, на 22-м км».
func (t *Text) afterComma(i int) int {
	if t.sign(i, ',') {
		i++
	}
	if t.near(i) && t.says(i, "на") && t.has(i+1, roleNumber) {
		i++
	}
	return i
}

// isRoad reports that the street which ends before token i is a road with kilometres: «Новорижское шоссе», «трасса М-5».
func (t *Text) isRoad(p part) bool {
	return p.kind == partStreet && (t.road(p.from) == p.to || t.isRoadWord(p.from) || t.isRoadWord(p.to-1))
}

func (t *Text) isRoadWord(i int) bool {
	return t.says(i, "шоссе тракт тракта тракту тракте дорога дороге дороги ш магистраль магистрали")
}
