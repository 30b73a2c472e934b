package anonymize

import "slices"

// opening is how many bytes at the beginning of a turn stand before a name that answers: «да,».
const opening = 8

// readOpening corrects what the mentions of a turn seem to play by those before: who calls names himself and then the one
// whom he wants, «компания „Вектор“, Диляра, это Сорокин?», and who is asked by name says it again, «Ярослава, да».
func (p *people) readOpening(ms []mention) {
	for i := 1; i < len(ms); i++ {
		a, b := &ms[i-1], &ms[i]
		switch {
		case !a.self || !b.self || b.turn > 0:
		case a.placed && !b.placed && len(a.first) > 0 && a.start == 0:
			a.self, a.addressed, a.sure = false, true, 1 // «Джонатан, вы с нами? Это Таня»
		case a.sex&b.sex == 0:
			b.self, b.addressed = false, true
		case a.introduced && !b.introduced && !b.follows(a):
			b.self = false // «меня зовут Милена, я по поводу рекомендации на Кадырова»
		}
	}
	if len(ms) == 0 {
		return
	}
	said := &p.said[0]
	for i := range ms {
		// An answer is of whom the question named: «Отчество Хильды?» «Рудольфовна.»
		if m := &ms[i]; m.answer && m.self && m.sure < sureOf && m.turn == said.turn+1 && m.speaker != said.speaker && said.asked && !said.self {
			m.self, m.appended = false, true
		}
	}
	if m := &ms[0]; m.turn == said.turn+1 && m.speaker != said.speaker && m.start < opening {
		switch same := share(said.first, m.first); {
		case same && said.self && m.self:
			m.self, m.addressed, m.sure = false, true, 1 // «Меня зовут Лукьян.» «Лукьян, слушаю вас.»
		case same && !said.self && m.addressed && m.sure < sureOf:
			m.addressed = false
		case said.addressed && len(said.first)+len(m.sur) == 0:
			m.appended = true // «Это Сорокин?» «Да, Антон.»
		}
	}
}

// mostSaid is how many mentions before a turn are known in it.
const mostSaid = 3

// keepSaid keeps the last mentions of a turn for the next one.
func (p *people) keepSaid(ms []mention) {
	for i := max(0, len(ms)-mostSaid); i < len(ms); i++ {
		copy(p.said[1:], p.said[:])
		p.said[0] = ms[i]
		p.said[0].text = "" // it must not hold its turn in memory
	}
}

// joinMentions lets neighbours tell each other what belongs to both: «Тимофей, Лосев» are a name and its surname,
// «Алёна Вадимовна… то есть Викторовна» a correction.
func (p *people) joinMentions(ms []mention) {
	for i := 1; i < len(ms); i++ {
		a, b := &ms[i-1], &ms[i]
		if a.sex&b.sex == 0 || len(a.initials)+len(b.initials) > 0 {
			continue
		}
		surnameAlone := func(m *mention) bool { return len(m.sur) > 0 && len(m.first)+len(m.patr) == 0 }
		switch {
		case b.coupled && len(a.sur) > 0 && len(b.sur) > 0 && len(a.first) > 0 && len(b.first) > 0 && !share(a.sur, b.sur):
			b.other = true // «Малика Юсупова и Малика Юсуфова»
		case b.coupled && surnameAlone(a) && surnameAlone(b) && share(a.sur, b.sur): // a couple
			b.sex &^= a.sex
			if b.sex == 0 {
				b.sex, b.other = a.sex, true
			}
		case b.appositive && len(a.first) > 0 && len(a.sur) == 0 && surnameAlone(b) && !p.isKnownOther(a, b):
			a.sur, b.first, b.patr = b.sur, a.first, a.patr
			a.sex &= b.sex
		case b.appositive && surnameAlone(a) && len(b.first) > 0 && len(b.sur) == 0:
			a.first, a.patr, b.sur = b.first, b.patr, a.sur
		case !b.follows(a):
		case len(a.patr) > 0 && len(a.first) > 0 && len(b.patr) > 0 && len(b.first)+len(b.sur) == 0 && b.corrected:
			a.patr = append(slices.Clone(a.patr), b.patr...)
			b.patr, b.first, b.sur = a.patr, a.first, a.sur
		case len(a.patr) == 0 && len(a.first) > 0 && len(b.patr) > 0 && len(b.first)+len(b.sur) == 0:
			a.patr, b.first, b.sur = b.patr, a.first, a.sur
		}
	}
}

