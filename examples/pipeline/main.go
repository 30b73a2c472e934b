// Pipeline shows the packages of this module composed into a product: it reads calls and chats, masks them, analyses
// what is left, keeps the originals sealed, and records what it did.
//
//	go run ./examples/pipeline [-in FOLDER] [-out FOLDER] [-labels en|ru] [-state FOLDER] [-keys FILE] [-tenant NAME]
//
// Without -in it reads the invented conversations of package testdata. The folder out gets
//
//	masked/        the conversations in the formats in which they were read, without their personal data
//	analysis.json  what the analyst found in them: objections, answers, the next step, who talked how long
//	report.html    the same to look at, in one file that loads nothing; it holds no personal value
//
// The folder state (mode 0700) gets the originals and the analysis, each conversation sealed under a key of its own
// below the key of the tenant, and the audit log. The key above them all is in the file -keys, which is made where it is missing; by
// default it is vual/pipeline.keys in the user's configuration folder, and if there is none a key that is gone after the run.
// The environment variable VUAL_PASSPHRASE has its passphrase. Then
//
//	-open NAME      writes the original of a conversation, as the summary names it, to standard output; the log has it
//	-verify         checks the audit log with nothing but its public key
//	-sweep          destroys the keys of the conversations whose term is over (retention.yaml); with -at TIME it only
//	                tells how many that would be then
//	-forget-subject PHONE|E-MAIL  takes somebody out of every original in which he occurs and out of its mapping, and
//	                destroys his key; nothing is kept of conversations with him from then on
//	-forget-tenant NAME  destroys all that is kept of the tenant, and his key
//	-accept-clock   with one of the last three: somebody has looked at the clock, and it is right although nothing was destroyed
//	                for more than a year
//
// What is destroyed leaves an act and an extract of the journal in state/papers, and a confirmation for who asked for it.
//
// A file that cannot be read is named and skipped, and the exit status is 1 in the end. Nothing leaves this computer.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/testdata"
)

func main() {
	c := config{stdout: os.Stdout, stderr: os.Stderr}
	flag.StringVar(&c.in, "in", "", "folder of conversations; empty means the invented ones")
	flag.StringVar(&c.out, "out", "out", "folder to write to")
	flag.StringVar(&c.labels, "labels", "en", "language of the labels and of the report, en or ru")
	flag.StringVar(&c.state, "state", "state", "folder of sealed originals and the audit log")
	flag.StringVar(&c.keys, "keys", "", "key file, made where it is missing")
	flag.StringVar(&c.tenant, "tenant", "demo", "whose conversations they are")
	flag.StringVar(&c.open, "open", "", "write the original of this conversation and stop")
	flag.BoolVar(&c.verify, "verify", false, "check the audit log and stop")
	flag.BoolVar(&c.sweep, "sweep", false, "destroy the conversations whose term is over and stop")
	flag.Func("at", "with -sweep: only tell what would be due at this time, such as 2027-06-01T00:00:00Z", func(s string) (err error) {
		c.at, err = time.Parse(time.RFC3339, s)
		return err
	})
	flag.StringVar(&c.subject, "forget-subject", "", "take who has this phone or e-mail out of what is kept and stop")
	flag.StringVar(&c.forget, "forget-tenant", "", "destroy all that is kept of this tenant, and his key, and stop")
	flag.BoolVar(&c.acceptClock, "accept-clock", false, "the clock was looked at after a long pause and is right")
	flag.Parse()
	if flag.NArg() > 0 || c.commands() > 1 || c.labels != "en" && c.labels != "ru" || !c.at.IsZero() && !c.sweep {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ok, err := c.command(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// A config is what the flags say.
type config struct {
	in, out, labels     string
	state, keys, tenant string
	open                string
	subject, forget     string
	verify, sweep       bool
	acceptClock         bool
	at                  time.Time // zero: now
	stdout, stderr      io.Writer
}

// commands is how many things the flags ask for beside a run.
func (c *config) commands() (n int) {
	for _, asked := range []bool{c.open != "", c.verify, c.sweep, c.subject != "", c.forget != ""} {
		if asked {
			n++
		}
	}
	return n
}

// command does what the flags ask for. It reports whether all went well that is no error.
func (c *config) command(ctx context.Context) (ok bool, err error) {
	if c.verify {
		return verify(ctx, c.state, c.stdout)
	}
	tenant := cmp.Or(c.forget, c.tenant)
	s, err := openState(ctx, c.state, tenant, c.keys, c.commands() == 0, c.stderr)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.acceptClock = c.acceptClock
	switch {
	case c.open != "":
		source, err := s.original(ctx, c.open)
		if err == nil {
			_, err = c.stdout.Write(source)
		}
		return true, err
	case c.sweep:
		return s.sweep(ctx, c.at, c.stdout)
	case c.subject != "":
		return true, c.forgetSubject(ctx, s)
	case c.forget != "":
		return true, c.forgetTenant(ctx, s)
	}
	return c.run(ctx, s)
}

func (c *config) forgetTenant(ctx context.Context, s *state) error {
	p, err := s.forgetTenant(ctx, c.stdout)
	if err != nil {
		return err
	}
	c.printRemains(p)
	return s.papers(ctx, p, c.stdout)
}

func (c *config) forgetSubject(ctx context.Context, s *state) error {
	f, err := s.forgetSubject(ctx, c.subject, c.stdout)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(f.rewritten)) {
		fmt.Fprintf(c.stdout, "%s: rewritten, %d values taken out\n", name, f.rewritten[name])
	}
	for _, name := range f.destroyed {
		fmt.Fprintf(c.stdout, "%s: destroyed as a whole, it cannot be rewritten\n", name)
	}
	fmt.Fprintf(c.stdout, "the key of the subject is destroyed; conversations with him are not kept any more\n")
	c.printRemains(&f.proof)
	return s.papers(ctx, &f.proof, c.stdout)
}

func (c *config) printRemains(p *proof) {
	for _, left := range p.remains {
		fmt.Fprintln(c.stdout, "not reached:", left)
	}
}

// run masks and analyses a folder. It reports whether all files could be read.
func (c *config) run(ctx context.Context, s *state) (ok bool, err error) {
	folder, closeFolder, err := open(c.in)
	if err != nil {
		return false, err
	}
	defer closeFolder()
	files, err := list(folder, c.in, c.out, c.state)
	if err != nil {
		return false, err
	}
	options := &anonymize.Options{}
	if c.labels == "ru" {
		options.Labels = anonymize.Russian
	}
	p := &pipeline{
		folder: folder, out: c.out, state: s, analyzer: anonymize.New(options), analyst: rules{}, labels: options.Labels,
		progress: newProgress(c.stderr, len(files)), names: map[string]bool{},
	}
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		err := p.file(ctx, name)
		if errors.Is(err, audit.ErrStopped) {
			return false, err // nothing is done that cannot be recorded
		}
		if err != nil {
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
