package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
)

// A gateway masks what clients send to a provider and restores what comes back. Requests share nothing but the
// conversations that they name. It is safe for concurrent use.
type gateway struct {
	rules         *ruleset
	upstream      *upstream
	clients       clients
	limits        *limits
	conversations *conversations
	trail         audit.Recorder
	ground        ground
	metrics       *metrics
	log           *slog.Logger
	maxBody       int64
	bodyTimeout   time.Duration // for all of a body
	writeTimeout  time.Duration // for each piece of an answer
	idleTimeout   time.Duration // between two events of the provider
	callTimeout   time.Duration // of a whole call
	routes        map[string]*route
}

// A route is an endpoint, ready for use.
type route struct {
	endpoint
	request       requestReader
	answer, event *node
}

// newRoutes joins the tables once.
func newRoutes(rules *ruleset, p provider, alias func(client, id string) string) map[string]*route {
	routes := map[string]*route{}
	for _, e := range endpoints {
		routes[e.path] = &route{
			endpoint: e, answer: tree(e.answer), event: tree(e.event),
			request: requestReader{tree: tree(e.fields), names: rules.names, alias: alias, storeOff: p.stores && e.path == "/v1/responses"},
		}
	}
	return routes
}

// A call is one request on its way.
type call struct {
	*gateway
	w            http.ResponseWriter
	r            *http.Request
	control      *http.ResponseController
	route        *route
	client       string
	conversation string // name of it, or one that no other call has
	masked       int
	told         translator // of the events that have been told, nil if there are none
}

// ServeHTTP serves one call and tells how it ended, without a word of it.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	c := &call{gateway: g, w: w, r: r, control: http.NewResponseController(w)}
	err := c.serve()
	result, status := code(""), http.StatusOK
	var no *refusal
	if errors.As(err, &no) {
		result, status = no.code, no.status
	}
	endpoint := "none"
	if c.route != nil {
		endpoint = c.route.path
	}
	took := time.Since(began)
	g.metrics.call(endpoint, result, took)
	g.log.LogAttrs(r.Context(), slog.LevelInfo, "call", slog.String("endpoint", endpoint), slog.Int("status", status),
		slog.String("result", result.result()), slog.Int("masked", c.masked), slog.Duration("took", took))
}

// serve answers the call. The error says how it ended; the client has been told.
func (c *call) serve() error {
	no := c.admit()
	if no != nil {
		// What was not read stays unread: the rest of a body would be taken for the next request.
		c.w.Header().Set("Connection", "close")
		no.write(c.w)
		return no
	}
	leave, retry := c.limits.enter(c.client)
	if leave == nil {
		no := refuse(http.StatusTooManyRequests, codeBusy, "", "too many calls")
		no.retry = retry
		c.w.Header().Set("Connection", "close")
		no.write(c.w)
		return no
	}
	defer leave()
	return c.admitted()
}

// admit looks at all but the body.
func (c *call) admit() *refusal {
	r := c.r
	c.route = c.routes[r.URL.Path]
	switch {
	case c.route == nil || r.URL.RawQuery != "":
		return refuse(http.StatusNotFound, codePath, "", "no such endpoint: "+endpointNames())
	case r.Method != http.MethodPost:
		return refuse(http.StatusMethodNotAllowed, codePath, "", "only POST is understood")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, codeHeader, "Content-Type", "only application/json is understood")
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return refuse(http.StatusUnsupportedMediaType, codeHeader, "Content-Encoding", "only identity is understood")
	}
	key, ok := strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer")), false
	if c.client, ok = c.clients.identify(key); !ok {
		return refuse(http.StatusUnauthorized, codeCredential, "", "the key is not known")
	}
	switch c.conversation = r.Header.Get(conversationHeader); {
	case len(c.conversation) > 256:
		return refuse(http.StatusBadRequest, codeHeader, conversationHeader, "longer than 256 bytes")
	case c.conversation != "" && key == "": // of those without a key nobody can tell one from another
		return refuse(http.StatusUnauthorized, codeCredential, conversationHeader, "a conversation needs a key in Authorization")
	}
	if r.ContentLength > c.maxBody {
		return c.tooLarge()
	}
	return nil
}

