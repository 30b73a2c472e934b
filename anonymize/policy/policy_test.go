package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

// mustLoad compiles a YAML text.
func mustLoad(t testing.TB, text string) *Policy {
	t.Helper()
	p, err := newPolicy(text, nil)
	require.NoError(t, err)
	return p
}

func newPolicy(text string, opts *Options) (*Policy, error) {
	doc, err := Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return New(doc, opts)
}

const head = "version: 1\nname: x\n"

type fakeTokens struct{}

func (fakeTokens) Token(_ context.Context, kind, _ string) (string, error) {
	return "[" + kind + ":v1:bcdfghjkmnpqrstvbcdfghjkmnpqrs]", nil
}

// Every file of testdata/valid compiles, its examples hold, and the schema takes it; of every file of testdata/invalid the
// first line says what is wrong, and whether the schema sees it too.
func TestDocuments(t *testing.T) {
	s := newSchema(t)
	opts := &Options{HashKey: make([]byte, 32), Tokenizer: fakeTokens{}}
	valid, err := filepath.Glob("testdata/valid/*")
	require.NoError(t, err)
	require.NotEmpty(t, valid)
	for _, name := range PresetNames() {
		valid = append(valid, "preset:"+name)
	}
	for _, name := range valid {
		p, err := Load([]string{name}, opts)
		require.NoError(t, err, name)
		assert.Empty(t, p.Test(), name)
		data, err := read(name)
		require.NoError(t, err)
		n, err := parse(data)
		require.NoError(t, err)
		assert.NoError(t, s.check(n.plain()), name)
		asJSON := p.p.doc.canonical()
		again, err := Parse(asJSON)
		require.NoError(t, err, name)
		assert.Equal(t, string(asJSON), string(again.canonical()), "YAML and JSON are one policy")
		n, err = parse(asJSON)
		require.NoError(t, err)
		assert.NoError(t, s.check(n.plain()), name)
	}
	invalid, err := filepath.Glob("testdata/invalid/*")
	require.NoError(t, err)
	require.NotEmpty(t, invalid)
	for _, name := range invalid {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		first, _, _ := strings.Cut(string(data), "\n")
		want, schemaSees := strings.CutPrefix(strings.TrimPrefix(first, "# "), "schema too: ")
		_, err = Load([]string{name}, opts)
		assert.ErrorContains(t, err, want, name)
		assert.ErrorContains(t, err, filepath.Base(name)+": policy: ", name)
		if n, err := parse(data); err == nil && schemaSees {
			assert.Error(t, s.check(n.plain()), name)
		} else if err == nil {
			assert.NoError(t, s.check(n.plain()), name)
		}
	}
}

