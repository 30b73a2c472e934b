package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A placeMemory is what a conversation knows of addresses.
type placeMemory struct {
	open    bool               // there is one: a flat or an entrance told later belongs to it
	said    saidOf             // what was spoken of
	asked   ask                // what the last turn asked for
	pending int                // turns for which the house may follow the street that ended the last address
	numbers [maxNumbers]uint64 // of houses and flats, the latest first
	streets [maxStreets]uint64 // keys of the words of streets, the latest first
	age     int                // turns since the last of them
	turn    int                // how many turns were read
	later   *laterHouses       // where all turns were read beforehand
}

// laterHouses are the turns behind which a house is asked for or told.
type laterHouses struct {
	turns   []int
	hearing bool // turns are read beforehand now
}

const (
	maxNumbers   = 12
	maxStreets   = 8
	numbersTurns = 2 // how long a number alone is taken for the house that was told
)

// learn takes what the turn that was read tells.
func (m *placeMemory) learn(t *Text, spans []Span) {
	m.asked = t.placesAsked()
	m.said = m.said&saidAlways | t.saidNow(m.said)
	if m.asked != 0 {
		m.said |= saidPlaces
	}
	m.pending = max(m.pending-1, 0)
	m.age++
	if m.later != nil && m.later.hearing && (m.asked&askPart != 0 || t.window.first() && t.beginsWithHouse(spans)) {
		if at, known := slices.BinarySearch(m.later.turns, m.turn-1); !known {
			m.later.turns = slices.Insert(m.later.turns, at, m.turn-1)
		}
	}
	m.turn++
	m.take(t, spans)
	if m.age > numbersTurns {
		m.numbers = [maxNumbers]uint64{}
	}
}

// take takes the addresses of a turn, or of a window of one.
func (m *placeMemory) take(t *Text, spans []Span) {
	for i := range spans {
		if spans[i].Kind != ADDRESS {
			continue
		}
		m.open = true
		m.age = min(m.age, 1)
		last := t.tokenAt(spans[i].End) - 1
		if last+maxPieceWords >= len(t.tok) {
			m.said |= saidLast
		}
		if spans[i].Rule == rulePart && t.isHouseAt(t.tokenAt(spans[i].Start)) || m.asked&askStreet != 0 {
			m.said |= saidHouse
		}
		if t.signedCode(t.tokenAt(spans[i].Start)) > 0 {
			m.said |= saidDoor | saidGate
		}
		m.pending = 0
		if spans[i].Rule == ruleStreet && last+maxPieceWords > len(t.tok) {
			m.pending = numbersTurns
		}
		m.note(t, spans[i])
	}
}

// isHouseAt reports a house that was told without its street: «дом 8», «дом значит семнадцать дробь один».
func (t *Text) isHouseAt(i int) bool {
	return t.has(i, roleHouse) || t.fraction(i) || t.has(i, roleNumber) && (t.has(i-1, roleHouse) || t.has(i-2, roleHouse))
}

// note keeps the numbers of an address and the words of its street.
func (m *placeMemory) note(t *Text, s Span) {
	for i := t.tokenAt(s.Start); i < len(t.tok) && int(t.tok[i].end) <= s.End; i++ {
		if t.nameable(i) && t.tok[i].n >= minStreetName && !t.has(i, roleTown|roleRegion|roleLandmark) && t.tok[i].kind == wordToken && t.tok[i].vocab.Class == vocabulary.None && !slices.Contains(m.streets[:], t.tok[i].key) {
			copy(m.streets[1:], m.streets[:])
			m.streets[0] = t.tok[i].key
		}
	}
	groups := t.numbers.groups
	for _, g := range groups[t.groupAt(t.tokenAt(s.Start)):] {
		if int(t.tok[g.to-1].end) > s.End {
			break
		}
		if int(t.tok[g.from].start) < s.Start || g.n > maxHouseDigits {
			continue
		}
		copy(m.numbers[1:], m.numbers[:])
		m.numbers[0] = toldNumber(t, g)
	}
}

// toldNumber is a number of an address as it is remembered, never 0.
func toldNumber(t *Text, g group) uint64 {
	return uint64(remainder(t.numbers.digits[g.at:g.at+g.n], 100_000)) + 1
}

// knows reports whether the number was told just now.
func (p *places) knows(t *Text, g group) bool { return slices.Contains(p.told[:], toldNumber(t, g)) }

// prepare gives a text what the conversation knows.
func (m *placeMemory) prepare(t *Text) {
	t.places.open, t.places.said, t.places.asked, t.places.told, t.places.streets = m.open, m.said, 0, &m.numbers, &m.streets
	if !t.window.first() { // an answer stands at the beginning of a turn
		return
	}
	t.places.asked = m.asked
	if m.pending > 0 {
		t.places.asked |= askPart | askDoor
	}
	if m.later != nil {
		_, t.places.next = slices.BinarySearch(m.later.turns, m.turn)
	}
}

// rested gives what all of a conversation tells, for another hearing.
func (m *placeMemory) rested() placeMemory {
	return placeMemory{open: m.open, said: m.said & saidAlways, later: m.later}
}

// beginsWithHouse reports whether the turn begins with a house that was told without its street.
func (t *Text) beginsWithHouse(spans []Span) bool {
	for i := range spans {
		if spans[i].Kind == ADDRESS {
			return spans[i].Rule == rulePart && t.tokenAt(spans[i].Start) < maxPieceWords
		}
	}
	return false
}

