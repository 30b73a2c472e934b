package anonymize

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKinds holds Kinds to the constants of the package.
func TestKinds(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var want []Kind
	collect := func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Kind" && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				want = append(want, Kind(text))
			}
		}
		return true
	}
	for _, name := range names {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, collect)
	}
	want = slices.DeleteFunc(want, func(k Kind) bool { return k == EverydayKinds })
	slices.Sort(want)
	assert.Equal(t, want, Kinds())
}

// recognizeShape is what a program may write: seven digits that begin with 55, written or said.
func recognizeShape(dst []Span, t *Text) []Span {
	t.Numbers(7, 7, func(start, end int, digits []byte) {
		if strings.HasPrefix(string(digits), "55") {
			dst = append(dst, Span{Start: start, End: end, Kind: "BADGE", Score: 0.95, Rule: "badge"})
		}
	})
	return dst
}

func TestNumbers(t *testing.T) {
	a := New(&Options{Recognizers: []Recognizer{RecognizerFunc(recognizeShape)}})
	for _, want := range []string{
		"Пропуск [[BADGE:5512345]].",
		"Пропуск [[BADGE:55-123-45]], второй 56-123-45.",
		"пропуск [[BADGE:пятьдесят пять сто двадцать три сорок пять]]",
		"Пропуск [[BADGE:５５12345]].",
		"Дата 05.05.5123, длина 551234.",
	} {
		text, _, err := Unmark(want)
		require.NoError(t, err)
		assert.Equal(t, want, Mark(text, a.Find(text)))
	}
	r, err := a.Conversation(t.Context(), Conversation{Turns: []Turn{
		{Text: "Пропуск 55-123-45."}, {Text: "пропуск пятьдесят пять сто двадцать три сорок пять"},
	}})
	require.NoError(t, err)
	assert.Equal(t, "Пропуск [BADGE_1].", r.Turns[0].Text)
	assert.Equal(t, "пропуск [BADGE_1]", r.Turns[1].Text, "said or written, it is one value")
}

func TestWordList(t *testing.T) {
	for _, c := range []struct {
		list  string
		forms bool
		want  string
	}{
		{"Иван-чай|чай", false, "Люблю [[X:иван-чай]], [[X:чай]] и чаи."},
		{"Заря", false, "Где [[X:ЗАРЯ]]? В Заре."},
		{"Заря", true, "Где [[X:заря]]? В [[X:Заре]], с [[X:Зарёй]], о [[X:зарях]], не Зарница."},
		{"Тихая гавань", true, "Из [[X:Тихой  гавани]] в [[X:тихую гавань]]."},
		{"Газпром", true, "У [[X:Газпрома]] с [[X:Газпромом]] и [[X:газпрому]], но не газпромбанк."},
		{"договор", true, "По [[X:договору]], в [[X:договорах]], [[X:договор]]."},
		{"Вектор", true, "Подъехали к [[X:Bектopу]]."}, // with Latin letters
		{"ООО Ромашка|ООО|ООО Ромашка плюс|ромашка", false, "[[X:ООО]] «[[X:Ромашка]]», [[X:ООО Ромашка]] минус, [[X:ООО Ромашка плюс]]\n[[X:ООО]]\n[[X:Ромашка]]"},
		{"договор|договора аренды", true, "[[X:Договора аренды]], [[X:договор]] займа, [[X:договору аренды]]"},
		{"ООО", true, "[[X:ООО]] и оо."},
		{"Acme", true, "[[X:ACME]] and acmes."},
		{"…", true, "Так[[X:…]]"},
	} {
		w := NewWordList(strings.Split(c.list, "|"), c.forms)
		find := RecognizerFunc(func(dst []Span, t *Text) []Span {
			w.Find(t, func(start, end int) { dst = append(dst, Span{Start: start, End: end, Kind: "X", Score: 1}) })
			return dst
		})
		text, _, err := Unmark(c.want)
		require.NoError(t, err)
		a := New(&Options{Kinds: []Kind{"X"}, Recognizers: []Recognizer{find}})
		assert.Equal(t, c.want, Mark(text, a.Find(text)))
	}
	none := NewWordList(nil, true)
	New(&Options{Recognizers: []Recognizer{RecognizerFunc(func(dst []Span, text *Text) []Span {
		none.Find(text, func(int, int) { t.Error("an empty list finds") })
		assert.False(t, none.Near(text, 0, 4))
		return dst
	})}}).Find("слово")
}

func TestNear(t *testing.T) {
	w := NewWordList([]string{"карта клуба"}, true)
	find := RecognizerFunc(func(dst []Span, t *Text) []Span {
		t.Numbers(4, 4, func(start, end int, _ []byte) {
			if w.Near(t, start, end) {
				dst = append(dst, Span{Start: start, End: end, Kind: "X", Score: 1})
			}
		})
		return dst
	})
	a := New(&Options{Kinds: []Kind{"X"}, Recognizers: []Recognizer{find}})
	for _, want := range []string{
		"Номер карты клуба [[X:4821]].",
		"[[X:4821]], это карта клуба.",
		"карта 4821, клуба нет",
		"4821\nКарта клуба",
		"карта клуба " + strings.Repeat("и ", 12) + "4821",
	} {
		text, _, err := Unmark(want)
		require.NoError(t, err)
		assert.Equal(t, want, Mark(text, a.Find(text)))
	}
}

