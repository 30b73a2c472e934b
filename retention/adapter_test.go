package retention_test

import (
	"bytes"
	"io/fs"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/retention/adaptertest"
)

func TestMemory(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		m := retention.NewMemory("Память")
		n := 0
		return adaptertest.Harness{
			Adapter: m, Class: "note",
			Put: func(id, subject string, created time.Time, content []byte) error {
				n++
				return m.Put(retention.Record{ID: id, Class: "note", Version: strconv.Itoa(n), Subjects: []string{subject}, Facts: retention.Facts{retention.Created: created}}, content)
			},
			Read: func(id string) ([]byte, error) { return m.Content("note", id) },
		}
	})
}

func TestFiles(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		dir := t.TempDir()
		f, err := retention.OpenFiles("Файлы", dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return adaptertest.Harness{
			Adapter: f, Class: "note",
			Put: func(id, subject string, created time.Time, content []byte) error {
				return f.Put(retention.Record{ID: id, Class: "note", Subjects: []string{subject}, Facts: retention.Facts{retention.Created: created}}, content)
			},
			Read: func(id string) ([]byte, error) { return os.ReadFile(dir + "/" + id) },
			Raw:  func() ([]byte, error) { return allBytes(dir) },
		}
	})
}

func allBytes(dir string) ([]byte, error) {
	var b bytes.Buffer
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b.WriteString(name + "\n")
		data, err := os.ReadFile(dir + "/" + name)
		b.Write(data)
		return err
	})
	return b.Bytes(), err
}
