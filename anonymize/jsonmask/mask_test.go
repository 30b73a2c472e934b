package jsonmask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/syntora/vual/anonymize"
)

func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"order and numbers stay", `{"z": 1.50, "a": 1e3, "m": [-0, 12345678901234567890123]}`, `{"z":1.50,"a":1e3,"m":[-0,12345678901234567890123]}`},
		{"text", `{"comment": "Звоните +7 916 123-45-67 или пишите"}`, `{"comment":"Звоните [PHONE_1] или пишите"}`},
		{"one value, one token", `["+7 916 123-45-67", {"tel": "8 (916) 123 45 67"}]`, `["[PHONE_1]",{"tel":"[PHONE_1]"}]`},
		{"a number becomes a string", `{"phone": 79161234567, "count": 79161234567}`, `{"phone":"[PHONE_1]","count":"[PHONE_1]"}`},
		{"the key is the word before", `{"inn": "500100732259", "orderId": "500100732258"}`, `{"inn":"[INN_1]","orderId":"500100732258"}`},
		{"a key that tells", `{"password": "qwerty", "last_name": "Щукин", "birthDate": "1985-03-07"}`,
			`{"password":"[PASSWORD]","last_name":"Person A","birthDate":"[BIRTH_DATE_1]"}`},
		{"what is told is hidden, found or not", `{"phone": "у соседки", "inn": "12", "address": "дом за рекой"}`,
			`{"phone":"[PHONE]","inn":"[INN]","address":"[ADDRESS]"}`},
		{"nothing to hide", `{"phone": "", "inn": null, "passport": false, "fio": "—"}`, `{"phone":"","inn":null,"passport":false,"fio":"—"}`},
		{"a key that is a value", `{"+7 916 123-45-67": {"marina.k@example.ru": 1}}`, `{"[PHONE_1]":{"[EMAIL_1]":1}}`},
		{"escapes", `{"t": "\u043f\u043e\u0447\u0442\u0430 marina.k\u0040example.ru <b>&\n\"\\"}`, `{"t":"почта [EMAIL_1] <b>&\n\"\\"}`},
		{"a name told by its key is known in the text", `{"fullName": "Щукин Рахим", "note": "щукин просил скидку"}`,
			`{"fullName":"Person A","note":"Person A просил скидку"}`},
		{"below a key that tells", `{"passport": {"series": "4510", "number": 765432, "valid": "да"}, "phone": {"home": ["12-34-56"], "kind": "work"}, "address": {"street": "Ленина", "flat": 45}}`,
			`{"passport":{"series":"[PASSPORT_1]","number":"[PASSPORT_1]","valid":"да"},"phone":{"home":["[PHONE_1]"],"kind":"work"},"address":{"street":"[ADDRESS]","flat":"[ADDRESS]"}}`},
		{"a password of signs", `{"password": "$$$", "apiKey": {"value": "#@!"}}`, `{"password":"[PASSWORD]","apiKey":{"value":"[SECRET]"}}`},
		{"a code is a string, a count a number", `{"sms_code": "4821", "error_code": 5002}`, `{"sms_code":"[OTP_1]","error_code":5002}`},
		{"empty", `[{}, [], ""]`, `[{},[],""]`},
		{"a string alone", `"ИНН 500100732259"`, `"ИНН [INN_1]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := New(nil).Append(context.Background(), nil, nil, []byte(c.in))
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
		})
	}
}

func TestFields(t *testing.T) {
	m := New(&Options{Fields: []Field{
		{"order.phone", Keep},
		{"meta", Keep},
		{"**.client", anonymize.PERSON},
		{"items.*.code", anonymize.OTP},
		{"password", Scan},
	}})
	in := `{"order": {"phone": "+7 916 123-45-67"}, "meta": {"a": [{"tel": "+7 916 123-45-67"}]}, "x": {"y": {"client": "Ромашка"}},
		"items": [{"first": {"code": "12ab"}}], "password": "спросите у меня", "phone": "+7 916 123-45-67"}`
	got, err := m.Append(context.Background(), nil, nil, []byte(in))
	require.NoError(t, err)
	assert.Equal(t, `{"order":{"phone":"+7 916 123-45-67"},"meta":{"a":[{"tel":"+7 916 123-45-67"}]},"x":{"y":{"client":"Person A"}},`+
		`"items":[{"first":{"code":"[OTP]"}}],"password":"спросите у меня","phone":"[PHONE_1]"}`, string(got))
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"a.b", "a.b", true}, {"a.b", "a.b.c", false}, {"a.*", "a.b", true}, {"a.*", "a", false}, {"**", "a.b.c", true},
		{"**.c", "c", true}, {"**.c", "a.b.c", true}, {"**.c", "a.c.b", false}, {"a.**.c", "a.c", true}, {"a.**.c", "a.x.c.y.c", true},
		{"a.**", "a", true}, {"**.a.*.b", "a.a.x.b", true}, {"**.a.*.b", "a.x.y.b", false},
	} {
		assert.Equal(t, c.want, fits(strings.Split(c.pattern, "."), strings.Split(c.path, ".")), "%s %s", c.pattern, c.path)
	}
}

// TestMask: values follow each other, each is a conversation of its own, and where the reader cuts does not matter.
func TestMask(t *testing.T) {
	in := "{\"a\": \"+7 916 123-45-67\"}\n{\"a\": \"+7 926 765-43-21\"} 7 \"почта marina.k@example.ru\"\n"
	want := "{\"a\":\"[PHONE_1]\"}\n{\"a\":\"[PHONE_1]\"}\n7\n\"почта [EMAIL_1]\"\n"
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in)),
		"with its end": iotest.DataErrReader(strings.NewReader(in))} {
		var out bytes.Buffer
		require.NoError(t, New(nil).Mask(context.Background(), &out, r), name)
		assert.Equal(t, want, out.String(), name)
	}
}

// TestMaskLong: a value far longer than what is held leaves in pieces.
func TestMaskLong(t *testing.T) {
	const n = 50_000
	in := "[" + strings.Repeat(`{"comment":"перезвонить завтра"},`, n) + "0]"
	var out countingWriter
	require.NoError(t, New(nil).Mask(context.Background(), &out, strings.NewReader(in)))
	assert.Equal(t, len(in)+1, out.n)
	assert.Less(t, out.longest, 2*flushBytes)
}

type countingWriter struct{ n, longest int }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += len(p)
	w.longest = max(w.longest, len(p))
	return len(p), nil
}

func TestRefused(t *testing.T) {
	small := New(&Options{MaxString: 2000})
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"no JSON", `{"a": Марина}`, ErrSyntax},
		{"nothing", ``, ErrSyntax},
		{"cut in a value", `{"a": "Марина`, ErrSyntax},
		{"cut in an object", `{"a": "b"`, ErrSyntax},
		{"two values", `1 2`, ErrSyntax},
		{"a tail", `{} x`, ErrSyntax},
		{"not UTF-8", "\"\xff\"", ErrSyntax},
		{"half a letter at the end", "\"a\"\xd0", ErrSyntax},
		{"no key", `{1: 2}`, ErrSyntax},
		{"too long", `"` + strings.Repeat("a", 9000) + `"`, ErrTooLong},
		{"too deep", strings.Repeat("[", maxDepth+1), ErrTooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := small.Append(context.Background(), nil, []byte("before"), []byte(c.in))
			assert.ErrorIs(t, err, c.want)
			assert.Nil(t, got)
			assert.NotContains(t, err.Error(), "Марина")
		})
	}
	broken := errors.New("broken pipe")
	assert.ErrorIs(t, small.Mask(context.Background(), io.Discard, iotest.ErrReader(broken)), broken)
}