// TestFail: what a recognizer could not look at is not masked, and nothing of the turn stays behind.
func TestFail(t *testing.T) {
	broken := errors.New("out of time")
	a := New(&Options{Kinds: []Kind{PHONE}, Recognizers: []Recognizer{RecognizerFunc(func(dst []Span, t *Text) []Span {
		if strings.Contains(t.String(), "!") {
			t.Fail(broken)
			t.Fail(errors.New("a later one"))
		}
		return dst
	})}})
	s := a.Session(nil)
	_, err := s.Anonymize(t.Context(), Turn{Text: "Телефон 8 919 240-15-86!"})
	assert.ErrorIs(t, err, broken)
	assert.Equal(t, "Session{0 entities, 0 turns}", fmt.Sprint(s))
	m, err := s.Anonymize(t.Context(), Turn{Text: "Телефон 8 919 240-15-87."})
	require.NoError(t, err)
	assert.Equal(t, "Телефон [PHONE_1].", m.Text)
	r, err := a.Conversation(t.Context(), Conversation{Turns: []Turn{{Text: "Телефон 8 919 240-15-86."}, {Text: "Да!"}}})
	assert.ErrorIs(t, err, broken)
	assert.Nil(t, r)
	assert.Equal(t, []Span{{Start: 0, End: 5, Kind: TEXT, Score: 1, Rule: "failed"}}, a.Find("Да!"))
	assert.Empty(t, a.Find("Да."), "the memory of a text is used again")
}

func TestMinScores(t *testing.T) {
	text := "ИНН 500100732259, почта d.prohorov@example.com"
	assert.Len(t, New(nil).Find(text), 2)
	assert.Len(t, New(&Options{MinScores: map[Kind]float32{INN: 1}}).Find(text), 1)
	assert.Len(t, New(&Options{MinScore: 1, MinScores: map[Kind]float32{INN: 0.6}}).Find(text), 1)
}

// What strict mode hides, a session hides as Find does, whatever kinds and thresholds are.
func TestStrictInSessions(t *testing.T) {
	for _, opts := range []Options{{Strict: true, Kinds: []Kind{PHONE}}, {Strict: true, MinScore: 0.9}, {Strict: true, Kinds: []Kind{}}} {
		a := New(&opts)
		assert.Len(t, a.Find("Заказ 123456789."), 1)
		m, err := a.Session(nil).Anonymize(t.Context(), Turn{Text: "Заказ 123456789."})
		require.NoError(t, err)
		assert.Equal(t, "Заказ [NUMBER_1].", m.Text)
		r, err := a.Conversation(t.Context(), Conversation{Turns: []Turn{{Text: "Заказ 123456789."}}})
		require.NoError(t, err)
		assert.Equal(t, "Заказ [NUMBER_1].", r.Turns[0].Text)
	}
}

func TestContext(t *testing.T) {
	a := New(&Options{Context: map[Kind][]string{INN: {"налоговый идентификатор"}, PHONE: {"мобила"}, PERSON: {"никто"}}})
	for _, want := range []string{
		"Налоговый идентификатор [[INN:7707083892]].", // a wrong check digit
		"налоговым идентификатором будет [[INN:7707083892]]",
		"Моя мобила [[PHONE:240-15-86]].",
		"Идентификатор 7707083892.",
	} {
		text, _, err := Unmark(want)
		require.NoError(t, err)
		assert.Equal(t, want, Mark(text, a.Find(text)))
	}
	assert.True(t, INN.Announced())
	assert.False(t, PERSON.Announced())
}

// BenchmarkAlike has phrases that all begin alike and a text of nothing but their beginning: it costs no more than others.
func BenchmarkAlike(b *testing.B) {
	text := strings.Repeat("ООО «Ромашка» ", 2000) + "1234"
	for _, n := range []int{1, 20_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var texts []string
			for i := range n {
				texts = append(texts, fmt.Sprintf("ООО «Ромашка» %d", 1234+i))
			}
			a := New(&Options{Deny: map[Kind][]string{"FIRM": texts}})
			if len(a.Find(text)) != 1 {
				b.Fatal("one is there")
			}
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				a.Find(text)
			}
		})
	}
}

func BenchmarkWordList(b *testing.B) {
	var words []string
	for i := range 5000 {
		words = append(words, "слово"+strings.Repeat("ка", i%7)+string(rune('а'+i%32))+string(rune('а'+i/32%32))+string(rune('а'+i/1024)))
	}
	text := strings.Repeat("Здравствуйте, это магазин, мы привезём ваш заказ завтра до обеда. ", 20)
	for _, list := range [][]string{nil, words} {
		b.Run(strconv.Itoa(len(list)), func(b *testing.B) {
			w := NewWordList(list, true)
			a := New(&Options{Recognizers: []Recognizer{RecognizerFunc(func(dst []Span, t *Text) []Span {
				w.Find(t, func(start, end int) { dst = append(dst, Span{Start: start, End: end, Kind: "X", Score: 1}) })
				return dst
			})}})
			var dst []Span
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				dst = a.AppendSpans(dst[:0], text)
			}
		})
	}
}
