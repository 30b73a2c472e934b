package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// ADDRESS is where somebody can be found: from the region or the city to the flat and the code of the door. A city,
// a region or a street alone is none.
const ADDRESS Kind = "ADDRESS"

// A part is one piece of an address with its mark: «г. Казань», «улица Мира», «дом 5 корпус 2», «второй подъезд».
type part struct {
	kind     partKind
	from, to int  // tokens
	value    int  // where it begins without its label, which counts only inside an address
	typed    bool // a word of addresses says what it is
	weak     bool // rooms and offices, which alone are no address
	last     bool // nothing may follow
	door     bool // the code of a door, which is an address by itself
	joined   bool // a preposition joins it to the part before
}

type partKind uint8

const (
	partIndex partKind = 1 << iota
	partRegion
	partTown
	partStreet
	partHouse
	partFlat
	partLandmark

	partGeo = partRegion | partTown
)

// places is what the rules of addresses keep of one text.
type places struct {
	roles []role
	parts []part
	open  bool                // an address is in the conversation: its parts may follow
	asked ask                 // what the previous speaker asked for
	ended int                 // where the last address of the text ends
	bare  int                 // where a house number may stand without its street, -1 for nowhere
	all   bool                // towns, regions and streets alone count too
	cued  bool                // a word of the message or of the question before it speaks of an address
	said  saidOf              // what was spoken of before
	next  bool                // the next turn asks for the house, or tells it: a street alone belongs to an address
	told  *[maxNumbers]uint64 // numbers of the address told just now, nil outside a conversation

	streets *[maxStreets]uint64 // words of the streets told in the conversation
}

const (
	// maxParts bounds a chain, and maxRetries how many parts of one that is no address may begin another: a list of
	// towns is read once, and a hostile text costs no more than its length times this.
	maxParts     = 24
	maxRetries   = 8
	scoreAddress = 0.97
	scorePart    = 0.9 // a part told apart from its address
	scorePlace   = 0.6 // a town, a region or a street alone: many of them are names too
)

// begin makes room for the roles of so many tokens.
func (p *places) begin(tokens int) {
	p.roles = slices.Grow(p.roles[:0], tokens)[:tokens]
	clear(p.roles)
}

// recognizePlaces finds chains of parts and keeps those that lead to a door.
func recognizePlaces(dst []Span, t *Text) []Span {
	p := &t.places
	p.begin(len(t.tok))
	asked := p.asked != 0 || t.asked == vocabulary.Address || t.asked == vocabulary.Index
	p.cued, p.bare, p.ended = asked || t.on&onAddress != 0, -1, 0
	if p.asked&askPart != 0 && (t.asked == vocabulary.NoCue || t.asked == vocabulary.Address || p.asked&askCode != 0 || p.open && p.said&saidFloor != 0) {
		p.bare = t.answerStart()
	} else if p.open && p.said&saidLast != 0 && (t.asked == vocabulary.NoCue || t.asked == vocabulary.Address) {
		p.bare = t.correctionStart()
	}
	dst = t.correctedLetter(dst)
	if asked || p.all || p.next {
		dst, _ = t.addressesIn(dst, 0, len(t.tok))
		return dst
	}
	next := 0
	for k := range t.triggers {
		if t.triggers[k].on&anchors == 0 {
			continue
		}
		if lead, to := t.anchored(k); to > next {
			dst, next = t.addressesIn(dst, max(next, int(t.triggers[k].at)-lead), to)
		}
	}
	return dst
}

// placesNear reports that streets, houses or doors are spoken of around token i, or were before.
func (t *Text) placesNear(i int) bool {
	if t.places.said&saidPlaces != 0 {
		return true
	}
	for j := max(0, i-maxLead); j < len(t.tok) && j <= i+maxLead; j++ {
		if t.speaksOfPlace(j) {
			return true
		}
	}
	return false
}

// speaksOfPlace reports a word for a street, a house or a door, or for what stands by one.
func (t *Text) speaksOfPlace(i int) bool {
	return t.tok[i].vocab.Cue() == vocabulary.Address || t.tok[i].n > 1 && t.has(i, roleStreet|roleHouse|roleFlat|roleLandmark)
}

