package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

const (
	BIRTH_DATE  Kind = "BIRTH_DATE"  // also a part of it: day and month, the year
	CARD_EXPIRY Kind = "CARD_EXPIRY" // month and year
)

// A date is a day, whether it is anybody's birth or not. Its digits belong to no other number.
type date struct {
	from, to int  // tokens, half-open
	year     int  // four digits, 0 if it was not said
	vague    bool // a month and its year without the day
}

// readDates finds the dates of the text: three numbers with the same sign between, or a month by name.
func (t *Text) readDates() {
	t.dates = t.dates[:0]
	n := &t.numbers
	for _, r := range n.runs {
		for g := r.from; g+3 <= r.to; g++ {
			if d, ok := t.numericDate(r, g); ok {
				t.dates = append(t.dates, d)
				g += 2
			} else if d, ok := t.saidDate(r, g); ok {
				t.dates = append(t.dates, d)
				g += 2
			}
		}
	}
	for _, at := range t.triggers {
		if i := int(at.at); at.on&onMonth != 0 && t.tok[i].vocab.Class == vocabulary.Month && !t.inName(i) {
			if d, ok := t.namedDate(i); ok {
				t.dates = append(t.dates, d)
			}
		}
	}
	t.markDates()
}

// inName reports a month that is a part of an address or a name of an account: «@leva.april 8-912».
func (t *Text) inName(i int) bool {
	return t.glued(i) && i > 1 && (t.sign(i-1, '.') || t.sign(i-1, '_') || t.sign(i-1, '@')) && t.glued(i-1) && t.tok[i-2].kind != numberToken
}

// numericDate reads «14.02.2003», «1983-06-24», «17 12 1979» from group g on.
func (t *Text) numericDate(r run, g int32) (date, bool) {
	a, b, c := t.numbers.groups[g], t.numbers.groups[g+1], t.numbers.groups[g+2]
	if a.spoken || b.spoken || c.spoken || b.sep != c.sep || g > r.from && a.sep == b.sep || g+3 < r.to && t.numbers.groups[g+3].sep == b.sep {
		return date{}, false
	}
	x, y, z := t.groupValue(a), t.groupValue(b), t.groupValue(c)
	d := date{from: int(a.from), to: int(c.to)}
	switch {
	case a.n == 4 && b.n == 2 && c.n == 2 && b.sep != ' ' && isYear(x) && isMonth(y) && isDay(z):
		d.year = x
	case a.n <= 2 && b.n <= 2 && c.n == 4 && isYear(z) && isDayMonth(x, y):
		d.year = z
	case a.n == 2 && b.n == 2 && c.n == 2 && (b.sep == '.' || b.sep == '/') && isDayMonth(x, y):
		d.year = century(z)
	case a.n <= 2 && b.n <= 2 && c.n == 2 && (b.sep == '.' || b.sep == '/') && isDayMonth(x, y) && t.birthCueBefore(d.from): // a version looks the same
		d.year = century(z)
	default:
		return date{}, false
	}
	d.to = t.yearWord(d.to)
	return d, true
}

// saidDate reads «девятого ноль девятого две тысячи восьмого» from group g on. The day is an ordinal, or any three
// numbers would be a date.
func (t *Text) saidDate(r run, g int32) (date, bool) {
	day := t.numbers.groups[g]
	if !day.spoken || !isDay(t.groupValue(day)) || t.tok[day.to-1].vocab.Class != vocabulary.Ord {
		return date{}, false
	}
	m := g + 1
	if t.groupValue(t.numbers.groups[m]) == 0 {
		m++
	}
	if m+1 >= r.to {
		return date{}, false
	}
	month, year := t.numbers.groups[m], t.numbers.groups[m+1]
	v := t.groupValue(year)
	if v < 100 && year.n <= 2 && (t.tok[month.to-1].vocab.Class == vocabulary.Ord || m > g+1) { // «пятое десятое шестьдесят второго»
		v = century(v)
	}
	if !isMonth(t.groupValue(month)) || !isYear(v) {
		return date{}, false
	}
	return date{from: int(day.from), to: t.yearWord(int(year.to)), year: v}, true
}

