package jsonmask

import (
	"io"
	"unicode/utf8"
)

// A guard lets UTF-8 through and counts: the decoder puts U+FFFD in the place of broken bytes, in which a value could
// hide, and would read a string of any length.
type guard struct {
	r     io.Reader
	read  int64 // bytes since the last token
	limit int64
	tail  []byte // the beginning of a rune that the last read cut
	err   error
}

func (g *guard) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.r.Read(p)
	g.read += int64(n)
	switch {
	case !g.valid(p[:n]) || err == io.EOF && len(g.tail) > 0:
		g.err = ErrSyntax
	case g.read > g.limit:
		g.err = ErrTooLong
	case err != nil && err != io.EOF:
		g.err = err
	}
	if g.err != nil {
		return 0, g.err
	}
	return n, err
}

func (g *guard) valid(p []byte) bool {
	for len(g.tail) > 0 && len(p) > 0 {
		g.tail = append(g.tail, p[0])
		p = p[1:]
		if utf8.FullRune(g.tail) {
			if !utf8.Valid(g.tail) {
				return false
			}
			g.tail = g.tail[:0]
		}
	}
	end := len(p)
	for i := len(p) - 1; i >= 0 && i >= len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				end = i
			}
			break
		}
	}
	g.tail = append(g.tail, p[end:]...)
	return utf8.Valid(p[:end])
}
