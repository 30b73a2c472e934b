package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// PERSON is a person's name, also a part of one.
const PERSON Kind = "PERSON"

// A name is neighbouring parts that belong to one person.
type name struct {
	from, to int32 // parts, half-open
	gram     lexicon.Gram
	roles    [maxNameParts]nameRole
	weight   float32
}

// A nameRole is what a part is in its name.
type nameRole uint8

const (
	noRole     nameRole = 0
	firstName  nameRole = 1 << iota >> 1
	patronymic          // also of the father without a suffix: «Мамед оглы»
	surname
	initial
	particle // «фон», «оглы»
	spoken   // in a memory: the very form that was said
	ofThing  // in a memory: an animal or a ship has the name
	anchored // in a memory: and so has a person, beyond doubt
)

// maxNameParts bounds a name: «Мамедов Али Гасан оглы», «Карл Мария фон Вебер», «И. О. Петров».
const maxNameParts = 5

// recognizePeople finds names: by the words themselves, by how they agree with one another, and by what stands near.
func recognizePeople(dst []Span, t *Text) []Span {
	t.readParts()
	t.names.last, t.names.thing, t.names.topic, t.names.things = -1, 0, 0, t.names.things[:0]
	found := len(dst)
	for _, i := range t.names.spelling {
		if s, ok := t.spelledAfter(int(i)); ok {
			dst = append(dst, s)
		}
	}
	dst = t.appendSpelledNames(dst)
	dst = t.appendEnglishSpelled(dst)
	if len(dst) > found+1 {
		slices.SortFunc(dst[found:], byStart)
	}
	last, spelled, least := len(dst), 0, lowest(PERSON, t.minScore, t.minScores)
	parts := t.names.parts
	for k := 0; k < len(parts); {
		start := int(t.tok[parts[k].from].start)
		for found+spelled < last && dst[found+spelled].End <= start {
			spelled++
		}
		if found+spelled < last && dst[found+spelled].Start <= start {
			k++
			continue
		}
		n, ok := t.nameAt(k)
		if !ok {
			k++
			continue
		}
		before, after := t.nameBefore(&n), t.nameAfter(&n)
		score, rule := t.nameScore(&n, before, after, least)
		if score < least || t.isTitleBefore(&n) {
			k = t.leaveName(&n, before, after)
			continue
		}
		t.leaveRepeated(&n)
		dst = append(dst, t.nameSpan(&n, score, rule))
		k = int(n.to)
		t.names.last = int(parts[k-1].to)
	}
	return dst
}

// leaveName gives the part after which a name is looked for again that is none of a person. It keeps one that is clearly
// of an animal, a ship or a book.
func (t *Text) leaveName(n *name, before, after float32) int {
	if t.names.known != nil && t.isThingOfTalk(n, before, after) {
		t.names.things = append(t.names.things, *n)
	}
	next := int(n.from) + 1
	if int(n.to) > next && (!t.isOfThings(n, before, after) || t.isPersonOfTalk(n)) {
		return next
	}
	if t.isGoodsName(n, before, after) {
		t.names.thing = int(t.names.parts[n.to-1].to)
		if t.isSureThing(n, before, after) {
			t.names.topic = t.names.thing
		}
	}
	return int(n.to)
}

// isThingOfTalk reports a name that the conversation is to know as that of a thing.
func (t *Text) isThingOfTalk(n *name, before, after float32) bool {
	return !t.isHoliday(n) && (min(before, after) <= ofThings || t.isInPlace(n) || t.isOfThings(n, before, after) && !t.isPersonOfTalk(n))
}

// ofThings is what a name of a thing scores for the words before it at most.
const ofThings = -0.9

// isTitleBefore reports an unknown word before a first name whose surname follows: «Минкомсвязи Игоря Щёголева».
func (t *Text) isTitleBefore(n *name) bool {
	parts := t.names.parts
	if n.to-n.from != 2 || n.roles[0] != surname || parts[n.from].traits&unknownPart == 0 || int(n.to) >= len(parts) {
		return false
	}
	next := &parts[n.to]
	return t.joins(int(n.to)) && next.sur != 0 && next.traits&(capitalPart|listedSurname|suffixSurname) != 0
}

// leaveRepeated cuts a surname off that stands behind the name once more: «Громов Илья Громов» is a correction, and the
// second name is the whole one.
func (t *Text) leaveRepeated(n *name) {
	parts := t.names.parts
	if n.roles[0] != surname || n.to-n.from < 2 || int(n.to) >= len(parts) || !t.joins(int(n.to)) {
		return
	}
	if t.hintAt(int(parts[n.to].to)) == vocabulary.Naming {
		return // «дергач людмилу викторовну дергач фамилия»
	}
	if t.tok[parts[n.from].from].key == t.tok[parts[n.to].from].key {
		n.to = n.from + 1
	}
}

