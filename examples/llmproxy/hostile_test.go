package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
)

// serves reports whether somebody else is served meanwhile.
func (b *bench) serves() {
	b.t.Helper()
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	resp, err := client.Post(b.url+"/v1/chat/completions", "application/json", strings.NewReader(ask("Добрый день", false)))
	require.NoError(b.t, err)
	defer resp.Body.Close()
	require.Equal(b.t, 200, resp.StatusCode)
}

func (b *bench) dial() net.Conn {
	b.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	require.NoError(b.t, err)
	b.t.Cleanup(func() { conn.Close() })
	require.NoError(b.t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	return conn
}

const requestHead = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

func TestSlowHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	began := time.Now()
	conn := b.dial()
	go func() {
		for _, c := range requestHead { // one byte in 100 ms: 7 seconds in all
			if _, err := conn.Write([]byte(string(c))); err != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	b.serves()
	_, _ = io.ReadAll(conn) // until the server has had enough
	require.Less(t, time.Since(began), headerTimeout+3*time.Second)
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"), func(g *gateway) { g.bodyTimeout = 300 * time.Millisecond })
	conn := b.dial()
	_, err := conn.Write([]byte(requestHead + "Content-Length: 1000\r\n\r\n{"))
	require.NoError(t, err)
	b.serves()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, 408, resp.StatusCode)
	require.Zero(t, b.gateway.limits.underWay())
}

// TestLongStream outlives the timeout of the body.
func TestLongStream(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range strings.SplitAfter(chatEvents("а", "б", "в"), "\n\n") {
			_, _ = io.WriteString(w, e)
			_ = http.NewResponseController(w).Flush()
			time.Sleep(150 * time.Millisecond)
		}
	}, func(g *gateway) { g.bodyTimeout = 200 * time.Millisecond })
	_, body := b.post("/v1/chat/completions", ask("x", true))
	pieces, done := deltas(t, body)
	require.True(t, done)
	require.Equal(t, "абв", strings.Join(pieces, ""))
}

// TestSilentProvider ends a stream in which nothing comes.
func TestSilentProvider(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chatEvents("Звоню [PHO")[:80])
		_ = http.NewResponseController(w).Flush()
		time.Sleep(2 * time.Second)
	}, func(g *gateway) { g.idleTimeout = 200 * time.Millisecond })
	began := time.Now()
	_, body := b.post("/v1/chat/completions", ask("x", true))
	require.Less(t, time.Since(began), 2*time.Second)
	require.Contains(t, body, `"code":"upstream"`)
}

// gigabyte is a body that is never whole in memory.
type gigabyte struct{ read atomic.Int64 }

