package transcript

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// A Format names how a file keeps conversations.
type Format string

// A rule says what a format looks like and how it is read.
type rule struct {
	format Format
	looks  func(head []byte) bool
	read   func(source []byte) ([]*document, error)
	raw    bool // the file need not be UTF-8: the reader sees to it
}

// rules are asked in this order; the first that knows the head of the file reads it.
var rules = []rule{
	{format: WebVTT, looks: looksWebVTT, read: readWebVTT},
	{format: SubRip, looks: looksSubRip, read: readSubRip},
	{format: Telegram, looks: looksTelegram, read: readTelegram},
	{format: SpeechKit3, looks: looksSpeechKit3, read: readSpeechKit3},
	{format: SpeechKit2, looks: looksSpeechKit2, read: readSpeechKit2},
	{format: SaluteSpeech, looks: looksSaluteSpeech, read: readSaluteSpeech},
	{format: Whisper, looks: looksWhisper, read: readWhisper},
	{format: WhisperCpp, looks: looksWhisperCpp, read: readWhisperCpp, raw: true},
	{format: AmoCRM, looks: looksAmoCRM, read: readAmoCRM},
	{format: Bitrix24, looks: looksBitrix24, read: readBitrix24},
	{format: Vosk, looks: looksVosk, read: readVosk},
	{format: WhatsApp, looks: looksWhatsApp, read: readWhatsApp},
	{format: EMail, looks: looksEMail, read: readEMail, raw: true},
}

// Formats gives all formats that are read.
func Formats() []Format {
	all := []Format{JSONL}
	for _, r := range rules {
		all = append(all, r.format)
	}
	return all
}

// sniffed is how much of a file tells its format.
const sniffed = 64 << 10

var errUnknown = errors.New("the format of the file is not known")

// detect chooses how the input is read. Only JSON lines are read one by one: all others are one conversation, or
// have it in one value.
func detect(in *input) (Format, func() (*document, error), error) {
	head, err := in.r.Peek(sniffed)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return "", nil, fmt.Errorf("reading: %w", err)
	}
	head = bytes.TrimPrefix(head, byteOrderMark)
	if looksJSONL(head) {
		return JSONL, in.nextLine, nil
	}
	for _, r := range rules {
		if !r.looks(head) {
			continue
		}
		source, err := in.all()
		if err != nil {
			return "", nil, err
		}
		if at := invalidAt(source); at >= 0 && !r.raw {
			return "", nil, located(source, at, "not UTF-8")
		}
		documents, err := r.read(source)
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", r.format, err)
		}
		return r.format, each(documents), nil
	}
	return "", nil, errUnknown
}

func each(documents []*document) func() (*document, error) {
	return func() (*document, error) {
		if len(documents) == 0 {
			return nil, io.EOF
		}
		d := documents[0]
		documents = documents[1:]
		return d, nil
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// An input gives a file as a whole or by lines, in bounded memory.
type input struct {
	r     *bufio.Reader
	limit int
	line  int // read so far
}

func newInput(r io.Reader, limit int) *input {
	return &input{r: bufio.NewReaderSize(r, sniffed), limit: limit}
}

func (in *input) all() ([]byte, error) {
	source, err := io.ReadAll(io.LimitReader(in.r, int64(in.limit)+1))
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if len(source) > in.limit {
		return nil, fmt.Errorf("more than %d bytes", in.limit)
	}
	return source, nil
}

// nextBytes gives the next line with its end. A line above the limit is read to its end and reported.
func (in *input) nextBytes() ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.r.ReadSlice('\n')
		if long = long || len(line)+len(part) > in.limit; !long {
			line = append(line, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("reading: %w", err)
		}
		if err == io.EOF && len(line) == 0 && !long {
			return nil, io.EOF
		}
		in.line++
		if long {
			return nil, lineError{&placeError{in.line, in.limit, "the line is too long"}}
		}
		return line, nil
	}
}

// invalidAt gives the place of the first byte that is not UTF-8, -1 if there is none.
func invalidAt(s []byte) int {
	if utf8.Valid(s) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}

// A placeError names a place by line and byte, both from 1. It must not repeat anything of the source.
type placeError struct {
	line, column int
	what         string
}

func (e *placeError) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s", e.line, e.column, e.what)
}

func located(source []byte, at int, what string) *placeError {
	before := source[:min(at, len(source))]
	if at >= len(source) { // behind the last letter, not on the line that does not follow
		before = bytes.TrimRight(before, "\r\n")
	}
	return &placeError{1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n'), what}
}
