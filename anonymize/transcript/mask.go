package transcript

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/syntora/vual/anonymize"
)

// A document is what a reader found in its part of the file: what was said, and where it stands.
type document struct {
	id           string
	line         int // of the file, in JSON lines
	format       Format
	source       []byte
	before       place // of the source in the file
	utterances   []*utterance
	participants []anonymize.Participant
	names        []*passage // fields that hold a person's name
	fields       []field    // other text
	edits        []edit     // what is changed whatever is found

	// Of a part of a conversation.
	part, continues bool
	context         []anonymize.Turn // the last turns before it
	interrupted     bool             // something else was told behind them

	// Where the file holds its text in encodings, source has the text of the segments one after the other.
	file     []byte
	segments []segment
}

// newDocument is the only one of its file.
func newDocument(source []byte) *document { return &document{source: source} }

// located names a byte of the source.
func (d *document) located(at int, what string) *placeError {
	return d.before.located(d.source, at, what)
}

// An utterance is what one speaker says at a time.
type utterance struct {
	speaker    string
	speakerAt  []piece // where the speaker's name stands
	start, end time.Duration
	texts      []*passage // the first is what is shown; the others say the same in other words, or in parts
}

// A field is text outside the conversation.
type field struct {
	passage
	what fieldKind
}

type fieldKind uint8

const (
	freeText fieldKind = iota
	phoneField
	birthField
	addressField
)

// fieldKinds say what stands before the text of a field while it is searched, and what stands for it where digits are
// left: the field said what it holds, found or not.
var fieldKinds = [...]struct{ cue, token string }{
	phoneField: {"телефон: ", "[PHONE]"}, birthField: {"дата рождения: ", "[BIRTH_DATE]"}, addressField: {"адрес: ", "[ADDRESS]"},
}

func (d *document) conversation() anonymize.Conversation {
	c := anonymize.Conversation{Participants: d.participants}
	for _, u := range d.utterances {
		c.Turns = append(c.Turns, anonymize.Turn{Speaker: u.speaker, Text: u.texts[0].text()})
	}
	return c
}

func (d *document) mask(ctx context.Context, a *anonymize.Analyzer) (*Masked, error) {
	return d.maskChosen(ctx, a, func(_ anonymize.Turn, r anonymize.Masked) anonymize.Masked { return r })
}

// maskChosen masks what choose leaves of each masked turn.
func (d *document) maskChosen(ctx context.Context, a *anonymize.Analyzer, choose func(anonymize.Turn, anonymize.Masked) anonymize.Masked) (*Masked, error) {
	if d.part {
		return nil, errPart
	}
	if len(a.Find(d.id)) > 0 {
		return nil, d.badID()
	}
	t := d.tell()
	r, err := a.Conversation(ctx, t.conversation)
	if err != nil {
		return nil, fmt.Errorf("transcript: %w", err)
	}
	return d.masked(r.Mapping, t, func(i int, turn anonymize.Turn) (anonymize.Masked, error) {
		return choose(turn, r.Turns[i]), nil
	})
}

var errPart = errors.New("transcript: a part of a conversation is masked by Document.MaskIn")

func (d *document) badID() error {
	return fmt.Errorf("transcript: %s: line %d: the id holds personal data", d.format, d.line)
}

// maskIn masks what the document has as what comes next in a session.
func (d *document) maskIn(ctx context.Context, s *anonymize.Session) (*Masked, error) {
	if d.id != "" {
		id, err := s.Anonymize(ctx, anonymize.Turn{Speaker: "note", Text: d.id})
		if err != nil {
			return nil, fmt.Errorf("transcript: %w", err)
		}
		if len(id.Spans) > 0 {
			return nil, d.badID()
		}
	}
	return d.masked(s.Mapping(), d.tell(), func(_ int, turn anonymize.Turn) (anonymize.Masked, error) {
		return s.Anonymize(ctx, turn)
	})
}

// masked writes the document with the turns of a telling masked.
func (d *document) masked(mapping *anonymize.Mapping, t *telling, mask func(i int, turn anonymize.Turn) (anonymize.Masked, error)) (*Masked, error) {
	m := &Masked{ID: d.id, Mapping: mapping}
	edits := slices.Clone(d.edits)
	for i, use := range t.uses {
		r, err := mask(i, t.conversation.Turns[i])
		if err != nil {
			return nil, fmt.Errorf("transcript: %w", err)
		}
		edits = use(edits, m, r)
	}
	var err error
	if m.data, err = d.write(edits); err != nil {
		return nil, fmt.Errorf("transcript: %s: %w", d.format, err)
	}
	return m, nil
}

// write gives the part of the file with the edits made.
func (d *document) write(edits []edit) ([]byte, error) {
	if d.segments == nil {
		return splice(d.source, 0, len(d.source), edits), nil
	}
	return d.writeSegments(edits)
}

// A telling is a document as one conversation. All texts of it are masked in one go, so that they have the same tokens: after
// the conversation itself follow its turns in other words, for each alternative that the file has, then the
// names and the other text.
type telling struct {
	conversation anonymize.Conversation
	uses         []use // of each masked turn
}

// A use puts a masked turn where it belongs.
type use func(edits []edit, m *Masked, r anonymize.Masked) []edit

func (t *telling) add(speaker, text string, u use) {
	t.conversation.Turns = append(t.conversation.Turns, anonymize.Turn{Speaker: speaker, Text: text})
	t.uses = append(t.uses, u)
}

