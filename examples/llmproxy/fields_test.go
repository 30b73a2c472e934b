package main

import (
	"bufio"
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A fieldCase is one case of testdata/fields.txt.
type fieldCase struct {
	at             string // file:line
	endpoint, row  string
	in, out, place string
}

func readFieldCases(t testing.TB) (cases []fieldCase) {
	f, err := os.Open("testdata/fields.txt")
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	endpoint, row := "", ""
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		mark, rest, _ := strings.Cut(line, " ")
		switch mark {
		case "==":
			endpoint, row, _ = strings.Cut(rest, " ")
		case ">":
			cases = append(cases, fieldCase{"fields.txt:" + strconv.Itoa(n), endpoint, row, withModel(rest), withModel(rest), ""})
		case "<":
			cases[len(cases)-1].out = withModel(rest)
		case "!":
			cases[len(cases)-1].place = rest
		}
	}
	require.NoError(t, lines.Err())
	return cases
}

func withModel(body string) string {
	if strings.HasPrefix(body, `{"model"`) {
		return body
	}
	return `{"model":"m",` + body[1:]
}

var aliases = regexp.MustCompile(`_[a-z2-7]{32}"`)

func TestFields(t *testing.T) {
	rules, err := loadRules("", "")
	require.NoError(t, err)
	local, _ := findProvider("local")
	routes := newRoutes(rules, local, pseudonyms{make([]byte, 32)}.of)
	for _, c := range readFieldCases(t) {
		req, err := routes[c.endpoint].request.read("client", []byte(c.in))
		if c.place != "" {
			var no *refusal
			if !errors.As(err, &no) || no.place != c.place || no.status != 400 {
				t.Errorf("%s: got %v, want it refused at %s", c.at, err, c.place)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: refused at %q: %s", c.at, err.(*refusal).place, err.(*refusal).reason)
			continue
		}
		m, err := maskOnce(t.Context(), rules, req.passages)
		require.NoError(t, err, c.at)
		got := aliases.ReplaceAllString(string(req.doc.render(nil, m.passages)), `_ALIAS"`)
		if got != c.out {
			t.Errorf("%s:\n got %s\nwant %s", c.at, got, c.out)
		}
	}
}

// TestEveryFieldHasALine keeps the table and its test lines together.
func TestEveryFieldHasALine(t *testing.T) {
	lines := map[string]bool{}
	for _, c := range readFieldCases(t) {
		lines[c.endpoint+" "+c.row] = true
	}
	rows := 0
	for _, e := range endpoints {
		for _, f := range e.fields {
			rows++
			if !lines[e.path+" "+f.path] {
				t.Errorf("%s %s has no line in testdata/fields.txt", e.path, f.path)
			}
			delete(lines, e.path+" "+f.path)
		}
	}
	for line := range lines {
		t.Errorf("testdata/fields.txt has a line for %s, which is no row", line)
	}
	require.Greater(t, rows, 100)
}
