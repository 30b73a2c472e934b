package anonymize

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIndex: an entry found in a conversation is that of the value in whatever form somebody asks for it.
func TestIndex(t *testing.T) {
	for _, c := range []struct {
		text  string
		kind  Kind
		asked []string
	}{
		{"мой телефон +7 916 123-45-67", PHONE, []string{"89161234567", "8 (916) 123 45 67", "+79161234567"}},
		{"телефон восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь", PHONE, []string{"+7 916 123-45-67"}},
		{"пишите на Marina.K@Example.ru", EMAIL, []string{"marina.k@example.ru"}},
		{"почта марина точка ка собака яндекс точка ру", EMAIL, []string{"marina.k@yandex.ru"}},
		{"ИНН 5001 0073 2259", INN, []string{"500100732259"}},
	} {
		r, err := New(nil).Conversation(context.Background(), Conversation{Turns: []Turn{{"client", c.text}}})
		require.NoError(t, err)
		entries, err := r.Mapping.Index(context.Background(), plain{}, c.kind, PERSON)
		require.NoError(t, err)
		require.Len(t, entries, 1, c.text)
		for _, asked := range c.asked {
			assert.Equal(t, entries[0], string(c.kind)+"="+Canonical(c.kind, asked), c.text)
		}
		_, err = r.Mapping.Index(context.Background(), broken{}, c.kind)
		assert.ErrorIs(t, err, errBroken)
	}
}

type plain struct{}

func (plain) Token(_ context.Context, kind, value string) (string, error) {
	return kind + "=" + value, nil
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Token(context.Context, string, string) (string, error) { return "", errBroken }
