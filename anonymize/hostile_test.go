package anonymize

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// hostile are texts that are made to cost much, or that have broken scanners: what is repeated, or a function that makes
// a text of about n bytes.
var hostile = []struct {
	name, unit string
	make       func(n int) string
}{
	{name: "digits", unit: "7"},
	{name: "single digits", unit: "1 "},
	{name: "groups of three", unit: "123 "},
	{name: "groups of two", unit: "45-"},
	{name: "card groups, Luhn wrong", unit: "4539 4772 3248 8604 "},
	{name: "card groups, Luhn right", unit: "4539 4772 3248 8603 "},
	{name: "runs of 31 digits", unit: "1234567890123456789012345678901 "},
	{name: "mixed separators", unit: "8-(9)-1"},
	{name: "phones", unit: "+7 (916) 123-45-67, "},
	{name: "spoken digits", unit: "два "},
	{name: "spoken numbers", unit: "двадцать пять "},
	{name: "spoken phones", unit: "восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь "},
	{name: "spoken pauses", unit: "пять э семь ну "},
	{name: "cues", unit: "инн паспорт снилс карта "},
	{name: "cues and numbers", unit: "инн 123 паспорт 4518 "},
	{name: "at signs", unit: "@"},
	{name: "a@a@", unit: "a@"},
	{name: "a.a.@", unit: "a.a.a.@"},
	{name: "a.b.c.", unit: "a."},
	{name: "latin before at", unit: strings.Repeat("q", 64) + "@"},
	{name: "dashes before at", unit: strings.Repeat("q-", 30) + "@"},
	{name: "handles", unit: "@ivanov_90 "},
	{name: "profiles", unit: "vk.com/"},
	{name: "profiles with dots", unit: "t.me/a."},
	{name: "hosts", unit: "www.example.com."},
	{name: "spoken mails", unit: "собака яндекс точка ру "},
	{name: "spoken at", unit: "собака "},
	{name: "spoken dots", unit: "точка "},
	{name: "(at)", unit: "(at)"},
	{name: "[dot]", unit: "[точка]"},
	{name: "one Russian word", unit: "ж"},
	{name: "one Latin word", unit: "q"},
	{name: "one-letter words", unit: "я "},
	{name: "one-letter Latin words", unit: "q "},
	{name: "names", unit: "Иван "},
	{name: "full names", unit: "Иванов Иван Иванович "},
	{name: "surnames and commas", unit: "Кузнецова, "},
	{name: "capitals", unit: "Кцуен "},
	{name: "names of their own", make: ownNames},
	{name: "initials", unit: "А. "},
	{name: "initials with surname", unit: "А.Б.Ким,"},
	{name: "particles", unit: "ван дер "},
	{name: "hyphens of names", unit: "Ли-"},
	{name: "introductions", unit: "меня зовут "},
	{name: "spelling", unit: "по буквам анна "},
	{name: "spelled letters", unit: "анна, "},
	{name: "letters spelled after", make: func(n int) string { return "по буквам " + strings.Repeat("анна, борис, ", n/22) }},
	{name: "streets", unit: "ул "},
	{name: "streets with names", unit: "ул. Ленина "},
	{name: "towns", unit: "г. "},
	{name: "towns with names", unit: "г. Москва, "},
	{name: "houses", unit: "дом 5, "},
	{name: "flats", unit: "кв. "},
	{name: "addresses", unit: "Москва, улица Лесная, дом 5, корпус 2, квартира 40, "},
	{name: "corrections of houses", unit: "дом пять нет семь "},
	{name: "months", unit: "5 мая "},
	{name: "dates", unit: "17.05.2018 "},
	{name: "births", unit: "родился 17.05.1988 "},
	{name: "passwords", unit: "пароль "},
	{name: "passwords with signs", unit: "пароль: Qw1!"},
	{name: "keys", unit: "sk-"},
	{name: "keys of their own", unit: "sk-a1b2c3d4e5f6a7b8c9d0e1f2 "},
	{name: "PEM heads", unit: "-----BEGIN PRIVATE KEY-----"},
	{name: "PEM heads in lines", unit: "-----BEGIN PRIVATE KEY-----\n"},
	{name: "codes", unit: "А123ВС77"},
	{name: "letters and digits", unit: "а1"},
	{name: "spaced letters and digits", unit: "A 1 "},
	{name: "IBANs", unit: "DE89370400440532013000"},
	{name: "colons", unit: ":"},
	{name: "pairs and colons", unit: "ab:"},
	{name: "dots of IP", unit: "10."},
	{name: "labels", unit: "[PHONE_1] "},
	{name: "labels of their own", make: ownLabels},
	{name: "role nouns", unit: "Клиент А "},
	{name: "open labels", unit: "[PHONE_"},
	{name: "brackets", unit: "[("},
	{name: "nested brackets", make: func(n int) string { return strings.Repeat("(", n/2) + strings.Repeat(")", n/2) }},
	{name: "pluses", unit: "+"},
	{name: "spaces", unit: " "},
	{name: "line breaks", unit: "\n"},
	{name: "quotes", unit: "«Иван» "},
	{name: "quoted names", unit: "«Иван»(Пётр)—Анна"},
	{name: "lead bytes D0", unit: "\xd0"},
	{name: "lead bytes D1", unit: "\xd1"},
	{name: "bytes FF", unit: "\xff"},
	{name: "overlong", unit: "\xc0\xaf\xe0\x80\xaf"},
	{name: "surrogates", unit: "\xed\xa0\x80"},
	{name: "й in two", unit: "и\u0306"},
	{name: "ё in two", unit: "е\u0308 "},
	{name: "soft hyphens", unit: "и\u00adв\u200b\u2060"},
	{name: "invisible digits", unit: "8\u200b9\u00ad"},
	{name: "thin spaces", unit: "916\u2009123\u00a0"},
	{name: "full-width digits", unit: "８９１６ "},
	{name: "Arabic digits", unit: "٠١٢٣ "},
	{name: "look-alikes", unit: "Ивaн Пeтpoв "},
	{name: "look-alike digits", unit: "8-9l6-lO3-4b-"},
	{name: "emoji", unit: "👍"},
	{name: "random bytes", make: randomBytes},
	{name: "random words", make: randomWords},
	{name: "turns of a call", unit: "Здравствуйте, меня зовут Марина, телефон 8 916 123-45-67, доставка на Лесную, дом 5.\n"},
}

