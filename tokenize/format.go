package tokenize

import "strings"

// Shape is what a [Format] keeps of a value and what it encrypts. The zero
// Shape is refused.
type Shape uint8

const (
	// RussianMobile encrypts the nine digits after 79, 89 or a leading 9,
	// which stay: 10^9 numbers. The result is somebody's number as likely as
	// not: never dial it, never send to it.
	RussianMobile Shape = iota + 1
	// Card keeps the last four of 13 to 19 digits. The result never passes
	// the Luhn check, so no terminal takes it for a card.
	Card
	// INN takes 10 digits (a company) or 12 (a person). The last check digit
	// of the result is wrong.
	INN
	// SNILS takes 11 digits. The check of the result is wrong.
	SNILS
	// Passport encrypts series and number of a Russian passport, 10 digits.
	Passport
)

// Format encrypts numbers into numbers of the same shape, by FF1 (NIST SP
// 800-38G), for old fields that hold nothing else. Separators stay where they
// are. A kind with a check digit takes only values whose check is right and
// gives only values whose check is wrong, so a result is never taken for a
// real number, encrypted twice, or confused with one by Decrypt.
//
// A Format is as secret as its key: its holder reads every value back, and can
// enumerate 10^9 phones in minutes. FF1 authenticates nothing: Decrypt makes
// some value of any number of the shape, so what it gives proves nothing. The
// result looks like personal data and is masked again like it; it is for
// columns, not for text. [Vault.Forget] does not reach it.
//
// A Format is immutable and safe for concurrent use.
type Format struct{ p hidden[format] }

type format struct {
	ring  *Keyring
	scope Scope
	shape shape
	ffs   keyCache[*FF1]
}

// shape says how a number of a [Shape] is cut.
type shape struct {
	id   Shape
	name string // goes into key and tweak
	// body returns where the encrypted digits begin and end, and the kept
	// digits, which go into the tweak; ok is false for no number of the shape.
	body func(d []byte) (from, to int, kept string, ok bool)
	// check returns where the check digits are and what they should be.
	// The last of them is what a result has wrong. Nil for none.
	check func(d []byte) (at int, want string)
}

var shapes = []shape{
	{RussianMobile, "mobile-ru/1", mobileBody, nil},
	{Card, "card/1", cardBody, cardCheck},
	{INN, "inn/1", innBody, innCheck},
	{SNILS, "snils/1", snilsBody, snilsCheck},
	{Passport, "passport-ru/1", passportBody, nil},
}

// NewFormat makes a Format of one shape for one scope.
func NewFormat(ring *Keyring, scope Scope, s Shape) (*Format, error) {
	if err := ring.check(scope); err != nil {
		return nil, err
	}
	for _, row := range shapes {
		if row.id == s {
			return &Format{hide(&format{ring: ring, scope: scope, shape: row})}, nil
		}
	}
	return nil, ErrShape
}

// Encrypt returns value with its digits encrypted under the active key, and
// the version of that key, which the result has no room for: store it beside,
// Decrypt asks for it. Error: [ErrShape].
func (f *Format) Encrypt(value string) (text string, version uint32, err error) {
	version = f.p().ring.p().active
	digits, ok := shapeDigits(value)
	if !ok {
		return "", 0, ErrShape
	}
	from, to, kept, ok := f.p().shape.body(digits)
	if !ok || !f.p().shape.checked(digits, 0) {
		return "", 0, ErrShape
	}
	if err := f.run(version, kept, digits[from:to], (*FF1).Encrypt); err != nil {
		return "", 0, err
	}
	f.p().shape.settle(digits, 1)
	return replaceDigits(value, digits), version, nil
}

// Decrypt returns the value of text, which Encrypt returned with version.
// Errors: [ErrShape], also for a number whose check is not wrong in the way
// that Encrypt makes it; [ErrUnknownKey].
func (f *Format) Decrypt(version uint32, text string) (Value, error) {
	digits, ok := shapeDigits(text)
	if !ok {
		return Value{}, ErrShape
	}
	from, to, kept, ok := f.p().shape.body(digits)
	if !ok || !f.p().shape.checked(digits, 1) {
		return Value{}, ErrShape
	}
	if err := f.run(version, kept, digits[from:to], (*FF1).Decrypt); err != nil {
		return Value{}, err
	}
	f.p().shape.settle(digits, 0)
	return newValue(replaceDigits(text, digits)), nil
}

