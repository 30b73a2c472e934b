package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// gigachat changes a key for tokens of half an hour (developers.sber.ru, GigaChat API, POST /api/v2/oauth). It is safe
// for concurrent use.
type gigachat struct {
	client *http.Client
	url    string
	key    string // client id and secret in base64
	scope  string // GIGACHAT_API_PERS, _B2B or _CORP
	now    func() time.Time

	turn    chan struct{} // holds one: who renews the token
	mu      sync.Mutex
	token   string
	expires time.Time
}

// renewBefore is how long before its end a token is renewed: a long request must not outlive the token that it begins with.
const renewBefore = time.Minute

var errToken = errors.New("the provider gave no token")

func newGigachat(client *http.Client, address, key, scope string, now func() time.Time) *gigachat {
	return &gigachat{client: client, url: address, key: key, scope: scope, now: now, turn: make(chan struct{}, 1)}
}

// authorization gives the header of a request. One caller renews, the others wait for it.
func (g *gigachat) authorization(ctx context.Context) (string, error) {
	if token, ok := g.current(); ok {
		return "Bearer " + token, nil
	}
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if token, ok := g.current(); ok {
		return "Bearer " + token, nil
	}
	token, expires, err := g.fetch(ctx)
	if err != nil {
		return "", err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.token, g.expires = token, expires
	return "Bearer " + token, nil
}

func (g *gigachat) current() (string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.token, g.token != "" && g.now().Add(renewBefore).Before(g.expires)
}

func (g *gigachat) fetch(ctx context.Context) (token string, expires time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	form := url.Values{"scope": {g.scope}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, strings.NewReader(form.Encode()))
	if err != nil {
		return "", time.Time{}, err
	}
	req.Header.Set("Authorization", "Basic "+g.key)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("RqUID", uuid())
	resp, err := g.client.Do(req)
	if err != nil {
		return "", time.Time{}, err
	}
	defer resp.Body.Close()
	body, err := readAll(resp.Body, 64<<10)
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", time.Time{}, errToken
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresAt   int64  `json:"expires_at"` // milliseconds since 1970
	}
	if json.Unmarshal(body, &answer) != nil || answer.AccessToken == "" {
		return "", time.Time{}, errToken
	}
	return answer.AccessToken, time.UnixMilli(answer.ExpiresAt), nil
}

// uuid makes a random identifier of version 4 (RFC 9562, section 5.4).
func uuid() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
