// Mask prints how many nanoseconds its first call took, the median of a hundred later ones with other messages, and how
// many bytes the first one allocated.
package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/syntora/vual/anonymize"
)

func main() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	a := anonymize.New(nil)
	spans := a.AppendSpans(nil, message(0))
	first := time.Since(begun)
	runtime.ReadMemStats(&after)
	later := make([]time.Duration, 100)
	for i := range later {
		text := message(i + 1)
		begun := time.Now()
		spans = a.AppendSpans(spans[:0], text)
		later[i] = time.Since(begun)
	}
	slices.Sort(later)
	fmt.Println(first.Nanoseconds(), later[len(later)/2].Nanoseconds(), after.TotalAlloc-before.TotalAlloc)
}

func message(i int) string {
	return fmt.Sprintf("Меня зовут Игорь Кузнецов, заказ %d, телефон +7 916 %03d-%02d-67, жду звонка.", i*37, i*7%1000, i%100)
}
