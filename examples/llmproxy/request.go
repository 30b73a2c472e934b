package main

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// A request is a body that was understood: a document with places for its texts, which are still to be masked.
type request struct {
	doc      document
	passages []passage
	stream   bool // the answer shall come in events
	json     bool // the answer shall be JSON inside its text
}

// A passage is one text of a request.
type passage struct {
	speaker string // a role word
	label   string // the key before it, in JSON: «паспорт» says what the digits behind it are
	text    string
	plain   bool // without spaces and brackets
}

// maxPassages bounds the work that one body can ask for: a list of small numbers has half as many texts as bytes.
const maxPassages = 20_000

// A requestReader reads bodies of one endpoint.
type requestReader struct {
	tree     *node
	names    *anonymize.Analyzer // finds personal data in names, where a number of a version is none
	alias    func(client, id string) string
	storeOff bool // the provider keeps answers unless it is told not to
}

// read understands a body of a client, or gives a *refusal that names the place that it does not.
func (rr *requestReader) read(client string, body []byte) (*request, error) {
	if err := checkJSON(body); err != nil {
		return nil, refuse(http.StatusBadRequest, codeJSON, "", err.Error())
	}
	req := &request{}
	w := &requestWalker{rr: rr, client: client, req: req, c: cursor{src: body}, doc: &req.doc, speaker: "system"}
	if w.c.kind() != '{' {
		return nil, refuse(http.StatusBadRequest, codeJSON, "", "the body is no object")
	}
	if w.c.memberText("model") == "" {
		return nil, refuse(http.StatusBadRequest, codeUnknown, "model", "no model is named")
	}
	req.stream = isTrue(w.c.member("stream"))
	req.json = wantsJSON(&w.c)
	if _, told := w.c.member("store"); rr.storeOff && !told {
		w.c.at++
		w.doc.raw([]byte(`{"store":false,`))
		w.copied = w.c.at
		w.c.at--
	}
	if err := w.value(rr.tree); err != nil {
		return nil, w.refusal(err)
	}
	w.flush(len(body))
	return req, nil
}

func isTrue(value []byte, ok bool) bool { return ok && string(value) == "true" }

// wantsJSON reports whether the answer shall be an object, in either form of the API.
func wantsJSON(c *cursor) bool {
	format, ok := c.member("response_format")
	if !ok {
		if format, ok = c.member("text"); ok {
			inner := cursor{src: format}
			format, ok = inner.member("format")
		}
	}
	if !ok {
		return false
	}
	inner := cursor{src: format}
	return strings.HasPrefix(inner.memberText("type"), "json_")
}

// A requestWalker reads one body.
type requestWalker struct {
	rr      *requestReader
	client  string
	req     *request
	c       cursor
	doc     *document
	copied  int // bytes of the source that are in the document
	place   []byte
	speaker string
}

// errUnknown and errPersonal become refusals with the place where they arose.
var (
	errUnknown  = errors.New("not understood, so it is not passed on")
	errPersonal = errors.New("has personal data, which cannot be masked here")
	errNumber   = errors.New("a whole number of up to six digits is understood here")
	errOff      = errors.New("only false is understood here: the provider would keep the request")
	errMany     = errors.New("too many values in one request")
)

func (w *requestWalker) refusal(err error) *refusal {
	status, c := http.StatusBadRequest, codeUnknown
	switch err {
	case errPersonal:
		c = codePersonal
	case errMany:
		status, c = http.StatusRequestEntityTooLarge, codeTooLarge
	case errDuplicate:
		c = codeJSON
	}
	return refuse(status, c, string(bytes.TrimPrefix(w.place, []byte("."))), err.Error())
}

// value reads the value ahead by its node.
func (w *requestWalker) value(n *node) error {
	kind := w.c.kind()
	switch {
	case kind == 'n': // null
		return w.null(n)
	case n.rule == free:
		return w.free("", "")
	case kind == '{' && n.keys != nil:
		return w.object(n)
	case kind == '[' && n.each != nil:
		return w.c.array(func(i int) error { return w.at("["+strconv.Itoa(i)+"]", func() error { return w.value(n.each) }) })
	case kind == '{' && n.rule == embedded:
		return w.free("", "")
	case scalars[n.rule] == nil:
		return errUnknown
	}
	from := w.c.at
	raw := w.c.skip()
	return scalars[n.rule](w, n, from, raw)
}

