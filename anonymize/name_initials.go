package anonymize

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
	return t.names.known.roles[initialsKey(t.headsOf(a, initial), t.headsOf(b, initial))]&initial != 0
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
