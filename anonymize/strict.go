package anonymize

// NUMBER is seven or more digits that no other kind claims; it is found in strict mode only.
const NUMBER Kind = "NUMBER"

const strictRule = "number/strict"

// strictDigits is the length from which digits identify somebody: the shortest subscriber number with its code.
const strictDigits = 7

// appendNumbers appends what the sorted spans from from on leave of each run, if it has too many digits to pass. Only
// dates are exempt; times never make a run.
func (t *Text) appendNumbers(dst []Span, from int) []Span {
	found := len(dst)
	k := from
	for _, r := range t.numbers.runs {
		start, digits := r.from, int32(0)
		for g := r.from; g <= r.to; g++ {
			if g < r.to {
				group := t.numbers.groups[g]
				at := int(t.tok[group.from].start)
				for k < found && dst[k].End <= at {
					k++
				}
				claimed := k < found && dst[k].Start <= at
				if !claimed && !group.dated {
					digits += group.n
					continue
				}
			}
			if digits >= strictDigits {
				dst = append(dst, t.span(int(t.numbers.groups[start].from), int(t.numbers.groups[g-1].to), NUMBER, 0.5, strictRule))
			}
			start, digits = g+1, 0
		}
	}
	return dst
}
