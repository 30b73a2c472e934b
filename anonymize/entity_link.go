package anonymize

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// settle decides roles and links when all turns were heard.
func (p *people) settle() {
	p.whole = true
	p.link()
	p.mentions = nil // they hold all turns in memory
	for _, q := range p.persons {
		q.role = q.elect()
	}
	p.turn = 0
}

// link gives everybody heard his person. In a session these are the people of one turn; what they tell of those before is
// looked at too.
func (p *people) link() {
	if p.assigned == nil {
		p.assigned = map[place]*person{}
	}
	clear(p.assigned)
	p.told = false
	looksBack := !p.whole && len(p.past)+len(p.mentions) <= maxHindsight
	owners := p.linkAll(p.mentions)
	for i := range owners {
		p.assigned[p.mentions[i].place] = owners[i]
	}
	if n := len(owners); n > 0 {
		p.last = owners[n-1]
	}
	if looksBack {
		p.keepHeard(owners)
		if p.told && len(p.persons) > 1 {
			p.lookBack()
		}
	}
	p.mentions = p.mentions[:0]
}

// linkAll gives the persons of mentions: first of full names, which tell persons apart, then of the rest in the order in which
// it was said. The result is scratch.
func (p *people) linkAll(mentions []mention) []*person {
	owners := slices.Grow(p.owners[:0], len(mentions))[:len(mentions)]
	clear(owners)
	p.owners = owners
	for pass := range 2 {
		for i := range mentions {
			m := &mentions[i]
			if m.isFull() != (pass == 0) {
				continue
			}
			p.latest, p.coming = nil, nil
			if i > 0 && m.turn-mentions[i-1].turn <= complementTurns {
				p.latest = owners[i-1].now()
			}
			if i+1 < len(owners) && m.isContinued(&mentions[i+1]) {
				p.coming = p.comingOf(mentions[i+1:], owners[i+1:])
			}
			p.apart, p.barred = nil, nil
			if m.coupled && i > 0 && mentions[i-1].turn == m.turn {
				p.barred = p.latest
			} else if i+1 < len(owners) && mentions[i+1].coupled && mentions[i+1].turn == m.turn {
				p.barred = owners[i+1].now()
			}
			if i > 0 && m.contrasted && mentions[i-1].turn == m.turn && !share(mentions[i-1].first, m.first) && !share(mentions[i-1].sur, m.sur) {
				p.apart = p.latest // «с Дроновым они дружат, а Платону нужен шкафчик»
			}
			p.wrong = nil
			if m.corrects && m.parts == 1 {
				p.wrong = wrongOf(mentions, owners, i)
			}
			p.explained = i > 0 && (mentions[i-1].isTold(m) || len(m.patr) == 0 && mentions[i-1].isExplained(m))
			if m.spelled && p.latest == nil && p.whole && i+1 < len(mentions) && mentions[i+1].turn-m.turn <= 1 && !mentions[i+1].spelled {
				continue // the name follows
			}
			p.turn = m.turn
			owners[i] = p.personOf(m)
		}
	}
	for i := len(owners) - 1; i >= 0; i-- {
		if owners[i] == nil {
			owners[i] = owners[i+1]
			owners[i].see(mentions[i].turn)
		}
	}
	p.reunite(mentions, owners)
	for i, q := range owners {
		owners[i] = q.now()
	}
	return owners
}

// now gives who is meant by a person by now.
func (q *person) now() *person {
	for q != nil && q.of != nil {
		q = q.of
	}
	return q
}

// unite makes one of a person of whom only the surname was told and of who proves to have it: «к Арутюняну» «Какой Арутюнян?»
// «Гагик Суренович».
func (p *people) unite(q, with *person) bool {
	return with != nil && len(q.first)+len(q.patr)+len(q.initials) == 0 && len(with.first) > 0 && len(with.sur) == 0 && !p.isSpeaker(with) && p.absorb(q, with)
}

