package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// latinTrigger is wordTrigger for a Latin word.
func (t *Text) latinTrigger(tok *token, i int) trigger {
	var on trigger
	if t.mayBeSecret(tok) {
		on = onSecret
	}
	if tok.form == 0 && tok.lists == 0 && tok.vocab.Class == vocabulary.None && tok.n > 1 { // most words
		return on | t.latinNameTrigger(tok, i)
	}
	if tok.n == 1 || t.isCodeWord(i) {
		on |= onLetter
	}
	e, _ := tok.form.Entry()
	return on | triggersOf[tok.vocab.Class] | t.cueTrigger(tok, i) | t.nameTrigger(tok, i, e.Class) | placeTrigger(tok, e.Class)
}

// latinNameTrigger is strangerTrigger for a Latin word: any may be a name but those that are quiet. Behind it another may be.
func (t *Text) latinNameTrigger(tok *token, i int) trigger {
	if t.isQuiet(tok, i, false) && t.names.slip != i && !latinSyllables.hasToken(tok) {
		return 0
	}
	t.names.slot = max(t.names.slot, i+1)
	if _, n := t.slipName(tok, i); n > 0 || t.names.slip == i {
		t.names.slip = i + int(max(n, 1))
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
	return n.known == nil || len(n.known.roles) == 0 || n.known.has(t, i) == 0
}

// isQuiet reports a word without a capital that is no name by any list and an ordinary one by its letters, and that stands
// behind no title. In text with capitals a name has one, whatever the lists say.
func (t *Text) isQuiet(tok *token, i int, cased bool) bool {
	switch {
	case tok.shape != lower || latinArticles.hasToken(tok):
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
