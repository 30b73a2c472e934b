package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// latinTrigger is wordTrigger for a Latin word.
func (t *Text) latinTrigger(tok *token, i int) trigger {
	on := triggersOf[tok.vocab.Class]
	if t.mayBeSecret(tok) {
		on |= onSecret
	}
	if tok.n == 1 || spellers.hasToken(tok) {
		on |= onLetter
	}
	if tok.n == 1 || tok.vocab.Class == vocabulary.CueWord || englishCues.hasToken(tok) {
		on |= t.cueTrigger(tok, i)
	}
	return on | placeTrigger(tok, tok.class) | t.latinNameTrigger(tok, i, tok.class)
}

// latinNameTrigger is nameTrigger for a Latin word: any may be a name but those that are quiet. Behind one that may be, and behind
// a word that says something of names, another may be.
func (t *Text) latinNameTrigger(tok *token, i int, class lexicon.Class) trigger {
	if tok.vocab.Class != vocabulary.None || tok.lists != 0 {
		t.lead(&leads[tok.vocab.Hint()], i)
		if tok.vocab.Class == vocabulary.CueWord && t.does(i) {
			t.nameBeside(i)
		}
		t.names.slot = max(t.names.slot, i+1) // "is", "by", "you", "cheers"
	}
	if class.Is(lexicon.Person) {
		if isNameAlone(class) {
			t.nameBeside(i)
		}
		return onName
	}
	if t.isQuiet(tok, i, false) && t.names.slip != i {
		return 0
	}
	t.names.slot = max(t.names.slot, i+1)
	if tok.shape == lower {
		if _, n := t.slipName(tok, i); n > 0 || t.names.slip == i {
			t.names.slip = i + int(max(n, 1))
		}
	}
	return onName
}

// passesLatin reports a Latin word that is no part of a name where it stands, with what is known of the text and of the
// conversation.
func (t *Text) passesLatin(tok *token, i int) bool {
	n := &t.names
	if n.forced || !t.isQuiet(tok, i, n.cased) {
		return false
	}
	if last := len(n.parts) - 1; last >= 0 && int(n.parts[last].to) == i {
		return false
	}
	return n.known == nil || n.known.ask(t, askAny, 0, 0) == 0 || n.known.has(t, i) == 0
}

// isQuiet reports a word without a capital that is no name by any list, stands within none, is an ordinary one by its letters,
// and stands behind no title. In text with capitals a name has one, whatever the lists say.
func (t *Text) isQuiet(tok *token, i int, cased bool) bool {
	switch {
	case tok.shape != lower || latinArticles.hasToken(tok) || latinSyllables.hasToken(tok):
		return false
	case tok.vocab.Class != vocabulary.None:
		return tok.vocab.Hint() != vocabulary.SonOf && (tok.form == 0 || cased || !mayBeLatinName(tok))
	}
	return tok.n > 1 && (tok.form == 0 || cased) && lexicon.IsPlain(tok.key) && !t.isBehindCourtesy(i) && !t.isSlip(tok, i)
}

// mayBeLatinName reports a word of the closed vocabulary for which mayName is not false without a capital.
func mayBeLatinName(tok *token) bool {
	switch tok.vocab.Class {
	case vocabulary.TLD, vocabulary.Unit, vocabulary.Month:
		return true
	case vocabulary.NearName:
		switch tok.vocab.Hint() {
		case vocabulary.Thing, vocabulary.Abstract, vocabulary.Place, vocabulary.Animal:
			return true
		}
	}
	return false
}

// latinArticles are the words of isEnglishParticle and isArticle, and those that the vocabulary has beside them.
const latinArticles wordList = "de la van der den von di del della da dos das du le ter bin ibn al el los st"

func (t *Text) isSlip(tok *token, i int) bool {
	_, n := t.slipName(tok, i)
	return n > 0
}
