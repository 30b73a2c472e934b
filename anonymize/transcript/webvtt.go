package transcript

import (
	"bytes"
	"html"
	"strings"
)

// WebVTT is the subtitle format of browsers, also written by recognizers. The voice <v Name> is the speaker; where no cue has a
// voice, a name with a colon before the text is one. Notes, styles and headers are searched.
const WebVTT Format = "webvtt"

func looksWebVTT(head []byte) bool { return bytes.HasPrefix(head, []byte("WEBVTT")) }

func webVTTParser() parser { return &cueParser{coding: cueCoding, voices: true, read: new(webVTT).cue} }

// A webVTT is how far a file was read.
type webVTT struct{ began bool }

// cue reads a block. The first is the header.
func (v *webVTT) cue(d *document, lines []stretch) (*cue, error) {
	if v.began {
		return d.webVTTCue(lines)
	}
	if !looksWebVTT(d.source[lines[0].start:]) {
		return nil, d.located(lines[0].start, "no WEBVTT")
	}
	v.began = true
	lines[0].start += len("WEBVTT")
	d.addLines(lines)
	return nil, nil
}

// webVTTCue reads a block, nil if it is none of the conversation.
func (d *document) webVTTCue(lines []stretch) (*cue, error) {
	for i, l := range lines[:min(len(lines), 2)] {
		if start, end, ok := cueTimes(d.source[l.start:l.end]); ok {
			d.addLines(lines[:i]) // the name of the cue
			return &cue{start, end, lines[i+1:]}, nil
		}
	}
	for _, name := range []string{"NOTE", "STYLE", "REGION"} {
		rest, found := bytes.CutPrefix(d.source[lines[0].start:lines[0].end], []byte(name))
		if found && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t') {
			lines[0].start += len(name)
			d.addLines(lines)
			return nil, nil
		}
	}
	return nil, d.located(lines[0].start, "neither a cue nor a note")
}

// addLines makes a field of lines that are no speech.
func (d *document) addLines(lines []stretch) {
	f := field{}
	for _, l := range lines {
		f.add(d.source, "\n", piece{start: l.start, end: l.end, coding: plainCoding})
	}
	if len(lines) > 0 {
		d.fields = append(d.fields, f)
	}
}

// voiced reads a cue in which tags say who talks.
func (w *cueWriter) voiced(c cue) {
	begun := false
	for _, l := range c.lines {
		w.line, w.fresh = l, true
		at := l.start
		for i := l.start; i < l.end; i++ {
			tag, name, size := voiceAt(w.d.source[i:l.end])
			if size == 0 {
				if size = markAt(w.d.source[i:l.end]); size == 0 {
					continue
				}
			}
			if at < i {
				w.begin(&begun, c)
				w.text(at, i)
			}
			if tag {
				w.speak(html.UnescapeString(string(w.d.source[i+name.start:i+name.end])),
					&piece{start: i + name.start, end: i + name.end, coding: w.coding}, c)
				begun = true
			}
			at = i + size
			i = at - 1
		}
		if at < l.end {
			w.begin(&begun, c)
			w.text(at, l.end)
		}
	}
}

// begin lets nobody speak where a cue has text before any voice.
func (w *cueWriter) begin(begun *bool, c cue) {
	if !*begun {
		w.speak("", nil, c)
		*begun = true
	}
}

// voiceAt reads «<v.loud Name>».
func voiceAt(s []byte) (ok bool, name stretch, size int) {
	if len(s) < 4 || s[0] != '<' || s[1] != 'v' || s[2] != ' ' && s[2] != '.' && s[2] != '\t' {
		return false, stretch{}, 0
	}
	end := bytes.IndexByte(s, '>')
	blank := bytes.IndexAny(s, " \t")
	if end < 0 || blank < 0 || blank > end {
		return false, stretch{}, 0
	}
	text := string(s[blank:end])
	from := blank + len(text) - len(strings.TrimLeft(text, " \t"))
	to := end - (len(text) - len(strings.TrimRight(text, " \t")))
	if from >= to {
		return false, stretch{}, 0
	}
	return true, stretch{from, to}, end + 1
}
