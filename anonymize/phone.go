package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/numberplan"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// PHONE is a telephone number with its extension, also a part of one that was asked for.
const PHONE Kind = "PHONE"

const (
	russia         = 7
	minPhoneDigits = 5
	maxPhoneDigits = 15 // ITU-T E.164, section 6
)

// phone weighs the candidate as a telephone number.
func (t *Text) phone(c *candidate) (float32, string) {
	h, first, last, amount := c.hint, c.first, c.last, c.amount
	cued := h.cue == vocabulary.Phone
	score, rule := t.phoneForm(c, cued || c.alone || t.floor() <= scoreInternational-partPenalty)
	switch {
	case cued && len(c.digits) == 4 && c.to-c.from == 2 && t.endsWith(last):
		score, rule = scoreTail, "phone/last-digits"
	case cued:
		if score += 0.2 * h.near; score < 0.5 {
			score, rule = t.cuedPhone(c, h)
		}
	case h.cue == vocabulary.Order && rule != "phone/plus" && c.to-c.from < 3:
		score -= 0.5 * h.near
	case h.cue == vocabulary.NoCue && len(c.digits) == 4 && c.to-c.from == 2 && !amount && t.tailBefore(first) && !t.asks(vocabulary.Card):
		score, rule = scoreTail, "phone/last-digits"
	case (h.at < 0 || h.cue == vocabulary.OTP) && len(c.digits) == 4 && !amount && t.numberEnds(first, last):
		score, rule = scoreEnds, "phone/last-digits"
	case h.cue != vocabulary.NoCue && h.at < 0:
		score -= 0.05
	case h.cue != vocabulary.NoCue:
		score -= 0.2 * h.near
	}
	if amount {
		score -= amountPenalty
	}
	if !c.alone {
		score -= partPenalty
	}
	if t.numbers.groups[c.from].glued {
		score -= 0.3
	}
	return min(score, 0.98), rule
}

// maxNumberLead is how many tokens «номер» stands before its last digits.
const maxNumberLead = 8

// numberEnds reports «номер мой прежний, на 44-18 заканчивается» and "the number ending in 4471" around tokens first to last.
func (t *Text) numberEnds(first, last int) bool {
	if !t.endsWith(last) && !(t.isWord(first-1) && t.says(first-1, "in with на") && t.tailBefore(first)) {
		return false
	}
	for i := first - 1; i >= 0 && i >= first-maxNumberLead; i-- {
		if t.says(i, "номер телефон number phone mobile") {
			return true
		}
	}
	return false
}

// endsWith reports «заканчивается» at token i.
func (t *Text) endsWith(i int) bool {
	return t.says(i, "заканчивается кончается оканчивается заканчиваются")
}

// maxStarredTokens is how many tokens a phone has some of whose digits are stars, on each side of the first star.
const maxStarredTokens = 16

// starredPhone reads «+7 913 *** ** 58» and «8 (9**) ***-12-34» around the first star at token i. The end is 0 if no phone
// stands there.
func (t *Text) starredPhone(i int) (from, to int) {
	from = i
	for n := 0; n < maxStarredTokens && from > 0 && t.tok[from].gap <= oneSpace && t.ofStarred(from-1); n++ {
		from--
	}
	for from < i && t.tok[from].kind == signToken && t.tok[from].key != '+' {
		from++
	}
	digits, last := 0, 0
	for to = from; to < len(t.tok) && to < i+maxStarredTokens && (to == from || t.tok[to].gap <= oneSpace) && t.ofStarred(to); to++ {
		switch tok := &t.tok[to]; {
		case tok.kind == numberToken:
			digits, last = digits+int(tok.n), to+1
		case tok.key == '*':
			digits++
		}
	}
	first := from
	if t.sign(first, '+') {
		first++
	}
	country := first < i && t.tok[first].kind == numberToken && (first > from || t.tok[first].key == 7 || t.tok[first].key == 8)
	if !country || last <= i || digits < 10 || digits > 12 {
		return 0, 0
	}
	return from, last
}

// ofStarred reports what stands in a phone with stars.
func (t *Text) ofStarred(i int) bool {
	switch tok := &t.tok[i]; {
	case tok.kind == numberToken:
		return tok.n <= 5
	case tok.kind == signToken:
		return tok.key == '*' || tok.key == '-' || tok.key == '(' || tok.key == ')' || tok.key == '+'
	}
	return false
}

// phoneMost is the highest score of so many digits without a cue.
func phoneMost(digits int) float32 {
	switch {
	case digits == 4:
		return scoreTail
	case digits == 7:
		return scoreCity
	case digits >= 10 && digits <= maxPhoneDigits:
		return scorePlus
	}
	return 0
}

