package vault

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/wraptest"
)

// A transit is the engine as the tests need it: derived keys, versions, the errors that
// OpenBao 2.5 answers with.
type transit struct {
	latest, oldest atomic.Int64
	plain          bool // a key that is not derived: it ignores the context
	answer         func(w http.ResponseWriter) bool
}

func newTransit() *transit {
	s := new(transit)
	s.latest.Store(1)
	s.oldest.Store(1)
	return s
}

func (s *transit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.answer != nil && s.answer(w) {
		return
	}
	var in struct {
		Plaintext  []byte `json:"plaintext"`
		Ciphertext string `json:"ciphertext"`
		Context    []byte `json:"context"`
	}
	parts := strings.Split(r.URL.Path, "/")
	switch {
	case r.Header.Get("X-Vault-Token") != "s.token":
		refuse(w, 403, "permission denied")
	case len(parts) != 5 || parts[1] != "v1" || parts[2] != "transit":
		refuse(w, 404, "no handler for route")
	case parts[4] != "vual":
		refuse(w, 400, "encryption key not found")
	case json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Context) == 0 && !s.plain:
		refuse(w, 400, "missing 'context' for key derivation; the key was created using a derived key")
	case parts[3] == "encrypt":
		data(w, map[string]any{"ciphertext": s.encrypt(in.Plaintext, in.Context), "key_version": s.latest.Load()})
	default:
		plaintext, err := s.decrypt(in.Ciphertext, in.Context)
		switch {
		case err != nil:
			refuse(w, 400, err.Error())
		case parts[3] == "decrypt":
			data(w, map[string]any{"plaintext": plaintext})
		case parts[3] == "rewrap":
			data(w, map[string]any{"ciphertext": s.encrypt(plaintext, in.Context), "key_version": s.latest.Load()})
		}
	}
}

func data(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(map[string]any{"data": v}) }

func refuse(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"errors": []string{text}})
}

