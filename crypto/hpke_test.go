package crypto

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func testRecipient(t testing.TB) *RecipientKey {
	t.Helper()
	k, err := NewRecipientKey("recorders", 3, bytes.Repeat([]byte{0x51}, 32))
	require.NoError(t, err)
	return k
}

func TestRecipient(t *testing.T) {
	ctx := context.Background()
	k := testRecipient(t)
	public, err := NewRecipient("recorders", 3, k.Recipient().Bytes())
	require.NoError(t, err)
	plaintext := text(40_000)
	box, err := public.Seal(ctx, []byte("before"), plaintext, romashka)
	require.NoError(t, err)
	box = box[len("before"):]
	h, err := Inspect(box)
	require.NoError(t, err)
	require.Equal(t, Header{Slot: SlotHPKE, KeyID: "recorders", KeyVersion: 3, Size: h.Size}, h)

	out, err := k.Open(ctx, nil, box, romashka)
	require.NoError(t, err)
	require.Equal(t, plaintext, out)
	r, err := k.NewReader(ctx, bytes.NewReader(box), romashka)
	require.NoError(t, err)
	var read bytes.Buffer
	_, err = read.ReadFrom(r)
	require.NoError(t, err)
	require.Equal(t, plaintext, read.Bytes())
	require.NoError(t, k.OpenToFile(ctx, bytes.NewReader(box), filepath.Join(t.TempDir(), "f"), romashka))

	var stream bytes.Buffer
	w, err := public.NewWriter(ctx, &stream, romashka)
	require.NoError(t, err)
	_, err = w.Write(plaintext)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	out, err = k.Open(ctx, nil, stream.Bytes(), romashka)
	require.NoError(t, err)
	require.Equal(t, plaintext, out)

	private, err := k.ExportPrivateKey()
	require.NoError(t, err)
	again, err := NewRecipientKey("recorders", 3, private)
	require.NoError(t, err)
	_, err = again.Open(ctx, nil, box, romashka)
	require.NoError(t, err)
	other, err := NewRecipientKey("recorders", 4, private)
	require.NoError(t, err)
	_, err = other.Open(ctx, nil, box, romashka)
	require.ErrorIs(t, err, ErrUnknownKey)
	stranger, err := GenerateRecipientKey("recorders")
	require.NoError(t, err)
	box[len(magic)+5+len("recorders")+3] = 1 // the version
	_, err = stranger.Open(ctx, nil, box, romashka)
	require.ErrorIs(t, err, ErrDecrypt)
}

func TestRecipientRefusesKeys(t *testing.T) {
	good := testRecipient(t).Recipient().Bytes()
	for _, public := range [][]byte{nil, good[1:], append(bytes.Clone(good), 0)} {
		_, err := NewRecipient("k", 1, public)
		require.Error(t, err)
	}
	_, err := NewRecipient("имя", 1, good)
	require.Error(t, err)
	_, err = NewRecipient("k", 0, good)
	require.Error(t, err)
	_, err = NewRecipientKey("k", 1, make([]byte, 31))
	require.Error(t, err)
	_, err = GenerateRecipientKey("")
	require.Error(t, err)
}
