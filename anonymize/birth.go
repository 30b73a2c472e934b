package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// BIRTH_DATE is when somebody was born, also a part of it: day and month, the year.
const BIRTH_DATE Kind = "BIRTH_DATE"

// recognizeDates finds births among the dates. It looks at the persons in dst.
func recognizeDates(dst []Span, t *Text) []Span {
	if len(t.dates) > 0 {
		dst = t.births(dst)
	}
	return t.birthParts(dst)
}

func (t *Text) births(dst []Span) []Span {
	t.personEnds = t.personEnds[:0]
	for _, s := range dst {
		if s.Kind == PERSON {
			t.personEnds = append(t.personEnds, s.End)
		}
	}
	slices.Sort(t.personEnds)
	answered := false
	for _, d := range t.dates {
		h := t.hintFor(d.from, d.to)
		if (answered || t.about(birthTopic)) && h.at < 0 && d.year == 0 && !t.isStated(d) && t.doneOn(d.from) {
			continue // «… семьдесят восьмого, приеду восьмого июля»
		}
		if own := t.hintBefore(d.from, 0); h.at < 0 && (own.cue == vocabulary.Birth || own.cue == vocabulary.BirthCert) {
			h = own // a word of this turn, not what was asked for
		}
		for _, c := range [...]vocabulary.Cue{vocabulary.Birth, vocabulary.Issuer} { // what is asked for may be a date among others
			if h.at < 0 && h.cue != c && t.askedToo == c {
				h.cue, h.near = c, askedNear
			}
		}
		if score, rule := t.birth(d, h); score > 0 {
			dst = append(dst, t.span(d.from, d.to, BIRTH_DATE, score, rule))
			answered = true
			continue
		}
		switch {
		case h.cue == vocabulary.Issuer && h.near > 0.5 && d.year != 0 && t.topics[licenceTopic] <= t.topics[passportTopic] && (h.at < 0 || t.aboutPassport(h.at)):
			dst = append(dst, t.span(t.issuerAsked(d.from, h), d.to, PASSPORT, 0.8, "passport/issue-date"))
		case (h.cue == vocabulary.Expiry || h.cue == vocabulary.Card && t.expiryBefore(d.from)) && d.vague && t.aboutCard(d.from) && !t.expiresOther(d.from):
			dst = append(dst, t.span(d.from, d.to, CARD_EXPIRY, 0.8, "card-expiry/month-name"))
		}
	}
	return dst
}

// expiryBefore reports a word for an expiry shortly before token i: «срок действия карты октябрь двадцать девятого».
func (t *Text) expiryBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-maxPieceWords; j-- {
		if t.tok[j].vocab.Cue() == vocabulary.Expiry {
			return true
		}
	}
	return false
}

// maxAskedIssuer is how many words name who issued a paper where that was asked for.
const maxAskedIssuer = 8

// issuerAsked gives the first word of who issued a paper, told without a word for an office in answer to the question
// for it: «центральным округом города краснодара двадцатого мая …». It gives token to, the date, if there is none.
func (t *Text) issuerAsked(to int, h hint) int {
	if h.at >= 0 || to > maxAskedIssuer {
		return to
	}
	from := 0
	for from < to && (t.tok[from].kind == signToken || isSmall(t.tok[from].vocab) || t.says(from, "это")) {
		from++
	}
	if to-from < 2 || t.tok[from].vocab.Class != vocabulary.None || !t.has(from, roleAdjective) || 'а'+rune(t.tok[from].key&31) != 'м' {
		return to
	}
	for i := from; i < to; i++ {
		if !t.isWord(i) || t.tok[i].vocab.Class == vocabulary.CueWord || t.groupIndex(i) >= 0 {
			return to
		}
	}
	return from
}

// Births of people who buy: neither of the nineteenth century nor of the future.
const (
	firstBirthYear = 1915
	lastBirthYear  = 2026
	lastAdultYear  = 2008
)

// birth weighs a date as somebody's birth.
func (t *Text) birth(d date, h hint) (float32, string) {
	if d.year != 0 && (d.year < firstBirthYear || d.year > lastBirthYear) || d.vague && (h.cue != vocabulary.Birth || h.near < 0.6) {
		return 0, ""
	}
	switch {
	case h.cue == vocabulary.Birth && (h.near > 0.3 || h.at < 0), t.bornAfter(d.to):
		return 0.92, "birth-date/cue"
	case t.bornBefore(d.from):
		return 0.92, "birth-date/cue"
	case d.year == 0 && t.ageNear(d):
		return 0.7, "birth-date/age"
	case d.year == 0 && t.about(birthTopic) && (t.leadsTo(d.from) || t.corrects(d.from) || t.topics[birthTopic] == birthTurns && t.isStated(d)),
		d.year != 0 && d.year < lastBirthYear && t.about(birthTopic) && t.isStated(d):
		return 0.7, "birth-date/correction"
	case d.year != 0 && d.year <= lastAdultYear && h.cue == vocabulary.Order && t.passportAfter(d.to): // «для договора: 19.04.1982, паспорт …»
		return 0.7, "birth-date/person"
	case d.year != 0 && d.year < lastBirthYear && !d.vague && (h.cue == vocabulary.BirthCert && !t.issuedBefore(d.from) || t.isSubject(d.from-1)): // «свидетельство …, дата 27.09.2017»
		return 0.6, "birth-date/child"
	case d.year == 0 || h.cue == vocabulary.Issuer || h.cue == vocabulary.Expiry || h.cue == vocabulary.Order && h.near > 0.4:
		return 0, ""
	case t.personBefore(d.from):
		return 0.75, "birth-date/person"
	case d.year <= lastAdultYear:
		return 0.52, "birth-date/year"
	case d.year < lastBirthYear && t.childBefore(d.from):
		return 0.6, "birth-date/child"
	}
	return 0, ""
}

