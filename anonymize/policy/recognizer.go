package policy

import (
	"github.com/syntora/vual/anonymize"
)

// recognizers are all of a policy's own, as one [anonymize.Recognizer], so that they share one look at the text.
type recognizers struct {
	words    []wordRule
	digits   digitRules
	patterns []patternRule
	bounds   bounds
}

// A finding is what all three sorts of rules share.
type finding struct {
	kind         anonymize.Kind
	name         string // of the rule
	score, alone float32
	context      *anonymize.WordList // nil if no word is needed
}

type wordRule struct {
	finding
	list *anonymize.WordList
}

// rulePrefix begins the rules of spans that a policy's own recognizers found.
const rulePrefix = "policy/"

// Bounds of recognizers, so that their cost is bounded whoever writes them.
const (
	maxRecognizers = 256
	maxPatterns    = 64
	maxForms       = 5_000 // texts of a list with forms
	maxExamples    = 1_000
	defaultScore   = 0.9
)

// Recognize finds what the policy's own recognizers find.
func (r *recognizers) Recognize(dst []anonymize.Span, t *anonymize.Text) []anonymize.Span {
	for i := range r.words {
		rule := &r.words[i]
		rule.list.Find(t, func(start, end int) { dst = rule.append(dst, t, start, end) })
	}
	dst = r.digits.appendSpans(dst, t)
	if len(r.patterns) > 0 {
		dst = r.appendPatterns(dst, t)
	}
	return dst
}

// append adds a find, unless a word is wanted near it and none is there.
func (f *finding) append(dst []anonymize.Span, t *anonymize.Text, start, end int) []anonymize.Span {
	score := f.score
	if f.context != nil && !f.context.Near(t, start, end) {
		score = f.alone
	}
	if score == 0 {
		return dst
	}
	return append(dst, anonymize.Span{Start: start, End: end, Kind: f.kind, Score: score, Rule: f.name})
}

// recognizers compiles the document's own recognizers.
func (c *compiler) recognizers() error {
	d := c.doc
	own := &recognizers{}
	if err := c.bounds(&own.bounds); err != nil {
		return err
	}
	if len(d.Recognizers) > maxRecognizers {
		return d.errorf("recognizers", "more than %d", maxRecognizers)
	}
	names := map[string]bool{}
	for i := range d.Recognizers {
		r, path := &d.Recognizers[i], index("recognizers", i)
		if names[r.Name] {
			return d.errorf(join(path, "name"), "two recognizers of one name")
		}
		names[r.Name] = true
		if err := c.recognizer(own, r, path); err != nil {
			return err
		}
	}
	if len(d.Recognizers) > 0 {
		c.p.opts.Recognizers = []anonymize.Recognizer{own}
	}
	return nil
}

func (c *compiler) recognizer(own *recognizers, r *Recognizer, path string) error {
	f, err := c.finding(r, path)
	if err != nil {
		return err
	}
	c.own = append(c.own, f.kind)
	sorts := 0
	for _, given := range []bool{r.Words != nil, r.Digits != nil, r.Pattern != ""} {
		if given {
			sorts++
		}
	}
	switch {
	case sorts != 1:
		return c.doc.errorf(path, "exactly one of words, digits and pattern is wanted")
	case r.Words == nil && r.Forms, r.Digits == nil && (r.Check != "" || r.Weights != nil), r.Pattern == "" && r.Group != "":
		return c.doc.errorf(path, "forms belongs to words, check and weights to digits, group to pattern")
	case r.Words != nil:
		return c.words(own, r, f, path)
	case r.Digits != nil:
		rule, err := c.digits(r, f, path)
		if err == nil {
			own.digits.add(rule)
		}
		return err
	}
	if len(own.patterns) == maxPatterns {
		return c.doc.errorf(path, "more than %d patterns", maxPatterns)
	}
	rule, err := c.pattern(r, f, own.bounds.timeout, path)
	own.patterns = append(own.patterns, rule)
	return err
}

// finding reads what all sorts share.
func (c *compiler) finding(r *Recognizer, path string) (finding, error) {
	d := c.doc
	switch {
	case !isName(r.Name):
		return finding{}, d.errorf(join(path, "name"), "lower-case letters, digits and dashes are wanted, at most %d", maxName)
	case !isKind(r.Kind) || r.Kind == string(anonymize.TEXT):
		return finding{}, d.errorf(join(path, "kind"), "a kind is upper-case letters, digits and _, at most %d, and not TEXT", maxKind)
	case r.ScoreAlone != 0 && r.Context == nil:
		return finding{}, d.errorf(join(path, "score_alone"), "there is no context without which to score")
	}
	if len(r.Finds) > maxExamples || len(r.Ignores) > maxExamples {
		return finding{}, d.errorf(path, "more than %d examples", maxExamples)
	}
	if err := c.score(join(path, "score"), r.Score); err != nil {
		return finding{}, err
	}
	if err := c.score(join(path, "score_alone"), r.ScoreAlone); err != nil {
		return finding{}, err
	}
	if err := c.texts(join(path, "context"), r.Context); err != nil {
		return finding{}, err
	}
	f := finding{kind: anonymize.Kind(r.Kind), name: rulePrefix + r.Name, score: float32(r.Score), alone: float32(r.ScoreAlone)}
	if f.score == 0 {
		f.score = defaultScore
	}
	if len(r.Context) > maxForms {
		return f, d.errorf(join(path, "context"), "more than %d texts", maxForms)
	}
	if r.Context != nil {
		f.context = anonymize.NewWordList(r.Context, true)
	}
	return f, nil
}

func (c *compiler) words(own *recognizers, r *Recognizer, f finding, path string) error {
	at := join(path, "words")
	if err := c.texts(at, r.Words); err != nil {
		return err
	}
	if len(r.Words) == 0 || r.Forms && len(r.Words) > maxForms {
		return c.doc.errorf(at, "texts are wanted, at most %d with forms", maxForms)
	}
	own.words = append(own.words, wordRule{f, anonymize.NewWordList(r.Words, r.Forms)})
	return nil
}
