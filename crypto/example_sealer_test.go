package crypto_test

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/crypto"
)

// An envelope opens for the Context that it was sealed for, and no other.
func ExampleNewSealer() {
	ctx := context.Background()
	sealer := crypto.NewSealer(crypto.GenerateKeyring("root"))
	c := crypto.Context{Tenant: "romashka", Conversation: "c-17", Record: "turns/1", Kind: "transcript"}
	box, err := sealer.Seal(ctx, nil, []byte("Добрый день, меня зовут Анна."), c)
	if err != nil {
		log.Fatal(err)
	}
	out, err := sealer.Open(ctx, nil, box, c)
	fmt.Println(string(out), err)

	c.Record = "turns/2"
	_, err = sealer.Open(ctx, nil, box, c)
	fmt.Println(err)
	// Output:
	// Добрый день, меня зовут Анна. <nil>
	// crypto: does not open
}

// Other packages take what Bind returns as their sealer.
func ExampleSealer_Bind() {
	ctx := context.Background()
	var mappings interface {
		Seal(ctx context.Context, dst, plaintext, ad []byte) ([]byte, error)
		Open(ctx context.Context, dst, box, ad []byte) ([]byte, error)
	} = crypto.NewSealer(crypto.GenerateKeyring("root")).Bind(crypto.Context{Tenant: "romashka", Kind: "mapping"})
	box, err := mappings.Seal(ctx, nil, []byte("Клиент А = Анна"), []byte("c-17"))
	if err != nil {
		log.Fatal(err)
	}
	out, err := mappings.Open(ctx, nil, box, []byte("c-17"))
	fmt.Println(string(out), err)
	// Output: Клиент А = Анна <nil>
}

// A version in the Context keeps an older envelope from passing for the newest.
func ExampleContext_version() {
	ctx := context.Background()
	sealer := crypto.NewSealer(crypto.GenerateKeyring("root"))
	at := func(version string) crypto.Context {
		return crypto.Context{Tenant: "romashka", Record: "customers/5/address", Extra: map[string]string{"version": version}}
	}
	old, err := sealer.Seal(ctx, nil, []byte("старый адрес"), at("1"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = sealer.Open(ctx, nil, old, at("2")) // the row says that its version is 2
	fmt.Println(err)
	// Output: crypto: does not open
}
