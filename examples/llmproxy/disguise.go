package main

import (
	"encoding/base64"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// disguised reports whether a text holds personal data behind an encoding that a model reads and the rules do not.
// Masking it in place would need to know what the writer meant, so such a text is refused.
func disguised(a *anonymize.Analyzer, text string) bool {
	for _, decode := range disguises {
		if plain, ok := decode(text); ok && personalLetters(a, plain) > personalLetters(a, text) {
			return true
		}
	}
	return false
}

// personalLetters counts letters and not finds: half a name may stand in clear.
func personalLetters(a *anonymize.Analyzer, text string) (n int) {
	for _, s := range a.Find(text) {
		n += utf8.RuneCountInString(text[s.Start:s.End])
	}
	return n
}

// disguises give a text with what they find of their encoding decoded in it or behind it. They report false, without
// work, where there is nothing.
var disguises = [...]func(string) (string, bool){unescape, percent, entities, base64Words}

// unescape decodes the \u0418 of JSON and its relatives.
func unescape(text string) (string, bool) {
	if !strings.Contains(text, `\u`) {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if i+6 <= len(text) && text[i] == '\\' && text[i+1] == 'u' {
			if c, err := strconv.ParseUint(text[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(c))
				i += 6
				continue
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String(), true
}

// percent decodes what stands in URLs.
func percent(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return "", false
	}
	words := strings.Fields(text)
	changed := false
	for i, w := range words {
		if !strings.Contains(w, "%") {
			continue
		}
		if plain, err := url.QueryUnescape(w); err == nil && utf8.ValidString(plain) {
			words[i], changed = plain, true
		}
	}
	return strings.Join(words, " "), changed
}

func entities(text string) (string, bool) {
	if !strings.Contains(text, "&#") {
		return "", false
	}
	return html.UnescapeString(text), true
}

// minBase64 is the length below which a word of letters and digits is none that hides a value.
const minBase64 = 12

// base64Words decodes the words of a text that are base64 of readable text, each into a line behind it.
func base64Words(text string) (string, bool) {
	var b strings.Builder
	b.WriteString(text)
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !isBase64(c) }) {
		if len(w) < minBase64 {
			continue
		}
		w = strings.NewReplacer("-", "+", "_", "/").Replace(w)
		if plain, err := base64.RawStdEncoding.DecodeString(w); err == nil && isReadable(plain) {
			b.WriteByte('\n')
			b.Write(plain)
		}
	}
	return b.String(), b.Len() > len(text)
}

func isBase64(c rune) bool {
	return c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("+/-_", c))
}

func isReadable(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	for _, c := range string(b) {
		if !unicode.IsPrint(c) && !unicode.IsSpace(c) {
			return false
		}
	}
	return true
}
