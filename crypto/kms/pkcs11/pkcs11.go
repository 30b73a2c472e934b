// Package pkcs11 wraps keys with an AES-256 key inside a hardware module that speaks
// PKCS #11: the key never leaves it. It is a module of its own because it needs cgo.
//
// Start from [Open]; [Keys] is a [github.com/syntora/vual/crypto.KeyWrapper]. [Keys.Generate]
// makes the key, and each further version of it, as one that cannot be read.
//
// Keys are wrapped with CKM_AES_GCM and a random nonce of 96 bits, so that one version must
// not wrap more than 2^32 keys (NIST SP 800-38D, section 8.3). Put it under
// [github.com/syntora/vual/crypto.OwnerKeys], which wraps one key per tenant with it.
//
// It is tested with SoftHSM 2. Modules differ in the codes with which they refuse changed
// bytes: those that the standard names, and the CKR_GENERAL_ERROR of SoftHSM, count as
// [github.com/syntora/vual/crypto.ErrDecrypt] when unwrapping and are never tried again.
package pkcs11

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/miekg/pkcs11"

	"github.com/syntora/vual/crypto"
)

// Config says which key of which token is used.
type Config struct {
	// Module is the path of the vendor's library, such as
	// /usr/lib/softhsm/libsofthsm2.so. Required.
	Module string
	// Token is the token's label. Required.
	Token string
	// PIN logs the user in. Required. It must stay in memory, to log in again after the
	// module was gone.
	PIN string
	// Key is the label of the key, of the form of [crypto.Wrapped]'s KeyID. Required. A
	// version's number is in CKA_ID, in four bytes.
	Key string
	// Sessions is how many calls run at once; 4.
	Sessions int
}

// String does not show the PIN.
func (c Config) String() string { return "pkcs11.Config(" + c.Key + ")" }

// GoString is String.
func (c Config) GoString() string { return c.String() }

// LogValue is String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Keys wraps with one key, in versions. It is safe for concurrent use: a session is not, so
// each call takes one from a pool.
type Keys struct {
	config   *Config
	module   *pkcs11.Ctx
	slot     uint
	sessions chan session
	closing  sync.Once

	mu     sync.Mutex
	active uint32
	known  map[uint32]pkcs11.ObjectHandle
}

// A session is open, or absent after a fault and opened when it is next needed.
type session struct {
	handle pkcs11.SessionHandle
	open   bool
}

// Open logs in to the token and looks for the key. That there is none yet is not an error:
// [Keys.Generate] makes it. Close the result.
func Open(config Config) (*Keys, error) {
	if config.Module == "" || config.Token == "" || config.Key == "" || len(config.Key) > 64 {
		return nil, errors.New("pkcs11: module, token or key is missing")
	}
	if config.Sessions <= 0 {
		config.Sessions = 4
	}
	module := pkcs11.New(config.Module)
	if module == nil {
		return nil, errors.New("pkcs11: cannot load the module")
	}
	if err := module.Initialize(); err != nil && !isCode(err, pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
		return nil, fmt.Errorf("pkcs11: %w", err)
	}
	k := &Keys{config: &config, module: module, sessions: make(chan session, config.Sessions)}
	for range config.Sessions {
		k.sessions <- session{}
	}
	slot, err := k.findSlot()
	if err != nil {
		return nil, err
	}
	k.slot = slot
	if err := k.refresh(context.Background()); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

func (k *Keys) findSlot() (uint, error) {
	slots, err := k.module.GetSlotList(true)
	if err != nil {
		return 0, fmt.Errorf("pkcs11: %w", err)
	}
	for _, slot := range slots {
		if info, err := k.module.GetTokenInfo(slot); err == nil && info.Label == k.config.Token {
			return slot, nil
		}
	}
	return 0, errors.New("pkcs11: no such token")
}

// Generate makes the key, or its next version, inside the module, where it can be used and
// not read. Let one process do it at a time.
func (k *Keys) Generate(ctx context.Context) (version uint32, err error) {
	if err := k.refresh(ctx); err != nil {
		return 0, err
	}
	k.mu.Lock()
	version = k.active + 1
	k.mu.Unlock()
	template := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY),
		pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_AES),
		pkcs11.NewAttribute(pkcs11.CKA_VALUE_LEN, 32),
		pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
		pkcs11.NewAttribute(pkcs11.CKA_PRIVATE, true),
		pkcs11.NewAttribute(pkcs11.CKA_SENSITIVE, true),
		pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false),
		pkcs11.NewAttribute(pkcs11.CKA_ENCRYPT, true),
		pkcs11.NewAttribute(pkcs11.CKA_DECRYPT, true),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, k.config.Key),
		pkcs11.NewAttribute(pkcs11.CKA_ID, binary.BigEndian.AppendUint32(nil, version)),
	}
	err = k.use(ctx, "generate", func(s pkcs11.SessionHandle) error {
		_, err := k.module.GenerateKey(s, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_KEY_GEN, nil)}, template)
		return err
	})
	if err != nil {
		return 0, err
	}
	return version, k.refresh(ctx)
}

