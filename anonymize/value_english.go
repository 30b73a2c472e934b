package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Values in the words of English that the tables of numbers do not have: an expiry with its month, a birth date in figures
// that are said, the last four digits, the number of a bank account, plates and licences.

const (
	scoreEnglishValue = 0.9
	labelWithin       = 10 // tokens between a value and the words that tell what it is
)

// recognizeEnglishValues finds them.
func recognizeEnglishValues(dst []Span, t *Text) []Span {
	if t.writing.kinds[latinToken] == 0 {
		return dst
	}
	for _, r := range t.numbers.runs {
		dst = t.englishRun(dst, r)
	}
	for _, at := range t.triggers {
		if at.on&onMonth != 0 {
			if from, to := t.namedExpiry(int(at.at)); to > from {
				dst = append(dst, t.span(from, to, CARD_EXPIRY, scoreEnglishValue, "card-expiry/named-month"))
			}
		}
		if at.on&onCue != 0 && t.isLatin(int(at.at)) {
			dst = t.englishDocument(dst, int(at.at))
		}
	}
	return dst
}

// englishRun weighs a run of digits by the words before it.
func (t *Text) englishRun(dst []Span, r run) []Span {
	groups := t.numbers.groups[r.from:r.to]
	from, to := int(groups[0].from), int(groups[len(groups)-1].to)
	if from > 0 && !t.isLatin(from-1) && t.tok[from-1].kind != signToken || from == 0 && t.asked == vocabulary.NoCue {
		return dst
	}
	digits := int32(0)
	for _, g := range groups {
		digits += g.n
	}
	if !groups[0].spoken && digits != 4 && (digits < 6 || digits > 17) {
		return dst
	}
	h := t.hintOf(from, to, 0)
	switch {
	case (digits == 10 || digits == 11) && h.cue != vocabulary.Order && h.cue != vocabulary.Account && t.writing.mostlyLatin() && t.isEnglishPhone(r):
		return append(dst, t.span(from, to, PHONE, 0.66, "phone/english"))
	case digits == 4 && groups[0].spoken && t.isLatin(from) && h.cue == vocabulary.Card && t.tailBefore(from):
		return append(dst, t.span(from, to, CARD, 0.7, "card/last-four"))
	case digits == 4 && (h.cue == vocabulary.SSN || t.asked == vocabulary.SSN && h.cue == vocabulary.NoCue):
		return append(dst, t.span(from, to, US_SSN, 0.8, "us-ssn/last-four"))
	case digits >= 6 && digits <= 17 && t.isBankAccount(from):
		return append(dst, t.span(from, to, BANK_ACCOUNT, 0.86, "bank-account/english"))
	case digits == 6 && h.cue == vocabulary.BIK && t.says(h.at, "code sort"), digits == 9 && h.cue == vocabulary.BIK && h.at >= 0 && t.isLatin(h.at):
		return append(dst, t.span(from, to, BIK, scoreEnglishValue, "bik/english"))
	case groups[0].spoken && h.cue == vocabulary.Expiry && t.isSaidExpiry(groups) && (h.at < 0 || t.isLatin(h.at) && !t.expiresOther(h.at)):
		return append(dst, t.span(from, to, CARD_EXPIRY, scoreEnglishValue, "card-expiry/said"))
	case h.cue == vocabulary.Birth && (h.at < 0 || t.isLatin(h.at)) && t.isSaidBirth(groups):
		return append(dst, t.span(from, to, BIRTH_DATE, scoreEnglishValue, "birth-date/said"))
	}
	return dst
}

// isEnglishPhone reports a British number with its zero, or an American one that is said digit by digit.
func (t *Text) isEnglishPhone(r run) bool {
	groups, d := t.numbers.groups[r.from:r.to], t.numbers.digitsOf(int(r.from), int(r.to))
	said := groups[0].spoken && len(groups) > 5
	switch {
	case len(d) == 11 && d[0] == '0' && d[1] != '0' && d[1] != '4' && d[1] != '5' && d[1] != '6':
		return said || len(groups) == 2 && groups[0].n >= 3 || len(groups) == 3 && groups[0].n >= 3 && groups[0].n <= 5 && groups[1].n >= 3
	case len(d) == 10 && d[0] >= '2' && d[3] >= '2':
		return said
	}
	return false
}

