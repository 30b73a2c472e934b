package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// As a process: TestMain runs the command itself when asked to.
func TestMain(m *testing.M) {
	if os.Getenv("VUAL_SEAL_RUN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command runs vual-seal as a process of its own and checks the promise on failures.
func command(t *testing.T, stdin []byte, args ...string) ([]byte, int) {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "VUAL_SEAL_RUN=1")
	c.Stdin = bytes.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	_ = c.Run()
	code := c.ProcessState.ExitCode()
	require.Contains(t, []int{0, 1}, code, stderr.String())
	if code == 1 {
		require.Empty(t, stdout.Bytes(), "nothing is written on failure")
		require.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	} else {
		require.Empty(t, stderr.String())
	}
	return stdout.Bytes(), code
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	plain := bytes.Repeat([]byte("Добрый день. "), 5000)
	require.NoError(t, os.WriteFile(at("plain"), plain, 0o600))
	keys := []string{"-keys", at("keys")}
	call := append(keys, "-tenant", "romashka", "-conversation", "c-17", "-record", "audio")
	ok := func(args ...string) { t.Helper(); _, code := command(t, nil, args...); require.Zero(t, code) }
	fails := func(args ...string) { t.Helper(); _, code := command(t, nil, args...); require.Equal(t, 1, code) }
	with := func(name string, flags []string, more ...string) []string {
		return append(append([]string{name}, flags...), more...)
	}

	fails(with("seal", call, "-in", at("plain"), "-out", at("box"))...)
	ok(with("init", keys)...)
	fails(with("init", keys)...)
	ok(with("seal", call, "-in", at("plain"), "-out", at("box"))...)
	ok(with("open", call, "-in", at("box"), "-out", at("back"))...)
	back, err := os.ReadFile(at("back"))
	require.NoError(t, err)
	require.Equal(t, plain, back)

	out, _ := command(t, nil, "inspect", "-in", at("box"))
	require.Regexp(t, `(?s)^slot wrapped\nkey file\.[a-z2-7]{32}\nversion 1\n`, string(out))
	ok(with("rotate", keys)...)
	ok(with("rewrap", call, "-in", at("box"), "-out", at("box2"))...)
	out, _ = command(t, nil, "inspect", "-in", at("box2"))
	require.Contains(t, string(out), "version 2\n")
	box, err := os.ReadFile(at("box2"))
	require.NoError(t, err)
	stdout, code := command(t, box, with("open", call)...)
	require.Zero(t, code)
	require.Equal(t, plain, stdout)

	other := append(keys, "-tenant", "romashka", "-conversation", "c-18", "-record", "audio")
	fails(with("open", other, "-in", at("box"), "-out", at("wrong"))...)
	require.NoFileExists(t, at("wrong"))
	fails(with("open", call, "-in", at("plain"), "-out", at("wrong"))...)
	require.NoError(t, os.WriteFile(at("cut"), box[:len(box)-3], 0o600))
	fails(with("open", call, "-in", at("cut"), "-out", at("wrong"))...)
	fails(with("open", call, "-in", at("cut"))...)
	require.NoFileExists(t, at("wrong"))
	fails("inspect", "-in", at("plain"))
	fails("open", "-keys", at("keys"), "-tenant", "romashka", "-record", "audio", "-in", at("box"))

	require.NoError(t, os.WriteFile(at("pass"), []byte("семь раз отмерь\n"), 0o600))
	secret := []string{"-keys", at("secret"), "-passphrase-file", at("pass"), "-tenant", "romashka", "-record", "1"}
	ok("init", "-keys", at("secret"), "-passphrase-file", at("pass"))
	stdout, code = command(t, plain, with("seal", secret)...)
	require.Zero(t, code)
	stdout, code = command(t, stdout, with("open", secret)...)
	require.Zero(t, code)
	require.Equal(t, plain, stdout)
	fails("seal", "-keys", at("secret"), "-tenant", "romashka", "-record", "1")
	fails(with("seal", call, "-passphrase-file", at("pass"))...)
	left, err := filepath.Glob(at(".tmp-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// inProcess is command without the cost of a process.
func inProcess(t *testing.T, stdin []byte, args ...string) ([]byte, int) {
	t.Helper()
	var stdout bytes.Buffer
	if err := run(args, bytes.NewReader(stdin), &stdout); err != nil {
		require.Empty(t, stdout.Bytes(), "nothing is written on failure")
		return nil, 1
	}
	return stdout.Bytes(), 0
}

func TestBodies(t *testing.T) {
	for _, n := range []int{0, 1, 16384, 50_000} {
		message := bytes.Repeat([]byte{'x'}, n)
		body, code := inProcess(t, message, "body-seal", "-key", key, "-context", "636f6e74657874")
		require.Zero(t, code)
		opened, code := inProcess(t, body, "body-open", "-key", key, "-context", "636f6e74657874")
		require.Zero(t, code)
		require.True(t, bytes.Equal(message, opened))
		_, code = inProcess(t, body, "body-open", "-key", key)
		require.Equal(t, 1, code, "another context")
		_, code = inProcess(t, body[:len(body)-1], "body-open", "-key", key, "-context", "636f6e74657874")
		require.Equal(t, 1, code, "cut")
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		nil, {"shut"}, {"seal"}, {"seal", "-keys"}, {"seal", "-nonce", "0"}, {"inspect", "file"},
		{"body-seal"}, {"body-seal", "-key", "00"}, {"body-seal", "-key", key[2:] + "zz"},
		{"body-open", "-key", key, "-context", "0"},
	} {
		_, code := inProcess(t, nil, args...)
		require.Equal(t, 1, code, args)
	}
	for _, args := range [][]string{{"-h"}, {"open", "-h"}} {
		out, code := inProcess(t, nil, args...)
		require.Zero(t, code)
		require.Equal(t, usage, string(out))
	}
}
