package transcript

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// A segment is a stretch of the file whose text was decoded into the source.
type segment struct {
	from, to   int // of the file
	start, end int // of the source
	coding     segmentCoding
	drop       bool // its text is not kept
	instead    string
}

// A segmentCoding is made for one segment. encode may use what decode saw.
type segmentCoding interface {
	decode(raw []byte) (text []byte, ok bool)
	encode(text []byte) (raw []byte, ok bool)
}

// addSegment decodes a stretch of the file and gives its place in the source.
func (d *document) addSegment(from, to int, c segmentCoding) (stretch, error) {
	text, ok := c.decode(d.file[from:to])
	if !ok {
		return stretch{}, located(d.file, from, "text in an encoding that is not known or broken")
	}
	s := segment{from: from, to: to, start: len(d.source), end: len(d.source) + len(text), coding: c}
	d.source = append(d.source, text...)
	d.segments = append(d.segments, s)
	return stretch{s.start, s.end}, nil
}

var errEncode = errors.New("a label cannot be written in the encoding of the file")

// writeSegments puts the segments that changed back into the file. All else stays byte for byte.
func (d *document) writeSegments(edits []edit) ([]byte, error) {
	segments := slices.Clone(d.segments)
	slices.SortStableFunc(segments, func(a, b segment) int { return a.from - b.from })
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, s := range segments {
		raw := d.file[s.from:s.to]
		if s.drop {
			raw = []byte(s.instead)
		} else if own := inside(edits, s); len(own) > 0 {
			var ok bool
			if raw, ok = s.coding.encode(splice(d.source, s.start, s.end, own)); !ok {
				return nil, errEncode
			}
		}
		out = append(append(out, d.file[at:s.from]...), raw...)
		at = s.to
	}
	return append(out, d.file[at:]...), nil
}

// inside gives the edits of a segment out of all in their order.
func inside(edits []edit, s segment) []edit {
	place := func(e edit, at int) int { return cmp.Compare(e.start, at) }
	from, _ := slices.BinarySearchFunc(edits, s.start, place)
	to, _ := slices.BinarySearchFunc(edits, s.end, place)
	return edits[from:to]
}

// A bodyCoding is the transfer encoding and the charset of a text.
type bodyCoding struct{ encoding, charset string }

func (c *bodyCoding) decode(raw []byte) ([]byte, bool) {
	var err error
	switch c.encoding {
	case "base64":
		raw, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw)))
	case "quoted-printable":
		raw, err = io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
	case "", "7bit", "8bit", "binary":
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	if strings.EqualFold(c.charset, "us-ascii") || c.charset == "" { // which many programs write whatever follows
		c.charset = "utf-8"
		if invalidAt(raw) >= 0 {
			c.charset = "windows-1251"
		}
	}
	return decodeCharset(c.charset, raw)
}

func (c *bodyCoding) encode(text []byte) ([]byte, bool) {
	raw, ok := encodeCharset(c.charset, text)
	if !ok {
		return nil, false
	}
	var out bytes.Buffer
	switch c.encoding {
	case "base64":
		encoded := base64.StdEncoding.EncodeToString(raw)
		for len(encoded) > lineLength {
			out.WriteString(encoded[:lineLength] + "\r\n")
			encoded = encoded[lineLength:]
		}
		out.WriteString(encoded)
		return out.Bytes(), true
	case "quoted-printable":
		w := quotedprintable.NewWriter(&out)
		_, err := w.Write(raw)
		closed := w.Close()
		return out.Bytes(), err == nil && closed == nil
	}
	return raw, true
}

// lineLength is that of base64 in mail (RFC 2045, section 6.8).
const lineLength = 76

// charsetByName knows what mail in Russian and English comes in. UTF-8 is nil.
func charsetByName(name string) (encoding.Encoding, bool) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return nil, true
	case "koi8-r", "koi8r":
		return charmap.KOI8R, true
	case "koi8-u":
		return charmap.KOI8U, true
	case "windows-1251", "cp1251", "cp-1251", "win-1251":
		return charmap.Windows1251, true
	case "windows-1252", "cp1252":
		return charmap.Windows1252, true
	case "iso-8859-1", "latin1":
		return charmap.ISO8859_1, true
	case "iso-8859-5":
		return charmap.ISO8859_5, true
	case "iso-8859-15":
		return charmap.ISO8859_15, true
	case "cp866", "ibm866", "cp-866":
		return charmap.CodePage866, true
	case "x-mac-cyrillic", "macintosh-cyrillic":
		return charmap.MacintoshCyrillic, true
	}
	return nil, false
}

// decodeCharset gives UTF-8. No name means UTF-8, or windows-1251 where that is not it.
func decodeCharset(name string, raw []byte) ([]byte, bool) {
	if name == "" {
		name = "utf-8"
		if invalidAt(raw) >= 0 {
			name = "windows-1251"
		}
	}
	e, ok := charsetByName(name)
	if !ok {
		return nil, false
	}
	if e == nil {
		return raw, invalidAt(raw) < 0
	}
	text, err := e.NewDecoder().Bytes(raw)
	return text, err == nil
}

func encodeCharset(name string, text []byte) ([]byte, bool) {
	e, ok := charsetByName(name)
	if !ok || e == nil {
		return text, ok
	}
	raw, err := e.NewEncoder().Bytes(text)
	return raw, err == nil
}

func charsetReader(charset string, input io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(input)
	if err != nil {
		return nil, err
	}
	text, ok := decodeCharset(charset, raw)
	if !ok {
		return nil, errEncode
	}
	return bytes.NewReader(text), nil
}
