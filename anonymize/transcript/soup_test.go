package transcript

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/internal/soup"
)

// signs mean something in some format.
var signs = []string{"\n", "\r\n", "\r", "\n\n", "{", "}", "[", "]", ":", ",", `"`, `\"`, `\u0434`, `\ud83d`, "<", ">", "<v ", "<v Клиент>", "<c.x>", "</v>", "&amp;", "&#49;", "-->",
	"00:01.000 --> 00:02.000\n", "\n\n1\n00:00:01,000 --> 00:00:02,000\n", "NOTE", "WEBVTT", "19.11.2026, 09:42 - ", "\n[19.11.2026, 09:42:27] Имя: ", "\u200e", "\u202f", "(speaker 0) ",
	"\nFrom: ", "=?utf-8?Q?=D0=B4?=", "=D0=B4", "--x\n", "--x--", "<br>", "<!--", "-->", "<style>", "\x00", "\ufeff", "[PHONE_1]", "Customer A", "Клиент А", "[_BEG_]"}

const planted = " почта kanarejka@example.com, телефон +7 916 555-44-31. "

// TestSoup gives texts of random words and signs to every reader, as a file and in the places of a real one. Nothing panics; what
// is planted among the words is masked; what is written is read again; pieces and parts give the same.
func TestSoup(t *testing.T) {
	words, rounds := soup.New(t, 20, "../testdata/find/*.txt")
	a := anonymize.New(nil)
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) {
			for range rounds {
				source := []byte(words.Text(60, signs...))
				if words.Int(4) > 0 {
					source = []byte(filled(t, format, func() string { return words.Text(12, signs...) + planted + words.Text(5, signs...) }))
				}
				begin := time.Now()
				soupFile(t, a, format, source)
				require.Less(t, time.Since(begin), 20*time.Second, "%q", source)
			}
		})
	}
}

func soupFile(t *testing.T, a *anonymize.Analyzer, format Format, source []byte) {
	documents, err := readAs(format, bytes.NewReader(source), 0)
	sameInPieces(t, format, source, documents, err)
	if err != nil {
		return
	}
	var out bytes.Buffer
	turns := 0
	for _, d := range documents {
		m, err := d.mask(t.Context(), a)
		if err != nil {
			return // an id with personal data, or pieces of letters
		}
		_, err = m.WriteTo(&out)
		require.NoError(t, err)
		turns += len(m.Turns)
	}
	if bytes.Contains(source, []byte(planted)) {
		require.NotRegexp(t, "kanarejka|555-44-31", out.String(), "%q", source)
	}
	again, err := readAs(format, iotest.HalfReader(bytes.NewReader(out.Bytes())), 0)
	require.NoError(t, err, "%q\n%q", source, out.Bytes())
	switch format {
	case WebVTT, SubRip, Whisper, WhisperCpp: // two names of one person may be one speaker afterwards
	default:
		require.Len(t, allTurns(again), turns, "%q\n%q", source, out.Bytes())
	}
}

// filled puts texts into the file of a format.
func filled(t *testing.T, format Format, text func() string) string {
	quoted := func() string {
		s := strconv.QuoteToGraphic(strings.Map(func(r rune) rune {
			if r < ' ' || r == utf8.RuneError || r == 0x7f {
				return ' '
			}
			return r
		}, text()))
		return strings.NewReplacer(`\ufeff`, "", `\u200e`, "").Replace(s)
	}
	line := func() string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(text()) }
	var b strings.Builder
	many := func(between, form string, make ...func() string) {
		for i := range 3 {
			if i > 0 {
				b.WriteString(between)
			}
			args := []any{}
			for _, m := range make {
				args = append(args, m())
			}
			fmt.Fprintf(&b, form, args...)
		}
	}
	switch format {
	case JSONL:
		many("\n", `{"id": "a", "turns": [{"speaker": %s, "text": %s}, {"text": %s}], "x": %s}`, quoted, quoted, quoted, quoted)
	case WebVTT:
		b.WriteString("WEBVTT\n\n")
		many("\n\n", "NOTE %s\n\n00:01.000 --> 00:02.000\n<v %s>%s\n%s", line, line, line, line)
	case SubRip:
		many("\n\n", "1\n00:00:01,000 --> 00:00:02,000\n%s: %s\n%s", line, line, line)
	case Telegram:
		b.WriteString(`{"type": "personal_chat", "id": 1, "messages": [`)
		many(",", `{"from": %s, "from_id": "user1", "text": [%s, {"type": "bold", "text": %s}], "text_entities": [{"text": %s}], "first_name": %s}`, quoted, quoted, quoted, quoted, quoted)
		b.WriteString("]}")
	case SpeechKit3:
		many("\n", `{"result": {"partial": {"alternatives": [{"text": %s}]}}} {"final": {"alternatives": [{"text": %s, "words": [{"text": %s, "startTimeMs": "1", "endTimeMs": "2"}]}]}}`, quoted, quoted, quoted)
	case SpeechKit2:
		b.WriteString(`{"response": {"chunks": [`)
		many(",", `{"alternatives": [{"text": %s, "words": [{"word": %s}, {"word": %s}]}], "channelTag": "1"}`, quoted, quoted, quoted)
		b.WriteString("]}}")
	case SaluteSpeech:
		many(" ", `{"results": [{"text": %s, "normalized_text": %s, "word_alignments": [{"word": %s}]}]}`, quoted, quoted, quoted)
	case Whisper:
		b.WriteString(`{"segments": [`)
		many(",", `{"text": %s, "speaker": %s, "words": [{"word": %s, "start": 1, "end": 2}, {"word": %s, "start": 2, "end": 3}]}`, quoted, quoted, quoted, quoted)
		fmt.Fprintf(&b, `], "text": %s}`, quoted())
	case WhisperCpp:
		b.WriteString(`{"transcription": [`)
		many(",", `{"offsets": {"from": 1, "to": 2}, "text": %s, "tokens": [{"text": %s, "id": 5}, {"text": %s, "id": 6}]}`, quoted, quoted, quoted)
		b.WriteString("]}")
	case Vosk:
		many("\n", `{"result": [{"word": %s, "start": 1, "end": 2}], "text": %s}`, quoted, quoted)
	case AmoCRM:
		b.WriteString(`{"_embedded": {"notes": [`)
		many(",", `{"params": {"text": %s, "phone": %s, "call_responsible": %s}}`, quoted, quoted, quoted)
		b.WriteString("]}}")
	case Bitrix24:
		fmt.Fprintf(&b, `{"result": {"chatId": 1, "message": {"1": {"id": 1, "senderid": 1, "text": %s}}, "users": {"1": {"name": %s}}, "SUBJECT": %s, "BIRTHDATE": %s}}`, quoted(), quoted(), quoted(), quoted())
	case WhatsApp:
		many("\n", "19.11.2026, 09:42 - %s: %s\n%s", line, line, line)
	case EMail:
		fmt.Fprintf(&b, "From: %s <a@example.com>\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/%s; charset=utf-8\r\n\r\n%s", line(), line(), line(), []string{"plain", "html"}[len(text())%2], text())
	default:
		t.Fatal("no file for ", format)
	}
	return b.String()
}
