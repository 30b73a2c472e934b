package anonymize

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RestoreOptions choose what [Mapping.RestoreWith] and [Mapping.RestoreWriter] put back.
type RestoreOptions struct {
	// Kinds are those that come back; none is an error. EverydayKinds stands for the kinds that a conversation cannot do
	// without. All others, payment data, passwords, codes, secrets and documents above all, have to be named one by one.
	Kinds []Kind
	// Everywhere restores also inside URLs, attributes and arguments of tool calls, where a value leaves the screen of
	// the reader by itself. The default is not to: who wrote the text may have been told what to ask for.
	Everywhere bool
}

// EverydayKinds stands for PERSON, PHONE, EMAIL, ADDRESS, HANDLE, URL_PROFILE and PLATE in RestoreOptions.Kinds.
const EverydayKinds Kind = "*"

var everydayKinds = [...]Kind{PERSON, PHONE, EMAIL, ADDRESS, HANDLE, URL_PROFILE, PLATE}

// Restored is a text with values in it. It holds personal data and shows none of it when printed.
type Restored struct {
	p hidden[restored]
}

type restored struct {
	text    string
	unknown []string
	kept    int
}

// Text is the text with the values in the place of their labels.
func (r Restored) Text() string { return r.p.get().text }

// Unknown are the labels in the text that this conversation never gave out, each once. They stayed as they were.
func (r Restored) Unknown() []string { return r.p.get().unknown }

// Withheld counts the labels that stayed because of their kind or of the place where they stood, or because they turned out to
// have been given to different people, see [Mapping.Divided].
func (r Restored) Withheld() int { return r.p.get().kept }

// String tells nothing of the content.
func (r Restored) String() string { return "Restored{}" }

// GoString is String, so that %#v shows nothing either.
func (r Restored) GoString() string { return r.String() }

// ErrNoKinds means that a call to restore named no kind. Name those that the reader may see.
var ErrNoKinds = errors.New("anonymize: no kind to restore was named")

// Restore puts values in the place of labels in a foreign text, such as the answer of a language model: a name in its
// fullest form and in the case in which the label stood, «Клиенту А» → «Игорю Кузнецову». Labels are known in any
// capitals, brackets, dashes and Russian cases, in English or Russian; nothing is guessed. Only the kinds named come
// back, see [RestoreOptions]; nothing is put inside a URL, an attribute or an argument of a tool call. A text with many
// labels of a mapping that grows meanwhile is restored as far as the mapping was when the call began.
func (m *Mapping) Restore(text string, kinds ...Kind) (Restored, error) {
	return m.RestoreWith(text, &RestoreOptions{Kinds: kinds})
}

// RestoreWith is Restore with options.
func (m *Mapping) RestoreWith(text string, opts *RestoreOptions) (Restored, error) {
	r, err := newRestorer(m.p.get(), opts)
	if err != nil {
		return Restored{}, err
	}
	r.feed(text, true)
	return Restored{hide(&restored{string(r.out), r.unknown, r.kept})}, nil
}

// A RestoreWriter restores a stream, such as the answer of a language model while it is written. It holds back no more
// than what may still become a label. It is not safe for concurrent use, and keeps to the mapping as it was when the
// writer was made.
type RestoreWriter struct {
	p hidden[restoreWriter]
}

type restoreWriter struct {
	r *restorer
	w io.Writer
}

// RestoreWriter returns a writer that restores what is written to it and passes it on to w. Close it to get the rest.
func (m *Mapping) RestoreWriter(w io.Writer, opts *RestoreOptions) (*RestoreWriter, error) {
	r, err := newRestorer(m.p.get(), opts)
	if err != nil {
		return nil, err
	}
	return &RestoreWriter{hide(&restoreWriter{r, w})}, nil
}

