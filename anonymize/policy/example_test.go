package policy_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/policy"
)

func ExampleLoad() {
	p, err := policy.Load([]string{"preset:calls", "testdata/valid/shop.yaml"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	r, err := p.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "client", Text: "Договор ДГ-1187/26, перезвоните на 8 919 240-15-86."},
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Turns[0].Text)
	// Output: Договор [CONTRACT_1], перезвоните на [PHONE_1].
}

func ExamplePolicy_RestoreOptions() {
	p, err := policy.Load([]string{"preset:calls"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	r, err := p.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "client", Text: "Это Орлов Кирилл, 8 919 240-15-86, карта 4277 1360 0925 5183."},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, purpose := range []string{"client", "analysis", "marketing"} {
		opts, err := p.RestoreOptions(purpose)
		if err != nil {
			fmt.Println(err)
			continue
		}
		back, err := r.Mapping.RestoreWith("Перезвоните Клиенту А на [PHONE_1] о [CARD_1].", opts)
		if errors.Is(err, anonymize.ErrNoKinds) {
			fmt.Println("nothing comes back")
			continue
		}
		fmt.Println(back.Text())
	}
	// Output:
	// Перезвоните Орлову Кириллу на 8 919 240-15-86 о [CARD_1].
	// nothing comes back
	// policy: no such purpose
}

// A recognizer of one's own, proved by its examples. One of them does not hold.
func ExamplePolicy_Test() {
	doc, err := policy.Parse([]byte(`
version: 1
name: badges
recognizers:
  - name: badge
    kind: BADGE
    digits: ["55 ### ##"]
    context: [пропуск]
    finds:
      - "Мой пропуск [[BADGE:55-120-41]]."
      - "пропуск [[BADGE:пятьдесят пять сто двадцать сорок один]]"
    ignores:
      - "Цена 5512041 рубль."
      - "Пропуск у меня 5512042, да."
`))
	if err != nil {
		log.Fatal(err)
	}
	p, err := policy.New(doc, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range p.Test() {
		fmt.Println(f.Line, f.Reason)
		fmt.Println(f.Got)
	}
	// Output:
	// 14 it finds something
	// Пропуск у меня [[BADGE:5512042]], да.
}

func ExampleParse() {
	_, err := policy.Parse([]byte("version: 1\nname: x\nknids: {}\n"))
	fmt.Println(err)
	// Output: policy: 3:1: unknown key "knids"
}

func ExampleHandle() {
	h, err := policy.NewHandle([]string{"preset:chat"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	// go h.Watch(ctx, 5*time.Second, report) reads the files again when they change.
	session := h.Policy().Session() // keeps its policy to the end of the conversation
	m, err := session.Anonymize(context.Background(), anonymize.Turn{Speaker: "client", Text: "Меня зовут Ольга."})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Text)
	// Output: Меня зовут Клиент А.
}
