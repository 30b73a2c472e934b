// Package crypto seals records under keys that can change and can be destroyed.
//
// Start from [OwnerKeys], which keeps a key for each tenant, conversation and subject in a
// [Store] under one key of a [KeyWrapper], and from the [Sealer] that it makes. A record is
// sealed for a [Context], which says whose and what it is, and opens for the same one alone:
//
//	keys := crypto.NewOwnerKeys(wrapper, store, nil)
//	err := keys.Ensure(ctx, crypto.Owner{Tenant: "romashka"})
//	…
//	sealer := keys.Sealer(crypto.SlotWrapped)
//	c := crypto.Context{Tenant: "romashka", Record: "call-17", Kind: "transcript"}
//	box, err := sealer.Seal(ctx, nil, transcript, c)
//	…
//	transcript, err = sealer.Open(ctx, nil, box, c)
//
// Destroying an owner's key forgets all that was sealed for that owner, wherever copies of it
// lie; see [OwnerKeys.Destroy] for what that leaves behind.
//
// # What is promised
//
// An envelope opens only whole, unchanged, under the key it was sealed with and for the
// Context it was sealed for. One error, [ErrDecrypt], stands for everything that a changer of
// bytes can cause. A stream gives out only what is proved. The key of a body is committed to:
// no bytes open under two keys. Before the commitment is checked, no length in the bytes
// makes this package allocate more than 64 KiB. No nonce, salt or algorithm is the caller's
// to choose. Keys are not printed by any verb, by slog or by JSON.
//
// The bytes are documented in docs/formats/envelope.md, with vectors; the body is
// https://c2sp.org/chunked-encryption in its instance Cobblestone-256, which others
// implement too. All the cryptography is that of the Go standard library.
//
// # What is not handled
//
// AES-256-GCM is not certified under the rules of the Russian FSB. Whether an operator must
// use certified cryptography depends on his threat model (order 378 of the FSB); a byte in
// the envelope leaves room for GOST suites, none is implemented.
//
// An old envelope put in the place of a newer one of the same Context opens: put a row's
// version in [Context.Extra]. The length of what is sealed shows. Keys in use lie in the
// memory of the process, and Go may have copied them: core dumps, swap and debuggers are
// outside what this package can guard; set RLIMIT_CORE to 0. On processors without AES
// instructions Go's AES is not constant in time.
//
// How often keys are asked for is not limited here: limit your callers.
package crypto
