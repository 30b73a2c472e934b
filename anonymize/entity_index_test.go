package anonymize

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// TestIndexFindsSimilar holds that similar keys have a tag in common.
func TestIndexFindsSimilar(t *testing.T) {
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
		if !similar([]uint64{a}, []uint64{b}) {
			return
		}
		x := personIndex{heads: map[uint64]int32{}}
		x.enterNear(&person{at: 7}, nearFirstTag, a)
		x.collectNear(nearFirstTag, []uint64{b})
		require.Contains(t, x.found, int32(7), "%s %s", string(word), string(other))
	})
}

// TestIndexLeavesNobodyOut holds that what the index leaves out fits no mention.
func TestIndexLeavesNobodyOut(t *testing.T) {
	forms := []string{
		"%[1]s %[2]sов", "%[2]sов %[1]s", "%[1]s", "господин %[2]sов", "%[1]s Петрович", "Марина %[2]sова", "%[2]sов И. П.", "И. %[2]sов",
		"%[1]s С.", "муж %[1]s", "меня зовут %[1]s", "%[2]sович", "Jorg %[2]sov", "Igor", "фамилия %[2]sов", "%[1]s Игоревич",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := New(nil).Session(nil).p.get()
		p := &s.m.people
		name := rapid.SampledFrom([]string{"Игорь", "Олег", "Иван", "Егор", "Азамат", "Асамат", "Иванчик"})
		stem := rapid.SampledFrom([]string{"Кузнец", "Кузниц", "Петр", "Лос", "Лас", "Иван", "Баргор", "Баргир"})
		speaker := rapid.SampledFrom([]string{"agent", "client"})
		for range rapid.IntRange(indexFrom, 4*indexFrom).Draw(t, "turns") {
			text := fmt.Sprintf("Здравствуйте, "+rapid.SampledFrom(forms).Draw(t, "form")+".%.0[1]s%.0[2]s", name.Draw(t, "name"), stem.Draw(t, "stem"))
			turn := Turn{Speaker: speaker.Draw(t, "speaker"), Text: text}
			_, err := s.next(context.Background(), turn)
			require.NoError(t, err)
			for _, span := range s.scratch {
				if span.Kind != PERSON {
					continue
				}
				m := p.mentionOf(&s.t, turn, span)
				slot := p.slotOf(&m)
				may, all := p.mayBe(&m, slot), p.candidates()
				for _, q := range all {
					if p.weigh(q, &m, slot) > 0 {
						require.Contains(t, may, q, text)
					}
				}
			}
		}
	})
}
