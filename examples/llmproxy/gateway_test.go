package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
)

// A bench is a gateway between a test and a model that the test plays.
type bench struct {
	t       *testing.T
	gateway *gateway
	url     string
	log     *lockedBuffer
	trail   *memoryTrail

	mu      sync.Mutex
	bodies  []string // what has reached the model
	headers []http.Header
}

// newBench plays a model with answer, which gets the body of each request.
func newBench(t *testing.T, answer func(w http.ResponseWriter, body string), change ...func(*gateway)) *bench {
	b := &bench{t: t, log: &lockedBuffer{}, trail: &memoryTrail{}}
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		b.mu.Lock()
		b.bodies = append(b.bodies, string(body))
		b.headers = append(b.headers, r.Header.Clone())
		b.mu.Unlock()
		answer(w, string(body))
	}))
	t.Cleanup(model.Close)
	c := defaultConfig()
	c.upstream, c.rate = model.URL+"/v1", 1e6
	c.perClient, c.inAll = 1000, 1000
	c.log = slog.New(slog.NewJSONHandler(b.log, nil))
	g, err := c.gateway(b.trail)
	require.NoError(t, err)
	for _, f := range change {
		f(g)
	}
	b.gateway = g
	front := newServer(g, nil, 1000, time.Second)
	s := httptest.NewUnstartedServer(g)
	s.Config = front.http
	s.Start()
	t.Cleanup(s.Close)
	b.url = s.URL
	return b
}

// post sends a body and gives status and answer.
func (b *bench) post(path, body string, headers ...string) (int, string) {
	b.t.Helper()
	resp := b.open(path, body, headers...)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	return resp.StatusCode, string(answer)
}

func (b *bench) open(path, body string, headers ...string) *http.Response {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(body))
	require.NoError(b.t, err)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	return resp
}

func (b *bench) seen() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.bodies, "\n")
}

// ask is a request for a chat completion about a text.
func ask(text string, stream bool) string {
	body, _ := json.Marshal(map[string]any{"model": "m", "stream": stream, "messages": []any{map[string]string{"role": "user", "content": text}}})
	return string(body)
}

// say answers a chat completion with a text.
func say(text string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, _ string) {
		answer(w, map[string]any{"choices": []any{map[string]any{"index": 0, "message": map[string]string{"content": text}, "finish_reason": "stop"}}})
	}
}

// content reads the text of a chat completion.
func content(t *testing.T, body string) string {
	t.Helper()
	var a struct {
		Choices []struct{ Message struct{ Content string } }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &a), body)
	require.NotEmpty(t, a.Choices, body)
	return a.Choices[0].Message.Content
}

// chatEvents writes the events of a chat completion in these pieces.
func chatEvents(pieces ...string) string {
	var b strings.Builder
	for _, p := range pieces {
		data, _ := json.Marshal(map[string]any{"id": "c", "choices": []any{map[string]any{"index": 0, "delta": map[string]string{"content": p}, "finish_reason": nil}}})
		b.WriteString("data: " + string(data) + "\n\n")
	}
	b.WriteString(`data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n")
	return b.String()
}

// events answers with a stream as it is.
func events(stream string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, stream)
	}
}

// drip answers with a stream, byte by byte, each in a packet of its own.
func drip(stream string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range len(stream) {
			_, _ = io.WriteString(w, stream[i:i+1])
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// deltas reads the pieces of content in a stream of chat completions, and whether it ended well.
func deltas(t *testing.T, stream string) (pieces []string, done bool) {
	t.Helper()
	r := newEventReader(strings.NewReader(stream))
	for {
		e, err := r.next()
		if err != nil {
			return pieces, done
		}
		if string(e.data) == "[DONE]" {
			done = true
			continue
		}
		var c struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		require.NoError(t, json.Unmarshal(e.data, &c), string(e.data))
		for _, choice := range c.Choices {
			pieces = append(pieces, choice.Delta.Content)
		}
	}
}

// A memoryTrail is a recorder that keeps what it got, or refuses.
type memoryTrail struct {
	mu     sync.Mutex
	events []audit.Event
	fail   func(audit.Event) bool
}

func (m *memoryTrail) Record(_ context.Context, e audit.Event) (audit.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil && m.fail(e) {
		return audit.Receipt{}, errors.New("the disk is full")
	}
	m.events = append(m.events, e)
	return audit.Receipt{ID: audit.ID{1}}, nil
}

func (m *memoryTrail) outcomes() (o []audit.Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.events {
		o = append(o, e.Outcome)
	}
	return o
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// withTools lets these kinds come back in arguments of tool calls.
func withTools(kinds ...anonymize.Kind) func(*gateway) {
	return func(g *gateway) { g.rules.tools = anonymize.RestoreOptions{Kinds: kinds} }
}

func TestHeadersGoOutByList(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	status, _ := b.post("/v1/chat/completions", ask("Добрый день", false), "Authorization", "Bearer sk-client", "X-Customer", "Марина Котова",
		"Cookie", "session=79161234567", "OpenAI-Organization", "org-kotova", "X-Stainless-Os", "Linux", "User-Agent", "kotova-app/1", "X-Vual-Conversation", "79161234567")
	require.Equal(t, 200, status)
	var names []string
	for name := range b.headers[0] {
		names = append(names, name)
	}
	require.ElementsMatch(t, []string{"Accept", "Authorization", "Content-Length", "Content-Type", "User-Agent"}, names)
	require.Equal(t, "vual-llmproxy", b.headers[0].Get("User-Agent"))
}

func TestWhatIsNotUnderstoodStays(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	fine := ask("x", false)
	for _, c := range []struct {
		name, path, body string
		headers          []string
		status           int
	}{
		{"path", "/v1/files", fine, nil, 404},
		{"path below", "/v1/chat/completions/", fine, nil, 404},
		{"query", "/v1/chat/completions?user=kotova", fine, nil, 404},
		{"content type", "/v1/chat/completions", fine, []string{"Content-Type", "multipart/form-data"}, 415},
		{"compressed", "/v1/chat/completions", fine, []string{"Content-Encoding", "gzip"}, 415},
		{"no JSON", "/v1/chat/completions", "{", nil, 400},
		{"two values", "/v1/chat/completions", fine + fine, nil, 400},
		{"bytes that are no letters", "/v1/chat/completions", "{\"model\":\"m\xff\"}", nil, 400},
		{"a key twice", "/v1/chat/completions", `{"model":"m","model":"n"}`, nil, 400},
		{"a key in other letters", "/v1/chat/completions", `{"model":"m","Messages":[]}`, nil, 400},
		{"deep", "/v1/chat/completions", `{"model":"m","metadata":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, nil, 400},
		{"long conversation", "/v1/chat/completions", fine, []string{conversationHeader, strings.Repeat("x", 300)}, 400},
	} {
		status, body := b.post(c.path, c.body, c.headers...)
		require.Equal(t, c.status, status, "%s: %s", c.name, body)
		require.Contains(t, body, `"error"`, c.name)
	}
	require.Empty(t, b.seen())
	resp, err := http.Get(b.url + "/v1/chat/completions")
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, 405, resp.StatusCode)
}

