package tokenize_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/syntora/vual/tokenize"
)

// sealer stands for crypto.Sealer.Bind, which keeps keys that can be destroyed.
type sealer struct{ aead cipher.AEAD }

func (s sealer) Seal(_ context.Context, dst, plaintext, ad []byte) ([]byte, error) {
	return s.aead.Seal(dst, nil, plaintext, ad), nil
}

func (s sealer) Open(_ context.Context, dst, box, ad []byte) ([]byte, error) {
	return s.aead.Open(dst, nil, box, ad)
}

func newSealer(key []byte) sealer {
	block, err := aes.NewCipher(key)
	if err != nil {
		log.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		log.Fatal(err)
	}
	return sealer{aead}
}

// newRing makes a keyring; a real one takes 32 random bytes from a KMS.
func newRing() *tokenize.Keyring {
	ring, err := tokenize.NewKeyring(1, map[uint32][]byte{1: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		log.Fatal(err)
	}
	return ring
}

func newVault() *tokenize.Vault {
	vault, err := tokenize.NewVault(tokenize.Tenant("ромашка"), new(tokenize.MemStore),
		newSealer([]byte("fedcba9876543210fedcba9876543210")), newRing(),
		&tokenize.VaultOptions{
			TTL:   90 * 24 * time.Hour,
			Allow: tokenize.PermitKinds(map[string][]string{"callback": {"PHONE"}}),
		})
	if err != nil {
		log.Fatal(err)
	}
	return vault
}

func ExampleVault() {
	ctx := context.Background()
	person, err := newVault().Subject("crm-42")
	if err != nil {
		log.Fatal(err)
	}
	phone, err := person.Token(ctx, "PHONE", "8 (916) 000-00-00")
	if err != nil {
		log.Fatal(err)
	}
	again, err := person.Token(ctx, "PHONE", "+7 916 000 00 00")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(phone[:len("[PHONE:v1:")], phone == again)

	results, err := person.Detokenize(ctx, "callback", phone, "[PHONE_1]")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(results[0].Value, results[0].Value.Reveal())
	fmt.Println(results[1].Err)
	// Output:
	// [PHONE:v1: true
	// Value(17 bytes) 8 (916) 000-00-00
	// tokenize: not a token of this form
}

// Each purpose sees the kinds that it needs and no others.
func ExampleVault_Detokenize() {
	ctx := context.Background()
	vault := newVault()
	inn, err := vault.Token(ctx, "INN", "500100732259")
	if err != nil {
		log.Fatal(err)
	}
	results, err := vault.Detokenize(ctx, "callback", inn)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(errors.Is(results[0].Err, tokenize.ErrPurpose))
	// Output:
	// true
}

func ExampleVault_Forget() {
	ctx := context.Background()
	vault := newVault()
	person, err := vault.Subject("crm-42")
	if err != nil {
		log.Fatal(err)
	}
	phone, err := person.Token(ctx, "PHONE", "+79160000000")
	if err != nil {
		log.Fatal(err)
	}
	done, err := vault.Forget(ctx, "crm-42")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(done.Subject, done.Kinds)

	results, err := vault.Detokenize(ctx, "callback", phone)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(results[0].Err)
	_, err = person.Token(ctx, "PHONE", "+79160000000")
	fmt.Println(err)
	// Output:
	// crm-42 map[PHONE:1]
	// tokenize: no such token
	// tokenize: subject was forgotten
}

// AppendMatches finds the tokens of an answer; the vault says which of them may
// come back.
func ExampleAppendMatches() {
	ctx := context.Background()
	vault := newVault()
	phone, err := vault.Token(ctx, "PHONE", "+79160000000")
	if err != nil {
		log.Fatal(err)
	}
	answer := "Перезвоните Клиенту А: " + phone + ", [EMAIL_1] не пишите."

	var tokens []string
	matches := tokenize.AppendMatches(nil, answer)
	for _, m := range matches {
		tokens = append(tokens, answer[m.Start:m.End])
	}
	results, err := vault.Detokenize(ctx, "callback", tokens...)
	if err != nil {
		log.Fatal(err)
	}
	var out strings.Builder
	end := 0
	for i, m := range matches {
		if results[i].Err == nil {
			out.WriteString(answer[end:m.Start] + results[i].Value.Reveal())
			end = m.End
		}
	}
	out.WriteString(answer[end:])
	fmt.Println(out.String())
	// Output:
	// Перезвоните Клиенту А: +79160000000, [EMAIL_1] не пишите.
}
