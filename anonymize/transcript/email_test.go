package transcript_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/syntora/vual/anonymize"
	"github.com/syntora/vual/anonymize/transcript"
)

// letter is a message with everything that hides text: each value of it is another.
func letter(t *testing.T) (source string, values []string) {
	next := func() string {
		values = append(values, canary(len(values)))
		return values[len(values)-1]
	}
	inBase64 := func(e encoding.Encoding, text string) string {
		return base64.StdEncoding.EncodeToString(encodeAs(t, e, text))
	}
	inQuoted := func(e encoding.Encoding, text string) string {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		_, err := w.Write(encodeAs(t, e, text))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return b.String()
	}
	lines := []string{
		"Received: from mail.example.com (unknown [203.0.113.201])",
		"\tby mx.example.com with ESMTP; Thu, 19 Nov 2026 09:42:27 +0300 " + next(),
		"From: " + mime.BEncoding.Encode("utf-8", names[0]) + " <" + next() + ">",
		"To: \"" + names[1] + "\" <anna@example.com>, oleg@example.com",
		"Subject: =?koi8-r?B?" + inBase64(charmap.KOI8R, "Счёт, звоните на "+next()+". ") + "?=",
		" =?windows-1251?Q?=CF=F0=E8=E2=E5=F2?= " + next(),
		"X-Phone: " + next(),
		"Date: Thu, 19 Nov 2026 09:42:27 +0300",
		"MIME-Version: 1.0",
		"Content-Type: multipart/mixed;",
		"\tboundary=\"outer=_1\"",
		"",
		"Это не прочтёт никто: " + next(),
		"--outer=_1",
		"Content-Type: multipart/alternative; boundary=inner",
		"",
		"--inner",
		"Content-Type: text/plain; charset=windows-1251",
		"Content-Transfer-Encoding: quoted-printable",
		"",
		inQuoted(charmap.Windows1251, "Добрый день! Мой номер "+next()+",\r\nпочта "+next()+", пишите."),
		"--inner",
		"Content-Type: text/html; charset=\"koi8-r\"",
		"Content-Transfer-Encoding: base64",
		"",
		inBase64(charmap.KOI8R, "<html><style>p { } /* "+next()+" */</style><body><p class=\"text\">Мой номер <b>8 916</b> <i>555</i>-44-39, почта&nbsp;<a href=\"mailto:"+next()+"\">"+next()+"</a></p><!-- "+next()+" --></body></html>"),
		"--inner--",
		"--outer=_1",
		"Content-Type: application/pdf; name=\"паспорт " + next() + ".pdf\"",
		"Content-Transfer-Encoding: base64",
		"Content-Disposition: attachment; filename*=utf-8''%D0%BF%D0%B0%D1%81%D0%BF%D0%BE%D1%80%D1%82%20" + strings.ReplaceAll(next(), " ", "%20") + ".pdf",
		"",
		inBase64(nil, "%PDF-1.4 "+next()),
		"--outer=_1",
		"Content-Type: message/rfc822",
		"",
		"From: " + names[2] + " <" + next() + ">",
		"Subject: Fwd",
		"Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: base64",
		"",
		inBase64(nil, "В пересланном: "+next()+" и карта "+next()),
		"--outer=_1",
		"Content-Type: text/csv; charset=cp866",
		"Content-Transfer-Encoding: 8bit",
		"",
		string(encodeAs(t, charmap.CodePage866, "телефон;"+next())),
		"--outer=_1--",
		next(),
		"",
	}
	return strings.Join(lines, "\r\n"), values
}

func encodeAs(t *testing.T, e encoding.Encoding, text string) []byte {
	if e == nil {
		return []byte(text)
	}
	raw, err := e.NewEncoder().Bytes([]byte(text))
	require.NoError(t, err)
	return raw
}

func TestEMail(t *testing.T) {
	source, planted := letter(t)
	format, documents := read(t, "letter", []byte(source))
	require.Equal(t, transcript.EMail, format)
	turns := documents[0].Conversation().Turns
	require.Len(t, turns, 2, "the message and the one that it forwards")
	assert.Equal(t, names[0], turns[0].Speaker)
	assert.Contains(t, turns[0].Text, "Добрый день! Мой номер "+planted[6])
	assert.Equal(t, source, string(documents[0].Source()))

	out := writeAll(t, documents)
	everything := string(out) + decodedMail(t, string(out))
	holdsNone(t, []byte(everything), append(planted, names...))
	assert.NotContains(t, everything, "203.0.113.201")
	assert.NotContains(t, plainLetters(everything), plainLetters("8 916 555-44-39"))
	for _, kept := range []string{"Добрый день! Мой номер [PHONE_", "почта [EMAIL_", "Content-Type: text/html; charset=\"koi8-r\"", "--outer=_1--",
		"Date: Thu, 19 Nov 2026 09:42:27 +0300", "<p class=\"text\">"} {
		assert.Contains(t, everything, kept)
	}
	again, _ := read(t, "letter", out)
	assert.Equal(t, transcript.EMail, again)
}

