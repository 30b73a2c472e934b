package anonymize

import (
	"context"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// people are the persons of a conversation.
type people struct {
	persons  []*person
	memory   memory
	speakers []speaker
	assigned map[place]*person // what settle decided
	whole    bool              // all turns were heard beforehand
	latest   *person           // of the mention before
	mentions []mention         // heard and not yet settled
	turn     int               // how many turns were masked
	undo     []undo
	saves    int // how often the persons were saved
}

// A person is all that was said of somebody's name.
type person struct {
	first, patr, sur []uint64 // keys, see Text.keysOf
	initials         []uint64
	forms            []uint64 // first names as they were said
	sex              lexicon.Sex
	role             Role
	enrolled         bool // the caller gave his role
	votes            [3]int
	seen             []int // turns in which he was mentioned, as far as they were read, sorted
	times            int   // how often he was mentioned
	value            string
	full             fullName
	weight           float32 // of the fullest form
	e                *entity // nil before the first label
	saved            int     // the last save that he was kept for
}

// A speaker is what is known of who talks.
type speaker struct {
	name    string
	self    *person // introduced himself
	partner *person // was addressed by him
	answer  *person // named when somebody asked him
	saved   int     // as of a person
}

// A place is where a mention stands.
type place struct{ turn, start int }

// A mention is one span of a person.
type mention struct {
	place
	first, patr, sur, initials []uint64
	alone                      []uint64 // of a first name alone: its keys as a surname
	form                       uint64
	sex, guess                 lexicon.Sex // guess: what nothing contradicts
	weight                     float32
	parts                      int
	self, addressed, answer    bool
	yours                      bool // «ваша фамилия»
	appositive                 bool // «Тимофей, Лосев»: stands behind a comma after the mention before
	begins                     bool // stands at the beginning of its turn
	spelled                    bool // «по буквам Сергей, Анна»
	speaker                    string
	text                       string
	full                       fullName
}

// An undo is a change of a turn that may fail.
type undo struct {
	p       *person
	was     person
	key     uint64
	roles   nameRole
	speaker int // index plus one
	spoke   speaker
}

type peopleSave struct{ persons, speakers, turn int }

func (p *people) save() peopleSave {
	p.undo = p.undo[:0]
	p.saves++
	return peopleSave{len(p.persons), len(p.speakers), p.turn}
}

func (p *people) rollBack(save peopleSave) {
	for i := len(p.undo) - 1; i >= 0; i-- {
		switch u := &p.undo[i]; {
		case u.p != nil:
			*u.p = u.was
		case u.speaker > 0:
			p.speakers[u.speaker-1] = u.spoke
		case u.roles == noRole:
			delete(p.memory.roles, u.key)
		default:
			p.memory.roles[u.key] = u.roles
		}
	}
	p.persons, p.speakers, p.turn = p.persons[:save.persons], p.speakers[:save.speakers], save.turn
	p.undo = p.undo[:0]
}

// touch keeps a person as he is, once for each save.
func (p *people) touch(q *person) {
	if q.saved < p.saves {
		p.undo = append(p.undo, undo{p: q, was: *q})
		q.saved = p.saves
	}
}

// touchSpeaker does the same for a speaker.
func (p *people) touchSpeaker(i int) {
	if who := &p.speakers[i]; who.saved < p.saves {
		p.undo = append(p.undo, undo{speaker: i + 1, spoke: *who})
		who.saved = p.saves
	}
}

// learn keeps the names of the spans in the memory and reports whether there was anything new.
func (p *people) learn(t *Text, spans []Span) bool {
	grown := false
	for _, s := range spans {
		if s.Kind != PERSON || s.Rule == spelledRule {
			continue
		}
		if n, ok := t.nameIn(s); ok {
			grown = p.learnName(t, &n) || grown
		}
	}
	return grown
}

func (p *people) learnName(t *Text, n *name) bool {
	grown := false
	var buf [maxKeys]uint64
	for i := n.from; i < n.to; i++ {
		r := n.roles[i-n.from]
		if r != firstName && r != surname {
			continue
		}
		part := &t.names.parts[i]
		for _, k := range t.keysOf(buf[:0], part, r) {
			grown = p.remember(k, r) || grown
		}
		for j := part.from; j < part.to; j++ {
			if t.tok[j].kind != signToken {
				grown = p.remember(t.tok[j].key, spoken) || grown
			}
		}
	}
	return grown
}

func (p *people) remember(k uint64, r nameRole) bool {
	was := p.memory.roles[k]
	if was&r != 0 {
		return false
	}
	if p.memory.roles == nil {
		p.memory.roles = map[uint64]nameRole{}
	}
	p.undo = append(p.undo, undo{key: k, roles: was})
	p.memory.roles[k] = was | r
	return true
}

// nameIn gives the parts of a span of a person.
func (t *Text) nameIn(s Span) (name, bool) {
	for k := range t.names.parts {
		if int(t.tok[t.names.parts[k].from].start) != s.Start {
			continue
		}
		b := nameBuilder{t: t, end: s.End}
		b.grow(k, name{from: int32(k), to: int32(k), gram: anyGram}, 0)
		return b.best, b.best.to > b.best.from
	}
	return name{}, false
}

// mentionOf reads a span.
func (p *people) mentionOf(t *Text, turn Turn, s Span) mention {
	m := mention{place: place{p.turn, t.window.at + s.Start}, speaker: turn.Speaker, text: t.s[s.Start:s.End], weight: 0.1}
	if s.Rule == spelledRule {
		m.spelled = true
	} else if n, ok := t.nameIn(s); ok {
		t.describe(&m, &n)
		t.readSlot(&m, &n)
	}
	return m
}

// describe takes the parts of a name into its mention.
func (t *Text) describe(m *mention, n *name) {
	m.sex, m.weight, m.parts, m.full = n.gram.Sex(), n.weight, int(n.to-n.from), t.fullNameOf(n)
	for i := n.from; i < n.to; i++ {
		part := &t.names.parts[i]
		switch n.roles[i-n.from] {
		case firstName:
			m.first = t.keysOf(m.first, part, firstName)
			if m.parts == 1 {
				m.alone = t.keysOf(nil, part, surname)
			}
			if e, ok := lexicon.Lookup(t.tok[part.from].key); ok {
				m.form = uint64(e.Reading(0).Lemma)
			}
		case patronymic:
			m.patr = t.keysOf(m.patr, part, patronymic)
		case surname:
			m.sur = t.keysOf(m.sur, part, surname)
		case initial:
			m.initials = append(m.initials, t.tok[part.from].key)
		}
	}
}

// hear keeps the persons of a turn until settle.
func (p *people) hear(turn Turn, t *Text, spans []Span) {
	from := len(p.mentions)
	for _, s := range spans {
		if s.Kind == PERSON {
			p.mentions = append(p.mentions, p.mentionOf(t, turn, s))
		}
	}
	joinMentions(p.mentions[from:])
}

// joinMentions lets neighbours tell each other what belongs to both: «Тимофей, Лосев» are a name and its surname,
// «Алёна Вадимовна… то есть Викторовна» a correction.
func joinMentions(ms []mention) {
	for i := 1; i < len(ms); i++ {
		a, b := &ms[i-1], &ms[i]
		switch {
		case b.appositive && a.sex&b.sex != 0 && len(a.first) > 0 && len(a.sur) == 0 && len(b.sur) > 0 && len(b.first)+len(b.patr) == 0:
			a.sur, b.first, b.patr = b.sur, a.first, a.patr
			a.sex &= b.sex
		case b.appositive && a.sex&b.sex != 0 && len(a.sur) > 0 && len(a.first)+len(a.initials) == 0 && len(b.first) > 0 && len(b.sur) == 0:
			a.first, b.sur = b.first, a.sur
		case len(a.patr) > 0 && len(a.first) > 0 && len(b.patr) > 0 && len(b.first)+len(b.sur) == 0 && a.sex&b.sex != 0:
			a.patr = append(slices.Clone(a.patr), b.patr...)
			b.patr, b.first, b.sur = a.patr, a.first, a.sur
		case len(a.patr) == 0 && len(a.first) > 0 && len(b.patr) > 0 && len(b.first)+len(b.sur) == 0 && a.sex&b.sex != 0:
			a.patr, b.first, b.sur = b.patr, a.first, a.sur
		}
	}
}

// settle decides roles and links when all turns were heard.
func (p *people) settle() {
	p.whole = true
	p.link()
	for _, q := range p.persons {
		q.role = q.elect()
	}
	p.turn = 0
}

// link gives everybody heard his person: first the full names, which tell persons apart, then the rest in the order in
// which it was said.
func (p *people) link() {
	if p.assigned == nil {
		p.assigned = map[place]*person{}
	}
	clear(p.assigned)
	for pass := range 2 {
		for i := range p.mentions {
			m := &p.mentions[i]
			full := len(m.first) > 0 && len(m.sur)+len(m.patr) > 0
			if full != (pass == 0) {
				continue
			}
			p.turn = m.turn
			p.assigned[m.place] = p.personOf(m)
		}
	}
	p.mentions = p.mentions[:0]
}

// personOf gives the person of a mention, a new one if it is nobody known.
func (p *people) personOf(m *mention) *person {
	q := p.find(m)
	if q == nil {
		q = &person{sex: lexicon.Both}
		if m.guess != 0 {
			q.sex = m.guess
		}
		p.persons = append(p.persons, q)
	} else {
		p.touch(q)
	}
	q.add(m)
	p.note(m, q)
	p.latest = q
	return q
}

func (p *people) find(m *mention) *person {
	who := p.speaker(m.speaker)
	var best *person
	bestScore := 0
	for _, q := range p.candidates() {
		points := q.match(m)
		if points <= 0 {
			continue
		}
		score := points*1000 - q.distance(m.turn) + 3*min(q.times, 10)
		if q.sex == m.sex && m.sex != lexicon.Both {
			score += 60
		}
		if q.enrolled {
			score += 150
		}
		if slices.Contains(q.forms, m.form) && m.form != 0 {
			score += 200
		}
		if len(q.sur) == len(m.sur) {
			score += 20
		}
		if m.guess != 0 && q.sex != lexicon.Both {
			if q.sex == m.guess {
				score += 150
			} else {
				score -= 150
			}
		}
		if m.self && who.self == q || m.addressed && who.partner == q {
			score += 500
		}
		if score > bestScore {
			best, bestScore = q, score
		}
	}
	if best != nil {
		return best
	}
	if m.spelled && p.latest != nil {
		return p.latest
	}
	if q := p.complement(m, who); q != nil {
		return q
	}
	return p.misheard(m)
}

// maxCandidates is how many persons a mention is held against: those who came last. Without a bound a text of a hundred
// thousand names would take the square of them.
const maxCandidates = 1000

func (p *people) candidates() []*person { return p.persons[max(0, len(p.persons)-maxCandidates):] }

// complement finds the person whose name goes on in this mention: a surname and then, asked for the rest, a name and a
// patronymic; or somebody who told his surname is now spoken to by name.
func (p *people) complement(m *mention, who *speaker) *person {
	if m.answer {
		if q := p.latest; q != nil && len(m.first) == 0 && q.within(m.turn, 1) && q.lacks(m) {
			return q
		}
		if who.answer != nil && who.answer.within(m.turn, 4) && who.answer.lacks(m) {
			return who.answer
		}
		if q := p.askedAbout(m); q != nil {
			return q
		}
		if p.sideOf(m.speaker) == Customer && who.self != nil && who.self.lacks(m) {
			return who.self
		}
	}
	for i := range p.speakers {
		other := &p.speakers[i]
		if other.name == m.speaker {
			continue
		}
		if q := other.partner; m.begins && len(m.first) == 0 && q != nil && q.within(m.turn, 2) && q.lacks(m) {
			return q
		}
		if q := other.partner; (m.answer || m.yours) && q != nil && (len(q.patr) > 0 || m.yours) && q.lacks(m) {
			return q
		}
		if m.addressed && len(m.patr) > 0 || m.yours {
			for _, q := range [...]*person{other.self, other.answer} {
				if q != nil && q.lacks(m) {
					return q
				}
			}
		}
	}
	return nil
}

// askedAbout gives the only person named right before an answer who lacks what it tells: «Ваник, фамилия?» «Погосян.»
func (p *people) askedAbout(m *mention) *person {
	var found *person
	for _, q := range p.candidates() {
		if q.within(m.turn, 1) && q.lacks(m) {
			if found != nil {
				return nil
			}
			found = q
		}
	}
	return found
}

// within reports whether the person was mentioned at most so many turns before or after.
func (q *person) within(turn, turns int) bool {
	i, _ := slices.BinarySearch(q.seen, turn-turns)
	return i < len(q.seen) && q.seen[i] <= turn+turns
}

// misheard finds the person whose name differs in one letter: «Азамат» and «асамата».
func (p *people) misheard(m *mention) *person {
	var best *person
	for _, q := range p.candidates() {
		if q.sex&m.sex == 0 || matchInitials(q, m) < 0 {
			continue
		}
		same := similar(q.sur, m.sur)
		if !same && len(q.sur) > 0 && len(m.sur) > 0 && !share(q.sur, m.sur) {
			continue
		}
		first := share(q.first, m.first) || similar(q.first, m.first)
		if len(q.first) > 0 && len(m.first) > 0 && !first {
			continue
		}
		patr := share(q.patr, m.patr) || similar(q.patr, m.patr)
		if len(q.patr) > 0 && len(m.patr) > 0 && !patr {
			continue
		}
		if same || first || patr || m.parts == 1 && similar(q.first, m.sur) {
			if best == nil || q.distance(m.turn) < best.distance(m.turn) {
				best = q
			}
		}
	}
	return best
}

// distance is how many turns ago the person was mentioned; what comes later is further than all before.
func (q *person) distance(turn int) int {
	best := 200
	next, _ := slices.BinarySearch(q.seen, turn+1)
	if next > 0 {
		best = min(best, turn-q.seen[next-1])
	}
	if next < len(q.seen) {
		best = min(best, 100+q.seen[next]-turn)
	}
	return best
}

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
		return -1
	}
	points := 0
	if len(q.first) > 0 && len(m.first) > 0 {
		if !share(q.first, m.first) {
			if share(q.sur, m.alone) {
				return 1 // «Александр Ким», «позовите Кима»
			}
			return -1
		}
		points += 2
	}
	if len(q.patr) > 0 && len(m.patr) > 0 {
		if !share(q.patr, m.patr) {
			return -1
		}
		points += 3
	}
	if len(q.sur) > 0 && len(m.sur) > 0 {
		switch {
		case share(q.sur, m.sur):
			points += 3
		case points < 5:
			if m.parts == 1 && share(q.first, m.sur) {
				return 1
			}
			return -1
		}
	} else if m.parts == 1 && len(m.sur) > 0 && share(q.first, m.sur) {
		points++
	} else if len(q.sur) > 0 && m.parts == 1 && len(m.first) > 0 && share(q.sur, m.first) {
		points++
	}
	if len(q.first) == 0 && len(q.initials) > 0 && len(m.first) > 0 {
		if !beginsWith(m.first, q.initials[0]) {
			return -1
		}
		points++
	}
	return points + matchInitials(q, m)
}

