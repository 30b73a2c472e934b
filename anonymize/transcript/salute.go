package transcript

import "time"

// SaluteSpeech is what Sber's recognizer answers: objects, mostly in an array, with hypotheses that have both the
// words as they were said and the normalized text, which is the one shown.
const SaluteSpeech Format = "salutespeech"

func looksSaluteSpeech(head []byte) bool {
	return startsJSON(head) && keyPaths(head).any("results.normalized_text", "result.results.normalized_text", "results.word_alignments")
}

func readSaluteSpeech(d *document, values []*node) error {
	for _, value := range flat(values) {
		if inner := value.get("result"); inner != nil {
			value = inner
		}
		var texts []*passage
		var start, end time.Duration
		for i, h := range value.get("results").items() {
			if normalized := h.get("normalized_text"); normalized.isString() {
				texts = append(texts, d.claim(normalized))
			}
			texts = append(texts, d.phrase(h, saluteWords)...)
			if i == 0 {
				start, end = h.get("start").seconds(d.source), h.get("end").seconds(d.source)
			}
		}
		d.addPhrase(saluteSpeaker(value, d.source), start, end, texts)
	}
	d.byTime()
	d.searchAll(values, isTechnicalSalute)
	return nil
}

// saluteSpeaker is the number of the speaker if they were told apart, else of the channel.
func saluteSpeaker(value *node, source []byte) string {
	if id := value.get("speaker_info", "speaker_id"); id.integer(source) > 0 {
		return channelSpeaker(id.scalar(source))
	}
	return channelSpeaker(value.get("channel").scalar(source))
}

func isTechnicalSalute(name string) bool {
	switch name {
	case "start", "end", "processed_audio_start", "processed_audio_end", "eou_reason", "age", "gender", "model_name", "model_version",
		"server_version":
		return true
	}
	return false
}
