package cobblestone

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the vectors anew")

var sizes = []int{0, 1, 15, 16, 17, 4096, ChunkSize - 1, ChunkSize, ChunkSize + 1, 2*ChunkSize - 1, 2 * ChunkSize, 3*ChunkSize + 5}

func testKey() []byte {
	key := make([]byte, KeySize)
	for i := range key {
		key[i] = byte(i)
	}
	return key
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 >> 2)
	}
	return b
}

func TestAgreesWithReference(t *testing.T) {
	key, context := testKey(), []byte("context")
	k := NewKey(key)
	for _, n := range sizes {
		message := pattern(n)
		body := k.Seal(nil, message, context)
		require.Len(t, body, int(SealedSize(int64(n))))
		require.Equal(t, referenceSeal(key, body[:24], context, message), body, "%d bytes", n)
		opened, err := k.Open(nil, body, context)
		require.NoError(t, err)
		require.True(t, bytes.Equal(message, opened))
	}
}

func TestAnyBodyOfReferenceOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytesOf := func(n int, label string) []byte { return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, label) }
		key, salt := bytesOf(32, "key"), bytesOf(24, "salt")
		context := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "context")
		message := pattern(rapid.SampledFrom(sizes).Draw(t, "size"))
		got, err := NewKey(key).Open([]byte("before"), referenceSeal(key, salt, context, message), context)
		if err != nil || !bytes.Equal(got, append([]byte("before"), message...)) {
			t.Fatalf("does not open: %v", err)
		}
	})
}

func TestSizes(t *testing.T) {
	valid := map[int64]int64{}
	for n := int64(0); n < 3*SealedChunkSize; n++ {
		valid[SealedSize(n)] = n
	}
	for n := int64(-1); n < PrefixSize+2*SealedChunkSize; n++ {
		got, ok := PlainSize(n)
		want, known := valid[n]
		if ok != known || ok && got != want {
			t.Fatalf("body of %d bytes: got %d, %v; want %d, %v", n, got, ok, want, known)
		}
	}
	_, ok := PlainSize(PrefixSize + MaxChunks*SealedChunkSize + TagSize)
	require.False(t, ok, "a message over 4 PiB")
}

// Each recipe makes a body that a careless reader might take. None may open.
func TestChunkSurgery(t *testing.T) {
	k, context := NewKey(testKey()), []byte("context")
	body := k.Seal(nil, pattern(3*ChunkSize+100), context)
	other := k.Seal(nil, pattern(3*ChunkSize+100), context)
	chunk := func(b []byte, n int) []byte {
		b = b[PrefixSize+n*SealedChunkSize:]
		return b[:min(len(b), SealedChunkSize)]
	}
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	prefix := body[:PrefixSize]
	a, b, c, last := chunk(body, 0), chunk(body, 1), chunk(body, 2), chunk(body, 3)
	for name, bad := range map[string][]byte{
		"truncate at a chunk's border": join(prefix, a, b, c),
		"truncate to the prefix":       prefix,
		"truncate inside a chunk":      join(prefix, a, b, c[:500]),
		"truncate inside the tag":      join(prefix, a, b, c, last[:len(last)-1]),
		"drop the first chunk":         join(prefix, b, c, last),
		"drop a middle chunk":          join(prefix, a, c, last),
		"reorder":                      join(prefix, b, a, c, last),
		"duplicate":                    join(prefix, a, a, b, c, last),
		"duplicate the last":           join(prefix, a, b, c, last, last),
		"append an empty chunk":        join(body, body[len(body)-TagSize:]),
		"append a byte":                join(body, []byte{0}),
		"splice from another message":  join(prefix, a, chunk(other, 1), c, last),
		"prefix of another message":    join(other[:PrefixSize], a, b, c, last),
		"salt of another message":      join(other[:24], body[24:]),
		"nothing":                      nil,
	} {
		room := make([]byte, 0, len(body))
		if out, err := k.Open(room, bad, context); err != ErrOpen || out != nil {
			t.Errorf("%s: opened, %v", name, err)
		}
		if !bytes.Equal(room[:cap(room)], make([]byte, cap(room))) {
			t.Errorf("%s: plaintext left behind", name)
		}
	}
}

