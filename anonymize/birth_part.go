package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// birthParts finds births that are told in parts: the year that somebody was born in, «родилась в тридцать восьмом году»,
// the day before its month, the right part of a date told wrong, «ой восемьдесят пятого года».
func (t *Text) birthParts(dst []Span) []Span {
	t.noteBirthEnds(dst)
	expected := len(t.birthEnds) > 0 || t.about(birthTopic) || t.asks(vocabulary.Birth)
	last, next := -1, 0 // which of them ends before, and the token behind the last span
	for _, tr := range t.numbersOr(onMonth) {
		i := int(tr.at)
		if i < next || tr.on&(onSaid|onNumber|onMonth) == 0 || !expected && !t.mayBeBirth(i) {
			continue
		}
		start := int(t.tok[i].start)
		for last+1 < len(t.birthEnds) && t.birthEnds[last+1] <= start {
			last++
		}
		told := t.about(birthTopic) || last >= 0 && start-t.birthEnds[last] <= maxToldBirth
		if t.tok[i].vocab.Class == vocabulary.Month {
			if t.groupIndex(i) < 0 && t.isBirthMonth(i, told) {
				dst = append(dst, t.span(i, i+1, BIRTH_DATE, 0.7, ruleBirthPart))
			}
			continue
		}
		at := t.groupIndex(i)
		if at < 0 || i > 0 && (t.tok[i].gap > oneSpace || int(t.numbers.groups[at].from) != i) {
			continue
		}
		g := &t.numbers.groups[at]
		if g.dated || g.glued {
			continue
		}
		dst, next = t.birthPart(dst, *g, told)
	}
	return dst
}

// mayBeBirth passes over most numbers of a text in which no birth is spoken of: those that are no year and have no word of births
// before them.
func (t *Text) mayBeBirth(i int) bool {
	tok := &t.tok[i]
	switch {
	case tok.vocab.Class == vocabulary.Month:
		return false
	case tok.kind != numberToken, t.glued(i+1) && t.tok[i+1].kind < numberToken, i > 0 && t.birthCueBefore(i):
		return true
	case tok.n == 4:
		return tok.key >= firstBirthYear && tok.key <= lastBirthYear
	}
	return tok.n == 2 && t.yearWord(i+1) > i+1
}

// noteBirthEnds notes where the births end that were found.
func (t *Text) noteBirthEnds(spans []Span) {
	t.birthEnds = t.birthEnds[:0]
	for i := range spans {
		if spans[i].Kind == BIRTH_DATE {
			t.birthEnds = append(t.birthEnds, spans[i].End)
		}
	}
	if len(t.birthEnds) > 1 {
		slices.Sort(t.birthEnds)
	}
}

// isBirthMonth reports the month of a birth at token i, told apart from its day.
func (t *Text) isBirthMonth(i int, told bool) bool {
	return t.asks(vocabulary.Birth) && t.says(i-1, "месяц month") || told && (t.corrects(i) && t.nothingCounted(i+1) || t.answersMonth(i))
}

// birthPart reads the part of a birth that the group is, and gives the token behind what it has read.
func (t *Text) birthPart(dst []Span, g group, told bool) ([]Span, int) {
	i, next := int(g.from), int(g.to)
	if to := t.writtenBirth(g); to > 0 {
		return append(dst, t.span(i, to, BIRTH_DATE, 0.8, "birth-date/digits")), to
	}
	if t.isBirthYear(&g) || g.n == 2 && len(t.tok) == 1 {
		if to := t.birthYear(g, told); to > 0 {
			return append(dst, t.span(i, to, BIRTH_DATE, 0.8, "birth-date/year-alone")), next
		}
	}
	if isDay(t.groupValue(g)) && t.endsOrdinal(g) && (told && t.corrects(i) && t.nothingCounted(next) || (t.birthCueBefore(i) || t.asks(vocabulary.Birth) && t.says(i-1, "число")) && t.dayEnds(next)) {
		dst = append(dst, t.span(i, next, BIRTH_DATE, 0.7, ruleBirthPart))
	}
	return dst, next
}

// writtenBirth gives the token behind a birth in digits alone that was asked for, «050590», «05051990», or the day and the
// month of one, «15.03»; 0 if the group begins none.
func (t *Text) writtenBirth(g group) int {
	i, to := int(g.from), int(g.to)
	if g.spoken || !t.birthCueBefore(i) && !(t.asks(vocabulary.Birth) && t.leadsTo(i)) {
		return 0
	}
	d := t.numbers.digits[g.at : g.at+g.n]
	switch {
	case g.n == 6 || g.n == 8:
		if isDay(remainder(d[:2], 100)) && isMonth(remainder(d[2:4], 100)) && (g.n == 6 || isYear(remainder(d[4:], 10_000))) && t.endsRun(t.groupIndex(i)) {
			return to
		}
	case g.n <= 2 && (t.sign(to, '.') || t.sign(to, '/')) && t.glued(to) && t.glued(to+1):
		if month, ok := t.groupStarting(to + 1); ok && month.n == 2 && isDay(t.groupValue(g)) && isMonth(t.groupValue(month)) && t.endsRun(t.groupIndex(to+1)) {
			return int(month.to)
		}
	}
	return 0
}

const ruleBirthPart = "birth-date/correction"

// maxToldBirth is how many bytes behind a birth another may correct it: fewer than the context of a window, so that windows find
// what the whole text does.
const maxToldBirth = 512

