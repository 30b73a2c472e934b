package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/syntax"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/syntora/vual/anonymize"
)

// quiet turns all else off, so that the policy's own recognizers are seen alone.
const quiet = head + "kinds: {'*': off}\nrecognizers:\n"

func TestRecognizers(t *testing.T) {
	for _, c := range []struct {
		rule  string
		wants []string
	}{
		{"words: [Заря, тихая гавань, C++]", []string{"[[A:ЗАРЯ]], но не Заре.", "[[A:Тихая гавань]] и [[A:c++]]", "зарядка"}},
		{"words: [Заря]\n    forms: true", []string{"О [[A:Заре]] с [[A:Зарёю]]. [[A:Зapи]] нет.", "Зарница"}},
		{"digits: ['77# ###', '9999']", []string{"[[A:771234]] и [[A:77-12-34]], [[A:9999]]", "781234, 77123", "[[A:семьдесят семь двенадцать тридцать]]", "[[A:семьсот семьдесят пять двести тридцать]]"}},
		{"digits: ['##########']\n    check: mod11\n    weights: [2, 4, 10, 3, 5, 9, 4, 6, 8]", []string{"[[A:7707083893]]", "7707083892"}},
		{"digits: ['####']\n    context: [пропуск, бейдж сотрудника]", []string{"Мой пропуск [[A:1234]].", "пропуска [[A:12 34]] нет", "[[A:1234]], это бейдж сотрудника", "код 1234"}},
		{"digits: ['####']\n    context: [пропуск]\n    score_alone: 0.6", []string{"код [[A:1234]]"}},
		{"digits: ['####']\n    context: [пропуск]\n    score_alone: 0.4", []string{"код 1234", "пропуск [[A:1234]]"}},
		{`pattern: '(?<=\bSKU-)\d+'`, []string{"SKU-[[A:778]] SK-779", "sku-1"}},
		{`pattern: '(?i)(?<k>sku)-(?<n>\d+)'` + "\n    group: n", []string{"SKU-[[A:778]], sKu-[[A:779]]"}},
		{`pattern: '(?<=№\s*)[А-Я]{2}\d{3}'`, []string{"Полис № [[A:АБ123]], АБ124"}},
		{`pattern: '\b(\w)(\w)\2\1\b'`, []string{"[[A:abba]] и [[A:ОТТО]], not abab"}},
		{`pattern: '😀+'`, []string{"Да[[A:😀😀]]!"}},
		{`pattern: '[А-Я](?=\.)'`, []string{"Игорь [[A:К]]. тут"}},
	} {
		p := mustLoad(t, quiet+"  - name: a\n    kind: A\n    "+c.rule+"\n")
		for _, want := range c.wants {
			text, _, err := anonymize.Unmark(want)
			require.NoError(t, err)
			assert.Equal(t, want, anonymize.Mark(text, p.Analyzer().Find(text)), c.rule)
		}
	}
}

// A recognizer of a built-in kind adds to it, and loses to what is surer.
func TestBesideBuiltIn(t *testing.T) {
	p := mustLoad(t, head+`recognizers:
  - {name: inner, kind: PHONE, pattern: '(?<!\d)#\d{4}'}
  - {name: weak, kind: A, score: 0.55, pattern: '\d{10,12}'}
`)
	for _, want := range []string{
		"Внутренний [[PHONE:#4821]], мобильный [[PHONE:8 919 240-15-86]].",
		"Мой ИНН [[INN:500100732259]].",
		"Ключ [[A:30010073225]].",
	} {
		text, _, err := anonymize.Unmark(want)
		require.NoError(t, err)
		assert.Equal(t, want, anonymize.Mark(text, p.Analyzer().Find(text)))
	}
}

// A long text is read in windows. What a pattern finds stands where it stood.
func TestLongText(t *testing.T) {
	p := mustLoad(t, quiet+"  - {name: a, kind: A, pattern: 'ДГ-\\d{4}'}\n")
	want := strings.Repeat("слово [[A:ДГ-1187]] и ещё немного, ", 8000)
	text, _, err := anonymize.Unmark(want)
	require.NoError(t, err)
	assert.Equal(t, want, anonymize.Mark(text, p.Analyzer().Find(text)))
	m, err := p.Session().Anonymize(t.Context(), anonymize.Turn{Text: text})
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(want, "[[A:ДГ-1187]]", "[A_1]"), m.Text)

	p, err = New(Document{Version: 1, Name: "x", Patterns: Patterns{TimeoutMS: 20}, Recognizers: []Recognizer{{Name: "bad", Kind: "BAD", Pattern: `(a+)+!`}}}, nil)
	require.NoError(t, err)
	text += strings.Repeat("a", 60) + " !"
	spans := p.Analyzer().Find(text)
	require.Len(t, spans, 1, "what one window could not read hides all of the text")
	assert.Equal(t, len(text), spans[0].End)
	_, err = p.Session().Anonymize(t.Context(), anonymize.Turn{Text: text})
	assert.ErrorIs(t, err, ErrTimeout)
}

