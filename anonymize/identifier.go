package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// An identifier is one row of the number rules: what a number of this kind looks like and what speaks for it. To add
// a kind, add a row and its check to the file of its country and lines to testdata/find.
type identifier struct {
	kind    Kind
	cue     vocabulary.Cue
	lengths uint32             // bit n is set if it may have n digits
	shape   []uint8            // lengths of the groups that are its own way of writing, nil if it has none
	check   func([]byte) check // nil if nothing can be checked
	bare    float32            // the score of a number that passes the check, without a cue
	shaped  float32            // the same in its own way of writing
	cued    float32            // the score with a cue, whatever the check says: people and speech recognition err
	rule    string
}

// A check says what the digits tell by themselves.
type check uint8

const (
	unknown check = iota
	valid
	invalid
)

func verdict(ok bool) check {
	if ok {
		return valid
	}
	return invalid
}

// identifiers are all rows. The tables stand in the data of the program: nothing is built at start.
var identifiers = [...][]identifier{identifiersRU, identifiersCIS, identifiersIntl}

// numberLengths are the lengths that any rule knows, 3 to 20 digits.
const numberLengths = 1<<21 - 1<<3

const (
	maxNumberDigits = 24
	maxNumberGroups = 24
	cuedFloor       = 0.45 // how near a cue must be to make a number of what fails the check
)

// recognizeIdentifiers finds the best division of every run into values.
func recognizeIdentifiers(dst []Span, t *Text) []Span {
	for _, r := range t.numbers.runs {
		t.reread(r)
		dst = t.identify(dst, r)
	}
	return dst
}

// A choice is the best that can be made of the groups of a run up to one of them.
type choice struct {
	worth float32
	span  Span  // the value that ends here
	from  int32 // its first group; the group itself if none ends here
}

// identify tries every stretch of whole groups of a run once, and keeps those that together explain the most digits.
func (t *Text) identify(dst []Span, r run) []Span {
	n := &t.numbers
	best := append(n.best[:0], choice{})
	inner := t.innerLengths(r)
	for to := r.from + 1; to <= r.to; to++ {
		now := choice{worth: best[to-r.from-1].worth, from: -1}
		digits := int32(0)
		for from := to - 1; from >= r.from && to-from <= maxNumberGroups; from-- {
			digits += n.groups[from].n
			if digits > maxNumberDigits || n.groups[from].dated {
				break
			}
			if numberLengths&(1<<digits) == 0 {
				continue
			}
			c := candidate{run: r, from: int(from), to: int(to)}
			if inner&(1<<digits) == 0 && !t.alone(c) {
				continue
			}
			c.digits = n.digitsOf(c.from, c.to)
			s := t.classify(c)
			if s.Score == 0 || s.Score < lowest(s.Kind, t.minScore, t.minScores) {
				continue
			}
			if worth := best[from-r.from].worth + (s.Score-0.3)*float32(digits); worth > now.worth {
				now = choice{worth, s, from}
			}
		}
		best = append(best, now)
	}
	n.best = best
	return t.appendChoices(dst, r, best)
}

// manyGroups is from how many groups on a run is worth a look at it as a whole first.
const manyGroups = 4

// innerLengths gives the lengths that a part of a run may have to be anything. Where no cue speaks of it, a part of most
// lengths cannot reach the least score: «1 1 1 1 …» has 24 stretches that end at each group.
func (t *Text) innerLengths(r run) uint32 {
	groups := t.numbers.groups[r.from:r.to]
	if len(groups) < manyGroups || t.asked|t.askedToo != vocabulary.NoCue {
		return numberLengths
	}
	if before, after := t.cuesNear(int(groups[0].from), int(groups[len(groups)-1].to)); before || after {
		return numberLengths
	}
	lengths, low := uint32(0), t.floor()
	for n, most := range t.numbers.index().most {
		if most-partPenalty >= low {
			lengths |= 1 << n
		}
	}
	return lengths
}

