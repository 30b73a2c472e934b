package anonymize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A spelled is a code whose letters are said one by one, by their names or as they stand: «икс тэ а двадцать один»,
// "d e eight six".
type spelled struct {
	buf             [maxSpelled]byte // capital Latin letters and digits
	n               int
	letters, digits int
	little          int  // of the letters, those that are words too: «а», «с»
	words           int  // of the letters, those said by the spelling alphabet
	said            bool // a number word or the name of a letter is in it
	from, to        int  // tokens
}

const maxSpelled = maxIBAN + 2

// recognizeSpelled finds codes of letters and digits that are said: of vehicles, accounts and papers.
func recognizeSpelled(dst []Span, t *Text) []Span {
	free := 0 // the first token that is in no code yet
	for _, at := range t.numbers.tokens {
		i := int(at.at)
		if i < free {
			continue
		}
		start := t.spelledStart(i, free)
		if start == i {
			if to, alone := t.digitsAlone(i); alone {
				free = max(to, i+1)
				continue
			}
		}
		c := t.spelledAt(start)
		if c.said && c.letters > 0 && (c.digits > 1 || c.digits == 1 && t.certificateSeries(&c)) {
			dst = t.appendSpelled(dst, &c)
		}
		free = max(c.to, i+1)
	}
	return t.platePiece(t.vinPiece(dst))
}

// platePiece takes two or three letters that are all of an answer for those of the plate that was asked for.
func (t *Text) platePiece(dst []Span) []Span {
	if t.asked != vocabulary.Plate || len(t.tok) > 2*maxPieceWords {
		return dst
	}
	i := 0
	for i < len(t.tok) && i < maxPieceWords && (t.tok[i].kind == signToken || !t.isPlateLetter(i) && isSmall(t.tok[i].vocab)) {
		i++
	}
	to := i
	for to < len(t.tok) && to < i+4 && t.isPlateLetter(to) {
		to++
	}
	if n := to - i; n < 2 || n > 3 || !t.onlySmall(to) {
		return dst
	}
	return append(dst, t.span(i, to, PLATE, 0.6, "plate/piece"))
}

const (
	minVINPiece  = 3  // that is all of a turn
	maxVINDigits = 7  // without a letter: more are another number
	minVINHeard  = 11 // of a number that was heard wrong
)

// vinPiece takes a turn that is nothing but letters and digits for a piece of the vehicle's number that is being dictated.
func (t *Text) vinPiece(dst []Span) []Span {
	if !t.about(vinTopic) || t.asked != vocabulary.VIN && t.asked != vocabulary.NoCue && !(t.asked == vocabulary.Plate && t.topics[vinTopic] >= vinTurns-1) || len(t.tok) > maxPieceWords+2*vinLength {
		return dst
	}
	i := 0
	for i < len(t.tok) && (t.tok[i].kind == signToken || isSmall(t.tok[i].vocab) && t.groupIndex(i) < 0) {
		i++
	}
	if i == len(t.tok) || i > maxPieceWords {
		return dst
	}
	c := t.spelledAt(i)
	c.trim(t)
	switch {
	case c.n == 0:
		if e := t.extentAt(i, 0, false); e.n() >= minVINPiece && e.n() < vinLength && t.tok[i].kind != otherToken && t.onlySmall(e.to) {
			if piece, ok := t.codeAt(i, e); ok && piece.capitals && isVIN(piece.buf[:piece.n]) && t.tok[i].vocab.Class == vocabulary.None {
				return append(dst, t.span(i, e.to, VIN, 0.88, "vin/piece"))
			}
		}
		return dst
	case c.n < minVINPiece || c.letters == c.little && c.digits == 0 || !t.onlySmall(c.to) || t.unitAfter(c.to):
		return dst
	case c.letters == 0 && c.digits > maxVINDigits:
		return dst
	case c.letters == 0:
		first, last := t.groupIndex(i), t.groupIndex(c.to-1)
		if p := (piece{t: t, from: first, to: last + 1}); first < 0 || last < first || !p.ok() || p.timed() || p.thousands() {
			return dst
		}
		return append(dst, t.span(i, c.to, VIN, 0.62, "vin/piece"))
	}
	return append(dst, t.span(i, c.to, VIN, 0.88, "vin/piece"))
}

// onlySmall reports whether nothing but signs and small words stands from token i on.
func (t *Text) onlySmall(i int) bool {
	for ; i < len(t.tok); i++ {
		if t.tok[i].kind != signToken && (!isSmall(t.tok[i].vocab) || t.groupIndex(i) >= 0) {
			return false
		}
	}
	return true
}