func (t *Text) nameSpan(n *name, score float32, rule string) Span {
	parts := t.names.parts
	first, last := parts[n.from], parts[n.to-1].to
	if next := int(last); t.tok[last-1].kind == signToken && last-first.from > 1 && next < len(t.tok) && t.tok[next].gap == noGap && t.tok[next].kind < numberToken {
		last-- // «г.ан»: the full stop of an initial stays, or the letters behind would grow onto the label
	}
	last = int32(t.nameEnd(n, int(last)))
	return Span{
		Start: int(t.tok[first.from].start), End: int(t.tok[last-1].end),
		Kind: PERSON, Score: min(score, maxNameScore), Rule: rule,
	}
}

// maxNameScore is that of a name of which everything tells.
const maxNameScore = 0.85

// nameAt gives the best name that begins at part k.
func (t *Text) nameAt(k int) (name, bool) {
	b := nameBuilder{t: t}
	b.grow(k, name{from: int32(k), to: int32(k), gram: anyGram}, 0)
	return b.best, b.best.to > b.best.from
}

// anyGram agrees with everything.
const anyGram lexicon.Gram = 1<<21 - 1

// A nameBuilder tries the roles of parts in a row.
type nameBuilder struct {
	t    *Text
	end  int // byte where the name must end at the latest, 0 for any
	best name
}

// grow adds part k to a name in each role that it may have there, and so on with the parts behind.
func (b *nameBuilder) grow(k int, n name, used nameRole) {
	length := k - int(n.from)
	p := &b.t.names.parts[k]
	if b.end > 0 && int(b.t.tok[p.to-1].end) > b.end {
		return
	}
	if length > 0 && p.traits&initialPart == 0 && b.t.tok[p.from].key == b.t.tok[b.t.names.parts[k-1].from].key {
		return // «бекзод бекзод юсупов» names him twice
	}
	for r := firstName; r <= particle; r <<= 1 {
		gram, weight := p.as(r)
		if weight == 0 || (length > 0 || r == initial) && b.refuses(k, &n, used, r) {
			continue
		}
		if r == surname && length == 1 && p.sur == 0 && p.traits&latinPart != 0 && n.roles[0] == firstName {
			weight = 3.5 // "Cormac Brennan": the first name stands first
		}
		next := n
		if r == firstName && used&firstName != 0 && !p.isSecondFirst(&n, length) {
			r, gram = patronymic, 0 // «Али Гасан оглы»
		}
		if r == patronymic && length == 1 && b.t.tok[p.from-1].n <= 4 && !b.t.isFullFirst(int(p.from)-1) {
			next.gram = gram // «Сан Санычу», «Марь Иванне»: the clipped name does not change
		}
		if r == surname && length == 1 && n.roles[0] == firstName && b.t.isOfEitherSex(k) {
			next.gram = gram // «Жанат Ержанова»
		}
		if length > 0 && !p.agreesWith(&next, gram) {
			continue
		}
		if gram != 0 {
			next.gram &= gram
		}
		if r == particle {
			next.gram &= b.t.sexOfSon(p)
		}
		next.roles[length] = r
		next.weight += weight
		if next.weight > b.best.weight && b.t.complete(&next, length+1, used|r) {
			b.best = next
			b.best.to = int32(k) + 1
		}
		if length+1 < maxNameParts && k+1 < len(b.t.names.parts) && b.t.joins(k+1) {
			b.grow(k+1, next, used|r)
		}
	}
}

// isOfEitherSex reports a woman's surname in the nominative at part k, the end of a name whose first name, not one of every day,
// is known as a man's: Turkic ones are of both.
func (t *Text) isOfEitherSex(k int) bool {
	first, p := &t.names.parts[k-1], &t.names.parts[k]
	return first.traits&(commonPart|unknownPart) == 0 && first.first&lexicon.GramOf(lexicon.Male, lexicon.Nominative) != 0 && t.capital(int(first.from)) && t.capital(int(p.from)) &&
		p.sur&lexicon.GramOf(lexicon.Female, lexicon.Nominative) != 0 && p.first == 0 && !(k+1 < len(t.names.parts) && t.joins(k+1))
}

// refuses reports a role that part k cannot have behind the parts before it.
func (b *nameBuilder) refuses(k int, n *name, used, r nameRole) bool {
	t, p, length := b.t, &b.t.names.parts[k], k-int(n.from)
	if !follows(n, length, used, r) && !(r == firstName && p.isSecondFirst(n, length)) && !(r == surname && p.isBehindMiddle(n, length, used)) && !(r == firstName && used&patronymic == 0 && t.isSonOf(k)) {
		return true
	}
	switch r {
	case firstName:
		if t.invertsEnglish(n, length) {
			return true
		}
	case surname:
		if t.dividesEnglish(p, n, length) || length > 0 && p.traits&listedSurname == 0 && t.isOfFirm(int(p.from)) {
			return true
		}
	case initial: // «С Альбертом»; spoken letters stand before alone, «п кравец», and «д» behind is a house
		if p.to-p.from == 1 && (length == 0) == t.names.cased && !t.isMiddle(k, n, length) && !(length > 0 && n.roles[length-1] == patronymic && t.clauseAfter(int(p.to))) {
			return true
		}
	}
	return length > 0 && n.roles[length-1] == initial && p.traits&(ambiguousPart|latinPart) == ambiguousPart|latinPart && used&firstName == 0 // "pontoon C. Will Declan come?"
}