// isKnownOther reports a surname that somebody else than the mention before it has: «Олег Романович, Лебедь, добрый день».
func (p *people) isKnownOther(a, b *mention) bool {
	return slices.ContainsFunc(p.said[:], func(s mention) bool {
		return share(s.sur, b.sur) && (len(s.first) > 0 && !share(s.first, a.first) || len(s.initials) > 0 && s.heads[0]&a.heads[0] == 0)
	})
}

// maxCorrection is how many bytes may stand between a name and the correction of its patronymic: «то есть», «вернее».
const maxCorrection = 40

// follows reports a mention so near behind another that it may go on with its name. Who speaks himself begins anew:
// «Здорово, Мурад. Кузьмич беспокоит».
func (m *mention) follows(before *mention) bool {
	return (!m.self || m.corrected || m.appended) && m.start-before.start-len(before.text) <= maxCorrection
}

// readCorrections finds the mentions that put right a wrong name: «Батор Доржиев?» «Нет, Батор Очиров»,
// «Касымбеков» «Гасанбеков». Who corrects says the name at once or begins with a denial; two people who share a first
// name stay two unless the one corrected was named by it before.
func (p *people) readCorrections(ms []mention, denies bool) {
	for k := range ms {
		m := &ms[k]
		if m.other || m.coupled || m.spelled || p.echoed(m) {
			continue
		}
		if k > 0 && m.corrected && m.follows(&ms[k-1]) && (m.isSlipOf(&ms[k-1], corrected) || m.parts == 1 && ms[k-1].parts == 1 && m.sex&ms[k-1].sex != 0 && begins(m.first, ms[k-1].first)) {
			m.correct(&ms[k-1])
			continue
		}
		if a := negatedBeside(ms, k); a != nil && (a.mine || p.knows(m, a)) {
			m.correct(a) // «Ассоль! Не Анастасия»
			continue
		}
		for i := range p.said {
			a := &p.said[i]
			if a.turn+1 != m.turn || a.speaker == m.speaker {
				break
			}
			if a.spelled {
				continue
			}
			told := notTold
			switch {
			case denies, a.which:
				told = corrected
			case m.start < opening:
				told = echoed
			}
			if m.isSlipOf(a, told) || denies && m.contradicts(a) && p.knew(m, i) {
				m.correct(a)
				break
			}
		}
	}
}

// correct notes what a mention puts right.
func (m *mention) correct(wrong *mention) { m.corrects, m.slip = true, wrong.place }

// echoed reports a mention whose name was said in the turn before.
func (p *people) echoed(m *mention) bool {
	for i := range p.said {
		a := &p.said[i]
		apart := func(x, y []uint64) bool { return len(x) > 0 && len(y) > 0 && !share(x, y) }
		if a.turn+1 == m.turn && !apart(m.first, a.first) && !apart(m.patr, a.patr) && !apart(m.sur, a.sur) && (share(m.sur, a.sur) || share(m.patr, a.patr) || len(m.sur)+len(m.patr) == 0 && share(m.first, a.first)) {
			return true
		}
	}
	return false
}

// How a name is told to be another one that was misheard.
const (
	notTold   = 0
	echoed    = 4 // one letter in so many may differ
	corrected = 3
)

// isSlipOf reports names of which one is the other one misheard: a part that both have sounds alike, and no other part
// tells them apart. A part alone has to be an echo or a denial.
func (m *mention) isSlipOf(a *mention, told int) bool {
	if a.sex&m.sex == 0 || len(a.initials)+len(m.initials) > 0 || told == notTold && !share(a.first, m.first) {
		return false
	}
	slips := 0
	for i, pair := range [...][2][]uint64{{a.first, m.first}, {a.patr, m.patr}, {a.sur, m.sur}} {
		switch {
		case len(pair[0]) == 0 || len(pair[1]) == 0 || share(pair[0], pair[1]):
		case i == 0 && a.listed && m.listed, a.latin && m.latin && told != corrected, i == 1 && !similar(pair[0], pair[1]), !soundAlike(pair[0], pair[1], slipRate(told)): // «Раиса» is not «Лариса»
			return false
		default:
			slips++
		}
	}
	return slips == 1
}

