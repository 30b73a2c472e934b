package httpmask

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	phone = "+7 916 123-45-67"
	email = "marina.k@example.ru"
)

// bodies are messages and what is left of them; an error means that they are refused.
var bodies = []struct {
	name, kind, in, want string
	err                  error
}{
	{"json", "application/json", `{"phone": "` + phone + `", "n": 1.0}`, `{"phone":"[PHONE_1]","n":1.0}`, nil},
	{"a kind of json", "application/vnd.api+json; charset=UTF-8", `["` + email + `"]`, `["[EMAIL_1]"]`, nil},
	{"lines of json", "application/x-ndjson", "{\"e\":\"" + email + "\"}\n{}\n", "{\"e\":\"[EMAIL_1]\"}\n{}\n", nil},
	{"form", "application/x-www-form-urlencoded", "phone=%2B79161234567&b=x+y&" + email + "=1&flag", "phone=%5BPHONE_1%5D&b=x+y&%5BEMAIL_1%5D=1&flag", nil},
	{"text", "text/plain; charset=utf-8", "почта " + email, "почта [EMAIL_1]", nil},
	{"csv", "text/csv", "1;" + phone, "1;[PHONE_1]", nil},
	{"nothing", "", "", "", nil},
	{"passes", "image/png", "\x89PNG " + email, "\x89PNG " + email, nil},
	{"no type", "", email, "", ErrRefused},
	{"a page", "text/html", email, "", ErrRefused},
	{"events", "text/event-stream", "data: " + email, "", ErrRefused},
	{"parts", "multipart/form-data; boundary=x", email, "", ErrRefused},
	{"other letters", "text/plain; charset=windows-1251", email, "", ErrRefused},
	{"broken json", "application/json", `{"e": "` + email, "", ErrSyntax},
	{"broken lines", "application/x-ndjson", "{}\n{\"e\": \"" + email, "", ErrSyntax},
	{"broken form", "application/x-www-form-urlencoded", "e=%zz" + email, "", ErrSyntax},
	{"broken letters", "text/plain", "\xff" + email, "", ErrSyntax},
	{"large", "text/plain", strings.Repeat(email+" ", 100), "", ErrTooLarge},
}

var modified = time.Unix(1_700_000_000, 0)

var opts = &Options{MaxBody: 1000, Pass: []string{"image/PNG"}}

func TestTransport(t *testing.T) {
	for _, c := range bodies {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			upstream := roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Body != nil {
					body, err := io.ReadAll(r.Body)
					require.NoError(t, err)
					got = string(body)
					if c.in != "" && c.name != "passes" {
						assert.EqualValues(t, len(body), r.ContentLength)
					}
				}
				assert.Equal(t, "e=%5BEMAIL_1%5D", r.URL.RawQuery)
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})
			body := &closing{Reader: strings.NewReader(c.in)}
			req := httptest.NewRequest("POST", "https://example.org/x?e="+email, body)
			req.Header.Set("Content-Type", c.kind)
			_, err := Transport(upstream, opts).RoundTrip(req)
			if c.err != nil {
				assert.ErrorIs(t, err, c.err)
				assert.Empty(t, got)
				assert.NotContains(t, err.Error(), "marina")
			} else {
				require.NoError(t, err)
				assert.Equal(t, c.want, got)
			}
			assert.True(t, body.closed || c.name == "passes", "the body is closed")
			assert.Equal(t, "e="+email, req.URL.RawQuery, "the caller's request stays")
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestTransportRefuses(t *testing.T) {
	sent := Transport(roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, nil
	}), nil)
	broken := errors.New("cable cut")
	for name, change := range map[string]func(r *http.Request){
		"query":      func(r *http.Request) { r.URL.RawQuery = "a=%zz" },
		"compressed": func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
		"cut":        func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(broken)) },
	} {
		req := httptest.NewRequest("POST", "https://example.org/", strings.NewReader(email))
		req.Header.Set("Content-Type", "text/plain")
		change(req)
		_, err := sent.RoundTrip(req)
		assert.Error(t, err, name)
	}
}

