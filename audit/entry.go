package audit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"
)

// An Entry is an event as the log keeps it. It holds no raw personal value:
// names are pseudonyms, sealed details are boxes. It is still personal data in
// law, because the holder of the pseudonym keys can try values against it.
type Entry struct {
	Recorded   Time           `json:"recorded"` // first, see stampOffset
	Version    int            `json:"v"`
	ID         ID             `json:"id"`
	Action     Action         `json:"action"`
	Outcome    Outcome        `json:"outcome"`
	Code       string         `json:"code,omitempty"`
	Occurred   Time           `json:"occurred,omitzero"`
	Tenant     string         `json:"tenant,omitempty"`
	Actor      EntryActor     `json:"actor,omitzero"`
	Subjects   []EntrySubject `json:"subjects,omitempty"`
	Object     EntryObject    `json:"object,omitzero"`
	Purpose    Purpose        `json:"purpose,omitempty"`
	Basis      Basis          `json:"basis,omitempty"`
	Origin     EntryOrigin    `json:"origin,omitzero"`
	Link       ID             `json:"link,omitzero"`
	Details    []EntryDetail  `json:"details,omitempty"`
	InProgress []OpenAttempt  `json:"in_progress,omitempty"` // only in log.carry

	Seq uint64 `json:"-"` // position in the log
	Raw []byte `json:"-"` // the stored bytes, which are what is hashed
}

// EntryActor is an [Actor] with pseudonyms.
type EntryActor struct {
	Kind       ActorKind `json:"kind"`
	ID         string    `json:"id,omitempty"`
	OnBehalfOf string    `json:"on_behalf_of,omitempty"`
	Auth       string    `json:"auth,omitempty"`
	Session    string    `json:"session,omitempty"`
}

// EntrySubject is a [Subject] with a pseudonym.
type EntrySubject struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// EntryObject is an [Object] with a pseudonym.
type EntryObject struct {
	Type       string   `json:"type"`
	ID         string   `json:"id,omitempty"`
	Version    uint32   `json:"version,omitempty"`
	Categories []string `json:"categories,omitempty"`
	System     string   `json:"system,omitempty"`
}

// EntryOrigin is an [Origin] with the network in place of the address.
type EntryOrigin struct {
	Service string `json:"service,omitempty"`
	Network string `json:"network,omitempty"`
	Trace   string `json:"trace,omitempty"`
	Span    string `json:"span,omitempty"`
}

// EntryDetail is a [Detail] in the form of its class: a word or number, a
// pseudonym, a box in base64, or nothing for a secret.
type EntryDetail struct {
	Key   string `json:"key"`
	Class Class  `json:"class"`
	Value string `json:"value,omitempty"`
}

// An OpenAttempt is an attempt whose outcome is still to come.
type OpenAttempt struct {
	ID     ID     `json:"id"`
	Action Action `json:"action"`
}

// entryVersion is the version of the stored form, field "v".
const entryVersion = 1

// ParseEntry reads the stored bytes of one event. Unknown fields, other
// versions and trailing bytes are errors. raw is kept as Entry.Raw.
func ParseEntry(seq uint64, raw []byte) (Entry, error) {
	e := Entry{Seq: seq, Raw: raw}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return Entry{}, errEntry
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Entry{}, errEntry
	}
	if e.Version != entryVersion || e.ID.IsZero() || e.Recorded.IsZero() || e.Action == "" || e.Outcome == "" {
		return Entry{}, errEntry
	}
	return e, nil
}

var errEntry = errors.New("audit: stored bytes are not an event of version 1")

// encode sets e.Raw to the stored form, which is what json.Marshal makes of e,
// 3 times as fast (BenchmarkEncode). The time in it is patched by stamp when
// the event is written.
func (e *Entry) encode() {
	e.Version = entryVersion
	b := make([]byte, 0, 768)
	b = append(b, `{"recorded":"`...)
	b = appendTime(b, e.Recorded.Time)
	b = append(b, `","v":1,"id":"`...)
	b = hex.AppendEncode(b, e.ID[:])
	b = append(b, '"')
	b = appendWord(b, "action", string(e.Action))
	b = appendWord(b, "outcome", string(e.Outcome))
	b = appendText(b, "code", e.Code)
	if !e.Occurred.IsZero() {
		b = append(b, `,"occurred":"`...)
		b = append(appendTime(b, e.Occurred.Time), '"')
	}
	b = appendText(b, "tenant", e.Tenant)
	if e.Actor != (EntryActor{}) {
		b = appendObject(b, "actor", e.Actor.appendFields)
	}
	b = appendList(b, "subjects", e.Subjects, EntrySubject.appendFields)
	if e.Object.Type != "" || e.Object.ID != "" || e.Object.Version != 0 || e.Object.Categories != nil || e.Object.System != "" {
		b = appendObject(b, "object", e.Object.appendFields)
	}
	b = appendText(b, "purpose", string(e.Purpose))
	b = appendText(b, "basis", string(e.Basis))
	if e.Origin != (EntryOrigin{}) {
		b = appendObject(b, "origin", e.Origin.appendFields)
	}
	if !e.Link.IsZero() {
		b = append(b, `,"link":"`...)
		b = append(hex.AppendEncode(b, e.Link[:]), '"')
	}
	b = appendList(b, "details", e.Details, EntryDetail.appendFields)
	b = appendList(b, "in_progress", e.InProgress, OpenAttempt.appendFields)
	e.Raw = append(b, '}')
}

