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
	"maps"
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
	lists, err := listsOf(rules)
	if err != nil {
		return nil, err
	}
	for k := range lists {
		if _, known := entries[k]; !known {
			entries[k] = vocabulary.Entry{} // of a word that is in the lists alone
		}
	}
	keys := slices.Sorted(maps.Keys(entries))
	table, slots, err := mph.Build(keys, 3)
	if err != nil {
		return nil, err
	}
	rows := slices.Insert(slices.Compact(slices.Sorted(maps.Values(lists))), 0, 0) // the first is of no list
	blob := binary.LittleEndian.AppendUint32(nil, uint32(len(table)))
	blob = binary.LittleEndian.AppendUint32(blob, uint32(len(rows)))
	blob = append(blob, table...)
	for _, row := range rows {
		blob = binary.LittleEndian.AppendUint64(blob, row)
	}
	const size = 5
	values := make([]byte, size*binary.LittleEndian.Uint32(table)) // of every slot, see Find
	for i, k := range keys {
		e := entries[k]
		v := values[size*slots[i]:]
		v[0] = byte(e.Class)
		if lexicon.Find(mph.Of(k)) != 0 {
			v[0] |= vocabulary.ListedBit
		}
		binary.LittleEndian.PutUint16(v[1:], e.Arg)
		row, _ := slices.BinarySearch(rows, lists[k])
		binary.LittleEndian.PutUint16(v[3:], uint16(row))
	}
	return append(blob, values...), nil
}

// listsOf gives, for every word in a string of the rules, the bits of the lists that it is in: what is passed to a call of
// says, and what stands in a wordList. A word in any other string may be passed in any list.
func listsOf(rules fs.FS) (map[uint64]uint64, error) {
	files, err := fs.Glob(rules, "*.go")
	if err != nil {
		return nil, err
	}
	lists := map[uint64]uint64{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(rules, file)
		if err != nil {
			return nil, err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		inList := map[ast.Node]uint64{}
		ast.Inspect(parsed, func(n ast.Node) bool {
			words, literals := listAt(n)
			for _, literal := range literals {
				inList[literal] = vocabulary.ListBit(words)
			}
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			bits, ok := inList[literal]
			if !ok {
				bits = ^uint64(0)
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				return true
			}
			for _, word := range strings.Fields(text) {
				if key := lexicon.Key(word); key != 0 {
					lists[key] |= bits
				}
			}
			return true
		})
	}
	return lists, nil
}

// listAt gives the words of a list that is written out at a node, and their literals.
func listAt(n ast.Node) (words []string, literals []ast.Node) {
	var in []ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "says" && len(n.Args) > 1 {
			in = n.Args[1:]
		}
	case *ast.CompositeLit:
		if of, ok := n.Type.(*ast.Ident); ok && of.Name == "wordList" {
			in = n.Elts
		}
	}
	for _, e := range in {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return nil, nil
		}
		word, err := strconv.Unquote(literal.Value)
		if err != nil {
			return nil, nil
		}
		words, literals = append(words, word), append(literals, literal)
	}
	return words, literals
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
