package anonymize

import (
	"bytes"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A dictation is what a conversation knows of numbers that are told in pieces, echoed, corrected or asked for: «восемь
// девятьсот шестнадцать» – «так» – «сто двадцать три» – «последние четыре ещё раз?». It is copied whole before a turn,
// so that a failed turn leaves no trace.
type dictation struct {
	values []dictated // a ring of maxDictated
	n      int        // how many there ever were
	open   int        // the value that is being dictated, 1 for the first in the ring, 0 for none
	recent int        // the value that was mentioned last, likewise
	piece  dictated   // the piece that was told last
	turn   int
	tail   int // the turn that asked for the last digits
}

// A dictated is a number that was told, or as much of it as was told so far.
type dictated struct {
	kind   Kind
	digits [maxTold]byte // of an e-mail address its canonical form
	n      int
	whole  bool
	turn   int     // when it was mentioned last
	score  float32 // how sure its kind is
	entity *entity // once it has a token
}

const (
	maxTold       = 48
	maxDictated   = 64
	openTurns     = 3 // how long a dictation waits for its next piece
	echoTurns     = 4 // how long two or three digits are taken for an echo
	minPiece      = 2 // a remark on one digit tells nothing
	minTail       = 4 // digits that no other number ends with
	maxPieceWords = 5 // words before a piece that continues, echoes or answers
	scorePiece    = 0.8
)

// dictatedKinds are the kinds that are told in pieces: their cue, and how many digits make one whole.
var dictatedKinds = [...]struct {
	cue     vocabulary.Cue
	kind    Kind
	lengths uint32
}{
	{vocabulary.Phone, PHONE, 1<<10 | 1<<11 | 1<<12 | 1<<13},
	{vocabulary.Card, CARD, 1<<16 | 1<<18 | 1<<19},
	{vocabulary.INN, INN, 1<<10 | 1<<12},
	{vocabulary.SNILS, SNILS, 1 << 11},
	{vocabulary.OMS, OMS, 1 << 16},
	{vocabulary.Passport, PASSPORT, 1 << 10},
	{vocabulary.Series, PASSPORT, 1 << 10},
	{vocabulary.Licence, DRIVER_LICENSE, 1 << 10},
	{vocabulary.STS, DRIVER_LICENSE, 1 << 10},
	{vocabulary.OGRN, OGRN, 1<<13 | 1<<15},
	{vocabulary.KPP, KPP, 1 << 9},
	{vocabulary.BIK, BIK, 1 << 9},
	{vocabulary.Account, BANK_ACCOUNT, 1 << 20},
	{vocabulary.BirthCert, BIRTH_CERTIFICATE, 1<<6 | 1<<7},    // its Roman number is said as a plain one
	{vocabulary.NoCue, OTP, 1<<4 | 1<<5 | 1<<6 | 1<<7 | 1<<8}, // echoed only: too much is called a code
	{vocabulary.NoCue, CVV, 1<<3 | 1<<4},
	{vocabulary.NoCue, PLATE, 1<<5 | 1<<6 | 1<<7},
}

func kindOfCue(c vocabulary.Cue) Kind {
	for i := range dictatedKinds {
		if dictatedKinds[i].cue == c && c != vocabulary.NoCue {
			return dictatedKinds[i].kind
		}
	}
	return ""
}

func lengthsOf(k Kind) uint32 {
	for i := range dictatedKinds {
		if dictatedKinds[i].kind == k {
			return dictatedKinds[i].lengths
		}
	}
	return 0
}

// isWhole reports whether the digits are a value of the kind and no piece of one.
func isWhole(k Kind, d []byte) bool {
	if k == VIN {
		return len(d) == vinLength
	}
	if k == PHONE {
		if len(d) == 10 && (d[0] == '8' || d[0] == '7') {
			return d[0] == '8' && (d[1] == '1' || d[1] == '4' || d[1] == '6') // 8 800 123 45 6_: one is missing
		}
		return len(d) >= 10
	}
	return lengthsOf(k)&(1<<len(d)) != 0
}

// listen goes through the numbers of a turn in order: it learns from the spans that were found, and adds those that
// only the conversation can tell.
func (d *dictation) listen(dst []Span, t *Text) []Span {
	d.turn++
	for i := max(0, len(t.tok)-maxPieceWords); i < len(t.tok); i++ {
		if t.tok[i].vocab.Class == vocabulary.Tail {
			d.tail = d.turn
		}
	}
	dst = resolve(t.s, d.listenToVehicles(d.listenToAddresses(dst, t), t), 0)
	found := len(dst)
	groups := t.numbers.groups
	if len(groups) == 0 {
		return dst
	}
	span := 0
	for i := 0; i < len(groups); {
		start, end := int(t.tok[groups[i].from].start), int(t.tok[groups[i].to-1].end)
		if !t.window.owns(start) {
			i++
			continue
		}
		for span < found && dst[span].End <= start {
			span++
		}
		if span < found && dst[span].Start < end {
			i = d.hear(&dst[span], t, i)
			continue
		}
		to := i + 1
		for to < len(groups) && t.continuesPiece(to) && !(span < found && dst[span].Start < int(t.tok[groups[to].to-1].end)) {
			to++
		}
		if p := (piece{t: t, from: i, to: to}); p.ok() || d.inThousands(p) || d.oneDigit(p) {
			before := len(dst)
			if dst = d.placeFirst(dst, p); len(dst) == before {
				dst = d.place(dst, p)
			}
		}
		i = to
	}
	return resolve(t.s, dst, 0)
}

// keep makes d a copy of another dictation.
func (d *dictation) keep(other *dictation) {
	values := append(d.values[:0], other.values...)
	*d = *other
	d.values = values
}

// rest ends the conversation and keeps its values, for another hearing.
func (d *dictation) rest() {
	d.open, d.recent, d.tail, d.piece = 0, 0, 0, dictated{}
	d.turn += echoTurns + openTurns // nothing was said just now
}

// continuesPiece reports whether group i stands beside the one before it.
func (t *Text) continuesPiece(i int) bool {
	g, before := &t.numbers.groups[i], t.numbers.groups[i-1]
	if before.spoken && !g.spoken && t.endsOrdinal(before) {
		return false // «в первом 73»
	}
	return g.sep != 0 && !g.cut && !g.dated && g.from == t.numbers.groups[i-1].to+int32(signsBetween(t, i))
}

// signsBetween counts the signs between group i and the one before it.
func signsBetween(t *Text, i int) int {
	n := 0
	for at := int(t.numbers.groups[i].from) - 1; at >= int(t.numbers.groups[i-1].to) && t.tok[at].kind == signToken; at-- {
		n++
	}
	return n
}

// hear learns from a span that was found, and gives the first group behind it.
func (d *dictation) hear(s *Span, t *Text, i int) int {
	groups := t.numbers.groups
	to := i
	for to < len(groups) && int(t.tok[groups[to].from].start) < s.End {
		to++
	}
	to = max(to, i+1)
	if lengthsOf(s.Kind) == 0 || groups[i].dated || s.Rule == ruleExtension || int(t.tok[groups[i].from].start) < s.Start {
		return to
	}
	digits := t.numbers.digitsOf(i, to)
	if len(digits) > maxNumberDigits {
		return to
	}
	if d.open > 0 && s.Rule == "phone/last-digits" && d.fits(d.open, digits) {
		s.Kind = d.at(d.open).kind // the end of what is being dictated, whatever that is
	}
	if s.Rule == "phone/last-digits" && d.recent > 0 && d.at(d.recent).kind == CARD && d.turn-d.at(d.recent).turn <= 1 {
		s.Kind = CARD // «в конце …» of the card told just now
	}
	d.retype(s, digits)
	at := d.find(s.Kind, digits)
	switch {
	case at > 0:
	case d.open > 0 && d.at(d.open).kind == s.Kind && !isWhole(s.Kind, digits) && d.fits(d.open, digits) && !t.says(int(groups[i].from)-1, "или либо"):
		at = d.open
		d.at(at).append(digits)
	case d.open > 0 && d.at(d.open).kind == s.Kind && isWhole(s.Kind, digits) && d.at(d.open).isPart(digits):
		at = d.open
		d.at(at).set(digits)
	default:
		if d.open > 0 && d.at(d.open).kind == s.Kind && d.at(d.open).turn == d.turn && isWhole(s.Kind, digits) {
			d.open = 0 // begun, and given up for another: «восемь девятьсот два сорок семь подождите это старый …»
		}
		at = d.add(s.Kind, digits)
	}
	d.mention(at)
	d.at(at).score = max(d.at(at).score, s.Score)
	s.value = -int32(at)
	return to
}

// retype gives a number the kind that it was told as before, or that of the dictation which it repeats as a whole, where
// that is surer: ten digits of a licence look like a telephone.
func (d *dictation) retype(s *Span, digits []byte) {
	if len(digits) < longNumber {
		if v := d.partOf(digits); v != nil && s.Score < v.score {
			s.Kind = v.kind // «код придёт на 90 57»
		}
		return
	}
	if d.open > 0 {
		if v := d.at(d.open); s.Score < v.score && isWhole(v.kind, digits) && v.isPart(digits) {
			s.Kind = v.kind
			return
		}
	}
	if s.Kind == CARD && d.open > 0 && d.turn-d.at(d.open).turn <= openTurns && d.at(d.open).kind == OMS && isWhole(OMS, digits) {
		s.Kind = OMS // begun anew: «ой нет тридцать восемь …»
		return
	}
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		if v := d.at((n-1)%maxDictated + 1); v.whole && s.Score < v.score && bytes.Equal(v.told(), digits) {
			s.Kind = v.kind
			return
		}
	}
}

