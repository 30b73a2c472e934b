// Vual-policy proves, explains and draws policies for package anonymize.
//
//	vual-policy test    FILE|preset:NAME …
//	vual-policy lint    FILE|preset:NAME …
//	vual-policy explain [-policy FILE|preset:NAME …] [-missed] < text
//	vual-policy html    [-policy FILE|preset:NAME …] < text > page.html
//	vual-policy schema
//
// test runs the examples of the policy's own recognizers. lint says what a policy allows and its author should know.
// explain says of every stretch of a text which rule found it, how sure it is and why; -missed adds what the policy let
// pass. html draws the same as a page. Both show the text with its personal data. Several policies are merged, a later
// one on top.
//
// explain has colours in a terminal; NO_COLOR takes them away. The exit status is 0, or 1 if an example or a policy is
// wrong, or 2 for a wrong command line. docs/formats/anonymize-policy.md describes the files.
package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/policy"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, hasColours(os.Stdout)))
}

// hasColours reports a terminal whose user did not ask for none (no-color.org).
func hasColours(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// command is one call: its arguments and its streams.
type command struct {
	flags       *flag.FlagSet
	args        []string
	in          io.Reader
	out, errors io.Writer
	colours     bool
	policies    list
}

type list []string

func (l *list) String() string     { return fmt.Sprint([]string(*l)) }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// errWrong ends a command with status 1 after it has reported what was wrong.
var errWrong = errors.New("")

// errUsage ends a command with status 2.
var errUsage = errors.New("usage: vual-policy test|lint FILE|preset:NAME …, explain|html [-policy FILE|preset:NAME …] < text, or schema; see -h of each")

func run(args []string, in io.Reader, out, errs io.Writer, colours bool) int {
	err := errUsage
	for _, cmd := range []struct {
		name string
		run  func(*command) error
	}{{"test", test}, {"lint", lint}, {"explain", explain}, {"html", html}, {"schema", schema}} {
		if len(args) > 0 && args[0] == cmd.name {
			c := &command{flags: flag.NewFlagSet("vual-policy "+cmd.name, flag.ContinueOnError), args: args[1:], in: in, out: out, errors: errs, colours: colours}
			c.flags.SetOutput(errs)
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
	fmt.Fprintln(errs, "vual-policy:", err)
	return 1
}

// parse reads the flags; what stands behind them is the caller's.
func (c *command) parse() error {
	err := c.flags.Parse(c.args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return errUsage
	}
	return err
}

// load reads the policies. The command never masks, so a key that nobody knows and a tokenizer without store will do.
func load(names []string) (*policy.Policy, error) {
	key := make([]byte, 32)
	rand.Read(key)
	opts := &policy.Options{HashKey: key, Tokenizer: noTokens{}}
	if len(names) == 0 {
		return policy.New(policy.Document{Version: 1, Name: "built-in rules"}, opts)
	}
	return policy.Load(names, opts)
}

type noTokens struct{ anonymize.Tokenizer }

func test(c *command) error {
	p, err := c.named()
	if err != nil {
		return err
	}
	failures := p.Test()
	for _, f := range failures {
		if _, err := fmt.Fprintln(c.out, f); err != nil {
			return err
		}
	}
	examples := 0
	recognizers := p.Document().Recognizers
	for i := range recognizers {
		examples += len(recognizers[i].Finds) + len(recognizers[i].Ignores)
	}
	if _, err := fmt.Fprintf(c.out, "%d recognizers, %d examples, %d failures\n", len(recognizers), examples, len(failures)); err != nil {
		return err
	}
	if len(failures) > 0 {
		return errWrong
	}
	return nil
}

func lint(c *command) error {
	p, err := c.named()
	if err != nil {
		return err
	}
	for _, f := range p.Lint() {
		if _, err := fmt.Fprintln(c.out, f); err != nil {
			return err
		}
	}
	return nil
}

// named loads the policies that stand behind the flags.
func (c *command) named() (*policy.Policy, error) {
	if err := c.parse(); err != nil {
		return nil, err
	}
	if c.flags.NArg() == 0 {
		return nil, errUsage
	}
	return load(c.flags.Args())
}

func schema(c *command) error {
	if err := c.parse(); err != nil {
		return err
	}
	if c.flags.NArg() > 0 {
		return errUsage
	}
	_, err := io.WriteString(c.out, policy.Schema())
	return err
}

// maxText is how much text explain and html read.
const maxText = 1 << 20

// text loads the policies of the flags and reads the text.
func (c *command) text() (*policy.Policy, string, error) {
	c.flags.Var(&c.policies, "policy", "policy `file` (YAML or JSON) or preset:NAME; repeat to merge; none means the built-in rules alone")
	if err := c.parse(); err != nil {
		return nil, "", err
	}
	if c.flags.NArg() > 0 {
		return nil, "", errUsage
	}
	p, err := load(c.policies)
	if err != nil {
		return nil, "", err
	}
	data, err := io.ReadAll(io.LimitReader(c.in, maxText+1))
	switch {
	case err != nil:
		return nil, "", errors.New("the text does not read")
	case len(data) > maxText:
		return nil, "", fmt.Errorf("the text is longer than %d bytes", maxText)
	case !utf8.Valid(data):
		return nil, "", errors.New("the text is not UTF-8")
	}
	return p, string(data), nil
}
