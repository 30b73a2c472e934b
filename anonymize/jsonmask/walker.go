package jsonmask

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"

	"github.com/syntora/vual/anonymize"
)

// A walker reads JSON token by token and writes it again, masked.
type walker struct {
	m       *Masker
	ctx     context.Context
	session *anonymize.Session
	guard   guard
	dec     *json.Decoder
	open    []frame
	path    []string // the keys on the way to the value that is read
	levels  []level  // of each of them, and before them that of where the reading began
	out     []byte
}

// A frame is an object or an array that is not closed yet.
type frame struct {
	end   byte // what closes it
	n     int  // keys and values so far
	names bool // an object, which has a key in path while its value is read
}

func (m *Masker) walker(ctx context.Context, s *anonymize.Session, src io.Reader) *walker {
	if s == nil {
		s = m.Session()
	}
	w := &walker{m: m, ctx: ctx, session: s, guard: guard{r: src, limit: m.limit}, levels: []level{m.top()}}
	w.dec = json.NewDecoder(&w.guard)
	w.dec.UseNumber()
	return w
}

func (w *walker) depth() int { return len(w.open) }

// step copies one token. It gives io.EOF between two values only.
func (w *walker) step() error {
	tok, err := w.token()
	if err != nil {
		return err
	}
	if end, ok := tok.(json.Delim); ok && (end == '}' || end == ']') {
		w.out = append(w.out, byte(end))
		w.open = w.open[:len(w.open)-1]
		w.leave()
		return nil
	}
	if w.key() {
		return w.name(tok.(string)) // the decoder lets nothing but a string stand here
	}
	w.separate()
	switch v := tok.(type) {
	case json.Delim:
		return w.enter(v)
	case string:
		err = w.text(v)
	case json.Number:
		err = w.number(v.String())
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	default:
		w.out = append(w.out, "null"...)
	}
	w.leave()
	return err
}

func (w *walker) token() (json.Token, error) {
	tok, err := w.dec.Token()
	w.guard.read = 0
	switch {
	case err == nil || err == io.EOF && w.depth() == 0:
		return tok, err
	case w.guard.err != nil:
		return nil, w.guard.err
	}
	return nil, ErrSyntax // the decoder's own words may repeat a value
}

// key reports that the next string is a key.
func (w *walker) key() bool {
	n := len(w.open)
	return n > 0 && w.open[n-1].names && w.open[n-1].n%2 == 0
}

func (w *walker) name(key string) error {
	w.separate()
	w.path = append(w.path, key)
	w.levels = append(w.levels, w.m.below(w.level(), w.path))
	if w.level().kind != Keep && !isPlainKey(key) {
		masked, err := w.search("", key)
		if err != nil {
			return err
		}
		key = masked
	}
	w.out = append(appendString(w.out, key), ':')
	return nil
}

// separate puts the comma before a key or an element, and counts.
func (w *walker) separate() {
	if len(w.open) == 0 {
		return
	}
	f := &w.open[len(w.open)-1]
	if f.n > 0 && !(f.names && f.n%2 == 1) {
		w.out = append(w.out, ',')
	}
	f.n++
}

func (w *walker) level() level { return w.levels[len(w.levels)-1] }

func (w *walker) enter(d json.Delim) error {
	if len(w.open) == maxDepth {
		return ErrTooLong
	}
	w.out = append(w.out, byte(d))
	w.open = append(w.open, frame{end: byte(d) + 2, names: d == '{'})
	return nil
}

// leave takes the key of a value that ends from the path.
func (w *walker) leave() {
	if n := len(w.open); n > 0 && w.open[n-1].names {
		w.path = w.path[:len(w.path)-1]
		w.levels = w.levels[:len(w.levels)-1]
	}
}

func (w *walker) text(value string) error {
	masked, err := w.mask(value)
	w.out = appendString(w.out, masked)
	return err
}

// number lets a number pass as it was written, or puts a string in its place. A short one is searched only where its
// place tells what it is: whoever reads counts and states wants numbers.
func (w *walker) number(literal string) error {
	if l := w.level(); l.kind == Scan && len(literal) < shortestNumber {
		w.out = append(w.out, literal...)
		return nil
	}
	masked, err := w.mask(literal)
	if err != nil || masked == literal {
		w.out = append(w.out, literal...)
		return err
	}
	w.out = appendString(w.out, masked)
	return nil
}

// appendString writes a JSON string without escaping what only HTML asks for.
func appendString(dst []byte, s string) []byte {
	b := bytes.NewBuffer(dst)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