// partOf gives the latest value told just now that ends with the digits, four or more, or has five of them anywhere; nil if there
// is none.
func (d *dictation) partOf(digits []byte) *dictated {
	if len(digits) < minTail {
		return nil
	}
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		if v := d.at((n-1)%maxDictated + 1); v.whole && v.kind != EMAIL && d.turn-v.turn <= echoTurns && v.n > len(digits) && (bytes.HasSuffix(v.told(), digits) || len(digits) > minTail && v.contains(digits)) {
			return v
		}
	}
	return nil
}

func (d *dictation) at(i int) *dictated { return &d.values[(i-1)%maxDictated] }

// add begins a value and gives its place in the ring.
func (d *dictation) add(k Kind, digits []byte) int {
	i := d.n%maxDictated + 1
	if d.n++; len(d.values) < i {
		d.values = append(d.values, dictated{})
	}
	*d.at(i) = dictated{kind: k}
	d.at(i).set(digits)
	if d.open == i {
		d.open = 0
	}
	return i
}

// mention notes that value i was told, whole or in part.
func (d *dictation) mention(i int) {
	v := d.at(i)
	v.turn, d.recent = d.turn, i
	if v.whole {
		if d.open == i {
			d.open = 0
		}
		return
	}
	d.open = i
}

// find gives the value of the kind that has the digits, 0 if there is none. The latest wins.
func (d *dictation) find(k Kind, digits []byte) int {
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		i := (n-1)%maxDictated + 1
		v := d.at(i)
		if v.kind != k || k == EMAIL {
			continue
		}
		if v.whole && isWhole(k, digits) {
			if bytes.Equal(national(v.told()), national(digits)) {
				return i
			}
			continue
		}
		if v.whole && len(digits) >= 3 && v.contains(digits) || len(digits) >= 4 && bytes.Equal(v.told(), digits) {
			return i
		}
	}
	return 0
}

