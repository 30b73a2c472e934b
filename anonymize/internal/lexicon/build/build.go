// Package build makes the blob of package lexicon from the tables in its data
// directory. It runs offline; the library does not import it.
package build

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/lexicon/mph"
)

// Blob returns the blob made from the tables in data. The same tables give the
// same bytes.
func Blob(data fs.FS) ([]byte, error) {
	b := &builder{
		forms:  map[uint64][]reading{},
		common: map[uint64]bool{},
		lemmas: map[string]bool{},
	}
	for _, step := range []func(fs.FS) error{
		b.firstNames, b.diminutives, b.spoken, b.surnames, b.latinNames, b.streets, b.toponyms, b.latinPlaces, b.ordinary,
	} {
		if err := step(data); err != nil {
			return nil, err
		}
	}
	b.dropRegular()
	return b.blob()
}

// dropRegular leaves out the forms of surnames that their endings tell as well as the table would and of which nothing else is
// to be known, see [lexicon.EndingOf], and the lemmas that only they had.
func (b *builder) dropRegular() {
	stop := map[uint64]bool{}
	for _, key := range b.stoplist {
		stop[key] = true
	}
	byKey := map[uint64]ending{}
	for _, e := range endings() {
		byKey[lexicon.Key(e.text)] = e
	}
	for key, all := range b.forms {
		if len(all) == 1 && all[0].class == lexicon.Surname && b.marks(key) == 0 && !stop[key] && tellsSurname(byKey, key, all[0].gram) {
			delete(b.forms, key)
		}
	}
	clear(b.lemmas)
	for _, all := range b.forms {
		for _, r := range all {
			if r.lemma != "" {
				b.lemmas[r.lemma] = true
			}
		}
	}
	for _, p := range b.pairs {
		b.lemmas[p[0]], b.lemmas[p[1]] = true, true
	}
}

// tellsSurname reports whether the longest ending of a word is that of a surname in all these cases.
func tellsSurname(byKey map[uint64]ending, key uint64, gram lexicon.Gram) bool {
	for n := min(lexicon.LongestEnding, int(key>>60)-2); n >= lexicon.ShortestEnding; n-- {
		if e, ok := byKey[lexicon.EndingKey(key, n)]; ok {
			return e.class == lexicon.Surname && e.gram&gram == gram
		}
	}
	return false
}

type reading struct {
	class lexicon.Class
	gram  lexicon.Gram
	lemma string
}

type builder struct {
	forms    map[uint64][]reading
	common   map[uint64]bool // forms of names met every day
	lemmas   map[string]bool
	pairs    [][2]string // diminutive, full name
	known    map[uint64]bool
	vague    map[uint64]bool // needs more than itself
	stoplist []uint64        // ordinary words with the ending of a name
	plain    []uint64        // stems of ordinary words
}

// add takes one form; the same class of the same lemma gathers its readings. A form without a lemma is its own.
func (b *builder) add(word, lemma string, class lexicon.Class, gram lexicon.Gram) {
	key := lexicon.Key(word)
	if key == 0 {
		return
	}
	if lemma != "" {
		b.lemmas[lemma] = true
	}
	for i, r := range b.forms[key] {
		if r.lemma == lemma && r.class == class {
			b.forms[key][i].gram |= gram
			return
		}
	}
	b.forms[key] = append(b.forms[key], reading{class, gram, lemma})
}

func (b *builder) firstNames(data fs.FS) error {
	rows, err := readTable(data, "first_names.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		sex, err := parseSex(r[1])
		if err != nil {
			return fmt.Errorf("first_names.tsv: %s: %w", r[0], err)
		}
		forms := nameForms(r[0], lexicon.FirstName, sex)
		for _, f := range forms {
			b.add(f.word, r[0], lexicon.FirstName, f.gram)
		}
		if r[2] != "+" {
			continue
		}
		if v := vocative(r[0]); v != "" {
			forms = append(forms, form{v, lexicon.VocativeOf(sex)})
			b.add(v, r[0], lexicon.FirstName, lexicon.VocativeOf(sex))
		}
		for _, f := range forms {
			b.common[lexicon.Key(f.word)] = true
		}
		for _, latin := range transliterations(r[0]) {
			b.add(latin, r[0], lexicon.FirstName, lexicon.UndeclinedOf(sex))
		}
		if sex&lexicon.Male != 0 {
			b.patronymics(r[0])
		}
	}
	return nil
}

