package anonymize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A label is label-shaped text.
type label struct {
	key  string // in the form of the labels that we give, see tokenKey
	size int    // bytes
	noun string // of a person, as it stands
	host bool   // a dot and a letter follow, as in a name of a host
}

type labelMatch uint8

const (
	labelNone      labelMatch = iota
	labelFound                // label holds it
	labelUndecided            // more text is needed
)

// tokenKey is the key of a token that we gave out.
func tokenKey(token string) string {
	if l, state := matchLabel(token, true); state == labelFound && l.size == len(token) {
		return l.key
	}
	return token
}

// matchLabel reads a label at the beginning of s; whole says that nothing comes behind s.
func matchLabel(s string, whole bool) (label, labelMatch) {
	c := cursor{s: s, whole: whole}
	l, ok := c.label()
	switch {
	case c.short && !mayBecomeLabel(s):
		return label{}, labelNone
	case c.short:
		return label{}, labelUndecided
	case !ok:
		return label{}, labelNone
	}
	return l, labelFound
}

// mayBecomeLabel reports whether what has come of a word so far may still become a label. A word of Russian letters does
// only if the noun of a role begins so; a kind is written in Latin letters.
func mayBecomeLabel(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Cyrillic, r) {
			return true
		}
	}
	folded := strings.ToLower(s)
	for role := range roleCases {
		for _, form := range roleCases[role] {
			if strings.HasPrefix(form, folded) {
				return true
			}
		}
	}
	return s == ""
}

// A cursor reads runes and remembers when it wanted one that is not there yet.
type cursor struct {
	s     string
	at    int
	whole bool
	short bool
}

// peek gives the next rune, 0 at the end.
func (c *cursor) peek() rune {
	for {
		rest := c.s[c.at:]
		if !c.whole && !utf8.FullRuneInString(rest) {
			c.short = true
			return 0
		}
		if rest == "" {
			return 0
		}
		r, size := utf8.DecodeRuneInString(rest)
		if !isInvisible(r) {
			return r
		}
		c.at += size
	}
}

func (c *cursor) next() rune {
	r := c.peek()
	if r != 0 {
		_, size := utf8.DecodeRuneInString(c.s[c.at:])
		c.at += size
	}
	return r
}

func (c *cursor) skip(r rune) bool {
	if c.peek() == r {
		c.next()
		return true
	}
	return false
}

func (c *cursor) label() (label, bool) {
	escaped := c.skip('\\')
	bracket := closing(c.peek())
	if bracket != 0 {
		c.next()
	} else if escaped {
		return label{}, false
	}
	word := c.word()
	if word == "" {
		return label{}, false
	}
	if role, ok := roleOf(word); ok {
		if l, ok := c.person(role, word); ok {
			return c.close(l, bracket)
		}
		return label{}, false
	}
	l, ok := c.value(word, bracket)
	if !ok {
		return label{}, false
	}
	return c.close(l, bracket)
}

// word reads letters, and of a kind underscores.
func (c *cursor) word() string {
	var b strings.Builder
	for b.Len() < minLabelWindow {
		r := c.peek()
		switch {
		case unicode.IsLetter(r):
		case r == '\\':
			save := *c
			c.next()
			if c.peek() != '_' {
				short := c.short
				*c = save
				c.short = short
				return b.String()
			}
			continue
		case r == '_' && b.Len() > 0:
			save := *c
			c.next()
			if next := c.peek(); !unicode.IsLetter(next) {
				short := c.short
				*c = save
				c.short = short
				return b.String()
			}
			b.WriteRune('_')
			continue
		default:
			return b.String()
		}
		b.WriteRune(c.next())
	}
	return b.String()
}

// person reads what stands behind the noun of a role: one or two capital letters.
func (c *cursor) person(role Role, noun string) (label, bool) {
	gap := 0
	for isLabelGap(c.peek()) && gap < 3 {
		c.next()
		gap++
	}
	if gap == 0 {
		return label{}, false
	}
	letters := ""
	for unicode.IsUpper(c.peek()) && len(letters) < 6 {
		letters += string(twinOf(c.next()))
	}
	if r := c.peek(); letters == "" || utf8.RuneCountInString(letters) > 2 || unicode.IsLetter(r) || unicode.IsDigit(r) {
		return label{}, false
	}
	return label{key: roleNouns[English][role] + " " + letters, noun: noun}, true
}

