package anonymize

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFind reads testdata/find: a line is a message with the answer in it.
func TestFind(t *testing.T) {
	files, err := filepath.Glob("testdata/find/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	a := New(nil)
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			want := lines.Text()
			if want == "" || strings.HasPrefix(want, "#") {
				continue
			}
			text, _, err := Unmark(want)
			if err != nil {
				t.Errorf("%s:%d: %v", name, n, err)
				continue
			}
			if got := Mark(text, a.Find(text)); got != want {
				t.Errorf("%s:%d:\n got %s\nwant %s", name, n, got, want)
			}
		}
	}
}
