package yandex

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/wraptest"
)

const keyID = "abj0000000000000test"

// A service is Yandex Cloud KMS as its public description has it: paths, fields, limits and
// error codes of symmetric_crypto_service.proto.
type service struct {
	primary atomic.Int64
	calls   atomic.Int64
	answer  func(w http.ResponseWriter, r *http.Request) bool // takes a request over
}

type request struct {
	VersionID        string `json:"versionId"`
	AADContext       []byte `json:"aadContext"`
	Plaintext        []byte `json:"plaintext"`
	Ciphertext       []byte `json:"ciphertext"`
	SourceKeyID      string `json:"sourceKeyId"`
	SourceAADContext []byte `json:"sourceAadContext"`
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	if s.answer != nil && s.answer(w, r) {
		return
	}
	id, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/kms/v1/keys/"), ":")
	var in request
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	switch {
	case r.Method != http.MethodPost:
		refuse(w, http.StatusMethodNotAllowed, 12)
	case r.Header.Get("Authorization") != "Bearer t1.token":
		refuse(w, http.StatusUnauthorized, 16)
	case id != keyID:
		refuse(w, http.StatusNotFound, 5)
	case d.Decode(&in) != nil || len(in.AADContext) > 8192 || len(in.Plaintext) > 32768:
		refuse(w, http.StatusBadRequest, 3)
	case method == "encrypt" && len(in.Plaintext) > 0:
		version, ciphertext := s.encrypt(in.Plaintext, in.AADContext)
		reply(w, map[string]any{"keyId": id, "versionId": version, "ciphertext": ciphertext})
	case method == "decrypt":
		version, plaintext, err := s.decrypt(in.Ciphertext, in.AADContext)
		if err != nil {
			refuse(w, http.StatusBadRequest, 3)
			return
		}
		reply(w, map[string]any{"keyId": id, "versionId": version, "plaintext": plaintext})
	case method == "reEncrypt" && in.SourceKeyID == keyID:
		source, plaintext, err := s.decrypt(in.Ciphertext, in.SourceAADContext)
		if err != nil {
			refuse(w, http.StatusBadRequest, 3)
			return
		}
		version, ciphertext := s.encrypt(plaintext, in.AADContext)
		reply(w, map[string]any{"keyId": id, "versionId": version, "sourceKeyId": id, "sourceVersionId": source, "ciphertext": ciphertext})
	default:
		refuse(w, http.StatusBadRequest, 3)
	}
}

func reply(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(v) }

func refuse(w http.ResponseWriter, status, code int) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"code": code, "message": "отказ: секретный текст", "details": []any{}})
}

func gcm(version byte) cipher.AEAD {
	block, _ := aes.NewCipher(bytes.Repeat([]byte{version}, 32))
	aead, _ := cipher.NewGCM(block)
	return aead
}

func (s *service) encrypt(plaintext, aad []byte) (string, []byte) {
	version := byte(s.primary.Load() + 1)
	nonce := make([]byte, 12)
	rand.Read(nonce)
	return string('a' + rune(version)), gcm(version).Seal(append([]byte{version}, nonce...), nonce, plaintext, aad)
}

func (s *service) decrypt(ciphertext, aad []byte) (string, []byte, error) {
	if len(ciphertext) < 29 {
		return "", nil, errors.New("short")
	}
	plaintext, err := gcm(ciphertext[0]).Open(nil, ciphertext[1:13], ciphertext[13:], aad)
	return string('a' + rune(ciphertext[0])), plaintext, err
}

func start(t *testing.T, s *service) *Keys {
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	k, err := New(keyID, func(context.Context) (string, error) { return "t1.token", nil },
		&Options{Endpoint: server.URL, Client: server.Client()})
	require.NoError(t, err)
	return k
}

func TestContract(t *testing.T) { wraptest.Run(t, start(t, new(service))) }

func TestRewrapStaysOnTheServer(t *testing.T) {
	ctx := context.Background()
	s := new(service)
	k := start(t, s)
	sealer := crypto.NewSealer(k)
	c := crypto.Context{Tenant: "romashka", Record: "1"}
	box, err := sealer.Seal(ctx, nil, []byte("Добрый день"), c)
	require.NoError(t, err)
	_, changed, err := sealer.Rewrap(ctx, box, c)
	require.NoError(t, err)
	require.False(t, changed)
	s.primary.Add(1)
	next, changed, err := sealer.Rewrap(ctx, box, c)
	require.NoError(t, err)
	require.True(t, changed)
	for _, b := range [][]byte{box, next} {
		out, err := sealer.Open(ctx, nil, b, c)
		require.NoError(t, err)
		require.Equal(t, "Добрый день", string(out))
	}
}

