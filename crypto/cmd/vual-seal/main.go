// Command vual-seal seals and opens files with a key file.
//
// seal writes an envelope for the Context that the flags give, open reads one for the same
// Context, rewrap moves one to the newest version in the key file, inspect shows a header.
// body-seal and body-open handle a bare body of https://c2sp.org/chunked-encryption, instance
// Cobblestone-256, to compare with other implementations: a key given on the command line is
// seen by every user of the machine. The flags are in [usage], which -h prints.
//
// The exit status is 0, or 1 after an error; then nothing is written but a line on standard
// error.
package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/crypto/internal/cobblestone"
	"github.com/syntora/vual/crypto/internal/durable"
	"github.com/syntora/vual/crypto/kms/file"
)

const usage = `vual-seal seals and opens files with a key file.

  vual-seal init    -keys FILE [-passphrase-file FILE]      make a key file
  vual-seal rotate  -keys FILE [-passphrase-file FILE]      add a version to it
  vual-seal seal    -keys FILE -tenant T -record R [...]    seal
  vual-seal open    -keys FILE -tenant T -record R [...]    open, for the same flags
  vual-seal rewrap  -keys FILE -tenant T -record R [...]    move to the newest version
  vual-seal inspect                                         show a header
  vual-seal body-seal|body-open -key HEX [-context HEX]     a bare Cobblestone-256 body

  [...] is [-passphrase-file FILE] [-conversation C | -subject S] [-kind K].
  -in FILE and -out FILE stand for standard input and output.
`

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "vual-seal:", err)
		os.Exit(1)
	}
}

var commands = [...]struct {
	name string
	do   func(*task) error
}{
	{"init", (*task).init},
	{"rotate", (*task).rotate},
	{"seal", (*task).seal},
	{"open", (*task).open},
	{"rewrap", (*task).rewrap},
	{"inspect", (*task).inspect},
	{"body-seal", (*task).bodySeal},
	{"body-open", (*task).bodyOpen},
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 0 {
		return errNoCommand
	}
	if args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		_, err := io.WriteString(stdout, usage)
		return err
	}
	for _, c := range commands {
		if c.name == args[0] {
			t := &task{stdin: stdin, stdout: stdout}
			return t.run(args, c.do)
		}
	}
	return errNoCommand
}

var errNoCommand = errors.New("no such command; -h shows all")

// run reads the flags and does what the command says.
func (t *task) run(args []string, do func(*task) error) error {
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&t.keyFile, "keys", "", "")
	flags.StringVar(&t.passphraseFile, "passphrase-file", "", "")
	flags.StringVar(&t.in, "in", "", "")
	flags.StringVar(&t.out, "out", "", "")
	flags.StringVar(&t.context.Tenant, "tenant", "", "")
	flags.StringVar(&t.context.Conversation, "conversation", "", "")
	flags.StringVar(&t.context.Subject, "subject", "", "")
	flags.StringVar(&t.context.Record, "record", "", "")
	flags.StringVar(&t.context.Kind, "kind", "", "")
	flags.StringVar(&t.bodyKey, "key", "", "")
	flags.StringVar(&t.bodyContext, "context", "", "")
	if err := flags.Parse(args[1:]); errors.Is(err, flag.ErrHelp) {
		_, err := io.WriteString(t.stdout, usage)
		return err
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errors.New("arguments after the flags")
	}
	return do(t)
}

// A task is one run with its flags.
type task struct {
	stdin  io.Reader
	stdout io.Writer

	keyFile, passphraseFile string
	in, out                 string
	context                 crypto.Context
	bodyKey, bodyContext    string
}

func (t *task) init() error { return t.withPassphrase(file.Create) }

func (t *task) rotate() error { return t.withPassphrase(file.Rotate) }

func (t *task) withPassphrase(do func(string, []byte) (*file.Keys, error)) error {
	_, err := t.keysFrom(do)
	return err
}