// Write restores b as far as its labels are complete. An error is that of the writer below.
func (w *RestoreWriter) Write(b []byte) (int, error) {
	w.p.get().r.feed(string(b), false)
	if err := w.flush(); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close writes what was held back. It does not close the writer below.
func (w *RestoreWriter) Close() error {
	w.p.get().r.feed("", true)
	return w.flush()
}

func (w *RestoreWriter) flush() error {
	r := w.p.get().r
	_, err := w.p.get().w.Write(r.out)
	clear(r.out)
	r.out = r.out[:0]
	return err
}

// Unknown are the labels so far that this conversation never gave out, each once.
func (w *RestoreWriter) Unknown() []string { return w.p.get().r.unknown }

// Withheld counts the labels so far that stayed because of their kind or of the place where they stood.
func (w *RestoreWriter) Withheld() int { return w.p.get().r.kept }

// String tells nothing of the content.
func (w *RestoreWriter) String() string { return "RestoreWriter{}" }

// GoString is String, so that %#v shows nothing either.
func (w *RestoreWriter) GoString() string { return w.String() }

// A restorer reads a text from left to right and never looks back further than its state.
type restorer struct {
	labels  map[string]*entity // by labelKey; nil where two values share a token, or two people a label
	kinds   []Kind
	opts    RestoreOptions
	longest int // bytes that a label may have here

	pending string // not yet decided
	out     []byte
	unknown []string
	kept    int

	last   rune   // the rune before
	before string // the last words before, for the case of a name
	where  surroundings
}

func newRestorer(m *mapping, opts *RestoreOptions) (*restorer, error) {
	if opts == nil || len(opts.Kinds) == 0 {
		return nil, ErrNoKinds
	}
	r := &restorer{labels: map[string]*entity{}, opts: *opts, longest: minLabelWindow}
	for _, k := range opts.Kinds {
		if k == EverydayKinds {
			r.kinds = append(r.kinds, everydayKinds[:]...)
		} else {
			r.kinds = append(r.kinds, k)
		}
	}
	for _, e := range m.entities {
		key := tokenKey(e.token)
		if _, twice := r.labels[key]; twice || e.closed {
			e = nil
		}
		r.labels[key] = e
		r.longest = max(r.longest, 2*len(key))
	}
	return r, nil
}

// minLabelWindow is how many bytes are looked at for one label: the longest noun, «Сотрудниками», two letters, brackets,
// and some escapes or characters without width between.
const minLabelWindow = 96

// feed takes the next piece of text; final says that it is the last one.
func (r *restorer) feed(text string, final bool) {
	text = r.pending + text
	r.pending = ""
	at := 0
	for at < len(text) {
		if !utf8.FullRuneInString(text[at:]) && !final {
			break
		}
		c, size := utf8.DecodeRuneInString(text[at:])
		if !r.mayBegin(c) {
			r.pass(text[at:at+size], c)
			at += size
			continue
		}
		window, whole := text[at:], final
		if len(window) >= r.longest {
			window, whole = window[:r.longest], true
		}
		l, state := matchLabel(window, whole)
		if state == labelUndecided {
			break
		}
		if state == labelNone {
			r.pass(text[at:at+size], c)
			at += size
			continue
		}
		r.label(text[at:at+l.size], l)
		at += l.size
	}
	r.pending = text[at:]
	if final {
		r.pending = ""
	}
}

// mayBegin reports whether a label may begin with c here.
func (r *restorer) mayBegin(c rune) bool {
	if isOpening(c) || c == '\\' {
		return true
	}
	return unicode.IsLetter(c) && !unicode.IsLetter(r.last) && !unicode.IsDigit(r.last) && r.last != '_'
}

// pass writes text that is no label.
func (r *restorer) pass(s string, c rune) {
	r.out = append(r.out, s...)
	r.where.note(c)
	r.remember(s)
	r.last = c
}

func (r *restorer) remember(s string) {
	r.before += s
	if len(r.before) > maxBefore {
		cut := len(r.before) - maxBefore/2
		for cut < len(r.before) && !utf8.RuneStart(r.before[cut]) {
			cut++
		}
		r.before = r.before[cut:]
	}
}

// maxBefore is how much of the text before a label is kept: the words that govern its case.
const maxBefore = 128

// label writes the value of a label, or the label itself where it must not be replaced.
func (r *restorer) label(s string, l label) {
	e, given := r.labels[l.key]
	switch {
	case !given:
		if !slices.Contains(r.unknown, l.key) {
			r.unknown = append(r.unknown, l.key)
		}
	case e == nil, !slices.Contains(r.kinds, e.kind), !r.opts.Everywhere && (l.host || r.where.leaks()):
		r.kept++
	default:
		s = e.restored(l, r.before)
	}
	r.out = append(r.out, s...)
	for _, c := range l.key { // the state goes on as if the label had been text without spaces
		if !unicode.IsSpace(c) {
			r.where.note(c)
		}
	}
	r.remember("X")
	r.last = 'X'
}

// surroundings is where in a text we are: in a URL, a tag, a link target, a quoted attribute or an object of JSON.
type surroundings struct {
	run    []byte // ASCII of the current run without spaces, its end
	url    bool
	tag    bool // between < and >
	target bool // between ]( and )
	quote  rune // the quote that ends a value behind =
	equals bool // an = stands right before
	depth  int  // of JSON objects
	open   bool // a { stands before, spaces apart
	last   rune
}

// maxRun is how much of a run is kept to recognize a URL by: its scheme or host has to begin there.
const maxRun = 80

func (s *surroundings) leaks() bool {
	return s.url || s.tag || s.target || s.quote != 0 || s.equals || s.depth > 0
}

// note takes the next rune.
func (s *surroundings) note(c rune) {
	s.noteQuote(c)
	s.noteObject(c)
	switch {
	case c == '<':
		s.tag = false
	case s.last == '<' && (unicode.IsLetter(c) || c == '/' || c == '!'):
		s.tag = true
	case c == '>':
		s.tag = false
	}
	switch {
	case s.last == ']' && c == '(':
		s.target = true
	case c == ')' || c == '\n':
		s.target = false
	}
	s.noteRun(c)
	s.last = c
}

func (s *surroundings) noteQuote(c rune) {
	switch {
	case s.quote != 0:
		if c == s.quote || c == '\n' {
			s.quote = 0
		}
	case s.equals && (c == '"' || c == '\'' || c == '`'):
		s.quote = c
	}
	s.equals = c == '=' || s.equals && c == ' '
}

// noteObject counts the braces of JSON: an object begins with a quoted key.
func (s *surroundings) noteObject(c rune) {
	switch {
	case c == '{' && s.depth > 0:
		s.depth++
	case c == '{':
		s.open = true
	case c == '}' && s.depth > 0:
		s.depth--
	case s.open && c == '"':
		s.depth++
		s.open = false
	case s.open && !unicode.IsSpace(c):
		s.open = false
	}
}

func (s *surroundings) noteRun(c rune) {
	if unicode.IsSpace(c) {
		s.run, s.url = s.run[:0], false
		return
	}
	if s.url {
		return
	}
	if len(s.run) >= maxRun {
		s.run = append(s.run[:0], s.run[maxRun/2:]...)
	}
	if c < utf8.RuneSelf {
		s.run = append(s.run, byte(unicode.ToLower(c)))
	} else {
		s.run = append(s.run, 'x')
	}
	s.url = isURL(string(s.run))
}

var schemes = [...]string{"://", "www.", "mailto:", "tel:", "sms:", "data:", "javascript:", "(//", "\"//"}

// isURL reports whether a run that has just grown by one character has become a URL: by a scheme, or by a host with
// something behind it.
func isURL(run string) bool {
	for _, s := range schemes {
		if strings.HasSuffix(run, s) {
			return true
		}
	}
	if end := run[len(run)-1]; end != '/' && end != '?' && end != '#' && end != ':' && end != '@' {
		return false
	}
	host := run[:len(run)-1]
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || len(host)-dot <= 2 {
		return false
	}
	for _, c := range host[dot+1:] {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return host[dot-1] >= 'a' && host[dot-1] <= 'z' || host[dot-1] >= '0' && host[dot-1] <= '9'
}
