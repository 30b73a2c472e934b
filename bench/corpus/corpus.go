// Package corpus makes conversations of invented people, of which it knows where their personal data stands. The same
// seed gives the same bytes, on every machine.
package corpus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// A Corpus is texts of one sort.
type Corpus struct {
	Name     string // such as "ru/messages"
	Messages []Message
	Personal bool // false: no message holds personal data
}

// A Message is one text and the personal data in it.
type Message struct {
	Text   string
	Values []Value // sorted and disjoint
}

// A Value is a stretch of personal data: bytes of the text and what it is, by the names of package anonymize.
type Value struct {
	Start, End int
	Kind       string
}

// A Language is that of a corpus. In a mixed one every message or turn is of either.
type Language string

const (
	Russian Language = "ru"
	English Language = "en"
	Mixed   Language = "mixed"
)

// A Shape is how long the texts are.
type Shape string

const (
	Messages    Shape = "messages"    // of a chat, about 100 bytes each
	Transcripts Shape = "transcripts" // of a call, 5 to 200 KB each, a turn a line
)

// Make gives distinct texts of about size bytes in all. A third of them, or of their turns, is written as people write in a
// hurry, in lower case and without full stops, and another third, in transcripts alone, as speech recognition writes, with
// numbers in words. Every message of a personal corpus has personal data, and one sentence in three of a transcript.
func Make(seed uint64, lang Language, shape Shape, personal bool, size int) *Corpus {
	c := &Corpus{Name: string(lang) + "/" + string(shape), Personal: personal}
	if !personal {
		c.Name += "/clean"
	}
	g := &generator{Rand: rand.New(rand.NewPCG(seed, hash(c.Name)))}
	seen := make(map[string]bool)
	for total := 0; total < size; {
		var m Message
		if shape == Messages {
			m = g.message(g.pick(lang), personal)
		} else {
			// From 5 to 200 KB, small ones more often; a small corpus is one transcript.
			m = g.transcript(lang, personal, min(5_000<<g.IntN(6)+g.IntN(5_000), 200_000, max(size-total, 5_000)))
		}
		if seen[m.Text] {
			continue
		}
		seen[m.Text] = true
		total += len(m.Text)
		c.Messages = append(c.Messages, m)
	}
	return c
}

// Bytes is the length of all texts together.
func (c *Corpus) Bytes() int {
	n := 0
	for _, m := range c.Messages {
		n += len(m.Text)
	}
	return n
}

// Part gives texts of about size bytes in all, spread over the corpus; a text longer than what is left of size is cut at
// the end of a line.
func (c *Corpus) Part(size int) *Corpus {
	out := &Corpus{Name: c.Name, Personal: c.Personal}
	step := max(c.Bytes()/max(size, 1), 1)
	for i := 0; i < len(c.Messages) && size > 0; i += step {
		m := c.Messages[i].head(size)
		size -= len(m.Text)
		out.Messages = append(out.Messages, m)
	}
	return out
}

// head cuts a text after the first line that ends at or after size.
func (m Message) head(size int) Message {
	if size >= len(m.Text) {
		return m
	}
	end := strings.IndexByte(m.Text[size:], '\n')
	if end < 0 {
		return m
	}
	end += size + 1
	n, _ := slices.BinarySearchFunc(m.Values, end, func(v Value, end int) int { return v.Start - end })
	return Message{m.Text[:end], m.Values[:n]}
}

// A style is how a sentence is put down.
type style int

const (
	written style = iota
	hurried
	spoken
)

type generator struct {
	*rand.Rand
	text   strings.Builder
	values []Value
}

func (g *generator) pick(lang Language) *language {
	if lang == English || lang == Mixed && g.IntN(2) == 0 {
		return english()
	}
	return russian()
}

func (g *generator) take() Message {
	m := Message{g.text.String(), g.values}
	g.text, g.values = strings.Builder{}, nil
	return m
}

func (g *generator) message(l *language, personal bool) Message {
	s := written
	if g.IntN(3) == 0 {
		s = hurried
	}
	if g.IntN(2) == 0 {
		g.sentence(l, l.openers, s)
		g.text.WriteByte(' ')
	}
	if personal {
		g.sentence(l, l.personal, s)
	} else {
		g.sentence(l, l.clean, s)
	}
	return g.take()
}

