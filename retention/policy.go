package retention

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// A Policy is one compiled document or several merged ones. It does not change
// and is safe for concurrent use. Make one with [New], [Preset] or [Merge].
type Policy struct {
	names   []string
	hash    [32]byte
	skew    time.Duration
	facts   []string // beyond the standard ones, sorted
	classes map[string]*class
}

// class is the rules of a class, each sorted by id so that the order in which they
// were written cannot matter.
type class struct {
	systems, categories []string
	needs               [][]string // of each list one fact at least
	floors              []floor
	duties              []duty
	permits             []permit
	shred               *Shred
}

// frame is what the terms of a document are counted in. Merged documents keep their own.
type frame struct {
	policy      string
	zone        *time.Location
	calendar    *Calendar
	provisional bool
}

type floor struct {
	Floor
	*frame
	period *Period // of While
}

type duty struct {
	Duty
	*frame
	period *Period // that When ends, if any
}

type permit struct {
	Permit
	*frame
}

// Options tells [New] about calendars besides the built-in one. Nil means none.
type Options struct {
	Calendars []*Calendar // found by name, before the built-in one
}

// New compiles a document. It refuses what could only be a mistake: names that are not
// declared, terms that no rule could count, actions that are none, rules without an id.
func New(doc Document, opts *Options) (*Policy, error) {
	p, err := compile(&doc, opts)
	if err != nil {
		return nil, fmt.Errorf("retention: policy: %w", err)
	}
	return p, nil
}

func compile(doc *Document, opts *Options) (*Policy, error) {
	f, err := compileFrame(doc, opts)
	if err != nil {
		return nil, err
	}
	skew := doc.Skew
	if skew.IsZero() {
		skew = Term{kind: elapsedTerm, minutes: 5}
	}
	if skew.kind != elapsedTerm || skew.span() > 24*time.Hour {
		return nil, errors.New("skew: hours, minutes or seconds, at most a day, are wanted")
	}
	p := &Policy{names: []string{doc.Name}, skew: skew.span(), classes: map[string]*class{}}
	p.facts = append(p.facts, doc.Facts...)
	slices.Sort(p.facts)
	for _, name := range sortedKeys(doc.Periods) {
		per := doc.Periods[name]
		if !p.knows(per.To) || per.From != "" && !p.knows(per.From) || per.From == "" && !per.Assumed {
			return nil, fmt.Errorf("periods.%s: known facts from and to are wanted, or to alone if assumed", name)
		}
	}
	for _, name := range sortedKeys(doc.Classes) {
		c := doc.Classes[name]
		if p.classes[name], err = p.compileClass(doc, &c, f); err != nil {
			return nil, fmt.Errorf("classes.%s: %w", name, err)
		}
	}
	if len(p.classes) == 0 {
		return nil, errors.New("no classes")
	}
	return p, p.seal(doc)
}

func compileFrame(doc *Document, opts *Options) (*frame, error) {
	if doc.Version != 1 {
		return nil, errors.New("version: 1 is wanted")
	}
	if doc.Name == "" || doc.Zone == "" || doc.Zone == "Local" {
		return nil, errors.New("a name, and a zone such as Europe/Moscow, are wanted")
	}
	zone, err := time.LoadLocation(doc.Zone)
	if err != nil {
		return nil, errors.New("zone: not in the time zone database (a program may import time/tzdata)")
	}
	f := &frame{policy: doc.Name, zone: zone, provisional: doc.Provisional}
	if doc.Calendar == "" {
		return f, nil
	}
	if opts != nil {
		for _, c := range opts.Calendars {
			if c.name == doc.Calendar {
				f.calendar = c
				return f, nil
			}
		}
	}
	if doc.Calendar != "ru-production" {
		return nil, errors.New("calendar: neither ru-production nor one of Options.Calendars")
	}
	f.calendar = RussianCalendar()
	return f, nil
}

