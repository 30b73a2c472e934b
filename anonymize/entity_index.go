package anonymize

import "slices"

// indexFrom is how many persons make an index pay: fewer are looked at one by one.
const indexFrom = 16

// A personIndex leads from what a mention tells to the persons who may be meant, so that the rest is never looked at. It
// gives a few too many and none too few: [person.match] and its kin decide. Only the last maxCandidates persons need
// be in it.
type personIndex struct {
	heads    map[uint64]int32 // of a tag: the last of its links, plus one
	links    []personLink
	from, to int // the persons in it
	found    []int32
	persons  []*person
}

type personLink struct{ person, next int32 }

// What a tag is of.
const (
	firstTag uint64 = iota + 1
	bareFirstTag
	patronymicTag
	surnameTag
	soundTag
	slotTag
	tailTag         // the end of a patronymic
	bareTag         // no surname
	noFirstTag      // no first name
	initialsTag     // initials
	bareInitialsTag // initials and no surname
)

func tagOf(kind, key uint64) uint64 { return key ^ kind*0x9E37_79B9_7F4A_7C15 }

// mayBe gives the persons, in order, of whom a mention may be by what its name or its place tells.
func (p *people) mayBe(m *mention, slot int) []*person {
	if len(p.persons) <= indexFrom || m.answer || len(m.initials) > 0 && len(m.sur)+len(m.first) == 0 {
		return p.candidates()
	}
	x := p.upToDate()
	p.collectMatching(m, slot)
	return x.collected(p)
}

// namedAs gives the persons, in order, who may have a first name in common with one.
func (p *people) namedAs(q *person) []*person {
	if len(p.persons) <= indexFrom {
		return p.candidates()
	}
	x := p.upToDate()
	x.collectAll(firstTag, q.first)
	return x.collected(p)
}

// collectMatching collects whom [people.weigh] may give more than nothing.
func (p *people) collectMatching(m *mention, slot int) {
	x := &p.index
	for _, q := range [...]*person{p.latest, p.coming} {
		if q != nil {
			x.found = append(x.found, int32(q.at))
		}
	}
	if slot >= 0 {
		x.collect(tagOf(slotTag, uint64(slot)))
	}
	for i := range m.sounds {
		for script, sound := range m.sounds[i] {
			if sound != 0 {
				x.collect(tagOf(soundTag, soundKey(sound, 1-script)))
			}
		}
	}
	x.collectAll(surnameTag, m.sur)
	x.collectAll(surnameTag, m.alone)
	x.collectAll(firstTag, m.sur)
	x.collectAll(patronymicTag, m.patr)
	if m.father != 0 {
		x.collect(tagOf(patronymicTag, m.father))
	}
	if m.parts == 1 || len(m.sur) > 0 {
		x.collectAll(surnameTag, m.first)
	}
	for _, k := range m.patr {
		if tail := tailOf(k); tail != 0 {
			x.collect(tagOf(tailTag, tail))
		}
	}
	if len(m.sur) > 0 { // who has another surname is somebody else
		x.collectAll(bareFirstTag, m.first)
		x.collect(tagOf(bareInitialsTag, 0))
	} else {
		x.collectAll(firstTag, m.first)
		x.collect(tagOf(initialsTag, 0))
	}
	switch {
	case len(m.initials) == 0:
	case len(m.sur) > 0:
		x.collect(tagOf(bareTag, 0))
	default:
		x.collect(tagOf(noFirstTag, 0))
	}
}

// upToDate gives the index with all candidates in it.
func (p *people) upToDate() *personIndex {
	x := &p.index
	if x.heads == nil || len(p.persons)-x.from > 2*maxCandidates {
		*x = personIndex{heads: map[uint64]int32{}, found: x.found, persons: x.persons, from: max(0, len(p.persons)-maxCandidates)}
		x.to = x.from
	}
	for ; x.to < len(p.persons); x.to++ {
		q := p.persons[x.to]
		q.at = x.to
		x.add(q, nil)
	}
	x.found = x.found[:0]
	return x
}

// emptied gives an index of nobody in the memory of this one, which is not to be used any more.
func (x *personIndex) emptied() personIndex {
	clear(x.heads)
	return personIndex{heads: x.heads, links: x.links[:0], found: x.found, persons: x.persons}
}

// changed keeps the index up to date with a person who was otherwise before.
func (p *people) changed(q, was *person) {
	if x := &p.index; x.heads != nil && q.at >= x.from && q.at < x.to && p.persons[q.at] == q {
		x.add(q, was)
	}
}

// add enters what a person has more than before; nil if he is new.
func (x *personIndex) add(q, was *person) {
	bare := len(q.sur) == 0
	if was == nil {
		was = &person{}
		if bare {
			x.enter(q, tagOf(bareTag, 0))
		}
		if len(q.first) == 0 {
			x.enter(q, tagOf(noFirstTag, 0))
		}
	}
	for _, k := range q.first[min(len(was.first), len(q.first)):] {
		x.enter(q, tagOf(firstTag, k))
		if bare {
			x.enter(q, tagOf(bareFirstTag, k))
		}
	}
	for _, k := range q.patr[min(len(was.patr), len(q.patr)):] {
		x.enter(q, tagOf(patronymicTag, k))
		if tail := tailOf(k); tail != 0 {
			x.enter(q, tagOf(tailTag, tail))
		}
	}
	for _, k := range q.sur[min(len(was.sur), len(q.sur)):] {
		x.enter(q, tagOf(surnameTag, k))
	}
	if len(q.initials) > 0 && len(was.initials) == 0 {
		x.enter(q, tagOf(initialsTag, 0))
		if bare {
			x.enter(q, tagOf(bareInitialsTag, 0))
		}
	}
	for i := range q.sounds {
		for script, sound := range q.sounds[i] {
			if sound != 0 && was.sounds[i][script] == 0 {
				x.enter(q, tagOf(soundTag, soundKey(sound, script)))
			}
		}
	}
	for slot, votes := range q.slots {
		if votes > 0 && was.slots[slot] == 0 {
			x.enter(q, tagOf(slotTag, uint64(slot)))
		}
	}
}

func (x *personIndex) enter(q *person, tag uint64) {
	last := x.heads[tag]
	if last > 0 && x.links[last-1].person == int32(q.at) {
		return
	}
	x.links = append(x.links, personLink{int32(q.at), last})
	x.heads[tag] = int32(len(x.links))
}

func (x *personIndex) collect(tag uint64) {
	for i := x.heads[tag]; i > 0; i = x.links[i-1].next {
		x.found = append(x.found, x.links[i-1].person)
	}
}

func (x *personIndex) collectAll(kind uint64, keys []uint64) {
	for _, k := range keys {
		x.collect(tagOf(kind, k))
	}
}

// collected gives the candidates among those found, each once.
func (x *personIndex) collected(p *people) []*person {
	slices.Sort(x.found)
	x.persons = x.persons[:0]
	from := max(0, len(p.persons)-maxCandidates)
	for i, at := range x.found {
		if int(at) >= from && (i == 0 || at != x.found[i-1]) {
			x.persons = append(x.persons, p.persons[at])
		}
	}
	return x.persons
}
