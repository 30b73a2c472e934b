package transcript

import (
	"slices"
	"strings"
	"time"

	"github.com/syntora/vual/anonymize"
)

// Telegram is what Telegram Desktop exports as JSON: one chat, or all of an account. In the export of a personal chat the other
// side is taken for the customer.
const Telegram Format = "telegram"

func looksTelegram(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.all("messages", "type") || found.any("chats.list", "left_chats.list")
}

func readTelegram(source []byte) ([]*document, error) {
	root, err := parseWholeJSON(source)
	if err != nil {
		return nil, err
	}
	if root.get("messages") != nil {
		d := newDocument(source)
		d.addChat(root)
		d.searchTelegram(root)
		return []*document{d}, nil
	}
	var chats []*node
	for _, list := range []string{"chats", "left_chats"} {
		chats = append(chats, root.get(list, "list").items()...)
	}
	return splitTelegram(source, root, chats), nil
}

// splitTelegram makes a document of each chat, before them one of what the export says of the account. What stands
// between two chats goes with the first of them.
func splitTelegram(source []byte, root *node, chats []*node) []*document {
	slices.SortFunc(chats, func(a, b *node) int { return a.start - b.start })
	documents := []*document{{source: source}}
	for _, chat := range chats {
		documents[len(documents)-1].to = chat.start
		d := &document{source: source, from: chat.start}
		d.addChat(chat)
		d.searchTelegram(chat)
		documents = append(documents, d)
	}
	documents[len(documents)-1].to = len(source)
	rest := &document{source: source}
	rest.searchTelegram(root)
	for _, d := range documents {
		for _, name := range rest.names {
			if d.holds(name) {
				d.names = append(d.names, name)
			}
		}
		for _, f := range rest.fields {
			if d.holds(&f.passage) {
				d.fields = append(d.fields, f)
			}
		}
	}
	return documents
}

func (d *document) holds(p *passage) bool {
	return p.pieces[0].start >= d.from && p.pieces[0].start < d.to
}

func (d *document) addChat(chat *node) {
	other := ""
	if strings.HasPrefix(chat.get("type").scalar(d.source), "personal") {
		other = "user" + chat.get("id").scalar(d.source)
	}
	if name := chat.get("name"); name.isString() && other != "" { // a group has a title instead
		d.addName(d.claim(name))
	}
	var first int64
	known := map[string]bool{}
	for _, m := range chat.get("messages").items() {
		d.addMessage(m, &first, other, known)
	}
}

func (d *document) addMessage(m *node, first *int64, other string, known map[string]bool) {
	u := &utterance{}
	for _, from := range []*node{m.get("from"), m.get("actor")} {
		if !from.isString() {
			continue
		}
		u.speaker = from.scalar(d.source)
		u.speakerAt = append(u.speakerAt, d.claim(from).pieces...)
	}
	if id := m.get("from_id").scalar(d.source); other != "" && id != "" && u.speaker != "" && !known[id] {
		known[id] = true
		role := anonymize.Agent
		if id == other {
			role = anonymize.Customer
		}
		d.participants = append(d.participants, anonymize.Participant{Role: role, Name: u.speaker})
	}
	if date := m.get("date_unixtime").integer(d.source); date > 0 {
		if *first == 0 {
			*first = date
		}
		if since := date - *first; since >= 0 && since < maxSeconds {
			u.start = time.Duration(since) * time.Second
			u.end = u.start
		}
	}
	for _, text := range []*node{m.get("text"), m.get("text_entities")} {
		if p := d.joined(text); p != nil {
			u.texts = append(u.texts, p)
		}
	}
	if len(u.texts) == 0 {
		u.texts = []*passage{{}}
	}
	d.utterances = append(d.utterances, u)
}

// joined makes one passage of a text, or of the array of texts and entities that Telegram makes of a text with marks.
func (d *document) joined(n *node) *passage {
	if n.isString() {
		return d.claim(n)
	}
	p := &passage{}
	for _, part := range n.items() {
		if part.kind == '{' {
			part = part.get("text")
		}
		if part.isString() {
			d.claimInto(p, "", part)
		}
	}
	if len(p.pieces) == 0 {
		return nil
	}
	return p
}

// searchTelegram claims names and phones wherever they stand, then all other strings.
func (d *document) searchTelegram(n *node) {
	d.claimPersons(n)
	d.search(n, isTechnicalTelegram)
}

// nameFields are searched for names beyond those of speakers.
var nameFields = []string{"forwarded_from", "saved_from", "performer", "inviter", "author"}

func (d *document) claimPersons(n *node) {
	d.claimNames(n, "first_name", "last_name")
	d.claimPhone(n.get("phone_number"))
	for _, name := range nameFields {
		if f := n.get(name); f.isString() && !f.claimed {
			d.addName(d.claim(f))
		}
	}
	for _, kid := range n.kids {
		d.claimPersons(kid)
	}
}

var technicalTelegram = []string{
	"id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from_id", "actor_id", "action", "user_id", "peer_id",
	"media_type", "mime_type", "discard_reason", "language", "reply_to_message_id", "reply_to_peer_id", "message_id", "document_id",
	"sticker_emoji", "unixtime", "duration_seconds",
}

func isTechnicalTelegram(name string) bool { return slices.Contains(technicalTelegram, name) }
