package transcript

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A node is a JSON value that knows where it stands in the source. encoding/json would lose the places, without
// which only re-encoding the whole file could put masked text back.
type node struct {
	kind       byte // '{', '[', '"', '0' for a number, 't' for true, false and null
	start, end int
	key        *node  // of a member of an object
	name       string // the key decoded
	kids       []*node
	claimed    bool // some reader knows this string; the rest is searched in the end
}

// get gives the member of an object; nil of a nil node, of anything but an object and if there is none.
func (n *node) get(names ...string) *node {
	for _, name := range names {
		if n = n.member(name); n == nil {
			return nil
		}
	}
	return n
}

func (n *node) member(name string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for _, kid := range n.kids {
		if kid.name == name {
			return kid
		}
	}
	return nil
}

// members gives the members of an object by their names: where many are wanted, each would be looked for.
func (n *node) members() map[string]*node {
	if n == nil || n.kind != '{' {
		return nil
	}
	all := make(map[string]*node, len(n.kids))
	for _, kid := range n.kids {
		all[kid.name] = kid
	}
	return all
}

// items gives the elements of an array, none of anything else.
func (n *node) items() []*node {
	if n == nil || n.kind != '[' {
		return nil
	}
	return n.kids
}

func (n *node) isString() bool { return n != nil && n.kind == '"' }

// A jsonScanner reads values strictly, like encoding/json, and refuses a key that stands twice: the next reader may take the other
// value.
type jsonScanner struct {
	*window
	lenient bool // control characters may stand in strings as they are
}

// maxDepth bounds nesting.
const maxDepth = 100

// parseJSON reads the one value of a source.
func parseJSON(source []byte) (*node, *placeError) {
	p := jsonScanner{window: &window{s: source, at: len(source) - len(bytes.TrimPrefix(source, byteOrderMark))}}
	n, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(source) {
		return nil, p.fail("more than one JSON value")
	}
	return n, nil
}

func (p *jsonScanner) fail(what string) *placeError { return p.located(p.at, what) }

func (p *jsonScanner) space() {
	for !p.ended() && (p.s[p.at] == ' ' || p.s[p.at] == '\t' || p.s[p.at] == '\n' || p.s[p.at] == '\r') {
		p.at++
	}
}

func (p *jsonScanner) value(depth int) (*node, *placeError) {
	p.space()
	if depth > maxDepth {
		return nil, p.fail("JSON is nested too deeply")
	}
	if p.ended() {
		return nil, p.fail("JSON ends too early")
	}
	n := &node{start: p.at}
	var err *placeError
	switch c := p.s[p.at]; {
	case c == '{':
		n.kind = '{'
		err = p.object(n, depth)
	case c == '[':
		n.kind = '['
		err = p.array(n, depth)
	case c == '"':
		n.kind = '"'
		err = p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = '0'
		err = p.number()
	default:
		n.kind = 't'
		err = p.word()
	}
	n.end = p.at
	return n, err
}

func (p *jsonScanner) object(n *node, depth int) *placeError {
	p.at++
	seen := map[string]bool{}
	for p.space(); !p.take('}'); p.space() {
		if len(n.kids) > 0 {
			if !p.take(',') {
				return p.fail("broken JSON")
			}
			p.space()
		}
		key, name, err := p.key(seen)
		if err != nil {
			return err
		}
		kid, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		kid.key, kid.name = key, name
		n.kids = append(n.kids, kid)
	}
	return nil
}

// key reads the key of a member and the colon behind it.
func (p *jsonScanner) key(seen map[string]bool) (*node, string, *placeError) {
	if p.ended() || p.s[p.at] != '"' {
		return nil, "", p.fail("broken JSON")
	}
	key := &node{kind: '"', start: p.at}
	if err := p.text(); err != nil {
		return nil, "", err
	}
	key.end = p.at
	name := decodeJSON(p.s[key.start:key.end])
	if seen[name] {
		return nil, "", p.located(key.start, "a key stands twice")
	}
	seen[name] = true
	if p.space(); !p.take(':') {
		return nil, "", p.fail("broken JSON")
	}
	return key, name, nil
}

