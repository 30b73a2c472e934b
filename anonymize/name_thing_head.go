package anonymize

import (
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Stems of what is sold under the names of people, by their last letters, as [nounStem] gives them. What nobody owns by the
// piece stands in kinds, what is sold by weight in mass, and where one goes to in houses.
var (
	wares = lexicon.Endings{
		0:         "гостина прихожа",
		'б' - 'а': "гроб надгроб скраб тумб шуб",
		'в' - 'а': "лекарств мотив халв",
		'г' - 'а': "пирог плуг сапог серьг спиннинг творог утюг",
		'д' - 'а': "велосипед вод кед комод лимонад мармелад мопед плед помад сковород фасад шоколад",
		'ж' - 'а': "манеж нож стеллаж",
		'з' - 'а': "бальз ваз жалюз карниз маз сервиз унитаз",
		'к' - 'а': "байдарк балетк банкетк баранк беседк блузк босоножк ботинк брюк булк булочк бытовк варежк вареник венок веялк винтовк герметик горшок гречк грунтовк диск духовк замок запеканк затирк калитк катушк клетк когтеточк кокошник колготк коляск коробк косилк кошелек краск кроватк кроссовк кружек кружк купальник куртк курток лавк лежанк линейк лодк ложек люльк маск минералк миск мозаик мойк мотоблок мук мультиварк намордник настойк ноутбук окошк очк ошейник палатк памятник переноск перчатк печк платок плитк поводок подсвечник подушк полк полок пропитк пряник пуховик рубашк ручк рюкзак ряженк светильник сеялк скамейк сковородк скрипк сорочк сосиск станок статуэтк стейк стенк стиралк сумк сумок сырник таблетк тарелк тарелок тумбочк тушенк уголок удочк футболк ходунк холодильник цепочк чайник чашек чашк шапк шапок шлейк шоколадк шпаклевк штукатурк юбк юбок",
		'л' - 'а': "автокресл бензопил бокал вафл гел грил двигател зеркал капл карамел кастрюл качел коктейл котел кресел кресл кукл мангал масл мебел модул мотоцикл мыл наполнител одеял пастил пенал покрывал прицел ролл роял смесител стол стул туфл тюл эмал",
		'м' - 'а': "аквариум джем корм костюм крем линолеум парфюм пижам программ чаем шаурм",
		'н' - 'а': "бан батон баян блин ботильон ванн ветчин витамин витрин графин диван камин капучин кофемашин кулон кухн лосьон окн палантин пельмен пианин плагин плафон приложен раковин резин сарафан саун сметан спальн шампун шин",
		'о' - 'а': "морожено пирожно",
		'п' - 'а': "кашп ламп прицеп сироп суп шляп",
		'р' - 'а': "аккумулятор бойлер бр бургер бюстгальтер гарнитур генератор гитар двер детектор забор зефир кефир ковер культиватор ликер лофер люстр микстур набор принтер пудр роутер сахар свитер сухар телевизор торшер трактор тренажер фильтр фужер хачапур штор эклер",
		'с' - 'а': "джинс квас кекс колес матрас насос пылесос соус",
		'т' - 'а': "автомат багет браслет букет вермут десерт жакет зонт йогурт керамогранит конфет котлет кофт кроват ламинат пакет пальт паркет паштет планшет плит робот рулет салат самокат сет скатерт торт фат халат",
		'ф' - 'а': "пуф тариф шарф шкаф",
		'х' - 'а': "дух",
		'ц' - 'а': "акц ключниц кольц лестниц песочниц пицц полотенц секц сигнализац столешниц теплиц",
		'ч' - 'а': "печ",
		'ш' - 'а': "груш душ лаваш суш туш",
		'щ' - 'а': "борщ",
		'ь' - 'а': "бель варень печень плать ружь скамь",
	}
	kinds = lexicon.Endings{
		'в' - 'а': "морков слив тыкв",
		'д' - 'а': "астероид бренд виноград пароход пород рассад сканворд теплоход",
		'е' - 'а': "орхиде",
		'ж' - 'а': "барж",
		'з' - 'а': "арбуз гортенз роз",
		'к' - 'а': "гвоздик голубик ежевик кабачок картошек картошечк картошк клубник крыжовник кустик линейк моделек можжевельник мультик настолк обойк оттенок персик рисунок фиалк черенок чеснок чубушник этикетк яблок",
		'л' - 'а': "артикул журнал картофел корабл ледокол модел мюзикл пазл свекл сериал спектакл телеканал фасол",
		'м' - 'а': "альбом мультфильм фильм хризантем",
		'н' - 'а': "баклажан бегон вишен вишн георгин геран дын малин пеларгон песн петун пион рододендрон семен сирен смородин тайфун тюльпан ураган фасон черешн яблон",
		'о' - 'а': "обо шо",
		'р' - 'а': "астр декор катер колер крейсер лайнер опер пар помидор сер узор",
		'с' - 'а': "абрикос гладиолус клематис нарцисс пьес редис флокс",
		'т' - 'а': "балет бот жимолост капуст комет куст сорт томат цвет яхт",
		'х' - 'а': "горох облепих",
		'ц' - 'а': "коллекц луковиц огурец огурц перец перц саженец саженц",
		'ч' - 'а': "передач",
	}
	masses = lexicon.Endings{
		0:         "ча",
		'б' - 'а': "дуб хлеб",
		'в' - 'а': "грав кружев пив",
		'г' - 'а': "венг",
		'д' - 'а': "мед",
		'ж' - 'а': "пряж",
		'з' - 'а': "берез бяз вяз",
		'к' - 'а': "бук водк коньяк молок песк песок шелк",
		'л' - 'а': "масл угол",
		'н' - 'а': "бетон вин глин клен сатин сосн ткан щебен ясен",
		'о' - 'а': "шампанско",
		'р' - 'а': "кедр мрамор раствор сыр",
		'с' - 'а': "колбас",
		'т' - 'а': "гранит извест цемент шерст",
		'ф' - 'а': "коф торф",
		'х' - 'а': "орех",
		'ц' - 'а': "лиственниц",
		'ч' - 'а': "кирпич",
	}
	houses = lexicon.Endings{
		0:         "закусочна кондитерска столова хинкальна шашлычна",
		'б' - 'а': "клуб паб усадьб",
		'в' - 'а': "агентств",
		'г' - 'а': "стоматолог универмаг холдинг",
		'д' - 'а': "бренд детсад завод студ",
		'е' - 'а': "галере",
		'ж' - 'а': "коттедж",
		'з' - 'а': "баз гимназ",
		'к' - 'а': "аптек бутик вывеск выставк жк клиник остановк питомник поликлиник поселк поселок рынк рынок садик фабрик ярмарк",
		'л' - 'а': "вилл вокзал квартал отел фестивал хостел школ",
		'м' - 'а': "фирм",
		'н' - 'а': "компан кофейн магазин микрорайон пекарн приложен ресторан салон чайхан",
		'п' - 'а': "барбершоп групп",
		'р' - 'а': "базар бар бистр кинотеатр лагер пиццер санатор театр",
		'с' - 'а': "маркетплейс такс универс",
		'т' - 'а': "апартамент гипермаркет пансионат приют сет супермаркет",
		'ф' - 'а': "каф",
		'ц' - 'а': "больниц гостиниц станц",
		'ь' - 'а': "атель",
	}
)

// nounEndings are what the cases of nouns put behind their stems, the longest of a letter first.
var nounEndings = lexicon.Endings{
	0: "а", 'в' - 'а': "ов ев", 'е' - 'а': "ие е", 'и' - 'а': "ами ями ии и", 'й' - 'а': "ой ий ей й", 'м' - 'а': "ием иям ом ем ам ям",
	'о' - 'а': "о", 'у' - 'а': "у", 'х' - 'а': "иях ах ях", 'ы' - 'а': "ы", 'ь' - 'а': "ь", 'ю' - 'а': "ью ию ю", 'я' - 'а': "ия я",
}

// nounStem is the key of a noun without the ending of its case.
func nounStem(key uint64) uint64 {
	n := int(key >> 60)
	if n > 12 {
		return 0
	}
	cut := cutEnding(key, n, &nounEndings)
	return uint64(n-cut)<<60 | key&(1<<60-1)>>(5*cut)
}

// hasStem reports whether the table has the stem.
func hasStem(stem uint64, table *lexicon.Endings) bool {
	words := table.For(stem)
	n := int(stem >> 60)
	for more := words != ""; more; {
		var word string
		word, words, more = strings.Cut(words, " ")
		if len(word) == 2*n && lexicon.Key(word) == stem {
			return true
		}
	}
	return false
}

// A head tells what kind of thing a noun is.
type head uint8

const (
	noHead head = iota
	ware
	kind  // of plants, ships, models: its name stands behind it in any case
	mass  // cement, bread
	house // a firm, a place to go to
)

// headAt tells whether token i is a noun that bears names of people.
func (t *Text) headAt(i int) head {
	if i < 0 || i >= len(t.tok) || t.tok[i].kind != wordToken || t.tok[i].n < 2 || t.says(i, "батоно") {
		return noHead
	}
	stem := nounStem(t.tok[i].key)
	switch {
	case stem == 0:
		return noHead
	case hasStem(stem, &wares):
		return ware
	case hasStem(stem, &kinds):
		return kind
	case hasStem(stem, &masses):
		return mass
	case hasStem(stem, &houses), t.says(i, "дом дома доме дому") && t.says(i-1, "гостевой гостевого гостевом гостевому торговый торгового модный модного"):
		return house
	}
	return noHead
}

// maxHeadWords is how many adjectives and words like «модель» may stand between a thing and its name.
const maxHeadWords = 3

// headBefore gives the thing right before token i, with adjectives between: «кресло раскладное виктория»; -1 if there is
// none.
func (t *Text) headBefore(i int) (j int, h head) {
	if i == 0 || t.tok[i].gap != oneSpace {
		return -1, noHead
	}
	for j = i - 1; j >= 0 && j >= i-maxHeadWords; j-- {
		if h = t.headAt(j); h != noHead {
			return j, h
		}
		if t.tok[j].gap != oneSpace || t.tok[j].kind != wordToken || !t.describes(j) {
			break
		}
	}
	return -1, noHead
}

// describes reports an adjective in lower case, or a word that only joins a thing to its name.
func (t *Text) describes(i int) bool {
	tok := &t.tok[i]
	if t.says(i, "марки фирмы названием под типа модели серии сорта бренда производства купе") {
		return true
	}
	return tok.shape == lower && tok.n > 3 && isAdjective(tok.key) && !courtesies.has(tok.key) && tok.vocab.Class == vocabulary.None
}

// isBehindHead reports a name right behind the thing that has it, as the nominative that does not change, «по поводу кресла
// виктория», or in the same case, «люстру снежану». In the genitive it may be whose the thing is.
func (t *Text) isBehindHead(n *name) bool {
	p := &t.names.parts[n.from]
	from := int(p.from)
	j, h := t.headBefore(from)
	if j < 0 || n.to-n.from > 1 && h != kind || t.isPeopleBefore(j) {
		return false
	}
	own, last := rune(t.tok[from].key&31)+'а', rune(t.tok[j].key&31)+'а'
	switch {
	case own == 'у' && last == 'у', own == 'ю' && last == 'ю', own == 'у' && last == 'ю', own == 'ю' && last == 'у':
		return p.first != 0 && p.first.Sex()&lexicon.Female != 0 && !p.first.Has(lexicon.Dative)
	case !n.gram.Has(lexicon.Nominative):
		return false
	case owners.hasToken(&t.tok[from]):
		return h == kind
	case h == house && t.mayIntroduce(j, int(p.to)):
		return false
	}
	return (h == house && !hasStem(nounStem(t.tok[j].key), &staffed) || !t.isWhereHead(j)) && !t.isAboutHead(j, int(p.to))
}

// owners are women's names that are the genitive of men's: «стол александра».
const owners wordList = "александра валерия евгения валентина аркадия павла вячеслава станислава ярослава владислава мирослава святослава ростислава антонина виталия анатолия"

// staffed are houses in which one speaks of who works there: «в магазине марина».
var staffed = lexicon.Endings{
	'б' - 'а': "клуб", 'в' - 'а': "агентств", 'д' - 'а': "детсад завод студ", 'з' - 'а': "гимназ", 'к' - 'а': "аптек бутик клиник поликлиник садик фабрик питомник",
	'л' - 'а': "школ", 'м' - 'а': "фирм", 'н' - 'а': "компан магазин салон пекарн", 'п' - 'а': "барбершоп групп", 'р' - 'а': "бар", 'т' - 'а': "приют", 'ф' - 'а': "каф", 'ц' - 'а': "больниц",
	'г' - 'а': "стоматолог холдинг", 'ь' - 'а': "атель",
}

// isPeopleBefore reports a word for somebody, or for a place where somebody works, a little before the thing at token j:
// «продавец мебели виктория», «салон штор марина».
func (t *Text) isPeopleBefore(j int) bool {
	for i := j - 1; i >= max(0, j-2) && t.tok[i+1].gap == oneSpace; i-- {
		if h := t.hintAt(i); h == vocabulary.Job || h == vocabulary.Kin || h == vocabulary.Naming || t.headAt(i) == house {
			return true
		}
	}
	return false
}

// mayIntroduce reports a house at token j with which somebody takes a call, his own name behind it: «отель екатерина слушаю».
func (t *Text) mayIntroduce(j, to int) bool {
	const opening = 3
	return j < opening && t.clauseAfter(to) || t.hintAt(to) == vocabulary.Greeting || t.hintAt(to) == vocabulary.Speaking
}

// isWhereHead reports that the thing is where somebody is: «на кухне виктор».
func (t *Text) isWhereHead(j int) bool {
	for i := j - 1; i >= max(0, j-2); i-- {
		if t.says(i, "в во на за под над около возле у") {
			return rune(t.tok[j].key&31)+'а' != 'у' && rune(t.tok[j].key&31)+'а' != 'ю'
		}
		if !t.describes(i) {
			return false
		}
	}
	return false
}

// isAboutHead reports somebody at the end who says why he calls: «по столу виктор».
func (t *Text) isAboutHead(j, to int) bool {
	return t.says(j-1, "по насчет поводу про о за") && t.clauseAfter(to)
}
