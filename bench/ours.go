package main

import (
	"context"
	"slices"
	"strings"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/bench/corpus"
)

// turnsOfSession is how many messages share a session where texts are single messages.
const turnsOfSession = 20

func ours() []candidate {
	return []candidate{vual(), vualSession(), vualConversation()}
}

// vual masks each text by itself, with kinds for labels.
func vual() candidate {
	a := anonymize.New(nil)
	return candidate{
		name: "vual", note: "Analyzer.AppendMask, each text by itself",
		find: func(dst []stretch, text string) []stretch {
			for _, s := range a.Find(text) {
				dst = append(dst, stretch{s.Start, s.End})
			}
			return dst
		},
		work: func(c *corpus.Corpus) timed {
			var out []byte
			return onThread(func() {
				for i := range c.Messages {
					out = a.AppendMask(out[:0], c.Messages[i].Text)
				}
			})
		},
	}
}

// vualSession masks turn by turn, with labels that stay the same over a session.
func vualSession() candidate {
	a := anonymize.New(nil)
	mask := func(c *corpus.Corpus, keep func(i, offset int, m anonymize.Masked)) error {
		s := a.Session(nil)
		for i, m := range c.Messages {
			if i%turnsOfSession == 0 || len(m.Text) > longMessage {
				s = a.Session(nil)
			}
			offset := 0
			for turn := range turns(m.Text) {
				masked, err := s.Anonymize(context.Background(), turn.Turn)
				if err != nil {
					return err
				}
				if keep != nil {
					keep(i, offset+turn.before, masked)
				}
				offset += turn.size
			}
		}
		return nil
	}
	return candidate{
		name: "vual session", note: "Session.Anonymize turn by turn, 20 messages or one transcript a session, with labels and the way back",
		findAll: func(c *corpus.Corpus) ([][]stretch, error) {
			out := make([][]stretch, len(c.Messages))
			err := mask(c, func(i, offset int, m anonymize.Masked) {
				for _, s := range m.Spans {
					out[i] = append(out[i], stretch{offset + s.Start, offset + s.End})
				}
			})
			return out, err
		},
		work: func(c *corpus.Corpus) timed { return onThread(func() { must(mask(c, nil)) }) },
	}
}

// vualConversation sees all turns before it writes the first.
func vualConversation() candidate {
	a := anonymize.New(nil)
	mask := func(c *corpus.Corpus, keep func(i, offset int, m anonymize.Masked)) error {
		type place struct{ message, offset int }
		var conversation anonymize.Conversation
		var places []place
		flush := func() error {
			r, err := a.Conversation(context.Background(), conversation)
			if err != nil {
				return err
			}
			if keep != nil {
				for i, m := range r.Turns {
					keep(places[i].message, places[i].offset, m)
				}
			}
			conversation.Turns, places = conversation.Turns[:0], places[:0]
			return nil
		}
		for i, m := range c.Messages {
			offset := 0
			for turn := range turns(m.Text) {
				conversation.Turns = append(conversation.Turns, turn.Turn)
				places = append(places, place{i, offset + turn.before})
				offset += turn.size
			}
			if i%turnsOfSession == turnsOfSession-1 || len(m.Text) > longMessage || i == len(c.Messages)-1 {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return candidate{
		name: "vual conversation", note: "Analyzer.Conversation, all turns seen first, with roles, labels and the way back",
		findAll: func(c *corpus.Corpus) ([][]stretch, error) {
			out := make([][]stretch, len(c.Messages))
			err := mask(c, func(i, offset int, m anonymize.Masked) {
				for _, s := range m.Spans {
					out[i] = append(out[i], stretch{offset + s.Start, offset + s.End})
				}
			})
			return out, err
		},
		work: func(c *corpus.Corpus) timed { return onThread(func() { must(mask(c, nil)) }) },
	}
}

// longMessage tells a transcript from a message of a chat.
const longMessage = 2_000

// A turn is a line of a text: before bytes of "Клиент: ", then what was said; size with the line's end.
type turn struct {
	anonymize.Turn
	before, size int
}

// turns divides a transcript into turns with their speakers; a message of a chat is one turn of the client.
func turns(text string) func(func(turn) bool) {
	return func(yield func(turn) bool) {
		for line := range strings.Lines(text) {
			said := strings.TrimSuffix(line, "\n")
			speaker, before := "client", 0
			if i := strings.Index(said, ": "); i > 0 {
				if role, ok := speakers[said[:i]]; ok {
					speaker, before = role, i+2
				}
			}
			if !yield(turn{anonymize.Turn{Speaker: speaker, Text: said[before:]}, before, len(line)}) {
				return
			}
		}
	}
}

var speakers = map[string]string{"Оператор": "agent", "Клиент": "client", "Agent": "agent", "Customer": "client"}

// inOrder sorts stretches by their beginning.
func inOrder(s []stretch) []stretch {
	slices.SortFunc(s, func(a, b stretch) int { return a.start - b.start })
	return s
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
