package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// English has no cases and no patronymics, and half of its surnames are words: "Page", "Young", "Chase". So a name of Latin
// letters in English text is weighed by where it stands: behind a first name, behind "Mr" and "this is", before "said".

// isEnglish reports a name of Latin letters in text that is mostly in them.
func (t *Text) isEnglish(n *name) bool {
	if !t.names.latin {
		return false
	}
	for i := n.from; i < n.to; i++ {
		if p := &t.names.parts[i]; p.traits&(latinPart|initialPart) == 0 || p.traits&slipPart != 0 {
			return false
		}
	}
	return true
}

// englishScore is nameScore of an English name.
func (t *Text) englishScore(n *name, before, after float32) (float32, string) {
	alone := t.englishStrength(n)
	if after >= 1 {
		before = max(before, 0)
	}
	context := t.englishContext(n, before)
	score := alone + before + after + context
	if t.isDocumentName(n) {
		score += 0.5
	}
	if t.isOfThings(n, before, after) {
		score -= thingCost
	}
	if first := &t.names.parts[n.from]; n.to-n.from == 1 && first.traits&ambiguousPart != 0 && t.tok[first.from].shape == lower && before < 0.3 && context < 0.3 && !(after >= 0.3 && t.hintAt(int(first.to)) == vocabulary.Speaking) {
		score = min(score, 0.2) // "some guy called emmanuel", "mark my words"
	}
	if n.to-n.from == 1 && t.names.known != nil && t.isKnownThing(n) && !t.isAnchored(n) {
		score -= 1.2
	}
	return score, n.rule(alone, before+after)
}

// englishStrength is what the words of an English name say on their own.
func (t *Text) englishStrength(n *name) float32 {
	best, known, capitals, starts, first, sur := float32(0), false, 0, 0, false, false
	for i := n.from; i < n.to; i++ {
		p, r := &t.names.parts[i], n.roles[i-n.from]
		s := t.englishPart(p, r)
		if i > n.from && r == surname {
			s = max(s, 0.3)
		}
		best = max(best, s)
		known = known || p.traits&knownPart != 0
		if p.traits&capitalPart != 0 {
			capitals++
		}
		if p.traits&startPart != 0 {
			starts++
		}
		plain := p.traits&ambiguousPart != 0
		first = first || r == firstName && p.first != 0 && !plain
		sur = sur || r == surname && !plain && (p.sur != 0 || p.traits&alsoSurname != 0)
	}
	score := best
	parts := int(n.to - n.from)
	switch {
	case parts > 1 && n.has(initial) && capitals+starts > 0:
		score = max(score, 0.3) + 0.4
	case parts > 1 && first:
		score = max(score, 0.5) + 0.3
	case parts > 1 && capitals+starts == parts && !t.isUnknownName(n):
		score += 0.25
		if capitals > 0 && n.has(firstName) {
			score += 0.15
		}
	case parts > 1 && t.names.parts[n.to-1].traits&slotPart != 0:
		score += 0.2
	case parts > 1 && sur:
		score += 0.2
	}
	if known {
		score += 0.3
	}
	if parts > 1 && n.roles[0] == surname && n.has(firstName) && (!t.names.cased || t.names.parts[n.from].traits&ambiguousPart != 0) {
		score -= 0.6 // "account holder stephen"
	}
	return score
}

// isUnknownName reports a name of which the lexicon knows no word.
func (t *Text) isUnknownName(n *name) bool {
	for i := n.from; i < n.to; i++ {
		if t.names.parts[i].traits&(unknownPart|knownPart) != unknownPart {
			return false
		}
	}
	return true
}