func TestErrorsHavePlaces(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"version: 1\nversion: 2", `2:1: key "version" twice`},
		{"\"a\": 1\na: 2", `2:1: key "a" twice`},
		{head + "knids: {}\n", `3:1: unknown key "knids"`},
		{head + "kinds:\n  PHONE: {operater: off}\n", `4:11: kinds.PHONE: unknown key "operater"`},
		{head + "recognizers:\n  - name: a\n    kind: A\n    patern: x\n", `6:5: recognizers[0]: unknown key "patern"`},
		{head + "recognizers:\n  - name: a\n    kind: A\n    pattern: '(?<x'\n", `6:14: recognizers[0].pattern: not a pattern: `},
		{head + "kinds:\n  PHNE: off\n", "4:9: kinds.PHNE: no rule finds this kind"},
		{head + "strict: yes please", "3:9: strict: true or false"},
		{head + "min_score: 50%", "3:12: min_score: a number is wanted"},
		{head + "min_score: 1.5", "3:12: min_score: 0 to 1"},
		{head + "max_entities: 1.5", "3:15: max_entities: a whole number is wanted"},
		{head + "max_entities: 0x10", "3:15: a plain decimal number"},
		{head + "min_score: .inf", "only mappings"},
		{head + "min_score: .5", "a plain decimal number"},
		{head + "allow: 5", "3:8: allow: a list is wanted"},
		{head + "deny: []", "3:7: deny: an object is wanted"},
		{head + "name: 5", `3:1: key "name" twice`},
		{"version: one\nname: x", "1:10: version: a whole number is wanted"},
		{"name: x", "version: 1 is wanted"},
		{"version: 1", "name: a name is wanted"},
		{"a: &x 1\nb: *x", "1:4: only mappings"},
		{"a: !!int 1", "1:4: only mappings"},
		{"<<: {a: b}", "1:1: a key"},
		{"1: b", "1:1: a key"},
		{"version: 1\n---\nversion: 1", "one YAML document"},
		{"", "one YAML document"},
		{"# nothing", "one YAML document"},
		{"- a", "1:1: an object is wanted"},
		{"version:", "1:10: version: a whole number is wanted"},
		{"a: 'x\n", "1:4: not YAML"},
		{"{\"version\": 1,\n \"nme\": \"x\"}", `2:2: unknown key "nme"`},
		{"{\"version\": 1,\n \"version\": 1}", `2:2: key "version" twice`},
		{"{\"name\": \"a\\\"b\", \"labels\": 5}", `1:28: labels: a string is wanted`},
		{"{\"version\": 1,}", "not JSON"},
		{"{} {}", "1:4: something follows"},
		{"{\"a\":\"\xff\"}", "not UTF-8"},
	} {
		_, err := newPolicy(c.text, nil)
		if !assert.ErrorContains(t, err, c.want, c.text) {
			continue
		}
		if de := (*DocumentError)(nil); !errors.As(err, &de) || de.Line < 1 || de.Column < 1 {
			t.Errorf("%q: no place in %v", c.text, err)
		}
	}
}

