package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
)

// testRestorer knows Customer A, [PHONE_1] and [EMAIL_1].
func testRestorer(t testing.TB) *restorer {
	rules, err := loadRules("", "")
	require.NoError(t, err)
	m, err := maskOnce(t.Context(), rules, []passage{{speaker: "user", text: told + ", почта kuznetsova@example.ru"}})
	require.NoError(t, err)
	kinds := anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.EverydayKinds}}
	return &restorer{mapping: m.mapping, answer: kinds, tools: kinds, labels: m.labels, budget: 1 << 30}
}

// FuzzRequest reads bodies: what is accepted leaves as JSON of the same shape, and masked once it is masked.
func FuzzRequest(f *testing.F) {
	rules, err := loadRules("", "")
	require.NoError(f, err)
	openai, _ := findProvider("openai")
	routes := newRoutes(rules, openai, pseudonyms{make([]byte, 32)}.of)
	for _, c := range readFieldCases(f) {
		f.Add(c.endpoint, []byte(c.in))
	}
	f.Fuzz(func(t *testing.T, endpoint string, body []byte) {
		route := routes[endpoint]
		if route == nil {
			return
		}
		req, err := route.request.read("client", body)
		if err != nil {
			var no *refusal
			require.ErrorAs(t, err, &no)
			return
		}
		m, err := maskOnce(t.Context(), rules, req.passages)
		require.NoError(t, err)
		out := req.doc.render(nil, m.passages)
		require.NoError(t, checkJSON(out), "%s", out)
		if _, err = route.request.read("client", out); err != nil { // beside a label an escape may look like a name
			require.Equal(t, codePersonal, err.(*refusal).code, "%s", out)
		}
	})
}

// FuzzCursor walks over JSON: its strings are those of encoding/json, and what is not touched stays.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e7,"\u0418\"",{"b":null}],"c":"x"}`, `[]`, ` "\ud83d\ude00" `, `{"a":1,"a":2}`, "\"\xff\"", `[[[["` + strings.Repeat("[", 99)} {
		f.Add([]byte(seed))
	}
	all := tree([]field{{"a", text, nil}, {"a[]", text, nil}, {"c", text, nil}, {"b.c[].d", embedded, nil}})
	f.Fuzz(func(t *testing.T, src []byte) {
		if checkJSON(src) != nil {
			return
		}
		same, err := rewriteAnswer(src, all, func(_ string, _ rule, s string) string { return s })
		if err != nil {
			return // a key twice
		}
		require.Equal(t, decoded(t, src), decoded(t, same))
	})
}

// decoded keeps the text of numbers: JSON has some that no float64 holds.
func decoded(t *testing.T, src []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// FuzzEvents reads streams: it comes to the same events however the bytes are cut.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{chatEvents("а", "б"), ":x\r\n\r\ndata:1\rdata: 2\r\revent: e\n\ndata", "\ufeffdata: x\n\n", "data\n\n", "event: a\nevent: b\ndata: {}\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		read := func(r io.Reader) (all []event) {
			events := newEventReader(r)
			for {
				e, err := events.next()
				if err != nil {
					return all
				}
				all = append(all, e)
			}
		}
		whole := read(strings.NewReader(stream))
		require.Equal(t, whole, read(iotest.OneByteReader(strings.NewReader(stream))))
		// Written again, they are the same events.
		var again bytes.Buffer
		for _, e := range whole {
			if e.name != "" {
				again.WriteString("event: " + e.name + "\n")
			}
			for line := range strings.SplitSeq(string(e.data), "\n") {
				again.WriteString("data: " + line + "\n")
			}
			again.WriteString("\n")
		}
		require.Equal(t, whole, read(&again))
	})
}

// FuzzStream restores streams of both forms: what a provider sends never makes it fail otherwise than by an error, and
// each event that leaves is JSON.
func FuzzStream(f *testing.F) {
	f.Add(chatEvents("Звоню Клие", "нту А на [PHO", "NE_1]"), false)
	f.Add(toolEvents(`{"to": "[PHO`, `NE_1]"}`), false)
	f.Add("data: {\"type\":\"response.output_text.delta\",\"item_id\":\"a\",\"sequence_number\":1,\"delta\":\"[PHONE_1\"}\n\ndata: {\"type\":\"response.completed\",\"sequence_number\":2}\n\n", true)
	known := testRestorer(f)
	f.Fuzz(func(t *testing.T, stream string, responses bool) {
		r := *known
		c := call{gateway: &gateway{rules: &ruleset{}}, route: &route{endpoint: endpoints[0], event: tree(chatEvent)}}
		if responses {
			c.route = &route{endpoint: endpoints[1], event: tree(responsesEvent)}
		}
		tr := c.translator(t.Context(), &r)
		switch tr := tr.(type) {
		case *chatStream:
			tr.report = func(s string) string { return s }
		case *responsesStream:
			tr.report = func(s string) string { return s }
		}
		in := newEventReader(strings.NewReader(stream))
		for {
			e, err := in.next()
			var out []event
			last := false
			if err == nil {
				out, last, err = tr.event(e)
			}
			if err != nil {
				out, _ = tr.end()
				last = true
			}
			for _, e := range out {
				require.True(t, string(e.data) == "[DONE]" || checkJSON(e.data) == nil || !last, "%s", e.data)
			}
			if last {
				return
			}
		}
	})
}

// FuzzArguments restores JSON in pieces: however it is cut the result is the same; of JSON it is JSON, with the same
// keys and structure.
func FuzzArguments(f *testing.F) {
	f.Add(`{"to": "Customer A", "n": [1, "\"[PHONE_1]\" \ud83d\ude00"], "[EMAIL_1]": {}}`, 3)
	f.Add(`{"a":"\ud83d","b":"\ud83d\u0041\\"}`, 1)
	f.Add(`"\`, 1)
	f.Add(`{"a":"\x"}`, 2)
	r := testRestorer(f)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 1 || n > 100 || !json.Valid([]byte(s)) && len(s) > 1000 {
			return
		}
		whole := r.whole(embedded, s)
		p, got := r.open(embedded), ""
		for i := 0; i < len(s); i += n {
			got += p.feed(s[i:min(len(s), i+n)])
		}
		got += p.close()
		require.Equal(t, whole, got)
		if checkJSON([]byte(s)) == nil {
			require.True(t, json.Valid([]byte(whole)), whole)
			require.Equal(t, shape(t, s), shape(t, whole))
		}
	})
}

// shape is JSON with its keys and without its strings.
func shape(t *testing.T, s string) string {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	var strip func(any) any
	strip = func(v any) any {
		switch v := v.(type) {
		case string:
			return "s"
		case []any:
			for i := range v {
				v[i] = strip(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = strip(v[k])
			}
		}
		return v
	}
	b, err := json.Marshal(strip(v))
	require.NoError(t, err)
	return string(b)
}
