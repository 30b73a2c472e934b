package tokenize

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// SecretSize is the least length in bytes of a secret in a [Keyring].
const SecretSize = 32

// Keyring holds the secrets that keyed tokens, indexes and vault rows derive
// their keys from, by version. New tokens are made under the active version;
// every version in the ring reads. A Keyring is immutable and safe for
// concurrent use, prints no key bytes, and has no way to take a secret out.
//
// To rotate, give every process a ring that holds the new version but keeps
// the old one active, then make the new one active everywhere, and drop the
// old version only when no token, index or vault row of it is left.
type Keyring struct{ p hidden[keyring] }

type keyring struct {
	active  uint32
	readers []uint32 // every version, the active one first, then newest first
	secrets map[uint32][]byte
	global  bool
}

// NewKeyring makes a ring of secrets by version; active must be among them.
// Versions run from 1 to [MaxVersion]. A secret is at least [SecretSize] bytes
// of uniform randomness, never a password; no two versions share one. What
// crypto.OwnerKeys.Subkey returns for a tenant is one, and ends with the
// tenant's key. The secrets are copied.
func NewKeyring(active uint32, secrets map[uint32][]byte) (*Keyring, error) {
	p := &keyring{active: active, secrets: map[uint32][]byte{}}
	seen := map[string]bool{}
	for version, secret := range secrets {
		if version == 0 || version > MaxVersion {
			return nil, errors.New("tokenize: key version is not from 1 to " + strconv.Itoa(MaxVersion))
		}
		if len(secret) < SecretSize || seen[string(secret)] {
			return nil, errors.New("tokenize: secret of version " + strconv.Itoa(int(version)) + " is shorter than 32 bytes or used twice")
		}
		seen[string(secret)] = true
		p.secrets[version] = slices.Clone(secret)
		if version != active {
			p.readers = append(p.readers, version)
		}
	}
	if p.secrets[active] == nil {
		return nil, errors.New("tokenize: no secret for the active version")
	}
	slices.Sort(p.readers)
	p.readers = append(p.readers, active)
	slices.Reverse(p.readers)
	return &Keyring{hide(p)}, nil
}

// AllowGlobal returns a ring of the same secrets that also serves the [Global]
// scope, under which equal values of different tenants have equal tokens.
func (r *Keyring) AllowGlobal() *Keyring {
	p := *r.p()
	p.global = true
	return &Keyring{hide(&p)}
}

// String tells only the versions' number.
func (r *Keyring) String() string {
	if r == nil || r.p == nil {
		return "Keyring(0 versions)"
	}
	return "Keyring(" + strconv.Itoa(len(r.p().readers)) + " versions)"
}

// LogValue tells only the versions' number.
func (r *Keyring) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Scope says within which bounds equal values have equal tokens. Make one with
// [Conversation], [Tenant] or [Global]; the zero Scope is refused. Names are 1
// to 256 bytes of UTF-8 without NUL. Scopes are comparable.
type Scope struct {
	level        byte
	tenant       string
	conversation string
}

const (
	levelConversation = 1
	levelTenant       = 2
	levelGlobal       = 3
	maxName           = 256
)

// Conversation is the narrowest scope: a value has another token in every
// conversation, so tokens cannot be joined across them.
func Conversation(tenant, id string) Scope { return Scope{levelConversation, tenant, id} }

// Tenant is the scope of one client company: its conversations can be joined.
func Tenant(tenant string) Scope { return Scope{levelTenant, tenant, ""} }

// Global is the scope of everything under one keyring. It is refused unless
// the ring was made with [Keyring.AllowGlobal].
func Global() Scope { return Scope{levelGlobal, "", ""} }

// TenantID returns the tenant's name, empty for the global scope.
func (s Scope) TenantID() string { return s.tenant }

// ConversationID returns the conversation's id, empty in wider scopes.
func (s Scope) ConversationID() string { return s.conversation }

func (r *Keyring) check(s Scope) error {
	if r == nil || r.p == nil {
		return errors.New("tokenize: nil keyring")
	}
	switch {
	case s.level == levelConversation && validName(s.tenant) && validName(s.conversation),
		s.level == levelTenant && validName(s.tenant),
		s.level == levelGlobal && r.p().global:
		return nil
	}
	return ErrScope
}

// validName also refuses NUL, which PostgreSQL does not store in text.
func validName(s string) bool {
	return s != "" && len(s) <= maxName && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// What a derived key is for. No two uses share a key.
const (
	useOpaque = "opaque"
	useSIV    = "siv"
	useFF1    = "ff1"
	useIndex  = "index"
	useLookup = "vault index"
	useRow    = "vault row"
)

// derive returns a key of size bytes for one use, kind (or field), scope and
// version, by HKDF-SHA-256 (RFC 5869) without salt; docs/formats/tokens.md
// gives the info string.
func (r *Keyring) derive(use, kind string, s Scope, version uint32, size int) ([]byte, error) {
	secret, ok := r.p().secrets[version]
	if !ok {
		return nil, ErrUnknownKey
	}
	info := appendField(nil, "vual/tokenize/v1")
	info = appendField(info, use)
	info = appendField(info, kind)
	info = append(info, s.level)
	info = appendField(info, s.tenant)
	info = appendField(info, s.conversation)
	info = binary.BigEndian.AppendUint32(info, version)
	return hkdf.Key(sha256.New, secret, nil, string(info), size)
}

// keyCache keeps what is made from derived keys. It is bounded, for kinds may
// come from outside: beyond the bound things are made anew, at about 2 µs.
type keyCache[T any] struct {
	mu   sync.RWMutex
	made map[keyID]T
}

type keyID struct {
	use, kind string
	version   uint32
}

const maxCachedKeys = 256

func (c *keyCache[T]) get(id keyID, build func() (T, error)) (T, error) {
	c.mu.RLock()
	made, ok := c.made[id]
	c.mu.RUnlock()
	if ok {
		return made, nil
	}
	made, err := build()
	if err != nil {
		return made, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[keyID]T{}
	}
	if len(c.made) < maxCachedKeys {
		c.made[id] = made
	}
	return made, nil
}
