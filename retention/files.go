package retention

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Files is a store of files under one directory. A file NAME with a sidecar
// NAME.retention.json is a record with the id NAME (with slashes); files without a sidecar are none. The
// sidecar holds class, facts and subjects:
//
//	{"class": "transcript", "facts": {"service_terminated": "2026-03-31T12:00:00+03:00"}, "subjects": ["s-17"]}
//
// A fence renames the file to NAME.fenced. Destroying removes both files, and the unfinished NAME.new-… that a
// killed writer left before this store was opened, and syncs the directory: the
// content is no longer reachable by name; whether the medium still holds it is a matter of the file
// system and the disk. Nothing outside the directory is touched, symbolic links included.
//
// Safe for concurrent use, beside writers of other records.
type Files struct {
	system string
	root   *os.Root
	opts   FilesOptions
	torn   func() (map[string][]string, error) // by id, what earlier processes left of writes
}

// FilesOptions are for [OpenFiles]. Nil means none.
type FilesOptions struct {
	Method string // for the act; nil value: «удаление файла средствами операционной системы»
	// Shred destroys the key of a record, for crypto_shred; the file is removed after it. Nil: crypto_shred fails.
	Shred func(ctx context.Context, class, id string) error
	// Anonymize gives the content that may stay, for anonymize; the sidecar goes. Nil: anonymize fails.
	Anonymize func(ctx context.Context, class, id string, content []byte) ([]byte, error)
}

// filesError drops the name of the file: it is the record's.
func filesError(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	} else if le := (*os.LinkError)(nil); errors.As(err, &le) {
		err = le.Err
	}
	return fmt.Errorf("retention: files: %w", err)
}

const (
	sidecarSuffix = ".retention.json"
	fencedSuffix  = ".fenced"
	newSuffix     = ".new-" // and something random
)

type sidecar struct {
	Class    string   `json:"class"`
	Facts    Facts    `json:"facts,omitempty"`
	Subjects []string `json:"subjects,omitempty"`
}

// errSidecar says that a sidecar does not read.
var errSidecar = errors.New("retention: files: a sidecar")

// OpenFiles opens a directory.
func OpenFiles(system, dir string, opts *FilesOptions) (*Files, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, filesError(err)
	}
	f := &Files{system: system, root: root}
	f.torn = sync.OnceValues(f.findTorn)
	if opts != nil {
		f.opts = *opts
	}
	return f, nil
}

// Close closes the directory.
func (f *Files) Close() error { return f.root.Close() }

// System is the name given to OpenFiles.
func (f *Files) System() string { return f.system }

// Method is that of the options.
func (f *Files) Method(a Action) string {
	switch {
	case f.opts.Method != "":
		return f.opts.Method
	case a == CryptoShred:
		return "уничтожение ключа шифрования и удаление файла средствами операционной системы"
	case a == Anonymize:
		return "обезличивание содержимого файла"
	}
	return "удаление файла средствами операционной системы"
}

// Scan implements [Adapter]. A record whose sidecar does not read has the class "".
func (f *Files) Scan(ctx context.Context, class, after string, limit int) (out []Record, err error) {
	for r, err := range f.records(ctx, after) {
		if err != nil {
			return nil, err
		}
		if r.Class != class {
			continue
		}
		if out = append(out, r); len(out) == limit {
			break
		}
	}
	return out, nil
}

// Classes implements [ClassLister].
func (f *Files) Classes(ctx context.Context) (out []string, err error) {
	for r, err := range f.records(ctx, "") {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, r.Class) {
			out = append(out, r.Class)
		}
	}
	return out, nil
}

// records yields the records whose ids are greater than after, in order.
func (f *Files) records(ctx context.Context, after string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var ids []string
		err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
			if id, ok := strings.CutSuffix(name, sidecarSuffix); err == nil && ok && id > after && d.Type().IsRegular() {
				ids = append(ids, id)
			}
			return err
		})
		if err != nil {
			yield(Record{}, filesError(err))
			return
		}
		slices.Sort(ids)
		for _, id := range ids {
			r, ok, err := f.record(id)
			if errors.Is(err, errSidecar) {
				r, ok, err = Record{ID: id, Version: "unreadable"}, true, nil
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Record{}, err)
				return
			}
			if ok && !yield(r, nil) {
				return
			}
		}
	}
}

