package retention

import (
	"slices"
	"time"
)

// A Record is what the rules are asked about. ID and Subjects are internal identifiers
// or pseudonyms: they go into plans, journals and acts.
type Record struct {
	ID       string   `json:"id"`
	Class    string   `json:"class"`
	Version  string   `json:"version,omitempty"`  // changes whenever the record does
	Subjects []string `json:"subjects,omitempty"` // whose data it is
	Facts    Facts    `json:"facts,omitempty"`
}

// Env is what a decision depends on besides policy, record and time.
type Env struct {
	Holds []Hold // those that cover the record, in any order, open and released
}

// State says where a record stands. The zero State is none of them.
type State string

// The states. Only [Due] and [Overdue] ask for anything; [Blocked], [Unclassified] and
// [Invalid] ask for a person.
const (
	Active       State = "active"       // kept, with no end in sight: a period is open, or no term has begun
	Retained     State = "retained"     // kept until NotBefore
	Due          State = "due"          // to be done before Deadline
	Overdue      State = "overdue"      // Deadline has passed
	Held         State = "held"         // a hold suspends destruction
	InCycle      State = "in_cycle"     // kept until the running cycle ends
	Blocked      State = "blocked"      // kept: a needed fact is missing, or two rules of one rank contradict
	Unclassified State = "unclassified" // kept: no policy knows the class
	Invalid      State = "invalid"      // kept: the facts or the calendar do not allow a decision
)

// A Decision is the answer for one record at one time. Times are UTC; the zero time
// means "none".
type Decision struct {
	Action      Action
	State       State
	NotBefore   time.Time  // when the floors allow it; zero if none, or if no end is known
	Deadline    time.Time  // exclusive: at this instant it is too late
	NextEval    time.Time  // before it, the same facts and holds give the same action, state and rule
	Rule        string     // the rule that decided
	Confirm     bool       // a written confirmation is owed for Rule
	Because     []Step     // each rule that counted, with its arithmetic
	Conflicts   []Conflict // floors against duties
	Provisional bool       // a year was used whose calendar is not approved or not known
	Policy      [32]byte   // [Policy.Hash]
}

// A Conflict is a duty whose deadline lies before the end of a floor. The duty is put
// off to the floor's end if the floor ranks higher; of equal rank the record is Blocked.
type Conflict struct {
	Duty     string
	Floor    string
	Deadline time.Time // of the duty, as its own term gives it
	Until    time.Time // of the floor; zero while a period is open
	Tie      bool
}

// Decide says what is to be done with r at now. It reads nothing else: equal arguments give
// equal answers, and the order of rules, facts and holds does not matter. Nothing is
// decided by default: what is not known is kept and reported. Safe for concurrent use.
func (p *Policy) Decide(r Record, now time.Time, env Env) Decision {
	d := Decision{Action: Keep, Policy: p.hash}
	if reason := checkTime(now); reason != "" {
		return d.refuse(Invalid, Step{Fact: "now", Text: reason})
	}
	c := p.classes[r.Class]
	if c == nil {
		why := "no policy has rules for this class"
		if r.Class == "" {
			why = "it has no class, or what should tell it does not read"
		}
		return d.refuse(Unclassified, Step{Text: why})
	}
	if why, next := p.check(r.Facts, now, env.Holds); why != nil {
		d.NextEval = next
		return d.refuse(Invalid, *why)
	}
	// These hold what usual classes need, so that deciding does not allocate for them.
	var (
		keptBuf    [3]kept
		claimBuf   [5]claim
		allowedBuf [2]allowed
	)
	s := situation{holds: env.Holds}
	var why *Step
	s.kept, s.missing, why = c.keptBy(keptBuf[:0], r.Facts)
	if why == nil {
		s.claims, why = c.claimedBy(claimBuf[:0], s.kept, r.Facts)
	}
	if why == nil {
		s.allowed, why = c.allowedBy(allowedBuf[:0], s.kept, r.Facts)
	}
	if why != nil {
		return d.refuse(Invalid, *why)
	}
	if len(s.claims) == 0 {
		s.wanted, s.lacking = c.lacks(r.Facts)
	}
	v := s.at(now)
	d.Action, d.State, d.Rule, d.NotBefore, d.Deadline, d.Confirm = v.action, v.state, v.rule, v.notBefore, v.deadline, v.confirm
	d.NextEval = s.next(now, v)
	s.explain(&d, v, now)
	return d
}

func (d Decision) refuse(s State, why Step) Decision {
	d.State, d.Because = s, []Step{why}
	return d
}

