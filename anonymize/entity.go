package anonymize

import "context"

// PERSON is a person's name, also a part of one.
const PERSON Kind = "PERSON"

// people are the persons of a conversation.
type people struct {
	persons []*entity
	byKey   map[string]*entity
}

type peopleSave struct{ persons int }

func (p *people) save() peopleSave         { return peopleSave{len(p.persons)} }
func (p *people) rollBack(save peopleSave) { p.persons = p.persons[:save.persons] }

// enroll takes the participants that the caller knows.
func (p *people) enroll(ps []Participant) {}

// hear reads the persons of a turn before anything is written.
func (p *people) hear(turn Turn, t *Text, spans []Span) {}

// settle decides roles and links when all turns were heard.
func (p *people) settle() {}

func (s *session) personToken(ctx context.Context, turn Turn, span Span) (string, error) {
	text := turn.Text[span.Start:span.End]
	s.key = append(s.key[:0], "PERSON "...)
	s.key = s.t.appendFolded(s.key, span)
	if e := s.m.byKey[string(s.key)]; e != nil {
		return e.token, nil
	}
	return s.newEntity(ctx, &entity{kind: PERSON, key: string(s.key), value: text}, text)
}

func (s *session) participantToken(ctx context.Context, speaker string) (string, error) {
	return speaker, nil
}
