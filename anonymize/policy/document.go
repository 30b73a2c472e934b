package policy

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// A Document is a policy as people write it: in Go, as JSON or as YAML ([Parse]). Compile it with [New].
// docs/formats/anonymize-policy.md describes each key; [Schema] is its JSON Schema. It may hold personal data, in its
// lists and its roster, and shows none of it when printed; marshalled, it is a policy file with all its content.
type Document struct {
	Version     int                 `json:"version,omitempty"`      // 1
	Name        string              `json:"name,omitempty"`         // begins what is said of the policy
	Description string              `json:"description,omitempty"`  // for readers
	Labels      string              `json:"labels,omitempty"`       // language of labels: en, the default, or ru
	Strict      *bool               `json:"strict,omitempty"`       // seven or more digits that no kind claims become NUMBER
	Places      *bool               `json:"places,omitempty"`       // towns, regions and streets alone are ADDRESS too
	MinScore    float64             `json:"min_score,omitempty"`    // spans below are not masked; 0.5 if absent
	MaxEntities int                 `json:"max_entities,omitempty"` // different values in a conversation; 100000 if absent
	Kinds       map[string]KindRule `json:"kinds,omitempty"`        // by kind; "*" is every kind not named
	Allow       []string            `json:"allow,omitempty"`        // texts that are never personal
	Deny        map[string][]string `json:"deny,omitempty"`         // texts that always are, by kind; stronger than Allow
	Roster      []Person            `json:"roster,omitempty"`       // people who take part in every conversation
	Restore     map[string]Restore  `json:"restore,omitempty"`      // what may come back, by purpose
	Gateway     *Gateway            `json:"gateway,omitempty"`      // for programs that pass masked text on
	Patterns    Patterns            `json:"patterns,omitzero"`      // bounds of all patterns
	Recognizers []Recognizer        `json:"recognizers,omitempty"`  // the file's own

	places map[string]place // of every key and value, by path
}

// A KindRule says what happens to the values of a kind. In a file a rule that is only an operator may be written as its
// name: `IP: off`.
type KindRule struct {
	// Operator is label, redact, mask, hash, tokenize, keep, or off: the kind is not looked for. Absent means label. hash
	// needs [Options.HashKey], tokenize [Options.Tokenizer].
	Operator string   `json:"operator,omitempty"`
	Visible  int      `json:"visible,omitempty"`   // of mask: how many last letters and digits stay
	MinScore float64  `json:"min_score,omitempty"` // for this kind, instead of the document's
	Context  []string `json:"context,omitempty"`   // words that announce a value of the kind, beside those built in
	Why      string   `json:"why,omitempty"`       // for readers
}

// A Person is somebody on the roster.
type Person struct {
	Role string `json:"role,omitempty"` // customer or agent; absent means anybody
	Name string `json:"name,omitempty"`
}

// A Restore says what may come back for a purpose.
type Restore struct {
	// Kinds come back; an empty list is nothing, an absent one a mistake. "*" stands for PERSON, PHONE, EMAIL, ADDRESS, HANDLE, URL_PROFILE and PLATE. All
	// others, payment data, passwords, codes, secrets and documents above all, are named one by one.
	Kinds []string `json:"kinds,omitzero"`
	// Everywhere restores also inside URLs, attributes and arguments of tool calls.
	Everywhere bool   `json:"everywhere,omitempty"`
	Why        string `json:"why,omitempty"` // for readers
}

// A Gateway says where a program may send what it masked.
type Gateway struct {
	Purpose  string            `json:"purpose,omitempty"`  // of Restore, for what comes back; absent means that nothing does
	Regions  map[string]Region `json:"regions,omitempty"`  // the only hosts, by a name of the region for the log
	Training []string          `json:"training,omitempty"` // providers that train on requests and may be used all the same
}

// A Region is hosts that stand in one country.
type Region struct {
	Hosts []string `json:"hosts,omitzero"` // names or addresses, without port
	// Networks are where their addresses must lie, as in 10.0.0.0/8. Absent means any public address.
	Networks []string `json:"networks,omitempty"`
}

