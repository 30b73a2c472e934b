package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// spelledRule is that of names spelled letter by letter.
const spelledRule = "person/spelled"

// minSpelled is how many letters a spelled name has at least.
const minSpelled = 3

// spelledAfter reads the name that is spelled behind the token «буквам»: «Сергей, Анна, Фёдор» are three letters and one
// person, and so are «ю, эс, у».
func (t *Text) spelledAfter(i int) (Span, bool) {
	i++
	for i < len(t.tok) && (t.tok[i].kind == signToken || t.tok[i].vocab.Class == vocabulary.Filler && t.tok[i].n > 1) {
		i++
	}
	from, end, letters := i, i, 0
	for ; i < len(t.tok); i++ {
		tok := &t.tok[i]
		switch {
		case tok.gap == lineGap && i > from:
			i = len(t.tok)
		case tok.kind == signToken && (tok.key == ',' || tok.key == '-'):
		case tok.kind <= latinToken && t.isLetterName(tok):
			letters++
			end = i + 1
		default:
			i = len(t.tok)
		}
	}
	if letters < minSpelled {
		return Span{}, false
	}
	return Span{
		Start: int(t.tok[from].start), End: int(t.tok[end-1].end), Kind: PERSON, Score: 0.8, Rule: spelledRule,
	}, true
}

// isLetterName reports what stands for a letter in spelling: the letter, its name, a first name.
func (t *Text) isLetterName(tok *token) bool {
	if tok.n == 1 || tok.vocab.Class == vocabulary.Letter {
		return true
	}
	e, ok := tok.form.Entry()
	return ok && e.Class.Is(lexicon.FirstName|lexicon.Diminutive) && e.Gram.Has(lexicon.Nominative)
}

const (
	minLetterNames = 6  // first names in a row that are letters, whatever was said before
	minSigned      = 4  // or so many if «мягкий знак» is among them
	minLetters     = 4  // letters of a known name that is spelled
	maxLetters     = 24 // and at most
)

// appendSpelledNames appends what is spelled with nothing to announce it: many first names in a row, the letters of somebody
// known.
func (t *Text) appendSpelledNames(dst []Span) []Span {
	parts := t.names.parts
	for k := 0; k < len(parts); {
		end, names, signs := t.letterNames(k)
		if names >= minLetterNames || signs && names >= minSigned {
			dst = append(dst, Span{Start: int(t.tok[parts[k].from].start), End: int(t.tok[end-1].end), Kind: PERSON, Score: 0.86, Rule: spelledRule})
		}
		for k++; k < len(parts) && int(parts[k].from) < end; k++ {
		}
	}
	if t.names.known == nil || len(t.names.known.roles) == 0 {
		return dst
	}
	for i := 0; i < len(t.tok); {
		end := t.lettersAt(i)
		if end-i >= minLetters && t.spellsKnown(i, end) {
			dst = append(dst, Span{Start: int(t.tok[i].start), End: int(t.tok[end-1].end), Kind: PERSON, Score: 0.86, Rule: spelledRule})
		}
		i = max(end, i+1)
	}
	return dst
}

// letterNames counts the first names in the nominative that stand in a row from part k on, with «мягкий знак» and one
// other word here and there, and gives the token behind.
func (t *Text) letterNames(k int) (end, names int, signs bool) {
	i := int(t.names.parts[k].from)
	end = i
	for gap := 0; i < len(t.tok) && t.tok[i].kind == wordToken && (i == end || t.tok[i].gap == oneSpace); i++ {
		switch {
		case t.isLetterName(&t.tok[i]) && t.tok[i].n > 1:
			names++
			end, gap = i+1, 0
		case t.says(i, "мягкий", "твердый", "мягкая") && t.says(i+1, "знак"):
			signs = true
			i++
			end, gap = i+1, 0
		case gap == 0 && names >= 2 && t.tok[i].vocab.Class == vocabulary.None:
			gap++
		default:
			return end, names, signs
		}
	}
	return end, names, signs
}

// lettersAt gives the token behind the letters that stand one by one from token i on: «ф а н и с», "S-A-O-I-R-S-E".
func (t *Text) lettersAt(i int) int {
	end := i
	for ; i < len(t.tok) && end-i < maxLetters; i++ {
		tok := &t.tok[i]
		switch {
		case tok.kind <= latinToken && (tok.n == 1 || tok.vocab.Class == vocabulary.Letter):
			end = i + 1
		case t.sign(i, '-') && end == i && tok.gap == noGap:
		default:
			return end
		}
	}
	return end
}

// spellsKnown reports letters that a name of the conversation begins with.
func (t *Text) spellsKnown(from, to int) bool {
	var b lexicon.Builder
	kind := t.tok[from].kind
	for i := from; i < to; i++ {
		tok := &t.tok[i]
		switch {
		case tok.kind == signToken:
		case tok.kind != kind:
			return false
		case tok.n == 1:
			b.Add(tok.key & 31)
		default:
			b.Add(uint64(rune(tok.vocab.Arg) - 'а'))
		}
	}
	n := b.Len()
	if n < minLetters || n > 12 {
		return false
	}
	key := b.Russian()
	if kind == latinToken {
		key = b.Latin()
	}
	return t.names.known.beginsWith(key, n)
}

// beginsWith reports a name that begins with the n letters of the key.
func (m *memory) beginsWith(key uint64, n int) bool {
	if m.roles[key]&(firstName|surname|spoken) != 0 {
		return true
	}
	if len(m.roles) > maxLike || key>>60 > 12 {
		return false
	}
	for k, r := range m.roles {
		if l := int(k >> 60); r&(firstName|surname|spoken) != 0 && l <= 12 && l >= n && k&lettersOf(l)>>(5*(l-n)) == key&lettersOf(n) {
			return true
		}
	}
	return false
}
