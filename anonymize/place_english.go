package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// English puts the house before the street and the word for a street behind its name: "96 Otter Creek Dr, Apt 4, Albany",
// "twelve forty five maple street apartment three b". So the number is where an address is looked for.

const (
	ruleEnglish    = "address/english"
	maxLaneWords   = 5 // "Martin Luther King Jr Drive"
	maxHouseWords  = 8 // "one thousand two hundred and forty five"
	maxHouseWidth  = 6 // digits of a house: "12450", "102345"
	maxTailParts   = 8
	maxLeadParts   = 3
	minPlainTokens = 2
)

// recognizeEnglishPlaces finds the addresses of English text, and their parts where an address is open.
func recognizeEnglishPlaces(dst []Span, t *Text) []Span {
	if t.writing.kinds[latinToken] == 0 {
		return dst
	}
	end := 0
	for _, at := range t.triggers {
		i := int(at.at)
		if i < end {
			continue
		}
		from, to := 0, 0
		switch {
		case at.on&onAddress != 0:
			if from, to = t.saidPostcode(i); to <= from {
				from, to = t.cuedPostcode(i)
			}
		case at.on&(onNumber|onSaid) == 0:
			continue
		default:
			from, to = t.englishAddress(i)
		}
		if to <= from {
			continue
		}
		dst = append(dst, t.span(from, to, ADDRESS, scoreAddress, ruleEnglish))
		t.places.open = true
		end = to
	}
	return t.englishAnswer(dst)
}

// englishAddress reads the address whose house, or box, ends with the number at token i; to is 0 if there is none.
func (t *Text) englishAddress(i int) (from, to int) {
	if t.isFigureAt(i+1) && t.near(i+1) {
		return 0, 0 // the number goes on
	}
	from, name := t.laneHouse(i)
	if from < 0 {
		return 0, 0
	}
	if box := t.boxBefore(from); box >= 0 {
		return box, t.englishTail(i + 1)
	}
	to, street := t.laneEnd(name)
	if to == 0 {
		return 0, 0
	}
	tail := t.englishTail(to)
	if !street.written && tail == to && !t.mayStandAlone(from, name, to, street) {
		return 0, 0
	}
	return t.englishLead(from), tail
}

// isFigureAt reports a number written or said at token i.
func (t *Text) isFigureAt(i int) bool {
	return i >= 0 && i < len(t.tok) && (t.tok[i].kind == numberToken || t.isCount(i))
}

// isCount reports a cardinal in words.
func (t *Text) isCount(i int) bool {
	return i >= 0 && i < len(t.tok) && t.tok[i].kind == latinToken && (t.tok[i].vocab.Class == vocabulary.Num || t.tok[i].vocab.Class == vocabulary.Times)
}

// laneHouse gives the first token of the house number that ends with token i, and the token behind it and its letter; from is
// -1 if no house stands there.
func (t *Text) laneHouse(i int) (from, name int) {
	name = i + 1
	if t.glued(name) && t.isLatin(name) && t.tok[name].n == 1 { // "14A"
		name++
	} else if t.near(name) && t.isLatin(name) && t.tok[name].n == 1 && t.compass(name) == 0 && t.isLatin(name+1) {
		name++ // "two twenty one b baker street"
	}
	if t.isCount(i) {
		from = i
		for from > 0 && i-from < maxHouseWords && t.near(from) && (t.isCount(from-1) || t.says(from-1, "and") && t.says(from-2, "hundred thousand")) {
			from--
		}
		return from, name
	}
	if t.tok[i].kind != numberToken || t.tok[i].n > maxHouseWidth {
		return -1, 0
	}
	for from = i; from > 1 && i-from < maxHouseWords && t.glued(from) && t.glued(from-1) && (t.sign(from-1, '-') || t.sign(from-1, '/')) && t.tok[from-2].kind == numberToken; {
		from -= 2 // "22-24", "3/27"
	}
	if from < i && t.sign(i-1, '/') && from > 0 && t.near(from) && t.tok[from-1].kind == numberToken {
		from-- // "12 1/2"
	}
	if t.continued(from) || t.sign(from-1, '$') || t.sign(from-1, '£') || t.sign(from-1, '€') {
		return -1, 0
	}
	return from, name
}

