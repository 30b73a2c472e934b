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
	bits, pairs, alike := map[uint64]uint64{}, []uint64(nil), map[uint64]string{} // bits of each word
	for list := range lists {
		words, own := ownList(list)
		id, bit := vocabulary.PairKey(list, 0), vocabulary.ListBit(list)
		if own {
			bit = vocabulary.OwnBit(list)
			id = bit
		}
		if other, ok := alike[id]; ok {
			return nil, fmt.Errorf("two lists have one bit, or one length and the same ends: %q, %q", list, other)
		}
		alike[id] = list
		for _, word := range strings.Fields(words) {
			k := lexicon.Key(word)
			bits[k] |= bit
			if !own {
				pairs = append(pairs, vocabulary.PairKey(list, k))
			}
			if _, known := entries[k]; !known {
				entries[k] = vocabulary.Entry{} // of a word that is in the lists alone
			}
		}
	}
	slices.Sort(pairs)
	inLists, _, err := mph.Build(slices.Compact(pairs), vocabulary.PairSize)
	if err != nil {
		return nil, err
	}
	keys := slices.Sorted(maps.Keys(entries))
	table, values, err := mph.Build(keys, vocabulary.WordSize)
	if err != nil {
		return nil, err
	}
	rows := slices.Insert(slices.Compact(slices.Sorted(maps.Values(bits))), 0, 0) // the first is of no list
	for i, k := range keys {
		e, v := entries[k], values[i]
		v[0] = byte(e.Class)
		if lexicon.Find(mph.Of(k)) != 0 {
			v[0] |= vocabulary.ListedBit
		}
		binary.LittleEndian.PutUint16(v[1:], e.Arg)
		row, _ := slices.BinarySearch(rows, bits[k])
		binary.LittleEndian.PutUint16(v[3:], uint16(row))
	}
	blob := binary.LittleEndian.AppendUint32(nil, uint32(len(table)))
	blob = binary.LittleEndian.AppendUint32(blob, uint32(len(inLists)))
	blob = append(append(blob, table...), inLists...)
	for _, row := range rows {
		blob = binary.LittleEndian.AppendUint64(blob, row)
	}
	return blob, nil
}

// listsOf gives the strings in the source of the rules that may be lists of words: words in lower case, one space between.
// Not all of them are, but who asks for a list asks for one of these.
func listsOf(rules fs.FS) (map[string]bool, error) {
	files, err := fs.Glob(rules, "*.go")
	if err != nil {
		return nil, err
	}
	lists := map[string]bool{}
	var errs []error
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
		ast.Inspect(parsed, func(n ast.Node) bool {
			list, typ := passedOn(n)
			if words, own := ownList(list); typ != "" && (!isList(words) || own != (typ == "ownList")) {
				errs = append(errs, fmt.Errorf("%s: no rule finds a word of this list, one of them is no word: %q", file, list))
			}
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, ok := stringOf(e)
			if words, _ := ownList(text); ok && isList(words) {
				lists[text] = true
			}
			return !ok // the parts of a sum are no lists
		})
	}
	return lists, errors.Join(errs...)
}

// passedOn gives the list that is written out in a call of says, or as a constant of a type of lists, and that type.
func passedOn(n ast.Node) (list, typ string) {
	var of string
	var e ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "says" && len(n.Args) == 2 {
			of, e = "wordList", n.Args[1]
		}
	case *ast.ValueSpec:
		if t, ok := n.Type.(*ast.Ident); ok && (t.Name == "wordList" || t.Name == "ownList") && len(n.Values) == 1 {
			of, e = t.Name, n.Values[0]
		}
	}
	if list, ok := stringOf(e); ok {
		return list, of
	}
	return "", ""
}

// stringOf gives the string that is written out at an expression, also as a sum over several lines.
func stringOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		x, isX := stringOf(e.X)
		y, isY := stringOf(e.Y)
		return x + y, e.Op == token.ADD && isX && isY
	}
	return "", false
}

// ownList gives the words of a list, and whether it has a bit to itself: then a digit stands before them.
func ownList(list string) (words string, own bool) {
	if len(list) > 2 && list[0] >= '0' && list[0] <= '7' && list[1] == ' ' {
		return list[2:], true
	}
	return list, false
}

func isList(text string) bool {
	words := strings.Fields(text)
	for _, word := range words {
		if lexicon.Key(word) == 0 {
			return false
		}
	}
	return len(words) > 0 && strings.Join(words, " ") == text && strings.ToLower(text) == text
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
