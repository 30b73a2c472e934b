package anonymize

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The sizes of the windows that these tests work with: those that everybody has, and small ones.
const (
	windowSize    = 64 << 10
	windowContext = 1 << 10
	smallWindow   = 700
	smallContext  = 200
)

// withSmallWindows returns an analyzer that reads texts of a few hundred bytes as others read long ones.
func withSmallWindows(opts *Options) *Analyzer {
	a := New(opts)
	a.windows = windowSizes{size: smallWindow, context: smallContext, slack: 300, margin: 16}
	return a
}

// windowsOf gives the windows of a text as the analyzer goes through them.
func windowsOf(a *Analyzer, text string) []window {
	var all []window
	var t Text
	for w := &t.window; !w.last; {
		a.nextWindow(&t, text, 0, true)
		a.appendOwn(nil, &t)
		all = append(all, *w)
	}
	return all
}

// fillers are what a text of any length may be made of, with and without good places for a border.
var fillers = []struct{ name, text string }{
	{"lines", "Добрый день, товар приехал, посмотрите сами.\n"},
	{"words", "добрый день товар приехал посмотрите сами и скажите нам "},
	{"numbers", "12 500 рублей, 3 дня, 14 мест, 7 этажей, 25 тонн, "},
	{"a word", "о"},
	{"signs", "…"},
	{"emoji", "👍"},
}

func filled(filler string, size int) string {
	return strings.Repeat(filler, size/len(filler)+1)[:size/len(filler)*len(filler)]
}

// TestWindowsCoverTheText: cores stand side by side from the first byte to the last, on rune borders, in windows of
// bounded size.
func TestWindowsCoverTheText(t *testing.T) {
	a := New(&Options{Strict: true})
	for _, f := range fillers {
		for _, size := range []int{0, 1, windowSize - 1, windowSize, windowSize + 1, 2 * windowSize, 5*windowSize + 4321} {
			text := filled(f.text, size)
			at := 0
			for i, w := range windowsOf(a, text) {
				require.Equal(t, at, w.at+w.from, "%s, %d bytes, window %d", f.name, size, i)
				require.True(t, w.from < w.to || len(text) == 0)
				require.LessOrEqual(t, len(w.text), windowSize+windowContext)
				require.True(t, utf8.ValidString(w.text))
				at = w.at + w.to
			}
			require.Equal(t, len(text), at)
		}
	}
}

// TestValueAtTheBorder moves values over the border of the first window: they are found as if there were none.
func TestValueAtTheBorder(t *testing.T) {
	a := New(nil)
	for _, marked := range []string{
		" Телефон для связи [[PHONE:+7 916 123-45-67]], жду. ",
		" Пишите на почту [[EMAIL:marina.kuznetsova@example.ru]], жду. ",
		" Паспорт [[PASSPORT:45 18 203344]], вот так. ",
		" Меня зовут [[PERSON:Кузнецова Марина Игоревна]], добрый день. ",
		" Привезите по адресу [[ADDRESS:Москва, улица Лесная, дом 5, корпус 2, квартира 40]], жду. ",
		" Телефон [[PHONE:восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь]] запишите. ",
	} {
		message, want, err := Unmark(marked)
		require.NoError(t, err)
		require.Equal(t, want[0].Kind, a.Find(message)[0].Kind, marked)
		for _, f := range fillers[:4] {
			step := 29
			if os.Getenv("VUAL_SOAK") != "" {
				step = 1
			}
			size := len(filled(f.text, windowSize-windowContext-len(message)-100))
			for pad := 0; pad < len(message)+200; pad += step {
				lead := filled(f.text, size) + strings.Repeat(" ", pad%len(f.text)) + filled(f.text, pad)
				text := lead + message + filled(f.text, 3000)
				got := slices.DeleteFunc(a.Find(text), func(s Span) bool { return s.End <= len(lead) || s.Start >= len(lead)+len(message) })
				require.Len(t, got, 1, "%s behind %d bytes of %s", marked, len(lead), f.name)
				require.Equal(t, message[want[0].Start:want[0].End], text[got[0].Start:got[0].End], "%s behind %d bytes of %s", marked, len(lead), f.name)
			}
		}
	}
}

