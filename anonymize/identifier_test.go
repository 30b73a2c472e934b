package anonymize

import "testing"

// TestClassifyPassesOverNoRow weighs every row for every stretch of digits of the test data: what classify passes over
// must not have won.
func TestClassifyPassesOverNoRow(t *testing.T) {
	eachCase(t, func(at string, a *Analyzer, want string) {
		text, _, err := Unmark(want)
		if err != nil {
			t.Fatal(err)
		}
		var x Text
		x.read(text)
		a.appendSpans(nil, &x)
		for _, r := range x.numbers.runs {
			for to := r.from + 1; to <= r.to; to++ {
				for from := r.from; from < to; from++ {
					var c candidate
					if x.numbers.stretch(&c, r, from, to); len(c.digits) <= maxNumberDigits {
						checkClassified(t, at, &x, &c)
					}
				}
			}
		}
	})
}

func checkClassified(t *testing.T, at string, x *Text, c *candidate) {
	got := x.classify(c, false)
	c.hint = x.hintOf(c.first, c.last, len(c.digits))
	for _, table := range identifiers {
		for i := range table {
			row := &table[i]
			if row.lengths&(1<<len(c.digits)) == 0 {
				continue
			}
			if score := x.score(row, c); score > got.Score && score >= x.minScore {
				t.Errorf("%s: %s gives %s %.2f, and %s has %.2f", at, c.digits, got.Rule, got.Score, row.rule, score)
			}
		}
	}
}
