package anonymize_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"golang.org/x/text/transform"

	"github.com/syntora/vual/anonymize"
)

// A log of any size is masked while it is read. The session is one-way: nothing of the text is kept but its values.
func ExampleSession_Transformer() {
	file := strings.NewReader("12:01 звонок +7 916 123-45-67\n12:02 письмо marina.k@example.ru\n12:09 снова 8 (916) 123-45-67\n")
	s := anonymize.New(nil).Session(&anonymize.SessionOptions{OneWay: true})
	masked := transform.NewReader(file, s.Transformer(context.Background()))
	if _, err := io.Copy(os.Stdout, masked); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 12:01 звонок [PHONE_1]
	// 12:02 письмо [EMAIL_1]
	// 12:09 снова [PHONE_1]
}

func ExampleSession_MaskWriter() {
	s := anonymize.New(nil).Session(nil)
	w := s.MaskWriter(context.Background(), os.Stdout)
	for _, piece := range []string{"Телефон +7 916 12", "3-45-67, спросить Мар", "ину Кузнецову.\n"} {
		if _, err := io.WriteString(w, piece); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	// Output: Телефон [PHONE_1], спросить Person A.
}

func ExampleAnalyzer_HasPII() {
	a := anonymize.New(nil)
	fmt.Println(a.HasPII("Заказ 4512 готов, 12 500 рублей"), a.HasPII("Заказ 4512 готов, звоните 8 916 123-45-67"))
	// Output: false true
}

func ExampleAnalyzer_AppendMask() {
	line := anonymize.New(nil).AppendMask(nil, "Марина Кузнецова, 8 916 123-45-67: карта 4539 4772 3248 8603 не проходит")
	fmt.Printf("%s\n", line)
	// Output: [PERSON], [PHONE]: карта [CARD] не проходит
}