func (t *Text) isLatin(i int) bool { return i >= 0 && i < len(t.tok) && t.tok[i].kind == latinToken }

// A lane is what the words of an English street say of it.
type lane struct {
	written bool // capitals say that it is a name
	weak    bool // its last word is more often another thing: "drive", "place"
	plain   bool // no word of its name is anything but an ordinary one
}

// laneEnd gives the token behind the street whose name begins at token i, 0 if there is none.
func (t *Text) laneEnd(i int) (int, lane) {
	street := lane{plain: true}
	if i < len(t.tok) && (t.tok[i].kind == signToken || t.tok[i].kind == wordToken) {
		return 0, street
	}
	if c := t.compass(i); c > 0 && t.near(i) {
		i = c
	}
	if end := t.laneAlone(i); end > 0 {
		street.written = t.capital(i)
		return end, street
	}
	capitals := 0
	for words := 0; words <= maxLaneWords && t.near(i); words++ {
		if words > 0 && t.isLane(i) {
			street.weak = t.isWeakLane(i)
			street.written = capitals > 0 && (t.capital(i) || !street.weak)
			for t.near(i+1) && t.isLane(i+1) && !t.isUnitWord(i+1) { // "Mill Hill Road"
				i++
				street.weak = t.isWeakLane(i)
			}
			return t.laneNumber(t.afterAbbreviation(i + 1)), street
		}
		next := t.laneWord(i)
		if next == 0 {
			return 0, street
		}
		if t.capital(i) || t.tok[i].kind == numberToken {
			capitals++
		}
		street.plain = street.plain && t.tok[i].kind == latinToken && lexicon.IsPlain(t.tok[i].key)
		i = next
	}
	return 0, street
}

// laneWord gives the token behind one word of the name of a street, 0 if the word at i can be none.
func (t *Text) laneWord(i int) int {
	tok := &t.tok[i]
	if tok.kind == numberToken && t.glued(i+1) && t.says(i+1, "st nd rd th") {
		return i + 2 // "5th"
	}
	if t.isCount(i) && tok.vocab.Arg >= 20 && tok.vocab.Arg < 100 && t.near(i+1) && t.tok[i+1].vocab.Class == vocabulary.Ord {
		return i + 2 // "forty second"
	}
	if tok.kind != latinToken && tok.kind != otherToken {
		return 0
	}
	switch tok.vocab.Class {
	case vocabulary.None, vocabulary.Ord, vocabulary.Month, vocabulary.PlaceWord:
	case vocabulary.NearName:
		switch tok.vocab.Hint() {
		case vocabulary.Small, vocabulary.Having, vocabulary.Self, vocabulary.You, vocabulary.Greeting, vocabulary.Speaking, vocabulary.Naming:
			return 0
		}
	case vocabulary.CueWord:
		if tok.shape == lower {
			return 0
		}
	default:
		return 0
	}
	if tok.n == 1 && !t.capital(i) || notInLane(tok, t, i) {
		return 0
	}
	i = t.wordsJoined(i)
	if (t.sign(i, '\'') || t.sign(i, '’')) && t.glued(i) && t.glued(i+1) && t.isLatin(i+1) {
		i += 2
	}
	if t.sign(i, '.') && t.glued(i) && t.tok[i-1].n <= 2 && t.near(i+1) {
		i++ // "St. Stephen's"
	}
	return i
}

// notInLane reports words that stand between a number and "drive", "way" or "street" where no street is meant.
func notInLane(tok *token, t *Text, i int) bool {
	return t.says(i, "mile miles block blocks star more other different same last next people guys houses cars doors square "+
		"feet foot ft times ways car close bedroom bed door more down up off away along across past into by per each "+
		"every this that those these whole further only just blocked lanes lane way") && (tok.shape == lower || t.says(i, "square mile bedroom star")) && !(t.says(i, "lane close square") && t.capital(i))
}

// isLane reports the last word of an English street.
func (t *Text) isLane(i int) bool {
	return t.isLatin(i) && t.tok[i].n < 11 && (t.isStrongLane(i) || t.isWeakLane(i))
}

