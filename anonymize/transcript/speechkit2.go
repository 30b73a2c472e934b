package transcript

import "strings"

// SpeechKit2 is the answer of Yandex SpeechKit v2 to a long recording: an operation with chunks, each with alternatives
// and words.
const SpeechKit2 Format = "speechkit-v2"

func looksSpeechKit2(head []byte) bool {
	return startsJSON(head) && keyPaths(head).any("response.chunks.alternatives", "chunks.alternatives", "result.chunks.alternatives")
}

func readSpeechKit2(d *document, values []*node) error {
	root := one(values)
	chunks := root.get("chunks")
	for _, outer := range []string{"response", "result"} {
		if inner := root.get(outer, "chunks"); inner != nil {
			chunks = inner
		}
	}
	for _, chunk := range chunks.items() {
		var texts []*passage
		for _, a := range chunk.get("alternatives").items() {
			texts = append(texts, d.phrase(a, yandexWords)...)
		}
		start, end := spoken(texts)
		d.addPhrase(channelSpeaker(chunk.get("channelTag").scalar(d.source)), start, end, texts)
	}
	d.byTime()
	d.searchAll(values, isTechnicalSpeechKit2)
	return nil
}

func isTechnicalSpeechKit2(name string) bool {
	return name == "id" || name == "createdBy" || strings.HasSuffix(name, "At") || name == "channelTag" || name == "@type" ||
		strings.HasSuffix(name, "Time") || name == "languageCode"
}
