package retention

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

// An Act is the act of destruction of personal data after Roskomnadzor order of 28.10.2022 No. 179,
// filled from the journal. Automated processing wants an [Extract] beside it. Both are kept 3 years from the
// destruction (par. 8): store them as records of the class act. An electronic act wants an electronic signature under the
// law; a printed one leaves room to sign.
type Act struct {
	Number      string      `json:"number"`
	Operator    Party       `json:"operator"`             // a
	Processor   *Party      `json:"processor,omitempty"`  // b, if processing is delegated
	Subjects    []string    `json:"subjects"`             // v: names, or other information about a certain person; identifiers by default
	Executors   []Signatory `json:"executors"`            // g
	Categories  []string    `json:"categories"`           // d
	Media       []Medium    `json:"media,omitempty"`      // e, processing without automation
	Systems     []string    `json:"systems,omitempty"`    // zh, automated processing
	Method      string      `json:"method"`               // z
	Reason      string      `json:"reason"`               // i
	DestroyedOn string      `json:"destroyed_on"`         // k, date in the operator's zone
	Processing  Processing  `json:"processing"`           // decides which fields are wanted
	Delegated   bool        `json:"delegated"`            // a processor acts for the operator
	Exports     []string    `json:"exports,omitempty"`    // packages made before destruction, not yet destroyed
	Remarks     []string    `json:"remarks,omitempty"`    // what the log extract cannot show (par. 6)
	Operations  []string    `json:"operations,omitempty"` // of the journal
}

// A Party is an operator or a processor.
type Party struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// A Signatory destroyed the data. Signature names the electronic signature, or is
// [SignOnPaper].
type Signatory struct {
	Name      string `json:"name"`
	Position  string `json:"position"`
	Signature string `json:"signature"`
}

// SignOnPaper as a signature leaves a line to sign on the printed act.
const SignOnPaper = "paper"

// A Medium is a material medium.
type Medium struct {
	Name   string `json:"name"`
	Sheets int    `json:"sheets"`
}

// Processing is how the data were processed.
type Processing string

// The kinds of processing, as order 179 tells them apart.
const (
	Automated    Processing = "automated"
	NonAutomated Processing = "non_automated"
	Mixed        Processing = "mixed"
)

// An Extract is the extract from the event log, order 179, par. 5. A line stands for one system and day.
type Extract struct {
	Operator Party         `json:"operator"`
	Lines    []ExtractLine `json:"lines"`
}

// An ExtractLine is one entry of the log.
type ExtractLine struct {
	Subjects    []string `json:"subjects"`     // a
	Categories  []string `json:"categories"`   // b
	System      string   `json:"system"`       // v
	Reason      string   `json:"reason"`       // g
	DestroyedOn string   `json:"destroyed_on"` // d
	Operation   string   `json:"operation"`    // of the journal
	Proof       string   `json:"proof,omitempty"`
}

// A Confirmation is the written answer to a client or subject: what was destroyed, where and how, and what remains and
// why. It never holds the destroyed values.
type Confirmation struct {
	Operator   Party         `json:"operator"`
	Request    string        `json:"request"`  // its id
	Received   time.Time     `json:"received"` // when the request came
	Answered   time.Time     `json:"answered"`
	Destroyed  []Destruction `json:"destroyed"`
	Remains    []Remainder   `json:"remains,omitempty"`
	Checkpoint string        `json:"checkpoint,omitempty"` // of the audit log, if there is one
}

// A Destruction is one system's part.
type Destruction struct {
	System  string    `json:"system"`
	Class   string    `json:"class"`
	Records int       `json:"records"`
	Method  string    `json:"method"`
	Last    time.Time `json:"last"`
}

// A Remainder is what was not destroyed: under a hold, by a floor of the law, in
// backups until a date, or as an export package.
type Remainder struct {
	What   string    `json:"what"`
	Reason string    `json:"reason"`
	Until  time.Time `json:"until,omitzero"`
}

// ErrIncomplete is wrapped by errors that name the missing fields of a paper.
var ErrIncomplete = errors.New("retention: the paper lacks required fields")

