package lexicon_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

func TestKeyLayout(t *testing.T) {
	for _, tt := range []struct {
		word string
		key  uint64
	}{
		{"а", 1 << 60},
		{"я", 1<<60 | 31},
		{"Ия", 2<<60 | 8<<5 | 31},
		{"ёж", 2<<60 | 5<<5 | 6},
		{"ЕЖ", 2<<60 | 5<<5 | 6},
		{"z", 14<<60 | 26},
		{"Ab", 14<<60 | 1<<5 | 2},
		{"", 0}, {"иван1", 0}, {"иван-", 0}, {"ivaн", 0}, {"иваn", 0}, {"і", 0}, {"\xd0", 0}, {"é", 0}, {" ", 0},
	} {
		assert.Equal(t, tt.key, lexicon.Key(tt.word), "%q", tt.word)
	}
}

func TestKeyOfLongWordsKeepsTheEnding(t *testing.T) {
	a, b := lexicon.Key("константинопольский"), lexicon.Key("константиновский")
	assert.NotEqual(t, a, b)
	assert.Equal(t, lexicon.EndingKey(a, 4), lexicon.EndingKey(b, 4))
	assert.Equal(t, lexicon.EndingKey(lexicon.Key("ский"), 4), lexicon.EndingKey(a, 4))
}

// Every way to write a word gives its key, and different words differ.
func TestKeyFolds(t *testing.T) {
	word := rapid.StringMatching(`[а-яё]{1,30}|[a-z]{1,30}`)
	rapid.Check(t, func(t *rapid.T) {
		w, other := word.Draw(t, "word"), word.Draw(t, "other")
		key := lexicon.Key(w)
		if key == 0 || key != lexicon.Key(strings.ToUpper(w)) || key != lexicon.Key(strings.ReplaceAll(w, "ё", "е")) {
			t.Fatalf("%q has key %x", w, key)
		}
		same := strings.ReplaceAll(w, "ё", "е") == strings.ReplaceAll(other, "ё", "е")
		if (key == lexicon.Key(other)) != same {
			t.Fatalf("%q and %q", w, other)
		}
	})
}

func FuzzKey(f *testing.F) {
	for _, w := range []string{"иван", "Ёлка", "александровичем", "Elizabeth", "\xd0\xd0", "и\u0306", "ива́н", "о'нил", ""} {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, w string) {
		key := lexicon.Key(w)
		if key == 0 {
			return
		}
		if e, ok := lexicon.Lookup(key); ok {
			for i := range e.Readings() {
				e.Reading(i).Lemma.AppendFulls(nil)
				_ = e.Reading(i).Lemma.String()
			}
		}
		if e, ok := lexicon.EndingOf(key); ok {
			e.Base(w)
		}
		lexicon.IsOrdinary(key)
		lexicon.PossessiveOf(w)
	})
}

func FuzzLatinKeys(f *testing.F) {
	for _, w := range []string{"Yulia", "shch", "iiiiiiii", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "é", ""} {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, w string) {
		keys := lexicon.LatinKeys(nil, w)
		if len(keys) > lexicon.MaxLatinKeys {
			t.Fatalf("%d keys", len(keys))
		}
	})
}

func FuzzDecline(f *testing.F) {
	f.Add("Петров-Водкин", uint8(1))
	f.Add("-", uint8(5))
	f.Add("\xff-ий", uint8(2))
	f.Fuzz(func(t *testing.T, w string, c uint8) {
		for _, part := range []lexicon.Class{lexicon.FirstName, lexicon.Patronymic, lexicon.Surname} {
			lexicon.Decline(w, part, lexicon.Male, lexicon.Case(c))
			lexicon.Decline(w, part, lexicon.Female, lexicon.Case(c))
		}
		lexicon.Feminine(w)
		lexicon.PatronymicOf(w, lexicon.Female)
	})
}
