package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// CARD_EXPIRY is the month and the year in which a card expires.
const CARD_EXPIRY Kind = "CARD_EXPIRY"

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
		for g := r.from; g+2 <= r.to; g++ {
			if d, ok := t.numericDate(r, g); ok {
				t.dates = append(t.dates, d)
				g += 2
			} else if d, next, ok := t.saidDate(r, g); ok {
				t.dates = append(t.dates, d)
				g = next - 1
			}
		}
	}
	for _, at := range t.triggeredBy(onMonth) {
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
	if g+3 > r.to {
		return date{}, false
	}
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
// numbers would be a date; behind a word for births it may be none, and the year may be told later.
func (t *Text) saidDate(r run, g int32) (d date, next int32, ok bool) {
	groups, first := t.numbers.groups, g
	if groups[g].n == 1 && t.groupValue(groups[g]) == 0 && g+1 < r.to && t.groupValue(groups[g+1]) < 10 {
		g++ // «ноль второго»
	}
	day := groups[g]
	if !day.spoken || !isDay(t.groupValue(day)) || g+1 >= r.to {
		return date{}, 0, false
	}
	d.from = int(groups[first].from)
	ordinal := t.endsOrdinal(day)
	if !ordinal && !t.birthCueBefore(d.from) {
		return date{}, 0, false
	}
	m := g + 1
	if t.groupValue(groups[m]) == 0 {
		m++
	}
	if m >= r.to || !isMonth(t.groupValue(groups[m])) {
		return date{}, 0, false
	}
	month, year := groups[m], m+1
	d.to = int(month.to)
	if year >= r.to {
		return d, year, ordinal && t.endsOrdinal(month) && !month.cut && (t.birthCueBefore(d.from) || t.asks(vocabulary.Birth) && d.from < maxPieceWords)
	}
	v := t.groupValue(groups[year])
	if v < 100 && groups[year].n <= 2 && (!ordinal || t.endsOrdinal(month) || m > g+1) { // «пятое десятое шестьдесят второго»
		v = century(v)
	}
	if !isYear(v) {
		return date{}, 0, false
	}
	d.to, d.year = t.yearWord(int(groups[year].to)), v
	return d, year + 1, true
}

// endsOrdinal reports «девятого», «двадцать первое».
func (t *Text) endsOrdinal(g group) bool { return t.tok[g.to-1].vocab.Class == vocabulary.Ord }

// namedDate reads the day before and the year behind the month at token m: «14 февраля 2003 года», «девятое марта сорок
// восьмого», "March 3, 1990".
func (t *Text) namedDate(m int) (date, bool) {
	d := date{from: m, to: m + 1}
	day := false
	before := t.englishOrdinal(m)
	switch {
	case t.says(m-1, "числа число"): // «тринадцатого числа ноября»
		before = m - 1
	case m > 1 && t.glued(m-1) && t.says(m-1, "го ого е ое"): // «5-го мая»
		if before = m - 1; t.sign(m-2, '-') && t.glued(m-2) {
			before--
		}
	}
	if g, ok := t.groupEnding(before); ok && isDay(t.groupValue(g)) {
		d.from, day = int(g.from), true
	}
	next := m + 1
	if next < len(t.tok) && t.tok[next].kind == signToken && (t.tok[next].key == '.' || t.tok[next].key == ',' && t.tok[m].kind == latinToken) {
		next++
	}
	if t.sign(next, '\'') || t.sign(next, '’') { // «5 мая '90»
		next++
	}
	if t.says(next, "the") && t.near(next) { // "October the third"
		next++
	}
	if g, ok := t.groupStarting(next); ok && !day && isDay(t.groupValue(g)) && t.tok[m].kind == latinToken {
		d.to, day = int(g.to), true
		if next = d.to; next < len(t.tok) && t.tok[next].gap == noGap && t.says(next, "st nd rd th") {
			next++
			d.to = next
		}
		if next < len(t.tok) && t.tok[next].key == ',' {
			next++
		}
	}
	if t.says(next, "de del") { // «7 de mayo de 1974»
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
	d.vague = !day
	if d.year != 0 {
		d.to = t.yearWord(d.to)
	} else if day {
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
	if m > 0 && t.says(m-1, "of de") || m > 1 && t.tok[m].kind != wordToken && t.sign(m-1, '.') && t.glued(m-1) && t.tok[m-2].kind == numberToken {
		m--
	}
	if m > 0 && t.tok[m-1].gap == noGap && t.says(m-1, "st nd rd th") {
		m--
	}
	return m
}

// isShortYear reports whether two digits behind a month are a year: an hour or a house may follow too.
func (t *Text) isShortYear(g group) bool {
	last := int(g.to) - 1
	return t.yearWord(int(g.to)) > int(g.to) || g.spoken && t.tok[last].vocab.Class == vocabulary.Ord || !g.spoken && g.n == 2
}

// yearWord passes over «года», «г.», «-го», which belong to the date; «г.р.» does not.
func (t *Text) yearWord(i int) int {
	if t.yearOfBirth(i) > 0 {
		return i
	}
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

// yearOfBirth gives the token behind «г.р.», «г. р.», «г/р» at i, 0 if that does not stand there.
func (t *Text) yearOfBirth(i int) int {
	if i+2 < len(t.tok) && t.tok[i].n == 1 && t.says(i, "г") && t.says(i+2, "р") && (t.sign(i+1, '.') || t.sign(i+1, '/')) && t.glued(i+1) && t.tok[i+2].gap <= oneSpace {
		return i + 3
	}
	return 0
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
