package policy

import (
	"crypto/sha256"
	"net/netip"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// A compiler makes a policy of a document, key by key, and names the place of the first thing that is wrong.
type compiler struct {
	doc  *Document
	opts *Options
	p    *policy
	own  []anonymize.Kind // of recognizers and of the deny list
}

// Bounds of lists. They stand in the schema too.
const (
	maxList    = 20_000 // texts of one list
	maxRoster  = 2_000  // people; each conversation learns all of them, 11 µs a person
	maxText    = 400    // bytes of one text
	maxName    = 64     // letters of a name
	maxKind    = 32     // letters of a kind, as the grammar of tokens has it
	maxEntries = 1_000_000
)

func (c *compiler) head() error {
	d, o := c.doc, &c.p.opts
	switch {
	case d.Version != 1:
		return d.errorf("version", "1 is wanted")
	case strings.TrimSpace(d.Name) == "":
		return d.errorf("name", "a name is wanted")
	case d.MaxEntities < 0 || d.MaxEntities > maxEntries:
		return d.errorf("max_entities", "0 to %d is wanted", maxEntries)
	}
	if err := c.score("min_score", d.MinScore); err != nil {
		return err
	}
	switch d.Labels {
	case "", "en":
	case "ru":
		o.Labels = anonymize.Russian
	default:
		return d.errorf("labels", "en or ru is wanted")
	}
	o.MinScore, o.MaxEntities = float32(d.MinScore), d.MaxEntities
	o.Strict = d.Strict != nil && *d.Strict
	o.Places = d.Places != nil && *d.Places
	return nil
}

func (c *compiler) score(path string, score float64) error {
	if !(score >= 0 && score <= 1) {
		return c.doc.errorf(path, "0 to 1 is wanted")
	}
	return nil
}

// lists takes allow, deny and the roster.
func (c *compiler) lists() error {
	d := c.doc
	if err := c.texts("allow", d.Allow); err != nil {
		return err
	}
	c.p.opts.Allow = d.Allow
	for _, kind := range sortedKeys(d.Deny) {
		path := join("deny", kind)
		if !isKind(kind) || kind == string(anonymize.TEXT) {
			return d.errorf(path, "a kind is upper-case letters, digits and _, at most %d, and not TEXT", maxKind)
		}
		if err := c.texts(path, d.Deny[kind]); err != nil {
			return err
		}
		if c.p.opts.Deny == nil {
			c.p.opts.Deny = map[anonymize.Kind][]string{}
		}
		c.p.opts.Deny[anonymize.Kind(kind)] = d.Deny[kind]
		c.own = append(c.own, anonymize.Kind(kind))
	}
	if len(d.Roster) > maxRoster {
		return d.errorf("roster", "more than %d people", maxRoster)
	}
	for i, person := range d.Roster {
		role, ok := roles()[person.Role]
		if !ok {
			return d.errorf(index("roster", i)+".role", "customer or agent is wanted")
		}
		if strings.TrimSpace(person.Name) == "" || len(person.Name) > maxText {
			return d.errorf(index("roster", i)+".name", "a name of at most %d bytes is wanted", maxText)
		}
		c.p.roster = append(c.p.roster, anonymize.Participant{Role: role, Name: person.Name})
	}
	return nil
}

func roles() map[string]anonymize.Role {
	return map[string]anonymize.Role{"": anonymize.Person, "customer": anonymize.Customer, "agent": anonymize.Agent}
}

// texts checks a list that people wrote: an empty text would match nothing and look as if it did.
func (c *compiler) texts(path string, texts []string) error {
	if len(texts) > maxList {
		return c.doc.errorf(path, "more than %d texts", maxList)
	}
	for i, text := range texts {
		if strings.TrimSpace(text) == "" || len(text) > maxText {
			return c.doc.errorf(index(path, i), "a text of 1 to %d bytes is wanted", maxText)
		}
	}
	return nil
}

// kinds takes what happens to each kind.
func (c *compiler) kinds() error {
	known := slices.Concat(anonymize.Kinds(), c.own)
	slices.Sort(known)
	known = slices.Compact(known)
	c.p.opts.MinScores, c.p.opts.Context = map[anonymize.Kind]float32{}, map[anonymize.Kind][]string{}
	c.p.opts.Operators = map[anonymize.Kind]anonymize.Operator{}
	rest := c.doc.Kinds["*"]
	for _, name := range sortedKeys(c.doc.Kinds) {
		if err := c.kind(name, c.doc.Kinds[name], known); err != nil {
			return err
		}
	}
	on := []anonymize.Kind{} // never nil, which would be all
	for _, kind := range known {
		rule, named := c.doc.Kinds[string(kind)]
		if !named {
			rule = rest
			if slices.Contains(c.own, kind) && rule.Operator == off { // who names a text or a recognizer wants it found
				rule = KindRule{}
			}
		}
		if rule.Operator == off {
			continue
		}
		on = append(on, kind)
		if kind != anonymize.TEXT {
			op, err := c.operator(join("kinds", string(kind)), rule)
			if err != nil {
				return err
			}
			c.p.opts.Operators[kind] = op
		}
	}
	if len(on) < len(known) {
		c.p.opts.Kinds = on
	}
	return nil
}

const off = "off"

// kind checks one rule as it is written.
func (c *compiler) kind(name string, rule KindRule, known []anonymize.Kind) error {
	path, kind := join("kinds", name), anonymize.Kind(name)
	switch {
	case kind == anonymize.TEXT:
		return c.doc.errorf(path, "TEXT keeps foreign labels apart from given ones and cannot be changed")
	case name != "*" && !slices.Contains(known, kind):
		return c.doc.errorf(path, "no rule finds this kind")
	case rule.Operator == off && kind == anonymize.NUMBER && c.p.opts.Strict:
		return c.doc.errorf(path, "strict makes NUMBER of what no kind claims: it cannot be off")
	case rule.Visible < 0 || rule.Visible > 4 || rule.Visible > 0 && rule.Operator != "mask":
		return c.doc.errorf(path, "visible is 1 to 4, and of mask alone")
	case name == "*" && (rule.MinScore != 0 || rule.Context != nil):
		return c.doc.errorf(path, "\"*\" has an operator alone")
	case len(rule.Context) > 0 && !kind.Announced():
		return c.doc.errorf(join(path, "context"), "no words announce this kind; a recognizer may have context of its own")
	}
	if err := c.score(join(path, "min_score"), rule.MinScore); err != nil {
		return err
	}
	if err := c.texts(join(path, "context"), rule.Context); err != nil {
		return err
	}
	if rule.MinScore != 0 {
		c.p.opts.MinScores[kind] = float32(rule.MinScore)
	}
	if len(rule.Context) > 0 {
		c.p.opts.Context[kind] = rule.Context
	}
	if rule.Operator == off {
		for i, r := range c.doc.Recognizers {
			if r.Kind == name {
				return c.doc.errorf(index("recognizers", i)+".kind", "this kind is off")
			}
		}
		return nil
	}
	_, err := c.operator(path, rule)
	return err
}

func (c *compiler) operator(path string, rule KindRule) (anonymize.Operator, error) {
	switch rule.Operator {
	case "", "label":
		return anonymize.Label(), nil
	case "redact":
		return anonymize.Redact(), nil
	case "mask":
		return anonymize.Mask(rule.Visible), nil
	case "keep":
		return anonymize.Keep(), nil
	case "hash":
		if len(c.opts.HashKey) < sha256.Size {
			return anonymize.Operator{}, c.doc.errorf(path, "hash needs a key of 32 bytes, which the program gives")
		}
		return anonymize.Hash(c.opts.HashKey), nil
	case "tokenize":
		if c.opts.Tokenizer == nil {
			return anonymize.Operator{}, c.doc.errorf(path, "tokenize needs a tokenizer, which the program gives")
		}
		return anonymize.Tokenize(c.opts.Tokenizer), nil
	case off:
		return anonymize.Operator{}, nil
	}
	return anonymize.Operator{}, c.doc.errorf(path, "label, redact, mask, hash, tokenize, keep or off is wanted")
}

// restore takes what may come back, by purpose.
func (c *compiler) restore() error {
	known := slices.Concat(anonymize.Kinds(), c.own, []anonymize.Kind{anonymize.EverydayKinds})
	for _, purpose := range sortedKeys(c.doc.Restore) {
		r, path := c.doc.Restore[purpose], join("restore", purpose)
		if !isName(purpose) {
			return c.doc.errorf(path, "a purpose is lower-case letters, digits and dashes")
		}
		if r.Kinds == nil {
			return c.doc.errorf(path, "kinds are wanted; [] is nothing")
		}
		opts := &anonymize.RestoreOptions{Everywhere: r.Everywhere}
		for i, kind := range r.Kinds {
			if k := anonymize.Kind(kind); !slices.Contains(known, k) || slices.Contains(opts.Kinds, k) {
				return c.doc.errorf(index(join(path, "kinds"), i), "no rule finds this kind, or it is named twice")
			}
			opts.Kinds = append(opts.Kinds, anonymize.Kind(kind))
		}
		c.p.restore[purpose] = opts
	}
	return nil
}

// gateway takes where masked text may go.
func (c *compiler) gateway() error {
	g := c.doc.Gateway
	if g == nil {
		return nil
	}
	if _, ok := c.p.restore[g.Purpose]; !ok && g.Purpose != "" {
		return c.doc.errorf("gateway.purpose", "restore has no such purpose")
	}
	for i, provider := range g.Training {
		if !isName(provider) {
			return c.doc.errorf(index("gateway.training", i), "a provider's name is lower-case letters, digits and dashes")
		}
	}
	for _, name := range sortedKeys(g.Regions) {
		path := join("gateway.regions", name)
		if !isName(name) {
			return c.doc.errorf(path, "a region's name is lower-case letters, digits and dashes")
		}
		r := region{name: name}
		for i, host := range g.Regions[name].Hosts {
			h, ok := hostName(host)
			if !ok || c.p.region(h) != nil || slices.Contains(r.hosts, h) {
				return c.doc.errorf(index(join(path, "hosts"), i), "a host's name or address is wanted, without port, in one region only")
			}
			r.hosts = append(r.hosts, h)
		}
		if len(r.hosts) == 0 {
			return c.doc.errorf(path, "hosts are wanted")
		}
		for i, network := range g.Regions[name].Networks {
			n, err := netip.ParsePrefix(network)
			if err != nil || n != n.Masked() {
				return c.doc.errorf(index(join(path, "networks"), i), "a network as in 10.0.0.0/8 is wanted")
			}
			r.networks = append(r.networks, n)
		}
		c.p.regions = append(c.p.regions, r)
	}
	return nil
}

// isKind reports upper-case letters, digits and underscores behind a letter, as the grammar of tokens has it.
func isKind(s string) bool {
	for i, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= maxKind && digitsOf(s) <= 6
}

// digitsOf counts them: the grammar of tokens allows six in a kind.
func digitsOf(s string) int {
	n := 0
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// isName reports lower-case letters, digits and dashes behind a letter or digit.
func isName(s string) bool {
	for i, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == 0) {
			return false
		}
	}
	return s != "" && len(s) <= maxName
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
