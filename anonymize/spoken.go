package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// spokenAddress reads the e-mail address around a sign that was said, «иван точка петров собака яндекс точка ру», or
// the handle behind it.
func (t *Text) spokenAddress(dst []Span, at mark) []Span {
	start := at.from
	if local := t.beforeRemarks(start); local > 0 {
		if first := t.spokenLocal(local); first < local {
			start = first
		}
	}
	if t.says(at.from, "at") && t.isPlainLocal(start, at.from) && t.isWrittenDomain(at.to) {
		return dst // "the terms at example.com"
	}
	if end := t.spokenDomain(at.to, t.tok[at.from].kind != latinToken); end > 0 && !(end < len(t.tok) && t.tok[end].vocab.Class == vocabulary.Symbol && t.tok[end].vocab.Arg == '/') && (start < at.from || t.says(at.from, "собака собачка собаку")) {
		return append(dst, t.span(start, end, EMAIL, 0.97, "email/spoken"))
	}
	if end := t.namedFigure(at.to); end > 0 && t.says(at.from, "собака собачка собаку") && t.hintFor(at.from, end).cue == vocabulary.Handle {
		return append(dst, t.span(at.from, end, HANDLE, 0.9, "handle/spoken"))
	}
	if end, underscore := t.spokenName(at.to); end > 0 && t.says(at.from, "собака собачка собаку") &&
		(underscore || t.hintFor(at.from, end).cue == vocabulary.Handle) {
		return append(dst, t.span(at.from, end, HANDLE, 0.95, "handle/spoken"))
	}
	return dst
}

// maxNameWords is how many words stand before the number in the name of an account.
const maxNameWords = 3

// namedFigure gives the token behind one to three words and a number, «стриж окна девять», 0 if they do not stand at token i.
func (t *Text) namedFigure(i int) int {
	first := i
	for i < len(t.tok) && i-first < maxNameWords && t.isAtom(i) && !t.isFigure(i) && t.near(i) {
		i++
	}
	if i == first || i < len(t.tok) && t.groupIndex(i) >= 0 && t.isDated(t.numbers.groups[t.groupIndex(i)]) {
		return 0
	}
	return t.digitsSaid(i, 1, maxPasswordDigits)
}

// remarkFollows reports a remark on the spelling at token i.
func (t *Text) remarkFollows(i int) bool {
	return t.says(i, "латиницей латинскими слитно маленькими строчными английскими вместе")
}

// isPlainLocal reports that nothing but ordinary words of English stands from token from to to.
func (t *Text) isPlainLocal(from, to int) bool {
	for i := from; i < to; i++ {
		if !t.isLatin(i) || t.tok[i].n < 3 || !lexicon.IsPlain(t.tok[i].key) {
			return false
		}
	}
	return true
}

// isWrittenDomain reports a name with its dot as it is written at token i.
func (t *Text) isWrittenDomain(i int) bool {
	return t.isLatin(i) && t.sign(i+1, '.') && t.glued(i+1) && t.glued(i+2) && t.isLatin(i+2)
}

// beforeRemarks passes back over remarks on the spelling, «маленькими буквами», that end before token i.
func (t *Text) beforeRemarks(i int) int {
	for n := 0; n < 3 && t.says(i-1, "маленькими маленькая маленькой маленькие строчными заглавными буквами буквой слитно "+
		"вместе латиницей латиница английскими английская английские"); n++ {
		i--
	}
	return i
}

// spokenMark is markAt with «нижнее подчёркивание» as one sign.
func (t *Text) spokenMark(i int) (mark, bool) {
	if t.says(i, "нижнее нижний нижняя") && t.near(i+1) {
		if m, ok := t.markAt(i + 1); ok && m.sign == '_' {
			m.from = i
			return m, true
		}
		if t.says(i+1, "прочерк пробел черта тире дефис") {
			return mark{'_', i, i + 2, true}, true
		}
	}
	if t.says(i, "через") && t.near(i+1) {
		if m, ok := t.markAt(i + 1); ok && m.spelled && m.sign != '@' {
			m.from = i
			return m, true // «сергей через чёрточку волков»
		}
	}
	m, ok := t.markAt(i)
	if !ok || m.sign == '@' || !m.spelled && !t.glued(i) && !t.glued(i+1) {
		return mark{}, false
	}
	return m, true
}

// spokenMarkBefore reads the mark that ends before token i.
func (t *Text) spokenMarkBefore(i int) (mark, bool) {
	for _, size := range [...]int{2, 3, 1} {
		if i < size {
			continue
		}
		if m, ok := t.spokenMark(i - size); ok && m.to == i {
			return m, true
		}
	}
	return mark{}, false
}

// spokenLocal gives the first token of the local part that ends before token from, from if nothing fits.
func (t *Text) spokenLocal(from int) int {
	start := from
	for start > 0 && from-start < maxLocalTokens && t.tok[start].gap != lineGap {
		if m, ok := t.spokenMarkBefore(start); ok && start < from {
			if m.from == 0 || t.tok[m.from].gap == lineGap || !t.isWord(m.from-1) && t.tok[m.from-1].kind != numberToken {
				break
			}
			start = m.from - 1
			continue
		}
		if !t.joinsLocal(start, from) {
			break
		}
		start--
	}
	return start
}

