package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A translator restores the events of one stream. Each event leaves as soon as it has come; only text that may still
// become a label waits for the next one.
type translator interface {
	// event gives what goes to the client for an event of the provider. After the last one nothing comes.
	event(e event) (out []event, last bool, err error)
	// end gives what is still held back, and reports whether the provider had come to its end.
	end() (rest []event, whole bool)
	// failure is an event that tells of a failure in the middle of the stream.
	failure(no *refusal) event
}

var (
	errStream = errors.New("an event is not understood")
	errOpen   = errors.New("too many texts in one stream")
)

// maxTexts bounds the texts that a stream has open at a time.
const maxTexts = 1024

// texts are those of a stream that have begun and not ended, by their place.
type texts struct {
	r     *restorer
	open  map[string]pieces
	order []string
}

// feed gives a piece to its text, which begins with the first one.
func (t *texts) feed(place string, ru rule, s string) (string, error) {
	p := t.open[place]
	if p == nil {
		if len(t.open) >= maxTexts {
			return "", errOpen
		}
		if t.open == nil {
			t.open = map[string]pieces{}
		}
		p = t.r.open(ru)
		t.open[place] = p
		t.order = append(t.order, place)
	}
	return p.feed(s), nil
}

// close ends the texts whose place begins like this and gives the rest of each that has one.
func (t *texts) close(prefix string, rest func(place, s string)) {
	t.order = slices.DeleteFunc(t.order, func(place string) bool {
		if !strings.HasPrefix(place, prefix) {
			return false
		}
		if s := t.open[place].close(); s != "" {
			rest(place, s)
		}
		delete(t.open, place)
		return true
	})
}

// A chatStream restores the events of chat completions: a text of each choice, and of each of its tool calls.
type chatStream struct {
	texts  texts
	tree   *node
	report func(string) string // masks what the provider says of its own
	head   []byte              // the last event, for what is told behind it
	done   bool
}

