package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func say(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

func TestReplaceAndCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	holds := func(want string) {
		t.Helper()
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 1, "no unfinished file stays")
		if PosixModes {
			info, err := entries[0].Info()
			require.NoError(t, err)
			require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
		}
	}
	require.NoError(t, Create(path, say("первый")))
	holds("первый")
	require.ErrorIs(t, Create(path, say("второй")), fs.ErrExist)
	holds("первый")
	require.NoError(t, Replace(path, say("третий")))
	holds("третий")
	broken := errors.New("source is broken")
	require.ErrorIs(t, Replace(path, func(w io.Writer) error { io.WriteString(w, "пол"); return broken }), broken)
	holds("третий")
	require.ErrorIs(t, Replace(filepath.Join(dir, "none", "file"), say("x")), fs.ErrNotExist)
}