// joinsLocal reports whether the word before token start belongs to the local part that begins there. People say the
// words of an address without a sign between: letters, numbers, names.
func (t *Text) joinsLocal(start, from int) bool {
	prev := start - 1
	switch {
	case !t.isWord(prev) && t.tok[prev].kind != numberToken, t.glued(prev) && t.sign(prev-1, '\''): // "it's kate at …"
		return false
	case prev > 1 && t.says(prev, "in") && t.says(prev-1, "as") && t.isLetter(prev-2), prev > 0 && t.says(start, "in") && t.says(prev, "as") && t.isLetter(prev-1), prev > 2 && t.says(prev-1, "in") && t.says(prev-2, "as") && t.isLetter(prev-3):
		return true // "m as in mike"
	case t.glued(start), start == from && t.tok[prev].n == 1, t.isLetter(start) && t.saidBy(prev, start): // «зет у б»
		return true
	case t.tok[prev].kind == latinToken && t.says(prev, "still now just again always actually currently maybe"):
		return false
	case !t.isAtom(prev):
		return t.isLetter(start) && t.tok[prev].n == 1 && start < from // «в к петров»
	case start == from, t.isLetter(prev), t.isFigure(prev), t.isFigure(start), t.tok[start].n == 2 && start == from-1:
		return true
	case t.says(start, "in") && t.says(prev, "as"), t.says(start, "as") && t.isLetter(prev), t.says(prev, "как"): // «эс как доллар»
		return prev > 0 && t.isLetter(prev-1)
	}
	if prev >= 2 && t.says(prev-1, "как") && t.isLetter(prev-2) {
		return true // «эс как доллар эм»
	}
	if t.tok[prev].kind == latinToken && t.tok[start].kind == latinToken {
		return prev == 0 || !t.isAtom(prev-1)
	}
	if prev > 0 && t.tok[prev-1].vocab.Cue() == vocabulary.Email && !isAdjective(t.tok[prev].key) {
		return true // «на почту арам григорян собака …»
	}
	tok := &t.tok[prev]
	return tok.class.Is(lexicon.Person) && !tok.class.Is(lexicon.Ambiguous)
}

// isAtom reports a word or number that may be said as a part of an address: no word that only joins the others.
func (t *Text) isAtom(i int) bool {
	if !t.isWord(i) && !(i >= 0 && i < len(t.tok) && t.tok[i].kind == numberToken) {
		return false
	}
	switch e := t.tok[i].vocab; e.Class {
	case vocabulary.Filler, vocabulary.Stop, vocabulary.CueWord, vocabulary.Symbol, vocabulary.Tail:
		return false
	case vocabulary.NearName:
		switch vocabulary.Hint(e.Arg) {
		case vocabulary.Job, vocabulary.Kin, vocabulary.Thing, vocabulary.Place, vocabulary.Animal, vocabulary.Abstract, vocabulary.Make:
			return true
		}
		return false
	}
	return true
}

// isLetter reports a letter or its name.
func (t *Text) isLetter(i int) bool {
	return t.isWord(i) && (t.tok[i].n == 1 || t.tok[i].vocab.Class == vocabulary.Letter)
}

func (t *Text) isFigure(i int) bool { return t.tok[i].kind == numberToken || t.spokenAt(i) }

// maxLabelWords is how many words one label of a domain is said in: «мой магазин», «гугл нет джимэйл».
const maxLabelWords = 4

// spokenDomain gives the token behind the domain that begins at token i, 0 if there is none. The last dot may be left
// out in Russian: «яндекс ру».
func (t *Text) spokenDomain(i int, russian bool) int {
	end, words, dot := 0, 0, false
	for first := i; i < len(t.tok) && i < first+maxLocalTokens && t.tok[i].gap != lineGap; {
		if m, ok := t.spokenMark(i); ok && words > 0 {
			dot = m.sign == '.'
			if words = 1; !dot && m.sign != '-' && m.sign != '_' || m.to >= len(t.tok) {
				break
			}
			i = m.to
			continue
		}
		tok := &t.tok[i]
		if tok.kind == signToken {
			break
		}
		written := dot && t.sign(i-1, '.')
		switch tld := tok.vocab.Class == vocabulary.TLD; {
		case dot && (tld || written && tok.kind == latinToken && tok.n >= 2),
			tld && russian && words > 0 && t.says(i, "ру рф ком ru com нет орг кз бай su"):
			end = i + 1
		case words >= maxLabelWords, i > first && !t.isAtom(i) && !tld && !t.says(i, "нет ой точнее вернее эй и") && tok.n > 1:
			return t.endOfDomain(end, i, first)
		}
		if dot && t.isLetter(i) && i+1 < len(t.tok) && t.tok[i+1].gap == oneSpace && t.isLetter(i+1) {
			return i + 2 // «точка дэ е»
		}
		i++
		words, dot = words+1, false
		if end == i && !t.dotFollows(i) {
			return end
		}
	}
	return t.endOfDomain(end, i, i)
}

