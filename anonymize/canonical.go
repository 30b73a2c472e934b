package anonymize

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Canonical gives a value of a kind in the one form that it has in a mapping, however it was written or said: «9161234567»
// for «+7 (916) 123-45-67» and for «восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь». An
// index of who occurs where is made of it, see [Mapping.Index]. It is personal data as much as the value.
func Canonical(kind Kind, value string) string {
	t := &Text{}
	t.read(value)
	t.readNumbers()
	return string(t.appendCanonical(nil, Span{Start: 0, End: len(value), Kind: kind}))
}

// appendCanonical appends the value of a span in one form, however it was written or said: the digits of a number
// without the Russian prefix of a phone, and the folded letters and digits of anything else.
func (t *Text) appendCanonical(dst []byte, s Span) []byte {
	from := len(dst)
	if isNumeric(s.Kind) || t.isOnlyNumber(s) {
		for _, g := range t.numbers.groups {
			if int(t.tok[g.from].start) >= s.Start && int(t.tok[g.to-1].end) <= s.End {
				dst = append(dst, t.numbers.digits[g.at:g.at+g.n]...)
			}
		}
		if d := dst[from:]; s.Kind == PHONE && len(d) == 11 && (d[0] == '8' || d[0] == '7') {
			copy(d, d[1:])
			dst = dst[:len(dst)-1]
		}
		if len(dst) > from {
			return dst
		}
	}
	if s.Kind == EMAIL {
		return t.appendEmail(dst, s)
	}
	return t.appendFolded(dst, s)
}

// isNumeric reports kinds whose values are digits alone.
func isNumeric(k Kind) bool {
	switch k {
	case PHONE, CARD, CVV, OTP, INN, KPP, OGRN, SNILS, OMS, BIK, BANK_ACCOUNT, DRIVER_LICENSE:
		return true
	}
	return false
}

// isOnlyNumber reports a span of a kind that is not ours in which nothing stands but one number, written or said.
func (t *Text) isOnlyNumber(s Span) bool {
	if s.Kind.isBuiltIn() {
		return false
	}
	from, to := t.tokensOf(s)
	for i := from; i < to; i++ {
		if t.groupIndex(i) < 0 && t.tok[i].kind != signToken {
			return false
		}
	}
	return from < to
}

// appendFolded appends the letters and digits of a span in lower case, ё as е, and the names of signs as signs.
func (t *Text) appendFolded(dst []byte, s Span) []byte {
	for i := s.Start; i < s.End; {
		switch c := t.s[i]; byteClass[c] { // nearly all
		case classDigit:
			dst = append(dst, c)
			i++
			continue
		case classLatin:
			dst = append(dst, c|0x20)
			i++
			continue
		case classSpace:
			i++
			continue
		case classRussian:
			if i+1 < len(t.s) {
				if n, _, ok := russianLetter(c, t.s[i+1]); ok {
					dst = utf8.AppendRune(dst, 'а'+rune(n))
					i += 2
					continue
				}
			}
		}
		r, size := utf8.DecodeRuneInString(t.s[i:])
		i += size
		switch d, isDigit := digit(r); {
		case isDigit:
			dst = append(dst, byte('0'+d))
		case r == 'ё' || r == 'Ё':
			dst = append(dst, "е"...)
		case unicode.IsLetter(r):
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		case s.Kind == EMAIL && (r == '@' || r == '.' || r == '-' || r == '_'):
			dst = append(dst, byte(r))
		}
	}
	return dst
}

// appendEmail appends an e-mail address in one form for all that say or write it: the signs as signs, numbers in
// digits, Russian letters in Latin ones, and what people spell in two ways in one, «yulia», «julia», «юлия».
func (t *Text) appendEmail(dst []byte, s Span) []byte {
	for i := t.tokenAt(s.Start); i < len(t.tok) && int(t.tok[i].end) <= s.End; {
		dst, i = t.appendEmailPart(dst, i, s.End)
	}
	return dst
}

