package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/crypto"
)

// testConfig is the default one, without a word on standard error.
func testConfig() config {
	c := defaultConfig()
	c.log = slog.New(slog.DiscardHandler)
	return c
}

func writePolicy(t *testing.T, gateway string) string {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 1\nname: test\ngateway:\n"+gateway), 0o600))
	return file
}

// TestWhereRequestsMayGo makes gateways that the policy does not allow.
func TestWhereRequestsMayGo(t *testing.T) {
	t.Parallel()
	ru := writePolicy(t, "  regions: {ru: {hosts: [llm.api.cloud.yandex.net, gigachat.devices.sberbank.ru, ngw.devices.sberbank.ru]}}\n")
	training := writePolicy(t, "  regions: {ru: {hosts: [gigachat.devices.sberbank.ru, ngw.devices.sberbank.ru]}}\n  training: [gigachat]\n")
	noOAuth := writePolicy(t, "  regions: {ru: {hosts: [gigachat.devices.sberbank.ru]}}\n  training: [gigachat]\n")
	for _, c := range []struct{ provider, upstream, policy, key, want string }{
		{"local", "", "", "", ""},
		{"yandexgpt", "", ru, "", ""},
		{"yandexgpt", "", "", "", "in no region"},
		{"openai", "", ru, "", "in no region"},
		{"openai", "", "", "", "in no region"},
		{"gigachat", "", ru, "key", "may keep requests for training"},
		{"gigachat", "", training, "key", ""},
		{"gigachat", "", training, "", "needs a key"},
		{"gigachat", "", noOAuth, "key", "ngw.devices.sberbank.ru is in no region"},
		{"other", "https://llm.api.cloud.yandex.net/v1", ru, "", "may keep requests for training"},
		{"other", "", writePolicy(t, "  training: [other]\n"), "", "needs -upstream"},
		{"local", "http://llm.api.cloud.yandex.net/v1", ru, "", "needs https"},
		{"local", "http://169.254.169.254/v1", "", "", "in no region"},
		{"local", "http://127.0.0.1.evil.example/v1", "", "", "in no region"},
		{"local", "http://localhost@evil.example/v1", "", "", "no plain URL"},
		{"local", "file:///etc/passwd", "", "", "no plain URL"},
		{"nobody", "", "", "", "-provider is"},
	} {
		cfg := testConfig()
		cfg.provider, cfg.upstream, cfg.policy, cfg.upstreamKey = c.provider, c.upstream, c.policy, c.key
		_, err := cfg.gateway(&memoryTrail{})
		if c.want == "" {
			require.NoError(t, err, c.provider)
			continue
		}
		require.ErrorContains(t, err, c.want, "%s %s", c.provider, c.upstream)
	}
}

// TestNameThatLeadsElsewhere has a host of the policy whose name leads to another address than it may have: whatever the
// name server says, no connection is made.
func TestNameThatLeadsElsewhere(t *testing.T) {
	t.Parallel()
	reached := atomic.Bool{}
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	defer inside.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	for _, scheme := range []string{"http", "https"} {
		cfg := testConfig()
		cfg.upstream = scheme + "://localhost:" + port + "/v1"
		cfg.policy = writePolicy(t, "  regions: {ru: {hosts: [localhost]}}\n") // without networks: public addresses alone
		g, err := cfg.gateway(&memoryTrail{})
		require.NoError(t, err)
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/v1/chat/completions", strings.NewReader(ask("x", false)))
		r.Header.Set("Content-Type", "application/json")
		g.ServeHTTP(w, r)
		require.Equal(t, 502, w.Code)
		require.Contains(t, w.Body.String(), string(codeResidency))
	}
	require.False(t, reached.Load())
}

// rootsOf are the authorities of a test server.
func rootsOf(t *testing.T, s *httptest.Server) (roots *crypto.Roots, file string) {
	file = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, text, 0o600))
	roots, err := crypto.LoadRoots(file)
	require.NoError(t, err)
	return roots, file
}

