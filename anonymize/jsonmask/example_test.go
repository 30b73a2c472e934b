package jsonmask_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/syntora/vual/anonymize/jsonmask"
)

func ExampleMasker_Mask() {
	in := `{"id": 17, "client": {"lastName": "Щукин", "phone": 79161234567}, "comment": "Щукин просит писать на r.shchukin@example.ru"}
{"id": 18, "comment": "недозвон"}`
	if err := jsonmask.New(nil).Mask(context.Background(), os.Stdout, strings.NewReader(in)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"id":17,"client":{"lastName":"Person A","phone":"[PHONE_1]"},"comment":"Person A просит писать на [EMAIL_1]"}
	// {"id":18,"comment":"недозвон"}
}

func ExampleField() {
	m := jsonmask.New(&jsonmask.Options{Fields: []jsonmask.Field{
		{Path: "support.phone", Kind: jsonmask.Keep}, // the company's own
		{Path: "**.contractor", Kind: "PERSON"},
	}})
	out, err := m.Append(context.Background(), nil, nil, []byte(`{"support": {"phone": "8 800 555-00-00"}, "job": {"contractor": "Рахим"}}`))
	fmt.Println(string(out), err)
	// Output:
	// {"support":{"phone":"8 800 555-00-00"},"job":{"contractor":"Person A"}} <nil>
}