// decodedMail reads a message with the standard library and gives all headers and texts of it in UTF-8.
func decodedMail(t *testing.T, source string) string {
	m, err := mail.ReadMessage(strings.NewReader(source))
	require.NoError(t, err)
	var b strings.Builder
	for _, values := range m.Header {
		for _, v := range values {
			b.WriteString(decodedHeader(t, v) + "\n")
		}
	}
	body, err := io.ReadAll(m.Body)
	require.NoError(t, err)
	decodePart(t, &b, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), body)
	return b.String()
}

func decodedHeader(t *testing.T, v string) string {
	d := mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
		return charsets[charset].NewDecoder().Reader(r), nil
	}}
	text, err := d.DecodeHeader(v)
	require.NoError(t, err)
	return text
}

var charsets = map[string]encoding.Encoding{"koi8-r": charmap.KOI8R, "windows-1251": charmap.Windows1251, "cp866": charmap.CodePage866}

func decodePart(t *testing.T, b *strings.Builder, contentType, transfer string, body []byte) {
	mediaType, params, err := mime.ParseMediaType(contentType)
	require.NoError(t, err, contentType)
	b.WriteString(params["name"] + "\n")
	switch {
	case strings.HasPrefix(mediaType, "multipart/"):
		r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return
			}
			require.NoError(t, err)
			b.WriteString(p.FileName() + "\n")
			content, err := io.ReadAll(p)
			require.NoError(t, err)
			decodePart(t, b, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), content)
		}
	case mediaType == "message/rfc822":
		b.WriteString(decodedMail(t, string(body)))
		return
	}
	var r io.Reader = bytes.NewReader(body)
	switch transfer {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	if e := charsets[params["charset"]]; e != nil {
		r = e.NewDecoder().Reader(r)
	}
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	b.Write(text)
}

// TestEMailBroken gives what nobody can read, and nothing of it comes back.
func TestEMailBroken(t *testing.T) {
	head := "From: a@example.com\r\nTo: b@example.com\r\n"
	for name, source := range map[string]string{
		"unknown charset":    head + "Content-Type: text/plain; charset=utf-7\r\n\r\n+BB8-",
		"unknown word":       head + "Subject: =?utf-7?Q?+BB8-?=\r\n\r\n",
		"unknown encoding":   head + "Content-Transfer-Encoding: uuencode\r\n\r\nabc",
		"broken base64":      head + "Content-Transfer-Encoding: base64\r\n\r\n8 916 123-45-67",
		"no boundary":        head + "Content-Type: multipart/mixed\r\n\r\n8 916 123-45-67",
		"boundary not there": head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n8 916 123-45-67",
		"not a header":       head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n8 916 123-45-67\r\n--x--",
		"too deep":           head + strings.Repeat("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n", 30),
	} {
		r, err := transcript.NewReader(strings.NewReader(source), nil)
		if err == nil {
			_, err = r.Next()
		}
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "916", name)
	}
}

// TestRussianLabels writes labels in letters that the file has to encode.
func TestRussianLabels(t *testing.T) {
	source := "From: =?koi8-r?B?8NLPyM/Sz9c=?= <ivan@example.com>\r\nTo: x@example.com\r\nSubject: Прохоров Денис Олегович\r\n" +
		"Content-Type: text/plain; charset=koi8-r\r\n\r\n" + string(encodeAs(t, charmap.KOI8R, "Меня зовут Прохоров Денис Олегович."))
	_, documents := read(t, "letter", []byte(source))
	m, err := documents[0].Mask(t.Context(), anonymize.New(&anonymize.Options{Labels: anonymize.Russian}))
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	require.NoError(t, err)
	mailed, err := mail.ReadMessage(&out)
	require.NoError(t, err)
	body, err := io.ReadAll(charmap.KOI8R.NewDecoder().Reader(mailed.Body))
	require.NoError(t, err)
	assert.Equal(t, m.Turns[0].Text, string(body))
	assert.NotContains(t, string(body), "Прохоров")
	assert.NotContains(t, decodedHeader(t, mailed.Header.Get("Subject")), "Прохоров")
}
