package corpus_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/syntora/vual/bench/corpus"
)

// The same seed gives the same bytes on every machine. Whoever changes a list or a sentence changes the hashes, and with
// them every figure: results from before are not to be compared with those from after.
func TestSameSeedSameBytes(t *testing.T) {
	for name, want := range map[string]string{
		"ru/messages":       "c4270e61b4d85369",
		"ru/messages/clean": "5315adfa2748f33d",
		"ru/transcripts":    "2868f1cc8c3515f0",
		"en/messages":       "accb5f349f7fb3ef",
		"mixed/transcripts": "7423e480b59e4b91",
	} {
		part := strings.Split(name, "/")
		c := corpus.Make(1, corpus.Language(part[0]), corpus.Shape(part[1]), len(part) == 2, 100_000)
		h := sha256.New()
		for _, m := range c.Messages {
			fmt.Fprintln(h, m.Text, m.Values)
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); c.Name != name || got != want {
			t.Errorf("%s: %s, want %s", c.Name, got, want)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	a := corpus.Make(1, corpus.Russian, corpus.Messages, true, 10_000)
	b := corpus.Make(2, corpus.Russian, corpus.Messages, true, 10_000)
	if a.Messages[0].Text == b.Messages[0].Text && a.Messages[1].Text == b.Messages[1].Text {
		t.Error("two seeds, one corpus")
	}
}

func TestValuesStandWhereTheySay(t *testing.T) {
	for _, lang := range []corpus.Language{corpus.Russian, corpus.English, corpus.Mixed} {
		for _, shape := range []corpus.Shape{corpus.Messages, corpus.Transcripts} {
			c := corpus.Make(3, lang, shape, true, 200_000)
			seen := map[string]bool{}
			for _, m := range c.Messages {
				if seen[m.Text] {
					t.Fatalf("%s: twice: %.80s", c.Name, m.Text)
				}
				seen[m.Text] = true
				if len(m.Values) == 0 {
					t.Errorf("%s: nothing personal in %.80s", c.Name, m.Text)
				}
				end := 0
				for _, v := range m.Values {
					if v.Start < end || v.End <= v.Start || v.End > len(m.Text) || !utf8.ValidString(m.Text[v.Start:v.End]) || v.Kind == "" {
						t.Fatalf("%s: value %v after %d", c.Name, v, end)
					}
					end = v.End
				}
			}
			if size := c.Bytes(); size < 200_000 || size > 420_000 {
				t.Errorf("%s: %d bytes", c.Name, size)
			}
			for _, m := range corpus.Make(3, lang, shape, false, 50_000).Messages {
				if len(m.Values) > 0 {
					t.Errorf("%s: personal data in a clean corpus", c.Name)
				}
			}
		}
	}
}

func TestPartCutsAtALine(t *testing.T) {
	c := corpus.Make(1, corpus.Russian, corpus.Transcripts, true, 300_000)
	part := c.Part(3_000)
	if len(part.Messages) != 1 || part.Bytes() < 3_000 || part.Bytes() > 6_000 {
		t.Fatalf("%d texts of %d bytes", len(part.Messages), part.Bytes())
	}
	m := part.Messages[0]
	if !strings.HasPrefix(c.Messages[0].Text, m.Text) || !strings.HasSuffix(m.Text, "\n") {
		t.Error("not the beginning of a transcript")
	}
	for i, v := range m.Values {
		if v.End > len(m.Text) || v != c.Messages[0].Values[i] {
			t.Errorf("value %d: %v", i, v)
		}
	}
	if whole := c.Part(1 << 30); whole.Bytes() != c.Bytes() || len(whole.Messages) != len(c.Messages) {
		t.Error("the whole is not a part of itself")
	}
}
