package crypto

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/syntora/vual/crypto/internal/cobblestone"
	"github.com/syntora/vual/crypto/internal/durable"
)

// A Writer seals a stream. It holds one chunk of 16 KiB, however long the stream is, and is
// not safe for concurrent use.
type Writer struct {
	w       io.Writer
	message *cobblestone.Message
	next    uint64 // number of the chunk being filled
	chunk   *[cobblestone.ChunkSize]byte
	filled  int
	sealed  *[cobblestone.SealedChunkSize]byte
	err     error
}

// NewWriter writes the head of an envelope to w and returns a Writer for what it holds. The
// envelope opens only once Close has returned nil: one left unfinished does not.
func (s *Sealer) NewWriter(ctx context.Context, w io.Writer, c Context) (*Writer, error) {
	slot := s.keys.slot()
	bound, aad, err := bind(nil, slot, &c)
	if err != nil {
		return nil, err
	}
	key, wrapped, err := s.keys.fresh(ctx, c.Owner(), slot, aad[:])
	if err != nil {
		return nil, err
	}
	return newWriter(w, key, slot, wrapped, bound)
}

func newWriter(w io.Writer, key *cobblestone.Key, slot Slot, wrapped Wrapped, bound []byte) (*Writer, error) {
	message, prefix := key.NewMessage(bound)
	head := append(appendHeader(nil, slot, wrapped), prefix[:]...)
	if _, err := w.Write(head); err != nil {
		return nil, err
	}
	return &Writer{
		w: w, message: message,
		chunk:  new([cobblestone.ChunkSize]byte),
		sealed: new([cobblestone.SealedChunkSize]byte),
	}, nil
}

var errClosed = errors.New("crypto: write after Close")

// Write seals p. After an error, which is that of the writer beneath, the stream is lost.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	total := len(p)
	for len(p) > 0 {
		// Whole chunks go from the caller's memory, without a copy.
		if w.filled == 0 && len(p) >= cobblestone.ChunkSize {
			if err := w.flush(p[:cobblestone.ChunkSize]); err != nil {
				return total - len(p), err
			}
			p = p[cobblestone.ChunkSize:]
			continue
		}
		n := copy(w.chunk[w.filled:], p)
		w.filled += n
		p = p[n:]
		if w.filled == cobblestone.ChunkSize {
			if err := w.flush(w.chunk[:]); err != nil {
				return total - len(p), err
			}
			w.filled = 0
		}
	}
	return total, nil
}

// Close writes the last chunk. It does not close the writer beneath. A second Close does
// nothing and returns what the first one did.
func (w *Writer) Close() error {
	if w.err == errClosed {
		return nil
	}
	if w.err != nil {
		return w.err
	}
	err := w.flush(w.chunk[:w.filled])
	clear(w.chunk[:])
	if err == nil {
		w.err = errClosed
	}
	return err
}

func (w *Writer) flush(chunk []byte) error {
	if w.next >= cobblestone.MaxChunks {
		w.err = errors.New("crypto: stream longer than 4 PiB")
		return w.err
	}
	sealed := w.message.SealChunk(w.sealed[:0], chunk, w.next)
	w.next++
	_, w.err = w.w.Write(sealed)
	return w.err
}

// String shows nothing of the stream.
func (w *Writer) String() string { return "crypto.Writer" }

// GoString is String.
func (w *Writer) GoString() string { return w.String() }

// A Reader opens a stream. It holds one chunk of 16 KiB, however long the stream is, and is
// not safe for concurrent use.
type Reader struct {
	r       io.Reader
	message *cobblestone.Message
	next    uint64
	chunk   *[cobblestone.SealedChunkSize]byte // the last one, opened in its place
	at, end int                                // what of it was not read yet
	err     error
}