// scalars are what is done to a scalar, and to an empty list.
var scalars = [...]func(w *requestWalker, n *node, from int, raw []byte) error{
	text:     (*requestWalker).text,
	embedded: (*requestWalker).text,
	speaker:  (*requestWalker).participant,
	name:     (*requestWalker).name,
	alias:    (*requestWalker).pseudonym,
	word:     (*requestWalker).word,
	toggle:   (*requestWalker).toggle,
	off:      (*requestWalker).off,
	empty:    (*requestWalker).empty,
	count:    (*requestWalker).count,
	fraction: (*requestWalker).fraction,
}

// at does something one step further down. The place stays where an error arose.
func (w *requestWalker) at(step string, f func() error) error {
	before := len(w.place)
	w.place = append(w.place, step...)
	err := f()
	if err == nil {
		w.place = w.place[:before]
	}
	return err
}

func (w *requestWalker) object(n *node) error {
	defer func(s string) { w.speaker = s }(w.speaker)
	if role, ok := n.keys["role"]; ok && role.rule == word {
		w.speaker = speakers[w.c.memberText("role")]
	}
	return w.c.object(func(key string, _, _ int) error {
		return w.at("."+key, func() error {
			next, ok := n.keys[key]
			if !ok {
				return errUnknown
			}
			return w.value(next)
		})
	})
}

// speakers are the role words of package anonymize for those of the API. What a tool or the system says is said by
// nobody in the conversation.
var speakers = map[string]string{"user": "user", "assistant": "assistant", "system": "system", "developer": "system", "tool": "note", "function": "note"}

// replace leaves the bytes up to from as they are and lets add put something in the place of those up to the cursor.
func (w *requestWalker) replace(from int, add func(*document)) {
	w.flush(from)
	add(w.doc)
	w.copied = w.c.at
}

func (w *requestWalker) flush(to int) { w.doc.raw(w.c.src[w.copied:to]) }

func (w *requestWalker) null(n *node) error {
	from := w.c.at
	w.c.skip()
	if n.rule == off { // null means the default, and that is to keep
		w.replace(from, func(d *document) { d.raw([]byte("false")) })
	}
	return nil
}

// text masks a string. What is JSON inside it is read as such: letters behind \u would be seen by the model and not by
// the rules.
func (w *requestWalker) text(n *node, from int, raw []byte) error {
	if raw[0] != '"' {
		return errUnknown
	}
	s := unquote(raw)
	if n.words != nil {
		defer func(s string) { w.speaker = s }(w.speaker)
		w.speaker = n.words[0]
	}
	if t := strings.TrimSpace(s); t != "" && (t[0] == '{' || t[0] == '[') && checkJSON([]byte(s)) == nil {
		return w.nested(s, from)
	}
	return w.passage(passage{speaker: w.speaker, text: s}, from)
}

// nested reads JSON inside a string.
func (w *requestWalker) nested(s string, from int) error {
	inner := &requestWalker{rr: w.rr, client: w.client, req: w.req, c: cursor{src: []byte(s)}, doc: &document{}, speaker: w.speaker}
	if err := inner.free("", ""); err != nil {
		return err
	}
	inner.flush(len(s))
	w.replace(from, func(d *document) { d.nest(inner.doc) })
	return nil
}

func (w *requestWalker) passage(p passage, from int) error {
	if p.text == "" {
		return nil
	}
	if len(w.req.passages) >= maxPassages {
		return errMany
	}
	if disguised(w.rr.names, p.text) {
		return errPersonal
	}
	w.req.passages = append(w.req.passages, p)
	w.replace(from, func(d *document) { d.passage(len(w.req.passages)-1, w.c.src[from:w.c.at]) })
	return nil
}

