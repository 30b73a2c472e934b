package transcript_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

// stencils make files of any length: a head, pieces that begin with the number of the piece, what stands between them and a tail.
var stencils = map[transcript.Format]struct{ head, piece, between, tail string }{
	transcript.WebVTT: {"WEBVTT\n\n", "NOTE %[2]s\n\n%[1]d\n01:00.000 --> 01:02.000\n<v Клиент>%[3]s\n\n", "", ""},
	transcript.SubRip: {"", "%[1]d\n00:00:01,000 --> 00:00:02,000\n%[3]s\n", "\n", "\n"},
	transcript.Telegram: {`{"about": "x", "chats": {"about": "y", "list": [ {"name": "Чат", "type": "private_group", "id": 7, "messages": [`,
		`{"id": %[1]d, "type": "message", "from": "Прохоров Денис", "from_id": "user1", "file": "%[2]s", "text": ["%[3]s", {"type": "bold", "text": "!"}]}`,
		", ", `]}, {"id": 8, "messages": []} ]}, "left_chats": {"list": []}}` + "\n"},
	transcript.WhatsApp: {"", "19.11.2026, 09:42 - Прохоров Денис: %[3]s\n%[2]s\n", "", ""},
	transcript.Vosk:     {"", `{"result": [{"word": "%[3]s", "start": 1.5, "end": 2.5}], "text": "%[3]s"}`, "\n", "\n"},
	transcript.SpeechKit2: {`{"done": true, "response": {"@type": "x", "chunks": [`,
		`{"alternatives": [{"text": "%[3]s", "words": [{"word": "%[2]s", "startTime": "1s", "endTime": "2s"}]}], "channelTag": "1"}`, ",", `]}, "id": "e%[1]d"}`},
	transcript.SpeechKit3:   {"", `{"result": {"final": {"alternatives": [{"text": "%[3]s", "startTimeMs": "1", "endTimeMs": "2"}]}, "audioCursors": {"finalIndex": "%[1]d"}, "channelTag": "0"}}`, "\n", "\n"},
	transcript.SaluteSpeech: {"[", `{"results": [{"text": "%[2]s", "normalized_text": "%[3]s", "start": "1s", "end": "2s"}], "channel": %[1]d}`, ", ", "]"},
	transcript.Whisper:      {`{"text": "да", "segments": [`, `{"id": %[1]d, "speaker": "SPEAKER_0%[1]d", "text": " %[3]s", "start": 1, "end": 2, "words": [{"word": " %[2]s", "start": 1, "end": 2}]}`, ",", `], "language": "ru"}`},
	transcript.AmoCRM: {`{"_page": 1, "_embedded": {"contacts": [{"id": 3, "name": "Прохоров Денис", "first_name": "Денис"}], "notes": [`,
		`{"id": %[1]d, "note_type": "common", "params": {"text": "%[3]s", "source": "%[2]s"}}`, ", ", `]}}`},
	transcript.Bitrix24: {`{"result": [`, `{"CALL_ID": "8A.%[1]d", "PHONE_NUMBER": "89165554436", "COMMENT": "%[3]s", "CALL_LOG": "%[2]s"}`, ",", `], "total": 51}`},
	transcript.WhisperCpp: {`{"systeminfo": "x", "result": {"language": "ru"}, "transcription": [`,
		`{"offsets": {"from": 1, "to": 2}, "text": " %[3]s", "tokens": [{"text": " %[2]s", "id": %[1]d}]}`, ",", "]}"},
}

// file makes a file of some pieces.
func file(format transcript.Format, n int, words func(i int) (string, string)) string {
	stencil := stencils[format]
	var b strings.Builder
	b.WriteString(stencil.head)
	for i := range n {
		if i > 0 {
			b.WriteString(stencil.between)
		}
		aside, said := words(i)
		fmt.Fprintf(&b, stencil.piece, i%10, aside, said)
	}
	b.WriteString(strings.ReplaceAll(stencil.tail, "%[1]d", "1"))
	return b.String()
}

var saying = []string{"да", "мой номер 8 916 555-44-31", "диктую восемь девятьсот шестнадцать", "двести тридцать четыре", "сорок пять шестьдесят семь", "какая квартира?",
	"двенадцать", "улица Ремизова, дом 15", "меня зовут Журавлёва Полина", "Полина, спасибо", "a@example.com", "карта 4276 1600 0001 2348", "«ёлка»"}

