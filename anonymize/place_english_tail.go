package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// englishTail goes on from the street over what may follow it, in any order that people use: the flat, the floor, the town,
// the state, the postcode, the country.
func (t *Text) englishTail(end int) int {
	for range maxTailParts {
		next := t.tailPart(end)
		if next <= end {
			break
		}
		end = next
	}
	return end
}

// tailPart gives the token behind one part that begins at i or behind the comma there, 0 if none does.
func (t *Text) tailPart(i int) int {
	if c := t.compass(i); c > 0 && t.near(i) && !t.isLatin(c) || c > 0 && t.isUnitWord(c) || c > 0 && t.sign(c, ',') {
		return c // "Park Avenue South, suite 9"
	}
	comma := t.sign(i, ',')
	if comma || t.sign(i, '-') && i+1 < len(t.tok) && t.tok[i].gap != noGap && t.tok[i+1].gap != noGap {
		i++
	}
	if i >= len(t.tok) || t.tok[i].gap == wideGap && !comma {
		return 0
	}
	line := t.tok[i].gap == lineGap
	if end := t.unitAt(i); end > 0 {
		return end
	}
	if line && !t.capital(i) && t.tok[i].kind != numberToken {
		return 0
	}
	for _, read := range [...]func(*Text, int) int{(*Text).floorAt, (*Text).postcodeAt} {
		if end := read(t, i); end > 0 {
			return end
		}
	}
	if end := t.stateAt(i); end > 0 && !line && (comma || t.tok[i].n > 2) {
		if code := t.stateOrCode(end); code > 0 {
			return code
		}
		if t.laneMayEnd(end) {
			return end
		}
	}
	return t.townAt(i, comma, line)
}

// unitAt gives the token behind "Apt 4", "flat two b", "#12", "unit nine", 0 if none begins at i.
func (t *Text) unitAt(i int) int {
	if t.sign(i, '#') && t.near(i+1) {
		return t.unitNumber(i + 1)
	}
	if !t.isUnitWord(i) {
		return 0
	}
	i = t.afterAbbreviation(i + 1)
	if t.sign(i, '#') || t.sign(i, ':') || t.says(i, "number no") || t.says(i, "is") && t.places.open {
		i = t.afterAbbreviation(i + 1)
	}
	if !t.near(i) {
		return 0
	}
	return t.unitNumber(i)
}

// unitNumber gives the token behind the number or letter of a flat: "3B", "three b", "B", "A12".
func (t *Text) unitNumber(i int) int {
	switch {
	case i >= len(t.tok):
		return 0
	case t.tok[i].kind == numberToken && t.tok[i].n <= maxFlatDigits:
		i++
	case t.isCount(i):
		for n := 0; n < 4 && (n == 0 || t.near(i)) && t.isCount(i); n++ {
			i++
		}
	case t.isLatin(i) && t.tok[i].n == 1 && (t.tok[i].shape != lower || t.laneMayEnd(i+1)) && !t.says(i, "i"):
		i++
		if t.glued(i+1) && t.sign(i, '-') && t.tok[i+1].kind == numberToken {
			return i + 2
		}
		if t.glued(i) && t.tok[i].kind == numberToken {
			i++
		}
		return i
	default:
		return 0
	}
	if t.near(i) && t.isLatin(i) && t.tok[i].n == 1 && (t.tok[i].gap == noGap || !t.says(i, "i a s m") && t.compass(i) == 0 || t.says(i, "a") && t.laneMayEnd(i+1)) {
		i++
	}
	if t.measured(i) {
		return 0
	}
	return i
}

// floorAt gives the token behind "2nd floor", "third floor", 0 if none begins at i.
func (t *Text) floorAt(i int) int {
	if t.says(i, "floor") && t.near(i+1) && t.isFigureAt(i+1) {
		return i + 2
	}
	end := i + 1
	if t.tok[i].kind == numberToken && t.glued(i+1) && t.says(i+1, "st nd rd th") {
		end++
	} else if t.tok[i].vocab.Class != vocabulary.Ord && !t.says(i, "ground top") {
		return 0
	}
	if t.near(end) && t.says(end, "floor") {
		return end + 1
	}
	return 0
}

const maxTown = 3 // words: "Stow on the Wold" has more, and is found by its postcode

// townAt gives the token behind a town that ends an address or that a state or a postcode follows, 0 if none begins at i.
func (t *Text) townAt(i int, comma, line bool) int {
	first := i
	if !comma && t.says(i, "in") && t.near(i) && t.near(i+1) {
		first++
	}
	end := first
	for n := 0; n < maxTown && (n == 0 && (line || t.near(end)) || n > 0 && t.near(end)) && t.isTownWord(end); n++ {
		next := t.wordsJoined(end)
		if t.sign(next, '.') && t.glued(next) && t.says(end, "st ft mt co") && t.near(next+1) {
			next++
		}
		end = next
		if code := t.stateOrCode(end); code > 0 && first == i {
			return code
		}
		if known := t.knownTown(first, end); known && (comma || !line) {
			if t.isTownWord(end) && t.near(end) && t.knownTown(first, t.wordsJoined(end)) || t.near(end) && t.isTownWord(end) && t.stateOrCode(t.wordsJoined(end)) > 0 {
				continue
			}
			return t.district(end)
		}
	}
	if end == first || line || first > i {
		return 0
	}
	if t.capital(first) {
		ends := end >= len(t.tok) || t.tok[end].gap == lineGap || t.tok[end].kind == signToken && t.tok[end].key != '\'' && t.tok[end].key != '@'
		if !comma || !ends || t.isNamed(first) && !t.sign(end, ',') {
			return 0
		}
		if t.sign(end, ',') && (t.isNamed(first) || t.tailPart(end) == 0) && !t.laneMayEnd(end+1) {
			return 0
		}
		return t.district(end)
	}
	last := end - 1
	if word := &t.tok[last]; end >= len(t.tok) && (last == first || last == first+1 && t.isTownPrefix(first)) && !lexicon.IsPlain(word.key) && word.vocab.Class == vocabulary.None && !t.isNamed(last) && !t.writing.cased() {
		return end // "seventeen heron close swindon"
	}
	return 0
}

