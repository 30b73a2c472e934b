package anonymize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

func TestWordsOfRules(t *testing.T) {
	for _, list := range []wordList{heroes, writers, easternSurnames, easternWords, easternSyllables, secondHalves, honorifics, particles, weakSlots, goods} {
		for word := range strings.FieldsSeq(string(list)) {
			assert.True(t, list.has(lexicon.Key(word)), word)
			assert.True(t, list.has(lexicon.Key(strings.ToUpper(word))), word)
		}
	}
	const list = wordList("дон донор юг сад рассада")
	for _, word := range []string{"до", "он", "доно", "асса", "рассад", "югсад", "ю", "don", "", "дон донор", "переосвидетельствование"} {
		assert.False(t, list.has(lexicon.Key(word)), word)
	}
}
