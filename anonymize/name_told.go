package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Some surnames are words, and people who have one say so: «немой это фамилия», «гора фамилия такая», «лом фамилия или
// кличка», «тюна это мы её так зовём». What they tell makes a name of any word.

// maxRemarks is how many words may stand between a word and what tells that it is a name.
const maxRemarks = 4

const (
	// What stands between the word and «фамилия».
	remarks wordList = "это правда такая такой такое у него нее них меня нас мужа вот прям реально действительно кстати как его ее " +
		"их моя мое тоже вроде же уже там"
	// What stands between «фамилия» and the name: «фамилия у неё смешная рыбка».
	ownRemarks wordList = "такая такой такое правда у него нее них меня нас мужа жены вот прям реально действительно кстати тоже вроде же как просто простая " +
		"смешная редкая странная сложная короткая говорящая веселая необычная интересная дурацкая звучная знаменитая птичья рыбья звериная прикольная одна общая через"
	// What names are like. Behind «фамилия» they tell of it: «рахмет фамилия короткая».
	ofSurnames wordList = "такая короткая длинная сложная трудная простая редкая распространенная странная смешная необычная обычная русская нерусская татарская украинская польская немецкая " +
		"еврейская грузинская армянская китайская корейская казахская двойная общая одинаковая разная другая новая старая девичья прежняя бывшая знаменитая известная " +
		"громкая говорящая птичья веселая дурацкая звучная верная правильная полная первая вторая последняя мужская женская несклоняемая интересная красивая"
	// What stands before «зовём» in «это мы её дома так зовём».
	callers wordList = "мы она он дома так ее его их все в семье себя"
	// What tells that a word before it is a name.
	tellers ownList = "0 фамилия фамилию фамилией прозвище кличка зовем зовут зову называем прозвали кличем величаем"
)

// isTold reports a word that what stands behind it calls somebody's name.
func (t *Text) isTold(i int) bool { return t.toldAs(i) != noRole }

// toldAs tells as what: a surname, or a name by which somebody is called.
func (t *Text) toldAs(i int) nameRole {
	tok := &t.tok[i]
	if !t.names.told || tok.kind != wordToken || tok.n < 3 || !isNoun(tok) || remarks.hasToken(tok) || callers.hasToken(tok) || ofSurnames.hasToken(tok) || isAdverb(tok.key) {
		return noRole
	}
	j, claim := i+1, false
	if t.sign(j, ',') || t.sign(j, '-') {
		j++
	}
	for end := j + maxRemarks; j < end && j < len(t.tok) && t.tok[j].gap == oneSpace && remarks.hasToken(&t.tok[j]); j++ {
		claim = claim || t.says(j, "это правда такая реально действительно")
	}
	switch {
	case j >= len(t.tok) || t.tok[j].gap != oneSpace:
		return noRole
	case t.says(j, "прозвище кличка"):
		if claim && t.hintAt(i) != vocabulary.Animal {
			return firstName
		}
	case t.says(j, "фамилия фамилию"):
		if !t.says(j+1, "имя и отчество не в на с") && (claim && t.says(j, "фамилия") || t.says(j+1, "такая или правда") ||
			t.near(j+1) && (ofSurnames.hasToken(&t.tok[j+1]) || t.says(j+1, "у")) && !lexicon.IsPlain(tok.key) && !lexicon.IsOrdinary(tok.key)) {
			return surname
		}
	case claim && t.says(j, "мы она он дома") && t.isCalledSo(j+1):
		return firstName
	}
	return noRole
}

// isNoun reports a word that the vocabulary does not know, or knows as what a surname may mean too.
func isNoun(tok *token) bool {
	switch tok.vocab.Hint() {
	case vocabulary.Place, vocabulary.Thing, vocabulary.Animal, vocabulary.Abstract:
		return true
	}
	return tok.vocab.Class == vocabulary.None
}

