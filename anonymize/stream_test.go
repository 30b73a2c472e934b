package anonymize

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/transform"
	"pgregory.net/rapid"
)

// wholeTurn masks a text at one go, and gives what the session makes of the turn behind it too.
func wholeTurn(t require.TestingT, s *Session, text string) []string {
	m, err := s.Anonymize(context.Background(), Turn{Text: text})
	require.NoError(t, err)
	return []string{m.Text, nextTurn(t, s)}
}

func nextTurn(t require.TestingT, s *Session) string {
	m, err := s.Anonymize(context.Background(), Turn{Text: "а это +7 916 123-45-67, +7 916 000-00-00 и Марина"})
	require.NoError(t, err)
	return m.Text
}

// pieces cuts a text at random.
func pieces(text string, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	var all []string
	for text != "" {
		n := min(1+r.IntN(1+r.IntN(2*smallWindow)), len(text))
		all = append(all, text[:n])
		text = text[n:]
	}
	return all
}

// checkStreams masks a text in every way there is to stream it.
func checkStreams(t require.TestingT, a *Analyzer, text string, seed uint64) {
	ctx := context.Background()
	for _, oneWay := range []bool{false, true} {
		opts := &SessionOptions{OneWay: oneWay}
		want := wholeTurn(t, a.Session(opts), text)

		s := a.Session(opts)
		var out bytes.Buffer
		w := s.MaskWriter(ctx, &out)
		for _, p := range pieces(text, seed) {
			n, err := w.Write([]byte(p))
			require.NoError(t, err)
			require.Equal(t, len(p), n)
		}
		require.NoError(t, w.Close())
		require.NoError(t, w.Close())
		require.Equal(t, want[0], out.String(), "MaskWriter")
		if !oneWay {
			back, err := s.Mapping().Undo(0, out.String())
			require.NoError(t, err)
			require.Equal(t, text, back)
		}
		require.Equal(t, want[1], nextTurn(t, s))

		s = a.Session(opts)
		var r io.Reader = strings.NewReader(text)
		if seed%2 == 0 {
			r = iotest.HalfReader(iotest.DataErrReader(r))
		}
		got, err := io.ReadAll(transform.NewReader(r, s.Transformer(ctx)))
		require.NoError(t, err)
		require.Equal(t, want[0], string(got), "transform.Reader")
		require.Equal(t, want[1], nextTurn(t, s))

		s = a.Session(opts)
		got, err = transformInSteps(s.Transformer(ctx), pieces(text, seed), int(seed%97)+1)
		require.NoError(t, err)
		require.Equal(t, want[0], string(got), "Transform")
		require.Equal(t, want[1], nextTurn(t, s))
	}
	var out bytes.Buffer
	w := transform.NewWriter(&out, a.Session(nil).Transformer(ctx))
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	want := wholeTurn(t, a.Session(nil), text)[0]
	require.Equal(t, want, out.String(), "transform.Writer")
	got, _, err := transform.String(a.Session(nil).Transformer(ctx), text)
	require.NoError(t, err)
	require.Equal(t, want, got, "transform.String")
}

// transformInSteps calls Transform with sources of given pieces and destinations of n bytes.
func transformInSteps(t transform.Transformer, pieces []string, n int) ([]byte, error) {
	var all []byte
	dst := make([]byte, n)
	for i := 0; i <= len(pieces); i++ {
		var src []byte
		if i < len(pieces) {
			src = []byte(pieces[i])
		}
		for {
			nDst, nSrc, err := t.Transform(dst, src, i == len(pieces))
			all = append(all, dst[:nDst]...)
			src = src[nSrc:]
			if err == transform.ErrShortDst {
				continue
			}
			if err != nil {
				return all, err
			}
			if len(src) > 0 {
				return all, errors.New("Transform left input without an error")
			}
			break
		}
	}
	return all, nil
}

var streamed = strings.Repeat("Меня зовут Кузнецова Марина, телефон +7 916 123-45-67, договор 4512. ", 3) +
	"Почта marina.k@example.ru, паспорт 45 18 203344, [PHONE_2], Customer B.\nАдрес: Москва, улица Лесная, дом 5, квартира 40. " +
	strings.Repeat("Ещё номер 8 495 000-00-0", 2) + "1, спросить Игоря Петровича. " + strings.Repeat("да ", 300) + "И всё, Марина."

