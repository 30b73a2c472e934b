package tokenize

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Vault makes random tokens and keeps the values, sealed, in a [Store]. The
// same value of one kind, scope and subject has the same token until it
// expires. A token alone tells nothing, to a holder of the keyring neither:
// only the store and the [Sealer] together lead back. Where a store is at
// hand this is the kind of token to take.
//
// A Vault is a handle on one scope and, by [Vault.Subject], one person.
// [Vault.Conversation] and Subject make narrower handles. A handle opens the
// tokens of its own scope and no others. Handles are immutable and safe for
// concurrent use.
//
// The store's index is a keyed hash: it is as secret as its key, and who holds
// the keyring and reads the store can enumerate 10^9 phones and find the row
// of each. Keep the keyring away from the database. Who may call Token or
// Lookup can test guesses the same way, one call each, without any purpose:
// limit that rate where callers are not trusted.
type Vault struct{ p hidden[vault] }

type vault struct {
	scope   Scope
	subject string
	store   Store
	sealer  Sealer
	ring    *Keyring
	opts    VaultOptions
	normal  normalizers
	keys    *keyCache[[]byte] // of this scope
}

// VaultOptions of [NewVault]. The zero value and nil are the default.
type VaultOptions struct {
	// TTL is how long a new token lives; a repeated use does not prolong it.
	// 0 means until it is forgotten or dropped. In whole milliseconds. An
	// expired token is refused at once, but its sealed value stays in the
	// store until somebody calls [Store].DeleteExpired.
	TTL time.Duration
	// Allow decides whether a purpose may see a value, and is the place to
	// write it to a log before it is seen. It is called once per token found,
	// by one goroutine at a time within one call; nil permits nothing.
	// [PermitKinds] makes one from a table.
	Allow func(ctx context.Context, a Access) error
	// SubjectSealer returns the sealer for the values of one subject, so that
	// destroying his key ends all copies of them. Nil means that the vault's
	// sealer serves everybody.
	SubjectSealer func(ctx context.Context, scope Scope, subject string) (Sealer, error)
	// Normalizers overrides [NormalizerFor] for the kinds it names.
	Normalizers map[string]Normalizer
	// Now tells the time; nil means time.Now.
	Now func() time.Time
}

// Access is one value about to be revealed. It holds no value.
type Access struct {
	Purpose string
	Kind    string
	Token   string
	Scope   Scope
	Subject string // empty for nobody's
}

// PermitKinds returns an Allow that lets each purpose see the kinds listed for
// it and refuses all else. The table is copied.
func PermitKinds(kinds map[string][]string) func(context.Context, Access) error {
	permitted := map[[2]string]bool{}
	for purpose, list := range kinds {
		for _, kind := range list {
			permitted[[2]string{purpose, kind}] = true
		}
	}
	return func(_ context.Context, a Access) error {
		if !permitted[[2]string{a.Purpose, a.Kind}] {
			return ErrPurpose
		}
		return nil
	}
}

// NewVault returns the handle on a scope of one tenant: [Tenant] or
// [Conversation]. The options are copied.
func NewVault(scope Scope, store Store, sealer Sealer, ring *Keyring, opts *VaultOptions) (*Vault, error) {
	if store == nil || sealer == nil {
		return nil, errors.New("tokenize: vault without store or sealer")
	}
	p := &vault{scope: scope, store: store, sealer: sealer, ring: ring, keys: new(keyCache[[]byte])}
	if err := p.check(); err != nil {
		return nil, err
	}
	if opts != nil {
		p.opts = *opts
	}
	if p.opts.TTL < 0 || p.opts.TTL%time.Millisecond != 0 {
		return nil, errors.New("tokenize: TTL is negative or not whole milliseconds")
	}
	if p.opts.Now == nil {
		p.opts.Now = time.Now
	}
	var err error
	p.normal, err = copyNormalizers(p.opts.Normalizers)
	if err != nil {
		return nil, err
	}
	return &Vault{hide(p)}, nil
}

func (p *vault) check() error {
	if p.scope.level == levelGlobal {
		return ErrScope
	}
	return p.ring.check(p.scope)
}

// Conversation returns the handle on a conversation of the same tenant. It is
// nobody's.
func (v *Vault) Conversation(id string) (*Vault, error) {
	p := *v.p()
	p.scope, p.subject, p.keys = Conversation(p.scope.tenant, id), "", new(keyCache[[]byte])
	if err := p.check(); err != nil {
		return nil, err
	}
	return &Vault{hide(&p)}, nil
}

// Subject returns the handle whose new tokens belong to a person, under an id
// of yours that is itself no personal data, at most 256 bytes. It makes and
// opens his tokens only: a value that two subjects share has two tokens, so
// that each can be forgotten alone.
func (v *Vault) Subject(id string) (*Vault, error) {
	if !validName(id) {
		return nil, ErrScope
	}
	p := *v.p()
	p.subject = id
	return &Vault{hide(&p)}, nil
}