// correctedLetter finds the letters of a house told just now: «не бэ а вэ».
func (t *Text) correctedLetter(dst []Span) []Span {
	if t.places.told == nil || t.places.told[0] == 0 {
		return dst
	}
	for i := 1; i < len(t.tok) && i < maxPieceWords; i++ {
		if !t.says(i-1, "не") || !t.plainLetter(i) {
			continue
		}
		right := i + 1
		if t.sign(right, ',') {
			right++
		}
		if t.says(right, "а") && t.plainLetter(right+1) {
			return append(dst, t.span(i, i+1, ADDRESS, scorePart, rulePart), t.span(right+1, right+2, ADDRESS, scorePart, rulePart))
		}
	}
	return dst
}

const (
	maxLead  = 16 // how many tokens before its first anchor an address begins
	maxBare  = 8  // and before a number, where only the name of its street can stand
	maxOffer = 2  // and where a flat is on sale
	maxDelay = 5  // and behind its word: «дом сейчас э двенадцать»
)

// anchors are the triggers of which anchored asks.
const anchors = onAddress | onStreet | onPart | onNumber | onSaid | onCue

// anchored gives how far before the k-th trigger an address with this anchor begins, and up to which token; 0 if it is no
// anchor. Where nobody asks for an address, none can be without a cue or two of these: a word of addresses, the word for a
// street, a number. Once one was told, a number will do.
func (t *Text) anchored(k int) (lead, to int) {
	at := t.triggers[k]
	lead, to = maxLead, int(at.at)+1
	switch {
	case at.on&onAddress != 0:
		to += cueBefore
	case at.on&onStreet != 0 && (t.triggerNear(k, onNumber|onSaid|onStreet|onPart) || t.tok[at.at].kind == latinToken), // with any town
		at.on&onPart != 0 && t.triggerNear(k, onNumber|onSaid|onStreet):
		to += maxDelay
	case (t.places.open || t.places.said&(saidPlaces|saidDoor) != 0) && at.on&(onNumber|onSaid) != 0:
		lead = maxBare
	case t.places.open && at.on&onPart != 0 && t.has(int(at.at), roleDistrict):
		to += maxDelay
	case at.on&(onNumber|onSaid) != 0 && t.offered(int(at.at)-1):
		lead = maxOffer
	case at.on&onCue != 0 && t.says(int(at.at), "код кода коды") && t.doorNear(int(at.at)):
		lead, to = 0, to+maxDelay
	default:
		return 0, 0
	}
	return lead, min(to, len(t.tok))
}

// triggerNear reports whether one of the wanted triggers stands so near to the k-th that they may belong to one address.
func (t *Text) triggerNear(k int, wanted trigger) bool {
	at := t.triggers[k].at
	for j := k - 1; j >= 0 && at-t.triggers[j].at <= maxLead; j-- {
		if t.triggers[j].on&wanted != 0 {
			return true
		}
	}
	for j := k + 1; j < len(t.triggers) && t.triggers[j].at-at <= maxLead; j++ {
		if t.triggers[j].on&wanted != 0 {
			return true
		}
	}
	return false
}

// addressesIn appends the addresses that begin at tokens from to to, and gives the token behind the last one.
func (t *Text) addressesIn(dst []Span, i, to int) ([]Span, int) {
	for i < to {
		if !t.mayBegin(i) {
			i++
			continue
		}
		t.chain(i)
		parts := t.places.parts
		t.delayed(i)
		if len(parts) == 0 {
			i++
			continue
		}
		score, rule := t.accept(parts)
		if rule == "" {
			i = parts[max(0, len(parts)-maxRetries)].to
			continue
		}
		t.places.open = true // for what the same message adds
		last := parts[len(parts)-1]
		t.places.ended = last.to
		dst = append(dst, t.span(parts[0].value, last.to, ADDRESS, score, rule))
		i = last.to
	}
	return dst, i
}

// delayed lets a house number stand behind its word and a pause: «дом сейчас э двенадцать».
func (t *Text) delayed(i int) {
	flat := t.places.open && t.says(i, "подъезд этаж квартира")
	if !t.places.open && !t.places.cued || !t.has(i, roleHouse) && !flat {
		return
	}
	next := i + 1
	for n := 0; n < maxDelay && t.near(next) && (t.tok[next].vocab.Class == vocabulary.Filler || t.says(next, "сейчас секунду щас ой") || flat && (t.sign(next, ',') || t.says(next, "с со двора торца улицы слева справа"))); n++ {
		next++
	}
	if next > i+1 && t.near(next) && t.has(next, roleNumber) {
		t.places.bare = next
	}
}

