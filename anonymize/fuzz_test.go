package anonymize

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are the texts of the test data and what has broken scanners before.
func seeds(f *testing.F) []string {
	texts := []string{
		"", " ", "1", "@", "a@b.ru", "\xd0", "\xd0\xd0\xd0", "\xff\xfe", "и\u0306 е\u0308", "мо\u00adроз", "8\u200b916", "８９１６", "٠١٢٣",
		"[PHONE_1]", "Customer A", "[[INN:1]]", "[PHONE_1] 8 916 123-45-67 Customer A", "1 1 1 1 1 1 1 1", "123 123 123 123",
		strings.Repeat("9", 300), strings.Repeat("ул ", 50), strings.Repeat("Иван ", 50), strings.Repeat("(", 50), strings.Repeat("@a", 50),
		"8-(9)-1", "+7 (916) 123‑45‑67", "IVAN PETROV", "-----BEGIN RSA PRIVATE KEY-----", "2a03:5a00::1", "::", ":::",
	}
	files, err := filepath.Glob("testdata/find/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i, line := range strings.Split(string(b), "\n") {
			if text, _, err := Unmark(line); err == nil && i%7 == 0 {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// FuzzFind holds what every answer promises: no panic, spans sorted, disjoint, not empty, in range, on rune borders.
func FuzzFind(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	plain, strict := New(nil), New(&Options{Strict: true, MinScore: 0.1})
	f.Fuzz(func(t *testing.T, text string) {
		checkSpans(t, text, plain.Find(text))
		checkSpans(t, text, strict.Find(text))
	})
}

func checkSpans(t *testing.T, text string, spans []Span) {
	t.Helper()
	end := 0
	for _, s := range spans {
		switch {
		case s.Start < end, s.End <= s.Start, s.End > len(text):
			t.Fatalf("span %d..%d after %d in a text of %d bytes", s.Start, s.End, end, len(text))
		case !onBorder(text, s.Start), !onBorder(text, s.End):
			t.Fatalf("span %d..%d cuts a rune", s.Start, s.End)
		case s.Kind == "" || s.Score <= 0 || s.Score > 1 || s.Rule == "":
			t.Fatalf("span without kind, score or rule: %+v", s)
		}
		end = s.End
	}
}

// onBorder takes every byte of a broken rune for a border, as package utf8 does.
func onBorder(text string, i int) bool {
	return i == len(text) || utf8.RuneStart(text[i]) || !utf8.ValidString(text)
}

// FuzzSession holds that Undo gives back every turn, whatever stands in it, and that a fresh session leaves every token
// of what was masked in its place. That it changes nothing else either is held on real texts, by TestMaskedStaysMasked: in
// made-up ones a number may lose the neighbour that spoke against it.
func FuzzSession(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s, "мой телефон "+s)
	}
	a := New(nil)
	f.Fuzz(func(t *testing.T, first, second string) {
		if !utf8.ValidString(first) || !utf8.ValidString(second) {
			return
		}
		turns := []Turn{{"agent", first}, {"client", second}, {"agent", first}}
		r, err := a.Conversation(context.Background(), Conversation{Turns: turns})
		if err != nil {
			t.Fatal(err)
		}
		checkUndo(t, turns, r.Turns, r.Mapping)
		s := a.Session(nil)
		var causal []Masked
		for _, turn := range turns {
			m, err := s.Anonymize(context.Background(), turn)
			if err != nil {
				t.Fatal(err)
			}
			causal = append(causal, m)
		}
		checkUndo(t, turns, causal, s.Mapping())
		checkTokensStay(t, a, r.Turns)
	})
}

func checkUndo(t *testing.T, turns []Turn, masked []Masked, m *Mapping) {
	t.Helper()
	for i, turn := range turns {
		if got, err := m.Undo(i, masked[i].Text); err != nil || got != turn.Text {
			t.Fatalf("turn %d: Undo gives %q, %v; want %q", i, got, err, turn.Text)
		}
		for _, s := range masked[i].Spans {
			if masked[i].Text[s.MaskedStart:s.MaskedEnd] != s.Token {
				t.Fatalf("turn %d: no token at %d", i, s.MaskedStart)
			}
		}
	}
}

// again masks what was masked in a fresh session.
func again(t *testing.T, a *Analyzer, masked []Masked) []Masked {
	t.Helper()
	c := Conversation{}
	for _, m := range masked {
		c.Turns = append(c.Turns, Turn{m.Speaker, m.Text})
	}
	r, err := a.Conversation(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r.Turns
}

func checkTokensStay(t *testing.T, a *Analyzer, masked []Masked) {
	t.Helper()
	for i, second := range again(t, a, masked) {
		for _, token := range masked[i].Spans {
			for _, s := range second.Spans {
				if s.Start < token.MaskedEnd && token.MaskedStart < s.End {
					t.Fatalf("turn %d: a token is masked again: %q becomes %q", i, masked[i].Text, second.Text)
				}
			}
		}
	}
}

// TestMaskedStaysMasked masks every text of the test data twice.
func TestMaskedStaysMasked(t *testing.T) {
	eachCase(t, func(at string, a *Analyzer, want string) {
		text, _, err := Unmark(want)
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Conversation(context.Background(), Conversation{Turns: []Turn{{"client", text}}})
		if err != nil {
			t.Fatal(err)
		}
		if second := again(t, a, r.Turns); second[0].Text != r.Turns[0].Text {
			t.Errorf("%s: %q becomes %q", at, r.Turns[0].Text, second[0].Text)
		}
	})
}

// FuzzMark holds that Unmark reads what Mark wrote.
func FuzzMark(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	a := New(nil)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "[[") || strings.Contains(text, "]]") {
			Unmark(text)
			return
		}
		spans := a.Find(text)
		got, back, err := Unmark(Mark(text, spans))
		if err != nil || got != text || len(back) != len(spans) {
			t.Fatalf("Unmark gives %q, %v", got, err)
		}
	})
}
