package audit

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// A Mirror gets a copy of every record after it is durable: a SIEM, a second
// file, OpenTelemetry. It is never on the way of Record. Each record
// comes at least once and in order; after a crash or an error the same batch
// comes again. The entries are the mirror's to keep. In an SQL log a mirror gets
// what is sealed, from one of the processes that have it.
type Mirror interface {
	Name() string // of [a-z0-9-]; names the cursor that the log keeps
	Write(ctx context.Context, batch []Entry) error
}

// MirrorHealth says how far a mirror has come.
type MirrorHealth struct {
	Name string
	Next uint64 // position of the first record that it has not taken
	Err  error  // of the last attempt
}

const (
	mirrorBatch    = 256
	mirrorMaxPause = time.Minute
)

func (l *Log) startMirrors() {
	l.health.Mirrors = make([]MirrorHealth, len(l.opts.Mirrors))
	for i, m := range l.opts.Mirrors {
		l.health.Mirrors[i].Name = m.Name()
		known := false
		feed := func(ctx context.Context, next *uint64) (int, error) {
			if !known {
				n, err := l.cursor(ctx, m)
				if err != nil {
					return 0, err
				}
				*next, known = n, true
			}
			return l.feed(ctx, m, next)
		}
		report := func(next uint64, err error) {
			l.mu.Lock()
			l.health.Mirrors[i].Next, l.health.Mirrors[i].Err = next, err
			l.mu.Unlock()
		}
		l.others.Go(func() { runMirror(l.ctx, &l.grown, feed, report) })
	}
}

// runMirror feeds one mirror until the log is closed. Whatever it does not take
// by then it gets after the next Open.
func runMirror(ctx context.Context, grown *broadcast, feed func(context.Context, *uint64) (int, error), report func(uint64, error)) {
	var next uint64
	var pause time.Duration
	for {
		more := grown.wait()
		sent, err := feed(ctx, &next)
		report(next, err)
		var retry <-chan time.Time
		switch {
		case err != nil:
			pause = min(max(2*pause, 100*time.Millisecond), mirrorMaxPause)
			retry, more = time.After(pause), nil
		case sent > 0:
			pause = 0
			if ctx.Err() == nil {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-more:
		case <-retry:
		}
	}
}

// feed sends one batch and moves the cursor on.
func (l *Log) feed(ctx context.Context, m Mirror, next *uint64) (int, error) {
	n, err := l.Reader.feed(ctx, m, next, l.opts.MirrorTimeout)
	if n == 0 || err != nil {
		return 0, err
	}
	return n, l.store.Save(ctx, cursorName(m), binary.BigEndian.AppendUint64(nil, *next))
}

// feed sends one batch and adds to next what the mirror has taken. Records that
// were pruned before are passed over: log.pruned tells of them.
func (r *Reader) feed(ctx context.Context, m Mirror, next *uint64, timeout time.Duration) (int, error) {
	if first, _ := r.store.Bounds(); *next < first {
		*next = first
	}
	var batch []Entry
	for e, err := range r.Query(ctx, Query{Start: *next, Limit: mirrorBatch}) {
		if err != nil {
			return 0, err
		}
		batch = append(batch, e)
	}
	if len(batch) == 0 {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := m.Write(ctx, batch); err != nil {
		return 0, err
	}
	*next += uint64(len(batch))
	return len(batch), nil
}

func (l *Log) cursor(ctx context.Context, m Mirror) (uint64, error) {
	b, err := l.store.Load(ctx, cursorName(m))
	if err != nil || len(b) != 8 {
		return 0, err
	}
	// A cursor beyond the log would skip what is to come.
	_, size := l.store.Bounds()
	return min(binary.BigEndian.Uint64(b), size), nil
}

func cursorName(m Mirror) string { return "mirror-" + m.Name() }

// SlogMirror copies records to a [slog.Handler]. It calls Handle itself, so no
// level filters a record out.
type SlogMirror struct {
	Handler slog.Handler
	As      string // its name; default "slog"
}

// Name implements [Mirror].
func (m SlogMirror) Name() string { return cmp.Or(m.As, "slog") }

// Write implements [Mirror].
func (m SlogMirror) Write(ctx context.Context, batch []Entry) error {
	for i := range batch {
		e := &batch[i]
		r := slog.NewRecord(e.Recorded.Time, slog.LevelInfo, string(e.Action), 0)
		r.AddAttrs(
			slog.Uint64("seq", e.Seq), slog.String("id", e.ID.String()), slog.String("outcome", string(e.Outcome)),
			slog.String("actor", e.Actor.ID), slog.String("purpose", string(e.Purpose)), slog.String("basis", string(e.Basis)),
			slog.String("record", string(e.Raw)))
		if err := m.Handler.Handle(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// FileMirror appends records as lines of JSON to a file, "seq" and the stored
// event, and syncs it. After a crash lines may repeat, seq tells, and one line
// may be cut short.
type FileMirror struct {
	Path string
	As   string // its name; default "file"
}

// Name implements [Mirror].
func (m FileMirror) Name() string { return cmp.Or(m.As, "file") }

// Write implements [Mirror].
func (m FileMirror) Write(_ context.Context, batch []Entry) error {
	f, err := os.OpenFile(m.Path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	b := endLine(f)
	for i := range batch {
		b = appendLine(b, &batch[i])
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// endLine returns a line end if f has a line that a crash cut short.
func endLine(f *os.File) []byte {
	var last [1]byte
	fi, err := f.Stat()
	if err != nil || fi.Size() == 0 {
		return nil
	}
	if _, err := f.ReadAt(last[:], fi.Size()-1); err != nil || last[0] == '\n' {
		return nil
	}
	return []byte{'\n'}
}

// appendLine is the form of FileMirror and of the export [JSONLines].
func appendLine(dst []byte, e *Entry) []byte {
	return fmt.Appendf(dst, "{\"seq\":%d,\"event\":%s}\n", e.Seq, e.Raw)
}
