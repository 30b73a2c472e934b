package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// parseJSON reads one JSON value, refusing duplicate keys and anything after the value.
func parseJSON(data []byte) (*node, error) {
	p := jsonParser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err := p.value("", 0)
	if err == nil {
		if _, err = p.dec.Token(); err == io.EOF {
			return n, nil
		}
		if err == nil {
			return nil, p.place(int(p.dec.InputOffset())-1).errorf("", "something follows the document")
		}
	}
	if de := (*DocumentError)(nil); errors.As(err, &de) {
		return nil, err
	}
	offset := int(p.dec.InputOffset())
	if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
		offset = int(se.Offset) - 1
	}
	return nil, p.place(offset).errorf("", "not JSON")
}

type jsonParser struct {
	data  []byte
	dec   *json.Decoder
	at    int // the offset up to which lines were counted
	line  int // and how many end before it
	begin int // where the last of them ended
	nodes int
}

func (p *jsonParser) value(path string, depth int) (*node, error) {
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{place: p.place(p.start(t))}
	if depth > maxDepth {
		return nil, n.errorf("", "nested deeper than %d", maxDepth)
	}
	if p.nodes++; p.nodes > maxNodes {
		return nil, n.errorf("", "more than %d values", maxNodes)
	}
	switch t := t.(type) {
	case nil:
	case bool:
		n.kind, n.truth = boolNode, t
	case json.Number:
		n.kind, n.text = numberNode, string(t)
	case string:
		n.kind, n.text = stringNode, t
	case json.Delim:
		if t == '[' {
			return n, p.array(n, path, depth)
		}
		return n, p.object(n, path, depth)
	}
	return n, nil
}

func (p *jsonParser) array(n *node, path string, depth int) error {
	n.kind = arrayNode
	for p.dec.More() {
		v, err := p.value(index(path, len(n.items)), depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	_, err := p.dec.Token()
	return err
}

func (p *jsonParser) object(n *node, path string, depth int) error {
	n.kind = objectNode
	seen := map[string]bool{}
	for p.dec.More() {
		t, err := p.dec.Token()
		if err != nil {
			return err
		}
		f := field{key: t.(string), place: p.place(p.start(t))}
		if seen[f.key] {
			return f.place.errorf(path, "key %q twice", f.key)
		}
		seen[f.key] = true
		if f.value, err = p.value(join(path, f.key), depth+1); err != nil {
			return err
		}
		n.fields = append(n.fields, f)
	}
	_, err := p.dec.Token()
	return err
}

// start is the offset at which the token just read begins. A string is followed back to its opening quote: the decoder
// tells only where a token ends.
func (p *jsonParser) start(t json.Token) int {
	end := int(p.dec.InputOffset())
	if _, ok := t.(string); ok {
		for i := end - 2; i >= 0; i-- {
			if p.data[i] != '"' {
				continue
			}
			escapes := 0
			for j := i - 1; j >= 0 && p.data[j] == '\\'; j-- {
				escapes++
			}
			if escapes%2 == 0 {
				return i
			}
		}
	}
	i := end - 1
	for i > 0 && !strings.ContainsRune(" \t\r\n,:[{", rune(p.data[i-1])) {
		i--
	}
	return i
}

// place counts lines from where it stopped before, so that a document is counted once.
func (p *jsonParser) place(offset int) place {
	offset = max(0, min(offset, len(p.data)))
	if offset < p.at {
		p.at, p.line, p.begin = 0, 0, 0
	}
	for ; p.at < offset; p.at++ {
		if p.data[p.at] == '\n' {
			p.line++
			p.begin = p.at + 1
		}
	}
	return place{line: p.line + 1, column: offset - p.begin + 1}
}
