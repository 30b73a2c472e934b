package main

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// A cursor walks over JSON that [checkJSON] has accepted, so it has no errors of syntax of its own. What the caller does
// not replace stays byte for byte, numbers and the order of keys included.
type cursor struct {
	src []byte
	at  int
}

var (
	errJSON      = errors.New("not JSON in UTF-8")
	errDuplicate = errors.New("a key stands twice in one object")
	errDepth     = errors.New("nested too deeply")
)

// maxDepth bounds the nesting of objects and arrays. Real requests stay below 20; the walkers call themselves.
const maxDepth = 64

// checkJSON reports whether b is one JSON value in valid UTF-8, not nested too deeply. encoding/json would replace bad
// bytes silently, and another parser may read them otherwise.
func checkJSON(b []byte) error {
	if !utf8.Valid(b) || !json.Valid(b) {
		return errJSON
	}
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	if deepest > maxDepth {
		return errDepth
	}
	return nil
}

// kind gives the first byte of the next value and moves to it.
func (c *cursor) kind() byte {
	for c.at < len(c.src) {
		switch b := c.src[c.at]; b {
		case ' ', '\t', '\r', '\n', ',', ':':
			c.at++
		default:
			return b
		}
	}
	return 0
}

// object calls f for each key with the cursor before its value, which f must read. The key is decoded; from and to are
// the place of its raw form.
func (c *cursor) object(f func(key string, from, to int) error) error {
	c.kind()
	c.at++
	seen := map[string]bool{}
	for c.kind() != '}' {
		from := c.at
		key := c.text()
		to := c.at
		if seen[key] { // which of the two counts is up to each parser
			return errDuplicate
		}
		seen[key] = true
		c.kind()
		if err := f(key, from, to); err != nil {
			return err
		}
	}
	c.at++
	return nil
}

// array calls f for each element with the cursor before it.
func (c *cursor) array(f func(i int) error) error {
	c.kind()
	c.at++
	for i := 0; c.kind() != ']'; i++ {
		if err := f(i); err != nil {
			return err
		}
	}
	c.at++
	return nil
}

// text reads a string and decodes it.
func (c *cursor) text() string {
	var s string
	_ = json.Unmarshal(c.skip(), &s) // valid as all of src
	return s
}

// skip reads a value of any kind and gives its bytes.
func (c *cursor) skip() []byte {
	first := c.kind()
	from := c.at
	switch first {
	case '"':
		c.skipString()
	case '{', '[':
		c.skipNested()
	default:
		for c.at < len(c.src) && !isDelimiter(c.src[c.at]) {
			c.at++
		}
	}
	return c.src[from:c.at]
}

func (c *cursor) skipString() {
	for c.at++; c.src[c.at] != '"'; c.at++ {
		if c.src[c.at] == '\\' {
			c.at++
		}
	}
	c.at++
}

func (c *cursor) skipNested() {
	for depth := 0; ; {
		switch c.src[c.at] {
		case '"':
			c.skipString()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		c.at++
		if depth == 0 {
			return
		}
	}
}

func isDelimiter(b byte) bool {
	switch b {
	case ' ', '\t', '\r', '\n', ',', ':', ']', '}':
		return true
	}
	return false
}

// locate looks for a key of the object ahead and gives the place of its value, without moving.
func (c *cursor) locate(key string) (from, to int, ok bool) {
	ahead := *c
	if ahead.kind() != '{' {
		return 0, 0, false
	}
	_ = ahead.object(func(k string, _, _ int) error {
		start := ahead.at
		ahead.skip()
		if k == key {
			from, to, ok = start, ahead.at, true
		}
		return nil
	})
	return from, to, ok
}

// member is the value that locate finds.
func (c *cursor) member(key string) (value []byte, ok bool) {
	from, to, ok := c.locate(key)
	return c.src[from:to], ok
}

// memberText is member for a string; anything else is "".
func (c *cursor) memberText(key string) string {
	value, ok := c.member(key)
	if !ok || value[0] != '"' {
		return ""
	}
	inner := cursor{src: value}
	return inner.text()
}

// quote writes a string as JSON, without the escapes that encoding/json adds for HTML.
func quote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

const hexDigits = "0123456789abcdef"

// appendEscaped writes the inside of a JSON string. U+2028 and U+2029 are legal in JSON and stay.
func appendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\n':
			dst = append(dst, '\\', 'n')
		case b == '\r':
			dst = append(dst, '\\', 'r')
		case b == '\t':
			dst = append(dst, '\\', 't')
		case b < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