// plainName takes an ordinary word for a surname where nothing else can stand: "Pavel Rook", "Dr Sorrel", "mr marten".
func (t *Text) plainName(p *namePart) {
	i := int(p.from)
	tok := &t.tok[i]
	if tok.n < 3 || tok.vocab.Class != vocabulary.None || i == 0 || tok.gap > oneSpace || !lexicon.IsPlain(tok.key) {
		return
	}
	titled := t.isBehindCourtesy(i) || tok.shape == title && t.isFirstUnknown(i)
	if tok.shape == title && t.names.cased && (t.laneMayEnd(i+1) && !t.isLatin(i+1) || t.says(i+1, "from speaking calling here then please and at")) {
		switch t.slotHint(i - 1) {
		case vocabulary.Naming, vocabulary.Self, vocabulary.Calling:
			titled = titled || !t.isWeakGreeting(i-1) && !t.isState(i) // "Ask for Marten then."
		}
	}
	if !titled {
		parts := t.names.parts
		if tok.shape != title || len(parts) == 0 {
			return
		}
		before := &parts[len(parts)-1]
		first := int(before.to) == i && (before.first != 0 && before.traits&placePart == 0 || before.traits&initialPart != 0 && before.to-before.from == 2) && t.tok[before.from].shape == title
		if !first {
			return
		}
		if before.first != 0 && before.traits&(ambiguousPart|startPart) == ambiguousPart|startPart {
			return // "Will Monday do?"
		}
	}
	p.sur = anyGram
	p.traits |= unknownPart | ambiguousPart
}

// Whom letters begin with that is nobody by name.
const dears wordList = "sir sirs madam madams customer customers team teams colleague colleagues all friend friends client clients partner partners supplier suppliers valued hiring " +
	"manager managers guest guests member members user users sales support both everyone reader readers applicant resident residents tenant tenants parents student students " +
	"passenger driver owner neighbour neighbours neighbor neighbors ladies gentlemen buyer seller subscriber patient candidate diary god lord santa reservations bookings accounts billing admin office reception hr editor editors landlord shopper insured requester developers"

// isFirstUnknown reports a word with a capital for which a first name alone can stand: "Dear Marten,", "our neighbour Dev Patel".
func (t *Text) isFirstUnknown(i int) bool {
	if !t.names.cased || dears.hasToken(&t.tok[i]) {
		return false
	}
	if t.says(i-1, "dear") {
		return t.sign(i+1, ',') || i+1 >= len(t.tok) || t.tok[i+1].gap == lineGap
	}
	before := i - 1
	if t.sign(before, ':') {
		before--
	}
	switch t.slotHint(before) {
	case vocabulary.Kin, vocabulary.Job, vocabulary.Naming:
		return t.near(i+1) && t.tok[i+1].shape == title && t.isLatin(i+1) && t.isSurnameOnly(i+1) && !lexicon.IsPlain(t.tok[i+1].key)
	}
	return false
}

// saidAbroad reads a Russian first name in English speech that has no capitals: "the forwarder vitya".
func (t *Text) saidAbroad(p *namePart, tok *token) {
	if tok.n > 4 && t.isMc(tok) && p.sur == 0 && tok.vocab.Class == vocabulary.None && !lexicon.IsPlain(tok.key) && t.names.latin {
		p.sur = anyGram
		p.traits = p.traits&^unknownPart | suffixSurname
		return
	}
	if p.first != 0 || p.traits&knownPart != 0 || t.names.cased || !t.names.latin || tok.n < minLike || tok.vocab.Class != vocabulary.None || tok.form != 0 || lexicon.IsPlain(tok.key) {
		return
	}
	keys := lexicon.LatinKeys(t.names.latinKeys[:0], t.s[tok.start:tok.end])
	t.names.latinKeys = keys
	for _, k := range keys {
		if e, ok := lexicon.Lookup(k); ok && e.Class.Is(lexicon.FirstName|lexicon.Diminutive) && !e.Class.Is(lexicon.Ambiguous|lexicon.Ordinary) && e.Gram.Has(lexicon.Nominative) {
			p.read(e)
			p.traits &^= ambiguousPart | unknownPart | slotPart
			return
		}
	}
}

