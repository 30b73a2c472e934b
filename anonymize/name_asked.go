package anonymize

// Names are looked for by what the conversation knows of them. Whatever a text asks of the memory is noted with the answer:
// as long as all answers are the same, it would be read as it was, and it is not read anew. Most turns speak of nobody who
// was named elsewhere, and what was learned since does not concern them.

// An answer is what a memory told to a text.
type answer struct {
	key  uint64
	what asking
	of   nameRole // the roles that were asked for
	said nameRole
}

// An asking is what a memory is asked.
type asking uint8

const (
	askRole         asking = iota // in which roles a key was heard
	askStem                       // and the stem of a token
	askLike                       // whether a name is like the word of a key
	askRussianSound               // or sounds like a token, one in Russian letters
	askLatinSound                 // in Latin ones
	askClipped                    // whether a name begins with a word that was broken off
	askBegun                      // or with letters
	askHead                       // or with the first letter of a word
	askJoined                     // whether pieces are a name together
	askMisheard                   // or nearly one
	askAny                        // whether there is any name
	askThings                     // any of a thing
	askAnchored                   // any of a person beyond doubt
)

// ask gives the answer to a question of a text and notes it. Whatever is no role is answered by any role at all.
func (m *memory) ask(t *Text, what asking, key uint64, of nameRole) nameRole {
	said := m.tell(t, what, key, of)
	m.answers = append(m.answers, answer{key, what, of, said})
	return said
}

// role is ask for those of the roles in which a key was heard.
func (m *memory) role(key uint64, of nameRole) nameRole {
	said := m.roles[key] & of
	m.answers = append(m.answers, answer{key, askRole, of, said})
	return said
}

// stillSays reports whether the memory would give a text the same answers as before.
func (m *memory) stillSays(t *Text, answers []answer) bool {
	for i := range answers {
		if a := &answers[i]; m.tell(t, a.what, a.key, a.of) != a.said {
			return false
		}
	}
	return true
}

func (m *memory) tell(t *Text, what asking, key uint64, of nameRole) nameRole {
	switch what {
	case askRole:
		return m.roles[key] & of
	case askStem:
		tok := &t.tok[key]
		return m.stem(tok.key, t.s[tok.start:tok.end]) & of
	case askLike:
		return m.like(key)
	case askRussianSound:
		if m.heard[0] {
			return m.sounds(t.stemOf(&t.tok[key]), 0)
		}
	case askLatinSound:
		if tok := &t.tok[key]; m.heard[1] {
			return m.sounds(t.s[tok.start:tok.end], 1)
		}
	case askClipped:
		return yes(m.isClipped(key))
	case askBegun:
		return yes(m.beginsWith(key))
	case askHead:
		return yes(m.mayBegin(key))
	case askJoined, askMisheard:
		return m.joined(key, what == askMisheard)
	case askAny:
		return yes(len(m.roles) > 0)
	case askThings:
		return yes(m.things)
	case askAnchored:
		return yes(m.persons)
	}
	return noRole
}

func yes(is bool) nameRole {
	if is {
		return spoken
	}
	return noRole
}
