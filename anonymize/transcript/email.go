package transcript

import (
	"bytes"
	"io"
	"strings"
)

// EMail is one message as it is sent (.eml): MIME parts, also nested messages, in quoted-printable, base64 or plain, as UTF-8,
// koi8-r, windows-1251 or another charset of this part of the world; one that is not known is an error. Headers, names of files, plain text and HTML are masked where they stand. The
// content of attachments that are no text is taken out, because nothing in it could be masked. A masked address in a
// header is a label and no address any more.
const EMail Format = "email"

var mailHeaders = []string{"from", "to", "subject", "date", "received", "return-path", "delivered-to", "mime-version", "message-id", "content-type",
	"x-originating-ip", "reply-to", "cc"}

// looksEMail wants two well-known headers before the first empty line.
func looksEMail(head []byte) bool {
	known := 0
	r := window{s: head}
	for {
		l, ok := r.line()
		line := head[l.start:l.end]
		if !ok || len(line) == 0 {
			return known >= 2
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, _, found := bytes.Cut(line, []byte(":"))
		if !found || !isHeaderName(name) {
			return false
		}
		for _, header := range mailHeaders {
			if strings.EqualFold(string(name), header) {
				known++
			}
		}
	}
}

func isHeaderName(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(name) > 0
}

// A mailParser reads a message as a whole: what its parts are, is told before and behind them.
type mailParser struct{}

func (mailParser) piece(w *window) error {
	for w.more() {
	}
	w.at = len(w.s)
	return io.EOF
}

func (mailParser) document(file []byte, _ bool) (*document, error) {
	d := &document{file: file}
	begin := len(file) - len(bytes.TrimPrefix(file, byteOrderMark))
	if err := d.addEntity(begin, len(file), nil, 0); err != nil {
		return nil, err
	}
	if len(d.segments) == 0 {
		return nil, errNoTurns
	}
	return d, nil
}

// maxParts bounds how deep parts and messages stand in each other.
const maxParts = 20

// addEntity reads headers and body of a part of the file. u is the message that it belongs to, nil for a message of its
// own.
func (d *document) addEntity(from, to int, u *utterance, depth int) error {
	if depth > maxParts {
		return located(d.file, from, "parts are nested too deeply")
	}
	h, body, err := d.readHeaders(from, to)
	if err != nil {
		return err
	}
	if u == nil {
		u = &utterance{speaker: h.from}
		u.speakerAt = h.fromAt
		d.utterances = append(d.utterances, u)
		defer d.closeMessage(u)
	}
	switch {
	case strings.HasPrefix(h.mediaType, "multipart/"):
		return d.addParts(h, body, to, u, depth)
	case h.mediaType == "message/rfc822" && h.identity():
		return d.addEntity(body, to, nil, depth+1)
	case strings.HasPrefix(h.mediaType, "text/"):
		return d.addBody(h, body, to, u)
	}
	return d.dropBody(body, to)
}

// closeMessage gives an utterance that has no text an empty one.
func (d *document) closeMessage(u *utterance) {
	if len(u.texts) == 0 {
		u.texts = []*passage{{}}
	}
}

// addParts reads what stands between the boundaries. What stands before and after them is text for nobody, and searched.
func (d *document) addParts(h *headers, from, to int, u *utterance, depth int) error {
	boundary := h.params["boundary"]
	if boundary == "" {
		return located(d.file, from, "a multipart without boundary")
	}
	part := -1 // where the open part begins
	before := from
	r := window{s: d.file[:to], at: from}
	for {
		l, ok := r.line()
		if !ok {
			break
		}
		rest, found := bytes.CutPrefix(d.file[l.start:l.end], []byte("--"+boundary))
		closing := bytes.HasPrefix(rest, []byte("--"))
		if rest = bytes.TrimSpace(rest); !found || len(rest) > 0 && !closing {
			continue
		}
		end := d.beforeBreak(l.start)
		if part >= 0 {
			if err := d.addEntity(part, max(part, end), u, depth+1); err != nil {
				return err
			}
		} else if err := d.addPlain(before, max(before, end)); err != nil {
			return err
		}
		part, before = r.at, r.at
		if closing {
			return d.addPlain(r.at, to)
		}
	}
	if part < 0 {
		return located(d.file, from, "the boundary is never there")
	}
	return d.addEntity(part, to, u, depth+1)
}

// beforeBreak steps over the line break that belongs to a boundary.
func (d *document) beforeBreak(at int) int {
	if at > 0 && d.file[at-1] == '\n' {
		at--
	}
	if at > 0 && d.file[at-1] == '\r' {
		at--
	}
	return at
}

// addPlain makes a field of text that belongs to no part.
func (d *document) addPlain(from, to int) error {
	s, err := d.addSegment(from, to, &bodyCoding{charset: ""})
	if err == nil && s.end > s.start {
		d.addStretch(s)
	}
	return err
}

func (d *document) addStretch(s stretch) {
	f := field{}
	f.add(d.source, "", piece{start: s.start, end: s.end, coding: plainCoding})
	if strings.TrimSpace(f.text()) != "" {
		d.fields = append(d.fields, f)
	}
}

// addBody reads a text. Of a message with plain text and HTML the first is shown, the other says the same.
func (d *document) addBody(h *headers, from, to int, u *utterance) error {
	s, err := d.addSegment(from, to, &bodyCoding{h.encoding, h.params["charset"]})
	if err != nil || s.start == s.end {
		return err
	}
	p := &passage{}
	if h.mediaType == "text/html" {
		d.addHTML(p, s)
	} else {
		p.add(d.source, "", piece{start: s.start, end: s.end, coding: plainCoding})
	}
	if len(p.pieces) > 0 {
		u.texts = append(u.texts, p)
	}
	return nil
}

// dropBody takes out a body that is no text.
func (d *document) dropBody(from, to int) error {
	d.segments = append(d.segments, segment{from: from, to: to, drop: true})
	return nil
}
