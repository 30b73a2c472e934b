package retention

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Tombstones remember what was destroyed, as keyed pseudonyms, so that a backup restored later
// can be cleared of it. Keep them outside the stores and outside the backup, until the last backup that holds the records
// has expired. Safe for concurrent use within one process.
type Tombstones struct {
	mu   sync.Mutex
	key  []byte
	file *os.File
	dead map[string]time.Time
}

// OpenTombstones opens or makes tombstones in a directory: the file tombstones, and the file tombstones.key with
// the random key of the pseudonyms, both mode 0600.
func OpenTombstones(dir string) (*Tombstones, error) {
	t := &Tombstones{dead: map[string]time.Time{}}
	keyFile := filepath.Join(dir, "tombstones.key")
	key, err := os.ReadFile(keyFile)
	if errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, "tombstones")); err == nil {
			return nil, errors.New("retention: tombstones without their key")
		}
		key = make([]byte, 32)
		rand.Read(key)
		err = writeFile(keyFile, key)
	}
	if err != nil || len(key) != 32 {
		return nil, errors.New("retention: tombstones: the key does not read")
	}
	t.key = key
	t.file, err = os.OpenFile(filepath.Join(dir, "tombstones"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("retention: tombstones: %w", err)
	}
	if err := t.read(); err != nil {
		t.file.Close()
		return nil, err
	}
	return t, syncDir(dir)
}

// read takes the whole lines; one cut short by a crash belongs to an operation that is not finished.
func (t *Tombstones) read() error {
	good := int64(0)
	r := bufio.NewReader(t.file)
	for {
		line, err := r.ReadString('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("retention: tombstones: %w", err)
		}
		stamp, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		at, terr := time.Parse(time.RFC3339, stamp)
		if !ok || terr != nil {
			return errors.New("retention: tombstones: damaged")
		}
		t.dead[name] = at
		good += int64(len(line))
	}
	if err := t.file.Truncate(good); err != nil {
		return fmt.Errorf("retention: tombstones: %w", err)
	}
	_, err := t.file.Seek(good, io.SeekStart)
	return err
}

func (t *Tombstones) name(system, class, id string) string {
	m := hmac.New(sha256.New, t.key)
	for _, s := range []string{system, class, id} {
		fmt.Fprintf(m, "%d:%s", len(s), s)
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

func (t *Tombstones) put(i Item, at time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := t.name(i.System, i.Class, i.ID)
	if _, ok := t.dead[name]; ok {
		return nil
	}
	_, err := fmt.Fprintf(t.file, "%s %s\n", at.UTC().Format(time.RFC3339), name)
	if err == nil {
		err = t.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("retention: tombstones: %w", err)
	}
	t.dead[name] = at
	return nil
}

// Dead reports whether the record was destroyed. A store may ask before it lets one be made.
func (t *Tombstones) Dead(system, class, id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.dead[t.name(system, class, id)]
	return ok
}

// Forget drops tombstones of records destroyed before a time, when no backup older than that is left.
func (t *Tombstones) Forget(before time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for _, name := range sortedKeys(t.dead) {
		if at := t.dead[name]; !at.Before(before) {
			fmt.Fprintf(&b, "%s %s\n", at.UTC().Format(time.RFC3339), name)
		} else {
			delete(t.dead, name)
		}
	}
	path := t.file.Name()
	if err := writeFile(path, []byte(b.String())); err != nil {
		return err
	}
	t.file.Close()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("retention: tombstones: %w", err)
	}
	t.file = f
	return nil
}

// Close closes the file.
func (t *Tombstones) Close() error { return t.file.Close() }

// Restore destroys again what a restored backup brought back, by the tombstones. Run it before the
// service opens. Holds still stop it; what is held is counted as skipped.
func (e *Executor) Restore(ctx context.Context) (*Report, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := newReport()
	if e.Tombstones == nil {
		return r, errors.New("retention: restore: no tombstones")
	}
	if err := e.check(nil); err != nil {
		return r, err
	}
	for _, s := range e.Stores {
		for _, a := range s.systems() {
			for _, class := range e.Policy.Classes() {
				if err := e.bury(ctx, s, a, class, r); err != nil {
					return r, fmt.Errorf("retention: restore: %s: %w", a.System(), err)
				}
			}
		}
	}
	return r, e.write(ctx, entry{Step: stepSwept, Code: "restored"})
}

func (e *Executor) bury(ctx context.Context, s Store, a Adapter, class string, r *Report) error {
	for after := ""; ; {
		records, err := a.Scan(ctx, class, after, scanBatch)
		if err != nil {
			return err
		}
		for _, rec := range records {
			if rec.ID <= after {
				return errors.New("the store's scan does not advance")
			}
			after = rec.ID
			if !e.Tombstones.Dead(s.System(), class, rec.ID) {
				continue
			}
			item := Item{ID: rec.ID, Class: class, Subjects: rec.Subjects}
			outcome, err := a.Destroy(ctx, "restore", Target{Class: class, ID: rec.ID, Action: Delete, Check: func(ctx context.Context) error { return e.checkHeld(ctx, s, item) }})
			switch {
			case errors.Is(err, ErrHeld):
				r.Skipped["held"]++
			case err != nil:
				r.Failed["destroy"]++
			case outcome == OutcomeDestroyed:
				r.Destroyed++
			}
		}
		if len(records) < scanBatch {
			return nil
		}
	}
}
