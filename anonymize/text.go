package anonymize

import (
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
	broken     bool             // it is not UTF-8
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
// characters without width are folded away in its key; start and end are bytes of the original. It has three times 16 bytes: a
// field of one byte is then read in one step less (2 % of all instructions).
type token struct {
	start, end uint32
	key        uint64 // a word: lexicon.Key; a number: its value up to 18 digits; a sign: its rune, dashes as '-'
	lists      uint64 // a word: the vocabulary.ListBit of each list of the rules that it may be in
	form       lexicon.Form
	class      lexicon.Class // of all readings of the form, with their cases; 0 of no form
	gram       lexicon.Gram
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
	t.s = s
	t.asked, t.askedToo, t.topics, t.codeSaid, t.failed = vocabulary.NoCue, vocabulary.NoCue, topics{}, codeMemory{}, nil
	t.places.open, t.places.said, t.places.asked, t.places.next, t.places.told, t.places.streets = false, 0, 0, false, nil, nil
	r := reader{s: s, tok: t.tok[:cap(t.tok)]}
	r.read()
	t.tok, t.broken = r.tok[:r.n], r.broken
	t.lookUp()
	if t.labelled {
		t.foldLabels()
	}
	t.noteAll()
}

// lookUp finds all words in both lists, once for all rules. It is a loop of its own, and one with few branches, so that the
// machine waits for the memory of several words at a time and not of each in turn.
func (t *Text) lookUp() {
	words, labelled := vocabulary.Open(), false
	for i := range t.tok {
		tok := &t.tok[i]
		if tok.kind > latinToken {
			if tok.key == '[' && tok.kind == signToken {
				labelled = true
			}
			continue
		}
		h := mph.Of(tok.key)
		var listed bool
		if tok.vocab, tok.lists, listed = words.Find(h); listed && lexicon.MayFind(h) {
			tok.form = lexicon.Find(h)
			e, _ := tok.form.Entry()
			tok.class, tok.gram = e.Class, e.Gram
		}
		if tok.vocab.Class == vocabulary.RoleNoun {
			labelled = true
		}
	}
	t.labelled = labelled
}
