package policy

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"
)

// A Handle holds a policy that may be read again while a program runs. It is safe for concurrent use. Whoever begins a
// conversation asks it for the policy of the hour and keeps that to the end.
type Handle struct {
	names  []string
	opts   *Options
	policy atomic.Pointer[Policy]
	mu     sync.Mutex
	tried  [sha256.Size]byte // of the content that was compiled last, with or without success
}

// NewHandle loads the files or presets, see [Load]. Options may be nil and must not change afterwards.
func NewHandle(names []string, opts *Options) (*Handle, error) {
	h := &Handle{names: names, opts: opts}
	if _, err := h.Reload(); err != nil {
		return nil, err
	}
	return h, nil
}

// Policy is the policy that was loaded last. It does not change; the next call may give another.
func (h *Handle) Policy() *Policy { return h.policy.Load() }

// Reload reads the files now and reports whether there is a new policy. On an error the policy stays as it was. A
// content that was tried before is not tried again.
func (h *Handle) Reload() (changed bool, err error) {
	files, err := readAll(h.names)
	if err != nil {
		return false, err
	}
	return h.load(files, content(files))
}

func (h *Handle) load(files [][]byte, sum [sha256.Size]byte) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if sum == h.tried {
		return false, nil
	}
	h.tried = sum
	p, err := compileAll(h.names, files, h.opts)
	if err != nil {
		return false, err
	}
	h.policy.Store(p)
	return true, nil
}

// Watch looks at the files again and again until ctx ends, and takes a new content once it has seen it twice, so that a
// file which is just being written is not taken for a shorter one. every must be positive; report is called with each
// new policy, or with the error for which the old one stays, once for each content. It may be nil.
func (h *Handle) Watch(ctx context.Context, every time.Duration, report func(*Policy, error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var w watcher
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if changed, err := w.look(h); (changed || err != nil) && report != nil {
			if err != nil {
				report(nil, err)
			} else {
				report(h.Policy(), nil)
			}
		}
	}
}

// A watcher remembers what it saw last.
type watcher struct {
	seen   [sha256.Size]byte
	failed string // the last error of reading: one that stays is told once
}

func (w *watcher) look(h *Handle) (bool, error) {
	files, err := readAll(h.names)
	if err != nil {
		if w.failed == err.Error() {
			return false, nil
		}
		w.failed = err.Error()
		return false, err
	}
	w.failed = ""
	sum := content(files)
	if sum != w.seen {
		w.seen = sum
		return false, nil
	}
	return h.load(files, sum)
}

// content hashes the files, each behind its length.
func content(files [][]byte) (sum [sha256.Size]byte) {
	hash := sha256.New()
	for _, data := range files {
		hash.Write(binary.BigEndian.AppendUint64(nil, uint64(len(data))))
		hash.Write(data)
	}
	hash.Sum(sum[:0])
	return sum
}
