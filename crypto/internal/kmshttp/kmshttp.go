// Package kmshttp asks key services that speak JSON over HTTPS.
package kmshttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/syntora/vual/crypto"
)

// A Client posts to one service. It is safe for concurrent use.
type Client struct {
	base *url.URL
	http *http.Client
	sign func(context.Context, http.Header) error
}

// New returns a client for the service at base, which must be HTTPS unless it is on this
// machine. sign adds what the service knows its callers by. A nil client means one with a
// timeout of 10 seconds.
func New(base string, client *http.Client, sign func(context.Context, http.Header) error) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("address of the key service is not a plain URL")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("address of the key service is not HTTPS")
	}
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	own := *client
	// A redirect would carry token and key to another place.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: u, http: &own, sign: sign}, nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// maxAnswer bounds an answer; a wrapped key takes some hundred bytes.
const maxAnswer = 64 << 10

// Post sends in to the path under the base and reads the answer into out. What the service
// refuses is for refused to understand: it gets the status and the answer and returns the
// error, or nil to have it made here.
func (c *Client) Post(ctx context.Context, op, path string, in, out any, refused func(status int, answer []byte) error) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fault(op, false, err)
	}
	defer clear(body)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return fault(op, false, err)
	}
	r.Header.Set("Content-Type", "application/json")
	if err := c.sign(ctx, r.Header); err != nil {
		return fault(op, true, fmt.Errorf("no token: %w", err))
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return fault(op, true, err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	defer clear(data)
	if err != nil {
		return fault(op, true, err)
	}
	if len(data) > maxAnswer {
		return fault(op, false, errors.New("answer is too long"))
	}
	if answer.StatusCode != http.StatusOK {
		if err := refused(answer.StatusCode, data); err != nil {
			return err
		}
		// The service's words may quote what was sent: only the status is passed on.
		retry := answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500
		return fault(op, retry, fmt.Errorf("key service answers with status %d", answer.StatusCode))
	}
	if err := json.Unmarshal(data, out); err != nil {
		if gone := ctx.Err(); gone != nil { // the answer broke off with the caller's time
			return fault(op, true, gone)
		}
		return Disagree(op)
	}
	return nil
}

// Disagree is the error for an answer that breaks the service's contract.
func Disagree(op string) error { return fault(op, false, errors.New("answer is not as agreed")) }

func fault(op string, retry bool, err error) error {
	return &crypto.KeyError{Op: op, Retry: retry, Err: err}
}
