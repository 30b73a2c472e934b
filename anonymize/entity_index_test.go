package anonymize

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// TestSimilarLooksQuickly holds that the quick looks pass over no similar keys.
func TestSimilarLooksQuickly(t *testing.T) {
	endings := []string{"", "а", "ов", "ова", "овым", "чик", "очка", "енька", "джан", "ич", "овича"}
	rapid.Check(t, func(t *rapid.T) {
		word := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("абинрс")), 2, 7, -1).Draw(t, "word"))
		other := append([]rune(nil), word...)
		at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		letter := rapid.RuneFrom([]rune("аинос")).Draw(t, "letter")
		switch rapid.IntRange(0, 3).Draw(t, "edit") {
		case 0:
			other[at] = letter
		case 1:
			other = append(other[:at], append([]rune{letter}, word[at:]...)...)
		case 2:
			other = append(other[:at], word[at+1:]...)
		}
		ending := rapid.SampledFrom(endings)
		a, b := lexicon.Key(string(word)+ending.Draw(t, "ending")), lexicon.Key(string(other)+ending.Draw(t, "other ending"))
		if rapid.Bool().Draw(t, "father") {
			a ^= fatherSalt
		}
		if rapid.Bool().Draw(t, "other father") {
			b ^= fatherSalt
		}
		if a>>60 <= 12 && b>>60 <= 12 {
			slow := isDiminutive(a, b) || oneVowelApart(a, b) || oneVowelApart(stemKey(a, ""), stemKey(b, ""))
			require.Equal(t, slow, isLike(a, b), "%s %s", string(word), string(other))
		}
		require.Equal(t, isSimilar(a, b), similar([]uint64{a}, []uint64{b}), "%s %s", string(word), string(other))
	})
}

// TestIndexLeavesNobodyOut holds that who is not in the index fits no mention, as random ones show: of a few keys, so that they
// meet.
func TestIndexLeavesNobodyOut(t *testing.T) {
	word := rapid.Custom(func(t *rapid.T) uint64 {
		return lexicon.Key(rapid.SampledFrom([]string{"Игорь", "Олег", "Азамат", "Асамат", "Кузнецов", "Кузницов", "Лосев", "Иванчик"}).Draw(t, "word"))
	})
	keys := rapid.SliceOfN(word, 0, 1)
	sound := rapid.SampledFrom([]uint64{0, 0, 0, 16, 32})
	random := rapid.Custom(func(t *rapid.T) mention {
		m := mention{
			first: keys.Draw(t, "first"), patr: keys.Draw(t, "patr"), sur: keys.Draw(t, "sur"), alone: keys.Draw(t, "alone"),
			sex: rapid.SampledFrom([]lexicon.Sex{lexicon.Male, lexicon.Both}).Draw(t, "sex"), parts: rapid.IntRange(1, 2).Draw(t, "parts"),
			speaker: rapid.SampledFrom([]string{"agent", "client"}).Draw(t, "speaker"),
			self:    rapid.IntRange(0, 9).Draw(t, "self") == 0, sure: uint8(rapid.IntRange(1, 2).Draw(t, "sure")),
			answer: rapid.IntRange(0, 9).Draw(t, "answer") == 0,
		}
		if rapid.IntRange(0, 4).Draw(t, "father") == 0 {
			m.father = word.Draw(t, "whose")
		}
		if rapid.IntRange(0, 2).Draw(t, "initials") == 0 {
			m.initials = keys.Draw(t, "letters")
		}
		for i := range m.heads {
			m.heads[i] = letters(rapid.IntRange(0, 2).Draw(t, "head"))
			m.sounds[i] = [2]uint64{sound.Draw(t, "Russian"), sound.Draw(t, "Latin")}
		}
		return m
	})
	rapid.Check(t, func(t *rapid.T) {
		p := &people{}
		for i := range 2 * indexFrom {
			m := random.Draw(t, "mention")
			m.turn = i
			slot := p.slotOf(&m)
			may := p.mayBe(&m, slot)
			for _, q := range p.candidates() {
				if p.weigh(q, &m, slot) > 0 {
					require.Contains(t, may, q)
				}
			}
			if q := p.personOf(&m); i%3 == 0 { // one mention for each would leave few persons
				p.persons = append(p.persons, &person{first: q.first, sur: m.alone, sex: q.sex, initials: m.initials, heads: m.heads})
			}
		}
	})
}
