package anonymize

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mask(t *testing.T, s *Session, speaker, text string) string {
	t.Helper()
	m, err := s.Anonymize(context.Background(), Turn{speaker, text})
	require.NoError(t, err)
	return m.Text
}

func TestSameValueHasTheSameLabel(t *testing.T) {
	s := New(nil).Session(nil)
	assert.Equal(t, "Мой телефон [PHONE_1].", mask(t, s, "client", "Мой телефон +7 916 123-45-67."))
	assert.Equal(t, "Записала: [PHONE_1], второй [PHONE_2]", mask(t, s, "agent", "Записала: 8 (916) 123 45 67, второй 8 (916) 123 45 68"))
	assert.Equal(t, "[PHONE_1]", mask(t, s, "client", "восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь"))
}

func TestRussianLabels(t *testing.T) {
	l := newMapping(Russian).labels
	var got []string
	for range 18 {
		got = append(got, l.nextPerson(Customer))
	}
	assert.Equal(t, "Клиент А", got[0])
	assert.Equal(t, "Клиент Я", got[15])
	assert.Equal(t, "Клиент АА", got[16])
	assert.Equal(t, "Клиент АБ", got[17])
}

func TestLabelsOfTheInput(t *testing.T) {
	s := New(nil).Session(nil)
	// Not given yet: reserved, and never given.
	assert.Equal(t, "в письме стоит [PHONE_1]", mask(t, s, "client", "в письме стоит [PHONE_1]"))
	assert.Equal(t, "телефон [PHONE_2]", mask(t, s, "client", "телефон +7 916 123-45-67"))
	// Given: it would be taken for ours.
	assert.Equal(t, "что такое [TEXT_1]?", mask(t, s, "client", "что такое [PHONE_2]?"))
	got, err := s.Mapping().Undo(2, "что такое [TEXT_1]?")
	require.NoError(t, err)
	assert.Equal(t, "что такое [PHONE_2]?", got)
}

func TestUndoRefusesForeignText(t *testing.T) {
	s := New(nil).Session(nil)
	masked := mask(t, s, "client", "телефон +7 916 123-45-67")
	for _, text := range []string{"", masked + " ", strings.Replace(masked, "1", "2", 1)} {
		_, err := s.Mapping().Undo(0, text)
		assert.Error(t, err)
	}
	_, err := s.Mapping().Undo(1, masked)
	assert.Error(t, err)
	_, err = s.Mapping().Undo(-1, masked)
	assert.Error(t, err)
}

type brokenTokenizer struct{ fail bool }

func (b *brokenTokenizer) Token(context.Context, string, string) (string, error) {
	if b.fail {
		return "", errors.New("the vault is shut")
	}
	return "[EMAIL:v1:abc]", nil
}

func TestFailedTurnLeavesNoTrace(t *testing.T) {
	vault := &brokenTokenizer{}
	a := New(&Options{Operators: map[Kind]Operator{EMAIL: Tokenize(vault)}})
	s := a.Session(nil)
	mask(t, s, "client", "телефон +7 916 123-45-67")
	before := snapshot(s)
	vault.fail = true
	m, err := s.Anonymize(context.Background(), Turn{"client", "телефон +7 916 123-45-68, [PHONE_9], почта ivan@example.ru"})
	require.Error(t, err)
	assert.Empty(t, m)
	assert.NotContains(t, err.Error(), "ivan")
	assert.Equal(t, before, snapshot(s))
	vault.fail = false
	assert.Equal(t, "[PHONE_2] [EMAIL:v1:abc]", mask(t, s, "client", "+7 916 123-45-68 ivan@example.ru"))
	masked := mask(t, s, "client", "[PHONE_9]")
	assert.Equal(t, "[PHONE_9]", masked)
}

// snapshot is all that a failed turn might change.
func snapshot(s *Session) string {
	m := s.p.get().m
	return fmt.Sprint(len(m.entities), len(m.byKey), m.labels.counts, m.labels.people, len(m.labels.state), len(m.turns), len(m.spans), string(m.values))
}

