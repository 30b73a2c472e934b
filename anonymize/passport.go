package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Who issued a passport and when, and the code of his division, tell as much as its number: they are spans of their own.

const (
	issuerTokens   = 40 // the longest name of an issuer with its date
	passportTokens = 40 // how far back a passport may have been named
)

// recognizeIssuers finds «отделом УФМС России по Пермскому краю 17.11.2009» behind «выдан» or a passport, and the code
// of the division.
func recognizeIssuers(dst []Span, t *Text) []Span {
	next := 0
	for _, at := range t.triggeredBy(onOffice) {
		i := int(at.at)
		if at.on&onOffice == 0 || i < next || t.tok[i].vocab.Class != vocabulary.Office || !t.aboutPassport(i) || !t.isAuthority(i) {
			continue
		}
		from, to := t.issuerStart(i), t.issuerEnd(i)
		dst = append(dst, t.span(from, to, PASSPORT, 0.9, "passport/issuer"))
		next = to
	}
	for _, r := range t.numbers.runs {
		if first, last, ok := t.division(r); ok {
			dst = append(dst, t.span(first, last, PASSPORT, 0.97, "passport/division"))
		}
	}
	return dst
}

// aboutPassport reports whether a passport or its issue was named before token i, in this turn or by who asked.
func (t *Text) aboutPassport(i int) bool {
	switch t.asked {
	case vocabulary.Passport, vocabulary.Issuer, vocabulary.Division:
		return true
	}
	if t.about(passportTopic) {
		return true
	}
	for j := i - 1; j >= 0 && j > i-passportTokens; j-- {
		switch t.tok[j].vocab.Cue() {
		case vocabulary.Passport, vocabulary.Issuer:
			return true
		}
	}
	return t.seriesBefore(i)
}

// seriesBefore reports whether ten digits in the layout of a passport stand right before token i.
func (t *Text) seriesBefore(i int) bool {
	g, ok := t.groupEnding(i)
	if !ok && i > 0 && t.tok[i-1].kind == signToken {
		g, ok = t.groupEnding(i - 1)
	}
	return ok && g.n == 6 && g.sep != '-' && !t.isLicence(int(g.from))
}

// divisionMeant reports that «код» near token i is that of the office which issued a passport: one was told or its issue,
// and nobody speaks of messages.
func (t *Text) divisionMeant(i int) bool {
	return !t.about(messageTopic) && (t.about(passportTopic) || t.issuedBefore(i))
}

// issuedBefore reports a word for the issue of a paper, or the office, before token i.
func (t *Text) issuedBefore(i int) bool {
	for j := i - 1; j >= 0 && j > i-issuerTokens; j-- {
		if t.tok[j].vocab.Class == vocabulary.Office || t.tok[j].vocab.Cue() == vocabulary.Issuer {
			return true
		}
	}
	return false
}

// isLicence reports that the number at token i is that of a driving licence or a vehicle's paper.
func (t *Text) isLicence(i int) bool {
	h := t.hintFor(i, i+1)
	return h.cue == vocabulary.Licence || h.cue == vocabulary.STS
}

const authorityWithin = 6 // tokens

// isAuthority reports whether the office at token i is one of the state: a shop has departments, too.
func (t *Text) isAuthority(i int) bool {
	if !t.says(i, "отдел отдела отделу отделом отделе отделение отделения отделением отделении") {
		return true
	}
	for j := i + 1; j < len(t.tok) && j < i+authorityWithin && t.tok[j].gap != lineGap; j++ {
		if t.tok[j].vocab.Class == vocabulary.Office || t.says(j, "полиции милиции внутренних россии по района") {
			return true
		}
	}
	to := t.issuerEnd(i)
	return to > i+1 && (t.inDate(to-1) || t.inDate(to-2))
}

// inDate reports whether token i is a number of a date.
func (t *Text) inDate(i int) bool {
	g := t.groupIndex(i)
	return g >= 0 && t.numbers.groups[g].dated
}

// issuerStart goes back over the words that belong to the first office word: «Центральным РОВД», «ГУ МВД», a date.
func (t *Text) issuerStart(i int) int {
	from := i
	for from > 0 && i-from < 4 && t.tok[from].gap == oneSpace {
		prev := &t.tok[from-1]
		if prev.kind == signToken || prev.kind == numberToken || prev.vocab.Class == vocabulary.CueWord || prev.n < 2 || prev.vocab.Class == vocabulary.Filler {
			break
		}
		from--
	}
	for _, d := range t.dates {
		if d.to == from || d.to == from-1 && t.tok[d.to].kind == signToken {
			return d.from
		}
	}
	return from
}

// issuerEnd goes on to the date of issue, or to the end of the clause if there is none.
func (t *Text) issuerEnd(i int) int {
	for _, d := range t.dates {
		if d.from > i && d.from-i < issuerTokens && t.sameLine(i, d.from) {
			return d.to
		}
	}
	to := i + 1
	for to < len(t.tok) && to-i < issuerTokens {
		tok := &t.tok[to]
		if tok.gap == lineGap || tok.vocab.Class == vocabulary.CueWord && tok.vocab.Cue() != vocabulary.Address {
			break
		}
		if tok.kind == signToken && !(tok.key == '.' && t.tok[to-1].n <= 4 && !t.spaceEnds(to)) && tok.key != '-' && tok.key != '"' {
			break
		}
		to++
	}
	return to
}

// spaceEnds reports whether the dot at token i ends the text.
func (t *Text) spaceEnds(i int) bool { return i+1 >= len(t.tok) }

func (t *Text) sameLine(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if t.tok[i].gap == lineGap || t.tok[i].kind == signToken && t.tok[i].key == ';' {
			return false
		}
	}
	return true
}

// division reads «770-045» after a passport, whatever word announces it.
func (t *Text) division(r run) (first, last int, ok bool) {
	if r.to-r.from != 2 {
		return 0, 0, false
	}
	a, b := &t.numbers.groups[r.from], &t.numbers.groups[r.from+1]
	if a.n != 3 || b.n != 3 || b.sep != '-' || a.glued || t.sign(int(a.from)-1, '-') && t.glued(int(a.from)) || !t.aboutPassport(int(a.from)) {
		return 0, 0, false
	}
	return int(a.from), int(b.to), true
}
