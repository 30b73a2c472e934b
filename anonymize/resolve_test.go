package anonymize

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestResolveInside: a stronger span in the middle of another leaves what stands on both sides of it.
func TestResolveInside(t *testing.T) {
	text := strings.Repeat("x", 20)
	got := resolve(text, []Span{{Start: 0, End: 20, Kind: PASSPORT, Score: 0.5}, {Start: 5, End: 8, Kind: EMAIL, Score: 0.9}, {Start: 10, End: 12, Kind: PHONE, Score: 0.9}}, 0)
	assert.Equal(t, []Span{
		{Start: 0, End: 5, Kind: PASSPORT, Score: 0.5}, {Start: 5, End: 8, Kind: EMAIL, Score: 0.9}, {Start: 8, End: 10, Kind: PASSPORT, Score: 0.5},
		{Start: 10, End: 12, Kind: PHONE, Score: 0.9}, {Start: 12, End: 20, Kind: PASSPORT, Score: 0.5},
	}, got)
}

// TestResolveLosesNothing: whatever overlaps, every letter that some span covers is covered, the result is sorted and disjoint,
// and a span that is stronger than all that overlap it stays whole.
func TestResolveLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab ,")), 1, 40, -1).Draw(t, "text")
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Span {
			start := rapid.IntRange(0, len(text)-1).Draw(t, "start")
			return Span{Start: start, End: rapid.IntRange(start+1, len(text)).Draw(t, "end"), Kind: rapid.SampledFrom([]Kind{PERSON, PHONE}).Draw(t, "kind"),
				Score: float32(rapid.IntRange(1, 5).Draw(t, "score")) / 5}
		}), 0, 12).Draw(t, "spans")
		before := Span{Start: 1, End: 2, Kind: EMAIL}
		all := resolve(text, append([]Span{before}, spans...), 1)
		require.Equal(t, before, all[0], "what stood there before")
		got := all[1:]
		require.True(t, slices.IsSortedFunc(got, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) }))
		for i := range got {
			require.Less(t, got[i].Start, got[i].End)
			require.True(t, i == 0 || got[i-1].End <= got[i].Start)
		}
		for at := range text {
			in := func(s Span) bool { return s.Start <= at && at < s.End }
			if strings.ContainsRune("ab", rune(text[at])) && slices.ContainsFunc(spans, in) {
				require.True(t, slices.ContainsFunc(got, in), "letter %d", at)
			}
		}
		for i, s := range spans {
			weaker := func(j int) bool {
				o := spans[j]
				return i == j || o.End <= s.Start || s.End <= o.Start || stronger(s, o)
			}
			if !slices.ContainsFunc(indexes(len(spans)), func(j int) bool { return !weaker(j) }) {
				require.Contains(t, got, s)
			}
		}
	})
}

func indexes(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}