// maxFirstLetters is how many letters stand before the first digit of a code.
const maxFirstLetters = 10

// spelledStart goes back from the first digits, at token i, over the letters before them.
func (t *Text) spelledStart(i, free int) int {
	start := i
	for n := 0; n < maxFirstLetters && start > free && t.tok[start].gap <= oneSpace && mayBeLetter(&t.tok[start-1]); n++ {
		switch {
		case start-1 > free && t.tok[start-1].n <= 3 && t.isDoubleU(start-2):
			start -= 2
		case t.saidBy(start-1, start), t.lettersTogether(start - 1):
			start--
		case start-1 > free && t.isPause(start-1) && t.letterNamed(start-2): // «эм э шесть»
			start -= 2
		default:
			return start
		}
	}
	return start
}

// mayBeLetter passes over most words: they are too long to say a letter or to be letters written together.
func mayBeLetter(tok *token) bool {
	return tok.kind < numberToken && (tok.n <= maxLetterName || tok.kind != wordToken || tok.vocab.Class == vocabulary.Letter)
}

// digitsAlone gives the token behind the digits from token i on, and reports whether no letter follows them: most numbers are
// no part of a code.
func (t *Text) digitsAlone(i int) (to int, alone bool) {
	n := 0
	for to = i; n < maxSpelled; {
		if to == len(t.tok) || to > i && t.tok[to].gap > oneSpace {
			return to, true
		}
		g := t.groupIndex(to)
		if g < 0 || int(t.numbers.groups[g].from) != to {
			return to, !t.goesOn(to)
		}
		group := &t.numbers.groups[g]
		if n += int(group.n); group.dated || n > maxSpelled {
			return to, true
		}
		to = int(group.to)
	}
	return to, true
}

// goesOn reports whether a code may go on at token i, which is no number.
func (t *Text) goesOn(i int) bool {
	if t.tok[i].kind >= numberToken {
		return false
	}
	if mayBeLetter(&t.tok[i]) {
		if _, end := t.letterSaid(i); end > 0 || t.lettersTogether(i) {
			return true
		}
	}
	return t.tok[i].vocab.Class == vocabulary.Filler || t.spokenDash(i)
}

// saidBy reports whether the tokens from from to to say one letter.
func (t *Text) saidBy(from, to int) bool {
	_, end := t.letterSaid(from)
	return end == to
}

// spelledAt reads letters and digits from token i on to the first word that is neither.
func (t *Text) spelledAt(i int) spelled {
	c := spelled{from: i, to: i}
	for j := i; j < len(t.tok) && c.n < len(c.buf) && (j == i || t.tok[j].gap <= oneSpace); {
		if letter, end := t.letterSaid(j); end > 0 {
			c.buf[c.n] = letter
			c.n++
			c.letters++
			if t.isLittle(j) {
				c.little++
			}
			if t.spellingWord(j) != 0 {
				c.words++
			}
			c.said = c.said || t.tok[j].n > 1
			j, c.to = end, end
			continue
		}
		if g := t.groupIndex(j); g >= 0 && int(t.numbers.groups[g].from) == j {
			group := &t.numbers.groups[g]
			if group.dated || int(group.n) > len(c.buf)-c.n {
				break
			}
			c.n += copy(c.buf[c.n:], t.numbers.digits[group.at:group.at+group.n])
			c.digits += int(group.n)
			c.said = c.said || group.spoken
			j, c.to = int(group.to), int(group.to)
			continue
		}
		if t.lettersTogether(j) && int(t.tok[j].n) <= len(c.buf)-c.n {
			t.addLetters(&c, j)
			j++
			c.to = j
			continue
		}
		if c.n > 0 && (t.tok[j].vocab.Class == vocabulary.Filler || t.spokenDash(j)) && j == c.to {
			j++
			continue
		}
		break
	}
	return c
}

// isPause reports «э», which is said while somebody thinks and names no letter.
func (t *Text) isPause(i int) bool {
	return t.tok[i].key == keyPause && t.tok[i].kind == wordToken && t.tok[i].shape == lower && !t.glued(i)
}

// keyPause is the key of «э».
const keyPause = 1<<60 | 'э' - 'а'

// spokenDash reports «дефис», «тире», «пробел» between the parts of a code.
func (t *Text) spokenDash(i int) bool {
	v := t.tok[i].vocab
	return v.Class == vocabulary.Symbol && (v.Arg == '-' || v.Arg == '/') || t.says(i, "пробел двоеточие space colon")
}