func (t *Text) isStrongLane(i int) bool {
	return t.says(i, "street str st road rd avenue ave av lane ln boulevard blvd terrace crescent cres mews parkway pkwy highway hwy "+
		"circle cir gardens grove quay wharf esplanade turnpike pike prospekt alley freeway causeway embankment croft dr ct pl sq trl ter gdns "+
		"vale wynd gate parade heights hollow cove glen")
}

// isWeakLane reports words that end the names of streets and mean much else: "a ten minute drive", "the other way".
func (t *Text) isWeakLane(i int) bool {
	return t.says(i, "drive court place way close square hill walk row park trail loop rise view green run path point crossing plaza ridge "+
		"bend pass chase drove fields meadow meadows mount end yard common side mill bank creek commons landing spur square villas")
}

// laneAlone gives the token behind a street that has no word behind its name, 0 if none begins at i: "Broadway", "Highway 9",
// "Rue Sainte-Catherine".
func (t *Text) laneAlone(i int) int {
	switch {
	case !t.near(i) || t.tok[i].lists == 0:
	case t.says(i, "broadway piccadilly whitehall embarcadero strand cheapside haymarket"):
		return i + 1
	case t.says(i, "the") && t.says(i+1, "strand esplanade crescent avenue green parade drive mall terrace square close grove mews") && t.capital(i+1):
		return i + 2
	case t.says(i, "the") && t.says(i+1, "paddock paddocks croft meadows orchard orchards limes elms oaks beeches poplars willows maltings spinney cloisters glade glebe "+
		"hollies firs pines cedars gables laurels ridings rowans warren fairway quadrant broadway mallards links moorings pastures"):
		return i + 2
	case t.says(i, "highway hwy route rr") && t.near(i+1) && t.isFigureAt(i+1):
		return t.laneNumber(i + 1)
	case t.says(i, "rue calle via avenue") && t.capital(i) && t.capital(i+1) && t.near(i+1):
		end := t.wordsJoined(i + 1)
		for n := 0; n < 2 && t.near(end) && t.capital(end); n++ {
			end = t.wordsJoined(end)
		}
		return end
	}
	return 0
}

// laneNumber passes over the number behind "County Road", "Highway".
func (t *Text) laneNumber(i int) int {
	if !t.says(i-1, "highway hwy route road rr") || t.says(i-1, "road") && !t.says(i-2, "county state farm forest ranch") || !t.near(i) {
		return i
	}
	for n := 0; n < 4 && t.near(i) && t.isFigureAt(i); n++ {
		i++
	}
	return i
}

// mayStandAlone reports whether the words of a street in lower case are an address with nothing behind them.
func (t *Text) mayStandAlone(from, name, to int, street lane) bool {
	before := from - 1
	for t.says(before, "number no just uh um") || t.sign(before, ',') {
		before--
	}
	if t.says(before, "a an the my our every per") {
		return false
	}
	if !t.laneMayEnd(to) && (street.weak || !t.cuedAddress(from)) {
		return false
	}
	led := before < 0 || t.tok[before+1].gap == lineGap || t.says(before, "at to is s live lives on from in near outside for address it yes yeah ok okay") ||
		t.tok[before].vocab.Cue() == vocabulary.Address || t.isUnitWord(before) || t.tok[before].kind == signToken || t.cuedAddress(from)
	if street.weak && street.plain {
		return led && (t.places.open || t.cuedAddress(from) || t.says(before, "at to live lives"))
	}
	return led || !street.weak && !street.plain
}

// laneMayEnd reports whether an address may end before token i: at a sign, or at a word that goes on with the sentence.
func (t *Text) laneMayEnd(i int) bool {
	if i >= len(t.tok) || t.tok[i].gap == lineGap || t.tok[i].kind == signToken || t.tok[i].kind != latinToken {
		return true
	}
	switch t.tok[i].vocab.Class {
	case vocabulary.Filler, vocabulary.NearName, vocabulary.Stop, vocabulary.TLD, vocabulary.CueWord, vocabulary.Symbol:
		return true
	}
	return t.says(i, "now near next opposite behind by since until at thanks before after off just which right where so while because still")
}