// namedDate reads the day before and the year behind the month at token m: «14 февраля 2003 года», «девятое марта сорок
// восьмого», "March 3, 1990".
func (t *Text) namedDate(m int) (date, bool) {
	d := date{from: m, to: m + 1}
	day := false
	if g, ok := t.groupEnding(t.englishOrdinal(m)); ok && isDay(t.groupValue(g)) {
		d.from, day = int(g.from), true
	}
	next := m + 1
	if next < len(t.tok) && t.tok[next].kind == signToken && (t.tok[next].key == '.' || t.tok[next].key == ',' && t.tok[m].kind == latinToken) {
		next++
	}
	if t.says(next, "the") && t.near(next) { // "October the third"
		next++
	}
	if g, ok := t.groupStarting(next); ok && !day && isDay(t.groupValue(g)) && t.tok[m].kind == latinToken {
		d.to, day = int(g.to), true
		if next = d.to; next < len(t.tok) && t.tok[next].gap == noGap && t.says(next, "st", "nd", "rd", "th") {
			next++
			d.to = next
		}
		if next < len(t.tok) && t.tok[next].key == ',' {
			next++
		}
	}
	if t.says(next, "de", "del") { // «7 de mayo de 1974»
		next++
	}
	if g, ok := t.groupStarting(next); ok {
		switch v := t.groupValue(g); {
		case isYear(v):
			d.year, d.to = v, int(g.to)
		case (v == 19 || v == 20) && t.tok[m].kind == latinToken && g.spoken: // "nineteen ninety one"
			if tens, ok := t.groupStarting(int(g.to)); ok && tens.spoken && tens.n == 2 {
				d.year, d.to = 100*v+t.groupValue(tens), int(tens.to)
			}
		case v >= 0 && v < 100 && g.n <= 2 && t.isShortYear(g) && (day || g.spoken && t.tok[g.to-1].vocab.Class == vocabulary.Ord):
			d.year, d.to = century(v), int(g.to)
		}
	}
	if t.says(d.to-1, "thousand") && t.says(d.to, "and") && t.isCount(d.to+1) && t.tok[d.to+1].vocab.Arg < 100 { // "two thousand and one"
		d.to += 2
	}
	d.to, d.vague = t.yearWord(d.to), !day
	if day && d.year == 0 {
		t.yearFirst(&d)
	}
	return d, day || d.year != 0
}

// yearFirst takes the year that stands before the day: «2013 года, восьмого мая».
func (t *Text) yearFirst(d *date) {
	i := d.from
	if t.sign(i-1, ',') {
		i--
	}
	if i < 2 || t.tok[i-1].vocab.Class != vocabulary.Year || !t.near(i-1) || t.tok[d.from].gap == lineGap {
		return
	}
	at := t.groupIndex(i - 2)
	if at < 0 || int(t.numbers.groups[at].to) != i-1 {
		return
	}
	g := t.numbers.groups[at]
	switch v := t.groupValue(g); {
	case isYear(v):
		d.year = v
	case g.spoken && g.n == 2 && t.tok[g.to-1].vocab.Class == vocabulary.Ord:
		d.year = century(v)
	default:
		return
	}
	d.from = int(g.from)
}

// englishOrdinal goes back over "of" and the ending of a number, "21st of February", "5. März".
func (t *Text) englishOrdinal(m int) int {
	if m > 0 && t.says(m-1, "of", "de") || m > 1 && t.tok[m].kind != wordToken && t.sign(m-1, '.') && t.glued(m-1) && t.tok[m-2].kind == numberToken {
		m--
	}
	if m > 0 && t.tok[m-1].gap == noGap && t.says(m-1, "st", "nd", "rd", "th") {
		m--
	}
	return m
}

// isShortYear reports whether two digits behind a month are a year: an hour or a house may follow too.
func (t *Text) isShortYear(g group) bool {
	last := int(g.to) - 1
	return t.yearWord(int(g.to)) > int(g.to) || g.spoken && t.tok[last].vocab.Class == vocabulary.Ord || !g.spoken && g.n == 2
}

// yearWord passes over «года», «г.», «-го», which belong to the date.
func (t *Text) yearWord(i int) int {
	if i+1 < len(t.tok) && t.tok[i].key == '-' && t.tok[i].gap == noGap && t.tok[i+1].gap == noGap && t.tok[i+1].kind == wordToken && t.tok[i+1].n <= 2 {
		i += 2
	}
	if i < len(t.tok) && t.tok[i].vocab.Class == vocabulary.Year && t.tok[i].gap <= oneSpace {
		i++
		if t.tok[i-1].n == 1 && i < len(t.tok) && t.tok[i].key == '.' && t.tok[i].gap == noGap {
			i++
		}
	}
	return i
}

func isDay(v int) bool   { return v >= 1 && v <= 31 }
func isMonth(v int) bool { return v >= 1 && v <= 12 }
func isYear(v int) bool  { return v >= 1900 && v <= 2099 }

// isDayMonth takes the American order too.
func isDayMonth(a, b int) bool {
	return isDay(a) && isMonth(b) || isMonth(a) && isDay(b)
}

