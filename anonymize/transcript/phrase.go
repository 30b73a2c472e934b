package transcript

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// wordNames say how a recognizer calls the fields of its words.
type wordNames struct {
	words, text, start, end string
	time                    func(n *node, source []byte) time.Duration
}

var (
	milliWords   = wordNames{"words", "text", "startTimeMs", "endTimeMs", (*node).milliseconds}
	yandexWords  = wordNames{"words", "word", "startTime", "endTime", (*node).seconds}
	whisperWords = wordNames{"words", "word", "start", "end", (*node).seconds}
	voskWords    = wordNames{"result", "word", "start", "end", (*node).seconds}
	saluteWords  = wordNames{"word_alignments", "word", "start", "end", (*node).seconds}
)

// phrase gives the text of an alternative and its words, each a passage.
func (d *document) phrase(a *node, names wordNames) []*passage {
	var found []*passage
	text := a.get("text")
	if text.isString() {
		found = append(found, d.claim(text))
	}
	if p := d.words(a.get(names.words), names); p != nil {
		found = append(found, p)
	}
	return found
}

// words makes a passage of recognized words, in their order.
func (d *document) words(list *node, names wordNames) *passage {
	p := &passage{words: true}
	d.wordsInto(p, list, names)
	if len(p.pieces) == 0 {
		return nil
	}
	return p
}

func (d *document) wordsInto(p *passage, list *node, names wordNames) {
	for _, item := range list.items() {
		text := item.get(names.text)
		if text == nil {
			text = item.get("text") // as some programs around Whisper call it
		}
		if !text.isString() {
			continue
		}
		text.claimed = true
		w := &word{list: list.start, from: item.start, to: item.end}
		w.start = names.time(item.get(names.start), d.source)
		if end := item.get(names.end); end != nil {
			w.end = names.time(end, d.source)
			w.stopAt, w.stopTo = end.start, end.end
		}
		p.add(d.source, " ", piece{start: text.start, end: text.end, coding: trimmedCoding, word: w})
	}
}

// spoken gives the times of the first passage that has words.
func spoken(texts []*passage) (start, end time.Duration) {
	for _, p := range texts {
		if p.words {
			return p.pieces[0].word.start, p.pieces[len(p.pieces)-1].word.end
		}
	}
	return 0, 0
}

// byTime puts the utterances of channels that were recognized apart into one conversation.
func (d *document) byTime() {
	slices.SortStableFunc(d.utterances, func(a, b *utterance) int { return cmp.Compare(a.start, b.start) })
}

// addPhrase adds an utterance of the passages, if there are any.
func (d *document) addPhrase(speaker string, start, end time.Duration, texts []*passage) {
	if len(texts) > 0 {
		d.utterances = append(d.utterances, &utterance{speaker: speaker, start: start, end: end, texts: texts})
	}
}

// searchAll searches what nobody claimed.
func (d *document) searchAll(values []*node, technical func(name string) bool) {
	for _, n := range values {
		d.search(n, technical)
	}
}

// trimmedCoding is JSON whose spaces around a word belong to the list, not to the word: Whisper writes " word".
var trimmedCoding = coding{
	decode: func(literal []byte) string { return strings.Trim(decodeJSON(literal), " ") },
	encode: func(literal []byte, s string) []byte {
		old := decodeJSON(literal)
		before := len(old) - len(strings.TrimLeft(old, " "))
		return encodeJSON(literal, old[:before]+s)
	},
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
