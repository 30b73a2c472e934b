package retention

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// syncDir makes the names in a directory durable. Windows cannot sync a directory: there a name
// made just before a crash may be missing after it, and work that was journalled is done again.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

// writeFile replaces a file at once or not at all, durably, mode 0600.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return syncDir(filepath.Dir(path))
}
