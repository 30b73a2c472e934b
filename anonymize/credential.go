package anonymize

import (
	"github.com/syntora/vual/anonymize/internal/lexicon"
	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

const (
	PASSWORD Kind = "PASSWORD" // also a PIN and a code word
	SECRET   Kind = "SECRET"   // keys and tokens of machines
)

// recognizeCredentials finds logins and passwords behind the words that announce them, and secrets by their form.
func recognizeCredentials(dst []Span, t *Text) []Span {
	asked := t.asked
	past := 0 // the byte behind the last secret: one that holds the beginnings of others is read once
	for _, at := range t.triggers {
		if at.on&(onCue|onSecret) == 0 {
			continue
		}
		i := int(at.at)
		switch tok := &t.tok[i]; {
		case tok.vocab.Cue() == vocabulary.Password:
			dst = t.announced(dst, i+1, PASSWORD)
		case tok.vocab.Cue() == vocabulary.Handle:
			if !t.passwordOf(i) {
				dst = t.calledAccount(t.announced(dst, i+1, HANDLE), i+1)
			}
		case tok.kind == latinToken && t.startsWord(i), tok.key == '-' && tok.kind == signToken && tok.gap != noGap:
			if int(tok.start) >= past {
				dst, past = t.secret(dst, i)
			}
		}
	}
	if t.asks(vocabulary.Password) && t.asks(vocabulary.Handle) {
		n := len(dst)
		if dst = t.accountAndPassword(dst); len(dst) > n {
			return dst
		}
	}
	switch {
	case asked == vocabulary.Password && t.longWord():
		dst = append(dst, t.span(0, 1, PASSWORD, 0.7, "credential/word"))
	case asked == vocabulary.Password:
		dst = t.announced(dst, 0, PASSWORD)
	case asked == vocabulary.Handle:
		dst = t.announced(dst, 0, HANDLE)
	}
	return dst
}

// otherAccount finds a name with an underscore where one was told just now: «нет, с подчёркиванием: bayr_on».
func (t *Text) otherAccount(dst []Span) []Span {
	for i := 0; i < len(t.tok); i++ {
		if t.tok[i].kind != latinToken || !t.startsWord(i) {
			continue
		}
		c := t.clusterAt(i)
		for j := i + 1; j+1 < c.to && !c.url; j++ {
			if t.sign(j, '_') {
				dst = append(dst, t.span(i, c.to, HANDLE, 0.7, "credential/other"))
				break
			}
		}
		i = max(i, c.to-1)
	}
	return dst
}

// accountAndPassword reads «ivanov_p / Zima77», the answer to the question for both.
func (t *Text) accountAndPassword(dst []Span) []Span {
	if len(t.tok) == 0 || t.tok[0].kind != latinToken {
		return dst
	}
	name := t.clusterAt(0)
	next := name.to
	if t.sign(next, '/') || t.sign(next, ',') || t.sign(next, ':') {
		next++
	}
	if next >= len(t.tok) || next == name.to && t.tok[next].gap == noGap || !name.isCredential(HANDLE, true) {
		return dst
	}
	pass := t.clusterAt(next)
	if !pass.isCredential(PASSWORD, true) {
		return dst
	}
	return append(dst, t.span(0, name.to, HANDLE, 0.8, "credential/pair"), t.span(next, pass.to, PASSWORD, 0.8, "credential/pair"))
}

// longWord reports whether the answer is one word longer than people speak: «клёнмойопавший, слитно».
func (t *Text) longWord() bool {
	return len(t.tok) > 0 && t.tok[0].kind != signToken && t.tok[0].vocab.Class == vocabulary.None && t.tok[0].n >= 12 && (len(t.tok) == 1 || endsClause(&t.tok[1]))
}

const (
	announcedWithin = 8 // tokens between the word and the value: «пароль от Wi-Fi (Tver-1954-fm)»
	minPassword     = 4
	maxPassword     = 64
)

// scoreMixed is that of letters and digits in one, of which a name may be a part: «арарат1988».
const scoreMixed = 0.96

// announced looks for the next cluster that is no plain word.
func (t *Text) announced(dst []Span, from int, kind Kind) []Span {
	for i := from; i < len(t.tok) && i < from+announcedWithin; i++ {
		tok := &t.tok[i]
		if tok.kind == labelToken {
			return dst // it was hidden before
		}
		if tok.vocab.Class == vocabulary.CueWord && tok.gap != noGap && i > from && t.spaceAfter(i) && !t.passwordOf(i) {
			return dst // another value begins
		}
		if tok.kind == signToken && !opensPassword(tok.key) || i > 0 && tok.gap == noGap && t.tok[i-1].kind != signToken {
			continue
		}
		if tok.kind == signToken && tok.key != '#' && tok.key != '$' && tok.key != '!' && tok.key != '*' {
			continue
		}
		c := t.clusterAt(i)
		if kind == HANDLE && i == 0 && c.to == 1 && t.isLatin(0) && lexicon.IsPlain(tok.key) {
			continue // "yeah, kate_w"
		}
		colon := i == 0 || i > 0 && (t.tok[i-1].key == ':' || t.tok[i-1].key == '=') && t.tok[i-1].kind == signToken
		if c.to > i && c.isCredential(kind, colon || kind == HANDLE && i > 0 && (t.tok[i-1].kind == wordToken || t.passwordFollows(c.to))) {
			score := float32(0.8)
			if kind == PASSWORD && c.letters > 0 && c.digits > 0 && c.to-i > 1 {
				score = scoreMixed
			}
			dst = append(dst, t.span(i, c.to, kind, score, "credential/cue"))
			if kind == HANDLE && t.sign(c.to, '/') { // «вход: svet_pan34 / bereza!77»
				if pass := t.clusterAt(c.to + 1); pass.to > c.to+1 && pass.isCredential(PASSWORD, true) {
					dst = append(dst, t.span(c.to+1, pass.to, PASSWORD, 0.8, "credential/pair"))
				}
			}
			return dst
		}
		i = max(i, c.to-1)
	}
	return dst
}

// passwordOf reports an account at token i that a password is for: «пароль от лк», "password for telegram".
func (t *Text) passwordOf(i int) bool {
	return i > 1 && t.tok[i].vocab.Cue() == vocabulary.Handle && t.says(i-1, "от к для for to") && t.tok[i-2].vocab.Cue() == vocabulary.Password
}

// passwordFollows reports a password announced right behind a name: "user lsavic, pass …".
func (t *Text) passwordFollows(i int) bool {
	return t.sign(i, ',') && i+1 < len(t.tok) && t.tok[i+1].vocab.Cue() == vocabulary.Password
}

func opensPassword(key uint64) bool {
	switch key {
	case '#', '$', '!', '*':
		return true
	}
	return false
}

// A cluster is everything between two spaces, without the punctuation of the sentence around it.
type cluster struct {
	from, to        int
	n               int // bytes
	letters, digits int
	signs           int // signs that no word has: #, _, !
	dashes          int
	capitals        bool // a capital behind a lower-case letter
	latin, url      bool
}

func (t *Text) clusterAt(i int) cluster {
	c := cluster{from: i, to: i}
	for j := i; j < len(t.tok) && (j == i || t.tok[j].gap == noGap); j++ {
		tok := &t.tok[j]
		switch {
		case tok.kind == signToken && (tok.key == ',' || tok.key == '"' || tok.key == ')' || tok.key == ';' || tok.key == '/' && t.spaceAfter(j)):
			return c
		case tok.kind == signToken && tok.key == '!' && t.spaceAfter(j) && c.digits == 0 && c.signs == 0:
			return c // «здравствуйте!»
		case tok.kind == signToken && (tok.key == '.' || tok.key == '…' || tok.key == '?' || tok.key == ':') && t.spaceAfter(j):
			return c
		}
		t.count(&c, tok)
		c.to = j + 1
	}
	return c
}

// spaceAfter reports whether token j is followed by white space or the end of the text.
func (t *Text) spaceAfter(j int) bool { return j+1 >= len(t.tok) || t.tok[j+1].gap != noGap }

func (t *Text) count(c *cluster, tok *token) {
	c.n += int(tok.end - tok.start)
	switch tok.kind {
	case signToken:
		switch tok.key {
		case '-', '.':
			c.dashes++
		case '/', '@':
			c.url = true
		case '\'', '’': // "he'll"
		default:
			c.signs++
		}
	case numberToken:
		c.digits += int(tok.n)
	default:
		c.letters += int(tok.n)
		c.latin = c.latin || tok.kind == latinToken
		c.capitals = c.capitals || tok.shape == mixed
	}
}

// isCredential reports whether the cluster looks like what nobody would say as a word.
func (c cluster) isCredential(kind Kind, colon bool) bool {
	if c.n > maxPassword || c.letters+c.digits+c.signs < minPassword {
		return false
	}
	if kind == HANDLE {
		return c.latin && !c.url && (c.digits > 0 || c.signs > 0 || c.dashes > 0 || colon)
	}
	switch {
	case c.letters > 0 && (c.digits > 0 || c.signs > 0):
		return !c.url || c.digits > 0
	case c.capitals:
		return true
	case c.letters == 0:
		return c.digits >= minPassword && c.digits <= 8 && c.dashes == 0
	}
	return false
}
