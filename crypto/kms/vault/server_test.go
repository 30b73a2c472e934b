package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/wraptest"
)

// A server is a real OpenBao or Vault, such as
//
//	bao server -dev -dev-root-token-id=root
//	OPENBAO_ADDR=http://127.0.0.1:8200 OPENBAO_TOKEN=root go test ./crypto/kms/vault
//
// The token must be allowed to mount an engine: the tests use one of their own.
type server struct{ address, token, mount string }

func onServer(t *testing.T) *server {
	s := &server{os.Getenv("OPENBAO_ADDR"), os.Getenv("OPENBAO_TOKEN"), "vual-test-" + strings.ToLower(rand.Text()[:8])}
	if s.address == "" {
		t.Skip("OPENBAO_ADDR is not set")
	}
	s.do(t, "POST", "sys/mounts/"+s.mount, map[string]any{"type": "transit"})
	t.Cleanup(func() { s.do(t, "DELETE", "sys/mounts/"+s.mount, nil) })
	return s
}

func (s *server) do(t *testing.T, method, path string, in any) {
	body, err := json.Marshal(in)
	require.NoError(t, err)
	r, err := http.NewRequest(method, s.address+"/v1/"+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-Vault-Token", s.token)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Less(t, resp.StatusCode, 300, "%s %s", method, path)
}

// key makes a transit key.
func (s *server) key(t *testing.T, name string, derived bool) *Keys {
	s.do(t, "POST", s.mount+"/keys/"+name, map[string]any{"derived": derived})
	return s.open(t, name, s.token)
}

func (s *server) open(t *testing.T, name, token string) *Keys {
	k, err := New(s.address, name, func(context.Context) (string, error) { return token, nil }, &Options{Mount: s.mount})
	require.NoError(t, err)
	return k
}

func TestContractOnServer(t *testing.T) { wraptest.Run(t, onServer(t).key(t, "contract", true)) }

// What the tests above have from a stand-in is so on a server too.
func TestServer(t *testing.T) {
	ctx, s := context.Background(), onServer(t)
	k := s.key(t, "vual", true)
	sealer := crypto.NewSealer(k)
	c := crypto.Context{Tenant: "romashka", Record: "1"}
	box, err := sealer.Seal(ctx, nil, []byte("Добрый день"), c)
	require.NoError(t, err)

	s.do(t, "POST", s.mount+"/keys/vual/rotate", nil)
	next, changed, err := sealer.Rewrap(ctx, box, c)
	require.NoError(t, err)
	require.True(t, changed)
	_, _, err = sealer.Rewrap(ctx, box, crypto.Context{Tenant: "romashka", Record: "2"})
	require.ErrorIs(t, err, crypto.ErrDecrypt)
	_, changed, err = sealer.Rewrap(ctx, next, c)
	require.NoError(t, err)
	require.False(t, changed)

	s.do(t, "POST", s.mount+"/keys/vual/config", map[string]any{"min_decryption_version": 2, "deletion_allowed": true})
	out, err := sealer.Open(ctx, nil, next, c)
	require.NoError(t, err)
	require.Equal(t, "Добрый день", string(out))
	_, err = sealer.Open(ctx, nil, box, c)
	require.ErrorIs(t, err, crypto.ErrUnknownKey, "below min_decryption_version")

	w, err := k.Wrap(ctx, make([]byte, 32), make([]byte, 32))
	require.NoError(t, err)
	w.Version = 9
	_, err = k.Unwrap(ctx, w, make([]byte, 32))
	require.ErrorIs(t, err, crypto.ErrUnknownKey, "a version that is not there")

	s.do(t, "DELETE", s.mount+"/keys/vual", nil)
	_, err = sealer.Open(ctx, nil, next, c)
	require.ErrorIs(t, err, crypto.ErrUnknownKey, "a deleted key")

	_, err = s.key(t, "plain", false).Wrap(ctx, make([]byte, 32), make([]byte, 32))
	require.ErrorIs(t, err, errNotDerived)
	var fault *crypto.KeyError
	_, err = s.open(t, "vual", "s.nobody").Wrap(ctx, make([]byte, 32), make([]byte, 32))
	require.ErrorAs(t, err, &fault, "a token without rights")
	require.False(t, fault.Temporary())
}
