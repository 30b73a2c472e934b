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
	t *Text // the one that is read; nil between turns

	course
	told    dictation
	saved   sessionSave
	kept    []*Text // of the turns, while they are read beforehand
	at      int     // the turn among them
	room    int     // for so many tokens more
	hearing bool    // turns are read beforehand now
	values  []Span  // of the window, found before its persons
	scratch []Span  // all of the window
	out     []byte  // masked text of the turn
	written int     // bytes of it that a stream let out before those in out
	left    int     // and of those in out
	masked  []MaskedSpan
	stream  *stream // the last one
	cut     bool    // a stream was cut off in the middle
	key     []byte

	oneWay       bool
	participants []Participant // and what was said so far, for SealState
	said         []Turn
	replay       []entityState // while a sealed session is opened: the entities that it had
}

// A course is what the turns before tell of the next one, but for persons and values.
type course struct {
	asked  question // what was asked last
	topics topics
	code   codeMemory
	places placeMemory
	names  whose  // whose name the last turn asked for
	asker  string // and who spoke it
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
	s.m.people.memory.anew = a.anew
	if opts != nil {
		s.oneWay, s.participants = opts.OneWay, slices.Clone(opts.Participants)
		s.enroll(s.participants)
	}
	return &Session{hide(s)}
}

// Anonymize masks the next turn. On an error it returns nothing and the session is as it was before the turn. A turn
// longer than 64 KB is read in windows: what they say of people and addresses is known to those behind, not to those
// before. [Session.Transformer] and [Session.MaskWriter] do the same for text that is not in memory.
func (s *Session) Anonymize(ctx context.Context, turn Turn) (Masked, error) {
	return s.p.get().next(ctx, turn)
}

func (s *session) next(ctx context.Context, turn Turn) (Masked, error) {
	heard := s.at < len(s.kept) // and looked at then, see listen
	if !heard && (!utf8.ValidString(turn.Text) || !utf8.ValidString(turn.Speaker)) {
		return Masked{}, ErrNotUTF8
	}
	if s.stream != nil && !s.stream.ended {
		return Masked{}, errStreaming
	}
	s.stream = nil
	s.save()
	s.borrow()
	masked, err := s.anonymize(ctx, turn)
	if err != nil {
		s.rollBack()
	} else {
		s.end(turn)
	}
	s.release()
	return masked, err
}

func (s *session) anonymize(ctx context.Context, turn Turn) (Masked, error) {
	speaker, err := s.begin(ctx, turn.Speaker)
	if err != nil {
		return Masked{}, err
	}
	var spans []MaskedSpan
	for w := &s.t.window; !w.last; {
		s.nextWindow(turn.Text)
		if spans, err = s.maskWindow(ctx, turn.Speaker, spans); err != nil {
			return Masked{}, err
		}
	}
	m := Masked{Speaker: speaker, Text: string(s.out), Spans: spans}
	if cap(s.out) > 2*s.a.windows.size { // one long turn must not hold memory for all that follow
		s.out = nil
	}
	return m, nil
}

// begin begins a turn and gives what stands for its speaker.
func (s *session) begin(ctx context.Context, speaker string) (string, error) {
	masked, err := s.maskSpeaker(ctx, speaker)
	if err != nil {
		return "", err
	}
	s.out, s.written, s.left = s.out[:0], 0, 0
	if !s.oneWay {
		s.m.begin()
	}
	return masked, nil
}

// maskWindow masks the window of a turn that was read, behind what stands in s.out already. The persons of a long turn are
// told apart window by window, as if each were a turn.
func (s *session) maskWindow(ctx context.Context, speaker string, spans []MaskedSpan) ([]MaskedSpan, error) {
	if err := ctx.Err(); err != nil && !s.t.window.first() {
		return nil, err
	}
	turn := Turn{speaker, s.t.s}
	if s.find(speaker); s.t.failed != nil {
		return nil, fmt.Errorf("anonymize: a recognizer failed: %w", s.t.failed)
	}
	if !s.m.people.whole {
		s.m.people.hear(turn, s.t, s.scratch)
		s.m.people.link()
	}
	return s.write(ctx, turn, spans)
}

// find puts the spans of the window that was read into s.scratch.
func (s *session) find(speaker string) {
	s.t.names.known, s.t.names.whose = &s.m.people.memory, nobodys
	if s.t.window.first() { // an answer stands at the beginning of a turn
		s.t.asked, s.t.askedToo = s.asked.of(speaker, len(s.t.tok))
		if speaker != s.asker {
			s.t.names.whose = s.names
		}
	}
	s.t.names.asked = s.t.names.whose != nobodys
	s.t.topics, s.t.codeSaid = s.topics, s.code
	s.places.prepare(s.t)
	s.findSpans()
	s.scratch = s.a.choose(s.told.listen(s.scratch, s.t), 0)
	s.scratch = s.m.labels.protect(s.t, s.scratch)
	s.t.window.reach(s.scratch)
	if !s.t.window.last {
		s.places.take(s.t, s.scratch)
	}
}

// end ends a turn: it keeps what the last window leaves to the answer.
func (s *session) end(turn Turn) {
	s.leave(turn.Speaker)
	s.m.people.turn++
	s.at++
	if !s.oneWay {
		s.said = append(s.said, turn)
	}
}

// leave takes over what the turn tells of those behind it.
func (s *session) leave(speaker string) {
	f := &s.t.finding
	if f.left && f.before == s.course && slices.Equal(f.told, s.scratch) {
		s.course = f.after
		return
	}
	before := s.course
	s.asked.note(s.t, speaker, s.scratch)
	s.topics.note(s.t, s.scratch)
	s.code.note(s.t, s.scratch)
	s.places.learn(s.t, s.scratch)
	s.names, s.asker = s.t.asksWhose(s.scratch), speaker
	if f.left = s.keeps(); f.left {
		f.used, f.before, f.after, f.told = true, before, s.course, append(f.told[:0], s.scratch...)
	}
}

