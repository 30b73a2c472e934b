package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"

	"github.com/syntora/vual/anonymize"
)

// BenchmarkPatterns measures what recognizers cost on texts that they cannot match: clean words, and words with numbers.
func BenchmarkPatterns(b *testing.B) {
	texts := []struct{ name, text string }{
		{"words", "Здравствуйте, это магазин на углу, мы привезём ваш заказ завтра до обеда, если вы будете дома."},
		{"numbers", "Заказ 4821 на 3 коробки по 120 рублей, 15 марта в 14:30, корпус 7, артикул 88-120."},
	}
	for _, count := range []int{0, 1, 16, 64} {
		doc := Document{Version: 1, Name: "x"}
		for i := range count {
			doc.Recognizers = append(doc.Recognizers, Recognizer{Name: fmt.Sprint("p", i), Kind: "A", Pattern: fmt.Sprintf(`(?i)(?<![\p{L}\d])(?:договор|ДГ%c)-\d{4}/\d{2}(?!\d)`, 'А'+rune(i%32))})
		}
		p, err := New(doc, nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range texts {
			b.Run(fmt.Sprintf("%s/%d", c.name, count), func(b *testing.B) {
				var dst []anonymize.Span
				b.SetBytes(int64(len(c.text)))
				b.ReportAllocs()
				for b.Loop() {
					dst = p.Analyzer().AppendSpans(dst[:0], c.text)
				}
			})
		}
	}
}

// BenchmarkNeeds is the look at the text alone, for 64 patterns, and the same patterns run without it.
func BenchmarkNeeds(b *testing.B) {
	var rules []patternRule
	for i := range 64 {
		pattern := fmt.Sprintf(`(?i)(?<![\p{L}\d])(?:договор|ДГ%c)-\d{4}/\d{2}(?!\d)`, 'А'+rune(i%32))
		rules = append(rules, patternRule{re: regexp2.MustCompile(pattern), needs: needsOfPattern(b, pattern)})
	}
	text := "Здравствуйте, это магазин на углу, мы привезём ваш заказ завтра к 15 часам, если вы будете дома."
	b.Run("look", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			var g grams
			g.read(text)
			for i := range rules {
				if rules[i].needs.met(&g) {
					b.Fatal("a text that cannot match may match")
				}
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			for i := range rules {
				if ok, err := rules[i].re.MatchString(text); ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	long := head + "allow:\n" + strings.Repeat("  - ООО «Ромашка и партнёры»\n", 1000)
	for _, text := range []string{preset152, long} {
		b.Run(fmt.Sprintf("%dKB", len(text)>>10), func(b *testing.B) {
			for b.Loop() {
				if _, err := Parse([]byte(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
