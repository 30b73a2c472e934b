package anonymize

import (
	"errors"
	"strings"
)

// Mark writes the spans into the text in the notation of the tests: «Мой ИНН [[INN:500100732259]].» The spans must be
// sorted and disjoint. The result holds the personal data: it is for tests and for people who may see it.
func Mark(text string, spans []Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start])
		b.WriteString("[[")
		b.WriteString(string(s.Kind))
		b.WriteByte(':')
		b.WriteString(text[s.Start:s.End])
		b.WriteString("]]")
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// Unmark reads what Mark wrote: the plain text and its spans. Brackets that hold no kind stay text.
func Unmark(marked string) (text string, spans []Span, err error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(marked, "[[")
		b.WriteString(before)
		if !found {
			return b.String(), spans, nil
		}
		kind, value, found := strings.Cut(rest, ":")
		if !found || !isKind(kind) {
			b.WriteByte('[')
			marked = marked[len(before)+1:] // the second bracket may begin a mark: "[[[PHONE:…]]"
			continue
		}
		value, after, found := strings.Cut(value, "]]")
		if !found {
			return "", nil, errors.New("anonymize: a mark is not closed")
		}
		start := b.Len()
		b.WriteString(value)
		spans = append(spans, Span{Start: start, End: b.Len(), Kind: Kind(kind), Score: 1})
		marked = after
	}
}

func isKind(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'A' && c <= 'Z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}
