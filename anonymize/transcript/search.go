package transcript

import (
	"strconv"
	"strings"
	"time"
)

// claim makes a passage of a string, so that it is not searched a second time as a field.
func (d *document) claim(n *node) *passage {
	p := &passage{}
	d.claimInto(p, "", n)
	return p
}

func (d *document) claimInto(p *passage, separator string, n *node) {
	n.claimed = true
	p.add(d.source, separator, piece{start: n.start, end: n.end, coding: jsonCoding})
}

// search makes fields of all strings that no reader claimed, also of keys and long numbers, because personal data may
// stand wherever a program wrote it. Values of technical keys pass if they look technical.
func (d *document) search(n *node, technical func(name string) bool) {
	if n == nil {
		return
	}
	if n.key != nil && !isPlainKey(n.name) {
		d.addField(n.key, freeText)
	}
	switch {
	case n.claimed || technical(n.name) && isTechnical(n.scalar(d.source)):
	case n.kind == '"':
		d.addField(n, freeText)
	case n.kind == '0' && n.end-n.start >= shortestNumber:
		d.addField(n, freeText)
	}
	for _, kid := range n.kids {
		d.search(kid, technical)
	}
}

// empty takes the numbers out of an array that tells what was masked, whatever is found.
func (d *document) empty(n *node) {
	if n != nil && n.kind == '[' {
		n.kids = nil // and with them what would be searched
		d.edits = append(d.edits, edit{n.start, n.end, []byte("[]")})
	}
}

// shortestNumber is how many digits a JSON number needs before it is searched: phones have ten.
const shortestNumber = 10

func (d *document) addField(n *node, what fieldKind) {
	n.claimed = true
	f := field{what: what}
	coding := jsonCoding
	if n.kind == '0' {
		coding.decode = plainCoding.decode
	}
	f.add(d.source, "", piece{start: n.start, end: n.end, coding: coding})
	if len(f.said) > 0 {
		d.fields = append(d.fields, f)
	}
}

// isPlainKey reports a key as programmers name one.
func isPlainKey(name string) bool {
	digits := 0
	for i := range len(name) {
		switch c := name[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_':
		default:
			return false
		}
	}
	return digits < shortestNumber
}

// longestTechnical is the length of what may be an identifier, a time or the name of a state.
const longestTechnical = 64

// isTechnical reports a value without white space, in ASCII, with nothing that an address in the net needs.
func isTechnical(s string) bool {
	return len(s) <= longestTechnical && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == '@' || r == '/' || r == '(' || r == '+' && !strings.Contains(s, "T")
	})
}

// seconds reads a number of seconds such as 1.5, also "1.5s"; 0 if it is none.
func (n *node) seconds(source []byte) time.Duration {
	f, err := strconv.ParseFloat(strings.TrimSuffix(n.scalar(source), "s"), 64)
	if err != nil || !(f > 0 && f < maxSeconds) {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// milliseconds reads a whole number of milliseconds; 0 if it is none.
func (n *node) milliseconds(source []byte) time.Duration {
	i := n.integer(source)
	if i < 0 || i > maxSeconds*1000 {
		return 0
	}
	return time.Duration(i) * time.Millisecond
}

// maxSeconds bounds times, so that a hostile one does not overflow.
const maxSeconds = 1e9

// claimPhone claims a field that holds a phone, as a string or as a number.
func (d *document) claimPhone(n *node) {
	if n != nil && !n.claimed && (n.kind == '"' || n.kind == '0') {
		d.addField(n, phoneField)
	}
}

// claimNames claims the fields of one name, which are told together.
func (d *document) claimNames(n *node, fields ...string) {
	p := &passage{}
	for _, name := range fields {
		if part := n.get(name); part.isString() && !part.claimed && part.end-part.start > len(`""`) {
			d.claimInto(p, " ", part)
		}
	}
	if len(p.pieces) > 0 {
		d.addName(p)
	}
}

// addName adds a field that holds a name.
func (d *document) addName(p *passage) {
	if strings.TrimSpace(p.text()) != "" {
		d.names = append(d.names, p)
	}
}
