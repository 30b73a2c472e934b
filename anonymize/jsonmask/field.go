package jsonmask

import (
	"strings"
	"unicode"

	"github.com/syntora/vual/anonymize"
)

type fieldRule struct {
	path []string
	kind anonymize.Kind
}

func newFieldRule(f Field) fieldRule { return fieldRule{strings.Split(f.Path, "."), f.Kind} }

// A level is what is known of the values below a key, or of those at the top.
type level struct {
	kind  anonymize.Kind
	told  bool // by the options
	own   bool // the last key says so, not one above it
	above string
	kept  int // the first rule by which all below passes, the number of rules if there is none
}

func (m *Masker) top() level {
	l := level{kept: len(m.fields)}
	m.tell(&l, nil)
	l.own = true
	return l
}

// below gives the level of a path out of that of the path above it, so that deep nesting costs no more for each key.
func (m *Masker) below(up level, path []string) level {
	l := level{kept: up.kept}
	key := path[len(path)-1]
	m.tell(&l, path)
	switch {
	case l.told:
	case l.kept < len(m.fields):
		l.kind, l.told = Keep, true
	case kindOfKey(key) != Scan:
		l.kind, l.own = kindOfKey(key), true
	case up.kind != Scan:
		l.kind, l.above = up.kind, up.above
		if up.own && up.kind != Scan {
			l.above = path[len(path)-2]
		}
	}
	return l
}

// tell looks for the first rule that fits the path, and for the first that keeps it.
func (m *Masker) tell(l *level, path []string) {
	for i, f := range m.fields[:l.kept] {
		if !fits(f.path, path) {
			continue
		}
		if f.kind == Keep {
			l.kept = i
		}
		if !l.told {
			l.kind, l.told, l.own = f.kind, true, true
		}
		if l.kept == i {
			break
		}
	}
}

// levelAt gives the level of a path.
func (m *Masker) levelAt(path []string) level {
	l := m.top()
	for n := range path {
		l = m.below(l, path[:n+1])
	}
	return l
}

// fits matches a path. As in file names the last «**» alone needs to be tried again, so that time is bounded by the
// product of the lengths.
func fits(pattern, path []string) bool {
	p, at, star, from := 0, 0, -1, 0
	for at < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, from = p, at
			p++
		case p < len(pattern) && (pattern[p] == "*" || pattern[p] == path[at]):
			p, at = p+1, at+1
		case star >= 0:
			from++
			p, at = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

// A tellingKey says by itself what its value is. Keys that may as well name a thing, such as «name» or «code», are not here:
// they stand before their value as a word.
type tellingKey struct {
	key  string // folded, see foldKey
	kind anonymize.Kind
}

var tellingKeys = [...]tellingKey{
	{"phone", anonymize.PHONE}, {"phones", anonymize.PHONE}, {"phonenumber", anonymize.PHONE}, {"mobile", anonymize.PHONE},
	{"mobilephone", anonymize.PHONE}, {"tel", anonymize.PHONE}, {"msisdn", anonymize.PHONE}, {"телефон", anonymize.PHONE},
	{"email", anonymize.EMAIL}, {"emails", anonymize.EMAIL}, {"emailaddress", anonymize.EMAIL}, {"почта", anonymize.EMAIL},
	{"firstname", anonymize.PERSON}, {"lastname", anonymize.PERSON}, {"middlename", anonymize.PERSON}, {"surname", anonymize.PERSON},
	{"givenname", anonymize.PERSON}, {"familyname", anonymize.PERSON}, {"fullname", anonymize.PERSON}, {"patronymic", anonymize.PERSON},
	{"fio", anonymize.PERSON}, {"фио", anonymize.PERSON}, {"фамилия", anonymize.PERSON}, {"отчество", anonymize.PERSON},
	{"address", anonymize.ADDRESS}, {"адрес", anonymize.ADDRESS}, {"streetaddress", anonymize.ADDRESS}, {"deliveryaddress", anonymize.ADDRESS},
	{"inn", anonymize.INN}, {"инн", anonymize.INN}, {"snils", anonymize.SNILS}, {"снилс", anonymize.SNILS},
	{"passport", anonymize.PASSPORT}, {"passportnumber", anonymize.PASSPORT}, {"паспорт", anonymize.PASSPORT},
	{"birthdate", anonymize.BIRTH_DATE}, {"dateofbirth", anonymize.BIRTH_DATE}, {"dob", anonymize.BIRTH_DATE}, {"birthday", anonymize.BIRTH_DATE},
	{"card", anonymize.CARD}, {"cardnumber", anonymize.CARD}, {"pan", anonymize.CARD}, {"cvv", anonymize.CVV}, {"cvc", anonymize.CVV},
	{"iban", anonymize.IBAN}, {"ssn", anonymize.US_SSN},
	{"password", anonymize.PASSWORD}, {"passwd", anonymize.PASSWORD}, {"пароль", anonymize.PASSWORD},
	{"otp", anonymize.OTP}, {"secret", anonymize.SECRET}, {"apikey", anonymize.SECRET}, {"accesstoken", anonymize.SECRET},
	{"refreshtoken", anonymize.SECRET}, {"clientsecret", anonymize.SECRET}, {"authorization", anonymize.SECRET}, {"cookie", anonymize.SECRET},
	{"setcookie", anonymize.SECRET},
	{"ip", anonymize.IP}, {"ipaddress", anonymize.IP}, {"remoteaddr", anonymize.IP}, {"clientip", anonymize.IP},
}

func kindOfKey(key string) anonymize.Kind {
	if len(key) > longestKey {
		return Scan
	}
	folded := foldKey(key)
	for _, k := range tellingKeys {
		if k.key == folded {
			return k.kind
		}
	}
	return Scan
}

const longestKey = 64

// foldKey leaves the letters of a key: «last_name», «lastName» and «Last-Name» are one.
func foldKey(key string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, key)
}

// cueOf is what a person would say before a value of the kind: the rules believe a number more behind its word.
func cueOf(kind anonymize.Kind) string {
	for _, c := range cues {
		if c.kind == kind {
			return c.cue
		}
	}
	return ""
}

var cues = [...]struct {
	kind anonymize.Kind
	cue  string
}{
	{anonymize.PHONE, "телефон: "}, {anonymize.ADDRESS, "адрес: "}, {anonymize.BIRTH_DATE, "дата рождения: "}, {anonymize.INN, "ИНН: "},
	{anonymize.SNILS, "СНИЛС: "}, {anonymize.PASSPORT, "паспорт: "}, {anonymize.CARD, "карта: "}, {anonymize.PASSWORD, "пароль: "},
	{anonymize.CVV, "CVV: "}, {anonymize.US_SSN, "SSN: "},
}

// isPlainKey reports a key as programmers name one; anything else may be a value.
func isPlainKey(key string) bool {
	digits := 0
	for i := range len(key) {
		switch c := key[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '-':
		default:
			return false
		}
	}
	return digits < shortestNumber && len(key) <= longestKey
}

// words divides a key into words: «clientComment», «client_comment» → «client comment».
func words(key string) string {
	var b strings.Builder
	small := false
	for _, r := range key {
		if r == '_' || r == '-' {
			r = ' '
		}
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
