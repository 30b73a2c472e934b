package audit

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Sealer encrypts a detail under one subject's key. ad is authenticated, not
// kept: it binds the box to its event and key. Both methods append to dst.
// (*crypto.Sealer).Bind of this module returns one.
type Sealer interface {
	Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error)
	Open(ctx context.Context, dst, box, ad []byte) ([]byte, error)
}

// An Epoch is one generation of a pseudonym key. When it is destroyed its
// pseudonyms can no longer be computed from a value, nor tried against one.
type Epoch struct {
	ID     string // 1 to 16 of a-z and 0-9; stands in the pseudonym
	Secret [32]byte
}

// String tells the name of the epoch, never the secret.
func (e Epoch) String() string { return "epoch " + e.ID }

// GoString is like String.
func (e Epoch) GoString() string { return e.String() }

// pseudonym computes p1.EPOCH.HASH: 128 bits of HMAC-SHA-256 over tenant, kind
// and value, each after its length so that no two triples share a message.
func (e *Epoch) pseudonym(tenant string, kind Kind, value string) string {
	return newMACs(*e).pseudonym(tenant, kind, value)
}

// macs computes the pseudonyms of one epoch. Keyed states and their buffers are
// used again, which spares half of the hashing and most of the allocations of
// an event (BenchmarkEncode).
type macs struct {
	epoch Epoch
	pool  sync.Pool // of *mac
}

type mac struct {
	hash.Hash
	buf [512]byte
	sum [sha256.Size]byte
}

func newMACs(e Epoch) *macs {
	m := &macs{epoch: e}
	m.pool.New = func() any { return &mac{Hash: hmac.New(sha256.New, m.epoch.Secret[:])} }
	return m
}

func (m *macs) pseudonym(tenant string, kind Kind, value string) string {
	h := m.pool.Get().(*mac)
	msg := h.buf[:0]
	for _, part := range [...]string{"vual/audit/pseudonym/v1", tenant, string(kind), value} {
		msg = binary.BigEndian.AppendUint32(msg, uint32(len(part)))
		msg = append(msg, part...)
	}
	h.Reset()
	h.Write(msg)
	clear(msg) // a pool is no place for names
	h.Sum(h.sum[:0])
	out := append(append(append(h.buf[:0], "p1."...), m.epoch.ID...), '.')
	text := string(base64.RawURLEncoding.AppendEncode(out, h.sum[:16]))
	m.pool.Put(h)
	return text
}

func (e *Epoch) check() error {
	if len(e.ID) == 0 || len(e.ID) > 16 || strings.Trim(e.ID, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return errors.New("audit: the id of an epoch is 1 to 16 of a-z and 0-9")
	}
	if e.Secret == [32]byte{} {
		return errors.New("audit: an epoch has no secret")
	}
	return nil
}

// A RefusedError says which part of an event the catalogue does not allow.
// It never holds what was in that part.
type RefusedError struct {
	Action Action // empty if the action itself is not in the catalogue
	Part   string // such as "purpose" or "detail reason"
	Reason string
}

func (e *RefusedError) Error() string {
	if e.Action == "" {
		return "audit: event refused: " + e.Part + " " + e.Reason
	}
	return fmt.Sprintf("audit: event %s refused: %s %s", e.Action, e.Part, e.Reason)
}

// ErrTooLarge reports an event above [Options.MaxEventBytes]. Nothing of it is
// written.
var ErrTooLarge = errors.New("audit: event too large")

// encoder turns events into stored entries.
type encoder struct {
	words     *vocabulary
	epochs    func(ctx context.Context, tenant string) ([]Epoch, error)
	sealer    func(ctx context.Context, tenant string, owner Subject) (Sealer, error)
	normalize func(kind Kind, value string) string
	maxBytes  int
	last      *atomic.Pointer[macs] // of the epoch that was used last
}

// macs returns those of an epoch. Only the last ones are kept, so that the
// state of a destroyed epoch does not stay.
func (c *encoder) macs(e Epoch) *macs {
	m := c.last.Load()
	if m == nil || m.epoch != e {
		m = newMACs(e)
		c.last.Store(m)
	}
	return m
}

// encode checks ev and makes its entry in e, with Raw set and the time still to
// be stamped.
func (c *encoder) encode(ctx context.Context, ev *Event, e *Entry) (*Rule, error) {
	rule, err := c.check(ev)
	if err != nil {
		return nil, err
	}
	*e = Entry{
		ID: newID(), Recorded: At(time.Unix(0, 0)), Action: ev.Action, Outcome: ev.Outcome, Code: ev.Code,
		Purpose: ev.Purpose, Basis: ev.Basis, Link: ev.Link,
		Actor:  EntryActor{Kind: ev.Actor.Kind, Auth: ev.Actor.Auth},
		Object: EntryObject{Type: ev.Object.Type, Version: ev.Object.Version, Categories: ev.Object.Categories, System: ev.Object.System},
		Origin: originOf(&ev.Origin),
	}
	if !ev.Occurred.IsZero() {
		e.Occurred = At(ev.Occurred)
	}
	p, err := c.pseudonymizer(ctx, ev.Tenant)
	if err != nil {
		return nil, err
	}
	p.hide(ev, e)
	if err := c.details(ctx, ev, rule, &p, e); err != nil {
		return nil, err
	}
	e.encode()
	if len(e.Raw) > c.maxBytes {
		return nil, ErrTooLarge
	}
	return rule, nil
}

