package build

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
)

// A pattern is a regular expression over digits that matches whole strings,
// made deterministic state by state as digits are asked for.
type pattern struct {
	prog   *syntax.Prog
	states []state
	ids    map[string]int
}

// A state is a set of instructions that read a digit. next is start where that
// digit has not been asked for; the few that do lead there are asked for again.
type state struct {
	pcs    []uint32
	accept bool
	next   [10]int
}

// The states that every pattern has: before the first digit, and where
// nothing matches any more.
const (
	start = iota
	dead
)

func newPattern(expr string) (*pattern, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	for _, inst := range prog.Inst {
		if inst.Op == syntax.InstEmptyWidth {
			return nil, errors.New("a pattern with an assertion, which a set of instructions cannot follow")
		}
	}
	p := &pattern{prog: prog, ids: map[string]int{}}
	p.add([]uint32{uint32(prog.Start)})
	p.add(nil)
	return p, nil
}

// step returns the state after digit d.
func (p *pattern) step(from, d int) int {
	if next := p.states[from].next[d]; next != start {
		return next
	}
	var pcs []uint32
	for _, pc := range p.states[from].pcs {
		if inst := &p.prog.Inst[pc]; inst.MatchRune(rune('0' + d)) {
			pcs = append(pcs, inst.Out)
		}
	}
	next := p.add(pcs)
	p.states[from].next[d] = next
	return next
}

// add returns the number of the state of standing at all of pcs at once.
func (p *pattern) add(pcs []uint32) int {
	var s state
	seen := make([]bool, len(p.prog.Inst))
	for len(pcs) > 0 {
		pc := pcs[len(pcs)-1]
		pcs = pcs[:len(pcs)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch inst := &p.prog.Inst[pc]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			pcs = append(pcs, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			pcs = append(pcs, inst.Out)
		case syntax.InstMatch:
			s.accept = true
		case syntax.InstFail:
		default:
			s.pcs = append(s.pcs, pc)
		}
	}
	slices.Sort(s.pcs)
	key := fmt.Sprint(s.accept, s.pcs)
	id, ok := p.ids[key]
	if !ok {
		id = len(p.states)
		p.ids[key] = id
		p.states = append(p.states, s)
	}
	return id
}
