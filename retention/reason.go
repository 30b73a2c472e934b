package retention

import (
	"fmt"
	"strings"
	"time"
)

// A Step is one reason of a decision: a rule with its arithmetic, or a remark. Print it
// with [Step.String].
type Step struct {
	Rule        string    // "" for a remark that belongs to none
	Fact        string    // the fact it was counted from
	At          time.Time // of the fact
	Term        Term
	Last        Date      // the last local day, if the term is counted on dates
	Until       time.Time // the instant at which it is over; zero while open
	Text        string    // a remark
	Source      string    // of the rule
	Provisional bool

	frame *frame
	verb  string
}

// String is the reason as a sentence, with local dates where the term is counted on dates.
func (s Step) String() string {
	var b strings.Builder
	if s.Rule != "" {
		b.WriteString(s.Rule + ": ")
	}
	if s.verb != "" {
		b.WriteString(s.verb + ": ")
	}
	if s.Fact != "" {
		b.WriteString(s.Fact)
		if !s.At.IsZero() {
			b.WriteString(" " + stamp(s.At))
		}
	}
	if s.frame != nil && !s.Until.IsZero() {
		s.arithmetic(&b)
	}
	if s.Text != "" {
		if s.Fact != "" {
			b.WriteString("; ")
		}
		b.WriteString(s.Text)
	}
	if s.Provisional {
		b.WriteString("; provisional: a year whose calendar is not approved or not known")
	}
	if s.Source != "" {
		b.WriteString(" [" + s.Source + "]")
	}
	return b.String()
}

func (s *Step) arithmetic(b *strings.Builder) {
	f := s.frame
	switch s.Term.kind {
	case noTerm:
		fmt.Fprintf(b, ", until %s", stamp(s.Until))
	case elapsedTerm:
		fmt.Fprintf(b, " + %s = %s", s.Term, stamp(s.Until))
	default:
		fmt.Fprintf(b, " is %s in %s; %s + %s = %s", DateOf(s.At, f.zone), f.zone, DateOf(s.At, f.zone), s.Term, s.Last)
		if s.Term.kind == workingTerm {
			fmt.Fprintf(b, " by %s %s", f.calendar.name, f.calendar.hash(s.Last.Year))
		}
		fmt.Fprintf(b, ", over at %s", stamp(s.Until))
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// explain writes the reasons: the floors, the duties, then what came between them.
func (s *situation) explain(d *Decision, v verdict, now time.Time) {
	steps := make([]Step, 0, len(s.kept)+len(s.claims)+len(s.allowed)+len(s.holds)+1)
	for i := range s.kept {
		k := &s.kept[i]
		d.Provisional = d.Provisional || k.guessed
		steps = append(steps, k.step())
	}
	for i := range s.claims {
		k := &s.claims[i]
		d.Provisional = d.Provisional || k.guessed
		step := Step{Rule: k.ID, verb: string(k.Do), Fact: k.When, At: k.anchor, Term: k.Within, Last: k.last, Until: k.own, Source: k.Source, Provisional: k.guessed, frame: k.frame}
		if k.replaced != "" {
			step.Text = "prolonged by " + k.replaced
		}
		steps = append(steps, step)
		if k.replaced == "" && (k.tie || !k.deadline.Equal(k.own)) {
			d.Conflicts = append(d.Conflicts, k.conflict())
			steps = append(steps, Step{Rule: k.ID, Text: k.conflictText()})
		}
	}
	for i := range s.allowed {
		a := &s.allowed[i]
		steps = append(steps, Step{Rule: a.ID, verb: "permits " + string(a.Do), Fact: a.When, Until: a.from, Text: "from " + a.from.Format(time.RFC3339), Source: a.Source})
	}
	for i := range s.holds {
		if s.holds[i].open(now) {
			steps = append(steps, Step{verb: "hold", Fact: s.holds[i].ID, At: s.holds[i].Placed, Text: "destruction is suspended while it is open"})
		}
	}
	if v.state == Blocked && len(s.claims) == 0 {
		steps = append(steps, s.lack())
	}
	if len(steps) == 0 {
		steps = append(steps, Step{Text: "no term has begun"})
	}
	d.Because = steps
}

func (k *kept) step() Step {
	if k.open {
		return Step{Rule: k.ID, verb: "keep", Text: "the period has begun and has not ended", Source: k.Source}
	}
	return Step{Rule: k.ID, verb: "keep", Fact: k.fact, At: k.anchor, Term: k.term(), Last: k.last, Until: k.until, Source: k.Source, Provisional: k.guessed, frame: k.frame}
}

func (c *claim) conflict() Conflict {
	out := Conflict{Duty: c.ID, Deadline: c.own, Until: c.notBefore, Tie: c.tie}
	if c.by != nil {
		out.Floor = c.by.ID
	}
	if c.forever {
		out.Until = time.Time{}
	}
	return out
}

func (c *claim) conflictText() string {
	floor := "its own not_before"
	if c.by != nil {
		floor = c.by.ID
	}
	if c.tie {
		return "conflict: " + floor + " of the same rank keeps the record beyond the deadline; a person must settle it"
	}
	return "conflict: " + floor + " ranks higher and keeps the record beyond the deadline; put off to its end"
}

// lack names the facts for want of which a record is blocked.
func (s *situation) lack() Step {
	switch {
	case s.missing != nil:
		return Step{Text: "one of these facts is needed: " + s.missing.From + ", " + s.missing.To}
	case s.wanted != nil:
		return Step{Text: "one of these facts is needed: " + strings.Join(s.wanted, ", ")}
	}
	return Step{Text: "no fact is known"}
}