// fits reports whether value i can go on with so many digits.
func (d *dictation) fits(i int, digits []byte) bool {
	v := d.at(i)
	most := 0
	for n, l := 0, lengthsOf(v.kind); l != 0; n, l = n+1, l>>1 {
		if l&1 != 0 {
			most = n
		}
	}
	if v.kind == PHONE {
		most = maxPhoneDigits
		switch v.digits[0] {
		case '7', '8':
			most = 11
		case '9':
			most = 10
		}
	}
	return v.n+len(digits) <= most
}

func (v *dictated) told() []byte { return v.digits[:v.n] }

func (v *dictated) set(digits []byte) {
	v.n = copy(v.digits[:], digits)
	v.whole = isWhole(v.kind, digits)
}

func (v *dictated) append(digits []byte) {
	v.n += copy(v.digits[v.n:], digits)
	v.whole = isWhole(v.kind, v.told())
}

// national drops the Russian prefix of a phone.
func national(d []byte) []byte {
	if len(d) == 11 && (d[0] == '8' || d[0] == '7') {
		return d[1:]
	}
	return d
}

// appendKey appends what the value is known by: its kind and digits, or its place in the ring as long as digits are missing.
func (v *dictated) appendKey(dst []byte, at int) []byte {
	dst = append(append(dst, v.kind...), ' ')
	if v.whole || v.kind == EMAIL {
		return append(dst, national(v.told())...)
	}
	return appendUint(append(dst, '~'), uint64(at))
}

// contains reports whether the digits are a piece of the value; a phone may have its prefix or not.
func (v *dictated) contains(digits []byte) bool {
	if bytes.Contains(v.told(), digits) {
		return true
	}
	prefixed := v.kind == PHONE && len(digits) > 1 && (digits[0] == '8' || digits[0] == '7')
	return prefixed && v.n == 10 && bytes.HasPrefix(v.told(), digits[1:])
}

// isPart reports whether what was told of the value is the beginning of the digits.
func (v *dictated) isPart(digits []byte) bool {
	told := v.told()
	if len(told) > 4 { // «семьсот», cut off, was the beginning of «семьсот восемьдесят»
		told = bytes.TrimRight(told, "0")
	}
	return bytes.HasPrefix(digits, told) || bytes.HasPrefix(national(digits), told)
}

// resembles reports whether the digits are the end of the value, heard wrong: half of them stand where they should.
func (v *dictated) resembles(digits []byte) bool {
	if len(digits) > v.n {
		return false
	}
	same := 0
	for i, c := range digits {
		if v.digits[v.n-len(digits)+i] == c {
			same++
		}
	}
	return 2*same >= len(digits)
}

// hasSeries reports a paper whose number follows its series.
func (v *dictated) hasSeries() bool { return v.kind == PASSPORT || v.kind == DRIVER_LICENSE }

// edge reports whether the digits are where people cut a value when they repeat it: its beginning or its end.
func (v *dictated) edge(digits []byte) bool {
	return bytes.HasPrefix(v.told(), digits) || bytes.HasSuffix(v.told(), digits)
}

// listenToAddresses learns the e-mail addresses of a turn, and finds what stands before the @ of an earlier one, said
// again: «зю точка насырова пятьдесят один, верно?»
func (d *dictation) listenToAddresses(dst []Span, t *Text) []Span {
	for i := range dst {
		if dst[i].Kind != EMAIL {
			continue
		}
		var told [maxTold]byte
		address := t.appendEmail(told[:0], dst[i])
		at := bytes.IndexByte(address, '@')
		switch open := d.openAddress(); {
		case len(address) >= maxTold:
		case at == 0 && open > 0: // «собака яндекс ру», what stands before it was told already
			dst[i].value = -int32(open)
		case at < 0:
			open = d.add(EMAIL, append(address, '@'))
			d.at(open).turn = d.turn
			dst[i].value = -int32(open)
		case at >= minEcho:
			d.at(d.add(EMAIL, address)).turn = d.turn
		}
	}
	if !t.window.first() {
		return dst // an echo stands near the beginning of a turn
	}
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		i := (n-1)%maxDictated + 1
		v := d.at(i)
		at := bytes.IndexByte(v.told(), '@')
		if v.kind != EMAIL || at < 0 || d.turn-v.turn > openTurns {
			continue
		}
		if from, to := t.findSaid(v.told()[:at]); to > 0 && !overlaps(dst, t.span(from, to, EMAIL, 0, "")) {
			s := t.span(from, to, EMAIL, 0.97, "conversation/echo")
			s.value = -int32(i)
			return append(dst, s)
		}
	}
	return dst
}