func (g *gigabyte) Read(p []byte) (int, error) {
	if g.read.Add(int64(len(p))) > 1<<30 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestGigabyteBody(t *testing.T) {
	b := newBench(t, say("ok"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	body := &gigabyte{}
	req, err := http.NewRequest(http.MethodPost, b.url+"/v1/chat/completions", body) // chunked: nobody says how long
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err == nil { // else the connection was closed while the client still wrote
		resp.Body.Close()
		require.Equal(t, 413, resp.StatusCode)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, body.read.Load(), int64(64<<20), "it is not read to its end")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))

	status, _ := b.post("/v1/chat/completions", strings.Repeat(" ", 5<<20))
	require.Equal(t, 413, status)
	b.serves()
	require.Len(t, b.bodies, 1)
}

func TestManySmallValues(t *testing.T) {
	b := newBench(t, say("ok"))
	status, body := b.post("/v1/chat/completions", `{"model":"m","metadata":[`+strings.Repeat("123,", 1<<20)+`1]}`)
	require.Equal(t, 413, status, body)
	began := time.Now()
	status, body = b.post("/v1/chat/completions", `{"model":"m","metadata":[`+strings.Repeat("123,", maxPassages-1)+`1]}`)
	require.Equal(t, 200, status, body)
	require.Less(t, time.Since(began), 10*time.Second)
}

func TestHeaderBomb(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("ok"))
	conn := b.dial()
	go func() {
		_, _ = io.WriteString(conn, requestHead)
		for i := 0; i < 1<<20; i++ {
			if _, err := fmt.Fprintf(conn, "X-%d: %s\r\n", i, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}()
	b.serves()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil { // else the connection was closed while the client still wrote
		require.Equal(t, 431, resp.StatusCode)
	}
	require.Len(t, b.bodies, 1)
}

func TestGzipBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, err := io.Copy(z, io.LimitReader(&gigabyte{}, 8<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())

	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	status, _ := b.post("/v1/chat/completions", bomb.String(), "Content-Encoding", "gzip")
	require.Equal(t, 415, status)
	require.Empty(t, b.seen())
	status, body := b.post("/v1/chat/completions", ask("x", false))
	require.Equal(t, 502, status)
	require.Less(t, len(body), 1000)
}

// TestIdleConnections opens more connections than there may be and lets them lie. With VUAL_SOAK they are 10,000.
func TestIdleConnections(t *testing.T) {
	n, most := 300, 100
	if os.Getenv("VUAL_SOAK") != "" {
		n, most = 10_000, 2048
	}
	b := newBench(t, say("ok"))
	front := newServer(b.gateway, nil, most, time.Second)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go front.http.Serve(l) // until it is closed
	defer front.http.Close()
	b.url = "http://" + l.Addr().String()
	before := runtime.NumGoroutine()
	for i := range n {
		conn, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		if i%50 == 0 {
			b.serves()
		}
	}
	b.serves()
	require.Less(t, runtime.NumGoroutine()-before, 2*most)
}

func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	hold, begun := make(chan bool), make(chan bool, 10)
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		begun <- true
		<-hold
		say("ok")(w, "")
	}, func(g *gateway) { g.limits.perClient = 2; g.limits.inAll = 3 })
	answers := make(chan int, 10)
	call := func(client string) {
		go func() {
			status, _ := b.post("/v1/chat/completions", ask("x", false), "Authorization", client)
			answers <- status
		}()
	}
	call("a")
	call("a")
	<-begun
	<-begun
	call("a")
	require.Equal(t, 429, <-answers, "too many of one client")
	call("b")
	<-begun
	call("c")
	require.Equal(t, 429, <-answers, "too many of all")
	close(hold)
	for range 3 {
		require.Equal(t, 200, <-answers)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := &limits{perClient: 10, inAll: 10, rate: 2, burst: 4, now: func() time.Time { return now }, clients: map[string]*allowance{}}
	taken := 0
	for range 10 {
		if leave, retry := l.enter("a"); leave != nil {
			taken++
			leave()
		} else {
			require.Positive(t, retry)
		}
	}
	require.Equal(t, 4, taken)
	leave, _ := l.enter("b")
	require.NotNil(t, leave, "others are not concerned")
	leave()
	now = now.Add(500 * time.Millisecond)
	leave, _ = l.enter("a")
	require.NotNil(t, leave)
	for i := range maxAllowances + 100 { // made-up clients are forgotten
		now = now.Add(time.Millisecond)
		if leave, _ := l.enter(fmt.Sprint(i)); leave != nil {
			leave()
		}
	}
	require.LessOrEqual(t, len(l.clients), maxAllowances)
}

