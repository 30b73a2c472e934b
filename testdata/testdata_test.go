package testdata

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// An expected value is a line of expect/*.expect.json.
type expected struct {
	Conversation string `json:"conversation"`
	Kind         string `json:"kind"`
	Value        string `json:"value"`
	Spoken       bool   `json:"spoken"`
}

// A conversation is what a reader sees of one: texts has every string in
// which personal data may stand.
type conversation struct {
	turns int
	texts []string
}

func (c *conversation) add(texts ...string) { c.texts = append(c.texts, texts...) }

func (c *conversation) has(value string) bool {
	return slices.ContainsFunc(c.texts, func(s string) bool { return strings.Contains(s, value) })
}

func TestConversations(t *testing.T) {
	formats := map[string]int{}
	conversations := 0
	for _, name := range names(t) {
		format, parsed := parse(t, name)
		formats[format]++
		conversations += len(parsed)
		for id, c := range parsed {
			if c.turns < 15 || c.turns > 40 {
				t.Errorf("%s: %s has %d turns, want 15 to 40", name, id, c.turns)
			}
		}
		values := expectations(t, name)
		for _, v := range values {
			switch c := parsed[v.Conversation]; {
			case c == nil:
				t.Errorf("%s: no conversation %q", name, v.Conversation)
			case v.Value == "" || !c.has(v.Value):
				t.Errorf("%s: %s %q does not stand in %s", name, v.Kind, v.Value, v.Conversation)
			}
			if !slices.Contains(kinds, v.Kind) {
				t.Errorf("%s: unknown kind %q", name, v.Kind)
			}
		}
		for id := range parsed {
			if !slices.ContainsFunc(values, func(v expected) bool { return v.Conversation == id }) {
				t.Errorf("%s: nothing expected of %s", name, id)
			}
		}
	}
	for format, least := range map[string]int{"jsonl": 3, "vtt": 3, "srt": 3, "telegram": 2, "speechkit": 3} {
		if formats[format] < least {
			t.Errorf("%d files of format %s, want %d", formats[format], format, least)
		}
	}
	if conversations < 14 {
		t.Errorf("%d conversations, want 14", conversations)
	}
}

// TestExpectations refuses a list of values without its conversations.
func TestExpectations(t *testing.T) {
	lists, err := fs.ReadDir(os.DirFS("expect"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if name := strings.TrimSuffix(list.Name(), ".expect.json"); !slices.Contains(names(t), name) {
			t.Errorf("expect/%s: no file calls/%s", list.Name(), name)
		}
	}
}

func TestNumbers(t *testing.T) {
	checked := map[string]int{}
	for _, name := range names(t) {
		values := expectations(t, name)
		for _, v := range values {
			check := checks[v.Kind]
			if check == nil || v.Spoken {
				continue
			}
			checked[v.Kind]++
			if !check(v, values) {
				t.Errorf("%s: %s %q fails its check", name, v.Kind, v.Value)
			}
		}
	}
	for kind := range checks {
		if checked[kind] == 0 {
			t.Errorf("no %s in any conversation", kind)
		}
	}
}

func names(t *testing.T) []string {
	entries, err := fs.ReadDir(FS, "calls")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func expectations(t *testing.T, name string) []expected {
	data, err := os.ReadFile("expect/" + name + ".expect.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []expected
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func parse(t *testing.T, name string) (format string, out map[string]*conversation) {
	data, err := fs.ReadFile(FS, path.Join("calls", name))
	if err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSuffix(name, path.Ext(name))
	format = strings.TrimPrefix(path.Ext(name), ".")
	if format == "json" {
		format = "speechkit"
		if bytes.Contains(data, []byte(`"text_entities"`)) {
			format = "telegram"
		}
	}
	if out, err = parsers[format](id, data); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return format, out
}