// isMc reports a surname such as "mcphail".
func (t *Text) isMc(tok *token) bool {
	return (t.s[tok.start]|0x20) == 'm' && (t.s[tok.start+1]|0x20) == 'c'
}

const englishTitles ownList = "4 mr mrs ms miss mister dr doctor prof professor officer"

// isCourtesy reports a word that stands before surnames.
func (t *Text) isCourtesy(i int) bool {
	return t.isLatin(i) && (englishTitles.hasToken(&t.tok[i]) || t.tok[i].shape != lower && t.says(i, "sir madam judge captain sergeant father sister nurse"))
}

// isBehindCourtesy reports such a word before token i, with its full stop or without.
func (t *Text) isBehindCourtesy(i int) bool {
	return t.isCourtesy(i-1) || t.sign(i-1, '.') && t.isCourtesy(i-2)
}

// dividesEnglish reports that a word in lower case behind a first name is rather the next word of the sentence than a surname:
// "thanks karen long wait today", "ask steve may be".
func (t *Text) dividesEnglish(p *namePart, n *name, length int) bool {
	i := int(p.from)
	if p.traits&(latinPart|ambiguousPart) != latinPart|ambiguousPart || length == 0 || t.tok[i].shape != lower || n.roles[length-1] != firstName {
		return false
	}
	if t.says(i, "will may can mark bill does said too still early guess say please order wait true") {
		return true
	}
	if int(p.to) >= len(t.tok) || t.tok[p.to].gap == lineGap {
		return false
	}
	switch t.slotHint(int(t.names.parts[n.from].from) - 1) {
	case vocabulary.Naming, vocabulary.Self, vocabulary.Kin, vocabulary.Job, vocabulary.Calling:
		return false
	}
	return !t.laneMayEnd(int(p.to)) && !t.says(int(p.to), "speaking calling from here")
}

// invertsEnglish reports a surname that would stand before its first name in English speech: "brother in law craig".
func (t *Text) invertsEnglish(n *name, length int) bool {
	if length != 1 || n.roles[0] != surname || t.names.cased || !t.names.latin {
		return false
	}
	p := &t.names.parts[n.from]
	return p.traits&latinPart != 0 && t.tok[p.from].shape == lower && p.traits&(knownPart|easternPart) == 0 && (p.traits&ambiguousPart != 0 || t.slotHint(int(p.from)-1) != vocabulary.Naming)
}

// isBehindMiddle reports a surname behind a first name and an initial: "Anthony D. Marchetti".
func (p *namePart) isBehindMiddle(n *name, length int, used nameRole) bool {
	return p.traits&latinPart != 0 && length >= 2 && n.roles[length-1] == initial && used&(firstName|surname) == firstName && p.sur|p.first != 0
}

// isMiddle reports the letter between a first name and a surname in lower case: "stephen j harcourt".
func (t *Text) isMiddle(k int, n *name, length int) bool {
	p := &t.names.parts[k]
	return length == 1 && n.roles[0] == firstName && t.isLatin(int(p.from)) && !t.says(int(p.from), "i a") && k+1 < len(t.names.parts) && t.joins(k+1) && t.names.parts[k+1].sur|t.names.parts[k+1].first != 0
}

// isFirstBehind reports a first name with a capital at token i that ends its clause.
func (t *Text) isFirstBehind(i int) bool {
	return t.near(i) && t.isLatin(i) && t.tok[i].shape == title && t.isNamed(i) && t.clauseAfter(i+1)
}