// Published numbers: ISO/IEC 7812 (the test card of card networks), ISO 7064 (IBAN of its registry as digits), ISBN-10, the
// INN of a company, Verhoeff's own 2363 and that of the Wikipedia article, 142857 with 0.
func TestChecks(t *testing.T) {
	inn := mod11([]int{2, 4, 10, 3, 5, 9, 4, 6, 8})
	isbn := mod11([]int{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})
	for _, c := range []struct {
		name   string
		check  func([]byte) bool
		digits string
	}{
		{"luhn", luhn, "4111111111111111"}, {"luhn", luhn, "79927398713"},
		{"mod97", mod97, "3214282912345698765432161182"}, // GB82 WEST 1234 5698 7654 32, turned and in digits
		{"mod11", isbn, "0306406152"}, {"mod11", inn, "7707083893"},
		{"verhoeff", verhoeff, "2363"}, {"verhoeff", verhoeff, "1428570"},
	} {
		assert.True(t, c.check([]byte(c.digits)), "%s %s", c.name, c.digits)
		for i := range c.digits { // none of them lets one wrong digit pass, but for the INN, whose 10 counts as 0
			for d := byte('0'); d <= '9'; d++ {
				wrong := []byte(c.digits)
				wrong[i] = d
				if d != c.digits[i] && c.digits != "7707083893" {
					assert.False(t, c.check(wrong), "%s %s", c.name, wrong)
				}
			}
		}
	}
	for i := range len("1428570") - 1 { // and Verhoeff none with two neighbours swapped
		swapped := []byte("1428570")
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		assert.False(t, verhoeff(swapped), "%s", swapped)
	}
}

// What a file's examples say when they do not hold.
func TestFailures(t *testing.T) {
	p := mustLoad(t, head+`recognizers:
  - name: a
    kind: A
    words: [Заря]
    finds: ["[[A:Заря]]", "Заря", "[[B:Заря]]", "В [[A:Заре]]", "[[A:Заря"]
    ignores: ["закат", "Но Заря!"]
  - {name: b, kind: PHONE, pattern: 'нет такого', finds: ["Телефон [[PHONE:8 919 240-15-86]]"]}
  - {name: c, kind: C, words: [нечто]}
`)
	var got []string
	for _, f := range p.Test() {
		got = append(got, f.String())
	}
	assert.Equal(t, []string{
		":7:27: recognizer a: the example marks what is to be found as [[A:…]], and nothing else",
		":7:35: recognizer a: the example marks what is to be found as [[A:…]], and nothing else",
		":7:49: recognizer a: something else is found\n\tgot  В Заре\n\twant В [[A:Заре]]",
		":7:65: recognizer a: the marks of the example do not read",
		":8:24: recognizer a: it finds something\n\tgot  Но [[A:Заря]]!\n\twant Но Заря!",
		":9:59: recognizer b: another rule finds it: phone/ru",
		":10:5: recognizer c: no example in finds",
	}, got)
}

// Every letter that package regexp2 takes for another in another case folds to the same.
func TestFold(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		if fold(r) != least {
			t.Fatalf("%U folds to %U, want %U", r, fold(r), least)
		}
	}
}

func needsOfPattern(t testing.TB, pattern string) needs {
	tree, err := syntax.Parse(pattern, syntax.ParseOptions{})
	require.NoError(t, err, pattern)
	return needsOf(tree.Root)
}

// What rules patterns out without running them, and what does not.
func TestNeeds(t *testing.T) {
	for _, c := range []struct{ pattern, may, not string }{
		{`ДГ-\d{4}`, "дг-1", "ДГ 1|ДК-1|ДГ-"},
		{`(?i)дг-\d{4}`, "Дг-1", "Г-1"},
		{`(?:SKU|ART)-\d+`, "sku-1|xARTs-1", "SKA-1|SKU-"},
		{`(?<![\p{L}])(?<n>АБ\d)(?!\d)`, "АБ1", "АВ1"},
		{`x+y`, "xy|yx", "xx"},
		{`(ab)+`, "ab", "ba"},
		{`(?=.*foo)bar`, "foobar", "bar|foo"},
		{`(?<=foo)bar`, "bar", "ba"},
		{`[0-9]{3}-[0-9]{2}`, "1-", "a-|1"},
		{`\d\d`, "٣", "пять"},
		{`[KkK]x`, "kx|Kx|Kx", "x"},
		{`[^\d]a`, "a", "b"},
		{`a(?(b)c|d)`, "a", "b"},
		{`a{0}b`, "b", "a"},
		{`a?b*`, "|c", ""},
		{`[ab]|c`, "|z", ""},
	} {
		n := needsOfPattern(t, c.pattern)
		for i, texts := range []string{c.may, c.not} {
			for text := range strings.SplitSeq(texts, "|") {
				if i == 1 && text == "" {
					continue
				}
				var g grams
				g.read(text)
				assert.Equal(t, i == 0, n.met(&g), "%s on %q", c.pattern, text)
			}
		}
	}
}

