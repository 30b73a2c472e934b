package anonymize

import (
	"slices"
	"strings"
	"testing"
)

// findEverywhere is Find with every trigger at every token: what the rules find when nothing is passed over. Only the
// anchors of addresses stay as they were, because what an address needs is a part of its rule.
func findEverywhere(a *Analyzer, text string) []Span {
	const anchors = anchors &^ onCue
	var t Text
	t.read(text)
	all, cues := make([]triggered, len(t.tok)), []int32(nil)
	for i := range all {
		all[i] = triggered{int32(i), ^anchors}
		cues = append(cues, int32(i))
	}
	for _, at := range t.triggers {
		all[at.at].on |= at.on & anchors
	}
	t.on, t.triggers, t.cues = t.on|^anchors, all, cues
	return a.appendSpans(nil, &t)
}

// TestTriggers fails when a rule finds something that its triggers pass over.
func TestTriggers(t *testing.T) {
	eachCase(t, func(at string, a *Analyzer, want string) {
		text, _, err := Unmark(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, all := a.Find(text), findEverywhere(a, text); !slices.Equal(got, all) {
			t.Errorf("%s: triggers pass over a span:\n got %s\nwant %s", at, Mark(text, got), Mark(text, all))
		}
	})
}

// TestTellers fails when a word of tellers, in any case, does not have the words beside it asked whether they are names.
func TestTellers(t *testing.T) {
	words := strings.Fields(string(tellers))[1:] // behind the digit of the list
	for _, word := range append(words, strings.ToUpper(words[0])) {
		var x Text
		if x.read("гора " + word); !x.names.told {
			t.Errorf("%s tells nothing", word)
		}
	}
}

func FuzzTriggers(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	plain, strict := New(nil), New(&Options{Strict: true, MinScore: 0.1, Places: true})
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range []*Analyzer{plain, strict} {
			if got, all := a.Find(text), findEverywhere(a, text); !slices.Equal(got, all) {
				t.Errorf("triggers pass over a span:\n got %v\nwant %v", got, all)
			}
		}
	})
}
