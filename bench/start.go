package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// raceStart builds two programs, one that imports anonymize and one that does not, and compares their size and what they
// do before main; then it compares the first call of a process with its later ones.
func raceStart(r *report, o *options) error {
	dir, err := os.MkdirTemp("", "vual-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	size := make(map[string]int64)
	for _, name := range []string{"control", "mask"} {
		program := filepath.Join(dir, name)
		if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./start/"+name).CombinedOutput(); err != nil {
			return fmt.Errorf("building start/%s: %w\n%s", name, err, out)
		}
		info, err := os.Stat(program)
		if err != nil {
			return err
		}
		size[name] = info.Size()
	}
	cmd := exec.Command(filepath.Join(dir, "mask"))
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	if err != nil {
		return err
	}
	lines := 0
	for line := range strings.Lines(string(trace)) {
		if strings.HasPrefix(line, "init github.com/syntora/vual") {
			lines++
		}
	}
	// The first call of a process and the median of a hundred later ones with other messages. The first one faults in the
	// pages of code and tables; that it builds nothing shows in what it allocates.
	var ratios, firsts []float64
	var allocated float64
	for range o.rounds {
		out, err := exec.Command(filepath.Join(dir, "mask")).Output()
		if err != nil {
			return err
		}
		var first, later float64
		if _, err := fmt.Sscan(string(out), &first, &later, &allocated); err != nil {
			return fmt.Errorf("start/mask wrote %q: %w", out, err)
		}
		firsts, ratios = append(firsts, first), append(ratios, first/later)
	}
	growth := float64(size["mask"]-size["control"]) / 1e6
	r.title("Start")
	r.note("a stripped program is larger by %.2f MB; %d lines of inittrace", growth, lines)
	r.note("the first call of a process takes %.0f µs, %.1f times a later one, and allocates %.0f bytes", median(firsts)/1e3, median(ratios), allocated)
	r.bench("Start/first-call", metric{median(firsts), "ns/op"}, metric{allocated, "B/op"})
	r.bench("Start/binary", metric{growth * 1e6, "B"})
	r.atMost("lines of inittrace", float64(lines), 0, "")
	r.atMost("first call to later ones", median(ratios), 2, "x")
	r.atMost("growth of a stripped program", growth, 2, " MB")
	return nil
}
