// Quickstart masks a conversation and leads back.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/syntora/vual/anonymize"
)

func main() {
	result, err := anonymize.New(nil).Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "agent", Text: "На какой номер позвонить и куда прислать счёт?"},
		{Speaker: "client", Text: "8 (916) 123-45-67, а счёт на olga@example.com. Если что, +79161234567 ещё и в телеграме."},
	}})
	if err != nil {
		log.Fatal(err)
	}
	masked := result.Turns[1].Text
	original, err := result.Mapping.Undo(1, masked)
	fmt.Println(masked)
	fmt.Println(original, err)
}
