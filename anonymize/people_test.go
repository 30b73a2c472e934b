package anonymize

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPeopleDialogues reads testdata/people. A dialogue begins with «=» and the modes in which it is masked, conversation,
// session or both; «@» is a participant, «>» a turn and «<» what becomes of it.
func TestPeopleDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/people/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d *peopleDialogue
		for n, line := range strings.Split(string(data)+"\n=", "\n") {
			mark, rest, _ := strings.Cut(line, " ")
			switch mark {
			case "=":
				d.check(t, name)
				d = &peopleDialogue{modes: rest}
			case "@":
				role, who, _ := strings.Cut(rest, ": ")
				d.in.Participants = append(d.in.Participants, Participant{Role: map[string]Role{"customer": Customer, "agent": Agent}[role], Name: who})
			case ">":
				speaker, text, _ := strings.Cut(rest, ": ")
				d.in.Turns = append(d.in.Turns, Turn{Speaker: speaker, Text: text})
			case "<":
				d.want = append(d.want, rest)
				d.lines = append(d.lines, n+1)
			}
		}
	}
}

type peopleDialogue struct {
	modes string
	in    Conversation
	want  []string
	lines []int
}

func (d *peopleDialogue) check(t *testing.T, file string) {
	if d == nil || len(d.in.Turns) == 0 {
		return
	}
	if len(d.want) != len(d.in.Turns) {
		t.Fatalf("%s: a dialogue has %d turns and %d answers", file, len(d.in.Turns), len(d.want))
	}
	opts := &Options{}
	if strings.Contains(d.modes, "ru") {
		opts.Labels = Russian
	}
	a, ctx := New(opts), context.Background()
	if strings.Contains(d.modes, "both") || strings.Contains(d.modes, "conversation") {
		r, err := a.Conversation(ctx, d.in)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range r.Turns {
			d.compare(t, file, "conversation", i, m)
		}
	}
	if strings.Contains(d.modes, "both") || strings.Contains(d.modes, "session") {
		s := a.Session(&SessionOptions{Participants: d.in.Participants})
		for i, turn := range d.in.Turns {
			m, err := s.Anonymize(ctx, turn)
			if err != nil {
				t.Fatal(err)
			}
			d.compare(t, file, "session", i, m)
		}
	}
}

func (d *peopleDialogue) compare(t *testing.T, file, mode string, i int, m Masked) {
	if got := m.Speaker + ": " + m.Text; got != d.want[i] {
		t.Errorf("%s:%d: %s:\n got %s\nwant %s", file, d.lines[i], mode, got, d.want[i])
	}
}
