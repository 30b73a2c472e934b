package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/retention"
)

// TestState runs the pipeline, opens an original, forgets the tenant, and checks what each leaves behind.
func TestState(t *testing.T) {
	in, work := t.TempDir(), t.TempDir()
	source := "WEBVTT\n\n00:01.000 --> 00:02.000\nпочта olga.kanarejka@example.com\n"
	require.NoError(t, os.WriteFile(filepath.Join(in, "call.vtt"), []byte(source), 0o600))
	var out, errs bytes.Buffer
	command := func(change func(c *config)) (bool, error) {
		out.Reset()
		errs.Reset()
		c := config{in: in, out: filepath.Join(work, "out"), state: filepath.Join(work, "state"), keys: filepath.Join(work, "conf", "keys"),
			tenant: "romashka", stdout: &out, stderr: &errs}
		change(&c)
		return c.command(t.Context())
	}
	ok, err := command(func(*config) {})
	require.NoError(t, err)
	require.True(t, ok)
	assert.Empty(t, errs.String())
	holdsNothing(t, filepath.Join(work, "state"), "kanarejka", "romashka", "call.vtt")
	if runtime.GOOS != "windows" {
		for _, name := range []string{"state", "conf/keys"} {
			info, err := os.Stat(filepath.Join(work, name))
			require.NoError(t, err)
			assert.Zero(t, info.Mode().Perm()&0o077, name)
		}
	}

	_, err = command(func(c *config) { c.open = "call.vtt" })
	require.NoError(t, err)
	assert.Equal(t, source, out.String())
	ok, err = command(func(c *config) { c.verify = true })
	require.NoError(t, err)
	assert.True(t, ok, out.String())

	_, err = command(func(c *config) { c.open = "other" })
	assert.Error(t, err)
	assert.Empty(t, out.String())
	_, err = command(func(c *config) { c.open, c.tenant = "call.vtt", "lutik" })
	assert.Error(t, err, "another tenant's")
	for _, open := range []string{"", "call.vtt"} {
		_, err = command(func(c *config) { c.keys, c.open = filepath.Join(work, "other keys"), open })
		assert.ErrorContains(t, err, "does not open")
		assert.NoFileExists(t, filepath.Join(work, "other keys"), "a mistyped name makes no key")
	}
	_, err = command(func(c *config) { c.forget = "romahska" })
	assert.ErrorIs(t, err, crypto.ErrUnknownKey, "a mistyped tenant")

	ok, err = command(func(c *config) { c.sweep, c.at = true, time.Now().AddDate(0, 0, 200) })
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Contains(t, out.String(), "1 of 1 conversations are due")
	ok, err = command(func(c *config) { c.sweep = true })
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, "0 conversations destroyed, 1 kept\n", out.String())

	_, err = command(func(c *config) { c.forget = "romashka" })
	require.NoError(t, err)
	assert.Contains(t, out.String(), "1 conversations destroyed, 0 kept\n")
	assert.Contains(t, out.String(), "not reached:")
	confirmation := read(t, work, "state/papers/confirmation-*.html")
	assert.Contains(t, confirmation, "forget-tenant")
	holdsNothing(t, filepath.Join(work, "state"), "kanarejka", "romashka")
	_, err = command(func(c *config) { c.open = "call.vtt" })
	assert.Error(t, err)
	ok, err = command(func(*config) {})
	require.NoError(t, err)
	assert.False(t, ok, "nothing is kept for a tenant who was forgotten")
	assert.Contains(t, errs.String(), "destroyed")

	identity := filepath.Join(work, "state", "audit.identity")
	require.NoError(t, os.Rename(identity, identity+".away"))
	_, err = command(func(c *config) { c.open = "call.vtt" })
	assert.ErrorContains(t, err, "identity of the audit log is gone")
	ok, err = command(func(c *config) { c.verify = true })
	require.NoError(t, err)
	assert.True(t, ok, "the public key is the old one")
	require.NoError(t, os.Rename(identity+".away", identity))

	log := changedByte(t, filepath.Join(work, "state", "audit"))
	ok, err = command(func(c *config) { c.verify = true })
	assert.True(t, err != nil || !ok, "%s was changed: %s", log, out.String())
}

// TestOneOff keeps nothing that could be opened later, and says so.
func TestOneOff(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("AppData", t.TempDir())
	state := t.TempDir()
	for range 2 {
		var errs bytes.Buffer
		c := config{out: t.TempDir(), state: state, tenant: "demo", stdout: io.Discard, stderr: &errs}
		ok, err := c.command(t.Context())
		require.NoError(t, err)
		assert.True(t, ok)
		assert.Contains(t, errs.String(), "no key file")
		c.verify = true
		ok, err = c.command(t.Context())
		require.NoError(t, err)
		assert.True(t, ok)
	}
}

