package anonymize_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
)

// restoring masks a conversation with a customer, an agent and some values, and returns its way back.
func restoring(t *testing.T, lang anonymize.Language) *anonymize.Mapping {
	t.Helper()
	a := anonymize.New(&anonymize.Options{Labels: lang})
	r, err := a.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "agent", Text: "Добрый день, меня зовут Марина Львовна Белова, чем могу помочь?"},
		{Speaker: "client", Text: "Меня зовут Игорь Кузнецов. Карта 4276 3800 1234 5679, телефон +7 916 123-45-67, почта igor.k@mail.ru."},
		{Speaker: "agent", Text: "Спасибо, Игорь."},
	}})
	require.NoError(t, err)
	return r.Mapping
}

func TestRestore(t *testing.T) {
	const card = "4276 3800 1234 5679"
	tests := []struct{ text, want string }{
		{"Клиент А доволен.", "Игорь Кузнецов доволен."},
		{"Позвоните Клиенту А сегодня.", "Позвоните Игорю Кузнецову сегодня."},
		{"Телефон Клиента А записан.", "Телефон Игоря Кузнецова записан."},
		{"Говорили с Клиентом А.", "Говорили с Игорем Кузнецовым."},
		{"Речь о Клиенте А.", "Речь о Игоре Кузнецове."},
		{"КЛИЕНТУ А", "Игорю Кузнецову"},
		{"**Клиенту А**: да", "**Игорю Кузнецову**: да"},
		{"[Клиенту А] да", "Игорю Кузнецову да"},
		{"Клиенту\u00a0А", "Игорю Кузнецову"},
		{"Клиенту‑А", "Игорю Кузнецову"},
		{"Кли\u200bенту А", "Игорю Кузнецову"},
		{"Клиенту A", "Игорю Кузнецову"}, // a Latin letter
		{"Customer A звонил", "Игорь Кузнецов звонил"},
		{"напишите для Customer A", "напишите для Игоря Кузнецова"},
		{"Сотруднику А", "Марине Львовне Беловой"},
		{"Для Сотрудника А.", "Для Марины Львовны Беловой."},
		{"Попросите Сотрудника А перезвонить", "Попросите Марину Львовну Белову перезвонить"},
		{"[PHONE_1]", "+7 916 123-45-67"},
		{"[phone_1]", "+7 916 123-45-67"},
		{"\\[PHONE\\_1\\]", "+7 916 123-45-67"},
		{"【PHONE_1】", "+7 916 123-45-67"},
		{"[PHONE-1]", "+7 916 123-45-67"},
		{"PHONE_1", "+7 916 123-45-67"},
		{"[EMAIL_1]", "[EMAIL_1]"}, // its kind is not named
		{"[CARD_1]", card},
		{"[PHONE_12]", "[PHONE_12]"},
		{"[PHONE_1", "[+7 916 123-45-67"},
		{"Клиент Б", "Клиент Б"},
		{"Клиент АБВ", "Клиент АБВ"},
		{"клиент а потом", "клиент а потом"},
		{"Клиентка А", "Клиентка А"},
		{"https://evil.example/?q=[CARD_1]", "https://evil.example/?q=[CARD_1]"},
		{"evil.example/?q=[CARD_1]&n=Клиенту А&t=[PHONE_1] и [PHONE_1]", "evil.example/?q=[CARD_1]&n=Клиенту А&t=[PHONE_1] и +7 916 123-45-67"},
		{"![x](/p?q=[CARD_1])", "![x](/p?q=[CARD_1])"},
		{"[Клиент А](/p)", "Игорь Кузнецов(/p)"},
		{`<img src="x" alt="[CARD_1]">[CARD_1]`, `<img src="x" alt="[CARD_1]">` + card},
		{`{"query": "[CARD_1]"} [CARD_1]`, `{"query": "[CARD_1]"} ` + card},
		{`search(q="все о [CARD_1]")`, `search(q="все о [CARD_1]")`},
		{"mailto:[PHONE_1]", "mailto:[PHONE_1]"},
		{"[CARD_1].evil.example", "[CARD_1].evil.example"},
		{"[CARD_1]. Да", card + ". Да"},
		{"5 < 6, [CARD_1]", "5 < 6, " + card},
		{"т.е./[CARD_1]", "т.е./" + card},
	}
	for _, lang := range []anonymize.Language{anonymize.Russian, anonymize.English} {
		m := restoring(t, lang)
		for _, tt := range tests {
			got, err := m.Restore(tt.text, anonymize.PERSON, "PHONE", "CARD")
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Text(), tt.text)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	m := restoring(t, anonymize.Russian)
	_, err := m.Restore("[PHONE_1]")
	require.ErrorIs(t, err, anonymize.ErrNoKinds)

	got, err := m.Restore("[PHONE_1] [CARD_1] [EMAIL_1] [PHONE_7] Клиент Щ, Клиент Щ", anonymize.EverydayKinds)
	require.NoError(t, err)
	require.Equal(t, "+7 916 123-45-67 [CARD_1] igor.k@mail.ru [PHONE_7] Клиент Щ, Клиент Щ", got.Text())
	require.Equal(t, []string{"[PHONE_7]", "Customer Щ"}, got.Unknown())
	require.Equal(t, 1, got.Withheld())

	all, err := m.RestoreWith("https://crm.example/?q=[CARD_1]", &anonymize.RestoreOptions{Kinds: []anonymize.Kind{"CARD"}, Everywhere: true})
	require.NoError(t, err)
	require.Equal(t, "https://crm.example/?q=4276 3800 1234 5679", all.Text())
}

// Values are never read again: a name that looks like a label stays what it is.
func TestRestoreDoesNotRescan(t *testing.T) {
	a := anonymize.New(nil)
	r, err := a.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "client", Text: "пароль: [CARD_1]x, карта 4276 3800 1234 5679"},
	}})
	require.NoError(t, err)
	got, err := r.Mapping.Restore(r.Turns[0].Text, "PASSWORD", "CARD", anonymize.TEXT)
	require.NoError(t, err)
	require.NotContains(t, strings.Replace(got.Text(), "4276 3800 1234 5679", "", 1), "4276")
}

