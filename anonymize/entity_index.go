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
	bareTag          // no surname
	noFirstTag       // no first name
	initialsTag      // initials
	bareInitialsTag  // initials and no surname
	nearFirstTag     // keys that are one letter away, and beginnings of small forms
	nearBareFirstTag // the same of who has no surname
	nearPatronymicTag
	nearBarePatronymicTag
	nearSurnameTag
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

// mayBeMisheard gives the persons, in order, whose name may differ from that of a mention in one letter.
func (p *people) mayBeMisheard(m *mention, slot int) []*person {
	if len(p.persons) <= indexFrom {
		return p.candidates()
	}
	x := p.upToDate()
	p.collectMatching(m, slot)
	first, patr := nearFirstTag, nearPatronymicTag
	if len(m.sur) > 0 { // who has another surname is somebody else
		first, patr = nearBareFirstTag, nearBarePatronymicTag
		x.collectNear(nearSurnameTag, m.sur)
		x.collectNear(nearBareFirstTag, m.sur)
	}
	x.collectNear(first, m.first)
	x.collectNear(patr, m.patr)
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
	if m.parts == 1 {
		x.collectAll(surnameTag, m.first)
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
		x.enterNear(q, nearFirstTag, k)
		if bare {
			x.enter(q, tagOf(bareFirstTag, k))
			x.enterNear(q, nearBareFirstTag, k)
		}
	}
	for _, k := range q.patr[min(len(was.patr), len(q.patr)):] {
		x.enter(q, tagOf(patronymicTag, k))
		x.enterNear(q, nearPatronymicTag, k)
		if bare {
			x.enterNear(q, nearBarePatronymicTag, k)
		}
	}
	for _, k := range q.sur[min(len(was.sur), len(q.sur)):] {
		x.enter(q, tagOf(surnameTag, k))
		x.enterNear(q, nearSurnameTag, k)
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

// enterNear enters what makes another key similar to the key of a person, see [similar].
func (x *personIndex) enterNear(q *person, kind, key uint64) {
	var buf [maxNear]uint64
	for _, k := range appendEdits(buf[:0], key) {
		x.enter(q, tagOf(kind, k))
	}
	for _, k := range appendBeginnings(buf[:0], key) {
		x.enter(q, tagOf(kind, nameSalt^k))
	}
	for _, k := range appendSmall(buf[:0], key) {
		x.enter(q, tagOf(kind, smallSalt^k))
	}
}

// collectNear collects the persons of similar keys.
func (x *personIndex) collectNear(kind uint64, keys []uint64) {
	var buf [maxNear]uint64
	for _, key := range keys {
		for _, k := range appendEdits(buf[:0], key) {
			x.collect(tagOf(kind, k))
		}
		for _, k := range appendSmall(buf[:0], key) {
			x.collect(tagOf(kind, nameSalt^k))
		}
		for _, k := range appendBeginnings(buf[:0], key) {
			x.collect(tagOf(kind, smallSalt^k))
		}
	}
}

// Letters fill the lower 60 bits, so that the salts keep beginnings apart.
const (
	nameSalt  = 1 << 60
	smallSalt = 2 << 60
	maxNear   = 4 * 13 // of a key and its stem, each with salt and without: 12 letters and the whole
)

// appendEdits appends the letters of a key and of its stem, whole and without each one of them: two keys that are one letter
// apart have one of these in common.
func appendEdits(dst []uint64, key uint64) []uint64 {
	n := int(key >> 60)
	if n > 12 {
		return dst
	}
	dst = appendWithout(dst, key)
	if stem := stemKey(key, ""); stem != key {
		dst = appendWithout(dst, stem)
	}
	return dst
}

func appendWithout(dst []uint64, key uint64) []uint64 {
	n, word := int(key>>60), key&(1<<60-1)
	if n < minStem {
		return dst
	}
	for {
		dst = append(dst, word)
		for at := range n {
			if at == 0 || word>>(5*at)&31 != word>>(5*at-5)&31 { // of two same letters one
				dst = append(dst, word>>(5*at+5)<<(5*at)|word&lettersOf(at))
			}
		}
		if word == word&lettersOf(n) {
			return dst
		}
		word &= lettersOf(n) // the key of a father is salted
	}
}

// appendBeginnings appends what a small form of a name may begin with, see [isDiminutive].
func appendBeginnings(dst []uint64, name uint64) []uint64 {
	n := int(name >> 60)
	for cut := range 3 {
		if n <= 12 && n-cut >= minStem {
			dst = append(dst, name&lettersOf(n)>>(5*cut))
		}
	}
	return dst
}

// appendSmall appends what is left of a word without an ending that makes names small.
func appendSmall(dst []uint64, word uint64) []uint64 {
	if word>>60 > 12 {
		return dst
	}
	stem := stemKey(word, "")
	n := int(stem >> 60)
	for cut := 1; cut <= maxSmall && n-cut >= minStem; cut++ {
		dst = append(dst, stem&lettersOf(n)>>(5*cut))
	}
	return dst
}

// maxSmall is the length of the longest of smallEndings.
const maxSmall = 4
