package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
)

// A config is what the flags say.
type config struct {
	listen, provider, upstream string
	policy, tools              string
	clients, cert, key, ca     string
	upstreamKey, scope         string
	metrics                    string
	state, identity            string
	purpose, basis             string
	echo                       bool

	maxBody                                 int64
	rate                                    float64
	perClient, inAll                        int
	maxConnections, maxConversations        int
	idleConversation                        time.Duration
	bodyTimeout, writeTimeout, eventTimeout time.Duration
	callTimeout, grace                      time.Duration

	stdout io.Writer
	log    *slog.Logger
}

// run serves until ctx is done.
func (c *config) run(ctx context.Context) (err error) {
	if c.echo {
		stop, err := c.startEcho()
		if err != nil {
			return err
		}
		defer stop()
	}
	certificates, err := c.certificates(ctx)
	if err != nil {
		return err
	}
	trail, err := openTrail(ctx, c.state, c.identity, c.ground())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, trail.Close()) }()
	g, err := c.gateway(trail)
	if err != nil {
		return err
	}
	stopMetrics, err := c.serveMetrics(g.metrics)
	if err != nil {
		return err
	}
	defer stopMetrics()
	l, err := net.Listen("tcp", c.listen)
	if err != nil {
		return err
	}
	c.log.Info("listening", "address", l.Addr().String(), "provider", c.provider, "upstream", g.upstream.base)
	return newServer(g, certificates, c.maxConnections, c.grace).serve(ctx, l)
}

func (c *config) ground() ground { return ground{audit.Purpose(c.purpose), audit.Basis(c.basis)} }

// startEcho puts the built-in model in the place of a provider.
func (c *config) startEcho() (stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: echo{c.stdout}, ReadHeaderTimeout: headerTimeout}
	go s.Serve(l) // until it is closed
	c.provider, c.upstream = "local", "http://"+l.Addr().String()+"/v1"
	return func() { _ = s.Close() }, nil
}

// certificates loads those of -cert and keeps them up to date. Whoever comes from another machine comes by TLS and with
// a key of the file of clients.
func (c *config) certificates(ctx context.Context) (*crypto.Certificates, error) {
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(host)
	if own := host == "localhost" || ip != nil && ip.IsLoopback(); !own && (c.cert == "" || c.clients == "") {
		return nil, fmt.Errorf("-listen %s can be reached from other machines, so it needs -cert, -key and -clients", c.listen)
	}
	if c.cert == "" {
		return nil, nil
	}
	certificates, err := crypto.LoadCertificates(c.cert, c.key)
	if err != nil {
		return nil, err
	}
	go crypto.Watch(ctx, 30*time.Second, func(err error) { c.log.Info("certificate", "reloaded", err == nil) }, certificates)
	return certificates, nil
}

// gateway makes a gateway that records in trail.
func (c *config) gateway(trail audit.Recorder) (*gateway, error) {
	rules, err := loadRules(c.policy, c.tools)
	if err != nil {
		return nil, err
	}
	up, err := c.newUpstream(rules)
	if err != nil {
		return nil, err
	}
	known, err := c.readClients()
	if err != nil {
		return nil, err
	}
	alias := pseudonyms{make([]byte, 32)}
	rand.Read(alias.key)
	g := &gateway{
		rules: rules, upstream: up, clients: known,
		limits:        &limits{perClient: c.perClient, inAll: c.inAll, rate: c.rate, burst: 2 * c.rate, now: time.Now, clients: map[string]*allowance{}},
		conversations: newConversations(rules, c.maxConversations, c.idleConversation, time.Now),
		trail:         trail, ground: c.ground(), metrics: newMetrics(), log: c.log,
		maxBody: c.maxBody, bodyTimeout: c.bodyTimeout, writeTimeout: c.writeTimeout,
		idleTimeout: c.eventTimeout, callTimeout: c.callTimeout,
		routes: newRoutes(rules, up.provider, alias.of),
	}
	g.metrics.gauges = func() (int, int) { return g.limits.underWay(), g.conversations.len() }
	return g, nil
}

func (c *config) newUpstream(rules *ruleset) (*upstream, error) {
	p, ok := findProvider(c.provider)
	if !ok {
		return nil, errors.New("-provider is local, yandexgpt, gigachat, openai or other")
	}
	base := c.upstream
	if base == "" {
		base = p.base
	}
	if base == "" {
		return nil, errors.New("this provider needs -upstream")
	}
	var roots *crypto.Roots
	if c.ca != "" {
		var err error
		if roots, err = crypto.LoadRoots(c.ca); err != nil {
			return nil, err
		}
	}
	up, err := newUpstream(p, base, rules, roots)
	switch {
	case err != nil:
		return nil, err
	case p.oauth != "" && c.upstreamKey == "":
		return nil, errors.New("this provider needs a key in VUAL_UPSTREAM_KEY")
	case p.oauth != "":
		up.token = newGigachat(up.client, p.oauth, c.upstreamKey, c.scope, time.Now).authorization
	case c.upstreamKey != "":
		up.token = fixedToken(p.scheme, c.upstreamKey)
	case c.clients != "": // their keys are for this gateway and none of the provider's business
		up.token = func(context.Context) (string, error) { return "", nil }
	}
	return up, nil
}

func (c *config) readClients() (clients, error) {
	if c.clients == "" {
		return nil, nil
	}
	f, err := os.Open(c.clients)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readClients(f)
}

func (c *config) serveMetrics(m *metrics) (stop func(), err error) {
	if c.metrics == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", c.metrics)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: headerTimeout, MaxHeaderBytes: maxHeaderBytes}
	go s.Serve(l) // until it is closed
	return func() { _ = s.Close() }, nil
}