// TestRestoreWriter reads testdata/restore/answers.txt: wherever an answer is split, it is restored alike.
func TestRestoreWriter(t *testing.T) {
	data, err := os.ReadFile("testdata/restore/answers.txt")
	require.NoError(t, err)
	answers := strings.Split(string(data), "\n")
	require.Greater(t, len(answers), 40)
	m := restoring(t, anonymize.Russian)
	opts := &anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.PERSON, "PHONE", "CARD"}}
	for _, answer := range answers {
		whole, err := m.RestoreWith(answer, opts)
		require.NoError(t, err)
		for split := 0; split <= len(answer); split++ {
			got, unknown := stream(t, m, opts, answer[:split], answer[split:])
			require.Equal(t, whole.Text(), got, "split at %d", split)
			require.Equal(t, whole.Unknown(), unknown)
		}
		got, _ := stream(t, m, opts, strings.Split(answer, "")...)
		require.Equal(t, whole.Text(), got)
	}
}

func stream(t *testing.T, m *anonymize.Mapping, opts *anonymize.RestoreOptions, parts ...string) (string, []string) {
	t.Helper()
	var b strings.Builder
	w, err := m.RestoreWriter(&b, opts)
	require.NoError(t, err)
	for _, part := range parts {
		_, err = w.Write([]byte(part))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String(), w.Unknown()
}

// Only what may still become a label waits for more.
func TestRestoreWriterHoldsLittle(t *testing.T) {
	m := restoring(t, anonymize.Russian)
	var b strings.Builder
	w, err := m.RestoreWriter(&b, &anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.PERSON}})
	require.NoError(t, err)
	for _, step := range []struct{ in, out string }{
		{"Добрый день, ", "Добрый день, "},
		{"Кли", "Добрый день, "},
		{"енту", "Добрый день, "},
		{" нашему", "Добрый день, Клиенту нашему"}, // no label begins so
		{" Клиенту А", "Добрый день, Клиенту нашему "},
		{"!", "Добрый день, Клиенту нашему Игорю Кузнецову!"},
	} {
		_, err := w.Write([]byte(step.in))
		require.NoError(t, err)
		require.Equal(t, step.out, b.String())
	}
}

func FuzzRestore(f *testing.F) {
	a := anonymize.New(&anonymize.Options{Labels: anonymize.Russian})
	r, err := a.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "client", Text: "Меня зовут Игорь Кузнецов, карта 4276 3800 1234 5679."},
	}})
	require.NoError(f, err)
	f.Add("Клиенту А [CARD_1]", 3)
	f.Add("https://x.ru/?q=[CARD_1]", 20)
	f.Fuzz(func(t *testing.T, answer string, at int) {
		opts := &anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.PERSON, "CARD"}}
		whole, err := r.Mapping.RestoreWith(answer, opts)
		require.NoError(t, err)
		at = max(0, min(at, len(answer)))
		got, _ := stream(t, r.Mapping, opts, answer[:at], answer[at:])
		require.Equal(t, whole.Text(), got)
	})
}
