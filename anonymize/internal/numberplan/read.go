package numberplan

// The table is made of little-endian 16-bit words. Word number cc says which national
// numbers the calling code cc has, 0 that there is no such code. A word with its
// top bit set says it by length alone: all strings of n digits are valid if bit n is
// set. Any other word is the place, counted in words, of a node:
//
//	5 bytes   four bits for each digit: which of the words at the end
//	1 byte    1 if a number may end here
//	words     what may follow the digit
const (
	callingCodes = 1000 // have up to three digits
	byLength     = 1 << 15
	maxLength    = 14 // the highest bit below byLength
)

func word(table string, at int) uint16 {
	b := table[2*at:][:2]
	return uint16(b[0]) | uint16(b[1])<<8
}

// follow reports whether the table's word set allows digits.
func follow(table string, set uint16, digits []byte) bool {
	for i, c := range digits {
		if set&byLength != 0 {
			rest := digits[i:]
			return len(rest) <= maxLength && set>>len(rest)&1 != 0 && allDigits(rest)
		}
		if c -= '0'; c > 9 {
			return false
		}
		node := table[2*int(set):]
		which := node[c/2] >> (c % 2 * 4) & 15
		set = word(node, 3+int(which))
	}
	if set&byLength != 0 {
		return set&1 != 0
	}
	return table[2*int(set)+5] != 0
}

func allDigits(s []byte) bool {
	for _, c := range s {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}