// TestOverTheWire: a real client and server, a body that is sent again after a redirect.
func TestOverTheWire(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	client := &http.Client{Transport: Transport(nil, nil)}
	resp, err := client.Post(server.URL+"/old", "application/json", strings.NewReader(`{"phone":"`+phone+`"}`))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, []string{`{"phone":"[PHONE_1]"}`, `{"phone":"[PHONE_1]"}`}, got)
}

// TestRedirectedQuery: http.Client tells the page that redirected to where the query of the original was.
func TestRedirectedQuery(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.RequestURI, r.Referer())
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
		}
	}))
	defer server.Close()
	client := &http.Client{Transport: Transport(nil, nil)}
	resp, err := client.Get(server.URL + "/old?email=" + url.QueryEscape(email))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, []string{"/old?email=%5BEMAIL_1%5D", "", "/new", server.URL + "/old?email=%5BEMAIL_1%5D"}, got)
}

// TestQueryEverywhere: a handler sees the masked query wherever a request shows it, also if somebody parsed it before.
func TestQueryEverywhere(t *testing.T) {
	h := Requests(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "[EMAIL_1]", r.FormValue("email"))
		assert.Equal(t, "/x?email=%5BEMAIL_1%5D", r.RequestURI)
		assert.Equal(t, "https://example.com/", r.Referer(), "a query that cannot be read")
		assert.NotContains(t, fmt.Sprintf("%+v", r), "marina")
	}), nil)
	req := httptest.NewRequest("GET", "/x?email="+email, nil)
	req.Header.Set("Referer", "https://example.com/?%zz="+email)
	require.NoError(t, req.ParseForm())
	h.ServeHTTP(httptest.NewRecorder(), req)
}

func TestRequests(t *testing.T) {
	for _, c := range bodies {
		t.Run(c.name, func(t *testing.T) {
			called := false
			h := Requests(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				called = true
				body, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				assert.Equal(t, c.want, string(body))
			}), opts)
			req := httptest.NewRequest("POST", "/", strings.NewReader(c.in))
			req.Header.Set("Content-Type", c.kind)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			assert.Equal(t, c.err == nil, called)
			code := map[error]int{nil: 200, ErrSyntax: 400, ErrTooLarge: 413, ErrRefused: 415}[c.err]
			assert.Equal(t, code, w.Code)
			assert.NotContains(t, w.Body.String(), "marina")
		})
	}
}

func TestResponses(t *testing.T) {
	for _, c := range bodies {
		t.Run(c.name, func(t *testing.T) {
			h := Responses(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				w.Header().Set("Etag", `"1"`)
				w.WriteHeader(http.StatusAccepted)
				w.Header().Set("Late", "not sent")
				for _, b := range []byte(c.in) {
					if _, err := w.Write([]byte{b}); err != nil {
						return
					}
				}
			}), opts)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			if c.name == "no type" { // net/http would tell it from the bytes
				assert.Equal(t, "[EMAIL_1]", w.Body.String())
				return
			}
			if c.err != nil {
				assert.Equal(t, http.StatusInternalServerError, w.Code)
				assert.NotContains(t, w.Body.String(), "marina")
				return
			}
			assert.Equal(t, http.StatusAccepted, w.Code)
			assert.Equal(t, c.want, w.Body.String())
			assert.Equal(t, c.want == c.in, w.Header().Get("Etag") != "", "a sum of the original")
			assert.Empty(t, w.Header().Get("Late"))
		})
	}
}

func TestPartialResponse(t *testing.T) {
	h := Responses(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.txt", modified, bytes.NewReader([]byte("почта "+email)))
	}), nil)
	for ranged, want := range map[string]int{"": 200, "bytes=3-20": 500} {
		req := httptest.NewRequest("GET", "/", nil)
		if ranged != "" {
			req.Header.Set("Range", ranged)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		assert.Equal(t, want, w.Code)
		assert.NotContains(t, w.Body.String(), "marina")
	}
}

func FuzzBody(f *testing.F) {
	for _, c := range bodies {
		f.Add(c.kind, c.in)
	}
	k := newMask(opts)
	f.Fuzz(func(t *testing.T, kind, in string) {
		out, err := k.message(t.Context()).masked(http.Header{"Content-Type": {kind}}, []byte(in))
		if err != nil && out != nil && len(out) > 0 {
			t.Fatal("half a body")
		}
	})
}