// A trickle gives a file in pieces of the lengths drawn.
type trickle struct {
	s     string
	sizes []int
	n     int
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.s == "" {
		return 0, io.EOF
	}
	size := min(r.sizes[r.n%len(r.sizes)], len(p), len(r.s))
	r.n++
	copy(p, r.s[:size])
	r.s = r.s[size:]
	return size, nil
}

// maskParts masks a file part by part in one session for each conversation.
func maskParts(t require.TestingT, file io.Reader, opts *transcript.Options) (out []byte, turns []transcript.Turn) {
	r, err := transcript.NewReader(file, opts)
	require.NoError(t, err)
	a := anonymize.New(nil)
	var b bytes.Buffer
	var s *anonymize.Session
	for {
		d, err := r.Next()
		if err == io.EOF {
			return b.Bytes(), turns
		}
		require.NoError(t, err)
		if !d.Continues() {
			s = a.Session(&anonymize.SessionOptions{OneWay: true, Participants: d.Conversation().Participants})
		}
		m, err := d.MaskIn(context.Background(), s)
		require.NoError(t, err)
		_, err = m.WriteTo(&b)
		require.NoError(t, err)
		turns = append(turns, m.Turns...)
	}
}

// TestSplits reads random files in random pieces, whole and in parts: the result is that of the file read at once.
func TestSplits(t *testing.T) {
	formats := slices.Sorted(maps.Keys(stencils))
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(formats).Draw(t, "format")
		word := rapid.SampledFrom(saying)
		source := file(format, rapid.IntRange(1, 12).Draw(t, "pieces"), func(int) (string, string) {
			return word.Draw(t, "aside"), word.Draw(t, "said")
		})
		sizes := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 5).Draw(t, "sizes")
		for _, opts := range []*transcript.Options{nil, {Turns: rapid.IntRange(1, 5).Draw(t, "turns")}} {
			want, turns := maskParts(t, strings.NewReader(source), opts)
			got, again := maskParts(t, &trickle{s: source, sizes: sizes}, opts)
			require.Equal(t, string(want), string(got))
			require.Equal(t, turns, again)
		}
		r, err := transcript.NewReader(&trickle{s: source, sizes: sizes}, nil)
		require.NoError(t, err)
		require.Equal(t, format, r.Format())
	})
}

// TestEverySplit cuts the canaries in two, in parts of one turn: at every tenth byte, or at every one with VUAL_SOAK.
func TestEverySplit(t *testing.T) {
	every := 10
	if os.Getenv("VUAL_SOAK") != "" {
		every = 1
	}
	for name := range canaryFormats {
		template, err := os.ReadFile(filepath.Join("testdata", "canary", name))
		require.NoError(t, err)
		source, _ := plant(string(template))
		want := readParts(t, bytes.NewReader(source))
		require.Equal(t, string(source), strings.Join(want, ""), name)
		for i := 0; i < len(source); i += every {
			require.Equal(t, want, readParts(t, io.MultiReader(bytes.NewReader(source[:i]), bytes.NewReader(source[i:]))), "%s at %d", name, i)
		}
		require.Equal(t, want, readParts(t, iotest.DataErrReader(bytes.NewReader(source))), name)
		require.Equal(t, want, readParts(t, iotest.OneByteReader(bytes.NewReader(source))), name)
	}
}

func readParts(t *testing.T, file io.Reader) (parts []string) {
	r, err := transcript.NewReader(file, &transcript.Options{Turns: 1})
	require.NoError(t, err)
	for {
		d, err := r.Next()
		if err == io.EOF {
			return parts
		}
		require.NoError(t, err)
		parts = append(parts, string(d.Source()))
	}
}

// TestCanaryParts masks the canaries turn by turn: nothing that was planted is left.
func TestCanaryParts(t *testing.T) {
	for name := range canaryFormats {
		template, err := os.ReadFile(filepath.Join("testdata", "canary", name))
		require.NoError(t, err)
		source, values := plant(string(template))
		for _, turns := range []int{1, 3} {
			out, _ := maskParts(t, bytes.NewReader(source), &transcript.Options{Turns: turns})
			t.Run(fmt.Sprint(name, " ", turns), func(t *testing.T) { holdsNone(t, out, values) })
		}
	}
}

