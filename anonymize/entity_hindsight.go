package anonymize

import (
	"slices"
	"strings"
)

// A session masks a mention by what was said up to it, and what is said later may show that it erred: two labels are of
// one person, or one label was given to two. Hindsight links everybody heard anew, as [Analyzer.Conversation] does, and
// holds the labels that were let out against the result. None of them changes in the turns that have it; what became
// known of them is told by [Mapping.Merged] and [Mapping.Divided].

// maxHindsight is how many mentions are linked anew. Behind them labels stay what they are, so that the cost of a long
// text grows with its length alone.
const maxHindsight = 256

// An owned tells who is meant by a mention of a session, as far as is known now.
type owned struct {
	owner *person
	label *entity // that the mention got; nil until its turn is over
}

// keepHeard keeps the mentions of a turn with their owners.
func (p *people) keepHeard(owners []*person) {
	for i := range p.owned {
		if p.owned[i].label == nil {
			p.owned[i].label = p.owned[i].owner.e
		}
	}
	for i, q := range owners {
		m := &p.mentions[i]
		m.keep(q.value)
		p.past = append(p.past, *m)
		p.owned = append(p.owned, owned{owner: q})
	}
}

// keep makes the text of a mention its own, so that it does not hold its turn in memory: mostly it is the value of its person.
func (m *mention) keep(value string) {
	if m.kept = true; m.text != value {
		value = strings.Clone(m.text)
	}
	m.text = value
}

// lookBack links all that was heard anew.
func (p *people) lookBack() {
	fresh, known := p.again()
	owners := fresh.linkAll(p.past)
	p.owned = slices.Clone(p.owned) // what was saved keeps its owners
	for i, q := range owners {
		p.owned[i].owner = q
		if i >= len(owners)-len(p.mentions) {
			p.assigned[p.past[i].place] = q
		}
	}
	p.persons, p.speakers, p.index = fresh.persons, fresh.speakers, fresh.index
	for _, q := range p.persons { // a turn that fails forgets them whole
		q.saved = p.saves
	}
	for i := range p.speakers {
		p.speakers[i].saved = p.saves
	}
	p.last, p.latest, p.coming = owners[len(owners)-1], nil, nil
	p.relabel(known)
}

// again gives the persons whom the caller named, as they were before anybody was heard, and who of the old ones they are.
func (p *people) again() (fresh *people, known map[*person]*person) {
	// Most are whom they were, so that there will be about as many; the index is built anew in its own memory.
	if p.fresh == nil {
		p.fresh = new(people)
	}
	fresh = p.fresh
	*fresh = people{whole: true, speakers: make([]speaker, len(p.speakers)), room: make([]person, len(p.persons)), index: p.index.emptied(), owners: fresh.owners}
	fresh.keys.size, fresh.turns.size = len(p.persons), len(p.persons)
	for _, q := range p.persons {
		if q.origin != nil {
			n := q.origin.clone()
			n.origin, n.at = q.origin, len(fresh.persons)
			fresh.persons = append(fresh.persons, n)
			if known == nil {
				known = map[*person]*person{}
			}
			known[q] = n
		}
	}
	for i, s := range p.speakers {
		fresh.speakers[i] = speaker{name: s.name, nobody: s.nobody, side: s.side, named: s.named}
		if s.named {
			fresh.speakers[i].self = known[s.self]
		}
	}
	return fresh, known
}

// relabel gives the new persons the labels of their mentions: the oldest goes on, the others are of the same person. A
// label of different people is closed.
func (p *people) relabel(known map[*person]*person) {
	p.looks++
	given := p.given[:0]
	for was, q := range known {
		if was.e != nil {
			given = append(given, owned{q, was.e.now()})
			was.e.now().looked = p.looks // the caller's own person keeps it
		}
	}
	p.chain()
	for i := range p.owned {
		e := p.owned[i].label.now()
		if e == nil || e.closed || e.looked == p.looks {
			continue
		}
		e.looked = p.looks
		if q := p.ownerOf(e); q != nil {
			given = append(given, owned{q, e})
		}
	}
	for _, g := range given {
		if g.owner.e == nil || g.label.nth < g.owner.e.nth {
			g.owner.e = g.label
		}
	}
	for _, g := range given {
		p.touchEntity(g.label)
		if g.label.who = g.owner; g.label != g.owner.e {
			g.label.same = g.owner.e
		}
	}
	clear(given)
	p.given = given
}

