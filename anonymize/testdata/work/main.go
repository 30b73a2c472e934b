// Work does what each line of its input says, and leaves in a folder how often every statement ran. It is built with
// -cover -covermode=atomic by TestWorkIsLinear.
//
// A line is the way to work, the folder for the counters, and the file with the text, with tabs between.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/coverage"
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := run(strings.Split(lines.Text(), "\t")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func run(args []string) error {
	text, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	work := ways[args[0]]
	if err := coverage.ClearCounters(); err != nil {
		return err
	}
	if err := work(string(text)); err != nil {
		return err
	}
	if err := coverage.WriteMetaDir(args[1]); err != nil {
		return err
	}
	return coverage.WriteCountersDir(args[1])
}

var ctx = context.Background()

var ways = map[string]func(text string) error{
	"find": func(text string) error {
		anonymize.New(&anonymize.Options{Strict: true, MinScore: 0.3, Places: true}).Find(text)
		return nil
	},
	"session": func(text string) error {
		_, err := anonymize.New(nil).Session(nil).Anonymize(ctx, anonymize.Turn{Text: text})
		return err
	},
	"stream": func(text string) error {
		w := anonymize.New(nil).Session(&anonymize.SessionOptions{OneWay: true}).MaskWriter(ctx, io.Discard)
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		return w.Close()
	},
	"conversation": func(text string) error {
		var c anonymize.Conversation
		for i, piece := range cut(text, 200) {
			c.Turns = append(c.Turns, anonymize.Turn{Speaker: []string{"agent", "client"}[i%2], Text: piece})
		}
		_, err := anonymize.New(nil).Conversation(ctx, c)
		return err
	},
	"restore": func(text string) error {
		s := anonymize.New(nil).Session(nil)
		if _, err := s.Anonymize(ctx, anonymize.Turn{Text: "Меня зовут Марина Кузнецова, телефон +7 916 123-45-67"}); err != nil {
			return err
		}
		_, err := s.Mapping().Restore(text, anonymize.EverydayKinds)
		return err
	},
	"quadratic": func(text string) error {
		quadratic(text)
		return nil
	},
}

// quadratic is what the test has to notice: it looks back to the beginning from every 64th byte.
func quadratic(text string) (same int) {
	for i := 0; i < len(text); i += 64 {
		for j := 0; j < i; j += 8 {
			if text[i] == text[j] {
				same++
			}
		}
	}
	return same
}

// cut divides a text into pieces of about n bytes.
func cut(text string, n int) []string {
	var pieces []string
	for len(text) > n {
		at := n
		for at > n/2 && !utf8.RuneStart(text[at]) {
			at--
		}
		pieces = append(pieces, text[:at])
		text = text[at:]
	}
	return append(pieces, text)
}
