package anonymize

import "github.com/syntora/vual/anonymize/internal/vocabulary"

// A topic is what a conversation speaks of for some turns, so that digits in the form of its values need no word beside
// them: «Дети вписаны?» – «Савва 11.12.2016».
type topic uint8

const (
	passportTopic topic = iota
	cardTopic
	vehicleTopic
	childTopic
	birthTopic
	vinTopic
	messageTopic // codes that are sent
	licenceTopic
	passwordTopic
	handleTopic
	topicCount
)

// topics are the turns for which each topic goes on, 0 if it is none.
type topics [topicCount]uint8

const (
	topicTurns = 8
	childTurns = 2 // dates are of many things
	birthTurns = 2
	vinTurns   = 4 // while it is spelled
	sentTurns  = 4
)

// note takes over what a turn spoke of.
func (s *topics) note(t *Text, spans []Span) {
	for i := range s {
		s[i] -= min(s[i], 1)
	}
	for i := range t.tok {
		switch t.tok[i].vocab.Cue() {
		case vocabulary.NoCue:
			if t.tok[i].lists == 0 {
				continue
			}
			if t.isChild(i) {
				s[childTopic] = childTurns
			} else if t.isSent(i) {
				s[messageTopic] = sentTurns
			}
		case vocabulary.OTP:
			if !t.says(i, "код кода коду кодом коде коды code codes") {
				s[messageTopic] = sentTurns
			}
		case vocabulary.Licence:
			if t.says(i, "driver license licence удостоверение удостоверения") && !t.says(i-1, "водительское водительского") {
				continue
			}
			s[licenceTopic] = topicTurns
		case vocabulary.Issuer:
			if s[licenceTopic] <= s[passportTopic] {
				s[passportTopic] = topicTurns
			}
		case vocabulary.Passport, vocabulary.Division:
			s[passportTopic] = topicTurns
		case vocabulary.Card, vocabulary.CVV:
			if t.says(i, "сзади") {
				continue
			}
			s[cardTopic] = topicTurns
		case vocabulary.Plate, vocabulary.STS, vocabulary.VIN:
			s[vehicleTopic] = topicTurns
			if t.tok[i].vocab.Cue() == vocabulary.VIN && !t.says(i, "кузов кузова кузове") {
				s[vinTopic] = vinTurns
			}
		}
	}
	for i := range spans {
		switch spans[i].Kind {
		case PASSPORT:
			s[passportTopic] = topicTurns
		case CARD:
			s[cardTopic] = topicTurns
		case PASSWORD:
			s[passwordTopic] = childTurns
		case HANDLE:
			s[handleTopic] = childTurns
		case PLATE:
			s[vehicleTopic] = topicTurns
		case VIN:
			s[vinTopic] = vinTurns
		case BIRTH_DATE, BIRTH_CERTIFICATE:
			s[birthTopic] = birthTurns
		}
	}
}

// about reports whether the conversation speaks of the topic.
func (t *Text) about(s topic) bool { return t.topics[s] > 0 }

// isSent reports words of what is sent to a telephone.
func (t *Text) isSent(i int) bool {
	return t.says(i, "сообщение сообщения сообщении эсэмэс эсэмэска эсэмэску смска смску смской придет пришел пришло пришлю отправляю отправляем отправлю высылаю выслал выслала выслали пришлем отправил отправила отправили прислали пуш пушем sent text message")
}

// isChild reports a word for somebody who is young enough to be born lately.
func (t *Text) isChild(i int) bool {
	if v := t.tok[i].vocab; v.Class != vocabulary.None && v.Hint() != vocabulary.Kin {
		return false
	}
	return t.says(i, "ребенок ребенка ребенку дети детей детям сын сына сыну сынок дочь дочка дочери дочку "+
		"внук внука внуку внучка внучке внучку малыш малыша child children kids son daughter")
}
