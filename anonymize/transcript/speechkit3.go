package transcript

import "strings"

// SpeechKit3 is what Yandex SpeechKit v3 answers: JSON objects one after the other, each bare or inside
// {"result": …}. Where the recognizer refined a phrase (numbers as digits, capitals) that is the text shown; the raw words
// and further alternatives are masked with it.
const SpeechKit3 Format = "speechkit-v3"

func looksSpeechKit3(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.any("audioCursors", "result.audioCursors", "sessionUuid", "result.sessionUuid",
		"final.alternatives", "result.final.alternatives", "partial.alternatives", "result.partial.alternatives")
}

func readSpeechKit3(d *document, values []*node) error {
	r := speechKit3{d: d, finals: map[phraseKey]*utterance{}, partials: map[string][]*passage{}}
	for _, event := range flat(values) {
		if inner := event.get("result"); inner != nil {
			event = inner
		}
		r.event(event)
	}
	r.leftovers()
	d.searchAll(values, isTechnicalSpeechKit)
	return nil
}

type speechKit3 struct {
	d        *document
	finals   map[phraseKey]*utterance
	partials map[string][]*passage // of each channel since its last phrase
}

// A phraseKey tells which phrase a refinement belongs to.
type phraseKey struct{ channel, index string }

func (r *speechKit3) event(event *node) {
	source := r.d.source
	channel := event.get("channelTag").scalar(source)
	if partial := event.get("partial"); partial != nil {
		for _, a := range partial.get("alternatives").items() {
			r.partials[channel] = append(r.partials[channel], r.d.phrase(a, milliWords)...)
		}
	}
	if final := event.get("final"); final != nil {
		u := &utterance{speaker: channelSpeaker(channel)}
		for i, a := range final.get("alternatives").items() {
			if i == 0 {
				u.start, u.end = a.get("startTimeMs").milliseconds(source), a.get("endTimeMs").milliseconds(source)
			}
			u.texts = append(u.texts, r.d.phrase(a, milliWords)...)
		}
		u.texts = append(u.texts, r.partials[channel]...)
		delete(r.partials, channel)
		if len(u.texts) > 0 {
			r.d.utterances = append(r.d.utterances, u)
			r.finals[phraseKey{channel, event.get("audioCursors", "finalIndex").scalar(source)}] = u
		}
	}
	if refined := event.get("finalRefinement"); refined != nil {
		u := r.finals[phraseKey{channel, refined.get("finalIndex").scalar(source)}]
		if u == nil {
			u = &utterance{speaker: channelSpeaker(channel)}
			r.d.utterances = append(r.d.utterances, u)
		}
		var texts []*passage
		for _, a := range refined.get("normalizedText", "alternatives").items() {
			texts = append(texts, r.d.phrase(a, milliWords)...)
		}
		u.texts = append(texts, u.texts...)
		if len(u.texts) == 0 {
			u.texts = []*passage{{}}
		}
	}
}

// leftovers are partial results that no phrase followed.
func (r *speechKit3) leftovers() {
	for _, channel := range sortedKeys(r.partials) {
		if texts := r.partials[channel]; len(texts) > 0 {
			r.d.utterances = append(r.d.utterances, &utterance{speaker: channelSpeaker(channel), texts: texts})
		}
	}
}

// channelSpeaker makes a speaker of the number of a channel: a number is the name of nobody.
func channelSpeaker(channel string) string {
	if len(channel) > 3 || strings.Trim(channel, "0123456789") != "" {
		return ""
	}
	return channel
}

func isTechnicalSpeechKit(name string) bool {
	return name == "uuid" || name == "channelTag" || name == "finalIndex" || name == "languageCode" || name == "codeType" ||
		name == "windowType" || strings.HasSuffix(name, "Ms")
}
