package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	_, err = command(func(c *config) { c.subject = "8 (916) 123-45-67" })
	require.NoError(t, err)
	assert.Contains(t, out.String(), "first.vtt: rewritten, 2 values taken out\n")
	assert.Contains(t, out.String(), "s-2: rewritten, 1 values taken out\n")
	assert.NotContains(t, out.String(), "s-3")
	assert.Contains(t, out.String(), "not reached:")

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
	assert.Contains(t, original("s-3"), "765-43-21", "others' are")
}
