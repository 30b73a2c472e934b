package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/bench/corpus"
)

func TestLeakOnAToy(t *testing.T) {
	text := "Это Анна, +7 916 12"
	name, phone := stretch{7, 15}, stretch{17, 26}
	m := corpus.Message{Text: text, Values: []corpus.Value{{Start: name.start, End: name.end, Kind: "PERSON"}, {Start: phone.start, End: phone.end, Kind: "PHONE"}}}
	if text[name.start:name.end] != "Анна" || text[phone.start:phone.end] != "+7 916 12" {
		t.Fatal("the toy is wrong")
	}
	for _, c := range []struct {
		hidden              []stretch
		leak, person, phone float64
		over                float64 // of «Это»
	}{
		{nil, 1, 1, 1, 0},
		{[]stretch{name, phone}, 0, 0, 0, 0},
		{[]stretch{phone, name, {17, 18}}, 0, 0, 0, 0},      // in any order, overlapping
		{[]stretch{{7, 11}}, 0.8, 0.5, 1, 0},                // half of the name
		{[]stretch{phone}, 0.4, 1, 0, 0},                    // 4 of 10 letters and digits
		{[]stretch{{18, 19}, {20, 23}}, 0.6, 1, 2.0 / 6, 0}, // signs and spaces do not count
		{[]stretch{{0, 1000}}, 0, 0, 0, 1},                  // everything, beyond the end
		{[]stretch{{0, 2}, {4, 6}}, 1, 1, 1, 2.0 / 3},       // what is not personal
		{[]stretch{{-5, 2}}, 1, 1, 1, 1.0 / 3},
	} {
		by := map[string]*tally{}
		var over tally
		leak(m, c.hidden, by)
		overmask(m, c.hidden, &over)
		for kind, want := range map[string]float64{"": c.leak, "PERSON": c.person, "PHONE": c.phone} {
			if got := by[kind].share(); got != want {
				t.Errorf("%v: %q leaks %v, want %v", c.hidden, kind, got, want)
			}
		}
		if over.share() != c.over {
			t.Errorf("%v: overmasks %v, want %v", c.hidden, over.share(), c.over)
		}
	}
}

func TestAlign(t *testing.T) {
	for _, c := range []struct {
		original, masked string
		hidden           []stretch
	}{
		{"nothing here", "nothing here", nil},
		{"Call Ann now", "Call # now", []stretch{{5, 8}}},
		{"Ann a@b.c", "# #", []stretch{{0, 3}, {4, 9}}},
		{"a now, b now", "# now", []stretch{{0, 8}}}, // what follows the last mark ends the text
		{"Ann", "#", []stretch{{0, 3}}},
		{"call Ann", "call #", []stretch{{5, 8}}},
		{"abc def", "rewritten", []stretch{{0, 7}}},
	} {
		if got := align(c.original, c.masked, "#"); !slices.Equal(got, c.hidden) {
			t.Errorf("%q: %v, want %v", c.masked, got, c.hidden)
		}
	}
}

func TestMaskedTextHasNothingOfAStretch(t *testing.T) {
	got := string(appendMasked(nil, "0123456789", []stretch{{1, 4}, {2, 6}, {8, 10}}))
	if got != "0[PII]67[PII]" {
		t.Error(got)
	}
}

// Every candidate that masks takes away an e-mail address and a card that its checks accept.
func TestCandidatesMaskACanary(t *testing.T) {
	text := "Write to ivan.petrov@example.com, the card is 4539 4772 3248 8603, thank you."
	canary := &corpus.Corpus{Messages: []corpus.Message{{Text: text}, {Text: "Клиент: " + text + "\n"}}}
	for _, c := range slices.Concat(ours(), libraries()) {
		all, err := c.all(canary)
		if err != nil {
			t.Fatal(c.name, err)
		}
		for i, m := range canary.Messages {
			gone := cover(m.Text, all[i])
			for _, value := range []string{"ivan.petrov@example.com", "4539 4772 3248 8603"} {
				start := indexOf(t, m.Text, value)
				for at := start; at < start+len(value); at++ {
					if counts(rune(m.Text[at])) && !gone[at] {
						t.Fatalf("%s leaves %q of text %d visible: %v", c.name, value, i, all[i])
					}
				}
			}
			if gone[indexOf(t, m.Text, "thank")] {
				t.Errorf("%s takes away everything", c.name)
			}
		}
		if took, err := c.work(canary)(); err != nil || took <= 0 {
			t.Errorf("%s: a round of %v, %v", c.name, took, err)
		}
	}
	for _, c := range floors() {
		if took, err := c.work(canary)(); err != nil || took <= 0 {
			t.Errorf("%s: a round of %v, %v", c.name, took, err)
		}
	}
}

func indexOf(t *testing.T, text, value string) int {
	for i := range text {
		if len(text) >= i+len(value) && text[i:i+len(value)] == value {
			return i
		}
	}
	t.Fatalf("no %q in %q", value, text)
	return 0
}

