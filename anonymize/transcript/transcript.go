package transcript

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/syntora/vual/anonymize"
)

// A Reader reads the conversations of one file. It is not safe for concurrent use.
type Reader struct {
	format Format
	next   func() (*document, error)
}

// Options of a reader. Nil and the zero value are the defaults.
type Options struct {
	// MaxSize is how many bytes one conversation may have, or one part of it. 0 means DefaultMaxSize. Choose less for files of
	// strangers: reading JSON allocates about 25 times as much, of JSON made to do harm 70 times.
	MaxSize int

	// Turns cuts conversations into parts of as many messages, cues or segments, so that memory does not grow with the
	// file. A part ends earlier where it has a megabyte. 0 means whole conversations. See [Document.MaskIn].
	Turns int
}

// DefaultMaxSize is the size of a conversation that is still read where Options.MaxSize is zero.
const DefaultMaxSize = 256 << 20

// NewReader finds out the format of r by the first 64 KB of its content. An error says where reading stopped, or that no format is
// known that looks like this; it repeats nothing of the content.
func NewReader(r io.Reader, opts *Options) (*Reader, error) {
	limit, turns := DefaultMaxSize, 0
	if opts != nil {
		turns = max(opts.Turns, 0)
		if opts.MaxSize > 0 {
			limit = opts.MaxSize
		}
	}
	format, next, err := detect(newInput(r, limit), turns)
	if err != nil {
		return nil, fmt.Errorf("transcript: %w", err)
	}
	return &Reader{format, next}, nil
}

// Format is what the file was found to be.
func (r *Reader) Format() Format { return r.format }

// Next gives the next conversation, or the next part of one if Options.Turns is set, io.EOF after the last. An error tells the
// place; what stands before it was given, but for the conversation that it is in and, in parts, for the piece. After an
// error that is [ErrLine] it may be called again; after any other the file cannot be read further.
func (r *Reader) Next() (*Document, error) {
	d, err := r.next()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("transcript: %s: %w", r.format, err)
	}
	d.format = r.format
	return &Document{&d}, nil
}

// A Document is one conversation, and the part of the file in which it stands. It holds personal data and shows none
// of it when printed. It is not safe for concurrent use.
type Document struct {
	p **document // package fmt follows one pointer where a verb does not fit, but never two
}

// ID names the conversation within its file. It is empty where the format has no name for it. It was not searched
// yet: [Document.Mask] refuses one that holds personal data.
func (d *Document) ID() string { return (*d.p).id }

// Conversation gives the turns and the participants as they stand in the file.
func (d *Document) Conversation() anonymize.Conversation { return (*d.p).conversation() }

// Source is the part of the file that holds the conversation. It must not be changed.
func (d *Document) Source() []byte {
	p := *d.p
	if p.segments != nil {
		return p.file
	}
	return p.source
}

// Mask masks the conversation and every copy of its text. On an error nothing is returned.
func (d *Document) Mask(ctx context.Context, a *anonymize.Analyzer) (*Masked, error) {
	return (*d.p).mask(ctx, a)
}

// Continues reports whether the document goes on with the conversation of the one before it; see Options.Turns.
func (d *Document) Continues() bool { return (*d.p).continues }

// MaskIn masks the document as what comes next in a session: turn by turn, by what was said up to there, with the tokens of
// the parts before it. The session of a long conversation is OneWay. On an error nothing is returned and the document can be
// masked again; the session may know values of it. After [anonymize.ErrTooManyEntities] begin a new session, whose tokens begin
// anew.
func (d *Document) MaskIn(ctx context.Context, s *anonymize.Session) (*Masked, error) {
	return (*d.p).maskIn(ctx, s)
}

// String tells the size of the document and nothing of its content.
func (d Document) String() string {
	return fmt.Sprintf("Document{%d turns, %d bytes}", len((*d.p).utterances), len(d.Source()))
}

// GoString is String, so that %#v shows nothing either.
func (d Document) GoString() string { return d.String() }

// LogValue is String for package log/slog.
func (d Document) LogValue() slog.Value { return slog.StringValue(d.String()) }

// A Masked is a document without its personal data, and the way back.
type Masked struct {
	ID      string
	Turns   []Turn
	Mapping *anonymize.Mapping // holds personal data, see [anonymize.Mapping]

	data    []byte
	windows []Window
}

// A Turn is one masked turn.
type Turn struct {
	Speaker    string // a role word, the number of a channel, or a label
	Text       string
	Spans      []anonymize.MaskedSpan
	Start, End time.Duration // from the start of the recording or of the chat; both zero where the file has no times
}

// WriteTo writes the part of the file in which the conversation stood, masked. Written one after the other, all
// documents of a file are the whole file.
func (m *Masked) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.data)
	return int64(n), err
}