func (t *task) seal() error {
	return t.stream(func(s *crypto.Sealer, in io.Reader, out io.Writer) error {
		w, err := s.NewWriter(context.Background(), out, t.context)
		if err != nil {
			return err
		}
		if _, err := io.Copy(w, in); err != nil {
			return err
		}
		return w.Close()
	})
}

func (t *task) open() error {
	return t.stream(func(s *crypto.Sealer, in io.Reader, out io.Writer) error {
		r, err := s.NewReader(context.Background(), in, t.context)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, r)
		return err
	})
}

// stream passes the input through a sealer to the output.
func (t *task) stream(do func(*crypto.Sealer, io.Reader, io.Writer) error) error {
	sealer, err := t.sealer()
	if err != nil {
		return err
	}
	in, err := t.input()
	if err != nil {
		return err
	}
	defer in.Close()
	return t.output(func(out io.Writer) error { return do(sealer, in, out) })
}

func (t *task) rewrap() error {
	sealer, err := t.sealer()
	if err != nil {
		return err
	}
	envelope, err := t.read()
	if err != nil {
		return err
	}
	envelope, _, err = sealer.Rewrap(context.Background(), envelope, t.context)
	if err != nil {
		return err
	}
	return t.write(envelope)
}

func (t *task) inspect() error {
	envelope, err := t.read()
	if err != nil {
		return err
	}
	h, err := crypto.Inspect(envelope)
	if err != nil {
		return err
	}
	return t.write(fmt.Appendf(nil, "slot %v\nkey %s\nversion %d\nheader %d bytes\nbody %d bytes\n",
		h.Slot, h.KeyID, h.KeyVersion, h.Size, len(envelope)-h.Size))
}

func (t *task) bodySeal() error {
	return t.body(func(key *cobblestone.Key, in, context []byte) ([]byte, error) {
		return key.Seal(nil, in, context), nil
	})
}

func (t *task) bodyOpen() error {
	return t.body(func(key *cobblestone.Key, in, context []byte) ([]byte, error) {
		return key.Open(nil, in, context)
	})
}

func (t *task) body(do func(key *cobblestone.Key, in, context []byte) ([]byte, error)) error {
	key, err := hex.DecodeString(t.bodyKey)
	if err != nil || len(key) != cobblestone.KeySize {
		return errors.New("-key is not 32 bytes in hexadecimal")
	}
	context, err := hex.DecodeString(t.bodyContext)
	if err != nil {
		return errors.New("-context is not hexadecimal")
	}
	in, err := t.read()
	if err != nil {
		return err
	}
	out, err := do(cobblestone.NewKey(key), in, context)
	if err != nil {
		return err
	}
	return t.write(out)
}

func (t *task) sealer() (*crypto.Sealer, error) {
	keys, err := t.keysFrom(file.Open)
	if err != nil {
		return nil, err
	}
	return crypto.NewSealer(keys), nil
}

func (t *task) keysFrom(do func(string, []byte) (*file.Keys, error)) (*file.Keys, error) {
	if t.keyFile == "" {
		return nil, errors.New("-keys is missing")
	}
	var passphrase []byte
	if t.passphraseFile != "" {
		line, err := os.ReadFile(t.passphraseFile)
		if err != nil {
			return nil, err
		}
		defer clear(line)
		if passphrase = bytes.TrimRight(line, "\r\n"); len(passphrase) == 0 {
			return nil, errors.New("passphrase file is empty")
		}
	}
	return do(t.keyFile, passphrase)
}

func (t *task) input() (io.ReadCloser, error) {
	if t.in == "" {
		return io.NopCloser(t.stdin), nil
	}
	return os.Open(t.in)
}

func (t *task) read() ([]byte, error) {
	in, err := t.input()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}

// output passes on what write gives once it has ended well: a file appears whole, and what
// goes to standard output is held in memory until then.
func (t *task) output(write func(io.Writer) error) error {
	if t.out != "" {
		return durable.Replace(t.out, write)
	}
	var held bytes.Buffer
	if err := write(&held); err != nil {
		return err
	}
	_, err := t.stdout.Write(held.Bytes())
	return err
}

func (t *task) write(data []byte) error {
	return t.output(func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
