package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
)

// Nine ways in which proxies that restore streams are known to fail. Each has a test.

const (
	told     = "Меня зовут Анна Кузнецова, телефон +7 916 123-45-67"
	said     = "Звоню Клиенту А на [PHONE_1]. Готово"
	restored = "Звоню Анне Кузнецовой на +7 916 123-45-67. Готово"
)

// 1. A label is cut between two deltas, and its first half reaches the reader.
func TestFailureLabelCutBetweenDeltas(t *testing.T) {
	t.Parallel()
	letters := strings.Split(said, "")
	var streams [][]string
	for i := range letters {
		streams = append(streams, []string{strings.Join(letters[:i], ""), strings.Join(letters[i:], "")})
	}
	streams = append(streams, letters)
	next := 0
	b := newBench(t, func(w http.ResponseWriter, body string) { events(chatEvents(streams[next]...))(w, body) })
	for next = range streams {
		_, body := b.post("/v1/chat/completions", ask(told, true))
		pieces, done := deltas(t, body)
		require.True(t, done)
		got := ""
		for _, p := range pieces {
			got += p
			require.True(t, strings.HasPrefix(restored, got), "at %d: %q", next, got)
		}
		require.Equal(t, restored, got)
	}
}

// 2. An event is cut between two packets.
func TestFailureEventCutBetweenPackets(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\r"} {
		stream := strings.ReplaceAll(": keep\n\nretry: 5\nid: 1\n"+chatEvents("Звоню Клие", "нту А на [PHO", "NE_1]. Готово"), "\n", end)
		b := newBench(t, drip(stream))
		_, body := b.post("/v1/chat/completions", ask(told, true))
		pieces, done := deltas(t, body)
		require.True(t, done, "%q", end)
		require.Equal(t, restored, strings.Join(pieces, ""), "%q", end)
	}
}

// 3. A letter of several bytes is cut between two packets, or is written as an escape, in two halves.
func TestFailureLetterCut(t *testing.T) {
	t.Parallel()
	stream := strings.ReplaceAll(chatEvents("Звоню Клиенту А 😀 на [PHONE_1]. Готово"), "😀", `\ud83d\ude00`)
	stream = strings.ReplaceAll(stream, "З", `\u0417`)
	b := newBench(t, drip(stream))
	_, body := b.post("/v1/chat/completions", ask(told, true))
	pieces, done := deltas(t, body)
	require.True(t, done)
	require.Equal(t, "Звоню Анне Кузнецовой 😀 на +7 916 123-45-67. Готово", strings.Join(pieces, ""))
}

// 4. An event that is not understood passes as it came, and the stream goes on as if nothing were wrong.
func TestFailureChunkThatPasses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"[PHONE_1]", `{"choices":[{"delta":{"content":"[PHONE_1]"}}`, "null", "\xff", `{"id":1,"id":2}x`} {
		good := chatEvents("до", "после")
		cut := strings.Index(good, "data: {\"choices\":[{\"delta\":{\"content\":\"после")
		require.Positive(t, cut)
		b := newBench(t, events(good[:cut]+"data: "+bad+"\n\n"+good[cut:]))
		_, body := b.post("/v1/chat/completions", ask(told, true))
		require.Contains(t, body, "до", bad)
		require.Contains(t, body, `"code":"answer"`, bad)
		require.NotContains(t, body, "PHONE", bad)
		require.NotContains(t, body, "после", bad)
		require.NotContains(t, body, "[DONE]", bad)
	}
}

