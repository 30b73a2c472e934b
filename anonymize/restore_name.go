package anonymize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A fullName is a name in the nominative, ready to be declined.
type fullName struct {
	words []nameWord
	sex   lexicon.Sex
	said  lexicon.Sex // of whom it was said in the nominative: «Марина Котова» is a woman, or is of a man
}

type nameWord struct {
	text  string
	class lexicon.Class // FirstName, Patronymic or Surname; 0 does not change
}

// A wording is a name as it was said. Its nominative is looked for when it is asked for: most names never are.
type wording struct {
	words [maxNameParts]struct {
		from, to int32         // bytes of the text of its mention
		class    lexicon.Class // as of a nameWord
	}
	n    int
	gram lexicon.Gram
}

// wordingOf takes down the words of a name.
func (t *Text) wordingOf(n *name) wording {
	w := wording{n: int(n.to - n.from), gram: n.gram}
	start := t.tok[t.names.parts[n.from].from].start
	for i := range w.words[:w.n] {
		p, word := &t.names.parts[int(n.from)+i], &w.words[i]
		word.from, word.to = int32(t.tok[p.from].start-start), int32(t.tok[p.to-1].end-start)
		if p.traits&(latinPart|initialPart|particlePart) != 0 && p.to-p.from <= 2 {
			continue
		}
		switch n.roles[i] {
		case firstName:
			word.class = lexicon.FirstName
		case patronymic:
			word.class = lexicon.Patronymic
		case surname:
			word.class = lexicon.Surname
		}
	}
	return w
}

// fullName puts a name into the nominative. It is empty where this cannot be done surely.
func (w *wording) fullName(text string) fullName {
	full := fullName{sex: w.gram.Sex(), said: (w.gram & lexicon.GramOf(lexicon.Both, lexicon.Nominative)).Sex()}
	for _, word := range w.words[:w.n] {
		named := nameWord{text[word.from:word.to], word.class}
		if named.class != 0 {
			named.text = capitalized(named.text)
			base, ok := nominative(named, w.gram)
			if !ok {
				return fullName{}
			}
			named.text = base
		}
		full.words = append(full.words, named)
	}
	return full
}

// capitalized writes every half of a name that is all small or all capital as names are written.
func capitalized(s string) string {
	if strings.ToLower(s) != s && strings.ToUpper(s) != s {
		return s
	}
	var b strings.Builder
	start := true
	for _, r := range strings.ToLower(s) {
		if start {
			r = unicode.ToUpper(r)
		}
		start = r == '-'
		b.WriteRune(r)
	}
	return b.String()
}

// nominative looks for the word that has this form in one of the cases of gram: the form itself, what the lexicon says,
// or the stem with one of the endings of the nominative. What is found is declined and compared.
func nominative(w nameWord, gram lexicon.Gram) (string, bool) {
	sex := gram.Sex()
	if gram.Of(sex).Has(lexicon.Nominative) || gram&lexicon.GramVocative == 0 && gram == anyGram {
		return w.text, true
	}
	if e, ok := lexicon.Lookup(lexicon.Key(w.text)); ok {
		for i := range e.Readings() {
			r := e.Reading(i)
			if !r.Class.Is(readingsOf(w.class)) || r.Gram&gram == 0 || r.Lemma == 0 {
				continue
			}
			base := r.Lemma.String()
			if w.class == lexicon.Surname && sex == lexicon.Female {
				base = lexicon.Feminine(base)
			}
			return base, true
		}
	}
	if w.class == lexicon.Surname && endsLikeName(w.text, gram) && declines(w.text, w, gram) {
		return w.text, true // «Карапетян» of a woman
	}
	// A base that ends like a surname in the nominative goes first: «Никольском» is of «Никольский», not of «Никольскома».
	for _, sure := range [...]bool{true, false} {
		stem := w.text
		for range 4 {
			for ending := range strings.SplitSeq(nominativeEndings, " ") {
				base := stem + ending
				if base != w.text && (!sure || endsLikeName(base, gram)) && declines(base, w, gram) {
					return base, true
				}
			}
			_, size := utf8.DecodeLastRuneInString(stem)
			stem = stem[:len(stem)-size]
		}
	}
	return "", false
}

func endsLikeName(base string, gram lexicon.Gram) bool {
	e, ok := lexicon.EndingOf(lexicon.Key(base))
	return ok && e.Gram.Of(gram.Sex()).Has(lexicon.Nominative)
}

