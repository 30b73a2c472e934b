package retention

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// A Journal is the write-ahead log of an executor: each step is on disk before it is
// taken and after. One process uses a journal at a time: on Linux, macOS and the BSDs another one gets [ErrBusy], on
// other systems nothing hinders it. Safe for concurrent use within the process.
//
// It is a text file of lines, each with a checksum, appended and synced; a last line cut
// short by a crash is dropped on opening, damage elsewhere is [ErrJournal].
type Journal struct {
	mu     sync.Mutex
	file   *os.File
	sealer Sealer
	ops    map[string]*operation
	order  []string
	newest time.Time
	seq    int
	broken error
}

// ErrJournal says that a journal is damaged elsewhere than at its end, or was sealed with another key. Nothing may be destroyed by it:
// restore it, or begin another after a person has looked.
var ErrJournal = errors.New("retention: the journal is damaged")

// ErrBusy says that another process, or another Journal of this one, has the file open.
var ErrBusy = errors.New("retention: the journal is in use")

// step is what a line of the journal says.
type step string

const (
	stepPlanned    step = "planned"
	stepFencing    step = "fencing"
	stepExporting  step = "exporting"
	stepExported   step = "exported"
	stepDestroying step = "destroying"
	stepDestroyed  step = "destroyed"
	stepFinished   step = "finished"
	stepAbandoned  step = "abandoned"
	stepFailed     step = "failed"
	stepNotified   step = "notified"
	stepSwept      step = "swept"
	stepEvidenced  step = "evidenced"
	stepConfirmed  step = "confirmed"
)

// entry is a line of the journal.
type entry struct {
	Seq     int       `json:"seq"`
	At      time.Time `json:"at"`
	Op      string    `json:"op,omitempty"`
	Step    step      `json:"step"`
	Item    *Item     `json:"item,omitempty"`   // planned
	System  string    `json:"system,omitempty"` // destroying, destroyed
	Method  string    `json:"method,omitempty"`
	Outcome Outcome   `json:"outcome,omitempty"`
	Receipt *Receipt  `json:"receipt,omitempty"` // exported
	Code    string    `json:"code,omitempty"`    // abandoned, failed
}

// operation is what the lines about one operation add up to.
type operation struct {
	item      Item
	begun     time.Time
	fenced    bool
	receipt   *Receipt
	begunAt   map[string]bool   // systems where destruction began
	destroyed map[string]result // systems that answered
	order     []string          // of those systems
	done      step              // finished, abandoned, notified, or ""
	finished  time.Time
	code      string
	confirmed bool
	evidenced bool
}

type result struct {
	outcome Outcome
	method  string
	at      time.Time
}

// JournalOptions are for [OpenJournal]. Nil means none.
type JournalOptions struct {
	// Sealer seals each line: lines name records and subjects. Nil leaves them readable to
	// whoever reads the file.
	Sealer Sealer
}

// OpenJournal opens or makes the journal file, mode 0600.
func OpenJournal(ctx context.Context, path string, opts *JournalOptions) (*Journal, error) {
	j := &Journal{ops: map[string]*operation{}}
	if opts != nil {
		j.sealer = opts.Sealer
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("retention: journal: %w", err)
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, ErrBusy
	}
	if err := j.recover(ctx, f); err != nil {
		f.Close()
		return nil, err
	}
	j.file = f
	// A new file is there after a crash only if its directory was synced.
	return j, syncDir(filepath.Dir(path))
}

// checksum is CRC-32C.
func checksum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }

func (j *Journal) recover(ctx context.Context, f *os.File) error {
	data, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("retention: journal: %w", err)
	}
	good := 0
	for good < len(data) {
		end := bytes.IndexByte(data[good:], '\n')
		if end < 0 {
			break // cut short
		}
		e, err := j.decode(ctx, data[good:good+end])
		if err != nil || e.Seq != j.seq+1 {
			return fmt.Errorf("%w: line %d", ErrJournal, j.seq+1)
		}
		j.apply(e)
		good += end + 1
	}
	if good < len(data) {
		if err := f.Truncate(int64(good)); err != nil {
			return fmt.Errorf("retention: journal: %w", err)
		}
		if err := f.Sync(); err != nil {
			return fmt.Errorf("retention: journal: %w", err)
		}
	}
	_, err = f.Seek(int64(good), io.SeekStart)
	return err
}

func (j *Journal) decode(ctx context.Context, line []byte) (e entry, err error) {
	if len(line) < 10 || line[8] != ' ' {
		return e, ErrJournal
	}
	sum, err := strconv.ParseUint(string(line[:8]), 16, 32)
	body := line[9:]
	if err != nil || uint32(sum) != checksum(body) {
		return e, ErrJournal
	}
	if j.sealer != nil {
		box, err := base64.StdEncoding.DecodeString(string(body))
		if err != nil {
			return e, ErrJournal
		}
		if body, err = j.sealer.Open(ctx, nil, box, lineAD(j.seq+1)); err != nil {
			return e, ErrJournal
		}
	}
	if json.Unmarshal(body, &e) != nil {
		return e, ErrJournal
	}
	return e, nil
}

func lineAD(seq int) []byte { return fmt.Appendf(nil, "vual retention journal line %d", seq) }

