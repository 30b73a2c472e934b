package anonymize

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFindingsHold holds a conversation that keeps what it found in its turns against one that finds everything anew at each of
// its three readings, and a session likewise, whatever the words have to do with what is known. The turns come again and again, so that names, codes and addresses are known before and behind.
func TestFindingsHold(t *testing.T) {
	s, n := newSoup(t, 300)
	var said []string
	eachCase(t, func(_ string, _ *Analyzer, want string) {
		text, _, _ := Unmark(want)
		said = append(said, text)
	})
	for _, opts := range []*Options{nil, {Strict: true, Places: true, MinScore: 0.1}} {
		keeps, anew := New(opts), New(opts)
		anew.anew = true
		for range n {
			c := Conversation{}
			for range s.Int(12) + 1 {
				text := said[s.Int(len(said))]
				if s.Int(3) == 0 {
					text = s.Text(12, soupSigns...)
				}
				c.Turns = append(c.Turns, Turn{[...]string{"agent", "client", "Ольга Лосева"}[s.Int(3)], strings.ToValidUTF8(text, "")})
			}
			got, err := keeps.Conversation(context.Background(), c)
			require.NoError(t, err)
			want, err := anew.Conversation(context.Background(), c)
			require.NoError(t, err)
			require.Equal(t, want.Turns, got.Turns, "%q", c.Turns)
			require.Equal(t, want.Mapping.p.get().state(), got.Mapping.p.get().state(), "%q", c.Turns)
			one, other := keeps.Session(nil), anew.Session(nil)
			for _, turn := range c.Turns {
				got, err := one.Anonymize(context.Background(), turn)
				require.NoError(t, err)
				want, err := other.Anonymize(context.Background(), turn)
				require.NoError(t, err)
				require.Equal(t, want, got, "%q", c.Turns)
			}
			require.Equal(t, other.p.get().m.state(), one.p.get().m.state(), "%q", c.Turns)
		}
	}
}
