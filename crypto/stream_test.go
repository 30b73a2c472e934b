package crypto

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

var streamSizes = []int{0, 1, 16383, 16384, 16385, 32768, 100_000}

func sealStream(t testing.TB, s *Sealer, plaintext []byte, piece int) []byte {
	t.Helper()
	var box bytes.Buffer
	w, err := s.NewWriter(context.Background(), &box, romashka)
	require.NoError(t, err)
	for len(plaintext) > 0 {
		n := min(piece, len(plaintext))
		_, err := w.Write(plaintext[:n])
		require.NoError(t, err)
		plaintext = plaintext[n:]
	}
	require.NoError(t, w.Close())
	require.NoError(t, w.Close(), "a second Close does nothing")
	_, err = w.Write([]byte("x"))
	require.Error(t, err)
	return box.Bytes()
}

// A stream and a record are the same bytes: each reads what the other wrote.
func TestStreamAndRecordAreOneFormat(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	for _, n := range streamSizes {
		plaintext := text(n)
		for _, piece := range []int{997, 16384, 20_000, 1 << 20} {
			out, err := s.Open(ctx, nil, sealStream(t, s, plaintext, piece), romashka)
			require.NoError(t, err)
			require.True(t, bytes.Equal(plaintext, out))
		}
		box := mustSeal(t, s, plaintext, romashka)
		for _, wrap := range []func(io.Reader) io.Reader{
			func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader, iotest.HalfReader,
		} {
			r, err := s.NewReader(ctx, wrap(bytes.NewReader(box)), romashka)
			require.NoError(t, err)
			require.NoError(t, iotest.TestReader(r, plaintext))
		}
	}
}

func TestReaderGivesOnlyWhatIsProved(t *testing.T) {
	s := NewSealer(testRing())
	plaintext := text(5*16384 + 10)
	box := mustSeal(t, s, plaintext, romashka)
	h, _ := Inspect(box)
	for n := range 6 {
		bad := bytes.Clone(box)
		bad[h.Size+56+n*16400] ^= 1
		out, err := readAll(s, bad, romashka)
		require.ErrorIs(t, err, ErrDecrypt)
		require.True(t, bytes.Equal(plaintext[:n*16384], out), "chunk %d: %d bytes", n, len(out))
	}
}

func TestUnfinishedWriterDoesNotOpen(t *testing.T) {
	for _, n := range streamSizes {
		var box bytes.Buffer
		s := NewSealer(testRing())
		w, err := s.NewWriter(context.Background(), &box, romashka)
		require.NoError(t, err)
		_, err = w.Write(text(n))
		require.NoError(t, err)
		err = refuses(t, s, box.Bytes(), romashka, "never closed")
		require.ErrorIs(t, err, ErrDecrypt)
	}
}

func TestStreamErrorsAreKept(t *testing.T) {
	broken := errors.New("disk is full")
	s := NewSealer(testRing())
	for after := range 3 {
		out := &failingWriter{after: after, err: broken}
		w, err := s.NewWriter(context.Background(), out, romashka)
		if err == nil {
			_, err = w.Write(text(16384 + 10))
			if err == nil {
				err = w.Close()
			}
			require.ErrorIs(t, w.Close(), broken)
		}
		require.ErrorIs(t, err, broken)
	}
	box := mustSeal(t, s, text(40_000), romashka)
	for _, n := range []int{0, 3, 30, 100, 200, 20_000} {
		r, err := s.NewReader(context.Background(), io.MultiReader(bytes.NewReader(box[:n]), iotest.ErrReader(broken)), romashka)
		if err == nil {
			_, err = io.ReadAll(r)
		}
		require.ErrorIs(t, err, broken, "a fault of the reader is not a changed stream")
		require.NotErrorIs(t, err, ErrDecrypt)
	}
}

type failingWriter struct {
	after int
	err   error
}

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, w.err
	}
	return len(p), nil
}

