package audit

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// lockFile opens a file that nobody else may open meanwhile.
func lockFile(name string) (io.Closer, error) {
	p, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(p, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	const sharingViolation = syscall.Errno(32)
	if errors.Is(err, sharingViolation) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), name), nil
}

// syncDir does nothing: Windows has no way to sync a folder. A new segment
// whose name a power cut takes away is found missing by its size against the
// last checkpoint.
func syncDir(string) error { return nil }

// renameFile tries for half a second: while another process reads the old
// file, Windows does not let it be replaced.
func renameFile(from, to string) (err error) {
	for range 50 {
		if err = os.Rename(from, to); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func diskFull(err error) bool {
	for _, full := range [...]syscall.Errno{39, 112, 1295} { // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED
		if errors.Is(err, full) {
			return true
		}
	}
	return false
}