// openAddress gives the address of which only what stands before the @ was told just now, 0 if there is none.
func (d *dictation) openAddress() int {
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		i := (n-1)%maxDictated + 1
		if v := d.at(i); v.kind == EMAIL && v.n > 0 && v.digits[v.n-1] == '@' && d.turn-v.turn <= openTurns {
			return i
		}
	}
	return 0
}

const (
	minEcho      = 4  // letters before an @ that an echo needs
	maxEchoWords = 10 // words that it may have
)

// findSaid finds the words near the beginning of the turn that are the first part of an address.
func (t *Text) findSaid(local []byte) (from, to int) {
	for from = 0; from < len(t.tok) && from < maxPieceWords; from++ {
		if !t.isWord(from) || !t.saidFirst(from, local) {
			continue
		}
		for to = from + 2; to <= len(t.tok) && to <= from+maxEchoWords; to++ {
			var buf [maxTold]byte
			said := t.appendEmail(buf[:0], t.span(from, to, EMAIL, 0, ""))
			if bytes.Equal(said, local) && t.tok[to-1].kind != signToken {
				return from, to
			}
			if len(said) >= len(local) {
				break
			}
		}
	}
	return 0, 0
}

// saidFirst reports whether what token i begins may be the beginning of an address. It spares nearly all words the look at
// what stands behind them, which is 10 % of a session of messages.
func (t *Text) saidFirst(i int, local []byte) bool {
	var buf [maxTold]byte
	said, _ := t.appendEmailPart(buf[:0], i, len(t.s))
	return len(said) == 0 || len(local) == 0 || said[0] == local[0] || len(said) == 1 && said[0] == 'k' // "k", "h" is one letter
}

func overlaps(spans []Span, s Span) bool {
	for _, other := range spans {
		if other.Start < s.End && s.Start < other.End && other.Kind != PERSON {
			return true
		}
	}
	return false
}

// A piece is groups side by side that no rule has claimed.
type piece struct {
	t        *Text
	from, to int // groups
}

func (p piece) digits() []byte { return p.t.numbers.digitsOf(p.from, p.to) }
func (p piece) first() int     { return int(p.t.numbers.groups[p.from].from) }
func (p piece) last() int      { return int(p.t.numbers.groups[p.to-1].to) }

// ok reports whether the piece may be one of a value: no amount, no date, no time.
func (p piece) ok() bool {
	t, d := p.t, p.digits()
	if len(d) < minPiece || len(d) > maxNumberDigits || t.unitAfter(p.last()) && !t.letterPair(p.last()) || t.currencyBefore(p.first()) {
		return false
	}
	if first := p.first(); t.glued(first) && t.sign(first-1, ':') && t.glued(first-1) && t.tok[first-2].kind == numberToken {
		return false // «18:30»
	}
	for _, g := range t.numbers.groups[p.from:p.to] {
		if g.glued || g.dated {
			return false
		}
		for i := g.from; i < g.to; i++ { // «тысяча восемьсот», «двадцатого»
			if v := t.tok[i].vocab; v.Class == vocabulary.Num && v.Arg >= 1000 && !p.beginsMir() || v.Class == vocabulary.Ord && p.to-p.from == 1 {
				return false
			}
		}
	}
	if i := p.last(); i < len(t.tok) && t.tok[i].gap != lineGap {
		switch t.tok[i].vocab.Class {
		case vocabulary.Month, vocabulary.Year:
			return false
		}
		if (t.sign(i, ':') || t.sign(i, ',') && t.glued(i)) && t.glued(i+1) || t.says(i, "цифр цифра знаков символов digits") {
			return false
		}
	}
	return !p.dayAndMonth()
}

// letterPair reports two capitals of a plate, «417 ТР 63», which in lower case are a unit.
func (t *Text) letterPair(i int) bool {
	return t.tok[i].kind == wordToken && t.tok[i].n == 2 && t.tok[i].shape == upper && t.plateLetters(&t.tok[i])
}

// inThousands reports «четыре тысячи пятьсот шестьдесят один» inside a long number that is being dictated.
func (d *dictation) inThousands(p piece) bool {
	if d.open == 0 || len(p.digits()) != 4 || p.to-p.from != 1 || !p.spoken() || !p.leads() || !p.t.onlySmall(p.last()) || p.timed() {
		return false
	}
	v := d.at(d.open)
	return d.turn-v.turn <= 2 && (v.kind == BANK_ACCOUNT || v.kind == CARD || v.kind == OMS)
}

// beginsMir reports «две тысячи двести», the first digits of a Russian card, in answer to the question for one.
func (p piece) beginsMir() bool {
	d := p.digits()
	return p.t.asked == vocabulary.Card && len(d) == 4 && d[0] == '2' && d[1] == '2' && d[2] == '0' && p.t.onlySmall(p.last())
}

// dayAndMonth reports «22.08».
func (p piece) dayAndMonth() bool {
	g := p.t.numbers.groups[p.from:p.to]
	return len(g) == 2 && !g[0].spoken && g[1].sep == '.' && g[0].n <= 2 && g[1].n == 2
}

