package vocabulary_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
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
	const list = "понедельник понедельника понедельнику пятница пятницу пятницы пятнице суббота субботу субботы субботе среда среду четверг" // of the rules
	for _, word := range []string{"понедельник", "среду", "ЧЕТВЕРГ"} {
		if !vocabulary.IsIn(list, lexicon.Key(word)) {
			t.Errorf("%s is not found", word)
		}
	}
	for _, word := range []string{"понедельнике", "сре", "еду", ""} {
		if vocabulary.IsIn(list, lexicon.Key(word)) {
			t.Errorf("%s is found", word)
		}
	}
}

// A list with a bit to itself holds the words that have the bit, and no others.
func TestOwnBit(t *testing.T) {
	const list = "3 мой моя наш наша это" // of the rules
	words := vocabulary.Open()
	for word, in := range map[string]bool{"мой": true, "это": true, "НАШ": true, "меня": false, "теперь": false, "диван": false, "мо": false} {
		if _, lists, _ := words.Find(mph.Of(lexicon.Key(word))); lists&vocabulary.OwnBit(list) != 0 != in {
			t.Errorf("%s: %t, want %t", word, !in, in)
		}
	}
}