func (s *transit) gcm(version int64, context []byte) cipher.AEAD {
	if s.plain {
		context = nil
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%d %x", version, context))
	block, _ := aes.NewCipher(key[:])
	aead, _ := cipher.NewGCM(block)
	return aead
}

func (s *transit) encrypt(plaintext, context []byte) string {
	nonce := make([]byte, 12)
	rand.Read(nonce)
	version := s.latest.Load()
	sealed := s.gcm(version, context).Seal(nonce, nonce, plaintext, nil)
	return fmt.Sprintf("vault:v%d:%s", version, base64.StdEncoding.EncodeToString(sealed))
}

func (s *transit) decrypt(ciphertext string, context []byte) ([]byte, error) {
	var version int64
	var text string
	if n, _ := fmt.Sscanf(ciphertext, "vault:v%d:%s", &version, &text); n != 2 {
		return nil, errors.New("invalid ciphertext: no prefix")
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	switch {
	case err != nil:
		return nil, errors.New("invalid ciphertext: could not decode base64")
	case version < s.oldest.Load():
		return nil, errors.New("ciphertext or signature version is disallowed by policy (too old)")
	case version > s.latest.Load():
		return nil, errors.New("invalid ciphertext: version is too new")
	case len(sealed) < 12:
		return nil, errors.New("invalid ciphertext length")
	}
	plaintext, err := s.gcm(version, context).Open(nil, sealed[:12], sealed[12:], nil)
	if err != nil {
		return nil, errors.New("cipher: message authentication failed")
	}
	return plaintext, nil
}

func start(t *testing.T, s *transit) *Keys {
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	k, err := New(server.URL, "vual", token, &Options{Client: server.Client()})
	require.NoError(t, err)
	return k
}

func token(context.Context) (string, error) { return "s.token", nil }

func TestContract(t *testing.T) { wraptest.Run(t, start(t, newTransit())) }

func TestRewrapAndOldVersions(t *testing.T) {
	ctx := context.Background()
	s := newTransit()
	k := start(t, s)
	sealer := crypto.NewSealer(k)
	c := crypto.Context{Tenant: "romashka", Record: "1"}
	box, err := sealer.Seal(ctx, nil, []byte("Добрый день"), c)
	require.NoError(t, err)
	s.latest.Add(1)
	next, changed, err := sealer.Rewrap(ctx, box, c)
	require.NoError(t, err)
	require.True(t, changed)
	h, err := crypto.Inspect(next)
	require.NoError(t, err)
	require.Equal(t, "transit/vual", h.KeyID)
	require.EqualValues(t, 2, h.KeyVersion)
	s.oldest.Store(2)
	out, err := sealer.Open(ctx, nil, next, c)
	require.NoError(t, err)
	require.Equal(t, "Добрый день", string(out))
	_, err = sealer.Open(ctx, nil, box, c)
	require.ErrorIs(t, err, crypto.ErrUnknownKey, "below min_decryption_version")
}

func TestKeyThatIsNotDerivedIsRefused(t *testing.T) {
	s := newTransit()
	s.plain = true
	k := start(t, s)
	_, err := k.Wrap(context.Background(), make([]byte, 32), make([]byte, 32))
	require.ErrorIs(t, err, errNotDerived)
	_, err = k.Unwrap(context.Background(), crypto.Wrapped{KeyID: "transit/vual", Version: 1, Data: bytes.Repeat([]byte{1}, 60)}, make([]byte, 32))
	require.ErrorIs(t, err, errNotDerived)
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	s := newTransit()
	k := start(t, s)
	aad := make([]byte, 32)
	w, err := k.Wrap(ctx, make([]byte, 32), aad)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		status int
		text   string
		want   error
		retry  bool
	}{
		"changed":        {400, "cipher: message authentication failed", crypto.ErrDecrypt, false},
		"changed, 500":   {500, "cipher: message authentication failed", crypto.ErrDecrypt, false},
		"bad ciphertext": {400, "invalid ciphertext: no prefix", crypto.ErrDecrypt, false},
		"no such key":    {400, "encryption key not found", crypto.ErrUnknownKey, false},
		"no such path":   {404, "", crypto.ErrUnknownKey, false},
		"not allowed":    {403, "permission denied", nil, false},
		"sealed":         {503, "Vault is sealed", nil, true},
		"inside":         {500, "internal error", nil, true},
		"too many":       {429, "request limit", nil, true},
		"standby":        {307, "", nil, false},
	} {
		s.answer = func(w http.ResponseWriter) bool { refuse(w, c.status, c.text); return true }
		_, err := k.Unwrap(ctx, w, aad)
		if c.want != nil {
			require.ErrorIs(t, err, c.want, name)
			continue
		}
		var fault *crypto.KeyError
		require.ErrorAs(t, err, &fault, name)
		require.Equal(t, c.retry, fault.Temporary(), name)
	}
	for _, body := range []string{"", "{}", `{"data":{"ciphertext":"v1:AAAA"}}`, `{"data":{"ciphertext":"vault:v0:AAAA"}}`, `{"data":{"ciphertext":"vault:v1:"}}`, `{"data":{"ciphertext":"vault:v99999999999:AAAA"}}`} {
		s.answer = func(w http.ResponseWriter) bool { w.Write([]byte(body)); return true }
		var fault *crypto.KeyError
		_, err := k.Wrap(ctx, make([]byte, 32), aad)
		require.ErrorAs(t, err, &fault, body)
		_, err = k.Unwrap(ctx, w, aad)
		require.ErrorAs(t, err, &fault, body)
		_, err = k.Rewrap(ctx, w, aad)
		require.ErrorAs(t, err, &fault, body)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, name := range []string{"", "a/b", "../sys/seal", "ключ", "a b", strings.Repeat("k", 60)} {
		_, err := New("https://bao.example", name, token, nil)
		require.Error(t, err, name)
	}
	_, err := New("http://bao.example:8200", "vual", token, nil)
	require.Error(t, err)
	_, err = New("http://127.0.0.1:8200", "vual", token, nil)
	require.NoError(t, err, "a server on this machine")
}

func FuzzWrapped(f *testing.F) {
	f.Add("vault:v1:AAAA", []byte(`{"errors":["cipher: message authentication failed"]}`))
	f.Add("vault:v4294967296:AAAA", []byte("<html>"))
	f.Fuzz(func(t *testing.T, text string, body []byte) {
		k := &Keys{mount: "transit", name: "vual"}
		if w, err := k.wrapped("wrap", answer{Ciphertext: text}); err == nil && (w.Version < 1 || len(w.Data) == 0) {
			t.Fatal("an unusable wrapped key")
		}
		for _, status := range []int{400, 403, 404, 500} {
			if refusal("encrypt", status, body) == crypto.ErrDecrypt {
				t.Fatal("an encryption cannot fail to decrypt")
			}
		}
	})
}
