package crypto_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/syntora/vual/crypto"
)

// A recording is sealed as it comes in, and a part of it is read without the rest.
func ExampleSealer_NewWriter() {
	ctx := context.Background()
	sealer := crypto.NewSealer(crypto.GenerateKeyring("root"))
	c := crypto.Context{Tenant: "romashka", Conversation: "c-17", Record: "audio"}

	var object bytes.Buffer // in a service: a file or an upload
	w, err := sealer.NewWriter(ctx, &object, c)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(w, strings.NewReader(strings.Repeat("0123456789", 10_000))); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil { // without it the object does not open
		log.Fatal(err)
	}

	r, err := sealer.NewReaderAt(ctx, bytes.NewReader(object.Bytes()), int64(object.Len()), c)
	if err != nil {
		log.Fatal(err)
	}
	part := make([]byte, 8)
	if _, err := r.ReadAt(part, 77_777); err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Size(), string(part))
	// Output: 100000 78901234
}