func TestTooManyEntities(t *testing.T) {
	s := New(&Options{MaxEntities: 2}).Session(nil)
	mask(t, s, "client", "+7 916 123-45-67 и +7 916 123-45-68")
	_, err := s.Anonymize(context.Background(), Turn{"client", "+7 916 123-45-69"})
	assert.ErrorIs(t, err, ErrTooManyEntities)
	assert.Equal(t, "снова [PHONE_1]", mask(t, s, "client", "снова +7 916 123-45-67"))
}

func TestBrokenUTF8IsRefused(t *testing.T) {
	s := New(nil).Session(nil)
	_, err := s.Anonymize(context.Background(), Turn{"client", "телефон \xff+7 916 123-45-67"})
	assert.ErrorIs(t, err, ErrNotUTF8)
	_, err = New(nil).Conversation(context.Background(), Conversation{Turns: []Turn{{"client", "\xd0"}}})
	assert.ErrorIs(t, err, ErrNotUTF8)
}

func TestNothingPersonalIsPrinted(t *testing.T) {
	s := New(nil).Session(nil)
	mask(t, s, "client", "телефон +7 916 123-45-67, почта ivan@example.ru, код 481516")
	value := Value{hide(&valueData{kind: PHONE, text: "+7 916 123-45-67", norm: "9161234567"})}
	type nested struct {
		Open   any
		hidden any
		S      *Session
		s      Session
		m      Mapping
		v      Value
	}
	all := []any{s, *s, s.Mapping(), *s.Mapping(), value, nested{s.Mapping(), *s, s, *s, *s.Mapping(), value}}
	for _, v := range all {
		var out bytes.Buffer
		fmt.Fprintf(&out, "%v %+v %#v %s", v, v, v, v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("message", "value", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("message", "value", v)
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		for _, canary := range []string{"123-45-67", "9161234567", "ivan", "481516"} {
			assert.False(t, strings.Contains(out.String(), canary), "%T shows %s", v, canary)
		}
	}
}

func TestOperators(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	for _, c := range []struct {
		op   Operator
		want string
	}{
		{Label(), "тел [PHONE_1]"},
		{Redact(), "тел [PHONE]"},
		{Mask(2), "тел +* *** ***-**-67"},
		{Mask(100), "тел +* *** **3-45-67"},
		{Keep(), "тел +7 916 123-45-67"},
		{Tokenize(&brokenTokenizer{}), "тел [EMAIL:v1:abc]"},
	} {
		s := New(&Options{Operators: map[Kind]Operator{PHONE: c.op}}).Session(nil)
		assert.Equal(t, c.want, mask(t, s, "client", "тел +7 916 123-45-67"), c.op.String())
	}
	hash := Options{Operators: map[Kind]Operator{PHONE: Hash(key)}}
	one, two := New(&hash).Session(nil), New(&hash).Session(nil)
	assert.Equal(t, mask(t, one, "", "8 916 123 45 67"), mask(t, two, "", "+7 (916) 123-45-67"), "one value has one hash however it is written")
	assert.Panics(t, func() { Hash(key[:31]) })
}

func TestListsAndKinds(t *testing.T) {
	a := New(&Options{
		Allow: []string{"8 800 555-35-35", "info@example.ru"},
		Deny:  map[Kind][]string{"PROJECT": {"Северный ветер"}},
	})
	assert.Equal(t, "Наш телефон 8 800 555-35-35, ваш [[PHONE:8 800 555-35-36]], info@example.ru, [[PROJECT:северный ветер]]",
		Mark2(a, "Наш телефон 8 800 555-35-35, ваш 8 800 555-35-36, info@example.ru, северный ветер"))
	deny := New(&Options{Allow: []string{"секрет"}, Deny: map[Kind][]string{"PROJECT": {"секрет"}}})
	assert.Equal(t, "[[PROJECT:Секрет]]", Mark2(deny, "Секрет"), "deny is stronger")
	kinds := New(&Options{Kinds: []Kind{EMAIL}})
	assert.Equal(t, "[[EMAIL:a.b@example.ru]] +7 916 123-45-67", Mark2(kinds, "a.b@example.ru +7 916 123-45-67"))
}

// Mark2 marks what the analyzer finds.
func Mark2(a *Analyzer, text string) string { return Mark(text, a.Find(text)) }

func TestStrict(t *testing.T) {
	a := New(&Options{Strict: true, Allow: []string{"1234567"}})
	for _, want := range []string{
		"заказ [[NUMBER:10089341177]] от 12.05.2026",
		"заказ 123456, время 12:30:45, цена 12 500 руб",
		"сумма [[NUMBER:1 250 000]] рублей",
		"артикул 1234567 разрешён",
		"[[PHONE:+7 916 123-45-67]] [[NUMBER:1112223]]",
	} {
		text, _, err := Unmark(want)
		require.NoError(t, err)
		assert.Equal(t, want, Mark2(a, text))
	}
}

func TestOwnRecognizer(t *testing.T) {
	word := RecognizerFunc(func(dst []Span, text *Text) []Span {
		i := strings.Index(text.String(), "кукуруза")
		if i < 0 {
			return dst
		}
		return append(dst, Span{i, i + len("кукуруза"), "WORD", 0.9, "own", 0}, Span{-5, 0, "WORD", 1, "own", 0},
			Span{len(text.String()), len(text.String()) + 9, "WORD", 1, "own", 0}, Span{i + 1, i + 2, "CUT", 0.6, "own", 0})
	})
	a := New(&Options{Recognizers: []Recognizer{word}})
	assert.Equal(t, "сладкая [[WORD:кукуруза]]", Mark2(a, "сладкая кукуруза"))
}

func TestAnalyzerIsSafeForConcurrentUse(t *testing.T) {
	a := New(&Options{Strict: true, Allow: []string{"8 800 555-35-35"}})
	text := "Мой ИНН 500100732259, телефон +7 916 123-45-67, почта ivan@example.ru, 8 800 555-35-35"
	want := Mark2(a, text)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := Mark2(a, text); got != want {
					t.Errorf("got %s", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestFindDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("allocations are counted without the race detector")
	}
	a := New(nil)
	short := "Мой ИНН 500100732259, телефон +7 916 123-45-67, почта ivan@example.ru"
	for _, text := range []string{short, strings.Repeat(short+". Ваш заказ 4512 готов, цена 12 500 рублей.\n", 1<<20/200)} {
		dst := a.AppendSpans(nil, text)
		assert.Zero(t, testing.AllocsPerRun(10, func() { dst = a.AppendSpans(dst[:0], text) }), "%d bytes", len(text))
	}
}

// TestOneWay: the tokens are the same, values come back, and no turn is kept.
func TestOneWay(t *testing.T) {
	s := New(nil).Session(&SessionOptions{OneWay: true})
	turns := []string{"Пишите на marina.k@example.ru", "Повторю: marina.k@example.ru, телефон +7 916 123-45-67"}
	want := []string{"Пишите на [EMAIL_1]", "Повторю: [EMAIL_1], телефон [PHONE_1]"}
	for i, text := range turns {
		masked, err := s.Anonymize(context.Background(), Turn{"client", text})
		require.NoError(t, err)
		assert.Equal(t, want[i], masked.Text)
	}
	restored, err := s.Mapping().Restore("Позвоню на [PHONE_1]", PHONE)
	require.NoError(t, err)
	assert.Equal(t, "Позвоню на +7 916 123-45-67", restored.Text())

	p := s.p.get()
	assert.Empty(t, p.said)
	assert.Empty(t, p.m.values)
	_, err = s.Mapping().Undo(0, want[0])
	assert.Error(t, err)
	_, err = s.SealState(context.Background(), nil, nil)
	assert.ErrorIs(t, err, ErrOneWay)
}

// The zero Operator is Label, wherever it stands.
func TestZeroOperatorLabels(t *testing.T) {
	for _, opts := range []*Options{{Operators: map[Kind]Operator{PHONE: {}}}, {Operator: Operator{}}, {Operator: Redact(), Operators: map[Kind]Operator{PHONE: Label()}}} {
		m, err := New(opts).Session(nil).Anonymize(context.Background(), Turn{"client", "Мой телефон +7 916 123-45-67."})
		require.NoError(t, err)
		require.Equal(t, "Мой телефон [PHONE_1].", m.Text)
	}
	require.Equal(t, "label", Operator{}.String())
}