// absorb gives all that is known of a person to another one who proves to be him. A label that was let out, or that the caller
// gave, stays with whom it was given.
func (p *people) absorb(q, with *person) bool {
	if with == q || q.e != nil || q.origin != nil || q.sex&with.sex == 0 {
		return false
	}
	p.touch(q)
	p.touch(with)
	was := *with
	q.of = with
	with.first, with.patr, with.sur = withKeys(with.first, q.first), withKeys(with.patr, q.patr), withKeys(with.sur, q.sur)
	for i := range q.heads {
		if with.heads[i] == 0 {
			with.heads[i] = q.heads[i]
		}
	}
	with.sounds.add(&q.sounds)
	for i := range q.slots {
		with.slots[i] = min(with.slots[i]+q.slots[i], 100)
		with.thirds[i] = min(with.thirds[i]+q.thirds[i], 100)
	}
	for i := range q.votes {
		with.votes[i] += q.votes[i]
	}
	if q.weight > with.weight {
		with.value, with.wording, with.weight = q.value, q.wording, q.weight
	}
	for _, turn := range q.seen {
		with.see(turn)
	}
	for i := range p.speakers {
		if p.speakers[i].self == q {
			p.touchSpeaker(i)
			p.speakers[i].self = with
		}
	}
	p.changed(with, &was)
	return true
}

// reunite makes one of people who were taken for two until one proved to have the name of the other as well: «Циля
// Соломоновна» and «Цецилия Соломоновна», «Доржиев?» «Нет, Очиров».
func (p *people) reunite(mentions []mention, owners []*person) {
	for i := range mentions {
		m := &mentions[i]
		if m.corrects {
			if q, wrong := owners[i].now(), wrongOf(mentions, owners, i); wrong != nil && !p.areTwoSpeakers(q, wrong) && !p.absorb(wrong, q) {
				p.absorb(q, wrong)
			}
		}
		if !m.corrects && !m.alias {
			continue
		}
		q := owners[i].now()
		for _, r := range p.namedAs(q) {
			if r != q && r.of == nil && share(q.first, r.first) && (share(q.patr, r.patr) || share(q.sur, r.sur)) && q.mayBe(r) {
				p.absorb(r, q)
			}
		}
	}
}

// wrongOf gives who was meant by the mention that mentions[i] corrects, nil if that is not known.
func wrongOf(mentions []mention, owners []*person, i int) *person {
	const around = 4 * mostSaid
	for k := max(0, i-around); k < min(len(mentions), i+around); k++ {
		if mentions[k].place == mentions[i].slip {
			return owners[k].now()
		}
	}
	return nil
}

// areTwoSpeakers reports people who speak themselves, each for himself.
func (p *people) areTwoSpeakers(q, r *person) bool { return p.isSpeaker(q) && p.isSpeaker(r) }

// isApart reports people whom something else tells apart than the part of a name that a mention corrects.
func (q *person) isApart(r *person, m *mention) bool {
	apart := func(a, b, part []uint64) bool { return len(part) == 0 && len(a) > 0 && len(b) > 0 && !share(a, b) }
	return q.sex&r.sex == 0 || apart(q.first, r.first, m.first) || apart(q.patr, r.patr, m.patr) || apart(q.sur, r.sur, m.sur)
}

// mayBe reports whether nothing that is known of two people tells them apart.
func (q *person) mayBe(r *person) bool {
	apart := func(a, b []uint64) bool { return len(a) > 0 && len(b) > 0 && !share(a, b) }
	return q.sex&r.sex != 0 && !apart(q.first, r.first) && !apart(q.patr, r.patr) && !apart(q.sur, r.sur) && len(q.initials)+len(r.initials) == 0
}

// comingOf gives who is meant by the first of these mentions as far as that is known. A name in pieces is told by what follows
// it, «Панас, Панас Григорьевич», and a patronymic or a surname by who has it.
func (p *people) comingOf(next []mention, owners []*person) *person {
	if q := owners[0].now(); q != nil {
		if next[0].addressed && p.isTold(q) {
			return nil
		}
		return q
	}
	if len(next) > 1 && owners[1] != nil && next[1].turn == next[0].turn && share(next[0].first, next[1].first) {
		return owners[1].now()
	}
	var found *person
	if len(next[0].first) == 0 {
		for _, q := range p.mayBe(&next[0], -1) {
			if q.match(&next[0]) >= 3 {
				if found != nil {
					return nil
				}
				found = q
			}
		}
	}
	return found
}