const nominativeEndings = " а я й ь ий ый ой ая"

func readingsOf(class lexicon.Class) lexicon.Class {
	if class == lexicon.FirstName {
		return lexicon.FirstName | lexicon.Diminutive
	}
	return class
}

// declines reports whether base has the form in a case of gram.
func declines(base string, w nameWord, gram lexicon.Gram) bool {
	for _, sex := range [...]lexicon.Sex{lexicon.Male, lexicon.Female} {
		for c := lexicon.Genitive; c <= lexicon.Prepositional; c++ {
			if gram&lexicon.GramOf(sex, c) != 0 && lexicon.Decline(base, w.class, sex, c) == w.text {
				return true
			}
		}
	}
	return false
}

// in gives the name in a case.
func (f fullName) in(c lexicon.Case) string {
	sex := f.sex
	if sex == lexicon.Both || sex == 0 {
		sex = lexicon.Male
	}
	words := make([]string, len(f.words))
	for i, w := range f.words {
		words[i] = w.text
		if w.class != 0 && (f.sex != lexicon.Both || declinesAlike(w)) {
			words[i] = lexicon.Decline(w.text, w.class, sex, c)
		}
	}
	return strings.Join(words, " ")
}

// declinesAlike reports a name that is declined in one way whoever has it: «Саша».
func declinesAlike(w nameWord) bool {
	return lexicon.Decline(w.text, w.class, lexicon.Male, lexicon.Genitive) == lexicon.Decline(w.text, w.class, lexicon.Female, lexicon.Genitive)
}

// restored gives what stands for a label in a foreign text.
func (e *entity) restored(l label, before string) string {
	if e.who == nil {
		return e.value
	}
	full := e.who.fullName()
	if len(full.words) == 0 {
		return e.who.value
	}
	c, ok := lexicon.Nominative, false
	if role, known := roleOf(l.noun); known {
		c, ok = caseOf(strings.ToLower(l.noun), role)
	}
	return full.in(caseAt(c, ok, before))
}

// fullName gives the name of a person with the sex that other mentions tell where it leaves that open.
func (q *person) fullName() fullName {
	full := q.full
	if len(full.words) == 0 {
		full = q.wording.fullName(q.value)
	}
	if sex := full.said & q.sex; full.sex == lexicon.Both && sex != 0 && sex != lexicon.Both && q.sex == sex {
		full.sex = sex
	}
	return full
}

// caseAt decides the case of a name: that of the label, where the genitive and the accusative of a man look alike by
// what governs it; of an English label by the preposition before.
func caseAt(c lexicon.Case, russian bool, before string) lexicon.Case {
	word := lastWord(before)
	if !russian {
		return caseAfter(word, lexicon.Nominative)
	}
	if c != lexicon.Genitive {
		return c
	}
	if governed := caseAfter(word, lexicon.Nominative); governed == lexicon.Accusative || governed == lexicon.Genitive {
		return governed
	}
	if governsAccusative(word) {
		return lexicon.Accusative
	}
	return lexicon.Genitive
}

func lastWord(s string) string {
	s = strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' && r != ',' && r != '\n' })
	i := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size - 1
	}
	return strings.ToLower(s[i+1:])
}

var governors = [...]struct {
	c     lexicon.Case
	words string
}{
	{lexicon.Genitive, " у от для без из до после около ради кроме вместо против насчет имени ото изо "},
	{lexicon.Dative, " к ко благодаря согласно "},
	{lexicon.Accusative, " про через на за "},
	{lexicon.Instrumental, " с со над перед между "},
	{lexicon.Prepositional, " о об обо при "},
}

// caseAfter gives the case that a preposition asks for.
func caseAfter(word string, otherwise lexicon.Case) lexicon.Case {
	if word == "" {
		return otherwise
	}
	for _, g := range governors {
		if strings.Contains(g.words, " "+word+" ") {
			return g.c
		}
	}
	return otherwise
}

// governsAccusative reports a verb: «попросите Клиента А», but «телефон Клиента А».
func governsAccusative(word string) bool {
	for _, ending := range [...]string{"ить", "ать", "ять", "еть", "ите", "йте", "ил", "ала", "ила", "ал", "или", "али", "ит", "ет", "ют", "ят", "ует", "им", "ем", "ю", "ла", "л", "ли"} {
		if strings.HasSuffix(word, ending) && utf8.RuneCountInString(word) > utf8.RuneCountInString(ending)+2 {
			return true
		}
	}
	return false
}
