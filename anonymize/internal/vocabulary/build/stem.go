package build

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Stems reads stems.tsv and returns the bytes to embed, the same for the same input.
func Stems(tsv io.Reader) ([]byte, error) {
	stems, err := readStems(tsv)
	if err != nil {
		return nil, err
	}
	keys := slices.Sorted(maps.Keys(stems))
	blob, values, err := mph.Build(keys, vocabulary.StemSize)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		binary.LittleEndian.PutUint16(values[i], uint16(stems[k]))
	}
	return blob, nil
}

// readStems gives what each key of a stem or a pair stands for. A stem that stands twice under a class, or under two kinds of
// heads, is an error.
func readStems(tsv io.Reader) (map[uint64]vocabulary.Stem, error) {
	stems := map[uint64]vocabulary.Stem{}
	var errs []error
	lines := bufio.NewScanner(tsv)
	for n := 1; lines.Scan(); n++ {
		if line := lines.Text(); line != "" && line[0] != '#' {
			class, words, _ := strings.Cut(line, "\t")
			if err := addStems(stems, class, strings.Fields(words)); err != nil {
				errs = append(errs, fmt.Errorf("line %d: %w", n, err))
			}
		}
	}
	return stems, errors.Join(append(errs, lines.Err())...)
}

func addStems(stems map[uint64]vocabulary.Stem, class string, words []string) error {
	bit := slices.Index(vocabulary.Stems[:], class)
	if bit < 0 {
		return fmt.Errorf("no class %q", class)
	}
	is := vocabulary.Stem(1) << bit
	ofPair := is&(vocabulary.Famous|vocabulary.Couple) != 0
	for _, word := range words {
		first, second, pair := strings.Cut(word, "+")
		key := lexicon.Key(first)
		if key == 0 || pair != ofPair || pair && lexicon.Key(second) == 0 {
			return fmt.Errorf("%q is no %s", word, class)
		}
		if pair {
			stems[lexicon.Key(second)] |= vocabulary.Second
			key = vocabulary.StemPair(key, lexicon.Key(second))
		}
		if had := stems[key]; had&is != 0 || is&vocabulary.Head != 0 && had&vocabulary.Head != 0 {
			return fmt.Errorf("%q stands there twice", word)
		}
		stems[key] |= is
	}
	return nil
}