// englishLead goes back from the house over a flat, "Flat 2, 88 Cardigan Road", and the name of the building.
func (t *Text) englishLead(from int) int {
	for range maxLeadParts {
		next := t.unitBefore(from)
		if next == from {
			next = t.buildingBefore(from)
		}
		if next == from {
			break
		}
		from = next
	}
	return from
}

// unitBefore gives the first token of the flat that ends before token i.
func (t *Text) unitBefore(i int) int {
	if t.isUnitWord(i-1) && t.near(i) && (t.isCount(i) || t.isFigureAt(i)) {
		return i - 1 // "flat two eighty eight cardigan road": the number of the flat begins what was taken for the house
	}
	j := i
	if t.sign(j-1, ',') {
		j--
	}
	end := j
	if j > 0 && t.isLatin(j-1) && t.tok[j-1].n == 1 && t.near(j) {
		j--
	}
	switch {
	case j > 0 && t.tok[j-1].kind == numberToken && t.tok[j-1].n <= maxFlatDigits:
		j--
	case t.isCount(j - 1):
		for n := 0; n < maxHouseWords && t.isCount(j-1); n++ {
			j--
		}
	case j == end:
		return i
	}
	if t.sign(j-1, '#') {
		j--
		if !t.isUnitWord(j - 1) {
			return j
		}
	}
	if t.sign(j-1, '.') && j > 1 && t.isUnitWord(j-2) {
		return j - 2
	}
	if j > 0 && t.isUnitWord(j-1) && t.tok[j].gap <= oneSpace {
		return j - 1
	}
	return i
}

// buildingBefore gives the first token of the name of a building before token i: "Rose Cottage, 5 Duck Lane".
func (t *Text) buildingBefore(i int) int {
	j := i
	comma := t.sign(j-1, ',')
	if comma {
		j--
	}
	if j < 1 || !t.isLatin(j-1) || !t.isBuilding(j-1) || t.tok[i].gap == lineGap && !comma {
		return i
	}
	if !t.capital(j - 1) {
		if j >= minPlainTokens && t.laneWord(j-2) == j-1 && t.says(j-1, "cottage lodge farm villa house") && !t.says(j-2, "the my our farm this") {
			return j - 2
		}
		return i
	}
	first := j - 1
	for n := 0; n < 3 && first > 0 && t.tok[first].gap == oneSpace && t.isLatin(first-1) && t.tok[first-1].shape == title; n++ {
		first--
	}
	if first == j-1 {
		return i
	}
	return first
}

func (t *Text) isBuilding(i int) bool {
	return t.says(i, "house cottage lodge court farm barn hall villa manor mansions building tower towers apartments flats rectory vicarage grange "+
		"wharf heights mill place point studios chambers buildings bungalow croft plaza residences lofts cottages flat")
}

// isUnitWord reports a word for a part of a house: "apt", "suite", "flat".
func (t *Text) isUnitWord(i int) bool {
	return t.isLatin(i) && t.says(i, "flat apartment apt unit suite ste room rm apartments penthouse studio")
}

// compass gives the token behind a direction, "NW", "south", 0 if none stands at i.
func (t *Text) compass(i int) int {
	if !t.isLatin(i) {
		return 0
	}
	if t.says(i, "north south east west northeast northwest southeast southwest") {
		return i + 1
	}
	if !t.says(i, "n s e w ne nw se sw") || t.glued(i) {
		return 0
	}
	if i+2 < len(t.tok) && t.sign(i+1, '.') && t.glued(i+2) && t.says(i+2, "w e") { // "N.W."
		i += 2
	}
	return t.afterAbbreviation(i + 1)
}

// boxBefore gives the first token of "P.O. Box" before the number at token i, -1 if it stands there not.
func (t *Text) boxBefore(i int) int {
	if !t.says(i-1, "box") {
		return -1
	}
	switch {
	case t.says(i-2, "po pob"):
		return i - 2
	case t.says(i-2, "office") && t.says(i-3, "post"):
		return i - 3
	case t.says(i-2, "o") && t.says(i-3, "p"):
		return i - 3
	case t.sign(i-2, '.') && t.says(i-3, "o") && t.says(i-5, "p"):
		return i - 5
	case t.sign(i-2, '.') && t.says(i-3, "o") && t.says(i-4, "p"):
		return i - 4
	}
	return -1
}
