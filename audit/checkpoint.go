package audit

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint is the head of a log at a moment: how many records it has and
// the root hash of the Merkle tree (RFC 6962) over them. It is kept as a signed
// note in the form of https://c2sp.org/tlog-checkpoint.
type Checkpoint struct {
	Origin string
	Size   uint64
	Root   tlog.Hash
	Note   []byte // the signed note that it was read from
}

// ErrCheckpoint says that a checkpoint is not one of this log: its form is not
// exactly the specified one, or the log's own key did not sign it.
var ErrCheckpoint = errors.New("audit: not a checkpoint signed by the log's key")

// ParseCheckpoint opens a signed note and reads the checkpoint in it. key is
// the log's own key, and its name is the origin that must stand in the text: a
// note that only witnesses have signed is not accepted.
func ParseCheckpoint(text []byte, key note.Verifier) (Checkpoint, error) {
	n, err := note.Open(text, note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, ErrCheckpoint
	}
	for _, sig := range append(n.Sigs, n.UnverifiedSigs...) {
		if !canonicalBase64(sig.Base64) {
			return Checkpoint{}, ErrCheckpoint
		}
	}
	c, err := parseBody(n.Text)
	if err != nil || c.Origin != key.Name() {
		return Checkpoint{}, ErrCheckpoint
	}
	c.Note = text
	return c, nil
}

// parseBody reads exactly three lines. The format allows others to follow; a
// log of this package writes none, so none are accepted.
func parseBody(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return Checkpoint{}, ErrCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > maxSize || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, ErrCheckpoint
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return Checkpoint{}, ErrCheckpoint
	}
	return Checkpoint{Origin: lines[0], Size: uint64(size), Root: root}, nil
}

// maxSize bounds foreign sizes: the powers of two that tlog computes beside a
// size above it do not fit into int64.
const maxSize = 1 << 62

// parseHash reads base64 strictly: one spelling for each hash.
func parseHash(s string) (h tlog.Hash, err error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != tlog.HashSize || !canonicalBase64(s) {
		return h, ErrCheckpoint
	}
	return tlog.Hash(b), nil
}

// canonicalBase64: the decoder passes over line ends and over unused bits.
func canonicalBase64(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && base64.StdEncoding.EncodeToString(b) == s
}

func (c *Checkpoint) body() string {
	return c.Origin + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

func (c *Checkpoint) sign(signer note.Signer) error {
	var err error
	if c.Note, err = note.Sign(&note.Note{Text: c.body()}, signer); err != nil {
		return fmt.Errorf("audit: sign checkpoint: %w", err)
	}
	return nil
}

// extends checks that c is a later head of the same log as old, or the same.
func (c *Checkpoint) extends(old Checkpoint, hashes tlog.HashReader) error {
	if old.Size > c.Size {
		return ErrRollback
	}
	root, err := rootAt(old.Size, hashes)
	if err != nil {
		return err
	}
	if root != old.Root {
		return ErrRollback
	}
	return nil
}

func rootAt(size uint64, hashes tlog.HashReader) (tlog.Hash, error) {
	f, err := loadFrontier(size, hashes)
	return f.root(), err
}