// ageNear reports that somebody comes of an age on the day: «мне 3 июня исполнится сорок».
func (t *Text) ageNear(d date) bool {
	for i := max(0, d.from-maxPieceWords); i < len(t.tok) && i < d.to+2; i++ {
		if t.says(i, "исполнится исполнилось исполняется исполнилась стукнет стукнуло") {
			return true
		}
	}
	return false
}

// doneOn reports a word before token i that tells what is done on a day: «приеду восьмого июля».
func (t *Text) doneOn(i int) bool {
	return t.isWord(i-1) && t.tok[i-1].vocab.Class == vocabulary.None && !t.corrects(i) && !t.birthCueBefore(i)
}

// isStated reports a date told as what it is, «двенадцатое июня», and not as a time of something: «приду двенадцатого июня».
func (t *Text) isStated(d date) bool {
	tok := &t.tok[d.from]
	if g, ok := t.groupStarting(d.from); ok {
		tok = &t.tok[g.to-1]
	}
	return tok.vocab.Class == vocabulary.Ord && (lexicon.EndingKey(tok.key, 2) == ending2('о', 'е') || lexicon.EndingKey(tok.key, 2) == ending2('ь', 'е'))
}

// passportAfter reports the word for a passport right behind a date, and its number behind that.
func (t *Text) passportAfter(i int) bool {
	for n := 0; n < 2 && i < len(t.tok) && (t.tok[i].kind == signToken || t.says(i, "и")); n++ {
		i++
	}
	if i >= len(t.tok) || t.tok[i].vocab.Cue() != vocabulary.Passport {
		return false
	}
	for j := i + 1; j < len(t.tok) && j <= i+3; j++ {
		if g := t.groupIndex(j); g >= 0 && !t.numbers.groups[g].dated {
			return true
		}
	}
	return false
}

// bornBefore reads «др», «род.» and «д.р.» before a date; the last is four tokens.
func (t *Text) bornBefore(i int) bool {
	if t.sign(i-1, ':') {
		i--
	}
	switch {
	case i == 0:
		return false
	case t.tok[i-1].kind != signToken:
		return t.tok[i-1].n == 2 && t.says(i-1, "др")
	case t.tok[i-1].key != '.':
		return false
	}
	return t.glued(i-1) && t.says(i-2, "род") ||
		i >= 4 && t.sign(i-3, '.') && t.s[t.tok[i-2].start:t.tok[i-2].end] == "р" && t.s[t.tok[i-4].start:t.tok[i-4].end] == "д"
}

// birthCueBefore reports a word of births right before token i, or before the colon there.
func (t *Text) birthCueBefore(i int) bool {
	if i > 0 && t.tok[i-1].kind != signToken {
		return t.tok[i-1].vocab.Cue() == vocabulary.Birth || t.tok[i-1].n == 2 && t.says(i-1, "др")
	}
	if t.bornBefore(i) {
		return true
	}
	if t.sign(i-1, ':') || t.sign(i-1, '-') {
		i--
	}
	return i > 0 && t.tok[i-1].vocab.Cue() == vocabulary.Birth || i == 0 && t.asks(vocabulary.Birth)
}

// bornAfter reads «г.р.», «г/р» and «рождения» behind a date.
func (t *Text) bornAfter(i int) bool {
	if i < len(t.tok) && t.tok[i].vocab.Cue() == vocabulary.Birth {
		return true
	}
	return t.yearOfBirth(i) > 0
}

// childBefore reports whether a child was spoken of shortly before token i, or in the last turn.
func (t *Text) childBefore(i int) bool {
	if t.about(childTopic) {
		return true
	}
	for j := i - 1; j >= 0 && j >= i-cueBefore; j-- {
		if t.isChild(j) {
			return true
		}
	}
	return false
}

// personBefore reports whether a person was found right before token i, with at most three signs between.
func (t *Text) personBefore(i int) bool {
	low := i
	for low > 0 && i-low < 3 && t.tok[low-1].kind == signToken {
		low--
	}
	if low == 0 {
		return false
	}
	_, found := slices.BinarySearch(t.personEnds, int(t.tok[low-1].end))
	return found
}
