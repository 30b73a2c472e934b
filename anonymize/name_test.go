package anonymize

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Names need no memory of their own.
func TestPeopleAllocateNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("allocations are counted without the race detector")
	}
	a := New(nil)
	text := strings.Repeat("Добрый день, меня зовут Оксана Петровна Лихачёва, менеджер Хасан ван дер Берг. Mr Viktor Orlov, SOROKA Veronika. ", 20)
	dst := make([]Span, 0, 1024)
	dst = a.AppendSpans(dst, text)
	require.NotEmpty(t, dst)
	allocs := testing.AllocsPerRun(20, func() { a.AppendSpans(dst[:0], text) })
	require.LessOrEqual(t, allocs, 0.5) // the pool may lose a text to the collector
}

func BenchmarkPeople(b *testing.B) {
	text := strings.Repeat("здравствуйте меня зовут вера то есть вера николаевна зайцева я по поводу договора с нашей стороны договор ведет роман ", 10)
	t := &Text{}
	t.read(text)
	var dst []Span
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		dst = recognizePeople(dst[:0], t)
	}
}

func BenchmarkFindWithPeople(b *testing.B) {
	text := strings.Repeat("здравствуйте меня зовут вера то есть вера николаевна зайцева я по поводу договора с нашей стороны договор ведет роман ", 10)
	a := New(nil)
	var dst []Span
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		dst = a.AppendSpans(dst[:0], text)
	}
}

// A conversation of nothing but names stays bounded too.
func TestManyPeople(t *testing.T) {
	var b strings.Builder
	for i := range 3_000 {
		b.WriteString("Иван Бор")
		b.WriteString(strings.Repeat(string(rune('а'+i%32)), 1+i/32%3))
		b.WriteString(string(rune('а' + i/96%32)))
		b.WriteString("ов, ")
	}
	begin := time.Now()
	_, err := New(nil).Conversation(t.Context(), Conversation{Turns: []Turn{{Text: b.String()}}})
	require.NoError(t, err)
	require.Less(t, time.Since(begin), 20*time.Second)
}
