package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// An Anchor remembers the head of a log in another place: another volume,
// another host. Without one, who holds the signing key and the disk can
// rewrite the log; with one, only what was recorded since the last anchoring
// is at risk.
type Anchor interface {
	// Advance moves the memory on to head. prove shows that the log of head
	// begins with the log of an earlier size. Advance returns [ErrRollback] if
	// it remembers a longer or another log, and any other error if it cannot
	// say. It must not return nil before head is kept.
	Advance(ctx context.Context, head Checkpoint, prove func(ctx context.Context, from, to uint64) ([]tlog.Hash, error)) error
}

// ErrAnchor says that an anchor did not answer, or did not accept a checkpoint
// for a reason other than a rollback.
var ErrAnchor = errors.New("audit: anchor did not take the checkpoint")

// FileAnchor keeps the last checkpoint in a file. It belongs on another volume
// than the log, best on one that another host serves. The processes of an SQL
// log may share it: a lock file beside it lets one in at a time.
type FileAnchor struct {
	Path string
	Key  note.Verifier // of the log
}

// Advance implements [Anchor].
func (a *FileAnchor) Advance(ctx context.Context, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) error {
	lock, err := a.lock(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	defer lock.Close()
	dir := osFS{filepath.Dir(a.Path)}
	text, err := readFile(dir, filepath.Base(a.Path), 1<<20)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	if err == nil {
		old, err := ParseCheckpoint(text, a.Key)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAnchor, err)
		}
		if err := follows(ctx, old, head, prove); err != nil {
			return err
		}
		if old.Size == head.Size {
			return nil
		}
	}
	if err := replaceFile(dir, filepath.Base(a.Path), head.Note); err != nil {
		return fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	return nil
}

// lock waits for its turn as long as ctx allows. A missing folder is an error
// at once.
func (a *FileAnchor) lock(ctx context.Context) (io.Closer, error) {
	for {
		lock, err := lockFile(a.Path + ".lock")
		if err == nil || errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// follows checks that head extends old by the proof that the log gives.
func follows(ctx context.Context, old, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) error {
	if old.Size > head.Size || old.Size == head.Size && old.Root != head.Root {
		return ErrRollback
	}
	if old.Size == 0 || old.Size == head.Size {
		return nil
	}
	proof, err := prove(ctx, old.Size, head.Size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	if tlog.CheckTree(proof, int64(head.Size), head.Root, int64(old.Size), old.Root) != nil {
		return ErrRollback
	}
	return nil
}

// WitnessAnchor asks a witness over HTTP to cosign each checkpoint, by the
// protocol https://c2sp.org/tlog-witness. The witness keeps the memory.
type WitnessAnchor struct {
	URL    string        // submission prefix, without add-checkpoint
	Key    note.Verifier // of the witness; a cosignature that it does not verify is refused
	Client *http.Client  // nil means http.DefaultClient
	size   uint64        // what the witness is believed to remember
}

// Advance implements [Anchor]. It is not safe for concurrent use; a log calls
// it one at a time.
func (a *WitnessAnchor) Advance(ctx context.Context, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) error {
	// The first request may have the wrong size: the witness then tells its own.
	for range 2 {
		known, err := a.submit(ctx, head, prove)
		if err != nil {
			return err
		}
		if known == nil {
			a.size = head.Size
			return nil
		}
		if *known > head.Size || *known == a.size {
			return ErrRollback
		}
		a.size = *known
	}
	return fmt.Errorf("%w: its memory moves while we talk", ErrAnchor)
}

// submit sends one request. A size that it returns is what the witness
// remembers in place of a.size.
func (a *WitnessAnchor) submit(ctx context.Context, head Checkpoint, prove func(context.Context, uint64, uint64) ([]tlog.Hash, error)) (*uint64, error) {
	if a.size > head.Size {
		return nil, ErrRollback
	}
	proof, err := prove(ctx, a.size, head.Size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	body := fmt.Appendf(nil, "old %d\n", a.size)
	for _, h := range proof {
		body = append(body, h.String()+"\n"...)
	}
	body = append(append(body, '\n'), head.Note...)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(a.URL, "/")+"/add-checkpoint", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	client := a.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	return a.judge(resp.StatusCode, resp.Header.Get("Content-Type"), answer, head)
}

func (a *WitnessAnchor) judge(status int, contentType string, answer []byte, head Checkpoint) (*uint64, error) {
	switch status {
	case http.StatusOK:
		// The answer is signature lines; behind the note they verify as its own.
		n, err := note.Open(append(bytes.Clone(head.Note), answer...), note.VerifierList(a.Key))
		if err != nil || n.Text != head.body() {
			return nil, fmt.Errorf("%w: its cosignature does not verify", ErrAnchor)
		}
		return nil, nil
	case http.StatusConflict:
		digits, ok := strings.CutSuffix(string(answer), "\n")
		size, err := strconv.ParseUint(digits, 10, 62)
		if contentType != "text/x.tlog.size" || !ok || err != nil {
			// Without a size it is the conflict of equal sizes: another root.
			return nil, ErrRollback
		}
		return &size, nil
	case http.StatusUnprocessableEntity:
		return nil, ErrRollback
	}
	return nil, fmt.Errorf("%w: HTTP status %d", ErrAnchor, status)
}