// isTold reports a surname alone that the other speaker has for a name and patronymic at once: «Лидию Марковну можно?»
// «Грабовская на уроке».
func (m *mention) isTold(next *mention) bool {
	return len(m.first) > 0 && len(m.patr) > 0 && len(m.sur) == 0 && next.parts == 1 && len(next.sur) > 0 && next.turn == m.turn+1 && next.speaker != m.speaker &&
		next.start < opening && next.nominative && !m.self && !m.addressed && !next.self && !next.addressed && !next.introduced
}

// isContinued reports a mention whose bearer is likely meant by the next one: the answer to a question for the rest of
// the name, or a name and patronymic without an introduction where a surname was told: «у доктора Оганесяна» «У Гарика
// Суреновича есть четверг».
func (m *mention) isContinued(next *mention) bool {
	if next.turn-m.turn > complementTurns || next.coupled || next.other {
		return false
	}
	return (next.answer || next.appended) && (len(m.sur) == 0 || len(next.sur) == 0) ||
		m.third && len(next.patr) > 0 && next.speaker != m.speaker && !next.introduced && !next.self && !next.addressed ||
		m.isExplained(next)
}

// isExplained reports a surname alone for which the other speaker has the name and patronymic at once: «к нотариусу
// Чичериной» «Ольга Вадимовна ещё работает?»; or the same speaker in a clause of its own: «к Арутюняну, Гагик Суренович нам
// понравился».
func (m *mention) isExplained(next *mention) bool {
	if len(m.sur) == 0 || m.parts > 1 || len(next.first) == 0 || len(next.sur) > 0 || next.self || next.introduced || m.sex&next.sex == 0 {
		return false
	}
	if next.turn == m.turn {
		return m.third && !m.nominative && next.nominative && len(next.patr) > 0 && next.follows(m)
	}
	if next.turn != m.turn+1 || next.speaker == m.speaker {
		return false
	}
	if len(next.patr) == 0 {
		return next.start < opening && next.questioned && !m.self
	}
	return next.start < opening && next.sure < sureOf
}

// isFull reports a name that tells its person apart from others.
func (m *mention) isFull() bool {
	return len(m.first) > 0 && len(m.sur)+len(m.patr) > 0 || len(m.sur) > 0 && len(m.initials) > 1
}

// personOf gives the person of a mention, a new one if it is nobody known.
func (p *people) personOf(m *mention) *person {
	if p.latest == nil && !p.whole {
		p.latest = p.last
	}
	slot := p.slotOf(m)
	q := p.find(m, slot)
	if q != nil && (p.unite(q, p.coming) || p.explained && p.unite(q, p.latest)) {
		q = q.of
	}
	var was person
	if q == nil {
		q = p.newPerson()
		q.sex, q.at = lexicon.Both, len(p.persons)
		q.sur, q.forms, q.seen = p.keys.take(len(m.sur) + 2)[:0], p.keys.take(2)[:0], p.turns.take(4)[:0] // for most no more is needed
		if m.guess != 0 {
			q.sex = m.guess
		}
		if m.other && !m.coupled {
			q.another = true
		}
		p.persons = append(p.persons, q)
	} else {
		p.touch(q)
		was = *q
	}
	q.add(m)
	p.note(m, q, slot)
	p.changed(q, &was)
	p.told = p.told || m.isFull() || m.corrects || m.alias || was.times > 0 && (len(was.first) == 0 && len(q.first) > 0 || len(was.patr) == 0 && len(q.patr) > 0 || len(was.sur) == 0 && len(q.sur) > 0)
	return q
}

// newPerson gives an empty person, one of those for whom there is room.
func (p *people) newPerson() *person {
	if len(p.room) == 0 {
		return &person{}
	}
	q := &p.room[0]
	p.room = p.room[1:]
	return q
}

// maxCandidates is how many persons a mention is held against: those who came last. Without a bound a text of a hundred
// thousand names would take the square of them.
const maxCandidates = 200

