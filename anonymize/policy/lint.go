package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// A Finding is what a policy may well say and its author should know.
type Finding struct {
	File         string
	Line, Column int
	Path         string
	Text         string
}

// String gives place and text.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Path, f.Text)
}

// Lint looks for what is allowed and seldom meant: values left visible, kinds that cannot come back, patterns that run
// on every text, recognizers that nobody proved. No finding does not mean that the policy is right.
func (p *Policy) Lint() []Finding {
	l := linter{p: p.p}
	l.kinds()
	l.restore()
	l.gateway()
	l.recognizers()
	return l.out
}

type linter struct {
	p   *policy
	out []Finding
}

func (l *linter) add(path, format string, args ...any) {
	at := l.p.doc.place(path)
	l.out = append(l.out, Finding{at.file, at.line, at.column, path, fmt.Sprintf(format, args...)})
}

func (l *linter) kinds() {
	d := &l.p.doc
	for _, kind := range sortedKeys(d.Kinds) {
		path := join("kinds", kind)
		switch rule := d.Kinds[kind]; {
		case rule.Operator == "keep":
			l.add(path, "its values stay visible")
		case rule.MinScore != 0 && rule.MinScore < 0.3:
			l.add(path, "a threshold of %.2f masks much that is nobody's", rule.MinScore)
		case rule.MinScore > 0.9:
			l.add(path, "a threshold of %.2f lets most values pass", rule.MinScore)
		}
	}
	if d.MinScore > 0.9 {
		l.add("min_score", "a threshold of %.2f lets most values pass", d.MinScore)
	}
	for i, text := range d.Allow {
		for kind, texts := range d.Deny {
			if slices.Contains(texts, text) {
				l.add(index("allow", i), "deny has it as %s, which is stronger", kind)
			}
		}
	}
}

// neverBack are kinds of which hardly anybody needs the value again.
var neverBack = [...]anonymize.Kind{anonymize.CVV, anonymize.OTP, anonymize.PASSWORD, anonymize.SECRET}

func (l *linter) restore() {
	for _, purpose := range sortedKeys(l.p.restore) {
		r, path := l.p.restore[purpose], join("restore", purpose)
		for i, kind := range r.Kinds {
			at := index(join(path, "kinds"), i)
			if slices.Contains(neverBack[:], kind) {
				l.add(at, "what opens an account or a payment comes back")
			}
			if op, ok := l.p.opts.Operators[kind]; ok && slices.Contains([]string{"redact", "mask", "keep"}, op.String()) {
				l.add(at, "its operator %s leaves nothing to come back by", op)
			}
		}
		if r.Everywhere {
			l.add(path, "values come back inside URLs and tool calls too, where they leave unseen")
		}
	}
}

func (l *linter) gateway() {
	g := l.p.doc.Gateway
	if g == nil {
		return
	}
	if len(g.Regions) == 0 {
		l.add("gateway", "without regions nothing can be reached")
	}
	for i := range g.Training {
		l.add(index("gateway.training", i), "a provider may keep what it is sent for training")
	}
}

func (l *linter) recognizers() {
	if l.p.doc.Patterns.OnTimeout == "pass" {
		l.add("patterns.on_timeout", "a text on which a pattern takes too long goes out without it")
	}
	for i := range l.p.doc.Recognizers {
		l.recognizer(&l.p.doc.Recognizers[i], index("recognizers", i))
	}
}

func (l *linter) recognizer(r *Recognizer, path string) {
	if len(r.Finds) == 0 || len(r.Ignores) == 0 {
		l.add(path, "no example in finds, or none in ignores: nobody proved it")
	}
	if r.Digits != nil && r.Check == "" && r.Context == nil {
		for i, shape := range r.Digits {
			if n := len(strings.ReplaceAll(shape, " ", "")); n < 7 && strings.Trim(shape, "# ") == "" {
				l.add(index(join(path, "digits"), i), "without a check or context every number of %d digits is one", n)
			}
		}
	}
	if r.Pattern != "" && l.everywhere(r.Name) {
		l.add(join(path, "pattern"), "no letter, sign or digit must be there for it to match: it runs on every text")
	}
}

// everywhere reports a pattern that no look at the text rules out.
func (l *linter) everywhere(name string) bool {
	own := l.p.opts.Recognizers[0].(*recognizers)
	i := slices.IndexFunc(own.patterns, func(p patternRule) bool { return p.recognizer == name })
	return len(own.patterns[i].needs) == 0
}
