package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// list gives the files of a folder and of the folders in it, in order. Hidden ones, and what the pipeline itself wrote, are left out.
func list(folder fs.FS, in, out string) ([]string, error) {
	var files []string
	err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case strings.HasPrefix(e.Name(), ".") && name != ".", e.IsDir() && isFolder(in, name, out):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !e.IsDir() || err != nil: // a folder that cannot be read is named like a file
			files = append(files, name)
		}
		if err != nil {
			return fs.SkipDir
		}
		return nil
	})
	return files, err
}

// isFolder reports whether the folder that was found is the one to write to.
func isFolder(in, name, out string) bool {
	if in == "" {
		return false
	}
	found, err := os.Stat(filepath.Join(in, filepath.FromSlash(name)))
	if err != nil {
		return false
	}
	target, err := os.Stat(out)
	return err == nil && name != "." && os.SameFile(found, target)
}

// writeFile writes a file as a whole or not at all.
func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
