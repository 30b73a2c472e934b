package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// Whatever parses is read again as the same, and whatever compiles is what the schema describes, and masks.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(presetLogs))
	f.Add([]byte(`{"version": 1, "name": "x", "allow": ["\u0000"], "kinds": {"*": "off"}}`))
	f.Add([]byte("a: &x 1\nb: *x"))
	s := newSchema(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4<<10 {
			return // the parser's own time would be all that is tested
		}
		doc, err := Parse(data)
		if err != nil {
			if de, ok := err.(*DocumentError); !ok || de.Line < 1 || de.Column < 1 {
				t.Fatalf("no place in %v", err)
			}
			return
		}
		again, err := Parse(doc.canonical())
		if err != nil || string(again.canonical()) != string(doc.canonical()) {
			t.Fatalf("read again as another: %v\n%s", err, doc.canonical())
		}
		if ms := doc.Patterns.TimeoutMS; ms == 0 || ms > 5 && ms <= maxTimeoutMS {
			doc.Patterns.TimeoutMS = 5
		}
		p, err := New(doc, nil)
		if err != nil {
			return
		}
		p.Lint()
		if n, err := parse(data); err != nil || s.check(n.plain()) != nil {
			t.Fatalf("the schema refuses what compiles: %v", s.check(n.plain()))
		}
		text := "Заря 8 919 240-15-86, ДГ-1187/26 и ещё"
		for _, s := range p.Analyzer().Find(text) {
			if s.Start < 0 || s.End > len(text) || s.Start >= s.End || !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("%+v", s)
			}
		}
	})
}

// Shapes and checks of any content on any text neither panic nor find what has not so many digits.
func FuzzDigits(f *testing.F) {
	f.Add("77# ###", "luhn", "771-234 и 77 12 34")
	f.Add("##", "verhoeff", "двенадцать ٣٤")
	f.Add("###", "mod97", "1 2 3 4 5 6 7 8 9 0")
	f.Fuzz(func(t *testing.T, shape, check, text string) {
		if len(text) > 4<<10 || !utf8.ValidString(text) {
			return
		}
		p, err := New(Document{Version: 1, Name: "x", Kinds: map[string]KindRule{"*": {Operator: off}},
			Recognizers: []Recognizer{{Name: "a", Kind: "A", Digits: []string{shape}, Check: check}}}, nil)
		if err != nil {
			return
		}
		for _, s := range p.Analyzer().Find(text) {
			if s.Kind != "A" || s.Start >= s.End || !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("%+v", s)
			}
		}
		m, err := p.Session().Anonymize(t.Context(), anonymize.Turn{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(m.Text, "[A_") < len(m.Spans) {
			t.Fatal("a span without its token")
		}
	})
}

// No pattern on any text panics, finds what is out of range, or matches a text that the look at it ruled out.
func FuzzPattern(f *testing.F) {
	for _, c := range redos() {
		f.Add(c[0], c[1][:min(len(c[1]), 8)])
	}
	f.Add(`(?i)(?<![\p{L}\d])(?<n>ДГ-\d{4})(?!\d)`, "дг-1187")
	f.Add(`(?(a)b|c)\k<0>[a-z-[aeiou]]\X`, "abc")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(text) > 24 || len(pattern) > 60 || !utf8.ValidString(text) || !utf8.ValidString(pattern) {
			return
		}
		p, err := New(Document{Version: 1, Name: "x", Patterns: Patterns{TimeoutMS: 1}, Kinds: map[string]KindRule{"*": {Operator: off}},
			Recognizers: []Recognizer{{Name: "a", Kind: "A", Pattern: pattern}}}, nil)
		if err != nil {
			return
		}
		for _, s := range p.Analyzer().Find(text) {
			if s.Start < 0 || s.End > len(text) || s.Start >= s.End || !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("%+v", s)
			}
		}
		rule := &p.p.opts.Recognizers[0].(*recognizers).patterns[0]
		var g grams
		if g.read(text); rule.needs.met(&g) {
			return
		}
		if ok, err := rule.re.MatchString(text); ok && err == nil {
			t.Fatalf("%q matches %q", pattern, text)
		}
	})
}