// isMonthName reports a month that may be a first name where it stands: "April Dunmore", "ask June", but not "in May", "May I".
func (t *Text) isMonthName(i int) bool {
	if !t.says(i, "april may june august avril julio jan") {
		return false
	}
	if t.isFigureAt(i-1) || t.isFigureAt(i+1) || t.says(i-1, "in on by until till since from of this next last early late mid before after during and or to st nd rd th every for") ||
		i > 0 && t.tok[i-1].vocab.Class == vocabulary.Ord {
		return t.tok[i].shape == title && i+1 < len(t.tok) && t.tok[i+1].shape == title && t.tok[i+1].gap == oneSpace && t.isLatin(i+1) && t.tok[i+1].n > 2 && !lexicon.IsPlain(t.tok[i+1].key)
	}
	if t.tok[i].shape == lower && t.tok[i].n == 3 || t.says(i+1, "i we you they he she it be not also have the this that to") {
		return false
	}
	return true
}

// isEnglishParticle reports a word within a name: "de la Cruz", "van der Berg", behind a first name or a title.
func (t *Text) isEnglishParticle(i int) bool {
	if i == 0 || i+1 >= len(t.tok) || t.tok[i].n > 5 || !t.isLatin(i) || !t.isLatin(i+1) || t.tok[i+1].gap != oneSpace || t.tok[i].gap != oneSpace && !t.sign(i-1, '.') ||
		!t.says(i, "de la van der den von di del della da dos das du le ter bin ibn al el los st") {
		return false
	}
	for j, steps := i-1, 0; j >= 0 && steps < 3; j, steps = j-1, steps+1 {
		if t.sign(j, '.') {
			continue
		}
		if t.isCourtesy(j) || t.isNamed(j) || t.hintAt(j) == vocabulary.Naming {
			return true
		}
		if !t.says(j, "de van von la") {
			return false
		}
	}
	return false
}

// englishPart is what one word of an English name says.
func (t *Text) englishPart(p *namePart, r nameRole) float32 {
	plain := p.traits&ambiguousPart != 0
	lower := p.traits&(capitalPart|startPart) == 0
	switch r {
	case firstName:
		switch {
		case p.first == 0:
			return 0.15
		case plain && p.traits&placePart != 0:
			return 0.3
		case plain && lower:
			return 0.1
		case plain && p.traits&startPart != 0:
			return 0.2
		case plain:
			return 0.45
		case lower && t.names.cased:
			return 0.3
		case lower:
			return 0.55
		}
		return 0.7
	case surname:
		switch {
		case p.sur == 0: // a first name that may be a surname
			return 0.35
		case p.traits&placePart != 0:
			return 0.15
		case p.traits&listedSurname != 0 && !plain && !lower:
			return 0.4
		case p.traits&(listedSurname|suffixSurname|knownPart) != 0 && !plain:
			return 0.3
		case p.traits&slotPart != 0:
			return 0.3
		case plain && p.traits&startPart != 0, p.traits&startPart != 0 && p.traits&unknownPart != 0:
			return 0.05
		case plain:
			return 0.1
		}
		return 0.2
	}
	return 0.05
}

