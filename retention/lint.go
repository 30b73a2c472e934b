package retention

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// A Finding is something in a policy that is probably not meant.
type Finding struct {
	Serious bool   // a rule that cannot do what it says
	Class   string // "" for the whole policy
	Rule    string // "" for the whole class
	Text    string
}

// String is class/rule: text.
func (f Finding) String() string {
	s := f.Class
	if f.Rule != "" {
		s += "/" + f.Rule
	}
	if s != "" {
		s += ": "
	}
	return s + f.Text
}

// Lint looks for rules that contradict one another or never begin: floors that outlast duties
// counted from the same fact, duties that an earlier one always wins over, classes
// without rules that let a record go, classes without systems. At is the time of looking, for the calendar's coverage. Findings
// are sorted by class and rule, serious ones first within.
func (p *Policy) Lint(at time.Time) []Finding {
	var out []Finding
	ends := map[*Calendar]bool{}
	for _, name := range p.Classes() {
		c := p.classes[name]
		l := linter{class: name}
		l.wholeClass(c)
		for i := range c.duties {
			l.duty(c, &c.duties[i])
		}
		for i := range c.floors {
			l.floor(c, &c.floors[i])
		}
		if f := c.frame(); f != nil && f.calendar != nil {
			ends[f.calendar] = true
		}
		sort.SliceStable(l.findings, func(i, j int) bool { return l.findings[i].Serious && !l.findings[j].Serious })
		out = append(out, l.findings...)
	}
	for c := range ends {
		if _, last := c.Coverage(); at.AddDate(0, 3, 0).Year() > last {
			out = append(out, Finding{Text: fmt.Sprintf("the calendar %s ends with %d: terms in working days will soon not be decided; load the new year", c.name, last)})
		}
	}
	return out
}

type linter struct {
	class    string
	findings []Finding
}

func (l *linter) add(serious bool, rule, format string, args ...any) {
	l.findings = append(l.findings, Finding{serious, l.class, rule, fmt.Sprintf(format, args...)})
}

func (l *linter) wholeClass(c *class) {
	if len(c.systems) == 0 {
		l.add(false, "", "no systems named: an act of destruction takes them from the adapters alone")
	}
	if len(c.categories) == 0 {
		l.add(false, "", "no categories of personal data named: an act of destruction needs them")
	}
	goes := len(c.permits) > 0 || slices.ContainsFunc(c.duties, func(d duty) bool { return d.Do.Destroys() })
	notifies := slices.ContainsFunc(c.duties, func(d duty) bool { return d.Do == Notify })
	if !goes && !notifies {
		l.add(true, "", "nothing ever lets a record of this class go")
	}
}

func (l *linter) duty(c *class, d *duty) {
	least, most := d.Within.bounds()
	if after, _ := d.NotBefore.bounds(); !d.NotBefore.IsZero() && after > most {
		l.add(true, d.ID, "not_before %s is always later than within %s", d.NotBefore, d.Within)
	}
	for i := range c.floors {
		f := &c.floors[i]
		fact := f.When
		if f.period != nil {
			fact = f.period.To
		}
		if fact != d.When || f.Rank.level() < d.Rank.level() {
			continue
		}
		if after, _ := f.term().bounds(); !f.term().IsZero() && after > most {
			l.add(f.Rank.level() == d.Rank.level(), d.ID, "%s + %s always outlasts it: %s is kept at least %s from the same fact", f.ID, f.term(), d.When, f.term())
		}
	}
	for i := range c.duties {
		o := &c.duties[i]
		_, earlier := o.Within.bounds()
		if o.ID == d.ID || o.When != d.When || len(o.Given) > 0 || o.Met != d.Met || o.Do != d.Do || earlier >= least ||
			slices.Contains(d.Replaces, o.ID) || slices.Contains(o.Replaces, d.ID) || o.Rank.level() < d.Rank.level() {
			continue
		}
		l.add(false, d.ID, "never decides: %s asks the same from the same fact, sooner", o.ID)
	}
}

func (l *linter) floor(c *class, f *floor) {
	if f.period == nil {
		return
	}
	if f.period.From == f.period.To {
		l.add(true, f.ID, "its period begins and ends with the same fact")
	}
	if !slices.ContainsFunc(c.duties, func(d duty) bool { return d.When == f.period.To }) &&
		!slices.ContainsFunc(c.permits, func(p permit) bool { return p.When == f.period.To }) {
		l.add(false, f.ID, "no duty or permit begins with %s, when this ends", f.period.To)
	}
}