func endpointNames() string {
	var names []string
	for _, e := range endpoints {
		names = append(names, e.path)
	}
	return strings.Join(names, ", ")
}

func (c *call) tooLarge() *refusal {
	return refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "", "the body is longer than "+strconv.FormatInt(c.maxBody, 10)+" bytes")
}

// admitted reads, masks, records and passes on. What is refused after this client was known is recorded too.
func (c *call) admitted() error {
	ctx, cancel := context.WithTimeout(c.r.Context(), c.callTimeout)
	defer cancel()
	named := c.conversation
	if named == "" {
		c.conversation = uuid()
	}
	req, m, release, no := c.prepare(ctx, named)
	if no != nil {
		e := c.ground.event(c.client, c.conversation, 0)
		e.Outcome, e.Code = audit.Denied, string(no.code)
		if _, err := c.trail.Record(context.WithoutCancel(ctx), e); err != nil {
			no = refuse(http.StatusServiceUnavailable, codeAudit, "", "the audit log does not take the call")
		}
		no.write(c.w)
		return no
	}
	defer release()
	c.masked = m.values
	c.metrics.labels(m.values, 0, 0)
	return c.pass(ctx, req, m)
}

// prepare reads and masks a body. The mapping may be used until release is called.
func (c *call) prepare(ctx context.Context, conversation string) (req *request, m *masked, release func(), no *refusal) {
	body, no := c.body()
	if no != nil {
		return nil, nil, nil, no
	}
	req, err := c.route.request.read(c.client, body)
	if err != nil {
		return nil, nil, nil, err.(*refusal)
	}
	release = func() {}
	if conversation == "" {
		m, err = maskOnce(ctx, c.rules, req.passages)
	} else {
		m, release, err = c.conversations.mask(ctx, c.client, conversation, req.passages)
	}
	switch {
	case err == nil:
		return req, m, release, nil
	case errors.Is(err, errConversationFull), errors.Is(err, anonymize.ErrTooManyEntities):
		return nil, nil, nil, refuse(http.StatusConflict, codeConversation, "", errConversationFull.Error())
	}
	// What the cause is may quote the text.
	return nil, nil, nil, refuse(http.StatusInternalServerError, codeMask, "", "the request could not be masked")
}

// body reads the body within its bounds of size and time.
func (c *call) body() ([]byte, *refusal) {
	_ = c.control.SetReadDeadline(time.Now().Add(c.bodyTimeout)) // not every test's writer has one
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, c.maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, c.tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, refuse(http.StatusRequestTimeout, codeSlow, "", "the body did not come in time")
	case err != nil:
		return nil, refuse(http.StatusBadRequest, codeCut, "", "the body did not come whole")
	}
	// The answer may take longer than the body was given.
	_ = c.control.SetReadDeadline(time.Time{})
	return body, nil
}

// pass sends the masked request if the log took that it is tried, and gives the answer to the client. The end of the
// answer is told when the log took how it ended.
func (c *call) pass(ctx context.Context, req *request, m *masked) error {
	restorer := &restorer{mapping: m.mapping, answer: c.rules.answer, tools: c.rules.tools, json: req.json, labels: m.labels, budget: restoreBudget}
	var end func() error
	err := audit.Do(ctx, c.trail, c.ground.event(c.client, c.conversation, m.values), func(ctx context.Context) (err error) {
		end, err = c.forward(ctx, req, m, restorer)
		return err
	})
	c.metrics.labels(0, restorer.withheld, restorer.unknown)
	var no *refusal
	if err != nil && !errors.As(err, &no) {
		no = refuse(http.StatusServiceUnavailable, codeAudit, "", "the audit log does not take the call")
	}
	switch {
	case no != nil && c.told != nil:
		c.tellFailure(no)
		return no
	case no != nil:
		no.write(c.w)
		return no
	}
	return end()
}

