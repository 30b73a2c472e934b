package build

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A row is one line of a table: fields between tabs, missing ones empty.
type row [3]string

// readTable reads a table of data/; lines that begin with # are comments.
func readTable(data fs.FS, name string) ([]row, error) {
	text, err := fs.ReadFile(data, name)
	if err != nil {
		return nil, err
	}
	var rows []row
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		var r row
		if len(fields) > len(r) {
			return nil, fmt.Errorf("%s:%d: %d fields", name, n, len(fields))
		}
		copy(r[:], fields)
		if r[0] == "" {
			return nil, fmt.Errorf("%s:%d: no first field", name, n)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func parseSex(s string) (lexicon.Sex, error) {
	switch s {
	case "m":
		return lexicon.Male, nil
	case "f":
		return lexicon.Female, nil
	case "mf":
		return lexicon.Both, nil
	}
	return 0, fmt.Errorf("sex %q is not m, f or mf", s)
}
