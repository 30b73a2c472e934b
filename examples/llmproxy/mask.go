package main

import (
	"context"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// An engine is the part of a policy that masks. *policy.Policy is one.
type engine interface {
	Conversation(context.Context, anonymize.Conversation) (*anonymize.Result, error)
	Session(...anonymize.Participant) *anonymize.Session
}

// A maskedPassage is what stands in the place of a passage.
type maskedPassage struct {
	text    string
	changed bool
}

// A masked is a request that may leave, and the way back. The mapping holds personal data.
type masked struct {
	passages []maskedPassage
	mapping  *anonymize.Mapping
	values   int // places that were masked
	labels   int // different labels in the mapping, at most
}

// maskOnce masks the passages of one request, all of them seen before the first is written. Nothing of it outlives the
// request.
func maskOnce(ctx context.Context, e engine, passages []passage) (*masked, error) {
	turns := make([]anonymize.Turn, len(passages))
	for i, p := range passages {
		turns[i] = p.turn()
	}
	result, err := e.Conversation(ctx, anonymize.Conversation{Turns: turns})
	if err != nil {
		return nil, err
	}
	m := &masked{passages: make([]maskedPassage, len(passages)), mapping: result.Mapping}
	for i, p := range passages {
		m.passages[i] = p.masked(result.Turns[i])
		m.values += len(result.Turns[i].Spans)
	}
	m.labels = m.values
	return m, nil
}

// turn puts the key of a value before it, as people would say it.
func (p *passage) turn() anonymize.Turn {
	return anonymize.Turn{Speaker: p.speaker, Text: p.lead() + p.text}
}

func (p *passage) lead() string {
	if p.label == "" {
		return ""
	}
	return p.label + ": "
}

// masked cuts the key off again: what is masked on both sides of the border is one token of the value.
func (p *passage) masked(m anonymize.Masked) maskedPassage {
	lead := len(p.lead())
	spoken := p.lead() + p.text
	var b strings.Builder
	at, changed := lead, false
	for _, s := range m.Spans {
		if s.End <= lead {
			continue
		}
		b.WriteString(spoken[at:max(at, s.Start)])
		b.WriteString(s.Token)
		at, changed = s.End, true
	}
	b.WriteString(spoken[at:])
	text := b.String()
	if p.plain {
		text = strings.Map(plainRune, text)
		changed = text != p.text
	}
	return maskedPassage{text, changed}
}

// plainRune keeps out of a participant's name what the API refuses there.
func plainRune(c rune) rune {
	if strings.ContainsRune(" \t\r\n<>|\\/[]", c) {
		return '_'
	}
	return c
}