func TestStreamIsTheWhole(t *testing.T) {
	for name, a := range map[string]*Analyzer{"small": withSmallWindows(nil), "real": New(nil)} {
		for seed := range uint64(4) {
			for _, text := range []string{"", "да", "+7 916 123-45-67", streamed, strings.Repeat(streamed+"\n", 4)} {
				t.Run(fmt.Sprintf("%s/%d/%d", name, seed, len(text)), func(t *testing.T) { checkStreams(t, a, text, seed) })
			}
		}
	}
	text := strings.Repeat(streamed+"\n", 4*windowSize/len(streamed))
	checkStreams(t, New(nil), text, 3)
}

// TestStreamCutAnywhere cuts a text of several small windows in two at every byte.
func TestStreamCutAnywhere(t *testing.T) {
	a := withSmallWindows(nil)
	want := wholeTurn(t, a.Session(nil), streamed)[0]
	for i := range len(streamed) {
		var out strings.Builder
		w := a.Session(nil).MaskWriter(context.Background(), &out)
		_, err := io.WriteString(w, streamed[:i])
		require.NoError(t, err)
		_, err = io.WriteString(w, streamed[i:])
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.Equal(t, want, out.String(), "cut at byte %d", i)
	}
}

func TestStreamOfAnything(t *testing.T) {
	small, strict := withSmallWindows(nil), withSmallWindows(&Options{Strict: true, Labels: Russian})
	words := rapid.SampledFrom(append(strings.Split(streamed, " "), "\n", "[PHONE_1]", "Customer A", "8 9", "16", "\u0301", "👍", "ООО", strings.Repeat("ъ", 300), "sk-"+strings.Repeat("a1", 900)))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 400).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "between"))
		a := small
		if rapid.Bool().Draw(t, "strict") {
			a = strict
		}
		checkStreams(t, a, text, rapid.Uint64().Draw(t, "seed"))
	})
}

// TestStreamOfBrokenText: what was masked before the broken byte has left, and nothing of its window.
func TestStreamOfBrokenText(t *testing.T) {
	a := withSmallWindows(nil)
	for _, bad := range []string{"\xff", "\xd0", "\xd0\xd0", "\xf0\x9f\x91", "\xed\xa0\x80"} {
		for _, behind := range []string{"", " и дальше +7 916 123-45-67", strings.Repeat("да ", smallWindow)} {
			for _, before := range []string{"", "+7 916 123-45-67 ", streamed} {
				s := a.Session(nil)
				var out strings.Builder
				w := s.MaskWriter(context.Background(), &out)
				_, err := io.WriteString(w, before+bad+behind)
				if err == nil {
					err = w.Close()
				}
				require.ErrorIs(t, err, ErrNotUTF8)
				_, again := w.Write([]byte("да"))
				require.ErrorIs(t, again, ErrNotUTF8)
				require.NoError(t, w.Close())
				want := wholeTurn(t, a.Session(nil), before+strings.Repeat("д", smallWindow))[0]
				require.True(t, strings.HasPrefix(want, out.String()), out.String())

				back, err := s.Mapping().Undo(0, out.String())
				require.NoError(t, err)
				require.True(t, strings.HasPrefix(before, back))
				_, err = s.SealState(context.Background(), nil, nil)
				require.ErrorIs(t, err, ErrOneWay)
				require.NotContains(t, nextTurn(t, s), "916")
			}
		}
	}
}

