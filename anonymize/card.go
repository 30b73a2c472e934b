package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// recognizeCardParts finds what is said of a card without its number: stars around four digits, the last four, its
// expiry.
func recognizeCardParts(dst []Span, t *Text) []Span {
	if t.asks(vocabulary.CVV) && t.asks(vocabulary.Expiry) {
		dst = t.expiryAndCode(dst)
	}
	dst = t.lastFours(dst)
	next := 0
	for _, at := range t.numbersOr(onStar) {
		i := int(at.at)
		if i < next {
			continue
		}
		switch tok := &t.tok[i]; {
		case tok.kind == signToken && isStar(tok.key):
			if from, to := t.starredPhone(i); to > 0 && i >= next {
				dst = append(dst, t.span(from, to, PHONE, 0.9, "phone/starred"))
				next = to
			} else if from, to, ok := t.starred(i); ok {
				dst = append(dst, t.span(from, to, CARD, 0.9, "card/starred"))
				next = to
			}
		case tok.kind == numberToken && tok.n == 4:
			if t.lastFour(i) {
				dst = append(dst, t.span(i, i+1, CARD, 0.7, "card/last-four"))
			}
		case tok.kind == numberToken && tok.n <= 2:
			if to, ok := t.expiry(i); ok {
				dst = append(dst, t.span(i, to, CARD_EXPIRY, 0.9, "card-expiry/month-year"))
				dst = t.codeAfter(dst, to)
			}
		}
	}
	return dst
}

// expiryAndCode reads «ноль три тридцать пятьсот шесть», the answer to the question for both.
func (t *Text) expiryAndCode(dst []Span) []Span {
	groups := t.numbers.groups
	for _, r := range t.numbers.runs {
		n := int32(0)
		for g := r.from; g < r.to; g++ {
			if n == 4 {
				code := t.numbers.digitsOf(int(g), int(r.to))
				if monthYear(t.numbers.digitsOf(int(r.from), int(g))) == valid && len(code) >= 3 && len(code) <= 4 {
					dst = append(dst, t.span(int(groups[r.from].from), int(groups[g-1].to), CARD_EXPIRY, 0.9, "card-expiry/asked"),
						t.span(int(groups[g].from), int(groups[r.to-1].to), CVV, 0.9, "cvv/asked"))
				}
				break
			}
			n += groups[g].n
		}
	}
	return dst
}

// lastFours finds the last four digits of a card in groups, said or written: «последние цифры карты 44 55», «картой на конце
// сорок четыре пятьдесят пять».
func (t *Text) lastFours(dst []Span) []Span {
	groups := t.numbers.groups
	for _, r := range t.numbers.runs {
		if r.to-r.from < 2 || r.to-r.from > 4 || groups[r.from].glued || groups[r.from].dated {
			continue
		}
		first, last := int(groups[r.from].from), int(groups[r.to-1].to)
		if len(t.numbers.digitsOf(int(r.from), int(r.to))) != 4 || t.unitAfter(last) || t.timed(first) && !t.tailBefore(first) || !t.tailBefore(first) && !t.endsWith(last) && !t.says(last+1, "конце") {
			continue
		}
		if h := t.hintFor(first, last); h.cue == vocabulary.Card && (h.at < 0 || h.near > 0.4) {
			dst = append(dst, t.span(first, last, CARD, 0.75, "card/last-four"))
		}
	}
	return dst
}

// banks are what people call their card by.
const banks wordList = "тинькофф сбер сбербанк альфа альфабанк втб мир виза озон райф райффайзен газпром почта mastercard visa"

// lastFour reports whether four digits by themselves are the end of a card: right behind «карта», or behind «последние»
// where a card is spoken of.
func (t *Text) lastFour(i int) bool {
	g := t.groupIndex(i)
	if g < 0 || t.numbers.groups[g].glued || !t.isRun(g) || t.unitAfter(i+1) {
		return false
	}
	switch h := t.hintFor(i, i+1); {
	case h.cue == vocabulary.Card && h.at < i:
		return h.at >= 0 && i-h.at <= 2+t.signsBefore(i) || t.tailBefore(i) || h.at < 0 && t.says(i-1, banks) && t.onlySmall(i+1)
	case h.cue == vocabulary.Card:
		return t.tailBefore(i) // «последние цифры 4455 карты»
	case h.cue == vocabulary.NoCue:
		return t.asked == vocabulary.Card && t.tailBefore(i)
	}
	return false
}

// signsBefore counts the signs right before token i: «карта ...4455».
func (t *Text) signsBefore(i int) int {
	n := 0
	for n < maxSeparators && i > n && t.tok[i-n-1].kind == signToken && (t.tok[i-n-1].key == '.' || t.tok[i-n-1].key == '…') {
		n++
	}
	return n
}

func isStar(key uint64) bool { return key == '*' || key == '•' }

// endsRun reports whether no group follows in the same run.
func (t *Text) endsRun(g int) bool {
	groups := t.numbers.groups
	return g+1 == len(groups) || groups[g+1].sep == 0
}

