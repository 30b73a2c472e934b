package transcript_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

var update = flag.Bool("update", false, "write the golden files again; read the difference")

// canaryFormats says what each file of testdata/canary is found to be. In them @@ stands for a phone, an address or a card, each
// time another, and %% for a name.
var canaryFormats = map[string]transcript.Format{
	"ours.jsonl": transcript.JSONL, "voices.vtt": transcript.WebVTT, "plain.vtt": transcript.WebVTT,
	"labelled.srt": transcript.SubRip, "speakers.srt": transcript.SubRip,
	"chat.telegram.json": transcript.Telegram, "account.telegram.json": transcript.Telegram,
	"v3.speechkit.json": transcript.SpeechKit3, "v2.speechkit.json": transcript.SpeechKit2, "async.salute.json": transcript.SaluteSpeech,
	"openai.whisper.json": transcript.Whisper, "whisperx.whisper.json": transcript.Whisper, "full.whispercpp.json": transcript.WhisperCpp,
	"simple.eml": transcript.EMail, "words.vosk.json": transcript.Vosk, "android.whatsapp.txt": transcript.WhatsApp, "ios.whatsapp.txt": transcript.WhatsApp,
	"notes.amocrm.json": transcript.AmoCRM, "openline.bitrix24.json": transcript.Bitrix24, "calls.bitrix24.json": transcript.Bitrix24,
}

// TestCanary plants values wherever text stands and finds none of them in what is written.
func TestCanary(t *testing.T) {
	files, err := filepath.Glob("testdata/canary/*")
	require.NoError(t, err)
	require.Len(t, files, len(canaryFormats))
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			template, err := os.ReadFile(file)
			require.NoError(t, err)
			source, values := plant(string(template))
			format, documents := read(t, name, source)
			assert.Equal(t, canaryFormats[name], format)
			out := writeAll(t, documents)
			holdsNone(t, out, values)
			again, _ := read(t, name, out)
			assert.Equal(t, format, again)
			golden(t, name, out)
		})
	}
}

var names = []string{"Прохоров Денис", "Грибова Антонина", "Журавлёва Полина"}

// plant puts values in the place of the marks.
func plant(template string) (source []byte, values []string) {
	var out strings.Builder
	for len(template) > 0 {
		switch {
		case strings.HasPrefix(template, "@@"):
			values = append(values, canary(len(values)))
			out.WriteString(values[len(values)-1])
			template = template[2:]
		case strings.HasPrefix(template, "%%"):
			name := names[len(values)%len(names)]
			out.WriteString(name)
			values = append(values, name)
			template = template[2:]
		default:
			out.WriteByte(template[0])
			template = template[1:]
		}
	}
	return []byte(out.String()), values
}

// canary makes the n-th value.
func canary(n int) string {
	switch n % 3 {
	case 0:
		return fmt.Sprintf("+7 916 %03d-%02d-%02d", 200+n, 10+n%80, 11+n%70)
	case 1:
		return fmt.Sprintf("kanarejka%d@example.com", n)
	}
	card := fmt.Sprintf("42761600%07d", 1003*n+12345)
	return card[:4] + " " + card[4:8] + " " + card[8:12] + " " + card[12:] + luhnDigit(card)
}

func luhnDigit(s string) string {
	sum := 0
	for i := range s {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return fmt.Sprint((10 - sum%10) % 10)
}

// holdsNone looks for values in any case, escaping and layout. What the planted ones are made of must be gone too.
func holdsNone(t *testing.T, out []byte, values []string) {
	text := plainLetters(string(out) + decodedStrings(out))
	for _, v := range append(values, "kanarejka", "8 916 555 44", "proverka_imeni", "8916 5554432", "203.0.113.47", "0.410921", "916555", "916777", "Прохоров", "Грибов", "Журавлев", "1971-11-07",
		"19-05", "Ремизова, д. 15", "730 18 44") {
		if strings.Contains(text, plainLetters(v)) {
			t.Errorf("%q is left", v)
		}
	}
}

// plainLetters keeps letters and digits.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ё' || r == 'Ё' {
			return 'е'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// decodedStrings gives the strings of JSON values, joined.
func decodedStrings(out []byte) string {
	var b strings.Builder
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		if s, ok := token.(string); ok {
			b.WriteString(s)
		}
	}
}

// golden compares but for the role and the letter of persons, about which package anonymize may learn.
func golden(t *testing.T, name string, out []byte) {
	out = regexp.MustCompile(`(Customer|Agent|Person) [A-Z]+`).ReplaceAll(out, []byte("Person"))
	file := filepath.Join("testdata", "golden", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, out, 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(out))
}

// TestFormatsHaveCanaries fails when a format has no file.
func TestFormatsHaveCanaries(t *testing.T) {
	for _, format := range transcript.Formats() {
		assert.True(t, slices.Contains(values(canaryFormats), format), "no canary for %s", format)
	}
}

func values(m map[string]transcript.Format) (all []transcript.Format) {
	for _, f := range m {
		all = append(all, f)
	}
	return all
}

// TestTruncated cuts every file at many places: there is an error that repeats nothing, or all that was planted before
// the cut is masked.
func TestTruncated(t *testing.T) {
	const cuts = 40
	for name := range canaryFormats {
		template, err := os.ReadFile(filepath.Join("testdata", "canary", name))
		require.NoError(t, err)
		source, values := plant(string(template))
		for i := range cuts {
			cut := source[:len(source)*i/cuts]
			whole := slices.DeleteFunc(slices.Clone(values), func(v string) bool {
				return !bytes.Contains(cut, []byte(v)) || bytes.HasSuffix(cut, []byte(v))
			})
			out, err := maskAll(t, cut)
			if err != nil {
				out = []byte(err.Error())
			}
			text := plainLetters(string(out) + decodedStrings(out))
			for _, v := range whole {
				if strings.Contains(text, plainLetters(v)) {
					t.Errorf("%s cut at %d: %q is left", name, len(cut), v)
				}
			}
		}
	}
}

// maskAll masks what can be read of a source, and stops at the first error.
func maskAll(t *testing.T, source []byte) ([]byte, error) {
	r, err := transcript.NewReader(bytes.NewReader(source), nil)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for {
		d, err := r.Next()
		if err == io.EOF {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		m, err := d.Mask(t.Context(), anonymize.New(nil))
		if err != nil {
			return nil, err
		}
		if _, err := m.WriteTo(&out); err != nil {
			return nil, err
		}
	}
}
