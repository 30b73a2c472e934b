package transcript

import (
	"bytes"
	"mime"
	"net/url"
	"strings"
)

// headers are what a part says of itself.
type headers struct {
	mediaType string            // in lower case; text/plain if there is none
	params    map[string]string // of the media type
	encoding  string            // in lower case
	from      string            // who wrote it, in a message
	fromAt    []piece
}

// identity reports whether the body stands as it is.
func (h *headers) identity() bool {
	return h.encoding == "" || h.encoding == "7bit" || h.encoding == "8bit" || h.encoding == "binary"
}

// readHeaders reads the headers of a part and gives where its body begins.
func (d *document) readHeaders(from, to int) (*headers, int, error) {
	h := &headers{mediaType: "text/plain"}
	r := window{s: d.file[:to], at: from}
	l, ok := r.line()
	for ok && l.start < l.end {
		start, end := l.start, l.end
		for l, ok = r.line(); ok && l.start < l.end && (d.file[l.start] == ' ' || d.file[l.start] == '\t'); l, ok = r.line() {
			end = l.end
		}
		name, _, found := bytes.Cut(d.file[start:end], []byte(":"))
		if !found || !isHeaderName(bytes.TrimRight(name, " \t")) {
			return nil, 0, located(d.file, start, "not a header")
		}
		if err := d.addHeader(h, strings.ToLower(string(bytes.TrimRight(name, " \t"))), start+len(name)+1, end); err != nil {
			return nil, 0, err
		}
	}
	if !ok {
		return h, to, nil
	}
	return h, r.at, nil
}

func (d *document) addHeader(h *headers, name string, from, to int) error {
	switch name {
	case "content-type", "content-disposition":
		return d.addParameters(h, name, from, to)
	case "content-transfer-encoding":
		h.encoding = strings.ToLower(strings.TrimSpace(string(d.file[from:to])))
		return nil
	case "mime-version", "date":
		return nil
	case "from", "to", "cc", "bcc", "sender", "reply-to":
		return d.addAddresses(h, name, from, to)
	}
	s, err := d.addSegment(from, to, &headerCoding{})
	if err == nil {
		d.addStretch(s)
	}
	return err
}

// addAddresses reads «Имя <address>, …». The names are names, the rest is searched.
func (d *document) addAddresses(h *headers, header string, from, to int) error {
	s, err := d.addSegment(from, to, &headerCoding{})
	if err != nil {
		return err
	}
	at := s.start
	for _, address := range strings.SplitAfter(string(d.source[s.start:s.end]), ",") {
		name, rest, found := strings.Cut(address, "<")
		if found {
			start := at + len(name) - len(strings.TrimLeft(name, " \t\""))
			end := at + len(strings.TrimRight(name, " \t\""))
			if start < end {
				p := piece{start: start, end: end, coding: plainCoding}
				if h.from == "" && header == "from" {
					h.from, h.fromAt = string(d.source[start:end]), []piece{p}
				} else {
					name := &passage{}
					name.add(d.source, "", p)
					d.addName(name)
				}
			}
			at += len(name) + 1
			d.addStretch(stretch{at, at + len(rest)})
			at += len(rest)
		} else {
			d.addStretch(stretch{at, at + len(address)})
			at += len(address)
		}
	}
	return nil
}

// addParameters reads the media type. Names of files are searched; those that are cut into pieces are replaced.
func (d *document) addParameters(h *headers, header string, from, to int) error {
	value := string(d.file[from:to])
	if header == "content-type" {
		mediaType, params, err := mime.ParseMediaType(strings.NewReplacer("\r", " ", "\n", " ").Replace(value))
		if err != nil && mediaType == "" {
			return located(d.file, from, "not a media type")
		}
		h.mediaType, h.params = mediaType, params
	}
	for _, p := range parameters(value) {
		extended, found := strings.CutPrefix(strings.TrimPrefix(p.name, "file"), "name")
		if !found {
			continue
		}
		switch extended {
		case "":
			if err := d.addFileName(from+p.start, from+p.end, &headerCoding{}); err != nil {
				return err
			}
		case "*":
			if err := d.addFileName(from+p.start, from+p.end, &percentCoding{}); err != nil {
				return err
			}
		default:
			d.segments = append(d.segments, segment{from: from + p.start, to: from + p.end, drop: true, instead: "file"})
		}
	}
	return nil
}

