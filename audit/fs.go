package audit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// fileSystem is the one folder that a file store works in. Tests put a disk in
// its place that fails, or forgets what was not synced.
type fileSystem interface {
	List() ([]string, error)
	Open(name string, write bool) (file, error)
	Create(name string) (file, error) // must not exist
	Rename(from, to string) error     // replaces
	Remove(name string) error
	SyncDir() error
	Lock() (io.Closer, error) // refused while another process holds it
}

// file is a file of such a folder.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
	Size() (int64, error)
}

// osFS is a folder of the operating system. Files are for their owner only
// (on Windows the folder's access list decides instead).
type osFS struct{ dir string }

func (d osFS) List() ([]string, error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

func (d osFS) Open(name string, write bool) (file, error) {
	flag := os.O_RDONLY
	if write {
		flag = os.O_RDWR
	}
	return d.open(name, flag)
}

func (d osFS) Create(name string) (file, error) {
	return d.open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (d osFS) open(name string, flag int) (file, error) {
	f, err := os.OpenFile(filepath.Join(d.dir, name), flag, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (d osFS) Rename(from, to string) error {
	return renameFile(filepath.Join(d.dir, from), filepath.Join(d.dir, to))
}

func (d osFS) Remove(name string) error { return os.Remove(filepath.Join(d.dir, name)) }

func (d osFS) SyncDir() error { return syncDir(d.dir) }

func (d osFS) Lock() (io.Closer, error) {
	c, err := lockFile(filepath.Join(d.dir, "lock"))
	if errors.Is(err, ErrLocked) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("audit: lock: %w", err)
	}
	return c, nil
}

type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	fi, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return fi.Size(), nil
}

// makeDir makes dir and syncs the folder above it, so that a crash does not
// take the whole log away.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncDir(filepath.Dir(filepath.Clean(dir)))
}

// replaceFile puts data under name so that after a crash either the old or the
// new content is there, whole.
func replaceFile(fs fileSystem, name string, data []byte) error {
	tmp := name + ".tmp"
	if err := fs.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := fs.Create(tmp)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = fs.Rename(tmp, name)
	}
	if err == nil {
		err = fs.SyncDir()
	}
	return err
}

// readFile returns the whole of a small file, at most max bytes.
func readFile(fs fileSystem, name string, max int64) ([]byte, error) {
	f, err := fs.Open(name, false)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	if size > max {
		return nil, fmt.Errorf("audit: file %s is larger than %d bytes", name, max)
	}
	data := make([]byte, size)
	if _, err := f.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data, nil
}
