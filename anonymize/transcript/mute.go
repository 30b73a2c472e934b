package transcript

import (
	"cmp"
	"slices"
	"time"
)

// A Window is a stretch of the recording, half-open.
type Window struct {
	Start, End time.Duration
}

// Mute gives the stretches of the recording in which personal data is said, sorted and disjoint, each wider by the margin on
// both sides. A margin below zero is zero. Where the file has times of words they are those of the words, else of the
// whole cue or turn in which something was found. A file without times has none.
func (m *Masked) Mute(margin time.Duration) []Window {
	margin = max(margin, 0)
	windows := slices.Clone(m.windows)
	slices.SortFunc(windows, func(a, b Window) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	merged := windows[:0]
	for _, w := range windows {
		w = Window{max(w.Start-margin, 0), w.End + margin}
		if n := len(merged); n > 0 && w.Start <= merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, w.End)
			continue
		}
		merged = append(merged, w)
	}
	return merged
}
