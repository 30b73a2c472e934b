package crypto_test

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/crypto"
)

// A recorder has the public key alone: it writes what it cannot read.
func ExampleRecipient() {
	ctx := context.Background()
	inbox, err := crypto.GenerateRecipientKey("recorders")
	if err != nil {
		log.Fatal(err)
	}
	recorder, err := crypto.NewRecipient("recorders", 1, inbox.Recipient().Bytes())
	if err != nil {
		log.Fatal(err)
	}
	c := crypto.Context{Tenant: "romashka", Record: "recording-9"}
	box, err := recorder.Seal(ctx, nil, []byte("запись"), c)
	if err != nil {
		log.Fatal(err)
	}
	out, err := inbox.Open(ctx, nil, box, c)
	fmt.Println(string(out), err)

	// No Sealer takes it: who wrote it is not proved.
	_, err = crypto.NewSealer(crypto.GenerateKeyring("root")).Open(ctx, nil, box, c)
	fmt.Println(err)
	// Output:
	// запись <nil>
	// crypto: does not open
}
