package crypto

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	tenantOwner  = Owner{Tenant: "romashka"}
	callOwner    = Owner{Tenant: "romashka", Conversation: "c-17"}
	subjectOwner = Owner{Tenant: "romashka", Subject: "s-5"}
	why          = Destruction{Actor: "Петрова", Reason: "отзыв согласия"}
)

// A testClock is a clock that the test moves.
type testClock struct{ nanos atomic.Int64 }

func (c *testClock) now() time.Time          { return time.Unix(1_780_000_000, c.nanos.Load()) }
func (c *testClock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

func ownerKeys(t testing.TB, root KeyWrapper, store Store, opts *OwnerOptions, owners ...Owner) *OwnerKeys {
	t.Helper()
	k := NewOwnerKeys(root, store, opts)
	for _, o := range owners {
		require.NoError(t, k.Ensure(context.Background(), o))
	}
	return k
}

func of(o Owner) Context {
	return Context{Tenant: o.Tenant, Conversation: o.Conversation, Subject: o.Subject, Record: "r", Kind: "k"}
}

func TestOwnerKeysSealUnderTheirOwner(t *testing.T) {
	ctx := context.Background()
	k := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner, subjectOwner)
	for _, slot := range []Slot{SlotWrapped, SlotDerived} {
		s := k.Sealer(slot)
		for _, o := range []Owner{tenantOwner, callOwner, subjectOwner} {
			box := mustSeal(t, s, text(20_000), of(o))
			h, err := Inspect(box)
			require.NoError(t, err)
			require.Equal(t, slot, h.Slot)
			status, err := k.Status(ctx, o)
			require.NoError(t, err)
			require.Equal(t, status.KeyID, h.KeyID)
			for _, either := range []Slot{SlotWrapped, SlotDerived} {
				out, err := k.Sealer(either).Open(ctx, nil, box, of(o))
				require.NoError(t, err)
				require.Equal(t, text(20_000), out)
			}
			out, err := readAll(s, box, of(o))
			require.NoError(t, err)
			require.Equal(t, text(20_000), out)
			for _, other := range []Owner{tenantOwner, callOwner, subjectOwner} {
				if other != o {
					require.ErrorIs(t, refuses(t, s, box, of(other), "other owner"), ErrDecrypt)
				}
			}
		}
	}
	require.Panics(t, func() { k.Sealer(SlotHPKE) })
}

func TestOwnerKeysNeedEnsure(t *testing.T) {
	ctx := context.Background()
	k := NewOwnerKeys(testRing(), new(MemStore), nil)
	_, err := k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(tenantOwner))
	require.ErrorIs(t, err, ErrUnknownKey)
	require.ErrorIs(t, k.Ensure(ctx, callOwner), ErrUnknownKey, "the tenant's key must come first")
	require.NoError(t, k.Ensure(ctx, tenantOwner))
	require.NoError(t, k.Ensure(ctx, tenantOwner))
	require.NoError(t, k.Ensure(ctx, callOwner))
	_, err = k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(tenantOwner))
	require.NoError(t, err, "Ensure is seen at once")
	for _, o := range []Owner{{}, {Conversation: "c"}, {Tenant: "t", Conversation: "c", Subject: "s"}, {Tenant: "\xff"}} {
		require.ErrorIs(t, k.Ensure(ctx, o), ErrContext)
		_, err = k.Destroy(ctx, o, why)
		require.ErrorIs(t, err, ErrContext)
	}
}

