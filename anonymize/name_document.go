package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Passports, tickets and cards have names in Latin capitals: «ONDAR LOPSAN, 76 0092157», «имя на карте OLGA KIM».

const (
	minDocumentWord   = 3 // letters of each part
	minDocumentNumber = 6 // digits of the number beside it
	documentNear      = 5 // tokens between
)

// documentName takes a word in capitals that nobody knows for a part of such a name.
func (t *Text) documentName(p *namePart) bool {
	i := int(p.from)
	if !t.isDocumentPart(i) || t.names.latin && t.names.cased {
		return false
	}
	from, to := i, i+1
	if t.near(i) && t.tok[i].gap == oneSpace && t.isDocumentPart(i-1) {
		from--
	} else if t.near(to) && t.tok[to].gap == oneSpace && t.isDocumentPart(to) {
		to++
	}
	if to-from != 2 || t.isLatin(to) && t.near(to) && t.tok[to].shape == upper || from > 0 && t.near(from) && t.isLatin(from-1) && t.tok[from-1].shape == upper || !t.documentBeside(from, to) {
		return false
	}
	p.sur = anyGram
	p.traits |= unknownPart | slotPart
	return true
}

// isDocumentName reports two words in Latin capitals with a document beside them.
func (t *Text) isDocumentName(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	if to-from != 2 || t.names.latin && t.names.cased {
		return false
	}
	for i := from; i < to; i++ {
		if !t.isLatin(i) || t.tok[i].shape != upper || t.tok[i].n < minDocumentWord {
			return false
		}
	}
	return t.documentBeside(from, to)
}

// isDocumentPart reports a Latin word in capitals that is no word of English and no make.
func (t *Text) isDocumentPart(i int) bool {
	if !t.isLatin(i) {
		return false
	}
	tok := &t.tok[i]
	return tok.shape == upper && tok.n >= minDocumentWord && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key)
}

// documentBeside reports the word for a document or its holder before a name in capitals, or the number of one behind.
func (t *Text) documentBeside(from, to int) bool {
	for j := from - 1; j >= max(0, from-documentNear) && t.near(j+1); j-- {
		if t.says(j, "паспорт загран загранпаспорт паспорта загранпаспорта билет билете карте карты держатель владелец латиницей латиницы имя фамилия пассажир визе visa passport cardholder passenger") {
			return true
		}
	}
	for j := to; j < min(to+documentNear, len(t.tok)) && t.near(j); j++ {
		if t.tok[j].kind == numberToken && t.tok[j].n >= minDocumentNumber {
			return true
		}
		if t.tok[j].vocab.Cue() == vocabulary.Order || t.says(j, "модель серийный") {
			return false
		}
	}
	return false
}