func (p *Policy) compileClass(doc *Document, c *Class, f *frame) (*class, error) {
	out := &class{systems: slices.Clone(c.Systems), categories: slices.Clone(c.Categories)}
	if c.Shred != nil {
		s := *c.Shred
		out.shred = &s
	}
	ids := map[string]bool{}
	unique := func(id string) error {
		if id == "" || ids[id] {
			return fmt.Errorf("rule %q: an id of its own is wanted", id)
		}
		ids[id] = true
		return nil
	}
	if len(c.Needs) > 0 {
		out.needs = [][]string{slices.Clone(c.Needs)}
		if err := p.knowsAll(c.Needs); err != nil {
			return nil, err
		}
	}
	for _, r := range c.Keep {
		fl, err := p.compileFloor(doc, r, f)
		if err = errors.Join(unique(r.ID), err); err != nil {
			return nil, fmt.Errorf("keep %s: %w", r.ID, err)
		}
		out.floors = append(out.floors, fl)
	}
	for _, r := range c.Duties {
		d, err := p.compileDuty(doc, c, r, f)
		if err = errors.Join(unique(r.ID), err); err != nil {
			return nil, fmt.Errorf("duties %s: %w", r.ID, err)
		}
		out.duties = append(out.duties, d)
	}
	for _, r := range c.Permits {
		err := errors.Join(unique(r.ID), p.checkPermit(c, r, f))
		if err != nil {
			return nil, fmt.Errorf("permits %s: %w", r.ID, err)
		}
		out.permits = append(out.permits, permit{r, f})
	}
	for _, d := range out.duties {
		for _, id := range d.Replaces {
			if id == d.ID || !slices.ContainsFunc(out.duties, func(o duty) bool { return o.ID == id }) {
				return nil, fmt.Errorf("duties %s: replaces %q, which is no other duty of the class", d.ID, id)
			}
		}
	}
	out.sort()
	return out, nil
}

func (c *class) sort() {
	sort.Slice(c.floors, func(i, j int) bool { return c.floors[i].ID < c.floors[j].ID })
	sort.Slice(c.duties, func(i, j int) bool { return c.duties[i].ID < c.duties[j].ID })
	sort.Slice(c.permits, func(i, j int) bool { return c.permits[i].ID < c.permits[j].ID })
}

func (p *Policy) compileFloor(doc *Document, r Floor, f *frame) (floor, error) {
	out := floor{Floor: r, frame: f}
	if (r.While == "") == (r.When == "") {
		return out, errors.New("either while (a period) or when (a fact) is wanted")
	}
	if r.While != "" {
		per, ok := doc.Periods[r.While]
		if !ok || !r.For.IsZero() {
			return out, errors.New("while: a declared period is wanted, with then rather than for")
		}
		out.period = &per
	} else if !p.knows(r.When) || r.For.IsZero() || !r.Then.IsZero() {
		return out, errors.New("when: a known fact is wanted, with a term for")
	}
	return out, errors.Join(f.countable(r.Then), f.countable(r.For), r.Rank.check())
}

func (p *Policy) compileDuty(doc *Document, c *Class, r Duty, f *frame) (duty, error) {
	out := duty{Duty: r, frame: f}
	for _, name := range sortedKeys(doc.Periods) {
		if per := doc.Periods[name]; per.To == r.When {
			out.period = &per
		}
	}
	var err error
	switch {
	case !p.knows(r.When), r.Met != "" && !p.knows(r.Met):
		err = errors.New("when and met: known facts are wanted; others are declared under facts")
	case r.Within.IsZero():
		err = errors.New("within: a term is wanted")
	case r.Do == Keep || !r.Do.Destroys() && r.Do != Notify:
		err = errors.New("do: delete, crypto_shred, export_then_delete, anonymize or notify is wanted")
	case r.Confirm != "" && r.Confirm != "written":
		err = errors.New("confirm: written is wanted, or nothing")
	case r.Shift && f.calendar == nil:
		err = errors.New("shift: the policy names no calendar")
	case r.Adjustable != nil && !r.Adjustable.holds(r.Within):
		err = errors.New("adjustable: min and max, with within between them, are wanted")
	}
	return out, errors.Join(err, p.knowsAll(r.Given), f.countable(r.Within), f.countable(r.NotBefore), r.Rank.check(), c.checkShred(r.Do))
}

