package policy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/syntora/vual/anonymize"
)

// A Policy is one compiled document or several merged ones. It does not change and is safe for concurrent use. It
// holds what its document holds, and shows none of it when printed. Make one with [New] or [Load].
type Policy struct{ p *policy }

type policy struct {
	doc      Document
	hash     [sha256.Size]byte
	opts     anonymize.Options
	roster   []anonymize.Participant
	analyzer *anonymize.Analyzer
	restore  map[string]*anonymize.RestoreOptions
	regions  []region
}

// Options are what no file can hold. Nil means none of it.
type Options struct {
	HashKey   []byte              // of the operator hash, 32 random bytes or more
	Tokenizer anonymize.Tokenizer // of the operator tokenize
	// OnTimeout is told the name of a recognizer whose pattern took too long or too much memory, whatever becomes of the
	// text. It is called from the goroutine that masks and must be safe for concurrent use. Nil means that nobody is told.
	OnTimeout func(recognizer string)
}

// Load reads each of names, a file or preset:NAME, and merges them into one policy, see [Merge]. Options may be nil.
// Errors in a file are of type [*DocumentError], wrapped with its name.
func Load(names []string, opts *Options) (*Policy, error) {
	files, err := readAll(names)
	if err != nil {
		return nil, err
	}
	return compileAll(names, files, opts)
}

// compileAll makes one policy of the files.
func compileAll(names []string, files [][]byte, opts *Options) (*Policy, error) {
	docs := make([]Document, 0, len(names))
	for i, name := range names {
		doc, err := Parse(files[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for path, p := range doc.places {
			p.file = name
			doc.places[path] = p
		}
		docs = append(docs, doc)
	}
	doc, err := Merge(docs...)
	if err != nil {
		return nil, err
	}
	p, err := New(doc, opts)
	if de := (*DocumentError)(nil); errors.As(err, &de) && de.file != "" {
		return nil, fmt.Errorf("%s: %w", de.file, err)
	}
	return p, err
}

func readAll(names []string) ([][]byte, error) {
	files := make([][]byte, 0, len(names))
	for _, name := range names {
		data, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, data)
	}
	return files, nil
}

// read gives the bytes of a file or a preset.
func read(name string) ([]byte, error) {
	if preset, ok := strings.CutPrefix(name, "preset:"); ok {
		text, err := PresetText(preset)
		return []byte(text), err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.New("policy: the file does not open")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxJSON+1))
	if err != nil {
		return nil, errors.New("policy: the file does not read")
	}
	return data, nil
}

// Bounds of a file, so that a hostile one costs little.
const (
	maxJSON = 4 << 20
	maxYAML = 128 << 10
)

// Parse reads one document. Data whose first character is { is JSON, anything else YAML. Errors are of type
// [*DocumentError]. That a document parses says that it is well formed; what it means is checked by [New].
func Parse(data []byte) (Document, error) {
	n, err := parse(data)
	if err != nil {
		return Document{}, err
	}
	var doc Document
	if err := n.decodeInto(&doc, ""); err != nil {
		return Document{}, err
	}
	doc.places = map[string]place{}
	n.collect(doc.places, "")
	return doc, nil
}

func parse(data []byte) (*node, error) {
	start := place{line: 1, column: 1}
	if len(data) > maxJSON {
		return nil, start.errorf("", "longer than %d bytes", maxJSON)
	}
	if !utf8.Valid(data) {
		return nil, start.errorf("", "not UTF-8")
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return parseJSON(data)
	}
	if len(data) > maxYAML {
		return nil, start.errorf("", "longer than %d bytes of YAML; long lists belong into JSON", maxYAML)
	}
	return parseYAML(data)
}

// New compiles a document. It refuses what could only be a mistake: kinds that nobody finds, operators without their
// key, recognizers that cannot match, patterns that do not compile. Options may be nil. Errors in the document are of
// type [*DocumentError].
func New(doc Document, opts *Options) (*Policy, error) {
	if opts == nil {
		opts = &Options{}
	}
	c := compiler{doc: &doc, opts: opts, p: &policy{doc: doc, restore: map[string]*anonymize.RestoreOptions{}}}
	for _, step := range []func() error{c.head, c.recognizers, c.lists, c.kinds, c.restore, c.gateway} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.p.hash = sha256.Sum256(doc.canonical())
	c.p.analyzer = anonymize.New(&c.p.opts)
	return &Policy{c.p}, nil
}

