package anonymize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// recognizeSaid finds codes whose letters and signs are said by name: number plates, addresses of machines, passwords
// of a word and a number.
func recognizeSaid(dst []Span, t *Text) []Span {
	for _, at := range t.triggers {
		if at.on&(onSymbol|onCue|onSaid) == 0 {
			continue
		}
		i := int(at.at)
		switch v := t.tok[i].vocab; {
		case v.Class == vocabulary.Symbol && v.Arg == '.':
			dst = t.saidIP(dst, i)
		case v.Cue() == vocabulary.Password:
			dst = t.saidPassword(dst, i+1)
		case i > 0 && t.spokenAt(i) && t.isPlateLetter(i-1):
			dst = t.saidPlate(dst, i-1)
		case t.spokenAt(i):
			dst = t.homeIP(dst, i)
		}
	}
	if t.asked == vocabulary.Password {
		dst = t.saidPassword(dst, 0)
	}
	if t.about(vehicleTopic) || t.asks(vocabulary.Plate) {
		dst = t.plateRegions(dst)
	}
	return dst
}

// plateRegions finds the region of a plate that is told apart, «сто пятьдесят второй регион», where vehicles are spoken of.
func (t *Text) plateRegions(dst []Span) []Span {
	for _, i := range t.cues {
		at := int(i)
		if !t.says(at, "регион региона") || t.tok[at].vocab.Cue() != vocabulary.RegionWord {
			continue
		}
		if g, ok := t.groupStarting(at + 1); ok && g.n >= 2 && g.n <= 3 {
			dst = append(dst, t.span(at+1, int(g.to), PLATE, 0.6, "plate/region"))
		} else if g, ok := t.groupEnding(at); ok && g.n >= 2 && g.n <= 3 {
			dst = append(dst, t.span(int(g.from), at+1, PLATE, 0.6, "plate/region"))
		}
	}
	return dst
}

// plateAlphabet are the letters of Russian plates (GOST R 50577-2018).
const plateAlphabet = "авекмнорстух"

// isPlateLetter reports one letter of the plate alphabet, written alone or said by its name.
func (t *Text) isPlateLetter(i int) bool {
	if i >= len(t.tok) {
		return false
	}
	tok := &t.tok[i]
	if tok.vocab.Class == vocabulary.Letter {
		return strings.ContainsRune(plateAlphabet, rune(tok.vocab.Arg))
	}
	if tok.kind != wordToken || tok.n != 1 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.s[tok.start:tok.end])
	return strings.ContainsRune(plateAlphabet, unicode.ToLower(r))
}

// plateLettersSaid gives the token behind two letters at token i: said one by one, or written together.
func (t *Text) plateLettersSaid(i int) int {
	if t.isPlateLetter(i) && t.isPlateLetter(i+1) {
		return i + 2
	}
	if i < len(t.tok) && t.tok[i].kind == wordToken && t.tok[i].n == 2 && (t.plateLetters(&t.tok[i]) || t.says(i, "те та то не на от ко во ту") && t.digitsSaid(i+1, 2, 3) > 0) {
		return i + 1
	}
	return 0
}

// digitsSaid reads number words from token i on that make min to max digits; more is no match.
func (t *Text) digitsSaid(i, min, max int) int {
	n, end := 0, i
	for g := t.groupIndex(i); g >= 0 && g < len(t.numbers.groups) && int(t.numbers.groups[g].from) == end; g++ {
		n += int(t.numbers.groups[g].n)
		end = int(t.numbers.groups[g].to)
	}
	if n < min || n > max {
		return 0
	}
	return end
}

// saidPlate reads «е семьсот сорок один ка эн ноль пять» at its first letter.
func (t *Text) saidPlate(dst []Span, i int) []Span {
	number := t.digitsSaid(i+1, 3, 3)
	if number == 0 {
		return dst
	}
	first, wrong := i, 0
	if right := t.plateCorrected(number); right > 0 {
		wrong, i, number = number, number+1, right
	}
	letters := t.plateLettersSaid(number)
	if letters == 0 {
		return dst
	}
	end, score := t.digitsSaid(letters, 2, 3), float32(0.9)
	if end == 0 && letters < len(t.tok) && t.tok[letters].vocab.Cue() == vocabulary.RegionWord { // «ка ка регион пятьдесят четыре»
		end = t.digitsSaid(letters+1, 2, 3)
	}
	if end == 0 {
		if end = letters; t.hinted(i, end, vocabulary.Plate) == 0 {
			return dst
		}
		score = plateCued
	}
	if end < len(t.tok) && t.tok[end].vocab.Cue() == vocabulary.RegionWord {
		end++
	}
	if wrong > 0 {
		dst = append(dst, t.span(first, wrong, PLATE, score, "plate/said"))
	}
	return append(dst, t.span(i, end, PLATE, score, "plate/said"))
}

// plateCorrected gives the token behind the right digits of a plate whose first ones end before token i: «эм сорок пять ноль ой
// четыреста пятьдесят ер …». 0 if nothing is set right there.
func (t *Text) plateCorrected(i int) int {
	if !t.says(i, "ой нет вернее точнее") {
		return 0
	}
	i++
	if t.isPlateLetter(i) {
		i++
	}
	return t.digitsSaid(i, 3, 3)
}

