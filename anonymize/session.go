package anonymize

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Session masks one conversation turn by turn. What it has let out never changes: a turn is masked by what was said
// up to it. The same value has the same token in all turns. It holds personal data, and shows none of it when
// printed. It is not safe for concurrent use; one analyzer serves any number of sessions.
type Session struct {
	p hidden[session]
}

type session struct {
	a *Analyzer
	m *mapping
	t Text

	asked   question // what was asked last
	places  placeMemory
	names   bool   // the last turn asked for a name
	asker   string // and who spoke it
	told    dictation
	scratch []Span
	out     []byte
	key     []byte

	oneWay       bool
	participants []Participant // and what was said so far, for SealState
	said         []Turn
	replay       []entityState // while a sealed session is opened: the entities that it had
}

// SessionOptions are what is known of a conversation beforehand. Nil means nothing.
type SessionOptions struct {
	Participants []Participant

	// OneWay keeps no turn: memory grows with the different values alone, however long the text is. Undo and SealState
	// are not to be had then; Restore is.
	OneWay bool
}

// DefaultMaxEntities is how many different values a session holds where Options.MaxEntities is zero.
const DefaultMaxEntities = 100_000

var (
	// ErrTooManyEntities means that the conversation has more different values than Options.MaxEntities. The turn
	// was not masked; begin a new session for what follows.
	ErrTooManyEntities = errors.New("anonymize: too many entities in one session")
	// ErrNotUTF8 means that a text has bytes that are not UTF-8, in which a value could hide. Nothing was masked;
	// decode the text first.
	ErrNotUTF8 = errors.New("anonymize: text is not valid UTF-8")
)

// Session begins a conversation; nil options mean that nothing is known of it.
func (a *Analyzer) Session(opts *SessionOptions) *Session {
	s := &session{a: a, m: newMapping(a.opts.Labels)}
	if opts != nil {
		s.oneWay, s.participants = opts.OneWay, slices.Clone(opts.Participants)
		s.enroll(s.participants)
	}
	return &Session{hide(s)}
}

// Anonymize masks the next turn. On an error it returns nothing and the session is as it was before the turn.
func (s *Session) Anonymize(ctx context.Context, turn Turn) (Masked, error) {
	return s.p.get().next(ctx, turn)
}

func (s *session) next(ctx context.Context, turn Turn) (Masked, error) {
	if !utf8.ValidString(turn.Text) || !utf8.ValidString(turn.Speaker) {
		return Masked{}, ErrNotUTF8
	}
	save, told := s.m.save(), s.told
	masked, err := s.anonymize(ctx, turn)
	if err != nil {
		s.m.rollBack(save)
		s.told = told
		return Masked{}, err
	}
	s.leave(turn)
	s.m.people.turn++
	if !s.oneWay {
		s.said = append(s.said, turn)
	}
	return masked, nil
}

func (s *session) anonymize(ctx context.Context, turn Turn) (Masked, error) {
	speaker, err := s.maskSpeaker(ctx, turn.Speaker)
	if err != nil {
		return Masked{}, err
	}
	s.find(turn)
	if !s.m.people.whole {
		s.m.people.hear(turn, &s.t, s.scratch)
		s.m.people.link()
	}
	spans, err := s.write(ctx, turn)
	if err != nil {
		return Masked{}, err
	}
	return Masked{Speaker: speaker, Text: string(s.out), Spans: spans}, nil
}

// find reads a turn and puts its spans into s.scratch.
func (s *session) find(turn Turn) {
	s.t.read(turn.Text)
	s.t.asked = s.asked.of(turn.Speaker, len(s.t.tok))
	s.places.prepare(&s.t)
	s.t.names.known, s.t.names.asked = &s.m.people.memory, s.names && turn.Speaker != s.asker
	s.scratch = s.a.appendSpans(s.scratch[:0], &s.t)
	if s.m.people.learn(&s.t, s.scratch) { // what is clear at the end of a turn is hidden at its beginning too
		s.scratch = s.a.appendSpans(s.scratch[:0], &s.t)
		s.m.people.learn(&s.t, s.scratch)
	}
	s.scratch = s.a.choose(s.told.listen(s.scratch, &s.t), 0)
	s.scratch = s.m.labels.protect(&s.t, s.scratch)
}

// leave keeps what the turn leaves to the answer.
func (s *session) leave(turn Turn) {
	s.asked.note(&s.t, turn.Speaker)
	s.places.learn(&s.t, s.scratch)
	s.names, s.asker = s.t.asksName(s.scratch), turn.Speaker
}

// write puts tokens in the place of the spans and records the way back.
func (s *session) write(ctx context.Context, turn Turn) ([]MaskedSpan, error) {
	s.out = s.out[:0]
	var spans []MaskedSpan
	if len(s.scratch) > 0 {
		spans = make([]MaskedSpan, 0, len(s.scratch))
	}
	at := 0
	for _, span := range s.scratch {
		token, err := s.token(ctx, turn, span)
		if err != nil {
			return nil, err
		}
		s.out = append(s.out, turn.Text[at:span.Start]...)
		start := len(s.out)
		s.out = append(s.out, token...)
		at = span.End
		spans = append(spans, MaskedSpan{span, token, start, len(s.out)})
	}
	s.out = append(s.out, turn.Text[at:]...)
	if !s.oneWay {
		s.m.record(turn.Text, s.out, spans)
	}
	return spans, nil
}

