package transcript

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

func TestWithout(t *testing.T) {
	a := anonymize.New(nil)
	source := `{"id":"c1","turns":[` +
		`{"speaker":"agent","text":"Добрый день, меня зовут Олег Пирогов, компания «Лес»."},` +
		`{"speaker":"client","text":"Марина Кузнецова, телефон +7 916 123-45-67."},` +
		`{"speaker":"agent","text":"Марина, спасибо!"}],"summary":"Марина просит звонить на 89161234567, вёл Пирогов"}` + "\n"
	document := func(s string) *Document {
		r, err := NewReader(strings.NewReader(s), nil)
		require.NoError(t, err)
		d, err := r.Next()
		require.NoError(t, err)
		return d
	}
	write := func(m *Masked, err error) string {
		require.NoError(t, err)
		var b bytes.Buffer
		_, err = m.WriteTo(&b)
		require.NoError(t, err)
		return b.String()
	}
	customer := func(kind anonymize.Kind, token string) bool {
		return kind != anonymize.PERSON || strings.HasPrefix(token, "Customer")
	}
	rest := write(document(source).Without(t.Context(), a, customer))
	for _, value := range []string{"Марина", "Кузнецова", "916", "123-45-67"} {
		assert.NotContains(t, rest, value)
	}
	assert.Contains(t, rest, "меня зовут Олег Пирогов, компания «Лес»")
	assert.Contains(t, rest, "вёл Пирогов")

	all := write(document(source).Mask(t.Context(), a))
	assert.Equal(t, all, write(document(rest).Mask(t.Context(), a)), "masked, both are one")
	assert.Equal(t, source, write(document(source).Without(t.Context(), a, func(anonymize.Kind, string) bool { return false })))
}
