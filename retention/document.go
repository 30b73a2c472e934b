package retention

import (
	"reflect"
)

// A Document is a policy as people write it: in Go, as JSON ([ParseDocument]), or as
// YAML (package retention/policy). Compile it with [New]. docs/formats/retention-policy.md
// describes each key; policy.schema.json beside it is its JSON Schema.
type Document struct {
	Version     int               `json:"version"`               // 1
	Name        string            `json:"name"`                  // begins the reasons of a decision
	Description string            `json:"description,omitempty"` // for readers
	Zone        string            `json:"zone"`                  // IANA name, such as Europe/Moscow; there is no default
	Calendar    string            `json:"calendar,omitempty"`    // needed by working days; ru-production is built in
	Provisional bool              `json:"provisional,omitempty"` // outside the calendar count Monday to Friday, and say so
	Skew        Term              `json:"skew,omitzero"`         // how far ahead of now a fact may lie; PT5M if absent
	Facts       []string          `json:"facts,omitempty"`       // names of facts beyond [StandardFacts]
	Periods     map[string]Period `json:"periods,omitempty"`     // by name
	Classes     map[string]Class  `json:"classes"`               // by name
}

// A Period runs from one fact to another: a service from its start to its termination.
// If From is later than To, the period has begun anew: it is open, and rules that hang
// on To are void.
type Period struct {
	From string `json:"from,omitempty"`
	To   string `json:"to"`
	// Assumed takes the period as open when neither fact is known; else such a record is
	// [Blocked].
	Assumed bool `json:"assumed,omitempty"`
	// Cycle names the open period's state [InCycle] rather than [Active].
	Cycle bool `json:"cycle,omitempty"`
}

// A Class is a kind of record with its rules.
type Class struct {
	Systems    []string `json:"systems,omitempty"`    // names of the personal-data systems that hold it
	Categories []string `json:"categories,omitempty"` // categories of personal data, for the act
	Needs      []string `json:"needs,omitempty"`      // facts of which at least one must be known, else [Blocked]
	Keep       []Floor  `json:"keep,omitempty"`
	Duties     []Duty   `json:"duties,omitempty"`
	Permits    []Permit `json:"permits,omitempty"`
	Shred      *Shred   `json:"crypto_shred,omitempty"` // must be there if a rule does crypto_shred
}

// A Floor keeps a record at least until a time: while a period is open and then for a
// term after its end, or for a term from a fact.
type Floor struct {
	ID         string `json:"id"`
	While      string `json:"while,omitempty"` // a period's name
	Then       Term   `json:"then,omitzero"`
	When       string `json:"when,omitempty"` // a fact's name
	For        Term   `json:"for,omitzero"`
	Rank       Rank   `json:"rank,omitempty"`
	Source     string `json:"source,omitempty"`
	Confidence string `json:"confidence,omitempty"`
}

// A Duty is to be met not later than the end of a term after a fact.
type Duty struct {
	ID        string   `json:"id"`
	When      string   `json:"when"`            // the fact that starts the term
	Given     []string `json:"given,omitempty"` // facts that must be known besides
	Within    Term     `json:"within"`
	NotBefore Term     `json:"not_before,omitzero"` // from the same fact
	Do        Action   `json:"do"`
	Met       string   `json:"met,omitempty"` // the fact, not earlier than When, that discharges the duty
	// Replaces names duties that this one prolongs. It does so only if its own facts
	// came before their deadline: a notice sent too late prolongs nothing.
	Replaces []string `json:"replaces,omitempty"`
	Confirm  string   `json:"confirm,omitempty"` // written: the client gets a confirmation
	// Shift moves a deadline that ends on a day off to the end of the next working day
	// (Civil Code of Russia, art. 193). That is the article for contracts between equals;
	// it is never assumed.
	Shift      bool   `json:"shift,omitempty"`
	Adjustable *Range `json:"adjustable,omitempty"` // what [Policy.Adjust] may set Within to
	Rank       Rank   `json:"rank,omitempty"`
	Source     string `json:"source,omitempty"` // act and article, or the contract's clause
	Confidence string `json:"confidence,omitempty"`
}

// A Permit allows a record to go once every floor has passed, without a deadline.
type Permit struct {
	ID         string `json:"id"`
	When       string `json:"when"`
	After      Term   `json:"after,omitzero"`
	Do         Action `json:"do"`
	Source     string `json:"source,omitempty"`
	Confidence string `json:"confidence,omitempty"`
}

// A Range bounds a term that a customer may choose.
type Range struct {
	Min Term `json:"min"`
	Max Term `json:"max"`
}

// Shred says what destroying a key destroys. Shredding is destruction in the meaning of
// 152-FZ, art. 3(8), only if the content cannot be restored, so a class must say both.
type Shred struct {
	KeyScope        string `json:"key_scope"` // whose key: conversation, subject, tenant
	NoPlaintextCopy bool   `json:"no_plaintext_copy"`
}

// Action is what is to be done with a record. The zero Action is none of them and
// does nothing.
type Action string

// The actions.
const (
	Keep             Action = "keep"
	Delete           Action = "delete"
	CryptoShred      Action = "crypto_shred"
	ExportThenDelete Action = "export_then_delete"
	Anonymize        Action = "anonymize"
	Notify           Action = "notify"
)

// Destroys reports whether the action takes the record's content away.
func (a Action) Destroys() bool {
	return a == Delete || a == CryptoShred || a == ExportThenDelete || a == Anonymize
}

// Rank settles a floor against a duty: the floor wins over duties of a lower rank and
// loses to those of a higher one; of equal rank, the record is kept and reported.
type Rank string

// The ranks, lowest first. The zero Rank is [RankContract].
const (
	RankContract Rank = "contract" // what the parties agreed
	RankRequest  Rank = "request"  // what the person or client for whom it is kept now asks
	RankLaw      Rank = "law"      // what a statute demands
)

func (r Rank) level() int {
	switch r {
	case RankLaw:
		return 2
	case RankRequest:
		return 1
	}
	return 0
}

// ParseDocument reads a policy document as JSON. Unknown and duplicate keys are refused;
// errors are of type [*DocumentError]. For YAML see package retention/policy.
func ParseDocument(data []byte) (Document, error) {
	n, err := parseNode(data)
	if err != nil {
		return Document{}, err
	}
	var doc Document
	if err := n.decode(reflect.ValueOf(&doc).Elem(), ""); err != nil {
		return Document{}, err
	}
	return doc, nil
}
