package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
	"github.com/syntora/vual/audit"
)

// A pipeline takes files through reading, masking and analysis.
type pipeline struct {
	folder   fs.FS
	out      string
	state    *state
	analyzer *anonymize.Analyzer
	analyst  Analyst
	labels   anonymize.Language
	progress *progress

	number  int             // of the file
	names   map[string]bool // of the conversations so far
	results []*result
	skipped []string // why, for each file or line that could not be read
}

// A result is what is known of one conversation in the end. It holds no personal data.
type result struct {
	name     string
	format   transcript.Format
	masked   *transcript.Masked
	sides    map[string]Side // of speakers
	kinds    map[anonymize.Kind]int
	analysis Analysis
}

// margin is what is silenced before and after a value, in case the recognizer's times are a little off.
const margin = 150e6

// file masks, analyses and keeps the conversations of one file, and writes it. In a file of lines an error costs the line, in any
// other the file, of which nothing is written to the output then.
func (p *pipeline) file(ctx context.Context, name string) error {
	p.number++
	var out bytes.Buffer
	var results []*result
	err := p.state.do(ctx, actionRead, fileObject, name, func(ctx context.Context) (err error) {
		results, err = p.read(ctx, name, &out)
		return err
	})
	if err != nil {
		return err
	}
	shown := p.shown(name)
	err = p.state.do(ctx, actionMasked, fileObject, name, func(context.Context) error {
		return writeFile(filepath.Join(p.out, "masked", filepath.FromSlash(shown)), out.Bytes())
	})
	if err != nil {
		return err
	}
	p.results = append(p.results, results...)
	return nil
}

// read writes the masked file to out.
func (p *pipeline) read(ctx context.Context, name string, out *bytes.Buffer) ([]*result, error) {
	in, err := openRegular(p.folder, name)
	if err != nil {
		return nil, unwrapPath(err)
	}
	defer in.Close()
	reader, err := transcript.NewReader(in, nil)
	if err != nil {
		return nil, err
	}
	var results []*result
	for {
		d, err := reader.Next()
		if err == io.EOF {
			return results, nil
		}
		var r *result
		if err == nil {
			r, err = p.take(ctx, d, reader.Format(), name)
		}
		if p.costsALine(ctx, reader.Format(), d, err) {
			p.skip(name, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		if _, err := r.masked.WriteTo(out); err != nil {
			return nil, err
		}
		if r.name != "" {
			results = append(results, r)
		}
	}
}

// openRegular opens no pipe, which may never answer.
func openRegular(folder fs.FS, name string) (fs.File, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return folder.Open(name)
}

// costsALine reports whether after an error the rest of a file is read: in a file of lines other people's conversations follow.
func (p *pipeline) costsALine(ctx context.Context, format transcript.Format, d *transcript.Document, err error) bool {
	switch {
	case err == nil, ctx.Err() != nil, errors.Is(err, audit.ErrStopped):
		return false
	case d == nil:
		return errors.Is(err, transcript.ErrLine)
	}
	return format == transcript.JSONL
}

// take masks, analyses and keeps a conversation. One in which nobody talks gets no name and is not kept.
func (p *pipeline) take(ctx context.Context, d *transcript.Document, format transcript.Format, file string) (*result, error) {
	r, err := p.conversation(ctx, d)
	if err != nil || len(r.masked.Turns) == 0 {
		return r, err
	}
	r.format = format
	if err := p.name(r, file); err != nil {
		return nil, err
	}
	return r, p.state.keep(ctx, r.name, d.Source(), r.analysis, p.labels, r.masked.Mapping)
}

// name gives a conversation its id as its name, else that of its file, with a number from the second of a file on. Under one name
// only one is kept.
func (p *pipeline) name(r *result, file string) error {
	r.name = r.masked.ID
	switch {
	case r.name == "":
		r.name = p.shown(file)
		for n := 2; p.names[r.name]; n++ {
			r.name = fmt.Sprintf("%s#%d", p.shown(file), n)
		}
	case p.names[r.name]:
		return errNamedTwice
	}
	p.names[r.name] = true
	return nil
}

var errNamedTwice = errors.New("a conversation of the same name was read before")

// conversation masks one conversation. The analyst sees only what is masked.
func (p *pipeline) conversation(ctx context.Context, d *transcript.Document) (*result, error) {
	m, err := d.Mask(ctx, p.analyzer)
	if err != nil {
		return nil, err
	}
	r := &result{masked: m, kinds: map[anonymize.Kind]int{}, sides: sides(m.Turns)}
	for _, turn := range m.Turns {
		for _, s := range turn.Spans {
			r.kinds[s.Kind]++
		}
	}
	r.analysis, err = p.analyst.Analyse(ctx, speech(m.Turns, r.sides))
	return r, err
}

// skip names what could not be read.
func (p *pipeline) skip(name string, err error) {
	p.skipped = append(p.skipped, fmt.Sprintf("%s: %v", printable(p.shown(name)), err))
}

// printable quotes a name that would move the cursor or colour the terminal.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// shown is the name of a file, or its number if the name holds personal data: people name recordings by phone.
func (p *pipeline) shown(name string) string {
	base := path.Base(name)
	words := strings.NewReplacer("_", " ", ".", " ").Replace(strings.TrimSuffix(base, path.Ext(base)))
	if len(p.analyzer.Find(name)) == 0 && len(p.analyzer.Find(words)) == 0 {
		return name
	}
	return fmt.Sprintf("file-%d%s", p.number, path.Ext(base))
}

func unwrapPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err // without the path, which was named already or may not be
	}
	return err
}
