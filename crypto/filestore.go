package crypto

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/syntora/vual/crypto/internal/durable"
)

// A FileStore keeps records as files under one folder, for a single machine. It needs no
// lock: a record's revision is a part of its file's name and each name is given out once,
// so of two processes that save the same revision one gets [ErrConflict]. Files are on disk
// before Save returns; after a crash the highest revision counts. Older revisions stay as
// empty files.
//
// The bytes of a file that was emptied stay on a disk until they are overwritten, and in its
// snapshots. The wrapped keys in them are as safe as the key that wraps them.
type FileStore struct {
	dir string
}

// OpenFileStore opens the store in dir, which is made if it is missing, for its owner alone
// (0700). A folder that others can enter is refused.
func OpenFileStore(dir string) (*FileStore, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if durable.PosixModes && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("crypto: folder of keys has mode %v, want 0700", info.Mode().Perm())
	}
	return &FileStore{dir: dir}, nil
}

// Load returns the owner's record.
func (s *FileStore) Load(_ context.Context, o Owner) (KeyRecord, error) {
	dir := s.ownerDir(o)
	_, r, err := newestRecord(dir)
	if err == nil && r.State == KeyDestroyed {
		// A crash may have cut a destruction short after its tombstone.
		err = tidy(dir, r.Revision)
	}
	if err != nil {
		return KeyRecord{}, err
	}
	return r, nil
}

// Save writes a record.
func (s *FileStore) Save(ctx context.Context, o Owner, r KeyRecord) error {
	data, err := encodeFile(o, r)
	if err != nil {
		return err
	}
	before, err := s.Load(ctx, o)
	if err != nil && !errors.Is(err, ErrUnknownKey) {
		return err
	}
	if err := mayFollow(before, r); err != nil {
		return err
	}
	dir := s.ownerDir(o)
	if err := s.makeDir(dir); err != nil {
		return err
	}
	if err := claim(dir, recordName(r.Revision), data); err != nil {
		return err
	}
	return tidy(dir, r.Revision)
}

// Owners lists the tenant's conversations and subjects.
func (s *FileStore) Owners(_ context.Context, tenant string) iter.Seq2[Owner, error] {
	return func(yield func(Owner, error) bool) {
		top := s.tenantDir(tenant)
		dirs, err := os.ReadDir(top)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			yield(Owner{}, err)
			return
		}
		for _, d := range dirs {
			o, _, err := newestRecord(filepath.Join(top, d.Name()))
			_, child := o.parent()
			if err == ErrUnknownKey || err == nil && !child {
				continue // a save that never came to be, or the tenant itself
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// String names the folder.
func (s *FileStore) String() string { return "crypto.FileStore(" + s.dir + ")" }

// Folders are named by hashes, so that identifiers need no escaping; they say nothing that
// the files in them do not.
func (s *FileStore) tenantDir(tenant string) string {
	return filepath.Join(s.dir, hashName(tenant))
}

func (s *FileStore) ownerDir(o Owner) string {
	return filepath.Join(s.tenantDir(o.Tenant), hashName(o.Tenant, o.Conversation, o.Subject))
}

func hashName(parts ...string) string {
	var b []byte
	for _, p := range parts {
		b = appendText(b, p)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// makeDir makes an owner's folder so that it lasts a loss of power.
func (s *FileStore) makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := durable.SyncDir(s.dir); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(dir))
}

// newestRecord reads the highest revision in an owner's folder, or returns ErrUnknownKey.
func newestRecord(dir string) (Owner, KeyRecord, error) {
	for range changeTries {
		revision, err := newestRevision(dir)
		if err != nil {
			return Owner{}, KeyRecord{}, err
		}
		data, err := os.ReadFile(filepath.Join(dir, recordName(revision)))
		if err != nil {
			return Owner{}, KeyRecord{}, err
		}
		if len(data) == 0 {
			continue // emptied by now, so there is a newer one
		}
		o, r, err := decodeFile(data)
		if err == nil && r.Revision != revision {
			err = errRecord
		}
		return o, r, err
	}
	return Owner{}, KeyRecord{}, ErrConflict
}

func newestRevision(dir string) (uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var newest uint64
	for _, e := range entries {
		newest = max(newest, recordRevision(e.Name()))
	}
	if newest == 0 {
		return 0, ErrUnknownKey
	}
	return newest, nil
}

const recordSuffix = ".json"

func recordName(revision uint64) string { return fmt.Sprintf("%010d", revision) + recordSuffix }

// recordRevision is the inverse of recordName, 0 for another file.
func recordRevision(name string) uint64 {
	n, err := strconv.ParseUint(strings.TrimSuffix(name, recordSuffix), 10, 64)
	if err != nil || recordName(n) != name {
		return 0
	}
	return n
}

// tidy empties the revisions before this one and removes what unfinished saves have left.
// Names stay, so that none is given out twice.
func tidy(dir string, revision uint64) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	changed := false
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), durable.TempPrefix) {
			os.Remove(filepath.Join(dir, e.Name()))
			changed = true
			continue
		}
		if n := recordRevision(e.Name()); n == 0 || n >= revision {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Size() > 0 {
			if err := empty(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return durable.SyncDir(dir)
}

// empty puts an empty file in the place of another, in one step: who reads the old one has
// all of it.
func empty(path string) error {
	for range changeTries {
		temp, err := os.CreateTemp(filepath.Dir(path), durable.TempPrefix+"*")
		if err != nil {
			return err
		}
		if err := temp.Close(); err != nil {
			return err
		}
		err = os.Rename(temp.Name(), path)
		if !errors.Is(err, fs.ErrNotExist) { // tidied away by another process
			return err
		}
	}
	return ErrConflict
}

// claim makes a file of that name and content, on disk, or returns ErrConflict if the name
// was given out already.
func claim(dir, name string, data []byte) error {
	err := durable.Create(filepath.Join(dir, name), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	// Not there: another process, ahead of us, tidied our unfinished file away.
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return ErrConflict
	}
	return err
}

// A recordFile is what a file holds; the owner is for Owners and for people.
type recordFile struct {
	Tenant       string          `json:"tenant"`
	Conversation string          `json:"conversation,omitempty"`
	Subject      string          `json:"subject,omitempty"`
	Record       json.RawMessage `json:"record"`
}

func encodeFile(o Owner, r KeyRecord) ([]byte, error) {
	record, err := encodeRecord(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(recordFile{o.Tenant, o.Conversation, o.Subject, record})
}

func decodeFile(data []byte) (Owner, KeyRecord, error) {
	var f recordFile
	if err := json.Unmarshal(data, &f); err != nil {
		return Owner{}, KeyRecord{}, errRecord
	}
	r, err := decodeRecord(f.Record)
	return Owner{f.Tenant, f.Conversation, f.Subject}, r, err
}
