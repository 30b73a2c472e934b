package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// A restorer leads the answer to one request back. It belongs to that request alone.
type restorer struct {
	mapping *anonymize.Mapping
	answer  anonymize.RestoreOptions // for texts
	tools   anonymize.RestoreOptions // for arguments of tool calls
	json    bool                     // the texts of the answer are JSON
	labels  int                      // in the mapping, about
	budget  int                      // labels that may still be looked at

	withheld, unknown int // labels that stayed
}

// restoreBudget bounds what an answer made of many small strings costs: each of them looks at all labels.
const restoreBudget = 20_000_000

// pieces restores one text that comes in pieces, or whole.
type pieces interface {
	feed(s string) string // what of it can be told now
	close() string        // the rest
}

// open begins a text of an answer, or arguments of a tool call.
func (r *restorer) open(ru rule) pieces {
	switch {
	case ru == embedded && len(r.tools.Kinds) > 0:
		return &jsonPieces{r: r, opts: r.tools}
	case ru == text && r.json && len(r.answer.Kinds) > 0:
		return &jsonPieces{r: r, opts: r.answer}
	case (ru == text || ru == prose) && len(r.answer.Kinds) > 0:
		if p := r.openText(&r.answer); p != nil {
			return p
		}
	}
	return asItIs{}
}

// whole restores a text that is there at once.
func (r *restorer) whole(ru rule, s string) string {
	p := r.open(ru)
	return p.feed(s) + p.close()
}

func (r *restorer) openText(opts *anonymize.RestoreOptions) *textPieces {
	if r.budget -= r.labels + 1; r.budget < 0 {
		return nil
	}
	p := &textPieces{r: r}
	w, err := r.mapping.RestoreWriter(&p.out, opts)
	if err != nil {
		return nil
	}
	p.w = w
	return p
}

// asItIs leaves labels where they are.
type asItIs struct{}

func (asItIs) feed(s string) string { return s }
func (asItIs) close() string        { return "" }

// textPieces restores prose. What may still become a label waits for the next piece.
type textPieces struct {
	r   *restorer
	w   *anonymize.RestoreWriter
	out bytes.Buffer
}

func (p *textPieces) feed(s string) string {
	_, _ = p.w.Write([]byte(s)) // a buffer takes all
	return p.take()
}

func (p *textPieces) close() string {
	_ = p.w.Close()
	p.r.withheld += p.w.Withheld()
	p.r.unknown += len(p.w.Unknown())
	return p.take()
}

func (p *textPieces) take() string {
	s := p.out.String()
	p.out.Reset()
	return s
}

// jsonPieces restores the values of JSON, each as a text of its own, and quotes them again. Keys stay. From the first
// byte that JSON does not have there, everything stays.
type jsonPieces struct {
	r      *restorer
	opts   anonymize.RestoreOptions
	open   []byte // the brackets that are open
	key    bool   // the next string is a key
	quoted bool   // inside a string
	value  pieces // of the string inside which we are, nil in a key
	escape []byte // an escape that has begun
	run    []byte // of the string, not yet given to value
	broken bool
	out    []byte
}

func (p *jsonPieces) feed(s string) string {
	for i := 0; i < len(s); i++ {
		switch {
		case p.broken:
			p.out = append(p.out, s[i])
		case p.quoted:
			p.inside(s[i])
		default:
			p.outside(s[i])
		}
	}
	p.pass()
	return p.take()
}

func (p *jsonPieces) close() string {
	p.endEscape()
	p.endValue()
	return p.take()
}

func (p *jsonPieces) take() string {
	s := string(p.out)
	p.out = p.out[:0]
	return s
}

func (p *jsonPieces) outside(b byte) {
	p.out = append(p.out, b)
	top := byte(0)
	if len(p.open) > 0 {
		top = p.open[len(p.open)-1]
	}
	switch b {
	case '"':
		p.quoted = true
		if !p.key {
			p.value = p.r.openValue(&p.opts)
		}
	case '{', '[':
		p.open = append(p.open, b)
		p.key = b == '{'
		p.broken = len(p.open) > maxDepth
	case '}', ']':
		if p.broken = top != b-2; !p.broken { // in ASCII a bracket closes two behind the one that opens
			p.open = p.open[:len(p.open)-1]
		}
	case ',':
		p.key = top == '{'
	case ':':
		p.key = false
	}
}

func (r *restorer) openValue(opts *anonymize.RestoreOptions) pieces {
	if p := r.openText(opts); p != nil {
		return p
	}
	return asItIs{}
}

func (p *jsonPieces) inside(b byte) {
	switch {
	case p.value == nil: // a key stays as it is
		p.out = append(p.out, b)
		switch {
		case len(p.escape) > 0:
			p.escape = p.escape[:0]
		case b == '\\':
			p.escape = append(p.escape, b)
		case b == '"':
			p.quoted = false
		}
	case len(p.escape) > 0:
		p.inEscape(b)
	case b == '\\':
		p.escape = append(p.escape, b)
	case b == '"':
		p.endValue()
		p.out = append(p.out, b)
		p.quoted = false
	default:
		p.run = append(p.run, b)
	}
}

// inEscape gathers an escape, of a character beyond the first plane both halves of it.
func (p *jsonPieces) inEscape(b byte) {
	if n := len(p.escape); n == 6 && b != '\\' || n == 7 && b != 'u' { // the first half stands alone
		rest := p.escape[6:]
		p.escape = p.escape[:6]
		p.endEscape()
		for _, b := range append(bytes.Clone(rest), b) {
			p.inside(b)
		}
		return
	}
	p.escape = append(p.escape, b)
	switch n := len(p.escape); {
	case n == 2 && b != 'u', n == 12, n == 6 && !isFirstHalf(p.escape):
		p.endEscape()
	}
}

// isFirstHalf reports whether \uD800 to \uDBFF was read, which the other half has to follow.
func isFirstHalf(escape []byte) bool {
	return (escape[2] == 'd' || escape[2] == 'D') && strings.IndexByte("89abAB", escape[3]) >= 0
}

// endEscape decodes what was gathered.
func (p *jsonPieces) endEscape() {
	if len(p.escape) == 0 || p.value == nil {
		return
	}
	var s string
	if err := json.Unmarshal([]byte(`"`+string(p.escape)+`"`), &s); err != nil {
		p.endValue()
		p.out = append(p.out, p.escape...)
		p.broken = true
	}
	p.run = append(p.run, s...)
	p.escape = p.escape[:0]
}

// pass gives the string so far to the restorer of its value.
func (p *jsonPieces) pass() {
	if p.value != nil && len(p.run) > 0 {
		p.out = appendEscaped(p.out, p.value.feed(string(p.run)))
		p.run = p.run[:0]
	}
}

func (p *jsonPieces) endValue() {
	p.pass()
	if p.value != nil {
		p.out = appendEscaped(p.out, p.value.close())
		p.value = nil
	}
}
