package anonymize

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/syntora/vual/anonymize/internal/lexicon"
)

// A Sealer protects state at rest. What crypto.Sealer.Bind returns is one. ad names the record that the state belongs
// to; a box opens under the same ad alone.
type Sealer interface {
	Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error)
	Open(ctx context.Context, dst, box, ad []byte) ([]byte, error)
}

var (
	// ErrState means that a box opened but does not hold a state of this kind and version.
	ErrState = errors.New("anonymize: not a state of this version")
	// ErrRules means that the session was sealed by another release or under other options, whose rules would now mask
	// its turns in another way. Its mapping still opens, with [OpenMapping]; the conversation goes on in a new session.
	ErrRules = errors.New("anonymize: the state was made by other rules")
	// ErrOneWay means that the session was begun with SessionOptions.OneWay and has kept nothing to go on from, or that a
	// stream of it failed in the middle of a turn. Seal its mapping, or begin without the option.
	ErrOneWay = errors.New("anonymize: a one-way session cannot be sealed")
)

// stateVersion is the first field of every state. A reader refuses versions that it does not know.
const stateVersion = 1

// state is a mapping, and for a session also what was said: a session is opened by hearing it again, which brings
// back people, numbering and values half dictated alike.
type state struct {
	Version      int
	Language     Language
	Entities     []entityState
	Labels       []labelState1
	Turns        []turnState
	Values       []byte
	Participants []Participant `json:",omitempty"`
	Said         []Turn        `json:",omitempty"`
}

type entityState struct {
	Kind              Kind
	Key, Value, Token string
	Role              Role
	Sex               lexicon.Sex `json:",omitempty"`
	Words             []wordState `json:",omitempty"` // of a person's fullest name, in the nominative
	Same              int         `json:",omitempty"` // the entity that goes on for it, counted from 1
	Closed            bool        `json:",omitempty"`
	Heirs             []int       `json:",omitempty"` // of a closed label, counted from 0
}

type wordState struct {
	Text  string
	Class lexicon.Class
}

type labelState1 struct {
	Label string
	Kind  Kind
	State labelState
}

type turnState struct {
	Sum   uint32
	Spans [][3]int // start and end in the masked turn, end of the original in Values
}

// SealState seals all that leads back from the tokens, under the caller's key: the only way in which a mapping leaves
// the process. It holds all personal data of the conversation.
func (m *Mapping) SealState(ctx context.Context, s Sealer, ad []byte) ([]byte, error) {
	return sealState(ctx, s, ad, m.p.get().state())
}

// OpenMapping opens what [Mapping.SealState] or [Session.SealState] sealed.
func OpenMapping(ctx context.Context, s Sealer, ad, box []byte) (*Mapping, error) {
	st, err := openState(ctx, s, ad, box)
	if err != nil {
		return nil, err
	}
	m, err := st.mapping()
	if err != nil {
		return nil, err
	}
	return &Mapping{hide(m)}, nil
}

// SealState seals the session, so that the conversation can go on in another process. It holds every turn as it was
// said.
func (s *Session) SealState(ctx context.Context, sealer Sealer, ad []byte) ([]byte, error) {
	p := s.p.get()
	if p.oneWay || p.cut {
		return nil, ErrOneWay
	}
	st := p.m.state()
	st.Participants, st.Said = p.participants, p.said
	return sealState(ctx, sealer, ad, st)
}

// OpenSession opens what [Session.SealState] sealed. It hears all turns again, without asking any operator: the tokens are
// those given before. An analyzer whose rules would mask them otherwise returns [ErrRules].
func (a *Analyzer) OpenSession(ctx context.Context, sealer Sealer, ad, box []byte) (*Session, error) {
	st, err := openState(ctx, sealer, ad, box)
	if err != nil {
		return nil, err
	}
	if st.Language != a.opts.Labels || len(st.Said) != len(st.Turns) {
		return nil, ErrRules
	}
	s := a.Session(&SessionOptions{Participants: st.Participants})
	p := s.p.get()
	p.replay = st.Entities
	for i, turn := range st.Said {
		if _, err := p.next(ctx, turn); err != nil {
			return nil, err
		}
		if p.m.turns[i].sum != st.Turns[i].Sum {
			return nil, ErrRules
		}
	}
	if len(p.m.entities) != len(st.Entities) {
		return nil, ErrRules
	}
	p.replay = nil
	return s, nil
}

