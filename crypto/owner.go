package crypto

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"time"

	"github.com/syntora/vual/crypto/internal/cobblestone"
	"github.com/syntora/vual/crypto/internal/xaes"
)

// OwnerKeys keeps one key for each [Owner], in versions. A tenant's key is wrapped by the
// [KeyWrapper] given, a conversation's or subject's by its tenant's, and only wrapped keys
// reach the [Store]. So a key service is asked once per tenant and cache period, and one
// changed row forgets an owner.
//
// It is safe for concurrent use; several processes may share a store. What one changes the
// others see when their cache lets go of the key, within [OwnerOptions.TTL].
type OwnerKeys struct {
	root  KeyWrapper
	store Store
	opts  OwnerOptions
	cache *keyCache
}

// OwnerOptions are choices of [NewOwnerKeys]; nil and zero values mean the defaults.
type OwnerOptions struct {
	// TTL is how long an unwrapped key may be used before the store and the key service are
	// asked again; 5 minutes. It bounds how long other processes can use a key after its
	// owner was destroyed.
	TTL time.Duration
	// MaxKeys is how many unwrapped keys are held, the least recently used go first; 4096.
	MaxKeys int
	// MaxUses is how often a key is used before it is asked for again; 2^32, which is far
	// below what the ciphers bear.
	MaxUses uint64
	// Timeout bounds one question to store and key service together; 10 seconds.
	Timeout time.Duration
	// Cleanup erases what stands outside the owner's key: tokens and indexes under the
	// tenant's key, search copies, caches. Destroy calls it once the key is gone, and again
	// whenever it is repeated. It returns what is left, for the record.
	Cleanup func(context.Context, Owner) (left []string, err error)
	// Now is the clock; [time.Now].
	Now func() time.Time
}