// thousands reports «6 100»: an amount, unless it repeats something.
func (p piece) thousands() bool {
	g := p.t.numbers.groups[p.from:p.to]
	return len(g) == 2 && !g[0].spoken && g[1].sep == ' ' && g[0].n <= 3 && g[1].n == 3 && !p.t.plusBefore(p.first())
}

// leads reports whether nothing but small words stands before the piece.
func (p piece) leads() bool {
	i, n := p.first()-1, 0
	for ; i >= 0 && n < maxPieceWords; i-- {
		tok := &p.t.tok[i]
		if tok.kind == signToken || tok.kind == numberToken || p.t.spokenAt(i) {
			continue
		}
		if !isSmall(tok.vocab) && !p.t.says(i, "номер number") {
			return false
		}
		n++
	}
	return i < 0
}

// isSmall reports words that lead to a number and say nothing of it: «так», «нет», «да», «и», «дальше».
func isSmall(e vocabulary.Entry) bool {
	switch e.Class {
	case vocabulary.Filler, vocabulary.Tail, vocabulary.Stop, vocabulary.Symbol:
		return true
	case vocabulary.NearName:
		switch vocabulary.Hint(e.Arg) {
		case vocabulary.Small, vocabulary.Self, vocabulary.You, vocabulary.Greeting, vocabulary.Having:
			return true
		}
	}
	return false
}

// timed reports a preposition before the piece that makes a time or a limit of it: «в девятнадцать ноль ноль».
func (p piece) timed() bool { return p.t.timed(p.first()) }

// timed is piece.timed for the number that begins at token i.
func (t *Text) timed(i int) bool {
	return t.says(i-1, "в во до к с со после около от за через по at till by from")
}

// place finds the value that the piece belongs to and appends its span.
func (d *dictation) place(dst []Span, p piece) []Span {
	if p.announced() {
		p.from++
	}
	kind, at := d.whose(p)
	if kind == "" {
		return dst
	}
	if at == 0 {
		at = d.add(kind, p.digits())
	}
	d.mention(at)
	d.at(at).score = max(d.at(at).score, scorePiece)
	d.piece = dictated{kind: kind, turn: at}
	d.piece.set(p.digits())
	s := p.t.span(p.first(), p.last(), kind, scorePiece, "conversation/piece")
	s.Start = p.t.signedStart(p.first(), kind)
	if kind == PLATE {
		s.End = int(p.t.tok[p.t.plateRest(p.last())-1].end)
	}
	s.value = -int32(at)
	return append(dst, s)
}

// placeFirst finds the value that the first group alone repeats, where what follows says its end again: «двести
// девятнадцать один девять».
func (d *dictation) placeFirst(dst []Span, p piece) []Span {
	first := piece{t: p.t, from: p.from, to: p.from + 1}
	if rest := p.digits()[len(first.digits()):]; len(rest) == 0 || !bytes.HasSuffix(first.digits(), rest) || len(first.digits()) < 3 || !first.ok() {
		return dst
	}
	n := len(dst)
	if dst = d.place(dst, first); len(dst) > n {
		dst[n].End = int(p.t.tok[p.last()-1].end)
	}
	return dst
}

// whose tells the kind of a piece and the value it belongs to, 0 for a new one; no kind if it is no piece of anything.
func (d *dictation) whose(p piece) (Kind, int) {
	digits := p.digits()
	if d.oneDigit(p) {
		return d.digitOf(p)
	}
	leads := p.leads() || p.numbered() && d.recent > 0 && d.at(d.recent).turn == d.turn && d.at(d.recent).hasSeries()
	h := p.t.hintFor(p.first(), p.last())
	if at := d.echoed(p, h, leads); at > 0 {
		return d.at(at).kind, at
	}
	if p.t.numbers.groups[p.from].cut && d.recent > 0 && d.at(d.recent).turn == d.turn && len(digits) <= 4 {
		return d.at(d.recent).kind, d.recent // «девятьсот ну семьдесят четыре»
	}
	if h.cue == vocabulary.Order && h.near > askedNear {
		return "", 0
	}
	if d.open > 0 && leads && !p.timed() && d.turn-d.at(d.open).turn <= openTurns && (d.fits(d.open, digits) || p.overruns(d, h)) {
		d.at(d.open).append(digits)
		return d.at(d.open).kind, d.open
	}
	if at := d.corrected(p, digits, leads); at > 0 {
		return d.at(at).kind, at
	}
	if d.tail > 0 && d.tail == d.turn-1 && leads && d.recent > 0 && d.turn-d.at(d.recent).turn <= openTurns && len(digits) <= 6 && !p.timed() {
		return d.at(d.recent).kind, d.recent // «ещё две цифры»
	}
	if d.open > 0 && d.at(d.open).turn == d.turn && d.fits(d.open, digits) && (p.pausesBefore() || p.afterQuestion()) {
		d.at(d.open).append(digits)
		return d.at(d.open).kind, d.open // «144-680… сейчас очки… 897»
	}
	return d.begun(p, h, leads)
}

// maxOverrun is how many digits more than it can have are told of a value that was begun anew or heard twice.
const maxOverrun = 6

