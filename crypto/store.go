package crypto

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync"
	"time"
)

// A Store keeps one row for each [Owner]. Implementations must be safe for concurrent use
// and by several processes; package [github.com/syntora/vual/crypto/storetest] tests one.
//
// Keep it in a database of its own with backups of short life: a backup taken before a
// destruction still has the wrapped key.
type Store interface {
	// Load returns the owner's record, or [ErrUnknownKey].
	Load(ctx context.Context, o Owner) (KeyRecord, error)
	// Save writes r if the record stored has revision r.Revision-1, or none is stored and
	// r.Revision is 1. Else it returns [ErrConflict], or [ErrKeyDestroyed] if what is
	// stored is a destroyed key: that is final. When Save returns nil the record is on disk,
	// and nothing of the one before can be loaded any more.
	Save(ctx context.Context, o Owner, r KeyRecord) error
	// Owners lists the tenant's conversations and subjects, not the tenant itself.
	Owners(ctx context.Context, tenant string) iter.Seq2[Owner, error]
}

// ErrConflict says that a record was not saved because another process changed it, or may
// have, since it was read: load it again.
var ErrConflict = errors.New("crypto: record was changed meanwhile")

// A KeyRecord is what a [Store] keeps of an owner's key.
type KeyRecord struct {
	// KeyID is the key's name in headers. It is random and says nothing of the owner.
	KeyID string `json:"key_id,omitempty"`
	// State is whether the key may be used.
	State KeyState `json:"state"`
	// Revision counts the changes, from 1. It is what a change in one process is known by
	// in the others.
	Revision uint64 `json:"revision"`
	// Versions ascend; the last one seals. A destroyed key has none.
	Versions []KeyVersion `json:"versions,omitempty"`
	// Destroyed is set for a destroyed key alone.
	Destroyed *DestructionRecord `json:"destroyed,omitempty"`
}

// A KeyState is whether a key may be used.
type KeyState string

// The states of a key.
const (
	KeyEnabled   KeyState = "enabled"
	KeyDisabled  KeyState = "disabled"
	KeyDestroyed KeyState = "destroyed"
)

// A KeyVersion is one version of an owner's key, wrapped.
type KeyVersion struct {
	Version uint32    `json:"version"`
	Created time.Time `json:"created"`
	Wrapped Wrapped   `json:"wrapped"`
}

const (
	maxVersions = 1000
	maxRecord   = 4 << 20 // bytes of an encoded record
)

// usable is nil for a key that may be used.
func (r *KeyRecord) usable() error {
	switch {
	case r.Revision == 0:
		return ErrUnknownKey
	case r.State == KeyDestroyed:
		return ErrKeyDestroyed
	case r.State == KeyDisabled:
		return ErrKeyDisabled
	}
	return nil
}

func (r *KeyRecord) valid() bool {
	if r.Revision == 0 {
		return false
	}
	if r.State == KeyDestroyed {
		return len(r.Versions) == 0 && r.Destroyed != nil
	}
	if r.State != KeyEnabled && r.State != KeyDisabled || r.Destroyed != nil ||
		!validKeyID(r.KeyID) || len(r.Versions) < 1 || len(r.Versions) > maxVersions {
		return false
	}
	last := uint32(0)
	for _, v := range r.Versions {
		if v.Version <= last || !v.Wrapped.valid() {
			return false
		}
		last = v.Version
	}
	return true
}

// encodeRecord writes a record for stores that keep bytes.
func encodeRecord(r KeyRecord) ([]byte, error) { return json.Marshal(storedRecord{1, r}) }

var errRecord = errors.New("crypto: stored key record is not valid")

func decodeRecord(data []byte) (KeyRecord, error) {
	if len(data) > maxRecord {
		return KeyRecord{}, errRecord
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var s storedRecord
	if err := d.Decode(&s); err != nil || d.More() || s.Format != 1 || !s.KeyRecord.valid() {
		return KeyRecord{}, errRecord
	}
	return s.KeyRecord, nil
}

// A storedRecord carries the number of its format.
type storedRecord struct {
	Format int `json:"format"`
	KeyRecord
}

// A MemStore keeps records in memory: for tests and one-off runs. The zero value is empty and
// ready; it is safe for concurrent use.
type MemStore struct {
	mu      sync.Mutex
	records map[Owner][]byte
}

// Load returns the owner's record.
func (m *MemStore) Load(_ context.Context, o Owner) (KeyRecord, error) {
	m.mu.Lock()
	data, ok := m.records[o]
	m.mu.Unlock()
	if !ok {
		return KeyRecord{}, ErrUnknownKey
	}
	return decodeRecord(data)
}

// Save writes a record.
func (m *MemStore) Save(_ context.Context, o Owner, r KeyRecord) error {
	data, err := encodeRecord(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var before KeyRecord
	if old, ok := m.records[o]; ok {
		if before, err = decodeRecord(old); err != nil {
			return err
		}
	}
	if err := mayFollow(before, r); err != nil {
		return err
	}
	if m.records == nil {
		m.records = make(map[Owner][]byte)
	}
	m.records[o] = data
	return nil
}

// Owners lists the tenant's conversations and subjects.
func (m *MemStore) Owners(_ context.Context, tenant string) iter.Seq2[Owner, error] {
	return func(yield func(Owner, error) bool) {
		m.mu.Lock()
		var owners []Owner
		for o := range m.records {
			if _, child := o.parent(); child && o.Tenant == tenant {
				owners = append(owners, o)
			}
		}
		m.mu.Unlock()
		for _, o := range owners {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// String shows nothing of the keys.
func (m *MemStore) String() string { return "crypto.MemStore" }

// GoString is String.
func (m *MemStore) GoString() string { return m.String() }

// mayFollow is the rule of [Store.Save].
func mayFollow(before, next KeyRecord) error {
	if before.State == KeyDestroyed {
		return ErrKeyDestroyed
	}
	if before.Revision+1 != next.Revision {
		return ErrConflict
	}
	return nil
}
