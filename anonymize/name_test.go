package anonymize

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Names need no memory of their own.
func TestPeopleAllocateNothing(t *testing.T) {
	a := New(nil)
	text := strings.Repeat("Добрый день, меня зовут Оксана Петровна Лихачёва, менеджер Хасан ван дер Берг. Mr Viktor Orlov, SOROKA Veronika. ", 20)
	dst := make([]Span, 0, 1024)
	dst = a.AppendSpans(dst, text)
	require.NotEmpty(t, dst)
	allocs := testing.AllocsPerRun(20, func() { a.AppendSpans(dst[:0], text) })
	require.LessOrEqual(t, allocs, 0.5) // the pool may lose a text to the collector
}

// What makes rules look far must not make them look far again and again.
func TestPeopleAreLinear(t *testing.T) {
	for _, piece := range []string{
		"Иван ", "иван петрович ", "Капитал ", "и. ", "А. ", "по буквам анна ", "меня зовут ", "«Иван» ", "ван дер ", "Ли-", "Shcherbakov ", "\"",
	} {
		short, long := readText(strings.Repeat(piece, 4_000)), readText(strings.Repeat(piece, 64_000))
		recognizePeople(nil, short)
		begin := time.Now()
		recognizePeople(nil, short)
		one := max(time.Since(begin), time.Millisecond)
		begin = time.Now()
		recognizePeople(nil, long)
		require.Less(t, time.Since(begin), 100*one, "%q", piece)
	}
}

func readText(s string) *Text {
	t := &Text{}
	t.read(s)
	return t
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
