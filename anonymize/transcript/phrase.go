package transcript

import (
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

var milliWords = wordNames{"words", "text", "startTimeMs", "endTimeMs", (*node).milliseconds}

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
	for _, item := range list.items() {
		text := item.get(names.text)
		if !text.isString() {
			continue
		}
		text.claimed = true
		w := &word{from: item.start, to: item.end}
		w.start = names.time(item.get(names.start), d.source)
		if end := item.get(names.end); end != nil {
			w.end = names.time(end, d.source)
			w.stopAt, w.stopTo = end.start, end.end
		}
		p.add(d.source, " ", piece{start: text.start, end: text.end, coding: trimmedCoding, word: w})
	}
	if len(p.pieces) == 0 {
		return nil
	}
	return p
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