// isCalledSo reports «мы дома так зовём» from the second word on.
func (t *Text) isCalledSo(j int) bool {
	so := false
	for end := j + maxRemarks; j < end && t.near(j) && t.tok[j].gap == oneSpace; j++ {
		switch {
		case t.says(j, "так"):
			so = true
		case t.says(j, "зовем зовут зову называем прозвали кличем величаем"):
			return so || t.says(j+1, "так")
		case !callers.hasToken(&t.tok[j]):
			return false
		}
	}
	return false
}

// tellBack has the word looked at that token i may call a name.
func (t *Text) tellBack(i int) {
	j := i - 1
	for ; j >= max(0, i-2*maxRemarks-2) && (remarks.hasToken(&t.tok[j]) || callers.hasToken(&t.tok[j]) || t.sign(j, ',') || t.sign(j, '-')); j-- {
	}
	if j >= 0 && t.tok[j].kind == wordToken {
		t.triggerBack(j, onName)
	}
}

// isAdverb reports the ending of adverbs and of adjectives that stand for a thing: «важно это фамилия», «главное это фамилия».
func isAdverb(key uint64) bool {
	switch lexicon.EndingKey(key, 2) {
	case ending2('н', 'о'), ending2('о', 'е'), ending2('е', 'е'), ending2('т', 'о'), ending2('т', 'ь'), ending2('т', 'е'), ending2('с', 'я'):
		return true
	}
	return false
}

// isExplained reports a word that is called a name by what stands around it, whatever else it means.
func (t *Text) isExplained(i int) bool {
	return t.names.told && (t.isTold(i) || t.isSurnameFull(i) || t.isRemarked(i))
}

// isSurnameFull reports a word behind «фамилия» with a first name right behind it, which may be any word then: «фамилия
// цыпа инна львовна».
func (t *Text) isSurnameFull(i int) bool {
	return isNoun(&t.tok[i]) && t.isFirstName(i+1) && t.tok[i+1].gap == oneSpace && t.tok[i].gap == oneSpace && t.announcesSurname(i) && !ofSurnames.hasToken(&t.tok[i])
}

// isRemarked reports a word that ends its clause behind «фамилия» and a remark on it: «фамилия у неё смешная рыба».
func (t *Text) isRemarked(i int) bool {
	tok := &t.tok[i]
	return t.names.told && isNoun(tok) && tok.kind == wordToken && tok.n > 2 && i > 0 && ownRemarks.hasToken(&t.tok[i-1]) && !t.isWhere(i-1) && t.clauseAfter(i+1) && t.announcesSurname(i) &&
		!ofSurnames.hasToken(tok) && !ownRemarks.hasToken(tok) && !looksLikeVerb(tok.key) && !isAdverb(tok.key)
}

// maxChanged is how many tokens stand between «фамилия» and what it was or became.
const maxChanged = 8

// isChangedTo reports «была», «теперь» at token j where a surname is told to be another one than before: «сменила фамилию, была
// Жукова, теперь Власова».
func (t *Text) isChangedTo(j int) bool {
	if !t.says(j, "была был теперь стала стал сейчас раньше") {
		return false
	}
	for i := j - 1; i >= 0 && i >= j-maxChanged; i-- {
		if t.says(i, "фамилия фамилию фамилии") {
			return true
		}
	}
	return false
}

// isOfSurnames reports an adjective behind «фамилия» that tells what kind it is: «фамилия короткая».
func (t *Text) isOfSurnames(i int) bool {
	return i < len(t.tok) && t.says(i-1, "фамилия фамилию") && ofSurnames.hasToken(&t.tok[i])
}

// announcesSurname reports «фамилия» before token i, with remarks between.
func (t *Text) announcesSurname(i int) bool {
	for j := i - 1; j >= max(0, i-1-maxRemarks) && t.tok[j+1].gap == oneSpace; j-- {
		if t.says(j, "фамилия фамилию фамилией") {
			return true
		}
		if !ownRemarks.hasToken(&t.tok[j]) {
			return false
		}
	}
	return false
}
