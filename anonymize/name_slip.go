package anonymize

import "github.com/syntora/vual/anonymize/internal/lexicon"

// keyboard are the Russian letters on the keys a to z: «ghbdtn» is «привет» of somebody who did not switch the layout.
const keyboard = "фисвуапршолдьтщзйкыегмцчня"

// slipLetter gives the number of the Russian letter on a key.
func slipLetter(c byte) (uint64, bool) {
	c = c | 0x20 - 'a'
	if c >= 26 {
		return 0, false
	}
	return uint64(keyboard[2*c+1]&0x1F ^ 0x10), true
}

// slipSign gives the number of the letter on the key of a sign, as in «ukt,» for «глеб».
func slipSign(sign uint64) (uint64, bool) {
	for _, k := range [...]struct {
		sign   uint64
		letter rune
	}{{',', 'б'}, {'.', 'ю'}, {';', 'ж'}, {'[', 'х'}, {']', 'ъ'}, {'\'', 'э'}} {
		if k.sign == sign {
			return uint64(k.letter - 'а'), true
		}
	}
	return 0, false
}

// slipKey is the key of a word typed on the wrong layout, with the sign behind it if that is a letter too; 0 if it is none.
func slipKey(word string, sign uint64) uint64 {
	var b lexicon.Builder
	for i := range len(word) {
		l, ok := slipLetter(word[i])
		if !ok {
			return 0
		}
		b.Add(l)
	}
	if sign != 0 {
		l, ok := slipSign(sign)
		if !ok {
			return 0
		}
		b.Add(l)
	}
	return b.Russian()
}

// minSlip is the shortest word that is read as typed on the wrong layout.
const minSlip = 3

// slipped reads a name typed on the wrong layout. Only first names count alone; a surname has to stand behind one.
func (t *Text) slipped(p *namePart, tok *token) {
	if tok.n < minSlip {
		return
	}
	word := t.s[tok.start:tok.end]
	i := int(p.from)
	if i+1 < len(t.tok) && t.tok[i+1].gap == noGap && (i+2 >= len(t.tok) || t.tok[i+2].gap != noGap) {
		if e, ok := slippedName(slipKey(word, t.tok[i+1].key)); ok {
			p.read(e)
			p.to++
			p.traits |= slipPart
			return
		}
	}
	key := slipKey(word, 0)
	if e, ok := slippedName(key); ok && tok.n > minSlip {
		p.read(e)
		p.traits |= slipPart
		return
	}
	parts := t.names.parts
	if len(parts) == 0 || parts[len(parts)-1].traits&slipPart == 0 || int(parts[len(parts)-1].to) != i {
		return
	}
	if end, ok := lexicon.EndingOf(key); ok && end.Class == lexicon.Surname {
		p.sur = anyGram // whoever types blind does not agree his words either
		p.traits |= suffixSurname | slipPart
	}
}

func slippedName(key uint64) (lexicon.Entry, bool) {
	if key == 0 {
		return lexicon.Entry{}, false
	}
	e, ok := lexicon.Lookup(key)
	return e, ok && e.Class.Is(lexicon.FirstName|lexicon.Diminutive) && !e.Class.Is(lexicon.Ambiguous|lexicon.Ordinary)
}

// slipKeyOf is the key of a part typed on the wrong layout.
func (t *Text) slipKeyOf(p *namePart) uint64 {
	tok, sign := &t.tok[p.from], uint64(0)
	if p.to-p.from == 2 {
		sign = t.tok[p.from+1].key
	}
	return slipKey(t.s[tok.start:tok.end], sign)
}
