package transcript

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A Format names how a file keeps conversations.
type Format string

// A rule says what a format looks like and how it is read.
type rule struct {
	format Format
	looks  func(head []byte) bool
	parser func() parser
	speech bool // a file in which nobody says anything is not of the format
	raw    bool // the file need not be UTF-8: the parser sees to it
}

// rules are asked in this order; the first that knows the head of the file reads it.
var rules = []rule{
	{format: WebVTT, looks: looksWebVTT, parser: webVTTParser},
	{format: SubRip, looks: looksSubRip, parser: subRipParser},
	{format: Telegram, looks: looksTelegram, parser: telegramParser},
	{format: SpeechKit3, looks: looksSpeechKit3, parser: func() parser { return values(readSpeechKit3) }, speech: true},
	{format: SpeechKit2, looks: looksSpeechKit2, parser: func() parser { return lists(readSpeechKit2, "chunks", "response.chunks", "result.chunks") }, speech: true},
	{format: SaluteSpeech, looks: looksSaluteSpeech, parser: func() parser { return values(readSaluteSpeech) }, speech: true},
	{format: Whisper, looks: looksWhisper, parser: func() parser { return lists(readWhisper, "segments", "words", "word_segments") }, speech: true},
	{format: WhisperCpp, looks: looksWhisperCpp, parser: whisperCppParser, speech: true, raw: true},
	{format: AmoCRM, looks: looksAmoCRM, parser: func() parser { return lists(readAmoCRM, amoLists...) }},
	{format: Bitrix24, looks: looksBitrix24, parser: func() parser { return lists(readBitrix24, "result") }},
	{format: Vosk, looks: looksVosk, parser: func() parser { return values(readVosk) }, speech: true},
	{format: WhatsApp, looks: looksWhatsApp, parser: func() parser { return &whatsAppParser{} }, speech: true},
	{format: EMail, looks: looksEMail, parser: func() parser { return mailParser{} }, raw: true},
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

// detect chooses how the input is read.
func detect(in *input, turns int) (Format, func() (*document, error), error) {
	head, err := in.r.Peek(sniffed)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return "", nil, fmt.Errorf("reading: %w", err)
	}
	head = bytes.TrimPrefix(head, byteOrderMark)
	if looksJSONL(head) {
		return JSONL, in.nextLine, nil
	}
	for _, r := range rules {
		if r.looks(head) {
			return r.format, r.open(in.r, in.limit, turns).next, nil
		}
	}
	return "", nil, errUnknown
}

func (r *rule) open(file io.Reader, limit, turns int) *splitter {
	return &splitter{w: newWindow(file, limit, r.raw), p: r.parser(), turns: turns, speech: r.speech}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// An input gives a file by lines.
type input struct {
	r     *bufio.Reader
	limit int
	line  int // read so far
}

func newInput(r io.Reader, limit int) *input {
	return &input{r: bufio.NewReaderSize(r, sniffed), limit: limit}
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

// located names a byte of a file.
func located(file []byte, at int, what string) *placeError { return place{}.located(file, at, what) }
