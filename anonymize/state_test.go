package anonymize

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// xorSealer is no protection: it binds a box to its ad, which is all that these tests ask of a sealer.
type xorSealer struct{}

func (xorSealer) Seal(_ context.Context, dst, plain, ad []byte) ([]byte, error) {
	dst = append(append(dst, ad...), 0)
	for _, b := range plain {
		dst = append(dst, b^0x5A)
	}
	return dst, nil
}

func (xorSealer) Open(_ context.Context, dst, box, ad []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(box, append(bytes.Clone(ad), 0))
	if !ok {
		return nil, errors.New("wrong ad")
	}
	for _, b := range rest {
		dst = append(dst, b^0x5A)
	}
	return dst, nil
}

var stateTurns = []Turn{
	{"agent", "Добрый день, меня зовут Ольга. Как к вам обращаться?"},
	{"client", "Игорь Петрович Кузнецов, телефон +7 916 123-45-67, в письме стоит [PHONE_2]"},
	{"agent", "Игорь Петрович, второй телефон?"},
	{"client", "восемь девятьсот шестнадцать"},
	{"agent", "так"},
	{"client", "сто двадцать три сорок пять шестьдесят восемь"},
	{"agent", "Кузнецову перезвонит Ольга, почта igor.k@example.ru?"},
}

func TestSessionGoesOnWhereItWasSealed(t *testing.T) {
	ctx := context.Background()
	vault := &brokenTokenizer{}
	a := New(&Options{Operators: map[Kind]Operator{EMAIL: Tokenize(vault)}})
	for cut := range len(stateTurns) + 1 {
		vault.fail = false
		whole, first := a.Session(nil), a.Session(nil)
		var want []string
		for i, turn := range stateTurns {
			m, err := whole.Anonymize(ctx, turn)
			require.NoError(t, err)
			want = append(want, m.Text)
			if i < cut {
				_, err = first.Anonymize(ctx, turn)
				require.NoError(t, err)
			}
		}
		box, err := first.SealState(ctx, xorSealer{}, []byte("c1"))
		require.NoError(t, err)
		vault.fail = cut == len(stateTurns) // nobody is asked for a token that was given
		second, err := a.OpenSession(ctx, xorSealer{}, []byte("c1"), box)
		require.NoError(t, err)
		for i := cut; i < len(stateTurns); i++ {
			m, err := second.Anonymize(ctx, stateTurns[i])
			require.NoError(t, err)
			assert.Equal(t, want[i], m.Text, "turn %d after a seal at %d", i, cut)
		}
		for i, turn := range stateTurns {
			got, err := second.Mapping().Undo(i, want[i])
			require.NoError(t, err)
			assert.Equal(t, turn.Text, got)
		}
	}
}

func TestMappingOpensWithoutItsSession(t *testing.T) {
	ctx := context.Background()
	r, err := New(nil).Conversation(ctx, Conversation{Turns: stateTurns})
	require.NoError(t, err)
	box, err := r.Mapping.SealState(ctx, xorSealer{}, []byte("c1"))
	require.NoError(t, err)
	m, err := OpenMapping(ctx, xorSealer{}, []byte("c1"), box)
	require.NoError(t, err)
	for i, turn := range stateTurns {
		got, err := m.Undo(i, r.Turns[i].Text)
		require.NoError(t, err)
		assert.Equal(t, turn.Text, got)
	}
	text := "Спросить у Customer A про [PHONE_1]."
	want, err := r.Mapping.Restore(text, PERSON, PHONE)
	require.NoError(t, err)
	got, err := m.Restore(text, PERSON, PHONE)
	require.NoError(t, err)
	assert.Equal(t, want.Text(), got.Text())
	assert.NotContains(t, got.Text(), "Customer A")
}

func TestStateIsRefused(t *testing.T) {
	ctx := context.Background()
	a := New(nil)
	s := a.Session(nil)
	mask(t, s, "client", "телефон +7 916 123-45-67")
	box, err := s.SealState(ctx, xorSealer{}, []byte("c1"))
	require.NoError(t, err)

	_, err = a.OpenSession(ctx, xorSealer{}, []byte("c2"), box)
	assert.Error(t, err, "another conversation")
	for _, plain := range []string{"", "{}", `{"Version":2}`, `{"Version":1,"Language":9}`, "null", "[]",
		`{"Version":1,"Turns":[{"Spans":[[5,4,0]]}]}`, `{"Version":1,"Turns":[{"Spans":[[0,1,9]]}]}`} {
		bad, _ := xorSealer{}.Seal(ctx, nil, []byte(plain), []byte("c1"))
		_, err = OpenMapping(ctx, xorSealer{}, []byte("c1"), bad)
		assert.ErrorIs(t, err, ErrState, plain)
		_, err = a.OpenSession(ctx, xorSealer{}, []byte("c1"), bad)
		assert.Error(t, err, plain)
	}
	for _, opts := range []*Options{{Labels: Russian}, {Kinds: []Kind{EMAIL}}, {Strict: true, Kinds: []Kind{NUMBER}}} {
		_, err = New(opts).OpenSession(ctx, xorSealer{}, []byte("c1"), box)
		assert.ErrorIs(t, err, ErrRules)
	}
}

// FuzzOpenMapping holds that a state that somebody made up does no harm.
func FuzzOpenMapping(f *testing.F) {
	s := New(nil).Session(nil)
	for _, turn := range stateTurns {
		if _, err := s.Anonymize(context.Background(), turn); err != nil {
			f.Fatal(err)
		}
	}
	box, err := s.SealState(context.Background(), xorSealer{}, nil)
	if err != nil {
		f.Fatal(err)
	}
	plain, _ := xorSealer{}.Open(context.Background(), nil, box, nil)
	f.Add(plain)
	a := New(nil)
	f.Fuzz(func(t *testing.T, plain []byte) {
		box, _ := xorSealer{}.Seal(context.Background(), nil, plain, nil)
		if m, err := OpenMapping(context.Background(), xorSealer{}, nil, box); err == nil {
			for i := range m.Turns() {
				m.Undo(i, "Customer A, [PHONE_1]")
			}
			m.Restore("Customer A, [PHONE_1]", PERSON, PHONE)
		}
		if s, err := a.OpenSession(context.Background(), xorSealer{}, nil, box); err == nil {
			s.Anonymize(context.Background(), Turn{"client", "Ольга"})
		}
	})
}