func (g *generator) transcript(lang Language, personal bool, size int) Message {
	for turn := 0; g.text.Len() < size; turn++ {
		l := g.pick(lang)
		g.text.WriteString(l.speakers[turn%len(l.speakers)])
		s := style(g.IntN(3))
		for range 1 + g.IntN(3) {
			g.text.WriteByte(' ')
			switch n := g.IntN(6); {
			case n < 2 && personal:
				g.sentence(l, l.personal, s)
			case n == 2:
				g.sentence(l, l.openers, s)
			default:
				g.sentence(l, l.clean, s)
			}
		}
		g.text.WriteByte('\n')
	}
	return g.take()
}

// sentence writes one of the sentences, with its slots filled.
func (g *generator) sentence(l *language, from []string, s style) {
	pattern := from[g.IntN(len(from))]
	for s == spoken && l.unspeakable(pattern) {
		pattern = from[g.IntN(len(from))]
	}
	who := l.person(g.Rand)
	for rest := pattern; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		g.text.WriteString(s.of(literal))
		if !found {
			break
		}
		slot, next, _ := strings.Cut(after, "}")
		rest = next
		kind, form := l.fill(g.Rand, slot, who)
		value := form.written
		switch {
		case s == spoken:
			value = form.spoken
		case s == hurried && !keepsCase[kind]:
			value = strings.ToLower(value)
		}
		if value == "" {
			panic("corpus: no way to say " + slot)
		}
		start := g.text.Len()
		g.text.WriteString(value)
		if kind != "" {
			g.values = append(g.values, Value{start, g.text.Len(), kind})
		}
	}
}

// keepsCase are kinds that are copied, not typed.
var keepsCase = map[string]bool{"PASSWORD": true, "IBAN": true}

// of is the text between slots in that style.
func (s style) of(text string) string {
	switch s {
	case hurried:
		return strings.ToLower(strings.TrimRight(text, "."))
	case spoken:
		return strings.ToLower(strings.Map(func(r rune) rune {
			if strings.ContainsRune(".,:?!", r) {
				return -1
			}
			return r
		}, text))
	}
	return text
}

// A form is one value as it is written and as it is said. No spoken form means that nobody says it.
type form struct{ written, spoken string }

// A language has sentences and fills their slots.
type language struct {
	openers, clean, personal []string
	speakers                 []string
	person                   func(*rand.Rand) person
	slots                    map[string]func(*rand.Rand, person) form
	kinds                    map[string]string // of slots that are personal
}

func (l *language) fill(r *rand.Rand, slot string, who person) (string, form) {
	f, ok := l.slots[slot]
	if !ok {
		panic("corpus: no slot " + slot)
	}
	return l.kinds[slot], f(r, who)
}

// unspeakable tells a sentence that holds what nobody says.
func (l *language) unspeakable(pattern string) bool {
	return strings.Contains(pattern, "{ip}") || strings.Contains(pattern, "{password}") || strings.Contains(pattern, "{handle}") ||
		strings.Contains(pattern, "{surinit}") || strings.Contains(pattern, "{iban}")
}

// read divides a file of sentences.
func (l *language) read(file string) *language {
	lists := map[string]*[]string{"openers": &l.openers, "clean": &l.clean, "personal": &l.personal}
	var list *[]string
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "= "); ok {
			list = lists[name]
		} else if line != "" && !strings.HasPrefix(line, "#") {
			*list = append(*list, line)
		}
	}
	return l
}

// hash tells the streams of random numbers of one seed apart (FNV-1a).
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func choose[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// digits gives n random ones, the first not zero.
func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	b[0] = byte('1' + r.IntN(9))
	return string(b)
}

// grouped divides digits by a pattern of lengths: grouped("9161234567", " ", 3, 3, 2, 2).
func grouped(d, sep string, lengths ...int) string {
	var parts []string
	for _, n := range lengths {
		parts = append(parts, d[:n])
		d = d[n:]
	}
	return strings.Join(append(parts, d)[:len(parts)], sep)
}

// luhn appends the check digit of ISO/IEC 7812-1.
func luhn(d string) string {
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 0 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return d + fmt.Sprint((10-sum%10)%10)
}

// weighted sums digits by weights.
func weighted(d string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	return sum
}

// Letters counts what makes a value readable: letters and digits.
func Letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