func (d *document) tell() *telling {
	t := &telling{conversation: anonymize.Conversation{Participants: d.participants}}
	turns := make([]told, 0, len(d.context)+len(d.utterances))
	for _, turn := range d.context {
		turns = append(turns, told{turn.Speaker, []variant{{text: turn.Text}}, nil})
	}
	for _, u := range d.utterances {
		turns = append(turns, told{u.speaker, u.variants(), u})
	}
	if d.interrupted {
		t.remind(turns[:len(d.context)])
	}
	for _, turn := range turns[len(d.context):] {
		first := turn.variants[0]
		t.add(turn.speaker, first.text, d.useText(turn.u, true, first.passages))
	}
	d.tellVersions(t, turns)
	for _, name := range d.names {
		t.add(strings.TrimSpace(name.text()), "", d.useName(name))
	}
	for i := range d.fields {
		f := &d.fields[i]
		cue := fieldKinds[f.what].cue
		t.add("note", cue+f.text(), d.useField(f, len(cue)))
	}
	return t
}

// A told is a turn with all that the file has for it; one of an earlier part has no utterance.
type told struct {
	speaker  string
	variants []variant
	u        *utterance
}

// tellVersions tells what the file has in other words, each behind the turns before it as they are known, so that what
// they asked is known.
func (d *document) tellVersions(t *telling, turns []told) {
	var more []int // turns that have the version
	for i := range turns {
		more = append(more, i)
	}
	for version := 1; len(more) > 0; version++ {
		more = slices.DeleteFunc(more, func(i int) bool { return len(turns[i].variants) <= version })
		next := 0
		for _, i := range more {
			t.remind(turns[max(next, i-contextTurns):i])
			v := turns[i].variants[version]
			t.add(turns[i].speaker, v.text, d.useText(turns[i].u, false, v.passages))
			next = i + 1
		}
	}
}

// remind tells turns once more for the sake of those that follow.
func (t *telling) remind(turns []told) {
	for _, turn := range turns {
		t.add(turn.speaker, turn.variants[0].text, drop)
	}
}

func drop(edits []edit, _ *Masked, _ anonymize.Masked) []edit { return edits }

// A variant is passages with the same text.
type variant struct {
	text     string
	passages []*passage
}

func (u *utterance) variants() []variant {
	var all []variant
	at := map[string]int{}
	for _, p := range u.texts {
		text := p.text()
		i, known := at[text]
		if !known {
			i = len(all)
			at[text] = i
			all = append(all, variant{text: text})
		}
		all[i].passages = append(all[i].passages, p)
	}
	return all
}

// hasAsides reports whether more was told than the turns.
func (d *document) hasAsides() bool {
	return len(d.names) > 0 || len(d.fields) > 0 ||
		slices.ContainsFunc(d.utterances, func(u *utterance) bool { return len(u.variants()) > 1 })
}

func (d *document) useText(u *utterance, shown bool, passages []*passage) use {
	return func(edits []edit, m *Masked, r anonymize.Masked) []edit {
		if shown {
			m.Turns = append(m.Turns, Turn{r.Speaker, r.Text, r.Spans, u.start, u.end})
			for _, at := range u.speakerAt {
				edits = append(edits, at.replace(d.source, r.Speaker))
			}
		}
		timed := false
		for _, p := range passages {
			edits = p.appendEdits(edits, d.source, r.Spans)
			before := len(m.windows)
			m.windows = p.windows(m.windows, r.Spans)
			timed = timed || len(m.windows) > before
		}
		if len(r.Spans) > 0 && !timed && u.start < u.end {
			m.windows = append(m.windows, Window{u.start, u.end})
		}
		return edits
	}
}

// useName puts the label into the first piece of a name and empties the others.
func (d *document) useName(name *passage) use {
	return func(edits []edit, _ *Masked, r anonymize.Masked) []edit {
		if r.Speaker == strings.TrimSpace(name.text()) {
			return edits
		}
		for i, q := range name.pieces {
			if i > 0 {
				r.Speaker = ""
			}
			edits = append(edits, q.replace(d.source, r.Speaker))
		}
		return edits
	}
}

// useField masks a text outside the conversation.
func (d *document) useField(f *field, cue int) use {
	return func(edits []edit, _ *Masked, r anonymize.Masked) []edit {
		var spans []anonymize.MaskedSpan
		for _, s := range r.Spans {
			s.Start, s.End = max(s.Start-cue, 0), s.End-cue
			if s.End > 0 {
				spans = append(spans, s)
			}
		}
		if token := fieldKinds[f.what].token; token != "" && digitsLeft(f.text(), spans) {
			return append(edits, f.pieces[0].replace(d.source, token))
		}
		return f.appendEdits(edits, d.source, spans)
	}
}

func digitsLeft(text string, spans []anonymize.MaskedSpan) bool {
	at := 0
	for _, s := range spans {
		if strings.ContainsFunc(text[at:s.Start], unicode.IsDigit) {
			return true
		}
		at = s.End
	}
	return strings.ContainsFunc(text[at:], unicode.IsDigit)
}

// replace puts another text into the place of a piece; a number becomes a string.
func (q piece) replace(source []byte, text string) edit {
	literal := source[q.start:q.end]
	if text == q.coding.decode(literal) {
		return edit{q.start, q.end, bytes.Clone(literal)}
	}
	return edit{q.start, q.end, q.coding.encode(literal, text)}
}
