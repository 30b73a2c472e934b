package anonymize

import (
	"slices"
	"strings"
)

// What follows is for recognizers that users write: the words and numbers of a text as the built-in rules see them.

// Fail says that a recognizer could not look at the whole text, such as when its time was over. The text is then not
// masked: [Session.Anonymize] and [Analyzer.Conversation] return an error that wraps err, and [Analyzer.Find] gives one
// span of kind TEXT over all of it. err must hold nothing of the text.
func (t *Text) Fail(err error) {
	if t.failed == nil {
		t.failed = err
	}
}

// Numbers calls yield for every stretch of digits that may be one number of least to most digits, however they are
// written or said: «12-34», «двенадцать тридцать четыре», full-width forms. Stretches overlap; a number that is a date is
// none. digits are ASCII and valid during the call only.
func (t *Text) Numbers(least, most int, yield func(start, end int, digits []byte)) {
	most = min(most, maxNumberDigits)
	n := &t.numbers
	for _, r := range n.runs {
		for from := r.from; from < r.to; from++ {
			digits := 0
			for to := from; to < r.to && to-from < maxNumberGroups && !n.groups[to].dated; to++ {
				if digits += int(n.groups[to].n); digits > most {
					break
				}
				if digits >= least {
					yield(int(t.tok[n.groups[from].from].start), int(t.tok[n.groups[to].to-1].end), n.digitsOf(int(from), int(to+1)))
				}
			}
		}
	}
}

// A WordList is words and phrases to be found as whole words: in any case, with е for ё, with look-alike letters of
// another alphabet, with any white space between them. It is immutable and safe for concurrent use.
type WordList struct{ p *phrases }

// NewWordList reads the texts. With forms each Russian word of them, given in the nominative, is found with all endings
// of nouns and adjectives: «договор» finds «договору», «горячая линия» finds «горячей линии». A vowel that comes or
// goes within the stem, «сумка» and «сумок», is not known: give both.
func NewWordList(texts []string, forms bool) *WordList {
	return &WordList{newPhrases(map[Kind][]string{"": texts}, forms)}
}

// Find calls yield for every place where a text of the list stands, the longest at each place.
func (w *WordList) Find(t *Text, yield func(start, end int)) {
	if w.p == nil {
		return
	}
	for i := 0; i < len(t.tok); i++ {
		if n, _ := w.p.longest(t, i); n > 0 {
			yield(int(t.tok[i].start), int(t.tok[i+n-1].end))
			i += n - 1
		}
	}
}

// Near reports whether a text of the list begins at most 12 words before what lies between start and end, or at most
// 4 behind it in the same line.
func (w *WordList) Near(t *Text, start, end int) bool {
	if w.p == nil {
		return false
	}
	from, to := t.tokensOf(Span{Start: start, End: end})
	for i := max(0, from-cueBefore); i < from; i++ {
		if n, _ := w.p.longest(t, i); n > 0 && i+n <= from {
			return true
		}
	}
	for i := to; i < len(t.tok) && i < to+cueAfter && t.tok[i].gap != lineGap; i++ {
		if n, _ := w.p.longest(t, i); n > 0 {
			return true
		}
	}
	return false
}

// Endings of Russian nouns and adjectives, hard and soft, singular and plural, the empty one too; and those of the
// nominative, which are taken off before.
const (
	formEndings = " а я о е ё ы и й ь у ю ой ей ою ею ом ем ём ью ья ье ам ям ами ями ах ях ов ев ёв " +
		"ый ий ая яя ое ее ые ие ого его ому ему ым им ых их ыми ими ую юю ия ии ию ием ией иям иями иях "
	firstEndings = " а я о е ё ы и й ь ый ий ая яя ое ее ые ие ия "
)

// shortestStem is how many letters stand before an ending at least: shorter words have no other forms here.
const shortestStem = 3

// formsOf gives the hashes of a word with every ending, if it is a Russian one, and of the word itself, sorted.
func (t *Text) formsOf(word string, hashes []uint64) []uint64 {
	stem := strings.ToLower(word)
	for n := 2; n > 0; n-- {
		if cut := len(stem) - n*len("я"); cut >= shortestStem*len("я") && strings.Contains(firstEndings, " "+stem[cut:]+" ") {
			stem = stem[:cut]
			break
		}
	}
	if len(stem) < shortestStem*len("я") {
		return hashes
	}
	for ending := range strings.SplitSeq(formEndings, " ") {
		t.read(stem + ending)
		if len(t.tok) == 1 && t.tok[0].kind == wordToken {
			hashes = append(hashes, t.hash(&t.tok[0]))
		}
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}