// isRun reports whether a group is a run by itself.
func (t *Text) isRun(g int) bool {
	groups := t.numbers.groups
	return groups[g].sep == 0 && t.endsRun(g)
}

const tailWithin = 5

// tailBefore reports whether «последние», «на конце», «хвост» stands before token i.
func (t *Text) tailBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-tailWithin; j-- {
		if t.tok[j].vocab.Class == vocabulary.Tail {
			return true
		}
	}
	return false
}

const (
	maxStars      = 16
	maxCardGroups = 8
)

// starred reads «4276 **** **** 3460» and «*4107» around the first star.
func (t *Text) starred(i int) (from, to int, ok bool) {
	to = i
	stars := 0
	for to < len(t.tok) && t.tok[to].kind == signToken && isStar(t.tok[to].key) && t.tok[to].gap <= oneSpace && stars < maxStars {
		stars++
		to++
	}
	if to >= len(t.tok) || t.tok[to].kind != numberToken || t.tok[to].n != 4 || t.tok[to].gap > oneSpace {
		return 0, 0, false
	}
	if stars == 2 && t.glued(to) && !t.sign(to+1, '*') && t.says(i-1, "с на по картой карты карту") { // «оплатила с **8841»
		return to, to + 1, true
	}
	from = to
	if before := t.starredStart(i); before < i && stars >= 4 {
		from = before
	} else if h := t.hintFor(i, to+1); stars < 4 && h.cue != vocabulary.Card && !(h.cue == vocabulary.Order && t.aboutCard(i)) { // «карта по чеку: *8316»
		return 0, 0, false
	}
	return from, to + 1, true
}

// starredStart goes back over the digits and stars that a card with hidden digits begins with: «4276 38** **** 4455».
func (t *Text) starredStart(i int) int {
	from, digits := i, 0
	for from > 0 && t.tok[from].gap <= oneSpace && digits <= maxShownDigits && (t.tok[from-1].kind == numberToken || t.tok[from-1].kind == signToken && isStar(t.tok[from-1].key)) && i-from < maxStars {
		from--
		if t.tok[from].kind == numberToken {
			digits += int(t.tok[from].n)
		}
	}
	if digits < 4 || digits > maxShownDigits {
		return i
	}
	return from
}

// maxShownDigits is how many of a card's first digits are shown before the hidden ones (PCI DSS 3.4.1).
const maxShownDigits = 8

// expiry reads «04/28», «12/2027», «07.29» behind a card or the word for it.
func (t *Text) expiry(i int) (int, bool) {
	if i+2 >= len(t.tok) || t.tok[i+1].kind != signToken || t.tok[i+1].gap != noGap || t.tok[i+2].gap != noGap || !t.startsWord(i) {
		return 0, false
	}
	month, sign, year := &t.tok[i], t.tok[i+1].key, &t.tok[i+2]
	if year.kind != numberToken || !isMonth(int(month.key)) || !(year.n == 2 || year.n == 4 && isYear(int(year.key))) {
		return 0, false
	}
	if sign != '/' && sign != '.' && sign != '-' || i+3 < len(t.tok) && t.tok[i+3].gap == noGap && (t.tok[i+3].kind != signToken || t.tok[i+3].key == '/' || t.tok[i+3].key == '-' || i+4 < len(t.tok) && t.tok[i+4].gap == noGap) {
		return 0, false
	}
	if i > 0 && month.gap == noGap && (t.tok[i-1].key == '/' || t.tok[i-1].key == '.' || t.tok[i-1].key == '-') {
		return 0, false // the middle of a date
	}
	switch h := t.hintFor(i, i+3); {
	case h.cue == vocabulary.Expiry, t.cardBefore(i):
		return i + 3, true
	case h.cue == vocabulary.Card, h.cue == vocabulary.CVV:
		return i + 3, sign == '/'
	}
	return 0, false
}

// codeAfter reads the three or four digits of the CVV that follow an expiry, the name on the card between.
func (t *Text) codeAfter(dst []Span, i int) []Span {
	for j := i; j < len(t.tok) && j < i+6; j++ {
		g := t.groupIndex(j)
		if g < 0 {
			continue
		}
		if n := t.numbers.groups[g].n; (n == 3 || n == 4) && t.endsRun(g) && !t.unitAfter(int(t.numbers.groups[g].to)) {
			group := t.numbers.groups[g]
			return append(dst, t.span(int(group.from), int(group.to), CVV, 0.7, "cvv/after-expiry"))
		}
		break
	}
	return dst
}

// cardBefore reports whether sixteen digits end a few tokens before token i.
func (t *Text) cardBefore(i int) bool {
	for j := i - 1; j >= 0 && j > i-4; j-- {
		g := t.groupIndex(j)
		if g < 0 {
			continue
		}
		n := int32(0)
		for first := g; g >= 0 && g > first-maxCardGroups; g-- {
			n += t.numbers.groups[g].n
			if t.numbers.groups[g].sep == 0 {
				break
			}
		}
		return n >= 16
	}
	return false
}