// mayBegin reports whether an address may begin at token i: most words of a message begin none, and a look at their
// roles is enough to see it.
func (t *Text) mayBegin(i int) bool {
	tok, r := &t.tok[i], t.role(i)
	switch {
	case i == t.places.bare:
		return true
	case r&roleNumber != 0:
		return !t.counts(i)
	case r&^roleStop != 0:
		return r&^(roleStop|roleLandmark|roleStation) != 0
	case tok.kind == signToken:
		return tok.key == '#'
	case r == roleStop && tok.n <= 3 && tok.vocab.Class == vocabulary.NearName: // «с. Ивановка», but not «с вами»
		return tok.n == 1 && i+1 < len(t.tok) && t.tok[i+1].kind == signToken
	case tok.vocab.Class == vocabulary.Filler || tok.vocab.Class == vocabulary.Stop:
		return false
	case tok.n <= 3 || tok.kind != wordToken && tok.vocab.Class == vocabulary.CueWord:
		return true
	case tok.vocab.Class == vocabulary.CueWord:
		return tok.vocab.Cue() == vocabulary.Index || t.isDoorLabel(i)
	case tok.shape == lower && tok.kind == wordToken:
		return r == 0 && (t.unknownStreet(i) || (t.places.open || t.places.cued) && (t.streetLike(i) || t.streetPrefix(i)))
	}
	return r == 0
}

// minUnit is how many letters a unit has that is no abbreviation of an address.
const minUnit = 4

// counts reports whether the number at token i counts something, «сорок минут», and so begins no address, unless it is a
// postcode. Most numbers of a call do.
func (t *Text) counts(i int) bool {
	end, digits := i+1, int32(t.tok[i].n)
	if g := t.groupIndex(i); g >= 0 && t.tok[i].kind != numberToken {
		end, digits = int(t.numbers.groups[g].to), t.numbers.groups[g].n
	}
	if end >= len(t.tok) || digits >= indexDigits || i == t.places.bare {
		return false
	}
	unit := &t.tok[end]
	return unit.vocab.Class == vocabulary.Unit && unit.kind == wordToken && unit.n >= minUnit && unit.gap == oneSpace && t.has(end, roleStop) &&
		!t.says(end, countedWords)
}

// chain reads the parts that follow each other from token i.
func (t *Text) chain(i int) {
	p := &t.places
	p.parts = p.parts[:0]
	for joined := false; len(p.parts) < maxParts && i < len(t.tok); {
		next, ok := t.part(i)
		if !ok {
			break
		}
		next.joined = joined
		p.parts = append(p.parts, next)
		if i = t.nextPart(next); i < 0 || next.last {
			break
		}
		joined = t.has(i-1, roleStop)
	}
	for n := len(p.parts); n > 1 && !t.mayEnd(p.parts, n); n-- {
		p.parts = p.parts[:n-1]
	}
}

// mayEnd reports whether the chain may end with its n-th part: a town or region at the end needs its comma, because
// in speech it may begin the next thought.
func (t *Text) mayEnd(parts []part, n int) bool {
	last := parts[n-1]
	return last.kind&partGeo == 0 || last.typed || t.sign(last.from-1, ',') || kindsOf(parts[:n-1])&(partHouse|partFlat|partStreet) == 0
}

// nextPart gives where the part behind p may begin, -1 if the address ends with p.
func (t *Text) nextPart(p part) int {
	i := p.to
	comma := false
	if t.sign(i, ',') {
		comma = true
		i++
	} else if t.sign(i, '-') && i+1 < len(t.tok) && t.tok[i].gap != noGap && t.tok[i+1].gap != noGap || t.sign(i, '/') && t.isWord(i+1) && t.tok[i].gap != lineGap {
		i++
	}
	for n := 0; n < 2 && t.near(i) && t.tok[i].vocab.Class == vocabulary.Filler && !t.says(i, "это и") && !(t.sign(i+1, '/') && t.glued(i+1)); n++ {
		i++
	}
	if p.kind&partGeo != 0 && t.near(i) && t.says(i, "на по в") && t.has(i+1, roleMarker|roleNamed) {
		i++
	}
	if p.kind == partTown && !comma && t.districtUnmarked(i) {
		i++
	}
	if p.kind == partHouse && p.typed && t.says(i, "по") && t.near(i) && t.streetWord(i+1) > 0 {
		i++ // «дом 12 по улице Складской»
	}
	switch {
	case i >= len(t.tok):
		return -1
	case t.tok[i].gap == lineGap && !comma && p.kind&(partGeo|partIndex) == 0:
		return -1
	}
	return i
}

