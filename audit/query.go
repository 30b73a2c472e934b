package audit

import (
	"context"
	"errors"
	"iter"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A Reader queries a log and proves its records. It is safe for concurrent use.
type Reader struct {
	store     Store
	key       note.Verifier
	head      []byte // the checkpoint to prove against; nil means the store's last
	unordered bool   // times may run backwards
}

// OpenReader opens the log in dir for reading only, also while another process
// writes to it or on a copy. It takes no lock, repairs nothing, and sees the
// records that were whole when it was opened. Reading in this way is not
// recorded in the log: give access to the folder accordingly.
func OpenReader(dir string, key note.Verifier) (*Reader, error) {
	// The checkpoint first: the writer may go on, and its next one would cover
	// records that are not in view.
	head, err := readFile(osFS{dir}, checkpointName, 1<<20)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	s, err := readFiles(osFS{dir}, key.Name())
	if err != nil {
		return nil, err
	}
	return &Reader{store: s, key: key, head: head}, nil
}

// Close lets go of the files. A [Log] closes its own Reader.
func (r *Reader) Close() error { return r.store.Close() }

// ErrNotFound says that the log has no such record.
var ErrNotFound = errors.New("audit: no such record")

// A Query selects entries. Empty fields select all; the values of one field are
// alternatives. Persons and things are named by pseudonym, see [Log.Lookup].
type Query struct {
	From, To time.Time // recorded at or after From and before To
	Start    uint64    // from this position on; a page begins after the last Seq of the one before
	Limit    int       // at most so many entries; 0 means all

	Actions  []Action
	Outcomes []Outcome
	Purposes []Purpose
	Tenants  []string // pseudonyms
	Actors   []string // pseudonyms; also of those acted for
	Subjects []string // pseudonyms
	Objects  []string // pseudonyms
	Link     ID       // outcomes of that attempt
}

// Matches reports whether q selects e, Start and Limit aside.
func (q *Query) Matches(e *Entry) bool {
	return (q.From.IsZero() || !e.Recorded.Before(q.From)) &&
		(q.To.IsZero() || e.Recorded.Before(q.To)) &&
		among(q.Actions, e.Action) && among(q.Outcomes, e.Outcome) && among(q.Purposes, e.Purpose) &&
		among(q.Tenants, e.Tenant) &&
		(among(q.Actors, e.Actor.ID) || slices.Contains(q.Actors, e.Actor.OnBehalfOf)) &&
		(len(q.Subjects) == 0 || slices.ContainsFunc(e.Subjects, func(s EntrySubject) bool { return slices.Contains(q.Subjects, s.ID) })) &&
		among(q.Objects, e.Object.ID) &&
		(q.Link.IsZero() || q.Link == e.Link)
}

func among[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// Query yields the entries that q selects, oldest first, up to the size of the
// log at the time of the call. It begins with the first record that is not
// pruned. After an error there is nothing more.
func (r *Reader) Query(ctx context.Context, q Query) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		start, err := r.start(ctx, &q)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		n := 0
		for seq, raw := range counted(start, r.store.Read(ctx, start)) {
			e, err := raw.entry(seq)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if !r.unordered && !q.To.IsZero() && !e.Recorded.Before(q.To) {
				return
			}
			if !q.Matches(&e) {
				continue
			}
			if n++; !yield(e, nil) || n == q.Limit {
				return
			}
		}
	}
}

// start finds the first position of interest. Times never run backwards in a
// log with one writer, so there From is found by halving.
func (r *Reader) start(ctx context.Context, q *Query) (uint64, error) {
	lo, hi := r.store.Bounds()
	lo = max(lo, q.Start)
	if q.From.IsZero() || r.unordered {
		return lo, nil
	}
	for lo < hi {
		mid := lo + (hi-lo)/2
		e, err := r.Entry(ctx, mid)
		if err != nil {
			return 0, err
		}
		if e.Recorded.Before(q.From) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, nil
}

// Entry returns the record at seq.
func (r *Reader) Entry(ctx context.Context, seq uint64) (Entry, error) {
	for raw, err := range r.store.Read(ctx, seq) {
		if err != nil {
			return Entry{}, err
		}
		return ParseEntry(seq, raw)
	}
	return Entry{}, ErrNotFound
}
