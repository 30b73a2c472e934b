package anonymize

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Codes of letters and digits together.
const (
	VIN               Kind = "VIN"               // of a vehicle, ISO 3779
	PLATE             Kind = "PLATE"             // of a vehicle, trailer or boat, with its region
	IBAN              Kind = "IBAN"              // ISO 13616
	MILITARY_ID       Kind = "MILITARY_ID"       // Russian, two letters and seven digits
	BIRTH_CERTIFICATE Kind = "BIRTH_CERTIFICATE" // Russian, a Roman number, two letters and six digits
)

// recognizeCodes looks at every place where a letter meets a digit: within a cluster, or with a space between where
// the code is written so.
func recognizeCodes(dst []Span, t *Text) []Span {
	next := 0
	for _, at := range t.numbers.tokens {
		number := int(at.at)
		for i := t.codeStart(number, next); i <= number; i++ {
			if t.mixesAt(i) && t.startsWord(i) {
				dst = t.codeBeginning(dst, i)
			}
		}
		next = number + 1
	}
	return dst
}

// codeStart gives the first token from low on at which a code may begin whose first digits are token i.
func (t *Text) codeStart(i, low int) int {
	for low = max(low, i-codeBefore); i > low; i-- {
		tok := &t.tok[i]
		if tok.gap > oneSpace || tok.gap == oneSpace && tok.kind < numberToken && tok.shape == lower && !(tok.n == 5 && t.says(i, "номер")) { // «I-МЮ номер 654321»
			break
		}
	}
	return i
}

// codeBefore is how many tokens before its first digits a code begins.
const codeBefore = 4

// codeBeginning tries the codes that may begin at token i; the first that is found wins the place.
func (t *Text) codeBeginning(dst []Span, i int) []Span {
	rules := codesOfLetters[:]
	if t.tok[i].kind == numberToken {
		rules = codesOfDigits[:]
	}
	n := len(dst)
	for _, recognize := range rules {
		if dst = recognize(dst, t, i); len(dst) > n {
			break
		}
	}
	return dst
}

// The codes by what they begin with, in the order in which they are tried.
var (
	codesOfLetters = [...]func(dst []Span, t *Text, i int) []Span{plate, statePlate, iban, vin, birthCertificate, militaryID, ukPostcode, document}
	codesOfDigits  = [...]func(dst []Span, t *Text, i int) []Span{plate, statePlate, vin, belarusID, birthCertificate, oldLicence, document}
)

// mixesAt reports whether letters and digits stand so near to one another at token i that a code may begin there.
func (t *Text) mixesAt(i int) bool {
	switch kind := t.tok[i].kind; {
	case kind < numberToken:
		return t.digitsFollow(i)
	case kind == numberToken:
		return t.lettersFollow(i)
	}
	return false
}

// maxSpaced is how many letters a code begins with that have a space behind them, unless a word announces it.
const maxSpaced = 2

// digitsFollow reports whether digits may follow the letters at token i within a code: most numbers stand behind a word.
func (t *Text) digitsFollow(i int) bool {
	tok := &t.tok[i]
	if tok.n > vinLength || i+1 == len(t.tok) {
		return false
	}
	switch next := &t.tok[i+1]; {
	case next.kind == signToken:
		if next.key != '-' && next.key != '/' && next.key != '№' || tok.kind == wordToken && tok.n > maxSpaced && (next.gap != noGap || tok.n > 3 && !looksLatin(tok)) {
			return false
		}
	case next.gap == noGap:
	case tok.n > maxSpaced && !t.isVINNamed(i), // «через 5 минут»
		next.kind < numberToken && next.shape == lower,
		next.kind == numberToken && tok.kind == wordToken && (tok.shape == lower || tok.shape == title && tok.n == maxSpaced) && !t.codeBehind(i):
		return false
	}
	for j := i + 1; j < len(t.tok) && j <= i+codeBefore && t.tok[j].gap <= oneSpace; j++ {
		if t.tok[j].kind == numberToken {
			return true
		}
	}
	return false
}

