package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A placeMemory is what a conversation knows of addresses.
type placeMemory struct {
	open  bool // there is one: a flat or an entrance told later belongs to it
	asked ask  // what the last turn asked for
}

// learn takes what the turn that was read tells.
func (m *placeMemory) learn(t *Text, spans []Span) {
	m.asked = t.placesAsked()
	for i := range spans {
		m.open = m.open || spans[i].Kind == ADDRESS
	}
}

// An ask is what a speaker asks for, which the next one answers with a number alone.
type ask uint8

const (
	askAddress ask = 1 << iota // «адрес?», «куда везти?»
	askPart                    // «дом?», «квартира, этаж?»
	askCode                    // «код домофона?»
)

// maxQuestion is how many tokens before the end of a turn a question stands in.
const maxQuestion = 12

// placesAsked tells what the turn that was read asks for.
func (t *Text) placesAsked() ask {
	var a ask
	for i := max(0, len(t.tok)-maxQuestion); i < len(t.tok) && len(t.places.roles) == len(t.tok); i++ {
		switch {
		case t.tok[i].vocab.Cue() == vocabulary.Address, t.says(i, "куда"):
			a |= askAddress
		case t.has(i, roleHouse|roleFlat|roleLandmark) && i >= len(t.tok)-maxQuestion/2 && !t.has(i-1, roleNumber) && !t.has(i+1, roleNumber):
			a |= askPart
			if t.says(i, "домофон", "домофона", "калитка", "калитки") {
				a |= askCode
			}
		}
	}
	return a
}

// answerStart gives the token where the answer to a question about an address may be a number alone.
func (t *Text) answerStart() int {
	for i := 0; i < len(t.tok) && i < maxAnswer; i++ {
		if t.has(i, roleNumber) {
			return i
		}
		if t.tok[i].kind != signToken && t.tok[i].vocab.Class != vocabulary.Filler && !t.says(i, "да", "нет", "номер", "он", "там") {
			break
		}
	}
	return -1
}
