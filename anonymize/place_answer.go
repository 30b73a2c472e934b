package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Houses, floors and flats are told as numbers alone in the answer to a question, «седьмой», and where they are set right:
// «ой 75/2», «квартира теперь не сорок, а четыре».

// answerStart gives the token where the answer to a question about an address may be a number alone.
func (t *Text) answerStart() int {
	for i := 0; i < len(t.tok) && i < maxAnswer; i++ {
		if t.has(i, roleNumber) || t.says(i, "цоколь цокольный") || t.places.asked&askCode != 0 && t.codeBegins(i) {
			return i
		}
		if t.tok[i].kind != signToken && !isSmall(t.tok[i].vocab) && !t.says(i, "да нет номер он там ну ключ") {
			break
		}
	}
	return -1
}

// codeBegins reports what the code of a door may begin with before its first digit: «решётка», a letter.
func (t *Text) codeBegins(i int) bool {
	return t.says(i, "решетка решетку звездочка звездочку") && t.has(i+1, roleNumber) || t.isWord(i) && t.tok[i].n == 1 && t.glued(i+1) && t.tok[i+1].kind == numberToken
}

// answersBare reports that the number from i to end, where an answer stands, is one: nothing that it counts follows.
func (t *Text) answersBare(i, end int) bool {
	return end > 0 && (t.onlySmall(end) || t.ordinalFlat(end, partHouse) > 0 || t.says(end, "же") || t.fraction(i) || t.endsThought(end) && !t.says(end, "с со из"))
}

// answersOrdinal reports that the ordinal which ends before token end answers the question for a floor or an entrance though more
// follows: «седьмой лифт не работает».
func (t *Text) answersOrdinal(end int) bool {
	return t.places.open && t.places.asked&askPart != 0 && t.places.said&(saidFloor|saidGate) != 0 && end < len(t.tok) && t.isWord(end) && t.tok[end-1].key&31 == 'й'-'а' && !t.measured(end) &&
		!t.has(end, roleFlat|roleHouse) && !t.says(end, "вариант заказ тариф вопрос момент способ человек")
}

// corrections are words that set right what was told before.
const corrections wordList = "ой вернее точнее нет ошибся ошиблась ошибка извините простите прощения опечатка опечатался опечаталась просто пардон"

// besideCorrections stand with them, and before the number that is right.
const besideCorrections wordList = "не так то есть без дроби буквы корпуса прошу а это ну дом"

// correctionStart gives the token of the number with which a turn sets the end of the address before it right, -1 if it
// does not.
func (t *Text) correctionStart() int {
	said := false
	for i := 0; i < len(t.tok) && i < maxAnswer; i++ {
		if t.has(i, roleNumber) {
			end := t.houseNumber(i)
			if end == 0 || !(said || t.says(end, "же")) || !t.onlySmall(end) && !(t.says(end, "и") && t.has(end+1, roleFlat)) && !t.says(end, "же") {
				return -1
			}
			return i
		}
		corrects := t.says(i, corrections)
		if !corrects && t.tok[i].kind != signToken && !t.says(i, besideCorrections) {
			return -1
		}
		said = said || corrects
	}
	return -1
}

// letteredOrdinal gives the token behind «пятый бэ», a house among those that were asked for, 0 if none begins at i.
func (t *Text) letteredOrdinal(i int) int {
	if !t.places.open || t.places.asked&askPart == 0 {
		return 0
	}
	end := t.ordinal(i)
	if end == 0 || !t.near(end) || t.tok[end].vocab.Class != vocabulary.Letter || t.says(end+1, "класс классе класса") {
		return 0
	}
	return end + 1
}

// elidedFloor gives the token behind «на третьем», where floors are spoken of, 0 if none begins at i.
func (t *Text) elidedFloor(i int) int {
	if !t.places.open || !t.says(i-1, "на") || t.places.said&saidFloor == 0 && !t.floorBefore(i) {
		return 0
	}
	end := t.ordinal(i)
	if end == 0 || t.tok[end-1].key&31 != 'м'-'а' || end < len(t.tok) && !t.endsThought(end) && !isSmall(t.tok[end].vocab) {
		return 0
	}
	return end
}

// floorBefore reports the word for a floor a little before token i.
func (t *Text) floorBefore(i int) bool {
	for j := i - 1; j >= 0 && i-j <= maxAnswer; j-- {
		if t.says(j, "этаж этаже этажа") {
			return true
		}
	}
	return false
}
