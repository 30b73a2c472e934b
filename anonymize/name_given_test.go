package anonymize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// TestGivenTails fails when an ending was added and its last letters were not.
func TestGivenTails(t *testing.T) {
	for _, endings := range givenEndings {
		for _, ending := range strings.Fields(endings) {
			assert.True(t, hasGivenTail(lexicon.Key(ending)), ending)
		}
	}
}
