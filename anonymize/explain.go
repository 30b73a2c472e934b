package anonymize

import (
	"fmt"
	"sort"
	"strings"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// An Explanation says why a stretch was taken for personal data. It has nothing of the text, so it may be logged.
type Explanation struct {
	Span
	Reasons []string // in words: the form, the check digits, the word nearby
}

// Explain is [Analyzer.Find] with reasons. It is for people who write policies and look for mistakes, not for speed.
func (a *Analyzer) Explain(text string) []Explanation {
	t := &Text{}
	var all []Explanation
	for w := &t.window; !w.last; {
		a.nextWindow(t, text, 0, true)
		spans := a.appendOwn(nil, t)
		if t.failed != nil {
			return []Explanation{{failedSpan(text), []string{t.failed.Error()}}}
		}
		for _, s := range spans {
			reasons := t.reasons(s)
			s.Start, s.End = s.Start+w.at, s.End+w.at
			all = append(all, Explanation{s, reasons})
		}
	}
	return all
}

// String writes the explanation in one line.
func (e Explanation) String() string {
	return fmt.Sprintf("%s %d-%d %.2f %s: %s", e.Kind, e.Start, e.End, e.Score, e.Rule, strings.Join(e.Reasons, "; "))
}

// ruleWords says what the second half of a rule's name means. What is not here says it by its name.
var ruleWords = []struct{ name, words string }{
	{"cue", "a word for the kind stands near"},
	{"checksum-10", "the digits are checked"},
	{"checksum-12", "the digits are checked"},
	{"checksum-13", "the digits are checked"},
	{"checksum-15", "the digits are checked"},
	{"checksum", "the digits are checked"},
	{"structure", "digits in the structure of the kind"},
	{"luhn", "a card network's first digit and length"},
	{"number-plan", "a number of a country's plan"},
	{"ru", "a number of the Russian plan with 7 or 8"},
	{"ru-national", "ten digits of the Russian plan"},
	{"plus", "a plus sign before enough digits"},
	{"international", "a number of another country's plan"},
	{"city", "a number without its code behind a word for a phone"},
	{"last-digits", "the last digits of a number that is spoken of"},
	{"last-four", "the last four digits of a card that is spoken of"},
	{"starred", "a card with stars in its middle"},
	{"address", "a name, an at sign and a domain, written or said"},
	{"at", "a name behind an at sign"},
	{"profile", "a page on a host whose pages are people"},
	{"issuer", "an office that issues passports, near a passport"},
	{"division", "the code of the office that issued a passport"},
	{"person", "a date right behind a person"},
	{"year", "a full date in the life of an adult"},
	{"name", "the forms of a name agree"},
	{"anchor", "words around say that a name stands here"},
	{"agreement", "the parts of a name agree in case and sex"},
	{"chain", "parts of an address in a chain"},
	{"prefix", "the beginning by which its owner marks a secret"},
	{"strict", "seven digits or more that no other rule claims"},
	{"label", "text in the shape of a label"},
}

// reasons collects what spoke for a span.
func (t *Text) reasons(s Span) []string {
	_, name, _ := strings.Cut(s.Rule, "/")
	reasons := []string{s.Rule}
	for _, r := range ruleWords {
		if r.name == name {
			reasons[0] = r.words
		}
	}
	from, to := t.tokensOf(s)
	if from == to {
		return reasons
	}
	if words := t.checkReason(s); words != "" {
		reasons = append(reasons, words)
	}
	if words := t.hintReason(from, to); words != "" {
		reasons = append(reasons, words)
	}
	return reasons
}

// tokensOf gives the tokens that lie in a span.
func (t *Text) tokensOf(s Span) (from, to int) {
	from = sort.Search(len(t.tok), func(i int) bool { return int(t.tok[i].start) >= s.Start })
	for to = from; to < len(t.tok) && int(t.tok[to].end) <= s.End; to++ {
	}
	return from, to
}

// checkReason says what the check digits of a number tell.
func (t *Text) checkReason(s Span) string {
	digits := t.appendCanonical(nil, s)
	for _, table := range identifiers {
		for i := range table {
			row := &table[i]
			if row.kind != s.Kind || row.check == nil || len(digits) > maxNumberDigits || row.lengths&(1<<len(digits)) == 0 {
				continue
			}
			if row.check(digits) == valid {
				return "its check digits are right"
			}
			return "its check digits are wrong, the words around outweigh them"
		}
	}
	return ""
}

// hintReason names the cue that speaks of the span.
func (t *Text) hintReason(from, to int) string {
	h := t.hintFor(from, to)
	if h.cue == vocabulary.NoCue {
		return ""
	}
	name := vocabulary.Cues[h.cue]
	switch {
	case h.at < 0:
		return "the previous speaker asked for " + name
	case h.at < from:
		return fmt.Sprintf("a word for %s stands %d before", name, from-h.at)
	}
	return fmt.Sprintf("a word for %s stands %d behind", name, h.at-to+1)
}