// TestWindowsFindTheSame compares long texts of real sentences with a reading at one go, which knows no border.
func TestWindowsFindTheSame(t *testing.T) {
	a := New(nil)
	var b strings.Builder
	eachCase(t, func(at string, _ *Analyzer, want string) {
		text, _, _ := Unmark(want)
		b.WriteString(text)
		b.WriteByte("\n "[b.Len()%2]) // some texts have few line breaks
	})
	text := b.String()
	require.Greater(t, len(text), 2*windowSize)
	var whole Text
	whole.read(text)
	want := a.appendSpans(nil, &whole)
	got := a.Find(text)
	checkSpans(t, text, got)
	odd := 0
	for _, s := range want {
		// A part alone counts where an address stands anywhere before, however far.
		if s.Rule != rulePart && !slices.ContainsFunc(got, func(g Span) bool { return g.Start < s.End && s.Start < g.End }) {
			odd++
		}
	}
	t.Logf("%d windows, %d spans, %d not found", len(windowsOf(a, text)), len(want), odd)
	assert.Zero(t, odd, "not found with windows")
}

// TestLongValues: a value longer than a window is hidden to its end.
// TestBrokenTextInWindows: a byte that is no UTF-8 hides the whole text, in whichever window it stands.
func TestBrokenTextInWindows(t *testing.T) {
	a := withSmallWindows(nil)
	for _, filler := range fillers {
		text := []byte(filled(filler.text, 3*smallWindow))
		for i := 0; i < len(text); i += 7 {
			was := text[i]
			text[i] = 0xFF
			assert.Equal(t, "[TEXT]", string(a.AppendMask(nil, string(text))), "%s, byte %d", filler.name, i)
			assert.True(t, a.HasPII(string(text)))
			text[i] = was
		}
	}
}

func TestLongValues(t *testing.T) {
	a := New(nil)
	key := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n", 300) + "-----END PRIVATE KEY-----"
	for _, size := range []int{100, windowSize - windowContext - 20, windowSize - windowContext - 5000} {
		lead := filled(fillers[0].text, size)
		spans := a.Find(lead + key + "\n" + filled(fillers[0].text, 2*windowSize))
		require.Len(t, spans, 1, "%d", size)
		assert.Equal(t, Span{Start: len(lead), End: len(lead) + len(key), Kind: SECRET, Score: spans[0].Score, Rule: spans[0].Rule}, spans[0])
	}
	for _, lead := range []string{"", "токен ", filled(fillers[0].text, 3000)} {
		text := lead + "sk-" + strings.Repeat("a1B2", windowSize) + " и всё"
		at := len(lead)
		for _, s := range a.Find(text) {
			require.Equal(t, SECRET, s.Kind)
			require.Equal(t, at, s.Start, "nothing is left between")
			at = s.End
		}
		assert.Equal(t, len(text)-len(" и всё"), at)
	}
}

// TestLongTurn: a session masks a long turn as its windows say, leads back, and goes on.
func TestLongTurn(t *testing.T) {
	a := New(nil)
	line := "Меня зовут Кузнецова Марина, телефон +7 916 123-45-67, договор 4512.\n"
	text := strings.Repeat(line+filled(fillers[1].text, 3000)+"\n", 100)
	c := Conversation{Turns: []Turn{{"client", text}, {"agent", "Марина, ваш номер +7 916 123-45-67?"}}}
	r, err := a.Conversation(context.Background(), c)
	require.NoError(t, err)
	s := a.Session(nil)
	for i, turn := range c.Turns {
		m, err := s.Anonymize(context.Background(), turn)
		require.NoError(t, err)
		for _, masked := range []Masked{m, r.Turns[i]} {
			checkMasked(t, turn.Text, masked)
			assert.NotContains(t, masked.Text, "Марин")
			assert.NotContains(t, masked.Text, "123-45")
		}
		back, err := s.Mapping().Undo(i, m.Text)
		require.NoError(t, err)
		assert.True(t, back == turn.Text)
		back, err = r.Mapping.Undo(i, r.Turns[i].Text)
		require.NoError(t, err)
		assert.True(t, back == turn.Text)
	}
	assert.Equal(t, "Customer A, ваш номер [PHONE_1]?", r.Turns[1].Text)
	assert.Equal(t, 200, len(r.Turns[0].Spans))
}

// checkMasked holds a masked turn against its original.
func checkMasked(t *testing.T, text string, m Masked) {
	t.Helper()
	var b strings.Builder
	at := 0
	for _, s := range m.Spans {
		require.LessOrEqual(t, at, s.Start)
		b.WriteString(text[at:s.Start])
		require.Equal(t, s.MaskedStart, b.Len())
		b.WriteString(s.Token)
		require.Equal(t, s.MaskedEnd, b.Len())
		at = s.End
	}
	b.WriteString(text[at:])
	require.True(t, b.String() == m.Text)
}

