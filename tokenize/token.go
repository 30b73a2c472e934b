package tokenize

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Form tells the forms of a token apart. The byte is what stands in the text
// of keyed and vault tokens.
type Form byte

const (
	FormLabel      Form = 'l' // Customer A: a role and a letter, one conversation
	FormNumber     Form = 'n' // [PHONE_1]: numbered by first sight, one conversation
	FormVault      Form = 'v' // [PHONE:v1:…]: random, the value is in a [Vault]
	FormOpaque     Form = 'k' // [PHONE:k1:…]: keyed hash by [Opaque], no way back
	FormReversible Form = 's' // [PHONE:s1:…]: deterministic cipher by [Reversible]
)

// Bounds of the grammar. A run of digits inside a token never reaches seven,
// the length from which digits that no kind claims count as personal data.
const (
	MaxKind    = 32      // bytes of a kind; at most 6 of them digits
	MaxNumber  = 999_999 // of a label or bracket token
	MaxVersion = 999_999 // of a key
)

// Token is a parsed token. It is comparable: two tokens are the same if and
// only if their texts are. It holds no personal data, but a keyed token of an
// enumerable kind is as secret as its key: see [Opaque].
type Token struct {
	Form    Form
	Kind    string // "PHONE"; "PERSON" for a label
	Noun    string // label only: "Customer"
	Number  int    // label (A is 1) and bracket token: from 1
	Version uint32 // keyed and vault tokens: version of the key, from 1
	Body    string // keyed and vault tokens: the letters after the second colon
}

// noun is a role noun that may stand in a label, with the letters that follow it.
type noun struct {
	word    string
	letters []rune
}

var (
	latin = []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	// But for А, first in both alphabets, none looks like a Latin letter.
	cyrillic = []rune("АБГДЖИЛПФЦЧШЩЭЮЯ")
)

var nouns = []noun{
	{"Customer", latin},
	{"Agent", latin},
	{"Person", latin},
	{"Клиент", cyrillic},
	{"Сотрудник", cyrillic},
	{"Человек", cyrillic},
}

// Parse reads s as exactly one token. It accepts only the text that
// [Token.String] writes: no other case, space or bracket.
func Parse(s string) (Token, bool) {
	parse := parseLabel
	if strings.HasPrefix(s, "[") {
		parse = parseBracket
	}
	t, n := parse(s)
	if n == 0 || n != len(s) {
		return Token{}, false
	}
	return t, true
}

// String returns the text of the token, or "" if the fields do not make one.
func (t Token) String() string {
	s := t.text()
	if u, ok := Parse(s); !ok || u != t {
		return ""
	}
	return s
}

func (t Token) text() string {
	switch t.Form {
	case FormLabel:
		for _, n := range nouns {
			if n.word == t.Noun && t.Number > 0 {
				return n.word + " " + letters(t.Number, n.letters)
			}
		}
		return ""
	case FormNumber:
		return "[" + t.Kind + "_" + strconv.Itoa(t.Number) + "]"
	}
	return keyedPrefix(t.Form, t.Kind, t.Version) + t.Body + "]"
}

// A Match is a token found in a text, at text[Start:End].
type Match struct {
	Start, End int
	Token      Token
}

// AppendMatches appends the tokens of text to dst, in order. Labels count only
// as whole words. Time and memory are linear in len(text).
func AppendMatches(dst []Match, text string) []Match {
	for i := 0; i < len(text); {
		t, n := matchAt(text, i)
		if n == 0 {
			i++ // no token begins inside a rune
			continue
		}
		dst = append(dst, Match{i, i + n, t})
		i += n
	}
	return dst
}

func matchAt(text string, i int) (Token, int) {
	if text[i] == '[' {
		return parseBracket(text[i:])
	}
	t, n := parseLabel(text[i:])
	if n == 0 {
		return Token{}, 0
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+n:])
	if inWord(before) || inWord(after) {
		return Token{}, 0
	}
	return t, n
}

// inWord also takes joiners and other format characters as part of a word:
// they are invisible, so "Customer A" followed by one may go on unseen.
func inWord(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Cf)
}

// parseLabel reads a label at the start of s and returns its length, or 0.
func parseLabel(s string) (Token, int) {
	for _, n := range nouns {
		rest, ok := strings.CutPrefix(s, n.word)
		if !ok || !strings.HasPrefix(rest, " ") {
			continue
		}
		number, size := letterNumber(rest[1:], n.letters)
		if size == 0 {
			return Token{}, 0
		}
		return Token{Form: FormLabel, Kind: "PERSON", Noun: n.word, Number: number}, len(n.word) + 1 + size
	}
	return Token{}, 0
}

// letters writes n in letters: A, B, …, Z, AA, AB, … for n from 1.
func letters(n int, alphabet []rune) string {
	var buf []rune
	for base := len(alphabet); n > 0; n = (n - 1) / base {
		buf = append([]rune{alphabet[(n-1)%base]}, buf...)
	}
	return string(buf)
}

