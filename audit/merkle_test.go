package audit

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// The recursions of RFC 6962, sections 2.1, 2.1.1 and 2.1.2, as they stand there.

func rfcRoot(d [][]byte) tlog.Hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, d[0]...))
	}
	k := rfcSplit(len(d))
	l, r := rfcRoot(d[:k]), rfcRoot(d[k:])
	return sha256.Sum256(bytes.Join([][]byte{{1}, l[:], r[:]}, nil))
}

func rfcPath(m int, d [][]byte) []tlog.Hash {
	if len(d) == 1 {
		return nil
	}
	k := rfcSplit(len(d))
	if m < k {
		return append(rfcPath(m, d[:k]), rfcRoot(d[k:]))
	}
	return append(rfcPath(m-k, d[k:]), rfcRoot(d[:k]))
}

func rfcConsistency(m int, d [][]byte, whole bool) []tlog.Hash {
	if m == len(d) {
		if whole {
			return nil
		}
		return []tlog.Hash{rfcRoot(d)}
	}
	k := rfcSplit(len(d))
	if m <= k {
		return append(rfcConsistency(m, d[:k], whole), rfcRoot(d[k:]))
	}
	return append(rfcConsistency(m-k, d[k:], false), rfcRoot(d[:k]))
}

// rfcSplit is the largest power of two below n.
func rfcSplit(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// memHashes is a tree in memory.
type memHashes []tlog.Hash

func (m memHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, m[i])
	}
	return out, nil
}

func testTree(n int) (records [][]byte, hashes memHashes, edge frontier) {
	for i := range n {
		records = append(records, fmt.Appendf(nil, "record %d", i))
		hashes = edge.add(hashes, tlog.RecordHash(records[i]))
	}
	return records, hashes, edge
}

// Roots, inclusion and consistency equal the recursion of the RFC.
func TestProperty1Merkle(t *testing.T) {
	records, hashes, _ := testTree(300)
	var edge frontier
	require.Equal(t, rfcRoot(nil), edge.root())
	for n := 1; n <= 300; n++ {
		edge.add(nil, tlog.RecordHash(records[n-1]))
		root := rfcRoot(records[:n])
		require.Equal(t, root, edge.root(), "size %d", n)
		loaded, err := loadFrontier(uint64(n), hashes)
		require.NoError(t, err)
		require.Equal(t, root, loaded.root())
		require.Len(t, hashes, int(storedCount(300)))
		step := 1
		if n > 40 && !soak() {
			step = 1 + n/7
		}
		for i := 0; i < n; i += step {
			p, err := tlog.ProveRecord(int64(n), int64(i), hashes)
			require.NoError(t, err)
			require.Equal(t, rfcPath(i, records[:n]), append([]tlog.Hash(nil), p...))
			old, err := tlog.ProveTree(int64(n), int64(i+1), hashes)
			require.NoError(t, err)
			require.Equal(t, rfcConsistency(i+1, records[:n], true), append([]tlog.Hash(nil), old...))
		}
	}
}

// Any change of a proof fails, and no proof holds for another place or size.
func TestProperty1ProofChanged(t *testing.T) {
	k := newTestKeys(t)
	records, hashes, _ := testTree(300)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "size")
		i := rapid.IntRange(0, n-1).Draw(t, "index")
		root, err := rootAt(uint64(n), hashes)
		require.NoError(t, err)
		c := Checkpoint{Origin: testOrigin, Size: uint64(n), Root: root}
		require.NoError(t, c.sign(k.signer))
		path, err := tlog.ProveRecord(int64(n), int64(i), hashes)
		require.NoError(t, err)
		p := Proof{uint64(i), path, c.Note}
		require.NoError(t, p.Verify(records[i], k.verifier))

		text, err := p.MarshalText()
		require.NoError(t, err)
		parsed, err := ParseProof(text)
		require.NoError(t, err)
		require.Equal(t, p.Index, parsed.Index)
		require.NoError(t, parsed.Verify(records[i], k.verifier))

		record := records[i]
		switch rapid.IntRange(0, 5).Draw(t, "change") {
		case 0:
			p.Index = uint64(rapid.IntRange(0, 400).Filter(func(j int) bool { return j != i }).Draw(t, "other index"))
		case 1:
			record = records[rapid.IntRange(0, 299).Filter(func(j int) bool { return j != i }).Draw(t, "other record")]
		case 2:
			p.Hashes = append(append([]tlog.Hash{}, p.Hashes...), tlog.Hash{})
		case 3:
			b := bytes.Clone(text)
			bit := rapid.IntRange(0, 8*len(b)-1).Draw(t, "bit")
			b[bit/8] ^= 1 << (bit % 8)
			if p, err = ParseProof(b); err != nil {
				return
			}
		case 4:
			if len(p.Hashes) == 0 {
				return
			}
			p.Hashes = p.Hashes[1:]
		case 5:
			if len(p.Hashes) < 2 {
				return
			}
			p.Hashes = append([]tlog.Hash{p.Hashes[1], p.Hashes[0]}, p.Hashes[2:]...)
		}
		require.Error(t, p.Verify(record, k.verifier))
	})
}