// phoneCued is the highest score of so many digits of an amount with a cue.
func phoneCued(digits int) float32 {
	if digits <= maxAmount {
		return scoreCuedCity
	}
	return 1
}

const (
	scorePlus = 0.95
	scoreCity = 0.56
	scoreTail = 0.62 // of «последние цифры»
	scoreEnds = 0.72 // of «номер заканчивается на»

	scoreCuedCity = 0.8 // the most that cuedPhone gives to a number without its code
)

// scoreInternational is that of digits that only their number plan makes a phone.
const scoreInternational = 0.5

// phoneForm weighs what the digits and their grouping tell by themselves. The plans of the world are dear, and asked only if
// they may decide.
func (t *Text) phoneForm(c *candidate, plans bool) (float32, string) {
	d := c.digits
	if len(d) == 7 && t.shapeIs(c, shapeCity) && t.separated(c, '-') && !t.numbers.groups[c.from].spoken {
		return scoreCity, "phone/city-layout"
	}
	if len(d) > maxPhoneDigits || len(d) < 10 {
		return 0, ""
	}
	if t.plusBefore(c.first) {
		if _, ok := numberplan.Valid(d); ok {
			return scorePlus, "phone/plus"
		}
		return 0.6, "phone/plus"
	}
	grouped := c.to-c.from > 1
	switch {
	case len(d) == 11 && (d[0] == '7' || d[0] == '8'):
		if !numberplan.ValidNational(russia, d[1:]) {
			if t.shapeIs(c, shapeRussian) && t.separated(c, '-') {
				return 0.75, "phone/ru-layout"
			}
			return 0, ""
		}
		if grouped || d[1] == '9' {
			return 0.85, "phone/ru"
		}
		return 0.7, "phone/ru"
	case len(d) == 11 && d[0] == '0' && (d[1] == '1' || d[1] == '2' || d[1] == '7') && t.saidInLatin(c): // Britain: a town or a mobile
		return 0.62, "phone/uk-spoken"
	case len(d) == 10 && numberplan.ValidNational(russia, d):
		return t.nationalForm(c), "phone/ru-national"
	case len(d) == 10 && t.shapeIs(c, shapeMobileLong) && (t.bracketBefore(c) || t.separated(c, '-') || t.separated(c, '.')):
		return 0.56, "phone/north-america"
	case len(d) >= 12 && d[0] == '0' && d[1] == '0':
		if _, ok := numberplan.Valid(d[2:]); ok {
			return 0.7, "phone/international"
		}
	case len(d) >= 13 && string(d[:3]) == "810":
		if _, ok := numberplan.Valid(d[3:]); ok {
			return 0.7, "phone/international"
		}
	case len(d) >= 11 && grouped && plans && !uniformGroups(t, c):
		if _, ok := numberplan.Valid(d); ok {
			return scoreInternational, "phone/international"
		}
	}
	return 0, ""
}

// saidInLatin reports digits said one by one in English: "oh seven nine double four one".
func (t *Text) saidInLatin(c *candidate) bool {
	first := t.numbers.groups[c.from]
	return first.spoken && t.tok[first.from].kind == latinToken && c.to-c.from > 6
}

// nationalForm weighs ten digits without 7 or 8: mobile ones are written so, city ones hardly without their brackets.
func (t *Text) nationalForm(c *candidate) float32 {
	mobile := c.digits[0] == '9'
	switch {
	case t.shapeIs(c, shapeMobile) || t.shapeIs(c, shapeMobileLong):
		if mobile {
			return 0.82
		}
		return 0.6
	case t.shapeIs(c, shapeArea) && t.numbers.groups[c.to-1].sep == '-':
		return 0.56
	case mobile && c.to-c.from > 1:
		return 0.66
	case string(c.digits[:3]) == "800" && c.to-c.from > 1:
		return 0.6
	case mobile:
		return 0.6
	case t.bracketBefore(c):
		return 0.6
	}
	return 0.1 // enough for a cue to raise
}

var (
	shapeMobile     = []uint8{3, 3, 2, 2}
	shapeMobileLong = []uint8{3, 3, 4}
	shapeRussian    = []uint8{1, 3, 3, 2, 2}
	shapeCity       = []uint8{3, 2, 2}
	shapeArea       = []uint8{4, 2, 2, 2}
)

// separated reports whether this sign alone stands between all groups.
func (t *Text) separated(c *candidate, sep byte) bool {
	for _, g := range t.numbers.groups[c.from+1 : c.to] {
		if g.sep != sep {
			return false
		}
	}
	return true
}

// uniformGroups reports groups of four: a card or a policy, never a phone.
func uniformGroups(t *Text, c *candidate) bool {
	for _, g := range t.numbers.groups[c.from:c.to] {
		if g.n != 4 {
			return false
		}
	}
	return true
}