// Patterns bound what patterns may cost.
type Patterns struct {
	TimeoutMS int    `json:"timeout_ms,omitempty"` // of one pattern on one text, 1 to 2000; 100 if absent
	OnTimeout string `json:"on_timeout,omitempty"` // refuse, the default: the text is not masked and an error says so; pass: it goes on without the pattern
}

// A Recognizer finds values by data alone: by exactly one of Words, Digits and Pattern.
type Recognizer struct {
	Name        string   `json:"name,omitempty"` // lower-case letters, digits and dashes; spans have the rule policy/NAME
	Kind        string   `json:"kind,omitempty"` // a built-in kind, or one of the policy's own
	Description string   `json:"description,omitempty"`
	Score       float64  `json:"score,omitempty"`       // how sure a find is; 0.9 if absent
	Context     []string `json:"context,omitempty"`     // words, in all Russian forms, of which one must stand near
	ScoreAlone  float64  `json:"score_alone,omitempty"` // without such a word; absent means that there is no find

	Words []string `json:"words,omitempty"` // words and phrases, whole, in any case and with look-alike letters
	Forms bool     `json:"forms,omitempty"` // of Words: also in the Russian forms of a noun or an adjective

	Digits  []string `json:"digits,omitempty"`  // shapes: # is a digit, a digit is itself, spaces are for readers
	Check   string   `json:"check,omitempty"`   // of Digits: luhn, mod11, mod97 or verhoeff
	Weights []int    `json:"weights,omitempty"` // of mod11

	Pattern string `json:"pattern,omitempty"` // in .NET syntax
	Group   string `json:"group,omitempty"`   // of Pattern: the group that is the value; absent means all of it

	Finds   []string `json:"finds,omitempty"`   // texts with the answer in them: «Договор [[CONTRACT:ДГ-1187]]»
	Ignores []string `json:"ignores,omitempty"` // texts in which it finds nothing
}

// String names the document and tells nothing of its lists.
func (d Document) String() string {
	return fmt.Sprintf("Document{%q, %d recognizers, %d on the roster}", d.Name, len(d.Recognizers), len(d.Roster))
}

// GoString is String, so that %#v shows nothing either.
func (d Document) GoString() string { return d.String() }

// LogValue is String for package log/slog.
func (d Document) LogValue() slog.Value { return slog.StringValue(d.String()) }

// decodeNode reads the short form, the name of an operator.
func (k *KindRule) decodeNode(n *node, path string) error {
	if n.kind == stringNode {
		k.Operator = n.text
		return nil
	}
	type plain KindRule
	return n.decodeInto((*plain)(k), path)
}

// A DocumentError says where a policy is wrong. Line and Column count from 1, columns in bytes in JSON and in
// characters in YAML; they are 0 in a document that was not read from a file.
type DocumentError struct {
	Path         string // such as recognizers[0].pattern; "" for the whole
	Line, Column int
	Reason       string

	file string // for Load
}

// Error gives the place and the reason. It repeats keys of the document, never its values.
func (e *DocumentError) Error() string {
	s := "policy: "
	if e.Line > 0 {
		s += fmt.Sprintf("%d:%d: ", e.Line, e.Column)
	}
	if e.Path != "" {
		s += e.Path + ": "
	}
	return s + e.Reason
}

// errorf places a complaint at a path.
func (d *Document) errorf(path, format string, args ...any) error {
	return d.place(path).errorf(path, format, args...)
}

// place of a path, or of the nearest above it that the document has.
func (d *Document) place(path string) place {
	for {
		if at, ok := d.places[path]; ok || path == "" {
			return at
		}
		path = parent(path)
	}
}

// canonical is the document as JSON with sorted keys: equal documents have equal bytes.
func (d *Document) canonical() []byte {
	text, err := json.Marshal(d)
	if err != nil {
		panic("policy: a document of plain data does not marshal") // no field can make it fail
	}
	return text
}