// appendChoices walks back over the choices. Their spans come out from right to left, which resolve sorts.
func (t *Text) appendChoices(dst []Span, r run, best []choice) []Span {
	for to := r.to; to > r.from; {
		c := best[to-r.from]
		if c.from < 0 {
			to--
			continue
		}
		dst = t.appendPieces(dst, int(c.from), int(to), c.span)
		to = c.from
	}
	return dst
}

// A candidate is a stretch of groups of one run.
type candidate struct {
	run      run
	from, to int // groups, half-open
	digits   []byte
}

// whole reports whether the candidate is all of its run.
func (c candidate) whole() bool { return c.from == int(c.run.from) && c.to == int(c.run.to) }

// classify gives the best kind of the candidate.
func (t *Text) classify(c candidate) Span {
	first, last := int(t.numbers.groups[c.from].from), int(t.numbers.groups[c.to-1].to)
	h := t.hintOf(first, last, len(c.digits))
	best, low, part := Span{}, t.floor(), float32(0)
	if !t.alone(c) {
		part = partPenalty
	}
	index := t.numbers.index()
	if h.cue == vocabulary.NoCue && index.most[len(c.digits)]-part < low {
		return Span{} // nearly all stretches of a long run
	}
	amount := len(c.digits) <= 9 && (t.unitAfter(last) || t.currencyBefore(first))
	for _, row := range index.byLength[len(c.digits)] {
		// Few rows can win without their cue, and a check is dear.
		if most := row.most() - part; !row.hears(h.cue) && (most <= best.Score || most < low) {
			continue
		}
		if score := t.score(row, c, h, amount); score > best.Score {
			best = Span{Kind: row.kind, Score: score, Rule: row.rule}
		}
	}
	if score, rule := t.phone(c, h, first, last, amount); score > best.Score {
		best = Span{Kind: PHONE, Score: score, Rule: rule}
	}
	return best
}

// floor is the score below which nothing is of use, whatever its kind.
func (t *Text) floor() float32 {
	if len(t.minScores) > 0 {
		return 0
	}
	return t.minScore
}

// hears reports whether the cue speaks for the row.
func (row *identifier) hears(c vocabulary.Cue) bool {
	return c == row.cue && c != vocabulary.NoCue || c == vocabulary.Issuer && row.kind == PASSPORT
}

// most is the highest score of the row without its cue.
func (row *identifier) most() float32 {
	if row.kind == BANK_ACCOUNT {
		return keyedAccount
	}
	return max(row.bare, row.shaped)
}

// A rowIndex is the tables of identifiers as the rules ask for them.
type rowIndex struct {
	byLength [maxNumberDigits + 1][]*identifier // in order: most lengths have a row or two
	most     [maxNumberDigits + 1]float32       // the highest score of so many digits without a cue
	lengths  [len(vocabulary.Cues)]uint32       // of the numbers that a cue announces
}

// index gives the index of all tables, which is made once for the memory of a text.
func (n *numbers) index() *rowIndex {
	if n.rows != nil {
		return n.rows
	}
	n.rows = new(rowIndex)
	rows := make([]*identifier, 0, 64) // of all lengths: an allocation, not one for each
	for length := range n.rows.byLength {
		from := len(rows)
		n.rows.most[length] = phoneMost(length)
		for _, table := range identifiers {
			for i := range table {
				if row := &table[i]; row.lengths&(1<<length) != 0 {
					rows = append(rows, row)
					n.rows.most[length] = max(n.rows.most[length], row.most())
					n.rows.lengths[row.cue] |= 1 << length
				}
			}
		}
		n.rows.byLength[length] = rows[from:len(rows):len(rows)]
	}
	return n.rows
}

