package transcript

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/syntora/vual/anonymize"
)

// A passage is one text and the pieces of the source in which it stands: a string, the lines of a cue, the words of
// a recognized phrase. The same words of a call stand in several passages.
type passage struct {
	said   []byte // the text
	pieces []piece
	words  bool // pieces are recognized words, divided by one space
}

// A piece is a stretch of the source that holds a part of a passage, in some encoding.
type piece struct {
	start, end int // of the source
	coding     coding
	from, to   int  // of the passage's text
	line       bool // a line of a cue as a whole, which must not become empty: an empty line ends the cue

	word *word // nil but for recognized words
}

// A word is what the source says of a piece beyond its text.
type word struct {
	start, end     time.Duration
	list           int // where the array begins that has it
	from, to       int // of the element in the source
	stopAt, stopTo int // of the literal that tells the end, both 0 if there is none
}

// A coding is how text is written in the source.
type coding struct {
	decode func(literal []byte) string
	encode func(literal []byte, s string) []byte
}

var (
	jsonCoding  = coding{decodeJSON, encodeJSON}
	plainCoding = coding{func(l []byte) string { return string(l) }, func(_ []byte, s string) []byte { return []byte(s) }}
)

func (p *passage) text() string { return string(p.said) }

// add puts a piece behind the separator.
func (p *passage) add(source []byte, separator string, q piece) {
	if len(p.pieces) > 0 {
		p.said = append(p.said, separator...)
	}
	q.from = len(p.said)
	p.said = append(p.said, q.coding.decode(source[q.start:q.end])...)
	q.to = len(p.said)
	p.pieces = append(p.pieces, q)
}

// An edit puts other bytes in the place of a stretch of the source.
type edit struct {
	start, end int
	with       []byte
}

// splice gives a part of the source with all edits made. One that lies in the stretch of another before it is void: what it was to change is gone.
func splice(source []byte, from, to int, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	out := make([]byte, 0, to-from)
	at := from
	for _, e := range edits {
		if e.start < at {
			continue
		}
		out = append(append(out, source[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, source[at:to]...)
}

// appendEdits puts the tokens of the spans into the source.
func (p *passage) appendEdits(dst []edit, source []byte, spans []anonymize.MaskedSpan) []edit {
	if len(spans) == 0 {
		return dst
	}
	if p.words {
		return p.appendWordEdits(dst, source, spans)
	}
	whole := p.text()
	for _, q := range p.pieces {
		spans = behind(spans, q.from)
		if text, changed := masked(whole, spans, q.from, q.to); changed {
			if text == "" && q.line {
				text = "…"
			}
			literal := source[q.start:q.end]
			dst = append(dst, edit{q.start, q.end, q.coding.encode(literal, text)})
		}
	}
	return dst
}

// behind gives the spans of which something stands behind a place.
func behind(spans []anonymize.MaskedSpan, at int) []anonymize.MaskedSpan {
	for len(spans) > 0 && spans[0].End <= at {
		spans = spans[1:]
	}
	return spans
}

// masked gives the stretch [from, to) of a text with tokens in the place of the spans. The token of a span that
// reaches over the stretch stands where the span begins.
func masked(text string, spans []anonymize.MaskedSpan, from, to int) (string, bool) {
	var b strings.Builder
	at, changed := from, false
	for _, s := range spans {
		if s.End <= from {
			continue
		}
		if s.Start >= to {
			break
		}
		changed = true
		if s.Start >= from {
			b.WriteString(text[at:s.Start])
			b.WriteString(s.Token)
		}
		at = min(s.End, to)
	}
	b.WriteString(text[at:to])
	return b.String(), changed
}

// appendWordEdits makes one word of all words that spans hold together. It has the masked text and ends with the
// last of them.
func (p *passage) appendWordEdits(dst []edit, source []byte, spans []anonymize.MaskedSpan) []edit {
	whole := p.text()
	for i := 0; i < len(p.pieces); i++ {
		first := p.pieces[i]
		spans = behind(spans, first.from)
		last := i + connected(p.pieces[i:], spans)
		text, changed := masked(whole, spans, first.from, p.pieces[last].to)
		if !changed {
			continue
		}
		dst = append(dst, edit{first.start, first.end, first.coding.encode(source[first.start:first.end], text)})
		if last > i {
			dst = p.appendMerge(dst, source, i, last)
		}
		i = last
	}
	return dst
}

// connected gives the last of the pieces that spans join to the first. Words of two arrays stay apart.
func connected(pieces []piece, spans []anonymize.MaskedSpan) int {
	last := 0
	for _, s := range spans {
		if s.End <= pieces[0].from {
			continue
		}
		if s.Start >= pieces[last].to {
			break
		}
		for last+1 < len(pieces) && pieces[last+1].from < s.End && pieces[last+1].word.list == pieces[0].word.list {
			last++
		}
	}
	return last
}

func (p *passage) appendMerge(dst []edit, source []byte, first, last int) []edit {
	from, to := p.pieces[first].word, p.pieces[last].word
	if from.stopTo > 0 && to.stopTo > 0 {
		dst = append(dst, edit{from.stopAt, from.stopTo, bytes.Clone(source[to.stopAt:to.stopTo])})
	}
	return append(dst, edit{from.to, to.to, nil})
}

// windows appends when the spans are said, by the words where they are known.
func (p *passage) windows(dst []Window, spans []anonymize.MaskedSpan) []Window {
	pieces := p.pieces
	for _, s := range spans {
		var said Window
		for len(pieces) > 0 && pieces[0].to <= s.Start {
			pieces = pieces[1:]
		}
		for _, q := range pieces {
			if q.from >= s.End {
				break
			}
			if q.word == nil {
				continue
			}
			if said.End == 0 {
				said.Start = q.word.start
			}
			said.End = max(said.End, q.word.end)
		}
		if said.Start < said.End {
			dst = append(dst, said)
		}
	}
	return dst
}
