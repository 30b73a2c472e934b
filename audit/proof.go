package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Proof shows, with nothing but the log's public key, that a record stands at
// a position of the log. Its text form is https://c2sp.org/tlog-proof.
type Proof struct {
	Index      uint64
	Hashes     []tlog.Hash // from the leaf's sibling up
	Checkpoint []byte      // the signed note that the proof leads to
}

// ErrProof says that a proof does not show what it should.
var ErrProof = errors.New("audit: proof does not hold")

const proofMagic = "c2sp.org/tlog-proof@v1"

// ParseProof reads the text form. It accepts exactly what [Proof.MarshalText]
// writes; whether the proof holds is for [Proof.Verify] to say.
func ParseProof(text []byte) (Proof, error) {
	head, checkpoint, ok := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || len(lines) < 2 || len(lines) > 2+64 || lines[0] != proofMagic {
		return Proof{}, ErrProof
	}
	digits, ok := strings.CutPrefix(lines[1], "index ")
	index, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || index < 0 || index > maxSize || strconv.FormatInt(index, 10) != digits {
		return Proof{}, ErrProof
	}
	p := Proof{Index: uint64(index), Checkpoint: checkpoint}
	for _, l := range lines[2:] {
		h, err := parseHash(l)
		if err != nil {
			return Proof{}, ErrProof
		}
		p.Hashes = append(p.Hashes, h)
	}
	return p, nil
}

// MarshalText returns the text form.
func (p Proof) MarshalText() ([]byte, error) {
	b := fmt.Appendf(nil, "%s\nindex %d\n", proofMagic, p.Index)
	for _, h := range p.Hashes {
		b = append(b, h.String()...)
		b = append(b, '\n')
	}
	b = append(b, '\n')
	return append(b, p.Checkpoint...), nil
}

// Verify checks that record, the stored bytes of an event ([Entry.Raw]), is in
// the log whose key is given, at p.Index.
func (p *Proof) Verify(record []byte, key note.Verifier) error {
	c, err := ParseCheckpoint(p.Checkpoint, key)
	if err != nil {
		return err
	}
	if p.Index >= c.Size {
		return ErrProof
	}
	if tlog.CheckRecord(p.Hashes, int64(c.Size), c.Root, int64(p.Index), tlog.RecordHash(record)) != nil {
		return ErrProof
	}
	return nil
}

// ProveConsistency shows that the tree of size to begins with the tree of size
// from. It is what a witness asks for.
func (r *Reader) ProveConsistency(_ context.Context, from, to uint64) ([]tlog.Hash, error) {
	if from == 0 || from == to {
		return nil, nil
	}
	if _, size := r.store.Bounds(); from > to || to > size {
		return nil, ErrNotFound
	}
	return tlog.ProveTree(int64(to), int64(from), tlog.HashReaderFunc(r.store.ReadHashes))
}

// Prove returns a proof for the record at seq against the last checkpoint. A
// record that no checkpoint covers yet gives [ErrNotFound]: call
// [Log.Checkpoint] first.
func (r *Reader) Prove(ctx context.Context, seq uint64) (Proof, error) {
	text := r.head
	if text == nil {
		var err error
		if text, err = r.store.Load(ctx, checkpointName); err != nil {
			return Proof{}, err
		}
	}
	c, err := ParseCheckpoint(text, r.key)
	if err != nil {
		return Proof{}, err
	}
	return r.prove(c, seq)
}

func (r *Reader) prove(c Checkpoint, seq uint64) (Proof, error) {
	if seq >= c.Size {
		return Proof{}, ErrNotFound
	}
	hashes, err := tlog.ProveRecord(int64(c.Size), int64(seq), tlog.HashReaderFunc(r.store.ReadHashes))
	if err != nil {
		return Proof{}, err
	}
	return Proof{seq, hashes, c.Note}, nil
}
