package anonymize

import (
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// An Analyzer finds personal data. It is immutable and safe for concurrent use.
type Analyzer struct {
	opts                 Options
	allow, deny, context *phrases
	windows              windowSizes
	anew                 bool      // conversations keep nothing of what was found and pass over no word; for tests
	texts                sync.Pool // of *Text: the memory of a text is too large to make for each message
}

// DefaultMinScore is the score from which a span counts where Options.MinScore is zero.
const DefaultMinScore = 0.5

// Options choose what is found and what stands in its place. The zero value is the default. An analyzer copies them;
// the maps and slices must not change afterwards.
type Options struct {
	Kinds       []Kind            // found are these alone; nil means every kind
	MinScore    float32           // spans below are not reported; 0 means DefaultMinScore
	MinScores   map[Kind]float32  // for single kinds, instead of MinScore
	Context     map[Kind][]string // words that announce a kind, beside those built in; see Kind.Announced
	Places      bool              // towns, regions and streets alone are ADDRESS too, not only what leads to a door
	Strict      bool              // seven or more digits that no kind claims become NUMBER
	Allow       []string          // texts that are never personal: the company's own phone
	Deny        map[Kind][]string // texts that always are, of which kind; stronger than Allow
	Recognizers []Recognizer      // run beside the built-in ones
	Labels      Language          // of labels
	Operators   map[Kind]Operator // what stands for a kind
	Operator    Operator          // of all kinds that Operators does not name; the zero Operator means Label()
	MaxEntities int               // different values in a session; 0 means DefaultMaxEntities
}

// New returns an analyzer with these options; nil means the defaults.
func New(opts *Options) *Analyzer {
	a := &Analyzer{windows: defaultWindows}
	if opts != nil {
		a.opts = *opts
	}
	if a.opts.MinScore == 0 {
		a.opts.MinScore = DefaultMinScore
	}
	a.allow = newPhrases(map[Kind][]string{"": a.opts.Allow}, false)
	a.deny = newPhrases(a.opts.Deny, false)
	a.context = newPhrases(a.opts.Context, true)
	a.texts.New = func() any { return &Text{} }
	return a
}

// Find gives the personal data of one message, sorted by place and disjoint. Bytes that are not UTF-8 are signs.
func (a *Analyzer) Find(text string) []Span { return a.AppendSpans(nil, text) }

// AppendSpans is like [Analyzer.Find] but appends to dst. It does not allocate if dst has room.
func (a *Analyzer) AppendSpans(dst []Span, text string) []Span {
	t := a.text()
	all := len(dst)
	for w := &t.window; !w.last; {
		a.nextWindow(t, text, 0, true)
		from := len(dst)
		dst = a.appendOwn(dst, t)
		if t.failed != nil {
			dst = append(dst[:all], failedSpan(text))
			break
		}
		for i := range dst[from:] {
			dst[from+i].Start += w.at
			dst[from+i].End += w.at
		}
	}
	a.release(t)
	return dst
}

// failedSpan is all of a text that a recognizer could not look at: nobody knows what is in it.
func failedSpan(text string) Span {
	return Span{Start: 0, End: len(text), Kind: TEXT, Score: 1, Rule: "failed"}
}

// text gives a text in the memory of one before.
func (a *Analyzer) text() *Text { return a.texts.Get().(*Text) }

// release gives the memory of a text back and keeps nothing of what was in it, nor of its conversation.
func (a *Analyzer) release(t *Text) {
	t.s, t.window, t.anyDoes = "", window{}, false
	t.names.known, t.names.asked, t.names.whose = nil, false, nobodys
	t.places.told, t.places.streets = nil, nil
	t.finding.forget()
	a.texts.Put(t)
}

// appendSpans finds the spans of a text that was read.
func (a *Analyzer) appendSpans(dst []Span, t *Text) []Span {
	from := len(dst)
	return a.appendRest(a.appendValues(dst, t), from, t)
}

// appendValues finds what needs no person: all but names, births and what the user asks for.
func (a *Analyzer) appendValues(dst []Span, t *Text) []Span {
	a.prepare(t)
	return a.apply(ofValues[:], dst, len(dst), t)
}

// prepare reads what the rules share beside the tokens of a text.
func (a *Analyzer) prepare(t *Text) {
	t.minScore, t.minScores, t.places.all = a.opts.MinScore, a.opts.MinScores, a.opts.Places
	a.context.announce(t)
	t.readNumbers()
	t.readDates()
}

// appendRest goes on behind appendValues, whose spans are those from from on.
func (a *Analyzer) appendRest(dst []Span, from int, t *Text) []Span {
	if a.isEnough(dst[from:], t) {
		return dst
	}
	if dst = a.apply(ofPersons[:], dst, from, t); a.isEnough(dst[from:], t) {
		return dst
	}
	dst = a.appendCustom(dst, t)
	dst = a.deny.appendMatches(dst, t, denyRule)
	dst = a.choose(dst, from)
	dst = resolve(t.s, dst, from)
	if a.opts.Strict {
		dst = resolve(t.s, t.appendNumbers(dst, from), from)
	}
	if a.allow != nil {
		t.allowed = a.allow.appendMatches(t.allowed[:0], t, "allow")
		dst = dropWithin(dst, from, t.allowed)
	}
	return dst
}

// apply runs rules, up to the first span where one is enough. What was asked for may be answered with anything.
func (a *Analyzer) apply(rules []rule, dst []Span, from int, t *Text) []Span {
	on := t.on
	if t.asked != vocabulary.NoCue {
		on = ^trigger(0)
	}
	for i := range rules {
		if rule := &rules[i]; rule.on&on != 0 {
			if dst = rule.recognize(dst, t); t.anyDoes && a.isEnough(dst[from:], t) {
				break
			}
		}
	}
	return dst
}

func (a *Analyzer) isEnough(spans []Span, t *Text) bool {
	return t.anyDoes && slices.ContainsFunc(spans, a.chooses)
}

const denyRule = "deny"

// appendCustom runs the user's recognizers. A span that is out of range or empty is dropped, one that cuts a rune is
// widened: what a rule gets wrong must not break the text.
func (a *Analyzer) appendCustom(dst []Span, t *Text) []Span {
	for _, r := range a.opts.Recognizers {
		from := len(dst)
		dst = r.Recognize(dst, t)
		kept := dst[:from]
		for _, s := range dst[from:] {
			s.Start, s.End = max(s.Start, 0), min(s.End, len(t.s))
			for s.Start > 0 && s.Start < len(t.s) && !utf8.RuneStart(t.s[s.Start]) {
				s.Start--
			}
			for s.End < len(t.s) && !utf8.RuneStart(t.s[s.End]) {
				s.End++
			}
			if s.Start < s.End {
				kept = append(kept, s)
			}
		}
		dst = kept
	}
	return dst
}

// choose drops spans of kinds that were not asked for and those that are not sure enough.
func (a *Analyzer) choose(dst []Span, from int) []Span {
	kept := dst[:from]
	for _, s := range dst[from:] {
		if a.chooses(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// chooses reports whether a span is masked. What strict mode adds, it adds whatever kinds and thresholds are.
func (a *Analyzer) chooses(s Span) bool {
	return s.Rule == strictRule || s.Score >= lowest(s.Kind, a.opts.MinScore, a.opts.MinScores) && (a.opts.Kinds == nil || slices.Contains(a.opts.Kinds, s.Kind))
}

// lowest is the score from which a span of a kind counts.
func lowest(kind Kind, score float32, scores map[Kind]float32) float32 {
	if own, ok := scores[kind]; ok {
		return own
	}
	return score
}

func (a *Analyzer) operator(kind Kind) Operator {
	if op, ok := a.opts.Operators[kind]; ok {
		return op
	}
	return a.opts.Operator
}