func (d *document) addFileName(from, to int, c segmentCoding) error {
	s, err := d.addSegment(from, to, c)
	if err == nil {
		d.addStretch(s)
	}
	return err
}

// A parameter is one of a media type, its value without quotes.
type parameter struct {
	name       string
	start, end int
}

func parameters(value string) []parameter {
	var all []parameter
	at := strings.IndexByte(value, ';')
	for at >= 0 && at < len(value) {
		at++
		equals := strings.IndexByte(value[at:], '=')
		if equals < 0 {
			break
		}
		p := parameter{name: strings.ToLower(strings.TrimSpace(value[at : at+equals])), start: at + equals + 1}
		rest := value[p.start:]
		p.start += len(rest) - len(strings.TrimLeft(rest, " \t\r\n"))
		if p.start < len(value) && value[p.start] == '"' {
			p.start++
			p.end = p.start
			for p.end < len(value) && value[p.end] != '"' {
				if value[p.end] == '\\' {
					p.end++
				}
				p.end++
			}
			p.end = min(p.end, len(value))
			at = p.end
		} else {
			p.end = len(value)
			at = p.start
		}
		if semicolon := strings.IndexByte(value[at:], ';'); semicolon >= 0 {
			at += semicolon
			p.end = min(p.end, at)
		} else {
			at = -1
		}
		all = append(all, p)
	}
	return all
}

// percentCoding is utf-8”%D0%B4 of RFC 2231.
type percentCoding struct{ prefix string }

func (c *percentCoding) decode(raw []byte) ([]byte, bool) {
	charset, rest, found := strings.Cut(string(raw), "'")
	language, encoded, both := strings.Cut(rest, "'")
	if !found || !both {
		return nil, false
	}
	c.prefix = "utf-8'" + language + "'"
	bytes, err := url.PathUnescape(encoded)
	if err != nil {
		return nil, false
	}
	return decodeCharset(charset, []byte(bytes))
}

func (c *percentCoding) encode(text []byte) ([]byte, bool) {
	return []byte(c.prefix + url.PathEscape(string(text))), true
}

// headerCoding is a value with its lines unfolded and its words decoded (RFC 2047).
type headerCoding struct {
	charset string
	bare    bool // it has other letters than ASCII without any encoding
}

func (c *headerCoding) decode(raw []byte) ([]byte, bool) {
	c.charset, c.bare = "utf-8", !isASCII(raw)
	text, ok := decodeCharset("", raw)
	if !ok {
		return nil, false
	}
	if invalidAt(raw) >= 0 {
		c.charset = "windows-1251"
	}
	unfolded := strings.NewReplacer("\r\n", "", "\n", "", "\r", "").Replace(string(text))
	decoder := mime.WordDecoder{CharsetReader: charsetReader}
	decoded, err := decoder.DecodeHeader(unfolded)
	return []byte(decoded), err == nil && invalidAt([]byte(decoded)) < 0
}

// encode writes what is not ASCII as it came: bare, or as encoded words.
func (c *headerCoding) encode(text []byte) ([]byte, bool) {
	if isASCII(text) || c.bare {
		return encodeCharset(c.charset, text)
	}
	var out strings.Builder
	for rest := string(text); rest != ""; {
		plain := len(rest) - len(strings.TrimLeft(rest, structural))
		out.WriteString(rest[:plain])
		rest = rest[plain:]
		phrase := rest
		if end := strings.IndexAny(rest, structural); end >= 0 {
			phrase = rest[:end]
		}
		rest = rest[len(phrase):]
		out.WriteString(encodedWords(phrase))
	}
	return []byte(out.String()), true
}

// structural are the signs of an address list, between which its phrases are encoded.
const structural = `<>,;:"@()`

func encodedWords(phrase string) string {
	if isASCII([]byte(phrase)) {
		return phrase
	}
	text := strings.Trim(phrase, " ")
	before := len(phrase) - len(strings.TrimLeft(phrase, " "))
	after := phrase[before+len(text):]
	return phrase[:before] + strings.ReplaceAll(mime.BEncoding.Encode("utf-8", text), "?= =?", "?=\r\n =?") + after
}
