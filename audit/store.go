package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// A Store keeps the records of one log and the hashes of its Merkle tree. The
// log is its only writer and calls Append and Prune one at a time, and Save one
// at a time for each name; everything else may run at once. [FileStore] is one; package sinktest
// tests others. A store may also have the methods Torn, KeepStop, Stop and
// ClearStop of FileStore: then the log records what they tell.
type Store interface {
	// Append adds records, and the hashes that they complete in the order of
	// tlog.StoredHashIndex. When it returns nil the records are on stable
	// storage; after an error the log writes no more. The slices are
	// the log's again when it returns; the bytes of a record never change.
	Append(ctx context.Context, records [][]byte, hashes []tlog.Hash) error

	// Bounds returns the first record that is still there and the number of
	// records ever appended.
	Bounds() (first, size uint64)

	// Read yields the records from a position up to the size at the time of
	// the call. A position below the first record gives [ErrPruned].
	Read(ctx context.Context, from uint64) iter.Seq2[[]byte, error]

	// ReadHashes returns hashes by their index, also of pruned records.
	ReadHashes(indexes []int64) ([]tlog.Hash, error)

	// Save keeps a small value durably under a name of [a-z0-9.-]; Load returns
	// it, or nil if there is none. Before Save returns, every hash appended
	// before it must be durable too.
	Save(ctx context.Context, name string, value []byte) error
	Load(ctx context.Context, name string) ([]byte, error)

	// Cut returns the largest position, at most before, below which Prune can
	// remove whole segments; Prune removes the records below such a position.
	Cut(before uint64) uint64
	Prune(ctx context.Context, before uint64) error

	Close() error
}

// ErrLocked says that the folder of a log is open for writing already. In a
// rolling deployment try again until the other process has closed it.
var ErrLocked = errors.New("audit: the log is open for writing already")

// ErrPruned says that a record was there and has been removed by [Log.Prune].
var ErrPruned = errors.New("audit: record is pruned")

// ErrRollback says that the log is shorter than a checkpoint of it, or does
// not contain what that checkpoint covers. Do not write to it: find out who
// took the end away, or which backup was put back.
var ErrRollback = errors.New("audit: log was rolled back")

// CorruptError says where stored bytes are not what was written, in a place
// where a crash cannot have done it. The log does not open; [Verify] says more.
type CorruptError struct {
	File   string
	Offset int64
	Seq    uint64 // of the first record that cannot be read
	What   string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("audit: %s is corrupt at byte %d, record %d: %s", e.File, e.Offset, e.Seq, e.What)
}