// TestStreamFailsClosed: an operator that fails in the middle, a writer that fails, a context that is done.
func TestStreamFailsClosed(t *testing.T) {
	vault := &brokenTokenizer{fail: true}
	a := withSmallWindows(&Options{Operators: map[Kind]Operator{EMAIL: Tokenize(vault)}})
	text := strings.Repeat("Телефон +7 916 123-45-67. ", 100) + "marina.k@example.ru " + strings.Repeat("Телефон +7 916 123-45-68. ", 100)

	s := a.Session(nil)
	got, err := io.ReadAll(transform.NewReader(strings.NewReader(text), s.Transformer(context.Background())))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "marina")
	assert.NotContains(t, string(got), "example")
	assert.NotContains(t, string(got), "PHONE_2", "nothing behind the error leaves")
	assert.Contains(t, string(got), "[PHONE_1]. Телефон [PHONE_1]")
	vault.fail = false
	assert.Equal(t, "а это [PHONE_1], [PHONE_2] и Customer A", strings.Replace(nextTurn(t, s), "Person A", "Customer A", 1))

	w := a.Session(nil).MaskWriter(context.Background(), failingWriter{})
	_, err = io.WriteString(w, text)
	assert.ErrorIs(t, err, errFull)
	_, err = io.WriteString(w, text)
	assert.ErrorIs(t, err, errFull)

	ctx, cancel := context.WithCancel(context.Background())
	var out strings.Builder
	w = a.Session(nil).MaskWriter(ctx, &out)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	n := out.Len()
	cancel()
	assert.ErrorIs(t, w.Close(), context.Canceled)
	assert.Equal(t, n, out.Len())
}

var errFull = errors.New("disk full")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errFull }

// TestStreamAndSession: a session does one thing at a time, and each stream is a turn.
func TestStreamAndSession(t *testing.T) {
	ctx := context.Background()
	s := New(nil).Session(nil)
	var out strings.Builder
	w := s.MaskWriter(ctx, &out)
	_, err := io.WriteString(w, "Меня зовут Марина Кузнецова")
	require.NoError(t, err)
	_, err = s.Anonymize(ctx, Turn{Text: "да"})
	assert.ErrorIs(t, err, errStreaming)
	other := s.MaskWriter(ctx, &out)
	_, err = io.WriteString(other, "да")
	assert.ErrorIs(t, err, errStreaming)
	require.NoError(t, w.Close())
	_, err = io.WriteString(w, "да")
	assert.ErrorIs(t, err, errEnded)
	assert.Equal(t, "Меня зовут Person A", out.String())

	tr := s.Transformer(ctx)
	for range 2 {
		got, _, err := transform.String(tr, "Марина, вы тут?")
		require.NoError(t, err)
		assert.Equal(t, "Person A, вы тут?", got)
	}
	assert.Equal(t, 3, s.Mapping().Turns())
	var box bytes.Buffer
	sealed, err := s.SealState(ctx, plainSealer{}, nil)
	require.NoError(t, err)
	box.Write(sealed)
	opened, err := New(nil).OpenSession(ctx, plainSealer{}, nil, box.Bytes())
	require.NoError(t, err)
	assert.Equal(t, "Person A ушла", mask(t, opened, "", "Марина ушла"))
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v %v %+v %#v", w, w, w, tr, tr, tr), "Марина")
}

type plainSealer struct{}

func (plainSealer) Seal(_ context.Context, dst, plain, _ []byte) ([]byte, error) {
	return append(dst, plain...), nil
}
func (plainSealer) Open(_ context.Context, dst, box, _ []byte) ([]byte, error) {
	return append(dst, box...), nil
}

// TestStreamMemory streams 64 MB with a new value in every kilobyte through a one-way session.
func TestStreamMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("memory is counted without the race detector")
	}
	s := New(&Options{MaxEntities: 100}).Session(&SessionOptions{OneWay: true})
	meter := &heapMeter{}
	w := s.MaskWriter(context.Background(), meter)
	line := []byte(filled(fillers[0].text, 1000))
	for i := range 16 << 10 {
		_, err := w.Write(append(line, fmt.Sprintf("+7 916 123-45-%02d, спросить Игоря\n", i%90)...))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	assert.Greater(t, meter.bytes, 15<<20)
	assert.Less(t, meter.last, meter.first+2<<20)
}

// FuzzStream cuts any text in any way.
func FuzzStream(f *testing.F) {
	for i, s := range seeds(f) {
		if i%5 == 0 {
			f.Add(s, uint16(1000+i), uint64(i))
		}
	}
	f.Add(streamed, uint16(3000), uint64(5))
	a := withSmallWindows(nil)
	f.Fuzz(func(t *testing.T, s string, size uint16, seed uint64) {
		if s == "" || len(s) > 4*smallWindow {
			return
		}
		text := strings.ToValidUTF8(filled(s, int(size)%(4*smallWindow)), "?")
		checkStreams(t, a, text, seed)
	})
}