// codeBehind reports whether one or two Russian letters, not all capitals, at token i may begin a code whose number stands
// behind a space: a plate, an account or a paper of seven digits, and no «до 17:30», «на 43 штуки».
func (t *Text) codeBehind(i int) bool {
	tok := &t.tok[i]
	if tok.n == maxSpaced && t.tok[i+1].n == 7 {
		return true
	}
	return looksLatin(tok) && (t.plateBehind(i) || tok.n == maxSpaced && t.accountLength(i) >= minIBAN)
}

// plateBehind reports whether the number behind the letters at token i, and what follows it, may be those of a plate.
func (t *Text) plateBehind(i int) bool {
	tok, digits := &t.tok[i], t.tok[i+1].n
	if digits < 2 || digits > 4 || tok.n == 1 && digits != 3 || i+2 == len(t.tok) || tok.shape == lower && tok.gap != noGap && isPreposition(t.s[tok.start:tok.end]) {
		return false
	}
	switch next := &t.tok[i+2]; next.kind {
	case signToken:
		return next.key == '-' || next.key == '/'
	case numberToken:
		return tok.n == 2 && digits > 2
	default:
		return next.n == 2 || next.n == 3
	}
}

// accountLength gives how many letters and digits stand from token i on that an account may consist of.
func (t *Text) accountLength(i int) int {
	n := 0
	for to := i; to < len(t.tok); to++ {
		tok := &t.tok[to]
		switch {
		case tok.kind == signToken && tok.key == '-' && tok.gap == noGap:
		case tok.kind >= signToken, tok.gap > oneSpace && to > i, n+int(tok.n) > maxIBAN, !looksLatin(tok):
			return n
		default:
			n += int(tok.n)
		}
	}
	return n
}

// lettersFollow reports whether letters may follow the number at token i within a code, behind dashes too, or behind another
// number where it is short: most numbers stand before a word, or a sign that no code has.
func (t *Text) lettersFollow(i int) bool {
	digits := int(t.tok[i].n)
	for j := i + 1; j < len(t.tok) && digits < vinLength; j++ {
		next := &t.tok[j]
		first := j == i+1
		switch {
		case next.gap > oneSpace && !(first && next.kind == signToken):
			return false
		case next.kind == numberToken:
			if next.gap == oneSpace && digits >= codeSpaced {
				return false
			}
			digits += int(next.n)
		case next.kind < numberToken:
			return next.gap == noGap || t.isSpacedPart(j, digits, first)
		case next.kind != signToken || next.key != '-' && !(next.key == '/' && first) || next.gap != noGap && !first || j+1 == len(t.tok):
			return false
		case t.tok[j+1].kind < numberToken:
			return true
		case next.key == '/':
			return false
		}
	}
	return false
}

// isSpacedPart reports letters at token j that a code may have behind so many digits and a space.
func (t *Text) isSpacedPart(j, digits int, first bool) bool {
	tok := &t.tok[j]
	if tok.shape != lower {
		return first && tok.n <= 3 || digits < codeSpaced
	}
	if !first || j+1 == len(t.tok) || !(tok.n == 2 && looksLatin(tok) || tok.n == 3 && tok.kind == latinToken) {
		return false
	}
	next := &t.tok[j+1]
	return next.kind == numberToken || next.kind == signToken && (next.key == '-' || next.key == '/') // «4412 ну 50»
}

// startsWord reports whether nothing is glued to the left of token i but a bracket or quote.
func (t *Text) startsWord(i int) bool {
	if t.tok[i].gap != noGap || i == 0 {
		return true
	}
	switch prev := &t.tok[i-1]; prev.key {
	case '(', '"', '\'', '[', ':', ',', ';', '/', '|', '*', '#', '№', '-', '+', '=', '<', '>':
		return prev.kind == signToken
	}
	return false
}

const maxCodeLength = 40

// A code is letters and digits in one case and alphabet, collected from glued tokens.
type code struct {
	buf             [maxCodeLength]byte
	n               int
	letters, digits int
	capitals        bool // no lower-case letter
	to              int  // the token behind
}

// An extent is how far a code goes and what it is made of, told by its tokens alone.
type extent struct {
	to              int // the token behind
	letters, digits int
}

func (e extent) n() int { return e.letters + e.digits }