// score weighs one row.
func (t *Text) score(row *identifier, c candidate, h hint, amount bool) float32 {
	fits := unknown
	if row.check != nil {
		fits = row.check(c.digits)
	}
	shaped := row.shape != nil && t.shapeIs(c, row.shape)
	if row.shape != nil && row.bare == 0 && row.shaped == 0 && !shaped && !(h.cue == vocabulary.Division && row.cue == h.cue && t.numbers.groups[c.from].spoken) {
		return 0 // a form of parts only
	}
	if len(c.digits) <= 4 && !c.whole() {
		return 0 // three digits inside a longer number are nothing
	}
	if row.kind == OTP && string(c.digits) == "8800" {
		return 0 // the code of calls free of charge
	}
	if first := t.numbers.groups[c.from]; row.kind == OTP && len(c.digits) > 6 && c.to-c.from > 1 && !first.spoken {
		return 0 // «5219-0031»: codes of seven and eight digits are sent in one piece
	}
	if row.kind == OTP && c.to-c.from == 1 && t.tailBefore(int(t.numbers.groups[c.from].from)) {
		return 0 // "a code by text to the number ending in 4471"
	}
	if row.kind == PASSPORT && len(c.digits) <= 6 && t.articleBefore(c) {
		return 0 // «серия GG-770-112»
	}
	if row.kind == PASSWORD && h.at >= int(t.numbers.groups[c.to-1].to) && t.tailBefore(int(t.numbers.groups[c.from].from)) {
		return 0 // «последние четыре 38 06 вижу и кодовое слово»
	}
	if row.kind == CVV && len(c.digits) == 4 && h.at >= int(t.numbers.groups[c.to-1].to) && t.says(h.at, "сзади") {
		return 0 // «да 51 89, сзади три цифры не говорите»
	}
	if row.kind == CVV && row.cue == vocabulary.OTP && !t.about(cardTopic) {
		return 0 // «код» of three digits is that of a card where one is spoken of
	}
	if row.kind == PASSPORT && row.cue == vocabulary.OTP && (!t.divisionMeant(int(t.numbers.groups[c.from].from)) || !shaped) {
		return 0 // «код» is that of the office behind a passport
	}
	if row.kind == CARD_EXPIRY && (fits == invalid || c.to-c.from == 1 || !t.aboutCard(int(t.numbers.groups[c.from].from))) {
		return 0 // «срок 2028»
	}
	if row.kind == BANK_ACCOUNT && len(t.numbers.biks) > 0 && t.keyed(c.digits) {
		return keyedAccount
	}
	score := float32(0)
	switch {
	case fits == invalid:
	case shaped && row.kind == DRIVER_LICENSE && t.topics[licenceTopic] > t.topics[passportTopic] && h.cue != vocabulary.Passport:
		score = licenceScore
	case shaped && row.shaped > 0:
		score = row.shaped
	case fits == valid:
		score = row.bare
	}
	switch {
	case row.kind == PASSPORT && len(c.digits) <= 6 && (t.numbers.groups[c.to-1].sep == '.' || t.timed(int(t.numbers.groups[c.from].from))):
		return 0 // a date or a time
	case row.hears(h.cue) && (h.cue == row.cue || shaped):
		if fits == valid || h.near >= cuedFloor {
			score = max(score, row.cued) + 0.2*h.near
		}
		if fits == invalid {
			score -= 0.15
		}
	case h.cue == vocabulary.Order && row.kind == CARD && fits == valid && isScheme(c.digits): // whatever it is called
	case h.cue == vocabulary.Order:
		score -= orderPenalty(h, fits, shaped)
	case h.cue != vocabulary.NoCue && h.at < 0 && shaped:
		score -= 0.02
	case h.cue != vocabulary.NoCue && fits != valid:
		score -= 0.25 * h.near
	}
	if t.numbers.groups[c.from].glued {
		score -= 0.3
	}
	if h.cue != row.cue && fits != valid && t.articleBefore(c) {
		score -= 0.3
	}
	if h.cue != row.cue && t.numberSignBefore(c) {
		score -= 0.3 // «№ 2025-118843»
	}
	if amount {
		score -= 0.6
	}
	if !t.alone(c) {
		score -= partPenalty
	}
	return min(score, 0.99)
}

