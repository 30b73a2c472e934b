package jsonmask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/syntora/vual/anonymize"
)

// A Masker masks JSON. It is immutable and safe for concurrent use.
type Masker struct {
	analyzer *anonymize.Analyzer
	fields   []fieldRule
	limit    int64
}

// Options of a Masker. Nil and the zero value are the defaults.
type Options struct {
	Analyzer  *anonymize.Analyzer // nil means anonymize.New(nil)
	Fields    []Field             // what the caller knows of places; the first that fits decides
	MaxString int                 // bytes of one string, key or number in the source; 0 means DefaultMaxString
}

// A Field says what stands at a place.
type Field struct {
	// Path is keys divided by full stops, «customer.phone». «*» is any one key, «**» any number of them, also none;
	// elements of an array have the path of the array.
	Path string
	// Kind is what the place holds: its value is masked as a whole. Keep lets it pass unseen, Scan searches it as text
	// whatever its key says.
	Kind anonymize.Kind
}

const (
	// Keep lets the values of a field, and all below it, pass as they are.
	Keep anonymize.Kind = "-"
	// Scan searches the values of a field without believing its key.
	Scan anonymize.Kind = ""
)

const (
	// DefaultMaxString is where Options.MaxString is zero.
	DefaultMaxString = 16 << 20
	// maxDepth bounds nesting: JSON of people has a dozen levels.
	maxDepth = 1000
)

var (
	// ErrSyntax means that the input is not JSON in UTF-8. What was written of it is masked and incomplete.
	ErrSyntax = errors.New("jsonmask: the input is not JSON in UTF-8")
	// ErrTooLong means that a string is longer than Options.MaxString, or nesting deeper than 1000.
	ErrTooLong = errors.New("jsonmask: a string is too long or nesting too deep")
)

// New returns a masker; nil means the defaults. It keeps the analyzer and copies all else.
func New(opts *Options) *Masker {
	if opts == nil {
		opts = &Options{}
	}
	m := &Masker{analyzer: opts.Analyzer, limit: int64(opts.MaxString)}
	if m.analyzer == nil {
		m.analyzer = anonymize.New(nil)
	}
	if m.limit <= 0 {
		m.limit = DefaultMaxString
	}
	for _, f := range opts.Fields {
		m.fields = append(m.fields, newFieldRule(f))
	}
	return m
}

// Mask copies JSON values from src to dst without their personal data, each followed by a line feed. Every top-level
// value is a conversation of its own: a line of JSON lines knows nothing of the others. Memory is bounded by the
// longest string and by the different personal values of one top-level value. On an error what was written is masked,
// and the last value of it may be incomplete.
func (m *Masker) Mask(ctx context.Context, dst io.Writer, src io.Reader) error {
	w := m.walker(ctx, nil, src)
	for {
		err := w.step()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if w.depth() == 0 {
			w.out = append(w.out, '\n')
			w.session = m.Session()
		}
		if w.depth() == 0 || len(w.out) >= flushBytes {
			if err := ctx.Err(); err != nil {
				return err
			}
			if _, err := dst.Write(w.out); err != nil {
				return fmt.Errorf("jsonmask: %w", err)
			}
			w.out = w.out[:0]
		}
	}
}

const flushBytes = 64 << 10

// Append appends one JSON value without its personal data to dst, as if it stood at the path, which may be empty. The
// tokens are those of the session, which goes on; nil begins one. On an error it returns nil: nothing half-masked leaves.
func (m *Masker) Append(ctx context.Context, s *anonymize.Session, dst, src []byte, path ...string) ([]byte, error) {
	w := m.walker(ctx, s, bytes.NewReader(src))
	w.out, w.path, w.levels = dst, path[:len(path):len(path)], []level{m.levelAt(path)}
	for first := true; first || w.depth() > 0; first = false {
		if err := w.step(); err == io.EOF {
			return nil, ErrSyntax
		} else if err != nil {
			return nil, err
		}
	}
	if _, err := w.token(); err != io.EOF {
		return nil, ErrSyntax
	}
	return w.out, nil
}

// Text masks one value as if it stood at the path. The tokens are those of the session; nil begins one.
func (m *Masker) Text(ctx context.Context, s *anonymize.Session, value string, path ...string) (string, error) {
	if s == nil {
		s = m.Session()
	}
	w := walker{m: m, ctx: ctx, session: s, path: path, levels: []level{m.levelAt(path)}}
	return w.mask(value)
}

// Key masks a key that is a value itself, such as a phone; one in plain ASCII words is given back as it is.
func (m *Masker) Key(ctx context.Context, s *anonymize.Session, key string) (string, error) {
	if isPlainKey(key) {
		return key, nil
	}
	return m.Text(ctx, s, key)
}

// Session begins a conversation to share between calls: the same value has the same token in all of them. It keeps no
// turns, see anonymize.SessionOptions.OneWay.
func (m *Masker) Session() *anonymize.Session {
	return m.analyzer.Session(&anonymize.SessionOptions{OneWay: true})
}
