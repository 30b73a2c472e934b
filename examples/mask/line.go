package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// A conversation is one line of the input.
type conversation struct {
	ID           *string
	Text         *string
	Turns        []turn
	Participants []participant

	line int
}

// UnmarshalJSON reads the fields by their exact names. encoding/json would take "TEXT" for "text".
func (c *conversation) UnmarshalJSON(data []byte) error {
	return exactly(data, map[string]any{"id": &c.ID, "text": &c.Text, "turns": &c.Turns, "participants": &c.Participants})
}

type turn struct {
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
}

// UnmarshalJSON is like that of a conversation.
func (t *turn) UnmarshalJSON(data []byte) error {
	return exactly(data, map[string]any{"speaker": &t.Speaker, "text": &t.Text})
}

type participant struct{ Role, Name string }

// UnmarshalJSON is like that of a conversation.
func (p *participant) UnmarshalJSON(data []byte) error {
	return exactly(data, map[string]any{"role": &p.Role, "name": &p.Name})
}

func exactly(data []byte, fields map[string]any) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	for name, field := range fields {
		if value, ok := values[name]; ok {
			if err := json.Unmarshal(value, field); err != nil {
				return err
			}
		}
	}
	return nil
}

// A masked is one line of the output.
type masked struct {
	ID       string   `json:"id"`
	Turns    []turn   `json:"turns"`
	Entities []entity `json:"entities"`
}

type entity struct {
	Turn  int     `json:"turn"`
	Start int     `json:"start"` // code points of the original turn, half-open
	End   int     `json:"end"`
	Type  string  `json:"type"`
	Token string  `json:"token"`
	Score float32 `json:"score"`
	Text  string  `json:"text,omitempty"`
}

// parse reads a line; an empty one gives nil. No error of it repeats what stands in the line.
func (m *masker) parse(line []byte) (*conversation, error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return nil, nil
	}
	c, err := parse(line)
	if err != nil {
		return nil, err
	}
	if m.analyzer.HasPII(*c.ID) {
		return nil, errors.New("the id holds personal data")
	}
	return c, nil
}

// parse reads a line strictly: duplicate keys are refused, because the next reader may take the other value.
func parse(line []byte) (*conversation, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("not UTF-8")
	}
	if err := checkKeys(line); err != nil {
		return nil, err
	}
	var in conversation
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, errors.New("not a conversation in JSON")
	}
	switch {
	case in.ID == nil || *in.ID == "":
		return nil, errors.New("no id")
	case in.Text != nil && in.Turns != nil:
		return nil, errors.New("both text and turns")
	case in.Text == nil && in.Turns == nil:
		return nil, errors.New("neither text nor turns")
	}
	if in.Text != nil {
		in.Turns = []turn{{Text: *in.Text}}
	}
	return &in, nil
}

// checkKeys walks over the JSON of a line and refuses what is broken or names a key twice.
func checkKeys(line []byte) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := checkValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	return nil
}

const maxDepth = 100

func checkValue(d *json.Decoder, depth int) error {
	tok, err := d.Token()
	if err != nil {
		return fmt.Errorf("broken JSON at byte %d", d.InputOffset())
	}
	if depth > maxDepth {
		return errors.New("JSON is nested too deeply")
	}
	switch tok {
	case json.Delim('{'):
		seen := map[string]bool{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return fmt.Errorf("broken JSON at byte %d", d.InputOffset())
			}
			if seen[key.(string)] {
				return fmt.Errorf("a key stands twice, at byte %d", d.InputOffset())
			}
			seen[key.(string)] = true
			if err := checkValue(d, depth+1); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for d.More() {
			if err := checkValue(d, depth+1); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("broken JSON at byte %d", d.InputOffset())
	}
	return nil
}

func (in *conversation) conversation() anonymize.Conversation {
	var c anonymize.Conversation
	for _, t := range in.Turns {
		c.Turns = append(c.Turns, anonymize.Turn{Speaker: t.Speaker, Text: t.Text})
	}
	for _, p := range in.Participants {
		c.Participants = append(c.Participants, anonymize.Participant{Role: roles[p.Role], Name: p.Name})
	}
	return c
}

// roles of participants; any other word is a person without a side.
var roles = map[string]anonymize.Role{"customer": anonymize.Customer, "agent": anonymize.Agent}

// entities appends the spans of one turn, their bytes counted as code points.
func (m *masker) entities(dst []entity, turn int, text string, spans []anonymize.MaskedSpan) []entity {
	at, runes := 0, 0
	for _, s := range spans {
		runes += utf8.RuneCountInString(text[at:s.Start])
		length := utf8.RuneCountInString(text[s.Start:s.End])
		e := entity{Turn: turn, Start: runes, End: runes + length, Type: string(s.Kind), Token: s.Token, Score: s.Score}
		if m.text {
			e.Text = text[s.Start:s.End]
		}
		dst = append(dst, e)
		at, runes = s.End, runes+length
	}
	return dst
}

// encode writes the line of a masked conversation without escaping what JSON lets stand.
func (m *masker) encode(c *conversation, result *anonymize.Result) ([]byte, error) {
	out := masked{ID: *c.ID, Turns: []turn{}, Entities: []entity{}}
	for i, t := range result.Turns {
		out.Turns = append(out.Turns, turn{t.Speaker, t.Text})
		out.Entities = m.entities(out.Entities, i, c.Turns[i].Text, t.Spans)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(out)
	return b.Bytes(), err
}
