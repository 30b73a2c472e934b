package anonymize

import (
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A slot is where a mention stands: the words around it, and what they make of it.
type slot struct {
	from, to      int             // the tokens of the name
	j             int             // the word that tells what follows, -1 for none
	before, after vocabulary.Hint // of it, and of the word behind
	ended         bool            // a clause ends between that word and the name
	comma         bool            // right before the name
	titled        bool            // "Dear Dr …"
	nominative    bool            // or vocative, as far as the words before allow
	naming        bool            // «зовут», «фамилия»
	own           bool            // of the speaker
	your, theirs  bool            // of who is spoken to, or of
	theirSurname  bool            // «фамилия у него другая»
	called        bool            // «… его зовут»
	lone          bool            // a clause of nothing but the name
}

// readSlot tells what part the mention plays in its turn: the speaker himself, somebody spoken to or of, an answer, the
// rest of a name.
func (t *Text) readSlot(m *mention, n *name) {
	s := t.slotAround(n)
	t.readCase(&s, m, n)
	t.readOwner(&s, m, n)
	t.readRest(&s, m, n)
	t.choosePart(&s, m, n)
	t.readSex(m, n, s.j, s.to)
	t.guessSex(&s, m, n)
}

// slotAround reads the words before and behind a name.
func (t *Text) slotAround(n *name) (s slot) {
	s.from, s.to = int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	s.comma = t.sign(s.from-1, ',') || t.sign(s.from-1, '(')
	s.j, s.ended = t.slotWord(s.from)
	if k := t.namingOf(s.j); k >= 0 { // «фамилия у него другая, Тищенко»
		s.j, s.theirSurname = k, true
	}
	s.before = t.slotHint(s.j)
	if t.isLetter(s.j) && t.isLetter(s.j-1) && t.isLetter(s.j-2) {
		s.j, s.before = -1, vocabulary.NoHint // «эм у эн ка о Мунко»
	}
	if t.says(s.j, "день дня суток") && t.says(s.j-1, "добрый доброго времени") {
		s.before = vocabulary.Greeting
	}
	if t.says(s.j, "товарищ товарищу товарища") {
		s.before = vocabulary.Job
	}
	s.titled = s.before == vocabulary.Job && t.hintAt(s.j-1) == vocabulary.Greeting && !t.isWeakGreeting(s.j-1)
	if s.titled {
		s.before = vocabulary.Greeting // "Dear Dr Adeyemi", «уважаемый господин Вайс»
	}
	if s.ended && s.before != vocabulary.Naming {
		s.j, s.before = -1, vocabulary.NoHint
	}
	s.after = t.hintAt(s.to)
	if s.to < len(t.tok) && t.tok[s.to].kind == signToken && t.tok[s.to].key == ',' {
		s.after = t.hintAt(s.to + 1)
	}
	s.naming = s.before == vocabulary.Naming
	return s
}

// readCase tells whether the name may be a nominative. Behind a preposition it is none: «на Юнусова» is a man.
func (t *Text) readCase(s *slot, m *mention, n *name) {
	s.nominative = n.gram.Has(lexicon.Nominative) || n.gram&lexicon.GramVocative != 0
	if s.from > 0 && t.tok[s.from].gap == oneSpace && t.says(s.from-1, "на за от для про о об у к с со по без до из при после над под перед через") && (s.from == 1 || !t.isLetter(s.from-2)) {
		s.nominative = false
		if sex := (n.gram &^ (lexicon.GramOf(lexicon.Both, lexicon.Nominative) | lexicon.GramVocative)).Sex(); sex == lexicon.Male {
			m.sex = sex
		}
	}
}

// readOwner tells whose name it is: that of the speaker, of who is spoken to, of kin, of somebody else.
func (t *Text) readOwner(s *slot, m *mention, n *name) {
	s.own = s.naming && (t.hintAt(s.j-1) == vocabulary.Self || t.hintAt(s.j-2) == vocabulary.Self || t.says(s.j, "зовут") && t.says(s.j-1, "меня"))
	s.your = s.before == vocabulary.You && s.j >= 0 || s.naming && t.hintAt(s.j-1) == vocabulary.You
	s.theirs = (s.naming || s.before == vocabulary.NoHint) && t.says(s.j-1, "его ее него нее их his her") || t.says(s.j, "него нее его ее")
	s.lone = t.clauseBefore(s.from) && t.clauseAfter(s.to)
	m.sure, m.nominative, m.questioned = sureOf, s.nominative, t.sign(s.to, '?') || t.says(s.to, "да верно") || s.from == 1 && t.says(0, "да")
	m.answer = t.names.asked && s.from < 8
	m.kin = s.before == vocabulary.Kin || t.says(s.to, "это мой моя наш наша my") && t.isKinAfter(s.to) || s.naming && (t.hintAt(s.j-1) == vocabulary.Kin || t.hintAt(s.j-2) == vocabulary.Kin)
	m.introduced = m.kin || s.before == vocabulary.Job || s.naming
	m.third = m.kin || s.before == vocabulary.Kin || s.before == vocabulary.Job || s.before == vocabulary.Calling || s.before == vocabulary.Having || s.theirs
	m.other = t.isAnother(s.j) || t.isAnotherAfter(s.to) || m.isFull() && t.says(s.j, "или or") // «Гарик Мовсесян или Гарик Суренович»
	if m.alias = t.isAlias(s.j) || t.says(s.j, "можно") && lastTokenEnd(t, n) == s.j; m.alias {
		m.kin, m.third = false, false
	}
	s.own = s.own || m.alias && (t.says(s.j, "me") || t.hintAt(s.j-2) == vocabulary.Self || t.hintAt(s.j-3) == vocabulary.Self)
	s.own = s.own || m.alias && t.isChangedTo(s.j) && t.isOwnChange(s.j)
	s.called = t.says(s.to, "зовут зовем звать кличут")
	s.own = s.own || s.called && t.says(s.from-1, "меня")
	m.alias = m.alias || s.called && !s.own && t.says(s.from-1, "его ее")
	s.own = s.own || t.says(s.j, "тоже пока уже еще теперь сейчас") && t.says(s.j-1, "я")
}

// readRest tells how the name completes, corrects or doubts another one.
func (t *Text) readRest(s *slot, m *mention, n *name) {
	m.pronoun = len(m.sur) > 0 && m.parts == 1 && s.nominative && t.says(s.from-1, "он она")
	m.appended = s.naming && !s.own || s.theirSurname || m.pronoun
	if m.parts == 1 && len(m.first)+len(m.patr) == 0 && t.isLikelyFirst(n) && (m.kin || s.own || t.tok[s.from].kind == latinToken && (s.before == vocabulary.Self || s.before == vocabulary.Greeting)) {
		m.first, m.sur, m.alone = m.sur, nil, m.sur // «муж Аскербий», "I'm Blessing"
		m.heads[0], m.heads[2] = m.heads[2], 0
	} else if s.naming && m.parts == 1 && len(m.first) == 0 && t.says(s.j, "зовут звать зовем имя имени name") {
		m.first, m.sur, m.alone = m.sur, nil, m.sur
		m.heads[0], m.heads[2] = m.heads[2], 0
	}
	m.appositive = s.comma && m.parts <= 2 && s.from-1 > 0 && s.from == lastTokenEnd(t, n)+1
	m.latin = t.tok[s.from].kind == latinToken
	m.negated = t.says(s.from-1, "не not")
	m.mine = m.negated && t.says(s.from-2, "я im am")
	m.corrected, m.which = t.isCorrected(n, s.from), t.says(s.from-1, "какой какая какого какую какому which")
	m.asked = m.appended || t.asksOf(s.to)
	m.coupled, m.contrasted = t.isCoupled(n, s.from) && !(m.parts == 1 && len(m.sur) > 0 && t.says(s.from-1, "или or") && !t.countsPeople(s.from)), t.says(s.from-1, "а")
}

// choosePart makes the mention the speaker himself, or somebody whom he speaks to.
func (t *Text) choosePart(s *slot, m *mention, n *name) {
	switch {
	case m.other && !s.own, s.theirSurname, s.theirs:
	case m.turn == 0 && t.isGreetedFirst(n):
		m.addressed, m.sure = true, sureOf
	case m.turn == 0 && s.before == vocabulary.Greeting && s.nominative && t.greetsOtherFirst(n):
		m.self, m.placed = true, true
	case s.own, s.before == vocabulary.Self && t.says(s.j, "я im is am m s") && !t.isKinAfter(s.to) && !t.says(s.j-1, "через буква букву"), t.signs(s.from, s.to), s.after == vocabulary.Self && t.hintAt(s.to+1) == vocabulary.Naming && !t.namesNext(n),
		s.nominative && s.after == vocabulary.Speaking && s.before != vocabulary.Job && !t.says(s.to, "говорит"),
		s.nominative && s.before == vocabulary.Speaking && (s.j <= 2 || !t.says(s.j, "говорит")),
		s.j >= 0 && t.tok[s.j].key == keyThis && ((s.j < 4 || t.clauseBefore(s.j) && !t.sign(s.j-1, ',')) && (m.turn <= 2 || sideOf(m.speaker) != Agent) || (m.turn <= 2 || s.j < 4) && t.greetsBefore(s.j)) && s.nominative && !t.isKinAfter(s.to) && !t.sign(s.to, '?'):
		m.self = true
	case s.nominative && !s.your && m.sex != 0 && sideOf(m.speaker) == Agent && m.turn == 0 && !t.says(s.to, "или и or") && !t.says(s.from-1, "или и or") && s.before != vocabulary.Greeting && !s.naming && s.before != vocabulary.Calling,
		s.nominative && sideOf(m.speaker) == Agent && m.turn <= 1 && (t.isCompanyBefore(s.from) || t.says(s.to, "из from")),
		s.nominative && sideOf(m.speaker) == Agent && m.turn == 1 && s.ended && t.sign(s.to, ',') && (t.sign(s.to+1, '"') || s.after == vocabulary.Job):
		m.self, m.placed = true, true
	case s.nominative && s.lone && m.turn <= 2 && !t.sign(s.to, '-') && len(m.first) > 0 && len(m.sur) > 0 && s.before == vocabulary.NoHint && !t.names.asked && t.names.cased && !t.sign(len(t.tok)-1, '?'):
		m.self, m.sure = true, 1 // «Зотова Елена, отдел кадров.»
	case m.answer && t.names.whose == yours && !m.third && s.nominative:
		m.self = true
	case m.alias && !s.own && (t.says(s.j, "зовем зовет зовут says") || t.says(s.j-2, "he she") || t.says(s.j-1, "his her")):
	case (s.naming && (!t.says(s.j-1, "на") || t.hintAt(0) == vocabulary.Self) || m.answer && t.names.whose == partOf) && !m.third && s.nominative && sideOf(m.speaker) == Customer && !t.sign(s.to, '?'):
		m.self, m.sure = true, 1
	case (s.your || s.titled) && s.nominative:
		m.addressed = true
	case s.naming && s.nominative && sideOf(m.speaker) == Agent && t.says(s.j, "фамилия") && len(m.sur) > 0 && m.parts == 1 && (s.to == len(t.tok) || t.sign(s.to, '?') || t.says(s.to, "верно правильно да так")):
		m.addressed, m.sure = true, 1
	case s.nominative && !m.third && !t.names.asked && len(m.first)+len(m.patr) > 0 && (len(m.sur) == 0 || s.before == vocabulary.Greeting) && (len(m.patr) > 0 || !t.sign(s.to, '?')):
		m.addressed, m.sure = t.addresses(s.from, s.to, s.before, s.after), 1
		if s.before == vocabulary.Greeting && !t.isWeakGreeting(s.j) || s.after == vocabulary.Greeting {
			m.sure = sureOf
		} else if !t.names.cased && len(m.patr) == 0 {
			m.sure = 0 // «кузьма занят» is an echo as well
		}
	}
}

// guessSex takes the sex of a nominative where nothing asks for another case.
func (t *Text) guessSex(s *slot, m *mention, n *name) {
	if g := n.gram & (lexicon.GramOf(lexicon.Both, lexicon.Nominative) | lexicon.GramVocative); g.Sex() != 0 && g.Sex() != m.sex && m.sex == lexicon.Both {
		switch {
		case s.own, s.your, m.alias && t.isChangedTo(s.j), m.self && s.before == vocabulary.Self, s.naming && !t.says(s.j, "фамилию имя"):
			m.sex = g.Sex() // nothing asks for another case: «я Дорохова»
		case s.j < 0, s.lone, t.clauseBefore(s.from), t.says(s.j, "теперь это тоже сама а и"):
			m.guess = g.Sex()
		}
	}
}

// greetsBefore reports a greeting at the beginning of a turn before token j: «Константин Юрьевич, добрый день, это Мухтаров».
func (t *Text) greetsBefore(j int) bool {
	const opening = 8
	for i := range min(j, opening) {
		if t.hintAt(i) == vocabulary.Greeting {
			return j < opening
		}
	}
	return false
}

// isGreetedFirst reports the first of two names at the beginning, with a greeting between them: «Марина Олеговна, добрый день,
// Антон, страховая компания» is spoken to her, and Антон speaks.
func (t *Text) isGreetedFirst(n *name) bool {
	k := int(n.to)
	return t.names.parts[n.from].from == 0 && k < len(t.names.parts) && t.greetsBetween(int(n.from), k)
}

// greetsOtherFirst reports the second of them.
func (t *Text) greetsOtherFirst(n *name) bool {
	return n.from > 0 && t.names.parts[0].from == 0 && t.greetsBetween(0, int(n.from))
}

// maxGreeting is how many tokens a greeting has with its commas.
const maxGreeting = 5

// greetsBetween reports that the name from part a on and the one from part b on have a greeting between them, and that by their
// forms the second one speaks: he leaves out his patronymic, or tells where he is from.
func (t *Text) greetsBetween(a, b int) bool {
	parts := t.names.parts
	from, to := int(parts[b-1].to), int(parts[b].from)
	if to-from > maxGreeting || t.hintAt(from) != vocabulary.Greeting && t.hintAt(from+1) != vocabulary.Greeting {
		return false
	}
	called := false
	for k := a; k < b; k++ {
		if k > a && parts[k].from != parts[k-1].to {
			return false
		}
		called = called || parts[k].patr != 0
	}
	end := to
	for ; b < len(parts) && int(parts[b].from) == end; b++ {
		if end = int(parts[b].to); parts[b].patr != 0 {
			return false
		}
	}
	return called || t.sign(to-1, ',') && t.sign(end, ',') && end+1 < len(t.tok)
}

// namesNext reports another name right behind the words that follow a name: «Дебора, меня зовут Глеб» is spoken to Дебора.
func (t *Text) namesNext(n *name) bool {
	const between = 4 // "my name is", «меня зовут», a comma
	k, to := int(n.to), int(t.names.parts[n.to-1].to)
	return k < len(t.names.parts) && int(t.names.parts[k].from)-to <= between && !t.clauseAfter(int(t.names.parts[k].from)-1)
}

// isCompanyBefore reports «Банкетный зал „Версаль“, Карина»: who speaks for a company tells his name behind its.
func (t *Text) isCompanyBefore(from int) bool {
	for j := from - 1; j >= max(0, from-6); j-- {
		switch {
		case t.sign(j, '.'), t.sign(j, '!'), t.sign(j, '?'):
			return false
		case t.sign(j, '"'), t.hintAt(j) == vocabulary.Thing:
			return true
		}
	}
	return false
}

// slotWord gives the word before a name in its line, -1 if there is none, and whether a sentence ended between.
func (t *Text) slotWord(from int) (j int, ended bool) {
	for j = from - 1; j >= 0 && t.tok[j+1].gap != lineGap; j-- {
		tok := &t.tok[j]
		switch {
		case tok.kind == signToken:
			ended = ended || (tok.key == '.' || tok.key == '!' || tok.key == '?') && t.beginsSentence(j+1)
		case tok.vocab.Class != vocabulary.Filler || tok.key == keyThis:
			return j, ended
		}
	}
	return -1, false
}

// signs reports a name that stands in a line of its own under a letter.
func (t *Text) signs(from, to int) bool {
	if from == 0 || t.tok[from].gap != lineGap || to < len(t.tok) && t.tok[to].gap != lineGap && t.tok[to].kind != signToken {
		return false
	}
	for j := from - 1; j >= max(0, from-3); j-- {
		if t.says(j, "уважением regards sincerely cheers best thanks спасибо пожеланиями") {
			return true
		}
	}
	return false
}

// addresses reports a name that stands where somebody is spoken to. In speech without signs a name at the beginning may as
// well be an echo, or the whole answer.
func (t *Text) addresses(from, to int, before, after vocabulary.Hint) bool {
	switch {
	case before == vocabulary.Greeting, after == vocabulary.Greeting:
		return true
	case t.names.cased:
		return t.clauseBefore(from) && t.clauseAfter(to) && to < len(t.tok) && t.tok[to].gap != lineGap
	}
	return from == 0 && to < len(t.tok)
}

// isLikelyFirst reports a name alone that nobody knows and that does not end as surnames do.
func (t *Text) isLikelyFirst(n *name) bool {
	p := &t.names.parts[n.from]
	return p.traits&(listedSurname|suffixSurname) == 0 || t.tok[p.from].kind == latinToken
}

// namingOf gives the word for a part of a name that stands before token j and tells that of somebody spoken of: «отчество у
// неё», «фамилия у мужа другая»; -1 if there is none.
func (t *Text) namingOf(j int) int {
	const between = 4
	for k := j; k >= max(0, j-between); k-- {
		switch {
		case t.says(k, "фамилия фамилию отчество"):
			if k == j {
				return -1
			}
			return k
		case !t.says(k, "у него нее его ее них другая своя другое тоже только там же теперь сейчас уже по ребенка") && t.hintAt(k) != vocabulary.Kin:
			return -1
		}
	}
	return -1
}

// asksOf reports a question for a part of the name of somebody who is named in it: «Клавдия, отчество как?».
func (t *Text) asksOf(to int) bool {
	const between = 6
	for i := to; i < min(len(t.tok), to+between) && !t.sign(i, '.') && !t.sign(i, '!'); i++ {
		if t.hintAt(i) == vocabulary.Naming {
			return true
		}
	}
	return false
}

// countsPeople reports a number of people beside names that «или» joins; without one it is a question how a name is spelled:
// «Шестопал или Шестопалов?».
func (t *Text) countsPeople(at int) bool {
	const around = 8
	for i := max(0, at-around); i < min(len(t.tok), at+around); i++ {
		if t.says(i, "двое двоих два две оба обе трое троих три несколько two both three") {
			return true
		}
	}
	return false
}

// saysBefore reports one of the words among the last before token j.
func (t *Text) saysBefore(j int, words wordList) bool {
	const before = 6
	for i := max(0, j-before); i < j; i++ {
		if t.says(i, words) {
			return true
		}
	}
	return false
}

// isCoupled reports «и», «и ещё» or «или» alone between a name and the one before it.
func (t *Text) isCoupled(n *name, from int) bool {
	end := lastTokenEnd(t, n)
	if t.says(from-1, "еще другой другая") {
		from--
	}
	if t.sign(from-2, ',') {
		end++
	}
	return end > 0 && from == end+1 && t.says(from-1, "и and или or либо")
}

// isCorrected reports words between a name and the one before it that take that back: «Вадимовна, то есть Викторовна».
func (t *Text) isCorrected(n *name, from int) bool {
	const between = 6
	begin := lastTokenEnd(t, n)
	if begin < 0 || from-begin > between {
		return false
	}
	if from == begin+1 && t.sign(begin, '?') {
		return true // «Каримберди? Каримбердиев?»
	}
	for i := begin; i < from; i++ {
		if t.says(i, "то вернее точнее ой тьфу нет не или or извините простите пардон виноват sorry no mean rather") {
			return true
		}
	}
	return false
}

// isAnother reports words before a name that set its bearer apart from somebody of the same name: «ещё один Тимофей».
func (t *Text) isAnother(j int) bool {
	return t.says(j, "другой другая другого другую второй вторая однофамилец однофамилица тезка another") ||
		t.says(j, "один одна одного одну") && t.says(j-1, "еще есть") || t.says(j, "еще") && t.says(j-1, "есть и был была") ||
		t.saysBefore(j, "однофамилец однофамилица тезка однофамильца тезку") || t.says(j, "тоже") && (t.says(j-1, "я") || t.hintAt(j-1) == vocabulary.Kin || t.hintAt(j-1) == vocabulary.Job)
}

// isAnotherAfter reports the same behind a name: «Ефимова, но другая», «Гайдай мл.».
func (t *Text) isAnotherAfter(to int) bool {
	if t.sign(to, ',') {
		to++
	}
	if t.says(to, "но только это") {
		to++
	}
	return t.says(to, "мл") || t.says(to, "другой другая") && t.says(to-1, "но только это")
}

// isAlias reports words before a name that give it to somebody who has another one: «девичья фамилия Романюк», «по мужу
// Кац», «можно просто Света», «Everyone says Lola».
func (t *Text) isAlias(j int) bool {
	switch {
	case t.says(j, "фамилия"):
		return t.says(j-1, "девичья бывшая прежняя новая старая")
	case t.says(j, "девичья просто урожденная сокращенно кратко"):
		return true
	case t.says(j, "свадьбы замужества брака развода"):
		return t.says(j-1, "до после")
	case t.says(j, "девичестве замужестве"):
		return t.says(j-1, "в")
	case t.says(j, "же"):
		return t.says(j-1, "он она")
	case t.says(j, "мужу паспорту браке"):
		return t.says(j-1, "по в")
	case t.says(j, "зовем зовет зовут"):
		return t.says(j-1, "дома все")
	case t.says(j, "says me by"):
		return t.says(j-1, "everyone everybody call calls goes go")
	case t.says(j, "буду была стала"), t.isChangedTo(j):
		return true
	case t.says(j, "теперь сейчас"):
		return t.says(j-1, "она он")
	}
	return false
}

// isOwnChange reports that who speaks has another surname now: «я фамилию сменила, была …».
func (t *Text) isOwnChange(j int) bool {
	for i := j - 1; i >= 0 && i >= j-maxChanged; i-- {
		if t.says(i, "она он жена жены муж мужа дочь дочери сестра сестры мама мамы") {
			return false
		}
		if t.says(i, "я меня мне мы у") {
			return true
		}
	}
	return false
}

// isKinAfter reports «это Дима, муж»: the name belongs to somebody else.
func (t *Text) isKinAfter(to int) bool {
	if t.sign(to, ',') || t.sign(to, '-') {
		to++
	}
	if t.says(to, "это") {
		to++
	}
	if t.says(to, "мой моя наш наша my") {
		to++
	}
	return t.hintAt(to) == vocabulary.Kin && !t.beginsName(to+1)
}

// beginsName reports a part of a name at token i.
func (t *Text) beginsName(i int) bool {
	return slices.ContainsFunc(t.names.parts, func(p namePart) bool { return int(p.from) == i && p.first|p.patr|p.sur != 0 })
}

// readSex takes the sex from the words around a name whose forms leave it open: «муж Женя», «Женя звонила», «г-жа Ким».
func (t *Text) readSex(m *mention, n *name, j, to int) {
	if m.sex != lexicon.Both || m.alias {
		return
	}
	switch {
	case t.says(j, "муж мужа мужу мужем сын сына сыну сыном брат брата брату братом отец отца дед дядя зять тесть "+
		"свекор племянник внук господин господина господину mr husband son brother uncle father"), t.isSirOf(j, "н"):
		m.sex = lexicon.Male
	case t.says(j, "жена жены жене жену женой дочь дочери дочка дочку дочке сестра сестры сестре сестру мама мамы маме "+
		"бабушка тетя теща невестка внучка госпожа госпожи госпоже mrs ms miss wife daughter sister aunt mother madam"), t.isSirOf(j, "ж"):
		m.sex = lexicon.Female
	case to+1 < len(t.tok) && isVerb(&t.tok[to]) && t.says(to+1, "жена супруга дочь дочка мама сестра теща бабушка"): // «Мухина подпишет жена»
		m.sex = lexicon.Female
	default:
		m.guess = t.verbSex(to)
	}
}

// isSirOf reports «г-н» or «г-жа» that ends at token j.
func (t *Text) isSirOf(j int, letter string) bool {
	return t.isSir(j) && t.s[t.tok[j].start:t.tok[j].start+uint32(len(letter))] == letter
}

// verbSex tells by the past tense behind a name: «Женя звонила».
func (t *Text) verbSex(to int) lexicon.Sex {
	if to >= len(t.tok) {
		return 0
	}
	tok := &t.tok[to]
	if tok.kind != wordToken || tok.gap != oneSpace || tok.shape != lower || tok.n < 5 || tok.vocab.Class != vocabulary.None && tok.vocab.Cue() != vocabulary.Phone && tok.vocab.Hint() != vocabulary.Doing {
		return 0
	}
	if _, ok := lexicon.Lookup(tok.key); ok {
		return 0
	}
	switch lexicon.EndingKey(tok.key, 2) {
	case ending2('л', 'а'):
		return lexicon.Female
	case ending2('а', 'л'), ending2('и', 'л'), ending2('е', 'л'):
		return lexicon.Male
	}
	return 0
}

// lastTokenEnd gives the token behind the part before the name, -1 if there is none.
func lastTokenEnd(t *Text, n *name) int {
	if n.from == 0 {
		return -2
	}
	return int(t.names.parts[n.from-1].to)
}

func (t *Text) clauseBefore(i int) bool {
	return i == 0 || t.tok[i].gap == lineGap || t.tok[i-1].kind == signToken
}

func (t *Text) clauseAfter(i int) bool {
	return i >= len(t.tok) || t.tok[i].gap == lineGap || t.tok[i].kind == signToken
}

// A whose tells whose name was asked for.
type whose uint8

const (
	nobodys  whose = iota // no name was asked for
	anybodys              // «кто будет забирать», «мастер?»
	partOf                // «фамилия?»: of the person in question
	yours                 // «как вас зовут»
)

// asksWhose tells whose name the turn asks for.
func (t *Text) asksWhose(spans []Span) whose {
	if !t.asksName(spans) {
		return nobodys
	}
	if t.asksBack() {
		return yours
	}
	naming, you := false, false
	for i := max(0, len(t.tok)-8); i < len(t.tok); i++ {
		switch h := t.hintAt(i); {
		case h == vocabulary.Kin, h == vocabulary.Job, t.isWho(i) && !t.says(i+1, "говорю разговариваю общаюсь"), t.says(i, "его ее него нее их his her their"):
			return anybodys
		case t.asksToWrite(i):
			naming, you = true, true
		case h == vocabulary.You, t.says(i, "представьтесь представиться говорю"):
			you = true
		case h == vocabulary.Naming:
			naming = true
		}
	}
	switch {
	case you && naming:
		return yours
	case naming:
		return partOf
	}
	return anybodys
}

// asksName reports whether the turn asks for a name: «как вас зовут», «фамилия», «на кого оформить».
func (t *Text) asksName(spans []Span) bool {
	for i := max(0, len(t.tok)-8); i < len(t.tok); i++ {
		tok := &t.tok[i]
		if tok.vocab.Hint() == vocabulary.Naming && !t.beside(spans, i) && !t.isOfSurnames(i+1) {
			return true
		}
		if tok.vocab.Hint() == vocabulary.Job && i >= len(t.tok)-3 && !t.beside(spans, i) {
			return true
		}
		if t.asksToWrite(i) {
			return true
		}
		if i >= len(t.tok)-6 && t.isWho(i) && !t.beside(spans, i) {
			return true
		}
	}
	return t.asksBack()
}

// asksBack reports a turn that is «а вас?» or «а вас как?»: who told the names of others is asked for his own.
func (t *Text) asksBack() bool {
	n := len(t.tok)
	if n > 0 && t.tok[n-1].kind == signToken {
		n--
	}
	return (n == 2 || n == 3 && t.says(2, "как зовут")) && t.says(0, "а") && t.says(1, "вас вы ваше")
}

// asksToWrite reports «как записать», «как вас записать» at the end of a turn.
func (t *Text) asksToWrite(i int) bool {
	return i >= len(t.tok)-2 && t.says(i, "записать запишем записываем") && (t.says(i-1, "как") || t.says(i-2, "как"))
}

// isWho asks for a person.
func (t *Text) isWho(i int) bool {
	return t.says(i, "кто кого кому кем чье чья чей чьи чью чьих")
}

// beside reports whether a person is named right behind the token, or before «меня зовут».
func (t *Text) beside(spans []Span, i int) bool {
	from := t.tok[max(0, i-1)]
	for _, s := range spans {
		if s.Kind != PERSON {
			continue
		}
		if t.says(i, "отчество фамилия фамилию surname имя") && !t.tells(i, s) {
			continue // «отчество Матвея?»
		}
		if gap := s.Start - int(t.tok[i].end); gap >= 0 && gap < 16 && !strings.Contains(t.s[t.tok[i].end:s.Start], ",") {
			return true
		}
		if from.vocab.Hint() == vocabulary.Self && s.End <= int(from.start) && int(from.start)-s.End < 4 {
			return true
		}
	}
	return false
}

// tells reports whether the span has the part of a name that token i asks for.
func (t *Text) tells(i int, s Span) bool {
	n, ok := t.nameIn(s)
	if !ok {
		return true
	}
	part := surname
	switch {
	case t.says(i, "отчество"):
		part = patronymic
	case t.says(i, "имя"):
		part = firstName
	}
	return slices.Contains(n.roles[:n.to-n.from], part)
}