func TestFoldingFloor(t *testing.T) {
	if got := string(foldWords(nil, "Ёлка, ЮГ-2 и Ёж—Rhein!")); got != "елка юг 2 и еж rhein " {
		t.Errorf("%q", got)
	}
}

func TestRaceGoesRound(t *testing.T) {
	var order []int
	work := func(n int, took time.Duration) timed {
		return func() (time.Duration, error) { order = append(order, n); return took, nil }
	}
	times, err := race(3, []timed{work(0, 10), work(1, 20)})
	if err != nil || !slices.Equal(order, []int{0, 1, 1, 0, 0, 1, 1, 0}) {
		t.Errorf("order %v, %v", order, err)
	}
	if !slices.Equal(times[0], []time.Duration{10, 10, 10}) || ratio(times[1], 1, times[0], 1) != 2 || ratio(times[1], 4, times[0], 1) != 0.5 {
		t.Errorf("times %v", times)
	}
	broken := errors.New("broken")
	if _, err := race(3, []timed{func() (time.Duration, error) { return 0, broken }}); err != broken {
		t.Error(err)
	}
}

// A busy round disturbs its neighbours alike, so the median of ratios stands where a ratio of sums does not.
func TestRatioIsOfRounds(t *testing.T) {
	fast := []time.Duration{10, 10, 1000, 10, 10}
	slow := []time.Duration{20, 20, 2000, 20, 700}
	if got := ratio(slow, 1, fast, 1); got != 2 {
		t.Error(got)
	}
}

func TestOffsetsOfRunes(t *testing.T) {
	text := "Я, Анна"
	got := ofRunes(text, [][2]int{{3, 7}, {0, 1}, {5, 5}, {6, 99}})
	if !slices.Equal(got, []stretch{{4, 12}, {0, 2}}) || text[4:12] != "Анна" {
		t.Error(got)
	}
}

func TestExpectedValuesStandAsWords(t *testing.T) {
	values := []expectedValue{{Kind: "PERSON", Value: "Анна"}, {Kind: "PERSON", Value: "Анна Белова"}, {Kind: "CVV", Value: "12"}}
	got := standing("Анна Белова, Анна и Аннапурна, 12 из 125", values)
	want := []corpus.Value{{Start: 0, End: 21, Kind: "PERSON"}, {Start: 23, End: 31, Kind: "PERSON"}, {Start: 55, End: 57, Kind: "CVV"}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestQualityOnAToy(t *testing.T) {
	s := scores{}
	values := []corpus.Value{{Start: 0, End: 4, Kind: "CARD"}, {Start: 5, End: 8, Kind: "CVV"}}
	s.add("1234 567 89", values, []anonymize.Span{{Start: 0, End: 4, Kind: "CARD"}, {Start: 5, End: 7, Kind: "OTP"}, {Start: 9, End: 11, Kind: "OTP"}})
	for kind, want := range map[string]score{"": {2, 1, 3, 2}, "CARD": {1, 1, 1, 1}, "CVV": {1, 0, 0, 0}, "OTP": {0, 0, 2, 1}} {
		if *s[kind] != want {
			t.Errorf("%q: %v, want %v", kind, *s[kind], want)
		}
	}
}

// One small run of the masks, from the corpora to the files.
func TestRunWritesItsFiles(t *testing.T) {
	if underRace {
		t.Skip("one thread does it all, and takes half a minute here")
	}
	o := &options{seed: 1, rounds: 1, round: time.Microsecond, corpusSize: 6 << 10, results: t.TempDir(), only: "mask"}
	var out strings.Builder
	if err := run(o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Masking Russian", "left visible", "vual conversation", "alcatraz", "Goals"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in the tables", want)
		}
	}
	names, _ := filepath.Glob(filepath.Join(o.results, "*"))
	if len(names) != 3 {
		t.Fatalf("wrote %v", names)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case filepath.Ext(name) == ".svg":
			checkDrawing(t, string(data))
		case strings.HasSuffix(name, "-tables.txt"):
			if string(data) != out.String() {
				t.Error("the tables in the file are not those on the terminal")
			}
		default:
			checkBenchmarks(t, string(data))
		}
	}
}

func checkDrawing(t *testing.T, svg string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"prefers-color-scheme:dark", ">go-re2<", ">vual session<", "fill:var(--seen)"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in the drawing", want)
		}
	}
}

// checkBenchmarks holds the lines to https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md.
func checkBenchmarks(t *testing.T, text string) {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasSuffix(fields[0], ":") {
			continue
		}
		if !strings.HasPrefix(fields[0], "Benchmark") || len(fields)%2 != 0 {
			t.Fatalf("no benchmark: %q", line)
		}
		seen[fields[0]] = true
		for i := 2; i < len(fields); i += 2 { // after how often it ran: figure and unit
			if _, err := strconv.ParseFloat(fields[i], 64); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
		}
	}
	for _, want := range []string{"BenchmarkMask/ru/messages/vual", "BenchmarkMask/mixed/transcripts/clean/words,-folded"} {
		if !seen[want] {
			t.Errorf("no line %s", want)
		}
	}
}
