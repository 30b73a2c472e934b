package numberplan

import "testing"

// TestFollow reads what the number plans of today do not need: a node at which
// a number may end, and more free digits than one word can count.
func TestFollow(t *testing.T) {
	const (
		oneDigit = "\x02\x80"
		nothing  = "\x00\x80"
		fourteen = "\x00\xc0"
	)
	tiny := "\x00\x00" + // at 0: no set
		"\x10\x11\x11\x11\x11\x01" + oneDigit + nothing + // at 1: ends, or 0 and one digit
		"\x00\x00\x00\x00\x00\x00" + fourteen // at 6: 15 digits
	tests := []struct {
		set    uint16
		digits string
		want   bool
	}{
		{1, "", true},
		{1, "0", false},
		{1, "07", true},
		{1, "07x", false},
		{1, "17", false},
		{1, "0x", false},
		{1, "x", false},
		{6, "", false},
		{6, "12345678901234", false},
		{6, "123456789012345", true},
		{6, "1234567890123456", false},
	}
	for _, tt := range tests {
		if got := follow(tiny, tt.set, []byte(tt.digits)); got != tt.want {
			t.Errorf("follow(%d, %q) = %t; want %t", tt.set, tt.digits, got, tt.want)
		}
	}
}
