package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

// Values of a policy's own kinds live in a conversation like all others: one token for one value however it is written,
// a way back by purpose, Undo byte for byte.
func TestOwnKindsInConversations(t *testing.T) {
	p := mustLoad(t, head+`labels: ru
restore: {crm: {kinds: [CONTRACT, BADGE]}, client: {kinds: ["*"]}}
deny: {PERSON: [Баклан], ADDRESS: [Синий дом]}
recognizers:
  - {name: contract, kind: CONTRACT, pattern: '(?i)ДГ-\d{4}'}
  - {name: badge, kind: BADGE, digits: ["77 ## ##"]}
  - {name: nick, kind: PERSON, words: [Кнопка], forms: true}
`)
	turns := []anonymize.Turn{
		{Speaker: "client", Text: "Договор ДГ-1187, пропуск 77-12-30, Баклан из Синего дома, Синий дом."},
		{Speaker: "agent", Text: "Договор дг-1187? Пропуск семьдесят семь двенадцать тридцать? С Кнопкой и Баклан. У Кнопки."},
		{Speaker: "client", Text: "ДГ-1188"},
	}
	r, err := p.Conversation(t.Context(), anonymize.Conversation{Turns: turns})
	require.NoError(t, err)
	var texts []string
	for i, turn := range r.Turns {
		texts = append(texts, turn.Text)
		back, err := r.Mapping.Undo(i, turn.Text)
		require.NoError(t, err)
		assert.Equal(t, turns[i].Text, back)
	}
	assert.Equal(t, []string{
		"Договор [CONTRACT_1], пропуск [BADGE_1], Человек А из Синего дома, [ADDRESS_1].",
		"Договор [CONTRACT_1]? Пропуск [BADGE_1]? С Человек Б и Человек А. У Человек Б.",
		"[CONTRACT_2]",
	}, texts)
	for purpose, want := range map[string]string{
		"crm":    "Человек А, ДГ-1187, 77-12-30 и [CONTRACT_9]",
		"client": "Баклан, [CONTRACT_1], [BADGE_1] и [CONTRACT_9]",
	} {
		opts, err := p.RestoreOptions(purpose)
		require.NoError(t, err)
		back, err := r.Mapping.RestoreWith("Человек А, [CONTRACT_1], [BADGE_1] и [CONTRACT_9]", opts)
		require.NoError(t, err)
		assert.Equal(t, want, back.Text(), purpose)
		assert.Equal(t, []string{"[CONTRACT_9]"}, back.Unknown())
	}
}

// The hash of an own kind's number is that of its digits, however they were written.
func TestOwnKindHashed(t *testing.T) {
	doc, err := Parse([]byte(head + "kinds: {BADGE: hash}\nrecognizers: [{name: badge, kind: BADGE, digits: ['77 ## ##']}]\n"))
	require.NoError(t, err)
	p, err := New(doc, &Options{HashKey: make([]byte, 32)})
	require.NoError(t, err)
	tokens := map[string]bool{}
	for _, text := range []string{"77-12-30", "771230", "семьдесят семь двенадцать тридцать"} {
		m, err := p.Session().Anonymize(t.Context(), anonymize.Turn{Text: text})
		require.NoError(t, err)
		require.Len(t, m.Spans, 1)
		tokens[m.Spans[0].Token] = true
	}
	assert.Len(t, tokens, 1, tokens)
}
