package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const good = `{"id": "c1", "channel": "call", "turns": [{"speaker": "client", "text": "Мой телефон 8 (916) 123-45-67 👍, почта a@b.ru"}], "extra": {"a": [1]}}`

// TestContract masks a line and checks every promise about the output against the input.
func TestContract(t *testing.T) {
	out, errs, err := mask(masker{}, good+"\n\n"+`{"id": "c2", "text": "ничего"}`)
	require.NoError(t, err)
	assert.Empty(t, errs)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	require.Len(t, lines, 2)
	assert.Equal(t, `{"id":"c2","turns":[{"speaker":"","text":"ничего"}],"entities":[]}`, lines[1])

	var got masked
	d := json.NewDecoder(strings.NewReader(lines[0]))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&got))
	assert.Equal(t, "c1", got.ID)
	assert.Equal(t, []turn{{"client", "Мой телефон [PHONE_1] 👍, почта [EMAIL_1]"}}, got.Turns)
	require.Len(t, got.Entities, 2)
	assert.Equal(t, entity{Start: 12, End: 29, Type: "PHONE", Token: "[PHONE_1]", Score: got.Entities[0].Score}, got.Entities[0])
	holds(t, good, lines[0])
}

// holds checks one line of output against its input: entities in order, disjoint, counted in code points, and nothing
// changed but them.
func holds(t *testing.T, in, out string) {
	var original conversation
	var got masked
	require.NoError(t, json.Unmarshal([]byte(in), &original))
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Len(t, got.Turns, len(original.Turns))
	texts := make([]strings.Builder, len(got.Turns))
	at := make([]int, len(got.Turns))
	last := 0
	for _, e := range got.Entities {
		require.GreaterOrEqual(t, e.Turn, last, "sorted by turn")
		last = e.Turn
		runes := []rune(original.Turns[e.Turn].Text)
		require.LessOrEqual(t, at[e.Turn], e.Start, "sorted and disjoint")
		require.Less(t, e.Start, e.End)
		require.LessOrEqual(t, e.End, len(runes))
		texts[e.Turn].WriteString(string(runes[at[e.Turn]:e.Start]) + e.Token)
		at[e.Turn] = e.End
		assert.Empty(t, e.Text, "no values without -text")
		assert.True(t, e.Score > 0 && e.Score <= 1)
	}
	for i := range texts {
		texts[i].WriteString(string([]rune(original.Turns[i].Text)[at[i]:]))
		assert.Equal(t, texts[i].String(), got.Turns[i].Text)
	}
}

// TestEmbedded checks the promises on the invented conversations.
func TestEmbedded(t *testing.T) {
	for _, name := range []string{"business", "finance", "orders"} {
		in, err := os.ReadFile("../../testdata/calls/" + name + ".jsonl")
		require.NoError(t, err)
		out, _, err := mask(masker{}, string(in))
		require.NoError(t, err)
		ins, outs := strings.Split(strings.TrimSpace(string(in)), "\n"), strings.Split(strings.TrimSpace(out), "\n")
		require.Len(t, outs, len(ins))
		for i := range ins {
			holds(t, ins[i], outs[i])
		}
	}
}

