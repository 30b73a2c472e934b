package anonymize_test

import (
	"context"
	"fmt"
	"os"

	"github.com/syntora/vual/anonymize"
)

// An answer that is still being written is restored as it comes.
func ExampleMapping_RestoreWriter() {
	a := anonymize.New(nil)
	r, err := a.Conversation(context.Background(), anonymize.Conversation{Turns: []anonymize.Turn{
		{Speaker: "client", Text: "Меня зовут Анна Белова."},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	w, err := r.Mapping.RestoreWriter(os.Stdout, &anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.PERSON}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, piece := range []string{"Письмо для Cust", "omer", " A готово."} {
		if _, err := w.Write([]byte(piece)); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	// Output: Письмо для Анны Беловой готово.
}
