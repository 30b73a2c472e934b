package jsonmask

import (
	"slices"
	"strings"
	"unicode"

	"github.com/syntora/vual/anonymize"
)

// mask gives what stands in the place of the value at the walker's path.
func (w *walker) mask(value string) (string, error) {
	l := w.level()
	switch {
	case l.kind == Keep || !shows(l.kind, value):
		return value, nil
	case l.kind != Scan && (l.own || isPartOf(l.kind, value)):
		return w.hide(l.kind, value)
	}
	return w.search(w.cue(l), value)
}

// isPartOf reports what may be a part of a value of the kind: of «passport» the number, not the word «valid».
func isPartOf(kind anonymize.Kind, value string) bool {
	switch kind {
	case anonymize.PERSON, anonymize.ADDRESS, anonymize.PASSWORD, anonymize.SECRET:
		return true
	}
	return strings.ContainsFunc(value, unicode.IsDigit)
}

// cue gives the words before the value: its key, and the key above it that tells more.
func (w *walker) cue(l level) string {
	if len(w.path) == 0 || !isPlainKey(w.path[len(w.path)-1]) {
		return ""
	}
	cue := words(w.path[len(w.path)-1]) + ": "
	if l.above != "" {
		cue = words(l.above) + " " + cue
	}
	return cue
}

// hide masks a value of which the kind is known. What the rules do not find there is hidden all the same, by the kind
// alone.
func (w *walker) hide(kind anonymize.Kind, value string) (string, error) {
	if kind == anonymize.PERSON { // a speaker's name is known to be one
		r, err := w.session.Anonymize(w.ctx, anonymize.Turn{Speaker: value})
		return r.Speaker, err
	}
	r, err := w.session.Anonymize(w.ctx, anonymize.Turn{Speaker: "note", Text: cueOf(kind) + value})
	if err != nil {
		return "", err
	}
	masked, rest := behind(len(cueOf(kind)), r, cueOf(kind)+value)
	if !shows(kind, rest) && all(r.Spans, kind) {
		return masked, nil
	}
	return "[" + string(kind) + "]", nil
}

// all reports that nothing else was found: a house number may be taken for an echo of a phone told before, to which its
// token would lead back.
func all(spans []anonymize.MaskedSpan, kind anonymize.Kind) bool {
	return !slices.ContainsFunc(spans, func(s anonymize.MaskedSpan) bool { return s.Kind != kind })
}

// search masks what the rules find in a value with the words before it.
func (w *walker) search(cue, value string) (string, error) {
	r, err := w.session.Anonymize(w.ctx, anonymize.Turn{Speaker: "note", Text: cue + value})
	if err != nil {
		return "", err
	}
	masked, _ := behind(len(cue), r, cue+value)
	return masked, nil
}

// behind gives the masked text without the cue before it, and what of the value stayed visible.
func behind(cue int, r anonymize.Masked, original string) (masked, rest string) {
	var b, left strings.Builder
	at := cue
	for _, s := range r.Spans {
		if s.End <= cue {
			continue
		}
		part := original[at:max(s.Start, at)]
		b.WriteString(part)
		left.WriteString(part)
		b.WriteString(s.Token)
		at = s.End
	}
	b.WriteString(original[at:])
	left.WriteString(original[at:])
	return b.String(), left.String()
}

// shortestNumber is how many digits a number needs before it is searched: those of Options.Strict of package anonymize.
const shortestNumber = 7

// shows reports that a text tells something: letters or digits, and of a password any sign.
func shows(kind anonymize.Kind, text string) bool {
	if kind == anonymize.PASSWORD || kind == anonymize.SECRET {
		return strings.TrimSpace(text) != ""
	}
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
