package transcript

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/syntora/vual/anonymize"
)

// A parser reads a file piece by piece: a cue, a message, an element of the list of segments.
type parser interface {
	// piece reads the next one. It gives io.EOF where none follows, and errNext before another conversation. A piece
	// with any other error was not there.
	piece(w *window) error
	// document gives what was read since it was called last, which is the source.
	document(source []byte, continues bool) (*document, error)
}

// errNext is given once before each further conversation.
var errNext = errors.New("another conversation follows")

// Parts of a conversation end behind as many pieces as the caller wants, or as many bytes.
const maxPart = 1 << 20

// contextTurns is how many turns before a part tell what it answers and continues: so long waits a dictation.
const contextTurns = 4

// A splitter makes documents of the pieces of a parser.
type splitter struct {
	w      *window
	p      parser
	turns  int  // pieces of a part, 0 for whole conversations
	speech bool // a file in which nobody says anything is none

	said        bool // something was
	within      bool // the conversation under way has given a part
	context     []anonymize.Turn
	interrupted bool
	end         error // once there is nothing more
}

func (s *splitter) next() (*document, error) {
	if s.end != nil {
		return nil, s.end
	}
	n, err := s.pieces()
	switch {
	case err == nil || err == errNext:
	case err == io.EOF && s.w.at > 0:
		s.end = io.EOF
	case err != io.EOF && n > 0 && s.turns > 0: // what was read before is given first
		s.end = err
	default:
		s.end = err
		return nil, err
	}
	d, failed := s.p.document(s.w.cut(), s.within)
	if failed == nil {
		s.said = s.said || len(d.utterances) > 0
		if s.end == io.EOF && s.speech && !s.said {
			failed = errNoTurns
		}
	}
	if failed != nil {
		s.end = failed
		return nil, failed
	}
	s.place(d)
	s.within = err != errNext
	return d, nil
}

// pieces reads the pieces of a document. The window ends behind them.
func (s *splitter) pieces() (n int, err error) {
	for !s.full(n) {
		at := s.w.at
		err = s.p.piece(s.w)
		if broken := s.w.broken(); broken == errTooLarge {
			err = s.w.located(at, fmt.Sprintf("more than %d bytes", s.w.limit))
		} else if broken != nil {
			err = broken
		}
		if err == io.EOF || err == errNext {
			return n, err
		}
		if err != nil {
			s.w.at = at
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *splitter) full(n int) bool {
	return s.turns > 0 && n > 0 && (n >= s.turns || s.w.at >= min(maxPart, s.w.limit/2))
}

// place tells a part what it goes on with.
func (s *splitter) place(d *document) {
	if s.turns == 0 {
		return
	}
	d.part = true
	if d.continues = s.within; !d.continues {
		s.context, s.interrupted = nil, false
	}
	d.context, d.interrupted = s.context, s.interrupted
	s.context = contextOf(slices.Concat(s.context, d.conversation().Turns))
	s.interrupted = d.hasAsides() || d.interrupted && len(d.utterances) == 0
}

// longestContext is the length of a turn that is not told once more.
const longestContext = 4 << 10

// contextOf gives the last turns that are short.
func contextOf(turns []anonymize.Turn) []anonymize.Turn {
	from := len(turns)
	for from > 0 && len(turns)-from < contextTurns && len(turns[from-1].Text) <= longestContext {
		from--
	}
	return slices.Clone(turns[from:])
}

var errNoTurns = errors.New("no conversation in it")
