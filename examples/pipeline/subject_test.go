package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

// TestForgetSubject takes the customer out of a call of two, and of a second one in which he occurs in other words; a third
// conversation is not touched.
func TestForgetSubject(t *testing.T) {
	in, work := t.TempDir(), t.TempDir()
	files := map[string]string{
		"first.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Менеджер>Добрый день, меня зовут Олег Пирогов.\n\n" +
			"00:03.000 --> 00:04.000\n<v Клиент>Ольга Канарейкина, мой телефон +7 916 123-45-67.\n",
		"second.jsonl": `{"id":"s-2","turns":[{"speaker":"client","text":"запишите восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь"}]}` + "\n" +
			`{"id":"s-3","turns":[{"speaker":"client","text":"Мой телефон +7 926 765-43-21"}]}` + "\n",
	}
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(in, name), []byte(text), 0o600))
	}
	var out, errs bytes.Buffer
	command := func(change func(c *config)) (bool, error) {
		out.Reset()
		errs.Reset()
		c := config{in: in, out: filepath.Join(work, "out"), state: filepath.Join(work, "state"), keys: filepath.Join(work, "keys"),
			tenant: "romashka", stdout: &out, stderr: &errs}
		change(&c)
		return c.command(t.Context())
	}
	original := func(name string) string {
		_, err := command(func(c *config) { c.open = name })
		require.NoError(t, err)
		return out.String()
	}
	ok, err := command(func(*config) {})
	require.NoError(t, err)
	require.True(t, ok, errs.String())
	holdsNothing(t, filepath.Join(work, "state"), "Канарейкина", "123-45-67", "9161234567")

	_, err = command(func(c *config) { c.subject = "Ольга" })
	assert.Error(t, err, "a name does not say who somebody is")
	sidecars := found(t, work, "state/sealed/*/subjects/*.retention.json")
	require.Len(t, sidecars, 2)
	for _, name := range sidecars {
		require.NoError(t, os.Remove(name)) // a card that has lost its sidecar still names somebody
	}
	_, err = command(func(c *config) { c.subject = "8 (916) 123-45-67" })
	require.NoError(t, err)
	assert.Contains(t, out.String(), "first.vtt: rewritten, 2 values taken out\n")
	assert.Contains(t, out.String(), "s-2: rewritten, 1 values taken out\n")
	assert.NotContains(t, out.String(), "s-3")
	assert.Contains(t, out.String(), "not reached:")

	confirmation := read(t, work, "state/papers/confirmation-*.html")
	assert.Contains(t, confirmation, "forget-subject")
	assert.Contains(t, read(t, work, "state/papers/act-*.html"), "уничтожение ключа")
	assert.NotContains(t, confirmation, "916")

	first := original("first.vtt")
	assert.Contains(t, first, "меня зовут Олег Пирогов")
	assert.Contains(t, first, "[PHONE_1]")
	for _, value := range []string{"Ольга", "Канарейкина", "123-45-67"} {
		assert.NotContains(t, first, value)
	}
	assert.NotContains(t, original("s-2"), "шестьдесят")
	assert.Contains(t, original("s-3"), "765-43-21")

	ok, err = command(func(c *config) { c.verify = true })
	require.NoError(t, err)
	assert.True(t, ok, out.String())

	_, err = command(func(c *config) { c.subject = "+79161234567" })
	assert.Error(t, err, "there is nobody any more")
	ok, err = command(func(*config) {})
	require.NoError(t, err)
	assert.False(t, ok, "nothing is kept of conversations with him")
	assert.Contains(t, errs.String(), "destroyed")
	masked, err := os.ReadFile(filepath.Join(work, "out", "masked", "second.jsonl"))
	require.NoError(t, err)
	assert.Contains(t, string(masked), "s-3", "others in the same file are")
	assert.NotContains(t, string(masked), "s-2")
	assert.Contains(t, original("s-3"), "765-43-21", "others' are")
}

// TestKilledWhileForgetting goes on where a killed run stopped: with a file that is fenced, with a sidecar alone, and with a card
// that is destroyed already and not confirmed.
func TestKilledWhileForgetting(t *testing.T) {
	work := t.TempDir()
	ctx, keys, dir := t.Context(), filepath.Join(work, "keys"), filepath.Join(work, "state")
	open := func() *state {
		s, err := openState(ctx, dir, "romashka", keys, true, io.Discard)
		require.NoError(t, err)
		return s
	}
	s := open()
	for _, name := range []string{"c1", "c2", "c3"} {
		require.NoError(t, s.keep(ctx, name, []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)))
	}
	f, err := s.forgetSubject(ctx, "+7 916 123-45-67", io.Discard) // and no papers
	require.NoError(t, err)
	assert.Len(t, f.destroyed, 3, "no file that could be rewritten")
	require.NoError(t, s.close())

	forget := func(change func(c *config)) string {
		var out bytes.Buffer
		c := config{state: dir, keys: keys, tenant: "romashka", stdout: &out, stderr: io.Discard}
		change(&c)
		ok, err := c.command(ctx)
		require.NoError(t, err)
		require.True(t, ok)
		return out.String()
	}
	assert.Contains(t, forget(func(c *config) { c.subject = "+7 916 123-45-67" }), "confirmation-")
	assert.Len(t, found(t, dir, "papers/act-*.html"), 1)

	s = open()
	for _, name := range []string{"d1", "d2", "d3"} {
		m, err := anonymize.New(nil).Conversation(ctx, anonymize.Conversation{Turns: []anonymize.Turn{{Text: "да"}}})
		require.NoError(t, err)
		require.NoError(t, s.keep(ctx, name, []byte("kanarejka"), Analysis{}, anonymize.English, m.Mapping))
	}
	require.NoError(t, os.Rename(s.file(s.id("d1")), s.file(s.id("d1"))+".fenced"))
	require.NoError(t, os.Remove(s.file(s.id("d2"))))
	require.NoError(t, s.close())
	forget(func(c *config) { c.forget = "romashka" })
	assert.Empty(t, found(t, dir, "sealed/*/*"))
	assert.Len(t, found(t, dir, "papers/confirmation-*.html"), 2)
}

func found(t *testing.T, folder, pattern string) []string {
	names, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
	require.NoError(t, err)
	return names
}