func TestEveryBitCounts(t *testing.T) {
	k, context := NewKey(testKey()), []byte("context")
	body := k.Seal(nil, []byte("звонок"), context)
	for i := range len(body) * 8 {
		bad := bytes.Clone(body)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := k.Open(nil, bad, context); err == nil {
			t.Fatalf("bit %d changed, still opens", i)
		}
	}
	_, err := k.Open(nil, body, []byte("contex"))
	require.ErrorIs(t, err, ErrOpen)
}

func TestNoncesDiffer(t *testing.T) {
	m, _ := NewKey(testKey()).NewMessage(nil)
	seen := map[string]bool{}
	for n := range uint64(100_000) {
		seen[string(m.chunkNonce(n))] = true
	}
	for _, n := range []uint64{1 << 32, MaxChunks - 1} {
		seen[string(m.chunkNonce(n))] = true
	}
	require.Len(t, seen, 100_002)
	require.Panics(t, func() { m.chunkNonce(MaxChunks) })
}

type vector struct {
	Name       string `json:"name"`
	Key        string `json:"key"`
	Context    string `json:"context"`
	Message    string `json:"message"`               // hex, or
	MessageLen int    `json:"message_len,omitempty"` // a message whose byte i is (i*7>>2) mod 256
	Body       string `json:"body,omitempty"`        // hex, or
	BodySHA512 string `json:"body_sha512,omitempty"`
	Salt       string `json:"salt"`
}

// The vectors were checked with the package cryptography 50.0.2 for Python; the recipe is in
// docs/formats/envelope.md.
func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.NotEmpty(t, vectors)
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			k := NewKey(unhex(t, v.Key))
			message := unhex(t, v.Message)
			if v.MessageLen > 0 {
				message = pattern(v.MessageLen)
			}
			salt := [saltSize]byte(unhex(t, v.Salt))
			body := k.sealSalt(nil, message, unhex(t, v.Context), &salt)
			if v.Body != "" {
				require.Equal(t, v.Body, hex.EncodeToString(body))
			} else {
				require.Equal(t, v.BodySHA512, digest(body))
			}
			opened, err := k.Open(nil, body, unhex(t, v.Context))
			require.NoError(t, err)
			require.True(t, bytes.Equal(message, opened))
		})
	}
}

func writeVectors(t *testing.T) {
	r := rand.NewChaCha8([32]byte{'v', 'u', 'a', 'l'})
	draw := func(n int) []byte { b := make([]byte, n); r.Read(b); return b }
	var vectors []vector
	for _, c := range []struct {
		name    string
		context string
		message []byte
	}{
		{"empty message, empty context", "", nil},
		{"one byte", "a", []byte{0}},
		{"Russian text", "конверт", []byte("Добрый день, это Анна из компании Ромашка")},
		{"one byte less than a chunk", "c", pattern(ChunkSize - 1)},
		{"a whole chunk", "c", pattern(ChunkSize)},
		{"a chunk and a byte", "c", pattern(ChunkSize + 1)},
		{"five chunks", "c", pattern(4*ChunkSize + 33)},
	} {
		key, salt := draw(32), draw(24)
		body := referenceSeal(key, salt, []byte(c.context), c.message)
		v := vector{Name: c.name, Key: hex.EncodeToString(key), Context: hex.EncodeToString([]byte(c.context)), Salt: hex.EncodeToString(salt)}
		if len(c.message) > 1000 {
			v.MessageLen, v.BodySHA512 = len(c.message), digest(body)
		} else {
			v.Message, v.Body = hex.EncodeToString(c.message), hex.EncodeToString(body)
		}
		vectors = append(vectors, v)
	}
	data, err := json.MarshalIndent(vectors, "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("testdata/vectors.json", append(data, '\n'), 0o644))
}

func FuzzOpen(f *testing.F) {
	key, context := testKey(), []byte("context")
	k := NewKey(key)
	for _, n := range sizes {
		f.Add(k.Seal(nil, pattern(n), context))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := k.Open(nil, body, context)
		want, wantErr := referenceOpen(key, context, body)
		if (err == nil) != (wantErr == nil) || !bytes.Equal(got, want) {
			t.Fatalf("opened %d bytes, %v; reference %d bytes, %v", len(got), err, len(want), wantErr)
		}
	})
}
