package transcript

import "bytes"

// SubRip is the .srt of subtitle programs: a number, the times, the text. Marks such as <i> and {\an8} are no text.
const SubRip Format = "srt"

func looksSubRip(head []byte) bool {
	r := window{s: head}
	lines := r.block()
	if len(lines) < 2 {
		return false
	}
	_, numbered := wholeNumber(string(bytes.TrimSpace(head[lines[0].start:lines[0].end])))
	_, _, timed := cueTimes(head[lines[1].start:lines[1].end])
	return numbered && timed
}

func subRipParser() parser { return &cueParser{coding: plainCoding, read: (*document).subRipCue} }

func (d *document) subRipCue(lines []stretch) (*cue, error) {
	if len(lines) < 2 {
		return nil, d.located(lines[0].start, "a block without a number and times")
	}
	if _, ok := wholeNumber(string(bytes.TrimSpace(d.source[lines[0].start:lines[0].end]))); !ok {
		return nil, d.located(lines[0].start, "not the number of a block")
	}
	start, end, ok := cueTimes(d.source[lines[1].start:lines[1].end])
	if !ok {
		return nil, d.located(lines[1].start, "not the times of a block")
	}
	return &cue{start, end, lines[2:]}, nil
}

// untagged adds a line without its marks.
func (w *cueWriter) untagged(start, end int) {
	at := start
	for i := start; i < end; i++ {
		size := markAt(w.d.source[i:end])
		if size == 0 {
			continue
		}
		w.text(at, i)
		at = i + size
		i = at - 1
	}
	w.text(at, end)
}

// longestMark bounds a mark: what is longer is text.
const longestMark = 40

// markAt gives the length of a mark, 0 if none begins here. A mark holds no digits in a row but a colour.
func markAt(s []byte) int {
	closing := byte('>')
	switch {
	case len(s) >= 3 && s[0] == '{' && s[1] == '\\':
		closing = '}'
	case len(s) >= 3 && s[0] == '<' && (s[1] == '/' || s[1]|0x20 >= 'a' && s[1]|0x20 <= 'z'):
	case len(s) >= 3 && s[0] == '<' && s[1] >= '0' && s[1] <= '9':
		return clockAt(s)
	default:
		return 0
	}
	end := bytes.IndexByte(s[:min(len(s), longestMark)], closing)
	if end < 0 || !isASCII(s[:end]) || bytes.IndexByte(s[:end], '@') >= 0 {
		return 0
	}
	return end + 1
}

// clockAt gives the length of a time inside a cue, «<00:00:12.500>».
func clockAt(s []byte) int {
	end := bytes.IndexByte(s[:min(len(s), longestMark)], '>')
	if end < 0 {
		return 0
	}
	if _, ok := clock(string(s[1:end])); !ok {
		return 0
	}
	return end + 1
}