// matchInitials compares «П. Ю.» with what is known of the person.
func matchInitials(q *person, m *mention) int {
	if len(m.initials) == 0 {
		return 0
	}
	known := [...][]uint64{q.first, q.patr}
	if len(m.first) > 0 {
		known = [...][]uint64{q.sur, nil}
	}
	points := 0
	for i, letter := range m.initials {
		if i == len(known) || len(known[i]) == 0 {
			break
		}
		if !beginsWith(known[i], letter) {
			return -100
		}
		points++
	}
	if len(q.initials) > 0 && len(q.first) == 0 && q.initials[0] != m.initials[0] {
		return -100
	}
	return points
}

// beginsWith reports whether a name of the keys begins with the initial.
func beginsWith(keys []uint64, initial uint64) bool {
	return slices.ContainsFunc(keys, func(k uint64) bool { return firstLetter(k) == firstLetter(initial) })
}

// firstLetter gives the first letter of a key, apart in the two alphabets; 0 of a word too long for its key.
func firstLetter(key uint64) uint64 {
	switch tag := key >> 60; {
	case tag >= 1 && tag <= 12:
		return key>>(5*(tag-1))&31 | 64
	case tag == 14:
		letters := key & (1<<60 - 1)
		for letters > 31 {
			letters >>= 5
		}
		return letters
	}
	return 0
}

