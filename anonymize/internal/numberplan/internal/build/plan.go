package build

import (
	"encoding/binary"
	"fmt"

	"github.com/nyaruka/phonenumbers"
)

// maxNational is the greatest number of digits after the calling code;
// phonenumbers refuses longer ones, too.
const maxNational = 17

// A plan is the numbers under one calling code: those of its regions in turn.
type plan struct {
	regions  []region
	patterns []*pattern // of all regions; states are held in a slice beside it
	known    map[string]ref
}

type region struct {
	leading int // index of the pattern of digits that assign a number to this region alone, or -1
	general desc
	types   []desc
}

// A desc is one type of number: an index into the patterns, and bit n of
// lengths if such a number may have n digits.
type desc struct {
	pattern int
	lengths uint32
}

func newPlan(metadata []*phonenumbers.PhoneMetadata) (*plan, error) {
	p := &plan{known: map[string]ref{}}
	for _, m := range metadata {
		if err := p.addRegion(m); err != nil {
			return nil, fmt.Errorf("%s: %w", m.GetId(), err)
		}
	}
	return p, nil
}

func (p *plan) addRegion(m *phonenumbers.PhoneMetadata) (err error) {
	r := region{leading: -1}
	if digits := m.GetLeadingDigits(); digits != "" {
		if r.leading, err = p.addPattern("(?:" + digits + ")[0-9]*"); err != nil {
			return err
		}
	}
	if r.general, err = p.addDesc(m.GetGeneralDesc()); err != nil {
		return err
	}
	for _, d := range []*phonenumbers.PhoneNumberDesc{
		m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(),
		m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(), m.GetMobile(),
	} {
		if d.GetNationalNumberPattern() == "" { // the region has no such numbers
			continue
		}
		t, err := p.addDesc(d)
		if err != nil {
			return err
		}
		r.types = append(r.types, t)
	}
	p.regions = append(p.regions, r)
	return nil
}

func (p *plan) addDesc(d *phonenumbers.PhoneNumberDesc) (out desc, err error) {
	for _, n := range d.GetPossibleLength() {
		if n > maxNational {
			return desc{}, fmt.Errorf("a number of %d digits", n)
		}
		if n >= 0 { // -1: there are no such numbers
			out.lengths |= 1 << n
		}
	}
	// No lengths: those of the general description, which is asked anyway.
	if len(d.GetPossibleLength()) == 0 {
		out.lengths = 1<<(maxNational+1) - 1
	}
	out.pattern, err = p.addPattern(d.GetNationalNumberPattern())
	return out, err
}

func (p *plan) addPattern(expr string) (index int, err error) {
	pat, err := newPattern(expr)
	if err != nil {
		return 0, err
	}
	p.patterns = append(p.patterns, pat)
	return len(p.patterns) - 1, nil
}

// build writes the numbers of the plan into g.
func (p *plan) build(g *graph) (ref, error) {
	states := make([]int, len(p.patterns))
	for i := range states {
		states[i] = start
	}
	return p.buildFrom(g, states, 0)
}

// buildFrom writes what may follow the n digits that led to states.
func (p *plan) buildFrom(g *graph, states []int, n int) (ref, error) {
	if n > maxNational || p.dead(states) {
		return none, nil
	}
	key := key(states, n)
	if r, ok := p.known[key]; ok {
		return r, nil
	}
	set := node{accept: p.valid(states, n)}
	after := make([]int, len(states))
	for d := range set.next {
		for i, s := range states {
			after[i] = p.patterns[i].step(s, d)
		}
		r, err := p.buildFrom(g, after, n+1)
		if err != nil {
			return 0, err
		}
		set.next[d] = r
	}
	r, err := g.add(set)
	p.known[key] = r
	return r, err
}

// dead reports whether no region has a number that goes on from states.
func (p *plan) dead(states []int) bool {
	for _, r := range p.regions {
		if states[r.general.pattern] != dead {
			return false
		}
	}
	return true
}

func key(states []int, n int) string {
	b := []byte{byte(n)}
	for _, s := range states {
		b = binary.AppendUvarint(b, uint64(s))
	}
	return string(b)
}

// valid follows phonenumbers.IsValidNumber for the n digits that led to states:
// the first region that claims them, by leading digits or because they are valid
// there, decides. A lone region is not asked whether it claims them.
func (p *plan) valid(states []int, n int) bool {
	for _, r := range p.regions {
		valid := p.validIn(r, states, n)
		if r.leading < 0 || len(p.regions) == 1 {
			if valid {
				return true
			}
		} else if p.accepts(r.leading, states) {
			return valid
		}
	}
	return false
}

func (p *plan) validIn(r region, states []int, n int) bool {
	if !p.matches(r.general, states, n) {
		return false
	}
	for _, t := range r.types {
		if p.matches(t, states, n) {
			return true
		}
	}
	return false
}

func (p *plan) matches(d desc, states []int, n int) bool {
	return d.lengths>>n&1 != 0 && p.accepts(d.pattern, states)
}

func (p *plan) accepts(i int, states []int) bool {
	return p.patterns[i].states[states[i]].accept
}
