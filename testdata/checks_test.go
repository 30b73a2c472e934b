package testdata

import (
	"math/big"
	"net"
	"net/mail"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var kinds = strings.Fields(`
	PERSON PHONE EMAIL ADDRESS CARD CVV CARD_EXPIRY BANK_ACCOUNT BIK IBAN INN KPP OGRN SNILS OMS PASSPORT DRIVER_LICENSE PLATE
	VIN BIRTH_DATE MILITARY_ID BIRTH_CERTIFICATE IP MAC URL_PROFILE HANDLE PASSWORD OTP SECRET KZ_IIN US_SSN`)

// checks say whether a value is right; all are the values of the same file.
var checks = map[string]func(v expected, all []expected) bool{
	"BANK_ACCOUNT": accountKey,
	"BIK":          whole(func(d string) bool { return len(d) == 9 && d[:2] == "04" }),
	"CARD":         whole(func(d string) bool { return len(d) == 4 || len(d) == 16 && luhn(d) }),
	"CVV":          whole(func(d string) bool { return len(d) == 3 }),
	"EMAIL":        email,
	"IBAN":         iban,
	"INN":          whole(inn),
	"IP":           func(v expected, _ []expected) bool { _, err := netip.ParseAddr(v.Value); return err == nil },
	"KPP":          kpp,
	"KZ_IIN":       whole(func(d string) bool { return len(d) == 12 && iin(d) }),
	"MAC":          func(v expected, _ []expected) bool { _, err := net.ParseMAC(v.Value); return err == nil },
	"OGRN":         whole(ogrn),
	"OMS":          whole(func(d string) bool { return len(d) == 16 && luhn(d) }),
	"PHONE":        whole(func(d string) bool { return len(d) >= 10 && len(d) <= 14 }),
	"SNILS":        whole(snils),
	"VIN":          vin,
}

// whole makes a check of a value's digits.
func whole(check func(digits string) bool) func(expected, []expected) bool {
	return func(v expected, _ []expected) bool { return check(digits(v.Value)) }
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func weighted(d string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	return sum
}

func luhn(d string) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

func inn(d string) bool {
	switch len(d) {
	case 10:
		return weighted(d, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(d[9]-'0')
	case 12:
		return weighted(d, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(d[10]-'0') &&
			weighted(d, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(d[11]-'0')
	}
	return false
}

func snils(d string) bool {
	return len(d) == 11 && weighted(d, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100 == weighted(d[9:], 10, 1)
}

// ogrn checks the 13 digits of a company or the 15 of a sole trader.
func ogrn(d string) bool {
	if len(d) != 13 && len(d) != 15 {
		return false
	}
	n, err := strconv.ParseInt(d[:len(d)-1], 10, 64)
	return err == nil && n%int64(len(d)-2)%10 == int64(d[len(d)-1]-'0')
}

func iin(d string) bool {
	k := weighted(d, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if k == 10 {
		k = weighted(d, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	return k == int(d[11]-'0')
}

// kpp holds the code of the tax office against an INN of the same conversation.
func kpp(v expected, all []expected) bool {
	return len(v.Value) == 9 && slices.ContainsFunc(all, func(o expected) bool {
		return o.Conversation == v.Conversation && o.Kind == "INN" && strings.HasPrefix(o.Value, v.Value[:4])
	})
}

// accountKey checks the key of an account with a BIK of the same conversation. A
// correspondent account's key comes from the bank's region, any other's from the bank.
func accountKey(v expected, all []expected) bool {
	return len(v.Value) == 20 && slices.ContainsFunc(all, func(o expected) bool {
		if o.Conversation != v.Conversation || o.Kind != "BIK" || o.Spoken {
			return false
		}
		bank := o.Value[6:]
		if strings.HasPrefix(v.Value, "301") {
			bank = "0" + o.Value[4:6]
		}
		sum := 0
		for i, c := range bank + v.Value {
			sum += int(c-'0') * []int{7, 1, 3}[i%3]
		}
		return sum%10 == 0
	})
}

func iban(v expected, _ []expected) bool {
	s := strings.ReplaceAll(v.Value, " ", "")
	var number strings.Builder
	for _, c := range s[4:] + s[:4] {
		n := strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", c)
		if n < 0 {
			return false
		}
		number.WriteString(strconv.Itoa(n))
	}
	n, ok := new(big.Int).SetString(number.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}

func vin(v expected, _ []expected) bool {
	const letters = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ" // a letter's value is its place mod 10
	weights := []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	if len(v.Value) != len(weights) {
		return false
	}
	sum := 0
	for i := range weights {
		n := strings.IndexByte(letters, v.Value[i])
		if n < 0 || v.Value[i] == '.' {
			return false
		}
		sum += n % 10 * weights[i]
	}
	return "0123456789X"[sum%11] == v.Value[8]
}

func email(v expected, _ []expected) bool {
	_, err := mail.ParseAddress(strings.ReplaceAll(v.Value, "(at)", "@"))
	return err == nil
}

// TestChecks holds the checks themselves against published numbers and their neighbours.
func TestChecks(t *testing.T) {
	bik := expected{Kind: "BIK", Value: "044525225"}
	for _, tt := range []struct {
		kind, value string
		want        bool
	}{
		{"BANK_ACCOUNT", "30101810400000000225", true},
		{"BANK_ACCOUNT", "30101810500000000225", false},
		{"CARD", "4111 1111 1111 1111", true},
		{"CARD", "4111 1111 1111 1112", false},
		{"IBAN", "GB82 WEST 1234 5698 7654 32", true},
		{"IBAN", "GB82 WEST 1234 5698 7654 33", false},
		{"INN", "7707083893", true},
		{"INN", "7707083894", false},
		{"INN", "500100732259", true},
		{"INN", "500100732258", false},
		{"OGRN", "1027700132195", true},
		{"OGRN", "1027700132194", false},
		{"OGRN", "304500116000157", true},
		{"OGRN", "304500116000156", false},
		{"SNILS", "112-233-445 95", true},
		{"SNILS", "087-654-303 00", true},
		{"SNILS", "112-233-445 96", false},
		{"VIN", "1M8GDM9AXKP042788", true},
		{"VIN", "1M8GDM9A1KP042788", false},
	} {
		v := expected{Kind: tt.kind, Value: tt.value}
		if got := checks[tt.kind](v, []expected{v, bik}); got != tt.want {
			t.Errorf("%s %s: %t, want %t", tt.kind, tt.value, got, tt.want)
		}
	}
}
