package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
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

// encodeStored returns the stored form of e. The time in it is patched by stamp
// when the event is written.
func encodeStored(e *Entry) ([]byte, error) {
	e.Version = entryVersion
	return json.Marshal(e)
}

// stampOffset is where the time stands in the stored form: after {"recorded":"
const stampOffset = len(`{"recorded":"`)

func stamp(stored []byte, t time.Time) {
	// Not appended in place: AppendFormat may use bytes beyond its result.
	var b [64]byte
	copy(stored[stampOffset:], t.UTC().AppendFormat(b[:0], timeLayout))
}

// Time is a moment in UTC to the microsecond, always written in 27 characters.
// Databases keep microseconds, so the text that was hashed survives them.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000000Z"

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
