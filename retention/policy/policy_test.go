package policy

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/syntora/vual/retention"
)

func TestLoad(t *testing.T) {
	p, err := Load([]string{"preset:ru152", "testdata/example.yaml"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Systems("transcript"); !slices.Equal(got, []string{"calls", "search"}) {
		t.Error(got)
	}
	for _, bad := range []string{"preset:nosuch", "testdata/nosuch.yaml", "testdata"} {
		if _, err := Load([]string{bad}, nil); err == nil {
			t.Errorf("%s loaded", bad)
		}
	}
	if _, err := Load(nil, nil); err == nil {
		t.Error("nothing loaded")
	}
}

// YAML and JSON of one document are one policy.
func TestSameHash(t *testing.T) {
	text, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(asJSON)
	if err != nil {
		t.Fatal(err)
	}
	p, err := retention.New(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	q, err := retention.New(again, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Hash() != q.Hash() {
		t.Error("two hashes")
	}
}

func TestErrorsHavePlaces(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"version: 1\nversion: 2", `2:1: key "version" twice`},
		{"\"a\": 1\na: 2", `2:1: key "a" twice`},
		{"version: 1\nname: x\nclases: {}\n", `3:1: unknown key "clases"`},
		{"classes:\n  t:\n    duties:\n      - id: x\n        wihtin: P1D\n", `5:9: classes.t.duties[0]: unknown key "wihtin"`},
		{"classes:\n  t:\n    duties: [{id: x, within: 5 days}]", `3:30: classes.t.duties[0].within: not a term: it must begin with P`},
		{"classes:\n  t:\n    duties: [{id: x, within: {workdays: many}}]", `3:30: classes.t.duties[0].within: a term is wanted`},
		{"a: &x 1\nb: *x", "1:4: only mappings"},
		{"version: 0x1f", "1:10: a whole decimal number"},
		{"version: 1_000", "1:10: a whole decimal number"},
		{"version: one", "1:10: version: a whole number is wanted"},
		{"version: !!int 1", "1:10: only mappings"},
		{"<<: {a: b}", "1:1: a key"},
		{"1: b", "1:1: a key"},
		{"version: 1\n---\nversion: 1", "one YAML document"},
		{"", "one YAML document"},
		{"# nothing", "one YAML document"},
		{"- a", "an object is wanted"},
		{"zone:", "1:7: zone: a string is wanted"},
		{"zone: 5", "1:7: zone: a string is wanted"},
		{"facts: created", "1:8: facts: a list is wanted"},
		{"provisional: maybe", "1:14: provisional: true or false"},
		{"a: 'x\n", "1:4: not YAML"},
		{"{\"version\": 1,\n \"nme\": \"x\"}", `2:2: unknown key "nme"`},
		{"{\"version\": 1,\n \"version\": 1}", `2:2: key "version" twice`},
		{"{\"name\": \"a\\\"b\", \"zone\": 5}", `1:26: zone: a string is wanted`},
		{"{\"version\": 1,}", "not JSON"},
		{"{} {}", "something follows"},
		{"{\"a\":\"\xff\"}", "not UTF-8"},
	} {
		_, err := Parse([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
			continue
		}
		if de := (*retention.DocumentError)(nil); !errors.As(err, &de) || de.Line < 1 || de.Column < 1 {
			t.Errorf("%q: no place in %v", c.text, err)
		}
	}
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	if _, err := Parse([]byte("a: " + deep)); err == nil {
		t.Error("40 levels were read")
	}
	if _, err := Parse([]byte(`{"a": ` + deep + `}`)); err == nil {
		t.Error("40 levels were read")
	}
	if _, err := Parse(make([]byte, maxSize+1)); err == nil {
		t.Error("a file too long was read")
	}
}

// The schema names exactly the keys that the documents have.
func TestSchemaKeys(t *testing.T) {
	var s struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(Schema()), &s); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		keys map[string]any
		of   any
	}{
		"document": {s.Properties, retention.Document{}}, "period": {s.Defs["period"].Properties, retention.Period{}},
		"class": {s.Defs["class"].Properties, retention.Class{}}, "floor": {s.Defs["floor"].Properties, retention.Floor{}},
		"duty": {s.Defs["duty"].Properties, retention.Duty{}}, "permit": {s.Defs["permit"].Properties, retention.Permit{}},
		"range": {s.Defs["range"].Properties, retention.Range{}}, "shred": {s.Defs["shred"].Properties, retention.Shred{}},
	} {
		var want, got []string
		typ := reflect.TypeOf(c.of)
		for i := range typ.NumField() {
			tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			want = append(want, tag)
		}
		for k := range c.keys {
			got = append(got, k)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: schema %v, type %v", name, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	doc, err := retention.PresetDocument("contract")
	if err != nil {
		f.Fatal(err)
	}
	preset, err := json.Marshal(doc)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(preset)
	f.Add([]byte("a: &x 1\nb: *x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Parse(data)
		if err != nil {
			return
		}
		p, err := retention.New(doc, nil)
		if err != nil {
			return
		}
		again, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		doc2, err := Parse(again)
		if err != nil {
			t.Fatalf("what was read is not read again: %v\n%s", err, again)
		}
		q, err := retention.New(doc2, nil)
		if err != nil || p.Hash() != q.Hash() {
			t.Fatalf("another policy: %v", err)
		}
	})
}
