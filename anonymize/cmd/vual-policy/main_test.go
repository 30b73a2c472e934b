package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize/policy"
)

const shop = "../../policy/testdata/valid/shop.yaml"

// call runs the command and gives its status and what it wrote.
func call(t *testing.T, in string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(args, strings.NewReader(in), &o, &e, false)
	return status, o.String(), e.String()
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestTest(t *testing.T) {
	status, out, errs := call(t, "", "test", shop)
	assert.Equal(t, 0, status, errs)
	assert.Equal(t, "3 recognizers, 7 examples, 0 failures\n", out)
	status, out, _ = call(t, "", "test", "preset:calls", shop)
	assert.Equal(t, 0, status, out)
	bad := file(t, "version: 1\nname: x\nrecognizers:\n  - name: a\n    kind: A\n    words: [Заря]\n    finds: [\"В [[A:Заре]].\"]\n")
	status, out, _ = call(t, "", "test", bad)
	assert.Equal(t, 1, status)
	assert.Equal(t, bad+":7:13: recognizer a: something else is found\n\tgot  В Заре.\n\twant В [[A:Заре]].\n1 recognizers, 1 examples, 1 failures\n", out)
	broken := file(t, "version: 1\nname: x\nlables: ru\n")
	status, out, errs = call(t, "", "test", broken)
	assert.Equal(t, 1, status)
	assert.Empty(t, out)
	assert.Equal(t, "vual-policy: "+broken+": policy: 3:1: unknown key \"lables\"\n", errs)
	withKeys := file(t, "version: 1\nname: x\nkinds: {PHONE: hash, EMAIL: tokenize}\n")
	status, _, errs = call(t, "", "test", withKeys)
	assert.Equal(t, 0, status, "keys are the program's, not the command's: %s", errs)
}

func TestLint(t *testing.T) {
	for _, name := range policy.PresetNames() {
		status, out, _ := call(t, "", "lint", "preset:"+name)
		assert.Equal(t, 0, status)
		assert.Empty(t, out, name)
	}
	name := file(t, `version: 1
name: x
min_score: 0.95
kinds: {IP: keep, PHONE: {min_score: 0.1}, EMAIL: {min_score: 0.95}, CARD: {operator: mask}}
allow: [одно]
deny: {A: [одно]}
restore: {desk: {kinds: [CVV, CARD], everywhere: true}}
gateway: {training: [openai]}
patterns: {on_timeout: pass}
recognizers:
  - {name: short, kind: B, digits: ["####"], finds: ["[[B:1234]]"], ignores: ["123"]}
  - {name: all, kind: C, pattern: '\w*'}
`)
	status, out, _ := call(t, "", "lint", name)
	assert.Equal(t, 0, status)
	var places []string
	for line := range strings.Lines(out) {
		place, _, _ := strings.Cut(strings.TrimPrefix(line, name+":"), ": ")
		path, _, _ := strings.Cut(strings.TrimPrefix(line, name+":"+place+": "), ":")
		places = append(places, place+" "+path)
	}
	assert.Equal(t, []string{
		"4:51 kinds.EMAIL", "4:13 kinds.IP", "4:26 kinds.PHONE", "3:12 min_score", "5:9 allow[0]",
		"7:26 restore.desk.kinds[0]", "7:31 restore.desk.kinds[1]", "7:17 restore.desk", "8:10 gateway", "8:22 gateway.training[0]",
		"9:24 patterns.on_timeout", "11:37 recognizers[0].digits[0]", "12:5 recognizers[1]", "12:35 recognizers[1].pattern",
	}, places, out)
}

const text = "Клиент: это Орлов Кирилл,\n<b>8 919 240-15-86</b> & ip 10.0.0.1\n"

func TestExplain(t *testing.T) {
	status, out, _ := call(t, text, "explain", "-missed", "-policy", "preset:calls", "-policy", shop)
	assert.Equal(t, 0, status)
	assert.Equal(t, `Клиент: это [[PERSON:Орлов Кирилл]],
<b>[[PHONE:8 919 240-15-86]]</b> & ip 10.0.0.1

PERSON  Орлов Кирилл
  1:13  score 0.85  rule person/agreement
  - the parts of a name agree in case and sex

PHONE  8 919 240-15-86
  2:4  score 0.85  rule phone/ru
  - a number of the Russian plan with 7 or 8

IP  10.0.0.1
  2:29  score 0.97  rule ip/v4
  - ip/v4
  - a word for ip stands 1 before
  - not masked: the kind is off
`, out)
	status, out, _ = call(t, "ДГ-1187/26", "explain", "-policy", shop)
	assert.Equal(t, 0, status)
	assert.Contains(t, out, "rule policy/contract\n  - recognizer contract: numbers of our contracts\n")
	_, out, _ = call(t, "a\x1b[2Jb\u202ec", "explain")
	assert.NotContains(t, out, "\x1b")
	assert.NotContains(t, out, "\u202e")

	var o, e bytes.Buffer
	run([]string{"explain"}, strings.NewReader(text), &o, &e, true)
	assert.Contains(t, o.String(), "<b>"+found+"8 919 240-15-86"+reset+"</b>")
}

func TestColours(t *testing.T) {
	f, err := os.Open(os.DevNull) // a device, as a terminal is
	require.NoError(t, err)
	defer f.Close()
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	assert.True(t, hasColours(f))
	t.Setenv("NO_COLOR", "1")
	assert.False(t, hasColours(f))
	t.Setenv("NO_COLOR", "")
	plain, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer plain.Close()
	assert.False(t, hasColours(plain))
}

func TestHTML(t *testing.T) {
	status, out, errs := call(t, text+`"><script>alert(1)</script>`, "html", "-policy", "preset:calls", "-policy", shop)
	assert.Equal(t, 0, status)
	assert.Contains(t, errs, "personal data")
	assert.Contains(t, out, `&lt;b&gt;<mark class="c`)
	assert.Contains(t, out, "8 919 240-15-86<small>PHONE</small>")
	assert.Contains(t, out, "not masked: the kind is off")
	assert.Contains(t, out, `&lt;script&gt;alert(1)`)
	assert.NotContains(t, out, "<script")
	for _, outside := range []string{"http://", "https://", "src=", "url(", "@import"} {
		assert.NotContains(t, out, outside, "the page is whole by itself")
	}
	_, out, _ = call(t, "Добрый день", "html")
	assert.Contains(t, out, "<p>Nothing.</p>")
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"nosuch"}, {"test"}, {"lint"}, {"explain", "x"}, {"explain", "-nosuch"}, {"schema", "x"}} {
		status, out, errs := call(t, "", args...)
		assert.Equal(t, 2, status, args)
		assert.Empty(t, out)
		assert.Contains(t, errs, "usage: vual-policy")
	}
	status, _, errs := call(t, "", "explain", "-h")
	assert.Equal(t, 0, status)
	assert.Contains(t, errs, "-policy")
	status, out, _ := call(t, "", "schema")
	assert.Equal(t, 0, status)
	assert.Equal(t, policy.Schema(), out)
	for in, want := range map[string]string{"\xff": "not UTF-8", strings.Repeat("a", maxText+1): "longer than"} {
		status, out, errs = call(t, in, "explain")
		assert.Equal(t, 1, status)
		assert.Empty(t, out)
		assert.Contains(t, errs, want)
	}
	assert.Equal(t, 1, run([]string{"schema"}, nil, brokenPipe{}, &bytes.Buffer{}, false))
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
