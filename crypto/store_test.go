package crypto_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/storetest"
	"github.com/syntora/vual/crypto/wraptest"
)

func TestMemStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) crypto.Store { return new(crypto.MemStore) }, nil)
}

func TestFileStore(t *testing.T) {
	var dir string
	storetest.Run(t, func(t *testing.T) crypto.Store {
		dir = t.TempDir()
		return openFiles(t, dir)
	}, func(t *testing.T) crypto.Store { return openFiles(t, dir) })
}

func TestKeyringKeepsTheContract(t *testing.T) {
	wraptest.Run(t, crypto.GenerateKeyring("root"))
}

func openFiles(t testing.TB, dir string) *crypto.FileStore {
	t.Helper()
	s, err := crypto.OpenFileStore(filepath.Join(dir, "keys"))
	require.NoError(t, err)
	return s
}

func TestFileStoreRefusesOpenFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o750))
	_, err := crypto.OpenFileStore(dir)
	require.Error(t, err)
}

// After a destruction no file under the folder holds a wrapped key, not even one that a
// crash left behind.
func TestFileStoreErasesWrappedKeys(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openFiles(t, dir)
	keys := crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), s, nil)
	o := crypto.Owner{Tenant: "ромашка"}
	require.NoError(t, keys.Ensure(ctx, o))
	require.NoError(t, keys.Rotate(ctx, o))
	require.Equal(t, 1, filesWith(t, dir, `"wrapped"`))

	live := oneFile(t, dir, "0000000002.json")
	data, err := os.ReadFile(live)
	require.NoError(t, err)
	_, err = keys.Destroy(ctx, o, crypto.Destruction{Actor: "Петрова", Reason: "договор расторгнут"})
	require.NoError(t, err)
	require.Zero(t, filesWith(t, dir, `"wrapped"`))

	// As a crash between tombstone and tidying leaves it.
	require.NoError(t, os.WriteFile(live, data, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(live), ".tmp-1"), data, 0o600))
	require.Equal(t, 2, filesWith(t, dir, `"wrapped"`))
	_, err = crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), s, nil).Destroy(ctx, o, crypto.Destruction{Actor: "а", Reason: "б"})
	require.NoError(t, err)
	require.Zero(t, filesWith(t, dir, `"wrapped"`), "repeating finishes the work")
}

func filesWith(t *testing.T, dir, text string) (n int) {
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), text) {
			n++
		}
		return err
	}))
	return n
}

func oneFile(t *testing.T, dir, name string) (found string) {
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == name {
			found = path
		}
		return err
	}))
	require.NotEmpty(t, found)
	return found
}

func TestFileStoreRefusesDamage(t *testing.T) {
	ctx := context.Background()
	for name, damage := range map[string]func([]byte) []byte{
		"cut":              func(b []byte) []byte { return b[:len(b)/2] },
		"not JSON":         func([]byte) []byte { return []byte("ключ") },
		"another format":   func(b []byte) []byte { return []byte(strings.Replace(string(b), `"format":1`, `"format":2`, 1)) },
		"another revision": func(b []byte) []byte { return []byte(strings.Replace(string(b), `"revision":1`, `"revision":7`, 1)) },
		"unknown state":    func(b []byte) []byte { return []byte(strings.Replace(string(b), "enabled", "ready", 1)) },
		"unknown field":    func(b []byte) []byte { return []byte(strings.Replace(string(b), `"state"`, `"extra":1,"state"`, 1)) },
		"no versions": func([]byte) []byte {
			return []byte(`{"tenant":"t","record":{"format":1,"key_id":"a","state":"enabled","revision":1}}`)
		},
	} {
		dir := t.TempDir()
		s := openFiles(t, dir)
		o := crypto.Owner{Tenant: "t"}
		require.NoError(t, crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), s, nil).Ensure(ctx, o))
		path := oneFile(t, dir, "0000000001.json")
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, json.Valid(data))
		require.NoError(t, os.WriteFile(path, damage(data), 0o600))
		_, err = s.Load(ctx, o)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, crypto.ErrUnknownKey, "%s: damage must not look like a new owner", name)
	}
}
