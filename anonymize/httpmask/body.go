package httpmask

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/jsonmask"
)

// Options of the hooks. Nil and the zero value are the defaults. They must not change afterwards.
type Options struct {
	Masker  *jsonmask.Masker // nil means jsonmask.New(nil)
	MaxBody int64            // bytes; 0 means DefaultMaxBody
	Pass    []string         // media types that pass unseen, such as "image/png"
}

// DefaultMaxBody is where Options.MaxBody is zero.
const DefaultMaxBody = 10 << 20

var (
	// ErrRefused means that a body is of a type, charset or encoding in which nothing can be masked. Name the type in
	// Options.Pass if it holds no personal data.
	ErrRefused = errors.New("httpmask: cannot mask a body of this type")
	// ErrTooLarge means that a body is longer than Options.MaxBody.
	ErrTooLarge = errors.New("httpmask: body too large to mask")
	// ErrSyntax means that a body or a query is not what its type says.
	ErrSyntax = errors.New("httpmask: the message is not what its type says")
)

// A mask is the options made ready.
type mask struct {
	m     *jsonmask.Masker
	limit int64
	pass  []string
}

func newMask(opts *Options) *mask {
	if opts == nil {
		opts = &Options{}
	}
	k := &mask{m: opts.Masker, limit: opts.MaxBody}
	if k.m == nil {
		k.m = jsonmask.New(nil)
	}
	if k.limit <= 0 {
		k.limit = DefaultMaxBody
	}
	for _, p := range opts.Pass {
		k.pass = append(k.pass, strings.ToLower(p))
	}
	return k
}

// A message is the work on one request or response.
type message struct {
	*mask
	ctx context.Context
	s   *anonymize.Session
}

func (k *mask) message(ctx context.Context) message { return message{k, ctx, k.m.Session()} }

// passes reports a body that is not looked at.
func (k *mask) passes(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && slices.Contains(k.pass, kind)
}

// body reads and masks a body. It never gives a part of one.
func (w message) body(h http.Header, r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, w.limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > w.limit {
		return nil, ErrTooLarge
	}
	return w.masked(h, body)
}

func (w message) masked(h http.Header, body []byte) ([]byte, error) {
	if len(body) == 0 || w.passes(h) {
		return body, nil
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || !isUTF8(params["charset"]) || !isPlain(h) {
		return nil, ErrRefused
	}
	if !utf8.Valid(body) {
		return nil, ErrSyntax
	}
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		return syntax(w.m.Append(w.ctx, w.s, nil, body))
	case slices.Contains([]string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines"}, kind):
		var out bytes.Buffer
		err := w.m.Mask(w.ctx, &out, bytes.NewReader(body))
		return syntax(out.Bytes(), err)
	case kind == "application/x-www-form-urlencoded":
		form, err := w.form(string(body))
		return []byte(form), err
	case slices.Contains([]string{"text/plain", "text/markdown", "text/csv"}, kind):
		text, err := w.m.Text(w.ctx, w.s, string(body))
		return []byte(text), err
	}
	return nil, ErrRefused
}

// syntax gives nothing on an error: what was masked of lines before it is not the message.
func syntax(body []byte, err error) ([]byte, error) {
	if errors.Is(err, jsonmask.ErrSyntax) {
		return nil, ErrSyntax
	}
	if err != nil {
		return nil, err
	}
	return body, nil
}

func isUTF8(charset string) bool {
	return charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii")
}

func isPlain(h http.Header) bool {
	for _, encoding := range h.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(encoding), "identity") {
			return false
		}
	}
	return true
}

// form masks the pairs of a form or a query in their order, keys too.
func (w message) form(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	pairs := strings.Split(s, "&")
	for i, pair := range pairs {
		key, value, found := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err != nil {
			return "", ErrSyntax
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return "", ErrSyntax
		}
		masked, err := w.m.Text(w.ctx, w.s, value, key)
		if err != nil {
			return "", err
		}
		if key, err = w.m.Key(w.ctx, w.s, key); err != nil {
			return "", err
		}
		pairs[i] = url.QueryEscape(key)
		if found {
			pairs[i] += "=" + url.QueryEscape(masked)
		}
	}
	return strings.Join(pairs, "&"), nil
}