// letterSaid reads the letter that token i says, and gives the token behind it, 0 if it says none.
func (t *Text) letterSaid(i int) (letter byte, end int) {
	if !t.isWord(i) || !mayBeLetter(&t.tok[i]) {
		return 0, 0
	}
	tok := &t.tok[i]
	switch {
	case tok.vocab.Class == vocabulary.Letter:
		return latinOf(rune(tok.vocab.Arg)), i + 1
	case tok.n == 1:
		if t.isPause(i) || t.glued(i) && (t.sign(i-1, '\'') || t.sign(i-1, '’')) { // "it's"
			return 0, 0
		}
		r, _ := utf8.DecodeRuneInString(t.s[tok.start:tok.end])
		return latinOf(unicode.ToLower(r)), i + 1
	case t.isDoubleU(i):
		return 'W', i + 2
	case tok.kind == latinToken && tok.n >= 4:
		if letter := t.spellingWord(i); letter != 0 {
			return letter, i + 1
		}
		return 0, 0
	case tok.n == 2 && tok.key&31 == letterE && t.says(i, "же те де"): // words too
		if !t.plainLetter(i-1) || !t.plainLetter(i+1) && t.groupIndex(i+1) < 0 {
			return 0, 0
		}
		return latinOf('а' + rune(tok.key>>5&31)), i + 1
	case tok.kind != wordToken || tok.n > maxLetterName || tok.vocab.Class != vocabulary.None && tok.vocab.Class != vocabulary.NearName:
		return 0, 0
	}
	if letter := namedLetter(tok); letter != 0 {
		return letter, i + 1
	}
	return 0, 0
}

// isDoubleU reports «дабл ю» at token i.
func (t *Text) isDoubleU(i int) bool {
	tok := &t.tok[i]
	return tok.n >= 4 && tok.n <= 6 && tok.key>>(5*(tok.n-1))&31 == keyD && t.says(i, "дабл дубль double") && t.says(i+1, "ю вэ ве u you")
}

// keyD is the first letter of «дабл», and of "double", in a key.
const keyD = 4

// namedLetter gives the letter whose name in letterNames the token is, 0 if it is none.
func namedLetter(tok *token) byte {
	if !letterNames.hasToken(tok) {
		return 0
	}
	k := 0
	for name := range strings.SplitSeq(string(letterNames), " ") {
		if lexicon.Key(name) == tok.key {
			return namedLetters[k]
		}
		k++
	}
	return 0
}

// plainLetter reports a letter that stands alone, or a name that is nothing else.
func (t *Text) plainLetter(i int) bool {
	return t.isWord(i) && (t.tok[i].vocab.Class == vocabulary.Letter || t.tok[i].n == 1)
}

// maxLetterName is how many letters the name of a letter has: «дубль вэ», «игрек».
const maxLetterName = 5

// letterNames are the names of Latin letters in Russian speech that no Russian letter has.
const letterNames wordList = "бе ве ге зе пе це эй би си ди фэ джи эйч аш ай джей йот кей оу пи кью ку ар ти ви икс " +
	"уай игрек зет зэт зед зэд зи эс"

// namedLetters are the letters of letterNames.
const namedLetters = "BVGZPCABCDFGHHIJJKOPQQRTVXYYZZZZZS"

// latinOf gives the Latin capital for a Russian or Latin letter by its sound; Я and the like, which no code has, are '?'.
func latinOf(r rune) byte {
	switch {
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A')
	case r >= 'а' && r <= 'я':
		return "ABVGDEJZIIKLMNOPRSTUFHC?????E??"[min(r-'а', 30)]
	}
	return '?'
}

// lettersTogether reports two or three letters written as one word beside digits, «кх тридцать семь», that are no word.
func (t *Text) lettersTogether(i int) bool {
	tok := &t.tok[i]
	if !t.isWord(i) || tok.n < 2 || tok.n > 3 || tok.vocab.Class != vocabulary.None || tok.kind == otherToken || t.says(i, "mac key pin ssn vin tel is my") {
		return false
	}
	if tok.kind == wordToken && (tok.n == 3 && tok.shape != upper || isPreposition(t.s[tok.start:tok.end])) {
		return false
	}
	before, after := i > 0 && t.groupIndex(i-1) >= 0 && tok.gap <= oneSpace, i+1 < len(t.tok) && t.tok[i+1].gap <= oneSpace && t.groupIndex(i+1) >= 0
	return before || after
}

