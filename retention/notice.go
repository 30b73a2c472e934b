package retention

import (
	"io"
	"time"
)

// A BreachNotice is the first notice of an incident to Roskomnadzor, within 24 hours of its
// detection: 152-FZ, art. 21(3.1)(1).
type BreachNotice struct {
	Operator Party     `json:"operator"`
	Detected time.Time `json:"detected"`
	Incident string    `json:"incident"` // what happened
	Causes   string    `json:"causes"`   // presumed causes of the violation of rights
	Harm     string    `json:"harm"`     // presumed harm to subjects
	Measures string    `json:"measures"` // taken against the consequences
	Contact  Contact   `json:"contact"`  // authorised to deal with Roskomnadzor
}

// A BreachReport is the result of the internal investigation, within 72 hours of the detection:
// 152-FZ, art. 21(3.1)(2).
type BreachReport struct {
	Operator Party     `json:"operator"`
	Detected time.Time `json:"detected"`
	Incident string    `json:"incident"`
	Results  string    `json:"results"`          // of the investigation
	Persons  []string  `json:"persons"`          // whose actions caused it, if there are any
	NoPerson bool      `json:"no_person"`        // nobody's actions did
	Contact  Contact   `json:"contact,omitzero"` // as in the notice
}

// A ClientNotice tells a client of a confirmed breach, within 24 hours of the
// confirmation, as the contract has it.
type ClientNotice struct {
	Operator   Party     `json:"operator"`
	Client     string    `json:"client"`
	Confirmed  time.Time `json:"confirmed"`
	Incident   string    `json:"incident"`
	Categories []string  `json:"categories"` // of the data concerned
	Measures   string    `json:"measures"`
	Contact    Contact   `json:"contact"`
}

// A Contact is a person to talk to.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

func (c Contact) complete() bool { return c.Name != "" && (c.Phone != "" || c.Email != "") }

// Deadline is the last instant for the notice, exclusive.
func (n *BreachNotice) Deadline() time.Time { return n.Detected.Add(24 * time.Hour).UTC() }

// Deadline is the last instant for the report, exclusive.
func (r *BreachReport) Deadline() time.Time { return r.Detected.Add(72 * time.Hour).UTC() }

// Deadline is the last instant for the notice, exclusive.
func (n *ClientNotice) Deadline() time.Time { return n.Confirmed.Add(24 * time.Hour).UTC() }

// Check names missing fields; the error wraps [ErrIncomplete].
func (n *BreachNotice) Check() error {
	var c checker
	c.want(n.Operator.Name != "" && n.Operator.Address != "", "operator")
	c.want(!n.Detected.IsZero(), "detected")
	c.want(n.Incident != "", "incident")
	c.want(n.Causes != "", "causes")
	c.want(n.Harm != "", "harm")
	c.want(n.Measures != "", "measures")
	c.want(n.Contact.complete(), "contact")
	return c.err()
}

// Check names missing fields; the error wraps [ErrIncomplete].
func (r *BreachReport) Check() error {
	var c checker
	c.want(r.Operator.Name != "" && r.Operator.Address != "", "operator")
	c.want(!r.Detected.IsZero(), "detected")
	c.want(r.Incident != "", "incident")
	c.want(r.Results != "", "results")
	c.want(r.NoPerson != (len(r.Persons) > 0), "persons")
	return c.err()
}

// Check names missing fields; the error wraps [ErrIncomplete].
func (n *ClientNotice) Check() error {
	var c checker
	c.want(n.Operator.Name != "", "operator")
	c.want(n.Client != "", "client")
	c.want(!n.Confirmed.IsZero(), "confirmed")
	c.want(n.Incident != "", "incident")
	c.list(n.Categories, "categories")
	c.want(n.Measures != "", "measures")
	c.want(n.Contact.complete(), "contact")
	return c.err()
}

// WriteHTML writes the notice as a page to print, in Russian.
func (n *BreachNotice) WriteHTML(w io.Writer) error {
	return writePaper(w, "breach_notice.html", n, n.Check())
}

// WriteHTML writes the report as a page to print, in Russian.
func (r *BreachReport) WriteHTML(w io.Writer) error {
	return writePaper(w, "breach_report.html", r, r.Check())
}

// WriteHTML writes the notice as a page to print, in Russian.
func (n *ClientNotice) WriteHTML(w io.Writer) error {
	return writePaper(w, "client_notice.html", n, n.Check())
}