// write appends one entry and returns when it is on disk. After an error the journal
// takes no more: a failed sync may have lost what it was to keep.
func (j *Journal) write(ctx context.Context, e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	line, err := j.encode(ctx, &e)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(line); err != nil {
		j.broken = fmt.Errorf("retention: journal: %w", err)
		return j.broken
	}
	if err := j.file.Sync(); err != nil {
		j.broken = fmt.Errorf("retention: journal: %w", err)
		return j.broken
	}
	j.apply(e)
	return nil
}

// encode gives e the next number and makes its line.
func (j *Journal) encode(ctx context.Context, e *entry) ([]byte, error) {
	e.Seq, e.At = j.seq+1, e.At.UTC()
	body, err := json.Marshal(e)
	if err == nil && j.sealer != nil {
		var box []byte
		if box, err = j.sealer.Seal(ctx, nil, body, lineAD(e.Seq)); err == nil {
			body = []byte(base64.StdEncoding.EncodeToString(box))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("retention: journal: %w", err)
	}
	return fmt.Appendf(nil, "%08x %s\n", checksum(body), body), nil
}

func (j *Journal) apply(e entry) {
	j.seq = e.Seq
	if e.At.After(j.newest) {
		j.newest = e.At
	}
	op := j.ops[e.Op]
	if e.Step == stepPlanned && e.Item != nil && op == nil {
		op = &operation{item: *e.Item, begun: e.At, begunAt: map[string]bool{}, destroyed: map[string]result{}}
		j.ops[e.Op] = op
		j.order = append(j.order, e.Op)
	}
	if op == nil {
		return
	}
	switch e.Step {
	case stepFencing:
		op.fenced = true
	case stepExported:
		op.receipt = e.Receipt
	case stepDestroying:
		op.begunAt[e.System] = true
	case stepDestroyed:
		if _, ok := op.destroyed[e.System]; !ok {
			op.order = append(op.order, e.System)
		}
		op.destroyed[e.System] = result{e.Outcome, e.Method, e.At}
	case stepFinished, stepAbandoned, stepNotified:
		op.done, op.finished, op.code = e.Step, e.At, e.Code
	case stepFailed:
		op.code = e.Code
	case stepConfirmed:
		op.confirmed = true
	case stepEvidenced:
		op.evidenced = true
	}
}

// Newest is the time of the last entry, zero if there is none.
func (j *Journal) Newest() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.newest
}

// Item returns the record that an operation is about, as the plan had it; false if the journal knows no such operation.
func (j *Journal) Item(op string) (Item, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if o := j.ops[op]; o != nil {
		return o.item, true
	}
	return Item{}, false
}

// operation returns what is known of one, or nil. The executor alone changes it.
func (j *Journal) operation(op string) *operation {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.ops[op]
}

// unfinished lists the operations that a crash or a failure left, oldest first.
func (j *Journal) unfinished() (ops []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, op := range j.order {
		if j.ops[op].done == "" {
			ops = append(ops, op)
		}
	}
	return ops
}

// Compact drops operations that ended before a time, and with them the identifiers of records and
// subjects. What is unfinished, or owes papers or a confirmation, stays: they come from the journal.
func (j *Journal) Compact(ctx context.Context, before time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	data, err := os.ReadFile(j.file.Name())
	if err != nil {
		return fmt.Errorf("retention: journal: %w", err)
	}
	fresh := &Journal{ops: map[string]*operation{}, sealer: j.sealer}
	var kept bytes.Buffer
	reader := &Journal{ops: map[string]*operation{}, sealer: j.sealer}
	for line := range bytes.Lines(data) {
		e, err := reader.decode(ctx, bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			return fmt.Errorf("%w: line %d", ErrJournal, reader.seq+1)
		}
		reader.apply(e)
		if op := j.ops[e.Op]; op == nil || op.ended(before) {
			continue
		}
		if err := fresh.keep(ctx, &kept, e); err != nil {
			return err
		}
	}
	// The clock guard must not forget the newest time.
	if err := fresh.keep(ctx, &kept, entry{Step: stepSwept, At: j.newest, Code: "compacted"}); err != nil {
		return err
	}
	return j.replace(kept.Bytes(), fresh)
}

func (j *Journal) keep(ctx context.Context, w *bytes.Buffer, e entry) error {
	line, err := j.encode(ctx, &e)
	if err == nil {
		j.apply(e)
		w.Write(line)
	}
	return err
}

// ended reports whether nothing more will be asked of an operation.
func (o *operation) ended(before time.Time) bool {
	owes := !o.evidenced && o.destroyedAny() || o.item.Confirm && !o.confirmed
	return o.done != "" && o.finished.Before(before) && (o.done != stepFinished || !owes)
}

// destroyedAny reports whether any system destroyed, as opposed to finding nothing.
func (o *operation) destroyedAny() bool {
	for _, r := range o.destroyed {
		if r.outcome == OutcomeDestroyed {
			return true
		}
	}
	return false
}

// replace puts a rewritten journal in the place of the old one.
func (j *Journal) replace(data []byte, fresh *Journal) error {
	path := j.file.Name()
	if err := writeFile(path, data); err != nil {
		return err
	}
	j.file.Close()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o600)
	if err == nil {
		err = lock(f)
	}
	if err != nil {
		j.broken = fmt.Errorf("retention: journal: %w", err)
		return j.broken
	}
	j.file, j.ops, j.order, j.seq = f, fresh.ops, fresh.order, fresh.seq
	return nil
}

// Close closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken == nil {
		j.broken = errors.New("retention: journal: closed")
	}
	return j.file.Close()
}
