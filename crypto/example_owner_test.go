package crypto_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/syntora/vual/crypto"
)

// Keys of a client company and of one of its customers, and the customer forgotten.
func ExampleOwnerKeys() {
	ctx := context.Background()
	// In a service: file.Open or a key service for the first, OpenSQLStore for the second.
	keys := crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), new(crypto.MemStore), nil)

	tenant := crypto.Owner{Tenant: "romashka"}
	anna := crypto.Owner{Tenant: "romashka", Subject: "s-5"}
	for _, o := range []crypto.Owner{tenant, anna} {
		if err := keys.Ensure(ctx, o); err != nil {
			log.Fatal(err)
		}
	}

	sealer := keys.Sealer(crypto.SlotDerived)
	phone := crypto.Context{Tenant: "romashka", Subject: "s-5", Record: "customers/5/phone"}
	box, err := sealer.Seal(ctx, nil, []byte("+7 900 000-00-00"), phone)
	if err != nil {
		log.Fatal(err)
	}
	out, err := sealer.Open(ctx, nil, box, phone)
	fmt.Println(string(out), err)

	record, err := keys.Destroy(ctx, anna, crypto.Destruction{Actor: "Петрова", Reason: "отзыв согласия"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = sealer.Open(ctx, nil, box, phone)
	fmt.Println(err)
	fmt.Println("no new key either:", errors.Is(keys.Ensure(ctx, anna), crypto.ErrKeyDestroyed))
	fmt.Println("left behind:", record.Remains[3])
	// Output:
	// +7 900 000-00-00 <nil>
	// crypto: key is destroyed
	// no new key either: true
	// left behind: tokens, indexes and other data under the tenant's key
}

// Rotation: new envelopes are sealed under the new version, old ones are moved to it without
// being opened.
func ExampleOwnerKeys_Rotate() {
	ctx := context.Background()
	keys := crypto.NewOwnerKeys(crypto.GenerateKeyring("root"), new(crypto.MemStore), nil)
	tenant := crypto.Owner{Tenant: "romashka"}
	if err := keys.Ensure(ctx, tenant); err != nil {
		log.Fatal(err)
	}
	sealer := keys.Sealer(crypto.SlotWrapped)
	c := crypto.Context{Tenant: "romashka", Record: "plan-1"}
	box, err := sealer.Seal(ctx, nil, []byte("план"), c)
	if err != nil {
		log.Fatal(err)
	}
	if err := keys.Rotate(ctx, tenant); err != nil {
		log.Fatal(err)
	}
	box, changed, err := sealer.Rewrap(ctx, box, c)
	if err != nil {
		log.Fatal(err)
	}
	h, err := crypto.Inspect(box)
	fmt.Println(changed, h.Slot, h.KeyVersion, err)
	// Output: true wrapped 2 <nil>
}
