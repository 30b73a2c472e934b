package transcript_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

// TestBrokenLines goes on behind a line that is no conversation, and tells where it stands.
func TestBrokenLines(t *testing.T) {
	good := `{"id": "a", "text": "да"}` + "\n"
	long := `{"id": "b", "text": "` + strings.Repeat("а", 2000) + `"}` + "\n"
	source := good + "\n" + `{"id": "8 916 555-44-31", "text": ` + "\n" + good + long + "{\"id\": \"\xff\"}\n" + good +
		`{"id": "c", "text": "да", "text": "8 916 555-44-31"}` + "\n" + `{"id": "d"}` + "\n" + `{"id": "call 8 916 555-44-31", "text": "да"}`
	r, err := transcript.NewReader(strings.NewReader(source), &transcript.Options{MaxSize: 1000})
	require.NoError(t, err)
	var lines, masked []string
	for {
		d, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			require.ErrorIs(t, err, transcript.ErrLine)
			lines = append(lines, err.Error())
			continue
		}
		m, err := d.Mask(t.Context(), anonymize.New(nil))
		if err != nil {
			lines = append(lines, err.Error())
			continue
		}
		masked = append(masked, m.ID)
	}
	assert.Equal(t, []string{"a", "a", "a"}, masked)
	assert.Equal(t, []string{
		"transcript: jsonl: line 3, byte 35: JSON ends too early",
		"transcript: jsonl: line 5, byte 1000: the line is too long",
		"transcript: jsonl: line 6, byte 9: not UTF-8",
		"transcript: jsonl: line 8, byte 29: a key stands twice",
		"transcript: jsonl: line 9, byte 1: neither text nor turns, or both",
		"transcript: jsonl: line 10: the id holds personal data",
	}, lines)
}

