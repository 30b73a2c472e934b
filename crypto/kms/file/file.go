// Package file keeps the key that wraps all others in a file, under a passphrase.
//
// Start from [Create] once and [Open] from then on; both return [Keys], a
// [github.com/syntora/vual/crypto.KeyWrapper]. [Rotate] adds a version.
//
// The passphrase is stretched with Argon2id (RFC 9106). With an empty passphrase the file
// holds the key bare and its mode, 0600, is all that guards it: for trials and for disks
// that are sealed themselves. A file that others may read is refused.
//
// Keep a copy of the file: without it nothing that it wrapped ever opens again. An old copy
// put back in its place is not noticed.
package file

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/internal/durable"
)

// Keys wraps keys under those of a file. It is safe for concurrent use and does not change:
// after a [Rotate], Open the file again.
type Keys struct {
	ring *crypto.Keyring
}

// ErrExists says that there is a file already. Create never replaces one.
var ErrExists = errors.New("file: there is a key file already")

var errNotKeys = errors.New("file: not a key file")

// Create makes a file with a fresh random key. The folder must exist.
func Create(path string, passphrase []byte) (*Keys, error) {
	var b [20]byte
	rand.Read(b[:])
	p := payload{ID: "file." + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))}
	defer p.clear()
	p.add()
	if err := p.write(path, passphrase, durable.Create); errors.Is(err, os.ErrExist) {
		return nil, ErrExists
	} else if err != nil {
		return nil, err
	}
	return p.keys(), nil
}

// Open reads a file. A wrong passphrase and a changed file are [crypto.ErrDecrypt]. A missing
// file is [os.ErrNotExist].
func Open(path string, passphrase []byte) (*Keys, error) {
	p, err := read(path, passphrase)
	if err != nil {
		return nil, err
	}
	defer p.clear()
	return p.keys(), nil
}

// Rotate adds a version to the file's key and returns the keys with it. What older versions
// wrapped still opens. While it runs a file path.lock stands beside it; one that a crash has
// left must be removed by hand.
func Rotate(path string, passphrase []byte) (*Keys, error) {
	// Two at once would each write a version that the other's file lacks.
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, errors.New("file: another rotation runs, or a crash has left its lock file")
	}
	if err != nil {
		return nil, err
	}
	defer os.Remove(lock.Name())
	defer lock.Close()
	p, err := read(path, passphrase)
	if err != nil {
		return nil, err
	}
	defer p.clear()
	if len(p.Keys) >= maxKeys {
		return nil, errors.New("file: key file has too many versions")
	}
	p.add()
	if err := p.write(path, passphrase, durable.Replace); err != nil {
		return nil, err
	}
	return p.keys(), nil
}

// Wrap wraps a key under the newest version.
func (k *Keys) Wrap(ctx context.Context, key, aad []byte) (crypto.Wrapped, error) {
	return k.ring.Wrap(ctx, key, aad)
}

// Unwrap unwraps a key that this file's key wrapped.
func (k *Keys) Unwrap(ctx context.Context, w crypto.Wrapped, aad []byte) ([]byte, error) {
	return k.ring.Unwrap(ctx, w, aad)
}

// ID is the key's random name, which stands in what it wraps.
func (k *Keys) ID() string { return k.ring.ID() }

// String names the key and does not show it.
func (k *Keys) String() string { return "file.Keys(" + k.ID() + ")" }

// GoString is String.
func (k *Keys) GoString() string { return k.String() }

// LogValue is String.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

const (
	format  = "vual/keys/1"
	maxFile = 256 << 10
	maxKeys = 1000
)

// A document is the file. Exactly one of Sealed and Open is there.
type document struct {
	Format string   `json:"format"`
	ID     string   `json:"key_id"`
	KDF    *kdf     `json:"kdf,omitempty"`
	Sealed string   `json:"sealed,omitempty"` // text form of an envelope that holds the versions
	Open   []keyRow `json:"open,omitempty"`
}

// A keyRow is one version; versions count from 1 without gaps.
type keyRow struct {
	Version uint32 `json:"version"`
	Key     []byte `json:"key"`
}