// forward sends a request and reads the answer. What it returns tells the end of the answer to the client.
func (c *call) forward(ctx context.Context, req *request, m *masked, rest *restorer) (end func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	body := req.doc.render(nil, m.passages)
	resp, err := c.upstream.send(ctx, c.route.path, c.r.Header.Get("Authorization"), req.stream, body)
	if err != nil {
		cancel()
		return nil, c.unreachable(err)
	}
	defer cancel()
	defer resp.Body.Close()
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	encoding := resp.Header.Get("Content-Encoding")
	switch {
	case encoding != "" && encoding != "identity":
		return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer is compressed")
	case resp.StatusCode != http.StatusOK:
		return nil, c.rejected(ctx, resp)
	case kind == "text/event-stream":
		return c.stream(ctx, cancel, resp.Body, rest)
	case kind == "application/json":
		return c.whole(ctx, resp.Body, rest)
	}
	return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer is of no kind that is understood")
}

func (c *call) unreachable(err error) *refusal {
	switch {
	case errors.Is(err, errResidency):
		return refuse(http.StatusBadGateway, codeResidency, "", errResidency.Error())
	case c.r.Context().Err() != nil:
		return errCut
	}
	return refuse(http.StatusBadGateway, codeUpstream, "", "the provider could not be reached")
}

// maxAnswer bounds an answer that comes whole, in bytes.
const maxAnswer = 64 << 20

func (c *call) whole(ctx context.Context, body io.Reader, rest *restorer) (end func() error, err error) {
	src, err := readAll(body, maxAnswer)
	if err != nil {
		return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer did not come whole")
	}
	if checkJSON(src) != nil {
		return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer is no JSON")
	}
	out, err := rewriteAnswer(src, c.route.answer, func(_ string, ru rule, s string) string {
		if ru == report {
			return c.report(ctx, s)
		}
		return rest.whole(ru, s)
	})
	if err != nil {
		return nil, refuse(http.StatusBadGateway, codeAnswer, "", "the provider's answer is not understood")
	}
	return func() error {
		c.w.Header().Set("Content-Type", "application/json")
		_ = c.control.SetWriteDeadline(time.Now().Add(c.writeTimeout))
		if _, err := io.Copy(c.w, bytes.NewReader(out)); err != nil {
			return errCut
		}
		return nil
	}, nil
}

// errCut says that the client is no longer there.
var errCut = refuse(http.StatusServiceUnavailable, codeCut, "", "the call was cut")

// rejected gives the provider's error in our own form: its message, masked, for it may quote the request, or the key.
func (c *call) rejected(ctx context.Context, resp *http.Response) *refusal {
	no := refuse(resp.StatusCode, codeRejected, "", "the provider refused the request")
	if no.status < 400 || no.status > 599 { // a redirect is not followed
		no.status, no.code = http.StatusBadGateway, codeAnswer
	}
	if after, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && after > 0 {
		no.retry = min(after, 3600)
	}
	body, err := readAll(resp.Body, 256<<10)
	if err != nil || checkJSON(body) != nil {
		return no
	}
	c1 := cursor{src: body}
	inner, ok := c1.member("error")
	if !ok {
		inner = body
	}
	c2 := cursor{src: inner}
	message := c2.memberText("message")
	if inner[0] == '"' {
		message = unquote(inner)
	}
	if message != "" {
		no.reason = "the provider refused the request: " + c.report(ctx, message)
	}
	return no
}

// report masks what a provider says of its own.
func (c *call) report(ctx context.Context, s string) string {
	turn, err := c.rules.Session().Anonymize(ctx, anonymize.Turn{Speaker: "system", Text: s})
	if err != nil {
		return ""
	}
	return turn.Text
}
