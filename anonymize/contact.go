package anonymize

import (
	"net/netip"
	"strings"

	"github.com/syntora/vual/anonymize/internal/vocabulary"
)

// Ways to reach somebody over the net.
const (
	EMAIL       Kind = "EMAIL"
	URL_PROFILE Kind = "URL_PROFILE" // a page of a person in a social network or messenger
	HANDLE      Kind = "HANDLE"      // @name, and a personal login
	IP          Kind = "IP"          // versions 4 and 6, private ones too
	MAC         Kind = "MAC"
)

// recognizeContacts finds what has a sign of its own: @, a host, dots and colons between numbers.
func recognizeContacts(dst []Span, t *Text) []Span {
	past := 0 // the token behind the last profile: a path of hosts is one page, and read once
	for _, at := range t.triggeredBy(onContact | onSymbol) {
		if at.on&(onContact|onSymbol) == 0 {
			continue
		}
		i := int(at.at)
		tok := &t.tok[i]
		switch {
		case tok.vocab.Class == vocabulary.Symbol && tok.vocab.Arg == '/':
			if i >= past {
				dst, past = t.spokenPage(dst, i)
			}
		case tok.kind == signToken && tok.key == '@', tok.vocab.Class == vocabulary.Symbol && tok.vocab.Arg == '@',
			tok.kind == signToken && (tok.key == '(' || tok.key == '['):
			dst = t.address(dst, i)
		case tok.kind == signToken && tok.key == ':' && i > 0:
			dst = t.hardware(dst, i)
		case tok.kind == latinToken && i+2 < len(t.tok) && t.tok[i+1].key == '.' && t.tok[i+1].gap == noGap:
			if i >= past {
				dst, past = t.profile(dst, i)
			}
		}
	}
	return t.ipv4(dst)
}

// A mark is a sign that is written, put in brackets or said: «@», «(at)», «[точка]», «собака».
type mark struct {
	sign     byte
	from, to int  // tokens
	spelled  bool // in a word, with or without brackets
}

// markAt reads the mark that begins at token i.
func (t *Text) markAt(i int) (mark, bool) {
	if i >= len(t.tok) {
		return mark{}, false
	}
	tok := &t.tok[i]
	if tok.vocab.Class == vocabulary.Symbol {
		return mark{byte(tok.vocab.Arg), i, i + 1, true}, true
	}
	if tok.kind != signToken {
		return mark{}, false
	}
	if (tok.key == '(' || tok.key == '[') && i+2 < len(t.tok) && t.tok[i+1].vocab.Class == vocabulary.Symbol &&
		(t.tok[i+2].key == ')' || t.tok[i+2].key == ']') {
		return mark{byte(t.tok[i+1].vocab.Arg), i, i + 3, true}, true
	}
	switch tok.key {
	case '@', '.', '_', '-', '+', '%', '/':
		return mark{byte(tok.key), i, i + 1, false}, true
	}
	return mark{}, false
}

// markBefore reads the mark that ends before token i.
func (t *Text) markBefore(i int) (mark, bool) {
	for _, size := range [...]int{1, 3} {
		if i-size < 0 {
			continue
		}
		if m, ok := t.markAt(i - size); ok && m.to == i {
			return m, true
		}
	}
	return mark{}, false
}

// address reads the e-mail address around the sign at token i, or the handle behind it.
func (t *Text) address(dst []Span, i int) []Span {
	at, ok := t.markAt(i)
	if !ok || at.sign != '@' {
		return dst
	}
	if at.spelled {
		return t.spokenAddress(dst, at)
	}
	spaced := at
	if at.from > 0 && at.to < len(t.tok) && t.tok[at.from].gap == oneSpace && t.tok[at.to].gap == oneSpace && t.isLatin(at.from-1) && t.isLatin(at.to) {
		spaced.spelled = true // «ivan.petrov @ mail.ru»
	}
	if end := t.domain(spaced); end > 0 {
		if start := t.localPart(spaced); start < at.from {
			return append(dst, t.span(start, end, EMAIL, 0.97, "email/address"))
		}
	}
	if at.spelled || t.tok[i].gap == noGap && i > 0 && t.tok[i-1].kind != signToken {
		return dst
	}
	if end := t.handleEnd(at.to); end > 0 {
		return append(dst, t.span(i, end, HANDLE, 0.85, "handle/at"))
	}
	return dst
}

const (
	maxLocalTokens  = 40
	maxDomainLabels = 8
	minHandle       = 3
)

// domain gives the token behind the domain that follows an at sign, 0 if there is none.
func (t *Text) domain(at mark) int {
	i, end, dots := at.to, 0, 0
	for range maxDomainLabels {
		next := t.domainLabel(i, i == at.to && !at.spelled)
		if next == i {
			break
		}
		if dots > 0 && t.isTopLevel(i, next, at.spelled) {
			end = next
		}
		m, ok := t.dotAt(next)
		if !ok {
			break
		}
		dots++
		i = m.to
	}
	return end
}

