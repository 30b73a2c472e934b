package anonymize

import (
	"math/bits"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A Text is one message, read once: its words, numbers and signs with their places in the original. All recognizers
// share it. A message longer than 64 KB is read in windows, each of which is a text with a little of what stands around it. It is owned by the [Analyzer] that made it, valid during one call of [Recognizer.Recognize] only, and
// not to be changed.
type Text struct {
	s          string
	window     window // of a longer text, which is read in several; else all of it
	tok        []token
	writing    writing
	on         trigger     // of all tokens together
	triggers   []triggered // the tokens that have any, in order
	cues       []int32     // those of them with onCue
	nearCue    int         // among them, see cuesNear
	numbers    numbers
	places     places
	names      names
	dates      []date
	personEnds []int // where the persons of the text end, for the rule of births
	birthEnds  []int // where the births of the text end, for that of their parts
	minScore   float32
	minScores  map[Kind]float32 // of single kinds
	failed     error            // the first failure of a recognizer
	allowed    []Span           // scratch of the allow list
	spans      []Span           // scratch of HasPII and AppendMask
	anyDoes    bool             // one span is enough
	labelled   bool             // there may be label-shaped text
	asked      vocabulary.Cue   // what the previous speaker asked for
	askedToo   vocabulary.Cue   // and before that in the same turn
	topics     topics           // what the conversation speaks of
	codeSaid   codeMemory       // the password that was told
	finding    finding          // of a turn of a conversation
}

// String gives the original message, of one longer than 64 KB the window that is being read. Spans count from its
// beginning.
func (t *Text) String() string { return t.s }

// A token is a word, a number or a sign. Case, ё, the alphabet of look-alike letters, full-width forms and
// characters without width are folded away in its key; start and end are bytes of the original.
type token struct {
	start, end uint32
	key        uint64 // a word: lexicon.Key; a number: its value up to 18 digits; a sign: its rune, dashes as '-'
	lists      uint64 // a word: the vocabulary.ListBit of each list of the rules that it may be in
	form       lexicon.Form
	group      int32 // of digits that it belongs to, counted from 1; 0 for none
	vocab      vocabulary.Entry
	kind       tokenKind
	gap        gap   // what stands before it
	shape      shape // of a word
	n          uint8 // letters or digits, 255 for more
}

type tokenKind uint8

const (
	wordToken   tokenKind = iota // Russian letters, also where Latin ones look like them
	latinToken                   // Latin letters
	otherToken                   // letters of another script, or of several
	numberToken                  // digits of any script
	signToken                    // one sign
	labelToken                   // label-shaped text: «[PHONE_1]», «Customer A», see label.go
)

// A gap is the white space before a token.
type gap uint8

const (
	noGap    gap = iota
	oneSpace     // one space, NBSP or tab
	wideGap      // two or more
	lineGap      // a line break, or the start of the text
)

type shape uint8

const (
	lower shape = iota
	title       // the first letter is a capital, also of a single letter
	upper       // all of two or more are capitals
	mixed
)

// read fills t with the tokens of s. It keeps the memory of earlier texts.
func (t *Text) read(s string) {
	t.s, t.tok = s, t.tok[:0]
	t.asked, t.askedToo, t.topics, t.codeSaid, t.failed = vocabulary.NoCue, vocabulary.NoCue, topics{}, codeMemory{}, nil
	t.places.open, t.places.said, t.places.asked, t.places.next, t.places.told, t.places.streets = false, 0, 0, false, nil, nil
	r := reader{t: t, gap: lineGap}
	for r.at < len(s) {
		r.next()
	}
	t.lookUp()
	if t.labelled {
		t.foldLabels()
	}
	t.noteAll()
}

// lookUp finds all words in both lists, once for all rules. It is a loop of its own, and one with few branches, so that the
// machine waits for the memory of several words at a time and not of each in turn.
func (t *Text) lookUp() {
	labelled := false
	for i := range t.tok {
		tok := &t.tok[i]
		if tok.kind > latinToken {
			labelled = labelled || tok.key == '[' && tok.kind == signToken
			continue
		}
		h := mph.Of(tok.key)
		var listed bool
		if tok.vocab, tok.lists, listed = vocabulary.Find(h); listed && lexicon.MayFind(h) {
			tok.form = lexicon.Find(h)
		}
		labelled = labelled || tok.vocab.Class == vocabulary.RoleNoun
	}
	t.labelled = labelled
}

// A reader walks over a text. The loops below are the hot path of the package: bytes first, runes only where a byte
// says that it may be more than plain Russian, English or a digit.
type reader struct {
	t   *Text
	at  int
	gap gap
}

func (r *reader) next() {
	switch c := r.t.s[r.at]; byteClass[c] {
	case classSpace:
		r.space()
		r.at++
	case classLine:
		r.gap = lineGap
		r.at++
	case classDigit:
		r.number()
	case classLatin:
		r.latin()
	case classRussian:
		r.russian()
	case classSign:
		r.sign(uint64(c), 1)
	default:
		r.rune()
	}
}

func (r *reader) space() {
	if r.gap < wideGap {
		r.gap++
	}
}

func (r *reader) add(tok token) {
	tok.gap = r.gap
	r.gap = noGap
	r.at = int(tok.end)
	r.t.tok = append(r.t.tok, tok)
}

func (r *reader) sign(key uint64, size int) {
	r.add(token{start: uint32(r.at), end: uint32(r.at + size), key: key, kind: signToken, n: 1})
}

// russian reads a word of Russian letters, four at a time. A long word and one with ё are read letter by letter, and whatever
// else stands in a word sends it to word.
func (r *reader) russian() {
	s, start := r.t.s, r.at
	i, n, capitals, key := start, 0, 0, uint64(0)
	for n < lexicon.ExactWord && i < len(s) {
		x := load64(s, i)
		k := bits.TrailingZeros64(notRussian(x)) / 16
		key = key<<(5*k&63) | foldRussian(x)>>((20-5*k)&63)
		n, i = n+k, i+2*k
		c := capitalRussian(x)
		if k < 4 {
			c &= 1<<(16*k&63) - 1
		}
		if c != 0 {
			capitals += bits.OnesCount64(c)
		}
		if k < 4 {
			break
		}
	}
	if n == 0 || i < len(s) && s[i]&0xFE == 0xD0 {
		r.russianSlow()
		return
	}
	if continues(s, i) {
		r.word(start)
		return
	}
	r.add(token{
		start: uint32(start), end: uint32(i), key: lexicon.RussianKey(key, n), kind: wordToken, n: uint8(n),
		shape: shapeOf(s[start] == 0xD0 && s[start+1] < 0xB0, capitals, n),
	})
}

func (r *reader) russianSlow() {
	s, start := r.t.s, r.at
	var b lexicon.Builder
	i, capitals := start, 0
	for i+1 < len(s) {
		n, capital, ok := russianLetter(s[i], s[i+1])
		if !ok {
			break
		}
		if capital {
			capitals++
		}
		b.Add(n)
		i += 2
	}
	if b.Len() == 0 || continues(s, i) {
		r.word(start)
		return
	}
	_, first, _ := russianLetter(s[start], s[start+1])
	r.add(token{
		start: uint32(start), end: uint32(i), key: b.Russian(), kind: wordToken, n: clip(b.Len()),
		shape: shapeOf(first, capitals, b.Len()),
	})
}

// latin reads a word of ASCII letters.
func (r *reader) latin() {
	s, start := r.t.s, r.at
	i, capitals, key := start, 0, uint64(0)
	for i < len(s) && byteClass[s[i]] == classLatin {
		if s[i] < 'a' {
			capitals++
		}
		key = key<<5 | uint64(s[i]&0x1F)
		i++
	}
	if continues(s, i) {
		r.word(start)
		return
	}
	n := i - start
	if n <= lexicon.ExactWord {
		key = lexicon.LatinKey(key, n)
	} else {
		key = lexicon.Key(s[start:i])
	}
	r.add(token{
		start: uint32(start), end: uint32(i), key: key, kind: latinToken, n: clip(n),
		shape: shapeOf(s[start] < 'a', capitals, n),
	})
}

// number reads ASCII digits; a digit of another script or a character without width sends it to digits.
func (r *reader) number() {
	s, start := r.t.s, r.at
	i, value := start, uint64(0)
	for i < len(s) && byteClass[s[i]] == classDigit {
		if i-start < maxValueDigits {
			value = value*10 + uint64(s[i]-'0')
		}
		i++
	}
	if i < len(s) && s[i] >= utf8.RuneSelf {
		r.digits(start)
		return
	}
	r.add(token{start: uint32(start), end: uint32(i), key: value, kind: numberToken, n: clip(i - start)})
}

// maxValueDigits is how many leading digits the key of a number holds.
const maxValueDigits = 18

// digits reads a number rune by rune.
func (r *reader) digits(start int) {
	s := r.t.s
	end, n, value := start, 0, uint64(0)
	for i := start; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		d, ok := digit(c)
		if !ok && !isInvisible(c) {
			break
		}
		i += size
		if !ok {
			continue
		}
		if n < maxValueDigits {
			value = value*10 + uint64(d)
		}
		n++
		end = i
	}
	r.add(token{start: uint32(start), end: uint32(end), key: value, kind: numberToken, n: clip(n)})
}

