package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syntora/vual/retention"
)

// maxLine bounds one line of facts.
const maxLine = 1 << 20

// answer is one line out. The order of the fields is the order of the keys.
type answer struct {
	ID        string   `json:"id"`
	Action    string   `json:"action"`
	State     string   `json:"state"`
	NotBefore *string  `json:"not_before"`
	Deadline  *string  `json:"deadline"`
	NextEval  *string  `json:"next_eval"`
	Rule      string   `json:"rule"`
	Because   []string `json:"because"`
}

// explain answers each line of facts. A broken line, of which one cannot even say whose it is, is
// reported by number and left out; the others are answered all the same.
func explain(c *command) error {
	p, err := c.load()
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(c.in, 64<<10)
	out := bufio.NewWriter(c.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var result error
	for number := 1; ; number++ {
		line, rerr := readLine(lines)
		if rerr == io.EOF {
			break
		}
		if rerr != nil && !errors.Is(rerr, errBroken) {
			return errors.Join(rerr, out.Flush())
		}
		if number == 1 {
			// Editors of Windows put one there; RFC 8259, section 8.1, lets a reader pass it over.
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if rerr == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var q question
		if rerr == nil {
			rerr = q.read(line)
		}
		if rerr != nil {
			fmt.Fprintf(c.errors, "line %d: %v\n", number, rerr)
			result = errWrong
			continue
		}
		for _, w := range q.passedOver {
			if !plainName(w) {
				w = "…"
			}
			fmt.Fprintf(c.errors, "line %d: the key %q is passed over\n", number, w)
		}
		if err := enc.Encode(q.answer(p)); err != nil {
			return err
		}
	}
	return errors.Join(result, out.Flush())
}

var errBroken = errors.New("broken")

// readLine returns the next line without its end. Of a line too long it reads the rest and says so.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		if len(line) <= maxLine {
			line = append(line, piece...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) == 0:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		case len(line) > maxLine:
			return nil, fmt.Errorf("%w: longer than %d bytes", errBroken, maxLine)
		}
		return line, nil
	}
}

// question is one line in. What is wrong with its values, as opposed to its form, is kept in
// invalid and answered under its id.
type question struct {
	record     retention.Record
	holds      []retention.Hold
	now        time.Time
	invalid    string
	passedOver []string
}

func (q *question) read(line []byte) error {
	if !utf8.Valid(line) {
		return fmt.Errorf("%w: not UTF-8", errBroken)
	}
	fields, err := object(line)
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	for _, f := range fields {
		if f.key == "id" {
			if json.Unmarshal(f.value, &q.record.ID) != nil || q.record.ID == "" || f.value[0] != '"' {
				return fmt.Errorf("%w: id is not a string, or empty", errBroken)
			}
		}
	}
	if q.record.ID == "" {
		return fmt.Errorf("%w: no id", errBroken)
	}
	for _, f := range fields {
		if err := q.field(f); err != nil {
			return fmt.Errorf("%w: %w", errBroken, err)
		}
	}
	return nil
}

func (q *question) field(f member) error {
	switch f.key {
	case "id":
	case "class":
		if !text(f.value, &q.record.Class) {
			q.wrong("class is not a string")
		}
	case "now":
		q.instant(f.value, &q.now, "now")
	case "facts":
		return q.facts(f.value)
	case "holds":
		return q.readHolds(f.value)
	default:
		q.passedOver = append(q.passedOver, f.key)
	}
	return nil
}

// wrong keeps the first reason.
func (q *question) wrong(reason string) {
	if q.invalid == "" {
		q.invalid = reason
	}
}

// instant reads a time. RFC 3339, section 5.6, allows a small t and z, which package time does not.
func (q *question) instant(value json.RawMessage, t *time.Time, name string) {
	var s string
	if !text(value, &s) || t.UnmarshalText([]byte(strings.ToUpper(s))) != nil || t.IsZero() {
		q.wrong(name + " is not a time as in RFC 3339")
	}
}

func (q *question) facts(value json.RawMessage) error {
	if isNull(value) {
		return nil
	}
	members, err := object(value)
	if errors.Is(err, errShape) {
		q.wrong("facts is not an object")
		return nil
	}
	if err != nil {
		return err
	}
	q.record.Facts = retention.Facts{}
	for _, m := range members {
		if isNull(m.value) { // "has not happened", as databases export it
			continue
		}
		if !plainName(m.key) {
			q.wrong("a fact's name is not of lower-case letters, digits and _")
			continue
		}
		var t time.Time
		q.instant(m.value, &t, "fact "+m.key)
		q.record.Facts[m.key] = t
	}
	return nil
}

func (q *question) readHolds(value json.RawMessage) error {
	if isNull(value) {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil {
		q.wrong("holds is not a list")
		return nil
	}
	for _, item := range items {
		members, err := object(item)
		if errors.Is(err, errShape) {
			q.wrong("a hold is not an object")
			continue
		}
		if err != nil {
			return err
		}
		q.holds = append(q.holds, q.hold(members))
	}
	return nil
}

func (q *question) hold(members []member) (h retention.Hold) {
	for _, m := range members {
		switch {
		case m.key == "id":
			if !text(m.value, &h.ID) {
				q.wrong("a hold's id is not a string")
			}
		case m.key == "placed":
			q.instant(m.value, &h.Placed, "a hold's placed")
		case m.key == "released" && !isNull(m.value):
			q.instant(m.value, &h.Released, "a hold's released")
		case m.key != "released":
			q.passedOver = append(q.passedOver, m.key)
		}
	}
	if h.ID == "" || h.Placed.IsZero() {
		q.wrong("a hold without id or placed")
	}
	return h
}

func (q *question) answer(p *retention.Policy) answer {
	if q.invalid != "" {
		return answer{ID: q.record.ID, Action: string(retention.Keep), State: string(retention.Invalid), Because: []string{q.invalid}}
	}
	d := p.Decide(q.record, q.now, retention.Env{Holds: q.holds})
	a := answer{
		ID: q.record.ID, Action: string(d.Action), State: string(d.State), Rule: d.Rule,
		NotBefore: stamp(d.NotBefore), Deadline: stamp(d.Deadline), NextEval: stamp(d.NextEval),
	}
	for _, s := range d.Because {
		a.Because = append(a.Because, s.String())
	}
	return a
}

func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339Nano)
	return &s
}

// plainName reports whether a name from the input may be repeated: anything else might be data.
func plainName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return len(s) <= 64
}

type member struct {
	key   string
	value json.RawMessage
}

var errShape = errors.New("not a JSON object")

// object splits a JSON object, keeping the order and refusing duplicate keys, which
// package encoding/json would let pass. Errors do not repeat the input.
func object(data []byte) ([]member, error) {
	if !json.Valid(data) {
		return nil, errors.New("not JSON")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errShape
	}
	var out []member
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return nil, errors.New("not JSON")
		}
		if seen[key] {
			return nil, errors.New("a key twice")
		}
		seen[key] = true
		m := member{key: key}
		if err := dec.Decode(&m.value); err != nil {
			return nil, errors.New("not JSON")
		}
		out = append(out, m)
	}
	return out, nil
}

func isNull(v json.RawMessage) bool { return string(v) == "null" }

func text(v json.RawMessage, s *string) bool {
	return len(v) > 0 && v[0] == '"' && json.Unmarshal(v, s) == nil
}