func (t *Text) addLetters(c *spelled, i int) {
	tok := &t.tok[i]
	for _, r := range t.s[tok.start:tok.end] {
		if unicode.IsLetter(r) && c.n < len(c.buf) {
			c.buf[c.n] = latinOf(unicode.ToLower(r))
			c.n++
			c.letters++
		}
	}
}

// appendSpelled appends the span of the kind that the code has by its form or by the word near it.
func (t *Text) appendSpelled(dst []Span, c *spelled) []Span {
	code := c.buf[:c.n]
	if c.n == vinLength && c.letters >= 3 && c.digits >= 5 && !t.unitAfter(c.to) {
		return append(dst, t.span(c.from, c.to, VIN, 0.9, "vin/spelled"))
	}
	if c.n >= minIBAN && c.n <= maxIBAN && ibanCheck(code) {
		return append(dst, t.span(c.from, c.to, IBAN, 0.97, "iban/spelled"))
	}
	if c.n == belarusLength && isBelarusID(code) {
		return append(dst, t.span(c.from, c.to, BY_ID, 0.99, "by-id/spelled"))
	}
	if c.n == macDigits && c.letters >= 2 && c.isHex() {
		return append(dst, t.span(c.from, c.to, MAC, 0.85, "mac/spelled"))
	}
	c.trim(t)
	if c.letters == 0 || t.unitAfter(c.to) {
		return dst
	}
	h := t.hintFor(c.from, c.to)
	if t.certificateSeries(c) {
		return append(dst, t.span(c.from, c.to, BIRTH_CERTIFICATE, 0.8, "document/spelled"))
	}
	if h.cue == vocabulary.Issuer && h.at >= 0 {
		h.cue = t.seriesOf(h.at) // «военник, выдавали давно, номер …»
	}
	if t.about(vinTopic) && t.leadsTo(c.from) && (h.cue == vocabulary.NoCue || h.cue == vocabulary.VIN || h.at < 0) && c.n >= minVINPart && c.digits >= 2 {
		return append(dst, t.span(c.from, c.to, VIN, 0.86, "vin/spelled"))
	}
	if t.about(vinTopic) && c.n >= minVINHeard && c.letters >= 3 && c.digits >= 5 {
		return append(dst, t.span(c.from, c.to, VIN, 0.86, "vin/spelled"))
	}
	if c.words > 0 && c.words < minSpellingWords {
		return dst
	}
	if c.letters-c.little >= minKeyLetters && (h.cue == vocabulary.Password && (h.near > 0.5 || h.at < 0) || t.asks(vocabulary.Password)) {
		return append(dst, t.span(c.from, c.to, PASSWORD, 0.86, "password/spelled"))
	}
	if from := t.keyStart(c); from > 0 {
		return append(dst, t.span(from, c.to, SECRET, 0.9, "secret/spelled"))
	}
	if c.words >= minSpellingWords && c.isBritishPlate() && (h.cue == vocabulary.Plate || t.about(vehicleTopic)) {
		return append(dst, t.span(c.from, c.to, PLATE, scoreAddress, "plate/spelling-alphabet"))
	}
	if t.about(vehicleTopic) && t.leadsTo(c.from) && (h.cue == vocabulary.NoCue || h.at < 0) && c.isPlate() && (c.letters > c.little || c.digits == 3) {
		return append(dst, t.span(c.from, c.to, PLATE, plateCued, "plate/spelled"))
	}
	switch {
	case h.cue == vocabulary.Index && c.n >= 5 && c.n <= 7 && c.letters >= 3:
		return append(dst, t.span(c.from, c.to, ADDRESS, 0.8, "address/postcode"))
	case h.cue == vocabulary.VIN && c.n >= minVINPart && c.digits >= 2:
		return append(dst, t.span(c.from, c.to, VIN, 0.75, "vin/spelled"))
	case h.cue == vocabulary.IBAN && c.n >= minIBANPart && c.digits >= 2:
		return append(dst, t.span(c.from, c.to, IBAN, 0.75, "iban/spelled"))
	case (h.near > 0.5 || h.at < 0 && t.leadsTo(c.from)) && documentKind(h.cue) != "" && c.letters > c.little && c.letters <= 4 && c.digits >= 5 && c.digits <= 9:
		return append(dst, t.span(c.from, c.to, documentKind(h.cue), 0.8, "document/spelled"))
	case (h.cue == vocabulary.NoCue || h.cue == vocabulary.Expiry) && t.about(passportTopic) && c.letters == 2 && c.little == 0 && t.letterNamed(c.from) && t.letterNamed(c.from+1) && c.digits >= 6 && c.digits <= 7:
		return append(dst, t.span(c.from, c.to, PASSPORT, 0.9, "document/spelled"))
	case h.cue == vocabulary.Plate && h.near > 0.3 && c.isPlate() && (c.letters > c.little || c.digits >= 3):
		return append(dst, t.span(c.from, c.to, PLATE, plateCued, "plate/spelled"))
	}
	return dst
}