func (t *chatStream) event(e event) ([]event, bool, error) {
	if string(e.data) == "[DONE]" {
		return append(t.rest(""), e), true, nil
	}
	if checkJSON(e.data) != nil || e.data[0] != '{' {
		return nil, false, errStream
	}
	finished := finishedChoices(e.data)
	var failed error
	data, err := rewriteAnswer(e.data, t.tree, func(place string, ru rule, s string) string {
		if ru == report {
			return t.report(s)
		}
		out, err := t.texts.feed(place, ru, s)
		if err != nil {
			failed = err
		}
		for _, choice := range finished {
			if strings.HasPrefix(place, choice) {
				t.texts.close(place, func(_, s string) { out += s })
			}
		}
		return out
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, false, err
	}
	t.head = e.data
	var out []event
	for _, choice := range finished {
		t.done = true
		out = append(out, t.rest(choice)...)
	}
	return append(out, event{e.name, data}), false, nil
}

func (t *chatStream) end() ([]event, bool) { return t.rest(""), t.done }

func (t *chatStream) failure(no *refusal) event { return event{data: no.body()} }

// finishedChoices gives the places of the choices that end with an event.
func finishedChoices(data []byte) (places []string) {
	c := cursor{src: data}
	from, _, ok := c.locate("choices")
	if !ok || data[from] != '[' {
		return nil
	}
	c.at = from
	_ = c.array(func(i int) error {
		if reason, ok := c.member("finish_reason"); ok && reason[0] == '"' {
			if index, ok := c.member("index"); ok {
				if n, err := strconv.Atoi(string(index)); err == nil {
					i = n
				}
			}
			places = append(places, "choices["+strconv.Itoa(i)+"].")
		}
		c.skip()
		return nil
	})
	return places
}

// rest tells what texts still held, each in an event of its own.
func (t *chatStream) rest(prefix string) (out []event) {
	t.texts.close(prefix, func(place, s string) {
		c := cursor{src: t.head}
		data := []byte{'{'}
		for _, key := range []string{"id", "object", "created", "model"} {
			if value, ok := c.member(key); ok {
				data = append(append(append(quote(data, key), ':'), value...), ',')
			}
		}
		data = append(appendAt(data, place, s), '}')
		out = append(out, event{data: data})
	})
	return out
}

// appendAt writes the members of an object in which a string is at a place, such as choices[0].delta.content.
func appendAt(dst []byte, place, s string) []byte {
	step, below, nested := strings.Cut(place, ".")
	key, index, listed := strings.Cut(strings.TrimSuffix(step, "]"), "[")
	dst = append(quote(dst, key), ':')
	if listed {
		dst = fmt.Appendf(dst, `[{"index":%s,`, index)
	} else if nested {
		dst = append(dst, '{')
	}
	if nested {
		dst = append(appendAt(dst, below, s), '}')
	} else {
		dst = quote(dst, s)
	}
	if listed {
		dst = append(dst, ']')
	}
	return dst
}

// A responsesStream restores the events of responses. An event says in its type what it is.
type responsesStream struct {
	texts  texts
	tree   *node
	report func(string) string
	last   int64 // number of the event told last
	added  int64 // events told beside the provider's
}

// responsesPieces are the types of events in which a text comes in pieces, without their ending .delta.
var responsesPieces = map[string]rule{
	"response.output_text":             text,
	"response.refusal":                 prose,
	"response.reasoning_text":          prose,
	"response.reasoning_summary_text":  prose,
	"response.function_call_arguments": embedded,
}

// responsesEnds are the types of events behind which nothing comes.
var responsesEnds = []string{"response.completed", "response.incomplete", "response.failed", "error"}

func (t *responsesStream) event(e event) ([]event, bool, error) {
	if checkJSON(e.data) != nil || e.data[0] != '{' {
		return nil, false, errStream
	}
	c := cursor{src: e.data}
	kind := c.memberText("type")
	if base, ok := strings.CutSuffix(kind, ".delta"); ok && responsesPieces[base] != none {
		out, err := t.piece(e, base)
		return out, false, err
	}
	var out []event
	if base, ok := strings.CutSuffix(kind, ".done"); ok && responsesPieces[base] != none {
		out = t.rest(head(&c, base))
	}
	last := slices.Contains(responsesEnds, kind)
	if last {
		out = t.rest("")
	}
	data, err := rewriteAnswer(e.data, t.tree, func(_ string, ru rule, s string) string {
		if ru == report {
			return t.report(s)
		}
		return t.texts.r.whole(ru, s)
	})
	if err != nil {
		return nil, false, err
	}
	return append(out, event{e.name, t.number(data)}), last, nil
}

// end finds no end: the last event would have been one.
func (t *responsesStream) end() ([]event, bool) { return t.rest(""), false }

func (t *responsesStream) failure(no *refusal) event {
	data := fmt.Appendf(nil, `{"type":"error","sequence_number":%d,"param":null,"code":`, t.last+1)
	data = append(quote(data, string(no.code)), `,"message":`...)
	return event{"error", append(quote(data, no.reason), '}')}
}

// head is how an event with a piece of a text begins: with all that says which text it is. It names the text.
func head(c *cursor, base string) string {
	h := append(quote([]byte(`{"type":`), base+".delta"), ',')
	for _, key := range []string{"item_id", "output_index", "content_index", "summary_index"} {
		if value, ok := c.member(key); ok {
			h = append(append(append(quote(h, key), ':'), value...), ',')
		}
	}
	return string(h)
}

// maxHead bounds what is kept of each text.
const maxHead = 1 << 10

func (t *responsesStream) piece(e event, base string) ([]event, error) {
	c := cursor{src: e.data}
	text := head(&c, base)
	from, _, ok := c.locate("delta")
	if !ok || e.data[from] != '"' || len(text) > maxHead {
		return nil, errStream
	}
	restored, err := t.texts.feed(text, responsesPieces[base], c.memberText("delta"))
	if err != nil {
		return nil, err
	}
	return []event{{e.name, t.number(withMember(e.data, "delta", quote(nil, restored)))}}, nil
}

// rest tells what texts still held, each in an event of its own.
func (t *responsesStream) rest(prefix string) (out []event) {
	t.texts.close(prefix, func(head, s string) {
		t.added++
		t.last++
		data := fmt.Appendf([]byte(head), `"sequence_number":%d,"delta":`, t.last)
		c := cursor{src: []byte(head + `"":0}`)}
		out = append(out, event{c.memberText("type"), append(quote(data, s), '}')})
	})
	return out
}

// number counts the events that were added.
func (t *responsesStream) number(data []byte) []byte {
	c := cursor{src: data}
	said, ok := c.member("sequence_number")
	if !ok {
		return data
	}
	var n int64
	if json.Unmarshal(said, &n) != nil {
		return data
	}
	t.last = n + t.added
	if t.added == 0 {
		return data
	}
	return withMember(data, "sequence_number", strconv.AppendInt(nil, t.last, 10))
}
