package anonymize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

func TestWordsOfRules(t *testing.T) {
	for _, list := range []wordList{smallEndings, easternSurnames, easternWords, easternSyllables, secondHalves, honorifics, particles, weakSlots, goods} {
		for _, word := range strings.Fields(string(list)) {
			assert.True(t, list.has(lexicon.Key(word)), word)
			assert.True(t, list.has(lexicon.Key(strings.ToUpper(word))), word)
		}
	}
	for _, word := range []string{"юст", "стра", "люст", "ю", "don", "", "люстра бра", "переосвидетельствование"} {
		assert.False(t, goods.has(lexicon.Key(word)), word)
	}
}
