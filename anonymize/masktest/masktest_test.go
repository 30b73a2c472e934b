package masktest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A record is a test that only notes what it is told.
type record struct {
	testing.TB
	errors []string
}

func (r *record) Helper() {}
func (r *record) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestNoPII(t *testing.T) {
	for text, want := range map[string][]string{
		"[PERSON] просит перезвонить завтра, заказ 1042": nil,
		"заказ 1042\nпочта marina.k@example.ru":          {"line 2, bytes 27 to 46: EMAIL ("},
		"почта \xff": {"the text is not UTF-8"},
	} {
		r := &record{}
		NoPII(r, text)
		if assert.Len(t, r.errors, len(want), text) && len(want) > 0 {
			assert.Contains(t, r.errors[0], want[0])
			assert.NotContains(t, r.errors[0], "marina")
		}
	}
}
