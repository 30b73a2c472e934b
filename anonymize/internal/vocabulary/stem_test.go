package vocabulary_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
	"github.com/syntora/vual/anonymize/internal/vocabulary/build"
)

// TestStems fails when stems.tsv was changed and the table was not made anew.
func TestStems(t *testing.T) {
	tsv, err := os.Open("stems.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer tsv.Close()
	want, err := build.Stems(tsv)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("stems.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("stems.bin is stale: run go generate ./anonymize/...")
	}
}

func TestStemOf(t *testing.T) {
	tests := []struct {
		stem string
		is   vocabulary.Stem
	}{
		{"прихожа", vocabulary.Ware},
		{"линейк", vocabulary.Ware},
		{"роз", vocabulary.Kind},
		{"цемент", vocabulary.Mass},
		{"отел", vocabulary.House},
		{"магазин", vocabulary.House | vocabulary.Staffed},
		{"онегин", vocabulary.Hero},
		{"чехов", vocabulary.Writer | vocabulary.Second},
		{"винч", vocabulary.Second},
		{"леонард", 0}, // the first of a pair
		{"чеховы", 0},
		{"", 0},
	}
	for _, test := range tests {
		if is := vocabulary.StemOf(lexicon.Key(test.stem)); is != test.is {
			t.Errorf("%q: %b, want %b", test.stem, is, test.is)
		}
	}
	key := lexicon.Key
	if is := vocabulary.PairOf(key("леонард"), key("винч")); is != vocabulary.Famous {
		t.Errorf("%b, want a famous pair", is)
	}
	if is := vocabulary.PairOf(key("руслан"), key("людмил")); is != vocabulary.Couple {
		t.Errorf("%b, want a couple", is)
	}
	if is := vocabulary.PairOf(key("людмил"), key("руслан")); is != 0 {
		t.Errorf("%b, want no pair", is)
	}
}

func TestStemsRefused(t *testing.T) {
	for _, tsv := range []string{"ware\tстол стол", "ware\tстол\nhouse\tстол", "hero\tлев+толст", "famous\tлев", "famous\tлев+", "ware\tст0л", "chair\tстул"} {
		if _, err := build.Stems(strings.NewReader(tsv)); err == nil {
			t.Errorf("%q: no error", tsv)
		}
	}
}
