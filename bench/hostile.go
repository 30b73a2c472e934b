package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/bench/corpus"
)

// hostile are inputs that make a masker work for nothing; %d bytes of each are made.
var hostile = []struct{ name, unit string }{
	{"all digits", "7"},
	{"1 1 1", "1 "},
	{"digit groups", "123 "},
	{"cards that fail", "4539 4772 3248 8604 "},
	{"phones", "+7 916 123-45-67 "},
	{"mixed separators", "8-(9)-1 "},
	{"all @", "@"},
	{"a@a@", "a@"},
	{"a.a.a.@", "a.a.a.@"},
	{"64 letters and @", strings.Repeat("x", 64) + "@"},
	{"one Russian word", "щ"},
	{"one Latin word", "q"},
	{"one-letter words", "я "},
	{"names", "Иван "},
	{"capitals", "Кцуен "},
	{"streets", "ул. Ленина "},
	{"street words", "ул "},
	{"towns", "г. "},
	{"numbers in words", "двадцать пять "},
	{"initials", "А. "},
	{"brackets", "[("},
	{"pluses", "+"},
	{"spaces", " "},
	{"emoji", "🙂"},
	{"lead bytes D0", "\xd0"},
	{"bytes FF", "\xff"},
	{"combining marks", "и\u0306"},
	{"soft hyphens", "а\u00ad"},
	{"quotes", "«Имя»"},
	{"wide digits", "１２３ "},
	{"labels", "[PHONE_1] "},
	{"random bytes", ""},
}

func hostileText(unit string, size int) string {
	if unit == "" {
		b := make([]byte, size)
		r := rand.New(rand.NewPCG(1, 1))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return string(b)
	}
	return strings.Repeat(unit, size/len(unit)+1)
}

// raceHostile compares each hostile input with itself ten or a hundred times as long, and with a call of the same size.
func raceHostile(r *report, o *options) error {
	small, large := 100<<10, 1<<20
	if o.full {
		large = 10 << 20
	}
	a := anonymize.New(nil)
	var spans []anonymize.Span
	find := func(text string) timed { return onThread(func() { spans = a.AppendSpans(spans[:0], text) }) }
	normal := corpus.Make(o.seed, corpus.Russian, corpus.Transcripts, true, small).Messages[0].Text
	works := []timed{find(normal)}
	for _, h := range hostile {
		works = append(works, find(hostileText(h.unit, small)), find(hostileText(h.unit, large)))
	}
	times, err := race(min(o.rounds, 5), works)
	if err != nil {
		return err
	}
	r.title("Hostile input: one line of 100 KB, and how speed changes with %d MB", large>>20)
	rows := [][]string{{"", "MB/s", "to a call", "long to short"}}
	slowest, longest := 1e9, 1e9
	for i, h := range hostile {
		short, long := times[1+2*i], times[2+2*i]
		toCall := ratio(times[0], float64(len(normal)), short, float64(small))
		growth := ratio(short, float64(small), long, float64(large))
		slowest, longest = min(slowest, toCall), min(longest, growth)
		speed := float64(small) / median(short).Seconds()
		rows = append(rows, []string{h.name, rate(speed), fmt.Sprintf("%.2f", toCall), fmt.Sprintf("%.2f", growth)})
		for j, size := range []int{small, large} {
			for _, took := range times[1+2*i+j] {
				r.bench(fmt.Sprintf("Hostile/%s/%dKB", h.name, size>>10), metric{float64(took), "ns/op"}, metric{float64(size) / took.Seconds() / 1e6, "MB/s"})
			}
		}
	}
	r.table(rows)
	r.atLeast("slowest hostile input to a call", slowest, 1.0/8, "x")
	r.atLeast(fmt.Sprintf("%d MB of it to 100 KB of it, the worst", large>>20), longest, 0.7, "x")
	return nil
}

// raceScaling lets two threads mask at once, beside two that only fold words: what the machine itself has to give.
func raceScaling(r *report, o *options) error {
	a := anonymize.New(nil)
	text := corpus.Make(o.seed, corpus.Russian, corpus.Transcripts, true, 200<<10).Messages[0].Text
	masking := func() func() {
		var spans []anonymize.Span
		return func() { spans = a.AppendSpans(spans[:0], text) }
	}
	folding := func() func() {
		var out []byte
		return func() {
			for range 10 {
				out = foldWords(out[:0], text)
			}
		}
	}
	works := []timed{
		together(masking()), together(masking(), masking()),
		together(folding()), together(folding(), folding()),
	}
	times, err := race(o.rounds, works)
	if err != nil {
		return err
	}
	ours := 2 * ratio(times[0], 1, times[1], 1)
	control := 2 * ratio(times[2], 1, times[3], 1)
	r.title("Two goroutines with one Analyzer: %.2f times the work of one; folding words: %.2f", ours, control)
	r.bench("Scaling/mask", metric{ours, "x"})
	r.bench("Scaling/fold", metric{control, "x"})
	r.atLeast("two goroutines, masking to folding", ours/control, 0.9, "x")
	return nil
}

// together times functions that run at once, several calls each, on the wall clock: threads of their own do them.
func together(fs ...func()) timed {
	return func() (time.Duration, error) {
		const calls = 4
		done := make(chan struct{})
		begun := time.Now()
		for _, f := range fs {
			go func() {
				for range calls {
					f()
				}
				done <- struct{}{}
			}()
		}
		for range fs {
			<-done
		}
		return time.Since(begun), nil
	}
}
