package crypto

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An authority issues certificates for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

var serial atomic.Int64

func newAuthority(t testing.TB, name string) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial.Add(1)), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{cert, key}
}

// issue writes name.crt and name.key and returns their paths.
func (a *authority) issue(t testing.TB, dir, name string, lasts time.Duration, usage x509.ExtKeyUsage) (certFile, keyFile string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial.Add(1)), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lasts),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{usage},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key")
	writePEM(t, certFile, "CERTIFICATE", der)
	writePEM(t, keyFile, "PRIVATE KEY", keyDER)
	return certFile, keyFile
}

func (a *authority) roots(t testing.TB, dir string) string {
	file := filepath.Join(dir, a.cert.Subject.CommonName+".pem")
	writePEM(t, file, "CERTIFICATE", a.cert.Raw)
	return file
}

// writePEM replaces a file at once, as the tools that renew certificates do.
func writePEM(t testing.TB, path, kind string, der []byte) {
	require.NoError(t, os.WriteFile(path+".new", pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	require.NoError(t, os.Rename(path+".new", path))
}

func serve(t testing.TB, config *tls.Config) string {
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s resumed=%v chains=%d", r.Proto, r.TLS.DidResume, len(r.TLS.VerifiedChains))
		}),
		TLSConfig: config,
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go server.ServeTLS(l, "", "")
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

func dial(d *TLSDialer, address string) (tls.ConnectionState, error) {
	conn, err := d.DialTLSContext(context.Background(), "tcp", address)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	// With TLS 1.3 a client's certificate is judged after the client's handshake is over.
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	fmt.Fprintf(conn, "x")
	state := conn.(*tls.Conn).ConnectionState()
	_, err = conn.Read(make([]byte, 1))
	if err == io.EOF {
		err = nil
	}
	return state, err
}

func TestTLSIsVersion13Alone(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, "ca")
	certs, err := LoadCertificates(ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth))
	require.NoError(t, err)
	roots, err := LoadRoots(ca.roots(t, dir))
	require.NoError(t, err)
	address := serve(t, ServerTLS(certs))
	d := &TLSDialer{Roots: roots}

	client := &http.Client{Transport: &http.Transport{DialTLSContext: d.DialTLSContext, ForceAttemptHTTP2: true}}
	answer, err := client.Get("https://" + address)
	require.NoError(t, err)
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	require.Contains(t, string(body), "HTTP/2.0")
	require.EqualValues(t, tls.VersionTLS13, answer.TLS.Version)
	require.Equal(t, tls.X25519MLKEM768, answer.TLS.CurveID, "a post-quantum key exchange comes first")
	client.CloseIdleConnections()

	_, err = tls.Dial("tcp", address, &tls.Config{RootCAs: roots.pool(), MaxVersion: tls.VersionTLS12})
	require.ErrorContains(t, err, "protocol version")
	old := serve(t, &tls.Config{MaxVersion: tls.VersionTLS12, GetCertificate: ServerTLS(certs).GetCertificate})
	_, err = dial(d, old)
	require.ErrorContains(t, err, "protocol version")

	_, err = dial(&TLSDialer{}, address)
	require.ErrorContains(t, err, "certificate", "the system does not know this authority")
	require.False(t, d.Config("localhost").InsecureSkipVerify)
}

