package audit

import (
	"encoding/hex"
	"errors"
	"log/slog"
	"net/netip"
	"strconv"
	"time"
)

// An Event says who did what to whose data, why, and how it ended.
//
// What is a word in it (an action, a purpose, a code) must stand in the
// [Catalogue]. What names a person or a thing is a [Value], which hides itself
// when printed and reaches the log only as a pseudonym or sealed. There is no
// field for free text.
type Event struct {
	Action   Action
	Tenant   Value     // whose data it is in a service that keeps several clients'; may be zero
	Actor    Actor     // who acts
	Subjects []Subject // whose data is touched
	Object   Object    // what is touched
	Purpose  Purpose   // required unless the action is [Rule.Impersonal]
	Basis    Basis     // law or contract code; required like Purpose
	Outcome  Outcome   // zero means Success
	Code     string    // a reason code, never a message
	Origin   Origin
	Occurred time.Time // when it happened, if not now; kept to the microsecond
	Link     ID        // in an outcome, the attempt that it ends
	Details  []Detail
}

// An Action is a name of the catalogue such as "transcript.read".
type Action string

// A Purpose says what personal data is touched for, such as "quality-review".
type Purpose string

// A Basis is the ground in law or contract for it, such as "152-fz.6.1.5".
type Basis string

// A Kind says what sort of thing a value names, such as "customer" or "phone".
// Equal values of different kinds have different pseudonyms.
type Kind string

// An Actor is the person or program that acts. An employee is a person: the
// log keeps pseudonyms of ID, OnBehalfOf and Session.
type Actor struct {
	Kind       ActorKind
	ID         Value  // required
	OnBehalfOf Value  // for whom, if not for itself
	Auth       string // how it signed in, from [Catalogue.Logins]; may be empty
	Session    Value
}

// ActorKind is the sort of an actor.
type ActorKind string

// The sorts of actors.
const (
	User        ActorKind = "user"
	Admin       ActorKind = "admin"
	Service     ActorKind = "service"
	DataSubject ActorKind = "subject" // the person whose data it is
)

// The kinds that are not of the catalogue.
const (
	KindActor   Kind = "actor" // of actors, whatever their ActorKind
	KindSession Kind = "session"
	KindTenant  Kind = "tenant"
)

// A Subject is a person whose data is touched.
type Subject struct {
	Kind Kind // from [Catalogue.Subjects]
	ID   Value
}

// An Object is the thing touched. The zero Object is none.
type Object struct {
	Type       string // from [Catalogue.Objects]
	ID         Value
	Version    uint32
	Categories []string // of personal data, from [Catalogue.Categories]
	System     string   // the personal-data system, from [Catalogue.Systems]
}

// Origin says where an event came from. Of an address only the network is
// kept: 24 bits of IPv4, 48 of IPv6.
type Origin struct {
	Service string // from [Catalogue.Services]
	Address netip.Addr
	Trace   [16]byte // W3C trace id, zero for none
	Span    [8]byte  // W3C span id, zero for none
}

// An Outcome says how far an action came.
type Outcome string

// The outcomes. [Log.Record] refuses Unknown: only recovery writes it, for an
// attempt whose end was lost in a crash.
const (
	Attempt Outcome = "attempt"
	Success Outcome = "success"
	Denied  Outcome = "denied"
	Failed  Outcome = "failed"
	Unknown Outcome = "unknown"
)

// A Detail is one more fact about an event. Its class is not said here: the
// catalogue gives it by key, see [Field].
type Detail struct {
	Key   string
	Value Value
	Owner Subject // under whose key a sealed value goes; zero means Subjects[0]
}

// A Value is a text or a number that may be personal. It prints as [hidden]
// in every way that fmt, slog and encoding/json know. The zero Value is absent.
// It is immutable.
type Value struct{ p *string }

// Private returns a Value that holds s. An empty s gives the zero Value.
func Private(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{&s}
}

// Number returns a Value that holds n as decimal digits.
func Number(n int64) Value { return Private(strconv.FormatInt(n, 10)) }

// IsZero reports whether v is absent.
func (v Value) IsZero() bool { return v.p == nil }

// String hides what v holds.
func (v Value) String() string {
	if v.p == nil {
		return "[none]"
	}
	return "[hidden]"
}

// GoString hides what v holds.
func (v Value) GoString() string { return v.String() }

// LogValue hides what v holds.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

func (v Value) reveal() string {
	if v.p == nil {
		return ""
	}
	return *v.p
}

// An ID names one event. It is 128 random bits, so the hash of an event tells
// nothing about what is in it. The zero ID is none.
type ID [16]byte

// ParseID reads the 32 lower-case hexadecimal digits that [ID.String] writes.
func ParseID(s string) (ID, error) {
	var id ID
	err := id.UnmarshalText([]byte(s))
	return id, err
}

// String returns id as 32 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether id is none.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText is like String.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is like [ParseID].
func (id *ID) UnmarshalText(text []byte) error {
	return unhex(id[:], text)
}

// unhex reads lower-case hexadecimal digits: of two spellings of one value
// only one is accepted.
func unhex(dst, text []byte) error {
	if len(text) != 2*len(dst) {
		return errHex
	}
	for _, c := range text {
		if c >= 'A' && c <= 'F' {
			return errHex
		}
	}
	if _, err := hex.Decode(dst, text); err != nil {
		return errHex
	}
	return nil
}

var errHex = errors.New("audit: not lower-case hexadecimal digits of the right length")
