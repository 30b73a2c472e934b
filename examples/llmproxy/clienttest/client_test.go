// Package clienttest has the official client of the OpenAI API for Go speak through the gateway to a model that the test
// plays: whole, in streams, with tools.
package clienttest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
	"github.com/stretchr/testify/require"
)

var binary string

// TestMain builds the gateway as a user would.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "llmproxy")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "llmproxy")
	build := exec.Command("go", "build", "-o", binary, "./examples/llmproxy")
	build.Dir = "../../.."
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	sources, _ := filepath.Glob("../*.go") // read, so that a change of them is a reason to test again
	for _, file := range sources {
		_, _ = os.ReadFile(file)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

const policy = `version: 1
name: test
restore:
  client: {kinds: ["*"]}
  tools: {kinds: [PERSON, PHONE]}
gateway:
  purpose: client
  regions: {local: {hosts: [127.0.0.1], networks: [127.0.0.0/8]}}
`

// A model is what the test plays: it answers a request with the body, or the stream, that the test gives.
type model struct {
	answer string
	mu     sync.Mutex
	seen   []string
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.seen = append(m.seen, string(body))
	m.mu.Unlock()
	if strings.HasPrefix(m.answer, "data:") {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range len(m.answer) { // each byte in a packet of its own
			_, _ = io.WriteString(w, m.answer[i:i+1])
			_ = http.NewResponseController(w).Flush()
		}
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, m.answer)
}

// start runs the gateway as a process of its own and gives a client of it.
func start(t *testing.T, m *model) (openai.Client, *exec.Cmd) {
	upstream := httptest.NewServer(m)
	t.Cleanup(upstream.Close)
	dir := t.TempDir()
	file := filepath.Join(dir, "policy.yaml")
	require.NoError(t, os.WriteFile(file, []byte(policy), 0o600))
	cmd := exec.Command(binary, "-listen", "127.0.0.1:0", "-upstream", upstream.URL+"/v1", "-policy", file, "-tools", "tools",
		"-state", filepath.Join(dir, "state"), "-identity", filepath.Join(dir, "identity"), "-grace", "1s")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewReader(stderr)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	go io.Copy(io.Discard, lines)
	var listening struct{ Address string }
	require.NoError(t, json.Unmarshal([]byte(line), &listening), line)
	return openai.NewClient(option.WithBaseURL("http://"+listening.Address+"/v1"), option.WithAPIKey("sk-test"), option.WithMaxRetries(0)), cmd
}

const told = "Меня зовут Анна Кузнецова, телефон +7 916 123-45-67"

func (m *model) sawNothing(t *testing.T) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	require.NotEmpty(t, m.seen)
	for _, body := range m.seen {
		require.NotRegexp(t, "Кузнецов|916|123-45", body)
	}
}

func data(events ...any) string {
	var b strings.Builder
	for _, e := range events {
		text, _ := json.Marshal(e)
		fmt.Fprintf(&b, "data: %s\n\n", text)
	}
	return b.String()
}

type object = map[string]any

func chunk(delta object, finish any) object {
	return object{"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []any{object{"index": 0, "delta": delta, "finish_reason": finish}}}
}

var sendSMS = openai.FunctionDefinitionParam{Name: "send_sms", Description: openai.String("Шлёт сообщение"), Strict: openai.Bool(true),
	Parameters: shared.FunctionParameters{"type": "object", "properties": object{"to": object{"type": "string"}, "text": object{"type": "string"}}, "required": []string{"to", "text"}, "additionalProperties": false}}

func TestChat(t *testing.T) {
	m := &model{answer: `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Звоню Клиенту А на [PHONE_1]"}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`}
	client, _ := start(t, m)
	answer, err := client.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{
		Model: "m", Temperature: openai.Float(0.3), MaxCompletionTokens: openai.Int(100), User: openai.String("kuznetsova"),
		Messages: []openai.ChatCompletionMessageParamUnion{openai.SystemMessage("Ты помощник"), openai.UserMessage(told)},
	})
	require.NoError(t, err)
	require.Equal(t, "Звоню Анне Кузнецовой на +7 916 123-45-67", answer.Choices[0].Message.Content)
	require.EqualValues(t, 3, answer.Usage.TotalTokens)
	m.sawNothing(t)
}