// cuedPhone weighs what only a cue makes a phone: a number of an unknown plan, a city number without its code, the
// last digits.
func (t *Text) cuedPhone(c *candidate, h hint) (float32, string) {
	switch n := len(c.digits); {
	case n >= 10 && n <= maxPhoneDigits:
		return 0.45 + 0.3*h.near, "phone/cue"
	case n >= minPhoneDigits && n <= 9:
		score := 0.3 + 0.35*h.near
		if n <= 7 && c.to-c.from == 3 && t.separated(c, '-') { // «44-18-20»
			score += 0.15
		}
		return score, "phone/city"
	case n == 4 && string(c.digits) != "8800" && !(c.to-c.from == 2 && t.numbers.groups[c.to-1].sep == '.'): // a date
		return 0.1 + 0.45*h.near, "phone/last-digits"
	}
	return 0, ""
}

// plusBefore reports a plus sign glued to the token.
func (t *Text) plusBefore(i int) bool {
	if i == 0 || t.tok[i].gap != noGap {
		return i > 0 && t.tok[i-1].vocab.Class == vocabulary.Symbol && t.tok[i-1].vocab.Arg == '+'
	}
	return t.tok[i-1].key == '+' && t.tok[i-1].kind == signToken
}

func (t *Text) bracketBefore(c *candidate) bool {
	i := c.first
	return i > 0 && t.tok[i-1].key == '(' && t.tok[i-1].kind == signToken
}

const maxExtension = 6 // digits

// extensionEnd gives where a phone ends whose digits end before token i: «, доб. 105», «(внутр. 45)», «#22» belong to it.
func (t *Text) extensionEnd(i int) int {
	end := int(t.tok[i-1].end)
	j, bracket := i, false
	for j < len(t.tok) && j < i+2 && t.tok[j].kind == signToken && (t.tok[j].key == ',' || t.tok[j].key == '(' || t.tok[j].key == ';') {
		bracket = bracket || t.tok[j].key == '('
		j++
	}
	if j >= len(t.tok) || t.tok[j].gap > oneSpace {
		return end
	}
	if t.tok[j].vocab.Class != vocabulary.Ext && !(t.tok[j].key == '#' && t.tok[j].kind == signToken) && !(t.says(j, "x") && t.glued(j+1)) {
		return end
	}
	j++
	for j < len(t.tok) && (t.tok[j].key == '.' || t.tok[j].key == ':') && t.tok[j].kind == signToken {
		j++
	}
	to := t.extensionDigits(j)
	if to == 0 {
		return end
	}
	j = to
	if bracket && j < len(t.tok) && t.tok[j].key == ')' && t.tok[j].kind == signToken {
		j++
	}
	return int(t.tok[j-1].end)
}

// extensionDigits gives the token behind the digits of an extension at token i, 0 if there are none.
func (t *Text) extensionDigits(i int) int {
	g, ok := t.groupStarting(i)
	if !ok || g.n > maxExtension {
		return 0
	}
	if end := t.digitsSaid(i, 1, maxExtension); g.spoken && end > 0 {
		return end
	}
	if to := int(g.to); t.sign(to, '-') && t.glued(to) && t.glued(to+1) {
		if next, ok := t.groupStarting(to + 1); ok && g.n+next.n <= maxExtension {
			return int(next.to)
		}
	}
	return int(g.to)
}

// maxExtensionWords is how many small words stand between an extension and its word: «добавочный если что сто четырнадцать».
const maxExtensionWords = 4

const ruleExtension = "phone/extension"

// recognizeExtensions finds extensions that are told without their telephone: «её добавочный 205».
func recognizeExtensions(dst []Span, t *Text) []Span {
	for _, at := range t.triggers {
		i := int(at.at)
		if at.on&onExtension == 0 || t.tok[i].vocab.Class != vocabulary.Ext || t.says(i, "int") {
			continue
		}
		for i++; i < len(t.tok) && (t.sign(i, '.') || t.sign(i, ':') || t.says(i, "номер номером номера number")); {
			i++
		}
		for n := 0; n < maxExtensionWords && t.near(i) && t.groupIndex(i) < 0 && (t.tok[i].vocab.Class == vocabulary.Filler || t.says(i, "если что у него нее меня там будет его ее мой такой вроде кажется is would be")); n++ {
			i++
		}
		if i >= len(t.tok) || t.tok[i].gap > oneSpace {
			continue
		}
		if to := t.extensionDigits(i); to > 0 && !t.unitAfter(to) && int(t.numbers.groups[t.groupIndex(i)].n)+to-i > 2 {
			dst = append(dst, t.span(i, to, PHONE, 0.52, ruleExtension))
		}
	}
	return dst
}
