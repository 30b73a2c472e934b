package transcript

// Vosk is what Vosk answers: one object for each phrase, with the words in result; or alternatives of that. Voice vectors (spk)
// are emptied, for a voice leads to a person.
const Vosk Format = "vosk"

func looksVosk(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.any("result.word", "alternatives.result.word", "partial_result.word") || found.all("alternatives.confidence", "alternatives.text") ||
		len(found) == 1 && found.any("text", "partial")
}

func readVosk(d *document, values []*node) error {
	for _, value := range flat(values) {
		var texts []*passage
		for _, a := range append(value.get("alternatives").items(), value) {
			texts = append(texts, d.phrase(a, voskWords)...)
		}
		if partial := value.get("partial"); partial.isString() {
			texts = append(texts, d.claim(partial))
		}
		if p := d.words(value.get("partial_result"), voskWords); p != nil {
			texts = append(texts, p)
		}
		start, end := spoken(texts)
		d.addPhrase("", start, end, texts)
		d.empty(value.get("spk"))
	}
	d.searchAll(values, func(string) bool { return false })
	return nil
}