// appendEmailPart appends what token i begins, a sign, a number or a word, and gives the token behind. A number that goes
// on behind byte end is the end of all.
func (t *Text) appendEmailPart(dst []byte, i, end int) (out []byte, next int) {
	if m, ok := t.spokenMark(i); ok {
		return append(dst, m.sign), m.to
	}
	if m, ok := t.markAt(i); ok {
		return append(dst, m.sign), m.to
	}
	if g := t.groupAt(i); t.spokenAt(i) && g < len(t.numbers.groups) && int(t.numbers.groups[g].from) == i {
		group := &t.numbers.groups[g]
		if int(t.tok[group.to-1].end) > end {
			return dst, len(t.tok)
		}
		return append(dst, t.numbers.digits[group.at:group.at+group.n]...), int(group.to)
	}
	if host := spokenHost(t, i); host != "" {
		return append(dst, host...), i + 1
	}
	return t.appendLatin(dst, i), i + 1
}

// tokenAt gives the first token that begins at byte at or later.
func (t *Text) tokenAt(at int) int {
	i, _ := slices.BinarySearchFunc(t.tok, uint32(at), func(tok token, at uint32) int { return cmp.Compare(tok.start, at) })
	return i
}

// hosts are the words by which the usual hosts and domains are called.
var hosts = [...]struct {
	said    wordList
	written string
}{
	{"яндекс", "iandeks"}, {"мейл", "mail"}, {"мэйл", "mail"}, {"маил", "mail"}, {"джимейл", "gmail"}, {"джимэйл", "gmail"}, {"гмейл", "gmail"},
	{"гмэйл", "gmail"}, {"жмейл", "gmail"}, {"ком", "kom"}, {"аутлук", "outlok"}, {"хотмейл", "hotmail"}, {"айклауд", "iklaud"}, {"нет", "net"},
}

// hostsSaid are the words of hosts, which nearly all words are passed over by.
const hostsSaid wordList = "яндекс мейл мэйл маил джимейл джимэйл гмейл гмэйл жмейл ком аутлук хотмейл айклауд нет"

func spokenHost(t *Text, i int) string {
	if t.tok[i].kind != wordToken || !t.says(i, hostsSaid) {
		return ""
	}
	for _, h := range hosts {
		if t.says(i, h.said) {
			return h.written
		}
	}
	return ""
}

// appendLatin appends the letters of a token in Latin, with one spelling for those that have several.
func (t *Text) appendLatin(dst []byte, i int) []byte {
	tok := &t.tok[i]
	if tok.vocab.Class == vocabulary.Letter && tok.n > 1 {
		return appendFoldedLetter(dst, rune(tok.vocab.Arg))
	}
	for at := int(tok.start); at < int(tok.end); {
		r, size := utf8.DecodeRuneInString(t.s[at:])
		at += size
		if d, ok := digit(r); ok {
			dst = append(dst, byte('0'+d))
			continue
		}
		dst = appendFoldedLetter(dst, unicode.ToLower(r))
	}
	return dst
}

// russianInLatin are the letters а to я as people write them in addresses, in the folding of appendFoldedLetter.
var russianInLatin = [32]string{"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
	"ts", "h", "sh", "sh", "", "i", "", "e", "iu", "ia"}

func appendFoldedLetter(dst []byte, r rune) []byte {
	switch {
	case r == 'ё':
		return append(dst, 'e')
	case r == 'y' || r == 'j' || r == 'й' || r == 'и' || r == 'ы' || r == 'i':
		if len(dst) > 0 && dst[len(dst)-1] == 'i' { // «ий», "iy", "y"
			return dst
		}
		return append(dst, 'i')
	case r >= 'а' && r <= 'я':
		return append(dst, russianInLatin[r-'а']...)
	case r == 'x':
		return append(dst, "ks"...)
	case r == 'w':
		return append(dst, 'v')
	case r == 'c':
		return append(dst, 'k')
	case r == 'h' && len(dst) > 0 && dst[len(dst)-1] == 'k': // kh, and ch of «c»
		return append(dst[:len(dst)-1], 'h')
	case !unicode.IsLetter(r):
		return dst
	}
	return utf8.AppendRune(dst, r)
}
