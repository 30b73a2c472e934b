package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/retention"
	"github.com/syntora/vual/tokenize"
)

// A card says in which conversations somebody occurs whom a phone or an e-mail names. It is sealed under his own key, in a file
// whose name only the tenant's key can make of the phone, and is a record with a term of its own.
type card struct {
	Conversations []string
}

// subjectKinds are what people ask to be forgotten by. A name is none: two people may have it.
var subjectKinds = []anonymize.Kind{anonymize.PHONE, anonymize.EMAIL}

// index gives the entries under which subjects are found. It dies with the tenant's key.
func (s *state) index(ctx context.Context) (*tokenize.Opaque, error) {
	secret, version, err := s.keys.Subkey(ctx, crypto.Owner{Tenant: hashed(s.tenant)}, 1, "subjects")
	if err != nil {
		return nil, err
	}
	ring, err := tokenize.NewKeyring(version, map[uint32][]byte{version: secret})
	if err != nil {
		return nil, err
	}
	return tokenize.NewOpaque(ring, tokenize.Tenant(s.tenant), nil)
}

// subjects gives who is named in a conversation, each by his entry in the index.
func (s *state) subjects(ctx context.Context, m *anonymize.Mapping) ([]string, error) {
	index, err := s.index(ctx)
	if err != nil {
		return nil, err
	}
	return m.Index(ctx, index, subjectKinds...)
}

// enroll notes on the card of everybody who is named in a conversation that he is. Somebody who was forgotten has no key any
// more, so that nothing is kept of a conversation with him.
func (s *state) enroll(ctx context.Context, name string, subjects []string) error {
	for _, subject := range subjects {
		if err := ensure(ctx, s.keys, s.subject(subject).Owner()); err != nil {
			return err
		}
		c, err := s.card(ctx, subject)
		if err != nil {
			return err
		}
		if slices.Contains(c.Conversations, name) {
			continue
		}
		c.Conversations = append(c.Conversations, name)
		plain, err := json.Marshal(c)
		if err != nil {
			return err
		}
		box, err := s.sealer.Seal(ctx, nil, plain, s.subject(subject))
		if err != nil {
			return err
		}
		if err := s.putCard(subject, box); err != nil {
			return err
		}
	}
	return nil
}

func (s *state) card(ctx context.Context, subject string) (c card, err error) {
	box, err := os.ReadFile(s.file(s.cardID(subject)))
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	plain, err := s.sealer.Open(ctx, nil, box, s.subject(subject))
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(plain, &c)
}

func (s *state) subject(entry string) crypto.Context {
	return crypto.Context{Tenant: hashed(s.tenant), Subject: hashed(entry), Record: hashed(entry), Kind: "subject"}
}

func (s *state) cardID(entry string) string { return hashed(s.tenant) + "/subjects/" + hashed(entry) }

// A forgotten is what was done to forget a subject.
type forgotten struct {
	proof
	subject   string         // his entry in the index
	rewritten map[string]int // how many values were taken out, by conversation
	destroyed []string       // conversations that could not be rewritten
}

