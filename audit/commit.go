package audit

import (
	"context"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A batch is one group commit: what has gathered while the batch before it was
// written. What can be done before the lock (encoding, hashing) the callers do,
// each on its own processor; under it a record only gets its position; what
// needs the order the one writer does.
type batch struct {
	records [][]byte
	leaves  []tlog.Hash // of the records
	bytes   int
	last    time.Time // of the last record

	deferred      int // events that nobody waits for
	deferredBytes int

	done chan struct{} // closed when the batch is durable or has failed
	err  error         // set before
}

const (
	batchRecords   = 4096
	batchBytes     = 4 << 20
	carryEvery     = 1 << 16
	carryPerRecord = 10_000
	carryWindow    = 2 * (carryEvery + batchRecords) // holds one whole carry, even if a crash cut the last one short
)

// place is where a record has been put.
type place struct {
	batch *batch
	seq   uint64
	leaf  tlog.Hash
}

// stamp writes the time into the record and hashes it.
func (l *Log) stamp(e *Entry) (time.Time, tlog.Hash) {
	at := At(l.opts.Clock()).Time
	stamp(e.Raw, at)
	return at, tlog.RecordHash(e.Raw)
}

// add gives the record its position. The caller holds mu. Times never run
// backwards in a log: a record that came late to the lock is stamped anew.
func (l *Log) add(e *Entry, at time.Time, leaf tlog.Hash) place {
	if at.Before(l.lastTime) {
		at = l.lastTime
		stamp(e.Raw, at)
		leaf = tlog.RecordHash(e.Raw)
	}
	l.lastTime = at
	b := l.filling()
	p := place{b, l.next, leaf}
	l.next++
	b.records = append(b.records, e.Raw)
	b.leaves = append(b.leaves, leaf)
	b.bytes += len(e.Raw)
	b.last = at
	l.track(e)
	if l.sinceCarry++; l.sinceCarry >= carryEvery {
		l.carry()
	}
	l.signal()
	return p
}

// addOwn is add for an event of the log's own.
func (l *Log) addOwn(e *Entry) {
	at, leaf := l.stamp(e)
	l.add(e, at, leaf)
}

// filling returns the batch that takes the next record.
func (l *Log) filling() *batch {
	if n := len(l.queue); n > 0 {
		b := l.queue[n-1]
		if len(b.records) < batchRecords && b.bytes < batchBytes {
			return b
		}
	}
	b := &batch{done: make(chan struct{})}
	if s := l.spare; s != nil {
		b.records, b.leaves, l.spare = s.records[:0], s.leaves[:0], nil
	}
	l.queue = append(l.queue, b)
	return b
}

// track keeps the set of attempts without an outcome.
func (l *Log) track(e *Entry) {
	switch {
	case e.Outcome == Attempt:
		l.inflight[e.ID] = e.Action
	case !e.Link.IsZero():
		delete(l.inflight, e.Link)
	}
}

// carry lists the attempts in flight, once in carryEvery records, so that
// recovery need not read more than the last carryWindow. The caller holds mu.
func (l *Log) carry() {
	l.sinceCarry = 0
	open := make([]OpenAttempt, 0, len(l.inflight))
	for id, a := range l.inflight {
		open = append(open, OpenAttempt{id, a})
	}
	for part := range slices.Chunk(open, carryPerRecord) {
		e := systemEvent(ActionCarry, "")
		e.InProgress = part
		e.encode()
		l.addOwn(e)
	}
}

func (l *Log) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write is the one writer: it takes what has gathered in the queue, writes it
// with one sync, and wakes all who wait for it at once.
func (l *Log) write() {
	defer l.writing.Done()
	for range l.wake {
		last := l.drain()
		if last {
			return
		}
	}
}

// drain writes until the queue is empty, and says whether the log is closing.
func (l *Log) drain() (last bool) {
	for {
		b, last := l.take()
		if b == nil {
			return last
		}
		l.commit(b)
		close(b.done)
	}
}

// take removes the oldest batch from the queue, nil if there is none. last says
// that the log is closing: nothing more will come.
func (l *Log) take() (b *batch, last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost > 0 && l.err == nil {
		l.addOwn(systemEvent(ActionGap, gapFull, EntryDetail{"count", Public, strconv.FormatUint(l.lost, 10)}))
		l.lost = 0
	}
	if len(l.queue) == 0 {
		return nil, l.closing
	}
	b = l.queue[0]
	l.queue = slices.Delete(l.queue, 0, 1)
	l.bytes -= b.deferredBytes
	l.space.send()
	return b, l.closing
}

// commit makes a batch durable, or tells why not in b.err. An error stops the
// log for good.
func (l *Log) commit(b *batch) {
	edge := l.edge // which nobody else changes
	l.hashes = l.hashes[:0]
	for _, leaf := range b.leaves {
		l.hashes = edge.add(l.hashes, leaf)
	}
	err := l.stopped()
	if err == nil {
		l.storing.Lock()
		err = l.store.Append(context.Background(), b.records, l.hashes)
		l.storing.Unlock()
		if err != nil {
			err = l.halt(err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		b.err = err
		l.lostAll += uint64(b.deferred)
		return
	}
	l.edge = edge
	l.health.LastAppend = b.last
	clear(b.records)
	l.spare = b
	l.grown.send()
}

func (l *Log) stopped() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
