// Package policy reads retention policies that people write, as YAML or JSON.
//
// Start from [Load], which also knows the presets by name:
//
//	p, err := policy.Load([]string{"preset:ru152", "retention.yaml"}, nil)
//
// YAML is read as data and no more: anchors, aliases, merge keys, tags, several documents in a
// file, and keys that are not strings are refused, as are unknown and duplicate keys. Every error has the
// line and the column. docs/formats/retention-policy.md describes the keys;
// [Schema] is the JSON Schema for editors.
//
// It is a package of its own so that programs with policies in Go or JSON need no YAML module.
package policy

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/syntora/vual/retention"
)

//go:embed policy.schema.json
var schema string

// Schema is the JSON Schema (2020-12) of a policy document.
func Schema() string { return schema }

// maxSize bounds a policy file.
const maxSize = 1 << 20

// Load reads each of names, a file or preset:NAME, and merges them into one policy. Options may be nil.
func Load(names []string, opts *retention.Options) (*retention.Policy, error) {
	policies := make([]*retention.Policy, 0, len(names))
	for _, name := range names {
		p, err := load(name, opts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		policies = append(policies, p)
	}
	return retention.Merge(policies...)
}

func load(name string, opts *retention.Options) (*retention.Policy, error) {
	if preset, ok := strings.CutPrefix(name, "preset:"); ok {
		return retention.Preset(preset)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.New("policy: the file does not open")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, errors.New("policy: the file does not read")
	}
	doc, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return retention.New(doc, opts)
}

// Parse reads one document. Data whose first character is { is JSON, anything else
// YAML. Errors in the document are of type [*retention.DocumentError].
func Parse(data []byte) (retention.Document, error) {
	if len(data) > maxSize {
		return retention.Document{}, fmt.Errorf("policy: longer than %d bytes", maxSize)
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return retention.ParseDocument(data)
	}
	c, err := convert(data)
	if err != nil {
		return retention.Document{}, err
	}
	doc, err := retention.ParseDocument(c.json)
	if de := (*retention.DocumentError)(nil); errors.As(err, &de) {
		de.Line, de.Column = c.place(de.Offset)
	}
	return doc, err
}

// converter writes YAML as JSON and remembers where each piece came from, so that one
// strict reader serves both notations and still names the line.
type converter struct {
	json   []byte
	places []place // by offset
}

type place struct{ offset, line, column int }

func convert(data []byte) (*converter, error) {
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // the JSON reader names duplicates
	if err != nil {
		return nil, syntaxError(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, &retention.DocumentError{Line: 1, Column: 1, Reason: "one YAML document is wanted"}
	}
	c := &converter{}
	if err := c.node(file.Docs[0].Body, 0); err != nil {
		return nil, err
	}
	return c, nil
}

// syntaxError keeps the place of a parser's error and drops its text, which quotes the file.
func syntaxError(err error) error {
	out := &retention.DocumentError{Line: 1, Column: 1, Reason: "not YAML"}
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

func (c *converter) node(n ast.Node, depth int) error {
	if n == nil {
		return &retention.DocumentError{Line: 1, Column: 1, Reason: "an empty value"}
	}
	if depth > 32 {
		return refuse(n, "nested deeper than 32")
	}
	c.mark(n)
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(n.Values, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		return c.sequence(n, depth)
	case *ast.StringNode:
		return c.string(n.Value)
	case *ast.LiteralNode:
		return c.string(n.Value.Value)
	case *ast.BoolNode:
		c.json = strconv.AppendBool(c.json, n.Value)
	case *ast.NullNode:
		c.json = append(c.json, "null"...)
	case *ast.IntegerNode:
		// YAML has hexadecimal, octal and 1_000 too; a policy reads better without.
		text := n.GetToken().Value
		if !json.Valid([]byte(text)) {
			return refuse(n, "a whole decimal number is wanted")
		}
		c.json = append(c.json, text...)
	default:
		return refuse(n, "only mappings, lists, strings, whole numbers, true, false and null are read: no anchors, aliases, tags or merge keys")
	}
	return nil
}

func (c *converter) mapping(values []*ast.MappingValueNode, depth int) error {
	c.json = append(c.json, '{')
	for i, v := range values {
		if i > 0 {
			c.json = append(c.json, ',')
		}
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			return refuse(v.Key, "a key that is not a plain string")
		}
		c.mark(key)
		if err := c.string(key.Value); err != nil {
			return err
		}
		c.json = append(c.json, ':')
		if err := c.node(v.Value, depth+1); err != nil {
			return err
		}
	}
	c.json = append(c.json, '}')
	return nil
}

func (c *converter) sequence(n *ast.SequenceNode, depth int) error {
	c.json = append(c.json, '[')
	for i, v := range n.Values {
		if i > 0 {
			c.json = append(c.json, ',')
		}
		if err := c.node(v, depth+1); err != nil {
			return err
		}
	}
	c.json = append(c.json, ']')
	return nil
}

func (c *converter) string(s string) error {
	text, err := json.Marshal(s)
	c.json = append(c.json, text...)
	return err
}

func (c *converter) mark(n ast.Node) {
	line, column := position(n)
	c.places = append(c.places, place{len(c.json), line, column})
}

// place finds the last piece that begins at or before the offset.
func (c *converter) place(offset int) (line, column int) {
	i := sort.Search(len(c.places), func(i int) bool { return c.places[i].offset > offset })
	if i == 0 {
		return 1, 1
	}
	return c.places[i-1].line, c.places[i-1].column
}

func refuse(n ast.Node, reason string) error {
	line, column := position(n)
	return &retention.DocumentError{Line: line, Column: column, Reason: reason}
}

// position of a mapping is that of its first key: its own token is the colon.
func position(n ast.Node) (line, column int) {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 && !m.IsFlowStyle {
			return position(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return position(m.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line, t.Position.Column
	}
	return 1, 1
}
