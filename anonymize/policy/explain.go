package policy

import (
	"fmt"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// Explain is [anonymize.Analyzer.Explain] with what the policy knows of its own recognizers.
func (p *Policy) Explain(text string) []anonymize.Explanation {
	all := p.p.analyzer.Explain(text)
	for i := range all {
		p.p.explain(&all[i])
	}
	return all
}

// Missed explains what the rules found and the policy let pass: what is not sure enough, is of a kind that is off, or
// stands on the allow list. It is for people who look for mistakes.
func (p *Policy) Missed(text string) []anonymize.Explanation {
	opts := p.p.opts
	opts.Kinds, opts.MinScores, opts.Allow, opts.MinScore, opts.Strict = nil, nil, nil, lowScore, false
	masked := p.p.analyzer.Find(text)
	var missed []anonymize.Explanation
	for _, e := range anonymize.New(&opts).Explain(text) {
		if overlaps(masked, e.Span) {
			continue
		}
		p.p.explain(&e)
		e.Reasons = append(e.Reasons, p.p.why(e.Span))
		missed = append(missed, e)
	}
	return missed
}

// lowScore lets everything be seen that a rule has any reason for.
const lowScore = 0.05

// why says what let a span pass.
func (p *policy) why(s anonymize.Span) string {
	if rule, ok := p.doc.Kinds[string(s.Kind)]; ok && rule.Operator == off || !ok && p.opts.Kinds != nil && p.doc.Kinds["*"].Operator == off {
		return "not masked: the kind is off"
	}
	least := p.opts.MinScore
	if own, ok := p.opts.MinScores[s.Kind]; ok {
		least = own
	} else if least == 0 {
		least = anonymize.DefaultMinScore
	}
	if s.Score < least {
		return fmt.Sprintf("not masked: %.2f is below %.2f", s.Score, least)
	}
	return "not masked: on the allow list, or another value took its place"
}

// explain says in words what a policy's own recognizer is.
func (p *policy) explain(e *anonymize.Explanation) {
	name, ok := strings.CutPrefix(e.Rule, rulePrefix)
	if !ok {
		return
	}
	for i := range p.doc.Recognizers {
		r := &p.doc.Recognizers[i]
		if r.Name != name {
			continue
		}
		e.Reasons = []string{"recognizer " + name} // words that announce built-in kinds say nothing of this one
		if r.Description != "" {
			e.Reasons[0] += ": " + r.Description
		}
		switch {
		case r.Context == nil:
		case e.Score == float32(r.ScoreAlone):
			e.Reasons = append(e.Reasons, "no word of its context stands near")
		default:
			e.Reasons = append(e.Reasons, "a word of its context stands near")
		}
	}
}

func overlaps(spans []anonymize.Span, s anonymize.Span) bool {
	for _, other := range spans {
		if other.Start < s.End && s.Start < other.End {
			return true
		}
	}
	return false
}
