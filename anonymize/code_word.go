package anonymize

import (
	"slices"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// A codeMemory is the last password that was told, for its echo: its tokens, the first of which are plain words.
type codeMemory struct {
	keys  [maxPasswordTokens]uint64
	n     int
	words int // an echo has all of these, of the others what it has

	number bool // it begins with one
	turns  int  // for which it is expected
}

const (
	maxCodeWords      = 3
	maxPasswordTokens = 12
	maxCodeAnswer     = 7  // words of a turn that answers with a code word
	codeWordsWithin   = 14 // tokens
)

// note takes over the longest password of a turn.
func (m *codeMemory) note(t *Text, spans []Span) {
	m.turns = max(m.turns-1, 0)
	longest := 0
	for _, s := range spans {
		if s.Kind != PASSWORD || s.End-s.Start <= longest {
			continue
		}
		if told := t.codeTold(s); told.n > 0 {
			longest, *m = s.End-s.Start, told
		}
	}
}

// codeTold gives the tokens of a password for its echo, none of one that is a number.
func (t *Text) codeTold(s Span) codeMemory {
	m, from := codeMemory{turns: echoTurns}, t.tokenAt(s.Start)
	m.number = t.groupIndex(from) >= 0 && !t.glued(from+1)
	for i := from; i < len(t.tok) && m.n < maxPasswordTokens && int(t.tok[i].end) <= s.End; i++ {
		m.keys[m.n] = t.tok[i].key
		m.n++
		if m.words == i-from && m.words < maxCodeWords && t.isContent(i) && !t.glued(i) {
			m.words++
		}
	}
	switch {
	case m.words == 0 && (m.n < 2 || !t.isWord(from)):
		m.n = 0
	case m.words == 0, m.words < m.n && t.glued(from+m.words): // «Тара-7718»
		m.words = m.n
	}
	return m
}

// recognizeCodeWords finds passwords that are plain words: the answer to the question for one, what is called a code word, and
// its echo.
func recognizeCodeWords(dst []Span, t *Text) []Span {
	if t.about(handleTopic) {
		dst = t.otherAccount(dst)
	}
	if t.asks(vocabulary.Password) && !slices.ContainsFunc(dst, isPassword) {
		dst = t.answeredCode(dst)
	}
	for _, at := range t.cues {
		switch i := int(at); {
		case !t.says(i, "кодовое контрольное секретное code"):
		case t.says(i, "кодовое контрольное секретное") && t.says(i+1, "слово слова"), t.says(i, "code") && t.says(i+1, "word"):
			dst = t.namedCode(dst, i+2)
		case t.says(i, "кодовое") && t.says(i-1, "слово"):
			dst = t.namedCode(dst, i+1)
		case t.says(i, "кодовое контрольное") && t.asks(vocabulary.Password):
			dst = t.namedCode(dst, i+1)
		}
	}
	next := 0
	for _, at := range t.numbers.tokens {
		if i := int(at.at); i >= next && t.tok[i].kind == numberToken && t.glued(i) {
			dst, next = t.remarkedCode(dst, i)
		}
	}
	if t.codeSaid.turns > 0 || t.about(passwordTopic) {
		dst = t.otherCode(dst)
	}
	if t.codeSaid.turns > 0 {
		dst = t.appendCode(dst, &t.codeSaid)
	}
	if !slices.ContainsFunc(dst, isPassword) {
		return dst
	}
	var here codeMemory // «тогда рябина, просто рябина»
	if here.note(t, dst); here.number {
		return dst
	}
	return t.appendCode(dst, &here)
}

func isPassword(s Span) bool { return s.Kind == PASSWORD }

// appendCode appends every place where the words of the password stand side by side, with as much of its rest as follows.
func (t *Text) appendCode(dst []Span, m *codeMemory) []Span {
	for i := 0; m.n > 0 && i+m.words <= len(t.tok); i++ {
		if t.tok[i].key != m.keys[0] {
			continue
		}
		n := t.sameTokens(i, m.keys[:m.n])
		if n < m.words {
			continue
		}
		dst = append(dst, t.span(i, i+n, PASSWORD, 0.79, "credential/echo"))
		if rest := i + n + 1; n < m.n && rest < len(t.tok) && isSmall(t.tok[rest-1].vocab) { // «гранат, потом сорок пять»
			if more := t.sameTokens(rest, m.keys[n:m.n]); more > 0 {
				dst = append(dst, t.span(rest, rest+more, PASSWORD, 0.79, "credential/echo"))
			}
		}
	}
	return dst
}

// sameTokens tells how many of the tokens stand side by side from token i on.
func (t *Text) sameTokens(i int, keys []uint64) int {
	n := 0
	for n < len(keys) && i+n < len(t.tok) && t.tok[i+n].key == keys[n] {
		n++
	}
	return n
}

// otherCode finds another password in answer to one: «нет, gost_5», «временный – qwe77RTY».
func (t *Text) otherCode(dst []Span) []Span {
	for i := 0; i < len(t.tok) && i < codeWordsWithin; i++ {
		if t.tok[i].kind == latinToken && t.startsWord(i) {
			c := t.clusterAt(i)
			if c.to-i <= maxPasswordTokens && c.latin && !c.url && c.letters > 1 && c.digits > 0 && c.isCredential(PASSWORD, true) && c.dashes < 2 {
				return append(dst, t.span(i, c.to, PASSWORD, 0.7, "credential/other"))
			}
			return dst
		}
		if t.tok[i].kind != signToken && !isSmall(t.tok[i].vocab) && !t.says(i, "временный новый правильный такой верный сбросил сбросила поменяли попробуйте сейчас стоит") {
			return dst
		}
	}
	return dst
}

// remarkedCode finds letters and digits that somebody tells how to write, «Тара-7718, с большой буквы», around the number
// at token i, and gives the token behind what it has read.
func (t *Text) remarkedCode(dst []Span, i int) ([]Span, int) {
	from := i
	for from > 0 && i-from < maxPasswordTokens && t.tok[from].gap == noGap && !t.sign(from-1, ':') {
		from--
	}
	if from == i || !t.isWord(from) || t.asks(vocabulary.Handle) || t.asks(vocabulary.Email) {
		return dst, i + 1
	}
	c := t.clusterAt(from)
	if c.to <= i || c.url || !c.isCredential(PASSWORD, true) || c.letters < minPassword {
		return dst, max(c.to, i+1)
	}
	remark := c.to
	if t.sign(remark, ',') || t.sign(remark, '(') {
		remark++
	}
	if t.says(remark, "с все всё первая через без") {
		remark++
	}
	if !t.says(remark, "большой большие большая заглавной заглавная маленькой маленькие маленькими слитно пробелов латиницей дефис") {
		return dst, c.to
	}
	switch t.hintFor(from, c.to).cue {
	case vocabulary.NoCue, vocabulary.Password:
		dst = append(dst, t.span(from, c.to, PASSWORD, 0.75, "credential/remark"))
	}
	return dst, c.to
}

// answeredCode reads the answer to the question for a code word.
func (t *Text) answeredCode(dst []Span) []Span {
	if i := t.otherWord(); i > 0 {
		return append(dst, t.span(i, i+1, PASSWORD, 0.7, ruleCodeWord))
	}
	words, named := 0, -1
	if i := t.afterPause(); i > 0 {
		return append(dst, t.span(i, len(t.tok), PASSWORD, 0.7, ruleCodeWord))
	}
	for i := 0; i < len(t.tok) && i < codeWordsWithin; i++ {
		switch {
		case t.sign(i, '"'):
			if to := t.contentEnd(i + 1); to > i+1 && t.sign(to, '"') {
				return append(dst, t.span(i+1, to, PASSWORD, 0.8, ruleCodeWord))
			}
		case t.says(i, "слово пароль word"):
			named = i
		case t.isContent(i) || t.groupIndex(i) >= 0:
			words++
		case t.hesitates(i):
			return dst
		}
	}
	if named >= 0 {
		return t.namedCode(dst, named+1)
	}
	if words == 0 || words > maxCodeAnswer || len(t.tok) > codeWordsWithin {
		return dst
	}
	for i := 0; i < len(t.tok); i++ {
		if t.isContent(i) {
			to := t.contentEnd(i)
			if t.says(i-1, "я") || to == i+1 && t.tok[i].key&(1<<10-1) == lexicon.Key("те")&(1<<10-1) && to < len(t.tok) || to < len(t.tok) && t.isWord(to) && !isSmall(t.tok[to].vocab) && !t.leadsIn(to) && !t.says(to, "или либо") {
				return dst
			}
			dst = append(dst, t.span(i, to, PASSWORD, 0.7, ruleCodeWord))
			for n := 0; n < 2 && to < len(t.tok) && t.leadsIn(to); n++ {
				to++
			}
			if other := to + 1; t.says(to, "или либо or") && other < len(t.tok) && t.isContent(other) { // «рябина или калина»
				dst = append(dst, t.span(other, t.choiceEnd(other), PASSWORD, 0.7, ruleCodeWord))
			}
			return dst
		}
		if t.tok[i].kind != signToken && !isSmall(t.tok[i].vocab) && !t.leadsIn(i) {
			return dst
		}
	}
	return dst
}

// afterPause gives the first of one or two words that end the answer of somebody who had to think: «сейчас вспомню золотая
// рыбка»; 0 if there are none.
func (t *Text) afterPause() int {
	i, paused := 0, false
	for i < len(t.tok) && (t.tok[i].kind == signToken || isSmall(t.tok[i].vocab) || t.says(i, "сейчас щас секунду минуту вспомню")) {
		paused = paused || t.says(i, "вспомню")
		i++
	}
	if n := len(t.tok) - i; !paused || n < 1 || n > 2 {
		return 0
	}
	for j := i; j < len(t.tok); j++ {
		if !t.isContent(j) {
			return 0
		}
	}
	return i
}

// otherWord gives the one word that is offered in place of one that was wrong or is changed, «а тогда казань, я меняла»,
// «поменяйте на Тулпар»; 0 if there is none.
func (t *Text) otherWord() int {
	i := 0
	for i < len(t.tok) && i < maxPieceWords && !t.says(i, "тогда поменяйте смените измените замените поставьте сделайте") {
		i++
	}
	changed := !t.says(i, "тогда")
	if i++; changed && t.says(i, "на") {
		i++
	} else if changed && !t.says(i-1, "поставьте сделайте") {
		return 0
	}
	end := i + 1
	if i >= len(t.tok) || !t.isContent(i) || end < len(t.tok) && t.isWord(end) && !isSmall(t.tok[end].vocab) {
		return 0
	}
	return i
}

// choiceEnd is contentEnd for the second of two words: what is said behind it belongs to none of them.
func (t *Text) choiceEnd(i int) int {
	to := t.contentEnd(i)
	for to > i+1 && t.says(to-1, "смотря когда забыла точно скорее наверное один одно какой какое") {
		to--
	}
	return to
}

// leadsIn reports words before a code word that are none themselves.
func (t *Text) leadsIn(i int) bool {
	return t.says(i, "тогда кажется попробуйте вроде слово вайфай вайфая wifi роутер роутера word простой простое")
}

const ruleCodeWord = "credential/word"

// namedCode reads the code word behind what calls it one: «кодовое слово: ромашка», «слово ереван шестьдесят два».
func (t *Text) namedCode(dst []Span, i int) []Span {
	marked := false
	for i < len(t.tok) && t.tok[i].kind == signToken && (t.tok[i].key == ':' || t.tok[i].key == '-' || t.tok[i].key == '"' || t.tok[i].key == '=') {
		marked = true
		i++
	}
	if first := t.afterRemarks(i); first > i && !marked && !t.says(first-1, "для на от к с по for to of") && !t.sign(first+1, '?') {
		if to := first + 1; t.isContent(first) && t.mayBeCode(first) && (to >= len(t.tok) || !t.isWord(to) || isSmall(t.tok[to].vocab)) {
			return append(dst, t.span(first, to, PASSWORD, 0.75, ruleCodeWord))
		}
	}
	to := t.contentEnd(i)
	if to < len(t.tok) && t.tok[to].kind == labelToken {
		return dst // it was hidden before
	}
	if to == i || to == i+1 && t.says(i, "прежнее прежний старое старый новое новый другое другой неверный верный") || !marked && t.isVerbOfAsking(i) || to < len(t.tok) && t.isWord(to) && !isSmall(t.tok[to].vocab) {
		return dst
	}
	return append(dst, t.span(i, to, PASSWORD, 0.8, ruleCodeWord))
}

// afterRemarks passes over what is said of a code word before it is told: «кодовое слово по договору было …».
func (t *Text) afterRemarks(i int) int {
	for n := 0; n < maxPieceWords && i < len(t.tok) && t.isWord(i) && (isSmall(t.tok[i].vocab) || t.says(i, "по договору карте было теперь кажется вроде новое старое мое моё простое такое "+
		"маленькими большими строчными слитно русскими буквами")); n++ {
		i++
	}
	return i
}

// mayBeCode reports a word that names something by its ending: no adjective, no verb, no adverb.
func (t *Text) mayBeCode(i int) bool {
	if t.tok[i].kind != wordToken {
		return true
	}
	switch lexicon.EndingKey(t.tok[i].key, 2) {
	case ending2('т', 'е'), ending2('т', 'ь'), ending2('с', 'ь'), ending2('с', 'я'), ending2('е', 'т'), ending2('и', 'т'), ending2('л', 'и'), ending2('л', 'о'), ending2('н', 'о'), ending2('т', 'о'):
		return false
	}
	return !isAdjective(t.tok[i].key) && !t.says(i, "записала забыла сменила поменяла потеряла называла говорила говорил записал сменил поменял сказала сказал")
}

// contentEnd gives the token behind up to three words that may be a code word, and the number behind them.
func (t *Text) contentEnd(i int) int {
	to := i
	for to < len(t.tok) && to-i < maxCodeWords && t.isContent(to) && (to == i || t.tok[to].gap == oneSpace) {
		to++
	}
	if to > i && to < len(t.tok) && t.tok[to].gap <= oneSpace && t.groupIndex(to) >= 0 {
		if end := t.digitsSaid(to, 1, maxPasswordDigits); end > 0 && !t.unitAfter(end) {
			return end
		}
	}
	return to
}

// isContent reports a word that stands for a thing or is unknown, as code words are.
func (t *Text) isContent(i int) bool {
	if !t.isWord(i) || t.tok[i].n < 3 || t.groupIndex(i) >= 0 || t.leadsIn(i) {
		return false
	}
	switch v := t.tok[i].vocab; v.Class {
	case vocabulary.None, vocabulary.PlaceWord, vocabulary.Month:
		return !t.hesitates(i)
	case vocabulary.NearName:
		switch vocabulary.Hint(v.Arg) {
		case vocabulary.Job, vocabulary.Kin, vocabulary.Thing, vocabulary.Place, vocabulary.Animal, vocabulary.Abstract, vocabulary.Make:
			return true
		}
	}
	return false
}

// hesitates reports words of who does not answer: «не помню», «зачем вам».
func (t *Text) hesitates(i int) bool {
	return t.says(i, "не зачем какое какой сейчас щас секунду минуту забыл забыла помню знаю посмотрю скажу "+
		"вспомню менял меняла другое другой неверное неверно неправильное прежнее был была было придумаю работает получилось подошел подошло подходит вошел вошла спасибо напомните скажите понял поняла verify forgot what which wait")
}

// isVerbOfAsking reports «помните», «назовите» and what else is said of a code word.
func (t *Text) isVerbOfAsking(i int) bool {
	key := t.tok[i].key
	return key&(1<<10-1) == lexicon.Key("те")&(1<<10-1) || t.hesitates(i) || t.says(i, "нужно нужен есть указано верное неверное другое подходит принято")
}