// dotFollows reports whether a mark of a domain stands at token i.
func (t *Text) dotFollows(i int) bool {
	m, ok := t.spokenMark(i)
	return ok && m.sign == '.' && m.to < len(t.tok)
}

// endOfDomain gives end; a well known host may be said without what follows its dot.
func (t *Text) endOfDomain(end, i, first int) int {
	if end == 0 && i > 0 && (i == len(t.tok) || !t.isAtom(i)) && t.says(i-1, "яндекс яндексе мейл мэйл майл гмейл гмэйл джимейл джимэйл жмейл рамблер рамблере "+
		"инбокс хотмейл аутлук айклауд yandex gmail mail rambler") {
		return i
	}
	return end
}

// spokenName gives the token behind words that spoken signs join, and whether an underscore is among the signs.
func (t *Text) spokenName(i int) (end int, underscore bool) {
	for first, words := i, 0; i < len(t.tok) && i < first+maxLocalTokens && words < maxLabelWords && (i == first || t.tok[i].gap != lineGap); {
		if m, ok := t.spokenMark(i); ok && words > 0 {
			if m.to >= len(t.tok) || !t.isAtom(m.to) && !t.isSpelledOn(m.to) {
				break
			}
			underscore = underscore || m.sign == '_'
			i, words = m.to, 1
			i++
			end = i
			continue
		}
		if !t.isAtom(i) && !(words > 0 && t.isSpelledOn(i)) || words > 0 && !t.isFigure(i) && !t.isLetter(i) && !t.glued(i) {
			break
		}
		if words == 0 || !t.isLetter(i) {
			words++
		}
		i++
		end = i
	}
	return end, underscore
}

// isSpelledOn reports a letter that is a small word elsewhere, within letters that are said one by one: «зет у б».
func (t *Text) isSpelledOn(i int) bool {
	if !t.isLetter(i) || i+1 >= len(t.tok) {
		return false
	}
	_, mark := t.spokenMark(i + 1)
	return mark || t.isLetter(i+1)
}

// recognizeSpokenNames finds names of accounts that are said without «собака»: words with «подчёркивание» between, and
// the answer to the question for one.
func recognizeSpokenNames(dst []Span, t *Text) []Span {
	next := 0
	for _, at := range t.triggers {
		i := int(at.at)
		if at.on&onSymbol == 0 || i < next || t.tok[i].vocab.Class != vocabulary.Symbol {
			continue
		}
		m, ok := t.spokenMark(i)
		if !ok {
			continue
		}
		from := i
		if t.says(i-1, "нижнее нижний нижняя") {
			from--
		}
		asked := t.asked == vocabulary.Email || t.hintFor(i, m.to).cue == vocabulary.Handle
		joins := m.sign == '_' || asked && m.spelled && (m.sign == '.' || m.sign == '-')
		if !joins || from == 0 || m.to >= len(t.tok) || !t.isAtom(m.to) {
			next = m.to
			continue
		}
		start := t.spokenLocal(from)
		end, underscore := t.spokenName(start)
		if start == from || end <= m.to || t.asked != vocabulary.Email && !underscore && !t.isFigure(end-1) && !t.says(start, "live живой") {
			continue
		}
		kind := HANDLE
		if t.asked == vocabulary.Email || t.hintFor(start, end).cue == vocabulary.Email {
			kind = EMAIL
		}
		if t.hintFor(start, end).cue != vocabulary.Password {
			dst = append(dst, t.span(start, end, kind, 0.9, "handle/spoken"))
		}
		next = end
	}
	return t.namedAccount(dst)
}

// calledAccount reads «логин стриж окна один латиницей» behind its cue at token i-1.
func (t *Text) calledAccount(dst []Span, i int) []Span {
	for n := 0; n < maxNameWords && t.near(i) && t.says(i, "личного личный личном кабинета кабинет кабинете новый старый был будет моя мой от почты сайта мой такой вот у меня в телеграме сейчас"); n++ {
		i++
	}
	end := t.namedFigure(i)
	if end == 0 || t.unitAfter(end) || !t.remarkFollows(end) && end < len(t.tok) {
		return dst
	}
	return append(dst, t.span(i, end, HANDLE, 0.9, "handle/called"))
}

// maxAccountWords is how long an answer is that is nothing but the name of an account.
const maxAccountWords = 4

// namedAccount takes a turn of few words that answers «ник в телеграме?» for the name.
func (t *Text) namedAccount(dst []Span) []Span {
	if t.asked != vocabulary.Handle || len(t.tok) == 0 || len(t.tok) > maxAccountWords {
		return dst
	}
	for i := range t.tok {
		if m, ok := t.spokenMark(i); !t.isAtom(i) && !(ok && m.spelled && i > 0 && m.to < len(t.tok)) {
			return dst
		}
	}
	return append(dst, t.span(0, len(t.tok), HANDLE, 0.9, "handle/asked"))
}