// oneDigit reports a turn that is one digit of a code, told so: «код из смс?» – «четыре» – «так» – «семь».
func (d *dictation) oneDigit(p piece) bool {
	t := p.t
	if len(p.digits()) != 1 || p.last() < len(t.tok) && !t.endsTurn(p.last()) || !t.leadsTo(p.first()) || len(t.tok) > maxPieceWords || p.timed() || t.endsOrdinal(t.numbers.groups[p.from]) {
		return false
	}
	return t.asked == vocabulary.OTP || t.asked == vocabulary.CVV || d.codeOpen()
}

// codeOpen reports a code that is being told digit by digit.
func (d *dictation) codeOpen() bool {
	if d.recent == 0 {
		return false
	}
	v := d.at(d.recent)
	return (v.kind == OTP || v.kind == CVV) && d.turn-v.turn <= 2 && d.piece.n == 1
}

// digitOf gives the code that the one digit belongs to.
func (d *dictation) digitOf(p piece) (Kind, int) {
	if d.codeOpen() && d.at(d.recent).n < maxCodeDigits {
		d.at(d.recent).append(p.digits())
		return d.at(d.recent).kind, d.recent
	}
	if p.t.asked == vocabulary.CVV {
		return CVV, 0
	}
	return OTP, 0
}

// maxCodeDigits is how many digits a code has that is sent.
const maxCodeDigits = 8

// overruns reports that the piece goes on with a long value which has all its digits already: some were told twice.
func (p piece) overruns(d *dictation, h hint) bool {
	v := d.at(d.open)
	return v.n >= longNumber && v.n+len(p.digits()) <= maxTold && d.fits(d.open, p.digits()[:max(0, len(p.digits())-maxOverrun)]) &&
		p.spoken() && p.t.onlySmall(p.last()) && d.turn-v.turn <= 2 && (h.cue == vocabulary.NoCue || kindOfCue(h.cue) == v.kind)
}

// echoed gives the value that the piece repeats, 0 if there is none. Four digits are enough anywhere; fewer only soon
// after the value, at the beginning of a turn.
func (d *dictation) echoed(p piece, h hint, leads bool) int {
	digits := p.digits()
	if at := d.piece.turn; at > 0 && leads && d.turn-d.at(at).turn <= echoTurns && (bytes.HasSuffix(d.piece.told(), digits) || p.misheard(d.piece.told()) && d.turn-d.at(at).turn == 1) {
		return at
	}
	best := 0
	for n := d.n; n > 0 && n > d.n-maxDictated; n-- {
		i := (n-1)%maxDictated + 1
		if (best == 0 || d.at(i).turn > d.at(best).turn) && d.echoes(i, p, h, leads) {
			best = i
		}
	}
	return best
}

// echoes reports whether the piece repeats value i, or a part of it. A word for another kind right before it says no.
func (d *dictation) echoes(i int, p piece, h hint, leads bool) bool {
	v, digits := d.at(i), p.digits()
	if k := kindOfCue(h.cue); h.at >= 0 && h.at < p.first() && p.first()-h.at <= 2 && k != "" && k != v.kind {
		return false
	}
	soon := d.turn-v.turn <= echoTurns && v.turn > 0
	if soon && leads && i == d.recent && len(digits) >= 4 && v.whole && (h.cue == vocabulary.NoCue || kindOfCue(h.cue) == v.kind) && v.resembles(digits) {
		return true
	}
	switch {
	case v.kind == EMAIL || len(digits) > v.n+1 || !v.contains(digits):
		return false
	case d.turn-v.turn <= 2 && v.turn > 0 && v.kind == PHONE && v.whole && len(digits) == 2 && bytes.HasSuffix(v.told(), digits) && !p.timed() && p.endsClause(): // «в первом 73, а надо 37»
		return true
	case v.turn == d.turn && i == d.recent && (p.pausesBefore() || d.followsPiece(v, digits)), len(digits) >= 5, len(digits) == 4 && (soon || v.edge(digits)):
		return true
	}
	return soon && (leads || p.tailed() || p.first() < 4 && i == d.recent) && !p.timed() && (len(digits) == 3 || v.edge(digits) || i == d.recent)
}

// endsClause reports that a sign or the end follows the piece, and a word stands before it.
func (p piece) endsClause() bool {
	return p.t.isWord(p.first()-1) && (p.last() == len(p.t.tok) || p.t.tok[p.last()].kind == signToken)
}

// misheard reports that all the turn repeats the piece told last, of three digits or more, wrong in its end.
func (p piece) misheard(told []byte) bool {
	digits := p.digits()
	return len(digits) >= 3 && len(digits) == len(told) && digits[0] == told[0] && p.spoken() && p.t.onlySmall(p.last()) && !p.timed()
}

// followsPiece reports that the digits stand in the value right behind the piece that was repeated last: «девятьсот
// двадцать восемь» приедет мастер «сто шестьдесят четыре».
func (d *dictation) followsPiece(v *dictated, digits []byte) bool {
	if len(digits) < 3 || d.piece.kind != v.kind || d.piece.n == 0 {
		return false
	}
	var both [2 * maxTold]byte
	return bytes.Contains(v.told(), append(append(both[:0], d.piece.told()...), digits...))
}

// announced reports that the first group tells how many digits follow: «последние четыре девяносто один сорок».
func (p piece) announced() bool {
	first := p.t.numbers.groups[p.from]
	return p.to-p.from > 1 && first.n == 1 && len(p.digits())-1 == value(p.digits()[0]) && p.first() > 0 &&
		p.t.tok[p.first()-1].vocab.Class == vocabulary.Tail
}

