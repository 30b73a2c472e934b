package policy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExplain(t *testing.T) {
	p := mustLoad(t, head+`min_score: 0.55
kinds: {IP: off, EMAIL: {min_score: 0.99}}
allow: [8 919 240-15-86]
recognizers:
  - {name: badge, kind: BADGE, description: of our guards, digits: ["77 ####"], context: [пропуск], score_alone: 0.5}
  - {name: gate, kind: GATE, pattern: 'В-\d', context: [ворота], score_alone: 0.6}
`)
	for _, c := range []struct {
		text          string
		found, missed []string
	}{
		{"пропуск 771234", []string{"BADGE policy/badge: recognizer badge: of our guards; a word of its context stands near"}, nil},
		{"там 771234", nil, []string{"BADGE policy/badge: recognizer badge: of our guards; no word of its context stands near; not masked: 0.50 is below 0.55"}},
		{"это В-2", []string{"GATE policy/gate: recognizer gate; no word of its context stands near"}, nil},
		{"ip 10.0.0.1", nil, []string{"IP ip/v4: ip/v4; a word for ip stands 1 before; not masked: the kind is off"}},
		{"почта a.b@example.com", nil, []string{"EMAIL email/address: a name, an at sign and a domain, written or said; a word for email stands 1 before; not masked: 0.97 is below 0.99"}},
		{"8 919 240-15-86", nil, []string{"PHONE phone/ru: a number of the Russian plan with 7 or 8; not masked: on the allow list, or another value took its place"}},
		{"ничего", nil, nil},
	} {
		var found, missed []string
		for _, e := range p.Explain(c.text) {
			found = append(found, string(e.Kind)+" "+e.Rule+": "+strings.Join(e.Reasons, "; "))
		}
		for _, e := range p.Missed(c.text) {
			missed = append(missed, string(e.Kind)+" "+e.Rule+": "+strings.Join(e.Reasons, "; "))
		}
		assert.Equal(t, c.found, found, c.text)
		assert.Equal(t, c.missed, missed, c.text)
	}
	all := mustLoad(t, head+"kinds: {'*': off}")
	if missed := all.Missed("ip 10.0.0.1"); assert.Len(t, missed, 1) {
		assert.Contains(t, missed[0].Reasons, "not masked: the kind is off")
	}
	slow := mustLoad(t, head+"patterns: {timeout_ms: 5}\nrecognizers: [{name: bad, kind: BAD, pattern: '^(a+)+$'}]")
	if e := slow.Explain(strings.Repeat("a", 60) + "!"); assert.Len(t, e, 1) {
		assert.Equal(t, []string{"policy: a pattern took too long: recognizer bad"}, e[0].Reasons)
	}
}
