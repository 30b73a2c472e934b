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
					if digits := x.numbers.digitsOf(int(from), int(to)); len(digits) <= maxNumberDigits {
						checkClassified(t, at, &x, candidate{r, int(from), int(to), digits})
					}
				}
			}
		}
	})
}

func checkClassified(t *testing.T, at string, x *Text, c candidate) {
	first, last := int(x.numbers.groups[c.from].from), int(x.numbers.groups[c.to-1].to)
	h := x.hintOf(first, last, len(c.digits))
	amount := len(c.digits) <= 9 && (x.unitAfter(last) || x.currencyBefore(first))
	got := x.classify(c)
	for _, table := range identifiers {
		for i := range table {
			row := &table[i]
			if row.lengths&(1<<len(c.digits)) == 0 {
				continue
			}
			if score := x.score(row, c, h, amount); score > got.Score && score >= x.minScore {
				t.Errorf("%s: %s gives %s %.2f, and %s has %.2f", at, c.digits, got.Rule, got.Score, row.rule, score)
			}
		}
	}
}
