//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package main

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A named pipe in the folder makes nobody wait.
func TestNamedPipe(t *testing.T) {
	in := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(in, "call.vtt"), 0o600))
	ok, err := runQuietly(t, in, t.TempDir())
	require.NoError(t, err)
	assert.False(t, ok)
}