// extentAt measures the cluster at token i; spaces of one are passed over while the whole is shorter than spaced. Most
// clusters have no length that a code has, and need not be collected.
func (t *Text) extentAt(i, spaced int, dashes bool) extent {
	e := extent{to: i}
	for ; e.to < len(t.tok) && e.n() <= maxCodeLength; e.to++ {
		tok := &t.tok[e.to]
		switch {
		case e.to > i && (tok.gap > oneSpace || tok.gap == oneSpace && e.n() >= spaced):
			return e
		case tok.kind == numberToken:
			e.digits += int(tok.n)
		case tok.kind < numberToken:
			if e.to > i && tok.gap == oneSpace && tok.shape == lower {
				return e
			}
			e.letters += int(tok.n)
		case !dashes || tok.kind != signToken || tok.key != '-' || tok.gap != noGap:
			return e
		}
	}
	return e
}

// codeAt collects the code of the extent at token i.
func (t *Text) codeAt(i int, e extent) (c code, ok bool) {
	if e.n() == 0 || e.n() > maxCodeLength {
		return c, false
	}
	c.capitals, c.to = true, e.to
	for j := i; j < e.to; j++ {
		if t.tok[j].kind < signToken {
			t.collect(&c, &t.tok[j])
		}
	}
	return c, true
}

