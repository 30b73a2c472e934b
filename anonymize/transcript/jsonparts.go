package transcript

import (
	"io"
	"slices"
	"strings"
)

// A jsonShape says where the pieces stand in a JSON file. Paths are keys with points between them; arrays add nothing to a path.
type jsonShape struct {
	turns   []string // arrays of which each element is a piece
	chats   []string // arrays of which each element is a conversation of its own
	many    bool     // several values may follow each other
	lenient bool     // see jsonScanner

	// read makes a document of a part: of values that hold what stands in the part and nothing else. An object of which the
	// part has a piece is there with that piece; none is nil.
	read func(d *document, values []*node) error
}

// A jsonParser reads the pieces of one JSON file.
type jsonParser struct {
	jsonShape
	scan      jsonScanner
	values    []*node      // of the part
	began     int          // values of the whole file
	open      []*container // that hold the place that was read to, the outermost first
	announced bool         // the conversation that begins here
}

// A container is an object or an array that is read piece by piece.
type container struct {
	*node
	path string
	seen map[string]bool
	kids int // of all parts
}

// values reads values that follow each other, in an array or not.
func values(read func(*document, []*node) error) parser {
	return &jsonParser{jsonShape: jsonShape{turns: []string{""}, many: true, read: read}}
}

// lists reads one object with its pieces in lists.
func lists(read func(*document, []*node) error, turns ...string) parser {
	return &jsonParser{jsonShape: jsonShape{turns: turns, read: read}}
}

func (p *jsonParser) piece(w *window) error {
	p.scan = jsonScanner{w, p.lenient}
	for {
		found, err := p.step()
		if found || err != nil {
			return err
		}
	}
}

// step reads the next value, or goes into it or out of one. It reports whether that was a piece.
func (p *jsonParser) step() (bool, error) {
	p.scan.space()
	if len(p.open) == 0 {
		return p.outermost()
	}
	c := p.open[len(p.open)-1]
	if !p.announced {
		if p.scan.take(c.kind + 2) { // } stands two behind {, and ] behind [
			c.end = p.scan.at
			p.open = p.open[:len(p.open)-1]
			return false, nil
		}
		if c.kids > 0 && !p.scan.take(',') {
			return false, p.scan.fail("broken JSON")
		}
		if c.kind == '[' && slices.Contains(p.chats, c.path) {
			p.announced = true
			return false, errNext
		}
	}
	p.announced = false
	c.kids++
	return p.kid(c)
}

// outermost reads a value that stands in no other.
func (p *jsonParser) outermost() (bool, error) {
	if p.scan.ended() && p.began > 0 {
		return false, io.EOF
	}
	if p.began > 0 && !p.many {
		return false, p.scan.fail("more than one JSON value")
	}
	p.began++
	n, complete, err := p.value("")
	if err != nil {
		return false, err
	}
	if n.mayTell() {
		p.values = append(p.values, n)
	}
	return complete, nil
}

// kid reads a member or an element.
func (p *jsonParser) kid(c *container) (bool, error) {
	path := c.path
	var key *node
	var name string
	var err *placeError
	if c.kind == '{' {
		p.scan.space()
		if key, name, err = p.scan.key(c.seen); err != nil {
			return false, err
		}
		if path = name; c.path != "" {
			path = c.path + "." + name
		}
	}
	piece := c.kind == '[' && slices.Contains(p.turns, path)
	n, complete, err := p.element(path, piece)
	if err != nil {
		return false, err
	}
	n.key, n.name = key, name
	if c.kind == '{' || n.mayTell() {
		c.node.kids = append(c.node.kids, n)
	}
	return piece && complete, nil
}

func (p *jsonParser) element(path string, piece bool) (*node, bool, *placeError) {
	if piece {
		n, err := p.scan.value(len(p.open))
		return n, true, err
	}
	return p.value(path)
}

// value reads a value, or opens it if pieces stand in it.
func (p *jsonParser) value(path string) (n *node, complete bool, err *placeError) {
	p.scan.space()
	if len(p.open) > maxDepth || p.scan.ended() || !p.holdsPieces(p.scan.s[p.scan.at], path) {
		n, err = p.scan.value(len(p.open))
		return n, true, err
	}
	n = &node{kind: p.scan.s[p.scan.at], start: p.scan.at}
	p.scan.at++
	p.open = append(p.open, &container{node: n, path: path, seen: map[string]bool{}})
	return n, false, nil
}

// holdsPieces reports whether a value that begins like this holds pieces, or conversations.
func (p *jsonParser) holdsPieces(begin byte, path string) bool {
	switch begin {
	case '[':
		return slices.Contains(p.turns, path) || slices.Contains(p.chats, path)
	case '{':
		return slices.ContainsFunc(p.turns, func(turns string) bool {
			return path == "" && turns != "" || strings.HasPrefix(turns, path+".")
		})
	}
	return false
}

// document gives the values of a part. What is open begins the next part once more, empty and without its key.
func (p *jsonParser) document(source []byte, continues bool) (*document, error) {
	d := newDocument(source)
	d.continues = continues
	values := upTo(len(source), p.values)
	p.values = nil
	outer := &p.values
	for _, c := range p.open {
		c.node = &node{kind: c.kind, name: c.name}
		*outer = append(*outer, c.node)
		outer = &c.node.kids
	}
	return d, p.read(d, values)
}

// upTo gives what nodes hold before the end of a part: a piece that broke is not in it.
func upTo(end int, nodes []*node) []*node {
	nodes = slices.DeleteFunc(nodes, func(n *node) bool { return n.start >= end })
	for _, n := range nodes {
		if n.end == 0 || n.end > end {
			n.kids, n.end = upTo(end, n.kids), end
		}
	}
	return nodes
}

// one gives the one value of a file, nil where a part has nothing of it.
func one(values []*node) *node {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

// flat gives the values of a file that stand in an array or not.
func flat(values []*node) (all []*node) {
	for _, n := range values {
		if n.kind == '[' {
			all = append(all, n.kids...)
		} else {
			all = append(all, n)
		}
	}
	return all
}
