package httpmask

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
)

// Requests masks the query and the body of each request before h sees it. What cannot be masked is answered 400, 413 or
// 415, and h is not called.
func Requests(h http.Handler, opts *Options) http.Handler {
	k := newMask(opts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		masked, err := k.request(r)
		if err != nil {
			code := statusOf(err)
			http.Error(w, http.StatusText(code), code)
			return
		}
		h.ServeHTTP(w, masked)
	})
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrRefused):
		return http.StatusUnsupportedMediaType
	}
	return http.StatusBadRequest
}

// Responses masks what h answers. The answer leaves when h is done, as a whole or not at all: what cannot be masked is
// answered 500. What h would stream, hijack or push is not to be had.
func Responses(h http.Handler, opts *Options) http.Handler {
	k := newMask(opts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held := &heldResponse{header: http.Header{}, limit: k.limit}
		h.ServeHTTP(held, r)
		body, err := k.response(r, held)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		held.send(w, body)
	})
}

func (k *mask) response(r *http.Request, held *heldResponse) ([]byte, error) {
	switch {
	case held.tooLarge:
		return nil, ErrTooLarge
	case held.code == http.StatusPartialContent && !k.passes(held.header):
		return nil, ErrRefused // a part of a document cannot be read
	}
	if held.body.Len() > 0 && held.header.Get("Content-Type") == "" { // as net/http does
		held.header.Set("Content-Type", http.DetectContentType(held.body.Bytes()))
	}
	return k.message(r.Context()).masked(held.header, held.body.Bytes())
}

// A heldResponse keeps an answer until it is complete.
type heldResponse struct {
	header   http.Header
	sent     http.Header // as it was when the handler wrote
	code     int
	body     bytes.Buffer
	limit    int64
	tooLarge bool
}

func (h *heldResponse) Header() http.Header { return h.header }

func (h *heldResponse) WriteHeader(code int) {
	if h.code == 0 && code >= http.StatusOK { // what comes before the answer proper is not passed on
		h.code, h.sent = code, h.header.Clone()
	}
}

func (h *heldResponse) Write(p []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	if int64(h.body.Len()+len(p)) > h.limit {
		h.tooLarge = true
		return 0, ErrTooLarge
	}
	return h.body.Write(p)
}

func (h *heldResponse) send(w http.ResponseWriter, body []byte) {
	h.WriteHeader(http.StatusOK)
	for key, values := range h.sent {
		w.Header()[key] = values
	}
	if kind := h.header.Get("Content-Type"); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	if !bytes.Equal(body, h.body.Bytes()) {
		for _, sum := range sums {
			w.Header().Del(sum)
		}
	}
	w.Header().Del("Content-Length")
	if len(body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(h.code)
	_, _ = w.Write(body) // the connection is net/http's
}