// check holds the words of ev against the catalogue.
func (c *encoder) check(ev *Event) (*Rule, error) {
	rule := c.words.rules[ev.Action]
	if rule == nil {
		return nil, &RefusedError{Part: "action", Reason: "is not in the catalogue"}
	}
	if ev.Outcome == "" {
		ev.Outcome = Success
	}
	w := c.words
	for _, row := range [...]struct {
		part string
		ok   bool
	}{
		{"outcome", ev.Outcome == Attempt || ev.Outcome == Success || ev.Outcome == Denied || ev.Outcome == Failed},
		{"actor kind", ev.Actor.Kind == User || ev.Actor.Kind == Admin || ev.Actor.Kind == Service || ev.Actor.Kind == DataSubject},
		{"purpose", w.purposes[ev.Purpose] || ev.Purpose == "" && rule.Impersonal},
		{"basis", w.bases[ev.Basis] || ev.Basis == "" && rule.Impersonal},
		{"code", ev.Code == "" || ev.Code == codePanic || w.codes[ev.Code]},
		{"login", ev.Actor.Auth == "" || w.logins[ev.Actor.Auth]},
		{"service", ev.Origin.Service == "" || w.services[ev.Origin.Service]},
		{"object type", w.objects[ev.Object.Type] || ev.Object.Type == "" && ev.Object.empty()},
		{"system", ev.Object.System == "" || w.systems[ev.Object.System]},
		{"categories", eachIn(ev.Object.Categories, w.categories)},
	} {
		if !row.ok {
			return nil, &RefusedError{ev.Action, row.part, "is missing or not in the catalogue"}
		}
	}
	if ev.Actor.ID.IsZero() {
		return nil, &RefusedError{ev.Action, "actor", "has no id"}
	}
	for _, s := range ev.Subjects {
		if !w.subjects[s.Kind] || s.ID.IsZero() {
			return nil, &RefusedError{ev.Action, "subject", "has no id or a kind that is not in the catalogue"}
		}
	}
	if !rule.Impersonal && len(ev.Subjects) == 0 && ev.Object.Type == "" {
		return nil, &RefusedError{ev.Action, "subject", "and object are both missing"}
	}
	if y := ev.Occurred.UTC().Year(); !ev.Occurred.IsZero() && (y < 1970 || y > 9999) {
		return nil, &RefusedError{ev.Action, "time", "is out of range"}
	}
	return rule, nil
}

func (o *Object) empty() bool {
	return o.ID.IsZero() && o.Version == 0 && len(o.Categories) == 0 && o.System == ""
}

func eachIn(words []string, in map[string]bool) bool {
	for _, w := range words {
		if !in[w] {
			return false
		}
	}
	return true
}

// hide puts pseudonyms in the place of names.
func (p *pseudonymizer) hide(ev *Event, e *Entry) {
	e.Tenant = p.tenantName()
	e.Actor.ID = p.of(KindActor, ev.Actor.ID)
	e.Actor.OnBehalfOf = p.of(KindActor, ev.Actor.OnBehalfOf)
	e.Actor.Session = p.of(KindSession, ev.Actor.Session)
	for _, s := range ev.Subjects {
		e.Subjects = append(e.Subjects, EntrySubject{s.Kind, p.of(s.Kind, s.ID)})
	}
	e.Object.ID = p.of(KindObject(ev.Object.Type), ev.Object.ID)
}

// KindObject is the kind under which objects of a type have their pseudonyms.
func KindObject(objectType string) Kind { return Kind("object." + objectType) }

// KindDetail is the kind under which a detail of class Pseudonym has its pseudonyms.
func KindDetail(key string) Kind { return Kind("detail." + key) }

// details writes each detail in the form of its class.
func (c *encoder) details(ctx context.Context, ev *Event, rule *Rule, p *pseudonymizer, e *Entry) error {
	for i := range rule.Details {
		f := &rule.Details[i]
		d, err := one(ev, f)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		stored := EntryDetail{Key: f.Key, Class: f.Class}
		switch f.Class {
		case Public:
			stored.Value = d.Value.reveal()
			if !f.allows(stored.Value) {
				return &RefusedError{ev.Action, "detail " + f.Key, "is not one of the public values"}
			}
		case Pseudonym:
			stored.Value = p.of(KindDetail(f.Key), d.Value)
		case Sealed:
			box, err := c.seal(ctx, ev, e.ID, d)
			if err != nil {
				return err
			}
			stored.Value = base64.StdEncoding.EncodeToString(box)
		case Secret:
		}
		e.Details = append(e.Details, stored)
	}
	for _, d := range ev.Details {
		if !rule.has(d.Key) {
			return &RefusedError{ev.Action, "detail", "has a key that is not in the catalogue"}
		}
	}
	return nil
}