// ActDetails are what the journal cannot know.
type ActDetails struct {
	Number     string
	Operator   Party
	Processor  *Party // with Delegated
	Delegated  bool
	Executors  []Signatory
	Processing Processing // "" is Automated
	Media      []Medium   // for NonAutomated and Mixed
	Reason     string     // "" is made of the rules
	Remarks    []string
	Zone       *time.Location // of the dates; required
	// Name gives what the paper shows for a subject's identifier. Nil shows the identifier: the
	// papers are personal data too, and the order allows other information about a certain person.
	Name func(subject string) string
	// Proof gives the inclusion proof of an operation in the audit log. Nil: none.
	Proof func(op string) string
}

// Act makes one act of the operations, which must be finished and have destroyed something.
// A required field that is missing is [ErrIncomplete], never a blank.
func (e *Executor) Act(ops []string, d ActDetails) (*Act, error) {
	done, err := e.finished(ops, d)
	if err != nil {
		return nil, err
	}
	a := &Act{Number: d.Number, Operator: d.Operator, Executors: d.Executors, Processing: d.Processing, Delegated: d.Delegated, Reason: d.Reason, Remarks: d.Remarks, Operations: slices.Clone(ops)}
	if a.Processing == "" {
		a.Processing = Automated
	}
	if a.Processing != Automated {
		a.Media = d.Media
	}
	if d.Delegated {
		a.Processor = d.Processor
	}
	var methods, reasons []string
	var first, last Date
	for _, op := range done {
		for _, s := range op.item.Subjects {
			a.Subjects = append(a.Subjects, d.subject(s))
		}
		a.Categories = append(a.Categories, op.item.Categories...)
		reasons = append(reasons, op.item.Rule)
		for _, system := range op.order {
			res := op.destroyed[system]
			if a.Processing != NonAutomated {
				a.Systems = append(a.Systems, system)
			}
			methods = append(methods, res.method)
			on := DateOf(res.at, d.Zone)
			if first == (Date{}) || on.Before(first) {
				first = on
			}
			if last == (Date{}) || last.Before(on) {
				last = on
			}
		}
		if op.receipt != nil {
			a.Exports = append(a.Exports, op.receipt.Package)
		}
	}
	a.Subjects, a.Categories, a.Systems = union(a.Subjects, nil), union(a.Categories, nil), union(a.Systems, nil)
	a.Method, a.DestroyedOn = strings.Join(union(methods, nil), "; "), last.String()
	if first != last {
		a.Remarks = append(slices.Clone(a.Remarks), fmt.Sprintf("уничтожение выполнялось с %s по %s, даты по записям приведены в выгрузке", first, last))
	}
	if a.Reason == "" {
		a.Reason = reasonText(reasons)
	}
	return a, a.Check()
}

// CheckPapers holds a plan against what an act of its destructions will need, before
// anything is destroyed: subjects of each record, categories of each class, and the details.
func (plan *Plan) CheckPapers(d ActDetails) error {
	a := Act{Operator: d.Operator, Executors: d.Executors, Processing: d.Processing, Delegated: d.Delegated, Processor: d.Processor, Media: d.Media, Method: "-", Reason: "-"}
	if a.Processing == "" {
		a.Processing = Automated
	}
	if d.Zone == nil {
		return fmt.Errorf("%w: a zone for the dates", ErrIncomplete)
	}
	for _, i := range plan.Items {
		if !i.Action.Destroys() {
			continue
		}
		a.Subjects, a.Categories, a.Systems, a.DestroyedOn = i.Subjects, i.Categories, []string{i.System}, DateOf(plan.AsOf, d.Zone).String()
		if err := a.Check(); err != nil {
			return fmt.Errorf("%w (class %s)", err, i.Class)
		}
	}
	return nil
}

// WithoutPapers lists finished operations that destroyed something and whose act and extract are not
// known to be written, oldest first.
func (j *Journal) WithoutPapers() (ops []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range j.order {
		if op := j.ops[id]; op.done == stepFinished && !op.evidenced && op.destroyedAny() {
			ops = append(ops, id)
		}
	}
	return ops
}

