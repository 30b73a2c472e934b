package vocabulary_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
	"github.com/syntora/vual/anonymize/internal/vocabulary/build"
)

// TestBlob fails when words.tsv was changed, or a rule names another word, and the table was not made anew.
func TestBlob(t *testing.T) {
	tsv, err := os.Open("words.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer tsv.Close()
	want, err := build.Blob(tsv, os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("words.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("words.bin is stale: run go generate ./anonymize/...")
	}
}

func TestLookup(t *testing.T) {
	tests := []struct {
		word  string
		class vocabulary.Class
		named bool
	}{
		{"фамилия", vocabulary.NearName, true},
		{"огрнип", vocabulary.CueWord, false},
		{"сокращенно", vocabulary.None, true}, // of a call
		{"торшер", vocabulary.None, true},     // of a list
		{"промокашка", vocabulary.None, false},
	}
	for _, test := range tests {
		if e := vocabulary.Lookup(lexicon.Key(test.word)); e.Class != test.class || e.Named != test.named {
			t.Errorf("%s: %+v, want class %d, named %t", test.word, e, test.class, test.named)
		}
	}
}

func TestIsIn(t *testing.T) {
	const list = "мой моя наш наша это" // of the rules
	for _, word := range []string{"мой", "это", "НАШ"} {
		if !vocabulary.IsIn(list, lexicon.Key(word)) {
			t.Errorf("%s is not found", word)
		}
	}
	for _, word := range []string{"твой", "мо", "йм", ""} {
		if vocabulary.IsIn(list, lexicon.Key(word)) {
			t.Errorf("%s is found", word)
		}
	}
}