// token gives what stands in the place of a span: the token of its entity, which is made when it is new.
func (s *session) token(ctx context.Context, turn Turn, span Span) (string, error) {
	text := turn.Text[span.Start:span.End]
	if span.Kind == PERSON {
		return s.personToken(ctx, turn, span)
	}
	if span.value < 0 {
		return s.dictatedToken(ctx, text, span)
	}
	s.key = append(append(s.key[:0], span.Kind...), ' ')
	at := len(s.key)
	s.key = s.t.appendCanonical(s.key, span)
	if e := s.m.byKey[string(s.key)]; e != nil {
		return e.token, nil
	}
	norm := text
	if isNumeric(span.Kind) || span.Kind == EMAIL && !strings.Contains(text, "@") {
		norm = string(s.key[at:])
	}
	return s.newEntity(ctx, &entity{kind: span.Kind, key: string(s.key), value: text}, norm)
}

// dictatedToken gives the token of a value that was told, whole or in pieces.
func (s *session) dictatedToken(ctx context.Context, text string, span Span) (string, error) {
	v := s.told.at(-int(span.value))
	if v.entity == nil {
		e := &entity{kind: span.Kind, key: v.key(s.key[:0], -int(span.value)), value: text}
		s.key = append(s.key[:0], e.key...)
		if known := s.m.byKey[e.key]; known != nil {
			v.entity = known
			return known.token, nil
		}
		token, err := s.newEntity(ctx, e, string(national(v.told())))
		if err != nil {
			return "", err
		}
		v.entity = e
		return token, nil
	}
	return v.entity.token, nil
}

// newEntity gives a value its token for the rest of the conversation.
func (s *session) newEntity(ctx context.Context, e *entity, norm string) (string, error) {
	limit := s.a.opts.MaxEntities
	if limit == 0 {
		limit = DefaultMaxEntities
	}
	if len(s.m.entities) >= limit {
		return "", ErrTooManyEntities
	}
	label := func(dst []byte) []byte {
		if e.kind == PERSON {
			return s.m.labels.nextPerson(dst, e.role)
		}
		return s.m.labels.next(dst, e.kind)
	}
	token, err := s.give(ctx, &valueData{e.kind, e.value, norm, label})
	if err != nil {
		return "", fmt.Errorf("anonymize: no token for a value of kind %s: %w", e.kind, err)
	}
	e.token = token
	s.m.entities = append(s.m.entities, e)
	if e.key != "" {
		s.m.byKey[e.key] = e
	}
	return token, nil
}

// give asks the operator of the kind for a token. A session that is opened again takes the token that it gave then.
func (s *session) give(ctx context.Context, v *valueData) (string, error) {
	op := s.a.operator(v.kind)
	if s.replay == nil {
		return op.apply(ctx, Value{hide(v)})
	}
	n := len(s.m.entities)
	if n >= len(s.replay) || s.replay[n].Kind != v.kind {
		return "", ErrRules
	}
	if op.name == labelOperator { // asked again for the sake of the numbering
		if token, err := op.apply(ctx, Value{hide(v)}); err != nil || token != s.replay[n].Token {
			return "", ErrRules
		}
	}
	return s.replay[n].Token, nil
}

// maskSpeaker lets role words pass and gives every other speaker a label.
func (s *session) maskSpeaker(ctx context.Context, speaker string) (string, error) {
	if isRoleWord(speaker) {
		return speaker, nil
	}
	return s.participantToken(ctx, speaker)
}

// Mapping is the way back for all turns so far. It is the session's own and grows with it.
func (s *Session) Mapping() *Mapping { return &Mapping{hide(s.p.get().m)} }

// String tells the size of the session and nothing of its content.
func (s Session) String() string { return "Session{" + s.p.get().m.size() + "}" }

// GoString is String, so that %#v shows nothing either.
func (s Session) GoString() string { return s.String() }

// LogValue is String for package log/slog.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// listen reads turns before they are masked, so that what is only said later is known from the beginning.
func (s *session) listen(turns []Turn) error {
	for _, turn := range turns {
		if !utf8.ValidString(turn.Text) || !utf8.ValidString(turn.Speaker) {
			return ErrNotUTF8
		}
	}
	for _, turn := range turns {
		if !isRoleWord(turn.Speaker) {
			s.speakerPerson(turn.Speaker)
		}
	}
	s.places.ahead = true
	for pass := range 2 { // the second knows the names of the first
		for _, turn := range turns {
			s.find(turn)
			if pass == 1 {
				s.m.people.hear(turn, &s.t, s.scratch)
				s.m.people.turn++
			}
			s.leave(turn)
		}
		s.asked, s.names = question{}, false
		s.places.rest()
		s.told.rest()
	}
	s.places.ahead = false
	s.m.people.settle()
	return nil
}

// roleWords are speakers that name a part in the conversation and nobody. A number may follow.
var roleWords = []string{"", "agent", "client", "customer", "operator", "manager", "bot", "system", "note", "user", "assistant",
	"агент", "клиент", "покупатель", "оператор", "менеджер", "бот", "система", "заметка", "сотрудник", "абонент", "пользователь"}

func isRoleWord(speaker string) bool {
	word := speaker
	for len(word) > 0 && word[len(word)-1] >= '0' && word[len(word)-1] <= '9' {
		word = word[:len(word)-1]
	}
	return slices.Contains(roleWords, strings.ToLower(strings.TrimSpace(word)))
}