// NewReader reads the head of an envelope from r and checks it; errors are those of
// [Sealer.Open], or r's own.
//
// Each byte that the Reader returns is proved, in its place. That nothing is missing after
// it is proved only when Read returns [io.EOF]: do not act on a part. [Sealer.OpenToFile]
// waits for it.
func (s *Sealer) NewReader(ctx context.Context, r io.Reader, c Context) (*Reader, error) {
	h, prefix, err := readHead(r)
	if err != nil {
		return nil, err
	}
	message, err := s.openMessage(ctx, h, prefix, c)
	if err != nil {
		return nil, err
	}
	return newReader(r, message), nil
}

func newReader(r io.Reader, message *cobblestone.Message) *Reader {
	return &Reader{
		r: r, message: message,
		chunk: new([cobblestone.SealedChunkSize]byte),
	}
}

// Read returns [io.EOF] after the last chunk, [ErrDecrypt] where the stream was changed, cut
// or goes on, and the errors of the reader beneath.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.at == r.end {
		if r.err != nil {
			return 0, r.err
		}
		// A chunk that fits is opened in the caller's memory, without a copy. What does not
		// open leaves zeros there.
		if len(p) >= cobblestone.SealedChunkSize {
			var n int
			if n, r.err = r.advance(p[:cobblestone.SealedChunkSize]); n > 0 {
				return n, nil
			}
			continue
		}
		r.at = 0
		r.end, r.err = r.advance(r.chunk[:])
	}
	n := copy(p, r.chunk[r.at:r.end])
	r.at += n
	return n, nil
}

// String shows nothing of the stream.
func (r *Reader) String() string { return "crypto.Reader" }

// GoString is String.
func (r *Reader) GoString() string { return r.String() }

// advance reads the next chunk into room and opens it there, and returns its length. A short
// one is the last, and comes with io.EOF.
func (r *Reader) advance(room []byte) (int, error) {
	n, err := io.ReadFull(r.r, room)
	last := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !last {
		return 0, err
	}
	if r.next >= cobblestone.MaxChunks {
		return 0, ErrDecrypt
	}
	plain, err := r.message.OpenChunk(room[:0], room[:n], r.next)
	if err != nil {
		clear(room[:n])
		return 0, ErrDecrypt
	}
	r.next++
	if last {
		return len(plain), io.EOF
	}
	return len(plain), nil
}

// openMessage finds the key of an envelope's head and checks the commitment.
func (s *Sealer) openMessage(ctx context.Context, h header, prefix []byte, c Context) (*cobblestone.Message, error) {
	bound, aad, err := bind(nil, h.slot, &c)
	if err != nil {
		return nil, err
	}
	key, err := s.keys.held(ctx, c.Owner(), h, aad[:])
	if err != nil {
		return nil, err
	}
	message, err := key.OpenMessage(prefix, bound)
	if err != nil {
		return nil, ErrDecrypt
	}
	return message, nil
}

// readHead reads a header and what stands before the chunks, and no byte more. It asks for
// as many bytes as the lengths read so far allow.
func readHead(r io.Reader) (header, []byte, error) {
	head := make([]byte, 0, maxHeader+cobblestone.PrefixSize)
	more := func(n int) error {
		at := len(head)
		head = head[:at+n]
		_, err := io.ReadFull(r, head[at:])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return ErrDecrypt
		}
		return err
	}
	if err := more(fixedSize); err != nil {
		return header{}, nil, err
	}
	nameLen := int(head[fixedSize-1])
	if nameLen > maxKeyID {
		return header{}, nil, ErrDecrypt
	}
	if err := more(nameLen + 6); err != nil {
		return header{}, nil, err
	}
	wrapLen := int(head[len(head)-2])<<8 | int(head[len(head)-1])
	if wrapLen > hpkeWrapped {
		return header{}, nil, ErrDecrypt
	}
	if err := more(wrapLen); err != nil {
		return header{}, nil, err
	}
	h, err := parseHeader(head)
	if err != nil {
		return header{}, nil, ErrDecrypt
	}
	if err := more(cobblestone.PrefixSize); err != nil {
		return header{}, nil, err
	}
	return h, head[h.size:], nil
}

