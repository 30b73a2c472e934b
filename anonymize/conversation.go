package anonymize

import "context"

// A Turn is what one speaker says at a time. It holds personal data.
type Turn struct {
	Speaker string // a role word such as "client", or a participant's name; may be empty
	Text    string
}

// A Participant is somebody whom the caller knows to take part: a CRM contact, an employee.
type Participant struct {
	Role Role
	Name string // in any order and form, «Кузнецов Игорь Петрович»
}

// A Role is the part somebody plays in a conversation. It becomes the noun of his label.
type Role uint8

const (
	Person   Role = iota // anybody else
	Customer             // the client's side
	Agent                // the company's side
)

// A Conversation is turns in order, and who is known to take part in it. It holds personal data.
type Conversation struct {
	Turns        []Turn
	Participants []Participant // may be empty
}

// A Masked is one turn without its personal data. It may leave the system.
type Masked struct {
	Speaker string // as it was if it is a role word, else a label
	Text    string
	Spans   []MaskedSpan // sorted and disjoint
}

// A MaskedSpan is a span of the original turn and what stands in its place.
type MaskedSpan struct {
	Span                   // bytes of the original text
	Token                  string
	MaskedStart, MaskedEnd int // bytes of the masked text
}

// A Result is a whole conversation without its personal data, and the way back.
type Result struct {
	Turns   []Masked
	Mapping *Mapping // holds personal data, see [Mapping]
}

// Conversation masks all turns of a conversation. It sees them all before it writes the first: a name that is only
// clear at the end is masked from the beginning, and everybody has the role that the whole conversation shows.
// On an error nothing is returned.
func (a *Analyzer) Conversation(ctx context.Context, c Conversation) (*Result, error) {
	s := a.Session(&SessionOptions{Participants: c.Participants})
	if err := s.p.get().listen(c.Turns); err != nil {
		return nil, err
	}
	r := &Result{Turns: make([]Masked, 0, len(c.Turns)), Mapping: s.Mapping()}
	for _, turn := range c.Turns {
		m, err := s.Anonymize(ctx, turn)
		if err != nil {
			return nil, err
		}
		r.Turns = append(r.Turns, m)
	}
	return r, nil
}