// TestBadLines gives each broken line between two good ones: it is named by its number, nothing of it is
// printed, and the others are.
func TestBadLines(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":                   `телефон 8 916 123-45-67`,
		"broken JSON":               `{"id": "x", "text": "8 916 123-45-67"`,
		"more than one value":       `{"id": "x", "text": "8 916 123-45-67"} {}`,
		"not an object":             `["8 916 123-45-67"]`,
		"a number":                  `89161234567`,
		"null":                      `null`,
		"invalid UTF-8":             "{\"id\": \"x\", \"text\": \"8 916 123-45-67 \xff\"}",
		"no id":                     `{"text": "8 916 123-45-67"}`,
		"an empty id":               `{"id": "", "text": "8 916 123-45-67"}`,
		"an id that is no string":   `{"id": 89161234567, "text": "да"}`,
		"an id with a phone":        `{"id": "call-8-916-123-45-67", "text": "да"}`,
		"neither text nor turns":    `{"id": "x", "phone": "8 916 123-45-67"}`,
		"both text and turns":       `{"id": "x", "text": "8 916 123-45-67", "turns": []}`,
		"a turn that is no object":  `{"id": "x", "turns": ["8 916 123-45-67"]}`,
		"a text that is no string":  `{"id": "x", "turns": [{"speaker": "client", "text": 89161234567}]}`,
		"a key twice":               `{"id": "x", "text": "да", "text": "8 916 123-45-67"}`,
		"a key twice, deeper":       `{"id": "x", "turns": [{"speaker": "client", "text": "да", "text": "8 916 123-45-67"}]}`,
		"a key twice, one escaped":  `{"id": "x", "text": "да", "te\u0078t": "8 916 123-45-67"}`,
		"a key twice, unknown":      `{"id": "x", "text": "да", "a": {"b": "8 916 123-45-67", "b": 1}}`,
		"nested without end":        `{"id": "x", "text": "да", "a": ` + strings.Repeat("[", 100_000),
		"a key in another case":     `{"id": "x", "TEXT": "8 916 123-45-67"}`,
		"half of a surrogate as id": `{"id": "\ud800 8 916 123-45-67", "text": "да"}`,
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, err := mask(masker{}, good+"\n"+line+"\n"+good+"\n")
			require.Error(t, err)
			assert.Equal(t, 2, strings.Count(out, "\n"), out)
			assert.Equal(t, 2, strings.Count(out, `{"id":"c1"`), out)
			assert.Contains(t, errs, "line 2:")
			for _, leak := range []string{"916", "8-916", "123-45"} {
				assert.NotContains(t, errs+err.Error(), leak)
			}
		})
	}
}

func TestEmpty(t *testing.T) {
	for _, in := range []string{"", "\n", " \n\r\n"} {
		out, errs, err := mask(masker{}, in)
		assert.NoError(t, err)
		assert.Empty(t, out+errs)
	}
}

func TestCarriageReturns(t *testing.T) {
	out, _, err := mask(masker{}, good+"\r\n"+good)
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(out, "\n"))
}

// TestLongLine takes a line of 50 MB. Masked as a whole it needs seconds, so that this one is shorter by default.
func TestLongLine(t *testing.T) {
	const size = 50 << 20
	sentence := "Да, конечно, доставим в четверг, это стоит 12 500 рублей, номер заказа 48213. "
	broken := `{"id": "long", "text": "` + strings.Repeat(sentence, size/len(sentence))
	out, errs, err := mask(masker{}, broken+"\n"+good+"\n")
	assert.Error(t, err)
	assert.Contains(t, errs, "line 1:")
	assert.Less(t, len(errs), 200)
	assert.Equal(t, 1, strings.Count(out, "\n"))

	if os.Getenv("VUAL_SOAK") == "" {
		broken = broken[:size/20]
		broken = broken[:strings.LastIndexByte(broken, '.')]
	}
	out, errs, err = mask(masker{}, broken+`"}`+"\n"+good+"\n")
	assert.NoError(t, err)
	assert.Empty(t, errs)
	assert.Equal(t, 2, strings.Count(out, "\n"))
	assert.Greater(t, len(out), len(broken))
}

// TestTooLongLine passes over a line that memory should not hold.
func TestTooLongLine(t *testing.T) {
	long := `{"id": "long", "text": "` + strings.Repeat("8 916 123-45-67, ", 20_000) + `"}`
	for _, in := range []string{long + "\n" + good + "\n", good + "\n" + long} {
		out, errs, err := mask(masker{longest: 200_000}, in)
		assert.EqualError(t, err, "1 lines were not masked")
		assert.Regexp(t, `^mask: line [12]: the line is too long\n$`, errs)
		assert.Equal(t, 1, strings.Count(out, "\n"))
	}
}

