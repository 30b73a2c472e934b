package retention

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A DocumentError says where a policy or calendar document is wrong. Line and Column
// count from 1, in bytes; Offset from 0.
type DocumentError struct {
	Path         string // such as classes.transcript.duties[0].within; "" for the whole
	Offset       int
	Line, Column int
	Reason       string
}

// Error gives the place and the reason. It repeats keys of the document, never its values.
func (e *DocumentError) Error() string {
	s := fmt.Sprintf("retention: %d:%d: ", e.Line, e.Column)
	if e.Path != "" {
		s += e.Path + ": "
	}
	return s + e.Reason
}

// node is JSON with its places, so that every complaint can name one.
type node struct {
	kind   nodeKind
	source []byte
	offset int
	text   string // string, number
	truth  bool
	fields []field // object, in order
	items  []*node // array
}

type field struct {
	key    string
	offset int
	value  *node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

// Bounds of a document, so that a hostile one costs little.
const (
	maxDocument = 4 << 20
	maxDepth    = 32
)

// parseNode reads one JSON value, refusing duplicate keys, invalid UTF-8, and
// anything after the value.
func parseNode(data []byte) (*node, error) { return parseLimited(data, maxDocument) }

func parseLimited(data []byte, limit int) (*node, error) {
	root := &node{source: data}
	if len(data) > limit {
		return nil, root.errorf("", "longer than %d bytes", limit)
	}
	if !utf8.Valid(data) {
		return nil, root.errorf("", "not UTF-8")
	}
	p := nodeParser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err := p.value("", 0)
	if err == nil {
		root.offset = int(p.dec.InputOffset())
		if _, err = p.dec.Token(); err == io.EOF {
			return n, nil
		}
		if err == nil {
			return nil, root.errorf("", "something follows the document")
		}
	}
	if de := (*DocumentError)(nil); errors.As(err, &de) {
		return nil, err
	}
	root.offset = int(p.dec.InputOffset())
	if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
		root.offset = max(0, int(se.Offset)-1)
	}
	return nil, root.errorf("", "not JSON")
}

type nodeParser struct {
	data []byte
	dec  *json.Decoder
}

func (p *nodeParser) value(path string, depth int) (*node, error) {
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{source: p.data, offset: p.start(t)}
	if depth > maxDepth {
		return nil, n.errorf("", "nested deeper than %d", maxDepth)
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

func (p *nodeParser) array(n *node, path string, depth int) error {
	n.kind = arrayNode
	for p.dec.More() {
		v, err := p.value(path+"["+strconv.Itoa(len(n.items))+"]", depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	_, err := p.dec.Token()
	return err
}

func (p *nodeParser) object(n *node, path string, depth int) error {
	n.kind = objectNode
	seen := map[string]bool{}
	for p.dec.More() {
		t, err := p.dec.Token()
		if err != nil {
			return err
		}
		f := field{key: t.(string), offset: p.start(t)}
		if seen[f.key] {
			return (&node{source: p.data, offset: f.offset}).errorf(path, "key %q twice", f.key)
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

// start is the offset at which the token just read begins. A string is followed back
// to its opening quote: the decoder tells only where a token ends.
func (p *nodeParser) start(t json.Token) int {
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

func (n *node) errorf(path, format string, args ...any) error {
	before := n.source[:min(n.offset, len(n.source))]
	return &DocumentError{
		Path: path, Offset: n.offset,
		Line: bytes.Count(before, []byte("\n")) + 1, Column: len(before) - bytes.LastIndexByte(before, '\n'),
		Reason: fmt.Sprintf(format, args...),
	}
}

// nodeDecoder is what reads itself from a node.
type nodeDecoder interface {
	decodeNode(n *node, path string) error
}

// decode fills v, a pointer's target, from n. Every key must name a field's json tag.
func (n *node) decode(v reflect.Value, path string) error {
	if d, ok := v.Addr().Interface().(nodeDecoder); ok {
		return d.decodeNode(n, path)
	}
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			if n.kind != stringNode || t.UnmarshalText([]byte(n.text)) != nil {
				return n.errorf(path, "a time as in RFC 3339 is wanted")
			}
			return nil
		}
		return n.decodeStruct(v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return n.decode(v.Elem(), path)
	case reflect.Map:
		return n.decodeMap(v, path)
	case reflect.Slice:
		return n.decodeSlice(v, path)
	case reflect.String:
		if n.kind != stringNode {
			return n.errorf(path, "a string is wanted")
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != boolNode {
			return n.errorf(path, "true or false is wanted")
		}
		v.SetBool(n.truth)
	case reflect.Int:
		i, err := strconv.ParseInt(n.text, 10, 32)
		if n.kind != numberNode || err != nil {
			return n.errorf(path, "a whole number is wanted")
		}
		v.SetInt(i)
	}
	return nil
}

func (n *node) decodeStruct(v reflect.Value, path string) error {
	if n.kind != objectNode {
		return n.errorf(path, "an object is wanted")
	}
	for _, f := range n.fields {
		target, ok := fieldByTag(v, f.key)
		if !ok {
			return (&node{source: n.source, offset: f.offset}).errorf(path, "unknown key %q", f.key)
		}
		if err := f.value.decode(target, join(path, f.key)); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) decodeMap(v reflect.Value, path string) error {
	if n.kind != objectNode {
		return n.errorf(path, "an object is wanted")
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, f := range n.fields {
		item := reflect.New(v.Type().Elem()).Elem()
		if err := f.value.decode(item, join(path, f.key)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(f.key), item)
	}
	return nil
}

func (n *node) decodeSlice(v reflect.Value, path string) error {
	if n.kind != arrayNode {
		return n.errorf(path, "a list is wanted")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		if err := item.decode(v.Index(i), path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func fieldByTag(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