func TestChatStreamWithTools(t *testing.T) {
	m := &model{answer: data(
		chunk(object{"role": "assistant", "content": "Пишу Клие"}, nil), chunk(object{"content": "нту А"}, nil),
		chunk(object{"tool_calls": []any{object{"index": 0, "id": "call_1", "type": "function", "function": object{"name": "send_sms", "arguments": ""}}}}, nil),
		chunk(object{"tool_calls": []any{object{"index": 0, "function": object{"arguments": `{"to": "[PHO`}}}}, nil),
		chunk(object{"tool_calls": []any{object{"index": 0, "function": object{"arguments": `NE_1]", "text": "Customer A, «добр`}}}}, nil),
		chunk(object{"tool_calls": []any{object{"index": 0, "function": object{"arguments": `ый день»"}`}}}}, nil),
		chunk(object{}, "tool_calls"),
	) + "data: [DONE]\n\n"}
	client, _ := start(t, m)
	params := openai.ChatCompletionNewParams{
		Model:         "m",
		Messages:      []openai.ChatCompletionMessageParamUnion{openai.UserMessage(told)},
		Tools:         []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(sendSMS)},
		StreamOptions: openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)},
	}
	stream := client.Chat.Completions.NewStreaming(t.Context(), params)
	message := gather(t, stream)
	require.Equal(t, "Пишу Анне Кузнецовой", message.Content)
	require.Len(t, message.ToolCalls, 1)
	call := message.ToolCalls[0].Function
	require.Equal(t, "send_sms", call.Name)
	require.JSONEq(t, `{"to": "+7 916 123-45-67", "text": "Анна Кузнецова, «добрый день»"}`, call.Arguments)

	// The conversation goes on with the call and its result.
	m.mu.Lock()
	m.answer = data(chunk(object{"content": "Отправлено на [PHONE_1]"}, nil), chunk(object{}, "stop")) + "data: [DONE]\n\n"
	m.mu.Unlock()
	params.Messages = append(params.Messages, message.ToParam(), openai.ToolMessage(`{"status":"ok","phone":"+7 916 123-45-67"}`, message.ToolCalls[0].ID))
	message = gather(t, client.Chat.Completions.NewStreaming(t.Context(), params))
	require.Equal(t, "Отправлено на +7 916 123-45-67", message.Content)
	m.sawNothing(t)
	require.Contains(t, m.seen[1], `"{\"status\":\"ok\",\"phone\":\"[PHONE_1]\"}"`)
	require.Contains(t, m.seen[1], `\"to\": \"[PHONE_1]\"`)
}

func gather(t *testing.T, stream *ssestream.Stream[openai.ChatCompletionChunk]) openai.ChatCompletionMessage {
	t.Helper()
	var all openai.ChatCompletionAccumulator
	for stream.Next() {
		require.True(t, all.AddChunk(stream.Current()))
	}
	require.NoError(t, stream.Err())
	require.NotEmpty(t, all.Choices)
	return all.Choices[0].Message
}

func TestResponses(t *testing.T) {
	m := &model{answer: `{"id":"r","object":"response","created_at":1,"status":"completed","model":"m","output":[
		{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Звоню Клиенту А","annotations":[]}]},
		{"type":"function_call","id":"fc_1","call_id":"call_1","name":"send_sms","arguments":"{\"to\":\"[PHONE_1]\",\"text\":\"x\"}","status":"completed"}]}`}
	client, _ := start(t, m)
	answer, err := client.Responses.New(t.Context(), responses.ResponseNewParams{
		Model: "m", Instructions: openai.String("Ты помощник"),
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(told)},
		Tools: []responses.ToolUnionParam{responses.ToolParamOfFunction("send_sms", sendSMS.Parameters, true)},
	})
	require.NoError(t, err)
	require.Equal(t, "Звоню Анне Кузнецовой", answer.OutputText())
	require.JSONEq(t, `{"to":"+7 916 123-45-67","text":"x"}`, answer.Output[1].AsFunctionCall().Arguments)
	m.sawNothing(t)
}