func (t *Text) collect(c *code, tok *token) {
	for i := int(tok.start); i < int(tok.end); {
		if lead := t.s[i]; lead < utf8.RuneSelf {
			c.addASCII(lead)
			i++
			continue
		} else if n, capital, ok := russianLetter(lead, t.s[i+1]); ok && n != letterE { // ё is none of plates
			c.capitals = c.capitals && capital
			c.buf[c.n] = russianCapitals[n]
			c.letters++
			c.n++
			i += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(t.s[i:])
		i += size
		if d, ok := digit(r); ok {
			c.buf[c.n] = byte('0' + d)
			c.digits++
			c.n++
			continue
		}
		if !unicode.IsLetter(r) {
			continue
		}
		c.capitals = c.capitals && !unicode.IsLower(r)
		r = unicode.ToUpper(r)
		if twin := lookAlike(latinCapitals, r); twin != 0 {
			r = twin
		}
		if r >= utf8.RuneSelf {
			r = '?'
		}
		c.buf[c.n] = byte(r)
		c.letters++
		c.n++
	}
}

// addASCII adds a digit or letter.
func (c *code) addASCII(b byte) {
	if byteClass[b] == classDigit {
		c.digits++
	} else {
		c.capitals = c.capitals && b < 'a'
		c.letters++
		b &^= 0x20
	}
	c.buf[c.n] = b
	c.n++
}

// russianCapitals are latinCapitals for all letters from а to я but е, which russianLetter does not tell from ё.
const russianCapitals = "A?B???????K?MHO?PCTY?X??????????"

// latinCapitals pairs Russian capitals with the Latin ones of number plates and documents (GOST R 50577).
const latinCapitals = "АAВBЕEКKМMНHОOРPСCТTУYХX"

// looksLatin reports whether all letters of a word may be read as Latin ones. It may be wrong for words that are longer than
// their key and for strange letters, which are seen when they are collected.
func looksLatin(tok *token) bool {
	const twins = 1 | 1<<('в'-'а') | 1<<('е'-'а') | 1<<('к'-'а') | 1<<('м'-'а') | 1<<('н'-'а') | 1<<('о'-'а') | 1<<('р'-'а') | 1<<('с'-'а') |
		1<<('т'-'а') | 1<<('у'-'а') | 1<<('х'-'а')
	if tok.kind != wordToken || tok.n > lexicon.ExactWord {
		return true
	}
	return tok.isOf(twins)
}

// isOf reports whether all letters of a word are among these: bit 0 is for а, bit 1 for б or for a. Its key holds them all.
func (tok *token) isOf(letters uint32) bool {
	for n, key := tok.n, tok.key; n > 0; n-- {
		if letters>>(key&31)&1 == 0 {
			return false
		}
		key >>= 5
	}
	return true
}

// hinted gives how near the cue is, 0 if another one is nearer.
func (t *Text) hinted(from, to int, cue vocabulary.Cue) float32 {
	if h := t.hintFor(from, to); h.cue == cue {
		return h.near
	}
	return 0
}

// vin reads 17 letters and digits without I, O and Q.
func vin(dst []Span, t *Text, i int) []Span {
	e := t.extentAt(i, 0, true)
	if e.n() < vinLength && t.isVINNamed(i) {
		e = t.extentAt(i, vinLength, true) // «VIN: XTA 21154 0 7 4418 207»
	}
	if t.tok[i].kind == otherToken || e.n() != 17 || e.letters < 2 || e.digits < 5 {
		return dst
	}
	c, ok := t.codeAt(i, e)
	if !ok || !isVIN(c.buf[:17]) {
		return dst
	}
	score := float32(0.6)
	if vinCheck(c.buf[:17]) {
		score = 0.9
	}
	if near := t.hinted(i, c.to, vocabulary.VIN); near > 0 {
		score = 0.95
	} else if t.hinted(i, c.to, vocabulary.Order) > 0.6 {
		score -= 0.3
	}
	return append(dst, t.span(i, c.to, VIN, score, "vin/iso-3779"))
}

// isVINNamed reports Latin letters right behind the word for the number of a vehicle.
func (t *Text) isVINNamed(i int) bool {
	return t.tok[i].kind == latinToken && i > 0 && (t.tok[i-1].vocab.Cue() == vocabulary.VIN || t.sign(i-1, ':') && t.cueBefore(i-1) == vocabulary.VIN)
}

func isVIN(c []byte) bool {
	for _, b := range c {
		if b == 'I' || b == 'O' || b == 'Q' || b == '?' {
			return false
		}
	}
	return true
}

// vinCheck is the check digit of position 9. It is obligatory in North America only, so it speaks for, never against.
func vinCheck(c []byte) bool {
	sum := 0
	for i, b := range c {
		v := 0
		switch {
		case b <= '9':
			v = value(b)
		case b <= 'I':
			v = int(b-'A') + 1
		case b <= 'R':
			v = int(b-'J') + 1
		default:
			v = int(b-'S') + 2
		}
		sum += v * int(vinWeights[i])
	}
	want := byte('X')
	if r := sum % 11; r < 10 {
		want = byte('0' + r)
	}
	return c[8] == want
}

const vinWeights = "\x08\x07\x06\x05\x04\x03\x02\x0a\x00\x09\x08\x07\x06\x05\x04\x03\x02"

// iban reads a country, two check digits and the account, in one piece or in groups of any length.
func iban(dst []Span, t *Text, i int) []Span {
	tok := &t.tok[i]
	if tok.kind != latinToken && tok.kind != wordToken || tok.n != 2 || i+1 >= len(t.tok) || t.tok[i+1].kind != numberToken {
		return dst
	}
	if t.accountLength(i) >= minIBAN {
		if to := t.ibanEnd(i); to > 0 {
			return append(dst, t.span(i, to, IBAN, 0.96, "iban/mod-97"))
		}
	}
	if len(t.cues) == 0 && !t.asks(vocabulary.IBAN) {
		return dst
	}
	if c, ok := t.codeAt(i, t.extentAt(i, maxIBAN, true)); ok && c.n >= minIBAN && c.n <= maxIBAN && c.capitals && t.hinted(i, c.to, vocabulary.IBAN) > 0 {
		return append(dst, t.span(i, c.to, IBAN, 0.7, "iban/cue"))
	}
	return dst
}

// ibanEnd gives the token behind the longest account at token i whose check digits are right, 0 if there is none.
func (t *Text) ibanEnd(i int) int {
	var c code
	n, best := 0, 0
	for to := i; to < len(t.tok); to++ {
		tok := &t.tok[to]
		if tok.kind == signToken && tok.key == '-' && tok.gap == noGap {
			continue
		}
		if n += int(tok.n); tok.kind >= signToken || tok.gap > oneSpace && to > i || n > maxIBAN {
			break
		}
		at := c.n
		t.collect(&c, tok)
		if bytes.IndexByte(c.buf[at:c.n], '?') >= 0 { // «за 5 минут»
			break
		}
		if to+1 < len(t.tok) && t.tok[to+1].gap == noGap && t.tok[to+1].kind != signToken {
			continue
		}
		if c.n >= minIBAN && ibanCheck(c.buf[:c.n]) {
			best = to + 1
		}
	}
	return best
}

const (
	minIBAN = 15 // Norway
	maxIBAN = 34 // ISO 13616-1, section 5
)

// ibanCheck is ISO 7064 MOD 97-10 over the account, the country and the check digits.
func ibanCheck(c []byte) bool {
	r := 0
	for i := range c {
		b := c[(i+4)%len(c)]
		switch {
		case b >= '0' && b <= '9':
			r = (10*r + value(b)) % 97
		case b >= 'A' && b <= 'Z':
			r = (100*r + int(b-'A') + 10) % 97
		default:
			return false
		}
	}
	return r == 1 && c[0] >= 'A' && c[1] >= 'A' && c[2] <= '9' && c[3] <= '9'
}

// birthCertificate reads «I-МЮ № 654321».
func birthCertificate(dst []Span, t *Text, i int) []Span {
	if !t.isRoman(i) || i+3 >= len(t.tok) || t.tok[i+1].key != '-' || t.tok[i+1].kind != signToken {
		return dst
	}
	if w := &t.tok[i+2]; w.kind == signToken || w.kind == numberToken || w.n != 2 {
		return dst
	}
	j := t.skipNumberSign(i + 3)
	if number := j; t.sign(j, ',') || t.says(j, "номер") { // «серия I-МЮ, номер 654321»
		if t.sign(number, ',') {
			number++
		}
		if t.says(number, "номер") {
			number++
		}
		if number < len(t.tok) && t.tok[number].kind == numberToken && t.tok[number].n == 6 && number > j {
			return append(dst, t.span(i, i+3, BIRTH_CERTIFICATE, 0.9, "birth-certificate/layout"), t.span(number, number+1, BIRTH_CERTIFICATE, 0.9, "birth-certificate/layout"))
		}
	}
	if j >= len(t.tok) || t.tok[j].kind != numberToken || t.tok[j].n != 6 {
		return dst
	}
	return append(dst, t.span(i, j+1, BIRTH_CERTIFICATE, 0.9, "birth-certificate/layout"))
}

// isRoman reports a Roman number of 1 to 10 in Latin letters, or in the digits and Russian letters that stand for it.
func (t *Text) isRoman(i int) bool {
	switch t.s[t.tok[i].start:t.tok[i].end] {
	case "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "1", "2", "3", "4", "5":
		return true
	}
	return false
}

func (t *Text) skipNumberSign(i int) int {
	if i < len(t.tok) && t.tok[i].kind == signToken && (t.tok[i].key == '№' || t.tok[i].key == '-') {
		i++
	}
	return i
}

// militaryID reads «АБ 1234567», which needs its cue: a product number looks the same.
func militaryID(dst []Span, t *Text, i int) []Span {
	w := &t.tok[i]
	if w.kind != wordToken || w.n != 2 {
		return dst
	}
	j := t.skipNumberSign(i + 1)
	if j >= len(t.tok) || t.tok[j].kind != numberToken || t.tok[j].n != 7 || t.tok[j].gap > oneSpace {
		return dst
	}
	if t.hinted(i, j+1, vocabulary.Military) == 0 {
		return dst
	}
	return append(dst, t.span(i, j+1, MILITARY_ID, 0.85, "military-id/cue"))
}

// oldLicence reads «77 ТО 330518»: driving licences until 2011 and registration certificates.
func oldLicence(dst []Span, t *Text, i int) []Span {
	if t.tok[i].kind != numberToken || t.tok[i].n != 2 || i+2 >= len(t.tok) || t.tok[i+1].kind != wordToken || t.tok[i+1].shape != upper || t.tok[i+1].n != 2 ||
		t.tok[i+2].kind != numberToken || t.tok[i+2].n != 6 || t.tok[i+1].gap > oneSpace || t.tok[i+2].gap > oneSpace || !t.plateLetters(&t.tok[i+1]) {
		return dst
	}
	if t.hinted(i, i+3, vocabulary.Order) > 0.5 || i+3 < len(t.tok) && t.tok[i+3].gap == noGap && t.tok[i+3].kind != signToken || t.unitAfter(i+3) {
		return dst
	}
	score := float32(0.6)
	if h := t.hintFor(i, i+3); h.cue == vocabulary.Licence || h.cue == vocabulary.STS {
		score = plateCued
	}
	return append(dst, t.span(i, i+3, DRIVER_LICENSE, score, "driver-license/letters"))
}

// ukPostcode reads «LS6 2QT» where an address is spoken of.
func ukPostcode(dst []Span, t *Text, i int) []Span {
	if t.tok[i].kind != latinToken || t.tok[i].n > 2 || !t.places.open && !t.asks(vocabulary.Index) && !t.asks(vocabulary.Address) && t.hinted(i, i+1, vocabulary.Index) == 0 {
		return dst
	}
	c, ok := t.codeAt(i, t.extentAt(i, 5, false))
	if !ok || c.n < 5 || c.n > 7 || c.to-i < 4 {
		return dst
	}
	inward := c.buf[c.n-3 : c.n]
	if inward[0] > '9' || inward[1] < 'A' || inward[2] < 'A' || c.buf[c.n-4] > '9' && c.n < 6 {
		return dst
	}
	return append(dst, t.span(i, c.to, ADDRESS, 0.8, "address/postcode"))
}

// codeSpaced is below how many letters and digits of a document's number a space may follow.
const codeSpaced = 3

// document reads letters and digits behind a word that names the paper: foreign passports and licences.
func document(dst []Span, t *Text, i int) []Span {
	if t.tok[i].kind == otherToken || t.tok[i].kind == wordToken && t.tok[i].n > 3 {
		return dst
	}
	e := t.extentAt(i, codeSpaced, true)
	if e.letters == 0 || e.digits < 4 || e.n() < 6 || e.n() > 14 || t.tok[i].kind == wordToken && (e.digits > 8 || e.digits < 6) {
		return dst // ten digits behind «РФ» are a number of their own
	}
	h := t.hintFor(i, i+1)
	kind := documentKind(h.cue)
	if kind == "" && h.at < 0 && h.cue != vocabulary.Order && t.asks(vocabulary.Passport) && e.digits >= 6 {
		kind = PASSPORT // and for something else
	}
	if h.at >= 0 && t.tok[h.at].vocab.Cue() == vocabulary.Series && t.dashesIn(i, e.to) > 1 {
		return dst // «серия GG-770-112», of goods
	}
	if kind == "" || h.near < 0.55 || h.at >= i {
		return dst
	}
	c, ok := t.codeAt(i, e)
	if !ok || !c.capitals {
		return dst
	}
	return append(dst, t.span(i, c.to, kind, 0.75, "document/cue"))
}

func (t *Text) dashesIn(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if t.sign(i, '-') {
			n++
		}
	}
	return n
}