func TestOutboundTLS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		most uint16
		ok   bool
	}{{tls.VersionTLS13, true}, {tls.VersionTLS12, false}} {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say("ok")(w, "") }))
		s.TLS = &tls.Config{MaxVersion: c.most}
		s.Config.ErrorLog = newServer(nil, nil, 1, 0).http.ErrorLog
		s.StartTLS()
		defer s.Close()
		_, ca := rootsOf(t, s)
		for _, trusted := range []string{ca, ""} {
			cfg := testConfig()
			cfg.upstream, cfg.ca = s.URL, trusted
			g, err := cfg.gateway(&memoryTrail{})
			require.NoError(t, err)
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, "/v1/chat/completions", strings.NewReader(ask("x", false)))
			r.Header.Set("Content-Type", "application/json")
			g.ServeHTTP(w, r)
			require.Equal(t, c.ok && trusted != "", w.Code == 200, "%x %q", c.most, trusted)
		}
	}
}

// TestGigachat has a provider that changes a key for tokens of half an hour, behind authorities of its own.
func TestGigachat(t *testing.T) {
	t.Parallel()
	now := time.Now()
	tokens := 0
	var mu sync.Mutex
	var seen []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path != "/api/v2/oauth" {
			seen = append(seen, r.Header.Get("Authorization"))
			say("ok")(w, "")
			return
		}
		tokens++
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "Basic a2V5" || string(body) != "scope=GIGACHAT_API_B2B" || len(r.Header.Get("RqUID")) != 36 {
			w.WriteHeader(401)
			return
		}
		answer(w, map[string]any{"access_token": fmt.Sprintf("token-%d", tokens), "expires_at": now.Add(30 * time.Minute).UnixMilli()})
	}))
	defer s.Close()
	roots, _ := rootsOf(t, s)
	rules, err := loadRules("", "")
	require.NoError(t, err)
	p := provider{name: "gigachat", scheme: "Bearer", oauth: s.URL + "/api/v2/oauth"}
	up, err := newUpstream(p, s.URL+"/api/v1", rules, roots)
	require.NoError(t, err)
	giga := newGigachat(up.client, p.oauth, "a2V5", "GIGACHAT_API_B2B", func() time.Time { mu.Lock(); defer mu.Unlock(); return now })
	up.token = giga.authorization
	send := func() {
		resp, err := up.send(t.Context(), "/v1/chat/completions", "Bearer of-the-client", false, []byte("{}"))
		require.NoError(t, err)
		resp.Body.Close()
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(send)
	}
	all.Wait()
	mu.Lock()
	require.Equal(t, 1, tokens, "one token serves all")
	now = now.Add(29*time.Minute + time.Second)
	mu.Unlock()
	send()
	require.Equal(t, 2, tokens, "it is renewed before it ends")
	require.Equal(t, "Bearer token-2", seen[20])
	require.NotContains(t, strings.Join(seen, " "), "of-the-client")

	giga.key, giga.token = "wrong", ""
	_, err = up.send(t.Context(), "/v1/chat/completions", "", false, []byte("{}"))
	require.ErrorIs(t, err, errToken)
}

func TestYandexIsToldNotToLog(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"), func(g *gateway) {
		g.upstream.provider, _ = findProvider("yandexgpt")
		g.upstream.token = fixedToken(g.upstream.provider.scheme, "AQVN")
	})
	b.serves()
	require.Equal(t, "false", b.headers[0].Get("x-data-logging-enabled"))
	require.Equal(t, "Api-Key AQVN", b.headers[0].Get("Authorization"))
}

func TestOpenAIIsToldNotToStore(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"), func(g *gateway) {
		p, _ := findProvider("openai")
		g.routes = newRoutes(g.rules, p, pseudonyms{make([]byte, 32)}.of)
	})
	b.post("/v1/responses", ` { "model":"m","input":"x"}`)
	b.post("/v1/responses", `{"model":"m","store":null}`)
	b.post("/v1/responses", `{"model":"m","store":true}`)
	b.post("/v1/chat/completions", `{"model":"m"}`)
	require.Equal(t, []string{`{"store":false, "model":"m","input":"x"}`, `{"model":"m","store":false}`, `{"model":"m"}`}, b.bodies)
}

