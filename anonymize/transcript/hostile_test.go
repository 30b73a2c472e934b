package transcript_test

import (
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

const (
	mailHead = "From: a@example.com\r\nTo: b@example.com\r\n"
	htmlHead = mailHead + "Content-Type: text/html; charset=utf-8\r\n\r\n"
	cueHead  = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
)

// hostile are files of a head, what is repeated with its number for #, and a tail.
var hostile = map[string][3]string{
	"closed comments":      {htmlHead, "<!-- a --> b", ""},
	"closed styles":        {htmlHead, "<style>a</style>", ""},
	"open tags":            {htmlHead, "<a '", ""},
	"parts of a mail":      {mailHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n", "--x\r\n\r\n8 916 555-44-31\r\n", "--x--\r\n"},
	"addresses":            {mailHead + "Cc: ", "Иван <a#@example.com>, ", "b@example.com\r\n\r\nда"},
	"open voices":          {cueHead, "<v ", "\n"},
	"voices":               {cueHead, "<v a>да", "\n"},
	"lines of one cue":     {cueHead, "8 916 555-44-31 да\n", "\n"},
	"cues of one turn":     {"WEBVTT\n\n", "00:01.000 --> 00:02.000\nда\n\n", ""},
	"lines of one message": {"19.11.2026, 09:42 - A: да\n", "8 916 555-44-31\n", ""},
	"speakers":             {"", "19.11.2026, 09:42 - Имя#: да\n", ""},
	"open line":            {`{"result": {"chatId": 1, "message": {"a": {}`, `, "#": {"id": #, "senderid": #, "text": "да"}`, `}, "users": {}}}`},
	"partial phrases":      {"", `{"partial": {"alternatives": [{"text": "раз #"}]}}` + "\n", `{"final": {"alternatives": [{"text": "раз"}]}, "audioCursors": {}}`},
	"alternatives":         {`{"alternatives": [{"confidence": 1, "text": "да"}`, `, {"confidence": 1, "text": "раз # 8 916 555-44-31"}`, `]}`},
	"recognized words":     {`{"segments": [{"text": "", "words": [{"word": "да"}`, `, {"word": "8 916 555-44-31", "start": #, "end": #}`, `]}]}`},
	"nested arrays":        {`{"id": "a", "text": "да", "x": [0`, `, [[#]]`, `]}`},
}

// TestLinear masks each file and one eight times as long. Time that grew with the square would be 64 times as long.
func TestLinear(t *testing.T) {
	if raceEnabled {
		t.Skip("time is measured")
	}
	const size, times, most, attempts = 2000, 8, 20, 6
	for name, part := range hostile {
		t.Run(name, func(t *testing.T) {
			var short, long time.Duration
			for range attempts { // others may use the machine
				short, long = maskingTime(t, part, size), maskingTime(t, part, size*times)
				if long < most*short {
					return
				}
			}
			t.Errorf("%v, and %v for a file %d times as long", short, long, times)
		})
	}
}

func maskingTime(t *testing.T, part [3]string, n int) time.Duration {
	var source strings.Builder
	source.WriteString(part[0])
	for i := range n {
		source.WriteString(strings.ReplaceAll(part[1], "#", strconv.Itoa(i)))
	}
	source.WriteString(part[2])
	a := anonymize.New(nil)
	begin := time.Now()
	r, err := transcript.NewReader(strings.NewReader(source.String()), nil)
	require.NoError(t, err)
	d, err := r.Next()
	require.NoError(t, err)
	m, err := d.Mask(t.Context(), a)
	require.NoError(t, err)
	_, err = m.WriteTo(io.Discard)
	require.NoError(t, err)
	m.Mute(time.Second)
	return time.Since(begin)
}
