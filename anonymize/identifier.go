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
	minNumberDigits = 3
	maxNumberDigits = 24
	maxNumberGroups = 24
	cuedFloor       = 0.45 // how near a cue must be to make a number of what fails the check
)

// recognizeIdentifiers finds the best division of every run into values.
func recognizeIdentifiers(dst []Span, t *Text) []Span {
	for _, r := range t.numbers.runs {
		if t.numbers.groups[r.from].spoken {
			t.reread(r)
		}
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

// identify divides a run into the stretches of whole groups that together explain the most digits.
func (t *Text) identify(dst []Span, r run) []Span {
	n := &t.numbers
	may := t.lengthsIn(r)
	if may.whole != 0 && !may.dated {
		var c candidate
		n.stretch(&c, r, r.from, r.to)
		if s := t.classify(&c, may.unheard); s.Score > may.bound && t.isSure(&s) { // no division explains more
			return t.appendPieces(dst, c.from, c.to, s)
		}
	}
	if may.part == 0 && !may.dated {
		return dst
	}
	best := append(n.best[:0], choice{})
	for to := r.from + 1; to <= r.to; to++ {
		best = append(best, t.choose(r, to, &may, best))
	}
	n.best = best
	return t.appendChoices(dst, r, best)
}

// choose gives the best choice for the groups of a run before group to, where best has those for fewer groups.
func (t *Text) choose(r run, to int32, may *lengths, best []choice) choice {
	n := &t.numbers
	now := choice{worth: best[to-r.from-1].worth, from: -1}
	digits := int32(0)
	var c candidate
	for from := to - 1; from >= r.from && to-from <= maxNumberGroups; from-- {
		digits += n.groups[from].n
		if digits > maxNumberDigits || n.groups[from].dated {
			break
		}
		if (may.whole|may.part)&(1<<digits) == 0 {
			continue
		}
		if n.stretch(&c, r, from, to); !may.hold(&c) {
			continue
		}
		s := t.classify(&c, may.unheard)
		if !t.isSure(&s) {
			continue
		}
		if worth := best[from-r.from].worth + (s.Score-noWorth)*float32(digits); worth > now.worth {
			now = choice{worth, s, from}
		}
	}
	return now
}

// noWorth is the score of a value that explains nothing.
const noWorth = 0.3

// isSure reports whether a value is sure enough for its kind.
func (t *Text) isSure(s *Span) bool {
	return s.Score != 0 && s.Score >= lowest(s.Kind, t.minScore, t.minScores)
}

// lengths are those that a value may have, as bits: one that is alone in its run, and one that is a part of it.
type lengths struct {
	whole, part uint32
	bound       float32 // no division into parts is worth a score above it, and noWorth at least
	unheard     bool    // no word speaks of the run
	dated       bool    // there are dates in it
}

func (may *lengths) hold(c *candidate) bool {
	mask := may.part
	if c.alone {
		mask = may.whole
	}
	return mask&(1<<len(c.digits)) != 0
}

// lengthsIn gives the lengths that the values of a run may have to be anything. Where no word speaks of it, most lengths
// cannot reach the least score: a price, a year, all the stretches of «1 1 1 1 …».
func (t *Text) lengthsIn(r run) lengths {
	n := &t.numbers
	digits, dated := n.count(r)
	if digits < minNumberDigits {
		return lengths{}
	}
	may := lengths{bound: maxPart, dated: dated}
	if t.isUnheard(r, digits) {
		t.boundUnheard(&may, digits)
	} else {
		may.whole = numberLengths & (2<<digits - 1)
		may.part = may.whole &^ (1 << minNumberDigits)
	}
	if !dated {
		may.whole &= 1 << digits
	}
	switch r.to - r.from {
	case 1:
		may.part = 0
	case 2:
		may.part &= 1<<n.groups[r.from].n | 1<<n.groups[r.from+1].n
	}
	if may.part == 0 {
		may.bound = noWorth
	}
	return may
}

// isUnheard reports that nothing speaks of a run: no cue near it, no question, no word for what is sent.
func (t *Text) isUnheard(r run, digits int) bool {
	if t.asked|t.askedToo != vocabulary.NoCue {
		return false
	}
	first, last := int(t.numbers.groups[r.from].from), int(t.numbers.groups[r.to-1].to)
	before, after := t.cuesNear(first, last)
	return !before && !after && !(digits >= minSentDigits && t.sentBefore(first))
}

// boundUnheard sets the lengths that can reach the least score without a word, up to so many digits.
func (t *Text) boundUnheard(may *lengths, digits int) {
	may.unheard, may.bound = true, noWorth
	low, most := t.floor(), &t.numbers.index().most
	for d := minNumberDigits; d <= digits; d++ {
		if most[d] < low {
			continue
		}
		may.whole |= 1 << d
		if most[d] >= keyedAccount {
			may.part, may.bound = may.part|1<<d, most[d]
		} else if part := most[d] - partPenalty; part >= low {
			may.part, may.bound = may.part|1<<d, max(may.bound, part)
		}
	}
}

// maxPart is the highest score of a part of a run: an account that agrees with a BIK, or what a cue makes of a card in groups.
const maxPart = keyedAccount

// count gives how many digits a run has, maxNumberDigits for more, and whether there are dates in it.
func (n *numbers) count(r run) (digits int, dated bool) {
	for i := r.from; i < r.to && digits < maxNumberDigits; i++ {
		g := &n.groups[i]
		digits, dated = digits+int(g.n), dated || g.dated
	}
	return min(digits, maxNumberDigits), dated
}

// appendChoices walks back over the choices. Their spans come out from right to left, which resolve sorts.
func (t *Text) appendChoices(dst []Span, r run, best []choice) []Span {
	for to := r.to; to > r.from; {
		c := &best[to-r.from]
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
	from, to    int // groups, half-open
	first, last int // tokens, half-open
	digits      []byte
	alone       bool // it is all of its run but for dates: its neighbours do not belong to it
	whole       bool // it is all of its run
	amount      bool // it is one of money or time
	hint        hint
}

// stretch sets the candidate of groups from to to.
func (n *numbers) stretch(c *candidate, r run, from, to int32) {
	g := n.groups
	c.from, c.to, c.first, c.last = int(from), int(to), int(g[from].from), int(g[to-1].to)
	c.digits = n.digitsOf(c.from, c.to)
	c.whole = from == r.from && to == r.to
	c.alone = c.whole || (from == r.from || g[from-1].dated) && (to == r.to || g[to].dated)
}

// classify gives the best kind of the candidate.
func (t *Text) classify(c *candidate, unheard bool) Span {
	low, part, digits := t.floor(), float32(0), len(c.digits)
	if !c.alone {
		part = partPenalty
	}
	index := t.numbers.index()
	c.amount = digits <= maxAmount && (t.unitAfter(c.last) || t.currencyBefore(c.first))
	if c.amount && index.cued[digits]-amountPenalty < low {
		return Span{}
	}
	if c.hint = (hint{at: -1}); !unheard {
		c.hint = t.hintOf(c.first, c.last, digits)
	}
	if c.hint.cue == vocabulary.NoCue && index.most[digits]-part < low {
		return Span{} // nearly all stretches of a long run
	}
	best := Span{}
	for _, row := range index.byLength[digits] {
		// Few rows can win without their cue, and a check is dear.
		if most := row.uncued - part; !row.hears(c.hint.cue) && (most <= best.Score || most < low) {
			continue
		}
		if score := t.score(row.identifier, c); score > best.Score {
			best = Span{Kind: row.kind, Score: score, Rule: row.rule}
		}
	}
	if score, rule := t.phone(c); score > best.Score {
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
	byLength [maxNumberDigits + 1][]indexedRow // in order: most lengths have a row or two
	most     [maxNumberDigits + 1]float32      // the highest score of so many digits without a cue
	cued     [maxNumberDigits + 1]float32      // and with one
	lengths  [len(vocabulary.Cues)]uint32      // of the numbers that a cue announces
}

type indexedRow struct {
	*identifier
	uncued float32 // its highest score without its cue
}

// index gives the index of all tables, which is made once for the memory of a text.
func (n *numbers) index() *rowIndex {
	if n.rows == nil {
		n.rows = new(rowIndex)
		n.rows.fill()
	}
	return n.rows
}

func (x *rowIndex) fill() {
	rows := make([]indexedRow, 0, 64) // of all lengths: an allocation, not one for each
	for length := range x.byLength {
		from := len(rows)
		x.most[length], x.cued[length] = phoneMost(length), phoneCued(length)
		for _, table := range identifiers {
			for i := range table {
				if row := &table[i]; row.lengths&(1<<length) != 0 {
					rows = append(rows, indexedRow{row, row.most()})
					x.most[length] = max(x.most[length], row.most())
					x.cued[length] = max(x.cued[length], row.most()+cueGain, row.cued+cueGain)
					x.lengths[row.cue] |= 1 << length
				}
			}
		}
		x.byLength[length] = rows[from:len(rows):len(rows)]
	}
}

const (
	cueGain       = 0.2 // what a cue right beside a number adds
	amountPenalty = 0.6
	maxAmount     = 9 // digits of an amount
)

// score weighs one row.
func (t *Text) score(row *identifier, c *candidate) float32 {
	fits := unknown
	if row.check != nil {
		fits = row.check(c.digits)
	}
	shaped := row.shape != nil && t.shapeIs(c, row.shape)
	score := t.formed(row, c, fits, shaped)
	switch {
	case row.kind == BANK_ACCOUNT && len(t.numbers.biks) > 0 && t.keyed(c.digits):
		return keyedAccount
	case score == 0 && !row.hears(c.hint.cue), t.excludes(row, c, fits, shaped):
		return 0
	}
	score = t.heard(row, c, fits, shaped, score)
	if t.numbers.groups[c.from].glued {
		score -= 0.3
	}
	if c.hint.cue != row.cue && fits != valid && t.articleBefore(c) {
		score -= 0.3
	}
	if c.hint.cue != row.cue && t.numberSignBefore(c) {
		score -= 0.3 // «№ 2025-118843»
	}
	if c.amount {
		score -= amountPenalty
	}
	if !c.alone {
		score -= partPenalty
	}
	return min(score, 0.99)
}

// excludes reports what no number of the row is.
func (t *Text) excludes(row *identifier, c *candidate, fits check, shaped bool) bool {
	switch first := &t.numbers.groups[c.from]; {
	case row.shape != nil && row.bare == 0 && row.shaped == 0 && !shaped && !(c.hint.cue == vocabulary.Division && row.cue == c.hint.cue && first.spoken):
		return true // a form of parts only
	case len(c.digits) <= 4 && !c.whole:
		return true // three digits inside a longer number are nothing
	}
	switch row.kind {
	case OTP:
		return t.excludesCode(c)
	case PASSPORT:
		return t.excludesPassport(row, c, shaped)
	case CVV:
		return row.cue == vocabulary.OTP && !t.about(cardTopic) || // «код» of three digits is that of a card where one is spoken of
			len(c.digits) == 4 && c.hint.at >= c.last && t.says(c.hint.at, "сзади") // «да 51 89, сзади три цифры не говорите»
	case PASSWORD:
		return c.hint.at >= c.last && t.tailBefore(c.first) // «последние четыре 38 06 вижу и кодовое слово»
	case CARD_EXPIRY:
		return fits == invalid || c.to-c.from == 1 || !t.aboutCard(c.first) // «срок 2028»
	}
	return false
}

// excludesCode reports what is no code that is sent.
func (t *Text) excludesCode(c *candidate) bool {
	one := c.to-c.from == 1
	return string(c.digits) == "8800" || // calls free of charge
		len(c.digits) > 6 && !one && !t.numbers.groups[c.from].spoken || // «5219-0031»: codes of seven and eight digits are sent in one piece
		one && t.tailBefore(c.first) // "a code by text to the number ending in 4471"
}

// excludesPassport reports what is no part of a passport.
func (t *Text) excludesPassport(row *identifier, c *candidate, shaped bool) bool {
	if len(c.digits) > 6 {
		return false
	}
	return t.articleBefore(c) || // «серия GG-770-112»
		row.cue == vocabulary.OTP && (!shaped || !t.divisionMeant(c.first)) || // «код» is that of the office behind a passport
		t.numbers.groups[c.to-1].sep == '.' || t.timed(c.first) // a date or a time
}

// formed gives the score that a number has by its digits and their groups alone.
func (t *Text) formed(row *identifier, c *candidate, fits check, shaped bool) float32 {
	switch {
	case fits == invalid:
		return 0
	case shaped && row.kind == DRIVER_LICENSE && t.topics[licenceTopic] > t.topics[passportTopic] && c.hint.cue != vocabulary.Passport:
		return licenceScore
	case shaped && row.shaped > 0:
		return row.shaped
	case fits == valid:
		return row.bare
	}
	return 0
}

// heard gives the score of a number with the word that speaks of it, whichever that is.
func (t *Text) heard(row *identifier, c *candidate, fits check, shaped bool, score float32) float32 {
	switch h := c.hint; {
	case row.hears(h.cue) && (h.cue == row.cue || shaped):
		if fits == valid || h.near >= cuedFloor {
			score = max(score, row.cued) + cueGain*h.near
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
	return score
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

// numberSignBefore reports whether № stands before the candidate.
func (t *Text) numberSignBefore(c *candidate) bool {
	i := c.first
	return i > 0 && t.tok[i-1].kind == signToken && t.tok[i-1].key == '№'
}

// articleBefore reports letters that a dash joins to the candidate, as in the numbers of parcels and goods: «DL-7730-118842».
func (t *Text) articleBefore(c *candidate) bool {
	i := c.first
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
func (t *Text) shapeIs(c *candidate, shape []uint8) bool {
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
