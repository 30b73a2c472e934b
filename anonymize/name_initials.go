package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Initials alone, «И. А.», name somebody whose first name and patronymic, or whose initials and surname, were told in the
// conversation.

// areKnownInitials reports two initials with full stops, and no number behind, of somebody in the conversation.
func (t *Text) areKnownInitials(n *name) bool {
	if t.names.known == nil {
		return false
	}
	a, b := &t.names.parts[n.from], &t.names.parts[n.from+1]
	if a.to-a.from != 2 || b.to-b.from != 2 || t.tok[b.from].gap > oneSpace || t.isNumber(int(b.to)) {
		return false
	}
	return t.names.known.role(initialsKey(t.headsOf(a, initial), t.headsOf(b, initial)), initial) != 0
}

// notInitials are shortened words that look like two initials: of districts, offices, notes and countries.
const notInitials wordList = "мо рф сш уе нэ го ио по тд тп то пп юл фл мп ps us uk eu nb am pm ie eg id ok ru en as vs"

// areLoneInitials reports two initials written together that name somebody nobody has named: behind a preposition that takes
// people, «согл. с О.П.», or beside what people do, «утвердил И.В.».
func (t *Text) areLoneInitials(n *name) bool {
	a, b := &t.names.parts[n.from], &t.names.parts[n.from+1]
	from, to := int(a.from), int(b.to)
	if t.writing.shouts() || t.tok[a.from].shape != title || t.tok[b.from].shape != title || a.to-a.from != 2 || b.to-b.from != 2 || t.tok[b.from].gap != noGap || t.isNumber(to) || t.near(to) && t.tok[to].gap == noGap && t.tok[to].kind != signToken || t.tok[from].gap == noGap {
		return false
	}
	var both lexicon.Builder
	both.Add(t.tok[a.from].key & 31)
	both.Add(t.tok[b.from].key & 31)
	pair := both.Russian()
	if t.tok[from].kind == latinToken {
		pair = both.Latin()
	}
	if notInitials.has(pair) {
		return false
	}
	if t.near(to) && isVerb(&t.tok[to]) {
		return true
	}
	if from > 0 && t.tok[from].gap == lineGap && to == len(t.tok) {
		return true // under a letter
	}
	if from == 0 || t.tok[from].gap != oneSpace {
		return false
	}
	return t.says(from-1, "с со от у к для через мне with from by via") || t.hintAt(from-1) == vocabulary.Job || isVerb(&t.tok[from-1]) && t.tok[from-1].gap != noGap || t.says(from-1, "и") && t.sign(from-2, '.')
}

// learnInitials keeps the initials of a name.
func (p *people) learnInitials(t *Text, n *name) {
	var heads [2]letters
	k := 0
	for i := n.from; i < n.to && k < 2; i++ {
		switch n.roles[i-n.from] {
		case firstName, patronymic, initial:
			heads[k] = t.headsOf(&t.names.parts[i], initial)
			k++
		}
	}
	if k == 2 {
		p.remember(initialsKey(heads[0], heads[1]), initial)
	}
}

// initialsKey is the key in a memory of two initials. Its length is none that a word has.
func initialsKey(a, b letters) uint64 {
	const prime = 1099511628211
	return (uint64(a)*prime ^ uint64(b)) * prime >> 4
}
