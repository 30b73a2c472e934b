package build

import (
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A form is a word with what its ending says.
type form struct {
	word string
	gram lexicon.Gram
}

var sexes = []lexicon.Sex{lexicon.Male, lexicon.Female}

func cases(yield func(lexicon.Case) bool) {
	for c := lexicon.Nominative; c <= lexicon.Prepositional; c++ {
		if !yield(c) {
			return
		}
	}
}

// nameForms returns the forms of a first name, diminutive or patronymic.
func nameForms(name string, part lexicon.Class, sex lexicon.Sex) []form {
	var forms []form
	for _, s := range sexes {
		if sex&s == 0 {
			continue
		}
		for c := range cases {
			forms = append(forms, form{lexicon.Decline(name, part, s, c), lexicon.GramOf(s, c)})
		}
		// Айгуль: some decline her, some do not.
		if stem, ok := strings.CutSuffix(name, "ь"); ok && s == lexicon.Female {
			forms = append(forms,
				form{name, lexicon.UndeclinedOf(s)},
				form{stem + "и", lexicon.GramOf(s, lexicon.Genitive) | lexicon.GramOf(s, lexicon.Dative) | lexicon.GramOf(s, lexicon.Prepositional)},
				form{stem + "ью", lexicon.GramOf(s, lexicon.Instrumental)})
		}
	}
	return forms
}

// shortForms returns the forms of a diminutive. One of a woman in -ик, -ок or
// -ек is declined like a man's: «Светик», «Светика».
func shortForms(short string, sex lexicon.Sex) []form {
	if sex != lexicon.Female || !strings.HasSuffix(short, "ик") && !strings.HasSuffix(short, "ок") && !strings.HasSuffix(short, "ёк") {
		return nameForms(short, lexicon.FirstName, sex)
	}
	var forms []form
	for c := range cases {
		forms = append(forms, form{lexicon.Decline(short, lexicon.FirstName, lexicon.Male, c), lexicon.GramOf(lexicon.Female, c)})
	}
	return forms
}

// vocative returns the truncated vocative that speech makes of a name in -а or
// -я: «Саш», «Тань», «Рай»; "" if it makes none.
func vocative(name string) string {
	lower := strings.ToLower(name)
	stem, ok := strings.CutSuffix(lower, "а")
	if ok {
		if strings.HasSuffix(stem, "к") || utf8.RuneCountInString(stem) < 2 {
			return ""
		}
		return stem
	}
	stem, ok = strings.CutSuffix(lower, "я")
	if !ok || utf8.RuneCountInString(stem) < 2 {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(stem)
	switch last {
	case 'и', 'ь':
		return ""
	case 'а', 'о', 'у', 'ы', 'э', 'ю', 'е':
		return stem + "й"
	}
	return stem + "ь"
}

// surnameForms returns the singular forms of a surname given in the masculine;
// the plural follows by ending, see [lexicon.EndingOf].
func surnameForms(name string) []form {
	var forms []form
	feminine := lexicon.Feminine(name)
	for c := range cases {
		forms = append(forms,
			form{lexicon.Decline(name, lexicon.Surname, lexicon.Male, c), lexicon.GramOf(lexicon.Male, c)},
			form{lexicon.Decline(feminine, lexicon.Surname, lexicon.Female, c), lexicon.GramOf(lexicon.Female, c)})
	}
	return forms
}

// A placeRule declines what is left of a place name without its ending, in
// the order genitive, dative, instrumental, prepositional.
type placeRule struct {
	ending string
	cut    int
	forms  string
	gram   func(lexicon.Case) lexicon.Gram
}

func masculine(c lexicon.Case) lexicon.Gram { return lexicon.GramOf(lexicon.Male, c) }
func feminine(c lexicon.Case) lexicon.Gram  { return lexicon.GramOf(lexicon.Female, c) }

var placeRules = []placeRule{
	{"ая", 2, "ой ой ой ой ую", feminine},
	{"яя", 2, "ей ей ей ей юю", feminine},
	{"кий", 2, "ого ому им ом", masculine},
	{"ний", 2, "его ему им ем", masculine},
	{"ый", 2, "ого ому ым ом", masculine},
	{"кое", 2, "ого ому им ом", masculine},
	{"шое", 2, "ого ому им ом", masculine},
	{"нее", 2, "его ему им ем", masculine},
	{"ое", 2, "ого ому ым ом", masculine},
	{"ние", 2, "их им ими их", lexicon.PluralOf},
	{"кие", 2, "их им ими их", lexicon.PluralOf},
	{"ые", 2, "ых ым ыми ых", lexicon.PluralOf},
	{"кой", 2, "ого ому им ом", masculine},
	{"ово", 1, "а у ом е", masculine},
	{"ево", 1, "а у ом е", masculine},
	{"ино", 1, "а у ом е", masculine},
	{"ыно", 1, "а у ом е", masculine},
	{"ье", 1, "я ю ем е", masculine},
	{"ие", 1, "я ю ем и", masculine},
	{"лец", 2, "ьца ьцу ьцом ьце", masculine},
	{"ец", 2, "ца цу цом це", masculine},
	{"й", 1, "я ю ем е", masculine},
	{"ия", 1, "и и ей и ю", feminine},
	{"я", 1, "и е ей е ю", feminine},
	{"ца", 1, "ы е ей е у", feminine},
	{"га", 1, "и е ой е у", feminine},
	{"ка", 1, "и е ой е у", feminine},
	{"ха", 1, "и е ой е у", feminine},
	{"ча", 1, "и е ей е у", feminine},
	{"жа", 1, "и е ей е у", feminine},
	{"ша", 1, "и е ей е у", feminine},
	{"а", 1, "ы е ой е у", feminine},
	{"ы", 1, "- ам ами ах", lexicon.PluralOf},
	{"и", 1, "- ам ами ах", lexicon.PluralOf},
}

// placeForms returns the forms of a one-word place name; how is the third
// field of toponyms.tsv.
func placeForms(name, how string) []form {
	nominative := form{name, masculine(lexicon.Nominative)}
	switch {
	case how == "0":
		return []form{{name, lexicon.UndeclinedOf(lexicon.Male)}}
	case strings.Contains(how, ","):
		forms := []form{nominative}
		for i, w := range strings.Split(how, ",") {
			forms = append(forms, form{w, masculine(placeCases[i])})
		}
		return forms
	case utf8.RuneCountInString(how) > 1:
		stem := cut(name, 1)
		return []form{
			{name, lexicon.PluralOf(lexicon.Nominative) | lexicon.PluralOf(lexicon.Accusative)},
			{how, lexicon.PluralOf(lexicon.Genitive)},
			{stem + "ам", lexicon.PluralOf(lexicon.Dative)},
			{stem + "ами", lexicon.PluralOf(lexicon.Instrumental)},
			{stem + "ах", lexicon.PluralOf(lexicon.Prepositional)},
		}
	}
	if strings.HasSuffix(name, "ь") {
		if how == "m" || how == "" && softMasculine(name) {
			return declinePlace(name, placeRule{"ь", 1, "я ю ем е", masculine})
		}
		return declinePlace(name, placeRule{"ь", 1, "и и ью и", feminine})
	}
	for _, r := range placeRules {
		if strings.HasSuffix(name, r.ending) {
			return declinePlace(name, r)
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(name); strings.ContainsRune("оеуюэёи", last) {
		return []form{{name, lexicon.UndeclinedOf(lexicon.Male)}}
	}
	return declinePlace(name, placeRule{"", 0, "а у ом е", masculine})
}

var placeCases = []lexicon.Case{lexicon.Genitive, lexicon.Dative, lexicon.Instrumental, lexicon.Prepositional, lexicon.Accusative}

func declinePlace(name string, r placeRule) []form {
	endings := strings.Fields(r.forms)
	nominative := r.gram(lexicon.Nominative)
	if len(endings) == 4 {
		nominative |= r.gram(lexicon.Accusative)
	}
	forms := []form{{name, nominative}}
	stem := cut(name, r.cut)
	for i, e := range endings {
		forms = append(forms, form{stem + strings.Trim(e, "-"), r.gram(placeCases[i])})
	}
	return forms
}

// softMasculine tells Ярославль and Симферополь from Казань and Керчь.
func softMasculine(name string) bool {
	for _, e := range []string{"поль", "вль", "даль", "быль", "мль"} {
		if strings.HasSuffix(strings.ToLower(name), e) {
			return true
		}
	}
	return false
}

func cut(s string, letters int) string {
	for range letters {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
