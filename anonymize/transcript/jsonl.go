package transcript

import (
	"bytes"
	"errors"

	"github.com/syntora/vual/anonymize"
)

// JSONL is one conversation a line:
//
//	{"id": "c1", "channel": "call", "turns": [{"speaker": "client", "text": "…"}],
//	 "participants": [{"role": "customer", "name": "…"}]}
//
// or {"id": "c1", "text": "…"} for a single turn. A turn may have "start" and "end" in seconds. It is read line by
// line; empty lines are left out.
const JSONL Format = "jsonl"

func looksJSONL(head []byte) bool {
	if !startsJSON(head) {
		return false
	}
	found := keyPaths(head)
	return found.all("id", "text") || found["turns.text"] || found.all("id", "turns")
}

// nextLine reads the next line that is not empty.
func (in *input) nextLine() (*document, error) {
	for {
		line, err := in.nextBytes()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		d, broken := readLine(line)
		if broken != nil {
			broken.line = in.line
			return nil, lineError{broken}
		}
		d.line = in.line
		return d, nil
	}
}

// ErrLine means that one line of a file of JSON lines could not be read. Nothing of it was, and [Reader.Next] may be
// called again for the next.
var ErrLine = errors.New("a line that is no conversation")

// A lineError is the place of such a line.
type lineError struct{ *placeError }

func (lineError) Is(target error) bool { return target == ErrLine }

func readLine(line []byte) (*document, *placeError) {
	if at := invalidAt(line); at >= 0 {
		return nil, located(line, at, "not UTF-8")
	}
	root, err := parseJSON(line)
	if err != nil {
		return nil, err
	}
	d := newDocument(line)
	id, turns, text := root.get("id"), root.get("turns"), root.get("text")
	switch {
	case !id.isString() || id.scalar(line) == "":
		return nil, located(line, root.start, "no id")
	case (turns == nil) == (text == nil):
		return nil, located(line, root.start, "neither text nor turns, or both")
	case turns != nil && turns.kind != '[' || text != nil && !text.isString():
		return nil, located(line, root.start, "not a conversation")
	}
	d.id = id.scalar(line)
	id.claimed = true
	if text != nil {
		d.utterances = append(d.utterances, &utterance{texts: []*passage{d.claim(text)}})
	}
	for _, turn := range turns.items() {
		if err := d.addTurn(turn); err != nil {
			return nil, err
		}
	}
	for _, p := range root.get("participants").items() {
		if name := p.get("name"); name.isString() {
			passage := d.claim(name)
			d.addName(passage)
			d.participants = append(d.participants, anonymize.Participant{
				Role: roleOf(p.get("role").scalar(line)), Name: passage.text(),
			})
		}
	}
	d.search(root, isTechnicalJSONL)
	return d, nil
}

func (d *document) addTurn(turn *node) *placeError {
	text, speaker := turn.get("text"), turn.get("speaker")
	if !text.isString() || speaker != nil && !speaker.isString() {
		return located(d.source, turn.start, "not a turn")
	}
	u := &utterance{
		texts: []*passage{d.claim(text)},
		start: turn.get("start").seconds(d.source), end: turn.get("end").seconds(d.source),
	}
	if speaker != nil {
		u.speaker = speaker.scalar(d.source)
		u.speakerAt = d.claim(speaker).pieces
	}
	d.utterances = append(d.utterances, u)
	return nil
}

// roleOf gives the role of a participant; any word that is not known is a person without a side.
func roleOf(word string) anonymize.Role {
	switch word {
	case "customer", "client":
		return anonymize.Customer
	case "agent":
		return anonymize.Agent
	}
	return anonymize.Person
}

func isTechnicalJSONL(name string) bool { return name == "channel" || name == "role" }