func TestProviderErrorsAreMasked(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(429)
		_, _ = io.WriteString(w, `{"error":{"message":"Limit of ivanov.petr@example.ru reached, key sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56","param":"ivanov.petr@example.ru"}}`)
	})
	resp := b.open("/v1/chat/completions", ask("x", false))
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	require.Equal(t, 429, resp.StatusCode)
	require.Equal(t, "7", resp.Header.Get("Retry-After"))
	require.Contains(t, string(body), "Limit of [EMAIL_1] reached")
	require.NotContains(t, string(body), "ivanov")
	require.NotContains(t, string(body), "sk-proj")
}

func TestErrorInsideAnAnswer(t *testing.T) {
	t.Parallel()
	for path, model := range map[string]func(http.ResponseWriter, string){
		"/v1/chat/completions": events("data: {\"error\":{\"message\":\"no quota for ivanov.petr@example.ru\"}}\n\n"),
		"/v1/responses":        events("data: {\"type\":\"error\",\"message\":\"no quota for ivanov.petr@example.ru\"}\n\n"),
	} {
		b := newBench(t, model)
		_, body := b.post(path, `{"model":"m","stream":true}`)
		require.Contains(t, body, "no quota for [EMAIL_1]")
		b = newBench(t, func(w http.ResponseWriter, _ string) {
			answer(w, map[string]any{"error": map[string]string{"message": "no quota for ivanov.petr@example.ru"}})
		})
		_, body = b.post(path, `{"model":"m"}`)
		require.Contains(t, body, "no quota for [EMAIL_1]")
	}
}

func TestAnswersThatAreNotUnderstood(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]func(http.ResponseWriter, string){
		"a page": func(w http.ResponseWriter, _ string) { _, _ = io.WriteString(w, "<html>[PHONE_1]") },
		"no JSON": func(w http.ResponseWriter, _ string) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{[PHONE_1]")
		},
		"compressed": func(w http.ResponseWriter, _ string) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte{0x1f, 0x8b})
		},
		"elsewhere": func(w http.ResponseWriter, _ string) {
			w.Header().Set("Location", "http://169.254.169.254/")
			w.WriteHeader(307)
		},
	} {
		b := newBench(t, model)
		status, body := b.post("/v1/chat/completions", ask("+7 916 123-45-67", false))
		require.Equal(t, 502, status, name)
		require.NotContains(t, body, "PHONE", name)
		require.Len(t, b.bodies, 1, name)
		require.Equal(t, []audit.Outcome{audit.Attempt, audit.Failed}, b.trail.outcomes(), name)
	}
}

func TestNoCallWithoutTheLog(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	b.trail.fail = func(audit.Event) bool { return true }
	status, body := b.post("/v1/chat/completions", ask("+7 916 123-45-67", false))
	require.Equal(t, 503, status, body)
	require.Empty(t, b.seen(), "nothing leaves before it is recorded")
	status, _ = b.post("/v1/chat/completions", `{"model":"m","x":1}`)
	require.Equal(t, 503, status)

	b.trail.fail = func(e audit.Event) bool { return e.Outcome == audit.Success }
	status, body = b.post("/v1/chat/completions", ask("x", false))
	require.Equal(t, 503, status, "an outcome that is not recorded is no success: %s", body)
	b = newBench(t, events(chatEvents("ok")))
	b.trail.fail = func(e audit.Event) bool { return e.Outcome == audit.Success }
	_, body = b.post("/v1/chat/completions", ask("x", true))
	require.NotContains(t, body, "[DONE]")
	require.Contains(t, body, `"code":"audit"`)
}

func TestRefusedCallsAreRecorded(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	b.post("/v1/chat/completions", `{"model":"m","x":1}`)
	require.Equal(t, []audit.Outcome{audit.Denied}, b.trail.outcomes())
	require.Equal(t, string(codeUnknown), b.trail.events[0].Code)
}
