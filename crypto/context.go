package crypto

import (
	"encoding/binary"
	"log/slog"
	"slices"
	"unicode/utf8"
)

// A Context says whose and what a sealed record is. It is not stored in the envelope, so it
// must be known again to open it; bytes sealed for one Context do not open for any other.
// That is what keeps one customer's record from being put in the place of another's.
//
// What identifies a row belongs here. Put a row's version in Extra where an old envelope in
// the place of a newer one would do harm: nothing in the bytes can show that.
//
// Texts are compared byte by byte, nothing is normalised. All together, encoded, must not
// exceed 4 KiB. Printed, a Context shows no identifiers.
type Context struct {
	// Tenant is the client company. Required.
	Tenant string
	// Conversation or Subject, if set, names the [Owner] whose key is used; with neither it
	// is the tenant. At most one of the two may be set; name the other in Extra.
	Conversation string
	Subject      string
	// Record identifies the row or object. Required. It may hold any bytes.
	Record string
	// Kind is what it holds, such as "transcript" or "mapping". It may be empty.
	Kind string
	// Extra is anything else that must be equal at opening. Keys must not be empty.
	Extra map[string]string
}

// Owner is whose key seals records of this Context.
func (c Context) Owner() Owner {
	return Owner{Tenant: c.Tenant, Conversation: c.Conversation, Subject: c.Subject}
}

// String hides the identifiers.
func (c Context) String() string { return "crypto.Context(" + c.Owner().kind() + ")" }

// GoString hides the identifiers.
func (c Context) GoString() string { return c.String() }

// LogValue hides the identifiers.
func (c Context) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText hides the identifiers. A Context is not for storing.
func (c Context) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// An Owner is whom a key belongs to: a tenant, one of its conversations or one of its
// subjects. Destroying the key forgets all that was sealed for that owner; a tenant's key
// takes those of its conversations and subjects with it.
//
// Use identifiers that say nothing by themselves: a store keeps them, after the
// destruction too. Printed, an Owner shows no identifiers.
type Owner struct {
	Tenant string
	// At most one of these is set; neither means the tenant itself.
	Conversation, Subject string
}

// String hides the identifiers.
func (o Owner) String() string { return "crypto.Owner(" + o.kind() + ")" }

// GoString hides the identifiers.
func (o Owner) GoString() string { return o.String() }

// LogValue hides the identifiers.
func (o Owner) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalText hides the identifiers. An Owner is not for storing.
func (o Owner) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

func (o Owner) kind() string {
	switch {
	case o.Conversation != "":
		return "conversation"
	case o.Subject != "":
		return "subject"
	}
	return "tenant"
}

// parent is the tenant of a conversation or subject; false says that o is a tenant.
func (o Owner) parent() (Owner, bool) {
	return Owner{Tenant: o.Tenant}, o != Owner{Tenant: o.Tenant}
}

const maxOwner = 1 << 10

func (o Owner) valid() bool {
	if o.Tenant == "" || o.Conversation != "" && o.Subject != "" {
		return false
	}
	for _, s := range [...]string{o.Tenant, o.Conversation, o.Subject} {
		if len(s) > maxOwner || !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

// maxContext bounds the canonical form in bytes.
const maxContext = 4 << 10

// appendCanonical appends the canonical form: for each field that is set, in the order of
// their names' bytes, the name and the value, both after their length in two bytes. With
// lengths before them no two Contexts share a form. The names of Extra start with "x.",
// which sorts after all others and cannot be mistaken for one.
func (c *Context) appendCanonical(dst []byte) ([]byte, error) {
	if !c.Owner().valid() || c.Record == "" || !utf8.ValidString(c.Kind) {
		return nil, ErrContext
	}
	start := len(dst)
	for _, f := range [...]struct{ name, value string }{
		{"conversation", c.Conversation},
		{"kind", c.Kind},
		{"record", c.Record},
		{"subject", c.Subject},
		{"tenant", c.Tenant},
	} {
		if f.value == "" {
			continue
		}
		// A longer text would not fit its two-byte length.
		if len(f.value) > maxContext {
			return nil, ErrContext
		}
		dst = appendText(appendText(dst, f.name), f.value)
	}
	dst, err := c.appendExtra(dst)
	if err != nil || len(dst)-start > maxContext {
		return nil, ErrContext
	}
	return dst, nil
}

func (c *Context) appendExtra(dst []byte) ([]byte, error) {
	if len(c.Extra) == 0 {
		return dst, nil
	}
	names := make([]string, 0, len(c.Extra))
	for name, value := range c.Extra {
		if name == "" || len(name)+len(value) > maxContext || !utf8.ValidString(name) || !utf8.ValidString(value) {
			return nil, ErrContext
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		dst = appendText(appendText(dst, "x."+name), c.Extra[name])
	}
	return dst, nil
}

func appendText(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(s))), s...)
}
