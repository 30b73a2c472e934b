package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// The colours of explain, as in ECMA-48, 8.3.117.
const (
	reset = "\x1b[0m"
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	found = "\x1b[30;42m" // black on green
	shade = "\x1b[30;43m" // black on yellow: let pass
)

func explain(c *command) error {
	missed := c.flags.Bool("missed", false, "also say what the policy let pass, and why")
	p, text, err := c.text()
	if err != nil {
		return err
	}
	e := explainer{colours: c.colours, text: text}
	e.marked(p.Explain(text), found)
	e.list(p.Explain(text), found)
	if *missed {
		e.list(p.Missed(text), shade)
	}
	_, err = io.WriteString(c.out, e.out.String())
	return err
}

// An explainer writes what was found in a text.
type explainer struct {
	colours bool
	text    string
	out     strings.Builder
}

// marked writes the text with its spans in colour, or in the notation of tests.
func (e *explainer) marked(all []anonymize.Explanation, colour string) {
	at := 0
	for _, x := range all {
		e.out.WriteString(visible(e.text[at:x.Start]))
		if e.colours {
			e.paint(visible(e.text[x.Start:x.End]), colour)
		} else {
			fmt.Fprintf(&e.out, "[[%s:%s]]", x.Kind, visible(e.text[x.Start:x.End]))
		}
		at = x.End
	}
	e.out.WriteString(visible(e.text[at:]))
	if !strings.HasSuffix(e.text, "\n") {
		e.out.WriteByte('\n')
	}
}

// list writes a block for each span.
func (e *explainer) list(all []anonymize.Explanation, colour string) {
	for _, x := range all {
		e.out.WriteByte('\n')
		e.paint(string(x.Kind), bold)
		e.out.WriteString("  ")
		e.paint(strings.ReplaceAll(visible(e.text[x.Start:x.End]), "\n", "⏎"), colour)
		line := 1 + strings.Count(e.text[:x.Start], "\n")
		column := 1 + utf8.RuneCountInString(e.text[1+strings.LastIndexByte(e.text[:x.Start], '\n'):x.Start])
		fmt.Fprintf(&e.out, "\n  %d:%d  score %.2f  rule %s\n", line, column, x.Score, x.Rule)
		for _, reason := range x.Reasons {
			e.paint("  - "+reason, dim)
			e.out.WriteByte('\n')
		}
	}
}

func (e *explainer) paint(s, colour string) {
	if e.colours {
		s = colour + s + reset
	}
	e.out.WriteString(s)
}

// visible takes the teeth out of a foreign text: what would steer the terminal becomes a sign that is seen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return '\uFFFD'
		}
		return r
	}, s)
}
