package main

import (
	"regexp"

	"github.com/dlclark/regexp2/v2"
	"github.com/hoophq/alcatraz"
	re2 "github.com/wasilibs/go-re2"
)

// libraries are what a Go service would use instead.
func libraries() []candidate {
	return []candidate{regexpList(), regexp2List(), re2Combined(), alcatrazEngine()}
}

func regexpList() candidate {
	var compiled []*regexp.Regexp
	for _, p := range patterns {
		compiled = append(compiled, regexp.MustCompile(p))
	}
	return finder("regexp", "the list of twenty patterns, standard library, one after the other", func(dst []stretch, text string) []stretch {
		for _, re := range compiled {
			for _, m := range re.FindAllStringIndex(text, -1) {
				dst = append(dst, stretch{m[0], m[1]})
			}
		}
		return inOrder(dst)
	})
}

func regexp2List() candidate {
	var compiled []*regexp2.Regexp
	for _, p := range patterns {
		compiled = append(compiled, regexp2.MustCompile(p, regexp2.RE2))
	}
	return finder("regexp2", "the list, github.com/dlclark/regexp2/v2, one after the other", func(dst []stretch, text string) []stretch {
		for _, re := range compiled {
			found, err := re.FindAllStringIndex(text, -1)
			if err != nil {
				panic(err) // only a time-out can fail, and none is set
			}
			for _, m := range found {
				dst = append(dst, stretch{m[0], m[1]})
			}
		}
		return inOrder(dst)
	})
}

func re2Combined() candidate {
	re := re2.MustCompile(combined(patterns))
	return finder("go-re2", "the list as one alternation, github.com/wasilibs/go-re2 without cgo", func(dst []stretch, text string) []stretch {
		for _, m := range re.FindAllStringIndex(text, -1) {
			dst = append(dst, stretch{m[0], m[1]})
		}
		return dst
	})
}

func alcatrazEngine() candidate {
	engine := alcatraz.NewEngine()
	return finder("alcatraz", "github.com/hoophq/alcatraz with all its recognizers, without its language model", func(dst []stretch, text string) []stretch {
		for _, r := range engine.Analyze(text, alcatraz.Options{}) {
			dst = append(dst, stretch{r.Start, r.End})
		}
		return inOrder(dst)
	})
}