// A saidOf is what was spoken of in a conversation.
type saidOf uint8

const (
	saidPlaces saidOf = 1 << iota // doors, houses or streets
	saidHouse                     // a house, without its street
	saidFloor                     // a floor, in the last turn
	saidDoor                      // a door, a gate or a barrier, in one of the last two turns
	saidGate                      // the same, in the last turn
	saidLast                      // an address, at the end of the last turn

	saidAlways = saidPlaces | saidHouse
)

// saidNow tells what the turn that was read speaks of.
func (t *Text) saidNow(before saidOf) saidOf {
	var s saidOf
	if before&saidGate != 0 {
		s |= saidDoor
	}
	if len(t.places.roles) != len(t.tok) {
		return s
	}
	for _, at := range t.triggers {
		if at.on&(onStreet|onPart|onAddress) != 0 && t.speaksOfPlace(int(at.at)) {
			s |= saidPlaces
		}
	}
	for i := range t.tok {
		switch {
		case t.tok[i].lists == 0:
		case t.isDoor(i):
			s |= saidDoor | saidGate
		case t.says(i, "этаж этаже этажа этажу"):
			s |= saidFloor
		}
	}
	return s
}

// An ask is what a speaker asks for, which the next one answers with a number alone.
type ask uint8

const (
	askAddress ask = 1 << iota // «адрес?», «куда везти?»
	askPart                    // «дом?», «квартира, этаж?»
	askDoor                    // the same where it can be nothing but an address: «какой дом?», not «на каком этаже?»
	askCode                    // «код домофона?»
	askStreet                  // «улица?»
)

// maxQuestion is how many tokens before the end of a turn a question stands in.
const maxQuestion = 12

// placesAsked tells what the turn that was read asks for.
func (t *Text) placesAsked() ask {
	var a ask
	for i := max(0, len(t.tok)-maxQuestion); i < len(t.tok) && len(t.places.roles) == len(t.tok); i++ {
		if t.tok[i].lists == 0 && !t.has(i, roleHouse|roleFlat|roleLandmark|roleStreet) && t.tok[i].vocab.Class != vocabulary.CueWord {
			continue // most words
		}
		switch {
		case t.says(i, "сколько"):
			return 0 // «сколько этажей в доме?»
		case t.tok[i].vocab.Cue() == vocabulary.Address, t.says(i, "куда"):
			a |= askAddress
		case (t.has(i, roleHouse|roleFlat|roleLandmark) || t.says(i, "door") && t.says(i+1, "code")) && i >= len(t.tok)-maxQuestion/2 && !t.has(i-1, roleNumber) && !t.has(i+1, roleNumber):
			a |= askPart
			if t.has(i, roleHouse) && !t.isPlot(i) || t.says(i, "квартира квартиру квартиры кв домофон домофона подъезд калитки калитка flat apartment") {
				a |= askDoor
			}
			if t.says(i, "домофон домофона калитка калитки gate door entry intercom") {
				a |= askCode
			}
		case t.says(i, "код кода коды кодом кодовый") && (t.doorNear(i) || t.says(i+1, "входа") && t.onlySmall(i+2)) && !t.numberWithin(i+1, maxDelay):
			a |= askPart | askDoor | askCode
		case t.has(i, roleStreet) && t.says(i, "улица улицу улице") && i >= len(t.tok)-2 && t.onlySmall(i+1), t.asksLine(i):
			a |= askStreet
		}
	}
	return a
}

// asksLine reports «какая линия», «по какой аллее» at token i.
func (t *Text) asksLine(i int) bool {
	return t.says(i, "линия линии линию аллея аллее аллеи улица улице") && t.says(i-1, "какая какой какую")
}

// numberWithin reports a number among so many tokens from token i on.
func (t *Text) numberWithin(i, n int) bool {
	for j := i; j < i+n; j++ {
		if t.has(j, roleNumber) {
			return true
		}
	}
	return false
}

// doorNear reports a door within a few words of token i: «код от подъезда», «на калитке кодовый замок».
func (t *Text) doorNear(i int) bool {
	for j := max(0, i-maxDelay); j < len(t.tok) && j <= i+maxDelay; j++ {
		if t.isDoor(j) {
			return true
		}
	}
	return false
}

// repeated reports whether the number at token i is one of an address told just now, standing where an echo stands.
func (p *places) repeats(t *Text, i int) bool {
	if p.told == nil || i >= maxAnswer {
		return false
	}
	g := t.groupAt(i)
	if g == len(t.numbers.groups) || int(t.numbers.groups[g].from) != i || t.numbers.groups[g].n > maxHouseDigits {
		return false
	}
	group := t.numbers.groups[g]
	if to := int(group.to); t.sign(i-1, '№') || t.has(i-1, roleNumber) || t.has(to, roleNumber) || t.houseNumber(i) > to && t.tok[to].kind == signToken {
		return false
	}
	return (group.n > 1 || t.lettered(int(group.to))) && p.knows(t, group)
}

// lettered reports the letter of a house at token i, which nothing but a few small words follows: «восемь бэ».
func (t *Text) lettered(i int) bool {
	return t.plainLetter(i) && t.onlySmall(i+1)
}
