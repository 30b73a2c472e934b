package policy

import (
	"errors"
	"fmt"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/syntax"

	"github.com/syntora/vual/anonymize"
)

// ErrTimeout means that a pattern of the policy took longer on a text than the policy allows, needed more memory, or broke
// the engine.
// The text was not masked; [Options.OnTimeout] was told the recognizer. Rewrite the pattern, or let the policy say
// on_timeout: pass.
var ErrTimeout = errors.New("policy: a pattern took too long")

// A patternRule finds what a pattern matches.
type patternRule struct {
	finding
	recognizer string
	re         *regexp2.Regexp
	group      int
	needs      needs
}

// bounds are what patterns may cost.
type bounds struct {
	timeout   time.Duration // of one pattern on one text
	pass      bool          // a text whose time is over goes on without the pattern
	onTimeout func(recognizer string)
}

const (
	defaultTimeout = 100 * time.Millisecond
	maxTimeoutMS   = 2000
	maxPattern     = 2000    // bytes
	maxStack       = 200_000 // places that a match may have to come back to: 1.6 MB
	maxMatches     = 10_000  // in one text
)

// appendPatterns runs the patterns that can match. The look at the text that tells which is shared by all.
func (r *recognizers) appendPatterns(dst []anonymize.Span, t *anonymize.Text) []anonymize.Span {
	var g grams
	g.read(t.String())
	for i := range r.patterns {
		rule := &r.patterns[i]
		if !rule.needs.met(&g) {
			continue
		}
		found, err := rule.appendSpans(dst, t, r.bounds.timeout)
		if err == nil {
			dst = found
			continue
		}
		if r.bounds.onTimeout != nil {
			r.bounds.onTimeout(rule.recognizer)
		}
		if !r.bounds.pass {
			t.Fail(fmt.Errorf("%w: recognizer %s", ErrTimeout, rule.recognizer))
			return dst // the text is not masked at all: what the other patterns find is of no use
		}
	}
	return dst
}

// appendSpans adds all matches that are not empty, or gives an error when the time is over. The engine's own timeout is
// that of one match, so the time of all of them is looked at between them.
func (r *patternRule) appendSpans(dst []anonymize.Span, t *anonymize.Text, timeout time.Duration) (found []anonymize.Span, err error) {
	defer func() {
		if recover() != nil { // the engine is foreign code on foreign patterns and texts: it must take no process down
			found, err = nil, ErrTimeout
		}
	}()
	begin, n := time.Now(), 0
	m, err := r.re.FindStringMatch(t.String())
	for ; m != nil && err == nil; m, err = r.re.FindNextMatch(m) {
		if n++; n > maxMatches || time.Since(begin) > timeout {
			return nil, ErrTimeout
		}
		if g := m.GroupByNumber(r.group); g != nil && len(g.Captures) > 0 && g.RuneLength > 0 {
			start, length := g.ByteRange()
			dst = r.append(dst, t, start, start+length)
		}
	}
	return dst, err
}

// bounds reads what all patterns share.
func (c *compiler) bounds(b *bounds) error {
	p := c.doc.Patterns
	if p.TimeoutMS < 0 || p.TimeoutMS > maxTimeoutMS {
		return c.doc.errorf("patterns.timeout_ms", "1 to %d is wanted", maxTimeoutMS)
	}
	b.timeout, b.onTimeout = defaultTimeout, c.opts.OnTimeout
	if p.TimeoutMS > 0 {
		b.timeout = time.Duration(p.TimeoutMS) * time.Millisecond
	}
	switch p.OnTimeout {
	case "", "refuse":
	case "pass":
		b.pass = true
	default:
		return c.doc.errorf("patterns.on_timeout", "refuse or pass is wanted")
	}
	return nil
}

func (c *compiler) pattern(r *Recognizer, f finding, timeout time.Duration, path string) (patternRule, error) {
	at := join(path, "pattern")
	rule := patternRule{finding: f, recognizer: r.Name}
	if len(r.Pattern) > maxPattern {
		return rule, c.doc.errorf(at, "longer than %d bytes", maxPattern)
	}
	tree, err := syntax.Parse(r.Pattern, syntax.ParseOptions{})
	if err != nil {
		return rule, c.doc.errorf(at, "not a pattern: %s", reason(err))
	}
	rule.re, err = regexp2.Compile(r.Pattern, regexp2.OptionMaxBacktrackingStackSize(maxStack))
	if err != nil {
		return rule, c.doc.errorf(at, "not a pattern: %s", reason(err))
	}
	rule.re.MatchTimeout = timeout
	if r.Group != "" {
		if rule.group = rule.re.GroupNumberFromName(r.Group); rule.group < 0 {
			return rule, c.doc.errorf(join(path, "group"), "the pattern has no such group")
		}
	}
	rule.needs = needsOf(tree.Root)
	return rule, nil
}

// reason keeps the kind of a syntax error and drops the pattern, which it quotes.
func reason(err error) string {
	if se := (*syntax.Error)(nil); errors.As(err, &se) {
		return se.Code.String()
	}
	return "it does not compile"
}