// districtUnmarked reports a word between a town and the word for a street, which names a part of the town:
// «самара зубчаниновка улица …».
func (t *Text) districtUnmarked(i int) bool {
	if !t.near(i) || !t.nameable(i) || t.tok[i].kind != wordToken || t.tok[i].vocab.Class != vocabulary.None || t.tok[i].n < 5 || t.has(i, rolePerson) ||
		t.says(i, "доставка доставку самовывоз нужна нужен только") {
		return false
	}
	return t.near(i+1) && t.says(i+1, "улица ул проспект пр переулок пер проезд шоссе бульвар") && t.streetName(i+1, t.streetWord(i+1)) > 0 && t.streetBefore(i) == 0
}

// part reads one part at token i. What it may be depends on the parts before it.
func (t *Text) part(i int) (part, bool) {
	if t.tok[i].kind == signToken && !t.sign(i, '«') && !t.sign(i, '"') && !t.sign(i, '#') && !t.sign(i, '№') {
		return part{}, false
	}
	seen, r, tok := kindsOf(t.places.parts), t.role(i), &t.tok[i]
	short := tok.kind == wordToken && tok.n <= 3 // an abbreviation may be anything
	foreign := tok.kind != wordToken && (tok.shape != lower || t.sign(i+1, '-'))
	label := tok.vocab.Class == vocabulary.CueWord
	if (r&roleNumber != 0 || label) && seen&partIndex == 0 {
		if p, ok := t.index(i); ok {
			return p, true
		}
	}
	if short || foreign || tok.n == 1 || r&(roleStreet|roleNamed|roleNumber) != 0 {
		if p, ok := t.street(i); ok {
			return p, true
		}
	}
	if short || r&(roleHouse|roleNumber) != 0 {
		if p, ok := t.house(i, seen); ok {
			return p, true
		}
	}
	if short || label || i == t.places.bare || r&(roleFlat|roleNumber|roleAdjective) != 0 || tok.kind != wordToken && t.mayBeFlat(i) {
		if p, ok := t.flat(i, seen); ok {
			return p, true
		}
	}
	if (short && tok.n <= 2 || foreign || r&(roleDistrict|roleAdjective|roleRegion) != 0) && r&roleNumber == 0 {
		if p, ok := t.region(i); ok {
			return p, true
		}
	}
	if r&roleTown != 0 && t.streetFirst(i) {
		if p, ok := t.untypedStreet(i, seen); ok {
			return p, true
		}
	}
	if t.mayBeTown(i, r, seen) && !t.offered(i) {
		if p, ok := t.town(i); ok {
			return p, true
		}
	}
	if end := max(t.townOfRegion(i), t.townBeforeStreet(i)); end > 0 {
		return part{kind: partTown, from: i, value: i, to: end}, true
	}
	if p, ok := t.untypedStreet(i, seen); ok {
		return p, true
	}
	return t.landmark(i, seen)
}

// mayBeFlat reports a sign or a foreign word with which a flat or the code of a door may begin.
func (t *Text) mayBeFlat(i int) bool {
	tok := &t.tok[i]
	return tok.n <= 2 || tok.vocab.Class == vocabulary.Letter || t.says(i, "ground first second third code gate door entry key")
}

// mayBeTown reports what a town may begin with: a foreign one stands behind other parts or has a capital.
func (t *Text) mayBeTown(i int, r role, seen partKind) bool {
	tok := &t.tok[i]
	switch {
	case tok.kind != wordToken:
		return seen != 0 || tok.kind != numberToken && tok.shape != lower || r&(roleSettlement|roleTown|roleNamePart) != 0
	case r&roleNumber != 0:
		return false
	}
	return tok.n <= 3 || r&(roleSettlement|roleTown|roleNamePart) != 0 || r&roleAdjective != 0 && (t.settlementWord(i) > 0 || t.heightTown(i) > 0)
}

func kindsOf(parts []part) partKind {
	var k partKind
	for i := range parts {
		k |= parts[i].kind
	}
	return k
}

const (
	ruleChain  = "address/chain"
	ruleStreet = "address/street" // without its house
	rulePart   = "address/part"
	rulePlace  = "address/place"
)