// 5. The whole answer is gathered before its first word is told.
func TestFailureWholeAnswerGathered(t *testing.T) {
	t.Parallel()
	heard := make(chan bool)
	b := newBench(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "text/event-stream")
		all := strings.SplitAfter(chatEvents("Звоню ", "Клиенту А", " на ", "[PHONE_1]", ". Готово. "), "\n\n")
		for _, e := range all[:5] {
			_, _ = io.WriteString(w, e)
			_ = http.NewResponseController(w).Flush()
			select {
			case <-heard:
			case <-time.After(10 * time.Second):
				return // the test fails: the stream breaks off
			}
		}
		_, _ = io.WriteString(w, strings.Join(all[5:], ""))
	})
	resp := b.open("/v1/chat/completions", ask(told, true))
	defer resp.Body.Close()
	r := newEventReader(resp.Body)
	// What each delta adds, told before the next is sent: only what may become a label waits, for one delta.
	for _, want := range []string{"Звоню ", "", "Анне Кузнецовой на ", "", "+7 916 123-45-67. Готово. "} {
		e, err := r.next()
		require.NoError(t, err)
		var c struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		require.NoError(t, json.Unmarshal(e.data, &c))
		require.Equal(t, want, c.Choices[0].Delta.Content)
		heard <- true
	}
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Contains(t, string(rest), "[DONE]")
}

// 6. One map of labels serves several requests: see TestClientsNeverMeet.
func TestFailureSharedLabels(t *testing.T) {
	t.Parallel()
	b := newBench(t, say("[PHONE_1] и [PHONE_2]"))
	_, body := b.post("/v1/chat/completions", ask("+7 916 123-45-67", false))
	require.Equal(t, "+7 916 123-45-67 и [PHONE_2]", content(t, body))
	_, body = b.post("/v1/chat/completions", ask("+7 926 765-43-21", false))
	require.Equal(t, "+7 926 765-43-21 и [PHONE_2]", content(t, body))
	_, body = b.post("/v1/chat/completions", ask("Добрый день", false))
	require.Equal(t, "[PHONE_1] и [PHONE_2]", content(t, body))
}

