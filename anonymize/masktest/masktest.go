// Package masktest helps tests to hold that a program lets no personal data out:
//
//	masktest.NoPII(t, logs.String())
//
// It looks as [anonymize.Analyzer.Find] does and promises as much: text that passes may still hold a name that no rule
// knows. Plant values of your own beside it and look for those, too.
package masktest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// NoPII fails the test if personal data is found in the text, or if the text is not UTF-8, in which data can hide. It
// reports kinds, rules and places, never the data: the output of tests is kept in many places.
func NoPII(t testing.TB, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("the text is not UTF-8")
	}
	for _, s := range anonymize.New(nil).Find(text) {
		line := 1 + strings.Count(text[:s.Start], "\n")
		t.Errorf("line %d, bytes %d to %d: %s (%s, score %.2f)", line, s.Start, s.End, s.Kind, s.Rule, s.Score)
	}
}