// Token returns the token that stands for value, a new one if the vault holds
// none. It is safe to call from several processes at once: all get the same.
// Errors: [ErrKind], [ErrValue], [ErrForgotten], [ErrInvalid] for a row that
// was tampered with, and what store and sealer return.
func (v *Vault) Token(ctx context.Context, kind, value string) (string, error) {
	indexes, err := v.p().indexes(kind, value)
	if err != nil {
		return "", err
	}
	row, err := v.p().lookup(ctx, indexes)
	if errors.Is(err, ErrNotFound) {
		row, err = v.p().insert(ctx, kind, value, indexes[0])
	}
	if err != nil {
		return "", err
	}
	return row.Token, nil
}

// Lookup returns the token that the vault holds for value, or [ErrNotFound].
// It makes none and needs no sealer: a search by value.
func (v *Vault) Lookup(ctx context.Context, kind, value string) (string, error) {
	indexes, err := v.p().indexes(kind, value)
	if err != nil {
		return "", err
	}
	row, err := v.p().lookup(ctx, indexes)
	if err != nil {
		return "", err
	}
	return row.Token, nil
}

// Result is what became of one token.
type Result struct {
	Token string
	Kind  string // empty if Err is ErrToken
	Value Value  // empty if Err is not nil
	// Err is nil, or [ErrToken], [ErrNotFound], [ErrExpired], [ErrPurpose],
	// [ErrInvalid] or [ErrUnknownKey], or what the sealer returned.
	Err error
}

// MaxBatch is the largest number of tokens of one [Vault.Detokenize].
const MaxBatch = 1000

// Detokenize reveals tokens for a purpose, with one Result for each token in
// order: one that is unknown or not permitted does not withhold the others. A
// purpose is required, and [VaultOptions.Allow] must permit it. The error
// concerns the call: no purpose, more than [MaxBatch] tokens, the store, the
// context.
func (v *Vault) Detokenize(ctx context.Context, purpose string, tokens ...string) ([]Result, error) {
	if purpose == "" || v.p().opts.Allow == nil {
		return nil, ErrPurpose
	}
	if len(tokens) > MaxBatch {
		return nil, errors.New("tokenize: more than 1000 tokens in one call")
	}
	rows, err := v.p().rows(ctx, tokens)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(tokens))
	for i, token := range tokens {
		r := Result{Token: token}
		r.Kind, r.Value, r.Err = v.p().reveal(ctx, purpose, token, rows)
		results[i] = r
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return results, nil
}

// Forgotten is what [Vault.Forget] deleted.
type Forgotten struct {
	Subject string
	Kinds   map[string]int // deleted values by kind
}

// Forget deletes every value of a subject in all conversations of the tenant,
// whatever the scope of the handle, and bars the subject: Token returns
// [ErrForgotten] for him from then on, here and in every process on the store.
//
// What it leaves behind: the tokens themselves in texts and tables, which lead
// nowhere; the subject's id on the list of the barred; values that were
// tokenized without a subject or under another; tokens of [Opaque],
// [Reversible] and [Format] and entries of [Index], whose keys live on; the
// masked texts, with whatever else they say about him; and copies of the
// store in backups and logs of the database, which only the destruction of the
// subject's key ([VaultOptions.SubjectSealer]) makes unreadable, after the
// time that a key cache holds it.
func (v *Vault) Forget(ctx context.Context, subject string) (Forgotten, error) {
	if subject == "" || v.p().subject != "" && v.p().subject != subject {
		return Forgotten{}, ErrScope
	}
	kinds, err := v.p().store.Forget(ctx, v.p().scope.tenant, subject)
	if err != nil {
		return Forgotten{}, err
	}
	return Forgotten{subject, kinds}, nil
}

// indexes returns the store's index of value under every key of the ring, the
// active first.
func (p *vault) indexes(kind, value string) ([][]byte, error) {
	if !validKind(kind) {
		return nil, ErrKind
	}
	n, folded, err := p.normal.fold(kind, value)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, version := range p.ring.p().readers {
		key, err := p.key(useLookup, kind, version)
		if err != nil {
			return nil, err
		}
		all = append(all, macFields(key, string(n), p.subject, folded))
	}
	return all, nil
}

func (p *vault) lookup(ctx context.Context, indexes [][]byte) (Row, error) {
	rows, err := p.store.ByIndex(ctx, indexes...)
	if err != nil {
		return Row{}, err
	}
	for _, index := range indexes {
		for _, row := range rows {
			if string(row.Index) != string(index) {
				continue
			}
			if err := p.verify(row); err != nil {
				return Row{}, err
			}
			if !row.expired(p.opts.Now()) {
				return row, nil
			}
		}
	}
	return Row{}, ErrNotFound
}

