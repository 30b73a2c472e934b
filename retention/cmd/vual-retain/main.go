// Vual-retain decides, plans and carries out retention from the command line.
//
//	vual-retain explain -policy FILE|preset:NAME [-policy …] [-calendar FILE] < facts.jsonl > decisions.jsonl
//	vual-retain lint    -policy FILE|preset:NAME [-policy …] [-calendar FILE] [-at TIME]
//	vual-retain plan    -policy … -dir DIR [-state DIR] [-at TIME] [-holds FILE] > plan.json
//	vual-retain apply   -policy … -dir DIR -state DIR -plan plan.json [-holds FILE] [-papers FILE -out DIR]
//
// docs/formats/retention-policy.md describes the files and the lines. The exit status is 0, or 1 if
// something was wrong (explain: a broken line; lint: a serious finding; plan: a record that needs a person; apply: an
// operation that failed), or 2 for a wrong command line.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
	_ "time/tzdata" // the command must decide alike on machines without a zone database

	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/retention/policy"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// help is what -h prints.
const help = `vual-retain decides, plans and carries out retention.

  vual-retain explain -policy FILE|preset:NAME [-policy …] [-calendar FILE] < facts.jsonl > decisions.jsonl
  vual-retain lint    -policy FILE|preset:NAME [-policy …] [-calendar FILE] [-at TIME]
  vual-retain plan    -policy … -dir DIR [-state DIR] [-at TIME] [-holds FILE] > plan.json
  vual-retain apply   -policy … -dir DIR -state DIR -plan plan.json [-holds FILE] [-papers FILE -out DIR]

The presets are contract and ru152. A line of facts, and its answer:

  {"id":"c1","class":"transcript","facts":{"service_started":"2025-01-01T00:00:00Z","service_terminated":"2026-03-31T12:00:00+03:00"},"now":"2026-04-10T00:00:00Z"}
  {"id":"c1","action":"delete","state":"due","deadline":"2026-04-30T21:00:00Z",…,"rule":"contract.transcripts","because":[…]}

Exit status: 0; 1 if something was wrong (explain: a broken line; lint: a serious
finding; plan: a record that needs a person; apply: an operation that failed);
2 for a wrong command line. "vual-retain COMMAND -h" lists the flags.
`

var commands = []struct {
	name string
	run  func(c *command) error
}{
	{"explain", explain},
	{"lint", lint},
	{"plan", plan},
	{"apply", apply},
}

// command is one call: its flags and its streams.
type command struct {
	flags  *flag.FlagSet
	args   []string
	in     io.Reader
	out    io.Writer
	errors io.Writer

	policies, calendars list
	at                  string
}

type list []string

func (l *list) String() string     { return fmt.Sprint([]string(*l)) }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// errWrong ends a command with status 1 after it has reported what was wrong.
var errWrong = errors.New("")

// errUsage ends a command with status 2.
var errUsage = errors.New("usage: vual-retain explain|lint|plan|apply -policy FILE|preset:NAME …; see -h of each")

func run(args []string, in io.Reader, out, errs io.Writer) int {
	err := errUsage
	if len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		fmt.Fprint(out, help)
		return 0
	}
	for _, cmd := range commands {
		if len(args) > 0 && args[0] == cmd.name {
			c := &command{flags: flag.NewFlagSet("vual-retain "+cmd.name, flag.ContinueOnError), args: args[1:], in: in, out: out, errors: errs}
			c.flags.SetOutput(errs)
			c.flags.Var(&c.policies, "policy", "policy `file` (YAML or JSON) or preset:NAME; repeat to merge")
			c.flags.Var(&c.calendars, "calendar", "`file` with years for the ru-production calendar; repeatable")
			err = cmd.run(c)
		}
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errWrong):
		return 1
	case errors.Is(err, errUsage):
		fmt.Fprintln(errs, err)
		return 2
	}
	fmt.Fprintln(errs, "vual-retain:", err)
	return 1
}

// load parses the flags and reads the policies.
func (c *command) load() (*retention.Policy, error) {
	if err := c.flags.Parse(c.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, errUsage
	}
	if len(c.policies) == 0 || c.flags.NArg() > 0 {
		return nil, errUsage
	}
	calendar := retention.RussianCalendar()
	for _, name := range c.calendars {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, errors.New("a calendar file does not open")
		}
		if calendar, err = calendar.With(data); err != nil {
			return nil, err
		}
	}
	var opts *retention.Options
	if len(c.calendars) > 0 {
		opts = &retention.Options{Calendars: []*retention.Calendar{calendar}}
	}
	return policy.Load(c.policies, opts)
}

// now is -at, or the clock.
func (c *command) now() (time.Time, error) {
	if c.at == "" {
		return time.Now(), nil
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(c.at)); err != nil {
		return t, errors.New("-at: a time as in RFC 3339 is wanted, such as 2026-01-09T12:00:00+03:00")
	}
	return t, nil
}

func lint(c *command) error {
	c.flags.StringVar(&c.at, "at", "", "look at this `time` (RFC 3339) instead of now")
	p, err := c.load()
	if err != nil {
		return err
	}
	at, err := c.now()
	if err != nil {
		return err
	}
	for _, f := range p.Lint(at) {
		level := "warning"
		if f.Serious {
			level, err = "error", errWrong
		}
		if _, werr := fmt.Fprintf(c.out, "%s: %s\n", level, f); werr != nil {
			return werr
		}
	}
	return err
}