// dotAt reads a dot in any of its forms; a comma glued on both sides is a slip of the finger.
func (t *Text) dotAt(i int) (mark, bool) {
	if i+1 >= len(t.tok) {
		return mark{}, false
	}
	if t.tok[i].key == ',' && t.tok[i].kind == signToken && t.tok[i].gap == noGap && t.tok[i+1].gap == noGap &&
		t.tok[i+1].vocab.Class == vocabulary.TLD {
		return mark{'.', i, i + 1, false}, true
	}
	m, ok := t.markAt(i)
	if !ok || m.sign != '.' || m.to >= len(t.tok) {
		return mark{}, false
	}
	if !m.spelled && (t.tok[i].gap != noGap || t.tok[m.to].gap != noGap) {
		return mark{}, false
	}
	return m, true
}

// domainLabel gives the token behind the label that begins at token i, i if there is none.
func (t *Text) domainLabel(i int, glued bool) int {
	end := i
	for ; end < len(t.tok); end++ {
		tok := &t.tok[end]
		if end == i && (tok.gap == lineGap || glued && tok.gap != noGap) || end > i && tok.gap != noGap {
			break
		}
		if tok.kind == signToken && tok.key != '-' && tok.key != '_' {
			break
		}
	}
	return end
}

// isTopLevel reports whether tokens from to to may end a domain. What is spelled out needs a known one, or every
// «точка» would make an address.
func (t *Text) isTopLevel(from, to int, spelled bool) bool {
	tok := &t.tok[from]
	if tok.vocab.Class == vocabulary.TLD {
		return true
	}
	return !spelled && (to == from+1 && (tok.kind == latinToken || tok.kind == wordToken) && tok.n >= 2 || to > from+1)
}

// localPart gives the first token of what stands before an at sign, at.from if nothing fits.
func (t *Text) localPart(at mark) int {
	start := at.from
	spaced, said := at.spelled, false
	for start > 0 && at.from-start < maxLocalTokens {
		if t.tok[start].gap == lineGap {
			break
		}
		if m, ok := t.markBefore(start); ok && (m.spelled || t.tok[start].gap == noGap) && m.sign != '@' {
			if m.sign == '_' && !m.spelled && (m.from == 0 || t.tok[m.from].gap != noGap) {
				return m.from // «_test_@…»
			}
			if m.from == 0 || !m.spelled && t.tok[m.from].gap != noGap || t.tok[m.from-1].kind == signToken && !m.spelled {
				break
			}
			start, said = m.from, m.spelled
			continue
		}
		tok := &t.tok[start-1]
		if tok.kind == signToken {
			break
		}
		first := start == at.from
		joined := t.tok[start].gap == noGap || said && tok.kind == latinToken || spaced && (first || t.connected(start))
		if !joined {
			break
		}
		said = false
		start--
	}
	return start
}

// connected reports whether the word before token i belongs to what begins there: i is a mark or a number.
func (t *Text) connected(i int) bool {
	if _, ok := t.markAt(i); ok {
		return true
	}
	return t.tok[i].kind == numberToken || t.spokenAt(i)
}

// handleEnd gives the token behind the name that begins at token i, 0 if it is too short for one.
func (t *Text) handleEnd(i int) int {
	letters, end := 0, 0
	for j := i; j < len(t.tok) && t.tok[j].gap == noGap; j++ {
		tok := &t.tok[j]
		if tok.kind == signToken {
			if tok.key != '_' && tok.key != '.' && tok.key != '-' {
				break
			}
			if tok.key == '_' {
				end = j + 1
			}
			continue
		}
		letters += int(tok.n)
		end = j + 1
	}
	if letters < minHandle {
		return 0
	}
	return end
}

// profileHosts are the hosts on which a path names a person.
var profileHosts = []string{"vk.com", "vk.ru", "m.vk.com", "t.me", "telegram.me", "wa.me", "viber.com", "instagram.com", "facebook.com",
	"fb.com", "linkedin.com", "ok.ru", "twitter.com", "x.com", "tiktok.com", "youtube.com", "github.com", "gitlab.com", "habr.com",
	"dzen.ru", "max.ru", "threads.net", "pinterest.com", "livejournal.com", "my.mail.ru", "skype.com"}

// profile reads a page of a person whose host begins at token i, and gives the token behind it.
func (t *Text) profile(dst []Span, i int) ([]Span, int) {
	rest := t.s[t.tok[i].start:min(int(t.tok[i].start)+maxProfile, len(t.s))]
	host, path, found := strings.Cut(rest, "/")
	host = trimWWW(host)
	if !found || path == "" || !isProfileHost(host) {
		return dst, i
	}
	start, end := i, i
	for end+1 < len(t.tok) && t.tok[end+1].gap == noGap && !endsURL(&t.tok[end+1]) {
		end++
	}
	for end > i && t.tok[end].kind == signToken && (t.tok[end].key == '.' || t.tok[end].key == ',' || t.tok[end].key == ')' || t.tok[end].key == '!' || t.tok[end].key == '?' || t.tok[end].key == ':') {
		end--
	}
	if i >= 4 && t.s[t.tok[i-4].start:t.tok[i].start] == "https://" || i >= 4 && t.s[t.tok[i-4].start:t.tok[i].start] == "http://" {
		start = i - 4
	}
	if strings.Count(t.s[t.tok[i].start:t.tok[end].end], "/") == 1 && t.tok[end].key == '/' {
		return dst, i
	}
	return append(dst, t.span(start, end+1, URL_PROFILE, 0.99, "url/profile")), end + 1
}