// A ReaderAt opens any part of an envelope without the rest. It is safe for concurrent use
// if the reader beneath is.
type ReaderAt struct {
	r       io.ReaderAt
	body    int64 // where the first chunk starts
	size    int64
	message cobblestone.Message
	chunks  sync.Pool // of *[SealedChunkSize]byte
}

// NewReaderAt reads and checks the head of an envelope of size bytes in r and its last chunk,
// which proves the length. Errors are those of [Sealer.Open], or r's own.
func (s *Sealer) NewReaderAt(ctx context.Context, r io.ReaderAt, size int64, c Context) (*ReaderAt, error) {
	h, prefix, err := readHead(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, err
	}
	plain, ok := cobblestone.PlainSize(size - int64(h.size))
	if !ok {
		return nil, ErrDecrypt
	}
	message, err := s.openMessage(ctx, h, prefix, c)
	if err != nil {
		return nil, err
	}
	out := &ReaderAt{r: r, body: int64(h.size) + cobblestone.PrefixSize, size: plain, message: *message}
	out.chunks.New = func() any { return new([cobblestone.SealedChunkSize]byte) }
	buffer := out.chunks.Get().(*[cobblestone.SealedChunkSize]byte)
	defer out.release(buffer)
	if _, err := out.chunk(buffer, plain/cobblestone.ChunkSize); err != nil {
		return nil, err
	}
	return out, nil
}

// Size is the length of what the envelope holds.
func (r *ReaderAt) Size() int64 { return r.size }

// ReadAt is [io.ReaderAt]. Only the chunks that p touches are read. What it returns is
// proved; after an error p holds nothing of a chunk that was not.
func (r *ReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("crypto: negative offset")
	}
	buffer := r.chunks.Get().(*[cobblestone.SealedChunkSize]byte)
	defer r.release(buffer)
	done := 0
	for done < len(p) {
		if off >= r.size {
			return done, io.EOF
		}
		plain, err := r.chunk(buffer, off/cobblestone.ChunkSize)
		if err != nil {
			return done, err
		}
		n := copy(p[done:], plain[off%cobblestone.ChunkSize:])
		done += n
		off += int64(n)
	}
	return done, nil
}

// chunk reads chunk number n into buffer and opens it there.
func (r *ReaderAt) chunk(buffer *[cobblestone.SealedChunkSize]byte, n int64) ([]byte, error) {
	want := min(r.size-n*cobblestone.ChunkSize, cobblestone.ChunkSize) + cobblestone.TagSize
	sealed := buffer[:want]
	if got, err := r.r.ReadAt(sealed, r.body+n*cobblestone.SealedChunkSize); got < len(sealed) {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, ErrDecrypt
		}
		return nil, err
	}
	message := r.message // its scratch is not for two at a time
	plain, err := message.OpenChunk(sealed[:0], sealed, uint64(n))
	if err != nil {
		return nil, ErrDecrypt
	}
	return plain, nil
}

// String shows nothing of the envelope.
func (r *ReaderAt) String() string { return "crypto.ReaderAt" }

// GoString is String.
func (r *ReaderAt) GoString() string { return r.String() }

func (r *ReaderAt) release(buffer *[cobblestone.SealedChunkSize]byte) {
	clear(buffer[:])
	r.chunks.Put(buffer)
}

// OpenToFile opens the envelope in r into the file at path, which appears only when all of
// it is proved and on disk: until then it stands under another name beside it, which is
// removed on an error. A file already at path is replaced. The file's mode is 0600.
func (s *Sealer) OpenToFile(ctx context.Context, r io.Reader, path string, c Context) error {
	in, err := s.NewReader(ctx, r, c)
	if err != nil {
		return err
	}
	return durable.Replace(path, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}