func TestKnownClients(t *testing.T) {
	t.Parallel()
	// The keys are «first» and «second».
	known, err := readClients(strings.NewReader("# who may call\n\nshop a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e\n"))
	require.NoError(t, err)
	b := newBench(t, say("ok"), func(g *gateway) { g.clients = known })
	status, _ := b.post("/v1/chat/completions", ask("x", false), "Authorization", "Bearer first")
	require.Equal(t, 200, status)
	for _, key := range []string{"", "Bearer ", "Bearer second", "Bearer FIRST", "Basic first"} {
		status, _ = b.post("/v1/chat/completions", ask("x", false), "Authorization", key)
		require.Equal(t, 401, status, key)
	}
	for _, bad := range []string{"", "shop", "shop 00", "shop " + strings.Repeat("zz", 32)} {
		_, err := readClients(strings.NewReader(bad))
		require.Error(t, err, bad)
	}
}

// TestGatewayKeysStay keeps the keys of clients from the provider.
func TestGatewayKeysStay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "clients")
	require.NoError(t, os.WriteFile(file, []byte("shop a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e\n"), 0o600))
	cfg := testConfig()
	cfg.clients = file
	g, err := cfg.gateway(&memoryTrail{})
	require.NoError(t, err)
	b := newBench(t, say("ok"), func(b *gateway) { b.clients = g.clients; b.upstream.token = g.upstream.token })
	b.post("/v1/chat/completions", ask("x", false), "Authorization", "Bearer first")
	require.Empty(t, b.headers[0].Get("Authorization"))
}

func TestOtherMachinesComeByTLS(t *testing.T) {
	t.Parallel()
	for listen, ok := range map[string]bool{"127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true, ":0": false, "0.0.0.0:0": false, "10.0.0.1:0": false, "[::]:0": false} {
		cfg := testConfig()
		cfg.listen = listen
		_, err := cfg.certificates(t.Context())
		require.Equal(t, ok, err == nil, listen)
		cfg.clients, cfg.cert, cfg.key = "x", "missing.pem", "missing.pem"
		_, err = cfg.certificates(t.Context())
		require.ErrorIs(t, err, os.ErrNotExist, listen)
	}
}

// TestInboundTLS serves a client of TLS 1.3, in HTTP/2, and refuses one of TLS 1.2.
func TestInboundTLS(t *testing.T) {
	t.Parallel()
	certFile, keyFile, pool := selfSigned(t)
	certificates, err := crypto.LoadCertificates(certFile, keyFile)
	require.NoError(t, err)
	b := newBench(t, events(chatEvents("Звоню Клие", "нту А на [PHO", "NE_1]. Готово")))
	ctx, stop := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- newServer(b.gateway, certificates, 10, time.Second).serve(ctx, l) }()
	for most, ok := range map[uint16]bool{tls.VersionTLS13: true, tls.VersionTLS12: false} {
		client := http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, MaxVersion: most}}}
		resp, err := client.Post("https://"+l.Addr().String()+"/v1/chat/completions", "application/json", strings.NewReader(ask(told, true)))
		require.Equal(t, ok, err == nil, err)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		client.CloseIdleConnections()
		pieces, done := deltas(t, string(body))
		require.True(t, done)
		require.Equal(t, restored, strings.Join(pieces, ""))
		require.Equal(t, 2, resp.ProtoMajor)
	}
	stop()
	require.NoError(t, <-served)
}

// selfSigned makes a certificate for 127.0.0.1.
func selfSigned(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(t, err)
	key, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool = x509.NewCertPool()
	pool.AddCert(cert)
	return certFile, keyFile, pool
}
