package transcript

// AmoCRM is an answer of the amoCRM API v4 with notes (calls, messages, comments) or contacts. The texts of notes are the conversation.
const AmoCRM Format = "amocrm"

// amoLists are where an answer keeps what was asked for.
var amoLists = []string{"_embedded.notes", "_embedded.contacts", "_embedded.leads", "_embedded.events"}

func looksAmoCRM(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.any(amoLists...) || found.any("params.call_result", "note_type")
}

func readAmoCRM(d *document, values []*node) error {
	for _, root := range values {
		d.claimAmo(root)
	}
	d.searchAll(values, isTechnicalAmo)
	return nil
}

// claimAmo claims what the fields of the API are known to hold.
func (d *document) claimAmo(n *node) {
	if params := n.get("params"); params != nil {
		for _, name := range []string{"text", "call_result"} {
			if text := params.get(name); text.isString() && text.scalar(d.source) != "" {
				d.utterances = append(d.utterances, &utterance{speaker: "note", texts: []*passage{d.claim(text)}})
			}
		}
		d.claimPhone(params.get("phone"))
		if name := params.get("call_responsible"); name.isString() {
			d.addName(d.claim(name))
		}
	}
	if n.get("custom_fields_values") != nil || n.get("first_name") != nil {
		d.claimNames(n, "first_name", "last_name")
		d.claimNames(n, "name")
	}
	if n.get("field_code").scalar(d.source) == "PHONE" {
		for _, value := range n.get("values").items() {
			d.claimPhone(value.get("value"))
		}
	}
	for _, kid := range n.kids {
		d.claimAmo(kid)
	}
}

func isTechnicalAmo(name string) bool {
	switch name {
	case "id", "entity_id", "created_by", "updated_by", "created_at", "updated_at", "responsible_user_id", "group_id", "account_id", "note_type",
		"uniq", "duration", "call_status", "field_id", "field_code", "field_type", "enum_id", "enum_code", "closest_task_at", "color":
		return true
	}
	return false
}
