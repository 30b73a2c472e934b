package transcript

import (
	"strings"
	"time"
)

// Whisper is the JSON of openai/whisper and of the programs around it (faster-whisper, WhisperX, whisper-timestamped): segments with
// words. A segment ends anywhere, so the segments of one speaker are one turn. The numbers of tokens are emptied: who has
// the vocabulary of the model reads the text in them.
const Whisper Format = "whisper"

func looksWhisper(head []byte) bool {
	return startsJSON(head) && keyPaths(head).any("segments.text", "segments.words")
}

func readWhisper(d *document, values []*node) error {
	root := one(values)
	w := &segmentWriter{d: d}
	for _, segment := range root.get("segments").items() {
		speaker := segment.get("speaker")
		w.segment(technicalSpeaker(speaker.scalar(d.source)), segment.get("start").seconds(d.source), segment.get("end").seconds(d.source))
		if speaker.isString() {
			w.names(speaker)
		}
		w.speech(segment.get("text"))
		d.empty(segment.get("tokens"))
		d.wordsInto(w.words, segment.get("words"), whisperWords)
		for _, word := range segment.get("words").items() {
			if speaker := word.get("speaker"); speaker.isString() {
				w.names(speaker)
			}
		}
	}
	w.close()
	if text := root.get("text"); text.isString() {
		d.addWhole(text)
	}
	for _, word := range root.get("word_segments").items() { // WhisperX lists all words once more
		if speaker := word.get("speaker"); speaker.isString() {
			w.names(speaker)
		}
	}
	if p := d.words(root.get("word_segments"), whisperWords); p != nil {
		d.retell(p)
	}
	if p := d.words(root.get("words"), whisperWords); p != nil {
		d.retell(p)
	}
	d.searchAll(values, func(name string) bool { return name == "language" })
	return nil
}

// addWhole adds the text of the whole recording. If one speaker said it all it is his, else it is told once more.
func (d *document) addWhole(text *node) {
	p := &passage{}
	text.claimed = true
	p.add(d.source, "", piece{start: text.start, end: text.end, coding: trimmedCoding})
	d.retell(p)
}

// retell adds a passage that says what several utterances say.
func (d *document) retell(p *passage) {
	if len(d.utterances) == 1 {
		d.utterances[0].texts = append(d.utterances[0].texts, p)
		return
	}
	d.fields = append(d.fields, field{passage: *p})
}

// A segmentWriter joins the segments of one speaker.
type segmentWriter struct {
	d     *document
	last  *utterance
	text  *passage
	words *passage
}

// segment begins a segment: of the last utterance, if its speaker still talks.
func (w *segmentWriter) segment(speaker string, start, end time.Duration) {
	if w.last == nil || w.last.speaker != speaker {
		w.close()
		w.last = &utterance{speaker: speaker, start: start}
		w.text, w.words = &passage{}, &passage{words: true}
	}
	w.last.end = max(w.last.end, end)
}

// names claims the name of a speaker: that of the last utterance, or a number that stays.
func (w *segmentWriter) names(speaker *node) {
	name := speaker.scalar(w.d.source)
	switch {
	case technicalSpeaker(name) != name:
		speaker.claimed = true
	case w.last != nil && w.last.speaker == name:
		w.last.speakerAt = append(w.last.speakerAt, w.d.claim(speaker).pieces...)
	default:
		w.d.addName(w.d.claim(speaker))
	}
}

func (w *segmentWriter) speech(text *node) {
	if text.isString() {
		text.claimed = true
		w.text.add(w.d.source, " ", piece{start: text.start, end: text.end, coding: trimmedCoding})
	}
}

func (w *segmentWriter) close() {
	if w.last == nil {
		return
	}
	for _, p := range []*passage{w.text, w.words} {
		if len(p.pieces) > 0 {
			w.last.texts = append(w.last.texts, p)
		}
	}
	if len(w.last.texts) > 0 {
		w.d.utterances = append(w.d.utterances, w.last)
	}
	w.last = nil
}

// technicalSpeaker makes a number of «SPEAKER_01», which is the name of nobody.
func technicalSpeaker(name string) string {
	number, found := strings.CutPrefix(strings.ToLower(name), "speaker")
	number = strings.TrimLeft(number, "_ -")
	if found && len(number) > 0 && len(number) <= 3 && strings.Trim(number, "0123456789") == "" {
		return number
	}
	return name
}
