//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package audit

import (
	"errors"
	"io"
	"os"
)

// Without a lock two writers could fork the log, so there is none here.
func lockFile(string) (io.Closer, error) {
	return nil, errors.New("no file lock on this system")
}

func syncDir(string) error { return errors.ErrUnsupported }

func renameFile(from, to string) error { return os.Rename(from, to) }

func diskFull(error) bool { return false }
