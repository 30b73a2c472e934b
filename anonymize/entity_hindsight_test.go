package anonymize

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func maskTurns(t *testing.T, s *Session, turns ...string) []string {
	var masked []string
	for _, turn := range turns {
		speaker, text, _ := strings.Cut(turn, ": ")
		m, err := s.Anonymize(context.Background(), Turn{speaker, text})
		require.NoError(t, err)
		masked = append(masked, m.Text)
	}
	return masked
}

// Two labels of one person: the name tells who bears the surname. The older label goes on, and both lead back to the whole name.
func TestLabelsMerge(t *testing.T) {
	s := New(nil).Session(nil)
	got := maskTurns(t, s,
		"client: Передайте Тарасу, что я жду.",
		"agent: А Лисовскому передать?",
		"client: Так Тарас Лисовский и есть тот, кого я жду.",
		"agent: Лисовскому скажу.",
	)
	require.Equal(t, []string{"Передайте Person A, что я жду.", "А Person B передать?", "Так Person A и есть тот, кого я жду.", "Person A скажу."}, got)
	require.Equal(t, map[string]string{"Person B": "Person A"}, s.Mapping().Merged())
	require.Empty(t, s.Mapping().Divided())
	r, err := s.Mapping().Restore("Звонок для Person B от Person A.", PERSON)
	require.NoError(t, err)
	require.Equal(t, "Звонок для Тараса Лисовского от Тараса Лисовского.", r.Text())
}

// One label of two people: «Грачёва» was taken for a case of «Грачёв». It is closed, and both get new ones.
func TestLabelDivides(t *testing.T) {
	s := New(nil).Session(nil)
	got := maskTurns(t, s,
		"agent: Здравствуйте.", "client: Добрый день.", "agent: Слушаю.",
		"client: Раньше занятия вёл Сычёв, а теперь Сычёва?",
		"agent: Вадим Сычёв уволился, ведёт Лидия Сычёва.",
		"client: Сычёвой нужен пропуск.",
	)
	require.Equal(t, []string{"Здравствуйте.", "Добрый день.", "Слушаю.", "Раньше занятия вёл Person A, а теперь Person A?", "Person B уволился, ведёт Person C.", "Person C нужен пропуск."}, got)
	require.Empty(t, s.Mapping().Merged())
	require.Equal(t, map[string][]string{"Person A": {"Person B", "Person C"}}, s.Mapping().Divided())
	r, err := s.Mapping().Restore("Person A, Person B", PERSON)
	require.NoError(t, err)
	require.Equal(t, "Person A, Вадим Сычёв", r.Text(), "nobody knows who is meant by a divided label")
	require.Equal(t, 1, r.Withheld())
}

// The label of somebody whom the caller named is never closed, nor does it go on under another name.
func TestEnrolledLabelStays(t *testing.T) {
	s := New(nil).Session(&SessionOptions{Participants: []Participant{{Agent, "Вадим Сычёв"}}})
	got := maskTurns(t, s, "client: Сычёв и Сычёва у вас?", "agent: Вадим Сычёв я, а Лидия Сычёва в отпуске.", "client: Тогда Сычёву.")
	require.Contains(t, got[1], "Agent A я")
	require.NotContains(t, s.Mapping().Divided(), "Agent A")
	require.Empty(t, s.Mapping().Merged())
}

// What became known of labels is sealed with them.
func TestHindsightIsSealed(t *testing.T) {
	ctx := context.Background()
	merge := []string{"client: Передайте Тарасу, что я жду.", "agent: А Лисовскому передать?", "client: Так Тарас Лисовский и есть тот, кого я жду."}
	divide := []string{"agent: Здравствуйте.", "client: Добрый день.", "agent: Слушаю.", "client: Раньше занятия вёл Сычёв, а теперь Сычёва?", "agent: Вадим Сычёв уволился, ведёт Лидия Сычёва."}
	for _, turns := range [][]string{merge, divide} {
		a := New(nil)
		s := a.Session(nil)
		maskTurns(t, s, turns...)
		box, err := s.SealState(ctx, plainSealer{}, nil)
		require.NoError(t, err)
		opened, err := a.OpenSession(ctx, plainSealer{}, nil, box)
		require.NoError(t, err)
		m, err := OpenMapping(ctx, plainSealer{}, nil, box)
		require.NoError(t, err)
		for _, m := range []*Mapping{opened.Mapping(), m} {
			require.Equal(t, s.Mapping().Merged(), m.Merged())
			require.Equal(t, s.Mapping().Divided(), m.Divided())
		}
	}
}

// A turn that fails leaves nothing of what it had shown, neither of persons nor of labels.
func TestHindsightRollsBack(t *testing.T) {
	for _, turns := range [][]string{
		{"client: Передайте Тарасу, что я жду.", "agent: А Лисовскому передать?", "client: Так Тарас Лисовский и есть тот, кого я жду.", "agent: Лисовскому скажу."},
		{"agent: Здравствуйте.", "client: Добрый день.", "agent: Слушаю.", "client: Раньше занятия вёл Сычёв, а теперь Сычёва?", "agent: Вадим Сычёв уволился, ведёт Лидия Сычёва.", "client: Сычёвой нужен пропуск.", "agent: Вадиму нет."},
	} {
		want := maskTurns(t, New(nil).Session(nil), turns...)
		fail := false
		s := New(&Options{Operators: map[Kind]Operator{PHONE: Tokenize(tokenizerFunc(func() (string, error) {
			if fail {
				return "", errors.New("no")
			}
			return "[PHONE:x]", nil
		}))}}).Session(nil)
		for i, turn := range turns {
			speaker, text, _ := strings.Cut(turn, ": ")
			fail = true
			merged, divided := fmt.Sprint(s.Mapping().Merged()), fmt.Sprint(s.Mapping().Divided())
			_, err := s.Anonymize(context.Background(), Turn{speaker, text + " Телефон 8 916 123-45-67."})
			require.Error(t, err)
			require.Equal(t, merged, fmt.Sprint(s.Mapping().Merged()))
			require.Equal(t, divided, fmt.Sprint(s.Mapping().Divided()))
			fail = false
			require.Equal(t, want[i], maskTurns(t, s, turn)[0])
		}
	}
}

// After a look back the persons before it are gone: a speaker who comes then is not held against them.
func TestSpeakerAfterHindsight(t *testing.T) {
	s := New(nil).Session(nil)
	maskTurns(t, s,
		"client: осипович", "client: викторовна", "agent: Зарина", "client: бадмаевич", "agent: Очирова,", "note: Даниил Злату", "client: бульбаш",
		"agent: Севара.", "client: PELAGEYA", "client: дарья или мгер", "client: николаичу", "agent: мехмет", "agent: вячеслав", "agent: Айдына",
		"Марина: григорян арам арам",
	)
	m, err := s.Anonymize(context.Background(), Turn{"Иван Петров", "слушаю"})
	require.NoError(t, err)
	require.Equal(t, "Person Q", m.Speaker)
}

// Hindsight has a bound: a session of many names costs no more a turn at its end than at its beginning.
func TestHindsightIsBounded(t *testing.T) {
	s := New(nil).Session(nil)
	for range 2 * maxHindsight {
		maskTurns(t, s, "client: Это Вадим Сычёв.")
	}
	require.LessOrEqual(t, len(s.p.get().m.people.past), maxHindsight)
}