// A pattern is never ruled out on a text that it matches.
func TestNeedsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := genPattern(3).Draw(t, "pattern")
		re, err := regexp2.Compile(pattern)
		if err != nil {
			t.Skip()
		}
		re.MatchTimeout = 100 * time.Millisecond
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abcABсСk\u212aK12٣ -Жж.ſsSıİiI")), 0, 12, -1).Draw(t, "text")
		if ok, err := re.MatchString(text); err != nil || !ok {
			return
		}
		tree, err := syntax.Parse(pattern, syntax.ParseOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var g grams
		if g.read(text); !needsOf(tree.Root).met(&g) {
			t.Fatalf("%s matches %q", pattern, text)
		}
	})
}

// genPattern makes patterns that small texts often match.
func genPattern(depth int) *rapid.Generator[string] {
	leaf := rapid.SampledFrom([]string{"a", "b", "c", "A", "s", "k", "K", "i", "Ж", "ж", "1", `\d`, `\w`, "[ab]", "[kK]", "[^a]", ".", "-", "[0-9]", `\s`, `\b`, "^", "$", "(?i:k)", "(?i:s)", "(?i:ж)", "(?i:i)", "ab", "(?i)"})
	if depth == 0 {
		return leaf
	}
	sub := rapid.Deferred(func() *rapid.Generator[string] { return genPattern(depth - 1) })
	return rapid.Custom(func(t *rapid.T) string {
		a, b := sub.Draw(t, "a"), sub.Draw(t, "b")
		form := rapid.SampledFrom([]string{"%s%s", "%s%s", "(?:%s|%s)", "(%s)?%s", "(?:%s)+%s", "(?:%s){2}%s", "(?=%s)%s", "(?<=%s)%s", "(?!%s)%s", "(?>%s)%s", "(?:%s)*?%s", "(?<x>%s)%s", "(?i)%s%s", "(?:%s){0,1}%s"}).Draw(t, "form")
		return fmt.Sprintf(form, a, b)
	})
}

// Twenty patterns with which one short text keeps a matcher busy for years.
func redos() [][2]string {
	a, x := strings.Repeat("a", 60), strings.Repeat("x", 4000)
	return [][2]string{
		{`^(a+)+$`, a + "!"},
		{`^([a-zA-Z]+)*$`, a + "!"},
		{`^(a|aa)+$`, a + "!"},
		{`^(a|a?)+$`, a + "!"},
		{`^(.*a){20}$`, a + "!"},
		{`(x+x+)+y`, "y" + x[:60]},
		{`^(\w+\s?)*$`, strings.Repeat("слово", 12) + "!"},
		{`^(([a-z])+.)+[A-Z]([a-z])+$`, a},
		{`^(\d+)*[^\d]?x$`, strings.Repeat("1", 60) + "yx!"},
		{`^((ab)*)+$`, strings.Repeat("ab", 60) + "a"},
		{`(.*)*=.*;`, ";=" + x[:60]},
		{`^(?:(a|ab|b)+)+c`, strings.Repeat("ab", 40) + "!c"},
		{`^(.+)+z$`, a + "z!"},
		{`(?<![a-z])(([a-z]+)+)\d`, a + " 1"},
		{`^(([^\s@]+)+)@(([^\s@]+)+)$`, a + "@" + a + " "},
		{`<(\w+)*\s*([^>]*)*>`, ">" + "<" + a + " " + a},
		{`^(?=(a+)+$)a`, a + "!"},
		{`(\w*)*\1!`, "!" + a},
		{`^(([01]?\d\d?)*\.?)+$`, strings.Repeat("1", 60) + "x"},
		{`^#(?:[^#]+[^!]?)+#`, "#" + strings.Repeat("слово ", 10) + "!"},
	}
}