func TestRotation(t *testing.T) {
	ctx := context.Background()
	store := new(MemStore)
	ring := testRing()
	k := ownerKeys(t, ring, store, nil, tenantOwner, callOwner)
	s := k.Sealer(SlotWrapped)
	old := mustSeal(t, s, text(100), of(callOwner))
	derived := mustSeal(t, k.Sealer(SlotDerived), text(100), of(callOwner))

	require.NoError(t, k.Rotate(ctx, tenantOwner))
	require.NoError(t, k.Rotate(ctx, callOwner))
	require.NoError(t, k.Rewrap(ctx, callOwner))
	status, err := k.Status(ctx, callOwner)
	require.NoError(t, err)
	for _, v := range status.Versions {
		require.EqualValues(t, 2, v.Wrapped.Version, "all versions are under the tenant's newest")
	}
	revision := status.Revision
	require.NoError(t, k.Rewrap(ctx, callOwner))
	status, err = k.Status(ctx, callOwner)
	require.NoError(t, err)
	require.Equal(t, revision, status.Revision, "nothing left to do")

	for _, box := range [][]byte{old, derived} {
		out, err := s.Open(ctx, nil, box, of(callOwner))
		require.NoError(t, err)
		require.Equal(t, text(100), out)
	}
	next, changed, err := s.Rewrap(ctx, old, of(callOwner))
	require.NoError(t, err)
	require.True(t, changed)
	h, _ := Inspect(next)
	require.EqualValues(t, 2, h.KeyVersion)
	out, err := s.Open(ctx, nil, next, of(callOwner))
	require.NoError(t, err)
	require.Equal(t, text(100), out)
	_, changed, err = s.Rewrap(ctx, next, of(callOwner))
	require.NoError(t, err)
	require.False(t, changed)
	_, changed, err = s.Rewrap(ctx, derived, of(callOwner))
	require.NoError(t, err)
	require.False(t, changed, "a derived key is never rewrapped")

	// The key service rotates too: only the tenants' rows need a rewrap.
	newer := ring.With(2, text(32))
	k = NewOwnerKeys(newer, store, nil)
	require.NoError(t, k.Rewrap(ctx, tenantOwner))
	k = NewOwnerKeys(newer.Without(1), store, nil)
	out, err = k.Sealer(SlotWrapped).Open(ctx, nil, next, of(callOwner))
	require.NoError(t, err)
	require.Equal(t, text(100), out)
}

func TestTrim(t *testing.T) {
	ctx := context.Background()
	clock := new(testClock)
	k := ownerKeys(t, testRing(), new(MemStore), &OwnerOptions{TTL: time.Minute, Now: clock.now}, tenantOwner, callOwner)
	s := k.Sealer(SlotWrapped)
	old := mustSeal(t, s, text(10), of(tenantOwner))
	call := mustSeal(t, s, text(10), of(callOwner))
	require.NoError(t, k.Trim(ctx, tenantOwner), "one version: nothing to erase")
	require.NoError(t, k.Rotate(ctx, tenantOwner))
	moved, _, err := s.Rewrap(ctx, old, of(tenantOwner))
	require.NoError(t, err)

	require.ErrorContains(t, k.Trim(ctx, tenantOwner), "in use in another process")
	clock.advance(time.Minute)
	require.ErrorContains(t, k.Trim(ctx, tenantOwner), "still wrapped")
	require.NoError(t, k.Rewrap(ctx, callOwner))
	require.NoError(t, k.Trim(ctx, tenantOwner))

	for _, box := range []struct {
		envelope []byte
		o        Owner
	}{{moved, tenantOwner}, {call, callOwner}} {
		out, err := s.Open(ctx, nil, box.envelope, of(box.o))
		require.NoError(t, err)
		require.Equal(t, text(10), out)
	}
	_, err = s.Open(ctx, nil, old, of(tenantOwner))
	require.ErrorIs(t, err, ErrDecrypt)
	require.NoError(t, k.Rotate(ctx, tenantOwner))
	status, err := k.Status(ctx, tenantOwner)
	require.NoError(t, err)
	require.EqualValues(t, 3, status.Versions[1].Version, "numbers are not given out twice")
	require.ErrorIs(t, k.Trim(ctx, subjectOwner), ErrUnknownKey)
}

// A process that has an older version cached must open what another sealed after rotating.
func TestRotationIsNoticed(t *testing.T) {
	ctx := context.Background()
	store, clock := new(MemStore), new(testClock)
	opts := &OwnerOptions{Now: clock.now}
	a := ownerKeys(t, testRing(), store, opts, tenantOwner)
	b := NewOwnerKeys(testRing(), store, opts)
	first := mustSeal(t, a.Sealer(SlotWrapped), text(10), of(tenantOwner))
	_, err := b.Sealer(SlotWrapped).Open(ctx, nil, first, of(tenantOwner))
	require.NoError(t, err)
	require.NoError(t, a.Rotate(ctx, tenantOwner))
	second := mustSeal(t, a.Sealer(SlotWrapped), text(10), of(tenantOwner))
	clock.advance(minRefresh)
	_, err = b.Sealer(SlotWrapped).Open(ctx, nil, second, of(tenantOwner))
	require.NoError(t, err)
}

