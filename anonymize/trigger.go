package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A trigger is a reason for a rule to look closer at a token. They are noted while the text is read, so that a rule
// begins from the few tokens that concern it: it never walks over the others, and without any it is not run at all.
// A trigger may be noted too often, because a rule looks for itself; TestTriggers fails when one is noted too rarely.
type trigger uint32

const (
	onNumber  trigger = 1 << iota // digits
	onSaid                        // a word that says digits
	onSymbol                      // a sign that is said: «точка», «собака»
	onContact                     // @, an opening bracket, a colon; a Latin word before a full stop
	onStar                        // *
	onCue                         // a cue word, or the end of «р/с»
	onSecret                      // may begin the key of a machine
	onOffice                      // who issues passports
	onMonth
	onExtension // «доб.»
	onName      // may be a part of a name by its form, or stands where one is asked for
	onStreet    // the word for a street, or for a house that may have a letter
	onPart      // any other word of an address: of towns, houses and flats; an abbreviation
	onAddress   // a cue of addresses
	onLetter    // a Latin letter alone, or a word that spells one

	always // every text has it
)

// A triggered is a token with its triggers.
type triggered struct {
	at int32
	on trigger
}

// triggersOf are the triggers of the closed vocabulary.
var triggersOf = [...]trigger{
	vocabulary.Num: onSaid, vocabulary.Ord: onSaid, vocabulary.Figure: onSaid, vocabulary.Times: onSaid,
	vocabulary.Symbol: onSymbol, vocabulary.Month: onMonth, vocabulary.Office: onOffice,
	vocabulary.Ext:  onExtension,
	vocabulary.Stop: 0, // the last class
}

func (t *Text) beginNotes() {
	t.on, t.triggers, t.cues, t.nearCue = always, t.triggers[:0], t.cues[:0], 0
	t.names.text++
	t.writing, t.names.slot, t.names.slip, t.names.told = writing{}, -1, -1, false
}

// noteAll finds the triggers of all tokens, in order.
func (t *Text) noteAll() {
	t.beginNotes()
	for i := range t.tok {
		var on trigger
		switch tok := &t.tok[i]; {
		case tok.kind == wordToken && tok.shape == lower && tok.form == 0: // most words
			t.writing.count(tok)
			on = t.plainTrigger(tok, i)
		case tok.kind < numberToken:
			t.writing.count(tok)
			on = t.wordTrigger(tok, i)
		case tok.kind == signToken:
			on = t.signTrigger(i)
		case tok.kind == numberToken:
			on = onNumber
		}
		if on != 0 {
			t.trigger(i, on)
		}
	}
}

func (t *Text) wordTrigger(tok *token, i int) trigger {
	if tok.kind == latinToken {
		return t.latinTrigger(tok, i)
	}
	return t.classTrigger(tok, i)
}

// plainTrigger is wordTrigger for a Russian word without a capital that package lexicon does not have: its class tells
// nearly all.
func (t *Text) plainTrigger(tok *token, i int) (on trigger) {
	switch tok.vocab.Class {
	case vocabulary.None:
		on = t.strangerTrigger(tok, i, i <= t.names.slot)
	case vocabulary.NearName:
		on = t.nearNameTrigger(tok, i)
	case vocabulary.Filler, vocabulary.Stop, vocabulary.Unit, vocabulary.Year, vocabulary.Letter, vocabulary.TLD, vocabulary.RoleNoun, vocabulary.Tail:
		on = t.quietTrigger(tok, i)
	default:
		return t.classTrigger(tok, i)
	}
	if tok.n == 1 {
		on |= t.cueTrigger(tok, i)
	}
	return on
}

// classTrigger is wordTrigger for any other word.
func (t *Text) classTrigger(tok *token, i int) trigger {
	on := triggersOf[tok.vocab.Class] | t.nameTrigger(tok, i, tok.class) | placeTrigger(tok, tok.class)
	if tok.vocab.Class == vocabulary.CueWord || tok.n == 1 {
		on |= t.cueTrigger(tok, i)
	}
	return on
}

func (t *Text) signTrigger(i int) trigger {
	switch tok := &t.tok[i]; tok.key {
	case '@', '(', '[', ':':
		return onContact
	case '*', '•':
		return onStar
	case '.':
		if i > 0 && tok.gap == noGap && t.tok[i-1].kind == latinToken {
			t.trigger(i-1, onContact)
		}
		return t.abbreviationTrigger(i)
	case '-':
		if i <= t.names.slot && tok.gap == noGap {
			t.names.slot = i + 2 // «Магомед-Хаджи Исаев»: the half and what is behind it
		}
		if t.isArticle(i - 1) {
			t.trigger(i-1, onName) // «ат-Тураби»
		}
		if next := int(tok.end); tok.gap != noGap && next < len(t.s) && t.s[next] == '-' {
			return onSecret
		}
		return t.abbreviationTrigger(i)
	}
	return 0
}

// triggeredBy gives the tokens with triggers if some have these, among others.
func (t *Text) triggeredBy(on trigger) []triggered {
	if t.on&on == 0 {
		return nil
	}
	return t.triggers
}

// trigger adds triggers to token i, which is none of those before the last one that has any.
func (t *Text) trigger(i int, on trigger) {
	t.on |= on
	if last := len(t.triggers) - 1; last >= 0 && int(t.triggers[last].at) == i {
		t.triggers[last].on |= on
		return
	}
	t.triggers = append(t.triggers, triggered{int32(i), on})
}

// triggerBack adds triggers to a token a few before the last one that has any.
func (t *Text) triggerBack(i int, on trigger) {
	t.on |= on
	at := len(t.triggers)
	for at > 0 && int(t.triggers[at-1].at) > i {
		at--
	}
	if at > 0 && int(t.triggers[at-1].at) == i {
		t.triggers[at-1].on |= on
		return
	}
	t.triggers = slices.Insert(t.triggers, at, triggered{int32(i), on})
}
