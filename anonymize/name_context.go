package anonymize

import (
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// nameScore tells how sure a name is: what its words say on their own, joined as independent witnesses, then what
// stands before and behind. What would leave it below the least score, or above what any name gets, is not asked.
func (t *Text) nameScore(n *name, before, after, least float32) (float32, string) {
	if t.isEnglish(n) {
		return t.englishScore(n, before, after)
	}
	if !n.has(firstName | patronymic | surname) {
		return 0.7, "person/initials"
	}
	alone := t.nameStrength(n)
	if after >= 1 {
		before = max(before, 0) // «у нас кот, Ирина меня зовут»
	}
	if before+after < 0.4 && t.isFramed(n) {
		alone, before, after = max(alone, 0.2), max(before, 0), 0.35
	}
	score := alone + before + after
	first := &t.names.parts[n.from]
	single := n.to-n.from == 1
	switch {
	case t.isDocumentName(n):
		score += 0.5
	case t.isBrand(n) && (before+after < 0.3 || single && first.traits&unknownPart != 0 && before < 0.5):
		score -= 0.5
	case single && first.traits&placePart != 0 && first.traits&(listedFirst|listedSurname|listedPatr) == 0:
		score -= 0.5 // «Украины»
	case max(before, after) < 0.3 && t.isFamous(n):
		score -= 1.2 // «Анна Каренина в мягкой обложке»
	case single && t.names.cased && first.traits&ambiguousPart != 0 && t.tok[first.from].shape == lower && before < 0.5 && !t.isDeclined(n):
		score -= 0.2 // «чемпион мира»
	case t.isForeign(n):
		score += 0.15
	case t.isListed(n):
		score += 0.3
	case single && before < 0.3 && countries.hasToken(&t.tok[first.from]) && first.traits&knownPart == 0:
		score -= 0.5
	}
	if single && first.traits&(suffixSurname|knownPart|capitalPart) == suffixSurname && t.isOfMany(int(first.from)) {
		score -= 0.3 // «зимних нокианов», «пять окошечков»
	}
	if score >= least && score-thingCost < max(maxNameScore, least) && t.isOfThings(n, before, after) {
		score -= thingCost
	}
	return score, n.rule(alone, before+after)
}

// thingCost is what a name loses that no person has here.
const thingCost = 1.2

// rule names what a name was found by.
func (n *name) rule(alone, beside float32) string {
	switch {
	case beside >= 0.3 && alone < 0.7:
		return "person/anchor"
	case n.to-n.from > 1:
		return "person/agreement"
	}
	return "person/name"
}

// isOfMany reports a number or an adjective in the genitive plural right before token i, which may be that case of a thing.
func (t *Text) isOfMany(i int) bool {
	if i == 0 {
		return false
	}
	before := &t.tok[i-1]
	if before.kind == numberToken || before.vocab.Class == vocabulary.Num {
		return true
	}
	end := lexicon.EndingKey(before.key, 2)
	return before.kind == wordToken && before.n > 3 && (end == ending2('ы', 'х') || end == ending2('и', 'х'))
}

// isFamous reports a hero of a book, or a writer named by the surname alone. Somebody of the name who introduces himself is
// found all the same.
func (t *Text) isFamous(n *name) bool {
	p := &t.names.parts[n.to-1]
	if p.traits&(knownPart|latinPart) != 0 || n.roles[n.to-n.from-1] != surname || n.has(patronymic|initial) {
		return false
	}
	is := t.fameAt(int(p.from))
	return is&vocabulary.Hero != 0 || n.to-n.from == 1 && is&vocabulary.Writer != 0 && !t.isDoer(n)
}

// isDeclined reports a known first name in a case that its homonym is hardly met in: «льву позвоню».
func (t *Text) isDeclined(n *name) bool {
	p := &t.names.parts[n.from]
	return p.traits&knownPart != 0 && !n.gram.Has(lexicon.Nominative) && t.hintAt(int(p.from)) == vocabulary.NoHint && n.gram.Has(lexicon.Dative)
}

// isKnownThing reports a name that an animal or a thing of the conversation has, and nobody beyond doubt.
func (t *Text) isKnownThing(n *name) bool { return t.isToldThing(n) && !t.isPersonOfTalk(n) }

// nameStrength is what the words of a name say on their own.
func (t *Text) nameStrength(n *name) float32 {
	doubt := float32(1)
	real, initials := 0, 0
	known, capital := false, false
	for i := n.from; i < n.to; i++ {
		p, r := &t.names.parts[i], n.roles[i-n.from]
		s := p.strength(r, t.names.cased)
		doubt *= 1 - s
		if s >= 0.4 || r == firstName && p.first != 0 && (s > 0.25 || p.traits&(capitalPart|startPart|knownPart) != 0) {
			real++
			capital = capital || p.traits&capitalPart != 0 && p.traits&placePart == 0
		}
		known = known || p.traits&knownPart != 0
		if r == initial && p.to-p.from == 2 {
			initials++
		}
	}
	score := 1 - doubt
	if n.to-n.from > 1 && real > 0 {
		score += 0.2
		if real > 1 {
			score += 0.15
		}
	}
	if capital {
		score += 0.3
	}
	if known {
		score += 0.3
	}
	if first := &t.names.parts[n.from]; initials == 1 && first.traits&(unknownPart|startPart) == unknownPart|startPart {
		return score // «Пункт В.»
	}
	return score + 0.3*float32(initials)
}

func (p *namePart) strength(r nameRole, cased bool) float32 {
	ambiguous := p.traits&ambiguousPart != 0
	switch r {
	case firstName:
		switch {
		case p.first == 0:
			return 0.2
		case p.traits&shortPart != 0 && (ambiguous || cased):
			return 0.2
		case p.traits&shortPart != 0:
			return 0.35
		case ambiguous:
			return 0.25
		case p.traits&(latinPart|capitalPart|startPart|slipPart) == latinPart:
			return 0.3
		case p.traits&(latinPart|slipPart) == latinPart:
			return 0.5
		}
		return 0.75
	case patronymic:
		if ambiguous {
			return 0.4
		}
		return 0.8
	case surname:
		switch {
		case p.traits&listedSurname != 0 && !ambiguous:
			if p.traits&placePart != 0 {
				return 0.25
			}
			if !cased {
				return 0.55
			}
			return 0.45
		case p.traits&placePart != 0:
			return 0.15
		case p.traits&(suffixSurname|knownPart) != 0 && !ambiguous:
			if !cased {
				return 0.52
			}
			return 0.4
		case p.traits&(suffixSurname|listedSurname) != 0:
			return 0.2
		}
		switch {
		case p.traits&slotPart != 0:
			return 0.3
		case p.traits&startPart != 0:
			return 0.05
		}
		return 0.2
	}
	return 0.05
}

// isForeign reports two capitalized words within a sentence that nobody knows, and no number behind as models of
// things have it: «Джаред Лофнер».
func (t *Text) isForeign(n *name) bool {
	for i := n.from; i < n.to; i++ {
		if p := &t.names.parts[i]; p.traits&(unknownPart|capitalPart|latinPart|ambiguousPart) != unknownPart|capitalPart {
			return false
		}
	}
	to := int(t.names.parts[n.to-1].to)
	return n.to-n.from == 2 && (to >= len(t.tok) || t.tok[to].kind != numberToken)
}

// Countries that are first names as well.
const countries wordList = "израиль израиля израилю израилем израиле куба кубы кубе кубу кубой индия индии индию мали чад чада иордания"

// isListed reports two words that nobody knows in a list with dots, with a bracket behind them: «• Любош Михел (Словакия)».
func (t *Text) isListed(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	return n.to-n.from == 2 && to-from == 2 && from > 0 && t.tok[from-1].key == '•' && t.sign(to, '(') && t.names.parts[n.from].traits&ambiguousPart == 0
}

// isBrand reports a Latin name with a word nobody knows in a Russian text: «Skoda Octavia», «Ford Transit».
func (t *Text) isBrand(n *name) bool {
	if t.names.latin {
		return false
	}
	unknown := false
	for i := n.from; i < n.to; i++ {
		p := &t.names.parts[i]
		if p.traits&latinPart == 0 || p.traits&(commonPart|knownPart|slipPart) != 0 {
			return false
		}
		if p.traits&slotPart != 0 && p.from > 0 && t.tok[p.from-1].kind == latinToken {
			return false // "it's sandeep мне нужен пропуск"
		}
		unknown = unknown || p.traits&unknownPart != 0
	}
	return unknown || n.to-n.from == 1
}

// nameBefore weighs what stands before a name.
func (t *Text) nameBefore(n *name) float32 {
	first := &t.names.parts[n.from]
	from := int(first.from)
	if t.isPlaceBefore(from) {
		return -0.85
	}
	if t.isMarkup(from) || t.isPetBefore(from) {
		return -2
	}
	j, pause := t.wordBefore(from)
	score := float32(0)
	switch {
	case !t.quoted(n) || t.isInscribed(n):
	case n.to-n.from > 1 && !t.pricedAfter(n) && (!t.isTitled(n) || n.has(patronymic|initial)):
		score -= 0.3 // «"Лапшин П." <…>», «To: "Журавлёва Полина"»; a noun of things before it weighs more
	default:
		score -= 1.5
	}
	if t.names.asked && from < 6 && first.traits&(unknownPart|startPart|slotPart) != unknownPart|startPart &&
		!(first.traits&ambiguousPart != 0 && (t.isOfSurnames(from) || t.says(from-1, "у для") && t.names.whose == partOf)) { // «фамилия?» «у внуков Дыбины»
		score += 0.45
	}
	if from > 0 && from == t.names.last+1 && t.tok[from-1].key == ',' && n.to-n.from == 1 && first.traits&capitalPart != 0 {
		score += 0.35 // «Тимофей, Лосев»
	}
	if from > 1 && from == t.names.last+1 && t.says(from-1, "или") && n.to-n.from == 1 && first.traits&capitalPart != 0 {
		score += 0.35 // «Йорг или Ёрг?»
	}
	if n.to-n.from == 1 && first.first != 0 && t.sign(from-1, '.') && (t.hintAt(from-2) == vocabulary.Kin || t.hintAt(from-2) == vocabulary.Job) && t.sign(int(first.to), '.') {
		score += 0.35 // «оформлено на дочь. Тая.»
	}
	if n.to-n.from == 1 && first.traits&(unknownPart|capitalPart) == unknownPart|capitalPart && t.sign(from-1, ',') && t.sign(from-2, '"') && t.isCompanyBefore(from) && t.clauseAfter(int(first.to)) && from < firstTokens {
		score += 0.35 // «Агентство „Вектор“, Лэйсан.»
	}
	vocative := float32(0)
	if t.clauseBefore(from) && first.traits&unknownPart == 0 {
		vocative = t.vocativeAfter(n)
		if from == 0 && t.hintAt(from) != vocabulary.Abstract {
			vocative = max(vocative, 0.15)
		}
	}
	if j < 0 {
		return score + vocative
	}
	if h := t.hintScore(n, j, pause); h < 0 || h > vocative {
		return score + h
	}
	return score + vocative
}

// firstTokens are those of a turn among which who speaks for a company tells his name.
const firstTokens = 12

// wordBefore gives the nearest word before a name within its clause, -1 if there is none, and whether a sign or a
// filler stands between.
func (t *Text) wordBefore(from int) (j int, pause bool) {
	for j = from - 1; j >= 0 && from-j <= 4; j-- {
		tok := &t.tok[j]
		if t.tok[j+1].gap == lineGap {
			return -1, true
		}
		switch {
		case tok.kind != signToken:
			if tok.vocab.Class != vocabulary.Filler || tok.key == keyThis {
				return j, pause
			}
		case tok.key == ',' || tok.key == '-' || tok.key == '(' || tok.key == '"' || tok.key == ':':
			pause = true
		case tok.key == '.' && j > 0 && t.tok[j-1].n <= 4 && t.hintAt(j-1) == vocabulary.Job: // «Mrs.», «тов.»
		default:
			return -1, true
		}
	}
	return -1, true
}

// hintScore weighs the word at j, which stands before the name.
func (t *Text) hintScore(n *name, j int, pause bool) float32 {
	hint := t.hintBeforeName(j)
	if score, refused := t.refusedBy(n, j, hint, pause); refused {
		return score
	}
	p := &t.names.parts[n.from]
	if !pause && p.sur != 0 && (t.capital(int(p.from)) || !isAdjective(t.tok[p.from].key)) && t.isChangedTo(j) {
		return 0.45
	}
	switch hint {
	case vocabulary.Animal:
		if pause && n.to-n.from > 1 {
			return 0 // «хозяин собаки, Виктор Ильич»
		}
		return -2
	case vocabulary.Naming:
		return t.namingScore(n, j)
	case vocabulary.Kin, vocabulary.Job, vocabulary.Calling:
		return t.officeScore(n, j, hint)
	case vocabulary.Greeting:
		return t.greetingScore(n, j)
	case vocabulary.Speaking:
		return 0.3
	case vocabulary.Self:
		if p.traits&unknownPart != 0 && n.to-n.from == 1 && t.names.cased {
			return 0.3
		}
		if p.traits&(capitalPart|listedSurname) == capitalPart|listedSurname {
			return 0.45 // «это Луговая»
		}
		return 0.35
	case vocabulary.You:
		return 0.2
	case vocabulary.Having:
		if t.hintAt(int(p.from)) == vocabulary.Abstract && n.to-n.from == 1 {
			return -0.5 // «с любовью»
		}
		return 0.15
	case vocabulary.Make:
		if !pause {
			return -1 // «Шкода Октавия»
		}
	case vocabulary.Thing, vocabulary.Place:
		switch {
		case t.quoted(n):
			return -1.5 // «роман „Анна Каренина“»
		case !pause && !goods.hasToken(&t.tok[j]) && !t.isDoer(n) && !t.isPeopleBefore(j) && !(t.isWhereHead(j) && t.stemAt(j)&vocabulary.Staffed != 0): // of goods, the cases tell
			return -0.6
		}
	case vocabulary.NoHint:
		if !pause && (n.to-n.from > 1 || p.traits&(suffixSurname|ambiguousPart) == suffixSurname && !t.names.cased) && t.isJobFar(j) {
			return 0.3
		}
		if !pause && n.to-n.from == 1 && t.hintAt(j-1) == vocabulary.Thing {
			return -0.25 // «салон красоты Лилия»
		}
	}
	return 0
}

// hintBeforeName gives the hint of the word at j, which it may have from its neighbour.
func (t *Text) hintBeforeName(j int) vocabulary.Hint {
	tok := &t.tok[j]
	hint := t.slotHint(j)
	switch {
	case tok.key == keyThis:
	case tok.vocab.Class == vocabulary.RoleNoun, t.isSir(j):
		hint = vocabulary.Job
	case tok.vocab.Class == vocabulary.Unit && t.hintAt(j-1) == vocabulary.Greeting: // «добрый день»
		hint = vocabulary.Greeting
	case hint == vocabulary.Self || hint == vocabulary.You || hint == vocabulary.Small:
		if t.hintAt(j-1) == vocabulary.Naming { // «зовут меня», «фамилия его»
			hint = vocabulary.Naming
		}
	}
	return hint
}

// refusedBy gives the weight of what stands at j before a thing, a place or a letter, whatever the hint is.
func (t *Text) refusedBy(n *name, j int, hint vocabulary.Hint, pause bool) (score float32, refused bool) {
	p := &t.names.parts[n.from]
	if hint == vocabulary.Job && !pause && t.isOfficeOf(n) {
		return -0.5, true
	}
	if n.to-n.from == 1 && t.isWhere(j) {
		switch {
		case p.traits&placePart != 0:
			return -0.6, true
		case p.first == 0 && p.traits&knownPart == 0 && !t.isEntered(int(p.from)) && !t.isOnWhom(int(p.from)):
			return -0.3, true // «на Маяковской»
		}
	}
	if t.says(j, "как") && j > 0 && (t.tok[j-1].n == 1 || t.tok[j-1].vocab.Class == vocabulary.Letter) {
		return -1, true // «гэ как Галина»
	}
	if h := t.hintAt(j - 1); (h == vocabulary.Thing || h == vocabulary.Animal) && t.says(j, "называется называлась назывался зовется названием called named") {
		return -2, true // «яхта называется София»
	}
	return 0, false
}

// namingScore weighs «зовут», «фамилия».
func (t *Text) namingScore(n *name, j int) float32 {
	if n.to-n.from == 1 && t.isOfSurnames(int(t.names.parts[n.from].from)) {
		return 0
	}
	if owner := t.hintAt(j - 2); owner == vocabulary.Job || owner == vocabulary.Kin {
		return 0.5
	}
	if t.hintAt(j-1) == vocabulary.Animal || t.hintAt(j-2) == vocabulary.Animal || j > 0 && t.tok[j-1].vocab.Class == vocabulary.Symbol {
		return -2 // «кота зовут Барсик»
	}
	return 0.5
}

// officeScore weighs kin, offices and calling.
func (t *Text) officeScore(n *name, j int, hint vocabulary.Hint) float32 {
	p := &t.names.parts[n.from]
	if p.traits&ambiguousPart != 0 && t.says(int(p.from), "мира") && t.says(j, "чемпион чемпиона чемпиону чемпионом чемпионе чемпионка чемпионки чемпионы чемпионов") {
		return -0.5
	}
	switch {
	case hint == vocabulary.Job && t.quoted(n) && !n.has(patronymic|initial):
		return 0 // «аналитика „Нестор“»
	case hint == vocabulary.Job && p.traits&placePart != 0 && n.to-n.from == 1 && n.gram.Has(lexicon.Genitive) && !n.gram.Has(lexicon.Nominative) && p.traits&knownPart == 0:
		return -0.5 // «президент Кубы», «чемпион мира»
	}
	return 0.4
}

// greetingScore weighs a greeting.
func (t *Text) greetingScore(n *name, j int) float32 {
	p := &t.names.parts[n.from]
	switch {
	case p.traits&unknownPart != 0 && t.says(j, "dear") && t.clauseAfter(int(p.to)):
		return 0.45
	case p.traits&unknownPart != 0 && p.traits&(ambiguousPart|startPart) != 0:
		return 0.2
	case p.traits&unknownPart != 0 && t.isCompanyAfter(n):
		return 0
	case p.traits&unknownPart != 0:
		return 0.3
	case p.first|p.patr == 0 && p.traits&ambiguousPart != 0:
		return 0.1 // «скажите, мороз…»
	}
	return 0.35
}

// isOnWhom reports «на» before a woman's surname in the accusative, which no street has: «на Жумабекову», or in the answer to a
// question for a name: «на Вайса».
func (t *Text) isOnWhom(i int) bool {
	if !t.says(i-1, "на") {
		return false
	}
	if key := t.tok[i].key; key&31 == 'у'-'а' {
		switch lexicon.EndingKey(key>>5, 2) {
		case ending2('о', 'в'), ending2('е', 'в'), ending2('и', 'н'):
			return true
		}
	}
	return t.names.asked && i <= 2 && t.endsSlot(i+1) && t.tok[i].key&31 != 'е'-'а' // «на бейджике»
}

// isCompanyAfter reports "Whitlock Dental": an ordinary word with a capital behind a name that nobody knows.
func (t *Text) isCompanyAfter(n *name) bool {
	to := int(t.names.parts[n.to-1].to)
	return n.to-n.from == 1 && to < len(t.tok) && t.tok[to].kind == latinToken && t.tok[to].gap == oneSpace && t.tok[to].shape == title
}

// heads are those who are at the head of something.
const heads wordList = "директор директора директору директором председатель председателя председателю председателем секретарь секретаря секретарю секретарем глава главы главе главу главой " +
	"министр министра министром президент президента президенту президентом спикер спикера спикером лидер лидера лидером руководитель руководителя руководителем " +
	"начальник начальника начальником представитель представителя представителем губернатор губернатора мэр мэра ректор ректора депутат депутата заместитель заместителя посол посла"

// isOfficeOf reports what somebody is the head of, «директор Института этнологии», «секретарь Свердловского обкома»: a word or
// an adjective in the genitive with a noun behind it.
func (t *Text) isOfficeOf(n *name) bool {
	p := &t.names.parts[n.from]
	from, to := int(p.from), int(p.to)
	if n.to-n.from != 1 || p.traits&(capitalPart|knownPart) != capitalPart || !t.near(to) || t.tok[to].gap != oneSpace || t.tok[to].kind != wordToken || !heads.hasToken(&t.tok[from-1]) {
		return false
	}
	word, genitive := p.traits&(unknownPart|ambiguousPart) == unknownPart|ambiguousPart, n.gram.Has(lexicon.Genitive) && !n.gram.Has(lexicon.Nominative)
	if !word && !(genitive && isAdjective(t.tok[from].key)) {
		return false
	}
	next := &t.tok[to]
	if next.shape == title {
		return looksLikeOffice(next.key)
	}
	switch end := lexicon.EndingKey(next.key, 2); end {
	case ending2('н', 'а'), ending2('н', 'о'), ending2('н', 'ы'): // «жалоба на директора Полевского получена»
		return false
	}
	return next.shape == lower && next.n > 3 && !t.mayEndClause(to) && !isVerb(next)
}

// isSir reports «г-н» and «г-жа» that end at token j.
func (t *Text) isSir(j int) bool {
	return t.sign(j-1, '-') && t.tok[j].gap == noGap && t.says(j-2, "г") && t.says(j, "н жа ну на жу же жи ном")
}

// isJobFar reports a profession a few words before: «министр торговли Китая Чэнь Дэмин».
func (t *Text) isJobFar(j int) bool {
	for i := j - 1; i >= 0 && i >= j-4; i-- {
		if t.tok[i].kind > otherToken && t.tok[i].key != '"' || t.tok[i+1].gap == lineGap {
			return false
		}
		if t.hintAt(i) == vocabulary.Job {
			return true
		}
	}
	return false
}

// isWhere reports the prepositions of places.
func (t *Text) isWhere(i int) bool {
	return t.says(i, "в во на до из через по под")
}

// keyThis is the key of «это», which is a filler of numbers too.
const keyThis = 3<<60 | 29<<10 | 18<<5 | 14

// vocativeAfter is for a name at the beginning of a clause with a sign behind it: «Вера, добрый день», «…, Роман.»
func (t *Text) vocativeAfter(n *name) float32 {
	to := int(t.names.parts[n.to-1].to)
	if to < len(t.tok) && t.tok[to].kind == signToken && t.tok[to].gap == noGap {
		switch t.tok[to].key {
		case ',', '!':
			return 0.35
		case '.', '?':
			return 0.2
		}
	}
	return 0
}

// maxQuoted is how many words and commas may stand on either side of a name in one pair of quotes.
const maxQuoted = 6

// quoted reports whether the name stands in quotes, alone, with a word or two, or in a list of names.
func (t *Text) quoted(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	before, listed := t.quoteAt(from-1, -1)
	if !before {
		return false
	}
	after, listedToo := t.quoteAt(to, 1)
	return after && (!listed && !listedToo || t.names.cased)
}

// quoteAt looks for a quotation mark from token i on, and reports whether a list of words with capitals stands between.
func (t *Text) quoteAt(i, step int) (found, listed bool) {
	for words := 0; i >= 0 && i < len(t.tok) && words < maxQuoted; i, words = i+step, words+1 {
		tok := &t.tok[i]
		switch {
		case step < 0 && t.tok[i+1].gap == lineGap:
			return false, listed
		case tok.kind != signToken:
			if words > 2 && !listed || listed && tok.shape != title {
				return false, listed
			}
		case tok.key == '"' && step < 0:
			return t.tok[i+1].gap == noGap, listed
		case tok.key == '"':
			return tok.gap == noGap, listed
		case tok.key == ',' && words <= 1 || tok.key == ',' && listed:
			listed = true
		default:
			return false, listed
		}
	}
	return false, listed
}

// isTitled reports a name in the quotes that titles stand in, behind no word that somebody's name follows: «пион „Сара Бернар“».
func (t *Text) isTitled(n *name) bool {
	from := int(t.names.parts[n.from].from)
	if from == 0 || n.roles[0] != firstName || !strings.HasPrefix(t.s[t.tok[from-1].start:], "«") || t.sign(from-2, ':') {
		return false
	}
	return from == 1 || !t.announces(from-2) && t.hintAt(from-2) != vocabulary.You && t.tok[from-2].vocab.Class != vocabulary.RoleNoun && !t.says(from-2, "на как")
}

// isInscribed reports a first name in the dative within quotes, as gifts have it: «Арсению от бабушки».
func (t *Text) isInscribed(n *name) bool {
	return n.roles[0] == firstName && t.names.parts[n.from].first != 0 && n.gram.Has(lexicon.Dative) && !n.gram.Has(lexicon.Nominative) && !n.gram.Plural()
}

// pricedAfter reports a number right behind the quotes, as lists of goods have it: «„Нина Вейбул“ — 890».
func (t *Text) pricedAfter(n *name) bool {
	for j := int(t.names.parts[n.to-1].to); j < len(t.tok) && j < int(t.names.parts[n.to-1].to)+4; j++ {
		switch {
		case t.tok[j].kind == numberToken:
			return true
		case t.tok[j].kind != signToken || t.tok[j].key == '<':
			return false
		}
	}
	return false
}

// maxPet is how many words may stand between an animal and its name.
const maxPet = 5

// isPetBefore reports an animal a few small words before a name: «собака у нас Грета», «кота зовут Марсик».
func (t *Text) isPetBefore(from int) bool {
	for j := from - 1; j >= max(0, from-maxPet) && t.tok[j+1].gap != lineGap; j-- {
		animal := t.hintAt(j) == vocabulary.Animal || t.says(j, "собака собаку собачка собачку dog cat puppy kitten")
		switch {
		case !animal && !t.sign(j, '-') && !t.says(j, "у нас меня наш наша нашу нашего мой моя мою моего зовут зовем это по named is called our my"):
			return false
		case t.hintAt(j-1) == vocabulary.Job, t.hintAt(j-1) == vocabulary.Kin:
			return false // «хозяйку кота зовут Инга»
		case j > 0 && t.says(j, "зовут") && t.says(j-1, "меня") && !(j > 1 && t.says(j-2, "у")):
			return false // «…у вас кошка меня зовут Инга»: the speaker himself
		case animal:
			return true
		}
	}
	return false
}

// isMarkup reports the value of a technical field, written without a space as machines write them: «id:fred» of a subtitle's
// region.
func (t *Text) isMarkup(i int) bool {
	return t.sign(i-1, ':') && t.glued(i) && t.glued(i-1) && t.tok[i].shape == lower && t.says(i-2, "id region class style align lang")
}

const (
	namedAfter wordList = "имени"
	ofTown     wordList = "города городу городе" // «ключи от города снежана слушаю»
	asRoad     wordList = "дорогой проездом"     // «дорогой Игорь Павлович»
)

// isPlaceBefore reports whether the name belongs to a street or the like: «улица Рихарда Зорге», «им. Вавилова».
func (t *Text) isPlaceBefore(from int) bool {
	job := false
	for j, steps := from-1, 0; j >= 0 && steps < 3; j, steps = j-1, steps+1 {
		tok := &t.tok[j]
		if t.tok[j+1].gap == lineGap {
			return false
		}
		if tok.kind == signToken {
			if tok.key == '.' && j > 0 && t.tok[j-1].n <= 4 || tok.key == '-' {
				continue
			}
			return false
		}
		if tok.kind > latinToken {
			return false
		}
		hint := tok.vocab.Hint()
		if hint == vocabulary.Place || namedAfter.hasToken(tok) && !t.says(j-1, "по к от") {
			return true
		}
		if steps == 0 && (ofTown.hasToken(tok) && t.isFirstName(from) || asRoad.hasToken(tok)) {
			return false
		}
		e, ok := tok.form.Entry()
		if ok && steps == 0 && e.Class.Is(lexicon.StreetType) && !t.names.cased && !e.Gram.Has(lexicon.Nominative) && t.isFirstName(from) {
			return false // «автосервис на тракте вячеслав»: streets are named in the genitive
		}
		if ok && e.Class.Is(lexicon.StreetType|lexicon.Settlement|lexicon.MetroWord) && !e.Class.Is(lexicon.Person) {
			return tok.n > 1 || j+1 < len(t.tok) && t.tok[j+1].key == '.'
		}
		if hint != vocabulary.NoHint && hint != vocabulary.Job || job {
			return false // «линия консультации, специалист Марта»
		}
		job = hint == vocabulary.Job
	}
	return false
}

// isInPlace reports a town that has the name of a man, where one goes to or comes from: «во Владимир».
func (t *Text) isInPlace(n *name) bool {
	p := &t.names.parts[n.from]
	return n.to-n.from == 1 && p.traits&placePart != 0 && t.says(int(p.from)-1, "в во из") && !t.isPersonOfTalk(n)
}

// isFirstName reports a first name at token i, if there is one, that is no place.
func (t *Text) isFirstName(i int) bool {
	if i < 0 || i >= len(t.tok) {
		return false
	}
	tok := &t.tok[i]
	return tok.class.Is(lexicon.FirstName) && !tok.class.Is(lexicon.Address|lexicon.Ambiguous) && tok.gram.Has(lexicon.Nominative)
}

// nameAfter weighs what stands behind a name.
func (t *Text) nameAfter(n *name) float32 {
	to := int(t.names.parts[n.to-1].to)
	if score, sure := t.endScore(n, to); sure {
		return score
	}
	j, pause := t.wordAfter(to)
	if j < 0 {
		return 0
	}
	if score, refused := t.refusedAfter(n, j, to, pause); refused {
		return score
	}
	tok := &t.tok[j]
	switch tok.vocab.Hint() {
	case vocabulary.Speaking, vocabulary.Naming:
		return 0.4
	case vocabulary.Greeting:
		return 0.3
	case vocabulary.Calling:
		return 0.2
	case vocabulary.Job, vocabulary.Kin:
		if pause {
			return 0.3
		}
		return 0.1
	case vocabulary.Self:
		if t.hintAt(j+1) == vocabulary.Naming {
			return 1 // «Ирина меня зовут»
		}
		return 0.15
	case vocabulary.You:
		return 0.15
	}
	switch {
	case tok.key == keyThis:
		return 0.1
	case j <= to+1 && t.isHouse(n, j):
		return -0.9
	case !pause && tok.kind == wordToken:
		return t.wordScore(n, j, to)
	}
	return 0
}

// endScore weighs how a name ends, where this is all that counts.
func (t *Text) endScore(n *name, to int) (score float32, sure bool) {
	single := n.to-n.from == 1
	switch {
	case t.isEnglishVerb(n):
		return -0.8, true // "bill me later"
	case single && t.sign(to, '-') && t.glued(to) && to+1 < len(t.tok) && t.glued(to+1) && t.tok[to+1].kind == numberToken:
		return -0.9, true // «Виктор-2»
	case n.roles[0] == surname && t.nameEnd(n, to) == to+2:
		return 0.7, true // «мороз дэ эс»
	case t.isTold(to - 1), single && t.isRemarked(to-1):
		return 1, true
	}
	return 0, false
}

// wordAfter gives the nearest word behind a name, -1 if there is none in its clause, and whether a sign stands between.
func (t *Text) wordAfter(to int) (j int, pause bool) {
	const far = 3
	for j = to; j < min(to+far, len(t.tok)); j++ {
		switch tok := &t.tok[j]; {
		case tok.gap == lineGap:
			return -1, pause
		case tok.kind == signToken:
			if tok.key != ',' && tok.key != '(' && tok.key != '-' {
				return -1, pause
			}
			pause = true
		case tok.vocab.Class != vocabulary.Filler || tok.key == keyThis:
			return j, pause
		}
	}
	if j >= len(t.tok) {
		return -1, pause
	}
	return j, pause
}

// refusedAfter gives the weight of what stands at j behind an address, a notion or an animal.
func (t *Text) refusedAfter(n *name, j, to int, pause bool) (score float32, refused bool) {
	tok := &t.tok[j]
	if tok.vocab.Class == vocabulary.Symbol && j == to && (!t.says(j, "at") || t.isAddressed(j)) && tok.vocab.Arg != '+' && tok.vocab.Arg != '-' {
		return -0.9, true // «рахимов собака яндекс»
	}
	switch {
	case !pause:
		if n.to-n.from == 1 && t.hintAt(int(t.names.parts[n.from].from)) == vocabulary.Abstract &&
			(tok.vocab.Hint() == vocabulary.Small && !t.says(j, "или но а") || t.isWhere(j) || t.says(j, "что к")) {
			return -0.5, true // «вера в успех», «слава богу»
		}
	case tok.vocab.Hint() == vocabulary.Animal, tok.key == keyThis && (t.hintAt(j+1) == vocabulary.Animal || t.says(j+1, "собака")):
		return -2, true // «Марта — это кошка»
	}
	return 0, false
}

// wordScore weighs the word at j right behind a name, which is no hint.
func (t *Text) wordScore(n *name, j, to int) float32 {
	tok := &t.tok[j]
	if tok.class.Is(lexicon.StreetType) && tok.n > 2 {
		return -0.6
	}
	if regions.hasToken(tok) && n.to-n.from == 1 && isAdjective(t.tok[to-1].key) {
		return -0.9 // «раменский район»
	}
	if isVerb(tok) {
		return 0.2
	}
	return 0
}

// regions are words of which places that end like surnames say what they are.
const regions wordList = "район района районе району районом округ округа округе край края крае область области областью сельсовет городок улус уезд"

// isHouse reports a small number at token j behind what may be the name of a street: «полтавская восемь», «Подлесная, 21».
func (t *Text) isHouse(n *name, j int) bool {
	p := &t.names.parts[n.from]
	if n.to-n.from != 1 || n.roles[0] != surname || p.traits&knownPart != 0 || !t.isNumber(j) || lexicon.EndingKey(t.tok[p.from].key, 2) != ending2('а', 'я') {
		return false
	}
	const longest = 3 // digits
	if t.tok[j].kind == numberToken {
		return t.tok[j].n <= longest && !(t.near(j+1) && t.tok[j+1].kind == numberToken)
	}
	return t.tok[j].vocab.Arg < 100 && !(t.isNumber(j+1) && t.tok[j+1].vocab.Arg >= 100)
}

// isAddressed reports an "at" that stands for the sign of an address: "rogers at mail dot com", and not "Rogers at the gate".
func (t *Text) isAddressed(at int) bool {
	for i := at + 1; i < min(at+6, len(t.tok)); i++ {
		if t.says(i, "dot com org net точка") || t.sign(i, '.') && t.glued(i+1) {
			return true
		}
	}
	return false
}

// shortVerbs have too few letters for their endings to tell.
const shortVerbs wordList = "ушел ушла взял взяла дал дала ждал ждет едет идет снял вел вела вышел вышла зашел зашла пишет ведет везет несет берет даст ждала"

// isVerb reports the endings of a verb with somebody as its subject: «приедет», «звонил», «спрашивала».
func isVerb(tok *token) bool {
	if shortVerbs.hasToken(tok) {
		return true
	}
	if tok.n < 5 || tok.vocab.Class != vocabulary.None && tok.vocab.Cue() != vocabulary.Phone && tok.vocab.Hint() != vocabulary.Doing {
		return false
	}
	switch lexicon.EndingKey(tok.key, 2) {
	case ending2('е', 'т'), ending2('и', 'т'), ending2('а', 'л'), ending2('и', 'л'), ending2('л', 'а'), ending2('е', 'л'):
		return true
	}
	return false
}

// ending2 is lexicon.EndingKey of two letters.
func ending2(a, b rune) uint64 { return 2<<60 | uint64(a-'а')<<5 | uint64(b-'а') }

// isEnglishVerb reports a lower-case English word whose object follows.
func (t *Text) isEnglishVerb(n *name) bool {
	p := &t.names.parts[n.from]
	if n.to-n.from != 1 || t.tok[p.from].kind != latinToken {
		return false
	}
	if p.traits&(startPart|ambiguousPart) == startPart|ambiguousPart && t.says(int(p.to), "you we they he she it i this that there") {
		return true // "Will you come?"
	}
	if t.says(int(p.from), "hope") && t.speaksOn(int(p.to)) {
		return true // "thanks hope you are well"
	}
	return t.tok[p.from].shape == lower && p.traits&slotPart == 0 && !t.isGreeted(int(p.from), int(p.to)) && p.traits&(listedFirst|ambiguousPart) != listedFirst && p.traits&(knownPart|ambiguousPart) != knownPart && t.says(int(p.to), "me us them the my your our")
}