func TestDisable(t *testing.T) {
	ctx := context.Background()
	k := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, callOwner)
	s := k.Sealer(SlotWrapped)
	box := mustSeal(t, s, text(10), of(callOwner))
	for _, o := range []Owner{callOwner, tenantOwner} { // a tenant's takes its conversations along
		require.NoError(t, k.Disable(ctx, o))
		_, err := s.Open(ctx, nil, box, of(callOwner))
		require.ErrorIs(t, err, ErrKeyDisabled)
		_, err = s.Seal(ctx, nil, nil, of(callOwner))
		require.ErrorIs(t, err, ErrKeyDisabled)
		require.ErrorIs(t, k.Rotate(ctx, o), ErrKeyDisabled)
		require.NoError(t, k.Enable(ctx, o))
		_, err = s.Open(ctx, nil, box, of(callOwner))
		require.NoError(t, err)
	}
	require.ErrorIs(t, k.Disable(ctx, subjectOwner), ErrUnknownKey)
}

func TestDestroy(t *testing.T) {
	ctx := context.Background()
	clock := new(testClock)
	var cleaned []Owner
	cleanup := func(_ context.Context, o Owner) ([]string, error) {
		cleaned = append(cleaned, o)
		return []string{"строки индекса: 3"}, nil
	}
	k := ownerKeys(t, testRing(), new(MemStore), &OwnerOptions{Cleanup: cleanup, Now: clock.now}, tenantOwner, callOwner, subjectOwner)
	s := k.Sealer(SlotWrapped)
	call, subject := mustSeal(t, s, text(10), of(callOwner)), mustSeal(t, s, text(10), of(subjectOwner))

	_, err := k.Destroy(ctx, subjectOwner, Destruction{Actor: "Петрова"})
	require.Error(t, err, "no reason")
	record, err := k.Destroy(ctx, subjectOwner, Destruction{Actor: "Петрова", Reason: "отзыв согласия", System: "CRM", Kinds: []string{"PHONE"}})
	require.NoError(t, err)
	require.Equal(t, []Owner{subjectOwner}, cleaned)
	require.Equal(t, "s-5", record.Subject)
	require.Equal(t, []uint32{1}, record.Versions)
	require.Equal(t, clock.now().UTC(), record.Time)
	require.Equal(t, []string{
		"keys in caches of other processes, until 2026-05-28T20:31:40Z",
		"backups, replicas and overwritten rows of the key store, made before 2026-05-28T20:26:40Z",
		"copies outside of envelopes",
		"tokens, indexes and other data under the tenant's key",
		"строки индекса: 3",
	}, record.Remains)

	_, err = s.Open(ctx, nil, subject, of(subjectOwner))
	require.ErrorIs(t, err, ErrKeyDestroyed)
	_, err = s.Open(ctx, nil, call, of(callOwner))
	require.NoError(t, err, "others stay")

	record, err = k.Destroy(ctx, tenantOwner, why)
	require.NoError(t, err)
	require.Contains(t, record.Remains, "rows of 1 conversations and 1 subjects in the key store, unreadable now")
	_, err = s.Open(ctx, nil, call, of(callOwner))
	require.ErrorIs(t, err, ErrKeyDestroyed, "a tenant's key takes its conversations along")
	for _, o := range []Owner{tenantOwner, callOwner, subjectOwner, {Tenant: "romashka", Subject: "new"}} {
		require.ErrorIs(t, k.Ensure(ctx, o), ErrKeyDestroyed)
	}

	never := Owner{Tenant: "lutik", Subject: "never seen"}
	_, err = k.Destroy(ctx, never, why)
	require.NoError(t, err)
	require.NoError(t, k.Ensure(ctx, Owner{Tenant: "lutik"}))
	require.ErrorIs(t, k.Ensure(ctx, never), ErrKeyDestroyed, "forgotten before a key was made")
}

func TestDestroyWhenCleanupFails(t *testing.T) {
	ctx := context.Background()
	fault := errors.New("index is down")
	cleanup := func(context.Context, Owner) ([]string, error) { return nil, fault }
	k := ownerKeys(t, testRing(), new(MemStore), &OwnerOptions{Cleanup: cleanup}, tenantOwner)
	record, err := k.Destroy(ctx, tenantOwner, why)
	require.ErrorIs(t, err, fault)
	require.Zero(t, record.KeyID)
	_, err = k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(tenantOwner))
	require.ErrorIs(t, err, ErrKeyDestroyed, "the key is gone all the same")
	fault = nil
	record, err = k.Destroy(ctx, tenantOwner, why)
	require.NoError(t, err)
	require.NotEmpty(t, record.KeyID)
}

