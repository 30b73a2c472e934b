package transcript_test

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
	"github.com/syntora/vual/testdata"
)

// TestEmbedded masks the invented conversations and reads what was written: the same turns stand in it, masked.
func TestEmbedded(t *testing.T) {
	formats := map[transcript.Format]int{}
	for name, source := range embedded(t) {
		format, documents := read(t, name, source)
		formats[format]++
		_, again := read(t, name, writeAll(t, documents))
		require.Len(t, again, len(documents), name)
		for i, d := range documents {
			m, err := d.Mask(t.Context(), anonymize.New(nil))
			require.NoError(t, err, name)
			sameTurns(t, name, m.Turns, again[i].Conversation().Turns)
		}
	}
	assert.Equal(t, map[transcript.Format]int{
		transcript.JSONL: 3, transcript.WebVTT: 3, transcript.SubRip: 3, transcript.Telegram: 2, transcript.SpeechKit3: 3,
	}, formats)
}

// sameTurns compares but for what the layout of lines adds.
func sameTurns(t *testing.T, name string, want []transcript.Turn, got []anonymize.Turn) {
	require.Len(t, got, len(want), name)
	layout := strings.NewReplacer(" ", "", "\n", "", "…", "")
	for i, turn := range want {
		assert.Equal(t, turn.Speaker, got[i].Speaker, "%s turn %d", name, i)
		assert.Equal(t, layout.Replace(turn.Text), layout.Replace(got[i].Text), "%s turn %d", name, i)
	}
}

func embedded(t *testing.T) map[string][]byte {
	entries, err := fs.ReadDir(testdata.FS, "calls")
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, e := range entries {
		files[e.Name()], err = fs.ReadFile(testdata.FS, "calls/"+e.Name())
		require.NoError(t, err)
	}
	return files
}

func read(t *testing.T, name string, source []byte) (transcript.Format, []*transcript.Document) {
	t.Helper()
	r, err := transcript.NewReader(bytes.NewReader(source), nil)
	require.NoError(t, err, name)
	var documents []*transcript.Document
	for {
		d, err := r.Next()
		if err == io.EOF {
			return r.Format(), documents
		}
		require.NoError(t, err, name)
		documents = append(documents, d)
	}
}

func writeAll(t *testing.T, documents []*transcript.Document) []byte {
	var out bytes.Buffer
	for _, d := range documents {
		m, err := d.Mask(t.Context(), anonymize.New(nil))
		require.NoError(t, err)
		_, err = m.WriteTo(&out)
		require.NoError(t, err)
	}
	return out.Bytes()
}