// tailed reports whether «последние», «на конце» stand near the piece.
func (p piece) tailed() bool {
	for i := p.first() - 1; i >= 0 && i > p.first()-maxPieceWords; i-- {
		if p.t.tok[i].vocab.Class == vocabulary.Tail {
			return true
		}
	}
	return p.t.says(p.last()+1, "конце конец") || p.last() < len(p.t.tok) && p.t.tok[p.last()].vocab.Class == vocabulary.Tail
}

// numbered reports «номер» right before the piece, or before the pause there: the rest of what began with a series.
func (p piece) numbered() bool {
	i := p.first() - 1
	for n := 0; n < 2 && i >= 0 && (p.t.tok[i].vocab.Class == vocabulary.Filler || p.t.sign(i, ':')); n++ {
		i--
	}
	return p.t.says(i, "номер номером number")
}

// corrected gives the value that the piece corrects: «нет, сорок шесть».
func (d *dictation) corrected(p piece, digits []byte, leads bool) int {
	if d.recent == 0 || !leads && !p.denies() || p.timed() || len(digits) > 8 || d.turn-d.at(d.recent).turn > 2 {
		return 0
	}
	if !p.denies() {
		return 0
	}
	return d.recent
}

// denies reports whether «нет», «не», «а», «ой» stand before the piece.
func (p piece) denies() bool {
	for i := p.first() - 1; i >= 0 && i >= p.first()-3; i-- {
		if p.t.says(i, "нет не ой точнее вернее наоборот ошиблась ошибся поправка no not sorry rather") {
			return true
		}
	}
	return false
}

// begun tells the kind of a piece that begins a value: its cue stands near or was asked for.
func (d *dictation) begun(p piece, h hint, leads bool) (Kind, int) {
	digits := p.digits()
	n := len(digits)
	kind := kindOfCue(h.cue)
	tailed := p.tailed()
	if tailed && h.at < 0 {
		if k := p.cueInTurn(); k != "" {
			kind = k
		}
	}
	if (kind == "" || kind == PHONE) && d.listed(p) {
		return PHONE, 0
	}
	switch {
	case kind == OMS && h.at >= 0 && !p.t.says(h.at, "омс енп"), kind == CARD && !p.ofFours(), p.thousands(),
		kind == BANK_ACCOUNT && h.at >= 0 && !beginsAccount(digits) && p.t.cueBefore(h.at) != vocabulary.Account: // «счёт двести семь», no «расчётный счёт»
		return "", 0
	case h.cue == vocabulary.OTP && h.at < 0 && leads && n <= 8 && !p.timed() && len(p.t.tok) <= shortAnswer:
		return OTP, 0
	case h.cue == vocabulary.Expiry && h.at < 0 && leads && p.monthAndYear(digits):
		return CARD_EXPIRY, 0
	case h.at < 0 && kind != "" && n >= 3 && p.spoken() && p.last() == len(p.t.tok) && p.t.says(p.first()-1, "вот читаю диктую пишите записывайте"):
		return kind, 0 // «сейчас найду вот сто сорок три»
	case kind == SNILS && (h.at >= 0 && h.at < p.first() && p.first()-h.at <= maxPieceWords || h.at < 0 && p.first() <= maxPieceWords && p.cueInTurn() == kind) && n == 3 && p.spoken() && !p.timed():
		return kind, 0
	case h.at < 0 && kind != "" && leads && n == minPiece && p.spoken() && p.pauses():
		return kind, 0
	case h.at < 0 && n == minPiece && leads && (kind != CARD || d.tail > 0 && d.turn-d.tail == 1) && kind != "" && p.spoken() && p.last() == len(p.t.tok):
		return kind, 0 // dictated in twos or digit by digit
	case h.cue == vocabulary.Plate && h.at < 0 && leads && n == 2 && p.last() == len(p.t.tok) && d.recent > 0 && d.at(d.recent).kind == PLATE && d.turn-d.at(d.recent).turn <= echoTurns+1:
		return PLATE, d.recent // its region
	case h.cue == vocabulary.Plate && h.at < 0 && leads && n == 3 && p.spoken() && (p.last() == len(p.t.tok) || p.t.says(p.last(), "буквы буква") || p.t.says(p.last(), "а") && p.t.says(p.last()+1, "буквы")):
		return PLATE, 0 // its letters were told or follow
	case n == 4 && p.spoken() && d.otherCard(p):
		return CARD, 0
	case p.mobilePrefix(digits):
		return PHONE, 0
	case kind == "" && tailed && n <= 6 && d.recent > 0:
		return d.at(d.recent).kind, d.recent
	case kind == "", h.cue == vocabulary.Order:
	case tailed && n <= 6:
		return kind, 0
	case h.at < 0 && leads && !p.timed() && n >= 3 && (n >= 4 || p.spoken()):
		return kind, 0
	case h.at >= 0 && h.at < p.first() && p.first()-h.at <= 3 && n >= 3 && !p.timed() && (n >= 5 || p.spoken()):
		return kind, 0
	}
	return "", 0
}