// forgetSubject takes everybody who is named by a phone or an e-mail out of what is kept: his values out of every original in
// which he occurs, their entries out of the mappings, and at last his key.
func (s *state) forgetSubject(ctx context.Context, id string, out io.Writer) (f *forgotten, err error) {
	index, err := s.index(ctx)
	if err != nil {
		return nil, err
	}
	f = &forgotten{rewritten: map[string]int{}, proof: proof{request: "forget-subject", received: s.now()}}
	if f.subject, err = entry(ctx, index, id); err != nil {
		return nil, err
	}
	if known, err := s.known(ctx, f.subject); err != nil || !known {
		return nil, cmp.Or(err, errNobody)
	}
	err = s.do(ctx, actionForgetSubject, subjectObject, f.subject, func(ctx context.Context) error {
		if err := s.takeOutOfAll(ctx, f); err != nil {
			return err
		}
		if err := s.request(ctx, subjectClass, s.cardID(f.subject)); err != nil {
			return err
		}
		if err := s.destroyDue(ctx, out); err != nil {
			return err
		}
		// His key went with the card; asked again, this tells what that does not reach.
		record, err := s.keys.Destroy(ctx, s.subject(f.subject).Owner(), crypto.Destruction{Actor: whoami(), Reason: "-forget-subject"})
		f.remains = append(f.remains, record.Remains...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// known reports whether there is a card, or one that was destroyed and not confirmed. A card without its sidecar gets one, so that
// it is destroyed like the others.
func (s *state) known(ctx context.Context, subject string) (bool, error) {
	id := s.cardID(subject)
	_, present, err := s.records.Lookup(ctx, subjectClass, id)
	if err != nil || present {
		return present, err
	}
	box, err := os.ReadFile(s.file(id))
	if errors.Is(err, os.ErrNotExist) {
		return s.owed(id), nil
	}
	if err != nil {
		return false, unwrapPath(err)
	}
	return true, s.putCard(subject, box)
}

func (s *state) putCard(subject string, box []byte) error {
	return s.records.Put(retention.Record{
		ID: s.cardID(subject), Class: subjectClass, Subjects: []string{subject}, Facts: retention.Facts{retention.Created: s.now()},
	}, box)
}

// owed reports whether a killed run destroyed a record and did not come to confirm it.
func (s *state) owed(id string) bool {
	return slices.ContainsFunc(s.unconfirmed(), func(op string) bool {
		item, _ := s.journal.Item(op)
		return item.ID == id
	})
}

// takeOutOfAll rewrites the conversations on the card of a subject. Where a killed run has destroyed his key already, it had
// rewritten them before.
func (s *state) takeOutOfAll(ctx context.Context, f *forgotten) error {
	c, err := s.card(ctx, f.subject)
	if err != nil && !errors.Is(err, crypto.ErrKeyDestroyed) {
		return err
	}
	for _, name := range c.Conversations {
		if err := s.takeOut(ctx, name, f); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

var errNobody = errors.New("nobody is known by this phone or e-mail")

// entry gives the entry of a phone or an e-mail, in whatever form it is asked for.
func entry(ctx context.Context, index *tokenize.Opaque, id string) (string, error) {
	for _, kind := range subjectKinds {
		found := anonymize.New(&anonymize.Options{Kinds: []anonymize.Kind{kind}}).Find(id)
		if len(found) == 1 && found[0].End-found[0].Start == len(id) {
			return index.Token(ctx, string(kind), anonymize.Canonical(kind, id))
		}
	}
	return "", errors.New("-forget-subject takes a phone or an e-mail address")
}

// takeOut rewrites one conversation. One that cannot be read again as it was kept is destroyed as a whole.
func (s *state) takeOut(ctx context.Context, name string, f *forgotten) error {
	return s.do(ctx, actionRewrite, conversationObject, name, func(ctx context.Context) error {
		k, err := s.open(ctx, name)
		if errors.Is(err, errNotKept) {
			return nil // its term was over before
		}
		if err != nil {
			return err
		}
		source, mapping, n, err := without(ctx, k)
		if err != nil {
			f.destroyed = append(f.destroyed, name)
			return s.request(ctx, transcriptClass, s.id(name))
		}
		f.rewritten[name] = n
		f.remains = append(f.remains, "copies of conversation "+name+" made before: they open until its own key is destroyed")
		return s.put(ctx, name, source, k.Analysis, k.Labels, mapping)
	})
}

// without takes the customer out of a conversation, and gives a mapping that knows nothing of him. Only the agents stay, whom
// they themselves named first: whose all other names and values are, nobody has said for certain.
func without(ctx context.Context, k kept) (source []byte, m *anonymize.Mapping, n int, err error) {
	a := anonymize.New(&anonymize.Options{Labels: k.Labels})
	d, err := onlyDocument(k.Original)
	if err != nil {
		return nil, nil, 0, err
	}
	masked, err := d.Mask(ctx, a)
	if err != nil {
		return nil, nil, 0, err
	}
	stays, tokens := agents(masked.Turns), map[string]bool{}
	rest, err := d.Without(ctx, a, func(_ anonymize.Kind, token string) bool {
		if !stays[token] {
			tokens[token] = true
		}
		return !stays[token]
	})
	if err != nil {
		return nil, nil, 0, err
	}
	var out bytes.Buffer
	if _, err := rest.WriteTo(&out); err != nil {
		return nil, nil, 0, err
	}
	if d, err = onlyDocument(out.Bytes()); err != nil {
		return nil, nil, 0, err
	}
	if masked, err = d.Mask(ctx, a); err != nil {
		return nil, nil, 0, err
	}
	return out.Bytes(), masked.Mapping, len(tokens), nil
}

// agents gives the labels of agents that stand first in an agent's turn.
func agents(turns []transcript.Turn) map[string]bool {
	stays, seen := map[string]bool{}, map[string]bool{}
	sides := sides(turns)
	for _, t := range turns {
		if sideOf(t.Speaker) == AgentSide {
			stays[t.Speaker] = true
		}
		for _, s := range t.Spans {
			if s.Kind == anonymize.PERSON && !seen[s.Token] && sides[t.Speaker] == AgentSide && sideOf(s.Token) == AgentSide {
				stays[s.Token] = true
			}
			seen[s.Token] = true
		}
	}
	return stays
}

// onlyDocument reads what was kept of a conversation. A part of a file need not be a file itself.
func onlyDocument(source []byte) (*transcript.Document, error) {
	r, err := transcript.NewReader(bytes.NewReader(source), nil)
	if err != nil {
		return nil, err
	}
	d, err := r.Next()
	if err != nil {
		return nil, err
	}
	if _, err := r.Next(); err != io.EOF {
		return nil, errors.New("more than one conversation")
	}
	return d, nil
}