// chain leads from each label to its mentions, and from each of them to the next.
func (p *people) chain() {
	p.next = slices.Grow(p.next[:0], len(p.owned))[:len(p.owned)]
	for i := len(p.owned) - 1; i >= 0; i-- {
		e := p.owned[i].label.now()
		if e == nil {
			continue
		}
		if p.next[i] = -1; e.chained == p.looks {
			p.next[i] = e.first
		}
		e.chained, e.first = p.looks, int32(i)
	}
}

// ownerOf gives the person who has most of the mentions of a label. A label is closed, and nobody's, if one of its mentions
// cannot be of somebody else who has it too; where any of them could be of everyone, nothing is proved.
func (p *people) ownerOf(e *entity) *person {
	type share struct {
		of *person
		n  int
	}
	var buf [8]share
	shares, best := buf[:0], 0
	for i := e.first; i >= 0; i = p.next[i] {
		k := slices.IndexFunc(shares, func(s share) bool { return s.of == p.owned[i].owner })
		if k < 0 {
			k = len(shares)
			shares = append(shares, share{of: p.owned[i].owner})
		}
		if shares[k].n++; shares[k].n > shares[best].n {
			best = k
		}
	}
	if len(shares) == 1 {
		return shares[0].of
	}
	for i := e.first; i >= 0; i = p.next[i] {
		for _, s := range shares {
			if s.of != p.owned[i].owner && s.of.excludes(&p.past[i]) {
				p.touchEntity(e)
				e.closed = true
				return nil
			}
		}
	}
	return shares[best].of
}

// excludes reports a mention of another name or sex.
func (q *person) excludes(m *mention) bool {
	apart := func(a, b []uint64, part int) bool {
		return len(a) > 0 && len(b) > 0 && !share(a, b) && !similar(a, b) && !q.sounds.same(&m.sounds, part)
	}
	return q.sex != 0 && m.sex != 0 && q.sex&m.sex == 0 || apart(q.first, m.first, 0) || apart(q.patr, m.patr, 1) || apart(q.sur, m.sur, 2)
}

// clone gives a person who can learn without the first one knowing.
func (q *person) clone() *person {
	c := *q
	for _, keys := range [...]*[]uint64{&c.first, &c.patr, &c.sur, &c.initials, &c.forms} {
		*keys = slices.Clone(*keys)
	}
	c.seen, c.e, c.saved = slices.Clone(c.seen), nil, 0
	return &c
}

// now gives the label that goes on for one that was given.
func (e *entity) now() *entity {
	for e != nil && e.same != nil {
		e = e.same
	}
	return e
}

// touchEntity keeps an entity as it is, for a turn that fails.
func (p *people) touchEntity(e *entity) { p.undo.labels = append(p.undo.labels, labelWas{e, *e}) }

// Merged gives the labels of a session that proved to be of somebody who has an older one, each with the older one, which alone
// goes on. Both come back as the same name. A conversation that was masked as a whole has none. The map is the caller's.
func (m *Mapping) Merged() map[string]string {
	merged := map[string]string{}
	for _, e := range m.p.get().entities {
		if to := e.now(); to != e && to.token != e.token {
			merged[e.token] = to.token
		}
	}
	return merged
}

// Divided gives the labels of a session that proved to have been given to different people, each with the labels that these
// people have by now: one who was not named again since has none. Such a label is given to nobody any more, and Restore leaves
// it where it stands. A conversation that was masked as a whole has none. The map is the caller's.
func (m *Mapping) Divided() map[string][]string {
	divided := map[string][]string{}
	for _, e := range m.p.get().entities {
		if !e.closed {
			continue
		}
		var tokens []string
		for _, to := range m.p.get().heirs(e) {
			tokens = append(tokens, to.token)
		}
		divided[e.token] = tokens
	}
	return divided
}

// heirs gives the labels of those for whom a closed label stood.
func (m *mapping) heirs(e *entity) []*entity {
	heirs := slices.Clone(e.heirs) // of a mapping that was opened
	for i := range m.people.owned {
		if h := &m.people.owned[i]; h.label.now() == e && h.owner.e != nil && !slices.Contains(heirs, h.owner.e) {
			heirs = append(heirs, h.owner.e)
		}
	}
	return heirs
}
