package anonymize

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSessionAllocates holds how often a turn takes memory: twice for the masked text and its spans, and a few times more for
// what is new in it. Where several persons are known, a full name takes more: all are linked anew, see maxHindsight. What the
// session keeps of every turn grows by doubling, which is less than once a turn.
func TestSessionAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory too")
	}
	surnames := strings.Split(ownNames(10_000), ", ")
	for _, c := range []struct {
		name string
		turn func(i int) string
		most float64
	}{
		{"nothing personal", func(int) string {
			return "Хорошо, тогда привезите всё в четверг после обеда, деньги переведу сразу."
		}, 1},
		{"known values", func(int) string {
			return "Мой телефон +7 916 123-45-67, почта marina.k@example.ru, до связи."
		}, 2},
		{"a known person", func(int) string {
			return "Передайте Марине Кузнецовой, что я жду её звонка."
		}, 2},
		{"a known first name", func(int) string { return "Передайте Марине, что я жду её звонка." }, 2},
		{"a new phone", func(i int) string {
			return fmt.Sprintf("Запишите ещё номер: +7 916 %03d-45-67.", i%1000)
		}, 5},
		{"a new person", func(i int) string { return "Запишите ещё, " + surnames[i] + ", ждём." }, 26},
	} {
		s, i := New(nil).Session(nil), 0
		turn := func() {
			if _, err := s.Anonymize(context.Background(), Turn{"client", c.turn(i)}); err != nil {
				t.Fatal(err)
			}
			i++
		}
		for range 20 {
			turn()
		}
		texts := testing.AllocsPerRun(200, func() { c.turn(i) })
		assert.LessOrEqual(t, testing.AllocsPerRun(200, turn)-texts, c.most, c.name)
	}
}
