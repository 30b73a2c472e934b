package file

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/wraptest"
)

var passphrase = []byte("семь раз отмерь")

func TestContract(t *testing.T) {
	for name, pass := range map[string][]byte{"sealed": passphrase, "open": nil} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			_, err := Create(path, pass)
			require.NoError(t, err)
			keys, err := Open(path, pass)
			require.NoError(t, err)
			wraptest.Run(t, keys)
		})
	}
}

func TestCreateOpenRotate(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Open(path, passphrase)
	require.ErrorIs(t, err, os.ErrNotExist)
	first, err := Create(path, passphrase)
	require.NoError(t, err)
	_, err = Create(path, passphrase)
	require.ErrorIs(t, err, ErrExists)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	aad := make([]byte, 32)
	old, err := first.Wrap(ctx, bytes.Repeat([]byte{7}, 32), aad)
	require.NoError(t, err)

	second, err := Rotate(path, passphrase)
	require.NoError(t, err)
	require.Equal(t, first.ID(), second.ID())
	again, err := Open(path, passphrase)
	require.NoError(t, err)
	for _, keys := range []*Keys{second, again} {
		key, err := keys.Unwrap(ctx, old, aad)
		require.NoError(t, err)
		require.Equal(t, bytes.Repeat([]byte{7}, 32), key)
		w, err := keys.Wrap(ctx, key, aad)
		require.NoError(t, err)
		require.EqualValues(t, 2, w.Version)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no lock and no unfinished file stays")
}

func TestWrongPassphrase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Create(path, passphrase)
	require.NoError(t, err)
	for _, wrong := range []string{"", "семь раз отмерит", "семь раз отмерь "} {
		_, err = Open(path, []byte(wrong))
		require.ErrorIs(t, err, crypto.ErrDecrypt)
		_, err = Rotate(path, []byte(wrong))
		require.ErrorIs(t, err, crypto.ErrDecrypt)
	}
	_, err = Open(path, passphrase)
	require.NoError(t, err, "a failed rotation leaves the file as it was")

	bare := filepath.Join(t.TempDir(), "keys")
	_, err = Create(bare, nil)
	require.NoError(t, err)
	_, err = Open(bare, passphrase)
	require.Error(t, err, "a file without a passphrase in the place of one with")
}

// Rotations at the same time: each that reports success has its version in the file.
func TestRotationsDoNotLoseOneAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Create(path, nil)
	require.NoError(t, err)
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if _, err := Rotate(path, nil); err == nil {
					mu.Lock()
					done++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	p, err := read(path, nil)
	require.NoError(t, err)
	require.NotZero(t, done)
	require.Len(t, p.Keys, done+1)
}

func TestModeIsEnforced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Create(path, nil)
	require.NoError(t, err)
	for _, mode := range []os.FileMode{0o604, 0o640, 0o660, 0o644} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := Open(path, nil)
		require.ErrorContains(t, err, "want 0600")
	}
}

// A file may ask for any amount of work before anything in it is proved.
func TestThreat13_CostsAreBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Create(path, passphrase)
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, edit := range map[string]func(k map[string]any){
		"memory of 2^40":    func(k map[string]any) { k["memory_kib"] = 1e12 },
		"memory of 2 GiB":   func(k map[string]any) { k["memory_kib"] = 2 << 20 },
		"time of 11":        func(k map[string]any) { k["time"] = 11 },
		"time of 0":         func(k map[string]any) { k["time"] = 0 },
		"17 threads":        func(k map[string]any) { k["threads"] = 17 },
		"no threads":        func(k map[string]any) { k["threads"] = 0 },
		"too little memory": func(k map[string]any) { k["memory_kib"] = 1 },
		"short salt":        func(k map[string]any) { k["salt"] = "AAAA" },
		"another function":  func(k map[string]any) { k["name"] = "pbkdf2" },
	} {
		var d map[string]any
		require.NoError(t, json.Unmarshal(data, &d))
		edit(d["kdf"].(map[string]any))
		bad, err := json.Marshal(d)
		require.NoError(t, err)
		took := time.Hour
		for range 5 { // the best, because others use the machine too
			start := time.Now()
			_, err = decode(bad, passphrase)
			require.ErrorIs(t, err, errNotKeys, name)
			took = min(took, time.Since(start))
		}
		require.Less(t, took, 10*time.Millisecond, name)
	}
	big := append(data, bytes.Repeat([]byte{' '}, maxFile)...)
	_, err = decode(big, passphrase)
	require.ErrorIs(t, err, errNotKeys)
}

func TestDamageIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	_, err := Create(path, nil)
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, bad := range map[string]string{
		"nothing":        "",
		"not JSON":       "ключ",
		"another format": strings.Replace(string(data), "keys/1", "keys/2", 1),
		"version 2 only": strings.Replace(string(data), `"version": 1`, `"version": 2`, 1),
		"short key":      strings.Replace(string(data), `"key": "`, `"key": "AAAA`, 1),
		"both forms":     strings.Replace(string(data), `"open"`, `"sealed": "ev1.AA", "open"`, 1),
		"other name":     strings.Replace(string(data), `"file.`, `"Ключ.`, 1),
	} {
		_, err := decode([]byte(bad), nil)
		require.ErrorIs(t, err, errNotKeys, name)
	}
	sealed := filepath.Join(t.TempDir(), "keys")
	_, err = Create(sealed, passphrase)
	require.NoError(t, err)
	data, err = os.ReadFile(sealed)
	require.NoError(t, err)
	other := strings.Replace(string(data), `"file.`, `"file.a`, 1)
	_, err = decode([]byte(other), passphrase)
	require.ErrorIs(t, err, crypto.ErrDecrypt, "the name is bound to the versions")
}

func TestKeysDoNotPrint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	keys, err := Create(path, nil)
	require.NoError(t, err)
	p, err := read(path, nil)
	require.NoError(t, err)
	raw := p.Keys[0].Key
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("keys", "keys", keys, "nested", struct{ K *Keys }{keys})
	//lint:ignore SA9005 that nothing is encoded is what is tested
	encoded, err := json.Marshal(keys)
	require.NoError(t, err)
	out := fmt.Sprintf("%v %+v %#v %v %+v", keys, keys, keys, struct{ k *Keys }{keys}, struct{ K *Keys }{keys}) + log.String() + string(encoded)
	for _, form := range []string{string(raw), fmt.Sprint(raw), fmt.Sprintf("%x", raw), fmt.Sprintf("%#v", raw)} {
		require.NotContains(t, out, form)
	}
}

func FuzzDecode(f *testing.F) {
	path := filepath.Join(f.TempDir(), "keys")
	_, err := Create(path, nil)
	require.NoError(f, err)
	data, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte(`{"format":"vual/keys/1","key_id":"file.a","kdf":{"name":"argon2id","time":1,"memory_kib":8,"threads":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA=="},"sealed":"ev1.AA"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decode(data, nil)
		if err == nil {
			p.keys() // must not panic
		}
	})
}
