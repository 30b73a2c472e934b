package main

import (
	"unicode/utf8"

	"github.com/syntora/vual/bench/corpus"
)

// floors do less than anybody who masks can: what is nearer to them is nearer to the limit.
func floors() []candidate {
	return []candidate{
		floor("copy", "floor: copies the text", func(dst []byte, text string) []byte { return append(dst, text...) }),
		floor("byte table", "floor: looks up every byte in a table and branches", byteTable),
		floor("decode runes", "floor: utf8.DecodeRune over the text", decodeRunes),
		floor("words, folded", "floor: divides the text into words and folds their case", foldWords),
	}
}

func floor(name, note string, f func([]byte, string) []byte) candidate {
	return candidate{name: name, note: note, work: func(c *corpus.Corpus) timed {
		var out []byte
		return onThread(func() {
			for i := range c.Messages {
				out = f(out[:0], c.Messages[i].Text)
			}
		})
	}}
}

// classes of bytes: 1 a digit, 2 an at sign, 3 the lead of a Cyrillic letter.
var classes = func() (t [256]byte) {
	for c := '0'; c <= '9'; c++ {
		t[c] = 1
	}
	t['@'], t[0xd0], t[0xd1] = 2, 3, 3
	return t
}()

func byteTable(dst []byte, text string) []byte {
	var seen [4]int
	for i := range len(text) {
		if c := classes[text[i]]; c != 0 {
			seen[c]++
		}
	}
	return append(dst, byte(seen[1]), byte(seen[2]), byte(seen[3]))
}

func decodeRunes(dst []byte, text string) []byte {
	sum := rune(0)
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		sum ^= r
		text = text[n:]
	}
	return append(dst, byte(sum))
}

// foldWords writes the words of the text in lower case, one space between: Latin and Russian letters by arithmetic, as
// fast as plain Go goes.
func foldWords(dst []byte, text string) []byte {
	inWord := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			dst = append(dst, c)
			inWord = true
		case c >= 'A' && c <= 'Z':
			dst = append(dst, c|0x20)
			inWord = true
		case (c == 0xd0 || c == 0xd1) && i+1 < len(text):
			d := text[i+1]
			i++
			switch {
			case c == 0xd0 && d == 0x81: // Ё as е
				dst = append(dst, 0xd0, 0xb5)
			case c == 0xd1 && d == 0x91:
				dst = append(dst, 0xd0, 0xb5)
			case c == 0xd0 && d >= 0x90 && d <= 0x9f:
				dst = append(dst, 0xd0, d+0x20)
			case c == 0xd0 && d >= 0xa0 && d <= 0xaf:
				dst = append(dst, 0xd1, d-0x20)
			default:
				dst = append(dst, c, d)
			}
			inWord = true
		default:
			if inWord {
				dst = append(dst, ' ')
			}
			inWord = false
		}
	}
	return dst
}
