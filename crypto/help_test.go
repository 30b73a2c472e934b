package crypto

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// romashka is the Context that most tests seal for. All names here are invented.
var romashka = Context{Tenant: "romashka", Conversation: "c-17", Record: "turns/1", Kind: "transcript"}

func testRing() *Keyring { return NewKeyring("test-key", bytes.Repeat([]byte{0x42}, 32)) }

func mustSeal(t testing.TB, s *Sealer, plaintext []byte, c Context) []byte {
	t.Helper()
	box, err := s.Seal(context.Background(), nil, plaintext, c)
	require.NoError(t, err)
	return box
}

// refuses checks that an envelope opens in no way: at once, as a stream, or in parts.
func refuses(t testing.TB, s *Sealer, box []byte, c Context, name string) error {
	t.Helper()
	ctx := context.Background()
	out, err := s.Open(ctx, nil, box, c)
	require.Error(t, err, "%s: Open", name)
	require.Nil(t, out, "%s: Open", name)
	_, readErr := readAll(s, box, c)
	require.Error(t, readErr, "%s: NewReader", name)
	if at, atErr := s.NewReaderAt(ctx, bytes.NewReader(box), int64(len(box)), c); atErr == nil {
		// The last chunk is right; some other must be wrong.
		_, atErr = at.ReadAt(make([]byte, at.Size()), 0)
		require.Error(t, atErr, "%s: NewReaderAt", name)
	}
	return err
}

func readAll(s *Sealer, box []byte, c Context) ([]byte, error) {
	r, err := s.NewReader(context.Background(), bytes.NewReader(box), c)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err = out.ReadFrom(r)
	return out.Bytes(), err
}

func text(n int) []byte {
	const line = "Добрый день, меня зовут Анна, звоню по поводу договора. "
	return bytes.Repeat([]byte(line), n/len(line)+1)[:n]
}