func (p *people) candidates() []*person { return p.persons[max(0, len(p.persons)-maxCandidates):] }

// What a mention and a person have in common is weighed in thousands a point: 2 for a first name, 3 for a surname or a
// patronymic. Who is known to stand on the side where the mention stands has slotBonus more, so that «это Аветисян» goes
// to the Рубен whom the other side greets and not to the wife of whom he speaks by full name later.
const (
	point       = 1000
	slotBonus   = 3500
	slotMalus   = 2500
	contextTie  = 2500 // a surname right behind «фамилия?»
	weakestTie  = 2000 // that makes two parts of a name one person
	guessPoints = 400  // for the sex that a verb or the place in the clause tells
	sureOf      = 2    // votes from which a side is settled
	mostOfSlots = 8    // speakers whose sides are told apart
)

// find gives the person of a mention, nil if it is nobody known. A contradiction in a part of the name, in sex or
// between two speakers outweighs everything else.
func (p *people) find(m *mention, slot int) *person {
	if m.spelled && p.latest != nil {
		return p.latest
	}
	if m.alias {
		if q := p.aliased(m, slot); q != nil {
			return q
		}
	}
	var best *person
	bestScore := 0
	for _, q := range p.mayBe(m, slot) {
		if score := p.weigh(q, m, slot); score > bestScore {
			best, bestScore = q, score
		}
	}
	if p.wrong != nil && (best == nil || bestScore < 4*point && m.place.before(best.from) && best.isApart(p.wrong, m)) && p.wrong.sex&m.sex != 0 {
		return p.wrong
	}
	if best != nil {
		return best
	}
	return p.misheard(m, slot)
}

// weigh gives how well a mention fits a person, 0 or less if not at all.
func (p *people) weigh(q *person, m *mention, slot int) int {
	points := q.match(m)
	if points < 0 || q.of != nil || points < 4 && (q == p.barred || m.other && q.from.before(m.place) || q.another && m.place.before(q.from)) {
		return 0
	}
	tie := p.tie(q, m, slot)
	if points == 0 {
		if tie < weakestTie || !q.lacks(m) {
			return 0
		}
	} else if points < 4 && tie <= -slotMalus {
		return 0
	}
	score := points*point + tie - p.distance(q, m)
	if q == p.apart {
		score -= 30
	}
	if q.before(m.turn) {
		score += 3 * min(q.times, 10)
	}
	if q.sex == m.sex && m.sex != lexicon.Both {
		score += 60
	}
	if q.enrolled {
		score += 150
	}
	if slices.Contains(q.forms, m.form) && m.form != 0 {
		score += 200
	}
	if len(q.sur) == len(m.sur) && (len(m.sur) > 0 || len(q.patr) == len(m.patr)) {
		score += 20
	}
	if m.guess != 0 && q.sex != lexicon.Both {
		sign := guessPoints
		if len(m.first) == 0 {
			sign *= 4 // «Абрамова» is a man in one case of two alone
		}
		if q.sex != m.guess {
			sign = -sign
		}
		score += sign
	}
	return score
}

// tie weighs what the places of a mention tell, whatever the words of the name.
func (p *people) tie(q *person, m *mention, slot int) int {
	tie := 0
	switch {
	case slot >= 0 && q.slots[slot] >= sureOf && m.sure >= sureOf:
		tie = slotBonus + min(int(q.slots[slot]), 10)*10
	case slot >= 0 && q.slots[slot] > 0 && m.addressed && len(m.patr) == 0 && !m.appended && (q.slots[slot] < sureOf || len(q.first) > 0):
		tie = point
	case slot >= 0 && q.slots[slot] > 0:
		tie = weakestTie
	case m.sure >= sureOf && p.isOtherSpeaker(q, m),
		m.self && m.sure >= sureOf && q.kin && (q.thirds[p.slotIndex(m.speaker)] > 0 || sideOf(m.speaker) == Agent),
		m.kin && p.isSpeaker(q):
		return -slotMalus
	case m.third && q.slots[p.slotIndex(m.speaker)] >= sureOf && !(len(m.first) == 0 && q.within(m.turn, 0)): // «Пуля, склоняется: у Пули»
		tie = -point
	}
	own := m.coupled || m.answer && !m.appended && p.isOther(q, m) || m.third && p.isSpeaker(q) // «к доктору Бессоновой» does not tell the surname of who says it
	switch {
	case q == p.latest && m.pronoun && len(q.sur) == 0:
		return slotBonus
	case q == p.latest && (m.appended || m.answer || p.explained) && !own, q == p.coming:
		return max(tie, contextTie)
	case m.answer && !own && tie < weakestTie && p.isAskedAbout(q, m):
		return weakestTie
	}
	return tie
}

