package tokenize

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the keyed vectors of testdata/tokens.json anew")

// vectors is testdata/tokens.json. The grammar and the normal forms in it are
// written by hand; what is keyed is written by -update and agrees with
// testdata/check_tokens.py, a second implementation.
type vectors struct {
	Comment    string            `json:"comment"`
	Valid      []tokenVector     `json:"valid"`
	Invalid    []string          `json:"invalid"`
	Find       []findVector      `json:"find"`
	Normalize  []normalVector    `json:"normalize"`
	Secrets    map[string]string `json:"secrets"`
	Opaque     []keyedVector     `json:"opaque"`
	Reversible []keyedVector     `json:"reversible"`
	Index      []indexVector     `json:"index"`
	Format     []formatVector    `json:"format"`
}

type tokenVector struct {
	Text    string `json:"text"`
	Form    string `json:"form"`
	Kind    string `json:"kind"`
	Noun    string `json:"noun,omitempty"`
	Number  int    `json:"number,omitempty"`
	Version uint32 `json:"version,omitempty"`
	Body    string `json:"body,omitempty"`
}

type findVector struct {
	Text   string `json:"text"`
	Tokens []struct {
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	} `json:"tokens"`
}

type normalVector struct {
	Normalizer Normalizer `json:"normalizer"`
	In         string     `json:"in"`
	Out        string     `json:"out"`
}

type scopeVector struct {
	Tenant       string `json:"tenant,omitempty"`
	Conversation string `json:"conversation,omitempty"`
}

func (s scopeVector) scope() Scope {
	switch {
	case s.Conversation != "":
		return Conversation(s.Tenant, s.Conversation)
	case s.Tenant != "":
		return Tenant(s.Tenant)
	}
	return Global()
}

type keyedVector struct {
	Scope   scopeVector `json:"scope"`
	Version uint32      `json:"version"`
	Kind    string      `json:"kind"`
	Value   string      `json:"value"`
	Token   string      `json:"token"`
}

type indexVector struct {
	Scope        scopeVector `json:"scope"`
	Version      uint32      `json:"version"`
	Field        string      `json:"field"`
	Normalizer   Normalizer  `json:"normalizer"`
	Rows         int64       `json:"rows"`
	Distinct     int64       `json:"distinct"`
	Coincidences int64       `json:"coincidences"`
	Value        string      `json:"value"`
	Bits         int         `json:"bits"`
	Entry        string      `json:"entry"`
}

type formatVector struct {
	Scope   scopeVector `json:"scope"`
	Version uint32      `json:"version"`
	Shape   string      `json:"shape"`
	Value   string      `json:"value"`
	Text    string      `json:"text"`
}

const vectorFile = "testdata/tokens.json"

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile(vectorFile)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var v vectors
	require.NoError(t, d.Decode(&v))
	return v
}

func (v vectors) ring(t *testing.T, active uint32) *Keyring {
	t.Helper()
	secrets := map[uint32][]byte{}
	for version, secret := range v.Secrets {
		n, err := strconv.ParseUint(version, 10, 32)
		require.NoError(t, err)
		secrets[uint32(n)] = unhex(t, secret)
	}
	ring, err := NewKeyring(active, secrets)
	require.NoError(t, err)
	return ring.AllowGlobal()
}

var formNames = map[Form]string{
	FormLabel: "label", FormNumber: "number", FormVault: "vault", FormOpaque: "opaque", FormReversible: "reversible",
}

