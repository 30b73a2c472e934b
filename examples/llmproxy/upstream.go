package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/syntora/vual/crypto"
)

// An upstream is the provider's end of the gateway. It is safe for concurrent use.
type upstream struct {
	provider provider
	base     string
	client   *http.Client
	token    func(context.Context) (string, error) // of the header Authorization; nil: the client's own is sent
}

// newUpstream refuses what the policy does not allow before the first request does.
func newUpstream(p provider, base string, rules *ruleset, roots *crypto.Roots) (*upstream, error) {
	if p.trains && !rules.mayTrain(p.name) {
		return nil, fmt.Errorf("provider %s may keep requests for training, and the policy does not name it under gateway.training", p.name)
	}
	transport := newTransport(rules, roots)
	for _, target := range []string{base, p.oauth} {
		if err := checkTarget(target, rules); err != nil {
			return nil, err
		}
	}
	return &upstream{provider: p, base: strings.TrimSuffix(base, "/"), client: &http.Client{
		Transport: transport,
		// A redirect would lead past everything that was checked.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// checkTarget takes addresses of hosts of the policy, with TLS unless they are on this machine.
func checkTarget(target string, g geography) error {
	if target == "" {
		return nil
	}
	u, err := url.Parse(target)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "" {
		return errors.New("the upstream is no plain URL")
	}
	host := u.Hostname()
	if _, ok := g.Region(host); !ok {
		return fmt.Errorf("host %s is in no region of the policy, see gateway.regions", host)
	}
	switch ip := net.ParseIP(host); {
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback()):
		return nil
	}
	return errors.New("the upstream needs https unless it is on this machine")
}

// newTransport speaks TLS 1.3 to hosts of the policy, without a proxy of the environment, and asks for no compression:
// what is compressed is not looked into.
func newTransport(g geography, roots *crypto.Roots) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(ctx, g, network, address)
		},
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			if _, ok := g.Region(host); !ok {
				return nil, errResidency
			}
			d := crypto.TLSDialer{Roots: roots, Dialer: residentDialer(g, host)}
			return d.DialTLSContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        90 * time.Second,
		ResponseHeaderTimeout:  5 * time.Minute, // a model may think as long before it answers whole
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// send passes a masked body on. Of the client's headers only its own credential goes with it, if the gateway has none.
func (u *upstream) send(ctx context.Context, path, authorization string, stream bool, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.base+strings.TrimPrefix(path, "/v1"), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.GetBody = nil // nothing is sent twice
	if u.token != nil {
		if authorization, err = u.token(ctx); err != nil {
			return nil, err
		}
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "vual-llmproxy")
	req.Header.Set("Accept", "application/json")
	if stream {
		req.Header.Set("Accept", "text/event-stream")
	}
	for key, value := range u.provider.headers {
		req.Header.Set(key, value)
	}
	return u.client.Do(req)
}

// fixedToken is the credential of a key that does not change. A key that brings its own scheme keeps it.
func fixedToken(scheme, key string) func(context.Context) (string, error) {
	if !strings.Contains(key, " ") {
		key = scheme + " " + key
	}
	return func(context.Context) (string, error) { return key, nil }
}

var errLong = errors.New("the answer is too long")

// readAll reads an answer of up to limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errLong
	}
	return b, err
}
