package transcript

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		documents, err := readAs(format, source)
		if err != nil {
			return
		}
		var out bytes.Buffer
		for _, d := range documents {
			d.format = format
			m, err := d.mask(t.Context(), a)
			if err != nil {
				return // not UTF-8, or an id with personal data
			}
			_, err = m.WriteTo(&out)
			require.NoError(t, err)
		}
		require.True(t, !utf8.Valid(source) || utf8.Valid(out.Bytes()))
		_, err = readAs(format, out.Bytes())
		require.NoError(t, err, out.String())
	})
}

// readAs reads a source whatever it looks like.
func readAs(format Format, source []byte) ([]*document, error) {
	if format == JSONL {
		var documents []*document
		in := newInput(bytes.NewReader(source), 1<<20)
		for {
			d, err := in.nextLine()
			if err == io.EOF {
				return documents, nil
			}
			if err != nil {
				return nil, err
			}
			documents = append(documents, d)
		}
	}
	for _, r := range rules {
		if r.format != format {
			continue
		}
		if !r.raw && !utf8.Valid(source) {
			return nil, errUnknown
		}
		return r.read(source)
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
		root, err := parseWholeJSON(source)
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