// englishContext weighs what the rules of both languages do not look at.
func (t *Text) englishContext(n *name, before float32) float32 {
	first, last := &t.names.parts[n.from], &t.names.parts[n.to-1]
	from, to := int(first.from), int(last.to)
	single, plain := n.to-n.from == 1, first.traits&ambiguousPart != 0
	score := float32(0)
	switch {
	case t.sign(from-1, '"') && t.sign(to, '"') && from > 1 && (t.isNamed(from-2) || t.isNamed(from)):
		if from > 1 && t.isNamed(from-2) && t.capital(to+1) {
			return 1.5 // 'Theodore "Ted" Lindqvist'
		}
	case single && t.sign(from-1, '"') && t.isNamed(from-2) && t.sign(from-3, '"') && t.isNamed(from-4) && t.tok[from].shape == title:
		return 0.5 // and behind it
	case t.signs(from, to) && !plain && t.tok[from].shape != lower:
		return 0.5
	case before >= 0.4: // a title or the like says enough
	case !single && t.tok[to-1].shape == title && t.says(to-1, "street road avenue boulevard crescent highway parkway terrace gardens"):
		return -1 // "Park Avenue"
	case !single && first.traits&placePart != 0 && first.first == 0 && last.traits&unknownPart != 0:
		score -= 0.5 // "Manchester Piccadilly"
	case single && n.roles[0] == surname && t.sign(to, ',') && t.isFirstBehind(to+1):
		score += 0.4 // "Krishnamurthy, Anand"
	case t.says(from-1, "the a") && t.tok[from].shape == lower && !single && !t.laneMayEnd(to) && before < 0.3:
		score -= 0.5 // "the charlotte tilbury lipstick"
	case t.says(from-1, "a an the") && t.tok[from].shape == lower && single:
		score -= 0.6 // "a jack adapter"
	case t.says(from-1, "the two both three these") && single && t.isPlural(from) && first.traits&listedSurname != 0 && t.tok[from].shape == title:
		score += 0.2
	case t.says(from-1, "the") && t.tok[from].shape != lower:
		score -= 0.5 // "the Hilton", "the Harry Potter set"
	case t.says(from-1, "the a an this that my your our no any per every some") && (single && (plain || first.first == 0)):
		score -= 0.6 // "my bill", "a page"
	case single && (plain || first.traits&placePart != 0 || first.first == 0) && t.says(from-1, "in from to at near via outside on around across"):
		score -= 0.5 // "in Florence", "to Austin"
		if t.says(from-1, "from to on") && first.first != 0 && first.traits&placePart == 0 {
			score += 0.4 // "a message from Grace"
		}
	}
	if single && before < 0.4 {
		if t.isTitleWord(to) && t.tok[to].gap == oneSpace {
			score -= 0.5 // "Windsor Castle", "Wells Fargo"
		}
		if t.isTitleWord(from-1) && t.tok[from].gap == oneSpace && t.tok[from].shape == title && !t.beginsSentence(from-1) {
			score -= 0.4 // "Trader Joe"
		}
	}
	if single && (t.sign(to, '&') && t.isSurnameOnly(to+1) || t.sign(from-1, '&') && t.isSurnameOnly(from-2)) {
		score -= 0.8 // "Johnson & Johnson"
	}
	if single && t.beginsSentence(from) && t.says(to, "of them us") && before < 0.3 {
		score -= 0.4 // "Jack of all trades"
	}
	if plain && single && t.says(to, "of the a it this that all your my") && before < 0.3 {
		score -= 0.4 // "Grant of a refund", "Mark the box"
	}
	if plain && single && t.tok[from].shape == lower && first.first != 0 && t.isGreeted(from, to) {
		score += 0.15
	}
	if single && first.first != 0 && t.says(from-1, "is") && t.says(to, "there available around free home back in") && t.clauseBefore(from-1) && t.clauseAfter(to+1) {
		return score + 0.5 // "is marina there"
	}
	if plain && single && t.tok[from].shape == lower && before < 0.3 && t.hintAt(to) != vocabulary.Speaking {
		return score - 0.3
	}
	return score + t.englishDoing(n, to) + t.englishObject(first, from)
}

// isGreeted reports a first name that is a word as well behind a greeting, and a clause that goes on without it: "hi marina my
// name is", and not "hi rose bushes".
func (t *Text) isGreeted(from, to int) bool {
	switch {
	case t.says(from, "will may"):
		return false
	case t.says(from-1, "hi hello hey dear thanks morning afternoon evening bye goodbye"), t.says(from-1, "you") && t.says(from-2, "thank"):
		return t.laneMayEnd(to) || t.speaksOn(to) && !t.says(from, "hope")
	}
	return t.says(from-1, "ok okay yes sure sorry") && t.speaksOn(to) && !t.says(from, "hope mark bill grant sue pat")
}

// speaksOn reports a word that begins a clause of English speech.
func (t *Text) speaksOn(i int) bool {
	return t.near(i) && t.says(i, "i im my this it its can could how is are thanks thank what we do did good nice sorry just talk see "+
		"here speaking please yes no when where have got any would you")
}

