package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

const (
	// What somebody made, and is known by.
	works wordList = "роман романа романе романы повесть повести поэма поэму поэмы пьеса пьесу пьесы стихи стихов стихах рассказы рассказов рассказах сказки сказок басни басню басня " +
		"симфония симфонию симфонии соната сонату сонаты опера оперу оперы балет балета вальс вальса реквием ноктюрн этюды романсы романс собрание сочинения полотно полотна"
	// Where one eats, at the place of somebody who is its name.
	eateries wordList = "кафе ресторан ресторана ресторане бар баре чайхана чайхану чайхане шашлычная шашлычную шашлычной хинкальная хинкальную хинкальной столовая закусочная закусочную пельменная " +
		"пиццерия трактир трактире харчевня кофейня"
)

// isTitle reports a name that is one of a book or a saint's day, or that its bearer has made well known: «роза анна ахматова»,
// «мастер и маргарита».
func (t *Text) isTitle(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	switch {
	case to-from == 2 && n.to-n.from == 2:
		return t.arePair(from, to-1, vocabulary.Famous)
	case to-from != 1 || n.to-n.from != 1:
		return false
	case t.arePair(from, from+1, vocabulary.Famous), t.arePair(from-1, from, vocabulary.Famous): // the other half is no name, or in another case
		return true
	case t.says(from-1, "и") && t.arePair(from-2, from, vocabulary.Couple), t.says(to, "и") && t.arePair(from, to+1, vocabulary.Couple):
		return !t.isAnyDeed(to) && !t.isAnyDeed(to+2)
	}
	return false
}

// isRead reports a writer who is read: «читаем с дочкой Чехова».
func (t *Text) isRead(n *name) bool {
	from := int(t.names.parts[n.from].from)
	verb := from - 1
	if t.says(from-3, "с со") && t.hintAt(from-2) == vocabulary.Kin || t.says(from-3, "в") {
		verb = from - 4
	} else if t.hintAt(from-1) == vocabulary.Kin && t.says(from-2, "с со") || t.says(from-2, "в") {
		verb = from - 3
	}
	return t.says(verb, "читаем читаю читает читали читал читала читать прочитали прочитал прочитала перечитываю проходим проходят проходили учим") &&
		t.fameAt(from)&vocabulary.Writer != 0
}

// isStreetOfRank reports a street known by a rank: «на маршала жукова».
func (t *Text) isStreetOfRank(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	return n.gram.Has(lexicon.Genitive) && t.says(from-2, "на") && !t.isAnyDeed(to) &&
		t.says(from-1, "маршала генерала академика адмирала космонавта композитора писателя героя лейтенанта комиссара")
}

// isHost reports who is the name of the place where one eats: «кафе у палыча».
func (t *Text) isHost(n *name) bool {
	from, to := int(t.names.parts[n.from].from), int(t.names.parts[n.to-1].to)
	return n.gram.Has(lexicon.Genitive) && t.says(from-1, "у") && t.says(from-2, eateries) &&
		(t.says(to, "работает") || !t.isAnyDeed(to)) && !t.isPersonOfTalk(n)
}

// isAuthor reports somebody known by what he made: «симфония Шостаковича».
func (t *Text) isAuthor(n *name) bool {
	p := &t.names.parts[n.from]
	from := int(p.from)
	return p.first == 0 && (p.sur | p.patr).Has(lexicon.Genitive) && t.says(from-1, works) && t.tok[from].gap == oneSpace && !t.isPersonOfTalk(n)
}

// arePair reports two tokens that are one of the pairs.
func (t *Text) arePair(i, j int, pairs vocabulary.Stem) bool {
	if i < 0 || j >= len(t.tok) || t.tok[i].kind != wordToken || t.fameAt(j)&vocabulary.Second == 0 { // of most words this tells enough
		return false
	}
	return vocabulary.PairOf(nounStem(t.tok[i].key), stemKey(t.tok[j].key, ""))&pairs != 0
}

// fameAt tells what is known of the surname at token i by its stem.
func (t *Text) fameAt(i int) vocabulary.Stem {
	if t.tok[i].kind != wordToken {
		return 0
	}
	return vocabulary.StemOf(stemKey(t.tok[i].key, ""))
}

// isAnyDeed reports a verb of one or several at token i.
func (t *Text) isAnyDeed(i int) bool {
	i = t.skipSmall(i, 1)
	return i < len(t.tok) && (t.isDeed(i, lexicon.Both) || areDeeds(&t.tok[i]))
}

// isHoliday reports a day with the name of a saint: «Татьянин день», «до Ильина дня», «на Ивана Купалу».
func (t *Text) isHoliday(n *name) bool {
	p := &t.names.parts[n.to-1]
	from, to := int(p.from), int(p.to)
	if to-from != 1 {
		return false
	}
	if t.isKupala(to) && n.to-n.from == 1 || n.to-n.from == 2 && t.isKupala(from) {
		return t.says(int(t.names.parts[n.from].from), "иван ивана ивану иваном иване")
	}
	return n.to-n.from == 1 && !t.isNumber(to+1) && t.isDayOf(from, to)
}

func (t *Text) isKupala(i int) bool {
	return t.says(i, "купала купалу купалы купале купалой постный")
}

// isDayOf reports the adjective of a saint at token i with the day at token j, in one case.
func (t *Text) isDayOf(i, j int) bool {
	key := t.tok[i].key
	end, before := rune(key&31)+'а', rune(key>>5&31)+'а'
	saint := before == 'н' || before == 'в'
	switch end {
	case 'н', 'в':
		return t.says(j, "день")
	case 'м':
		return before == 'ы' && t.says(j, "днем")
	case 'а':
		return saint && t.says(j, "дня")
	case 'у':
		return saint && t.says(j, "дню")
	}
	return false
}