// century completes a year of two digits. Both readings of 26 to 30 are open; births are meant more often.
func century(v int) int {
	if v <= 30 {
		return 2000 + v
	}
	return 1900 + v
}

// groupValue gives the number of a group, -1 if it is too long for a date.
func (t *Text) groupValue(g group) int {
	if g.n > 4 {
		return -1
	}
	v := 0
	for _, c := range t.numbers.digits[g.at : g.at+g.n] {
		v = 10*v + value(c)
	}
	return v
}

// groupEnding gives the group whose last token is right before token i.
func (t *Text) groupEnding(i int) (group, bool) {
	g := t.groupIndex(i - 1)
	if g < 0 || int(t.numbers.groups[g].to) != i || i >= len(t.tok) || t.tok[i].gap > oneSpace {
		return group{}, false
	}
	return t.numbers.groups[g], true
}

// groupStarting gives the group whose first token is i.
func (t *Text) groupStarting(i int) (group, bool) {
	if i >= len(t.tok) || t.tok[i].gap > oneSpace {
		return group{}, false
	}
	g := t.groupIndex(i)
	if g < 0 || int(t.numbers.groups[g].from) != i {
		return group{}, false
	}
	return t.numbers.groups[g], true
}

// groupIndex gives the group that token i belongs to, -1 if it is in none.
func (t *Text) groupIndex(i int) int {
	if uint(i) >= uint(len(t.tok)) {
		return -1
	}
	return int(t.tok[i].group) - 1
}

// markDates takes the groups of all dates away from the other rules.
func (t *Text) markDates() {
	groups := t.numbers.groups
	for _, d := range t.dates {
		for i := d.from; i < d.to; i++ {
			if g := t.groupIndex(i); g >= 0 {
				groups[g].dated = true
				i = int(groups[g].to) - 1
			}
		}
	}
}