// one finds the detail of field f. Two of one key are refused: a reader
// could not tell which one is meant.
func one(ev *Event, f *Field) (*Detail, error) {
	var found *Detail
	for i := range ev.Details {
		if ev.Details[i].Key != f.Key {
			continue
		}
		if found != nil {
			return nil, &RefusedError{ev.Action, "detail " + f.Key, "is given twice"}
		}
		found = &ev.Details[i]
	}
	if found != nil && found.Value.IsZero() {
		found = nil
	}
	if found == nil && f.Required {
		return nil, &RefusedError{ev.Action, "detail " + f.Key, "is missing"}
	}
	return found, nil
}

func (r *Rule) has(key string) bool {
	for i := range r.Details {
		if r.Details[i].Key == key {
			return true
		}
	}
	return false
}

func (f *Field) allows(value string) bool {
	if f.Max > 0 {
		n, err := strconv.ParseInt(value, 10, 64)
		return err == nil && n >= 0 && n <= f.Max && strconv.FormatInt(n, 10) == value
	}
	for _, w := range f.OneOf {
		if w == value {
			return true
		}
	}
	return false
}

func (c *encoder) seal(ctx context.Context, ev *Event, id ID, d *Detail) ([]byte, error) {
	owner := d.Owner
	if owner.ID.IsZero() && len(ev.Subjects) > 0 {
		owner = ev.Subjects[0]
	}
	if owner.ID.IsZero() || c.sealer == nil {
		return nil, &RefusedError{ev.Action, "detail " + d.Key, "is sealed, but has no owner or the log no Sealer"}
	}
	s, err := c.sealer(ctx, ev.Tenant.reveal(), owner)
	if err != nil {
		return nil, fmt.Errorf("audit: key of the owner of detail %s: %w", d.Key, err)
	}
	plain := []byte(d.Value.reveal())
	box, err := s.Seal(ctx, nil, plain, sealedAD(id, d.Key))
	clear(plain)
	if err != nil {
		return nil, fmt.Errorf("audit: seal detail %s: %w", d.Key, err)
	}
	return box, nil
}

// sealedAD binds a box to its event and key: a box moved to another place does
// not open.
func sealedAD(id ID, key string) []byte {
	return append(append([]byte("vual/audit/detail/v1\x00"), id[:]...), key...)
}

// pseudonymizer computes pseudonyms of one tenant in the newest epoch.
type pseudonymizer struct {
	tenant    string
	macs      *macs
	normalize func(Kind, string) string
}

func (c *encoder) pseudonymizer(ctx context.Context, tenant Value) (pseudonymizer, error) {
	all, err := c.living(ctx, tenant.reveal())
	if err != nil {
		return pseudonymizer{}, err
	}
	return pseudonymizer{tenant.reveal(), c.macs(all[len(all)-1]), c.normalize}, nil
}

// living returns the epochs of a tenant, oldest first, at least one.
func (c *encoder) living(ctx context.Context, tenant string) ([]Epoch, error) {
	all, err := c.epochs(ctx, tenant)
	if err != nil {
		return nil, fmt.Errorf("audit: pseudonym keys: %w", err)
	}
	if len(all) == 0 {
		return nil, errors.New("audit: no pseudonym key")
	}
	for i := range all {
		if err := all[i].check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (p *pseudonymizer) of(kind Kind, v Value) string {
	if v.IsZero() {
		return ""
	}
	return p.macs.pseudonym(p.tenant, kind, p.normalize(kind, v.reveal()))
}

// tenantName is the pseudonym of the tenant itself, by a key of its own.
func (p *pseudonymizer) tenantName() string {
	if p.tenant == "" {
		return ""
	}
	return p.macs.pseudonym("", KindTenant, p.normalize(KindTenant, p.tenant))
}

// Normalize is the default of [Options.Normalize]. It makes one value out of
// the usual spellings: an e-mail in lower case, the digits of a phone with 7 in
// place of a leading Russian 8, anything else without spaces at the ends.
func Normalize(kind Kind, value string) string {
	value = strings.TrimSpace(value)
	switch kind {
	case "email":
		return strings.ToLower(value)
	case "phone":
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, value)
		if len(digits) == 11 && digits[0] == '8' {
			return "7" + digits[1:]
		}
		return digits
	}
	return value
}

func originOf(o *Origin) EntryOrigin {
	e := EntryOrigin{Service: o.Service}
	if a := o.Address.Unmap(); a.IsValid() {
		bits := 48
		if a.Is4() {
			bits = 24
		}
		// Prefix fails only for a length out of range.
		p, _ := a.WithZone("").Prefix(bits)
		e.Network = p.String()
	}
	if o.Trace != [16]byte{} {
		e.Trace = hex.EncodeToString(o.Trace[:])
	}
	if o.Span != [8]byte{} {
		e.Span = hex.EncodeToString(o.Span[:])
	}
	return e
}

// newID draws an ID; crypto/rand does not fail.
func newID() (id ID) {
	rand.Read(id[:])
	return id
}
