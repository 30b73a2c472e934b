package anonymize

import "github.com/syntora/vual/anonymize/internal/lexicon"

// A memory holds the keys of the persons of a conversation, so that their other forms are found too.
type memory struct {
	roles   map[uint64]nameRole
	changes int         // how often a role was added
	heads   letters     // what its names begin with
	pairs   [32]letters // and what follows each letter
	names   []likeName  // the keys that a word may be like, in the order in which they came
	heard   [2]bool     // there is a sound to be looked for in Russian, in Latin letters
	things  bool        // a name was told to be of a thing
	persons bool        // a name was told to be of a person beyond doubt
	answers []answer    // to the text that is read
	anew    bool        // no word is passed over; for tests
}

// A likeName is a key and its stem, made once and not for every word that is held against it.
type likeName struct{ key, stem uint64 }

func likeNameOf(key uint64) likeName { return likeName{key, stemKey(key, "")} }

// keepLike lets words be held against a new key.
func (m *memory) keepLike(key uint64) {
	if n := key >> 60; n >= minStem && n <= 12 {
		m.names = append(m.names, likeNameOf(key))
	}
}

// dropLike forgets the key that came last.
func (m *memory) dropLike(key uint64) {
	if last := len(m.names) - 1; last >= 0 && m.names[last].key == key {
		m.names = m.names[:last]
	}
}

// maxLike bounds the names that an unknown word is held against.
const maxLike = 128

// like gives the role of a name that a word nobody knows was made of: misheard or mistyped in one letter («Нуне»,
// «Нунэ»), or made small by its ending («Амир», «амирчик»).
func (m *memory) like(key uint64) nameRole {
	n := int(key >> 60)
	if n < minLike || n > 12 || len(m.roles) > maxLike || m.heads&(1<<(key>>(5*(n-1))&31)) == 0 {
		return 0
	}
	var found nameRole
	word := likeNameOf(key)
	for i := range m.names {
		if word.isLike(&m.names[i]) {
			found |= m.roles[m.names[i].key] & (firstName | surname | spoken)
		}
	}
	if found == spoken {
		found = firstName | surname
	}
	return found &^ spoken
}

// sounds gives the role of a name of the other alphabet that sounds like a word.
func (m *memory) sounds(word string, script int) nameRole {
	if sound := soundOf(word); sound != 0 {
		return m.roles[soundKey(sound, script)] & (firstName | surname)
	}
	return 0
}

// isClipped reports a word that a name begins with which somebody broke off: «турсунку ой турсункулов».
func (m *memory) isClipped(key uint64) bool {
	n := int(key >> 60)
	if n < minClipped || n > 12 || len(m.names) > maxLike {
		return false
	}
	for i := range m.names {
		name := m.names[i].key
		if l := int(name >> 60); l <= 12 && l >= n+minLost && name&lettersOf(l)>>(5*(l-n)) == key&lettersOf(n) && m.roles[name]&(firstName|surname) != 0 {
			return true
		}
	}
	return false
}

// isLike reports a word that is misheard or made small of a name.
func isLike(word, name uint64) bool {
	w, n := likeNameOf(word), likeNameOf(name)
	return w.isLike(&n)
}

func (w *likeName) isLike(n *likeName) bool {
	// One letter more, less or other leaves the first or the last one: 9 of 10 names are passed over by this.
	first := firstLetterOf(w.key) == firstLetterOf(n.key)
	return first && isSmallOf(w.stem, n.key) ||
		(first || (w.key^n.key)&31 == 0) && oneVowelApart(w.key, n.key) ||
		(first || (w.stem^n.stem)&31 == 0) && oneVowelApart(w.stem, n.stem)
}

// firstLetterOf gives the first letter of a key that holds its letters.
func firstLetterOf(key uint64) uint64 { return key >> (5*(key>>60) - 5) & 31 }

const (
	minLike = 4 // letters of a word that may be like a name
	minStem = 3 // and of the name

	minClipped = 6 // letters of a name that somebody broke off
	minLost    = 3 // and those that are lost
)

// smallEndings make a name small; the endings of their cases follow.
const smallEndings wordList = "чик ик ек ок очк ечк еньк оньк ушк юшк ул юл уш юш ус юс ун юн ась усь к шк ишк ашк джан"

// isDiminutive reports a word that begins like the name and goes on with an ending that makes it small: «Сабриночка» of «Сабрина».
func isDiminutive(word, name uint64) bool { return isSmallOf(stemKey(word, ""), name) }