func (p *Policy) checkPermit(c *Class, r Permit, f *frame) error {
	if !p.knows(r.When) || !r.Do.Destroys() {
		return errors.New("a known fact and an action that destroys are wanted")
	}
	return errors.Join(f.countable(r.After), c.checkShred(r.Do))
}

func (c *Class) checkShred(a Action) error {
	if a == CryptoShred && (c.Shred == nil || c.Shred.KeyScope == "" || !c.Shred.NoPlaintextCopy) {
		return errors.New("do: crypto_shred wants the class to declare crypto_shred with its key_scope and no_plaintext_copy: true")
	}
	return nil
}

func (f *frame) countable(t Term) error {
	if t.kind == workingTerm && f.calendar == nil {
		return errors.New("working days, but the policy names no calendar")
	}
	return nil
}

func (r Rank) check() error {
	switch r {
	case "", RankContract, RankRequest, RankLaw:
		return nil
	}
	return errors.New("rank: contract, request or law is wanted")
}

// holds reports whether t is surely within the range, however long its months are.
func (r *Range) holds(t Term) bool {
	if t == r.Min || t == r.Max {
		return !r.Min.IsZero() && !r.Max.IsZero()
	}
	_, minMost := r.Min.bounds()
	maxLeast, _ := r.Max.bounds()
	least, most := t.bounds()
	return !t.IsZero() && !r.Min.IsZero() && least >= minMost && most <= maxLeast
}

func (p *Policy) knows(fact string) bool {
	if standardFact(fact) {
		return true
	}
	_, declared := slices.BinarySearch(p.facts, fact)
	return fact != "" && declared
}

func (p *Policy) knowsAll(facts []string) error {
	for _, f := range facts {
		if !p.knows(f) {
			return fmt.Errorf("the fact %q is neither a standard one nor declared under facts", f)
		}
	}
	return nil
}

// seal computes the hash over the canonical form: the document as JSON with keys and
// rules in order, and the calendar's files.
func (p *Policy) seal(doc *Document) error {
	canonical := *doc
	canonical.Facts = slices.Sorted(slices.Values(doc.Facts))
	canonical.Classes = map[string]Class{}
	for name, c := range doc.Classes {
		k := p.classes[name]
		c.Keep, c.Duties, c.Permits = nil, nil, nil
		for _, r := range k.floors {
			c.Keep = append(c.Keep, r.Floor)
		}
		for _, r := range k.duties {
			c.Duties = append(c.Duties, r.Duty)
		}
		for _, r := range k.permits {
			c.Permits = append(c.Permits, r.Permit)
		}
		canonical.Classes[name] = c
	}
	text, err := json.Marshal(canonical)
	if err != nil {
		return err
	}
	h := sha256.New()
	h.Write(text)
	for _, c := range p.classes {
		if f := c.frame(); f != nil && f.calendar != nil {
			for i := range f.calendar.years {
				h.Write([]byte(f.calendar.years[i].hash))
			}
			break
		}
	}
	h.Sum(p.hash[:0])
	return nil
}

// frame is that of any of the rules.
func (c *class) frame() *frame {
	switch {
	case len(c.floors) > 0:
		return c.floors[0].frame
	case len(c.duties) > 0:
		return c.duties[0].frame
	case len(c.permits) > 0:
		return c.permits[0].frame
	}
	return nil
}

// Merge joins policies: a class has the rules of all. Each rule keeps the zone and calendar of its
// own document. A rule that two documents hold alike counts once; two rules of one id that
// differ are an error. The narrowest skew holds.
func Merge(policies ...*Policy) (*Policy, error) {
	if len(policies) == 0 {
		return nil, errors.New("retention: no policy")
	}
	if len(policies) == 1 {
		return policies[0], nil
	}
	out := &Policy{skew: policies[0].skew, classes: map[string]*class{}}
	sums := make([]string, 0, len(policies))
	for _, p := range policies {
		out.names = append(out.names, p.names...)
		out.facts = append(out.facts, p.facts...)
		out.skew = min(out.skew, p.skew)
		sums = append(sums, string(p.hash[:]))
		for name, c := range p.classes {
			if err := out.merge(name, c); err != nil {
				return nil, fmt.Errorf("retention: merge: class %s: %w", name, err)
			}
		}
	}
	slices.Sort(out.facts)
	slices.Sort(sums)
	slices.Sort(out.names)
	out.hash = sha256.Sum256([]byte(strings.Join(slices.Compact(sums), "")))
	return out, nil
}

