package jsonmask

import (
	"strings"
	"unicode"

	"github.com/syntora/vual/anonymize"
)

// mask gives what stands in the place of the value at the walker's path.
func (w *walker) mask(value string) (string, error) {
	kind, told := w.m.kindAt(w.path)
	if kind == Keep || strings.IndexFunc(value, visible) < 0 {
		return value, nil
	}
	key := ""
	if len(w.path) > 0 {
		key = w.path[len(w.path)-1]
	}
	if !told {
		kind = kindOfKey(key)
	}
	if kind == Scan {
		return w.search(key, value)
	}
	return w.hide(kind, value)
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
	if strings.IndexFunc(rest, visible) < 0 {
		return masked, nil
	}
	return "[" + string(kind) + "]", nil
}

// search masks what the rules find in a value, with its key as the words before it.
func (w *walker) search(key, value string) (string, error) {
	cue := ""
	if key != "" && isPlainKey(key) {
		cue = words(key) + ": "
	}
	if isNumber(value) && len(value) < shortestNumber {
		return value, nil
	}
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

// shortestNumber is how many digits a number needs before it is searched: phones have ten.
const shortestNumber = 10

func isNumber(s string) bool { return strings.Trim(s, "-+.0123456789eE") == "" }

func visible(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
