package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A lead is what a word that speaks of names makes of the words around it.
type lead struct {
	reach  int8 // how many words behind it may be the name
	beside bool // the word before it may be one
	name   bool // it stands within names
	plain  bool // it may be a name without a capital
}

var leads = [...]lead{
	vocabulary.Naming:   {reach: 1 + maxRemarks, beside: true},
	vocabulary.Kin:      {reach: maxSlot - 1, beside: true},
	vocabulary.Job:      {reach: maxSlot - 1},
	vocabulary.Speaking: {reach: maxSlot - 1},
	vocabulary.Calling:  {reach: maxSlot - 1},
	vocabulary.Greeting: {reach: maxSlot - 1},
	vocabulary.Self:     {reach: 1},
	vocabulary.Thing:    {plain: true},
	vocabulary.Abstract: {plain: true},
	vocabulary.Place:    {plain: true},
	vocabulary.Animal:   {plain: true},
	vocabulary.Noble:    {name: true},
	vocabulary.SonOf:    {name: true},
	vocabulary.Spelling: {name: true},
	vocabulary.Doing:    {reach: 1, beside: true},
}

// nameTrigger notes words that may be a part of a name, with nothing known of the conversation.
func (t *Text) nameTrigger(tok *token, i int, class lexicon.Class) trigger {
	slot := i <= t.names.slot
	if (tok.shape != lower || class.Is(lexicon.Person)) && tok.n < maxSyllable && t.isListedEastern(tok) {
		t.names.slot = max(t.names.slot, i+maxNameParts-1)
	}
	l := &leads[tok.vocab.Hint()]
	if l.name {
		return onName
	}
	t.lead(l, i)
	if ourOwn.hasToken(tok) || tok.vocab.Cue() == vocabulary.Phone && isVerb(tok) {
		t.nameBeside(i)
	}
	if class.Is(lexicon.Person) {
		if isNameAlone(class) {
			t.nameBeside(i)
		}
		return onName
	}
	return t.strangerTrigger(tok, i, slot)
}

// isNameAlone reports a class of names beside which others stand.
func isNameAlone(class lexicon.Class) bool {
	return class.Is(lexicon.FirstName|lexicon.Diminutive|lexicon.Patronymic) || isSurnameAlone(class)
}

// strangerTrigger is nameTrigger for a word that is no name by any list. A slot is where a name was announced.
func (t *Text) strangerTrigger(tok *token, i int, slot bool) trigger {
	t.noteTeller(tok, i)
	if tok.vocab.Class != vocabulary.None {
		if slot || tok.shape != lower || t.isBehindLead(i) {
			return onName
		}
		return 0
	}
	if tail := lexicon.TailOf(tok.key); tail != 0 && tok.kind == wordToken && hasNameEnding(tok, tail) {
		t.nameBeside(i)
		return onName
	}
	if slot || t.isBehindLead(i) {
		if !lexicon.IsPlain(tok.key) {
			t.names.slot = max(t.names.slot, i+1) // «меня зовут юн бин»: the rest of a name that nobody knows
		}
		return onName
	}
	if tok.shape != lower || tok.n == 1 {
		return onName
	}
	return 0
}

// hasNameEnding reports an unknown word that ends like a name and is none of the ordinary ones that do.
func hasNameEnding(tok *token, tail lexicon.Tail) bool {
	return tail&lexicon.GivenTail != 0 && isGivenName(tok) || tail&lexicon.NameTail != 0 && tok.n > 4 && lexicon.LooksLikeName(tok.key)
}

// nearNameTrigger is nameTrigger for a plain word that speaks of names.
func (t *Text) nearNameTrigger(tok *token, i int) trigger {
	slot, l := i <= t.names.slot, &leads[tok.vocab.Hint()]
	if l.name {
		return onName
	}
	t.lead(l, i)
	if ourOwn.hasToken(tok) {
		t.nameBeside(i)
	}
	t.noteTeller(tok, i)
	if slot || l.plain && t.isBehindLead(i) {
		return onName
	}
	return 0
}

// quietTrigger is nameTrigger for a plain word of a class that speaks of no names.
func (t *Text) quietTrigger(tok *token, i int) trigger {
	slot := i <= t.names.slot
	if tok.key == keyThis {
		t.nameBeside(i)
	}
	if slot {
		return onName
	}
	return 0
}

// lead has the words looked at that stand around token i.
func (t *Text) lead(l *lead, i int) {
	t.names.slot = max(t.names.slot, i+int(l.reach))
	if l.beside && i > 0 && t.tok[i-1].kind <= latinToken {
		t.trigger(i-1, onName)
	}
}

// nameBeside has the words looked at that stand beside a first name or patronymic at token i.
func (t *Text) nameBeside(i int) { t.lead(&lead{reach: 1, beside: true}, i) }

// noteTeller has the word looked at that token i may tell to be a name.
func (t *Text) noteTeller(tok *token, i int) {
	if tellers.hasToken(tok) {
		t.names.told = true
		t.tellBack(i)
	}
}

// isBehindLead reports the words right before token i behind which nobody's name may be a person's, see [Text.isStranger].
func (t *Text) isBehindLead(i int) bool {
	return i > 0 && (beforeStrangers.hasToken(&t.tok[i-1]) || toPeople.hasToken(&t.tok[i-1]))
}

const (
	beforeStrangers ownList = "1 к теперь не а можно она он"
	ourOwn          ownList = "3 мой моя наш наша это"
)