// Name is that of the document; of merged ones, all names with a plus sign between.
func (p *Policy) Name() string { return p.p.doc.Name }

// Hash is the SHA-256 of the document in one form: two policies with one hash mask alike under the same release. It
// belongs into audit records.
func (p *Policy) Hash() [sha256.Size]byte { return p.p.hash }

// Document is what the policy was made of.
func (p *Policy) Document() Document { return p.p.doc }

// Options are those of the policy, for a program that makes its own analyzer. The maps and slices are the policy's.
func (p *Policy) Options() anonymize.Options { return p.p.opts }

// Analyzer finds and masks by the policy. It does not know the roster: see [Policy.Session] and [Policy.Conversation].
func (p *Policy) Analyzer() *anonymize.Analyzer { return p.p.analyzer }

// Session begins a conversation between the people on the roster and these.
func (p *Policy) Session(participants ...anonymize.Participant) *anonymize.Session {
	return p.p.analyzer.Session(&anonymize.SessionOptions{Participants: slices.Concat(p.p.roster, participants)})
}

// Conversation masks a whole conversation, in which the people on the roster may take part.
func (p *Policy) Conversation(ctx context.Context, c anonymize.Conversation) (*anonymize.Result, error) {
	c.Participants = slices.Concat(p.p.roster, c.Participants)
	return p.p.analyzer.Conversation(ctx, c)
}

// ErrPurpose means that a policy does not know a purpose. Nothing may come back for it.
var ErrPurpose = errors.New("policy: no such purpose")

// RestoreOptions say what may come back for a purpose. Those of a purpose for which nothing may come back have no
// kinds, with which [anonymize.Mapping.RestoreWith] returns [anonymize.ErrNoKinds].
func (p *Policy) RestoreOptions(purpose string) (*anonymize.RestoreOptions, error) {
	r, ok := p.p.restore[purpose]
	if !ok {
		return nil, ErrPurpose
	}
	return &anonymize.RestoreOptions{Kinds: slices.Clone(r.Kinds), Everywhere: r.Everywhere}, nil
}

// Purposes are all that the policy knows, sorted.
func (p *Policy) Purposes() []string { return slices.Sorted(maps.Keys(p.p.restore)) }

// GatewayPurpose is the purpose for what comes back through a gateway, "" if nothing does.
func (p *Policy) GatewayPurpose() string {
	if g := p.p.doc.Gateway; g != nil {
		return g.Purpose
	}
	return ""
}

// Region gives the name of the region in which a host stands; ok is false if the policy lets nothing go to it. The
// host is a name or an address without port.
func (p *Policy) Region(host string) (name string, ok bool) {
	r := p.p.region(host)
	if r == nil {
		return "", false
	}
	return r.name, true
}

// MayConnect reports whether a host that the policy knows may stand at this address: in the networks of its region, or
// at any public address if it has none. Ask it for the address of the connection itself, after the name was resolved,
// so that no name server leads a request elsewhere.
func (p *Policy) MayConnect(host string, addr netip.Addr) bool {
	r := p.p.region(host)
	return r != nil && r.holds(addr.Unmap())
}

// MayTrain reports whether the policy names a provider as one that may keep requests for training.
func (p *Policy) MayTrain(provider string) bool {
	g := p.p.doc.Gateway
	return g != nil && slices.Contains(g.Training, provider)
}

// String names the policy and tells nothing of its lists.
func (p Policy) String() string {
	return fmt.Sprintf("Policy{%q, %x}", p.p.doc.Name, p.p.hash[:6])
}

// GoString is String, so that %#v shows nothing either.
func (p Policy) GoString() string { return p.String() }

// LogValue is String for package log/slog.
func (p Policy) LogValue() slog.Value { return slog.StringValue(p.String()) }
