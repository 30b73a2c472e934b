package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// vectorKey is the key of testdata/vectors.
func vectorKey(t testing.TB) note.Verifier {
	b, err := os.ReadFile(filepath.Join("testdata", "vectors", "key"))
	require.NoError(t, err)
	key, err := note.NewVerifier(strings.TrimSpace(string(b)))
	require.NoError(t, err)
	return key
}

func vector(t testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	require.NoError(t, err)
	return b
}

func FuzzParseCheckpoint(f *testing.F) {
	key := vectorKey(f)
	f.Add(vector(f, "log/checkpoint"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseCheckpoint(text, key)
		if err != nil {
			require.Zero(t, c)
			return
		}
		require.True(t, bytes.HasPrefix(text, []byte(c.body()+"\n")))
	})
}

func FuzzParseProof(f *testing.F) {
	f.Add(vector(f, "2.tlog-proof"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParseProof(text)
		if err != nil {
			return
		}
		again, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, text, again)
	})
}

func FuzzParseEntry(f *testing.F) {
	f.Add(vector(f, "2.json"))
	f.Add([]byte(`{"recorded":"2026-11-22T04:08:07.123456Z","v":1,"id":"000102030405060708090a0b0c0d0e0f","action":"a","outcome":"success"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ParseEntry(7, raw)
		if err != nil {
			return
		}
		again := e
		again.encode()
		want, err := json.Marshal(e)
		require.NoError(t, err)
		require.Equal(t, string(want), string(again.Raw))
		for _, format := range []Format{JSONLines, OCSF, CEF} {
			var out bytes.Buffer
			n, err := Export(&out, format, oneByOne([]Entry{e}))
			require.NoError(t, err)
			require.Equal(t, 1, n)
			if format == CEF {
				require.Equal(t, 1, bytes.Count(out.Bytes(), []byte("\n")))
			}
		}
	})
}

// A segment from anywhere makes no panic, is never accepted as verified unless
// it is the one that was signed, and opens only as a log that verifies.
func FuzzSegment(f *testing.F) {
	key := vectorKey(f)
	f.Add(vector(f, "log/"+segmentName(0)))
	files := map[string][]byte{checkpointName: vector(f, "log/checkpoint"), treeName: vector(f, "log/tree")}
	whole := vector(f, "log/"+segmentName(0))
	f.Fuzz(func(t *testing.T, content []byte) {
		disk := diskOf(map[string][]byte{checkpointName: files[checkpointName], treeName: files[treeName], segmentName(0): content})
		r, err := verify(context.Background(), disk, VerifyOptions{Key: key})
		require.NoError(t, err)
		if !bytes.HasPrefix(content, whole) {
			require.NotEqual(t, Verified, r.Verdict)
		}
		s, err := openFiles(disk, key.Name(), nil)
		if err != nil {
			var corrupt *CorruptError
			require.True(t, errors.As(err, &corrupt), "%v", err)
			return
		}
		defer s.Close()
		for _, err := range s.Read(context.Background(), 0) {
			require.NoError(t, err, "what opens can be read")
		}
	})
}

// Of a note of a stop only what was written comes back.
func FuzzStopNote(f *testing.F) {
	d := newCrashDisk()
	s, err := openFiles(d, testOrigin, nil)
	require.NoError(f, err)
	require.NoError(f, s.KeepStop(StopNote{time.UnixMicro(1_700_000_000_000_000), stopFull}))
	f.Add(d.files[reserveName].content)
	f.Add(blank())
	f.Add([]byte(reserveMagic + "12345678\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := parseStop(b)
		if n == nil {
			return
		}
		d := newCrashDisk()
		s, err := openFiles(d, testOrigin, nil)
		require.NoError(t, err)
		require.NoError(t, s.KeepStop(*n))
		require.NoError(t, s.Close())
		s, err = openFiles(d, testOrigin, nil)
		require.NoError(t, err)
		require.Equal(t, n, s.Stop())
		require.True(t, bytes.HasPrefix(b, d.files[reserveName].content[:len(reserveMagic)+9+len(n.Code)+4]))
	})
}

func FuzzWitnessAnswer(f *testing.F) {
	f.Add(200, "", []byte("— witness.example/w1 AAAA\n"))
	f.Add(409, "text/x.tlog.size", []byte("12\n"))
	f.Fuzz(func(t *testing.T, status int, contentType string, answer []byte) {
		key := vectorKey(t) // not the witness's
		a := WitnessAnchor{Key: key}
		head := Checkpoint{Origin: key.Name(), Size: 3, Note: []byte("x\n3\nAAAA\n\n")}
		size, err := a.judge(status, contentType, answer, head)
		require.True(t, err != nil || size != nil, "accepted without a cosignature")
	})
}
