package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkMask reads and masks a request of ten messages.
func BenchmarkMask(b *testing.B) {
	rules, err := loadRules("", "")
	require.NoError(b, err)
	local, _ := findProvider("local")
	route := newRoutes(rules, local, pseudonyms{make([]byte, 32)}.of)["/v1/chat/completions"]
	turn := `{"role":"user","content":"Добрый день! ` + told + `. Подскажите, когда привезут заказ, и можно ли поменять адрес доставки?"},` +
		`{"role":"assistant","content":"Здравствуйте, Анна! Заказ приедет в среду после обеда, адрес можно поменять до вечера вторника."}`
	body := []byte(`{"model":"m","messages":[` + strings.Repeat(turn+",", 4) + turn + `]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		req, err := route.request.read("client", body)
		require.NoError(b, err)
		m, err := maskOnce(b.Context(), rules, req.passages)
		require.NoError(b, err)
		req.doc.render(nil, m.passages)
	}
}

// BenchmarkStream restores an answer in 100 events.
func BenchmarkStream(b *testing.B) {
	stream := chatEvents(strings.Split(strings.Repeat(said+" ", 3), "")[:100]...)
	r := testRestorer(b)
	c := call{gateway: &gateway{rules: &ruleset{}, idleTimeout: time.Minute, writeTimeout: time.Minute},
		route: &route{endpoint: endpoints[0], event: tree(chatEvent)}}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		c.w, c.control, c.r = w, http.NewResponseController(w), httptest.NewRequest(http.MethodPost, "/", nil)
		again := *r
		end, err := c.stream(b.Context(), func() {}, io.NopCloser(strings.NewReader(stream)), &again)
		require.NoError(b, err)
		require.NoError(b, end())
	}
}