func (f *Format) run(version uint32, kept string, digits []byte, do func(*FF1, []byte, []uint16) ([]uint16, error)) error {
	ff, err := f.p().ffs.get(keyID{useFF1, f.p().shape.name, version}, func() (*FF1, error) {
		key, err := f.p().ring.derive(useFF1, f.p().shape.name, f.p().scope, version, 32)
		if err != nil {
			return nil, err
		}
		return NewFF1(key, 10)
	})
	if err != nil {
		return err
	}
	x := make([]uint16, len(digits))
	for i, d := range digits {
		x[i] = uint16(d - '0')
	}
	x, err = do(ff, appendField(nil, kept), x)
	if err != nil {
		return err
	}
	for i, d := range x {
		digits[i] = '0' + byte(d)
	}
	return nil
}

// checked reports whether the check digits of d are right, but for the last,
// which is off by shift modulo 10: 0 in values, 1 in results.
func (s shape) checked(d []byte, shift byte) bool {
	c := append([]byte(nil), d...)
	s.settle(c, shift)
	return string(c) == string(d)
}

// settle writes the check digits of d, the last off by shift. One changed
// digit makes each of these checks fail.
func (s shape) settle(d []byte, shift byte) {
	if s.check == nil {
		return
	}
	at, want := s.check(d)
	copy(d[at:], want)
	last := at + len(want) - 1
	d[last] = '0' + (d[last]-'0'+shift)%10
}

// maxShape bounds separators too.
const maxShape = 64

// shapeDigits returns the digits of s, or false if anything but digits and
// separators stands in it: what is not encrypted would stay in clear.
func shapeDigits(s string) ([]byte, bool) {
	if len(s) > maxShape {
		return nil, false
	}
	var d []byte
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			d = append(d, byte(r))
		case !strings.ContainsRune("+-()./ \u00a0\u2009\u202f\u2011\u2013", r):
			return nil, false
		}
	}
	return d, true
}

func replaceDigits(s string, digits []byte) string {
	b := []byte(s)
	for i := range b {
		if isDigit(b[i]) {
			b[i], digits = digits[0], digits[1:]
		}
	}
	return string(b)
}

func mobileBody(d []byte) (from, to int, kept string, ok bool) {
	n := len(d)
	ok = n == 10 && d[0] == '9' || n == 11 && (d[0] == '7' || d[0] == '8') && d[1] == '9'
	return n - 9, n, "79", ok
}

func cardBody(d []byte) (from, to int, kept string, ok bool) {
	if len(d) < 13 || len(d) > 19 {
		return 0, 0, "", false
	}
	return 0, len(d) - 5, string(d[len(d)-4:]), true
}

// cardCheck makes the digit before the last four the check digit: a Luhn sum
// can be settled by any place.
func cardCheck(d []byte) (at int, want string) {
	at = len(d) - 5
	sum := 0
	for i, c := range d {
		if i == at {
			continue
		}
		v := int(c - '0')
		if (len(d)-i)%2 == 0 {
			v = luhnDouble(v)
		}
		sum += v
	}
	// The fifth place from the end is not doubled.
	return at, digitString((10 - sum%10) % 10)
}

func luhnDouble(v int) int {
	if v *= 2; v > 9 {
		v -= 9
	}
	return v
}

func innBody(d []byte) (from, to int, kept string, ok bool) {
	switch len(d) {
	case 10:
		return 0, 9, "", true
	case 12:
		return 0, 10, "", true
	}
	return 0, 0, "", false
}

// innCheck is the rule of the Federal Tax Service: weights, modulo 11, modulo 10.
func innCheck(d []byte) (at int, want string) {
	if len(d) == 10 {
		return 9, digitString(weigh(d, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
	}
	first := weigh(d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10
	second := (weigh(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6) + 8*first) % 11 % 10
	return 10, digitString(first) + digitString(second)
}

func snilsBody(d []byte) (from, to int, kept string, ok bool) { return 0, 9, "", len(d) == 11 }

// snilsCheck is the rule of the Social Fund: modulo 101, 100 written as 00.
func snilsCheck(d []byte) (at int, want string) {
	sum := weigh(d, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100
	return 9, digitString(sum/10) + digitString(sum%10)
}

func passportBody(d []byte) (from, to int, kept string, ok bool) { return 0, 10, "", len(d) == 10 }

func weigh(d []byte, weights ...int) (sum int) {
	for i, w := range weights {
		sum += w * int(d[i]-'0')
	}
	return sum
}

func digitString(n int) string { return string(rune('0' + n)) }
