// Command bench compares the packages of this repository with what is used in their place, in one process and in turns, and
// prints beside each speed what the candidate leaves visible. README.md says how it measures.
//
//	go run -C bench .                      # everything that needs nothing but Go, about five minutes
//	go run -C bench . -peers rg,npm,python # other languages' programs too, see peers/README.md
//	go run -C bench . -full                # long texts and many conversations
//	go run -C bench . -only mask,crypto    # some sections
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	seed       uint64
	rounds     int
	round      time.Duration
	corpusSize int
	only       string
	peers      string
	full       bool
	results    string
}

// sections run after the masks, in this order.
var sections = []struct {
	name string
	run  func(*report, *options) error
}{
	{"hostile", raceHostile},
	{"growth", raceGrowth},
	{"scaling", raceScaling},
	{"start", raceStart},
	{"crypto", raceCrypto},
	{"quality", quality},
}

func main() {
	o := options{round: defaultRound, corpusSize: 1 << 20}
	flag.Uint64Var(&o.seed, "seed", 1, "of the corpora")
	flag.IntVar(&o.rounds, "rounds", 15, "of each race")
	flag.StringVar(&o.only, "only", "", "sections, by commas: mask, hostile, growth, scaling, start, crypto, quality")
	flag.StringVar(&o.peers, "peers", "", "programs of other languages, by commas: rg, npm, python")
	flag.BoolVar(&o.full, "full", false, "inputs up to 100 MB and a million conversations")
	flag.StringVar(&o.results, "results", "results", "folder of the results; empty: none are written")
	flag.Parse()
	if err := run(&o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o *options, out io.Writer) error {
	runtime.LockOSThread() // the clock is that of this thread
	defer runtime.UnlockOSThread()
	if o.results != "" {
		if err := os.MkdirAll(o.results, 0o755); err != nil {
			return err
		}
	}
	at := time.Now()
	r := newReport(out, at)
	wants := func(section string) bool {
		return o.only == "" || slices.Contains(strings.Split(o.only, ","), section)
	}
	if wants("mask") {
		peers, stop, err := startPeers(o.peers)
		if err != nil {
			return err
		}
		defer stop()
		all := slices.Concat(ours(), libraries(), peers, floors())
		results, err := raceMasks(r, o, all)
		if err != nil {
			return err
		}
		results.setGoals(r)
		if o.results != "" {
			if err := drawMasks(o, results, all, at); err != nil {
				return err
			}
		}
	}
	for _, section := range sections {
		if wants(section.name) {
			if err := section.run(r, o); err != nil {
				return err
			}
		}
	}
	return r.close(o.results, at)
}
