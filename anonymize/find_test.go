package anonymize

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// eachCase calls f with every line of testdata/find: a message with the answer in it. Files that begin with strict are
// read in strict mode.
func eachCase(t *testing.T, f func(at string, a *Analyzer, want string)) {
	files, err := filepath.Glob("testdata/find/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	plain, strict := New(nil), New(&Options{Strict: true})
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a := plain
		if strings.HasPrefix(filepath.Base(name), "strict") {
			a = strict
		}
		for n, want := range strings.Split(string(b), "\n") {
			if want != "" && !strings.HasPrefix(want, "#") {
				f(fmt.Sprintf("%s:%d", name, n+1), a, want)
			}
		}
	}
}

func TestFind(t *testing.T) {
	eachCase(t, func(at string, a *Analyzer, want string) {
		text, _, err := Unmark(want)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			return
		}
		if got := Mark(text, a.Find(text)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", at, got, want)
		}
	})
}

// TestEveryRuleHasACase fails when a row of a table has no line that it decides.
func TestEveryRuleHasACase(t *testing.T) {
	decided := map[string]bool{}
	eachCase(t, func(_ string, a *Analyzer, want string) {
		text, _, _ := Unmark(want)
		for _, s := range a.Find(text) {
			decided[s.Rule] = true
		}
	})
	for _, table := range identifiers {
		for _, row := range table {
			if !decided[row.rule] {
				t.Errorf("no line of testdata/find is decided by %s", row.rule)
			}
		}
	}
	for _, form := range plateForms {
		if !decided[form.rule] {
			t.Errorf("no line of testdata/find is decided by %s", form.rule)
		}
	}
}
