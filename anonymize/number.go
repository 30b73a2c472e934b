package anonymize

import (
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A group is digits that stand or are said as one: «916», «девятьсот шестнадцать», «4O5» with a letter O.
type group struct {
	from, to int32 // tokens, half-open
	at       int32 // where its digits begin in the digits of the text
	n        int32 // how many digits
	sep      byte  // the sign before it inside its run: ' ' for white space alone, 0 for the first group
	cut      bool  // words stand between it and the group before, «э», «дальше»: they do not belong to the value
	spoken   bool
	dated    bool // it is a part of a date
	glued    bool // a letter that is no digit stands right before it
}

// A run is groups with nothing but separators between them: all that can be one number, or several.
type run struct{ from, to int32 } // groups, half-open

// numbers is what the number rules of one text share.
type numbers struct {
	digits []byte // of all groups, '0' to '9'
	groups []group
	runs   []run
	tokens []triggered // that are or say digits
	best   []choice    // scratch of identify
	rows   *rowIndex
	biks   []int32 // groups that may be BIKs, at most maxBIKs
	moved  bool    // a run was read in another way: its digits stand behind all others
}

// maxSeparators is how many signs may stand between two groups: «) -» is the longest that people write.
const maxSeparators = 3

// readNumbers finds all runs of the text.
func (t *Text) readNumbers() {
	n := &t.numbers
	n.digits, n.groups, n.runs, n.tokens, n.biks, n.moved = n.digits[:0], n.groups[:0], n.runs[:0], n.tokens[:0], n.biks[:0], false
	if t.on&(onNumber|onSaid) == 0 {
		return
	}
	next := 0
	for _, at := range t.triggers {
		if at.on&(onNumber|onSaid) == 0 {
			continue
		}
		n.tokens = append(n.tokens, at)
		if i := int(at.at); i >= next {
			next = t.run(i, next)
		}
	}
}

// numbersOr gives the tokens that are or say digits and, if the text has any with one of these triggers, all others that have
// some: of ten tokens with triggers one is a number.
func (t *Text) numbersOr(on trigger) []triggered {
	if t.on&on == 0 {
		return t.numbers.tokens
	}
	return t.triggers
}

// run reads the run that begins at token i, or at the letter glued to it, «O5», but not before token low. It gives the
// token behind.
func (t *Text) run(i, low int) int {
	n := &t.numbers
	var g group
	if !t.firstGroup(&g, i, low) {
		return i + 1
	}
	first := int32(len(n.groups))
	alone := t.enumerates(&g)
	for ok := true; ok; {
		t.addGroup(&g)
		i = int(g.to)
		if g.glued || alone || !t.mayGoOn(&g) { // «CVC2 048»
			break
		}
		next, sep, cut := t.separator(i)
		if next < 0 {
			break
		}
		if ok = t.group(&g, next) || t.letterGroup(&g, next, sep); ok && (t.countsSigns(&g) || t.enumerates(&g)) {
			n.digits = n.digits[:g.at]
			i = min(i, int(g.from))
			break
		}
		g.sep, g.cut = sep, cut
	}
	n.runs = append(n.runs, run{first, int32(len(n.groups))})
	return i
}

// firstGroup reads the group at token i, or that with the letter before it.
func (t *Text) firstGroup(g *group, i, low int) bool {
	return i > low && t.tok[i].kind == numberToken && t.tok[i].gap == noGap && t.group(g, i-1) || t.group(g, i)
}

func (t *Text) addGroup(g *group) {
	n := &t.numbers
	if g.n == 9 && len(n.biks) < maxBIKs && bik(n.digits[g.at:]) == valid {
		n.biks = append(n.biks, int32(len(n.groups)))
	}
	n.groups = append(n.groups, *g)
	for k := g.from; k < g.to; k++ {
		t.tok[k].group = int32(len(n.groups))
	}
}

// mayGoOn reports whether the run of a group may go on behind it. Most written numbers are a run of their own: what follows
// is a word, or a sign that divides.
func (t *Text) mayGoOn(g *group) bool {
	i := int(g.to)
	if i == len(t.tok) {
		return false
	}
	switch tok := &t.tok[i]; {
	case g.spoken, tok.kind == numberToken:
		return true
	case tok.kind == signToken:
		return separatorSign(tok.key) != 0
	default:
		return saysDigits>>tok.vocab.Class&1 != 0 || i+1 < len(t.tok) && t.tok[i+1].kind == numberToken && t.tok[i+1].gap == noGap
	}
}

// saysDigits are the classes of words that say digits, each a bit.
const saysDigits = 1<<vocabulary.Num | 1<<vocabulary.Ord | 1<<vocabulary.Figure | 1<<vocabulary.Times

// countsSigns reports «десять знаков»: how many digits there are, and none of them.
func (t *Text) countsSigns(g *group) bool {
	return g.spoken && t.says(int(g.to), "знаков знака цифр символов digits characters")
}

// enumerates reports «второй» and «одна» before digits, which tell one number from another and belong to none: «одна ноль
// восемь шестьдесят семь, вторая …».
func (t *Text) enumerates(g *group) bool {
	i, next := int(g.from), int(g.to)
	if !g.spoken || next != i+1 || next >= len(t.tok) || t.tok[next].gap != oneSpace || !t.spokenAt(next) {
		return false
	}
	if t.tok[i].vocab.Class == vocabulary.Ord {
		return t.says(i, "первый первая первую второй вторая вторую третий третья третью")
	}
	return t.says(i, "одна одну одни")
}

// separator gives the token behind the separator that begins at token i, -1 if what stands there divides numbers.
func (t *Text) separator(i int) (next int, sep byte, cut bool) {
	signs := 0
	sep = ' '
	for ; i < len(t.tok); i++ {
		tok := &t.tok[i]
		if tok.gap == lineGap {
			return -1, 0, false
		}
		if tok.kind == signToken {
			c := separatorSign(tok.key)
			if c == 0 || signs == maxSeparators {
				return -1, 0, false
			}
			if c == '.' && i+1 < len(t.tok) && t.tok[i+1].gap != noGap && tok.gap == noGap {
				return -1, 0, false // the end of a sentence
			}
			if sep == ' ' {
				sep = c
			}
			signs++
			continue
		}
		if signs == 0 && !cut && i > 0 && t.spokenDash(i) && t.spokenAt(i-1) && i+1 < len(t.tok) && t.spokenAt(i+1) {
			sep = '-'
			signs++
			continue
		}
		if tok.vocab.Class == vocabulary.Filler && !cut && signs == 0 && i > 0 && t.spokenAt(i-1) && i+1 < len(t.tok) && t.spokenAt(i+1) {
			cut = true
			continue
		}
		return i, sep, cut
	}
	return -1, 0, false
}

func separatorSign(key uint64) byte {
	switch key {
	case '-', '.', '(', ')', '/', '+', '~', '_', '*':
		return byte(key)
	case '•', '№':
		return '-'
	}
	return 0
}

// group reads the group that begins at token i and appends its digits.
func (t *Text) group(g *group, i int) bool {
	switch tok := &t.tok[i]; {
	case tok.kind == numberToken && !t.besideLetters(i):
		t.takeToken(g, i)
		return true
	case tok.kind == numberToken:
		return t.writtenGroup(g, i)
	case tok.kind == signToken:
		return false
	case tok.vocab.Class != vocabulary.None:
		if t.spokenAt(i) {
			return t.spokenGroup(g, i)
		}
	}
	return i+1 < len(t.tok) && t.tok[i+1].kind == numberToken && t.tok[i+1].gap == noGap && t.writtenGroup(g, i)
}

// takeToken makes a group of the digits of token i alone.
func (t *Text) takeToken(g *group, i int) {
	n := &t.numbers
	at := len(n.digits)
	n.digits = t.appendDigits(n.digits, &t.tok[i])
	*g = group{from: int32(i), to: int32(i + 1), at: int32(at), n: int32(len(n.digits) - at)}
}

// besideLetters reports whether letters or digits are glued to token i: most numbers stand by themselves.
func (t *Text) besideLetters(i int) bool {
	return t.tok[i].gap == noGap && i > 0 && t.tok[i-1].kind < numberToken || i+1 < len(t.tok) && t.tok[i+1].gap == noGap && t.tok[i+1].kind != signToken
}

// writtenGroup reads digits and the letters that stand for digits glued to them: «4O5», «9I7», «l9».
func (t *Text) writtenGroup(g *group, i int) bool {
	digits := &t.numbers.digits
	at, end, real := len(*digits), i, false
	for ; end < len(t.tok) && (end == i || t.tok[end].gap == noGap); end++ {
		switch tok := &t.tok[end]; tok.kind {
		case numberToken:
			real = true
			*digits = t.appendDigits(*digits, tok)
			continue
		case wordToken, latinToken, otherToken:
			if d, ok := t.appendLookAlikes(*digits, tok); ok {
				*digits = d
				continue
			}
			// A letter that is no digit is glued on: «54К2580», «95г».
		}
		break
	}
	before := i > 0 && t.tok[i].gap == noGap && t.tok[i-1].kind < numberToken
	if after := end < len(t.tok) && end > i && t.tok[end].gap == noGap && t.tok[end].kind != signToken; !real || before || after {
		*digits = (*digits)[:at]
		if !real || t.tok[i].kind != numberToken {
			return false
		}
		t.gluedGroup(g, i)
		return true
	}
	*g = group{from: int32(i), to: int32(end), at: int32(at), n: int32(len(*digits) - at)}
	return true
}

// gluedGroup takes the digits of token i alone, which letters stand beside.
func (t *Text) gluedGroup(g *group, i int) {
	t.takeToken(g, i)
	g.glued = i > 0 && t.tok[i].gap == noGap && t.tok[i-1].kind < numberToken ||
		i+1 < len(t.tok) && t.tok[i+1].gap == noGap && t.tok[i+1].kind < numberToken && t.tok[i+1].vocab.Class != vocabulary.Unit && t.tok[i+1].vocab.Class != vocabulary.Year
}

// letterGroup reads a group of nothing but look-alike letters, which only a dash or a dot on its left makes a number:
// «7-912-7O2-ЗЗ-6».
func (t *Text) letterGroup(g *group, i int, sep byte) bool {
	tok := &t.tok[i]
	if tok.gap != noGap || sep == ' ' || tok.n > 3 || tok.kind == numberToken || tok.kind == signToken {
		return false
	}
	if next := i + 1; next < len(t.tok) && t.tok[next].gap == noGap && t.tok[next].kind != signToken {
		return false
	}
	at := len(t.numbers.digits)
	d, ok := t.appendLookAlikes(t.numbers.digits, tok)
	if !ok {
		return false
	}
	t.numbers.digits = d
	*g = group{from: int32(i), to: int32(i + 1), at: int32(at), n: int32(len(d) - at)}
	return true
}

// appendDigits appends the digits of a number token in ASCII.
func (t *Text) appendDigits(dst []byte, tok *token) []byte {
	if int(tok.end-tok.start) == int(tok.n) { // plain ASCII, also beyond what the key holds
		return append(dst, t.s[tok.start:tok.end]...)
	}
	for i := int(tok.start); i < int(tok.end); {
		r, size := utf8.DecodeRuneInString(t.s[i:])
		if d, ok := digit(r); ok {
			dst = append(dst, byte('0'+d))
		}
		i += size
	}
	return dst
}

// appendLookAlikes appends the digits that all letters of a token look like.
func (t *Text) appendLookAlikes(dst []byte, tok *token) ([]byte, bool) {
	const russian, latin = 1<<('о'-'а') | 1<<('з'-'а') | 1<<('б'-'а') | 1<<('ч'-'а'), 1<<('o'-'a'+1) | 1<<('l'-'a'+1) | 1<<('i'-'a'+1)
	if tok.n > 4 || tok.kind == wordToken && !tok.isOf(russian) || tok.kind == latinToken && !tok.isOf(latin) {
		return dst, false
	}
	at := len(dst)
	for i := int(tok.start); i < int(tok.end); {
		r, size := utf8.DecodeRuneInString(t.s[i:])
		if d := lookAlike(digitTwins, r); d != 0 {
			dst = append(dst, byte(d))
		} else if !isInvisible(r) {
			return dst[:at], false
		}
		i += size
	}
	return dst, true
}

// digitTwins pairs letters with the digits that they stand for where somebody types carelessly or hides a number.
const digitTwins = "O0o0О0о0З3з3l1I1і1І1б6Ч4ч4"

// spokenAt reports whether token i is a word that says digits.
func (t *Text) spokenAt(i int) bool {
	switch t.tok[i].vocab.Class {
	case vocabulary.Num, vocabulary.Ord, vocabulary.Figure:
		return t.tok[i].vocab.Arg > 3 || !t.isPhrase(i)
	case vocabulary.Times:
		return i+1 < len(t.tok) && t.spokenAt(i+1)
	}
	return false
}

// isPhrase reports words for numbers that say none here: «одним словом», "the first one".
func (t *Text) isPhrase(i int) bool {
	switch t.tok[i].vocab.Arg {
	case 1:
		return t.says(i, "одним одной одно одну") && t.says(i+1, "словом слово буквой строкой минуту минутку секунду секундочку") ||
			t.says(i, "first") && t.says(i+1, "one ones") || t.says(i, "one") && t.says(i-1, "first second third last this that which other new old")
	case 2, 3:
		return t.says(i, "second third") && t.says(i+1, "one ones")
	}
	return false
}

// spokenGroup reads number words that make one number: a hundred, a ten, a unit.
func (t *Text) spokenGroup(g *group, i int) bool {
	*g = group{from: int32(i), to: int32(i), at: int32(len(t.numbers.digits)), spoken: true}
	end, value, ok := t.repeated(i)
	if ok {
		g.to = int32(end)
		t.numbers.digits = append(t.numbers.digits, value...)
		g.n = int32(len(value))
		return true
	}
	sum, level := uint64(0), uint64(10000)
	for ; end < len(t.tok); end++ {
		tok := &t.tok[end]
		if end > i && (tok.gap == lineGap || tok.gap == noGap) {
			break
		}
		c := tok.vocab.Class
		if c != vocabulary.Num && c != vocabulary.Ord && c != vocabulary.Figure || end > i && !t.spokenAt(end) {
			break
		}
		if end > i {
			if _, _, again := t.repeated(end); again {
				break
			}
		}
		v := uint64(tok.vocab.Arg)
		if v == 10000 || v == 1000 && sum == 0 && end > i {
			break
		}
		if v == 1000 { // «две тысячи»: what stands before counts thousands
			if end > i && (sum >= 1000 || !t.multiplies(end)) {
				break
			}
			sum, level = max(sum, 1)*1000, 1000
			continue
		}
		if v == sotWord && sum >= 1 && sum <= 9 { // «семь сот», as speech recognition writes it at times
			sum, level = sum*100, 100
			continue
		}
		if v == sotWord {
			v = 100
		}
		if v == 0 && end > i || magnitude(v) >= level || level == 10 && v >= 10 {
			break
		}
		sum += v
		level = magnitude(v)
		if (v < 20 || c == vocabulary.Ord) && !t.multiplies(end+1) { // «двадцатого девятого» are two
			end++
			break
		}
	}
	if end == i || end == i+1 && t.tok[i].vocab.Arg >= 1000 { // «тысяч» alone counts something
		return false
	}
	g.to = int32(end)
	t.numbers.digits = appendUint(t.numbers.digits, sum)
	g.n = int32(len(t.numbers.digits)) - g.at
	return true
}

// multiplies reports whether token i is «тысячи» or «сот», which count by the unit before them. «Тысяча» counts one alone.
func (t *Text) multiplies(i int) bool {
	if i >= len(t.tok) || t.says(i, "тысяча") && t.tok[i-1].vocab.Arg != 1 || t.tok[i].vocab.Class != vocabulary.Num && t.tok[i].vocab.Class != vocabulary.Ord {
		return false
	}
	return t.tok[i].vocab.Arg == sotWord || t.tok[i].vocab.Arg == 1000
}

// sotWord is the argument of «сот», which multiplies a unit before it.
const sotWord = 101

// magnitude orders number words: a smaller one may follow a larger one within one number.
func magnitude(v uint64) uint64 {
	switch {
	case v >= 100:
		return 100
	case v >= 20:
		return 10
	}
	return 1
}

// repeated reads «два ноля», «три пятёрки», «дважды семь» at token i.
func (t *Text) repeated(i int) (end int, digits string, ok bool) {
	if i+1 >= len(t.tok) || t.tok[i+1].gap != oneSpace {
		return i, "", false
	}
	first, second := t.tok[i].vocab, t.tok[i+1].vocab
	counts := first.Class == vocabulary.Times || first.Class == vocabulary.Num && first.Arg >= 2 && first.Arg <= 9 &&
		second.Class == vocabulary.Figure
	says := second.Class == vocabulary.Num || second.Class == vocabulary.Figure
	if !counts || !says || second.Arg > 9 {
		return i, "", false
	}
	return i + 2, repeatedDigits[second.Arg][:first.Arg], true
}

var repeatedDigits = [10]string{"000000000", "111111111", "222222222", "333333333", "444444444",
	"555555555", "666666666", "777777777", "888888888", "999999999"}

func appendUint(dst []byte, v uint64) []byte {
	if v >= 10 {
		dst = appendUint(dst, v/10)
	}
	return append(dst, byte('0'+v%10))
}

// digitsOf gives the digits of groups from to to, valid until the text is read again.
func (n *numbers) digitsOf(from, to int) []byte {
	for i := from + 1; n.moved && i < to; i++ {
		if before := &n.groups[i-1]; n.groups[i].at != before.at+before.n { // one of two runs was read in another way
			return n.gather(from, to)
		}
	}
	last := n.groups[to-1]
	return n.digits[n.groups[from].at : last.at+last.n]
}

// gather copies the digits of groups that stand apart behind all others.
func (n *numbers) gather(from, to int) []byte {
	at := len(n.digits)
	for _, g := range n.groups[from:to] {
		n.digits = append(n.digits, n.digits[g.at:g.at+g.n]...)
	}
	return n.digits[at:]
}