// add takes what a mention tells.
func (q *person) add(m *mention) {
	if len(q.first) == 0 {
		q.first = m.first
	} else if len(m.first) > 0 && len(m.first) < len(q.first) && share(q.first, m.first) {
		q.first = slices.DeleteFunc(slices.Clone(q.first), func(k uint64) bool { return k>>60 != 14 && !slices.Contains(m.first, k) })
	}
	if len(q.patr) == 0 {
		q.patr = m.patr
	}
	for _, k := range m.sur {
		q.sur = appendKey(q.sur, k)
	}
	if len(q.initials) == 0 {
		q.initials = m.initials
	}
	if m.form != 0 && !slices.Contains(q.forms, m.form) {
		q.forms = append(q.forms, m.form)
	}
	if s := q.sex & m.sex; s != 0 {
		q.sex = s
	}
	if m.weight > q.weight {
		q.value, q.full, q.weight = strings.Clone(m.text), m.full.clone(), m.weight
	}
	q.see(m.turn)
}

// note keeps what a mention tells of the roles.
func (p *people) note(m *mention, q *person) {
	i := p.speakerIndex(m.speaker)
	who := &p.speakers[i]
	p.touchSpeaker(i)
	side := p.sideOf(m.speaker)
	switch {
	case m.self:
		who.self = q
		q.votes[side] += 4
	case m.addressed:
		who.partner = q
		q.votes[opposite(side)] += 2
	case m.answer:
		q.votes[side]++
	}
	if m.answer {
		who.answer = q
	}
}