// Lookup implements [Adapter].
func (f *Files) Lookup(_ context.Context, class, id string) (Record, bool, error) {
	r, ok, err := f.record(id)
	return r, ok && r.Class == class, err
}

// record reads the sidecar and makes the version: of the sidecar's bytes and of the size and time of the
// file, under its plain name or fenced, so that a fence does not change it and a second file does.
func (f *Files) record(id string) (Record, bool, error) {
	if !fs.ValidPath(id) {
		return Record{}, false, errors.New("retention: files: not a path inside the directory")
	}
	data, err := f.root.ReadFile(id + sidecarSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, false, nil
	}
	if err != nil {
		return Record{}, false, filesError(err)
	}
	n, err := parseNode(data)
	if err != nil {
		return Record{}, false, fmt.Errorf("%w: %w", errSidecar, err)
	}
	var s sidecar
	if err := n.decode(reflect.ValueOf(&s).Elem(), ""); err != nil {
		return Record{}, false, fmt.Errorf("%w: %w", errSidecar, err)
	}
	h := sha256.New()
	h.Write(data)
	for _, name := range []string{id, id + fencedSuffix} {
		info, err := f.root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Record{}, false, filesError(err)
		}
		fmt.Fprintf(h, " %d %d", info.Size(), info.ModTime().UnixNano())
	}
	return Record{ID: id, Class: s.Class, Version: hex.EncodeToString(h.Sum(nil)[:12]), Subjects: s.Subjects, Facts: s.Facts}, true, nil
}

// Fence implements [Adapter].
func (f *Files) Fence(_ context.Context, _, class, id string) error {
	return f.rename(class, id, id, id+fencedSuffix)
}

// Unfence implements [Adapter].
func (f *Files) Unfence(_ context.Context, _, class, id string) error {
	return f.rename(class, id, id+fencedSuffix, id)
}

func (f *Files) rename(class, id, from, to string) error {
	r, ok, err := f.record(id)
	if err != nil || !ok || r.Class != class {
		return err
	}
	if _, err := f.root.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := f.root.Lstat(to); err == nil {
		return errors.New("retention: files: a record both fenced and not")
	}
	if err := f.root.Rename(from, to); err != nil {
		return filesError(err)
	}
	return f.sync(path.Dir(id))
}

// Export implements [Adapter].
func (f *Files) Export(_ context.Context, _, _, id string, w io.Writer) error {
	data, err := f.content(id)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// content reads the file under either name.
func (f *Files) content(id string) ([]byte, error) {
	data, err := f.read(id)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = f.read(id + fencedSuffix)
	}
	if err != nil {
		return nil, filesError(err)
	}
	return data, nil
}

func (f *Files) read(name string) ([]byte, error) { return f.root.ReadFile(name) }

// Destroy implements [Adapter]. The sidecar goes last, so that a crash leaves a record to finish.
func (f *Files) Destroy(ctx context.Context, _ string, t Target) (Outcome, error) {
	r, ok, err := f.record(t.ID)
	switch {
	case err != nil:
		return "", err
	case !ok || r.Class != t.Class:
		return OutcomeGone, nil
	case t.Version != "" && t.Version != r.Version && f.whole(t.ID):
		return OutcomeVersionChanged, nil
	}
	if err := t.Check(ctx); err != nil {
		return "", err
	}
	switch t.Action {
	case Delete:
	case CryptoShred:
		if f.opts.Shred == nil {
			return "", errors.New("retention: files: no way to shred")
		}
		if err := f.opts.Shred(ctx, t.Class, t.ID); err != nil {
			return "", err
		}
	case Anonymize:
		return f.anonymize(ctx, t)
	default:
		return "", errAction
	}
	if err := f.remove(t.ID, t.ID, t.ID+fencedSuffix); err != nil {
		return "", err
	}
	return OutcomeDestroyed, nil
}