// isSaidExpiry reports a month and a year that are said, "oh five twenty seven", "five twenty eight".
func (t *Text) isSaidExpiry(groups []group) bool {
	if t.groupValue(groups[0]) == 0 && groups[0].n == 1 {
		groups = groups[1:]
	}
	if len(groups) == 3 && t.groupValue(groups[1]) == 20 {
		return isMonth(t.groupValue(groups[0])) && groups[2].n == 2 && t.groupValue(groups[2]) >= 22
	}
	if len(groups) != 2 || !isMonth(t.groupValue(groups[0])) {
		return false
	}
	year := t.groupValue(groups[1])
	return year >= 22 && year <= 45 || year >= 2022 && year <= 2045
}

// isBankAccount reports whether the words before token i speak of an account, and the text of a bank.
func (t *Text) isBankAccount(i int) bool {
	account := false
	for j := i - 1; j >= max(0, i-labelWithin/2); j-- {
		switch {
		case t.says(j, "account acct"):
			account = true
		case t.isFigureAt(j):
			j = 0
		}
	}
	if !account {
		return false
	}
	for j := max(0, i-2*labelWithin); j < min(len(t.tok), i+2*labelWithin); j++ {
		if t.isLatin(j) && t.says(j, "bank banking sort routing checking savings aba iban swift deposit debit transfer wire payee barclays lloyds natwest hsbc santander chase") {
			return true
		}
	}
	return false
}

// isSaidBirth reports groups that make a date: "oh three fourteen eighty four", "seven nine nineteen eighty eight", or the year
// behind "born in".
func (t *Text) isSaidBirth(groups []group) bool {
	if groups[0].dated || !groups[0].spoken || !t.isLatin(int(groups[0].from)) || len(groups) < 2 || len(groups) > 7 {
		return false
	}
	var values [7]int
	n, zero := 0, false
	for i := range groups {
		v := t.groupValue(groups[i])
		if v < 0 {
			return false
		}
		if v == 0 && groups[i].n == 1 {
			zero = true
			continue
		}
		if zero && v > 9 {
			return false
		}
		values[n], zero = v, false
		n++
	}
	year := values[max(n-1, 0)]
	switch {
	case n == 2:
		return (values[0] == 19 || values[0] == 20) && year < 100 && t.says(int(groups[0].from)-1, "in")
	case n == 3:
		return isDayMonth(values[0], values[1]) && (isYear(year) || year < 100)
	case n == 4:
		return isDayMonth(values[0], values[1]) && (values[2] == 19 || values[2] == 20) && year < 100
	}
	return false
}

// namedExpiry gives the month at token i and the year behind it where a card is valid so long: "expires september twenty
// seven", "good thru March 2028".
func (t *Text) namedExpiry(i int) (from, to int) {
	if !t.isLatin(i) || t.tok[i].vocab.Class != vocabulary.Month {
		return 0, 0
	}
	next := i + 1
	if t.says(next, "of") || t.sign(next, ',') || t.sign(next, '\'') {
		next++
	}
	g, ok := t.groupStarting(next)
	if !ok || !t.near(next) {
		return 0, 0
	}
	end, v := int(g.to), t.groupValue(g)
	if v == 20 && g.spoken { // "twenty twenty eight"
		if more, ok := t.groupStarting(end); ok && more.spoken && more.n == 2 {
			v, end = t.groupValue(more), int(more.to)
		}
	}
	if v >= 100 {
		v -= 2000
	}
	if v < 22 || v > 45 || t.isFigureAt(end) && t.near(end) {
		return 0, 0
	}
	h := t.hintFor(i, end)
	if h.cue != vocabulary.Expiry || h.at >= 0 && t.expiresOther(h.at) {
		return 0, 0
	}
	if h.at >= 0 && t.says(h.at, "expires valid") && !t.aboutCard(i) {
		return 0, 0
	}
	return i, end
}