// district passes over the number of a postal district: "Dublin 2".
func (t *Text) district(i int) int {
	if t.says(i-1, "dublin") && t.near(i) && t.tok[i].kind == numberToken && t.tok[i].n <= 2 {
		return i + 1
	}
	return i
}

// isNamed reports a first name that is no town.
func (t *Text) isNamed(i int) bool {
	if !t.isWord(i) {
		return false
	}
	tok := &t.tok[i]
	return tok.class.Is(lexicon.FirstName|lexicon.Diminutive) && !tok.class.Is(lexicon.Toponym|lexicon.Region)
}

// isTownWord reports a word that may be in the name of a town.
func (t *Text) isTownWord(i int) bool {
	if !t.isLatin(i) || t.tok[i].n < 2 || t.isUnitWord(i) {
		return false
	}
	switch t.tok[i].vocab.Class {
	case vocabulary.None, vocabulary.PlaceWord, vocabulary.Ord:
		return true
	case vocabulary.NearName:
		switch t.tok[i].vocab.Hint() {
		case vocabulary.Thing, vocabulary.Noble, vocabulary.Make, vocabulary.Job:
			return t.tok[i].shape != lower || t.says(i, "el al")
		}
	}
	return t.tok[i].shape == title && t.tok[i].vocab.Class != vocabulary.Month && t.tok[i].vocab.Class != vocabulary.CueWord
}

// knownTown reports whether the words are a town or a region that the lexicon has.
func (t *Text) knownTown(from, to int) bool {
	suffix := to > from+1 && t.says(to-1, "city beach springs rock falls rapids wells oaks hills christi mesa park coral view alto keynes rouge worth town")
	if e, ok := t.tok[to-1].form.Entry(); !suffix && (!ok || !e.Class.Is(lexicon.Toponym|lexicon.Region)) {
		return false
	}
	for i := from; i < to-1; i++ {
		if !t.isTownPrefix(i) {
			return false
		}
	}
	return true
}

func (t *Text) isTownPrefix(i int) bool {
	return t.says(i, "new san los las santa saint st fort ft mount mt port north south east west great little upper lower el la palm "+
		"salt lake long royal milton king kings grand baton colorado virginia newport old high market des sioux cedar green overland round ann")
}

// stateOrCode gives the token behind a state, a postcode or both that follow a town before token i, 0 if neither does.
func (t *Text) stateOrCode(i int) int {
	if t.sign(i, ',') {
		i++
	}
	if !t.near(i) {
		return 0
	}
	if end := t.stateAt(i); end > 0 {
		next := end
		if t.sign(next, ',') {
			next++
		}
		if t.near(next) {
			if code := t.postcodeAt(next); code > 0 {
				return code
			}
			if t.tok[next].kind == numberToken && t.tok[next].n == 4 && t.says(end-1, "qld nsw vic wa sa tas act nt") {
				return next + 1
			}
		}
		if t.tok[i].n > 2 || t.tok[i].shape == upper || t.laneMayEnd(end) {
			return end
		}
		return 0
	}
	return t.postcodeAt(i)
}

// stateAt gives the token behind a state or province, "NY", "north carolina", 0 if none begins at i. Two letters in lower
// case count where an address leads to them.
func (t *Text) stateAt(i int) int {
	if !t.isLatin(i) {
		return 0
	}
	switch tok := &t.tok[i]; {
	case tok.n == 2:
		if isState(t.upperPair(i)) && (tok.shape == upper || tok.shape == lower && !t.says(i, "in or me hi ok oh la pa de id al")) {
			return i + 1
		}
		if tok.shape == upper && t.says(i, "on qc bc ab mb sk ns nb nl pe yt nt sa wa") {
			return i + 1
		}
		return 0
	case tok.n == 3 && tok.shape == upper && t.says(i, "qld nsw vic tas act usa"):
		return i + 1
	}
	if t.says(i, "new north south west rhode british nova northern united puerto") && t.near(i+1) &&
		t.says(i+1, "york jersey mexico hampshire carolina dakota virginia island columbia scotia brunswick ireland kingdom states rico wales yorkshire") {
		return i + 2
	}
	if t.says(i, "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky "+
		"louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee "+
		"texas utah vermont virginia washington wisconsin wyoming ontario quebec alberta manitoba saskatchewan england scotland wales ireland kent essex "+
		"surrey sussex devon cornwall dorset somerset norfolk suffolk hampshire berkshire yorkshire lancashire cheshire cumbria hertfordshire oxfordshire "+
		"gloucestershire wiltshire warwickshire staffordshire derbyshire nottinghamshire leicestershire lincolnshire cambridgeshire bedfordshire buckinghamshire fife canada "+
		"australia queensland victoria tasmania") {
		return i + 1
	}
	return 0
}

// upperPair gives two letters as capitals, one of the states in [isState].
func (t *Text) upperPair(i int) string {
	word := t.s[t.tok[i].start:t.tok[i].end]
	if t.tok[i].shape == upper || len(word) != 2 {
		return word
	}
	const pairs = "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPAPRRISCSDTNTXUTVTVAWAWVWIWY"
	for at := 0; at < len(pairs); at += 2 {
		if pairs[at] == word[0]&^0x20 && pairs[at+1] == word[1]&^0x20 {
			return pairs[at : at+2]
		}
	}
	return ""
}