func TestResponsesStream(t *testing.T) {
	piece := func(n int, kind string, more object) object {
		e := object{"type": kind, "sequence_number": n, "item_id": "msg_1", "output_index": 0, "content_index": 0}
		for key, value := range more {
			e[key] = value
		}
		return e
	}
	const text = "Звоню Клиенту А"
	whole := object{"id": "r", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": []any{
		object{"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": []any{object{"type": "output_text", "text": text, "annotations": []any{}}}}}}
	m := &model{answer: data(
		piece(0, "response.output_text.delta", object{"delta": "Звоню Кли"}), piece(1, "response.output_text.delta", object{"delta": "енту А"}),
		piece(2, "response.output_text.done", object{"text": text}), object{"type": "response.completed", "sequence_number": 3, "response": whole})}
	client, _ := start(t, m)
	stream := client.Responses.NewStreaming(t.Context(), responses.ResponseNewParams{Model: "m", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(told)}})
	got, next := "", int64(0)
	final := ""
	for stream.Next() {
		e := stream.Current()
		require.Equal(t, next, e.SequenceNumber)
		next++
		switch e.Type {
		case "response.output_text.delta":
			got += e.Delta
		case "response.output_text.done":
			require.Equal(t, "Звоню Анне Кузнецовой", e.Text)
		case "response.completed":
			final = e.Response.OutputText()
		}
	}
	require.NoError(t, stream.Err())
	require.Equal(t, "Звоню Анне Кузнецовой", got)
	require.Equal(t, got, final)
	m.sawNothing(t)
}

func TestEmbeddings(t *testing.T) {
	m := &model{answer: `{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"usage":{"prompt_tokens":1,"total_tokens":1}}`}
	client, _ := start(t, m)
	answer, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{Model: "m", Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{told}}})
	require.NoError(t, err)
	require.Equal(t, []float64{0.25, -0.5}, answer.Data[0].Embedding)
	m.sawNothing(t)
}

// TestRefusal shows what the client's user sees of a request that is not understood.
func TestRefusal(t *testing.T) {
	m := &model{}
	client, _ := start(t, m)
	_, err := client.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{Model: "m", Messages: []openai.ChatCompletionMessageParamUnion{
		openai.UserMessage([]openai.ChatCompletionContentPartUnionParam{openai.ImageContentPart(openai.ChatCompletionContentPartImageImageURLParam{URL: "https://shop.example/passport.jpg"})})}})
	var e *openai.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, 400, e.StatusCode)
	require.Contains(t, e.Param, "messages[0].content[0].")
	require.Empty(t, m.seen)
}

// TestTerminate ends the process while an answer is coming, and reads its audit log.
func TestTerminate(t *testing.T) {
	m := &model{answer: data(chunk(object{"content": strings.Repeat("слово ", 400)}, nil), chunk(object{}, "stop")) + "data: [DONE]\n\n"}
	client, cmd := start(t, m)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stream := client.Chat.Completions.NewStreaming(ctx, openai.ChatCompletionNewParams{Model: "m", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(told)}})
	require.NoError(t, stream.Err())
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	got := ""
	for stream.Next() {
		if choices := stream.Current().Choices; len(choices) > 0 {
			got += choices[0].Delta.Content
		}
	}
	require.NoError(t, stream.Err())
	require.Len(t, strings.Fields(got), 400, "the answer that was under way came whole")
	require.NoError(t, cmd.Wait())
	require.Equal(t, 0, cmd.ProcessState.ExitCode())
}