func TestFailedOperator(t *testing.T) {
	a := anonymize.New(&anonymize.Options{Operators: map[anonymize.Kind]anonymize.Operator{
		anonymize.PHONE: anonymize.Tokenize(failing{}),
	}})
	got, err := New(&Options{Analyzer: a}).Append(context.Background(), nil, nil, []byte(`["почта a@b.ru", "+7 916 123-45-67"]`))
	assert.ErrorIs(t, err, errStore)
	assert.Nil(t, got)
}

type failing struct{}

var errStore = errors.New("store is away")

func (failing) Token(context.Context, string, string) (string, error) { return "", errStore }

// FuzzAppend: what comes out is JSON of the same shape; of what stands under a Keep nothing changes.
func FuzzAppend(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x",null,true,{"b":"+79161234567"}]}`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, `[1e999]`, "\"\xd0\"", `{"+79161234567":1}`} {
		f.Add([]byte(s))
	}
	m, keep := New(nil), New(&Options{Fields: []Field{{"**", Keep}}})
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := m.Append(context.Background(), nil, nil, in)
		if err != nil {
			if out != nil {
				t.Fatal("half a value")
			}
			return
		}
		before, after := shape(t, in), shape(t, out)
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("shape: %v, was %v", after, before)
		}
		kept, err := keep.Append(context.Background(), nil, nil, in)
		if err != nil {
			t.Fatal(err)
		}
		if !equalJSON(t, in, kept) {
			t.Fatal("a kept value changed")
		}
	})
}

