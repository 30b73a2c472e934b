package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Catalogue lists every word that may stand in the log in clear, and what
// each action needs. What is not listed is refused, so nothing personal gets
// into the log by way of a field that was meant for a code.
//
// A word has 1 to 64 of the characters a-z, 0-9, '.', '-', '_' and begins with
// a letter or digit. The zero Catalogue allows no action at all.
type Catalogue struct {
	Actions    []Rule
	Purposes   []Purpose
	Bases      []Basis
	Subjects   []Kind   // kinds of [Subject]
	Objects    []string // types of [Object]
	Categories []string // categories of personal data
	Systems    []string // personal-data systems
	Services   []string // for [Origin.Service]
	Logins     []string // for [Actor.Auth]
	Codes      []string // for [Event.Code]
}

// A Rule says what an action needs. The zero settings are the strict ones.
type Rule struct {
	Action     Action
	Impersonal bool    // touches no personal data: purpose, basis, subject and object may be absent
	Mode       Mode    // FailClosed by default
	Details    []Field // the details that it may have
}

// A Mode says what a caller waits for.
type Mode uint8

const (
	// FailClosed returns when the event is on stable storage, or with an error.
	FailClosed Mode = iota

	// Deferred returns when a bounded queue has taken the event. What is lost
	// on the way is counted by a log.gap event. Attempts are never deferred.
	Deferred
)

// A Field is a detail that an action may have. The class belongs to the field,
// not to the type of the value.
type Field struct {
	Key      string
	Class    Class
	OneOf    []string // a Public text must be one of these words
	Max      int64    // a Public number lies in 0..Max, at most 1e9
	Required bool
}

// A Class says in what form a detail is written.
type Class string

// The classes. A field without one is refused when the log is opened.
const (
	Public    Class = "public"    // in clear; a listed word or a bounded number
	Pseudonym Class = "pseudonym" // as a keyed pseudonym
	Sealed    Class = "sealed"    // encrypted under the owner's key
	Secret    Class = "secret"    // never; only that it was there
)

// maxPublic keeps a phone number, a card or a document number out of a public
// number: all have more digits.
const maxPublic = 1_000_000_000

// reserved are the prefixes of actions that only the log itself writes.
var reserved = [...]string{"log.", "audit."}

// vocabulary is a checked catalogue, ready for look-ups.
type vocabulary struct {
	rules                                                 map[Action]*Rule
	purposes                                              map[Purpose]bool
	bases                                                 map[Basis]bool
	subjects                                              map[Kind]bool
	objects, categories, systems, services, logins, codes map[string]bool
	deferred                                              bool
}

func (c *Catalogue) compile() (*vocabulary, error) {
	v := &vocabulary{rules: make(map[Action]*Rule)}
	var err error
	v.purposes = wordSet(&err, "Purposes", c.Purposes)
	v.bases = wordSet(&err, "Bases", c.Bases)
	v.subjects = wordSet(&err, "Subjects", c.Subjects)
	v.objects = wordSet(&err, "Objects", c.Objects)
	v.categories = wordSet(&err, "Categories", c.Categories)
	v.systems = wordSet(&err, "Systems", c.Systems)
	v.services = wordSet(&err, "Services", c.Services)
	v.logins = wordSet(&err, "Logins", c.Logins)
	v.codes = wordSet(&err, "Codes", c.Codes)
	if err != nil {
		return nil, err
	}
	for _, r := range c.Actions {
		if err := r.check(); err != nil {
			return nil, err
		}
		if v.rules[r.Action] != nil {
			return nil, fmt.Errorf("audit: catalogue has action %s twice", r.Action)
		}
		r.Details = slices.Clone(r.Details)
		v.rules[r.Action] = &r
		v.deferred = v.deferred || r.Mode == Deferred
	}
	return v, nil
}

func (r *Rule) check() error {
	if !isWord(string(r.Action)) {
		return fmt.Errorf("audit: catalogue: action %q is not a word", r.Action)
	}
	for _, p := range reserved {
		if strings.HasPrefix(string(r.Action), p) {
			return fmt.Errorf("audit: catalogue: action %s is reserved for the log", r.Action)
		}
	}
	if r.Mode > Deferred {
		return fmt.Errorf("audit: catalogue: action %s has an unknown mode", r.Action)
	}
	seen := make(map[string]bool)
	for _, f := range r.Details {
		if err := f.check(); err != nil {
			return fmt.Errorf("audit: catalogue: action %s, detail %q: %w", r.Action, f.Key, err)
		}
		if seen[f.Key] {
			return fmt.Errorf("audit: catalogue: action %s has detail %q twice", r.Action, f.Key)
		}
		seen[f.Key] = true
	}
	return nil
}

func (f *Field) check() error {
	if !isWord(f.Key) {
		return errors.New("key is not a word")
	}
	switch f.Class {
	case Pseudonym, Sealed, Secret:
		if len(f.OneOf) > 0 || f.Max != 0 {
			return errors.New("only a public detail has OneOf or Max")
		}
	case Public:
		if (len(f.OneOf) > 0) == (f.Max != 0) || f.Max < 0 || f.Max > maxPublic {
			return errors.New("a public detail has either OneOf or Max of at most 1e9")
		}
		for _, w := range f.OneOf {
			if !isWord(w) {
				return errors.New("OneOf holds what is not a word")
			}
		}
	default:
		return errors.New("has no class")
	}
	return nil
}

func wordSet[W ~string](err *error, name string, words []W) map[W]bool {
	set := make(map[W]bool, len(words))
	for _, w := range words {
		if *err == nil && !isWord(string(w)) {
			*err = fmt.Errorf("audit: catalogue: %s: %q is not a word", name, w)
		}
		set[w] = true
	}
	return set
}

func isWord(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || i > 0 && (c == '.' || c == '-' || c == '_') {
			continue
		}
		return false
	}
	return true
}
