// Command vual-audit verifies, queries and exports an audit log of files. It
// reads only, so it may run on a copy, or beside the service that writes.
//
//	vual-audit verify -log DIR -key KEY [-anchor FILE]... [-since FILE]... [-require-anchor]
//	vual-audit query  -log DIR -key KEY [-from T] [-to T] [-actor P] [-subject P] [-object P] [-action A] [-limit N] …
//	vual-audit export -log DIR -key KEY -format jsonl|ocsf|cef [-proofs DIR] [the flags of query]
//
// KEY is the public key of the log, as note.GenerateKey writes it, or a file
// that holds it. An anchor is a checkpoint kept elsewhere; -since is the same
// for one noted down earlier. Persons and things are given by pseudonym, and
// times by RFC 3339.
//
// The exit status is 0 if the log is verified, 1 if it was tampered with, 2 if
// its end is missing against a checkpoint, 3 if that cannot be said (no
// checkpoint, no anchor where one is required), and 4 for wrong usage and
// failed reads. query and export do not verify: run verify first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/syntora/vual/audit"
	"golang.org/x/mod/sumdb/note"
)

// help is what -h prints.
const help = `vual-audit verifies, queries and exports an audit log of files. It reads only.

  vual-audit verify -log DIR -key KEY [-anchor FILE]... [-since FILE]... [-require-anchor]
  vual-audit query  -log DIR -key KEY [-from T] [-to T] [-actor P] [-subject P] [-object P] [-action A] [-limit N] …
  vual-audit export -log DIR -key KEY -format jsonl|ocsf|cef [-proofs DIR] [the flags of query]

KEY is the log's public key or a file that holds it. An anchor is a checkpoint
kept elsewhere, -since one noted down earlier. Persons and things are given by
pseudonym, times by RFC 3339.

Exit status: 0 verified; 1 tampered with; 2 the end is missing against a
checkpoint; 3 cannot be said (no checkpoint, or no anchor where one is
required); 4 wrong usage or failed reads. query and export do not verify.
"vual-audit COMMAND -h" lists the flags.
`

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// failed is the exit status of wrong usage and failed reads; the others are
// the numbers of the verdicts.
const failed = 4

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		fmt.Fprint(stdout, help)
		return 0
	}
	c := command{stdout: stdout, stderr: stderr}
	commands := []struct {
		name string
		run  func(context.Context, []string) (int, error)
	}{{"verify", c.verify}, {"query", c.query}, {"export", c.export}}
	for _, cmd := range commands {
		if len(args) == 0 || args[0] != cmd.name {
			continue
		}
		c.flags = flag.NewFlagSet("vual-audit "+cmd.name, flag.ContinueOnError)
		c.flags.SetOutput(stderr)
		status, err := cmd.run(ctx, args[1:])
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		if err != nil {
			fmt.Fprintln(stderr, "vual-audit:", err)
		}
		return status
	}
	fmt.Fprintln(stderr, "usage: vual-audit verify|query|export -log DIR -key KEY [flags]; see -h")
	return failed
}

type command struct {
	flags          *flag.FlagSet
	stdout, stderr io.Writer
	dir, key       string
}

// parse reads the flags and the key.
func (c *command) parse(args []string) (note.Verifier, error) {
	c.flags.StringVar(&c.dir, "log", "", "folder of the log")
	c.flags.StringVar(&c.key, "key", "", "public key of the log, or a file with it")
	if err := c.flags.Parse(args); err != nil {
		return nil, err
	}
	if c.dir == "" || c.key == "" || c.flags.NArg() > 0 {
		return nil, errors.New("-log and -key are needed, and nothing after the flags")
	}
	text := c.key
	if b, err := os.ReadFile(c.key); err == nil {
		text = strings.TrimSpace(string(b))
	}
	key, err := note.NewVerifier(text)
	if err != nil {
		return nil, errors.New("-key is neither a public key nor a file with one")
	}
	return key, nil
}

func (c *command) verify(ctx context.Context, args []string) (int, error) {
	var opts audit.VerifyOptions
	var files []string
	add := func(name string) error { files = append(files, name); return nil }
	c.flags.Func("anchor", "file with a checkpoint kept elsewhere; repeatable", add)
	c.flags.Func("since", "file with an earlier checkpoint; repeatable", add)
	c.flags.BoolVar(&opts.RequireAnchor, "require-anchor", false, "without an anchor the exit status is 3")
	key, err := c.parse(args)
	if err != nil {
		return failed, err
	}
	opts.Key = key
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return failed, err
		}
		// A file that is missing counts as an anchor that says nothing.
		opts.Anchors = append(opts.Anchors, text)
	}
	r, err := audit.Verify(ctx, c.dir, opts)
	if err != nil {
		return failed, err
	}
	c.report(&r)
	return int(r.Verdict), nil
}