// A proof at a million events has at most 20 hashes, which are 640 bytes.
func TestProofSize(t *testing.T) {
	for size, want := range map[int64]int{1_000: 320, 1_000_000: 640} {
		for _, i := range []int64{0, size / 2, size - 1} {
			p, err := tlog.ProveRecord(size, i, tlog.HashReaderFunc(func(x []int64) ([]tlog.Hash, error) {
				return make([]tlog.Hash, len(x)), nil
			}))
			require.NoError(t, err)
			require.LessOrEqual(t, len(p)*tlog.HashSize, want)
		}
	}
}

// The parser accepts exactly the strict grammar, and nothing that
// the log's own key has not signed.
func TestProperty13Notes(t *testing.T) {
	k, other := newTestKeys(t), newTestKeys(t)
	grammar := regexp.MustCompile(`^` + regexp.QuoteMeta(testOrigin) + `\n(0|[1-9][0-9]*)\n[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n$`)
	good := Checkpoint{Origin: testOrigin, Size: 20852163, Root: tlog.RecordHash([]byte("x"))}
	bodies := []string{
		good.body(), testOrigin + "\n08\n" + good.Root.String() + "\n", testOrigin + "\n+8\n" + good.Root.String() + "\n",
		testOrigin + "\n-8\n" + good.Root.String() + "\n", testOrigin + "\n8\n", testOrigin + "\n0\n" + good.Root.String() + "\n",
		good.body() + "extension\n", "other\n8\n" + good.Root.String() + "\n", testOrigin + "\n9223372036854775808\n" + good.Root.String() + "\n",
		testOrigin + "\n8\n" + strings.TrimRight(good.Root.String(), "=") + "\n", testOrigin + "\n٣\n" + good.Root.String() + "\n",
		testOrigin + "\n8\n" + strings.Repeat("A", 42) + "B=\n", // a second spelling of the hash of zeros
	}
	check := func(t require.TestingT, body string) {
		text, err := note.Sign(&note.Note{Text: body}, k.signer)
		if err != nil {
			return // not a note at all
		}
		m := grammar.FindStringSubmatch(body)
		want := m != nil
		if want {
			n, err := strconv.ParseUint(m[1], 10, 64)
			want = err == nil && n <= maxSize
		}
		c, err := ParseCheckpoint(text, k.verifier)
		require.Equal(t, want, err == nil, "%q", body)
		if want {
			require.Equal(t, body, c.body())
		}
		foreign, err := note.Sign(&note.Note{Text: body}, other.signer)
		require.NoError(t, err)
		_, err = ParseCheckpoint(foreign, k.verifier)
		require.ErrorIs(t, err, ErrCheckpoint)
		_, err = ParseCheckpoint([]byte(body), k.verifier)
		require.ErrorIs(t, err, ErrCheckpoint)
	}
	for _, b := range bodies {
		check(t, b)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.SampledFrom(bodies).Draw(t, "body"))
		for range rapid.IntRange(0, 2).Draw(t, "edits") {
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "edit") {
			case 0:
				b[at] = rapid.SampledFrom([]byte("0189AZaz+/=- \n")).Draw(t, "byte")
			case 1:
				b = append(b[:at], b[at+1:]...)
			case 2:
				b = append(b[:at], append([]byte{b[at]}, b[at:]...)...)
			}
			if len(b) == 0 {
				return
			}
		}
		check(t, string(b))
	})
}