// What would make a parser work or remember without end is refused before or while it does.
func TestBombs(t *testing.T) {
	bombs := map[string]string{
		"brackets":    "a: " + strings.Repeat("[", 5000),
		"braces":      "a: " + strings.Repeat("{a: ", 5000),
		"nested":      "a: " + strings.Repeat("[", 40) + strings.Repeat("]", 40),
		"json nested": `{"a": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
		"json deep":   `{"a": ` + strings.Repeat("[", 200_000),
		"laughs":      "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]",
		"long YAML":   "# " + strings.Repeat("x", maxYAML),
		"long JSON":   "{" + strings.Repeat(" ", maxJSON),
		"many values": `{"allow": [` + strings.Repeat(`"",`, maxNodes) + `""]}`,
		"indented":    strings.Repeat(" ", 10) + strings.Repeat("- ", 40) + "a",
	}
	for name, text := range bombs {
		_, err := newPolicy(text, nil)
		assert.Error(t, err, name)
	}
	_, err := newPolicy(head+"allow: ['"+strings.Repeat("x", maxText+1)+"']", nil)
	assert.ErrorContains(t, err, "allow[0]: a text of 1 to")
}

func TestKinds(t *testing.T) {
	text := "Прохоров Денис, 8 919 240-15-86, d.prohorov@example.com, карта 4277 1360 0925 5183, ip 10.0.0.1"
	mask := func(p *Policy) string {
		m, err := p.Session().Anonymize(t.Context(), anonymize.Turn{Speaker: "client", Text: text})
		require.NoError(t, err)
		return m.Text
	}
	for _, c := range []struct{ text, want string }{
		{"", "Customer A, [PHONE_1], [EMAIL_1], карта [CARD_1], ip [IP_1]"},
		{"labels: ru", "Клиент А, [PHONE_1], [EMAIL_1], карта [CARD_1], ip [IP_1]"},
		{"kinds: {IP: off, PERSON: off}", "Прохоров Денис, [PHONE_1], [EMAIL_1], карта [CARD_1], ip 10.0.0.1"},
		{"kinds: {'*': off, CARD: {operator: mask, visible: 4}}", "Прохоров Денис, 8 919 240-15-86, d.prohorov@example.com, карта **** **** **** 5183, ip 10.0.0.1"},
		{"kinds: {'*': redact, PHONE: label, IP: keep}", "[PERSON], [PHONE_1], [EMAIL], карта [CARD], ip 10.0.0.1"},
		{"kinds: {'*': off, IP: {min_score: 0.99}}", text},
		{"kinds: {'*': off}", text},
		{"kinds: {'*': off}\ndeny: {NAME: [прохоров]}", "[NAME_1] Денис, 8 919 240-15-86, d.prohorov@example.com, карта 4277 1360 0925 5183, ip 10.0.0.1"},
		{"allow: [8 919 240-15-86, D.Prohorov@example.com]", "Customer A, 8 919 240-15-86, d.prohorov@example.com, карта [CARD_1], ip [IP_1]"},
		{"min_score: 0.98", "Прохоров Денис, 8 919 240-15-86, d.prohorov@example.com, карта [CARD_1], ip 10.0.0.1"},
		{"roster: [{role: customer, name: Денис Прохоров}]", "Customer A, [PHONE_1], [EMAIL_1], карта [CARD_1], ip [IP_1]"},
	} {
		assert.Equal(t, c.want, mask(mustLoad(t, head+c.text)), c.text)
	}
	p, err := newPolicy(head+"kinds: {PHONE: hash, EMAIL: tokenize, '*': off}", &Options{HashKey: make([]byte, 32), Tokenizer: fakeTokens{}})
	require.NoError(t, err)
	assert.Regexp(t, `^Прохоров Денис, \[PHONE:[a-z0-9:]+\], \[EMAIL:v1:[a-z]+\], карта 4277`, mask(p))
	c := anonymize.Conversation{Turns: []anonymize.Turn{{Speaker: "client", Text: "это Орлов"}}, Participants: []anonymize.Participant{{Role: anonymize.Customer, Name: "Орлов Илья"}}}
	r, err := mustLoad(t, head+"labels: ru\nroster: [{role: agent, name: Анна Белова}]").Conversation(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, "это Клиент А", r.Turns[0].Text)
	assert.Len(t, c.Participants, 1)
}

func TestStrict(t *testing.T) {
	text := "Заказ 123456789."
	for doc, want := range map[string]string{"": text, "strict: true": "Заказ [NUMBER_1].", "strict: true\nkinds: {'*': off}": "Заказ [NUMBER_1]."} {
		m, err := mustLoad(t, head+doc).Session().Anonymize(t.Context(), anonymize.Turn{Text: text})
		require.NoError(t, err)
		assert.Equal(t, want, m.Text, doc)
	}
}

func TestRestore(t *testing.T) {
	p := mustLoad(t, head+"restore:\n  client: {kinds: ['*']}\n  desk: {kinds: [PHONE, CARD], everywhere: true}\n  analysis: {kinds: []}\n")
	assert.Equal(t, []string{"analysis", "client", "desk"}, p.Purposes())
	r, err := p.Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{{Text: "8 919 240-15-86, карта 4277 1360 0925 5183"}}})
	require.NoError(t, err)
	for purpose, want := range map[string]string{
		"client": "[CARD_1] и 8 919 240-15-86, https://a.example/?q=[CARD_1]",
		"desk":   "4277 1360 0925 5183 и 8 919 240-15-86, https://a.example/?q=4277 1360 0925 5183",
	} {
		opts, err := p.RestoreOptions(purpose)
		require.NoError(t, err)
		back, err := r.Mapping.RestoreWith("[CARD_1] и [PHONE_1], https://a.example/?q=[CARD_1]", opts)
		require.NoError(t, err)
		assert.Equal(t, want, back.Text(), purpose)
		clear(opts.Kinds) // the caller's own
	}
	opts, err := p.RestoreOptions("analysis")
	require.NoError(t, err)
	_, err = r.Mapping.RestoreWith("[CARD_1]", opts)
	assert.ErrorIs(t, err, anonymize.ErrNoKinds)
	_, err = p.RestoreOptions("marketing")
	assert.ErrorIs(t, err, ErrPurpose)
	opts, err = p.RestoreOptions("client")
	require.NoError(t, err)
	assert.Equal(t, []anonymize.Kind{anonymize.EverydayKinds}, opts.Kinds)
}

// Nothing dangerous comes back by "*": payment data, passwords, codes, secrets and documents are named one by one.
func TestEverydayIsNarrow(t *testing.T) {
	p := mustLoad(t, head+"restore: {client: {kinds: ['*']}}\n")
	opts, err := p.RestoreOptions("client")
	require.NoError(t, err)
	everyday := []anonymize.Kind{anonymize.PERSON, anonymize.PHONE, anonymize.EMAIL, anonymize.ADDRESS, anonymize.HANDLE, anonymize.URL_PROFILE, anonymize.PLATE}
	for _, kind := range anonymize.Kinds() {
		if kind == anonymize.TEXT || kind == anonymize.PERSON {
			continue
		}
		q := mustLoad(t, head+"kinds: {'*': off}\ndeny: {"+string(kind)+": [Заветное слово]}")
		r, err := q.Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{{Text: "Вот: заветное слово."}}})
		require.NoError(t, err)
		back, err := r.Mapping.RestoreWith(r.Turns[0].Text, opts)
		require.NoError(t, err)
		assert.Equal(t, slices.Contains(everyday, kind), strings.Contains(back.Text(), "слово"), "%s in %s", kind, r.Turns[0].Text)
	}
}

func TestGateway(t *testing.T) {
	p := mustLoad(t, head+`restore: {client: {kinds: ["*"]}}
gateway:
  purpose: client
  training: [openai]
  regions:
    ru: {hosts: [LLM.api.example, "1.2.3.4"]}
    local: {hosts: [localhost, "::1"], networks: [127.0.0.0/8, "::1/128"]}
`)
	assert.Equal(t, "client", p.GatewayPurpose())
	assert.True(t, p.MayTrain("openai"))
	assert.False(t, p.MayTrain("yandex"))
	for host, want := range map[string]string{"llm.api.example": "ru", "LLM.API.example.": "ru", "1.2.3.4": "ru", "::ffff:1.2.3.4": "ru", "localhost": "local", "[::1]": "local",
		"api.example": "", "a.llm.api.example": "", "llm.api.example:443": "", "": "", "llm.api.example..": "", "fe80::1%eth0": ""} {
		name, ok := p.Region(host)
		assert.Equal(t, want, name, host)
		assert.Equal(t, want != "", ok, host)
	}
	for _, c := range []struct {
		host, addr string
		want       bool
	}{
		{"llm.api.example", "8.8.8.8", true}, {"llm.api.example", "::ffff:8.8.8.8", true}, {"llm.api.example", "2a02:6b8::1", true},
		{"llm.api.example", "127.0.0.1", false}, {"llm.api.example", "10.1.2.3", false}, {"llm.api.example", "169.254.169.254", false},
		{"llm.api.example", "::1", false}, {"llm.api.example", "::ffff:127.0.0.1", false}, {"llm.api.example", "100.64.0.1", false},
		{"llm.api.example", "64:ff9b::7f00:1", false}, {"llm.api.example", "2002:7f00:1::", false}, {"llm.api.example", "fd00::1", false},
		{"llm.api.example", "0.0.0.0", false}, {"llm.api.example", "224.0.0.1", false}, {"llm.api.example", "255.255.255.255", false},
		{"localhost", "127.0.0.1", true}, {"localhost", "::1", true}, {"localhost", "8.8.8.8", false}, {"elsewhere.example", "8.8.8.8", false},
	} {
		assert.Equal(t, c.want, p.MayConnect(c.host, netip.MustParseAddr(c.addr)), "%s %s", c.host, c.addr)
	}
	none := mustLoad(t, head)
	assert.False(t, none.MayTrain("openai"))
	assert.False(t, none.MayConnect("llm.api.example", netip.MustParseAddr("8.8.8.8")))
	assert.Equal(t, "", none.GatewayPurpose())
}

func TestMerge(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	first := write("first.yaml", `version: 1
name: first
strict: true
labels: ru
kinds: {IP: off, PHONE: redact}
allow: [один]
deny: {A: [первое]}
roster: [{name: Анна Белова}]
restore: {client: {kinds: [PHONE]}, desk: {kinds: [CARD]}}
gateway: {purpose: client, regions: {ru: {hosts: [a.example]}}, training: [one]}
recognizers:
  - {name: r, kind: R, words: [старое]}
  - {name: s, kind: S, words: [прочее]}
`)
	second := write("second.yaml", `version: 1
name: second
strict: false
kinds: {PHONE: label}
allow: [два]
deny: {A: [второе], B: [третье]}
roster: [{name: Пётр Лосев}]
restore: {client: {kinds: [EMAIL]}}
gateway: {regions: {eu: {hosts: [b.example]}}, training: [two]}
patterns: {timeout_ms: 5}
recognizers:
  - {name: q, kind: Q, words: [новое]}
  - {name: r, kind: R, words: [свежее]}
`)
	p, err := Load([]string{first, second}, nil)
	require.NoError(t, err)
	no := false
	want := Document{
		Version: 1, Name: "first+second", Strict: &no, Labels: "ru",
		Kinds:       map[string]KindRule{"IP": {Operator: "off"}, "PHONE": {Operator: "label"}},
		Allow:       []string{"один", "два"},
		Deny:        map[string][]string{"A": {"первое", "второе"}, "B": {"третье"}},
		Roster:      []Person{{Name: "Анна Белова"}, {Name: "Пётр Лосев"}},
		Restore:     map[string]Restore{"client": {Kinds: []string{"EMAIL"}}, "desk": {Kinds: []string{"CARD"}}},
		Gateway:     &Gateway{"client", map[string]Region{"ru": {Hosts: []string{"a.example"}}, "eu": {Hosts: []string{"b.example"}}}, []string{"one", "two"}},
		Patterns:    Patterns{TimeoutMS: 5},
		Recognizers: []Recognizer{{Name: "r", Kind: "R", Words: []string{"свежее"}}, {Name: "s", Kind: "S", Words: []string{"прочее"}}, {Name: "q", Kind: "Q", Words: []string{"новое"}}},
	}
	assert.Equal(t, string(want.canonical()), string(p.p.doc.canonical()))
	for _, f := range p.Test() { // places follow their values
		want := map[string]string{"r": "second.yaml:13:5", "s": "first.yaml:13:5", "q": "second.yaml:12:5"}[f.Recognizer]
		assert.Equal(t, want, fmt.Sprintf("%s:%d:%d", filepath.Base(f.File), f.Line, f.Column), f.Recognizer)
	}
	bad := write("bad.yaml", "version: 1\nname: bad\nallow:\n  - три\n  - ' '\n")
	_, err = Load([]string{first, bad}, nil)
	assert.ErrorContains(t, err, "bad.yaml: policy: 5:5: allow[2]: a text")
	_, err = Merge()
	assert.Error(t, err)
	_, err = Load([]string{first, write("v2.yaml", "version: 2\nname: z\n")}, nil)
	assert.ErrorContains(t, err, "two versions")
	_, err = Load([]string{filepath.Join(dir, "nosuch.yaml")}, nil)
	assert.ErrorContains(t, err, "the file does not open")
	_, err = Load([]string{dir}, nil)
	assert.Error(t, err)
	_, err = Load([]string{"preset:nosuch"}, nil)
	assert.ErrorContains(t, err, "no such preset")
}

// The presets say of every kind why it is on, and leave none out by accident.
func TestPresets(t *testing.T) {
	left := map[string][]anonymize.Kind{
		"152-fl": nil, "payments": nil, "calls": {"MAC", "NUMBER"}, "chat": {"NUMBER"},
		"logs": {"ADDRESS", "BIK", "BIRTH_DATE", "KPP", "NUMBER", "PERSON", "PLATE"},
	}
	assert.Len(t, left, len(PresetNames()))
	for _, name := range PresetNames() {
		p, err := Load([]string{"preset:" + name}, nil)
		require.NoError(t, err)
		assert.Equal(t, name, p.Name())
		var out []anonymize.Kind
		for _, kind := range anonymize.Kinds() {
			rule, ok := p.p.doc.Kinds[string(kind)]
			if !ok && kind != anonymize.TEXT {
				out = append(out, kind)
			} else if ok {
				assert.NotEmpty(t, rule.Why, "%s: %s", name, kind)
			}
		}
		assert.Equal(t, left[name], out, name)
		assert.Equal(t, name == "152-fl" || name == "payments", p.Options().Strict, name)
		for _, f := range p.Lint() {
			t.Errorf("%s: %s", name, f)
		}
	}
}

// Policies and documents hold names and phones, and show none.
func TestHides(t *testing.T) {
	p := mustLoad(t, head+"allow: [8 919 240-15-86]\nroster: [{name: Анна Белова}]\ndeny: {X: [Тайна]}\nrecognizers: [{name: a, kind: A, words: [Секрет]}]")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "p", p, "d", p.Document())
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "p", *p)
	nested := struct{ P *Policy }{p}
	all := log.String()
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		all += fmt.Sprintf(format, p) + fmt.Sprintf(format, *p) + fmt.Sprintf(format, nested) + fmt.Sprintf(format, p.Document())
	}
	for _, secret := range []string{"919", "Анна", "Тайна", "Секрет"} {
		assert.NotContains(t, all, secret)
	}
	_, err := newPolicy(head+"labels: Анна Белова", nil)
	assert.NotContains(t, err.Error(), "Анна")
	_, err = newPolicy(head+"recognizers: [{name: a, kind: A, pattern: 'Анна('}]", nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "Анна")
}

func TestHash(t *testing.T) {
	a, b := mustLoad(t, head+"kinds: {IP: off, PHONE: off}"), mustLoad(t, "{\"name\": \"x\", \"kinds\": {\"PHONE\": {\"operator\": \"off\"}, \"IP\": \"off\"}, \"version\": 1}")
	assert.Equal(t, a.Hash(), b.Hash())
	assert.NotEqual(t, a.Hash(), mustLoad(t, head+"kinds: {IP: off}").Hash())
}

// The schema names exactly the keys that the documents have, and stands in docs too.
func TestSchemaKeys(t *testing.T) {
	var s struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal([]byte(Schema()), &s))
	for name, c := range map[string]struct {
		keys map[string]any
		of   any
	}{
		"document": {s.Properties, Document{}}, "kindRule": {s.Defs["kindRule"].Properties, KindRule{}}, "person": {s.Defs["person"].Properties, Person{}},
		"restore": {s.Defs["restore"].Properties, Restore{}}, "gateway": {s.Defs["gateway"].Properties, Gateway{}}, "region": {s.Defs["region"].Properties, Region{}},
		"patterns": {s.Defs["patterns"].Properties, Patterns{}}, "recognizer": {s.Defs["recognizer"].Properties, Recognizer{}},
	} {
		var want []string
		for i := range reflect.TypeOf(c.of).NumField() {
			if tag, _, _ := strings.Cut(reflect.TypeOf(c.of).Field(i).Tag.Get("json"), ","); tag != "" {
				want = append(want, tag)
			}
		}
		got := sortedKeys(c.keys)
		slices.Sort(want)
		assert.Equal(t, want, got, name)
	}
	copied, err := os.ReadFile("../../docs/formats/anonymize-policy.schema.json")
	require.NoError(t, err)
	assert.Equal(t, Schema(), string(copied))
}
