package transcript

import (
	"bytes"
	"html"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A cue is a block of a subtitle file: when something is said, and the lines of it.
type cue struct {
	start, end time.Duration
	lines      []stretch
}

// A stretch is bytes of the source.
type stretch struct{ start, end int }

// line gives the next line without its end.
func (w *window) line() (stretch, bool) {
	if w.ended() {
		return stretch{}, false
	}
	l := stretch{w.at, w.at}
	for {
		i := bytes.IndexAny(w.s[l.end:], "\r\n")
		if i >= 0 {
			l.end += i
			break
		}
		if l.end = len(w.s); !w.more() {
			break
		}
	}
	w.at = l.end
	if w.at < len(w.s) && w.s[w.at] == '\r' {
		if w.at++; w.has(1) && w.s[w.at] == '\n' {
			w.at++
		}
	} else if w.at < len(w.s) {
		w.at++
	}
	return l, true
}

// block gives the lines up to the next empty one, none at the end of the file.
func (w *window) block() []stretch {
	var lines []stretch
	for {
		l, ok := w.line()
		if !ok {
			return lines
		}
		if len(bytes.TrimSpace(w.s[l.start:l.end])) > 0 {
			lines = append(lines, l)
		} else if len(lines) > 0 {
			return lines
		}
	}
}

// cueTimes reads «00:00:01.400 --> 00:00:07.476 …», with a comma or a point.
func cueTimes(line []byte) (start, end time.Duration, ok bool) {
	from, to, found := bytes.Cut(line, []byte("-->"))
	if !found {
		return 0, 0, false
	}
	if words := bytes.Fields(to); len(words) > 0 {
		to = words[0]
	}
	start, ok = clock(string(bytes.TrimSpace(from)))
	if !ok {
		return 0, 0, false
	}
	end, ok = clock(string(bytes.TrimSpace(to)))
	return start, end, ok
}

// clock reads hours (which may be missing), minutes and seconds.
func clock(s string) (time.Duration, bool) {
	parts := strings.Split(strings.Replace(s, ",", ".", 1), ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var at time.Duration
	for _, part := range parts[:len(parts)-1] {
		n, ok := wholeNumber(part)
		if !ok {
			return 0, false
		}
		at = (at + time.Duration(n)) * 60
	}
	whole, fraction, _ := strings.Cut(parts[len(parts)-1], ".")
	n, ok := wholeNumber(whole)
	if !ok || len(fraction) > 3 {
		return 0, false
	}
	at = (at + time.Duration(n)) * time.Second
	if fraction != "" {
		n, ok := wholeNumber((fraction + "00")[:3])
		if !ok {
			return 0, false
		}
		at += time.Duration(n) * time.Millisecond
	}
	return at, true
}

func wholeNumber(s string) (n int, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != "" && len(s) <= 5
}

// cueCoding is text in which & and < are written as in HTML.
var cueCoding = coding{
	decode: func(literal []byte) string { return html.UnescapeString(string(literal)) },
	encode: escapeCue,
}

func escapeCue(_ []byte, s string) []byte {
	s = strings.ReplaceAll(s, "&", "&amp;")
	s = strings.ReplaceAll(s, "<", "&lt;")
	return []byte(strings.ReplaceAll(s, ">", "&gt;"))
}

// A cueParser reads a block of a subtitle file as a piece.
type cueParser struct {
	coding coding
	voices bool // tags may say who talks
	read   func(d *document, lines []stretch) (*cue, error)

	d        *document
	cues     []cue // of the part
	speakers speakers
	voiced   bool // some tag did
}

func (p *cueParser) piece(w *window) error {
	lines := w.block()
	if w.broken() != nil {
		return nil
	}
	if lines == nil {
		return io.EOF
	}
	if p.d == nil {
		p.d = &document{}
	}
	p.d.source, p.d.before = w.s, w.before
	c, err := p.read(p.d, lines)
	if err != nil || c == nil {
		return err
	}
	p.cues = append(p.cues, *c)
	p.speakers.count(w.s, c)
	for _, l := range c.lines {
		p.voiced = p.voiced || p.voices && bytes.Contains(w.s[l.start:l.end], []byte("<v"))
	}
	return nil
}

func (p *cueParser) document(source []byte, _ bool) (*document, error) {
	d, cues := p.d, p.cues
	if p.d, p.cues = nil, nil; d == nil {
		d = &document{}
	}
	d.source = source
	w := &cueWriter{d: d, coding: p.coding}
	for _, c := range cues {
		if p.voiced {
			w.voiced(c)
		} else {
			w.labelled(c, &p.speakers, w.untagged)
		}
	}
	return d, nil
}

// A cueWriter makes utterances of cues.
type cueWriter struct {
	d      *document
	coding coding
	last   *utterance
	ended  bool // the last utterance ended a sentence
	fresh  bool // the next piece begins a line
	line   stretch
}

// speak begins an utterance, or goes on with the last one if the same speaker still talks: a cue ends where the
// screen is full. Where nobody knows who talks, a sentence ends an utterance.
func (w *cueWriter) speak(speaker string, at *piece, c cue) {
	if w.last == nil || w.last.speaker != speaker || speaker == "" && w.ended {
		w.last = &utterance{speaker: speaker, start: c.start, texts: []*passage{{}}}
		w.d.utterances = append(w.d.utterances, w.last)
	}
	if at != nil {
		w.last.speakerAt = append(w.last.speakerAt, *at)
	}
	w.last.end = max(w.last.end, c.end)
	w.fresh = true
}

// text adds a stretch of the line that is read.
func (w *cueWriter) text(start, end int) {
	if start >= end {
		return
	}
	p := w.last.texts[0]
	separator := ""
	if w.fresh {
		separator = " "
	}
	w.fresh = false
	p.add(w.d.source, separator, piece{start: start, end: end, coding: w.coding, line: w.line == stretch{start, end}})
	r, _ := utf8.DecodeLastRune(bytes.TrimRight(p.said, " »\")"))
	w.ended = strings.ContainsRune(".?!…", r)
}

// speakerPrefix gives the speaker before the text of a line, «Менеджер: », «(speaker 0) », and where the text begins.
func speakerPrefix(line string) (name stretch, text int, ok bool) {
	if rest, found := strings.CutPrefix(line, "(speaker "); found {
		number, _, closed := strings.Cut(rest, ")")
		if closed && len(number) <= 2 {
			end := len("(speaker ") + len(number)
			return stretch{len("(speaker "), end}, end + 1 + blanks(line[end+1:]), true
		}
	}
	colon := strings.IndexByte(line, ':')
	if colon <= 0 || colon > maxSpeakerBytes || strings.Count(line[:colon], " ") > 3 {
		return stretch{}, 0, false
	}
	if first, _ := utf8.DecodeRuneInString(line); !unicode.IsLetter(first) && first != '+' {
		return stretch{}, 0, false
	}
	if colon+1 < len(line) && line[colon+1] != ' ' {
		return stretch{}, 0, false
	}
	return stretch{0, colon}, colon + 1 + blanks(line[colon+1:]), true
}

const maxSpeakerBytes = 80

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// speakers counts the names that stand before lines. A word with a colon is a speaker only if such words stand in at least
// half as many lines as there are cues, and it at least twice: in what was read so far.
type speakers struct {
	counts       map[string]int
	lines, total int // lines with such a word, and cues
}

// maxSpeakers bounds how many words may be counted.
const maxSpeakers = 1000

func (s *speakers) count(source []byte, c *cue) {
	if s.total++; s.counts == nil {
		s.counts = map[string]int{}
	}
	for _, l := range c.lines {
		line := string(source[l.start:l.end])
		name, _, ok := speakerPrefix(line)
		if !ok {
			continue
		}
		s.lines++
		word := line[name.start:name.end]
		if s.counts[word] > 0 || len(s.counts) < maxSpeakers {
			s.counts[word]++
		}
	}
}

func (s *speakers) has(word string) bool { return s.lines*2 >= s.total && s.counts[word] >= 2 }

// labelled reads the lines of a cue, of which some begin with a speaker.
func (w *cueWriter) labelled(c cue, speakers *speakers, read func(start, end int)) {
	for i, l := range c.lines {
		line := string(w.d.source[l.start:l.end])
		w.line = l
		name, text, ok := speakerPrefix(line)
		if ok = ok && speakers.has(line[name.start:name.end]); ok {
			w.speak(line[name.start:name.end], &piece{start: l.start + name.start, end: l.start + name.end, coding: w.coding}, c)
			l.start += text
		} else if i == 0 {
			w.speak("", nil, c)
		}
		w.fresh = true
		read(l.start, l.end)
	}
}