// TestOneAtATime opens a state that is open.
func TestOneAtATime(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("AppData", t.TempDir())
	if runtime.GOOS == "windows" {
		t.Skip("retention.Journal has no lock there")
	}
	dir := t.TempDir()
	for _, keys := range []string{"", filepath.Join(t.TempDir(), "keys")} {
		first, err := openState(t.Context(), dir, "romashka", keys, true, io.Discard)
		require.NoError(t, err)
		_, err = openState(t.Context(), dir, "romashka", keys, true, io.Discard)
		assert.ErrorContains(t, err, "another run has")
		require.NoError(t, first.keep(t.Context(), "c1", []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)), "nothing was taken from it")
		source, err := first.original(t.Context(), "c1")
		require.NoError(t, err)
		assert.Equal(t, "kanarejka", string(source))
		require.NoError(t, first.close())
	}
	_, err := openState(t.Context(), dir, "romashka", "", false, io.Discard)
	assert.ErrorContains(t, err, "there is no key file", "only a run goes without")
}

// TestSweep lets the time of a conversation go by.
func TestSweep(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := openState(ctx, dir, "romashka", filepath.Join(t.TempDir(), "keys"), true, io.Discard)
	require.NoError(t, err)
	defer s.close()
	now := time.Now()
	s.now = func() time.Time { return now }
	require.NoError(t, s.keep(ctx, "old", []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)))
	now = now.AddDate(0, 0, 100)
	require.NoError(t, s.keep(ctx, "young", []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)))
	now = now.AddDate(0, 0, 100)
	require.NoError(t, s.keep(ctx, "old", []byte("kanarejka again"), Analysis{}, anonymize.English, mapped(t)), "it is still there, and as old as it was")

	var out bytes.Buffer
	ok, err := s.sweep(ctx, time.Time{}, &out)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Contains(t, out.String(), "1 conversations destroyed, 1 kept\n")
	assert.Contains(t, read(t, dir, "papers/act-*.html"), "Акт об уничтожении")
	assert.Contains(t, read(t, dir, "papers/extract-*.json"), "conversations")
	_, err = s.original(ctx, "old")
	assert.Error(t, err)
	assert.ErrorIs(t, s.keep(ctx, "old", []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)), crypto.ErrKeyDestroyed)
	source, err := s.original(ctx, "young")
	require.NoError(t, err)
	assert.Equal(t, "kanarejka", string(source))

	// A clock that leaps destroys nothing before somebody has looked at it; one that goes back, never.
	now = now.AddDate(2, 0, 0)
	_, err = s.sweep(ctx, time.Time{}, &out)
	assert.ErrorIs(t, err, retention.ErrClock)
	now = now.AddDate(-3, 0, 0)
	s.acceptClock = true
	_, err = s.sweep(ctx, time.Time{}, &out)
	assert.ErrorIs(t, err, retention.ErrClock)
	_, err = s.original(ctx, "young")
	require.NoError(t, err)
	now = now.AddDate(3, 0, 0)
	_, err = s.sweep(ctx, time.Time{}, &out)
	require.NoError(t, err)
	_, err = s.original(ctx, "young")
	assert.ErrorIs(t, err, errNotKept)
}

// read gives the one file of a pattern.
func read(t *testing.T, folder, pattern string) string {
	names, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
	require.NoError(t, err)
	require.Len(t, names, 1, pattern)
	data, err := os.ReadFile(names[0])
	require.NoError(t, err)
	return string(data)
}

func holdsNothing(t *testing.T, folder string, values ...string) {
	for _, name := range tree(t, folder) {
		data, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		for _, v := range values {
			assert.False(t, strings.Contains(string(data)+name, v), "%q in %s", v, name)
		}
	}
}

// changedByte changes a byte in the middle of the largest file.
func changedByte(t *testing.T, folder string) string {
	var largest string
	var content []byte
	for _, name := range tree(t, folder) {
		data, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		if len(data) > len(content) {
			largest, content = filepath.Join(folder, name), data
		}
	}
	content[len(content)/2] ^= 1
	require.NoError(t, os.WriteFile(largest, content, 0o600))
	return largest
}

// mapped is the mapping of a conversation with one value.
func mapped(t *testing.T) *anonymize.Mapping {
	t.Helper()
	r, err := anonymize.New(nil).Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{{Speaker: "client", Text: "+7 916 123-45-67"}}})
	require.NoError(t, err)
	return r.Mapping
}

func TestMappingIsKeptSealed(t *testing.T) {
	ctx := t.Context()
	s, err := openState(ctx, t.TempDir(), "romashka", filepath.Join(t.TempDir(), "keys"), true, io.Discard)
	require.NoError(t, err)
	defer s.close()
	require.NoError(t, s.keep(ctx, "c1", []byte("kanarejka"), Analysis{}, anonymize.English, mapped(t)))
	box, err := os.ReadFile(filepath.Join(s.dir, "sealed", filepath.FromSlash(s.id("c1"))))
	require.NoError(t, err)
	plain, err := s.sealer.Open(ctx, nil, box, s.context("c1"))
	require.NoError(t, err)
	var k kept
	require.NoError(t, json.Unmarshal(plain, &k))
	assert.NotContains(t, string(plain), "123-45-67")
	m, err := anonymize.OpenMapping(ctx, s.sealer.Bind(s.mappingContext("c1")), []byte("c1"), k.Mapping)
	require.NoError(t, err)
	got, err := m.Undo(0, "[PHONE_1]")
	require.NoError(t, err)
	assert.Equal(t, "+7 916 123-45-67", got)
}
