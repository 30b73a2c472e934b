package anonymize_test

import (
	"fmt"

	"github.com/syntora/vual/anonymize"
)

// A recognizer of one's own sees numbers as the built-in rules do: written or said.
func ExampleText_Numbers() {
	badge := anonymize.RecognizerFunc(func(dst []anonymize.Span, t *anonymize.Text) []anonymize.Span {
		t.Numbers(6, 6, func(start, end int, digits []byte) {
			if string(digits[:2]) == "77" {
				dst = append(dst, anonymize.Span{Start: start, End: end, Kind: "BADGE", Score: 0.95, Rule: "badge"})
			}
		})
		return dst
	})
	a := anonymize.New(&anonymize.Options{Recognizers: []anonymize.Recognizer{badge}})
	for _, text := range []string{"Пропуск 77-12-30.", "семьдесят семь двенадцать тридцать"} {
		fmt.Println(anonymize.Mark(text, a.Find(text)))
	}
	// Output:
	// Пропуск [[BADGE:77-12-30]].
	// [[BADGE:семьдесят семь двенадцать тридцать]]
}

func ExampleWordList() {
	projects := anonymize.NewWordList([]string{"Тихая гавань"}, true)
	a := anonymize.New(&anonymize.Options{Recognizers: []anonymize.Recognizer{
		anonymize.RecognizerFunc(func(dst []anonymize.Span, t *anonymize.Text) []anonymize.Span {
			projects.Find(t, func(start, end int) {
				dst = append(dst, anonymize.Span{Start: start, End: end, Kind: "PROJECT", Score: 0.95, Rule: "project"})
			})
			return dst
		}),
	}})
	text := "Смотрели квартиру в Тихой гавани."
	fmt.Println(anonymize.Mark(text, a.Find(text)))
	// Output: Смотрели квартиру в [[PROJECT:Тихой гавани]].
}
