package build

import (
	"bufio"
	"compress/gzip"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// An affix is one suffix rule of a Hunspell .aff file.
type affix struct {
	strip, add string
	condition  []string // what the last letters may be, one set a letter; ^ before a set: what they may not be
}

// ordinaryWords calls yield with each form of each lower-case word of the
// dictionary in data/dictionary-ru.
func ordinaryWords(data fs.FS, yield func(form string)) error {
	affixes, err := readAffixes(data)
	if err != nil {
		return err
	}
	return entries(data, "dictionary-ru/index.dic.gz", func(word, flags string) {
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsLower(first) || isUnsaid(word, flags) {
			return
		}
		yield(word)
		for _, flag := range flags {
			last, _ := utf8.DecodeLastRuneInString(word)
			for _, a := range affixes[flag][last] {
				stem, ok := strings.CutSuffix(word, a.strip)
				if ok && a.fits(word) {
					yield(stem + a.add)
				}
			}
		}
	})
}

// isUnsaid reports an adjective that says whose a thing is, «петров», «кошкин», with the flag of its declension. Those of kin
// are said every day; of the others surnames are left, and a saying or a law of physics that has no other form.
func isUnsaid(word, flags string) bool {
	if !strings.Contains(flags, "A") || slices.Contains(saidOfKin, word) {
		return false
	}
	return slices.ContainsFunc([]string{"ов", "ев", "ёв", "ин", "ын"}, func(end string) bool { return strings.HasSuffix(word, end) })
}

var saidOfKin = strings.Fields("внучкин женин тещин тёщин тетушкин тётушкин теткин тёткин тетин тётин свекровин сестрин прадедушкин прабабушкин папин папашин отцов " +
	"нянин невестин мужнин матушкин материн мамкин мамин мамочкин хозяйкин дядин дочкин дочерин дедушкин бабушкин бабулин бабкин братнин чертов чёртов сукин")

// englishWords calls yield with the lower-case words of the dictionary in data/dictionary-en, without their other forms:
// [lexicon.IsPlain] takes the endings of English off by itself.
func englishWords(data fs.FS, yield func(word string)) error {
	return entries(data, "dictionary-en/index.dic.gz", func(word, _ string) {
		if !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
			yield(word)
		}
	})
}

// entries calls yield with each word of a dictionary and its flags.
func entries(data fs.FS, name string, yield func(word, flags string)) error {
	f, err := data.Open(name)
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
		yield(word, flags)
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
			a.condition = readCondition(f[4])
		}
		if affixes[flag] == nil {
			affixes[flag] = map[rune][]affix{}
		}
		for _, last := range lastLetters(a) {
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

// readCondition splits «[^с]тать» into its letters.
func readCondition(text string) []string {
	var sets []string
	for text != "" {
		if set, rest, ok := strings.Cut(text[1:], "]"); ok && text[0] == '[' {
			sets, text = append(sets, set), rest
			continue
		}
		_, n := utf8.DecodeRuneInString(text)
		sets, text = append(sets, text[:n]), text[n:]
	}
	return sets
}

// fits reports whether the word ends as the condition of a demands.
func (a *affix) fits(word string) bool {
	for i := len(a.condition) - 1; i >= 0; i-- {
		last, n := utf8.DecodeLastRuneInString(word)
		if n == 0 || !inSet(a.condition[i], last) {
			return false
		}
		word = word[:len(word)-n]
	}
	return true
}

func inSet(set string, r rune) bool {
	if others, ok := strings.CutPrefix(set, "^"); ok {
		return !strings.ContainsRune(others, r)
	}
	return strings.ContainsRune(set, r)
}

// lastLetters returns the last letters that a word under the rule may have.
func lastLetters(a affix) []rune {
	if a.strip != "" {
		last, _ := utf8.DecodeLastRuneInString(a.strip)
		return []rune{last}
	}
	var letters []rune
	for _, r := range alphabet {
		if len(a.condition) == 0 || inSet(a.condition[len(a.condition)-1], r) {
			letters = append(letters, r)
		}
	}
	return letters
}