// TestUnreadable: no error repeats what stands in the file.
func TestUnreadable(t *testing.T) {
	for name, source := range map[string]string{
		"empty":             "",
		"text":              "Иванов, 8 916 555-44-31",
		"broken JSON":       `{"messages": [{"text": "8 916 555-44-31"`,
		"half a Telegram":   `{"type": "personal_chat", "messages": [{"text": "8 916 555-44-31"`,
		"SRT without times": "1\n00:00:01,000 --> 00:00:02,000\nда\n\n2\n8 916 555-44-31\n",
		"VTT without times": "WEBVTT\n\n8 916 555-44-31\nда\n",
		"not UTF-8":         "WEBVTT\n\n00:01.000 --> 00:02.000\n\xcf\xf0\xe8 8 916 555-44-31",
		"no conversation":   `{"segments": [{"words": []}]}`,
		"too large":         "WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("8 916 555-44-31 ", 1000),
	} {
		r, err := transcript.NewReader(strings.NewReader(source), &transcript.Options{MaxSize: 10_000})
		if err == nil {
			_, err = r.Next()
		}
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "916", name)
		assert.True(t, strings.HasPrefix(err.Error(), "transcript: "), name)
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, head := range []string{"", "WEBVTT\n\n", `{"id": "a", "text": "да"}` + "\n"} {
		r, err := transcript.NewReader(io.MultiReader(strings.NewReader(head), errorReader{broken}), nil)
		for err == nil {
			_, err = r.Next()
		}
		assert.ErrorIs(t, err, broken)
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// TestMemory reads JSON lines that are never there as a whole: 3 MB, or 200 with VUAL_SOAK.
func TestMemory(t *testing.T) {
	size := 3 << 20
	if os.Getenv("VUAL_SOAK") != "" {
		size = 200 << 20
	}
	line := []byte(`{"id": "a", "turns": [{"speaker": "client", "text": "` + strings.Repeat("да, слушаю вас ", 400) + `мой номер 8 916 555-44-31"}]}` + "\n")
	r, err := transcript.NewReader(&repeated{line: line, left: size / len(line)}, nil)
	require.NoError(t, err)
	a := anonymize.New(nil)
	var first, last uint64
	for n := 1; ; n++ {
		d, err := r.Next()
		if err == io.EOF {
			require.Greater(t, n, size/len(line))
			break
		}
		require.NoError(t, err)
		m, err := d.Mask(t.Context(), a)
		require.NoError(t, err)
		if n%100 == 0 {
			runtime.GC()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			if last = stats.HeapAlloc; first == 0 {
				first = last
			}
		}
		runtime.KeepAlive(m)
	}
	assert.Less(t, last, first+2<<20)
}

// A repeated gives a line again and again.
type repeated struct {
	line []byte
	at   int
	left int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) && r.left > 0 {
		c := copy(p[n:], r.line[r.at:])
		n += c
		if r.at += c; r.at == len(r.line) {
			r.at = 0
			r.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestHidden prints a document in every way, alone and inside another value.
func TestHidden(t *testing.T) {
	r, err := transcript.NewReader(strings.NewReader(`{"id": "a", "turns": [{"speaker": "Прохоров", "text": "8 916 555-44-31"}]}`), nil)
	require.NoError(t, err)
	d, err := r.Next()
	require.NoError(t, err)
	m, err := d.Mask(t.Context(), anonymize.New(nil))
	require.NoError(t, err)
	var out bytes.Buffer
	type nested struct {
		d *transcript.Document
		m *transcript.Masked
	}
	type flat struct{ d transcript.Document }
	for _, v := range []any{d, *d, nested{d, m}, &nested{d, m}, flat{*d}, &flat{*d}, []any{d, m}, r, *r} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	for _, value := range []string{"Прохоров", "8 916", "555-44", strings.Trim(fmt.Sprint([]byte("Прох")), "[]"), fmt.Sprintf("%x", "Прох"), fmt.Sprintf("%x", "8 916"),
		strings.Trim(fmt.Sprint([]byte("8 916")), "[]")} {
		assert.NotContains(t, out.String(), value)
	}
}

// TestMute merges what is near and widens it.
func TestMute(t *testing.T) {
	source := "WEBVTT\n\n00:01.000 --> 00:02.000\n<v client>8 916 555-44-31\n\n00:02.100 --> 00:03.000\n<v agent>записал, ваш a@example.com\n\n" +
		"00:05.000 --> 00:06.000\n<v client>да\n\n00:10.000 --> 00:11.000\n<v agent>8 916 555-44-32\n"
	_, documents := read(t, "mute", []byte(source))
	m, err := documents[0].Mask(t.Context(), anonymize.New(nil))
	require.NoError(t, err)
	ms := func(start, end int) transcript.Window {
		return transcript.Window{Start: time.Duration(start) * time.Millisecond, End: time.Duration(end) * time.Millisecond}
	}
	assert.Equal(t, []transcript.Window{ms(1000, 2000), ms(2100, 3000), ms(10000, 11000)}, m.Mute(0))
	assert.Equal(t, []transcript.Window{ms(900, 3100), ms(9900, 11100)}, m.Mute(100*time.Millisecond))
	assert.Equal(t, []transcript.Window{ms(0, 4500), ms(8500, 12500)}, m.Mute(1500*time.Millisecond))
	assert.Equal(t, m.Mute(0), m.Mute(-time.Second))
}

// TestUntouched writes a file in which nothing is found byte for byte as it was, whatever its line ends.
func TestUntouched(t *testing.T) {
	for name, source := range map[string]string{
		"vtt":      "\xef\xbb\xbfWEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:02.000 line:0\r\n<v agent>да &amp; <b>нет</b>\r\nеще\r\n\r\n\r\nNOTE x\r\n",
		"srt":      "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>да</i>\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nнет",
		"jsonl":    "{ \"id\" : \"a\",\"text\":\"\\u0434\\u0430 \\/ нет\" }\r\n\n{\"id\":\"b\",\"turns\":[]}",
		"telegram": `{"type":"private_group","messages":[ {"id":1,"text":["да",{"type":"bold","text":"нет"}]} ], "x": 1e5}`,
		"mail":     "Subject: =?utf-8?Q?=D0=B4=D0=B0?=\r\n folded\r\nDate: today\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n0LTQsA==\r\n",
	} {
		_, documents := read(t, name, []byte(source))
		got := strings.ReplaceAll(string(writeAll(t, documents)), "\n\n", "\n")
		assert.Equal(t, strings.ReplaceAll(source, "\n\n", "\n"), got, name)
	}
}

// TestListsOfNumbers passes over short numbers, which are not kept, and finds the long one behind them.
func TestListsOfNumbers(t *testing.T) {
	source := `{"id": "a", "text": "да", "x": [` + strings.Repeat("0,null,", 200_000) + `89165554431]}`
	r, err := transcript.NewReader(strings.NewReader(source), nil)
	require.NoError(t, err)
	d, err := r.Next()
	require.NoError(t, err)
	m, err := d.Mask(t.Context(), anonymize.New(nil))
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(source, "89165554431", `"[PHONE_1]"`, 1), out.String())
}

// TestStalled gives up a reader that gives nothing and says nothing.
func TestStalled(t *testing.T) {
	for _, head := range []string{"", "WEBVTT\n\n00:01.000 --> 00:02.000\nда" + strings.Repeat(" да", 40_000)} {
		r, err := transcript.NewReader(io.MultiReader(strings.NewReader(head), stalled{}), nil)
		if err == nil {
			_, err = r.Next()
		}
		assert.ErrorIs(t, err, io.ErrNoProgress)
	}
}

type stalled struct{}

func (stalled) Read([]byte) (int, error) { return 0, nil }
