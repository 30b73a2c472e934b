package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A role is what a word may do in an address. A word may have several.
type role uint32

const (
	roleStreet role = 1 << iota
	roleHouse
	roleFlat
	roleSettlement // «город»
	roleDistrict   // «область»
	roleTown
	roleRegion
	roleStreetName // common in names of streets
	roleNamePart   // «Нижний» of «Нижний Новгород»
	roleStation
	rolePerson    // a name, which streets are called by
	roleAdjective // by its ending
	roleLandmark
	roleStop // never in a name
	roleNumber
	roleOrdinal
	roleKnown // looked up

	roleMarker = roleStreet | roleHouse | roleFlat | roleSettlement | roleDistrict
	roleNamed  = roleStreetName | rolePerson | roleTown | roleRegion | roleNamePart | roleAdjective
)

// rolesOf are the classes of package lexicon and the roles that they give.
var rolesOf = [...]struct {
	class lexicon.Class
	role  role
}{
	{lexicon.StreetType, roleStreet},
	{lexicon.HouseWord, roleHouse},
	{lexicon.FlatWord, roleFlat},
	{lexicon.Settlement, roleSettlement},
	{lexicon.District, roleDistrict},
	{lexicon.Toponym, roleTown},
	{lexicon.Region, roleRegion},
	{lexicon.StreetName, roleStreetName},
	{lexicon.NamePart, roleNamePart},
	{lexicon.MetroWord, roleStation},
	{lexicon.FirstName | lexicon.Diminutive | lexicon.Surname | lexicon.Patronymic, rolePerson},
}

var rolesOfPlace = [...]role{
	vocabulary.PlaceStreet: roleStreet, vocabulary.PlaceHouse: roleHouse, vocabulary.PlaceFlat: roleFlat,
	vocabulary.PlaceTown: roleTown, vocabulary.PlaceLandmark: roleLandmark, vocabulary.PlaceAsk: roleStop,
}

// placeTrigger notes the words that an address cannot be without: see anchored.
func placeTrigger(tok *token, class lexicon.Class) trigger {
	switch tok.vocab.Class {
	case vocabulary.PlaceWord:
		switch tok.vocab.Arg {
		case vocabulary.PlaceStreet:
			return onStreet
		case vocabulary.PlaceAsk:
			return 0
		}
		return onPart
	case vocabulary.CueWord:
		if c := tok.vocab.Cue(); c == vocabulary.Address || c == vocabulary.Index {
			return onAddress
		}
	}
	switch {
	case class.Is(lexicon.StreetType | lexicon.HouseWord):
		return onStreet
	case class.Is(lexicon.FlatWord | lexicon.Settlement | lexicon.District | lexicon.Toponym | lexicon.StreetName):
		return onPart
	}
	return 0
}

// abbreviationTrigger notes the sign behind one or two letters, as in «д.» and «пр-т», but not in «да.» and «вы-то». What
// stands before a hyphen is a street.
func (t *Text) abbreviationTrigger(i int) trigger {
	if !t.glued(i) {
		return 0
	}
	short := &t.tok[i-1]
	switch class := short.vocab.Class; {
	case short.kind != wordToken || short.n > 2:
		return 0
	case short.n == 2 && (class == vocabulary.NearName || class == vocabulary.Filler || class == vocabulary.Stop):
		return 0
	}
	if t.tok[i].key == '-' || t.says(i-1, "ш пр б м") {
		return onStreet
	}
	return onPart
}

// role gives the roles of token i, which are looked up once: most words stand where no rule asks for them.
func (t *Text) role(i int) role {
	if r := t.places.roles[i]; r != 0 {
		return r &^ roleKnown
	}
	return t.lookUpRole(i)
}

func (t *Text) lookUpRole(i int) role {
	r := rolesOfToken(&t.tok[i])
	t.places.roles[i] = r | roleKnown
	return r
}

