package main

import (
	"time"

	"github.com/syntora/vual/bench/corpus"
)

// A candidate masks texts, or, as a floor, does less than anybody who masks can.
type candidate struct {
	name string
	note string // what it is, for the foot of the table
	// find gives what is taken away of one text. It is nil for a floor and for those who find by the whole corpus.
	find func(dst []stretch, text string) []stretch
	// findAll does so for all texts of a corpus, where one depends on the others or a call is dear.
	findAll   func(c *corpus.Corpus) ([][]stretch, error)
	elsewhere bool // in another process, whose allocations are not seen
	whole     bool // does all texts a round, because each round costs a start
	// work prepares one round over the corpus: find, and write the masked text.
	work func(c *corpus.Corpus) timed
}

// finder makes a candidate of a function that finds.
func finder(name, note string, find func([]stretch, string) []stretch) candidate {
	return candidate{
		name: name, note: note, find: find,
		work: func(c *corpus.Corpus) timed {
			var hidden []stretch
			var out []byte
			return onThread(func() {
				for i := range c.Messages {
					hidden = find(hidden[:0], c.Messages[i].Text)
					out = appendMasked(out[:0], c.Messages[i].Text, hidden)
				}
			})
		},
	}
}

// all gives what is taken away of every text.
func (c *candidate) all(texts *corpus.Corpus) ([][]stretch, error) {
	if c.findAll != nil {
		return c.findAll(texts)
	}
	out := make([][]stretch, len(texts.Messages))
	for i, m := range texts.Messages {
		out[i] = c.find(nil, m.Text)
	}
	return out, nil
}

// appendMasked puts a mark in the place of each stretch; stretches, in order, that overlap share one.
func appendMasked(dst []byte, text string, hidden []stretch) []byte {
	at := 0
	for _, h := range hidden {
		if h.start >= at {
			dst = append(dst, text[at:h.start]...)
			dst = append(dst, "[PII]"...)
		}
		at = max(at, h.end)
	}
	return append(dst, text[at:]...)
}

// An entrant does a part of the corpus that takes long enough to be timed and not longer.
type entrant struct {
	*candidate
	part *corpus.Corpus
	run  timed
}

// enter finds how much of the corpus the candidate does in about a round's time.
func enter(c *candidate, texts *corpus.Corpus, round time.Duration) (entrant, error) {
	size := 4 << 10
	if c.whole {
		size = texts.Bytes()
	}
	for ; ; size *= 4 {
		part := texts.Part(size)
		run := c.work(part)
		took, err := run()
		if err != nil {
			return entrant{}, err
		}
		whole := part.Bytes() >= texts.Bytes()
		if took*4 > round || whole {
			// The first run of a size is slow: caches are cold, memory is not there yet. Time it again before it is grown.
			if again, err := run(); err != nil {
				return entrant{}, err
			} else if again*4 > round || whole {
				return entrant{c, part, run}, nil
			}
		}
	}
}