// check refuses what no rule can be counted from. A fact in the future beyond the skew
// means that a clock is wrong; the record is kept, and next is when that fact will do.
func (p *Policy) check(facts Facts, now time.Time, holds []Hold) (why *Step, next time.Time) {
	limit := now.Add(p.skew)
	name := ""
	for f, t := range facts {
		reason := ""
		switch {
		case t.IsZero():
			continue
		case !p.knows(f):
			reason = "this fact is neither a standard one nor declared by the policy"
		case checkTime(t) != "":
			reason = checkTime(t)
		case t.After(limit):
			reason = "this fact lies in the future"
			if t := t.Add(-p.skew).UTC(); t.After(next) {
				next = t
			}
		default:
			continue
		}
		// Of several the first by name is reported, whatever the order of the map.
		if name == "" || f < name {
			name, why = f, &Step{Fact: f, At: t, Text: reason}
		}
	}
	for i := range holds {
		if h := &holds[i]; h.Placed.IsZero() || !h.Released.IsZero() && h.Released.Before(h.Placed) {
			return &Step{Text: "a hold was never placed, or was released before it was placed"}, time.Time{}
		}
	}
	return why, next
}

// checkTime keeps the arithmetic inside the years that RFC 3339 can write.
func checkTime(t time.Time) string {
	const from, to = 0, 7_258_118_400 // 1970-01-01 and 2200-01-01
	if u := t.Unix(); u < from || u >= to {
		return "this time is missing or not of the years 1970-2199"
	}
	return ""
}

// situation is the rules of a class, counted out for one record.
type situation struct {
	kept    []kept
	claims  []claim
	allowed []allowed
	holds   []Hold
	missing *Period  // a period of which neither fact is known
	lacking bool     // none of the facts that a class needs, or none at all
	wanted  []string // which those are, if the class names them
}

// kept is a floor that has begun.
type kept struct {
	*floor
	fact    string
	anchor  time.Time
	until   time.Time // zero while open
	last    Date
	open    bool
	guessed bool
}

// claim is a duty that has begun.
type claim struct {
	*duty
	anchor   time.Time
	own      time.Time // end of its own term
	last     Date
	guessed  bool
	replaced string // by which duty

	notBefore time.Time // its own and the floors'; zero if none
	deadline  time.Time // own, or the end of a higher floor; zero while that is open
	by        *floor    // in its way
	forever   bool      // by is open
	tie       bool      // by is of its own rank and ends too late
}

type allowed struct {
	*permit
	from time.Time
}