// orderPenalty is what a number loses beside a word for an order. Check digits and a question that was asked for
// something else, too, weigh against it.
func orderPenalty(h hint, fits check, shaped bool) float32 {
	switch {
	case h.at < 0 && (fits == valid || shaped):
		return 0.05
	case fits == valid && shaped:
		return 0.2 * h.near
	}
	return 0.5 * h.near
}

// alone reports whether the candidate is all of its run but for dates: its neighbours do not belong to it.
func (t *Text) alone(c candidate) bool {
	g := t.numbers.groups
	return (c.from == int(c.run.from) || g[c.from-1].dated) && (c.to == int(c.run.to) || g[c.to].dated)
}

// numberSignBefore reports whether № stands before the candidate.
func (t *Text) numberSignBefore(c candidate) bool {
	i := int(t.numbers.groups[c.from].from)
	return i > 0 && t.tok[i-1].kind == signToken && t.tok[i-1].key == '№'
}

// articleBefore reports letters that a dash joins to the candidate, as in the numbers of parcels and goods: «DL-7730-118842».
func (t *Text) articleBefore(c candidate) bool {
	i := int(t.numbers.groups[c.from].from)
	return i > 1 && t.glued(i) && t.sign(i-1, '-') && t.glued(i-1) && t.isWord(i-2) && t.tok[i-2].n <= 5 && !t.spokenAt(i-2)
}

// licenceScore is the score of ten digits in the groups of a licence where licences are spoken of.
const licenceScore = 0.7

// keyedAccount is the score of an account whose key agrees with a BIK of the text.
const keyedAccount = 0.97

// partPenalty is what a number loses that is only a part of its run: its neighbours may belong to it.
const partPenalty = 0.2

// looseGroups is how many more groups speech may have than a shape: «шестьсот сорок ноль ноль три» is 640-003.
const looseGroups = 2

// shapeIs reports whether the groups of the candidate have these lengths, in speech those that end together.
func (t *Text) shapeIs(c candidate, shape []uint8) bool {
	groups := t.numbers.groups[c.from:c.to]
	if len(groups) < len(shape) || len(groups) > len(shape)+looseGroups {
		return false
	}
	at, left := 0, int32(shape[0])
	for i := range groups {
		if left == 0 {
			if at++; at == len(shape) {
				return false
			}
			left = int32(shape[at])
		}
		if left -= groups[i].n; left < 0 || left > 0 && !groups[i].spoken {
			return false
		}
	}
	return left == 0 && at == len(shape)-1
}

// appendPieces appends the groups as one span, or as several where other words stand inside.
func (t *Text) appendPieces(dst []Span, from, to int, s Span) []Span {
	groups := t.numbers.groups[from:to]
	if hasCut(groups) {
		s.value = groups[0].from + 1
	}
	s.Start = t.signedStart(int(groups[0].from), s.Kind)
	for i, g := range groups {
		if i > 0 && g.cut {
			dst = append(dst, s)
			s.Start = int(t.tok[g.from].start)
		}
		s.End = int(t.tok[g.to-1].end)
	}
	if s.Kind == PHONE {
		s.End = t.extensionEnd(int(groups[len(groups)-1].to))
	}
	return append(dst, s)
}

func hasCut(groups []group) bool {
	for _, g := range groups[1:] {
		if g.cut {
			return true
		}
	}
	return false
}

// signedStart gives where a value begins whose first digit is in token i: a phone takes its plus and bracket along.
func (t *Text) signedStart(i int, k Kind) int {
	if k == PHONE {
		for i > 0 && t.tok[i].gap == noGap && (t.tok[i-1].key == '+' || t.tok[i-1].key == '(') && t.tok[i-1].kind == signToken {
			i--
		}
		if i > 0 && t.tok[i-1].vocab.Class == vocabulary.Symbol && t.tok[i-1].vocab.Arg == '+' {
			i--
		}
	}
	return int(t.tok[i].start)
}