const maxProfile = 256

func trimWWW(host string) string { return strings.TrimPrefix(strings.TrimPrefix(host, "www."), "m.") }

func isProfileHost(host string) bool {
	for _, h := range profileHosts {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return false
}

func endsURL(tok *token) bool {
	if tok.kind != signToken {
		return false
	}
	switch tok.key {
	case '"', '\'', ',', ';', '<', '>', '(', ')', '[', ']':
		return true
	}
	return false
}

// hardware reads the MAC or IPv6 address that has its first colon at token i.
func (t *Text) hardware(dst []Span, i int) []Span {
	if t.tok[i].gap != noGap && t.tok[i].gap != oneSpace || !t.isPaired(i) {
		return dst
	}
	from := i
	for from > 0 && i-from < 5 && t.tok[from].gap == noGap && t.tok[from-1].kind != signToken {
		from--
	}
	if from > 0 && t.tok[from].gap == noGap && t.tok[from-1].key == ':' {
		return dst // not the first colon
	}
	end := i
	for end < len(t.tok) && end-from < 40 && (end == from || t.tok[end].gap == noGap) {
		if tok := &t.tok[end]; tok.kind == signToken && tok.key != ':' && tok.key != '.' {
			break
		}
		end++
	}
	for end > from+1 && t.tok[end-1].kind == signToken {
		end--
	}
	s := t.s[t.tok[from].start:t.tok[end-1].end]
	switch {
	case isMAC(s):
		return append(dst, t.span(from, end, MAC, 0.95, "mac/pairs"))
	case strings.Count(s, ":") >= 2 && len(s) >= 6 && hexOnly(s):
		if _, err := netip.ParseAddr(s); err == nil {
			return append(dst, t.span(from, end, IP, 0.95, "ip/v6"))
		}
	}
	return dst
}

// maxPair is how many tokens stand between two signs of an address: «a1b2».
const maxPair = 4

// isPaired reports another sign of an address shortly behind the colon at token i: «18:00» has none.
func (t *Text) isPaired(i int) bool {
	for j := i + 1; j <= i+maxPair+1 && j < len(t.tok) && t.tok[j].gap == noGap; j++ {
		if t.tok[j].kind == signToken {
			return t.tok[j].key == ':' || t.tok[j].key == '-' || t.tok[j].key == '.'
		}
	}
	return false
}

func hexOnly(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || s[i] == ':' || s[i] == '.') {
			return false
		}
	}
	return true
}

func isMAC(s string) bool {
	if len(s) != 17 {
		return false
	}
	for i := range len(s) {
		if i%3 == 2 {
			if s[i] != ':' && s[i] != '-' {
				return false
			}
		} else if !hexOnly(s[i:i+1]) || s[i] == ':' || s[i] == '.' {
			return false
		}
	}
	return true
}

// ipv4 looks through the runs of numbers for four bytes with dots between.
func (t *Text) ipv4(dst []Span) []Span {
	for _, r := range t.numbers.runs {
		for g := r.from; g+4 <= r.to; g++ {
			if t.isIPv4(r, g) {
				first, last := int(t.numbers.groups[g].from), int(t.numbers.groups[g+3].to)
				if score := t.scoreIPv4(first, last); score > 0 {
					dst = append(dst, t.span(first, last, IP, score, "ip/v4"))
				}
				g += 3
			}
		}
	}
	return dst
}

func (t *Text) isIPv4(r run, g int32) bool {
	groups := t.numbers.groups
	for j := g; j < g+4; j++ {
		if d := t.numbers.digits[groups[j].at : groups[j].at+groups[j].n]; len(d) > 3 || remainder(d, 1000) > 255 || groups[j].spoken {
			return false
		}
		if j > g && (groups[j].sep != '.' || t.tok[groups[j].from].gap != noGap) {
			return false
		}
	}
	return (g == r.from || groups[g].sep != '.') && (g+4 == r.to || groups[g+4].sep != '.')
}

// scoreIPv4 tells addresses from versions: 1.18.0.2 is one, unless a word says IP.
func (t *Text) scoreIPv4(first, last int) float32 {
	h := t.hintFor(first, last)
	switch {
	case h.cue == vocabulary.IP:
		return 0.97
	case h.cue == vocabulary.Order && h.near > 0.5 && (h.at >= 0 || first == 0):
		return 0
	case t.tok[first].key >= 10:
		return 0.85
	case t.tok[first+2].key > lastMinor || t.tok[first+4].key > lastMinor: // first . second . third . fourth
		return 0.7
	}
	return 0
}

// lastMinor is the largest number that the middle of a version is likely to have.
const lastMinor = 63

// span makes a span of tokens from to to.
func (t *Text) span(from, to int, kind Kind, score float32, rule string) Span {
	return Span{Start: int(t.tok[from].start), End: int(t.tok[to-1].end), Kind: kind, Score: score, Rule: rule}
}
