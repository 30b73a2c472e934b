package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A segment is a file of the log:
//
//	header   magic "VUALAUD\x01", first sequence u64, root of the tree before it [32],
//	         created u64 (microseconds), salt [8], origin length u16, origin, CRC u32
//	frame*   body length u32, CRC u32, sequence u64, count u32, body
//	body     count times: length u32, stored event
//
// Numbers are big-endian. CRC is CRC-32C; that of a frame starts from the
// header's, so a frame of another segment never fits, and covers the sequence,
// so one of another place does not either. A frame is one group commit: only
// the last frame of the last segment may ever be torn.

const (
	segmentMagic = "VUALAUD\x01"
	headerFixed  = 8 + 8 + 32 + 8 + 8 + 2
	frameHead    = 4 + 4 + 8 + 4

	// maxFrame bounds what a reader allocates on the word of a file.
	maxFrame = 16 << 20
)

type segmentHeader struct {
	first   uint64
	root    tlog.Hash
	created time.Time
	origin  string
	crc     uint32 // seed of the frames
	length  int64
}

func newHeader(first uint64, root tlog.Hash, origin string, now time.Time) (segmentHeader, []byte) {
	b := make([]byte, 0, headerFixed+len(origin)+4)
	b = append(b, segmentMagic...)
	b = binary.BigEndian.AppendUint64(b, first)
	b = append(b, root[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(now.UnixMicro()))
	var salt [8]byte
	rand.Read(salt[:])
	b = append(b, salt[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(origin)))
	b = append(b, origin...)
	crc := crc32.Checksum(b, castagnoli())
	b = binary.BigEndian.AppendUint32(b, crc)
	return segmentHeader{first, root, now, origin, crc, int64(len(b))}, b
}

func readHeader(f io.ReaderAt) (h segmentHeader, err error) {
	fixed := make([]byte, headerFixed)
	if _, err := f.ReadAt(fixed, 0); err != nil {
		return h, notEOF(err)
	}
	n := int(binary.BigEndian.Uint16(fixed[headerFixed-2:]))
	b := make([]byte, headerFixed+n+4)
	if _, err := f.ReadAt(b, 0); err != nil {
		return h, notEOF(err)
	}
	h.crc = binary.BigEndian.Uint32(b[headerFixed+n:])
	if string(b[:8]) != segmentMagic || crc32.Checksum(b[:headerFixed+n], castagnoli()) != h.crc {
		return h, errDamaged
	}
	h.first = binary.BigEndian.Uint64(b[8:])
	copy(h.root[:], b[16:])
	h.created = time.UnixMicro(int64(binary.BigEndian.Uint64(b[48:])))
	h.origin = string(b[headerFixed : headerFixed+n])
	h.length = int64(len(b))
	return h, nil
}

// errDamaged says that bytes are not what was written. What that means depends
// on where they are.
var errDamaged = errors.New("audit: damaged bytes")

func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return errDamaged
	}
	return err
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// appendFrame appends one group commit to dst.
func appendFrame(dst []byte, seed uint32, first uint64, records [][]byte) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, 8)...)
	dst = binary.BigEndian.AppendUint64(dst, first)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(records)))
	for _, r := range records {
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(r)))
		dst = append(dst, r...)
	}
	f := dst[start:]
	binary.BigEndian.PutUint32(f, uint32(len(f)-frameHead))
	binary.BigEndian.PutUint32(f[4:], frameCRC(seed, f))
	return dst
}

func frameCRC(seed uint32, frame []byte) uint32 {
	c := crc32.Update(seed, castagnoli(), frame[:4])
	return crc32.Update(c, castagnoli(), frame[8:])
}

// frame is a group commit read back.
type frame struct {
	first   uint64
	records [][]byte
	end     int64 // offset after it
}

