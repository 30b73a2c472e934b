package transcript

import (
	"bytes"
	"strings"
)

// WhatsApp is the text that the messenger exports: «19.11.2026, 09:42 - Имя: текст» or «[19.11.2026, 09:42:27] Имя: текст»,
// in the order of day and month of the phone that wrote it. Lines without a time go on with the message before. Times are
// not read, for nobody can tell 3/4 from 4/3.
const WhatsApp Format = "whatsapp"

func looksWhatsApp(head []byte) bool {
	r := lineReader{s: head}
	line, ok := r.next()
	return ok && stamp(string(head[line.start:line.end])) > 0
}

func readWhatsApp(source []byte) ([]*document, error) {
	d := newDocument(source)
	r := lineReader{s: source, at: len(source) - len(bytes.TrimPrefix(source, byteOrderMark))}
	var last *passage
	for {
		l, ok := r.next()
		if !ok {
			break
		}
		line := string(source[l.start:l.end])
		at := stamp(line)
		if at == 0 && last == nil {
			return nil, located(source, l.start, "no time before the first message")
		}
		if at > 0 {
			last = d.addWhatsApp(l.start, line, &at)
		}
		last.add(source, "\n", piece{start: l.start + at, end: l.end, coding: plainCoding})
	}
	return d.finish(nil, nil)
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

// stamp gives the length of the date and time before a message, 0 if there is none.
func stamp(line string) int {
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