func TestVectorsGrammar(t *testing.T) {
	v := readVectors(t)
	forms := map[string]bool{}
	for _, row := range v.Valid {
		tok, ok := Parse(row.Text)
		require.True(t, ok, row.Text)
		require.Equal(t, row, tokenVector{row.Text, formNames[tok.Form], tok.Kind, tok.Noun, tok.Number, tok.Version, hex.EncodeToString(bodyBytes(tok.Body))})
		require.Equal(t, row.Text, tok.String())
		forms[row.Form] = true
	}
	require.Len(t, forms, len(formNames), "every form has a vector")
	for _, text := range v.Invalid {
		tok, ok := Parse(text)
		require.False(t, ok, "%q", text)
		require.Equal(t, Token{}, tok, "%q", text)
	}
	for _, row := range v.Find {
		matches := AppendMatches(nil, row.Text)
		require.Len(t, matches, len(row.Tokens), row.Text)
		for i, m := range matches {
			require.Equal(t, row.Tokens[i].Start, m.Start, row.Text)
			require.Equal(t, row.Tokens[i].End, m.End, row.Text)
			require.Equal(t, row.Tokens[i].Text, m.Token.String())
		}
	}
}

func TestVectorsNormalize(t *testing.T) {
	rules := map[Normalizer]bool{}
	for _, row := range readVectors(t).Normalize {
		got, err := row.Normalizer.Fold(row.In)
		require.NoError(t, err, "%s %q", row.Normalizer, row.In)
		require.Equal(t, row.Out, got, "%s %q", row.Normalizer, row.In)
		rules[row.Normalizer] = true
	}
	require.Len(t, rules, len(foldings), "every rule has a vector")
}

func TestVectorsKeyed(t *testing.T) {
	v := readVectors(t)
	want := readVectors(t)
	for i := range v.Opaque {
		row := &v.Opaque[i]
		o, err := NewOpaque(v.ring(t, row.Version), row.Scope.scope(), nil)
		require.NoError(t, err)
		row.Token, err = o.Token(ctx, row.Kind, row.Value)
		require.NoError(t, err)
	}
	for i := range v.Reversible {
		row := &v.Reversible[i]
		r, err := NewReversible(v.ring(t, row.Version), row.Scope.scope())
		require.NoError(t, err)
		row.Token, err = r.Token(ctx, row.Kind, row.Value)
		require.NoError(t, err)
		back, err := r.Detokenize(row.Token)
		require.NoError(t, err)
		require.Equal(t, row.Value, back.Reveal())
	}
	for i := range v.Index {
		row := &v.Index[i]
		x, err := NewIndex(v.ring(t, row.Version), row.Scope.scope(), IndexOptions{
			Field: row.Field, Normalizer: row.Normalizer, Rows: row.Rows, Distinct: row.Distinct, Coincidences: row.Coincidences,
		})
		require.NoError(t, err)
		row.Bits = x.Bits()
		row.Entry, err = x.Entry(row.Value)
		require.NoError(t, err)
	}
	shapesSeen := map[string]bool{}
	for i := range v.Format {
		row := &v.Format[i]
		f := namedFormat(t, v.ring(t, row.Version), row.Scope.scope(), row.Shape)
		text, version, err := f.Encrypt(row.Value)
		require.NoError(t, err, row.Value)
		require.Equal(t, row.Version, version)
		row.Text = text
		back, err := f.Decrypt(version, text)
		require.NoError(t, err, row.Value)
		require.Equal(t, row.Value, back.Reveal())
		shapesSeen[row.Shape] = true
	}
	require.Len(t, shapesSeen, len(shapes), "every shape has a vector")
	if *update {
		writeVectors(t, v)
		return
	}
	require.Equal(t, want, v)
}

func namedFormat(t testing.TB, ring *Keyring, scope Scope, name string) *Format {
	t.Helper()
	for _, s := range shapes {
		if s.name == name {
			f, err := NewFormat(ring, scope, s.id)
			require.NoError(t, err)
			return f
		}
	}
	t.Fatalf("no shape %q", name)
	return nil
}

func writeVectors(t *testing.T, v vectors) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(v))
	require.NoError(t, os.WriteFile(vectorFile, out.Bytes(), 0o644))
}

// The script is an implementation of docs/formats/tokens.md in another
// language. Without the Python package cryptography it checks what needs no
// AES and says so.
func TestVectorsInPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	out, err := exec.CommandContext(t.Context(), python, "testdata/check_tokens.py", vectorFile).CombinedOutput()
	t.Logf("%s", out)
	require.NoError(t, err)
}
