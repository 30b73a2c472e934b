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
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
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
	longest int // bytes of a line; 0 means longestLine

	analyzer *anonymize.Analyzer
	broken   int   // lines
	failed   error // to read on
}

// run masks all lines, as many at a time as there are processors.
func (m *masker) run(ctx context.Context, in io.Reader, out io.Writer) error {
	m.analyzer, m.broken, m.failed = anonymize.New(&m.options), 0, nil
	var waiting []*conversation // masked now, the oldest first; MaskAll keeps the order
	source := func(yield func(anonymize.Conversation) bool) {
		for c := range m.lines(in) {
			waiting = append(waiting, c)
			if !yield(c.conversation()) {
				return
			}
		}
	}
	for result, err := range m.analyzer.MaskAll(ctx, source) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c := waiting[0]
		waiting = waiting[1:]
		if err != nil {
			m.refuse(c.line, err)
			continue
		}
		masked, err := m.encode(c, result)
		if err != nil {
			m.refuse(c.line, err)
			continue
		}
		if _, err := out.Write(masked); err != nil {
			return err
		}
	}
	if m.failed != nil {
		return m.failed
	}
	if m.broken > 0 {
		return fmt.Errorf("%d lines were not masked", m.broken)
	}
	return nil
}

// lines gives the conversations of all lines that hold one.
func (m *masker) lines(in io.Reader) iter.Seq[*conversation] {
	return func(yield func(*conversation) bool) {
		lines := bufio.NewReaderSize(in, 1<<16)
		for n := 1; ; n++ {
			line, end := m.line(lines)
			if end != nil && end != io.EOF && end != errTooLong {
				m.failed = fmt.Errorf("reading line %d: %w", n, end)
				return
			}
			if end == errTooLong {
				m.refuse(n, end)
			} else if c, err := m.parse(line); err != nil {
				m.refuse(n, err)
			} else if c != nil {
				if c.line = n; !yield(c) {
					return
				}
			}
			if end == io.EOF {
				return
			}
		}
	}
}

// longestLine is that of what may be in memory at a time.
const longestLine = 256 << 20

var errTooLong = errors.New("the line is too long")

// line gives the next line with its end. Of one that is too long nothing is kept, and it is read to its end.
func (m *masker) line(lines *bufio.Reader) (line []byte, err error) {
	longest := cmp.Or(m.longest, longestLine)
	tooLong := false
	for {
		part, err := lines.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > longest; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case tooLong && (err == nil || err == io.EOF):
			return nil, errTooLong
		default:
			return line, err
		}
	}
}

// refuse names a line that is not masked.
func (m *masker) refuse(line int, err error) {
	m.broken++
	fmt.Fprintf(m.errors, "mask: line %d: %v\n", line, err)
}
