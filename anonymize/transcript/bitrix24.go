package transcript

import (
	"cmp"
	"slices"

	"github.com/syntora/vual/anonymize"
)

// Bitrix24 is an answer of the Bitrix24 REST API: the messages of an open line (imopenlines.session.history.get), calls
// (voximplant.statistic.get), activities and contacts of the CRM.
const Bitrix24 Format = "bitrix24"

func looksBitrix24(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.all("result.message", "result.chatId") || found.any("result.CALL_ID", "result.PHONE_NUMBER", "result.OWNER_TYPE_ID",
		"result.ASSIGNED_BY_ID", "result.PROVIDER_ID", "result.LAST_NAME", "result.SUBJECT")
}

func readBitrix24(d *document, values []*node) error {
	for _, root := range values {
		d.addOpenLine(root.get("result"))
		d.claimBitrix(root)
	}
	d.searchAll(values, isTechnicalBitrix)
	return nil
}

// addOpenLine reads the messages of an open line. They stand in an object by their number, in no order.
func (d *document) addOpenLine(result *node) {
	messages := result.get("message")
	if messages == nil {
		return
	}
	ordered := slices.Clone(messages.kids)
	slices.SortStableFunc(ordered, func(a, b *node) int {
		return cmp.Compare(a.get("id").integer(d.source), b.get("id").integer(d.source))
	})
	users := result.get("users").members()
	known := map[string]bool{}
	for _, m := range ordered {
		u := &utterance{speaker: "system"}
		if user := users[m.get("senderid").scalar(d.source)]; user.get("name").isString() {
			u.speaker = user.get("name").scalar(d.source)
			if !known[u.speaker] {
				known[u.speaker] = true
				d.participants = append(d.participants, anonymize.Participant{Role: d.openLineRole(user), Name: u.speaker})
			}
		}
		for _, name := range []string{"text", "textlegacy"} {
			if text := m.get(name); text.isString() {
				u.texts = append(u.texts, d.claim(text))
			}
		}
		if len(u.texts) > 0 {
			d.utterances = append(d.utterances, u)
		}
	}
}

// openLineRole: who comes through a connector is the customer.
func (d *document) openLineRole(user *node) anonymize.Role {
	if connector := user.get("connector"); connector != nil && string(d.source[connector.start:connector.end]) == "true" {
		return anonymize.Customer
	}
	return anonymize.Agent
}

var (
	bitrixTexts  = []string{"SUBJECT", "DESCRIPTION", "COMMENT", "COMMENTS"}
	bitrixPhones = []string{"PHONE_NUMBER", "PORTAL_NUMBER", "work_phone", "personal_mobile", "personal_phone", "inner_phone"}
)

// claimBitrix claims what the fields of the API are known to hold.
func (d *document) claimBitrix(n *node) {
	for _, name := range bitrixTexts {
		if text := n.get(name); text.isString() && text.scalar(d.source) != "" {
			d.utterances = append(d.utterances, &utterance{speaker: "note", texts: []*passage{d.claim(text)}})
		}
	}
	for _, name := range bitrixPhones {
		d.claimPhone(n.get(name))
	}
	d.claimNames(n, "NAME", "SECOND_NAME", "LAST_NAME")
	d.claimNames(n, "first_name", "last_name")
	if n.get("first_name") != nil || n.get("last_name") != nil {
		d.claimNames(n, "name")
	}
	for _, name := range []string{"BIRTHDATE", "birthday"} {
		if date := n.get(name); date.isString() {
			d.addField(date, birthField)
		}
	}
	for _, name := range []string{"ADDRESS", "ADDRESS_2"} {
		if address := n.get(name); address.isString() {
			d.addField(address, addressField)
		}
	}
	for _, value := range n.get("PHONE").items() {
		d.claimPhone(value.get("VALUE"))
	}
	if n.get("TYPE").scalar(d.source) == "PHONE" {
		d.claimPhone(n.get("VALUE"))
	}
	for _, kid := range n.kids {
		d.claimBitrix(kid)
	}
}

func isTechnicalBitrix(name string) bool {
	switch name {
	case "ID", "id", "chatid", "senderid", "recipientid", "date", "OWNER_ID", "TYPE_ID", "OWNER_TYPE_ID", "PROVIDER_ID", "CALL_ID", "CALL_CATEGORY",
		"PORTAL_USER_ID", "CALL_TYPE", "CALL_DURATION", "CALL_START_DATE", "CRM_ENTITY_ID", "CRM_ENTITY_TYPE", "CRM_ACTIVITY_ID", "TRANSCRIPT_ID",
		"SESSION_ID", "COST", "COST_CURRENCY", "CALL_FAILED_CODE", "DIRECTION", "START_TIME", "END_TIME", "DATE_CREATE", "DATE_MODIFY", "ASSIGNED_BY_ID",
		"RESPONSIBLE_ID", "COMPANY_ID", "VALUE_TYPE", "ENTITY_ID", "date_start", "date_finish", "operating_reset_at", "start", "finish", "duration", "processing", "operating":
		return true
	}
	return false
}