// patronymics adds those that are made of a father's name.
func (b *builder) patronymics(father string) {
	for _, sex := range sexes {
		p := lexicon.PatronymicOf(father, sex)
		for _, f := range nameForms(p, lexicon.Patronymic, sex) {
			b.add(f.word, p, lexicon.Patronymic, f.gram)
		}
	}
}

// commonShorts is how many diminutives of a common name are common too; the
// table has them in that order.
const commonShorts = 3

func (b *builder) diminutives(data fs.FS) error {
	rows, err := readTable(data, "diminutives.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		sex, err := parseSex(r[1])
		if err != nil {
			return fmt.Errorf("diminutives.tsv: %s: %w", r[0], err)
		}
		for i, short := range strings.Fields(r[2]) {
			forms := shortForms(short, sex)
			if v := vocative(short); v != "" {
				forms = append(forms, form{v, lexicon.VocativeOf(sex)})
			}
			for _, f := range forms {
				b.add(f.word, short, lexicon.Diminutive, f.gram)
				if i < commonShorts && b.common[lexicon.Key(r[0])] {
					b.common[lexicon.Key(f.word)] = true
				}
			}
			b.pairs = append(b.pairs, [2]string{short, r[0]})
		}
	}
	return nil
}

func (b *builder) spoken(data fs.FS) error {
	rows, err := readTable(data, "spoken.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		sex, err := parseSex(r[1])
		if err != nil {
			return fmt.Errorf("spoken.tsv: %s: %w", r[0], err)
		}
		for _, f := range nameForms(r[0], lexicon.Patronymic, sex) {
			b.add(f.word, r[0], lexicon.Patronymic, f.gram)
		}
		for full := range strings.FieldsSeq(r[2]) {
			for _, f := range nameForms(full, lexicon.Patronymic, sex) {
				b.add(f.word, full, lexicon.Patronymic, f.gram)
			}
			b.pairs = append(b.pairs, [2]string{r[0], full})
		}
	}
	return nil
}

func (b *builder) surnames(data fs.FS) error {
	rows, err := readTable(data, "surnames.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, f := range surnameForms(r[0]) {
			b.add(f.word, r[0], lexicon.Surname, f.gram)
		}
	}
	return nil
}

func (b *builder) latinNames(data fs.FS) error {
	paired, err := b.latinShorts(data)
	if err != nil {
		return err
	}
	rows, err := readTable(data, "first_names_latin.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if paired[r[0]] {
			continue
		}
		sex, err := parseSex(r[1])
		if err != nil {
			return fmt.Errorf("first_names_latin.tsv: %s: %w", r[0], err)
		}
		b.add(r[0], "", lexicon.FirstName, lexicon.UndeclinedOf(sex))
	}
	if rows, err = readTable(data, "surnames_latin.tsv"); err != nil {
		return err
	}
	for _, r := range rows {
		b.add(r[0], "", lexicon.Surname, lexicon.UndeclinedOf(lexicon.Both))
	}
	return nil
}

// latinPlaces adds towns and regions in English. Of a name of several words only those count that are no words of English:
// "Francisco" of "San Francisco", nothing of "Round Rock".
func (b *builder) latinPlaces(data fs.FS) error {
	rows, err := readTable(data, "toponyms_latin.tsv")
	if err != nil {
		return err
	}
	english := map[string]bool{}
	if err := englishWords(data, func(word string) { english[word] = true }); err != nil {
		return err
	}
	for _, r := range rows {
		class, ok := placeClasses[r[1]]
		if !ok {
			return fmt.Errorf("toponyms_latin.tsv: class %q", r[1])
		}
		words := strings.FieldsFunc(r[0], func(c rune) bool { return c == ' ' || c == '-' })
		for _, w := range words {
			if len(words) == 1 || !english[strings.ToLower(w)] {
				b.add(w, "", class, 0)
			}
		}
	}
	return nil
}