// report prints one fact a line.
func (c *command) report(r *audit.Report) {
	for _, p := range r.Problems {
		fmt.Fprintln(c.stdout, "problem:", p)
	}
	fmt.Fprintf(c.stdout, "size: %d\nroot: %s\n", r.Size, r.Root)
	for _, row := range []struct {
		what  string
		count uint64
	}{
		{"pruned", r.Pruned},
		{"unsigned tail", r.Size - min(r.Size, r.Signed)},
		{"unanchored tail", r.Size - min(r.Size, r.Anchored)},
		{"outcomes lost in a crash", r.Unfinished},
		{"bytes of an unfinished write", uint64(r.Torn)},
	} {
		if row.count > 0 {
			fmt.Fprintf(c.stdout, "%s: %d\n", row.what, row.count)
		}
	}
	if len(r.Gaps) > 0 {
		fmt.Fprintln(c.stdout, "gaps at:", r.Gaps)
	}
	if len(r.Recoveries) > 0 {
		fmt.Fprintln(c.stdout, "recovered at:", r.Recoveries)
	}
	if len(r.Stops) > 0 {
		fmt.Fprintln(c.stdout, "had stopped, told at:", r.Stops)
	}
	if s := r.Stopped; s != nil {
		fmt.Fprintf(c.stdout, "stopped: %s, at %s\n", s.Code, s.At.Format(time.RFC3339))
	}
	if r.Stale {
		fmt.Fprintln(c.stdout, "tree file: ends early, made anew at the next opening")
	}
	fmt.Fprintln(c.stdout, "verdict:", r.Verdict)
}

// selection declares the flags of a query.
func (c *command) selection() *audit.Query {
	var q audit.Query
	for _, f := range []struct {
		name, usage string
		set         func(string)
	}{
		{"action", "an action; repeatable", func(s string) { q.Actions = append(q.Actions, audit.Action(s)) }},
		{"purpose", "a purpose; repeatable", func(s string) { q.Purposes = append(q.Purposes, audit.Purpose(s)) }},
		{"tenant", "pseudonym of a tenant; repeatable", func(s string) { q.Tenants = append(q.Tenants, s) }},
		{"actor", "pseudonym of an actor; repeatable", func(s string) { q.Actors = append(q.Actors, s) }},
		{"subject", "pseudonym of a subject; repeatable", func(s string) { q.Subjects = append(q.Subjects, s) }},
		{"object", "pseudonym of an object; repeatable", func(s string) { q.Objects = append(q.Objects, s) }},
	} {
		c.flags.Func(f.name, f.usage, func(s string) error { f.set(s); return nil })
	}
	for name, t := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		c.flags.Func(name, "a time in RFC 3339", func(s string) (err error) { *t, err = time.Parse(time.RFC3339, s); return err })
	}
	c.flags.Func("outcome", "attempt, success, denied, failed or unknown; repeatable", func(s string) error {
		q.Outcomes = append(q.Outcomes, audit.Outcome(s))
		if !slices.Contains(outcomes[:], audit.Outcome(s)) {
			return errors.New("no such outcome")
		}
		return nil
	})
	c.flags.Func("link", "outcomes of the attempt with this id", func(s string) (err error) { q.Link, err = audit.ParseID(s); return err })
	c.flags.Uint64Var(&q.Start, "start", 0, "first position")
	c.flags.Func("limit", "at most so many events; 0, the default, means all", func(s string) error {
		n, err := strconv.ParseUint(s, 10, 31)
		q.Limit = int(n)
		return err
	})
	return &q
}

var outcomes = [...]audit.Outcome{audit.Attempt, audit.Success, audit.Denied, audit.Failed, audit.Unknown}

func (c *command) query(ctx context.Context, args []string) (int, error) {
	q := c.selection()
	format, noProofs := string(audit.JSONLines), ""
	return c.write(ctx, args, q, &format, &noProofs)
}

func (c *command) export(ctx context.Context, args []string) (int, error) {
	q := c.selection()
	format := c.flags.String("format", string(audit.JSONLines), "jsonl, ocsf or cef")
	proofs := c.flags.String("proofs", "", "folder for SEQ.json and SEQ.tlog-proof of every event")
	return c.write(ctx, args, q, format, proofs)
}

// write parses the flags, which fill q, format and proofs, and exports.
func (c *command) write(ctx context.Context, args []string, q *audit.Query, format, proofs *string) (int, error) {
	key, err := c.parse(args)
	if err != nil {
		return failed, err
	}
	r, err := audit.OpenReader(c.dir, key)
	if err != nil {
		return statusOf(err), err
	}
	defer r.Close()
	var last audit.Entry
	n, err := audit.Export(c.stdout, audit.Format(*format), func(yield func(audit.Entry, error) bool) {
		for e, err := range r.Query(ctx, *q) {
			if err == nil && *proofs != "" {
				err = prove(ctx, r, *proofs, e)
			}
			last = e
			if !yield(e, err) {
				return
			}
		}
	})
	if err != nil {
		return statusOf(err), err
	}
	if n > 0 && n == q.Limit {
		fmt.Fprintf(c.stderr, "vual-audit: the next page begins with -start %d\n", last.Seq+1)
	}
	return 0, nil
}

// prove writes an event and its proof as two files.
func prove(ctx context.Context, r *audit.Reader, dir string, e audit.Entry) error {
	p, err := r.Prove(ctx, e.Seq)
	if err != nil {
		return fmt.Errorf("proof of record %d: %w", e.Seq, err)
	}
	text, err := p.MarshalText()
	if err != nil {
		return err
	}
	name := filepath.Join(dir, fmt.Sprint(e.Seq))
	if err := os.WriteFile(name+".json", e.Raw, 0o600); err != nil {
		return err
	}
	return os.WriteFile(name+".tlog-proof", text, 0o600)
}

// statusOf tells a log that is wrong from one that cannot be read.
func statusOf(err error) int {
	var corrupt *audit.CorruptError
	switch {
	case errors.As(err, &corrupt):
		return int(audit.Tampered)
	case errors.Is(err, audit.ErrRollback):
		return int(audit.RolledBack)
	}
	return failed
}