func (p *jsonScanner) array(n *node, depth int) *placeError {
	p.at++
	for first := true; !p.closes(']'); first = false {
		if !first && !p.take(',') {
			return p.fail("broken JSON")
		}
		kid, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if kid.mayTell() {
			n.kids = append(n.kids, kid)
		}
	}
	return nil
}

// mayTell reports that an element of an array can hold personal data. Lists of short numbers, of which a file may have
// millions, are not kept.
func (n *node) mayTell() bool {
	return n.kind != 't' && (n.kind != '0' || n.end-n.start >= shortestNumber)
}

func (p *jsonScanner) closes(c byte) bool {
	p.space()
	return p.take(c)
}

func (p *jsonScanner) take(c byte) bool {
	if !p.ended() && p.s[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonScanner) text() *placeError {
	for p.at++; !p.ended(); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return nil
		case c == '\\':
			if !p.escape() {
				return p.fail("broken JSON")
			}
		case c < ' ' && !p.lenient:
			return p.fail("a control character in a JSON string")
		}
	}
	return p.fail("JSON ends too early")
}

// escape passes over a backslash and what belongs to it but the last byte.
func (p *jsonScanner) escape() bool {
	p.at++
	if p.ended() {
		return false
	}
	if p.s[p.at] != 'u' {
		return bytes.IndexByte([]byte(`"\/bfnrt`), p.s[p.at]) >= 0
	}
	if !p.has(len("u0000")) {
		return false
	}
	if _, ok := hex4(p.s[p.at+1:]); !ok {
		return false
	}
	p.at += 4
	return true
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (p *jsonScanner) number() *placeError {
	p.take('-')
	if !p.take('0') && !p.digits() {
		return p.fail("broken JSON")
	}
	if p.take('.') && !p.digits() {
		return p.fail("broken JSON")
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		if !p.digits() {
			return p.fail("broken JSON")
		}
	}
	return nil
}

func (p *jsonScanner) digits() bool {
	from := p.at
	for !p.ended() && p.s[p.at] >= '0' && p.s[p.at] <= '9' {
		p.at++
	}
	return p.at > from
}

func (p *jsonScanner) word() *placeError {
	for _, word := range [...]string{"true", "false", "null"} {
		if p.s[p.at] == word[0] && p.has(len(word)) && string(p.s[p.at:p.at+len(word)]) == word {
			p.at += len(word)
			return nil
		}
	}
	return p.fail("broken JSON")
}

// decodeJSON gives the text of a string that was scanned. Half of a surrogate pair becomes U+FFFD.
func decodeJSON(literal []byte) string {
	s := literal[1 : len(literal)-1]
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s)
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		if s[i] != 'u' {
			out = append(out, unescaped(s[i]))
			continue
		}
		r, _ := hex4(s[i+1:])
		i += 4
		if utf16.IsSurrogate(r) {
			var low rune
			if len(s) > i+2 && s[i+1] == '\\' && s[i+2] == 'u' {
				low, _ = hex4(s[i+3:])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 6
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// encodeJSON writes a string in the way of the literal that it replaces: in ASCII where that was written so.
func encodeJSON(literal []byte, s string) []byte {
	ascii := bytes.Contains(literal, []byte(`\u`)) && isASCII(literal)
	out := []byte{'"'}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == '\n':
			out = append(out, `\n`...)
		case r < ' ' || ascii && r < 0x10000 && r >= utf8.RuneSelf:
			out = fmt.Appendf(out, `\u%04x`, r)
		case ascii && r >= utf8.RuneSelf:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}

func isASCII(s []byte) bool {
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// scalar gives the text of a string or of a number, "" of all else: int64 stands as a string in some formats.
func (n *node) scalar(source []byte) string {
	switch {
	case n == nil:
		return ""
	case n.kind == '"':
		return decodeJSON(source[n.start:n.end])
	case n.kind == '0':
		return string(source[n.start:n.end])
	}
	return ""
}

// integer gives the number of a scalar, 0 if it is none.
func (n *node) integer(source []byte) int64 {
	i, _ := strconv.ParseInt(n.scalar(source), 10, 64)
	return i
}
