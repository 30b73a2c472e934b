package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/syntora/vual/crypto"
)

// A server is the gateway on its listeners.
type server struct {
	http  *http.Server
	grace time.Duration
	cut   context.CancelFunc // ends the calls under way
}

// bounds of connections. Those of calls are in the gateway: a stream may last longer than any of these.
const (
	headerTimeout  = 5 * time.Second
	idleTimeout    = 60 * time.Second
	maxHeaderBytes = 16 << 10
)

func newServer(handler http.Handler, certificates *crypto.Certificates, maxConnections int, grace time.Duration) *server {
	ctx, cut := context.WithCancel(context.Background())
	s := &server{grace: grace, cut: cut, http: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         newConnections(maxConnections).state,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // it would quote addresses and bad requests
	}}
	if certificates != nil {
		s.http.TLSConfig = crypto.ServerTLS(certificates)
	}
	return s
}

// serve serves until ctx is done. Then it takes no more calls, lets those under way end for as long as the grace lasts,
// and cuts the rest: each of them ends with an event that says so and with its outcome in the audit log.
func (s *server) serve(ctx context.Context, l net.Listener) error {
	failed := make(chan error, 1)
	go func() {
		if s.http.TLSConfig != nil {
			failed <- s.http.ServeTLS(l, "", "")
			return
		}
		failed <- s.http.Serve(l)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	return s.stop()
}

// lastWords is how long calls that were cut have to say so.
const lastWords = 5 * time.Second

func (s *server) stop() error {
	defer s.cut()
	grace, cancel := context.WithTimeout(context.Background(), s.grace)
	defer cancel()
	err := s.http.Shutdown(grace)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	s.cut()
	end, cancelEnd := context.WithTimeout(context.Background(), lastWords)
	defer cancelEnd()
	if err = s.http.Shutdown(end); err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}
