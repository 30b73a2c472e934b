package anonymize

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestDialogues reads testdata/session: a dialogue is turns, each with a line `>` of what is said and a line `<` of
// what must come out; an empty line ends it. The speakers take turns, the agent first.
// A dialogue that begins with the line `! session` is masked turn by turn, others as a whole.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/session/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	a := New(nil)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		for _, block := range strings.Split(string(text), "\n\n") {
			runDialogue(t, a, name+":"+strconv.Itoa(line), block)
			line += strings.Count(block, "\n") + 2
		}
	}
}

func runDialogue(t *testing.T, a *Analyzer, where, block string) {
	t.Helper()
	causal := false
	var turns []Turn
	var want []string
	for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
		switch {
		case line == "! session":
			causal = true
		case strings.HasPrefix(line, "> "):
			turns = append(turns, Turn{[]string{"agent", "client"}[len(turns)%2], line[2:]})
		case strings.HasPrefix(line, "< "):
			want = append(want, line[2:])
		case line != "" && line[0] != '#':
			t.Fatalf("%s: what is %q?", where, line)
		}
	}
	got, err := maskDialogue(a, turns, causal)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%s: %d turns, %d wanted, error %v", where, len(got), len(want), err)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s turn %d:\n said %s\n  got %s\n want %s", where, i, turns[i].Text, got[i], want[i])
		}
	}
}

func maskDialogue(a *Analyzer, turns []Turn, causal bool) ([]string, error) {
	var out []string
	if causal {
		s := a.Session(nil)
		for _, turn := range turns {
			m, err := s.Anonymize(context.Background(), turn)
			if err != nil {
				return nil, err
			}
			out = append(out, m.Text)
		}
		return out, nil
	}
	r, err := a.Conversation(context.Background(), Conversation{Turns: turns})
	if err != nil {
		return nil, err
	}
	for _, m := range r.Turns {
		out = append(out, m.Text)
	}
	return out, nil
}