func sealState(ctx context.Context, s Sealer, ad []byte, st *state) ([]byte, error) {
	plain, err := json.Marshal(st)
	if err != nil {
		return nil, errors.New("anonymize: state does not encode") // the cause might repeat a value
	}
	defer clear(plain)
	box, err := s.Seal(ctx, nil, plain, ad)
	if err != nil {
		return nil, fmt.Errorf("anonymize: sealing state: %w", err)
	}
	return box, nil
}

func openState(ctx context.Context, s Sealer, ad, box []byte) (*state, error) {
	plain, err := s.Open(ctx, nil, box, ad)
	if err != nil {
		return nil, fmt.Errorf("anonymize: opening state: %w", err)
	}
	defer clear(plain)
	var st state
	if json.Unmarshal(plain, &st) != nil || st.Version != stateVersion || int(st.Language) >= len(roleNouns) {
		return nil, ErrState
	}
	return &st, nil
}

// state gives the mapping as plain data.
func (m *mapping) state() *state {
	st := &state{Version: stateVersion, Language: m.labels.language, Values: m.values}
	for _, e := range m.entities {
		es := entityState{Kind: e.kind, Key: e.key, Value: e.value, Token: e.token, Role: e.role}
		if e.who != nil {
			full := e.who.fullName()
			es.Value, es.Sex = e.who.value, full.sex
			for _, w := range full.words {
				es.Words = append(es.Words, wordState{w.text, w.class})
			}
		}
		if es.Closed = e.closed; e.closed {
			for _, to := range m.heirs(e) {
				es.Heirs = append(es.Heirs, to.nth)
			}
		} else if e.same != nil {
			es.Same = e.now().nth + 1
		}
		st.Entities = append(st.Entities, es)
	}
	for _, l := range m.labels.log {
		st.Labels = append(st.Labels, labelState1{l.label, l.kind, m.labels.state[l.label]})
	}
	for i, t := range m.turns {
		ts := turnState{Sum: t.sum}
		end := len(m.spans)
		if i+1 < len(m.turns) {
			end = m.turns[i+1].spans
		}
		for _, r := range m.spans[t.spans:end] {
			ts.Spans = append(ts.Spans, [3]int{r.start, r.end, r.value})
		}
		st.Turns = append(st.Turns, ts)
	}
	return st
}

// mapping makes a mapping of plain data, which it holds against itself first.
func (st *state) mapping() (*mapping, error) {
	m := newMapping(st.Language)
	m.values = st.Values
	for _, es := range st.Entities {
		e := &entity{kind: es.Kind, key: es.Key, value: es.Value, token: es.Token, role: es.Role, nth: len(m.entities), closed: es.Closed}
		if e.kind == PERSON {
			e.who = &person{value: es.Value, role: es.Role, e: e, full: fullName{sex: es.Sex}}
			for _, w := range es.Words {
				e.who.full.words = append(e.who.full.words, nameWord{w.Text, w.Class})
			}
		}
		m.entities = append(m.entities, e)
		if e.key != "" {
			m.byKey[e.key] = e
		}
	}
	if err := st.link(m.entities); err != nil {
		return nil, err
	}
	for _, l := range st.Labels {
		m.labels.set(l.Label, l.State, l.Kind)
	}
	value := 0
	for _, ts := range st.Turns {
		m.turns = append(m.turns, turnRecord{len(m.spans), ts.Sum})
		at := 0
		for _, r := range ts.Spans {
			if r[0] < at || r[1] < r[0] || r[2] < value || r[2] > len(m.values) {
				return nil, ErrState
			}
			m.spans = append(m.spans, spanRecord{r[0], r[1], r[2]})
			at, value = r[1], r[2]
		}
	}
	return m, nil
}

// link leads labels to those that go on for them.
func (st *state) link(entities []*entity) error {
	for i, es := range st.Entities {
		if es.Same < 0 || es.Same > i { // the older label goes on
			return ErrState
		}
		if es.Same > 0 {
			entities[i].same = entities[es.Same-1]
		}
		for _, to := range es.Heirs {
			if to < 0 || to >= len(entities) || to == i {
				return ErrState
			}
			entities[i].heirs = append(entities[i].heirs, entities[to])
		}
	}
	return nil
}