// 7. Restoring is on and has no effect, because the text comes in another place than the one that was thought of.
func TestFailureRestoreWithoutEffect(t *testing.T) {
	t.Parallel()
	ended := func(events ...string) string {
		var b strings.Builder
		for _, e := range events {
			b.WriteString("data: " + e + "\n\n")
		}
		return b.String() + "data: [DONE]\n\n"
	}
	responses := `{"model":"m","stream":true,"input":"` + told + `"}`
	for _, c := range []struct{ name, path, request, stream, answer, want string }{
		{"chat", "/v1/chat/completions", ask(told, false), "", `{"choices":[{"message":{"content":"[PHONE_1]"}}]}`, "+7 916 123-45-67"},
		{"chat refusal", "/v1/chat/completions", ask(told, false), "", `{"choices":[{"message":{"refusal":"[PHONE_1]"}}]}`, "+7 916 123-45-67"},
		{"chat reasoning", "/v1/chat/completions", ask(told, false), "", `{"choices":[{"message":{"reasoning_content":"[PHONE_1]"}}]}`, "+7 916 123-45-67"},
		{"second choice", "/v1/chat/completions", ask(told, false), "", `{"choices":[{"message":{}},{"message":{"content":"[PHONE_1]"}}]}`, "+7 916 123-45-67"},
		{"object", "/v1/chat/completions", strings.Replace(ask(told, false), "{", `{"response_format":{"type":"json_object"},`, 1), "",
			`{"choices":[{"message":{"content":"{\"phone\":\"[PHONE_1]\"}"}}]}`, `{\"phone\":\"+7 916 123-45-67\"}`},
		{"chat event at the end", "/v1/chat/completions", ask(told, true), ended(`{"choices":[{"delta":{"content":"[PHONE_1"}}]}`, `{"choices":[{"delta":{"content":"]"},"finish_reason":"stop"}]}`), "", "+7 916 123-45-67"},
		{"chat event without an end", "/v1/chat/completions", ask(told, true), ended(`{"choices":[{"delta":{"content":"Это Customer A"}}]}`), "", "Анна Кузнецова"},
		{"chat reasoning event", "/v1/chat/completions", ask(told, true), ended(`{"choices":[{"delta":{"reasoning_content":"[PHONE_1]"}}]}`), "", "+7 916 123-45-67"},
		{"response", "/v1/responses", strings.Replace(responses, "true", "false", 1), "",
			`{"output":[{"type":"reasoning","summary":[{"text":"Customer A"}]},{"content":[{"text":"[PHONE_1]"}]}]}`, "+7 916 123-45-67"},
		{"response summary", "/v1/responses", strings.Replace(responses, "true", "false", 1), "", `{"output":[{"summary":[{"text":"[PHONE_1]"}]}]}`, "+7 916 123-45-67"},
		{"response pieces", "/v1/responses", responses, ended(
			`{"type":"response.output_text.delta","item_id":"a","delta":"[PHO"}`, `{"type":"response.output_text.delta","item_id":"b","delta":"x"}`,
			`{"type":"response.output_text.delta","item_id":"a","delta":"NE_1]"}`, `{"type":"response.completed","response":{}}`), "", `"delta":"+7 916 123-45-67"`},
		{"response piece at the end", "/v1/responses", responses, ended(
			`{"type":"response.output_text.delta","item_id":"a","sequence_number":4,"delta":"Customer A"}`, `{"type":"response.output_text.done","item_id":"a","sequence_number":5,"text":"Customer A"}`,
			`{"type":"response.completed","sequence_number":6}`), "",
			`{"type":"response.output_text.delta","item_id":"a","sequence_number":5,"delta":"Анна Кузнецова"}`},
		{"response done", "/v1/responses", responses, ended(`{"type":"response.output_text.done","text":"[PHONE_1]"}`), "", "+7 916 123-45-67"},
		{"response part", "/v1/responses", responses, ended(`{"type":"response.content_part.done","part":{"text":"[PHONE_1]"}}`), "", "+7 916 123-45-67"},
		{"response item", "/v1/responses", responses, ended(`{"type":"response.output_item.done","item":{"content":[{"text":"[PHONE_1]"}]}}`), "", "+7 916 123-45-67"},
		{"response whole", "/v1/responses", responses, ended(`{"type":"response.completed","response":{"output":[{"content":[{"text":"[PHONE_1]"}]}]}}`), "", "+7 916 123-45-67"},
		{"response reasoning", "/v1/responses", responses, ended(`{"type":"response.reasoning_summary_text.delta","item_id":"a","delta":"[PHONE_1]"}`, `{"type":"response.completed"}`), "", "+7 916 123-45-67"},
	} {
		b := newBench(t, func(w http.ResponseWriter, body string) {
			if c.stream != "" {
				events(c.stream)(w, body)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, c.answer)
		})
		status, body := b.post(c.path, c.request)
		require.Equal(t, 200, status, c.name)
		require.Contains(t, body, c.want, c.name)
	}
}

// toolEvents are those of a tool call whose arguments come in these pieces.
func toolEvents(pieces ...string) string {
	var b strings.Builder
	for _, p := range pieces {
		data, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{
			"tool_calls": []any{map[string]any{"index": 1, "function": map[string]string{"arguments": p}}}}}}})
		b.WriteString("data: " + string(data) + "\n\n")
	}
	return b.String() + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n"
}

// arguments gathers those of the tool call with index 1.
func arguments(t *testing.T, stream string) (s string) {
	r := newEventReader(strings.NewReader(stream))
	for {
		e, err := r.next()
		if err != nil || string(e.data) == "[DONE]" {
			return s
		}
		var c struct {
			Choices []struct {
				Delta struct {
					ToolCalls []struct {
						Index    int
						Function struct{ Arguments string }
					} `json:"tool_calls"`
				}
			}
		}
		require.NoError(t, json.Unmarshal(e.data, &c))
		for _, call := range c.Choices[0].Delta.ToolCalls {
			require.Equal(t, 1, call.Index)
			s += call.Function.Arguments
		}
	}
}