// TestTerminate ends the server in the middle of streams: those that end within the grace are whole, the others say that
// they are not, no label is told by half, and the log has the outcome of each.
func TestTerminate(t *testing.T) {
	t.Parallel()
	release := make(chan bool)
	b := newBench(t, func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/event-stream")
		all := strings.SplitAfter(chatEvents("Звоню ", "Клиенту А", " на [PHO", "NE_1]. ", "Готово"), "\n\n")
		for _, e := range all[:3] {
			_, _ = io.WriteString(w, e)
			_ = http.NewResponseController(w).Flush()
		}
		if strings.Contains(body, "быстро") {
			time.Sleep(200 * time.Millisecond)
		} else {
			<-release
		}
		_, _ = io.WriteString(w, strings.Join(all[3:], ""))
	})
	defer close(release)
	front := newServer(b.gateway, nil, 100, time.Second)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b.url = "http://" + l.Addr().String()
	ctx, terminate := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- front.serve(ctx, l) }()

	type ended struct{ asked, body string }
	answers, begun := make(chan ended), make(chan bool)
	for i := range 10 {
		go func() {
			asked := told + []string{" быстро", " долго"}[i%2]
			resp := b.open("/v1/chat/completions", ask(asked, true))
			defer resp.Body.Close()
			begun <- true
			body, _ := io.ReadAll(resp.Body)
			answers <- ended{asked, string(body)}
		}()
	}
	for range 10 {
		<-begun
	}
	terminate()
	for range 10 {
		a := <-answers
		pieces, done := deltas(t, a.body)
		got := strings.Join(pieces, "")
		if strings.Contains(a.asked, "быстро") {
			require.True(t, done, a.body)
			require.Equal(t, restored[:len(restored)-len("Готово")]+"Готово", got)
			continue
		}
		require.False(t, done)
		require.Equal(t, "Звоню Анне Кузнецовой на [PHO", got, "what was held back is told, and it is no value")
		require.Contains(t, a.body, `"code":"cut"`)
	}
	require.NoError(t, <-served)
	counts := map[audit.Outcome]int{}
	for _, o := range b.trail.outcomes() {
		counts[o]++
	}
	require.Equal(t, map[audit.Outcome]int{audit.Attempt: 10, audit.Success: 5, audit.Failed: 5}, counts)
	_, err = net.Dial("tcp", l.Addr().String())
	require.Error(t, err, "nobody listens any more")
}

// TestClientGoesAway frees what a client has taken when he goes, or stops to read.
func TestClientGoesAway(t *testing.T) {
	t.Parallel()
	gone := make(chan bool, 2)
	endless := "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + strings.Repeat("слово ", 5000) + "\"}}]}\n\n"
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			if _, err := io.WriteString(w, endless); err != nil {
				gone <- true
				return
			}
		}
	}, func(g *gateway) { g.writeTimeout = 300 * time.Millisecond })
	resp := b.open("/v1/chat/completions", ask("x", true))
	_, err := io.ReadFull(resp.Body, make([]byte, 1000))
	require.NoError(t, err)
	resp.Body.Close() // goes
	<-gone

	resp = b.open("/v1/chat/completions", ask("x", true)) // stays and does not read
	defer resp.Body.Close()
	<-gone
	require.Eventually(t, func() bool { return b.gateway.limits.underWay() == 0 }, 20*time.Second, 10*time.Millisecond)
	require.ElementsMatch(t, []audit.Outcome{audit.Attempt, audit.Failed, audit.Attempt, audit.Failed}, b.trail.outcomes())
}

// TestHostileProvider opens more texts than one stream may have, and sends an event without an end.
func TestHostileProvider(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 2 * maxTexts {
		fmt.Fprintf(&many, "data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"[PHONE_1\"}}]}\n\n", i)
	}
	for name, stream := range map[string]string{
		"many texts": many.String(),
		"long event": "data: " + strings.Repeat("x", maxEvent+1),
		"deep":       "data: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n\n",
	} {
		b := newBench(t, events(stream))
		_, body := b.post("/v1/chat/completions", ask(told, true))
		require.Regexp(t, `"code":"(answer|upstream)"`, body, name)
	}
	deep := strings.Repeat(`{"a":`, 100_000)
	b := newBench(t, events(toolEvents(deep)), withTools(anonymize.PHONE))
	_, body := b.post("/v1/chat/completions", ask(told, true))
	require.Equal(t, deep, arguments(t, body))
}