// One call for a tenant, however many records and conversations.
func TestOwnerKeysAskOnce(t *testing.T) {
	ctx := context.Background()
	s := new(service)
	store := new(crypto.MemStore)
	keys := crypto.NewOwnerKeys(start(t, s), store, nil)
	require.NoError(t, keys.Ensure(ctx, crypto.Owner{Tenant: "romashka"}))
	s.calls.Store(0)
	for i := range 50 {
		o := crypto.Owner{Tenant: "romashka", Conversation: string(rune('а' + i))}
		require.NoError(t, keys.Ensure(ctx, o))
		_, err := keys.Sealer(crypto.SlotWrapped).Seal(ctx, nil, nil, crypto.Context{Tenant: "romashka", Conversation: o.Conversation, Record: "1"})
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, s.calls.Load())
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	s := new(service)
	k := start(t, s)
	aad := make([]byte, 32)
	w, err := k.Wrap(ctx, make([]byte, 32), aad)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		status, code int
		want         error
		retry        bool
	}{
		"changed ciphertext": {400, 3, crypto.ErrDecrypt, false},
		"no such key":        {404, 5, crypto.ErrUnknownKey, false},
		"inactive key":       {400, 9, crypto.ErrKeyDisabled, false},
		"not allowed":        {403, 7, nil, false},
		"bad token":          {401, 16, nil, false},
		"too many":           {429, 8, nil, true},
		"down":               {503, 14, nil, true},
		"inside":             {500, 13, nil, true},
		"redirect":           {307, 0, nil, false},
	} {
		s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "https://elsewhere.example/")
			refuse(w, c.status, c.code)
			return true
		}
		for _, op := range []func() error{
			func() error { _, err := k.Unwrap(ctx, w, aad); return err },
			func() error { _, err := k.Rewrap(ctx, w, aad); return err },
		} {
			err := op()
			require.NotContains(t, err.Error(), "секретный", "the service's words are not passed on")
			if c.want != nil {
				require.ErrorIs(t, err, c.want, name)
				continue
			}
			var fault *crypto.KeyError
			require.ErrorAs(t, err, &fault, name)
			require.Equal(t, c.retry, fault.Temporary(), name)
			require.NotErrorIs(t, err, crypto.ErrDecrypt, name)
		}
	}
	for name, body := range map[string]string{
		"not JSON":    "<html>",
		"empty":       "{}",
		"another key": `{"keyId":"other","versionId":"v","ciphertext":"AAAA","plaintext":"AAAA","sourceKeyId":"other"}`,
		"too long":    `{"keyId":"` + strings.Repeat("x", 70_000) + `"}`,
		"not base64":  `{"keyId":"` + keyID + `","plaintext":"!!","ciphertext":"!!"}`,
	} {
		s.answer = func(w http.ResponseWriter, _ *http.Request) bool { w.Write([]byte(body)); return true }
		var fault *crypto.KeyError
		_, err := k.Wrap(ctx, make([]byte, 32), aad)
		require.ErrorAs(t, err, &fault, name)
		_, err = k.Unwrap(ctx, w, aad)
		require.ErrorAs(t, err, &fault, name)
		_, err = k.Rewrap(ctx, w, aad)
		require.ErrorAs(t, err, &fault, name)
	}
}

func TestTimeoutAndToken(t *testing.T) {
	s := new(service)
	k := start(t, s)
	w, err := k.Wrap(context.Background(), make([]byte, 32), make([]byte, 32))
	require.NoError(t, err)
	s.answer = func(_ http.ResponseWriter, r *http.Request) bool {
		io.Copy(io.Discard, r.Body) // only then does the server notice a caller that has gone
		<-r.Context().Done()
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err = k.Unwrap(ctx, w, make([]byte, 32))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 5*time.Second)

	none := errors.New("metadata service is down")
	k, err = New(keyID, func(context.Context) (string, error) { return "", none }, nil)
	require.NoError(t, err)
	_, err = k.Wrap(context.Background(), make([]byte, 32), make([]byte, 32))
	require.ErrorIs(t, err, none)
}

func TestNewRefuses(t *testing.T) {
	token := func(context.Context) (string, error) { return "t", nil }
	for _, id := range []string{"", strings.Repeat("k", 51), "a/b", "a:b", "ключ", "../x"} {
		_, err := New(id, token, nil)
		require.Error(t, err, id)
	}
	for _, endpoint := range []string{"http://kms.yandex", "kms.yandex", "https://user:password@kms.yandex", "https://kms.yandex?x=1", "ftp://localhost"} {
		_, err := New(keyID, token, &Options{Endpoint: endpoint})
		require.Error(t, err, endpoint)
	}
}

func FuzzRefusal(f *testing.F) {
	f.Add([]byte(`{"code":3,"message":"","details":[]}`))
	f.Add([]byte(`{"code":"3"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if refusal("wrap", body) == crypto.ErrDecrypt {
			t.Fatal("an encryption cannot fail to decrypt")
		}
	})
}
