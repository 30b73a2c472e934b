package policy

import (
	"fmt"
	"slices"

	"github.com/syntora/vual/anonymize"
)

// A Failure is an example of a recognizer that does not hold. Got and Want are in the notation of [anonymize.Mark] and
// hold the example with its values.
type Failure struct {
	Recognizer   string
	File         string // "" if the policy was not made by Load
	Line, Column int
	Path         string // such as recognizers[0].finds[1]
	Reason       string
	Got, Want    string // "" where Reason says it all
}

// String gives place and reason, and the two texts below each other.
func (f Failure) String() string {
	s := fmt.Sprintf("%s:%d:%d: recognizer %s: %s", f.File, f.Line, f.Column, f.Recognizer, f.Reason)
	if f.Got != "" {
		s += "\n\tgot  " + f.Got
	}
	if f.Want != "" {
		s += "\n\twant " + f.Want
	}
	return s
}

// Test runs the examples of all recognizers through the whole policy. In an example of finds the spans of the
// recognizer's kind must be exactly those that are marked, and the recognizer must have found one of them; in one of
// ignores it must find nothing. A recognizer without an example of finds fails.
func (p *Policy) Test() []Failure {
	var failures []Failure
	for i := range p.p.doc.Recognizers {
		failures = append(failures, p.p.test(&p.p.doc.Recognizers[i], index("recognizers", i))...)
	}
	return failures
}

func (p *policy) test(r *Recognizer, path string) []Failure {
	var failures []Failure
	fail := func(path, got, want, format string, args ...any) {
		at := p.doc.place(path)
		failures = append(failures, Failure{r.Name, at.file, at.line, at.column, path, fmt.Sprintf(format, args...), got, want})
	}
	if len(r.Finds) == 0 {
		fail(path, "", "", "no example in finds")
	}
	for i, example := range r.Finds {
		got, want, reason := p.finds(r, example)
		if reason != "" {
			fail(index(join(path, "finds"), i), got, want, "%s", reason)
		}
	}
	for i, text := range r.Ignores {
		spans := p.analyzer.Find(text)
		if failed(spans) {
			fail(index(join(path, "ignores"), i), "", "", "a pattern took too long")
		}
		spans = slices.DeleteFunc(spans, func(s anonymize.Span) bool { return s.Rule != rulePrefix+r.Name })
		if len(spans) > 0 {
			fail(index(join(path, "ignores"), i), anonymize.Mark(text, spans), text, "it finds something")
		}
	}
	return failures
}

// finds gives the reason why an example does not hold, "" if it does.
func (p *policy) finds(r *Recognizer, example string) (got, want, reason string) {
	text, marked, err := anonymize.Unmark(example)
	if err != nil {
		return "", "", "the marks of the example do not read"
	}
	if len(marked) == 0 || slices.ContainsFunc(marked, func(s anonymize.Span) bool { return string(s.Kind) != r.Kind }) {
		return "", "", fmt.Sprintf("the example marks what is to be found as [[%s:…]], and nothing else", r.Kind)
	}
	spans := p.analyzer.Find(text)
	if failed(spans) {
		return "", "", "a pattern took too long"
	}
	own := slices.DeleteFunc(slices.Clone(spans), func(s anonymize.Span) bool { return string(s.Kind) != r.Kind })
	if got = anonymize.Mark(text, own); got != example {
		return anonymize.Mark(text, spans), example, "something else is found"
	}
	if !slices.ContainsFunc(own, func(s anonymize.Span) bool { return s.Rule == rulePrefix+r.Name }) {
		return "", "", "another rule finds it: " + own[0].Rule
	}
	return "", "", ""
}

// failed reports spans of a text that was given up.
func failed(spans []anonymize.Span) bool {
	return len(spans) == 1 && spans[0].Rule == failedRule
}

// failedRule is that of the span over a text whose recognizer failed.
const failedRule = "failed"