func TestCertificatesReload(t *testing.T) {
	dir := t.TempDir()
	ca, other := newAuthority(t, "ca"), newAuthority(t, "other")
	certFile, keyFile := ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth)
	certs, err := LoadCertificates(certFile, keyFile)
	require.NoError(t, err)
	first := certs.certificate()
	changed, err := certs.Reload()
	require.NoError(t, err)
	require.False(t, changed)

	keep := func(why string) {
		t.Helper()
		_, err := certs.Reload()
		require.Error(t, err, why)
		require.Same(t, first, certs.certificate(), why)
	}
	goodKey, err := os.ReadFile(keyFile)
	require.NoError(t, err)
	goodCert, err := os.ReadFile(certFile)
	require.NoError(t, err)
	strange, strangeKey := other.issue(t, dir, "strange", time.Hour, x509.ExtKeyUsageServerAuth)
	require.NoError(t, os.Rename(strange, certFile))
	keep("a certificate that does not fit the key")
	require.NoError(t, os.WriteFile(certFile, goodCert, 0o600))
	require.NoError(t, os.Rename(strangeKey, keyFile))
	keep("a key that does not fit the certificate")
	require.NoError(t, os.WriteFile(keyFile, []byte("мусор"), 0o600))
	keep("no key")
	require.NoError(t, os.Remove(keyFile))
	keep("nothing there")
	ca.issue(t, dir, "server", -time.Minute, x509.ExtKeyUsageServerAuth)
	keep("an expired one")
	require.NoError(t, os.WriteFile(certFile, goodCert, 0o600))
	require.NoError(t, os.WriteFile(keyFile, goodKey, 0o600))

	ca.issue(t, dir, "server", 30*time.Minute, x509.ExtKeyUsageServerAuth)
	changed, err = certs.Reload()
	require.NoError(t, err)
	require.True(t, changed)
	require.Less(t, time.Until(certs.Expires()), 31*time.Minute)

	_, err = LoadCertificates(filepath.Join(dir, "none"), keyFile)
	require.Error(t, err)
}

// Handshakes go on while the certificate is replaced under them; none is lost.
func TestReloadLosesNoHandshake(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, "ca")
	certs, err := LoadCertificates(ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth))
	require.NoError(t, err)
	roots, err := LoadRoots(ca.roots(t, dir))
	require.NoError(t, err)
	address := serve(t, ServerTLS(certs))

	handshakes, swaps := 200, 20
	if os.Getenv("VUAL_SOAK") != "" {
		handshakes, swaps = 1000, 100
	}
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	var reloads atomic.Int64
	watching.Go(func() {
		Watch(ctx, time.Millisecond, func(err error) {
			if err == nil {
				reloads.Add(1)
			}
		}, certs, roots)
	})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range handshakes / 4 {
				conn, err := (&TLSDialer{Roots: roots}).DialTLSContext(ctx, "tcp", address)
				if err != nil {
					t.Errorf("a handshake was lost: %v", err)
					return
				}
				conn.Close()
			}
		})
	}
	for range swaps {
		ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth)
		time.Sleep(5 * time.Millisecond)
	}
	wg.Wait()
	cancel()
	watching.Wait()
	require.NotZero(t, reloads.Load())
}

func TestMutualTLS(t *testing.T) {
	dir := t.TempDir()
	ca, clients, strangers := newAuthority(t, "ca"), newAuthority(t, "clients"), newAuthority(t, "strangers")
	certs, err := LoadCertificates(ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth))
	require.NoError(t, err)
	roots, err := LoadRoots(ca.roots(t, dir))
	require.NoError(t, err)
	clientFile := clients.roots(t, dir)
	clientRoots, err := LoadRoots(clientFile)
	require.NoError(t, err)
	mine, err := LoadCertificates(clients.issue(t, dir, "mine", time.Hour, x509.ExtKeyUsageClientAuth))
	require.NoError(t, err)
	theirs, err := LoadCertificates(strangers.issue(t, dir, "theirs", time.Hour, x509.ExtKeyUsageClientAuth))
	require.NoError(t, err)
	wrongUse, err := LoadCertificates(clients.issue(t, dir, "wrong", time.Hour, x509.ExtKeyUsageServerAuth))
	require.NoError(t, err)

	config := MutualServerTLS(certs, clientRoots)
	address := serve(t, config)
	get := func(d *TLSDialer, sessions tls.ClientSessionCache) (string, error) {
		tlsConfig := d.Config("127.0.0.1")
		tlsConfig.ClientSessionCache = sessions
		tlsConfig.NextProtos = nil
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: tlsConfig, DisableKeepAlives: true}, Timeout: 5 * time.Second}
		answer, err := client.Get("https://" + address)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return string(body), err
	}
	body, err := get(&TLSDialer{Roots: roots, Certificate: mine}, nil)
	require.NoError(t, err)
	require.Contains(t, body, "chains=1", "handlers see the verified chain")
	for name, d := range map[string]*TLSDialer{
		"no certificate":      {Roots: roots},
		"another authority":   {Roots: roots, Certificate: theirs},
		"not for clients":     {Roots: roots, Certificate: wrongUse},
		"server not verified": {Roots: clientRoots, Certificate: mine},
	} {
		_, err := get(d, nil)
		require.Error(t, err, name)
	}

	// A session that could be resumed must not outlive its authority.
	sessions := tls.NewLRUClientSessionCache(8)
	d := &TLSDialer{Roots: roots, Certificate: mine}
	for range 2 {
		body, err = get(d, sessions)
		require.NoError(t, err)
		require.Contains(t, body, "resumed=false")
	}
	writePEM(t, clientFile, "CERTIFICATE", strangers.cert.Raw)
	changed, err := clientRoots.Reload()
	require.NoError(t, err)
	require.True(t, changed)
	_, err = get(d, sessions)
	require.Error(t, err, "the authority was removed")
	_, err = get(&TLSDialer{Roots: roots, Certificate: theirs}, nil)
	require.NoError(t, err, "the new one counts at once")
}