// isSmallOf is isDiminutive for the stem of a word.
func isSmallOf(stem, name uint64) bool {
	w, n := int(stem>>60), int(name>>60)
	for cut := range 3 { // the last vowel of the name, and what a soft sign or a doubled letter leaves
		l := n - cut
		if l < minStem || w <= l || stem&lettersOf(w)>>(5*(w-l)) != name&lettersOf(n)>>(5*cut) {
			continue
		}
		if rest := w - l; smallEndings.has(uint64(rest)<<60 | stem&lettersOf(rest)) {
			return true
		}
	}
	return false
}

// lettersOf masks the last n letters of a key.
func lettersOf(n int) uint64 { return 1<<(5*n) - 1 }

// vowels are а, е, и, й, о, у, ы, э, ю, я: «гаик» is heard for «Гайк».
const vowels letters = 1<<0 | 1<<5 | 1<<8 | 1<<9 | 1<<14 | 1<<19 | 1<<27 | 1<<29 | 1<<30 | 1<<31

// oneVowelApart reports two words of one length that differ in one vowel, or longer ones that differ in one letter.
func oneVowelApart(a, b uint64) bool {
	if oneLetterApart(a, b) {
		return true
	}
	n := int(a >> 60)
	if n != int(b>>60) || n < minStem {
		return false
	}
	diff := (a ^ b) & lettersOf(n)
	for at := 0; at < n; at++ {
		x, y := a>>(5*at)&31, b>>(5*at)&31
		if x != y {
			return diff>>(5*at)&^31 == 0 && diff&lettersOf(at) == 0 && vowels&(1<<x) != 0 && vowels&(1<<y) != 0
		}
	}
	return false
}

// has gives the roles in which the word at token i was heard.
func (m *memory) has(t *Text, i int) nameRole {
	tok := &t.tok[i]
	if tok.kind == latinToken {
		if r := m.role(tok.key, firstName|surname); r != 0 {
			return r
		}
	}
	e, ok := tok.form.Entry()
	if !ok || !e.Class.Is(lexicon.Person) {
		return m.ask(t, askStem, uint64(i), firstName|surname)
	}
	var buf [maxKeys]uint64
	found := m.ask(t, askStem, uint64(i), surname)
	for _, k := range appendLemmas(buf[:0], e, lexicon.FirstName|lexicon.Diminutive) {
		found |= m.role(k, firstName)
	}
	for _, k := range appendLemmas(buf[:0], e, lexicon.Surname) {
		found |= m.role(k, surname)
	}
	return found
}

// stem gives the roles of the stem of a word, for which most need not be cut: no name begins like them.
func (m *memory) stem(key uint64, word string) nameRole {
	if !m.mayHave(key) {
		return 0
	}
	return m.roles[stemKey(key, word)]
}

// mayHave reports whether the first two letters of a word are those of a name. A stem has at least two letters.
func (m *memory) mayHave(key uint64) bool {
	n := key >> 60
	return n < 2 || n > 12 || m.pairs[key>>(5*n-5)&31]&(1<<(key>>(5*n-10)&31)) != 0
}

// hasFirst reports whether a first name was heard, in any of its forms.
func (m *memory) hasFirst(e lexicon.Entry) bool {
	var buf [maxKeys]uint64
	for _, k := range appendLemmas(buf[:0], e, lexicon.FirstName|lexicon.Diminutive) {
		if m.role(k, firstName) != 0 {
			return true
		}
	}
	return false
}

// hasAny reports whether a first name was heard, in any of its forms.
func (m *memory) hasAny(e lexicon.Entry) bool {
	var buf [maxKeys]uint64
	for _, k := range appendLemmas(buf[:0], e, lexicon.FirstName|lexicon.Diminutive) {
		if m.roles[k]&firstName != 0 {
			return true
		}
	}
	return false
}

// thingKeysOf appends the keys under which the name of a thing is known. Unlike a person's it is not made shorter: the potato
// «Наташа» is no «Наталья».
func (t *Text) thingKeysOf(dst []uint64, p *namePart, r nameRole) []uint64 {
	e, ok := t.tok[p.from].form.Entry()
	if r != firstName || !ok || p.to-p.from != 1 || p.traits&(slipPart|splitPart|possessivePart) != 0 {
		return t.keysOf(dst, p, r)
	}
	from := len(dst)
	for i := range e.Readings() {
		if rd := e.Reading(i); rd.Class.Is(lexicon.FirstName|lexicon.Diminutive) && rd.Lemma != 0 {
			dst = appendKey(dst, rd.Lemma.Key()^thingSalt)
		}
	}
	if len(dst) == from {
		return t.keysOf(dst, p, r)
	}
	return dst
}

// thingSalt keeps the keys of things' names apart from those of people.
const thingSalt = 0x0E00_0000_0000_0000
