package transcript

import "strings"

// WhisperCpp is the JSON of whisper.cpp (-oj, -ojf). It may hold control characters and pieces of letters in the text of tokens,
// which are read; joined they have to be UTF-8. The numbers of tokens become 0, because they tell the text too.
const WhisperCpp Format = "whisper.cpp"

func looksWhisperCpp(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.all("systeminfo", "result") || found.all("transcription.timestamps", "transcription.text")
}

func whisperCppParser() parser {
	return &jsonParser{jsonShape: jsonShape{turns: []string{"transcription"}, lenient: true, read: readWhisperCpp}}
}

func readWhisperCpp(d *document, values []*node) error {
	w := &segmentWriter{d: d}
	for _, segment := range one(values).get("transcription").items() {
		speaker := segment.get("speaker")
		offsets := segment.get("offsets")
		w.segment(channelSpeaker(speaker.scalar(d.source)), offsets.get("from").milliseconds(d.source), offsets.get("to").milliseconds(d.source))
		if speaker.isString() {
			speaker.claimed = true
		}
		w.speech(segment.get("text"))
		w.tokens(segment.get("tokens"))
	}
	w.close()
	d.searchAll(values, isTechnicalWhisperCpp)
	return nil
}

// tokens adds the tokens of a segment: parts of words that bring their own spaces. Marks such as [_BEG_] are no text.
func (w *segmentWriter) tokens(list *node) {
	for _, item := range list.items() {
		if id := item.get("id"); id != nil {
			id.kids, id.claimed = nil, true
			w.d.edits = append(w.d.edits, edit{id.start, id.end, []byte("0")})
		}
		text := item.get("text")
		if !text.isString() {
			continue
		}
		if s := text.scalar(w.d.source); strings.HasPrefix(s, "[_") && strings.HasSuffix(s, "_]") || strings.HasPrefix(s, "[_TT_") {
			text.claimed = len(s) < longestMark
			continue
		}
		text.claimed = true
		to := item.get("offsets", "to")
		said := &word{
			start: item.get("offsets", "from").milliseconds(w.d.source), end: to.milliseconds(w.d.source),
			list: list.start, from: item.start, to: item.end,
		}
		if to != nil {
			said.stopAt, said.stopTo = to.start, to.end
		}
		w.words.add(w.d.source, "", piece{start: text.start, end: text.end, coding: jsonCoding, word: said})
	}
}

func isTechnicalWhisperCpp(name string) bool {
	return name == "from" || name == "to" || name == "language" || name == "type" || name == "speaker"
}