// TestPartsAreTheWhole: where a file has nothing but turns, parts of any size are masked as the whole is in a session.
func TestPartsAreTheWhole(t *testing.T) {
	for _, format := range []transcript.Format{transcript.WhatsApp, transcript.SpeechKit3} {
		rapid.Check(t, func(t *rapid.T) {
			word := rapid.SampledFrom(saying)
			source := file(format, rapid.IntRange(1, 30).Draw(t, "pieces"), func(int) (string, string) {
				return word.Draw(t, "aside"), word.Draw(t, "said")
			})
			want, turns := maskParts(t, strings.NewReader(source), nil)
			got, again := maskParts(t, strings.NewReader(source), &transcript.Options{Turns: rapid.IntRange(1, 7).Draw(t, "turns")})
			require.Equal(t, string(want), string(got))
			require.Equal(t, turns, again)
		})
	}
}

// TestContextOfParts: what is asked in one part is answered in the next, also when a note stands between them.
func TestContextOfParts(t *testing.T) {
	source := "WEBVTT\n\nNOTE один\n\n00:01.000 --> 00:02.000\n<v agent>Продиктуйте номер телефона\n\nNOTE два\n\n" +
		"00:03.000 --> 00:04.000\n<v client>девятьсот шестнадцать\n\nNOTE три\n\n00:05.000 --> 00:06.000\n<v client>пятьсот пятьдесят пять сорок четыре тридцать один\n"
	for turns := range 5 {
		out, _ := maskParts(t, strings.NewReader(source), &transcript.Options{Turns: turns})
		assert.NotContains(t, string(out), "шестнадцать", turns)
		assert.NotContains(t, string(out), "пятьдесят", turns)
	}
}

// TestPartAlone: the tokens of a part mean nothing without those before it.
func TestPartAlone(t *testing.T) {
	r, err := transcript.NewReader(strings.NewReader(file(transcript.Vosk, 3, func(int) (string, string) { return "да", "нет" })), &transcript.Options{Turns: 2})
	require.NoError(t, err)
	d, err := r.Next()
	require.NoError(t, err)
	_, err = d.Mask(t.Context(), anonymize.New(nil))
	assert.EqualError(t, err, "transcript: a part of a conversation is masked by Document.MaskIn")
	_, err = d.Without(t.Context(), anonymize.New(nil), nil)
	assert.Error(t, err)
}

// TestBrokenInTheMiddle: what stands before the place that nobody can read is given, then the place.
func TestBrokenInTheMiddle(t *testing.T) {
	gone := errors.New("the disk is gone")
	for format, broken := range map[transcript.Format]string{
		transcript.WebVTT: "8 916 555-44-31\n\n", transcript.SubRip: "x\n8 916 555-44-31\n\n", transcript.Telegram: `, {"text": 8 916`,
		transcript.Vosk: `{"text": 8 916}`, transcript.SpeechKit2: `, {"alternatives": x`, transcript.SpeechKit3: `{"text": 8 916}`,
		transcript.SaluteSpeech: `, {"text": 8 916}`, transcript.Whisper: `, {"text": 8 916}`, transcript.WhisperCpp: `, {"text": 8 916}`,
		transcript.AmoCRM: `, {"params": 8 916}`, transcript.Bitrix24: `, {"COMMENT": 8 916}`, transcript.WhatsApp: "",
	} {
		good := file(format, 5, func(i int) (string, string) { return fmt.Sprint("да", i), fmt.Sprint("нет", i) })
		good = strings.TrimSuffix(good, strings.ReplaceAll(stencils[format].tail, "%[1]d", "1")) + stencils[format].between
		if format != transcript.WhatsApp {
			cut := strings.TrimSuffix(good, ",")
			failsBehind(t, format, strings.TrimSuffix(cut, ", "), strings.NewReader(broken), "")
		}
		huge := strings.Repeat("8 916 555-44-31 ", 1000)
		if format != transcript.WhisperCpp { // which need not be UTF-8
			failsBehind(t, format, good, strings.NewReader("\xff8 916"), "not UTF-8")
		}
		failsBehind(t, format, good, strings.NewReader(`"`+huge), "more than 4096 bytes")
		failsBehind(t, format, good, errorReader{gone}, gone.Error())
	}
}

