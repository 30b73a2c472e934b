package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// An event is one of a stream of server-sent events (WHATWG HTML, section 9.2).
type event struct {
	name string // of the field event, "" if there is none
	data []byte // of the fields data, joined by line feeds
}

// maxEvent bounds an event in bytes.
const maxEvent = 1 << 20

var errEvent = errors.New("an event is too long")

// An eventReader reads events, however the bytes are cut on their way.
type eventReader struct {
	b  *bufio.Reader
	cr bool // the last line ended in a carriage return
}

func newEventReader(r io.Reader) *eventReader { return &eventReader{b: bufio.NewReaderSize(r, 16<<10)} }

// next gives the next event with data. Comments, which keep a connection open, and ids are passed over. An event that
// the stream ends in is not given, as the standard says; the error is then io.EOF.
func (r *eventReader) next() (event, error) {
	var e event
	some := false
	for {
		line, err := r.line(maxEvent - len(e.data))
		if err != nil {
			return event{}, err
		}
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch {
		case len(line) == 0 && some:
			return e, nil
		case len(line) == 0:
			e.name = ""
		case string(name) == "event":
			e.name = string(value)
		case string(name) == "data":
			if some {
				e.data = append(e.data, '\n')
			}
			e.data, some = append(e.data, value...), true
		}
	}
}

// line reads up to a line feed, a carriage return, or both. It does not wait to see whether a line feed follows a
// carriage return: that would hold an event back.
func (r *eventReader) line(limit int) ([]byte, error) {
	var line []byte
	for {
		b, err := r.b.ReadByte()
		if err != nil {
			return nil, err
		}
		if r.cr && b == '\n' {
			r.cr = false
			continue
		}
		r.cr = b == '\r'
		switch {
		case b == '\n' || b == '\r':
			return line, nil
		case len(line) >= limit:
			return nil, errEvent
		}
		line = append(line, b)
	}
}
