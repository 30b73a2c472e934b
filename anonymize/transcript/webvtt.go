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

func readWebVTT(source []byte) ([]*document, error) {
	d := newDocument(source)
	r := lineReader{s: source, at: len(source) - len(bytes.TrimPrefix(source, byteOrderMark))}
	if !looksWebVTT(source[r.at:]) {
		return nil, located(source, 0, "no WEBVTT")
	}
	var cues []cue
	for first := true; ; first = false {
		lines := r.block()
		if lines == nil {
			break
		}
		if first {
			lines[0].start += len("WEBVTT")
			d.addLines(lines)
			continue
		}
		c, err := d.webVTTCue(lines)
		if err != nil {
			return nil, err
		}
		if c != nil {
			cues = append(cues, *c)
		}
	}
	w := &cueWriter{d: d, coding: cueCoding}
	speakers := speakersOf(source, cues)
	voices := hasVoices(source, cues)
	for _, c := range cues {
		if voices {
			w.voiced(c)
		} else {
			w.labelled(c, speakers, w.untagged)
		}
	}
	return []*document{d}, nil
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
	return nil, located(d.source, lines[0].start, "neither a cue nor a note")
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

func hasVoices(source []byte, cues []cue) bool {
	for _, c := range cues {
		for _, l := range c.lines {
			if bytes.Contains(source[l.start:l.end], []byte("<v")) {
				return true
			}
		}
	}
	return false
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
