package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// A progress tells people at a terminal how far long work has come. It says nothing in the first second, and nothing
// where nobody looks.
type progress struct {
	out     io.Writer // nil where nobody looks
	total   int
	at      int
	started time.Time
	shown   time.Time
}

func newProgress(out io.Writer, total int) *progress {
	p := &progress{total: total, started: time.Now()}
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.out = out
		}
	}
	return p
}

func (p *progress) step() {
	p.at++
	now := time.Now()
	if p.out == nil || now.Sub(p.started) < time.Second || now.Sub(p.shown) < time.Second/5 {
		return
	}
	p.shown = now
	fmt.Fprintf(p.out, "\r%d of %d files, %s ", p.at, p.total, now.Sub(p.started).Round(time.Second))
}

// done removes the line.
func (p *progress) done() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
