package anonymize

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// A Transformer masks a text of any length while it passes, as the next turn of its session: the result is byte for byte
// that of [Session.Anonymize] of the whole text, whatever the pieces in which it comes. It holds back at most 66 KB,
// because what follows decides what a value is. It is a [transform.Transformer] for transform.NewReader and
// transform.NewWriter; with atEOF the turn ends.
//
// Nothing leaves before its window is masked, so that an error lets out nothing half masked. What went out before the
// error stays masked, and its values stay in the mapping; the rest of the text does not leave. Bytes that are not UTF-8,
// also a rune cut off at the end, are [ErrNotUTF8]. Memory grows with the different values alone if the session is
// OneWay; any other keeps its turns. A Transformer is not safe for concurrent use, and its session masks nothing else
// until it is at its end.
type Transformer struct {
	p hidden[stream]
}

// Transformer returns a transformer whose text is the next turn of the session, of no speaker. ctx is given to operators
// and ends the stream when it is done.
func (s *Session) Transformer(ctx context.Context) *Transformer {
	return &Transformer{hide(&stream{s: s.p.get(), ctx: ctx})}
}

// Transform implements [transform.Transformer]. It takes all of src that it can without holding more than a window, and
// never asks for more with transform.ErrShortSrc.
func (t *Transformer) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	m := t.p.get()
	for {
		n := copy(dst[nDst:], m.pending())
		nDst += n
		m.drop(n)
		switch {
		case len(m.pending()) > 0:
			return nDst, nSrc, transform.ErrShortDst
		case m.err != nil:
			return nDst, nSrc, m.err
		case nSrc < len(src):
			nSrc += m.feed(src[nSrc:])
		case atEOF && !m.ended:
			m.finish()
		default:
			return nDst, nSrc, nil
		}
	}
}

// Reset forgets the text that is under way. What comes next is the next turn of the session.
func (t *Transformer) Reset() {
	m := t.p.get()
	m.fail(errReset)
	if m.s.stream == m {
		m.s.stream = nil
	}
	*m = stream{s: m.s, ctx: m.ctx}
}

// String tells nothing of the content.
func (t *Transformer) String() string { return "Transformer{}" }

// GoString is String, so that %#v shows nothing either.
func (t *Transformer) GoString() string { return t.String() }

// A MaskWriter masks what is written to it, as the next turn of its session, and passes it on. It promises what a
// [Transformer] does; the turn ends with Close.
type MaskWriter struct {
	p hidden[maskWriter]
}

type maskWriter struct {
	m stream
	w io.Writer
}

// MaskWriter returns a writer that masks and passes on to w. Close it to get the rest. ctx is given to operators and
// ends the stream when it is done.
func (s *Session) MaskWriter(ctx context.Context, w io.Writer) *MaskWriter {
	return &MaskWriter{hide(&maskWriter{stream{s: s.p.get(), ctx: ctx}, w})}
}

// Write takes b and passes on what is decided by it. After an error every call returns that error.
func (w *MaskWriter) Write(b []byte) (int, error) {
	p := w.p.get()
	for n := 0; n < len(b) && p.m.err == nil; {
		n += p.m.feed(b[n:])
		p.flush()
	}
	if p.m.err != nil {
		return 0, p.m.err
	}
	return len(b), nil
}

// Close ends the turn and passes on the rest. It does not close the writer below. A stream that failed, or was closed,
// stays so.
func (w *MaskWriter) Close() error {
	p := w.p.get()
	if p.m.ended {
		return nil
	}
	p.m.finish()
	p.flush()
	return p.m.err
}

func (p *maskWriter) flush() {
	out := p.m.pending()
	if len(out) == 0 {
		return
	}
	_, err := p.w.Write(out)
	p.m.drop(len(out))
	if err != nil {
		p.m.fail(err)
	}
}

// String tells nothing of the content.
func (w *MaskWriter) String() string { return "MaskWriter{}" }

// GoString is String, so that %#v shows nothing either.
func (w *MaskWriter) GoString() string { return w.String() }

