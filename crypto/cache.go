package crypto

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// A keyCache holds unwrapped owners' keys. Each is loaded once however many ask for it at
// the same time.
type keyCache struct {
	load func(context.Context, Owner) (*ownerKey, time.Time, error)
	opts *OwnerOptions

	mu      sync.Mutex
	entries map[Owner]*cacheEntry
	recent  list.List // of Owner, the last used first
}

type cacheEntry struct {
	ready chan struct{} // closed once the rest is set
	key   *ownerKey
	err   error
	// loaded and expires bound the use of key, or of err if that is an ownState.
	loaded, expires time.Time

	uses uint64 // these two are guarded by keyCache.mu
	at   *list.Element
}

// An ownState is an error that the owner's own row says, worth remembering. Other errors
// are faults of the moment.
type ownState struct{ error }

func (e ownState) Unwrap() error { return e.error }

// minRefresh is how old a cached answer must be before what it does not know makes the store
// be asked again. Without a bound, forged versions in headers could be used to flood it.
const minRefresh = time.Second

func newKeyCache(load func(context.Context, Owner) (*ownerKey, time.Time, error), opts *OwnerOptions) *keyCache {
	return &keyCache{load: load, opts: opts, entries: make(map[Owner]*cacheEntry)}
}

// get returns an owner's key.
func (c *keyCache) get(ctx context.Context, o Owner) (*ownerKey, error) {
	e, err := c.entry(ctx, o)
	if err != nil {
		return nil, err
	}
	return e.key, nil
}

// version returns exactly the version that w names. A name or version that the owner never
// had is ErrDecrypt: it stems from the bytes.
func (c *keyCache) version(ctx context.Context, o Owner, w Wrapped) (*ownerVersion, error) {
	e, err := c.entry(ctx, o)
	if err != nil {
		return nil, err
	}
	v, ok := e.key.versions[w.Version]
	if !ok && w.KeyID == e.key.id && c.opts.Now().Sub(e.loaded) >= minRefresh {
		// Another process may have rotated meanwhile.
		c.drop(o, e)
		if e, err = c.entry(ctx, o); err != nil {
			return nil, err
		}
		v, ok = e.key.versions[w.Version]
	}
	if !ok || w.KeyID != e.key.id {
		return nil, ErrDecrypt
	}
	return v, nil
}

// entry returns a loaded entry that may be used now.
func (c *keyCache) entry(ctx context.Context, o Owner) (*cacheEntry, error) {
	if !o.valid() {
		return nil, ErrContext
	}
	now := c.opts.Now()
	c.mu.Lock()
	e := c.entries[o]
	if e != nil && e.stale(now, c.opts.MaxUses) {
		c.remove(o, e)
		e = nil
	}
	if e == nil {
		e = &cacheEntry{ready: make(chan struct{})}
		e.at = c.recent.PushFront(o)
		c.entries[o] = e
		c.evict()
		// The one who asks first may go away; the others still want the answer.
		go c.fill(context.WithoutCancel(ctx), o, e)
	} else {
		c.recent.MoveToFront(e.at)
	}
	e.uses++
	c.mu.Unlock()

	select {
	case <-e.ready:
	default:
		select {
		case <-e.ready:
		case <-ctx.Done():
			return nil, &KeyError{Op: "load", Retry: true, Err: ctx.Err()}
		}
	}
	if e.err != nil {
		return nil, plainState(e.err)
	}
	return e, nil
}

func (c *keyCache) fill(ctx context.Context, o Owner, e *cacheEntry) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	e.loaded = c.opts.Now()
	key, until, err := c.load(ctx, o)
	e.key, e.err = key, err
	e.expires = e.loaded.Add(c.opts.TTL)
	if !until.IsZero() && until.Before(e.expires) {
		e.expires = until
	}
	if errors.Is(err, ErrUnknownKey) {
		e.expires = e.loaded.Add(min(minRefresh, c.opts.TTL)) // it may be made any moment
	}
	if fault := (ownState{}); err != nil && !errors.As(err, &fault) {
		c.drop(o, e)
	}
	close(e.ready)
}

// stale says that a loaded entry may not be used any more. One that is loading may.
func (e *cacheEntry) stale(now time.Time, maxUses uint64) bool {
	select {
	case <-e.ready:
		return !now.Before(e.expires) || e.uses >= maxUses
	default:
		return false
	}
}

// purge lets go of all keys of the owners that match, those being loaded too.
func (c *keyCache) purge(match func(Owner) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for o, e := range c.entries {
		if match(o) {
			c.remove(o, e)
		}
	}
}

func (c *keyCache) drop(o Owner, e *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(o, e)
}

// remove takes e out if it is still the one in place.
func (c *keyCache) remove(o Owner, e *cacheEntry) {
	if c.entries[o] == e {
		delete(c.entries, o)
		c.recent.Remove(e.at)
	}
}

func (c *keyCache) evict() {
	for len(c.entries) > c.opts.MaxKeys {
		o := c.recent.Back().Value.(Owner)
		c.remove(o, c.entries[o])
	}
}

// plainState gives a remembered state as the sentinel it is.
func plainState(err error) error {
	if s := (ownState{}); errors.As(err, &s) {
		return s.error
	}
	return err
}