// Each is stopped by the timeout, reported, and the text is not masked at all; the other recognizers and other texts
// are unharmed.
func TestReDoS(t *testing.T) {
	list := redos()
	require.Len(t, list, 20)
	for i, c := range list {
		var told []string
		opts := &Options{OnTimeout: func(name string) { told = append(told, name) }}
		doc := Document{Version: 1, Name: "x", Patterns: Patterns{TimeoutMS: 20}, Recognizers: []Recognizer{
			{Name: "bad", Kind: "BAD", Pattern: c[0]}, {Name: "good", Kind: "GOOD", Words: []string{"гвоздь"}},
		}}
		p, err := New(doc, opts)
		require.NoError(t, err, c[0])
		s := p.Session()
		begin := time.Now()
		m, err := s.Anonymize(t.Context(), anonymize.Turn{Speaker: "client", Text: c[1]})
		// The engine's clock ticks ten times a second, and the machine may be busy.
		assert.Less(t, time.Since(begin), 20*time.Second, c[0])
		assert.ErrorIs(t, err, ErrTimeout, c[0])
		assert.ErrorContains(t, err, "recognizer bad")
		assert.Empty(t, m.Text)
		assert.Equal(t, []string{"bad"}, told)
		m, err = s.Anonymize(t.Context(), anonymize.Turn{Speaker: "client", Text: "гвоздь, 8 919 240-15-86"})
		require.NoError(t, err, c[0])
		assert.Equal(t, "[GOOD_1], [PHONE_1]", m.Text, c[0])
		if i > 0 {
			continue
		}
		_, err = p.Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{{Text: "гвоздь"}, {Text: c[1]}}})
		assert.ErrorIs(t, err, ErrTimeout)
		if spans := p.Analyzer().Find(c[1]); assert.Len(t, spans, 1) {
			assert.Equal(t, anonymize.TEXT, spans[0].Kind, "Find hides what it could not read")
			assert.Equal(t, len(c[1]), spans[0].End)
		}
	}
}

// An engine that breaks, here because there is none, is like one that takes too long.
func TestBrokenEngine(t *testing.T) {
	p := mustLoad(t, head+"recognizers: [{name: a, kind: A, pattern: x}]")
	p.p.opts.Recognizers[0].(*recognizers).patterns[0].re = nil
	_, err := p.Session().Anonymize(t.Context(), anonymize.Turn{Text: "x"})
	assert.ErrorIs(t, err, ErrTimeout)
}

// By option the text goes on without the pattern, and somebody is told.
func TestTimeoutPasses(t *testing.T) {
	told := 0
	doc := Document{Version: 1, Name: "x", Patterns: Patterns{TimeoutMS: 20, OnTimeout: "pass"}, Recognizers: []Recognizer{
		{Name: "bad", Kind: "BAD", Pattern: `^(a+)+$`}, {Name: "good", Kind: "GOOD", Pattern: `гвоздь`},
	}}
	p, err := New(doc, &Options{OnTimeout: func(string) { told++ }})
	require.NoError(t, err)
	text := strings.Repeat("a", 60) + "! гвоздь"
	spans := p.Analyzer().Find(text)
	assert.Equal(t, strings.Repeat("a", 60)+"! [[GOOD:гвоздь]]", anonymize.Mark(text, spans))
	assert.Equal(t, 1, told)
}

// Many matches count together, and a stack that would grow without end ends like a timeout.
func TestPatternBounds(t *testing.T) {
	for _, c := range []struct{ pattern, text string }{
		{`\w`, strings.Repeat("a", maxMatches+1)},
		{`^(?:(a)|(b))*c`, strings.Repeat("ab", 30_000)},
	} {
		p, err := New(Document{Version: 1, Name: "x", Patterns: Patterns{TimeoutMS: 2000}, Recognizers: []Recognizer{{Name: "a", Kind: "A", Pattern: c.pattern}}}, nil)
		require.NoError(t, err)
		_, err = p.Session().Anonymize(t.Context(), anonymize.Turn{Text: c.text + "c"})
		assert.ErrorIs(t, err, ErrTimeout, c.pattern)
	}
	doc := Document{Version: 1, Name: "x"}
	for i := range maxPatterns + 1 {
		doc.Recognizers = append(doc.Recognizers, Recognizer{Name: fmt.Sprint("p", i), Kind: "A", Pattern: "a"})
	}
	_, err := New(doc, nil)
	if de := (*DocumentError)(nil); assert.True(t, errors.As(err, &de)) {
		assert.Equal(t, "recognizers[64]", de.Path)
	}
}

// Patterns that nest, count and branch without measure compile, or are refused, at once: the bound of their length is enough.
func TestPatternsThatAreHardToRead(t *testing.T) {
	for _, pattern := range []string{
		"(((a{1000}){1000}){1000}){1000}", strings.Repeat("(", 900) + "a" + strings.Repeat(")", 900),
		strings.Repeat("(a?b", 200) + strings.Repeat("){2}", 200), strings.Repeat("(a?", 300) + strings.Repeat(")*", 300),
		strings.Repeat("(?<=a*", 200) + strings.Repeat(")", 200), strings.Repeat("(a|b)?", 300), strings.Repeat("(?=", 400) + strings.Repeat(")", 400),
	} {
		_, err := New(Document{Version: 1, Name: "x", Recognizers: []Recognizer{{Name: "a", Kind: "A", Pattern: pattern}}}, nil)
		assert.NoError(t, err, pattern)
	}
}