// TestMemory masks a file that is never there as a whole: memory does not grow with it.
func TestMemory(t *testing.T) {
	const lines = 4_000
	r, w := io.Pipe()
	go func() {
		for i := range lines {
			fmt.Fprintf(w, `{"id": "c%d", "turns": [{"speaker": "client", "text": "%s, мой номер 8 916 %03d-45-67"}]}`+"\n",
				i, strings.Repeat("да, слушаю вас ", 20), i%1000)
		}
		w.Close()
	}()
	meter := &memoryMeter{}
	m := masker{errors: io.Discard}
	require.NoError(t, m.run(t.Context(), r, meter))
	assert.Equal(t, lines, meter.lines)
	assert.Less(t, meter.last, meter.first+4<<20, "heap after the first and the last four hundred lines")
}

// A memoryMeter looks at the heap now and then.
type memoryMeter struct {
	lines       int
	first, last uint64
}

func (m *memoryMeter) Write(p []byte) (int, error) {
	m.lines += bytes.Count(p, []byte("\n"))
	if m.lines%400 == 0 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		if m.first == 0 {
			m.first = s.HeapAlloc
		}
		m.last = s.HeapAlloc
	}
	return len(p), nil
}

func TestText(t *testing.T) {
	out, _, err := mask(masker{text: true}, good)
	require.NoError(t, err)
	var got masked
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	assert.Equal(t, "8 (916) 123-45-67", got.Entities[0].Text)
	assert.Equal(t, "a@b.ru", got.Entities[1].Text)
}

func mask(m masker, in string) (out, errs string, err error) {
	var o, e bytes.Buffer
	m.errors = &e
	err = m.run(context.Background(), strings.NewReader(in), &o)
	return o.String(), e.String(), err
}

// TestCommand runs the program itself: flags, streams and exit status.
func TestCommand(t *testing.T) {
	program := filepath.Join(t.TempDir(), "mask.exe")
	build, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(build))
	for _, tt := range []struct {
		name   string
		args   []string
		in     string
		status int
		out    string // part of it
		errs   string
	}{
		{"good", nil, good, 0, "[PHONE_1]", ""},
		{"empty", nil, "", 0, "", ""},
		{"bad line", nil, "{\n" + good, 1, "[PHONE_1]", "line 1:"},
		{"text", []string{"-text"}, good, 0, "8 (916) 123-45-67", "plain text"},
		{"Russian labels", []string{"-labels", "ru"}, `{"id": "c", "turns": [{"speaker": "client", "text": "Меня зовут Прохоров Денис Олегович."}]}`, 0, "Клиент А", ""},
		{"English labels", []string{"-labels", "en"}, `{"id": "c", "turns": [{"speaker": "client", "text": "Меня зовут Прохоров Денис Олегович."}]}`, 0, "Customer A", ""},
		{"unknown language", []string{"-labels", "fr"}, good, 2, "", "Usage"},
		{"an argument", []string{"calls.jsonl"}, good, 2, "", "Usage"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			cmd := exec.Command(program, tt.args...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(tt.in), &out, &errs
			err := cmd.Run()
			assert.Equal(t, tt.status, cmd.ProcessState.ExitCode(), "%v: %s", err, errs.String())
			assert.Contains(t, out.String(), tt.out)
			assert.Contains(t, errs.String(), tt.errs)
			if tt.out == "" {
				assert.Empty(t, out.String())
			}
		})
	}
}

// FuzzLine: any line gives masked JSON that holds the promises, or an error and nothing.
func FuzzLine(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"id": "x", "text": "Customer A, [PHONE_1], 8 916 123-45-67"}`))
	f.Add([]byte(`{"id": "x", "turns": [{"speaker": "Иванов Пётр", "text": "да"}], "participants": [{"role": "customer", "name": "Пётр"}]}`))
	f.Add([]byte(`{"id": "x", "text": "da", "ID": "y"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.Contains(line, []byte("\n")) {
			return
		}
		out, _, err := mask(masker{}, string(line))
		if err != nil || len(bytes.TrimSpace(line)) == 0 {
			require.Empty(t, out)
			return
		}
		require.True(t, utf8.ValidString(out))
		require.Equal(t, 1, strings.Count(out, "\n"))
		in, err := parse(bytes.TrimSpace(line))
		require.NoError(t, err)
		if in.Text == nil {
			holds(t, string(line), out)
		}
	})
}
