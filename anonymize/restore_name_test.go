package anonymize

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// said is a text that names somebody in each case; the label stands in the same cases.
var said = [...]string{
	lexicon.Nominative:    "Меня зовут %, добрый день.",
	lexicon.Genitive:      "Заявка от клиента %, срочно.",
	lexicon.Dative:        "Передайте клиенту % документы.",
	lexicon.Accusative:    "Запишите клиента % на среду.",
	lexicon.Instrumental:  "Я говорил с клиентом % вчера.",
	lexicon.Prepositional: "Речь идёт о клиенте % из Тулы.",
}

var answered = [...]string{
	lexicon.Nominative:    "Клиент А доволен.",
	lexicon.Genitive:      "У Клиента А вопрос.",
	lexicon.Dative:        "Позвоните Клиенту А.",
	lexicon.Accusative:    "Речь про Клиента А.",
	lexicon.Instrumental:  "Говорили с Клиентом А.",
	lexicon.Prepositional: "Узнайте о Клиенте А.",
}

// TestRestoredCases says 28 names in each of the six cases and asks them back in each: 1,008 sentences.
func TestRestoredCases(t *testing.T) {
	men := "Игорь Петрович Лихачёв, Павел Сергеевич Белов, Лев Ильич Никольский, Никита Андреевич Шевченко, Пётр Кузьмич Мельник, Илья Олегович Коваль, Андрей Юрьевич Громов, Дмитрий Львович Савин, Тимур Маратович Галиев, Ашот Гургенович Карапетян, Юрий Кузьмич Седых, Олег Игоревич Сорокин, Николай Романович Лосев, Марк Осипович Гольдман"
	women := "Зинаида Павловна Лихачёва, Ольга Сергеевна Белова, Анна Ильинична Никольская, Дарья Андреевна Шевченко, Мария Фоминична Мельник, Любовь Олеговна Коваль, Наталья Юрьевна Громова, Юлия Львовна Савина, Гузель Маратовна Галиева, Каринэ Гургеновна Карапетян, Елена Кузьминична Седых, Софья Игоревна Сорокина, Нина Романовна Лосева, Виктория Осиповна Гольдман"
	for i, names := range []string{men, women} {
		sex := []lexicon.Sex{lexicon.Male, lexicon.Female}[i]
		for full := range strings.SplitSeq(names, ", ") {
			for from := lexicon.Nominative; from <= lexicon.Prepositional; from++ {
				m := mentionedOnce(t, strings.ReplaceAll(said[from], "%", inCase(full, sex, from)))
				for to := lexicon.Nominative; to <= lexicon.Prepositional; to++ {
					noun := answered[to]
					got, err := m.Restore(noun, PERSON)
					require.NoError(t, err)
					if !strings.Contains(got.Text(), inCase(full, sex, to)) {
						t.Errorf("%s said in case %d, asked in %d: %s", full, from, to, got.Text())
					}
				}
			}
		}
	}
}

func mentionedOnce(t *testing.T, text string) *Mapping {
	t.Helper()
	r, err := New(&Options{Labels: Russian}).Conversation(context.Background(), Conversation{
		Turns: []Turn{{Speaker: "client", Text: text}},
	})
	require.NoError(t, err)
	require.Len(t, r.Turns[0].Spans, 1, r.Turns[0].Text)
	require.Contains(t, r.Turns[0].Text, " А", text)
	// Whatever the role, the answer speaks of «Клиент».
	r.Mapping.p.get().entities[0].token = "Клиент А"
	return r.Mapping
}

func inCase(full string, sex lexicon.Sex, c lexicon.Case) string {
	words := strings.Fields(full)
	for i, class := range []lexicon.Class{lexicon.FirstName, lexicon.Patronymic, lexicon.Surname} {
		words[i] = lexicon.Decline(words[i], class, sex, c)
	}
	return strings.Join(words, " ")
}

// A name that may be a woman's, or a man's in another case, is declined as whose it is.
func TestRestoredSexIsLearnt(t *testing.T) {
	for said, want := range map[string]string{
		"Меня зовут Марина Котова.": "у Марины Котовой", "Это Александра Белова.": "у Александры Беловой",
		"Я Валентина Юдина, добрый день.": "у Валентины Юдиной", "Меня зовут Евгения Громова.": "у Евгении Громовой",
	} {
		r, err := New(&Options{Labels: Russian}).Conversation(context.Background(), Conversation{Turns: []Turn{{"client", said}}})
		require.NoError(t, err)
		got, err := r.Mapping.Restore("у Клиента А", PERSON)
		require.NoError(t, err)
		require.Equal(t, want, got.Text(), said)
	}
}
