package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/syntora/vual/anonymize"
)

// personalName reports whether the name of a model or function holds personal data. A seven-digit number does, unless
// it is a date of this century, as versions of models have it.
func personalName(a *anonymize.Analyzer, s string) bool {
	for _, span := range a.Find(s) {
		word := s[span.Start:span.End]
		switch {
		// One word that is also a first name, such as Max, names nobody.
		case span.Kind == anonymize.PERSON && !strings.ContainsAny(word, "_.-:/"):
		// In find_user_by_phone the user has no login.
		case span.Kind == anonymize.HANDLE && strings.IndexByte(word, '@') < 0 && !strings.ContainsAny(word, "0123456789"):
		default:
			return true
		}
	}
	digits := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			digits++
			continue
		}
		if digits >= 7 && !(digits == 8 && isDay(s[i-8:i])) {
			return true
		}
		digits = 0
	}
	return false
}

// isName reports whether s is written like the name of a model, a function or a field.
func isName(s string) bool {
	return s != "" && len(s) <= 256 && !strings.ContainsFunc(s, func(c rune) bool { return !isNameRune(c) })
}

func isNameRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._:/@-", c)
}

// isDay reports whether eight digits are 20YYMMDD.
func isDay(s string) bool {
	return s[:2] == "20" && s[4:6] >= "01" && s[4:6] <= "12" && s[6:] >= "01" && s[6:] <= "31"
}

// prefixes are those by which providers tell their ids apart; they check them.
var prefixes = []string{"call_", "fc_", "msg_", "rs_", "resp_"}

// A pseudonym stands for an id of a client: always the same, of no use to any other client, and not to be led back.
type pseudonyms struct{ key []byte }

func (p pseudonyms) of(client, id string) string {
	prefix := "id_"
	for _, known := range prefixes {
		if strings.HasPrefix(id, known) {
			prefix = known
		}
	}
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(client))
	mac.Write([]byte{0})
	mac.Write([]byte(id))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:20])) // 32 letters
}
