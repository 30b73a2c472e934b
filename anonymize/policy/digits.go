package policy

import (
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// digitRules are all of a policy's. They share one way through the numbers of a text, on which each number is shown only
// to the rules of its length.
type digitRules struct {
	byLength    [maxDigits + 1][]*digitRule
	least, most int // lengths; 0 if there is no rule
}

// A digitRule finds numbers of given shapes, written or said.
type digitRule struct {
	finding
	shapes      []string // # and digits
	least, most int
	check       func(digits []byte) bool // nil if nothing can be checked
}

// Bounds of a shape. What is longer than 24 digits no rule reads as one number; what is shorter than 2 is in every text.
const (
	maxShapes = 64
	minDigits = 2
	maxDigits = 24
)

func (r *digitRules) add(rule *digitRule) {
	if r.most == 0 {
		r.least = maxDigits
	}
	r.least, r.most = min(r.least, rule.least), max(r.most, rule.most)
	for _, shape := range rule.shapes {
		if n := len(shape); !slices.Contains(r.byLength[n], rule) {
			r.byLength[n] = append(r.byLength[n], rule)
		}
	}
}

func (r *digitRules) appendSpans(dst []anonymize.Span, t *anonymize.Text) []anonymize.Span {
	if r.most == 0 {
		return dst
	}
	t.Numbers(r.least, r.most, func(start, end int, digits []byte) {
		for _, rule := range r.byLength[len(digits)] {
			if rule.fits(digits) && (rule.check == nil || rule.check(digits)) {
				dst = rule.append(dst, t, start, end)
			}
		}
	})
	return dst
}

func (r *digitRule) fits(digits []byte) bool {
	return slices.ContainsFunc(r.shapes, func(shape string) bool {
		if len(shape) != len(digits) {
			return false
		}
		for i := range digits {
			if shape[i] != '#' && shape[i] != digits[i] {
				return false
			}
		}
		return true
	})
}

func (c *compiler) digits(r *Recognizer, f finding, path string) (*digitRule, error) {
	rule := &digitRule{finding: f, least: maxDigits}
	at := join(path, "digits")
	if len(r.Digits) == 0 || len(r.Digits) > maxShapes {
		return rule, c.doc.errorf(at, "1 to %d shapes are wanted", maxShapes)
	}
	for i, text := range r.Digits {
		shape := strings.ReplaceAll(text, " ", "")
		if strings.Trim(shape, "#0123456789") != "" || len(shape) < minDigits || len(shape) > maxDigits {
			return rule, c.doc.errorf(index(at, i), "%d to %d of # and digits are wanted, with spaces at will", minDigits, maxDigits)
		}
		rule.shapes = append(rule.shapes, shape)
		rule.least, rule.most = min(rule.least, len(shape)), max(rule.most, len(shape))
	}
	return rule, c.check(rule, r, path)
}

func (c *compiler) check(rule *digitRule, r *Recognizer, path string) error {
	if (r.Check == "mod11") != (r.Weights != nil) {
		return c.doc.errorf(join(path, "weights"), "mod11 needs weights, and nothing else has them")
	}
	switch r.Check {
	case "":
	case "luhn":
		rule.check = luhn
	case "mod97":
		rule.check = mod97
	case "verhoeff":
		rule.check = verhoeff
	case "mod11":
		for i, w := range r.Weights {
			if w < 0 || w > 99 {
				return c.doc.errorf(index(join(path, "weights"), i), "0 to 99 is wanted")
			}
		}
		if n := len(r.Weights); rule.least != rule.most || n != rule.least && n != rule.least-1 {
			return c.doc.errorf(join(path, "weights"), "as many weights as digits are wanted, or one fewer, and shapes of one length")
		}
		rule.check = mod11(r.Weights)
	default:
		return c.doc.errorf(join(path, "check"), "luhn, mod11, mod97 or verhoeff is wanted")
	}
	return nil
}

// luhn is ISO/IEC 7812-1, annex B.
func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 is ISO/IEC 7064, MOD 97-10: the whole number leaves 1.
func mod97(digits []byte) bool {
	rest := 0
	for _, c := range digits {
		rest = (10*rest + int(c-'0')) % 97
	}
	return rest == 1
}

// mod11 weighs the digits. With a weight for each of them their sum must leave nothing, as in ISBN-10; with one fewer,
// what the sum leaves, and 0 where it leaves 10, is the last digit, as in a Russian INN.
func mod11(weights []int) func([]byte) bool {
	return func(digits []byte) bool {
		sum := 0
		for i, w := range weights {
			sum += w * int(digits[i]-'0')
		}
		if len(weights) == len(digits) {
			return sum%11 == 0
		}
		return sum%11%10 == int(digits[len(digits)-1]-'0')
	}
}

// verhoeff is J. Verhoeff, Error Detecting Decimal Codes, 1969: products in the dihedral group of order 10 with a
// permutation by place, counted from the right.
func verhoeff(digits []byte) bool {
	const (
		product = "0123456789" + "1234067895" + "2340178956" + "3401289567" + "4012395678" + "5987604321" + "6598710432" + "7659821043" + "8765932104" + "9876543210"
		permute = "0123456789" + "1576283094" + "5803796142" + "8916043527" + "9453126870" + "4286573901" + "2793806415" + "7046913258"
	)
	rest := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		p := int(permute[i%8*10+d] - '0')
		rest = int(product[rest*10+p] - '0')
	}
	return rest == 0
}