// isOtherSpeaker reports a contradiction between two sides: the person introduced himself as another speaker than the one
// who bears the name of the mention.
func (p *people) isOtherSpeaker(q *person, m *mention) bool {
	for i := range p.speakers {
		if s := &p.speakers[i]; s.self == q && (m.self && s.name != m.speaker || m.addressed && s.name == m.speaker) {
			return true
		}
	}
	return false
}

// isSpeaker reports who introduced himself.
func (p *people) isSpeaker(q *person) bool {
	return slices.ContainsFunc(p.speakers, func(s speaker) bool { return s.self == q })
}

// isOther reports who introduced himself as another speaker than the one of a mention.
func (p *people) isOther(q *person, m *mention) bool {
	return slices.ContainsFunc(p.speakers, func(s speaker) bool { return s.self == q && s.name != m.speaker })
}

// isTold reports who is known to be one of the speakers.
func (p *people) isTold(q *person) bool {
	return q != nil && slices.ContainsFunc(q.slots[:], func(votes uint8) bool { return votes >= sureOf })
}

// before reports whether the person was mentioned before the turn ends.
func (q *person) before(turn int) bool {
	return len(q.seen) > 0 && q.seen[0] <= turn
}

// complementTurns is how far the rest of a name may stand from its beginning.
const complementTurns = 2

// isAskedAbout reports the only person named shortly before an answer who lacks what it tells: «Ваник, фамилия?» «Погосян.»
func (p *people) isAskedAbout(q *person, m *mention) bool {
	if !q.within(m.turn, 1) || !q.lacks(m) {
		return false
	}
	for _, other := range p.candidates() {
		if other != q && other.of == nil && other.within(m.turn, 1) && other.lacks(m) {
			return false
		}
	}
	return true
}

// aliased finds who is said to have another name too: «по мужу Кац», «дома зовём Джама», «Everyone says Lola».
func (p *people) aliased(m *mention, slot int) *person {
	if q := p.latest; q != nil && q.sex&m.sex != 0 && slices.Contains(q.seen, m.turn) {
		return q
	}
	for _, q := range p.candidates() {
		if slot >= 0 && q.slots[slot] > 0 && q.sex&m.sex != 0 && q.of == nil {
			return q
		}
	}
	if q := p.latest; q != nil && q.sex&m.sex != 0 && q.within(m.turn, complementTurns) {
		return q
	}
	return nil
}

// within reports whether the person was mentioned at most so many turns before or after.
func (q *person) within(turn, turns int) bool {
	i, _ := slices.BinarySearch(q.seen, turn-turns)
	return i < len(q.seen) && q.seen[i] <= turn+turns
}

// misheard finds the person whose name differs in one letter: «Азамат» and «асамата».
func (p *people) misheard(m *mention, slot int) *person {
	if m.other {
		return nil
	}
	var best *person
	for _, q := range p.candidates() {
		if q.of != nil || q == p.barred || q.sex&m.sex == 0 || len(q.initials)+len(m.initials) > 0 && matchInitials(q, m) < 0 || q.another && m.place.before(q.from) {
			continue
		}
		first, patr := false, false
		if len(q.first) > 0 && len(m.first) > 0 {
			if first = alike(q.first, m.first); !first || areOthers(q.first, m.first) && !q.within(m.turn, heardWithin) {
				continue
			}
		}
		if len(q.patr) > 0 && len(m.patr) > 0 {
			if patr = alike(q.patr, m.patr); !patr {
				continue
			}
		}
		same := similar(q.sur, m.sur) || q == p.latest && m.echoes(q)
		if !same && len(q.sur) > 0 && len(m.sur) > 0 && !share(q.sur, m.sur) {
			continue
		}
		if !same && !first && !patr && (m.parts != 1 || !similar(q.first, m.sur) && !(len(q.first)+len(q.patr) == 0 && similar(q.sur, m.first))) || p.tie(q, m, slot) < 0 {
			continue
		}
		if best == nil || p.distance(q, m) < p.distance(best, m) {
			best = q
		}
	}
	return best
}

