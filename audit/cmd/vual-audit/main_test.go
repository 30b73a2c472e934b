package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
)

// newLog makes a log with n reads and returns its folder, its public key and
// an anchor of its end.
func newLog(t *testing.T, n int) (dir, vkey, anchor string) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "example.ru/audit/calls")
	require.NoError(t, err)
	signer, err := note.NewSigner(skey)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	dir, anchor = filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "anchor")
	l, err := audit.Open(t.Context(), dir, audit.Options{
		Catalogue: audit.Catalogue{
			Actions:  []audit.Rule{{Action: "transcript.read"}, {Action: "transcript.delete"}},
			Purposes: []audit.Purpose{"quality-review"}, Bases: []audit.Basis{"152-fz.6.1.5"}, Objects: []string{"transcript"},
		},
		Signer: signer, Verifier: verifier,
		Epochs: func(context.Context, string) ([]audit.Epoch, error) {
			return []audit.Epoch{{ID: "e1", Secret: [32]byte{1}}}, nil
		},
		Anchors: []audit.Anchor{&audit.FileAnchor{Path: anchor, Key: verifier}},
	})
	require.NoError(t, err)
	for i := range n {
		action := audit.Action("transcript.read")
		if i%2 == 1 {
			action = "transcript.delete"
		}
		_, err := l.Record(t.Context(), audit.Event{
			Action: action, Actor: audit.Actor{Kind: audit.User, ID: audit.Private("petrova")},
			Object:  audit.Object{Type: "transcript", ID: audit.Private("c1")},
			Purpose: "quality-review", Basis: "152-fz.6.1.5",
		})
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
	return dir, vkey, anchor
}

func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	var out, errOut bytes.Buffer
	status = run(t.Context(), args, &out, &errOut)
	return status, out.String(), errOut.String()
}

func TestExitStatus(t *testing.T) {
	dir, key, anchor := newLog(t, 4)
	_, otherKey, otherAnchor := newLog(t, 0)
	for _, tc := range []struct {
		name string
		harm func(t *testing.T, dir string)
		args []string
		want int
		say  string
	}{
		{"whole", nil, nil, 0, "verdict: verified"},
		{"anchored", nil, []string{"-anchor", anchor, "-require-anchor"}, 0, "size: 6"},
		{"edited", func(t *testing.T, dir string) { flip(t, filepath.Join(dir, "00000000000000000000.seg"), 200) }, nil, 1, "damaged"},
		{"emptied", func(t *testing.T, dir string) { wipe(t, dir) }, []string{"-anchor", anchor}, 2, "an anchor covers 6"},
		{"stopped", func(t *testing.T, dir string) {
			s, err := audit.OpenFiles(dir, "example.ru/audit/calls", nil)
			require.NoError(t, err)
			require.NoError(t, s.KeepStop(audit.StopNote{At: time.Unix(1_780_000_000, 0), Code: "disk-full"}))
			require.NoError(t, s.Close())
		}, nil, 0, "stopped: disk-full, at 2026-05-28T"},
		{"other key", nil, []string{"-key", otherKey}, 1, "not signed"},
		{"no checkpoint", func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "checkpoint"))) }, nil, 3, "no checkpoint"},
		{"anchor missing", nil, []string{"-anchor", "no-such-file"}, 3, "an anchor is not"},
		{"anchor of another log", nil, []string{"-anchor", otherAnchor}, 3, "an anchor is not"},
		{"anchor required", nil, []string{"-require-anchor"}, 3, "no anchor is given"},
		{"no such log", nil, []string{"-log", "no-such-folder"}, 4, ""},
		{"no key", nil, []string{"-key", "petrova"}, 4, ""},
		{"bad flag", nil, []string{"-bad"}, 4, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := filepath.Join(t.TempDir(), "copy")
			require.NoError(t, os.CopyFS(d, os.DirFS(dir)))
			if tc.harm != nil {
				tc.harm(t, d)
			}
			status, out, errOut := call(t, append([]string{"verify", "-log", d, "-key", key}, tc.args...)...)
			require.Equal(t, tc.want, status, "%s%s", out, errOut)
			require.Contains(t, out, tc.say)
		})
	}
}

func flip(t *testing.T, name string, at int) {
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	b[at] ^= 1
	require.NoError(t, os.WriteFile(name, b, 0o600))
}

// wipe leaves a log of the same key without records or checkpoint.
func wipe(t *testing.T, dir string) {
	require.NoError(t, os.Remove(filepath.Join(dir, "checkpoint")))
	require.NoError(t, os.Remove(filepath.Join(dir, "00000000000000000000.seg")))
}

func TestQueryAndExport(t *testing.T) {
	dir, key, _ := newLog(t, 6)
	keyFile := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(keyFile, []byte(key+"\n"), 0o600))

	status, out, errOut := call(t, "query", "-log", dir, "-key", keyFile, "-action", "transcript.delete", "-limit", "2")
	require.Zero(t, status, errOut)
	require.Equal(t, 2, strings.Count(out, "\n"))
	require.Contains(t, errOut, "-start 5")

	proofs := t.TempDir()
	status, out, errOut = call(t, "export", "-log", dir, "-key", keyFile, "-format", "ocsf", "-proofs", proofs, "-to", "2100-01-01T00:00:00Z")
	require.Zero(t, status, errOut)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 8)
	for _, l := range lines {
		require.True(t, json.Valid([]byte(l)))
	}
	verifier, err := note.NewVerifier(key)
	require.NoError(t, err)
	raw, err := os.ReadFile(filepath.Join(proofs, "3.json"))
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(proofs, "3.tlog-proof"))
	require.NoError(t, err)
	p, err := audit.ParseProof(text)
	require.NoError(t, err)
	require.NoError(t, p.Verify(raw, verifier))

	flip(t, filepath.Join(dir, "00000000000000000000.seg"), 600)
	for _, args := range [][]string{
		{"query", "-log", dir, "-key", key},
		{"export", "-log", dir, "-key", key},
	} {
		status, _, _ := call(t, args...)
		require.Equal(t, 1, status)
	}
	status, _, _ = call(t, "export", "-log", dir, "-key", key, "-format", "xml")
	require.NotZero(t, status)
	for _, args := range [][]string{
		{}, {"erase"}, {"query"}, {"query", "-log", dir, "-key", key, "extra"},
		{"query", "-log", dir, "-key", key, "-limit", "-1"}, {"query", "-log", dir, "-key", key, "-outcome", "sucess"},
		{"query", "-log", dir, "-key", key, "-from", "yesterday"}, {"query", "-log", dir, "-key", key, "-link", "1"},
	} {
		status, out, errOut := call(t, args...)
		require.Equal(t, 4, status, "%q", args)
		require.Empty(t, out)
		require.NotEmpty(t, errOut)
	}
}

func TestHelp(t *testing.T) {
	for _, word := range []string{"help", "-h", "--help"} {
		status, out, errOut := call(t, word)
		require.Zero(t, status)
		require.Contains(t, out, "Exit status: 0 verified; 1 tampered with;")
		require.Empty(t, errOut)
	}
	status, _, errOut := call(t, "verify", "-h")
	require.Zero(t, status)
	require.Contains(t, errOut, "-require-anchor")
	require.NotContains(t, errOut, "help requested")
}
