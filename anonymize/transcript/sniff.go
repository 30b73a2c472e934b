package transcript

import "bytes"

// keyPaths gives the keys of the first JSON value of a head that may end anywhere, such as "result.final.alternatives", as deep as
// a format needs. Arrays add nothing to a path.
func keyPaths(head []byte) paths {
	s := sniffer{jsonScanner{&window{s: head}, true}, paths{}}
	s.value("", 0)
	return s.found
}

type paths map[string]bool

// all reports whether all of the paths are there.
func (p paths) all(names ...string) bool {
	for _, name := range names {
		if !p[name] {
			return false
		}
	}
	return true
}

func (p paths) any(names ...string) bool {
	for _, name := range names {
		if p[name] {
			return true
		}
	}
	return false
}

type sniffer struct {
	jsonScanner
	found paths
}

// value reports whether the value was there as a whole.
func (s *sniffer) value(path string, depth int) bool {
	s.space()
	if s.at == len(s.s) || depth > maxDepth {
		return false
	}
	switch s.s[s.at] {
	case '{', '[':
		return s.members(path, depth)
	case '"':
		return s.text() == nil
	}
	if c := s.s[s.at]; c == '-' || c >= '0' && c <= '9' {
		return s.number() == nil
	}
	return s.word() == nil
}

// sniffedDepth is how deep keys are told apart.
const sniffedDepth = 5

func (s *sniffer) members(path string, depth int) bool {
	object := s.s[s.at] == '{'
	end := byte(']')
	if object {
		end = '}'
	}
	s.at++
	for s.space(); !s.take(end); s.space() {
		s.take(',')
		s.space()
		kid := path
		if object {
			start := s.at
			if s.at == len(s.s) || s.s[s.at] != '"' || s.text() != nil {
				return false
			}
			if depth < sniffedDepth {
				kid = path + decodeJSON(s.s[start:s.at])
				s.found[kid] = true
				kid += "."
			}
			if s.space(); !s.take(':') {
				return false
			}
		}
		if !s.value(kid, depth+1) {
			return false
		}
	}
	return true
}

func startsJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}