// heardWithin is how many turns away a name that there is may be heard for another one that there is.
const heardWithin = 2

// areOthers reports two first names that there are and that differ in a consonant, «карина» and «марина»: vowels are misheard and
// misspelt more often.
func areOthers(a, b []uint64) bool {
	if share(a, b) {
		return false
	}
	for _, x := range a {
		for _, y := range b {
			if oneConsonantApart(x, y) && isFirstKey(x) && isFirstKey(y) {
				return true
			}
		}
	}
	return false
}

// oneConsonantApart reports two words of one length that differ in one letter, which in both is a consonant.
func oneConsonantApart(a, b uint64) bool {
	if a>>60 != b>>60 || a>>60 > 12 || a == b {
		return false
	}
	at := bits.TrailingZeros64(a^b) / 5 * 5
	return (a^b)>>(at+5) == 0 && vowels>>(a>>at&31)&1 == 0 && vowels>>(b>>at&31)&1 == 0
}

// isFirstKey reports a first name that the lexicon has.
func isFirstKey(key uint64) bool {
	e, ok := lexicon.Lookup(key)
	return ok && e.Class.Is(lexicon.FirstName)
}

// echoes reports a surname alone that begins like that of a person: who hears a rare one says the next that he knows,
// «Лисица» «Лисицына?».
func (m *mention) echoes(q *person) bool {
	const begin = 4
	if m.parts != 1 || len(m.sur) == 0 {
		return false
	}
	for _, a := range m.sur {
		for _, b := range q.sur {
			n, k := int(a>>60), int(b>>60)
			if n >= begin && n <= 12 && k >= begin && k <= 12 && a&lettersOf(n)>>(5*(n-begin)) == b&lettersOf(k)>>(5*(k-begin)) {
				return true
			}
		}
	}
	return false
}

// distance is how many turns ago the person was mentioned. What comes later is further than all before, and further still
// what another speaker says first: «это мама Эмиля» «Сафина или Рзаева?» «Рзаева».
func (p *people) distance(q *person, m *mention) int {
	best := 200
	next, _ := slices.BinarySearch(q.seen, m.turn+1)
	switch {
	case next > 0:
		best = min(best, m.turn-q.seen[next-1])
	case len(q.seen) > 0:
		best = min(best, 150+q.seen[0]-m.turn)
		if said := q.said[p.slotIndex(m.speaker)]; said > 0 {
			best = min(best, 100+int(said)-m.turn)
		}
	}
	return best
}

// before reports a place before another one.
func (a place) before(b place) bool { return a.turn < b.turn || a.turn == b.turn && a.start < b.start }

// see notes the turn of a mention. Full names are heard before the rest, so that it may be one in the middle.
func (q *person) see(turn int) {
	q.times++
	i, known := slices.BinarySearch(q.seen, turn)
	switch {
	case known:
	case i == len(q.seen):
		q.seen = append(q.seen, turn)
	default:
		q.seen = slices.Insert(slices.Clip(q.seen), i, turn) // what was saved keeps its own
	}
}

// lacks reports whether a mention tells parts of a name that the person lacks, and none that he has.
func (q *person) lacks(m *mention) bool {
	return q.sex&m.sex != 0 && (len(q.first) == 0 || len(m.first) == 0) && (len(q.patr) == 0 || len(m.patr) == 0) &&
		(len(q.sur) == 0 || len(m.sur) == 0) && len(m.initials) == 0 && len(q.initials) == 0
}

