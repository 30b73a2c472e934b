package tokenize

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Normalizer says which spellings are one value. It is named and versioned:
// the name goes into what is hashed, so a changed rule gets a new version and
// never quietly changes what old tokens and indexes mean. The constants are
// all there are; to use a rule of your own, apply it first and choose [Exact].
type Normalizer string

const (
	// Exact changes nothing: passwords, codes, secrets.
	Exact Normalizer = "exact/1"
	// Text is NFKC, lower case, invisible characters dropped, space runs one
	// space, trimmed.
	Text Normalizer = "text/1"
	// Name is Text with ё as е and every dash a hyphen. It does not bring
	// inflected names together.
	Name Normalizer = "name/1"
	// Alnum keeps letters, digits and marks, lower case, digits of any script
	// as 0-9, and the Cyrillic letters of plates as the Latin ones they look
	// like: document and account numbers, plates.
	Alnum Normalizer = "alnum/1"
	// Email is Text without any space.
	Email Normalizer = "email/1"
	// Phone is E.164 with an extension as in RFC 3966 (+79160000000;ext=12).
	// A number without country code counts as Russian where its length and
	// first digit allow; any other remains bare digits. What is not written
	// like a number is treated as Text.
	Phone Normalizer = "phone-e164/1"
)

var foldings = []struct {
	name Normalizer
	fold func(string) string
}{
	{Exact, func(s string) string { return s }},
	{Text, foldText},
	{Name, foldName},
	{Alnum, foldAlnum},
	{Email, foldEmail},
	{Phone, foldPhone},
}

// Fold returns the normal form of value. It is idempotent and never
// empty. The error is [ErrValue], or names an unknown normaliser.
func (n Normalizer) Fold(value string) (string, error) {
	if err := checkValue(value); err != nil {
		return "", err
	}
	for _, f := range foldings {
		if f.name == n {
			return f.fold(value), nil
		}
	}
	return "", errors.New("tokenize: unknown normalizer")
}

// kindNormalizers is read by NormalizerFor.
var kindNormalizers = []struct {
	normalizer Normalizer
	kinds      string
}{
	{Phone, "PHONE"},
	{Email, "EMAIL"},
	{Name, "PERSON"},
	{Exact, "PASSWORD OTP SECRET URL_PROFILE"},
	{Alnum, "CARD CVV BANK_ACCOUNT BIK IBAN INN KPP OGRN SNILS OMS PASSPORT DRIVER_LICENSE" +
		" PLATE VIN MILITARY_ID BIRTH_CERTIFICATE MAC NUMBER"},
}

// NormalizerFor returns the rule for a kind: [Phone] for PHONE, [Email] for
// EMAIL, [Name] for PERSON, [Exact] for PASSWORD, OTP, SECRET and URL_PROFILE,
// [Alnum] for numbers of documents, accounts and plates and for kinds with a
// two-letter country (KZ_IIN), [Text] for the rest. In doubt it keeps values
// apart: two tokens for one value do less harm than one for two.
func NormalizerFor(kind string) Normalizer {
	for _, row := range kindNormalizers {
		for k := range strings.FieldsSeq(row.kinds) {
			if k == kind {
				return row.normalizer
			}
		}
	}
	if len(kind) > 2 && kind[2] == '_' {
		return Alnum
	}
	return Text
}

// normalizers is the rule by kind with the caller's exceptions.
type normalizers map[string]Normalizer

func (m normalizers) fold(kind, value string) (Normalizer, string, error) {
	n, ok := m[kind]
	if !ok {
		n = NormalizerFor(kind)
	}
	folded, err := n.Fold(value)
	return n, folded, err
}

func foldText(s string) string {
	folded := strings.Join(strings.Fields(foldRunes(s)), " ")
	if folded == "" {
		return s // only spaces and invisible characters: still a value
	}
	return folded
}

// foldRunes drops invisible characters before composing, because they keep
// letters and marks apart, and composes again after lowering, because lower
// case may take letters apart.
func foldRunes(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, s)
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
}

