// Package numberplan tells valid telephone numbers of the world from other
// digits.
//
// [Valid] takes digits that begin with a calling code, [ValidNational] those after
// it. Both answer as phonenumbers.IsValidNumber of
// github.com/nyaruka/phonenumbers, release [Version], does for that calling code and
// national number. Linked into a program, that module costs 8 ms or more
// and 35,500 allocations at its start and 7 MB; here one generated table is read in place.
//
// A valid number has a beginning and a length that its country gives out; whether
// anybody answers it, digits do not tell. What is dialled before a national number at home
// is no part of it: of +44 (0)20 7946 0958 the (0) must be left out. Short numbers
// (112, 0890) and extensions are not known here.
//
// All functions are safe for concurrent use and do not allocate.
package numberplan

//go:generate go run gen.go

// Valid reports whether digits, in ASCII, calling code first and without the plus
// sign, are a valid number. countryCodeLen is the length of the calling code, also
// when the rest is not valid; it is 0 when there is no such code.
func Valid(digits []byte) (countryCodeLen int, ok bool) {
	cc := 0
	for i, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		cc = cc*10 + int(c)
		// No calling code begins with 0 or is the beginning of another (ITU-T E.164).
		if cc == 0 || cc >= callingCodes {
			return 0, false
		}
		if at := word(table, cc); at != 0 {
			return i + 1, follow(table, at, digits[i+1:])
		}
	}
	return 0, false
}

// ValidNational reports whether national, digits in ASCII, is a valid number
// within the calling code cc, such as 7, 44 or 375.
func ValidNational(cc int, national []byte) bool {
	if cc <= 0 || cc >= callingCodes {
		return false
	}
	at := word(table, cc)
	return at != 0 && follow(table, at, national)
}