// NewOwnerKeys returns the keys in store under root.
func NewOwnerKeys(root KeyWrapper, store Store, opts *OwnerOptions) *OwnerKeys {
	k := &OwnerKeys{root: root, store: store}
	if opts != nil {
		k.opts = *opts
	}
	o := &k.opts
	o.TTL = orDefault(o.TTL, 5*time.Minute)
	o.MaxKeys = orDefault(o.MaxKeys, 4096)
	o.MaxUses = orDefault(o.MaxUses, 1<<32)
	o.Timeout = orDefault(o.Timeout, 10*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	k.cache = newKeyCache(k.load, o)
	return k
}

func orDefault[T int | uint64 | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// Sealer returns a Sealer that seals each [Context] under the key of its owner, in
// [SlotWrapped] or [SlotDerived]; it opens both. Another slot panics.
func (k *OwnerKeys) Sealer(slot Slot) *Sealer {
	if slot != SlotWrapped && slot != SlotDerived {
		panic("crypto: no such slot for an owner's key")
	}
	return &Sealer{ownerSource{k, slot}}
}

// Ensure makes the owner's key if there is none; a tenant's must come first. After a
// destruction it returns [ErrKeyDestroyed], for ever.
func (k *OwnerKeys) Ensure(ctx context.Context, o Owner) error {
	if parent, child := o.parent(); child && o.valid() {
		if _, err := k.cache.get(ctx, parent); err != nil {
			return err
		}
	}
	return k.change(ctx, o, func(r *KeyRecord) error {
		if r.Revision > 0 {
			return errUnchanged
		}
		*r = KeyRecord{KeyID: newKeyID(o), State: KeyEnabled}
		return k.addVersion(ctx, o, r)
	})
}

// Rotate adds a version to the owner's key and seals with it from now on. Older versions go
// on opening. Rewrap envelopes and, after rotating a tenant, the keys below it.
func (k *OwnerKeys) Rotate(ctx context.Context, o Owner) error {
	return k.change(ctx, o, func(r *KeyRecord) error {
		if err := r.usable(); err != nil {
			return err
		}
		if len(r.Versions) >= maxVersions {
			return errors.New("crypto: key has too many versions")
		}
		return k.addVersion(ctx, o, r)
	})
}

// Rewrap wraps the owner's key anew under the newest version of what wraps it: the tenant's
// key, or for a tenant the key service's.
func (k *OwnerKeys) Rewrap(ctx context.Context, o Owner) error {
	return k.change(ctx, o, func(r *KeyRecord) error {
		if r.Revision == 0 {
			return ErrUnknownKey
		}
		changed := false
		for i := range r.Versions {
			v := &r.Versions[i]
			aad := ownerAAD(o, r.KeyID, v.Version)
			w, err := rewrap(ctx, k.wrapper(o), v.Wrapped, aad)
			if err != nil {
				return err
			}
			changed = changed || !w.equal(v.Wrapped)
			v.Wrapped = w
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
}

// Trim erases the versions before the newest: the end of a rotation, once every envelope was
// rewrapped. What is still sealed under them, and everything in [SlotDerived] that was sealed
// before the rotation, does not open any more. Elsewhere than in the record the old versions
// live on as [OwnerKeys.Destroy] says.
//
// It refuses to lose other keys: while a process may still have the older version cached
// (the newest must be older than the TTL), and for a tenant while the key of a conversation
// or subject is wrapped under an older version, see [OwnerKeys.Rewrap].
func (k *OwnerKeys) Trim(ctx context.Context, o Owner) error {
	return k.change(ctx, o, func(r *KeyRecord) error {
		if err := r.usable(); err != nil {
			return err
		}
		if len(r.Versions) == 1 {
			return errUnchanged
		}
		newest := r.Versions[len(r.Versions)-1]
		if k.opts.Now().Sub(newest.Created) < k.opts.TTL {
			return errors.New("crypto: older version may still be in use in another process")
		}
		if err := k.allUnder(ctx, o, newest.Version); err != nil {
			return err
		}
		r.Versions = []KeyVersion{newest}
		return nil
	})
}

// allUnder checks that no key hangs on another version of a tenant's key.
func (k *OwnerKeys) allUnder(ctx context.Context, tenant Owner, version uint32) error {
	if _, child := tenant.parent(); child {
		return nil
	}
	for o, err := range k.store.Owners(ctx, tenant.Tenant) {
		if err != nil {
			return keyFault("list", err)
		}
		r, err := k.record(ctx, o)
		if err != nil {
			return err
		}
		for _, v := range r.Versions {
			if v.Wrapped.Version != version {
				return errors.New("crypto: a key is still wrapped under an older version")
			}
		}
	}
	return nil
}

// Disable makes the owner's key unusable until Enable: the step before a destruction that
// can still be taken back.
func (k *OwnerKeys) Disable(ctx context.Context, o Owner) error {
	return k.setState(ctx, o, KeyDisabled)
}

// Enable takes Disable back.
func (k *OwnerKeys) Enable(ctx context.Context, o Owner) error {
	return k.setState(ctx, o, KeyEnabled)
}

func (k *OwnerKeys) setState(ctx context.Context, o Owner, to KeyState) error {
	return k.change(ctx, o, func(r *KeyRecord) error {
		if r.Revision == 0 {
			return ErrUnknownKey
		}
		if r.State == to {
			return errUnchanged
		}
		r.State = to
		return nil
	})
}

// Status is what a store holds of an owner's key. The wrapped keys in it are not secret, but
// nobody needs them: do not publish them.
func (k *OwnerKeys) Status(ctx context.Context, o Owner) (KeyRecord, error) {
	r, err := k.record(ctx, o)
	if err == nil && r.Revision == 0 {
		return KeyRecord{}, ErrUnknownKey
	}
	return r, err
}

// Owners lists the conversations and subjects of a tenant for which the store has a row,
// destroyed ones too, in no order.
func (k *OwnerKeys) Owners(ctx context.Context, tenant string) iter.Seq2[Owner, error] {
	return k.store.Owners(ctx, tenant)
}

// Subkey derives 32 bytes for another use than sealing, such as tokens, from the owner's key;
// they die with it. Version 0 means the newest, the version used is returned with the key.
// Different purposes give unrelated keys; a purpose must not be empty. The bytes are the
// caller's to keep safe: they are cached and bounded by nothing here.
func (k *OwnerKeys) Subkey(ctx context.Context, o Owner, version uint32, purpose string) ([]byte, uint32, error) {
	if purpose == "" {
		return nil, 0, ErrContext
	}
	key, err := k.cache.get(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	if version == 0 {
		version = key.active
	}
	v, err := k.cache.version(ctx, o, Wrapped{KeyID: key.id, Version: version})
	if err == ErrDecrypt {
		return nil, 0, ErrUnknownKey
	}
	if err != nil {
		return nil, 0, err
	}
	return expand(v.subkeys[:], "vual/subkey/v1\x00"+purpose), version, nil
}

// Flush lets go of all unwrapped keys.
func (k *OwnerKeys) Flush() { k.cache.purge(func(Owner) bool { return true }) }

// String shows nothing of the keys.
func (k OwnerKeys) String() string { return "crypto.OwnerKeys" }

// GoString is String.
func (k OwnerKeys) GoString() string { return k.String() }

// LogValue is String.
func (k OwnerKeys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// errUnchanged ends a change that has nothing to do.
var errUnchanged = errors.New("crypto: nothing to change")

// changeTries bounds how often a change is tried when other processes change the same row.
const changeTries = 20

// change is the one way to write a record: read, edit, save if nobody else did in between.
func (k *OwnerKeys) change(ctx context.Context, o Owner, edit func(*KeyRecord) error) error {
	for range changeTries {
		r, err := k.record(ctx, o)
		if err != nil {
			return err
		}
		if r.State == KeyDestroyed {
			return ErrKeyDestroyed
		}
		if err := edit(&r); err == errUnchanged {
			return nil
		} else if err != nil {
			return err
		}
		r.Revision++
		err = k.store.Save(ctx, o, r)
		if errors.Is(err, ErrConflict) {
			continue
		}
		k.forget(o)
		if err != nil {
			return keyFault("save", err)
		}
		return nil
	}
	return &KeyError{Op: "save", Retry: true, Err: ErrConflict}
}

// record reads the store; the zero record says that it has none.
func (k *OwnerKeys) record(ctx context.Context, o Owner) (KeyRecord, error) {
	if !o.valid() {
		return KeyRecord{}, ErrContext
	}
	r, err := k.store.Load(ctx, o)
	if errors.Is(err, ErrUnknownKey) {
		return KeyRecord{}, nil
	}
	if err != nil {
		return KeyRecord{}, keyFault("load", err)
	}
	if !r.valid() {
		return KeyRecord{}, &KeyError{Op: "load", Err: errors.New("stored key record is not valid")}
	}
	return r, nil
}

// forget lets go of what is cached of an owner, and of all that hangs on a tenant.
func (k *OwnerKeys) forget(o Owner) {
	_, child := o.parent()
	k.cache.purge(func(cached Owner) bool {
		return cached == o || !child && cached.Tenant == o.Tenant
	})
}

func (k *OwnerKeys) addVersion(ctx context.Context, o Owner, r *KeyRecord) error {
	next := uint32(1)
	if n := len(r.Versions); n > 0 {
		next = r.Versions[n-1].Version + 1
	}
	raw := make([]byte, xaes.KeySize)
	defer clear(raw)
	rand.Read(raw)
	w, err := wrap(ctx, k.wrapper(o), raw, ownerAAD(o, r.KeyID, next))
	if err != nil {
		return err
	}
	r.Versions = append(r.Versions, KeyVersion{Version: next, Created: k.opts.Now().UTC(), Wrapped: w})
	return nil
}

// newKeyID draws a name that says of the owner only what kind it is: it stands in the clear
// in every envelope.
func newKeyID(o Owner) string {
	var b [20]byte
	rand.Read(b[:])
	return o.kind()[:1] + "." + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// ownerAAD binds a wrapped owner's key to its owner, name and version.
func ownerAAD(o Owner, keyID string, version uint32) []byte {
	b := []byte("vual/owner-key/v1\x00")
	for _, s := range [...]string{o.Tenant, o.Conversation, o.Subject, keyID} {
		b = appendText(b, s)
	}
	sum := sha256.Sum256(binary.BigEndian.AppendUint32(b, version))
	return sum[:]
}

// An ownerKey is an unwrapped key in all its versions.
type ownerKey struct {
	id       string
	active   uint32
	versions map[uint32]*ownerVersion
}

// An ownerVersion holds what is derived from one version, one key per use. The key itself is
// not kept.
type ownerVersion struct {
	wrap    *xaes.Key
	seal    *cobblestone.Key
	subkeys [32]byte
}

func newOwnerVersion(raw []byte) *ownerVersion {
	wrap, seal, sub := expand(raw, "vual/owner-key/v1/wrap"), expand(raw, "vual/owner-key/v1/seal"), expand(raw, "vual/owner-key/v1/subkeys")
	defer clear(wrap)
	defer clear(seal)
	defer clear(sub)
	return &ownerVersion{wrap: xaes.New(wrap), seal: cobblestone.NewKey(seal), subkeys: [32]byte(sub)}
}

func expand(key []byte, info string) []byte {
	out, err := hkdf.Expand(sha256.New, key, info, 32)
	if err != nil {
		panic(err) // only for a length that HKDF cannot give
	}
	return out
}

// load reads and unwraps an owner's key. The time is until when it may be used, zero for as
// long as the options say: a key may not outlive the one that it hangs on.
func (k *OwnerKeys) load(ctx context.Context, o Owner) (*ownerKey, time.Time, error) {
	r, err := k.record(ctx, o)
	if err != nil {
		return nil, time.Time{}, err
	}
	if err := r.usable(); err != nil {
		return nil, time.Time{}, ownState{err}
	}
	var until time.Time
	if parent, child := o.parent(); child {
		e, err := k.cache.entry(ctx, parent)
		if err != nil {
			return nil, time.Time{}, err
		}
		until = e.expires
	}
	key := &ownerKey{id: r.KeyID, versions: make(map[uint32]*ownerVersion, len(r.Versions))}
	for _, v := range r.Versions {
		raw, err := unwrap(ctx, k.wrapper(o), v.Wrapped, ownerAAD(o, r.KeyID, v.Version))
		if errors.Is(err, ErrDecrypt) {
			// Not a fault of the envelope that is being opened.
			return nil, time.Time{}, &KeyError{Op: "unwrap", Err: errors.New("stored key does not unwrap")}
		}
		if err != nil {
			return nil, time.Time{}, err
		}
		key.versions[v.Version] = newOwnerVersion(raw)
		clear(raw)
		key.active = v.Version // the last is the newest
	}
	return key, until, nil
}

// wrapper is what wraps an owner's key.
func (k *OwnerKeys) wrapper(o Owner) KeyWrapper {
	if parent, child := o.parent(); child {
		return tenantWrapper{k.cache, parent}
	}
	return k.root
}

// tenantWrapper wraps the keys of conversations and subjects under their tenant's.
type tenantWrapper struct {
	cache  *keyCache
	tenant Owner
}

func (t tenantWrapper) Wrap(ctx context.Context, key, aad []byte) (Wrapped, error) {
	tenant, err := t.cache.get(ctx, t.tenant)
	if err != nil {
		return Wrapped{}, err
	}
	return tenant.wrap(key, aad), nil
}

func (t tenantWrapper) Unwrap(ctx context.Context, w Wrapped, aad []byte) ([]byte, error) {
	tenant, err := t.cache.version(ctx, t.tenant, w)
	if err != nil {
		return nil, err
	}
	return tenant.unwrap(w, aad)
}

func (k *ownerKey) wrap(raw, aad []byte) Wrapped {
	data := make([]byte, 0, len(raw)+xaes.Overhead)
	return Wrapped{KeyID: k.id, Version: k.active, Data: k.versions[k.active].wrap.Seal(data, raw, aad)}
}

func (v *ownerVersion) unwrap(w Wrapped, aad []byte) ([]byte, error) {
	raw, err := v.wrap.Open(make([]byte, 0, xaes.KeySize), w.Data, aad)
	if err != nil {
		return nil, ErrDecrypt
	}
	return raw, nil
}

// ownerSource seals under the key of each Context's owner.
type ownerSource struct {
	keys  *OwnerKeys
	slots Slot
}

func (s ownerSource) slot() Slot { return s.slots }

func (s ownerSource) fresh(ctx context.Context, o Owner, slot Slot, aad []byte) (*cobblestone.Key, Wrapped, error) {
	key, err := s.keys.cache.get(ctx, o)
	if err != nil {
		return nil, Wrapped{}, err
	}
	if slot == SlotDerived {
		return key.versions[key.active].seal, Wrapped{KeyID: key.id, Version: key.active}, nil
	}
	raw := make([]byte, cobblestone.KeySize)
	defer clear(raw)
	rand.Read(raw)
	return cobblestone.NewKey(raw), key.wrap(raw, aad), nil
}

func (s ownerSource) held(ctx context.Context, o Owner, h header, aad []byte) (*cobblestone.Key, error) {
	if h.slot != SlotWrapped && h.slot != SlotDerived {
		return nil, ErrDecrypt
	}
	v, err := s.keys.cache.version(ctx, o, h.wrapped)
	if err != nil {
		return nil, err
	}
	if h.slot == SlotDerived {
		return v.seal, nil
	}
	raw, err := v.unwrap(h.wrapped, aad)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	if len(raw) != cobblestone.KeySize {
		return nil, ErrDecrypt
	}
	return cobblestone.NewKey(raw), nil
}

func (s ownerSource) rewrap(ctx context.Context, o Owner, h header, aad []byte) (Wrapped, bool, error) {
	if h.slot != SlotWrapped && h.slot != SlotDerived {
		return Wrapped{}, false, ErrDecrypt
	}
	v, err := s.keys.cache.version(ctx, o, h.wrapped)
	if err != nil {
		return Wrapped{}, false, err
	}
	key, err := s.keys.cache.get(ctx, o)
	if err != nil {
		return Wrapped{}, false, err
	}
	if h.slot == SlotDerived || h.wrapped.Version == key.active {
		return h.wrapped, false, nil
	}
	raw, err := v.unwrap(h.wrapped, aad)
	if err != nil {
		return Wrapped{}, false, err
	}
	defer clear(raw)
	return key.wrap(raw, aad), true, nil
}