// 8. Arguments of a tool call are restored as text: a quote in a value breaks the JSON, or is a way into it.
func TestFailureArgumentsRestoredAsText(t *testing.T) {
	t.Parallel()
	const given = `{"to": "Customer A", "at": "[ADDRESS_1]", "note": "на \"[PHONE_1]\" \ud83d\ude00 \\ [ADDRESS_1]", "Customer A": [1, "[PHONE_1]", null]}`
	request := ask(`Меня зовут Анна Кузнецова, адрес: г. Москва, ул. Ленина, д. 5, кв. 12 "вход, с торца\двора", телефон +7 916 123-45-67`, true)
	const want = `{"to": "Анна Кузнецова", "at": "г. Москва, ул. Ленина, д. 5, кв. 12", "note": "на \"+7 916 123-45-67\" 😀 \\ г. Москва, ул. Ленина, д. 5, кв. 12", "Customer A": [1, "+7 916 123-45-67", null]}`
	letters := strings.Split(given, "")
	for _, pieces := range [][]string{{given}, letters} {
		b := newBench(t, events(toolEvents(pieces...)), withTools(anonymize.EverydayKinds))
		_, body := b.post("/v1/chat/completions", request)
		got := arguments(t, body)
		require.True(t, json.Valid([]byte(got)), got)
		require.Equal(t, want, got)

		b = newBench(t, events(toolEvents(pieces...)))
		_, body = b.post("/v1/chat/completions", request)
		require.Equal(t, given, arguments(t, body), "nothing comes back unless the policy says so")

		b = newBench(t, events(toolEvents(pieces...)), withTools(anonymize.PHONE))
		_, body = b.post("/v1/chat/completions", request)
		require.Contains(t, arguments(t, body), `"Customer A", "at": "[ADDRESS_1]", "note": "на \"+7 916`, "and only its kinds")
	}
}

// TestArgumentsAreQuoted puts values with quotes and line ends back.
func TestArgumentsAreQuoted(t *testing.T) {
	t.Parallel()
	a := anonymize.New(&anonymize.Options{Deny: map[anonymize.Kind][]string{anonymize.HANDLE: {`x","admin":"true`, `a\b`}}})
	for _, value := range []string{`x","admin":"true`, `a\b`} {
		r, err := a.Conversation(t.Context(), anonymize.Conversation{Turns: []anonymize.Turn{{Text: "логин " + value}}})
		require.NoError(t, err)
		require.Contains(t, r.Turns[0].Text, "[HANDLE_1]")
		rest := &restorer{mapping: r.Mapping, tools: anonymize.RestoreOptions{Kinds: []anonymize.Kind{anonymize.HANDLE}}, budget: 1000}
		got := rest.whole(embedded, `{"login":"[HANDLE_1]"}`)
		var v map[string]string
		require.NoError(t, json.Unmarshal([]byte(got), &v), got)
		require.Equal(t, map[string]string{"login": value}, v)
	}
}

// 9. The model writes a label in its own way: other capitals, brackets, spaces, a Russian case.
func TestFailureLabelWrittenOtherwise(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"[PHONE_1]": "+7 916 123-45-67", "[phone_1]": "+7 916 123-45-67", "[PHONE 1]": "+7 916 123-45-67", "(PHONE_1)": "(+7 916 123-45-67)",
		"**[PHONE_1]**": "**+7 916 123-45-67**", "`[PHONE_1]`": "`+7 916 123-45-67`", `[PHONE\_1]`: "+7 916 123-45-67",
		"Customer A": "Анна Кузнецова", "[Customer A]": "Анна Кузнецова", "customer A": "Анна Кузнецова", "для Клиента А": "для Анны Кузнецовой", "Клиентом А": "Анной Кузнецовой",
	} {
		for _, pieces := range [][]string{{given}, strings.Split(given, "")} {
			b := newBench(t, events(chatEvents(pieces...)))
			_, body := b.post("/v1/chat/completions", ask(told, true))
			got, _ := deltas(t, body)
			require.Equal(t, want, strings.Join(got, ""), given)
		}
	}
}
