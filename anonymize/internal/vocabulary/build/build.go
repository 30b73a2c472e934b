// Package build makes the blob of package vocabulary from its list of words.
package build

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Blob reads words.tsv and the Go source of the rules in a folder and returns the bytes to embed, the same for the same
// input.
func Blob(tsv io.Reader, rules fs.FS) ([]byte, error) {
	entries, err := read(tsv)
	if err != nil {
		return nil, err
	}
	if err := name(entries, rules); err != nil {
		return nil, err
	}
	keys := make([]uint64, 0, len(entries))
	for k := range entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	table, slots, err := mph.Build(keys, 3)
	if err != nil {
		return nil, err
	}
	values := make([]byte, 3*binary.LittleEndian.Uint32(table)) // of every slot, see Find
	for i, k := range keys {
		e := entries[k]
		v := values[3*slots[i]:]
		v[0] = byte(e.Class)
		if e.Named {
			v[0] |= vocabulary.NamedBit
		}
		if lexicon.Find(mph.Of(k)) != 0 {
			v[0] |= vocabulary.ListedBit
		}
		binary.LittleEndian.PutUint16(v[1:], e.Arg)
	}
	blob := binary.LittleEndian.AppendUint32(nil, uint32(len(table)))
	return append(append(blob, table...), values...), nil
}

// name marks every word that stands in a string of the rules, and adds those that no entry has.
func name(entries map[uint64]vocabulary.Entry, rules fs.FS) error {
	files, err := fs.Glob(rules, "*.go")
	if err != nil {
		return err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(rules, file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				return true
			}
			for _, word := range strings.Fields(text) {
				if key := lexicon.Key(word); key != 0 {
					e := entries[key]
					e.Named = true
					entries[key] = e
				}
			}
			return true
		})
	}
	return nil
}

// read gives the entry of every form by its key. A form that stands under two entries is an error: which of
// them is meant has to be decided in the list, not by its order.
func read(tsv io.Reader) (map[uint64]vocabulary.Entry, error) {
	entries, endings, where := map[uint64]vocabulary.Entry{}, map[string][]string{}, map[uint64]string{}
	var errs []error
	lines := bufio.NewScanner(tsv)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		head, rest, _ := strings.Cut(line, "\t")
		if name, ok := strings.CutPrefix(head, "$"); ok {
			endings[name] = strings.Split(rest, ",")
			continue
		}
		arg, words, _ := strings.Cut(rest, "\t")
		e, err := entry(head, arg)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		for _, word := range strings.Fields(words) {
			for _, form := range expand(word, endings) {
				k := lexicon.Key(form)
				if k == 0 {
					continue // of two scripts or with a sign: not one token
				}
				if old, ok := entries[k]; ok && old != e {
					errs = append(errs, fmt.Errorf("line %d: %q stands under %s too", n, form, where[k]))
				}
				entries[k], where[k] = e, head+" "+arg
			}
		}
	}
	return entries, errors.Join(append(errs, lines.Err())...)
}

func entry(class, arg string) (vocabulary.Entry, error) {
	c := slices.Index(vocabulary.Classes[:], class)
	if c <= 0 {
		return vocabulary.Entry{}, fmt.Errorf("no class %q", class)
	}
	if i := slices.Index(vocabulary.Cues[:], arg); vocabulary.Class(c) == vocabulary.CueWord {
		if i <= 0 {
			return vocabulary.Entry{}, fmt.Errorf("no cue %q", arg)
		}
		return vocabulary.Entry{Class: vocabulary.CueWord, Arg: uint16(i)}, nil
	}
	if i := slices.Index(vocabulary.Hints[:], arg); vocabulary.Class(c) == vocabulary.NearName {
		if i <= 0 {
			return vocabulary.Entry{}, fmt.Errorf("no hint %q", arg)
		}
		return vocabulary.Entry{Class: vocabulary.NearName, Arg: uint16(i)}, nil
	}
	v, err := strconv.ParseUint(arg, 10, 16)
	return vocabulary.Entry{Class: vocabulary.Class(c), Arg: uint16(v)}, err
}

// expand gives the forms of one entry of the list.
func expand(word string, endings map[string][]string) []string {
	if stem, list, ok := strings.Cut(word, "|"); ok {
		return join(stem, strings.Split(list, ","))
	}
	if stem, name, ok := strings.Cut(word, "$"); ok {
		return join(stem, endings[name])
	}
	return []string{word}
}

func join(stem string, endings []string) []string {
	forms := make([]string, len(endings))
	for i, e := range endings {
		forms[i] = stem + e
	}
	return forms
}
