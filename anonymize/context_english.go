package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// englishCues are words that are a cue only with the words around them: see englishCue.
const englishCues ownList = "5 number no social back routing aba reach text security sort through code driver"

// isEnglishCue reports one of them, or the letter before a number in a signature.
func (t *Text) isEnglishCue(i int) bool {
	tok := &t.tok[i]
	return tok.kind == latinToken && (englishCues.hasToken(tok) || tok.n == 1 && tok.shape != lower && t.says(i, "t m p d f c"))
}

// englishCue gives the cue that the words around an English word make of it, and whether they make any: "sort code", "security
// code", "area code", "my number", "the three digits on the back".
func (t *Text) englishCue(i int) (vocabulary.Cue, bool) {
	switch tok := &t.tok[i]; {
	case tok.n > 1 && !englishCues.hasToken(tok), tok.kind != latinToken:
	case tok.n == 1 && tok.shape != lower: // "T: 01622 496 018", in a signature
		return vocabulary.Phone, t.sign(i+1, ':') && (i == 0 || t.tok[i].gap == lineGap || t.tok[i-1].kind == signToken) && t.says(i, "t m p d f c") && (t.isFigureAt(i+2) || t.sign(i+2, '+') || t.sign(i+2, '('))
	case t.says(i, "code"):
		switch {
		case t.says(i-1, "security"):
			return vocabulary.CVV, true
		case t.says(i-1, "sort"):
			return vocabulary.BIK, true
		case t.says(i-1, "area dialling dialing country"):
			return vocabulary.Phone, true
		case t.says(i-1, "postal post zip"):
			return vocabulary.Index, true
		case t.says(i-1, "error discount promo product item source dress bar colour color tax coupon offer referral"):
			return vocabulary.Order, true
		}
	case t.says(i, "number no"):
		return t.englishNumber(i)
	case t.says(i, "social"):
		return vocabulary.SSN, !t.says(i+1, "media network club worker services care event post distancing")
	case t.says(i, "security"):
		if t.says(i-1, "social") {
			return vocabulary.SSN, true
		}
	case t.says(i, "sort"):
		return vocabulary.BIK, t.says(i+1, "code")
	case t.says(i, "back"):
		if t.says(i-1, "the") && t.says(i-2, "on") || t.says(i-1, "the") && t.says(i-2, "from") {
			for j := i - 3; j >= max(0, i-8); j-- {
				if t.says(j, "digits digit numbers number code three") {
					return vocabulary.CVV, true
				}
			}
		}
	case t.says(i, "through"):
		return vocabulary.Expiry, t.says(i-1, "good valid")
	case t.says(i, "routing aba"):
		return vocabulary.BIK, true
	case t.says(i, "driver"):
		return vocabulary.NoCue, !t.says(i+1, "license licence licences licenses") && !t.sign(i+1, '\'')
	case t.says(i, "reach"):
		return vocabulary.Phone, t.says(i+1, "me him her us them")
	case t.says(i, "text"):
		if t.says(i+1, "with saying") {
			return vocabulary.OTP, true
		}
		return vocabulary.Phone, t.isFigureAt(i+1) || t.says(i+1, "me him her") && t.says(i+2, "at on")
	}
	return vocabulary.NoCue, false
}

// englishNumber gives the cue of the "number" at token i by the word before it.
func (t *Text) englishNumber(i int) (vocabulary.Cue, bool) {
	switch {
	case t.says(i-1, "part item policy reference confirmation serial model member membership claim room lot batch docket job customer client employee staff badge locker gate seat table page extension"):
		return vocabulary.Order, true
	case t.says(i-1, "security social"):
		return vocabulary.SSN, true
	case t.says(i-1, "routing aba transit"):
		return vocabulary.BIK, true
	case t.says(i-1, "contact callback whatsapp landline home work daytime evening office mobile cell phone telephone cellphone"):
		return vocabulary.Phone, true
	case t.says(i-1, "my your his her their best another alternate alternative whose new old our") && !t.says(i+1, "of one two"):
		return vocabulary.Phone, true
	}
	return vocabulary.NoCue, false
}