// englishDoing weighs the word behind a name: what people do, "said", "'s", "from billing".
func (t *Text) englishDoing(n *name, to int) float32 {
	p := &t.names.parts[n.from]
	plain := p.traits&ambiguousPart != 0 && n.to-n.from == 1
	place := p.traits&placePart != 0 || p.first == 0 && n.to-n.from == 1
	month := t.tok[p.from].vocab.Class == vocabulary.Month && n.to-n.from == 1 && p.traits&knownPart == 0
	switch {
	case to >= len(t.tok) || t.tok[to].gap == lineGap || month:
		return 0
	case t.says(to, "said says told called calls asked asks wrote writes promised mentioned rang emailed texted explained agreed confirmed replied "+
		"wants thinks knows signed lives works moved forgot answered picked spoke sent booked ordered paid left apologized apologised arrived joined"):
		if place {
			return 0.15
		}
		return 0.35
	case plain && t.says(to, "and or"):
		return 0
	case t.says(to, "is was has had will would can should did does doesn didn isn wasn hasn won and or who might could"):
		if place {
			return 0
		}
		return 0.3
	case t.says(to, "from in at with") && t.says(to+1, "the billing accounts sales support shipping finance hr reception marketing it legal customer head your our my dispatch payroll returns claims") && !place:
		return 0.3
	case t.sign(to, '\'') && t.glued(to+1) && t.says(to+1, "s") && !place:
		return 0.1
	}
	return 0
}

// englishObject weighs the word before a name that has people for its object: "tell Bill", "cc Mark", "with April".
func (t *Text) englishObject(p *namePart, from int) float32 {
	if p.first == 0 || p.traits&placePart != 0 && p.traits&ambiguousPart == 0 || from == 0 || t.tok[from].gap == lineGap {
		return 0
	}
	switch {
	case t.tok[from].vocab.Class == vocabulary.Month:
		return 0
	case t.says(from-1, "tell told ask asked email emailed text texted thank remind met cc copy contact contacted inform invite know let replace forward "+
		"and by meet ping phone ring rang give gave spoke through than like"):
		return 0.25
	case t.says(from-1, "with for to from if when because that but did does has is was where what as sees saw"):
		if p.traits&ambiguousPart != 0 && !(t.clauseAfter(int(p.to)) && t.says(from-1, "for to with from") && !t.says(from-2, "bank banking bound back")) {
			return 0
		}
		return 0.1
	}
	return 0
}

// isBeforeFirm reports a name that a firm begins with: "Sterling Lettings Ltd".
func (t *Text) isBeforeFirm(n *name) bool {
	to := int(t.names.parts[n.to-1].to)
	return t.isLatin(to-1) && t.near(to) && t.capital(to) && t.isLatin(to) &&
		(t.isEnglishFirm(to) || t.isTitleWord(to) && t.near(to+1) && t.capital(to+1) && t.isEnglishFirm(to+1))
}

// isTitleWord reports an ordinary word with a capital at token i, as in the names of places and firms.
func (t *Text) isTitleWord(i int) bool {
	return t.isLatin(i) && t.tok[i].shape == title && t.tok[i].n > 2 && t.tok[i].vocab.Class != vocabulary.Month && t.hintAt(i) == vocabulary.NoHint && t.tok[i].vocab.Class != vocabulary.Filler &&
		(lexicon.IsPlain(t.tok[i].key) || !t.isNamed(i) && t.tok[i].vocab.Class == vocabulary.None) && t.names.cased
}

// isSurnameOnly reports a surname that is no first name: "Johnson & Johnson" is a firm, "Bob & Linda" are not.
func (t *Text) isSurnameOnly(i int) bool {
	if !t.isLatin(i) {
		return false
	}
	e, ok := t.tok[i].form.Entry()
	return !ok || !e.Class.Is(lexicon.FirstName) || e.Class.Is(lexicon.Surname) && !e.Class.Is(lexicon.Common)
}