// otherCard reports the last four digits of another card than the one that was just told by its own: «нет, с другой …».
func (d *dictation) otherCard(p piece) bool {
	if d.recent == 0 || p.timed() || p.t.unitAfter(p.last()) || p.last() < len(p.t.tok) && !p.t.onlySmall(p.last()) {
		return false
	}
	if v := d.at(d.recent); v.kind != CARD || v.n != 4 || d.turn-v.turn > 1 {
		return false
	}
	for i := p.first() - 1; i >= 0 && i >= p.first()-cueBefore; i-- {
		if p.t.says(i, "no not other another use нет не другая другой другую новая вторая с") {
			return true
		}
	}
	return false
}

// listed reports the last digits of one of several numbers on file: "two numbers ending double six two and eight oh five".
func (d *dictation) listed(p piece) bool {
	t, n, first := p.t, len(p.digits()), p.first()
	if p.cityLayout() && first >= 2 && d.recent > 0 && d.at(d.recent).turn == d.turn && d.at(d.recent).kind == PHONE && t.says(first-1, "или и либо") && t.groupIndex(first-2) >= 0 {
		return true // «44-18-20 или 2-41-55»
	}
	if !p.spoken() || n < 3 || n > 4 || first < 2 {
		return false
	}
	if d.recent > 0 && d.at(d.recent).turn == d.turn && d.at(d.recent).n == n && d.at(d.recent).kind == PHONE && t.says(first-1, "and or и или") && t.groupIndex(first-2) >= 0 {
		return true
	}
	if t.tok[first-1].vocab.Class != vocabulary.Tail {
		return false
	}
	for i := first - 2; i >= 0 && i >= first-maxPieceWords; i-- {
		if t.says(i, "number numbers номер номера") {
			return true
		}
	}
	return false
}

// cityLayout reports «2-41-55»: two groups of two digits behind one of one to three, with dashes.
func (p piece) cityLayout() bool {
	g := p.t.numbers.groups[p.from:p.to]
	return len(g) == 3 && g[0].n <= 3 && g[1].n == 2 && g[2].n == 2 && g[1].sep == '-' && g[2].sep == '-'
}

// monthAndYear reports «ноль четыре двадцать девять».
func (p piece) monthAndYear(d []byte) bool {
	month := 0
	if len(d) == 4 {
		month = 10*value(d[0]) + value(d[1])
	}
	return month >= 1 && month <= 12
}

// pauses reports that the value goes on behind «э».
func (p piece) pauses() bool {
	return p.to < len(p.t.numbers.groups) && p.t.numbers.groups[p.to].cut
}

// pausesBefore reports «…» shortly before the piece, or a comma alone.
func (p piece) pausesBefore() bool {
	t, first := p.t, p.first()
	if t.sign(first-1, ',') && t.tok[first].gap != noGap && t.groupIndex(first-2) >= 0 {
		return true
	}
	for i := first - 1; i >= 0 && i >= first-maxPieceWords; i-- {
		if t.sign(i, '…') || t.sign(i, '.') && t.sign(i-1, '.') {
			return true
		}
	}
	return false
}

// maxFollowing is how many words the speaker says to the other between two pieces.
const maxFollowing = 4

// afterQuestion reports that nothing but a question whether the other follows stands between the piece and the digits before it:
// «девятьсот двадцать восемь» записали да? «шестнадцать девяносто три».
func (p piece) afterQuestion() bool {
	t, asked, i := p.t, false, p.first()-1
	for n := 0; i >= 0 && n < maxFollowing && t.groupIndex(i) < 0; i-- {
		if t.tok[i].kind == signToken {
			continue
		}
		follows := t.says(i, "записали записала записал записываете записываешь пишете пишешь успеваете успеваешь успели слышно слышите есть")
		if !follows && !isSmall(t.tok[i].vocab) && !t.says(i, "вы там дальше да") {
			return false
		}
		asked = asked || follows
		n++
	}
	return asked && i >= 0 && t.groupIndex(i) >= 0
}

func (p piece) spoken() bool { return p.t.numbers.groups[p.from].spoken }

// cueInTurn gives the kind of the last cue before the piece, however far.
func (p piece) cueInTurn() Kind {
	for i, steps := p.first()-1, 0; i >= 0 && steps < 2*cueBefore; i, steps = i-1, steps+1 {
		if k := kindOfCue(p.t.tok[i].vocab.Cue()); k != "" {
			return k
		}
	}
	return ""
}

// ofFours reports digits that may be a piece of a card: in speech of any length, in writing fours.
func (p piece) ofFours() bool { return p.spoken() || len(p.digits())%4 == 0 }

// mobilePrefix reports «восемь девятьсот восемьдесят пять» at the end of what is said: the rest is to come; or more of a mobile
// number, which then is broken off.
func (p piece) mobilePrefix(digits []byte) bool {
	if !p.spoken() || len(digits) < 4 || digits[0] != '8' && digits[0] != '7' || digits[1] != '9' || p.t.numbers.groups[p.from].n != 1 || p.t.numbers.groups[p.from+1].n != 3 {
		return false
	}
	return len(digits) == 4 && p.last() == len(p.t.tok) || len(digits) >= 6 && p.leads() && !p.timed()
}

// beginsAccount reports the first digits of a bank account: an invoice is not numbered so.
func beginsAccount(d []byte) bool {
	if len(d) < 5 {
		return false
	}
	switch string(d[:3]) {
	case "301", "302", "303", "401", "402", "403", "404", "405", "406", "407", "408", "421", "422", "423", "426", "454", "455", "474":
		return len(d) < 8 || account(d) == valid
	}
	return false
}
