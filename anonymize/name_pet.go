package anonymize

// Names that hardly anybody but animals has.
var petNames = wordList{
	"мурзик", "барсик", "рыжик", "пушок", "шарик", "бобик", "тузик", "мухтар", "жучка", "снежок", "дымка", "мурка", "барбос", "полкан", "тишка", "кеша", "чернышка", "пушинка",
	"рекс", "джек", "бим", "тобик", "найда", "буся", "кузя", "симба", "ричи", "чарли", "граф", "лорд", "персик", "марсик", "васька", "мурочка", "бони", "лаки", "зефирка",
}

// What animals do, and what is theirs.
var (
	petDoes = wordList{"мяукает", "мяукал", "мяукала", "гавкает", "лает", "лаял", "лаяла", "линяет", "скулит", "скулила", "мурлычет", "мурчит", "рычит", "кусается", "царапается", "погрыз", "погрызла", "загрыз"}
	petHas  = wordList{"корм", "корма", "корму", "кормом", "лоток", "лотка", "когти", "когтей", "шерсть", "шерсти", "хвост", "лапу", "лапа", "лапы", "ошейник", "поводок", "намордник", "клещ", "клеща", "блох", "блохи", "мяса", "лакомство", "лакомства"}
)

const maxPetWords = 5 // from its name to what tells that it is an animal

// isPetByDeeds reports a name alone of which its clause says what only animals do: «наша буся линяет», «мой кузя не ест ваш
// корм», «мурзик поел».
func (t *Text) isPetByDeeds(n *name) bool {
	first := &t.names.parts[n.from]
	from, to := int(first.from), int(first.to)
	sure := petNames[:sureOfPets].hasToken(&t.tok[from]) && first.traits&(knownPart|capitalPart) == 0
	if n.to-n.from != 1 || n.has(patronymic) {
		return sure && n.to-n.from == 2 && t.names.parts[n.from+1].traits&unknownPart != 0 // «мурзик поел»
	}
	listed := petNames.hasToken(&t.tok[from])
	own := t.says(from-1, "мой", "моя", "моего", "мою", "моей", "наш", "наша", "нашего", "нашу", "нашей")
	if sure || listed && own {
		return true
	}
	for i := to; i < min(to+maxPetWords, len(t.tok)) && t.tok[i].kind != signToken && t.tok[i].gap != lineGap; i++ {
		if petDoes.hasToken(&t.tok[i]) || (listed || own) && petHas.hasToken(&t.tok[i]) {
			return true
		}
	}
	return false
}

// sureOfPets is how many of petNames are no names of people either.
const sureOfPets = 16
