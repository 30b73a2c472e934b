package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// call runs the command as from a shell.
func call(t testing.TB, in string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(args, strings.NewReader(in), &o, &e)
	return o.String(), e.String(), status
}

// Each line of these files holds a question and the answer it wants, but for the reasons. Those of
// explain.jsonl were reckoned by hand, those of dates.jsonl by dates.py beside it, which knows
// the official calendar and nothing of this module.
func TestExplain(t *testing.T) {
	for _, name := range []string{"testdata/explain.jsonl", "testdata/dates.jsonl"} {
		t.Run(name, func(t *testing.T) { testExplain(t, name) })
	}
}

func testExplain(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var in strings.Builder
	var notes []string
	var wants []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var c struct {
			Note string
			In   json.RawMessage
			Want map[string]any
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&in, "%s\n", c.In)
		notes, wants = append(notes, c.Note), append(wants, c.Want)
	}
	out, errs, status := call(t, in.String(), "explain", "-policy", "preset:contract", "-policy", "preset:ru152")
	if status != 0 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(wants) {
		t.Fatalf("%d answers to %d questions", len(lines), len(wants))
	}
	for i, line := range lines {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if because, _ := got["because"].([]any); len(because) == 0 && got["state"] != "active" {
			t.Errorf("line %d (%s): no reason", i+1, notes[i])
		}
		delete(got, "because")
		if fmt.Sprint(got) != fmt.Sprint(wants[i]) {
			t.Errorf("line %d (%s):\n got %v\nwant %v", i+1, notes[i], got, wants[i])
		}
	}
}

func TestExplainBrokenLines(t *testing.T) {
	good := `{"id":"a","class":"act","facts":{"destroyed":"2024-02-29T12:00:00Z"},"now":"2025-01-01T00:00:00Z"}`
	for _, bad := range []string{
		`nope`, `[]`, `"x"`, `{}`, `{"id":""}`, `{"id":5}`, `{"id":null}`, `{"id":"a","id":"b"}`, `{"id":"a"} {}`, "{\"id\":\"\xff\"}",
		`{"id":"a","facts":{"created":"2026-01-01T00:00:00Z","created":"2026-01-01T00:00:00Z"}}`, `{"id":"a","class":"act"`,
		`{"id":"a","holds":[{"id":"h","id":"h"}]}`, `{"id":"` + strings.Repeat("x", maxLine) + `"}`,
	} {
		out, errs, status := call(t, good+"\n"+bad+"\n\n"+good, "explain", "-policy", "preset:ru152")
		if status != 1 || strings.Count(out, "\n") != 2 || !strings.HasPrefix(errs, "line 2: ") {
			t.Errorf("%.40q: status %d, %q, %d lines", bad, status, errs, strings.Count(out, "\n"))
		}
	}
}

func TestExplainInvalidLines(t *testing.T) {
	for _, bad := range []string{
		`{"id":"a"}`, `{"id":"a","class":7,"now":"2026-01-01T00:00:00Z"}`, `{"id":"a","class":"act"}`, `{"id":"a","class":"act","now":5}`,
		`{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","facts":[]}`, `{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","facts":{"destroyed":1}}`,
		`{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","facts":{"Иван Петров":"2026-01-01T00:00:00Z"}}`,
		`{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","holds":{}}`, `{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","holds":[1]}`,
		`{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","holds":[{"id":"h"}]}`, `{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","holds":[{"placed":"2026-01-01T00:00:00Z"}]}`,
		`{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","holds":[{"id":"h","placed":"2026-01-01"}]}`,
	} {
		out, _, status := call(t, bad, "explain", "-policy", "preset:ru152")
		if status != 0 || !strings.HasPrefix(out, `{"id":"a","action":"keep","state":"invalid","not_before":null,"deadline":null,"next_eval":null,"rule":"","because":["`) {
			t.Errorf("%s: status %d, %s", bad, status, out)
		}
		if strings.Contains(out, "Иван") {
			t.Errorf("repeats what may be a person: %s", out)
		}
	}
}

func TestExplainPassesOver(t *testing.T) {
	out, errs, status := call(t, `{"id":"a","class":"act","now":"2026-01-01T00:00:00Z","hold":[]}`, "explain", "-policy", "preset:ru152")
	if _, errs, _ := call(t, `{"id":"a","Иванова":1}`, "explain", "-policy", "preset:ru152"); strings.Contains(errs, "Иван") {
		t.Errorf("repeats what may be a person: %s", errs)
	}
	if status != 0 || !strings.Contains(out, "blocked") || errs != "line 1: the key \"hold\" is passed over\n" {
		t.Error(out, errs, status)
	}
}