var (
	errStreaming = errors.New("anonymize: a stream of the session is not at its end")
	errEnded     = errors.New("anonymize: the stream was ended")
	errReset     = errors.New("anonymize: the stream was reset")
)

// A stream is a turn that is masked while it comes. The text that is not masked yet, and the context before it, is in
// buf, and nothing else of it anywhere.
type stream struct {
	s     *session
	ctx   context.Context
	buf   []byte
	base  int    // where buf begins in the text
	said  []byte // all of the text, for a session that keeps its turns
	begun bool
	ended bool
	err   error // once it has failed
}

// pending is the masked text that has to leave before anything else is done.
func (m *stream) pending() []byte {
	if !m.begun || m.s.stream != m {
		return nil
	}
	return m.s.out[m.s.left:]
}

// drop forgets n bytes of what was pending.
func (m *stream) drop(n int) {
	if n > 0 {
		m.s.left += n
	}
}

// feed takes as much of b as a window needs, masks it if it is whole, and gives how much it took.
func (m *stream) feed(b []byte) int {
	if m.begin(); m.err != nil {
		return 0
	}
	n := min(len(b), m.need())
	m.buf = append(m.buf, b[:n]...)
	if !m.s.oneWay {
		m.said = append(m.said, b[:n]...)
	}
	if m.need() == 0 {
		m.mask(false)
	}
	return n
}

// need is how many bytes more make the next window whole: its size, and one that tells that it is not the last.
func (m *stream) need() int {
	return m.next() + m.s.a.windows.size + 1 - len(m.buf)
}

// next is where the core of the next window begins in buf.
func (m *stream) next() int { return m.s.t.window.at + m.s.t.window.to - m.base }

// finish masks what is left and ends the turn.
func (m *stream) finish() {
	if m.begin(); m.err != nil {
		return
	}
	for m.err == nil && !m.s.t.window.last {
		m.mask(true)
	}
	if m.err != nil {
		return
	}
	m.s.end(Turn{Text: string(m.said)})
	m.end()
}

// begin begins the turn with the first bytes.
func (m *stream) begin() {
	switch {
	case m.err != nil || m.begun && !m.ended:
	case m.ended:
		m.err = errEnded
	case m.s.stream != nil && !m.s.stream.ended:
		m.err = errStreaming
	default:
		m.begun, m.s.stream, m.s.t = true, m, m.s.a.text()
		m.buf = make([]byte, 0, m.s.a.windows.context+m.s.a.windows.size+1)
		_, err := m.s.begin(m.ctx, "")
		m.fail(err)
	}
}

// mask masks the next window. One that fails leaves no trace.
func (m *stream) mask(final bool) {
	s := m.s
	s.written += s.left
	s.out, s.left = s.out[:0], 0
	if err := m.ctx.Err(); err != nil {
		m.fail(err)
		return
	}
	s.save()
	s.a.nextWindow(s.t, string(m.buf), m.base, final)
	if !utf8.ValidString(s.t.s) {
		m.fail(ErrNotUTF8)
		return
	}
	var err error
	if s.masked, err = s.maskWindow(m.ctx, "", s.masked[:0]); err != nil {
		s.rollBack()
		s.out = s.out[:0]
		m.fail(err)
		return
	}
	if unused := m.next() - s.a.windows.context; unused > 0 {
		m.base += unused
		m.buf = m.buf[:copy(m.buf, m.buf[unused:])]
	}
}

// fail ends the stream in the middle. The session goes on behind what was let out, but cannot be sealed: nobody could
// hear half a turn again.
func (m *stream) fail(err error) {
	if err == nil || m.err != nil {
		return
	}
	m.err = err
	if m.begun && !m.ended {
		m.s.m.people.turn++
		m.s.cut = true
		m.end()
	}
}

// end forgets the text.
func (m *stream) end() {
	m.ended = true
	m.s.release()
	clear(m.buf)
	clear(m.said)
	m.buf, m.said = nil, nil
}
