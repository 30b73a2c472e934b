// Package vault wraps keys with the transit engine of OpenBao or HashiCorp Vault.
//
// Start from [New]; [Keys] is a [github.com/syntora/vual/crypto.KeyWrapper] and a
// [github.com/syntora/vual/crypto.Rewrapper]: a rewrap never shows the key to this process.
//
// The transit key must be a derived one:
//
//	bao write transit/keys/vual derived=true
//
// What binds a wrapped key to its record goes to the server as the context of the
// derivation, not as associated data, which the server's rewrap does not take. A key that is
// not derived ignores the context without a word: the first use of Keys finds that out and
// fails. The policy needs update on transit/encrypt/vual, transit/decrypt/vual and
// transit/rewrap/vual, not create: with create a mistyped name makes a new key.
package vault

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/internal/kmshttp"
)

// A Token returns a token of the server. It is called before each request and must be safe
// for concurrent use; renewing it is the caller's.
type Token func(context.Context) (string, error)

// Keys wraps with one transit key. It is safe for concurrent use.
type Keys struct {
	mount, name string
	client      *kmshttp.Client

	mu      sync.Mutex
	checked bool
}

// Options are choices of [New]; nil and zero values mean the defaults.
type Options struct {
	// Mount is where the engine is mounted; transit.
	Mount string
	// Namespace is sent as X-Vault-Namespace; none.
	Namespace string
	// Client makes the requests; one with a timeout of 10 seconds.
	Client *http.Client
}

// New returns the transit key of that name on the server at address, such as
// https://bao.example:8200. Mount and name together have at most 63 characters.
func New(address, name string, token Token, opts *Options) (*Keys, error) {
	o := Options{Mount: "transit"}
	if opts != nil {
		if opts.Mount != "" {
			o.Mount = opts.Mount
		}
		o.Namespace, o.Client = opts.Namespace, opts.Client
	}
	if !validName(o.Mount) || !validName(name) || len(o.Mount)+len(name) > 63 {
		return nil, errors.New("vault: unusable name of a mount or key")
	}
	client, err := kmshttp.New(address, o.Client, func(ctx context.Context, h http.Header) error {
		t, err := token(ctx)
		h.Set("X-Vault-Token", t)
		h.Set("X-Vault-Request", "true")
		if o.Namespace != "" {
			h.Set("X-Vault-Namespace", o.Namespace)
		}
		return err
	})
	if err != nil {
		return nil, errors.New("vault: " + err.Error())
	}
	return &Keys{mount: o.Mount, name: name, client: client}, nil
}

func validName(s string) bool {
	const chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	return s != "" && strings.Trim(s, chars) == ""
}

// Wrap wraps under the key's newest version.
func (k *Keys) Wrap(ctx context.Context, key, aad []byte) (crypto.Wrapped, error) {
	if err := k.check(ctx); err != nil {
		return crypto.Wrapped{}, err
	}
	return k.encrypt(ctx, key, aad)
}

// Unwrap unwraps what this key wrapped.
func (k *Keys) Unwrap(ctx context.Context, w crypto.Wrapped, aad []byte) ([]byte, error) {
	if w.KeyID != k.id() {
		return nil, crypto.ErrUnknownKey
	}
	if err := k.check(ctx); err != nil {
		return nil, err
	}
	return k.decrypt(ctx, w, aad)
}

// Rewrap has the server wrap a key anew under the newest version.
func (k *Keys) Rewrap(ctx context.Context, w crypto.Wrapped, aad []byte) (crypto.Wrapped, error) {
	if w.KeyID != k.id() {
		return crypto.Wrapped{}, crypto.ErrUnknownKey
	}
	if err := k.check(ctx); err != nil {
		return crypto.Wrapped{}, err
	}
	next, err := k.post(ctx, "rewrap", "rewrap", map[string]any{"ciphertext": ciphertext(w), "context": aad})
	if err != nil {
		return crypto.Wrapped{}, err
	}
	if out, err := k.wrapped("rewrap", next); err != nil || out.Version != w.Version {
		return out, err
	}
	return w, nil
}

// String names the key.
func (k *Keys) String() string { return "vault.Keys(" + k.id() + ")" }