func rolesOfToken(tok *token) role {
	if tok.kind == numberToken {
		return roleNumber
	}
	if tok.kind != wordToken && tok.kind != latinToken {
		return 0
	}
	var r role
	switch tok.vocab.Class {
	case vocabulary.Num, vocabulary.Figure, vocabulary.Times:
		return roleNumber
	case vocabulary.Ord:
		return roleNumber | roleOrdinal
	case vocabulary.Stop:
		return roleStop
	case vocabulary.Filler, vocabulary.RoleNoun, vocabulary.Year, vocabulary.Month, vocabulary.Tail, vocabulary.Ext, vocabulary.Office:
		return roleStop
	case vocabulary.NearName:
		if tok.key == keyUnder {
			return roleFlat
		}
		if h := vocabulary.Hint(tok.vocab.Arg); h != vocabulary.Job && h != vocabulary.Place && h != vocabulary.Thing {
			return roleStop
		}
	case vocabulary.PlaceWord:
		r = rolesOfPlace[tok.vocab.Arg]
		if tok.kind == latinToken {
			return r
		}
	case vocabulary.CueWord, vocabulary.Unit, vocabulary.Symbol, vocabulary.Letter:
		r = roleStop
	}
	if tok.class != 0 {
		for _, row := range rolesOf {
			if tok.class.Is(row.class) {
				r |= row.role
			}
		}
	}
	if tok.kind == wordToken && tok.n > 4 && isAdjective(tok.key) {
		r |= roleAdjective
	}
	if r&(roleMarker|roleTown) != 0 {
		r &^= roleStop
	}
	return r
}

// keyUnder is the key of «под», which stands for the entrance too: «под. 2».
const keyUnder = 3<<60 | 15<<10 | 14<<5 | 4

// isAdjective looks at the last letters, which a key holds lowest: names of streets are adjectives of any case,
// «Ленинградском».
func isAdjective(key uint64) bool {
	last, before, third := 'а'+rune(key&31), 'а'+rune(key>>5&31), 'а'+rune(key>>10&31)
	switch last {
	case 'я':
		return before == 'а' || before == 'я'
	case 'ю':
		return before == 'у' || before == 'ю'
	case 'й', 'м', 'х':
		return before == 'о' && last != 'х' || before == 'е' && last != 'х' || before == 'и' || before == 'ы'
	case 'е':
		return before == 'о' || before == 'е' || before == 'ы' || before == 'и'
	case 'о':
		return before == 'г' && (third == 'о' || third == 'е')
	case 'у':
		return before == 'м' && (third == 'о' || third == 'е')
	}
	return false
}

// has reports whether token i exists and has one of the roles.
func (t *Text) has(i int, r role) bool {
	return i >= 0 && i < len(t.tok) && t.role(i)&r != 0
}

// says reports whether token i is one of the words.
func (t *Text) says(i int, words wordList) bool {
	return uint(i) < uint(len(t.tok)) && words.hasToken(&t.tok[i])
}

// sign reports whether token i is this sign.
func (t *Text) sign(i int, key rune) bool {
	return i >= 0 && i < len(t.tok) && t.tok[i].kind == signToken && t.tok[i].key == uint64(key)
}

// glued reports whether token i exists and nothing stands before it.
func (t *Text) glued(i int) bool { return i > 0 && i < len(t.tok) && t.tok[i].gap == noGap }

// near reports whether token i exists and stands on the line of the token before it.
func (t *Text) near(i int) bool { return i > 0 && i < len(t.tok) && t.tok[i].gap != lineGap }

// isWord reports a word of any alphabet.
func (t *Text) isWord(i int) bool {
	return i >= 0 && i < len(t.tok) && t.tok[i].kind <= otherToken
}

// capital reports a word that begins with a capital letter.
func (t *Text) capital(i int) bool { return t.isWord(i) && t.tok[i].shape != lower }

// afterAbbreviation passes over the full stop of an abbreviation that ends before token i.
func (t *Text) afterAbbreviation(i int) int {
	if t.sign(i, '.') && t.glued(i) && t.near(i+1) && t.tok[i-1].n <= 6 && !(t.capital(i+1) && t.says(i-1, "дом дома этаж этаже офис корпус город село блок")) {
		return i + 1
	}
	return i
}

// hyphenated gives the token behind «first-second» at i, as in «пр-т», 0 if that does not stand there.
func (t *Text) hyphenated(i int, first, seconds wordList) int {
	if t.says(i, first) && t.sign(i+1, '-') && t.glued(i+1) && t.glued(i+2) && t.says(i+2, seconds) {
		return t.afterAbbreviation(i + 3)
	}
	return 0
}
