package anonymize

import (
	"unicode"
	"unicode/utf8"
)

// appendCanonical appends the value of a span in one form, however it was written or said: the digits of a number
// without the Russian prefix of a phone, and the folded letters and digits of anything else.
func (t *Text) appendCanonical(dst []byte, s Span) []byte {
	from := len(dst)
	if isNumeric(s.Kind) {
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

// appendFolded appends the letters and digits of a span in lower case, ё as е, and the names of signs as signs.
func (t *Text) appendFolded(dst []byte, s Span) []byte {
	for i := s.Start; i < s.End; {
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
