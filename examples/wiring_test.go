package examples

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/audit"
	"github.com/syntora/vual/crypto"
	"github.com/syntora/vual/tokenize"
)

// The packages know nothing of each other. Here they meet: what one makes satisfies what another asks for.
var (
	_ tokenize.Sealer     = (*crypto.Sealer)(nil).Bind(crypto.Context{})
	_ audit.Sealer        = (*crypto.Sealer)(nil).Bind(crypto.Context{})
	_ anonymize.Tokenizer = (*tokenize.Vault)(nil)
	_ anonymize.Tokenizer = (*tokenize.Opaque)(nil)
	_ anonymize.Tokenizer = (*tokenize.Reversible)(nil)
)

const module = "github.com/syntora/vual/"

var topLevel = []string{"anonymize", "tokenize", "crypto", "retention", "audit"}

// TestImports holds the rule that no top-level package, with all below it, links another.
func TestImports(t *testing.T) {
	for _, top := range topLevel {
		packages := goList(t, "{{.ImportPath}}", module+top+"/...")
		require.NotEmpty(t, packages, top)
		for _, dep := range goList(t, "{{.ImportPath}}", append([]string{"-deps"}, packages...)...) {
			rest, ours := strings.CutPrefix(dep, module)
			name, _, _ := strings.Cut(rest, "/")
			assert.False(t, ours && name != top, "%s links %s", top, dep)
		}
	}
}

// TestThirdParty holds package anonymize to what it may link, and the packages of policies, which need more.
func TestThirdParty(t *testing.T) {
	for _, dep := range goList(t, "{{with .Module}}{{.Path}}{{end}}", "-deps", module+"anonymize", module+"anonymize/transcript") {
		assert.Contains(t, []string{"", "github.com/syntora/vual", "golang.org/x/text"}, dep)
	}
	for _, dep := range goList(t, "{{with .Module}}{{.Path}}{{end}}", "-deps", module+"anonymize/policy") {
		assert.Contains(t, []string{"", "github.com/syntora/vual", "golang.org/x/text", "github.com/goccy/go-yaml", "github.com/dlclark/regexp2/v2"}, dep)
	}
}

func goList(t *testing.T, format string, args ...string) []string {
	out, err := exec.Command("go", append([]string{"list", "-f", format}, args...)...).Output()
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestStart builds a program that links all packages and holds them to doing nothing before main.
func TestStart(t *testing.T) {
	program := filepath.Join(t.TempDir(), "start.exe")
	out, err := exec.Command("go", "build", "-o", program, "./testdata/start").CombinedOutput()
	require.NoError(t, err, string(out))
	run := exec.Command(program)
	run.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := run.CombinedOutput()
	require.NoError(t, err)
	require.Contains(t, string(trace), "init runtime ", "the trace is there")
	for line := range strings.Lines(string(trace)) {
		assert.NotContains(t, line, module)
	}
}

// TestTokenGrammar holds the labels that package anonymize gives to the grammar that package tokenize reads.
func TestTokenGrammar(t *testing.T) {
	for _, language := range []anonymize.Language{anonymize.English, anonymize.Russian} {
		a := anonymize.New(&anonymize.Options{Labels: language})
		r, err := a.Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{
			{Speaker: "agent", Text: "Меня зовут Антон Грибов, компания «Свежий ветер». Как вас записать?"},
			{Speaker: "client", Text: "Прохоров Денис Олегович, 8 919 240-15-86, d.prohorov@example.com, ИНН 500100732259."},
			{Speaker: "client", Text: "Карта 4277 1360 0925 5183, 03/29, паспорт 45 17 902846, счёт 40702810910000641827, БИК 044525974."},
		}})
		require.NoError(t, err)
		seen := map[string]bool{}
		for _, turn := range r.Turns {
			for _, s := range turn.Spans {
				token, ok := tokenize.Parse(s.Token)
				assert.True(t, ok, s.Token)
				assert.Equal(t, string(s.Kind), token.Kind)
				assert.Equal(t, s.Token, token.String())
				seen[token.Kind] = true
			}
		}
		assert.GreaterOrEqual(t, len(seen), 5)
	}
}

// TestTokensStay takes every token that the grammar lists through package anonymize: it stays as it is, and a
// numbered one is never given again.
func TestTokensStay(t *testing.T) {
	data, err := os.ReadFile("../tokenize/testdata/tokens.json")
	require.NoError(t, err)
	var vectors struct {
		Valid []struct{ Text, Form, Kind string }
	}
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.NotEmpty(t, vectors.Valid)
	a := anonymize.New(nil)
	for _, v := range vectors.Valid {
		text := "Вот что осталось: " + v.Text + ", и больше ничего."
		m, err := a.Session(nil).Anonymize(t.Context(), anonymize.Turn{Speaker: "client", Text: text})
		require.NoError(t, err)
		assert.Equal(t, text, m.Text, v.Form)
	}
	s := a.Session(nil)
	_, err = s.Anonymize(t.Context(), anonymize.Turn{Text: "Он писал [PHONE_1], [PHONE_2] и [PHONE:v1:bcdfghjkmnpqrstvbcdfghjkmnpqrs]."})
	require.NoError(t, err)
	m, err := s.Anonymize(t.Context(), anonymize.Turn{Text: "Телефон 8 919 240-15-86."})
	require.NoError(t, err)
	assert.Equal(t, "Телефон [PHONE_3].", m.Text)
}

// TestHashToken: what anonymize.Hash writes is of the grammar.
func TestHashToken(t *testing.T) {
	a := anonymize.New(&anonymize.Options{Operator: anonymize.Hash(slices.Repeat([]byte{7}, 32))})
	m, err := a.Session(nil).Anonymize(t.Context(), anonymize.Turn{Speaker: "client", Text: "Звоните на 8 919 240-15-86."})
	require.NoError(t, err)
	require.Len(t, m.Spans, 1)
	parsed, ok := tokenize.Parse(m.Spans[0].Token)
	assert.True(t, ok, m.Text)
	assert.Equal(t, tokenize.FormOpaque, parsed.Form)
}

// TestVaultToken masks with tokens of the other package. What it gave stays when it is masked again.
func TestVaultToken(t *testing.T) {
	ring, err := tokenize.NewKeyring(1, map[uint32][]byte{1: slices.Repeat([]byte{7}, 32)})
	require.NoError(t, err)
	opaque, err := tokenize.NewOpaque(ring, tokenize.Tenant("romashka"), nil)
	require.NoError(t, err)
	mask := func(text string) string {
		a := anonymize.New(&anonymize.Options{Operators: map[anonymize.Kind]anonymize.Operator{"PHONE": anonymize.Tokenize(opaque)}})
		m, err := a.Session(nil).Anonymize(context.Background(), anonymize.Turn{Speaker: "client", Text: text})
		require.NoError(t, err)
		return m.Text
	}
	once := mask("Звоните на 8 919 240-15-86.")
	token := strings.TrimSuffix(strings.TrimPrefix(once, "Звоните на "), ".")
	parsed, ok := tokenize.Parse(token)
	assert.True(t, ok, once)
	assert.Equal(t, "PHONE", parsed.Kind)
	assert.Equal(t, once, mask(once))
	assert.Equal(t, once, mask("Звоните на "+"+7 (919) 240 15 86."), "however it is written")
}
