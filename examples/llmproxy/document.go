package main

// A document is JSON in which some strings are still to be filled in.
type document struct {
	parts []part
}

// A part is bytes as they are, or a string that is filled in: a passage, or JSON inside a string.
type part struct {
	raw     []byte // of a passage: as it stood, for one in which nothing is masked
	passage int    // one more than its index, or 0
	inner   *document
}

func (d *document) raw(b []byte) {
	if len(b) > 0 {
		d.parts = append(d.parts, part{raw: b})
	}
}

func (d *document) passage(index int, raw []byte) {
	d.parts = append(d.parts, part{raw: raw, passage: index + 1})
}

func (d *document) nest(inner *document) { d.parts = append(d.parts, part{inner: inner}) }

// render appends the JSON with what the passages were masked to.
func (d *document) render(dst []byte, masked []maskedPassage) []byte {
	for _, p := range d.parts {
		switch {
		case p.passage > 0 && masked[p.passage-1].changed:
			dst = quote(dst, masked[p.passage-1].text)
		case p.inner != nil:
			dst = quote(dst, string(p.inner.render(nil, masked)))
		default:
			dst = append(dst, p.raw...)
		}
	}
	return dst
}
