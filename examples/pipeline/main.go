// Pipeline shows the packages of this module composed into a product: it reads calls and chats, masks them, analyses
// what is left, and writes the result.
//
//	go run ./examples/pipeline [-in FOLDER] [-out FOLDER] [-labels en|ru]
//
// Without -in it reads the invented conversations of package testdata. The folder out gets
//
//	masked/        the conversations in the formats in which they were read, without their personal data
//	analysis.json  what the analyst found in them: objections, answers, the next step, who talked how long
//	report.html    the same to look at, in one file that loads nothing; it holds no personal value
//
// A file that cannot be read is named and skipped, and the exit status is 1 in the end. No file leaves this computer.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/testdata"
)

func main() {
	in := flag.String("in", "", "folder of conversations; empty means the invented ones")
	out := flag.String("out", "out", "folder to write to")
	labels := flag.String("labels", "en", "language of the labels, en or ru")
	flag.Parse()
	if flag.NArg() > 0 || *labels != "en" && *labels != "ru" {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	options := &anonymize.Options{}
	if *labels == "ru" {
		options.Labels = anonymize.Russian
	}
	ok, err := run(ctx, config{*in, *out, options, os.Stdout, os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
	}
	if err != nil || !ok {
		stop()
		os.Exit(1)
	}
}

// A config is what the flags say.
type config struct {
	in, out        string
	options        *anonymize.Options
	stdout, stderr io.Writer
}

// run masks and analyses a folder. It reports whether all files could be read.
func run(ctx context.Context, c config) (ok bool, err error) {
	folder, closeFolder, err := open(c.in)
	if err != nil {
		return false, err
	}
	defer closeFolder()
	files, err := list(folder, c.in, c.out)
	if err != nil {
		return false, err
	}
	p := &pipeline{
		folder: folder, out: c.out, analyzer: anonymize.New(c.options), analyst: rules{},
		progress: newProgress(c.stderr, len(files)),
	}
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := p.file(ctx, name); err != nil {
			p.skip(name, err)
		}
		p.progress.step()
	}
	p.progress.done()
	if err := p.write(); err != nil {
		return false, err
	}
	p.print(c.stdout)
	for _, s := range p.skipped {
		fmt.Fprintln(c.stderr, "pipeline: skipped", s)
	}
	return len(p.skipped) == 0, nil
}

// open gives the folder to read. Nothing outside it can be reached through it.
func open(in string) (folder fs.FS, closeFolder func() error, err error) {
	if in == "" {
		folder, err = fs.Sub(testdata.FS, "calls")
		return folder, func() error { return nil }, err
	}
	root, err := os.OpenRoot(in)
	if err != nil {
		return nil, nil, err
	}
	return root.FS(), root.Close, nil
}