// A policy in a zone whose clock changes: the day ends at local midnight on both sides of the change.
func TestExplainZones(t *testing.T) {
	for _, c := range []struct{ zone, created, deadline string }{
		{"America/New_York", "2026-03-07T12:00:00-05:00", "2026-03-09T04:00:00Z"},
		{"America/New_York", "2026-10-31T23:30:00-04:00", "2026-11-02T05:00:00Z"},
		{"Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T22:00:00Z"},
		{"America/Sao_Paulo", "2018-11-02T12:00:00Z", "2018-11-04T03:00:00Z"},
		{"Asia/Kathmandu", "2026-01-01T18:15:00Z", "2026-01-03T18:15:00Z"},
	} {
		file := filepath.Join(t.TempDir(), "p.yaml")
		text := "version: 1\nname: zones\nzone: " + c.zone + "\nclasses:\n  log:\n    duties:\n      - {id: ttl, when: created, within: P1D, do: delete}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs, status := call(t, `{"id":"a","class":"log","facts":{"created":"`+c.created+`"},"now":"2026-12-01T00:00:00Z"}`, "explain", "-policy", file)
		if status != 0 || !strings.Contains(out, `"deadline":"`+c.deadline+`"`) {
			t.Errorf("%s %s: %s %s", c.zone, c.created, out, errs)
		}
	}
}

func TestLint(t *testing.T) {
	out, errs, status := call(t, "", "lint", "-policy", "preset:contract", "-policy", "preset:ru152", "-at", "2026-11-01T00:00:00Z")
	if status != 0 || errs != "" || strings.Contains(out, "error") {
		t.Error(out, errs, status)
	}
	if out, _, _ := call(t, "", "lint", "-policy", "preset:contract", "-at", "2027-11-01T00:00:00Z"); !strings.Contains(out, "load the new year") {
		t.Error(out)
	}
	file := filepath.Join(t.TempDir(), "p.yaml")
	text := "version: 1\nname: x\nzone: UTC\nclasses:\n  log:\n    keep: [{id: floor, when: created, for: P60D}]\n    duties: [{id: ttl, when: created, within: P30D, do: delete}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, status = call(t, "", "lint", "-policy", file)
	if status != 1 || !strings.Contains(out, "error: log/ttl: floor + P60D always outlasts it") {
		t.Error(out, status)
	}
}

// A mark of byte order, ends of lines of Windows and small letters in times are allowed by the RFCs.
func TestExplainLenient(t *testing.T) {
	line := `{"id":"a","class":"act","facts":{"destroyed":"2024-02-29t12:00:00z"},"now":"2025-01-01t00:00:00+03:00"}`
	out, errs, status := call(t, "\ufeff"+line+"\r\n"+line, "explain", "-policy", "preset:ru152")
	if status != 0 || errs != "" || strings.Count(out, `"not_before":"2027-02-28T21:00:00Z"`) != 2 {
		t.Error(out, errs, status)
	}
}

func TestHelp(t *testing.T) {
	for _, word := range []string{"help", "-h", "--help"} {
		if out, errs, status := call(t, "", word); status != 0 || errs != "" || !strings.Contains(out, "Exit status: 0; 1 if") {
			t.Error(word, status, out, errs)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"burn"}, {"explain"}, {"explain", "-policy"}, {"explain", "-policy", "preset:ru152", "x"}, {"lint", "-nope"}} {
		if _, _, status := call(t, "", args...); status != 2 {
			t.Errorf("%q: %d", args, status)
		}
	}
	for _, args := range [][]string{{"explain", "-policy", "nosuch.yaml"}, {"explain", "-policy", "preset:nosuch"}, {"lint", "-policy", "preset:ru152", "-at", "now"}} {
		if _, errs, status := call(t, "", args...); status != 1 || errs == "" {
			t.Errorf("%q: %d %s", args, status, errs)
		}
	}
}

func FuzzExplain(f *testing.F) {
	f.Add(`{"id":"a","class":"act","facts":{"destroyed":"2024-02-29T12:00:00Z"},"holds":[{"id":"h","placed":"2026-01-01T00:00:00Z"}],"now":"2025-01-01T00:00:00Z"}`)
	f.Add(`{"id":"a","class":"transcript","facts":{"service_terminated":null},"now":"2025-01-01T00:00:00+14:00"}`)
	f.Fuzz(func(t *testing.T, line string) {
		out, _, status := call(t, line, "explain", "-policy", "preset:contract", "-policy", "preset:ru152")
		if status != 0 && status != 1 {
			t.Fatal(status)
		}
		for _, l := range strings.Split(strings.TrimSpace(out), "\n") {
			var a answer
			if l != "" && (json.Unmarshal([]byte(l), &a) != nil || a.ID == "" || a.Action == "" || a.State == "" || len(a.Because) == 0) {
				t.Fatalf("%q", l)
			}
		}
	})
}
