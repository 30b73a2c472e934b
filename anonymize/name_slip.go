package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

// slipLetters are the numbers of the Russian letters on the keys a to z, «фисвуапршолдьтщзйкыегмцчня», where a Latin key has
// the letter as 1 to 26: «ghbdtn» is «привет» of somebody who did not switch the layout.
var slipLetters = [32]uint8{
	1: 'ф' - 'а', 'и' - 'а', 'с' - 'а', 'в' - 'а', 'у' - 'а', 0, 'п' - 'а', 'р' - 'а', 'ш' - 'а', 'о' - 'а', 'л' - 'а', 'д' - 'а', 'ь' - 'а',
	14: 'т' - 'а', 'щ' - 'а', 'з' - 'а', 'й' - 'а', 'к' - 'а', 'ы' - 'а', 'е' - 'а', 'г' - 'а', 'м' - 'а', 'ц' - 'а', 'ч' - 'а', 'н' - 'а', 'я' - 'а',
}

// slipSign gives the number of the letter on the key of a sign, as in «ukt,» for «глеб».
func slipSign(sign uint64) (uint64, bool) {
	switch sign {
	case ',':
		return 'б' - 'а', true
	case '.':
		return 'ю' - 'а', true
	case ';':
		return 'ж' - 'а', true
	case '[':
		return 'х' - 'а', true
	case ']':
		return 'ъ' - 'а', true
	case '\'':
		return 'э' - 'а', true
	}
	return 0, false
}

// slipKey is the key of a word typed on the wrong layout, with the sign behind it if that is a letter too; 0 if it is none.
func (t *Text) slipKey(tok *token, sign uint64) uint64 {
	last, more := uint64(0), 0
	if sign != 0 {
		l, ok := slipSign(sign)
		if !ok {
			return 0
		}
		last, more = l, 1
	}
	n := int(tok.n)
	if !tok.isPlainLatin() || n+more > lexicon.ExactWord {
		return slipLong(t.s[tok.start:tok.end], last, more)
	}
	key := uint64(0)
	for at := 5*n - 5; at >= 0; at -= 5 {
		key = key<<5 | uint64(slipLetters[tok.key>>(at&63)&31])
	}
	if more > 0 {
		key = key<<5 | last
	}
	return lexicon.RussianKey(key, n+more)
}

// slipLong is slipKey for a word whose key does not hold all its letters.
func slipLong(word string, last uint64, more int) uint64 {
	var b lexicon.Builder
	for i := range len(word) {
		l := word[i] | 0x20
		if l < 'a' || l > 'z' {
			return 0
		}
		b.Add(uint64(slipLetters[l&31]))
	}
	if more > 0 {
		b.Add(last)
	}
	return b.Russian()
}

// minSlip is the shortest word that is read as typed on the wrong layout.
const minSlip = 3

// slipName gives the first name that the word at token i was meant to be, and how many tokens it has; 0 if it is none.
func (t *Text) slipName(tok *token, i int) (lexicon.Entry, int32) {
	if tok.n < minSlip {
		return lexicon.Entry{}, 0
	}
	if i+1 < len(t.tok) && t.tok[i+1].gap == noGap && (i+2 >= len(t.tok) || t.tok[i+2].gap != noGap) {
		if e, ok := slippedName(t.slipKey(tok, t.tok[i+1].key)); ok {
			return e, 2
		}
	}
	if tok.n > minSlip {
		if e, ok := slippedName(t.slipKey(tok, 0)); ok {
			return e, 1
		}
	}
	return lexicon.Entry{}, 0
}

// slipped reads a name typed on the wrong layout. Only first names count alone; a surname has to stand behind one.
func (t *Text) slipped(p *namePart, tok *token) {
	if e, tokens := t.slipName(tok, int(p.from)); tokens > 0 {
		p.read(e)
		p.to = p.from + tokens
		p.traits |= slipPart
		return
	}
	parts := t.names.parts
	if tok.n < minSlip || len(parts) == 0 || parts[len(parts)-1].traits&slipPart == 0 || parts[len(parts)-1].to != p.from {
		return
	}
	if end, ok := lexicon.EndingOf(t.slipKey(tok, 0)); ok && end.Class == lexicon.Surname {
		p.sur = anyGram // whoever types blind does not agree his words either
		p.traits |= suffixSurname | slipPart
	}
}

func slippedName(key uint64) (lexicon.Entry, bool) {
	h := mph.Of(key)
	if key == 0 || !lexicon.MayFind(h) { // most words
		return lexicon.Entry{}, false
	}
	e, ok := lexicon.Find(h).Entry()
	return e, ok && e.Class.Is(lexicon.FirstName|lexicon.Diminutive) && !e.Class.Is(lexicon.Ambiguous|lexicon.Ordinary)
}

// slipKeyOf is the key of a part typed on the wrong layout.
func (t *Text) slipKeyOf(p *namePart) uint64 {
	tok, sign := &t.tok[p.from], uint64(0)
	if p.to-p.from == 2 {
		sign = t.tok[p.from+1].key
	}
	return t.slipKey(tok, sign)
}