// match weighs what a mention has in common with a person: 0 is nothing, below 0 a contradiction.
func (q *person) match(m *mention) int {
	if q.sex != 0 && m.sex != 0 && q.sex&m.sex == 0 {
		if q.sex&m.aloneSex != 0 && share(q.sur, m.alone) && q.before(m.turn) {
			return 3 // «Алина Ким», «Ким — три буквы?»
		}
		return -1
	}
	points := 0
	if len(q.first) > 0 && len(m.first) > 0 {
		if !share(q.first, m.first) && !q.sounds.same(&m.sounds, 0) {
			if share(q.sur, m.alone) {
				return 3 // «Александр Ким», «позовите Кима»
			}
			if m.parts <= 2 && (!m.listed || m.parts == 1) && q.sounds.crosses(&m.sounds) {
				return 3 // «Лопсан» and "ONDAR LOPSAN", of whom nobody knows which is the surname
			}
			return -1
		}
		points += 2
	}
	if len(q.patr) > 0 && len(m.patr) > 0 {
		if !share(q.patr, m.patr) && !q.sounds.same(&m.sounds, 1) && !isTail(q.patr, m.patr) {
			if share(q.sur, m.alone) {
				return 3 // «Гуревичу»
			}
			return -1
		}
		points += 3
	}
	switch {
	case m.father != 0 && slices.Contains(q.patr, m.father):
		points += 3 // «Борухович волшебник»
	case len(q.sur) > 0 && len(m.sur) > 0:
		switch {
		case share(q.sur, m.sur), q.sounds.same(&m.sounds, 2):
			points += 3
		case points < 5:
			if m.parts == 1 && (share(q.first, m.sur) || q.sounds.crosses(&m.sounds)) || points > 0 && (share(q.first, m.sur) || share(q.sur, m.first)) {
				return 1 + points // «Юн Хи» and «Пак Юн Хи»
			}
			return -1
		}
	case m.parts == 1 && (len(m.sur) > 0 && share(q.first, m.sur) || len(q.sur) > 0 && share(q.sur, m.first) || q.sounds.crosses(&m.sounds)):
		points++
	}
	initials := matchInitials(q, m)
	if initials < 0 {
		return -1
	}
	return points + initials
}

// matchInitials compares «П. Ю.» with what is known of the person.
func matchInitials(q *person, m *mention) int {
	points := 0
	for i := range 2 { // of the first name, of the patronymic
		switch a, b := q.heads[i], m.heads[i]; {
		case a == 0 || b == 0 || len(q.initials) == 0 && len(m.initials) == 0 || q.tells(i) && m.tells(i):
		case a&b == 0:
			return -1
		default:
			points++
		}
	}
	if len(m.initials) > 0 && len(m.first) > 0 && len(m.sur) == 0 { // «Юлия С.»
		switch {
		case q.heads[2] == 0 || len(m.initials) == 0:
		case q.heads[2]&m.heads[2] == 0 && q.heads[1]&m.heads[2] == 0: // or of the patronymic
			return -1
		default:
			points++
		}
	}
	return points
}

// tells reports whether the first name, 0, or the patronymic, 1, is known beyond its initial.
func (q *person) tells(i int) bool { return i == 0 && len(q.first) > 0 || i == 1 && len(q.patr) > 0 }

func (m *mention) tells(i int) bool { return i == 0 && len(m.first) > 0 || i == 1 && len(m.patr) > 0 }

// add takes what a mention tells.
func (q *person) add(m *mention) {
	if len(q.first) == 0 {
		q.first = m.first
	} else if len(m.first) > 0 && (m.alias || m.corrects || !share(q.first, m.first) && q.sounds.same(&m.sounds, 0)) {
		q.first = withKeys(q.first, m.first)
	} else if len(m.first) > 0 && len(m.first) < len(q.first) && share(q.first, m.first) {
		q.first = slices.DeleteFunc(slices.Clone(q.first), func(k uint64) bool { return k>>60 != 14 && !slices.Contains(m.first, k) })
	}
	if len(q.patr) == 0 {
		q.patr = m.patr
	} else if m.corrects {
		q.patr = withKeys(q.patr, m.patr)
	}
	if m.parts != 1 || !share(q.first, m.sur) { // of "Blessing" nobody knows what it is
		for _, k := range m.sur {
			q.sur = appendKey(q.sur, k)
		}
	}
	if len(q.initials) == 0 {
		q.initials = m.initials
	}
	q.sounds.add(&m.sounds)
	for i := range m.heads {
		if q.heads[i] == 0 {
			q.heads[i] = m.heads[i]
		}
	}
	if m.form != 0 && !slices.Contains(q.forms, m.form) {
		q.forms = append(q.forms, m.form)
	}
	if s := q.sex & m.sex; s != 0 {
		q.sex = s
	}
	if m.weight > q.weight {
		q.value, q.wording, q.weight = m.text, m.wording, m.weight
		if !m.kept {
			q.value = strings.Clone(m.text)
		}
	}
	if len(q.seen) == 0 || m.place.before(q.from) {
		q.from = m.place
	}
	q.see(m.turn)
}

