package anonymize

import "github.com/syntora/vual/anonymize/internal/lexicon"

// The end of a British or an American address needs no word: "Norwich NR1 1QE", "Albany, NY 12207". What stands before
// it, in capitals and between commas, leads there: "Unit 4, Heron Wharf", "812 Maple Ridge Dr, Apt 5".

const (
	rulePostcode     = "address/postcode-tail"
	maxPostcodeLead  = 20 // tokens from the number of the house to the postcode
	maxTownWords     = 3
	maxPostcodeWords = 6 // between two commas
)

// recognizePostcodes finds the addresses that end with a postcode of Britain or of the United States.
func recognizePostcodes(dst []Span, t *Text) []Span {
	for _, at := range t.triggers {
		if at.on&onNumber == 0 {
			continue
		}
		first, to := t.postcodeAround(int(at.at))
		if to == 0 {
			continue
		}
		from := t.postcodeLead(first)
		if from == first {
			from = t.townBefore(first)
		}
		if from < first {
			dst = append(dst, t.span(from, to, ADDRESS, scoreAddress, rulePostcode))
		}
	}
	return dst
}

// postcodeAround gives the tokens of a postcode whose first digits are token i: the outer half of "NR1 1QE", or the
// number behind a state. The end is 0 if there is none.
func (t *Text) postcodeAround(i int) (from, to int) {
	if t.tok[i].kind != numberToken || i == 0 || t.tok[i-1].kind != latinToken || t.tok[i-1].shape != upper || t.tok[i-1].n > 2 || t.glued(i-1) {
		return 0, 0
	}
	if t.tok[i].n == 5 && t.tok[i].gap == oneSpace && t.tok[i-1].n == 2 && isState(t.s[t.tok[i-1].start:t.tok[i-1].end]) {
		to = i + 1
		if t.sign(to, '-') && t.glued(to) && t.glued(to+1) && t.tok[to+1].kind == numberToken && t.tok[to+1].n == 4 {
			to += 2
		}
		return i - 1, to
	}
	if t.tok[i].n > 2 || !t.glued(i) {
		return 0, 0
	}
	inner := i + 1
	if t.glued(inner) && t.tok[inner].kind == latinToken && t.tok[inner].n == 1 { // "EC1A 1BB"
		inner++
	}
	if inner+1 < len(t.tok) && t.tok[inner].gap == oneSpace && t.tok[inner].kind == numberToken && t.tok[inner].n == 1 &&
		t.glued(inner+1) && t.tok[inner+1].kind == latinToken && t.tok[inner+1].n == 2 && t.tok[inner+1].shape == upper && !t.gluedWord(inner+2) {
		return i - 1, inner + 2
	}
	return 0, 0
}

func (t *Text) gluedWord(i int) bool { return t.glued(i) && t.tok[i].kind != signToken }

// postcodeLead goes back from a postcode over the town and what stands between commas before it, and gives the first
// token of the address, i if nothing leads there.
func (t *Text) postcodeLead(i int) int {
	start := i
	if t.sign(start-1, ',') {
		start--
	}
	town := t.segmentBefore(start, maxTownWords)
	if town == start || t.tok[town].kind == numberToken {
		return i
	}
	from, number := i, false
	for comma := town; t.sign(comma-1, ',') && i-comma < maxPostcodeLead; {
		first := t.segmentBefore(comma-1, maxPostcodeWords)
		if first == comma-1 || t.isPersonSegment(first, comma-1) {
			break
		}
		for j := first; j < comma-1; j++ {
			number = number || t.tok[j].kind == numberToken
		}
		number = number || t.isStrongLane(comma-2) && comma-2 > first // "The Old Rectory, Mill Lane"
		from, comma = first, first
	}
	if !number {
		return i
	}
	return from
}

// townBefore gives the first token of the town that stands before a comma and the state with its ZIP at token i: "Round Rock,
// TX 78664", i if none does.
func (t *Text) townBefore(i int) int {
	if !t.sign(i-1, ',') || t.tok[i].n != 2 {
		return i
	}
	first := i - 1
	for n := 0; n < maxTownWords && first > 0 && t.isTownWord(first-1) && t.tok[first-1].shape == title && (n == 0 || t.tok[first].gap == oneSpace); n++ {
		first--
	}
	if first == i-1 {
		return i
	}
	return first
}

// isPersonSegment reports who is written to, before his address: "Hope Holloway, 77 King's Road".
func (t *Text) isPersonSegment(from, to int) bool {
	if to-from < 1 || to-from > 3 || !t.isLatin(from) || t.isBuilding(to-1) || t.isLane(to-1) {
		return false
	}
	for i := from; i < to; i++ {
		if !t.isLatin(i) {
			return false
		}
	}
	tok := &t.tok[from]
	return tok.class.Is(lexicon.FirstName) && (to-from > 1 || !tok.class.Is(lexicon.Toponym|lexicon.Region))
}

// segmentBefore gives the first of the capitalised words and numbers that end before token i.
func (t *Text) segmentBefore(i, most int) int {
	first := i
	for first > 0 && most > 0 && (first == i || t.tok[first].gap <= oneSpace) {
		tok := &t.tok[first-1]
		switch {
		case tok.kind == latinToken && tok.shape != lower, tok.kind == numberToken && tok.n <= maxFlatDigits:
			most--
		case tok.kind == latinToken && tok.gap == noGap && tok.n <= 2, // "12b", "4th"
			tok.kind == signToken && (tok.key == '.' || tok.key == '\'' || tok.key == '’') && tok.gap == noGap && first < i,
			tok.kind == signToken && tok.key == '.' && tok.gap == noGap && first > 1 && t.tok[first-2].n <= maxAbbreviation,
			tok.kind == signToken && (tok.key == '#' || tok.key == '-' || tok.key == '/') && first < i:
		default:
			return t.segmentStart(first, i)
		}
		first--
	}
	return t.segmentStart(first, i)
}

// segmentStart drops the signs at the beginning of a segment.
func (t *Text) segmentStart(first, i int) int {
	for first < i && t.tok[first].kind == signToken && t.tok[first].key != '#' {
		first++
	}
	return first
}

// maxAbbreviation is how many letters stand before a full stop inside an address: "Ave.", "Blvd.".
const maxAbbreviation = 4

// isState reports the two letters of one of the United States (USPS Publication 28, appendix B).
func isState(s string) bool {
	switch s {
	case "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI",
		"MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA",
		"WA", "WV", "WI", "WY":
		return true
	}
	return false
}