// PapersWritten journals that the act and extract of the operations are safely stored.
func (e *Executor) PapersWritten(ctx context.Context, ops []string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ops {
		op := e.Journal.operation(id)
		if op == nil || op.done != stepFinished {
			return errors.New("retention: an operation that is not finished has no papers")
		}
		if op.evidenced {
			continue
		}
		if err := e.write(ctx, entry{Op: id, Step: stepEvidenced}); err != nil {
			return err
		}
	}
	return nil
}

func reasonText(rules []string) string {
	return "истечение срока хранения или достижение цели обработки по правилам: " + strings.Join(union(rules, nil), ", ")
}

func (d *ActDetails) subject(s string) string {
	if d.Name == nil {
		return s
	}
	return d.Name(s)
}

func (e *Executor) finished(ops []string, d ActDetails) (out []*operation, err error) {
	if d.Zone == nil {
		return nil, fmt.Errorf("%w: a zone for the dates", ErrIncomplete)
	}
	for _, id := range ops {
		op := e.Journal.operation(id)
		if op == nil || op.done != stepFinished {
			return nil, errors.New("retention: an operation that is not finished has no act")
		}
		out = append(out, op)
	}
	if len(out) == 0 {
		return nil, errors.New("retention: no operations")
	}
	return out, nil
}

// Check names the fields of order 179 that are missing.
func (a *Act) Check() error {
	var c checker
	automated, paper := a.Processing == Automated || a.Processing == Mixed, a.Processing == NonAutomated || a.Processing == Mixed
	c.want(automated || paper, "processing")
	c.want(a.Operator.Name != "", "operator.name")
	c.want(a.Operator.Address != "", "operator.address")
	c.want(!a.Delegated || a.Processor != nil && a.Processor.Name != "" && a.Processor.Address != "", "processor")
	c.list(a.Subjects, "subjects")
	c.want(len(a.Executors) > 0, "executors")
	for _, s := range a.Executors {
		c.want(s.Name != "", "executors.name")
		c.want(s.Position != "", "executors.position")
		c.want(s.Signature != "", "executors.signature")
	}
	c.list(a.Categories, "categories")
	c.want(!paper || len(a.Media) > 0, "media")
	for _, m := range a.Media {
		c.want(!paper || m.Name != "" && m.Sheets > 0, "media.sheets")
	}
	if automated {
		c.list(a.Systems, "systems")
	}
	c.want(a.Method != "", "method")
	c.want(a.Reason != "", "reason")
	_, err := ParseDate(a.DestroyedOn)
	c.want(err == nil && a.DestroyedOn != "0000-00-00", "destroyed_on")
	return c.err()
}

// Extract makes the extract from the event log for the operations.
func (e *Executor) Extract(ops []string, d ActDetails) (*Extract, error) {
	done, err := e.finished(ops, d)
	if err != nil {
		return nil, err
	}
	x := &Extract{Operator: d.Operator}
	for i, op := range done {
		var subjects []string
		for _, s := range op.item.Subjects {
			subjects = append(subjects, d.subject(s))
		}
		reason := d.Reason
		if reason == "" {
			reason = reasonText([]string{op.item.Rule})
		}
		for _, system := range op.order {
			line := ExtractLine{Subjects: subjects, Categories: op.item.Categories, System: system, Reason: reason, DestroyedOn: DateOf(op.destroyed[system].at, d.Zone).String(), Operation: ops[i]}
			if d.Proof != nil {
				line.Proof = d.Proof(ops[i])
			}
			x.Lines = append(x.Lines, line)
		}
	}
	return x, x.Check()
}

// Check names the fields of order 179, par. 5, that are missing. What the log cannot show goes into the
// act's remarks (par. 6); then Reason and the rest of the line still say so.
func (x *Extract) Check() error {
	var c checker
	c.want(len(x.Lines) > 0, "lines")
	for _, l := range x.Lines {
		c.list(l.Subjects, "subjects")
		c.list(l.Categories, "categories")
		c.want(l.System != "", "system")
		c.want(l.Reason != "", "reason")
		_, err := ParseDate(l.DestroyedOn)
		c.want(err == nil, "destroyed_on")
	}
	return c.err()
}

