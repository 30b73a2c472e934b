// Package durable writes files that are there whole or not at all, also after a crash or
// a loss of power.
package durable

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
)

const (
	// PosixModes says that files here have owners and modes worth checking.
	PosixModes = runtime.GOOS != "windows"
	// TempPrefix starts the names of files not yet finished. A crash may leave one.
	TempPrefix = ".tmp-"
)

// Replace makes the file at path, mode 0600, from what write gives, in the place of any
// that was there.
func Replace(path string, write func(io.Writer) error) error {
	return finish(path, write, os.Rename)
}

// Create is Replace for a path that must be free: if it is not, the error is fs.ErrExist.
func Create(path string, write func(io.Writer) error) error {
	return finish(path, write, os.Link)
}

func finish(path string, write func(io.Writer) error, publish func(old, path string) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), TempPrefix+"*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // nothing is there any more after a rename
	err = write(temp)
	if err == nil {
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = publish(temp.Name(), path)
	}
	if err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes what was named in a folder last a loss of power. Windows has no such call
// for folders.
func SyncDir(dir string) error {
	if !PosixModes {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
