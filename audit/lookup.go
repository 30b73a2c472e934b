package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An Inquiry says who looks into the log and why. It is recorded before the
// answer is given, so "who searched for this person" has an answer too.
type Inquiry struct {
	Actor   Actor
	Tenant  Value
	Purpose Purpose
	Basis   Basis
	Origin  Origin
}

// Lookup returns the pseudonyms of a value, one for each living epoch, for use
// in a [Query]. The look-up is itself recorded as [ActionLookup], with the
// value's pseudonym as its subject. The kinds are those of the catalogue,
// [KindActor], [KindSession], [KindTenant], and what [KindObject] and
// [KindDetail] return. All but tenants are looked up within one tenant.
func (l *Log) Lookup(ctx context.Context, by Inquiry, kind Kind, value Value) ([]string, error) {
	return l.enc.lookup(ctx, by, kind, value, l.recordNow)
}

// Lookup is like [Log.Lookup].
func (l *SQLLog) Lookup(ctx context.Context, by Inquiry, kind Kind, value Value) ([]string, error) {
	return l.enc.lookup(ctx, by, kind, value, l.recordEntry)
}

// Reveal opens a sealed detail of an entry. owner is the person under whose key
// it was sealed: the log itself does not know. It is recorded as
// [ActionReveal] first.
func (l *Log) Reveal(ctx context.Context, by Inquiry, e Entry, key string, owner Subject) (string, error) {
	return l.enc.reveal(ctx, by, e, key, owner, l.recordNow)
}

// Reveal is like [Log.Reveal].
func (l *SQLLog) Reveal(ctx context.Context, by Inquiry, e Entry, key string, owner Subject) (string, error) {
	return l.enc.reveal(ctx, by, e, key, owner, l.recordEntry)
}

// recording makes an entry durable.
type recording func(ctx context.Context, e *Entry) (Receipt, error)

func (c *encoder) lookup(ctx context.Context, by Inquiry, kind Kind, value Value, record recording) ([]string, error) {
	if value.IsZero() {
		return nil, &RefusedError{ActionLookup, "value", "is missing"}
	}
	if err := c.inquire(ctx, ActionLookup, by, Subject{kind, value}, ID{}, "", record); err != nil {
		return nil, err
	}
	keys, scope := by.Tenant.reveal(), by.Tenant.reveal()
	if kind == KindTenant {
		keys, scope = value.reveal(), ""
	}
	living, err := c.living(ctx, keys)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range living {
		p := pseudonymizer{scope, newMACs(living[i]), c.normalize}
		names = append(names, p.of(kind, value))
	}
	return names, nil
}

func (c *encoder) reveal(ctx context.Context, by Inquiry, e Entry, key string, owner Subject, record recording) (string, error) {
	if c.sealer == nil {
		return "", errors.New("audit: the log has no Sealer")
	}
	i := slices.IndexFunc(e.Details, func(d EntryDetail) bool { return d.Key == key && d.Class == Sealed })
	if i < 0 || !c.words.seals(key) {
		return "", ErrNotFound
	}
	if err := c.inquire(ctx, ActionReveal, by, owner, e.ID, key, record); err != nil {
		return "", err
	}
	box, err := base64.StdEncoding.DecodeString(e.Details[i].Value)
	if err != nil {
		return "", errEntry
	}
	s, err := c.sealer(ctx, by.Tenant.reveal(), owner)
	if err != nil {
		return "", fmt.Errorf("audit: key of the owner of detail %s: %w", key, err)
	}
	plain, err := s.Open(ctx, nil, box, sealedAD(e.ID, key))
	if err != nil {
		return "", fmt.Errorf("audit: open detail %s: %w", key, err)
	}
	return string(plain), nil
}

// inquire records that somebody looks. The rules are those of an event that
// touches personal data.
func (c *encoder) inquire(ctx context.Context, a Action, by Inquiry, about Subject, link ID, key string, record recording) error {
	ev := Event{
		Action: a, Actor: by.Actor, Tenant: by.Tenant, Purpose: by.Purpose, Basis: by.Basis, Origin: by.Origin,
		Subjects: []Subject{about}, Link: link,
	}
	rule := &Rule{Action: a}
	if key != "" {
		rule.Details = []Field{{Key: "key", Class: Public, OneOf: []string{key}}}
		ev.Details = []Detail{{Key: "key", Value: Private(key)}}
	}
	own := *c
	own.words = c.words.with(rule, about.Kind)
	var entry Entry
	if _, err := own.encode(ctx, &ev, &entry); err != nil {
		return err
	}
	_, err := record(ctx, &entry)
	return err
}

// with returns v with the one rule r, about a subject of any kind that the
// catalogue knows. The kind stands in the log in clear.
func (v *vocabulary) with(r *Rule, k Kind) *vocabulary {
	w := *v
	w.rules = map[Action]*Rule{r.Action: r}
	w.subjects = map[Kind]bool{k: v.knows(k)}
	return &w
}

func (v *vocabulary) knows(k Kind) bool {
	if k == KindActor || k == KindSession || k == KindTenant || v.subjects[k] {
		return true
	}
	if object, ok := strings.CutPrefix(string(k), string(KindObject(""))); ok {
		return v.objects[object]
	}
	for _, r := range v.rules {
		for i := range r.Details {
			if r.Details[i].Class == Pseudonym && k == KindDetail(r.Details[i].Key) {
				return true
			}
		}
	}
	return false
}

// seals reports whether key is a sealed detail of the catalogue: it goes into
// the log in clear.
func (v *vocabulary) seals(key string) bool {
	for _, r := range v.rules {
		for i := range r.Details {
			if r.Details[i].Key == key && r.Details[i].Class == Sealed {
				return true
			}
		}
	}
	return false
}