// withKeys gives keys with others, in memory of their own.
func withKeys(keys, others []uint64) []uint64 {
	keys = slices.Clone(keys)
	for _, k := range others {
		keys = appendKey(keys, k)
	}
	return keys
}

// note keeps what a mention tells of the sides and roles.
func (p *people) note(m *mention, q *person, slot int) {
	if slot >= 0 && (m.sure >= sureOf || !m.self || q.thirds[slot] == 0) {
		q.slots[slot] = min(q.slots[slot]+m.sure, 100)
	}
	i := p.speakerIndex(m.speaker)
	if said := &q.said[min(i, mostOfSlots-1)]; *said == 0 || m.turn < int(*said) {
		*said = int32(m.turn + 1)
	}
	q.kin = q.kin || m.kin
	if m.third && i < mostOfSlots {
		q.thirds[i] = min(q.thirds[i]+1, 100)
	}
	side := p.speakers[i].sideNow()
	switch {
	case m.sure < sureOf && i < mostOfSlots && q.thirds[i] > 0: // an answer for «запишите сына» is not of the speaker himself
	case m.self:
		if p.speakers[i].self == nil {
			p.touchSpeaker(i)
			p.speakers[i].self = q
		}
		q.votes[side] += 4
	case m.addressed:
		q.votes[opposite(side)] += 2
	case m.answer && !m.third && !m.alias:
		q.votes[side]++
	}
}

// slotOf gives the speaker who bears the name of a mention, -1 if that is not known: who introduces himself, or the
// other side of who greets.
func (p *people) slotOf(m *mention) int {
	own := p.speakerIndex(m.speaker)
	if p.speakers[own].nobody {
		return -1
	}
	slot := -1
	switch {
	case m.self:
		slot = own
	case m.addressed:
		for i := range p.speakers {
			s := &p.speakers[i]
			switch {
			case i == own || s.nobody:
			case slot < 0 || s.name == m.prior:
				slot = i
			case p.speakers[slot].name != m.prior:
				return -1
			}
		}
	}
	if slot >= mostOfSlots {
		return -1
	}
	return slot
}

// slotIndex is speakerIndex within the bound of slots.
func (p *people) slotIndex(name string) int { return min(p.speakerIndex(name), mostOfSlots-1) }

func (p *people) speakerIndex(name string) int {
	if i, known := p.names.find(p.speakers, name); known {
		return i
	}
	p.speakers = append(p.speakers, speaker{name: name, nobody: isNobody(name), side: sideOf(name)})
	return len(p.speakers) - 1
}

// speakerNames finds speakers by name: a chat may have thousands. After a turn that failed it knows some who are gone.
type speakerNames struct {
	at    map[string]int
	known int // speakers that it was told
}

func (n *speakerNames) find(speakers []speaker, name string) (int, bool) {
	if len(speakers) <= mostOfSlots { // as in every call: no index pays
		i := slices.IndexFunc(speakers, func(s speaker) bool { return s.name == name })
		return i, i >= 0
	}
	if n.at == nil {
		n.at = map[string]int{}
	}
	for n.known = min(n.known, len(speakers)); n.known < len(speakers); n.known++ {
		n.at[speakers[n.known].name] = n.known
	}
	i, known := n.at[name]
	return i, known && i < len(speakers) && speakers[i].name == name
}