// A kdf is Argon2id with its costs, the memory in KiB.
type kdf struct {
	Name    string `json:"name"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
}

// newKDF has the costs of RFC 9106, section 4, second choice: 64 MiB.
func newKDF() *kdf {
	k := &kdf{Name: "argon2id", Time: 3, Memory: 64 << 10, Threads: 4, Salt: make([]byte, 16)}
	rand.Read(k.Salt)
	return k
}

// valid bounds the costs, which are read from the file before anything proves them: without
// bounds a file could ask for all the memory there is.
func (k *kdf) valid() bool {
	return k.Name == "argon2id" && k.Time >= 1 && k.Time <= 10 && k.Threads >= 1 && k.Threads <= 16 &&
		k.Memory >= 8*uint32(k.Threads) && k.Memory <= 1<<20 && len(k.Salt) >= 16 && len(k.Salt) <= 64
}

func (k *kdf) sealer(passphrase []byte) *crypto.Sealer {
	key := argon2.IDKey(passphrase, k.Salt, k.Time, k.Memory, k.Threads, 32)
	defer clear(key)
	return crypto.NewSealer(crypto.NewKeyring("passphrase", key))
}

// keysContext binds the versions to the file's name of the key.
func keysContext(id string) crypto.Context {
	return crypto.Context{Tenant: "vual/kms/file", Record: id, Kind: "keys"}
}

// A payload is what a file holds, in the clear.
type payload struct {
	ID   string
	Keys []keyRow
}

func (p *payload) add() {
	key := make([]byte, 32)
	rand.Read(key)
	p.Keys = append(p.Keys, keyRow{Version: uint32(len(p.Keys) + 1), Key: key})
}

func (p *payload) keys() *Keys {
	ring := crypto.NewKeyring(p.ID, p.Keys[0].Key)
	for _, row := range p.Keys[1:] {
		ring = ring.With(row.Version, row.Key)
	}
	return &Keys{ring: ring}
}

func (p *payload) clear() {
	for _, row := range p.Keys {
		clear(row.Key)
	}
}

func (p *payload) write(path string, passphrase []byte, publish func(string, func(io.Writer) error) error) error {
	d := document{Format: format, ID: p.ID}
	if len(passphrase) == 0 {
		d.Open = p.Keys
	} else {
		plain, err := json.Marshal(p.Keys)
		if err != nil {
			return err
		}
		defer clear(plain)
		d.KDF = newKDF()
		box, err := d.KDF.sealer(passphrase).Seal(context.Background(), nil, plain, keysContext(p.ID))
		if err != nil {
			return err
		}
		d.Sealed = crypto.EncodeText(box)
	}
	data, err := json.MarshalIndent(d, "", "\t")
	if err != nil {
		return err
	}
	defer clear(data)
	return publish(path, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

func read(path string, passphrase []byte) (*payload, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if durable.PosixModes && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("file: key file has mode %v, want 0600", info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	defer clear(data)
	return decode(data, passphrase)
}

func decode(data, passphrase []byte) (*payload, error) {
	var d document
	if len(data) > maxFile || json.Unmarshal(data, &d) != nil || d.Format != format {
		return nil, errNotKeys
	}
	p := &payload{ID: d.ID, Keys: d.Open}
	if (d.KDF == nil) != (d.Sealed == "") || (d.KDF == nil) != (len(d.Open) > 0) {
		return nil, errNotKeys
	}
	if d.KDF != nil {
		var err error
		if p.Keys, err = d.unseal(passphrase); err != nil {
			return nil, err
		}
	} else if len(passphrase) > 0 {
		// Who expects a sealed file must not be served one that anybody could have put there.
		return nil, errors.New("file: key file is not under a passphrase")
	}
	if !p.valid() {
		return nil, errNotKeys
	}
	return p, nil
}

func (d *document) unseal(passphrase []byte) ([]keyRow, error) {
	if !d.KDF.valid() {
		return nil, errNotKeys
	}
	if len(passphrase) == 0 {
		return nil, crypto.ErrDecrypt // Create seals under none
	}
	box, err := crypto.DecodeText(d.Sealed)
	if err != nil {
		return nil, errNotKeys
	}
	plain, err := d.KDF.sealer(passphrase).Open(context.Background(), nil, box, keysContext(d.ID))
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	var rows []keyRow
	if err := json.Unmarshal(plain, &rows); err != nil {
		return nil, errNotKeys
	}
	return rows, nil
}

func (p *payload) valid() bool {
	if len(p.Keys) < 1 || len(p.Keys) > maxKeys || !strings.HasPrefix(p.ID, "file.") || len(p.ID) > 64 ||
		strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz234567.") != "" {
		return false
	}
	for i, row := range p.Keys {
		if row.Version != uint32(i+1) || len(row.Key) != 32 {
			return false
		}
	}
	return true
}