// hostileText makes about n bytes.
func hostileText(i, n int) string {
	if h := hostile[i]; h.make == nil {
		return strings.Repeat(h.unit, n/len(h.unit)+1)
	}
	return hostile[i].make(n)
}

func ownNames(n int) string {
	var b strings.Builder
	syllables := strings.Fields("бар вел гор дан жур зат кир лом мун нав пер рос тал фир хан чер")
	for i := 0; b.Len() < n; i++ {
		name := syllables[i%16] + syllables[i/16%16] + syllables[i/256%16]
		b.WriteString("Игорь " + strings.ToUpper(name[:2]) + name[2:] + "ов, ")
	}
	return b.String()
}

func ownLabels(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "[PHONE_%d] ", i)
	}
	return b.String()
}

func randomBytes(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// randomWords mixes what the rules look for.
func randomWords(n int) string {
	words := strings.Fields("иван Петров 8 916 123 - @ . дом ул пять сто инн код [ ] ( +7 мая г а б - по буквам карта example ru // :")
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString([]string{"", " ", " ", "\n"}[r.IntN(4)])
	}
	return b.String()
}

// TestHostileSpans holds what every answer promises on hostile texts: of few bytes, around the widths of words and
// caches, and of more than a window.
func TestHostileSpans(t *testing.T) {
	small, strict := withSmallWindows(nil), New(&Options{Strict: true, MinScore: 0.1, Places: true})
	sizes := []int{windowSize + 3000}
	step := 1
	if raceEnabled { // ten times as slow, and one goroutine
		step = 13
	}
	for n := 0; n <= 130; n += step {
		sizes = append(sizes, n)
	}
	for i, h := range hostile {
		for _, n := range append(sizes, 1500) {
			text := hostileText(i, n)
			if n < windowSize {
				text = text[:min(n, len(text))]
				checkSpans(t, text, small.Find(text))
			}
			spans := strict.Find(text)
			if checkSpans(t, text, spans); t.Failed() {
				t.Fatalf("%s, %d bytes", h.name, n)
			}
			if n != 1500 && n != 78 || !utf8.ValidString(text) {
				continue
			}
			turns := []Turn{{"client", text}, {"agent", "так " + text}}
			r, err := small.Conversation(context.Background(), Conversation{Turns: turns})
			require.NoError(t, err)
			checkUndo(t, turns, r.Turns, r.Mapping)
		}
	}
}

// maxGrowth is how many times the work of a text that of four times the text may be: a little more than four. A part that
// grows with the square shows when it is a twentieth of the work.
const maxGrowth = 4.6

// TestWorkIsLinear counts the statements that run for hostile texts and for texts four times as long, by a program that is
// built with counters: no clock, so that a slow machine does not matter, and no cost in the code itself.
func TestWorkIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program with counters")
	}
	m := newWorkMeter(t)
	const size = 4 << 10 // four times as much, and again, is one window still: several would hide a square
	square := &workCase{way: "quadratic", make: func(n int) string { return filled("иван ", n) }, size: size}
	m.measure(square)
	require.Greater(t, square.growth, maxGrowth, "the test sees a square")

	var cases []*workCase
	for i, h := range hostile {
		ways := []string{"find"}
		if utf8.ValidString(hostileText(i, size)) {
			ways = append(ways, "session", "conversation")
		}
		if strings.Contains(h.name, "label") || strings.Contains(h.name, "role") || strings.Contains(h.name, "brackets") {
			ways = append(ways, "restore")
		}
		for _, way := range ways {
			cases = append(cases, &workCase{way: way, name: h.name, make: func(n int) string { return hostileText(i, n) }, size: size})
		}
		if h.name == "turns of a call" { // many windows
			cases = append(cases, &workCase{way: "session", name: h.name + ", windows", make: cases[len(cases)-1].make, size: 3 * windowSize / 2},
				&workCase{way: "stream", name: h.name + ", windows", make: cases[len(cases)-1].make, size: 3 * windowSize / 2})
		}
	}
	// What is learnt first makes the rest cost more, up to a bound, so that work that is steep is measured on longer texts, as
	// long as it grows less there. A square grows more the longer the text is.
	m.measure(cases...)
	for last := range 3 {
		var steep []*workCase
		for _, c := range cases {
			switch {
			case c.growth <= maxGrowth:
			case last == 2 || c.before > 0 && c.growth > c.before:
				t.Errorf("%s, %s: from %d KB on, work grows %.2f times with four times the text; most at %s", c.way, c.name, c.size>>10, c.growth, c.steepest)
			default:
				c.before = c.growth
				c.size *= 4
				steep = append(steep, c)
			}
		}
		m.measure(steep...)
		cases = steep
	}
}

