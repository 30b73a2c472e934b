package tokenize_test

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/tokenize"
)

// Before a rotation every process gets the new version to read; then it is made
// active. Candidates find what was written under the old one.
func ExampleNewKeyring() {
	secrets := map[uint32][]byte{
		1: []byte("0123456789abcdef0123456789abcdef"), // 32 random bytes from a KMS
		2: []byte("fedcba9876543210fedcba9876543210"),
	}
	for _, active := range []uint32{1, 2} {
		ring, err := tokenize.NewKeyring(active, secrets)
		if err != nil {
			log.Fatal(err)
		}
		opaque, err := tokenize.NewOpaque(ring, tokenize.Tenant("ромашка"), nil)
		if err != nil {
			log.Fatal(err)
		}
		candidates, err := opaque.Candidates("PHONE", "+79160000000")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(ring, candidates)
	}
	// Output:
	// Keyring(2 versions) [[PHONE:k1:jjcgkndkhmmkqsvkvkndvqqnbvgtjn] [PHONE:k2:mfvmftcgbtfqpjgbpcnsvpddcmjddj]]
	// Keyring(2 versions) [[PHONE:k2:mfvmftcgbtfqpjgbpcnsvpddcmjddj] [PHONE:k1:jjcgkndkhmmkqsvkvkndvqqnbvgtjn]]
}

func ExampleOpaque() {
	opaque, err := tokenize.NewOpaque(newRing(), tokenize.Tenant("ромашка"), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, phone := range []string{"8 (916) 000-00-00", "+7 916 000 00 00", "+7 916 000 00 01"} {
		token, err := opaque.Token(context.Background(), "PHONE", phone)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(token)
	}
	// Output:
	// [PHONE:k1:jjcgkndkhmmkqsvkvkndvqqnbvgtjn]
	// [PHONE:k1:jjcgkndkhmmkqsvkvkndvqqnbvgtjn]
	// [PHONE:k1:qqkfrtmtdpmnbqsncjgnrgrsfpvtpv]
}

func ExampleReversible() {
	reversible, err := tokenize.NewReversible(newRing(), tokenize.Tenant("ромашка"))
	if err != nil {
		log.Fatal(err)
	}
	token, err := reversible.Token(context.Background(), "EMAIL", "semyon@example.ru")
	if err != nil {
		log.Fatal(err)
	}
	value, err := reversible.Detokenize(token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
	fmt.Println(value.Reveal())
	// Output:
	// [EMAIL:s1:rrkgkfhncfjjpcqhbcbvjdtctcrfhhqqpbfkgqkjqskkthrmptgfccqbhgmhfpfcnp]
	// semyon@example.ru
}

func ExampleFormat() {
	cards, err := tokenize.NewFormat(newRing(), tokenize.Tenant("ромашка"), tokenize.Card)
	if err != nil {
		log.Fatal(err)
	}
	text, version, err := cards.Encrypt("4000 0000 0000 0002")
	if err != nil {
		log.Fatal(err)
	}
	value, err := cards.Decrypt(version, text)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(text, version)
	fmt.Println(value.Reveal())
	// Output:
	// 7194 3275 0929 0002 1
	// 4000 0000 0000 0002
}

func ExampleIndex() {
	index, err := tokenize.NewIndex(newRing(), tokenize.Tenant("ромашка"), tokenize.IndexOptions{
		Field:      "client.phone",
		Normalizer: tokenize.Phone,
		Rows:       1_000_000,
		Distinct:   1_000_000_000,
	})
	if err != nil {
		log.Fatal(err)
	}
	entry, err := index.Entry("8 (916) 000-00-00")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry)
	// SELECT box FROM clients WHERE phone_index IN (candidates); then open each and compare.
	candidates, err := index.Candidates("+79160000000")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(candidates[0] == entry, len(candidates))
	// Output:
	// v1.phone-e164/1.15.gsmf
	// true 1
}

func ExampleParse() {
	for _, text := range []string{"Клиент Б", "[PHONE_12]", "[PHONE:v1:bcdfghjkmnpqrstvbcdfghjkmnpqrs]", "[phone_1]"} {
		t, ok := tokenize.Parse(text)
		fmt.Printf("%q %q %d %d %v\n", t.Form, t.Kind, t.Number, t.Version, ok)
	}
	// Output:
	// 'l' "PERSON" 2 0 true
	// 'n' "PHONE" 12 0 true
	// 'v' "PHONE" 0 1 true
	// '\x00' "" 0 0 false
}

func ExampleNormalizer_Fold() {
	for _, phone := range []string{"8 (916) 000-00-00", "+7 495 000-00-00 доб. 12", "8~10 375 29 000-00-00"} {
		folded, err := tokenize.Phone.Fold(phone)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(folded)
	}
	// Output:
	// +79160000000
	// +74950000000;ext=12
	// +375290000000
}

func ExampleNewSIV() {
	siv, err := tokenize.NewSIV([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		log.Fatal(err)
	}
	box := siv.Seal(nil, []byte("значение"), []byte("таблица"), []byte("колонка"))
	plain, err := siv.Open(nil, box, []byte("таблица"), []byte("колонка"))
	fmt.Println(string(plain), err)
	_, err = siv.Open(nil, box, []byte("другая"), []byte("колонка"))
	fmt.Println(err)
	// Output:
	// значение <nil>
	// tokenize: token does not verify
}

func ExampleNewFF1() {
	ff1, err := tokenize.NewFF1([]byte("0123456789abcdef"), 10)
	if err != nil {
		log.Fatal(err)
	}
	order := []uint16{0, 0, 0, 4, 2, 7}
	crypt, err := ff1.Encrypt([]byte("orders"), order)
	if err != nil {
		log.Fatal(err)
	}
	plain, err := ff1.Decrypt([]byte("orders"), crypt)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(crypt), plain)
	_, err = ff1.Encrypt(nil, []uint16{4, 2, 7})
	fmt.Println(err)
	// Output:
	// 6 [0 0 0 4 2 7]
	// tokenize: string is outside the domain of FF1
}
