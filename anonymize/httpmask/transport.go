package httpmask

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Transport returns a RoundTripper that masks the query and the body of a request before it hands it to next; nil means
// http.DefaultTransport. A request that cannot be masked is not sent. It is safe for concurrent use if next is.
func Transport(next http.RoundTripper, opts *Options) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &transport{next, newMask(opts)}
}

type transport struct {
	next http.RoundTripper
	mask *mask
}

// RoundTrip masks and sends. The request given stays as it was, its body is closed.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	masked, err := t.mask.request(req)
	if err != nil {
		return nil, fmt.Errorf("the request was not sent: %w", err)
	}
	return t.next.RoundTrip(masked)
}

// request gives a masked copy of a request, the body of which it reads and closes.
func (k *mask) request(req *http.Request) (*http.Request, error) {
	w := k.message(req.Context())
	masked := req.Clone(req.Context())
	query, err := w.form(req.URL.RawQuery)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	w.setQuery(masked, query)
	if req.Body == nil || req.Body == http.NoBody || k.passes(req.Header) {
		return masked, nil
	}
	defer closeBody(req)
	body, err := w.body(req.Header, req.Body)
	if err != nil {
		return nil, err
	}
	setBody(masked, body)
	return masked, nil
}

// setQuery puts a query into all places of a request that show it.
func (w message) setQuery(req *http.Request, query string) {
	req.URL.RawQuery = query
	req.Form, req.PostForm, req.MultipartForm = nil, nil, nil // whoever parsed them before saw the original
	if before, _, found := strings.Cut(req.RequestURI, "?"); found {
		req.RequestURI = before + "?" + query
	}
	page, asked, found := strings.Cut(req.Header.Get("Referer"), "?")
	if !found {
		return
	}
	req.Header.Set("Referer", page) // http.Client puts the query of the original there when it is redirected
	if masked, err := w.form(asked); err == nil {
		req.Header.Set("Referer", page+"?"+masked)
	}
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // what was not sent needs no good end
	}
}

func setBody(req *http.Request, body []byte) {
	req.ContentLength, req.TransferEncoding, req.Trailer = int64(len(body)), nil, nil
	req.Header.Del("Content-Length")
	for _, sum := range sums {
		req.Header.Del(sum)
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}

// sums are headers that speak of the bytes of the original.
var sums = [...]string{"Content-Md5", "Digest", "Content-Digest", "Repr-Digest", "Etag", "Accept-Ranges"}
