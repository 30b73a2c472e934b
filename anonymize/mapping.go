package anonymize

import (
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"slices"
	"strconv"
	"strings"
)

// A Mapping leads from the tokens of one conversation back to its values. It is the most dangerous thing that this
// package makes: it holds all personal data of the conversation. It shows none of it when printed, cannot be marshalled,
// and leaves only sealed, through [Mapping.SealState]. It is not safe for concurrent use with the session that fills it.
type Mapping struct {
	p hidden[mapping]
}

type mapping struct {
	entities []*entity
	room     slab[entity] // for new ones
	byKey    map[string]*entity
	people   people
	labels   labels
	turns    []turnRecord
	spans    []spanRecord
	values   []byte // the originals of all spans, one after the other
}

// An entity is one value or one person, whatever the forms in which he was named.
type entity struct {
	kind  Kind
	key   string // kind and canonical value, "" for persons
	value string // the fullest form seen
	token string
	role  Role // of a person
	who   *person

	nth     int       // its place among the entities
	same    *entity   // an older label of the same person, which goes on
	looked  int       // the last look back that came upon it
	chained int       // the last one that chained its mentions
	first   int32     // of them, among people.owned
	closed  bool      // it was given to different people
	heirs   []*entity // of a closed label in a mapping that was opened
}

type turnRecord struct {
	spans int    // where the turn's records begin in mapping.spans
	sum   uint32 // of the masked text
}

type spanRecord struct {
	start, end int // bytes of the masked turn
	value      int // where the original ends in Mapping.values; it begins where the one before ends
}

func newMapping(lang Language) *mapping {
	return &mapping{
		byKey:  map[string]*entity{},
		people: people{memory: memory{roles: map[uint64]nameRole{}}},
		labels: labels{counts: map[Kind]int{}, state: map[string]labelState{}, language: lang},
	}
}

// Turns is how many turns were masked.
func (m *Mapping) Turns() int { return len(m.p.get().turns) }

// Undo gives the original of a turn that the session masked, byte for byte. masked must be that turn's text unchanged,
// else Undo returns an error: foreign text goes through [Mapping.Restore].
func (m *Mapping) Undo(turn int, masked string) (string, error) { return m.p.get().undo(turn, masked) }

func (m *mapping) undo(turn int, masked string) (string, error) {
	if turn < 0 || turn >= len(m.turns) {
		return "", fmt.Errorf("anonymize: no turn %d in the mapping", turn)
	}
	from, to := m.turns[turn].spans, len(m.spans)
	if turn+1 < len(m.turns) {
		to = m.turns[turn+1].spans
	}
	if m.turns[turn].sum != textSum([]byte(masked)) {
		return "", fmt.Errorf("anonymize: turn %d is not the text that was masked", turn)
	}
	var original []byte
	at := 0
	for i := from; i < to; i++ {
		r := m.spans[i]
		if r.end > len(masked) {
			return "", fmt.Errorf("anonymize: turn %d is not the text that was masked", turn)
		}
		original = append(original, masked[at:r.start]...)
		original = append(original, m.original(i)...)
		at = r.end
	}
	return string(append(original, masked[at:]...)), nil
}

func (m *mapping) original(i int) []byte {
	start := 0
	if i > 0 {
		start = m.spans[i-1].value
	}
	return m.values[start:m.spans[i].value]
}

// begin begins the record of a turn.
func (m *mapping) begin() { m.turns = append(m.turns, turnRecord{spans: len(m.spans)}) }

// record keeps what Undo needs of the next stretch of a turn. The text begins at byte base of its turn.
func (m *mapping) record(text string, base int, masked []byte, spans []MaskedSpan) {
	turn := &m.turns[len(m.turns)-1]
	turn.sum = crc32.Update(turn.sum, sumTable(), masked)
	for _, s := range spans {
		m.values = append(m.values, text[s.Start-base:s.End-base]...)
		m.spans = append(m.spans, spanRecord{s.MaskedStart, s.MaskedEnd, len(m.values)})
	}
}

// A savepoint is how far a mapping had come before a turn.
type savepoint struct {
	entities, turns, spans, values int
	people                         peopleSave
	labels                         labelsSave
}

func (m *mapping) save(p *savepoint) {
	p.entities, p.turns, p.spans, p.values, p.labels = len(m.entities), len(m.turns), len(m.spans), len(m.values), m.labels.save()
	m.people.save(&p.people)
}

// rollBack forgets what came after the savepoint.
func (m *mapping) rollBack(p *savepoint) {
	for _, e := range m.entities[p.entities:] {
		delete(m.byKey, e.key)
	}
	clear(m.entities[p.entities:])
	m.entities = m.entities[:p.entities]
	m.turns, m.spans = m.turns[:p.turns], m.spans[:p.spans]
	clear(m.values[p.values:])
	m.values = m.values[:p.values]
	m.people.rollBack(&p.people)
	m.labels.rollBack(p.labels)
}

// Index gives what t makes of each value of these kinds, once each, in order of first sight: the entries under which the
// conversation is found again by a phone or an e-mail. t gets values in the form of [Canonical]; PERSON has none, because a
// name does not say who somebody is.
func (m *Mapping) Index(ctx context.Context, t Tokenizer, kinds ...Kind) ([]string, error) {
	var entries []string
	for _, e := range m.p.get().entities {
		if e.kind == PERSON || !slices.Contains(kinds, e.kind) {
			continue
		}
		entry, err := t.Token(ctx, string(e.kind), strings.TrimPrefix(e.key, string(e.kind)+" "))
		if err != nil {
			return nil, fmt.Errorf("anonymize: no index entry for a value of kind %s: %w", e.kind, err)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func (m *mapping) size() string {
	return strconv.Itoa(len(m.entities)) + " entities, " + strconv.Itoa(len(m.turns)) + " turns"
}

// String tells the size of the mapping and nothing of its content.
func (m Mapping) String() string { return "Mapping{" + m.p.get().size() + "}" }

// GoString is String, so that %#v shows nothing either.
func (m Mapping) GoString() string { return m.String() }

// LogValue is String for package log/slog.
func (m Mapping) LogValue() slog.Value { return slog.StringValue(m.String()) }

// textSum tells a turn from another by mistake; against malice it is no guard, and none is needed: who calls Undo may
// see everything.
func textSum(text []byte) uint32 {
	return crc32.Checksum(text, sumTable())
}

func sumTable() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