// letterNumber reads the longest run of letters of the alphabet at the start
// of s and returns its number and length, or 0, 0 beyond [MaxNumber].
func letterNumber(s string, alphabet []rune) (number, size int) {
	for _, r := range s {
		digit := indexRune(alphabet, r)
		if digit < 0 {
			break
		}
		number = number*len(alphabet) + digit + 1
		size += utf8.RuneLen(r)
		if number > MaxNumber {
			return 0, 0
		}
	}
	return number, size
}

func indexRune(alphabet []rune, r rune) int {
	for i, a := range alphabet {
		if a == r {
			return i
		}
	}
	return -1
}

// parseBracket reads a bracket token at the start of s and returns its length,
// or 0. A closing bracket is looked for only as far as the grammar allows, so
// that a text of opening brackets costs linear time.
func parseBracket(s string) (Token, int) {
	head := 1
	for head < len(s) && head <= MaxKind+7 && isKindByte(s[head]) {
		head++
	}
	if head == len(s) {
		return Token{}, 0
	}
	switch s[head] {
	case ']':
		return parseNumber(s[1:head], head+1)
	case ':':
		return parseKeyed(s[1:head], s[head+1:], head+1)
	}
	return Token{}, 0
}

func parseNumber(inner string, size int) (Token, int) {
	cut := strings.LastIndexByte(inner, '_')
	if cut < 0 || !validKind(inner[:cut]) {
		return Token{}, 0
	}
	number := parseDecimal(inner[cut+1:])
	if number == 0 {
		return Token{}, 0
	}
	return Token{Form: FormNumber, Kind: inner[:cut], Number: number}, size
}

func parseKeyed(kind, rest string, size int) (Token, int) {
	if !validKind(kind) || rest == "" {
		return Token{}, 0
	}
	form := Form(rest[0])
	if form != FormVault && form != FormOpaque && form != FormReversible {
		return Token{}, 0
	}
	digits := 1
	for digits < len(rest) && digits <= 7 && isDigit(rest[digits]) {
		digits++
	}
	version := parseDecimal(rest[1:digits])
	if version == 0 || digits == len(rest) || rest[digits] != ':' {
		return Token{}, 0
	}
	start := digits + 1
	end := start
	for end < len(rest) && bodyDigit(rest[end]) >= 0 {
		end++
	}
	if end == len(rest) || rest[end] != ']' || !validBody(form, end-start) {
		return Token{}, 0
	}
	t := Token{Form: form, Kind: kind, Version: uint32(version), Body: rest[start:end]}
	return t, size + end + 1
}

// parseDecimal reads 1 to 999,999 without leading zero; 0 means it is none.
func parseDecimal(s string) int {
	if len(s) < 1 || len(s) > 6 || s[0] == '0' {
		return 0
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func validKind(kind string) bool {
	if kind == "" || len(kind) > MaxKind || kind[0] < 'A' || kind[0] > 'Z' {
		return false
	}
	digits := 0
	for i := range len(kind) {
		if !isKindByte(kind[i]) {
			return false
		}
		if isDigit(kind[i]) {
			digits++
		}
	}
	return digits <= 6
}

func isKindByte(c byte) bool { return c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

const (
	// tokenBytes is 120 bits: among 2^32 values two tokens coincide with a
	// chance of about 2^-57 (n^2 / 2^(b+1)). A stateless token cannot retry.
	tokenBytes = 15
	// maxBody is the longest body of a reversible token in bytes.
	maxBody = sivOverhead + MaxReversible
)

// bodyAlphabet writes four bits a letter. It has no digits, so a body is never
// part of a number; no vowels, so it spells no word or name; and no l, which
// reads like I and 1.
const bodyAlphabet = "bcdfghjkmnpqrstv"

func validBody(form Form, letters int) bool {
	if form == FormReversible {
		return letters%2 == 0 && letters > 2*sivOverhead && letters <= 2*maxBody
	}
	return letters == 2*tokenBytes
}

// keyedText writes a token of body bytes.
func keyedText(form Form, kind string, version uint32, body []byte) string {
	buf := make([]byte, 0, len(kind)+12+2*len(body))
	buf = append(buf, keyedPrefix(form, kind, version)...)
	buf = appendBody(buf, body)
	return string(append(buf, ']'))
}

func keyedPrefix(form Form, kind string, version uint32) string {
	return "[" + kind + ":" + string(rune(form)) + strconv.FormatUint(uint64(version), 10) + ":"
}

func appendBody(dst, body []byte) []byte {
	for _, b := range body {
		dst = append(dst, bodyAlphabet[b>>4], bodyAlphabet[b&15])
	}
	return dst
}

// bodyBytes is the inverse of appendBody for a body that parsed.
func bodyBytes(body string) []byte {
	b := make([]byte, len(body)/2)
	for i := range b {
		b[i] = byte(bodyDigit(body[2*i])<<4 | bodyDigit(body[2*i+1]))
	}
	return b
}

func bodyDigit(c byte) int { return strings.IndexByte(bodyAlphabet, c) }
