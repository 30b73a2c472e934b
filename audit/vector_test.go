package audit

import (
	"context"
	"crypto/sha256"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "make testdata/vectors anew, with new keys and ids")

// The vectors are a log that an earlier build wrote: its bytes, key, one proof,
// and the pseudonyms in it. Another language can check itself against them; see
// docs/formats/audit.md.
func TestVectors(t *testing.T) {
	dir := filepath.Join("testdata", "vectors")
	if *update {
		makeVectors(t, dir)
	}
	key := vectorKey(t)
	r := requireVerified(t, filepath.Join(dir, "log"), key)
	require.Equal(t, uint64(4), r.Size)

	reader, err := OpenReader(filepath.Join(dir, "log"), key)
	require.NoError(t, err)
	defer reader.Close()
	list := entriesOf(t, reader, Query{})
	require.Equal(t, "log.start/success transcript.read/attempt transcript.read/success log.stop/success", actions(list))
	var records [][]byte
	for _, e := range list {
		records = append(records, e.Raw)
		again := e
		again.encode()
		require.Equal(t, string(e.Raw), string(again.Raw), "the stored form has changed")
	}
	require.Equal(t, rfcRoot(records), r.Root)

	p, err := ParseProof(vector(t, "2.tlog-proof"))
	require.NoError(t, err)
	require.NoError(t, p.Verify(vector(t, "2.json"), key))
	require.Equal(t, list[2].Raw, vector(t, "2.json"))

	// Epoch "e1" has the secret SHA-256("vual audit test vectors").
	epoch := Epoch{ID: "e1", Secret: sha256.Sum256([]byte("vual audit test vectors"))}
	lines := strings.Split(strings.TrimRight(string(vector(t, "pseudonyms.tsv")), "\n"), "\n")
	require.Greater(t, len(lines), 3)
	for _, line := range lines {
		f := strings.Split(line, "\t")
		require.Equal(t, f[3], epoch.pseudonym(f[0], Kind(f[1]), Normalize(Kind(f[1]), f[2])), line)
	}
	require.Equal(t, epoch.pseudonym("", "customer", "Иванов Иван Иванович"), list[1].Subjects[0].ID)
}

func makeVectors(t *testing.T, dir string) {
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.MkdirAll(dir, 0o755))
	k := newTestKeys(t)
	k.epochs = []Epoch{{ID: "e1", Secret: sha256.Sum256([]byte("vual audit test vectors"))}}
	opts := k.options()
	clock := time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)
	opts.Clock = func() time.Time { clock = clock.Add(time.Second); return clock }
	l, err := Open(t.Context(), filepath.Join(dir, "log"), opts)
	require.NoError(t, err)
	e := readEvent()
	e.Details = []Detail{{Key: "rows", Value: Number(12)}, {Key: "phone", Value: Private("+7 916 123-45-67")}}
	require.NoError(t, Do(t.Context(), l, e, func(context.Context) error { return nil }))
	require.NoError(t, l.Close())
	require.NoError(t, os.Remove(filepath.Join(dir, "log", "lock")))

	reader, err := OpenReader(filepath.Join(dir, "log"), k.verifier)
	require.NoError(t, err)
	defer reader.Close()
	p, err := reader.Prove(t.Context(), 2)
	require.NoError(t, err)
	text, err := p.MarshalText()
	require.NoError(t, err)
	entry, err := reader.Entry(t.Context(), 2)
	require.NoError(t, err)
	var names strings.Builder
	for _, row := range [][3]string{{"", "customer", "Иванов Иван Иванович"}, {"", "phone", "8 916 123-45-67"}, {"romashka", "phone", "+7 916 123-45-67"}, {"", "email", "Ivanov@Example.ru"}, {"", "actor", "petrova@example.ru"}} {
		names.WriteString(strings.Join(row[:], "\t") + "\t" + k.epochs[0].pseudonym(row[0], Kind(row[1]), Normalize(Kind(row[1]), row[2])) + "\n")
	}
	for name, content := range map[string]string{"2.tlog-proof": string(text), "2.json": string(entry.Raw), "pseudonyms.tsv": names.String(), "key": k.vkey + "\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
	}
}

func TestAppendTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62167219200, 253402300799).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns"))
		if rapid.Bool().Draw(t, "zone") {
			at = at.In(time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "offset")))
		}
		b := []byte("<..............................>")
		got := appendTime(b[:1], at)
		require.Equal(t, "<"+at.UTC().Format(timeLayout), string(got))
		require.Equal(t, "...>", string(b[len(b)-4:]), "wrote beyond its 27 bytes")
	})
}
