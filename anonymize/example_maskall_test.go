package anonymize_test

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/anonymize"
)

// Conversations come out of a channel, and their results in the same order, masked on all processors.
func ExampleAnalyzer_MaskAll() {
	calls := make(chan anonymize.Conversation)
	go func() {
		defer close(calls)
		for _, text := range []string{"Это Марина Кузнецова, перезвоните", "Мой номер 8 916 123-45-67", "Заказ 4512 готов"} {
			calls <- anonymize.Conversation{Turns: []anonymize.Turn{{Speaker: "client", Text: text}}}
		}
	}()
	all := func(yield func(anonymize.Conversation) bool) {
		for c := range calls {
			if !yield(c) {
				return
			}
		}
	}
	for result, err := range anonymize.New(nil).MaskAll(context.Background(), all) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Turns[0].Text)
	}
	// Output:
	// Это Customer A, перезвоните
	// Мой номер [PHONE_1]
	// Заказ 4512 готов
}