func TestSubkeys(t *testing.T) {
	ctx := context.Background()
	k := ownerKeys(t, testRing(), new(MemStore), nil, tenantOwner, subjectOwner)
	a, version, err := k.Subkey(ctx, tenantOwner, 0, "tokens")
	require.NoError(t, err)
	require.EqualValues(t, 1, version)
	require.Len(t, a, 32)
	b, _, err := k.Subkey(ctx, tenantOwner, 0, "index")
	require.NoError(t, err)
	c, _, err := k.Subkey(ctx, subjectOwner, 0, "tokens")
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	require.NotEqual(t, a, c)
	require.NoError(t, k.Rotate(ctx, tenantOwner))
	next, version, err := k.Subkey(ctx, tenantOwner, 0, "tokens")
	require.NoError(t, err)
	require.EqualValues(t, 2, version)
	require.NotEqual(t, a, next)
	again, _, err := k.Subkey(ctx, tenantOwner, 1, "tokens")
	require.NoError(t, err)
	require.Equal(t, a, again, "an older version stays for reading")
	_, _, err = k.Subkey(ctx, tenantOwner, 9, "tokens")
	require.ErrorIs(t, err, ErrUnknownKey)
	_, _, err = k.Subkey(ctx, tenantOwner, 0, "")
	require.ErrorIs(t, err, ErrContext)
	_, err = k.Destroy(ctx, tenantOwner, why)
	require.NoError(t, err)
	_, _, err = k.Subkey(ctx, tenantOwner, 1, "tokens")
	require.ErrorIs(t, err, ErrKeyDestroyed)
}

// A countingStore counts loads, and can hold them up or fail them.
type countingStore struct {
	Store
	loads atomic.Int64
	gate  chan struct{}
	fail  atomic.Pointer[error]
}

func (s *countingStore) Load(ctx context.Context, o Owner) (KeyRecord, error) {
	s.loads.Add(1)
	if s.gate != nil {
		<-s.gate
	}
	if err := s.fail.Load(); err != nil {
		return KeyRecord{}, *err
	}
	return s.Store.Load(ctx, o)
}

func TestCacheLoadsOnce(t *testing.T) {
	ctx := context.Background()
	store := &countingStore{Store: new(MemStore)}
	ownerKeys(t, testRing(), store, nil, tenantOwner)
	k := NewOwnerKeys(testRing(), store, nil)
	store.loads.Store(0)
	store.gate = make(chan struct{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(tenantOwner)); err != nil {
				t.Error(err)
			}
		})
	}
	// One caller that gives up must not take the answer from the others.
	impatient, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err := k.Sealer(SlotWrapped).Seal(impatient, nil, nil, of(tenantOwner))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(store.gate)
	wg.Wait()
	require.EqualValues(t, 1, store.loads.Load())
}

func TestCacheBounds(t *testing.T) {
	ctx := context.Background()
	clock := new(testClock)
	store := &countingStore{Store: new(MemStore)}
	opts := &OwnerOptions{TTL: time.Minute, MaxUses: 10, MaxKeys: 2, Now: clock.now}
	other, third := Owner{Tenant: "lutik"}, Owner{Tenant: "vasilek"}
	k := ownerKeys(t, testRing(), store, opts, tenantOwner, other, third)
	seal := func(o Owner) int64 {
		before := store.loads.Load()
		_, err := k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(o))
		require.NoError(t, err)
		return store.loads.Load() - before
	}
	require.EqualValues(t, 1, seal(tenantOwner))
	require.Zero(t, seal(tenantOwner))
	clock.advance(time.Minute)
	require.EqualValues(t, 1, seal(tenantOwner), "after the TTL")
	for range 9 {
		require.Zero(t, seal(tenantOwner))
	}
	require.EqualValues(t, 1, seal(tenantOwner), "after the tenth use")
	require.EqualValues(t, 1, seal(other))
	require.Zero(t, seal(tenantOwner))
	require.EqualValues(t, 1, seal(third))
	require.Zero(t, seal(tenantOwner), "used lately, so it stayed")
	require.EqualValues(t, 1, seal(other), "used least lately, so it went")
	k.Flush()
	require.EqualValues(t, 1, seal(other))
}