func slipRate(told int) int {
	if told == corrected {
		return corrected
	}
	return echoed
}

// contradicts reports another surname or patronymic of the same first name.
func (m *mention) contradicts(a *mention) bool {
	apart := func(x, y []uint64) bool { return len(x) > 0 && len(y) > 0 && !share(x, y) }
	return a.sex&m.sex != 0 && share(a.first, m.first) && (apart(a.sur, m.sur) != apart(a.patr, m.patr))
}

// negatedBeside gives the mention beside ms[k] that is denied in its favour, nil if there is none.
func negatedBeside(ms []mention, k int) *mention {
	for _, i := range [...]int{k - 1, k + 1} {
		if i < 0 || i >= len(ms) || !ms[i].negated || ms[k].negated || ms[i].parts != 1 || ms[k].parts != 1 || ms[i].sex&ms[k].sex == 0 ||
			len(ms[i].first) == 0 != (len(ms[k].first) == 0) || len(ms[i].patr)+len(ms[k].patr) > 0 {
			continue
		}
		if ms[max(i, k)].start-ms[min(i, k)].start <= 2*maxCorrection {
			return &ms[i]
		}
	}
	return nil
}

// knows reports that who denies a name that the other speaker said had named its bearer before.
func (p *people) knows(m, denied *mention) bool {
	for i := range p.said {
		a := &p.said[i]
		if a.turn+1 != m.turn || a.speaker == m.speaker || !share(a.first, denied.first) && !share(a.sur, denied.sur) {
			continue
		}
		for _, b := range p.said[i+1:] { // by the name that was denied, or by the right one that was misheard
			if b.speaker == m.speaker && (share(a.first, b.first) || share(a.sur, b.sur) || share(m.first, b.first) || share(m.sur, b.sur)) {
				return true
			}
		}
	}
	return false
}

// knew reports that who corrects the mention said[i] named the person before it by the first name.
func (p *people) knew(m *mention, i int) bool {
	for _, b := range p.said[i+1:] {
		if b.speaker == m.speaker && b.turn < p.said[i].turn && share(b.first, m.first) {
			return true
		}
	}
	return false
}

// soundAlike reports names that are as near as what is misheard: one letter in so many differs, or one is the beginning of
// the other.
func soundAlike(a, b []uint64, in int) bool {
	for _, x := range a {
		for _, y := range b {
			n, m := int(x>>60), int(y>>60)
			if n > m {
				x, y, n, m = y, x, m, n
			}
			if n >= minStem && m > minStem && m <= 12 && lettersApart(x, y) <= m/in {
				return true
			}
		}
	}
	return begins(a, b)
}

// begins reports names of which one is the beginning of the other: «Мирзо» and «Мирзохид».
func begins(a, b []uint64) bool {
	for _, x := range a {
		for _, y := range b {
			n, m := int(x>>60), int(y>>60)
			if n > m {
				x, y, n, m = y, x, m, n
			}
			if n > minStem && m <= 12 && x&lettersOf(n) == y&lettersOf(m)>>(5*(m-n)) {
				return true
			}
		}
	}
	return false
}

// lettersApart counts the letters that have to be changed, put in or left out to make one word of another.
func lettersApart(x, y uint64) int {
	n, m := int(x>>60), int(y>>60)
	var row [13]int
	for j := range row {
		row[j] = j
	}
	for i := range n {
		diagonal := row[0]
		row[0] = i + 1
		for j := range m {
			cost := diagonal
			if (x>>(5*i)^y>>(5*j))&31 != 0 {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[m]
}

// denies reports a turn that begins with a denial.
func (t *Text) denies() bool {
	i := 0
	if t.sign(0, '[') { // «[голосовое] нет»
		const note = 8
		for i < min(note, len(t.tok)) && !t.sign(i, ']') {
			i++
		}
		i++
	}
	return t.says(i, "нет не неа ой неправильно неверно ошиблись ошибка какой какая no nope not wrong") ||
		t.says(i+1, "нет не неправильно неверно no not")
}
