package policy

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseYAML reads one document as data and no more. The time that the parser needs grows with the square of the
// number of keys in one mapping and of open brackets, which is why YAML is bounded more narrowly than JSON.
func parseYAML(data []byte) (*node, error) {
	if err := checkOpen(data); err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // duplicates are named below
	if err != nil {
		return nil, syntaxError(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, place{line: 1, column: 1}.errorf("", "one YAML document is wanted")
	}
	y := yamlReader{}
	return y.node(file.Docs[0].Body, "", 0)
}

// maxOpen is how many brackets may stand open, those of patterns included.
const maxOpen = 256

func checkOpen(data []byte) error {
	open, line, begin := 0, 1, 0
	for i, c := range data {
		switch c {
		case '[', '{', '(':
			open++
		case ']', '}', ')':
			open = max(0, open-1)
		case '\n':
			line, begin = line+1, i+1
		}
		if open > maxOpen {
			return place{line: line, column: i - begin + 1}.errorf("", "more than %d brackets stand open", maxOpen)
		}
	}
	return nil
}

// syntaxError keeps the place of a parser's error and drops its text, which quotes the file.
func syntaxError(err error) error {
	out := &DocumentError{Line: 1, Column: 1, Reason: "not YAML"}
	if rest, ok := strings.CutPrefix(err.Error(), "["); ok {
		where, _, _ := strings.Cut(rest, "]")
		line, column, _ := strings.Cut(where, ":")
		if l, err := strconv.Atoi(line); err == nil {
			out.Line = l
		}
		if c, err := strconv.Atoi(column); err == nil {
			out.Column = c
		}
	}
	return out
}

type yamlReader struct{ nodes int }

func (y *yamlReader) node(a ast.Node, path string, depth int) (*node, error) {
	if a == nil {
		return nil, place{line: 1, column: 1}.errorf(path, "an empty value")
	}
	n := &node{place: position(a)}
	if depth > maxDepth {
		return nil, n.errorf("", "nested deeper than %d", maxDepth)
	}
	if y.nodes++; y.nodes > maxNodes {
		return nil, n.errorf("", "more than %d values", maxNodes)
	}
	switch a := a.(type) {
	case *ast.MappingNode:
		return n, y.mapping(n, a.Values, path, depth)
	case *ast.MappingValueNode:
		return n, y.mapping(n, []*ast.MappingValueNode{a}, path, depth)
	case *ast.SequenceNode:
		return n, y.sequence(n, a, path, depth)
	case *ast.StringNode:
		n.kind, n.text = stringNode, a.Value
	case *ast.LiteralNode:
		n.kind, n.text = stringNode, a.Value.Value
	case *ast.BoolNode:
		n.kind, n.truth = boolNode, a.Value
	case *ast.NullNode:
	case *ast.IntegerNode:
		return n, n.number(a.GetToken().Value)
	case *ast.FloatNode:
		return n, n.number(a.GetToken().Value)
	default:
		return nil, n.errorf("", "only mappings, lists, strings, numbers, true, false and null are read: no anchors, aliases, tags or merge keys")
	}
	return n, nil
}

// number takes what JSON calls one. YAML has hexadecimal, octal, 1_000 and .5 too; a policy reads better without.
func (n *node) number(text string) error {
	if !json.Valid([]byte(text)) {
		return n.errorf("", "a plain decimal number is wanted")
	}
	n.kind, n.text = numberNode, text
	return nil
}

func (y *yamlReader) mapping(n *node, values []*ast.MappingValueNode, path string, depth int) error {
	n.kind = objectNode
	seen := map[string]bool{}
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			return position(v.Key).errorf("", "a key that is not a plain string")
		}
		f := field{key: key.Value, place: position(key)}
		if seen[f.key] {
			return f.place.errorf(path, "key %q twice", f.key)
		}
		seen[f.key] = true
		var err error
		if f.value, err = y.node(v.Value, join(path, f.key), depth+1); err != nil {
			return err
		}
		n.fields = append(n.fields, f)
	}
	return nil
}

func (y *yamlReader) sequence(n *node, a *ast.SequenceNode, path string, depth int) error {
	n.kind = arrayNode
	for i, v := range a.Values {
		item, err := y.node(v, index(path, i), depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	return nil
}

// position of a mapping is that of its first key: its own token is the colon.
func position(a ast.Node) place {
	switch m := a.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			return position(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return position(m.Key)
	}
	if t := a.GetToken(); t != nil && t.Position != nil {
		return place{line: t.Position.Line, column: t.Position.Column}
	}
	return place{line: 1, column: 1}
}