// certificateSeries reports «два эм ю», the series of a birth certificate that was asked for.
func (t *Text) certificateSeries(c *spelled) bool {
	return c.digits == 1 && c.letters == 2 && c.buf[0] <= '9' && t.asks(vocabulary.BirthCert) && t.leadsTo(c.from)
}

const (
	belarusLength = 14

	vinLength   = 17
	minVINPart  = 6
	macDigits   = 12
	minIBANPart = 6
)

// trim drops letters at the end behind digits that are words: «паспорт а бэ двенадцать тридцать и».
func (c *spelled) trim(t *Text) {
	for c.to > c.from+1 && t.tok[c.to-1].n == 1 && t.tok[c.to-1].vocab.Class != vocabulary.None && t.tok[c.to-1].vocab.Class != vocabulary.Letter &&
		t.isWord(c.to-1) && t.groupIndex(c.to-1) < 0 {
		c.to--
		c.n--
		c.letters--
		if t.isLittle(c.to) {
			c.little--
		}
	}
}

// leadsTo reports whether nothing but a few small words stands before token i.
func (t *Text) leadsTo(i int) bool {
	if i > maxPieceWords {
		return false
	}
	for j := range i {
		if t.tok[j].kind != signToken && !isSmall(t.tok[j].vocab) {
			return false
		}
	}
	return true
}

// isLittle reports a single letter that is a preposition or conjunction too.
func (t *Text) isLittle(i int) bool {
	return t.tok[i].n == 1 && t.says(i, "а и о у с к в я a i")
}

func (c *spelled) isHex() bool {
	for _, b := range c.buf[:c.n] {
		if b > 'F' || b > '9' && b < 'A' {
			return false
		}
	}
	return true
}

const (
	minKeyLetters = 3 // that are no words
	minKey        = 6
	maxKeyLead    = 6 // tokens between the word for a key and its first digit
)

// keyStart gives the first token of the key of a service that is dictated, «ключ это пэ ка тест восемь эм три три цэ», 0
// if the code is none. What stands between belongs to it.
func (t *Text) keyStart(c *spelled) int {
	if c.n < minKey || c.letters-c.little < minKeyLetters || c.digits < 2 {
		return 0
	}
	for i := c.from - 1; i >= 0 && i >= c.from-maxKeyLead; i-- {
		if !t.says(i, "ключ ключа ключик токен токена секрет key token secret") {
			continue
		}
		for i++; i < c.from && (t.tok[i].kind == signToken || isSmall(t.tok[i].vocab) || t.says(i, "это апи такой api is")); {
			i++
		}
		if _, end := t.letterSaid(i); end > 0 {
			return i
		}
		start := c.from
		for start > i && (t.spokenDash(start-1) || t.saidBy(start-1, start) || t.tok[start-1].kind == latinToken && t.tok[start-1].n <= maxKeyPrefix && !isSmall(t.tok[start-1].vocab)) {
			start--
		}
		return start
	}
	return 0
}

// maxKeyPrefix is how many letters the word has that a key may begin with, "live", "prod".
const maxKeyPrefix = 4

// letterNamed reports a letter that is said by its name.
func (t *Text) letterNamed(i int) bool {
	_, end := t.letterSaid(i)
	return end == i+1 && t.tok[i].n > 1
}

// isBritishPlate reports "LB24 PTK", one of seven letters and digits, or its first half.
func (c *spelled) isBritishPlate() bool {
	return c.n >= 4 && c.n <= 8 && c.digits >= 2 && c.letters >= 2
}

// isPlate reports letters and digits in the numbers that plates have, or the half of one: «е двести пять», «кх тридцать семь».
func (c *spelled) isPlate() bool {
	return c.letters <= 4 && c.digits <= 7 && (c.digits >= 3 || c.letters == 2 && c.digits == 2) && (c.buf[0] != 'A' || c.n > 4 || c.letters > 1)
}
