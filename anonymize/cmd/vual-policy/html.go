package main

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

//go:embed page.html
var pageText string

// page is what the template shows. All of it is escaped by html/template.
type page struct {
	Policy string
	Pieces []piece // of the text, in order
	Found  []row
	Missed []row
	Kinds  []count
}

// A piece is a stretch of the text, marked if it has a kind.
type piece struct {
	Text, Kind string
	Colour     int
	Row        int // in the table, from 1
}

type row struct {
	Kind, Text, Rule string
	Colour           int
	Line, Column     int
	Score            float32
	Reasons          []string
	Row              int // from 1
}

type count struct {
	Kind   string
	Colour int
	Number int
}

func html(c *command) error {
	p, text, err := c.text()
	if err != nil {
		return err
	}
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(c.errors, "vual-policy: the page holds the text with its personal data\n"); err != nil {
		return err
	}
	return t.Execute(c.out, newPage(p.Name(), text, p.Explain(text), p.Missed(text)))
}

func newPage(name, text string, found, missed []anonymize.Explanation) page {
	pg := page{Policy: name}
	at := 0
	for i, x := range found {
		if at < x.Start {
			pg.Pieces = append(pg.Pieces, piece{Text: text[at:x.Start]})
		}
		pg.Pieces = append(pg.Pieces, piece{text[x.Start:x.End], string(x.Kind), colour(x.Kind), i + 1})
		pg.Found = append(pg.Found, newRow(text, x))
		pg.Found[i].Row = i + 1
		at = x.End
		k := slices.IndexFunc(pg.Kinds, func(c count) bool { return c.Kind == string(x.Kind) })
		if k < 0 {
			k = len(pg.Kinds)
			pg.Kinds = append(pg.Kinds, count{string(x.Kind), colour(x.Kind), 0})
		}
		pg.Kinds[k].Number++
	}
	if at < len(text) {
		pg.Pieces = append(pg.Pieces, piece{Text: text[at:]})
	}
	for _, x := range missed {
		pg.Missed = append(pg.Missed, newRow(text, x))
	}
	return pg
}

func newRow(text string, x anonymize.Explanation) row {
	return row{
		Kind: string(x.Kind), Text: text[x.Start:x.End], Rule: x.Rule, Colour: colour(x.Kind), Score: x.Score, Reasons: x.Reasons,
		Line:   1 + strings.Count(text[:x.Start], "\n"),
		Column: 1 + utf8.RuneCountInString(text[1+strings.LastIndexByte(text[:x.Start], '\n'):x.Start]),
	}
}

// colours is how many the page has. A kind always has the same; its name stands beside it, since colours alone tell
// nothing to many readers.
const colours = 8

func colour(kind anonymize.Kind) int {
	sum := 0
	for _, c := range []byte(kind) {
		sum = sum*31 + int(c)
	}
	return sum % colours
}