// Destroy erases one version inside the module. What it wrapped never opens again.
func (k *Keys) Destroy(ctx context.Context, version uint32) error {
	err := k.withKey(ctx, "destroy", version, func(s pkcs11.SessionHandle, key pkcs11.ObjectHandle) error {
		return k.module.DestroyObject(s, key)
	})
	if err != nil {
		return err
	}
	return k.refresh(ctx)
}

const (
	nonceSize = 12
	tagBits   = 128
)

// Wrap wraps under the highest version.
func (k *Keys) Wrap(ctx context.Context, key, aad []byte) (crypto.Wrapped, error) {
	k.mu.Lock()
	version := k.active
	k.mu.Unlock()
	nonce := make([]byte, nonceSize)
	rand.Read(nonce)
	var sealed []byte
	err := k.withKey(ctx, "wrap", version, func(s pkcs11.SessionHandle, handle pkcs11.ObjectHandle) (err error) {
		params := pkcs11.NewGCMParams(nonce, aad, tagBits)
		defer params.Free()
		if err := k.module.EncryptInit(s, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_GCM, params)}, handle); err != nil {
			return err
		}
		sealed, err = k.module.Encrypt(s, key)
		return err
	})
	if err != nil {
		return crypto.Wrapped{}, err
	}
	return crypto.Wrapped{KeyID: k.config.Key, Version: version, Data: append(nonce, sealed...)}, nil
}

// Unwrap unwraps what this key wrapped.
func (k *Keys) Unwrap(ctx context.Context, w crypto.Wrapped, aad []byte) ([]byte, error) {
	if w.KeyID != k.config.Key {
		return nil, crypto.ErrUnknownKey
	}
	if len(w.Data) <= nonceSize+tagBits/8 {
		return nil, crypto.ErrDecrypt
	}
	var key []byte
	err := k.withKey(ctx, "unwrap", w.Version, func(s pkcs11.SessionHandle, handle pkcs11.ObjectHandle) (err error) {
		params := pkcs11.NewGCMParams(w.Data[:nonceSize], aad, tagBits)
		defer params.Free()
		if err := k.module.DecryptInit(s, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_GCM, params)}, handle); err != nil {
			return err
		}
		key, err = k.module.Decrypt(s, w.Data[nonceSize:])
		if refusesData(err) {
			return crypto.ErrDecrypt
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return key, nil
}

// Versions lists what the token held when it was last looked at, in no order.
func (k *Keys) Versions() []uint32 {
	k.mu.Lock()
	defer k.mu.Unlock()
	var versions []uint32
	for v := range k.known {
		versions = append(versions, v)
	}
	return versions
}

// Close ends the sessions, once calls that run have ended. The module stays loaded: others
// in this process may use it. A second Close does nothing.
func (k *Keys) Close() error {
	k.closing.Do(func() {
		for range cap(k.sessions) {
			if s := <-k.sessions; s.open {
				k.module.CloseSession(s.handle)
			}
		}
		close(k.sessions)
	})
	return nil
}

// String names the key.
func (k *Keys) String() string { return "pkcs11.Keys(" + k.config.Key + ")" }

// GoString is String.
func (k *Keys) GoString() string { return k.String() }

// LogValue is String.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// handle finds a version, in the token if another process may have made it meanwhile.
func (k *Keys) handle(ctx context.Context, version uint32) (pkcs11.ObjectHandle, error) {
	for try := range 2 {
		k.mu.Lock()
		handle, ok := k.known[version]
		k.mu.Unlock()
		if ok {
			return handle, nil
		}
		if try == 0 {
			if err := k.refresh(ctx); err != nil {
				return 0, err
			}
		}
	}
	return 0, crypto.ErrUnknownKey
}

// withKey runs do with a session and a version's handle, and once more if the handle has
// lost its object: a logout invalidates handles, and another process may have destroyed it.
func (k *Keys) withKey(ctx context.Context, op string, version uint32, do func(pkcs11.SessionHandle, pkcs11.ObjectHandle) error) error {
	for range 2 {
		handle, err := k.handle(ctx, version)
		if err != nil {
			return err
		}
		err = k.use(ctx, op, func(s pkcs11.SessionHandle) error { return do(s, handle) })
		if !lostObject(err) {
			return err
		}
		k.mu.Lock()
		k.known = nil
		k.mu.Unlock()
	}
	return crypto.ErrUnknownKey
}

// refresh looks for all versions in the token.
func (k *Keys) refresh(ctx context.Context) error {
	known := map[uint32]pkcs11.ObjectHandle{}
	active := uint32(0)
	err := k.use(ctx, "load", func(s pkcs11.SessionHandle) error {
		if err := k.module.FindObjectsInit(s, []*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY),
			pkcs11.NewAttribute(pkcs11.CKA_LABEL, k.config.Key),
		}); err != nil {
			return err
		}
		objects, _, err := k.module.FindObjects(s, 1000)
		if finalErr := k.module.FindObjectsFinal(s); err == nil {
			err = finalErr
		}
		if err != nil {
			return err
		}
		for _, o := range objects {
			id, err := k.module.GetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, nil)})
			if err != nil || len(id) != 1 || len(id[0].Value) != 4 {
				continue // not one of ours
			}
			version := binary.BigEndian.Uint32(id[0].Value)
			if _, twice := known[version]; twice || version == 0 {
				return errors.New("two keys of one version in the token")
			}
			known[version] = o
			active = max(active, version)
		}
		return nil
	})
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.known, k.active = known, active
	k.mu.Unlock()
	return nil
}