// latinShorts adds the English names that are called something for short, and what. They alone have lemmas, by which one leads
// to the other; a name that is both, "Jack" and "Liam", has the sexes of all rows.
func (b *builder) latinShorts(data fs.FS) (map[string]bool, error) {
	rows, err := readTable(data, "diminutives_latin.tsv")
	if err != nil {
		return nil, err
	}
	paired := map[string]bool{}
	for _, r := range rows {
		sex, err := parseSex(r[1])
		if err != nil {
			return nil, fmt.Errorf("diminutives_latin.tsv: %s: %w", r[0], err)
		}
		for _, name := range append(strings.Fields(r[2]), r[0]) {
			b.add(name, name, lexicon.FirstName, lexicon.UndeclinedOf(sex))
			paired[name] = true
			if name != r[0] {
				b.pairs = append(b.pairs, [2]string{name, r[0]})
			}
		}
	}
	return paired, nil
}

var streetClasses = map[string]lexicon.Class{
	"street":     lexicon.StreetType,
	"settlement": lexicon.Settlement,
	"district":   lexicon.District,
	"house":      lexicon.HouseWord,
	"flat":       lexicon.FlatWord,
	"metro":      lexicon.MetroWord,
}

func (b *builder) streets(data fs.FS) error {
	rows, err := readTable(data, "streets.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		class, ok := streetClasses[r[0]]
		if !ok {
			return fmt.Errorf("streets.tsv: class %q", r[0])
		}
		forms := strings.Fields(r[1])
		for _, f := range forms {
			b.add(f, forms[0], class, 0)
		}
	}
	return nil
}

var placeClasses = map[string]lexicon.Class{
	"town":   lexicon.Toponym,
	"region": lexicon.Region,
	"street": lexicon.StreetName,
}

func (b *builder) toponyms(data fs.FS) error {
	rows, err := readTable(data, "toponyms.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		class, ok := placeClasses[r[1]]
		if !ok {
			return fmt.Errorf("toponyms.tsv: class %q", r[1])
		}
		words := strings.FieldsFunc(r[0], func(c rune) bool { return c == ' ' || c == '-' })
		if len(words) > 1 {
			class = lexicon.NamePart
		}
		for _, w := range words {
			how := r[2]
			if len(words) > 1 && how != "0" {
				how = ""
			}
			for _, f := range placeForms(w, how) {
				b.add(f.word, w, class, f.gram)
			}
		}
	}
	return nil
}

// ordinary notes which forms are ordinary words too, and which ordinary words
// only look like names.
func (b *builder) ordinary(data fs.FS) error {
	tails := map[uint64]bool{}
	for _, e := range endings() {
		tails[lexicon.Key(e.text)] = true
	}
	b.known, b.vague = map[uint64]bool{}, map[uint64]bool{}
	stop, plain := map[uint64]bool{}, map[uint64]bool{}
	note := func(word string) {
		key := lexicon.Key(word)
		if key == 0 {
			return
		}
		if stem, byEnding := PlainStem(key); stem != 0 && !byEnding && stem>>60 <= lexicon.LongestStem {
			plain[stem] = true
		}
		if _, ok := b.forms[key]; ok {
			b.known[key] = true
			b.vague[key] = true
		}
		for n := min(lexicon.LongestEnding, len(word)/2-2); n >= lexicon.ShortestEnding; n-- {
			if tails[lexicon.EndingKey(key, n)] {
				stop[key] = true
			}
		}
	}
	if err := ordinaryWords(data, note); err != nil {
		return err
	}
	if err := modernWords(data, note); err != nil {
		return err
	}
	latin, err := readTable(data, "plain_latin.tsv")
	if err != nil {
		return err
	}
	for _, r := range latin {
		plain[lexicon.Key(r[0])] = true
	}
	if err := englishWords(data, func(word string) {
		if len(word) > 1 && len(word) <= lexicon.ExactWord {
			plain[lexicon.Key(word)] = true
		}
	}); err != nil {
		return err
	}
	b.stoplist, b.plain = slices.Sorted(maps.Keys(stop)), slices.Sorted(maps.Keys(plain))

	// A truncated vocative is a scrap of speech: «Инн» is a tax number first.
	for key, all := range b.forms {
		if !slices.ContainsFunc(all, func(r reading) bool { return r.gram&^lexicon.GramVocative != 0 || r.gram == 0 }) {
			b.vague[key] = true
		}
	}
	rows, err := readTable(data, "ambiguous.tsv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		key := lexicon.Key(r[1])
		switch {
		case key == 0 || b.forms[key] == nil:
			return fmt.Errorf("ambiguous.tsv: %q is no form of the lexicon", r[1])
		case r[0] == "+":
			b.vague[key] = true
		case r[0] == "-":
			delete(b.vague, key)
			delete(b.known, key)
		case r[0] == "x":
			b.forms[key] = slices.DeleteFunc(b.forms[key], func(r reading) bool { return r.class.Is(lexicon.Person) })
			if len(b.forms[key]) == 0 {
				delete(b.forms, key)
			}
		default:
			return fmt.Errorf("ambiguous.tsv: %q is not +, - or x", r[0])
		}
	}
	return nil
}

