package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

func FuzzJSONL(f *testing.F)        { fuzzFormat(f, JSONL, ".jsonl") }
func FuzzWebVTT(f *testing.F)       { fuzzFormat(f, WebVTT, ".vtt") }
func FuzzSubRip(f *testing.F)       { fuzzFormat(f, SubRip, ".srt") }
func FuzzTelegram(f *testing.F)     { fuzzFormat(f, Telegram, ".telegram.json") }
func FuzzSpeechKit3(f *testing.F)   { fuzzFormat(f, SpeechKit3, "v3.speechkit.json") }
func FuzzSpeechKit2(f *testing.F)   { fuzzFormat(f, SpeechKit2, "v2.speechkit.json") }
func FuzzSaluteSpeech(f *testing.F) { fuzzFormat(f, SaluteSpeech, ".salute.json") }
func FuzzWhisper(f *testing.F)      { fuzzFormat(f, Whisper, ".whisper.json") }
func FuzzWhisperCpp(f *testing.F)   { fuzzFormat(f, WhisperCpp, ".whispercpp.json") }
func FuzzVosk(f *testing.F)         { fuzzFormat(f, Vosk, ".vosk.json") }
func FuzzAmoCRM(f *testing.F)       { fuzzFormat(f, AmoCRM, ".amocrm.json") }
func FuzzBitrix24(f *testing.F)     { fuzzFormat(f, Bitrix24, ".bitrix24.json") }
func FuzzWhatsApp(f *testing.F)     { fuzzFormat(f, WhatsApp, ".whatsapp.txt") }
func FuzzEMail(f *testing.F)        { fuzzFormat(f, EMail, ".eml") }

// fuzzFormat gives foreign bytes to the reader of a format. It must not panic, and what it writes must be read again.
func fuzzFormat(f *testing.F, format Format, ending string) {
	files, err := filepath.Glob("testdata/canary/*" + ending)
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(f, err)
		text := strings.NewReplacer("@@", "8 916 555-44-31", "%%", "Прохоров Денис").Replace(string(source))
		f.Add([]byte(text))
		f.Add([]byte(text[:len(text)/2]))
	}
	a := anonymize.New(nil)
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 1<<14 {
			return
		}
		documents, err := readAs(format, bytes.NewReader(source), 0)
		sameInPieces(t, format, source, documents, err)
		if err != nil {
			return
		}
		var out bytes.Buffer
		for _, d := range documents {
			m, err := d.mask(t.Context(), a)
			if err != nil {
				return // not UTF-8, or an id with personal data
			}
			_, err = m.WriteTo(&out)
			require.NoError(t, err)
		}
		require.True(t, !utf8.Valid(source) || utf8.Valid(out.Bytes()))
		_, err = readAs(format, bytes.NewReader(out.Bytes()), 0)
		require.NoError(t, err, out.String())
	})
}

// sameInPieces reads a source byte by byte, and in parts: the same documents, and the same bytes and turns.
func sameInPieces(t *testing.T, format Format, source []byte, documents []*document, failure error) {
	again, err := readAs(format, iotest.OneByteReader(bytes.NewReader(source)), 0)
	require.Equal(t, fmt.Sprint(failure), fmt.Sprint(err))
	require.Equal(t, sources(documents), sources(again))
	require.Equal(t, allTurns(documents), allTurns(again))
	parts, err := readAs(format, bytes.NewReader(source), 2)
	slow, slowErr := readAs(format, iotest.OneByteReader(bytes.NewReader(source)), 2)
	require.Equal(t, fmt.Sprint(err), fmt.Sprint(slowErr))
	require.Equal(t, sources(parts), sources(slow))
	require.Equal(t, allTurns(parts), allTurns(slow))
	if format != JSONL { // which leaves out empty lines
		require.True(t, bytes.HasPrefix(source, bytes.Join(sources(parts), nil)))
	}
	if failure == nil {
		require.NoError(t, err)
		require.Equal(t, bytes.Join(sources(documents), nil), bytes.Join(sources(parts), nil))
	}
}

func sources(documents []*document) (all [][]byte) {
	for _, d := range documents {
		all = append(all, (&Document{&d}).Source())
	}
	return all
}

func allTurns(documents []*document) (all []anonymize.Turn) {
	for _, d := range documents {
		all = append(all, d.conversation().Turns...)
	}
	return all
}

// readAs reads a source whatever it looks like.
func readAs(format Format, source io.Reader, turns int) ([]*document, error) {
	var documents []*document
	next := nextAs(format, source, turns)
	for {
		d, err := next()
		if err == io.EOF {
			return documents, nil
		}
		if err != nil {
			return documents, err
		}
		d.format = format
		documents = append(documents, d)
	}
}

func nextAs(format Format, source io.Reader, turns int) func() (*document, error) {
	const limit = 1 << 20
	if format == JSONL {
		return newInput(source, limit).nextLine
	}
	for _, r := range rules {
		if r.format == format {
			return r.open(source, limit, turns).next
		}
	}
	panic("no such format")
}

// FuzzDetect gives any bytes to the whole reader.
func FuzzDetect(f *testing.F) {
	files, err := filepath.Glob("testdata/canary/*")
	require.NoError(f, err)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		r, err := NewReader(bytes.NewReader(source), &Options{MaxSize: 1 << 14})
		if err != nil {
			return
		}
		for range 1000 {
			if _, err := r.Next(); err == io.EOF {
				return
			}
		}
	})
}

// FuzzJSON holds the scanner to encoding/json: the same is valid, but for keys that stand twice and deep nesting.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, -0.5e+3, "\u0434\ud83d\ude00\n", true, null], "": {}}`, `"\ud800"`, `01`, `{"a":1,}`, `[1,]`, ` "x" `, `-`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if bytes.HasPrefix(source, byteOrderMark) || !utf8.Valid(source) {
			return
		}
		root, err := parseJSON(source)
		if err != nil {
			if strings.Contains(err.what, "twice") || strings.Contains(err.what, "deeply") {
				return
			}
			require.False(t, json.Valid(source), err.what)
			return
		}
		require.True(t, json.Valid(source))
		sameStrings(t, source, root)
	})
}

// sameStrings decodes every string in both ways.
func sameStrings(t *testing.T, source []byte, n *node) {
	if n.kind == '"' {
		literal := source[n.start:n.end]
		var want, back string
		require.NoError(t, json.Unmarshal(literal, &want))
		require.Equal(t, want, decodeJSON(literal))
		require.NoError(t, json.Unmarshal(encodeJSON(literal, want), &back))
		require.Equal(t, want, back)
	}
	for _, kid := range n.kids {
		sameStrings(t, source, kid)
	}
}
