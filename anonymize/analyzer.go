package anonymize

import (
	"sync"
)

// An Analyzer finds personal data. It is immutable and safe for concurrent use.
type Analyzer struct {
	opts  Options
	texts sync.Pool // of *Text: the memory of a text is too large to make for each message
}

// New returns an analyzer with these options; nil means the defaults. The options are copied.
func New(opts *Options) *Analyzer {
	a := &Analyzer{}
	if opts != nil {
		a.opts = *opts
	}
	if a.opts.MinScore == 0 {
		a.opts.MinScore = DefaultMinScore
	}
	a.texts.New = func() any { return &Text{} }
	return a
}

// DefaultMinScore is the score from which a span counts where Options.MinScore is zero.
const DefaultMinScore = 0.5

// Options choose what is found and what stands in its place. The zero value is the default. An analyzer copies them;
// the maps and slices must not change afterwards.
type Options struct {
	MinScore    float32           // spans below are not reported; 0 means DefaultMinScore
	Labels      Language          // of labels
	Operators   map[Kind]Operator // what stands for a kind; nil and kinds not in it mean Label()
	MaxEntities int               // different values in a session; 0 means DefaultMaxEntities
}

// Find gives the personal data of one message, sorted by place and disjoint.
func (a *Analyzer) Find(text string) []Span { return a.AppendSpans(nil, text) }

// AppendSpans is like [Analyzer.Find] but appends to dst. It does not allocate if dst has room.
func (a *Analyzer) AppendSpans(dst []Span, text string) []Span {
	t := a.texts.Get().(*Text)
	t.minScore = a.opts.MinScore
	t.read(text)
	dst = a.appendSpans(dst, t)
	a.texts.Put(t)
	return dst
}

func (a *Analyzer) appendSpans(dst []Span, t *Text) []Span {
	from := len(dst)
	t.readNumbers()
	t.readDates()
	for _, recognize := range builtin {
		dst = recognize(dst, t)
	}
	return resolve(t.s, dst, from)
}

func (a *Analyzer) operator(kind Kind) Operator {
	if op, ok := a.opts.Operators[kind]; ok {
		return op
	}
	return Label()
}
