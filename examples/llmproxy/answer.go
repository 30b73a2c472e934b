package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// An answerWalker rewrites the texts of an answer, or of one event of it, and leaves all else as it is: what the table
// does not know keeps its labels.
type answerWalker struct {
	c      cursor
	out    []byte
	copied int
	place  []byte

	// rewrite gives what stands in the place of a text. The place is numbered as the provider numbers: by the index that
	// an element says, else by its position.
	rewrite func(place string, ru rule, s string) string
}

// rewriteAnswer rewrites JSON that checkJSON has accepted.
func rewriteAnswer(src []byte, tree *node, rewrite func(place string, ru rule, s string) string) ([]byte, error) {
	w := &answerWalker{c: cursor{src: src}, rewrite: rewrite, out: make([]byte, 0, len(src)+len(src)/8)}
	if err := w.value(tree); err != nil {
		return nil, err
	}
	return append(w.out, src[w.copied:]...), nil
}

func (w *answerWalker) value(n *node) error {
	kind := w.c.kind()
	switch {
	case kind == '"' && n.rule != none:
		w.text(n.rule)
	case kind == '{' && n.rule == embedded:
		w.object(n.rule)
	case kind == '{' && n.keys != nil:
		return w.c.object(func(key string, _, _ int) error {
			next, ok := n.keys[key]
			if !ok {
				w.c.skip()
				return nil
			}
			return w.at("."+key, func() error { return w.value(next) })
		})
	case kind == '[' && n.each != nil:
		return w.c.array(func(i int) error { return w.at(w.index(i), func() error { return w.value(n.each) }) })
	default:
		w.c.skip()
	}
	return nil
}

func (w *answerWalker) at(step string, f func() error) error {
	before := len(w.place)
	w.place = append(w.place, step...)
	err := f()
	w.place = w.place[:before]
	return err
}

func (w *answerWalker) index(i int) string {
	if said, ok := w.c.member("index"); ok {
		if n, err := strconv.Atoi(string(said)); err == nil && n >= 0 {
			i = n
		}
	}
	return "[" + strconv.Itoa(i) + "]"
}

func (w *answerWalker) text(ru rule) {
	from := w.c.at
	s := w.c.text()
	w.put(from, quote(nil, w.rewrite(w.name(), ru, s)))
}

// object rewrites arguments that are no string, as some providers send them.
func (w *answerWalker) object(ru rule) {
	from := w.c.at
	raw := w.c.skip()
	if s := w.rewrite(w.name(), ru, string(raw)); json.Valid([]byte(s)) {
		w.put(from, []byte(s))
	}
}

func (w *answerWalker) put(from int, b []byte) {
	w.out = append(w.out, w.c.src[w.copied:from]...)
	w.out = append(w.out, b...)
	w.copied = w.c.at
}

func (w *answerWalker) name() string { return string(bytes.TrimPrefix(w.place, []byte("."))) }

// withMember gives an object with another value of one of its keys. Without the key it is as it was.
func withMember(src []byte, key string, value []byte) []byte {
	c := cursor{src: src}
	from, to, ok := c.locate(key)
	if !ok {
		return src
	}
	return slices.Concat(src[:from], value, src[to:])
}
