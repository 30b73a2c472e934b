package anonymize

// HasPII reports whether a text holds personal data: whether [Analyzer.Find] would find any. It stops at the first, and
// does not allocate. A text that is not UTF-8, or that a recognizer failed on, counts as personal data: a value could hide in it.
func (a *Analyzer) HasPII(text string) bool {
	t := a.text()
	has := a.hasPII(t, text)
	a.release(t)
	return has
}

func (a *Analyzer) hasPII(t *Text, text string) bool {
	for w := &t.window; !w.last; {
		a.nextWindow(t, text, 0, true)
		if t.broken {
			return true
		}
		// What may still be allowed, or belong to another window, is not known before all rules have run.
		t.anyDoes = a.allow == nil && w.first() && w.last
		t.spans = a.appendOwn(t.spans[:0], t)
		if len(t.spans) > 0 || t.failed != nil {
			return true
		}
	}
	return false
}

// AppendMask appends the text to dst with the kind of every span in its place, «[PHONE]», as [Redact] writes it. It is
// for what needs no way back and no telling of one value from another, such as logs: it knows no conversation, gives no
// numbers, does not ask Options.Operators, and does not allocate if dst has room. Masking its result again changes no
// token. A text that is not UTF-8 or that a recognizer failed on, in which a value could hide, becomes «[TEXT]» as a whole.
func (a *Analyzer) AppendMask(dst []byte, text string) []byte {
	t := a.text()
	dst = a.appendMask(dst, t, text)
	a.release(t)
	return dst
}

func (a *Analyzer) appendMask(dst []byte, t *Text, text string) []byte {
	all := len(dst)
	for w := &t.window; !w.last; {
		a.nextWindow(t, text, 0, true)
		if t.broken {
			return appendKind(dst[:all], TEXT)
		}
		if t.spans = a.appendOwn(t.spans[:0], t); t.failed != nil {
			return appendKind(dst[:all], TEXT)
		}
		at := w.from
		for i := range t.spans {
			s := &t.spans[i]
			dst = append(dst, w.text[at:s.Start]...)
			dst = appendKind(dst, s.Kind)
			at = s.End
		}
		dst = append(dst, w.text[at:w.to]...)
	}
	return dst
}

// appendKind appends the token of a kind alone.
func appendKind(dst []byte, k Kind) []byte {
	dst = append(dst, '[')
	dst = append(dst, k...)
	return append(dst, ']')
}