// rune reads what the table of bytes does not know.
func (r *reader) rune() {
	c, size := utf8.DecodeRuneInString(r.t.s[r.at:])
	switch {
	case isInvisible(c):
		r.at += size
	case isLineBreak(c):
		r.gap = lineGap
		r.at += size
	case unicode.IsSpace(c):
		r.space()
		r.at += size
	case unicode.IsLetter(c):
		r.word(r.at)
	default:
		if _, ok := digit(c); ok {
			r.digits(r.at)
			return
		}
		r.sign(foldSign(c), size)
	}
}

// word reads a word rune by rune: with accents apart from their letters, look-alike letters of two alphabets,
// characters without width inside.
func (r *reader) word(start int) {
	s := r.t.s
	var w wordReader
	end := start
	for i := start; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size <= 1 {
			break
		}
		if w.add(c) {
			end = i + size
		} else if !isInvisible(c) {
			break
		}
		i += size
	}
	if end == start { // a lone combining mark or a broken byte
		_, size := utf8.DecodeRuneInString(s[start:])
		r.sign(uint64(utf8.RuneError), size)
		return
	}
	kind, key := w.key()
	tok := token{
		start: uint32(start), end: uint32(end), key: key, kind: kind, n: clip(w.n),
		shape: shapeOf(w.firstCapital, w.capitals, w.n),
	}
	r.add(tok)
}

func shapeOf(first bool, capitals, n int) shape {
	switch {
	case capitals == 0:
		return lower
	case first && capitals == 1:
		return title
	case capitals == n:
		return upper
	}
	return mixed
}

func clip(n int) uint8 { return uint8(min(n, 255)) }
