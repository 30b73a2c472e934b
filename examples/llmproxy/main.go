// Llmproxy stands between applications and a language model behind the OpenAI API. It masks the personal data in what
// goes out, and puts it back into what comes back, while it comes:
//
//	go run ./examples/llmproxy -echo
//	curl -s http://127.0.0.1:8377/v1/chat/completions -H 'Content-Type: application/json' \
//	  -d '{"model":"any","messages":[{"role":"user","content":"Позвоните Марине Котовой, +7 916 123-45-67"}]}'
//
// It understands POST /v1/chat/completions, /v1/responses and /v1/embeddings, whole and as events, with tools. What it
// does not understand it does not pass on: fields.go is the table. docs/gateway.md leads through it in five minutes.
//
// A request has its own labels, which are forgotten with the answer. With the header X-Vual-Conversation: NAME those of
// one client and name go on until it has been idle for half an hour.
//
// The environment variable VUAL_UPSTREAM_KEY has the key for the provider; without it each client's own Authorization
// goes on. Every call is in the audit log below -state; one that the log does not take is not made.
//
// The exit status is 0 after SIGTERM or an interrupt if every call came to its end.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	c := defaultConfig()
	flag.StringVar(&c.listen, "listen", c.listen, "address to listen on; any but this machine's own needs -cert and -clients")
	flag.StringVar(&c.provider, "provider", c.provider, "local, yandexgpt, gigachat, openai or other")
	flag.StringVar(&c.upstream, "upstream", "", "base URL of the provider's API; empty means the provider's usual one")
	flag.StringVar(&c.policy, "policy", "", "policy file; empty means policy.yaml of this program")
	flag.StringVar(&c.tools, "tools", "", "purpose of the policy for arguments of tool calls; empty means that nothing comes back in them")
	flag.StringVar(&c.clients, "clients", "", "file of clients, a name and the SHA-256 of its key a line; empty means anybody on this machine")
	flag.StringVar(&c.cert, "cert", "", "certificate chain to serve TLS 1.3 with")
	flag.StringVar(&c.key, "key", "", "its private key")
	flag.StringVar(&c.ca, "ca", "", "authorities that the provider's certificate is checked against; empty means the system's")
	flag.StringVar(&c.scope, "scope", c.scope, "scope of a GigaChat key")
	flag.StringVar(&c.metrics, "metrics", "", "address for metrics in the text format of Prometheus; empty means none")
	flag.StringVar(&c.state, "state", c.state, "folder of the audit log")
	flag.StringVar(&c.identity, "identity", c.identity, "file with the keys of the audit log, made where it is missing")
	flag.StringVar(&c.purpose, "purpose", c.purpose, "what personal data is processed for, in the audit log")
	flag.StringVar(&c.basis, "basis", c.basis, "its legal ground, in the audit log")
	flag.BoolVar(&c.echo, "echo", false, "no provider: a built-in model says what it was told, and what it saw is printed")
	flag.Int64Var(&c.maxBody, "max-body", c.maxBody, "bytes of a request")
	flag.Float64Var(&c.rate, "rate", c.rate, "calls a second of one client")
	flag.IntVar(&c.perClient, "per-client", c.perClient, "calls under way of one client")
	flag.IntVar(&c.inAll, "in-all", c.inAll, "calls under way of all clients")
	flag.IntVar(&c.maxConnections, "connections", c.maxConnections, "open connections")
	flag.IntVar(&c.maxConversations, "conversations", c.maxConversations, "conversations that are remembered")
	flag.DurationVar(&c.idleConversation, "conversation-idle", c.idleConversation, "after which a conversation is forgotten")
	flag.DurationVar(&c.callTimeout, "call-timeout", c.callTimeout, "of a whole call")
	flag.DurationVar(&c.grace, "grace", c.grace, "how long calls under way have after SIGTERM")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	c.upstreamKey = os.Getenv("VUAL_UPSTREAM_KEY")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := c.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "llmproxy:", err)
		os.Exit(1)
	}
}

// defaultConfig is what no flag changes.
func defaultConfig() config {
	home, err := os.UserConfigDir()
	if err != nil {
		home = "."
	}
	return config{
		listen: "127.0.0.1:8377", provider: "local", scope: "GIGACHAT_API_PERS",
		state: "state", identity: filepath.Join(home, "vual", "llmproxy.identity"),
		purpose: "llm-assistance", basis: "152-fz.6.1.5",
		maxBody: 4 << 20, rate: 20, perClient: 32, inAll: 256, maxConnections: 2048,
		maxConversations: 1024, idleConversation: 30 * time.Minute,
		bodyTimeout: 30 * time.Second, writeTimeout: 30 * time.Second, eventTimeout: 2 * time.Minute,
		callTimeout: 15 * time.Minute, grace: 30 * time.Second,
		stdout: os.Stdout, log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
	}
}