func TestCacheRemembersStatesAndNotFaults(t *testing.T) {
	ctx := context.Background()
	clock := new(testClock)
	store := &countingStore{Store: new(MemStore)}
	k := ownerKeys(t, testRing(), store, &OwnerOptions{Now: clock.now}, tenantOwner)
	try := func(want error) int64 {
		t.Helper()
		before := store.loads.Load()
		_, err := k.Sealer(SlotWrapped).Seal(ctx, nil, nil, of(tenantOwner))
		require.ErrorIs(t, err, want)
		return store.loads.Load() - before
	}
	down := errors.New("database is down")
	store.fail.Store(&down)
	require.EqualValues(t, 1, try(down))
	require.EqualValues(t, 1, try(down), "a fault is not remembered")
	store.fail.Store(nil)
	require.EqualValues(t, 1, try(nil))

	_, err := k.Destroy(ctx, tenantOwner, why)
	require.NoError(t, err)
	require.EqualValues(t, 1, try(ErrKeyDestroyed))
	require.Zero(t, try(ErrKeyDestroyed), "a destroyed key is remembered")

	k = NewOwnerKeys(testRing(), store, &OwnerOptions{Now: clock.now})
	unknown := func() int64 {
		before := store.loads.Load()
		_, err := k.Sealer(SlotWrapped).Seal(ctx, nil, nil, Context{Tenant: "nobody", Record: "r"})
		require.ErrorIs(t, err, ErrUnknownKey)
		return store.loads.Load() - before
	}
	require.EqualValues(t, 1, unknown())
	require.Zero(t, unknown())
	clock.advance(minRefresh)
	require.EqualValues(t, 1, unknown(), "an unknown owner may appear any moment")
}

// Forged versions in headers must not make every Open ask the store.
func TestForgedVersionsDoNotFloodTheStore(t *testing.T) {
	ctx := context.Background()
	clock := new(testClock)
	store := &countingStore{Store: new(MemStore)}
	k := ownerKeys(t, testRing(), store, &OwnerOptions{Now: clock.now}, tenantOwner)
	s := k.Sealer(SlotDerived)
	box := mustSeal(t, s, nil, of(tenantOwner))
	h, _ := Inspect(box)
	box[h.Size-3] = 9 // the version's last byte
	store.loads.Store(0)
	for range 100 {
		_, err := s.Open(ctx, nil, box, of(tenantOwner))
		require.ErrorIs(t, err, ErrDecrypt)
	}
	require.Zero(t, store.loads.Load())
	clock.advance(minRefresh)
	for range 100 {
		_, err := s.Open(ctx, nil, box, of(tenantOwner))
		require.ErrorIs(t, err, ErrDecrypt)
	}
	require.EqualValues(t, 1, store.loads.Load())
}

// A conversation's key must not be used longer than its tenant's, whose destruction in
// another process shows only when the tenant's own time is over.
func TestChildDoesNotOutliveItsTenantInTheCache(t *testing.T) {
	ctx := context.Background()
	store, clock := new(MemStore), new(testClock)
	opts := &OwnerOptions{TTL: time.Minute, Now: clock.now}
	a := ownerKeys(t, testRing(), store, opts, tenantOwner, callOwner)
	b := NewOwnerKeys(testRing(), store, opts)
	s := b.Sealer(SlotWrapped)
	mustSeal(t, s, nil, of(tenantOwner)) // b has the tenant's key from now
	_, err := a.Destroy(ctx, tenantOwner, why)
	require.NoError(t, err)
	clock.advance(59 * time.Second)
	mustSeal(t, s, nil, of(callOwner)) // loaded late, under the cached tenant's key
	clock.advance(time.Second)
	_, err = s.Seal(ctx, nil, nil, of(callOwner))
	require.ErrorIs(t, err, ErrKeyDestroyed)
}

func TestStoredKeysAreBoundToTheirOwner(t *testing.T) {
	ctx := context.Background()
	store := new(MemStore)
	other := Owner{Tenant: "romashka", Subject: "s-6"}
	ownerKeys(t, testRing(), store, nil, tenantOwner, subjectOwner, other)
	// Who can write the store puts one subject's row in the place of another's.
	store.records[subjectOwner] = store.records[other]
	_, err := NewOwnerKeys(testRing(), store, nil).Sealer(SlotWrapped).Seal(ctx, nil, nil, of(subjectOwner))
	var fault *KeyError
	require.ErrorAs(t, err, &fault)
	require.NotErrorIs(t, err, ErrDecrypt)
}
