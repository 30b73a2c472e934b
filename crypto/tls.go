package crypto

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// Certificates serves a certificate chain and its key from two PEM files, which may be
// replaced at any time. It is safe for concurrent use. What was loaded last is served until
// something better is: a fault of the files never stops a server.
type Certificates struct {
	certFile, keyFile string
	current           atomic.Pointer[loadedCertificate]
}

type loadedCertificate struct {
	cert     tls.Certificate
	certPEM  []byte
	notAfter time.Time
}

// LoadCertificates reads the files, which must fit one another and be valid now.
func LoadCertificates(certFile, keyFile string) (*Certificates, error) {
	c := &Certificates{certFile: certFile, keyFile: keyFile}
	if _, err := c.Reload(); err != nil {
		return nil, err
	}
	return c, nil
}

// Reload reads the files again and says whether they bring another certificate. On an error
// the certificate in use stays in use: files are replaced one after the other, so a mismatch
// may be over a moment later. Connections that are open are not touched.
func (c *Certificates) Reload() (bool, error) {
	certPEM, err := os.ReadFile(c.certFile)
	if err != nil {
		return false, err
	}
	keyPEM, err := os.ReadFile(c.keyFile)
	if err != nil {
		return false, err
	}
	defer clear(keyPEM)
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return false, fmt.Errorf("crypto: certificate and key: %w", err)
	}
	if old := c.current.Load(); old != nil && bytes.Equal(old.certPEM, certPEM) {
		return false, nil // the same key: it fits the same certificate
	}
	if now := time.Now(); now.After(cert.Leaf.NotAfter) || now.Before(cert.Leaf.NotBefore) {
		return false, errors.New("crypto: certificate is not valid now")
	}
	c.current.Store(&loadedCertificate{cert: cert, certPEM: certPEM, notAfter: cert.Leaf.NotAfter})
	return true, nil
}

// Expires is when the certificate in use ends.
func (c *Certificates) Expires() time.Time { return c.current.Load().notAfter }

// String names the file and shows no key.
func (c *Certificates) String() string { return "crypto.Certificates(" + c.certFile + ")" }

// GoString is String.
func (c *Certificates) GoString() string { return c.String() }

func (c *Certificates) certificate() *tls.Certificate { return &c.current.Load().cert }

// Roots is a set of certificate authorities from a PEM file that may be replaced at any time.
// It is safe for concurrent use.
type Roots struct {
	file    string
	current atomic.Pointer[loadedRoots]
}

type loadedRoots struct {
	pool *x509.CertPool
	pem  []byte
}

// LoadRoots reads the file. It must hold certificates of authorities and nothing else.
func LoadRoots(file string) (*Roots, error) {
	r := &Roots{file: file}
	if _, err := r.Reload(); err != nil {
		return nil, err
	}
	return r, nil
}

// Reload reads the file again and says whether it has changed. On an error the set in use
// stays in use.
func (r *Roots) Reload() (bool, error) {
	data, err := os.ReadFile(r.file)
	if err != nil {
		return false, err
	}
	if old := r.current.Load(); old != nil && bytes.Equal(old.pem, data) {
		return false, nil
	}
	pool, n := x509.NewCertPool(), 0
	for rest := data; ; n++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			if len(bytes.TrimSpace(rest)) > 0 {
				return false, errors.New("crypto: file of authorities has more than PEM")
			}
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !cert.IsCA || block.Type != "CERTIFICATE" {
			return false, errors.New("crypto: file of authorities has a block that is none")
		}
		pool.AddCert(cert)
	}
	if n == 0 {
		return false, errors.New("crypto: file of authorities is empty")
	}
	r.current.Store(&loadedRoots{pool: pool, pem: data})
	return true, nil
}

// String names the file.
func (r *Roots) String() string { return "crypto.Roots(" + r.file + ")" }

func (r *Roots) pool() *x509.CertPool { return r.current.Load().pool }