// shape is the delimiters and how many scalars stand between them.
func shape(t *testing.T, in []byte) []any {
	dec := json.NewDecoder(bytes.NewReader(in))
	dec.UseNumber()
	var all []any
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := tok.(json.Delim); !ok {
			tok = nil
		}
		all = append(all, tok)
	}
}

func equalJSON(t *testing.T, a, b []byte) bool {
	var x, y bytes.Buffer
	return compact(&x, a) == nil && compact(&y, b) == nil && x.String() == y.String()
}

// compact decodes and encodes, so that escapes do not differ.
func compact(dst *bytes.Buffer, src []byte) error {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		s, err := json.Marshal(tok)
		if err != nil {
			s = []byte(tok.(json.Delim).String())
		}
		dst.Write(append(s, ' '))
	}
}

// TestStrict: in JSON too seven digits are what Strict hides.
func TestStrict(t *testing.T) {
	m := New(&Options{Analyzer: anonymize.New(&anonymize.Options{Strict: true})})
	got, err := m.Append(context.Background(), nil, nil, []byte(`{"a": 1234567, "b": "1234567", "c": 123456}`))
	require.NoError(t, err)
	assert.Equal(t, `{"a":"[NUMBER_1]","b":"[NUMBER_1]","c":123456}`, string(got))
}

// TestEndless: a stream without end of values in which nothing is found stops with its context.
func TestEndless(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, part := range map[string]string{"values": "1 ", "elements": `[1],`} {
		in := io.MultiReader(strings.NewReader("["), endless(part))
		if name == "values" {
			in = endless(part)
		}
		assert.ErrorIs(t, New(nil).Mask(ctx, io.Discard, in), context.Canceled, name)
	}
}

type endless string

func (s endless) Read(p []byte) (n int, err error) {
	for n+len(s) <= len(p) {
		n += copy(p[n:], s)
	}
	return n, nil
}

// TestDeep: what rules cost for a key does not grow with the depth at which it stands times itself.
func TestDeep(t *testing.T) {
	m := New(&Options{Fields: []Field{{"**.a.**.secret", Keep}, {"**.contractor", Keep}}})
	in := strings.Repeat(`{"a":`, maxDepth-1) + "[" + strings.Repeat("1,", 200_000) + "1]" + strings.Repeat("}", maxDepth-1)
	begin := time.Now()
	_, err := m.Append(context.Background(), nil, nil, []byte(in))
	require.NoError(t, err)
	assert.Less(t, time.Since(begin), 20*time.Second)
}