// isPlural reports "the Hendersons".
func (t *Text) isPlural(i int) bool {
	return t.tok[i].key&31 == 's'-'a'+1
}

// shoutedName takes a word in capitals that nobody knows for a surname behind a title or a first name, where all is in
// capitals: "MR B. HALLIDAY".
func (t *Text) shoutedName(p *namePart) bool {
	i := int(p.from)
	if t.names.cased || t.tok[i].n < 3 || t.tok[i].vocab.Class != vocabulary.None || t.tok[i].gap != oneSpace || !t.names.latin {
		return false
	}
	parts := t.names.parts
	beside := t.isBehindCourtesy(i)
	if n := len(parts); n > 0 && int(parts[n-1].to) == i {
		beside = beside || parts[n-1].traits&initialPart != 0 || parts[n-1].first != 0 && parts[n-1].traits&ambiguousPart == 0
	}
	if beside {
		p.sur = anyGram
		p.traits |= unknownPart | slotPart
	}
	return beside
}

// pluralName takes "Chens" for a surname where people of one name are counted: "two Chens", "the Hendersons".
func (t *Text) pluralName(p *namePart) {
	i := int(p.from)
	if key := t.tok[i].key; t.tok[i].shape == title && t.isPlural(i) && t.tok[i].n > 3 && t.tok[i].n <= lexicon.ExactWord && t.says(i-1, "two both the three these") {
		if e, ok := lexicon.Lookup(lexicon.LatinKey(key&(1<<60-1)>>5, int(t.tok[i].n)-1)); ok && e.Class.Is(lexicon.Surname) && !e.Class.Is(lexicon.Ambiguous) {
			p.sur = anyGram
			p.traits = p.traits&^unknownPart | listedSurname
		}
	}
}

// englishFame are names that are known as those of firms, brands and heroes of stories.
var englishFame = [...]struct {
	first, second wordList
}{
	{"harry", "potter styles"}, {"peter", "pan rabbit"}, {"morgan", "stanley freeman"}, {"jack", "daniel daniels wills"},
	{"calvin", "klein"}, {"tommy", "hilfiger"}, {"ralph", "lauren"}, {"charles", "schwab tyrwhitt dickens"}, {"merrill", "lynch"},
	{"john", "lewis deere hancock lennon"}, {"laura", "ashley"}, {"ted", "baker"}, {"michael", "kors jackson jordan"}, {"kate", "spade"},
	{"marc", "jacobs"}, {"hugo", "boss"}, {"jimmy", "choo"}, {"martin", "luther"}, {"harley", "davidson"}, {"aston", "martin"},
	{"mary", "poppins kay"}, {"sherlock", "holmes"}, {"james", "bond patterson"}, {"robin", "hood"}, {"santa", "claus"}, {"levi", "strauss"},
	{"stephen", "king hawking"}, {"donald", "duck trump"}, {"mickey", "mouse"}, {"thomas", "cook"}, {"holland", "barrett"},
	{"taylor", "swift"}, {"philip", "morris"}, {"charlotte", "tilbury"}, {"harris", "tweed"}, {"johnson", "controls"}, {"wells", "fargo"},
	{"jane", "austen eyre"}, {"william", "hill shakespeare"}, {"agatha", "christie"}, {"paul", "smith"}, {"barbie", "girl"}, {"russell", "hobbs"},
}

// isEnglishFame reports one of them.
func (t *Text) isEnglishFame(n *name) bool {
	from := int(t.names.parts[n.from].from)
	if n.to-n.from != 2 || !t.tok[from].vocab.Named {
		return false
	}
	for i := range englishFame {
		if f := &englishFame[i]; t.says(from, f.first) && t.says(from+1, f.second) {
			return true
		}
	}
	return false
}