// plateRest gives the token behind the letters and the region of a plate whose digits end before token i, i itself if none follow.
func (t *Text) plateRest(i int) int {
	letters := t.plateLettersSaid(i)
	if letters == 0 || t.tok[i].gap > oneSpace {
		return i
	}
	if end := t.digitsSaid(letters, 2, 3); end > 0 {
		return end
	}
	return letters
}

// saidIP reads «десять точка ноль точка четыре точка восемнадцать» at its first «точка».
func (t *Text) saidIP(dst []Span, i int) []Span {
	first := t.groupIndex(i - 1)
	if i == 0 || first < 0 || int(t.numbers.groups[first].to) != i {
		return dst
	}
	for first > 0 && int(t.numbers.groups[first-1].to) == int(t.numbers.groups[first].from) {
		first--
	}
	from := int(t.numbers.groups[first].from)
	at := from
	for octet := range 4 {
		end := t.octet(at)
		if end == 0 {
			return dst
		}
		if octet == 3 {
			if t.cueBefore(from) == vocabulary.Order { // «версия два точка три …»
				return dst
			}
			return append(dst, t.span(from, end, IP, 0.9, "ip/said"))
		}
		if end >= len(t.tok) || t.tok[end].vocab.Class != vocabulary.Symbol || t.tok[end].vocab.Arg != '.' {
			return dst
		}
		at = end + 1
	}
	return dst
}

// homeIP reads «сто девяносто два сто шестьдесят восемь ноль один» at token i: the address of a router, whose dots nobody says.
func (t *Text) homeIP(dst []Span, i int) []Span {
	first := t.groupIndex(i)
	groups := t.numbers.groups
	if first < 0 || int(groups[first].from) != i || first+4 > len(groups) || t.endsRun(first) {
		return dst
	}
	var octets [4]int
	for k := range octets {
		g := groups[first+k]
		if octets[k] = t.groupValue(g); octets[k] < 0 || octets[k] > 255 || k > 0 && g.from != groups[first+k-1].to {
			return dst
		}
	}
	last := int(groups[first+3].to)
	if octets[0] == 192 && octets[1] == 168 || octets[0] == 127 && octets[1] == 0 && octets[2] == 0 || t.hinted(i, last, vocabulary.IP) > 0.5 || t.asks(vocabulary.IP) && t.leadsTo(i) {
		return append(dst, t.span(i, last, IP, 0.9, "ip/said"))
	}
	return dst
}

// octet gives the token behind the number up to 255 at token i, 0 if none stands there.
func (t *Text) octet(i int) int {
	if i >= len(t.tok) {
		return 0
	}
	end := t.digitsSaid(i, 1, 3)
	if end == 0 {
		return 0
	}
	g, last := t.groupIndex(i), t.groupIndex(end-1)
	if remainder(t.numbers.digitsOf(g, last+1), 1000) > 255 {
		return 0
	}
	return end
}

const maxPasswordDigits = 6

// saidPassword reads «гранат сорок пять» within a few words of what announced it: a word, or English ones, and a number.
func (t *Text) saidPassword(dst []Span, from int) []Span {
	for i := from; i < len(t.tok) && i < from+announcedWithin; i++ {
		if endsClause(&t.tok[i]) && i > from || t.tok[i].kind == labelToken {
			return dst
		}
		if !t.spokenAt(i) || t.groupIndex(i) < 0 {
			continue
		}
		end := t.digitsSaid(i, 1, maxPasswordDigits)
		first := t.passwordWords(from, i)
		if end == 0 || first == i || t.unitAfter(end) || t.isDated(t.numbers.groups[t.groupIndex(end-1)]) {
			return dst
		}
		for end < len(t.tok) && t.tok[end].gap == oneSpace && t.letterNamed(end) { // «бамбук сорок два икс»
			end++
		}
		return append(dst, t.span(first, end, PASSWORD, 0.8, "credential/said"))
	}
	return dst
}

// firstOfTwo reports the first of two words of a password by its ending, «зимний кактус», and nothing that the password is of:
// «пароль админа».
func (t *Text) firstOfTwo(i int) bool {
	last := 'а' + rune(t.tok[i].key&31)
	return isAdjective(t.tok[i].key) || last != 'а' && last != 'я' && last != 'и' && last != 'ы' && last != 'ю'
}

// passwordWords goes back from a number over the words that belong to a password: one Russian word, up to three English.
func (t *Text) passwordWords(from, i int) int {
	first := i
	for first > from && i-first < 3 {
		tok := &t.tok[first-1]
		if t.tok[first].gap != oneSpace || !t.isContent(first-1) || tok.n < 4 || first > 1 && t.says(first-2, "от для с со for") || first > 1 && t.says(first-2, "на") && !t.says(first-3, "поменяли поменял поменяла поменяйте сменили сменила сменил изменили") || t.says(first-1, "временный новый прежний общий гостевой записан стоит") || tok.kind == wordToken && i-first == 2 || tok.kind == wordToken && i-first == 1 && !t.firstOfTwo(first-1) {
			break
		}
		first--
	}
	return first
}
