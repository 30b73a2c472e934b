package anonymize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A long text is read in windows, so that memory does not grow with it. A window owns the spans that begin in its core;
// what stands around the core is read too, so that a cue before the border and a value across it are seen whole. Where a
// window ends depends on nothing but the bytes up to its size behind its beginning, and so does what it finds: a stream
// that holds so much has the same windows as the whole text.

// windowSizes are bytes. They are the same for every analyzer but those of tests, which make windows small.
type windowSizes struct {
	size    int // from the beginning of a core to the end of what is read
	context int // that are read before and behind a core, more than any rule looks around
	slack   int // in the last of a window a good place for the border is looked for
	margin  int // a span that ends so near to the end of a window may go on behind it
}

// 64 KB of text and its tokens stay in the cache of a core; the context costs 3 % of that.
var defaultWindows = windowSizes{size: 64 << 10, context: 1 << 10, slack: 8 << 10, margin: 64}

// A window is the stretch of a text that is read at a time. The zero window stands before the first.
type window struct {
	text   string // what is read: context, core, context
	at     int    // where it begins, in bytes of the whole text
	from   int    // the core, in bytes of text
	to     int
	border int  // where the core ends if no span crosses it
	margin int  // as in windowSizes
	last   bool // nothing stands behind what is read

	open   Span // a value longer than a window goes on in the next one; its Kind is empty if none does
	opened Span // and that of the window before
}

// next goes on to the window behind w in the text s, which begins at byte base of the whole text and holds all of it from
// the context before the end of w on. It reports false if more of the text has to be there first; of one that is final,
// all is there.
func (w *window) next(n *windowSizes, s string, base int, final bool) bool {
	from := w.at + w.to - base
	rest := len(s) - from
	if rest <= n.size && !final {
		return false
	}
	end, to := len(s), len(s)
	if rest > n.size {
		end = runeStart(s, from+n.size)
		to = bestBorder(s, from+n.size-n.slack, from+n.size-n.context)
	}
	start := 0
	if base+from > n.context {
		start = contextStart(s, from-n.context, from)
	}
	w.text, w.at, w.from, w.to = s[start:end], base+start, from-start, to-start
	w.border, w.margin, w.last = w.to, n.margin, rest <= n.size
	if w.open.Kind != "" || w.opened.Kind != "" {
		w.opened, w.open = w.open, Span{}
	}
	return true
}

// contextStart gives where the context from byte start to byte from begins: behind a line break or a space where there is
// one.
func contextStart(s string, start, from int) int {
	near := s[start : start+(from-start)/2]
	if i := strings.IndexByte(near, '\n'); i >= 0 {
		return start + i + 1
	}
	if i := strings.IndexByte(near, ' '); i >= 0 {
		return start + i + 1
	}
	for start < from && !utf8.RuneStart(s[start]) {
		start++
	}
	return start
}

// bestBorder gives the place from lo to hi where a text is cut best: behind the last line break, else behind the last
// white space with no digits near, else behind any, else anywhere between two runes.
func bestBorder(s string, lo, hi int) int {
	if i := strings.LastIndexByte(s[lo:hi], '\n'); i >= 0 {
		return lo + i + 1
	}
	space := -1
	for i := hi - 1; i >= lo; i-- {
		if s[i] != ' ' && s[i] != '\t' {
			continue
		}
		if !hasDigit(s[i-digitsNear : i+digitsNear]) {
			return i + 1
		}
		space = max(space, i+1)
	}
	if space > 0 {
		return space
	}
	return runeStart(s, hi)
}

// digitsNear is how far from a border in bytes a digit may be the rest of a number.
const digitsNear = 24

func hasDigit(s string) bool {
	for i := range len(s) {
		if byteClass[s[i]] == classDigit {
			return true
		}
	}
	return false
}

// runeStart goes back from byte i to where its rune begins.
func runeStart(s string, i int) int {
	for back := range utf8.UTFMax {
		if utf8.RuneStart(s[i-back]) {
			return i - back
		}
	}
	return i // no UTF-8: every byte stands for itself
}

// own keeps the spans of the core among spans[from:], which are sorted and disjoint. One that began before the core was
// seen otherwise by the window before, and is taken from where that one ended. One that the window may not see whole
// begins the next core; if it fills this one, or began before it, it is cut, and goes on up to white space.
func (w *window) own(spans []Span, from int) []Span {
	if w.from == 0 && w.last {
		return spans
	}
	w.to, w.open = w.border, Span{}
	at := w.from
	kept := spans[:from]
	if w.opened.Kind != "" {
		at = w.endOpened()
	}
	for _, s := range spans[from:] {
		if s.End <= at || s.Start >= w.border {
			continue
		}
		began := s.Start < at
		if began {
			if s.Start = at; !trim(w.text, &s) {
				continue
			}
		}
		if !w.last && s.End > len(w.text)-w.margin {
			if s.Start > w.from && !began {
				w.to = s.Start
				break
			}
			w.open = s
		}
		kept = append(kept, s)
		w.to = max(w.to, s.End)
	}
	if at > w.from {
		kept = slices.Insert(kept, from, w.opened)
	}
	return kept
}

// endOpened cuts the value that goes on from the window before at white space and gives the byte behind it.
func (w *window) endOpened() int {
	end := len(w.text)
	if i := strings.IndexAny(w.text[w.from:], " \t\r\n"); i >= 0 {
		end = w.from + i
	}
	w.opened.Start, w.opened.End = w.from, end
	if end == len(w.text) && !w.last {
		w.open = w.opened
	}
	w.to = max(w.to, end)
	return end
}

// nextWindow reads the next window of the text s into t, see [window.next].
func (a *Analyzer) nextWindow(t *Text, s string, base int, final bool) bool {
	if !t.window.next(&a.windows, s, base, final) {
		return false
	}
	t.read(t.window.text)
	return true
}

// appendOwn finds the spans of the window that was read, in bytes of its text.
func (a *Analyzer) appendOwn(dst []Span, t *Text) []Span {
	from := len(dst)
	return t.window.own(a.appendSpans(dst, t), from)
}

// owns reports whether what begins at a byte of its text belongs to the window, and to none before or behind.
func (w *window) owns(start int) bool { return start >= w.from && start < w.to }

// reach moves the end of the core behind the last of its spans. The first may have taken a sign from before the core.
func (w *window) reach(spans []Span) {
	if len(spans) > 0 {
		spans[0].Start = max(spans[0].Start, w.from)
		w.to = max(w.to, spans[len(spans)-1].End)
	}
}

// first reports whether the text begins here.
func (w *window) first() bool { return w.at+w.from == 0 }