// expiresOther reports whether something else than a card expires: "my passport expires in March 2028".
func (t *Text) expiresOther(i int) bool {
	for j := i - 1; j >= max(0, i-labelWithin); j-- {
		if t.says(j, "passport licence license contract policy warranty offer trial membership lease subscription visa coupon voucher insurance agreement guarantee permit") {
			return !t.says(j, "visa") || t.says(j-1, "my the work student") && !t.aboutCard(j)
		}
		if t.says(j, "card") {
			return false
		}
	}
	return false
}

// englishDocument reads letters and digits behind the word for a plate or a licence at token i.
func (t *Text) englishDocument(dst []Span, i int) []Span {
	switch {
	case t.says(i, "plate reg registration numberplate tag") && t.cueAt(i) == vocabulary.Plate:
		if from, to := t.spelledBehind(i); to > 0 {
			return append(dst, t.span(from, to, PLATE, 0.87, "plate/english"))
		}
		if from, to := t.mixedBehind(i, 5, 8, 2); to > 0 {
			return append(dst, t.span(from, to, PLATE, 0.86, "plate/english"))
		}
	case t.says(i, "license licence") && t.cueAt(i) == vocabulary.Licence:
		if from, to := t.mixedBehind(i, 7, 16, 1); to > 0 {
			return append(dst, t.span(from, to, DRIVER_LICENSE, 0.86, "driver-license/english"))
		}
	}
	return dst
}

// spelledBehind gives the tokens of a plate that is said, "k t one nine v w x", behind the word for one at token i.
func (t *Text) spelledBehind(i int) (from, to int) {
	from = i + 1
	for n := 0; n < 3 && t.says(from, "is number its plate"); n++ {
		from++
	}
	letters, figures := 0, 0
	for to = from; to < len(t.tok) && to < from+maxCodeTokens && (to == from || t.tok[to].gap == oneSpace); to++ {
		switch {
		case t.isCount(to):
			figures++
		case t.isLatin(to) && t.tok[to].n == 1:
			letters++
		default:
			return from, plateEnd(to, letters, figures)
		}
	}
	return from, plateEnd(to, letters, figures)
}

func plateEnd(to, letters, figures int) int {
	if letters < 2 || figures < 2 || letters+figures < 5 || letters+figures > 8 {
		return 0
	}
	return to
}

// mixedBehind gives the tokens of letters and digits, in so many pieces at most, a few words behind token i; to is 0 if there
// are none of that length.
func (t *Text) mixedBehind(i, least, most, pieces int) (from, to int) {
	from = i + 1
	for n := 0; n < 4 && from < len(t.tok) && (t.says(from, "is number no plate its s are plates") || t.sign(from, ':') || t.sign(from, '#') || t.sign(from, '\'')); n++ {
		from++
	}
	letters, figures, runs, end := 0, 0, 0, from
	for ; end < len(t.tok) && end < from+maxCodeTokens; end++ {
		tok := &t.tok[end]
		if tok.kind != numberToken && tok.kind != latinToken {
			break
		}
		if end == from || tok.gap != noGap {
			if end > from && tok.gap > oneSpace || runs == pieces || !t.isPlatePiece(end, letters+figures) {
				break
			}
			runs++
		}
		if tok.kind == numberToken {
			figures += int(tok.n)
		} else {
			letters += int(tok.n)
		}
	}
	if letters == 0 || figures < 2 || letters+figures < least || letters+figures > most {
		return 0, 0
	}
	return from, end
}

// isPlatePiece reports whether the token may begin a piece of a plate: digits, or few letters that are no word.
func (t *Text) isPlatePiece(i, before int) bool {
	tok := &t.tok[i]
	switch {
	case tok.kind == numberToken:
		return true
	case tok.kind != latinToken:
		return false
	case t.glued(i + 1):
		return t.tok[i+1].kind == numberToken
	}
	return before > 0 && tok.n <= 4 && (tok.shape == upper || tok.n == 3 && !lexicon.IsPlain(tok.key))
}
