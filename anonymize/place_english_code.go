package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A postcode in its many layouts: "NR1 1QE", "m20 4bx", "s w one a two a a", "94107-1234", "nine four one oh seven", "K1A 0B1".

const (
	maxCodeTokens = 9
	maxCodeSigns  = 9 // digits of a ZIP with its four digits more
)

// postcodeAt gives the token behind the postcode that begins at token i, 0 if none does.
func (t *Text) postcodeAt(i int) int {
	if i < 0 || i >= len(t.tok) || t.glued(i) && !t.sign(i-1, ',') {
		return 0
	}
	if end := t.zipAt(i); end > 0 {
		return end
	}
	return t.royalCode(i)
}

// zipAt reads five digits, or five and four.
func (t *Text) zipAt(i int) int {
	if t.tok[i].kind == numberToken {
		if t.tok[i].n != 5 || t.glued(i+1) && t.isLatin(i+1) {
			return 0
		}
		if t.sign(i+1, '-') && t.glued(i+1) && t.glued(i+2) && t.tok[i+2].kind == numberToken {
			if t.tok[i+2].n == 4 {
				return i + 3
			}
			return 0
		}
		return i + 1
	}
	if !t.isCount(i) {
		return 0
	}
	digits, end := int32(0), 0
	for g := t.groupAt(i); g < len(t.numbers.groups); g++ {
		group := &t.numbers.groups[g]
		if end == 0 && int(group.from) != i || end > 0 && int(group.from) != end && !(group.cut && int(group.from) <= end+2) {
			break
		}
		digits += group.n
		end = int(group.to)
	}
	if digits != 5 && digits != 9 {
		return 0
	}
	return end
}

// royalCode reads a postcode of letters and digits: British, "NR1 1QE", or Canadian, "K1A 0B1", written or said.
func (t *Text) royalCode(i int) int {
	var form [maxCodeSigns]byte
	n := 0
	for end := i; end < len(t.tok) && end < i+maxCodeTokens && n < maxCodeSigns; {
		tok := &t.tok[end]
		if end > i && tok.gap > oneSpace {
			break
		}
		switch {
		case tok.kind == latinToken && tok.n <= 2 && (tok.n == 1 || t.glued(end) || t.glued(end+1) || end == i || tok.shape == upper || n > 3) && tok.vocab.Class != vocabulary.Num:
			for range tok.n {
				if n < maxCodeSigns {
					form[n] = 'A'
					n++
				}
			}
			end++
		case tok.kind == numberToken && tok.n <= 3:
			for range tok.n {
				if n < maxCodeSigns {
					form[n] = '9'
					n++
				}
			}
			end++
		case t.isCount(end):
			g := t.groupAt(end)
			if g == len(t.numbers.groups) || int(t.numbers.groups[g].from) != end || t.numbers.groups[g].n > 3 {
				return 0
			}
			for range t.numbers.groups[g].n {
				if n < maxCodeSigns {
					form[n] = '9'
					n++
				}
			}
			end = int(t.numbers.groups[g].to)
		default:
			return 0
		}
		if isRoyalForm(string(form[:n])) && (end >= len(t.tok) || t.tok[end].gap != noGap || t.tok[end].kind == signToken) && !(n == 6 && t.codeGoesOn(end)) {
			return end
		}
	}
	return 0
}

// codeGoesOn reports one more letter of a code that is said: what was read so far is none yet.
func (t *Text) codeGoesOn(i int) bool {
	return t.near(i) && t.isLatin(i) && t.tok[i].n == 1 && t.tok[i].shape == lower && !t.says(i, "i a")
}

func isRoyalForm(form string) bool {
	switch form {
	case "A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA", "A9A9A9":
		return true
	}
	return false
}

// saidPostcode reads the postcode behind the word for one at token i: "zip is 78664", "postcode l s six one a b".
func (t *Text) saidPostcode(i int) (from, to int) {
	if t.tok[i].vocab.Cue() != vocabulary.Index || t.tok[i].kind != latinToken {
		return 0, 0
	}
	i++
	for n := 0; n < 4 && i < len(t.tok) && (t.near(i) || n > 0) && (t.says(i, "code is number would be") || t.says(i, "s") && t.sign(i-1, '\'') || t.sign(i, ':') || t.sign(i, ',') || t.sign(i, '\'')); n++ {
		i++
	}
	return i, t.postcodeAt(i)
}

// cuedPostcode reads the address behind the word "address" at token i that ends with a British postcode and has no number of a
// house: "my address is the old forge church street tarporley c w six oh a b".
func (t *Text) cuedPostcode(i int) (from, to int) {
	if !t.isLatin(i) || t.tok[i].vocab.Cue() != vocabulary.Address {
		return 0, 0
	}
	from = i + 1
	for n := 0; n < 4 && (t.says(from, "is as still at s") || t.sign(from, ':') || t.sign(from, '\'')); n++ {
		from++
	}
	for at := from; at < len(t.tok) && at < from+maxPostcodeLead && t.near(at); at++ {
		if !t.isLatin(at) && !t.sign(at, ',') || t.isCount(at) {
			break
		}
		if end := t.royalCode(at); end > 0 && at > from+1 {
			return from, end
		}
	}
	return 0, 0
}

const maxAnswerTokens = 8

// englishAnswer reads what answers a question for the postcode, and a flat told apart from its house.
func (t *Text) englishAnswer(dst []Span) []Span {
	if t.asked == vocabulary.Index {
		for i := 0; i < min(len(t.tok), maxAnswerTokens); i++ {
			if end := t.postcodeAt(i); end > 0 {
				return append(dst, t.span(i, end, ADDRESS, scorePart, ruleEnglish))
			}
		}
	}
	if !t.places.open {
		return dst
	}
	for _, at := range t.triggers {
		i := int(at.at)
		if at.on&(onNumber|onSaid) == 0 || i == 0 {
			continue
		}
		word := i - 1
		if t.says(word, "number no is") || t.sign(word, '.') || t.sign(word, '#') {
			word--
		}
		if end := t.unitAt(max(word, 0)); t.isUnitWord(word) && end > i && !t.says(word, "room studio") {
			from := word
			dst = append(dst, t.span(from, end, ADDRESS, scorePart, rulePart))
		}
	}
	return dst
}
