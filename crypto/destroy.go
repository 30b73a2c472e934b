package crypto

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// A Destruction says who destroys a key and why, for the record that is kept.
type Destruction struct {
	// Actor is who decided, as your company names its people. Required.
	Actor string
	// Reason is why, such as "term of the contract ended". Required.
	Reason string
	// System and Kinds name the information system and the kinds of personal data, as the
	// act of destruction must (order 179 of Roskomnadzor, 28.10.2022).
	System string
	Kinds  []string
}

// A DestructionRecord is what is kept of a destroyed key. It holds no key. It names the owner,
// so keep it as long as the law asks and no longer; printed, it shows no identifiers.
type DestructionRecord struct {
	Tenant       string `json:"tenant"`
	Conversation string `json:"conversation,omitempty"`
	Subject      string `json:"subject,omitempty"`
	// KeyID and Versions are what is gone; empty when no key was ever made.
	KeyID    string    `json:"key_id,omitempty"`
	Versions []uint32  `json:"versions,omitempty"`
	Time     time.Time `json:"time"`
	Actor    string    `json:"actor"`
	Reason   string    `json:"reason"`
	System   string    `json:"system,omitempty"`
	Kinds    []string  `json:"kinds,omitempty"`
	// Remains lists what the destruction does not reach.
	Remains []string `json:"remains"`
}

// String names the key alone.
func (d DestructionRecord) String() string { return "crypto.DestructionRecord(" + d.KeyID + ")" }

// GoString is String.
func (d DestructionRecord) GoString() string { return d.String() }

// LogValue is String.
func (d DestructionRecord) LogValue() slog.Value { return slog.StringValue(d.String()) }

var errDestruction = errors.New("crypto: a destruction needs an actor and a reason")

// Destroy erases the owner's key in all versions and leaves a tombstone, so that no key is
// ever made for this owner again; one that never had a key gets the tombstone too. All that
// was sealed under the key is unreadable from then on, and with a tenant's key all that was
// sealed under those of its conversations and subjects.
//
// The record lists what is left, in Remains: keys in the caches of other processes, for at
// most [OwnerOptions.TTL]; backups and replicas of the store, and what a database or disk
// keeps of overwritten rows; tokens and indexes under the tenant's key, when only a
// conversation or subject goes; copies outside of envelopes. [OwnerOptions.Cleanup] can erase
// some of that and adds what it could not.
//
// Destroy may be repeated: it returns the record of the first time and calls Cleanup again.
// When Cleanup fails the key is destroyed all the same; repeat the call.
//
// Whether destroying the only key counts as destroying the data is a question for lawyers.
func (k *OwnerKeys) Destroy(ctx context.Context, o Owner, d Destruction) (DestructionRecord, error) {
	if d.Actor == "" || d.Reason == "" {
		return DestructionRecord{}, errDestruction
	}
	record, err := k.tombstone(ctx, o, d)
	if err != nil {
		return DestructionRecord{}, err
	}
	if k.opts.Cleanup != nil {
		left, err := k.opts.Cleanup(ctx, o)
		if err != nil {
			return DestructionRecord{}, fmt.Errorf("crypto: key is destroyed, cleanup failed: %w", err)
		}
		record.Remains = append(record.Remains, left...)
	}
	return record, nil
}

func (k *OwnerKeys) tombstone(ctx context.Context, o Owner, d Destruction) (DestructionRecord, error) {
	for range changeTries {
		r, err := k.record(ctx, o)
		if err != nil {
			return DestructionRecord{}, err
		}
		if r.State == KeyDestroyed {
			k.forget(o)
			return *r.Destroyed, nil
		}
		record := DestructionRecord{
			Tenant: o.Tenant, Conversation: o.Conversation, Subject: o.Subject,
			KeyID: r.KeyID, Time: k.opts.Now().UTC(),
			Actor: d.Actor, Reason: d.Reason, System: d.System, Kinds: d.Kinds,
		}
		for _, v := range r.Versions {
			record.Versions = append(record.Versions, v.Version)
		}
		if record.Remains, err = k.remains(ctx, o, record.Time); err != nil {
			return DestructionRecord{}, err
		}
		next := KeyRecord{KeyID: r.KeyID, State: KeyDestroyed, Revision: r.Revision + 1, Destroyed: &record}
		err = k.store.Save(ctx, o, next)
		k.forget(o)
		if err == nil {
			return record, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrKeyDestroyed) {
			return DestructionRecord{}, keyFault("save", err)
		}
	}
	return DestructionRecord{}, &KeyError{Op: "save", Retry: true, Err: ErrConflict}
}

// remains lists what destroying an owner's key does not reach.
func (k *OwnerKeys) remains(ctx context.Context, o Owner, now time.Time) ([]string, error) {
	left := []string{
		"keys in caches of other processes, until " + now.Add(k.opts.TTL).Format(time.RFC3339),
		"backups, replicas and overwritten rows of the key store, made before " + now.Format(time.RFC3339),
		"copies outside of envelopes",
	}
	if _, child := o.parent(); child {
		return append(left, "tokens, indexes and other data under the tenant's key"), nil
	}
	count := map[string]int{}
	for child, err := range k.store.Owners(ctx, o.Tenant) {
		if err != nil {
			return nil, keyFault("list", err)
		}
		count[child.kind()]++
	}
	return append(left, fmt.Sprintf("rows of %d conversations and %d subjects in the key store, unreadable now",
		count["conversation"], count["subject"])), nil
}