// Confirmation answers a request. Remains is what the caller knows to be left; records of the plan that
// were not destroyed belong there. Writing it is journalled once per operation, and the same request
// gives the same paper again.
func (e *Executor) Confirmation(ctx context.Context, request string, received time.Time, operator Party, ops []string, remains []Remainder) (*Confirmation, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := &Confirmation{Operator: operator, Request: request, Received: received.UTC(), Remains: slices.Clone(remains)}
	at := map[[2]string]int{}
	for _, id := range ops {
		op := e.Journal.operation(id)
		if op == nil || op.done != stepFinished {
			return nil, errors.New("retention: an operation that is not finished cannot be confirmed")
		}
		for _, system := range op.order {
			res := op.destroyed[system]
			key := [2]string{system, op.item.Class}
			i, ok := at[key]
			if !ok {
				i = len(c.Destroyed)
				at[key] = i
				c.Destroyed = append(c.Destroyed, Destruction{System: system, Class: op.item.Class, Method: res.method})
			}
			if res.outcome == OutcomeDestroyed {
				c.Destroyed[i].Records++
			}
			if res.at.After(c.Destroyed[i].Last) {
				c.Destroyed[i].Last = res.at
			}
		}
		if op.finished.After(c.Answered) {
			c.Answered = op.finished
		}
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	for _, id := range ops {
		if e.Journal.operation(id).confirmed {
			continue
		}
		if err := e.write(ctx, entry{Op: id, Step: stepConfirmed}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Unconfirmed lists finished operations that owe a written confirmation and have none.
func (j *Journal) Unconfirmed() (ops []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range j.order {
		if op := j.ops[id]; op.done == stepFinished && op.item.Confirm && !op.confirmed {
			ops = append(ops, id)
		}
	}
	return ops
}

// Check names missing fields.
func (c *Confirmation) Check() error {
	var k checker
	k.want(c.Operator.Name != "", "operator.name")
	k.want(c.Request != "", "request")
	k.want(!c.Received.IsZero(), "received")
	k.want(len(c.Destroyed) > 0 || len(c.Remains) > 0, "destroyed")
	for _, r := range c.Remains {
		k.want(r.What != "" && r.Reason != "", "remains")
	}
	return k.err()
}

type checker struct{ missing []string }

func (c *checker) want(ok bool, field string) {
	if !ok && !slices.Contains(c.missing, field) {
		c.missing = append(c.missing, field)
	}
}

func (c *checker) list(l []string, field string) {
	c.want(len(l) > 0 && !slices.Contains(l, ""), field)
}

func (c *checker) err() error {
	if len(c.missing) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrIncomplete, strings.Join(c.missing, ", "))
}

//go:embed papers/*.html
var papers embed.FS

// WriteHTML writes the act as a page to print, in Russian, without scripts or anything loaded.
func (a *Act) WriteHTML(w io.Writer) error { return writePaper(w, "act.html", a, a.Check()) }

// WriteHTML writes the extract as a page to print.
func (x *Extract) WriteHTML(w io.Writer) error { return writePaper(w, "extract.html", x, x.Check()) }

// WriteHTML writes the confirmation as a page to print.
func (c *Confirmation) WriteHTML(w io.Writer) error {
	return writePaper(w, "confirmation.html", c, c.Check())
}

func writePaper(w io.Writer, name string, paper any, incomplete error) error {
	if incomplete != nil {
		return incomplete
	}
	t, err := template.New(name).Funcs(template.FuncMap{"join": strings.Join, "moment": moment}).ParseFS(papers, "papers/"+name, "papers/style.html")
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return t.Execute(w, paper)
}

// moment writes a time as Russian papers do; the zone is said.
func moment(t time.Time) string { return t.UTC().Format("02.01.2006 15:04 UTC") }

// WriteJSON writes a paper as indented JSON.
func WriteJSON(w io.Writer, paper any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(paper)
}