// isFullFirst reports a first name that is no short form, and declined like others before a patronymic.
func (t *Text) isFullFirst(i int) bool {
	tok := &t.tok[i]
	return tok.class.Is(lexicon.FirstName) && !tok.class.Is(lexicon.Diminutive)
}

// isSecondFirst reports a second first name of a foreigner, whose surname has to follow: «Хуан Пабло Монтойя».
func (p *namePart) isSecondFirst(n *name, length int) bool {
	if p.traits&easternPart != 0 && length > 0 && n.roles[length-1] != initial {
		return true
	}
	if p.traits&latinPart != 0 && length == 1 && n.roles[0] == firstName && p.first != 0 && p.traits&ambiguousPart == 0 {
		return true // "anne marie delacroix"
	}
	return length == 1 && n.roles[0] == firstName && p.traits&capitalPart != 0 && p.first != 0 && p.traits&commonPart == 0
}

// sexOfSon gives the readings that «оглы» and «кызы» leave: a son's or a daughter's.
func (t *Text) sexOfSon(p *namePart) lexicon.Gram {
	switch {
	case t.hintAt(int(p.from)) != vocabulary.SonOf:
		return anyGram
	case t.says(int(p.from), "кызы гызы кизи kyzy kizi"):
		return anyGram.Of(lexicon.Female)
	}
	return anyGram.Of(lexicon.Male)
}

// agreesWith reports whether a part in these cases may go on with the name.
func (p *namePart) agreesWith(n *name, gram lexicon.Gram) bool {
	return gram == 0 || n.gram&gram != 0
}

// follows tells the orders in which people name people: «Анна Петровна Ким», «Ким Анна Петровна», «Ким А. П.»,
// «А. П. Ким», «Анна К.», «Али Гасан оглы», «Людвиг ван Бетховен».
func follows(n *name, length int, used, r nameRole) bool {
	if length == 0 {
		return true
	}
	last := n.roles[length-1]
	switch r {
	case firstName:
		return used&(firstName|initial|patronymic) == 0
	case patronymic:
		return used&patronymic == 0 && last == firstName
	case surname:
		return used&surname == 0 && (used&initial == 0 || used&firstName == 0)
	case initial:
		if used&firstName != 0 { // «Юлия С.», «Шляпников Леонид Б.»
			return count(n, length, initial) < 2 && (used&surname == 0 || last == firstName)
		}
		return count(n, length, initial) < 2 && used&patronymic == 0
	case particle:
		return last == firstName || last == patronymic || last == surname || last == particle // «de la Cruz»
	}
	return false
}

// isSonOf reports a father's name: the part before «оглы» or «кызы».
func (t *Text) isSonOf(k int) bool {
	return k+1 < len(t.names.parts) && t.joins(k+1) && t.hintAt(int(t.names.parts[k+1].from)) == vocabulary.SonOf
}

// has reports a part in one of the roles.
func (n *name) has(roles nameRole) bool {
	for _, r := range n.roles[:n.to-n.from] {
		if r&roles != 0 {
			return true
		}
	}
	return false
}

func count(n *name, length int, r nameRole) int {
	c := 0
	for _, have := range n.roles[:length] {
		if have == r {
			c++
		}
	}
	return c
}

// complete reports whether the roles make a name: initials and particles alone do not, nor does a first name that
// nobody knows without a surname.
func (t *Text) complete(n *name, length int, used nameRole) bool {
	if length == 1 && n.roles[0] == firstName && t.names.parts[n.from].first == 0 {
		return false
	}
	if used&surname == 0 && count(n, length, firstName) > 1 && t.names.parts[n.from].traits&easternPart == 0 {
		return false
	}
	return used&(firstName|patronymic|surname) != 0 || length == 2 && (t.areKnownInitials(n) || t.areLoneInitials(n))
}

// joins reports whether part k stands so close to the one before that they can be one name.
func (t *Text) joins(k int) bool {
	before, p := &t.names.parts[k-1], &t.names.parts[k]
	if before.to != p.from {
		return false
	}
	switch t.tok[p.from].gap {
	case oneSpace:
		return true
	case noGap:
		return before.traits&initialPart != 0
	case lineGap, wideGap:
	}
	return false
}

func (t *Text) hintAt(i int) vocabulary.Hint {
	if i < 0 || i >= len(t.tok) {
		return vocabulary.NoHint
	}
	return t.tok[i].vocab.Hint()
}
