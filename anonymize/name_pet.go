package anonymize

const (
	// Names that nobody but animals has.
	petsAlone wordList = "мурзик барсик пушок шарик бобик тузик жучка мурка барбос полкан"
	// Names that people seldom have.
	petNames wordList = "рыжик снежок дымка рекс бим тобик буся кузя симба персик марсик лаки зефирка"
	petDoes  wordList = "мяукает мяукал мяукала гавкает лает лаял лаяла линяет скулит скулила мурлычет мурчит кусается царапается погрыз погрызла"
	petHas   wordList = "корм корма корму кормом лоток лотка когти когтей шерсть шерсти хвост лапу лапа лапы ошейник поводок намордник " +
		"клещ клеща блох блохи лакомство лакомства"
)

const maxPetWords = 5 // from its name to what tells that it is an animal

// isPetByDeeds reports a name alone that is of an animal, by itself or by what is said right behind it: «мурзик поел», «наша
// марта линяет», «мой кузя не ест ваш корм». Whoever has a name that people have too needs a deed: a Мухтар or Кеша may call.
func (t *Text) isPetByDeeds(n *name) bool {
	first := &t.names.parts[n.from]
	from, to := int(first.from), int(first.to)
	alone := petsAlone.hasToken(&t.tok[from]) && first.traits&(knownPart|capitalPart) == 0
	if n.to-n.from != 1 || n.has(patronymic) {
		return alone && n.to-n.from == 2 && t.names.parts[n.from+1].traits&unknownPart != 0 // «мурзик поел»
	}
	deed := to
	if t.says(deed, "не опять уже все постоянно сильно очень часто") {
		deed++
	}
	if alone || deed < len(t.tok) && petDoes.hasToken(&t.tok[deed]) {
		return true
	}
	return petNames.hasToken(&t.tok[from]) && t.says(from-1, "мой моя моего мою моей наш наша нашего нашу нашей") && t.hasOfPets(to)
}

// hasOfPets reports a thing that only animals have, a few words from token i on.
func (t *Text) hasOfPets(i int) bool {
	for end := min(i+maxPetWords, len(t.tok)); i < end && t.tok[i].kind != signToken && t.tok[i].gap != lineGap; i++ {
		if petHas.hasToken(&t.tok[i]) {
			return true
		}
	}
	return false
}
