package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The policies that the documentation shows compile, and their examples hold.
func TestDocs(t *testing.T) {
	for name, want := range map[string]string{
		"../../../docs/policy.md":                   "3 recognizers, 8 examples, 0 failures\n",
		"../../../docs/formats/anonymize-policy.md": "1 recognizers, 2 examples, 0 failures\n",
	} {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		_, rest, ok := strings.Cut(string(data), "```yaml\n")
		require.True(t, ok, name)
		text, _, _ := strings.Cut(rest, "```")
		policy := file(t, text)
		status, out, errs := call(t, "", "test", policy)
		assert.Equal(t, 0, status, errs)
		assert.Equal(t, want, out, name)
		assert.Contains(t, string(data), "vual-policy")
		_, out, _ = call(t, "", "lint", policy)
		assert.Empty(t, out, name)
	}
	data, err := os.ReadFile("../../../docs/policy.md")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(data), "```yaml\n")
	text, _, _ := strings.Cut(rest, "```")
	_, out, _ := call(t, "Где заказ ЗК-104512? Это Орлов Кирилл, 8 919 240-15-86.", "explain", "-policy", "preset:calls", "-policy", file(t, text))
	_, shown, _ := strings.Cut(string(data), "-policy preset:calls -policy shop.yaml\n")
	shown, _, _ = strings.Cut(shown, "…\n")
	assert.Contains(t, out, shown)
}
