package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A canary is an invented value, as somebody would write it, and the part of it that must not be found elsewhere.
type canary struct{ text, core string }

// canaries are 200 values of many kinds.
func canaries() (values []canary) {
	add := func(format, core string) { values = append(values, canary{fmt.Sprintf(format, core), core}) }
	names := []string{"Игорь Кузнецов", "Анна Соколова", "Пётр Лебедев", "Мария Новикова", "Дмитрий Морозов", "Елена Волкова", "Сергей Зайцев", "Ольга Павлова"}
	for i := range 20 {
		add("+7 %s", fmt.Sprintf("9%02d %03d-%02d-%02d", 10+i, 200+7*i, 11+i, 31+2*i))
		add("8%s", fmt.Sprintf("9%02d%03d%04d", 50+i, 300+11*i, 4321+i))
		add("%s", fmt.Sprintf("petrov.%c%d@example%d.ru", 'a'+rune(i), 71+i, i))
		add("карта %s", card(fmt.Sprintf("4276%011d", 38001234567+int64(i)*9973)))
		add("ИНН %s", inn(fmt.Sprintf("77%08d", 3123456+i*7919)))
		add("СНИЛС %s", snils(112233400+i*317))
		add("паспорт %s", fmt.Sprintf("45%02d %06d", 9+i%10, 123456+i*4111))
		add("меня зовут %s", names[i%len(names)])
		add("г. Москва, %s", fmt.Sprintf("ул. Ленина, д. %d, кв. %d", 3+i, 101+3*i))
		add("номер договора %s", fmt.Sprintf("%09d", 700100200+i*1237))
	}
	return values
}

func card(digits string) string {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

func inn(digits string) string {
	for _, weights := range [][]int{{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}} {
		sum := 0
		for i, w := range weights {
			sum += w * int(digits[i]-'0')
		}
		digits += strconv.Itoa(sum % 11 % 10)
	}
	return digits
}

func snils(n int) string {
	digits, sum := fmt.Sprintf("%09d", n), 0
	for i, c := range digits {
		sum += (9 - i) * int(c-'0')
	}
	return fmt.Sprintf("%s-%s-%s %02d", digits[:3], digits[3:6], digits[6:], sum%101%100)
}

// bodyAt is a request of an endpoint with a value at a row of its table.
func bodyAt(path string, value any) string {
	step, below, nested := strings.Cut(path, ".")
	key, lists := strings.TrimRight(step, "[]"), strings.Count(step, "[]")
	var v any = value
	if nested {
		v = json.RawMessage(bodyAt(below, value))
	}
	for range lists {
		v = []any{v}
	}
	body, _ := json.Marshal(map[string]any{key: v})
	return string(body)
}

func TestCanaries(t *testing.T) {
	t.Parallel()
	values := canaries()
	require.Len(t, values, 200)
	b := newBench(t, say("ok"))
	dir := t.TempDir()
	trail, err := openTrail(t.Context(), dir, filepath.Join(t.TempDir(), "identity"), ground{"llm-assistance", "152-fz.6.1.5"})
	require.NoError(t, err)
	b.gateway.trail = trail

	jobs := make(chan func())
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			for job := range jobs {
				job()
			}
		})
	}
	calls := 0
	send := func(path, body string, headers ...string) {
		calls++
		jobs <- func() { b.post(path, body, headers...) }
	}
	for _, e := range endpoints {
		for i, f := range e.fields {
			for j := range values {
				if os.Getenv("VUAL_SOAK") == "" && (i+j)%40 != 0 {
					continue // each value at three rows or so
				}
				sendCanary(send, e.path, f.path, values[j])
			}
		}
	}
	sendAll(send, values)
	close(jobs)
	workers.Wait()
	require.NoError(t, trail.Close())
	t.Logf("%d calls, %d went on", calls, len(b.bodies))
	require.Greater(t, len(b.bodies), calls/8, "where a text may be it is masked, not refused")

	var metrics strings.Builder
	b.gateway.metrics.write(&metrics)
	headers := fmt.Sprint(b.headers)
	records := readAllFiles(t, dir)
	require.Greater(t, len(records), 100*calls, "the log was read")
	for place, text := range map[string]string{"provider": b.seen(), "headers": headers, "log": b.log.String(), "metrics": metrics.String(), "audit log": records} {
		for _, v := range values {
			for _, core := range []string{v.core, quoted(v.core), digitsOf(v.core)} {
				if len(core) < 9 { // digits that are in every number
					continue
				}
				if at := strings.Index(text, core); at >= 0 {
					t.Errorf("%s: %q in …%s…", place, v.core, text[max(0, at-150):min(len(text), at+150)])
				}
			}
		}
	}
}

// sendCanary sends a value at a row as a text, and its digits as a number.
func sendCanary(send func(path, body string, headers ...string), path, row string, v canary) {
	complete := func(body string) string {
		if row == "model" {
			return body
		}
		return `{"model":"m",` + body[1:]
	}
	send(path, complete(bodyAt(row, v.text)))
	if n := strings.TrimLeft(digitsOf(v.core), "0"); len(n) >= 9 {
		send(path, complete(bodyAt(row, json.RawMessage(n))))
		send(path, complete(bodyAt(row, json.RawMessage("0."+n))))
	}
}

// sendAll sends all values in one request, in several forms, and in headers.
func sendAll(send func(path, body string, headers ...string), values []canary) {
	var messages, inputs []any
	object := map[string]any{}
	for i, v := range values {
		messages = append(messages, map[string]string{"role": []string{"user", "assistant"}[i%2], "content": v.text})
		inputs = append(inputs, v.text)
		object["поле "+v.text] = v.text
		send("/v1/chat/completions", ask(v.text, false), "Authorization", "Bearer a", conversationHeader, v.core, "X-Note", v.core, "User-Agent", v.core)
		send("/v1/chat/completions?q="+strings.ReplaceAll(v.core, " ", "+"), ask("x", false))
	}
	arguments, _ := json.Marshal(object)
	for _, m := range []map[string]any{
		{"model": "m", "messages": messages},
		{"model": "m", "messages": []any{map[string]any{"role": "tool", "content": string(arguments)}}},
		{"model": "m", "messages": []any{map[string]any{"role": "assistant", "tool_calls": []any{map[string]any{"function": map[string]any{"name": "f", "arguments": string(arguments)}}}}}},
		{"model": "m", "metadata": object},
	} {
		body, _ := json.Marshal(m)
		send("/v1/chat/completions", string(body))
		send("/v1/chat/completions", string(body), "Authorization", "Bearer a", conversationHeader, "all")
	}
	body, _ := json.Marshal(map[string]any{"model": "m", "input": inputs})
	send("/v1/embeddings", string(body))
}

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

func quoted(s string) string {
	return strings.Trim(strconv.QuoteToASCII(s), `"`)
}

func readAllFiles(t *testing.T, dir string) string {
	var b strings.Builder
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		b.Write(text)
		return err
	}))
	return b.String()
}
