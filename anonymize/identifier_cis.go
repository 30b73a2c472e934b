package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// Identifiers of Russia's neighbours.
const (
	UZ_PINFL Kind = "UZ_PINFL" // personal number of Uzbekistan, 14 digits
	BY_ID    Kind = "BY_ID"    // personal number of Belarus, 14 digits and letters
	KZ_IIN   Kind = "KZ_IIN"   // individual number of Kazakhstan, 12 digits
)

var identifiersCIS = []identifier{
	{kind: KZ_IIN, cue: vocabulary.IIN, lengths: 1 << 12, check: iin, bare: 0.62, cued: 0.8, rule: "kz-iin/checksum"},
	{kind: UZ_PINFL, cue: vocabulary.PINFL, lengths: 1 << 14, check: pinfl, bare: 0.7, cued: 0.8, rule: "uz-pinfl/checksum"},
}

// iin checks the day of birth, the century and sex, and the last digit. When the first weights give 10, a second row of
// weights applies; when that gives 10 too, no digit is right.
func iin(d []byte) check {
	if !isMonth(remainder(d[2:4], 100)) || !isDay(remainder(d[4:6], 100)) || d[6] < '1' || d[6] > '6' {
		return invalid
	}
	k := weighted(d, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if k == 10 {
		k = weighted(d, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	return verdict(k == value(d[11]))
}

// pinfl checks the sex and century, the day of birth and the last digit (weights 7, 3, 1).
func pinfl(d []byte) check {
	return verdict(d[0] >= '1' && d[0] <= '6' && isDay(remainder(d[1:3], 100)) && isMonth(remainder(d[3:5], 100)) &&
		weighted(d, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7)%10 == value(d[13]))
}

// belarusID reads «3141285A012PB7»: sex and century, day of birth, region, running number, citizenship, check digit.
func belarusID(dst []Span, t *Text, i int) []Span {
	if t.tok[i].kind != numberToken || t.tok[i].n != 7 {
		return dst
	}
	e := t.extentAt(i, 0, false)
	if e.n() != 14 {
		return dst
	}
	c, ok := t.codeAt(i, e)
	if !ok || !isBelarusID(c.buf[:14]) {
		return dst
	}
	score := float32(0.6)
	if belarusCheck(c.buf[:14]) {
		score = 0.95
	}
	return append(dst, t.span(i, c.to, BY_ID, score, "by-id/structure"))
}

func isBelarusID(c []byte) bool {
	for i, b := range c {
		digit := b >= '0' && b <= '9'
		if letter := i == 7 || i == 11 || i == 12; letter == digit || b == '?' {
			return false
		}
	}
	return c[0] >= '1' && c[0] <= '6' && isDay(remainder(c[1:3], 100)) && isMonth(remainder(c[3:5], 100))
}

// belarusCheck weighs digits by their value and letters by 10 to 35 with 7, 3, 1.
func belarusCheck(c []byte) bool {
	sum := 0
	for i, b := range c[:13] {
		v := value(b)
		if b >= 'A' {
			v = int(b-'A') + 10
		}
		sum += v * weight731(i)
	}
	return sum%10 == value(c[13])
}

func weight731(i int) int {
	switch i % 3 {
	case 0:
		return 7
	case 1:
		return 3
	}
	return 1
}
