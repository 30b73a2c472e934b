package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// spelledRule is that of names spelled letter by letter.
const spelledRule = "person/spelled"

// A spelling is a run of letters, of words that stand for their first letters, or of both: «ю, эс, у», «Сергей, Анна, Фёдор»,
// «зинаида йод ольга».
type spelling struct {
	end     int // the token behind
	letters int // told by themselves or by their names
	names   int // first names
	nouns   int // words of the telephone alphabet that are no names, and the signs of hard and soft
	commas  bool
}

const (
	minSpelled     = 3  // letters of a name that was announced as spelled
	minLetterNames = 6  // first names in a row that are letters, whatever was said before
	minSigned      = 4  // or so many words if one of the alphabet is among them that names nobody
	maxSigned      = 3  // of which so many may stand before the first name
	minLetters     = 4  // letters of a known name that is spelled
	maxLetters     = 24 // and at most
)

// Words for letters of the Russian telephone alphabet that are no names, and common ones beside it.
const alphabetNouns wordList = "йод йот елка жук киловатт радио цапля центр человек шура щука эхо игрек краткий яблоко арбуз буква заря"

// What the signs of hard and soft are called before «знак».
const signNames wordList = "мягкий твердый мягкая"

// Letters of the Latin alphabet as Russians say them, «ви уай эй», but for those that the vocabulary has.
const englishLetters wordList = "эй би си ди джи эйч ай джей кей пи кью ар ти ви уай зед дабл оу ю экс"

// spellingFrom reads the spelling that begins at token i. One word that is in no alphabet may stand between two that are:
// people take what comes to mind.
func (t *Text) spellingFrom(i int) spelling {
	s := spelling{end: i}
	comma := false
	for gap := 0; i < len(t.tok) && (i == s.end || t.tok[i].gap != lineGap); i++ {
		tok := &t.tok[i]
		switch {
		case tok.kind == signToken && (tok.key == ',' || tok.key == '-') && s.end > 0:
			comma = comma || tok.key == ','
			continue
		case tok.kind > latinToken:
			return s
		case tok.n == 1 || tok.vocab.Class == vocabulary.Letter || englishLetters.hasToken(tok):
			s.letters++
		case signNames.hasToken(tok) && t.says(i+1, "знак"): // «мягкий знак»
			s.nouns++
			i++
		case alphabetNouns.hasToken(tok):
			s.nouns++
		case isLetterName(tok) && !t.isFatherBehind(i):
			s.names++
		case gap == 0 && s.names > 0 && tok.kind == wordToken && tok.vocab.Class == vocabulary.None:
			gap++
			continue
		default:
			return s
		}
		s.end, s.commas, gap = i+1, comma, 0
	}
	return s
}

// isFatherBehind reports a patronymic right behind token i: the name before it is somebody's.
func (t *Text) isFatherBehind(i int) bool {
	if i+1 >= len(t.tok) || t.tok[i+1].gap != oneSpace {
		return false
	}
	if e, ok := t.tok[i+1].form.Entry(); ok {
		return e.Class.Is(lexicon.Patronymic)
	}
	end, ok := lexicon.EndingOf(t.tok[i+1].key)
	return ok && end.Class == lexicon.Patronymic
}

// isLetterName reports a first name that may stand for its first letter.
func isLetterName(tok *token) bool {
	if tok.form == 0 {
		return false
	}
	return tok.class.Is(lexicon.FirstName|lexicon.Diminutive) && tok.gram.Has(lexicon.Nominative)
}

// spelledAfter reads the name that is spelled behind the token «буквам».
func (t *Text) spelledAfter(i int) (Span, bool) {
	i++
	for i < len(t.tok) && (t.tok[i].kind == signToken || t.tok[i].vocab.Class == vocabulary.Filler && t.tok[i].n > 1 || t.hintAt(i) == vocabulary.Naming) {
		i++
	}
	s := t.spellingFrom(i)
	if s.letters+s.names+s.nouns < minSpelled {
		return Span{}, false
	}
	return t.span(i, s.end, PERSON, 0.8, spelledRule), true
}

// appendSpelledNames appends what is spelled with nothing to announce it: many first names in a row, the letters of somebody
// known.
func (t *Text) appendSpelledNames(dst []Span) []Span {
	parts := t.names.parts
	for k := 0; k < len(parts); {
		from := t.alphabetBefore(int(parts[k].from))
		s := t.spellingFrom(from)
		if !s.commas && s.names >= minLetterNames || s.nouns > 0 && s.names+s.nouns >= minSigned {
			dst = append(dst, t.span(from, s.end, PERSON, 0.86, spelledRule))
		}
		for k++; k < len(parts) && int(parts[k].from) < s.end; k++ {
		}
	}
	if t.names.known == nil || t.names.known.ask(t, askAny, 0, 0) == 0 {
		return dst
	}
	for i := 0; i+minLetters <= len(t.tok); {
		if tok := &t.tok[i]; !tok.isOneLetter() && tok.key != '-' {
			i++
			continue
		}
		end := t.lettersAt(i)
		for end-i > minLetters && t.tok[end-1].n == 1 && t.tok[end-1].vocab.Class != vocabulary.Letter && !t.spellsKnown(i, end) {
			end-- // «зэ а я цэ а полностью»
		}
		if end-i >= minLetters && t.spellsKnown(i, end) {
			dst = append(dst, t.span(i, end, PERSON, 0.86, spelledRule))
		}
		i = max(end, i+1)
	}
	return dst
}

// alphabetBefore goes back from token i over words of the alphabet that name nobody: «щука ёлка Константин».
func (t *Text) alphabetBefore(i int) int {
	for n := 0; n < maxSigned && i > 0; n++ {
		j := i - 1
		if t.sign(j, ',') && j > 0 {
			j--
		}
		if !alphabetNouns.hasToken(&t.tok[j]) || t.tok[i].gap == lineGap {
			break
		}
		i = j
	}
	return i
}

// lettersAt gives the token behind the letters that stand one by one from token i on: «ф а н и с», "S-A-O-I-R-S-E".
func (t *Text) lettersAt(i int) int {
	end := i
	for ; i < len(t.tok) && end-i < maxLetters; i++ {
		tok := &t.tok[i]
		switch {
		case tok.isOneLetter():
			end = i + 1
		case t.sign(i, '-') && end == i && tok.gap == noGap:
		default:
			return end
		}
	}
	return end
}

// isOneLetter reports a letter or the name of one.
func (tok *token) isOneLetter() bool {
	return tok.kind <= latinToken && (tok.n == 1 || tok.vocab.Class == vocabulary.Letter)
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
	return t.names.known.ask(t, askBegun, key, 0) != 0
}

// beginsWith reports a name that begins with the letters of a key.
func (m *memory) beginsWith(key uint64) bool {
	n := int(key >> 60)
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
