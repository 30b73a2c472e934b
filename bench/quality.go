package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
	"github.com/syntora/vual/bench/corpus"
	"github.com/syntora/vual/testdata"
)

// A score counts values that should be found and spans that were.
type score struct {
	values, hidden int // hidden: all letters and digits of the value lie in spans, of whatever kind
	spans, right   int // right: the span touches a value
}

// scores are by kind: of the value where recall is meant, of the span where precision is.
type scores map[string]*score

func (s scores) of(kind string) *score {
	if s[kind] == nil {
		s[kind] = &score{}
	}
	return s[kind]
}

// add compares the spans of one text with the values that stand in it.
func (s scores) add(text string, values []corpus.Value, spans []anonymize.Span) {
	stretches := make([]stretch, len(spans))
	for i, span := range spans {
		stretches[i] = stretch{span.Start, span.End}
	}
	gone := cover(text, stretches)
	for _, v := range values {
		hidden := true
		for i, r := range text[v.Start:v.End] {
			hidden = hidden && (gone[v.Start+i] || !counts(r))
		}
		for _, kind := range []string{"", v.Kind} {
			s.of(kind).values++
			if hidden {
				s.of(kind).hidden++
			}
		}
	}
	for _, span := range spans {
		right := slices.ContainsFunc(values, func(v corpus.Value) bool { return v.Start < span.End && span.Start < v.End })
		for _, kind := range []string{"", string(span.Kind)} {
			s.of(kind).spans++
			if right {
				s.of(kind).right++
			}
		}
	}
}

// quality prints recall and precision of the masker by kind, on what this project has annotated itself. The first two are
// what it was built with, so they say that nothing broke, not how it fares elsewhere.
func quality(r *report, o *options) error {
	for _, set := range []struct {
		name, note string
		score      func(*options) (scores, error)
	}{
		{"testdata/calls", "the invented conversations of the repository; values are those listed in testdata/expect", scoreCalls},
		{"anonymize/testdata/find", "the lines of the tests of rules, which pass: less than 100 % is a fault of this counting or of a kind of its own", scoreLines},
		{"corpus, Russian", "generated transcripts with written, hurried and spoken sentences", scoreCorpus(corpus.Russian)},
		{"corpus, English", "the same in English", scoreCorpus(corpus.English)},
	} {
		s, err := set.score(o)
		if err != nil {
			return fmt.Errorf("%s: %w", set.name, err)
		}
		s.print(r, set.name, set.note)
	}
	return nil
}

func (s scores) print(r *report, name, note string) {
	r.title("Quality on %s", name)
	r.note("%s\n", note)
	rows := [][]string{{"", "values", "hidden", "spans", "right"}}
	for _, kind := range slices.Sorted(maps.Keys(s)) {
		n := s[kind]
		title := kind
		if kind == "" {
			title = "all"
			r.bench("Quality/"+name, metric{share(n.hidden, n.values), "%recall"}, metric{share(n.right, n.spans), "%precision"})
		}
		rows = append(rows, []string{title, fmt.Sprint(n.values), shareOf(n.hidden, n.values), fmt.Sprint(n.spans), shareOf(n.right, n.spans)})
	}
	r.table(rows)
}

func share(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

func shareOf(n, of int) string {
	if of == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", share(n, of))
}

// scoreCorpus masks generated transcripts as conversations.
func scoreCorpus(lang corpus.Language) func(*options) (scores, error) {
	return func(o *options) (scores, error) {
		c := corpus.Make(o.seed, lang, corpus.Transcripts, true, 300<<10)
		a := anonymize.New(nil)
		s := scores{}
		for _, m := range c.Messages {
			var conversation anonymize.Conversation
			var at []int // where the text of each turn begins
			offset := 0
			for t := range turns(m.Text) {
				conversation.Turns = append(conversation.Turns, t.Turn)
				at = append(at, offset+t.before)
				offset += t.size
			}
			result, err := a.Conversation(context.Background(), conversation)
			if err != nil {
				return nil, err
			}
			var spans []anonymize.Span
			for i, turn := range result.Turns {
				for _, span := range turn.Spans {
					span.Start, span.End = span.Start+at[i], span.End+at[i]
					spans = append(spans, span.Span)
				}
			}
			s.add(m.Text, m.Values, spans)
		}
		return s, nil
	}
}

// scoreLines reads the tests of the rules: each line by itself.
func scoreLines(*options) (scores, error) {
	files, err := filepath.Glob("../anonymize/testdata/find/*.txt")
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, errors.New("run from the folder bench of a clone"))
	}
	s := scores{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		a := anonymize.New(&anonymize.Options{Strict: strings.HasPrefix(filepath.Base(name), "strict")})
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			text, want, err := anonymize.Unmark(line)
			if err != nil {
				return nil, err
			}
			var values []corpus.Value
			for _, v := range want {
				values = append(values, corpus.Value{Start: v.Start, End: v.End, Kind: string(v.Kind)})
			}
			s.add(text, values, a.Find(text))
		}
	}
	return s, nil
}

// scoreCalls reads the conversations of package testdata. A value that is listed for a conversation counts wherever it
// stands in it as a word of its own.
func scoreCalls(*options) (scores, error) {
	s := scores{}
	a := anonymize.New(nil)
	files, err := fs.Glob(testdata.FS, "calls/*")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		expected, err := readExpected(filepath.Base(name))
		if err != nil {
			return nil, err
		}
		file, err := testdata.FS.Open(name)
		if err != nil {
			return nil, err
		}
		reader, err := transcript.NewReader(file, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for {
			d, err := reader.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			conversation := d.Conversation()
			result, err := a.Conversation(context.Background(), conversation)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			values := expected[d.ID()]
			if values == nil {
				values = expected[strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))]
			}
			for i, turn := range result.Turns {
				var spans []anonymize.Span
				for _, span := range turn.Spans {
					spans = append(spans, span.Span)
				}
				text := conversation.Turns[i].Text
				s.add(text, standing(text, values), spans)
			}
		}
		file.Close()
	}
	return s, nil
}

// An expectedValue is a line of testdata/expect.
type expectedValue struct {
	Conversation, Kind, Value string
}

func readExpected(name string) (map[string][]expectedValue, error) {
	data, err := os.ReadFile(filepath.Join("../testdata/expect", name+".expect.json"))
	if err != nil {
		return nil, err
	}
	var all []expectedValue
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	out := make(map[string][]expectedValue)
	for _, v := range all {
		out[v.Conversation] = append(out[v.Conversation], v)
	}
	return out, nil
}

// standing finds the values in a text; one that stands inside a longer one is not counted twice.
func standing(text string, values []expectedValue) []corpus.Value {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b expectedValue) int { return len(b.Value) - len(a.Value) })
	var out []corpus.Value
	for _, v := range values {
		for from := 0; ; {
			i := strings.Index(text[from:], v.Value)
			if i < 0 || v.Value == "" {
				break
			}
			start, end := from+i, from+i+len(v.Value)
			from = end
			before, _ := utf8.DecodeLastRuneInString(text[:start])
			after, _ := utf8.DecodeRuneInString(text[end:])
			within := slices.ContainsFunc(out, func(o corpus.Value) bool { return start < o.End && o.Start < end })
			if !within && !counts(before) && !counts(after) {
				out = append(out, corpus.Value{Start: start, End: end, Kind: v.Kind})
			}
		}
	}
	return out
}
