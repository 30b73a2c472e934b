package crypto

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInspectRefuses(t *testing.T) {
	good := mustSeal(t, NewSealer(testRing()), text(10), romashka)
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	name := len("test-key")
	for what, b := range map[string][]byte{
		"nothing":              nil,
		"magic alone":          good[:4],
		"another magic":        change(0, 'E'),
		"version 0":            change(4, 0),
		"version 2":            change(4, 2),
		"suite 2":              change(5, 2),
		"a GOST suite":         change(5, 0x40),
		"slot 0":               change(6, 0),
		"slot 4":               change(6, 4),
		"slot 255":             change(6, 255),
		"a flag":               change(7, 1),
		"no name":              change(8, 0),
		"name of 65":           change(8, 65),
		"name of 255":          change(8, 255),
		"space in the name":    change(9, ' '),
		"version of the key 0": change(9+name+3, 0),
		"wrapped of 65352":     change(9+name+4, 0xff),
		"wrapped of 0":         change(9+name+5, 0),
		"derived with wrapped": change(6, byte(SlotDerived)),
		"hpke of another size": change(6, byte(SlotHPKE)),
		"cut in the wrapped":   good[:40],
		"text":                 []byte("Здравствуйте, чем могу помочь?"),
		"text form":            []byte(EncodeText(good)),
	} {
		_, err := Inspect(b)
		require.ErrorIs(t, err, ErrFormat, what)
	}
	for n := range good[:9+name+6] {
		_, err := Inspect(good[:n])
		require.ErrorIs(t, err, ErrFormat, "cut to %d", n)
	}
}

func TestDecodeTextIsStrict(t *testing.T) {
	box := mustSeal(t, NewSealer(testRing()), text(11), romashka)
	for len(box)%3 != 1 { // leave unused bits in the last character
		box = append(box, 0)
	}
	good := EncodeText(box)
	back, err := DecodeText(good)
	require.NoError(t, err)
	require.Equal(t, box, back)
	last := good[len(good)-1]
	for what, bad := range map[string]string{
		"nothing":          "",
		"prefix alone":     "ev1.",
		"no prefix":        good[4:],
		"other prefix":     "ev2." + good[4:],
		"upper prefix":     "EV1." + good[4:],
		"padding":          good + "=",
		"line break":       good[:20] + "\n" + good[20:],
		"carriage return":  good + "\r",
		"space":            good + " ",
		"other alphabet":   strings.Replace(good, good[20:21], "+", 1),
		"unused bits set":  good[:len(good)-1] + string(last+1),
		"not an envelope":  "ev1.aGVsbG8",
		"cut in the head":  good[:20],
		"one letter alone": "ev1.a",
	} {
		_, err := DecodeText(bad)
		require.ErrorIs(t, err, ErrFormat, what)
	}
}

func TestKeyNames(t *testing.T) {
	require.True(t, validKeyID(keyIDChars[:64]))
	require.True(t, validKeyID("transit/romashka:v1_2.3-x"))
	for _, bad := range []string{"", strings.Repeat("k", 65), "ключ", "a b", "a\x00", "a\n", "a+b", "a=b"} {
		require.False(t, validKeyID(bad), "%q", bad)
	}
}
