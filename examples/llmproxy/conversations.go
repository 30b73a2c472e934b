package main

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"github.com/syntora/vual/anonymize"
)

// conversationHeader names the conversation that a request belongs to. With it the same value has the same label in all
// its requests, and an answer may name what only an earlier one told.
const conversationHeader = "X-Vual-Conversation"

// conversations are the sessions that go on over several requests. They are found by client and name together, so no
// client reaches those of another. Their number, age and size are bounded; one that is gone begins anew.
// It is safe for concurrent use.
type conversations struct {
	engine engine
	max    int           // of all clients
	idle   time.Duration // after which one is forgotten
	now    func() time.Time

	mu    sync.Mutex
	byKey map[conversationKey]*list.Element
	order *list.List // of *conversation, used last first
	bytes int        // of them all
}

type conversationKey struct{ client, name string }

// A conversation is one session. Who holds its turn may use it; requests of one conversation go one after another.
type conversation struct {
	key     conversationKey
	used    time.Time // guarded by conversations.mu, as is counted
	counted int       // bytes that are in conversations.bytes
	turn    chan struct{}
	session *anonymize.Session
	known   map[[sha256.Size]byte]maskedPassage // what was masked, by all that was said up to it
	labels  map[string]bool
	bytes   int
}

// Bounds of the texts of one conversation, and of all. Where all are too many the ones used longest ago go.
const (
	maxConversationBytes  = 1 << 20
	maxConversationsBytes = 128 << 20
	passageBytes          = 200 // what a passage costs beside its text
)

var errConversationFull = errors.New("the conversation has become too long; begin a new one")

func newConversations(e engine, maxNumber int, idle time.Duration, now func() time.Time) *conversations {
	return &conversations{engine: e, max: maxNumber, idle: idle, now: now, byKey: map[conversationKey]*list.Element{}, order: list.New()}
}

// mask masks the passages of a request in its conversation, which is made if there is none. The conversation, and the
// mapping, are the caller's until he calls release.
func (cs *conversations) mask(ctx context.Context, client, name string, passages []passage) (m *masked, release func(), err error) {
	c := cs.find(conversationKey{client, name})
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	leave := func() { <-c.turn }
	done := false
	defer func() {
		cs.count(c, c.bytes)
		if !done { // on a panic too
			leave()
		}
	}()
	if m, err = c.mask(ctx, passages); err != nil {
		return nil, nil, err
	}
	done = true
	return m, leave, nil
}

// count notes what a conversation has grown to.
func (cs *conversations) count(c *conversation, bytes int) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if e := cs.byKey[c.key]; e == nil || e.Value != c {
		return // it was forgotten meanwhile
	}
	cs.bytes += bytes - c.counted
	c.counted = bytes
	for cs.bytes > maxConversationsBytes && cs.order.Len() > 1 {
		cs.remove(cs.order.Back())
	}
}

func (cs *conversations) find(key conversationKey) *conversation {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	now := cs.now()
	cs.forget(now)
	if e := cs.byKey[key]; e != nil {
		c := e.Value.(*conversation)
		c.used = now
		cs.order.MoveToFront(e)
		return c
	}
	c := &conversation{key: key, used: now, turn: make(chan struct{}, 1), session: cs.engine.Session(),
		known: map[[sha256.Size]byte]maskedPassage{}, labels: map[string]bool{}}
	cs.byKey[key] = cs.order.PushFront(c)
	if cs.order.Len() > cs.max {
		cs.remove(cs.order.Back())
	}
	return c
}

// forget removes what was not used for long. A request that is under way keeps its own.
func (cs *conversations) forget(now time.Time) {
	for e := cs.order.Back(); e != nil && now.Sub(e.Value.(*conversation).used) > cs.idle; e = cs.order.Back() {
		cs.remove(e)
	}
}

func (cs *conversations) remove(e *list.Element) {
	c := cs.order.Remove(e).(*conversation)
	delete(cs.byKey, c.key)
	cs.bytes -= c.counted
}

func (cs *conversations) len() int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.order.Len()
}

// mask masks the passages of the next request. Clients send all that was said again each time: what is known from an
// earlier request, with everything before it, stays as it was masked then.
func (c *conversation) mask(ctx context.Context, passages []passage) (*masked, error) {
	m := &masked{passages: make([]maskedPassage, len(passages)), mapping: c.session.Mapping()}
	var past [sha256.Size]byte
	for i, p := range passages {
		past = p.follow(past)
		known, ok := c.known[past]
		if !ok {
			var err error
			if known, err = c.next(ctx, p); err != nil {
				return nil, err
			}
			c.known[past] = known
		}
		m.passages[i] = known
		if known.changed {
			m.values++
		}
	}
	m.labels = len(c.labels)
	return m, nil
}

func (c *conversation) next(ctx context.Context, p passage) (maskedPassage, error) {
	if c.bytes += passageBytes + len(p.label) + len(p.text); c.bytes > maxConversationBytes {
		return maskedPassage{}, errConversationFull
	}
	turn, err := c.session.Anonymize(ctx, p.turn())
	if err != nil {
		return maskedPassage{}, err
	}
	for _, s := range turn.Spans {
		c.labels[s.Token] = true
	}
	return p.masked(turn), nil
}

// follow names a passage by itself and all that stood before it.
func (p *passage) follow(past [sha256.Size]byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(past[:])
	for _, s := range []string{p.speaker, p.label, p.text} {
		_ = binary.Write(h, binary.BigEndian, uint32(len(s))) // a hash takes all
		h.Write([]byte(s))
	}
	if p.plain {
		h.Write([]byte{1})
	}
	return [sha256.Size]byte(h.Sum(nil))
}