// value reads what stands behind a kind: a number, or the body of a keyed token.
func (c *cursor) value(kind string, bracket rune) (label, bool) {
	kind = strings.ToUpper(kind)
	if !isKind(kind) {
		return label{}, false
	}
	r := c.peek()
	switch {
	case r == ':' && bracket == ']':
		c.next()
		body := c.run(func(r rune) bool { return r < utf8.RuneSelf && isTokenBody(string(r)) }, tokenBodyMax)
		if c.peek() != ']' || body == "" {
			return label{}, false
		}
		return label{key: "[" + kind + ":" + body + "]"}, true
	case r == ']' && bracket == ']':
		return label{key: "[" + kind + "]"}, true
	case r == '\\':
		c.next()
		if c.peek() != '_' {
			return label{}, false
		}
		c.next()
	case r == '_', bracket != 0 && isLabelGap(r):
		c.next()
	default:
		return label{}, false
	}
	n := c.run(unicode.IsDigit, 9)
	if r := c.peek(); n == "" || n[0] == '0' || unicode.IsDigit(r) || unicode.IsLetter(r) {
		return label{}, false
	}
	return label{key: "[" + kind + "_" + n + "]"}, true
}

const tokenBodyMax = 512

func (c *cursor) run(in func(rune) bool, most int) string {
	var b strings.Builder
	for in(c.peek()) && b.Len() < most {
		b.WriteRune(c.next())
	}
	return b.String()
}

// close takes the closing bracket. A bracket that does not close is no part of the label, and then there is none here:
// the label inside will be found behind it.
func (c *cursor) close(l label, bracket rune) (label, bool) {
	if bracket != 0 {
		c.skip('\\')
		if !c.skip(bracket) {
			return label{}, false
		}
	}
	l.size = c.at
	if c.peek() == '.' {
		c.next()
		r := c.peek()
		l.host = r < utf8.RuneSelf && unicode.IsLetter(r)
	}
	return l, true
}

// isOpening reports the brackets that may stand around a label.
func isOpening(r rune) bool { return closing(r) != 0 }

func closing(r rune) rune {
	switch r {
	case '[':
		return ']'
	case '【':
		return '】'
	case '［':
		return '］'
	case '〔':
		return '〕'
	}
	return 0
}

// isLabelGap reports what may stand between the parts of a label: a space, any dash, an underscore.
func isLabelGap(r rune) bool {
	return r == ' ' || r == 0xA0 || r == 0x202F || r == '_' || r == '*' || foldSign(r) == '-'
}

// twinOf gives the Latin letter that a Russian one looks like, or the letter itself.
func twinOf(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if twin := lookAlike("АAВBЕEКKМMНHОOРPСCТTУYХX", r); twin != 0 {
		return twin
	}
	return r
}

// roleCases are the Russian nouns of the roles in their six cases, and the plain form of the English ones.
var roleCases = [...][7]string{
	Person:   {"человек", "человека", "человеку", "человека", "человеком", "человеке", "person"},
	Customer: {"клиент", "клиента", "клиенту", "клиента", "клиентом", "клиенте", "customer"},
	Agent:    {"сотрудник", "сотрудника", "сотруднику", "сотрудника", "сотрудником", "сотруднике", "agent"},
}

// roleOf gives the role of a noun in any case and language.
func roleOf(noun string) (Role, bool) {
	folded := strings.ToLower(noun)
	for role := range roleCases {
		for _, form := range roleCases[role] {
			if folded == form {
				return Role(role), true
			}
		}
	}
	return 0, false
}

// caseOf gives the case of the Russian noun of a role, the genitive where it is the accusative too.
func caseOf(folded string, role Role) (lexicon.Case, bool) {
	for c, form := range roleCases[role][:lexicon.Prepositional+1] {
		if folded == form {
			return lexicon.Case(c), true
		}
	}
	return lexicon.Nominative, false
}
