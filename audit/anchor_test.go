package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// witness is a witness by the letter of https://c2sp.org/tlog-witness.
type witness struct {
	log  note.Verifier
	key  ed25519.PrivateKey
	vkey string
	hash uint32
	last Checkpoint
}

func newWitness(t *testing.T, log note.Verifier) *witness {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	raw := append([]byte{4}, pub...)
	sum := sha256.Sum256(append([]byte("witness.example/w1\n"), raw...))
	hash := binary.BigEndian.Uint32(sum[:])
	return &witness{log: log, key: key, hash: hash, vkey: fmt.Sprintf("witness.example/w1+%08x+%s", hash, base64.StdEncoding.EncodeToString(raw))}
}

func (w *witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	head, text, ok := strings.Cut(string(body), "\n\n")
	lines := strings.Split(head, "\n")
	old, err := strconv.ParseUint(strings.TrimPrefix(lines[0], "old "), 10, 63)
	if r.Method != http.MethodPost || r.URL.Path != "/log/add-checkpoint" || !ok || err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	var proof []tlog.Hash
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(l)
		if err != nil {
			rw.WriteHeader(http.StatusBadRequest)
			return
		}
		proof = append(proof, h)
	}
	c, err := ParseCheckpoint([]byte(text), w.log)
	switch {
	case err != nil:
		rw.WriteHeader(http.StatusForbidden)
	case old > c.Size:
		rw.WriteHeader(http.StatusBadRequest)
	case old != w.last.Size:
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", w.last.Size)
	case old == c.Size && old > 0 && c.Root != w.last.Root:
		rw.WriteHeader(http.StatusConflict)
	case old > 0 && old < c.Size && tlog.CheckTree(proof, int64(c.Size), c.Root, int64(old), w.last.Root) != nil:
		rw.WriteHeader(http.StatusUnprocessableEntity)
	default:
		w.last = c
		const now = 1_790_000_000
		sig := ed25519.Sign(w.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", now, c.body()))
		b := binary.BigEndian.AppendUint32(nil, w.hash)
		b = append(binary.BigEndian.AppendUint64(b, now), sig...)
		fmt.Fprintf(rw, "— witness.example/w1 %s\n", base64.StdEncoding.EncodeToString(b))
	}
}

func TestWitness(t *testing.T) {
	k := newTestKeys(t)
	w := newWitness(t, k.verifier)
	server := httptest.NewServer(w)
	defer server.Close()
	key, err := NewWitnessKey(w.vkey)
	require.NoError(t, err)
	anchor := func() *WitnessAnchor { return &WitnessAnchor{URL: server.URL + "/log/", Key: key} }

	opts := k.options()
	opts.Anchors = []Anchor{anchor()}
	d := newCrashDisk()
	l := openOn(t, d, opts)
	_, err = l.Record(t.Context(), readEvent())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.Equal(t, uint64(3), w.last.Size)
	before := d.contents()

	// A new process does not know what the witness remembers, and asks.
	opts.Anchors = []Anchor{anchor()}
	l = openOn(t, d, opts)
	require.NoError(t, l.Close())
	require.Equal(t, uint64(5), w.last.Size)

	// The log of before, or another with the same key, is refused.
	for name, files := range map[string]map[string][]byte{"rolled back": before, "another": {}} {
		opts.Anchors = []Anchor{anchor()}
		s, err := openFiles(diskOf(files), testOrigin, nil)
		require.NoError(t, err)
		_, err = New(t.Context(), s, opts)
		require.ErrorIs(t, err, ErrRollback, name)
	}
	forked := openOn(t, newCrashDisk(), k.options())
	for range 20 {
		_, err := forked.Record(t.Context(), readEvent())
		require.NoError(t, err)
	}
	c, err := forked.Checkpoint(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, anchor().Advance(t.Context(), c, forked.ProveConsistency), ErrRollback)
	require.NoError(t, forked.Close())

	// A witness that is not the one is no anchor.
	other, err := NewWitnessKey(newWitness(t, k.verifier).vkey)
	require.NoError(t, err)
	a := anchor()
	a.Key = other
	head := w.last
	require.ErrorIs(t, a.Advance(t.Context(), head, func(context.Context, uint64, uint64) ([]tlog.Hash, error) { return nil, nil }), ErrAnchor)
	server.Close()
	require.ErrorIs(t, anchor().Advance(t.Context(), head, func(context.Context, uint64, uint64) ([]tlog.Hash, error) { return nil, nil }), ErrAnchor)

	for _, bad := range []string{"", "w+1", w.vkey + "A", strings.Replace(w.vkey, "w1", "w2", 1), k.vkey} {
		_, err := NewWitnessKey(bad)
		require.Error(t, err, bad)
	}
}

func TestFileAnchor(t *testing.T) {
	k := newTestKeys(t)
	path := filepath.Join(t.TempDir(), "anchor")
	opts := k.options()
	opts.Anchors = []Anchor{&FileAnchor{Path: path, Key: k.verifier}}
	d := newCrashDisk()
	l := openOn(t, d, opts)
	_, err := l.Record(t.Context(), readEvent())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	c, err := ParseCheckpoint(text, k.verifier)
	require.NoError(t, err)
	require.Equal(t, uint64(3), c.Size)

	s, err := openFiles(newCrashDisk(), testOrigin, nil)
	require.NoError(t, err)
	_, err = New(t.Context(), s, opts)
	require.ErrorIs(t, err, ErrRollback)

	// What is not a checkpoint of this log is neither believed nor overwritten.
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	l = openOn(t, d, opts)
	require.ErrorIs(t, l.Health().AnchorErr, ErrAnchor)
	l.Close()
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "x", string(text))
}
