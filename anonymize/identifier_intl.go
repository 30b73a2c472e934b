package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Payment cards and what is said with them.
const (
	CARD Kind = "CARD" // also its last four digits
	CVV  Kind = "CVV"
	OTP  Kind = "OTP" // a one-time code
)

// US_SSN is the social security number of the United States.
const US_SSN Kind = "US_SSN"

var identifiersIntl = []identifier{
	{kind: CARD, cue: vocabulary.Card, lengths: 1 << 16, shape: []uint8{4, 4, 4, 4}, check: pan, bare: 0.72, shaped: 0.95, cued: 0.8, rule: "card/luhn"},
	{kind: CARD, cue: vocabulary.Card, lengths: 1 << 15, shape: []uint8{4, 6, 5}, check: pan, bare: 0.6, shaped: 0.9, cued: 0.8, rule: "card/luhn-15"},
	{kind: CARD, cue: vocabulary.Card, lengths: 1<<13 | 1<<14 | 1<<17 | 1<<18 | 1<<19, check: pan, bare: 0.5, cued: 0.75, rule: "card/luhn"},
	{kind: CARD, cue: vocabulary.Card, lengths: 1 << 16, shape: []uint8{4, 4, 4, 4}, shaped: 0.58, rule: "card/4-4-4-4"},
	{kind: CARD, cue: vocabulary.Card, lengths: 1<<8 | 1<<12, shape: nil, cued: 0.5, rule: "card/part"},
	{kind: CARD_EXPIRY, cue: vocabulary.Expiry, lengths: 1 << 4, check: monthYear, cued: 0.6, rule: "card-expiry/cue"},
	{kind: CVV, cue: vocabulary.CVV, lengths: 1<<3 | 1<<4, cued: 0.7, rule: "cvv/cue"},
	{kind: CVV, cue: vocabulary.OTP, lengths: 1 << 3, cued: 0.6, rule: "cvv/cue"},
	{kind: US_SSN, cue: vocabulary.SSN, lengths: 1 << 9, shape: []uint8{3, 2, 4}, check: ssn, shaped: 0.6, cued: 0.8, rule: "us-ssn/structure"},
	{kind: PASSWORD, cue: vocabulary.Password, lengths: 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<8, cued: 0.5, rule: "password/digits"},
	{kind: OTP, cue: vocabulary.OTP, lengths: 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<8, cued: 0.5, rule: "otp/cue"},
}

// pan checks a card number: a network's first digit and the check digit.
func pan(d []byte) check {
	if d[0] < '2' || d[0] > '6' {
		return invalid
	}
	return luhn(d)
}

// isScheme reports sixteen digits that begin as the cards of a payment scheme do: Mir, Visa, Mastercard, UnionPay.
func isScheme(d []byte) bool {
	if len(d) != 16 {
		return false
	}
	switch first := remainder(d[:4], 10_000); {
	case first >= 2200 && first <= 2204, first >= 2221 && first <= 2720, first >= 4000 && first <= 4999, first >= 5100 && first <= 5599, first >= 6200 && first <= 6299:
		return true
	}
	return false
}

// monthYear knows the months and the years that cards are valid to.
func monthYear(d []byte) check {
	year := remainder(d[2:], 100)
	return verdict(isMonth(remainder(d[:2], 100)) && year >= 22 && year <= 45)
}

// ssn knows the areas, groups and serials that are never given out (Social Security Administration, 20 CFR 422.103).
func ssn(d []byte) check {
	return verdict(string(d[:3]) != "000" && string(d[:3]) != "666" && d[0] != '9' && string(d[3:5]) != "00" && string(d[5:]) != "0000")
}