func TestReaderAt(t *testing.T) {
	s := NewSealer(testRing())
	for _, n := range streamSizes {
		plaintext := text(n)
		box := mustSeal(t, s, plaintext, romashka)
		r, err := s.NewReaderAt(context.Background(), bytes.NewReader(box), int64(len(box)), romashka)
		require.NoError(t, err)
		require.EqualValues(t, n, r.Size())
		require.NoError(t, iotest.TestReader(io.NewSectionReader(r, 0, r.Size()), plaintext))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					off, size := rand.IntN(n+1), rand.IntN(40_000)
					p := make([]byte, size)
					got, err := r.ReadAt(p, int64(off))
					want := plaintext[off:min(n, off+size)]
					if !bytes.Equal(want, p[:got]) || (err == io.EOF) != (off+size > n) {
						t.Errorf("at %d, %d bytes: got %d, %v", off, size, got, err)
					}
				}
			})
		}
		wg.Wait()
		_, err = r.ReadAt(make([]byte, 1), -1)
		require.Error(t, err)
	}
}

func TestReaderAtProvesTheLength(t *testing.T) {
	s := NewSealer(testRing())
	box := mustSeal(t, s, text(3*16384+10), romashka)
	h, _ := Inspect(box)
	for _, n := range []int{0, 5, h.Size, h.Size + 56, h.Size + 56 + 16400, h.Size + 56 + 16400 + 16, len(box) - 1} {
		_, err := s.NewReaderAt(context.Background(), bytes.NewReader(box[:n]), int64(n), romashka)
		require.ErrorIs(t, err, ErrDecrypt, "cut to %d", n)
	}
	_, err := s.NewReaderAt(context.Background(), bytes.NewReader(box), int64(len(box)+1), romashka)
	require.ErrorIs(t, err, ErrDecrypt)
}

func TestOpenToFile(t *testing.T) {
	ctx := context.Background()
	s := NewSealer(testRing())
	dir := t.TempDir()
	path := filepath.Join(dir, "call.wav")
	box := mustSeal(t, s, text(50_000), romashka)

	bad := bytes.Clone(box)
	bad[len(bad)-1] ^= 1
	for _, b := range [][]byte{bad, box[:len(box)-20], box[:20], nil} {
		require.ErrorIs(t, s.OpenToFile(ctx, bytes.NewReader(b), path, romashka), ErrDecrypt)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left, "nothing may be written")
	}
	require.NoError(t, s.OpenToFile(ctx, bytes.NewReader(box), path, romashka))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text(50_000), got)
	info, err := os.Stat(path)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	require.Error(t, s.OpenToFile(ctx, bytes.NewReader(box), filepath.Join(dir, "no", "such"), romashka))
}

func TestStreamsAllocateNothingPerChunk(t *testing.T) {
	s := NewSealer(testRing())
	w, err := s.NewWriter(context.Background(), io.Discard, romashka)
	require.NoError(t, err)
	piece := text(10_000)
	require.Zero(t, testing.AllocsPerRun(100, func() { w.Write(piece) }))

	r, err := s.NewReader(context.Background(), bytes.NewReader(mustSeal(t, s, text(3<<20), romashka)), romashka)
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() { r.Read(piece) }))
}

// A chunk that fits is opened in the caller's memory; one that does not open leaves nothing.
func TestReaderLeavesNothingOfABadChunk(t *testing.T) {
	s := NewSealer(testRing())
	plaintext := text(3 * 16384)
	box := mustSeal(t, s, plaintext, romashka)
	h, _ := Inspect(box)
	box[h.Size+56+16400+5] ^= 1 // in the second chunk
	r, err := s.NewReader(context.Background(), bytes.NewReader(box), romashka)
	require.NoError(t, err)
	p := make([]byte, 20_000)
	n, err := r.Read(p)
	require.NoError(t, err)
	require.Equal(t, 16384, n)
	require.True(t, bytes.Equal(plaintext[:n], p[:n]))
	clear(p)
	n, err = r.Read(p)
	require.ErrorIs(t, err, ErrDecrypt)
	require.Zero(t, n)
	require.True(t, bytes.Equal(make([]byte, len(p)), p), "plaintext left behind")
	n, err = r.Read(p)
	require.ErrorIs(t, err, ErrDecrypt, "and it stays so")
	require.Zero(t, n)
}