func (p *Policy) merge(name string, c *class) error {
	have := p.classes[name]
	if have == nil {
		have = &class{}
		p.classes[name] = have
	}
	have.systems = union(have.systems, c.systems)
	have.categories = union(have.categories, c.categories)
	have.needs = append(have.needs, c.needs...)
	if have.shred == nil {
		have.shred = c.shred
	}
	for _, r := range c.floors {
		i := slices.IndexFunc(have.floors, func(o floor) bool { return o.ID == r.ID })
		if i < 0 {
			have.floors = append(have.floors, r)
		} else if have.floors[i].Floor != r.Floor || !have.floors[i].frame.equal(r.frame) {
			return fmt.Errorf("two different rules %s", r.ID)
		}
	}
	for _, r := range c.duties {
		i := slices.IndexFunc(have.duties, func(o duty) bool { return o.ID == r.ID })
		if i < 0 {
			have.duties = append(have.duties, r)
		} else if !sameDuty(&have.duties[i], &r) {
			return fmt.Errorf("two different rules %s", r.ID)
		}
	}
	for _, r := range c.permits {
		i := slices.IndexFunc(have.permits, func(o permit) bool { return o.ID == r.ID })
		if i < 0 {
			have.permits = append(have.permits, r)
		} else if have.permits[i].Permit != r.Permit || !have.permits[i].frame.equal(r.frame) {
			return fmt.Errorf("two different rules %s", r.ID)
		}
	}
	have.sort()
	return nil
}

func sameDuty(a, b *duty) bool {
	x, errA := json.Marshal(a.Duty)
	y, errB := json.Marshal(b.Duty)
	return errA == nil && errB == nil && string(x) == string(y) && a.frame.equal(b.frame)
}

// equal compares what a term is counted in; the document's name does not matter.
func (f *frame) equal(g *frame) bool {
	return f.zone.String() == g.zone.String() && f.calendar == g.calendar && f.provisional == g.provisional
}

func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Adjust returns a policy in which the duty's term is within, as a customer chose it. The
// duty must be adjustable and the term surely in its range.
func (p *Policy) Adjust(className, rule string, within Term) (*Policy, error) {
	c := p.classes[className]
	if c == nil {
		return nil, errors.New("retention: adjust: no such class")
	}
	i := slices.IndexFunc(c.duties, func(d duty) bool { return d.ID == rule })
	if i < 0 || c.duties[i].Adjustable == nil || !c.duties[i].Adjustable.holds(within) {
		return nil, errors.New("retention: adjust: no such rule, or it does not allow that term")
	}
	out, changed := *p, *c
	changed.duties = slices.Clone(c.duties)
	changed.duties[i].Within = within
	out.classes = map[string]*class{}
	for name, k := range p.classes {
		out.classes[name] = k
	}
	out.classes[className] = &changed
	out.hash = sha256.Sum256(fmt.Appendf(nil, "%x %s %s %s", p.hash, className, rule, within))
	return &out, nil
}

// Hash identifies the rules: the same for documents that differ only in order or notation.
// A plan made under one hash is not applied under another.
func (p *Policy) Hash() [32]byte { return p.hash }

// Classes lists the names of the classes, sorted.
func (p *Policy) Classes() []string { return sortedKeys(p.classes) }

// Systems and Categories of a class are what an act says about it.
func (p *Policy) Systems(class string) []string {
	if c := p.classes[class]; c != nil {
		return slices.Clone(c.systems)
	}
	return nil
}

// Categories lists the categories of personal data in a class.
func (p *Policy) Categories(class string) []string {
	if c := p.classes[class]; c != nil {
		return slices.Clone(c.categories)
	}
	return nil
}

// String names the policy and the beginning of its hash.
func (p *Policy) String() string {
	return strings.Join(p.names, "+") + "@" + hex.EncodeToString(p.hash[:6])
}