// from is when a claim may be met at the earliest.
func (c *claim) from() time.Time { return later(c.anchor, c.notBefore) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// lacks reports whether nothing is known that a class needs, and which facts would do.
func (c *class) lacks(facts Facts) (wanted []string, lacking bool) {
	for _, wanted := range c.needs {
		if !slices.ContainsFunc(wanted, func(f string) bool { return !facts[f].IsZero() }) {
			return wanted, true
		}
	}
	for _, t := range facts {
		if !t.IsZero() {
			return nil, false
		}
	}
	return nil, true
}

// keptBy appends the floors that have begun, and tells a period of which nothing is known.
func (c *class) keptBy(dst []kept, facts Facts) (_ []kept, missing *Period, why *Step) {
	for i := range c.floors {
		f := &c.floors[i]
		k := kept{floor: f}
		if p := f.period; p != nil {
			switch p.stands(facts) {
			case periodUnknown:
				missing = p
				continue
			case periodOpen:
				k.open = true
				dst = append(dst, k)
				continue
			}
			k.fact = p.To
		} else if k.fact = f.When; facts[f.When].IsZero() {
			continue
		}
		var err error
		k.anchor = facts[k.fact]
		if k.until, k.last, k.guessed, err = f.end(k.term(), k.anchor, false); err != nil {
			return nil, nil, uncovered(f.ID, k.fact, k.anchor)
		}
		dst = append(dst, k)
	}
	return dst, missing, nil
}

// uncovered refuses a record because a term cannot be counted.
func uncovered(rule, fact string, anchor time.Time) *Step {
	return &Step{Rule: rule, Fact: fact, At: anchor, Text: "the calendar does not cover a year that the count of working days needs"}
}

func (f *floor) term() Term {
	if f.period != nil {
		return f.Then
	}
	return f.For
}

type standing uint8

const (
	periodUnknown standing = iota
	periodOpen
	periodEnded
)

// stands tells a period that began anew after it ended from one that ended.
func (p *Period) stands(facts Facts) standing {
	from, begun := facts.happened(p.From)
	to, ended := facts.happened(p.To)
	switch {
	case ended && begun && from.After(to):
		return periodOpen
	case ended:
		return periodEnded
	case begun || p.Assumed:
		return periodOpen
	}
	return periodUnknown
}

// claimedBy appends the duties that have begun, each held against the others and the floors.
func (c *class) claimedBy(dst []claim, floors []kept, facts Facts) (_ []claim, why *Step) {
	for i := range c.duties {
		d := &c.duties[i]
		anchor, ok := facts.happened(d.When)
		if !ok || !d.begun(anchor, facts) {
			continue
		}
		c := claim{duty: d, anchor: anchor.UTC()}
		var err, errFloor error
		c.own, c.last, c.guessed, err = d.end(d.Within, anchor, d.Shift)
		if !d.NotBefore.IsZero() {
			c.notBefore, _, _, errFloor = d.end(d.NotBefore, anchor, false)
		}
		if err != nil || errFloor != nil {
			return nil, uncovered(d.ID, d.When, anchor)
		}
		dst = append(dst, c)
	}
	replace(dst, facts)
	for i := range dst {
		dst[i].settle(floors)
	}
	return dst, nil
}

// begun reports whether a duty whose fact is known has begun and is not met.
func (d *duty) begun(anchor time.Time, facts Facts) bool {
	if d.period != nil && d.period.stands(facts) == periodOpen {
		return false
	}
	for _, f := range d.Given {
		if _, ok := facts.happened(f); !ok {
			return false
		}
	}
	met, ok := facts.happened(d.Met)
	return !ok || met.Before(anchor)
}

// replace marks the claims that a later one prolongs, if its facts came in time.
func replace(claims []claim, facts Facts) {
	for i := range claims {
		r := &claims[i]
		since := r.anchor
		for _, f := range r.Given {
			since = later(since, facts[f])
		}
		for _, id := range r.Replaces {
			for j := range claims {
				if t := &claims[j]; t.ID == id && since.Before(t.own) {
					t.replaced = r.ID
				}
			}
		}
	}
}

// settle holds a claim against the floors of its rank and above. Floors keep records
// from destruction; they do not put off a notice.
func (c *claim) settle(floors []kept) {
	c.deadline = c.own
	for i := range floors {
		if !c.Do.Destroys() {
			break
		}
		k := &floors[i]
		if k.Rank.level() < c.Rank.level() || c.forever {
			continue
		}
		if k.open || !k.until.Before(c.notBefore) {
			c.by, c.forever = k.floor, k.open
			c.notBefore = later(c.notBefore, k.until)
		}
	}
	switch {
	case !c.forever && !c.notBefore.After(c.own):
	case c.by != nil && c.by.Rank.level() > c.Rank.level():
		c.deadline = c.notBefore
		if c.forever {
			c.deadline = time.Time{}
		}
	default:
		c.tie = true
	}
}

// allowedBy appends the permits that are open once the floors have ended.
func (c *class) allowedBy(dst []allowed, floors []kept, facts Facts) (_ []allowed, why *Step) {
	var until time.Time
	for i := range floors {
		if floors[i].open {
			return dst, nil
		}
		until = later(until, floors[i].until)
	}
	for i := range c.permits {
		p := &c.permits[i]
		anchor, ok := facts.happened(p.When)
		if !ok {
			continue
		}
		from := anchor.UTC()
		if !p.After.IsZero() {
			end, _, _, err := p.end(p.After, anchor, false)
			if err != nil {
				return nil, uncovered(p.ID, p.When, anchor)
			}
			from = end
		}
		dst = append(dst, allowed{permit: p, from: later(from, until)})
	}
	return dst, nil
}

// end is the exclusive instant at which the term from anchor is over, and its last
// local date if it is counted on dates.
func (f *frame) end(t Term, anchor time.Time, shift bool) (until time.Time, last Date, guessed bool, err error) {
	switch t.kind {
	case noTerm:
		return anchor.UTC(), last, false, nil
	case elapsedTerm:
		return anchor.Add(t.span()).UTC(), last, false, nil
	case workingTerm:
		last, guessed, err = f.calendar.add(DateOf(anchor, f.zone), int(t.working), f.provisional)
	default:
		last = t.add(DateOf(anchor, f.zone))
	}
	if err == nil && shift {
		// The next working day after the day before is the day itself if it is one.
		var moved bool
		last, moved, err = f.calendar.add(last.AddDays(-1), 1, f.provisional)
		guessed = guessed || moved
	}
	if err != nil {
		return time.Time{}, Date{}, false, err
	}
	return last.End(f.zone), last, guessed, nil
}

type verdict struct {
	action              Action
	state               State
	rule                string
	notBefore, deadline time.Time
	confirm             bool
}

// at reads the answer for one time off the counted rules.
func (s *situation) at(t time.Time) verdict {
	held := s.heldAt(t)
	v := verdict{action: Keep, deadline: s.deadline()}
	if c := s.actionable(t, held); c != nil {
		v.action, v.state, v.rule, v.notBefore, v.confirm = c.Do, Due, c.ID, c.notBefore, c.Confirm != ""
		if !t.Before(v.deadline) {
			v.state = Overdue
		}
		return v
	}
	pending, open, last := s.pending(), s.open(), s.last()
	if pending != nil {
		v.rule, v.notBefore = pending.ID, pending.notBefore
	}
	switch {
	case held:
		v.state = Held
	case pending != nil && pending.tie:
		v.state = Blocked
	case open != nil:
		v.state, v.rule, v.notBefore = Active, open.ID, time.Time{}
		if open.period.Cycle {
			v.state = InCycle
		}
	case pending != nil:
		c := s.soonest()
		v.state, v.rule, v.notBefore = Retained, c.ID, c.from()
		if c.by != nil {
			v.rule = c.by.ID
		}
	default:
		s.withoutDuty(t, last, &v)
	}
	if held && pending == nil && last != nil {
		v.rule, v.notBefore = last.ID, last.until
	}
	return v
}

// withoutDuty answers for a record of which no duty asks anything.
func (s *situation) withoutDuty(t time.Time, last *kept, v *verdict) {
	if last != nil {
		v.rule, v.notBefore = last.ID, last.until
	}
	permit := s.permit()
	switch {
	case last != nil && t.Before(last.until):
		v.state = Retained
	case s.missing != nil || s.lacking:
		v.state = Blocked
	case permit == nil:
		v.state = Active
	case t.Before(permit.from):
		v.state, v.rule, v.notBefore = Retained, permit.ID, permit.from
	default:
		v.action, v.state, v.rule, v.notBefore = permit.Do, Due, permit.ID, permit.from
	}
}

// permit is the one that opens first; permits are in the order of their ids.
func (s *situation) permit() (best *allowed) {
	for i := range s.allowed {
		if a := &s.allowed[i]; best == nil || a.from.Before(best.from) {
			best = a
		}
	}
	return best
}

func (s *situation) heldAt(t time.Time) bool {
	for i := range s.holds {
		if s.holds[i].open(t) {
			return true
		}
	}
	return false
}

// deadline is the earliest of all claims: a duty can only bring it forward.
func (s *situation) deadline() (first time.Time) {
	for i := range s.claims {
		c := &s.claims[i]
		if c.replaced == "" && !c.deadline.IsZero() && (first.IsZero() || c.deadline.Before(first)) {
			first = c.deadline
		}
	}
	return first
}

// actionable is the claim that may be met at t, the most pressing first. A hold suspends
// only destruction: a notice to the authority stays due.
func (s *situation) actionable(t time.Time, held bool) (best *claim) {
	for i := range s.claims {
		c := &s.claims[i]
		if c.replaced != "" || c.forever || t.Before(c.from()) || held && c.Do.Destroys() {
			continue
		}
		if best == nil || c.presses(best) {
			best = c
		}
	}
	return best
}

func (s *situation) pending() (best *claim) {
	for i := range s.claims {
		if c := &s.claims[i]; c.replaced == "" && (best == nil || c.tie && !best.tie || c.tie == best.tie && c.presses(best)) {
			best = c
		}
	}
	return best
}

// soonest is the claim that may be met first.
func (s *situation) soonest() (best *claim) {
	for i := range s.claims {
		c := &s.claims[i]
		if c.replaced == "" && !c.forever && (best == nil || c.from().Before(best.from())) {
			best = c
		}
	}
	return best
}

// presses orders claims by deadline, then rank; claims are in the order of their ids.
func (c *claim) presses(than *claim) bool {
	switch {
	case c.forever != than.forever:
		return than.forever
	case !c.deadline.Equal(than.deadline):
		return c.deadline.Before(than.deadline)
	}
	return c.Rank.level() > than.Rank.level()
}

func (s *situation) open() *kept {
	for i := range s.kept {
		if s.kept[i].open {
			return &s.kept[i]
		}
	}
	return nil
}

// last is the floor that ends last.
func (s *situation) last() (best *kept) {
	for i := range s.kept {
		if k := &s.kept[i]; best == nil || k.until.After(best.until) {
			best = k
		}
	}
	return best
}

// next walks over the times at which something begins or ends until the answer differs.
func (s *situation) next(now time.Time, v verdict) time.Time {
	for {
		t := s.boundary(now)
		if t.IsZero() {
			return t
		}
		if w := s.at(t); w.action != v.action || w.state != v.state || w.rule != v.rule {
			return t.UTC()
		}
		now = t
	}
}

// boundary is the first time after now at which something begins or ends.
func (s *situation) boundary(now time.Time) (first time.Time) {
	sooner := func(t time.Time) {
		if t.After(now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for i := range s.claims {
		sooner(s.claims[i].from())
		sooner(s.claims[i].deadline)
	}
	for i := range s.kept {
		sooner(s.kept[i].until)
	}
	for i := range s.allowed {
		sooner(s.allowed[i].from)
	}
	for i := range s.holds {
		sooner(s.holds[i].Placed)
		sooner(s.holds[i].Released)
	}
	return first
}
