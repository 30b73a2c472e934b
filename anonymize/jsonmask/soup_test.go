package jsonmask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize/internal/soup"
)

var signs = []string{"{", "}", "[", "]", ":", ",", `"`, `\`, "\n", ".", "*", "**", "\u0000", "\ufeff", "phone", "password", "passport", "address", "[PHONE_1]", "Customer A", "1e5", "null"}

const planted = " почта kanarejka@example.com, телефон +7 916 555-44-31. "

// TestSoup masks values of random words and signs, in keys and strings, at any depth: what is planted among them is gone, the
// shape stays, and a stream is masked as its values are.
func TestSoup(t *testing.T) {
	words, rounds := soup.New(t, 200, "../testdata/find/*.txt")
	m := New(nil)
	for range rounds {
		in := value(words, 4)
		out, err := m.Append(t.Context(), nil, nil, []byte(in))
		require.NoError(t, err, in)
		require.NotContains(t, string(out), "kanarejka", in)
		require.NotContains(t, string(out), "555-44-31", in)
		require.Equal(t, shape(t, []byte(in)), shape(t, out), in)
		var stream bytes.Buffer
		require.NoError(t, m.Mask(t.Context(), &stream, strings.NewReader(in+" "+in)), in)
		require.Equal(t, string(out)+"\n"+string(out)+"\n", stream.String(), in)

		broken := words.Text(30, signs...)
		if _, err := m.Append(t.Context(), nil, nil, []byte(broken)); err != nil {
			require.ErrorIs(t, err, ErrSyntax, broken)
			require.NotContains(t, broken, err.Error())
		}
	}
}

func value(words *soup.Soup, depth int) string {
	quoted := func() string {
		text := words.Text(6, signs...)
		if words.Int(3) == 0 {
			text += planted + words.Text(3, signs...)
		}
		s, _ := json.Marshal(text)
		return string(s)
	}
	if depth == 0 {
		return quoted()
	}
	var parts []string
	switch words.Int(4) {
	case 0:
		return quoted()
	case 1:
		return fmt.Sprint(words.Int(1 << 30))
	case 2:
		for range words.Int(4) {
			parts = append(parts, value(words, depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for range words.Int(5) {
		key := quoted()
		if words.Int(2) == 0 {
			key = []string{`"phone"`, `"comment"`, `"lastName"`, `"address"`, `"id"`, `"код"`}[words.Int(6)]
		}
		parts = append(parts, key+":"+value(words, depth-1))
	}
	return "{" + strings.Join(parts, ",") + "}"
}
