package transcript

import (
	"bytes"
	"html"
	"strings"
)

// addHTML makes pieces of the text of a page. Everything inside tags, comments, styles and scripts is searched as a field.
func (d *document) addHTML(p *passage, s stretch) {
	at := s.start
	separator := ""
	for at < s.end {
		open := bytes.IndexByte(d.source[at:s.end], '<')
		end := s.end
		if open >= 0 {
			end = at + open
		}
		if text := d.source[at:end]; len(bytes.TrimSpace(text)) > 0 {
			p.add(d.source, separator, piece{start: at, end: end, coding: htmlCoding})
			separator = ""
		} else if len(text) > 0 && separator == "" {
			separator = " "
		}
		if open < 0 {
			return
		}
		tag := d.markup(stretch{end, s.end})
		d.addMarkup(stretch{end, tag})
		if breaks(d.source[end:tag]) {
			separator = "\n"
		}
		at = tag
	}
}

// htmlCoding is text in which a line break is a space.
var htmlCoding = coding{
	decode: func(literal []byte) string {
		return html.UnescapeString(strings.NewReplacer("\r", " ", "\n", " ").Replace(string(literal)))
	},
	encode: escapeCue,
}

// markup gives where a tag ends: a comment, and a style or script with all that it holds.
func (d *document) markup(s stretch) int {
	rest := d.source[s.start:s.end]
	for _, block := range [...]struct{ open, close string }{{"<!--", "-->"}, {"<style", "</style>"}, {"<script", "</script>"}} {
		if len(rest) < len(block.open) || !strings.EqualFold(string(rest[:len(block.open)]), block.open) {
			continue
		}
		return s.start + endOf(rest, block.close)
	}
	quote := byte(0)
	for i, c := range rest {
		switch {
		case quote == 0 && c == '>':
			return s.start + i + 1
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return s.end
}

// endOf gives what stands up to a mark and with it, in any case of letters; without the mark it is all.
func endOf(s []byte, mark string) int {
	for at := 0; ; at++ {
		next := bytes.IndexByte(s[at:], mark[0])
		if at += next; next < 0 || len(s)-at < len(mark) {
			return len(s)
		}
		if strings.EqualFold(string(s[at:at+len(mark)]), mark) {
			return at + len(mark)
		}
	}
}

// shortTag is the length up to which markup holds nothing but a name.
const shortTag = 8

func (d *document) addMarkup(s stretch) {
	if s.end-s.start <= shortTag {
		return
	}
	f := field{}
	f.add(d.source, "", piece{start: s.start + 1, end: s.end, coding: plainCoding})
	d.fields = append(d.fields, f)
}

// breaks reports a tag that ends a line.
func breaks(tag []byte) bool {
	name := strings.ToLower(strings.Trim(string(tag), "</> \t\r\n"))
	if end := strings.IndexAny(name, " \t\r\n/"); end >= 0 {
		name = name[:end]
	}
	switch name {
	case "br", "p", "div", "tr", "td", "th", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "title", "body", "head", "html":
		return true
	}
	return false
}
