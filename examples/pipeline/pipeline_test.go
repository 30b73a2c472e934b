package main

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A planted value stands in an invented conversation and must not be in what the pipeline writes.
type planted struct {
	Conversation, Kind, Value string
	Spoken                    bool
}

// How many planted values still survive: a bound that only goes down.
const (
	writtenSurvivors = 0
	spokenSurvivors  = 0
)

func TestNothingSurvives(t *testing.T) {
	out := runEmbedded(t)
	lists, err := filepath.Glob("../../testdata/expect/*.expect.json")
	require.NoError(t, err)
	require.NotEmpty(t, lists)
	shared := flattened(t, filepath.Join(out, "analysis.json")) + flattened(t, filepath.Join(out, "report.html"))
	report, err := os.ReadFile(filepath.Join(out, "report.html"))
	require.NoError(t, err)
	checked, written, spoken := 0, 0, 0
	for _, list := range lists {
		data, err := os.ReadFile(list)
		require.NoError(t, err)
		var values []planted
		require.NoError(t, json.Unmarshal(data, &values))
		name := strings.TrimSuffix(filepath.Base(list), ".expect.json")
		file := flattened(t, filepath.Join(out, "masked", name))
		for _, v := range values {
			checked++
			survives := strings.Contains(file+shared, flat(v.Value))
			if len(v.Value) < shortValue {
				survives = stands(section(string(report), v.Conversation), v.Value)
			}
			if !survives {
				continue
			}
			t.Logf("%s: %s %q survives, spoken: %t", v.Conversation, v.Kind, v.Value, v.Spoken)
			if v.Spoken {
				spoken++
			} else {
				written++
			}
		}
	}
	assert.Greater(t, checked, 250)
	assert.LessOrEqual(t, written, writtenSurvivors)
	assert.LessOrEqual(t, spoken, spokenSurvivors)
}

// shortValue is the length under which a value also stands in times and sums: it is looked for in its conversation
// alone, as a word.
const shortValue = 6

func section(report, conversation string) string {
	for part := range strings.SplitSeq(report, "<details") {
		if strings.Contains(part, "<b>"+conversation) {
			return part
		}
	}
	return report
}

func stands(text, value string) bool {
	return regexp.MustCompile(`(^|[^0-9\p{L}])` + regexp.QuoteMeta(value) + `($|[^0-9\p{L}])`).MatchString(text)
}

// flattened reads a file without case, escaping and layout.
func flattened(t *testing.T, name string) string {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return flat(html.UnescapeString(unescapeJSON(string(data))))
}

// flat keeps letters and digits: a value in another layout is the same value.
func flat(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\r", "", "\u00a0", "", "-", "", "(", "", ")", "", "ё", "е").Replace(strings.ToLower(s))
}

func unescapeJSON(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, `\u`)
		out.WriteString(before)
		if !found || len(rest) < 4 {
			return out.String()
		}
		var r string
		if json.Unmarshal([]byte(`"\u`+rest[:4]+`"`), &r) == nil {
			out.WriteString(r)
		}
		s = rest[4:]
	}
}

func runEmbedded(t *testing.T) (out string) {
	out = t.TempDir()
	ok, err := runQuietly(t, "", out)
	require.NoError(t, err)
	require.True(t, ok)
	return out
}

func runQuietly(t *testing.T, in, out string) (bool, error) {
	state := t.TempDir()
	c := config{in: in, out: out, state: state, keys: filepath.Join(t.TempDir(), "keys"), tenant: "romashka", stdout: io.Discard, stderr: io.Discard}
	return c.command(t.Context())
}

// TestReport holds the report to its own policy: nothing is loaded, nothing runs, and no original text is in it.
func TestReport(t *testing.T) {
	report, err := os.ReadFile(filepath.Join(runEmbedded(t), "report.html"))
	require.NoError(t, err)
	page := strings.ToLower(string(report))
	assert.Contains(t, page, `content="default-src 'none'; style-src 'unsafe-inline'"`)
	for _, forbidden := range []string{"<script", "<img", "<link", "<iframe", "<object", "<embed", "<base", "<form", "src=", "url(", "@import",
		"javascript:", " onclick", " onload", " onerror", "http://", "https://"} {
		assert.NotContains(t, page, forbidden)
	}
	assert.Equal(t, 20, strings.Count(page, "<details"))
	assert.Contains(t, page, "<svg")
}

func TestBadFiles(t *testing.T) {
	in, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(in, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(in, name), []byte(text), 0o644))
	}
	write("good.jsonl", `{"id": "a", "text": "мой телефон 8 916 123-45-67"}`+"\n"+`{"id": broken`+"\n"+`{"id": "b", "text": "да"}`)
	write("deeper/good.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nпочта ivan@example.com\n")
	write("empty.json", "")
	write("broken.json", `{"messages": [`)
	write("picture.png", "\x89PNG\r\n\x1a\n")
	write("latin.srt", "1\n00:00:01,000 --> 00:00:02,000\n\xcf\xf0\xe8\xe2\xe5\xf2\n")
	write("89161234567.jsonl", `{"id": "c", "text": "нет"}`)
	write(".hidden", "x")

	ok, err := runQuietly(t, in, out)
	require.NoError(t, err)
	assert.False(t, ok, "files were skipped")
	assert.Equal(t, []string{"analysis.json", "masked/deeper/good.vtt", "masked/file-1.jsonl", "masked/good.jsonl", "report.html"}, tree(t, out))
	good, err := os.ReadFile(filepath.Join(out, "masked", "good.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, `{"id": "a", "text": "мой телефон [PHONE_1]"}`+"\n"+`{"id": "b", "text": "да"}`, string(good))

	// A second run over a folder that holds its own output reads the same files.
	inside := filepath.Join(in, "out")
	_, err = runQuietly(t, in, inside)
	require.NoError(t, err)
	_, err = runQuietly(t, in, inside)
	require.NoError(t, err)
	assert.Equal(t, tree(t, out), tree(t, inside))

	// Nothing is kept in the place of something else.
	write("twice.jsonl", `{"id": "a", "text": "другой"}`+"\n"+`{"id": "e", "text": "нет"}`)
	write("chats.json", `{"chats": {"list": [`+telegramChat+`, `+telegramChat+`]}}`)
	var errs bytes.Buffer
	c := config{in: in, out: out, state: t.TempDir(), keys: filepath.Join(t.TempDir(), "keys"), tenant: "romashka", stdout: io.Discard, stderr: &errs}
	ok, err = c.command(t.Context())
	require.NoError(t, err)
	assert.False(t, ok)
	assert.Contains(t, errs.String(), "skipped twice.jsonl: a conversation of the same name was read before\n")
	for _, name := range []string{"a", "b", "e", "chats.json", "chats.json#2"} {
		c.open = name
		_, err = c.command(t.Context())
		assert.NoError(t, err, name)
	}

	_, err = runQuietly(t, filepath.Join(in, "nothing"), out)
	assert.Error(t, err)
	_, err = runQuietly(t, filepath.Join(in, "good.jsonl"), out)
	assert.Error(t, err, "a file is no folder")
}

const telegramChat = `{"name": "A", "type": "personal_chat", "id": 11, "messages": [{"id": 1, "type": "message",
	"date": "2026-01-01T10:00:00", "from": "Анна", "from_id": "user1", "text": "да"}]}`

func tree(t *testing.T, folder string) (files []string) {
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, name)
		}
		return err
	}))
	return files
}
