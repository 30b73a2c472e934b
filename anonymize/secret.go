package anonymize

import "strings"

// secretForms are the beginnings by which the owners mark their own keys, so that scanners find them.
var secretForms = []struct {
	prefix string
	min    int // bytes in all
}{
	{"AKIA", 20}, {"ASIA", 20}, {"ghp_", 36}, {"gho_", 36}, {"ghu_", 36}, {"ghs_", 36}, {"github_pat_", 40}, {"glpat-", 26},
	{"xoxb-", 24}, {"xoxp-", 24}, {"sk-", 24}, {"sk_live_", 24}, {"rk_live_", 24}, {"AIza", 35}, {"ya29.", 30}, {"y0_", 30}, {"t1.", 80},
	{"AQVN", 35}, {"eyJ", 40}, {"npm_", 36}, {"pypi-", 40}, {"hf_", 30}, {"SG.", 40}, {"dop_v1_", 40}, {"shpat_", 32},
	{"-----BEGIN ", 40},
}

// mayBeSecret looks at the first two letters only, which is enough to pass over most words.
func (t *Text) mayBeSecret(tok *token) bool {
	start := int(tok.start)
	if start+1 >= len(t.s) {
		return false
	}
	switch t.s[start : start+2] {
	case "AK", "AS", "gh", "gi", "gl", "xo", "sk", "rk", "AI", "ya", "y0", "t1", "AQ", "ey", "np", "py", "hf", "SG", "do", "sh":
		return true
	}
	return false
}

// secret reads a key or token that begins at token i, and gives the byte behind it.
func (t *Text) secret(dst []Span, i int) ([]Span, int) {
	start := int(t.tok[i].start)
	rest := t.s[start:]
	for _, form := range secretForms {
		if !strings.HasPrefix(rest, form.prefix) {
			continue
		}
		end := secretEnd(rest)
		if form.prefix[0] == '-' {
			end = pemEnd(rest)
		}
		if end >= form.min {
			return append(dst, Span{Start: start, End: start + end, Kind: SECRET, Score: 0.99, Rule: "secret/prefix"}), start + end
		}
	}
	return dst, start
}

// secretEnd gives the length of the stretch of letters that tokens are made of.
func secretEnd(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == '=' || c == '+' || c == '/') {
			break
		}
		i++
	}
	for i > 0 && s[i-1] == '.' {
		i--
	}
	return i
}

// maxPEM is more than a key of 16,384 bits takes.
const maxPEM = 16 << 10

// pemEnd gives the length of a private key in PEM; one without its end is secret to where it may be cut off.
func pemEnd(s string) int {
	head, _, _ := strings.Cut(s[:min(len(s), 80)], "\n")
	if !strings.Contains(head, "PRIVATE KEY") {
		return 0
	}
	s = s[:min(len(s), maxPEM)]
	if i := strings.Index(s[10:], "-----END "); i >= 0 {
		if j := strings.Index(s[10+i+9:], "-----"); j >= 0 {
			return 10 + i + 9 + j + 5
		}
	}
	return len(s)
}
