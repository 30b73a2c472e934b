package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// An echo is a model that needs no key: it says what it was told, and shows on its writer what has reached it. It is for
// trying the gateway out.
type echo struct{ seen io.Writer }

// ServeHTTP answers any of the endpoints.
func (e echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	var req struct {
		Model    string
		Stream   bool
		Input    any
		Messages []struct{ Role, Content any }
	}
	if err != nil || json.Unmarshal(body, &req) != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	_, _ = io.WriteString(e.seen, "the model sees: "+string(body)+"\n")
	said := "nothing"
	if n := len(req.Messages); n > 0 {
		said, _ = req.Messages[n-1].Content.(string)
	} else if s, ok := req.Input.(string); ok {
		said = s
	}
	said = "You said: " + said
	switch {
	case strings.HasSuffix(r.URL.Path, "/embeddings"):
		answer(w, map[string]any{"object": "list", "model": req.Model, "data": []any{
			map[string]any{"object": "embedding", "index": 0, "embedding": []float64{0.25, -0.5}}},
			"usage": map[string]int{"prompt_tokens": 1, "total_tokens": 1}})
	case strings.HasSuffix(r.URL.Path, "/responses"):
		echoResponse(w, req.Model, said, req.Stream)
	case req.Stream:
		echoEvents(w, req.Model, said)
	default:
		answer(w, map[string]any{"id": "chatcmpl-echo", "object": "chat.completion", "created": 1, "model": req.Model, "choices": []any{
			map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": said}}}})
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// echoPause is how long the echo takes for a piece, so that one can watch it come.
const echoPause = 30 * time.Millisecond

// echoEvents answers in pieces of a few letters, so that labels come apart as they do in tokens.
func echoEvents(w http.ResponseWriter, model, said string) {
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(choice map[string]any) {
		data, _ := json.Marshal(map[string]any{"id": "chatcmpl-echo", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": []any{choice}})
		sendEvent(w, "", data)
	}
	for _, piece := range cut(said, 3) {
		send(map[string]any{"index": 0, "delta": map[string]any{"content": piece}, "finish_reason": nil})
		time.Sleep(echoPause)
	}
	send(map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": "stop"})
	sendEvent(w, "", []byte("[DONE]"))
}

func echoResponse(w http.ResponseWriter, model, said string, stream bool) {
	content := map[string]any{"type": "output_text", "text": said, "annotations": []any{}}
	item := map[string]any{"type": "message", "id": "msg_echo", "status": "completed", "role": "assistant", "content": []any{content}}
	response := map[string]any{"id": "resp_echo", "object": "response", "created_at": 1, "status": "completed", "model": model, "output": []any{item}}
	if !stream {
		answer(w, response)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	n := 0
	send := func(kind string, e map[string]any) {
		e["type"], e["sequence_number"] = kind, n
		n++
		data, _ := json.Marshal(e)
		sendEvent(w, kind, data)
	}
	place := func(key string, value any) map[string]any {
		return map[string]any{"item_id": "msg_echo", "output_index": 0, "content_index": 0, key: value}
	}
	for _, piece := range cut(said, 3) {
		send("response.output_text.delta", place("delta", piece))
		time.Sleep(echoPause)
	}
	send("response.output_text.done", place("text", said))
	send("response.completed", map[string]any{"response": response})
}

func sendEvent(w http.ResponseWriter, name string, data []byte) {
	if name != "" {
		_, _ = io.WriteString(w, "event: "+name+"\n")
	}
	_, _ = io.WriteString(w, "data: "+string(data)+"\n\n")
	_ = http.NewResponseController(w).Flush()
}

// cut divides a text into pieces of n letters.
func cut(s string, n int) (pieces []string) {
	letters := []rune(s)
	for len(letters) > n {
		pieces, letters = append(pieces, string(letters[:n])), letters[n:]
	}
	return append(pieces, string(letters))
}
