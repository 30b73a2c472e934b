package transcript

import (
	"io"
	"strings"
)

// WhatsApp is the text that the messenger exports: «19.11.2026, 09:42 - Имя: текст» or «[19.11.2026, 09:42:27] Имя: текст»,
// in the order of day and month of the phone that wrote it. Lines without a time go on with the message before. Times are
// not read, for nobody can tell 3/4 from 4/3.
const WhatsApp Format = "whatsapp"

func looksWhatsApp(head []byte) bool {
	r := window{s: head}
	line, ok := r.line()
	return ok && stamp(string(head[line.start:line.end])) > 0
}

// A whatsAppParser reads a message as a piece: the line with the time and those that go on with it.
type whatsAppParser struct{ d *document }

func (p *whatsAppParser) piece(w *window) error {
	begin, ok := w.line()
	if !ok {
		return io.EOF
	}
	at := stamp(string(w.s[begin.start:begin.end]))
	if at == 0 {
		return w.located(begin.start, "no time before the first message")
	}
	lines := []stretch{begin}
	for !w.ended() && !w.stamped() {
		l, _ := w.line()
		lines = append(lines, l)
	}
	if w.broken() != nil {
		return nil
	}
	if p.d == nil {
		p.d = &document{}
	}
	p.d.source = w.s
	text := p.d.addWhatsApp(begin.start, string(w.s[begin.start:begin.end]), &at)
	lines[0].start += at
	for _, l := range lines {
		text.add(w.s, "\n", piece{start: l.start, end: l.end, coding: plainCoding})
	}
	return nil
}

// stamped reports whether a message begins. It wants no more of the file than tells.
func (w *window) stamped() bool {
	for n := 1; n <= longestStamp && w.has(n); n++ {
		if c := w.s[w.at+n-1]; c == '\r' || c == '\n' {
			return stamp(string(w.s[w.at:w.at+n-1])) > 0
		}
	}
	return stamp(string(w.s[w.at:min(w.at+longestStamp, len(w.s))])) > 0
}

func (p *whatsAppParser) document(source []byte, _ bool) (*document, error) {
	d := p.d
	if p.d = nil; d == nil {
		d = &document{}
	}
	d.source = source
	return d, nil
}

// addWhatsApp begins a message and moves at to its text. What nobody says (somebody joined the group) is a note.
func (d *document) addWhatsApp(start int, line string, at *int) *passage {
	u := &utterance{speaker: "note", texts: []*passage{{}}}
	if name, _, found := strings.Cut(line[*at:], ": "); found && len(name) <= maxSpeakerBytes {
		from := *at + len(name) - len(strings.TrimLeft(name, invisible+"~ "))
		to := *at + len(strings.TrimRight(name, invisible+" "))
		if from < to {
			u.speaker = line[from:to]
			u.speakerAt = []piece{{start: start + from, end: start + to, coding: plainCoding}}
			*at += len(name) + len(": ")
		}
	}
	d.utterances = append(d.utterances, u)
	return u.texts[0]
}

// invisible are the marks of writing direction and the narrow spaces that WhatsApp puts around names and times.
const invisible = "\u200e\u200f\u202a\u202b\u202c\u2068\u2069\u00a0\u202f"

// longestStamp bounds the date and time before a message.
const longestStamp = 80

// stamp gives the length of the date and time before a message, 0 if there is none.
func stamp(line string) int {
	line = line[:min(len(line), longestStamp)]
	rest := strings.TrimLeft(line, invisible)
	rest, bracket := strings.CutPrefix(rest, "[")
	var ok bool
	if rest, ok = cutNumbers(rest, "./-", 3); !ok {
		return 0
	}
	if rest, ok = strings.CutPrefix(rest, ", "); !ok {
		if rest, ok = strings.CutPrefix(rest, " "); !ok {
			return 0
		}
	}
	if rest, ok = cutNumbers(rest, ":", 2); !ok {
		return 0
	}
	half := strings.TrimLeft(rest, " \u00a0\u202f")
	for _, name := range [...]string{"AM", "PM", "am", "pm", "a.m.", "p.m."} {
		if after, found := strings.CutPrefix(half, name); found {
			rest = after
		}
	}
	ending := " - "
	if bracket {
		ending = "] "
	}
	if rest, ok = strings.CutPrefix(rest, ending); !ok {
		return 0
	}
	return len(line) - len(rest)
}

// cutNumbers takes at least so many short numbers with one of the signs between them off the start, at most three.
func cutNumbers(s, signs string, least int) (string, bool) {
	for n := 0; ; n++ {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if digits == 0 || digits > 4 {
			return s, false
		}
		s = s[digits:]
		if n == 2 || s == "" || strings.IndexByte(signs, s[0]) < 0 {
			return s, n+1 >= least
		}
		s = s[1:]
	}
}
