package anonymize

import (
	"context"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// people are the persons of a conversation.
type people struct {
	persons   []*person
	memory    memory
	speakers  []speaker
	assigned  map[place]*person // what settle decided
	whole     bool              // all turns were heard beforehand
	latest    *person           // of the mention before the one that is linked
	coming    *person           // and of the answer behind it
	wrong     *person           // who was named wrongly and is corrected
	barred    *person           // whom «и» or «или» tells from the mention
	apart     *person           // who was named just before, by another part of his name
	explained bool              // the mention tells the surname of the latest
	last      *person           // of the last mention of the turn before
	prior     string            // who spoke that turn
	mentions  []mention         // heard and not yet settled
	said      [mostSaid]mention // the last ones before the turn, the latest first
	past      []mention         // of a session: those so far, up to a bound
	owned     []owned           // and who is meant by them
	given     []owned           // scratch of relabel
	next      []int32           // and of chain
	owners    []*person         // scratch of linkAll
	fresh     *people           // scratch of lookBack
	looks     int               // how often it looked back
	room      []person          // for new ones
	keys      slab[uint64]
	turns     slab[int]
	scratch   [5][2 * maxKeys]uint64
	told      bool // the turn told more of somebody than the name that he was known by
	turn      int  // how many turns were masked
	undo      undo
	saves     int // how often the persons were saved
	index     personIndex
	names     speakerNames
}

// A person is all that was said of somebody's name.
type person struct {
	first, patr, sur []uint64 // keys, see Text.keysOf
	initials         []uint64
	forms            []uint64 // first names as they were said
	sounds           sounds
	heads            [3]letters // what first name, patronymic and surname begin with
	sex              lexicon.Sex
	role             Role
	enrolled         bool // the caller gave his role
	kin              bool // somebody called him his relative
	votes            [3]int
	slots            [mostOfSlots]uint8 // how often he was told to be this speaker
	thirds           [mostOfSlots]uint8 // how often this speaker spoke of him as of somebody else
	another          bool               // he was told to be another one of a name: not who was meant by it before
	said             [mostOfSlots]int32 // the turn, counted from 1, in which this speaker mentioned him first
	seen             []int              // turns in which he was mentioned, as far as they were read, sorted
	from             place              // of the first of them
	times            int                // how often he was mentioned
	value            string
	wording          wording  // of the value
	full             fullName // of who was named by the caller or comes from a state
	weight           float32  // of the fullest form
	e                *entity  // nil before the first label
	saved            int      // the last save that he was kept for
	at               int      // his place among the persons
	of               *person  // who proved to be meant by all his mentions; nil while he is himself
	origin           *person  // as he was before anybody was heard; nil if the caller did not name him
}

// A speaker is what is known of who talks.
type speaker struct {
	name   string
	self   *person // introduced himself, or the caller named him
	named  bool    // the caller did
	nobody bool    // anybody may write under the name
	side   Role    // by a role word
	saved  int     // as of a person
}

// A place is where a mention stands.
type place struct{ turn, start int }

// A mention is one span of a person.
type mention struct {
	place
	first, patr, sur, initials []uint64
	alone                      []uint64 // of a first name alone: its keys as a surname
	aloneSex                   lexicon.Sex
	form                       uint64
	sex, guess                 lexicon.Sex // guess: what nothing contradicts
	weight                     float32
	parts                      int
	heads                      [3]letters
	sounds                     sounds
	father                     uint64 // of a patronymic that may be a surname: «Борухович»
	self, addressed, answer    bool
	sure                       uint8 // votes for the side: 1 if only the place in the turn tells it
	kin                        bool  // «муж Игорь»
	introduced                 bool  // «доктор Белкин», «муж Игорь», «зовут Игорь»
	third                      bool  // somebody is spoken of: «муж Игорь», «позовите Игоря»
	alias                      bool  // another name of somebody: «по мужу Кац»
	other                      bool  // somebody else of the same name: «ещё один Тимофей»
	appended                   bool  // the rest of a name: «фамилия Тищенко»
	appositive                 bool  // «Тимофей, Лосев»: stands behind a comma after the mention before
	coupled                    bool  // «Сычёв и Сычёва»: stands behind «и» after the mention before
	nominative                 bool  // or may be
	contrasted                 bool  // «с Гариком, а Суреновичу»
	questioned                 bool  // «Гарик Суренович?»
	placed                     bool  // only his place tells that he is the speaker
	mine                       bool  // «я не Гарик»
	pronoun                    bool  // «он Лосев»
	latin                      bool
	listed                     bool  // a first name that the lexicon has
	negated                    bool  // «не Гарик»
	which                      bool  // «какой Гарик?»
	corrects                   bool  // «нет, Очиров»
	slip                       place // of what it corrects
	asked                      bool  // «отчество Хильды?»
	corrected                  bool  // «то есть Викторовна»
	spelled                    bool  // «по буквам Сергей, Анна»
	speaker, prior             string
	text                       string
	wording                    wording
	kept                       bool // text is its own
}

// An undo is what a turn that may fail has changed, as it was before, in order.
type undo struct {
	persons  []personWas
	speakers []speakerWas
	roles    []rolesWere
	labels   []labelWas
}

type personWas struct {
	p   *person
	was person
}

type speakerWas struct {
	at  int
	was speaker
}

type rolesWere struct {
	key uint64
	was nameRole
}

type labelWas struct {
	e   *entity
	was entity
}

func (u *undo) begin() {
	*u = undo{u.persons[:0], u.speakers[:0], u.roles[:0], u.labels[:0]}
}

type peopleSave struct {
	persons  []*person
	speakers []speaker
	past     []mention
	owned    []owned
	turn     int
	last     *person
	prior    string
	said     [mostSaid]mention
}

func (p *people) save(save *peopleSave) {
	p.undo.begin()
	p.saves++
	save.persons, save.speakers, save.past, save.owned, save.turn = p.persons, p.speakers, p.past, p.owned, p.turn
	save.last, save.prior, save.said = p.last, p.prior, p.said
}

func (p *people) rollBack(save *peopleSave) {
	p.persons, p.speakers, p.past, p.owned, p.turn = save.persons, save.speakers, save.past, save.owned, save.turn
	p.last, p.prior, p.said, p.latest, p.coming = save.last, save.prior, save.said, nil, nil
	for _, u := range slices.Backward(p.undo.labels) {
		*u.e = u.was
	}
	for _, u := range slices.Backward(p.undo.persons) {
		*u.p = u.was
	}
	for _, u := range slices.Backward(p.undo.speakers) {
		if u.at < len(save.speakers) { // else he came in this turn
			p.speakers[u.at] = u.was
		}
	}
	for _, u := range slices.Backward(p.undo.roles) {
		if u.was != noRole {
			p.memory.roles[u.key] = u.was
			continue
		}
		delete(p.memory.roles, u.key)
		p.memory.dropLike(u.key)
	}
	p.undo.begin()
	p.index = personIndex{}
}

// touch keeps a person as he is, once for each save.
func (p *people) touch(q *person) {
	if q.saved < p.saves {
		p.undo.persons = append(p.undo.persons, personWas{q, *q})
		q.saved = p.saves
	}
}

// touchSpeaker does the same for a speaker.
func (p *people) touchSpeaker(i int) {
	if who := &p.speakers[i]; who.saved < p.saves {
		p.undo.speakers = append(p.undo.speakers, speakerWas{i, *who})
		who.saved = p.saves
	}
}

// learn keeps the names of the spans in the memory and reports whether there was anything new.
func (p *people) learn(t *Text, spans []Span) bool {
	grown := false
	for i := range t.names.things {
		grown = p.rememberThing(t, &t.names.things[i]) || grown
	}
	if t.names.thing > 0 {
		grown = p.remember(thingsKey, ofThing) || grown
	}
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

// rememberThing keeps the name of an animal or a thing.
func (p *people) rememberThing(t *Text, n *name) bool {
	var buf [maxKeys]uint64
	grown := false
	p.memory.things = true
	for i := n.from; i < n.to; i++ {
		for _, k := range t.thingKeysOf(buf[:0], &t.names.parts[i], n.roles[i-n.from]) {
			grown = p.remember(k, ofThing) || grown
		}
	}
	return grown
}

func (p *people) learnName(t *Text, n *name) bool {
	grown := false
	p.learnInitials(t, n)
	var buf [maxKeys]uint64
	sure := n.to-n.from > 1 || t.names.forced || t.isAnchored(n)
	for i := n.from; i < n.to; i++ {
		r := n.roles[i-n.from]
		if r != firstName && r != surname {
			continue
		}
		part := &t.names.parts[i]
		for _, k := range t.keysOf(buf[:0], part, r) {
			grown = p.remember(k, r) || grown
			if sure {
				p.memory.persons = true
				p.remember(k, anchored)
			}
		}
		var s sounds
		t.addSounds(&s, part, r)
		grown = p.rememberSounds(&s, r) || grown
		for j := part.from; j < part.to && part.traits&splitPart == 0; j++ {
			if t.tok[j].kind != signToken {
				grown = p.remember(t.tok[j].key, spoken) || grown
			}
		}
	}
	return grown
}

// rememberSounds keeps how the names of one alphabet sound, to find them in the other.
func (p *people) rememberSounds(s *sounds, r nameRole) bool {
	grown := false
	for i := range s {
		for script, key := range s[i] {
			if key != 0 {
				p.memory.heard[1-script] = true
				grown = p.remember(soundKey(key, 1-script), r) || grown
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
	p.undo.roles = append(p.undo.roles, rolesWere{k, was})
	p.memory.roles[k] = was | r
	p.memory.changes++
	if was == noRole {
		p.memory.keepLike(k)
	}
	if n := k >> 60; n > 0 && n <= 12 {
		head := k >> (5 * (n - 1)) & 31
		p.memory.heads |= 1 << head
		if n > 1 {
			p.memory.pairs[head] |= 1 << (k >> (5 * (n - 2)) & 31)
		}
	}
	return true
}

// nameIn gives the parts of a span of a person.
func (t *Text) nameIn(s Span) (name, bool) {
	k, ok := slices.BinarySearchFunc(t.names.parts, s.Start, func(p namePart, at int) int { return int(t.tok[p.from].start) - at })
	if !ok {
		return name{}, false
	}
	b := nameBuilder{t: t, end: s.End}
	b.grow(k, name{from: int32(k), to: int32(k), gram: anyGram}, 0)
	return b.best, b.best.to > b.best.from
}

// mentionOf reads a span.
func (p *people) mentionOf(t *Text, turn Turn, s Span) mention {
	m := mention{place: place{p.turn, t.window.at + s.Start}, speaker: turn.Speaker, prior: p.prior, text: t.s[s.Start:s.End], weight: 0.1}
	if s.Rule == spelledRule {
		m.spelled = true
	} else if n, ok := t.nameIn(s); ok {
		lists := [...]*[]uint64{&m.first, &m.patr, &m.sur, &m.initials, &m.alone}
		for i, keys := range lists {
			*keys = p.scratch[i][:0]
		}
		t.describe(&m, &n)
		for _, keys := range lists {
			*keys = p.keys.keep(nil, *keys)
		}
		t.readSlot(&m, &n)
	}
	return m
}

// describe takes the parts of a name into its mention.
func (t *Text) describe(m *mention, n *name) {
	m.sex, m.weight, m.parts, m.wording = n.gram.Sex(), n.weight, int(n.to-n.from), t.wordingOf(n)
	for i := n.from; i < n.to; i++ {
		part, role := &t.names.parts[i], n.roles[i-n.from]
		if role == surname && i > n.from && t.fathers(n, i-1) {
			continue
		}
		if t.fathers(n, i) { // «Рафик оглы» alone
			role = patronymic
			m.patr = appendKey(m.patr, fatherSalt^stemKey(t.tok[part.from].key, ""))
		}
		t.addSounds(&m.sounds, part, role)
		switch role {
		case firstName:
			m.first = t.keysOf(m.first, part, firstName)
			m.listed = m.listed || part.traits&listedFirst != 0
			m.heads[0] |= t.headsOf(part, firstName)
			if m.parts == 1 {
				m.alone = t.keysOf(m.alone, part, surname)
				if part.traits&(alsoSurname|listedSurname) != 0 {
					m.aloneSex = part.sur.Sex()
				}
			}
			if e, ok := t.tok[part.from].form.Entry(); ok {
				m.form = uint64(e.Reading(0).Lemma)
			}
		case patronymic:
			m.patr = t.keysOf(m.patr, part, patronymic)
			if m.parts == 1 {
				m.alone = t.keysOf(m.alone, part, surname)
			}
			m.heads[1] |= t.headsOf(part, patronymic)
		case surname:
			m.sur = t.keysOf(m.sur, part, surname)
			if m.parts == 1 {
				m.father = fatherKey(t.tok[part.from].key)
			}
			m.heads[2] |= t.headsOf(part, surname)
		case initial:
			m.initials = append(m.initials, t.tok[part.from].key)
		}
	}
	for i := n.from; i < n.to; i++ {
		if n.roles[i-n.from] == initial {
			m.addInitial(t.headsOf(&t.names.parts[i], initial))
		}
	}
}

// fathers reports the father's name in «Фазиль оглы».
func (t *Text) fathers(n *name, i int32) bool {
	return i+1 < n.to && t.hintAt(int(t.names.parts[i+1].from)) == vocabulary.SonOf
}

// addInitial puts an initial in its place: of the first name and the patronymic beside a surname, of the surname beside
// a first name alone.
func (m *mention) addInitial(head letters) {
	order := [...]int{0, 1}
	if len(m.first) > 0 && len(m.sur) == 0 {
		order = [...]int{2, 1}
		if len(m.patr) == 0 && len(m.initials) > 1 {
			order = [...]int{1, 2}
		}
	} else if len(m.first) > 0 {
		order = [...]int{1, 2}
	}
	for _, i := range order {
		if m.heads[i] == 0 {
			m.heads[i] = head
			return
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
	p.joinMentions(p.mentions[from:])
	p.readOpening(p.mentions[from:])
	p.readCorrections(p.mentions[from:], t.denies())
	p.keepSaid(p.mentions[from:])
	if turn.Speaker != p.prior {
		p.prior = turn.Speaker
	}
	p.speakerIndex(turn.Speaker)
}

// elect gives the role that most mentions tell.
func (q *person) elect() Role {
	switch {
	case q.enrolled:
		return q.role
	case q.votes[Agent] == 1 && q.votes[Customer] == 0 && q.thirds != [mostOfSlots]uint8{}:
		return Person // he was only named in an answer
	case q.votes[Agent] > q.votes[Customer]:
		return Agent
	case q.votes[Customer] > 0:
		return Customer
	}
	return Person
}

// sideOf gives the side of a speaker: of a role word, or of the person who has this name.
func (s *speaker) sideNow() Role {
	if s.self != nil && s.self.enrolled {
		return s.self.role
	}
	return s.side
}

// isNobody reports a speaker under whose name anybody may write.
func isNobody(speaker string) bool {
	switch strings.ToLower(strings.TrimRight(speaker, "0123456789 ")) {
	case "", "note", "system", "заметка", "система":
		return true
	}
	return false
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
		m := p.mentionOf(s.t, turn, span)
		q = p.personOf(&m)
	}
	return s.tokenOf(ctx, q)
}

// tokenOf gives the label of a person, which is made when he is first seen.
func (s *session) tokenOf(ctx context.Context, q *person) (string, error) {
	if q.e != nil {
		return q.e.token, nil
	}
	e, err := s.newEntity(ctx, entity{kind: PERSON, value: q.value, role: q.elect(), who: q}, nil, nil)
	if err != nil {
		return "", err
	}
	s.m.people.touch(q)
	q.e = e
	return e.token, nil
}
