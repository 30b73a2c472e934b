package main

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/syntora/vual/anonymize"
)

func TestDisguises(t *testing.T) {
	a := anonymize.New(nil)
	const secret = "Меня зовут Анна Кузнецова, +7 916 123-45-67"
	for _, text := range []string{
		"код " + base64.StdEncoding.EncodeToString([]byte(secret)),
		"jwt=" + base64.RawURLEncoding.EncodeToString([]byte(secret)) + ".x",
		"https://shop.example/?q=" + url.QueryEscape(secret),
		`имя \u0410\u043d\u043d\u0430 \u041a\u0443\u0437\u043d\u0435\u0446\u043e\u0432\u0430`,
		`Анна \u041a\u0443\u0437\u043d\u0435\u0446\u043e\u0432\u0430`,
		"звоните &#43;7 916 123&#45;45-67 &#43;7 926 765-43-21",
	} {
		require.True(t, disguised(a, text), text)
	}
	for _, text := range []string{
		secret, // in clear it is masked, not refused
		"скидка 100%, до 20%25", `строка \u0414\u0430 и \u041d\u0435\u0442`, "commit 0b1f6a7c9d8e2f3a4b5c6d7e8f9a0b1c2d3e4f5a",
		"R29sYW5nIGlzIGEgbGFuZ3VhZ2U=", "a &#8212; b", "https://shop.example/?q=%D1%87%D0%B0%D0%B9",
	} {
		require.False(t, disguised(a, text), text)
	}
}