// A workCase is one way to work on a text and on one of four times its size.
type workCase struct {
	way, name string
	make      func(n int) string
	size      int

	growth   float64 // how many times the work is more
	before   float64 // and how many it was of the shorter text
	steepest string  // the block that does most of what is too much
}

// A workMeter runs the program of testdata/work.
type workMeter struct {
	t                     *testing.T
	program, covdata, dir string
}

func newWorkMeter(t *testing.T) *workMeter {
	m := &workMeter{t: t, dir: t.TempDir()}
	m.program = filepath.Join(m.dir, "work.exe")
	out, err := exec.Command("go", "build", "-cover", "-covermode=atomic", "-coverpkg=./...,./testdata/work", "-o", m.program, "./testdata/work").CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command("go", "tool", "-n", "covdata").Output() // the tool itself: one start less for each case
	require.NoError(t, err)
	m.covdata = strings.TrimSpace(string(out))
	return m
}

// measure runs the program on all cases and reads its counters.
func (m *workMeter) measure(cases ...*workCase) {
	var orders bytes.Buffer
	var dirs []string
	for _, c := range cases {
		for _, n := range []int{c.size, 4 * c.size} {
			dir, err := os.MkdirTemp(m.dir, "")
			require.NoError(m.t, err)
			require.NoError(m.t, os.WriteFile(dir+".txt", []byte(c.make(n)), 0o600))
			fmt.Fprintf(&orders, "%s\t%s\t%s.txt\n", c.way, dir, dir)
			dirs = append(dirs, dir)
		}
	}
	cmd := exec.Command(m.program)
	cmd.Stdin = &orders
	cmd.Env = append(os.Environ(), "GOCOVERDIR="+m.dir)
	out, err := cmd.CombinedOutput()
	require.NoError(m.t, err, string(out))

	var wg sync.WaitGroup
	free := make(chan bool, runtime.GOMAXPROCS(0))
	for i, c := range cases {
		free <- true
		wg.Go(func() {
			c.compare(m.counts(dirs[2*i]), m.counts(dirs[2*i+1]))
			<-free
		})
	}
	wg.Wait()
	for _, c := range cases {
		require.Positive(m.t, c.growth, "%s, %s", c.way, c.name)
	}
}

// compare takes the statements that ran in each block for the text and for the longer one.
func (c *workCase) compare(one, four map[string]int) {
	total, most := [2]int{}, 0
	for block, n := range four {
		total[0] += one[block]
		total[1] += n
		if more := n - 4*one[block]; more > most {
			most, c.steepest = more, block
		}
	}
	c.growth = float64(total[1]) / float64(total[0])
}

// counts gives the statements that ran in each block, nil if the counters cannot be read.
func (m *workMeter) counts(dir string) map[string]int {
	out, err := exec.Command(m.covdata, "textfmt", "-i="+dir, "-o="+dir+".cov").CombinedOutput()
	if err != nil {
		m.t.Errorf("covdata: %v: %s", err, out)
		return nil
	}
	profile, err := os.ReadFile(dir + ".cov")
	if err != nil {
		m.t.Error(err)
		return nil
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(profile)) {
		fields := strings.Fields(line) // "file.go:1.2,3.4 statements runs"
		if len(fields) != 3 || fields[2] == "0" {
			continue
		}
		statements, _ := strconv.Atoi(fields[1])
		runs, _ := strconv.Atoi(fields[2])
		counts[fields[0]] += statements * runs
	}
	return counts
}

// BenchmarkHostile measures every hostile text beside an ordinary one.
func BenchmarkHostile(b *testing.B) {
	a := New(nil)
	for i, h := range hostile {
		for _, size := range []int{100 << 10, 10 << 20} {
			text := hostileText(i, size)
			b.Run(fmt.Sprintf("%s/%dKB", strings.ReplaceAll(h.name, " ", "-"), size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				var dst []Span
				for b.Loop() {
					dst = a.AppendSpans(dst[:0], text)
				}
				runtime.KeepAlive(dst)
			})
		}
	}
}