func failsBehind(t *testing.T, format transcript.Format, good string, rest io.Reader, reason string) {
	t.Helper()
	r, err := transcript.NewReader(io.MultiReader(strings.NewReader(good), rest), &transcript.Options{Turns: 2, MaxSize: 4096})
	if err != nil { // the head did not become whole
		require.ErrorContains(t, err, reason)
		return
	}
	var said strings.Builder
	for err == nil {
		var d *transcript.Document
		if d, err = r.Next(); err == nil {
			for _, turn := range d.Conversation().Turns {
				said.WriteString(turn.Text)
			}
		}
	}
	assert.ErrorContains(t, err, reason, format)
	assert.NotContains(t, err.Error(), "916", format)
	last := "нет4"
	if format == transcript.WhatsApp { // what follows may belong to the last message
		last = "нет3"
	}
	assert.Contains(t, said.String(), last, "%s %v", format, err)
	_, again := r.Next()
	assert.Equal(t, err, again, format)
	if _, isGone := rest.(errorReader); !isGone {
		assert.Regexp(t, `line \d+, byte \d+: `, err.Error(), format)
	}
}

// TestPartsMemory reads every format in parts from a file that is never there as a whole, of 2 MB, or of 200 with VUAL_SOAK.
func TestPartsMemory(t *testing.T) {
	size := 2 << 20
	if raceEnabled {
		size /= 8
	}
	if os.Getenv("VUAL_SOAK") != "" {
		size = 200 << 20
	}
	for format, stencil := range stencils {
		t.Run(string(format), func(t *testing.T) {
			i := 0
			pieces := &generated{head: stencil.head, left: size, next: func() string {
				i++
				return fmt.Sprintf(stencil.piece, i%10, "звонок 8 916 555-44-31", strings.Repeat("да, слушаю вас ", 20)) + stencil.between
			}}
			r, err := transcript.NewReader(pieces, &transcript.Options{Turns: 100})
			require.NoError(t, err)
			s := anonymize.New(nil).Session(&anonymize.SessionOptions{OneWay: true})
			var most uint64
			read := 0
			for n := 0; read < size*9/10; n++ {
				d, err := r.Next()
				require.NoError(t, err)
				m, err := d.MaskIn(t.Context(), s)
				require.NoError(t, err)
				read += len(d.Source())
				if n%20 == 0 {
					runtime.GC()
					var stats runtime.MemStats
					runtime.ReadMemStats(&stats)
					most = max(most, stats.HeapAlloc)
				}
				runtime.KeepAlive(m)
			}
			t.Logf("%d MB read, at most %d KB in the heap", read>>20, most>>10)
			assert.Less(t, most, uint64(8<<20))
		})
	}
}

// A generated makes its file while it is read.
type generated struct {
	head string
	left int
	next func() string
}

func (g *generated) Read(p []byte) (int, error) {
	if g.head == "" {
		if g.left <= 0 {
			return 0, io.EOF
		}
		g.head = g.next()
		g.left -= len(g.head)
	}
	n := copy(p, g.head)
	g.head = g.head[n:]
	return n, nil
}

// TestFullSession: where a session has all the values that it may have, a new one goes on with the part that failed.
func TestFullSession(t *testing.T) {
	source := file(transcript.WhatsApp, 6, func(i int) (string, string) { return "да", fmt.Sprintf("мой номер 8 916 555-44-%d", 31+i) })
	r, err := transcript.NewReader(strings.NewReader(source), &transcript.Options{Turns: 1})
	require.NoError(t, err)
	a := anonymize.New(&anonymize.Options{MaxEntities: 4})
	s, sessions := a.Session(nil), 1
	var out bytes.Buffer
	for {
		d, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		m, err := d.MaskIn(t.Context(), s)
		if errors.Is(err, anonymize.ErrTooManyEntities) {
			assert.Nil(t, m)
			s, sessions = a.Session(nil), sessions+1
			m, err = d.MaskIn(t.Context(), s)
		}
		require.NoError(t, err)
		_, err = m.WriteTo(&out)
		require.NoError(t, err)
	}
	assert.Equal(t, 2, sessions)
	assert.NotContains(t, out.String(), "555-44")
	assert.Equal(t, 6, strings.Count(out.String(), "[PHONE_"))
}
