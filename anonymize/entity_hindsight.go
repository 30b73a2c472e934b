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

// A heard is a mention of a session, with who is meant by it as far as is known now.
type heard struct {
	mention
	owner *person
	label *entity // that it got; nil until its turn is over
}

// keepHeard keeps the mentions of a turn with their owners.
func (p *people) keepHeard(owners []*person) {
	for i := range p.past {
		if p.past[i].label == nil {
			p.past[i].label = p.past[i].owner.e
		}
	}
	for i, m := range p.mentions {
		m.text, m.full = strings.Clone(m.text), m.full.clone() // a mention must not hold its turn in memory
		p.past = append(p.past, heard{mention: m, owner: owners[i]})
	}
}

// lookBack links all that was heard anew.
func (p *people) lookBack() {
	fresh, known := p.again()
	mentions := make([]mention, len(p.past))
	for i := range p.past {
		mentions[i] = p.past[i].mention
	}
	owners := fresh.linkAll(mentions)
	p.past = slices.Clone(p.past) // what was saved keeps its owners
	for i := range p.past {
		h := &p.past[i]
		h.owner = owners[i]
		if _, ok := p.assigned[h.place]; ok {
			p.assigned[h.place] = h.owner
		}
	}
	p.persons, p.speakers, p.index = fresh.persons, fresh.speakers, fresh.index
	for _, q := range p.persons { // a turn that fails forgets them whole
		q.saved = p.saves
	}
	for i := range p.speakers {
		p.speakers[i].saved = p.saves
	}
	p.last = owners[len(owners)-1]
	p.relabel(known)
}

// again gives the persons whom the caller named, as they were before anybody was heard, and who of the old ones they are.
func (p *people) again() (fresh *people, known map[*person]*person) {
	fresh = &people{whole: true, speakers: make([]speaker, len(p.speakers))}
	known = map[*person]*person{}
	for _, q := range p.persons {
		if q.origin != nil {
			n := q.origin.clone()
			n.origin, n.at = q.origin, len(fresh.persons)
			fresh.persons = append(fresh.persons, n)
			known[q] = n
		}
	}
	for i, s := range p.speakers {
		fresh.speakers[i] = speaker{name: s.name, named: s.named}
		if s.named {
			fresh.speakers[i].self = known[s.self]
		}
	}
	return fresh, known
}

// relabel gives the new persons the labels of their mentions: the oldest goes on, the others are of the same person. A
// label of different people is closed.
func (p *people) relabel(known map[*person]*person) {
	owned := map[*person][]*entity{}
	taken := map[*entity]bool{}
	for was, q := range known {
		if was.e != nil {
			owned[q] = append(owned[q], was.e.now())
			taken[was.e.now()] = true // the caller's own person keeps it
		}
	}
	for i := range p.past {
		e := p.past[i].label.now()
		if e == nil || e.closed || taken[e] {
			continue
		}
		taken[e] = true
		if q := p.ownerOf(e); q != nil {
			owned[q] = append(owned[q], e)
		}
	}
	for _, q := range p.persons {
		labels := owned[q]
		if len(labels) == 0 {
			continue
		}
		q.e = slices.MinFunc(labels, func(a, b *entity) int { return a.nth - b.nth })
		for _, e := range labels {
			p.touchEntity(e)
			if e.who = q; e != q.e {
				e.same = q.e
			}
		}
	}
}

// ownerOf gives the person who has most of the mentions of a label. A label is closed, and nobody's, if one of its mentions
// cannot be of somebody else who has it too; where any of them could be of everyone, nothing is proved.
func (p *people) ownerOf(e *entity) *person {
	counts := map[*person]int{}
	var best *person
	for i := range p.past {
		if h := &p.past[i]; h.label.now() == e {
			counts[h.owner]++
			if best == nil || counts[h.owner] > counts[best] {
				best = h.owner
			}
		}
	}
	if len(counts) == 1 {
		return best
	}
	for i := range p.past {
		h := &p.past[i]
		if h.label.now() != e {
			continue
		}
		for q := range counts {
			if q != h.owner && q.excludes(&h.mention) {
				p.touchEntity(e)
				e.closed = true
				return nil
			}
		}
	}
	return best
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
func (p *people) touchEntity(e *entity) { p.undo = append(p.undo, undo{e: e, label: *e}) }

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
	for i := range m.people.past {
		if h := &m.people.past[i]; h.label.now() == e && h.owner.e != nil && !slices.Contains(heirs, h.owner.e) {
			heirs = append(heirs, h.owner.e)
		}
	}
	return heirs
}