const (
	valueRefBits = 15
	refBits      = 20
	lemmaBlock   = 16
)

// blob lays everything out as package lexicon reads it.
func (b *builder) blob() ([]byte, error) {
	lemmas := slices.Sorted(maps.Keys(b.lemmas))
	number := map[string]uint32{}
	for i, l := range lemmas {
		number[l] = uint32(i + 1)
	}
	if len(lemmas) >= 1<<valueRefBits {
		return nil, fmt.Errorf("%d lemmas are too many", len(lemmas))
	}
	rows := analyses{list: make([][2]uint32, 1)} // number 0 stands for several readings
	formTable, readings, err := b.formSections(&rows, number)
	if err != nil {
		return nil, err
	}
	stopTable, _, err := mph.Build(b.stoplist, 1)
	if err != nil {
		return nil, fmt.Errorf("ordinary words: %w", err)
	}
	plainTable, _, err := mph.Build(b.plain, 1)
	if err != nil {
		return nil, fmt.Errorf("plain words: %w", err)
	}
	names := nameEndings(&rows)
	offsets, letters, err := lemmaText(lemmas)
	if err != nil {
		return nil, err
	}
	fulls, shorts := b.links(number)
	if len(rows.list) > 1<<(32-refBits) {
		return nil, fmt.Errorf("%d analyses are too many", len(rows.list))
	}
	return join(
		formTable, rows.bytes(), readings, stopTable, plainTable,
		names, endingList(plainEndings, nil), endingList(nounEndings, nil), endingList(plainSuffixes, nil), endingList(givenEndings, nil), nameTails(), b.filter(), offsets, letters, fulls, shorts,
	), nil
}

func (b *builder) formSections(rows *analyses, number map[string]uint32) (table, readings []byte, err error) {
	keys := slices.Sorted(maps.Keys(b.forms))
	table, values, err := mph.Build(keys, lexicon.FormSize)
	if err != nil {
		return nil, nil, fmt.Errorf("forms: %w", err)
	}
	put := func(i int, v uint32) {
		values[i][0], values[i][1], values[i][2] = byte(v), byte(v>>8), byte(v>>16)
	}
	// Forms with one reading come first: their analyses need low numbers.
	for i, key := range keys {
		if all := b.forms[key]; len(all) == 1 {
			put(i, rows.number(all[0].class|b.marks(key), all[0].gram)<<valueRefBits|number[all[0].lemma])
		}
	}
	if len(rows.list) > 1<<(24-valueRefBits) {
		return nil, nil, fmt.Errorf("%d analyses are too many", len(rows.list))
	}
	for i, key := range keys {
		all := b.forms[key]
		if len(all) == 1 {
			continue
		}
		put(i, uint32(len(readings)/4))
		slices.SortFunc(all, func(x, y reading) int {
			return cmp.Or(cmp.Compare(x.class, y.class), strings.Compare(x.lemma, y.lemma))
		})
		class, gram := b.marks(key), lexicon.Gram(0)
		for _, r := range all {
			class |= r.class
			gram |= r.gram
		}
		readings = binary.LittleEndian.AppendUint32(readings, rows.number(class, gram)<<refBits|uint32(len(all)))
		for _, r := range all {
			readings = binary.LittleEndian.AppendUint32(readings, rows.number(r.class, r.gram)<<refBits|number[r.lemma])
		}
	}
	if len(readings)/4 >= 1<<valueRefBits {
		return nil, nil, fmt.Errorf("%d readings are too many", len(readings)/4)
	}
	return table, readings, nil
}