// Even where a caller switches tickets on again, a resumed session is checked anew.
func TestResumedSessionIsVerified(t *testing.T) {
	dir := t.TempDir()
	ca, clients := newAuthority(t, "ca"), newAuthority(t, "clients")
	certs, err := LoadCertificates(ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth))
	require.NoError(t, err)
	roots, err := LoadRoots(ca.roots(t, dir))
	require.NoError(t, err)
	clientFile := clients.roots(t, dir)
	clientRoots, err := LoadRoots(clientFile)
	require.NoError(t, err)
	mine, err := LoadCertificates(clients.issue(t, dir, "mine", time.Hour, x509.ExtKeyUsageClientAuth))
	require.NoError(t, err)

	config := MutualServerTLS(certs, clientRoots)
	config.GetConfigForClient = nil // the authorities of the start stay, as in a naive server
	config.SessionTicketsDisabled = false
	address := serve(t, config)
	tlsConfig := (&TLSDialer{Roots: roots, Certificate: mine}).Config("127.0.0.1")
	tlsConfig.NextProtos = nil
	tlsConfig.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	get := func() (string, error) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: tlsConfig, DisableKeepAlives: true}, Timeout: 5 * time.Second}
		answer, err := client.Get("https://" + address)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return string(body), err
	}
	_, err = get()
	require.NoError(t, err)
	body, err := get()
	require.NoError(t, err)
	require.Contains(t, body, "resumed=true")
	writePEM(t, clientFile, "CERTIFICATE", ca.cert.Raw)
	_, err = clientRoots.Reload()
	require.NoError(t, err)
	_, err = get()
	require.Error(t, err, "a resumed session of a removed authority")
}

func TestRootsRefuse(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, "ca")
	leaf, key := ca.issue(t, dir, "server", time.Hour, x509.ExtKeyUsageServerAuth)
	good := ca.roots(t, dir)
	data, err := os.ReadFile(good)
	require.NoError(t, err)
	for name, bad := range map[string][]byte{
		"nothing": nil, "text": []byte("мусор"), "text after": append(append([]byte(nil), data...), "мусор"...),
	} {
		file := filepath.Join(dir, "bad")
		require.NoError(t, os.WriteFile(file, bad, 0o600))
		_, err := LoadRoots(file)
		require.Error(t, err, name)
	}
	for _, file := range []string{leaf, key, filepath.Join(dir, "none")} {
		_, err := LoadRoots(file)
		require.Error(t, err)
	}
	roots, err := LoadRoots(good)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(good, []byte("мусор"), 0o600))
	before := roots.pool()
	_, err = roots.Reload()
	require.Error(t, err)
	require.Same(t, before, roots.pool())
}