func (p *vault) insert(ctx context.Context, kind, value string, index []byte) (Row, error) {
	body := make([]byte, tokenBytes)
	rand.Read(body) // never fails: crypto/rand
	row := Row{
		Token:        keyedText(FormVault, kind, p.ring.p().active, body),
		Tenant:       p.scope.tenant,
		Conversation: p.scope.conversation,
		Subject:      p.subject,
		Kind:         kind,
		Index:        index,
		Created:      p.opts.Now().UTC().Truncate(time.Millisecond),
	}
	if p.opts.TTL > 0 {
		row.Expires = row.Created.Add(p.opts.TTL)
	}
	sealer, err := p.sealerFor(ctx, p.subject)
	if err != nil {
		return Row{}, err
	}
	row.Box, err = sealer.Seal(ctx, nil, []byte(value), boxAD(row.Token))
	if err != nil {
		return Row{}, fmt.Errorf("tokenize: seal: %w", err)
	}
	row.Tag, err = p.tag(row, p.ring.p().active)
	if err != nil {
		return Row{}, err
	}
	standing, err := p.store.Insert(ctx, row)
	if err != nil {
		return Row{}, err
	}
	// Another process may have been first; its row is checked like any other.
	if string(standing.Index) != string(index) {
		return Row{}, ErrInvalid
	}
	if err := p.verify(standing); err != nil {
		return Row{}, err
	}
	return standing, nil
}

// rows returns the rows of those tokens that are of the vault's form.
func (p *vault) rows(ctx context.Context, tokens []string) (map[string]Row, error) {
	var ask []string
	for _, token := range tokens {
		if t, ok := Parse(token); ok && t.Form == FormVault {
			ask = append(ask, token)
		}
	}
	found := map[string]Row{}
	if len(ask) == 0 {
		return found, nil
	}
	rows, err := p.store.ByToken(ctx, ask...)
	for _, row := range rows {
		found[row.Token] = row
	}
	return found, err
}

func (p *vault) reveal(ctx context.Context, purpose, token string, rows map[string]Row) (kind string, v Value, err error) {
	t, ok := Parse(token)
	if !ok || t.Form != FormVault {
		return "", Value{}, ErrToken
	}
	row, ok := rows[token]
	if !ok || row.scope() != p.scope || p.subject != "" && row.Subject != p.subject {
		return t.Kind, Value{}, ErrNotFound
	}
	if err := p.verify(row); err != nil {
		return t.Kind, Value{}, err
	}
	if row.expired(p.opts.Now()) {
		return t.Kind, Value{}, ErrExpired
	}
	a := Access{Purpose: purpose, Kind: t.Kind, Token: token, Scope: p.scope, Subject: row.Subject}
	if err := p.opts.Allow(ctx, a); errors.Is(err, ErrPurpose) {
		return t.Kind, Value{}, err
	} else if err != nil {
		return t.Kind, Value{}, fmt.Errorf("%w: %w", ErrPurpose, err)
	}
	sealer, err := p.sealerFor(ctx, row.Subject)
	if err != nil {
		return t.Kind, Value{}, err
	}
	plain, err := sealer.Open(ctx, nil, row.Box, boxAD(token))
	if err != nil {
		return t.Kind, Value{}, fmt.Errorf("tokenize: open: %w", err)
	}
	return t.Kind, newValue(string(plain)), nil
}

func (p *vault) sealerFor(ctx context.Context, subject string) (Sealer, error) {
	if subject == "" || p.opts.SubjectSealer == nil {
		return p.sealer, nil
	}
	s, err := p.opts.SubjectSealer(ctx, p.scope, subject)
	if err != nil {
		return nil, fmt.Errorf("tokenize: sealer of subject: %w", err)
	}
	return s, nil
}

// boxAD binds a box to its token: a box moved to another row does not open.
func boxAD(token string) []byte { return []byte("vual/tokenize/v1/" + token) }

// verify checks the MAC of a row, so that who writes to the store can neither
// give a value another's token, nor a row to another subject, nor prolong it.
func (p *vault) verify(row Row) error {
	t, ok := Parse(row.Token)
	if !ok || t.Form != FormVault || t.Kind != row.Kind || row.scope() != p.scope {
		return ErrInvalid
	}
	tag, err := p.tag(row, t.Version)
	if err != nil {
		return err
	}
	if !hmac.Equal(tag, row.Tag) {
		return ErrInvalid
	}
	return nil
}

func (p *vault) tag(row Row, version uint32) ([]byte, error) {
	key, err := p.key(useRow, row.Kind, version)
	if err != nil {
		return nil, err
	}
	var times [16]byte
	binary.BigEndian.PutUint64(times[:8], uint64(row.Created.UnixMilli()))
	if !row.Expires.IsZero() {
		binary.BigEndian.PutUint64(times[8:], uint64(row.Expires.UnixMilli()))
	}
	return macFields(key, row.Token, row.Tenant, row.Conversation, row.Subject, row.Kind,
		string(row.Index), string(row.Box), string(times[:])), nil
}

func (p *vault) key(use, kind string, version uint32) ([]byte, error) {
	return p.keys.get(keyID{use, kind, version}, func() ([]byte, error) {
		return p.ring.derive(use, kind, p.scope, version, sha256.Size)
	})
}

func (r Row) scope() Scope {
	if r.Conversation == "" {
		return Tenant(r.Tenant)
	}
	return Conversation(r.Tenant, r.Conversation)
}