// accept decides whether the parts are an address, and how sure that is. No rule means that they are none.
func (t *Text) accept(parts []part) (float32, string) {
	kinds, typed, strong, strongFlat, door := kindsOf(parts), partKind(0), false, false, false
	for i := range parts {
		door = door || parts[i].door
		if parts[i].typed {
			typed |= parts[i].kind
		}
		strong = strong || parts[i].kind&(partFlat|partHouse) != 0 && !parts[i].weak
		strongFlat = strongFlat || parts[i].kind == partFlat && !parts[i].weak
	}
	has := func(k partKind) bool { return kinds&k == k }
	geo, first := kinds&partGeo != 0, parts[0].from
	cued := t.cuedAddress(first)
	score, rule := float32(scoreAddress), ruleChain
	var ok bool
	switch {
	case has(partStreet | partHouse), has(partStreet | partFlat):
		ok = true
	case has(partStreet) && kinds&(partGeo|partIndex) != 0:
		rule = ruleStreet
		ok = typed&partStreet != 0 && !joinedIn(parts) || cued || t.places.next
	case geo && has(partHouse):
		ok = (typed&(partHouse|partTown) != 0 || cued) && !(len(parts) == 2 && !cued && t.isComplex(first))
	case geo && has(partFlat) && (strongFlat || t.isGarages(first)), has(partHouse|partFlat) && (strongFlat || cued):
		ok = true
	case has(partRegion|partTown) && typed&partGeo == partGeo:
		score, rule = scorePart, rulePart
		ok = t.places.open && t.villageIn(parts) // «раменский район деревня кузяево»
	case has(partIndex):
		ok = geo || t.indexCued(parts[0]) || t.places.open && t.places.asked != 0 && t.hintFor(parts[0].from, parts[0].to).cue != vocabulary.Order
	case has(partStreet):
		score, rule = scorePart, ruleStreet
		ok = t.places.said&saidHouse != 0 && first < maxPieceWords && len(t.tok) <= maxAnswer && typed&partStreet != 0 || t.askedAddress(first) || t.places.next || t.places.asked&askStreet != 0 && first < maxPieceWords && t.onlySmall(parts[len(parts)-1].to)
	case has(partRegion) && t.places.open && t.echoes(first) && typed&partRegion != 0:
		score, rule = scorePart, rulePart // «это Шуйский район?»
		ok = t.onlySmall(parts[len(parts)-1].to) && t.sign(len(t.tok)-1, '?')
	case kinds&(partHouse|partFlat) != 0:
		score, rule = scorePart, rulePart
		ok = door || t.places.asked&askDoor != 0 && first < maxAnswer || t.places.open && (strong || t.echoes(first) || t.places.asked&askPart != 0 && first < maxAnswer || t.places.ended > 0 && first-t.places.ended < maxPieceWords)
	}
	if !ok && t.places.all && (geo || has(partStreet)) {
		return scorePlace, rulePlace
	}
	if !ok {
		return 0, ""
	}
	return score, rule
}

// villageIn reports a settlement that is no town among the parts: its district and it lead to a door.
func (t *Text) villageIn(parts []part) bool {
	for i := range parts {
		if parts[i].kind == partTown && t.says(parts[i].from, "деревня деревне деревню дер село селе поселок поселке пос хутор станица снт днт снп кп") {
			return true
		}
	}
	return false
}

// echoes reports that token i begins a turn right behind one with an address.
func (t *Text) echoes(i int) bool {
	return t.places.told != nil && t.places.told[0] != 0 && t.leadsTo(i)
}

// isComplex reports a housing estate, whose houses are for sale: «ЖК «Заря», корпус 3».
func (t *Text) isComplex(i int) bool {
	return t.says(i, "жк комплекс")
}

// isGarages reports an association of garages: its boxes are doors.
func (t *Text) isGarages(i int) bool {
	return t.says(i, "гск гпк кооператив гаражный гаражном гаражно")
}

func joinedIn(parts []part) bool {
	for i := range parts {
		if parts[i].joined {
			return true
		}
	}
	return false
}

// maxAnswer is how far into a turn the answer to a question may begin.
const maxAnswer = 8

// cuedAddress reports whether a word before token i, or the previous speaker, speaks of an address.
func (t *Text) cuedAddress(i int) bool {
	for steps := 0; i > 0 && steps < maxAnswer; steps++ {
		i--
		if c := t.tok[i].vocab.Cue(); c == vocabulary.Address || c == vocabulary.Index {
			return true
		} else if c != vocabulary.NoCue {
			return false
		}
		if steps > 0 && t.tok[i+1].gap == lineGap {
			break
		}
	}
	return t.askedAddress(i)
}

// askedAddress reports whether the previous speaker asked for an address that may begin at token i.
func (t *Text) askedAddress(i int) bool {
	return i < maxAnswer && (t.asked == vocabulary.Address || t.asked == vocabulary.NoCue && t.places.asked&askAddress != 0)
}
