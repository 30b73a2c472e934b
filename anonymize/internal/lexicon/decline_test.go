package lexicon_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// table reads a file of testdata: fields between tabs.
func table(t *testing.T, name string, fields int) [][]string {
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			row := strings.Split(line, "\t")
			require.Len(t, row, fields, line)
			rows = append(rows, row)
		}
	}
	require.NotEmpty(t, rows)
	return rows
}

func TestDecline(t *testing.T) {
	parts := map[string]lexicon.Class{"first": lexicon.FirstName, "patronymic": lexicon.Patronymic, "surname": lexicon.Surname}
	sexes := map[string]lexicon.Sex{"m": lexicon.Male, "f": lexicon.Female}
	forms := 0
	for _, row := range table(t, "decline.tsv", 8) {
		require.Contains(t, parts, row[0])
		require.Contains(t, sexes, row[1])
		for c := lexicon.Nominative; c <= lexicon.Prepositional; c++ {
			forms++
			assert.Equal(t, row[2+c], lexicon.Decline(row[2], parts[row[0]], sexes[row[1]], c), "%v case %d", row[:3], c)
		}
	}
	assert.Greater(t, forms, 1500)
}

func TestDeclineLeavesWhatItDoesNotKnow(t *testing.T) {
	for _, word := range []string{"", "-", "John", "А", "Иван-", "👤", "\xff"} {
		for c := lexicon.Nominative; c <= lexicon.Prepositional+3; c++ {
			assert.NotPanics(t, func() { lexicon.Decline(word, lexicon.Surname, lexicon.Male, c) }, word)
		}
		assert.Equal(t, word, lexicon.Decline(word, lexicon.FirstName, lexicon.Female, lexicon.Nominative))
	}
	assert.Equal(t, "John", lexicon.Decline("John", lexicon.FirstName, lexicon.Male, lexicon.Dative))
}

func TestFeminine(t *testing.T) {
	for masculine, feminine := range map[string]string{
		"Петров": "Петрова", "Соловьёв": "Соловьёва", "Пушкин": "Пушкина", "Синицын": "Синицына", "Достоевский": "Достоевская",
		"Толстой": "Толстая", "Белый": "Белая", "Зимний": "Зимняя", "Рыжий": "Рыжая", "Мельник": "Мельник", "Сорока": "Сорока",
		"Шевченко": "Шевченко", "Черных": "Черных", "Грин": "Грин", "Цой": "Цой", "ПЕТРОВ": "ПЕТРОВА",
		"Римский-Корсаков": "Римская-Корсакова", "Тер-Петросян": "Тер-Петросян", "Заяц": "Заяц",
	} {
		assert.Equal(t, feminine, lexicon.Feminine(masculine))
	}
}

func TestPatronymicOf(t *testing.T) {
	for _, row := range table(t, "patronymics.tsv", 3) {
		assert.Equal(t, row[1], lexicon.PatronymicOf(row[0], lexicon.Male))
		assert.Equal(t, row[2], lexicon.PatronymicOf(row[0], lexicon.Female))
	}
	assert.Empty(t, lexicon.PatronymicOf("John", lexicon.Male))
	assert.Empty(t, lexicon.PatronymicOf("", lexicon.Male))
}

func ExampleDecline() {
	print := func(s string) { os.Stdout.WriteString(s + "\n") }
	print(lexicon.Decline("Пётр", lexicon.FirstName, lexicon.Male, lexicon.Instrumental))
	print(lexicon.Decline("Ильич", lexicon.Patronymic, lexicon.Male, lexicon.Dative))
	print(lexicon.Decline("Римская-Корсакова", lexicon.Surname, lexicon.Female, lexicon.Accusative))
	print(lexicon.Decline("Коваль", lexicon.Surname, lexicon.Female, lexicon.Genitive))
	// Output:
	// Петром
	// Ильичу
	// Римскую-Корсакову
	// Коваль
}
