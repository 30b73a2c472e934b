package build

import (
	"bufio"
	"compress/gzip"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// An affix is one suffix rule of a Hunspell .aff file.
type affix struct {
	strip, add string
	condition  *regexp.Regexp
}

// ordinaryWords calls yield with each form of each lower-case word of the
// dictionary in data/dictionary-ru.
func ordinaryWords(data fs.FS, yield func(form string)) error {
	affixes, err := readAffixes(data)
	if err != nil {
		return err
	}
	f, err := data.Open("dictionary-ru/index.dic.gz")
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		word, flags, _ := strings.Cut(lines.Text(), "/")
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsLower(first) {
			continue
		}
		yield(word)
		for _, flag := range flags {
			last, _ := utf8.DecodeLastRuneInString(word)
			for _, a := range affixes[flag][last] {
				stem, ok := strings.CutSuffix(word, a.strip)
				if ok && (a.condition == nil || a.condition.MatchString(word)) {
					yield(stem + a.add)
				}
			}
		}
	}
	return lines.Err()
}

// modernWords calls yield with the forms of the words in modern_words.tsv, and
// with the English words that are names too.
func modernWords(data fs.FS, yield func(form string)) error {
	rows, err := readTable(data, "modern_words.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if form, ok := strings.CutPrefix(r[0], "="); ok {
			yield(form)
			continue
		}
		for c := range cases {
			yield(lexicon.Decline(r[0], lexicon.FirstName, lexicon.Male, c))
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(r[0], "й"), "ь")
		plurals := []string{"ы", "ов", "ам", "ами", "ах"}
		if stem != r[0] {
			plurals = []string{"и", "ев", "ям", "ями", "ях"}
		} else if last, _ := utf8.DecodeLastRuneInString(stem); strings.ContainsRune("гкхжчшщ", last) {
			plurals[0] = "и"
		}
		for _, p := range plurals {
			yield(stem + p)
		}
	}
	if rows, err = readTable(data, "english_words.tsv"); err != nil {
		return err
	}
	for _, r := range rows {
		yield(r[0])
	}
	return nil
}

// readAffixes sorts the rules by flag and by the last letter of the words that
// they apply to. Every rule of this dictionary strips at least one letter or
// names the last one in its condition.
func readAffixes(data fs.FS) (map[rune]map[rune][]affix, error) {
	text, err := fs.ReadFile(data, "dictionary-ru/index.aff")
	if err != nil {
		return nil, err
	}
	affixes := map[rune]map[rune][]affix{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 5 || f[0] != "SFX" {
			continue
		}
		flag, _ := utf8.DecodeRuneInString(f[1])
		a := affix{strip: zero(f[2]), add: zero(f[3])}
		if f[4] != "." {
			if a.condition, err = regexp.Compile(f[4] + "$"); err != nil {
				return nil, err
			}
		}
		if affixes[flag] == nil {
			affixes[flag] = map[rune][]affix{}
		}
		for _, last := range lastLetters(a, f[4]) {
			affixes[flag][last] = append(affixes[flag][last], a)
		}
	}
	return affixes, nil
}

func zero(s string) string {
	if s == "0" {
		return ""
	}
	return s
}

const alphabet = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"

// lastLetters returns the last letters that a word under the rule may have.
func lastLetters(a affix, condition string) []rune {
	if a.strip != "" {
		last, _ := utf8.DecodeLastRuneInString(a.strip)
		return []rune{last}
	}
	var letters []rune
	for _, r := range alphabet {
		// The condition's last element alone: a letter or a class.
		class := condition
		if i := strings.LastIndexByte(condition, '['); i >= 0 && strings.HasSuffix(condition, "]") {
			class = condition[i:]
		} else if condition != "." {
			last, _ := utf8.DecodeLastRuneInString(condition)
			class = string(last)
		}
		if class == "." || regexp.MustCompile("^"+class+"$").MatchString(string(r)) {
			letters = append(letters, r)
		}
	}
	return letters
}
