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

// telegramParser reads one chat, or a whole account: before its chats stands one more conversation, of what the export
// says of the account.
func telegramParser() parser {
	return &jsonParser{jsonShape: jsonShape{
		turns: []string{"messages", "chats.list.messages", "left_chats.list.messages"},
		chats: []string{"chats.list", "left_chats.list"},
		read:  new(telegram).read,
	}}
}

// A telegram is what is known of the chat that is read.
type telegram struct {
	other string // who is the customer: the other side of a personal chat
	first int64  // when it began
	known map[string]bool
}

func (c *telegram) read(d *document, values []*node) error {
	root := one(values)
	if !d.continues {
		*c = telegram{known: map[string]bool{}}
	}
	c.addChat(d, root)
	for _, list := range []string{"chats", "left_chats"} {
		for _, chat := range root.get(list, "list").items() {
			c.addChat(d, chat)
		}
	}
	if root != nil {
		d.claimPersons(root)
	}
	d.searchAll(values, isTechnicalTelegram)
	return nil
}

func (c *telegram) addChat(d *document, chat *node) {
	if strings.HasPrefix(chat.get("type").scalar(d.source), "personal") {
		c.other = "user" + chat.get("id").scalar(d.source)
	}
	if name := chat.get("name"); name.isString() && c.other != "" { // a group has a title instead
		d.addName(d.claim(name))
	}
	for _, m := range chat.get("messages").items() {
		c.addMessage(d, m)
	}
}

func (c *telegram) addMessage(d *document, m *node) {
	u := &utterance{}
	for _, from := range []*node{m.get("from"), m.get("actor")} {
		if !from.isString() {
			continue
		}
		u.speaker = from.scalar(d.source)
		u.speakerAt = append(u.speakerAt, d.claim(from).pieces...)
	}
	if id := m.get("from_id").scalar(d.source); c.other != "" && id != "" && u.speaker != "" && !c.known[id] {
		c.known[id] = true
		role := anonymize.Agent
		if id == c.other {
			role = anonymize.Customer
		}
		d.participants = append(d.participants, anonymize.Participant{Role: role, Name: u.speaker})
	}
	if date := m.get("date_unixtime").integer(d.source); date > 0 {
		if c.first == 0 {
			c.first = date
		}
		if since := date - c.first; since >= 0 && since < maxSeconds {
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

// nameFields are searched for names beyond those of speakers.
var nameFields = []string{"forwarded_from", "saved_from", "performer", "inviter", "author"}

// claimPersons claims names and phones wherever they stand.
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
