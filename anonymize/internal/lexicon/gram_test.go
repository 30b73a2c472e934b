package lexicon_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

func TestGramAgrees(t *testing.T) {
	gram := func(word string) lexicon.Gram {
		if e, ok := lexicon.Lookup(lexicon.Key(word)); ok {
			return e.Gram
		}
		e, _ := lexicon.EndingOf(lexicon.Key(word))
		return e.Gram
	}
	for _, tt := range []struct {
		a, b string
		sex  lexicon.Sex // of the readings that agree; 0: none do
	}{
		{"ивану", "петрову", lexicon.Male},
		{"марии", "петровой", lexicon.Female},
		{"иван", "петрова", 0},
		{"ивана", "петрова", lexicon.Male},
		{"саша", "петров", lexicon.Male},
		{"саша", "петрова", lexicon.Female},
		{"ольге", "мельник", lexicon.Female},
		{"олегу", "мельник", 0},
		{"саш", "петров", 0},
	} {
		assert.Equal(t, tt.sex, (gram(tt.a) & gram(tt.b)).Sex(), "%s %s", tt.a, tt.b)
	}
}

func TestGram(t *testing.T) {
	g := lexicon.GramOf(lexicon.Male, lexicon.Dative) | lexicon.GramOf(lexicon.Female, lexicon.Accusative)
	assert.Equal(t, lexicon.Both, g.Sex())
	assert.Equal(t, lexicon.GramOf(lexicon.Female, lexicon.Accusative), g.Of(lexicon.Female))
	assert.True(t, g.Has(lexicon.Dative))
	assert.False(t, g.Has(lexicon.Nominative))
	assert.False(t, g.Plural())
	assert.True(t, lexicon.PluralOf(lexicon.Genitive).Plural())
	assert.Zero(t, lexicon.PluralOf(lexicon.Genitive).Sex())
	assert.Equal(t, uint8(1<<6), lexicon.VocativeOf(lexicon.Both).Cases())
	assert.Equal(t, uint8(63), lexicon.UndeclinedOf(lexicon.Male).Cases())
}