// A Reloader is what [Watch] keeps up to date: [Certificates], [Roots].
type Reloader interface {
	// Reload reads again and says whether anything has changed.
	Reload() (changed bool, err error)
}

// Watch reloads every so often until ctx is done, and reports each change (a nil error) and
// each failure. It reads the files instead of watching them, so that it sees what Kubernetes
// does with links too; 30 seconds are a good interval.
func Watch(ctx context.Context, every time.Duration, report func(error), what ...Reloader) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, r := range what {
			if changed, err := r.Reload(); changed || err != nil {
				report(err)
			}
		}
	}
}

// ServerTLS returns the configuration of a server that speaks TLS 1.3 alone, for HTTP/2 and
// HTTP/1.1, with the certificate in use at each handshake.
//
// The cipher suites of TLS 1.3 are not a choice in Go, and key exchanges are left to it,
// because a list of one's own would drop the post-quantum ones that come first.
func ServerTLS(c *Certificates) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.certificate(), nil },
	}
}

// MutualServerTLS is [ServerTLS] for clients that must show a certificate of one of the
// authorities in use.
//
// A resumed session carries the verdict of an older handshake: Go does not look at the chain
// again. So there are no session tickets, and every connection, resumed ones of a changed
// configuration included, is checked against the authorities of that moment. Revoked
// certificates are not known.
func MutualServerTLS(c *Certificates, clients *Roots) *tls.Config {
	base := ServerTLS(c)
	base.ClientAuth = tls.RequireAndVerifyClientCert
	base.ClientCAs = clients.pool()
	base.SessionTicketsDisabled = true
	base.VerifyConnection = func(s tls.ConnectionState) error {
		return verifyPeer(s, x509.VerifyOptions{Roots: clients.pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	}
	config := base.Clone()
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		current := base.Clone()
		current.ClientCAs = clients.pool()
		return current, nil
	}
	return config
}

var errNoPeer = errors.New("crypto: peer has shown no certificate")

func verifyPeer(s tls.ConnectionState, opts x509.VerifyOptions) error {
	if len(s.PeerCertificates) == 0 {
		return errNoPeer
	}
	opts.Intermediates = x509.NewCertPool()
	for _, cert := range s.PeerCertificates[1:] {
		opts.Intermediates.AddCert(cert)
	}
	_, err := s.PeerCertificates[0].Verify(opts)
	return err
}

// A TLSDialer makes outbound connections that speak TLS 1.3 alone. It is safe for concurrent
// use; set it as the DialTLSContext of an [net/http.Transport], with ForceAttemptHTTP2.
//
// The server is always verified by name, and there is no way to switch that off. Which
// authorities are trusted is named here: neither the Russian national authority nor a cloud's
// is built in.
type TLSDialer struct {
	// Roots are the authorities in use at each connection; nil means those of the system.
	Roots *Roots
	// Certificate is shown to servers that ask for one; nil means none.
	Certificate *Certificates
	// Dialer makes the connection beneath; nil means one with a timeout of 10 seconds.
	Dialer *net.Dialer
}

// DialTLSContext connects and shakes hands. The address is host:port.
func (d *TLSDialer) DialTLSContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dialer := d.Dialer
	if dialer == nil {
		dialer = &net.Dialer{Timeout: 10 * time.Second}
	}
	return (&tls.Dialer{NetDialer: dialer, Config: d.Config(host)}).DialContext(ctx, network, address)
}

// Config is the configuration of a connection to a host, with the authorities in use now.
// It is the caller's.
func (d *TLSDialer) Config(host string) *tls.Config {
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		ServerName: host,
		NextProtos: []string{"h2", "http/1.1"},
	}
	if d.Roots != nil {
		config.RootCAs = d.Roots.pool()
	}
	if d.Certificate != nil {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return d.Certificate.certificate(), nil
		}
	}
	return config
}