// statePlate reads an American plate behind the word for it, "plate NY 7RWM518", with its state or without.
func statePlate(dst []Span, t *Text, i int) []Span {
	if t.tok[i].kind >= signToken || !t.says(i-1, "plate plates tag reg registration") && !(t.asks(vocabulary.Plate) && t.leadsTo(i)) {
		return dst
	}
	first := i
	if t.tok[i].kind == latinToken && isState(t.s[t.tok[i].start:t.tok[i].end]) && i+1 < len(t.tok) && t.tok[i+1].gap == oneSpace {
		i++
	}
	e := t.extentAt(i, 0, false)
	if e.letters == 0 || e.digits < 2 || e.n() < minStatePlate || e.n() > maxStatePlate {
		return dst
	}
	if c, ok := t.codeAt(i, e); !ok || !c.capitals {
		return dst
	}
	return append(dst, t.span(first, e.to, PLATE, plateCued, "plate/state"))
}

const (
	minStatePlate = 5
	maxStatePlate = 8
)

func documentKind(cue vocabulary.Cue) Kind {
	switch cue {
	case vocabulary.Passport:
		return PASSPORT
	case vocabulary.Licence, vocabulary.STS:
		return DRIVER_LICENSE
	case vocabulary.Military:
		return MILITARY_ID
	case vocabulary.BirthCert:
		return BIRTH_CERTIFICATE
	}
	return ""
}
