package lexicon

import "strings"

// Feminine returns the surname of a woman whose father or husband has the
// given one: «Петров» «Петрова», «Толстой» «Толстая». Most others are the same
// for both: «Мельник», «Сорока».
func Feminine(surname string) string {
	return eachHalf(surname, Surname, func(half string) string {
		r := findRule(half, Surname, Male)
		add := "а"
		switch forms := r.forms; {
		case strings.HasPrefix(forms, "ого"):
			add = "ая"
		case strings.HasPrefix(forms, "его"):
			add = "ая"
			if strings.HasSuffix(fold(half), "ний") {
				add = "яя"
			}
		case forms != "а у а ым е":
			return half
		}
		if allUpper(half) {
			add = strings.ToUpper(add)
		}
		return cutLetters(half, r.cut) + add
	})
}

// PatronymicOf returns the patronymic of a son or a daughter of father, a name
// in the nominative: «Дмитрий» «Дмитриевич» «Дмитриевна». Sex is Male or
// Female. It is "" where the language forms none.
func PatronymicOf(father string, sex Sex) string {
	folded := fold(father)
	for i := range fatherRules {
		r := &fatherRules[i]
		if !(&rule{sex: Both, endings: r.endings}).fits(folded, Both) {
			continue
		}
		if sex == Female {
			return cutLetters(father, r.cut) + r.daughter
		}
		return cutLetters(father, r.cut) + r.son
	}
	return ""
}

var fatherRules = []struct {
	endings       string
	cut           int
	son, daughter string
}{
	{"=илья", 1, "ич", "инична"},
	{"=кузьма =лука =фома =хома", 1, "ич", "инична"},
	{"=никита =савва =варнава", 1, "ич", "ична"},
	{"=лев", 2, "ьвович", "ьвовна"},
	{"=павел", 2, "лович", "ловна"},
	{"=петр", 3, "етрович", "етровна"},
	{"=яков", 0, "левич", "левна"},
	{"=иаков", 0, "левич", "левна"},
	{"=михаил", 2, "йлович", "йловна"},
	{"=гавриил", 2, "лович", "ловна"},
	{"=самуил", 2, "йлович", "йловна"},
	{"=даниил =измаил =рафаил", 0, "ович", "овна"},
	{"нтий ртий", 2, "ьевич", "ьевна"},
	{"кий гий хий ций трий брий ндрий ртрий нстий льтий", 1, "евич", "евна"},
	{"ий", 2, "ьевич", "ьевна"},
	{"й", 1, "евич", "евна"},
	{"ь", 1, "евич", "евна"},
	{"ж ч ш щ ц", 0, "евич", "евна"},
	{"б в г д з к л м н п р с т ф х", 0, "ович", "овна"},
	{"а", 1, "ович", "овна"},
	{"я", 1, "евич", "евна"},
	{"о", 1, "ович", "овна"},
	{"и у ю э е ы", 0, "евич", "евна"},
}