// filter has a bit for each form.
func (b *builder) filter() []byte {
	filter := make([]byte, lexicon.FilterSize)
	for key := range b.forms {
		at, bit := lexicon.FilterBit(mph.Of(key))
		filter[at] |= bit
	}
	return filter
}

// marks returns the classes that a form has as a whole.
func (b *builder) marks(key uint64) lexicon.Class {
	var c lexicon.Class
	if b.known[key] {
		c |= lexicon.Ordinary
	}
	if b.vague[key] {
		c |= lexicon.Ambiguous
	}
	if b.common[key] {
		c |= lexicon.Common
	}
	return c
}

// join puts a head of the sections' offsets, and of the end, before them.
func join(sections ...[]byte) []byte {
	at := uint32(4 * (len(sections) + 1))
	var head, body []byte
	for _, s := range sections {
		head = binary.LittleEndian.AppendUint32(head, at+uint32(len(body)))
		body = append(body, s...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	head = binary.LittleEndian.AppendUint32(head, at+uint32(len(body)))
	return append(head, body...)
}

// analyses numbers the pairs of class and gram in order of first use.
type analyses struct {
	list  [][2]uint32
	index map[[2]uint32]uint32
}

func (a *analyses) number(class lexicon.Class, gram lexicon.Gram) uint32 {
	row := [2]uint32{uint32(class), uint32(gram)}
	n, ok := a.index[row]
	if !ok {
		if a.index == nil {
			a.index = map[[2]uint32]uint32{}
		}
		n = uint32(len(a.list))
		a.index[row] = n
		a.list = append(a.list, row)
	}
	return n
}

func (a *analyses) bytes() []byte {
	var out []byte
	for _, r := range a.list {
		out = binary.LittleEndian.AppendUint32(out, r[0])
		out = binary.LittleEndian.AppendUint32(out, r[1])
	}
	return out
}

// lemmaText writes the lemmas in Windows-1251, number 0 being empty.
func lemmaText(lemmas []string) (offsets, letters []byte, err error) {
	for i, l := range append([]string{""}, lemmas...) {
		if i%lemmaBlock == 0 {
			offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(letters)))
		}
		for _, r := range l {
			switch {
			case r >= 'А' && r <= 'я':
				letters = append(letters, byte(0xC0+r-'А'))
			case r == 'ё':
				letters = append(letters, 0xB8)
			case r == 'Ё':
				letters = append(letters, 0xA8)
			case r < 0x80:
				letters = append(letters, byte(r))
			default:
				return nil, nil, fmt.Errorf("%q has a letter beyond Windows-1251", l)
			}
		}
		letters = append(letters, 0)
	}
	return offsets, letters, nil
}

// links writes the pairs of diminutives and full names both ways round.
func (b *builder) links(number map[string]uint32) (fulls, shorts []byte) {
	var there, back [][2]uint32
	for _, p := range b.pairs {
		short, full := number[p[0]], number[p[1]]
		there = append(there, [2]uint32{short, full})
		back = append(back, [2]uint32{full, short})
	}
	return pairBytes(there), pairBytes(back)
}

func pairBytes(pairs [][2]uint32) []byte {
	slices.SortFunc(pairs, func(x, y [2]uint32) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	var out []byte
	for _, p := range slices.Compact(pairs) {
		out = binary.LittleEndian.AppendUint16(out, uint16(p[0]))
		out = binary.LittleEndian.AppendUint16(out, uint16(p[1]))
	}
	return out
}