// free reads any JSON. Keys are masked as texts unless they are plain names, values as texts behind their key. A number in
// which something was found becomes a string. Digits in a string also stand behind the key above theirs, because
// «passport number» says more than «number»; words do not, for a schema says «login type» of a login that is not there.
func (w *requestWalker) free(above, key string) error {
	switch w.c.kind() {
	case '{':
		return w.c.object(func(name string, from, to int) error {
			if err := w.key(name, from, to); err != nil {
				return err
			}
			return w.free(key, name)
		})
	case '[':
		return w.c.array(func(int) error { return w.free(above, key) })
	case 't', 'f', 'n':
		w.c.skip()
		return nil
	}
	from := w.c.at
	raw := w.c.skip()
	s := string(raw)
	if raw[0] == '"' {
		s = unquote(raw)
	} else if len(raw) < 3 { // no kind is that short
		return nil
	}
	if above != "" && raw[0] == '"' && strings.Trim(s, "0123456789 -./+()") == "" {
		key = above + " " + key
	}
	return w.passage(passage{speaker: w.speaker, label: key, text: s}, from)
}

// key masks the key of which the cursor has come to the value.
func (w *requestWalker) key(key string, from, to int) error {
	if isName(key) && !personalName(w.rr.names, key) {
		return nil
	}
	value := w.c.at
	w.c.at = to
	defer func() { w.c.at = value }()
	return w.passage(passage{speaker: w.speaker, text: key}, from)
}

func (w *requestWalker) participant(_ *node, from int, raw []byte) error {
	if raw[0] != '"' {
		return errUnknown
	}
	// Said so, it is the name of who speaks.
	return w.passage(passage{speaker: w.speaker, label: "Меня зовут", text: unquote(raw), plain: true}, from)
}

// name lets the names of models and functions pass that are written like one and hold no personal data.
func (w *requestWalker) name(_ *node, _ int, raw []byte) error {
	if raw[0] != '"' {
		return errUnknown
	}
	s := unquote(raw)
	if !isName(s) {
		return errUnknown
	}
	if personalName(w.rr.names, s) {
		return errPersonal
	}
	return nil
}

func (w *requestWalker) pseudonym(_ *node, from int, raw []byte) error {
	if raw[0] != '"' {
		return errUnknown
	}
	id := w.rr.alias(w.client, unquote(raw))
	w.replace(from, func(d *document) { d.raw(quote(nil, id)) })
	return nil
}

func (w *requestWalker) word(n *node, _ int, raw []byte) error {
	if raw[0] != '"' || !slices.Contains(n.words, unquote(raw)) {
		return errUnknown
	}
	return nil
}

func (w *requestWalker) toggle(_ *node, _ int, raw []byte) error {
	if s := string(raw); s != "true" && s != "false" {
		return errUnknown
	}
	return nil
}

func (w *requestWalker) off(_ *node, _ int, raw []byte) error {
	if string(raw) != "false" {
		return errOff
	}
	return nil
}

func (w *requestWalker) empty(_ *node, _ int, raw []byte) error {
	if s := string(raw); len(s) < 2 || s[0] != '[' || strings.Trim(s, "[] \t\r\n") != "" {
		return errUnknown
	}
	return nil
}

func (w *requestWalker) count(_ *node, _ int, raw []byte) error {
	digits := strings.TrimPrefix(string(raw), "-")
	if len(digits) > 6 || strings.ContainsFunc(digits, func(c rune) bool { return c < '0' || c > '9' }) {
		return errNumber
	}
	return nil
}

// fraction rounds, so that no digits of a phone ride behind a comma.
func (w *requestWalker) fraction(_ *node, from int, raw []byte) error {
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f < -1000 || f > 1000 {
		return errNumber
	}
	w.replace(from, func(d *document) { d.raw(strconv.AppendFloat(nil, f, 'g', 6, 64)) })
	return nil
}

func unquote(raw []byte) string {
	c := cursor{src: raw}
	return c.text()
}
