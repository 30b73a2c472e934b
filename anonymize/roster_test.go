package anonymize

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// contacts are a roster of names that are words, foreign, or in no list.
var contacts = []struct {
	name string
	sex  lexicon.Sex
}{
	{"Зяблик Пахом Ермолаевич", lexicon.Male}, {"Тревога Элла Юлиановна", lexicon.Female}, {"Бзоян Мигран Вардгесович", lexicon.Male},
	{"Охапкина Ираида Савельевна", lexicon.Female}, {"Тыщенко Флор Никанорович", lexicon.Male}, {"Мадьярова Айсылу Фанисовна", lexicon.Female},
	{"Кривошта Еремей Титович", lexicon.Male}, {"Жумабекова Алтынай Сапаровна", lexicon.Female}, {"Пыжик Демьян Лукич", lexicon.Male},
	{"Лисовец Домна Карповна", lexicon.Female}, {"Хубулов Аслан Хазбиевич", lexicon.Male}, {"Штольц Ядвига Эриховна", lexicon.Female},
}

// rosterSaid names somebody by F the first name, P the patronymic and S the surname, in the case at the beginning.
var rosterSaid = []struct {
	c    lexicon.Case
	text string
}{
	{lexicon.Nominative, "меня зовут F P"}, {lexicon.Nominative, "это S F, добрый день"}, {lexicon.Dative, "передайте S F счёт"},
	{lexicon.Accusative, "можно услышать F P"}, {lexicon.Instrumental, "я говорил с F P вчера"}, {lexicon.Genitive, "заявка от S F P"},
	{lexicon.Prepositional, "речь о F P из Тулы"}, {lexicon.Nominative, "F, добрый день!"}, {lexicon.Dative, "позвоните F завтра"},
	{lexicon.Nominative, "фамилия S, имя F"}, {lexicon.Nominative, "клиент S на линии"}, {lexicon.Dative, "F P отправили договор"},
}

// TestRosterCovers says the names of a roster of twelve in all forms, in each writing, and one letter wrong within a slot: at
// least 99 of 100 mentions are masked whole, and contacts who do not occur mask nothing.
func TestRosterCovers(t *testing.T) {
	var roster []Participant
	for _, c := range contacts {
		roster = append(roster, Participant{Customer, c.name})
	}
	a := New(nil)
	mask := func(text string) string {
		s := a.Session(&SessionOptions{Participants: roster})
		m, err := s.Anonymize(context.Background(), Turn{"agent", text})
		require.NoError(t, err)
		return m.Text
	}
	said, covered := 0, 0
	for _, c := range contacts {
		parts := strings.Fields(c.name)
		for _, form := range rosterSaid {
			words := map[string]string{}
			for i, class := range []lexicon.Class{lexicon.Surname, lexicon.FirstName, lexicon.Patronymic} {
				words["SFP"[i:i+1]] = lexicon.Decline(parts[i], class, c.sex, form.c)
			}
			for _, write := range []func(string) string{func(s string) string { return s }, strings.ToLower, strings.ToUpper} {
				text := write(strings.NewReplacer("F", words["F"], "P", words["P"], "S", words["S"]).Replace(form.text))
				masked := mask(text)
				for _, part := range []string{"F", "P", "S"} {
					if strings.Contains(form.text, part) {
						said++
						if strings.Contains(masked, write(words[part])) {
							t.Logf("not covered: %q: %q", text, masked)
						} else {
							covered++
						}
					}
				}
			}
		}
	}
	require.GreaterOrEqual(t, float64(covered)/float64(said), 0.99, "%d of %d", covered, said)
	for _, text := range []string{"Зябко у вас, тревожно как-то.", "объявили тревожный режим, охапка дров у дома", "пыж и лис, лисья шуба", "Счёт на тысячу отправлен во вторник."} {
		require.Equal(t, text, mask(text))
	}
}

// TestRosterMisspelt writes one letter of a name wrong where a name has to stand.
func TestRosterMisspelt(t *testing.T) {
	said, covered := 0, 0
	for _, c := range contacts {
		parts := strings.Fields(c.name)
		for _, form := range []string{"меня зовут ", "фамилия ", "это "} {
			word := strings.ToLower(parts[1])
			if form == "фамилия " {
				word = strings.ToLower(parts[0])
			}
			letters := []rune(word)
			if len(letters) < minSimilar {
				continue
			}
			for at := 1; at < len(letters)-1; at++ {
				wrong := append([]rune(nil), letters...)
				wrong[at] = 'о'
				if letters[at] == 'о' {
					wrong[at] = 'е'
				}
				s := New(nil).Session(&SessionOptions{Participants: []Participant{{Customer, c.name}}})
				m, err := s.Anonymize(context.Background(), Turn{"client", form + string(wrong)})
				require.NoError(t, err)
				said++
				if strings.Contains(m.Text, string(wrong)) {
					t.Logf("not covered: %q", form+string(wrong))
				} else {
					covered++
				}
			}
		}
	}
	require.GreaterOrEqual(t, float64(covered)/float64(said), 0.99, "%d of %d", covered, said)
}