// What repeats a value is found in the window that owns it alone.
func TestEchoInWindows(t *testing.T) {
	text := "VIN XW8AC2NE9JH033158, " + strings.Repeat("записываю XW8AC2NE9, дальше? ", 200)
	m, err := withSmallWindows(nil).Session(nil).Anonymize(context.Background(), Turn{"client", text})
	require.NoError(t, err)
	checkMasked(t, text, m)
	require.Equal(t, 201, strings.Count(m.Text, "[VIN_1]"))
}

// TestNamesOfLaterWindows: a conversation is heard whole before it is written, a session hears window by window.
func TestNamesOfLaterWindows(t *testing.T) {
	text := "это ялович\n" + filled(fillers[0].text, 3*windowSize) + "Меня зовут Тимофей Ялович.\n" + filled(fillers[0].text, windowSize) + "ялович ждёт"
	r, err := New(nil).Conversation(context.Background(), Conversation{Turns: []Turn{{"client", text}}})
	require.NoError(t, err)
	assert.NotContains(t, strings.ToLower(r.Turns[0].Text), "ялович")
	assert.True(t, strings.HasSuffix(r.Turns[0].Text, "Customer A ждёт"))
}

// TestMemoryOfLongText masks 32 MB and has the memory of a window, beside the answer.
func TestMemoryOfLongText(t *testing.T) {
	if raceEnabled {
		t.Skip("memory is counted without the race detector")
	}
	a := New(nil)
	text := filled(fillers[0].text, 32<<20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	assert.Empty(t, a.Find(text))
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

// FuzzWindows holds that a long text is covered whatever its windows cut.
func FuzzWindows(f *testing.F) {
	for i, s := range seeds(f) {
		if i < 40 || i%10 == 0 {
			f.Add(s, "\n", uint16(i))
			f.Add(s, "", uint16(37*i))
		}
	}
	a := withSmallWindows(&Options{Strict: true})
	f.Fuzz(func(t *testing.T, s, between string, n uint16) {
		if len(s)+len(between) == 0 || len(s)+len(between) > 10*smallWindow {
			return
		}
		text := strings.Repeat("я", int(n)%smallContext) + filled(s+between, smallWindow+int(n)%(4*smallWindow))
		checkSpans(t, text, a.Find(text))
		at := 0
		for _, w := range windowsOf(a, text) {
			if w.at+w.from != at || w.to <= w.from && text != "" || len(w.text) > smallWindow+smallContext {
				t.Fatalf("core %d..%d behind %d in %d bytes", w.at+w.from, w.at+w.to, at, len(w.text))
			}
			at = w.at + w.to
		}
		if at != len(text) {
			t.Fatalf("the last core ends at %d of %d", at, len(text))
		}
	})
}

func BenchmarkWindows(b *testing.B) {
	a := New(nil)
	files, err := filepath.Glob("testdata/find/*.txt")
	require.NoError(b, err)
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(b, err)
		plain, _, err := Unmark(string(text))
		require.NoError(b, err)
		all.WriteString(plain)
	}
	text := strings.Repeat(all.String(), 1<<20/all.Len()+1)
	var t Text
	var dst []Span
	b.Run("windows", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			dst = a.AppendSpans(dst[:0], text)
		}
	})
	b.Run("one go", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			t.read(text)
			dst = a.appendSpans(dst[:0], &t)
		}
	})
}

// A heapMeter looks at the heap now and then while it is written to.
type heapMeter struct {
	bytes, looked int
	first, last   uint64
}

func (m *heapMeter) Write(p []byte) (int, error) {
	if m.bytes += len(p); m.bytes > m.looked+1<<20 {
		m.looked = m.bytes
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		if m.first == 0 {
			m.first = s.HeapAlloc
		}
		m.last = s.HeapAlloc
	}
	return len(p), nil
}

// A value longer than its windows is read once, not once for each of them and once more for the space before its rest.
func TestLongValueIsReadOnce(t *testing.T) {
	a, text := New(nil), strings.Repeat("Иван ", 1<<16)
	long, read := a.text(), 0
	for w := &long.window; !w.last; {
		a.nextWindow(long, text, 0, true)
		a.appendOwn(nil, long)
		read += len(w.text)
	}
	assert.Less(t, read, len(text)*21/20)
}