// LogValue is String.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

var errNotDerived = errors.New("transit key is not derived, it would not bind keys to their records")

// check proves once that the server heeds the context.
func (k *Keys) check(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.checked {
		return nil
	}
	var probe, aad, other [32]byte
	rand.Read(probe[:])
	rand.Read(aad[:])
	rand.Read(other[:])
	w, err := k.encrypt(ctx, probe[:], aad[:])
	if err != nil {
		return err
	}
	switch _, err := k.decrypt(ctx, w, other[:]); {
	case err == nil:
		return &crypto.KeyError{Op: "wrap", Err: errNotDerived}
	case !errors.Is(err, crypto.ErrDecrypt):
		return err
	}
	k.checked = true
	return nil
}

func (k *Keys) encrypt(ctx context.Context, key, aad []byte) (crypto.Wrapped, error) {
	out, err := k.post(ctx, "wrap", "encrypt", map[string]any{"plaintext": key, "context": aad})
	if err != nil {
		return crypto.Wrapped{}, err
	}
	return k.wrapped("wrap", out)
}

func (k *Keys) decrypt(ctx context.Context, w crypto.Wrapped, aad []byte) ([]byte, error) {
	out, err := k.post(ctx, "unwrap", "decrypt", map[string]any{"ciphertext": ciphertext(w), "context": aad})
	if err != nil {
		return nil, err
	}
	if len(out.Plaintext) == 0 {
		return nil, kmshttp.Disagree("unwrap")
	}
	return out.Plaintext, nil
}

func (k *Keys) id() string { return k.mount + "/" + k.name }

// The server writes what it made as vault:v3:base64.
func ciphertext(w crypto.Wrapped) string {
	return fmt.Sprintf("vault:v%d:%s", w.Version, base64.StdEncoding.EncodeToString(w.Data))
}

func (k *Keys) wrapped(op string, a answer) (crypto.Wrapped, error) {
	rest, ok := strings.CutPrefix(a.Ciphertext, "vault:v")
	number, text, found := strings.Cut(rest, ":")
	version, err := strconv.ParseUint(number, 10, 32)
	data, dataErr := base64.StdEncoding.DecodeString(text)
	if !ok || !found || err != nil || version < 1 || dataErr != nil || len(data) == 0 {
		return crypto.Wrapped{}, kmshttp.Disagree(op)
	}
	return crypto.Wrapped{KeyID: k.id(), Version: uint32(version), Data: data}, nil
}

type answer struct {
	Ciphertext string `json:"ciphertext"`
	Plaintext  []byte `json:"plaintext"`
}

func (k *Keys) post(ctx context.Context, op, method string, in any) (answer, error) {
	var out struct {
		Data answer `json:"data"`
	}
	path := "v1/" + k.mount + "/" + method + "/" + k.name
	err := k.client.Post(ctx, op, path, in, &out, func(status int, body []byte) error {
		return refusal(method, status, body)
	})
	return out.Data, err
}

// refusals are words of the server's errors, which have no codes. The first that fits counts.
var refusals = []struct {
	words string
	err   error
}{
	{"key not found", crypto.ErrUnknownKey},
	{"too old", crypto.ErrUnknownKey}, // below min_decryption_version
	{"version is too new", crypto.ErrUnknownKey},
	{"message authentication failed", crypto.ErrDecrypt},
	{"invalid ciphertext", crypto.ErrDecrypt},
	{"unable to decrypt", crypto.ErrDecrypt},
}

// refusal understands an answer that is an error, nil if it is none of ours.
func refusal(method string, status int, body []byte) error {
	if status == http.StatusNotFound {
		return crypto.ErrUnknownKey
	}
	if method == "encrypt" || status != http.StatusBadRequest && status != http.StatusInternalServerError {
		return nil
	}
	var answer struct {
		Errors []string `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	text := strings.Join(answer.Errors, "\n")
	for _, r := range refusals {
		if strings.Contains(text, r.words) {
			return r.err
		}
	}
	// Whatever else it cannot do with a ciphertext stems from the ciphertext.
	if status == http.StatusBadRequest {
		return crypto.ErrDecrypt
	}
	return nil
}
