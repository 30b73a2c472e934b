// Mask reads conversations, one JSON object a line, and writes them without their personal data.
//
//	go run ./examples/mask [-labels en|ru] [-text] < IN.jsonl > OUT.jsonl
//
// A line of the input is
//
//	{"id": "c1", "turns": [{"speaker": "client", "text": "…"}], "participants": [{"role": "customer", "name": "…"}]}
//
// or {"id": "c1", "text": "…"} for a single turn. A line of the output has the masked turns and the entities: their
// places in the original text, counted in Unicode code points, and the token that stands there now. A line that cannot
// be masked is named on standard error by its number, nothing of it is printed, and the exit status is 1 in the end.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/syntora/vual/anonymize"
)

func main() {
	labels := flag.String("labels", "en", "language of the labels, en or ru")
	text := flag.Bool("text", false, "add the original values to the output, for debugging")
	flag.Parse()
	if flag.NArg() > 0 || *labels != "en" && *labels != "ru" {
		flag.Usage()
		os.Exit(2)
	}
	if *text {
		fmt.Fprintln(os.Stderr, "mask: -text: the output holds the personal data in plain text")
	}
	m := &masker{text: *text, errors: os.Stderr}
	if *labels == "ru" {
		m.options.Labels = anonymize.Russian
	}
	out := bufio.NewWriter(os.Stdout)
	err := m.run(context.Background(), os.Stdin, out)
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mask:", err)
		os.Exit(1)
	}
}

// A masker turns lines into masked lines.
type masker struct {
	options anonymize.Options
	text    bool // add the original values
	errors  io.Writer
}

// run masks line by line. It holds one conversation at a time.
func (m *masker) run(ctx context.Context, in io.Reader, out io.Writer) error {
	analyzer := anonymize.New(&m.options)
	lines := bufio.NewReaderSize(in, 1<<16)
	broken := 0
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("reading line %d: %w", n, err)
		}
		if masked, failed := m.line(ctx, analyzer, line); failed != nil {
			broken++
			fmt.Fprintf(m.errors, "mask: line %d: %v\n", n, failed)
		} else if _, err := out.Write(masked); err != nil {
			return err
		}
		if err == io.EOF {
			break
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d lines were not masked", broken)
	}
	return nil
}
