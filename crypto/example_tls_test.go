package crypto_test

import (
	"context"
	"log"
	"net/http"
	"time"

	"github.com/syntora/vual/crypto"
)

// A server and its outbound client, both TLS 1.3 alone, whose files may be renewed under them.
func ExampleWatch() {
	certs, err := crypto.LoadCertificates("/etc/vual/tls.crt", "/etc/vual/tls.key")
	if err != nil {
		log.Fatal(err)
	}
	clients, err := crypto.LoadRoots("/etc/vual/clients.pem")
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go crypto.Watch(ctx, 30*time.Second, func(err error) {
		log.Printf("certificates: %v, in use until %v", err, certs.Expires())
	}, certs, clients)

	dialer := &crypto.TLSDialer{Roots: clients, Certificate: certs}
	client := &http.Client{Transport: &http.Transport{DialTLSContext: dialer.DialTLSContext, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()

	server := &http.Server{Addr: ":8443", TLSConfig: crypto.MutualServerTLS(certs, clients)}
	log.Fatal(server.ListenAndServeTLS("", ""))
}