func foldName(s string) string {
	// Taken apart, ё is е with a mark: the mark goes, wherever among the
	// marks of its letter it stands.
	afterYe := false
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r):
			r = '-'
		case afterYe && r == '\u0308':
			return -1
		}
		afterYe = r == 'е' || afterYe && unicode.Is(unicode.M, r)
		return r
	}, norm.NFKD.String(foldText(s))))
}

func foldEmail(s string) string {
	if folded := strings.Join(strings.Fields(foldText(s)), ""); folded != "" {
		return norm.NFKC.String(folded) // a mark may have come to a letter
	}
	return s
}

// lookalike pairs the Cyrillic letters of Russian plates, whose capitals look
// like Latin ones, with those.
const (
	lookalike      = "авекмнорстух"
	lookalikeLatin = "abekmhopctyx"
)

func foldAlnum(s string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return digitRune(r)
		}
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return -1
		}
		if i := strings.IndexRune(lookalike, r); i >= 0 {
			return rune(lookalikeLatin[i/2])
		}
		return r
	}, foldRunes(s))
	if folded == "" {
		return foldText(s)
	}
	return norm.NFKC.String(folded) // marks may have come to other letters
}

// digitRune returns the ASCII digit for a decimal digit of any script. Every
// range of category Nd is made of runs of ten from zero to nine.
func digitRune(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if lo := rune(t.Lo); r >= lo && r <= rune(t.Hi) {
			return '0' + (r-lo)%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if lo := rune(t.Lo); r >= lo && r <= rune(t.Hi) {
			return '0' + (r-lo)%10
		}
	}
	return r
}

func foldPhone(s string) string {
	text := foldText(s)
	main, ext := text, ""
	if i := strings.IndexAny(text, "дexх#"); i > 0 {
		main, ext = text[:i], trimWord(text[i:])
		if !allDigits(ext) {
			return text
		}
	}
	number, ok := phoneDigits(main)
	if !ok {
		return text
	}
	if ext == "" {
		return e164(number)
	}
	return e164(number) + ";ext=" + asciiDigits(ext)
}

// trimWord takes the words for an extension off its number; what is left of
// anything else is not all digits.
func trimWord(s string) string {
	for _, w := range []string{"добавочный", "доб", "extension", "ext", "x", "х", "#"} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			return strings.Trim(rest, " .:=")
		}
	}
	return s
}

func allDigits(s string) bool {
	return s != "" && len(s) <= 60 && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

func asciiDigits(s string) string { return strings.Map(digitRune, s) }

// phoneDigits returns the digits of s in ASCII, with + before them if s begins
// with one, and whether s is digits and the usual separators alone.
func phoneDigits(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			b.WriteRune(digitRune(r))
		case r == '+' && b.Len() == 0:
			b.WriteByte('+')
		case r == '~' || strings.ContainsRune(" ()-./;,", r) || unicode.Is(unicode.Pd, r):
		default:
			return "", false
		}
	}
	digits := strings.TrimPrefix(b.String(), "+")
	return b.String(), digits != "" && utf8.RuneCountInString(digits) <= 20
}

// e164 puts the country code before a number. Russian numbers have ten digits
// after 8 or +7, beginning with 3, 4, 8 (city and free) or 9 (mobile); 8~10 and
// 00 lead abroad. +8 9… is a mobile written with both prefixes: no country
// code begins with 89.
func e164(n string) string {
	digits, plus := strings.CutPrefix(n, "+")
	switch {
	case len(digits) == 11 && strings.HasPrefix(digits, "89"):
		return "+7" + digits[1:]
	case plus:
		return n
	case strings.HasPrefix(digits, "810") && len(digits) >= 12:
		return "+" + digits[3:]
	case strings.HasPrefix(digits, "00") && len(digits) >= 10:
		return "+" + digits[2:]
	case len(digits) == 11 && (digits[0] == '8' || digits[0] == '7'):
		return "+7" + digits[1:]
	case len(digits) == 10 && strings.IndexByte("3489", digits[0]) >= 0:
		return "+7" + digits
	case len(digits) > 10:
		return "+" + digits
	}
	return digits
}