func (p *people) speaker(name string) *speaker { return &p.speakers[p.speakerIndex(name)] }

func (p *people) speakerIndex(name string) int {
	for i := range p.speakers {
		if p.speakers[i].name == name {
			return i
		}
	}
	p.speakers = append(p.speakers, speaker{name: name})
	return len(p.speakers) - 1
}

// elect gives the role that most mentions tell.
func (q *person) elect() Role {
	switch {
	case q.enrolled:
		return q.role
	case q.votes[Agent] > q.votes[Customer]:
		return Agent
	case q.votes[Customer] > 0:
		return Customer
	}
	return Person
}

// sideOf gives the side of a speaker: of a role word, or of the person who has this name.
func (p *people) sideOf(speaker string) Role {
	for i := range p.speakers {
		if s := &p.speakers[i]; s.name == speaker && s.self != nil && s.self.enrolled {
			return s.self.role
		}
	}
	return sideOf(speaker)
}

// sideOf gives the side of a role word.
func sideOf(speaker string) Role {
	word := strings.ToLower(strings.TrimRight(speaker, "0123456789 "))
	switch word {
	case "agent", "operator", "manager", "bot", "assistant", "агент", "оператор", "менеджер", "бот", "сотрудник":
		return Agent
	case "client", "customer", "user", "клиент", "покупатель", "абонент", "пользователь":
		return Customer
	}
	return Person
}

func opposite(side Role) Role {
	switch side {
	case Agent:
		return Customer
	case Customer:
		return Agent
	}
	return Person
}

func (s *session) personToken(ctx context.Context, turn Turn, span Span) (string, error) {
	p := &s.m.people
	q := p.assigned[place{p.turn, s.t.window.at + span.Start}]
	if q == nil { // a label in the text cut the span that was heard
		m := p.mentionOf(&s.t, turn, span)
		q = p.personOf(&m)
	}
	return s.tokenOf(ctx, q)
}

// tokenOf gives the label of a person, which is made when he is first seen.
func (s *session) tokenOf(ctx context.Context, q *person) (string, error) {
	if q.e != nil {
		return q.e.token, nil
	}
	e := &entity{kind: PERSON, value: q.value, role: q.elect(), who: q}
	token, err := s.newEntity(ctx, e, q.value)
	if err != nil {
		return "", err
	}
	s.m.people.touch(q)
	q.e = e
	return token, nil
}