func (a EntryActor) appendFields(b []byte) []byte {
	b = appendWord(b, "kind", string(a.Kind))
	b = appendText(b, "id", a.ID)
	b = appendText(b, "on_behalf_of", a.OnBehalfOf)
	b = appendText(b, "auth", a.Auth)
	return appendText(b, "session", a.Session)
}

func (s EntrySubject) appendFields(b []byte) []byte {
	return appendWord(appendWord(b, "kind", string(s.Kind)), "id", s.ID)
}

func (o EntryObject) appendFields(b []byte) []byte {
	b = appendWord(b, "type", o.Type)
	b = appendText(b, "id", o.ID)
	if o.Version != 0 {
		b = strconv.AppendUint(append(b, `,"version":`...), uint64(o.Version), 10)
	}
	for i, c := range o.Categories {
		if i == 0 {
			b = append(b, `,"categories":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendQuoted(b, c)
	}
	if len(o.Categories) > 0 {
		b = append(b, ']')
	}
	return appendText(b, "system", o.System)
}

func (o EntryOrigin) appendFields(b []byte) []byte {
	b = appendText(b, "service", o.Service)
	b = appendText(b, "network", o.Network)
	b = appendText(b, "trace", o.Trace)
	return appendText(b, "span", o.Span)
}

func (d EntryDetail) appendFields(b []byte) []byte {
	b = appendWord(b, "key", d.Key)
	b = appendWord(b, "class", string(d.Class))
	return appendText(b, "value", d.Value)
}

func (a OpenAttempt) appendFields(b []byte) []byte {
	return appendWord(appendWord(b, "id", a.ID.String()), "action", string(a.Action))
}

// appendObject appends a member whose value is an object with at least one
// field. Each field brings a comma; the first is turned into the brace.
func appendObject(b []byte, key string, fields func([]byte) []byte) []byte {
	b = append(append(append(b, `,"`...), key...), `":`...)
	start := len(b)
	b = fields(b)
	b[start] = '{'
	return append(b, '}')
}

func appendList[T any](b []byte, key string, list []T, fields func(T, []byte) []byte) []byte {
	for i, v := range list {
		if i == 0 {
			b = append(append(append(b, `,"`...), key...), `":[`...)
		} else {
			b = append(b, ',')
		}
		start := len(b)
		b = fields(v, b)
		b[start] = '{'
		b = append(b, '}')
	}
	if len(list) > 0 {
		b = append(b, ']')
	}
	return b
}

// appendText appends a member unless its value is empty.
func appendText(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendWord(b, key, value)
}

func appendWord(b []byte, key, value string) []byte {
	b = append(append(append(b, `,"`...), key...), `":`...)
	return appendQuoted(b, value)
}

// appendQuoted is fast for what a log holds, letters, digits and signs, and
// right for the rest.
func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			q, err := json.Marshal(s)
			if err != nil {
				panic("audit: " + err.Error()) // no string fails
			}
			return append(b, q...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// stampOffset is where the time stands in the stored form: after {"recorded":"
const stampOffset = len(`{"recorded":"`)

func stamp(stored []byte, t time.Time) {
	appendTime(stored[:stampOffset], t)
}

// Time is a moment in UTC to the microsecond, always written in 27 characters.
// Databases keep microseconds, so the text that was hashed survives them.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000000Z"

// appendTime appends what t.UTC().AppendFormat(b, timeLayout) does, for years
// of four digits, and touches nothing beyond. Written twice for each event,
// the general one took a twelfth of the processor's time (BenchmarkAppend).
func appendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = appendDigits(b, year, 4)
	b = appendDigits(append(b, '-'), int(month), 2)
	b = appendDigits(append(b, '-'), day, 2)
	b = appendDigits(append(b, 'T'), hour, 2)
	b = appendDigits(append(b, ':'), minute, 2)
	b = appendDigits(append(b, ':'), second, 2)
	b = appendDigits(append(b, '.'), t.Nanosecond()/1000, 6)
	return append(b, 'Z')
}

// appendDigits appends n in width digits.
func appendDigits(b []byte, n, width int) []byte {
	b = append(b, "000000"[:width]...)
	for i := len(b) - 1; n > 0 && width > 0; i, width = i-1, width-1 {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// At returns t to the microsecond, in UTC.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Microsecond)} }

// MarshalJSON writes t in 27 characters and quotes.
func (t Time) MarshalJSON() ([]byte, error) {
	if y := t.Year(); y < 0 || y > 9999 {
		return nil, errTime
	}
	return []byte(t.UTC().Format(`"` + timeLayout + `"`)), nil
}

// UnmarshalJSON reads only what MarshalJSON writes.
func (t *Time) UnmarshalJSON(b []byte) error {
	u, err := time.Parse(`"`+timeLayout+`"`, string(b))
	if err != nil || len(b) != len(timeLayout)+2 {
		return errTime
	}
	t.Time = u
	return nil
}

var errTime = errors.New("audit: not a time in UTC with six decimals")
