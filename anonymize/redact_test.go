package anonymize

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestHasPII(t *testing.T) {
	a := New(&Options{Allow: []string{"8 800 555-35-35"}})
	for text, want := range map[string]bool{
		"": false,
		"Добрый день, заказ 4512 готов":                                   false,
		"звоните 8 800 555-35-35":                                         false,
		"звоните 8 916 123-45-67":                                         true,
		"звоните \xff":                                                    true,
		filled(fillers[0].text, 3*windowSize) + "звоните 8 916 123-45-67": true,
		filled(fillers[0].text, 3*windowSize) + "\xff":                    true,
		filled(fillers[0].text, 3*windowSize):                             false,
	} {
		assert.Equal(t, want, a.HasPII(text), "%.40q", text)
	}
	assert.False(t, New(&Options{Kinds: []Kind{EMAIL}}).HasPII("звоните 8 916 123-45-67"))
}

// TestHasPIIAgreesWithFind goes through all that the rules are tested with.
func TestHasPIIAgreesWithFind(t *testing.T) {
	for _, a := range []*Analyzer{New(nil), New(&Options{Strict: true, MinScore: 0.8}), New(&Options{Kinds: []Kind{BIRTH_DATE, ADDRESS}})} {
		eachCase(t, func(at string, _ *Analyzer, want string) {
			text, _, _ := Unmark(want)
			assert.Equal(t, len(a.Find(text)) > 0, a.HasPII(text), at)
		})
	}
}

func TestAppendMask(t *testing.T) {
	a := New(&Options{Operators: map[Kind]Operator{PHONE: Keep()}})
	for text, want := range map[string]string{
		"":     "",
		"день": "день",
		"Марина Кузнецова, +7 916 123-45-67, почта marina.k@example.ru": "[PERSON], [PHONE], почта [EMAIL]",
		"уже [PHONE_1] и Customer A и [EMAIL]":                          "уже [PHONE_1] и Customer A и [EMAIL]",
		"звоните \xff 8 916 123-45-67":                                  "[TEXT]",
	} {
		assert.Equal(t, "> "+want, string(a.AppendMask([]byte("> "), text)))
	}
	long := strings.Repeat(fillers[0].text+"Телефон +7 916 123-45-67.\n", windowSize/50)
	assert.True(t, strings.ReplaceAll(long, "+7 916 123-45-67", "[PHONE]") == string(a.AppendMask(nil, long)))
	assert.Equal(t, "[TEXT]", string(a.AppendMask(nil, long+"\xd0")))
}

func TestHasPIIAndAppendMaskDoNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("allocations are counted without the race detector")
	}
	a := New(nil)
	short := "Мой ИНН 500100732259, телефон +7 916 123-45-67, почта ivan@example.ru. "
	for _, text := range []string{short, fillers[0].text, strings.Repeat(fillers[0].text+short, 1<<20/200)} {
		dst := a.AppendMask(nil, text)
		assert.Zero(t, testing.AllocsPerRun(10, func() { dst = a.AppendMask(dst[:0], text) }), "%d bytes", len(text))
		assert.Zero(t, testing.AllocsPerRun(10, func() { a.HasPII(text) }), "%d bytes", len(text))
	}
}

// FuzzAppendMask holds that it masks what Find finds, that HasPII agrees, and that a second time changes no token.
func FuzzAppendMask(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	analyzers := []*Analyzer{New(nil), New(&Options{Strict: true, MinScore: 0.3}), withSmallWindows(nil)}
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range analyzers {
			spans := a.Find(text)
			masked := string(a.AppendMask(nil, text))
			if !utf8.ValidString(text) {
				if masked != "[TEXT]" || !a.HasPII(text) {
					t.Fatalf("%q becomes %q", text, masked)
				}
				continue
			}
			if a.HasPII(text) != (len(spans) > 0) {
				t.Fatalf("HasPII disagrees with Find in %q", text)
			}
			var want []byte
			var tokens []Span
			at := 0
			for _, s := range spans {
				want = append(want, text[at:s.Start]...)
				start := len(want)
				want = appendKind(want, s.Kind)
				tokens = append(tokens, Span{Start: start, End: len(want)})
				at = s.End
			}
			if want = append(want, text[at:]...); masked != string(want) {
				t.Fatalf("got %q, want %q", masked, want)
			}
			for _, s := range a.Find(masked) {
				for _, token := range tokens {
					if s.Start < token.End && token.Start < s.End {
						t.Fatalf("%q becomes %q, of which a token is masked again", text, masked)
					}
				}
			}
		}
	})
}

func TestHasPIIAndAppendMaskFailClosed(t *testing.T) {
	broken := RecognizerFunc(func(dst []Span, text *Text) []Span {
		if strings.Contains(text.String(), "!") {
			text.Fail(errFull)
		}
		return dst
	})
	a := New(&Options{Recognizers: []Recognizer{broken}})
	for _, text := range []string{"Да!", filled(fillers[0].text, 2*windowSize) + "Да!"} {
		assert.True(t, a.HasPII(text))
		assert.Equal(t, "> [TEXT]", string(a.AppendMask([]byte("> "), text)))
	}
	assert.False(t, a.HasPII("Да."))
	assert.Equal(t, "Да.", string(a.AppendMask(nil, "Да.")))
}