// recognizeDates finds births among the dates. It looks at the persons in dst.
func recognizeDates(dst []Span, t *Text) []Span {
	dst = t.birthYears(dst)
	if t.about(birthTopic) {
		dst = t.correctedBirths(dst)
	}
	if len(t.dates) == 0 {
		return dst
	}
	t.personEnds = t.personEnds[:0]
	for _, s := range dst {
		if s.Kind == PERSON {
			t.personEnds = append(t.personEnds, s.End)
		}
	}
	slices.Sort(t.personEnds)
	for _, d := range t.dates {
		h := t.hintFor(d.from, d.to)
		for _, c := range [...]vocabulary.Cue{vocabulary.Birth, vocabulary.Issuer} { // what is asked for may be a date among others
			if h.at < 0 && h.cue != c && t.askedToo == c {
				h.cue, h.near = c, askedNear
			}
		}
		if score, rule := t.birth(d, h); score > 0 {
			dst = append(dst, t.span(d.from, d.to, BIRTH_DATE, score, rule))
			continue
		}
		switch {
		case h.cue == vocabulary.Issuer && h.near > 0.5 && d.year != 0 && t.topics[licenceTopic] <= t.topics[passportTopic] && (h.at < 0 || t.aboutPassport(h.at)):
			dst = append(dst, t.span(t.issuerAsked(d.from, h), d.to, PASSPORT, 0.8, "passport/issue-date"))
		case h.cue == vocabulary.Expiry && d.vague && t.about(cardTopic):
			dst = append(dst, t.span(d.from, d.to, CARD_EXPIRY, 0.8, "card-expiry/month-name"))
		}
	}
	return dst
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
	case d.year == 0 && t.about(birthTopic) && (t.leadsTo(d.from) || t.corrects(d.from) || d.from == 0 && t.isStated(d)),
		d.year != 0 && d.year < lastBirthYear && t.about(birthTopic) && t.isStated(d):
		return 0.7, "birth-date/correction"
	case d.year != 0 && d.year <= lastAdultYear && h.cue == vocabulary.Order && t.passportAfter(d.to): // «для договора: 19.04.1982, паспорт …»
		return 0.7, "birth-date/person"
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

// bornBefore reads «д.р.» before a date, which is four tokens.
func (t *Text) bornBefore(i int) bool {
	if i > 0 && t.tok[i-1].kind == signToken && t.tok[i-1].key == ':' {
		i--
	}
	if t.says(i-1, "др") {
		return true
	}
	return i >= 4 && t.tok[i-1].key == '.' && t.tok[i-3].key == '.' &&
		t.s[t.tok[i-2].start:t.tok[i-2].end] == "р" && t.s[t.tok[i-4].start:t.tok[i-4].end] == "д"
}

// birthCueBefore reports a word of births right before token i, or before the colon there.
func (t *Text) birthCueBefore(i int) bool {
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
	// «1990 г.р.»: yearWord took the first letter and its dot.
	if i < len(t.tok) && (t.tok[i].key == '/' || t.tok[i].key == '.') && t.tok[i].kind == signToken {
		i++
	}
	return i > 0 && i < len(t.tok) && t.tok[i].kind == wordToken && t.tok[i].n == 1 && t.s[t.tok[i].start:t.tok[i].end] == "р" && t.tok[i].gap <= oneSpace
}

// correctedBirths finds the day or the month alone that corrects a birth told just now: «на самом деле пятого», "no, september".
func (t *Text) correctedBirths(dst []Span) []Span {
	for _, at := range t.triggers {
		i := int(at.at)
		if at.on&(onSaid|onMonth) == 0 || !t.corrects(i) {
			continue
		}
		to := i + 1
		if g, ok := t.groupStarting(i); ok {
			if to = int(g.to); g.dated || !isDay(t.groupValue(g)) || t.tok[to-1].vocab.Class != vocabulary.Ord || t.unitAfter(to) {
				continue
			}
		} else if t.tok[i].vocab.Class != vocabulary.Month {
			continue
		}
		if to < len(t.tok) && t.isWord(to) && !isSmall(t.tok[to].vocab) && t.tok[to].gap <= oneSpace && !t.says(to, "поправьте", "исправьте", "просто", "пожалуйста") {
			continue
		}
		dst = append(dst, t.span(i, to, BIRTH_DATE, 0.7, "birth-date/correction"))
	}
	return dst
}

// birthYears finds the year alone that somebody was born in: «родилась в тридцать восьмом году», and the answer
// «сорок второй год» to the question for a birth.
func (t *Text) birthYears(dst []Span) []Span {
	next := 0
	for _, tr := range t.triggers {
		i := int(tr.at)
		if tr.on&(onSaid|onNumber) == 0 || i < next {
			continue
		}
		at := t.groupIndex(i)
		if at < 0 {
			continue
		}
		g := t.numbers.groups[at]
		if int(g.from) != i || g.dated || g.glued || !t.isBirthYear(g) && !(g.n == 2 && len(t.tok) == 1) {
			continue
		}
		next = int(g.to)
		to := t.yearWord(next)
		called := to > next
		before := i
		if t.says(i-1, "в", "с", "я", "in") {
			before--
		}
		switch {
		case (called || g.n == 4) && t.birthCueBefore(before) || called && t.bornAfter(to):
		case t.asks(vocabulary.Birth) && t.leadsTo(i) && (called || to == len(t.tok) || t.says(to, "а") && t.tok[to-1].vocab.Class == vocabulary.Ord): // or its day
		case t.asks(vocabulary.Birth) && g.n == 2 && !g.spoken && i == 0 && to == len(t.tok): // «год рождения?» – «48»
		case g.n == 4 && !g.spoken && t.childNamed(i) && t.endsThought(to):
		case g.n == 4 && called && t.isSubject(i-1) && t.groupValue(g) <= lastAdultYear: // «я 1986 года, а она 1968-го»
		default:
			continue
		}
		dst = append(dst, t.span(i, to, BIRTH_DATE, 0.8, "birth-date/year-alone"))
	}
	return dst
}

// isSubject reports a word for whoever may be born in a year that follows.
func (t *Text) isSubject(i int) bool {
	return t.says(i, "я", "он", "она", "мы", "муж", "жена", "мама", "папа", "брат", "сестра", "сын", "дочь", "дочка")
}

// childNamed reports a child with its name right before token i: «дочка Эмма 2017».
func (t *Text) childNamed(i int) bool {
	return t.isWord(i-1) && (t.isChild(i-1) || i > 1 && t.capital(i-1) && t.tok[i-2].kind != signToken && t.isChild(i-2))
}

// isBirthYear reports four digits of a year, or two that are said as an ordinal, «тридцать седьмой».
func (t *Text) isBirthYear(g group) bool {
	v := t.groupValue(g)
	return v >= firstBirthYear && v <= lastBirthYear || g.n == 2 && v >= 0 && (g.spoken && t.tok[g.to-1].vocab.Class == vocabulary.Ord || !g.spoken && t.yearWord(int(g.to)) > int(g.to))
}

// corrects reports words right before token i that correct what was told.
func (t *Text) corrects(i int) bool {
	return t.says(i-1, "нет", "не", "стоит", "записано", "написано", "указано", "деле", "настоящая", "настоящий", "правильная", "точнее", "вернее", "no", "not") ||
		t.says(i-1, "а") && i > 2 && t.tok[i-2].vocab.Class == vocabulary.Ord || t.says(i-1, "а") && i > 2 && t.tok[i-2].vocab.Class == vocabulary.Month
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
