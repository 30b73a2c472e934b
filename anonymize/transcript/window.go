package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// A window is the part of a file that was read and not yet given out. One without a file is all there is.
type window struct {
	s  []byte
	at int // how far s was looked at

	file    io.Reader
	limit   int   // bytes of s, and one that tells that there are more
	raw     bool  // what is not UTF-8 passes
	held    int   // bytes behind s that are no whole rune yet
	behind  error // what follows s
	failure error // the same, once something wanted more than s
	before  place // of s in the file
}

// newWindow steps over a byte order mark.
func newWindow(file io.Reader, limit int, raw bool) *window {
	w := &window{file: file, limit: limit, raw: raw}
	if w.has(len(byteOrderMark)) && bytes.HasPrefix(w.s, byteOrderMark) {
		w.at = len(byteOrderMark)
	}
	return w
}

const (
	readSize   = 32 << 10
	emptyReads = 100 // after which a reader that gives neither bytes nor an error is given up
)

var errTooLarge = errors.New("more bytes than a conversation may have")

// more reads on. It reports false at the end of the file, at an error, at bytes that are not UTF-8 and at the limit. What was
// read before all of these is seen before they are, so that nothing depends on the pieces in which a file comes.
func (w *window) more() bool {
	if w.file == nil || w.failure != nil {
		return false
	}
	if w.behind == nil && len(w.s) > w.limit {
		w.behind = errTooLarge
	}
	read := len(w.s)
	for n := 0; w.behind == nil && len(w.s) == read; n++ {
		if w.read(); n == emptyReads {
			w.behind = fmt.Errorf("reading: %w", io.ErrNoProgress)
		}
	}
	if len(w.s) == read {
		w.failure = w.behind
	}
	return len(w.s) > read
}

func (w *window) read() {
	used := len(w.s) + w.held
	if cap(w.s)-used < readSize {
		w.s = append(make([]byte, 0, max(2*used, 2*readSize)), w.s[:used]...)[:len(w.s)]
	}
	n, err := w.file.Read(w.s[used:min(used+readSize, max(w.limit, used)+1, cap(w.s))])
	switch {
	case err == io.EOF:
		w.behind = io.EOF
	case err != nil:
		w.behind = fmt.Errorf("reading: %w", err)
	}
	w.take(w.s[len(w.s) : used+n])
}

// take adds what is UTF-8 of the bytes behind s, and holds back a rune that may become whole.
func (w *window) take(more []byte) {
	valid := len(more)
	if at := invalidAt(more); at >= 0 && !w.raw {
		valid = at
	}
	broken := more[valid:]
	w.s, w.held = w.s[:len(w.s)+valid], len(broken)
	if len(broken) > 0 && (utf8.FullRune(broken) || w.behind == io.EOF) {
		at := w.before.after(w.s)
		w.behind = &placeError{at.lines + 1, at.bytes + 1, "not UTF-8"}
	}
}

// ended reports whether nothing follows.
func (w *window) ended() bool { return w.at >= len(w.s) && !w.more() }

// has reports whether n bytes follow.
func (w *window) has(n int) bool {
	for len(w.s)-w.at < n {
		if !w.more() {
			return false
		}
	}
	return true
}

// broken gives why the end of s is not that of the file, nil if nothing wanted more.
func (w *window) broken() error {
	if w.failure == io.EOF {
		return nil
	}
	return w.failure
}

// cut gives out what was looked at. Of a small part the bytes are copied, of a large one what is left.
func (w *window) cut() []byte {
	part, rest := w.s[:w.at:w.at], w.s[w.at:]
	w.before = w.before.after(part)
	w.at = 0
	if len(part) > len(rest) {
		w.s = bytes.Clone(rest[:len(rest)+w.held])[:len(rest)]
		return part
	}
	w.s = rest
	return bytes.Clone(part)
}

// located names a byte of the window.
func (w *window) located(at int, what string) *placeError { return w.before.located(w.s, at, what) }

// A place is how much of a file stands before a byte: whole lines, and bytes of its own line.
type place struct{ lines, bytes int }

// after gives the place of what follows s.
func (p place) after(s []byte) place {
	if n := bytes.Count(s, []byte("\n")); n > 0 {
		return place{p.lines + n, len(s) - 1 - bytes.LastIndexByte(s, '\n')}
	}
	return place{p.lines, p.bytes + len(s)}
}

// located names a byte of s, which begins at the place.
func (p place) located(s []byte, at int, what string) *placeError {
	before := s[:min(at, len(s))]
	if at >= len(s) { // behind the last letter, not on the line that does not follow
		before = bytes.TrimRight(before, "\r\n")
	}
	p = p.after(before)
	return &placeError{p.lines + 1, p.bytes + 1, what}
}

// A placeError names a place by line and byte, both from 1. It must not repeat anything of the source.
type placeError struct {
	line, column int
	what         string
}

func (e *placeError) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s", e.line, e.column, e.what)
}

// invalidAt gives the place of the first byte that is not UTF-8, -1 if there is none.
func invalidAt(s []byte) int {
	if utf8.Valid(s) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}
