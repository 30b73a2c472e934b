package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// node is a YAML or JSON value with its places, so that every complaint can name one.
type node struct {
	kind   nodeKind
	place  place
	text   string // string, number
	truth  bool
	fields []field // object, in order
	items  []*node // array
}

type field struct {
	key   string
	place place
	value *node
}

type place struct {
	line, column int
	file         string // set by Load
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

const (
	maxDepth = 32      // of nested values
	maxNodes = 1 << 18 // in one document
)

func (p place) errorf(path, format string, args ...any) error {
	return &DocumentError{path, p.line, p.column, fmt.Sprintf(format, args...), p.file}
}

func (n *node) errorf(path, format string, args ...any) error {
	return n.place.errorf(path, format, args...)
}

// collect writes down the place of every value.
func (n *node) collect(places map[string]place, path string) {
	places[path] = n.place
	for _, f := range n.fields {
		f.value.collect(places, join(path, f.key))
	}
	for i, item := range n.items {
		item.collect(places, index(path, i))
	}
}

// nodeDecoder is what reads itself from a node.
type nodeDecoder interface {
	decodeNode(n *node, path string) error
}

// decodeInto fills what target points to.
func (n *node) decodeInto(target any, path string) error {
	return n.decode(reflect.ValueOf(target).Elem(), path)
}

// decode fills v, a pointer's target, from n. Every key must name a field's json tag.
func (n *node) decode(v reflect.Value, path string) error {
	if d, ok := v.Addr().Interface().(nodeDecoder); ok {
		return d.decodeNode(n, path)
	}
	switch v.Kind() {
	case reflect.Struct:
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
		if n.text == "" { // it would be taken for an absent one
			return n.errorf(path, "an empty string")
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
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.text, 64)
		if n.kind != numberNode || err != nil {
			return n.errorf(path, "a number is wanted")
		}
		v.SetFloat(f)
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
			return f.place.errorf(path, "unknown key %q", f.key)
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
		if err := item.decode(v.Index(i), index(path, i)); err != nil {
			return err
		}
	}
	return nil
}

func fieldByTag(v reflect.Value, key string) (reflect.Value, bool) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == key && name != "" {
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

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// parent is the path without its last step.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
