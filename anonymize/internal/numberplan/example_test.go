package numberplan_test

import (
	"fmt"

	"github.com/syntora/vual/anonymize/internal/numberplan"
)

func Example() {
	fmt.Println(numberplan.Valid([]byte("79161234567")))
	fmt.Println(numberplan.Valid([]byte("70001234567")))
	fmt.Println(numberplan.ValidNational(375, []byte("291234567")))
	// Output:
	// 1 true
	// 1 false
	// true
}