// frameSpan reads only the head of the frame at off and returns where it ends
// and how many records it has.
func frameSpan(f io.ReaderAt, off, limit int64) (end int64, first uint64, count uint32, err error) {
	var head [frameHead]byte
	if off+frameHead > limit {
		return 0, 0, 0, errDamaged
	}
	if _, err := f.ReadAt(head[:], off); err != nil {
		return 0, 0, 0, notEOF(err)
	}
	n := binary.BigEndian.Uint32(head[:])
	first = binary.BigEndian.Uint64(head[8:])
	count = binary.BigEndian.Uint32(head[16:])
	end = off + frameHead + int64(n)
	if n == 0 || n > maxFrame || count == 0 || int64(count)*4 > int64(n) || end > limit {
		return 0, 0, 0, errDamaged
	}
	return end, first, count, nil
}

// readFrame reads the frame at off, which must begin with record first. limit
// is the end of what may be read.
func readFrame(f io.ReaderAt, seed uint32, off, limit int64, first uint64) (frame, error) {
	end, seq, count, err := frameSpan(f, off, limit)
	if err != nil {
		return frame{}, err
	}
	if seq != first {
		return frame{}, errDamaged
	}
	b := make([]byte, end-off)
	if _, err := f.ReadAt(b, off); err != nil {
		return frame{}, notEOF(err)
	}
	return parseFrame(b, seed, first, count, end)
}

func parseFrame(b []byte, seed uint32, first uint64, count uint32, end int64) (frame, error) {
	if binary.BigEndian.Uint32(b[4:]) != frameCRC(seed, b) {
		return frame{}, errDamaged
	}
	fr := frame{first: first, records: make([][]byte, 0, count), end: end}
	for body := b[frameHead:]; len(body) > 0; {
		if len(body) < 4 {
			return frame{}, errDamaged
		}
		n := binary.BigEndian.Uint32(body)
		if int64(n) > int64(len(body)-4) {
			return frame{}, errDamaged
		}
		fr.records = append(fr.records, body[4:4+n:4+n])
		body = body[4+n:]
	}
	if len(fr.records) != int(count) {
		return frame{}, errDamaged
	}
	return fr, nil
}

// maxTorn is the most that a crash can leave behind the last whole frame: all
// of the frame that was being written.
const maxTorn = frameHead + maxFrame

// crashed reports whether the bytes from off to the end of the last segment can
// be what a crash left of one frame. seq is the position that frame would have.
func crashed(f io.ReaderAt, seed uint32, off, limit int64, seq uint64) (bool, error) {
	if limit-off > maxTorn {
		return false, nil
	}
	good, err := goodFrameIn(f, seed, off, limit, seq)
	return !good, err
}

// goodFrameIn looks for a whole frame of a later position behind damage at off.
// A crash cannot leave one: a frame is synced before the next is written.
func goodFrameIn(f io.ReaderAt, seed uint32, off, limit int64, seq uint64) (bool, error) {
	rest := make([]byte, limit-off)
	n, err := f.ReadAt(rest, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	rest = rest[:n]
	// Bytes made to look like many overlapping frames would be checksummed over
	// and over. Chance does not make them: past the budget it is no crash.
	budget := 8 * maxTorn
	for i := 0; i+frameHead < len(rest); i++ {
		b := rest[i:]
		// The position of a later frame of this segment is near: this test
		// spares the checksum at all but a few offsets.
		if first := binary.BigEndian.Uint64(b[8:]); first <= seq || first-seq > uint64(len(rest)) {
			continue
		}
		r := bytes.NewReader(b)
		end, first, _, err := frameSpan(r, 0, int64(len(b)))
		if err != nil {
			continue
		}
		if budget -= int(end); budget < 0 {
			return true, nil
		}
		if _, err := readFrame(r, seed, 0, end, first); err == nil {
			return true, nil
		}
	}
	return false, nil
}

const segmentSuffix = ".seg"

func segmentName(first uint64) string { return fmt.Sprintf("%020d%s", first, segmentSuffix) }

// parseSegmentName accepts only what segmentName writes.
func parseSegmentName(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 10, 64)
	return first, err == nil && segmentName(first) == name
}