// use runs do with a session of its own, and once more with a new one if the module had lost
// the session.
func (k *Keys) use(ctx context.Context, op string, do func(pkcs11.SessionHandle) error) error {
	var s session
	select {
	case <-ctx.Done():
		return &crypto.KeyError{Op: op, Retry: true, Err: ctx.Err()}
	default:
	}
	select {
	case got, open := <-k.sessions:
		if !open {
			return &crypto.KeyError{Op: op, Err: errors.New("keys are closed")}
		}
		s = got
	case <-ctx.Done():
		return &crypto.KeyError{Op: op, Retry: true, Err: ctx.Err()}
	}
	defer func() { k.sessions <- s }()
	var err error
	for range 2 {
		if err = k.login(&s); err != nil {
			break
		}
		if err = do(s.handle); !lostSession(err) {
			break
		}
		k.module.CloseSession(s.handle)
		s.open = false
	}
	if err == nil || errors.Is(err, crypto.ErrDecrypt) || lostObject(err) {
		return err
	}
	return &crypto.KeyError{Op: op, Retry: passing(err), Err: err}
}

// login opens a session if s has none. To be logged in is a state of the whole process.
func (k *Keys) login(s *session) error {
	if s.open {
		return nil
	}
	handle, err := k.module.OpenSession(k.slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
	if err != nil {
		return err
	}
	if err := k.module.Login(handle, pkcs11.CKU_USER, k.config.PIN); err != nil && !isCode(err, pkcs11.CKR_USER_ALREADY_LOGGED_IN) {
		k.module.CloseSession(handle)
		return err
	}
	*s = session{handle: handle, open: true}
	return nil
}

func isCode(err error, code uint) bool {
	var e pkcs11.Error
	return errors.As(err, &e) && uint(e) == code
}

func isOneOf(err error, codes ...uint) bool {
	for _, code := range codes {
		if isCode(err, code) {
			return true
		}
	}
	return false
}

func lostSession(err error) bool {
	return isOneOf(err, pkcs11.CKR_SESSION_HANDLE_INVALID, pkcs11.CKR_SESSION_CLOSED, pkcs11.CKR_USER_NOT_LOGGED_IN)
}

func lostObject(err error) bool {
	return isOneOf(err, pkcs11.CKR_OBJECT_HANDLE_INVALID, pkcs11.CKR_KEY_HANDLE_INVALID)
}

// refusesData is for the answer to a decryption whose key, nonce and lengths were in order.
func refusesData(err error) bool {
	return isOneOf(err, pkcs11.CKR_ENCRYPTED_DATA_INVALID, pkcs11.CKR_ENCRYPTED_DATA_LEN_RANGE,
		pkcs11.CKR_DATA_INVALID, pkcs11.CKR_DATA_LEN_RANGE, pkcs11.CKR_SIGNATURE_INVALID, pkcs11.CKR_GENERAL_ERROR)
}

func passing(err error) bool {
	return isOneOf(err, pkcs11.CKR_DEVICE_ERROR, pkcs11.CKR_DEVICE_REMOVED, pkcs11.CKR_TOKEN_NOT_PRESENT,
		pkcs11.CKR_HOST_MEMORY, pkcs11.CKR_DEVICE_MEMORY, pkcs11.CKR_SESSION_COUNT)
}