// write puts tokens in the place of the spans of a window and records the way back. The spans that it appends count in bytes
// of the whole turn.
func (s *session) write(ctx context.Context, turn Turn, spans []MaskedSpan) ([]MaskedSpan, error) {
	w := &s.t.window
	spans = slices.Grow(spans, len(s.scratch))
	at, begin, first := w.from, len(s.out), len(spans)
	for _, span := range s.scratch {
		token, err := s.token(ctx, turn, span)
		if err != nil {
			return nil, err
		}
		s.out = append(s.out, turn.Text[at:span.Start]...)
		start := s.written + len(s.out)
		s.out = append(s.out, token...)
		at = span.End
		span.Start, span.End = w.at+span.Start, w.at+span.End
		spans = append(spans, MaskedSpan{span, token, start, s.written + len(s.out)})
	}
	s.out = append(s.out, turn.Text[at:w.to]...)
	if !s.oneWay {
		s.m.record(turn.Text, w.at, s.out[begin:], spans[first:])
	}
	return spans, nil
}

// A sessionSave is how far a session had come before a turn.
type sessionSave struct {
	mapping savepoint
	told    dictation
	places  placeMemory
}

func (s *session) save() {
	s.m.save(&s.saved.mapping)
	s.saved.places = s.places
	s.saved.told.keep(&s.told)
}

func (s *session) rollBack() {
	s.m.rollBack(&s.saved.mapping)
	s.told.keep(&s.saved.told)
	s.places = s.saved.places
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
	var norm []byte
	if isNumeric(span.Kind) || s.t.isOnlyNumber(span) || span.Kind == EMAIL && !strings.Contains(text, "@") {
		norm = s.key[at:]
	}
	e, err := s.newEntity(ctx, entity{kind: span.Kind, value: text}, s.key, norm)
	if err != nil {
		return "", err
	}
	return e.token, nil
}

// dictatedToken gives the token of a value that was told, whole or in pieces.
func (s *session) dictatedToken(ctx context.Context, text string, span Span) (string, error) {
	v := s.told.at(-int(span.value))
	if v.entity != nil {
		return v.entity.token, nil
	}
	s.key = v.appendKey(s.key[:0], -int(span.value))
	e := s.m.byKey[string(s.key)]
	if e == nil {
		var err error
		if e, err = s.newEntity(ctx, entity{kind: span.Kind, value: text}, s.key, national(v.told())); err != nil {
			return "", err
		}
	}
	v.entity = e
	return e.token, nil
}

// newEntity gives a value its token for the rest of the conversation. A person has no key; norm is nil where the value has
// no other form.
func (s *session) newEntity(ctx context.Context, v entity, key, norm []byte) (*entity, error) {
	limit := s.a.opts.MaxEntities
	if limit == 0 {
		limit = DefaultMaxEntities
	}
	if len(s.m.entities) >= limit {
		return nil, ErrTooManyEntities
	}
	token, err := s.give(ctx, &v, norm)
	if err != nil {
		return nil, fmt.Errorf("anonymize: no token for a value of kind %s: %w", v.kind, err)
	}
	e := s.m.room.one()
	*e = v
	e.nth, e.token = len(s.m.entities), token
	s.m.entities = append(s.m.entities, e)
	if len(key) > 0 { // one string for both; a value must not hold its whole turn in memory, that of a person does not
		both := string(append(key, v.value...))
		e.key, e.value = both[:len(key)], both[len(key):]
		s.m.byKey[e.key] = e
	}
	return e, nil
}

// give gives the token of a new value: its label, or what the operator of the kind makes. A session that is opened again
// takes the token that it gave then.
func (s *session) give(ctx context.Context, v *entity, norm []byte) (string, error) {
	n := len(s.m.entities)
	if s.replay != nil && (n >= len(s.replay) || s.replay[n].Kind != v.kind) {
		return "", ErrRules
	}
	op := s.a.operator(v.kind)
	if op.make == nil { // numbered again for a session that is opened
		label := s.label(v)
		if s.replay != nil && label != s.replay[n].Token {
			return "", ErrRules
		}
		return label, nil
	}
	if s.replay != nil {
		return s.replay[n].Token, nil
	}
	data := valueData{v.kind, v.value, v.value}
	if norm != nil {
		data.norm = string(norm)
	}
	return op.apply(ctx, Value{hide(&data)})
}

func (s *session) label(v *entity) string {
	if v.kind == PERSON {
		return s.m.labels.nextPerson(v.role)
	}
	return s.m.labels.next(v.kind)
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
	s.places.later, s.hearing = &laterHouses{hearing: true}, true
	if !s.a.anew {
		s.kept, s.room = make([]*Text, len(turns)), maxKeptTokens
	}
	for pass := range 2 { // the second knows the names of the first
		for i, turn := range turns {
			s.at = i
			s.borrow()
			for w := &s.t.window; !w.last; {
				s.nextWindow(turn.Text)
				if s.find(turn.Speaker); s.t.failed != nil {
					return fmt.Errorf("anonymize: a recognizer failed: %w", s.t.failed)
				}
				if pass == 1 {
					s.m.people.hear(Turn{turn.Speaker, s.t.s}, s.t, s.scratch)
				}
			}
			s.m.people.turn += pass
			s.leave(turn.Speaker)
			s.release()
		}
		s.course = course{places: s.places.rested()}
		s.told.rest()
	}
	s.at, s.hearing, s.places.later.hearing = 0, false, false
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
