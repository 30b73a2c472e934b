package transcript_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

// A file goes in, the same file comes out without its personal data.
func Example() {
	ctx, analyzer := context.Background(), anonymize.New(nil)
	file := strings.NewReader(`WEBVTT

NOTE перезвонить на 8 916 555-44-31

00:00:01.400 --> 00:00:07.476
<v Клиент>Мой номер восемь девятьсот шестнадцать
пятьсот пятьдесят пять сорок четыре тридцать один.
`)
	reader, err := transcript.NewReader(file, nil)
	if err != nil {
		log.Fatal(err)
	}
	for {
		document, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		masked, err := document.Mask(ctx, analyzer)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := masked.WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// WEBVTT
	//
	// NOTE перезвонить на [PHONE_1]
	//
	// 00:00:01.400 --> 00:00:07.476
	// <v Клиент>Мой номер [PHONE_1]
	// .
}

// The times of recognized words tell where the recording has to be silent.
func ExampleMasked_Mute() {
	reader, err := transcript.NewReader(strings.NewReader(`{"text": "мой номер 8 916 555 44 31 записали", "result": [
		{"word": "мой", "start": 0.1, "end": 0.3}, {"word": "номер", "start": 0.3, "end": 0.9}, {"word": "8", "start": 1.0, "end": 1.2},
		{"word": "916", "start": 1.3, "end": 1.9}, {"word": "555", "start": 2.0, "end": 2.5}, {"word": "44", "start": 2.6, "end": 2.9},
		{"word": "31", "start": 3.0, "end": 3.4}, {"word": "записали", "start": 3.6, "end": 4.0}]}`), nil)
	if err != nil {
		log.Fatal(err)
	}
	document, err := reader.Next()
	if err != nil {
		log.Fatal(err)
	}
	masked, err := document.Mask(context.Background(), anonymize.New(nil))
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range masked.Mute(100 * time.Millisecond) {
		fmt.Println(reader.Format(), w.Start, "-", w.End)
	}
	// Output: vosk 900ms - 3.5s
}

// A chat of any length passes in the memory of two messages.
func ExampleDocument_MaskIn() {
	ctx, analyzer := context.Background(), anonymize.New(nil)
	file := strings.NewReader(`19.11.2026, 09:42 - Журавлёва Полина: Какой у вас номер?
19.11.2026, 09:43 - Прохоров Денис: 8 916 555-44-31
19.11.2026, 09:44 - Журавлёва Полина: Спасибо, Денис!
19.11.2026, 09:45 - Прохоров Денис: Ещё раз:
8 916 555 44 31
`)
	reader, err := transcript.NewReader(file, &transcript.Options{Turns: 2})
	if err != nil {
		log.Fatal(err)
	}
	var session *anonymize.Session
	for {
		document, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		if !document.Continues() {
			session = analyzer.Session(&anonymize.SessionOptions{OneWay: true, Participants: document.Conversation().Participants})
		}
		masked, err := document.MaskIn(ctx, session)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := masked.WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 19.11.2026, 09:42 - Person A: Какой у вас номер?
	// 19.11.2026, 09:43 - Person B: [PHONE_1]
	// 19.11.2026, 09:44 - Person A: Спасибо, Person B!
	// 19.11.2026, 09:45 - Person B: Ещё раз:
	// [PHONE_1]
}