// remove removes files of a record, what a crash left of writing them, and the sidecar last. Each step is
// durable before the next.
func (f *Files) remove(id string, names ...string) error {
	torn, err := f.torn()
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(names, torn[id], []string{id + sidecarSuffix}) {
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return filesError(err)
		}
		if err := f.sync(path.Dir(id)); err != nil {
			return err
		}
	}
	return nil
}

// findTorn finds the files that replace had not yet renamed when its process died. They hold what the
// record held.
func (f *Files) findTorn() (map[string][]string, error) {
	torn := map[string][]string{}
	err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if of, ok := tornName(name); err == nil && ok && d.Type().IsRegular() && !f.isRecord(name) {
			id := strings.TrimSuffix(of, sidecarSuffix)
			torn[id] = append(torn[id], name)
		}
		return err
	})
	if err != nil {
		return nil, filesError(err)
	}
	return torn, nil
}

// tornName says of which file a file is an unfinished write, by a name as replace makes it.
func tornName(name string) (of string, ok bool) {
	at := strings.LastIndex(name, newSuffix)
	if at < 1 || len(name)-at-len(newSuffix) != len(rand.Text()) {
		return "", false
	}
	return name[:at], strings.Trim(name[at+len(newSuffix):], "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

func (f *Files) isRecord(id string) bool {
	_, err := f.root.Lstat(id + sidecarSuffix)
	return err == nil
}

// whole reports whether the file is there. A sidecar alone is what a crash left of a
// destruction; its version is no longer the one that was decided on.
func (f *Files) whole(id string) bool {
	_, err := f.root.Lstat(id)
	_, errFenced := f.root.Lstat(id + fencedSuffix)
	return err == nil || errFenced == nil
}

func (f *Files) anonymize(ctx context.Context, t Target) (Outcome, error) {
	if f.opts.Anonymize == nil {
		return "", errors.New("retention: files: no way to anonymize")
	}
	data, err := f.content(t.ID)
	if err == nil {
		data, err = f.opts.Anonymize(ctx, t.Class, t.ID, data)
	}
	if err == nil {
		err = f.replace(t.ID, data)
	}
	if err != nil {
		return "", err
	}
	if err := f.remove(t.ID, t.ID+fencedSuffix); err != nil {
		return "", err
	}
	return OutcomeDestroyed, nil
}

// put writes a record, the sidecar first: a file that no sidecar tells of would never be destroyed.
func (f *Files) put(id string, s sidecar, data []byte) error {
	if err := f.replace(id+sidecarSuffix, marshalSidecar(s)); err != nil {
		return err
	}
	return f.replace(id, data)
}

// Put makes or replaces a record, durably. A fenced record is [ErrFenced].
func (f *Files) Put(r Record, content []byte) error {
	if !fs.ValidPath(r.ID) {
		return errors.New("retention: files: not a path inside the directory")
	}
	if _, err := f.root.Lstat(r.ID + fencedSuffix); err == nil {
		return ErrFenced
	}
	if err := f.root.MkdirAll(path.Dir(r.ID), 0o700); err != nil {
		return filesError(err)
	}
	return f.put(r.ID, sidecar{Class: r.Class, Facts: r.Facts, Subjects: r.Subjects}, content)
}

// replace writes a file at once or not at all, and syncs it and its directory.
func (f *Files) replace(name string, data []byte) error {
	temp := name + newSuffix + rand.Text()
	w, err := f.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return filesError(err)
	}
	_, err = w.Write(data)
	if err == nil {
		err = w.Sync()
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = f.root.Rename(temp, name)
	}
	if err != nil {
		f.root.Remove(temp)
		return filesError(err)
	}
	return f.sync(path.Dir(name))
}

// sync makes the names of a directory durable, where the system can; see syncDir.
func (f *Files) sync(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return filesError(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return filesError(err)
	}
	return nil
}
