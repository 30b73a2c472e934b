package anonymize_test

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/anonymize"
)

func ExampleAnalyzer_Find() {
	text := "Мой ИНН 500100732259, а заказ 500100732258."
	for _, s := range anonymize.New(nil).Find(text) {
		fmt.Println(s.Kind, s.Start, s.End, s.Rule)
	}
	// Output: INN 14 26 inn/checksum-12
}

func ExampleAnalyzer_Conversation() {
	r, err := anonymize.New(nil).Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "agent", Text: "добрый день меня зовут ольга как к вам обращаться"},
		{Speaker: "client", Text: "игорь петрович кузнецов"},
		{Speaker: "agent", Text: "игорь петрович телефон для связи"},
		{Speaker: "client", Text: "восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, turn := range r.Turns {
		fmt.Println(turn.Speaker+":", turn.Text)
	}
	// Output:
	// agent: добрый день меня зовут Agent A как к вам обращаться
	// client: Customer A
	// agent: Customer A телефон для связи
	// client: [PHONE_1]
}

func ExampleMapping_Restore() {
	r, err := anonymize.New(&anonymize.Options{Labels: anonymize.Russian}).Conversation(context.Background(), anonymize.Conversation{
		Turns: []anonymize.Turn{{Speaker: "client", Text: "Меня зовут Игорь Кузнецов, карта 4539 4772 3248 8603."}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Turns[0].Text)
	answer := "Позвонить Клиенту А. Карту [CARD_1] не называть."
	restored, err := r.Mapping.Restore(answer, anonymize.PERSON)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(restored.Text())
	// Output:
	// Меня зовут Клиент А, карта [CARD_1].
	// Позвонить Игорю Кузнецову. Карту [CARD_1] не называть.
}

func ExampleAnalyzer_Session() {
	s := anonymize.New(nil).Session(nil)
	for _, text := range []string{"Пишите на igor.k@example.ru", "igor.k@example.ru, верно?"} {
		m, err := s.Anonymize(context.Background(), anonymize.Turn{Speaker: "client", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Text)
	}
	// Output:
	// Пишите на [EMAIL_1]
	// [EMAIL_1], верно?
}

func ExampleAnalyzer_Explain() {
	for _, e := range anonymize.New(nil).Explain("СНИЛС 112-233-445 95") {
		fmt.Println(e)
	}
	// Output: SNILS 11-25 0.99 snils/checksum: the digits are checked; its check digits are right; a word for snils stands 1 before
}

func ExampleOptions() {
	a := anonymize.New(&anonymize.Options{
		Strict: true,
		Allow:  []string{"8 800 555-35-35"},
		Deny:   map[anonymize.Kind][]string{"PROJECT": {"Северный ветер"}},
		Operators: map[anonymize.Kind]anonymize.Operator{
			anonymize.PHONE: anonymize.Mask(4),
		},
	})
	m, err := a.Session(nil).Anonymize(context.Background(), anonymize.Turn{
		Text: "Северный ветер: 8 916 123-45-67, горячая линия 8 800 555-35-35, накладная 1112223",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Text)
	// Output: [PROJECT_1]: * *** ***-45-67, горячая линия 8 800 555-35-35, накладная [NUMBER_1]
}

func ExampleMark() {
	text := "Мой телефон +7 916 123-45-67"
	fmt.Println(anonymize.Mark(text, anonymize.New(nil).Find(text)))
	// Output: Мой телефон [[PHONE:+7 916 123-45-67]]
}
