package anonymize

// The arithmetic that the checks share. All of it works on ASCII digits.

func value(c byte) int { return int(c - '0') }

// weighted sums the digits by their weights; digits beyond the weights do not count.
func weighted(d []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * value(d[i])
	}
	return sum
}

// remainder is the number modulo m.
func remainder(d []byte, m int) int {
	r := 0
	for _, c := range d {
		r = (10*r + value(c)) % m
	}
	return r
}

// luhn is the check digit of ISO/IEC 7812-1, annex B.
func luhn(d []byte) check {
	sum := 0
	for i, c := range d {
		v := value(c)
		if (len(d)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return verdict(sum%10 == 0 && !uniform(d))
}

// uniform reports whether all digits are the same: such numbers pass many checks and are nobody's.
func uniform(d []byte) bool {
	for _, c := range d {
		if c != d[0] {
			return false
		}
	}
	return true
}
