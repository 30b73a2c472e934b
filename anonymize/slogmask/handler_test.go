package slogmask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/jsonmask"
)

const (
	phone = "+7 916 123-45-67"
	email = "marina.k@example.ru"
)

type customer struct {
	Phone string `json:"phone"`
	Note  string
}

type valuer struct{}

func (valuer) LogValue() slog.Value {
	return slog.GroupValue(slog.String("phone", phone), slog.String("note", "почта "+email))
}

type text struct{}

func (text) MarshalText() ([]byte, error) { return []byte("почта " + email), nil }

type panicking struct{}

func (*panicking) Error() string { panic("почта " + email) }

type unencodable struct{ Email func() }

// attrs has every kind of attribute, each with a value that must not be seen.
func attrs() []any {
	u, _ := url.Parse("https://example.ru/?mail=" + email)
	return []any{
		slog.String("comment", "почта "+email),
		slog.Int64("phone", 79161234567),
		slog.Uint64("mobile", 79161234567),
		slog.Float64("tel", 79161234567),
		slog.Time("birth_date", time.Date(1985, 3, 7, 0, 0, 0, 0, time.UTC)),
		slog.Group("client", slog.String("lastName", "Щукин"), slog.Group("", slog.String("email", email))),
		slog.Any("valuer", valuer{}),
		slog.Any("struct", customer{phone, "почта " + email}),
		slog.Any("pointer", &customer{phone, "почта " + email}),
		slog.Any("map", map[string]any{phone: []string{email}}),
		slog.Any("text", text{}),
		slog.Any("url", u),
		slog.Any("error", fmt.Errorf("писать на %s: %w", email, errors.New("отказ"))),
		slog.Any("panic", (*panicking)(nil)),
		slog.Any("bytes", []byte("почта "+email)),
		slog.Any("function", unencodable{}),
		slog.String("broken", "почта \xff"+email),
		slog.String(email, "ключ"),
	}
}

var canaries = []string{"9161234567", "123-45-67", "marina", "Щукин", "1985"}

func TestNothingShows(t *testing.T) {
	for name, make := range map[string]func(*bytes.Buffer, *slog.HandlerOptions) slog.Handler{
		"json": func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(b, o) },
		"text": func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(b, o) },
	} {
		t.Run(name, func(t *testing.T) {
			var handler, replaced bytes.Buffer
			l := slog.New(New(make(&handler, nil), nil))
			l.Info("Звонок от "+phone, attrs()...)
			l.With(attrs()...).WithGroup("g").With(attrs()...).Warn("почта "+email, attrs()...)
			l.WithGroup("+79161234567").Info("группа", "a", 1)
			r := slog.New(make(&replaced, &slog.HandlerOptions{AddSource: true, ReplaceAttr: ReplaceAttr(nil)}))
			r.Info("Звонок от "+phone, attrs()...)
			r.With(attrs()...).WithGroup("g").Warn("почта "+email, attrs()...)
			for _, out := range []string{handler.String(), replaced.String()} {
				assert.NotEmpty(t, out)
				for _, canary := range canaries {
					assert.NotContains(t, out, canary)
				}
				assert.Contains(t, out, "[PHONE]")
				assert.Contains(t, out, "[EMAIL]")
				assert.Contains(t, out, Hidden)
			}
			assert.Contains(t, replaced.String(), "handler_test.go", "the source stays")
		})
	}
}

func TestCleanStays(t *testing.T) {
	clean := []any{"n", 42, "error_code", 5002, "big", uint64(1) << 40, "share", 0.25, "ok", true, "took", 3 * time.Second, "at", time.Unix(1_700_000_000, 0).UTC(),
		"level", slog.LevelWarn, "list", []int{1, 2}, "nil", nil, slog.Group("g", "state", "done")}
	write := func(wrap func(slog.Handler) slog.Handler, replace func([]string, slog.Attr) slog.Attr) string {
		var b bytes.Buffer
		h := wrap(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: replace}))
		r := slog.NewRecord(time.Unix(1_700_000_000, 0), slog.LevelInfo, "заказ готов", 0)
		r.Add(clean...)
		require.NoError(t, h.Handle(context.Background(), r))
		return b.String()
	}
	plain := write(func(h slog.Handler) slog.Handler { return h }, nil)
	assert.Equal(t, plain, write(func(h slog.Handler) slog.Handler { return New(h, nil) }, nil))
	assert.Equal(t, plain, write(func(h slog.Handler) slog.Handler { return h }, ReplaceAttr(nil)))
}

// TestContract runs what package slog asks of every handler.
func TestContract(t *testing.T) {
	var b bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		b.Reset()
		return New(slog.NewJSONHandler(&b, nil), nil)
	}, func(t *testing.T) map[string]any {
		var m map[string]any
		require.NoError(t, json.Unmarshal(b.Bytes(), &m))
		return m
	})
}

func TestFields(t *testing.T) {
	var b bytes.Buffer
	m := jsonmask.New(&jsonmask.Options{
		Analyzer: anonymize.New(&anonymize.Options{Operator: anonymize.Hash(make([]byte, 32))}),
		Fields:   []jsonmask.Field{{Path: "call.support", Kind: jsonmask.Keep}, {Path: "call.who", Kind: anonymize.PERSON}},
	})
	l := slog.New(New(slog.NewTextHandler(&b, nil), m)).WithGroup("call")
	l.Info("a", "support", "8 800 555-00-00", "who", "Роза", "phone", phone)
	l.Info("b", "tel", "8 (916) 123-45-67")
	out := b.String()
	assert.Contains(t, out, "8 800 555-00-00")
	assert.NotContains(t, out, "Роза")
	hashes := strings.SplitAfter(out, "[PHONE:")
	require.Len(t, hashes, 3)
	assert.Equal(t, hashes[1][:33], hashes[2][:33], "one phone, one hash, in every record")
}

func TestConcurrent(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(New(slog.NewJSONHandler(&b, nil), nil))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				l.With("phone", phone).WithGroup("g").Info("почта "+email, "comment", email)
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 400, strings.Count(b.String(), "\n"))
	assert.NotContains(t, b.String(), "marina")
}

func BenchmarkHandler(b *testing.B) {
	for name, h := range map[string]slog.Handler{"plain": slog.NewJSONHandler(discard{}, nil), "masked": New(slog.NewJSONHandler(discard{}, nil), nil)} {
		l := slog.New(h)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Info("заказ готов", "id", 17, "state", "done", "comment", "перезвонить завтра после обеда")
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
