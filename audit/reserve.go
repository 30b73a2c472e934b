package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"time"
)

// A StopNote says when and why a log stopped. It is kept beside the log, where
// a full disk still has room for it, until the next [Open] puts it into the log
// as log.stopped. Until then it is under no signature: who can write to the
// folder can make one, or take it away.
type StopNote struct {
	At   time.Time
	Code string // "disk-full", "rollback" (an anchor knows more) or "error"
}

// The codes of a stop.
const (
	stopFull     = "disk-full"
	stopRollback = "rollback"
	stopError    = "error"
)

func stopCode(cause error) string {
	switch {
	case errors.Is(cause, ErrRollback):
		return stopRollback
	case diskFull(cause):
		return stopFull
	}
	return stopError
}

// stopKeeper is a store that has room for a note of why the log has stopped.
type stopKeeper interface {
	KeepStop(StopNote) error
	Stop() *StopNote
	ClearStop() error
}

const (
	reserveName  = "reserve"
	reserveSize  = 4096
	reserveMagic = "VUALSTP\x01"
)

// openReserve makes the file that keeps room for a note, or reads the note that
// a log left in it when it stopped.
func (s *FileStore) openReserve() (err error) {
	b, err := readFile(s.fs, reserveName, reserveSize)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s.stop = parseStop(b)
	if len(b) != reserveSize {
		if err := replaceFile(s.fs, reserveName, blank()); err != nil {
			return err
		}
	}
	s.reserve, err = s.fs.Open(reserveName, true)
	return err
}

// blank is random because a file system may keep no room for zeros.
func blank() []byte {
	b := make([]byte, reserveSize)
	rand.Read(b)
	return b
}

// parseStop returns nil for anything but a whole note.
func parseStop(b []byte) *StopNote {
	rest, ok := bytes.CutPrefix(b, []byte(reserveMagic))
	if !ok || len(rest) < 9 {
		return nil
	}
	end := len(reserveMagic) + 9 + int(rest[8])
	if len(b) < end+4 || binary.BigEndian.Uint32(b[end:]) != crc32.Checksum(b[:end], castagnoli()) {
		return nil
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(rest))).UTC()
	if code := string(b[len(reserveMagic)+9 : end]); isWord(code) && at.Year() >= 1970 && at.Year() <= 9999 {
		return &StopNote{at, code}
	}
	return nil
}

// KeepStop keeps a note, by overwriting bytes that are there: this needs no
// room, but on file systems that never write in place (Btrfs, ZFS).
func (s *FileStore) KeepStop(n StopNote) error {
	b := binary.BigEndian.AppendUint64([]byte(reserveMagic), uint64(n.At.UnixMicro()))
	b = append(append(b, byte(len(n.Code))), n.Code...)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli()))
	return s.writeReserve(b)
}

// Stop returns the note that was found when the store was opened, or nil.
func (s *FileStore) Stop() *StopNote { return s.stop }

// ClearStop forgets the note.
func (s *FileStore) ClearStop() error { return s.writeReserve(blank()) }

func (s *FileStore) writeReserve(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reserve == nil {
		return ErrClosed
	}
	if _, err := s.reserve.WriteAt(b, 0); err != nil {
		return err
	}
	return s.reserve.Sync()
}

// keptStop returns the note of a stop before this opening, or nil.
func (l *Log) keptStop() *StopNote {
	if s, ok := l.store.(stopKeeper); ok {
		return s.Stop()
	}
	return nil
}

// keepStop notes why the log has stopped. Nothing can be done if that fails too.
func (l *Log) keepStop(cause error) {
	if s, ok := l.store.(stopKeeper); ok {
		s.KeepStop(StopNote{l.opts.Clock(), stopCode(cause)})
	}
}
