package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/syntora/vual/bench/corpus"
)

// startPeers gives the programs of other languages that the flag names, and a function that ends them.
func startPeers(names string) ([]candidate, func(), error) {
	var all []candidate
	var running []*peer
	dir, err := os.MkdirTemp("", "vual-bench-")
	if err != nil {
		return nil, nil, err
	}
	stop := func() {
		os.RemoveAll(dir)
		for _, p := range running {
			p.in.Close()
			p.cmd.Wait()
		}
	}
	for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' }) {
		if name == "rg" {
			c, err := ripgrep(dir)
			if err != nil {
				stop()
				return nil, nil, err
			}
			all = append(all, c)
			continue
		}
		programs, ok := map[string][]struct{ name, note string }{
			"npm": {
				{"redact-pii", "npm redact-pii, all built-in rules"},
				{"@redactpii/node", "npm @redactpii/node, all built-in rules"},
				{"openredaction", "npm openredaction, default patterns"},
			},
			"python": {
				{"presidio-analyzer", "PyPI presidio-analyzer, English, small model of spaCy"},
				{"natasha", "PyPI natasha, persons and places, finds only"},
			},
		}[name]
		if !ok {
			stop()
			return nil, nil, fmt.Errorf("no peers %q", name)
		}
		for _, program := range programs {
			command := []string{"node", "peers/peer.mjs", program.name}
			if name == "python" {
				command = []string{"peers/venv/bin/python", "peers/peer.py", program.name}
			}
			p, err := startPeer(command)
			if err != nil {
				stop()
				return nil, nil, fmt.Errorf("%s, see peers/README.md: %w", program.name, err)
			}
			running = append(running, p)
			all = append(all, p.candidate(program.name, program.note))
		}
	}
	return all, stop, nil
}

// A peer is another process that is asked over a pipe, a line of JSON each way.
type peer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startPeer(command []string) (*peer, error) {
	p := &peer{cmd: exec.Command(command[0], command[1:]...)}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	return p, p.cmd.Start()
}

// mark is what the peers put in the place of a value.
const mark = "\u241f"

type peerAnswer struct {
	NS     int64      `json:"ns"`
	Masked []string   `json:"masked"`
	Hidden [][][2]int `json:"hidden"` // in code points
}

func (p *peer) ask(question map[string]any) (a peerAnswer, err error) {
	line, err := json.Marshal(question)
	if err != nil {
		return a, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return a, err
	}
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, fmt.Errorf("no answer: %w", err)
	}
	return a, json.Unmarshal(answer, &a)
}

func (p *peer) load(c *corpus.Corpus) error {
	texts := make([]string, len(c.Messages))
	for i, m := range c.Messages {
		texts[i] = m.Text
	}
	_, err := p.ask(map[string]any{"texts": texts})
	return err
}

func (p *peer) candidate(name, note string) candidate {
	var loaded *corpus.Corpus
	return candidate{
		name: name, note: note, elsewhere: true,
		findAll: func(c *corpus.Corpus) ([][]stretch, error) {
			loaded = nil
			if err := p.load(c); err != nil {
				return nil, err
			}
			answer, err := p.ask(map[string]any{"find": true})
			if err != nil {
				return nil, err
			}
			out := make([][]stretch, len(c.Messages))
			for i, m := range c.Messages {
				if answer.Masked != nil {
					out[i] = align(m.Text, answer.Masked[i], mark)
				} else {
					out[i] = ofRunes(m.Text, answer.Hidden[i])
				}
			}
			return out, nil
		},
		work: func(c *corpus.Corpus) timed {
			return func() (time.Duration, error) {
				if loaded != c {
					if err := p.load(c); err != nil {
						return 0, err
					}
					loaded = c
				}
				answer, err := p.ask(map[string]any{"run": true})
				return time.Duration(answer.NS), err
			}
		},
	}
}

// ofRunes makes byte offsets of offsets in code points.
func ofRunes(text string, hidden [][2]int) []stretch {
	at := make([]int, 0, len(text)+1)
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	var out []stretch
	for _, h := range hidden {
		if h[0] < h[1] && h[1] < len(at) {
			out = append(out, stretch{at[h[0]], at[h[1]]})
		}
	}
	return out
}

// ripgrep runs anew for each round, over a file with all texts, which it keeps in dir.
func ripgrep(dir string) (candidate, error) {
	list := filepath.Join(dir, "patterns")
	if err := os.WriteFile(list, []byte(strings.Join(forRipgrep(patterns), "\n")), 0o600); err != nil {
		return candidate{}, err
	}
	args := []string{"-o", "-b", "-N", "--no-config", "-a", "--color", "never", "-f", list}
	c := candidate{
		name: "ripgrep", note: "rg -o, the list of twenty patterns, a process a round", elsewhere: true, whole: true,
		findAll: func(c *corpus.Corpus) ([][]stretch, error) {
			var text bytes.Buffer
			starts := make([]int, len(c.Messages))
			for i, m := range c.Messages {
				starts[i] = text.Len()
				text.WriteString(m.Text)
				text.WriteByte('\n')
			}
			cmd := exec.Command("rg", append(args, "-")...)
			cmd.Stdin = &text
			out, err := cmd.Output()
			if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) { // 1: nothing found
				return nil, err
			}
			found := make([][]stretch, len(c.Messages))
			for line := range strings.Lines(string(out)) {
				offset, match, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
				at, err := strconv.Atoi(offset)
				if err != nil {
					return nil, err
				}
				i := sort.Search(len(starts), func(i int) bool { return starts[i] > at }) - 1
				found[i] = append(found[i], stretch{at - starts[i], at - starts[i] + len(match)})
			}
			return found, nil
		},
		work: func(c *corpus.Corpus) timed {
			var file string
			return func() (time.Duration, error) {
				if file == "" {
					f, err := os.CreateTemp(dir, "text-")
					if err != nil {
						return 0, err
					}
					file = f.Name()
					for _, m := range c.Messages {
						fmt.Fprintln(f, m.Text)
					}
					if err := f.Close(); err != nil {
						return 0, err
					}
				}
				cmd := exec.Command("rg", append(args, file)...)
				err := cmd.Run()
				if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
					return 0, err
				}
				return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
			}
		},
	}
	return c, nil
}
