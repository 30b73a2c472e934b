package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// list gives the files of a folder and of the folders in it, in order. Hidden ones, and what the pipeline itself wrote, are left out.
func list(folder fs.FS, in string, own ...string) ([]string, error) {
	var files []string
	err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case strings.HasPrefix(e.Name(), ".") && name != ".", e.IsDir() && isOwn(in, name, own):
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

// isOwn reports whether the folder that was found is one to write to.
func isOwn(in, name string, own []string) bool {
	found, err := os.Stat(filepath.Join(in, filepath.FromSlash(name)))
	if in == "" || name == "." || err != nil {
		return false
	}
	return slices.ContainsFunc(own, func(folder string) bool {
		target, err := os.Stat(folder)
		return err == nil && os.SameFile(found, target)
	})
}

// writeFile writes a file that everybody may read, as a whole or not at all.
func writeFile(name string, data []byte) error { return write(name, data, 0o755, 0o644) }

// writeSecret is like writeFile, for the owner alone, and survives a power cut.
func writeSecret(name string, data []byte) error {
	if err := write(name, data, 0o700, 0o600); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && runtime.GOOS != "windows" { // which cannot sync a folder
		return err
	}
	return nil
}

func write(name string, data []byte, folder, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), folder); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
