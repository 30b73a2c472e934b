package main

import (
	"sync"
	"time"
)

// limits bound what clients may ask for at a time and in time. It is safe for concurrent use.
type limits struct {
	perClient int     // calls under way
	inAll     int     // of all clients
	rate      float64 // calls a second of each client, on average
	burst     float64 // calls at once after a pause
	now       func() time.Time

	mu      sync.Mutex
	total   int
	clients map[string]*allowance
}

// An allowance is what a client has left.
type allowance struct {
	underWay int
	tokens   float64
	at       time.Time
}

// maxAllowances bounds the clients that are remembered. One with nothing under way and a full allowance is forgotten.
const maxAllowances = 10_000

// enter takes a call in, or says after how many seconds to try again.
func (l *limits) enter(client string) (leave func(), retry int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.clients[client]
	if a == nil {
		if len(l.clients) >= maxAllowances && !l.forget(now) {
			return nil, 5
		}
		a = &allowance{tokens: l.burst, at: now}
		l.clients[client] = a
	}
	l.refill(a, now)
	switch {
	case a.tokens < 1:
		return nil, 1 + int((1-a.tokens)/l.rate)
	case a.underWay >= l.perClient || l.total >= l.inAll:
		return nil, 1
	}
	a.tokens--
	a.underWay++
	l.total++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		a.underWay--
		l.total--
	}, 0
}

func (l *limits) refill(a *allowance, now time.Time) {
	a.tokens = min(l.burst, a.tokens+l.rate*max(0, now.Sub(a.at).Seconds()))
	a.at = now
}

// forget drops clients that are as good as new.
func (l *limits) forget(now time.Time) (some bool) {
	for name, a := range l.clients {
		if l.refill(a, now); a.underWay == 0 && a.tokens == l.burst {
			delete(l.clients, name)
			some = true
		}
	}
	return some
}

func (l *limits) underWay() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}