// birthYear gives the token behind the year alone that somebody was born in, 0 if the group at a token is none.
func (t *Text) birthYear(g group, told bool) int {
	i, next := int(g.from), int(g.to)
	to := t.yearWord(next)
	called := to > next || t.yearOfBirth(next) > 0
	before := i
	for n := 0; n < 2 && t.says(before-1, "в с я еще аж in"); n++ {
		before--
	}
	switch {
	case (called || g.n == 4 || t.groupValue(g) > 31 && t.isDated(g)) && t.birthCueBefore(before), called && t.bornAfter(to):
	case t.asks(vocabulary.Birth) && t.leadsTo(i) && (called || to == len(t.tok) || t.says(to, "а") && t.endsOrdinal(g)): // or its day
	case t.asks(vocabulary.Birth) && g.n == 2 && !g.spoken && i == 0 && to == len(t.tok): // «год рождения?» – «48»
	case g.n == 4 && !g.spoken && t.childNamed(i) && t.endsThought(to):
	case g.n == 4 && called && t.isSubject(i-1) && t.groupValue(g) <= lastAdultYear: // «я 1986 года, а она 1968-го»
	case (g.n == 4 || t.endsOrdinal(g)) && t.yearNamed(i, told):
	case (told || t.asks(vocabulary.Birth)) && t.groupValue(g) > 31 && t.endsOrdinal(g) && t.says(i-1, "ли или"): // «то ли шестьдесят девятый то ли семидесятый»
	case told && (called || g.n == 4 || t.groupValue(g) > 31) && t.corrects(i) && t.nothingCounted(to):
	case told && t.topics[birthTopic] == birthTurns && g.n == 2 && t.groupValue(g) > 31 && t.isDated(g) && t.nothingCounted(to): // told again
	default:
		return 0
	}
	return to
}

// yearNamed reports «год» shortly before token i where a birth is spoken of: «год восьмидесятый», «год рождения у него …».
func (t *Text) yearNamed(i int, told bool) bool {
	for j := i - 1; j >= 0 && j >= i-maxYearLead && t.isWord(j) && t.groupIndex(j) < 0; j-- {
		if t.says(j, "год year") {
			return told || t.asks(vocabulary.Birth) || t.says(j+1, "рождения") || t.says(j-1, "birth") || t.hintBefore(j, 0).cue == vocabulary.Birth
		}
	}
	return false
}

// maxYearLead is how many tokens «год» stands before the number of the year.
const maxYearLead = 4

// isDated reports the form that an ordinal has in a date: «первого», «восемьдесят пятый», «седьмое».
func (t *Text) isDated(g group) bool {
	if !g.spoken || !t.endsOrdinal(g) {
		return false
	}
	switch lexicon.EndingKey(t.tok[g.to-1].key, 2) {
	case ending2('г', 'о'), ending2('ы', 'й'), ending2('и', 'й'), ending2('о', 'е'), ending2('ь', 'е'):
		return true
	}
	return false
}

// dayEnds reports what follows the day of a birth whose month is told apart: «десятое нет одиннадцатое», «тринадцатое месяц май».
func (t *Text) dayEnds(i int) bool {
	return i >= len(t.tok) || t.tok[i].kind == signToken && t.tok[i].key != '-' || t.tok[i].vocab.Class == vocabulary.Filler ||
		t.says(i, "нет ой точнее вернее месяц число числа год")
}

// answersMonth reports that a turn begins with the month of a birth that was told in the last one.
func (t *Text) answersMonth(i int) bool {
	if t.topics[birthTopic] != birthTurns || !t.leadsTo(i) || t.isYearBehind(i) {
		return false
	}
	last := 'а' + rune(t.tok[i].key&31)
	return last == 'я' || last == 'а'
}

func (t *Text) isYearBehind(i int) bool {
	_, ok := t.groupStarting(i + 1)
	return ok
}

// nothingCounted reports that what stands at token i is not counted or named by the number before it: the end, a sign, a
// small word.
func (t *Text) nothingCounted(i int) bool {
	return i >= len(t.tok) || !t.isWord(i) || t.tok[i].gap > oneSpace || !t.unitAfter(i) && (isSmall(t.tok[i].vocab) || t.says(i, "поправьте исправьте просто пожалуйста года год"))
}

// isSubject reports a word for whoever may be born in a year that follows.
func (t *Text) isSubject(i int) bool {
	return t.says(i, "я он она мы муж жена мама папа брат сестра сын дочь дочка")
}

// childNamed reports a child with its name right before token i: «дочка Эмма 2017».
func (t *Text) childNamed(i int) bool {
	return t.isWord(i-1) && (t.isChild(i-1) || i > 1 && t.capital(i-1) && t.tok[i-2].kind != signToken && t.isChild(i-2))
}

// isBirthYear reports four digits of a year, or two that are said as an ordinal, «тридцать седьмой».
func (t *Text) isBirthYear(g *group) bool {
	switch {
	case g.n == 4:
		v := t.groupValue(*g)
		return v >= firstBirthYear && v <= lastBirthYear
	case g.n != 2:
		return false
	case g.spoken:
		return t.endsOrdinal(*g)
	}
	return t.yearWord(int(g.to)) > int(g.to)
}

// corrects reports words right before token i that correct what was told.
func (t *Text) corrects(i int) bool {
	return t.says(i-1, "нет не ой стоит записано написано указано деле настоящая настоящий правильная точнее вернее no not") ||
		t.says(i-1, "а") && i > 2 && t.tok[i-2].vocab.Class == vocabulary.Ord || t.says(i-1, "а") && i > 2 && t.tok[i-2].vocab.Class == vocabulary.Month
}
